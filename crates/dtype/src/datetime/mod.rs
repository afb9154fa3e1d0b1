//! Datetimes: unit arithmetic, calendar conversion, parsing and printing.

mod units;

pub use units::{common_meta, divides, factor, meta_text};
