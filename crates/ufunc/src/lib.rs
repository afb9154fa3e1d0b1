//! Universal functions: the op table, type resolution and the executor.

pub mod table;
