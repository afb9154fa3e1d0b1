//! Python's `repr` of bytes and str, for messages and for printing dtypes.

/// `b'abc'`.
pub fn bytes_repr(bytes: &[u8]) -> String {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut out = String::from("b");
    out.push(quote);
    for &b in bytes {
        match b {
            b'\\' => out.push_str("\\\\"),
            b if char::from(b) == quote => out.extend(['\\', quote]),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            0x20..=0x7e => out.push(char::from(b)),
            _ => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    out.push(quote);
    out
}

/// `'abc'`, from code points that need not be characters.
pub fn str_repr(codes: &[u32]) -> String {
    let has = |c: char| codes.contains(&u32::from(c));
    let quote = quote_for(has('\''), has('"'));
    let mut out = String::from(quote);
    for &code in codes {
        match char::from_u32(code) {
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => out.extend(['\\', quote]),
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some(c) if is_printable(c) => out.push(c),
            _ if code < 0x100 => out.push_str(&format!("\\x{code:02x}")),
            _ if code < 0x1_0000 => out.push_str(&format!("\\u{code:04x}")),
            _ => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out.push(quote);
    out
}

/// Double quotes only where that saves escapes.
fn quote_for(single: bool, double: bool) -> char {
    if single && !double {
        '"'
    } else {
        '\''
    }
}

/// Characters that Python shows as they are: no controls, separators, surrogates or private ones.
fn is_printable(c: char) -> bool {
    let code = u32::from(c);
    let invisible = matches!(code,
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f
        | 0x202a..=0x202e | 0x2060..=0x206f | 0xe000..=0xf8ff | 0xfeff | 0xfff9..=0xfffb
        | 0xfffe | 0xffff | 0xe0000..=0xe0fff | 0xf0000..);
    c == ' ' || !(c.is_control() || c.is_whitespace() || invisible)
}
