//! A mask over all axes of an array: compress and its inverse.

use super::nonzero::count_view;
use crate::assign::run_parts;
use crate::cast::{get_copy, hooks};
use crate::iter::{Arrange, Nest};
use crate::pool::threads;
use crate::{RawView, Result};
use numoxide_kernels::select;
use numoxide_kernels::LoopCtx;

/// Number of non-zero items of a bool view.
pub fn count(mask: &RawView<'_>) -> usize {
    count_view(mask)
}

/// Copies the items of `src` where `mask` (same shape) is set, in C order, to `room` contiguous items
/// at `dst`.
///
/// # Safety
/// - `room` items of the view's dtype fit at `dst`, apart from both views; the mask has `room` items set.
pub unsafe fn compress(
    mask: &RawView<'_>,
    src: &RawView<'_>,
    dst: *mut u8,
    room: usize,
) -> Result<()> {
    let ops = [(mask.ptr, mask.strides), (src.ptr, src.strides)];
    let nest = Nest::new(src.shape, &ops, Arrange::Ordered);
    let size = src.dtype.size;
    let mut k = 0;
    if hooks::needs_clear(src.dtype) {
        return each_chosen(&nest, src, |item, copy| {
            let to = dst.wrapping_add(k * size);
            k += 1;
            copy(item, to)
        });
    }
    nest.try_for_each(|p, n, s| {
        // SAFETY: the nest walks both views; `room` items were counted from this mask.
        unsafe {
            let to = dst.add(k * size);
            k += select::compress((p[0], s[0]), (p[1], s[1]), n, to, room - k, size);
        }
        Ok(())
    })
}

/// Gives the items of `dst` where `mask` (same shape) is set the `room` values at `src`, in C order.
///
/// # Safety
/// - `room` items of the view's dtype lie at `src`, `stride` bytes apart; the mask has `room` items set.
pub unsafe fn store(
    mask: &RawView<'_>,
    dst: &RawView<'_>,
    src: *const u8,
    stride: isize,
    room: usize,
) -> Result<()> {
    let ops = [(mask.ptr, mask.strides), (dst.ptr, dst.strides)];
    let nest = Nest::new(dst.shape, &ops, Arrange::Ordered);
    let size = dst.dtype.size;
    let mut k = 0;
    if hooks::needs_clear(dst.dtype) {
        return each_chosen(&nest, dst, |item, copy| {
            let from = src.wrapping_offset(k as isize * stride).cast_mut();
            k += 1;
            copy(from, item)
        });
    }
    nest.try_for_each(|p, n, s| {
        // SAFETY: the nest walks both views; `room` values were counted from this mask.
        unsafe {
            let from = (src.offset(k as isize * stride), stride);
            k += select::expand((p[0], s[0]), (p[1], s[1]), n, from, room - k, size);
        }
        Ok(())
    })
}

/// Gives the items of `dst` where `mask` (same shape) is set the one value at `value`.
///
/// # Safety
/// - An item of the view's dtype lies at `value`.
pub unsafe fn fill(mask: &RawView<'_>, dst: &RawView<'_>, value: *const u8) -> Result<()> {
    let ops = [(mask.ptr, mask.strides), (dst.ptr, dst.strides)];
    let nest = Nest::new(dst.shape, &ops, Arrange::Free);
    let (size, value) = (dst.dtype.size, value as usize);
    if hooks::needs_clear(dst.dtype) {
        return each_chosen(&nest, dst, |item, copy| copy(value as *mut u8, item));
    }
    run_parts(&nest, threads::parts_for(nest.size()), &|part: &Nest| {
        part.try_for_each(|p, n, s| {
            // SAFETY: the nest walks both views; the value is one item, apart from both.
            unsafe {
                select::fill_where((p[0], s[0]), (p[1], s[1]), n, value as *const u8, size);
            }
            Ok(())
        })?;
        Ok(0)
    })?;
    Ok(())
}

/// Calls `f(item, copy)` for each item of the second operand whose mask byte is set; `copy(from, to)`
/// copies one item with what it owns.
fn each_chosen(
    nest: &Nest,
    view: &RawView<'_>,
    mut f: impl FnMut(*mut u8, &dyn Fn(*mut u8, *mut u8) -> Result<()>) -> Result<()>,
) -> Result<()> {
    let lp = get_copy(view.dtype)?;
    let dtypes = [view.dtype.clone(), view.dtype.clone()];
    let ctx = LoopCtx::new(&dtypes);
    let copy = |from: *mut u8, to: *mut u8| {
        // SAFETY: addresses of one item each.
        match unsafe { lp.call(&ctx, &[from, to], &[1], &[0, 0]) } {
            0 => Ok(()),
            _ => Err(ctx.take_error()),
        }
    };
    nest.try_for_each(|p, n, s| {
        for i in 0..n as isize {
            // SAFETY: the nest walks the mask's bytes.
            if unsafe { p[0].offset(i * s[0]).read() } != 0 {
                f(p[1].wrapping_offset(i * s[1]), &copy)?;
            }
        }
        Ok(())
    })
}
