//! Type resolution that the plain search does not cover: datetimes, text, kinds without a loop.

use crate::resolve::{Arg, Fixed, Resolved};
use crate::table::Op;
use numoxide_core::Result;

/// The special answer for these operands, if the op has one.
pub(crate) fn resolve(
    _op: &'static Op,
    _args: &[Arg<'_>],
    _fixed: Fixed<'_>,
) -> Result<Option<Resolved>> {
    Ok(None)
}
