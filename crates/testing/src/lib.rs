//! numoxide: the testing crate.
