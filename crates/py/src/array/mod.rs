//! `numpy.ndarray`: the object, its attributes, methods and the functions that make arrays.

mod access;
mod arange;
pub(crate) mod assign;
mod attrs;
pub(crate) mod broadcast;
pub(crate) mod buffer;
pub(crate) mod coerce;
mod concat;
mod copies;
mod copyto;
mod create;
mod daterange;
mod diag;
mod dlpack;
mod export;
mod flags;
pub(crate) mod flatiter;
mod frombytes;
mod indexfns;
mod inline;
pub(crate) mod items;
mod like;
pub(crate) mod memory;
mod new;
mod object;
mod overlap;
mod pickle;
mod print;
pub(crate) mod refs;
mod reshape;
mod resize;
mod retype;
mod table;
mod textnum;
mod typefns;
pub(crate) mod writeback;

pub(crate) use access::ArrayRef;
pub(crate) use broadcast::{mismatch as broadcast_mismatch, BROADCAST};
pub(crate) use flatiter::FLATITER;
pub(crate) use frombytes::head as rows_view;
pub(crate) use object::{
    empty, empty_like, finalize, from_view, make, set_base, subarray_of, too_many_dims, view_as,
    view_with, zeros, Items, Shape, Spec, Strides, NDARRAY,
};
pub(crate) use reshape::{prepend_axes, reshape_to};

use crate::layout::ArrayObject;
use pyo3::ffi;
use pyo3::prelude::*;

/// Readies the types and adds them and the functions to the module.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    memory::init(py)?;
    flags::init(m)?;
    flatiter::init(m)?;
    broadcast::init(m)?;
    let name = format!("{}.ndarray", crate::slots::module_name(py)?);
    // SAFETY: module init; the type is filled once.
    unsafe {
        let ty = NDARRAY.begin(&name, size_of::<ArrayObject>(), ffi::Py_TPFLAGS_BASETYPE);
        ty.tp_doc = c"ndarray(shape, dtype=None, buffer=None, offset=0, strides=None, order=None)\n--\n\nAn array: items of one dtype, laid out in memory along axes.".as_ptr();
        ty.tp_weaklistoffset = std::mem::offset_of!(ArrayObject, weakreflist) as isize;
        ty.tp_dealloc = Some(object::dealloc);
        table::fill(ty);
        NDARRAY.ready(py)?;
        m.add("ndarray", Bound::from_borrowed_ptr(py, NDARRAY.as_object()))?;
    }
    crate::slots::add_functions(m, table::function_rows())?;
    // What pickles name must be found where they say.
    let home = format!("{}._core.multiarray", crate::slots::module_name(py)?);
    for name in ["_reconstruct", "scalar"] {
        m.getattr(name)?.setattr("__module__", &home)?;
    }
    Ok(())
}
