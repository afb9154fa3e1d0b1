//! Arithmetic: add, subtract, multiply, divide and their kin.

mod complex;
mod divide;
mod power;
mod quotient;

pub use divide::{DIVIDE, DIVMOD, FLOOR_DIVIDE, FMOD, REMAINDER};
pub use power::{FLOAT_POWER, POWER};

use crate::num::{Int, Real};
use crate::ops::{half1, half2, markers, op1, op2};
use crate::reduce::sum::{pairwise, pairwise_half};
use crate::shape::{binary, binary_split, unary, unary_one, unary_split};
use crate::table::{ints, reducible, row, rows, sig, tables, FORGETS, HW, NEVER, REPORTED};
use numoxide_dtype::{Bool, Complex, F16};

markers! {
    /// `add`; logical or for bool.
    Add
    /// `subtract`.
    Subtract
    /// `multiply`; logical and for bool.
    Multiply
    /// `multiply` of complex numbers with fused operations.
    MultiplyFused
    /// `negative`.
    Negative
    /// `positive`.
    Positive
    /// `absolute`.
    Absolute
    /// `absolute` of complex numbers with fused operations.
    AbsoluteFused
    /// `square`.
    Square
    /// `square` of complex numbers with fused operations.
    SquareFused
    /// `reciprocal`.
    Reciprocal
    /// `sign`.
    Sign
    /// `conjugate`.
    Conjugate
    /// `_ones_like`.
    Ones
}

