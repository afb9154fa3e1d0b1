//! Attributes that describe the array: geometry, dtype, base, flags.

use super::{view_with, ArrayRef, Shape, Strides};
use crate::args::Arg;
use pyo3::exceptions::{PyAttributeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// A tuple of lengths.
pub(crate) fn shape_tuple<'py>(py: Python<'py>, shape: &[usize]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, shape)
}

pub(super) fn shape<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let shape = a.shape();
    // SAFETY: a fresh tuple is filled completely, or dropped with its empty slots.
    unsafe {
        let tuple = ffi::PyTuple_New(shape.len() as isize);
        let tuple = Bound::from_owned_ptr_or_err(py, tuple)?;
        for (i, &n) in shape.iter().enumerate() {
            let item = ffi::PyLong_FromSsize_t(n as isize);
            if item.is_null() {
                return Err(PyErr::fetch(py));
            }
            ffi::PyTuple_SET_ITEM(tuple.as_ptr(), i as isize, item);
        }
        Ok(tuple)
    }
}

pub(super) fn strides<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyTuple::new(py, a.strides())?.into_any())
}

pub(super) fn ndim<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(a.ndim().into_pyobject(py)?.into_any())
}

pub(super) fn size<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(a.size().into_pyobject(py)?.into_any())
}

pub(super) fn itemsize<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(a.itemsize().into_pyobject(py)?.into_any())
}

pub(super) fn nbytes<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok((a.size() * a.itemsize()).into_pyobject(py)?.into_any())
}

pub(super) fn dtype<'py>(_: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(a.dtype_object())
}

pub(super) fn base<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(a.base().unwrap_or_else(|| py.None().into_bound(py)))
}

pub(super) fn flags<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(Bound::new(py, super::flags::Flags::of(a))?.into_any())
}

pub(super) fn data<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid object.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyMemoryView_FromObject(a.as_any().as_ptr())) }
}

pub(super) fn device<'py>(py: Python<'py>, _: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(pyo3::intern!(py, "cpu").clone().into_any())
}

pub(super) fn priority<'py>(py: Python<'py>, _: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(0.0f64.into_pyobject(py)?.into_any())
}

/// Reversed axes.
pub(super) fn transposed<'py>(_: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let shape: Shape = a.shape().iter().rev().copied().collect();
    let strides: Strides = a.strides().iter().rev().copied().collect();
    view_with(a, &shape, &strides, a.data())
}

/// The last two axes exchanged.
pub(super) fn matrix_transposed<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let n = a.ndim();
    if n < 2 {
        return Err(PyValueError::new_err(
            "matrix transpose with ndim < 2 is undefined",
        ));
    }
    let mut shape = Shape::from_slice(a.shape());
    let mut strides = Strides::from_slice(a.strides());
    shape.swap(n - 1, n - 2);
    strides.swap(n - 1, n - 2);
    view_with(a, &shape, &strides, a.data())
}

/// `ctypes`: made by the Python side.
pub(super) fn ctypes<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    py.import("numoxide._core._internal")?
        .getattr("_ctypes")?
        .call1((a.as_any(), a.data() as usize))
}

/// The value of a settable attribute; deleting it is an error.
pub(super) fn not_deleted<'a, 'py>(
    value: Option<Arg<'a, 'py>>,
    name: &str,
) -> PyResult<Arg<'a, 'py>> {
    value.ok_or_else(|| PyAttributeError::new_err(format!("Cannot delete array {name}")))
}
