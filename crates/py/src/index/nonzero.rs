//! `nonzero`, `count_nonzero`, and views along diagonals.

use super::take::int_or;
use crate::args::{CallArgs, Sig};
use crate::array::coerce::as_any;
use crate::array::{empty, view_with, ArrayRef, Shape, Strides};
use crate::convert::normalize_axis;
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::gil;
use crate::layout::flags;
use crate::slots::Module;
use numoxide_core::index;
use numoxide_core::{DType, RawView, TypeNum};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// `a.nonzero()`.
pub(super) fn nonzero<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let nd = a.ndim();
    if nd == 0 {
        return Err(PyValueError::new_err(
            "Calling nonzero on 0d arrays is not allowed. \
             Use np.atleast_1d(scalar).nonzero() instead.",
        ));
    }
    let (dtype, bools) = (a.dtype(), DType::new(TypeNum::Bool));
    let found = if dtype.num == TypeNum::Bool {
        let mask = a.view(&dtype);
        gil::released_if(py, a.size() >= 1000, || index::nonzero(&mask)).or_raise(py)?
    } else {
        let mut bytes = index::truth(&a.view(&dtype)).or_raise(py)?;
        let strides = numoxide_core::Layout::contiguous(a.shape(), 1, false)
            .or_raise(py)?
            .strides;
        let mask = RawView {
            ptr: bytes.as_mut_ptr(),
            dtype: &bools,
            shape: a.shape(),
            strides: &strides,
        };
        index::nonzero(&mask).or_raise(py)?
    };
    let n = found[0].len();
    let table = empty(py, &[n, nd], singleton(TypeNum::Long), false)?;
    let table = ArrayRef::of(&table);
    let first = table.data().cast::<isize>();
    let mut columns = Vec::with_capacity(nd);
    for (axis, list) in found.iter().enumerate() {
        if nd == 1 {
            // SAFETY: the fresh table has room for the one list.
            unsafe { first.copy_from_nonoverlapping(list.as_ptr(), n) };
            columns.push(view_with(table, &[n], &[8], table.data())?);
            break;
        }
        for (i, &at) in list.iter().enumerate() {
            // SAFETY: an item of the fresh table.
            unsafe { first.add(i * nd + axis).write(at) };
        }
        let start = table.data().wrapping_add(8 * axis);
        columns.push(view_with(table, &[n], &[8 * nd as isize], start)?);
    }
    Ok(PyTuple::new(py, columns)?.into_any())
}

static COUNT: Sig = Sig::new("count_nonzero", &["a"], 1);

/// `count_nonzero(a)` over all items.
pub(super) fn count_nonzero<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [a] = args.parse(&COUNT)?;
    let Some(a) = a else {
        return Ok(py.None().into_bound(py));
    };
    let made = as_any(a)?;
    let a = ArrayRef::of(&made);
    let dtype = a.dtype();
    let n = index::count_nonzero(&a.view(&dtype)).or_raise(py)?;
    let out = empty(py, &[], singleton(TypeNum::Long), false)?;
    // SAFETY: the one item of the fresh array.
    unsafe { ArrayRef::of(&out).data().cast::<isize>().write(n as isize) };
    crate::array::items::return_scalar(out)
}

static DIAGONAL: Sig = Sig::new("diagonal", &["offset", "axis1", "axis2"], 0);
static TRACE: Sig = Sig::new("trace", &["offset", "axis1", "axis2", "dtype", "out"], 0);

/// `a.diagonal(offset=0, axis1=0, axis2=1)`: a read-only view.
pub(super) fn diagonal<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [offset, axis1, axis2] = args.parse(&DIAGONAL)?;
    view_along(a, int_or(offset, 0)?, int_or(axis1, 0)?, int_or(axis2, 1)?)
}

fn view_along<'py>(
    a: ArrayRef<'_, 'py>,
    offset: isize,
    axis1: isize,
    axis2: isize,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, nd) = (a.py(), a.ndim());
    if nd < 2 {
        return Err(PyValueError::new_err(
            "diag requires an array of at least two dimensions",
        ));
    }
    let x = normalize_axis(py, axis1, nd, Some("axis1"))?;
    let y = normalize_axis(py, axis2, nd, Some("axis2"))?;
    if x == y {
        return Err(PyValueError::new_err("axis1 and axis2 cannot be the same"));
    }
    let (rows, columns) = (a.shape()[x] as isize, a.shape()[y] as isize);
    let (sx, sy) = (a.strides()[x], a.strides()[y]);
    let (skip, len) = if offset >= 0 {
        (
            offset.wrapping_mul(sy),
            rows.min(columns.saturating_sub(offset)),
        )
    } else {
        (
            (-offset).wrapping_mul(sx),
            columns.min(rows.saturating_add(offset)),
        )
    };
    let len = len.max(0) as usize;
    let keep = |i: &usize| *i != x && *i != y;
    let mut shape: Shape = (0..nd).filter(keep).map(|i| a.shape()[i]).collect();
    let mut strides: Strides = (0..nd).filter(keep).map(|i| a.strides()[i]).collect();
    shape.push(len);
    strides.push(sx + sy);
    let start = a.data().wrapping_offset(if len > 0 { skip } else { 0 });
    let view = view_with(a, &shape, &strides, start)?;
    ArrayRef::of(&view).set_flag(flags::WRITEABLE, false);
    Ok(view)
}

/// `a.trace(offset=0, axis1=0, axis2=1, dtype=None, out=None)`.
pub(super) fn trace<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [offset, axis1, axis2, dtype, out] = args.parse(&TRACE)?;
    let view = view_along(a, int_or(offset, 0)?, int_or(axis1, 0)?, int_or(axis2, 1)?)?;
    let keywords = PyDict::new(py);
    keywords.set_item(intern!(py, "axis"), -1)?;
    if let Some(dtype) = dtype {
        keywords.set_item(intern!(py, "dtype"), dtype)?;
    }
    if let Some(out) = out {
        keywords.set_item(intern!(py, "out"), out)?;
    }
    view.call_method(intern!(py, "sum"), (), Some(&keywords))
}
