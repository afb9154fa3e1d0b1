//! Attributes of dtype objects.

use super::engine::{fields, num_of, SWAPPED};
use super::text::{self, is_struct, subarray};
use super::{as_legacy, make, singleton};
use crate::args::Arg;
use crate::layout::{descr_flags, Descr};
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyAttributeError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyMappingProxy, PyString, PyTuple};
use std::mem::offset_of;

type Object<'py> = PyResult<Bound<'py, PyAny>>;

fn of(slf: Arg<'_, '_>) -> *mut Descr {
    slf.as_ptr().cast()
}

fn text<'py>(py: Python<'py>, made: PyResult<String>) -> Object<'py> {
    Ok(PyString::new(py, &made?).into_any())
}

fn bool_object(py: Python<'_>, value: bool) -> Object<'_> {
    Ok(PyBool::new(py, value).to_owned().into_any())
}

/// The attribute table.
pub(crate) fn getset() -> Vec<ffi::PyGetSetDef> {
    crate::getset!(Arg<'_, '_>;
        c"str", |py, slf| text(py, text::typestr(py, of(slf)));
        c"name", |py, slf| text(py, text::name(py, of(slf)));
        c"descr", |py, slf| text::descr_list(py, of(slf));
        c"base", base;
        c"shape", shape;
        c"ndim", ndim;
        c"subdtype", subdtype;
        c"isbuiltin", isbuiltin;
        c"isnative", |py, slf| bool_object(py, is_native(py, of(slf)));
        c"isalignedstruct", |py, slf| flag(py, slf, descr_flags::ALIGNED_STRUCT);
        c"hasobject", |py, slf| flag(py, slf, descr_flags::ITEM_REFCOUNT);
        c"fields", get_fields;
        c"names", names, set_names;
        c"metadata", metadata;
    )
}

/// Attributes that are plain C members.
pub(crate) fn members() -> *mut ffi::PyMemberDef {
    let row =
        |name: &'static std::ffi::CStr, kind: std::ffi::c_int, offset: usize| ffi::PyMemberDef {
            name: name.as_ptr(),
            type_code: kind,
            offset: offset as isize,
            flags: ffi::Py_READONLY,
            doc: std::ptr::null(),
        };
    let rows = vec![
        row(c"type", ffi::Py_T_OBJECT_EX, offset_of!(Descr, typeobj)),
        row(c"kind", ffi::Py_T_CHAR, offset_of!(Descr, kind)),
        row(c"char", ffi::Py_T_CHAR, offset_of!(Descr, type_)),
        row(c"num", ffi::Py_T_INT, offset_of!(Descr, type_num)),
        row(c"byteorder", ffi::Py_T_CHAR, offset_of!(Descr, byteorder)),
        row(c"itemsize", ffi::Py_T_PYSSIZET, offset_of!(Descr, elsize)),
        row(
            c"alignment",
            ffi::Py_T_PYSSIZET,
            offset_of!(Descr, alignment),
        ),
        row(c"flags", ffi::Py_T_ULONGLONG, offset_of!(Descr, flags)),
        ffi::PyMemberDef::default(),
    ];
    Box::leak(rows.into_boxed_slice()).as_mut_ptr()
}

fn flag<'py>(py: Python<'py>, slf: Arg<'_, 'py>, bit: u64) -> Object<'py> {
    // SAFETY: a live dtype.
    bool_object(py, unsafe { (*of(slf)).flags & bit != 0 })
}

fn base<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    match subarray(py, of(slf)) {
        // SAFETY: the sub-array part keeps its base alive.
        Some((base, _)) => Ok(unsafe { make::share(py, base) }.into_bound(py)),
        None => Ok(slf.to_owned()),
    }
}

fn shape<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    Ok(match subarray(py, of(slf)) {
        Some((_, shape)) => shape,
        None => PyTuple::empty(py).into_any(),
    })
}

fn ndim<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    let n = shape(py, slf)?.len()?;
    Ok(n.into_pyobject(py)?.into_any())
}

fn subdtype<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    match subarray(py, of(slf)) {
        Some((base, shape)) => {
            // SAFETY: the sub-array part keeps its base alive.
            let base = unsafe { make::share(py, base) }.into_bound(py);
            Ok(PyTuple::new(py, [base, shape])?.into_any())
        }
        None => Ok(py.None().into_bound(py)),
    }
}

