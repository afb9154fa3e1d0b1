//! Complex products, quotients and signs with NumPy's formulas.

use numoxide_dtype::Complex;

/// The operations that both precisions share.
pub(crate) trait Part: Copy + 'static {
    /// See [`multiply`].
    fn multiply(x: Complex<Self>, y: Complex<Self>) -> Complex<Self>;
    /// See [`divide`].
    fn divide(x: Complex<Self>, y: Complex<Self>) -> Complex<Self>;
    /// See [`reciprocal`].
    fn reciprocal(x: Complex<Self>) -> Complex<Self>;
    /// See [`sign`].
    fn sign(x: Complex<Self>) -> Complex<Self>;
}

/// The product.
#[inline(always)]
pub(crate) fn multiply<T: Part>(x: Complex<T>, y: Complex<T>) -> Complex<T> {
    T::multiply(x, y)
}

/// The quotient by R. L. Smith's method (CACM 5, 1962), which avoids overflow of the divisor.
#[inline(always)]
pub(crate) fn divide<T: Part>(x: Complex<T>, y: Complex<T>) -> Complex<T> {
    T::divide(x, y)
}

/// The reciprocal by Smith's method.
#[inline(always)]
pub(crate) fn reciprocal<T: Part>(x: Complex<T>) -> Complex<T> {
    T::reciprocal(x)
}

/// `x / |x|`, with the limits at zero and infinity.
#[inline(always)]
pub(crate) fn sign<T: Part>(x: Complex<T>) -> Complex<T> {
    T::sign(x)
}

macro_rules! parts {
    ($($T:ty)+) => {$(
        impl Part for $T {
            #[inline(always)]
            fn multiply(x: Complex<$T>, y: Complex<$T>) -> Complex<$T> {
                x * y
            }
            #[inline(always)]
            fn divide(x: Complex<$T>, y: Complex<$T>) -> Complex<$T> {
                let (r, i) = (y.re.abs(), y.im.abs());
                if r >= i {
                    if r == 0.0 && i == 0.0 {
                        return Complex { re: x.re / r, im: x.im / r };
                    }
                    let ratio = y.im / y.re;
                    let scale = 1.0 / (y.re + y.im * ratio);
                    Complex {
                        re: (x.re + x.im * ratio) * scale,
                        im: (x.im - x.re * ratio) * scale,
                    }
                } else {
                    let ratio = y.re / y.im;
                    let scale = 1.0 / (y.im + y.re * ratio);
                    Complex {
                        re: (x.re * ratio + x.im) * scale,
                        im: (x.im * ratio - x.re) * scale,
                    }
                }
            }
            #[inline(always)]
            fn reciprocal(x: Complex<$T>) -> Complex<$T> {
                if x.im.abs() <= x.re.abs() {
                    let ratio = x.im / x.re;
                    let d = x.re + x.im * ratio;
                    Complex { re: 1.0 / d, im: -ratio / d }
                } else {
                    let ratio = x.re / x.im;
                    let d = x.re * ratio + x.im;
                    Complex { re: ratio / d, im: -1.0 / d }
                }
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
parts!(f32 f64);
