//! numoxide: the py crate.
