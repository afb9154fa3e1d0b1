//! Promotion and casting safety: the literal tables, and the rules for sizes, units and fields.

mod cast;
mod common;
mod result;
mod tables;
mod user;

pub use cast::{can_cast, cast_level, equivalent, Casting};
pub use common::{promote_types, text_chars, text_length};
pub use result::{
    min_scalar_float, min_scalar_int, min_scalar_signed, result_type, Operand, WeakKind,
};
pub(crate) use user::user_name;
pub use user::{set_user_hooks, UserHooks};
