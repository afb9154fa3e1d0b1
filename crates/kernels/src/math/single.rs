//! Branch-free `f32` kernels, for halves too.
//!
//! Method: range reduction by tables of 32 entries (logarithms) or by rounding with a magic number and
//! fused multiply-add, minimax polynomials (see coefficients.rs), a final sum whose large part is exact.
//! Error bounds, measured over all exponents against 64-bit arithmetic, in ULP: cbrt 0.8; exp, exp2,
//! sin, cos, asinh, acosh, atanh, sinh 1.1; log, acos 1.2; tanh, cosh, atan, atan2 1.5; log1p, expm1
//! 1.6; log2, log10 2.0; asin, tan 2.4. Powers and hypotenuses are computed in 64 bits: 0.51.
//! Source: W. J. Cody and W. Waite, "Software Manual for the Elementary Functions" (1980).

use super::coefficients::single::{
    ASIN, ASINH, ATAN, ATANH, CBRT, CBRT_POWERS, COS, EXP, EXP2, LOG, LOG10, LOG10_C, LOG10_RC,
    LOG2, LOG2_C, LOG2_RC, LOG_C, LOG_RC, SIN, SINH, TANH,
};
use super::kernel::{exp2_short, fast_sum, full_sum, log2_product};
use super::lanes::{poly, Real};
use super::vector::Held;
use std::f32::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4, LN_2, LOG10_2, LOG2_E, PI};

/// Adding it rounds a small number to an integer, found in the low bits.
const MAGIC: f32 = 12582912.0;
/// ln 2 in two parts, the first with room for an exponent.
const LN2: [f32; 2] = [0.693145751953125, 1.428606765330187e-6];
/// What log10 2 lacks.
const LOG10_2_LOW: f32 = -1.43209888e-8;
/// π/2 in three parts.
const PI_2: [f32; 3] = [FRAC_PI_2, -4.371138828673793e-8, -1.715124516e-15];

/// A vector of `f32`.
pub(crate) trait Single: Real<E = f32, I = i32> {}
impl<V: Real<E = f32, I = i32>> Single for V {}

/// `v` times two to the integer in `t`, a sum with [`MAGIC`].
#[inline(always)]
fn scale<V: Single>(v: V, t: V) -> V {
    v.iadd(t.shl::<23>())
}

/// `x` where it is zero, for its sign, else `v`.
#[inline(always)]
fn keep_zero<V: Single>(x: V, v: V) -> V {
    V::pick(x.same(V::of(0.0)), x, v)
}

/// `x - n·ln 2`, and `n` as a sum with [`MAGIC`].
#[inline(always)]
fn reduce<V: Single>(x: V) -> (V, V) {
    let t = x.fma(V::of(LOG2_E), V::of(MAGIC));
    let n = t - V::of(MAGIC);
    let r = n.fma(V::of(-LN2[1]), n.fma(V::of(-LN2[0]), x));
    (r, t)
}

/// `exp(r) - 1` of a reduced argument.
#[inline(always)]
fn expm1_reduced<V: Single>(r: V) -> V {
    (r * r).fma(poly(&EXP, r), r)
}

/// `exp` for `|x| < 87.3`.
#[inline(always)]
pub(crate) fn exp<V: Single>(x: V) -> V {
    let (r, t) = reduce(x);
    scale(V::of(1.0) + expm1_reduced(r), t)
}

/// `exp2` for `|x| < 126`.
#[inline(always)]
pub(crate) fn exp2<V: Single>(x: V) -> V {
    let t = x + V::of(MAGIC);
    let f = x - (t - V::of(MAGIC));
    let p = f.fma(V::of(LN_2), (f * f) * poly(&EXP2, f));
    scale(V::of(1.0) + p, t)
}

/// `expm1` for `-80 < x < 88`.
#[inline(always)]
pub(crate) fn expm1<V: Single>(x: V) -> V {
    let (r, t) = reduce(x);
    let s = scale(V::of(1.0), t);
    keep_zero(x, s.fma(expm1_reduced(r), s - V::of(1.0)))
}

