//! What elements mean: the arithmetic of integers and floats where Rust's operators are not NumPy's.

use crate::loops::fp;

/// Integer elements.
pub(crate) trait Int: Copy + Eq + Ord + 'static {
    /// Quotient rounded down; 0 for a zero divisor.
    fn floor_divide(self, rhs: Self, st: &mut u8) -> Self;
    /// Remainder with the divisor's sign; 0 for a zero divisor.
    fn remainder(self, rhs: Self, st: &mut u8) -> Self;
    /// Remainder with the dividend's sign; 0 for a zero divisor.
    fn fmod(self, rhs: Self, st: &mut u8) -> Self;
    /// `1 / x`, rounded towards zero.
    fn reciprocal(self, st: &mut u8) -> Self;
    /// Power modulo the type's range; the exponent is not negative.
    fn power(self, exponent: Self) -> Self;
    /// Whether below zero.
    fn is_negative(self) -> bool;
    /// Shift towards higher bits; 0 once all are out.
    fn left_shift(self, rhs: Self) -> Self;
    /// Shift towards lower bits, keeping the sign.
    fn right_shift(self, rhs: Self) -> Self;
    /// Number of bits set in the absolute value.
    fn bit_count(self) -> u8;
    /// Greatest common divisor of the absolute values.
    fn gcd(self, rhs: Self) -> Self;
    /// Least common multiple of the absolute values.
    fn lcm(self, rhs: Self) -> Self;
}

/// Writes what does not depend on signedness.
macro_rules! int_common {
    ($T:ty, $U:ty) => {
        #[inline(always)]
        fn power(self, exponent: Self) -> Self {
            let (mut base, mut e, mut out) = (self, exponent as $U, 1 as $T);
            while e != 0 {
                if e & 1 != 0 {
                    out = out.wrapping_mul(base);
                }
                e >>= 1;
                base = base.wrapping_mul(base);
            }
            out
        }
        #[inline(always)]
        fn left_shift(self, rhs: Self) -> Self {
            let count = rhs as $U;
            let shifted = self.wrapping_shl(count as u32);
            if count < <$U>::BITS as $U {
                shifted
            } else {
                0
            }
        }
        #[inline(always)]
        fn gcd(self, rhs: Self) -> Self {
            let (mut a, mut b) = (self.magnitude(), rhs.magnitude());
            if a == 0 || b == 0 {
                return (a | b) as $T;
            }
            // The binary method: only shifts and subtractions.
            let shift = (a | b).trailing_zeros();
            a >>= a.trailing_zeros();
            loop {
                b >>= b.trailing_zeros();
                let (low, high) = (a.min(b), a.max(b));
                a = low;
                b = high - low;
                if b == 0 {
                    return (a << shift) as $T;
                }
            }
        }
        #[inline(always)]
        fn lcm(self, rhs: Self) -> Self {
            let (a, b) = (self.magnitude(), rhs.magnitude());
            let g = Int::gcd(self, rhs) as $U;
            if g == 0 {
                0
            } else {
                (a / g).wrapping_mul(b) as $T
            }
        }
        #[inline(always)]
        fn bit_count(self) -> u8 {
            self.magnitude().count_ones() as u8
        }
    };
}

/// The absolute value as an unsigned number.
trait Magnitude {
    type Unsigned;
    fn magnitude(self) -> Self::Unsigned;
}

