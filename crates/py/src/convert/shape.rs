//! Shapes: an integer or a sequence of integers.

use super::number::as_index;
use crate::args::Arg;
use crate::array::{too_many_dims, Shape, Strides};
use numoxide_core::MAX_DIMS;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple};

/// One length of a shape; too large ones are a ValueError.
fn length(ob: Arg<'_, '_>) -> PyResult<isize> {
    as_index(ob).map_err(|e| too_large(ob.py(), e))
}

fn too_large(py: Python<'_>, e: PyErr) -> PyErr {
    if e.is_instance_of::<PyOverflowError>(py) {
        PyValueError::new_err("Maximum allowed dimension exceeded")
    } else {
        e
    }
}

/// A list of integers that may be negative: a shape to reshape to, strides, axes.
pub(crate) fn int_list(ob: Arg<'_, '_>) -> PyResult<Strides> {
    // SAFETY: a valid object; exact ints first as the commonest case.
    if unsafe { ffi::PyLong_CheckExact(ob.as_ptr()) } != 0 {
        return Ok(Strides::from_slice(&[length(ob)?]));
    }
    if let Ok(tuple) = ob.cast::<PyTuple>() {
        check_count(tuple.len())?;
        return tuple.iter_borrowed().map(length).collect();
    }
    // SAFETY: a valid object.
    if unsafe { ffi::PySequence_Check(ob.as_ptr()) } != 0 && !ob.is_instance_of::<PyBool>() {
        // SAFETY: as above.
        let n = unsafe { ffi::PySequence_Size(ob.as_ptr()) };
        if n >= 0 {
            return sequence(ob, n as usize);
        }
        // SAFETY: drops the error of objects without length (0-d arrays, scalars).
        unsafe { ffi::PyErr_Clear() };
    }
    one_integer(ob).map(|n| Strides::from_slice(&[n]))
}

fn one_integer(ob: Arg<'_, '_>) -> PyResult<isize> {
    let wrong = || {
        let text = ob.repr().map_or_else(|_| String::new(), |r| r.to_string());
        PyTypeError::new_err(format!(
            "expected a sequence of integers or a single integer, got '{text}'"
        ))
    };
    if ob.is_instance_of::<PyBool>() {
        return Err(wrong());
    }
    as_index(ob).map_err(|e| {
        if e.is_instance_of::<PyTypeError>(ob.py()) {
            wrong()
        } else {
            too_large(ob.py(), e)
        }
    })
}

fn sequence(ob: Arg<'_, '_>, n: usize) -> PyResult<Strides> {
    check_count(n)?;
    let mut out = Strides::new();
    for i in 0..n {
        let item = ob.get_item(i)?;
        out.push(length(item.as_borrowed())?);
    }
    Ok(out)
}

fn check_count(n: usize) -> PyResult<()> {
    if n > MAX_DIMS {
        return Err(too_many_dims(n));
    }
    Ok(())
}

/// One entry of a shape given as several arguments.
pub(crate) fn int_list_item(ob: Arg<'_, '_>) -> PyResult<isize> {
    length(ob)
}

/// Checked lengths: none negative.
pub(crate) fn lengths(list: &[isize]) -> PyResult<Shape> {
    if list.iter().any(|&n| n < 0) {
        return Err(PyValueError::new_err("negative dimensions are not allowed"));
    }
    Ok(list.iter().map(|&n| n as usize).collect())
}

/// The shape of a new array.
pub(crate) fn shape(ob: Arg<'_, '_>) -> PyResult<Shape> {
    if ob.is_none() {
        return Err(PyTypeError::new_err("Use () not None as shape arguments"));
    }
    lengths(&int_list(ob)?)
}

/// A shape where None means "not given".
pub(crate) fn optional_shape(ob: Option<Arg<'_, '_>>) -> PyResult<Option<Shape>> {
    super::none_is_absent(ob).map(shape).transpose()
}
