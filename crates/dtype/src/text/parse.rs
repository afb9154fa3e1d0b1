//! Numbers read from text, as Python's `float`, `int` and `complex` read them and as text files have them.

/// Why text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// The text does not have the form of the number.
    Invalid,
    /// The number does not fit the widest type.
    OutOfRange,
}

/// The decimal zeros of Unicode other than ASCII's; nine more digits follow each.
const ZEROS: [u32; 65] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
    0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// Reads a float as Python's `float` does: spaces round it, underscores between digits, any script's digits.
pub fn parse_float(text: &str) -> Option<f64> {
    if text.is_ascii() && !text.contains('_') {
        return parse_float_bytes(text.as_bytes());
    }
    parse_plain_float(ungroup(&plain(text))?.trim().as_bytes())
}

/// Reads a float from ASCII bytes, spaces round it allowed, as text files have it.
pub fn parse_float_bytes(text: &[u8]) -> Option<f64> {
    parse_plain_float(trim_bytes(text))
}

/// Reads a float that takes up all of `text`.
fn parse_plain_float(text: &[u8]) -> Option<f64> {
    fast_float2::parse(text).ok()
}

/// Reads a complex number as Python's `complex` does: `1`, `2j`, `1+2j`, in parentheses or not.
pub fn parse_complex(text: &str) -> Option<(f64, f64)> {
    if text.is_ascii() && !text.contains('_') {
        return parse_complex_bytes(text.as_bytes(), true);
    }
    parse_complex_bytes(ungroup(&plain(text))?.as_bytes(), true)
}

/// Reads a complex number from ASCII bytes; `bare_unit` allows `j` without a number before it.
pub fn parse_complex_bytes(text: &[u8], bare_unit: bool) -> Option<(f64, f64)> {
    let mut text = trim_bytes(text);
    if let Some(rest) = text.strip_prefix(b"(") {
        text = trim_bytes(rest.strip_suffix(b")")?);
    }
    let (first, length) = leading_float(text, bare_unit)?;
    match &text[length..] {
        [] => Some((first?, 0.0)),
        [b'j' | b'J'] => Some((0.0, first.or_else(|| unit_sign(&text[..length]))?)),
        rest @ [b'+' | b'-', ..] => {
            let real = first?;
            let (second, length) = leading_float(rest, bare_unit)?;
            match &rest[length..] {
                [b'j' | b'J'] => Some((real, second.or_else(|| unit_sign(&rest[..length]))?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The float `text` starts with and its length; no float but at most a sign if a unit follows.
fn leading_float(text: &[u8], bare_unit: bool) -> Option<(Option<f64>, usize)> {
    if let Ok((value, length)) = fast_float2::parse_partial(text) {
        return Some((Some(value), length));
    }
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    (bare_unit && matches!(text.get(sign), Some(b'j' | b'J'))).then_some((None, sign))
}

/// The value of an imaginary unit with only a sign before it.
fn unit_sign(sign: &[u8]) -> Option<f64> {
    match sign {
        b"" | b"+" => Some(1.0),
        b"-" => Some(-1.0),
        _ => None,
    }
}

/// Reads an integer as Python's `int` does with base 10; numbers beyond 128 bits are out of range.
pub fn parse_int(text: &str) -> Result<i128, NumberError> {
    if text.is_ascii() && !text.contains('_') {
        return parse_int_bytes(text.as_bytes());
    }
    let text = ungroup(&plain(text)).ok_or(NumberError::Invalid)?;
    parse_int_bytes(text.as_bytes())
}

/// Reads an integer from ASCII bytes, spaces round it allowed.
pub fn parse_int_bytes(text: &[u8]) -> Result<i128, NumberError> {
    let text = trim_bytes(text);
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NumberError::Invalid);
    }
    let mut value = 0i128;
    for digit in digits {
        let next = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i128::from(digit - b'0')));
        value = next.ok_or(NumberError::OutOfRange)?;
    }
    Ok(if negative { -value } else { value })
}

/// Whether a string counts as true: any but the empty one.
pub fn parse_bool(text: &str) -> bool {
    !text.is_empty()
}

/// Puts ASCII digits and spaces in place of other scripts'.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii() => c,
            c if c.is_whitespace() => ' ',
            c => decimal_digit(c).map_or(c, |d| char::from(b'0' + d)),
        })
        .collect()
}

fn decimal_digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    let index = ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?;
    u8::try_from(code - ZEROS[index])
        .ok()
        .filter(|&digit| digit < 10)
}

/// Removes underscores, each of which must stand between two digits.
fn ungroup(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    for (i, _) in bytes.iter().enumerate().filter(|(_, &b)| b == b'_') {
        if !digit(i.checked_sub(1)) || !digit(Some(i + 1)) {
            return None;
        }
    }
    Some(text.replace('_', ""))
}

/// Removes Python's ASCII white space from both ends.
fn trim_bytes(text: &[u8]) -> &[u8] {
    let space = |b: &u8| matches!(b, b' ' | 9..=13 | 0x1c..=0x1f);
    let start = text.iter().position(|b| !space(b)).unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|b| !space(b))
        .map_or(start, |i| i + 1);
    &text[start..end]
}
