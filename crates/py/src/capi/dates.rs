//! Slots about datetimes: broken-down dates and ISO 8601 text.

use super::api::{api, Code, Obj};
use crate::descr::unit_from_c;
use crate::err::OrRaise;
use numoxide_dtype::datetime::{
    from_civil, iso_length, iso_text, lossless_unit, parse_iso, to_civil, Civil,
};
use numoxide_dtype::{can_cast, Casting, DType, DateTimeMeta, DateTimeUnit, TypeNum};
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime};
use std::ffi::{c_char, c_int};

/// `PyArray_DatetimeMetaData`.
#[repr(C)]
pub(super) struct Meta {
    unit: c_int,
    num: c_int,
}

impl Meta {
    fn engine(&self) -> DateTimeMeta {
        DateTimeMeta {
            unit: unit_from_c(self.unit),
            num: self.num,
        }
    }
}

/// `npy_datetimestruct`, as the engine's broken-down date lies in memory; not-a-time by its year.
const NOT_A_TIME: Civil = Civil {
    year: i64::MIN,
    month: 0,
    day: 0,
    hour: 0,
    min: 0,
    sec: 0,
    us: 0,
    ps: 0,
    atto: 0,
};

const _: () = assert!(size_of::<Civil>() == 40);

fn date(civil: &Civil) -> Option<&Civil> {
    (civil.year != i64::MIN).then_some(civil)
}

/// No unit known yet.
const ERROR_UNIT: c_int = -1;

api! {
    /// Datetimes.
    DATES:
    307 NpyDatetime_ConvertDatetime64ToDatetimeStruct(meta: *const Meta, value: i64, out: *mut Civil) -> c_int = |py| {
        *out = to_civil(value, (*meta).engine()).or_raise(py)?.unwrap_or(NOT_A_TIME);
        PyResult::Ok(())
    };
    308 NpyDatetime_ConvertDatetimeStructToDatetime64(meta: *const Meta, from: *const Civil, out: *mut i64) -> c_int = |py| {
        *out = from_civil(date(&*from), (*meta).engine()).or_raise(py)?;
        PyResult::Ok(())
    };
    309 NpyDatetime_ConvertPyDateTimeToDatetimeStruct(
        ob: Obj, out: *mut Civil, unit: *mut c_int, _zone: c_int,
    ) -> c_int = |py| from_python(&super::api::any(py, ob), out, unit).map(Code);
    310 NpyDatetime_GetDatetimeISO8601StrLen(_local: c_int, unit: c_int) -> c_int = |_py| {
        PyResult::Ok(Code(iso_length(unit_from_c(unit)) as c_int))
    };
    311 NpyDatetime_MakeISO8601Datetime(
        from: *const Civil, out: *mut c_char, room: isize, local: c_int, utc: c_int, unit: c_int,
        _zone: c_int, _casting: c_int,
    ) -> c_int = |_py| {
        if local != 0 {
            return Err(PyRuntimeError::new_err("dates in local time are not available"));
        }
        let unit = match (unit, date(&*from)) {
            (ERROR_UNIT, Some(civil)) => lossless_unit(civil),
            _ => unit_from_c(unit),
        };
        let mut text = iso_text(date(&*from), unit);
        if utc != 0 && date(&*from).is_some() {
            text.push('Z');
        }
        if text.len() as isize >= room {
            return Err(PyRuntimeError::new_err("The string provided for NumPy ISO datetime formatting \
                was too short"));
        }
        std::ptr::copy_nonoverlapping(text.as_ptr(), out.cast(), text.len());
        *out.add(text.len()) = 0;
        PyResult::Ok(())
    };
    312 NpyDatetime_ParseISO8601Datetime(
        text: *const u8, len: isize, unit: c_int, casting: c_int, out: *mut Civil,
        best: *mut c_int, special: *mut u8,
    ) -> c_int = |py| {
        let bytes = std::slice::from_raw_parts(text, len.max(0) as usize);
        let text = String::from_utf8_lossy(bytes);
        let parsed = parse_iso(&text, now).map_err(|e| crate::err::to_py(py, e.error))?;
        if unit != ERROR_UNIT && unit_from_c(unit) != DateTimeUnit::Generic {
            check_unit(parsed.unit, unit_from_c(unit), super::api::casting(casting)?, &text)?;
        }
        *out = parsed.date.unwrap_or(NOT_A_TIME);
        if !best.is_null() {
            *best = parsed.unit as c_int;
        }
        if !special.is_null() {
            *special = parsed.special.into();
        }
        PyResult::Ok(())
    };
}

/// Seconds since the epoch.
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| d.as_secs() as i64)
}

fn check_unit(from: DateTimeUnit, to: DateTimeUnit, rule: Casting, text: &str) -> PyResult<()> {
    let dtype = |unit| DType::datetime(TypeNum::DateTime, DateTimeMeta { unit, num: 1 });
    if can_cast(&dtype(from), &dtype(to), rule) {
        return Ok(());
    }
    Err(PyTypeError::new_err(format!(
        "Cannot parse \"{text}\" as unit '{}' using casting rule '{}'",
        to.name(),
        rule.name()
    )))
}

/// A date or datetime of Python's; 1 if the object is neither.
unsafe fn from_python(ob: &Bound<'_, PyAny>, out: *mut Civil, unit: *mut c_int) -> PyResult<c_int> {
    if ob.cast::<PyDate>().is_err() {
        return Ok(1);
    }
    let get = |name: &str| -> PyResult<i32> { ob.getattr(name)?.extract() };
    let timed = ob.cast::<PyDateTime>().is_ok();
    let part = |name: &str| if timed { get(name) } else { Ok(0) };
    let made = Civil {
        year: get("year")?.into(),
        month: get("month")?,
        day: get("day")?,
        hour: part("hour")?,
        min: part("minute")?,
        sec: part("second")?,
        us: part("microsecond")?,
        ps: 0,
        atto: 0,
    };
    // SAFETY: places to fill by the C API's contract.
    unsafe {
        *out = made;
        if !unit.is_null() {
            *unit = if timed {
                DateTimeUnit::Micro
            } else {
                DateTimeUnit::Day
            } as c_int;
        }
    }
    Ok(0)
}
