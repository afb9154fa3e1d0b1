//! `numpy.dtype` as a Python type: its slots and methods.

use super::engine::{fields, num_of, SWAPPED};
use super::text::{self, is_struct, subarray};
use super::{attrs, compare, make, pickle, structs};
use crate::args::{Arg, CallArgs};
use crate::layout::{descr_flags, Descr};
use crate::slots::{leak_getset, leak_methods, trampoline};
use crate::statics::leak_table;
use pyo3::exceptions::{PyIndexError, PyKeyError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyString, PyTuple};
use std::ffi::c_int;

crate::slot!(repr_slot(slf) -> *mut ffi::PyObject = repr);
crate::slot!(str_slot(slf) -> *mut ffi::PyObject = str_of);
crate::slot!(length_slot(slf) -> isize = length);
crate::slot!(subscript_slot(slf, key) -> *mut ffi::PyObject = subscript);

/// Fills `numpy.dtype` before it is made ready.
///
/// # Safety
/// - `ty` is the zeroed static type.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        (*ty).tp_doc =
            c"dtype(dtype, align=False, copy=False, **kwargs)\n--\n\nWhat one array item is."
                .as_ptr();
        (*ty).tp_dealloc = Some(make::dealloc);
        (*ty).tp_new = Some(new_slot);
        (*ty).tp_repr = Some(repr_slot);
        (*ty).tp_str = Some(str_slot);
        (*ty).tp_hash = Some(compare::hash);
        (*ty).tp_richcompare = Some(compare::richcompare);
        (*ty).tp_getset = leak_getset(attrs::getset());
        (*ty).tp_members = attrs::members();
        (*ty).tp_methods = leak_methods(crate::methods!(Arg<'_, '_>;
            c"newbyteorder", newbyteorder, 0,
                c"newbyteorder($self, new_order='S', /)\n--\n\nThe dtype in another byte order.";
            c"__reduce__", pickle::reduce, 0, c"For pickle.";
            c"__setstate__", pickle::setstate, 0, c"For pickle.";
            c"__class_getitem__", class_getitem, ffi::METH_CLASS, c"A generic alias.";
        ));
        (*ty).tp_as_number = leak_table(|t: &mut ffi::PyNumberMethods| t.nb_bool = Some(always));
        (*ty).tp_as_sequence = leak_table(|t: &mut ffi::PySequenceMethods| {
            t.sq_length = Some(length_slot);
            t.sq_repeat = Some(repeat_slot);
        });
        (*ty).tp_as_mapping = leak_table(|t: &mut ffi::PyMappingMethods| {
            t.mp_length = Some(length_slot);
            t.mp_subscript = Some(subscript_slot);
        });
    }
}

/// A dtype is never false, whatever its number of fields.
unsafe extern "C" fn always(_: *mut ffi::PyObject) -> c_int {
    1
}

fn repr<'py>(py: Python<'py>, slf: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyString::new(py, &text::repr_text(py, slf.as_ptr().cast())?).into_any())
}

fn str_of<'py>(py: Python<'py>, slf: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyString::new(py, &text::str_text(py, slf.as_ptr().cast())?).into_any())
}

fn length(py: Python<'_>, slf: &Bound<'_, PyAny>) -> PyResult<isize> {
    // SAFETY: a live dtype.
    Ok(unsafe { fields(py, slf.as_ptr().cast()) }.len() as isize)
}

fn subscript<'py>(
    py: Python<'py>,
    slf: &Bound<'py, PyAny>,
    key: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let descr: *mut Descr = slf.as_ptr().cast();
    if !is_struct(descr) {
        let shown = text::str_text(py, descr)?;
        return Err(PyKeyError::new_err(format!(
            "There are no fields in dtype {shown}."
        )));
    }
    // SAFETY: a live structured dtype.
    let all = unsafe { fields(py, descr) };
    if key.is_instance_of::<PyString>() {
        // SAFETY: structured dtypes have a field dictionary.
        let dict = unsafe {
            Bound::from_borrowed_ptr(py, (*descr.cast::<crate::layout::LegacyDescr>()).fields)
        };
        let dict = dict.cast_into::<PyDict>()?;
        return match dict.get_item(key)? {
            Some(entry) => entry.get_item(0),
            None => Err(PyKeyError::new_err(format!(
                "Field named {} not found.",
                key.repr()?
            ))),
        };
    }
    if let Ok(list) = key.cast::<PyList>() {
        if list.iter().all(|k| k.is_instance_of::<PyString>()) {
            return Ok(structs::choose(py, descr, list)?.into_bound(py));
        }
    }
    let index: isize = key.extract().map_err(|_| {
        PyTypeError::new_err(
            "Field key must be an integer field offset, single field name, or list of field names.",
        )
    })?;
    let n = all.len() as isize;
    let at = if index < 0 { index + n } else { index };
    match all.get(at as usize).filter(|_| at >= 0) {
        // SAFETY: fields keep their dtypes alive.
        Some(f) => Ok(unsafe { make::share(py, f.descr) }.into_bound(py)),
        None => Err(PyIndexError::new_err(format!(
            "Field index {index} out of range."
        ))),
    }
}

