//! Buffers of a stepped nest: operands that need a cast, or whose items do not lie at one stride, are
//! seen through scratch memory that is filled chunk by chunk and written back.
//!
//! A chunk covers a *core* of inner axes and a few steps of the axis outside it. Without a reduction
//! it looks like one run to the user; with one it is a double loop, in which an operand that stands
//! still keeps one item for each pass or one for all.

use super::{Arrange, Nest, PerOp, Walk};
use crate::assign::Temp;
use crate::cast::{get_cast_unaligned, get_copy, hooks};
use numoxide_dtype::{DType, Result};
use numoxide_kernels::{BoundLoop, LoopCtx};
use smallvec::SmallVec;

/// How an operand is used.
#[derive(Clone, Copy, Default, Debug)]
pub struct OpUse {
    /// Its items are read.
    pub read: bool,
    /// Its items are written.
    pub write: bool,
    /// Only items that the mask selects are written back.
    pub masked: bool,
    /// It always goes through a buffer: another dtype, or not aligned.
    pub must: bool,
    /// The user wants items without gaps.
    pub contiguous: bool,
    /// It is written, and stands still along some axis.
    pub reduce: bool,
}

/// What the buffers are to be.
pub struct BufferSpec<'a> {
    /// Dtypes in memory.
    pub memory: &'a [DType],
    /// Dtypes that the user sees.
    pub seen: &'a [DType],
    /// Uses of the operands.
    pub uses: &'a [OpUse],
    /// The operand that selects what is written back.
    pub mask: Option<usize>,
    /// Most items of a chunk.
    pub size: usize,
    /// Chunks may be larger where nothing is buffered.
    pub grow: bool,
}

/// One operand's part.
struct OpBuffer {
    memory: DType,
    seen: DType,
    used: OpUse,
    read: Option<BoundLoop>,
    write: Option<BoundLoop>,
    clear: Option<BoundLoop>,
    /// In the chosen chunks it goes through its buffer.
    buffered: bool,
    /// It stands still within a pass over the core.
    inner_zero: bool,
    /// It is the same in every pass.
    outer_zero: bool,
    items: Option<Temp>,
}

/// Axes of a chunk: `core` inner axes of `len` items together, `passes` steps of the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Chunk {
    core: usize,
    len: usize,
    passes: usize,
}

/// Buffers over a [`Walk`].
pub struct Buffers {
    ops: Vec<OpBuffer>,
    mask: Option<usize>,
    reduce: bool,
    chunk: Chunk,
    /// Where the chunk in the buffers starts; `None` while they hold nothing.
    start: Option<usize>,
    len: usize,
    passes: usize,
    pass: usize,
    pos: usize,
    ptrs: PerOp<*mut u8>,
    pass_ptrs: PerOp<*mut u8>,
    strides: PerOp<isize>,
    pass_strides: PerOp<isize>,
}

// SAFETY: the scratch memory belongs to the buffers; other pointers are the walk's.
unsafe impl Send for Buffers {}

impl Buffers {
    /// Plans the chunks and finds the casts; no memory yet.
    pub fn new(walk: &Walk, spec: &BufferSpec<'_>) -> Result<Buffers> {
        let mut ops = Vec::new();
        for ((memory, seen), used) in spec.memory.iter().zip(spec.seen).zip(spec.uses) {
            let cast = |from: &DType, to: &DType, wanted: bool| match wanted {
                true if from == to => get_copy(from).map(Some),
                true => get_cast_unaligned(from, to).map(Some),
                false => Ok(None),
            };
            ops.push(OpBuffer {
                read: cast(memory, seen, used.read)?,
                write: cast(seen, memory, used.write)?,
                clear: hooks::clear_refs(seen)?,
                memory: memory.clone(),
                seen: seen.clone(),
                used: *used,
                buffered: used.must,
                inner_zero: false,
                outer_zero: false,
                items: None,
            });
        }
        let nop = ops.len();
        let mut made = Buffers {
            reduce: ops.iter().any(|o| o.used.reduce),
            ops,
            mask: spec.mask,
            chunk: Chunk {
                core: 0,
                len: 1,
                passes: 1,
            },
            start: None,
            len: 0,
            passes: 0,
            pass: 0,
            pos: 0,
            ptrs: SmallVec::from_elem(std::ptr::null_mut(), nop),
            pass_ptrs: SmallVec::from_elem(std::ptr::null_mut(), nop),
            strides: SmallVec::from_elem(0, nop),
            pass_strides: SmallVec::from_elem(0, nop),
        };
        made.choose(walk, spec.size.max(1), spec.grow);
        Ok(made)
    }

