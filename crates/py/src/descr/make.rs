//! Making dtype objects: fresh copies, sized ones, swapped ones, dates, sub-arrays.

use super::types::as_type;
use crate::layout::{AuxData, DTypeMeta, DateTimeAux, Descr, LegacyDescr, SubArrayDescr};
use numoxide_dtype::TypeNum;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;
use std::ptr::null_mut;

/// A zeroed instance of a class (hash not computed).
///
/// # Safety
/// - `class` is ready.
pub(crate) unsafe fn alloc(py: Python<'_>, class: *mut DTypeMeta) -> PyResult<*mut Descr> {
    // SAFETY: generic allocation of a ready type gives zeroed memory of its basic size.
    unsafe {
        let new = ffi::PyType_GenericAlloc(as_type(class), 0).cast::<Descr>();
        if new.is_null() {
            return Err(PyErr::fetch(py));
        }
        (*new).hash = -1;
        Ok(new)
    }
}

/// Takes over a reference as an object.
///
/// # Safety
/// - `descr` is an owned reference.
pub(crate) unsafe fn own(py: Python<'_>, descr: *mut Descr) -> Py<PyAny> {
    // SAFETY: by contract.
    unsafe { Bound::from_owned_ptr(py, descr.cast()).unbind() }
}

/// A new object for a borrowed dtype.
///
/// # Safety
/// - `descr` is live.
pub(crate) unsafe fn share(py: Python<'_>, descr: *mut Descr) -> Py<PyAny> {
    // SAFETY: by contract.
    unsafe { Bound::from_borrowed_ptr(py, descr.cast()).unbind() }
}

unsafe extern "C" fn aux_free(aux: *mut AuxData) {
    // SAFETY: made by `datetime_aux` below.
    unsafe { libc::free(aux.cast()) }
}

unsafe extern "C" fn aux_clone(aux: *mut AuxData) -> *mut AuxData {
    let aux = aux.cast::<DateTimeAux>();
    // SAFETY: made by `datetime_aux` below.
    unsafe { datetime_aux((*aux).unit, (*aux).num) }
}

/// Unit data of a datetime dtype; NULL when memory ran out.
pub(crate) fn datetime_aux(unit: c_int, num: c_int) -> *mut AuxData {
    // SAFETY: memory from malloc is written whole before use; freed by `aux_free`.
    unsafe {
        let aux = libc::malloc(size_of::<DateTimeAux>()).cast::<DateTimeAux>();
        if !aux.is_null() {
            aux.write(DateTimeAux {
                base: AuxData {
                    free: Some(aux_free),
                    clone: Some(aux_clone),
                    reserved: [null_mut(); 2],
                },
                unit,
                num,
            });
        }
        aux.cast()
    }
}

/// Whether the instance has the legacy fields behind the common part.
///
/// # Safety
/// - `descr` is live.
pub(crate) unsafe fn is_legacy(descr: *mut Descr) -> bool {
    // SAFETY: by contract.
    unsafe { (0..2056).contains(&(*descr).type_num) }
}

/// A fresh unshared copy (`PyArray_DescrNew`).
///
/// # Safety
/// - `descr` is a live legacy dtype.
pub(crate) unsafe fn copy(py: Python<'_>, descr: *mut Descr) -> PyResult<*mut Descr> {
    // SAFETY: both objects are live legacy instances; every copied reference is counted.
    unsafe {
        let class = ffi::Py_TYPE(descr.cast()).cast::<DTypeMeta>();
        let new = alloc(py, class)?;
        let head = std::ptr::read(&raw const (*new).ob_base);
        let (to, from) = (new.cast::<LegacyDescr>(), descr.cast::<LegacyDescr>());
        std::ptr::copy_nonoverlapping(from, to, 1);
        std::ptr::write(&raw mut (*new).ob_base, head);
        (*new).hash = -1;
        ffi::Py_XINCREF((*new).typeobj.cast());
        ffi::Py_XINCREF((*new).metadata);
        ffi::Py_XINCREF((*to).fields);
        ffi::Py_XINCREF((*to).names);
        (*to).subarray = null_mut();
        (*to).c_metadata = null_mut();
        if !(*from).subarray.is_null() {
            set_subarray(new, (*(*from).subarray).base, (*(*from).subarray).shape);
        }
        if let Some(clone) = (*from).c_metadata.as_ref().and_then(|aux| aux.clone) {
            (*to).c_metadata = clone((*from).c_metadata);
        }
        Ok(new)
    }
}

