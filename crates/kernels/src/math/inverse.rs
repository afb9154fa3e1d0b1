//! Branch-free `f64` kernels of roots, inverse circular and inverse hyperbolic functions, and sums of
//! exponentials.
//!
//! Method: range reduction by identities, minimax polynomials (interpolation at Chebyshev's points in
//! extended precision), every step that loses digits carried as a sum of two. Error bounds, measured
//! against 80-bit arithmetic: cbrt, hypot 0.6 ULP; the others 0.9.
//! Source: W. J. Cody and W. Waite, "Software Manual for the Elementary Functions" (1980).

use super::coefficients::{CBRT, CBRT_POWERS};
use super::kernel::{
    exp, exp2, fast_sum, full_sum, keep_zero, log1p, log1p_pair, quotient, Double, MAGIC,
};
use super::lanes::{poly, Table};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// Low parts of π/4, π/2 and π.
const PI_LOW: [f64; 3] = [
    3.061616997868383e-17,
    6.123233995736766e-17,
    1.2246467991473532e-16,
];
/// 0, π/2, π/4, π/4: the angles that arc tangents of quotients are added to or taken from.
static ATAN_BASE: Table<f64> = places(0.0, FRAC_PI_2, FRAC_PI_4);
/// Their low parts.
static ATAN_BASE_LOW: Table<f64> = places(0.0, PI_LOW[1], PI_LOW[0]);

/// A table by two bits: a zero, the angle for the lower, that for the upper or both.
const fn places(zero: f64, lower: f64, upper: f64) -> Table<f64> {
    let mut all = [zero; 32];
    (all[1], all[2], all[3]) = (lower, upper, upper);
    Table(all)
}

/// `(atan(x)/x - 1)/x²` in `x²`, on `|x| <= tan(π/8)`.
const ATAN: [f64; 12] = [
    -0.3333333333333333,
    0.199999999999998,
    -0.14285714285658185,
    0.11111111105036423,
    -0.09090908749853589,
    0.0769229631985846,
    -0.06666424512054211,
    0.05878929240844006,
    -0.05230475989834034,
    0.04551740631870368,
    -0.034574857383641244,
    0.016290535616644067,
];
/// `(asin(x)/x - 1)/x²` in `x²`, on `|x| <= 1/2`.
const ASIN: [f64; 14] = [
    0.16666666666666666,
    0.07500000000000094,
    0.044642857142590774,
    0.03038194447295755,
    0.02237215753276619,
    0.01735281469710255,
    0.013963804228074415,
    0.01156625130108163,
    0.009623014287767045,
    0.009315433046393373,
    0.003052803044511379,
    0.01955103466486153,
    -0.0192559299856322,
    0.029631325247272636,
];

/// `sqrt(x + xl)` as a sum of two, for a positive `x`.
#[inline(always)]
fn sqrt_pair<V: Double>(x: V, xl: V) -> (V, V) {
    let r = x.sqrt();
    (r, ((-r).fma(r, x) + xl) * (V::of(0.5) / r))
}

/// `asin(|x|)` up to 1/2, else `asin(sqrt((1 - |x|)/2))`, as a sum of two, and which it is.
#[inline(always)]
fn asin_parts<V: Double>(a: V) -> (V::M, V, V) {
    let (half, zero) = (V::of(0.5), V::of(0.0));
    let near = half.lt(a);
    let z = V::pick(near, (-half).fma(a, half), a * a);
    let (s, sl) = sqrt_pair(z, zero);
    let sl = V::pick(near & zero.lt(z), sl, zero);
    let t = V::pick(near, s, a);
    (near, t, (t * z).fma(poly(&ASIN, z), sl))
}

/// `arcsin` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn asin<V: Double>(x: V) -> V {
    let (near, t, tl) = asin_parts(x.abs());
    let (h, l) = fast_sum(V::of(FRAC_PI_2), V::of(-2.0) * t);
    let close = h + (l + V::of(-2.0).fma(tl, V::of(PI_LOW[1])));
    V::pick(near, close, t + tl).signed(x)
}

