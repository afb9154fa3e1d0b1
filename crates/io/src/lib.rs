//! numoxide: the io crate.

pub mod text;
