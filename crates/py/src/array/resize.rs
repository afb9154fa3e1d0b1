//! `ndarray.resize`: growing or shrinking owned items in place.

use super::object::{data_is_inline, free_items};
use super::reshape::{contiguous_strides, replace_geometry};
use super::{make, ArrayRef, Items, Spec};
use crate::convert;
use crate::layout::flags;
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;

/// Resizes; new items are zero.
pub(super) fn resize(a: ArrayRef<'_, '_>, wanted: &[isize], refcheck: bool) -> PyResult<()> {
    let py = a.py();
    if !a.is_c() && !a.is_f() {
        return Err(PyValueError::new_err(
            "resize only works on single-segment arrays",
        ));
    }
    if wanted.iter().any(|n| *n < 0) {
        return Err(PyValueError::new_err("negative dimensions not allowed"));
    }
    let shape = convert::lengths(wanted)?;
    let old_bytes = a.size() * a.itemsize();
    let new_bytes = numoxide_core::Layout::check_size(&shape, a.itemsize())
        .map_err(|_| pyo3::exceptions::PyMemoryError::new_err(()))?;
    if old_bytes != new_bytes {
        check_owner(a, refcheck)?;
        // A fresh array takes the common items; the two then exchange their memory.
        let fresh = make(
            py,
            Spec {
                items: Items::Zeros,
                ..Spec::new(a.descr(), &shape)
            },
        )?;
        take_items(a, ArrayRef::of(&fresh), old_bytes.min(new_bytes))?;
    }
    let strides = contiguous_strides(&shape, a.itemsize(), a.is_f() && !a.is_c());
    replace_geometry(a, &shape, &strides);
    Ok(())
}

fn check_owner(a: ArrayRef<'_, '_>, refcheck: bool) -> PyResult<()> {
    if !a.has(flags::OWNDATA) {
        return Err(PyValueError::new_err(
            "cannot resize this array: it does not own its data",
        ));
    }
    // SAFETY: a valid array.
    let (base, weak) = unsafe { ((*a.raw()).base, (*a.raw()).weakreflist) };
    if !base.is_null() || !weak.is_null() {
        return Err(PyValueError::new_err(
            "cannot resize an array that references or is referenced\n\
             by another array in this way.  Use the np.resize function.",
        ));
    }
    // SAFETY: a valid object.
    if refcheck && unsafe { ffi::Py_REFCNT(a.as_any().as_ptr()) } > 2 {
        return Err(PyValueError::new_err(
            "cannot resize an array that references or is referenced\n\
             by another array in this way.\n\
             Use the np.resize function or refcheck=False",
        ));
    }
    Ok(())
}

/// Moves the first `common` bytes to memory of the new size and makes that the array's own.
fn take_items(a: ArrayRef<'_, '_>, fresh: ArrayRef<'_, '_>, common: usize) -> PyResult<()> {
    // SAFETY: both arrays own contiguous items of at least `common` bytes; references in the items
    // move bytewise, so the source bytes are cleared before they could be dropped twice.
    unsafe {
        let (from, to) = (a.raw(), fresh.raw());
        let want = super::object::data_bytes(to);
        // What the common items replace is let go.
        let start = (*to).data as usize;
        super::refs::for_each_object(to, |slot| {
            if (slot as usize) < start + common {
                super::refs::take(slot);
            }
        });
        let data = if data_is_inline(to) {
            let block = super::memory::alloc(want, false);
            if !block.is_null() {
                block.copy_from_nonoverlapping((*to).data, want);
            }
            block
        } else {
            std::mem::replace(&mut (*to).data, std::ptr::null_mut())
        };
        if data.is_null() {
            return Err(pyo3::exceptions::PyMemoryError::new_err(
                "cannot allocate memory for array",
            ));
        }
        (*to).flags &= !flags::OWNDATA;
        data.copy_from_nonoverlapping((*from).data, common);
        (*from).data.write_bytes(0, common);
        free_items(from);
        (*from).data = data;
        let handler = std::mem::replace(&mut (*from).mem_handler, super::memory::handler());
        ffi::Py_XDECREF(handler);
    }
    Ok(())
}
