//! Branch-free `f64` kernels; arguments outside a kernel's range go to the C library (see vector.rs).
//!
//! Method: tables of 16 entries, which fit two registers, bring an argument near 1 (logarithms) or 0
//! (exponentials), rounding with a magic number does so for circular functions; then a minimax
//! polynomial (see coefficients.rs) and a final sum whose low part is kept, so that only its last
//! addition rounds visibly. A logarithm's table has points where the logarithm has 42 bits after the
//! binary point to within 2^-64, so that it needs no low part. Error bounds, measured against 80-bit
//! arithmetic: log, log2, log10, log1p, pow, exp, exp2 0.8 ULP; expm1, sinh, cosh, tanh, sin, cos 0.9;
//! tan 1.0.
//! Sources: P. T. P. Tang, "Table-driven implementation of the exponential function", ACM TOMS 15
//! (1989), and "… of the logarithm function", ACM TOMS 16 (1990); S. Gal and B. Bachelis, "An accurate
//! elementary mathematical library for the IEEE floating point standard", ACM TOMS 17 (1991);
//! W. J. Cody and W. Waite, "Software Manual for the Elementary Functions" (1980).

use super::coefficients::{
    Base, COS, EXP, EXP2_SHORT, EXPM1, EXP_LOW, EXP_T, LN2, LN2_16, LOG, LOG10_BASE, LOG2_BASE,
    LOG2_SHORT, LOG_C, LOG_CUBIC, LOG_C_LOW, LOG_RC, PI_2, SIN, SINH,
};
use super::lanes::{poly, Real};
use super::vector::Held;
use std::f64::consts::{FRAC_2_PI, LN_2};

/// Adding it rounds a small number to an integer, found in the low bits.
pub(super) const MAGIC: f64 = 6755399441055744.0;
/// The same for multiples of 1/16.
const MAGIC_16: f64 = MAGIC / 16.0;
/// 16 over ln 2.
const LN2_16_INVERSE: f64 = 23.083120654223414;

/// A vector of `f64`.
pub(crate) trait Double: Real<E = f64, I = i64> {}
impl<V: Real<E = f64, I = i64>> Double for V {}

/// `a + b` as a sum and its error, for `|a| >= |b|` or `a` zero.
#[inline(always)]
pub(super) fn fast_sum<V: Real>(a: V, b: V) -> (V, V) {
    let s = a + b;
    (s, (a - s) + b)
}

/// [`fast_sum`] for addends of any size.
#[inline(always)]
pub(super) fn full_sum<V: Real>(a: V, b: V) -> (V, V) {
    let s = a + b;
    let back = s - a;
    (s, (a - (s - back)) + (b - back))
}

/// `(a + al) / (d + dl)` as a sum of two.
#[inline(always)]
pub(super) fn quotient<V: Double>(a: V, al: V, d: V, dl: V) -> (V, V) {
    let inverse = V::of(1.0) / d;
    let v = a * inverse;
    (v, ((-v).fma(d, a) + (-v).fma(dl, al)) * inverse)
}

/// `x` where it is zero, for its sign, else `v`.
#[inline(always)]
pub(super) fn keep_zero<V: Double>(x: V, v: V) -> V {
    V::pick(x.same(V::of(0.0)), x, v)
}

/// `v` times two to a sixteenth of the integer in `t`, a sum with a magic number, rounded down.
#[inline(always)]
fn scale_16<V: Double>(v: V, t: V) -> V {
    v.iadd(t.and(V::int(!15)).shl::<48>())
}

/// `x - n·ln(2)/16`, and `n` as a sum with [`MAGIC`].
#[inline(always)]
fn reduce_ln2<V: Double>(x: V) -> (V, V) {
    let t = x.fma(V::of(LN2_16_INVERSE), V::of(MAGIC));
    let n = t - V::of(MAGIC);
    (n.fma(V::of(-LN2_16[1]), n.fma(V::of(-LN2_16[0]), x)), t)
}

/// `exp(r) - 1 + extra` for a reduced argument.
#[inline(always)]
fn expm1_reduced<V: Double>(r: V, extra: V) -> V {
    (r * r).fma(poly(&EXP, r), r + extra)
}

/// `exp(r)` times two to sixteenths of the integer in `t`.
#[inline(always)]
fn exp_of<V: Double>(r: V, t: V) -> V {
    let head = t.lookup(&EXP_T);
    let p = expm1_reduced(r, t.lookup(&EXP_LOW));
    scale_16(head.fma(p, head), t)
}

