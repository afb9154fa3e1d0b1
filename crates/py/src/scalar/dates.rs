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
    let Some(steps) = value.checked_mul(i64::from(meta.num)) else {
        return Ok(None);
    };
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
            let Some(unit) = micros(unit) else {
                return Ok(None);
            };
            let total = i128::from(steps) * i128::from(unit);
            let days = total.div_euclid(86_400_000_000).clamp(-1 << 40, 1 << 40) as i64;
            let us = total.rem_euclid(86_400_000_000) as i64;
            let (y @ 1..=9999, m, d) = civil_from_days(days) else {
                return Ok(None);
            };
            let s = us / 1_000_000;
            let (h, min, sec) = ((s / 3600) as u8, (s / 60 % 60) as u8, (s % 60) as u8);
            let us = (us % 1_000_000) as u32;
            let made = PyDateTime::new(py, y as i32, m, d, h, min, sec, us, None)?;
            Ok(Some(made.into_any()))
        }
    }
}

/// The integer for an object stored in a datetime or timedelta item of the given unit.
pub(crate) fn from_python(obj: &Bound<'_, PyAny>, num: TypeNum, to: DateTimeMeta) -> PyResult<i64> {
    super::date_text::parse_object(obj, num, Some(to)).map(|(value, _)| value)
}

/// A value in another unit, rounded toward the past.
pub(crate) fn convert(value: i64, from: DateTimeMeta, to: DateTimeMeta) -> i64 {
    use DateTimeUnit as U;
    let steps = i128::from(value) * i128::from(from.num);
    let months = |unit| match unit {
        U::Year => Some(12i128),
        U::Month => Some(1),
        _ => None,
    };
    // Attoseconds since the epoch reach every unit below months.
    let atto = |unit: U| -> Option<i128> {
        Some(match unit {
            U::Nano => 1_000_000_000,
            U::Pico => 1_000_000,
            U::Femto => 1000,
            U::Atto => 1,
            other => i128::from(micros(other)?) * 1_000_000_000_000,
        })
    };
    let out = match (months(from.unit), months(to.unit)) {
        (Some(a), Some(b)) => (steps * a).div_euclid(b * i128::from(to.num)),
        (Some(a), None) => {
            let days = i128::from(month_to_days((steps * a).clamp(-1 << 40, 1 << 40) as i64));
            let unit = atto(to.unit).unwrap_or(1) * i128::from(to.num);
            (days * atto(U::Day).unwrap_or(1)).div_euclid(unit)
        }
        (None, Some(b)) => {
            let day = atto(U::Day).unwrap_or(1);
            let days = steps
                .saturating_mul(atto(from.unit).unwrap_or(1))
                .div_euclid(day);
            let (y, m, _) = civil_from_days(days.clamp(-1 << 40, 1 << 40) as i64);
            let total = i128::from((y - 1970) * 12 + i64::from(m) - 1);
            total.div_euclid(b * i128::from(to.num))
        }
        (None, None) => {
            let (a, b) = (atto(from.unit).unwrap_or(1), atto(to.unit).unwrap_or(1));
            let divisor = b * i128::from(to.num);
            let (a, divisor) = if a >= b {
                (a / b, divisor / b)
            } else {
                (1, divisor / a)
            };
            steps.saturating_mul(a).div_euclid(divisor)
        }
    };
    i64::try_from(out).unwrap_or(NAT)
}

/// Value and unit of an ISO 8601 text.
pub(crate) fn parse_iso(text: &str, to: Option<DateTimeMeta>) -> PyResult<(i64, DateTimeMeta)> {
    let fail = |at: usize| {
        pyo3::exceptions::PyValueError::new_err(format!(
            "Error parsing datetime string \"{text}\" at position {at}"
        ))
    };
    let mut fields = [0i64; 7];
    let mut pos = 0;
    let bytes = text.as_bytes();
    let number = |pos: &mut usize| -> Option<i64> {
        let start = *pos;
        while bytes.get(*pos).is_some_and(u8::is_ascii_digit) {
            *pos += 1;
        }
        text[start..*pos].parse().ok()
    };
    let negative = bytes.first() == Some(&b'-');
    pos += usize::from(negative);
    fields[0] = number(&mut pos).ok_or_else(|| fail(0))?;
    if negative {
        fields[0] = -fields[0];
    }
    (fields[1], fields[2]) = (1, 1);
    let units = ["Y", "M", "D", "h", "m", "s"];
    let mut level = 0;
    for (i, seps) in [b"--".as_slice(), b"--", b"T ", b"::", b"::"]
        .iter()
        .enumerate()
    {
        if pos >= bytes.len() || !seps.contains(&bytes[pos]) {
            break;
        }
        pos += 1;
        let start = pos;
        fields[i + 1] = number(&mut pos).ok_or_else(|| fail(start))?;
        level = i + 1;
    }
    let _ = units;
    let mut digits = 0;
    let mut fraction: i128 = 0;
    if level == 5 && bytes.get(pos) == Some(&b'.') {
        pos += 1;
        while let Some(d) = bytes.get(pos).filter(|b| b.is_ascii_digit()) {
            if digits < 18 {
                fraction = fraction * 10 + i128::from(d - b'0');
                digits += 1;
            }
            pos += 1;
        }
    }
    if bytes.get(pos) == Some(&b'Z') {
        pos += 1;
    }
    if pos != bytes.len() {
        return Err(fail(pos));
    }
    use DateTimeUnit as U;
    let own = match (level, digits) {
        (0, _) => U::Year,
        (1, _) => U::Month,
        (2, _) => U::Day,
        (3, _) => U::Hour,
        (4, _) => U::Minute,
        (_, 0) => U::Second,
        (_, 1..=3) => U::Milli,
        (_, 4..=6) => U::Micro,
        (_, 7..=9) => U::Nano,
        (_, 10..=12) => U::Pico,
        (_, 13..=15) => U::Femto,
        _ => U::Atto,
    };
    let meta = to.unwrap_or(DateTimeMeta { unit: own, num: 1 });
    if meta.unit == U::Generic {
        return Err(pyo3::exceptions::PyValueError::new_err(
            "Cannot create a NumPy datetime other than NaT with generic units",
        ));
    }
    let day = DateTimeMeta {
        unit: U::Day,
        num: 1,
    };
    let days = days_from_civil(fields[0], fields[1], fields[2]);
    if matches!(meta.unit, U::Year | U::Month | U::Week | U::Day) {
        return Ok((convert(days, day, meta), meta));
    }
    let secs = i128::from(days) * 86400 + i128::from(fields[3] * 3600 + fields[4] * 60 + fields[5]);
    let scale = |u: U| -> i128 {
        match u {
            U::Milli => 1_000,
            U::Micro => 1_000_000,
            U::Nano => 1_000_000_000,
            U::Pico => 1_000_000_000_000,
            U::Femto => 1_000_000_000_000_000,
            U::Atto => 1_000_000_000_000_000_000,
            _ => 1,
        }
    };
    let fine = fraction * scale(meta.unit) / 10i128.pow(digits);
    let total = secs * scale(meta.unit) + fine;
    let per = match meta.unit {
        U::Hour => 3600,
        U::Minute => 60,
        _ => 1,
    };
    let value = total.div_euclid(per * i128::from(meta.num));
    Ok((i64::try_from(value).unwrap_or(NAT), meta))
}
