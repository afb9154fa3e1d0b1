//! Arrays over buffers of other objects (PEP 3118).

use super::super::{from_view, Shape, Strides, NDARRAY};
use crate::args::Arg;
use crate::descr;
use crate::layout::{flags, Descr};
use numoxide_core::TypeNum;
use pyo3::exceptions::{PyBufferError, PyRuntimeError, PyValueError};
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
    let parse = py
        .import("numoxide._core._internal")?
        .getattr("_dtype_from_pep3118")?;
    parse.call1((&text,)).map(Bound::unbind).map_err(|cause| {
        let error = PyValueError::new_err(format!(
            "'{text}' is not a valid PEP 3118 buffer format string"
        ));
        error.set_cause(py, Some(cause));
        error
    })
}

/// The dtype of a ctypes object whose format leaves out the padding, with the warning that it is a guess.
fn dtype_of_ctypes<'py>(ob: Arg<'_, 'py>) -> PyResult<Option<Py<PyAny>>> {
    let py = ob.py();
    // A memoryview stands for the object behind it.
    let ob = match ob.is_instance_of::<pyo3::types::PyMemoryView>() {
        true => ob.getattr("obj")?,
        false => ob.to_owned(),
    };
    let parse = py
        .import("numoxide._core._internal")?
        .getattr("_dtype_of_ctypes_item")?;
    let made = parse.call1((ob,))?;
    Ok((!made.is_none()).then(|| made.unbind()))
}

/// A memoryview of the object.
pub(super) fn memory_view<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid object.
    unsafe { Bound::from_owned_ptr_or_err(ob.py(), ffi::PyMemoryView_FromObject(ob.as_ptr())) }
}

/// An array over the object's buffer, kept alive by a memoryview as its base.
pub(crate) fn from_buffer<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    from_view_of(ob, memory_view(ob)?)
}

/// As [`from_buffer`], with the memoryview made.
pub(super) fn from_view_of<'py>(
    ob: Arg<'_, 'py>,
    view: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = ob.py();
    // SAFETY: a memoryview holds its buffer as long as it lives.
    let buffer = unsafe { &(*view.as_ptr().cast::<MemoryView>()).view };
    let format = match buffer.format.is_null() {
        true => &b"B"[..],
        // SAFETY: NUL-terminated text that lives as long as the buffer.
        false => unsafe { std::ffi::CStr::from_ptr(buffer.format) }.to_bytes(),
    };
    let mut dtype = dtype_of_format(py, format)?;
    // SAFETY: a valid dtype.
    let mut elsize = unsafe { (*dtype.as_ptr().cast::<Descr>()).elsize };
    if buffer.itemsize != 0 && elsize != buffer.itemsize {
        if let Some(own) = dtype_of_ctypes(ob)? {
            (dtype, elsize) = (own, buffer.itemsize);
        }
    }
    let descr: *mut Descr = dtype.as_ptr().cast();
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
        return Err(PyBufferError::new_err(
            "NumPy currently does not support importing buffers which include suboffsets as they \
             are not compatible with the NumPymemory layout without a copy.  Consider copying the \
             original before trying to convert it to a NumPy array.",
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
