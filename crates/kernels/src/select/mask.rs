//! Items by mask, in groups of 64: a group of which nothing or all is chosen costs next to nothing, in
//! the others no branch depends on a mask byte, so that random masks cost what regular ones do.

use super::lanes::{bits, by_vectors, place, spread, squeeze, GROUP};
use super::{by_size, Block};
use crate::cpu::{by_level, Level};

/// Chosen items of a group that are moved one by one sooner than all 64 by vectors.
const FEW: usize = 6;

/// How many of `n` mask bytes, `stride` apart, are not zero.
///
/// # Safety
/// - The bytes are valid for reads.
pub unsafe fn count_true(mask: *const u8, stride: isize, n: usize) -> usize {
    // SAFETY: by contract.
    unsafe { count_by_level(mask, stride, n) }
}

by_level! {
    fn count_by_level(mask: *const u8, stride: isize, n: usize) -> usize = count_body
}

/// # Safety
/// As [`count_true`].
#[inline(always)]
unsafe fn count_body(mask: *const u8, stride: isize, n: usize, level: Level) -> usize {
    // SAFETY: by contract.
    unsafe {
        let at = |i: usize| mask.offset(i as isize * stride);
        (0..n).step_by(GROUP).fold(0, |total, i| {
            total + bits((at(i), stride), GROUP.min(n - i), level).count_ones() as usize
        })
    }
}

/// Walks the groups of a mask: `$whole` for a group of 64 of which all is chosen, `$dense` for one of which
/// many are and 64 places are left, `$one` for each other chosen item; `$k` counts the chosen.
macro_rules! groups {
    ($mask:expr, $n:expr, $room:expr, $level:expr, $vectors:expr, |$i:ident, $k:ident, $m:ident|
     whole $whole:expr, dense $dense:expr, one $one:expr) => {{
        let (mut $k, mut group) = (0, 0);
        while group < $n && $k < $room {
            let ($i, len) = (group, GROUP.min($n - group));
            group += len;
            let from = $mask.0.offset($i as isize * $mask.1);
            let mut $m = bits((from, $mask.1), len, $level);
            let count = $m.count_ones() as usize;
            if $vectors && count > FEW && $room - $k >= GROUP {
                match count {
                    GROUP => $whole,
                    _ => $dense,
                }
                $k += count;
                continue;
            }
            while $m != 0 && $k < $room {
                let $i = $i + $m.trailing_zeros() as usize;
                $one;
                $m &= $m - 1;
                $k += 1;
            }
        }
        $k
    }};
}

/// Writes the positions (plus `start`) of the non-zero mask bytes to `out`; gives their number.
///
/// # Safety
/// - The bytes are valid for reads; `out` has room for `room` positions, at least as many as there are.
pub unsafe fn positions(
    mask: *const u8,
    stride: isize,
    n: usize,
    start: isize,
    out: *mut isize,
    room: usize,
) -> usize {
    // SAFETY: by contract.
    unsafe { positions_by_level((mask, stride), n, start, out, room) }
}

by_level! {
    fn positions_by_level(
        mask: (*const u8, isize), n: usize, start: isize, out: *mut isize, room: usize,
    ) -> usize = positions_body
}

/// # Safety
/// As [`positions`].
#[inline(always)]
unsafe fn positions_body(
    mask: (*const u8, isize),
    n: usize,
    start: isize,
    out: *mut isize,
    room: usize,
    level: Level,
) -> usize {
    // SAFETY: `k < room` before each write, 64 places are left where a group is written.
    unsafe {
        groups!(mask, n, room, level, by_vectors(8, level), |i, k, m|
            whole place(start + i as isize, m, out.add(k), level),
            dense place(start + i as isize, m, out.add(k), level),
            one out.add(k).write(start + i as isize))
    }
}

/// Copies the items whose mask byte is not zero to `dst`, one after another; gives their number.
///
/// # Safety
/// - Items and mask bytes are valid; `dst` has room for `room` items, at least as many as are chosen.
pub unsafe fn compress(
    mask: (*const u8, isize),
    src: (*const u8, isize),
    n: usize,
    dst: *mut u8,
    room: usize,
    size: usize,
) -> usize {
    // SAFETY: by contract.
    unsafe { compress_by_level(mask, src, n, dst, room, size) }
}

by_level! {
    fn compress_by_level(
        mask: (*const u8, isize), src: (*const u8, isize), n: usize, dst: *mut u8, room: usize,
        size: usize,
    ) -> usize = compress_body
}

