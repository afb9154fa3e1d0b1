//! Branch-free `f64` kernels, meant for loops that vectorise; arguments outside a kernel's range go
//! to the C library (see vector.rs).
//!
//! Method: range reduction by rounding with a magic number and fused multiply-add, a minimax
//! polynomial (Remez, coefficients in coefficients.rs), and a final sum whose low part is kept, so
//! that only its last addition rounds visibly. Error bounds, measured against 80-bit arithmetic:
//! log, log2, log10, log1p, pow, exp, exp2 0.7 ULP; expm1, sinh, cosh, tanh, sin, cos 0.9; tan 1.0.
//! Sources: P. T. P. Tang, "Table-driven implementation of the exponential function", ACM TOMS 15
//! (1989); W. J. Cody and W. Waite, "Software Manual for the Elementary Functions" (1980).

use super::coefficients::{COS, EXP, LN2, LOG, LOG_TAIL, PI_2, SIN, TWO_THIRDS};

/// Adding it rounds a small number to an integer, found in the low bits.
pub(super) const MAGIC: f64 = 6755399441055744.0;

#[inline(always)]
fn fma(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// `2^n` for a normal result.
#[inline(always)]
pub(super) fn pow2(n: i64) -> f64 {
    f64::from_bits(((n + 1023) << 52) as u64)
}

/// The nearest integer, as a float and as an integer.
#[inline(always)]
pub(super) fn nearest(x: f64) -> (f64, i64) {
    let t = x + MAGIC;
    (
        t - MAGIC,
        (t.to_bits() as i64).wrapping_sub(MAGIC.to_bits() as i64),
    )
}

/// `a + b` as a sum and its error, for `|a| >= |b|`.
#[inline(always)]
pub(super) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    (s, (a - s) + b)
}

/// `(exp(r) - 1 - r - r²/2) / r³` for `|r| <= ln(2)/2`.
#[inline(always)]
fn exp_cubic(r: f64) -> f64 {
    let c = &EXP;
    let (r2, r4) = (r * r, (r * r) * (r * r));
    let low = fma(fma(c[3], r, c[2]), r2, fma(c[1], r, c[0]));
    let high = fma(fma(c[7], r, c[6]), r2, fma(c[5], r, c[4]));
    fma(fma(c[9], r, c[8]), r4 * r4, fma(high, r4, low))
}

/// `x - n·ln 2` as a sum of two, `n`, for `|x| < 1100`.
#[inline(always)]
fn reduce_ln2(x: f64) -> (f64, f64, i64) {
    let t = fma(x, std::f64::consts::LOG2_E, MAGIC);
    let n = t - MAGIC;
    let r0 = fma(n, -LN2[0], x);
    let r = fma(n, -LN2[1], r0);
    let low = fma(n, -LN2[1], r0 - r);
    (
        r,
        low,
        (t.to_bits() as i64).wrapping_sub(MAGIC.to_bits() as i64),
    )
}

/// `exp(r + low)` for a reduced argument, to about 1e-19.
#[inline(always)]
fn exp_reduced(r: f64, low: f64) -> (f64, f64) {
    let (head, rest) = two_sum(1.0, r);
    (head, rest + fma(r * r, fma(r, exp_cubic(r), 0.5), low))
}

/// `exp` for `|x| < 708`.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    let (r, low, n) = reduce_ln2(x);
    let (head, rest) = exp_reduced(r, low);
    f64::from_bits((head + rest).to_bits().wrapping_add((n as u64) << 52))
}

/// `exp2` for `|x| < 1022`.
#[inline(always)]
pub(crate) fn exp2(x: f64) -> f64 {
    const HIGH: f64 = std::f64::consts::LN_2;
    const LOW: f64 = 2.3190468138462996e-17;
    let (n, ni) = nearest(x);
    let f = x - n;
    let r = f * HIGH;
    let low = fma(f, LOW, fma(f, HIGH, -r));
    let (head, rest) = exp_reduced(r, low);
    f64::from_bits((head + rest).to_bits().wrapping_add((ni as u64) << 52))
}

