//! NumPy's arrays for Rust programs: the engine behind `import numoxide`, without Python.
//!
//! ```
//! use numoxide::prelude::*;
//!
//! let a = array![[1.0, 2.0], [3.0, 4.0]];
//! let b = &a * 2.0 + &a.t();
//! assert_eq!(b.to_vec::<f64>()?, [3.0, 7.0, 8.0, 12.0]);
//! assert_eq!(a.sum()?.item::<f64>()?, 10.0);
//! # Ok::<(), Error>(())
//! ```

mod array;
mod macros;
mod ops;
mod reduce;
mod show;
mod slice;
mod typed;

pub use array::Array;
pub use numoxide_core::{DType, Error, Result, TypeNum};
pub use numoxide_dtype::{Bool, Complex, Element, F16};
pub use slice::Slice;
pub use typed::ArrayD;

/// Number of threads parallel calls may use.
pub use numoxide_core::pool::threads::{num_threads, set_num_threads};

/// What most programs need.
pub mod prelude {
    pub use crate::{array, s, Array, ArrayD, DType, Error, Result, Slice, TypeNum};
}

#[doc(hidden)]
pub mod private {
    pub use crate::macros::Nested;
}
