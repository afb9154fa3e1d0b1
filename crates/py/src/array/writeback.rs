//! `WRITEBACKIFCOPY`: a temporary whose items go back into its base.

use super::ArrayRef;
use crate::err::cannot_cast;
use crate::layout::{flags, ArrayObject};
use numoxide_core::DType;
use numoxide_dtype::{can_cast, Casting};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;

/// Copies the items into the base and lets go of it; true if there was one.
pub(crate) fn resolve(array: ArrayRef<'_, '_>) -> PyResult<bool> {
    if array.flags() & flags::WRITEBACKIFCOPY == 0 {
        return Ok(false);
    }
    let Some(base) = array.base() else {
        return Ok(false);
    };
    array.set_flag(flags::WRITEBACKIFCOPY, false);
    let target = ArrayRef::of(&base);
    target.set_flag(flags::WRITEABLE, true);
    // SAFETY: the array's reference to its base moves into `held` and is dropped once.
    let held = unsafe {
        let raw = array.raw();
        let held = Bound::from_owned_ptr(array.py(), (*raw).base);
        (*raw).base = std::ptr::null_mut();
        held
    };
    let done = super::assign::assign(target, array);
    drop(held);
    done.map(|()| true)
}

/// Makes `copy` stand for `base`, which cannot be written until the copy is resolved.
pub(crate) fn attach(copy: ArrayRef<'_, '_>, base: Bound<'_, PyAny>) -> PyResult<()> {
    ArrayRef::of(&base).set_flag(flags::WRITEABLE, false);
    // SAFETY: a fresh array without a base takes over the reference.
    unsafe { (*copy.raw()).base = base.into_ptr() };
    copy.set_flag(flags::WRITEBACKIFCOPY, true);
    Ok(())
}

/// As [`attach`] for arrays that C code names, which may not fit.
pub(crate) fn set_base(array: ArrayRef<'_, '_>, base: Bound<'_, PyAny>) -> PyResult<()> {
    let Some(target) = ArrayRef::from_bound(&base) else {
        return Err(PyValueError::new_err(
            "Cannot WRITEBACKIFCOPY to NULL array",
        ));
    };
    if array.base().is_some() {
        return Err(PyValueError::new_err(
            "Cannot set array with existing base to WRITEBACKIFCOPY",
        ));
    }
    target.check_writeable("WRITEBACKIFCOPY base")?;
    attach(array, base)?;
    Ok(())
}

/// Checks an output that NumPy fills by way of a copy of the given dtype: it must hold such values
/// safely, and be written to at the end.
pub(crate) fn check_out(out: ArrayRef<'_, '_>, dtype: &DType) -> PyResult<()> {
    let have = out.dtype();
    if !can_cast(&have, dtype, Casting::Safe) {
        let pair = [have, dtype.clone()];
        return Err(cannot_cast(out.py(), out.ndim(), pair, Casting::Safe));
    }
    out.check_writeable("WRITEBACKIFCOPY base")
}

/// The last reference goes while the write-back is still due: warn and do it.
///
/// # Safety
/// - Called from the deallocator, with the array still whole.
pub(super) unsafe fn on_dealloc(array: *mut ArrayObject) {
    // SAFETY: the array is revived for the time of the copy.
    unsafe {
        let py = Python::assume_attached();
        // A number of this size on each version, in a union since 3.12.
        let count = (&raw mut (*array).ob_base.ob_refcnt).cast::<isize>();
        *count += 1;
        let text = c"WRITEBACKIFCOPY detected in array_dealloc.  Required call to \
            PyArray_ResolveWritebackIfCopy or PyArray_DiscardWritebackIfCopy is missing.";
        if ffi::PyErr_WarnEx(ffi::PyExc_RuntimeWarning, text.as_ptr(), 1) < 0 {
            ffi::PyErr_WriteUnraisable(array.cast());
        }
        let borrowed = pyo3::Borrowed::from_ptr(py, array.cast());
        if let Some(view) = ArrayRef::from_any(borrowed) {
            if let Err(e) = resolve(view) {
                e.write_unraisable(py, None);
            }
        }
        *count -= 1;
    }
}