/// `exp(x) - 1` as a sum of two, for `-40 < x < 708`.
#[inline(always)]
fn expm1_pair(x: f64) -> (f64, f64) {
    let (r, low, n) = reduce_ln2(x);
    let square = r * r;
    let square_low = fma(r, r, -square);
    let (h, hl) = two_sum(r, 0.5 * square);
    let (p, pl) = two_sum(
        h,
        hl + fma(0.5, square_low, fma(square * r, exp_cubic(r), low)),
    );
    // 2^n·(p + pl) + (2^n - 1).
    let s = pow2(n);
    let h = s - 1.0;
    let (e, el) = two_sum_any(s * p, h);
    (e, fma(s, pl, el) + ((s - h) - 1.0))
}

/// `expm1` for `-40 < x < 708`.
#[inline(always)]
pub(crate) fn expm1(x: f64) -> f64 {
    let (e, el) = expm1_pair(x);
    if x == 0.0 {
        x
    } else {
        e + el
    }
}

/// `tanh` for `|x| < 20`, where it is not yet 1.
#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    let (e, el) = expm1_pair(2.0 * x.abs());
    let (d, dl) = two_sum_any(e, 2.0);
    let v = quotient(e, el, d, dl + el);
    (if x == 0.0 { 0.0 } else { v }).copysign(x)
}

/// [`two_sum`] for addends of any size.
#[inline(always)]
pub(super) fn two_sum_any(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let back = s - a;
    (s, (a - (s - back)) + (b - back))
}

/// `(a + al) / (d + dl)`.
#[inline(always)]
fn quotient(a: f64, al: f64, d: f64, dl: f64) -> f64 {
    let inverse = 1.0 / d;
    let v = a * inverse;
    let rest = fma(-v, d, a) + (al - v * dl);
    fma(rest, inverse, v)
}

/// `sinh` for `|x| < 708`.
#[inline(always)]
pub(crate) fn sinh(x: f64) -> f64 {
    let (e, el) = expm1_pair(x.abs());
    // (e + e / (e + 1)) / 2.
    let (d, dl) = two_sum_any(e, 1.0);
    let inverse = 1.0 / d;
    let q = e * inverse;
    let ql = (fma(-q, d, e) + (el - q * (dl + el))) * inverse;
    let (s, sl) = two_sum(e, q);
    (if x == 0.0 {
        0.0
    } else {
        0.5 * (s + (sl + ql + el))
    })
    .copysign(x)
}

/// `cosh` for `|x| < 708`.
#[inline(always)]
pub(crate) fn cosh(x: f64) -> f64 {
    let (r, low, n) = reduce_ln2(x.abs());
    let (head, rest) = exp_reduced(r, low);
    let scale = pow2(n);
    let (e, el) = (head * scale, rest * scale);
    let inverse = 1.0 / (e + el);
    0.5 * (e + (el + inverse))
}

/// `x` as `2^k·m` with `m` near 1: `k`, and `m - 1`, for a normal positive `x`.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    const HALF_ROOT: i64 = 0x3fe6a09e667f3bcd;
    let bits = x.to_bits() as i64;
    let k = bits.wrapping_sub(HALF_ROOT) >> 52;
    let m = f64::from_bits(bits.wrapping_sub(k << 52) as u64);
    let kf = f64::from_bits(k.wrapping_add(MAGIC.to_bits() as i64) as u64) - MAGIC;
    (kf, m - 1.0)
}

/// `log(1 + f)` as a sum of two, for a reduced `f`.
#[inline(always)]
fn log_pair(f: f64) -> (f64, f64) {
    let s = f / (f + 2.0);
    let z = s * s;
    let z2 = z * z;
    let c = &LOG;
    let low = fma(fma(c[2], z, c[1]), z, c[0]);
    let high = fma(fma(c[6], z, c[5]), z2, fma(c[4], z, c[3]));
    let r = fma(high, z2 * z, low) * z;
    let half = 0.5 * f * f;
    let half_low = fma(0.5 * f, f, -half);
    let (head, rest) = two_sum(f, -half);
    (head, rest + (fma(s, half + r, -half_low)))
}

/// `log` for normal positive numbers.
#[inline(always)]
pub(crate) fn log(x: f64) -> f64 {
    let (k, f) = split(x);
    log_sum(k, f, 0.0)
}

