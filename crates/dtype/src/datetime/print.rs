//! ISO 8601 text of dates, and the text of differences.

use super::civil::{Civil, NAT};
use crate::dtype::{DateTimeMeta, DateTimeUnit};

use DateTimeUnit as U;

/// Characters that any value of the unit fits in, with a time zone.
pub fn iso_length(unit: DateTimeUnit) -> usize {
    match unit {
        U::Generic => 4,
        U::Year => 21,
        U::Month => 24,
        U::Week | U::Day => 27,
        U::Hour => 31,
        U::Minute => 34,
        U::Second => 37,
        U::Milli => 41,
        U::Micro => 44,
        U::Nano => 47,
        U::Pico => 50,
        U::Femto => 53,
        U::Atto => 56,
    }
}

/// The date down to the given unit; weeks print as days, a generic unit as `NaT`.
pub fn iso_text(date: Option<&Civil>, unit: DateTimeUnit) -> String {
    let Some(c) = date else { return "NaT".into() };
    let mut out = format!("{:04}", c.year);
    if unit == U::Generic {
        return "NaT".into();
    }
    if unit >= U::Month {
        out.push_str(&format!("-{:02}", c.month));
    }
    if unit >= U::Week {
        out.push_str(&format!("-{:02}", c.day));
    }
    if unit >= U::Hour {
        out.push_str(&format!("T{:02}", c.hour));
    }
    if unit >= U::Minute {
        out.push_str(&format!(":{:02}", c.min));
    }
    if unit >= U::Second {
        out.push_str(&format!(":{:02}", c.sec));
    }
    if unit >= U::Milli {
        let digits = format!("{:06}{:06}{:06}", c.us, c.ps, c.atto);
        let count = 3 * (unit as usize - U::Second as usize);
        out.push('.');
        out.push_str(&digits[..count]);
    }
    out
}

/// The finest unit that the date needs, for printing without trailing zeros.
pub fn lossless_unit(c: &Civil) -> DateTimeUnit {
    if c.atto % 1000 != 0 {
        U::Atto
    } else if c.atto != 0 {
        U::Femto
    } else if c.ps % 1000 != 0 {
        U::Pico
    } else if c.ps != 0 {
        U::Nano
    } else if c.us % 1000 != 0 {
        U::Micro
    } else if c.us != 0 {
        U::Milli
    } else if c.sec != 0 {
        U::Second
    } else if c.min != 0 {
        U::Minute
    } else if c.hour != 0 {
        U::Hour
    } else if c.day != 1 {
        U::Day
    } else if c.month != 1 {
        U::Month
    } else {
        U::Year
    }
}

/// `5 seconds`: a difference in words.
pub fn timedelta_text(value: i64, meta: DateTimeMeta) -> String {
    if value == NAT {
        return "NaT".into();
    }
    format!(
        "{} {}",
        value.wrapping_mul(i64::from(meta.num)),
        unit_words(meta.unit)
    )
}

/// The plural of the unit's English name.
pub fn unit_words(unit: DateTimeUnit) -> &'static str {
    match unit {
        U::Year => "years",
        U::Month => "months",
        U::Week => "weeks",
        U::Day => "days",
        U::Hour => "hours",
        U::Minute => "minutes",
        U::Second => "seconds",
        U::Milli => "milliseconds",
        U::Micro => "microseconds",
        U::Nano => "nanoseconds",
        U::Pico => "picoseconds",
        U::Femto => "femtoseconds",
        U::Atto => "attoseconds",
        U::Generic => "generic time units",
    }
}
