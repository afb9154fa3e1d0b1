//! What scalars need of arrays: 0-d copies, items of sub-array dtypes.

use crate::array::{ArrayRef, NDARRAY};
use crate::layout::{flags, ArrayObject, Descr};
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

/// A 0-d array (more axes for a sub-array dtype): a view of one item of `base`, or a copy if there
/// is none.
///
/// # Safety
/// - `ptr` points to an item of the live dtype, which `base`, if given, keeps alive.
pub(crate) unsafe fn zero_d<'py>(
    py: Python<'py>,
    ptr: *const u8,
    descr: *mut Descr,
    base: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(base) = base {
        let bits = if is_array(base) {
            ArrayRef::of(base).flags() & flags::WRITEABLE
        } else {
            flags::WRITEABLE
        };
        let (ptr, kind) = (ptr.cast_mut(), NDARRAY.get());
        return crate::array::from_view(py, kind, descr, &[], &[], ptr, bits, Some(base));
    }
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
