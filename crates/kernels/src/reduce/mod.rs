//! Reductions over contiguous or strided memory.
//!
//! Loops here that are not ufuncs (`ARGMAX`, `COUNT_NONZERO`, `DOT` and their kin) have the form of
//! generalised ufuncs: `dims` holds the outer length, then the core length; `strides` holds one outer
//! stride an operand, then one core stride an input. Indices and counts are written as `int64`.

pub(crate) mod arg;
mod count;
mod dot;
pub(crate) mod extrema;
pub(crate) mod indexed;
pub(crate) mod ordered;
pub(crate) mod pair;
pub(crate) mod sum;

pub use arg::{ARGMAX, ARGMIN};
pub use count::COUNT_NONZERO;
pub use dot::{DOT, SHORT, SLIDES, VECDOT};

use crate::table::OpLoop;
use numoxide_dtype::TypeNum;

/// The row for inputs of a type, if there is one.
pub fn find(rows: &'static [OpLoop], num: TypeNum) -> Option<&'static OpLoop> {
    rows.iter().find(|row| row.types[0] == num)
}
