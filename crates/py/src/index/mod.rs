//! Indexing of arrays: `a[...]`, `a[...] = v`, and the methods and functions that choose items.

mod bits;
mod convert;
mod coords;
mod fields;
mod get;
mod nonzero;
mod parse;
mod put;
mod quick;
mod search;
mod select;
mod set;
mod take;

pub(crate) use convert::converted;

use crate::array::ArrayRef;
use crate::scalar;
use crate::slots::{quick_or, trampoline, Module, Receiver};
use pyo3::exceptions::PyIndexError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;
use std::ffi::c_int;

/// The methods of ndarray defined here.
pub(crate) fn rows() -> Vec<ffi::PyMethodDef> {
    crate::methods! {
        ArrayRef;
        c"take", @take::quick_take => take::take, 0, c"take($self, indices, /, axis=None, out=None, mode='raise')\n--\n\nItems at indices along an axis.";
        c"compress", take::compress, 0, c"compress($self, /, condition, axis=None, out=None)\n--\n\nSlices along an axis where a condition holds.";
        c"repeat", take::repeat, 0, c"repeat($self, repeats, /, axis=None)\n--\n\nItems repeated along an axis.";
        c"put", put::put, 0, c"put($self, indices, values, /, mode='raise')\n--\n\nStore values at flat indices.";
        c"choose", select::choose, 0, c"choose($self, /, choices, out=None, mode='raise')\n--\n\nItems chosen from several arrays by index.";
        c"nonzero", @nonzero::quick_nonzero => nonzero::nonzero, 0, c"nonzero($self, /)\n--\n\nIndices of the items that are not zero.";
        c"searchsorted", search::searchsorted, 0, c"searchsorted($self, v, /, side='left', sorter=None)\n--\n\nWhere items go to keep the order.";
    }
}

/// Adds the module functions defined here.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let rows = crate::methods! {
        Module;
        c"where", select::where_, 0, c"";
        c"count_nonzero", nonzero::count_nonzero, 0, c"";
        c"putmask", put::putmask, 0, c"";
        c"_place", put::place, 0, c"";
        c"ravel_multi_index", coords::ravel, 0, c"";
        c"unravel_index", coords::unravel, 0, c"";
    };
    crate::slots::add_functions(m, bits::functions())?;
    crate::slots::add_functions(m, rows)
}

/// `a[key]`.
pub(crate) unsafe extern "C" fn subscript(
    slf: *mut ffi::PyObject,
    key: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot of ndarray, called with the interpreter lock held and live objects.
    unsafe {
        quick_or(
            |py| get::quick(ArrayRef::receive(py, slf), Borrowed::from_ptr(py, key)),
            |py| get::get(ArrayRef::receive(py, slf), Borrowed::from_ptr(py, key)),
        )
    }
}

/// `a[key] = value`; without a value, deletion.
pub(crate) unsafe extern "C" fn ass_subscript(
    slf: *mut ffi::PyObject,
    key: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: as above; the value may be NULL.
    unsafe {
        let quick = |py| set::quick(ArrayRef::receive(py, slf), key, value);
        quick_or(quick, |py| {
            let value = Borrowed::from_ptr_or_opt(py, value);
            set::set(
                ArrayRef::receive(py, slf),
                Borrowed::from_ptr(py, key),
                value,
            )
        })
    }
}

/// `a[i] = value` of the sequence protocol.
pub(crate) unsafe extern "C" fn ass_item(
    slf: *mut ffi::PyObject,
    i: ffi::Py_ssize_t,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: as above.
    unsafe {
        trampoline(|py| {
            let value = Borrowed::from_ptr_or_opt(py, value);
            let a = ArrayRef::receive(py, slf);
            // As for reading: the interpreter has counted from the end already.
            if let (Some(&n), true, true) = (a.shape().first(), i < 0, value.is_some()) {
                return Err(out_of_bounds(i - n as isize, 0, n));
            }
            set::set_row(a, i, value)
        })
    }
}

#[cold]
fn out_of_bounds(i: isize, axis: usize, len: usize) -> PyErr {
    PyIndexError::new_err(format!(
        "index {i} is out of bounds for axis {axis} with size {len}"
    ))
}

/// Address of the row `i` of axis 0, counted from the end if negative.
#[inline]
fn row_address(a: ArrayRef<'_, '_>, i: isize) -> PyResult<*mut u8> {
    let n = a.shape()[0];
    let at = if i < 0 { i.wrapping_add(n as isize) } else { i };
    if at as usize >= n {
        return Err(out_of_bounds(i, 0, n));
    }
    Ok(a.data().wrapping_offset(at * a.strides()[0]))
}

/// Address of the item of an array of one axis at an exact int within its bounds.
#[inline]
pub(crate) fn address(a: ArrayRef<'_, '_>, key: *mut ffi::PyObject) -> Option<*mut u8> {
    let (i, n) = (small_int(key)?, *a.shape().first()?);
    let at = if i < 0 { i.wrapping_add(n as isize) } else { i };
    ((at as usize) < n).then(|| a.data().wrapping_offset(at * a.strides()[0]))
}

/// Whether the object is an exact Python int or one of NumPy's signed integers of common size.
#[inline]
fn is_int(key: *mut ffi::PyObject) -> bool {
    // SAFETY: a live object.
    unsafe { ffi::PyLong_CheckExact(key) != 0 || scalar::int_value(key).is_some() }
}

/// An integer that fits, as the commonest index: see [`is_int`].
#[inline]
fn small_int(key: *mut ffi::PyObject) -> Option<isize> {
    // SAFETY: a live object; the error of an int that does not fit is dropped.
    unsafe {
        if ffi::PyLong_CheckExact(key) == 0 {
            return scalar::int_value(key);
        }
        let i = ffi::PyLong_AsSsize_t(key);
        if i == -1 && !ffi::PyErr_Occurred().is_null() {
            ffi::PyErr_Clear();
            return None;
        }
        Some(i)
    }
}

/// Address of the item that an exact tuple of exact ints names, one for each axis; `None` for any
/// other key.
#[inline]
fn item_address(a: ArrayRef<'_, '_>, key: *mut ffi::PyObject) -> PyResult<Option<*mut u8>> {
    // SAFETY: a live object; items of a tuple are live.
    unsafe {
        let nd = a.ndim();
        if ffi::PyTuple_CheckExact(key) == 0 || ffi::PyTuple_GET_SIZE(key) as usize != nd {
            return Ok(None);
        }
        let (shape, strides) = (a.shape(), a.strides());
        let mut ptr = a.data();
        for axis in 0..nd {
            let Some(i) = small_int(ffi::PyTuple_GET_ITEM(key, axis as isize)) else {
                return Ok(None);
            };
            let at = if i < 0 {
                i.wrapping_add(shape[axis] as isize)
            } else {
                i
            };
            if at as usize >= shape[axis] {
                // Later indices may be of a kind that changes the message.
                return Ok(None);
            }
            ptr = ptr.wrapping_offset(at * strides[axis]);
        }
        Ok(Some(ptr))
    }
}
