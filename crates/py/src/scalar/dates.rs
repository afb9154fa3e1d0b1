//! Datetime and timedelta values to and from Python's objects.

use numoxide_dtype::{DateTimeMeta, DateTimeUnit, TypeNum};
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime, PyDelta};

/// Not a time.
pub(crate) const NAT: i64 = i64::MIN;

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

/// Days since 1970 of the first day of a month (months counted from 1970-01).
pub(crate) fn month_to_days(months: i64) -> i64 {
    let (y, m) = (1970 + months.div_euclid(12), months.rem_euclid(12) + 1);
    days_from_civil(y, m, 1)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// Year, month and day of a day count since 1970-01-01.
pub(crate) fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (year, month as u8, (doy - (153 * mp + 2) / 5 + 1) as u8)
}

/// `.item()` of a date or time difference: an object of `datetime` where one can hold it, `None`
/// for not-a-time, else the integer.
pub(crate) fn to_python<'py>(
    py: Python<'py>,
    num: TypeNum,
    value: i64,
    meta: DateTimeMeta,
) -> PyResult<Bound<'py, PyAny>> {
    if value == NAT {
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
    let Some(unit) = micros(meta.unit) else { return Ok(None) };
    let total = i128::from(value) * i128::from(meta.num) * i128::from(unit);
    let day = 86_400_000_000;
    let days = total.div_euclid(day);
    let rest = total.rem_euclid(day) as i64;
    if days.abs() > 999_999_999 {
        return Ok(None);
    }
    let (s, us) = ((rest / 1_000_000) as i32, (rest % 1_000_000) as i32);
    Ok(Some(PyDelta::new(py, days as i32, s, us, false)?.into_any()))
}

fn date<'py>(
    py: Python<'py>,
    value: i64,
    meta: DateTimeMeta,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(steps) = value.checked_mul(i64::from(meta.num)) else { return Ok(None) };
    let day_based = |days: i64| match civil_from_days(days.clamp(-1 << 40, 1 << 40)) {
        (y @ 1..=9999, m, d) => PyDate::new(py, y as i32, m, d).map(|d| Some(d.into_any())),
        _ => Ok(None),
    };
    match meta.unit {
        DateTimeUnit::Year => day_based(month_to_days(steps.clamp(-1 << 36, 1 << 36) * 12)),
        DateTimeUnit::Month => day_based(month_to_days(steps.clamp(-1 << 40, 1 << 40))),
        DateTimeUnit::Week => day_based(steps.saturating_mul(7)),
        DateTimeUnit::Day => day_based(steps),
        unit => {
            let Some(unit) = micros(unit) else { return Ok(None) };
            let total = i128::from(steps) * i128::from(unit);
            let days = total.div_euclid(86_400_000_000).clamp(-1 << 40, 1 << 40) as i64;
            let us = total.rem_euclid(86_400_000_000) as i64;
            let (y @ 1..=9999, m, d) = civil_from_days(days) else { return Ok(None) };
            let s = us / 1_000_000;
            let (h, min, sec) = ((s / 3600) as u8, (s / 60 % 60) as u8, (s % 60) as u8);
            let us = (us % 1_000_000) as u32;
            let made = PyDateTime::new(py, y as i32, m, d, h, min, sec, us, None)?;
            Ok(Some(made.into_any()))
        }
    }
}
