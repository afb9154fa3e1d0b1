//! `diagonal`, `trace`, `repeat`.

use super::coerce::{from_object, Request};
use super::{view_with, ArrayRef, Shape, Strides};
use crate::args::{CallArgs, Sig};
use crate::convert::{self, normalize_axis};
use crate::descr;
use crate::layout::flags;
use numoxide_core::{DType, Order, RawView, TypeNum};
use numoxide_dtype::Casting;
use pyo3::exceptions::{PyTypeError, PyValueError};
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
    // SAFETY: the shift leads to an item where the diagonal has any.
    let data = if len > 0 {
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
    diagonal.call_method(pyo3::intern!(py, "sum"), (), Some(&kwargs))
}

static REPEAT: Sig = Sig::new("repeat", &["repeats", "axis"], 1);

/// `a.repeat(repeats, axis=None)`.
pub(super) fn repeat<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [repeats, axis] = args.parse(&REPEAT)?;
    let repeats = repeats.ok_or_else(|| PyTypeError::new_err("repeats are missing"))?;
    let axis = convert::axis_or_none(axis)?;
    let req = Request {
        descr: Some(descr::singleton(TypeNum::Long)),
        order: Order::C,
        ndmax: 1,
        ..Request::asarray()
    };
    check_counts(py, repeats)?;
    let counts = from_object(repeats, &req)?;
    let counts = ArrayRef::of(&counts);
    let flat;
    let (a, axis) = match axis {
        Some(axis) => (a, normalize_axis(py, axis, a.ndim(), None)?),
        None => {
            flat = super::reshape::ravel_in(a, Order::C)?;
            (ArrayRef::of(&flat), 0)
        }
    };
    // SAFETY: contiguous longs.
    let list: &[isize] = unsafe { std::slice::from_raw_parts(counts.data().cast(), counts.size()) };
    let n = a.shape()[axis];
    let one = counts.ndim() == 0 || counts.size() == 1;
    if !one && list.len() != n {
        return Err(PyValueError::new_err(format!(
            "operands could not be broadcast together with shape ({n},) ({},)",
            list.len()
        )));
    }
    let each = |i: usize| if one { list[0] } else { list[i] };
    let mut total = 0usize;
    for i in 0..n {
        let k = each(i);
        if k < 0 {
            return Err(PyValueError::new_err(match one {
                true => "negative dimensions are not allowed",
                false => "repeats may not contain negative values.",
            }));
        }
        total = total
            .checked_add(k as usize)
            .ok_or_else(|| crate::err::to_py(py, numoxide_core::Error::TooBig))?;
    }
    if one && list[0] < 0 {
        return Err(PyValueError::new_err("negative dimensions are not allowed"));
    }
    fill_repeats(a, axis, total, &each)
}

/// Counts are integers, or floats cast as `same_kind` forbids.
fn check_counts(py: Python<'_>, repeats: crate::args::Arg<'_, '_>) -> PyResult<()> {
    let Some(given) = ArrayRef::from_any(repeats) else {
        return Ok(());
    };
    let long = DType::new(TypeNum::Long);
    if !numoxide_dtype::can_cast(&given.dtype(), &long, Casting::SameKind) {
        let (from, rule) = (given.dtype(), "safe");
        return Err(crate::err::to_py(
            py,
            numoxide_core::Error::Cast {
                from,
                to: long,
                rule,
            },
        ));
    }
    Ok(())
}

/// Copies each slab along the axis as often as asked.
fn fill_repeats<'py>(
    a: ArrayRef<'_, 'py>,
    axis: usize,
    total: usize,
    each: &dyn Fn(usize) -> isize,
) -> PyResult<Bound<'py, PyAny>> {
    let mut shape = Shape::from_slice(a.shape());
    shape[axis] = total;
    let out = super::empty_like(a, a.descr(), &shape, None, true)?;
    let to = ArrayRef::of(&out);
    if to.size() == 0 {
        return Ok(out);
    }
    let dtype = a.dtype();
    let plain = a.is_c() && !super::refs::holds_memory(&dtype);
    let chunk: usize = a.shape()[axis + 1..].iter().product::<usize>() * a.itemsize();
    let outer: usize = a.shape()[..axis].iter().product();
    if plain {
        let (mut from, mut dst) = (a.data().cast_const(), to.data());
        for _ in 0..outer {
            for i in 0..a.shape()[axis] {
                for _ in 0..each(i) {
                    // SAFETY: the output has room for every repeated slab.
                    unsafe {
                        dst.copy_from_nonoverlapping(from, chunk);
                        dst = dst.add(chunk);
                    }
                }
                // SAFETY: at most the end of the input.
                from = unsafe { from.add(chunk) };
            }
        }
        return Ok(out);
    }
    let mut at = 0isize;
    for i in 0..a.shape()[axis] {
        let k = each(i);
        if k == 0 {
            continue;
        }
        let (mut src, mut dst) = (Shape::from_slice(a.shape()), Shape::from_slice(&shape));
        src[axis] = 1;
        dst[axis] = k as usize;
        // SAFETY: inside both axes.
        let (from, into) = unsafe {
            (
                a.data().offset(i as isize * a.strides()[axis]),
                to.data().offset(at * to.strides()[axis]),
            )
        };
        let dst = RawView {
            ptr: into,
            dtype: &dtype,
            shape: &dst,
            strides: to.strides(),
        };
        let src = RawView {
            ptr: from,
            dtype: &dtype,
            shape: &src,
            strides: a.strides(),
        };
        super::assign::assign_views(a.py(), &dst, &src)?;
        at += k;
    }
    Ok(out)
}
