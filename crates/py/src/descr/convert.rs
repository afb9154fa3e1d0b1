//! The one converter from Python objects to dtypes.

use super::{as_class, as_legacy, is_descr, make, singleton, structs, words};
use crate::layout::Descr;
use crate::scalar::{self, Abstract};
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

/// The dtype an object stands for; DType classes stand for their default instance.
pub(crate) fn convert(py: Python<'_>, obj: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    if is_descr(obj) {
        return Ok(obj.clone().unbind());
    }
    if let Some(class) = as_class(obj) {
        // SAFETY: a class struct; its default instance lives as long as the class.
        let default = unsafe { (*class).singleton };
        if !default.is_null() {
            // SAFETY: as above.
            return Ok(unsafe { make::share(py, default) });
        }
    }
    convert_new(py, obj, false)
}

/// What `numpy.dtype(obj, align)` makes of an object.
pub(crate) fn convert_new(
    py: Python<'_>,
    obj: &Bound<'_, PyAny>,
    align: bool,
) -> PyResult<Py<PyAny>> {
    if is_descr(obj) {
        return Ok(obj.clone().unbind());
    }
    if obj.is_none() {
        return Ok(shared(py, TypeNum::Double));
    }
    if let Ok(text) = obj.cast::<PyString>() {
        return words::from_text(py, text.to_str()?, align);
    }
    if let Ok(bytes) = obj.cast::<PyBytes>() {
        return match std::str::from_utf8(bytes.as_bytes())
            .ok()
            .filter(|s| s.is_ascii())
        {
            Some(text) => words::from_text(py, text, align),
            None => Err(PyTypeError::new_err("data type not understood")),
        };
    }
    // SAFETY: plain type check of a live object.
    if unsafe { ffi::PyType_Check(obj.as_ptr()) } != 0 {
        return from_type(py, obj);
    }
    if let Ok(tuple) = obj.cast::<PyTuple>() {
        return from_tuple(py, tuple, align);
    }
    if let Ok(list) = obj.cast::<PyList>() {
        return structs::from_list(py, list, align);
    }
    if let Ok(dict) = obj.cast::<PyDict>() {
        return structs::from_dict(py, dict, align);
    }
    if scalar::is_array(obj) {
        return Err(PyTypeError::new_err(
            "Cannot construct a dtype from an array",
        ));
    }
    match from_attribute(py, obj)? {
        Some(found) => Ok(found),
        None => Err(PyTypeError::new_err(format!(
            "Cannot interpret '{}' as a data type",
            obj.repr()?
        ))),
    }
}

/// A default instance as an owned object.
pub(crate) fn shared(py: Python<'_>, num: TypeNum) -> Py<PyAny> {
    // SAFETY: default instances live for ever.
    unsafe { make::share(py, singleton(num)) }
}

/// The dtype in an object's `dtype` attribute.
fn from_attribute(py: Python<'_>, obj: &Bound<'_, PyAny>) -> PyResult<Option<Py<PyAny>>> {
    let Some(found) = obj.getattr_opt(pyo3::intern!(py, "dtype"))? else {
        return Ok(from_ctypes(py, obj)?.map(Bound::unbind));
    };
    if is_descr(&found) {
        return Ok(Some(found.unbind()));
    }
    // A property of a class says nothing about the class itself.
    if found.hasattr(pyo3::intern!(py, "__get__"))? {
        return Ok(None);
    }
    Err(PyValueError::new_err(format!(
        "Could not convert {} to a NumPy dtype (via `.dtype` value {}).",
        obj.repr()?,
        found.repr()?
    )))
}

/// The dtype of a `ctypes` type.
fn from_ctypes<'py>(
    py: Python<'py>,
    obj: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(module) = obj.get_type().getattr_opt("__module__")? else {
        return Ok(None);
    };
    if !module.extract::<String>().is_ok_and(|m| m == "_ctypes") {
        return Ok(None);
    }
    py.import("numoxide._core._dtype_ctypes")?
        .call_method1("dtype_from_ctypes_type", (obj,))
        .map(Some)
}

