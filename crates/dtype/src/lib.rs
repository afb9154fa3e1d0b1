//! numoxide: the dtype crate.
