//! Loops over pointers, strides and lengths; nothing here knows an array.

pub mod arith;
pub mod bits;
pub mod cast;
pub mod compare;
pub mod cpu;
pub mod datetime;
pub mod floats;
pub mod fpstatus;
pub mod gemm;
pub mod half;
pub mod longdouble;
mod loops;
pub mod math;
mod num;
mod ops;
pub mod reduce;
pub mod select;
mod shape;
pub mod sort;
mod stream;
mod sys;
mod table;
pub mod text;

pub use loops::{fp, Aux, BoundLoop, FpClass, Levels, LoopCtx, LoopFlags, StridedLoop};
pub use stream::STREAM_BYTES;
pub use table::OpLoop;
