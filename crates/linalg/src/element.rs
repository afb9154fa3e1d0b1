//! Elements that matrices are decomposed over.

use numoxide_dtype::{Complex, TypeNum};
use numoxide_kernels::gemm::Multiply;
use std::ops::{Add, Mul, Neg, Sub};

/// A real or complex floating-point number.
pub(crate) trait Element:
    Multiply
    + PartialEq
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// The type of absolute values.
    type Real: Copy + 'static;
    /// Its type number.
    const NUM: TypeNum;
    /// Type number of absolute values.
    const REAL: TypeNum;
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// Not a number.
    const NAN: Self;
    /// Distance from one to the next real number.
    const EPSILON: f64;

    /// `self / by`.
    fn over(self, by: Self) -> Self;
    /// The conjugate.
    fn conj(self) -> Self;
    /// What pivots are compared by: the sum of the parts' absolute values.
    fn weight(self) -> f64;
    /// The absolute value.
    fn abs(self) -> f64;
    /// The real part.
    fn real(self) -> f64;
    /// The imaginary part.
    fn imag(self) -> f64;
    /// A real number as an element.
    fn of(real: f64) -> Self;
    /// A real number as the type of absolute values.
    fn to_real(value: f64) -> Self::Real;
    /// An absolute value.
    fn from_real(value: Self::Real) -> f64;
}

macro_rules! real {
    ($($t:ty => $num:ident),+) => { $(impl Element for $t {
        type Real = $t;
        const NUM: TypeNum = TypeNum::$num;
        const REAL: TypeNum = TypeNum::$num;
        const ZERO: Self = 0.0;
        const ONE: Self = 1.0;
        const NAN: Self = <$t>::NAN;
        const EPSILON: f64 = <$t>::EPSILON as f64;
        fn over(self, by: Self) -> Self { self / by }
        fn conj(self) -> Self { self }
        fn weight(self) -> f64 { f64::from(<$t>::abs(self)) }
        fn abs(self) -> f64 { f64::from(<$t>::abs(self)) }
        fn real(self) -> f64 { f64::from(self) }
        fn imag(self) -> f64 { 0.0 }
        fn of(real: f64) -> Self { real as $t }
        fn to_real(value: f64) -> $t { value as $t }
        fn from_real(value: $t) -> f64 { f64::from(value) }
    })+ };
}
real!(f32 => Float, f64 => Double);

macro_rules! complex {
    ($($t:ty => $num:ident, $real:ident),+) => { $(impl Element for Complex<$t> {
        type Real = $t;
        const NUM: TypeNum = TypeNum::$num;
        const REAL: TypeNum = TypeNum::$real;
        const ZERO: Self = Complex { re: 0.0, im: 0.0 };
        const ONE: Self = Complex { re: 1.0, im: 0.0 };
        const NAN: Self = Complex { re: <$t>::NAN, im: <$t>::NAN };
        const EPSILON: f64 = <$t>::EPSILON as f64;
        fn over(self, by: Self) -> Self {
            // Smith's method: the larger part of the divisor is divided out first.
            if by.re.abs() >= by.im.abs() {
                let r = by.im / by.re;
                let d = by.re + by.im * r;
                Complex { re: (self.re + self.im * r) / d, im: (self.im - self.re * r) / d }
            } else {
                let r = by.re / by.im;
                let d = by.re * r + by.im;
                Complex { re: (self.re * r + self.im) / d, im: (self.im * r - self.re) / d }
            }
        }
        fn conj(self) -> Self { Complex { re: self.re, im: -self.im } }
        fn weight(self) -> f64 { f64::from(self.re.abs()) + f64::from(self.im.abs()) }
        fn abs(self) -> f64 { f64::from(self.re).hypot(f64::from(self.im)) }
        fn real(self) -> f64 { f64::from(self.re) }
        fn imag(self) -> f64 { f64::from(self.im) }
        fn of(real: f64) -> Self { Complex { re: real as $t, im: 0.0 } }
        fn to_real(value: f64) -> $t { value as $t }
        fn from_real(value: $t) -> f64 { f64::from(value) }
    })+ };
}
complex!(f32 => CFloat, Float, f64 => CDouble, Double);