/// `dtype * n`: a sub-array of `n` items, or `n` characters of a sizeless text dtype.
unsafe extern "C" fn repeat_slot(slf: *mut ffi::PyObject, n: isize) -> *mut ffi::PyObject {
    // SAFETY: a slot call with a live dtype.
    unsafe {
        trampoline(|py| {
            if n < 0 {
                return Err(PyValueError::new_err(format!(
                    "Array length must be >= 0, not {n}"
                )));
            }
            let pair = (Bound::from_borrowed_ptr(py, slf), n).into_pyobject(py)?;
            super::convert(py, &pair.into_any())
        })
    }
}

unsafe extern "C" fn new_slot(
    ty: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with an argument tuple and NULL or a dictionary.
    unsafe {
        trampoline(|py| {
            let _ = ty;
            let args = Bound::from_borrowed_ptr(py, args).cast_into::<PyTuple>()?;
            let kwargs = Bound::from_borrowed_ptr_or_opt(py, kwargs);
            let kwargs = kwargs.map(Bound::cast_into::<PyDict>).transpose()?;
            new_dtype(py, &args, kwargs.as_ref())
        })
    }
}

/// The arguments of `dtype(...)` by position or name.
fn new_arguments<'py>(
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
) -> PyResult<[Option<Bound<'py, PyAny>>; 4]> {
    const NAMES: [&str; 4] = ["dtype", "align", "copy", "metadata"];
    let mut out = [const { None }; 4];
    let given = args.len() + kwargs.map_or(0, |k| k.len());
    if given > 4 {
        return Err(PyTypeError::new_err(format!(
            "dtype() takes at most 4 arguments ({given} given)"
        )));
    }
    for (slot, value) in out.iter_mut().zip(args.iter()) {
        *slot = Some(value);
    }
    for (key, value) in kwargs.map(|k| k.iter()).into_iter().flatten() {
        let key: String = key.extract()?;
        let Some(i) = NAMES.iter().position(|n| *n == key) else {
            return Err(PyTypeError::new_err(format!(
                "'{key}' is an invalid keyword argument for dtype()"
            )));
        };
        if out[i].is_some() {
            return Err(PyTypeError::new_err(format!(
                "argument for dtype() given by name ('{key}') and position ({})",
                i + 1
            )));
        }
        out[i] = Some(value);
    }
    Ok(out)
}

fn new_dtype(
    py: Python<'_>,
    args: &Bound<'_, PyTuple>,
    kwargs: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let [obj, align, copy, metadata] = new_arguments(args, kwargs)?;
    let obj = obj
        .ok_or_else(|| PyTypeError::new_err("dtype() missing required argument 'dtype' (pos 1)"))?;
    let align = align.map_or(Ok(false), |a| {
        // Old pickles give both flags as the numbers 0 and 1.
        let flag = |ob: &Bound<'_, PyAny>| {
            ob.is_exact_instance_of::<pyo3::types::PyInt>()
                && ob.extract::<i64>().is_ok_and(|n| n == 0 || n == 1)
        };
        let old = copy.as_ref().is_some_and(flag) && flag(&a);
        let is_bool = a.is_instance_of::<PyBool>()
            || crate::scalar::exact_num(&a) == Some(numoxide_dtype::TypeNum::Bool);
        if !is_bool && !old {
            warn_align(py, &a)?;
        }
        a.is_truthy()
    })?;
    let copy = copy.map_or(Ok(false), |c| c.is_truthy())?;
    let metadata = match metadata {
        Some(m) => Some(m.cast_into::<PyDict>().map_err(|e| {
            let name = e
                .into_inner()
                .get_type()
                .name()
                .map_or_else(|_| String::new(), |n| n.to_string());
            PyTypeError::new_err(format!("dtype() argument 4 must be dict, not {name}"))
        })?),
        None => None,
    };
    let found = super::convert::convert_new(py, &obj, align)?;
    let descr: *mut Descr = found.as_ptr().cast();
    // SAFETY: a live dtype; the copy is fresh.
    unsafe {
        if !(copy || metadata.is_some()) || super::as_legacy(descr).is_none() {
            return Ok(found);
        }
        let made = make::copy(py, descr)?;
        if let Some(new) = metadata {
            let merged = PyDict::new(py);
            if !(*made).metadata.is_null() {
                merged.update(Bound::from_borrowed_ptr(py, (*made).metadata).cast()?)?;
            }
            merged.update(new.as_mapping())?;
            ffi::Py_XDECREF((*made).metadata);
            (*made).metadata = merged.into_ptr();
        }
        Ok(make::own(py, made))
    }
}

