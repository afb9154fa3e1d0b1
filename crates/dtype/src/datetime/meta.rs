//! Units in text: `[25s]`, `[D/24]`.

use super::units::factor;
use crate::dtype::{DateTimeMeta, DateTimeUnit};
use crate::error::{Error, Result};

use DateTimeUnit as U;

/// Every unit with its names.
const UNITS: [(&str, DateTimeUnit); 15] = [
    ("Y", U::Year),
    ("M", U::Month),
    ("W", U::Week),
    ("D", U::Day),
    ("h", U::Hour),
    ("m", U::Minute),
    ("s", U::Second),
    ("ms", U::Milli),
    ("us", U::Micro),
    ("μs", U::Micro),
    ("ns", U::Nano),
    ("ps", U::Pico),
    ("fs", U::Femto),
    ("as", U::Atto),
    ("generic", U::Generic),
];

/// The unit of that name.
pub fn parse_unit(name: &str) -> Option<DateTimeUnit> {
    UNITS.iter().find(|r| r.0 == name).map(|r| r.1)
}

/// Reads `[num unit / divisor]`, brackets included.
pub fn parse_meta(text: &str) -> Result<DateTimeMeta> {
    let invalid = |at: Option<usize>| {
        let at = at.map(|n| format!(" at position {n}")).unwrap_or_default();
        Error::Type(format!("Invalid datetime metadata string \"{text}\"{at}"))
    };
    if text.len() < 3 || !text.starts_with('[') || !text.contains(']') {
        let at = if text.len() >= 3 && !text.starts_with('[') && text.contains([')', ']']) {
            Some(1).filter(|_| text.starts_with('('))
        } else {
            None
        };
        return Err(invalid(at));
    }
    let inside = &text[1..];
    let signed = usize::from(inside.starts_with('+'));
    let digits = signed
        + inside[signed..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
    let num = match &inside[signed..digits] {
        "" => 1,
        n => n.parse::<i32>().map_err(|_| invalid(Some(1)))?,
    };
    let rest = &inside[digits..];
    let end = rest.find([']', '/']).unwrap_or(rest.len());
    let at = 1 + digits;
    if end == 0 || rest.starts_with('-') {
        return Err(invalid(Some(at)));
    }
    let unit = parse_unit(&rest[..end]).ok_or_else(|| {
        Error::Type(format!(
            "Invalid datetime unit in metadata string \"{text}\""
        ))
    })?;
    let meta = DateTimeMeta {
        unit,
        num: if unit == U::Generic { 1 } else { num },
    };
    let (meta, close) = match rest[end..].strip_prefix('/') {
        None => (meta, at + end),
        Some(divisor) => {
            let len = divisor.find(']').unwrap_or(divisor.len());
            let value = divisor[..len].parse().ok().filter(|&n: &i64| n > 0);
            let value = value.ok_or_else(|| invalid(Some(at + end + 1)))?;
            (divide(meta, value, text)?, at + end + 1 + len)
        }
    };
    match &text[close..] {
        "]" => Ok(meta),
        _ => Err(invalid(Some(close + 1))),
    }
}

/// The unit divided: the first finer unit of which the divisor leaves a whole number.
fn divide(meta: DateTimeMeta, divisor: i64, text: &str) -> Result<DateTimeMeta> {
    let parts: &[(i64, DateTimeUnit)] = match meta.unit {
        U::Year => &[(12, U::Month), (52, U::Week), (365, U::Day)],
        U::Month => &[(4, U::Week), (30, U::Day), (720, U::Hour)],
        U::Week => &[(7, U::Day), (168, U::Hour), (10080, U::Minute)],
        U::Day => &[(24, U::Hour), (1440, U::Minute), (86400, U::Second)],
        U::Hour => &[(60, U::Minute), (3600, U::Second)],
        U::Minute => &[(60, U::Second), (60000, U::Milli)],
        _ => &[],
    };
    let finer = [1, 2].map(|step| {
        let unit = DateTimeUnit::from_number(meta.unit as i32 + step)?;
        Some((factor(meta.unit, unit)? as i64, unit)).filter(|_| unit != U::Generic)
    });
    let listed = parts.iter().copied();
    let computed = finer.into_iter().flatten().filter(|_| parts.is_empty());
    let found = listed.chain(computed).find(|(n, _)| n % divisor == 0);
    let (total, unit) = found.ok_or_else(|| {
        Error::Value(format!(
            "divisor ({divisor}) is not a multiple of a lower-unit in datetime metadata \"{text}\""
        ))
    })?;
    let num = i64::from(meta.num) * (total / divisor);
    let num = i32::try_from(num).map_err(|_| {
        Error::Overflow(format!("Integer overflow in datetime metadata \"{text}\""))
    })?;
    Ok(DateTimeMeta { unit, num })
}
