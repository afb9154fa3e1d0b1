//! The x87 80-bit float: conversions to and from the other formats, on its bits.
//!
//! Layout: 64-bit significand with an explicit leading bit, then sign and 15-bit exponent (bias
//! 16383). Conversions to it are exact; conversions from it round to nearest, ties to even.

use crate::element::F80;

/// What a conversion out of the 80-bit format did to the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rounding {
    /// A finite value became infinite.
    pub overflow: bool,
    /// A tiny value lost digits.
    pub underflow: bool,
    /// Out of the integer's range, or NaN.
    pub invalid: bool,
}

const BIAS: i32 = 16383;
const TOP: u64 = 1 << 63;

impl F80 {
    /// From sign, biased exponent and significand.
    pub const fn from_parts(negative: bool, exponent: u16, significand: u64) -> F80 {
        let s = significand.to_le_bytes();
        let e = (exponent | ((negative as u16) << 15)).to_le_bytes();
        F80([
            s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], e[0], e[1], 0, 0, 0, 0, 0, 0,
        ])
    }

    /// Sign, biased exponent and significand.
    #[inline]
    pub fn parts(self) -> (bool, u16, u64) {
        let b = self.0;
        let s = u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
        let e = u16::from_le_bytes([b[8], b[9]]);
        (e >> 15 != 0, e & 0x7fff, s)
    }

    /// Whether the value is neither infinite nor not a number.
    pub fn is_finite(self) -> bool {
        self.parts().1 != 0x7fff
    }

    /// Whether the value is not a number.
    pub fn is_nan(self) -> bool {
        let (_, e, s) = self.parts();
        e == 0x7fff && s << 1 != 0
    }

    /// Whether the value is zero of either sign.
    pub fn is_zero(self) -> bool {
        let (_, e, s) = self.parts();
        e == 0 && s == 0
    }

    /// The exact value of an unsigned integer.
    pub fn from_u64(value: u64) -> F80 {
        F80::scaled(false, 63, value)
    }

    /// The exact value of a signed integer.
    pub fn from_i64(value: i64) -> F80 {
        F80::scaled(value < 0, 63, value.unsigned_abs())
    }

    /// `significand * 2^(exponent - 63)` for a value in the normal range.
    fn scaled(negative: bool, exponent: i32, significand: u64) -> F80 {
        if significand == 0 {
            return F80::from_parts(negative, 0, 0);
        }
        let shift = significand.leading_zeros();
        let e = exponent + BIAS - shift as i32;
        F80::from_parts(negative, e as u16, significand << shift)
    }

    /// The exact value of a double; a NaN keeps its payload and becomes quiet.
    pub fn from_f64(value: f64) -> F80 {
        let bits = value.to_bits();
        let negative = bits >> 63 != 0;
        let e = (bits >> 52 & 0x7ff) as i32;
        let m = bits & ((1 << 52) - 1);
        match e {
            0x7ff if m == 0 => F80::from_parts(negative, 0x7fff, TOP),
            0x7ff => F80::from_parts(negative, 0x7fff, TOP | 1 << 62 | m << 11),
            0 => F80::scaled(negative, -1022 + 11, m),
            _ => F80::from_parts(negative, (e - 1023 + BIAS) as u16, TOP | m << 11),
        }
    }

    /// The nearest double.
    pub fn to_f64(self, r: &mut Rounding) -> f64 {
        let bits = self.narrow(r, 52, 1023);
        f64::from_bits(bits)
    }

    /// The nearest float.
    pub fn to_f32(self, r: &mut Rounding) -> f32 {
        f32::from_bits(self.narrow(r, 23, 127) as u32)
    }

    /// Bits of the nearest value of an IEEE format with `digits` stored mantissa bits.
    fn narrow(self, r: &mut Rounding, digits: u32, bias: i32) -> u64 {
        let (negative, e, s) = self.parts();
        let width = if digits == 52 { 63 } else { 31 };
        let sign = u64::from(negative) << width;
        let inf = ((2 * bias + 1) as u64) << digits;
        if e == 0x7fff {
            let payload = (s << 1) >> (64 - digits);
            let nan = inf | 1 << (digits - 1) | payload;
            return sign | if s << 1 == 0 { inf } else { nan };
        }
        if s == 0 {
            return sign;
        }
        // Exponent in the target; below 1 the significand is shifted further, as a subnormal.
        let lead = s.leading_zeros();
        let s = s << lead;
        let target = i32::from(e.max(1)) - BIAS + bias - lead as i32;
        if target > 2 * bias {
            r.overflow = true;
            return sign | inf;
        }
        let extra = (1 - target).max(0) as u32;
        let drop = 63 - digits + extra;
        let (kept, rest, half) = match drop {
            0..=63 => (s >> drop, s & ((1u64 << drop) - 1), 1u64 << (drop - 1)),
            64 => (0, s, TOP),
            _ => (0, 1, 2),
        };
        let up = rest > half || (rest == half && kept & 1 == 1);
        // The stored leading bit of a normal value adds one to the exponent field.
        let base = (target.max(1) - 1) as u64;
        let bits = (base << digits) + kept + u64::from(up);
        if bits >= inf {
            r.overflow = true;
            return sign | inf;
        }
        r.underflow |= target < 1 && rest != 0;
        sign | bits
    }

    /// Truncation to a 64-bit integer, as the x87 does it: the smallest one when out of range.
    pub fn to_i64(self, r: &mut Rounding) -> i64 {
        self.to_signed(64, r)
    }

    /// Truncation to a signed integer of `bits` bits; the smallest one when out of range.
    pub fn to_signed(self, bits: u32, r: &mut Rounding) -> i64 {
        let (negative, e, s) = self.parts();
        let shift = i32::from(e) - BIAS;
        let smallest = i64::MIN >> (64 - bits);
        if shift < 0 {
            return 0;
        }
        if shift >= 63 {
            let exact = negative && shift == 63 && s == TOP && bits == 64;
            r.invalid |= !exact;
            return smallest;
        }
        let magnitude = (s >> (63 - shift)) as i64;
        let value = if negative { -magnitude } else { magnitude };
        if value < smallest || value > !smallest {
            r.invalid = true;
            return smallest;
        }
        value
    }

    /// Truncation to an unsigned 64-bit integer: the upper half by way of a subtraction, as
    /// compilers do it; negative values wrap.
    pub fn to_u64(self, r: &mut Rounding) -> u64 {
        let (negative, e, s) = self.parts();
        match i32::from(e) - BIAS {
            63 if !negative => s,
            shift if shift > 63 && !negative && !self.is_nan() => {
                r.invalid = true;
                0
            }
            _ => self.to_i64(r) as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_survive_the_round_trip() {
        let mut x = 5e-324f64;
        while x.is_finite() {
            for v in [x, -x, x.next_up(), x * 1.1] {
                let mut r = Rounding::default();
                assert_eq!(F80::from_f64(v).to_f64(&mut r), v);
                assert_eq!(r, Rounding::default());
                let mut q = Rounding::default();
                assert_eq!(F80::from_f64(v).to_f32(&mut q), v as f32, "{v}");
            }
            x *= 1.7;
        }
        assert_eq!(
            F80::from_f64(f64::INFINITY).to_f64(&mut Rounding::default()),
            f64::INFINITY
        );
        assert!(F80::from_f64(f64::NAN)
            .to_f64(&mut Rounding::default())
            .is_nan());
    }

    #[test]
    fn integers_survive_the_round_trip() {
        for v in [0, 1, -1, 70000, i64::MAX, i64::MIN, -123456789012345678] {
            let mut r = Rounding::default();
            assert_eq!(F80::from_i64(v).to_i64(&mut r), v);
            assert_eq!(r, Rounding::default());
        }
        for v in [0, 1, u64::MAX, 1 << 63] {
            assert_eq!(F80::from_u64(v).to_u64(&mut Rounding::default()), v);
        }
        let mut r = Rounding::default();
        assert_eq!(F80::from_i64(40000).to_signed(16, &mut r), -32768);
        assert!(r.invalid);
    }
}
