//! The C tables that compiled extensions find in the capsules `_ARRAY_API` and `_UFUNC_API`.

mod api;
mod arrfuncs;
mod converters;
mod create;
mod dates;
mod files;
mod iters;
mod methods;
mod nditer;
mod plain;
mod scalars;
mod spec;
mod stub;
mod table;
mod types;
mod ufuncs;
pub(crate) mod user;

use crate::array::{memory, BROADCAST, FLATITER, NDARRAY};
use crate::descr;
use crate::scalar;
use crate::statics::Zeroed;
use crate::ufunc::UFUNC;
use numoxide_core::TypeNum;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_int, c_void};

const ARRAY_SLOTS: usize = 369;
const UFUNC_SLOTS: usize = 48;

static ARRAY_API: Zeroed<[*mut c_void; ARRAY_SLOTS]> = Zeroed::new();
static UFUNC_API: Zeroed<[*mut c_void; UFUNC_SLOTS]> = Zeroed::new();
static USER_TYPES: Zeroed<c_int> = Zeroed::new();
static ASSIGN_CASTING: Zeroed<c_int> = Zeroed::new();
static DEFAULT_HANDLER: Zeroed<*mut ffi::PyObject> = Zeroed::new();

/// What is written of the array table.
static ARRAY_ROWS: [api::Rows; 13] = [
    plain::PLAIN,
    plain::HANDLERS,
    types::TYPES,
    create::NEW,
    scalars::SCALARS,
    converters::CONVERTERS,
    methods::METHODS,
    methods::FUNCTIONS,
    iters::ITERATORS,
    nditer::MANAGED,
    nditer::FREE,
    dates::DATES,
    files::FILES,
];

/// What is written of the ufunc table.
static UFUNC_ROWS: [api::Rows; 7] = [
    ufuncs::UFUNCS,
    ufuncs::STATUS,
    ufuncs::VALUES,
    ufuncs::POINTERS,
    ufuncs::COMPLEX,
    ufuncs::CALLS,
    ufuncs::OBJECTS,
];

/// Slots that hold scalar types, by type number.
const SCALARS: [(usize, TypeNum); 24] = [
    (8, TypeNum::Bool),
    (20, TypeNum::Byte),
    (21, TypeNum::Short),
    (22, TypeNum::Int),
    (23, TypeNum::Long),
    (24, TypeNum::LongLong),
    (25, TypeNum::UByte),
    (26, TypeNum::UShort),
    (27, TypeNum::UInt),
    (28, TypeNum::ULong),
    (29, TypeNum::ULongLong),
    (30, TypeNum::Float),
    (31, TypeNum::Double),
    (32, TypeNum::LongDouble),
    (33, TypeNum::CFloat),
    (34, TypeNum::CDouble),
    (35, TypeNum::CLongDouble),
    (36, TypeNum::Object),
    (37, TypeNum::Bytes),
    (38, TypeNum::Str),
    (39, TypeNum::Void),
    (215, TypeNum::DateTime),
    (216, TypeNum::TimeDelta),
    (217, TypeNum::Half),
];

/// DType classes from slot 321 on, in the order of the table; the sized names follow the C ones.
const CLASSES: [(usize, TypeNum); 33] = [
    (321, TypeNum::Bool),
    (322, TypeNum::Byte),
    (323, TypeNum::UByte),
    (324, TypeNum::Short),
    (325, TypeNum::UShort),
    (326, TypeNum::Int),
    (327, TypeNum::UInt),
    (328, TypeNum::Long),
    (329, TypeNum::ULong),
    (330, TypeNum::LongLong),
    (331, TypeNum::ULongLong),
    (332, TypeNum::Byte),
    (333, TypeNum::UByte),
    (334, TypeNum::Short),
    (335, TypeNum::UShort),
    (336, TypeNum::Int),
    (337, TypeNum::UInt),
    (338, TypeNum::Long),
    (339, TypeNum::ULong),
    (340, TypeNum::Long),
    (341, TypeNum::ULong),
    (342, TypeNum::Half),
    (343, TypeNum::Float),
    (344, TypeNum::Double),
    (345, TypeNum::LongDouble),
    (346, TypeNum::CFloat),
    (347, TypeNum::CDouble),
    (348, TypeNum::CLongDouble),
    (349, TypeNum::Bytes),
    (350, TypeNum::Str),
    (351, TypeNum::DateTime),
    (352, TypeNum::TimeDelta),
    (353, TypeNum::Object),
];

/// Fills the tables and adds the capsules.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let put = |slot: usize, value: *mut c_void| {
        // SAFETY: module init; slots are constants below the table's size.
        unsafe { *ARRAY_API.get().cast::<*mut c_void>().add(slot) = value }
    };
    for (slot, function) in table::ARRAY {
        put(*slot, *function as *mut c_void);
    }
    for (slot, entry) in ARRAY_ROWS.into_iter().flatten() {
        put(*slot, entry.0.cast_mut().cast());
    }
    for (slot, entry) in iters::variadic() {
        put(slot, entry.cast_mut().cast());
    }
    iters::init(m.py())?;
    arrfuncs::init();
    user::init();
    put(2, NDARRAY.as_object().cast());
    put(3, descr::descr_type().cast());
    put(5, FLATITER.as_object().cast());
    put(6, BROADCAST.as_object().cast());
    put(7, USER_TYPES.get().cast());
    put(9, scalar::bool_scalar(false).cast());
    for i in 0..10 {
        put(10 + i, scalar::abstract_by_index(i).cast());
    }
    for (slot, num) in SCALARS {
        put(slot, scalar::type_for(num).cast());
    }
    put(292, ASSIGN_CASTING.get().cast());
    put(306, DEFAULT_HANDLER.get().cast());
    put(320, descr::meta_type().cast());
    for (slot, num) in CLASSES {
        put(slot, descr::class(num).cast());
    }
    put(354, descr::class(TypeNum::Void).cast());
    // SAFETY: module init has the only access to the data behind the slots.
    unsafe {
        *ASSIGN_CASTING.get() = 3;
        *DEFAULT_HANDLER.get() = memory::default_handler();
        let ufunc = UFUNC_API.get().cast::<*mut c_void>();
        for (slot, function) in table::UFUNC {
            *ufunc.add(*slot) = *function as *mut c_void;
        }
        for (slot, entry) in UFUNC_ROWS.into_iter().flatten() {
            *ufunc.add(*slot) = entry.0.cast_mut().cast();
        }
        for (slot, entry) in ufuncs::in_c() {
            *ufunc.add(slot) = entry.cast_mut().cast();
        }
        *ufunc = UFUNC.as_object().cast();
    }
    // Extensions exist (numexpr) that give False to a module without owning it; before CPython 3.12
    // made these objects immortal, some other holder must keep them alive until the very end.
    for _ in 0..64 {
        // SAFETY: the interpreter's own singletons.
        unsafe {
            ffi::Py_INCREF(ffi::Py_True());
            ffi::Py_INCREF(ffi::Py_False());
        }
    }
    add_capsule(m, "_ARRAY_API", ARRAY_API.get().cast())?;
    add_capsule(m, "_UFUNC_API", UFUNC_API.get().cast())
}

fn add_capsule(m: &Bound<'_, PyModule>, name: &str, table: *mut c_void) -> PyResult<()> {
    // SAFETY: the table has static life; the capsule has no name, as importers expect.
    let capsule = unsafe {
        let made = ffi::PyCapsule_New(table, std::ptr::null(), None);
        Bound::from_owned_ptr_or_err(m.py(), made)?
    };
    m.add(name, capsule)
}
