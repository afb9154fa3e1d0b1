//! Moving the items that a plan chooses.

use super::plan::Plan;
use crate::assign::run_parts;
use crate::cast::{get_copy, hooks};
use crate::iter::{Arrange, Nest};
use crate::pool::threads;
use crate::{Error, RawView, Result};
use numoxide_dtype::DType;
use numoxide_kernels::select::{add_offsets, copy_strided, gather, scatter, BLOCK};
use numoxide_kernels::{BoundLoop, LoopCtx};
use smallvec::SmallVec;
use std::mem::MaybeUninit;

type Short<T> = SmallVec<[T; 6]>;

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
        let (n, lead) = (self.outer.len(), self.lead());
        let step = self.step(lead, &other.strides[n + lead..], way)?;
        // Outer axes: those of the view that go first, then those of the indices.
        let outer: Short<usize> = self.shape[..lead]
            .iter()
            .chain(&self.outer)
            .copied()
            .collect();
        let theirs: Short<isize> = [&other.strides[n..n + lead], &other.strides[..n]]
            .concat()
            .into();
        let still = Short::from_elem(0, n);
        let mine: Short<isize> = [&self.strides[..lead], &still[..]].concat().into();
        let stretched: SmallVec<[Short<isize>; 2]> = self
            .fancy
            .iter()
            .map(|f| {
                std::iter::repeat_n(&0, lead)
                    .chain(&f.outer)
                    .copied()
                    .collect()
            })
            .collect();
        if lead > 0 {
            if let (Step::Bytes(size), Some(stride)) =
                (&step, even_stride(&self.outer, &other.strides[..n]))
            {
                let rows = [(other.ptr, &theirs[..lead]), (self.ptr, &mine[..lead])];
                return self.run_rows(&rows, lead, stride, *size, way);
            }
        }
        let mut ops: SmallVec<[(*mut u8, &[isize]); 4]> = SmallVec::new();
        ops.extend([(other.ptr, &theirs[..]), (self.ptr, &mine[..])]);
        ops.extend(
            self.fancy
                .iter()
                .zip(&stretched)
                .map(|(f, s)| (f.ptr.cast_mut(), &s[..])),
        );
        // Of equal indices the last in this order wins: item by item as the memory of indices and values
        // lies, row by row in C order.
        let single = self.shape.iter().product::<usize>() == 1;
        let arrange = if way == Way::Gather || single {
            Arrange::Free
        } else {
            Arrange::Ordered
        };
        let nest = Nest::new(&outer, &ops, arrange);
        let items = nest
            .size()
            .saturating_mul(self.shape[lead..].iter().product());
        let parts = match step {
            Step::Items(..) => 1,
            _ if way == Way::Scatter => 1,
            _ => threads::parts_for(items.saturating_mul(4)),
        };
        run_parts(&nest, parts, &|part| {
            self.run_part(part, &step, way).map(|()| 0)
        })?;
        Ok(())
    }

    /// Moves row after row of a view with the same offsets, found once.
    fn run_rows(
        &self,
        rows: &[(*mut u8, &[isize]); 2],
        lead: usize,
        stride: isize,
        size: usize,
        way: Way,
    ) -> Result<()> {
        let count = self.outer.iter().product();
        let mut offsets: Vec<isize> = Vec::new();
        if offsets.try_reserve_exact(count).is_err() {
            return Err(Error::Memory {
                bytes: count * 8,
                shape: self.outer.to_vec(),
                dtype: None,
            });
        }
        offsets.resize(count, 0);
        let ops: SmallVec<[(*mut u8, &[isize]); 4]> = self
            .fancy
            .iter()
            .map(|f| (f.ptr.cast_mut(), &f.outer[..]))
            .collect();
        let mut k = 0;
        Nest::new(&self.outer, &ops, Arrange::Ordered).try_for_each(|p, n, s| {
            for (i, f) in self.fancy.iter().enumerate() {
                // SAFETY: the nest walks the index arrays, whose indices were checked.
                unsafe { add_offsets(p[i], s[i], f.len, f.step, &mut offsets[k..k + n]) };
            }
            k += n;
            Ok::<(), Error>(())
        })?;
        let nest = Nest::new(&self.shape[..lead], rows, Arrange::Ordered);
        let items = nest.size().saturating_mul(count);
        let parts = if way == Way::Scatter {
            1
        } else {
            threads::parts_for(items.saturating_mul(2))
        };
        run_parts(&nest, parts, &|part| {
            part.try_for_each(|p, n, s| {
                for i in 0..n as isize {
                    let (theirs, mine) = (
                        p[0].wrapping_offset(i * s[0]),
                        p[1].wrapping_offset(i * s[1]),
                    );
                    // SAFETY: offsets of checked indices stay inside the array; memory is apart.
                    unsafe {
                        match way {
                            Way::Gather => gather(mine, &offsets, theirs, stride, size),
                            Way::Scatter => scatter(mine, &offsets, theirs, stride, size),
                        }
                    }
                }
                Ok::<(), Error>(())
            })?;
            Ok(0)
        })?;
        Ok(())
    }

    /// How many axes of the view are better walked outside the indices: all that go before them, if
    /// each takes longer steps than the indices do.
    fn lead(&self) -> usize {
        if self.shape.iter().product::<usize>() == 1 {
            return 0;
        }
        let longest = self
            .fancy
            .iter()
            .map(|f| f.step.unsigned_abs())
            .max()
            .unwrap_or(0);
        let before = self.shape.iter().zip(&self.strides).take(self.at);
        let outside = before
            .filter(|(&n, _)| n != 1)
            .all(|(_, s)| s.unsigned_abs() >= longest);
        if outside {
            self.at
        } else {
            0
        }
    }

    /// The inner part: the view under each chosen position, and the same part of the other array.
    fn step(&self, lead: usize, strides: &[isize], way: Way) -> Result<Step> {
        let null = std::ptr::null_mut();
        let mine = &self.strides[lead..];
        let mut ops: [(*mut u8, &[isize]); 2] = [(null, mine), (null, strides)];
        if way == Way::Scatter {
            ops.swap(0, 1);
        }
        let nest = Nest::new(&self.shape[lead..], &ops, Arrange::Free);
        let size = self.dtype.size;
        if hooks::needs_clear(self.dtype) {
            let copy = get_copy(self.dtype)?;
            return Ok(Step::Items(
                nest,
                copy,
                [self.dtype.clone(), self.dtype.clone()],
            ));
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
            let mut space = [const { MaybeUninit::<isize>::uninit() }; BLOCK];
            let mut start = 0;
            while start < n {
                let count = (n - start).min(BLOCK);
                let base = ptrs[1].wrapping_offset(start as isize * strides[1]);
                for (k, o) in space[..count].iter_mut().enumerate() {
                    o.write(k as isize * strides[1]);
                }
                // SAFETY: the first `count` entries were written above.
                let offsets: &mut [isize] =
                    unsafe { std::slice::from_raw_parts_mut(space.as_mut_ptr().cast(), count) };
                for (i, f) in self.fancy.iter().enumerate() {
                    let (p, s) = (ptrs[i + 2], strides[i + 2]);
                    let from = p.wrapping_offset(start as isize * s);
                    // SAFETY: the nest walks the index arrays, whose indices were checked.
                    unsafe { add_offsets(from, s, f.len, f.step, offsets) };
                }
                let other = ptrs[0].wrapping_offset(start as isize * strides[0]);
                move_block(base, offsets, (other, strides[0]), step, way)?;
                start += count;
            }
            Ok(())
        })
    }
}

