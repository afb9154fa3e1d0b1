//! Rust types of the elements, and the dispatchers that turn a type number into one of them.

use crate::num::TypeNum;

/// A NumPy bool: any byte, true when not zero.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Bool(pub u8);

/// IEEE binary16, stored as its bits.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default)]
pub struct F16(pub u16);

/// x87 80-bit extended precision in its 16-byte slot (ten bytes used).
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug, Default)]
pub struct F80(pub [u8; 16]);

/// A complex number, real part first.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex<T> {
    /// Real part.
    pub re: T,
    /// Imaginary part.
    pub im: T,
}

/// A fixed-size element that arrays hold.
pub trait Element: Copy + Send + Sync + 'static {
    /// The type number whose storage this is (for `i64` the C `long`).
    const NUM: TypeNum;
}

macro_rules! elements {
    ($($t:ty => $n:ident),* $(,)?) => { $(impl Element for $t { const NUM: TypeNum = TypeNum::$n; })* };
}
elements! {
    Bool => Bool, i8 => Byte, u8 => UByte, i16 => Short, u16 => UShort, i32 => Int, u32 => UInt,
    i64 => Long, u64 => ULong, f32 => Float, f64 => Double, F80 => LongDouble, F16 => Half,
    Complex<f32> => CFloat, Complex<f64> => CDouble, Complex<F80> => CLongDouble,
}

/// Runs `$body` with `$T` bound to the Rust type of a numeric type number (bool to clongdouble and
/// half); `$other` for every other class.
#[macro_export]
macro_rules! dispatch_number {
    ($num:expr, $T:ident => $body:expr, _ => $other:expr) => {
        match $num {
            $crate::TypeNum::Half => { type $T = $crate::F16; $body }
            $crate::TypeNum::LongDouble => { type $T = $crate::F80; $body }
            $crate::TypeNum::CLongDouble => { type $T = $crate::Complex<$crate::F80>; $body }
            $crate::TypeNum::CFloat => { type $T = $crate::Complex<f32>; $body }
            $crate::TypeNum::CDouble => { type $T = $crate::Complex<f64>; $body }
            num => $crate::dispatch_real!(num, $T => $body, _ => $other),
        }
    };
}

/// As [`dispatch_number!`] for bool, integers, float32 and float64 only.
#[macro_export]
macro_rules! dispatch_real {
    ($num:expr, $T:ident => $body:expr, _ => $other:expr) => {
        match $num {
            $crate::TypeNum::Bool => { type $T = $crate::Bool; $body }
            $crate::TypeNum::Float => { type $T = f32; $body }
            $crate::TypeNum::Double => { type $T = f64; $body }
            num => $crate::dispatch_int!(num, $T => $body, _ => $other),
        }
    };
}

/// As [`dispatch_number!`] for the integers only.
#[macro_export]
macro_rules! dispatch_int {
    ($num:expr, $T:ident => $body:expr, _ => $other:expr) => {
        match $num {
            $crate::TypeNum::Byte => {
                type $T = i8;
                $body
            }
            $crate::TypeNum::UByte => {
                type $T = u8;
                $body
            }
            $crate::TypeNum::Short => {
                type $T = i16;
                $body
            }
            $crate::TypeNum::UShort => {
                type $T = u16;
                $body
            }
            $crate::TypeNum::Int => {
                type $T = i32;
                $body
            }
            $crate::TypeNum::UInt => {
                type $T = u32;
                $body
            }
            $crate::TypeNum::Long | $crate::TypeNum::LongLong => {
                type $T = i64;
                $body
            }
            $crate::TypeNum::ULong | $crate::TypeNum::ULongLong => {
                type $T = u64;
                $body
            }
            _ => $other,
        }
    };
}
