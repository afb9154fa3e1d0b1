//! The interface between bit generators and distributions.

use crate::bounded::{self, Method};
use crate::ziggurat;

/// A source of uniformly distributed bits.
pub trait BitGen {
    /// The next 64 random bits.
    fn next_u64(&mut self) -> u64;

    /// The next 32 random bits; generators of 64 bits hand out each word as two halves.
    fn next_u32(&mut self) -> u32;

    /// A double in [0, 1) on the grid of 2⁻⁵³.
    #[inline]
    fn next_double(&mut self) -> f64 {
        unit_double(self.next_u64())
    }

    /// The next word as the underlying algorithm makes it.
    #[inline]
    fn next_raw(&mut self) -> u64 {
        self.next_u64()
    }

    /// A float in [0, 1) on the grid of 2⁻²⁴.
    #[inline]
    fn next_float(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// Fills `out` with what [`BitGen::next_double`] would give.
    fn fill_double(&mut self, out: &mut [f64]) {
        out.iter_mut().for_each(|slot| *slot = self.next_double());
    }

    /// Fills `out` with what [`BitGen::next_float`] would give.
    fn fill_float(&mut self, out: &mut [f32]) {
        out.iter_mut().for_each(|slot| *slot = self.next_float());
    }

    /// Fills `out` with what [`BitGen::next_u64`] would give.
    fn fill_u64(&mut self, out: &mut [u64]) {
        out.iter_mut().for_each(|slot| *slot = self.next_u64());
    }

    /// Fills `out` with what [`BitGen::next_raw`] would give.
    fn fill_raw(&mut self, out: &mut [u64]) {
        out.iter_mut().for_each(|slot| *slot = self.next_raw());
    }

    /// Fills `out` with standard normal variates.
    fn fill_normal(&mut self, out: &mut [f64]) {
        ziggurat::fill_normal(self, out);
    }

    /// Fills `out` with standard normal variates in single precision.
    fn fill_normal_f32(&mut self, out: &mut [f32]) {
        ziggurat::fill_normal_f32(self, out);
    }

    /// Fills `out` with standard exponential variates.
    fn fill_exponential(&mut self, out: &mut [f64]) {
        ziggurat::fill_exponential(self, out);
    }

    /// Fills `out` with standard exponential variates in single precision.
    fn fill_exponential_f32(&mut self, out: &mut [f32]) {
        ziggurat::fill_exponential_f32(self, out);
    }

    /// Fills `out` with `offset` plus integers uniform on `[0, range]`.
    fn fill_bounded_u64(&mut self, offset: u64, range: u64, method: Method, out: &mut [u64]) {
        bounded::fill_u64(self, offset, range, method, out);
    }

    /// Fills `out` with `offset` plus integers uniform on `[0, range]`.
    fn fill_bounded_u32(&mut self, offset: u32, range: u32, method: Method, out: &mut [u32]) {
        bounded::fill(self, offset, range, method, out);
    }

    /// Fills `out` with `offset` plus integers uniform on `[0, range]`.
    fn fill_bounded_u16(&mut self, offset: u16, range: u16, method: Method, out: &mut [u16]) {
        bounded::fill(self, offset, range, method, out);
    }

    /// Fills `out` with `offset` plus integers uniform on `[0, range]`.
    fn fill_bounded_u8(&mut self, offset: u8, range: u8, method: Method, out: &mut [u8]) {
        bounded::fill(self, offset, range, method, out);
    }

    /// Fills `out` with truth values, both equally likely.
    fn fill_bool(&mut self, out: &mut [u8]) {
        bounded::fill_bool(self, out);
    }
}

/// The upper 53 bits of a word as a double in [0, 1).
#[inline]
pub fn unit_double(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// The half of a 64-bit word that waits for the next request of 32 bits.
///
/// It survives requests of 64 bits in between, and its value stays visible after it was used,
/// because both show in a generator's saved state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Half {
    /// Whether a half is waiting.
    pub has: bool,
    /// The half, or the last one used.
    pub value: u32,
}

impl Half {
    /// Takes the waiting half, or splits a fresh word.
    #[inline]
    pub fn next(&mut self, fresh: impl FnOnce() -> u64) -> u32 {
        if self.has {
            self.has = false;
            return self.value;
        }
        let word = fresh();
        self.has = true;
        self.value = (word >> 32) as u32;
        word as u32
    }
}