/// `k·ln 2 + log(1 + f) + extra`.
#[inline(always)]
fn log_sum(k: f64, f: f64, extra: f64) -> f64 {
    let (head, rest) = log_pair(f);
    let (sum, low) = two_sum_any(k * LN2[0], head);
    sum + (low + (rest + fma(k, LN2[1], extra)))
}

/// `log1p` for `-1 < x` and finite.
#[inline(always)]
pub(crate) fn log1p(x: f64) -> f64 {
    let u = 1.0 + x;
    let lost = if x.abs() < 1.0 {
        x - (u - 1.0)
    } else {
        1.0 - (u - x)
    };
    let (k, f) = split(u);
    let near = k == 0.0;
    let f = if near { x } else { f };
    let extra = if near { 0.0 } else { lost / u };
    let value = log_sum(k, f, extra);
    if x == 0.0 {
        x
    } else {
        value
    }
}

/// `log1p(x + xl)` for a positive `x` and a low part that does not show in it.
#[inline(always)]
pub(super) fn log1p_pair(x: f64, xl: f64) -> f64 {
    let (u, lost) = two_sum_any(x, 1.0);
    let (k, f) = split(u);
    let near = k == 0.0;
    let f = if near { x } else { f };
    let extra = (if near { xl } else { lost + xl }) / u;
    log_sum(k, f, extra)
}

/// `log(x)` in another base: `k` times `(b, bl)` and the natural logarithm times `(c, cl)`.
#[inline(always)]
fn log_base(x: f64, b: f64, bl: f64, c: f64, cl: f64) -> f64 {
    let (k, f) = split(x);
    let (head, rest) = log_pair(f);
    let (head, rest) = two_sum(head, rest);
    let v = head * c;
    let vl = fma(head, c, -v) + fma(head, cl, rest * c);
    let (s, sl) = two_sum_any(k * b, v);
    s + (sl + fma(k, bl, vl))
}

/// `log2` for normal positive numbers.
#[inline(always)]
pub(crate) fn log2(x: f64) -> f64 {
    log_base(
        x,
        1.0,
        0.0,
        std::f64::consts::LOG2_E,
        2.0355273740931033e-17,
    )
}

/// `log10` for normal positive numbers.
#[inline(always)]
pub(crate) fn log10(x: f64) -> f64 {
    // log10(2) in two parts, the first of 41 bits so that its products with exponents are exact.
    const HIGH: f64 = 0.3010299956640665;
    const LOW: f64 = -8.532344317057107e-14;
    log_base(
        x,
        HIGH,
        LOW,
        std::f64::consts::LOG10_E,
        1.098319650216765e-17,
    )
}

/// `x` less a multiple of π/2 as a sum of two, and the multiple; for `|x| < 1e9`.
#[inline(always)]
fn reduce_pi(x: f64) -> (f64, f64, i64) {
    let t = fma(x, std::f64::consts::FRAC_2_PI, MAGIC);
    let n = t - MAGIC;
    let r0 = fma(n, -PI_2[0], x);
    let r = fma(n, -PI_2[1], r0);
    let e = fma(n, -PI_2[1], r0 - r);
    (r, fma(n, -PI_2[2], e), t.to_bits() as i64)
}

/// Sine and cosine of a reduced argument, each as a sum of two.
#[inline(always)]
fn sin_cos(r: f64, low: f64) -> ((f64, f64), (f64, f64)) {
    let z = r * r;
    let z2 = z * z;
    let s = &SIN;
    let ps = fma(
        fma(s[5], z, s[4]),
        z2 * z2,
        fma(fma(s[3], z, s[2]), z2, fma(s[1], z, s[0])),
    );
    let sin = (r, fma(z * r, ps, fma(-0.5 * z, low, low)));
    let c = &COS;
    let pc = fma(
        fma(c[5], z, c[4]),
        z2 * z2,
        fma(fma(c[3], z, c[2]), z2, fma(c[1], z, c[0])),
    );
    let half = 0.5 * z;
    let half_low = fma(0.5 * r, r, -half);
    let (head, rest) = two_sum(1.0, -half);
    (sin, (head, rest + (fma(z2, pc, -r * low) - half_low)))
}

