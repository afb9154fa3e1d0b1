//! Text of datetime64 and timedelta64 values.

use crate::datetime::meta_text;
use crate::{DateTimeMeta, DateTimeUnit};

/// The count that stands for "not a time".
pub const NAT: i64 = i64::MIN;

/// Units below the day with how many make one day and the decimals they show, in NumPy's order.
const CLOCK: [(DateTimeUnit, i128, usize); 9] = [
    (DateTimeUnit::Hour, 24, 0),
    (DateTimeUnit::Minute, 1_440, 0),
    (DateTimeUnit::Second, 86_400, 0),
    (DateTimeUnit::Milli, 86_400_000, 3),
    (DateTimeUnit::Micro, 86_400_000_000, 6),
    (DateTimeUnit::Nano, 86_400_000_000_000, 9),
    (DateTimeUnit::Pico, 86_400_000_000_000_000, 12),
    (DateTimeUnit::Femto, 86_400_000_000_000_000_000, 15),
    (DateTimeUnit::Atto, 86_400_000_000_000_000_000_000, 18),
];

/// The ISO 8601 text of a datetime64, down to its own unit.
pub fn datetime_text(value: i64, meta: DateTimeMeta) -> String {
    if value == NAT {
        return "NaT".into();
    }
    let count = i128::from(value) * i128::from(meta.num);
    match meta.unit {
        DateTimeUnit::Year => year_text(count + 1970),
        DateTimeUnit::Month => {
            let (years, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
            format!("{}-{month:02}", year_text(years + 1970))
        }
        DateTimeUnit::Week => day_text(count * 7),
        DateTimeUnit::Day => day_text(count),
        DateTimeUnit::Generic => count.to_string(),
        unit => CLOCK
            .iter()
            .find(|row| row.0 == unit)
            .map_or_else(String::new, |&(_, per_day, decimals)| {
                clock_text(count, per_day, decimals)
            }),
    }
}

/// The text of a timedelta64, such as `5 days`.
pub fn timedelta_text(value: i64, meta: DateTimeMeta) -> String {
    if value == NAT {
        return "NaT".into();
    }
    format!(
        "{} {}",
        i128::from(value) * i128::from(meta.num),
        unit_words(meta.unit)
    )
}

/// What stands between the parentheses in the `repr` of a datetime64 scalar.
pub fn datetime_repr(value: i64, meta: DateTimeMeta) -> String {
    // The text of hours alone, a multiple of a unit and no time at all do not tell their unit.
    let told = value != NAT && meta.num == 1 && meta.unit != DateTimeUnit::Hour;
    let text = datetime_text(value, meta);
    if told {
        format!("'{text}'")
    } else {
        format!("'{text}','{}'", unit_text(meta))
    }
}

/// What stands between the parentheses in the `repr` of a timedelta64 scalar.
pub fn timedelta_repr(value: i64, meta: DateTimeMeta) -> String {
    let count = if value == NAT {
        "'NaT'".into()
    } else {
        value.to_string()
    };
    if meta.unit == DateTimeUnit::Generic {
        count
    } else {
        format!("{count},'{}'", unit_text(meta))
    }
}

/// A unit with its multiple, such as `25s`, or `generic`.
fn unit_text(meta: DateTimeMeta) -> String {
    meta_text(meta).trim_matches(['[', ']']).to_owned()
}

fn unit_words(unit: DateTimeUnit) -> &'static str {
    match unit {
        DateTimeUnit::Year => "years",
        DateTimeUnit::Month => "months",
        DateTimeUnit::Week => "weeks",
        DateTimeUnit::Day => "days",
        DateTimeUnit::Hour => "hours",
        DateTimeUnit::Minute => "minutes",
        DateTimeUnit::Second => "seconds",
        DateTimeUnit::Milli => "milliseconds",
        DateTimeUnit::Micro => "microseconds",
        DateTimeUnit::Nano => "nanoseconds",
        DateTimeUnit::Pico => "picoseconds",
        DateTimeUnit::Femto => "femtoseconds",
        DateTimeUnit::Atto => "attoseconds",
        DateTimeUnit::Generic => "generic time units",
    }
}

/// Four characters at least, sign included.
fn year_text(year: i128) -> String {
    // Years count in 64 bits and wrap.
    format!("{:04}", year as i64)
}

/// The date of a day count since 1970-01-01 in the proleptic Gregorian calendar.
fn day_text(days: i128) -> String {
    let (year, month, day) = civil(days);
    format!("{}-{month:02}-{day:02}", year_text(year))
}

/// Year, month and day of a day count, by eras of 400 years that begin in March.
fn civil(days: i128) -> (i128, i128, i128) {
    let shifted = days + 719_468;
    let (era, in_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12 + 1;
    (year + era * 400 + i128::from(month <= 2), month, day)
}

/// Date and time of a count of units of which `per_day` make a day.
fn clock_text(count: i128, per_day: i128, decimals: usize) -> String {
    let (days, rest) = (count.div_euclid(per_day), count.rem_euclid(per_day));
    let date = day_text(days);
    if per_day == 24 {
        return format!("{date}T{rest:02}");
    }
    if per_day == 1_440 {
        return format!("{date}T{:02}:{:02}", rest / 60, rest % 60);
    }
    let per_second = per_day / 86_400;
    let (seconds, part) = (rest / per_second, rest % per_second);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let time = format!("{date}T{hours:02}:{minutes:02}:{:02}", seconds % 60);
    if decimals == 0 {
        time
    } else {
        format!("{time}.{part:0decimals$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_like_numpy() {
        let text = |value, unit, num| datetime_text(value, DateTimeMeta { unit, num });
        assert_eq!(text(123_456, DateTimeUnit::Week, 1), "4336-01-30");
        assert_eq!(text(123_456, DateTimeUnit::Minute, 2), "1970-06-21T11:12");
        assert_eq!(
            text(-1, DateTimeUnit::Atto, 1),
            "1969-12-31T23:59:59.999999999999999999"
        );
        assert_eq!(text(-1982, DateTimeUnit::Year, 1), "-012");
        assert_eq!(
            text(i64::MIN + 1, DateTimeUnit::Second, 1),
            "-292277022657-01-27T08:29:53"
        );
        assert_eq!(text(NAT, DateTimeUnit::Day, 1), "NaT");
        let hours = DateTimeMeta {
            unit: DateTimeUnit::Hour,
            num: 2,
        };
        assert_eq!(datetime_repr(123_456, hours), "'1998-03-03T00','2h'");
        assert_eq!(timedelta_repr(3, hours), "3,'2h'");
        assert_eq!(timedelta_text(3, hours), "6 hours");
    }
}
