//! Reductions: the loop in its accumulating form (`out` is first input and output) over a nest.
//!
//! Bits are NumPy's: axes in stride order, the loop's own (pairwise) order along an inner run, runs
//! of [`BLOCK`] items where items are cast, and several short rows of one output gathered into one
//! block as NumPy's buffered iterator does. Threads only split outputs, or a pairwise tree at its
//! own forks, so their number never shows.

use super::buffered::{release, scratch, BLOCK};
use super::{at, call, for_runs, operand_cast};
use numoxide_core::assign::run_parts;
use numoxide_core::iter::{Arrange, Nest, PerOp};
use numoxide_core::overlap::has_internal_overlap;
use numoxide_core::pool::threads;
use numoxide_core::{DType, RawView, Result, TypeNum};
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};
use smallvec::SmallVec;

/// How the items of one output may be regrouped without changing the result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reduction {
    /// In any way: integer sums, extrema, logic.
    Any,
    /// Only as the pairwise tree has it: float and complex sums.
    Pairwise,
    /// Strictly one after another.
    Sequential,
}

struct Reduce<'a> {
    lp: &'a BoundLoop,
    dtypes: &'a [DType],
    cast: Option<BoundLoop>,
    kind: Reduction,
    masked: bool,
}

/// Reduces `input` into `out`, which holds the start values and has the input's shape with stride 0
/// along the reduced axes. `dtypes` are the loop's (accumulator, input, accumulator).
///
/// Returns floating-point status bits.
pub fn reduce(
    lp: &BoundLoop,
    dtypes: &[DType],
    out: &RawView<'_>,
    input: &RawView<'_>,
    mask: Option<&RawView<'_>>,
    kind: Reduction,
) -> Result<u8> {
    let cast = operand_cast(input, &dtypes[1], true)?;
    let mut ops: PerOp<(*mut u8, &[isize])> = PerOp::new();
    ops.push((out.ptr, out.strides));
    ops.push((input.ptr, input.strides));
    ops.extend(mask.map(|m| (m.ptr, m.strides)));
    let nest = Nest::new(input.shape, &ops, Arrange::Sorted);
    if nest.size() == 0 {
        return Ok(0);
    }
    let job = Reduce {
        lp,
        dtypes,
        cast,
        kind,
        masked: mask.is_some(),
    };
    let shared = threads::parts_for(job.cost(&nest)) > 1;
    match shared && is_tangled(out) {
        true => job.run_part(&nest),
        false => job.run(&nest),
    }
}

/// Whether results lie on each other: then they are written in order, by one thread.
fn is_tangled(out: &RawView<'_>) -> bool {
    let kept = || (0..out.shape.len()).filter(|&a| out.strides[a] != 0);
    let shape: SmallVec<[usize; 6]> = kept().map(|a| out.shape[a]).collect();
    let strides: SmallVec<[isize; 6]> = kept().map(|a| out.strides[a]).collect();
    has_internal_overlap(&RawView {
        shape: &shape,
        strides: &strides,
        ..*out
    })
}

