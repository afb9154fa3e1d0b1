//! Promotion and casting safety: the literal tables, and the rules for sizes, units and fields.

mod cast;
mod common;
mod result;
mod tables;

pub use cast::{can_cast, cast_level, equivalent, Casting};
pub use common::{promote_types, text_chars, text_length};
pub use result::{
    min_scalar_float, min_scalar_int, min_scalar_signed, result_type, Operand, WeakKind,
};
