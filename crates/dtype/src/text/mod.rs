//! Text of numbers: shortest and fixed printing, scalar `repr` and `str`, and parsing.

pub mod bignum;
pub mod digits;
pub mod format;
pub mod repr;

pub use format::{format_positional, format_scientific, FloatOptions, Trim};
pub use repr::{FloatClass, FloatFormat, FloatRepr};
