//! Classes of characters as the interpreter's Unicode database has them, for the text loops.

use numoxide_kernels::text::{set_unicode_tests, UnicodeTests};
use std::ffi::c_int;

extern "C" {
    fn _PyUnicode_IsAlpha(c: u32) -> c_int;
    fn _PyUnicode_IsDecimalDigit(c: u32) -> c_int;
    fn _PyUnicode_IsDigit(c: u32) -> c_int;
    fn _PyUnicode_IsNumeric(c: u32) -> c_int;
    fn _PyUnicode_IsWhitespace(c: u32) -> c_int;
    fn _PyUnicode_IsLowercase(c: u32) -> c_int;
    fn _PyUnicode_IsUppercase(c: u32) -> c_int;
    fn _PyUnicode_IsTitlecase(c: u32) -> c_int;
}

/// A safe test from one of the interpreter's.
macro_rules! test {
    ($function:ident) => {
        // SAFETY: a lookup in constant tables, for any number, with or without the interpreter lock.
        |c| unsafe { $function(c) != 0 }
    };
}

/// Gives the text loops the interpreter's tests.
pub(crate) fn register() {
    set_unicode_tests(UnicodeTests {
        alpha: test!(_PyUnicode_IsAlpha),
        decimal: test!(_PyUnicode_IsDecimalDigit),
        digit: test!(_PyUnicode_IsDigit),
        numeric: test!(_PyUnicode_IsNumeric),
        space: test!(_PyUnicode_IsWhitespace),
        lower: test!(_PyUnicode_IsLowercase),
        upper: test!(_PyUnicode_IsUppercase),
        title: test!(_PyUnicode_IsTitlecase),
    });
}
