//! Indexing: from parsed indices to a view, or to a plan that gathers and scatters items.
//!
//! [`Plan::new`] reads NumPy's index language once. Integers, slices, new axes and the ellipsis become
//! pointer, shape and strides; index arrays and masks stay as a list whose common shape is the outer
//! part of the result, over the view that the others leave.

mod mask;
mod moves;
mod nonzero;
mod plan;

pub use mask::{compress, count, fill, store};
pub use nonzero::nonzero;
pub use plan::{clip_slice, Index, Plan};

#[cfg(test)]
mod tests;
