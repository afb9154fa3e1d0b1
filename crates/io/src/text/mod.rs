//! Tables of text: lines cut into fields, fields read as numbers.

mod number;
mod rows;

pub use number::{is_space, parse_complex, parse_float, parse_signed, parse_unsigned, trim};
pub use rows::{Dialect, Problem, Row, Rows, Source};
