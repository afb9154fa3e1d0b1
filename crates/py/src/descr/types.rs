//! The static types: the metaclass, `numpy.dtype`, the DType classes, and their default instances.

use crate::layout::{descr_flags, dtype_flags, DTypeMeta, Descr, LegacyDescr};
use crate::scalar;
use crate::statics::{head, leak, ready, type_name, Zeroed};
use numoxide_dtype::{TypeNum, ROWS};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_int, CStr};
use std::mem::{offset_of, size_of};

/// `numpy._DTypeMeta`.
pub(crate) static META: Zeroed<ffi::PyTypeObject> = Zeroed::new();
/// `numpy.dtype`.
pub(crate) static DTYPE: Zeroed<DTypeMeta> = Zeroed::new();
/// The abstract classes above the integers, floats and complex numbers.
static ABSTRACT: Zeroed<[DTypeMeta; 3]> = Zeroed::new();
/// The DType classes by type number, `StringDType` last.
/// The last one stands for registered dtypes and stays empty: those have classes of their own.
static CLASSES: Zeroed<[DTypeMeta; 26]> = Zeroed::new();

/// What `StringDType` instances add to the common part.
#[repr(C)]
pub(crate) struct StringDescr {
    /// The common part.
    pub(crate) common: Descr,
    /// Object that stands for a missing value, or NULL.
    pub(crate) na_object: *mut ffi::PyObject,
    /// Non-strings are converted.
    pub(crate) coerce: u8,
    /// The missing value is a NaN.
    pub(crate) has_nan_na: u8,
    /// The missing value is a string.
    pub(crate) has_string_na: u8,
    /// An array owns this instance.
    pub(crate) array_owned: u8,
    /// Text used where a NaN-like missing value meets an operation.
    pub(crate) default_string: [usize; 2],
    /// Name of the missing value.
    pub(crate) na_name: [usize; 2],
    /// Allocator of the array's strings.
    pub(crate) allocator: *mut std::ffi::c_void,
}

const _: () = assert!(size_of::<StringDescr>() == 144);

/// The C side's number of a class.
pub(crate) fn c_num(num: TypeNum) -> c_int {
    match num {
        TypeNum::VString => 2056,
        n => n as c_int,
    }
}

/// The class of a type number.
pub(crate) fn class(num: TypeNum) -> *mut DTypeMeta {
    CLASSES.at(num as usize)
}

/// The type object of a class struct.
pub(crate) fn as_type(class: *mut DTypeMeta) -> *mut ffi::PyTypeObject {
    class.cast()
}

fn abstract_index(kind: u8) -> Option<usize> {
    match kind {
        b'i' | b'u' => Some(0),
        b'f' => Some(1),
        b'c' => Some(2),
        _ => None,
    }
}

/// Makes all types ready; the scalar types are ready already.
pub(crate) fn init(py: Python<'_>) -> PyResult<()> {
    // SAFETY: runs once, under the interpreter lock, on zeroed statics.
    unsafe {
        let meta = META.get();
        head(meta, std::ptr::null_mut());
        (*meta).tp_name = type_name(py, "_DTypeMeta")?;
        (*meta).tp_base = &raw mut ffi::PyType_Type;
        (*meta).tp_basicsize = size_of::<DTypeMeta>() as isize;
        (*meta).tp_flags = ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_BASETYPE;
        super::meta::fill(meta);
        ready(py, meta)?;

        let dtype = as_type(DTYPE.get());
        head(dtype, meta);
        (*dtype).tp_name = type_name(py, "dtype")?;
        (*dtype).tp_basicsize = size_of::<Descr>() as isize;
        (*dtype).tp_flags = ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_BASETYPE;
        super::object::fill(dtype);
        ready(py, dtype)?;
        (*DTYPE.get()).flags = dtype_flags::ABSTRACT;
        (*DTYPE.get()).type_num = -1;

        for (i, name) in [
            "_IntegerAbstractDType",
            "_FloatAbstractDType",
            "_ComplexAbstractDType",
        ]
        .into_iter()
        .enumerate()
        {
            let class = ABSTRACT.at(i);
            let ty = as_type(class);
            head(ty, meta);
            (*ty).tp_name = type_name(py, &format!("dtypes.{name}"))?;
            (*ty).tp_base = dtype;
            (*ty).tp_basicsize = size_of::<Descr>() as isize;
            (*ty).tp_flags = ffi::Py_TPFLAGS_DEFAULT;
            ready(py, ty)?;
            (*class).flags = dtype_flags::ABSTRACT;
            (*class).type_num = -1;
        }
        TypeNum::legacy()
            .chain([TypeNum::VString])
            .try_for_each(|num| init_class(py, num))
    }
}

