//! Slots about scalars.

use super::api::{any, api, array, opt, stolen, Code, Nothing, Obj};
use super::types::of_scalar;
use crate::array::{self as arrays, ArrayRef, Spec};
use crate::descr::{self, dtype_of};
use crate::layout::Descr;
use crate::scalar;
use numoxide_dtype::TypeNum;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;

/// A 0-d array of a scalar, cast where a dtype is given.
fn zero_d<'py>(
    ob: &Bound<'py, PyAny>,
    to: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let own = of_scalar(ob)?.into_bound(ob.py());
    let out = arrays::make(ob.py(), Spec::new(own.as_ptr().cast(), &[]))?;
    let a = ArrayRef::of(&out);
    // SAFETY: a 0-d array has one item.
    unsafe { scalar::set_item(ob.py(), a.data(), a.descr(), ob)? };
    match to {
        Some(to) if to.as_ptr() != own.as_ptr() => {
            arrays::assign::cast_copy(a, to.as_ptr().cast(), numoxide_core::Order::C, false)
        }
        _ => Ok(out),
    }
}

/// Writes a scalar's value to memory as an item of a dtype; an object item takes a new reference.
unsafe fn store(ob: &Bound<'_, PyAny>, to: *mut u8, descr: &Bound<'_, PyAny>) -> PyResult<()> {
    let made = zero_d(ob, Some(descr))?;
    let a = ArrayRef::of(&made);
    // SAFETY: the caller gives room for an item of the dtype.
    unsafe {
        std::ptr::copy_nonoverlapping(a.data(), to, a.itemsize());
        scalar::acquire(to, a.descr());
    }
    Ok(())
}

/// Writes the value of a scalar in the form its own type has.
unsafe fn as_ctype(ob: &Bound<'_, PyAny>, to: *mut u8) -> PyResult<()> {
    // SAFETY: the caller gives room for the value; for text and records it gets their address.
    unsafe {
        match scalar::exact_num(ob) {
            Some(TypeNum::Void) => {
                let at = scalar::void_parts(ob).map_or(std::ptr::null_mut(), |(_, p)| p);
                to.cast::<*mut u8>().write_unaligned(at);
            }
            Some(TypeNum::Bytes) => {
                let at = ffi::PyBytes_AsString(ob.as_ptr());
                to.cast::<*mut u8>().write_unaligned(at.cast());
            }
            Some(TypeNum::Str) => {
                return Err(PyTypeError::new_err(
                    "the characters of a str scalar have no address",
                ));
            }
            _ => match scalar::value_of(ob) {
                Some((num, raw)) => {
                    std::ptr::copy_nonoverlapping(raw.0.as_ptr(), to, num.row().size);
                }
                None => to.cast::<Obj>().write_unaligned(ob.as_ptr()),
            },
        }
    }
    Ok(())
}

api! {
    /// Scalars.
    SCALARS:
    60 PyArray_Scalar(item: *const u8, descr: Obj, base: Obj) -> Obj = |py| {
        let base = opt(py, base).filter(|b| ArrayRef::from_bound(b).is_some());
        scalar::from_ptr(py, item, descr.cast(), base.as_ref())
    };
    61 PyArray_FromScalar(ob: Obj, descr: Obj) -> Obj = |py| {
        let descr = stolen(py, descr);
        zero_d(&any(py, ob), descr.as_ref())
    };
    62 PyArray_ScalarAsCtype(ob: Obj, to: *mut u8) = |py| {
        as_ctype(&any(py, ob), to).map(|()| Nothing)
    };
    63 PyArray_CastScalarToCtype(ob: Obj, to: *mut u8, descr: Obj) -> c_int = |py| {
        store(&any(py, ob), to, &any(py, descr))
    };
    64 PyArray_CastScalarDirect(ob: Obj, _from: Obj, to: *mut u8, num: c_int) -> c_int = |py| {
        store(&any(py, ob), to, super::types::by_num(py, num)?.bind(py))
    };
    76 PyArray_Return(a: Obj) -> Obj = |py| {
        match stolen(py, a) {
            Some(a) => arrays::items::return_scalar(a),
            None => Err(PyErr::fetch(py)),
        }
    };
    59 PyArray_Size(ob: Obj) -> isize = |py| {
        PyResult::Ok(ArrayRef::from_bound(&any(py, ob)).map_or(0, |a| a.size() as isize))
    };
    300 PyArray_CheckAnyScalarExact(ob: Obj) -> c_int = |py| {
        let ob = any(py, ob);
        let ty = ob.get_type_ptr();
        let python = [
            &raw mut ffi::PyLong_Type, &raw mut ffi::PyFloat_Type, &raw mut ffi::PyComplex_Type,
            &raw mut ffi::PyBool_Type, &raw mut ffi::PyUnicode_Type, &raw mut ffi::PyBytes_Type,
        ];
        let own = TypeNum::legacy().any(|n| n != TypeNum::Object && scalar::type_for(n) == ty);
        PyResult::Ok(Code((own || python.contains(&ty)).into()))
    };
    47 PyArray_Zero(a: Obj) -> *mut u8 = |py| constant(&any(py, a), 0);
    48 PyArray_One(a: Obj) -> *mut u8 = |py| constant(&any(py, a), 1);
    42 PyArray_INCREF(a: Obj) -> c_int = |py| {
        each_object(&any(py, a), |ob| ffi::Py_XINCREF(ob))
    };
    43 PyArray_XDECREF(a: Obj) -> c_int = |py| {
        each_object(&any(py, a), |ob| ffi::Py_XDECREF(ob))
    };
}

/// Calls `f` for each reference in the items.
unsafe fn each_object(a: &Bound<'_, PyAny>, f: impl Fn(*mut ffi::PyObject)) -> PyResult<()> {
    let a = array(a)?;
    if descr::has_objects(a.descr()) {
        // SAFETY: a valid array; slots hold NULL or references.
        unsafe { arrays::refs::for_each_object(a.raw(), |slot| f(slot.read_unaligned())) };
    }
    Ok(())
}

/// A small integer as an item of the array's dtype, in memory that `PyDataMem_FREE` frees.
fn constant(a: &Bound<'_, PyAny>, value: i32) -> PyResult<super::api::Ptr<u8>> {
    let a = array(a)?;
    let py = a.py();
    let descr: *mut Descr = a.descr();
    let size = dtype_of(descr).size.max(1);
    // SAFETY: fresh zeroed memory of an item's size; freed again on an error.
    unsafe {
        let item: *mut u8 = libc::calloc(size, 1).cast();
        if item.is_null() {
            return Err(pyo3::exceptions::PyMemoryError::new_err(()));
        }
        let Ok(value) = value.into_pyobject(py);
        match scalar::set_item(py, item, descr, value.as_any()) {
            Ok(()) => Ok(super::api::Ptr(item)),
            Err(e) => {
                libc::free(item.cast());
                Err(e)
            }
        }
    }
}
