//! PCG64 and PCG64DXSM: 128-bit linear congruential generators with a permuted output.
//!
//! Source: M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
//! Algorithms for Random Number Generation" (2014); the DXSM output function and the 64-bit
//! multiplier are from the same author's `pcg_extras`.

use crate::bitgen::{unit_double, BitGen, Half};
use crate::seed_sequence::SeedSequence;

const MULT: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;
const CHEAP_MULT: u128 = 0xda94_2042_e4dd_58b5;
/// 2¹²⁸ divided by the golden ratio: the distance of one jump.
const JUMP: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
/// How many interleaved streams a bulk fill runs, to hide the latency of the 128-bit multiply.
const LANES: usize = 4;
const LANE_THRESHOLD: usize = 32;

/// An affine step `x -> mult * x + inc` modulo 2¹²⁸.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lcg {
    mult: u128,
    inc: u128,
}

impl Lcg {
    #[inline(always)]
    fn apply(self, state: u128) -> u128 {
        state.wrapping_mul(self.mult).wrapping_add(self.inc)
    }

    /// This step taken `count` times, by repeated squaring (F. Brown, 1994).
    fn repeat(self, mut count: u128) -> Self {
        let mut total = Self { mult: 1, inc: 0 };
        let mut power = self;
        while count > 0 {
            if count & 1 == 1 {
                total = Self {
                    mult: total.mult.wrapping_mul(power.mult),
                    inc: power.apply(total.inc),
                };
            }
            power = Self {
                mult: power.mult.wrapping_mul(power.mult),
                inc: power.apply(power.inc),
            };
            count >>= 1;
        }
        total
    }
}

/// What the two PCG generators differ in.
trait Variant {
    const MULT: u128;
    /// Whether the output is made from the state after the step.
    const STEP_FIRST: bool;
    fn output(state: u128) -> u64;
}

/// XSL-RR: fold the halves, rotate by the top bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct XslRr;

impl Variant for XslRr {
    const MULT: u128 = MULT;
    const STEP_FIRST: bool = true;

    #[inline(always)]
    fn output(state: u128) -> u64 {
        ((state >> 64) as u64 ^ state as u64).rotate_right((state >> 122) as u32)
    }
}

/// DXSM: double xorshift multiply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Dxsm;

impl Variant for Dxsm {
    const MULT: u128 = CHEAP_MULT;
    const STEP_FIRST: bool = false;

    #[inline(always)]
    fn output(state: u128) -> u64 {
        let low = state as u64 | 1;
        let mut high = (state >> 64) as u64;
        high ^= high >> 32;
        high = high.wrapping_mul(CHEAP_MULT as u64);
        high ^= high >> 48;
        high.wrapping_mul(low)
    }
}

/// The generator proper, without the buffered half.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Core<V> {
    state: u128,
    inc: u128,
    variant: std::marker::PhantomData<V>,
}

impl<V: Variant> Core<V> {
    fn new(state: u128, inc: u128) -> Self {
        Self {
            state,
            inc,
            variant: std::marker::PhantomData,
        }
    }

    fn from_words([state_high, state_low, inc_high, inc_low]: [u64; 4]) -> Self {
        let init = u128::from(state_high) << 64 | u128::from(state_low);
        let stream = u128::from(inc_high) << 64 | u128::from(inc_low);
        let mut core = Self::new(0, (stream << 1) | 1);
        // Both variants are seeded with the full multiplier.
        core.state = Lcg {
            mult: MULT,
            inc: core.inc,
        }
        .apply(core.inc.wrapping_add(init));
        core
    }

    #[inline(always)]
    fn step(&self) -> Lcg {
        Lcg {
            mult: V::MULT,
            inc: self.inc,
        }
    }

    #[inline(always)]
    fn next(&mut self) -> u64 {
        let before = self.state;
        self.state = self.step().apply(before);
        V::output(if V::STEP_FIRST { self.state } else { before })
    }

    fn advance(&mut self, delta: u128) {
        self.state = self.step().repeat(delta).apply(self.state);
    }

    /// Fills `out` with `convert` of successive words, four interleaved streams at a time.
    #[inline(always)]
    fn fill<T>(&mut self, out: &mut [T], convert: impl Fn(u64) -> T) {
        let lanes_len = if out.len() < LANE_THRESHOLD {
            0
        } else {
            out.len() / LANES * LANES
        };
        let (bulk, rest) = out.split_at_mut(lanes_len);
        if !bulk.is_empty() {
            let step = self.step();
            let leap = step.repeat(LANES as u128);
            let mut lanes = [self.state; LANES];
            if V::STEP_FIRST {
                lanes[0] = step.apply(lanes[0]);
            }
            for i in 1..LANES {
                lanes[i] = step.apply(lanes[i - 1]);
            }
            for block in bulk.chunks_exact_mut(LANES) {
                for (slot, lane) in block.iter_mut().zip(&mut lanes) {
                    *slot = convert(V::output(*lane));
                    *lane = leap.apply(*lane);
                }
            }
            self.advance(lanes_len as u128);
        }
        rest.iter_mut()
            .for_each(|slot| *slot = convert(self.next()));
    }
}

macro_rules! pcg {
    ($(#[$doc:meta])* $name:ident, $variant:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            core: Core<$variant>,
            /// The buffered 32 bits.
            pub half: Half,
        }

        impl $name {
            /// A generator seeded from `seq`.
            pub fn seeded(seq: &SeedSequence) -> Self {
                Self::from_words(seq.generate_u64())
            }

            /// A generator seeded by the words of a seed sequence.
            pub fn from_words(words: [u64; 4]) -> Self {
                Self { core: Core::from_words(words), half: Half::default() }
            }

            /// A generator with the given state and increment.
            pub fn from_state(state: u128, inc: u128, half: Half) -> Self {
                Self { core: Core::new(state, inc), half }
            }

            /// The state of the congruential generator.
            pub fn state(&self) -> u128 {
                self.core.state
            }

            /// The increment, which selects the stream.
            pub fn inc(&self) -> u128 {
                self.core.inc
            }

            /// Moves on by `delta` words (modulo 2¹²⁸, so backwards too) and drops the half.
            pub fn advance(&mut self, delta: u128) {
                self.core.advance(delta);
                self.half = Half::default();
            }

            /// A copy that is `jumps` jumps of 2¹²⁸/φ words ahead.
            pub fn jumped(&self, jumps: u128) -> Self {
                let mut ahead = self.clone();
                ahead.advance(JUMP.wrapping_mul(jumps));
                ahead
            }
        }

        impl BitGen for $name {
            #[inline]
            fn next_u64(&mut self) -> u64 {
                self.core.next()
            }

            #[inline]
            fn next_u32(&mut self) -> u32 {
                self.half.next(|| self.core.next())
            }

            fn fill_double(&mut self, out: &mut [f64]) {
                self.core.fill(out, unit_double);
            }

            fn fill_u64(&mut self, out: &mut [u64]) {
                self.core.fill(out, |word| word);
            }

            fn fill_raw(&mut self, out: &mut [u64]) {
                self.core.fill(out, |word| word);
            }
        }
    };
}

pcg!(
    /// PCG with the XSL-RR output function: the default generator.
    Pcg64,
    XslRr
);
pcg!(
    /// PCG with the DXSM output function and a cheaper multiplier.
    Pcg64Dxsm,
    Dxsm
);
