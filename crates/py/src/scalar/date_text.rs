//! Reading datetimes and time differences from Python objects and text.

use super::dates::{days_from_civil, NAT};
use super::value::date_meta;
use numoxide_dtype::{DType, DateTimeMeta, DateTimeUnit, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
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
    if let Some((from, raw)) = super::value_of(obj) {
        if matches!(from, TypeNum::DateTime | TypeNum::TimeDelta) {
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
            ffi::PyLong_Check(ob) != 0 || super::exact_num(obj).is_some_and(|n| n.is_integer()),
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
        return parse_text(&text, num, to);
    }
    if int {
        if num == TypeNum::DateTime && own.unit == DateTimeUnit::Generic {
            return Err(PyValueError::new_err(
                "Converting an integer to a NumPy datetime requires a specified unit",
            ));
        }
        return Ok((obj.extract()?, own));
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
        i64::from(date.get_month()),
        i64::from(date.get_day()),
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
        crate::err::warn(
            obj.py(),
            &warning,
            "no explicit representation of timezones available for np.datetime64",
        )?;
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
    let convertible = to.unit != DateTimeUnit::Generic || from.unit == DateTimeUnit::Generic;
    if !convertible {
        return Err(PyTypeError::new_err(format!(
            "Cannot cast {} from metadata {} to {} according to the rule 'same_kind'",
            if num == TypeNum::DateTime {
                "NumPy datetime64 scalar"
            } else {
                "NumPy timedelta64 scalar"
            },
            DType::datetime(num, from).unit_text(),
            DType::datetime(num, to).unit_text(),
        )));
    }
    if from.unit == DateTimeUnit::Generic {
        return Ok((value, to));
    }
    Ok((super::dates::convert(value, from, to), to))
}

/// Value and unit of a text.
fn parse_text(text: &str, num: TypeNum, to: Option<DateTimeMeta>) -> PyResult<(i64, DateTimeMeta)> {
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
    super::dates::parse_iso(text, to)
}
