//! What happens on floating-point errors: `errstate`, kept in a context variable that is read only
//! when a status bit is set.

use crate::err::warn;
use numoxide_kernels::fp;
use pyo3::exceptions::{PyFloatingPointError, PyRuntimeWarning, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// A reaction, in the order of [`MODES`].
type Mode = u8;
const MODES: [&str; 6] = ["ignore", "warn", "raise", "call", "print", "log"];
const IGNORE: Mode = 0;
const WARN: Mode = 1;

/// The kinds of errors: status bit, keyword, words.
const KINDS: [(u8, &str, &str); 4] = [
    (fp::DIVIDE, "divide", "divide by zero"),
    (fp::OVERFLOW, "over", "overflow"),
    (fp::UNDERFLOW, "under", "underflow"),
    (fp::INVALID, "invalid", "invalid value"),
];

/// One state: a reaction for each kind, the buffer size and the function or log to call.
#[pyclass(frozen, name = "_extobj", module = "numpy")]
pub(crate) struct ExtObj {
    modes: [Mode; 4],
    bufsize: usize,
    call: Option<Py<PyAny>>,
}

impl ExtObj {
    fn copy(&self, py: Python<'_>) -> ExtObj {
        let call = self.call.as_ref().map(|c| c.clone_ref(py));
        ExtObj {
            modes: self.modes,
            bufsize: self.bufsize,
            call,
        }
    }
}

static CONTEXT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The state in force, as an object.
fn current(py: Python<'_>) -> PyResult<Py<ExtObj>> {
    let var = CONTEXT
        .get(py)
        .ok_or_else(|| PyTypeError::new_err("error state is not ready"))?;
    let mut value = std::ptr::null_mut();
    // SAFETY: a context variable with a default; the value comes back as a new reference.
    let value = unsafe {
        if ffi::PyContextVar_Get(var.as_ptr(), std::ptr::null_mut(), &mut value) < 0 {
            return Err(PyErr::fetch(py));
        }
        Bound::from_owned_ptr(py, value)
    };
    Ok(value.cast_into::<ExtObj>()?.unbind())
}

/// Reacts to status bits of the operation `name` as the state in force says.
#[inline]
pub(crate) fn report(py: Python<'_>, bits: u8, name: &str) -> PyResult<()> {
    if bits == 0 {
        Ok(())
    } else {
        react(py, bits, name)
    }
}

thread_local! {
    /// The function in whose name operations report that it is made of.
    static SPEAKER: std::cell::Cell<Option<&'static str>> = const { std::cell::Cell::new(None) };
    /// Nothing is reported.
    static MUTE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs `body`, whose operations report under the name of the function that is made of them.
pub(crate) fn in_name_of<R>(name: &'static str, body: impl FnOnce() -> R) -> R {
    let before = SPEAKER.replace(Some(name));
    let done = body();
    SPEAKER.set(before);
    done
}

/// Runs `body`, whose operations report nothing.
pub(crate) fn unheard<R>(body: impl FnOnce() -> R) -> R {
    let before = MUTE.replace(true);
    let done = body();
    MUTE.set(before);
    done
}

#[cold]
fn react(py: Python<'_>, bits: u8, name: &str) -> PyResult<()> {
    if MUTE.get() {
        return Ok(());
    }
    let name = SPEAKER.get().unwrap_or(name);
    let state = current(py)?;
    let state = state.get();
    for (i, (bit, _, words)) in KINDS.iter().enumerate() {
        if bits & bit == 0 || state.modes[i] == IGNORE {
            continue;
        }
        let text = format!("{words} encountered in {name}");
        match MODES[usize::from(state.modes[i])] {
            "warn" => warn(py, &py.get_type::<PyRuntimeWarning>().into_any(), &text)?,
            "raise" => return Err(PyFloatingPointError::new_err(text)),
            "print" => {
                let line = std::ffi::CString::new(format!("Warning: {text}\n"))?;
                // SAFETY: a format without arguments other than the one text.
                unsafe { libc::printf(c"%s".as_ptr(), line.as_ptr()) };
                // SAFETY: flushing C's own streams.
                unsafe { libc::fflush(std::ptr::null_mut()) };
            }
            "call" => {
                let call = target(py, state, name, "no function is found")?;
                call.call1((*words, i32::from(bits)))?;
            }
            _ => {
                let log = target(py, state, name, "no write-able object is found")?;
                log.call_method1("write", (format!("Warning: {text}\n"),))?;
            }
        }
    }
    Ok(())
}

fn target<'py>(
    py: Python<'py>,
    state: &ExtObj,
    name: &str,
    lacks: &str,
) -> PyResult<Bound<'py, PyAny>> {
    match &state.call {
        Some(call) => Ok(call.bind(py).clone()),
        None => Err(pyo3::exceptions::PyNameError::new_err(format!(
            "python callback specified for {name} but {lacks}.",
        ))),
    }
}

