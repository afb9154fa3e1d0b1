//! Conversion of values between units.

use super::civil::{from_civil, to_civil, NAT};
use super::units::factor;
use crate::dtype::{DateTimeMeta, DateTimeUnit};
use crate::error::{Error, Result};

/// How values of one unit become values of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Conversion {
    /// Unchanged.
    Same,
    /// Only NaT has a value in the other unit.
    Nothing,
    /// Times the first, divided by the second, rounded down.
    Ratio(i64, i64),
    /// Through the calendar.
    Calendar(DateTimeMeta, DateTimeMeta),
}

impl Conversion {
    /// For points in time (`calendar`) or differences, where years and months have average lengths.
    pub fn new(from: DateTimeMeta, to: DateTimeMeta, calendar: bool) -> Result<Conversion> {
        let generic = DateTimeUnit::Generic;
        if calendar && from.unit == generic && to.unit.is_calendar() {
            return Ok(Conversion::Nothing);
        }
        if from == to || from.unit == generic {
            return Ok(Conversion::Same);
        }
        if to.unit == generic {
            return Err(Error::Value(
                "Cannot convert from specific units to generic units in NumPy datetimes or \
                 timedeltas"
                    .into(),
            ));
        }
        let mixed = from.unit.is_calendar() != to.unit.is_calendar();
        let (num, denom) = ratio(from, to)?;
        if mixed && calendar {
            return Ok(Conversion::Calendar(from, to));
        }
        Ok(if (num, denom) == (1, 1) {
            Conversion::Same
        } else {
            Conversion::Ratio(num, denom)
        })
    }

    /// The converted value; NaT stays.
    #[inline]
    pub fn apply(&self, value: i64) -> i64 {
        match *self {
            _ if value == NAT => NAT,
            Conversion::Same | Conversion::Nothing => value,
            // Where the product wraps, the sign of the value still decides the rounding.
            Conversion::Ratio(num, denom) => {
                let down = if value < 0 { denom - 1 } else { 0 };
                value.wrapping_mul(num).wrapping_sub(down) / denom
            }
            Conversion::Calendar(from, to) => to_civil(value, from)
                .and_then(|c| from_civil(c.as_ref(), to))
                .unwrap_or(NAT),
        }
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        gcd(b, a % b)
    }
}

/// One `from` in `to`s as a reduced fraction.
fn ratio(from: DateTimeMeta, to: DateTimeMeta) -> Result<(i64, i64)> {
    let overflow = || {
        let (coarse, fine) = if from.unit <= to.unit {
            (from.unit, to.unit)
        } else {
            (to.unit, from.unit)
        };
        Error::Overflow(format!(
            "Integer overflow while computing the conversion factor between NumPy datetime units \
             {} and {}",
            coarse.name(),
            fine.name()
        ))
    };
    let (up, down) = if from.unit <= to.unit {
        span(from.unit, to.unit).ok_or_else(overflow)?
    } else {
        let (n, d) = span(to.unit, from.unit).ok_or_else(overflow)?;
        (d, n)
    };
    // The products wrap, as they do in NumPy.
    let num = up.wrapping_mul(from.num as u64);
    let denom = down.wrapping_mul(to.num.max(1) as u64);
    let g = gcd(num, denom).max(1);
    Ok(((num / g) as i64, ((denom / g) as i64).max(1)))
}

/// One `coarse` in `fine`s; a year is the average of the calendar's 400 years.
fn span(coarse: DateTimeUnit, fine: DateTimeUnit) -> Option<(u64, u64)> {
    if coarse.is_calendar() && !fine.is_calendar() {
        let per = if coarse == DateTimeUnit::Year {
            400
        } else {
            4800
        };
        return if fine == DateTimeUnit::Week {
            Some((146_097, per * 7))
        } else {
            factor(DateTimeUnit::Day, fine).map(|f| (f.wrapping_mul(146_097), per))
        };
    }
    factor(coarse, fine).map(|f| (f, 1))
}
