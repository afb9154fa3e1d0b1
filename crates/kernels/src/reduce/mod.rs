//! Reductions over contiguous or strided memory.

pub(crate) mod sum;
