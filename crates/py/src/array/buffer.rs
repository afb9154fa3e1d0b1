//! The buffer protocol.

use crate::layout::ArrayObject;
use pyo3::ffi;
use pyo3::prelude::*;

/// Frees what exported buffers left behind.
///
/// # Safety
/// - `array` is being deallocated.
pub(super) unsafe fn release_info(array: *mut ArrayObject) {
    let _ = array;
}

/// Contiguous bytes of another object.
pub(super) struct Bytes<'py> {
    /// First byte.
    pub(super) data: *mut u8,
    /// Number of bytes.
    pub(super) len: usize,
    /// May be written.
    pub(super) writeable: bool,
    /// Keeps the bytes alive.
    pub(super) owner: Bound<'py, PyAny>,
}

/// The bytes of an object with a contiguous buffer; a memoryview keeps them.
pub(super) fn bytes_of<'py>(py: Python<'py>, ob: &Bound<'py, PyAny>) -> PyResult<Bytes<'py>> {
    // SAFETY: a valid object; the buffer is released at once, its memory stays with the owner.
    unsafe {
        let mut view = std::mem::MaybeUninit::<ffi::Py_buffer>::zeroed();
        let p = view.as_mut_ptr();
        if ffi::PyObject_GetBuffer(ob.as_ptr(), p, ffi::PyBUF_WRITABLE) < 0 {
            ffi::PyErr_Clear();
            if ffi::PyObject_GetBuffer(ob.as_ptr(), p, ffi::PyBUF_SIMPLE) < 0 {
                return Err(PyErr::fetch(py));
            }
        }
        let buffer = &*p;
        let (data, len, writeable) = (
            buffer.buf.cast::<u8>(),
            buffer.len as usize,
            buffer.readonly == 0,
        );
        ffi::PyBuffer_Release(p);
        Ok(Bytes {
            data,
            len,
            writeable,
            owner: ob.clone(),
        })
    }
}
