//! Axis arguments.

use super::number::{as_axis, as_index};
use crate::args::Arg;
use crate::err::to_py;
use numoxide_core::Error;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use smallvec::SmallVec;

/// A short list of axes.
pub(crate) type Axes = SmallVec<[usize; 6]>;

/// Counts a negative axis from the end; `AxisError` outside the array.
#[inline]
pub(crate) fn normalize_axis(
    py: Python<'_>,
    axis: isize,
    ndim: usize,
    prefix: Option<&'static str>,
) -> PyResult<usize> {
    let n = ndim as isize;
    if axis < -n || axis >= n {
        return Err(to_py(py, Error::Axis { axis, ndim, prefix }));
    }
    Ok(if axis < 0 { axis + n } else { axis } as usize)
}

/// One axis, None for "flattened".
pub(crate) fn axis_or_none(ob: Option<Arg<'_, '_>>) -> PyResult<Option<isize>> {
    super::none_is_absent(ob).map(as_axis).transpose()
}

/// None, one axis or a tuple of distinct axes.
pub(crate) fn axes_or_none(ob: Option<Arg<'_, '_>>, ndim: usize) -> PyResult<Option<Axes>> {
    let Some(ob) = super::none_is_absent(ob) else {
        return Ok(None);
    };
    let py = ob.py();
    let Ok(tuple) = ob.cast::<PyTuple>() else {
        let axis = as_index(ob)?;
        // Over a 0-d array, axis 0 and -1 stand for "all there is".
        if ndim == 0 && (axis == 0 || axis == -1) {
            return Ok(Some(Axes::new()));
        }
        return Ok(Some(Axes::from_slice(&[normalize_axis(
            py, axis, ndim, None,
        )?])));
    };
    let mut out = Axes::new();
    for item in tuple.iter_borrowed() {
        let axis = normalize_axis(py, as_index(item)?, ndim, None)?;
        if out.contains(&axis) {
            return Err(PyValueError::new_err("duplicate value in 'axis'"));
        }
        out.push(axis);
    }
    Ok(Some(out))
}
