//! Loops over pointers, strides and lengths; nothing here knows an array.

pub mod arith;
pub mod cast;
pub mod cpu;
pub mod half;
mod loops;
mod ops;
mod reduce;
mod shape;
mod table;

pub use loops::{fp, Aux, BoundLoop, FpClass, Levels, LoopCtx, LoopFlags, StridedLoop};
pub use table::OpLoop;
