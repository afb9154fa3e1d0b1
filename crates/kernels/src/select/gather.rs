//! Items by index.

use super::by_size;

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

/// Copies the rows of `size` bytes at `n` contiguous positions, `step` bytes a position, to contiguous
/// `dst`; false as soon as a position lies outside `-len..len`.
///
/// # Safety
/// - All rows and targets are valid and apart.
pub unsafe fn gather_rows(
    base: *const u8,
    len: usize,
    step: isize,
    idx: *const isize,
    n: usize,
    dst: *mut u8,
    size: usize,
) -> bool {
    let mut start = 0;
    while start < n {
        let count = (n - start).min(BLOCK);
        // SAFETY: by contract; positions of a block are checked before it is read.
        unsafe {
            let idx = idx.add(start);
            if first_outside(idx.cast(), size_of::<isize>() as isize, count, len).is_some() {
                return false;
            }
            let to = dst.add(start * size);
            let from = |k: usize| {
                let i = idx.add(k).read();
                base.offset((i + if i < 0 { len as isize } else { 0 }) * step)
            };
            by_size!(size, T => {
                for k in 0..count {
                    to.cast::<T>().add(k).write_unaligned(from(k).cast::<T>().read_unaligned());
                }
            }, {
                for k in 0..count {
                    to.add(k * size).copy_from_nonoverlapping(from(k), size);
                }
            })
        }
        start += count;
    }
    true
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
    let count = |i: usize| {
        if counts.len() == 1 {
            counts[0]
        } else {
            counts[i]
        }
    };
    let mut to = dst;
    // SAFETY: by contract.
    unsafe {
        by_size!(size, T => {
            for i in 0..n {
                let item = src.cast::<T>().add(i).read_unaligned();
                for _ in 0..count(i) {
                    to.cast::<T>().write_unaligned(item);
                    to = to.add(size);
                }
            }
        }, {
            for i in 0..n {
                for _ in 0..count(i) {
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
