//! The static scalar types: layout, bases, names.

use crate::layout::{DateTimeScalar, VoidScalar};
use crate::statics::{head, leak, ready, type_name, Zeroed};
use numoxide_dtype::{TypeNum, ROWS};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::CStr;
use std::mem::size_of;

/// The abstract scalar types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub(crate) enum Abstract {
    Generic = 0,
    Number,
    Integer,
    SignedInteger,
    UnsignedInteger,
    Inexact,
    Floating,
    ComplexFloating,
    Flexible,
    Character,
}

use Abstract as A;

/// Name and base of each abstract type, in the order of the enum.
pub(crate) const ABSTRACT_ROWS: [(&str, Option<Abstract>); 10] = [
    ("generic", None),
    ("number", Some(A::Generic)),
    ("integer", Some(A::Number)),
    ("signedinteger", Some(A::Integer)),
    ("unsignedinteger", Some(A::Integer)),
    ("inexact", Some(A::Number)),
    ("floating", Some(A::Inexact)),
    ("complexfloating", Some(A::Inexact)),
    ("flexible", Some(A::Generic)),
    ("character", Some(A::Flexible)),
];

static ABSTRACT: Zeroed<[ffi::PyTypeObject; 10]> = Zeroed::new();
static CONCRETE: Zeroed<[ffi::PyTypeObject; 24]> = Zeroed::new();

/// A bool scalar.
#[repr(C)]
pub(crate) struct BoolScalar {
    /// Object head.
    pub(crate) ob_base: ffi::PyObject,
    /// 0 or 1.
    pub(crate) obval: u8,
}

/// `False` and `True`, side by side as C code expects them.
static BOOLS: Zeroed<[BoolScalar; 2]> = Zeroed::new();

/// A str scalar: a whole Python str, then two pointers.
#[repr(C)]
pub(crate) struct StrScalar {
    /// The Python string.
    pub(crate) base: ffi::PyUnicodeObject,
    /// UCS-4 copy made for the buffer protocol, or NULL.
    pub(crate) obval: *mut u32,
    /// Buffer format text, or NULL.
    pub(crate) buffer_fmt: *mut std::ffi::c_char,
}

/// The type object of an abstract scalar type.
pub(crate) fn abstract_type(which: Abstract) -> *mut ffi::PyTypeObject {
    ABSTRACT.at(which as usize)
}

/// The abstract type of a row of [`ABSTRACT_ROWS`].
pub(crate) fn abstract_by_index(i: usize) -> *mut ffi::PyTypeObject {
    ABSTRACT.at(i)
}

/// The scalar type of a dtype class (Python's `str` for `StringDType`).
#[inline]
pub(crate) fn type_for(num: TypeNum) -> *mut ffi::PyTypeObject {
    match num {
        TypeNum::VString => &raw mut ffi::PyUnicode_Type,
        TypeNum::User => CONCRETE.at(TypeNum::Void as usize),
        n => CONCRETE.at(n as usize),
    }
}

/// The number of a type that is exactly one of the concrete scalar types.
#[inline]
pub(crate) fn num_for(ty: *mut ffi::PyTypeObject) -> Option<TypeNum> {
    let at = (ty as usize).wrapping_sub(CONCRETE.get() as usize);
    let i = at / size_of::<ffi::PyTypeObject>();
    (i < 24).then(|| ROWS[i].num)
}

/// The value of a scalar whose class is exactly one of the signed integers of common size.
///
/// # Safety
/// - `ob` is a live object.
#[inline]
pub(crate) unsafe fn int_value(ob: *mut ffi::PyObject) -> Option<isize> {
    // SAFETY: by contract; a scalar of a class holds its value at this offset.
    unsafe {
        let num = num_for(ffi::Py_TYPE(ob))?;
        let at = ob.cast::<u8>().add(value_offset(num));
        match num {
            TypeNum::Long | TypeNum::LongLong => Some(at.cast::<i64>().read() as isize),
            TypeNum::Int => Some(at.cast::<i32>().read() as isize),
            _ => None,
        }
    }
}

/// The two bool scalars.
#[inline]
pub(crate) fn bool_scalar(value: bool) -> *mut ffi::PyObject {
    BOOLS.at(usize::from(value)).cast()
}

/// Byte offset of the value in a scalar object of a fixed-size class.
#[inline(always)]
pub(crate) fn value_offset(num: TypeNum) -> usize {
    const HEAD: usize = size_of::<ffi::PyObject>();
    // No class asks for more than the head gives.
    debug_assert!(HEAD.is_multiple_of(num.row().align.max(1)));
    HEAD
}

fn basicsize(num: TypeNum) -> usize {
    match num {
        TypeNum::Str => size_of::<StrScalar>(),
        TypeNum::Bytes => size_of::<ffi::PyBytesObject>().next_multiple_of(8),
        TypeNum::Void => size_of::<VoidScalar>(),
        TypeNum::DateTime | TypeNum::TimeDelta => size_of::<DateTimeScalar>(),
        _ => (value_offset(num) + num.row().size).next_multiple_of(8),
    }
}