/// `arccos` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn acos<V: Double>(x: V) -> V {
    let (near, t, tl) = asin_parts(x.abs());
    let zero = V::of(0.0);
    // π/2 - asin(x), π - 2·asin(..) or 2·asin(..).
    let back = x.lt(zero);
    let end = |pi: f64| V::pick(back, V::of(pi), zero);
    let base = V::pick(near, end(PI), V::of(FRAC_PI_2));
    let low = V::pick(near, end(PI_LOW[2]), V::of(PI_LOW[1]));
    let k = V::pick(near, V::of(2.0), V::of(1.0));
    let k = V::pick(near ^ back, k, -k);
    let k = V::pick(near & back, V::of(-2.0), k);
    let (h, l) = full_sum(base, k * t);
    h + (l + k.fma(tl, low))
}

/// The quotient that the angle of `(b, a)` is reduced to as a sum of two, and where it stands: for
/// non-negative numbers with a normal or zero quotient.
#[inline(always)]
fn atan_reduced<V: Double>(a: V, b: V) -> [V; 3] {
    let zero = V::of(0.0);
    let over = b.lt(a);
    let (n, d) = (V::pick(over, b, a), V::pick(over, a, b));
    // Beyond tan(π/8) as π/4 - atan((d - n)/(d + n)).
    let beyond = (V::of(0.41421356237309503) * d).lt(n);
    let ((dif, dl), (sum, sl)) = (fast_sum(d, -n), fast_sum(d, n));
    let (p, pl) = (V::pick(beyond, -dif, n), V::pick(beyond, -dl, zero));
    let (q, ql) = (V::pick(beyond, sum, d), V::pick(beyond, sl, zero));
    let (t, tl) = quotient(p, pl, q, ql);
    let place = V::pick(beyond, V::int(2), V::int(0));
    [t, tl, V::pick(over, place.iadd(V::int(1)), place)]
}

/// The angle as a sum of two, from [`atan_reduced`].
#[inline(always)]
fn atan_sum<V: Double>([t, tl, place]: [V; 3]) -> (V, V) {
    let z = t * t;
    let tl = (z * t).fma(poly(&ATAN, z), tl);
    // The angle is base ± (t + tl).
    let turn = place.shl::<63>();
    let (h, l) = (t.xor(turn), tl.xor(turn));
    let (h, hl) = fast_sum(place.lookup(&ATAN_BASE), h);
    (h, hl + (l + place.lookup(&ATAN_BASE_LOW)))
}

/// The first stage of `arctan` for `|x| < 1e290`.
#[inline(always)]
pub(crate) fn atan<V: Double>(x: V) -> [V; 3] {
    atan_reduced(x.abs(), V::of(1.0))
}

/// `arctan`.
#[inline(always)]
pub(crate) fn atan_last<V: Double>(x: V, held: [V; 3]) -> V {
    let (h, l) = atan_sum(held);
    (h + l).signed(x)
}

/// `arctan2` where both numbers lie between 1e-140 and 1e140.
#[inline(always)]
pub(crate) fn atan2<V: Double>(y: V, x: V) -> V {
    let (h, l) = atan_sum(atan_reduced(y.abs(), x.abs()));
    let (g, gl) = fast_sum(V::of(PI), -h);
    let back = g + (gl + (V::of(PI_LOW[2]) - l));
    V::pick(x.lt(V::of(0.0)), back, h + l).signed(y)
}

/// The first stage of `arcsinh` for `|x| < 1e140`.
#[inline(always)]
pub(crate) fn asinh<V: Double>(x: V) -> [V; 3] {
    let (a, one) = (x.abs(), V::of(1.0));
    let square = a * a;
    let square_low = a.fma(a, -square);
    let (s, sl) = full_sum(square, one);
    let (r, rl) = sqrt_pair(s, sl + square_low);
    // a + a²/(1 + sqrt(1 + a²)), whose log1p is the answer.
    let (d, dl) = fast_sum(r, one);
    let (q, ql) = quotient(square, square_low, d, dl + rl);
    let (v, vl) = full_sum(a, q);
    [v, vl + ql, v]
}

/// `arcsinh`.
#[inline(always)]
pub(crate) fn asinh_last<V: Double>(x: V, [v, vl, _]: [V; 3]) -> V {
    log1p_pair(v, vl).signed(x)
}

