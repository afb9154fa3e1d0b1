//! Rows of one axis by a plain list of positions.

use crate::pool::threads;
use numoxide_kernels::select::{gather_rows, Bounds};
use std::sync::atomic::{AtomicBool, Ordering};

/// Copies the rows (blocks of `block` bytes) at `n` positions to contiguous `dst`; `base`, number and
/// byte step of the rows. False if a position is wrong.
///
/// # Safety
/// - All rows, positions and targets are valid and apart.
pub unsafe fn rows_at(
    (base, len, step): (*mut u8, usize, isize),
    bounds: Bounds,
    idx: *const isize,
    n: usize,
    dst: *mut u8,
    block: usize,
) -> bool {
    if len == 0 {
        return n == 0;
    }
    let parts = threads::parts_for(n.saturating_mul(4 + block / 16)).min(n.max(1));
    if parts <= 1 {
        // SAFETY: by contract.
        return unsafe { gather_rows((base, len, step), bounds, idx, n, dst, block) };
    }
    let (base, idx, dst) = (base as usize, idx as usize, dst as usize);
    let good = AtomicBool::new(true);
    threads::run(parts, &|i| {
        let (start, end) = (n * i / parts, n * (i + 1) / parts);
        // SAFETY: by contract; the parts are apart.
        let fine = unsafe {
            let (idx, dst) = (
                (idx as *const isize).add(start),
                (dst as *mut u8).add(start * block),
            );
            let rows = (base as *const u8, len, step);
            gather_rows(rows, bounds, idx, end - start, dst, block)
        };
        if !fine {
            good.store(false, Ordering::Relaxed);
        }
    });
    good.into_inner()
}
