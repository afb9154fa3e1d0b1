//! `where=` with many short runs: the chosen items are squeezed together, computed in one call and spread
//! out again.

use super::buffered::{release, scratch};
use super::{at, call, for_runs};
use numoxide_core::cast::hooks::needs_clear;
use numoxide_core::iter::{Nest, PerOp};
use numoxide_core::{DType, Result};
use numoxide_kernels::select::{compress, count_true, expand};
use numoxide_kernels::{BoundLoop, LoopCtx};

/// Items looked at together.
const BLOCK: usize = 1024;
/// Runs shorter than this on average are squeezed.
const LONG: usize = 24;

/// Scratch for the chosen items of each operand.
struct Scratch<'a>(PerOp<*mut u8>, &'a [DType]);

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        for (&ptr, dtype) in self.0.iter().zip(self.1) {
            // SAFETY: made by `scratch` in `run` with this dtype and length.
            unsafe { release(ptr, dtype, BLOCK) };
        }
    }
}

/// Whether operands of these dtypes can be moved so.
pub(crate) fn fits(lp: &BoundLoop, dtypes: &[DType]) -> bool {
    !lp.flags.needs_gil
        && !dtypes
            .iter()
            .any(|d| needs_clear(d) || d.size == 0 || d.size > 64)
}

/// How many runs of true items a contiguous mask has.
///
/// # Safety
/// - `n` bytes are valid at `mask`.
unsafe fn runs_in(mask: *const u8, n: usize) -> usize {
    // SAFETY: by contract.
    let mask = unsafe { std::slice::from_raw_parts(mask, n) };
    let starts = mask
        .iter()
        .zip(&mask[1..])
        .map(|(a, b)| usize::from((*a == 0) & (*b != 0)));
    starts.sum::<usize>() + usize::from(mask[0] != 0)
}

/// Runs the loop where the mask, the last operand of the nest, is set.
pub(crate) fn run(
    lp: &BoundLoop,
    ctx: &LoopCtx,
    nest: &Nest,
    dtypes: &[DType],
    nin: usize,
) -> Result<()> {
    let nop = dtypes.len();
    let mut blocks = Scratch(PerOp::new(), dtypes);
    for dtype in dtypes {
        blocks.0.push(scratch(dtype, BLOCK)?);
    }
    nest.try_for_each(|p, n, s| {
        for start in (0..n).step_by(BLOCK) {
            let len = BLOCK.min(n - start);
            let q = at(p, s, start);
            // SAFETY: the mask operand has `n` items along the inner axis.
            let count = unsafe { count_true(q[nop], s[nop], len) };
            if count == 0 {
                continue;
            }
            // SAFETY: as above.
            if count == len || s[nop] != 1 || unsafe { runs_in(q[nop], len) } * LONG < count {
                for_runs(Some((&q[..], s, nop)), len, |start, len| {
                    call(lp, ctx, &at(&q, s, start), len, s)
                })?;
                continue;
            }
            let (mut ptrs, mut steps) = (blocks.0.clone(), PerOp::<isize>::new());
            for (op, dtype) in dtypes.iter().enumerate() {
                let still = op < nin && s[op] == 0;
                steps.push(if still { 0 } else { dtype.size as isize });
                if still {
                    ptrs[op] = q[op];
                } else if op < nin {
                    let (mask, from) = ((q[nop].cast_const(), 1), (q[op].cast_const(), s[op]));
                    // SAFETY: a block has room for all items of the part.
                    unsafe { compress(mask, from, len, ptrs[op], count, dtype.size) };
                }
            }
            call(lp, ctx, &ptrs, count, &steps)?;
            for op in nin..nop {
                let (mask, to) = ((q[nop].cast_const(), 1), (q[op], s[op]));
                let from = (ptrs[op].cast_const(), steps[op]);
                // SAFETY: the loop has written `count` items, as many as the mask has set.
                unsafe { expand(mask, to, len, from, count, dtypes[op].size) };
            }
        }
        Ok(())
    })
}
