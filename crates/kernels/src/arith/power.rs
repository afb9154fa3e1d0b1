//! `power` and `float_power`.

use super::complex;
use crate::loops::fp;
use crate::math::lanes::Real;
use crate::math::{
    kernel, single, sized, vector, vector2, Held, IntOf, Kernel, Kernel2, Lane, WideOf,
};
use crate::num::Int;
use crate::ops::{markers, op2};
use crate::shape::{binary_one, Op2, FAIL};
use crate::table::{flags, ints, row, rows, sig, tables};
use crate::{half, sys, FpClass, Levels, LoopFlags};
use numoxide_dtype::{Complex, Error, F16};

markers! {
    /// `power`.
    Power
    /// `float_power`.
    FloatPower
}

/// Powers are slow, and negative integer exponents fail.
const INT: LoopFlags = LoopFlags {
    may_fail: true,
    ..flags(FpClass::Never, 8)
};
/// Float powers report their own status.
const VECTOR: LoopFlags = flags(FpClass::Reported, 16);
/// Complex powers.
const COMPLEX: LoopFlags = flags(FpClass::Hardware, 20);

macro_rules! int_power {
    ($($T:ty)+) => {$(
        impl Op2 for Power<$T> {
            type L = $T;
            type R = $T;
            type O = $T;
            #[inline(always)]
            fn f(x: $T, y: $T, st: &mut u8) -> $T {
                if Int::is_negative(y) {
                    *st |= FAIL;
                    return 0;
                }
                Int::power(x, y)
            }
            fn failure() -> Error {
                Error::Value("Integers to negative integer powers are not allowed.".into())
            }
        }
    )+};
}
int_power!(i8 u8 i16 u16 i32 u32 i64 u64);

markers! {
    /// The square.
    Square
}

/// Float powers by kernel, in the range of the element's normal numbers: `pow` as value and range, the
/// sizes whose squares are normal.
macro_rules! float_power {
    ($($T:ty as $Wide:ty, $first:path, |$a:ident, $b:ident, $held:ident| $pow:expr, $low:literal to $high:literal,
        |$x:ident, $y:ident, $st:ident| $slow:expr;)+) => {$(
        impl Kernel2 for Power<$T> {
            type T = $T;
            const STAGED: bool = true;
            #[inline(always)]
            fn first<V: Real<E = WideOf<$T>, I = IntOf<$T>>>(x: V, y: V) -> Held<V> {
                $first(x, y)
            }
            #[inline(always)]
            fn last<V: Real<E = WideOf<$T>, I = IntOf<$T>>>(
                $a: V,
                $b: V,
                $held: Held<V>,
            ) -> (V, V::M) {
                $pow
            }
            #[inline(always)]
            fn slow($x: $T, $y: $T, $st: &mut u8) -> $T {
                $slow
            }
            #[inline(always)]
            fn special(y: $Wide) -> Option<Levels> {
                (y == 2.0).then(vector::<Square<$T>>)
            }
        }
        impl Kernel for Square<$T> {
            type T = $T;
            #[inline(always)]
            fn last<V: Real<E = WideOf<$T>, I = IntOf<$T>>>(x: V, _: [V; 3]) -> V {
                x * x
            }
            #[inline(always)]
            fn in_range<V: Real<E = WideOf<$T>, I = IntOf<$T>>>(x: V) -> V::M {
                sized(x, $low, $high)
            }
            #[inline(always)]
            fn slow(x: $T, st: &mut u8) -> $T {
                <Power<$T> as Kernel2>::slow(x, <$T as Lane>::narrow(2.0), st)
            }
        }
    )+};
}
float_power! {
    f64 as f64, kernel::pow, |x, y, p| kernel::pow_last(x, y, p), 1.5e-154 to 1.3e154, |x, y, st| {
        *st |= endless_power(x.is_finite() & (x.abs() > 1.3407807929942596e154), x == 0.0, y);
        sys::pow(x, y)
    };
    f32 as f32, single::pow, |x, y, p| single::pow_last(x, y, p, 1.2e-38, f32::MAX), 1.1e-19 to 1.8e19,
        |x, y, st| {
            *st |= endless_power(x.is_finite() & (x.abs() > 1.8446743e19), x == 0.0, f64::from(y));
            sys::powf(x, y)
        };
    F16 as f32, single::pow, |x, y, p| single::pow_last(x, y, p, 6.2e-5, 65_000.0), 7.9e-3 to 254.9,
        |x, y, st| half::round(sys::powf(half::to_f32(x), half::to_f32(y)), st);
}

/// What NumPy's vector loops of `power` report of infinite exponents, which the C library does not: that
/// of numbers whose square overflows, and of zeros.
fn endless_power(large: bool, zero: bool, y: f64) -> u8 {
    match y {
        f64::NEG_INFINITY if zero => fp::DIVIDE,
        f64::INFINITY if large => fp::OVERFLOW,
        _ => 0,
    }
}