/// Half of `exp` for `|x| < 87.3`, and what it lacks.
#[inline(always)]
fn half_exp<V: Single>(x: V) -> (V, V) {
    let (r, t) = reduce(x);
    let t = t - V::of(1.0);
    let (e, el) = fast_sum(V::of(1.0), expm1_reduced(r));
    (scale(e, t), el * scale(V::of(1.0), t))
}

/// The first stage of `sinh` for `|x| < 87.3`.
#[inline(always)]
pub(crate) fn sinh<V: Single>(x: V) -> [V; 3] {
    let (h, hl) = half_exp(x.abs());
    [h, hl, hl]
}

/// `sinh`.
#[inline(always)]
pub(crate) fn sinh_last<V: Single>(x: V, [h, hl, _]: [V; 3]) -> V {
    let (a, z) = (x.abs(), x * x);
    let far = h + (hl - V::of(0.25) / h);
    let near = (a * z).fma(poly(&SINH, z), a);
    V::pick(a.lt(V::of(1.0)), near, far).signed(x)
}

/// `cosh` for `|x| < 87.3`.
#[inline(always)]
pub(crate) fn cosh<V: Single>(x: V) -> V {
    let h = V::of(0.5) * exp(x.abs());
    h + V::of(0.25) / h
}

/// The first stage of `tanh` for finite numbers.
#[inline(always)]
pub(crate) fn tanh<V: Single>(x: V) -> [V; 3] {
    let a = x.abs();
    // Beyond 10 it is 1.
    let b = V::pick(a.lt(V::of(10.0)), a, V::of(10.0));
    [b, exp(b + b), a]
}

/// `tanh`.
#[inline(always)]
pub(crate) fn tanh_last<V: Single>(x: V, [b, e, a]: [V; 3]) -> V {
    let z = b * b;
    let far = V::of(1.0) - V::of(2.0) / (e + V::of(1.0));
    let near = (b * z).fma(poly(&TANH, z), b);
    V::pick(a.lt(V::of(0.625)), near, far).signed(x)
}

/// `x` as `2^k·m` with `m` near 1: `k` as an integer, the entry of the tables in the low bits, `m`.
#[inline(always)]
fn split<V: Single>(x: V) -> (V, V, V) {
    // Two thirds of an entry below 1, so that 1 lies in the middle of its own.
    let z = x.isub(V::int(0x3f31_5000));
    let k = z.sar::<23>();
    (k, z.sar::<18>(), x.isub(k.shl::<23>()))
}

/// `log` for normal positive numbers.
#[inline(always)]
pub(crate) fn log<V: Single>(x: V) -> V {
    let (k, entry, m) = split(x);
    let f = m.fma(entry.lookup(&LOG_RC), V::of(-1.0));
    let s = k.int_to_float().fma(V::of(LN_2), entry.lookup(&LOG_C));
    s + (f * f).fma(poly(&LOG, f), f)
}

/// `log2` for normal positive numbers.
#[inline(always)]
pub(crate) fn log2<V: Single>(x: V) -> V {
    let (k, entry, m) = split(x);
    let f = m.fma(entry.lookup(&LOG2_RC), V::of(-1.0));
    f.fma(poly(&LOG2, f), k.int_to_float() + entry.lookup(&LOG2_C))
}

/// `log10` for normal positive numbers.
#[inline(always)]
pub(crate) fn log10<V: Single>(x: V) -> V {
    let (k, entry, m) = split(x);
    let f = m.fma(entry.lookup(&LOG10_RC), V::of(-1.0));
    let k = k.int_to_float();
    let s = k.fma(V::of(LOG10_2), entry.lookup(&LOG10_C));
    s + f.fma(poly(&LOG10, f), k * V::of(LOG10_2_LOW))
}

/// What the sum `u` of 1 and `x` lost, over the power of two that is taken out of `u`.
#[inline(always)]
fn lost<V: Single>(x: V, u: V, k: V) -> V {
    let one = V::of(1.0);
    let c = V::pick(x.abs().lt(one), x - (u - one), one - (u - x));
    c * one.isub(k.shl::<23>())
}

/// `log1p` for `-1 < x < 1e38`.
#[inline(always)]
pub(crate) fn log1p<V: Single>(x: V) -> V {
    let u = V::of(1.0) + x;
    let (k, entry, m) = split(u);
    let rc = entry.lookup(&LOG_RC);
    let f = lost(x, u, k).fma(rc, m.fma(rc, V::of(-1.0)));
    let s = k.int_to_float().fma(V::of(LN_2), entry.lookup(&LOG_C));
    keep_zero(x, s + (f * f).fma(poly(&LOG, f), f))
}

