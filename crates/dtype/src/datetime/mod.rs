//! Datetimes: unit arithmetic, calendar conversion, parsing and printing.

mod busday;
mod civil;
mod convert;
mod iso;
mod meta;
mod print;
mod units;

pub use busday::{parse_weekmask, Calendar, Roll};
pub use civil::{
    civil_from_days, days_from_civil, days_in_month, from_civil, is_leap, to_civil, Civil, NAT,
};
pub use convert::Conversion;
pub use iso::{parse_iso, parse_timedelta, shift_minutes, DateError, ParsedDate, ZONE_WARNING};
pub use meta::{parse_meta, parse_unit};
pub use print::{iso_length, iso_text, lossless_unit, timedelta_text, unit_words};
pub use units::{common_meta, divides, factor, meta_text};