/// # Safety
/// - The metaclass and the base classes are ready; the class is not.
unsafe fn init_class(py: Python<'_>, num: TypeNum) -> PyResult<()> {
    let row = &ROWS[num as usize];
    let class = class(num);
    let ty = as_type(class);
    // SAFETY: by contract; each class struct is written once.
    unsafe {
        head(ty, META.get());
        (*ty).tp_name = type_name(py, &format!("dtypes.{}", row.class))?;
        (*ty).tp_base = match abstract_index(row.kind) {
            Some(i) if num != TypeNum::TimeDelta => as_type(ABSTRACT.at(i)),
            _ => as_type(DTYPE.get()),
        };
        (*ty).tp_basicsize = match num {
            TypeNum::VString => size_of::<StringDescr>(),
            _ => size_of::<LegacyDescr>(),
        } as isize;
        (*ty).tp_flags = ffi::Py_TPFLAGS_DEFAULT;
        match num {
            TypeNum::VString => super::string::fill(ty),
            _ => {
                (*ty).tp_new = Some(super::meta::class_new);
                (*ty).tp_doc = class_doc(num).as_ptr();
            }
        }
        ready(py, ty)?;
        (*class).type_num = c_num(num);
        (*class).scalar_type = scalar::type_for(num);
        (*class).flags = class_flags(num);
        (*class).singleton = default_instance(py, num)?;
    }
    Ok(())
}

/// Signature and description of a class.
fn class_doc(num: TypeNum) -> &'static CStr {
    let arguments = match num {
        TypeNum::Str | TypeNum::Bytes => "size, /",
        TypeNum::Void => "length, /",
        TypeNum::DateTime | TypeNum::TimeDelta => "unit, /",
        _ => "",
    };
    let row = num.row();
    leak(&format!(
        "{}({arguments})\n--\n\nClass of the dtypes of `{}` items.",
        row.class, row.scalar
    ))
}

fn class_flags(num: TypeNum) -> u64 {
    let mut flags = 0;
    if num != TypeNum::VString {
        flags |= dtype_flags::LEGACY;
    }
    if num.is_flexible() || matches!(num.kind(), b'M' | b'm' | b'T') {
        flags |= dtype_flags::PARAMETRIC;
    }
    if num.is_number() {
        flags |= dtype_flags::NUMERIC;
    }
    flags
}

/// # Safety
/// - The class of `num` is ready.
unsafe fn default_instance(py: Python<'_>, num: TypeNum) -> PyResult<*mut Descr> {
    let row = &ROWS[num as usize];
    // SAFETY: a fresh zeroed instance of a ready class, which nobody else sees yet.
    unsafe {
        let descr = super::make::alloc(py, class(num))?;
        (*descr).typeobj = scalar::type_for(num);
        ffi::Py_XINCREF((*descr).typeobj.cast());
        (*descr).kind = row.kind as _;
        (*descr).type_ = row.code as _;
        (*descr).byteorder = match num {
            TypeNum::Object | TypeNum::Bytes | TypeNum::Void | TypeNum::VString => b'|',
            _ if row.size == 1 => b'|',
            _ => b'=',
        } as _;
        (*descr).type_num = c_num(num);
        (*descr).flags = match num {
            TypeNum::Object => descr_flags::OBJECT,
            TypeNum::Str => descr_flags::NEEDS_INIT,
            TypeNum::VString => descr_flags::STRING,
            _ => 0,
        };
        (*descr).elsize = row.size as isize;
        (*descr).alignment = row.align as isize;
        if matches!(num, TypeNum::DateTime | TypeNum::TimeDelta) {
            let aux = super::make::datetime_aux(14, 1);
            (*descr.cast::<LegacyDescr>()).c_metadata = aux;
        }
        if num == TypeNum::VString {
            (*descr.cast::<StringDescr>()).coerce = 1;
        }
        Ok(descr)
    }
}

const _: () = assert!(offset_of!(StringDescr, allocator) == 136);