/// Gives a dtype its sub-array part; references are counted here.
///
/// # Safety
/// - `descr` is a fresh legacy dtype without one; the others are live.
pub(crate) unsafe fn set_subarray(descr: *mut Descr, base: *mut Descr, shape: *mut ffi::PyObject) {
    // SAFETY: by contract; freed in `dealloc` through `libc::free`.
    unsafe {
        let sub = libc::malloc(size_of::<SubArrayDescr>()).cast::<SubArrayDescr>();
        assert!(!sub.is_null(), "out of memory");
        ffi::Py_INCREF(base.cast());
        ffi::Py_INCREF(shape);
        sub.write(SubArrayDescr { base, shape });
        (*descr.cast::<LegacyDescr>()).subarray = sub;
    }
}

/// A fresh copy of the default instance of a class.
pub(crate) fn fresh(py: Python<'_>, num: TypeNum) -> PyResult<*mut Descr> {
    // SAFETY: default instances live for ever.
    unsafe { copy(py, super::singleton(num)) }
}

/// A bytes, str or void dtype of a size in bytes.
pub(crate) fn sized(py: Python<'_>, num: TypeNum, elsize: usize) -> PyResult<*mut Descr> {
    let new = fresh(py, num)?;
    // SAFETY: just made, not shared.
    unsafe {
        (*new).elsize = elsize as isize;
    }
    Ok(new)
}

/// A datetime or timedelta dtype with a unit.
pub(crate) fn datetime(
    py: Python<'_>,
    num: TypeNum,
    unit: c_int,
    multiple: c_int,
) -> PyResult<*mut Descr> {
    let new = fresh(py, num)?;
    // SAFETY: just made, not shared; datetime classes carry unit data.
    unsafe {
        let aux = (*new.cast::<LegacyDescr>())
            .c_metadata
            .cast::<DateTimeAux>();
        (*aux).unit = unit;
        (*aux).num = multiple;
    }
    Ok(new)
}

/// The sub-array dtype of `base` with `shape`.
///
/// # Safety
/// - `base` is a live legacy dtype.
pub(crate) unsafe fn subarray(
    py: Python<'_>,
    base: *mut Descr,
    shape: &[isize],
) -> PyResult<*mut Descr> {
    // SAFETY: by contract; `new` is fresh.
    unsafe {
        let elsize = shape
            .iter()
            .try_fold((*base).elsize, |bytes, &n| bytes.checked_mul(n))
            .filter(|&bytes| bytes <= i32::MAX as isize)
            .ok_or_else(|| {
                pyo3::exceptions::PyValueError::new_err(
                    "invalid shape in fixed-type tuple: dtype size in bytes must fit into a C int.",
                )
            })?;
        let new = fresh(py, TypeNum::Void)?;
        (*new).elsize = elsize;
        (*new).alignment = (*base).alignment;
        (*new).flags = (*base).flags;
        let tuple = pyo3::types::PyTuple::new(py, shape)?;
        set_subarray(new, base, tuple.as_ptr());
        Ok(new)
    }
}

/// Whether byte order means anything for items of a class.
pub(crate) fn has_order(num: TypeNum) -> bool {
    !matches!(
        num,
        TypeNum::Bool
            | TypeNum::Byte
            | TypeNum::UByte
            | TypeNum::Object
            | TypeNum::Bytes
            | TypeNum::Void
            | TypeNum::VString
            | TypeNum::User
    )
}

/// Frees an instance.
///
/// # Safety
/// - `slf` is a dtype instance without references left.
pub(crate) unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: last reference; every field below is owned by the instance.
    unsafe {
        let descr = slf.cast::<Descr>();
        if is_legacy(descr)
            && (*ffi::Py_TYPE(slf)).tp_basicsize >= size_of::<LegacyDescr>() as isize
        {
            let legacy = slf.cast::<LegacyDescr>();
            ffi::Py_XDECREF((*legacy).fields);
            ffi::Py_XDECREF((*legacy).names);
            if let Some(sub) = (*legacy).subarray.as_ref() {
                ffi::Py_DECREF(sub.base.cast());
                ffi::Py_DECREF(sub.shape);
                libc::free((*legacy).subarray.cast());
            }
            if let Some(free) = (*legacy).c_metadata.as_ref().and_then(|aux| aux.free) {
                free((*legacy).c_metadata);
            }
        }
        ffi::Py_XDECREF((*descr).typeobj.cast());
        ffi::Py_XDECREF((*descr).metadata);
        if let Some(free) = (*ffi::Py_TYPE(slf)).tp_free {
            free(slf.cast());
        }
    }
}
