//! Linear algebra: decompositions of matrices, offered as generalised ufuncs.
//!
//! Decompositions work on a column-major copy of each matrix; large ones spend their time in the
//! matrix products of `kernels`, which run on one thread in an order that the sizes alone decide.

mod cholesky;
mod decompose;
mod element;
mod lu;
mod matrix;
mod orthogonal;
mod qr;
mod raw;
mod spectral;
mod table;

pub use table::ops;
