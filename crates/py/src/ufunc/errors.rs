//! Exceptions of ufuncs: classes of `_core._exceptions` made from the engine's facts.

use super::numbers;
use crate::descr;
use numoxide_core::{DType, Error};
use numoxide_dtype::Shown;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// The exception for an error of type resolution or casting.
pub(crate) fn to_py(py: Python<'_>, error: Error) -> PyResult<PyErr> {
    let text = error.to_string();
    match error {
        Error::NoLoop { op, operands, nin } => {
            let shown = operands.iter().map(|o| object(py, o));
            let shown = PyTuple::new(py, shown.collect::<PyResult<Vec<_>>>()?)?;
            let ufunc = ufunc(py, op, nin, operands.len() - nin)?;
            make(py, "_UFuncNoLoopError", (ufunc, shown))
        }
        Error::BinaryTypes { op, lhs, rhs } => {
            let pair = (descr::descr_for(py, &lhs)?, descr::descr_for(py, &rhs)?);
            make(
                py,
                "_UFuncBinaryResolutionError",
                (ufunc(py, op, 2, 1)?, pair),
            )
        }
        Error::UfuncCast {
            op,
            input,
            index,
            count,
            from,
            to,
            rule,
        } => {
            let ends = (descr::descr_for(py, &from)?, descr::descr_for(py, &to)?);
            let (class, ufunc) = match input {
                true => ("_UFuncInputCastingError", ufunc(py, op, count, 1)?),
                false => ("_UFuncOutputCastingError", ufunc(py, op, 1, count)?),
            };
            let nin: usize = ufunc.getattr("nin")?.extract()?;
            let at = if input { index } else { nin + index };
            make(py, class, (ufunc, rule, ends.0, ends.1, at))
        }
        _ => Ok(pyo3::exceptions::PyTypeError::new_err(text)),
    }
}

fn make<'py>(
    py: Python<'py>,
    class: &str,
    args: impl pyo3::call::PyCallArgs<'py>,
) -> PyResult<PyErr> {
    let class = py.import("numoxide._core._exceptions")?.getattr(class)?;
    Ok(PyErr::from_value(class.call1(args)?))
}

/// The ufunc of that name, or what stands for one made from a Python function.
fn ufunc<'py>(py: Python<'py>, name: &str, nin: usize, nout: usize) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(found) = numbers::by_name(py, name) {
        return Ok(found.clone());
    }
    let facts = PyDict::new(py);
    facts.set_item("__name__", name)?;
    facts.set_item("nin", nin)?;
    facts.set_item("nout", nout)?;
    py.import("types")?
        .getattr("SimpleNamespace")?
        .call((), Some(&facts))
}

fn object<'py>(py: Python<'py>, shown: &Shown) -> PyResult<Bound<'py, PyAny>> {
    let of = |d: &DType| Ok(descr::descr_for(py, d)?.into_bound(py));
    match shown {
        Shown::Free => Ok(py.None().into_bound(py)),
        Shown::DType(d) => of(d),
        Shown::Class(name) => py
            .import("numoxide.dtypes")?
            .getattr(*name)
            .or_else(|_| abstract_class(py, name)),
    }
}

/// The class of Python numbers, which is no attribute of `numpy.dtypes`.
fn abstract_class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let facts = PyDict::new(py);
    let module = format!("{}.dtypes", crate::slots::module_name(py)?);
    facts.set_item("__module__", module)?;
    let meta = py.get_type::<pyo3::types::PyType>();
    meta.call1((name, PyTuple::empty(py), facts))
}
