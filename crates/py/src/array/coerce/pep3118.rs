//! Arrays over buffers of other objects (PEP 3118).

use super::super::{from_view, Shape, Strides, NDARRAY};
use crate::args::Arg;
use crate::descr;
use crate::layout::{flags, Descr};
use numoxide_core::TypeNum;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

/// The dtype of a one-character native format.
fn simple(format: &[u8]) -> Option<TypeNum> {
    let code = match format {
        [b'@' | b'^', c] | [c] => *c,
        _ => return None,
    };
    match code {
        b'b' | b'B' | b'h' | b'H' | b'i' | b'I' | b'l' | b'L' | b'q' | b'Q' | b'f' | b'd'
        | b'g' | b'e' | b'?' => TypeNum::from_code(code),
        b'O' => Some(TypeNum::Object),
        _ => None,
    }
}

/// The dtype of a buffer's format.
pub(crate) fn dtype_of_format(py: Python<'_>, format: &[u8]) -> PyResult<Py<PyAny>> {
    if let Some(num) = simple(format) {
        // SAFETY: default instances live for ever.
        return Ok(unsafe { Bound::from_borrowed_ptr(py, descr::singleton(num).cast()).unbind() });
    }
    let text = String::from_utf8_lossy(format);
    py.import("numoxide._core._internal")?
        .getattr("_dtype_from_pep3118")?
        .call1((text,))
        .map(Bound::unbind)
}

/// An array over the object's buffer, kept alive by a memoryview as its base.
pub(crate) fn from_buffer<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let py = ob.py();
    // SAFETY: a valid object; a memoryview holds its buffer as long as it lives.
    let (view, buffer) = unsafe {
        let view = Bound::from_owned_ptr_or_err(py, ffi::PyMemoryView_FromObject(ob.as_ptr()))?;
        let buffer = &raw const (*view.as_ptr().cast::<MemoryView>()).view;
        (view, &*buffer)
    };
    let format = match buffer.format.is_null() {
        true => &b"B"[..],
        // SAFETY: NUL-terminated text.
        false => unsafe { std::ffi::CStr::from_ptr(buffer.format) }.to_bytes(),
    };
    let dtype = dtype_of_format(py, format)?;
    let descr: *mut Descr = dtype.as_ptr().cast();
    // SAFETY: a valid dtype.
    let elsize = unsafe { (*descr).elsize };
    if buffer.itemsize != 0 && elsize != buffer.itemsize {
        return Err(PyRuntimeError::new_err(format!(
            "Item size {} for PEP 3118 buffer format {} does not match the dtype {} item size {elsize}.",
            buffer.itemsize,
            String::from_utf8_lossy(format),
            String::from_utf8_lossy(format),
        )));
    }
    let (shape, strides) = geometry(buffer)?;
    let bits = if buffer.readonly != 0 {
        0
    } else {
        flags::WRITEABLE
    };
    let data = buffer.buf.cast();
    from_view(
        py,
        NDARRAY.get(),
        descr,
        &shape,
        &strides,
        data,
        bits,
        Some(&view),
    )
}

fn geometry(buffer: &ffi::Py_buffer) -> PyResult<(Shape, Strides)> {
    let nd = buffer.ndim as usize;
    if nd > numoxide_core::MAX_DIMS {
        return Err(PyRuntimeError::new_err(format!(
            "PEP3118 dimensions do not satisfy 0 <= ndim <= {}",
            numoxide_core::MAX_DIMS
        )));
    }
    if nd == 0 {
        return Ok((Shape::new(), Strides::new()));
    }
    if buffer.shape.is_null() {
        let n = if buffer.itemsize == 0 {
            0
        } else {
            buffer.len / buffer.itemsize
        };
        return Ok((
            Shape::from_slice(&[n as usize]),
            Strides::from_slice(&[buffer.itemsize]),
        ));
    }
    // SAFETY: a buffer with a shape has `nd` lengths; strides are asked for by memoryview.
    let shape: Shape = unsafe { std::slice::from_raw_parts(buffer.shape, nd) }
        .iter()
        .map(|&n| n as usize)
        .collect();
    if !buffer.suboffsets.is_null() {
        return Err(PyValueError::new_err(
            "PEP3118 buffers with suboffsets are not supported",
        ));
    }
    if buffer.strides.is_null() {
        let strides =
            super::super::reshape::contiguous_strides(&shape, buffer.itemsize as usize, false);
        return Ok((shape, strides));
    }
    // SAFETY: as above.
    let strides = unsafe { std::slice::from_raw_parts(buffer.strides, nd) };
    Ok((shape, Strides::from_slice(strides)))
}

/// The head of Python's memoryview object up to its buffer.
#[repr(C)]
struct MemoryView {
    head: ffi::PyVarObject,
    managed: *mut ffi::PyObject,
    hash: ffi::Py_hash_t,
    flags: std::ffi::c_int,
    exports: isize,
    view: ffi::Py_buffer,
}
