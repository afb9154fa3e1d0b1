//! Python references inside single items.

use crate::descr;
use crate::layout::{descr_flags, Descr};
use numoxide_dtype::TypeNum;
use pyo3::ffi;
use pyo3::prelude::*;

/// Counts the references that a copied item holds.
///
/// # Safety
/// - `ptr` points to a valid item of the live dtype.
pub(crate) unsafe fn acquire(ptr: *mut u8, descr: *mut Descr) {
    // SAFETY: by contract.
    unsafe {
        each(ptr, descr, &mut |slot| {
            ffi::Py_XINCREF(slot.read_unaligned())
        })
    }
}

/// Drops the references that an item holds and leaves NULLs.
///
/// # Safety
/// - `ptr` points to a valid item of the live dtype.
pub(crate) unsafe fn release(ptr: *mut u8, descr: *mut Descr) {
    // SAFETY: by contract; the slot is emptied before arbitrary code may run.
    unsafe {
        each(ptr, descr, &mut |slot| {
            let old = slot.read_unaligned();
            slot.write_unaligned(std::ptr::null_mut());
            ffi::Py_XDECREF(old);
        });
    }
}

/// # Safety
/// - `ptr` points to a valid item of the live dtype.
unsafe fn each(ptr: *mut u8, descr: *mut Descr, f: &mut dyn FnMut(*mut *mut ffi::PyObject)) {
    // SAFETY: by contract; fields and sub-array items lie inside the item.
    unsafe {
        if (*descr).flags & descr_flags::ITEM_REFCOUNT == 0 {
            return;
        }
        if descr::num_of(descr) == TypeNum::Object {
            return f(ptr.cast());
        }
        let Some(legacy) = descr::as_legacy(descr) else {
            return;
        };
        if let Some(sub) = (*legacy).subarray.as_ref() {
            let count = (*descr).elsize / (*sub.base).elsize.max(1);
            for i in 0..count {
                each(ptr.offset(i * (*sub.base).elsize), sub.base, f);
            }
            return;
        }
        for field in descr::fields(Python::assume_attached(), descr) {
            each(ptr.offset(field.offset), field.descr, f);
        }
    }
}