/// `exp` for `|x| < 708`.
#[inline(always)]
pub(crate) fn exp<V: Double>(x: V) -> V {
    let (r, t) = reduce_ln2(x);
    exp_of(r, t)
}

/// Half of `exp` as a sum of two, for `|x| < 710.4`.
#[inline(always)]
fn half_exp<V: Double>(x: V) -> (V, V) {
    let (r, t) = reduce_ln2(x);
    let t = t - V::of(16.0);
    let head = scale_16(t.lookup(&EXP_T), t);
    let p = expm1_reduced(r, t.lookup(&EXP_LOW));
    let e = head.fma(p, head);
    (e, head.fma(p, head - e))
}

/// `exp2` for `|x| < 1022`.
#[inline(always)]
pub(crate) fn exp2<V: Double>(x: V) -> V {
    let t = x + V::of(MAGIC_16);
    let f = x - (t - V::of(MAGIC_16));
    exp_of(f * V::of(LN_2), t)
}

/// `exp(x) - 1` as a sum of two, for `-40 < x < 708`.
#[inline(always)]
fn expm1_pair<V: Double>(x: V) -> (V, V) {
    let (r, t) = reduce_ln2(x);
    // What the reduced argument lacks.
    let n = t - V::of(MAGIC);
    let lost = n.fma(V::of(-LN2_16[1]), n.fma(V::of(-LN2_16[0]), x) - r);
    let square = r * r;
    let low = t.lookup(&EXP_LOW) + lost;
    let cubic = (square * r).fma(poly(&EXPM1, r), low);
    let (h, l) = fast_sum(r, square.fma(V::of(0.5), cubic));
    // s·(h + l) + (s - 1).
    let s = scale_16(t.lookup(&EXP_T), t);
    let (one, one_low) = full_sum(s, V::of(-1.0));
    let p = s * h;
    let (e, el) = full_sum(one, p);
    (e, el + (s.fma(h, -p) + s.fma(l, one_low)))
}

/// `expm1` for `-40 < x < 708`.
#[inline(always)]
pub(crate) fn expm1<V: Double>(x: V) -> V {
    let (e, el) = expm1_pair(x);
    keep_zero(x, e + el)
}

/// The first stage of `tanh` for finite numbers.
#[inline(always)]
pub(crate) fn tanh<V: Double>(x: V) -> [V; 3] {
    let a = x.abs();
    // Beyond 20 it is 1.
    let b = V::pick(a.lt(V::of(20.0)), a, V::of(20.0));
    let (e, el) = expm1_pair(b + b);
    [e, el, el]
}

/// `tanh`.
#[inline(always)]
pub(crate) fn tanh_last<V: Double>(x: V, [e, el, _]: [V; 3]) -> V {
    let (d, dl) = full_sum(e, V::of(2.0));
    let (v, vl) = quotient(e, el, d, dl + el);
    (v + vl).signed(x)
}

/// The first stage of `sinh` for `|x| < 710.4`.
#[inline(always)]
pub(crate) fn sinh<V: Double>(x: V) -> [V; 3] {
    let (h, hl) = half_exp(x.abs());
    [h, hl, hl]
}

/// `sinh`.
#[inline(always)]
pub(crate) fn sinh_last<V: Double>(x: V, [h, hl, _]: [V; 3]) -> V {
    let (a, z) = (x.abs(), x * x);
    let near = (a * z).fma(poly(&SINH, z), a);
    let (s, sl) = fast_sum(h, V::of(-0.25) / h);
    V::pick(a.lt(V::of(1.0)), near, s + (sl + hl)).signed(x)
}

/// `cosh` for `|x| < 710.4`.
#[inline(always)]
pub(crate) fn cosh<V: Double>(x: V) -> V {
    let (h, hl) = half_exp(x.abs());
    h + (hl + V::of(0.25) / h)
}

/// `x` as `2^k·m` with `m` near 1: `k` as an integer, the entry of the tables in the low bits, `m`.
#[inline(always)]
fn split<V: Double>(x: V) -> (V, V, V) {
    // Two thirds of an entry below 1, so that 1 lies in the middle of its own.
    let z = x.isub(V::int(0x3fe6_5555_0000_0000));
    let k = z.sar::<52>();
    (k, z.sar::<48>(), x.isub(k.shl::<52>()))
}

