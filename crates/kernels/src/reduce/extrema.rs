//! Maxima and minima of floats over many lanes.

use crate::num::Real;
use crate::shape::{fold, Op2};

/// Which extremum a reduction looks for.
pub(crate) struct Best;

impl Best {
    /// Largest, NaN if there is one.
    pub(crate) const MAXIMUM: u8 = 0;
    /// Smallest, NaN if there is one.
    pub(crate) const MINIMUM: u8 = 1;
    /// Largest that is not NaN.
    pub(crate) const FMAX: u8 = 2;
    /// Smallest that is not NaN.
    pub(crate) const FMIN: u8 = 3;
}

/// Lanes that run side by side.
const LANES: usize = 32;

/// The better of two numbers by plain comparison: a NaN in `x` never wins.
#[inline(always)]
fn better<T: Real, const BEST: u8>(best: T, x: T) -> T {
    let wins = if BEST == Best::MAXIMUM || BEST == Best::FMAX {
        x > best
    } else {
        x < best
    };
    if wins {
        x
    } else {
        best
    }
}

/// The extremum of `acc` and `n` elements at `b`.
///
/// # Safety
/// As [`Op2::reduce`].
#[inline(always)]
pub(crate) unsafe fn lanes<P: Op2<L = T, R = T, O = T>, T: Real, const BEST: u8>(
    acc: T,
    b: *const u8,
    sb: isize,
    n: usize,
    st: &mut u8,
) -> T {
    if sb != size_of::<T>() as isize || n < 2 * LANES {
        // SAFETY: passed on to the caller.
        return unsafe { fold::<P>(acc, b, sb, n, st) };
    }
    // SAFETY: contiguous and valid by contract.
    let data = unsafe { std::slice::from_raw_parts(b.cast::<T>(), n) };
    let propagate = BEST == Best::MAXIMUM || BEST == Best::MINIMUM;
    let start = data.iter().copied().find(is_number).unwrap_or(acc);
    let mut best = [start; LANES];
    let mut nan = [false; LANES];
    let mut chunks = data.chunks_exact(LANES);
    for chunk in &mut chunks {
        for k in 0..LANES {
            best[k] = better::<T, BEST>(best[k], chunk[k]);
            nan[k] |= !is_number(&chunk[k]);
        }
    }
    if propagate && nan.contains(&true) {
        let first = data.iter().copied().find(|x| !is_number(x));
        return P::f(acc, first.unwrap_or(acc), st);
    }
    let mut acc = acc;
    for x in best.iter().chain(chunks.remainder()) {
        acc = P::f(acc, *x, st);
    }
    acc
}

/// Whether `x` is not a NaN.
#[inline(always)]
#[allow(clippy::eq_op)]
fn is_number<T: Real>(x: &T) -> bool {
    x == x
}
