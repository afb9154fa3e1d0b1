//! Functions about positions: `normalize_axis_index`, `ravel_multi_index`, `unravel_index`.

use super::coerce::{asarray, asarray_as};
use super::items::return_scalar;
use super::{empty, ArrayRef, Shape};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert::{self, ClipMode};
use crate::descr;
use crate::slots::Module;
use numoxide_core::iter::{broadcast_shapes, broadcast_strides};
use numoxide_core::{Order, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

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

/// An index array as longs, C-contiguous.
fn longs<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let given = asarray(ob)?;
    let a = ArrayRef::of(&given);
    let num = a.dtype().num;
    if a.size() == 0 && num == TypeNum::Double && ArrayRef::from_any(ob).is_none() {
        return Err(PyTypeError::new_err(
            "indices must be integral: the provided empty sequence was inferred as float. Wrap it \
             with 'np.array(indices, dtype=np.intp)'",
        ));
    }
    if !num.is_integer() && num != TypeNum::Bool {
        return Err(PyTypeError::new_err("only int indices permitted"));
    }
    let ints = asarray_as(given.as_borrowed(), descr::singleton(TypeNum::Long))?;
    super::reshape::contiguous(ArrayRef::of(&ints), Order::C)
}

/// C or F order only.
fn is_fortran(ob: Option<Arg<'_, '_>>) -> PyResult<bool> {
    match convert::order(ob, Order::C)? {
        Order::C => Ok(false),
        Order::F => Ok(true),
        _ => Err(PyValueError::new_err("only 'C' or 'F' order is permitted")),
    }
}

/// Items per step of each axis.
fn factors(shape: &[usize], fortran: bool) -> PyResult<Vec<isize>> {
    let mut out = vec![1isize; shape.len()];
    let mut step = 1isize;
    let mut put = |i: usize| {
        out[i] = step;
        let next = step.checked_mul(shape[i] as isize);
        step = next.unwrap_or(0);
        next.is_some()
    };
    let fits = if fortran {
        (0..shape.len()).all(&mut put)
    } else {
        (0..shape.len()).rev().all(&mut put)
    };
    if !fits {
        return Err(PyValueError::new_err(
            "invalid dims: array size defined by dims is larger than the maximum possible size.",
        ));
    }
    Ok(out)
}

/// One mode for all axes, or a tuple of one for each.
fn modes(ob: Option<Arg<'_, '_>>, n: usize) -> PyResult<Vec<ClipMode>> {
    if let Some(list) = ob.filter(|o| !o.is_instance_of::<PyString>()) {
        if let Ok(tuple) = list.cast::<PyTuple>() {
            if tuple.len() != n {
                return Err(PyTypeError::new_err("wrong number of modes"));
            }
            return tuple
                .iter_borrowed()
                .map(|m| convert::clip_mode(Some(m)))
                .collect();
        }
    }
    Ok(vec![convert::clip_mode(ob)?; n])
}

static RAVEL: Sig = Sig::new(
    "ravel_multi_index",
    &["multi_index", "dims", "mode", "order"],
    2,
);

/// `ravel_multi_index(multi_index, dims, mode='raise', order='C')`.
pub(super) fn ravel_multi_index<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [index, dims, mode, order] = args.parse(&RAVEL)?;
    let (Some(index), Some(dims)) = (index, dims) else {
        return Err(PyTypeError::new_err(
            "ravel_multi_index() needs an index and dims",
        ));
    };
    let dims = convert::shape(dims)?;
    let modes = modes(mode, dims.len())?;
    let factors = factors(&dims, is_fortran(order)?)?;
    let n = index.len()?;
    if n != dims.len() {
        return Err(PyValueError::new_err(format!(
            "parameter multi_index must be a sequence of length {}",
            dims.len()
        )));
    }
    let coords: Vec<Bound<'py, PyAny>> = (0..n)
        .map(|i| index.get_item(i).and_then(|c| longs(c.as_borrowed())))
        .collect::<PyResult<_>>()?;
    let shapes: Vec<&[usize]> = coords.iter().map(|c| ArrayRef::of(c).shape()).collect();
    let shape = broadcast_shapes(&shapes).map_err(|_| super::broadcast::mismatch(&shapes))?;
    let out = super::zeros(py, &shape, descr::singleton(TypeNum::Long), false)?;
    for (axis, c) in coords.iter().enumerate() {
        let rule = (dims[axis] as isize, factors[axis], modes[axis]);
        add_axis(ArrayRef::of(&out), ArrayRef::of(c), &shape, rule)?;
    }
    return_scalar(out)
}

