//! The `__array_function__` protocol: whom to ask, in which order, and who answers.

use super::object::{each_relevant, implementation, is_plain, Relevant};
use crate::args::{Arg, CallArgs};
use crate::array;
use crate::slots::Module;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple, PyType};
use pyo3::{ffi, intern, Borrowed};

const MAX_TYPES: usize = 64;

/// An argument to ask, with its type's method.
type Asked<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// A raw argument vector: entries, how many are positional, names of the rest.
pub(super) type Vector = (*const *mut ffi::PyObject, usize, *mut ffi::PyObject);

/// Collects the arguments to ask, one for each type, subclasses before their bases.
fn implementing<'py>(args: &[Bound<'py, PyAny>]) -> PyResult<Vec<Asked<'py>>> {
    let mut found: Vec<Asked<'py>> = Vec::new();
    for arg in args {
        let ty = arg.get_type();
        if found.iter().any(|(other, _)| other.get_type().is(&ty)) {
            continue;
        }
        // SAFETY: a live object.
        let skip =
            unsafe { is_plain(arg.as_ptr()) && ffi::Py_TYPE(arg.as_ptr()) != array::NDARRAY.get() };
        if skip {
            continue;
        }
        let Some(method) = ty.getattr_opt(intern!(arg.py(), "__array_function__"))? else {
            continue;
        };
        if found.len() >= MAX_TYPES {
            return Err(PyTypeError::new_err(format!(
                "maximum number ({MAX_TYPES}) of distinct argument types implementing \
                 __array_function__ exceeded"
            )));
        }
        let mut at = found.len();
        for (i, (other, _)) in found.iter().enumerate() {
            if ty.is_subclass(&other.get_type())? {
                at = i;
                break;
            }
        }
        found.insert(at, (arg.clone(), method));
    }
    Ok(found)
}

/// `_get_implementing_args(relevant_args)`.
pub(super) fn get_implementing_args<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() != 1 || args.has_keywords() {
        return Err(PyTypeError::new_err(
            "_get_implementing_args() takes exactly one argument",
        ));
    }
    let given = sequence(args.get(0))?;
    let found = implementing(&given)?;
    Ok(PyList::new(py, found.into_iter().map(|(arg, _)| arg))?.into_any())
}

/// The items that a dispatcher function returned.
fn sequence<'py>(given: Arg<'_, 'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let message = "dispatcher for __array_function__ did not return an iterable";
    let iter = given.try_iter().map_err(|err| {
        if err.is_instance_of::<PyTypeError>(given.py()) {
            PyTypeError::new_err(message)
        } else {
            err
        }
    })?;
    iter.collect()
}

/// A call that plain arguments alone do not settle.
pub(super) fn call<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    relevant: &Relevant,
    vector: Vector,
    args: &CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let (entries, npos, kwnames) = vector;
    let (values, skip) = match relevant {
        Relevant::Rows(rows) => {
            // SAFETY: the vector is that of the call.
            (unsafe { row_values(py, rows, vector)? }, 0)
        }
        Relevant::Function(function) => {
            // SAFETY: the dispatcher owns the function.
            let function = unsafe { Borrowed::from_ptr(py, *function) };
            // SAFETY: the vector is that of the call.
            let given = unsafe {
                let made = ffi::PyObject_Vectorcall(function.as_ptr(), entries, npos, kwnames);
                Bound::from_owned_ptr_or_err(py, made)
            };
            let given = given.or_else(|err| Err(renamed(py, function, slf, err)?))?;
            (sequence(given.as_borrowed())?, 0)
        }
        Relevant::Like => (vec![like(args)?], 1),
    };
    let asked = implementing(&values)?;
    let plain = asked.iter().all(|(arg, _)| is_ndarray(arg));
    if plain {
        // SAFETY: the vector is that of the call, less the argument put first for `like`.
        return unsafe {
            let made = ffi::PyObject_Vectorcall(
                implementation(slf).as_ptr(),
                entries.add(skip),
                npos - skip,
                kwnames,
            );
            Bound::from_owned_ptr_or_err(py, made)
        };
    }
    let func = if skip == 1 {
        public(slf)?
    } else {
        slf.to_owned()
    };
    let positional = PyTuple::new(py, (skip..npos).map(|i| args.get(i)))?;
    let kwargs = PyDict::new(py);
    for i in 0..args.keywords().count() {
        // SAFETY: one name for each entry past the positional ones.
        unsafe {
            let name = Borrowed::from_ptr(py, ffi::PyTuple_GET_ITEM(kwnames, i as isize));
            kwargs.set_item(name, Borrowed::from_ptr(py, *entries.add(npos + i)))?;
        }
    }
    ask(slf, &func, &asked, &positional, &kwargs)
}

/// The arguments of a call that rows name, with the items of those with many.
///
/// # Safety
/// - The vector is that of a call.
unsafe fn row_values<'py>(
    py: Python<'py>,
    rows: &[super::object::Row],
    (entries, npos, kwnames): Vector,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let mut values = Vec::new();
    let mut failed = None;
    // SAFETY: by contract; the objects are live.
    unsafe {
        each_relevant(rows, entries, npos, kwnames, |ob, many| {
            let ob = Bound::from_borrowed_ptr(py, ob);
            if many && !is_plain(ob.as_ptr()) {
                if let Err(err) = unusual_items(&ob, &mut values) {
                    failed = Some(err);
                    return false;
                }
            } else {
                values.push(ob);
            }
            true
        });
    }
    failed.map_or(Ok(values), Err)
}

