//! The buffer protocol.

use crate::layout::ArrayObject;

/// Frees what exported buffers left behind.
///
/// # Safety
/// - `array` is being deallocated.
pub(super) unsafe fn release_info(array: *mut ArrayObject) {
    let _ = array;
}
