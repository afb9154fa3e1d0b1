//! What a scalar or Python object holds: class, bytes, dtype.

use super::item::get_item;
use super::number::Raw;
use super::types::{num_for, type_for, value_offset};
use crate::descr::{self, make};
use crate::layout::{DateTimeScalar, Descr, VoidScalar};
use numoxide_dtype::{DType, DateTimeMeta, DateTimeUnit, TypeNum, ROWS};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDate, PyDateTime, PyDelta};

/// The scalar class of an object, subclasses included; `None` if it is no NumPy scalar.
#[inline]
pub(crate) fn exact_num(obj: &Bound<'_, PyAny>) -> Option<TypeNum> {
    let ty = obj.get_type_ptr();
    num_for(ty).or_else(|| subclass_num(obj, ty))
}

#[cold]
fn subclass_num(obj: &Bound<'_, PyAny>, ty: *mut ffi::PyTypeObject) -> Option<TypeNum> {
    if !super::is_numpy_scalar(obj) {
        return None;
    }
    // SAFETY: ready types.
    TypeNum::legacy().find(|&n| unsafe { ffi::PyType_IsSubtype(ty, type_for(n)) != 0 })
}

/// Class and value of a NumPy scalar of fixed size (numbers, dates), in native byte order.
#[inline]
pub(crate) fn value_of(obj: &Bound<'_, PyAny>) -> Option<(TypeNum, Raw)> {
    let num = exact_num(obj)?;
    let size = ROWS[num as usize].size;
    if size == 0 || num == TypeNum::Object {
        return None;
    }
    // SAFETY: scalars of this class hold `size` bytes, at most 32, at this offset.
    Some((num, unsafe { read_value(obj, num, size) }))
}

/// # Safety
/// - The object is a scalar of this fixed-size class.
#[inline(always)]
unsafe fn read_value(obj: &Bound<'_, PyAny>, num: TypeNum, size: usize) -> Raw {
    // SAFETY: by contract.
    unsafe { Raw::read(obj.as_ptr().cast::<u8>().add(value_offset(num)), size) }
}

/// Unit of a datetime64 or timedelta64 scalar.
pub(crate) fn date_meta(obj: &Bound<'_, PyAny>) -> DateTimeMeta {
    // SAFETY: callers pass date scalars.
    let scalar = unsafe { &*obj.as_ptr().cast::<DateTimeScalar>() };
    DateTimeMeta {
        unit: descr::unit_from_c(scalar.unit),
        num: scalar.num,
    }
}

/// The dtype object of a NumPy scalar.
pub(crate) fn descr_of(py: Python<'_>, obj: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let Some(num) = exact_num(obj) else {
        let (descr, _) = user_parts(obj)
            .ok_or_else(|| pyo3::exceptions::PyTypeError::new_err("not a NumPy scalar"))?;
        // SAFETY: registered dtypes live for ever.
        return Ok(unsafe { make::share(py, descr) });
    };
    let made = match num {
        // SAFETY: a void scalar owns its dtype.
        TypeNum::Void => unsafe {
            return Ok(make::share(py, (*obj.as_ptr().cast::<VoidScalar>()).descr));
        },
        TypeNum::DateTime | TypeNum::TimeDelta => {
            return descr::descr_for(py, &DType::datetime(num, date_meta(obj)));
        }
        TypeNum::Str => make::sized(py, num, obj.len()? * 4)?,
        TypeNum::Bytes => make::sized(py, num, obj.len()?)?,
        // SAFETY: default instances live for ever.
        _ => return Ok(unsafe { make::share(py, descr::singleton(num)) }),
    };
    // SAFETY: fresh and owned.
    Ok(unsafe { make::own(py, made) })
}

/// The memory of a NumPy scalar as an array item would hold it.
pub(crate) fn bytes_of(obj: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Some((num, raw)) = value_of(obj) {
        return Ok(raw.0[..ROWS[num as usize].size].to_vec());
    }
    if let Some((descr, ptr)) = item_parts(obj) {
        // SAFETY: the scalar holds an item of its dtype.
        return Ok(unsafe { std::slice::from_raw_parts(ptr, (*descr).elsize as usize) }.to_vec());
    }
    if let Ok(bytes) = obj.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    let text = obj.call_method1("encode", ("utf-32-le", "surrogatepass"))?;
    text.extract()
}

/// Dtype and memory of a void scalar.
pub(crate) fn void_parts(obj: &Bound<'_, PyAny>) -> Option<(*mut Descr, *mut u8)> {
    if exact_num(obj) != Some(TypeNum::Void) {
        return None;
    }
    // SAFETY: a void scalar has this layout.
    let scalar = unsafe { &*obj.as_ptr().cast::<VoidScalar>() };
    Some((scalar.descr, scalar.obval))
}

