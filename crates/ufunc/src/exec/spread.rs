//! Short inner axes: the two innermost axes run as one long loop.
//!
//! Operands that lie so are taken as they are; the others, such as the row of three numbers in
//! `points - centre`, are spread into blocks first, which costs less than a call for every short row.

use super::buffered::{release, scratch};
use super::call;
use numoxide_core::cast::get_cast;
use numoxide_core::iter::{Nest, PerOp};
use numoxide_core::{DType, Result};
use numoxide_kernels::{BoundLoop, LoopCtx};

/// Inner axes of this length carry the cost of a call themselves.
const LONG: usize = 64;
/// Items of a block.
const BLOCK: usize = 1024;

/// Whether the nest's inner axis is short and its operands, outputs in any case, mostly run on along
/// the axis before it.
pub(crate) fn helps(nest: &Nest, nin: usize, nop: usize) -> bool {
    let axes = nest.shape.len();
    if axes < 2 || nest.shape[axes - 1] > LONG || nest.shape[axes - 2] < 4 {
        return false;
    }
    (nin..nop).all(|op| runs_on(nest, op)) && nest.size() >= 256
}

/// Whether an operand's two innermost axes are one in memory.
fn runs_on(nest: &Nest, op: usize) -> bool {
    let outer = nest.shape.len() - 2;
    let (step, inner) = (nest.axis_strides(outer)[op], nest.inner_strides()[op]);
    step == inner * nest.inner_len() as isize
}

/// An operand on its way into a block.
struct Copied<'a> {
    op: usize,
    copy: BoundLoop,
    dtype: &'a DType,
    block: *mut u8,
    /// The rows in the block, if they are all alike, and where they came from.
    held: (usize, *mut u8),
}

impl Drop for Copied<'_> {
    fn drop(&mut self) {
        // SAFETY: made by `scratch` in `run` with this dtype and length.
        unsafe { release(self.block, self.dtype, BLOCK + LONG) };
    }
}

impl Copied<'_> {
    /// Fills the block with `rows` rows of `n` items from `p`, `outer` and `inner` bytes apart.
    fn fill(
        &mut self,
        ctx: &LoopCtx,
        p: *mut u8,
        (rows, n): (usize, usize),
        (outer, inner): (isize, isize),
    ) -> Result<()> {
        let size = self.dtype.size as isize;
        let row = |r: usize| self.block.wrapping_offset((r * n) as isize * size);
        let lines = if outer == 0 { 1 } else { rows };
        if outer == 0 && self.held.1 == p && self.held.0 >= rows {
            return Ok(());
        }
        // Along the longer of the two axes.
        if n <= lines {
            for j in 0..n as isize {
                let from = p.wrapping_offset(j * inner);
                let to = row(0).wrapping_offset(j * size);
                call(
                    &self.copy,
                    ctx,
                    &[from, to],
                    lines,
                    &[outer, n as isize * size],
                )?;
            }
        } else {
            for r in 0..lines {
                let from = p.wrapping_offset(r as isize * outer);
                call(&self.copy, ctx, &[from, row(r)], n, &[inner, size])?;
            }
        }
        if outer == 0 {
            let mut done = 1;
            while done < rows {
                let k = done.min(rows - done);
                call(&self.copy, ctx, &[row(0), row(done)], k * n, &[size, size])?;
                done += k;
            }
            self.held = (rows, p);
        }
        Ok(())
    }
}

/// Runs the loop over the nest, whose operands need no cast.
pub(crate) fn run(lp: &BoundLoop, ctx: &LoopCtx, nest: &Nest, dtypes: &[DType]) -> Result<()> {
    let axes = nest.shape.len();
    let (m, n) = (nest.shape[axes - 2], nest.shape[axes - 1]);
    let steps = nest.axis_strides(axes - 2);
    let inner = nest.inner_strides();
    let mut strides: PerOp<isize> = PerOp::from_slice(inner);
    let mut copied: PerOp<Copied<'_>> = PerOp::new();
    for (op, dtype) in dtypes.iter().enumerate() {
        if runs_on(nest, op) {
            continue;
        }
        strides[op] = dtype.size as isize;
        copied.push(Copied {
            op,
            copy: get_cast(dtype, dtype)?,
            dtype,
            block: scratch(dtype, BLOCK + LONG)?,
            held: (0, std::ptr::null_mut()),
        });
    }
    let rows = (BLOCK / n).max(1).min(m);
    nest.without_inner().try_for_each(|p, count, s| {
        for i in 0..count as isize {
            let mut done = 0;
            while done < m {
                let k = rows.min(m - done);
                let mut ptrs: PerOp<*mut u8> = (0..dtypes.len())
                    .map(|op| p[op].wrapping_offset(i * s[op] + done as isize * steps[op]))
                    .collect();
                for c in &mut copied {
                    let lie = (steps[c.op], inner[c.op]);
                    c.fill(ctx, ptrs[c.op], (k, n), lie)?;
                    ptrs[c.op] = c.block;
                }
                call(lp, ctx, &ptrs, k * n, &strides)?;
                done += k;
            }
        }
        Ok(())
    })
}
