//! What the extension knows of dtypes that are registered with it.

use super::cast::Casting;
use crate::dtype::DType;
use std::sync::OnceLock;

/// Answers about registered dtypes.
#[derive(Clone, Copy)]
pub struct UserHooks {
    /// How safe a registered cast is; `None` if there is none.
    pub level: fn(from: &DType, to: &DType) -> Option<Casting>,
    /// The common dtype of two of which one at least is registered.
    pub common: fn(lhs: &DType, rhs: &DType) -> Option<DType>,
    /// Name of the dtype behind a registration number.
    pub named: fn(num: i32) -> Option<String>,
}

static HOOKS: OnceLock<UserHooks> = OnceLock::new();

/// Registers the answers; later calls change nothing.
pub fn set_user_hooks(hooks: UserHooks) {
    let _ = HOOKS.set(hooks);
}

/// The registered answers.
pub(super) fn hooks() -> Option<&'static UserHooks> {
    HOOKS.get()
}

/// The name of a registered dtype.
pub(crate) fn user_name(num: i32) -> Option<String> {
    (hooks()?.named)(num)
}