impl Reduce<'_> {
    fn needs_gil(&self) -> bool {
        self.lp.flags.needs_gil || self.cast.as_ref().is_some_and(|c| c.flags.needs_gil)
    }

    /// Work in units of one float addition.
    fn cost(&self, nest: &Nest) -> usize {
        nest.size() * usize::from(self.lp.flags.cost.max(1))
    }

    fn run(&self, nest: &Nest) -> Result<u8> {
        let cost = self.cost(nest);
        let parts = if self.needs_gil() {
            1
        } else {
            threads::parts_for(cost)
        };
        let kept = (0..nest.shape.len())
            .filter(|&a| nest.axis_strides(a)[0] != 0)
            .max_by_key(|&a| nest.shape[a]);
        match kept {
            Some(axis) if parts > 1 && nest.shape[axis] >= 2 * parts => {
                // Cut a kept axis: bring it to the front of the splitter's view.
                // Rows in small parts; columns in long ones, which read memory in longer runs.
                let more = threads::chunks_for(cost).min(nest.shape[axis] / 2);
                let parts = if axis + 1 < nest.shape.len() {
                    more
                } else {
                    parts
                };
                self.split_kept(nest, axis, parts)
            }
            _ if parts > 1 && self.can_fork(nest) => self.fork(nest, parts),
            _ => self.run_part(nest),
        }
    }

    fn split_kept(&self, nest: &Nest, axis: usize, parts: usize) -> Result<u8> {
        // One unit per part: `run_parts` cuts the axis it is told by a nest of that axis alone.
        let len = nest.shape[axis];
        let index = Nest {
            shape: std::iter::once(len).collect(),
            strides: std::iter::once(1).collect(),
            ptrs: std::iter::once(std::ptr::null_mut()).collect(),
            nop: 1,
        };
        run_parts(&index, parts, &|part| {
            let start = part.ptrs[0] as usize;
            self.run_part(&nest.slice(axis, start, start + part.shape[0]))
        })
    }

    /// One unbroken uncast run into one output, whose regrouping is known.
    fn can_fork(&self, nest: &Nest) -> bool {
        nest.shape.len() == 1
            && self.cast.is_none()
            && !self.masked
            && self.kind != Reduction::Sequential
            // Sums of halves are kept wider and rounded once: their parts cannot be joined.
            && !(self.kind == Reduction::Pairwise && self.dtypes[0].num == TypeNum::Half)
            && nest.inner_strides()[0] == 0
            && self.dtypes[0].size <= 32
    }

    /// Items the pairwise tree takes side by side: its forks are multiples of them.
    fn unit(&self) -> usize {
        if self.dtypes[0].num.is_complex() {
            4
        } else {
            8
        }
    }

    /// Splits one long run at the forks of the pairwise tree; leaves go to threads, and their
    /// results are added up along the tree.
    fn fork(&self, nest: &Nest, parts: usize) -> Result<u8> {
        let mut leaves = Vec::new();
        let depth = parts.next_power_of_two().trailing_zeros() + 1;
        split_tree(0, nest.inner_len(), depth, self.unit(), &mut leaves);
        let size = self.dtypes[0].size;
        let mut sums = vec![[0u64; 4]; leaves.len()];
        let base = sums.as_mut_ptr() as usize;
        let bits = std::sync::atomic::AtomicU8::new(0);
        let failed = std::sync::Mutex::new(None);
        threads::run(leaves.len(), &|i| {
            let (start, len) = leaves[i];
            let mut part = nest.slice(0, start, start + len);
            part.ptrs[0] = (base + i * 32) as *mut u8;
            match self.leaf(&mut part, size) {
                Ok(b) => {
                    bits.fetch_or(b, std::sync::atomic::Ordering::Relaxed);
                }
                Err(e) => {
                    *failed
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(e)
                }
            }
        });
        if let Some(e) = failed
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
        {
            return Err(e);
        }
        let ctx = LoopCtx::new(self.dtypes);
        fpstatus::clear();
        let mut next = 0;
        let total = self.join(&ctx, base, nest.inner_len(), depth, &mut next)?;
        self.combine(&ctx, nest.ptrs[0], total)?;
        let hw = if self.lp.flags.fp == FpClass::Hardware {
            fpstatus::read()
        } else {
            0
        };
        Ok(bits.into_inner() | ctx.fp() | hw)
    }

    /// Reduces a leaf into its own slot: first item copied, then the others; a pairwise leaf starts
    /// from negative zero, which changes no sum.
    fn leaf(&self, part: &mut Nest, size: usize) -> Result<u8> {
        let (slot, first) = (part.ptrs[0], part.ptrs[1]);
        if self.kind == Reduction::Pairwise {
            negative_zero(self.dtypes[0].size, self.dtypes[0].num, slot);
            return self.run_part(part);
        }
        // SAFETY: the slot has 32 bytes, the run at least one item of `size` bytes.
        unsafe { slot.copy_from_nonoverlapping(first, size) };
        let rest = part.slice(0, 1, part.shape[0]);
        if rest.size() == 0 {
            Ok(0)
        } else {
            self.run_part(&rest)
        }
    }

    fn join(
        &self,
        ctx: &LoopCtx,
        base: usize,
        n: usize,
        depth: u32,
        next: &mut usize,
    ) -> Result<*mut u8> {
        match fork_at(n, depth, self.unit()) {
            None => {
                *next += 1;
                Ok((base + (*next - 1) * 32) as *mut u8)
            }
            Some(left) => {
                let a = self.join(ctx, base, left, depth - 1, next)?;
                let b = self.join(ctx, base, n - left, depth - 1, next)?;
                self.combine(ctx, a, b)?;
                Ok(a)
            }
        }
    }

    /// `a = a op b`, one item.
    fn combine(&self, ctx: &LoopCtx, a: *mut u8, b: *mut u8) -> Result<()> {
        call(self.lp, ctx, &[a, b, a], 1, &[0, 0, 0])
    }

    fn run_part(&self, nest: &Nest) -> Result<u8> {
        let ctx = LoopCtx::new(self.dtypes);
        let hardware = self.lp.flags.fp == FpClass::Hardware
            || self
                .cast
                .as_ref()
                .is_some_and(|c| c.flags.fp == FpClass::Hardware);
        if hardware {
            fpstatus::clear_all();
        }
        if self.gathers(nest) {
            self.gather(&ctx, nest)?;
        } else {
            self.rows(&ctx, nest)?;
        }
        Ok(ctx.fp() | if hardware { fpstatus::read_all() } else { 0 })
    }

    /// Two or more reduced axes innermost, rows short enough to share a block, and an order that
    /// matters.
    fn gathers(&self, nest: &Nest) -> bool {
        let n = nest.shape.len();
        self.kind == Reduction::Pairwise
            && n >= 2
            && nest.axis_strides(n - 1)[0] == 0
            && nest.axis_strides(n - 2)[0] == 0
            && nest.inner_len() <= BLOCK / 2
    }

    /// Casts; a cast that builds its own status bits leaves no others among the loop's.
    fn cast_quietly(
        &self,
        cast: &BoundLoop,
        ctx: &LoopCtx,
        ptrs: &[*mut u8],
        n: usize,
        strides: &[isize],
    ) -> Result<()> {
        let spurious = cast.flags.fp != FpClass::Hardware;
        if spurious && self.lp.flags.fp == FpClass::Hardware {
            ctx.report_fp(fpstatus::read_all());
            let done = call(cast, ctx, ptrs, n, strides);
            fpstatus::clear_all();
            return done;
        }
        call(cast, ctx, ptrs, n, strides)
    }

    /// Row by row, casting block by block where needed.
    fn rows(&self, ctx: &LoopCtx, nest: &Nest) -> Result<()> {
        let Some(cast) = &self.cast else {
            if !self.masked {
                return self.plain_rows(ctx, nest);
            }
            return nest.try_for_each(|p, n, s| {
                for_runs(self.masked.then_some((p, s, 2)), n, |start, len| {
                    let p = at(p, s, start);
                    call(self.lp, ctx, &[p[0], p[1], p[0]], len, &[s[0], s[1], s[0]])
                })
            });
        };
        let buffer = Buffer::new(&self.dtypes[1])?;
        nest.try_for_each(|p, n, s| {
            for_runs(self.masked.then_some((p, s, 2)), n, |start, len| {
                let mut done = 0;
                while done < len {
                    let k = BLOCK.min(len - done);
                    let q = at(p, s, start + done);
                    let size = self.dtypes[1].size as isize;
                    self.cast_quietly(cast, ctx, &[q[1], buffer.ptr], k, &[s[1], size])?;
                    call(
                        self.lp,
                        ctx,
                        &[q[0], buffer.ptr, q[0]],
                        k,
                        &[s[0], size, s[0]],
                    )?;
                    done += k;
                }
                Ok(())
            })
        })
    }

    /// Rows as they lie in memory; two axes a call where the loop can.
    fn plain_rows(&self, ctx: &LoopCtx, nest: &Nest) -> Result<()> {
        let Some(pair) = self.lp.flags.pair.filter(|_| nest.shape.len() > 1) else {
            return nest.try_for_each(|p, n, s| {
                call(self.lp, ctx, &[p[0], p[1], p[0]], n, &[s[0], s[1], s[0]])
            });
        };
        let outer = nest.shape.len() - 2;
        let rows = BoundLoop {
            func: pair,
            aux: self.lp.aux.clone(),
            flags: self.lp.flags,
        };
        let (inner, next) = (nest.inner_strides(), nest.axis_strides(outer));
        let dims = [nest.inner_len() as isize, nest.shape[outer] as isize];
        let strides = [inner[0], inner[1], next[0], next[1]];
        nest.without_inner().try_for_each(|p, n, s| {
            (0..n as isize).try_for_each(|i| {
                let at = [
                    p[0].wrapping_offset(i * s[0]),
                    p[1].wrapping_offset(i * s[1]),
                ];
                // SAFETY: the nest walks items of live views of the loop's dtypes.
                match unsafe { rows.call(ctx, &at, &dims, &strides) } {
                    0 => Ok(()),
                    _ => Err(ctx.take_error()),
                }
            })
        })
    }

    /// Several whole rows of one output gathered into one block.
    fn gather(&self, ctx: &LoopCtx, nest: &Nest) -> Result<()> {
        let copy = match &self.cast {
            Some(cast) => cast.clone(),
            None => numoxide_core::cast::get_cast(&self.dtypes[1], &self.dtypes[1])?,
        };
        let buffer = Buffer::new(&self.dtypes[1])?;
        let mut mask: Vec<u8> = vec![0; if self.masked { BLOCK } else { 0 }];
        let marks = mask.as_mut_ptr();
        let size = self.dtypes[1].size as isize;
        let row = nest.inner_len();
        let room = BLOCK / row * row;
        let mut held = 0;
        let mut out: *mut u8 = std::ptr::null_mut();
        let flush = |out: *mut u8, held: usize| {
            let ptrs = [out, buffer.ptr, marks];
            let steps = [0, size, 1];
            let masked = self.masked.then_some((&ptrs[..], &steps[..], 2));
            for_runs(masked, held, |start, len| {
                let from = buffer.ptr.wrapping_offset(start as isize * size);
                call(self.lp, ctx, &[out, from, out], len, &[0, size, 0])
            })
        };
        nest.try_for_each(|p, n, s| {
            if held > 0 && (p[0] != out || held == room) {
                flush(out, held)?;
                held = 0;
            }
            out = p[0];
            let to = buffer.ptr.wrapping_offset(held as isize * size);
            if self.masked {
                for i in 0..n {
                    // SAFETY: the mask operand has `n` items along the inner axis, and the marks have
                    // room for a block.
                    unsafe { *marks.add(held + i) = *p[2].offset(s[2] * i as isize) };
                }
            }
            held += n;
            self.cast_quietly(&copy, ctx, &[p[1], to], n, &[s[1], size])
        })?;
        if held > 0 {
            flush(out, held)
        } else {
            Ok(())
        }
    }
}

