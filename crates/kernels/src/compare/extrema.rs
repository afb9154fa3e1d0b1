//! `maximum`, `minimum`, `fmax`, `fmin` and `clip`.

use super::logic::any;
use super::{bool_of, complex_cmp};
use crate::half::to_f32;
use crate::num::Real;
use crate::ops::{markers, op2};
use crate::reduce::arg::{search, ArgMax, ArgMin};
use crate::reduce::extrema::{lanes, Best};
use crate::shape::{binary, fold, ternary, Op2, Op3};
use crate::table::{ints, reducible, row, rows, sig, tables, FORGETS, NEVER};
use numoxide_dtype::{Bool, Complex, F16};

markers! {
    /// `maximum`.
    Maximum
    /// `minimum`.
    Minimum
    /// `fmax`.
    Fmax
    /// `fmin`.
    Fmin
    /// `clip`.
    Clip
}

/// Picks one of two halves by a choice made in `f32`.
#[inline(always)]
fn pick_half(x: F16, y: F16, first: impl Fn(f32, f32) -> bool) -> F16 {
    if first(to_f32(x), to_f32(y)) {
        x
    } else {
        y
    }
}

/// Whether either part is a NaN.
#[inline(always)]
#[allow(clippy::eq_op)]
fn has_nan<T: PartialOrd>(x: &Complex<T>) -> bool {
    x.re != x.re || x.im != x.im
}

/// The extremum of bools, which is settled by the first of one kind.
///
/// # Safety
/// As [`Op2::reduce`].
#[inline(always)]
unsafe fn bools<const BEST: u8>(acc: Bool, b: *const u8, sb: isize, n: usize, _: &mut u8) -> Bool {
    let wanted = BEST == Best::MAXIMUM || BEST == Best::FMAX;
    let settled = (acc.0 != 0) == wanted;
    // SAFETY: passed on to the caller.
    let found = settled || unsafe { any::<Bool>(b, sb, n, wanted) };
    bool_of(found == wanted)
}

/// The extremum of halves: the first of the best ones, as the fold gives it.
///
/// # Safety
/// As [`Op2::reduce`].
#[inline(always)]
unsafe fn halves<P: Op2<L = F16, R = F16, O = F16>, const BEST: u8>(
    acc: F16,
    b: *const u8,
    sb: isize,
    n: usize,
    st: &mut u8,
) -> F16 {
    // SAFETY: passed on to the caller; positions are below `n`.
    unsafe {
        let best = match BEST {
            Best::MAXIMUM if n > 0 => search::<ArgMax<F16>>(b, sb, n),
            Best::MINIMUM if n > 0 => search::<ArgMin<F16>>(b, sb, n),
            _ => return fold::<P>(acc, b, sb, n, st),
        };
        let item = b.wrapping_offset(best as isize * sb);
        P::f(acc, item.cast::<F16>().read(), st)
    }
}

/// Writes an extremum: integer method, float method, comparison, and which NaN wins.
macro_rules! extremum {
    ($Op:ident, $int:ident, $real:ident, $op:tt, $lt:ident, $le:ident, $best:ident, nan $nan:ident) => {
        op2!($Op [i8, u8, i16, u16, i32, u32, i64, u64], |x, y, _| Ord::$int(x, y));
        op2!($Op [Bool], |x, y, _| Bool(Ord::$int(u8::from(x.0 != 0), u8::from(y.0 != 0))),
            fold (bools::<{ Best::$best }>));
        op2!($Op [f32, f64], |x, y, _| Real::$real(x, y), fold (lanes::<Self, _, { Best::$best }>));
        op2!($Op [F16], |x, y, _| pick_half(x, y, |a, b| a $op b || extremum!(@nan $nan, a, b)),
            fold (halves::<Self, { Best::$best }>));
        op2!($Op [Complex<f32>, Complex<f64>], |x, y, _| {
            let first = complex_cmp(x, y, PartialOrd::$lt, PartialOrd::$le);
            if first || has_nan(extremum!(@pick $nan, &x, &y)) { x } else { y }
        });
    };
    (@nan first, $a:ident, $b:ident) => { $a.is_nan() };
    (@nan second, $a:ident, $b:ident) => { $b.is_nan() };
    (@pick first, $a:expr, $b:expr) => { $a };
    (@pick second, $a:expr, $b:expr) => { $b };
}
extremum!(Maximum, max, maximum, >=, gt, ge, MAXIMUM, nan first);
extremum!(Minimum, min, minimum, <=, lt, le, MINIMUM, nan first);
extremum!(Fmax, max, fmax, >=, gt, ge, FMAX, nan second);
extremum!(Fmin, min, fmin, <=, lt, le, FMIN, nan second);