macro_rules! ints {
    ($($S:ty, $U:ty, |$x:ident, $y:ident| $div:expr, $udiv:expr;)+) => {$(
        impl Magnitude for $S {
            type Unsigned = $U;
            #[inline(always)]
            fn magnitude(self) -> $U { self.unsigned_abs() }
        }
        impl Magnitude for $U {
            type Unsigned = $U;
            #[inline(always)]
            fn magnitude(self) -> $U { self }
        }
        impl Int for $S {
            int_common!($S, $U);
            #[inline(always)]
            fn floor_divide(self, rhs: Self, st: &mut u8) -> Self {
                let zero = rhs == 0;
                let over = (self == <$S>::MIN) & (rhs == -1);
                *st |= u8::from(zero) * fp::DIVIDE | u8::from(over) * fp::OVERFLOW;
                let d: $S = if zero | over { 1 } else { rhs };
                let ($x, $y) = (self, d);
                let q: $S = $div;
                let r = self.wrapping_sub(q.wrapping_mul(d));
                let q = q.wrapping_sub(<$S>::from((r != 0) & ((r < 0) != (d < 0))));
                if zero { 0 } else { q }
            }
            #[inline(always)]
            fn remainder(self, rhs: Self, st: &mut u8) -> Self {
                let r = Int::fmod(self, rhs, st);
                let other = (r != 0) & ((r < 0) != (rhs < 0));
                if other { r.wrapping_add(rhs) } else { r }
            }
            #[inline(always)]
            fn fmod(self, rhs: Self, st: &mut u8) -> Self {
                let zero = rhs == 0;
                *st |= u8::from(zero) * fp::DIVIDE;
                let d: $S = if zero | (rhs == -1) { 1 } else { rhs };
                let ($x, $y) = (self, d);
                let q: $S = $div;
                self.wrapping_sub(q.wrapping_mul(d)) * <$S>::from(!zero)
            }
            #[inline(always)]
            fn reciprocal(self, st: &mut u8) -> Self {
                if self == 0 {
                    *st |= fp::DIVIDE | fp::INVALID;
                    // What converting an infinite quotient to this width gives.
                    return if <$S>::BITS < 32 { 0 } else { <$S>::MIN };
                }
                1 as $S / self
            }
            #[inline(always)]
            fn is_negative(self) -> bool { self < 0 }
            #[inline(always)]
            fn right_shift(self, rhs: Self) -> Self {
                let count = (rhs as $U).min((<$U>::BITS - 1) as $U);
                self.wrapping_shr(count as u32)
            }
        }
        impl Int for $U {
            int_common!($U, $U);
            #[inline(always)]
            fn floor_divide(self, rhs: Self, st: &mut u8) -> Self {
                let zero = rhs == 0;
                *st |= u8::from(zero) * fp::DIVIDE;
                let d: $U = if zero { 1 } else { rhs };
                let ($x, $y) = (self, d);
                let q: $U = $udiv;
                q * <$U>::from(!zero)
            }
            #[inline(always)]
            fn remainder(self, rhs: Self, st: &mut u8) -> Self {
                Int::fmod(self, rhs, st)
            }
            #[inline(always)]
            fn fmod(self, rhs: Self, st: &mut u8) -> Self {
                let zero = rhs == 0;
                *st |= u8::from(zero) * fp::DIVIDE;
                let d: $U = if zero { 1 } else { rhs };
                let ($x, $y) = (self, d);
                let q: $U = $udiv;
                self.wrapping_sub(q.wrapping_mul(d)) * <$U>::from(!zero)
            }
            #[inline(always)]
            fn reciprocal(self, st: &mut u8) -> Self {
                if self == 0 {
                    *st |= fp::DIVIDE | fp::INVALID;
                    return 0;
                }
                1 as $U / self
            }
            #[inline(always)]
            fn is_negative(self) -> bool { false }
            #[inline(always)]
            fn right_shift(self, rhs: Self) -> Self {
                let shifted = self.wrapping_shr(rhs as u32);
                if rhs < <$U>::BITS as $U { shifted } else { 0 }
            }
        }
    )+};
}
// Quotients of narrow integers are those of floats: a fraction differs from a whole number by more
// than the rounding, and float division vectorises. All fit the 32-bit register.
ints! {
    i8, u8, |x, y| truncated(f32::from(x) / f32::from(y)) as i8,
        truncated(f32::from(x) / f32::from(y)) as u8;
    i16, u16, |x, y| truncated(f32::from(x) / f32::from(y)) as i16,
        truncated(f32::from(x) / f32::from(y)) as u16;
    i32, u32, |x, y| truncated_double(f64::from(x) / f64::from(y)),
        unsigned_double(f64::from(x) / f64::from(y));
    i64, u64, |x, y| x.wrapping_div(y), x / y;
}

/// The whole part of a quotient that fits.
#[inline(always)]
fn truncated_double(x: f64) -> i32 {
    // SAFETY: quotients of `i32` fit but for the smallest by -1, which callers divide by 1.
    unsafe { x.to_int_unchecked() }
}

/// The whole part of a quotient that fits.
#[inline(always)]
fn unsigned_double(x: f64) -> u32 {
    // SAFETY: finite, not negative and below 2^32.
    unsafe { x.to_int_unchecked() }
}

/// The whole part of a quotient of numbers below 2^16.
#[inline(always)]
fn truncated(x: f32) -> i32 {
    // SAFETY: finite and far below 2^31.
    unsafe { x.to_int_unchecked() }
}

/// `f32` and `f64`.
pub(crate) trait Real: Copy + PartialOrd + 'static {
    /// -1, 0, 1 or NaN.
    fn sign(self) -> Self;
    /// Remainder with the dividend's sign, exact.
    fn fmod(self, rhs: Self, st: &mut u8) -> Self;
    /// Quotient rounded down and remainder with the divisor's sign, as Python defines them.
    fn divmod(self, rhs: Self, st: &mut u8) -> (Self, Self);
    /// The remainder of [`Real::divmod`].
    fn remainder(self, rhs: Self, st: &mut u8) -> Self;
    /// The quotient of [`Real::divmod`].
    fn floor_divide(self, rhs: Self, st: &mut u8) -> Self;
    /// The magnitude with the sign of another number.
    fn with_sign(self, sign: Self) -> Self;
    /// The larger; NaN if one is NaN.
    fn maximum(self, rhs: Self) -> Self;
    /// The smaller; NaN if one is NaN.
    fn minimum(self, rhs: Self) -> Self;
    /// The larger; the other if one is NaN.
    fn fmax(self, rhs: Self) -> Self;
    /// The smaller; the other if one is NaN.
    fn fmin(self, rhs: Self) -> Self;
    /// Step from zero: 0 below, 1 above, `at_zero` there.
    fn heaviside(self, at_zero: Self) -> Self;
    /// Distance to the next number away from zero.
    fn spacing(self, st: &mut u8) -> Self;
    /// The next number after `self` towards `rhs`.
    fn nextafter(self, rhs: Self, st: &mut u8) -> Self;
}

