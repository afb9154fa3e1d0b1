//! Pickling: `__reduce__`, `__reduce_ex__`, `__setstate__`, `_reconstruct`, `dump`, `dumps`.

use super::copies::bytes;
use super::object::{data_is_inline, free_items};
use super::reshape::{contiguous_strides, replace_geometry};
use super::{finalize, make, ArrayRef, Items, Spec, NDARRAY};
use crate::args::{CallArgs, Sig};
use crate::convert;
use crate::descr;
use crate::layout::{descr_flags, flags, Descr};
use crate::scalar;
use crate::slots::Module;
use numoxide_core::Order;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

/// Pickle version of the state tuple.
const VERSION: i32 = 1;

fn needs_list(a: ArrayRef<'_, '_>) -> bool {
    // SAFETY: a valid dtype.
    unsafe { (*a.descr()).flags & descr_flags::LIST_PICKLE != 0 }
}

/// `a.__reduce__()`.
pub(super) fn reduce<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let multiarray = py.import("numoxide._core.multiarray")?;
    let reconstruct = multiarray.getattr("_reconstruct")?;
    let args = (a.as_any().get_type(), (0,), PyBytes::new(py, b"b"));
    let fortran = a.is_f() && !a.is_c();
    let items = if needs_list(a) {
        let flat =
            super::reshape::flat_copy(ArrayRef::of(&super::assign::as_exact(a)?), order(fortran))?;
        flat.call_method0("tolist")?
    } else {
        bytes(py, a, order(fortran))?.into_any()
    };
    let shape = PyTuple::new(py, a.shape())?;
    let state = (VERSION, shape, a.dtype_object(), fortran, items);
    Ok((reconstruct, args, state).into_pyobject(py)?.into_any())
}

fn order(fortran: bool) -> Order {
    if fortran {
        Order::F
    } else {
        Order::C
    }
}

/// What `__reduce_ex__` gives for an array whose axes lie contiguously in another order; `None` for
/// other arrays.
fn reduce_turned<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut axes: Vec<usize> = (0..a.ndim()).collect();
    axes.sort_by_key(|&i| std::cmp::Reverse(a.strides()[i].unsigned_abs()));
    let turned = a
        .as_any()
        .call_method1("transpose", (PyTuple::new(py, &axes)?,))?;
    let plain = ArrayRef::of(&turned);
    if !plain.is_c() {
        return Ok(None);
    }
    let mut back = vec![0; axes.len()];
    for (i, &axis) in axes.iter().enumerate() {
        back[axis] = i;
    }
    let shape = PyTuple::new(py, plain.shape())?;
    let buffer = py
        .import("pickle")?
        .getattr("PickleBuffer")?
        .call1((&turned,))?;
    let from_buffer = py
        .import("numoxide._core.numeric")?
        .getattr("_frombuffer")?;
    let order = PyTuple::new(py, back)?;
    let args = (buffer, a.dtype_object(), shape, "K", order);
    Ok(Some((from_buffer, args).into_pyobject(py)?.into_any()))
}

/// `a.__reduce_ex__(protocol)`: from protocol 5 on the items travel as a buffer.
pub(super) fn reduce_ex<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static REDUCE_EX: Sig = Sig::new("__reduce_ex__", &["protocol"], 1);
    let [protocol] = args.parse(&REDUCE_EX)?;
    let protocol = protocol.map_or(Ok(0), convert::as_int)?;
    let dtype = a.dtype();
    let plain = a.is_exact() && !dtype.has_objects() && !needs_list(a) && a.itemsize() > 0;
    let user = matches!(
        dtype.num,
        numoxide_core::TypeNum::User | numoxide_core::TypeNum::VString
    );
    if protocol >= 5 && plain && !user && !(a.is_c() || a.is_f()) {
        if let Some(reduced) = reduce_turned(py, a)? {
            return Ok(reduced);
        }
    }
    if protocol < 5 || !plain || user || !(a.is_c() || a.is_f()) {
        return a.as_any().call_method0(pyo3::intern!(py, "__reduce__"));
    }
    let fortran = a.is_f() && !a.is_c();
    let source = if fortran {
        super::attrs::transposed(py, a)?
    } else {
        a.as_bound()
    };
    let buffer = py
        .import("pickle")?
        .getattr("PickleBuffer")?
        .call1((source,));
    // Dates and what holds them have no buffer format.
    let buffer = match buffer {
        Err(e) if e.is_instance_of::<PyValueError>(py) => {
            return a.as_any().call_method0(pyo3::intern!(py, "__reduce__"));
        }
        made => made?,
    };
    let from_buffer = py
        .import("numoxide._core.numeric")?
        .getattr("_frombuffer")?;
    let shape = PyTuple::new(py, a.shape())?;
    let letter = PyString::new(py, if fortran { "F" } else { "C" });
    let args = (buffer, a.dtype_object(), shape, letter);
    Ok((from_buffer, args).into_pyobject(py)?.into_any())
}

