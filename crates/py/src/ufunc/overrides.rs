//! The `__array_ufunc__` protocol: who else may want to handle a call.

use super::operand::is_plain;
use crate::args::CallArgs;
use crate::array;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::Borrowed;
use smallvec::SmallVec;

type Found<'a, 'py> = SmallVec<[(Borrowed<'a, 'py, PyAny>, Bound<'py, PyAny>); 4]>;

/// The overriding `__array_ufunc__` of an object's type; `None` if it has ndarray's or none.
fn override_of<'py>(ob: Borrowed<'_, 'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = ob.py();
    if is_plain(ob.as_ptr()) {
        return Ok(None);
    }
    let name = intern!(py, "__array_ufunc__");
    let Some(method) = ob.get_type().getattr_opt(name)? else {
        return Ok(None);
    };
    // SAFETY: the static ndarray type.
    let ndarray = unsafe { Bound::from_borrowed_ptr(py, array::NDARRAY.as_object()) };
    Ok(if method.is(&ndarray.getattr(name)?) {
        None
    } else {
        Some(method)
    })
}

/// Whether an operator should leave the call to `other` (`__array_ufunc__ = None`, or a higher
/// `__array_priority__` of a foreign type with the reflected operator).
pub(crate) fn should_defer(
    slf: Borrowed<'_, '_, PyAny>,
    other: Borrowed<'_, '_, PyAny>,
) -> PyResult<bool> {
    let py = slf.py();
    if is_plain(other.as_ptr()) || other.get_type().is(slf.get_type()) {
        return Ok(false);
    }
    if let Some(method) = other
        .get_type()
        .getattr_opt(intern!(py, "__array_ufunc__"))?
    {
        return Ok(method.is_none());
    }
    // Subtypes decide by Python's own rule.
    if other.get_type().is_subclass(&slf.get_type())? {
        return Ok(false);
    }
    let priority = |ob: Borrowed<'_, '_, PyAny>, none: f64| -> f64 {
        ob.getattr(intern!(py, "__array_priority__"))
            .ok()
            .and_then(|p| p.extract().ok())
            .unwrap_or(none)
    };
    Ok(priority(other, -1_000_000.0) > priority(slf, 0.0))
}

/// The objects whose overrides take part, subclasses before their bases.
fn collect<'a, 'py>(objects: &[Borrowed<'a, 'py, PyAny>]) -> PyResult<Found<'a, 'py>> {
    let mut found: Found<'a, 'py> = SmallVec::new();
    for ob in objects {
        let Some(method) = override_of(*ob)? else {
            continue;
        };
        if found
            .iter()
            .any(|(other, _)| other.get_type().is(ob.get_type()))
        {
            continue;
        }
        let ty = ob.get_type();
        let at = found
            .iter()
            .position(|(other, _)| ty.is_subclass(&other.get_type()).unwrap_or(false));
        found.insert(at.unwrap_or(found.len()), (*ob, method));
    }
    Ok(found)
}

/// Offers the call to overrides; the answer of the first that takes it.
///
/// # Errors
/// `TypeError` if one opts out by `None`, or if all decline.
pub(crate) fn try_overrides<'py>(
    py: Python<'py>,
    ufunc: Borrowed<'_, 'py, PyAny>,
    method: &str,
    nin: usize,
    nout: usize,
    args: &CallArgs<'_, 'py>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let out = args
        .keywords()
        .find(|(name, _)| *name == "out")
        .map(|(_, v)| v);
    let outs = out_items(method, nin, nout, args, out)?;
    let mut objects: SmallVec<[Borrowed<'_, 'py, PyAny>; 6]> = SmallVec::new();
    let npos = args.npos();
    let limit = if method == "__call__" {
        nin
    } else {
        reduce_inputs(method)
    };
    objects.extend((0..npos.min(limit)).map(|i| args.get(i)));
    for o in &outs {
        objects.push(o.as_borrowed());
    }
    let mask = args.keywords().find(|(name, _)| *name == "where");
    objects.extend(mask.map(|(_, v)| v));
    if objects.iter().all(|o| is_plain(o.as_ptr())) {
        return Ok(None);
    }
    let found = collect(&objects)?;
    if found.is_empty() {
        return Ok(None);
    }
    for (ob, m) in &found {
        if m.is_none() {
            return Err(PyTypeError::new_err(format!(
                "operand '{}' does not support ufuncs (__array_ufunc__=None)",
                ob.get_type().name()?
            )));
        }
    }
    check_arguments(ufunc, method, nin, nout, args)?;
    let (pos, kwargs) = normalized(py, method, nin, nout, args)?;
    for (ob, m) in &found {
        let mut all: Vec<Bound<'py, PyAny>> = vec![
            (*ob).to_owned(),
            ufunc.to_owned(),
            pyo3::types::PyString::new(py, method).into_any(),
        ];
        all.extend(pos.iter().cloned());
        let answer = m.call(PyTuple::new(py, all)?, Some(&kwargs))?;
        if !answer.is(py.NotImplemented()) {
            return Ok(Some(answer));
        }
    }
    Err(all_declined(ufunc, method, &pos, &kwargs, &objects)?)
}

