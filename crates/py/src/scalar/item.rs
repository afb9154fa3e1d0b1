//! Between items in memory and scalar or Python objects.

use super::arrays;
use super::number::{self, Raw};
use super::types::{bool_scalar, type_for, value_offset};
use crate::descr::{self, num_of};
use crate::layout::{flags, DateTimeScalar, Descr, LegacyDescr, VoidScalar};
use numoxide_dtype::{TypeNum, ROWS};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use std::ptr::null_mut;

/// Copies a fixed-size item out of memory into native byte order.
///
/// # Safety
/// - `ptr` points to an item of the live dtype, at most 32 bytes.
#[inline]
pub(crate) unsafe fn load(ptr: *const u8, descr: *mut Descr) -> Raw {
    // SAFETY: by contract; fixed-size items have at most 32 bytes.
    unsafe {
        let size = (*descr).elsize as usize;
        assert!(size <= 32);
        let mut raw = Raw::read(ptr, size);
        if (*descr).byteorder as u8 == descr::SWAPPED {
            swap(&mut raw.0[..size], num_of(descr));
        }
        raw
    }
}

/// Stores a fixed-size item in the dtype's byte order.
///
/// # Safety
/// - `ptr` points to a writable item of the live dtype, at most 32 bytes.
pub(crate) unsafe fn store(ptr: *mut u8, descr: *mut Descr, mut raw: Raw) {
    // SAFETY: by contract.
    unsafe {
        let size = (*descr).elsize as usize;
        assert!(size <= 32);
        if (*descr).byteorder as u8 == descr::SWAPPED {
            swap(&mut raw.0[..size], num_of(descr));
        }
        raw.write(ptr, size);
    }
}

/// Reverses the bytes of each unit of an item.
pub(crate) fn swap(bytes: &mut [u8], num: TypeNum) {
    let unit = number::swap_unit(num, bytes.len()).max(1);
    bytes.chunks_exact_mut(unit).for_each(<[u8]>::reverse);
}

/// A fresh scalar of a number or date class.
#[inline]
pub(crate) fn make_fixed(py: Python<'_>, num: TypeNum, raw: &Raw) -> PyResult<Py<PyAny>> {
    if num == TypeNum::Bool {
        // SAFETY: the bool scalars are static objects.
        return Ok(unsafe { Bound::from_borrowed_ptr(py, bool_scalar(raw.0[0] != 0)).unbind() });
    }
    // SAFETY: a static type without garbage collection, whose value lies at this offset.
    unsafe {
        let ty = type_for(num);
        let new = ffi::PyObject_Malloc((*ty).tp_basicsize as usize).cast::<ffi::PyObject>();
        if new.is_null() {
            return Err(pyo3::exceptions::PyMemoryError::new_err(()));
        }
        ffi::PyObject_Init(new, ty);
        let to = new.cast::<u8>().add(value_offset(num));
        raw.write(to, ROWS[num as usize].size);
        Ok(Bound::from_owned_ptr(py, new).unbind())
    }
}

/// As [`make_fixed`], bound.
#[inline]
pub(crate) fn make_number<'py>(
    py: Python<'py>,
    num: TypeNum,
    raw: &Raw,
) -> PyResult<Bound<'py, PyAny>> {
    make_fixed(py, num, raw).map(|made| made.into_bound(py))
}

/// As [`make_fixed`] for a subtype of the class's scalar type.
pub(crate) fn make_typed(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    num: TypeNum,
    raw: &Raw,
) -> PyResult<Py<PyAny>> {
    let size = ROWS[num as usize].size;
    // SAFETY: generic allocation of a ready type whose value lies at this offset.
    unsafe {
        let alloc = (*ty).tp_alloc.unwrap_or(ffi::PyType_GenericAlloc);
        let new = alloc(ty, 0);
        if new.is_null() {
            return Err(PyErr::fetch(py));
        }
        let to = new.cast::<u8>().add(value_offset(num));
        std::ptr::copy_nonoverlapping(raw.0.as_ptr(), to, size);
        Ok(Bound::from_owned_ptr(py, new).unbind())
    }
}

