//! The Python extension `numoxide._core._multiarray_umath`: NumPy's objects over the engine.

#![expect(dead_code, reason = "the pieces land one after another")]

mod args;
mod array;
mod capi;
mod convert;
mod cpu_features;
mod dates;
mod descr;
mod dispatch;
mod err;
mod errstate;
mod gil;
mod index;
mod layout;
mod nditer;
mod object_casts;
mod random;
mod scalar;
mod signatures;
mod slots;
mod sort;
mod statics;
mod strings;
mod textfns;
mod textread;
mod ufunc;

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Refuses to fill the module outside its package or a second time: types and tables are the process's.
fn admit(m: &Bound<'_, PyModule>) -> PyResult<()> {
    static BEGUN: AtomicBool = AtomicBool::new(false);
    let name = m.name()?;
    if !name.to_str()?.ends_with("._core._multiarray_umath") {
        return Err(PyImportError::new_err(format!(
            "{name} is part of the package numoxide and cannot be loaded alone"
        )));
    }
    if BEGUN.swap(true, Ordering::Relaxed) {
        return Err(PyImportError::new_err(
            "cannot load module more than once per process",
        ));
    }
    Ok(())
}

/// Fills the extension module.
#[pymodule]
fn _multiarray_umath(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    admit(m)?;
    scalar::init_types(py)?;
    descr::init(py, m)?;
    scalar::init(py, m)?;
    array::init(m)?;
    index::init(m)?;
    nditer::init(m)?;
    dispatch::init(m)?;
    textfns::register(m)?;
    textread::register(m)?;
    object_casts::register();
    ufunc::init(m)?;
    capi::init(m)?;
    sort::init(m)?;
    dates::init(m)?;
    strings::init(m)?;
    cpu_features::init(m)?;
    random::register(m)?;
    Ok(())
}
