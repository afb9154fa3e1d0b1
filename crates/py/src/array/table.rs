//! The one table of ndarray's methods, attributes and slots.

use super::{
    arange, attrs, buffer, concat, copies, copyto, create, diag, dlpack, export, flatiter,
    frombytes, indexfns, items, new, overlap, pickle, reshape, retype, typefns, ArrayRef,
};
use crate::slots::{bare_or, leak_getset, leak_methods, lean, trampoline, Module, Receiver};
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
    ty.tp_methods = leak_methods(crate::signatures::signed(
        [
            method_rows(),
            crate::ufunc::slots::rows(),
            crate::index::rows(),
            crate::sort::rows(),
        ]
        .concat(),
    ));
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
        t.sq_concat = Some(concat_refused);
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
    unsafe {
        bare_or(
            |py| {
                ArrayRef::receive(py, slf)
                    .shape()
                    .first()
                    .map(|&n| n as isize)
            },
            |py| items::len(py, ArrayRef::receive(py, slf)),
        )
    }
}

unsafe extern "C" fn item(slf: *mut ffi::PyObject, i: ffi::Py_ssize_t) -> *mut ffi::PyObject {
    // SAFETY: as above.
    unsafe { lean(|py| items::row(py, ArrayRef::receive(py, slf), i)) }
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

/// `operator.concat`, and `+` where no operand knew what to do.
unsafe extern "C" fn concat_refused(
    _: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls with its lock held.
    unsafe {
        trampoline(|_| {
            Err::<pyo3::Bound<'_, pyo3::PyAny>, _>(pyo3::exceptions::PyTypeError::new_err(
                "Concatenation operation is not implemented for NumPy arrays, use np.concatenate() \
                 instead. Please do not rely on this error; it may not be given on all Python \
                 implementations.",
            ))
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
        c"ndim", @lean attrs::ndim;
        c"shape", @lean attrs::shape, reshape::set_shape;
        c"strides", @lean attrs::strides, retype::set_strides;
        c"dtype", @lean attrs::dtype, retype::set_dtype;
        c"size", @lean attrs::size;
        c"itemsize", @lean attrs::itemsize;
        c"nbytes", @lean attrs::nbytes;
        c"base", @lean attrs::base;
        c"flags", @lean attrs::flags;
        c"data", attrs::data;
        c"real", @lean retype::real, retype::set_real;
        c"imag", @lean retype::imag, retype::set_imag;
        c"flat", @lean flatiter::flat, flatiter::set_flat;
        c"T", @lean attrs::transposed;
        c"mT", @lean attrs::matrix_transposed;
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
        c"reshape", @reshape::quick_reshape => reshape::reshape, 0, c"reshape($self, /, *shape, order='C', copy=None)\n--\n\n";
        c"ravel", @reshape::quick_ravel => reshape::ravel, 0, c"ravel($self, /, order='C')\n--\n\n";
        c"flatten", ~lean reshape::flatten, 0, c"flatten($self, /, order='C')\n--\n\n";
        c"transpose", ~lean reshape::transpose, 0, c"transpose($self, /, *axes)\n--\n\n";
        c"swapaxes", ~lean reshape::swapaxes, 0, c"swapaxes($self, axis1, axis2, /)\n--\n\n";
        c"squeeze", ~lean reshape::squeeze, 0, c"squeeze($self, /, axis=None)\n--\n\n";
        c"resize", reshape::resize, 0, c"resize($self, /, *new_shape, refcheck=True)\n--\n\n";
        c"view", ~lean retype::view, 0, c"view($self, /, *args, **kwargs)\n--\n\n";
        c"getfield", retype::getfield, 0, c"getfield($self, /, dtype, offset=0)\n--\n\n";
        c"setfield", retype::setfield, 0, c"setfield($self, val, /, dtype, offset=0)\n--\n\n";
        c"item", @items::quick_item => items::item, 0, c"item($self, /, *args)\n--\n\n";
        c"tolist", ~lean items::tolist, 0, c"tolist($self, /)\n--\n\n";
        c"fill", ~lean items::fill, 0, c"fill($self, /, value)\n--\n\n";
        c"__complex__", items::as_complex, 0, c"__complex__($self, /)\n--\n\n";
        c"__array_wrap__", items::array_wrap, 0, c"__array_wrap__($self, array, context=None, return_scalar=True, /)\n--\n\n";
        c"__array_finalize__", items::array_finalize, 0, c"__array_finalize__($self, obj, /)\n--\n\n";
        c"__format__", items::format, 0, c"__format__($self, spec, /)\n--\n\n";
        c"__sizeof__", items::sizeof, 0, c"__sizeof__($self, /)\n--\n\n";
        c"astype", ~lean copies::astype, 0, c"astype($self, /, dtype, order='K', casting='unsafe', subok=True, copy=True)\n--\n\n";
        c"copy", ~lean copies::copy, 0, c"copy($self, /, order='C')\n--\n\n";
        c"__copy__", copies::dunder_copy, 0, c"__copy__($self, /)\n--\n\n";
        c"__deepcopy__", copies::deepcopy, 0, c"__deepcopy__($self, memo, /)\n--\n\n";
        c"__array__", ~lean copies::array, 0, c"__array__($self, dtype=None, /, *, copy=None)\n--\n\n";
        c"tobytes", ~lean copies::tobytes, 0, c"tobytes($self, /, order='C')\n--\n\n";
        c"byteswap", copies::byteswap, 0, c"byteswap($self, /, inplace=False)\n--\n\n";
        c"setflags", copies::setflags, 0, c"setflags($self, /, *, write=None, align=None, uic=None)\n--\n\n";
        c"__reduce__", pickle::reduce, 0, c"__reduce__($self, /)\n--\n\n";
        c"__reduce_ex__", pickle::reduce_ex, 0, c"__reduce_ex__($self, protocol, /)\n--\n\n";
        c"__setstate__", pickle::setstate, 0, c"__setstate__($self, state, /)\n--\n\n";
        c"dump", pickle::dump, 0, c"dump($self, /, file)\n--\n\n";
        c"dumps", pickle::dumps, 0, c"dumps($self, /)\n--\n\n";
        c"tofile", frombytes::tofile, 0, c"tofile($self, fid, /, sep='', format='%s')\n--\n\n";
        c"to_device", export::to_device, 0, c"to_device($self, device, /, *, stream=None)\n--\n\n";
        c"__array_namespace__", export::namespace, 0, c"__array_namespace__($self, /, *, api_version=None)\n--\n\n";
        c"__array_ufunc__", export::array_ufunc, 0, c"__array_ufunc__($self, ufunc, method, /, *inputs, **kwargs)\n--\n\n";
        c"__array_function__", export::array_function, 0, c"__array_function__($self, /, func, types, args, kwargs)\n--\n\n";
        c"__dlpack__", dlpack::export, 0, c"__dlpack__($self, /, *, stream=None, max_version=None, dl_device=None, copy=None)\n--\n\n";
        c"__dlpack_device__", dlpack::device, 0, c"__dlpack_device__($self, /)\n--\n\n";
        c"diagonal", ~lean diag::diagonal, 0, c"diagonal($self, /, offset=0, axis1=0, axis2=1)\n--\n\n";
        c"trace", diag::trace, 0, c"trace($self, /, offset=0, axis1=0, axis2=1, dtype=None, out=None)\n--\n\n";
    }
}

/// The module functions of this folder.
pub(super) fn function_rows() -> Vec<ffi::PyMethodDef> {
    methods! {
        Module;
        c"array", @create::quick_array => create::array, 0, c"array(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, ndmax=0, like=None)\n--\n\n";
        c"empty", @create::quick_empty => create::empty, 0, c"empty(shape, dtype=None, order='C', *, device=None, like=None)\n--\n\n";
        c"zeros", @create::quick_zeros => create::zeros, 0, c"zeros(shape, dtype=None, order='C', *, device=None, like=None)\n--\n\n";
        c"asarray", @create::itself => create::asarray, 0, c"asarray(a, dtype=None, order=None, *, device=None, copy=None, like=None)\n--\n\n";
        c"asanyarray", @create::any_itself => create::asanyarray, 0, c"asanyarray(a, dtype=None, order=None, *, device=None, copy=None, like=None)\n--\n\n";
        c"ascontiguousarray", @create::contiguous_itself => create::ascontiguousarray, 0, c"ascontiguousarray(a, dtype=None, *, like=None)\n--\n\n";
        c"asfortranarray", create::asfortranarray, 0, c"asfortranarray(a, dtype=None, *, like=None)\n--\n\n";
        c"empty_like", create::empty_like, 0, c"empty_like(prototype, /, dtype=None, order='K', subok=True, shape=None, *, device=None)\n--\n\n";
        c"arange", arange::arange, 0, c"arange(start_or_stop, /, stop=None, step=1, *, dtype=None, device=None, like=None)\n--\n\n";
        c"concatenate", concat::concatenate, 0, c"concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')\n--\n\n";
        c"copyto", copyto::copyto, 0, c"";
        c"can_cast", typefns::can_cast, 0, c"";
        c"result_type", typefns::result_type, 0, c"";
        c"promote_types", typefns::promote_types, 0, c"promote_types(type1, type2, /)\n--\n\n";
        c"min_scalar_type", typefns::min_scalar_type, 0, c"";
        c"normalize_axis_index", indexfns::normalize_axis_index, 0, c"";
        c"ravel_multi_index", indexfns::ravel_multi_index, 0, c"";
        c"unravel_index", indexfns::unravel_index, 0, c"";
        c"may_share_memory", overlap::may_share_memory, 0, c"";
        c"shares_memory", overlap::shares_memory, 0, c"";
        c"frombuffer", frombytes::frombuffer, 0, c"frombuffer(buffer, dtype=None, count=-1, offset=0, *, like=None)\n--\n\n";
        c"fromiter", frombytes::fromiter, 0, c"fromiter(iter, dtype, count=-1, *, like=None)\n--\n\n";
        c"_discover_array_parameters", super::coerce::parameters, 0, c"What array() would find.";
        c"fromstring", frombytes::fromstring, 0, c"";
        c"fromfile", frombytes::fromfile, 0, c"fromfile(file, dtype=None, count=-1, sep='', offset=0, *, like=None)\n--\n\n";
        c"from_dlpack", dlpack::from_dlpack, 0, c"from_dlpack(x, /, *, device=None, copy=None)\n--\n\n";
        c"_reconstruct", pickle::reconstruct, 0, c"";
        c"get_handler_name", super::memory::get_handler_name, 0, c"Name of an array's memory handler.";
        c"get_handler_version", super::memory::get_handler_version, 0,
            c"Version of an array's memory handler.";
    }
}
