//! Copying one view into another: broadcasting, casting and overlap in one place.

use crate::cast::{get_cast, get_cast_unaligned, hooks};
use crate::iter::{broadcast_strides, Arrange, Nest};
use crate::overlap::{self, Overlap};
use crate::pool::{memory, threads};
use crate::{Error, Layout, RawView, Result};
use numoxide_dtype::DType;
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::Mutex;

/// An owned scratch array, freed when dropped; for copies that break an overlap.
pub struct Temp {
    ptr: *mut u8,
    dtype: DType,
    layout: Layout,
}

impl Temp {
    /// A C-contiguous copy of `view`'s items, with references of its own where items hold any.
    pub fn copy_of(view: &RawView<'_>) -> Result<Temp> {
        let temp = Temp::empty(view.dtype, view.shape)?;
        if hooks::needs_clear(view.dtype) {
            assign(&temp.view(), view)?;
        } else {
            move_bytes(&temp.view(), view);
        }
        Ok(temp)
    }

    /// A C-contiguous copy of `view`'s items as another dtype, and the status bits of the cast.
    pub fn cast_of(view: &RawView<'_>, dtype: &DType) -> Result<(Temp, u8)> {
        let temp = Temp::empty(dtype, view.shape)?;
        let bits = assign(&temp.view(), view)?;
        Ok((temp, bits))
    }

    /// A C-contiguous scratch array; items are zero where they must own something, else arbitrary.
    pub fn empty(dtype: &DType, shape: &[usize]) -> Result<Temp> {
        let layout = Layout::contiguous(shape, dtype.size, false)?;
        let bytes = Layout::check_size(shape, dtype.size)?;
        let owns = hooks::needs_clear(dtype);
        let ptr = if owns {
            memory::alloc_zeroed(bytes.max(1))
        } else {
            memory::alloc(bytes.max(1))
        };
        if ptr.is_null() {
            return Err(Error::Memory {
                bytes,
                shape: shape.to_vec(),
                dtype: Some(dtype.clone()),
            });
        }
        Ok(Temp {
            ptr,
            dtype: dtype.clone(),
            layout,
        })
    }

    /// The scratch as a view.
    pub fn view(&self) -> RawView<'_> {
        RawView {
            ptr: self.ptr,
            dtype: &self.dtype,
            shape: &self.layout.shape,
            strides: &self.layout.strides,
        }
    }
}

// SAFETY: the scratch is written before it is shared, and freed by its one owner.
unsafe impl Sync for Temp {}

impl Drop for Temp {
    fn drop(&mut self) {
        if let Ok(Some(clear)) = hooks::clear_refs(&self.dtype) {
            let dtypes = [self.dtype.clone()];
            let (ctx, n) = (LoopCtx::new(&dtypes), self.layout.size() as isize);
            // SAFETY: `n` contiguous items that own what they hold; clearing cannot fail.
            let _ = unsafe { clear.call(&ctx, &[self.ptr], &[n], &[self.dtype.size as isize]) };
        }
        // SAFETY: allocated in `copy_of`, and views borrow `self`.
        unsafe { memory::free(self.ptr) };
    }
}

/// Copies items as bytes between views of one shape and item size.
pub fn move_bytes(dst: &RawView<'_>, src: &RawView<'_>) {
    let size = dst.dtype.size;
    let ops = [(dst.ptr, dst.strides), (src.ptr, src.strides)];
    let nest = Nest::new(dst.shape, &ops, Arrange::Free);
    let done: std::result::Result<(), ()> = nest.try_for_each(|p, n, s| {
        // SAFETY: the nest walks items of both views only; a scratch and its source are apart.
        unsafe {
            if s[0] == size as isize && s[1] == size as isize {
                p[0].copy_from_nonoverlapping(p[1], n * size);
            } else {
                for i in 0..n as isize {
                    let (to, from) = (p[0].offset(i * s[0]), p[1].offset(i * s[1]));
                    to.copy_from_nonoverlapping(from, size);
                }
            }
        }
        Ok(())
    });
    debug_assert!(done.is_ok());
}

/// What [`prepare`] found out: ready to run.
pub struct Assign {
    nest: Nest,
    cast: BoundLoop,
    dtypes: [DType; 2],
    _temp: Option<Temp>,
}

/// Assigns `src` to `dst`, item by item, with any cast; the result is as if they did not overlap.
///
/// Returns floating-point status bits of the cast.
///
/// # Errors
/// [`Error::Broadcast`] worded for assignment if `src` does not stretch to `dst`; what the cast reports.
pub fn assign(dst: &RawView<'_>, src: &RawView<'_>) -> Result<u8> {
    prepare(dst, src)?.run()
}

