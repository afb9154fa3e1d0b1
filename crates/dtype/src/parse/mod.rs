//! Dtypes from strings: `"<f8"`, `"float64"`, `"M8[25s]"`, `"i4,(2,3)f8"`.

mod buffer;
mod comma;
mod names;

use crate::datetime::parse_meta;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::num::TypeNum;
pub use buffer::{buffer_format, parse_buffer_format};
pub use names::REMOVED;

/// What a string names.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The dtype.
    pub dtype: DType,
    /// The code `a` was used in place of `S`, which Python callers are warned of.
    pub deprecated_a: bool,
}

impl DType {
    /// The dtype that a string names, as `numpy.dtype(text)`.
    pub fn parse(text: &str) -> Result<DType> {
        DType::parse_noting(text).map(|p| p.dtype)
    }

    /// As [`DType::parse`], telling of deprecated spellings.
    pub fn parse_noting(text: &str) -> Result<Parsed> {
        if comma::is_list(text) {
            return comma::parse(text);
        }
        let plain = |dtype| Parsed {
            dtype,
            deprecated_a: false,
        };
        if let Some(dtype) = parse_datetime(text)? {
            return Ok(plain(dtype));
        }
        if let Some(parsed) = parse_code(text) {
            return Ok(parsed);
        }
        if let Some(num) = names::lookup(text) {
            return Ok(plain(DType::new(num)));
        }
        if REMOVED.contains(&text) {
            return Err(Error::Type(format!(
                "Alias '{text}' was removed in NumPy 2.0. Use a name without a digit at the end."
            )));
        }
        let shown = crate::python_repr::str_repr(&text.chars().map(u32::from).collect::<Vec<_>>());
        Err(Error::Type(format!("data type {shown} not understood")))
    }

    /// The same dtype in the order of a byte-order character, where the class has one.
    pub fn with_order(mut self, order: char) -> DType {
        let foreign = if cfg!(target_endian = "little") {
            '>'
        } else {
            '<'
        };
        let ordered = self.num.row().size != 1
            && !matches!(
                self.num,
                TypeNum::Bytes | TypeNum::Void | TypeNum::Object | TypeNum::VString
            );
        self.swapped = ordered && order == foreign;
        self
    }
}

/// A byte-order character and the rest.
fn split_order(text: &str) -> (char, &str) {
    match text.chars().next() {
        Some(c @ ('<' | '>' | '=' | '|')) => (c, &text[1..]),
        _ => ('=', text),
    }
}

/// `M8[s]`, `>m8[25s]`, `datetime64[D]`; `None` if it is nothing of the kind.
fn parse_datetime(text: &str) -> Result<Option<DType>> {
    const PREFIXES: [(&str, TypeNum); 4] = [
        ("datetime64", TypeNum::DateTime),
        ("timedelta64", TypeNum::TimeDelta),
        ("M8", TypeNum::DateTime),
        ("m8", TypeNum::TimeDelta),
    ];
    let (order, rest) = split_order(text);
    let found = PREFIXES
        .iter()
        .find_map(|&(p, num)| Some((rest.strip_prefix(p)?, num)));
    // `M` and `m` alone take a unit, too.
    let found = found.or_else(|| {
        let num = match rest.chars().next()? {
            'M' => TypeNum::DateTime,
            'm' => TypeNum::TimeDelta,
            _ => return None,
        };
        (rest.len() > 1 && !rest[1..].starts_with(|c: char| c.is_ascii_digit()))
            .then(|| (&rest[1..], num))
            .filter(|(unit, _)| unit.starts_with('['))
    });
    let Some((unit, num)) = found else {
        return Ok(None);
    };
    let dtype = match unit {
        "" => DType::new(num),
        _ => DType::datetime(num, parse_meta(unit)?),
    };
    Ok(Some(dtype.with_order(order)))
}

/// A one-character code, or a kind character and an item size.
fn parse_code(text: &str) -> Option<Parsed> {
    let (order, rest) = split_order(text);
    let (&code, digits) = rest.as_bytes().split_first()?;
    let deprecated_a = code == b'a';
    let dtype = if digits.is_empty() {
        match code {
            b'c' => DType::flexible(TypeNum::Bytes, 1),
            b'a' => DType::new(TypeNum::Bytes),
            b'n' => DType::new(TypeNum::Long),
            b'N' => DType::new(TypeNum::ULong),
            _ => DType::new(TypeNum::from_code(code)?),
        }
    } else {
        sized(code, item_size(std::str::from_utf8(digits).ok()?)?)?
    };
    Some(Parsed {
        dtype: dtype.with_order(order),
        deprecated_a,
    })
}

/// Digits as C's `strtol` reads them, within a C int.
fn item_size(digits: &str) -> Option<usize> {
    let digits = digits.trim_start();
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|&n| n <= i32::MAX as usize)
}

/// The class of a kind and an item size (in characters for str).
fn sized(kind: u8, size: usize) -> Option<DType> {
    match kind {
        b'S' | b'a' => Some(DType::flexible(TypeNum::Bytes, size)),
        b'V' => Some(DType::flexible(TypeNum::Void, size)),
        b'U' if size <= i32::MAX as usize / 4 => Some(DType::flexible(TypeNum::Str, size * 4)),
        // Object pointers had four bytes once.
        b'O' if size == 4 || size == 8 => Some(DType::new(TypeNum::Object)),
        b'b' if size == 1 => Some(DType::new(TypeNum::Bool)),
        b'i' | b'u' | b'f' | b'c' => TypeNum::legacy()
            .find(|n| n.kind() == kind && n.row().size == size)
            .map(DType::new),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
