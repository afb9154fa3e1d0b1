//! IEEE binary16 by way of `f32`: conversions as branch-free bit arithmetic that vectorises.

use crate::loops::fp;
use numoxide_dtype::F16;

/// The exact `f32` of a half.
#[inline(always)]
pub fn to_f32(h: F16) -> f32 {
    let magnitude = u32::from(h.0 & 0x7fff) << 13;
    // Multiplying by 2^112 rebases the exponent and normalises subnormals; inf and NaN keep theirs.
    let scaled = (f32::from_bits(magnitude) * f32::from_bits(0x7780_0000)).to_bits();
    let special = magnitude | 0x7f80_0000;
    let bits = if magnitude >= 0x0f80_0000 {
        special
    } else {
        scaled
    };
    f32::from_bits(bits | (u32::from(h.0 & 0x8000) << 16))
}

/// The nearest half, ties to even.
#[inline(always)]
pub fn from_f32(x: f32) -> F16 {
    let bits = x.to_bits();
    let sign = (bits >> 16) & 0x8000;
    let mag = bits & 0x7fff_ffff;
    // Normal results: rebase the exponent and round on the bits.
    let odd = (mag >> 13) & 1;
    let normal = mag.wrapping_sub(0x3800_0000).wrapping_add(0x0fff + odd) >> 13;
    // Subnormal results: let the addition of 0.5 align and round the mantissa.
    let half = f32::from_bits(0x3f00_0000);
    let subnormal = (f32::from_bits(mag) + half)
        .to_bits()
        .wrapping_sub(0x3f00_0000);
    let finite = if mag < 0x3880_0000 { subnormal } else { normal };
    // A NaN keeps the top of its payload and never becomes an infinity.
    let payload = (mag >> 13) & 0x3ff;
    let nan = 0x7c00 | payload | u32::from(payload == 0);
    let special = if mag > 0x7f80_0000 { nan } else { 0x7c00 };
    let out = if mag >= 0x477f_f000 { special } else { finite };
    F16((sign | out) as u16)
}

/// Status bits of rounding `x` to the half `h`.
#[inline(always)]
pub(crate) fn rounding_status(x: f32, h: F16) -> u8 {
    let m = h.0 & 0x7fff;
    let overflow = (m == 0x7c00) & x.is_finite();
    let underflow = (m < 0x0400) & (to_f32(h) != x) & !x.is_nan();
    (u8::from(overflow) * fp::OVERFLOW) | (u8::from(underflow) * fp::UNDERFLOW)
}

/// Rounds a result to half, noting overflow and underflow.
#[inline(always)]
pub(crate) fn round(x: f32, st: &mut u8) -> F16 {
    let h = from_f32(x);
    *st |= rounding_status(x, h);
    h
}

/// A reduction of halves that stays in `f32` until its end.
#[inline(always)]
pub(crate) fn fold(
    f: impl Fn(f32, f32) -> f32,
) -> impl FnOnce(F16, *const u8, isize, usize, &mut u8) -> F16 {
    move |acc, b, sb, n, st| {
        let mut acc = to_f32(acc);
        for i in 0..n {
            // SAFETY: the contract of `Op2::reduce`, whose arguments these are.
            let x = unsafe { b.wrapping_offset(i as isize * sb).cast::<F16>().read() };
            acc = f(acc, to_f32(x));
        }
        round(acc, st)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The obvious conversion: pick the nearest of all halves.
    fn slow(x: f64) -> u16 {
        let value = |h: u16| f64::from(to_f32(F16(h)));
        if x >= 65520.0 {
            return 0x7c00;
        }
        let mut lo = 0u16;
        let mut hi = 0x7bff;
        while lo < hi {
            let mid = lo + (hi - lo).div_ceil(2);
            if value(mid) <= x {
                lo = mid;
            } else {
                hi = mid - 1;
            }
        }
        if lo == 0x7bff {
            return lo;
        }
        let (down, up) = (x - value(lo), value(lo + 1) - x);
        lo + u16::from(up < down || (up == down && lo & 1 == 1))
    }

    #[test]
    fn halves_survive_the_round_trip() {
        for h in 0..=u16::MAX {
            let back = from_f32(to_f32(F16(h))).0;
            assert_eq!(back, h, "{h:#x}");
        }
    }

    #[test]
    fn rounding_is_to_nearest_even() {
        for i in 0..0x7c00u32 {
            let (a, b) = (
                to_f32(F16(i as u16)),
                to_f32(F16((i + 1).min(0x7bff) as u16)),
            );
            let mid = (a + b) / 2.0;
            for x in [mid, mid.next_up(), mid.next_down()] {
                assert_eq!(from_f32(x).0, slow(f64::from(x)), "{x}");
            }
        }
        assert_eq!(from_f32(1e-30).0, 0);
        assert_eq!(from_f32(-1e9).0, 0xfc00);
    }
}
