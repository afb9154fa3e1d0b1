//! `numpy.dtype` as a Python type: its slots, attributes and methods.

use super::make;
use crate::slots::trampoline;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// Fills `numpy.dtype` before it is made ready.
///
/// # Safety
/// - `ty` is the zeroed static type.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        (*ty).tp_doc = c"dtype(dtype, align=False, copy=False): what one array item is.".as_ptr();
        (*ty).tp_dealloc = Some(make::dealloc);
        (*ty).tp_new = Some(new_slot);
    }
}

unsafe extern "C" fn new_slot(
    _: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with an argument tuple and NULL or a dictionary.
    unsafe {
        trampoline(|py| {
            let args = Bound::from_borrowed_ptr(py, args).cast_into::<PyTuple>()?;
            let kwargs = Bound::from_borrowed_ptr_or_opt(py, kwargs);
            let _kwargs = kwargs.map(Bound::cast_into::<PyDict>).transpose()?;
            super::convert(py, &args.get_item(0)?)
        })
    }
}
