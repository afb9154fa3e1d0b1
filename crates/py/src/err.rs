//! Engine errors to Python exceptions: the one place that picks the class.

use numoxide_core::{Error, Result};
use pyo3::exceptions as exc;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

static AXIS_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static PROMOTION_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();

fn python_class<'py>(
    py: Python<'py>,
    cell: &'static PyOnceLock<Py<PyType>>,
    module: &str,
    name: &str,
) -> PyResult<Bound<'py, PyType>> {
    cell.import(py, module, name).cloned()
}

/// `numpy.exceptions.AxisError(axis, ndim, prefix)`.
fn axis_error(py: Python<'_>, axis: isize, ndim: usize, prefix: Option<&str>) -> PyResult<PyErr> {
    let class = python_class(py, &AXIS_ERROR, "numoxide.exceptions", "AxisError")?;
    Ok(PyErr::from_value(class.call1((axis, ndim, prefix))?))
}

/// The exception for an engine error.
#[cold]
pub(crate) fn to_py(py: Python<'_>, error: Error) -> PyErr {
    let text = error.to_string();
    let made = match error {
        Error::Raised => Ok(PyErr::fetch(py)),
        Error::Memory { .. } => Ok(exc::PyMemoryError::new_err(text)),
        Error::Axis { axis, ndim, prefix } => axis_error(py, axis, ndim, prefix),
        Error::Promotion(_) => python_class(
            py,
            &PROMOTION_ERROR,
            "numoxide.exceptions",
            "DTypePromotionError",
        )
        .map(|class| PyErr::from_type(class, text)),
        Error::Cast { .. } | Error::Type(_) => Ok(exc::PyTypeError::new_err(text)),
        Error::TooBig | Error::Broadcast(_) | Error::Value(_) => {
            Ok(exc::PyValueError::new_err(text))
        }
        Error::Index(_) => Ok(exc::PyIndexError::new_err(text)),
        Error::Overflow(_) => Ok(exc::PyOverflowError::new_err(text)),
        Error::Runtime(_) => Ok(exc::PyRuntimeError::new_err(text)),
        Error::Os(_) => Ok(exc::PyOSError::new_err(text)),
        Error::FloatingPoint(_) => Ok(exc::PyFloatingPointError::new_err(text)),
        Error::ZeroDivision(_) => Ok(exc::PyZeroDivisionError::new_err(text)),
    };
    made.unwrap_or_else(|e| e)
}

/// Turns an engine result into a Python one.
pub(crate) trait OrRaise<T> {
    /// The value, or the Python exception.
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|e| to_py(py, e))
    }
}

/// Leaves the exception set in the interpreter and gives the engine's marker for it.
pub(crate) fn set(py: Python<'_>, err: PyErr) -> Error {
    err.restore(py);
    Error::Raised
}

/// Issues a Python warning; the error if it was turned into an exception.
pub(crate) fn warn(py: Python<'_>, class: &Bound<'_, PyAny>, text: &str) -> PyResult<()> {
    let text = std::ffi::CString::new(text)?;
    // SAFETY: valid class object and NUL-terminated text.
    match unsafe { ffi::PyErr_WarnEx(class.as_ptr(), text.as_ptr(), 1) } {
        0 => Ok(()),
        _ => Err(PyErr::fetch(py)),
    }
}
