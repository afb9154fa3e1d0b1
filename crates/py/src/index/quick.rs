//! The commonest keys, read without a plan: integers, slices, new axes and the ellipsis; one index
//! array over the first axis.

use super::{is_int, small_int};
use crate::array::{empty, view_with, ArrayRef, Shape, Strides};
use crate::descr::singleton;
use crate::gil;
use crate::layout::flags;
use crate::scalar::Raw;
use numoxide_core::cast::hooks;
use numoxide_core::index::{clip_slice, rows_at, Mode};
use numoxide_core::{TypeNum, MAX_DIMS};
use pyo3::ffi;
use pyo3::prelude::*;

/// What a key of integers, slices, new axes and at most one ellipsis leaves of an array.
pub(super) struct Part {
    /// First item.
    pub(super) ptr: *mut u8,
    /// Shape.
    pub(super) shape: Shape,
    /// Byte strides.
    pub(super) strides: Strides,
    /// One integer for each axis and nothing else.
    pub(super) is_item: bool,
}

impl Part {
    /// Takes the items of an axis that a slice names.
    ///
    /// # Safety
    /// - `slice` is a live slice.
    #[inline]
    unsafe fn slice(
        &mut self,
        py: Python<'_>,
        slice: *mut ffi::PyObject,
        len: usize,
        stride: isize,
    ) -> PyResult<()> {
        let (mut start, mut stop, mut step) = (0, 0, 0);
        // SAFETY: by contract.
        if unsafe { ffi::PySlice_Unpack(slice, &mut start, &mut stop, &mut step) } < 0 {
            return Err(PyErr::fetch(py));
        }
        let (first, len) = clip_slice(start, stop, step, len);
        if len > 0 {
            self.ptr = self.ptr.wrapping_offset(first * stride);
        }
        let step = if len > 0 { step } else { 1 };
        self.shape.push(len);
        self.strides.push(stride.wrapping_mul(step));
        Ok(())
    }
}

/// The parts of a key: the items of an exact tuple, or the key alone.
///
/// # Safety
/// - The key is live as long as the result is used.
#[inline]
unsafe fn parts_of(key: &[*mut ffi::PyObject; 1]) -> &[*mut ffi::PyObject] {
    // SAFETY: items of an exact tuple are live as long as the tuple.
    unsafe {
        if ffi::PyTuple_CheckExact(key[0]) == 0 {
            return key;
        }
        let first = (*key[0].cast::<ffi::PyTupleObject>()).ob_item.as_ptr();
        std::slice::from_raw_parts(first, ffi::PyTuple_GET_SIZE(key[0]) as usize)
    }
}

/// Reads such a key; `None` for every other one, and for keys that are wrong.
pub(super) fn view_part(a: ArrayRef<'_, '_>, key: *mut ffi::PyObject) -> PyResult<Option<Part>> {
    let one = [key];
    // SAFETY: a live key.
    let list = unsafe { parts_of(&one) };
    let (shape, strides) = (a.shape(), a.strides());
    let Some(rest) = free_axes(list, shape.len()) else {
        return Ok(None);
    };
    let mut part = Part {
        ptr: a.data(),
        shape: Shape::new(),
        strides: Strides::new(),
        is_item: true,
    };
    let mut axis = 0;
    let keep = |part: &mut Part, axis: usize, n: usize| {
        for i in axis..axis + n {
            part.shape.push(shape[i]);
            part.strides.push(strides[i]);
        }
    };
    let mut open = true;
    for &ob in list {
        if is_int(ob) {
            let Some(i) = small_int(ob) else {
                return Ok(None);
            };
            let at = if i < 0 {
                i.wrapping_add(shape[axis] as isize)
            } else {
                i
            };
            if at as usize >= shape[axis] {
                return Ok(None);
            }
            part.ptr = part.ptr.wrapping_offset(at * strides[axis]);
            axis += 1;
            continue;
        }
        part.is_item = false;
        // SAFETY: a live object of one of the kinds that were counted.
        unsafe {
            if ob == ffi::Py_None() {
                part.shape.push(1);
                part.strides.push(0);
            } else if ob == ffi::Py_Ellipsis() {
                keep(&mut part, axis, rest);
                axis += rest;
                open = false;
            } else {
                part.slice(a.py(), ob, shape[axis], strides[axis])?;
                axis += 1;
            }
        }
    }
    if open && rest > 0 {
        part.is_item = false;
        keep(&mut part, axis, rest);
    }
    Ok((part.shape.len() <= MAX_DIMS).then_some(part))
}

