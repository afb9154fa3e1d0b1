//! Moving the items that a plan chooses.

use super::plan::Plan;
use crate::assign::run_parts;
use crate::cast::{get_copy, hooks};
use crate::iter::{Arrange, Nest};
use crate::pool::threads;
use crate::{RawView, Result};
use numoxide_dtype::DType;
use numoxide_kernels::select::{add_offsets, copy_strided, gather, scatter, BLOCK};
use numoxide_kernels::{BoundLoop, LoopCtx};
use smallvec::SmallVec;

/// Which way items go.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Gather,
    Scatter,
}

/// How one step of the outer loop moves its items.
enum Step {
    /// One block of bytes.
    Bytes(usize),
    /// Many blocks, as a nest whose pointers are relative.
    Blocks(Nest, usize),
    /// Items that own what they hold, as a nest whose pointers are relative.
    Items(Nest, BoundLoop, [DType; 2]),
}

// SAFETY: loops are immutable code with data that is shared read-only; items that need the interpreter
// run on one thread.
unsafe impl Sync for Step {}

impl Plan<'_> {
    /// Whether the interpreter lock must stay held while items move.
    pub fn needs_gil(&self) -> bool {
        hooks::needs_clear(self.dtype)
    }

    /// Copies the chosen items to `dst`, which has the moved shape, the same dtype and memory apart.
    pub fn gather(&self, dst: &RawView<'_>) -> Result<()> {
        self.run(dst, Way::Gather)
    }

    /// Copies `src`, which has the moved shape, the same dtype and memory apart, to the chosen items.
    pub fn scatter(&self, src: &RawView<'_>) -> Result<()> {
        self.run(src, Way::Scatter)
    }

    fn run(&self, other: &RawView<'_>, way: Way) -> Result<()> {
        let n = self.outer.len();
        let step = self.step(&other.strides[n..], way)?;
        let mut ops: SmallVec<[(*mut u8, &[isize]); 4]> = SmallVec::new();
        ops.push((other.ptr, &other.strides[..n]));
        ops.extend(self.fancy.iter().map(|f| (f.ptr.cast_mut(), &f.outer[..])));
        // Of equal indices the last in C order must win.
        let arrange = if way == Way::Gather { Arrange::Free } else { Arrange::Ordered };
        let nest = Nest::new(&self.outer, &ops, arrange);
        let items = nest.size().saturating_mul(self.shape.iter().product());
        let parts = match step {
            Step::Items(..) => 1,
            _ if way == Way::Scatter => 1,
            _ => threads::parts_for(items.saturating_mul(4)),
        };
        run_parts(&nest, parts, &|part| self.run_part(part, &step, way).map(|()| 0))?;
        Ok(())
    }

    /// The inner part: the view under each chosen position, and the same part of the other array.
    fn step(&self, strides: &[isize], way: Way) -> Result<Step> {
        let null = std::ptr::null_mut();
        let mut ops: [(*mut u8, &[isize]); 2] = [(null, &self.strides), (null, strides)];
        if way == Way::Scatter {
            ops.swap(0, 1);
        }
        let nest = Nest::new(&self.shape, &ops, Arrange::Free);
        let size = self.dtype.size;
        if hooks::needs_clear(self.dtype) {
            let copy = get_copy(self.dtype)?;
            return Ok(Step::Items(nest, copy, [self.dtype.clone(), self.dtype.clone()]));
        }
        let unit = [size as isize; 2];
        let plain = nest.ptrs.iter().all(|p| p.is_null());
        Ok(match nest.size() {
            0 => Step::Bytes(0),
            1 => Step::Bytes(size),
            n if plain && nest.shape.len() == 1 && nest.inner_strides() == unit => {
                Step::Bytes(n * size)
            }
            _ => Step::Blocks(nest, size),
        })
    }

    fn run_part(&self, nest: &Nest, step: &Step, way: Way) -> Result<()> {
        nest.try_for_each(|ptrs, n, strides| {
            let mut offsets = [0isize; BLOCK];
            let mut start = 0;
            while start < n {
                let count = (n - start).min(BLOCK);
                let offsets = &mut offsets[..count];
                offsets.fill(0);
                for (i, f) in self.fancy.iter().enumerate() {
                    let (p, s) = (ptrs[i + 1], strides[i + 1]);
                    let from = p.wrapping_offset(start as isize * s);
                    // SAFETY: the nest walks the index arrays, whose indices were checked.
                    unsafe { add_offsets(from, s, f.len, f.step, offsets) };
                }
                let other = ptrs[0].wrapping_offset(start as isize * strides[0]);
                self.move_block(offsets, other, strides[0], step, way)?;
                start += count;
            }
            Ok(())
        })
    }

    /// Moves what lies at `offsets` to or from `other`.
    fn move_block(
        &self,
        offsets: &[isize],
        other: *mut u8,
        stride: isize,
        step: &Step,
        way: Way,
    ) -> Result<()> {
        let ends = |k: usize| {
            let mine = self.ptr.wrapping_offset(offsets[k]);
            let theirs = other.wrapping_offset(k as isize * stride);
            if way == Way::Gather { [mine, theirs] } else { [theirs, mine] }
        };
        match step {
            // SAFETY: offsets of checked indices stay inside the array; memory is apart.
            Step::Bytes(size) => unsafe {
                if way == Way::Gather {
                    gather(self.ptr, offsets, other, stride, *size);
                } else {
                    scatter(self.ptr, offsets, other, stride, *size);
                }
            },
            Step::Blocks(nest, size) => {
                (0..offsets.len()).for_each(|k| move_nest(nest, ends(k), *size));
            }
            Step::Items(nest, copy, dtypes) => {
                let ctx = LoopCtx::new(dtypes);
                for k in 0..offsets.len() {
                    let base = ends(k);
                    nest.try_for_each(|p, n, s| {
                        let at = [shift(base[0], p[0]), shift(base[1], p[1])];
                        // SAFETY: as above; the loop copies items with what they own.
                        match unsafe { copy.call(&ctx, &at, &[n as isize], s) } {
                            0 => Ok(()),
                            _ => Err(ctx.take_error()),
                        }
                    })?;
                }
            }
        }
        Ok(())
    }
}

/// `base` moved by the address that a relative pointer holds.
fn shift(base: *mut u8, relative: *mut u8) -> *mut u8 {
    base.wrapping_offset(relative as isize)
}

/// Copies items of `size` bytes along a nest of relative pointers.
fn move_nest(nest: &Nest, base: [*mut u8; 2], size: usize) {
    let done: std::result::Result<(), ()> = nest.try_for_each(|p, n, s| {
        let (from, to) = (shift(base[0], p[0]), shift(base[1], p[1]));
        // SAFETY: the nest walks items of both views only; their memory is apart.
        unsafe {
            if s[0] == size as isize && s[1] == size as isize {
                to.copy_from_nonoverlapping(from, n * size);
            } else {
                copy_strided((from, s[0]), (to, s[1]), n, size);
            }
        }
        Ok(())
    });
    debug_assert!(done.is_ok());
}