fn from_type(py: Python<'_>, obj: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let ty: *mut ffi::PyTypeObject = obj.as_ptr().cast();
    let builtin = [
        (&raw mut ffi::PyFloat_Type, TypeNum::Double),
        (&raw mut ffi::PyLong_Type, TypeNum::Long),
        (&raw mut ffi::PyBool_Type, TypeNum::Bool),
        (&raw mut ffi::PyComplex_Type, TypeNum::CDouble),
        (&raw mut ffi::PyUnicode_Type, TypeNum::Str),
        (&raw mut ffi::PyBytes_Type, TypeNum::Bytes),
        (&raw mut ffi::PyMemoryView_Type, TypeNum::Void),
        (&raw mut ffi::PyBaseObject_Type, TypeNum::Object),
    ];
    let found = builtin.iter().find(|(b, _)| *b == ty).map(|(_, n)| *n);
    if let Some(num) = found.or_else(|| scalar::num_for(ty)) {
        return Ok(shared(py, num));
    }
    if let Some(text) = abstract_error(ty) {
        return Err(PyTypeError::new_err(text));
    }
    // SAFETY: ready types.
    let base =
        TypeNum::legacy().find(|&n| unsafe { ffi::PyType_IsSubtype(ty, scalar::type_for(n)) != 0 });
    match base {
        Some(TypeNum::Void) => {
            let new = make::fresh(py, TypeNum::Void)?;
            // SAFETY: fresh and not shared.
            unsafe {
                set_type(new, ty);
                Ok(make::own(py, new))
            }
        }
        Some(num) => Ok(shared(py, num)),
        None => Ok(from_attribute(py, obj)?.unwrap_or_else(|| shared(py, TypeNum::Object))),
    }
}

/// Makes a fresh dtype give scalars of another type.
///
/// # Safety
/// - `descr` is fresh; `ty` is a live type.
pub(crate) unsafe fn set_type(descr: *mut Descr, ty: *mut ffi::PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        ffi::Py_INCREF(ty.cast());
        let old = std::mem::replace(&mut (*descr).typeobj, ty);
        ffi::Py_XDECREF(old.cast());
    }
}

fn abstract_error(ty: *mut ffi::PyTypeObject) -> Option<&'static str> {
    use Abstract as A;
    let rows: [(&[Abstract], &str); 6] = [
        (
            &[A::Generic, A::Flexible],
            "Converting `np.generic` to a dtype is not allowed.",
        ),
        (
            &[A::Number, A::Inexact, A::Floating],
            "Converting `np.inexact` or `np.floating` to a dtype not allowed",
        ),
        (
            &[A::Integer, A::SignedInteger],
            "Converting 'np.integer' or 'np.signedinteger' to a dtype is not allowed",
        ),
        (
            &[A::UnsignedInteger],
            "Converting `np.unsignedinteger` to a dtype is not allowed",
        ),
        (
            &[A::ComplexFloating],
            "Converting `np.complex` to a dtype is not allowed.",
        ),
        (
            &[A::Character],
            "Converting `np.character` to a dtype is not allowed",
        ),
    ];
    rows.iter()
        .find(|(types, _)| types.iter().any(|&a| scalar::abstract_type(a) == ty))
        .map(|(_, text)| *text)
}

