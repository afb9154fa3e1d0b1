//! `repr` and `str` of arrays: the Python module `arrayprint` makes the text.

use crate::slots::trampoline;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::Borrowed;

/// Sets the printing slots.
pub(super) fn fill(ty: &mut ffi::PyTypeObject) {
    ty.tp_repr = Some(repr_slot);
    ty.tp_str = Some(str_slot);
}

unsafe extern "C" fn repr_slot(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    static PRINTER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    // SAFETY: the interpreter calls with its lock held and an array.
    unsafe {
        trampoline(|py| {
            call(
                &Borrowed::from_ptr(py, slf),
                &PRINTER,
                "_default_array_repr",
            )
        })
    }
}

unsafe extern "C" fn str_slot(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    static PRINTER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    // SAFETY: as above.
    unsafe { trampoline(|py| call(&Borrowed::from_ptr(py, slf), &PRINTER, "_default_array_str")) }
}

/// Calls a function of `arrayprint` on the array.
fn call<'py>(
    array: &Bound<'py, PyAny>,
    printer: &'static PyOnceLock<Py<PyAny>>,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let py = array.py();
    let function = printer.get_or_try_init(py, || {
        PyResult::Ok(
            py.import("numoxide._core.arrayprint")?
                .getattr(name)?
                .unbind(),
        )
    })?;
    function.bind(py).call1((array,))
}
