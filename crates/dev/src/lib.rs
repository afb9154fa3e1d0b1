//! numoxide: the dev crate.
