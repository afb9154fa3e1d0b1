//! Positions in order: key and position packed into one integer, so that the integers' sort does it.
//!
//! The keys' distance from the least of them takes the upper bits, the position the lower ones. If
//! both do not fit, the distance loses its lowest bits, and runs that agree in what is left are put
//! right afterwards. Few different keys are counted instead.

use super::int::Int;
use super::{room, select_each};
use numoxide_dtype::Result;

/// How keys are packed with positions.
struct Packing {
    least: i64,
    /// Bits of a position.
    low: u32,
    /// Bits that the distance loses.
    lost: u32,
}

impl Packing {
    fn new(least: i64, range: u64, n: usize) -> Packing {
        let low = usize::BITS - n.saturating_sub(1).leading_zeros();
        let bits = u64::BITS - range.leading_zeros();
        Packing {
            least,
            low,
            lost: (bits + low).saturating_sub(u64::BITS),
        }
    }

    #[inline(always)]
    fn mask(&self) -> u64 {
        // A shift by 64 cannot come: positions take fewer bits.
        (1u64 << self.low) - 1
    }

    #[inline(always)]
    fn pack(&self, key: i64, i: usize) -> i64 {
        let distance = key.wrapping_sub(self.least) as u64;
        let top = (distance >> self.lost).wrapping_shl(self.low);
        ((top | i as u64) ^ (1 << 63)) as i64
    }

    #[inline(always)]
    fn position(&self, packed: i64) -> usize {
        (packed as u64 & self.mask()) as usize
    }

    #[inline(always)]
    fn top(&self, packed: i64) -> i64 {
        packed & !self.mask() as i64
    }
}

/// Least key, and how far the largest lies above it.
#[inline(always)]
fn range_of<T: Copy>(v: &[T], key: impl Fn(T) -> i64 + Copy) -> (i64, u64) {
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for &x in v {
        least = least.min(key(x));
        most = most.max(key(x));
    }
    (least, most.wrapping_sub(least) as u64)
}

/// Writes the positions that sort `v` by key, stably.
#[inline(always)]
pub(super) fn argsort<T: Copy>(
    v: &[T],
    key: impl Fn(T) -> i64 + Copy,
    out: &mut [i64],
) -> Result<()> {
    let n = v.len();
    if n < 2 {
        out.fill(0);
        return Ok(());
    }
    let (least, range) = range_of(v, key);
    if range < 1 << 16 && (range as usize) < n / 2 {
        return count(
            v,
            |x| key(x).wrapping_sub(least) as usize,
            range as usize,
            out,
        );
    }
    let packing = Packing::new(least, range, n);
    for (i, (o, &x)) in out.iter_mut().zip(v).enumerate() {
        *o = packing.pack(key(x), i);
    }
    i64::sort(out)?;
    if packing.lost > 0 {
        for_each_run(
            out,
            |x| packing.top(x),
            |run| {
                run.sort_unstable_by_key(|&x| {
                    let i = packing.position(x);
                    (key(v[i]), i)
                });
            },
        );
    }
    for o in out.iter_mut() {
        *o = packing.position(*o) as i64;
    }
    Ok(())
}

/// Calls `work` on each run of more than one equal entry.
fn for_each_run(v: &mut [i64], top: impl Fn(i64) -> i64, mut work: impl FnMut(&mut [i64])) {
    let mut start = 0;
    while start < v.len() {
        let here = top(v[start]);
        let len = v[start..].iter().take_while(|&&x| top(x) == here).count();
        if len > 1 {
            work(&mut v[start..start + len]);
        }
        start += len;
    }
}

/// Orders positions by small keys, of which the largest is `most`.
#[inline(always)]
fn count<T: Copy>(v: &[T], key: impl Fn(T) -> usize, most: usize, out: &mut [i64]) -> Result<()> {
    let mut next: Vec<usize> = room(most + 2)?;
    next.resize(most + 2, 0);
    for &x in v {
        next[key(x) + 1] += 1;
    }
    for i in 0..=most {
        next[i + 1] += next[i];
    }
    for (i, &x) in v.iter().enumerate() {
        let at = &mut next[key(x)];
        out[*at] = i as i64;
        *at += 1;
    }
    Ok(())
}

/// Writes positions such that those at `kth` are where a sort would have them.
#[inline(always)]
pub(super) fn select<T: Copy>(
    v: &[T],
    key: impl Fn(T) -> i64 + Copy,
    out: &mut [i64],
    kth: &[usize],
) -> Result<()> {
    let n = v.len();
    if n < 2 {
        out.fill(0);
        return Ok(());
    }
    if n <= super::SHORT {
        out.iter_mut().zip(0..).for_each(|(o, i)| *o = i);
        out.sort_by_key(|&i| key(v[i as usize]));
        return Ok(());
    }
    let (least, range) = range_of(v, key);
    let packing = Packing::new(least, range, n);
    if packing.lost == 0 {
        for (i, (o, &x)) in out.iter_mut().zip(v).enumerate() {
            *o = packing.pack(key(x), i);
        }
        select_each(out, kth, 0, &i64::select);
        for o in out.iter_mut() {
            *o = packing.position(*o) as i64;
        }
        return Ok(());
    }
    let mut pairs: Vec<(i64, usize)> = room(n)?;
    pairs.extend(v.iter().enumerate().map(|(i, &x)| (key(x), i)));
    select_each(&mut pairs, kth, 0, &|part: &mut [(i64, usize)], k| {
        part.select_nth_unstable(k);
    });
    for (o, (_, i)) in out.iter_mut().zip(pairs) {
        *o = i as i64;
    }
    Ok(())
}

/// Writes the positions that sort `keys`, stably; then calls `ties` on each run of positions with one
/// key.
///
/// # Errors
/// What `ties` reports, or too little memory.
pub fn argsort_by_key(
    keys: &[i64],
    out: &mut [i64],
    ties: &mut dyn FnMut(&mut [i64]) -> Result<()>,
) -> Result<()> {
    argsort(keys, |x| x, out)?;
    let mut failed = Ok(());
    for_each_run(
        out,
        |i| keys[i as usize],
        |run| {
            if failed.is_ok() {
                failed = ties(run);
            }
        },
    );
    failed
}