/// `m` times its table's reciprocal, less 1, as a sum of two; `extra` is a low part of `m`.
#[inline(always)]
fn near_one<V: Double>(m: V, reciprocal: V, extra: V) -> (V, V) {
    let p = m * reciprocal;
    let low = m.fma(reciprocal, -p);
    let f = p - V::of(1.0);
    (f, extra.fma(reciprocal, low))
}

/// `log(2^k·(m + extra))`.
#[inline(always)]
fn log_split<V: Double>((k, entry, m): (V, V, V), extra: V) -> V {
    let (f, fl) = near_one(m, entry.lookup(&LOG_RC), extra);
    let k = k.int_to_float();
    let (s, e) = fast_sum(k.fma(V::of(LN2[0]), entry.lookup(&LOG_C)), f);
    // The low part over 1 + f.
    let low = k.fma(V::of(LN2[1]), (-f).fma(fl, fl));
    s + (e + (f * f).fma(poly(&LOG, f), low))
}

/// `log` for normal positive numbers.
#[inline(always)]
pub(crate) fn log<V: Double>(x: V) -> V {
    log_split(split(x), V::of(0.0))
}

/// `log(u + lost)`, where the low part does not show in `u`.
#[inline(always)]
fn log_pair<V: Double>(u: V, lost: V) -> V {
    let (k, entry, m) = split(u);
    let extra = lost * V::of(1.0).isub(k.shl::<52>());
    log_split((k, entry, m), extra)
}

/// `log1p` for `-1 < x < 1e300`.
#[inline(always)]
pub(crate) fn log1p<V: Double>(x: V) -> V {
    let (u, lost) = full_sum(V::of(1.0), x);
    keep_zero(x, log_pair(u, lost))
}

/// `log1p(x + xl)` for a positive `x` and a low part that does not show in it.
#[inline(always)]
pub(super) fn log1p_pair<V: Double>(x: V, xl: V) -> V {
    let (u, lost) = full_sum(V::of(1.0), x);
    log_pair(u, lost + xl)
}

/// The logarithm to another base.
#[inline(always)]
fn log_base<V: Double>(x: V, base: &Base) -> V {
    let (k, entry, m) = split(x);
    let (f, fl) = near_one(m, entry.lookup(base.reciprocals), V::of(0.0));
    let k = k.int_to_float();
    let c = V::of(base.scale[0]);
    let h = f * c;
    let hl = f.fma(V::of(base.scale[1]), f.fma(c, -h));
    let (s, e) = fast_sum(k.fma(V::of(base.two[0]), entry.lookup(base.logs)), h);
    let low = k.fma(V::of(base.two[1]), (-f).fma(fl, fl).fma(c, hl));
    s + (e + (f * f).fma(poly(base.poly, f), low))
}

/// `log2` for normal positive numbers.
#[inline(always)]
pub(crate) fn log2<V: Double>(x: V) -> V {
    log_base(x, &LOG2_BASE)
}

/// `log10` for normal positive numbers.
#[inline(always)]
pub(crate) fn log10<V: Double>(x: V) -> V {
    log_base(x, &LOG10_BASE)
}

/// `x` less a multiple of π/2 as a sum of two, and the multiple as a sum with [`MAGIC`].
#[inline(always)]
fn reduce_pi<V: Double>(x: V) -> (V, V, V) {
    let t = x.fma(V::of(FRAC_2_PI), V::of(MAGIC));
    let n = t - V::of(MAGIC);
    // The second product may cancel what the first left, so nothing of it may be lost.
    let second = n * V::of(-PI_2[1]);
    let rest = n.fma(V::of(-PI_2[1]), -second);
    let (r, e) = full_sum(n.fma(V::of(-PI_2[0]), x), second);
    (r, n.fma(V::of(-PI_2[2]), e + rest), t)
}

/// Sine and cosine of a reduced argument, each as a sum of two.
#[inline(always)]
fn sin_cos<V: Double>(r: V, low: V) -> ((V, V), (V, V)) {
    let z = r * r;
    let half = V::of(0.5) * z;
    let sin = (z * r).fma(poly(&SIN, z), (-half).fma(low, low));
    let half_low = (V::of(0.5) * r).fma(r, -half);
    let (head, rest) = fast_sum(V::of(1.0), -half);
    let cos = (z * z).fma(poly(&COS, z), (-r).fma(low, rest - half_low));
    ((r, sin), (head, cos))
}

/// Of two sums of two, one.
#[inline(always)]
fn pick_pair<V: Double>(m: V::M, a: (V, V), b: (V, V)) -> (V, V) {
    (V::pick(m, a.0, b.0), V::pick(m, a.1, b.1))
}

