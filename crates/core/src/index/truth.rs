//! Which items are true.

use crate::cast::get_cast_unaligned;
use crate::iter::{Arrange, Nest};
use crate::{RawView, Result};
use numoxide_dtype::{DType, TypeNum};
use numoxide_kernels::select::count_true;
use numoxide_kernels::LoopCtx;

/// Items looked at together when only their number is wanted.
const BLOCK: usize = 4096;

/// One byte an item, in C order: 1 where the item is true.
pub fn truth(view: &RawView<'_>) -> Result<Vec<u8>> {
    let mut out = vec![0u8; view.size()];
    let mut at = 0;
    each_block(view, &mut |block| {
        out[at..at + block.len()].copy_from_slice(block);
        at += block.len();
    })?;
    Ok(out)
}

/// Number of true items.
pub fn count_nonzero(view: &RawView<'_>) -> Result<usize> {
    if view.dtype.num == TypeNum::Bool {
        return Ok(super::count(view));
    }
    let mut total = 0;
    each_block(view, &mut |block| {
        // SAFETY: a live slice.
        total += unsafe { count_true(block.as_ptr(), 1, block.len()) };
    })?;
    Ok(total)
}

/// Calls `f` with the truth of block after block of items, in C order.
fn each_block(view: &RawView<'_>, f: &mut dyn FnMut(&[u8])) -> Result<()> {
    if view.dtype.num == TypeNum::Void {
        return each_void(view, f);
    }
    let bools = DType::new(TypeNum::Bool);
    let cast = get_cast_unaligned(view.dtype, &bools)?;
    let dtypes = [view.dtype.clone(), bools];
    let ctx = LoopCtx::new(&dtypes);
    let nest = Nest::new(view.shape, &[(view.ptr, view.strides)], Arrange::Ordered);
    let mut block = [0u8; BLOCK];
    nest.try_for_each(|p, n, s| {
        let mut start = 0;
        while start < n {
            let count = (n - start).min(BLOCK);
            let from = p[0].wrapping_offset(start as isize * s[0]);
            let args = [from, block.as_mut_ptr()];
            // SAFETY: the nest walks items of the view; the block has room.
            match unsafe { cast.call(&ctx, &args, &[count as isize], &[s[0], 1]) } {
                0 => f(&block[..count]),
                _ => return Err(ctx.take_error()),
            }
            start += count;
        }
        Ok(())
    })
}

/// Structured items are true if a field is, others if a byte is not zero.
fn each_void(view: &RawView<'_>, f: &mut dyn FnMut(&[u8])) -> Result<()> {
    let mut all = vec![0u8; view.size()];
    let Some(fields) = view.dtype.fields() else {
        let nest = Nest::new(view.shape, &[(view.ptr, view.strides)], Arrange::Ordered);
        let mut k = 0;
        nest.try_for_each(|p, n, s| {
            for i in 0..n as isize {
                // SAFETY: an item of the view.
                let item =
                    unsafe { std::slice::from_raw_parts(p[0].offset(i * s[0]), view.dtype.size) };
                all[k] = u8::from(item.iter().any(|&b| b != 0));
                k += 1;
            }
            Ok(())
        })?;
        f(&all);
        return Ok(());
    };
    for field in fields {
        let part = RawView {
            ptr: view.ptr.wrapping_add(field.offset),
            dtype: &field.dtype,
            ..*view
        };
        all.iter_mut().zip(truth(&part)?).for_each(|(a, b)| *a |= b);
    }
    f(&all);
    Ok(())
}
