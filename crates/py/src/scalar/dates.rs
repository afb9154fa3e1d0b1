//! Datetime and timedelta values to and from Python's objects.

use super::number::{widen, Num};
use crate::err::OrRaise;
pub(crate) use numoxide_dtype::datetime::NAT;
use numoxide_dtype::datetime::{to_civil, Conversion};
use numoxide_dtype::{DateTimeMeta, DateTimeUnit, TypeNum};
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime, PyDelta};

/// Microseconds in one unit, for the units from weeks to microseconds.
pub(crate) fn micros(unit: DateTimeUnit) -> Option<i64> {
    use DateTimeUnit as U;
    Some(match unit {
        U::Week => 604_800_000_000,
        U::Day => 86_400_000_000,
        U::Hour => 3_600_000_000,
        U::Minute => 60_000_000,
        U::Second => 1_000_000,
        U::Milli => 1000,
        U::Micro => 1,
        _ => return None,
    })
}

/// `.item()` of a date or time difference: an object of `datetime` where one can hold it, `None`
/// for not-a-time, else the integer.
pub(crate) fn to_python<'py>(
    py: Python<'py>,
    num: TypeNum,
    value: i64,
    meta: DateTimeMeta,
) -> PyResult<Bound<'py, PyAny>> {
    let nowhere = num == TypeNum::DateTime && meta.unit == DateTimeUnit::Generic;
    if value == NAT || nowhere {
        return Ok(py.None().into_bound(py));
    }
    let made = match num {
        TypeNum::TimeDelta => delta(py, value, meta)?,
        _ => date(py, value, meta)?,
    };
    made.map_or_else(|| Ok(value.into_pyobject(py)?.into_any()), Ok)
}

fn delta<'py>(
    py: Python<'py>,
    value: i64,
    meta: DateTimeMeta,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(unit) = micros(meta.unit) else {
        return Ok(None);
    };
    let total = i128::from(value) * i128::from(meta.num) * i128::from(unit);
    let day = 86_400_000_000;
    let days = total.div_euclid(day);
    let rest = total.rem_euclid(day) as i64;
    if days.abs() > 999_999_999 {
        return Ok(None);
    }
    let (s, us) = ((rest / 1_000_000) as i32, (rest % 1_000_000) as i32);
    Ok(Some(
        PyDelta::new(py, days as i32, s, us, false)?.into_any(),
    ))
}

fn date<'py>(
    py: Python<'py>,
    value: i64,
    meta: DateTimeMeta,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if micros(meta.unit).is_none() && !meta.unit.is_calendar() {
        return Ok(None);
    }
    let Some(c) = to_civil(value, meta).or_raise(py)? else {
        return Ok(None);
    };
    let Some(year) = i32::try_from(c.year)
        .ok()
        .filter(|y| (1..=9999).contains(y))
    else {
        return Ok(None);
    };
    let (month, day) = (c.month as u8, c.day as u8);
    if meta.unit <= DateTimeUnit::Day {
        return Ok(Some(PyDate::new(py, year, month, day)?.into_any()));
    }
    let (h, m, s) = (c.hour as u8, c.min as u8, c.sec as u8);
    let made = PyDateTime::new(py, year, month, day, h, m, s, c.us as u32, None)?;
    Ok(Some(made.into_any()))
}

/// The integer for an object stored in a datetime or timedelta item of the given unit.
pub(crate) fn from_python(obj: &Bound<'_, PyAny>, num: TypeNum, to: DateTimeMeta) -> PyResult<i64> {
    if let Some((from, raw)) = super::value_of(obj).filter(|(from, _)| *from != num) {
        // Other NumPy scalars are cast by value, without regard to units.
        let other = matches!(from, TypeNum::DateTime | TypeNum::TimeDelta);
        if other {
            return Ok(raw.get());
        }
        if let (true, Some(Num::Int(i))) = (from != TypeNum::Bool, widen(from, &raw)) {
            return Ok(i as i64);
        }
    }
    super::date_text::parse_object(obj, num, Some(to)).map(|(value, _)| value)
}

/// A value in another unit, rounded toward the past; not a time where there is none.
pub(crate) fn convert(value: i64, from: DateTimeMeta, to: DateTimeMeta, calendar: bool) -> i64 {
    Conversion::new(from, to, calendar).map_or(NAT, |c| c.apply(value))
}
