//! `put`, `putmask`, `_place`.

use super::convert::{apart, bools, converted, indices, intp, mode};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::ArrayRef;
use crate::convert::clip_mode;
use crate::err::OrRaise;
use crate::layout::flags;
use crate::slots::Module;
use numoxide_core::index::{self, Take};
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::Casting;
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;

static PUT: Sig = Sig::new("put", &["indices", "values", "mode"], 2);
static PUTMASK: Sig = Sig::new("putmask", &["a", "mask", "values"], 3).pos_only(1);
static PLACE: Sig = Sig::new("place", &["arr", "mask", "vals"], 3);

/// `a.put(indices, values, mode='raise')`.
pub(super) fn put<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [idx, values, how] = args.parse(&PUT)?;
    let how = mode(clip_mode(how)?);
    let none = || py.None().into_bound(py);
    let (Some(idx), Some(values)) = (idx, values) else {
        return Ok(none());
    };
    if !a.has(flags::WRITEABLE) {
        return Err(PyValueError::new_err("put: output array is read-only"));
    }
    let idx = apart(intp(idx, Casting::Safe)?, a)?;
    let values = apart(converted(values, a.descr(), Casting::Unsafe)?, a)?;
    let (list, from) = (ArrayRef::of(&idx), ArrayRef::of(&values));
    if list.size() == 0 || from.size() == 0 {
        return Ok(none());
    }
    if a.size() == 0 {
        return Err(PyIndexError::new_err(
            "cannot replace elements of an empty array",
        ));
    }
    a.check_writeable("put: output array")?;
    let dtype = a.dtype();
    let (src, count) = (from.data(), from.size());
    // SAFETY: `values` is contiguous, in this dtype, with `count` items.
    unsafe { index::put(&a.view(&dtype), indices(list), how, src, count) }.or_raise(py)?;
    Ok(none())
}

/// `putmask(a, mask, values)`.
pub(super) fn putmask<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [a, mask, values] = args.parse(&PUTMASK)?;
    let none = py.None().into_bound(py);
    let (Some(a), Some(mask), Some(values)) = (a, mask, values) else {
        return Ok(none);
    };
    let Some(a) = ArrayRef::from_any(a) else {
        return Err(PyTypeError::new_err(
            "putmask: first argument must be an array",
        ));
    };
    masked(py, a, mask, values, "putmask", Take::ByPosition)?;
    Ok(none)
}

/// `_place(arr, mask, vals)`.
pub(super) fn place<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [a, mask, values] = args.parse(&PLACE)?;
    let none = py.None().into_bound(py);
    let (Some(ob), Some(mask), Some(values)) = (a, mask, values) else {
        return Ok(none);
    };
    let Some(a) = ArrayRef::from_any(ob) else {
        let kind = ob.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "place() argument 1 must be numpy.ndarray, not {kind}"
        )));
    };
    masked(py, a, mask, values, "place", Take::InTurn)?;
    Ok(none)
}

fn masked<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    mask: Arg<'_, 'py>,
    values: Arg<'_, 'py>,
    name: &str,
    take: Take,
) -> PyResult<()> {
    let mask = apart(bools(mask)?, a)?;
    let mask = ArrayRef::of(&mask);
    if mask.size() != a.size() {
        return Err(PyValueError::new_err(format!(
            "{name}: mask and data must be the same size"
        )));
    }
    let values = apart(converted(values, a.descr(), Casting::Safe)?, a)?;
    let from = ArrayRef::of(&values);
    if take == Take::InTurn && !a.has(flags::WRITEABLE) {
        return Err(PyValueError::new_err("WRITEBACKIFCOPY base is read-only"));
    }
    a.check_writeable(&format!("{name}: output array"))?;
    let (dtype, bools) = (a.dtype(), DType::new(TypeNum::Bool));
    // The mask may have another shape of the same size: both are walked in C order.
    let strides = numoxide_core::Layout::contiguous(a.shape(), 1, false)
        .or_raise(py)?
        .strides;
    let mask = numoxide_core::RawView {
        ptr: mask.data(),
        dtype: &bools,
        shape: a.shape(),
        strides: &strides,
    };
    let dst = a.view(&dtype);
    match from.size() {
        0 if take == Take::InTurn && index::count(&mask) > 0 => {
            Err(PyValueError::new_err("Cannot insert from an empty array!"))
        }
        0 => Ok(()),
        // SAFETY: `values` is contiguous, in this dtype, with as many items.
        1 => unsafe { index::fill(&mask, &dst, from.data()) }.or_raise(py),
        // SAFETY: as above.
        n => unsafe { index::put_masked(&mask, &dst, from.data(), n, take) }.or_raise(py),
    }
}