/// Status of dividing by a float zero.
#[inline(always)]
fn division_by_zero(nonzero: bool, special: bool) -> u8 {
    match (special, nonzero) {
        (true, _) => 0,
        (false, true) => fp::DIVIDE,
        (false, false) => fp::INVALID,
    }
}

/// A truncated remainder `m`, moved to the divisor's sign.
#[inline(always)]
fn signed_remainder<T: Real + std::ops::Add<Output = T> + From<i8>>(m: T, rhs: T) -> T {
    let zero = T::from(0);
    if m == zero {
        zero.with_sign(rhs)
    } else if (rhs < zero) != (m < zero) {
        m + rhs
    } else {
        m
    }
}

macro_rules! reals {
    ($($T:ty);+) => {$(
        impl Real for $T {
            #[inline(always)]
            fn sign(self) -> Self {
                let s = <$T>::from(i8::from(self > 0.0) - i8::from(self < 0.0));
                if self != self { self } else { s }
            }
            #[inline(always)]
            fn fmod(self, rhs: Self, st: &mut u8) -> Self {
                let invalid = (rhs == 0.0) | self.is_infinite();
                if invalid & !(self.is_nan() | rhs.is_nan()) {
                    *st |= fp::INVALID;
                }
                self % rhs
            }
            #[inline(always)]
            fn divmod(self, rhs: Self, st: &mut u8) -> (Self, Self) {
                let m = self.fmod(rhs, st);
                let q = self / rhs;
                if rhs == 0.0 {
                    *st |= division_by_zero(self != 0.0, self.is_nan() | self.is_infinite());
                    return (q, m);
                }
                let mut whole = (self - m) / rhs;
                if whole.is_infinite() && !self.is_infinite() {
                    *st |= fp::OVERFLOW | fp::INVALID;
                }
                let adjust = (m != 0.0) & ((rhs < 0.0) != (m < 0.0));
                if adjust {
                    whole -= 1.0;
                }
                let floor = whole.floor();
                let floor = if whole - floor > 0.5 { floor + 1.0 } else { floor };
                let zero = (0.0 as $T).copysign(q);
                (if whole != 0.0 { floor } else { zero }, signed_remainder(m, rhs))
            }
            #[inline(always)]
            fn remainder(self, rhs: Self, st: &mut u8) -> Self {
                let m = self.fmod(rhs, st);
                if rhs == 0.0 { m } else { signed_remainder(m, rhs) }
            }
            #[inline(always)]
            fn floor_divide(self, rhs: Self, st: &mut u8) -> Self {
                if rhs == 0.0 {
                    *st |= division_by_zero(self != 0.0, self.is_nan() | self.is_infinite());
                    return self / rhs;
                }
                self.divmod(rhs, st).0
            }
            #[inline(always)]
            fn with_sign(self, sign: Self) -> Self {
                self.copysign(sign)
            }
            #[inline(always)]
            fn maximum(self, rhs: Self) -> Self {
                if self > rhs || self != self { self } else { rhs }
            }
            #[inline(always)]
            fn minimum(self, rhs: Self) -> Self {
                if self < rhs || self != self { self } else { rhs }
            }
            #[inline(always)]
            fn fmax(self, rhs: Self) -> Self {
                if self > rhs || rhs != rhs { self } else { rhs }
            }
            #[inline(always)]
            fn fmin(self, rhs: Self) -> Self {
                if self < rhs || rhs != rhs { self } else { rhs }
            }
            #[inline(always)]
            fn heaviside(self, at_zero: Self) -> Self {
                let step = if self > 0.0 { 1.0 } else { 0.0 };
                let step = if self == 0.0 { at_zero } else { step };
                if self != self { self } else { step }
            }
            #[inline(always)]
            fn spacing(self, st: &mut u8) -> Self {
                if self == 0.0 {
                    return <$T>::from_bits(1);
                }
                if !self.is_finite() {
                    return <$T>::NAN;
                }
                self.nextafter(<$T>::INFINITY.copysign(self), st) - self
            }
            #[inline(always)]
            fn nextafter(self, rhs: Self, st: &mut u8) -> Self {
                if self != self || rhs != rhs {
                    return <$T>::NAN;
                }
                if self == rhs {
                    return rhs;
                }
                let next = if self == 0.0 {
                    <$T>::from_bits(1).copysign(rhs)
                } else {
                    let bits = self.to_bits();
                    let away = (self < rhs) == (self > 0.0);
                    <$T>::from_bits(if away { bits + 1 } else { bits - 1 })
                };
                if next.is_infinite() {
                    *st |= fp::OVERFLOW;
                } else if !next.is_normal() {
                    *st |= fp::UNDERFLOW;
                }
                next
            }
        }
    )+};
}
reals!(f32; f64);
