//! Reading datetimes and time differences from Python objects and text.

use super::dates::NAT;
use super::value::date_meta;
use crate::err::OrRaise;
use numoxide_dtype::datetime::{days_from_civil, from_civil, meta_text, parse_iso, ZONE_WARNING};
use numoxide_dtype::{DateTimeMeta, DateTimeUnit, TypeNum};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateAccess, PyDateTime, PyDelta, PyDeltaAccess, PyTimeAccess};

const MICRO: DateTimeMeta = DateTimeMeta {
    unit: DateTimeUnit::Micro,
    num: 1,
};
const DAY: DateTimeMeta = DateTimeMeta {
    unit: DateTimeUnit::Day,
    num: 1,
};
const GENERIC: DateTimeMeta = DateTimeMeta {
    unit: DateTimeUnit::Generic,
    num: 1,
};

/// Value and unit of an object read as a datetime or timedelta: in the unit asked for, else in the
/// object's own.
pub(crate) fn parse_object(
    obj: &Bound<'_, PyAny>,
    num: TypeNum,
    to: Option<DateTimeMeta>,
) -> PyResult<(i64, DateTimeMeta)> {
    let own = to.unwrap_or(GENERIC);
    if let Some(array) = crate::array::ArrayRef::from_bound(obj).filter(|a| a.ndim() == 0) {
        let item = crate::array::items::scalar_at(array, array.data())?;
        return parse_object(&item, num, to);
    }
    if let Some((from, raw)) = super::value_of(obj) {
        if from == num {
            let (value, meta) = (raw.get::<i64>(), date_meta(obj));
            return rescale(value, meta, to, num);
        }
    }
    // SAFETY: plain type checks of a live object.
    let (text, bytes, int) = unsafe {
        let ob = obj.as_ptr();
        (
            ffi::PyUnicode_Check(ob) != 0,
            ffi::PyBytes_Check(ob) != 0,
            ffi::PyLong_Check(ob) != 0
                || (num == TypeNum::TimeDelta
                    && super::exact_num(obj).is_some_and(TypeNum::is_integer)),
        )
    };
    if obj.is_none() {
        return Ok((NAT, own));
    }
    if text || bytes {
        let text: String = match text {
            true => obj.extract()?,
            false => obj.call_method1("decode", ("ascii",))?.extract()?,
        };
        return parse_text(obj.py(), &text, num, to);
    }
    if int {
        if num == TypeNum::DateTime && own.unit == DateTimeUnit::Generic {
            return Err(PyValueError::new_err(
                "Converting an integer to a NumPy datetime requires a specified unit",
            ));
        }
        let value = super::number::exact_int(&obj.call_method0("__index__")?)
            .and_then(|v| i64::try_from(v).ok())
            .ok_or_else(|| PyOverflowError::new_err("int too big to convert"))?;
        return Ok((value, own));
    }
    let found = match num {
        TypeNum::DateTime => date_object(obj)?,
        _ => delta_object(obj)?,
    };
    match found {
        Some((value, meta)) => rescale(value, meta, to, num),
        None => Err(PyValueError::new_err(match num {
            TypeNum::DateTime => "Could not convert object to NumPy datetime",
            _ => "Could not convert object to NumPy timedelta",
        })),
    }
}

/// Value and unit of a `datetime.datetime` or `datetime.date`.
fn date_object(obj: &Bound<'_, PyAny>) -> PyResult<Option<(i64, DateTimeMeta)>> {
    let Ok(date) = obj.cast::<PyDate>() else {
        return Ok(None);
    };
    let days = days_from_civil(
        i64::from(date.get_year()),
        i32::from(date.get_month()),
        i32::from(date.get_day()),
    );
    let Ok(time) = obj.cast::<PyDateTime>() else {
        return Ok(Some((days, DAY)));
    };
    let mut value = days * 86_400_000_000
        + i64::from(time.get_hour()) * 3_600_000_000
        + i64::from(time.get_minute()) * 60_000_000
        + i64::from(time.get_second()) * 1_000_000
        + i64::from(time.get_microsecond());
    if !obj.getattr("tzinfo")?.is_none() {
        let warning = obj.py().get_type::<pyo3::exceptions::PyUserWarning>();
        crate::err::warn(obj.py(), &warning, ZONE_WARNING)?;
        if let Some((offset, _)) = delta_object(&obj.call_method0("utcoffset")?)? {
            value -= offset;
        }
    }
    Ok(Some((value, MICRO)))
}

/// Value and unit of a `datetime.timedelta`.
fn delta_object(obj: &Bound<'_, PyAny>) -> PyResult<Option<(i64, DateTimeMeta)>> {
    let Ok(delta) = obj.cast::<PyDelta>() else {
        return Ok(None);
    };
    let value = i64::from(delta.get_days()) * 86_400_000_000
        + i64::from(delta.get_seconds()) * 1_000_000
        + i64::from(delta.get_microseconds());
    Ok(Some((value, MICRO)))
}

/// A value moved to another unit.
pub(crate) fn rescale(
    value: i64,
    from: DateTimeMeta,
    to: Option<DateTimeMeta>,
    num: TypeNum,
) -> PyResult<(i64, DateTimeMeta)> {
    let Some(to) = to.filter(|to| *to != from) else {
        return Ok((value, from));
    };
    if value == NAT {
        return Ok((NAT, to));
    }
    let generic = |meta: DateTimeMeta| meta.unit == DateTimeUnit::Generic;
    let calendar = num == TypeNum::DateTime;
    let mixed = from.unit.is_calendar() != to.unit.is_calendar();
    if generic(to) || (!calendar && mixed && !generic(from)) {
        let shown = |meta| {
            if generic(meta) {
                String::new()
            } else {
                meta_text(meta)
            }
        };
        return Err(PyTypeError::new_err(format!(
            "Cannot cast NumPy timedelta64 scalar from metadata {} to {} according to the rule \
             'same_kind'",
            shown(from),
            shown(to),
        )));
    }
    if generic(from) {
        return Ok((value, to));
    }
    Ok((super::dates::convert(value, from, to, calendar), to))
}

/// Value and unit of a text.
fn parse_text(
    py: Python<'_>,
    text: &str,
    num: TypeNum,
    to: Option<DateTimeMeta>,
) -> PyResult<(i64, DateTimeMeta)> {
    let own = to.unwrap_or(GENERIC);
    if text.is_empty() || text.eq_ignore_ascii_case("nat") {
        return Ok((NAT, own));
    }
    if num == TypeNum::TimeDelta {
        let value = text
            .trim()
            .parse::<i64>()
            .map_err(|_| PyValueError::new_err("Could not convert object to NumPy timedelta"))?;
        return Ok((value, own));
    }
    date_text(py, text, to)
}

/// Value and unit of an ISO 8601 text, `now` or `today`.
fn date_text(
    py: Python<'_>,
    text: &str,
    to: Option<DateTimeMeta>,
) -> PyResult<(i64, DateTimeMeta)> {
    let now = || {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |t| t.as_secs() as i64)
    };
    let parsed = parse_iso(text, now);
    let zone = match &parsed {
        Ok(found) => found.has_zone,
        Err(failed) => failed.zone_warning,
    };
    if zone {
        let warning = py.get_type::<pyo3::exceptions::PyUserWarning>();
        crate::err::warn(py, &warning, ZONE_WARNING)?;
    }
    let found = parsed.map_err(|failed| failed.error).or_raise(py)?;
    let meta = to.unwrap_or(DateTimeMeta {
        unit: found.unit,
        num: 1,
    });
    Ok((from_civil(found.date.as_ref(), meta).or_raise(py)?, meta))
}
