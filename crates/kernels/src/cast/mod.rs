//! Casts between numbers as strided loops, for native and aligned elements.
//!
//! Pairs that do the same on the bits share a loop: signed results of integer casts are unsigned
//! ones, narrowing does not look at the source's sign, dates are 64-bit integers.

mod blocks;
mod copy;
mod num;

use crate::loops::{FpClass, Levels, LoopFlags};
use crate::shape::{unary, unary_one, Op1};
use crate::table::flags;
use blocks::{float_to_int, part_to_u32};
use num::{CastTo, Real, RealPart, Time};
use numoxide_dtype::{Bool, Complex, TypeNum, F16, F80};
use std::marker::PhantomData;
use std::sync::OnceLock;

pub use copy::{copy_loop, swap_loop};

struct Cast<A, B>(PhantomData<(A, B)>);

impl<A: CastTo<B> + 'static, B: Copy + 'static> Op1 for Cast<A, B> {
    type I = A;
    type O = B;
    #[inline(always)]
    fn f(x: A, st: &mut u8) -> B {
        x.cast(st)
    }
}

type Row = Option<(Levels, LoopFlags)>;
type Table = [[Row; 26]; 26];

use TypeNum as N;

/// Fills rows of the table: `unary [A as Class] => B as Class, ..;`.
macro_rules! rows {
    ($t:ident, $make:ident, $fp:ident, $cost:literal: $($A:ty as $a:ident => $($B:ty as $b:ident),+;)+) => {
        $($( $t[N::$a as usize][N::$b as usize] =
            Some(($make::<Cast<$A, $B>>(), flags(FpClass::$fp, $cost))); )+)+
    };
}

fn integers(t: &mut Table) {
    rows! { t, unary, Never, 1:
        i8 as Byte => u16 as UShort, u32 as UInt, u64 as ULong, f32 as Float, f64 as Double;
        u8 as UByte => Bool as Bool, u16 as UShort, u32 as UInt, u64 as ULong, f32 as Float,
            f64 as Double;
        i16 as Short => u32 as UInt, u64 as ULong, f32 as Float, f64 as Double;
        u16 as UShort => Bool as Bool, u8 as UByte, u32 as UInt, u64 as ULong, f32 as Float,
            f64 as Double;
        i32 as Int => u64 as ULong, f32 as Float, f64 as Double;
        u32 as UInt => Bool as Bool, u8 as UByte, u16 as UShort, u64 as ULong, f32 as Float,
            f64 as Double;
        i64 as Long => f32 as Float, f64 as Double;
        u64 as ULong => Bool as Bool, u8 as UByte, u16 as UShort, u32 as UInt, f32 as Float,
            f64 as Double;
        Bool as Bool => u8 as UByte, u16 as UShort, u32 as UInt, u64 as ULong,
            f32 as Float, f64 as Double, F16 as Half;
    }
    rows! { t, unary, Reported, 2:
        i8 as Byte => F16 as Half;
        u8 as UByte => F16 as Half;
        i16 as Short => F16 as Half;
        u16 as UShort => F16 as Half;
        i32 as Int => F16 as Half;
        u32 as UInt => F16 as Half;
        i64 as Long => F16 as Half;
        u64 as ULong => F16 as Half;
    }
    rows! { t, unary_one, Never, 4:
        i8 as Byte => F80 as LongDouble;
        u8 as UByte => F80 as LongDouble;
        i16 as Short => F80 as LongDouble;
        u16 as UShort => F80 as LongDouble;
        i32 as Int => F80 as LongDouble;
        u32 as UInt => F80 as LongDouble;
        i64 as Long => F80 as LongDouble;
        u64 as ULong => F80 as LongDouble;
        Bool as Bool => F80 as LongDouble;
    }
}

fn floats(t: &mut Table) {
    rows! { t, float_to_int, Hardware, 2:
        f32 as Float => u8 as UByte, u16 as UShort, i32 as Int, u32 as UInt, i64 as Long,
            u64 as ULong;
        f64 as Double => u8 as UByte, u16 as UShort, i32 as Int, u32 as UInt, i64 as Long,
            u64 as ULong;
    }
    rows! { t, unary, Reported, 2:
        f32 as Float => Time as DateTime, F16 as Half;
        f64 as Double => Time as DateTime, F16 as Half;
        F16 as Half => Time as DateTime;
    }
    rows! { t, unary, Hardware, 2:
        F16 as Half => u8 as UByte, u16 as UShort, i32 as Int, u32 as UInt, i64 as Long,
            u64 as ULong;
    }
    rows! { t, unary, Never, 1:
        f32 as Float => Bool as Bool;
        f64 as Double => Bool as Bool;
        F16 as Half => Bool as Bool, f32 as Float, f64 as Double;
    }
    rows! { t, unary, Hardware, 1:
        f32 as Float => f64 as Double;
        f64 as Double => f32 as Float;
    }
    rows! { t, unary_one, Never, 4:
        f32 as Float => F80 as LongDouble;
        f64 as Double => F80 as LongDouble;
        F16 as Half => F80 as LongDouble;
        F80 as LongDouble => Bool as Bool;
    }
    rows! { t, unary_one, Reported, 8:
        F80 as LongDouble => u8 as UByte, i16 as Short, u16 as UShort, i32 as Int, u32 as UInt,
            i64 as Long, u64 as ULong, Time as DateTime, f32 as Float, f64 as Double, F16 as Half;
    }
}

