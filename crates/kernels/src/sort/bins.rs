//! Counts of small integers, and whether items rise or fall.

use super::room;
use numoxide_dtype::Result;

/// Least and largest of some integers; `(0, -1)` for none.
pub fn min_max(x: &[i64]) -> (i64, i64) {
    let Some(&first) = x.first() else {
        return (0, -1);
    };
    x.iter()
        .fold((first, first), |(low, high), &v| (low.min(v), high.max(v)))
}

/// Adds one to `bins[v]` for each of the values, all of which lie below the number of bins.
///
/// # Errors
/// Too little memory.
pub fn count(x: &[i64], bins: &mut [i64]) -> Result<()> {
    const LANES: usize = 4;
    if bins.len() > 4096 || x.len() < 8 * bins.len() {
        for &v in x {
            bins[v as usize] += 1;
        }
        return Ok(());
    }
    // Equal neighbours would wait for each other's counts: one table each.
    let size = bins.len();
    let mut tables: Vec<i64> = room(LANES * size)?;
    tables.resize(LANES * size, 0);
    for four in x.chunks(LANES) {
        for (table, &v) in tables.chunks_exact_mut(size).zip(four) {
            table[v as usize] += 1;
        }
    }
    for table in tables.chunks_exact(size) {
        bins.iter_mut().zip(table).for_each(|(b, t)| *b += t);
    }
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