    /// Chooses the chunk: first the core that makes few operands go through buffers for its length,
    /// then passes over it, if the longer run pays for the operands that it breaks.
    fn choose(&mut self, walk: &Walk, size: usize, grow: bool) {
        let lengths = walk.nest_lengths();
        let ndim = lengths.len();
        let mut best: Option<(Chunk, usize)> = None;
        let mut len = 1usize;
        for core in 0..=ndim {
            let chunk = Chunk {
                core,
                len,
                passes: 1,
            };
            let count = self.count_buffered(walk, chunk);
            let fits = len <= size || (grow && count == 0);
            if !fits || !self.core_suits(walk, core) {
                break;
            }
            let better = best.is_none_or(|(b, n)| {
                (1 + count as u128) * b.len as u128 <= (1 + n as u128) * len as u128
            });
            if better {
                best = Some((chunk, count));
            }
            if core < ndim {
                len = len.saturating_mul(lengths[ndim - 1 - core].max(1));
            }
        }
        if let Some((chunk, count)) = best {
            self.chunk = self.with_passes(walk, chunk, count, size, grow);
        }
        for i in 0..self.ops.len() {
            let buffered = !self.is_direct(walk, self.chunk, i);
            let (inner_zero, outer_zero) = self.stands_still(walk, i);
            let op = &mut self.ops[i];
            (op.buffered, op.inner_zero, op.outer_zero) = (buffered, inner_zero, outer_zero);
        }
    }

    /// The chunk with as many passes as are worth it.
    fn with_passes(
        &self,
        walk: &Walk,
        core: Chunk,
        count: usize,
        size: usize,
        grow: bool,
    ) -> Chunk {
        let ndim = walk.nest_lengths().len();
        if core.core == ndim {
            return core;
        }
        let outer = walk.nest_lengths()[ndim - 1 - core.core].max(1);
        let passes = |passes| Chunk { passes, ..core };
        if grow && self.count_buffered(walk, passes(outer)) == 0 {
            return passes(outer);
        }
        let wide = passes((size / core.len).min(outer).max(1));
        let more = self.count_buffered(walk, wide);
        if more < (1 + count) * wide.passes {
            wide
        } else {
            core
        }
    }

    /// A reduction must move along all axes of the core or along none.
    fn core_suits(&self, walk: &Walk, core: usize) -> bool {
        let ndim = walk.nest_lengths().len();
        (0..self.ops.len())
            .filter(|&i| self.ops[i].used.reduce)
            .all(|i| {
                let moving = (ndim - core..ndim)
                    .filter(|&a| walk.nest_lengths()[a] > 1)
                    .map(|a| walk.stride(a, i) != 0);
                let (mut yes, mut no) = (false, false);
                moving.for_each(|m| if m { yes = true } else { no = true });
                !(yes && no)
            })
    }

    fn count_buffered(&self, walk: &Walk, chunk: Chunk) -> usize {
        (0..self.ops.len())
            .filter(|&i| !self.is_direct(walk, chunk, i))
            .count()
    }

    /// Whether passes are merged into one run for the user.
    fn merged(&self, chunk: Chunk) -> bool {
        !self.reduce || chunk.core == 0
    }

    /// Whether the operand's own memory looks as the chunk must.
    fn is_direct(&self, walk: &Walk, chunk: Chunk, i: usize) -> bool {
        let used = self.ops[i].used;
        let Some(s) = self.run_stride(walk, chunk, i) else {
            return false;
        };
        let gapless = s == self.ops[i].seen.size as isize;
        !used.must && (!used.contiguous || gapless)
    }

    /// The one stride of the items of a run, if there is one.
    fn run_stride(&self, walk: &Walk, chunk: Chunk, i: usize) -> Option<isize> {
        let ndim = walk.nest_lengths().len();
        let lengths = walk.nest_lengths();
        let mut found: Option<(isize, isize)> = None;
        let mut add = |s: isize, n: usize| {
            let fits = found.is_none_or(|(_, next)| s == next);
            let first = found.map_or(s, |(first, _)| first);
            found = Some((first, s * n as isize));
            fits
        };
        for axis in (ndim - chunk.core..ndim).rev() {
            if lengths[axis] > 1 && !add(walk.stride(axis, i), lengths[axis]) {
                return None;
            }
        }
        let outer = outer_stride(walk, chunk, i);
        if self.merged(chunk) && chunk.passes > 1 && !add(outer, chunk.passes) {
            return None;
        }
        Some(found.map_or(outer, |(s, _)| s))
    }

