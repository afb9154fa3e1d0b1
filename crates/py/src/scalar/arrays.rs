//! What scalars need of arrays: 0-d copies, items of sub-array dtypes.

use crate::array::{ArrayRef, NDARRAY};
use crate::layout::{ArrayObject, Descr};
use pyo3::prelude::*;

/// Whether the object is an array.
pub(crate) fn is_array(obj: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object.
    unsafe { NDARRAY.has(obj.as_ptr()) }
}

/// The C struct of an array.
pub(crate) fn raw(array: &Bound<'_, PyAny>) -> *mut ArrayObject {
    ArrayRef::of(array).raw()
}

/// A fresh 0-d array (more axes for a sub-array dtype) with a copy of one item.
///
/// # Safety
/// - `ptr` points to an item of the live dtype.
pub(crate) unsafe fn zero_d<'py>(
    py: Python<'py>,
    ptr: *const u8,
    descr: *mut Descr,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by contract; a fresh array has room for one item and holds no references yet.
    unsafe {
        let array = crate::array::zeros(py, &[], descr, false)?;
        let to = (*raw(&array)).data;
        super::refs::release(to, descr);
        std::ptr::copy_nonoverlapping(ptr, to, (*descr).elsize as usize);
        super::refs::acquire(to, descr);
        Ok(array)
    }
}
