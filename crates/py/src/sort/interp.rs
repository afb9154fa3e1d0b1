//! `interp`, `interp_complex`.

use super::bins::{items, line};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce::{from_object, Request};
use crate::array::{assign, empty, items as array_items, ArrayRef};
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::gil::released_if;
use crate::layout::flags;
use crate::slots::Module;
use numoxide_core::{Order, TypeNum};
use numoxide_dtype::{Casting, Complex};
use numoxide_kernels::sort::interp::{Points, Value};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyComplex;

static INTERP: Sig = Sig::new("interp", &["x", "xp", "fp", "left", "right"], 3);

/// `interp(x, xp, fp, left=None, right=None)` for real values.
pub(super) fn real<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    run::<f64>(py, args, TypeNum::Double, |ob| ob.extract())
}

/// As [`real`] for complex values.
pub(super) fn complex<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    run::<Complex<f64>>(py, args, TypeNum::CDouble, |ob| {
        if let Ok(z) = ob.cast::<PyComplex>() {
            return Ok(Complex {
                re: z.real(),
                im: z.imag(),
            });
        }
        if let Some(z) = ob.getattr_opt(pyo3::intern!(ob.py(), "__complex__"))? {
            let z = z.call0()?;
            let z = z.cast::<PyComplex>()?;
            return Ok(Complex {
                re: z.real(),
                im: z.imag(),
            });
        }
        Ok(Complex {
            re: ob.extract()?,
            im: 0.0,
        })
    })
}

fn run<'py, V: Value + Send + Sync>(
    py: Python<'py>,
    args: CallArgs<'_, 'py>,
    num: TypeNum,
    scalar: impl Fn(Arg<'_, 'py>) -> PyResult<V>,
) -> PyResult<Bound<'py, PyAny>> {
    let [x, xp, fp, left, right] = args.parse(&INTERP)?;
    let (Some(x), Some(xp), Some(fp)) = (x, xp, fp) else {
        return Err(PyTypeError::new_err("points are missing"));
    };
    let fp = line(fp, num, Casting::Safe)?;
    let xp = line(xp, TypeNum::Double, Casting::Safe)?;
    let x = places(x)?;
    // SAFETY: contiguous arrays of these types, read only.
    let (fp, xp, x_items) = unsafe { (&*items::<V>(&fp), &*items::<f64>(&xp), &*items::<f64>(&x)) };
    if xp.is_empty() {
        return Err(PyValueError::new_err("array of sample points is empty"));
    }
    if fp.len() != xp.len() {
        return Err(PyValueError::new_err(
            "fp and xp are not of the same length.",
        ));
    }
    let beyond = |ob: Option<Arg<'_, 'py>>, absent: V| {
        ob.filter(|o| !o.is_none()).map_or(Ok(absent), &scalar)
    };
    let points = Points {
        places: xp,
        values: fp,
        left: beyond(left, fp[0])?,
        right: beyond(right, fp[fp.len() - 1])?,
    };
    let out = empty(py, ArrayRef::of(&x).shape(), singleton(num), false)?;
    // SAFETY: a fresh array of the values' type.
    let values = unsafe { items::<V>(&out) };
    released_if(py, x_items.len() > 500, || {
        points.interpolate(x_items, values)
    })
    .or_raise(py)?;
    array_items::return_scalar(out)
}

/// The places asked for, as a contiguous float64 array of any shape.
fn places<'py>(x: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let req = Request {
        descr: Some(singleton(TypeNum::Double)),
        order: Order::C,
        ..Request::asarray()
    };
    if let Some(a) = ArrayRef::from_any(x) {
        return crate::index::converted(a.as_any(), singleton(TypeNum::Double), Casting::Safe);
    }
    let made = from_object(x, &req)?;
    let a = ArrayRef::of(&made);
    match a.has(flags::C_CONTIGUOUS | flags::ALIGNED) {
        true => Ok(made),
        false => assign::copy(a, Order::C, false),
    }
}
