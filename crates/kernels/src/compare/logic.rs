//! `logical_and`, `logical_or`, `logical_xor`, `logical_not`.

use super::bool_of;
use crate::ops::{markers, op1};
use crate::shape::{binary, unary, Op2};
use crate::table::{ints, reducible, row, rows, sig, tables, FORGETS, NEVER};
use numoxide_dtype::{Bool, Complex, F16};
use std::mem::transmute_copy;

/// Whether an element counts as true.
pub(crate) trait Truth: Copy + 'static {
    /// Not zero; NaN is true.
    fn truth(self) -> bool;
}

macro_rules! truths {
    ($($T:ty, |$x:ident| $e:expr;)+) => {$(
        impl Truth for $T {
            #[inline(always)]
            fn truth(self) -> bool { let $x = self; $e }
        }
    )+};
}
truths! {
    Bool, |x| x.0 != 0;
    i8, |x| x != 0;
    u8, |x| x != 0;
    i16, |x| x != 0;
    u16, |x| x != 0;
    i32, |x| x != 0;
    u32, |x| x != 0;
    i64, |x| x != 0;
    u64, |x| x != 0;
    f32, |x| x != 0.0;
    f64, |x| x != 0.0;
    F16, |x| x.0 & 0x7fff != 0;
    Complex<f32>, |x| (x.re != 0.0) | (x.im != 0.0);
    Complex<f64>, |x| (x.re != 0.0) | (x.im != 0.0);
    crate::datetime::Time, |x| x.is_nonzero();
}

markers! {
    /// `logical_and`.
    LogicalAnd
    /// `logical_or`.
    LogicalOr
    /// `logical_xor`.
    LogicalXor
    /// `logical_not`.
    LogicalNot
}

/// Elements looked at between two looks at the verdict.
const CHUNK: usize = 512;

/// Whether any of `n` elements has the wanted truth, stopping at the first chunk that has one.
///
/// # Safety
/// - `n` elements at `b`, `sb` bytes apart, are valid for reads.
#[inline(always)]
pub(crate) unsafe fn any<T: Truth>(b: *const u8, sb: isize, n: usize, wanted: bool) -> bool {
    let mut done = 0;
    while done < n {
        let len = CHUNK.min(n - done);
        let p = b.wrapping_offset(done as isize * sb);
        // SAFETY: a part of the caller's elements.
        let hit = unsafe {
            if sb == size_of::<T>() as isize {
                let chunk = std::slice::from_raw_parts(p.cast::<T>(), len);
                chunk
                    .iter()
                    .fold(false, |hit, x| hit | (x.truth() == wanted))
            } else {
                (0..len).fold(false, |hit, i| {
                    hit | (p
                        .wrapping_offset(i as isize * sb)
                        .cast::<T>()
                        .read()
                        .truth()
                        == wanted)
                })
            }
        };
        if hit {
            return true;
        }
        done += len;
    }
    false
}

/// Writes a logical operation with its reduction.
macro_rules! logical {
    ($Op:ident, |$x:ident, $y:ident| $e:expr, |$acc:ident, $b:ident, $sb:ident, $n:ident| $fold:expr) => {
        impl<T: Truth> Op2 for $Op<T> {
            type L = T;
            type R = T;
            type O = Bool;
            #[inline(always)]
            fn f(x: T, y: T, _: &mut u8) -> Bool {
                let ($x, $y) = (x.truth(), y.truth());
                bool_of($e)
            }
            #[inline(always)]
            unsafe fn reduce(acc: Bool, $b: *const u8, $sb: isize, $n: usize, _: &mut u8) -> Bool {
                // SAFETY: reductions have the input's type for output: `T` is `Bool`'s size.
                let $acc = unsafe { transmute_copy::<Bool, Bool>(&acc) }.truth();
                // SAFETY: passed on to the caller.
                bool_of(unsafe { $fold })
            }
        }
    };
}
logical!(LogicalAnd, |x, y| x & y, |acc, b, sb, n| acc
    && !any::<T>(b, sb, n, false));
logical!(LogicalOr, |x, y| x | y, |acc, b, sb, n| acc
    || any::<T>(b, sb, n, true));
logical!(LogicalXor, |x, y| x ^ y, |acc, b, sb, n| (0..n).fold(
    acc,
    |acc, i| {
        acc ^ b
            .wrapping_offset(i as isize * sb)
            .cast::<T>()
            .read()
            .truth()
    }
));

op1!(LogicalNot [Bool, i8, u8, i16, u16, i32, u32, i64, u64, F16, f32, f64] -> Bool,
    |x, _| bool_of(!x.truth()));
op1!(LogicalNot [Complex<f32>, Complex<f64>] -> Bool, |x, _| bool_of(!x.truth()));

/// Statics of the binary ones.
macro_rules! logical_tables {
    ($($(#[$meta:meta])* $NAME:ident $Op:ident $FLAGS:ident;)+) => {
        tables! {$(
            $(#[$meta])*
            $NAME = [
                reducible!($Op, NEVER, "?" Bool),
                ints!(test2, binary, $Op, NEVER),
                rows!(test2, binary, $Op, NEVER, "e" F16),
                rows!(test2, binary, $Op, $FLAGS, "f" f32, "d" f64),
        crate::longdouble::$NAME,
                rows!(test2, binary, $Op, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::$NAME,
    ];
        )+}
    };
}
logical_tables! {
    /// Loops of `logical_and`.
    LOGICAL_AND LogicalAnd FORGETS;
    /// Loops of `logical_or`.
    LOGICAL_OR LogicalOr FORGETS;
    /// Loops of `logical_xor`.
    LOGICAL_XOR LogicalXor NEVER;
}
tables! {
    /// Loops of `logical_not`.
    LOGICAL_NOT = [
        rows!(test1, unary, LogicalNot, NEVER, "?" Bool),
        ints!(test1, unary, LogicalNot, NEVER),
        rows!(test1, unary, LogicalNot, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::LOGICAL_NOT,
        rows!(test1, unary, LogicalNot, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::LOGICAL_NOT,
    ];
}
