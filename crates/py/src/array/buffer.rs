//! The buffer protocol (PEP 3118), given and taken.

use super::ArrayRef;
use crate::err::OrRaise;
use crate::layout::{flags, ArrayObject};
use crate::slots::{trampoline, Receiver};
use numoxide_dtype::parse::buffer_format;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_int, c_void, CString};

/// What the buffers of an array point into; freed with the array, as buffers may outlive a reshape.
struct Info {
    format: CString,
    shape: Vec<isize>,
    strides: Vec<isize>,
}

type Infos = Vec<Box<Info>>;

/// Marks the stored pointer as ours: old C subclasses may have fields of their own at its place.
const MARK: usize = 3;

/// The list behind a stored pointer, NULL if there is none yet.
///
/// # Errors
/// A runtime error where somebody else has written there.
pub(crate) fn stored(ob: &Bound<'_, PyAny>, info: *mut c_void) -> PyResult<*mut c_void> {
    match info.addr() {
        0 => Ok(info),
        at if at & 7 == MARK => Ok(info.wrapping_byte_sub(MARK)),
        _ => Err(PyRuntimeError::new_err(format!(
            "Object of type {} appears to be C subclassed NumPy array, void scalar, or allocated \
             in a non-standard way.NumPy reserves the right to change the size of these \
             structures. Projects are required to take this into account by either recompiling \
             against a specific NumPy version or padding the struct and enforcing a maximum NumPy \
             version.",
            ob.get_type().repr()?
        ))),
    }
}

/// Frees what exported buffers left behind.
///
/// # Safety
/// - `array` is being deallocated, the interpreter lock is held.
pub(super) unsafe fn release_info(array: *mut ArrayObject) {
    // SAFETY: a marked pointer was made by `info`; reports leave no reference behind.
    unsafe {
        let info = (*array).buffer_info;
        if info.is_null() {
            return;
        }
        if info.addr() & 7 == MARK {
            drop(Box::from_raw(info.wrapping_byte_sub(MARK).cast::<Infos>()));
        } else {
            report_foreign(array.cast(), info);
        }
    }
}

/// Writes that the buffer information of an object about to go is not ours, and lets it lie.
///
/// # Safety
/// - `slf` has a live head, the interpreter lock is held.
pub(crate) unsafe fn report_foreign(slf: *mut ffi::PyObject, info: *mut c_void) {
    // SAFETY: by contract; only the type is read, an exception under way is kept.
    unsafe {
        let py = Python::assume_attached();
        let under_way = PyErr::take(py);
        let ob = std::mem::ManuallyDrop::new(Bound::from_owned_ptr(py, slf));
        if let Err(e) = stored(&ob, info) {
            e.write_unraisable(py, None);
        }
        if let Some(e) = under_way {
            e.restore(py);
        }
    }
}

/// The array's current description, made once for each geometry.
fn info<'a>(a: ArrayRef<'a, '_>, with_format: bool, fortran: bool) -> PyResult<&'a Info> {
    let format = match with_format {
        true => CString::new(format_of(a)?).unwrap_or_default(),
        false => CString::default(),
    };
    let shape: Vec<isize> = a.shape().iter().map(|&n| n as isize).collect();
    let strides = if a.is_c() && !(fortran && a.is_f()) {
        super::reshape::contiguous_strides(a.shape(), a.itemsize(), false).to_vec()
    } else if a.is_f() {
        super::reshape::contiguous_strides(a.shape(), a.itemsize(), true).to_vec()
    } else {
        a.strides().to_vec()
    };
    // SAFETY: the list belongs to the array and is only appended to; boxes do not move.
    unsafe {
        let slot = &raw mut (*a.raw()).buffer_info;
        if stored(&a.as_any(), *slot)?.is_null() {
            let made: *mut c_void = Box::into_raw(Box::<Infos>::default()).cast();
            *slot = made.wrapping_byte_add(MARK);
        }
        let list = &mut *stored(&a.as_any(), *slot)?.cast::<Infos>();
        let same = list
            .iter()
            .rposition(|i| i.format == format && i.shape == shape && i.strides == strides);
        let at = same.unwrap_or_else(|| {
            list.push(Box::new(Info {
                format,
                shape,
                strides,
            }));
            list.len() - 1
        });
        Ok(&*std::ptr::from_ref(&*list[at]))
    }
}

/// The format text of an array's items.
fn format_of(a: ArrayRef<'_, '_>) -> PyResult<String> {
    let steps = a
        .strides()
        .iter()
        .fold(0, |bits, s| bits | s.unsigned_abs());
    buffer_format(&a.dtype(), a.data() as usize | steps).or_raise(a.py())
}

