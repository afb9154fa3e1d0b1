//! Scalars as Python numbers: truth, `int`, `float`, `complex`, hash, `format`.

use super::number::{self, Num};
use super::value::{date_meta, item_of};
use super::{exact_num, num_for, value_of, value_offset};
use crate::args::{Arg, CallArgs};
use crate::err::OrRaise;
use crate::slots::bare_or;
use numoxide_dtype::datetime::{days_from_civil, to_civil};
use numoxide_dtype::{DateTimeMeta, DateTimeUnit, TypeNum, F80};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;

fn borrowed<'py>(py: Python<'py>, ob: *mut ffi::PyObject) -> Bound<'py, PyAny> {
    // SAFETY: callers pass live objects.
    unsafe { Bound::from_borrowed_ptr(py, ob) }
}

/// The value of a scalar whose type is exactly that of a common real class.
///
/// # Safety
/// - `slf` is a live object.
#[inline(always)]
unsafe fn common_value(slf: *mut ffi::PyObject) -> Option<Num> {
    // SAFETY: by contract; a scalar of a class holds its value at this offset.
    unsafe {
        let num = num_for(ffi::Py_TYPE(slf))?;
        let at = slf.cast::<u8>().add(value_offset(num));
        Some(match num {
            TypeNum::Double => Num::Float(at.cast::<f64>().read()),
            TypeNum::Float => Num::Float(f64::from(at.cast::<f32>().read())),
            TypeNum::Long | TypeNum::LongLong => Num::Int(i128::from(at.cast::<i64>().read())),
            TypeNum::Int => Num::Int(i128::from(at.cast::<i32>().read())),
            TypeNum::UByte | TypeNum::Bool => Num::Int(i128::from(at.read())),
            _ => return None,
        })
    }
}

/// The Python int of such a value, if the class is an integer one.
///
/// # Safety
/// - `slf` is a live object; the interpreter lock is held.
#[inline(always)]
unsafe fn common_int(slf: *mut ffi::PyObject) -> Option<*mut ffi::PyObject> {
    // SAFETY: by contract.
    unsafe {
        match common_value(slf)? {
            Num::Int(i) if num_for(ffi::Py_TYPE(slf)) != Some(TypeNum::Bool) => {
                Some(ffi::PyLong_FromLongLong(i as i64))
            }
            _ => None,
        }
    }
}

/// `nb_bool`.
pub(crate) unsafe extern "C" fn truth(slf: *mut ffi::PyObject) -> c_int {
    // SAFETY: a slot call with a live scalar.
    unsafe {
        let quick = |_: Python<'_>| match common_value(slf)? {
            Num::Int(i) => Some(i != 0),
            Num::Float(x) => Some(x != 0.0),
            _ => None,
        };
        bare_or(quick, |py| {
            let slf = borrowed(py, slf);
            if let Some((num, raw)) = value_of(&slf) {
                if let Some(value) = number::widen(num, &raw) {
                    return Ok(value.truth());
                }
                return Ok(raw.get::<i64>() != 0);
            }
            match super::void_parts(&slf) {
                Some(_) => Ok(super::value::bytes_of(&slf)?.iter().any(|&b| b != 0)),
                None => item_of(&slf)?.is_truthy(),
            }
        })
    }
}

/// The value as a Python int or float where `int()` and `float()` go on from; warns of a lost
/// imaginary part.
fn real_item<'py>(slf: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = slf.py();
    let Some((num, raw)) = value_of(slf).filter(|(num, _)| num.is_number()) else {
        return item_of(slf);
    };
    if num.is_complex() {
        super::set::warn_complex(py)?;
    }
    match number::widen(num, &raw) {
        Some(Num::Long(x) | Num::CLong(x, _)) => long_item(py, x),
        Some(Num::Complex(re, _)) => Ok(re.into_pyobject(py)?.into_any()),
        _ => item_of(slf),
    }
}