/// The scalar for one item (`PyArray_Scalar`): a copy, but structured items view the memory of
/// `base` when one is given.
///
/// # Safety
/// - `ptr` points to an item of the live dtype, which `base`, if given, keeps alive.
pub(crate) unsafe fn from_ptr<'py>(
    py: Python<'py>,
    ptr: *const u8,
    descr: *mut Descr,
    base: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let num = num_of(descr);
    // SAFETY: by contract.
    unsafe {
        let made = match num {
            TypeNum::Object => return Ok(object_at(py, ptr)),
            TypeNum::Bytes => bytes_scalar(py, ptr, descr)?,
            TypeNum::Str => str_scalar(py, ptr, descr)?,
            TypeNum::Void => void_scalar(py, ptr, descr, base)?,
            TypeNum::DateTime | TypeNum::TimeDelta => {
                let meta = descr::datetime_meta(descr);
                let value = load(ptr, descr).get::<i64>();
                date_scalar(py, type_for(num), value, meta.unit as i32, meta.num)?
            }
            TypeNum::VString => return crate::descr::string_item(py, ptr, descr),
            TypeNum::User => return get_item(py, ptr, descr),
            _ => make_fixed(py, num, &load(ptr, descr))?,
        };
        Ok(made.into_bound(py))
    }
}

/// # Safety
/// - `ptr` points to an object item.
unsafe fn object_at<'py>(py: Python<'py>, ptr: *const u8) -> Bound<'py, PyAny> {
    // SAFETY: items are NULL or owned references, perhaps unaligned.
    unsafe {
        let ob = ptr.cast::<*mut ffi::PyObject>().read_unaligned();
        Bound::from_borrowed_ptr_or_opt(py, ob).unwrap_or_else(|| py.None().into_bound(py))
    }
}

/// The item's bytes without trailing NULs.
///
/// # Safety
/// - `ptr` points to a bytes item of the live dtype.
unsafe fn bytes_at<'a>(ptr: *const u8, descr: *mut Descr) -> &'a [u8] {
    // SAFETY: by contract.
    let all = unsafe { std::slice::from_raw_parts(ptr, (*descr).elsize as usize) };
    let len = all.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1);
    &all[..len]
}

/// The item's text without trailing NULs.
///
/// # Safety
/// - `ptr` points to a str item of the live dtype.
pub(crate) unsafe fn text_at<'py>(
    py: Python<'py>,
    ptr: *const u8,
    descr: *mut Descr,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by contract; the interpreter checks the code points.
    unsafe {
        let n = (*descr).elsize as usize / 4;
        let swapped = (*descr).byteorder as u8 == descr::SWAPPED;
        let mut units: Vec<u32> = (0..n)
            .map(|i| ptr.cast::<u32>().add(i).read_unaligned())
            .map(|u| if swapped { u.swap_bytes() } else { u })
            .collect();
        units.truncate(units.iter().rposition(|&u| u != 0).map_or(0, |i| i + 1));
        let made = ffi::PyUnicode_FromKindAndData(4, units.as_ptr().cast(), units.len() as isize);
        Bound::from_owned_ptr_or_err(py, made)
    }
}

/// # Safety
/// - `ptr` points to a bytes item of the live dtype.
unsafe fn bytes_scalar(py: Python<'_>, ptr: *const u8, descr: *mut Descr) -> PyResult<Py<PyAny>> {
    // SAFETY: by contract; a fresh variable-sized bytes object has room for the text and its NUL.
    unsafe {
        let text = bytes_at(ptr, descr);
        let new = ffi::PyType_GenericAlloc(type_for(TypeNum::Bytes), text.len() as isize);
        if new.is_null() {
            return Err(PyErr::fetch(py));
        }
        let ob = new.cast::<ffi::PyBytesObject>();
        // No hash yet; deprecated for users of the C API, but the constructor sets it.
        #[allow(deprecated)]
        {
            (*ob).ob_shash = -1;
        }
        let to = (&raw mut (*ob).ob_sval).cast::<u8>();
        std::ptr::copy_nonoverlapping(text.as_ptr(), to, text.len());
        Ok(Bound::from_owned_ptr(py, new).unbind())
    }
}

/// # Safety
/// - `ptr` points to a str item of the live dtype.
unsafe fn str_scalar(py: Python<'_>, ptr: *const u8, descr: *mut Descr) -> PyResult<Py<PyAny>> {
    // SAFETY: by contract.
    unsafe { python_subtype(py, type_for(TypeNum::Str), &text_at(py, ptr, descr)?) }
}

/// A copy of a Python str as an instance of a subtype.
pub(crate) fn python_subtype(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    value: &Bound<'_, PyAny>,
) -> PyResult<Py<PyAny>> {
    let args = PyTuple::new(py, [value])?;
    // SAFETY: `str.__new__` fills instances of any subtype of str.
    unsafe {
        let new = ffi::PyUnicode_Type
            .tp_new
            .map_or(null_mut(), |new| new(ty, args.as_ptr(), null_mut()));
        Ok(Bound::from_owned_ptr_or_err(py, new)?.unbind())
    }
}

