//! numoxide: the random crate.
