//! Runs a resolved loop over operands: planning, casts in blocks, `where`, threads.

mod accumulate;
mod buffered;
pub mod core_dims;
mod reduce;
mod spread;
mod squeezed;

pub use accumulate::{accumulate, reduceat};
pub use reduce::{reduce, Reduction};

use numoxide_core::assign::run_parts;
use numoxide_core::cast::get_cast_if_aligned;
use numoxide_core::iter::{broadcast_to, Arrange, Nest, PerOp};
use numoxide_core::overlap::has_internal_overlap;
use numoxide_core::pool::threads;
use numoxide_core::{DType, RawView, Result};
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};
use smallvec::SmallVec;

/// Items from which masked calls are worth scratch memory.
const SQUEEZE_FROM: usize = 256;

/// An element-by-element call, ready to be planned.
pub struct Call<'a> {
    /// The loop.
    pub lp: &'a BoundLoop,
    /// Its dtypes, inputs then outputs.
    pub dtypes: &'a [DType],
    /// Operands, inputs then outputs; not yet broadcast. Overlaps are resolved by the caller.
    pub ops: &'a [RawView<'a>],
    /// Number of inputs.
    pub nin: usize,
    /// The iteration shape.
    pub shape: &'a [usize],
    /// Where to compute; the other items of outputs stay as they are.
    pub mask: Option<RawView<'a>>,
}

/// A planned call.
pub struct Plan<'a> {
    nest: Nest,
    lp: &'a BoundLoop,
    dtypes: &'a [DType],
    casts: PerOp<Option<BoundLoop>>,
    nin: usize,
    masked: bool,
    spread: bool,
    /// Results lie on each other, so that the order of writing shows: one thread.
    tangled: bool,
    cost: usize,
}

/// Do elements of `a` lie in memory exactly as `b` wants them?
pub(crate) fn same_storage(a: &DType, b: &DType) -> bool {
    a.num == b.num
        && a.size == b.size
        && a.swapped == b.swapped
        && match (&a.extra, &b.extra) {
            (None, None) => true,
            (Some(x), Some(y)) => std::sync::Arc::ptr_eq(x, y) || x == y,
            _ => false,
        }
}

/// The cast an operand needs between memory and loop, if any.
pub(crate) fn operand_cast(
    view: &RawView<'_>,
    dtype: &DType,
    input: bool,
) -> Result<Option<BoundLoop>> {
    let aligned = view.is_aligned();
    if aligned && same_storage(view.dtype, dtype) {
        return Ok(None);
    }
    let (from, to) = if input {
        (view.dtype, dtype)
    } else {
        (dtype, view.dtype)
    };
    get_cast_if_aligned(from, to, aligned).map(Some)
}

/// Strides of a 1-d walk over a whole operand: item size when contiguous with the iteration, 0 when
/// it is a single item.
fn flat_stride(view: &RawView<'_>, shape: &[usize]) -> Option<isize> {
    if view.shape == shape {
        return view.is_c_contiguous().then_some(view.dtype.size as isize);
    }
    (view.size() == 1 && view.ndim() <= shape.len()).then_some(0)
}