/// # Safety
/// As [`compress`].
#[inline(always)]
unsafe fn compress_body(
    mask: (*const u8, isize),
    src: (*const u8, isize),
    n: usize,
    dst: *mut u8,
    room: usize,
    size: usize,
    level: Level,
) -> usize {
    // SAFETY: `k < room` before each write, 64 places are left where a group is written.
    unsafe {
        let item = |i: usize| src.0.offset(i as isize * src.1);
        by_size!(size, T => {
            let (size, dst) = (size_of::<T>(), dst.cast::<T>());
            let vectors = src.1 == size as isize && by_vectors(size, level);
            groups!(mask, n, room, level, vectors, |i, k, m|
                whole dst.add(k).cast::<u8>().copy_from_nonoverlapping(item(i), GROUP * size),
                dense squeeze(item(i), m, dst.add(k).cast(), size, level),
                one dst.add(k).write_unaligned(item(i).cast::<T>().read_unaligned()))
        }, {
            groups!(mask, n, room, level, false, |i, k, m|
                whole {}, dense {},
                one dst.add(k * size).copy_from_nonoverlapping(item(i), size))
        })
    }
}

/// Gives each item whose mask byte is not zero the next of the values at `src`; gives how many.
///
/// # Safety
/// - Items and mask bytes are valid; `src` has `room` items, at least as many as are chosen; the
///   memory of `src` and `dst` is apart.
pub unsafe fn expand(
    mask: (*const u8, isize),
    dst: (*mut u8, isize),
    n: usize,
    src: (*const u8, isize),
    room: usize,
    size: usize,
) -> usize {
    // SAFETY: by contract.
    unsafe { expand_by_level(mask, dst, n, src, room, size) }
}

by_level! {
    fn expand_by_level(
        mask: (*const u8, isize), dst: (*mut u8, isize), n: usize, src: (*const u8, isize),
        room: usize, size: usize,
    ) -> usize = expand_body
}

/// # Safety
/// As [`expand`].
#[inline(always)]
unsafe fn expand_body(
    mask: (*const u8, isize),
    dst: (*mut u8, isize),
    n: usize,
    src: (*const u8, isize),
    room: usize,
    size: usize,
    level: Level,
) -> usize {
    // SAFETY: `k < room` before each read, 64 values are left where a group is read.
    unsafe {
        let item = |i: usize| dst.0.offset(i as isize * dst.1);
        let value = |k: usize| src.0.offset(k as isize * src.1);
        by_size!(size, T => {
            let size = size_of::<T>();
            let together = dst.1 == size as isize && src.1 == dst.1;
            groups!(mask, n, room, level, together && by_vectors(size, level), |i, k, m|
                whole item(i).copy_from_nonoverlapping(value(k), GROUP * size),
                dense spread(value(k), m, item(i), size, level),
                one item(i).cast::<T>().write_unaligned(value(k).cast::<T>().read_unaligned()))
        }, {
            groups!(mask, n, room, level, false, |i, k, m|
                whole {}, dense {},
                one item(i).copy_from_nonoverlapping(value(k), size))
        })
    }
}

/// Gives each item whose mask byte is not zero the one value.
///
/// # Safety
/// - Items and mask bytes are valid; `value` is an item outside `dst`.
pub unsafe fn fill_where(
    mask: (*const u8, isize),
    dst: (*mut u8, isize),
    n: usize,
    value: *const u8,
    size: usize,
) {
    // SAFETY: by contract.
    unsafe { fill_by_level(mask, dst, n, value, size) }
}

by_level! {
    fn fill_by_level(
        mask: (*const u8, isize), dst: (*mut u8, isize), n: usize, value: *const u8, size: usize,
    ) -> () = fill_body
}

/// # Safety
/// As [`fill_where`].
#[inline(always)]
unsafe fn fill_body(
    mask: (*const u8, isize),
    dst: (*mut u8, isize),
    n: usize,
    value: *const u8,
    size: usize,
    level: Level,
) {
    // SAFETY: by contract.
    unsafe {
        let item = |i: usize| dst.0.offset(i as isize * dst.1);
        by_size!(size, T => {
            let value = value.cast::<T>().read_unaligned();
            if dst.1 == size_of::<T>() as isize && mask.1 == 1 {
                let dst = dst.0.cast::<T>();
                for i in 0..n {
                    let old = dst.add(i).read_unaligned();
                    let on = mask.0.add(i).read() != 0;
                    dst.add(i).write_unaligned(<T as Block>::blend(on, value, old));
                }
                return;
            }
            groups!(mask, n, usize::MAX, level, false, |i, k, m|
                whole {}, dense {}, one item(i).cast::<T>().write_unaligned(value));
        }, {
            groups!(mask, n, usize::MAX, level, false, |i, k, m|
                whole {}, dense {}, one item(i).copy_from_nonoverlapping(value, size));
        })
    }
}

/// Gives each item whose mask byte is not zero the value at the same position.
///
/// # Safety
/// - Items, values and mask bytes are valid; items and values are the same or apart.
pub unsafe fn copy_where(
    mask: (*const u8, isize),
    dst: (*mut u8, isize),
    src: (*const u8, isize),
    n: usize,
    size: usize,
) {
    // SAFETY: by contract.
    unsafe { copy_by_level(mask, dst, src, n, size) }
}

