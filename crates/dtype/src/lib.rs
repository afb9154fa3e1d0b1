//! Dtypes: what an array element is, how dtypes promote, and how elements are written as text.

mod complex;
pub mod datetime;
mod display;
mod dtype;
mod element;
mod error;
mod f80;
mod num;
pub mod parse;
pub mod promote;
pub mod python_repr;
mod structs;

pub use dtype::{DType, DateTimeMeta, DateTimeUnit, Extra, Field, StructInfo};
pub use element::{Bool, Complex, Element, F16, F80};
pub use error::{shape_text, tight_shape, Error, Result, Shown};
pub use f80::Rounding;
pub use num::{TypeNum, TypeRow, ROWS};
pub use promote::{can_cast, equivalent, promote_types, result_type, Casting};
pub mod text;
