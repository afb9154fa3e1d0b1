//! Reading and writing bytes and str elements, and Python's `repr` of them for messages.

use numoxide_dtype::{python_repr, DType, Error, Result, TypeNum};

/// The bytes of an element without the zeros that pad it.
///
/// # Safety
/// - `src` is valid for `size` bytes as long as the result is used.
pub(super) unsafe fn bytes_of<'a>(src: *const u8, size: usize) -> &'a [u8] {
    // SAFETY: the contract.
    let all = unsafe { std::slice::from_raw_parts(src, size) };
    let end = all.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1);
    &all[..end]
}

/// The code points of a native, aligned str element without padding.
///
/// # Safety
/// - `src` is aligned and valid for `size` bytes as long as the result is used.
pub(super) unsafe fn codes_of<'a>(src: *const u8, size: usize) -> &'a [u32] {
    // SAFETY: the contract.
    let all = unsafe { std::slice::from_raw_parts(src.cast::<u32>(), size / 4) };
    let end = all.iter().rposition(|&c| c != 0).map_or(0, |i| i + 1);
    &all[..end]
}

/// An element's text: what Python's conversions see of it.
pub(super) enum Text<'a> {
    Bytes(&'a [u8]),
    Codes(&'a [u32]),
}

impl Text<'_> {
    /// The text of a native, aligned bytes, str or void element; voids keep their zeros.
    ///
    /// # Safety
    /// - `src` is such an element of `dtype`, valid as long as the result is used.
    pub(super) unsafe fn read<'a>(dtype: &DType, src: *const u8) -> Text<'a> {
        // SAFETY: the contract.
        unsafe {
            match dtype.num {
                TypeNum::Str => Text::Codes(codes_of(src, dtype.size)),
                TypeNum::Void => Text::Bytes(std::slice::from_raw_parts(src, dtype.size)),
                _ => Text::Bytes(bytes_of(src, dtype.size)),
            }
        }
    }

    /// What `bool` takes for false: no text, or a void of zeros.
    pub(super) fn is_false(&self) -> bool {
        match self {
            Text::Bytes(b) => b.iter().all(|&b| b == 0),
            Text::Codes(c) => c.is_empty(),
        }
    }

    /// As Rust text; what is no character becomes U+FFFD, which no number contains.
    pub(super) fn string(&self) -> String {
        match self {
            Text::Bytes(b) => b.iter().map(|&b| ascii_or_mark(b)).collect(),
            Text::Codes(c) => c
                .iter()
                .map(|&c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        }
    }

    /// Python's `repr` of the value.
    pub(super) fn repr(&self) -> String {
        match self {
            Text::Bytes(b) => python_repr::bytes_repr(b),
            Text::Codes(c) => python_repr::str_repr(c),
        }
    }

    /// Strict UTF-8, for the conversions that decode.
    pub(super) fn utf8(&self) -> Result<String> {
        match self {
            Text::Bytes(b) => match std::str::from_utf8(b) {
                Ok(text) => Ok(text.into()),
                Err(e) => Err(utf8_error(b, e)),
            },
            Text::Codes(c) => check_surrogates(c).map(|()| self.string()),
        }
    }
}

fn ascii_or_mark(b: u8) -> char {
    if b.is_ascii() {
        char::from(b)
    } else {
        char::REPLACEMENT_CHARACTER
    }
}

fn utf8_error(object: &[u8], e: std::str::Utf8Error) -> Error {
    let start = e.valid_up_to();
    let (end, reason) = match e.error_len() {
        None => (object.len(), "unexpected end of data"),
        Some(_) if matches!(object[start], 0x80..=0xc1 | 0xf5..) => {
            (start + 1, "invalid start byte")
        }
        Some(n) => (start + n, "invalid continuation byte"),
    };
    Error::UnicodeDecode {
        codec: "utf-8",
        object: object.into(),
        start,
        end,
        reason,
    }
}

fn check_surrogates(codes: &[u32]) -> Result<()> {
    let lone = |&c: &u32| char::from_u32(c).is_none();
    match codes.iter().position(lone) {
        None => Ok(()),
        Some(start) => Err(Error::UnicodeEncode {
            codec: "utf-8",
            object: codes.into(),
            start,
            end: start + codes[start..].iter().take_while(|c| lone(c)).count(),
            reason: "surrogates not allowed",
        }),
    }
}

/// `UnicodeDecodeError` for bytes beyond ASCII.
pub(super) fn check_ascii(bytes: &[u8]) -> Result<()> {
    match bytes.iter().position(|b| !b.is_ascii()) {
        None => Ok(()),
        Some(start) => Err(Error::UnicodeDecode {
            codec: "ascii",
            object: bytes.into(),
            start,
            end: start + 1,
            reason: "ordinal not in range(128)",
        }),
    }
}

/// `UnicodeEncodeError` for code points beyond ASCII.
pub(super) fn check_ascii_codes(codes: &[u32]) -> Result<()> {
    let outside = |&c: &u32| c > 127;
    match codes.iter().position(outside) {
        None => Ok(()),
        Some(start) => {
            let run = codes[start..].iter().take_while(|c| outside(c)).count();
            Err(Error::UnicodeEncode {
                codec: "ascii",
                object: codes.into(),
                start,
                end: start + run,
                reason: "ordinal not in range(128)",
            })
        }
    }
}
