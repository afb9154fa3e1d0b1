//! Slots, attributes and methods of the scalar types.

use numoxide_dtype::TypeNum;
use pyo3::ffi;

/// Fills an abstract scalar type before it is made ready.
///
/// # Safety
/// - `ty` is zeroed but for name, base and sizes.
pub(crate) unsafe fn fill_abstract(ty: *mut ffi::PyTypeObject, which: usize) {
    let _ = (ty, which);
}

/// Fills a concrete scalar type before it is made ready.
///
/// # Safety
/// - `ty` is zeroed but for name, bases and sizes.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject, num: TypeNum) {
    // SAFETY: by contract.
    unsafe { super::print::fill(ty, num) };
}