/// `log(x + xl)` for a normal positive `x` and a low part, a little more exactly.
#[inline(always)]
fn log_pair<V: Single>(x: V, xl: V) -> V {
    let (k, entry, m) = split(x);
    let rc = entry.lookup(&LOG_RC);
    let f = m.fma(rc, V::of(-1.0));
    let low = xl * V::of(1.0).isub(k.shl::<23>()) * rc;
    let k = k.int_to_float();
    let (s, e) = fast_sum(k.fma(V::of(LN2[0]), entry.lookup(&LOG_C)), f);
    s + (e + (f * f).fma(poly(&LOG, f), k.fma(V::of(LN2[1]), low)))
}

/// `x` less a multiple of π/2 as a sum of two, and the multiple as a sum with [`MAGIC`].
#[inline(always)]
fn reduce_pi<V: Single>(x: V) -> (V, V, V) {
    let t = x.fma(V::of(FRAC_2_PI), V::of(MAGIC));
    let n = t - V::of(MAGIC);
    // The second product may cancel what the first left, so nothing of it may be lost.
    let second = n * V::of(-PI_2[1]);
    let rest = n.fma(V::of(-PI_2[1]), -second);
    let (r, e) = full_sum(n.fma(V::of(-PI_2[0]), x), second);
    (r, n.fma(V::of(-PI_2[2]), e + rest), t)
}

/// Sine and cosine of a reduced argument.
#[inline(always)]
fn sin_cos<V: Single>(r: V, low: V) -> (V, V) {
    let z = r * r;
    let sin = r + (z * r).fma(poly(&SIN, z), low);
    let cos = V::of(1.0) + z.fma(V::of(-0.5), (z * z).fma(poly(&COS, z), -(r * low)));
    (sin, cos)
}

/// `sin` for `|x| < 7e4`.
#[inline(always)]
pub(crate) fn sin<V: Single>(x: V) -> V {
    let (r, low, t) = reduce_pi(x);
    let (s, c) = sin_cos(r, low);
    let v = V::pick(t.has(1), c, s);
    keep_zero(x, v.xor(t.and(V::int(2)).shl::<30>()))
}

/// `cos` for `|x| < 7e4`.
#[inline(always)]
pub(crate) fn cos<V: Single>(x: V) -> V {
    let (r, low, t) = reduce_pi(x);
    let (s, c) = sin_cos(r, low);
    let v = V::pick(t.has(1), s, c);
    v.xor(t.iadd(V::int(1)).and(V::int(2)).shl::<30>())
}

/// The first stage of `tan` for `|x| < 7e4`.
#[inline(always)]
pub(crate) fn tan<V: Single>(x: V) -> [V; 3] {
    let (r, low, t) = reduce_pi(x);
    [r, low, t]
}

/// `tan`.
#[inline(always)]
pub(crate) fn tan_last<V: Single>(x: V, [r, low, t]: [V; 3]) -> V {
    let (s, c) = sin_cos(r, low);
    let odd = t.has(1);
    let v = V::pick(odd, c, s) / V::pick(odd, -s, c);
    keep_zero(x, v)
}

/// `asin(|x|)` up to 1/2, else `asin(sqrt((1 - |x|)/2))`, and which it is.
#[inline(always)]
fn asin_parts<V: Single>(a: V) -> (V::M, V) {
    let near = V::of(0.5).lt(a);
    let z = V::pick(near, V::of(-0.5).fma(a, V::of(0.5)), a * a);
    let t = V::pick(near, z.sqrt(), a);
    (near, (t * z).fma(poly(&ASIN, z), t))
}

/// `arcsin` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn asin<V: Single>(x: V) -> V {
    let (near, v) = asin_parts(x.abs());
    let close = V::of(FRAC_PI_2) - (v + v + V::of(-PI_2[1]));
    V::pick(near, close, v).signed(x)
}

