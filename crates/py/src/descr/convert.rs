//! The one converter from Python objects to dtypes.

use super::{is_class, is_descr, make, singleton};
use crate::scalar;
use numoxide_dtype::TypeNum;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;

/// The dtype an object stands for.
pub(crate) fn convert(py: Python<'_>, obj: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    if is_descr(obj) {
        return Ok(obj.clone().unbind());
    }
    if obj.is_none() {
        return Ok(shared(py, TypeNum::Double));
    }
    // SAFETY: plain type checks of a live object.
    if unsafe { ffi::PyType_Check(obj.as_ptr()) } != 0 {
        return from_type(py, obj);
    }
    if let Ok(text) = obj.extract::<String>() {
        let mut chars = text.bytes();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            if let Some(num) = TypeNum::from_code(c) {
                return Ok(shared(py, num));
            }
        }
        if let Some(row) = numoxide_dtype::ROWS[..24].iter().find(|r| r.name == text) {
            return Ok(shared(py, row.num));
        }
        return Err(PyTypeError::new_err(format!(
            "data type '{text}' not understood"
        )));
    }
    Err(PyTypeError::new_err(format!(
        "Cannot interpret '{}' as a data type",
        obj.repr()?
    )))
}

fn shared(py: Python<'_>, num: TypeNum) -> Py<PyAny> {
    // SAFETY: default instances live for ever.
    unsafe { make::share(py, singleton(num)) }
}

fn from_type(py: Python<'_>, obj: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let ty: *mut ffi::PyTypeObject = obj.as_ptr().cast();
    let builtin = [
        (&raw mut ffi::PyFloat_Type, TypeNum::Double),
        (&raw mut ffi::PyLong_Type, TypeNum::Long),
        (&raw mut ffi::PyBool_Type, TypeNum::Bool),
        (&raw mut ffi::PyComplex_Type, TypeNum::CDouble),
        (&raw mut ffi::PyUnicode_Type, TypeNum::Str),
        (&raw mut ffi::PyBytes_Type, TypeNum::Bytes),
        (&raw mut ffi::PyMemoryView_Type, TypeNum::Void),
        (&raw mut ffi::PyBaseObject_Type, TypeNum::Object),
    ];
    let found = builtin.iter().find(|(b, _)| *b == ty).map(|(_, n)| *n);
    if let Some(num) = found.or_else(|| scalar::num_for(ty)) {
        return Ok(shared(py, num));
    }
    let _ = is_class(obj);
    Ok(shared(py, TypeNum::Object))
}
