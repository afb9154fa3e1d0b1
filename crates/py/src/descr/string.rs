//! `StringDType`: variable-width strings.

use super::make;
use crate::layout::Descr;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;

/// Fills the class before it is made ready.
///
/// # Safety
/// - `ty` is the zeroed static class.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        (*ty).tp_doc = c"StringDType(*, na_object=..., coerce=True): variable-width text.".as_ptr();
        (*ty).tp_dealloc = Some(make::dealloc);
    }
}

/// The Python object for an item of a `StringDType`.
///
/// # Safety
/// - `ptr` points to an item of the live dtype.
pub(crate) unsafe fn string_item<'py>(
    _: Python<'py>,
    _: *const u8,
    _: *mut Descr,
) -> PyResult<Bound<'py, PyAny>> {
    Err(PyTypeError::new_err(
        "StringDType items are not supported yet",
    ))
}

/// Stores an object in an item of a `StringDType`.
///
/// # Safety
/// - `ptr` points to an item of the live dtype.
pub(crate) unsafe fn set_string_item(
    _: Python<'_>,
    _: *mut u8,
    _: *mut Descr,
    _: &Bound<'_, PyAny>,
) -> PyResult<()> {
    Err(PyTypeError::new_err(
        "StringDType items are not supported yet",
    ))
}

/// `repr` of an instance.
pub(crate) fn repr_text(py: Python<'_>, descr: *mut Descr) -> PyResult<String> {
    // SAFETY: a live StringDType instance.
    let s = unsafe { &*descr.cast::<super::types::StringDescr>() };
    let mut parts = Vec::new();
    // SAFETY: the missing value is NULL or an object.
    if let Some(na) = unsafe { Bound::from_borrowed_ptr_or_opt(py, s.na_object) } {
        parts.push(format!("na_object={}", na.repr()?));
    }
    if s.coerce == 0 {
        parts.push("coerce=False".into());
    }
    Ok(format!("StringDType({})", parts.join(", ")))
}
