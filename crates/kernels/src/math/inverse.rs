//! Branch-free `f64` kernels of roots, inverse circular and inverse hyperbolic functions.
//!
//! Method: range reduction by identities, minimax polynomials (interpolation at Chebyshev's points in
//! extended precision), every step that loses digits carried as a sum of two. Error bounds, measured
//! against 80-bit arithmetic: cbrt, hypot 0.6 ULP; the others 0.9.
//! Source: W. J. Cody and W. Waite, "Software Manual for the Elementary Functions" (1980).

use super::kernel::{log1p_pair, two_sum, two_sum_any};
use super::single;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// Low parts of π/4, π/2 and π.
const PI_LOW: [f64; 3] = [
    3.061616997868383e-17,
    6.123233995736766e-17,
    1.2246467991473532e-16,
];
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

#[inline(always)]
fn fma(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// `sqrt(x + xl)` as a sum of two, for a positive `x`.
#[inline(always)]
fn sqrt_pair(x: f64, xl: f64) -> (f64, f64) {
    let r = x.sqrt();
    (r, (fma(-r, r, x) + xl) * (0.5 / r))
}

/// `(a + al) / (d + dl)` as a sum of two.
#[inline(always)]
fn quotient(a: f64, al: f64, d: f64, dl: f64) -> (f64, f64) {
    let inverse = 1.0 / d;
    let v = a * inverse;
    (v, (fma(-v, d, a) + (al - v * dl)) * inverse)
}

/// `asin(|x|)` up to 1/2, else `asin(sqrt((1 - |x|)/2))`, as a sum of two.
#[inline(always)]
fn asin_parts(a: f64) -> (bool, f64, f64) {
    let near = a > 0.5;
    let z = if near { fma(-0.5, a, 0.5) } else { a * a };
    let (s, sl) = sqrt_pair(z, 0.0);
    let sl = single::select(near & (z > 0.0), sl, 0.0);
    let t = single::select(near, s, a);
    (near, t, fma(t * z, single::poly(&ASIN, z), sl))
}

/// `arcsin` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn asin(x: f64) -> f64 {
    let (near, t, tl) = asin_parts(x.abs());
    let (h, l) = two_sum(FRAC_PI_2, -2.0 * t);
    let close = h + (l + fma(-2.0, tl, PI_LOW[1]));
    single::select(near, close, t + tl).copysign(x)
}

/// `arccos` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn acos(x: f64) -> f64 {
    let (near, t, tl) = asin_parts(x.abs());
    let negative = x < 0.0;
    // π/2 - asin(x), π - 2·asin(..) or 2·asin(..).
    let base = if !near { FRAC_PI_2 } else { 0.0 };
    let low = if !near { PI_LOW[1] } else { 0.0 };
    let base = if near & negative { PI } else { base };
    let low = if near & negative { PI_LOW[2] } else { low };
    let k = if near { 2.0 } else { 1.0 };
    let k = if near ^ negative { k } else { -k };
    let k = if near & negative { -2.0 } else { k };
    let (h, l) = two_sum_any(base, k * t);
    h + (l + fma(k, tl, low))
}

/// `atan(a/b)` as a sum of two, for non-negative numbers with a normal or zero quotient.
#[inline(always)]
fn atan_ratio(a: f64, b: f64) -> (f64, f64) {
    let over = a > b;
    let (n, d) = if over { (b, a) } else { (a, b) };
    // Beyond tan(π/8) as π/4 + atan((n - d)/(n + d)).
    let beyond = n > 0.41421356237309503 * d;
    let ((dif, dl), (sum, sl)) = (two_sum_any(n, -d), two_sum_any(n, d));
    let (p, pl) = if beyond { (dif, dl) } else { (n, 0.0) };
    let (q, ql) = if beyond { (sum, sl) } else { (d, 0.0) };
    let (t, tl) = quotient(p, pl, q, ql);
    let z = t * t;
    let tl = fma(z * t, single::poly(&ATAN, z), tl);
    let (base, low) = if beyond {
        (FRAC_PI_4, PI_LOW[0])
    } else {
        (0.0, 0.0)
    };
    let (h, l) = two_sum_any(base, t);
    let l = l + tl + low;
    let (g, gl) = two_sum(FRAC_PI_2, -h);
    if over {
        (g, gl + (PI_LOW[1] - l))
    } else {
        (h, l)
    }
}

/// `arctan` for `|x| < 1e290`.
#[inline(always)]
pub(crate) fn atan(x: f64) -> f64 {
    let (h, l) = atan_ratio(x.abs(), 1.0);
    (h + l).copysign(x)
}

/// `arctan2` where both numbers lie between 1e-140 and 1e140.
#[inline(always)]
pub(crate) fn atan2(y: f64, x: f64) -> f64 {
    let (h, l) = atan_ratio(y.abs(), x.abs());
    let (g, gl) = two_sum(PI, -h);
    let back = g + (gl + (PI_LOW[2] - l));
    (if x < 0.0 { back } else { h + l }).copysign(y)
}

/// `arcsinh` for `|x| < 1e140`.
#[inline(always)]
pub(crate) fn asinh(x: f64) -> f64 {
    let a = x.abs();
    let square = a * a;
    let square_low = fma(a, a, -square);
    let (s, sl) = two_sum_any(square, 1.0);
    let (r, rl) = sqrt_pair(s, sl + square_low);
    // a + a²/(1 + sqrt(1 + a²)), whose log1p is the answer.
    let (d, dl) = two_sum(r, 1.0);
    let (q, ql) = quotient(square, square_low, d, dl + rl);
    let (v, vl) = two_sum_any(a, q);
    log1p_pair(v, vl + ql).copysign(x)
}

/// `arccosh` for `1 < x < 1e140`.
#[inline(always)]
pub(crate) fn acosh(x: f64) -> f64 {
    let t = x - 1.0;
    let (p, pl) = two_sum_any(x, 1.0);
    let w = t * p;
    let (r, rl) = sqrt_pair(w, fma(t, p, -w) + t * pl);
    let (v, vl) = two_sum_any(t, r);
    log1p_pair(v, vl + rl)
}

/// `arctanh` for `|x| < 1`.
#[inline(always)]
pub(crate) fn atanh(x: f64) -> f64 {
    let a = x.abs();
    let (d, dl) = two_sum(1.0, -a);
    let (v, vl) = quotient(2.0 * a, 0.0, d, dl);
    (0.5 * log1p_pair(v, vl)).copysign(x)
}

/// `cbrt` for `1e-100 < |x| < 1e100`.
#[inline(always)]
pub(crate) fn cbrt(x: f64) -> f64 {
    // One of Newton's steps from ten digits, with an exact rest.
    let y = single::cbrt(x);
    let y2 = y * y;
    let y2l = fma(y, y, -y2);
    let y3 = y2 * y;
    let y3l = fma(y2, y, -y3) + y2l * y;
    let rest = (x - y3) - y3l;
    let v = y + rest / (3.0 * y2);
    if x == 0.0 {
        x
    } else {
        v
    }
}

/// `hypot` where the larger is between 1e-140 and 1e140.
#[inline(always)]
pub(crate) fn hypot(x: f64, y: f64) -> f64 {
    let (a, b) = (x * x, y * y);
    let (al, bl) = (fma(x, x, -a), fma(y, y, -b));
    let (s, sl) = two_sum_any(a, b);
    let (r, rl) = sqrt_pair(s, sl + (al + bl));
    r + rl
}
