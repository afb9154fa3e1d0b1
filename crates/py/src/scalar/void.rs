//! `numpy.void`: fields by name and number, assignment, its own attributes.

use super::delegate;
use crate::args::{Arg, CallArgs};
use crate::descr::{self, make};
use crate::layout::{flags, Descr, VoidScalar};
use crate::slots::{leak_getset, leak_methods, trampoline};
use crate::statics::leak_table;
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use std::ffi::c_int;

/// Adds what `numpy.void` has beyond other scalars.
///
/// # Safety
/// - `ty` is the type being filled.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        (*ty).tp_dealloc = Some(dealloc);
        (*ty).tp_as_mapping = leak_table(|t: &mut ffi::PyMappingMethods| {
            t.mp_length = Some(length_slot);
            t.mp_subscript = Some(subscript_slot);
            t.mp_ass_subscript = Some(assign_slot);
        });
        (*ty).tp_as_sequence = leak_table(|t: &mut ffi::PySequenceMethods| {
            t.sq_length = Some(length_slot);
            t.sq_item = Some(item_slot);
            t.sq_ass_item = Some(assign_item_slot);
        });
        (*ty).tp_getset = leak_getset(crate::getset!(Arg<'_, '_>;
            c"dtype", dtype;
            c"base", base;
            c"flags", get_flags;
        ));
        (*ty).tp_methods = leak_methods(crate::methods!(Arg<'_, '_>;
            c"getfield", getfield, 0, c"getfield(dtype, offset=0)";
            c"setfield", setfield, 0, c"setfield(value, dtype, offset=0)";
        ));
    }
}

fn scalar<'a>(slf: &'a Bound<'_, PyAny>) -> &'a VoidScalar {
    // SAFETY: slots of `void` get void scalars.
    unsafe { &*slf.as_ptr().cast::<VoidScalar>() }
}

unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: last reference; owned memory came from calloc.
    unsafe {
        let scalar = slf.cast::<VoidScalar>();
        if !(*scalar).buffer_info.is_null() {
            crate::array::buffer::report_foreign(slf, (*scalar).buffer_info);
        }
        if (*scalar).flags & flags::OWNDATA != 0 {
            if !(*scalar).descr.is_null() && !(*scalar).obval.is_null() {
                super::refs::release((*scalar).obval, (*scalar).descr);
            }
            libc::free((*scalar).obval.cast());
        }
        ffi::Py_XDECREF((*scalar).descr.cast());
        ffi::Py_XDECREF((*scalar).base);
        if let Some(free) = (*ffi::Py_TYPE(slf)).tp_free {
            free(slf.cast());
        }
    }
}

fn dtype<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the scalar keeps its dtype alive.
    Ok(unsafe { make::share(py, scalar(&slf).descr) }.into_bound(py))
}

fn base<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: NULL or a live object.
    let base = unsafe { Bound::from_borrowed_ptr_or_opt(py, scalar(&slf).base) };
    Ok(base.unwrap_or_else(|| py.None().into_bound(py)))
}

fn get_flags<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(view) = super::void_view(&slf)? {
        return view.getattr(pyo3::intern!(py, "flags"));
    }
    let array = delegate::writable_array_of(&slf)?;
    // SAFETY: a fresh array that owns its item either way until the flags object is gone.
    unsafe {
        let raw = super::arrays::raw(&array);
        (*raw).flags &= !flags::WRITEABLE;
        (*raw).flags |= scalar(&slf).flags & flags::WRITEABLE;
        let out = array.getattr(pyo3::intern!(py, "flags"))?;
        Ok(out)
    }
}

crate::slot!(length_slot(slf) -> isize = length);
crate::slot!(subscript_slot(slf, key) -> *mut ffi::PyObject = subscript);

fn length(py: Python<'_>, slf: &Bound<'_, PyAny>) -> PyResult<isize> {
    // SAFETY: the scalar keeps its dtype alive.
    Ok(unsafe { descr::fields(py, scalar(slf).descr) }.len() as isize)
}

