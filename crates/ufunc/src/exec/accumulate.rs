//! `accumulate` and `reduceat`: the loop in chained form along one axis.

use super::buffered::{release, scratch};
use super::{call, operand_cast};
use numoxide_core::assign::{run_parts, Temp};
use numoxide_core::cast::get_cast_if_aligned;
use numoxide_core::iter::{Arrange, Nest};
use numoxide_core::overlap::has_internal_overlap;
use numoxide_core::pool::threads;
use numoxide_core::{DType, RawView, Result};
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};
use smallvec::SmallVec;

fn without_axis<T: Copy>(all: &[T], axis: usize) -> SmallVec<[T; 6]> {
    all.iter()
        .enumerate()
        .filter(|(i, _)| *i != axis)
        .map(|(_, &v)| v)
        .collect()
}

/// Runs `body` for every 1-d line along `axis` of two views that agree on the other axes; lines are
/// shared out to threads.
fn for_lines(
    out: &RawView<'_>,
    input: &RawView<'_>,
    axis: usize,
    parts: usize,
    body: &(dyn Fn(&LoopCtx, *mut u8, *mut u8) -> Result<()> + Sync),
    dtypes: &[DType],
    hardware: bool,
) -> Result<u8> {
    let shape = without_axis(input.shape, axis);
    let (so, si) = (
        without_axis(out.strides, axis),
        without_axis(input.strides, axis),
    );
    let nest = Nest::new(&shape, &[(out.ptr, &so), (input.ptr, &si)], Arrange::Sorted);
    // Results that lie on each other are written in order, by one thread.
    let apart = parts > 1 && nest.size() >= parts && !has_internal_overlap(out);
    let parts = if apart { parts } else { 1 };
    run_parts(&nest, parts, &|nest| {
        let ctx = LoopCtx::new(dtypes);
        if hardware {
            fpstatus::clear_all();
        }
        nest.try_for_each(|p, n, s| {
            (0..n as isize).try_for_each(|i| {
                body(
                    &ctx,
                    p[0].wrapping_offset(i * s[0]),
                    p[1].wrapping_offset(i * s[1]),
                )
            })
        })?;
        Ok(ctx.fp() | if hardware { fpstatus::read_all() } else { 0 })
    })
}

/// Running results of a binary loop along `axis`; `out` has the loop's output dtype and the shape of
/// `input`. Floating-point status bits.
pub fn accumulate(
    lp: &BoundLoop,
    dtypes: &[DType],
    out: &RawView<'_>,
    input: &RawView<'_>,
    axis: usize,
) -> Result<u8> {
    let n = input.shape[axis];
    if input.size() == 0 {
        return Ok(0);
    }
    let cast = operand_cast(input, &dtypes[1], true)?;
    let first = get_cast_if_aligned(input.dtype, &dtypes[0], input.is_aligned())?;
    let (so, si) = (out.strides[axis], input.strides[axis]);
    let gil = lp.flags.needs_gil || first.flags.needs_gil;
    let parts = if gil {
        1
    } else {
        threads::parts_for(input.size() * 4)
    };
    let hardware = lp.flags.fp == FpClass::Hardware;
    let size = dtypes[1].size as isize;
    let body = |ctx: &LoopCtx, o: *mut u8, i: *mut u8| -> Result<()> {
        call(&first, ctx, &[i, o], 1, &[si, so])?;
        let Some(cast) = &cast else {
            let next = o.wrapping_offset(so);
            return call(
                lp,
                ctx,
                &[o, i.wrapping_offset(si), next],
                n - 1,
                &[so, si, so],
            );
        };
        let block = 1024.min(n);
        let buf = scratch(&dtypes[1], block)?;
        let mut done = 1;
        let mut result = Ok(());
        while done < n && result.is_ok() {
            let k = block.min(n - done);
            let from = i.wrapping_offset(si * done as isize);
            let prev = o.wrapping_offset(so * (done as isize - 1));
            result = call(cast, ctx, &[from, buf], k, &[si, size]).and_then(|()| {
                call(
                    lp,
                    ctx,
                    &[prev, buf, prev.wrapping_offset(so)],
                    k,
                    &[so, size, so],
                )
            });
            done += k;
        }
        // SAFETY: made by `scratch` just above.
        unsafe { release(buf, &dtypes[1], block) };
        result
    };
    for_lines(out, input, axis, parts, &body, dtypes, hardware)
}

/// Reductions over the slices that `indices` start along `axis`; `out` has one item an index there.
pub fn reduceat(
    lp: &BoundLoop,
    dtypes: &[DType],
    out: &RawView<'_>,
    input: &RawView<'_>,
    axis: usize,
    indices: &[usize],
) -> Result<u8> {
    if input.size() == 0 || indices.is_empty() {
        return Ok(0);
    }
    let temp = match operand_cast(input, &dtypes[1], true)? {
        Some(_) => Some(Temp::cast_of(input, &dtypes[1])?),
        None => None,
    };
    let bits = temp.as_ref().map_or(0, |(_, bits)| *bits);
    let input = temp.as_ref().map_or(*input, |(t, _)| t.view());
    let n = input.shape[axis];
    let (so, si) = (out.strides[axis], input.strides[axis]);
    let first = get_cast_if_aligned(input.dtype, &dtypes[0], input.is_aligned())?;
    let parts = if lp.flags.needs_gil || first.flags.needs_gil {
        1
    } else {
        threads::parts_for(input.size() * 4)
    };
    let hardware = lp.flags.fp == FpClass::Hardware;
    let body = |ctx: &LoopCtx, o: *mut u8, i: *mut u8| -> Result<()> {
        for (k, &start) in indices.iter().enumerate() {
            let end = indices.get(k + 1).copied().unwrap_or(n);
            let slot = o.wrapping_offset(so * k as isize);
            let from = i.wrapping_offset(si * start as isize);
            call(&first, ctx, &[from, slot], 1, &[si, so])?;
            if end > start + 1 {
                let rest = from.wrapping_offset(si);
                call(lp, ctx, &[slot, rest, slot], end - start - 1, &[0, si, 0])?;
            }
        }
        Ok(())
    };
    Ok(bits | for_lines(out, &input, axis, parts, &body, dtypes, hardware)?)
}
