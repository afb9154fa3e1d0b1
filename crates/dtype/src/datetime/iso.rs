//! ISO 8601 dates read from text.

use super::civil::{civil_from_days, days_from_civil, days_in_month, Civil};
use crate::dtype::DateTimeUnit;
use crate::error::{Error, Result};

use DateTimeUnit as U;

/// A date read from text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParsedDate {
    /// The date; `None` for NaT.
    pub date: Option<Civil>,
    /// The finest unit the text has.
    pub unit: DateTimeUnit,
    /// `now` or `today`, which are no fixed dates.
    pub special: bool,
    /// The text names a time zone; Python callers are warned.
    pub has_zone: bool,
}

/// Why a text is no date.
#[derive(Debug)]
pub struct DateError {
    /// What is wrong.
    pub error: Error,
    /// The warning about time zones comes before the error.
    pub zone_warning: bool,
}

/// The words of the warning about time zones.
pub const ZONE_WARNING: &str =
    "no explicit representation of timezones available for np.datetime64";

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    warn: bool,
}

impl Scan<'_> {
    fn fail<T>(&self) -> std::result::Result<T, DateError> {
        let message = format!(
            "Error parsing datetime string \"{}\" at position {}",
            self.text, self.at
        );
        Err(DateError {
            error: Error::Value(message),
            zone_warning: self.warn,
        })
    }

    fn range<T>(&self, what: &str) -> std::result::Result<T, DateError> {
        let message = format!("{what} out of range in datetime string \"{}\"", self.text);
        Err(DateError {
            error: Error::Value(message),
            zone_warning: self.warn,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, b: u8) -> bool {
        let found = self.peek() == Some(b);
        self.at += usize::from(found);
        found
    }

    fn done(&self) -> bool {
        self.at == self.bytes.len()
    }

    fn digit(&mut self) -> Option<i32> {
        let d = self.peek().filter(u8::is_ascii_digit)?;
        self.at += 1;
        Some(i32::from(d - b'0'))
    }

    /// Exactly two digits within the range.
    fn pair(&mut self, what: &str, low: i32, high: i32) -> std::result::Result<i32, DateError> {
        let start = self.at;
        let value = match (self.digit(), self.digit()) {
            (Some(a), Some(b)) => a * 10 + b,
            _ => {
                self.at = start;
                return self.fail();
            }
        };
        if value < low || value > high {
            return self.range(what);
        }
        Ok(value)
    }

    /// Six digits of a fraction; how many there were, at most six.
    fn six(&mut self) -> (i32, usize) {
        let (mut value, mut count) = (0, 0);
        for _ in 0..6 {
            value *= 10;
            if let Some(d) = self.digit() {
                value += d;
                count += 1;
            }
        }
        (value, count)
    }
}

/// The date of a clock's seconds since 1970: its day, or to the second.
fn relative(now: i64, day_only: bool) -> (Civil, U) {
    let (days, sec) = (now.div_euclid(86_400), now.rem_euclid(86_400) as i32);
    let (year, month, day) = civil_from_days(days);
    let date = Civil {
        month,
        day,
        ..Civil::year(year)
    };
    if day_only {
        return (date, U::Day);
    }
    let date = Civil {
        hour: sec / 3600,
        min: sec / 60 % 60,
        sec: sec % 60,
        ..date
    };
    (date, U::Second)
}

/// Reads a date; `now` gives the clock's seconds since 1970.
pub fn parse_iso(text: &str, now: impl Fn() -> i64) -> std::result::Result<ParsedDate, DateError> {
    let plain = |date, unit| ParsedDate {
        date,
        unit,
        special: false,
        has_zone: false,
    };
    if text.is_empty() || text.eq_ignore_ascii_case("nat") {
        return Ok(plain(None, U::Generic));
    }
    if text.eq_ignore_ascii_case("today") || text.eq_ignore_ascii_case("now") {
        let (date, unit) = relative(now(), text.len() == 5);
        return Ok(ParsedDate {
            special: true,
            ..plain(Some(date), unit)
        });
    }
    let mut s = Scan {
        text,
        bytes: text.as_bytes(),
        at: 0,
        warn: false,
    };
    while s.peek().is_some_and(|b| b.is_ascii_whitespace()) {
        s.at += 1;
    }
    let year = read_year(&mut s)?;
    let mut c = Civil::year(year);
    if s.done() {
        return Ok(plain(Some(c), U::Year));
    }
    if !s.eat(b'-') {
        return s.fail();
    }
    c.month = s.pair("Month", 1, 12)?;
    if s.done() {
        return Ok(plain(Some(c), U::Month));
    }
    if !s.eat(b'-') {
        return s.fail();
    }
    c.day = s.pair("Day", 1, days_in_month(year, c.month))?;
    if s.done() {
        return Ok(plain(Some(c), U::Day));
    }
    if !s.eat(b'T') && !s.eat(b' ') {
        return s.fail();
    }
    let unit = read_clock(&mut s, &mut c)?;
    let zone = read_zone(&mut s, &mut c)?;
    Ok(ParsedDate {
        has_zone: zone,
        ..plain(Some(c), unit)
    })
}

fn read_year(s: &mut Scan) -> std::result::Result<i64, DateError> {
    let negative = s.peek() == Some(b'-');
    if matches!(s.peek(), Some(b'-' | b'+')) {
        s.at += 1;
    }
    let start = s.at;
    let mut year = 0i64;
    while let Some(d) = s.digit() {
        year = year.wrapping_mul(10).wrapping_add(i64::from(d));
    }
    if s.at == start {
        return s.fail();
    }
    Ok(if negative { year.wrapping_neg() } else { year })
}

/// Hours and what follows, up to a time zone.
fn read_clock(s: &mut Scan, c: &mut Civil) -> std::result::Result<DateTimeUnit, DateError> {
    c.hour = s.pair("Hours", 0, 23)?;
    if !s.eat(b':') {
        return Ok(U::Hour);
    }
    if s.done() {
        return s.fail();
    }
    c.min = s.pair("Minutes", 0, 59)?;
    if !s.eat(b':') {
        return Ok(U::Minute);
    }
    c.sec = s.pair("Seconds", 0, 59)?;
    if !s.eat(b'.') {
        return Ok(U::Second);
    }
    let (us, n) = s.six();
    c.us = us;
    if n < 6 || !s.peek().is_some_and(|b| b.is_ascii_digit()) {
        return Ok(if n > 3 { U::Micro } else { U::Milli });
    }
    let (ps, n) = s.six();
    c.ps = ps;
    if n < 6 || !s.peek().is_some_and(|b| b.is_ascii_digit()) {
        return Ok(if n > 3 { U::Pico } else { U::Nano });
    }
    let (atto, n) = s.six();
    c.atto = atto;
    Ok(if n > 3 { U::Atto } else { U::Femto })
}

/// `Z`, `+hh`, `+hhmm` or `+hh:mm`, then spaces; moves the date to UTC. Tells whether there is one.
fn read_zone(s: &mut Scan, c: &mut Civil) -> std::result::Result<bool, DateError> {
    if s.done() {
        return Ok(false);
    }
    s.warn = true;
    if s.eat(b'Z') {
        return if s.done() { Ok(true) } else { s.fail() };
    }
    if let Some(sign @ (b'+' | b'-')) = s.peek() {
        s.at += 1;
        let hours = s.pair("Timezone hours offset", 0, 23)?;
        let mut minutes = 0;
        if !s.done() {
            if s.peek() == Some(b':') {
                s.at += 1;
            }
            minutes = s.pair("Timezone minutes offset", 0, 59)?;
        }
        let offset = hours * 60 + minutes;
        shift_minutes(c, if sign == b'-' { offset } else { -offset });
    }
    while s.peek().is_some_and(|b| b.is_ascii_whitespace()) {
        s.at += 1;
    }
    if s.done() {
        Ok(true)
    } else {
        s.fail()
    }
}

/// Adds minutes, over the ends of days.
pub fn shift_minutes(c: &mut Civil, minutes: i32) {
    let total = c.hour * 60 + c.min + minutes;
    let days = days_from_civil(c.year, c.month, c.day) + i64::from(total.div_euclid(1440));
    let rest = total.rem_euclid(1440);
    (c.hour, c.min) = (rest / 60, rest % 60);
    (c.year, c.month, c.day) = civil_from_days(days);
}

/// A difference read from text: an integer, or NaT.
pub fn parse_timedelta(text: &str) -> Result<i64> {
    if text.is_empty() || text.eq_ignore_ascii_case("nat") {
        return Ok(super::NAT);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let bad = || Error::Value("Could not convert object to NumPy timedelta".into());
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad());
    }
    // Out of range is the nearest integer, as C's `strtoll` has it.
    let limit = if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    Ok(text.parse().unwrap_or(limit))
}