/// Where the pairwise tree forks, for runs worth forking here.
fn fork_at(n: usize, depth: u32, unit: usize) -> Option<usize> {
    (depth > 0 && n > 65_536).then(|| {
        let half = n / 2;
        half - half % unit
    })
}

fn split_tree(start: usize, n: usize, depth: u32, unit: usize, leaves: &mut Vec<(usize, usize)>) {
    match fork_at(n, depth, unit) {
        None => leaves.push((start, n)),
        Some(left) => {
            split_tree(start, left, depth - 1, unit, leaves);
            split_tree(start + left, n - left, depth - 1, unit, leaves);
        }
    }
}

/// Writes -0.0 of a float or complex dtype, the one start value that changes no sum.
fn negative_zero(size: usize, num: numoxide_core::TypeNum, slot: *mut u8) {
    let parts = if num.is_complex() { 2 } else { 1 };
    let part = size / parts;
    // SAFETY: slots have 32 bytes, the largest item.
    unsafe {
        slot.write_bytes(0, size);
        for i in 0..parts {
            // x87 extended keeps its sign in byte 9.
            let sign = if part == 16 { 9 } else { part - 1 };
            *slot.add(i * part + sign) = 0x80;
        }
    }
}

struct Buffer<'a> {
    ptr: *mut u8,
    dtype: &'a DType,
}

impl<'a> Buffer<'a> {
    fn new(dtype: &'a DType) -> Result<Buffer<'a>> {
        Ok(Buffer {
            ptr: scratch(dtype, BLOCK)?,
            dtype,
        })
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        // SAFETY: made by `scratch` with this dtype and length.
        unsafe { release(self.ptr, self.dtype, BLOCK) };
    }
}
