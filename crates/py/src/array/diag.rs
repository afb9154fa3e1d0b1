//! `diagonal` and `trace`.

use super::{view_with, ArrayRef, Shape, Strides};
use crate::args::{CallArgs, Sig};
use crate::convert::{self, normalize_axis};
use crate::layout::flags;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

static DIAGONAL: Sig = Sig::new("diagonal", &["offset", "axis1", "axis2"], 0);

/// `a.diagonal(offset=0, axis1=0, axis2=1)`: a read-only view.
pub(super) fn diagonal<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [offset, axis1, axis2] = args.parse(&DIAGONAL)?;
    let offset = offset.map_or(Ok(0), convert::as_int)? as isize;
    let axis1 = axis1.map_or(Ok(0), convert::as_int)? as isize;
    let axis2 = axis2.map_or(Ok(1), convert::as_int)? as isize;
    let nd = a.ndim();
    if nd < 2 {
        return Err(PyValueError::new_err(
            "diag requires an array of at least two dimensions",
        ));
    }
    let first = normalize_axis(py, axis1, nd, Some("axis1"))?;
    let second = normalize_axis(py, axis2, nd, Some("axis2"))?;
    if first == second {
        return Err(PyValueError::new_err("axis1 and axis2 cannot be the same"));
    }
    let (n, m) = (a.shape()[first] as isize, a.shape()[second] as isize);
    let (s, t) = (a.strides()[first], a.strides()[second]);
    let (rows, cols, shift) = match offset {
        o if o >= 0 => (n, m - o, o * t),
        o => (n + o, m, -o * s),
    };
    let len = rows.min(cols).max(0);
    let keep = |i: &usize| *i != first && *i != second;
    let mut shape: Shape = (0..nd).filter(keep).map(|i| a.shape()[i]).collect();
    let mut strides: Strides = (0..nd).filter(keep).map(|i| a.strides()[i]).collect();
    shape.push(len as usize);
    strides.push(s + t);
    let data = if len > 0 {
        // SAFETY: the shift leads to an item where the diagonal has any.
        unsafe { a.data().offset(shift) }
    } else {
        a.data()
    };
    let out = view_with(a, &shape, &strides, data)?;
    ArrayRef::of(&out).set_flag(flags::WRITEABLE, false);
    Ok(out)
}

static TRACE: Sig = Sig::new("trace", &["offset", "axis1", "axis2", "dtype", "out"], 0);

/// `a.trace(offset=0, axis1=0, axis2=1, dtype=None, out=None)`: the sum of the diagonal.
pub(super) fn trace<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [offset, axis1, axis2, dtype, out] = args.parse(&TRACE)?;
    let none = py.None().into_bound(py);
    let value =
        |ob: Option<crate::args::Arg<'_, 'py>>, absent: i32| -> PyResult<Bound<'py, PyAny>> {
            match ob {
                Some(ob) => Ok(ob.to_owned()),
                None => Ok(absent.into_pyobject(py)?.into_any()),
            }
        };
    let diagonal = a.as_any().call_method1(
        pyo3::intern!(py, "diagonal"),
        (value(offset, 0)?, value(axis1, 0)?, value(axis2, 1)?),
    )?;
    let kwargs = PyDict::new(py);
    kwargs.set_item("axis", -1)?;
    kwargs.set_item("dtype", dtype.map_or(none.clone(), |d| d.to_owned()))?;
    kwargs.set_item("out", out.map_or(none, |o| o.to_owned()))?;
    let given = out.is_some_and(|o| !o.is_none());
    let total = diagonal.call_method(pyo3::intern!(py, "sum"), (), Some(&kwargs))?;
    match given {
        true => Ok(total),
        // A subclass leaves a 0-d array where others give a scalar.
        false => crate::scalar::unwrap_zero_d(total),
    }
}