/// Plans an assignment; lets the caller decide about the interpreter lock before it runs.
pub fn prepare(dst: &RawView<'_>, src: &RawView<'_>) -> Result<Assign> {
    let mut src = *src;
    // Leading length-1 axes of the source do not count in assignment.
    while src.shape.len() > dst.shape.len() && src.shape[0] == 1 {
        (src.shape, src.strides) = (&src.shape[1..], &src.strides[1..]);
    }
    let strides = broadcast_strides(src.shape, src.strides, dst.shape)
        .ok_or_else(|| cannot_broadcast(src.shape, dst.shape))?;
    let cast = if dst.is_aligned() && src.is_aligned() {
        get_cast(src.dtype, dst.dtype)?
    } else {
        get_cast_unaligned(src.dtype, dst.dtype)?
    };
    let dtypes = [src.dtype.clone(), dst.dtype.clone()];
    let mut temp = None;
    let mut full = RawView {
        shape: dst.shape,
        strides: &strides,
        ..src
    };
    if needs_temp(dst, &src, &full) {
        let kept = temp.insert(Temp::copy_of(&full)?);
        full = kept.view();
    }
    let ops = [(full.ptr, full.strides), (dst.ptr, dst.strides)];
    let mut nest = Nest::new(dst.shape, &ops, Arrange::Free);
    nest.lengthen_inner();
    Ok(Assign {
        nest,
        cast,
        dtypes,
        _temp: temp,
    })
}

/// Overlap that is not item-on-itself needs a scratch copy.
fn needs_temp(dst: &RawView<'_>, src: &RawView<'_>, full: &RawView<'_>) -> bool {
    if !overlap::bounds_overlap(dst, src) {
        return false;
    }
    let same = full.ptr == dst.ptr
        && full.strides == dst.strides
        && full.dtype.size == dst.dtype.size
        && !overlap::has_internal_overlap(dst);
    !same && overlap::solve(dst, src, Some(10_000)) != Overlap::No
}

fn cannot_broadcast(from: &[usize], to: &[usize]) -> Error {
    let text = |s: &[usize]| match s {
        [n] => format!("({n},)"),
        _ => format!(
            "({})",
            s.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
        ),
    };
    Error::Value(format!(
        "could not broadcast input array from shape {} into shape {}",
        text(from),
        text(to)
    ))
}

impl Assign {
    /// Whether the interpreter lock must stay held.
    pub fn needs_gil(&self) -> bool {
        self.cast.flags.needs_gil
    }

    /// Number of items.
    pub fn size(&self) -> usize {
        self.nest.size()
    }

    /// Runs it; floating-point status bits of the cast.
    pub fn run(&self) -> Result<u8> {
        let cost = self
            .nest
            .size()
            .saturating_mul(usize::from(self.cast.flags.cost.max(1)));
        let parts = match threads::chunks_for(cost) {
            n if n > 1 && (self.cast.flags.needs_gil || self.is_tangled()) => 1,
            n => n,
        };
        run_parts(&self.nest, parts, &|part| self.run_part(part))
    }

    /// Whether items written lie on each other, so that their order shows.
    fn is_tangled(&self) -> bool {
        let axes = 0..self.nest.shape.len();
        let strides: Vec<isize> = axes.map(|a| self.nest.axis_strides(a)[1]).collect();
        overlap::has_internal_overlap(&RawView {
            ptr: self.nest.ptrs[1],
            dtype: &self.dtypes[1],
            shape: &self.nest.shape,
            strides: &strides,
        })
    }

    fn run_part(&self, nest: &Nest) -> Result<u8> {
        let bytes = self.nest.size().saturating_mul(self.dtypes[1].size);
        let ctx = LoopCtx::new(&self.dtypes).with_result(bytes);
        let hardware = self.cast.flags.fp == FpClass::Hardware;
        if hardware {
            fpstatus::clear();
        }
        nest.try_for_each(|ptrs, n, strides| {
            // SAFETY: the nest walks exactly the items of both views, which the caller keeps alive.
            match unsafe { self.cast.call(&ctx, ptrs, &[n as isize], strides) } {
                0 => Ok(()),
                _ => Err(ctx.take_error()),
            }
        })?;
        Ok(ctx.fp() | if hardware { fpstatus::read() } else { 0 })
    }
}

/// Splits a nest into `parts` along its best axis and runs them on the pool; flags are merged, the
/// first error (by part) is returned.
pub fn run_parts(
    nest: &Nest,
    parts: usize,
    body: &(dyn Fn(&Nest) -> Result<u8> + Sync),
) -> Result<u8> {
    if parts <= 1 {
        return body(nest);
    }
    let axis = nest.split_axis(parts);
    let len = nest.shape[axis];
    let bounds = |i: usize| -> usize {
        let at = len * i / parts;
        // Whole cache lines for the vector loops when the inner axis is cut.
        if axis + 1 == nest.shape.len() && i < parts {
            at / 64 * 64
        } else {
            at
        }
    };
    let flags = AtomicU8::new(0);
    let error: Mutex<Option<(usize, Error)>> = Mutex::new(None);
    threads::run(parts, &|i| {
        let (start, end) = (bounds(i), bounds(i + 1));
        if start == end {
            return;
        }
        match body(&nest.slice(axis, start, end)) {
            Ok(bits) => {
                flags.fetch_or(bits, Ordering::Relaxed);
            }
            Err(e) => {
                let mut slot = error
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                if slot.as_ref().is_none_or(|(at, _)| i < *at) {
                    *slot = Some((i, e));
                }
            }
        }
    });
    match error
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
    {
        Some((_, e)) => Err(e),
        None => Ok(flags.into_inner()),
    }
}
