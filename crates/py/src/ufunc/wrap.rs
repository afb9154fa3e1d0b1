//! What results become: scalars, plain arrays, or what an input's `__array_wrap__` makes of them.

use super::call::{Options, Results};
use crate::array::ArrayRef;
use numoxide_core::iter::PerOp;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::Borrowed;

/// How the results of one call are wrapped.
pub(crate) struct Wrapper<'py> {
    /// Bound `__array_wrap__` of the input with the highest priority, if not a plain array's.
    wrap: Option<Bound<'py, PyAny>>,
    /// All arguments of the call, for the wrap's context.
    args: Option<Bound<'py, PyTuple>>,
    ufunc: Option<Bound<'py, PyAny>>,
    /// Outputs given wrap themselves.
    outs: bool,
}

/// A type whose results are plain arrays or scalars.
fn wraps_plainly(ob: Borrowed<'_, '_, PyAny>) -> bool {
    super::operand::is_plain(ob.as_ptr())
}

/// `__array_priority__` of an object; scalars lowest.
fn priority(ob: Borrowed<'_, '_, PyAny>) -> f64 {
    match ob.getattr(intern!(ob.py(), "__array_priority__")) {
        Ok(p) => p.extract().unwrap_or(0.0),
        Err(_) => 0.0,
    }
}

impl<'py> Wrapper<'py> {
    /// Results stay as they are.
    pub(crate) fn plain() -> Wrapper<'py> {
        Wrapper {
            wrap: None,
            args: None,
            ufunc: None,
            outs: false,
        }
    }

    /// Looks for the input whose `__array_wrap__` applies.
    pub(crate) fn find(
        py: Python<'py>,
        ufunc: Option<Borrowed<'_, 'py, PyAny>>,
        args: &[Borrowed<'_, 'py, PyAny>],
        nin: usize,
        subok: bool,
    ) -> PyResult<Wrapper<'py>> {
        let inputs = &args[..nin.min(args.len())];
        if !subok || inputs.iter().all(|a| wraps_plainly(*a)) {
            return Ok(Wrapper::plain());
        }
        let mut best: Option<(f64, Bound<'py, PyAny>)> = None;
        for arg in inputs {
            if wraps_plainly(*arg) {
                // A plain array takes part with priority 0 and means "no wrap".
                continue;
            }
            let ty = arg.get_type();
            if ty.getattr_opt(intern!(py, "__array_wrap__"))?.is_none() {
                continue;
            }
            let p = priority(*arg);
            if best.as_ref().is_none_or(|(q, _)| p > *q) {
                best = Some((p, arg.getattr(intern!(py, "__array_wrap__"))?));
            }
        }
        let plain_array = inputs
            .iter()
            .any(|a| ArrayRef::from_any(*a).is_some_and(ArrayRef::is_exact));
        let wrap = best
            .filter(|(p, _)| *p >= 0.0 || !plain_array)
            .map(|(_, w)| w);
        let args = PyTuple::new(py, args.iter().map(|a| a.to_owned()))?;
        Ok(Wrapper {
            wrap,
            args: Some(args),
            ufunc: ufunc.map(|u| u.to_owned()),
            outs: false,
        })
    }

    /// Lets outputs of a subclass wrap themselves; contexts then show them among the arguments.
    pub(crate) fn show_outputs(
        &mut self,
        py: Python<'py>,
        ufunc: Borrowed<'_, 'py, PyAny>,
        inputs: &[Borrowed<'_, 'py, PyAny>],
        outs: &[Option<Bound<'py, PyAny>>],
    ) -> PyResult<()> {
        let given = || outs.iter().flatten();
        if !given().any(|o| is_subclass(o.as_borrowed())) {
            return Ok(());
        }
        let inputs = inputs.iter().map(|a| (*a).to_owned());
        let outs = outs
            .iter()
            .map(|o| o.clone().unwrap_or_else(|| py.None().into_bound(py)));
        let all: Vec<Bound<'py, PyAny>> = inputs.chain(outs).collect();
        self.args = Some(PyTuple::new(py, all)?);
        self.ufunc = Some(ufunc.to_owned());
        self.outs = true;
        Ok(())
    }

    /// No wrap to call.
    pub(crate) fn is_plain(&self) -> bool {
        self.wrap.is_none()
    }

    /// Turns outputs into results.
    pub(crate) fn finish(
        &self,
        py: Python<'py>,
        outs: PerOp<Bound<'py, PyAny>>,
        opts: &Options<'py>,
    ) -> PyResult<Results<'py>> {
        let mut results = Results::new();
        for (i, out) in outs.into_iter().enumerate() {
            let zero_d = ArrayRef::of(&out).ndim() == 0 && !opts.keep_arrays;
            let given = opts.outs.get(i).is_some_and(Option::is_some);
            results.push(self.one(py, out, i, given, zero_d)?);
        }
        Ok(results)
    }

    /// One result; `given` outputs come back as they are.
    pub(crate) fn one(
        &self,
        py: Python<'py>,
        out: Bound<'py, PyAny>,
        index: usize,
        given: bool,
        zero_d: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let context = || -> PyResult<Bound<'py, PyAny>> {
            Ok(match (&self.ufunc, &self.args) {
                (Some(ufunc), Some(args)) => (ufunc, args, index).into_pyobject(py)?.into_any(),
                _ => py.None().into_bound(py),
            })
        };
        if given {
            if !self.outs || !has_own_wrap(&out)? {
                return Ok(out);
            }
            let wrap = out.getattr(intern!(py, "__array_wrap__"))?;
            return call_wrap(py, &wrap, &out, &context()?, false);
        }
        match &self.wrap {
            None if zero_d => scalar_of(out),
            None => Ok(out),
            Some(wrap) => call_wrap(py, wrap, &out, &context()?, zero_d),
        }
    }
}

