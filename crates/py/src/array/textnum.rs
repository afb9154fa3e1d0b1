//! Numbers in separated text, as `fromstring` and `fromfile` read them.

use numoxide_core::TypeNum;
use pyo3::prelude::*;

/// The number tokens of a text; false if something that is no number stopped the reading early.
pub(super) fn split<'t>(
    text: &'t [u8],
    sep: &str,
    num: TypeNum,
    count: isize,
) -> (Vec<&'t [u8]>, bool) {
    let mut out = Vec::new();
    let mut at = skip_space(text, 0);
    loop {
        if count >= 0 && out.len() == count as usize || at == text.len() {
            return (out, true);
        }
        let len = token_len(&text[at..], num);
        if len == 0 {
            return (out, false);
        }
        out.push(&text[at..at + len]);
        at += len;
        let next = skip_space(text, at);
        if next == text.len() {
            return (out, true);
        }
        if sep.is_empty() {
            if next == at {
                return (out, false);
            }
            at = next;
        } else if text[next..].starts_with(sep.as_bytes()) {
            at = skip_space(text, next + sep.len());
        } else {
            let whole = count >= 0 && out.len() == count as usize;
            return (out, whole);
        }
    }
}

fn skip_space(text: &[u8], at: usize) -> usize {
    at + text[at..]
        .iter()
        .take_while(|b| b.is_ascii_whitespace())
        .count()
}

/// Bytes of the number at the start of `text`; 0 if there is none.
fn token_len(text: &[u8], num: TypeNum) -> usize {
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let body = &text[sign..];
    if num.is_integer() {
        let digits = body.iter().take_while(|b| b.is_ascii_digit()).count();
        return if digits == 0 { 0 } else { sign + digits };
    }
    let len = float_len(body);
    if len == 0 {
        return 0;
    }
    let mut end = sign + len;
    if num.is_complex() {
        let rest = &text[end..];
        if matches!(rest.first(), Some(b'+' | b'-')) {
            let more = float_len(&rest[1..]);
            if more > 0 && rest.get(1 + more) == Some(&b'j') {
                return end + 2 + more;
            }
        }
        if rest.first() == Some(&b'j') {
            end += 1;
        }
    }
    end
}

/// Bytes of the `(...)` that may follow a NaN.
fn payload_len(rest: &[u8]) -> usize {
    let inner = rest.iter().skip(1);
    let n = inner
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .count();
    match (rest.first(), rest.get(n + 1)) {
        (Some(b'('), Some(b')')) => n + 2,
        _ => 0,
    }
}

fn float_len(body: &[u8]) -> usize {
    for word in ["infinity", "inf", "nan"] {
        let head = &body[..body.len().min(word.len())];
        if head.eq_ignore_ascii_case(word.as_bytes()) {
            return word.len()
                + if word == "nan" {
                    payload_len(&body[3..])
                } else {
                    0
                };
        }
    }
    let digits = |from: usize| {
        body[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let whole = digits(0);
    let mut end = whole;
    let mut fraction = 0;
    if body.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(body.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(body.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(body.len()));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

/// The Python number a token stands for.
pub(super) fn value<'py>(
    py: Python<'py>,
    token: &Bound<'py, PyAny>,
    num: TypeNum,
) -> PyResult<Bound<'py, PyAny>> {
    // The payload of a NaN is read and dropped.
    let text: String = token.extract()?;
    let plain;
    let token = match text.find('(') {
        Some(at) => {
            plain = pyo3::types::PyString::new(py, &text[..at]).into_any();
            &plain
        }
        None => token,
    };
    let builtins = py.import("builtins")?;
    let name = match num.kind() {
        b'i' | b'u' => "int",
        b'c' => "complex",
        // Long doubles are read from the text itself, at their own precision.
        _ if num == TypeNum::LongDouble => return Ok(token.clone()),
        _ => "float",
    };
    builtins.getattr(name)?.call1((token,))
}
