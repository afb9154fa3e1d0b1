//! Branch-free kernels in `f64` for results of 32 bits and fewer: short polynomials, one rounding.
//!
//! Method: as kernel.rs, without its low parts, which no `f32` shows; polynomials are minimax fits
//! (Lawson's weighted least squares on Chebyshev points). Relative errors stay under 5e-9, so that a
//! rounded `f32` is within 0.55 ULP.
//! Source: W. J. Cody and W. Waite, "Software Manual for the Elementary Functions" (1980).

use super::kernel::{nearest, pow2, MAGIC};
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, LN_2, LOG10_2, LOG10_E, LOG2_E, PI};

/// `(sinh(r)/r - 1)/r²` in `r²`, on `|r| <= ln(2)/2`.
const SINH: [f64; 3] = [
    0.16666666754551443,
    0.008333288954304132,
    0.00019904960860057152,
];
/// `(cosh(r) - 1)/r²` in `r²`, there.
const COSH: [f64; 3] = [
    0.5000000079138357,
    0.04166626707127596,
    0.0013946230300040676,
];
/// `(sin(r)/r - 1)/r²` in `r²`, on `|r| <= π/4`.
const SIN: [f64; 3] = [
    -0.1666665493648348,
    0.008332177676531834,
    -0.00019517233608761026,
];
/// `(cos(r) - 1)/r²` in `r²`, there.
const COS: [f64; 4] = [
    -0.4999999972488304,
    0.04166662329792976,
    -0.0013886762935690089,
    2.4390368076971536e-05,
];
/// `(log(1 + f) - f)/f²` on `sqrt(1/2) <= 1 + f <= sqrt(2)`.
const LOG: [f64; 10] = [
    -0.5000000000053357,
    0.3333331043957997,
    -0.24999986547047887,
    0.20002226620232333,
    -0.16669252493272846,
    0.1421865884500654,
    -0.12384326638388475,
    0.11872953901470262,
    -0.11789909192802384,
    0.0691552356877257,
];
/// The same to 5e-13, for powers, whose exponents magnify it.
const LOG_LONG: [f64; 14] = [
    -0.4999999999915302,
    0.3333333331164045,
    -0.2500000029334365,
    0.2000000416096275,
    -0.16666642299148282,
    0.14285437556243283,
    -0.12500735825699147,
    0.11119779397209191,
    -0.09993293534849376,
    0.08953414296118181,
    -0.0826560012030135,
    0.08716113375476917,
    -0.08647182804596168,
    0.045002038858781616,
];
/// `(atan(x)/x - 1)/x²` in `x²`, on `|x| <= 1`.
const ATAN: [f64; 10] = [
    -0.33333327429297777,
    0.19999692428389576,
    -0.14280127950764035,
    0.1106022382273163,
    -0.08818761910440787,
    0.06759356032498492,
    -0.044943135479726705,
    0.022757300826115243,
    -0.007421101807731086,
    0.0011345502783044804,
];
/// `(asin(x)/x - 1)/x²` in `x²`, on `|x| <= 1/2`.
const ASIN: [f64; 6] = [
    0.1666665986998841,
    0.07500511038469079,
    0.04451569556513138,
    0.03181783019852256,
    0.01440173436102434,
    0.03756648498725189,
];

