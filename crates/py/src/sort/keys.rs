//! `lexsort`.

use crate::args::{CallArgs, Sig};
use crate::array::coerce::asarray;
use crate::array::{empty, items, ArrayRef};
use crate::convert::{self, normalize_axis};
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::gil::released_if;
use crate::slots::Module;
use numoxide_core::sort::{self, Sorter};
use numoxide_core::{DType, RawView, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

static LEXSORT: Sig = Sig::new("lexsort", &["keys", "axis"], 1);

/// `lexsort(keys, axis=-1)`.
pub(super) fn lexsort<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [keys, axis] = args.parse(&LEXSORT)?;
    let axis = axis.map_or(Ok(-1), convert::as_int)? as isize;
    let none = || PyTypeError::new_err("need sequence of keys with len > 0 in lexsort");
    let keys = keys.ok_or_else(none)?;
    // SAFETY: a live object; its error is replaced.
    let count = unsafe { ffi::PySequence_Size(keys.as_ptr()) };
    if count <= 0 {
        // SAFETY: the lock is held.
        unsafe { ffi::PyErr_Clear() };
        return Err(none());
    }
    let mut arrays = Vec::new();
    for i in 0..count as usize {
        let key = asarray(keys.get_item(i)?.as_borrowed())?;
        if ArrayRef::of(&key).shape() != arrays.first().map_or(ArrayRef::of(&key).shape(), shape_of)
        {
            return Err(PyValueError::new_err("all keys need to be the same shape"));
        }
        arrays.push(key);
    }
    let shape = shape_of(&arrays[0]);
    let nd = shape.len();
    let out = empty(py, shape, singleton(TypeNum::Long), false)?;
    if nd == 0 && (axis == 0 || axis == -1) {
        // SAFETY: the one item of a fresh array.
        unsafe { ArrayRef::of(&out).data().cast::<i64>().write(0) };
        return items::return_scalar(out);
    }
    let axis = normalize_axis(py, axis, nd, None)?;
    let dtypes: Vec<DType> = arrays.iter().map(|a| ArrayRef::of(a).dtype()).collect();
    let views: Vec<RawView<'_>> = arrays
        .iter()
        .zip(&dtypes)
        .map(|(a, d)| ArrayRef::of(a).view(d))
        .collect();
    let long = DType::new(TypeNum::Long);
    let to = ArrayRef::of(&out).view(&long);
    if !shape.contains(&0) {
        let gil = dtypes.iter().any(|d| Sorter::new(d, &[]).needs_gil());
        released_if(py, !gil, || sort::lexsort(&views, axis, &to)).or_raise(py)?;
    }
    Ok(out)
}

fn shape_of<'a>(array: &'a Bound<'_, PyAny>) -> &'a [usize] {
    ArrayRef::of(array).shape()
}
