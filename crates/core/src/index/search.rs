//! `searchsorted` over any dtype whose order needs no interpreter.

use crate::RawView;
use numoxide_dtype::{dispatch_number, DType, TypeNum};
use numoxide_kernels::select::Search;
use std::cmp::Ordering;

/// Positions of the contiguous native `keys` (same dtype as the sorted items) into `out`; false if the
/// dtype has no order here.
///
/// # Safety
/// - `keys` holds `n` items and `out` has room for `n`; the search is valid.
pub unsafe fn search(
    search: &Search,
    dtype: &DType,
    keys: *const u8,
    n: usize,
    out: *mut isize,
) -> bool {
    let keys = (keys, dtype.size as isize);
    // SAFETY: by contract.
    unsafe {
        match dtype.num {
            TypeNum::DateTime | TypeNum::TimeDelta => {
                // Not-a-time is the least integer and sorts last.
                let key = |p: *const u8| {
                    p.cast::<i64>().read_unaligned().wrapping_sub(1) as u64 ^ (1 << 63)
                };
                search.run_by(keys, n, out, &|a, b| key(a) < key(b));
            }
            TypeNum::Bytes | TypeNum::Str => {
                let text = dtype.num == TypeNum::Str;
                let order = |a, b| compare(a, b, dtype.size, text) == Ordering::Less;
                search.run_by(keys, n, out, &order);
            }
            num => dispatch_number!(num, T => search.run::<T>(keys, n, out), _ => return false),
        }
    }
    true
}

/// # Safety
/// - Both hold `size` bytes.
unsafe fn compare(a: *const u8, b: *const u8, size: usize, text: bool) -> Ordering {
    // SAFETY: by contract.
    unsafe {
        if !text {
            let (a, b) = (
                std::slice::from_raw_parts(a, size),
                std::slice::from_raw_parts(b, size),
            );
            return a.cmp(b);
        }
        let unit = |p: *const u8, i: usize| p.cast::<u32>().add(i).read_unaligned();
        (0..size / 4)
            .map(|i| unit(a, i).cmp(&unit(b, i)))
            .find(|o| o.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

/// Whether all positions lie inside `0..len`.
pub fn sorter_fits(sorter: &RawView<'_>, len: usize) -> bool {
    let s = sorter.strides.first().copied().unwrap_or(0);
    (0..sorter.size() as isize).all(|i| {
        // SAFETY: a position of the 1-d view.
        let at = unsafe { sorter.ptr.offset(i * s).cast::<isize>().read() };
        (0..len as isize).contains(&at)
    })
}
