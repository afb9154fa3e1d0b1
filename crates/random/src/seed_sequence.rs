//! Seed scrambling.
//!
//! Method: the `seed_seq_fe` hash of M. E. O'Neill, "Developing a seed_seq Alternative" (2015),
//! in the variant described in NumPy's documentation: a pool of 32-bit words absorbs the entropy,
//! every word is mixed into every other, and output words are hashed from the pool in turn.

const INIT_A: u32 = 0x43b0_d7e5;
const MULT_A: u32 = 0x931e_8875;
const INIT_B: u32 = 0x8b51_f9dd;
const MULT_B: u32 = 0x58f3_8ded;
const MIX_L: u32 = 0xca01_f9dd;
const MIX_R: u32 = 0x4973_f715;
const XSHIFT: u32 = 16;

/// The number of 32-bit words in a pool unless the caller asks for more.
pub const DEFAULT_POOL_SIZE: usize = 4;

/// A running multiplicative hash: each word is keyed by how many words came before it.
struct Hasher {
    key: u32,
    mult: u32,
}

impl Hasher {
    fn absorb(&mut self, word: u32) -> u32 {
        let word = word ^ self.key;
        self.key = self.key.wrapping_mul(self.mult);
        let word = word.wrapping_mul(self.key);
        word ^ (word >> XSHIFT)
    }
}

fn mix(x: u32, y: u32) -> u32 {
    let word = MIX_L.wrapping_mul(x).wrapping_sub(MIX_R.wrapping_mul(y));
    word ^ (word >> XSHIFT)
}

/// Entropy mixed into a pool, from which any number of independent streams can be seeded.
#[derive(Clone, Debug)]
pub struct SeedSequence {
    pool: Vec<u32>,
}

impl SeedSequence {
    /// Mixes `entropy` and `spawn_key`, given as little-endian 32-bit words, into a new pool.
    ///
    /// An integer contributes its words without leading zeros (zero is one word); see
    /// [`int_words`].
    pub fn new(entropy: &[u32], spawn_key: &[u32], pool_size: usize) -> Self {
        let mut words = entropy.to_vec();
        // A child must differ from a root whose longer entropy happens to end in the child's key.
        if !spawn_key.is_empty() && words.len() < pool_size {
            words.resize(pool_size, 0);
        }
        words.extend_from_slice(spawn_key);
        let mut hasher = Hasher {
            key: INIT_A,
            mult: MULT_A,
        };
        let mut pool: Vec<u32> = (0..pool_size)
            .map(|i| hasher.absorb(words.get(i).copied().unwrap_or(0)))
            .collect();
        for src in 0..pool_size {
            for dst in (0..pool_size).filter(|&dst| dst != src) {
                pool[dst] = mix(pool[dst], hasher.absorb(pool[src]));
            }
        }
        for &word in words.iter().skip(pool_size) {
            for slot in &mut pool {
                *slot = mix(*slot, hasher.absorb(word));
            }
        }
        Self { pool }
    }

    /// A sequence from one small integer, with the default pool and no spawn key.
    pub fn from_u64(seed: u64) -> Self {
        Self::new(
            &int_words(&[seed as u32, (seed >> 32) as u32]),
            &[],
            DEFAULT_POOL_SIZE,
        )
    }

    /// A sequence whose pool was saved.
    pub fn from_pool(pool: Vec<u32>) -> Self {
        Self { pool }
    }

    /// The mixed pool.
    pub fn pool(&self) -> &[u32] {
        &self.pool
    }

    /// Fills `out` with seed words; the same words on every call.
    pub fn fill_u32(&self, out: &mut [u32]) {
        let mut hasher = Hasher {
            key: INIT_B,
            mult: MULT_B,
        };
        for (slot, &word) in out.iter_mut().zip(self.pool.iter().cycle()) {
            *slot = hasher.absorb(word);
        }
    }

    /// The first `n` seed words of 32 bits.
    pub fn generate_u32(&self, n: usize) -> Vec<u32> {
        let mut out = vec![0; n];
        self.fill_u32(&mut out);
        out
    }

    /// The first `N` seed words of 64 bits, each from two 32-bit words, low half first.
    pub fn generate_u64<const N: usize>(&self) -> [u64; N] {
        let words = self.generate_u32(2 * N);
        std::array::from_fn(|i| u64::from(words[2 * i]) | u64::from(words[2 * i + 1]) << 32)
    }
}

/// The words of one integer without leading zeros; zero keeps one word.
pub fn int_words(little_endian: &[u32]) -> Vec<u32> {
    let len = little_endian
        .iter()
        .rposition(|&word| word != 0)
        .map_or(1, |last| last + 1);
    let mut words = little_endian[..len.min(little_endian.len())].to_vec();
    words.resize(len, 0);
    words
}
