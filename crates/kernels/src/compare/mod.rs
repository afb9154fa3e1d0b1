//! Comparisons, extrema, clip and logic.

mod extrema;
mod logic;
mod text;

pub use extrema::{CLIP, FMAX, FMIN, MAXIMUM, MINIMUM};
pub(crate) use logic::Truth;
pub use logic::{LOGICAL_AND, LOGICAL_NOT, LOGICAL_OR, LOGICAL_XOR};
pub use text::{constant, text_comparison};

use crate::half::to_f32;
use crate::loops::fp;
use crate::ops::{markers, op2};
use crate::shape::{binary, Op2};
use crate::table::{ints, row, rows, sig, tables, FORGETS, NEVER, REPORTED};
use numoxide_dtype::{Bool, Complex, F16};

/// A NumPy bool of a Rust one.
#[inline(always)]
pub(crate) fn bool_of(x: bool) -> Bool {
    Bool(u8::from(x))
}

/// Complex numbers in NumPy's order: by real part, then by imaginary part; never with a NaN.
#[inline(always)]
pub(crate) fn complex_cmp<T: PartialOrd + Copy>(
    x: Complex<T>,
    y: Complex<T>,
    re: fn(&T, &T) -> bool,
    im: fn(&T, &T) -> bool,
) -> bool {
    #[allow(clippy::eq_op)]
    let ordered = x.im == x.im && y.im == y.im;
    (re(&x.re, &y.re) && ordered) || (x.re == y.re && im(&x.im, &y.im))
}

/// [`complex_cmp`], noting the NaNs it meets.
#[inline(always)]
fn ordered<T: PartialOrd + Copy>(
    x: Complex<T>,
    y: Complex<T>,
    st: &mut u8,
    re: fn(&T, &T) -> bool,
    im: fn(&T, &T) -> bool,
) -> bool {
    let unordered = |a: T, b: T| a.partial_cmp(&b).is_none();
    let met = unordered(x.re, y.re) | ((x.re == y.re) & unordered(x.im, y.im));
    *st |= u8::from(met) * fp::INVALID;
    complex_cmp(x, y, re, im)
}

/// Writes one comparison for every class of types, and its loops' static.
macro_rules! comparisons {
    ($($(#[$meta:meta])* $Op:ident $NAME:ident $op:tt, |$x:ident, $y:ident, $st:ident| $complex:expr;)+) => {
        markers! { $($(#[$meta])* $Op)+ }
        $(
            op2!($Op [i8, u8, i16, u16, i32, u32, i64, u64, f32, f64] -> Bool,
                |x, y, _| bool_of(x $op y));
            op2!($Op [Bool] -> Bool, |x, y, _| bool_of((x.0 != 0) $op (y.0 != 0)));
            op2!($Op [F16] -> Bool, |x, y, _| bool_of(to_f32(x) $op to_f32(y)));
            op2!($Op [Complex<f32>, Complex<f64>] -> Bool, |$x, $y, $st| bool_of($complex));
            impl Op2 for $Op<(i64, u64)> {
                type L = i64;
                type R = u64;
                type O = Bool;
                #[inline(always)]
                fn f(x: i64, y: u64, _: &mut u8) -> Bool {
                    // A negative number is below every unsigned one: compare as if it were -1 < 0.
                    let (a, b) = if x < 0 { (0, 1) } else { (x as u64, y) };
                    bool_of(a $op b)
                }
            }
            impl Op2 for $Op<(u64, i64)> {
                type L = u64;
                type R = i64;
                type O = Bool;
                #[inline(always)]
                fn f(x: u64, y: i64, _: &mut u8) -> Bool {
                    let (a, b) = if y < 0 { (1, 0) } else { (x, y as u64) };
                    bool_of(a $op b)
                }
            }
            tables! {
                $(#[$meta])*
                $NAME = [
                    rows!(test2, binary, $Op, NEVER, "?" Bool),
                    ints!(test2, binary, $Op, NEVER),
                    &[row!("qQ->?", binary::<$Op<(i64, u64)>>(), NEVER)],
                    &[row!("Qq->?", binary::<$Op<(u64, i64)>>(), NEVER)],
                    rows!(test2, binary, $Op, NEVER, "e" F16),
                    rows!(test2, binary, $Op, FORGETS, "f" f32, "d" f64),
        crate::longdouble::$NAME,
                    rows!(test2, binary, $Op, REPORTED, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::$NAME,
                    crate::datetime::$NAME,
    ];
            }
        )+
    };
}

comparisons! {
    /// Loops of `equal`.
    Equal EQUAL ==, |x, y, _st| x.re == y.re && x.im == y.im;
    /// Loops of `not_equal`.
    NotEqual NOT_EQUAL !=, |x, y, _st| x.re != y.re || x.im != y.im;
    /// Loops of `less`.
    Less LESS <, |x, y, st| ordered(x, y, st, PartialOrd::lt, PartialOrd::lt);
    /// Loops of `less_equal`.
    LessEqual LESS_EQUAL <=, |x, y, st| ordered(x, y, st, PartialOrd::lt, PartialOrd::le);
    /// Loops of `greater`.
    Greater GREATER >, |x, y, st| ordered(x, y, st, PartialOrd::gt, PartialOrd::gt);
    /// Loops of `greater_equal`.
    GreaterEqual GREATER_EQUAL >=, |x, y, st| ordered(x, y, st, PartialOrd::gt, PartialOrd::ge);
}
