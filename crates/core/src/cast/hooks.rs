//! Loops that need the interpreter, registered by the extension when it is loaded.

use numoxide_dtype::{DType, Error, Result, TypeNum};
use numoxide_kernels::BoundLoop;
use std::sync::OnceLock;

/// What the extension supplies for object, StringDType and registered dtypes.
#[derive(Clone, Copy)]
pub struct ObjectHooks {
    /// The cast loop of a pair in which one is such a dtype, operands at any address; `None` if there
    /// is no such cast. The result owns a reference of its own; what it overwrites is released.
    pub cast: fn(from: &DType, to: &DType) -> Option<Result<BoundLoop>>,
    /// A loop of one operand that releases what the elements hold and leaves them empty.
    pub clear: fn(dtype: &DType) -> Result<BoundLoop>,
    /// A loop of one operand that gives zero to elements that hold nothing yet.
    pub fill_zero: fn(dtype: &DType) -> Result<BoundLoop>,
}

static HOOKS: OnceLock<ObjectHooks> = OnceLock::new();

/// Registers the loops; later calls change nothing.
pub fn set_object_hooks(hooks: ObjectHooks) {
    let _ = HOOKS.set(hooks);
}

/// The registered cast of a pair.
pub(super) fn find(from: &DType, to: &DType) -> Option<Result<BoundLoop>> {
    (HOOKS.get()?.cast)(from, to)
}

fn hooks() -> Result<&'static ObjectHooks> {
    let text = "this dtype needs the Python extension";
    HOOKS.get().ok_or_else(|| Error::Type(text.into()))
}

/// Whether elements own something that must be released.
pub fn needs_clear(dtype: &DType) -> bool {
    dtype.has_objects() || has_strings(dtype)
}

fn has_strings(dtype: &DType) -> bool {
    match (dtype.num, dtype.fields(), dtype.subarray()) {
        (TypeNum::VString, _, _) => true,
        (_, Some(fields), _) => fields.iter().any(|f| has_strings(&f.dtype)),
        (_, _, Some((base, _))) => has_strings(base),
        _ => false,
    }
}

/// A loop of one operand that releases what the elements hold; `None` where they hold nothing.
pub fn clear_refs(dtype: &DType) -> Result<Option<BoundLoop>> {
    if !needs_clear(dtype) {
        return Ok(None);
    }
    super::structured::each_leaf(dtype, &|leaf| {
        if needs_clear(leaf) {
            (hooks()?.clear)(leaf).map(Some)
        } else {
            Ok(None)
        }
    })
    .map(Some)
}

/// A loop of one operand that gives zero to the elements of fresh, zeroed memory; `None` where zeroed
/// memory is zero already.
pub fn fill_zero(dtype: &DType) -> Result<Option<BoundLoop>> {
    if !needs_clear(dtype) {
        return Ok(None);
    }
    super::structured::each_leaf(dtype, &|leaf| {
        if needs_clear(leaf) {
            (hooks()?.fill_zero)(leaf).map(Some)
        } else {
            Ok(None)
        }
    })
    .map(Some)
}

static WARN: OnceLock<fn(&str) -> Result<()>> = OnceLock::new();

/// Registers the function that gives a Python `UserWarning`; called with the interpreter held.
pub fn set_warn(warn: fn(&str) -> Result<()>) {
    let _ = WARN.set(warn);
}

/// Warns, where there is an interpreter to do so.
pub(super) fn warn(text: &str) -> Result<()> {
    WARN.get().map_or(Ok(()), |f| f(text))
}

/// Whether loops that may warn need the interpreter.
pub(super) fn warns() -> bool {
    WARN.get().is_some()
}
