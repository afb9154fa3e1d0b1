//! numoxide: the ufunc crate.
