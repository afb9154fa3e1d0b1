//! Slots, attributes and methods of the scalar types, put together.

use super::types::Abstract;
use super::{buffer, convert, generic, math, new, numeric, print, void};
use crate::statics::leak_table;
use numoxide_dtype::TypeNum;
use pyo3::ffi;

/// Fills an abstract scalar type before it is made ready.
///
/// # Safety
/// - `ty` is zeroed but for name, base and sizes.
pub(crate) unsafe fn fill_abstract(ty: *mut ffi::PyTypeObject, which: usize) {
    // SAFETY: by contract.
    unsafe {
        if which == Abstract::Generic as usize {
            generic::fill(ty);
            // Scalars of registered dtypes inherit it.
            (*ty).tp_as_buffer =
                leak_table(|t: &mut ffi::PyBufferProcs| t.bf_getbuffer = Some(buffer::get));
        } else {
            numeric::fill_abstract(ty, which);
        }
    }
}

/// Fills a concrete scalar type before it is made ready.
///
/// # Safety
/// - `ty` is zeroed but for name, bases and sizes.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject, num: TypeNum) {
    // SAFETY: by contract.
    unsafe {
        print::fill(ty, num);
        (*ty).tp_new = Some(new::new_slot);
        if let TypeNum::Str | TypeNum::Bytes = num {
            // Text compares as Python's does, not by way of arrays.
            let base = match num {
                TypeNum::Str => &raw mut ffi::PyUnicode_Type,
                _ => &raw mut ffi::PyBytes_Type,
            };
            (*ty).tp_hash = (*base).tp_hash;
            (*ty).tp_richcompare = (*base).tp_richcompare;
        } else {
            (*ty).tp_hash = Some(convert::hash);
            (*ty).tp_richcompare = Some(generic::richcompare);
            (*ty).tp_as_buffer =
                leak_table(|t: &mut ffi::PyBufferProcs| t.bf_getbuffer = Some(buffer::get));
        }
        if num == TypeNum::Str {
            (*ty).tp_as_buffer = leak_table(|t: &mut ffi::PyBufferProcs| {
                t.bf_getbuffer = Some(buffer::get_text);
                t.bf_releasebuffer = Some(buffer::release_text);
            });
        }
        numeric::fill(ty, num);
        if num.is_number() {
            math::fill(ty, num);
        }
        if num == TypeNum::Void {
            void::fill(ty);
        }
    }
}
