//! The one converter from Python objects to dtypes.

use super::{as_class, as_legacy, is_descr, make, singleton, structs, words};
use crate::layout::{descr_flags, Descr};
use crate::scalar::{self, Abstract};
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyMappingProxy, PyString, PyTuple, PyType};

/// The dtype an object stands for; DType classes stand for their default instance.
pub(crate) fn convert(py: Python<'_>, obj: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    if is_descr(obj) {
        return Ok(obj.clone().unbind());
    }
    if obj.as_ptr() == super::descr_type().cast() {
        return Err(PyTypeError::new_err(
            "Cannot convert np.dtype into a dtype.",
        ));
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
        // One byte may be a type number.
        if let &[n @ 0..=23] = bytes.as_bytes() {
            return Ok(shared(py, numoxide_dtype::ROWS[usize::from(n)].num));
        }
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
    if let Some(made) = from_container(py, obj, align) {
        return made;
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

/// The dtype that a tuple, a list or a dictionary spells out.
fn from_container(
    py: Python<'_>,
    obj: &Bound<'_, PyAny>,
    align: bool,
) -> Option<PyResult<Py<PyAny>>> {
    if let Ok(tuple) = obj.cast::<PyTuple>() {
        return Some(guarded(py, || from_tuple(py, tuple, align)));
    }
    if let Ok(list) = obj.cast::<PyList>() {
        return Some(guarded(py, || structs::from_list(py, list, align)));
    }
    if let Ok(dict) = obj.cast::<PyDict>() {
        return Some(guarded(py, || structs::from_dict(py, dict, align)));
    }
    if let Ok(proxy) = obj.cast::<PyMappingProxy>() {
        let dict = PyDict::new(py);
        let items = proxy.items();
        let copied = items.and_then(|items| {
            items
                .iter()
                .try_for_each(|pair| dict.set_item(pair.get_item(0)?, pair.get_item(1)?))
        });
        return Some(copied.and_then(|()| structs::from_dict(py, &dict, align)));
    }
    None
}

/// Runs a step of a nested conversion under the interpreter's limit of recursion.
fn guarded(py: Python<'_>, step: impl FnOnce() -> PyResult<Py<PyAny>>) -> PyResult<Py<PyAny>> {
    // SAFETY: the interpreter lock is held; each entry is left below.
    if unsafe { ffi::Py_EnterRecursiveCall(c" while creating a data type".as_ptr()) } != 0 {
        return Err(PyErr::fetch(py));
    }
    let made = step();
    // SAFETY: entered above.
    unsafe { ffi::Py_LeaveRecursiveCall() };
    made
}

/// A default instance as an owned object.
pub(crate) fn shared(py: Python<'_>, num: TypeNum) -> Py<PyAny> {
    // SAFETY: default instances live for ever.
    unsafe { make::share(py, singleton(num)) }
}

/// The dtype in an object's `__numpy_dtype__` or `dtype` attribute, or that of a `ctypes` type.
fn from_attribute(py: Python<'_>, obj: &Bound<'_, PyAny>) -> PyResult<Option<Py<PyAny>>> {
    for name in ["__numpy_dtype__", "dtype"] {
        let Some(found) = obj.getattr_opt(PyString::intern(py, name))? else {
            continue;
        };
        if is_descr(&found) {
            return Ok(Some(found.unbind()));
        }
        // A property of a class says nothing about the class itself.
        if found.hasattr(pyo3::intern!(py, "__get__"))? {
            continue;
        }
        return Err(PyValueError::new_err(format!(
            "Could not convert {} to a NumPy dtype (via `.{name}` value {}).",
            obj.repr()?,
            found.repr()?
        )));
    }
    Ok(from_ctypes(py, obj)?.map(Bound::unbind))
}

/// The dtype of a `ctypes` type or of an instance of one.
fn from_ctypes<'py>(
    py: Python<'py>,
    obj: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let class = match obj.cast::<PyType>() {
        Ok(class) => class.clone(),
        Err(_) => obj.get_type(),
    };
    // SAFETY: a type's name is NUL-terminated text.
    let of_ctypes = |base: &Bound<'_, PyAny>| unsafe {
        let name = (*base.as_ptr().cast::<ffi::PyTypeObject>()).tp_name;
        std::ffi::CStr::from_ptr(name)
            .to_bytes()
            .starts_with(b"_ctypes.")
    };
    if !class.mro().iter().any(|base| of_ctypes(&base)) {
        return Ok(None);
    }
    py.import("numoxide._core._dtype_ctypes")?
        .call_method1("dtype_from_ctypes_type", (class,))
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
    if let Some(found) = crate::capi::user::descr_for_type(ty) {
        // SAFETY: registered dtypes live for ever.
        return Ok(unsafe { make::share(py, found) });
    }
    if let Some(text) = abstract_error(ty) {
        return Err(PyTypeError::new_err(text));
    }
    // SAFETY: ready types.
    let base =
        TypeNum::legacy().find(|&n| unsafe { ffi::PyType_IsSubtype(ty, scalar::type_for(n)) != 0 });
    match base {
        Some(TypeNum::Void) => {
            if let Some(found) = obj.getattr_opt(pyo3::intern!(py, "dtype"))? {
                let get = found.hasattr(pyo3::intern!(py, "__get__"))?;
                if !is_descr(&found) && !get {
                    return Err(PyValueError::new_err(format!(
                        "`.dtype` attribute {} is not a valid dtype instance",
                        found.repr()?
                    )));
                }
            }
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
    let index = |item: Bound<'_, PyAny>| -> PyResult<i128> {
        item.call_method0("__index__")
            .and_then(|n| n.extract())
            .map_err(|_| bad("."))
    };
    let items: Vec<i128> = match obj.try_iter() {
        Ok(items) => items.map(|i| index(i?)).collect::<PyResult<_>>()?,
        Err(_) => vec![index(obj.clone())?],
    };
    if items.is_empty() {
        return Ok(None);
    }
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

/// An object under the name of one field, the only way to name objects twice.
///
/// # Safety
/// - Live legacy dtypes of one size.
unsafe fn is_union_of_object(py: Python<'_>, base: *mut Descr, new: *mut Descr) -> bool {
    // SAFETY: by contract.
    unsafe {
        let fields = match super::is_struct(new) {
            true => super::fields(py, new),
            false => return false,
        };
        let object = |d| super::num_of(d) == TypeNum::Object;
        object(base) && matches!(&fields[..], [only] if object(only.descr))
    }
}

/// `(base, new)`: the fields of one dtype with the scalar type of another; `None` where the second
/// item is no dtype.
fn inherit(
    py: Python<'_>,
    base: *mut Descr,
    second: &Bound<'_, PyAny>,
) -> PyResult<Option<Py<PyAny>>> {
    // Numbers and sequences of numbers are sizes and shapes.
    let first = || second.get_item(0).is_ok_and(|i| i.extract::<i64>().is_ok());
    let sequence = !second.is_instance_of::<PyString>() && !second.is_instance_of::<PyBytes>();
    if second.is_instance_of::<PyTuple>()
        || second.extract::<i64>().is_ok()
        || (sequence && first())
    {
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
        if (*base).elsize == 0 && !super::is_struct(base) {
            if (*other).elsize == 0 && super::num_of(base) != TypeNum::Void {
                return Ok(None);
            }
        } else if (*base).elsize != (*other).elsize {
            return Err(PyValueError::new_err(
                "mismatch in size of old and new data-descriptor",
            ));
        }
        let objects = super::has_objects(base) || super::has_objects(other);
        if objects && (*base).elsize != 0 && !is_union_of_object(py, base, other) {
            return Err(PyValueError::new_err(
                "dtypes of the form (old_dtype, new_dtype) containing the object dtype are not \
                 supported",
            ));
        }
        let made = make::copy(py, base)?;
        (*made).elsize = (*other).elsize;
        if super::num_of(base) == TypeNum::Void && super::has_objects(other) {
            (*made).flags |= descr_flags::OBJECT;
        }
        if !(*other).metadata.is_null() {
            ffi::Py_XDECREF((*made).metadata);
            (*made).metadata = ffi::PyDict_Copy((*other).metadata);
        }
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
