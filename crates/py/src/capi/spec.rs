//! `PyUFunc_AddLoopFromSpec`: loops in the form of the DType interface.

use crate::descr::{as_class, dtype_of};
use crate::layout::{DTypeMeta, UFuncObject};
use crate::ufunc::foreign::{self, MethodLoop};
use numoxide_core::DType;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use std::ffi::{c_char, c_int, c_void};

/// `PyType_Slot`.
#[repr(C)]
struct Slot {
    slot: c_int,
    pfunc: *mut c_void,
}

/// `PyArrayMethod_Spec`.
#[repr(C)]
pub(super) struct Spec {
    name: *const c_char,
    nin: c_int,
    nout: c_int,
    casting: c_int,
    flags: c_int,
    dtypes: *const *mut DTypeMeta,
    slots: *const Slot,
}

const _: () = assert!(size_of::<Spec>() == 40);

/// Slot numbers of loops that fit any stride, the first choice first.
const STRIDED: [c_int; 2] = [5, 7];
/// The loop needs the interpreter.
const REQUIRES_PYAPI: c_int = 1 << 1;
/// The loop sets no floating-point flags that matter.
const NO_FLOATINGPOINT_ERRORS: c_int = 1 << 2;

/// Adds the loop to a ufunc.
pub(super) unsafe fn add(u: *mut UFuncObject, spec: *const Spec) -> PyResult<()> {
    // SAFETY: a live object and a filled spec by the C API's contract.
    unsafe {
        let (nin, nout) = ((*spec).nin, (*spec).nout);
        if !crate::ufunc::UFUNC.has(u.cast()) {
            return Err(PyTypeError::new_err("ufunc object passed is not a ufunc!"));
        }
        if (nin, nout) != ((*u).nin, (*u).nout) {
            return Err(PyTypeError::new_err(
                "the spec has another number of operands than the ufunc",
            ));
        }
        let py = Python::assume_attached();
        let mut dtypes: Vec<DType> = Vec::new();
        for i in 0..(nin + nout) as usize {
            let class = *(*spec).dtypes.add(i);
            let known = !class.is_null()
                && as_class(&super::api::any(py, class)).is_some()
                && !(*class).singleton.is_null();
            if !known {
                return Err(PyTypeError::new_err(
                    "loops of parametric DTypes are not available yet",
                ));
            }
            dtypes.push(dtype_of((*class).singleton));
        }
        let Some(function) = strided((*spec).slots) else {
            return Err(PyRuntimeError::new_err("the spec has no strided loop"));
        };
        let needs_api = (*spec).flags & REQUIRES_PYAPI != 0;
        let quiet = (*spec).flags & NO_FLOATINGPOINT_ERRORS != 0;
        foreign::register_method(u, dtypes, function, needs_api, quiet)
    }
}

/// `PyUFunc_LoopSlot`.
#[repr(C)]
pub(super) struct LoopSlot {
    name: *const c_char,
    spec: *const Spec,
}

/// Adds loops to ufuncs named `module:ufunc`, in a list that ends with a NULL name.
pub(super) unsafe fn add_all(py: Python<'_>, slots: *const LoopSlot) -> PyResult<()> {
    // SAFETY: such a list by the C API's contract.
    unsafe {
        let mut at = slots;
        while !(*at).name.is_null() {
            let name = std::ffi::CStr::from_ptr((*at).name).to_string_lossy();
            let (module, rest) = name.split_once(':').unwrap_or(("numpy", &name));
            let home = match module {
                "numpy" => py.import("numoxide")?,
                other => py.import(other)?,
            };
            let mut found = home.into_any();
            for part in rest.split('.') {
                found = found.getattr(part)?;
            }
            add(found.as_ptr().cast(), (*at).spec)?;
            at = at.add(1);
        }
    }
    Ok(())
}

/// The loop among the slots, which end with number 0.
unsafe fn strided(slots: *const Slot) -> Option<MethodLoop> {
    // SAFETY: a list that ends with 0 by the C API's contract.
    unsafe {
        STRIDED.into_iter().find_map(|wanted| {
            let mut at = slots;
            while !at.is_null() && (*at).slot != 0 {
                if (*at).slot == wanted && !(*at).pfunc.is_null() {
                    return Some(std::mem::transmute::<*mut c_void, MethodLoop>((*at).pfunc));
                }
                at = at.add(1);
            }
            None
        })
    }
}