/// Adds one coordinate times its factor to every position.
fn add_axis(
    out: ArrayRef<'_, '_>,
    coords: ArrayRef<'_, '_>,
    shape: &[usize],
    (n, factor, mode): (isize, isize, ClipMode),
) -> PyResult<()> {
    let strides = broadcast_strides(coords.shape(), coords.strides(), shape).unwrap_or_default();
    let dims: Vec<isize> = shape.iter().map(|&n| n as isize).collect();
    let mut to = out.data().cast::<isize>();
    let mut good = true;
    let mut each = |at: *mut u8| {
        // SAFETY: longs of the coordinates and of the contiguous output, in step.
        unsafe {
            let mut c = *at.cast::<isize>();
            if c < 0 || c >= n {
                match mode {
                    ClipMode::Raise => good = false,
                    ClipMode::Wrap => c = c.rem_euclid(n.max(1)),
                    ClipMode::Clip => c = c.clamp(0, (n - 1).max(0)),
                }
            }
            *to = (*to).wrapping_add(c.wrapping_mul(factor));
            to = to.add(1);
        }
    };
    // SAFETY: all coordinates are addressable.
    unsafe { super::refs::walk(coords.data(), &dims, &strides, &mut each) };
    if good {
        Ok(())
    } else {
        Err(PyValueError::new_err("invalid entry in coordinates array"))
    }
}

static UNRAVEL: Sig = Sig::new("unravel_index", &["indices", "shape", "order"], 2);

/// `unravel_index(indices, shape, order='C')`.
pub(super) fn unravel_index<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [indices, shape, order] = args.parse(&UNRAVEL)?;
    let (Some(indices), Some(shape)) = (indices, shape) else {
        return Err(PyTypeError::new_err(
            "unravel_index() needs indices and a shape",
        ));
    };
    let wanted = convert::int_list(shape)?;
    let size = wanted.iter().try_fold(1isize, |n, &d| n.checked_mul(d)).ok_or_else(|| {
        PyValueError::new_err("dimensions are too large; arrays and shapes with a total size greater than 'intp' are not supported.")
    })?;
    let fortran = is_fortran(order)?;
    let given = longs(indices)?;
    let a = ArrayRef::of(&given);
    // SAFETY: contiguous longs.
    let list: &[isize] = unsafe { std::slice::from_raw_parts(a.data().cast(), a.size()) };
    if wanted.is_empty() && a.ndim() != 0 {
        return Err(PyValueError::new_err(
            "multiple indices are not supported for 0d arrays",
        ));
    }
    if let Some(bad) = list.iter().find(|&&i| i < 0 || i >= size) {
        return Err(PyValueError::new_err(format!(
            "index {bad} is out of bounds for array with size {size}"
        )));
    }
    let dims: Shape = wanted.iter().map(|&n| n as usize).collect();
    let factors = factors(&dims, fortran)?;
    coordinates(py, a, list, &dims, &factors)
}

/// One array of coordinates for each axis: columns of one block.
fn coordinates<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    list: &[isize],
    dims: &[usize],
    factors: &[isize],
) -> PyResult<Bound<'py, PyAny>> {
    let mut shape = Shape::from_slice(a.shape());
    shape.push(dims.len());
    let block = empty(py, &shape, descr::singleton(TypeNum::Long), false)?;
    let b = ArrayRef::of(&block);
    let mut to = b.data().cast::<isize>();
    for &i in list {
        for (&n, &f) in dims.iter().zip(factors) {
            // SAFETY: the block has one long for each position and axis.
            unsafe {
                *to = i / f % n as isize;
                to = to.add(1);
            }
        }
    }
    let nd = a.ndim();
    let mut parts = Vec::with_capacity(dims.len());
    for axis in 0..dims.len() {
        // SAFETY: inside the last axis of the block.
        let data = unsafe { b.data().add(axis * size_of::<isize>()) };
        let column = super::view_with(b, a.shape(), &b.strides()[..nd], data)?;
        parts.push(return_scalar(column)?);
    }
    Ok(PyTuple::new(py, parts)?.into_any())
}
