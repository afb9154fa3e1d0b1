//! Static objects that C code and the interpreter address directly: zeroed at start, filled at import.

use crate::slots::module_name;
use pyo3::ffi;
use pyo3::prelude::*;
use std::cell::UnsafeCell;
use std::ffi::{c_char, CStr, CString};
use std::mem::MaybeUninit;

/// Zeroed memory of static life, written under the interpreter lock only.
#[repr(transparent)]
pub(crate) struct Zeroed<T>(UnsafeCell<MaybeUninit<T>>);

// SAFETY: all access goes through raw pointers by code that holds the interpreter lock.
unsafe impl<T> Sync for Zeroed<T> {}

impl<T> Zeroed<T> {
    /// Zeroed memory.
    pub(crate) const fn new() -> Self {
        Zeroed(UnsafeCell::new(MaybeUninit::zeroed()))
    }

    /// Its address.
    pub(crate) const fn get(&self) -> *mut T {
        self.0.get().cast()
    }
}

impl<T, const N: usize> Zeroed<[T; N]> {
    /// Address of entry `i`.
    pub(crate) const fn at(&self, i: usize) -> *mut T {
        assert!(i < N);
        // SAFETY: in bounds by the check above.
        unsafe { self.get().cast::<T>().add(i) }
    }
}

/// A C string that is never freed.
pub(crate) fn leak(text: &str) -> &'static CStr {
    let owned = CString::new(text).unwrap_or_default();
    Box::leak(owned.into_boxed_c_str())
}

/// A qualified type name such as `numpy.float64`, never freed.
pub(crate) fn type_name(py: Python<'_>, rest: &str) -> PyResult<*const c_char> {
    Ok(leak(&format!("{}.{rest}", module_name(py)?)).as_ptr())
}

/// A zeroed value never freed, for the function tables of types.
pub(crate) fn leak_table<T>(fill: impl FnOnce(&mut T)) -> *mut T {
    // SAFETY: used for the interpreter's tables of optional function pointers, for which all zero is
    // the valid empty state.
    let mut table: Box<T> = unsafe { Box::new(MaybeUninit::zeroed().assume_init()) };
    fill(&mut table);
    Box::into_raw(table)
}

/// Gives a static type its object head: one reference, metatype `meta` (NULL for `type`).
///
/// # Safety
/// - `ty` points to a zeroed type object of static life.
pub(crate) unsafe fn head(ty: *mut ffi::PyTypeObject, meta: *mut ffi::PyTypeObject) {
    // SAFETY: exclusive access by contract.
    unsafe {
        (*ty).ob_base.ob_base = ffi::PyObject_HEAD_INIT;
        (*ty).ob_base.ob_base.ob_type = meta;
    }
}

/// `PyType_Ready`.
///
/// # Safety
/// - `ty` points to a filled static type object.
pub(crate) unsafe fn ready(py: Python<'_>, ty: *mut ffi::PyTypeObject) -> PyResult<()> {
    // SAFETY: by contract.
    match unsafe { ffi::PyType_Ready(ty) } {
        0 => Ok(()),
        _ => Err(PyErr::fetch(py)),
    }
}

/// A new reference to a type object.
///
/// # Safety
/// - `ty` is a ready type.
pub(crate) unsafe fn type_object<'py>(
    py: Python<'py>,
    ty: *mut ffi::PyTypeObject,
) -> Bound<'py, PyAny> {
    // SAFETY: by contract.
    unsafe { Bound::from_borrowed_ptr(py, ty.cast()) }
}
