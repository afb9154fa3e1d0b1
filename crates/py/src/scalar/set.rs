//! Storing any object in one item (`PyArray_Pack`).

use super::item::{load, store};
use super::number;
use super::{arrays, refs};
use crate::descr::{self, num_of};
use crate::layout::{Descr, LegacyDescr};
use numoxide_dtype::TypeNum;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

/// The error for a sequence where one item is wanted, caused by another.
#[cold]
pub(crate) fn sequence_error(py: Python<'_>, cause: Option<PyErr>, end: &str) -> PyErr {
    let err = PyValueError::new_err(format!("setting an array element with a sequence{end}"));
    if cause.is_some() {
        err.set_cause(py, cause);
    }
    err
}

/// Stores any object in one item, with NumPy's conversions and errors.
///
/// # Safety
/// - `ptr` points to a valid writable item of the live dtype.
pub(crate) unsafe fn set_item(
    py: Python<'_>,
    ptr: *mut u8,
    descr: *mut Descr,
    obj: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let num = num_of(descr);
    // SAFETY: by contract.
    unsafe {
        if super::set_plain(ptr, descr, obj.as_ptr()).is_some() {
            return Ok(());
        }
        if num == TypeNum::Object {
            let slot = ptr.cast::<*mut ffi::PyObject>();
            let old = slot.read_unaligned();
            slot.write_unaligned(obj.clone().into_ptr());
            ffi::Py_XDECREF(old);
            return Ok(());
        }
        if arrays::is_array(obj) {
            return set_from_array(py, ptr, descr, obj);
        }
        if is_foreign(obj, descr) {
            return cast_into(py, ptr, descr, obj);
        }
        match num {
            TypeNum::Bytes => set_bytes(ptr, descr, obj),
            TypeNum::Str => set_str(ptr, descr, obj),
            TypeNum::Void => set_void(py, ptr, descr, obj),
            TypeNum::DateTime | TypeNum::TimeDelta => {
                let value = super::dates::from_python(obj, num, descr::datetime_meta(descr))?;
                store(ptr, descr, number::Raw::of(value));
                Ok(())
            }
            TypeNum::VString => crate::descr::set_string_item(py, ptr, descr, obj),
            TypeNum::User => crate::capi::user::set_item(py, ptr, descr, obj),
            _ => set_number(py, ptr, descr, num, obj),
        }
    }
}

/// Whether the object is a NumPy scalar that only a cast brings into an item of the dtype: numbers
/// as dates, records as anything else, those of registered dtypes unless `int()` does it.
fn is_foreign(obj: &Bound<'_, PyAny>, descr: *mut Descr) -> bool {
    let to = num_of(descr);
    match super::exact_num(obj) {
        Some(TypeNum::Void) => to != TypeNum::Void,
        Some(from) if is_date(to) => from != to && (from.is_number() || is_date(from)),
        Some(_) => false,
        None => to != TypeNum::User && !to.is_signed() && super::value::user_parts(obj).is_some(),
    }
}

/// # Safety
/// - As [`set_item`]; the object is a NumPy scalar.
unsafe fn cast_into(
    py: Python<'_>,
    ptr: *mut u8,
    descr: *mut Descr,
    obj: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let source = super::delegate::array_of(obj)?;
    let source = crate::array::ArrayRef::of(&source);
    let (from, to) = (source.dtype(), descr::dtype_of(descr));
    let view = |ptr, dtype| numoxide_core::RawView {
        ptr,
        dtype,
        shape: &[],
        strides: &[],
    };
    crate::array::assign::assign_views(py, &view(ptr, &to), &view(source.data(), &from))
}

/// # Safety
/// - As [`set_item`], for a number class.
unsafe fn set_number(
    py: Python<'_>,
    ptr: *mut u8,
    descr: *mut Descr,
    num: TypeNum,
    obj: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // Signed integers take NumPy scalars as `int()` does, the others by a cast.
    let scalar = super::value_of(obj).filter(|(from, _)| *from == num || !num.is_signed());
    let cast = scalar.and_then(|(from, raw)| convert_number(py, from, &raw, num));
    let raw = match cast {
        Some(done) => done?,
        None if super::is_numpy_scalar(obj) && super::exact_num(obj).is_some_and(is_date) => {
            let inner = super::item_of(obj)?;
            number::from_object(num, &inner).unwrap_or_else(|| Err(PyTypeError::new_err(())))?
        }
        None => number::from_object(num, obj).unwrap_or_else(|| Err(PyTypeError::new_err(())))?,
    };
    // SAFETY: by contract.
    unsafe { store(ptr, descr, raw) };
    Ok(())
}

fn is_date(num: TypeNum) -> bool {
    matches!(num, TypeNum::DateTime | TypeNum::TimeDelta)
}

