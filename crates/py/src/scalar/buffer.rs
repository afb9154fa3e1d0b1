//! The buffer protocol of scalars.

use super::types::value_offset;
use super::{exact_num, void_parts};
use crate::layout::VoidScalar;
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_int, c_void, CStr};
use std::ptr::null_mut;

/// `bf_getbuffer`: the scalar's own memory, read-only.
pub(crate) unsafe extern "C" fn get(
    slf: *mut ffi::PyObject,
    view: *mut ffi::Py_buffer,
    flags: c_int,
) -> c_int {
    // SAFETY: a slot call with a live scalar and a view to fill.
    unsafe {
        crate::slots::trampoline(|py| {
            (*view).obj = null_mut();
            let ob = Bound::from_borrowed_ptr(py, slf);
            if exact_num(&ob).is_none() && super::value::user_parts(&ob).is_none() {
                let kind = ob.get_type().name()?;
                return Err(PyTypeError::new_err(format!(
                    "a bytes-like object is required, not '{kind}'"
                )));
            }
            if flags & ffi::PyBUF_WRITABLE != 0 {
                return Err(PyBufferError::new_err("scalar buffer is readonly"));
            }
            fill(&ob, &mut *view, flags)
        })
    }
}

/// `bf_getbuffer` of `str_`: a copy of the text as UCS-4, which [`release_text`] frees.
pub(crate) unsafe extern "C" fn get_text(
    slf: *mut ffi::PyObject,
    view: *mut ffi::Py_buffer,
    flags: c_int,
) -> c_int {
    // SAFETY: a slot call with a live str and a view to fill; the copy has room for a last zero.
    unsafe {
        crate::slots::trampoline(|py| {
            (*view).obj = null_mut();
            if flags & ffi::PyBUF_WRITABLE != 0 {
                return Err(PyBufferError::new_err("scalar buffer is readonly"));
            }
            let units = ffi::PyUnicode_AsUCS4Copy(slf);
            if units.is_null() {
                return Err(PyErr::fetch(py));
            }
            let n = ffi::PyUnicode_GetLength(slf);
            let format = interned(format!("{n}w"));
            ffi::Py_INCREF(slf);
            (*view).obj = slf;
            (*view).buf = units.cast();
            (*view).internal = units.cast();
            (*view).len = n * 4;
            (*view).itemsize = n * 4;
            (*view).readonly = 1;
            (*view).ndim = 0;
            (*view).format = match flags & ffi::PyBUF_FORMAT {
                0 => null_mut(),
                _ => format,
            };
            (*view).shape = null_mut();
            (*view).strides = null_mut();
            (*view).suboffsets = null_mut();
            Ok(())
        })
    }
}

/// `bf_releasebuffer` of `str_`.
pub(crate) unsafe extern "C" fn release_text(_: *mut ffi::PyObject, view: *mut ffi::Py_buffer) {
    // SAFETY: the view was filled by [`get_text`].
    unsafe { ffi::PyMem_Free((*view).internal) }
}

/// # Safety
/// - `view` is to be filled for a live scalar.
unsafe fn fill(ob: &Bound<'_, PyAny>, view: &mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
    let num = exact_num(ob).unwrap_or(TypeNum::Void);
    let dated = matches!(num, TypeNum::DateTime | TypeNum::TimeDelta);
    let user = super::value::user_parts(ob);
    if user.is_some() && flags & ffi::PyBUF_FORMAT != 0 {
        return Err(PyTypeError::new_err(format!(
            "NumPy scalar {} can only exported as a buffer without format.",
            ob.repr()?
        )));
    }
    let (ptr, len, format): (*mut u8, usize, *mut std::ffi::c_char) = match void_parts(ob) {
        // SAFETY: registered dtypes live for ever.
        None if user.is_some() => user.map_or((null_mut(), 0, null_mut()), |(descr, ptr)| unsafe {
            (ptr, (*descr).elsize as usize, null_mut())
        }),
        // SAFETY: the scalar keeps its dtype alive; the text lives as long as the process.
        Some((descr, ptr)) => unsafe {
            let info = (*ob.as_ptr().cast::<VoidScalar>()).buffer_info;
            crate::array::buffer::stored(ob, info)?;
            let size = (*descr).elsize as usize;
            (ptr, size, void_format(ob, size)?)
        },
        None => {
            // SAFETY: fixed-size scalars hold their value at this offset.
            let ptr = unsafe { ob.as_ptr().cast::<u8>().add(value_offset(num)) };
            (ptr, num.row().size, format_of(num).as_ptr().cast_mut())
        }
    };
    view.buf = ptr.cast::<c_void>();
    view.len = len as isize;
    view.readonly = 1;
    view.itemsize = if dated { 1 } else { len as isize };
    view.format = if flags & ffi::PyBUF_FORMAT != 0 {
        format
    } else {
        null_mut()
    };
    view.ndim = c_int::from(dated);
    view.shape = null_mut();
    view.strides = null_mut();
    if dated {
        static EIGHT: [isize; 1] = [8];
        static ONE: [isize; 1] = [1];
        view.shape = EIGHT.as_ptr().cast_mut();
        if flags & ffi::PyBUF_STRIDES == ffi::PyBUF_STRIDES {
            view.strides = ONE.as_ptr().cast_mut();
        }
    }
    view.suboffsets = null_mut();
    view.internal = null_mut();
    view.obj = ob.clone().into_ptr();
    Ok(())
}

/// PEP 3118 format of a fixed-size class.
fn format_of(num: TypeNum) -> &'static CStr {
    match num {
        TypeNum::Bool => c"?",
        TypeNum::Byte => c"b",
        TypeNum::UByte => c"B",
        TypeNum::Short => c"h",
        TypeNum::UShort => c"H",
        TypeNum::Int => c"i",
        TypeNum::UInt => c"I",
        TypeNum::Long => c"l",
        TypeNum::ULong => c"L",
        TypeNum::LongLong => c"q",
        TypeNum::ULongLong => c"Q",
        TypeNum::Half => c"e",
        TypeNum::Float => c"f",
        TypeNum::Double => c"d",
        TypeNum::LongDouble => c"g",
        TypeNum::CFloat => c"Zf",
        TypeNum::CDouble => c"Zd",
        TypeNum::CLongDouble => c"Zg",
        TypeNum::Object => c"O",
        _ => c"B",
    }
}

/// The format of a void scalar, taken from a 0-d array's own buffer where it has fields.
fn void_format(ob: &Bound<'_, PyAny>, size: usize) -> PyResult<*mut std::ffi::c_char> {
    let text = match void_parts(ob) {
        Some((descr, _)) if crate::descr::is_struct(descr) => {
            let array = super::delegate::writable_array_of(ob)?;
            // SAFETY: a live array.
            let view = unsafe {
                Bound::from_owned_ptr_or_err(ob.py(), ffi::PyMemoryView_FromObject(array.as_ptr()))?
            };
            view.getattr("format")?.extract()?
        }
        _ => format!("{size}x"),
    };
    Ok(interned(text))
}

/// A C string kept for ever, one copy for each text.
fn interned(text: String) -> *mut std::ffi::c_char {
    use std::collections::HashMap;
    use std::sync::Mutex;
    static TEXTS: Mutex<Option<HashMap<String, &'static CStr>>> = Mutex::new(None);
    let mut texts = TEXTS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let table = texts.get_or_insert_with(HashMap::new);
    let found = table
        .entry(text)
        .or_insert_with_key(|t| crate::statics::leak(t));
    found.as_ptr().cast_mut()
}