/// Moves what lies at `base + offsets` to or from `other`.
fn move_block(
    base: *mut u8,
    offsets: &[isize],
    (other, stride): (*mut u8, isize),
    step: &Step,
    way: Way,
) -> Result<()> {
    let ends = |k: usize| {
        let mine = base.wrapping_offset(offsets[k]);
        let theirs = other.wrapping_offset(k as isize * stride);
        if way == Way::Gather {
            [mine, theirs]
        } else {
            [theirs, mine]
        }
    };
    match step {
        // SAFETY: offsets of checked indices stay inside the array; memory is apart.
        Step::Bytes(size) => unsafe {
            if way == Way::Gather {
                gather(base, offsets, other, stride, *size);
            } else {
                scatter(base, offsets, other, stride, *size);
            }
        },
        Step::Blocks(nest, size) => {
            (0..offsets.len()).for_each(|k| move_nest(nest, ends(k), *size));
        }
        Step::Items(nest, copy, dtypes) => {
            let ctx = LoopCtx::new(dtypes);
            for k in 0..offsets.len() {
                let at = ends(k);
                nest.try_for_each(|p, n, s| {
                    let at = [shift(at[0], p[0]), shift(at[1], p[1])];
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

/// The one stride at which all items of a shape follow each other in C order.
fn even_stride(shape: &[usize], strides: &[isize]) -> Option<isize> {
    let nest = Nest::new(shape, &[(std::ptr::null_mut(), strides)], Arrange::Ordered);
    (nest.shape.len() == 1).then(|| nest.inner_strides()[0])
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
