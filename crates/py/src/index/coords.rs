//! `ravel_multi_index` and `unravel_index`.

use super::convert::mode;
use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce::as_any;
use crate::array::{assign, empty, items, make, view_with, ArrayRef, Shape, Spec, Strides};
use crate::convert::{self, clip_mode};
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::slots::Module;
use numoxide_core::index::Mode;
use numoxide_core::iter::{broadcast_shapes, broadcast_strides, Arrange, Nest};
use numoxide_core::{Order, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

static RAVEL: Sig = Sig::new(
    "ravel_multi_index",
    &["multi_index", "dims", "mode", "order"],
    2,
);
static UNRAVEL: Sig = Sig::new("unravel_index", &["indices", "shape", "order"], 2);

/// C or F, as these functions take it.
fn fortran(ob: Option<Arg<'_, '_>>) -> PyResult<bool> {
    match convert::order(ob, Order::C)? {
        Order::C => Ok(false),
        Order::F => Ok(true),
        _ => Err(PyValueError::new_err("only 'C' or 'F' order is permitted")),
    }
}

/// Integer indices as a fresh `intp` array without gaps, in their own memory order.
fn integers<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let made = as_any(ob)?;
    let a = ArrayRef::of(&made);
    let num = a.dtype().num;
    if a.size() == 0 && ArrayRef::from_any(ob).is_none() {
        return Err(PyTypeError::new_err(
            "indices must be integral: the provided empty sequence was inferred as float. Wrap it \
             with 'np.array(indices, dtype=np.intp)'",
        ));
    }
    if !num.is_integer() {
        return Err(PyTypeError::new_err("only int indices permitted"));
    }
    assign::cast_copy(a, singleton(TypeNum::Long), Order::Keep, false)
}

/// What one step along each axis adds to a flat index.
fn factors_of(dims: &[usize], fortran: bool) -> PyResult<Strides> {
    let mut factors = Strides::from_elem(0, dims.len());
    let mut step = 1isize;
    for k in 0..dims.len() {
        let axis = if fortran { k } else { dims.len() - 1 - k };
        factors[axis] = step;
        step = step.checked_mul(dims[axis] as isize).ok_or_else(|| {
            PyValueError::new_err(
                "invalid dims: array size defined by dims is larger than the maximum possible size.",
            )
        })?;
    }
    Ok(factors)
}

/// `ravel_multi_index(multi_index, dims, mode='raise', order='C')`.
pub(super) fn ravel<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [coords, dims, how, order] = args.parse(&RAVEL)?;
    let (Some(coords), Some(dims)) = (coords, dims) else {
        return Ok(py.None().into_bound(py));
    };
    let dims = convert::shape(dims)?;
    let modes = modes_of(how, dims.len())?;
    let fortran = fortran(order)?;
    let factors = factors_of(&dims, fortran)?;
    let list: Vec<Bound<'py, PyAny>> = coords.try_iter()?.collect::<PyResult<_>>()?;
    if list.len() != dims.len() {
        return Err(PyValueError::new_err(format!(
            "parameter multi_index must be a sequence of length {}",
            dims.len()
        )));
    }
    let arrays: Vec<_> = list
        .iter()
        .map(|ob| integers(ob.as_borrowed()))
        .collect::<PyResult<_>>()?;
    let shapes: Vec<&[usize]> = arrays.iter().map(|ob| ArrayRef::of(ob).shape()).collect();
    let shape = broadcast_shapes(&shapes).or_raise(py)?;
    let out = empty(py, &shape, singleton(TypeNum::Long), false)?;
    let to = ArrayRef::of(&out);
    if dims.contains(&0) && to.size() > 0 {
        return Err(PyValueError::new_err(
            "cannot unravel if shape has zero entries (is empty).",
        ));
    }
    let strides: Vec<_> = arrays
        .iter()
        .map(ArrayRef::of)
        .map(|a| broadcast_strides(a.shape(), a.strides(), &shape).unwrap_or_default())
        .collect();
    let mut ops: Vec<(*mut u8, &[isize])> = vec![(to.data(), to.strides())];
    ops.extend(
        arrays
            .iter()
            .zip(&strides)
            .map(|(ob, s)| (ArrayRef::of(ob).data(), &s[..])),
    );
    let nest = Nest::new(&shape, &ops, Arrange::Ordered);
    nest.try_for_each(|p, n, s| {
        for i in 0..n as isize {
            let mut flat = 0;
            for (k, how) in modes.iter().enumerate() {
                // SAFETY: the nest walks items of the index arrays.
                let at = unsafe { p[k + 1].offset(i * s[k + 1]).cast::<isize>().read() };
                let bad = *how == Mode::Raise && at < 0;
                let at = how
                    .resolve(at, dims[k])
                    .filter(|_| !bad)
                    .ok_or_else(|| PyValueError::new_err("invalid entry in coordinates array"))?;
                flat += at * factors[k];
            }
            // SAFETY: an item of the fresh output.
            unsafe { p[0].offset(i * s[0]).cast::<isize>().write(flat) };
        }
        Ok::<(), PyErr>(())
    })?;
    items::return_scalar(out)
}