/// A C cast of one number between classes, with its warnings; `None` if the source is no number.
pub(crate) fn convert_number(
    py: Python<'_>,
    from: TypeNum,
    raw: &number::Raw,
    to: TypeNum,
) -> Option<PyResult<number::Raw>> {
    if from == to {
        return Some(Ok(*raw));
    }
    let value = match from {
        n if is_date(n) => number::Num::Int(i128::from(raw.get::<i64>())),
        n => number::widen(n, raw)?,
    };
    if from.is_complex() && !to.is_complex() && to != TypeNum::Bool {
        if let Err(err) = warn_complex(py) {
            return Some(Err(err));
        }
    }
    let mut status = 0;
    let out = number::narrow(to, value, &mut status)?;
    if status != 0 {
        if let Err(err) = crate::errstate::report(py, status, "cast") {
            return Some(Err(err));
        }
    }
    Some(Ok(out))
}

/// The warning that an imaginary part is lost.
pub(crate) fn warn_complex(py: Python<'_>) -> PyResult<()> {
    let class = py
        .import("numoxide.exceptions")?
        .getattr("ComplexWarning")?;
    crate::err::warn(
        py,
        &class,
        "Casting complex values to real discards the imaginary part",
    )
}

/// # Safety
/// - As [`set_item`]; `array` is an array.
unsafe fn set_from_array(
    py: Python<'_>,
    ptr: *mut u8,
    descr: *mut Descr,
    array: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let from = arrays::raw(array);
    // SAFETY: by contract; a 0-d array has one item.
    unsafe {
        let legacy = descr::as_legacy(descr);
        if legacy.is_some_and(|l| !(*l).subarray.is_null()) {
            return set_subarray(py, ptr, descr, array);
        }
        // A structure takes the only item of an array of any shape.
        let shape = std::slice::from_raw_parts((*from).dimensions, (*from).nd as usize);
        let only = num_of(descr) == TypeNum::Void && shape.iter().all(|&n| n == 1);
        if (*from).nd != 0 && !only {
            return set_from_many(py, ptr, descr, array);
        }
        let (source, target) = (num_of((*from).descr), num_of(descr));
        // Subclasses have their own ways to become a number.
        let plain = crate::array::ArrayRef::of(array).is_exact() || !target.is_float();
        if plain && source.is_number() && target.is_number() {
            let raw = load((*from).data, (*from).descr);
            if let Some(done) = convert_number(py, source, &raw, target) {
                store(ptr, descr, done?);
                return Ok(());
            }
        }
        if !plain {
            let value = ffi::PyNumber_Float(array.as_ptr());
            let value = Bound::from_owned_ptr_or_err(py, value)?;
            return set_item(py, ptr, descr, &value);
        }
        let scalar = super::from_ptr(py, (*from).data, (*from).descr, None)?;
        set_item(py, ptr, descr, &scalar)
    }
}

/// Stores an array with axes in one item, as far as the dtype has a way to.
///
/// # Safety
/// - As [`set_item`]; `array` is an array.
unsafe fn set_from_many(
    py: Python<'_>,
    ptr: *mut u8,
    descr: *mut Descr,
    array: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let no_date = |what| format!("Could not convert object to NumPy {what}");
    // SAFETY: by contract.
    unsafe {
        Err(match num_of(descr) {
            TypeNum::VString => return crate::descr::set_string_item(py, ptr, descr, array),
            TypeNum::Void if descr::dtype_of(descr).fields().is_none() => {
                let bytes = array.call_method0("tobytes")?;
                return set_void(py, ptr, descr, &bytes);
            }
            TypeNum::Bool => match array.is_truthy() {
                Ok(truth) => {
                    store(ptr, descr, number::Raw::of(u8::from(truth)));
                    return Ok(());
                }
                Err(e) => sequence_error(py, Some(e), "."),
            },
            TypeNum::DateTime => PyValueError::new_err(no_date("datetime")),
            TypeNum::TimeDelta => PyValueError::new_err(no_date("timedelta")),
            n if n.is_complex() || n == TypeNum::LongDouble => {
                PyTypeError::new_err("only 0-dimensional arrays can be converted to Python scalars")
            }
            n => sequence_error(py, None, if n.is_flexible() { "" } else { "." }),
        })
    }
}

/// Text that an object turns into when stored as bytes or str.
fn text_of<'py>(obj: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = obj.py();
    // SAFETY: plain type checks of a live object.
    let (text, sequence) = unsafe {
        let ob = obj.as_ptr();
        (
            ffi::PyUnicode_Check(ob) != 0 || ffi::PyBytes_Check(ob) != 0,
            ffi::PySequence_Check(ob) != 0 && !super::is_numpy_scalar(obj),
        )
    };
    if text {
        Ok(obj.clone())
    } else if sequence {
        Err(sequence_error(py, None, ""))
    } else {
        Ok(obj.str()?.into_any())
    }
}

