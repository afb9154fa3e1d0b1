//! Counts of small integers, and whether items rise or fall.

use super::room;
use crate::cpu::{level, Level};
use numoxide_dtype::Result;

#[inline(always)]
fn min_max_body(x: &[i64], first: i64) -> (i64, i64) {
    x.iter()
        .fold((first, first), |(low, high), &v| (low.min(v), high.max(v)))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn min_max_v4(x: &[i64], first: i64) -> (i64, i64) {
    min_max_body(x, first)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn min_max_v3(x: &[i64], first: i64) -> (i64, i64) {
    min_max_body(x, first)
}

/// Least and largest of some integers; `(0, -1)` for none.
pub fn min_max(x: &[i64]) -> (i64, i64) {
    let Some(&first) = x.first() else {
        return (0, -1);
    };
    match level() {
        // SAFETY: the level says that the CPU has the features.
        #[cfg(target_arch = "x86_64")]
        Level::V4 => unsafe { min_max_v4(x, first) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::V3 => unsafe { min_max_v3(x, first) },
        _ => min_max_body(x, first),
    }
}

/// Adds one to `bins[v]` for each of the values, all of which lie below the number of bins.
///
/// # Errors
/// Too little memory.
pub fn count(x: &[i64], bins: &mut [i64]) -> Result<()> {
    let size = bins.len();
    if size > 4096 || x.len() < 8 * size {
        for &v in x {
            bins[v as usize] += 1;
        }
        return Ok(());
    }
    // Equal neighbours would wait for each other's counts: a second table takes every other one.
    let mut odd: Vec<i64> = room(size)?;
    odd.resize(size, 0);
    let mut pairs = x.chunks_exact(2);
    for pair in &mut pairs {
        bins[pair[0] as usize] += 1;
        odd[pair[1] as usize] += 1;
    }
    for &v in pairs.remainder() {
        bins[v as usize] += 1;
    }
    bins.iter_mut().zip(&odd).for_each(|(b, o)| *b += o);
    Ok(())
}

/// Adds each weight to the bin of its value, in order; all values lie below the number of bins.
pub fn weigh(x: &[i64], weights: &[f64], bins: &mut [f64]) {
    for (&v, &w) in x.iter().zip(weights) {
        bins[v as usize] += w;
    }
}

/// 1 if the items never fall, -1 if they never rise, 0 otherwise.
pub fn monotonicity(x: &[f64]) -> i64 {
    let Some(&first) = x.first() else {
        return 1;
    };
    let start = x.iter().position(|&v| v != first);
    let Some(i) = start else {
        return 1;
    };
    let pairs = || x[i - 1..].windows(2);
    if first < x[i] {
        i64::from(!pairs().any(|p| p[0] > p[1]))
    } else {
        -i64::from(!pairs().any(|p| p[0] < p[1]))
    }
}