#[inline(always)]
fn fma(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// The polynomial with coefficients `c`, lowest first, in steps of two: few enough that the loop over
/// them is gone before loops over elements are vectorised.
#[inline(always)]
pub(super) fn poly<const N: usize>(c: &[f64; N], x: f64) -> f64 {
    let x2 = x * x;
    let pairs = c.chunks_exact(2);
    let mut value = match pairs.remainder() {
        [last] => *last,
        _ => 0.0,
    };
    for pair in pairs.rev() {
        value = fma(value, x2, fma(pair[1], x, pair[0]));
    }
    value
}

/// One of two numbers, without a branch that costly steps could be moved into.
#[inline(always)]
pub(super) fn select(first: bool, a: f64, b: f64) -> f64 {
    let mask = u64::from(first).wrapping_neg();
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// `x - n·ln 2` and `n`.
#[inline(always)]
fn reduce(x: f64) -> (f64, i64) {
    let t = fma(x, LOG2_E, MAGIC);
    let r = fma(t - MAGIC, -LN_2, x);
    (r, (t.to_bits() as i64).wrapping_sub(MAGIC.to_bits() as i64))
}

/// `sinh(r)` and `cosh(r) - 1` of a reduced argument.
#[inline(always)]
fn hyperbolic(r: f64) -> (f64, f64) {
    let z = r * r;
    (fma(z * r, poly(&SINH, z), r), z * poly(&COSH, z))
}

/// `exp` for `|x| < 700`.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    let (r, n) = reduce(x);
    let (s, c) = hyperbolic(r);
    pow2(n) * (1.0 + (c + s))
}

/// `exp2` for `|x| < 1000`.
#[inline(always)]
pub(crate) fn exp2(x: f64) -> f64 {
    let (n, ni) = nearest(x);
    let (s, c) = hyperbolic((x - n) * LN_2);
    pow2(ni) * (1.0 + (c + s))
}

/// `expm1` for `-700 < x < 700`.
#[inline(always)]
pub(crate) fn expm1(x: f64) -> f64 {
    let (r, n) = reduce(x);
    let (s, c) = hyperbolic(r);
    let p = pow2(n);
    let v = fma(p, c + s, p - 1.0);
    if x == 0.0 {
        x
    } else {
        v
    }
}

/// `sinh(x)` and `cosh(x)`.
#[inline(always)]
fn sinh_cosh(x: f64) -> (f64, f64) {
    let (r, n) = reduce(x);
    let (s, c) = hyperbolic(r);
    let (up, down) = (0.5 * pow2(n), 0.5 * pow2(n.wrapping_neg()));
    let (sum, dif, c) = (up + down, up - down, c + 1.0);
    (fma(dif, c, sum * s), fma(sum, c, dif * s))
}

/// `sinh` for `|x| < 700`.
#[inline(always)]
pub(crate) fn sinh(x: f64) -> f64 {
    let v = sinh_cosh(x).0;
    if x == 0.0 {
        x
    } else {
        v
    }
}

/// `cosh` for `|x| < 700`.
#[inline(always)]
pub(crate) fn cosh(x: f64) -> f64 {
    sinh_cosh(x).1
}

/// `tanh` for `|x| < 300`.
#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    let (s, c) = sinh_cosh(x);
    if x == 0.0 {
        x
    } else {
        s / c
    }
}

/// `x` as `2^k·(1 + f)`.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    const HALF_ROOT: i64 = 0x3fe6a09e667f3bcd;
    let bits = x.to_bits() as i64;
    let k = bits.wrapping_sub(HALF_ROOT) >> 52;
    let m = f64::from_bits(bits.wrapping_sub(k << 52) as u64);
    let kf = f64::from_bits(k.wrapping_add(MAGIC.to_bits() as i64) as u64) - MAGIC;
    (kf, m - 1.0)
}

/// `log(1 + f)` for a reduced `f`.
#[inline(always)]
fn log_reduced(f: f64) -> f64 {
    fma(f * f, poly(&LOG, f), f)
}

/// `log` for positive numbers.
#[inline(always)]
pub(crate) fn log(x: f64) -> f64 {
    let (k, f) = split(x);
    fma(k, LN_2, log_reduced(f))
}

/// `log2` for positive numbers.
#[inline(always)]
pub(crate) fn log2(x: f64) -> f64 {
    let (k, f) = split(x);
    fma(log_reduced(f), LOG2_E, k)
}

/// `log10` for positive numbers.
#[inline(always)]
pub(crate) fn log10(x: f64) -> f64 {
    let (k, f) = split(x);
    fma(log_reduced(f), LOG10_E, k * LOG10_2)
}

/// `log1p` for `-1 < x`.
#[inline(always)]
pub(crate) fn log1p(x: f64) -> f64 {
    let (k, f) = split(1.0 + x);
    // What the addition lost matters only where nothing else is left.
    let f = if k == 0.0 { x } else { f };
    let v = fma(k, LN_2, log_reduced(f));
    if x == 0.0 {
        x
    } else {
        v
    }
}

/// `x` less a multiple of π/2, and the multiple; for `|x| < 1e9`.
#[inline(always)]
fn reduce_pi(x: f64) -> (f64, i64) {
    let t = fma(x, FRAC_2_PI, MAGIC);
    let n = t - MAGIC;
    let r = fma(n, -6.123233995736766e-17, fma(n, -FRAC_PI_2, x));
    (r, t.to_bits() as i64)
}

#[inline(always)]
fn sin_cos(r: f64) -> (f64, f64) {
    let z = r * r;
    (fma(z * r, poly(&SIN, z), r), fma(z, poly(&COS, z), 1.0))
}

/// `sin` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn sin(x: f64) -> f64 {
    let (r, q) = reduce_pi(x);
    let (s, c) = sin_cos(r);
    let v = if q & 1 != 0 { c } else { s };
    let v = f64::from_bits(v.to_bits() ^ (((q as u64) & 2) << 62));
    if x == 0.0 {
        x
    } else {
        v
    }
}

