//! The interface between bit generators and distributions.

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