/// Rows from one complex type to the reals.
macro_rules! parts {
    ($t:ident, $A:ty, $a:ident, $fp:ident: $($B:ty as $b:ident),+) => {
        rows! { $t, unary_one, $fp, 2: $(RealPart<$A> as $a => $B as $b;)+ }
    };
}

/// Rows from one real type to the complex ones.
macro_rules! reals {
    ($t:ident, $fp:ident: $($A:ty as $a:ident),+) => {
        rows! { $t, unary_one, $fp, 2: $(
            Real<$A> as $a => Complex<f32> as CFloat, Complex<f64> as CDouble,
                Complex<F80> as CLongDouble;
        )+ }
    };
}

fn complexes(t: &mut Table) {
    reals!(t, Never: i8 as Byte, u8 as UByte, i16 as Short, u16 as UShort, i32 as Int, u32 as UInt,
        i64 as Long, u64 as ULong, Bool as Bool, F16 as Half);
    reals!(t, Reported: F80 as LongDouble);
    rows! { t, part_to_u32, Hardware, 2:
        RealPart<f32> as CFloat => u32 as UInt;
        RealPart<f64> as CDouble => u32 as UInt;
    }
    parts!(t, f32, CFloat, Hardware: u8 as UByte, u16 as UShort, i32 as Int, i64 as Long,
        u64 as ULong);
    parts!(t, f32, CFloat, Reported: F16 as Half);
    parts!(t, f64, CDouble, Hardware: u8 as UByte, u16 as UShort, i32 as Int, i64 as Long,
        u64 as ULong);
    parts!(t, f64, CDouble, Reported: F16 as Half);
    parts!(t, F80, CLongDouble, Reported: u8 as UByte, i16 as Short, u16 as UShort, i32 as Int,
        u32 as UInt, i64 as Long, u64 as ULong, F16 as Half, f32 as Float, f64 as Double,
        F80 as LongDouble);
    parts!(t, f32, CFloat, Hardware: f64 as Double, F80 as LongDouble);
    parts!(t, f64, CDouble, Hardware: f32 as Float, F80 as LongDouble);
    rows! { t, unary, Hardware, 2:
        RealPart<f32> as CFloat => f32 as Float;
        RealPart<f64> as CDouble => f64 as Double;
        Real<f32> as Float => Complex<f32> as CFloat, Complex<f64> as CDouble;
        Real<f64> as Double => Complex<f32> as CFloat, Complex<f64> as CDouble;
        Complex<f32> as CFloat => Complex<f64> as CDouble;
        Complex<f64> as CDouble => Complex<f32> as CFloat;
    }
    rows! { t, unary_one, Never, 2:
        Complex<f32> as CFloat => Bool as Bool;
        Complex<f64> as CDouble => Bool as Bool;
        Complex<F80> as CLongDouble => Bool as Bool;
    }
    rows! { t, unary_one, Reported, 4:
        RealPart<f32> as CFloat => Time as DateTime;
        RealPart<f64> as CDouble => Time as DateTime;
        RealPart<F80> as CLongDouble => Time as DateTime;
        Complex<F80> as CLongDouble => Complex<f32> as CFloat, Complex<f64> as CDouble;
    }
    rows! { t, unary_one, Hardware, 2:
        Real<f32> as Float => Complex<F80> as CLongDouble;
        Real<f64> as Double => Complex<F80> as CLongDouble;
        Complex<f32> as CFloat => Complex<F80> as CLongDouble;
        Complex<f64> as CDouble => Complex<F80> as CLongDouble;
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Box<Table>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut t: Box<Table> = Box::new([[None; 26]; 26]);
        integers(&mut t);
        floats(&mut t);
        complexes(&mut t);
        t
    })
}

/// The unsigned class of the same size.
fn unsigned(num: N) -> N {
    match num {
        N::Byte => N::UByte,
        N::Short => N::UShort,
        N::Int => N::UInt,
        N::Long => N::ULong,
        other => other,
    }
}

/// One class for the C types of the same storage.
fn storage(num: N) -> N {
    match num {
        N::LongLong => N::Long,
        N::ULongLong => N::ULong,
        N::TimeDelta => N::DateTime,
        other => other,
    }
}

/// The pair of the table that does what the asked one does; equal classes mean a plain copy.
fn canonical(from: N, to: N) -> (N, N) {
    let (mut from, mut to) = (storage(from), storage(to));
    if from == N::DateTime {
        from = N::Long;
    }
    if to == N::DateTime && !(from.is_float() || from.is_complex()) {
        to = N::Long;
    }
    if from.is_integer() && to.is_integer() {
        let narrows = to.row().size <= from.row().size;
        return (if narrows { unsigned(from) } else { from }, unsigned(to));
    }
    match (from, to) {
        (_, N::Byte) => to = N::UByte,
        (N::LongDouble | N::CLongDouble, _) => {}
        (f, N::Short) if f.is_float() || f.is_complex() => to = N::UShort,
        _ => {}
    }
    if from == N::Bool || to == N::Bool {
        return (unsigned(from), unsigned(to));
    }
    (from, to)
}

/// The loop that casts between two number, date or difference classes; `None` where the cast is no
/// number cast. Units of dates do not take part.
pub fn number_loop(from: TypeNum, to: TypeNum) -> Option<(Levels, LoopFlags)> {
    let (a, b) = canonical(from, to);
    if a == b {
        return (a.row().size > 0 && a.is_number())
            .then(|| (copy_loop(a.row().size), flags(FpClass::Never, 1)));
    }
    table()[a as usize][b as usize]
}
