//! Integers and truth values.

use crate::args::Arg;
use numoxide_core::TypeNum;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;

/// Whether the object is a truth value, which counts as no integer where sizes and places are asked.
fn is_truth(ob: Arg<'_, '_>) -> bool {
    // SAFETY: a valid object.
    let ty = unsafe { ffi::Py_TYPE(ob.as_ptr()) };
    ty == &raw mut ffi::PyBool_Type || crate::scalar::num_for(ty) == Some(TypeNum::Bool)
}

/// An `intp` from any object with `__index__`, but for truth values.
pub(crate) fn as_index(ob: Arg<'_, '_>) -> PyResult<isize> {
    match is_truth(ob) {
        true => Err(PyTypeError::new_err("an integer is required")),
        false => plain_index(ob),
    }
}

/// As [`as_index`] for an axis.
pub(crate) fn as_axis(ob: Arg<'_, '_>) -> PyResult<isize> {
    match is_truth(ob) {
        true => Err(PyTypeError::new_err("an integer is required for the axis")),
        false => plain_index(ob),
    }
}

/// An `intp` from any object with `__index__`; Python's own errors.
pub(crate) fn plain_index(ob: Arg<'_, '_>) -> PyResult<isize> {
    // SAFETY: a valid object.
    let value = unsafe { ffi::PyNumber_AsSsize_t(ob.as_ptr(), ffi::PyExc_OverflowError) };
    match value {
        -1 => match PyErr::take(ob.py()) {
            Some(e) => Err(e),
            None => Ok(-1),
        },
        v => Ok(v),
    }
}

/// A C int, as `PyArg_Parse("i")` takes it.
pub(crate) fn as_int(ob: Arg<'_, '_>) -> PyResult<i32> {
    // SAFETY: a valid object.
    if unsafe { ffi::PyFloat_Check(ob.as_ptr()) } != 0 {
        return Err(PyTypeError::new_err("integer argument expected, got float"));
    }
    ob.extract()
}

/// Truth value of an optional argument.
pub(crate) fn truth(ob: Option<Arg<'_, '_>>, absent: bool) -> PyResult<bool> {
    ob.map_or(Ok(absent), |o| o.is_truthy())
}

/// Absent, or Python's None.
pub(crate) fn is_none(ob: Option<Arg<'_, '_>>) -> bool {
    ob.is_none_or(|o| o.is_none())
}

/// The argument unless it is None.
pub(crate) fn none_is_absent<'a, 'py>(ob: Option<Arg<'a, 'py>>) -> Option<Arg<'a, 'py>> {
    ob.filter(|o| !o.is_none())
}
