//! numoxide: the core crate.
