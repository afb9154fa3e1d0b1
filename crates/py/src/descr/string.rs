//! `StringDType`: variable-width strings.

use super::types::{as_type, class, StringDescr};
use super::{make, singleton};
use crate::args::{Arg, CallArgs};
use crate::layout::Descr;
use crate::slots::{leak_getset, leak_methods, trampoline};
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString, PyTuple};
use std::ffi::c_int;

/// Fills the class before it is made ready.
///
/// # Safety
/// - `ty` is the zeroed static class.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        (*ty).tp_doc = c"StringDType(*, coerce=True, **kwargs)\n--\n\nVariable-width text; `na_object=` names a missing value.".as_ptr();
        (*ty).tp_dealloc = Some(dealloc);
        (*ty).tp_new = Some(new_slot);
        (*ty).tp_richcompare = Some(richcompare);
        (*ty).tp_hash = Some(hash);
        (*ty).tp_getset = leak_getset(crate::getset!(Arg<'_, '_>;
            c"na_object", na_object;
            c"coerce", coerce;
        ));
        (*ty).tp_methods = leak_methods(crate::methods!(Arg<'_, '_>;
            c"__reduce__", reduce, 0, c"For pickle.";
        ));
    }
}

fn parts<'a>(ob: &'a Bound<'_, PyAny>) -> &'a StringDescr {
    // SAFETY: slots of the class get its instances.
    unsafe { &*ob.as_ptr().cast::<StringDescr>() }
}

fn missing<'py>(ob: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    // SAFETY: NULL or an owned object.
    unsafe { Bound::from_borrowed_ptr_or_opt(ob.py(), parts(ob).na_object) }
}

unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: last reference to an instance.
    unsafe {
        ffi::Py_XDECREF((*slf.cast::<StringDescr>()).na_object);
        make::dealloc(slf);
    }
}

unsafe extern "C" fn new_slot(
    _: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with an argument tuple and NULL or a dictionary.
    unsafe {
        trampoline(|py| {
            let args = Bound::from_borrowed_ptr(py, args).cast_into::<PyTuple>()?;
            let kwargs = Bound::from_borrowed_ptr_or_opt(py, kwargs);
            let kwargs = kwargs.map(Bound::cast_into::<PyDict>).transpose()?;
            new_instance(py, &args, kwargs.as_ref())
        })
    }
}

fn new_instance(
    py: Python<'_>,
    args: &Bound<'_, PyTuple>,
    kwargs: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    if !args.is_empty() {
        return Err(PyTypeError::new_err(
            "StringDType() takes no positional arguments",
        ));
    }
    let (mut na, mut coerce) = (None, true);
    for (key, value) in kwargs.map(|k| k.iter()).into_iter().flatten() {
        match key.extract::<String>()?.as_str() {
            "na_object" => na = Some(value),
            "coerce" => coerce = value.is_truthy()?,
            other => {
                return Err(PyTypeError::new_err(format!(
                    "'{other}' is an invalid keyword argument for StringDType()"
                )));
            }
        }
    }
    let is_nan = na.as_ref().is_some_and(|o| o.ne(o).unwrap_or(false));
    let is_text = na.as_ref().is_some_and(|o| o.is_instance_of::<PyString>());
    // SAFETY: a fresh instance; the common part is copied from the default one.
    unsafe {
        let new = make::alloc(py, class(TypeNum::VString))?;
        let head = std::ptr::read(&raw const (*new).ob_base);
        std::ptr::copy_nonoverlapping(singleton(TypeNum::VString), new, 1);
        std::ptr::write(&raw mut (*new).ob_base, head);
        ffi::Py_XINCREF((*new).typeobj.cast());
        let s = new.cast::<StringDescr>();
        (*s).coerce = u8::from(coerce);
        (*s).has_nan_na = u8::from(is_nan);
        (*s).has_string_na = u8::from(is_text);
        (*s).na_object = na.map_or(std::ptr::null_mut(), Bound::into_ptr);
        Ok(make::own(py, new))
    }
}