/// `sin` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn sin<V: Double>(x: V) -> V {
    let (r, low, t) = reduce_pi(x);
    let (s, c) = sin_cos(r, low);
    let (head, rest) = pick_pair(t.has(1), c, s);
    keep_zero(x, (head + rest).xor(t.and(V::int(2)).shl::<62>()))
}

/// `cos` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn cos<V: Double>(x: V) -> V {
    let (r, low, t) = reduce_pi(x);
    let (s, c) = sin_cos(r, low);
    let (head, rest) = pick_pair(t.has(1), s, c);
    (head + rest).xor(t.iadd(V::int(1)).and(V::int(2)).shl::<62>())
}

/// The first stage of `tan` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn tan<V: Double>(x: V) -> [V; 3] {
    let (r, low, t) = reduce_pi(x);
    [r, low, t]
}

/// `tan`.
#[inline(always)]
pub(crate) fn tan_last<V: Double>(x: V, [r, low, t]: [V; 3]) -> V {
    let (s, c) = sin_cos(r, low);
    let odd = t.has(1);
    let ((a, al), (d, dl)) = (pick_pair(odd, c, s), pick_pair(odd, s, c));
    let ((a, al), (d, dl)) = (fast_sum(a, al), fast_sum(d, dl));
    let (v, vl) = quotient(a, al, d, dl);
    keep_zero(x, (v + vl).xor(t.shl::<63>()))
}

/// The first stage of `pow`.
#[inline(always)]
pub(crate) fn pow<V: Double>(x: V, y: V) -> Held<V> {
    let (h, l) = log_product(x.abs(), y);
    [h.widened(), l.widened()]
}

/// `pow`, and whether it is good.
#[inline(always)]
pub(crate) fn pow_last<V: Double>(x: V, y: V, [h, l]: Held<V>) -> (V, V::M) {
    let (a, h, l) = (x.abs(), V::narrowed(h), V::narrowed(l));
    let (r, t) = reduce_ln2(h);
    let v = exp_of(r + l, t);
    let odd = y + V::of(MAGIC);
    let whole = y.abs().lt(V::of(1e15)) & (odd - V::of(MAGIC)).same(y);
    let normal = V::of(f64::MIN_POSITIVE).le(a) & a.le(V::of(f64::MAX));
    let good = normal & (a.same(x) | whole) & h.abs().lt(V::of(708.0));
    (v.xor(odd.shl::<63>().and(x)), good)
}

/// `y·log(x)` as a sum of two, to about 2^-65.
#[inline(always)]
fn log_product<V: Double>(x: V, y: V) -> (V, V) {
    let (k, entry, m) = split(x);
    let (f, fl) = near_one(m, entry.lookup(&LOG_RC), V::of(0.0));
    let k = k.int_to_float();
    let (s, e) = fast_sum(k.fma(V::of(LN2[0]), entry.lookup(&LOG_C)), f);
    // Less f²/2 with its error.
    let half = V::of(0.5) * f;
    let square = half * f;
    let square_low = half.fma(f, -square);
    let (s, e2) = fast_sum(s, -square);
    let low = k.fma(V::of(LN2[1]), entry.lookup(&LOG_C_LOW)) + ((-f).fma(fl, fl) - square_low);
    let cubic = (f * f * f).fma(poly(&LOG_CUBIC, f), low);
    let (h, l) = fast_sum(s, (e + e2) + cubic);
    let p = y * h;
    (p, y.fma(l, y.fma(h, -p)))
}

/// `y·log2(x)` of a normal positive number to about 2^-36.
#[inline(always)]
pub(super) fn log2_product<V: Double>(x: V, y: V) -> V {
    let (k, entry, m) = split(x);
    let f = m.fma(entry.lookup(LOG2_BASE.reciprocals), V::of(-1.0));
    let whole = k.int_to_float() + entry.lookup(LOG2_BASE.logs);
    y * f.fma(poly(&LOG2_SHORT, f), whole)
}

/// `2^p` to about 2^-30, limited to 2^±1000.
#[inline(always)]
pub(super) fn exp2_short<V: Double>(p: V) -> V {
    let limit = V::of(1000.0).signed(p);
    let p = V::pick(p.abs().lt(limit.abs()), p, limit);
    let t = p + V::of(MAGIC_16);
    let r = p - (t - V::of(MAGIC_16));
    let head = t.lookup(&EXP_T);
    scale_16((head * r).fma(poly(&EXP2_SHORT, r), head), t)
}
