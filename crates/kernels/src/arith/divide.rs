//! Division in all its forms.

use super::complex;
use super::quotient::{quotient, quotient2, Both, Part, Quotient};
use crate::math::lanes::Real as Lanes;
use crate::math::{modulo, sized, vector2, Held, IntOf, Kernel2, WideOf};
use crate::num::{Int, Real};
use crate::ops::{half2, markers, op2, op2x2};
use crate::shape::{binary, binary2, binary_one};
use crate::table::{flags, ints, row, rows, sig, tables, HW};
use crate::{half, FpClass, LoopFlags};
use numoxide_dtype::{Complex, F16};

markers! {
    /// `divide`.
    Divide
    /// `floor_divide`.
    FloorDivide
    /// `remainder`.
    Remainder
    /// `fmod`.
    Fmod
    /// `divmod`.
    Divmod
}

/// Integer division takes its time and reports zero divisors.
const SLOW: LoopFlags = flags(FpClass::Reported, 8);

op2!(Divide [f32, f64], |x, y, _| x / y);
op2!(Divide [Complex<f32>, Complex<f64>], |x, y, st| complex::divide(x, y, st));
half2!(Divide, |x, y| x / y, wide);

op2!(FloorDivide [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, st| Int::floor_divide(x, y, st));
op2!(Remainder [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, st| Int::remainder(x, y, st));
op2!(Fmod [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, st| Int::fmod(x, y, st));
/// Divisions of floats by kernel; what a half cannot hold is left to the slow form.
macro_rules! float_modulo {
    ($($Op:ident $f:ident;)+) => {$(
        float_modulo!(@one $Op $f f64, |v, good| good, |x, y, st| Real::$f(x, y, st));
        float_modulo!(@one $Op $f f32, |v, good| good, |x, y, st| Real::$f(x, y, st));
        float_modulo!(@one $Op $f F16, |v, good| good & sized(v, 6.2e-5, 65_000.0),
            |x, y, st| half::round(Real::$f(half::to_f32(x), half::to_f32(y), st), st));
    )+};
    (@one $Op:ident $f:ident $T:ty, |$v:ident, $good:ident| $fits:expr,
        |$x:ident, $y:ident, $st:ident| $slow:expr) => {
        impl Kernel2 for $Op<$T> {
            type T = $T;
            const WATCHED: bool = false;
            #[inline(always)]
            fn last<V: Lanes<E = WideOf<$T>, I = IntOf<$T>>>(x: V, y: V, _: Held<V>) -> (V, V::M) {
                let ($v, $good) = modulo::$f(x, y);
                ($v, $fits)
            }
            #[inline(always)]
            fn slow($x: $T, $y: $T, $st: &mut u8) -> $T { $slow }
        }
    };
}
float_modulo! {
    FloorDivide floor_divide;
    Remainder remainder;
    Fmod fmod;
}

op2x2!(Divmod [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, st| {
    let q = Int::floor_divide(x, y, st);
    (q, Int::remainder(x, y, st))
});
op2x2!(Divmod [f32, f64], |x, y, st| Real::divmod(x, y, st));
op2x2!(Divmod[F16], |x, y, st| {
    let (q, r) = Real::divmod(half::to_f32(x), half::to_f32(y), st);
    (half::round(q, st), half::round(r, st))
});

/// What integer operations make of a quotient.
macro_rules! parts {
    ($($T:ty)+) => {$(
        impl Part for FloorDivide<$T> {
            type T = $T;
            const QUOTIENT: bool = true;
            #[inline(always)]
            fn part(_: $T, _: $T, q: $T) -> $T { q }
        }
        impl Part for Remainder<$T> {
            type T = $T;
            #[inline(always)]
            fn part(x: $T, d: $T, q: $T) -> $T { Quotient::rest(x, q, d) }
        }
        impl Part for Fmod<$T> {
            type T = $T;
            #[inline(always)]
            fn part(x: $T, d: $T, q: $T) -> $T {
                let r = Quotient::rest(x, q, d);
                // The remainder's sign is the divisor's; the dividend's is wanted.
                let other = (r != 0) & (Int::is_negative(x) != Int::is_negative(d));
                if other { r.wrapping_sub(d) } else { r }
            }
        }
        impl Both for Divmod<$T> {}
    )+};
}
parts!(i8 u8 i16 u16 i32 u32 i64 u64);

tables! {
    /// Loops of `divide` for numbers.
    DIVIDE = [
        rows!(2, binary, Divide, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::DIVIDE,
        rows!(2, binary_one, Divide, HW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::DIVIDE,
        crate::datetime::DIVIDE,
    ];
    /// Loops of `floor_divide` for numbers.
    FLOOR_DIVIDE = [
        ints!(2, quotient, FloorDivide, SLOW),
        rows!(2, vector2, FloorDivide, SLOW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::FLOOR_DIVIDE,
        crate::datetime::FLOOR_DIVIDE,
    ];
    /// Loops of `remainder` for numbers.
    REMAINDER = [
        ints!(2, quotient, Remainder, SLOW),
        rows!(2, vector2, Remainder, SLOW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::REMAINDER,
        crate::datetime::REMAINDER,
    ];
    /// Loops of `fmod`.
    FMOD = [
        ints!(2, quotient, Fmod, SLOW),
        rows!(2, vector2, Fmod, SLOW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::FMOD,
    ];
    /// Loops of `divmod` for numbers.
    DIVMOD = [
        ints!(two2, quotient2, Divmod, SLOW),
        rows!(two2, binary2, Divmod, SLOW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::DIVMOD,
        crate::datetime::DIVMOD,
    ];
}