/// `cos` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn cos(x: f64) -> f64 {
    let (r, q) = reduce_pi(x);
    let (s, c) = sin_cos(r);
    let v = if q & 1 != 0 { s } else { c };
    f64::from_bits(v.to_bits() ^ (((q.wrapping_add(1) as u64) & 2) << 62))
}

/// `tan` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn tan(x: f64) -> f64 {
    let (r, q) = reduce_pi(x);
    let (s, c) = sin_cos(r);
    let odd = q & 1 != 0;
    let (a, d) = if odd { (-c, s) } else { (s, c) };
    if x == 0.0 {
        x
    } else {
        a / d
    }
}

/// `asin(x)/x` from `x²`, up to 1/4.
#[inline(always)]
fn asin_ratio(z: f64) -> f64 {
    fma(z, poly(&ASIN, z), 1.0)
}

/// `asin(|x|)` as `base + slope·asin(t)/t` with a small `t`; for `|x| <= 1`.
#[inline(always)]
fn asin_parts(a: f64) -> (bool, f64) {
    // Near 1: asin(a) = π/2 - 2·asin(sqrt((1 - a)/2)).
    let near = a > 0.5;
    let z = if near { fma(-0.5, a, 0.5) } else { a * a };
    let t = select(near, z.sqrt(), a);
    (near, t * asin_ratio(z))
}

/// `arcsin` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn asin(x: f64) -> f64 {
    let (near, v) = asin_parts(x.abs());
    (if near { fma(-2.0, v, FRAC_PI_2) } else { v }).copysign(x)
}

/// `arccos` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn acos(x: f64) -> f64 {
    let (near, v) = asin_parts(x.abs());
    let far = FRAC_PI_2 - v.copysign(x);
    let close = if x < 0.0 { fma(-2.0, v, PI) } else { 2.0 * v };
    if near {
        close
    } else {
        far
    }
}

/// `atan(a/b)` for non-negative numbers that are not both zero, with a finite quotient.
#[inline(always)]
fn atan_ratio(a: f64, b: f64) -> f64 {
    let over = a > b;
    let (n, d) = if over { (b, a) } else { (a, b) };
    let t = n / d;
    let z = t * t;
    let v = fma(z * t, poly(&ATAN, z), t);
    if over {
        FRAC_PI_2 - v
    } else {
        v
    }
}

/// `arctan` for finite numbers.
#[inline(always)]
pub(crate) fn atan(x: f64) -> f64 {
    atan_ratio(x.abs(), 1.0).copysign(x)
}

/// `arctan2` for finite numbers, `x` not zero.
#[inline(always)]
pub(crate) fn atan2(y: f64, x: f64) -> f64 {
    let v = atan_ratio(y.abs(), x.abs());
    (if x < 0.0 { PI - v } else { v }).copysign(y)
}

/// `arcsinh` for finite numbers.
#[inline(always)]
pub(crate) fn asinh(x: f64) -> f64 {
    let a = x.abs();
    let square = a * a;
    // sqrt(1 + a²) - 1 without cancellation.
    let root = fma(a, a, 1.0).sqrt();
    let v = log1p(a + square / (root + 1.0));
    v.copysign(x)
}

/// `arccosh` from 1 on.
#[inline(always)]
pub(crate) fn acosh(x: f64) -> f64 {
    let t = x - 1.0;
    log1p(t + (t * (x + 1.0)).sqrt())
}

/// `arctanh` for `|x| < 1`.
#[inline(always)]
pub(crate) fn atanh(x: f64) -> f64 {
    let a = x.abs();
    (0.5 * log1p(2.0 * a / (1.0 - a))).copysign(x)
}

/// `cbrt` for finite numbers other than zero.
#[inline(always)]
pub(crate) fn cbrt(x: f64) -> f64 {
    let (k, f) = split(x.abs());
    let log = fma(log_reduced(f), LOG2_E, k);
    let v = exp2(log * (1.0 / 3.0)).copysign(x);
    if x == 0.0 {
        x
    } else {
        v
    }
}

/// `pow` where `pow_in_range` says so for a limit of 125.
#[inline(always)]
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    let (k, f) = split(x.abs());
    let log = fma(fma(f * f, poly(&LOG_LONG, f), f), LOG2_E, k);
    let v = exp2(y * log).to_bits();
    let odd = (nearest(y).1 as u64) << 63;
    f64::from_bits(v ^ (odd & x.to_bits()))
}

/// `hypot` for numbers that are `f32`s.
#[inline(always)]
pub(crate) fn hypot(x: f64, y: f64) -> f64 {
    fma(x, x, y * y).sqrt()
}
