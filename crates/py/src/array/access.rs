//! A borrowed array: the public fields, read at each call.

use super::object::{raw_slice, update_flags, NDARRAY};
use crate::layout::{flags, ArrayObject, Descr};
use crate::slots::Receiver;
use numoxide_core::{DType, RawView};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;
use std::ffi::c_int;

/// A borrowed ndarray (or subtype).
#[derive(Clone, Copy)]
pub(crate) struct ArrayRef<'a, 'py>(Borrowed<'a, 'py, PyAny>);

impl<'a, 'py> Receiver<'a, 'py> for ArrayRef<'a, 'py> {
    unsafe fn receive(py: Python<'py>, slf: *mut ffi::PyObject) -> Self {
        // SAFETY: the slot belongs to ndarray.
        ArrayRef(unsafe { Borrowed::from_ptr(py, slf) })
    }
}

impl<'a, 'py> ArrayRef<'a, 'py> {
    /// The object as an array, if it is one.
    #[inline]
    pub(crate) fn from_any(ob: Borrowed<'a, 'py, PyAny>) -> Option<Self> {
        // SAFETY: a valid object.
        unsafe { NDARRAY.has(ob.as_ptr()) }.then_some(ArrayRef(ob))
    }

    /// The object as an array, if it is one.
    #[inline]
    pub(crate) fn from_bound(ob: &'a Bound<'py, PyAny>) -> Option<Self> {
        Self::from_any(ob.as_borrowed())
    }

    /// A bound object that is known to be an array.
    #[inline]
    pub(crate) fn of(ob: &'a Bound<'py, PyAny>) -> Self {
        // SAFETY: a valid object.
        debug_assert!(unsafe { NDARRAY.has(ob.as_ptr()) });
        ArrayRef(ob.as_borrowed())
    }

    /// The interpreter.
    pub(crate) fn py(self) -> Python<'py> {
        self.0.py()
    }

    /// The object.
    pub(crate) fn as_any(self) -> Borrowed<'a, 'py, PyAny> {
        self.0
    }

    /// A new reference to the object.
    pub(crate) fn as_bound(self) -> Bound<'py, PyAny> {
        self.0.to_owned()
    }

    /// The raw struct.
    #[inline]
    pub(crate) fn raw(self) -> *mut ArrayObject {
        self.0.as_ptr().cast()
    }

    /// The object's type.
    pub(crate) fn type_ptr(self) -> *mut ffi::PyTypeObject {
        // SAFETY: a valid object.
        unsafe { ffi::Py_TYPE(self.0.as_ptr()) }
    }

    /// Whether the type is ndarray itself.
    #[inline]
    pub(crate) fn is_exact(self) -> bool {
        self.type_ptr() == NDARRAY.get()
    }

    /// First item.
    #[inline]
    pub(crate) fn data(self) -> *mut u8 {
        // SAFETY: a valid array.
        unsafe { (*self.raw()).data }
    }

    /// Number of axes.
    #[inline]
    pub(crate) fn ndim(self) -> usize {
        // SAFETY: a valid array.
        unsafe { (*self.raw()).nd as usize }
    }

    /// Length of each axis; do not hold across Python code that may reshape the array.
    #[inline]
    pub(crate) fn shape(self) -> &'a [usize] {
        // SAFETY: lengths are never negative; the list lives as long as the array keeps its shape.
        unsafe {
            let dims = raw_slice((*self.raw()).dimensions, self.ndim());
            std::slice::from_raw_parts(dims.as_ptr().cast(), dims.len())
        }
    }

    /// Byte strides; do not hold across Python code that may reshape the array.
    #[inline]
    pub(crate) fn strides(self) -> &'a [isize] {
        // SAFETY: as for the shape.
        unsafe { raw_slice((*self.raw()).strides, self.ndim()) }
    }

    /// The dtype object, borrowed from the array.
    #[inline]
    pub(crate) fn descr(self) -> *mut Descr {
        // SAFETY: a valid array.
        unsafe { (*self.raw()).descr }
    }

    /// A new reference to the dtype object.
    pub(crate) fn dtype_object(self) -> Bound<'py, PyAny> {
        // SAFETY: the descr is a valid object.
        unsafe { Bound::from_borrowed_ptr(self.py(), self.descr().cast()) }
    }

    /// The engine's dtype.
    pub(crate) fn dtype(self) -> DType {
        crate::descr::dtype_of(self.descr())
    }

    /// NumPy's type number.
    #[inline]
    pub(crate) fn type_num(self) -> c_int {
        // SAFETY: the descr is valid.
        unsafe { (*self.descr()).type_num }
    }

    /// Item size in bytes.
    #[inline]
    pub(crate) fn itemsize(self) -> usize {
        // SAFETY: the descr is valid.
        unsafe { (*self.descr()).elsize as usize }
    }

    /// Number of items.
    #[inline]
    pub(crate) fn size(self) -> usize {
        self.shape().iter().product()
    }

    /// Flag bits.
    #[inline]
    pub(crate) fn flags(self) -> c_int {
        // SAFETY: a valid array.
        unsafe { (*self.raw()).flags }
    }

    /// Whether all bits of `which` are set.
    #[inline]
    pub(crate) fn has(self, which: c_int) -> bool {
        self.flags() & which == which
    }

    /// C-contiguous.
    #[inline]
    pub(crate) fn is_c(self) -> bool {
        self.has(flags::C_CONTIGUOUS)
    }

    /// Fortran-contiguous.
    #[inline]
    pub(crate) fn is_f(self) -> bool {
        self.has(flags::F_CONTIGUOUS)
    }

    /// The base object, if any.
    pub(crate) fn base(self) -> Option<Bound<'py, PyAny>> {
        // SAFETY: a valid object or NULL.
        unsafe { Bound::from_borrowed_ptr_or_opt(self.py(), (*self.raw()).base) }
    }

    /// The raw view over `dtype`, which must be this array's.
    pub(crate) fn view<'v>(self, dtype: &'v DType) -> RawView<'v>
    where
        'a: 'v,
    {
        RawView {
            ptr: self.data(),
            dtype,
            shape: self.shape(),
            strides: self.strides(),
        }
    }

    /// Fails unless items may be written; warns where the array asks for it.
    pub(crate) fn check_writeable(self, name: &str) -> PyResult<()> {
        if !self.has(flags::WRITEABLE) {
            return Err(PyValueError::new_err(format!("{name} is read-only")));
        }
        if self.flags() & flags::WARN_ON_WRITE != 0 {
            super::flags::warn_on_write(self)?;
        }
        Ok(())
    }

    /// Others may write to the memory: not where a write would warn.
    pub(crate) fn exports_writeable(self) -> bool {
        self.flags() & (flags::WRITEABLE | flags::WARN_ON_WRITE) == flags::WRITEABLE
    }

    /// Sets or clears flag bits.
    pub(crate) fn set_flag(self, which: c_int, on: bool) {
        // SAFETY: a valid array.
        unsafe {
            if on {
                (*self.raw()).flags |= which;
            } else {
                (*self.raw()).flags &= !which;
            }
        }
    }

    /// Recomputes contiguity and alignment.
    pub(crate) fn refresh_flags(self) {
        // SAFETY: a valid array.
        unsafe {
            update_flags(
                self.raw(),
                flags::C_CONTIGUOUS | flags::F_CONTIGUOUS | flags::ALIGNED,
            );
        }
    }
}