/// The view that a slice, the ellipsis or a new axis alone leaves of an exact array of few axes.
#[inline]
pub(super) fn one_view<'py>(
    a: ArrayRef<'_, 'py>,
    key: *mut ffi::PyObject,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    const ROOM: usize = 5;
    let (nd, mut ptr) = (a.ndim(), a.data());
    if nd >= ROOM {
        return None;
    }
    let (mut shape, mut strides) = ([1usize; ROOM], [0isize; ROOM]);
    // SAFETY: a live object.
    unsafe {
        let new_axis = usize::from(key == ffi::Py_None());
        for i in 0..nd {
            (shape[new_axis + i], strides[new_axis + i]) = (a.shape()[i], a.strides()[i]);
        }
        if ffi::PySlice_Check(key) != 0 {
            if nd == 0 {
                return None;
            }
            let (mut start, mut stop, mut step) = (0, 0, 0);
            if ffi::PySlice_Unpack(key, &mut start, &mut stop, &mut step) < 0 {
                return Some(Err(PyErr::fetch(a.py())));
            }
            // Unpacking may run code that reshapes the array: lengths and strides are those of before.
            let (first, len) = clip_slice(start, stop, step, shape[0]);
            let stride = strides[0];
            if len > 0 {
                ptr = ptr.wrapping_offset(first * stride);
                strides[0] = stride.wrapping_mul(step);
            }
            shape[0] = len;
        } else if new_axis == 0 && key != ffi::Py_Ellipsis() {
            return None;
        }
        let nd = nd + new_axis;
        Some(view_with(a, &shape[..nd], &strides[..nd], ptr))
    }
}

/// How many of `ndim` axes the list does not name; `None` if it holds anything but plain basic indices
/// in the right number.
#[inline]
fn free_axes(list: &[*mut ffi::PyObject], ndim: usize) -> Option<usize> {
    let (mut used, mut ellipses) = (0, 0);
    for &ob in list {
        // SAFETY: live objects.
        unsafe {
            if ffi::PySlice_Check(ob) != 0 || is_int(ob) {
                used += 1;
            } else if ob == ffi::Py_Ellipsis() {
                ellipses += 1;
            } else if ob != ffi::Py_None() {
                return None;
            }
        }
    }
    if ellipses > 1 {
        return None;
    }
    ndim.checked_sub(used)
}

/// Whether `idx` is a plain list of positions: native, contiguous `intp` with at least one axis.
fn is_list(idx: ArrayRef<'_, '_>) -> bool {
    idx.descr() == singleton(TypeNum::Long)
        && idx.ndim() == 1
        && idx.has(flags::C_CONTIGUOUS | flags::ALIGNED)
}

/// `a[idx]` for a list of positions over the first axis of an array whose rows are blocks of bytes;
/// `None` if it is another case, an index out of bounds among them.
pub(super) fn rows<'py>(
    a: ArrayRef<'_, 'py>,
    idx: ArrayRef<'_, 'py>,
    how: Mode,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if !a.is_exact() || !is_list(idx) || a.ndim() == 0 || a.ndim() > 1 && !a.is_c() {
        return Ok(None);
    }
    let (n, itemsize) = (idx.size(), a.itemsize());
    let block = a.shape()[1..].iter().product::<usize>() * itemsize;
    if n == 0 || block == 0 || holds_objects(a) {
        return Ok(None);
    }
    let mut shape = Shape::from_slice(a.shape());
    shape[0] = n;
    let out = empty(a.py(), &shape, a.descr(), false)?;
    let (base, list, to) = (
        a.data() as usize,
        idx.data() as usize,
        ArrayRef::of(&out).data() as usize,
    );
    let (len, step) = (a.shape()[0], a.strides()[0]);
    let good = gil::released_if(a.py(), n * block >= 16_000, || {
        // SAFETY: contiguous indices and rows of live arrays.
        unsafe {
            rows_at(
                (base as *mut u8, len, step),
                how.bounds(),
                list as *const isize,
                n,
                to as *mut u8,
                block,
            )
        }
    });
    Ok(good.then_some(out))
}

/// `a[idx] = item` for a list of few positions within an array of one axis.
pub(super) fn put_rows(a: ArrayRef<'_, '_>, idx: ArrayRef<'_, '_>, item: &Raw) -> Option<()> {
    const MOST: usize = 4096;
    let (&[len], &[step]) = (a.shape(), a.strides()) else {
        return None;
    };
    let n = idx.size();
    if !is_list(idx) || n > MOST || len == 0 {
        return None;
    }
    // Items that are written must not be the positions still to be read.
    let (first, last) = (
        a.data() as isize,
        a.data() as isize + (len as isize - 1) * step,
    );
    let (low, high) = (first.min(last), first.max(last) + a.itemsize() as isize);
    let (from, to) = (idx.data() as isize, idx.data() as isize + 8 * n as isize);
    if low < to && from < high {
        return None;
    }
    // SAFETY: contiguous, aligned positions of a live array, which nothing below changes.
    let list = unsafe { std::slice::from_raw_parts(idx.data().cast::<isize>(), n) };
    let limit = len as isize;
    if list.iter().any(|&i| i < -limit || i >= limit) {
        return None;
    }
    for &i in list {
        let at = if i < 0 { i + limit } else { i };
        // SAFETY: an item of the array.
        unsafe { item.write(a.data().wrapping_offset(at * step), a.itemsize()) };
    }
    Some(())
}

/// Whether items own what they hold.
pub(super) fn holds_objects(a: ArrayRef<'_, '_>) -> bool {
    let num = a.type_num();
    if num == TypeNum::Object as i32 || num == TypeNum::VString as i32 {
        return true;
    }
    num == TypeNum::Void as i32 && hooks::needs_clear(&a.dtype())
}