/// `arccos` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn acos<V: Single>(x: V) -> V {
    let (near, v) = asin_parts(x.abs());
    let far = V::of(FRAC_PI_2) - (v.signed(x) - V::of(PI_2[1]));
    let twice = v + v;
    let back = V::of(PI) - (twice - V::of(2.0 * PI_2[1]));
    let close = V::pick(x.lt(V::of(0.0)), back, twice);
    V::pick(near, close, far)
}

/// The quotient that the angle of `(b, a)` is reduced to, for non-negative numbers that are not both
/// zero, and the angle to which its own is added in two parts.
#[inline(always)]
fn atan_reduced<V: Single>(a: V, b: V) -> [V; 3] {
    // From 2 on as π/2 - atan(b/a), from 1/2 on as π/4 + atan((a - b)/(a + b)).
    let (over, mid) = ((b + b).lt(a), b.lt(a + a));
    let n = V::pick(over, -b, V::pick(mid, a - b, a));
    let d = V::pick(over, a, V::pick(mid, a + b, b));
    let pick = |far, half| {
        let half = V::pick(mid, V::of(half), V::of(0.0));
        V::pick(over, V::of(far), half)
    };
    let low = pick(PI_2[1], 0.5 * PI_2[1]);
    [n / d, pick(FRAC_PI_2, FRAC_PI_4), low]
}

/// The angle, from [`atan_reduced`].
#[inline(always)]
fn atan_sum<V: Single>([t, high, low]: [V; 3]) -> V {
    let z = t * t;
    high + (t + (z * t).fma(poly(&ATAN, z), low))
}

/// The first stage of `arctan` for `|x| < 1e38`.
#[inline(always)]
pub(crate) fn atan<V: Single>(x: V) -> [V; 3] {
    atan_reduced(x.abs(), V::of(1.0))
}

/// `arctan`.
#[inline(always)]
pub(crate) fn atan_last<V: Single>(x: V, held: [V; 3]) -> V {
    atan_sum(held).signed(x)
}

/// `arctan2` for numbers below 1e38, with a normal quotient.
#[inline(always)]
pub(crate) fn atan2<V: Single>(y: V, x: V) -> V {
    let v = atan_sum(atan_reduced(y.abs(), x.abs()));
    let back = V::of(PI) - (v - V::of(2.0 * PI_2[1]));
    V::pick(x.lt(V::of(0.0)), back, v).signed(y)
}

/// The low part of a square root `r` of `s + sl`.
#[inline(always)]
fn root_low<V: Single>(r: V, s: V, sl: V) -> V {
    ((-r).fma(r, s) + sl) * (V::of(0.5) / r)
}

/// The first stage of `arcsinh` for `|x| < 1e18`.
#[inline(always)]
pub(crate) fn asinh<V: Single>(x: V) -> [V; 3] {
    let (a, one) = (x.abs(), V::of(1.0));
    // log(a + sqrt(a² + 1)).
    let s = a.fma(a, one);
    let r = s.sqrt();
    let rl = root_low(r, s, a.fma(a, one - s));
    let (v, vl) = fast_sum(r, a);
    [v, vl + rl, a]
}

/// `arcsinh`.
#[inline(always)]
pub(crate) fn asinh_last<V: Single>(x: V, [v, vl, a]: [V; 3]) -> V {
    let z = a * a;
    let near = (a * z).fma(poly(&ASINH, z), a);
    V::pick(a.lt(V::of(0.5)), near, log_pair(v, vl)).signed(x)
}

/// The first stage of `arccosh` for `1 < x < 1e18`.
#[inline(always)]
pub(crate) fn acosh<V: Single>(x: V) -> [V; 3] {
    let t = x - V::of(1.0);
    let twice = t + t;
    let w = t.fma(t, twice);
    let r = w.sqrt();
    [w, r, root_low(r, w, t.fma(t, twice - w))]
}

/// `arccosh`.
#[inline(always)]
pub(crate) fn acosh_last<V: Single>(x: V, [w, r, rl]: [V; 3]) -> V {
    // asinh(sqrt(x² - 1)) near 1, else log(x + sqrt(x² - 1)).
    let near = r + (r * w).fma(poly(&ASINH, w), rl);
    let (v, vl) = fast_sum(x, r);
    V::pick(w.lt(V::of(0.25)), near, log_pair(v, vl + rl))
}

