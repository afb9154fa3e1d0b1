//! Items by index.

use super::by_size;
use crate::cpu::{by_level, Level};

/// Indices handled at a time: their offsets stay in the first-level cache.
pub const BLOCK: usize = 512;

/// Position of the first of `n` indices, `stride` bytes apart, outside `-len..len`.
///
/// # Safety
/// - The indices are valid for reads and aligned.
pub unsafe fn first_outside(idx: *const u8, stride: isize, n: usize, len: usize) -> Option<usize> {
    let outside = |i: isize| i.wrapping_add(len as isize) as usize >= 2 * len || len == 0;
    // SAFETY: by contract.
    unsafe {
        let at = |k: usize| idx.offset(k as isize * stride).cast::<isize>().read();
        let mut start = 0;
        while start < n {
            let end = (start + BLOCK).min(n);
            let bad = if stride == size_of::<isize>() as isize {
                let block = std::slice::from_raw_parts(idx.cast::<isize>().add(start), end - start);
                block.iter().fold(false, |bad, &i| bad | outside(i))
            } else {
                (start..end).fold(false, |bad, k| bad | outside(at(k)))
            };
            if bad {
                return (start..end).find(|&k| outside(at(k)));
            }
            start = end;
        }
    }
    None
}

/// Adds `index * step` of each index to `offsets`; negative indices count from `len`.
///
/// # Safety
/// - As [`first_outside`], for `offsets.len()` indices, all inside.
#[inline]
pub unsafe fn add_offsets(
    idx: *const u8,
    stride: isize,
    len: usize,
    step: isize,
    offsets: &mut [isize],
) {
    let offset = |i: isize| (i + if i < 0 { len as isize } else { 0 }).wrapping_mul(step);
    // SAFETY: by contract.
    unsafe {
        if stride == size_of::<isize>() as isize {
            let block = std::slice::from_raw_parts(idx.cast::<isize>(), offsets.len());
            offsets
                .iter_mut()
                .zip(block)
                .for_each(|(o, &i)| *o += offset(i));
        } else {
            for (k, o) in offsets.iter_mut().enumerate() {
                *o += offset(idx.offset(k as isize * stride).cast::<isize>().read());
            }
        }
    }
}

/// Copies the items of `size` bytes at `base + offsets[k]` to `dst`, `stride` bytes apart.
///
/// # Safety
/// - All items are valid; sources and targets are apart.
pub unsafe fn gather(base: *const u8, offsets: &[isize], dst: *mut u8, stride: isize, size: usize) {
    // SAFETY: by contract.
    unsafe {
        by_size!(size, T => {
            let mut to = dst;
            for &o in offsets {
                to.cast::<T>().write_unaligned(base.offset(o).cast::<T>().read_unaligned());
                to = to.wrapping_offset(stride);
            }
        }, {
            let mut to = dst;
            for &o in offsets {
                to.copy_from_nonoverlapping(base.offset(o), size);
                to = to.wrapping_offset(stride);
            }
        })
    }
}

/// Copies the items of `size` bytes at `src`, `stride` bytes apart, to `base + offsets[k]`, in order.
///
/// # Safety
/// - As [`gather`].
pub unsafe fn scatter(
    base: *mut u8,
    offsets: &[isize],
    src: *const u8,
    stride: isize,
    size: usize,
) {
    // SAFETY: by contract.
    unsafe {
        by_size!(size, T => {
            let mut from = src;
            for &o in offsets {
                base.offset(o).cast::<T>().write_unaligned(from.cast::<T>().read_unaligned());
                from = from.wrapping_offset(stride);
            }
        }, {
            let mut from = src;
            for &o in offsets {
                base.offset(o).copy_from_nonoverlapping(from, size);
                from = from.wrapping_offset(stride);
            }
        })
    }
}

/// What to do with positions outside a range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bounds {
    /// Count negative ones from the end; others are wrong.
    Check,
    /// Take them modulo the length.
    Wrap,
    /// Move them to the nearest end.
    Clip,
}

