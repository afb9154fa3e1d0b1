//! Distinct integers of a small range: counted in a table instead of sorted.

use super::fixed::Fixed;
use super::int::Int;
use super::room;
use numoxide_dtype::{Result, TypeNum};

/// The distinct values of some integers, as counts by distance from the least.
pub struct Distinct {
    least: i64,
    counts: Vec<i64>,
    /// How many distinct values there are.
    pub len: usize,
}

/// What can be done with integers of a type; all take `n` contiguous, aligned, native elements.
#[derive(Clone, Copy)]
pub struct UniqueOps {
    /// Counts, unless the range is too wide for a table.
    pub scan: unsafe fn(*const u8, usize) -> Result<Option<Distinct>>,
    /// Writes the distinct values, rising.
    pub values: unsafe fn(&Distinct, *mut u8),
    /// Writes for each element the position of its value among the distinct ones.
    pub inverse: unsafe fn(&Distinct, *const u8, usize, *mut i64) -> Result<()>,
    /// Writes the first position of each distinct value.
    pub first: unsafe fn(&Distinct, *const u8, usize, *mut i64) -> Result<()>,
}

impl Distinct {
    /// Writes how often each distinct value occurs.
    pub fn write_counts(&self, out: &mut [i64]) {
        let found = self.counts.iter().filter(|&&c| c != 0);
        out.iter_mut().zip(found).for_each(|(o, c)| *o = *c);
    }

    /// Each table entry's position among the distinct values.
    fn ranks(&self) -> Result<Vec<i64>> {
        let mut ranks = room(self.counts.len())?;
        let mut next = 0;
        ranks.extend(self.counts.iter().map(|&c| {
            let rank = next;
            next += i64::from(c != 0);
            rank
        }));
        Ok(ranks)
    }
}

/// # Safety
/// - As [`UniqueOps`] says.
unsafe fn elements<'a, T>(p: *const u8, n: usize) -> &'a [T] {
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts(p.cast(), n) }
}

/// # Safety
/// - As [`UniqueOps`] says.
unsafe fn scan<T: Fixed>(p: *const u8, n: usize) -> Result<Option<Distinct>> {
    // SAFETY: by contract.
    let v = unsafe { elements::<T>(p, n) };
    if n == 0 {
        return Ok(None);
    }
    let start = (i64::MAX, i64::MIN);
    let (least, most) = v.iter().fold(start, |(low, high), x| {
        let key = x.key().wide();
        (low.min(key), high.max(key))
    });
    let range = most.wrapping_sub(least) as u64;
    if range >= (n as u64).clamp(256, 1 << 22) {
        return Ok(None);
    }
    let size = range as usize + 1;
    let mut counts: Vec<i64> = room(size)?;
    counts.resize(size, 0);
    for x in v {
        counts[x.key().wide().wrapping_sub(least) as usize] += 1;
    }
    let len = counts.iter().filter(|&&c| c != 0).count();
    Ok(Some(Distinct { least, counts, len }))
}

/// # Safety
/// - Room for `len` elements.
unsafe fn values<T: Fixed>(found: &Distinct, out: *mut u8) {
    let present = found.counts.iter().enumerate().filter(|(_, &c)| c != 0);
    for (k, (i, _)) in present.enumerate() {
        let key = T::Int::narrow(found.least + i as i64);
        // SAFETY: by contract.
        unsafe { out.cast::<T>().add(k).write(T::from_int(key)) };
    }
}

/// # Safety
/// - As [`UniqueOps`] says, for the elements that were counted; room for `n` positions.
unsafe fn inverse<T: Fixed>(found: &Distinct, p: *const u8, n: usize, out: *mut i64) -> Result<()> {
    let ranks = found.ranks()?;
    // SAFETY: by contract.
    let (v, out) = unsafe { (elements::<T>(p, n), std::slice::from_raw_parts_mut(out, n)) };
    for (o, x) in out.iter_mut().zip(v) {
        *o = ranks[x.key().wide().wrapping_sub(found.least) as usize];
    }
    Ok(())
}

/// # Safety
/// - As [`UniqueOps`] says, for the elements that were counted; room for `len` positions.
unsafe fn first<T: Fixed>(found: &Distinct, p: *const u8, n: usize, out: *mut i64) -> Result<()> {
    let ranks = found.ranks()?;
    // SAFETY: by contract.
    let v = unsafe { elements::<T>(p, n) };
    for (i, x) in v.iter().enumerate().rev() {
        let rank = ranks[x.key().wide().wrapping_sub(found.least) as usize];
        // SAFETY: ranks lie below `len`.
        unsafe { out.add(rank as usize).write(i as i64) };
    }
    Ok(())
}

/// The functions for an integer class.
pub fn find(num: TypeNum) -> Option<&'static UniqueOps> {
    use TypeNum as N;
    macro_rules! row {
        ($T:ty) => {{
            static ROW: UniqueOps = UniqueOps {
                scan: scan::<$T>,
                values: values::<$T>,
                inverse: inverse::<$T>,
                first: first::<$T>,
            };
            Some(&ROW)
        }};
    }
    if num == N::Bool {
        return row!(u8);
    }
    numoxide_dtype::dispatch_int!(num, T => row!(T), _ => None)
}
