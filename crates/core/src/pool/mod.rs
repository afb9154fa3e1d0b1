//! The one memory pool and the one thread pool.

pub mod memory;
pub mod threads;