by_level! {
    fn copy_by_level(
        mask: (*const u8, isize), dst: (*mut u8, isize), src: (*const u8, isize), n: usize,
        size: usize,
    ) -> () = copy_body
}

/// # Safety
/// As [`copy_where`].
#[inline(always)]
unsafe fn copy_body(
    mask: (*const u8, isize),
    dst: (*mut u8, isize),
    src: (*const u8, isize),
    n: usize,
    size: usize,
    level: Level,
) {
    // SAFETY: by contract.
    unsafe {
        let item = |i: usize| dst.0.offset(i as isize * dst.1);
        let value = |i: usize| src.0.offset(i as isize * src.1);
        by_size!(size, T => {
            let size = size_of::<T>() as isize;
            if dst.1 == size && src.1 == size && mask.1 == 1 {
                let (dst, src) = (dst.0.cast::<T>(), src.0.cast::<T>());
                for i in 0..n {
                    let (old, new) = (dst.add(i).read_unaligned(), src.add(i).read_unaligned());
                    let on = mask.0.add(i).read() != 0;
                    dst.add(i).write_unaligned(<T as Block>::blend(on, new, old));
                }
                return;
            }
            groups!(mask, n, usize::MAX, level, false, |i, k, m|
                whole {}, dense {},
                one item(i).cast::<T>().write_unaligned(value(i).cast::<T>().read_unaligned()));
        }, {
            groups!(mask, n, usize::MAX, level, false, |i, k, m|
                whole {}, dense {}, one item(i).copy_from(value(i), size));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Masks of every kind: nothing, everything, some, few, runs.
    fn masks(n: usize) -> Vec<Vec<u8>> {
        let kinds: [fn(usize) -> bool; 6] = [
            |_| false,
            |_| true,
            |i| i * i % 7 < 3,
            |i| i % 61 == 5,
            |i| i / 100 % 2 == 0,
            |i| i.wrapping_mul(2654435761) >> 7 & 1 == 1,
        ];
        kinds
            .map(|f| (0..n).map(|i| u8::from(f(i)) * 2).collect())
            .to_vec()
    }

    /// Compress, expand, fill and copy by the obvious loops.
    fn check(mask: &[u8], size: usize, level: Level) {
        let n = mask.len();
        let chosen: Vec<usize> = (0..n).filter(|&i| mask[i] != 0).collect();
        let src: Vec<u8> = (0..n * size).map(|i| (i * 7 + i / 256) as u8).collect();
        let at = |v: &[u8], i: usize| v[i * size..(i + 1) * size].to_vec();
        let want: Vec<u8> = chosen.iter().flat_map(|&i| at(&src, i)).collect();
        let (mut got, mut back, mut copied) =
            (vec![0u8; want.len()], vec![1u8; src.len()], src.clone());
        let (m, s, room) = ((mask.as_ptr(), 1), size as isize, chosen.len());
        let fill = vec![9u8; size];
        // SAFETY: all within the vectors; levels are below the CPU's.
        unsafe {
            assert_eq!(count_body(m.0, 1, n, level), room);
            assert_eq!(
                compress_body(m, (src.as_ptr(), s), n, got.as_mut_ptr(), room, size, level),
                room
            );
            assert_eq!(got, want, "{n} of {size} at {level:?}");
            fill_body(m, (copied.as_mut_ptr(), s), n, fill.as_ptr(), size, level);
            assert!((0..n).all(|i| at(&copied, i)
                == if mask[i] != 0 {
                    fill.clone()
                } else {
                    at(&src, i)
                }));
            copy_body(
                m,
                (copied.as_mut_ptr(), s),
                (src.as_ptr(), s),
                n,
                size,
                level,
            );
            assert_eq!(copied, src);
            let taken = expand_body(
                m,
                (back.as_mut_ptr(), s),
                n,
                (got.as_ptr(), s),
                room,
                size,
                level,
            );
            assert_eq!(taken, room);
            let ones = vec![1u8; size];
            assert!((0..n).all(|i| at(&back, i)
                == if mask[i] != 0 {
                    at(&src, i)
                } else {
                    ones.clone()
                }));
            let mut places = vec![0isize; room];
            positions_body(m, n, 3, places.as_mut_ptr(), room, level);
            assert!(places
                .iter()
                .zip(&chosen)
                .all(|(&a, &c)| a as usize == c + 3));
        }
    }

    #[test]
    fn moves_by_mask_agree_with_the_obvious() {
        for n in [0, 1, 63, 64, 65, 127, 300, 1000] {
            for mask in masks(n) {
                for size in [1, 2, 3, 4, 8, 16, 24, 32] {
                    check(&mask, size, Level::V2);
                    if crate::cpu::level() >= Level::V3 {
                        check(&mask, size, Level::V3);
                    }
                    if crate::cpu::level() >= Level::V4 {
                        check(&mask, size, Level::V4);
                    }
                }
            }
        }
    }
}
