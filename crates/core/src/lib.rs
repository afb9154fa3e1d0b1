//! Memory, layouts, raw views, the planner, casts and indexing: all that is common to every op.

pub mod assign;
pub mod buffer;
pub mod cast;
pub mod index;
pub mod iter;
mod layout;
pub mod overlap;
pub mod pool;
pub mod small;
pub mod sort;
mod view;

pub use layout::{Layout, Order, MAX_DIMS};
pub use numoxide_dtype::{DType, Error, Result, TypeNum};
pub use view::RawView;
