//! Integers uniform on `[0, range]`.
//!
//! Two methods: the multiply-and-reject one of D. Lemire, "Fast Random Integer Generation in an
//! Interval" (2019), and for the legacy interface masking to the next power of two with
//! rejection. Narrow types cut several values from one 32-bit word.

use crate::bitgen::BitGen;

/// What is left of a 32-bit word from which narrow values are cut.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts {
    word: u32,
    left: u32,
}

impl Parts {
    /// The next `bits` bits (a divisor of 32), from the bottom of the word upwards.
    #[inline]
    fn take<G: BitGen + ?Sized>(&mut self, gen: &mut G, bits: u32) -> u32 {
        if self.left == 0 {
            self.word = gen.next_u32();
            self.left = 32 / bits;
        } else {
            self.word >>= bits;
        }
        self.left -= 1;
        self.word
    }
}

/// How values outside the range are avoided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Multiply and reject.
    Lemire,
    /// Mask and reject, as the legacy generator does.
    Masked,
}

/// An unsigned type whose values can be drawn uniformly.
pub trait Bounded: Copy + PartialOrd {
    /// Zero.
    const ZERO: Self;
    /// The largest value.
    const MAX: Self;

    /// A value uniform over the whole type.
    fn word<G: BitGen + ?Sized>(gen: &mut G, parts: &mut Parts) -> Self;

    /// The high and low half of `self * (range + 1)`.
    fn scale(self, range: Self) -> (Self, Self);

    /// `(MAX - range) % (range + 1)`: products with a low half below this are over-represented.
    fn threshold(range: Self) -> Self;

    /// `self & mask`, with the smallest mask of ones that covers `range`.
    fn masked(self, range: Self) -> Self;

    /// `self + rhs` modulo the type's size.
    fn wrapping_sum(self, rhs: Self) -> Self;
}

macro_rules! bounded {
    ($type:ty, $wide:ty, $word:expr) => {
        impl Bounded for $type {
            const ZERO: Self = 0;
            const MAX: Self = <$type>::MAX;

            #[inline(always)]
            fn word<G: BitGen + ?Sized>(gen: &mut G, parts: &mut Parts) -> Self {
                let word: fn(&mut G, &mut Parts) -> Self = $word;
                word(gen, parts)
            }

            #[inline(always)]
            fn scale(self, range: Self) -> (Self, Self) {
                let product = self as $wide * (range as $wide + 1);
                ((product >> <$type>::BITS) as Self, product as Self)
            }

            #[inline(always)]
            fn threshold(range: Self) -> Self {
                (<$type>::MAX - range) % (range + 1)
            }

            #[inline(always)]
            fn masked(self, range: Self) -> Self {
                self & (<$type>::MAX >> range.leading_zeros())
            }

            #[inline(always)]
            fn wrapping_sum(self, rhs: Self) -> Self {
                self.wrapping_add(rhs)
            }
        }
    };
}

bounded!(u8, u16, |gen, parts| parts.take(gen, 8) as u8);
bounded!(u16, u32, |gen, parts| parts.take(gen, 16) as u16);
bounded!(u32, u64, |gen, _| gen.next_u32());
bounded!(u64, u128, |gen, _| gen.next_u64());

/// One value in `[0, range]`; `range` is neither zero nor the whole type.
#[inline(always)]
fn within<T: Bounded, G: BitGen + ?Sized>(
    gen: &mut G,
    range: T,
    method: Method,
    parts: &mut Parts,
) -> T {
    match method {
        Method::Masked => loop {
            let value = T::word(gen, parts).masked(range);
            if value <= range {
                return value;
            }
        },
        Method::Lemire => {
            let (mut high, mut low) = T::word(gen, parts).scale(range);
            if low <= range {
                let threshold = T::threshold(range);
                while low < threshold {
                    (high, low) = T::word(gen, parts).scale(range);
                }
            }
            high
        }
    }
}

/// One value in `[0, range]`, a draw from a narrow type being cut from `parts`.
#[inline]
pub fn bounded<T: Bounded, G: BitGen + ?Sized>(
    gen: &mut G,
    range: T,
    method: Method,
    parts: &mut Parts,
) -> T {
    if range == T::ZERO {
        T::ZERO
    } else if range == T::MAX {
        T::word(gen, parts)
    } else {
        within(gen, range, method, parts)
    }
}

/// One 64-bit value in `[0, range]`; ranges that fit 32 bits draw 32 bits.
#[inline]
pub fn bounded_u64<G: BitGen + ?Sized>(gen: &mut G, range: u64, method: Method) -> u64 {
    match u32::try_from(range) {
        Ok(range) => u64::from(bounded(gen, range, method, &mut Parts::default())),
        Err(_) => bounded(gen, range, method, &mut Parts::default()),
    }
}

/// One truth value; `range` false gives false without a draw.
#[inline]
pub fn bounded_bool<G: BitGen + ?Sized>(gen: &mut G, range: bool, parts: &mut Parts) -> bool {
    range && parts.take(gen, 1) & 1 != 0
}

/// Fills `out` with `offset` plus a value in `[0, range]`.
pub(crate) fn fill<T: Bounded, G: BitGen + ?Sized>(
    gen: &mut G,
    offset: T,
    range: T,
    method: Method,
    out: &mut [T],
) {
    let parts = &mut Parts::default();
    if range == T::ZERO {
        out.fill(offset);
    } else if range == T::MAX {
        out.iter_mut()
            .for_each(|slot| *slot = offset.wrapping_sum(T::word(gen, parts)));
    } else if method == Method::Lemire {
        // The division is paid once for the whole fill.
        let threshold = T::threshold(range);
        for slot in out {
            let mut pair = T::word(gen, parts).scale(range);
            while pair.1 < threshold {
                pair = T::word(gen, parts).scale(range);
            }
            *slot = offset.wrapping_sum(pair.0);
        }
    } else {
        out.iter_mut()
            .for_each(|slot| *slot = offset.wrapping_sum(within(gen, range, method, parts)));
    }
}

pub(crate) fn fill_u64<G: BitGen + ?Sized>(
    gen: &mut G,
    offset: u64,
    range: u64,
    method: Method,
    out: &mut [u64],
) {
    if range > u64::from(u32::MAX) || range == 0 {
        return fill(gen, offset, range, method, out);
    }
    let (range, parts) = (range as u32, &mut Parts::default());
    if range == u32::MAX || method == Method::Masked {
        return out.iter_mut().for_each(|slot| {
            *slot = offset.wrapping_add(u64::from(bounded(gen, range, method, parts)));
        });
    }
    let threshold = u32::threshold(range);
    for slot in out {
        let mut pair = gen.next_u32().scale(range);
        while pair.1 < threshold {
            pair = gen.next_u32().scale(range);
        }
        *slot = offset.wrapping_add(u64::from(pair.0));
    }
}

pub(crate) fn fill_bool<G: BitGen + ?Sized>(gen: &mut G, out: &mut [u8]) {
    let parts = &mut Parts::default();
    out.iter_mut()
        .for_each(|slot| *slot = u8::from(bounded_bool(gen, true, parts)));
}