fn isbuiltin<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    let value = match num_of(of(slf)) {
        TypeNum::User => 2,
        TypeNum::VString => 0,
        num => i32::from(singleton(num) == of(slf)),
    };
    Ok(value.into_pyobject(py)?.into_any())
}

/// Whether items, fields included, are in the machine's byte order (sub-arrays count as such).
pub(crate) fn is_native(py: Python<'_>, descr: *mut Descr) -> bool {
    // SAFETY: live dtypes.
    unsafe {
        (*descr).byteorder as u8 != SWAPPED
            && fields(py, descr).iter().all(|f| is_native(py, f.descr))
    }
}

fn get_fields<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    if !is_struct(of(slf)) {
        return Ok(py.None().into_bound(py));
    }
    // SAFETY: structured dtypes are legacy and have a field dictionary.
    unsafe {
        let dict = (*of(slf).cast::<crate::layout::LegacyDescr>()).fields;
        Bound::from_owned_ptr_or_err(py, ffi::PyDictProxy_New(dict))
    }
}

fn names<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    // SAFETY: a live dtype; names is NULL or a tuple.
    let names =
        unsafe { as_legacy(of(slf)).and_then(|l| Bound::from_borrowed_ptr_or_opt(py, (*l).names)) };
    Ok(names.unwrap_or_else(|| py.None().into_bound(py)))
}

fn set_names(py: Python<'_>, slf: Arg<'_, '_>, value: Option<Arg<'_, '_>>) -> PyResult<()> {
    let descr = of(slf);
    let Some(value) = value else {
        return Err(PyAttributeError::new_err(
            "Cannot delete dtype names attribute",
        ));
    };
    if !is_struct(descr) {
        return Err(PyValueError::new_err("there are no fields defined"));
    }
    // SAFETY: a live dtype.
    let all = unsafe { fields(py, descr) };
    let new: Option<Vec<Bound<'_, PyAny>>> = value
        .len()
        .ok()
        .filter(|&n| n == all.len())
        .and_then(|_| value.try_iter().ok()?.collect::<PyResult<_>>().ok());
    let Some(new) = new else {
        return Err(PyValueError::new_err(format!(
            "must replace all names at once with a sequence of length {}",
            all.len()
        )));
    };
    let dict = pyo3::types::PyDict::new(py);
    for (i, (name, f)) in new.iter().zip(&all).enumerate() {
        if !name.is_instance_of::<PyString>() {
            return Err(PyValueError::new_err(format!(
                "item #{i} of names is of type {} and not string",
                name.get_type().name()?
            )));
        }
        // SAFETY: structured dtypes are legacy.
        let old = unsafe {
            let legacy = descr.cast::<crate::layout::LegacyDescr>();
            Bound::from_borrowed_ptr(py, (*legacy).fields).get_item(&f.name)?
        };
        if dict.contains(name)? {
            return Err(PyValueError::new_err("Duplicate field names given."));
        }
        dict.set_item(name, &old)?;
        if let Some(title) = f.title.as_ref().filter(|t| t.is_instance_of::<PyString>()) {
            if dict.contains(title)? {
                return Err(PyValueError::new_err("Duplicate field names given."));
            }
            dict.set_item(title, old)?;
        }
    }
    let names = PyTuple::new(py, new)?;
    // SAFETY: structured dtypes are legacy; old references are dropped after the swap.
    unsafe {
        let legacy = descr.cast::<crate::layout::LegacyDescr>();
        (*descr).hash = -1;
        let old = std::mem::replace(&mut (*legacy).names, names.into_ptr());
        let old_fields = std::mem::replace(&mut (*legacy).fields, dict.into_ptr());
        ffi::Py_XDECREF(old);
        ffi::Py_XDECREF(old_fields);
    }
    Ok(())
}

fn metadata<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    // SAFETY: a live dtype; metadata is NULL or a dictionary.
    match unsafe { Bound::from_borrowed_ptr_or_opt(py, (*of(slf)).metadata) } {
        Some(dict) => {
            let dict = dict
                .cast_into::<pyo3::types::PyMapping>()
                .map_err(|_| PyTypeError::new_err("metadata is no mapping"))?;
            Ok(PyMappingProxy::new(py, &dict).into_any())
        }
        None => Ok(py.None().into_bound(py)),
    }
}
