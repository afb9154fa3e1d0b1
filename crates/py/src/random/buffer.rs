//! Contiguous memory of arrays, borrowed through the buffer protocol.

use std::mem::MaybeUninit;

use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;

/// A contiguous buffer, released when dropped.
pub(crate) struct Contiguous {
    view: ffi::Py_buffer,
}

impl Drop for Contiguous {
    fn drop(&mut self) {
        // SAFETY: the view was filled by `PyObject_GetBuffer`, and this thread holds the lock.
        unsafe { ffi::PyBuffer_Release(&mut self.view) };
    }
}

impl Contiguous {
    fn get(object: &Bound<'_, PyAny>, flags: std::ffi::c_int) -> PyResult<Self> {
        let mut view = MaybeUninit::<ffi::Py_buffer>::zeroed();
        // SAFETY: a live object and memory for one view, which the call fills on success.
        match unsafe { ffi::PyObject_GetBuffer(object.as_ptr(), view.as_mut_ptr(), flags) } {
            0 => Ok(Self {
                // SAFETY: filled just now.
                view: unsafe { view.assume_init() },
            }),
            _ => Err(PyErr::fetch(object.py())),
        }
    }

    /// Memory to write, in C or Fortran order.
    pub(crate) fn writable(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::get(object, ffi::PyBUF_WRITABLE | ffi::PyBUF_ANY_CONTIGUOUS)
    }

    /// Memory to read, in C order.
    pub(crate) fn readable(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::get(object, ffi::PyBUF_C_CONTIGUOUS)
    }

    /// The size of one item in bytes.
    pub(crate) fn itemsize(&self) -> usize {
        self.view.itemsize as usize
    }

    /// Checks that items are `T`s in size and alignment, and counts them.
    fn items<T>(&self) -> PyResult<usize> {
        let fits = self.itemsize() == size_of::<T>() && self.view.buf.cast::<T>().is_aligned();
        if !fits {
            return Err(PyValueError::new_err("buffer of another item type"));
        }
        Ok(self.view.len as usize / size_of::<T>())
    }

    /// The items as a slice to write.
    ///
    /// # Safety
    /// - The buffer was asked for writing, any bits are a `T`, and nothing else uses the memory
    ///   while the slice lives.
    pub(crate) unsafe fn slice_mut<T>(&mut self) -> PyResult<&mut [T]> {
        let len = self.items::<T>()?;
        if len == 0 {
            return Ok(&mut []);
        }
        // SAFETY: contiguous, of this length and aligned, as checked; the rest by contract.
        Ok(unsafe { std::slice::from_raw_parts_mut(self.view.buf.cast(), len) })
    }

    /// The items as a slice to read.
    ///
    /// # Safety
    /// - Any bits are a `T`, and nothing writes the memory while the slice lives.
    pub(crate) unsafe fn slice<T>(&self) -> PyResult<&[T]> {
        let len = self.items::<T>()?;
        if len == 0 {
            return Ok(&[]);
        }
        // SAFETY: as for `slice_mut`.
        Ok(unsafe { std::slice::from_raw_parts(self.view.buf.cast(), len) })
    }
}
