//! The one trampoline between C callers and our functions: panics become `SystemError`.

use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// What a slot hands back to C, and its error value.
pub(crate) trait SlotReturn {
    /// The C type.
    type C;
    /// What says "an exception is set".
    const ERR: Self::C;
    /// Converts a success.
    fn into_c(self) -> Self::C;
}

impl SlotReturn for Bound<'_, PyAny> {
    type C = *mut ffi::PyObject;
    const ERR: Self::C = std::ptr::null_mut();
    fn into_c(self) -> Self::C {
        self.into_ptr()
    }
}

impl SlotReturn for Py<PyAny> {
    type C = *mut ffi::PyObject;
    const ERR: Self::C = std::ptr::null_mut();
    fn into_c(self) -> Self::C {
        self.into_ptr()
    }
}

/// An owned object pointer, or NULL where the slot allows "nothing, no error" (`tp_iternext`).
impl SlotReturn for *mut ffi::PyObject {
    type C = *mut ffi::PyObject;
    const ERR: Self::C = std::ptr::null_mut();
    fn into_c(self) -> Self::C {
        self
    }
}

impl SlotReturn for () {
    type C = c_int;
    const ERR: Self::C = -1;
    fn into_c(self) -> Self::C {
        0
    }
}

impl SlotReturn for bool {
    type C = c_int;
    const ERR: Self::C = -1;
    fn into_c(self) -> Self::C {
        c_int::from(self)
    }
}

impl SlotReturn for isize {
    type C = isize;
    const ERR: Self::C = -1;
    fn into_c(self) -> Self::C {
        self
    }
}

/// Runs the body of a slot; an error or a panic leaves an exception set and gives the error value.
///
/// # Safety
/// - The calling thread holds the interpreter lock, as it does in every slot.
#[inline]
pub(crate) unsafe fn trampoline<'py, R: SlotReturn>(
    body: impl FnOnce(Python<'py>) -> PyResult<R>,
) -> R::C {
    // SAFETY: the caller holds the interpreter lock.
    let py = unsafe { Python::assume_attached() };
    match catch_unwind(AssertUnwindSafe(|| body(py))) {
        Ok(Ok(value)) => value.into_c(),
        Ok(Err(err)) => {
            err.restore(py);
            R::ERR
        }
        Err(panic) => {
            panic_error(&*panic).restore(py);
            R::ERR
        }
    }
}

#[cold]
fn panic_error(panic: &(dyn std::any::Any + Send)) -> PyErr {
    let text = panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_string())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown panic".into());
    PySystemError::new_err(format!("internal error: {text}"))
}

/// Defines an `extern "C"` entry of the form METH_FASTCALL | METH_KEYWORDS over a Rust function
/// `fn(py, slf, CallArgs) -> PyResult<impl SlotReturn<C = *mut PyObject>>`.
#[macro_export]
macro_rules! fastcall {
    ($entry:ident, $body:path) => {
        unsafe extern "C" fn $entry(
            slf: *mut pyo3::ffi::PyObject,
            args: *const *mut pyo3::ffi::PyObject,
            nargs: pyo3::ffi::Py_ssize_t,
            kwnames: *mut pyo3::ffi::PyObject,
        ) -> *mut pyo3::ffi::PyObject {
            // SAFETY: the interpreter calls with its lock held and a valid argument vector.
            unsafe {
                $crate::slots::trampoline(|py| {
                    let slf = pyo3::Borrowed::from_ptr_or_opt(py, slf);
                    let args = $crate::args::CallArgs::new(py, args, nargs, kwnames);
                    $body(py, slf, args)
                })
            }
        }
    };
}

/// One row of a method table.
pub(crate) const fn method(
    name: &'static std::ffi::CStr,
    entry: ffi::PyCFunctionFastWithKeywords,
    extra_flags: c_int,
    doc: &'static std::ffi::CStr,
) -> ffi::PyMethodDef {
    ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer {
            PyCFunctionFastWithKeywords: entry,
        },
        ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS | extra_flags,
        ml_doc: doc.as_ptr(),
    }
}
