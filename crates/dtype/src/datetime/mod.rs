//! Datetimes: unit arithmetic, calendar conversion, parsing and printing.

mod meta;
mod units;

pub use meta::{parse_meta, parse_unit};
pub use units::{common_meta, divides, factor, meta_text};
