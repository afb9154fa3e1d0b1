//! Arguments that choose one of a few words: the tables also make the messages.

use crate::args::Arg;
use numoxide_core::Order;
use numoxide_dtype::Casting;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// The text of a word argument; bytes count as ASCII.
fn text(ob: Arg<'_, '_>, name: &str) -> PyResult<String> {
    if let Ok(s) = ob.cast::<PyString>() {
        return Ok(s.to_str()?.to_owned());
    }
    if let Ok(b) = ob.cast::<PyBytes>() {
        return Ok(String::from_utf8_lossy(b.as_bytes()).into_owned());
    }
    let kind = ob.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{name} must be str, not {kind}"
    )))
}

fn unknown(ob: Arg<'_, '_>, name: &str, words: &str) -> PyErr {
    let got = ob.repr().map_or_else(|_| String::new(), |r| r.to_string());
    PyValueError::new_err(format!("{name} must be one of {words} (got {got})"))
}

/// Memory order; None and absence give `absent`.
pub(crate) fn order(ob: Option<Arg<'_, '_>>, absent: Order) -> PyResult<Order> {
    let Some(ob) = super::none_is_absent(ob) else {
        return Ok(absent);
    };
    match text(ob, "order")?.as_str() {
        "C" | "c" => Ok(Order::C),
        "F" | "f" => Ok(Order::F),
        "A" | "a" => Ok(Order::Any),
        "K" | "k" => Ok(Order::Keep),
        _ => Err(unknown(ob, "order", "'C', 'F', 'A', or 'K'")),
    }
}

/// Casting rule.
pub(crate) fn casting(ob: Option<Arg<'_, '_>>, absent: Casting) -> PyResult<Casting> {
    const WORDS: &str = "'no', 'equiv', 'safe', 'same_kind', 'unsafe'";
    let Some(ob) = ob else {
        return Ok(absent);
    };
    let rule = Casting::parse(&text(ob, "casting")?).filter(|r| *r != Casting::SameValue);
    rule.ok_or_else(|| unknown(ob, "casting", WORDS))
}

/// Casting rule of `astype`, which can also check values.
pub(crate) fn checked_casting(ob: Option<Arg<'_, '_>>, absent: Casting) -> PyResult<Casting> {
    const WORDS: &str = "'no', 'equiv', 'safe', 'same_kind', 'unsafe', 'same_value'";
    let Some(ob) = ob else {
        return Ok(absent);
    };
    let rule = Casting::parse(&text(ob, "casting")?);
    rule.ok_or_else(|| unknown(ob, "casting", WORDS))
}

/// When to copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CopyMode {
    /// Always.
    Always,
    /// Only if nothing else works.
    IfNeeded,
    /// Never: an error if a copy is needed.
    Never,
}

/// `copy=`: True, False, None or `np._CopyMode`.
pub(crate) fn copy_mode(ob: Option<Arg<'_, '_>>, absent: CopyMode) -> PyResult<CopyMode> {
    let Some(ob) = ob else {
        return Ok(absent);
    };
    if ob.is_none() {
        return Ok(CopyMode::IfNeeded);
    }
    if ob.is_instance_of::<PyString>() {
        return Err(PyValueError::new_err(
            "strings are not allowed for 'copy' keyword. Use True/False/None instead.",
        ));
    }
    if ob.get_type().name()?.to_str()? == "_CopyMode" {
        return Ok(match ob.getattr("value")?.extract::<i32>()? {
            0 => CopyMode::Never,
            1 => CopyMode::Always,
            _ => CopyMode::IfNeeded,
        });
    }
    Ok(if ob.is_truthy()? {
        CopyMode::Always
    } else {
        CopyMode::Never
    })
}

/// What to do with indices out of range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ClipMode {
    /// To the nearest end.
    Clip,
    /// Modulo the length.
    Wrap,
    /// An error.
    Raise,
}

/// `mode=` of take, put, choose.
pub(crate) fn clip_mode(ob: Option<Arg<'_, '_>>) -> PyResult<ClipMode> {
    let Some(ob) = super::none_is_absent(ob) else {
        return Ok(ClipMode::Raise);
    };
    if !ob.is_instance_of::<PyString>() && !ob.is_instance_of::<PyBytes>() {
        return match super::as_index(ob) {
            Ok(0) => Ok(ClipMode::Clip),
            Ok(1) => Ok(ClipMode::Wrap),
            Ok(2) => Ok(ClipMode::Raise),
            _ => Err(PyTypeError::new_err("clipmode not understood")),
        };
    }
    match text(ob, "clipmode")?.as_str() {
        "clip" => Ok(ClipMode::Clip),
        "wrap" => Ok(ClipMode::Wrap),
        "raise" => Ok(ClipMode::Raise),
        _ => Err(unknown(ob, "clipmode", "'clip', 'raise', or 'wrap'")),
    }
}

/// `side=` of searchsorted: whether it is "right".
pub(crate) fn side(ob: Option<Arg<'_, '_>>) -> PyResult<bool> {
    let Some(ob) = ob else {
        return Ok(false);
    };
    match text(ob, "search side")?.as_str() {
        "left" => Ok(false),
        "right" => Ok(true),
        _ => {
            let got = ob.repr().map_or_else(|_| String::new(), |r| r.to_string());
            Err(PyValueError::new_err(format!(
                "search side must be 'left' or 'right' (got {got})"
            )))
        }
    }
}

/// `device=`: only "cpu" and None are known.
pub(crate) fn device(ob: Option<Arg<'_, '_>>) -> PyResult<()> {
    let Some(ob) = super::none_is_absent(ob) else {
        return Ok(());
    };
    if ob
        .cast::<PyString>()
        .is_ok_and(|s| s.to_str().is_ok_and(|s| s == "cpu"))
    {
        return Ok(());
    }
    Err(PyValueError::new_err(format!(
        "Device not understood. Only \"cpu\" is allowed, but received: {}",
        ob.str()?
    )))
}

/// Whether the `copy` argument at position `at` is a member of `np._CopyMode`: only then does "never"
/// forbid the copy of a cast.
pub(crate) fn is_copy_enum(args: crate::args::CallArgs<'_, '_>, at: usize) -> bool {
    let named = args
        .keywords()
        .find(|(name, _)| *name == "copy")
        .map(|(_, v)| v);
    let given = if args.npos() > at {
        Some(args.get(at))
    } else {
        named
    };
    given.is_some_and(|ob| ob.get_type().name().is_ok_and(|n| n == "_CopyMode"))
}
