//! Lines along an axis, their scratch copies, and the sort by comparisons that may fail.

use crate::cast::get_cast_unaligned;
use crate::pool::threads;
use crate::{DType, Error, RawView, Result};
use numoxide_kernels::cast::copy_loop;
use numoxide_kernels::LoopCtx;
use smallvec::SmallVec;
use std::ffi::c_void;
use std::sync::Mutex;

/// An empty list with room for `n` entries.
pub(super) fn room<T>(n: usize) -> Result<Vec<T>> {
    let mut list = Vec::new();
    match list.try_reserve_exact(n) {
        Ok(()) => Ok(list),
        Err(_) => {
            let bytes = n.saturating_mul(size_of::<T>());
            Err(Error::Memory {
                bytes,
                shape: vec![n],
                dtype: None,
            })
        }
    }
}

/// The lines along one axis of several views of one shape.
pub(super) struct Lines {
    /// Length of a line.
    pub(super) len: usize,
    /// Byte stride along the line, one a view.
    pub(super) strides: SmallVec<[isize; 4]>,
    shape: SmallVec<[usize; 6]>,
    outer: SmallVec<[SmallVec<[isize; 6]>; 4]>,
    starts: SmallVec<[usize; 4]>,
    one_thread: bool,
}

impl Lines {
    pub(super) fn new(
        view: &RawView<'_>,
        axis: usize,
        more: &[&RawView<'_>],
        one_thread: bool,
    ) -> Lines {
        let others = |s: &[isize]| -> SmallVec<[isize; 6]> {
            s.iter()
                .enumerate()
                .filter(|(i, _)| *i != axis)
                .map(|(_, s)| *s)
                .collect()
        };
        let views = || std::iter::once(view).chain(more.iter().copied());
        let shape = view
            .shape
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != axis)
            .map(|(_, n)| *n);
        Lines {
            len: view.shape[axis],
            strides: views().map(|v| v.strides[axis]).collect(),
            shape: shape.collect(),
            outer: views().map(|v| others(v.strides)).collect(),
            starts: views().map(|v| v.ptr as usize).collect(),
            one_thread,
        }
    }

    /// First items of the line number `i`.
    fn line(&self, mut i: usize) -> SmallVec<[*mut u8; 4]> {
        let mut at: SmallVec<[isize; 4]> = SmallVec::from_elem(0, self.starts.len());
        for (axis, &n) in self.shape.iter().enumerate().rev() {
            let k = (i % n) as isize;
            i /= n;
            at.iter_mut()
                .zip(&self.outer)
                .for_each(|(a, s)| *a += k * s[axis]);
        }
        let start = |(p, d): (&usize, &isize)| (*p as *mut u8).wrapping_offset(*d);
        self.starts.iter().zip(&at).map(start).collect()
    }

    /// Runs `work` on every line, with a scratch of its thread's own; the first line's error wins.
    pub(super) fn for_each(
        &self,
        work: &(dyn Fn(&[*mut u8], &mut Scratch) -> Result<()> + Sync),
    ) -> Result<()> {
        let count: usize = self.shape.iter().product();
        let parts = match self.one_thread {
            true => 1,
            // An item of a sort costs some ten additions.
            false => threads::parts_for(count.saturating_mul(self.len).saturating_mul(10)),
        };
        let parts = parts.min(count).max(1);
        let failed: Mutex<Option<(usize, Error)>> = Mutex::new(None);
        threads::run(parts, &|part| {
            let mut scratch = Scratch::default();
            for i in count * part / parts..count * (part + 1) / parts {
                if let Err(e) = work(&self.line(i), &mut scratch) {
                    let mut slot = failed
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner);
                    if slot.as_ref().is_none_or(|(at, _)| i < *at) {
                        *slot = Some((i, e));
                    }
                    return;
                }
            }
        });
        let failed = failed
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        failed.map_or(Ok(()), |(_, e)| Err(e))
    }
}

/// One line of items.
pub(super) struct Line {
    pub(super) ptr: *mut u8,
    pub(super) len: usize,
    pub(super) stride: isize,
}

impl Line {
    /// Contiguous, aligned and native as it lies.
    pub(super) fn is_plain(&self, dtype: &DType) -> bool {
        !dtype.swapped
            && (self.len < 2 || self.stride == dtype.size as isize)
            && (self.ptr as usize).is_multiple_of(dtype.align.max(1))
    }

    /// Aligned and native as it lies, at whatever stride.
    pub(super) fn is_direct(&self, dtype: &DType) -> bool {
        !dtype.swapped
            && (self.ptr as usize | self.stride as usize).is_multiple_of(dtype.align.max(1))
    }

    /// Stores positions in a line of int64.
    pub(super) fn put(&self, order: &[i64]) {
        for (i, &x) in order.iter().enumerate() {
            let at = self.ptr.wrapping_offset(i as isize * self.stride);
            // SAFETY: items of the line.
            unsafe { at.cast::<i64>().write_unaligned(x) };
        }
    }
}

/// A thread's contiguous, native copy of a line.
#[derive(Default)]
pub(super) struct Scratch(Vec<u128>);

impl Scratch {
    fn reserve(&mut self, bytes: usize) -> Result<*mut u8> {
        let wanted = bytes.div_ceil(16).max(1);
        if self.0.len() < wanted {
            self.0 = room(wanted)?;
            self.0.resize(wanted, 0);
        }
        Ok(self.0.as_mut_ptr().cast())
    }

    /// Copies a line, byte order made native for numbers and text.
    pub(super) fn load(&mut self, line: &Line, dtype: &DType) -> Result<*mut u8> {
        let to = self.reserve(line.len * dtype.size)?;
        let ends = [(line.ptr, line.stride), (to, dtype.size as isize)];
        copy(ends, line.len, dtype, true)?;
        Ok(to)
    }

