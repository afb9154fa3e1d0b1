//! Engine errors to Python exceptions: the one place that picks the class.

use numoxide_core::{DType, Error, Result};
use numoxide_dtype::Casting;
use pyo3::exceptions as exc;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

static AXIS_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static MEMORY_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
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

/// `_ArrayMemoryError(shape, dtype)`.
fn memory_error(py: Python<'_>, shape: &[usize], dtype: &DType) -> PyResult<PyErr> {
    let class = python_class(
        py,
        &MEMORY_ERROR,
        "numoxide._core._exceptions",
        "_ArrayMemoryError",
    )?;
    let shape = pyo3::types::PyTuple::new(py, shape)?;
    let dtype = crate::descr::descr_for(py, dtype)?;
    Ok(PyErr::from_value(class.call1((shape, dtype))?))
}

/// A Python str of code points that need not be characters.
fn str_of_codes<'py>(py: Python<'py>, codes: &[u32]) -> PyResult<Bound<'py, PyAny>> {
    let (kind, data) = (ffi::PyUnicode_4BYTE_KIND as i32, codes.as_ptr().cast());
    // SAFETY: the interpreter copies `codes.len()` code points; the result is owned or null.
    unsafe {
        let object = ffi::PyUnicode_FromKindAndData(kind, data, codes.len() as ffi::Py_ssize_t);
        Bound::from_owned_ptr_or_err(py, object)
    }
}

/// The exception for an engine error.
#[cold]
pub(crate) fn to_py(py: Python<'_>, error: Error) -> PyErr {
    let text = error.to_string();
    let made = match error {
        Error::Raised => Ok(PyErr::fetch(py)),
        Error::Memory {
            shape,
            dtype: Some(dtype),
            ..
        } => memory_error(py, &shape, &dtype),
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
        Error::NoLoop { .. } | Error::BinaryTypes { .. } | Error::UfuncCast { .. } => {
            crate::ufunc::errors::to_py(py, error)
        }
        Error::TooBig | Error::Broadcast(_) | Error::Value(_) => {
            Ok(exc::PyValueError::new_err(text))
        }
        Error::Index(_) => Ok(exc::PyIndexError::new_err(text)),
        Error::Overflow(_) => Ok(exc::PyOverflowError::new_err(text)),
        Error::Runtime(_) => Ok(exc::PyRuntimeError::new_err(text)),
        Error::Os(_) => Ok(exc::PyOSError::new_err(text)),
        Error::FloatingPoint(_) => Ok(exc::PyFloatingPointError::new_err(text)),
        Error::ZeroDivision(_) => Ok(exc::PyZeroDivisionError::new_err(text)),
        Error::NotImplemented(_) => Ok(exc::PyNotImplementedError::new_err(text)),
        Error::Syntax(_) => Ok(exc::PySyntaxError::new_err(text)),
        Error::UnicodeDecode {
            codec,
            object,
            start,
            end,
            reason,
        } => {
            let object = pyo3::types::PyBytes::new(py, &object).unbind();
            Ok(exc::PyUnicodeDecodeError::new_err((
                codec, object, start, end, reason,
            )))
        }
        Error::UnicodeEncode {
            codec,
            object,
            start,
            end,
            reason,
        } => {
            let object = str_of_codes(py, &object);
            object.map(|o| {
                exc::PyUnicodeEncodeError::new_err((codec, o.unbind(), start, end, reason))
            })
        }
    };
    made.unwrap_or_else(|e| e)
}

/// The refusal of a cast, which names scalars as such.
pub(crate) fn cannot_cast(
    py: Python<'_>,
    ndim: usize,
    [from, to]: [DType; 2],
    casting: Casting,
) -> PyErr {
    let rule = casting.name();
    if ndim == 0 {
        return exc::PyTypeError::new_err(format!(
            "Cannot cast scalar from {from} to {to} according to the rule '{rule}'"
        ));
    }
    to_py(py, Error::Cast { from, to, rule })
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