/// The dtype and offset of a field by name.
fn named<'py>(
    py: Python<'py>,
    slf: &Bound<'py, PyAny>,
    key: &Bound<'py, PyAny>,
) -> PyResult<(*mut Descr, isize)> {
    let descr = scalar(slf).descr;
    if descr::is_struct(descr) {
        // SAFETY: the scalar keeps its dtype alive.
        let all = unsafe { descr::fields(py, descr) };
        let found = all.iter().find(|f| {
            f.name.eq(key).unwrap_or(false)
                || f.title.as_ref().is_some_and(|t| t.eq(key).unwrap_or(false))
        });
        if let Some(f) = found {
            return Ok((f.descr, f.offset));
        }
    }
    Err(PyValueError::new_err(format!(
        "no field of name {}",
        key.str()?
    )))
}

/// The dtype and offset of a field by number.
fn numbered(py: Python<'_>, slf: &Bound<'_, PyAny>, index: isize) -> PyResult<(*mut Descr, isize)> {
    let descr = scalar(slf).descr;
    if !descr::is_struct(descr) {
        return Err(PyIndexError::new_err(
            "can't index void scalar without fields",
        ));
    }
    // SAFETY: the scalar keeps its dtype alive.
    let all = unsafe { descr::fields(py, descr) };
    let n = all.len() as isize;
    let at = if index < 0 { index + n } else { index };
    match all.get(at as usize).filter(|_| at >= 0) {
        Some(f) => Ok((f.descr, f.offset)),
        None => Err(PyIndexError::new_err(format!("invalid index ({index})"))),
    }
}

fn field_value<'py>(
    py: Python<'py>,
    slf: &Bound<'py, PyAny>,
    (descr, offset): (*mut Descr, isize),
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: fields lie inside the scalar's item, which the scalar keeps alive.
    unsafe { super::from_ptr(py, scalar(slf).obval.offset(offset), descr, Some(slf)) }
}

fn subscript<'py>(
    py: Python<'py>,
    slf: &Bound<'py, PyAny>,
    key: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if key.is_instance_of::<PyString>() {
        let field = named(py, slf, key)?;
        return field_value(py, slf, field);
    }
    if key.is_instance_of::<PyList>() {
        return delegate::unwrap(view_array(py, slf)?.get_item(key)?);
    }
    if let Some(index) = index_of(key)? {
        let field = numbered(py, slf, index)?;
        return field_value(py, slf, field);
    }
    delegate::subscript(py, slf, key)
}

fn index_of(key: &Bound<'_, PyAny>) -> PyResult<Option<isize>> {
    // SAFETY: a live object.
    if unsafe { ffi::PyIndex_Check(key.as_ptr()) } == 0 {
        return Ok(None);
    }
    key.extract().map(Some)
}

/// A 0-d copy as an array.
fn view_array<'py>(_: Python<'py>, slf: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    delegate::writable_array_of(slf)
}

unsafe extern "C" fn item_slot(slf: *mut ffi::PyObject, index: isize) -> *mut ffi::PyObject {
    // SAFETY: a slot call with a void scalar.
    unsafe {
        trampoline(|py| {
            let slf = Bound::from_borrowed_ptr(py, slf);
            let field = numbered(py, &slf, index)?;
            field_value(py, &slf, field)
        })
    }
}

fn assign<'py>(
    py: Python<'py>,
    slf: &Bound<'py, PyAny>,
    (descr, offset): (*mut Descr, isize),
    value: &Bound<'py, PyAny>,
) -> PyResult<()> {
    if scalar(slf).flags & flags::WRITEABLE == 0 {
        return Err(PyValueError::new_err("assignment destination is read-only"));
    }
    // SAFETY: fields lie inside the scalar's item.
    unsafe { super::set_item(py, scalar(slf).obval.offset(offset), descr, value) }
}

