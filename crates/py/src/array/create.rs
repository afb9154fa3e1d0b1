//! Module functions that make arrays.

use super::coerce::{from_object, Request};
use super::{Items, Spec};
use crate::args::{CallArgs, Sig};
use crate::convert::{self, CopyMode};
use crate::descr;
use crate::layout::Descr;
use crate::slots::Module;
use numoxide_core::{Order, TypeNum, MAX_DIMS};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A dtype argument: a new reference, or `None` when absent or Python's None.
pub(crate) fn dtype_arg(
    py: Python<'_>,
    ob: Option<crate::args::Arg<'_, '_>>,
) -> PyResult<Option<Py<PyAny>>> {
    convert::none_is_absent(ob)
        .map(|o| descr::convert(py, &o.to_owned()))
        .transpose()
}

/// The borrowed dtype of an optional argument, float64 in its absence.
fn or_double(dtype: &Option<Py<PyAny>>) -> *mut Descr {
    dtype
        .as_ref()
        .map_or_else(|| descr::singleton(TypeNum::Double), |d| d.as_ptr().cast())
}

/// C or F only.
fn c_or_f(ob: Option<crate::args::Arg<'_, '_>>) -> PyResult<bool> {
    match convert::order(ob, Order::C)? {
        Order::C => Ok(false),
        Order::F => Ok(true),
        _ => Err(PyValueError::new_err("only 'C' or 'F' order is permitted")),
    }
}

static ARRAY: Sig = Sig::new(
    "array",
    &[
        "object", "dtype", "copy", "order", "subok", "ndmin", "ndmax", "like",
    ],
    1,
)
.max_pos(2);

/// `array(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, ndmax=0, like=None)`.
pub(super) fn array<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [object, dtype, copy, order, subok, ndmin, ndmax, _like] = args.parse(&ARRAY)?;
    let dtype = dtype_arg(py, dtype)?;
    let ndmax = match ndmax {
        None => MAX_DIMS as i32,
        Some(n) => convert::as_int(n)?,
    };
    let ndmin = ndmin.map_or(Ok(0), convert::as_int)?;
    if !(0..=MAX_DIMS as i32).contains(&ndmax) {
        return Err(PyValueError::new_err(format!(
            "ndmax must be in the range [0, NPY_MAXDIMS ({MAX_DIMS})] "
        )));
    }
    if ndmin > ndmax {
        return Err(PyValueError::new_err(format!(
            "ndmin must be <= ndmax ({ndmax})"
        )));
    }
    let req = Request {
        descr: dtype.as_ref().map(|d| d.as_ptr().cast()),
        copy: convert::copy_mode(copy, CopyMode::Always)?,
        order: convert::order(order, Order::Keep)?,
        subok: convert::truth(subok, false)?,
        ndmin: ndmin.max(0) as usize,
        ndmax: ndmax as usize,
    };
    let Some(object) = object else {
        return Err(PyValueError::new_err("object is missing"));
    };
    from_object(object, &req)
}

static EMPTY: Sig = Sig::new("empty", &["shape", "dtype", "order", "device", "like"], 1).max_pos(3);
static ZEROS: Sig = Sig::new("zeros", &["shape", "dtype", "order", "device", "like"], 1).max_pos(3);

fn fresh<'py>(
    py: Python<'py>,
    args: CallArgs<'_, 'py>,
    sig: &Sig,
    items: Items,
) -> PyResult<Bound<'py, PyAny>> {
    let [shape, dtype, order, device, _like] = args.parse(sig)?;
    let shape = shape.map_or_else(|| Ok(super::Shape::new()), convert::shape)?;
    let dtype = dtype_arg(py, dtype)?;
    let fortran = c_or_f(order)?;
    convert::device(device)?;
    super::make(
        py,
        Spec {
            fortran,
            items,
            ..Spec::new(or_double(&dtype), &shape)
        },
    )
}

/// `empty(shape, dtype=float, order='C', *, device=None, like=None)`.
pub(super) fn empty<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    fresh(py, args, &EMPTY, Items::Empty)
}

/// `zeros(shape, dtype=float, order='C', *, device=None, like=None)`.
pub(super) fn zeros<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    fresh(py, args, &ZEROS, Items::Zeros)
}