/// `a.__setstate__(state)`: `(version, shape, dtype, is_fortran, items)` or without the version.
pub(super) fn setstate<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static SETSTATE: Sig = Sig::new("__setstate__", &["state"], 1);
    let [state] = args.parse(&SETSTATE)?;
    let state = state.ok_or_else(|| PyTypeError::new_err("a state is missing"))?;
    let Ok(state) = state.cast::<PyTuple>() else {
        let kind = state.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "__setstate__() argument 1 must be 4-item sequence, not {kind}"
        )));
    };
    let skip = match state.len() {
        5 => {
            let version: i32 = state.get_item(0)?.extract()?;
            if version != VERSION {
                return Err(PyValueError::new_err(format!(
                    "can't handle version {version} of numpy.ndarray pickle"
                )));
            }
            1
        }
        4 => 0,
        n => {
            return Err(PyTypeError::new_err(format!(
                "__setstate__() argument 1 must be sequence of length 4, not {n}"
            )));
        }
    };
    let shape = convert::shape(state.get_borrowed_item(skip)?)?;
    let dtype = state.get_item(skip + 1)?;
    if !descr::is_descr(&dtype) {
        return Err(PyTypeError::new_err(
            "the dtype of an array's state is no dtype",
        ));
    }
    let fortran = state.get_item(skip + 2)?.is_truthy()?;
    let items = state.get_item(skip + 3)?;
    restore(py, a, &shape, dtype.as_ptr().cast(), fortran, &items)?;
    Ok(py.None().into_bound(py))
}

/// Gives the array new items, dtype and shape.
fn restore<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    shape: &[usize],
    descr: *mut Descr,
    fortran: bool,
    items: &Bound<'py, PyAny>,
) -> PyResult<()> {
    if let Ok(bytes) = items.cast::<PyBytes>() {
        if keep_bytes(a, shape, descr, fortran, bytes)? {
            return Ok(());
        }
    }
    let fresh = make(
        py,
        Spec {
            fortran,
            items: Items::Zeros,
            ..Spec::new(descr, shape)
        },
    )?;
    let new = ArrayRef::of(&fresh);
    if let Ok(list) = items.cast::<PyList>() {
        fill_from_list(py, new, list, fortran)?;
    } else {
        // Python 2 pickles hold the bytes as text.
        let text;
        let data = match items.cast::<PyString>() {
            Ok(s) => {
                text = s.call_method1("encode", ("latin1",))?;
                &text
            }
            Err(_) => items,
        };
        let Ok(data) = data.cast::<PyBytes>() else {
            return Err(PyTypeError::new_err("pickle not returning string or list"));
        };
        let data = data.as_bytes();
        if data.len() != new.size() * new.itemsize() {
            return Err(PyValueError::new_err(
                "buffer size does not match array size",
            ));
        }
        // SAFETY: a contiguous array of as many bytes.
        unsafe {
            new.data()
                .copy_from_nonoverlapping(data.as_ptr(), data.len())
        };
    }
    let dtype = new.dtype();
    if !dtype.swapped {
        return take_over(a, new, descr, shape, fortran);
    }
    // What another machine wrote is brought into this one's byte order.
    let native = descr::descr_for(py, &dtype.native())?;
    let native: *mut Descr = native.as_ptr().cast();
    let turned = super::assign::cast_copy(new, native, order(fortran), false)?;
    take_over(a, ArrayRef::of(&turned), native, shape, fortran)
}

/// Longest text of bytes that is copied out of a pickle; longer ones become the array's memory.
const COPIED: usize = 1000;

/// Takes long native items as they lie in the pickle's bytes, which nobody else refers to; false
/// where they have to be copied.
fn keep_bytes<'py>(
    a: ArrayRef<'_, 'py>,
    shape: &[usize],
    descr: *mut Descr,
    fortran: bool,
    bytes: &Bound<'py, PyBytes>,
) -> PyResult<bool> {
    let dtype = descr::dtype_of(descr);
    let data = bytes.as_bytes();
    let size = numoxide_core::Layout::check_size(shape, dtype.size).unwrap_or(usize::MAX);
    let plain = !dtype.swapped && dtype.subarray().is_none() && !dtype.has_objects();
    let aligned = (data.as_ptr() as usize).is_multiple_of(dtype.align.max(1));
    // Text without a character has no item that could be copied.
    let long = data.len() > COPIED || dtype.size == 0;
    if !plain || !aligned || !long || data.len() != size {
        return Ok(false);
    }
    // SAFETY: the old memory of `a` is released first; the bytes live as its base.
    unsafe {
        let to = a.raw();
        if (*to).flags & flags::OWNDATA != 0 {
            free_items(to);
        }
        let base = std::mem::replace(&mut (*to).base, bytes.clone().into_ptr());
        ffi::Py_XDECREF(base);
        (*to).data = data.as_ptr().cast_mut();
        (*to).flags = (*to).flags & !flags::OWNDATA | flags::WRITEABLE;
        let handler = std::mem::replace(&mut (*to).mem_handler, std::ptr::null_mut());
        ffi::Py_XDECREF(handler);
        ffi::Py_INCREF(descr.cast());
        let old = std::mem::replace(&mut (*to).descr, descr);
        ffi::Py_XDECREF(old.cast());
    }
    let strides = contiguous_strides(shape, dtype.size, fortran);
    replace_geometry(a, shape, &strides);
    Ok(true)
}