/// Brings at most [`BLOCK`] positions into `0..len`, which is not empty; how many there are before the
/// first wrong one.
///
/// # Safety
/// - `n` positions are valid at `idx`.
#[inline(always)]
unsafe fn resolved(
    idx: *const isize,
    n: usize,
    len: usize,
    bounds: Bounds,
    to: &mut [isize; BLOCK],
) -> usize {
    // SAFETY: by contract.
    let idx = unsafe { std::slice::from_raw_parts(idx, n) };
    let most = len as isize;
    match bounds {
        Bounds::Check => {
            let mut bad = false;
            for (to, &i) in to.iter_mut().zip(idx) {
                *to = i + if i < 0 { most } else { 0 };
                bad |= *to as usize >= len;
            }
            if bad {
                return to[..n].iter().position(|&i| i as usize >= len).unwrap_or(n);
            }
        }
        Bounds::Clip => {
            for (to, &i) in to.iter_mut().zip(idx) {
                *to = i.clamp(0, most - 1);
            }
        }
        Bounds::Wrap => {
            let mut outside = false;
            for (to, &i) in to.iter_mut().zip(idx) {
                *to = i;
                outside |= i as usize >= len;
            }
            if outside {
                to[..n].iter_mut().for_each(|i| *i = i.rem_euclid(most));
            }
        }
    }
    n
}

/// Copies the rows of `size` bytes at `n` contiguous positions, `step` bytes a position, to contiguous
/// `dst`; false as soon as a position is wrong.
///
/// # Safety
/// - All rows, of which there is one at least, and targets are valid and apart.
pub unsafe fn gather_rows(
    rows: (*const u8, usize, isize),
    bounds: Bounds,
    idx: *const isize,
    n: usize,
    dst: *mut u8,
    size: usize,
) -> bool {
    // SAFETY: by contract.
    unsafe { gather_by_level(rows, bounds, idx, n, dst, size) }
}

by_level! {
    fn gather_by_level(
        rows: (*const u8, usize, isize), bounds: Bounds, idx: *const isize, n: usize, dst: *mut u8,
        size: usize,
    ) -> bool = gather_body
}

/// # Safety
/// As [`gather_rows`].
#[inline(always)]
unsafe fn gather_body(
    (base, len, step): (*const u8, usize, isize),
    bounds: Bounds,
    idx: *const isize,
    n: usize,
    dst: *mut u8,
    size: usize,
    _: Level,
) -> bool {
    let mut block = [0isize; BLOCK];
    for start in (0..n).step_by(BLOCK) {
        let count = (n - start).min(BLOCK);
        // SAFETY: by contract; positions of a block are checked before it is read.
        unsafe {
            if resolved(idx.add(start), count, len, bounds, &mut block) < count {
                return false;
            }
            let to = dst.add(start * size);
            by_size!(size, T => {
                if step == size_of::<T>() as isize {
                    for (k, &i) in block[..count].iter().enumerate() {
                        let item = base.cast::<T>().offset(i).read_unaligned();
                        to.cast::<T>().add(k).write_unaligned(item);
                    }
                } else {
                    for (k, &i) in block[..count].iter().enumerate() {
                        let item = base.offset(i * step).cast::<T>().read_unaligned();
                        to.cast::<T>().add(k).write_unaligned(item);
                    }
                }
            }, {
                for (k, &i) in block[..count].iter().enumerate() {
                    to.add(k * size).copy_from_nonoverlapping(base.offset(i * step), size);
                }
            })
        }
    }
    true
}

/// Gives the items of `size` bytes at `n` contiguous positions the values at `src`, `stride` bytes apart, in
/// order; how many positions come before the first wrong one, all of which are done.
///
/// # Safety
/// - All `len` items, of which there is one at least, lie one after another at `base`; values are valid and
///   apart from them.
pub unsafe fn scatter_items(
    (base, len): (*mut u8, usize),
    bounds: Bounds,
    idx: &[isize],
    src: (*const u8, isize),
    size: usize,
) -> usize {
    let mut block = [0isize; BLOCK];
    for (start, part) in (0..).step_by(BLOCK).zip(idx.chunks(BLOCK)) {
        // SAFETY: by contract; positions are checked before they are used.
        unsafe {
            let good = resolved(part.as_ptr(), part.len(), len, bounds, &mut block);
            let from = src.0.offset(start as isize * src.1);
            block[..good].iter_mut().for_each(|i| *i *= size as isize);
            scatter(base, &block[..good], from, src.1, size);
            if good < part.len() {
                return start + good;
            }
        }
    }
    idx.len()
}