/// `wrap(arr, context, return_scalar)`; older signatures get a deprecation warning.
fn call_wrap<'py>(
    py: Python<'py>,
    wrap: &Bound<'py, PyAny>,
    out: &Bound<'py, PyAny>,
    context: &Bound<'py, PyAny>,
    zero_d: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let first = match wrap.call1((out, context, zero_d)) {
        Ok(made) => return Ok(made),
        Err(e) => e,
    };
    if !first.is_instance_of::<pyo3::exceptions::PyTypeError>(py) {
        return Err(first);
    }
    let made = match wrap.call1((out, context)) {
        Ok(made) => made,
        Err(e) if !e.is_instance_of::<pyo3::exceptions::PyTypeError>(py) => return Err(e),
        Err(_) => match wrap.call1((out,)) {
            Ok(made) => made,
            Err(_) => return Err(first),
        },
    };
    let class = py.get_type::<pyo3::exceptions::PyDeprecationWarning>();
    crate::err::warn(
        py,
        &class.into_any(),
        "__array_wrap__ must accept context and return_scalar arguments (positionally) in the \
         future. (Deprecated NumPy 2.0)",
    )?;
    Ok(made)
}

/// Whether an array's type has an `__array_wrap__` that is not ndarray's.
fn has_own_wrap(out: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = out.py();
    if !is_subclass(out.as_borrowed()) {
        return Ok(false);
    }
    let name = intern!(py, "__array_wrap__");
    // SAFETY: the static ndarray type.
    let ndarray = unsafe { Bound::from_borrowed_ptr(py, crate::array::NDARRAY.as_object()) };
    Ok(!out.get_type().getattr(name)?.is(&ndarray.getattr(name)?))
}

/// Whether the object's type is a true subclass of ndarray.
pub(crate) fn is_subclass(ob: Borrowed<'_, '_, PyAny>) -> bool {
    ArrayRef::from_any(ob).is_some_and(|a| !a.is_exact())
}

/// Calls `tp`'s slot name for error messages.
pub(crate) fn type_name(ob: *mut ffi::PyObject) -> String {
    // SAFETY: a live object; type names are NUL-terminated.
    unsafe {
        std::ffi::CStr::from_ptr((*ffi::Py_TYPE(ob)).tp_name)
            .to_string_lossy()
            .into_owned()
    }
}

/// The scalar of a 0-d array of the exact type; any other array as it is.
pub(crate) fn scalar_of<'py>(array: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let view = ArrayRef::of(&array);
    if view.ndim() != 0 || !view.is_exact() {
        return Ok(array.clone());
    }
    // SAFETY: the one item of a live array.
    unsafe { crate::scalar::from_ptr(array.py(), view.data(), view.descr(), Some(&array)) }
}
