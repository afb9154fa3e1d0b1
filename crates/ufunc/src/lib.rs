//! Universal functions: the op table, type resolution and the executor.

pub mod exec;
pub mod resolve;
mod special;
pub mod table;
pub mod text;
