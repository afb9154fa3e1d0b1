//! Scalar types and what moves between scalars, Python objects and items in memory.

mod arith;
mod arrays;
mod buffer;
mod convert;
mod date_text;
mod dates;
mod delegate;
mod generic;
mod item;
mod math;
mod new;
mod number;
mod numeric;
mod object;
mod plain;
mod print;
mod refs;
mod set;
mod types;
mod value;
mod void;

use crate::statics::type_object;
use numoxide_dtype::TypeNum;
use pyo3::ffi;
use pyo3::prelude::*;

pub(crate) use arrays::is_array;
pub(crate) use date_text::parse_object;
pub(crate) use delegate::{array_of as zero_d_of, unwrap as unwrap_zero_d};
pub(crate) use item::{from_ptr, get_item, item_in, make_number, plain_items, store, swap};
pub(crate) use new::unit_tuple;
pub(crate) use number::{half_from_f64, Raw};
pub(crate) use plain::{plain_number, set_plain};
pub(crate) use print::{inexact_format, legacy_mode as legacy_print_mode};
pub(crate) use refs::{acquire, release};
pub(crate) use set::{set_item, warn_complex};
pub(crate) use types::{
    abstract_by_index, abstract_type, bool_scalar, int_value, num_for, type_for, value_offset,
    Abstract,
};
pub(crate) use value::{
    bytes_of, descr_of, discover, exact_num, item_of, value_of, void_parts, void_view,
};

/// Makes the scalar types ready; must come before the dtypes.
pub(crate) fn init_types(py: Python<'_>) -> PyResult<()> {
    types::init(py)
}

/// Exports the scalar types.
pub(crate) fn init(py: Python<'_>, m: &Bound<'_, PyModule>) -> PyResult<()> {
    let all = pyo3::types::PyDict::new(py);
    // SAFETY: all types are ready.
    unsafe {
        for (i, (name, _)) in types::ABSTRACT_ROWS.iter().enumerate() {
            let ty = types::abstract_by_index(i);
            all.set_item(name, type_object(py, ty))?;
            m.add(*name, type_object(py, ty))?;
        }
        for num in TypeNum::legacy() {
            all.set_item(num.row().scalar, type_object(py, type_for(num)))?;
        }
        m.add("_scalar_types", all)?;
        for (name, value) in [("False_", false), ("True_", true)] {
            m.add(name, Bound::from_borrowed_ptr(py, bool_scalar(value)))?;
        }
    }
    crate::slots::add_functions(
        m,
        crate::methods!(crate::slots::Module; c"scalar", generic::scalar_function, 0, c"";),
    )
}

/// Whether the object is a NumPy scalar.
pub(crate) fn is_numpy_scalar(obj: &Bound<'_, PyAny>) -> bool {
    let generic = types::abstract_type(types::Abstract::Generic);
    // SAFETY: a live object and a ready type.
    unsafe { ffi::PyObject_TypeCheck(obj.as_ptr(), generic) != 0 }
}