/// # Safety
/// - As [`set_item`], for a bytes dtype.
unsafe fn set_bytes(ptr: *mut u8, descr: *mut Descr, obj: &Bound<'_, PyAny>) -> PyResult<()> {
    let text = text_of(obj)?;
    let bytes = match text.cast::<PyBytes>() {
        Ok(bytes) => bytes.clone(),
        Err(_) => text.call_method1("encode", ("ascii",))?.cast_into()?,
    };
    // SAFETY: by contract.
    unsafe { fill(ptr, (*descr).elsize as usize, bytes.as_bytes()) };
    Ok(())
}

/// Copies what fits and zeroes the rest.
///
/// # Safety
/// - `ptr` has room for `size` bytes.
unsafe fn fill(ptr: *mut u8, size: usize, bytes: &[u8]) {
    let n = bytes.len().min(size);
    // SAFETY: by contract.
    unsafe {
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), ptr, n);
        std::ptr::write_bytes(ptr.add(n), 0, size - n);
    }
}

/// # Safety
/// - As [`set_item`], for a str dtype.
unsafe fn set_str(ptr: *mut u8, descr: *mut Descr, obj: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = obj.py();
    let mut text = text_of(obj)?;
    if text.is_instance_of::<PyBytes>() {
        text = text.call_method1("decode", ("ascii",))?;
    }
    // SAFETY: by contract; the interpreter writes at most its text's length in units.
    unsafe {
        let n = (*descr).elsize as usize / 4;
        let len = ffi::PyUnicode_GetLength(text.as_ptr());
        if len < 0 {
            return Err(PyErr::fetch(py));
        }
        let mut units = vec![0u32; (len as usize).max(1)];
        if len > 0 && ffi::PyUnicode_AsUCS4(text.as_ptr(), units.as_mut_ptr(), len, 0).is_null() {
            return Err(PyErr::fetch(py));
        }
        units.resize(n, 0);
        let swapped = (*descr).byteorder as u8 == descr::SWAPPED;
        for (i, u) in units.into_iter().enumerate() {
            let unit = if swapped { u.swap_bytes() } else { u };
            ptr.cast::<u32>().add(i).write_unaligned(unit);
        }
    }
    Ok(())
}

/// # Safety
/// - As [`set_item`], for a void dtype.
unsafe fn set_void(
    py: Python<'_>,
    ptr: *mut u8,
    descr: *mut Descr,
    obj: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // SAFETY: by contract.
    unsafe {
        let legacy = descr.cast::<LegacyDescr>();
        if !(*legacy).subarray.is_null() {
            return set_subarray(py, ptr, descr, obj);
        }
        if !(*legacy).names.is_null() {
            return set_struct(py, ptr, descr, obj);
        }
        let size = (*descr).elsize as usize;
        if super::is_numpy_scalar(obj) {
            let bytes = super::bytes_of(obj)?;
            fill(ptr, size, &bytes);
            return Ok(());
        }
        let buffer = PyBuffer::<u8>::get(obj).map_err(|_| {
            PyTypeError::new_err(format!(
                "a bytes-like object is required, not '{}'",
                obj.get_type()
                    .name()
                    .map_or_else(|_| "object".into(), |n| n.to_string())
            ))
        })?;
        fill(ptr, size, &buffer.to_vec(py)?);
        Ok(())
    }
}

/// # Safety
/// - As [`set_item`], for a structured dtype.
unsafe fn set_struct(
    py: Python<'_>,
    ptr: *mut u8,
    descr: *mut Descr,
    obj: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // SAFETY: by contract; fields lie inside the item.
    unsafe {
        let fields = descr::fields(py, descr);
        if let Some((from, _)) = super::void_parts(obj) {
            if descr::is_struct(from) && descr::fields(py, from).len() == fields.len() {
                return cast_into(py, ptr, descr, obj);
            }
        }
        if let Ok(values) = obj.cast::<PyTuple>() {
            if values.len() != fields.len() {
                return Err(PyValueError::new_err(format!(
                    "could not assign tuple of length {} to structure with {} fields.",
                    values.len(),
                    fields.len()
                )));
            }
            return fields
                .iter()
                .zip(values.iter())
                .try_for_each(|(f, v)| set_item(py, ptr.offset(f.offset), f.descr, &v));
        }
        fields
            .iter()
            .try_for_each(|f| set_item(py, ptr.offset(f.offset), f.descr, obj))
    }
}

/// # Safety
/// - As [`set_item`], for a sub-array dtype.
unsafe fn set_subarray(
    py: Python<'_>,
    ptr: *mut u8,
    descr: *mut Descr,
    obj: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // SAFETY: by contract; the temporary array has the item's layout.
    unsafe {
        let array = arrays::zero_d(py, ptr, descr, None)?;
        array.set_item(py.Ellipsis(), obj)?;
        let from = (*arrays::raw(&array)).data;
        refs::acquire(from, descr);
        refs::release(ptr, descr);
        std::ptr::copy_nonoverlapping(from, ptr, (*descr).elsize as usize);
        Ok(())
    }
}
