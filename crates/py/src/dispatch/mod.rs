//! Public functions that take part in `__array_function__`: the `_ArrayFunctionDispatcher` type.

mod object;
mod protocol;

pub(crate) use object::init;
