//! Dtypes from text: type codes, names, sizes, units and comma-separated lists.

use super::{engine::SWAPPED, make, structs};
use crate::descr::convert::{convert_new, shared};
use numoxide_dtype::{DateTimeUnit, TypeNum, ROWS};
use pyo3::exceptions::{PySyntaxError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Names besides those of the rows.
const ALIASES: [(&str, u8); 32] = [
    ("int", b'l'),
    ("int_", b'l'),
    ("intp", b'l'),
    ("long", b'l'),
    ("uint", b'L'),
    ("uintp", b'L'),
    ("ulong", b'L'),
    ("float", b'd'),
    ("double", b'd'),
    ("complex", b'D'),
    ("cdouble", b'D'),
    ("csingle", b'F'),
    ("single", b'f'),
    ("half", b'e'),
    ("byte", b'b'),
    ("ubyte", b'B'),
    ("short", b'h'),
    ("ushort", b'H'),
    ("intc", b'i'),
    ("uintc", b'I'),
    ("longlong", b'q'),
    ("ulonglong", b'Q'),
    ("longdouble", b'g'),
    ("clongdouble", b'G'),
    ("bool_", b'?'),
    ("str_", b'U'),
    ("unicode", b'U'),
    ("bytes_", b'S'),
    ("object_", b'O'),
    ("a", b'S'),
    ("n", b'l'),
    ("N", b'L'),
];

#[cold]
fn unknown(text: &str) -> PyErr {
    if numoxide_dtype::parse::REMOVED.contains(&text) {
        return PyTypeError::new_err(format!(
            "Alias '{text}' was removed in NumPy 2.0. Use a name without a digit at the end."
        ));
    }
    let shown: Vec<u32> = text.chars().map(u32::from).collect();
    let shown = numoxide_dtype::python_repr::str_repr(&shown);
    PyTypeError::new_err(format!("data type {shown} not understood"))
}

/// The dtype that a text names.
pub(crate) fn from_text(py: Python<'_>, text: &str, align: bool) -> PyResult<Py<PyAny>> {
    if is_list(text) {
        return from_comma_list(py, text, align);
    }
    from_word(py, text)
}

/// Whether the text is a list of types or has a repeat count.
fn is_list(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let ordered = bytes.first().is_some_and(|b| b"<>=|".contains(b));
    if digit(0) || (ordered && digit(1)) || text.starts_with("()") {
        return true;
    }
    if ordered && text[1..].starts_with("()") {
        return true;
    }
    let mut depth = 0;
    bytes.iter().any(|b| {
        match b {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        *b == b',' && depth == 0
    })
}

/// One type without repeats.
fn from_word(py: Python<'_>, text: &str) -> PyResult<Py<PyAny>> {
    let (order, rest) = match text.as_bytes().first() {
        Some(b) if b"<>=|".contains(b) => (*b, &text[1..]),
        _ => (b'=', text),
    };
    if rest.is_empty() {
        return Err(unknown(text));
    }
    if let Some(made) = date_word(py, rest, order)? {
        return Ok(made);
    }
    if rest == "c" {
        let made = make::sized(py, TypeNum::Bytes, 1)?;
        // SAFETY: fresh and not shared.
        unsafe {
            (*made).type_ = b'c' as _;
            return Ok(make::own(py, made));
        }
    }
    let (num, size) = parse_word(rest).ok_or_else(|| unknown(text))?;
    if rest.starts_with('a') && rest != "any" && num == TypeNum::Bytes {
        let warning = py.get_type::<pyo3::exceptions::PyDeprecationWarning>();
        crate::err::warn(
            py,
            &warning,
            "Data type alias 'a' was deprecated in NumPy 2.0. Use the 'S' alias instead.",
        )?;
    }
    finish(py, num, size, order)
}

fn finish(py: Python<'_>, num: TypeNum, size: usize, order: u8) -> PyResult<Py<PyAny>> {
    let swapped = order == SWAPPED && super::make::has_order(num);
    if size == 0 && !swapped {
        return Ok(shared(py, num));
    }
    let made = if size > 0 {
        make::sized(py, num, size)?
    } else {
        make::fresh(py, num)?
    };
    // SAFETY: fresh and not shared.
    unsafe {
        if swapped {
            (*made).byteorder = SWAPPED as _;
        }
        Ok(make::own(py, made))
    }
}

/// Class and item size (0 for the class's own) of a plain word.
fn parse_word(word: &str) -> Option<(TypeNum, usize)> {
    if word.len() == 1 {
        if let Some(num) = TypeNum::from_code(word.as_bytes()[0]) {
            return Some((num, 0));
        }
    }
    if let Some((_, code)) = ALIASES.iter().find(|(name, _)| *name == word) {
        return TypeNum::from_code(*code).map(|n| (n, 0));
    }
    let named = ROWS[..24].iter().find(|r| r.name == word);
    if let Some(row) = named {
        return Some((row.num, 0));
    }
    sized_word(word)
}

/// A kind letter with a size: `f8`, `S5`, `U3`.
fn sized_word(word: &str) -> Option<(TypeNum, usize)> {
    let kind = *word.as_bytes().first()?;
    let digits = word.get(1..)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size: usize = digits.parse().ok().filter(|&n| n <= i32::MAX as usize)?;
    match kind {
        b'S' | b'a' => Some((TypeNum::Bytes, size)),
        b'V' => Some((TypeNum::Void, size)),
        b'U' => (size <= i32::MAX as usize / 4).then_some((TypeNum::Str, size * 4)),
        b'O' => (size == 4 || size == 8).then_some((TypeNum::Object, 0)),
        b'b' | b'i' | b'u' | b'f' | b'c' => ROWS[..24]
            .iter()
            .find(|r| r.kind == kind && r.size == size && !is_long_long(r.num))
            .map(|r| (r.num, 0)),
        _ => None,
    }
}

fn is_long_long(num: TypeNum) -> bool {
    matches!(num, TypeNum::LongLong | TypeNum::ULongLong)
}

/// `M8[ns]`, `datetime64[ns]`, `m8`, ...
fn date_word(py: Python<'_>, word: &str, order: u8) -> PyResult<Option<Py<PyAny>>> {
    let heads = [
        ("M8", TypeNum::DateTime),
        ("datetime64", TypeNum::DateTime),
        ("m8", TypeNum::TimeDelta),
        ("timedelta64", TypeNum::TimeDelta),
    ];
    let Some((num, unit)) = heads
        .iter()
        .find_map(|(head, num)| word.strip_prefix(head).map(|rest| (*num, rest)))
    else {
        return Ok(None);
    };
    if unit.is_empty() {
        // Never the default instance itself.
        return finish(py, num, ROWS[num as usize].size, order).map(Some);
    }
    if !unit.starts_with('[') {
        return Ok(None);
    }
    let (unit, multiple) = parse_unit(unit)?;
    if unit == DateTimeUnit::Generic && order != SWAPPED {
        return Ok(Some(shared(py, num)));
    }
    let made = make::datetime(py, num, unit as i32, multiple)?;
    // SAFETY: fresh and not shared.
    unsafe {
        if order == SWAPPED {
            (*made).byteorder = SWAPPED as _;
        }
        Ok(Some(make::own(py, made)))
    }
}

/// Unit and multiple of `[25s]` or `[D/24]`.
pub(crate) fn parse_unit(text: &str) -> PyResult<(DateTimeUnit, i32)> {
    let bad = |at: Option<usize>| {
        let place = at.map_or(String::new(), |i| format!(" at position {i}"));
        PyTypeError::new_err(format!(
            "Invalid datetime metadata string \"{text}\"{place}"
        ))
    };
    if text.len() < 3 || !text.ends_with(']') {
        return Err(bad(None));
    }
    let inner = &text[1..text.len() - 1];
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let multiple: i32 = match digits {
        0 if inner.starts_with('-') => return Err(bad(Some(1))),
        0 => 1,
        _ => inner[..digits]
            .parse()
            .ok()
            .filter(|&n| n > 0)
            .ok_or_else(|| bad(Some(1)))?,
    };
    let (name, divisor) = match inner[digits..].split_once('/') {
        Some((name, d)) => (
            name,
            d.parse::<i32>()
                .ok()
                .filter(|&d| d > 0)
                .ok_or_else(|| bad(None))?,
        ),
        None => (&inner[digits..], 1),
    };
    let unit = unit_named(name).ok_or_else(|| {
        PyTypeError::new_err(format!(
            "Invalid datetime unit in metadata string \"{text}\""
        ))
    })?;
    divided(unit, multiple, divisor).ok_or_else(|| {
        PyValueError::new_err(format!(
            "divisor ({divisor}) is not a multiple of a lower-unit in datetime metadata \"{text}\""
        ))
    })
}

/// The unit of a name.
pub(crate) fn unit_named(name: &str) -> Option<DateTimeUnit> {
    let name = if name == "μs" { "us" } else { name };
    (0..15)
        .filter(|&i| i != 3)
        .map(super::engine::unit_from_c)
        .find(|u| u.name() == name)
}

/// A unit divided by a number, as a multiple of a smaller unit.
fn divided(unit: DateTimeUnit, multiple: i32, divisor: i32) -> Option<(DateTimeUnit, i32)> {
    use DateTimeUnit as U;
    if divisor == 1 {
        return Some((unit, multiple));
    }
    let steps: &[(DateTimeUnit, i32)] = match unit {
        U::Year => &[(U::Month, 12), (U::Week, 52), (U::Day, 365)],
        U::Month => &[(U::Week, 4), (U::Day, 30), (U::Hour, 720)],
        U::Week => &[(U::Day, 7), (U::Hour, 168), (U::Minute, 10_080)],
        U::Day => &[(U::Hour, 24), (U::Minute, 1440), (U::Second, 86_400)],
        U::Hour => &[(U::Minute, 60), (U::Second, 3600)],
        U::Minute => &[(U::Second, 60), (U::Milli, 60_000)],
        U::Second => &[(U::Milli, 1000), (U::Micro, 1_000_000)],
        U::Milli => &[(U::Micro, 1000), (U::Nano, 1_000_000)],
        U::Micro => &[(U::Nano, 1000), (U::Pico, 1_000_000)],
        U::Nano => &[(U::Pico, 1000), (U::Femto, 1_000_000)],
        U::Pico => &[(U::Femto, 1000), (U::Atto, 1_000_000)],
        U::Femto => &[(U::Atto, 1000)],
        _ => &[],
    };
    let found = steps.iter().find(|(_, n)| n % divisor == 0)?;
    Some((found.0, multiple.checked_mul(found.1 / divisor)?))
}

#[cold]
fn syntax(text: &str) -> PyErr {
    PySyntaxError::new_err(format!("{text} (<unknown>, line 1)"))
}

/// `i4,(2,3)f8,U5`: fields `f0`, `f1`, ...; one item without a comma stands for itself.
fn from_comma_list(py: Python<'_>, text: &str, align: bool) -> PyResult<Py<PyAny>> {
    let mut items = split(text)?;
    let several = items.len() > 1;
    if several && items.last().is_some_and(|s| s.trim().is_empty()) {
        items.pop();
    }
    let mut dtypes = items
        .iter()
        .enumerate()
        .map(|(i, item)| {
            repeated(py, item.trim())?.ok_or_else(|| {
                let number = i + 1;
                PyValueError::new_err(format!(
                    "format number {number} of \"{text}\" is not recognized"
                ))
            })
        })
        .collect::<PyResult<Vec<_>>>()?;
    match (dtypes.pop(), several) {
        (None, _) => Err(syntax("invalid syntax")),
        (Some(only), false) => Ok(only),
        (Some(last), true) => {
            dtypes.push(last);
            let fields = dtypes.into_iter().enumerate();
            structs::plain(
                py,
                fields.map(|(i, d)| (format!("f{i}"), d)).collect(),
                align,
            )
        }
    }
}

fn split(text: &str) -> PyResult<Vec<&str>> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0i32, 0);
    for (i, b) in text.bytes().enumerate() {
        match b {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(syntax("'(' was never closed"));
    }
    parts.push(&text[start..]);
    Ok(parts)
}

/// One item of a list: order, repeats, order, type; `None` if its repeats are no numbers.
fn repeated(py: Python<'_>, item: &str) -> PyResult<Option<Py<PyAny>>> {
    if item.is_empty() {
        return Err(syntax("invalid syntax"));
    }
    let order = |s: &str| s.bytes().next().filter(|b| b"<>=|".contains(b));
    let before = order(item);
    let rest = &item[usize::from(before.is_some())..];
    let (shape, rest) = match rest.as_bytes().first() {
        Some(b'(') => {
            let end = rest
                .find(')')
                .ok_or_else(|| syntax("'(' was never closed"))?;
            match bracketed(py, &rest[1..end])? {
                Some(dims) => (Some(dims), &rest[end + 1..]),
                None => return Ok(None),
            }
        }
        Some(b) if b.is_ascii_digit() => {
            let n = rest.bytes().take_while(u8::is_ascii_digit).count();
            let Ok(count) = rest[..n].parse::<i64>() else {
                return Ok(None);
            };
            (Some(count.into_pyobject(py)?.into_any()), &rest[n..])
        }
        _ => (None, rest),
    };
    let word = match (before, order(rest)) {
        (Some(b), None) => format!("{}{rest}", b as char),
        _ => rest.to_string(),
    };
    let Some(shape) = shape else {
        return from_word(py, word.trim_end()).map(Some);
    };
    let base = from_text(py, word.trim_end(), false)?;
    let pair = (base, shape).into_pyobject(py)?;
    convert_new(py, &pair.into_any(), false).map(Some)
}

/// The shape between parentheses; one number without a comma is an old spelling.
fn bracketed<'py>(py: Python<'py>, inside: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let numbers = inside.split(',').map(str::trim).filter(|s| !s.is_empty());
    let Ok(dims) = numbers.map(str::parse).collect::<Result<Vec<i64>, _>>() else {
        return Ok(None);
    };
    if dims.len() == 1 && !inside.contains(',') {
        let class = py.get_type::<pyo3::exceptions::PyDeprecationWarning>();
        crate::err::warn(
            py,
            &class,
            "Passing in a parenthesized single number for repeats is deprecated; pass either a \
             single number or indicate a tuple with a comma, like \"(2,)\".",
        )?;
    }
    Ok(Some(PyTuple::new(py, dims)?.into_any()))
}
