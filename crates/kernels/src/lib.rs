//! numoxide: the kernels crate.
