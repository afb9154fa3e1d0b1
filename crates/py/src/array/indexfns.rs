//! Functions about positions: `normalize_axis_index`, `ravel_multi_index`, `unravel_index`.

use crate::args::{CallArgs, Sig};
use crate::convert;
use crate::slots::Module;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

static NORMALIZE: Sig = Sig::new("normalize_axis_index", &["axis", "ndim", "msg_prefix"], 2);

/// `normalize_axis_index(axis, ndim, msg_prefix=None)`.
pub(super) fn normalize_axis_index<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [axis, ndim, prefix] = args.parse(&NORMALIZE)?;
    let (Some(axis), Some(ndim)) = (axis, ndim) else {
        return Err(PyTypeError::new_err(
            "normalize_axis_index() needs an axis and ndim",
        ));
    };
    let axis = convert::as_int(axis)? as isize;
    let n = convert::as_int(ndim)? as isize;
    if axis < -n || axis >= n {
        let class = py.import("numoxide.exceptions")?.getattr("AxisError")?;
        let error = match convert::none_is_absent(prefix) {
            Some(prefix) => class.call1((axis, n, prefix))?,
            None => class.call1((axis, n))?,
        };
        return Err(PyErr::from_value(error));
    }
    let axis = if axis < 0 { axis + n } else { axis };
    Ok(axis.into_pyobject(py)?.into_any())
}
