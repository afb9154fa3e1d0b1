//! `repr` and `str` of NumPy scalars.

use super::value::{date_meta, value_of, void_parts};
use super::{exact_num, Raw};
use crate::slots::trampoline;
use numoxide_dtype::text::{
    complex_text, datetime_repr, datetime_text, float_text, timedelta_repr, timedelta_text,
    FloatFormat, ScalarStyle,
};
use numoxide_dtype::TypeNum;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::Borrowed;
use std::fmt::Write;

/// Sets the printing slots of a concrete scalar type.
///
/// # Safety
/// - `ty` is a scalar type of class `num` that is being filled.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject, num: TypeNum) {
    if num == TypeNum::Object {
        return;
    }
    // SAFETY: exclusive access by contract.
    unsafe {
        (*ty).tp_repr = Some(repr_slot);
        // Text prints as Python's own does.
        if !matches!(num, TypeNum::Str | TypeNum::Bytes) {
            (*ty).tp_str = Some(str_slot);
        }
    }
}

unsafe extern "C" fn repr_slot(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls with its lock held and a scalar.
    unsafe { trampoline(|py| repr(&Borrowed::from_ptr(py, slf)).map(|t| into_str(py, &t))) }
}

unsafe extern "C" fn str_slot(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: as above.
    unsafe { trampoline(|py| text(&Borrowed::from_ptr(py, slf), true).map(|t| into_str(py, &t))) }
}

fn into_str<'py>(py: Python<'py>, text: &str) -> Bound<'py, PyAny> {
    pyo3::types::PyString::new(py, text).into_any()
}

/// The number of the legacy print mode in force, as `numoxide._core.printoptions` counts them.
pub(crate) fn legacy_mode(py: Python<'_>) -> PyResult<i64> {
    static OPTIONS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let options = OPTIONS.get_or_try_init(py, || {
        let module = py.import("numoxide._core.printoptions")?;
        PyResult::Ok(module.getattr("format_options")?.unbind())
    })?;
    let mut current = std::ptr::null_mut();
    // SAFETY: a context variable; its value comes as a new reference.
    let current = unsafe {
        if ffi::PyContextVar_Get(options.as_ptr(), std::ptr::null_mut(), &mut current) < 0 {
            return Err(PyErr::fetch(py));
        }
        Bound::from_owned_ptr_or_opt(py, current).unwrap_or_else(|| py.None().into_bound(py))
    };
    current.get_item(intern!(py, "legacy"))?.extract()
}

/// The value of a scalar as text, before `repr` puts the type round it.
fn text(obj: &Bound<'_, PyAny>, is_str: bool) -> PyResult<String> {
    if let Some((descr, ptr)) = void_parts(obj) {
        return void_text(obj, descr, ptr, !is_str);
    }
    let Some((num, raw)) = value_of(obj) else {
        return obj.str()?.extract();
    };
    let text = match num.kind() {
        b'b' => if raw.get::<u8>() != 0 {
            "True"
        } else {
            "False"
        }
        .to_owned(),
        b'i' => signed(&raw, num).to_string(),
        b'u' => unsigned(&raw, num).to_string(),
        b'f' | b'c' => inexact(&raw, num, style(obj.py(), is_str)?),
        b'M' => datetime_text(dated(raw.get(), date_meta(obj))?, date_meta(obj)),
        b'm' => timedelta_text(raw.get(), date_meta(obj)),
        _ => String::new(),
    };
    Ok(text)
}

/// A datetime that has a text: without a unit only NaT has.
fn dated(value: i64, meta: numoxide_dtype::DateTimeMeta) -> PyResult<i64> {
    if meta.unit == numoxide_dtype::DateTimeUnit::Generic && value != super::dates::NAT {
        return Err(pyo3::exceptions::PyValueError::new_err(
            "Cannot convert a NumPy datetime value other than NaT with generic units",
        ));
    }
    Ok(value)
}

fn style(py: Python<'_>, is_str: bool) -> PyResult<ScalarStyle> {
    Ok(match legacy_mode(py)? {
        ..=113 if is_str => ScalarStyle::V1_13Str,
        ..=113 => ScalarStyle::V1_13Repr,
        114..=202 => ScalarStyle::V2_2,
        _ => ScalarStyle::Modern,
    })
}

fn signed(raw: &Raw, num: TypeNum) -> i64 {
    match num.row().size {
        1 => raw.get::<i8>().into(),
        2 => raw.get::<i16>().into(),
        4 => raw.get::<i32>().into(),
        _ => raw.get(),
    }
}

fn unsigned(raw: &Raw, num: TypeNum) -> u64 {
    match num.row().size {
        1 => raw.get::<u8>().into(),
        2 => raw.get::<u16>().into(),
        4 => raw.get::<u32>().into(),
        _ => raw.get(),
    }
}

