//! The one table of ndarray's methods, attributes and slots.

use super::{
    arange, attrs, buffer, concat, copies, copyto, create, diag, dlpack, export, flatiter,
    frombytes, indexfns, items, new, overlap, pickle, reshape, retype, typefns, ArrayRef,
};
use crate::slots::{leak_getset, leak_methods, trampoline, Module, Receiver};
use crate::statics::leak_table;
use crate::{getset, methods};
use pyo3::ffi;
use pyo3::Borrowed;
use std::ffi::c_int;

/// A slot of one operand over a function of `(py, ArrayRef)`.
macro_rules! unary {
    ($body:path) => {{
        unsafe extern "C" fn entry(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
            // SAFETY: a slot of ndarray, called with the interpreter lock held.
            unsafe { trampoline(|py| $body(py, ArrayRef::receive(py, slf))) }
        }
        entry
    }};
}

/// Fills methods, attributes and slots of the type.
pub(super) fn fill(ty: &mut ffi::PyTypeObject) {
    super::print::fill(ty);
    ty.tp_methods = leak_methods(
        [
            method_rows(),
            crate::ufunc::slots::rows(),
            crate::index::rows(),
            crate::sort::rows(),
        ]
        .concat(),
    );
    ty.tp_getset = leak_getset(attribute_rows());
    ty.tp_new = Some(new::entry);
    ty.tp_iter = Some(unary!(items::iter));
    ty.tp_hash = Some(ffi::PyObject_HashNotImplemented);
    ty.tp_richcompare = Some(crate::ufunc::slots::richcompare);
    ty.tp_as_sequence = leak_table(|t: &mut ffi::PySequenceMethods| {
        t.sq_length = Some(length);
        t.sq_item = Some(item);
        t.sq_ass_item = Some(crate::index::ass_item);
        t.sq_contains = Some(contains);
    });
    ty.tp_as_buffer = leak_table(|t: &mut ffi::PyBufferProcs| {
        t.bf_getbuffer = Some(buffer::getbuffer);
    });
    ty.tp_as_mapping = leak_table(|t: &mut ffi::PyMappingMethods| {
        t.mp_length = Some(length);
        t.mp_subscript = Some(crate::index::subscript);
        t.mp_ass_subscript = Some(crate::index::ass_subscript);
    });
    ty.tp_as_number = leak_table(|t: &mut ffi::PyNumberMethods| {
        crate::ufunc::slots::fill(t);
        t.nb_bool = Some(truth);
        t.nb_int = Some(unary!(items::as_int));
        t.nb_float = Some(unary!(items::as_float));
        t.nb_index = Some(unary!(items::as_index));
    });
}

unsafe extern "C" fn length(slf: *mut ffi::PyObject) -> ffi::Py_ssize_t {
    // SAFETY: a slot of ndarray, called with the interpreter lock held.
    unsafe { trampoline(|py| items::len(py, ArrayRef::receive(py, slf))) }
}

unsafe extern "C" fn item(slf: *mut ffi::PyObject, i: ffi::Py_ssize_t) -> *mut ffi::PyObject {
    // SAFETY: as above.
    unsafe { trampoline(|py| items::row(py, ArrayRef::receive(py, slf), i)) }
}

unsafe extern "C" fn contains(slf: *mut ffi::PyObject, value: *mut ffi::PyObject) -> c_int {
    // SAFETY: as above.
    unsafe {
        trampoline(|py| {
            items::contains(
                py,
                ArrayRef::receive(py, slf),
                Borrowed::from_ptr(py, value),
            )
        })
    }
}

unsafe extern "C" fn truth(slf: *mut ffi::PyObject) -> c_int {
    // SAFETY: as above.
    unsafe { trampoline(|py| items::as_bool(py, ArrayRef::receive(py, slf))) }
}

fn attribute_rows() -> Vec<ffi::PyGetSetDef> {
    getset! {
        ArrayRef;
        c"ndim", attrs::ndim;
        c"shape", attrs::shape, reshape::set_shape;
        c"strides", attrs::strides, retype::set_strides;
        c"dtype", attrs::dtype, retype::set_dtype;
        c"size", attrs::size;
        c"itemsize", attrs::itemsize;
        c"nbytes", attrs::nbytes;
        c"base", attrs::base;
        c"flags", attrs::flags;
        c"data", attrs::data;
        c"real", retype::real, retype::set_real;
        c"imag", retype::imag, retype::set_imag;
        c"flat", flatiter::flat, flatiter::set_flat;
        c"T", attrs::transposed;
        c"mT", attrs::matrix_transposed;
        c"ctypes", attrs::ctypes;
        c"__array_interface__", export::interface;
        c"__array_struct__", export::array_struct;
        c"device", attrs::device;
        c"__array_priority__", attrs::priority;
    }
}

