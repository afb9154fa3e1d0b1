//! Complex products, quotients and signs with NumPy's formulas.

use crate::loops::fp;
use numoxide_dtype::Complex;

/// The operations that both precisions share.
pub(crate) trait Part: Copy + 'static {
    /// See [`multiply`].
    fn multiply(x: Complex<Self>, y: Complex<Self>) -> Complex<Self>;
    /// See [`multiply_fused`].
    fn multiply_fused(x: Complex<Self>, y: Complex<Self>) -> Complex<Self>;
    /// See [`divide`].
    fn divide(x: Complex<Self>, y: Complex<Self>, st: &mut u8) -> Complex<Self>;
    /// See [`reciprocal`].
    fn reciprocal(x: Complex<Self>, st: &mut u8) -> Complex<Self>;
    /// See [`sign`].
    fn sign(x: Complex<Self>) -> Complex<Self>;
}

/// The product, the second product of each part rounded and the first fused with the sum.
#[inline(always)]
pub(crate) fn multiply_fused<T: Part>(x: Complex<T>, y: Complex<T>) -> Complex<T> {
    T::multiply_fused(x, y)
}

/// The quotient by R. L. Smith's method (CACM 5, 1962), which avoids overflow of the divisor.
#[inline(always)]
pub(crate) fn divide<T: Part>(x: Complex<T>, y: Complex<T>, st: &mut u8) -> Complex<T> {
    T::divide(x, y, st)
}

/// The reciprocal by Smith's method.
#[inline(always)]
pub(crate) fn reciprocal<T: Part>(x: Complex<T>, st: &mut u8) -> Complex<T> {
    T::reciprocal(x, st)
}

/// Real parts with an absolute value.
pub(crate) trait Length: Sized {
    /// The absolute value `m·sqrt(1 + (n/m)²)` of parts `m >= n`, fused or not; branch-free.
    fn length<const FUSED: bool>(x: Complex<Self>, st: &mut u8) -> Self;
}

macro_rules! lengths {
    ($($T:ident)+) => {$(
        impl Length for $T {
            #[inline(always)]
            fn length<const FUSED: bool>(x: Complex<$T>, st: &mut u8) -> $T {
                // Non-negative floats are ordered as their bits are; NaN comes last.
                let (a, b) = (x.re.abs().to_bits(), x.im.abs().to_bits());
                let (m, n) = ($T::from_bits(a.max(b)), $T::from_bits(a.min(b)));
                let endless = x.re.is_infinite() | x.im.is_infinite();
                let q = n / if m == 0.0 { 1.0 } else { m };
                let square = if FUSED { q.mul_add(q, 1.0) } else { 1.0 + q * q };
                let length = m * square.sqrt();
                *st |= u8::from(length.is_infinite() & !endless) * fp::OVERFLOW;
                if endless { $T::INFINITY } else { length }
            }
        }
    )+};
}
lengths!(f32 f64);

/// `x / |x|`, with the limits at zero and infinity.
#[inline(always)]
pub(crate) fn sign<T: Part>(x: Complex<T>) -> Complex<T> {
    T::sign(x)
}

/// Division by zero, apart so that its quotients are not formed speculatively.
macro_rules! by_zero {
    ($name:ident, $T:ty) => {
        #[cold]
        #[inline(never)]
        fn $name(x: Complex<$T>, zero: $T) -> Complex<$T> {
            Complex {
                re: x.re / zero,
                im: x.im / zero,
            }
        }
    };
}
by_zero!(by_zero_f32, f32);
by_zero!(by_zero_f64, f64);

macro_rules! parts {
    ($($T:ty, $by_zero:ident);+) => {$(
        impl Part for $T {
            #[inline(always)]
            fn multiply(x: Complex<$T>, y: Complex<$T>) -> Complex<$T> {
                x * y
            }
            #[inline(always)]
            fn multiply_fused(x: Complex<$T>, y: Complex<$T>) -> Complex<$T> {
                Complex {
                    re: x.re.mul_add(y.re, -(x.im * y.im)),
                    im: x.re.mul_add(y.im, x.im * y.re),
                }
            }
            #[inline(always)]
            fn divide(x: Complex<$T>, y: Complex<$T>, st: &mut u8) -> Complex<$T> {
                let (r, i) = (y.re.abs(), y.im.abs());
                if r.is_nan() | i.is_nan() {
                    *st |= fp::INVALID;
                }
                if (r == 0.0) & (i == 0.0) {
                    return $by_zero(x, r);
                }
                // Operands are chosen first, so that no quotient is formed that is not wanted.
                let real = r >= i;
                let (p, q) = if real { (y.re, y.im) } else { (y.im, y.re) };
                let (a, b) = if real { (x.re, x.im) } else { (x.im, x.re) };
                let ratio = q / p;
                let scale = 1.0 / (p + q * ratio);
                let im = if real { b - a * ratio } else { a * ratio - b };
                Complex { re: (a + b * ratio) * scale, im: im * scale }
            }
            #[inline(always)]
            fn reciprocal(x: Complex<$T>, st: &mut u8) -> Complex<$T> {
                let nan = x.re.is_nan() | x.im.is_nan();
                let zero = (x.re == 0.0) & (x.im == 0.0);
                if nan | zero | (x.re.is_infinite() & x.im.is_infinite()) {
                    *st |= fp::INVALID;
                }
                let real = x.im.abs() <= x.re.abs();
                let (p, q) = if real { (x.re, x.im) } else { (x.im, x.re) };
                let ratio = q / p;
                let d = p + q * ratio;
                let (re, im) = if real { (1.0, -ratio) } else { (ratio, -1.0) };
                let out = Complex { re: re / d, im: im / d };
                if out.re.is_infinite() | out.im.is_infinite() {
                    *st |= fp::OVERFLOW;
                }
                out
            }
            #[inline(always)]
            fn sign(x: Complex<$T>) -> Complex<$T> {
                let size = x.re.hypot(x.im);
                if size.is_nan() {
                    return Complex { re: <$T>::NAN, im: <$T>::NAN };
                }
                if size.is_infinite() {
                    let (r, i) = (x.re.is_infinite(), x.im.is_infinite());
                    return match (r, i) {
                        (true, true) => Complex { re: <$T>::NAN, im: <$T>::NAN },
                        (true, false) => Complex { re: (1.0 as $T).copysign(x.re), im: 0.0 },
                        (false, true) => Complex { re: 0.0, im: (1.0 as $T).copysign(x.im) },
                        (false, false) => Complex { re: x.re / size, im: x.im / size },
                    };
                }
                if size == 0.0 {
                    return Complex { re: 0.0, im: 0.0 };
                }
                Complex { re: x.re / size, im: x.im / size }
            }
        }
    )+};
}
parts!(f32, by_zero_f32; f64, by_zero_f64);