/// Clipping by array bounds: a bound wins over an equal element.
macro_rules! clips {
    ($($T:ty),+) => {$(
        impl Op3 for Clip<$T> {
            type T = $T;
            #[inline(always)]
            fn f(x: $T, low: $T, high: $T) -> $T {
                let raised = <Maximum<$T> as Op2>::f(x, low, &mut 0);
                <Minimum<$T> as Op2>::f(raised, high, &mut 0)
            }
        }
    )+};
}
clips!(Bool, i8, u8, i16, u16, i32, u32, i64, u64, F16);

/// Floats: as the others by arrays, but an element wins over an equal scalar bound.
macro_rules! float_clips {
    ($($T:ty),+) => {$(
        impl Op3 for Clip<$T> {
            type T = $T;
            #[inline(always)]
            fn f(x: $T, low: $T, high: $T) -> $T {
                Real::minimum(Real::maximum(x, low), high)
            }
            #[inline(always)]
            fn by_scalars(x: $T, low: $T, high: $T) -> $T {
                let raised = if x < low || low.is_nan() { low } else { x };
                if raised > high || high.is_nan() { high } else { raised }
            }
        }
    )+};
}
float_clips!(f32, f64);

macro_rules! complex_clips {
    ($($T:ty),+) => {$(
        impl Op3 for Clip<Complex<$T>> {
            type T = Complex<$T>;
            #[inline(always)]
            fn f(x: Complex<$T>, low: Complex<$T>, high: Complex<$T>) -> Complex<$T> {
                let above = complex_cmp(x, low, PartialOrd::gt, PartialOrd::gt);
                let raised = if above || has_nan(&x) { x } else { low };
                let below = complex_cmp(raised, high, PartialOrd::lt, PartialOrd::lt);
                if below || has_nan(&raised) { raised } else { high }
            }
        }
    )+};
}
complex_clips!(f32, f64);

/// Statics of extrema.
macro_rules! extremum_tables {
    (@rows binary $sig:tt $Op:ident $($of:tt)+) => { reducible!($Op, NEVER, $($of)+) };
    (@floats binary $sig:tt $Op:ident $($of:tt)+) => { reducible!($Op, FORGETS, $($of)+) };
    (@floats $make:ident $sig:tt $Op:ident $($of:tt)+) => {
        rows!($sig, $make, $Op, NEVER, $($of)+)
    };
    (@rows $make:ident $sig:tt $Op:ident ints) => { ints!($sig, $make, $Op, NEVER) };
    (@rows $make:ident $sig:tt $Op:ident $($of:tt)+) => {
        rows!($sig, $make, $Op, NEVER, $($of)+)
    };
    ($($(#[$meta:meta])* $NAME:ident $Op:ident $sig:tt $make:ident;)+) => {
        tables! {$(
            $(#[$meta])*
            $NAME = [
                extremum_tables!(@rows $make $sig $Op "?" Bool),
                extremum_tables!(@rows $make $sig $Op ints),
                extremum_tables!(@rows $make $sig $Op "e" F16),
                extremum_tables!(@floats $make $sig $Op "f" f32, "d" f64),
        crate::longdouble::$NAME,
                rows!($sig, $make, $Op, FORGETS, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::$NAME,
                crate::datetime::$NAME,
    ];
        )+}
    };
}
extremum_tables! {
    /// Loops of `maximum`.
    MAXIMUM Maximum 2 binary;
    /// Loops of `minimum`.
    MINIMUM Minimum 2 binary;
    /// Loops of `fmax`.
    FMAX Fmax 2 binary;
    /// Loops of `fmin`.
    FMIN Fmin 2 binary;
    /// Loops of `clip`.
    CLIP Clip 3 ternary;
}