    /// As [`Scratch::load`], items in the order of `order`.
    pub(super) fn load_ordered(
        &mut self,
        line: &Line,
        dtype: &DType,
        order: &[i64],
    ) -> Result<*mut u8> {
        let (n, size) = (line.len, dtype.size);
        // The copy in order lies behind the plain one, aligned for every dtype.
        let behind = (n * size).next_multiple_of(16);
        let first = self.reserve(behind + n * size)?;
        copy(
            [(line.ptr, line.stride), (first, size as isize)],
            n,
            dtype,
            true,
        )?;
        let to = first.wrapping_add(behind);
        gather(first, to, size, order);
        Ok(to)
    }

    /// Copies the scratch back to the line.
    pub(super) fn store(&mut self, line: &Line, dtype: &DType) -> Result<()> {
        let from = self.0.as_mut_ptr().cast();
        let ends = [(from, dtype.size as isize), (line.ptr, line.stride)];
        copy(ends, line.len, dtype, false)
    }
}

/// Copies `n` items from the first end to the second, turning bytes between a dtype and its native
/// form; structured items stay as they are, since they are compared field by field.
fn copy(ends: [(*mut u8, isize); 2], n: usize, dtype: &DType, to_native: bool) -> Result<()> {
    let (ptrs, strides) = (ends.map(|e| e.0), ends.map(|e| e.1));
    if !dtype.swapped {
        let ctx = LoopCtx::new(&[]);
        let (size, dims) = (dtype.size, [n as isize]);
        // SAFETY: both ends hold `n` items of that size.
        unsafe {
            let aux = size as *mut c_void;
            (copy_loop(size).pick())(&ctx, ptrs.as_ptr(), dims.as_ptr(), strides.as_ptr(), aux);
        }
        return Ok(());
    }
    let native = dtype.native();
    let pair = if to_native {
        [dtype.clone(), native]
    } else {
        [native, dtype.clone()]
    };
    let cast = get_cast_unaligned(&pair[0], &pair[1])?;
    let ctx = LoopCtx::new(&pair);
    // SAFETY: both ends hold `n` items of their dtypes.
    match unsafe { cast.call(&ctx, &ptrs, &[n as isize], &strides) } {
        0 => Ok(()),
        _ => Err(ctx.take_error()),
    }
}

/// Copies items of `size` bytes to `to`, item `order[i]` first.
fn gather(from: *const u8, to: *mut u8, size: usize, order: &[i64]) {
    macro_rules! typed {
        ($T:ty) => {
            for (i, &k) in order.iter().enumerate() {
                // SAFETY: `order` holds positions of items; both sides have as many, apart.
                unsafe {
                    to.cast::<$T>()
                        .add(i)
                        .write_unaligned(from.cast::<$T>().add(k as usize).read_unaligned())
                };
            }
        };
    }
    match size {
        1 => typed!(u8),
        2 => typed!(u16),
        4 => typed!(u32),
        8 => typed!(u64),
        16 => typed!(u128),
        _ => {
            for (i, &k) in order.iter().enumerate() {
                // SAFETY: as above.
                unsafe {
                    to.add(i * size)
                        .copy_from_nonoverlapping(from.add(k as usize * size), size)
                };
            }
        }
    }
}

/// Puts contiguous items in the order of `order`.
pub(super) fn permute(items: *mut u8, n: usize, size: usize, order: &[i64]) -> Result<()> {
    let mut moved: Vec<u8> = room(n * size)?;
    gather(items, moved.as_mut_ptr(), size, order);
    // SAFETY: `gather` filled `n` items; they go back where they came from.
    unsafe { items.copy_from_nonoverlapping(moved.as_ptr(), n * size) };
    Ok(())
}

/// Sorts positions stably by a comparison that may fail and need not be consistent.
pub(super) fn merge_sort(
    v: &mut [i64],
    less: &mut dyn FnMut(i64, i64) -> Result<bool>,
) -> Result<()> {
    let n = v.len();
    const RUN: usize = 12;
    for run in v.chunks_mut(RUN) {
        for i in 1..run.len() {
            let x = run[i];
            let mut j = i;
            while j > 0 && less(x, run[j - 1])? {
                run[j] = run[j - 1];
                j -= 1;
            }
            run[j] = x;
        }
    }
    if n <= RUN {
        return Ok(());
    }
    let mut spare: Vec<i64> = room(n)?;
    let mut width = RUN;
    while width < n {
        for start in (0..n).step_by(2 * width) {
            let mid = (start + width).min(n);
            let end = (start + 2 * width).min(n);
            if mid < end && less(v[mid], v[mid - 1])? {
                merge(&mut v[start..end], mid - start, &mut spare, less)?;
            }
        }
        width *= 2;
    }
    Ok(())
}

/// Merges two sorted parts; the left one waits in `spare`.
fn merge(
    v: &mut [i64],
    mid: usize,
    spare: &mut Vec<i64>,
    less: &mut dyn FnMut(i64, i64) -> Result<bool>,
) -> Result<()> {
    spare.clear();
    spare.extend_from_slice(&v[..mid]);
    let (mut i, mut j, mut k) = (0, mid, 0);
    while i < spare.len() && j < v.len() {
        // An error leaves the list incomplete; nobody reads it then.
        if less(v[j], spare[i])? {
            v[k] = v[j];
            j += 1;
        } else {
            v[k] = spare[i];
            i += 1;
        }
        k += 1;
    }
    v[k..k + spare.len() - i].copy_from_slice(&spare[i..]);
    Ok(())
}