/// The first stage of `arccosh` for `1 < x < 1e140`.
#[inline(always)]
pub(crate) fn acosh<V: Double>(x: V) -> [V; 3] {
    let t = x - V::of(1.0);
    let (p, pl) = fast_sum(x, V::of(1.0));
    let w = t * p;
    let (r, rl) = sqrt_pair(w, t.fma(p, -w) + t * pl);
    let (v, vl) = fast_sum(r, t);
    [v, vl + rl, v]
}

/// `arccosh`.
#[inline(always)]
pub(crate) fn acosh_last<V: Double>(_: V, [v, vl, _]: [V; 3]) -> V {
    log1p_pair(v, vl)
}

/// The first stage of `arctanh` for `|x| < 1`.
#[inline(always)]
pub(crate) fn atanh<V: Double>(x: V) -> [V; 3] {
    let a = x.abs();
    let (d, dl) = fast_sum(V::of(1.0), -a);
    let (v, vl) = quotient(a + a, V::of(0.0), d, dl);
    [v, vl, v]
}

/// `arctanh`.
#[inline(always)]
pub(crate) fn atanh_last<V: Double>(x: V, [v, vl, _]: [V; 3]) -> V {
    (V::of(0.5) * log1p_pair(v, vl)).signed(x)
}

/// The first stage of `cbrt` for normal numbers and zero.
#[inline(always)]
pub(crate) fn cbrt<V: Double>(x: V) -> [V; 3] {
    let a = x.abs();
    // a = 2^k·m around 1, k = 3q + r with r of -1, 0 or 1.
    let k = a.isub(V::int(0x3fe6_a09e_667f_3bcd)).sar::<52>();
    let m = a.isub(k.shl::<52>());
    let k = k.int_to_float();
    let t = k.fma(V::of(1.0 / 3.0), V::of(MAGIC));
    let q = t - V::of(MAGIC);
    let r = q.fma(V::of(-3.0), k) + V::of(MAGIC);
    // z is the inverse of the root of m·2^r: one step of Halley's.
    let z = poly(&CBRT, m - V::of(1.0)) * r.lookup(&CBRT_POWERS);
    let m = m.iadd(r.shl::<52>());
    let e = (-m).fma(z * z * z, V::of(1.0));
    let z = (z * e).fma(V::of(2.0 / 9.0).fma(e, V::of(1.0 / 3.0)), z);
    [z, m, t]
}

/// `cbrt`.
#[inline(always)]
pub(crate) fn cbrt_last<V: Double>(x: V, [z, m, t]: [V; 3]) -> V {
    let square = z * z;
    // One of Newton's steps for the root, with an exact rest.
    let y = m * square;
    let y2 = y * y;
    let y2l = y.fma(y, -y2);
    let y3 = y2 * y;
    let y3l = y2.fma(y, -y3) + y2l * y;
    let v = y - ((y3 - m) + y3l) * (square * V::of(1.0 / 3.0));
    keep_zero(x, v.iadd(t.shl::<52>()).signed(x))
}

/// `hypot` where the larger is between 1e-140 and 1e140.
#[inline(always)]
pub(crate) fn hypot<V: Double>(x: V, y: V) -> V {
    let (a, b) = (x * x, y * y);
    let (al, bl) = (x.fma(x, -a), y.fma(y, -b));
    let (s, sl) = full_sum(a, b);
    let (r, rl) = sqrt_pair(s, sl + (al + bl));
    r + rl
}

/// `log(exp(x) + exp(y))` for finite numbers less than 700 apart.
#[inline(always)]
pub(crate) fn logaddexp<V: Double>(x: V, y: V) -> V {
    let d = x - y;
    V::pick(V::of(0.0).lt(d), x, y) + log1p(exp(-d.abs()))
}

/// `log2(exp2(x) + exp2(y))` for finite numbers less than 1000 apart.
#[inline(always)]
pub(crate) fn logaddexp2<V: Double>(x: V, y: V) -> V {
    let d = x - y;
    let log = log1p(exp2(-d.abs()));
    V::pick(V::of(0.0).lt(d), x, y) + V::of(std::f64::consts::LOG2_E) * log
}
