//! Python references inside array items.

use super::object::raw_slice;
use crate::layout::{ArrayObject, Descr, LegacyDescr};
use pyo3::ffi;

/// Byte offsets of the object pointers in one item.
pub(crate) fn offsets(descr: *mut Descr) -> Vec<usize> {
    let mut out = Vec::new();
    collect(&crate::descr::dtype_of(descr), 0, &mut out);
    out
}

fn collect(dtype: &numoxide_core::DType, at: usize, out: &mut Vec<usize>) {
    if dtype.num == numoxide_core::TypeNum::Object {
        out.push(at);
    } else if let Some(fields) = dtype.fields() {
        for f in fields.iter().filter(|f| f.dtype.has_objects()) {
            collect(&f.dtype, at + f.offset, out);
        }
    } else if let Some((base, shape)) = dtype.subarray() {
        if base.has_objects() {
            for i in 0..shape.iter().product::<usize>() {
                collect(base, at + i * base.size, out);
            }
        }
    }
}

/// Drops all references the items hold and leaves NULLs.
///
/// # Safety
/// - The array is valid; pointers in items are NULL or owned references.
pub(super) unsafe fn clear_items(array: *mut ArrayObject) {
    // SAFETY: by contract.
    unsafe { for_each_object(array, |slot| take(slot)) }
}

/// Drops the reference in a slot.
///
/// # Safety
/// - `slot` addresses NULL or an owned reference (maybe unaligned).
pub(crate) unsafe fn take(slot: *mut *mut ffi::PyObject) {
    // SAFETY: by contract; the slot is emptied before arbitrary code may run.
    unsafe {
        let old = slot.read_unaligned();
        slot.write_unaligned(std::ptr::null_mut());
        ffi::Py_XDECREF(old);
    }
}

/// Calls `f` with the address of each object pointer of each item.
///
/// # Safety
/// - The array is valid.
pub(crate) unsafe fn for_each_object(
    array: *mut ArrayObject,
    mut f: impl FnMut(*mut *mut ffi::PyObject),
) {
    // SAFETY: every address lies in an item of the array.
    unsafe {
        let offsets = offsets_of((*array).descr);
        let nd = (*array).nd as usize;
        let dims = raw_slice((*array).dimensions, nd);
        let strides = raw_slice((*array).strides, nd);
        walk((*array).data, dims, strides, &mut |item| {
            for &at in &offsets {
                f(item.add(at).cast());
            }
        });
    }
}

/// Whether items of the dtype own memory beyond their bytes (objects, variable-width strings).
pub(crate) fn holds_memory(dtype: &numoxide_core::DType) -> bool {
    use numoxide_core::TypeNum;
    match (dtype.num, dtype.fields(), dtype.subarray()) {
        (TypeNum::Object | TypeNum::VString | TypeNum::User, _, _) => true,
        (_, Some(fields), _) => fields.iter().any(|f| holds_memory(&f.dtype)),
        (_, _, Some((base, _))) => holds_memory(base),
        _ => false,
    }
}

/// As [`offsets`], without a look at the dtype where it holds no references.
pub(crate) fn offsets_if_any(descr: *mut Descr) -> Vec<usize> {
    // SAFETY: a valid descr.
    match unsafe { (*descr).flags } & crate::layout::descr_flags::ITEM_REFCOUNT {
        0 => Vec::new(),
        _ => offsets_of(descr),
    }
}

fn offsets_of(descr: *mut Descr) -> Vec<usize> {
    // SAFETY: a valid descr.
    match unsafe { (*descr).type_num } {
        17 => vec![0],
        _ => offsets(descr),
    }
}

/// Calls `f` with the address of every item, in C order.
///
/// # Safety
/// - All items are addressable.
pub(crate) unsafe fn walk(
    data: *mut u8,
    dims: &[isize],
    strides: &[isize],
    f: &mut impl FnMut(*mut u8),
) {
    match (dims, strides) {
        ([n, rest @ ..], [s, rest_strides @ ..]) => {
            for i in 0..*n {
                // SAFETY: by contract.
                unsafe { walk(data.offset(i * s), rest, rest_strides, f) };
            }
        }
        _ => f(data),
    }
}

/// Whether a dtype is legacy and has fields.
///
/// # Safety
/// - `descr` is a valid dtype object.
pub(crate) unsafe fn has_fields(descr: *mut Descr) -> bool {
    // SAFETY: only void and registered dtypes, which are legacy, are looked into.
    unsafe {
        matches!((*descr).type_num, 20 | 256..=2055) && {
            let names = (*descr.cast::<LegacyDescr>()).names;
            !names.is_null() && names != ffi::Py_None()
        }
    }
}