/// One mode for all axes, or one each.
fn modes_of(how: Option<Arg<'_, '_>>, n: usize) -> PyResult<Vec<Mode>> {
    let Some(tuple) = how.and_then(|h| h.cast::<PyTuple>().ok()) else {
        return Ok(vec![mode(clip_mode(how)?); n]);
    };
    if tuple.len() != n {
        return Err(PyValueError::new_err(format!(
            "list of clipmodes has wrong length ({} instead of {n})",
            tuple.len()
        )));
    }
    tuple
        .iter()
        .map(|item| clip_mode(Some(item.as_borrowed())).map(mode))
        .collect()
}

/// `unravel_index(indices, shape, order='C')`.
pub(super) fn unravel<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [indices, dims, order] = args.parse(&UNRAVEL)?;
    let (Some(indices), Some(dims)) = (indices, dims) else {
        return Ok(py.None().into_bound(py));
    };
    let dims = convert::shape(dims)?;
    let fortran = fortran(order)?;
    let total = dims.iter().try_fold(1usize, |t, &n| t.checked_mul(n)).ok_or_else(|| {
        PyValueError::new_err("dimensions are too large; arrays and shapes with a total size greater than 'intp' are not supported.")
    })?;
    let list = integers(indices)?;
    let list = ArrayRef::of(&list);
    let (nd, count) = (dims.len(), list.size());
    if nd == 0 && list.ndim() > 0 {
        return Err(PyValueError::new_err(
            "multiple indices are not supported for 0d arrays",
        ));
    }
    let mut shape = Shape::from_slice(list.shape());
    shape.push(nd);
    // One row of coordinates for each index, the rows in the memory order of the indices.
    let mut strides: Strides = list.strides().iter().map(|s| s * nd as isize).collect();
    strides.push(8);
    let spec = Spec {
        strides: Some(&strides),
        ..Spec::new(singleton(TypeNum::Long), &shape)
    };
    let table = make(py, spec)?;
    let table = ArrayRef::of(&table);
    let (from, to) = (list.data().cast::<isize>(), table.data().cast::<isize>());
    for i in 0..count {
        // SAFETY: items of both arrays, which have no gaps.
        let mut rest = unsafe { from.add(i).read() };
        if rest < 0 || rest as usize >= total {
            return Err(PyValueError::new_err(format!(
                "index {rest} is out of bounds for array with size {total}"
            )));
        }
        for k in 0..nd {
            let axis = if fortran { k } else { nd - 1 - k };
            let n = dims[axis] as isize;
            // SAFETY: as above.
            unsafe { to.add(i * nd + axis).write(rest % n) };
            rest /= n;
        }
    }
    let outer = table.ndim() - 1;
    let mut columns = Vec::with_capacity(nd);
    for axis in 0..nd {
        let start = table.data().wrapping_add(8 * axis);
        let column = view_with(
            table,
            &table.shape()[..outer],
            &table.strides()[..outer],
            start,
        )?;
        columns.push(items::return_scalar(column)?);
    }
    Ok(PyTuple::new(py, columns)?.into_any())
}