/// `sin` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn sin(x: f64) -> f64 {
    let (r, low, q) = reduce_pi(x);
    let (s, c) = sin_cos(r, low);
    let (head, rest) = if q & 1 != 0 { c } else { s };
    let v = f64::from_bits((head + rest).to_bits() ^ (((q as u64) & 2) << 62));
    if x == 0.0 {
        x
    } else {
        v
    }
}

/// `cos` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn cos(x: f64) -> f64 {
    let (r, low, q) = reduce_pi(x);
    let (s, c) = sin_cos(r, low);
    let (head, rest) = if q & 1 != 0 { s } else { c };
    f64::from_bits((head + rest).to_bits() ^ (((q.wrapping_add(1) as u64) & 2) << 62))
}

/// `tan` for `|x| < 1e9`.
#[inline(always)]
pub(crate) fn tan(x: f64) -> f64 {
    let (r, low, q) = reduce_pi(x);
    let (s, c) = sin_cos(r, low);
    let odd = q & 1 != 0;
    let (a, al) = if odd { c } else { s };
    let (d, dl) = if odd { s } else { c };
    let ((a, al), (d, dl)) = (two_sum(a, al), two_sum(d, dl));
    let v = quotient(a, al, d, dl);
    let v = if odd { -v } else { v };
    if x == 0.0 {
        x
    } else {
        v
    }
}

/// Where [`pow`] is good: a normal `x`, positive or with a whole `y`, and a result between
/// `2^-limit` and `2^limit`.
#[inline(always)]
pub(crate) fn pow_in_range(x: f64, y: f64, limit: f64) -> bool {
    // Bits of a positive float, as a number, are its binary logarithm to within 0.0861.
    let steps = (x.abs().to_bits() as i64).wrapping_sub(1.0f64.to_bits() as i64) as f64;
    let log = (steps * f64::EPSILON).abs() + 0.0861;
    let whole = (y.abs() < 1e15) & (nearest(y).0 == y);
    let normal = (x.abs() >= f64::MIN_POSITIVE) & (x.abs() <= f64::MAX);
    normal & ((x > 0.0) | whole) & (y.abs() * log < limit)
}

/// `pow` where [`pow_in_range`] says so for a limit of 1021.
#[inline(always)]
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    let (h, l) = log_product(x.abs(), y);
    let (r, low, n) = reduce_ln2(h);
    let (r, low) = two_sum_any(r, low + l);
    let (head, rest) = exp_reduced(r, low);
    let v = (head + rest).to_bits().wrapping_add((n as u64) << 52);
    let odd = (nearest(y).1 as u64) << 63;
    f64::from_bits(v ^ (odd & x.to_bits()))
}

/// `log(1 + f)` as a sum of two, to about 2^-66, for a reduced `f`.
#[inline(always)]
fn log_double(f: f64) -> (f64, f64) {
    // s = f / (2 + f) with its error.
    let (d, dl) = two_sum(2.0, f);
    let inverse = 1.0 / d;
    let s = f * inverse;
    let sl = fma(-s, dl, fma(-s, d, f)) * inverse;
    let z = s * s;
    let zl = fma(s, s, -z) + 2.0 * s * sl;
    let tail = LOG_TAIL
        .iter()
        .rev()
        .skip(1)
        .fold(LOG_TAIL[6], |p, c| fma(p, z, *c));
    // q = 2/3 + z·tail and t = z·q, both with errors.
    let zp = z * tail;
    let zpl = fma(z, tail, -zp) + zl * tail;
    let (q, ql) = two_sum(TWO_THIRDS[0], zp);
    let ql = ql + zpl + TWO_THIRDS[1];
    let t = z * q;
    let tl = fma(z, q, -t) + z * ql + zl * q;
    // log = s·(2 + t).
    let (u, ul) = two_sum(2.0, t);
    let ul = ul + tl;
    let h = s * u;
    (h, fma(s, u, -h) + s * ul + sl * u)
}

/// `y·log(x)` as a sum of two.
#[inline(always)]
pub(crate) fn log_product(x: f64, y: f64) -> (f64, f64) {
    let (k, f) = split(x);
    let (lh, ll) = log_double(f);
    let (s, sl) = two_sum_any(k * LN2[0], lh);
    let rest = sl + fma(k, LN2[1], ll);
    let (h, l) = two_sum(s, rest);
    let p = y * h;
    (p, fma(y, l, fma(y, h, -p)))
}