/// A long double as a Python int when it is integral and beyond a double's digits, else a float.
fn long_item(py: Python<'_>, x: F80) -> PyResult<Bound<'_, PyAny>> {
    let bytes = x.0;
    let significand = u64::from_le_bytes(std::array::from_fn(|i| bytes[i]));
    let top = u16::from_le_bytes([bytes[8], bytes[9]]);
    let (negative, exponent) = (top >> 15 != 0, i32::from(top & 0x7fff) - 16383 - 63);
    if top & 0x7fff == 0x7fff || exponent < 0 && significand.trailing_zeros() as i32 + exponent < 0
    {
        let value = Num::Long(x).real();
        return Ok(value.into_pyobject(py)?.into_any());
    }
    let whole = significand.into_pyobject(py)?.into_any();
    let shifted = if exponent >= 0 {
        whole.lshift(exponent)?
    } else {
        whole.rshift(-exponent)?
    };
    if negative {
        shifted.neg()
    } else {
        Ok(shifted)
    }
}

/// As [`common_int`], of floats within 62 bits too.
///
/// # Safety
/// - As [`common_int`].
#[inline(always)]
unsafe fn truncated(slf: *mut ffi::PyObject) -> Option<*mut ffi::PyObject> {
    // SAFETY: by contract.
    unsafe {
        match common_value(slf)? {
            Num::Float(x) if x.abs() < 4e18 => Some(ffi::PyLong_FromLongLong(x as i64)),
            _ => common_int(slf),
        }
    }
}

/// `nb_int`.
pub(crate) unsafe extern "C" fn int(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot call with a live scalar.
    unsafe {
        bare_or(
            |_| truncated(slf),
            |py| {
                let item = match value_of(&borrowed(py, slf)) {
                    Some((TypeNum::LongDouble | TypeNum::CLongDouble, _)) => {
                        real_item(&borrowed(py, slf))?.call_method0("__int__")?
                    }
                    _ => real_item(&borrowed(py, slf))?,
                };
                let ctor = Bound::from_borrowed_ptr(py, (&raw mut ffi::PyLong_Type).cast());
                ctor.call1((item,)).map(Bound::into_ptr)
            },
        )
    }
}

/// `nb_index` of the integers.
pub(crate) unsafe extern "C" fn index(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot call with a live scalar.
    unsafe {
        bare_or(
            |_| common_int(slf),
            |py| item_of(&borrowed(py, slf)).map(Bound::into_ptr),
        )
    }
}

/// `nb_float`.
pub(crate) unsafe extern "C" fn float(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot call with a live scalar.
    unsafe {
        let quick = |_: Python<'_>| match common_value(slf)? {
            Num::Float(x) => Some(ffi::PyFloat_FromDouble(x)),
            Num::Int(i) => Some(ffi::PyFloat_FromDouble(i as i64 as f64)),
            _ => None,
        };
        bare_or(quick, |py| {
            let slf = borrowed(py, slf);
            if let Some((num, raw)) = value_of(&slf).filter(|(num, _)| num.is_number()) {
                if num.is_complex() {
                    super::set::warn_complex(py)?;
                }
                let value = number::widen(num, &raw).map_or(0.0, Num::real);
                return Ok(value.into_pyobject(py)?.into_any().into_ptr());
            }
            let item = item_of(&slf)?;
            let ctor = Bound::from_borrowed_ptr(py, (&raw mut ffi::PyFloat_Type).cast());
            ctor.call1((item,)).map(Bound::into_ptr)
        })
    }
}

/// `tp_hash`: that of the equal Python object.
pub(crate) unsafe extern "C" fn hash(slf: *mut ffi::PyObject) -> ffi::Py_hash_t {
    // SAFETY: a slot call with a live scalar.
    unsafe { bare_or(|_| common_hash(slf), |py| hash_of(&borrowed(py, slf))) }
}

/// The hash of a common float or integer by Python's rules: the value modulo 2^61 - 1.
///
/// # Safety
/// - `slf` is a live object; the interpreter lock is held.
#[inline(always)]
unsafe fn common_hash(slf: *mut ffi::PyObject) -> Option<isize> {
    // SAFETY: by contract.
    match unsafe { common_value(slf)? } {
        Num::Int(i) => {
            let rest = i % ((1 << 61) - 1);
            // -1 says that there is an error.
            Some(if rest == -1 { -2 } else { rest as isize })
        }
        // SAFETY: a double scalar is laid out as Python's float.
        Num::Float(_) => unsafe {
            let double = num_for(ffi::Py_TYPE(slf)) == Some(TypeNum::Double);
            let hash = ffi::PyFloat_Type.tp_hash.filter(|_| double)?;
            Some(hash(slf))
        },
        _ => None,
    }
}

fn hash_of(slf: &Bound<'_, PyAny>) -> PyResult<isize> {
    let py = slf.py();
    let Some((num, raw)) = value_of(slf) else {
        return hash_void(slf);
    };
    if matches!(num, TypeNum::DateTime | TypeNum::TimeDelta) {
        let value = raw.get();
        return match value == super::dates::NAT {
            // No time equals no other.
            true => Ok((slf.as_ptr() as isize) >> 4),
            false => hash_date(py, value, date_meta(slf), num),
        };
    }
    let value = match number::widen(num, &raw) {
        Some(Num::Int(i)) => i.into_pyobject(py)?.into_any(),
        Some(Num::Float(x)) => x.into_pyobject(py)?.into_any(),
        Some(Num::Complex(re, im)) => pyo3::types::PyComplex::from_doubles(py, re, im).into_any(),
        Some(Num::Long(x)) => long_item(py, x)?,
        Some(n @ Num::CLong(_, im)) => {
            pyo3::types::PyComplex::from_doubles(py, n.real(), Num::Long(im).real()).into_any()
        }
        None => return hash_void(slf),
    };
    if value.extract::<f64>().is_ok_and(f64::is_nan) {
        return Ok((slf.as_ptr() as isize) >> 4);
    }
    value.hash()
}

