//! `like=`: creation functions that hand over to another array type.

use crate::args::{Arg, CallArgs};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// The result of `like.__array_function__`, when `like` is given.
pub(super) fn dispatch<'py>(
    py: Python<'py>,
    name: &str,
    args: CallArgs<'_, 'py>,
    like: Option<Arg<'_, 'py>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(like) = like.filter(|l| !l.is_none()) else {
        return Ok(None);
    };
    // ndarray's own `__array_function__` would only call back.
    if super::ArrayRef::from_any(like).is_some_and(|a| a.is_exact()) {
        return Ok(None);
    }
    let kwargs = PyDict::new(py);
    for (key, value) in args.keywords().filter(|(key, _)| *key != "like") {
        kwargs.set_item(key, value)?;
    }
    let positional = PyTuple::new(py, (0..args.npos()).map(|i| args.get(i)))?;
    let function = py.import("numoxide")?.getattr(name)?;
    py.import("numoxide._core.overrides")?
        .getattr("like_call")?
        .call1((function, like, positional, kwargs))
        .map(Some)
}
