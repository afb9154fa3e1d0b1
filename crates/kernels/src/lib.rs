//! Loops over pointers, strides and lengths; nothing here knows an array.

pub mod cpu;
mod loops;

pub use loops::{fp, Aux, BoundLoop, FpClass, Levels, LoopCtx, LoopFlags, StridedLoop};
