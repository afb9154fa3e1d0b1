//! Philox 4x64 with ten rounds: a counter-based generator.
//!
//! Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel Random Numbers: As Easy
//! as 1, 2, 3" (SC11).

use crate::bitgen::{BitGen, Half};
use crate::seed_sequence::SeedSequence;

const MULT: [u64; 2] = [0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157];
/// The Weyl increments of the key: the golden ratio and √3 − 1.
const WEYL: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];
const ROUNDS: usize = 10;
/// The number of words that one counter value gives.
pub const BLOCK: usize = 4;

/// A Philox generator: a key, a 256-bit counter and the block made from its last value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Philox {
    /// The counter, least significant word first; it moves before a block is made.
    pub counter: [u64; 4],
    /// The key, which selects the stream.
    pub key: [u64; 2],
    /// The words of the current block.
    pub buffer: [u64; BLOCK],
    /// How many words of the block were handed out.
    pub buffer_pos: usize,
    /// The buffered 32 bits.
    pub half: Half,
}

impl Philox {
    /// A generator whose key is drawn from `seq`, with the counter at zero.
    pub fn seeded(seq: &SeedSequence) -> Self {
        Self::from_key(seq.generate_u64(), [0; 4])
    }

    /// A generator with the given key and counter and an empty buffer.
    pub fn from_key(key: [u64; 2], counter: [u64; 4]) -> Self {
        Self {
            counter,
            key,
            buffer: [0; BLOCK],
            buffer_pos: BLOCK,
            half: Half::default(),
        }
    }

    /// Adds `delta` (256 bits, least significant word first) to the counter and empties the
    /// buffers.
    pub fn advance(&mut self, delta: [u64; 4]) {
        add(&mut self.counter, delta);
        self.buffer_pos = BLOCK;
        self.half = Half::default();
    }

    /// A copy whose counter is `jumps` times 2¹²⁸ ahead.
    pub fn jumped(&self, jumps: u128) -> Self {
        let mut ahead = self.clone();
        ahead.advance([0, 0, jumps as u64, (jumps >> 64) as u64]);
        ahead
    }
}

fn add(counter: &mut [u64; 4], delta: [u64; 4]) {
    let mut carry = false;
    for (word, add) in counter.iter_mut().zip(delta) {
        let (sum, over) = word.overflowing_add(add);
        let (sum, over_carry) = sum.overflowing_add(u64::from(carry));
        *word = sum;
        carry = over || over_carry;
    }
}

/// Ten rounds of multiply, swap and key mixing.
fn block(mut ctr: [u64; 4], mut key: [u64; 2]) -> [u64; BLOCK] {
    for round in 0..ROUNDS {
        if round > 0 {
            key = std::array::from_fn(|i| key[i].wrapping_add(WEYL[i]));
        }
        let even = u128::from(MULT[0]) * u128::from(ctr[0]);
        let odd = u128::from(MULT[1]) * u128::from(ctr[2]);
        ctr = [
            (odd >> 64) as u64 ^ ctr[1] ^ key[0],
            odd as u64,
            (even >> 64) as u64 ^ ctr[3] ^ key[1],
            even as u64,
        ];
    }
    ctr
}

impl BitGen for Philox {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        if self.buffer_pos >= BLOCK {
            add(&mut self.counter, [1, 0, 0, 0]);
            self.buffer = block(self.counter, self.key);
            self.buffer_pos = 0;
        }
        let word = self.buffer[self.buffer_pos];
        self.buffer_pos += 1;
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
