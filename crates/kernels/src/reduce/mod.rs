//! Reductions over contiguous or strided memory.

pub(crate) mod extrema;
pub(crate) mod sum;
