//! numoxide: the io crate.
