//! Dtype objects: `numpy.dtype`, its metaclass, the DType classes, and the converter to them.

mod attrs;
mod compare;
mod convert;
mod engine;
pub(crate) mod make;
mod meta;
mod object;
mod pickle;
mod string;
mod structs;
mod text;
mod types;
mod words;

use crate::layout::{DTypeMeta, Descr, LegacyDescr};
use crate::statics::type_object;
use numoxide_dtype::TypeNum;
use pyo3::ffi;
use pyo3::prelude::*;

pub(crate) use convert::{convert, convert_new};
pub(crate) use engine::{
    datetime_meta, descr_for, dtype_of, fields, num_of, unit_from_c, FieldRef, SWAPPED,
};
pub(crate) use object::{has_objects, native};
pub(crate) use string::{set_string_item, string_item};
pub(crate) use structs::choose;
pub(crate) use text::{is_struct, repr_text, subarray as subarray_parts};
pub(crate) use types::class;
pub(crate) use words::{parse_unit, unit_named};

/// The default instance of a class, borrowed.
#[inline]
pub(crate) fn singleton(num: TypeNum) -> *mut Descr {
    // SAFETY: class structs are static; the pointer is set at import.
    unsafe { (*class(num)).singleton }
}

/// The dtype of Python's `float`, `int`, `bool` and of the number scalar types, or a dtype itself
/// (borrowed); `None` for whatever takes more thought.
///
/// # Safety
/// - `ob` is a live object.
#[inline]
pub(crate) unsafe fn plain_dtype(ob: *mut ffi::PyObject) -> Option<*mut Descr> {
    // SAFETY: by contract.
    unsafe {
        let ty = ob.cast::<ffi::PyTypeObject>();
        let num = if ty == &raw mut ffi::PyFloat_Type {
            TypeNum::Double
        } else if ty == &raw mut ffi::PyLong_Type {
            TypeNum::Long
        } else if ty == &raw mut ffi::PyBool_Type {
            TypeNum::Bool
        } else if let Some(num) = crate::scalar::num_for(ty).filter(|n| n.is_number()) {
            num
        } else {
            let mine = (*ob).ob_type;
            let number = |d: *mut Descr| numoxide_core::small::is_number((*d).type_num);
            let known = ffi::PyType_IsSubtype(mine, descr_type()) != 0;
            return Some(ob.cast::<Descr>()).filter(|d| known && number(*d));
        };
        Some(singleton(num))
    }
}

/// The type object `numpy.dtype`.
pub(crate) fn descr_type() -> *mut ffi::PyTypeObject {
    types::as_type(types::DTYPE.get())
}

/// The metaclass of the DType classes.
pub(crate) fn meta_type() -> *mut ffi::PyTypeObject {
    types::META.get()
}

/// `tp_new` of DType classes.
pub(crate) fn class_new() -> ffi::newfunc {
    meta::class_new
}

/// Whether the object is a dtype.
pub(crate) fn is_descr(obj: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object and a ready type.
    unsafe { ffi::PyObject_TypeCheck(obj.as_ptr(), descr_type()) != 0 }
}

/// Whether the object is a DType class.
pub(crate) fn is_class(obj: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object and a ready type.
    unsafe { ffi::PyObject_TypeCheck(obj.as_ptr(), meta_type()) != 0 }
}

/// The class struct behind a DType class object, or `None` for another object.
pub(crate) fn as_class(obj: &Bound<'_, PyAny>) -> Option<*mut DTypeMeta> {
    is_class(obj).then(|| obj.as_ptr().cast())
}

/// The legacy part of a dtype, for the classes that have it.
///
/// # Safety
/// - `descr` is live.
pub(crate) unsafe fn as_legacy(descr: *mut Descr) -> Option<*mut LegacyDescr> {
    // SAFETY: by contract.
    unsafe { make::is_legacy(descr) }.then(|| descr.cast())
}

/// Whether two dtype objects describe the same items.
pub(crate) fn same(_: Python<'_>, a: *mut Descr, b: *mut Descr) -> bool {
    a == b || numoxide_dtype::equivalent(&dtype_of(a), &dtype_of(b))
}

/// Makes the types ready and exports them; call after [`crate::scalar::init_types`].
pub(crate) fn init(py: Python<'_>, m: &Bound<'_, PyModule>) -> PyResult<()> {
    types::init(py)?;
    // SAFETY: all types are ready now.
    unsafe {
        m.add("dtype", type_object(py, descr_type()))?;
        m.add("_DTypeMeta", type_object(py, meta_type()))?;
        m.add(
            "StringDType",
            type_object(py, class(TypeNum::VString).cast()),
        )?;
        let classes = pyo3::types::PyDict::new(py);
        for num in TypeNum::legacy().chain([TypeNum::VString]) {
            classes.set_item(num.row().class, type_object(py, class(num).cast()))?;
        }
        m.add("_dtype_classes", classes)?;
    }
    Ok(())
}
