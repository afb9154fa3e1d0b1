//! Small arrays and plain views, made by hand: one allocation, every field written once.

use super::memory;
use super::object::{new_object, set_base, update_flags, HEAD, INLINE_LIMIT};
use super::ArrayRef;
use crate::layout::{descr_flags, flags, ArrayObject, Descr};
use numoxide_core::{TypeNum, MAX_DIMS};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;

/// A fresh array whose items lie in the object, filled by hand; `None` where [`make`] must decide.
///
/// Only dtypes of a size of their own whose items own nothing, and no axis of length 0.
#[inline]
pub(super) fn make_small<'py>(
    py: Python<'py>,
    descr: *mut Descr,
    shape: &[usize],
    fortran: bool,
    zero: bool,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // SAFETY: a live descr; every field of the fresh object is written before it is handed out.
    unsafe {
        let itemsize = (*descr).elsize as usize;
        let mut bytes = itemsize;
        for &n in shape {
            bytes = bytes.saturating_mul(n);
        }
        let geometry = HEAD + 16 * shape.len();
        let plain = (*descr).type_num != TypeNum::Void as c_int
            && (*descr).flags & (descr_flags::NEEDS_INIT | descr_flags::ITEM_REFCOUNT) == 0;
        // Also false for huge shapes and for more axes than there may be.
        let fits = bytes.saturating_add(geometry) <= INLINE_LIMIT;
        if bytes == 0 || !plain || !fits || !memory::is_default() {
            return Ok(None);
        }
        let array = new_object(geometry + bytes, shape.len())?;
        ffi::Py_INCREF(descr.cast());
        (*array).nd = shape.len() as c_int;
        (*array).descr = descr;
        (*array).mem_handler = memory::handler();
        let data = array.cast::<u8>().add(geometry);
        (*array).data = data;
        if zero {
            data.write_bytes(0, bytes);
        }
        let long = fill_strides(array, shape, itemsize, fortran);
        (*array).flags = flags::OWNDATA
            | flags::BEHAVED
            | match (long > 1, fortran) {
                (true, true) => flags::F_CONTIGUOUS,
                (true, false) => flags::C_CONTIGUOUS,
                _ => flags::C_CONTIGUOUS | flags::F_CONTIGUOUS,
            };
        Ok(Some(Bound::from_owned_ptr(py, array.cast())))
    }
}

/// Writes shape and contiguous strides; how many axes are longer than 1.
///
/// # Safety
/// - Both lists of `array` have room for `shape`.
#[inline]
unsafe fn fill_strides(
    array: *mut ArrayObject,
    shape: &[usize],
    itemsize: usize,
    fortran: bool,
) -> usize {
    let (mut step, mut long) = (itemsize as isize, 0);
    for i in 0..shape.len() {
        let axis = if fortran { i } else { shape.len() - 1 - i };
        let n = shape[axis] as isize;
        // SAFETY: by contract.
        unsafe {
            *(*array).dimensions.add(axis) = n;
            *(*array).strides.add(axis) = step;
        }
        step *= n;
        long += usize::from(n > 1);
    }
    long
}

/// A view of an exact array whose items are of a plain dtype; `None` where [`from_view`] must decide.
pub(super) fn view_small<'py>(
    array: ArrayRef<'_, 'py>,
    descr: *mut Descr,
    shape: &[usize],
    strides: &[isize],
    data: *mut u8,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let nd = shape.len();
    let mut size = 1usize;
    for &n in shape {
        size = size.saturating_mul(n);
    }
    // SAFETY: a live array and descr; the fresh object is filled before it is handed out.
    unsafe {
        let itemsize = (*descr).elsize as usize;
        let fits = size.saturating_mul(itemsize) < isize::MAX as usize && (size > 0 || nd == 1);
        if (*descr).type_num == TypeNum::Void as c_int || itemsize == 0 || !fits || nd > MAX_DIMS {
            return Ok(None);
        }
        let view = new_object(HEAD + 16 * nd, nd)?;
        ffi::Py_INCREF(descr.cast());
        (*view).nd = nd as c_int;
        (*view).descr = descr;
        (*view).data = data;
        for (i, (&n, &s)) in shape.iter().zip(strides).enumerate() {
            *(*view).dimensions.add(i) = n as isize;
            *(*view).strides.add(i) = s;
        }
        (*view).flags = array.flags() & (flags::WRITEABLE | flags::WARN_ON_WRITE);
        update_flags(
            view,
            flags::C_CONTIGUOUS | flags::F_CONTIGUOUS | flags::ALIGNED,
        );
        let view = Bound::from_owned_ptr(array.py(), view.cast());
        set_base(&view, array.as_bound())?;
        Ok(Some(view))
    }
}
