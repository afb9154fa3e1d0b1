//! Division in all its forms.

use super::complex;
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
op2!(FloorDivide [f32, f64], |x, y, st| Real::floor_divide(x, y, st));
op2!(FloorDivide[F16], |x, y, st| half::round(
    Real::floor_divide(half::to_f32(x), half::to_f32(y), st),
    st
));

op2!(Remainder [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, st| Int::remainder(x, y, st));
op2!(Remainder [f32, f64], |x, y, st| Real::remainder(x, y, st));
op2!(Remainder[F16], |x, y, st| half::round(
    Real::remainder(half::to_f32(x), half::to_f32(y), st),
    st
));

op2!(Fmod [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, st| Int::fmod(x, y, st));
op2!(Fmod [f32, f64], |x, y, st| Real::fmod(x, y, st));
op2!(Fmod[F16], |x, y, st| half::round(
    Real::fmod(half::to_f32(x), half::to_f32(y), st),
    st
));

op2x2!(Divmod [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, st| {
    let q = Int::floor_divide(x, y, st);
    (q, Int::remainder(x, y, st))
});
op2x2!(Divmod [f32, f64], |x, y, st| Real::divmod(x, y, st));
op2x2!(Divmod[F16], |x, y, st| {
    let (q, r) = Real::divmod(half::to_f32(x), half::to_f32(y), st);
    (half::round(q, st), half::round(r, st))
});

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
        ints!(2, binary, FloorDivide, SLOW),
        rows!(2, binary_one, FloorDivide, SLOW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::FLOOR_DIVIDE,
        crate::datetime::FLOOR_DIVIDE,
    ];
    /// Loops of `remainder` for numbers.
    REMAINDER = [
        ints!(2, binary, Remainder, SLOW),
        rows!(2, binary_one, Remainder, SLOW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::REMAINDER,
        crate::datetime::REMAINDER,
    ];
    /// Loops of `fmod`.
    FMOD = [
        ints!(2, binary, Fmod, SLOW),
        rows!(2, binary_one, Fmod, SLOW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::FMOD,
    ];
    /// Loops of `divmod` for numbers.
    DIVMOD = [
        ints!(two2, binary2, Divmod, SLOW),
        rows!(two2, binary2, Divmod, SLOW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::DIVMOD,
        crate::datetime::DIVMOD,
    ];
}
