//! `__array_interface__`, `__array_struct__`, `__array_namespace__` and the like, given.

use super::ArrayRef;
use crate::args::{CallArgs, Sig};
use crate::layout::{flags, ArrayInterface};
use numoxide_core::TypeNum;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use std::ffi::c_int;

/// `a.__array_interface__`.
pub(super) fn interface<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let dict = PyDict::new(py);
    dict.set_item("data", (a.data() as usize, !a.exports_writeable()))?;
    if a.is_c() {
        dict.set_item("strides", py.None())?;
    } else {
        dict.set_item("strides", PyTuple::new(py, a.strides())?)?;
    }
    let dtype = a.dtype_object();
    dict.set_item("descr", field_list(&dtype)?)?;
    dict.set_item("typestr", dtype.getattr("str")?)?;
    dict.set_item("shape", PyTuple::new(py, a.shape())?)?;
    dict.set_item("version", 3)?;
    Ok(dict.into_any())
}

/// `dtype.descr`; one item of plain bytes for fields that no list describes.
fn field_list<'py>(dtype: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = dtype.py();
    match dtype.getattr("descr") {
        Err(e) if e.is_instance_of::<PyValueError>(py) => {
            let whole = ("", dtype.getattr("str")?);
            Ok(pyo3::types::PyList::new(py, [whole])?.into_any())
        }
        found => found,
    }
}

/// What a `__array_struct__` capsule owns.
#[repr(C)]
struct Owned {
    head: ArrayInterface,
    geometry: Vec<isize>,
}

unsafe extern "C" fn free_struct(capsule: *mut ffi::PyObject) {
    // SAFETY: made by `array_struct`: the pointer is the struct's, the context the array.
    unsafe {
        let ptr = ffi::PyCapsule_GetPointer(capsule, std::ptr::null()).cast::<Owned>();
        let array = ffi::PyCapsule_GetContext(capsule).cast::<ffi::PyObject>();
        ffi::Py_XDECREF((*ptr).head.descr);
        drop(Box::from_raw(ptr));
        ffi::Py_XDECREF(array);
    }
}

/// `a.__array_struct__`.
pub(super) fn array_struct<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    const NOT_SWAPPED: c_int = 0x200;
    const HAS_DESCR: c_int = 0x800;
    let dtype = a.dtype();
    let fields = dtype.num == TypeNum::Void && dtype.fields().is_some();
    let descr = match fields {
        true => field_list(&a.dtype_object())?.into_ptr(),
        false => std::ptr::null_mut(),
    };
    let mut bits = a.flags() & !(flags::WRITEBACKIFCOPY | flags::OWNDATA);
    if !a.exports_writeable() {
        bits &= !(flags::WRITEABLE | flags::WARN_ON_WRITE);
    }
    bits |= if dtype.swapped { 0 } else { NOT_SWAPPED } | if fields { HAS_DESCR } else { 0 };
    let mut geometry: Vec<isize> = a.shape().iter().map(|&n| n as isize).collect();
    geometry.extend_from_slice(a.strides());
    let mut owned = Box::new(Owned {
        head: ArrayInterface {
            two: 2,
            nd: a.ndim() as c_int,
            typekind: dtype.num.kind() as std::ffi::c_char,
            itemsize: a.itemsize() as c_int,
            flags: bits,
            shape: std::ptr::null_mut(),
            strides: std::ptr::null_mut(),
            data: a.data().cast(),
            descr,
        },
        geometry,
    });
    owned.head.shape = owned.geometry.as_mut_ptr();
    // SAFETY: as many strides follow the lengths.
    owned.head.strides = unsafe { owned.head.shape.add(a.ndim()) };
    // SAFETY: the capsule owns the box and a reference to the array.
    unsafe {
        let ptr = Box::into_raw(owned);
        let capsule = ffi::PyCapsule_New(ptr.cast(), std::ptr::null(), Some(free_struct));
        let capsule = Bound::from_owned_ptr_or_err(py, capsule)?;
        ffi::Py_INCREF(a.as_any().as_ptr());
        ffi::PyCapsule_SetContext(capsule.as_ptr(), a.as_any().as_ptr().cast());
        Ok(capsule)
    }
}

/// `a.__array_namespace__(*, api_version=None)`.
pub(super) fn namespace<'py>(
    py: Python<'py>,
    _: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static NAMESPACE: Sig = Sig::new("__array_namespace__", &["api_version"], 0).max_pos(0);
    let [version] = args.parse(&NAMESPACE)?;
    if let Some(version) = version.filter(|v| !v.is_none()) {
        let Ok(text) = version.cast::<PyString>() else {
            return Err(PyValueError::new_err(format!(
                "Only None and strings are allowed as the Array API version, but received: {}.",
                version.str()?
            )));
        };
        if !["2021.12", "2022.12", "2023.12", "2024.12"].contains(&text.to_str()?) {
            let text = text.to_str()?;
            return Err(PyValueError::new_err(format!(
                "Version \"{text}\" of the Array API Standard is not supported."
            )));
        }
    }
    Ok(py.import("numoxide")?.into_any())
}