impl<'a> Plan<'a> {
    /// Plans a call.
    ///
    /// # Errors
    /// A broadcast error if an operand does not stretch to the shape; what casts cannot do.
    pub fn new(call: &Call<'a>) -> Result<Plan<'a>> {
        let mut casts: PerOp<Option<BoundLoop>> = PerOp::new();
        for (i, (view, dtype)) in call.ops.iter().zip(call.dtypes).enumerate() {
            casts.push(operand_cast(view, dtype, i < call.nin)?);
        }
        let views = || call.ops.iter().chain(&call.mask);
        // Inputs without axes stand still: loops may tell a divisor that is one number.
        let step = |(i, v): (usize, &RawView<'_>)| match v.ndim() {
            0 if i < call.nin => Some(0),
            _ => flat_stride(v, call.shape),
        };
        let flat: Option<SmallVec<[isize; 4]>> = views().enumerate().map(step).collect();
        let mut spread = false;
        let nest = match flat {
            Some(strides) => Nest {
                shape: SmallVec::from_slice(&[call.shape.iter().product()]),
                strides: strides.iter().copied().collect(),
                ptrs: views().map(|v| v.ptr).collect(),
                nop: strides.len(),
            },
            None => {
                let mut full: PerOp<SmallVec<[isize; 6]>> = PerOp::new();
                for v in views() {
                    full.push(broadcast_to(v.shape, v.strides, call.shape)?);
                }
                let ops: PerOp<_> = views()
                    .zip(&full)
                    .map(|(v, s)| (v.ptr, s.as_slice()))
                    .collect();
                let mut nest = Nest::new(call.shape, &ops, Arrange::Free);
                if casts.iter().any(Option::is_some)
                    || call.mask.is_some()
                    || call.lp.flags.needs_gil
                    || !spread::helps(&nest, call.nin, call.ops.len())
                {
                    nest.lengthen_inner();
                } else {
                    spread = true;
                }
                nest
            }
        };
        let per_item = usize::from(call.lp.flags.cost.max(1)) + casts.iter().flatten().count();
        let cost = nest.size().saturating_mul(per_item);
        let outs = &call.ops[call.nin..];
        Ok(Plan {
            cost,
            tangled: threads::chunks_for(cost) > 1 && outs.iter().any(has_internal_overlap),
            nest,
            lp: call.lp,
            dtypes: call.dtypes,
            casts,
            nin: call.nin,
            masked: call.mask.is_some(),
            spread,
        })
    }

    /// Whether the interpreter lock must stay held.
    pub fn needs_gil(&self) -> bool {
        self.lp.flags.needs_gil || self.casts.iter().flatten().any(|c| c.flags.needs_gil)
    }

    /// Work in units of one float addition.
    pub fn cost(&self) -> usize {
        self.cost
    }

    /// Runs the plan; floating-point status bits.
    pub fn run(&self) -> Result<u8> {
        if self.nest.size() == 0 {
            return Ok(0);
        }
        let parts = if self.needs_gil() || self.tangled {
            1
        } else {
            threads::chunks_for(self.cost)
        };
        run_parts(&self.nest, parts, &|nest| self.run_part(nest))
    }

    fn hardware_fp(&self) -> bool {
        self.lp.flags.fp == FpClass::Hardware
            || self
                .casts
                .iter()
                .flatten()
                .any(|c| c.flags.fp == FpClass::Hardware)
    }

    fn can_squeeze(&self) -> bool {
        self.nest.size() >= SQUEEZE_FROM && squeezed::fits(self.lp, self.dtypes)
    }

    fn run_part(&self, nest: &Nest) -> Result<u8> {
        let size = self.dtypes.last().map_or(0, |d| d.size);
        let bytes = self.nest.size().saturating_mul(size);
        let ctx = LoopCtx::new(self.dtypes).with_result(bytes);
        let hardware = self.hardware_fp();
        if hardware {
            fpstatus::clear_all();
        }
        let nop = self.dtypes.len();
        let mut cast_bits = 0;
        if self.spread {
            spread::run(self.lp, &ctx, nest, self.dtypes)?;
        } else if self.masked && self.casts.iter().all(Option::is_none) && self.can_squeeze() {
            squeezed::run(self.lp, &ctx, nest, self.dtypes, self.nin)?;
        } else if self.casts.iter().any(Option::is_some) {
            let casts = &self.casts;
            let mut blocks = buffered::Blocks::new(self.lp, self.dtypes, casts, self.nin)?;
            nest.try_for_each(|p, n, s| {
                for_runs(self.masked.then_some((p, s, nop)), n, |start, len| {
                    blocks.run(&ctx, &at(p, s, start)[..nop], len, &s[..nop])
                })
            })?;
            cast_bits = if hardware { blocks.bits() } else { 0 };
        } else {
            nest.try_for_each(|p, n, s| {
                for_runs(self.masked.then_some((p, s, nop)), n, |start, len| {
                    call(self.lp, &ctx, &at(p, s, start), len, s)
                })
            })?;
        }
        let bits = ctx.fp() | cast_bits;
        Ok(bits | if hardware { fpstatus::read_all() } else { 0 })
    }
}

/// Calls a loop once and turns its status into a result.
#[inline]
pub(crate) fn call(
    lp: &BoundLoop,
    ctx: &LoopCtx,
    ptrs: &[*mut u8],
    n: usize,
    strides: &[isize],
) -> Result<()> {
    // SAFETY: callers pass pointers and strides of a nest over live views, aligned and of the loop's
    // dtypes (casts take care of the others).
    match unsafe { lp.call(ctx, ptrs, &[n as isize], strides) } {
        0 => Ok(()),
        _ => Err(ctx.take_error()),
    }
}

/// Pointers moved `start` items along the inner axis.
#[inline]
pub(crate) fn at(ptrs: &[*mut u8], strides: &[isize], start: usize) -> PerOp<*mut u8> {
    ptrs.iter()
        .zip(strides)
        .map(|(p, s)| p.wrapping_offset(s * start as isize))
        .collect()
}

/// Calls `body(start, len)` for each run of true mask items; once for all without a mask, which is
/// operand `mask.2` of the pointers.
#[inline]
pub(crate) fn for_runs(
    mask: Option<(&[*mut u8], &[isize], usize)>,
    n: usize,
    mut body: impl FnMut(usize, usize) -> Result<()>,
) -> Result<()> {
    let Some((ptrs, strides, op)) = mask else {
        return body(0, n);
    };
    let (ptr, stride) = (ptrs[op], strides[op]);
    // SAFETY: the mask operand has `n` items along the inner axis.
    let on = |i: usize| unsafe { *ptr.offset(stride * i as isize) != 0 };
    let mut i = 0;
    while i < n {
        while i < n && !on(i) {
            i += 1;
        }
        let start = i;
        while i < n && on(i) {
            i += 1;
        }
        if i > start {
            body(start, i - start)?;
        }
    }
    Ok(())
}