/// A datetime64 or timedelta64 scalar.
pub(crate) fn date_scalar(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    value: i64,
    unit: i32,
    num: i32,
) -> PyResult<Py<PyAny>> {
    // SAFETY: a fresh object of a date scalar type.
    unsafe {
        let alloc = (*ty).tp_alloc.unwrap_or(ffi::PyType_GenericAlloc);
        let new = alloc(ty, 0).cast::<DateTimeScalar>();
        if new.is_null() {
            return Err(PyErr::fetch(py));
        }
        (*new).obval = value;
        (*new).unit = unit;
        (*new).num = num;
        Ok(Bound::from_owned_ptr(py, new.cast()).unbind())
    }
}

/// Array flags of a scalar.
const SCALAR_FLAGS: i32 = flags::CARRAY | flags::F_CONTIGUOUS;

/// # Safety
/// - As [`from_ptr`], for a void dtype.
unsafe fn void_scalar(
    py: Python<'_>,
    ptr: *const u8,
    descr: *mut Descr,
    base: Option<&Bound<'_, PyAny>>,
) -> PyResult<Py<PyAny>> {
    // SAFETY: by contract.
    unsafe {
        let legacy = descr.cast::<LegacyDescr>();
        if !(*legacy).subarray.is_null() {
            return arrays::zero_d(py, ptr, descr, base).map(Bound::unbind);
        }
        let view = base.filter(|_| !(*legacy).names.is_null());
        // Registered records may name a type that is none of ours.
        let void = type_for(TypeNum::Void);
        let own = (*descr).typeobj;
        let ty = match own == void || ffi::PyType_IsSubtype(own, void) != 0 {
            true => own,
            false => void,
        };
        let new = new_void(py, ty, descr, view.map(|b| (ptr.cast_mut(), b)))?;
        if view.is_none() {
            let to = (*new.as_ptr().cast::<VoidScalar>()).obval;
            std::ptr::copy_nonoverlapping(ptr, to, (*descr).elsize as usize);
            super::refs::acquire(to, descr);
        } else if let Some(base) = base {
            // A read-only array gives read-only items.
            if arrays::is_array(base) {
                let writeable = (*arrays::raw(base)).flags & flags::WRITEABLE;
                let slf = new.as_ptr().cast::<VoidScalar>();
                (*slf).flags = ((*slf).flags & !flags::WRITEABLE) | writeable;
            }
        }
        Ok(new)
    }
}

/// A void scalar over given memory, or over fresh zeroed memory of its own.
///
/// # Safety
/// - `ty` is `numpy.void` or a subtype; a given pointer stays valid as long as its owner.
pub(crate) unsafe fn new_void(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    descr: *mut Descr,
    view: Option<(*mut u8, &Bound<'_, PyAny>)>,
) -> PyResult<Py<PyAny>> {
    // SAFETY: by contract; a fresh object filled before anybody sees it.
    unsafe {
        let alloc = (*ty).tp_alloc.unwrap_or(ffi::PyType_GenericAlloc);
        let new = alloc(ty, 0).cast::<VoidScalar>();
        if new.is_null() {
            return Err(PyErr::fetch(py));
        }
        ffi::Py_INCREF(descr.cast());
        (*new).descr = descr;
        (*new).flags = SCALAR_FLAGS;
        match view {
            Some((ptr, base)) => {
                (*new).obval = ptr;
                (*new).base = base.clone().into_ptr();
            }
            None => {
                let size = ((*descr).elsize as usize).max(1);
                (*new).obval = libc::calloc(size, 1).cast();
                (*new).flags |= flags::OWNDATA;
                if (*new).obval.is_null() {
                    ffi::Py_DECREF(new.cast());
                    return Err(pyo3::exceptions::PyMemoryError::new_err(()));
                }
            }
        }
        Ok(Bound::from_owned_ptr(py, new.cast()).unbind())
    }
}

/// The Python object for one item, as `.item()` and `.tolist()` give it.
///
/// # Safety
/// - `ptr` points to an item of the live dtype.
pub(crate) unsafe fn get_item<'py>(
    py: Python<'py>,
    ptr: *const u8,
    descr: *mut Descr,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by contract.
    unsafe { item_in(py, ptr, descr, None) }
}