/// Lists the items of an unusual sequence, and itself where it overrides.
fn unusual_items<'py>(ob: &Bound<'py, PyAny>, values: &mut Vec<Bound<'py, PyAny>>) -> PyResult<()> {
    let py = ob.py();
    let ty = ob.get_type();
    if ty.hasattr(intern!(py, "__array_function__"))? {
        values.push(ob.clone());
    }
    if !ty.hasattr(intern!(py, "__getitem__"))? {
        return Ok(());
    }
    let iter = match ob.try_iter() {
        Ok(iter) => iter,
        // Not iterable after all: a 0-d array, say.
        Err(err) if err.is_instance_of::<PyTypeError>(py) => return Ok(()),
        Err(err) => return Err(err),
    };
    for item in iter {
        values.push(item?);
    }
    Ok(())
}

fn is_ndarray(ob: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object.
    unsafe { ffi::Py_TYPE(ob.as_ptr()) == array::NDARRAY.get() }
}

/// The argument that a `like=` call puts first.
fn like<'py>(args: &CallArgs<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let message = "The `like` argument must be an array-like that implements the \
                   `__array_function__` protocol.";
    if args.npos() == 0 {
        return Err(PyTypeError::new_err(
            "`like` argument dispatching, but first argument is not positional in call to \
             array_function.",
        ));
    }
    let like = args.get(0);
    if !like
        .get_type()
        .hasattr(intern!(like.py(), "__array_function__"))?
    {
        return Err(PyTypeError::new_err(message));
    }
    Ok(like.to_owned())
}

/// The public function that a `like=` call is reported as.
fn public<'py>(slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let py = slf.py();
    let name = slf
        .getattr(intern!(py, "__name__"))?
        .cast_into::<PyString>()?;
    let modules = py.import("sys")?.getattr("modules")?;
    let module = match slf.getattr_opt(intern!(py, "__module__"))? {
        Some(module) => modules.get_item(module).ok(),
        None => None,
    };
    let module = match module {
        Some(module) => module,
        None => py.import("numoxide")?.into_any(),
    };
    Ok(module.getattr_opt(&name)?.unwrap_or_else(|| slf.to_owned()))
}

/// Offers a call to each argument in turn; ndarray's own answer is the implementation.
fn ask<'py>(
    slf: Arg<'_, 'py>,
    func: &Bound<'py, PyAny>,
    asked: &[Asked<'py>],
    args: &Bound<'py, PyTuple>,
    kwargs: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = slf.py();
    let types = PyTuple::new(py, asked.iter().map(|(arg, _)| arg.get_type()))?;
    // SAFETY: the static ndarray type.
    let ndarray: Bound<'py, PyType> =
        unsafe { Bound::from_borrowed_ptr(py, array::NDARRAY.as_object()) }.cast_into()?;
    let default = ndarray.getattr(intern!(py, "__array_function__"))?;
    for (arg, method) in asked {
        if method.is(&default) {
            let mut all = true;
            for (other, _) in asked {
                all &= other.get_type().is_subclass(&ndarray)?;
            }
            if all {
                return implementation(slf).call(args, Some(kwargs));
            }
            continue;
        }
        let answer = method.call1((arg, func, &types, args, kwargs))?;
        if !answer.is(py.NotImplemented()) {
            return Ok(answer);
        }
    }
    Err(declined(func, &types)?)
}

/// The error for a call that every argument declined.
fn declined(func: &Bound<'_, PyAny>, types: &Bound<'_, PyTuple>) -> PyResult<PyErr> {
    let name = func.getattr("__name__")?.str()?;
    let name = match func.getattr_opt("__module__")? {
        Some(module) if !module.is_none() => format!("{}.{name}", module.str()?),
        _ => name.to_string(),
    };
    Ok(PyTypeError::new_err(format!(
        "no implementation found for '{name}' on types that implement __array_function__: {}",
        types.to_list().repr()?
    )))
}

/// An argument error of a dispatcher function names the public function instead.
fn renamed(py: Python<'_>, function: Arg<'_, '_>, slf: Arg<'_, '_>, err: PyErr) -> PyResult<PyErr> {
    if !err.get_type(py).is(py.get_type::<PyTypeError>()) {
        return Ok(err);
    }
    let args = err.value(py).getattr("args")?.cast_into::<PyTuple>()?;
    let Ok(text) = args.get_item(0).and_then(|text| text.extract::<String>()) else {
        return Ok(err);
    };
    let prefix = format!("{}()", function.getattr("__qualname__")?.str()?);
    let Some(rest) = text.strip_prefix(&prefix) else {
        return Ok(err);
    };
    let name = slf.getattr("__qualname__")?.str()?;
    Ok(PyTypeError::new_err(format!("{name}(){rest}")))
}
