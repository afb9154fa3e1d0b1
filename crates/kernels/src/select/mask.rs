//! Items by mask: no branch depends on a mask byte, so that random masks cost what regular ones do.

use super::{by_size, Block};

/// How many of `n` mask bytes, `stride` apart, are not zero.
///
/// # Safety
/// - The bytes are valid for reads.
pub unsafe fn count_true(mask: *const u8, stride: isize, n: usize) -> usize {
    // SAFETY: by contract.
    unsafe {
        if stride == 1 {
            let mut total = 0;
            // Sums of 128 bytes fit a byte, which keeps the vector lanes narrow.
            for part in std::slice::from_raw_parts(mask, n).chunks(128) {
                total += usize::from(part.iter().fold(0u8, |s, &m| s + u8::from(m != 0)));
            }
            return total;
        }
        (0..n as isize)
            .filter(|&i| mask.offset(i * stride).read() != 0)
            .count()
    }
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
    let (mut k, mut i) = (0, 0);
    // SAFETY: `k < room` before each write; reads by contract.
    unsafe {
        while i < n && k < room {
            out.add(k).write(start + i as isize);
            k += usize::from(mask.offset(i as isize * stride).read() != 0);
            i += 1;
        }
    }
    k
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
    let (mut k, mut i) = (0, 0);
    // SAFETY: `k < room` before each write; reads by contract.
    unsafe {
        by_size!(size, T => {
            let dst = dst.cast::<T>();
            if src.1 == size as isize && mask.1 == 1 {
                let src = src.0.cast::<T>();
                while i < n && k < room {
                    dst.add(k).write_unaligned(src.add(i).read_unaligned());
                    k += usize::from(mask.0.add(i).read() != 0);
                    i += 1;
                }
                return k;
            }
            while i < n && k < room {
                let item = src.0.offset(i as isize * src.1).cast::<T>();
                dst.add(k).write_unaligned(item.read_unaligned());
                k += usize::from(mask.0.offset(i as isize * mask.1).read() != 0);
                i += 1;
            }
        }, {
            while i < n && k < room {
                dst.add(k * size).copy_from_nonoverlapping(src.0.offset(i as isize * src.1), size);
                k += usize::from(mask.0.offset(i as isize * mask.1).read() != 0);
                i += 1;
            }
        })
    }
    k
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
    let (mut k, mut i) = (0, 0);
    // SAFETY: `k < room` before each read; the rest by contract.
    unsafe {
        by_size!(size, T => {
            while i < n && k < room {
                let item = dst.0.offset(i as isize * dst.1).cast::<T>();
                let value = src.0.offset(k as isize * src.1).cast::<T>().read_unaligned();
                let on = mask.0.offset(i as isize * mask.1).read() != 0;
                item.write_unaligned(<T as Block>::blend(on, value, item.read_unaligned()));
                k += usize::from(on);
                i += 1;
            }
        }, {
            while i < n && k < room {
                if mask.0.offset(i as isize * mask.1).read() != 0 {
                    let item = dst.0.offset(i as isize * dst.1);
                    item.copy_from_nonoverlapping(src.0.offset(k as isize * src.1), size);
                    k += 1;
                }
                i += 1;
            }
        })
    }
    k
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
    unsafe {
        by_size!(size, T => {
            let value = value.cast::<T>().read_unaligned();
            if dst.1 == size as isize && mask.1 == 1 {
                let dst = dst.0.cast::<T>();
                for i in 0..n {
                    let item = dst.add(i);
                    let old = item.read_unaligned();
                    item.write_unaligned(<T as Block>::blend(mask.0.add(i).read() != 0, value, old));
                }
                return;
            }
            for i in 0..n as isize {
                let item = dst.0.offset(i * dst.1).cast::<T>();
                let on = mask.0.offset(i * mask.1).read() != 0;
                item.write_unaligned(<T as Block>::blend(on, value, item.read_unaligned()));
            }
        }, {
            for i in 0..n as isize {
                if mask.0.offset(i * mask.1).read() != 0 {
                    dst.0.offset(i * dst.1).copy_from_nonoverlapping(value, size);
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compress_and_expand_agree_with_the_obvious() {
        let n = 300usize;
        let mask: Vec<u8> = (0..n).map(|i| u8::from(i * i % 7 < 3) * 2).collect();
        let chosen: Vec<usize> = (0..n).filter(|&i| mask[i] != 0).collect();
        for size in [1usize, 2, 3, 4, 8, 16, 32] {
            let src: Vec<u8> = (0..n * size).map(|i| (i * 7) as u8).collect();
            let want: Vec<u8> = chosen
                .iter()
                .flat_map(|&i| src[i * size..(i + 1) * size].to_vec())
                .collect();
            let mut got = vec![0u8; want.len()];
            let mut back = src.clone();
            // SAFETY: all within the vectors.
            unsafe {
                let m = (mask.as_ptr(), 1);
                let room = chosen.len();
                assert_eq!(count_true(m.0, 1, n), room);
                let s = size as isize;
                let k = compress(m, (src.as_ptr(), s), n, got.as_mut_ptr(), room, size);
                assert_eq!(k, room);
                fill_where(m, (back.as_mut_ptr(), s), n, [9u8; 32].as_ptr(), size);
                assert!(chosen
                    .iter()
                    .all(|&i| back[i * size..(i + 1) * size] == [9u8; 32][..size]));
                expand(m, (back.as_mut_ptr(), s), n, (got.as_ptr(), s), room, size);
            }
            assert_eq!(got, want);
            assert_eq!(back, src);
        }
        let mut at = vec![0isize; chosen.len()];
        // SAFETY: as above.
        unsafe { positions(mask.as_ptr(), 1, n, 0, at.as_mut_ptr(), at.len()) };
        assert!(at.iter().zip(&chosen).all(|(&a, &c)| a as usize == c));
    }
}