    /// Whether a buffered operand stands still within a pass, and from pass to pass.
    fn stands_still(&self, walk: &Walk, i: usize) -> (bool, bool) {
        let used = self.ops[i].used;
        if !self.reduce || (used.contiguous && !used.reduce) {
            return (false, false);
        }
        let ndim = walk.nest_lengths().len();
        let outer_zero = outer_stride(walk, self.chunk, i) == 0;
        if self.chunk.core == 0 {
            return (outer_zero, false);
        }
        let still = |a: usize| walk.nest_lengths()[a] <= 1 || walk.stride(a, i) == 0;
        ((ndim - self.chunk.core..ndim).all(still), outer_zero)
    }

    /// Whether any operand has scratch memory now.
    pub fn allocated(&self) -> bool {
        self.start.is_some()
    }

    /// Pointers that the user sees.
    pub fn ptrs(&self) -> &[*mut u8] {
        &self.ptrs
    }

    /// Byte strides of the run that the user sees.
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }

    /// Items of the run.
    pub fn run_len(&self) -> usize {
        self.len
    }

    /// The place of the current item in the order of iteration.
    pub fn at(&self) -> usize {
        self.start.unwrap_or(0) + self.pass * self.len + self.pos
    }

    /// Core size, number of passes, number of core axes and whether there is a double loop.
    pub fn describe(&self) -> (usize, usize, usize, bool) {
        (
            self.chunk.len,
            self.chunk.passes,
            self.chunk.core,
            !self.merged(self.chunk),
        )
    }

    /// Whether an operand goes through its buffer.
    pub fn is_buffered(&self, i: usize) -> bool {
        self.ops[i].buffered
    }

    /// Byte strides from pass to pass.
    pub fn pass_strides(&self) -> &[isize] {
        &self.pass_strides
    }

    /// Fills the buffers with the chunk that holds place `at`, which becomes the current item.
    pub fn fill(&mut self, walk: &mut Walk, at: usize) -> Result<()> {
        self.start = Some(at);
        (self.pass, self.pos) = (0, 0);
        self.measure(walk, at);
        walk.goto(at);
        for i in 0..self.ops.len() {
            self.point(walk, i)?;
        }
        for i in 0..self.ops.len() {
            if self.ops[i].buffered && self.ops[i].used.read {
                if let Err(e) = self.transfer(walk, i, true) {
                    self.clear()?;
                    self.start = None;
                    return Err(e);
                }
            }
        }
        Ok(())
    }

    /// Lengths of the chunk that starts at a place.
    fn measure(&mut self, walk: &Walk, at: usize) {
        let Chunk { core, len, passes } = self.chunk;
        let outer = match walk.nest_lengths().len() - core {
            0 => 1,
            n => walk.nest_lengths()[n - 1],
        };
        let left = walk.range().end.saturating_sub(at);
        let inside = at % len;
        if inside != 0 || left < len {
            (self.len, self.passes) = ((len - inside).min(left), 1);
            return;
        }
        let done = (at / len) % outer.max(1);
        let passes = passes.min(outer - done).min(left / len).max(1);
        (self.len, self.passes) = if self.merged(self.chunk) {
            ((len * passes).min(left), 1)
        } else {
            (len, passes)
        };
    }

    /// Sets the user's pointer and strides of one operand.
    fn point(&mut self, walk: &Walk, i: usize) -> Result<()> {
        let outer = outer_stride(walk, self.chunk, i);
        if !self.ops[i].buffered {
            self.ptrs[i] = walk.ptrs()[i];
            self.strides[i] = self.run_stride(walk, self.chunk, i).unwrap_or(0);
            self.pass_strides[i] = outer;
        } else {
            let most = self.chunk.len * self.chunk.passes;
            let op = &mut self.ops[i];
            let temp = match op.items.take() {
                Some(temp) => temp,
                None => Temp::empty(&op.seen, &[most])?,
            };
            let size = op.seen.size as isize;
            self.ptrs[i] = op.items.insert(temp).view().ptr;
            self.strides[i] = if op.inner_zero { 0 } else { size };
            self.pass_strides[i] = match (op.outer_zero, op.inner_zero) {
                (true, _) => 0,
                (false, true) => size,
                (false, false) => size * self.len as isize,
            };
        }
        self.pass_ptrs[i] = self.ptrs[i];
        Ok(())
    }

    /// Copies a chunk of one operand to its buffer or back.
    fn transfer(&self, walk: &mut Walk, i: usize, read: bool) -> Result<()> {
        let op = &self.ops[i];
        let (Some(start), Some(items)) = (self.start, &op.items) else {
            return Ok(());
        };
        let inner_axes = walk.nest_lengths().len() - self.chunk.core..walk.nest_lengths().len();
        let outer = outer_stride(walk, self.chunk, i);
        let passes = if op.outer_zero { 1 } else { self.passes };
        let base = items.view().ptr;
        walk.goto(start);
        if op.inner_zero {
            return self.region(i, walk.ptrs()[i], base, 0, &[passes], &[outer], read);
        }
        let whole = start % self.chunk.len == 0 && self.len.is_multiple_of(self.chunk.len);
        if whole {
            let mut shape: SmallVec<[usize; 6]> = SmallVec::new();
            shape.push(if self.merged(self.chunk) {
                self.len / self.chunk.len
            } else {
                passes
            });
            shape.extend_from_slice(&walk.nest_lengths()[inner_axes.clone()]);
            let strides: SmallVec<[isize; 6]> = std::iter::once(outer)
                .chain(inner_axes.map(|a| walk.stride(a, i)))
                .collect();
            return self.region(i, walk.ptrs()[i], base, 0, &shape, &strides, read);
        }
        let (inner, mut done) = (walk.inner_len(), 0);
        while done < self.len {
            walk.goto(start + done);
            let n = (inner - (start + done) % inner).min(self.len - done);
            let to = base.wrapping_add(done * op.seen.size);
            let strides = [walk.inner_strides()[i]];
            self.region(i, walk.ptrs()[i], to, done, &[n], &strides, read)?;
            done += n;
        }
        Ok(())
    }

    /// Casts one block between memory and buffer; `first` is the block's first item in the run.
    fn region(
        &self,
        i: usize,
        memory: *mut u8,
        buffer: *mut u8,
        first: usize,
        shape: &[usize],
        strides: &[isize],
        read: bool,
    ) -> Result<()> {
        let op = &self.ops[i];
        let packed = |unit: isize| {
            let mut at = unit;
            let mut out: SmallVec<[isize; 6]> = SmallVec::from_elem(0, shape.len());
            for (o, &n) in out.iter_mut().zip(shape).rev() {
                *o = at;
                at *= n as isize;
            }
            out
        };
        let near = packed(op.seen.size as isize);
        if read {
            let Some(cast) = &op.read else { return Ok(()) };
            let ops = [(memory, strides), (buffer, &near[..])];
            let nest = Nest::new(shape, &ops, Arrange::Ordered);
            return run(&nest, cast, [&op.memory, &op.seen]);
        }
        let Some(cast) = &op.write else { return Ok(()) };
        let Some(mask) = self.mask.filter(|_| op.used.masked) else {
            let ops = [(buffer, &near[..]), (memory, strides)];
            let nest = Nest::new(shape, &ops, Arrange::Ordered);
            return run(&nest, cast, [&op.seen, &op.memory]);
        };
        let mut selects = packed(self.strides[mask]);
        if !self.merged(self.chunk) {
            selects[0] = self.pass_strides[mask];
        }
        // The run's start: the current pointer may have moved on.
        let from = self.run_start(mask);
        let from = from.wrapping_offset(self.strides[mask] * first as isize);
        let ops = [(buffer, &near[..]), (memory, strides), (from, &selects[..])];
        let nest = Nest::new(shape, &ops, Arrange::Ordered);
        run_masked(&nest, cast, [&op.seen, &op.memory])
    }

    /// Where an operand's chunk starts for the user.
    fn run_start(&self, i: usize) -> *mut u8 {
        self.pass_ptrs[i].wrapping_offset(-self.pass_strides[i] * self.pass as isize)
    }

    /// Writes the buffers back and empties them.
    pub fn flush(&mut self, walk: &mut Walk) -> Result<()> {
        // Past the end, and after a flush, there is nothing to write back.
        if self.start.is_none() || self.len == 0 {
            return Ok(());
        }
        let mut outcome = Ok(());
        for i in 0..self.ops.len() {
            if self.ops[i].buffered && self.ops[i].used.write && outcome.is_ok() {
                outcome = self.transfer(walk, i, false);
            }
        }
        self.start = None;
        self.clear()?;
        outcome
    }

    /// Lets go of what the buffers hold.
    fn clear(&mut self) -> Result<()> {
        for op in &self.ops {
            if let (Some(clear), Some(items)) = (&op.clear, &op.items) {
                let view = items.view();
                let dtypes = [op.seen.clone()];
                let ctx = LoopCtx::new(&dtypes);
                let (n, s) = (view.size() as isize, op.seen.size as isize);
                // SAFETY: all items of the scratch, which own what they hold.
                if unsafe { clear.call(&ctx, &[view.ptr], &[n], &[s]) } != 0 {
                    return Err(ctx.take_error());
                }
            }
        }
        Ok(())
    }

    /// Steps on by an item, or by a run if `external`; false at the end, when all is written back.
    pub fn step(&mut self, walk: &mut Walk, external: bool) -> Result<bool> {
        self.pos += 1;
        if !external && self.pos < self.len {
            for (p, &s) in self.ptrs.iter_mut().zip(&self.strides) {
                *p = p.wrapping_offset(s);
            }
            return Ok(true);
        }
        self.pos = 0;
        self.pass += 1;
        if self.pass < self.passes {
            for i in 0..self.ptrs.len() {
                self.pass_ptrs[i] = self.pass_ptrs[i].wrapping_offset(self.pass_strides[i]);
                self.ptrs[i] = self.pass_ptrs[i];
            }
            return Ok(true);
        }
        let next = self.at();
        self.pass -= 1;
        self.flush(walk)?;
        if next >= walk.range().end {
            (self.start, self.pass, self.pos) = (Some(next), 0, 0);
            walk.goto(next);
            self.len = 0;
            return Ok(false);
        }
        self.fill(walk, next)?;
        Ok(true)
    }

    /// Writes back and goes to a place; within the chunk in the buffers nothing is copied.
    pub fn goto(&mut self, walk: &mut Walk, at: usize) -> Result<()> {
        if let Some(start) = self.start.filter(|_| self.len > 0) {
            if at >= start && at - start < self.len * self.passes {
                let (pass, pos) = ((at - start) / self.len, (at - start) % self.len);
                for i in 0..self.ptrs.len() {
                    let first = self.run_start(i);
                    self.pass_ptrs[i] = first.wrapping_offset(self.pass_strides[i] * pass as isize);
                    self.ptrs[i] =
                        self.pass_ptrs[i].wrapping_offset(self.strides[i] * pos as isize);
                }
                (self.pass, self.pos) = (pass, pos);
                return Ok(());
            }
            self.flush(walk)?;
        }
        self.fill(walk, at)
    }

    /// The same buffers without memory; a copy of the iterator fills its own.
    pub fn fresh(&self) -> Buffers {
        let ops = self.ops.iter().map(|o| OpBuffer {
            memory: o.memory.clone(),
            seen: o.seen.clone(),
            read: o.read.clone(),
            write: o.write.clone(),
            clear: o.clear.clone(),
            items: None,
            ..*o
        });
        Buffers {
            ops: ops.collect(),
            start: None,
            len: 0,
            passes: 0,
            pass: 0,
            pos: 0,
            ptrs: self.ptrs.clone(),
            pass_ptrs: self.pass_ptrs.clone(),
            strides: self.strides.clone(),
            pass_strides: self.pass_strides.clone(),
            ..*self
        }
    }
}