/// The names of a method's arguments; those of a call that may be given by name.
fn names_of(method: &str) -> &'static [&'static str] {
    match method {
        "reduce" => &[
            "array", "axis", "dtype", "out", "keepdims", "initial", "where",
        ],
        "accumulate" => &["array", "axis", "dtype", "out"],
        "reduceat" => &["array", "indices", "axis", "dtype", "out"],
        "at" => &[],
        _ => &[
            "out",
            "where",
            "casting",
            "order",
            "subok",
            "dtype",
            "sig",
            "signature",
        ],
    }
}

/// Refuses arguments that no override should see: unknown ones, doubles, a wrong number of outputs.
fn check_arguments(
    ufunc: Borrowed<'_, '_, PyAny>,
    method: &str,
    nin: usize,
    nout: usize,
    args: &CallArgs<'_, '_>,
) -> PyResult<()> {
    let fail = |text: String| Err(PyTypeError::new_err(text));
    let core = super::object::op_of(ufunc).is_some_and(|op| op.signature.is_some());
    let names = names_of(method);
    let call = matches!(method, "__call__" | "outer");
    let mut signatures = 0;
    let mut kinds = [false; 4];
    for (name, value) in args.keywords() {
        let for_core = core && matches!(name, "axes" | "axis" | "keepdims");
        let place = names.iter().position(|n| *n == name);
        if place.is_none() && !for_core || core && name == "where" {
            let ufunc = ufunc.getattr("__name__")?;
            let owner = if call {
                ufunc.to_string()
            } else {
                method.to_owned()
            };
            return fail(format!(
                "{owner}() got an unexpected keyword argument '{name}'"
            ));
        }
        if let Some(i) = place.filter(|i| !call && *i < args.npos()) {
            return fail(format!(
                "argument for {method}() given by name ('{name}') and position (position {i})"
            ));
        }
        signatures += usize::from(matches!(name, "sig" | "signature"));
        for (seen, kind) in kinds.iter_mut().zip(["axis", "axes", "dtype", "sig"]) {
            *seen |= name == kind || kind == "sig" && name == "signature";
        }
        if name == "out" {
            check_out(value, nout, call && args.npos() > nin)?;
        }
    }
    let [axis, axes, dtype, signature] = kinds;
    let both = match (
        signatures > 1,
        call && dtype && signature,
        core && axis && axes,
    ) {
        (true, _, _) => Some("'sig' and 'signature'"),
        (_, true, _) => Some("'signature' and 'dtype'"),
        (_, _, true) => Some("'axis' and 'axes'"),
        _ => None,
    };
    if let Some(both) = both {
        return fail(format!("cannot specify both {both}"));
    }
    check_count(ufunc, method, (nin, nout), names.len(), args.npos())
}

/// Refuses too few and too many positional arguments.
fn check_count(
    ufunc: Borrowed<'_, '_, PyAny>,
    method: &str,
    (nin, nout): (usize, usize),
    names: usize,
    n: usize,
) -> PyResult<()> {
    let fail = |text: String| Err(PyTypeError::new_err(text));
    let most = match method {
        "at" => 3,
        "outer" => 2,
        "__call__" => nin + nout,
        _ => names,
    };
    if method == "at" && !(2..=3).contains(&n) {
        let (word, limit) = if n < 2 { ("least", 2) } else { ("most", 3) };
        return fail(format!(
            "at() takes at {word} {limit} arguments ({n} given)"
        ));
    }
    let own = super::object::op_of(ufunc).map_or(0, |op| op.nin);
    match (method, own, n) {
        ("at", 2, 2) => {
            return Err(PyValueError::new_err("second operand needed for ufunc"));
        }
        ("at", 1, 3) => {
            return Err(PyValueError::new_err(
                "second operand provided when ufunc is unary",
            ));
        }
        _ => {}
    }
    if n > most {
        return fail(format!(
            "{method}() takes at most {most} positional arguments but {n} were given"
        ));
    }
    Ok(())
}

/// One output may stand alone; more come as a tuple of their number.
fn check_out(value: Borrowed<'_, '_, PyAny>, nout: usize, doubled: bool) -> PyResult<()> {
    if doubled {
        return Err(PyTypeError::new_err(
            "cannot specify 'out' as both a positional and keyword argument",
        ));
    }
    match value.cast::<PyTuple>() {
        Ok(tuple) if tuple.len() != nout => Err(PyValueError::new_err(
            "The 'out' tuple must have exactly one entry per ufunc output",
        )),
        Err(_) if nout > 1 => Err(PyTypeError::new_err("'out' must be a tuple of arrays")),
        _ => Ok(()),
    }
}

fn reduce_inputs(method: &str) -> usize {
    match method {
        "outer" => 2,
        "at" => 3,
        _ => 1,
    }
}

