//! Dates taken apart: years to attoseconds, and the proleptic Gregorian calendar.

use crate::dtype::{DateTimeMeta, DateTimeUnit};
use crate::error::{Error, Result};

use DateTimeUnit as U;

/// "Not a time".
pub const NAT: i64 = i64::MIN;

/// A point in time, taken apart; laid out as `npy_datetimestruct`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Astronomical year.
    pub year: i64,
    /// 1 to 12.
    pub month: i32,
    /// 1 to 31.
    pub day: i32,
    /// 0 to 23.
    pub hour: i32,
    /// 0 to 59.
    pub min: i32,
    /// 0 to 59.
    pub sec: i32,
    /// 0 to 999999.
    pub us: i32,
    /// Picoseconds within the microsecond.
    pub ps: i32,
    /// Attoseconds within the picosecond.
    pub atto: i32,
}

impl Civil {
    /// The start of the given year.
    pub const fn year(year: i64) -> Civil {
        Civil {
            year,
            month: 1,
            day: 1,
            hour: 0,
            min: 0,
            sec: 0,
            us: 0,
            ps: 0,
            atto: 0,
        }
    }
}

/// Whether February has 29 days.
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month.
pub fn days_in_month(year: i64, month: i32) -> i32 {
    match month {
        2 => 28 + i32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date; wraps where it does not fit.
///
/// Years are counted from March, so that the leap day ends them.
pub fn days_from_civil(year: i64, month: i32, day: i32) -> i64 {
    let y = if month <= 2 {
        year.wrapping_sub(1)
    } else {
        year
    };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year =
        (153 * (i64::from(month) + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(day) - 1;
    let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    era.wrapping_mul(146_097)
        .wrapping_add(days)
        .wrapping_sub(719_468)
}

/// Year, month and day of a day number.
pub fn civil_from_days(days: i64) -> (i64, i32, i32) {
    let (era, of_era) = {
        let z = days as i128 + 719_468;
        (z.div_euclid(146_097) as i64, z.rem_euclid(146_097) as i64)
    };
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let m = (5 * of_year + 2) / 153;
    let day = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month as i32, day as i32)
}

/// Units of `unit` in a day, for hours and finer, and attoseconds in one of them where the unit is
/// finer than a second.
fn per_second(unit: DateTimeUnit) -> i128 {
    match unit {
        U::Milli => 1_000,
        U::Micro => 1_000_000,
        U::Nano => 1_000_000_000,
        U::Pico => 1_000_000_000_000,
        U::Femto => 1_000_000_000_000_000,
        U::Atto => 1_000_000_000_000_000_000,
        _ => 1,
    }
}

/// Seconds in a unit from weeks to seconds.
fn seconds(unit: DateTimeUnit) -> i64 {
    match unit {
        U::Week => 604_800,
        U::Day => 86_400,
        U::Hour => 3_600,
        U::Minute => 60,
        _ => 1,
    }
}

/// Takes a value apart; `None` for NaT.
pub fn to_civil(value: i64, meta: DateTimeMeta) -> Result<Option<Civil>> {
    if value == NAT {
        return Ok(None);
    }
    let value = value.wrapping_mul(i64::from(meta.num));
    let civil = match meta.unit {
        U::Generic => {
            let text = "Cannot convert a NumPy datetime value other than NaT with generic units";
            return Err(Error::Value(text.into()));
        }
        U::Year => Civil::year(value.wrapping_add(1970)),
        U::Month => Civil {
            month: value.rem_euclid(12) as i32 + 1,
            ..Civil::year(value.div_euclid(12) + 1970)
        },
        unit if unit <= U::Second => {
            let s = value as i128 * i128::from(seconds(unit));
            from_seconds(s.div_euclid(86_400) as i64, s.rem_euclid(86_400) as i32, 0)
        }
        unit => {
            let rate = per_second(unit);
            let s = (value as i128).div_euclid(rate) as i64;
            let rest = (value as i128).rem_euclid(rate) * (per_second(U::Atto) / rate);
            from_seconds(
                s.div_euclid(86_400),
                s.rem_euclid(86_400) as i32,
                rest as i64,
            )
        }
    };
    Ok(Some(civil))
}

fn from_seconds(days: i64, sec: i32, atto: i64) -> Civil {
    let (year, month, day) = civil_from_days(days);
    Civil {
        year,
        month,
        day,
        hour: sec / 3600,
        min: sec / 60 % 60,
        sec: sec % 60,
        us: (atto / 1_000_000_000_000) as i32,
        ps: (atto / 1_000_000 % 1_000_000) as i32,
        atto: (atto % 1_000_000) as i32,
    }
}

/// Puts a date together in the given unit, rounding down; wraps where it does not fit.
pub fn from_civil(date: Option<&Civil>, meta: DateTimeMeta) -> Result<i64> {
    let Some(c) = date else { return Ok(NAT) };
    if meta.unit == U::Generic {
        let text = "Cannot create a NumPy datetime other than NaT with generic units";
        return Err(Error::Value(text.into()));
    }
    let days = || days_from_civil(c.year, c.month, c.day);
    let clock = || i64::from(c.hour) * 3600 + i64::from(c.min) * 60 + i64::from(c.sec);
    let value = match meta.unit {
        U::Year => c.year.wrapping_sub(1970),
        U::Month => {
            let years = c.year.wrapping_sub(1970);
            years.wrapping_mul(12).wrapping_add(i64::from(c.month) - 1)
        }
        U::Week => days().div_euclid(7),
        U::Day => days(),
        unit if unit <= U::Second => {
            let per_day = 86_400 / seconds(unit);
            days()
                .wrapping_mul(per_day)
                .wrapping_add(clock() / seconds(unit))
        }
        unit => {
            let second = days().wrapping_mul(86_400).wrapping_add(clock());
            let rate = per_second(unit);
            let atto = i128::from(c.us) * 1_000_000_000_000
                + i128::from(c.ps) * 1_000_000
                + i128::from(c.atto);
            let part = atto / (per_second(U::Atto) / rate);
            second.wrapping_mul(rate as i64).wrapping_add(part as i64)
        }
    };
    Ok(if meta.num > 1 {
        value.div_euclid(i64::from(meta.num))
    } else {
        value
    })
}
