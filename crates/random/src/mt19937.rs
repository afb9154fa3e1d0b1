//! MT19937, the Mersenne Twister.
//!
//! Source: M. Matsumoto, T. Nishimura, "Mersenne Twister: A 623-dimensionally equidistributed
//! uniform pseudorandom number generator" (1998), with the seeding routines of 2002.

use crate::bitgen::BitGen;
use crate::seed_sequence::SeedSequence;

/// The number of 32-bit words in the state.
pub const LEN: usize = 624;
const SHIFT: usize = 397;
const UPPER: u32 = 0x8000_0000;
const TWIST: u32 = 0x9908_b0df;

/// x to the power 2¹²⁸ modulo the characteristic polynomial of the recurrence over GF(2), least
/// significant bit first.
const JUMP: &[u8; LEN * 4] = include_bytes!("mt19937_jump.bin");

/// The linear map of the recurrence on the top bit of one word and the rest of the next.
#[inline(always)]
fn twist(high: u32, low: u32) -> u32 {
    let word = (high & UPPER) | (low & !UPPER);
    (word >> 1) ^ (TWIST & (word & 1).wrapping_neg())
}

/// A Mersenne Twister.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mt19937 {
    /// The state words.
    pub key: [u32; LEN],
    /// The next word to hand out; `LEN` asks for a new block.
    pub pos: usize,
}

impl Mt19937 {
    /// A generator whose state words come from `seq`.
    pub fn seeded(seq: &SeedSequence) -> Self {
        let mut key = [0; LEN];
        seq.fill_u32(&mut key);
        Self::from_words(key)
    }

    /// A generator seeded by the words of a seed sequence.
    pub fn from_words(mut key: [u32; LEN]) -> Self {
        // The top bit of the first word is the only one of its bits that counts; it keeps the
        // state from being all zero.
        key[0] = UPPER;
        Self { key, pos: LEN - 1 }
    }

    /// A generator seeded by one word, as `RandomState(seed)` does it (2002 `init_genrand`).
    pub fn legacy_u32(seed: u32) -> Self {
        let mut key = [0; LEN];
        let mut word = seed;
        for (i, slot) in key.iter_mut().enumerate() {
            *slot = word;
            word = 1_812_433_253_u32
                .wrapping_mul(word ^ (word >> 30))
                .wrapping_add(i as u32 + 1);
        }
        Self { key, pos: LEN }
    }

    /// A generator seeded by several words (2002 `init_by_array`); `words` must not be empty.
    pub fn legacy_words(words: &[u32]) -> Self {
        let mut mt = Self::legacy_u32(19_650_218);
        let key = &mut mt.key;
        let stir = |key: &mut [u32; LEN], i: usize, mult: u32| {
            key[i] ^ (key[i - 1] ^ (key[i - 1] >> 30)).wrapping_mul(mult)
        };
        let mut i = 1;
        let mut advance = |key: &mut [u32; LEN], word: u32| {
            key[i] = word;
            i += 1;
            if i == LEN {
                key[0] = key[LEN - 1];
                i = 1;
            }
            i
        };
        let mut at = 1;
        for step in 0..LEN.max(words.len()) {
            let j = step % words.len();
            let word = stir(key, at, 1_664_525)
                .wrapping_add(words[j])
                .wrapping_add(j as u32);
            at = advance(key, word);
        }
        for _ in 1..LEN {
            let word = stir(key, at, 1_566_083_941).wrapping_sub(at as u32);
            at = advance(key, word);
        }
        key[0] = UPPER;
        mt
    }

    /// A copy that is `jumps` times 2¹²⁸ words ahead.
    ///
    /// Method: H. Haramoto, M. Matsumoto, T. Nishimura, F. Panneton, P. L'Ecuyer, "Efficient Jump
    /// Ahead for F2-Linear Random Number Generators" (2008), by Horner's rule. The state counts as
    /// a ring of words that starts at `pos`.
    pub fn jumped(&self, jumps: u128) -> Self {
        let mut ahead = self.clone();
        ahead.pos %= LEN;
        for _ in 0..jumps {
            ahead = ahead.jump();
        }
        ahead
    }

    fn jump(&self) -> Self {
        let bit = |i: usize| JUMP[i / 8] >> (i % 8) & 1 == 1;
        let degree = (0..JUMP.len() * 8).rfind(|&i| bit(i)).unwrap_or(0);
        let mut sum = self.clone();
        for i in (0..degree).rev() {
            sum.step();
            if bit(i) {
                sum.add(self);
            }
        }
        sum
    }

    /// One step of the recurrence on the ring.
    fn step(&mut self) {
        let next = (self.pos + 1) % LEN;
        let word = twist(self.key[self.pos], self.key[next]);
        self.key[self.pos] = self.key[(self.pos + SHIFT) % LEN] ^ word;
        self.pos = next;
    }

    /// Adds another ring, start to start.
    fn add(&mut self, rhs: &Self) {
        let turn = (self.pos + LEN - rhs.pos) % LEN;
        let (head, tail) = rhs.key.split_at(LEN - turn);
        let words = tail.iter().chain(head);
        self.key
            .iter_mut()
            .zip(words)
            .for_each(|(slot, word)| *slot ^= word);
    }

    /// Replaces the state by the next block of words.
    fn refill(&mut self) {
        let key = &mut self.key;
        for i in 0..LEN - SHIFT {
            key[i] = key[i + SHIFT] ^ twist(key[i], key[i + 1]);
        }
        for i in LEN - SHIFT..LEN - 1 {
            key[i] = key[i + SHIFT - LEN] ^ twist(key[i], key[i + 1]);
        }
        key[LEN - 1] = key[SHIFT - 1] ^ twist(key[LEN - 1], key[0]);
        self.pos = 0;
    }

    #[inline]
    fn next_word(&mut self) -> u32 {
        if self.pos >= LEN {
            self.refill();
        }
        let mut word = self.key[self.pos];
        self.pos += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }
}

impl BitGen for Mt19937 {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        let high = u64::from(self.next_word());
        high << 32 | u64::from(self.next_word())
    }

    #[inline]
    fn next_u32(&mut self) -> u32 {
        self.next_word()
    }

    /// 53 bits from two words: 27 of the first, 26 of the second.
    #[inline]
    fn next_double(&mut self) -> f64 {
        let high = f64::from(self.next_word() >> 5);
        let low = f64::from(self.next_word() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    #[inline]
    fn next_raw(&mut self) -> u64 {
        u64::from(self.next_word())
    }
}
