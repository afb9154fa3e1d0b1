//! `where`: one of two items by a mask byte, without a branch.

use super::{by_size, Block};
use crate::cpu::{by_level, Level};

/// An operand: first item and byte stride.
pub(crate) type Operand = (*const u8, isize);

/// Writes `x` where the mask byte is not zero, else `y`, for `n` items of `size` bytes.
///
/// # Safety
/// - All items are valid; `out` is apart from the inputs.
pub unsafe fn pick(
    mask: Operand,
    x: Operand,
    y: Operand,
    out: (*mut u8, isize),
    n: usize,
    size: usize,
) {
    // SAFETY: by contract.
    unsafe { pick_by_level(mask, x, y, out, n, size) }
}

by_level! {
    fn pick_by_level(
        mask: Operand, x: Operand, y: Operand, out: (*mut u8, isize), n: usize, size: usize,
    ) -> () = pick_body
}

/// # Safety
/// As [`pick`].
#[inline(always)]
unsafe fn pick_body(
    mask: Operand,
    x: Operand,
    y: Operand,
    out: (*mut u8, isize),
    n: usize,
    size: usize,
    _: Level,
) {
    // SAFETY: by contract.
    unsafe {
        by_size!(size, T => pick_as::<T>(mask, x, y, out, n), {
            for i in 0..n as isize {
                let on = mask.0.offset(i * mask.1).read() != 0;
                let from = if on { x.0.offset(i * x.1) } else { y.0.offset(i * y.1) };
                out.0.offset(i * out.1).copy_from_nonoverlapping(from, size);
            }
        })
    }
}

/// # Safety
/// As [`pick`].
#[inline(always)]
unsafe fn pick_as<T: Block>(
    mask: Operand,
    x: Operand,
    y: Operand,
    out: (*mut u8, isize),
    n: usize,
) {
    let size = size_of::<T>() as isize;
    // SAFETY: by contract; slices would promise alignment, so items go through unaligned accesses.
    unsafe {
        let at = |p: *const u8, i: usize| p.cast::<T>().add(i).read_unaligned();
        let put = |i: usize, v: T| out.0.cast::<T>().add(i).write_unaligned(v);
        let on = |i: usize| mask.0.add(i).read() != 0;
        if mask.1 == 1 && out.1 == size {
            match (x.1, y.1) {
                (sx, sy) if sx == size && sy == size => {
                    return (0..n).for_each(|i| put(i, T::blend(on(i), at(x.0, i), at(y.0, i))));
                }
                (sx, 0) if sx == size => {
                    let v = at(y.0, 0);
                    return (0..n).for_each(|i| put(i, T::blend(on(i), at(x.0, i), v)));
                }
                (0, sy) if sy == size => {
                    let u = at(x.0, 0);
                    return (0..n).for_each(|i| put(i, T::blend(on(i), u, at(y.0, i))));
                }
                (0, 0) => {
                    let (u, v) = (at(x.0, 0), at(y.0, 0));
                    return (0..n).for_each(|i| put(i, T::blend(on(i), u, v)));
                }
                _ => {}
            }
        }
        for i in 0..n as isize {
            let u = x.0.offset(i * x.1).cast::<T>().read_unaligned();
            let v = y.0.offset(i * y.1).cast::<T>().read_unaligned();
            let on = mask.0.offset(i * mask.1).read() != 0;
            out.0
                .offset(i * out.1)
                .cast::<T>()
                .write_unaligned(T::blend(on, u, v));
        }
    }
}