fn parse_mode(value: &Bound<'_, PyAny>, kind: &str) -> PyResult<Option<Mode>> {
    if value.is_none() {
        return Ok(None);
    }
    let text: String = value.extract()?;
    match MODES.iter().position(|m| *m == text) {
        Some(i) => Ok(Some(i as Mode)),
        None => Err(PyValueError::new_err(format!(
            "invalid error mode for '{kind}' \"{text}\""
        ))),
    }
}

fn callback(value: &Bound<'_, PyAny>) -> PyResult<Option<Py<PyAny>>> {
    if value.is_none() {
        return Ok(None);
    }
    if !value.is_callable() && !value.hasattr("write")? {
        return Err(PyTypeError::new_err(
            "python object must be callable or have a callable write method",
        ));
    }
    Ok(Some(value.clone().unbind()))
}

/// A state like the one in force with some parts replaced.
#[pyfunction]
#[pyo3(signature = (**changes))]
fn _make_extobj(py: Python<'_>, changes: Option<Bound<'_, PyDict>>) -> PyResult<ExtObj> {
    let mut made = current(py)?.get().copy(py);
    let Some(changes) = changes else {
        return Ok(made);
    };
    if let Some(all) = changes.get_item("all")? {
        if let Some(mode) = parse_mode(&all, "all")? {
            made.modes = [mode; 4];
        }
    }
    for (key, value) in changes {
        let key: String = key.extract()?;
        if let Some(i) = KINDS.iter().position(|(_, k, _)| *k == key) {
            if let Some(mode) = parse_mode(&value, &key)? {
                made.modes[i] = mode;
            }
        } else if key == "bufsize" {
            if !value.is_none() {
                made.bufsize = buffer_size(&value)?;
            }
        } else if key == "call" {
            made.call = callback(&value)?;
        } else if key != "all" {
            return Err(PyTypeError::new_err(format!(
                "_make_extobj() got an unexpected keyword argument '{key}'"
            )));
        }
    }
    Ok(made)
}

fn buffer_size(value: &Bound<'_, PyAny>) -> PyResult<usize> {
    let size: i64 = value.extract()?;
    match size {
        s if s < 0 => Err(PyValueError::new_err("buffer size must be non-negative")),
        s if s > 10_000_000 => Err(PyValueError::new_err(format!(
            "Buffer size, {s}, is too big"
        ))),
        s if s < 5 => Err(PyValueError::new_err(format!(
            "Buffer size, {s}, is too small"
        ))),
        s if s % 16 != 0 => Err(PyValueError::new_err(format!(
            "Buffer size, {s}, is not a multiple of 16"
        ))),
        s => Ok(s as usize),
    }
}

/// The state in force as a dictionary.
#[pyfunction]
fn _get_extobj_dict(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let state = current(py)?;
    let state = state.get();
    let dict = PyDict::new(py);
    for (i, (_, key, _)) in KINDS.iter().enumerate() {
        dict.set_item(key, MODES[usize::from(state.modes[i])])?;
    }
    dict.set_item("call", state.call.as_ref().map(|c| c.bind(py)))?;
    dict.set_item("bufsize", state.bufsize)?;
    Ok(dict)
}

/// Adds the context variable and its functions.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    let modes = [WARN, WARN, IGNORE, WARN];
    let default = Bound::new(
        py,
        ExtObj {
            modes,
            bufsize: 8192,
            call: None,
        },
    )?;
    // SAFETY: name and default are valid; the result is a new reference or NULL.
    let var = unsafe {
        let var = ffi::PyContextVar_New(c"numpy.ufunc.extobj".as_ptr(), default.as_ptr());
        Bound::from_owned_ptr_or_err(py, var)?
    };
    m.add("_extobj_contextvar", &var)?;
    let _ = CONTEXT.set(py, var.unbind());
    m.add_function(wrap_pyfunction!(_make_extobj, m)?)?;
    m.add_function(wrap_pyfunction!(_get_extobj_dict, m)?)
}
