//! Conversions between numbers, one element at a time; float to integer is in `blocks`.

use crate::half;
use crate::loops::fp;
use numoxide_dtype::{Bool, Complex, Rounding, F16, F80};

/// Conversion of one element; status bits are added to `st`.
pub(crate) trait CastTo<B>: Copy {
    /// The converted value.
    fn cast(self, st: &mut u8) -> B;
}

/// A 64-bit date or difference, for casts from floats: NaN is NaT without a complaint.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(crate) struct Time(pub(crate) i64);

macro_rules! as_casts {
    ($($A:ty => $($B:ty),+;)+) => {$($(
        impl CastTo<$B> for $A {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> $B { self as $B }
        }
    )+)+};
}
as_casts! {
    i8 => i8, u8, u16, u32, u64, f32, f64;
    u8 => u8, u16, u32, u64, f32, f64;
    i16 => i16, u8, u16, u32, u64, f32, f64;
    u16 => u8, u16, u32, u64, f32, f64;
    i32 => i32, u8, u16, u32, u64, f32, f64;
    u32 => u8, u16, u32, u64, f32, f64;
    i64 => i64, u8, u16, u32, u64, f32, f64;
    u64 => u8, u16, u32, u64, f32, f64;
    f32 => f32, f64;
    f64 => f32, f64;
}

macro_rules! from_ints {
    ($($T:ty),+) => {$(
        impl CastTo<Bool> for $T {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> Bool { Bool(u8::from(self != 0)) }
        }
        impl CastTo<F16> for $T {
            #[inline(always)]
            fn cast(self, st: &mut u8) -> F16 {
                let h = half::from_f32(self as f32);
                *st |= u8::from(h.0 & 0x7fff == 0x7c00) * fp::OVERFLOW;
                h
            }
        }
        impl CastTo<$T> for Bool {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> $T { <$T>::from(self.0 != 0) }
        }
    )+};
}
from_ints!(i8, u8, i16, u16, i32, u32, i64, u64);

macro_rules! to_f80 {
    ($from:ident as $W:ty: $($T:ty),+) => {$(
        impl CastTo<F80> for $T {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> F80 { F80::$from(<$W>::from(self)) }
        }
    )+};
}
to_f80!(from_i64 as i64: i8, i16, i32, i64);
to_f80!(from_u64 as u64: u8, u16, u32, u64);
to_f80!(from_f64 as f64: f32, f64);

/// Truncates in a 64-bit register, telling of a range that is left in the status byte.
macro_rules! truncate {
    ($name:ident: $F:ty) => {
        #[inline(always)]
        #[allow(clippy::manual_range_contains)] // `&` keeps the loop free of branches
        fn $name(x: $F, st: &mut u8) -> i64 {
            const LOW: $F = i64::MIN as $F;
            let ok = (x >= LOW) & (x < -LOW);
            *st |= u8::from(!ok) * fp::INVALID;
            let safe = if ok { x } else { LOW };
            // SAFETY: `safe` is in range: tested, or the smallest value.
            unsafe { safe.to_int_unchecked::<i64>() }
        }
    };
}
truncate!(f32_i64: f32);
truncate!(f64_i64: f64);

macro_rules! float_casts {
    ($F:ty, $to64:ident) => {
        impl CastTo<Time> for $F {
            #[inline(always)]
            fn cast(self, st: &mut u8) -> Time {
                let mut own = 0;
                let x = $to64(self, &mut own);
                *st |= if !self.is_nan() { own } else { 0 };
                Time(x)
            }
        }
        impl CastTo<Bool> for $F {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> Bool {
                Bool(u8::from(self != 0.0))
            }
        }
        impl CastTo<$F> for Bool {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> $F {
                f32::from(u8::from(self.0 != 0)) as $F
            }
        }
    };
}
float_casts!(f32, f32_i64);
float_casts!(f64, f64_i64);

/// 2^-14, the smallest normal half.
const TINY: f32 = 6.103515625e-5;

impl CastTo<F16> for f32 {
    #[inline(always)]
    fn cast(self, st: &mut u8) -> F16 {
        let h = half::from_f32(self);
        let overflow = (h.0 & 0x7fff == 0x7c00) & (self.abs() < f32::INFINITY);
        let underflow = (self.abs() < TINY) & (half::to_f32(h) != self);
        *st |= (u8::from(overflow) * fp::OVERFLOW) | (u8::from(underflow) * fp::UNDERFLOW);
        h
    }
}

impl CastTo<F16> for f64 {
    /// Through a float rounded to odd, which keeps the second rounding correct.
    #[inline(always)]
    fn cast(self, st: &mut u8) -> F16 {
        let near = self as f32;
        let back = f64::from(near);
        let bits = near
            .to_bits()
            .wrapping_sub(u32::from(back.abs() > self.abs()));
        let odd = f32::from_bits(bits | u32::from(back != self));
        // A NaN brings the top of its payload along.
        let wide = self.to_bits();
        let nan = ((wide >> 32) & 0x8000_0000) | 0x7f80_0000 | ((wide >> 29) & 0x007f_e000) | 1;
        let x = if !self.is_nan() {
            odd
        } else {
            f32::from_bits(nan as u32)
        };
        let h = half::from_f32(x);
        let overflow = (h.0 & 0x7fff == 0x7c00) & (self.abs() < f64::INFINITY);
        let underflow = (self.abs() < f64::from(TINY)) & (f64::from(half::to_f32(h)) != self);
        *st |= (u8::from(overflow) * fp::OVERFLOW) | (u8::from(underflow) * fp::UNDERFLOW);
        h
    }
}

