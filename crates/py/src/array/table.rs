//! The one table of ndarray's methods, attributes and slots.

use super::{attrs, create, ArrayRef};
use crate::slots::{leak_getset, leak_methods, Module};
use crate::{getset, methods};
use pyo3::ffi;

/// Fills methods, attributes and slots of the type.
pub(super) fn fill(ty: &mut ffi::PyTypeObject) {
    super::print::fill(ty);
    ty.tp_methods = leak_methods(method_rows());
    ty.tp_getset = leak_getset(attribute_rows());
}

fn attribute_rows() -> Vec<ffi::PyGetSetDef> {
    getset! {
        ArrayRef;
        c"ndim", attrs::ndim;
        c"shape", attrs::shape;
        c"strides", attrs::strides;
        c"dtype", attrs::dtype;
        c"size", attrs::size;
        c"itemsize", attrs::itemsize;
        c"nbytes", attrs::nbytes;
        c"base", attrs::base;
        c"flags", attrs::flags;
        c"data", attrs::data;
        c"T", attrs::transposed;
        c"mT", attrs::matrix_transposed;
        c"ctypes", attrs::ctypes;
        c"device", attrs::device;
        c"__array_priority__", attrs::priority;
    }
}

fn method_rows() -> Vec<ffi::PyMethodDef> {
    methods! { ArrayRef; }
}

/// The module functions of this folder.
pub(super) fn function_rows() -> Vec<ffi::PyMethodDef> {
    methods! {
        Module;
        c"array", create::array, 0, c"";
        c"empty", create::empty, 0, c"";
        c"zeros", create::zeros, 0, c"";
    }
}