fn na_object<'py>(_: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    missing(&slf).ok_or_else(|| {
        let name = slf
            .get_type()
            .fully_qualified_name()
            .map_or_else(|_| String::new(), |n| n.to_string());
        PyAttributeError::new_err(format!("'{name}' object has no attribute 'na_object'"))
    })
}

fn coerce<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyBool::new(py, parts(&slf).coerce != 0)
        .to_owned()
        .into_any())
}

fn reduce<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let make = py
        .import("numoxide._core._internal")?
        .getattr("_convert_to_stringdtype_kwargs")?;
    let coerce = i32::from(parts(&slf).coerce).into_pyobject(py)?.into_any();
    let args = match missing(&slf) {
        Some(na) => PyTuple::new(py, [coerce, na])?,
        None => PyTuple::new(py, [coerce])?,
    };
    Ok((make, args).into_pyobject(py)?.into_any())
}

unsafe extern "C" fn richcompare(
    slf: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    op: c_int,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with live objects.
    unsafe {
        trampoline(|py| {
            let slf = Bound::from_borrowed_ptr(py, slf);
            let other = Bound::from_borrowed_ptr(py, other);
            if op != ffi::Py_EQ && op != ffi::Py_NE {
                return Ok(py.NotImplemented().into_bound(py));
            }
            let same = same(&slf, &other)?;
            Ok(PyBool::new(py, same == (op == ffi::Py_EQ))
                .to_owned()
                .into_any())
        })
    }
}

/// Whether two dtypes are the same string dtype: NaNs count as equal.
fn same(slf: &Bound<'_, PyAny>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
    if other.get_type_ptr() != as_type(class(TypeNum::VString)) {
        return Ok(false);
    }
    let (a, b) = (parts(slf), parts(other));
    if a.coerce != b.coerce || a.has_nan_na != b.has_nan_na {
        return Ok(false);
    }
    match (missing(slf), missing(other)) {
        (None, None) => Ok(true),
        (Some(x), Some(y)) => Ok(a.has_nan_na != 0 || x.is(&y) || x.eq(y)?),
        _ => Ok(false),
    }
}

unsafe extern "C" fn hash(slf: *mut ffi::PyObject) -> ffi::Py_hash_t {
    // SAFETY: a slot call with an instance.
    unsafe {
        trampoline(|py| {
            let slf = Bound::from_borrowed_ptr(py, slf);
            let coerce = parts(&slf).coerce;
            match missing(&slf).filter(|_| parts(&slf).has_nan_na == 0) {
                Some(na) => (coerce, na).into_pyobject(py)?.hash(),
                None => (coerce,).into_pyobject(py)?.hash(),
            }
        })
    }
}

/// The Python object for an item of a `StringDType`.
///
/// # Safety
/// - `ptr` points to an item of the live dtype.
pub(crate) unsafe fn string_item<'py>(
    _: Python<'py>,
    _: *const u8,
    _: *mut Descr,
) -> PyResult<Bound<'py, PyAny>> {
    Err(PyTypeError::new_err(
        "StringDType items are not supported yet",
    ))
}

/// Stores an object in an item of a `StringDType`.
///
/// # Safety
/// - `ptr` points to an item of the live dtype.
pub(crate) unsafe fn set_string_item(
    _: Python<'_>,
    _: *mut u8,
    _: *mut Descr,
    _: &Bound<'_, PyAny>,
) -> PyResult<()> {
    Err(PyTypeError::new_err(
        "StringDType items are not supported yet",
    ))
}

/// `repr` of an instance.
pub(crate) fn repr_text(py: Python<'_>, descr: *mut Descr) -> PyResult<String> {
    // SAFETY: a live StringDType instance.
    let s = unsafe { &*descr.cast::<super::types::StringDescr>() };
    let mut parts = Vec::new();
    // SAFETY: the missing value is NULL or an object.
    if let Some(na) = unsafe { Bound::from_borrowed_ptr_or_opt(py, s.na_object) } {
        parts.push(format!("na_object={}", na.repr()?));
    }
    if s.coerce == 0 {
        parts.push("coerce=False".into());
    }
    Ok(format!("StringDType({})", parts.join(", ")))
}
