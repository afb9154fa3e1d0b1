//! Bitwise operations, shifts, bit counts, divisors and multiples of integers.

use crate::num::Int;
use crate::ops::{markers, op1, op2};
use crate::shape::{binary, binary_one, unary};
use crate::table::{flags, ints, row, rows, sig, tables, NEVER};
use crate::{FpClass, LoopFlags};
use numoxide_dtype::Bool;

markers! {
    /// `bitwise_and`.
    BitwiseAnd
    /// `bitwise_or`.
    BitwiseOr
    /// `bitwise_xor`.
    BitwiseXor
    /// `invert`.
    Invert
    /// `left_shift`.
    LeftShift
    /// `right_shift`.
    RightShift
    /// `bitwise_count`.
    BitwiseCount
    /// `gcd`.
    Gcd
    /// `lcm`.
    Lcm
}

/// Loops that take tens of steps an element.
const SLOW: LoopFlags = flags(FpClass::Never, 30);

op2!(BitwiseAnd [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x & y);
op2!(BitwiseAnd[Bool], |x, y, _| Bool(u8::from(
    (x.0 != 0) & (y.0 != 0)
)));
op2!(BitwiseOr [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x | y);
op2!(BitwiseOr[Bool], |x, y, _| Bool(u8::from((x.0 | y.0) != 0)));
op2!(BitwiseXor [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| x ^ y);
op2!(BitwiseXor[Bool], |x, y, _| Bool(u8::from(
    (x.0 != 0) != (y.0 != 0)
)));
op1!(Invert [i8, u8, i16, u16, i32, u32, i64, u64], |x, _| !x);
op1!(Invert[Bool], |x, _| Bool(u8::from(x.0 == 0)));
op2!(LeftShift [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| Int::left_shift(x, y));
op2!(RightShift [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| Int::right_shift(x, y));
op1!(BitwiseCount [i8, u8, i16, u16, i32, u32, i64, u64] -> u8, |x, _| Int::bit_count(x));
op2!(Gcd [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| Int::gcd(x, y));
op2!(Lcm [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| Int::lcm(x, y));

tables! {
    /// Loops of `bitwise_and`.
    BITWISE_AND = [
        rows!(2, binary, BitwiseAnd, NEVER, "?" Bool),
        ints!(2, binary, BitwiseAnd, NEVER),
    ];
    /// Loops of `bitwise_or`.
    BITWISE_OR = [
        rows!(2, binary, BitwiseOr, NEVER, "?" Bool),
        ints!(2, binary, BitwiseOr, NEVER),
    ];
    /// Loops of `bitwise_xor`.
    BITWISE_XOR = [
        rows!(2, binary, BitwiseXor, NEVER, "?" Bool),
        ints!(2, binary, BitwiseXor, NEVER),
    ];
    /// Loops of `invert`.
    INVERT = [
        rows!(1, unary, Invert, NEVER, "?" Bool),
        ints!(1, unary, Invert, NEVER),
    ];
    /// Loops of `left_shift`.
    LEFT_SHIFT = [ints!(2, binary, LeftShift, NEVER)];
    /// Loops of `right_shift`.
    RIGHT_SHIFT = [ints!(2, binary, RightShift, NEVER)];
    /// Loops of `bitwise_count`.
    BITWISE_COUNT = [ints!(count1, unary, BitwiseCount, NEVER)];
    /// Loops of `gcd`.
    GCD = [ints!(2, binary_one, Gcd, SLOW)];
    /// Loops of `lcm`.
    LCM = [ints!(2, binary_one, Lcm, SLOW)];
}
