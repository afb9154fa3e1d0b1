//! Indexing: from parsed indices to a view, or to a plan that gathers and scatters items.
//!
//! [`Plan::new`] reads NumPy's index language once. Integers, slices, new axes and the ellipsis become
//! pointer, shape and strides; index arrays and masks stay as a list whose common shape is the outer
//! part of the result, over the view that the others leave.

mod flat;
mod mask;
mod moves;
mod nonzero;
mod plan;
mod rows;
mod search;
mod select;
mod truth;

pub use flat::{address, put, put_masked, ItemCopy, Mode, Take};
pub use mask::{compress, count, fill, store};
pub use nonzero::nonzero;
pub use plan::{clip_slice, Index, Plan};
pub use rows::rows_at;
pub use search::{search, sorter_fits};
pub use select::{choose_into, where_into};
pub use truth::{count_nonzero, truth};

#[cfg(test)]
mod tests;
