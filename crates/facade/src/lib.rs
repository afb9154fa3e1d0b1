//! numoxide: the facade crate.
