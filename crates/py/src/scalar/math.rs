//! Arithmetic of number scalars.

use super::convert;
use crate::statics::leak_table;
use numoxide_dtype::TypeNum;
use pyo3::ffi;

/// Adds the number slots of a concrete number type.
///
/// # Safety
/// - `ty` is the type being filled.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject, num: TypeNum) {
    // SAFETY: by contract.
    unsafe {
        (*ty).tp_as_number = leak_table(|t: &mut ffi::PyNumberMethods| {
            super::generic::number_slots(t);
            if num.is_integer() {
                t.nb_index = Some(convert::index);
            }
        });
    }
}