fn out_items<'py>(
    method: &str,
    nin: usize,
    _nout: usize,
    args: &CallArgs<'_, 'py>,
    out: Option<Borrowed<'_, 'py, PyAny>>,
) -> PyResult<SmallVec<[Bound<'py, PyAny>; 2]>> {
    let mut outs: SmallVec<[Bound<'py, PyAny>; 2]> = SmallVec::new();
    if method == "__call__" {
        outs.extend((nin..args.npos()).map(|i| args.get(i).to_owned()));
    } else if let Some(i) = out_position(method) {
        if args.npos() > i {
            outs.push(args.get(i).to_owned());
        }
    }
    if let Some(out) = out {
        match out.cast::<PyTuple>() {
            Ok(tuple) => outs.extend(tuple.iter()),
            Err(_) => outs.push(out.to_owned()),
        }
    }
    outs.retain(|o| !o.is_none());
    Ok(outs)
}

/// Where `out` stands among a method's positional arguments.
fn out_position(method: &str) -> Option<usize> {
    match method {
        "reduce" | "accumulate" => Some(3),
        "reduceat" => Some(4),
        _ => None,
    }
}

/// Arguments as overrides get them: inputs by position, all else by keyword, `out` as a tuple.
fn normalized<'py>(
    py: Python<'py>,
    method: &str,
    nin: usize,
    nout: usize,
    args: &CallArgs<'_, 'py>,
) -> PyResult<(Vec<Bound<'py, PyAny>>, Bound<'py, PyDict>)> {
    let kwargs = PyDict::new(py);
    let names: &[&str] = match method {
        "reduce" => &[
            "array", "axis", "dtype", "out", "keepdims", "initial", "where",
        ],
        "accumulate" => &["array", "axis", "dtype", "out"],
        "reduceat" => &["array", "indices", "axis", "dtype", "out"],
        _ => &[],
    };
    let inputs = match method {
        "__call__" => nin,
        "reduce" | "accumulate" => 1,
        "reduceat" | "outer" => 2,
        _ => 3,
    };
    let mut pos = Vec::new();
    for i in 0..args.npos() {
        if i < inputs {
            pos.push(args.get(i).to_owned());
        } else if method == "__call__" {
            break;
        } else if let Some(name) = names.get(i) {
            let value = args.get(i);
            if *name == "out" {
                set_out(&kwargs, value)?;
            } else if !(*name == "initial" && is_no_value(value)?) {
                kwargs.set_item(name, value)?;
            }
        }
    }
    if method == "__call__" && args.npos() > nin {
        let mut outs: Vec<Bound<'py, PyAny>> =
            (nin..args.npos()).map(|i| args.get(i).to_owned()).collect();
        outs.resize(nout.max(outs.len()), py.None().into_bound(py));
        if outs.iter().any(|o| !o.is_none()) {
            kwargs.set_item("out", PyTuple::new(py, outs)?)?;
        }
    }
    for (name, value) in args.keywords() {
        match name {
            "out" => set_out(&kwargs, value)?,
            "initial" if is_no_value(value)? => {}
            "sig" => kwargs.set_item("signature", value)?,
            _ => kwargs.set_item(name, value)?,
        }
    }
    Ok((pos, kwargs))
}

/// Whether the argument says that none was given.
fn is_no_value(value: Borrowed<'_, '_, PyAny>) -> PyResult<bool> {
    let globals = value.py().import("numoxide._globals")?;
    Ok(value.is(&globals.getattr("_NoValue")?))
}

fn set_out<'py>(kwargs: &Bound<'py, PyDict>, value: Borrowed<'_, 'py, PyAny>) -> PyResult<()> {
    match value.cast::<PyTuple>() {
        Ok(tuple) if tuple.iter().all(|o| o.is_none()) => Ok(()),
        Ok(tuple) => kwargs.set_item("out", tuple),
        Err(_) if value.is_none() => Ok(()),
        Err(_) => kwargs.set_item("out", (value,)),
    }
}

fn all_declined<'py>(
    ufunc: Borrowed<'_, 'py, PyAny>,
    method: &str,
    pos: &[Bound<'py, PyAny>],
    kwargs: &Bound<'py, PyDict>,
    objects: &[Borrowed<'_, 'py, PyAny>],
) -> PyResult<PyErr> {
    let mut shown: Vec<String> = Vec::new();
    for p in pos {
        shown.push(p.repr()?.to_string());
    }
    for (k, v) in kwargs {
        shown.push(format!("{k}={}", v.repr()?));
    }
    let mut types: Vec<String> = Vec::new();
    for o in objects {
        types.push(format!("'{}'", o.get_type().name()?));
    }
    Ok(PyTypeError::new_err(format!(
        "operand type(s) all returned NotImplemented from __array_ufunc__({}, '{method}', {}): {}",
        ufunc.repr()?,
        shown.join(", "),
        types.join(", ")
    )))
}