/// Byte stride of the axis that passes run along; 0 where the core has all axes.
fn outer_stride(walk: &Walk, chunk: Chunk, i: usize) -> isize {
    match walk.nest_lengths().len() - chunk.core {
        0 => 0,
        n => walk.stride(n - 1, i),
    }
}

fn run(nest: &Nest, cast: &BoundLoop, dtypes: [&DType; 2]) -> Result<()> {
    let dtypes = dtypes.map(DType::clone);
    let ctx = LoopCtx::new(&dtypes);
    nest.try_for_each(|p, n, s| {
        // SAFETY: items of a live operand and of the scratch made for it; the cast takes any address.
        match unsafe { cast.call(&ctx, p, &[n as isize], s) } {
            0 => Ok(()),
            _ => Err(ctx.take_error()),
        }
    })
}

/// As [`run`] where the third operand, of single bytes, is not zero.
fn run_masked(nest: &Nest, cast: &BoundLoop, dtypes: [&DType; 2]) -> Result<()> {
    let dtypes = dtypes.map(DType::clone);
    let ctx = LoopCtx::new(&dtypes);
    nest.try_for_each(|p, n, s| {
        // SAFETY: the mask has an item for each of the others.
        let selected = |i: usize| unsafe { *p[2].wrapping_offset(s[2] * i as isize) != 0 };
        let mut i = 0;
        while i < n {
            let from = i;
            while i < n && selected(i) {
                i += 1;
            }
            let at = |k: usize| p[k].wrapping_offset(s[k] * from as isize);
            if i > from {
                let len = [(i - from) as isize];
                // SAFETY: as in `run`, for a part of the items.
                let rc = unsafe { cast.call(&ctx, &[at(0), at(1)], &len, &s[..2]) };
                if rc != 0 {
                    return Err(ctx.take_error());
                }
            }
            i += usize::from(i == from || i < n);
        }
        Ok(())
    })
}