op2!(Add[Bool], |x, y, _| Bool(u8::from((x.0 | y.0) != 0)));
op2!(Add [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x.wrapping_add(y));
op2!(Add [f32, f64, Complex<f32>, Complex<f64>], |x, y, _| x + y, fold pairwise);
half2!(Add, |x, y| x + y, fold pairwise_half);

op2!(Subtract [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x.wrapping_sub(y));
op2!(Subtract [f32, f64, Complex<f32>, Complex<f64>], |x, y, _| x - y);
half2!(Subtract, |x, y| x - y, wide);

op2!(Multiply[Bool], |x, y, _| Bool(u8::from(
    (x.0 != 0) & (y.0 != 0)
)));
op2!(Multiply [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x.wrapping_mul(y));
op2!(Multiply [f32, f64], |x, y, _| x * y);
op2!(Multiply [Complex<f32>, Complex<f64>], |x, y, _| x * y);
op2!(MultiplyFused [Complex<f32>, Complex<f64>], |x, y, _| complex::multiply_fused(x, y));
half2!(Multiply, |x, y| x * y, wide);

op1!(Negative [i8, u8, i16, u16, i32, u32, i64, u64], |x, _| x.wrapping_neg());
op1!(Negative [f32, f64, Complex<f32>, Complex<f64>], |x, _| -x);
op1!(Negative[F16], |x, _| F16(x.0 ^ 0x8000));

op1!(Positive [i8, u8, i16, u16, i32, u32, i64, u64], |x, _| x);
op1!(Positive [F16, f32, f64, Complex<f32>, Complex<f64>], |x, _| x);

op1!(Absolute[Bool], |x, _| Bool(u8::from(x.0 != 0)));
op1!(Absolute [i8, i16, i32, i64], |x, _| x.wrapping_abs());
op1!(Absolute [u8, u16, u32, u64], |x, _| x);
op1!(Absolute [f32, f64], |x, _| x.abs());
op1!(Absolute[F16], |x, _| F16(x.0 & 0x7fff));
op1!(Absolute [Complex<f32>] -> f32, |x, st| complex::Length::length::<false>(x, st));
op1!(Absolute [Complex<f64>] -> f64, |x, st| complex::Length::length::<false>(x, st));
op1!(AbsoluteFused [Complex<f32>] -> f32, |x, st| complex::Length::length::<true>(x, st));
op1!(AbsoluteFused [Complex<f64>] -> f64, |x, st| complex::Length::length::<true>(x, st));

op1!(Square [i8, u8, i16, u16, i32, u32, i64, u64], |x, _| x.wrapping_mul(x));
op1!(Square [f32, f64], |x, _| x * x);
op1!(Square [Complex<f32>, Complex<f64>], |x, _| x * x);
op1!(SquareFused [Complex<f32>, Complex<f64>], |x, _| complex::multiply_fused(x, x));
half1!(Square, |x| x * x);

op1!(Reciprocal [i8, u8, i16, u16, i32, u32, i64, u64], |x, st| Int::reciprocal(x, st));
op1!(Reciprocal [f32, f64], |x, _| 1.0 / x);
op1!(Reciprocal [Complex<f32>, Complex<f64>], |x, st| complex::reciprocal(x, st));
half1!(Reciprocal, |x| 1.0 / x);

op1!(Sign [i8, i16, i32, i64], |x, _| x.signum());
op1!(Sign [u8, u16, u32, u64], |x, _| (x != 0) as _);
op1!(Sign [f32, f64], |x, _| Real::sign(x));
op1!(Sign [Complex<f32>, Complex<f64>], |x, _| complex::sign(x));
half1!(Sign, |x| Real::sign(x));

op1!(Conjugate [i8, u8, i16, u16, i32, u32, i64, u64], |x, _| x);
op1!(Conjugate [F16, f32, f64], |x, _| x);
op1!(Conjugate [Complex<f32>, Complex<f64>], |x, _| Complex { re: x.re, im: -x.im });

op1!(Ones[Bool], |_, _| Bool(1));
op1!(Ones [i8, u8, i16, u16, i32, u32, i64, u64], |_, _| 1);
op1!(Ones[F16], |_, _| F16(0x3c00));
op1!(Ones [f32, f64], |_, _| 1.0);
op1!(Ones [Complex<f32>, Complex<f64>], |_, _| Complex { re: 1.0, im: 0.0 });

tables! {
    /// Loops of `add` for numbers.
    ADD = [
        reducible!(Add, NEVER, "?" Bool),
        reducible!(Add, NEVER, ints),
        reducible!(Add, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::ADD,
        reducible!(Add, HW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::ADD,
        crate::datetime::ADD,
    ];
    /// Loops of `subtract` for numbers.
    SUBTRACT = [
        ints!(2, binary, Subtract, NEVER),
        rows!(2, binary, Subtract, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::SUBTRACT,
        rows!(2, binary, Subtract, HW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::SUBTRACT,
        crate::datetime::SUBTRACT,
    ];
    /// Loops of `multiply` for numbers.
    MULTIPLY = [
        reducible!(Multiply, NEVER, "?" Bool),
        reducible!(Multiply, NEVER, ints),
        reducible!(Multiply, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::MULTIPLY,
        &[
            row!("FF->F", binary_split::<(Multiply<Complex<f32>>, MultiplyFused<Complex<f32>>)>(), HW),
            row!("DD->D", binary_split::<(Multiply<Complex<f64>>, MultiplyFused<Complex<f64>>)>(), HW),
        ],
        crate::longdouble::complex::MULTIPLY,
        crate::datetime::MULTIPLY,
    ];
    /// Loops of `negative`.
    NEGATIVE = [
        ints!(1, unary, Negative, NEVER),
        rows!(1, unary, Negative, NEVER, "e" F16),
        rows!(1, unary, Negative, FORGETS, "f" f32, "d" f64),
        crate::longdouble::NEGATIVE,
        crate::datetime::NEGATIVE,
        rows!(1, unary, Negative, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::NEGATIVE,
    ];
    /// Loops of `positive`.
    POSITIVE = [
        ints!(1, unary, Positive, NEVER),
        rows!(1, unary, Positive, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::POSITIVE,
        crate::datetime::POSITIVE,
        rows!(1, unary, Positive, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::POSITIVE,
    ];
    /// Loops of `absolute`.
    ABSOLUTE = [
        rows!(1, unary, Absolute, NEVER, "?" Bool),
        ints!(1, unary, Absolute, NEVER),
        rows!(1, unary, Absolute, NEVER, "e" F16),
        rows!(1, unary, Absolute, FORGETS, "f" f32, "d" f64),
        crate::longdouble::ABSOLUTE,
        crate::datetime::ABSOLUTE,
        &[
            row!("F->f", unary_split::<(Absolute<Complex<f32>>, AbsoluteFused<Complex<f32>>)>(), REPORTED),
            row!("D->d", unary_split::<(Absolute<Complex<f64>>, AbsoluteFused<Complex<f64>>)>(), REPORTED),
        ],
        crate::longdouble::complex::ABSOLUTE,
    ];
    /// Loops of `square`.
    SQUARE = [
        ints!(1, unary, Square, NEVER),
        rows!(1, unary, Square, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::SQUARE,
        &[
            row!("F->F", unary_split::<(Square<Complex<f32>>, SquareFused<Complex<f32>>)>(), HW),
            row!("D->D", unary_split::<(Square<Complex<f64>>, SquareFused<Complex<f64>>)>(), HW),
        ],
        crate::longdouble::complex::SQUARE,
    ];
    /// Loops of `reciprocal`.
    RECIPROCAL = [
        ints!(1, unary, Reciprocal, REPORTED),
        rows!(1, unary, Reciprocal, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::RECIPROCAL,
        rows!(1, unary_one, Reciprocal, REPORTED, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::RECIPROCAL,
    ];
    /// Loops of `sign`.
    SIGN = [
        ints!(1, unary, Sign, NEVER),
        rows!(1, unary, Sign, NEVER, "e" F16),
        rows!(1, unary, Sign, FORGETS, "f" f32, "d" f64),
        crate::longdouble::SIGN,
        rows!(1, unary, Sign, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::SIGN,
        crate::datetime::SIGN,
    ];
    /// Loops of `conjugate`.
    CONJUGATE = [
        ints!(1, unary, Conjugate, NEVER),
        rows!(1, unary, Conjugate, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::CONJUGATE,
        rows!(1, unary, Conjugate, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::CONJUGATE,
    ];
    /// Loops of `_ones_like`.
    ONES_LIKE = [
        rows!(1, unary, Ones, NEVER, "?" Bool),
        ints!(1, unary, Ones, NEVER),
        rows!(1, unary, Ones, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::ONES_LIKE,
        rows!(1, unary, Ones, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::ONES_LIKE,
        crate::datetime::ONES_LIKE,
    ];
}
