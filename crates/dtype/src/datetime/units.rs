//! Arithmetic on datetime units: conversion factors, common divisors, divisibility.

use crate::dtype::{DateTimeMeta, DateTimeUnit};
use crate::error::{Error, Result};

/// Units finer than the calendar's, coarse to fine, with the factor to the next finer one.
const LADDER: [(DateTimeUnit, u64); 11] = [
    (DateTimeUnit::Week, 7),
    (DateTimeUnit::Day, 24),
    (DateTimeUnit::Hour, 60),
    (DateTimeUnit::Minute, 60),
    (DateTimeUnit::Second, 1000),
    (DateTimeUnit::Milli, 1000),
    (DateTimeUnit::Micro, 1000),
    (DateTimeUnit::Nano, 1000),
    (DateTimeUnit::Pico, 1000),
    (DateTimeUnit::Femto, 1000),
    (DateTimeUnit::Atto, 1),
];

/// Factors above this count as overflow, so that products with small multiples stay in 64 bits.
const FACTOR_LIMIT: u64 = 1 << 56;

impl DateTimeUnit {
    /// Years and months, whose length in days varies.
    pub fn is_calendar(self) -> bool {
        matches!(self, DateTimeUnit::Year | DateTimeUnit::Month)
    }

    /// The unit with NumPy's number.
    pub fn from_number(number: i32) -> Option<DateTimeUnit> {
        use DateTimeUnit as U;
        const ALL: [U; 14] = [
            U::Year,
            U::Month,
            U::Week,
            U::Day,
            U::Hour,
            U::Minute,
            U::Second,
            U::Milli,
            U::Micro,
            U::Nano,
            U::Pico,
            U::Femto,
            U::Atto,
            U::Generic,
        ];
        ALL.into_iter().find(|&u| u as i32 == number)
    }
}

impl DateTimeMeta {
    /// No unit.
    pub const GENERIC: DateTimeMeta = DateTimeMeta {
        unit: DateTimeUnit::Generic,
        num: 1,
    };

    /// One of the given unit.
    pub const fn unit(unit: DateTimeUnit) -> DateTimeMeta {
        DateTimeMeta { unit, num: 1 }
    }
}

/// How many `fine` make one `coarse`; `None` when they overflow or have no fixed ratio.
pub fn factor(coarse: DateTimeUnit, fine: DateTimeUnit) -> Option<u64> {
    if coarse == fine {
        return Some(1);
    }
    if coarse.is_calendar() || fine.is_calendar() {
        let years = coarse == DateTimeUnit::Year && fine == DateTimeUnit::Month;
        return years.then_some(12);
    }
    let at = |u| LADDER.iter().position(|r| r.0 == u);
    let (from, to) = (at(coarse)?, at(fine)?);
    LADDER.get(from..to)?.iter().try_fold(1u64, |acc, r| {
        acc.checked_mul(r.1).filter(|&f| f < FACTOR_LIMIT)
    })
}

/// `[25s]`, `[D]` or `[generic]`, as messages show a unit.
pub fn meta_text(meta: DateTimeMeta) -> String {
    match (meta.unit, meta.num) {
        (DateTimeUnit::Generic, _) => "[generic]".into(),
        (unit, 1) => format!("[{}]", unit.name()),
        (unit, n) => format!("[{n}{}]", unit.name()),
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        gcd(b, a % b)
    }
}

/// The coarsest unit that both divide; `strict` operands (timedeltas) may not leave years and months.
pub fn common_meta(
    lhs: DateTimeMeta,
    rhs: DateTimeMeta,
    strict_lhs: bool,
    strict_rhs: bool,
) -> Result<DateTimeMeta> {
    if lhs.unit == DateTimeUnit::Generic {
        return Ok(rhs);
    }
    if rhs.unit == DateTimeUnit::Generic {
        return Ok(lhs);
    }
    let (n1, n2) = (lhs.num as u64, rhs.num as u64);
    let lhs_is_coarse = lhs.unit <= rhs.unit;
    let fine = lhs.unit.max(rhs.unit);
    let (coarse, strict) = if lhs_is_coarse {
        (lhs.unit, strict_lhs)
    } else {
        (rhs.unit, strict_rhs)
    };
    let scale = if coarse.is_calendar() && !fine.is_calendar() {
        if strict {
            let text = format!(
                "Cannot get a common metadata divisor for Numpy datetime metadata {} and {} \
                 because they have incompatible nonlinear base time units.",
                meta_text(lhs),
                meta_text(rhs)
            );
            return Err(Error::Type(text));
        }
        // Where a common divisor is sought, a year or a month counts as a week.
        factor(DateTimeUnit::Week, fine).ok_or_else(|| overflow(lhs, rhs))?
    } else {
        factor(coarse, fine).ok_or_else(|| overflow(lhs, rhs))?
    };
    let num = if lhs_is_coarse {
        gcd(n1.wrapping_mul(scale), n2)
    } else {
        gcd(n1, n2.wrapping_mul(scale))
    };
    let num = i32::try_from(num).map_err(|_| overflow(lhs, rhs))?;
    Ok(DateTimeMeta { unit: fine, num })
}

fn overflow(lhs: DateTimeMeta, rhs: DateTimeMeta) -> Error {
    Error::Overflow(format!(
        "Integer overflow getting a common metadata divisor for NumPy datetime metadata {} and {}.",
        meta_text(lhs),
        meta_text(rhs)
    ))
}

/// Whether every multiple of `from` is one of `to`; years and months count as multiples of any
/// finer unit unless `strict`.
pub fn divides(from: DateTimeMeta, to: DateTimeMeta, strict: bool) -> bool {
    if from.unit == DateTimeUnit::Generic {
        return true;
    }
    if to.unit == DateTimeUnit::Generic || from.unit > to.unit {
        return false;
    }
    if from.unit.is_calendar() && !to.unit.is_calendar() {
        return !strict;
    }
    match factor(from.unit, to.unit) {
        Some(f) => (from.num as u64).wrapping_mul(f) % to.num.max(1) as u64 == 0,
        None => false,
    }
}