impl Kernel2 for FloatPower<f64> {
    type T = f64;
    const STAGED: bool = true;
    #[inline(always)]
    fn first<V: Real<E = f64, I = i64>>(x: V, y: V) -> Held<V> {
        kernel::pow(x, y)
    }
    #[inline(always)]
    fn last<V: Real<E = f64, I = i64>>(x: V, y: V, held: Held<V>) -> (V, V::M) {
        kernel::pow_last(x, y, held)
    }
    #[inline(always)]
    fn slow(x: f64, y: f64, _: &mut u8) -> f64 {
        sys::pow(x, y)
    }
    #[inline(always)]
    fn special(y: f64) -> Option<Levels> {
        <Power<f64> as Kernel2>::special(y)
    }
}
op2!(Power [Complex<f32>], |x, y, st| complex_power(x, y, st));
op2!(Power [Complex<f64>], |x, y, st| complex_power(x, y, st));

/// What [`complex_power`] needs of a precision.
trait Powers: complex::Part + PartialOrd + From<i8> {
    fn as_int(self) -> Option<i32>;
    /// By bits: an instruction that compares a NaN by order would leave a status flag.
    fn is_above_zero(self) -> bool;
    /// Whether NumPy's comparison with small integers leaves a status flag.
    fn is_no_integer(self) -> bool;
    fn nan() -> Self;
    fn cpow(x: Complex<Self>, y: Complex<Self>) -> Complex<Self>;
}

macro_rules! powers {
    ($($T:ty, $cpow:ident);+) => {$(
        impl Powers for $T {
            fn as_int(self) -> Option<i32> {
                // Only a sane number is converted: any other would leave a status flag.
                let small = self.abs().to_bits() < (100.0 as $T).to_bits();
                let n = std::hint::black_box(if small { self } else { 0.0 }) as i32;
                (small && n as $T == self).then_some(n)
            }
            fn is_above_zero(self) -> bool {
                let bits = self.to_bits();
                bits != 0 && bits <= <$T>::INFINITY.to_bits()
            }
            fn is_no_integer(self) -> bool {
                self.is_nan()
            }
            fn nan() -> $T {
                // An invalid operation, for its status flag.
                std::hint::black_box(<$T>::INFINITY) - <$T>::INFINITY
            }
            fn cpow(x: Complex<$T>, y: Complex<$T>) -> Complex<$T> {
                sys::$cpow(x, y)
            }
        }
    )+};
}
powers!(f32, cpowf; f64, cpow);

/// Small integer powers by repeated multiplication, so that they are as exact as products are;
/// powers of zero as limits; all else by the C library.
fn complex_power<T: Powers>(x: Complex<T>, y: Complex<T>, st: &mut u8) -> Complex<T> {
    let (zero, one) = (T::from(0), T::from(1));
    if y.re == zero && y.im == zero {
        return Complex { re: one, im: zero };
    }
    if x.re == zero && x.im == zero {
        if y.re.is_above_zero() {
            return Complex { re: zero, im: zero };
        }
        let nan = T::nan();
        return Complex { re: nan, im: nan };
    }
    if y.im == zero && y.re.is_no_integer() {
        *st |= fp::INVALID;
    }
    match y.re.as_int().filter(|_| y.im == zero) {
        Some(n) => int_power(x, n, st),
        None => T::cpow(x, y),
    }
}

/// `x` to a small integer power.
fn int_power<T: Powers>(x: Complex<T>, n: i32, st: &mut u8) -> Complex<T> {
    let one = Complex {
        re: T::from(1),
        im: T::from(0),
    };
    match n {
        1 => return x,
        2 => return T::multiply(x, x),
        3 => return T::multiply(x, T::multiply(x, x)),
        _ => {}
    }
    let (mut base, mut e, mut out) = (x, n.unsigned_abs(), one);
    loop {
        if e & 1 != 0 {
            out = T::multiply(out, base);
        }
        e >>= 1;
        if e == 0 {
            break;
        }
        base = T::multiply(base, base);
    }
    if n < 0 {
        T::divide(one, out, st)
    } else {
        out
    }
}

tables! {
    /// Loops of `power`.
    POWER = [
        ints!(2, binary_one, Power, INT),
        rows!(2, vector2, Power, VECTOR, "e" F16, "f" f32, "d" f64, "e" F16, "f" f32, "d" f64),
        crate::longdouble::POWER,
        rows!(2, binary_one, Power, COMPLEX, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::POWER,
    ];
    /// Loops of `float_power`.
    FLOAT_POWER = [
        rows!(2, vector2, FloatPower, VECTOR, "d" f64),
        crate::longdouble::POWER,
        rows!(2, binary_one, Power, COMPLEX, "D" Complex<f64>),
        crate::longdouble::complex::POWER,
    ];
}