#[cold]
fn warn_align(py: Python<'_>, given: &Bound<'_, PyAny>) -> PyResult<()> {
    let class = py
        .import("numoxide.exceptions")?
        .getattr("VisibleDeprecationWarning")?;
    let text = format!(
        "dtype(): align should be passed as Python or NumPy boolean but got `align={}`. Did you \
         mean to pass a tuple to create a subarray type? (Deprecated NumPy 2.4)",
        given.repr()?
    );
    crate::err::warn(py, &class, &text)
}

/// The byte-order character of the machine, written out.
const NATIVE: u8 = if cfg!(target_endian = "little") {
    b'<'
} else {
    b'>'
};

/// What a byte-order argument asks for.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Swap,
    Keep,
    To(u8),
}

/// The byte order named by an argument.
fn parse_order(arg: Option<Arg<'_, '_>>) -> PyResult<Order> {
    let Some(arg) = arg else {
        return Ok(Order::Swap);
    };
    let text: String = match arg.cast::<pyo3::types::PyBytes>() {
        Ok(bytes) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
        Err(_) => arg.extract().map_err(|_| {
            PyTypeError::new_err(format!(
                "byteorder must be str, not {}",
                arg.get_type()
                    .name()
                    .map_or_else(|_| String::new(), |n| n.to_string())
            ))
        })?,
    };
    let lower = text.to_ascii_lowercase();
    Ok(match lower.as_str() {
        ">" | "b" | "big" => Order::To(b'>'),
        "<" | "l" | "little" => Order::To(b'<'),
        "=" | "n" | "native" => Order::To(b'='),
        "|" | "i" | "ignore" => Order::Keep,
        "s" | "swap" => Order::Swap,
        _ => {
            return Err(PyValueError::new_err(format!(
                "byteorder not recognized (got '{text}')"
            )));
        }
    })
}

fn newbyteorder<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.has_keywords() {
        return Err(PyTypeError::new_err(
            "dtype.newbyteorder() takes no keyword arguments",
        ));
    }
    // SAFETY: a live dtype.
    if unsafe { super::as_legacy(slf.as_ptr().cast()) }.is_none() {
        return Err(PyTypeError::new_err(
            "Cannot use DescrNewByteOrder for this new style DTypes.",
        ));
    }
    let order = parse_order((args.npos() > 0).then(|| args.get(0)))?;
    Ok(reordered(py, slf.as_ptr().cast(), order)?.into_bound(py))
}

/// The dtype, with its fields, in another byte order.
fn reordered(py: Python<'_>, descr: *mut Descr, order: Order) -> PyResult<Py<PyAny>> {
    // SAFETY: live dtypes; made ones are fresh.
    unsafe {
        let made = if is_struct(descr) {
            structs::map_fields(py, descr, &|d| reordered(py, d, order))?
        } else if let Some((base, shape)) = subarray(py, descr) {
            let base = reordered(py, base, order)?;
            make::subarray(py, base.as_ptr().cast(), &shape.extract::<Vec<isize>>()?)?
        } else if !make::has_order(num_of(descr)) || order == Order::Keep {
            return Ok(make::share(py, descr));
        } else {
            let old = (*descr).byteorder as u8;
            let made = make::copy(py, descr)?;
            (*made).byteorder = match order {
                Order::Swap if old == SWAPPED => NATIVE,
                Order::Swap => SWAPPED,
                Order::To(to) => to,
                Order::Keep => old,
            } as _;
            made
        };
        Ok(make::own(py, made))
    }
}

/// The dtype in the machine's byte order, fields too.
pub(crate) fn native(py: Python<'_>, descr: *mut Descr) -> PyResult<Py<PyAny>> {
    if attrs::is_native(py, descr) {
        // SAFETY: a live dtype.
        return Ok(unsafe { make::share(py, descr) });
    }
    reordered(py, descr, Order::To(b'='))
}

fn class_getitem<'py>(
    py: Python<'py>,
    cls: Arg<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let item = args.get(0).to_owned();
    let count = item.cast::<PyTuple>().map_or(1, |t| t.len());
    if count != 1 {
        let few = if count > 1 { "many" } else { "few" };
        return Err(PyTypeError::new_err(format!(
            "Too {few} arguments for {}",
            cls.getattr("__module__")?.str()?.to_string()
                + "."
                + &cls.getattr("__name__")?.str()?.to_string()
        )));
    }
    // SAFETY: live objects.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::Py_GenericAlias(cls.as_ptr(), item.as_ptr())) }
}

/// Whether items of the dtype hold references.
pub(crate) fn has_objects(descr: *mut Descr) -> bool {
    // SAFETY: callers pass live dtypes.
    unsafe { (*descr).flags & descr_flags::ITEM_REFCOUNT != 0 }
}