/// As [`get_item`], sub-arrays as views of the owner of the item.
///
/// # Safety
/// - `ptr` points to an item of the live dtype, which `base`, if given, keeps alive.
pub(crate) unsafe fn item_in<'py>(
    py: Python<'py>,
    ptr: *const u8,
    descr: *mut Descr,
    base: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let num = num_of(descr);
    // SAFETY: by contract.
    unsafe {
        if (*descr).byteorder as u8 != descr::SWAPPED {
            if let Some(made) = plain_item(ptr, num) {
                return Bound::from_owned_ptr_or_err(py, made);
            }
        }
        match num {
            TypeNum::Object => Ok(object_at(py, ptr)),
            TypeNum::Bytes => Ok(PyBytes::new(py, bytes_at(ptr, descr)).into_any()),
            TypeNum::Str => text_at(py, ptr, descr),
            TypeNum::Void => void_item(py, ptr, descr, base),
            TypeNum::DateTime | TypeNum::TimeDelta => {
                let value = load(ptr, descr).get::<i64>();
                super::dates::to_python(py, num, value, descr::datetime_meta(descr))
            }
            TypeNum::VString => crate::descr::string_item(py, ptr, descr),
            TypeNum::User => crate::capi::user::get_item(py, ptr, descr),
            _ => {
                let raw = load(ptr, descr);
                match number::item(py, num, &raw) {
                    Some(made) => Bound::from_owned_ptr_or_err(py, made),
                    None => Ok(make_fixed(py, num, &raw)?.into_bound(py)),
                }
            }
        }
    }
}

/// A list of the Python numbers of native items of one of the commonest classes.
///
/// # Safety
/// - `n` items of the live dtype lie from `ptr` on, `stride` bytes apart.
pub(crate) unsafe fn plain_items<'py>(
    py: Python<'py>,
    ptr: *const u8,
    (n, stride): (usize, isize),
    descr: *mut Descr,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let num = num_of(descr);
    let known = matches!(
        num,
        TypeNum::Double
            | TypeNum::Long
            | TypeNum::LongLong
            | TypeNum::Float
            | TypeNum::Int
            | TypeNum::Bool
    );
    // SAFETY: by contract; the list is filled completely, or dropped with its empty slots.
    unsafe {
        if !known || (*descr).byteorder as u8 == descr::SWAPPED {
            return None;
        }
        let list = match Bound::from_owned_ptr_or_err(py, ffi::PyList_New(n as isize)) {
            Ok(list) => list,
            Err(e) => return Some(Err(e)),
        };
        for i in 0..n as isize {
            let made = plain_item(ptr.wrapping_offset(i * stride), num)?;
            if made.is_null() {
                return Some(Err(PyErr::fetch(py)));
            }
            ffi::PyList_SET_ITEM(list.as_ptr(), i, made);
        }
        Some(Ok(list))
    }
}

/// The Python number of a native item of one of the commonest classes.
///
/// # Safety
/// - `ptr` points to an item of the class; the interpreter lock is held.
#[inline(always)]
unsafe fn plain_item(ptr: *const u8, num: TypeNum) -> Option<*mut ffi::PyObject> {
    // SAFETY: by contract.
    unsafe {
        Some(match num {
            TypeNum::Double => ffi::PyFloat_FromDouble(ptr.cast::<f64>().read_unaligned()),
            TypeNum::Long | TypeNum::LongLong => {
                ffi::PyLong_FromLongLong(ptr.cast::<i64>().read_unaligned())
            }
            TypeNum::Float => {
                ffi::PyFloat_FromDouble(f64::from(ptr.cast::<f32>().read_unaligned()))
            }
            TypeNum::Int => ffi::PyLong_FromLong(ptr.cast::<i32>().read_unaligned().into()),
            TypeNum::Bool => ffi::PyBool_FromLong(i64::from(ptr.read() != 0)),
            _ => return None,
        })
    }
}

/// # Safety
/// - `ptr` points to an item of the live void dtype.
unsafe fn void_item<'py>(
    py: Python<'py>,
    ptr: *const u8,
    descr: *mut Descr,
    base: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by contract; fields lie inside the item.
    unsafe {
        let legacy = descr.cast::<LegacyDescr>();
        if !(*legacy).subarray.is_null() {
            return arrays::zero_d(py, ptr, descr, base);
        }
        if (*legacy).names.is_null() {
            let all = std::slice::from_raw_parts(ptr, (*descr).elsize as usize);
            return Ok(PyBytes::new(py, all).into_any());
        }
        let items = descr::fields(py, descr)
            .into_iter()
            .map(|f| item_in(py, ptr.offset(f.offset), f.descr, base))
            .collect::<PyResult<Vec<_>>>()?;
        Ok(PyTuple::new(py, items)?.into_any())
    }
}

/// Text as a Python str.
pub(crate) fn python_str<'py>(py: Python<'py>, text: &str) -> Bound<'py, PyAny> {
    PyString::new(py, text).into_any()
}
