//! Slots that read and write C's own files: Python gets a file object over a copy of the descriptor,
//! and C's position follows Python's.

use super::api::{any, api, stolen, Obj};
use super::methods::{function, int, method};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::ffi::{c_char, CStr};

/// Runs `body` with a Python file at C's position; C goes on where Python stopped.
unsafe fn shared<'py, R>(
    py: Python<'py>,
    file: *mut libc::FILE,
    mode: &str,
    body: impl FnOnce(&Bound<'py, PyAny>) -> PyResult<R>,
) -> PyResult<R> {
    // SAFETY: an open file by the C API's contract.
    unsafe {
        libc::fflush(file);
        let at = libc::ftell(file);
        let copy = libc::dup(libc::fileno(file));
        if copy < 0 {
            return Err(PyOSError::new_err("cannot duplicate the file's descriptor"));
        }
        let opened = py.import("os")?.call_method1("fdopen", (copy, mode))?;
        if at >= 0 {
            opened.call_method1("seek", (at,))?;
        }
        let done = body(&opened);
        let end: i64 = match at {
            n if n < 0 => -1,
            _ => opened.call_method0("tell")?.extract()?,
        };
        opened.call_method0("close")?;
        if end >= 0 {
            libc::fseek(file, end as libc::c_long, libc::SEEK_SET);
        }
        done
    }
}

/// A text argument; empty for NULL.
unsafe fn text<'py>(py: Python<'py>, p: *const c_char) -> Bound<'py, PyAny> {
    match p.is_null() {
        true => PyString::new(py, "").into_any(),
        // SAFETY: NUL-terminated by the C API's contract.
        false => PyString::new(py, &unsafe { CStr::from_ptr(p) }.to_string_lossy()).into_any(),
    }
}

api! {
    /// Files of C.
    FILES:
    72 PyArray_FromFile(file: *mut libc::FILE, descr: Obj, n: isize, sep: *const c_char) -> Obj = |py| {
        let descr = stolen(py, descr).unwrap_or_else(|| py.None().into_bound(py));
        let keywords = [("dtype", descr), ("count", int(py, n as i64)), ("sep", text(py, sep))];
        shared(py, file, "rb", |opened| function(py, "fromfile", std::slice::from_ref(opened), &keywords))
    };
    88 PyArray_ToFile(a: Obj, file: *mut libc::FILE, sep: *const c_char, format: *const c_char) -> i32 = |py| {
        let mut keywords = vec![("sep", text(py, sep))];
        if !format.is_null() {
            keywords.push(("format", text(py, format)));
        }
        let a = any(py, a);
        shared(py, file, "r+b", |opened| method(&a, "tofile", std::slice::from_ref(opened), &keywords).map(drop))
    };
    285 PyArray_DebugPrint(a: Obj) = |py| {
        let a = any(py, a);
        let flags = a.getattr("flags")?;
        let line = format!(
            "array at {:p}: shape {}, strides {}, dtype {}, flags {}\n",
            a.as_ptr(), a.getattr("shape")?, a.getattr("strides")?, a.getattr("dtype")?, flags.getattr("num")?
        );
        py.import("sys")?.getattr("stdout")?.call_method1("write", (line,))?;
        PyResult::Ok(super::api::Nothing)
    };
}