impl CastTo<F16> for F16 {
    #[inline(always)]
    fn cast(self, _: &mut u8) -> F16 {
        self
    }
}
impl CastTo<Bool> for F16 {
    #[inline(always)]
    fn cast(self, _: &mut u8) -> Bool {
        Bool(u8::from(self.0 & 0x7fff != 0))
    }
}
impl CastTo<F16> for Bool {
    #[inline(always)]
    fn cast(self, _: &mut u8) -> F16 {
        F16(if self.0 != 0 { 0x3c00 } else { 0 })
    }
}
impl CastTo<f64> for F16 {
    /// A signalling NaN stays one.
    #[inline(always)]
    fn cast(self, _: &mut u8) -> f64 {
        let exact = f64::from(half::to_f32(self)).to_bits();
        let (sign, payload) = (
            u64::from(self.0 >> 15) << 63,
            u64::from(self.0 & 0x3ff) << 42,
        );
        let special = sign | 0x7ff0_0000_0000_0000 | payload;
        f64::from_bits(if self.0 & 0x7c00 == 0x7c00 {
            special
        } else {
            exact
        })
    }
}
macro_rules! from_half {
    ($($T:ty),+) => {$(
        impl CastTo<$T> for F16 {
            #[inline(always)]
            fn cast(self, st: &mut u8) -> $T { half::to_f32(self).cast(st) }
        }
    )+};
}
from_half!(u8, u16, i32, u32, i64, u64, Time, F80);
impl CastTo<f32> for F16 {
    #[inline(always)]
    fn cast(self, _: &mut u8) -> f32 {
        half::to_f32(self)
    }
}

impl CastTo<Bool> for Bool {
    #[inline(always)]
    fn cast(self, _: &mut u8) -> Bool {
        self
    }
}
impl CastTo<F80> for Bool {
    #[inline(always)]
    fn cast(self, _: &mut u8) -> F80 {
        F80::from_u64(u64::from(self.0 != 0))
    }
}

/// The status bits of a rounding.
#[inline(always)]
fn status(r: Rounding) -> u8 {
    (u8::from(r.overflow) * fp::OVERFLOW)
        | (u8::from(r.underflow) * fp::UNDERFLOW)
        | (u8::from(r.invalid) * fp::INVALID)
}

macro_rules! from_f80 {
    ($($T:ty: |$x:ident, $r:ident| $e:expr;)+) => {$(
        impl CastTo<$T> for F80 {
            #[inline]
            fn cast(self, st: &mut u8) -> $T {
                let ($x, mut rounding) = (self, Rounding::default());
                let $r = &mut rounding;
                let value = $e;
                *st |= status(rounding);
                value
            }
        }
    )+};
}
from_f80! {
    // The x87 stores 16-bit integers, and 32-bit ones for what does not fit those.
    u8: |x, r| x.to_signed(16, r) as u8;
    i16: |x, r| x.to_signed(16, r) as i16;
    u16: |x, r| x.to_signed(32, r) as u16;
    i32: |x, r| x.to_signed(32, r) as i32;
    u32: |x, r| x.to_signed(64, r) as u32;
    i64: |x, r| x.to_i64(r);
    u64: |x, r| x.to_u64(r);
    f32: |x, r| x.to_f32(r);
    f64: |x, r| x.to_f64(r);
    Time: |x, r| {
        let value = x.to_i64(r);
        r.invalid &= !x.is_nan();
        Time(value)
    };
}
impl CastTo<F16> for F80 {
    /// By way of a float, as NumPy rounds.
    #[inline]
    fn cast(self, st: &mut u8) -> F16 {
        let float: f32 = self.cast(st);
        float.cast(st)
    }
}
impl CastTo<F80> for F80 {
    #[inline(always)]
    fn cast(self, _: &mut u8) -> F80 {
        self
    }
}
impl CastTo<Bool> for F80 {
    #[inline(always)]
    fn cast(self, _: &mut u8) -> Bool {
        Bool(u8::from(!self.is_zero()))
    }
}

impl<A: CastTo<B>, B> CastTo<Complex<B>> for Complex<A> {
    #[inline(always)]
    fn cast(self, st: &mut u8) -> Complex<B> {
        Complex {
            re: self.re.cast(st),
            im: self.im.cast(st),
        }
    }
}

/// A real number as a complex one: marker for the source type.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(crate) struct Real<A>(A);

impl<A: CastTo<B>, B: Default> CastTo<Complex<B>> for Real<A> {
    #[inline(always)]
    fn cast(self, st: &mut u8) -> Complex<B> {
        Complex {
            re: self.0.cast(st),
            im: B::default(),
        }
    }
}

/// The real part of a complex number: marker for the source type.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(crate) struct RealPart<A>(pub(super) Complex<A>);

impl<A: CastTo<B>, B> CastTo<B> for RealPart<A> {
    #[inline(always)]
    fn cast(self, st: &mut u8) -> B {
        self.0.re.cast(st)
    }
}

impl<A: CastTo<Bool>> CastTo<Bool> for Complex<A> {
    #[inline(always)]
    fn cast(self, st: &mut u8) -> Bool {
        Bool(self.re.cast(st).0 | self.im.cast(st).0)
    }
}
