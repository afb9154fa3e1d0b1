//! Docstrings of ufuncs, from their row.

use super::object::UFUNC;
use crate::args::CallArgs;
use crate::layout::UFuncObject;
use crate::slots::Module;
use numoxide_ufunc::table::Op;
use pyo3::exceptions::{PyDeprecationWarning, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::ffi::{CStr, CString};

/// Signature line, sentence and the arguments all ufuncs share.
pub(crate) fn full(op: &Op, text: &str) -> String {
    let ins: Vec<String> = match op.nin {
        1 => vec!["x".into()],
        n => (1..=n).map(|i| format!("x{i}")).collect(),
    };
    let outs = match op.nout {
        0 | 1 => "out=None".to_string(),
        n => format!("out=({})", vec!["None"; usize::from(n)].join(", ")),
    };
    format!(
        "{}({}, /, {outs}, *, where=True, casting='same_kind', order='K', dtype=None, \
         subok=True[, signature])\n\n{text}\n",
        op.name,
        ins.join(", "),
    )
}

/// The text of a ufunc object's own, empty if it has none.
///
/// # Safety
/// - `ufunc` is live.
pub(crate) unsafe fn own_text(ufunc: *mut UFuncObject) -> String {
    // SAFETY: NULL or NUL-terminated text.
    unsafe {
        match (*ufunc).doc.is_null() {
            true => String::new(),
            false => CStr::from_ptr((*ufunc).doc).to_string_lossy().into_owned(),
        }
    }
}

/// `_add_newdoc_ufunc(ufunc, newdoc)`: gives a ufunc without a text one, the old way.
pub(super) fn add_newdoc<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() != 2 {
        return Err(PyTypeError::new_err(format!(
            "_add_newdoc_ufunc() takes exactly 2 arguments ({} given)",
            args.npos()
        )));
    }
    let (ufunc, text) = (args.get(0), args.get(1));
    let kind =
        |ob: &Bound<'_, PyAny>| -> PyResult<String> { Ok(ob.get_type().name()?.to_string()) };
    // SAFETY: a live object.
    if !unsafe { UFUNC.has(ufunc.as_ptr()) } {
        return Err(PyTypeError::new_err(format!(
            "_add_newdoc_ufunc() argument 1 must be numpy.ufunc, not {}",
            kind(&ufunc)?
        )));
    }
    let Ok(text) = text.cast::<PyString>() else {
        return Err(PyTypeError::new_err(format!(
            "_add_newdoc_ufunc() argument 2 must be str, not {}",
            kind(&text)?
        )));
    };
    crate::err::warn(
        py,
        &py.get_type::<PyDeprecationWarning>(),
        "_add_newdoc_ufunc is deprecated. Use `ufunc.__doc__ = newdoc` instead.",
    )?;
    let raw: *mut UFuncObject = ufunc.as_ptr().cast();
    // SAFETY: a live ufunc; its text lives as long as the process.
    unsafe {
        if !own_text(raw).is_empty() {
            return Err(PyValueError::new_err(
                "Cannot change docstring of ufunc with non-NULL docstring",
            ));
        }
        (*raw).doc = CString::new(text.to_str()?)?.into_raw();
    }
    Ok(py.None().into_bound(py))
}
