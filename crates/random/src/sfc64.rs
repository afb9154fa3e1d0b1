//! SFC64: Chris Doty-Humphrey's small fast chaotic generator, from PractRand.

use crate::bitgen::{BitGen, Half};
use crate::seed_sequence::SeedSequence;

const WARM_UP: usize = 12;

/// Three chaotic words and a counter that bounds the shortest cycle from below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sfc64 {
    /// The words a, b, c and the counter.
    pub state: [u64; 4],
    /// The buffered 32 bits.
    pub half: Half,
}

impl Sfc64 {
    /// A generator seeded from `seq`.
    pub fn seeded(seq: &SeedSequence) -> Self {
        Self::from_words(seq.generate_u64())
    }

    /// A generator seeded by the words of a seed sequence.
    pub fn from_words([a, b, c]: [u64; 3]) -> Self {
        let mut sfc = Self {
            state: [a, b, c, 1],
            half: Half::default(),
        };
        for _ in 0..WARM_UP {
            sfc.next_u64();
        }
        sfc
    }
}

impl BitGen for Sfc64 {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        let [a, b, c, count] = self.state;
        let word = a.wrapping_add(b).wrapping_add(count);
        self.state = [
            b ^ (b >> 11),
            c.wrapping_add(c << 3),
            c.rotate_left(24).wrapping_add(word),
            count.wrapping_add(1),
        ];
        word
    }

    #[inline]
    fn next_u32(&mut self) -> u32 {
        let mut half = self.half;
        let word = half.next(|| self.next_u64());
        self.half = half;
        word
    }
}
