//! `may_share_memory` and `shares_memory`.

use super::coerce::as_any;
use super::ArrayRef;
use crate::args::{CallArgs, Sig};
use crate::slots::Module;
use numoxide_core::overlap::{bounds_overlap, solve, Overlap};
use numoxide_core::{DType, TypeNum};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

static MAY_SHARE: Sig = Sig::new("may_share_memory", &["a", "b", "max_work"], 2);
static SHARES: Sig = Sig::new("shares_memory", &["a", "b", "max_work"], 2);

fn decide<'py>(
    py: Python<'py>,
    args: CallArgs<'_, 'py>,
    sig: &Sig,
    absent: i64,
) -> PyResult<Bound<'py, PyAny>> {
    let [a, b, work] = args.parse(sig)?;
    let work: i64 = match work.filter(|w| !w.is_none()) {
        None => absent,
        Some(w) if !w.is_instance_of::<pyo3::types::PyInt>() => {
            return Err(PyValueError::new_err("max_work must be an integer"));
        }
        Some(w) => w.extract()?,
    };
    if work < -2 {
        return Err(PyValueError::new_err("Invalid value for max_work"));
    }
    let (Some(a), Some(b)) = (a, b) else {
        return Err(PyValueError::new_err("two arrays are needed"));
    };
    let (a, b) = (as_any(a)?, as_any(b)?);
    let (a, b) = (ArrayRef::of(&a), ArrayRef::of(&b));
    // Only the size of items matters, whatever their fields.
    let bytes = |array: ArrayRef<'_, '_>| DType::flexible(TypeNum::Void, array.itemsize());
    let (x, y) = (bytes(a), bytes(b));
    let (x, y) = (a.view(&x), b.view(&y));
    let shared = if !bounds_overlap(&x, &y) {
        false
    } else if work == 0 {
        true
    } else {
        match solve(&x, &y, u64::try_from(work).ok()) {
            Overlap::Yes => true,
            Overlap::No => false,
            Overlap::TooHard => return too_hard(py),
        }
    };
    Ok(shared.into_pyobject(py)?.to_owned().into_any())
}

fn too_hard<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
    let class = py
        .import("numoxide.exceptions")
        .and_then(|m| m.getattr("TooHardError"));
    let text = "Exceeded max_work";
    match class {
        Ok(class) => Err(PyErr::from_value(class.call1((text,))?)),
        Err(_) => Err(PyRuntimeError::new_err(text)),
    }
}

/// `may_share_memory(a, b, max_work=0)`.
pub(super) fn may_share_memory<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    decide(py, args, &MAY_SHARE, 0)
}

/// `shares_memory(a, b, max_work=-1)`.
pub(super) fn shares_memory<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    decide(py, args, &SHARES, -1)
}