/// The format of a float class, or of the parts of a complex one.
pub(crate) fn inexact_format(num: TypeNum) -> FloatFormat {
    match num.row().size / if num.kind() == b'c' { 2 } else { 1 } {
        2 => FloatFormat::F16,
        4 => FloatFormat::F32,
        8 => FloatFormat::F64,
        _ => FloatFormat::F80,
    }
}

fn inexact(raw: &Raw, num: TypeNum, style: ScalarStyle) -> String {
    let format = inexact_format(num);
    let first = format.read(&raw.0);
    if num.kind() == b'f' {
        return float_text(&first, style);
    }
    complex_text(&first, &format.read(&raw.0[format.size()..]), style)
}

/// The text of a void scalar: its fields, or its bytes in hexadecimal.
fn void_text(
    obj: &Bound<'_, PyAny>,
    descr: *mut crate::layout::Descr,
    ptr: *const u8,
    is_repr: bool,
) -> PyResult<String> {
    let py = obj.py();
    if crate::descr::is_struct(descr) {
        let module = py.import("numoxide._core.arrayprint")?;
        return module
            .call_method1("_void_scalar_to_string", (obj, is_repr))?
            .extract();
    }
    // SAFETY: a void scalar holds an item of its dtype.
    let bytes = unsafe { std::slice::from_raw_parts(ptr, (*descr).elsize as usize) };
    let mut out = String::from("b'");
    for byte in bytes {
        // Writing to a String does not fail.
        let _ = write!(out, "\\x{byte:02X}");
    }
    out.push('\'');
    Ok(out)
}

/// The `repr` of a scalar.
fn repr(obj: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = obj.py();
    let bare = legacy_mode(py)? <= 125;
    let Some(num) = exact_num(obj) else {
        return text(obj, false);
    };
    if matches!(num, TypeNum::Str | TypeNum::Bytes) {
        let plain = plain_repr(obj, num)?;
        return Ok(if bare {
            plain
        } else {
            format!("np.{}({plain})", num.row().scalar)
        });
    }
    let shown = |value: &str| match (bare, num.row().scalar) {
        (true, name) => format!("numpy.{name}({value})"),
        (false, name) => format!("np.{name}({value})"),
    };
    match (num, value_of(obj)) {
        (TypeNum::DateTime, Some((_, raw))) => {
            let meta = date_meta(obj);
            return Ok(shown(&datetime_repr(dated(raw.get(), meta)?, meta)));
        }
        (TypeNum::TimeDelta, Some((_, raw))) => {
            return Ok(shown(&timedelta_repr(raw.get(), date_meta(obj))))
        }
        _ => {}
    }
    let text = text(obj, false)?;
    if num == TypeNum::Void {
        let whole = !text.starts_with("b'");
        return Ok(match (whole, bare) {
            (true, _) => text,
            (false, true) => format!("void({text})"),
            (false, false) => format!("np.void({text})"),
        });
    }
    if bare {
        return Ok(text);
    }
    let name = num.row().scalar;
    Ok(match num.kind() {
        b'b' => format!("np.{text}_"),
        b'i' | b'u' => format!("{}({text})", integer_name(obj, num)?),
        _ => {
            // A complex number brings its own parentheses.
            let inner = text
                .strip_prefix('(')
                .and_then(|t| t.strip_suffix(')'))
                .unwrap_or(&text);
            match num {
                TypeNum::LongDouble | TypeNum::CLongDouble => format!("np.{name}('{inner}')"),
                _ => format!("np.{name}({inner})"),
            }
        }
    })
}

/// How the `repr` of an integer names its type: by its bits, subclasses by their own name.
fn integer_name(obj: &Bound<'_, PyAny>, num: TypeNum) -> PyResult<String> {
    if super::num_for(obj.get_type_ptr()).is_none() {
        return obj.get_type().name()?.extract();
    }
    let kind = if num.kind() == b'u' { "uint" } else { "int" };
    Ok(format!("np.{kind}{}", 8 * num.row().size))
}

/// The `repr` that Python's own `str` or `bytes` gives.
fn plain_repr(obj: &Bound<'_, PyAny>, num: TypeNum) -> PyResult<String> {
    // Trailing NULs are padding and not shown.
    let py = obj.py();
    let shown = match num {
        TypeNum::Str => obj.call_method1(intern!(py, "rstrip"), ("\0",))?,
        _ => obj.call_method1(
            intern!(py, "rstrip"),
            (pyo3::types::PyBytes::new(py, b"\0"),),
        )?,
    };
    shown.repr()?.extract()
}