fn base_of(num: TypeNum) -> Abstract {
    match num {
        TypeNum::Bool | TypeNum::Object | TypeNum::DateTime => A::Generic,
        TypeNum::TimeDelta => A::SignedInteger,
        TypeNum::Void => A::Flexible,
        TypeNum::Bytes | TypeNum::Str => A::Character,
        _ => match num.kind() {
            b'i' => A::SignedInteger,
            b'u' => A::UnsignedInteger,
            b'f' => A::Floating,
            _ => A::ComplexFloating,
        },
    }
}

/// The Python type a scalar type also derives from, and whether it comes first.
fn python_base(num: TypeNum) -> Option<(*mut ffi::PyTypeObject, bool)> {
    match num {
        TypeNum::Double => Some((&raw mut ffi::PyFloat_Type, false)),
        TypeNum::CDouble => Some((&raw mut ffi::PyComplex_Type, false)),
        TypeNum::Str => Some((&raw mut ffi::PyUnicode_Type, true)),
        TypeNum::Bytes => Some((&raw mut ffi::PyBytes_Type, true)),
        _ => None,
    }
}

/// Makes all scalar types ready.
pub(crate) fn init(py: Python<'_>) -> PyResult<()> {
    for (i, (name, base)) in ABSTRACT_ROWS.iter().enumerate() {
        let ty = ABSTRACT.at(i);
        // SAFETY: runs once on zeroed statics, bases first.
        unsafe {
            head(ty, std::ptr::null_mut());
            (*ty).tp_name = type_name(py, name)?;
            (*ty).tp_basicsize = size_of::<ffi::PyObject>() as isize;
            (*ty).tp_flags = ffi::Py_TPFLAGS_DEFAULT;
            if *name != "flexible" {
                // NumPy lets no Python class derive from that one alone.
                (*ty).tp_flags |= ffi::Py_TPFLAGS_BASETYPE;
            }
            if let Some(base) = base {
                (*ty).tp_base = abstract_type(*base);
            }
            super::object::fill_abstract(ty, i);
            ready(py, ty)?;
        }
    }
    TypeNum::legacy().try_for_each(|num| {
        // SAFETY: the abstract types are ready; each concrete one is made once.
        unsafe { init_concrete(py, num) }
    })?;
    for value in [false, true] {
        // SAFETY: static memory of a ready type, filled once; the reference never goes away.
        unsafe {
            let ob = bool_scalar(value).cast::<BoolScalar>();
            (*ob).ob_base = ffi::PyObject_HEAD_INIT;
            (*ob).ob_base.ob_type = type_for(TypeNum::Bool);
            (*ob).obval = u8::from(value);
        }
    }
    Ok(())
}

/// Signature and description of a concrete scalar type.
fn class_doc(num: TypeNum) -> &'static CStr {
    let arguments = match num {
        TypeNum::Bool => "value=False, /",
        TypeNum::Object => "value=None, /",
        TypeNum::Bytes | TypeNum::Str => "value=\"\", /, *args, **kwargs",
        TypeNum::Void => "length_or_data, /, dtype=None",
        TypeNum::DateTime => "value=None, /, *args",
        TypeNum::TimeDelta => "value=0, /, *args",
        n if n.is_complex() => "real=0, imag=0, /",
        _ => "value=0, /",
    };
    let row = num.row();
    let kind = match num.kind() {
        b'b' => "A truth value",
        b'i' => "A signed integer",
        b'u' => "An unsigned integer",
        b'f' => "A floating-point number",
        b'c' => "A complex number",
        b'M' => "A point in time",
        b'm' if num == TypeNum::TimeDelta => "A span of time",
        b'S' => "Bytes",
        b'U' => "Text",
        b'O' => "Any Python object",
        _ => "Raw bytes or a record",
    };
    let size = match row.size {
        0 => String::new(),
        n => format!(" of {} bits (`{}`)", n * 8, row.name),
    };
    leak(&format!(
        "{}({arguments})\n--\n\n{kind}{size}, as one item of an array. Code: ``'{}'``.",
        row.scalar,
        char::from(row.code)
    ))
}

/// # Safety
/// - The abstract types are ready; this one is not.
unsafe fn init_concrete(py: Python<'_>, num: TypeNum) -> PyResult<()> {
    let ty = type_for(num);
    let base = abstract_type(base_of(num));
    // SAFETY: by contract.
    unsafe {
        head(ty, std::ptr::null_mut());
        (*ty).tp_name = type_name(py, num.row().scalar)?;
        (*ty).tp_basicsize = basicsize(num) as isize;
        (*ty).tp_flags = ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_BASETYPE;
        match python_base(num) {
            Some((other, first)) => {
                let (a, b) = if first { (other, base) } else { (base, other) };
                (*ty).tp_base = a;
                (*ty).tp_bases = ffi::PyTuple_Pack(2, a, b);
                if (*ty).tp_bases.is_null() {
                    return Err(PyErr::fetch(py));
                }
                // A type with its own hash inherits no comparison.
                (*ty).tp_hash = (*other).tp_hash;
                (*ty).tp_richcompare = (*other).tp_richcompare;
                (*ty).tp_itemsize = (*other).tp_itemsize;
            }
            None => (*ty).tp_base = base,
        }
        (*ty).tp_doc = class_doc(num).as_ptr();
        super::object::fill(ty, num);
        ready(py, ty)
    }
}
