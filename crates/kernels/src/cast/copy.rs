//! Copies of elements by size, whatever their dtype, and copies that reverse their bytes.
//!
//! They ask for no alignment.

use crate::loops::{Levels, LoopCtx, StridedLoop};
use std::ffi::{c_int, c_void};
use std::ptr::{copy, copy_nonoverlapping};

/// A loop that copies elements of `size` bytes; for sizes other than 1, 2, 4, 8, 16 and 32 the
/// auxiliary pointer is the size.
pub const fn copy_loop(size: usize) -> Levels {
    Levels::one(match size {
        1 => fixed::<1> as StridedLoop,
        2 => fixed::<2>,
        4 => fixed::<4>,
        8 => fixed::<8>,
        16 => fixed::<16>,
        32 => fixed::<32>,
        _ => any_size,
    })
}

/// A loop that copies elements of `size` bytes made of `parts` numbers, reversing the bytes of each
/// number; sizes of numbers are 2, 4, 8 and 16, and more than two of them have 4 bytes and take the
/// size as auxiliary pointer. `None` for other sizes.
pub const fn swap_loop(size: usize, parts: usize) -> Option<Levels> {
    Some(Levels::one(match (size / parts, parts) {
        (4, 3..) => swapped_units as StridedLoop,
        (2, 1) => swapped::<2, 1>,
        (4, 1) => swapped::<4, 1>,
        (8, 1) => swapped::<8, 1>,
        (16, 1) => swapped::<16, 1>,
        (4, 2) => swapped::<4, 2>,
        (8, 2) => swapped::<8, 2>,
        (16, 2) => swapped::<16, 2>,
        _ => return None,
    }))
}

/// # Safety
/// As any strided loop of two operands of `N` bytes; they may overlap only where they are equal or
/// where the executor's order allows it.
unsafe extern "C" fn fixed<const N: usize>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract; unaligned accesses need no alignment.
    unsafe {
        let (n, mut a, mut o) = (*dims, (*args).cast_const(), *args.add(1));
        let (sa, so) = (*strides, *strides.add(1));
        if sa == N as isize && so == N as isize {
            let bytes = n.max(0) as usize * N;
            let apart = (a as usize).abs_diff(o as usize) >= bytes;
            if apart && (*ctx).streams(bytes) {
                crate::stream::copy(o, a, bytes);
            } else {
                copy(a, o, bytes);
            }
            return 0;
        }
        if sa == 0 && so == N as isize && n > 0 {
            let x = a.cast::<[u8; N]>().read();
            std::slice::from_raw_parts_mut(o.cast::<[u8; N]>(), n as usize).fill(x);
            return 0;
        }
        for _ in 0..n {
            let x = a.cast::<[u8; N]>().read();
            o.cast::<[u8; N]>().write(x);
            a = a.wrapping_offset(sa);
            o = o.wrapping_offset(so);
        }
    }
    0
}

/// # Safety
/// As [`fixed`], for elements of `aux` bytes.
unsafe extern "C" fn any_size(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (n, mut a, mut o) = (*dims, (*args).cast_const(), *args.add(1));
        let (sa, so, size) = (*strides, *strides.add(1), aux as usize);
        if sa == size as isize && so == size as isize {
            copy(a, o, n.max(0) as usize * size);
            return 0;
        }
        for _ in 0..n {
            copy(a, o, size);
            a = a.wrapping_offset(sa);
            o = o.wrapping_offset(so);
        }
    }
    0
}

/// # Safety
/// As [`fixed`], for elements of `P` numbers of `N` bytes.
unsafe extern "C" fn swapped<const N: usize, const P: usize>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract; unaligned accesses need no alignment.
    unsafe {
        let (n, mut a, mut o) = (*dims, (*args).cast_const(), *args.add(1));
        let (sa, so) = (*strides, *strides.add(1));
        for _ in 0..n {
            let mut x = a.cast::<[[u8; N]; P]>().read();
            x.iter_mut().for_each(|part| part.reverse());
            copy_nonoverlapping(x.as_ptr().cast(), o, N * P);
            a = a.wrapping_offset(sa);
            o = o.wrapping_offset(so);
        }
    }
    0
}

/// # Safety
/// As [`fixed`], for elements of `aux` bytes in units of 4.
unsafe extern "C" fn swapped_units(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract; unaligned accesses need no alignment.
    unsafe {
        let (mut a, mut o) = ((*args).cast_const(), *args.add(1));
        for _ in 0..*dims {
            for i in 0..aux as usize / 4 {
                let unit = a.cast::<u32>().add(i).read_unaligned();
                o.cast::<u32>().add(i).write_unaligned(unit.swap_bytes());
            }
            a = a.wrapping_offset(*strides);
            o = o.wrapping_offset(*strides.add(1));
        }
    }
    0
}
