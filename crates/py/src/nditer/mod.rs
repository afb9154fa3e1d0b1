//! `numpy.nditer`: the planner's walk over arrays, with buffers, as an object.

mod attrs;
mod build;
mod dump;
mod flags;
mod nested;
mod object;
mod operands;
mod state;

pub(crate) use build::{build, Request};
pub(crate) use flags::global;
pub(crate) use object::init;
pub(crate) use state::NdIter;
