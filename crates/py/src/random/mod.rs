//! The engine of `numoxide.random`: bit generator objects and what fills arrays from them.
//!
//! Argument checks, sizes and broadcasting are Python's (`numoxide/random`); here are the object
//! layout that C consumers read, seeding, state and the loops. Arrays come in by the buffer
//! protocol.

mod buffer;
mod draw;
mod object;
mod state;

use pyo3::prelude::*;

/// Adds the functions as `_random` to the extension module.
pub(crate) fn register(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let sub = PyModule::new(m.py(), "_random")?;
    object::register(&sub)?;
    state::register(&sub)?;
    draw::register(&sub)?;
    m.add("_random", sub)
}
