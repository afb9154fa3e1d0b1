//! `StringDType`: variable-width strings.

use super::make;
use pyo3::ffi;

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