fn method_rows() -> Vec<ffi::PyMethodDef> {
    let mut rows = own_rows();
    rows.extend(methods! {
        Borrowed<'_, '_, pyo3::PyAny>;
        c"__class_getitem__", export::class_getitem, ffi::METH_CLASS, c"";
    });
    rows
}

fn own_rows() -> Vec<ffi::PyMethodDef> {
    methods! {
        ArrayRef;
        c"reshape", reshape::reshape, 0, c"";
        c"ravel", reshape::ravel, 0, c"";
        c"flatten", reshape::flatten, 0, c"";
        c"transpose", reshape::transpose, 0, c"";
        c"swapaxes", reshape::swapaxes, 0, c"";
        c"squeeze", reshape::squeeze, 0, c"";
        c"resize", reshape::resize, 0, c"";
        c"view", retype::view, 0, c"";
        c"getfield", retype::getfield, 0, c"";
        c"setfield", retype::setfield, 0, c"";
        c"item", items::item, 0, c"";
        c"tolist", items::tolist, 0, c"";
        c"fill", items::fill, 0, c"";
        c"__complex__", items::as_complex, 0, c"";
        c"__array_wrap__", items::array_wrap, 0, c"";
        c"__array_finalize__", items::array_finalize, 0, c"";
        c"__format__", items::format, 0, c"";
        c"__sizeof__", items::sizeof, 0, c"";
        c"astype", copies::astype, 0, c"";
        c"copy", copies::copy, 0, c"";
        c"__copy__", copies::dunder_copy, 0, c"";
        c"__deepcopy__", copies::deepcopy, 0, c"";
        c"__array__", copies::array, 0, c"";
        c"tobytes", copies::tobytes, 0, c"";
        c"byteswap", copies::byteswap, 0, c"";
        c"setflags", copies::setflags, 0, c"";
        c"__reduce__", pickle::reduce, 0, c"";
        c"__reduce_ex__", pickle::reduce_ex, 0, c"";
        c"__setstate__", pickle::setstate, 0, c"";
        c"dump", pickle::dump, 0, c"";
        c"dumps", pickle::dumps, 0, c"";
        c"tofile", frombytes::tofile, 0, c"";
        c"to_device", export::to_device, 0, c"";
        c"__array_namespace__", export::namespace, 0, c"";
        c"__array_ufunc__", export::array_ufunc, 0, c"";
        c"__array_function__", export::array_function, 0, c"";
        c"__dlpack__", dlpack::export, 0, c"";
        c"__dlpack_device__", dlpack::device, 0, c"";
        c"diagonal", diag::diagonal, 0, c"";
        c"trace", diag::trace, 0, c"";
    }
}

/// The module functions of this folder.
pub(super) fn function_rows() -> Vec<ffi::PyMethodDef> {
    methods! {
        Module;
        c"array", create::array, 0, c"";
        c"empty", create::empty, 0, c"";
        c"zeros", create::zeros, 0, c"";
        c"asarray", create::asarray, 0, c"";
        c"asanyarray", create::asanyarray, 0, c"";
        c"ascontiguousarray", create::ascontiguousarray, 0, c"";
        c"asfortranarray", create::asfortranarray, 0, c"";
        c"empty_like", create::empty_like, 0, c"";
        c"arange", arange::arange, 0, c"";
        c"concatenate", concat::concatenate, 0, c"";
        c"copyto", copyto::copyto, 0, c"";
        c"can_cast", typefns::can_cast, 0, c"";
        c"result_type", typefns::result_type, 0, c"";
        c"promote_types", typefns::promote_types, 0, c"";
        c"min_scalar_type", typefns::min_scalar_type, 0, c"";
        c"normalize_axis_index", indexfns::normalize_axis_index, 0, c"";
        c"ravel_multi_index", indexfns::ravel_multi_index, 0, c"";
        c"unravel_index", indexfns::unravel_index, 0, c"";
        c"may_share_memory", overlap::may_share_memory, 0, c"";
        c"shares_memory", overlap::shares_memory, 0, c"";
        c"frombuffer", frombytes::frombuffer, 0, c"";
        c"fromiter", frombytes::fromiter, 0, c"";
        c"fromstring", frombytes::fromstring, 0, c"";
        c"fromfile", frombytes::fromfile, 0, c"";
        c"from_dlpack", dlpack::from_dlpack, 0, c"";
        c"_reconstruct", pickle::reconstruct, 0, c"";
        c"scalar", pickle::scalar, 0, c"";
    }
}