/// `a.to_device(device, /, *, stream=None)`.
pub(super) fn to_device<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static TO_DEVICE: Sig = Sig::new("to_device", &["device", "stream"], 1)
        .pos_only(1)
        .max_pos(1);
    let [device, stream] = args.parse(&TO_DEVICE)?;
    if stream.is_some_and(|s| !s.is_none()) {
        return Err(PyValueError::new_err(
            "The stream argument in to_device() is not supported",
        ));
    }
    let device = device.ok_or_else(|| PyTypeError::new_err("a device is missing"))?;
    if !device.eq("cpu")? {
        return Err(PyValueError::new_err(format!(
            "Unsupported device: {}. Only 'cpu' is accepted.",
            device.str()?
        )));
    }
    Ok(a.as_bound())
}

/// `ndarray[shape, dtype]` as a type hint (a class method: the receiver is the type).
pub(super) fn class_getitem<'py>(
    py: Python<'py>,
    class: pyo3::Borrowed<'_, 'py, PyAny>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static CLASS_GETITEM: Sig = Sig::new("__class_getitem__", &["item"], 1);
    let [item] = args.parse(&CLASS_GETITEM)?;
    let item = item.ok_or_else(|| PyTypeError::new_err("an item is missing"))?;
    let n = item.cast::<PyTuple>().map_or(1, |t| t.len());
    if !(1..=2).contains(&n) {
        let many = if n > 2 { "many" } else { "few" };
        let name: String = class.getattr("__name__")?.extract()?;
        let module: String = class.getattr("__module__")?.extract()?;
        return Err(PyTypeError::new_err(format!(
            "Too {many} arguments for {module}.{name}"
        )));
    }
    py.import("types")?
        .getattr("GenericAlias")?
        .call1((class, item))
}

/// `a.__array_ufunc__(ufunc, method, *inputs, **kwargs)`: the plain call, unless another operand
/// overrides it.
pub(super) fn array_ufunc<'py>(
    py: Python<'py>,
    _: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() < 2 {
        return Err(PyTypeError::new_err(
            "__array_ufunc__ requires at least 2 arguments",
        ));
    }
    let kwargs = PyDict::new(py);
    for (name, value) in args.keywords() {
        kwargs.set_item(name, value)?;
    }
    let mut operands: Vec<Bound<'py, PyAny>> =
        (2..args.npos()).map(|i| args.get(i).to_owned()).collect();
    let inputs = PyTuple::new(py, &operands)?;
    if let Some(out) = kwargs.get_item("out")? {
        match out.cast::<PyTuple>() {
            Ok(outs) => operands.extend(outs.iter()),
            Err(_) => operands.push(out),
        }
    }
    operands.extend(kwargs.get_item("where")?);
    for ob in &operands {
        if overrides_ufuncs(ob)? {
            return Ok(py.NotImplemented().into_bound(py));
        }
    }
    let method: String = args.get(1).extract()?;
    args.get(0)
        .call_method(method.as_str(), inputs, Some(&kwargs))
}

/// Whether an operand has an `__array_ufunc__` that is not ndarray's own.
fn overrides_ufuncs(ob: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = ob.py();
    if ArrayRef::from_bound(ob).is_some_and(|a| a.is_exact()) || ob.is_none() {
        return Ok(false);
    }
    let Ok(found) = ob.get_type().getattr(pyo3::intern!(py, "__array_ufunc__")) else {
        return Ok(false);
    };
    // SAFETY: a ready type.
    let own = unsafe { Bound::from_borrowed_ptr(py, super::NDARRAY.as_object()) }
        .getattr(pyo3::intern!(py, "__array_ufunc__"))?;
    Ok(!found.is(&own))
}

/// `a.__array_function__(func, types, args, kwargs)`.
pub(super) fn array_function<'py>(
    py: Python<'py>,
    _: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static FUNCTION: Sig = Sig::new(
        "__array_function__",
        &["func", "types", "args", "kwargs"],
        4,
    );
    let [func, types, positional, kwargs] = args.parse(&FUNCTION)?;
    let (Some(func), Some(types), Some(positional), Some(kwargs)) =
        (func, types, positional, kwargs)
    else {
        return Err(PyTypeError::new_err(
            "__array_function__() needs four arguments",
        ));
    };
    let Ok(positional) = positional.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err("args must be a tuple."));
    };
    let Ok(kwargs) = kwargs.cast::<PyDict>() else {
        return Err(PyTypeError::new_err("kwargs must be a dict."));
    };
    let types = types.try_iter().map_err(|_| {
        PyTypeError::new_err("types argument to ndarray.__array_function__ must be iterable")
    })?;
    // Another type's own version must have had its chance.
    let ndarray = super::NDARRAY.as_object();
    for kind in types {
        // SAFETY: valid objects.
        match unsafe { ffi::PyObject_IsSubclass(kind?.as_ptr(), ndarray) } {
            1 => {}
            0 => return Ok(py.NotImplemented().into_bound(py)),
            _ => return Err(PyErr::fetch(py)),
        }
    }
    // A function without dispatcher is called as it is.
    let function = func
        .getattr_opt(pyo3::intern!(py, "_implementation"))?
        .unwrap_or_else(|| func.to_owned());
    function.call(positional.to_owned(), Some(&kwargs.to_owned()))
}