/// Times hash as the `datetime` objects that they equal, or else by the bytes of their parts.
fn hash_date(py: Python<'_>, value: i64, meta: DateTimeMeta, num: TypeNum) -> PyResult<isize> {
    use DateTimeUnit as U;
    if value == super::dates::NAT {
        return value.into_pyobject(py)?.hash();
    }
    if num == TypeNum::TimeDelta {
        return hash_span(py, value, meta);
    }
    if meta.unit == U::Generic {
        return Err(PyValueError::new_err("Can't hash generic datetime64"));
    }
    let Some(c) = to_civil(value, meta).or_raise(py)? else {
        return Ok(0);
    };
    if c.ps == 0 && c.atto == 0 && (1..=9999).contains(&c.year) {
        let class = py.import("datetime")?.getattr("datetime")?;
        let made = class.call1((c.year, c.month, c.day, c.hour, c.min, c.sec, c.us))?;
        return made.hash();
    }
    let parts = [c.month, c.day, c.hour, c.min, c.sec, c.us, c.ps, c.atto];
    hash_parts(py, c.year, &parts)
}

/// The hash of a time span.
fn hash_span(py: Python<'_>, value: i64, meta: DateTimeMeta) -> PyResult<isize> {
    use DateTimeUnit as U;
    let to = |unit| DateTimeMeta { unit, num: 1 };
    if meta.unit == U::Generic {
        return Err(PyValueError::new_err("Can't hash generic timedelta64"));
    }
    if matches!(meta.unit, U::Year | U::Month) {
        let months = super::dates::convert(value, meta, to(U::Month), false);
        return months.into_pyobject(py)?.hash();
    }
    let Some(c) = to_civil(value, meta).or_raise(py)? else {
        return Ok(0);
    };
    let days = days_from_civil(c.year, c.month, c.day);
    let seconds = c.hour * 3600 + c.min * 60 + c.sec;
    if c.ps == 0 && c.atto == 0 && (-999_999_999..=999_999_999).contains(&days) {
        return (days, seconds, c.us).into_pyobject(py)?.hash();
    }
    hash_parts(py, days, &[seconds, c.us, c.ps, c.atto])
}

/// The hash of the bytes of a date's or span's parts.
fn hash_parts(py: Python<'_>, first: i64, parts: &[i32]) -> PyResult<isize> {
    let mut bytes = first.to_ne_bytes().to_vec();
    bytes.extend(parts.iter().flat_map(|part| part.to_ne_bytes()));
    pyo3::types::PyBytes::new(py, &bytes).hash()
}

fn hash_void(slf: &Bound<'_, PyAny>) -> PyResult<isize> {
    if super::void_parts(slf).is_none() {
        return item_of(slf)?.hash();
    }
    // SAFETY: a void scalar has this layout.
    let flags = unsafe { (*slf.as_ptr().cast::<crate::layout::VoidScalar>()).flags };
    if flags & crate::layout::flags::WRITEABLE != 0 {
        return Err(pyo3::exceptions::PyTypeError::new_err(
            "unhashable type: 'writeable void-scalar'",
        ));
    }
    item_of(slf)?.hash()
}

/// `__format__`: that of the Python object; long doubles as floats.
pub(crate) fn format<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let spec = args.get(0).to_owned();
    let num = exact_num(&slf);
    let item = match num {
        Some(TypeNum::LongDouble) => {
            let value = value_of(&slf).and_then(|(n, raw)| number::widen(n, &raw));
            value.map_or(0.0, Num::real).into_pyobject(py)?.into_any()
        }
        Some(n) if n.is_number() && n != TypeNum::CLongDouble => item_of(&slf)?,
        Some(TypeNum::CLongDouble) => {
            let value = value_of(&slf).and_then(|(n, raw)| number::widen(n, &raw));
            match value {
                Some(n @ Num::CLong(_, im)) => {
                    pyo3::types::PyComplex::from_doubles(py, n.real(), Num::Long(im).real())
                        .into_any()
                }
                _ => slf.str()?.into_any(),
            }
        }
        Some(TypeNum::Str | TypeNum::Bytes) => item_of(&slf)?,
        _ => slf.str()?.into_any(),
    };
    // SAFETY: live objects.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyObject_Format(item.as_ptr(), spec.as_ptr())) }
}