fn fill_from_list<'py>(
    py: Python<'py>,
    new: ArrayRef<'_, 'py>,
    list: &Bound<'py, PyList>,
    _fortran: bool,
) -> PyResult<()> {
    if list.len() != new.size() {
        return Err(PyValueError::new_err("object pickle not returning list"));
    }
    for (i, item) in list.iter().enumerate() {
        // SAFETY: a contiguous array with as many items.
        unsafe {
            let to = new.data().add(i * new.itemsize());
            scalar::set_item(py, to, new.descr(), &item)?;
        }
    }
    Ok(())
}

/// Moves items, dtype and geometry of a fresh array into another one.
fn take_over(
    a: ArrayRef<'_, '_>,
    new: ArrayRef<'_, '_>,
    descr: *mut Descr,
    shape: &[usize],
    fortran: bool,
) -> PyResult<()> {
    // SAFETY: the fresh array gives up its memory; the old memory of `a` is released first.
    unsafe {
        let (to, from) = (a.raw(), new.raw());
        let bytes = super::object::data_bytes(from);
        let data = if data_is_inline(from) {
            let block = super::memory::alloc(bytes, false);
            if block.is_null() {
                return Err(pyo3::exceptions::PyMemoryError::new_err(()));
            }
            block.copy_from_nonoverlapping((*from).data, bytes);
            block
        } else {
            (*from).data
        };
        (*from).flags &= !flags::OWNDATA;
        if (*to).flags & flags::OWNDATA != 0 {
            free_items(to);
        }
        let base = std::mem::replace(&mut (*to).base, std::ptr::null_mut());
        ffi::Py_XDECREF(base);
        (*to).data = data;
        (*to).flags |= flags::OWNDATA | flags::WRITEABLE;
        let handler = std::mem::replace(&mut (*to).mem_handler, super::memory::handler());
        ffi::Py_XDECREF(handler);
        ffi::Py_INCREF(descr.cast());
        let old = std::mem::replace(&mut (*to).descr, descr);
        ffi::Py_XDECREF(old.cast());
    }
    let strides = contiguous_strides(shape, a.itemsize(), fortran);
    replace_geometry(a, shape, &strides);
    Ok(())
}

/// `_reconstruct(subtype, shape, dtype)`: an empty array for `__setstate__` to fill.
pub(super) fn reconstruct<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static RECONSTRUCT: Sig = Sig::new("_reconstruct", &["subtype", "shape", "dtype"], 3);
    let [subtype, shape, dtype] = args.parse(&RECONSTRUCT)?;
    let (Some(subtype), Some(shape), Some(dtype)) = (subtype, shape, dtype) else {
        return Err(PyTypeError::new_err("_reconstruct() needs three arguments"));
    };
    let shape = convert::shape(shape)?;
    let dtype = descr::convert(py, &dtype.to_owned())?;
    // SAFETY: a valid object; a type where the first check says so.
    let good = unsafe {
        ffi::PyType_Check(subtype.as_ptr()) != 0
            && ffi::PyType_IsSubtype(subtype.as_ptr().cast(), NDARRAY.get()) != 0
    };
    if !good {
        return Err(PyTypeError::new_err(
            "_reconstruct: First argument must be a sub-type of ndarray",
        ));
    }
    let kind = subtype.as_ptr().cast();
    let out = make(
        py,
        Spec {
            subtype: kind,
            ..Spec::new(dtype.as_ptr().cast(), &shape)
        },
    )?;
    if kind != NDARRAY.get() {
        finalize(&out, &py.None().into_bound(py))?;
    }
    Ok(out)
}

/// `a.dump(file)`.
pub(super) fn dump<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static DUMP: Sig = Sig::new("dump", &["file"], 1);
    let [file] = args.parse(&DUMP)?;
    let file = file.ok_or_else(|| PyTypeError::new_err("a file is missing"))?;
    let pickle = py.import("pickle")?;
    if file.hasattr("write")? {
        return pickle.call_method1("dump", (a.as_any(), file, 2));
    }
    let path = py.import("os")?.call_method1("fspath", (file,))?;
    let file = py.import("builtins")?.call_method1("open", (path, "wb"))?;
    let done = pickle.call_method1("dump", (a.as_any(), &file, 2));
    file.call_method0("close")?;
    done
}

/// `a.dumps()`.
pub(super) fn dumps<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    py.import("pickle")?.call_method1("dumps", (a.as_any(), 2))
}
