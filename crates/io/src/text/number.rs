//! Numbers of a field: all of it must be one number, white space round it aside.

/// White space as Python's `str.isspace` knows it.
#[inline]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// The field without white space round it.
#[inline]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Bytes of the number that a text starts with; 0 if it starts with none.
fn float_length(text: &[u8]) -> usize {
    let digits = |from: usize| {
        text[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let start = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    for word in [&b"infinity"[..], b"inf", b"nan"] {
        let end = start + word.len();
        if text.len() >= end && text[start..end].eq_ignore_ascii_case(word) {
            return end;
        }
    }
    let whole = digits(start);
    let mut end = start + whole;
    let mut decimals = 0;
    if text.get(end) == Some(&b'.') {
        decimals = digits(end + 1);
        if whole + decimals > 0 {
            end += 1 + decimals;
        }
    }
    if whole + decimals == 0 {
        return 0;
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

/// A float, or why there is none: whether the text does not even start like one.
pub fn parse_float(text: &str) -> Result<f64, bool> {
    let text = trim(text);
    match float_length(text.as_bytes()) {
        0 => Err(!text.is_empty()),
        n if n == text.len() => text.parse().map_err(|_| false),
        _ => Err(false),
    }
}

/// A complex number: `1+2j`, `(3-4j)`, `5`, `2j`; as [`parse_float`] where there is none.
pub fn parse_complex(text: &str, unit: char) -> Result<(f64, f64), bool> {
    let mut text = trim(text);
    if let Some(inside) = text.strip_prefix('(') {
        text = inside.strip_suffix(')').ok_or(false)?;
        text = trim(text);
    }
    let number = |text: &str| -> Result<(f64, usize), bool> {
        match float_length(text.as_bytes()) {
            0 => Err(!text.is_empty()),
            n => Ok((text[..n].parse().map_err(|_| false)?, n)),
        }
    };
    let (first, used) = number(text)?;
    let rest = &text[used..];
    if rest.is_empty() {
        return Ok((first, 0.0));
    }
    if rest.strip_prefix(unit) == Some("") {
        return Ok((0.0, first));
    }
    if !rest.starts_with(['+', '-']) {
        return Err(false);
    }
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    let (second, used) = number(rest).map_err(|_| false)?;
    match rest[used..].strip_prefix(unit) {
        Some("") => Ok((first, second)),
        _ => Err(false),
    }
}

/// Digits with a sign before them.
fn whole(text: &str) -> Option<(bool, &str)> {
    let text = trim(text);
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    all.then_some((negative, digits))
}

/// An integer that a signed type of `bits` holds.
pub fn parse_signed(text: &str, bits: u32) -> Option<i64> {
    let (negative, digits) = whole(text)?;
    let size: u64 = digits.parse().ok()?;
    let value = if negative {
        0i64.checked_sub_unsigned(size)?
    } else {
        i64::try_from(size).ok()?
    };
    let most = i64::MAX >> (64 - bits);
    (-most - 1..=most).contains(&value).then_some(value)
}

/// An integer that an unsigned type of `bits` holds.
pub fn parse_unsigned(text: &str, bits: u32) -> Option<u64> {
    let (negative, digits) = whole(text)?;
    let value: u64 = digits.parse().ok()?;
    (!(negative && value > 0) && value <= u64::MAX >> (64 - bits)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        assert_eq!(parse_float(" 1.5e3 "), Ok(1500.0));
        assert_eq!(parse_float("-.5"), Ok(-0.5));
        assert_eq!(parse_float("1e400"), Ok(f64::INFINITY));
        assert!(parse_float("nan").is_ok_and(f64::is_nan));
        for (bad, odd) in [
            ("", false),
            ("a", true),
            ("1_0", false),
            ("0x1", false),
            ("1e", false),
        ] {
            assert_eq!(parse_float(bad), Err(odd), "{bad}");
        }
    }

    #[test]
    fn complexes() {
        for (text, want) in [
            ("1+2j", (1.0, 2.0)),
            ("(3-4j)", (3.0, -4.0)),
            ("5", (5.0, 0.0)),
            ("1j", (0.0, 1.0)),
            ("1+-2j", (1.0, -2.0)),
        ] {
            assert_eq!(parse_complex(text, 'j'), Ok(want), "{text}");
        }
        for bad in ["-j", "1+2i", "1 +2j", "(1+2j", "1+2"] {
            assert!(parse_complex(bad, 'j').is_err(), "{bad}");
        }
    }

    #[test]
    fn integers() {
        assert_eq!(parse_signed("-128", 8), Some(-128));
        assert_eq!(parse_signed("128", 8), None);
        assert_eq!(parse_signed("-9223372036854775808", 64), Some(i64::MIN));
        assert_eq!(parse_unsigned("18446744073709551615", 64), Some(u64::MAX));
        assert_eq!(parse_unsigned("-1", 8), None);
        assert_eq!(parse_unsigned("-0", 8), Some(0));
    }
}
