//! Rows of C functions: one macro makes each entry, its trampoline and its place in the table.

use crate::array::ArrayRef;
use crate::layout::Descr;
use crate::slots::SlotReturn;
use numoxide_core::Order;
use numoxide_dtype::Casting;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;

/// Any object pointer of the C interface; arrays and dtypes too.
pub(super) type Obj = *mut ffi::PyObject;

/// The address of a C function.
pub(super) struct Entry(pub(super) *const ());

// SAFETY: the address of a function.
unsafe impl Sync for Entry {}

/// Functions with their slots.
pub(super) type Rows = &'static [(usize, Entry)];

/// Rows `slot Name(args) -> C type = |py| body;`: the body gives a `PyResult` of what [`SlotReturn`]
/// turns into the C type, and runs in an unsafe context whose contract is that of NumPy's C API:
/// live objects of the types named there, arrays as long as promised, the interpreter lock held.
macro_rules! api {
    ($(#[$meta:meta])* $list:ident: $(
        $slot:literal $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? = |$py:ident| $body:expr;
    )+) => {
        $(#[$meta])*
        pub(super) static $list: $crate::capi::api::Rows = &[$(($slot, $crate::capi::api::Entry({
            unsafe extern "C" fn entry($($arg: $ty),*) $(-> $ret)? {
                // SAFETY: C callers keep the contract of the C API.
                unsafe { $crate::slots::trampoline(|$py| $body) }
            }
            entry as *const ()
        }))),+];
    };
}
pub(super) use api;

/// Rows of functions that need no interpreter lock and cannot fail in Python's sense.
macro_rules! bare {
    ($(#[$meta:meta])* $list:ident: $(
        $slot:literal $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? = $body:expr;
    )+) => {
        $(#[$meta])*
        pub(super) static $list: $crate::capi::api::Rows = &[$(($slot, $crate::capi::api::Entry({
            unsafe extern "C" fn entry($($arg: $ty),*) $(-> $ret)? {
                // SAFETY: C callers keep the contract of the C API.
                #[allow(unused_unsafe)]
                unsafe { $body }
            }
            entry as *const ()
        }))),+];
    };
}
pub(super) use bare;

/// A converter's success (1); its failure is 0.
pub(super) struct Done;

impl SlotReturn for Done {
    type C = c_int;
    const ERR: c_int = 0;
    fn into_c(self) -> c_int {
        1
    }
}

/// A pointer to something other than an object; NULL on an error.
pub(super) struct Ptr<T>(pub(super) *mut T);

impl<T> SlotReturn for Ptr<T> {
    type C = *mut T;
    const ERR: *mut T = std::ptr::null_mut();
    fn into_c(self) -> *mut T {
        self.0
    }
}

/// `npy_bool`; false on an error.
pub(super) struct Truth(pub(super) bool);

impl SlotReturn for Truth {
    type C = u8;
    const ERR: u8 = 0;
    fn into_c(self) -> u8 {
        u8::from(self.0)
    }
}

/// A C int; -1 on an error.
pub(super) struct Code(pub(super) c_int);

impl SlotReturn for Code {
    type C = c_int;
    const ERR: c_int = -1;
    fn into_c(self) -> c_int {
        self.0
    }
}

/// A double; -1 on an error.
pub(super) struct Real(pub(super) f64);

impl SlotReturn for Real {
    type C = f64;
    const ERR: f64 = -1.0;
    fn into_c(self) -> f64 {
        self.0
    }
}

/// No value.
pub(super) struct Nothing;

impl SlotReturn for Nothing {
    type C = ();
    const ERR: () = ();
    fn into_c(self) {}
}

/// A new reference to an object.
///
/// # Safety
/// - `ob` is a live object.
pub(super) unsafe fn any<'py, T>(py: Python<'py>, ob: *mut T) -> Bound<'py, PyAny> {
    // SAFETY: by contract.
    unsafe { Bound::from_borrowed_ptr(py, ob.cast()) }
}

/// A new reference to an object, `None` for NULL.
///
/// # Safety
/// - `ob` is a live object or NULL.
pub(super) unsafe fn opt<'py, T>(py: Python<'py>, ob: *mut T) -> Option<Bound<'py, PyAny>> {
    // SAFETY: by contract.
    unsafe { Bound::from_borrowed_ptr_or_opt(py, ob.cast()) }
}

/// The object, or Python's None for NULL.
///
/// # Safety
/// - `ob` is a live object or NULL.
pub(super) unsafe fn or_none<'py, T>(py: Python<'py>, ob: *mut T) -> Bound<'py, PyAny> {
    // SAFETY: by contract.
    unsafe { opt(py, ob) }.unwrap_or_else(|| py.None().into_bound(py))
}

/// A reference that the caller gives away.
///
/// # Safety
/// - `ob` is an owned reference or NULL.
pub(super) unsafe fn stolen<'py, T>(py: Python<'py>, ob: *mut T) -> Option<Bound<'py, PyAny>> {
    // SAFETY: by contract.
    unsafe { Bound::from_owned_ptr_or_opt(py, ob.cast()) }
}

/// The dtype struct behind a dtype object.
pub(super) fn descr_of(ob: &Bound<'_, PyAny>) -> *mut Descr {
    ob.as_ptr().cast()
}

/// An array argument.
pub(super) fn array<'a, 'py>(ob: &'a Bound<'py, PyAny>) -> PyResult<ArrayRef<'a, 'py>> {
    ArrayRef::from_bound(ob).ok_or_else(|| PyTypeError::new_err("an array is required"))
}

/// A list of `n` values; empty for NULL.
///
/// # Safety
/// - `list` is NULL or points to `n` values that outlive the result.
pub(super) unsafe fn list<'a, T>(list: *const T, n: c_int) -> &'a [T] {
    if list.is_null() || n <= 0 {
        return &[];
    }
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts(list, n as usize) }
}

/// `NPY_ORDER`.
pub(super) fn order(code: c_int) -> Order {
    match code {
        1 => Order::F,
        2 => Order::Keep,
        -1 => Order::Any,
        _ => Order::C,
    }
}

/// `NPY_ORDER` as a word.
pub(super) fn order_word(code: c_int) -> &'static str {
    match code {
        1 => "F",
        2 => "K",
        -1 => "A",
        _ => "C",
    }
}

/// `NPY_CASTING`.
pub(super) fn casting(code: c_int) -> PyResult<Casting> {
    const RULES: [Casting; 5] = [
        Casting::No,
        Casting::Equiv,
        Casting::Safe,
        Casting::SameKind,
        Casting::Unsafe,
    ];
    match code {
        0..=4 => Ok(RULES[code as usize]),
        68 => Ok(Casting::SameValue),
        _ => Err(PyValueError::new_err("invalid casting rule")),
    }
}