/// The array of a void scalar that is itself a view of an array's item: it shows the same memory.
pub(crate) fn void_view<'py>(obj: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some((descr, ptr)) = void_parts(obj) else {
        return Ok(None);
    };
    // SAFETY: a void scalar has this layout; it keeps its memory alive, and the array the scalar.
    unsafe {
        let scalar = &*obj.as_ptr().cast::<VoidScalar>();
        if scalar.flags & crate::layout::flags::OWNDATA != 0 || scalar.base.is_null() {
            return Ok(None);
        }
        let view = super::arrays::zero_d(obj.py(), ptr, descr, Some(obj))?;
        if scalar.flags & crate::layout::flags::WRITEABLE == 0 {
            (*super::arrays::raw(&view)).flags &= !crate::layout::flags::WRITEABLE;
        }
        Ok(Some(view))
    }
}

/// Dtype and memory of a scalar of a registered dtype; the value stands behind the object's head.
pub(crate) fn user_parts(obj: &Bound<'_, PyAny>) -> Option<(*mut Descr, *mut u8)> {
    if !super::is_numpy_scalar(obj) {
        return None;
    }
    let descr = crate::capi::user::descr_for_object(obj)?;
    // SAFETY: registered dtypes live for ever; their scalars hold an item at this address.
    unsafe {
        let head = obj.as_ptr().cast::<u8>().add(size_of::<ffi::PyObject>());
        let gap = head.align_offset((*descr).alignment.max(1) as usize);
        Some((descr, head.add(gap)))
    }
}

/// Dtype and memory of a void scalar or one of a registered dtype.
fn item_parts(obj: &Bound<'_, PyAny>) -> Option<(*mut Descr, *mut u8)> {
    void_parts(obj).or_else(|| user_parts(obj))
}

/// Runs `f` on the item a NumPy scalar holds and its dtype.
pub(crate) fn with_item<'py, R>(
    obj: &Bound<'py, PyAny>,
    f: impl FnOnce(*const u8, *mut Descr) -> PyResult<R>,
) -> PyResult<R> {
    let descr = descr_of(obj.py(), obj)?;
    if let Some((_, raw)) = value_of(obj) {
        return f(raw.0.as_ptr(), descr.as_ptr().cast());
    }
    if let Some((descr, ptr)) = item_parts(obj) {
        return f(ptr, descr);
    }
    let bytes = bytes_of(obj)?;
    f(bytes.as_ptr(), descr.as_ptr().cast())
}

/// `.item()` of a NumPy scalar.
pub(crate) fn item_of<'py>(obj: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the pointer and dtype given by `with_item` describe one item.
    with_item(obj, |ptr, descr| unsafe { get_item(obj.py(), ptr, descr) })
}

/// The dtype that a Python or NumPy scalar has by itself; `None` for anything else.
pub(crate) fn discover(obj: &Bound<'_, PyAny>) -> Option<DType> {
    let ob = obj.as_ptr();
    if let Some(num) = exact_num(obj) {
        return Some(match num {
            TypeNum::DateTime | TypeNum::TimeDelta => DType::datetime(num, date_meta(obj)),
            TypeNum::Str => DType::flexible(num, obj.len().ok()? * 4),
            TypeNum::Bytes => DType::flexible(num, obj.len().ok()?),
            TypeNum::Void => descr::dtype_of(void_parts(obj)?.0),
            _ => DType::new(num),
        });
    }
    // SAFETY: plain type checks of a live object.
    unsafe {
        if ffi::PyFloat_Check(ob) != 0 {
            return Some(DType::new(TypeNum::Double));
        }
        if ffi::PyBool_Check(ob) != 0 {
            return Some(DType::new(TypeNum::Bool));
        }
        if ffi::PyLong_Check(ob) != 0 {
            let num = match super::number::exact_int(obj) {
                Some(v) if i64::try_from(v).is_ok() => TypeNum::Long,
                Some(_) => TypeNum::ULong,
                None => TypeNum::Object,
            };
            return Some(DType::new(num));
        }
        if ffi::PyComplex_Check(ob) != 0 {
            return Some(DType::new(TypeNum::CDouble));
        }
        if ffi::PyUnicode_Check(ob) != 0 {
            let len = ffi::PyUnicode_GetLength(ob) as usize;
            return Some(DType::flexible(TypeNum::Str, len * 4));
        }
        if ffi::PyBytes_Check(ob) != 0 {
            let len = ffi::PyBytes_Size(ob) as usize;
            return Some(DType::flexible(TypeNum::Bytes, len));
        }
    }
    discover_date(obj)
}

fn discover_date(obj: &Bound<'_, PyAny>) -> Option<DType> {
    if let Some(found) = crate::capi::user::descr_for_object(obj) {
        return Some(descr::dtype_of(found));
    }
    let (num, unit) = if obj.cast::<PyDateTime>().is_ok() {
        (TypeNum::DateTime, DateTimeUnit::Micro)
    } else if obj.cast::<PyDate>().is_ok() {
        (TypeNum::DateTime, DateTimeUnit::Day)
    } else if obj.cast::<PyDelta>().is_ok() {
        (TypeNum::TimeDelta, DateTimeUnit::Micro)
    } else {
        return None;
    };
    Some(DType::datetime(num, DateTimeMeta { unit, num: 1 }))
}