/// `(dtype, shape)`, `(flexible, size)` or `(base, new)`.
fn from_tuple(py: Python<'_>, tuple: &Bound<'_, PyTuple>, align: bool) -> PyResult<Py<PyAny>> {
    if tuple.len() != 2 {
        return Err(PyTypeError::new_err(format!(
            "Tuple must have size 2, but has size {}",
            tuple.len()
        )));
    }
    let first = convert_new(py, &tuple.get_item(0)?, align)?;
    let second = tuple.get_item(1)?;
    let base: *mut Descr = first.as_ptr().cast();
    if let Some(made) = inherit(py, base, &second)? {
        return Ok(made);
    }
    // SAFETY: a live dtype.
    let (elsize, num) = unsafe { ((*base).elsize, super::num_of(base)) };
    if elsize == 0 && num.is_flexible() && !super::text::is_struct(base) {
        let size: i64 = second
            .extract()
            .map_err(|_| PyValueError::new_err("invalid itemsize in generic type tuple"))?;
        let unit = if num == TypeNum::Str { 4 } else { 1 };
        if size < 0 || size > i64::from(i32::MAX) / unit {
            return Err(PyValueError::new_err(
                "invalid itemsize in generic type tuple",
            ));
        }
        let made = make::sized(py, num, (size * unit) as usize)?;
        // SAFETY: fresh and owned; `base` is live.
        unsafe {
            set_type(made, (*base).typeobj);
            return Ok(make::own(py, made));
        }
    }
    let Some(shape) = shape_of(&second)? else {
        return Ok(first);
    };
    // SAFETY: a live legacy dtype.
    unsafe {
        let made = make::subarray(py, base, &shape)?;
        Ok(make::own(py, made))
    }
}

/// The shape in a dtype tuple; `None` for the empty one.
fn shape_of(obj: &Bound<'_, PyAny>) -> PyResult<Option<Vec<isize>>> {
    let bad = |why: &str| PyValueError::new_err(format!("invalid shape in fixed-type tuple{why}"));
    let items: Vec<i128> = match obj.cast::<PyTuple>() {
        Ok(tuple) if tuple.is_empty() => return Ok(None),
        Ok(tuple) => tuple.extract().map_err(|_| bad("."))?,
        Err(_) => vec![obj.extract().map_err(|_| bad("."))?],
    };
    let mut total = 1i128;
    for &n in &items {
        if n < 0 {
            return Err(bad(": dimension smaller then zero."));
        }
        if n > i128::from(i32::MAX) {
            return Err(bad(": dimension does not fit into a C int."));
        }
        total = total.saturating_mul(n);
    }
    Ok(Some(items.into_iter().map(|n| n as isize).collect()))
}

/// `(base, new)`: the fields of one dtype with the scalar type of another; `None` where the second
/// item is no dtype.
fn inherit(
    py: Python<'_>,
    base: *mut Descr,
    second: &Bound<'_, PyAny>,
) -> PyResult<Option<Py<PyAny>>> {
    // Numbers and tuples of numbers are sizes and shapes.
    if second.is_instance_of::<PyTuple>() || second.extract::<i64>().is_ok() {
        return Ok(None);
    }
    let Ok(new) = convert_new(py, second, false) else {
        return Ok(None);
    };
    let other: *mut Descr = new.as_ptr().cast();
    // SAFETY: live dtypes; the made one is fresh.
    unsafe {
        let (Some(from), Some(_)) = (as_legacy(other), as_legacy(base)) else {
            return Ok(None);
        };
        if (*base).elsize == 0 {
            if (*other).elsize == 0 && super::num_of(base) != TypeNum::Void {
                return Ok(None);
            }
        } else if (*base).elsize != (*other).elsize {
            return Err(PyValueError::new_err(
                "mismatch in size of old and new data-descriptor",
            ));
        }
        let made = make::copy(py, base)?;
        (*made).elsize = (*other).elsize;
        let to = made.cast::<crate::layout::LegacyDescr>();
        if !(*from).names.is_null() {
            ffi::Py_XINCREF((*from).fields);
            ffi::Py_XINCREF((*from).names);
            ffi::Py_XDECREF((*to).fields);
            ffi::Py_XDECREF((*to).names);
            (*to).fields = (*from).fields;
            (*to).names = (*from).names;
            if super::num_of(base) == TypeNum::Void {
                (*made).flags = (*other).flags;
                (*made).alignment = (*other).alignment;
            }
        }
        Ok(Some(make::own(py, made)))
    }
}