/// Copies `n` items of `size` bytes between places with strides.
///
/// # Safety
/// - As [`gather`].
pub unsafe fn copy_strided(src: (*const u8, isize), dst: (*mut u8, isize), n: usize, size: usize) {
    // SAFETY: by contract.
    unsafe {
        by_size!(size, T => {
            for i in 0..n as isize {
                let item = src.0.offset(i * src.1).cast::<T>().read_unaligned();
                dst.0.offset(i * dst.1).cast::<T>().write_unaligned(item);
            }
        }, {
            for i in 0..n as isize {
                dst.0.offset(i * dst.1).copy_from_nonoverlapping(src.0.offset(i * src.1), size);
            }
        })
    }
}

/// Writes each of the contiguous blocks of `size` bytes at `src` as often as its count says; a single
/// count stands for all. Gives the end of what was written.
///
/// # Safety
/// - `src` holds `n` blocks, `counts` one or `n`; `dst` has room for all; both are apart.
pub unsafe fn repeat_blocks(
    src: *const u8,
    n: usize,
    counts: &[isize],
    dst: *mut u8,
    size: usize,
) -> *mut u8 {
    let mut to = dst;
    // SAFETY: by contract.
    unsafe {
        by_size!(size, T => {
            let from = src.cast::<T>();
            if let [count] = counts {
                let count = *count as usize;
                for i in 0..n {
                    let item = from.add(i).read_unaligned();
                    for j in 0..count {
                        to.cast::<T>().add(j).write_unaligned(item);
                    }
                    to = to.add(count * size);
                }
                return to;
            }
            for (i, &count) in counts.iter().enumerate() {
                let item = from.add(i).read_unaligned();
                for j in 0..count as usize {
                    to.cast::<T>().add(j).write_unaligned(item);
                }
                to = to.add(count as usize * size);
            }
        }, {
            for i in 0..n {
                for _ in 0..counts[if counts.len() == 1 { 0 } else { i }] {
                    to.copy_from_nonoverlapping(src.add(i * size), size);
                    to = to.add(size);
                }
            }
        })
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_found_in_order() {
        let idx: Vec<isize> = (0..2000)
            .map(|i| if i == 1500 { 9 } else { i % 5 - 5 })
            .collect();
        // SAFETY: a live vector.
        unsafe {
            let p = idx.as_ptr().cast();
            assert_eq!(first_outside(p, 8, 2000, 5), Some(1500));
            assert_eq!(first_outside(p, 8, 1500, 5), None);
            assert_eq!(first_outside(p, 16, 1000, 5), Some(750));
            assert_eq!(first_outside(p, 8, 1, 0), Some(0));
        }
    }

    #[test]
    fn gather_and_scatter_are_inverse() {
        for size in [1usize, 2, 3, 4, 8, 16, 24, 32] {
            let src: Vec<u8> = (0..64 * size).map(|i| i as u8).collect();
            let offsets: Vec<isize> = (0..64).map(|k| ((k * 37) % 64) * size as isize).collect();
            let (mut mid, mut back) = (vec![0u8; src.len()], vec![0u8; src.len()]);
            // SAFETY: all offsets lie inside the vectors.
            unsafe {
                gather(
                    src.as_ptr(),
                    &offsets,
                    mid.as_mut_ptr(),
                    size as isize,
                    size,
                );
                scatter(
                    back.as_mut_ptr(),
                    &offsets,
                    mid.as_ptr(),
                    size as isize,
                    size,
                );
            }
            assert_eq!(src, back);
        }
    }
}
