//! Discrete Fourier transforms of lines of any length, offered as generalised ufuncs.
//!
//! float32 and float64 go to rustfft and realfft, whose plans each thread keeps; long double to a
//! mixed-radix transform in C.

mod line;
mod table;
mod transform;

pub use table::ops;