/// The first stage of `arctanh` for `|x| < 1`.
#[inline(always)]
pub(crate) fn atanh<V: Single>(x: V) -> [V; 3] {
    let a = x.abs();
    let z = a * a;
    let near = (a * z).fma(poly(&ATANH, z), a);
    [near, (a + a) / (V::of(1.0) - a), a]
}

/// `arctanh`.
#[inline(always)]
pub(crate) fn atanh_last<V: Single>(x: V, [near, q, a]: [V; 3]) -> V {
    let far = V::of(0.5) * log1p(q);
    V::pick(a.lt(V::of(0.5)), near, far).signed(x)
}

/// The first stage of `cbrt` for normal numbers and zero.
#[inline(always)]
pub(crate) fn cbrt<V: Single>(x: V) -> [V; 3] {
    let a = x.abs();
    let k = a.isub(V::int(0x3f35_04f3)).sar::<23>();
    let m = a.isub(k.shl::<23>());
    let k = k.int_to_float();
    // k = 3q + r with r of -1, 0 or 1.
    let t = k.fma(V::of(1.0 / 3.0), V::of(MAGIC));
    let r = (t - V::of(MAGIC)).fma(V::of(-3.0), k) + V::of(MAGIC);
    // z is the inverse of the root of m·2^r.
    let z = poly(&CBRT, m - V::of(1.0)) * r.lookup(&CBRT_POWERS);
    [z, scale(m, r), t]
}

/// `cbrt`.
#[inline(always)]
pub(crate) fn cbrt_last<V: Single>(x: V, [z, m, t]: [V; 3]) -> V {
    let e = (-m).fma(z * z * z, V::of(1.0));
    let z = (z * e).fma(V::of(1.0 / 3.0), z);
    let square = z * z;
    let y = m * square;
    let rest = (y * y).fma(y, -m);
    let v = (rest * V::of(-1.0 / 3.0)).fma(square, y);
    keep_zero(x, scale(v, t).signed(x))
}

/// The first stage of `pow`.
#[inline(always)]
pub(crate) fn pow<V: Single>(x: V, y: V) -> Held<V> {
    let ([a0, a1], [y0, y1]) = (x.abs().widened(), y.widened());
    let p = [log2_product(a0, y0), log2_product(a1, y1)];
    [p, p]
}

/// `pow`, and whether it is good: between two numbers and not a power that needs care.
#[inline(always)]
pub(crate) fn pow_last<V: Single>(x: V, y: V, [p, _]: Held<V>, low: f32, high: f32) -> (V, V::M) {
    let a = x.abs();
    let v = V::narrowed([exp2_short(p[0]), exp2_short(p[1])]);
    let odd = y + V::of(MAGIC);
    let whole = y.abs().lt(V::of(4e6)) & (odd - V::of(MAGIC)).same(y);
    let normal = V::of(f32::MIN_POSITIVE).le(a) & a.le(V::of(f32::MAX));
    let finite = y.abs().le(V::of(f32::MAX));
    let good = normal & finite & (a.same(x) | whole) & V::of(low).le(v) & v.le(V::of(high));
    (v.xor(odd.shl::<31>().and(x)), good)
}

/// `hypot` where no square over- or underflows in 64 bits.
#[inline(always)]
pub(crate) fn hypot<V: Single>(x: V, y: V) -> V {
    let ([x0, x1], [y0, y1]) = (x.widened(), y.widened());
    V::narrowed([x0.fma(x0, y0 * y0).sqrt(), x1.fma(x1, y1 * y1).sqrt()])
}

/// `log(exp(x) + exp(y))` where `|x - y| < 80`.
#[inline(always)]
pub(crate) fn logaddexp<V: Single>(x: V, y: V) -> V {
    let d = x - y;
    let up = V::of(0.0).lt(d);
    V::pick(up, x, y) + log1p(exp(-d.abs()))
}

/// `log2(exp2(x) + exp2(y))` where `|x - y| < 100`.
#[inline(always)]
pub(crate) fn logaddexp2<V: Single>(x: V, y: V) -> V {
    let d = x - y;
    let up = V::of(0.0).lt(d);
    V::of(LOG2_E).fma(log1p(exp2(-d.abs())), V::pick(up, x, y))
}
