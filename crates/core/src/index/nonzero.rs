//! Positions of what is not zero.

use crate::iter::{Arrange, Nest};
use crate::{Error, RawView, Result};
use numoxide_kernels::select::{count_true, positions};
use smallvec::SmallVec;

/// Number of non-zero items of a bool view.
pub(super) fn count_view(mask: &RawView<'_>) -> usize {
    let nest = Nest::new(mask.shape, &[(mask.ptr, mask.strides)], Arrange::Free);
    let mut total = 0;
    let done: std::result::Result<(), ()> = nest.try_for_each(|p, n, s| {
        // SAFETY: the nest walks the mask's bytes.
        total += unsafe { count_true(p[0], s[0], n) };
        Ok(())
    });
    debug_assert!(done.is_ok());
    total
}

/// Coordinates of the non-zero items of a bool view with at least one axis, in C order: one list an
/// axis.
pub fn nonzero(mask: &RawView<'_>) -> Result<SmallVec<[Vec<isize>; 2]>> {
    let total = count_view(mask);
    let nd = mask.ndim();
    let mut out: SmallVec<[Vec<isize>; 2]> = SmallVec::new();
    for _ in 0..nd {
        out.push(room_for(total)?);
    }
    if total == 0 {
        return Ok(out);
    }
    let (outer, inner) = (&mask.shape[..nd - 1], nd - 1);
    let mut at: SmallVec<[isize; 6]> = SmallVec::from_elem(0, inner);
    let mut row = mask.ptr;
    let mut k = 0;
    while k < total {
        // SAFETY: each list has room for `total`; the row lies in the mask.
        unsafe {
            let (n, s) = (mask.shape[inner], mask.strides[inner]);
            let to = out[inner].as_mut_ptr().add(k);
            let found = positions(row, s, n, 0, to, total - k);
            for (list, &i) in out.iter_mut().zip(&at) {
                (0..found).for_each(|j| list.as_mut_ptr().add(k + j).write(i));
            }
            k += found;
        }
        if !step(&mut at, outer, mask.strides, &mut row) {
            break;
        }
    }
    for list in &mut out {
        // SAFETY: `k` entries of each list are written.
        unsafe { list.set_len(k) };
    }
    Ok(out)
}

/// Moves to the next row in C order; false behind the last.
fn step(at: &mut [isize], shape: &[usize], strides: &[isize], row: &mut *mut u8) -> bool {
    for axis in (0..at.len()).rev() {
        at[axis] += 1;
        *row = row.wrapping_offset(strides[axis]);
        if at[axis] < shape[axis] as isize {
            return true;
        }
        *row = row.wrapping_offset(-strides[axis] * at[axis]);
        at[axis] = 0;
    }
    false
}

fn room_for(n: usize) -> Result<Vec<isize>> {
    let mut list = Vec::new();
    list.try_reserve_exact(n).map_err(|_| Error::Memory {
        bytes: n.saturating_mul(8),
        shape: vec![n],
        dtype: None,
    })?;
    Ok(list)
}
