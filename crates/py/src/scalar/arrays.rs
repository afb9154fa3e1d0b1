//! What scalars need of arrays: the type, 0-d copies, items of sub-array dtypes.

use crate::layout::{ArrayObject, Descr};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};

/// The type `numpy.ndarray`.
pub(crate) fn ndarray(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static NDARRAY: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    NDARRAY.import(py, "numoxide._core._multiarray_umath", "ndarray")
}

/// Whether the object is an array.
pub(crate) fn is_array(obj: &Bound<'_, PyAny>) -> bool {
    // SAFETY: live objects; the import fails only before the module is complete.
    ndarray(obj.py())
        .is_ok_and(|ty| unsafe { ffi::PyObject_TypeCheck(obj.as_ptr(), ty.as_type_ptr()) != 0 })
}

/// The C struct of an array.
pub(crate) fn raw(array: &Bound<'_, PyAny>) -> *mut ArrayObject {
    array.as_ptr().cast()
}

/// A fresh 0-d array with a copy of one item.
///
/// # Safety
/// - `ptr` points to an item of the live dtype.
pub(crate) unsafe fn zero_d<'py>(
    py: Python<'py>,
    ptr: *const u8,
    descr: *mut Descr,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by contract; a fresh array has room for one item.
    unsafe {
        let dtype = Bound::from_borrowed_ptr(py, descr.cast());
        let array = ndarray(py)?.call1((PyTuple::empty(py), dtype))?;
        let to = (*raw(&array)).data;
        super::refs::release(to, descr);
        std::ptr::copy_nonoverlapping(ptr, to, (*descr).elsize as usize);
        super::refs::acquire(to, descr);
        Ok(array)
    }
}
