//! Classes of characters: ASCII for bytes, the Unicode database for wide characters.

use std::sync::OnceLock;

/// Tests of a code point, from the Unicode database that the interpreter carries.
#[derive(Clone, Copy)]
pub struct UnicodeTests {
    /// Letters.
    pub alpha: fn(u32) -> bool,
    /// Decimal digits.
    pub decimal: fn(u32) -> bool,
    /// Digits, superscripts too.
    pub digit: fn(u32) -> bool,
    /// Characters with a numeric value.
    pub numeric: fn(u32) -> bool,
    /// White space.
    pub space: fn(u32) -> bool,
    /// Lower-case letters.
    pub lower: fn(u32) -> bool,
    /// Upper-case letters.
    pub upper: fn(u32) -> bool,
    /// Title-case letters.
    pub title: fn(u32) -> bool,
}

static TESTS: OnceLock<UnicodeTests> = OnceLock::new();

/// Registers the interpreter's tests; once, at import. Without them Rust's own are used.
pub fn set_unicode_tests(tests: UnicodeTests) {
    let _ = TESTS.set(tests);
}

fn known(c: u32, test: fn(char) -> bool) -> bool {
    char::from_u32(c).is_some_and(test)
}

const RUST: UnicodeTests = UnicodeTests {
    alpha: |c| known(c, char::is_alphabetic),
    decimal: |c| known(c, |c| c.is_ascii_digit()),
    digit: |c| known(c, |c| c.is_ascii_digit()),
    numeric: |c| known(c, char::is_numeric),
    space: |c| known(c, char::is_whitespace),
    lower: |c| known(c, char::is_lowercase),
    upper: |c| known(c, char::is_uppercase),
    title: |_| false,
};

fn tests() -> &'static UnicodeTests {
    TESTS.get().unwrap_or(&RUST)
}

/// A character of fixed-width text.
pub(super) trait Char: Copy + Ord + Default {
    /// The character with an ASCII code.
    fn of(ascii: u8) -> Self;
    fn alpha(self) -> bool;
    fn decimal(self) -> bool;
    fn digit(self) -> bool;
    fn numeric(self) -> bool;
    fn space(self) -> bool;
    fn lower(self) -> bool;
    fn upper(self) -> bool;
    fn title(self) -> bool;
}

impl Char for u8 {
    fn of(ascii: u8) -> u8 {
        ascii
    }
    fn alpha(self) -> bool {
        self.is_ascii_alphabetic()
    }
    fn decimal(self) -> bool {
        self.is_ascii_digit()
    }
    fn digit(self) -> bool {
        self.is_ascii_digit()
    }
    fn numeric(self) -> bool {
        self.is_ascii_digit()
    }
    fn space(self) -> bool {
        self == b' ' || (9..=13).contains(&self)
    }
    fn lower(self) -> bool {
        self.is_ascii_lowercase()
    }
    fn upper(self) -> bool {
        self.is_ascii_uppercase()
    }
    fn title(self) -> bool {
        false
    }
}

/// A test that ASCII characters answer without the database.
macro_rules! wide {
    ($($name:ident),+) => {$(
        fn $name(self) -> bool {
            match u8::try_from(self) {
                Ok(c) if c < 28 || (32..128).contains(&c) => c.$name(),
                _ => (tests().$name)(self),
            }
        }
    )+};
}

impl Char for u32 {
    fn of(ascii: u8) -> u32 {
        u32::from(ascii)
    }
    wide!(alpha, decimal, digit, numeric, space, lower, upper, title);
}