/// `bf_getbuffer`.
pub(super) unsafe extern "C" fn getbuffer(
    slf: *mut ffi::PyObject,
    view: *mut ffi::Py_buffer,
    wanted: c_int,
) -> c_int {
    // SAFETY: the interpreter passes an array and a buffer struct to fill.
    unsafe {
        trampoline(|py| {
            (*view).obj = std::ptr::null_mut();
            let a = ArrayRef::receive(py, slf);
            check_request(a, wanted)?;
            let with_format = wanted & ffi::PyBUF_FORMAT == ffi::PyBUF_FORMAT;
            // Both orders fit arrays of one column; who asks for Fortran's gets its strides.
            let fortran = wanted & ffi::PyBUF_F_CONTIGUOUS == ffi::PyBUF_F_CONTIGUOUS;
            let info = info(a, with_format, fortran)?;
            (*view).buf = a.data().cast();
            (*view).itemsize = a.itemsize() as isize;
            (*view).readonly = c_int::from(!a.exports_writeable());
            (*view).internal = std::ptr::null_mut();
            (*view).suboffsets = std::ptr::null_mut();
            (*view).len = (a.size() * a.itemsize()) as isize;
            let none = std::ptr::null_mut();
            (*view).format = if with_format {
                info.format.as_ptr().cast_mut()
            } else {
                none
            };
            // Without shapes the memory is plain bytes, whatever the axes.
            let nd = wanted & ffi::PyBUF_ND == ffi::PyBUF_ND && a.ndim() > 0;
            (*view).ndim = if nd { a.ndim() as c_int } else { 0 };
            (*view).shape = if nd {
                info.shape.as_ptr().cast_mut()
            } else {
                std::ptr::null_mut()
            };
            let strides = nd && wanted & ffi::PyBUF_STRIDES == ffi::PyBUF_STRIDES;
            (*view).strides = if strides {
                info.strides.as_ptr().cast_mut()
            } else {
                std::ptr::null_mut()
            };
            ffi::Py_INCREF(slf);
            (*view).obj = slf;
            Ok(())
        })
    }
}

fn check_request(a: ArrayRef<'_, '_>, wanted: c_int) -> PyResult<()> {
    let asks = |bits: c_int| wanted & bits == bits;
    if asks(ffi::PyBUF_C_CONTIGUOUS) && !a.is_c() {
        return Err(PyValueError::new_err("ndarray is not C-contiguous"));
    }
    if asks(ffi::PyBUF_F_CONTIGUOUS) && !a.is_f() {
        return Err(PyValueError::new_err("ndarray is not Fortran contiguous"));
    }
    if asks(ffi::PyBUF_ANY_CONTIGUOUS) && !a.is_c() && !a.is_f() {
        return Err(PyValueError::new_err("ndarray is not contiguous"));
    }
    if !asks(ffi::PyBUF_STRIDES) && !a.is_c() {
        return Err(PyValueError::new_err("ndarray is not C-contiguous"));
    }
    if asks(ffi::PyBUF_WRITABLE) {
        if !a.has(flags::WRITEABLE) {
            return Err(PyValueError::new_err("buffer source array is read-only"));
        }
        a.check_writeable("buffer source array")?;
    }
    Ok(())
}

/// Contiguous bytes of another object.
pub(super) struct Bytes<'py> {
    /// First byte.
    pub(super) data: *mut u8,
    /// Number of bytes.
    pub(super) len: usize,
    /// May be written.
    pub(super) writeable: bool,
    /// Keeps the bytes alive.
    pub(super) owner: Bound<'py, PyAny>,
}

/// The bytes of an object with a contiguous buffer.
pub(super) fn bytes_of<'py>(py: Python<'py>, ob: &Bound<'py, PyAny>) -> PyResult<Bytes<'py>> {
    // SAFETY: a valid object; the buffer is released at once, its memory stays with the owner.
    unsafe {
        let mut view = std::mem::MaybeUninit::<ffi::Py_buffer>::zeroed();
        let p = view.as_mut_ptr();
        if ffi::PyObject_GetBuffer(ob.as_ptr(), p, ffi::PyBUF_WRITABLE) < 0 {
            ffi::PyErr_Clear();
            if ffi::PyObject_GetBuffer(ob.as_ptr(), p, ffi::PyBUF_SIMPLE) < 0 {
                return Err(PyErr::fetch(py));
            }
        }
        let buffer = &*p;
        let (data, len, writeable) = (
            buffer.buf.cast::<u8>(),
            buffer.len as usize,
            buffer.readonly == 0,
        );
        ffi::PyBuffer_Release(p);
        Ok(Bytes {
            data,
            len,
            writeable,
            owner: ob.clone(),
        })
    }
}
