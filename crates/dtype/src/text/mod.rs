//! Text of numbers: shortest and fixed printing, scalar `repr` and `str`, and parsing.

pub mod bignum;
pub mod block;
pub mod date;
pub mod digits;
pub mod format;
pub mod long_double;
pub mod parse;
pub mod repr;
pub mod scalar;

pub use block::{BlockLayout, BlockOptions, BlockSign, FloatMode};
pub use date::{datetime_repr, datetime_text, timedelta_repr, timedelta_text};
pub use format::{format_positional, format_scientific, FloatOptions, Trim};
pub use long_double::{parse_long_double, parse_long_double_bytes, ParsedLong};
pub use parse::{
    parse_bool, parse_complex, parse_complex_bytes, parse_float, parse_float_bytes, parse_int,
    parse_int_bytes, NumberError,
};
pub use repr::{FloatClass, FloatFormat, FloatRepr};
pub use scalar::{complex_text, float_text, general_text, ScalarStyle};

#[cfg(test)]
mod tests;
