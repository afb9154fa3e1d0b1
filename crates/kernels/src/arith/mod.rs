//! Arithmetic: the element functions of add, subtract, multiply and their kin.

use crate::half::{from_f32, rounding_status, to_f32};
use crate::ops::{markers, op2};
use crate::reduce::sum::{pairwise, pairwise_half};
use crate::shape::binary;
use crate::table::{ints, row, rows, sig, tables, HW, NEVER, REPORTED};
use numoxide_dtype::{Bool, Complex, F16};

markers! {
    /// `add`; logical or for bool.
    Add
    /// `subtract`.
    Subtract
    /// `multiply`; logical and for bool.
    Multiply
}

/// Writes a binary operation for half by its value in `f32`.
macro_rules! half2 {
    ($Op:ident, |$x:ident, $y:ident| $e:expr $(, fold $fold:tt)?) => {
        op2!($Op [F16], |x, y, st| {
            let ($x, $y) = (to_f32(x), to_f32(y));
            let exact: f32 = $e;
            let rounded = from_f32(exact);
            *st |= rounding_status(exact, rounded);
            rounded
        } $(, fold $fold)?);
    };
}
pub(crate) use half2;

op2!(Add[Bool], |x, y, _| Bool(u8::from((x.0 | y.0) != 0)));
op2!(Add [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x.wrapping_add(y));
op2!(Add [f32, f64, Complex<f32>, Complex<f64>], |x, y, _| x + y, fold pairwise);
half2!(Add, |x, y| x + y, fold pairwise_half);

op2!(Subtract [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x.wrapping_sub(y));
op2!(Subtract [f32, f64, Complex<f32>, Complex<f64>], |x, y, _| x - y);
half2!(Subtract, |x, y| x - y);

op2!(Multiply[Bool], |x, y, _| Bool(u8::from(
    (x.0 != 0) & (y.0 != 0)
)));
op2!(Multiply [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x.wrapping_mul(y));
op2!(Multiply [f32, f64, Complex<f32>, Complex<f64>], |x, y, _| x * y);
half2!(Multiply, |x, y| x * y);

tables! {
    /// Loops of `add` for numbers.
    ADD = [
        rows!(2, binary, Add, NEVER, "?" Bool),
        ints!(2, binary, Add, NEVER),
        rows!(2, binary, Add, REPORTED, "e" F16),
        rows!(2, binary, Add, HW, "f" f32, "d" f64),
        rows!(2, binary, Add, HW, "F" Complex<f32>, "D" Complex<f64>),
    ];
    /// Loops of `subtract` for numbers.
    SUBTRACT = [
        ints!(2, binary, Subtract, NEVER),
        rows!(2, binary, Subtract, REPORTED, "e" F16),
        rows!(2, binary, Subtract, HW, "f" f32, "d" f64),
        rows!(2, binary, Subtract, HW, "F" Complex<f32>, "D" Complex<f64>),
    ];
    /// Loops of `multiply` for numbers.
    MULTIPLY = [
        rows!(2, binary, Multiply, NEVER, "?" Bool),
        ints!(2, binary, Multiply, NEVER),
        rows!(2, binary, Multiply, REPORTED, "e" F16),
        rows!(2, binary, Multiply, HW, "f" f32, "d" f64),
        rows!(2, binary, Multiply, HW, "F" Complex<f32>, "D" Complex<f64>),
    ];
}