unsafe extern "C" fn assign_item_slot(
    slf: *mut ffi::PyObject,
    index: isize,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: a slot call with a void scalar; no value means deletion.
    unsafe {
        trampoline(|py| {
            let slf = Bound::from_borrowed_ptr(py, slf);
            let Some(value) = Bound::from_borrowed_ptr_or_opt(py, value) else {
                return Err(PyValueError::new_err("cannot delete scalar field"));
            };
            let field = numbered(py, &slf, index)?;
            assign(py, &slf, field, &value)
        })
    }
}

unsafe extern "C" fn assign_slot(
    slf: *mut ffi::PyObject,
    key: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: a slot call with a void scalar; no value means deletion.
    unsafe {
        trampoline(|py| {
            let slf = Bound::from_borrowed_ptr(py, slf);
            let key = Bound::from_borrowed_ptr(py, key);
            let Some(value) = Bound::from_borrowed_ptr_or_opt(py, value) else {
                return Err(PyValueError::new_err("cannot delete scalar field"));
            };
            if !descr::is_struct(scalar(&slf).descr) {
                return Err(PyIndexError::new_err(
                    "can't index void scalar without fields",
                ));
            }
            if key.is_instance_of::<PyString>() {
                let field = named(py, &slf, &key)?;
                return assign(py, &slf, field, &value);
            }
            if let Some(index) = index_of(&key)? {
                let field = numbered(py, &slf, index)?;
                return assign(py, &slf, field, &value);
            }
            if let Ok(keys) = key.cast::<PyList>() {
                for (i, name) in keys.iter().enumerate() {
                    let field = named(py, &slf, &name)?;
                    assign(py, &slf, field, &value.get_item(i)?)?;
                }
                return Ok(());
            }
            let whole = (scalar(&slf).descr, 0);
            assign(py, &slf, whole, &value)
        })
    }
}

/// Dtype and offset arguments, checked to lie inside the item.
fn place<'py>(
    py: Python<'py>,
    slf: &Bound<'py, PyAny>,
    dtype: &Bound<'py, PyAny>,
    offset: Option<Arg<'_, 'py>>,
) -> PyResult<(Py<PyAny>, isize)> {
    let dtype = descr::convert(py, dtype)?;
    let offset: isize = offset.map_or(Ok(0), |o| o.extract())?;
    // SAFETY: live dtypes.
    let fits = unsafe {
        let size = (*dtype.as_ptr().cast::<Descr>()).elsize;
        offset >= 0
            && offset
                .checked_add(size)
                .is_some_and(|end| end <= (*scalar(slf).descr).elsize)
    };
    if !fits {
        return Err(PyValueError::new_err(
            "Need 0 <= offset <= 0 for requested type but received offset = 0"
                .replace("offset = 0", &format!("offset = {offset}")),
        ));
    }
    Ok((dtype, offset))
}

fn getfield<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static SIG: crate::args::Sig = crate::args::Sig::new("getfield", &["dtype", "offset"], 1);
    let [dtype, offset] = args.parse::<2>(&SIG)?;
    let dtype = dtype.ok_or_else(|| PyTypeError::new_err("no dtype"))?;
    let (dtype, offset) = place(py, &slf, &dtype, offset)?;
    field_value(py, &slf, (dtype.as_ptr().cast(), offset))
}

fn setfield<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static SIG: crate::args::Sig =
        crate::args::Sig::new("setfield", &["val", "dtype", "offset"], 2);
    let [value, dtype, offset] = args.parse::<3>(&SIG)?;
    let dtype = dtype.ok_or_else(|| PyTypeError::new_err("no dtype"))?;
    let value = value.ok_or_else(|| PyTypeError::new_err("no value"))?;
    let (dtype, offset) = place(py, &slf, &dtype, offset)?;
    assign(py, &slf, (dtype.as_ptr().cast(), offset), &value)?;
    Ok(py.None().into_bound(py))
}
