//! `numpy.ndarray(...)`.

use super::create::dtype_arg;
use super::retype::extent;
use super::{buffer, finalize, make, Items, Spec};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr;
use crate::layout::{descr_flags, flags, Descr};
use crate::slots::trampoline;
use numoxide_core::{Layout, Order, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::Borrowed;

static NDARRAY: Sig = Sig::new(
    "ndarray",
    &["shape", "dtype", "buffer", "offset", "strides", "order"],
    0,
);

/// `tp_new`.
pub(super) unsafe extern "C" fn entry(
    subtype: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter passes a tuple, and a dictionary or NULL, with its lock held.
    unsafe {
        trampoline(|py| {
            let mut all: Vec<*mut ffi::PyObject> = Borrowed::from_ptr(py, args)
                .cast::<PyTuple>()?
                .iter_borrowed()
                .map(|a| a.as_ptr())
                .collect();
            let npos = all.len() as isize;
            let mut names = None;
            if let Some(kwargs) = Bound::from_borrowed_ptr_or_opt(py, kwargs) {
                let kwargs = kwargs.cast::<PyDict>()?.clone();
                all.extend(kwargs.values().iter().map(|v| v.as_ptr()));
                names = Some(kwargs.keys().to_tuple());
            }
            let names = names.as_ref().map_or(std::ptr::null_mut(), |n| n.as_ptr());
            new(py, subtype, CallArgs::new(py, all.as_ptr(), npos, names))
        })
    }
}

fn new<'py>(
    py: Python<'py>,
    subtype: *mut ffi::PyTypeObject,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [shape, dtype, source, offset, strides, order] = args.parse(&NDARRAY)?;
    let Some(shape) = shape else {
        return Err(PyTypeError::new_err(
            "ndarray() missing required argument 'shape' (pos 1)",
        ));
    };
    let shape = convert::shape(shape)?;
    let dtype = dtype_arg(py, dtype)?;
    let offset = offset.map_or(Ok(0), convert::plain_index)?;
    let strides = convert::none_is_absent(strides)
        .map(convert::int_list)
        .transpose()?;
    let fortran = convert::order(order, Order::C)? == Order::F;
    let double = descr::singleton(TypeNum::Double);
    let descr: *mut Descr = dtype.as_ref().map_or(double, |d| d.as_ptr().cast());
    if let Some(strides) = &strides {
        if strides.len() != shape.len() {
            return Err(PyValueError::new_err(
                "strides, if given, must be the same length as shape",
            ));
        }
    }
    // SAFETY: a valid dtype.
    let itemsize = unsafe { (*descr).elsize } as usize;
    let nothing = pyo3::types::PyBytes::new(py, b"").into_any();
    let source = match convert::none_is_absent(source) {
        // Text of no character: no item needs any memory.
        None if itemsize == 0 && dtype.is_some() => Some(nothing.as_borrowed()),
        given => given,
    };
    let Some(source) = source else {
        return fresh(py, subtype, descr, &shape, strides.as_deref(), fortran);
    };
    over_buffer(
        py,
        subtype,
        descr,
        itemsize,
        &shape,
        strides.as_deref(),
        fortran,
        source,
        offset,
    )
}

fn fresh<'py>(
    py: Python<'py>,
    subtype: *mut ffi::PyTypeObject,
    descr: *mut Descr,
    shape: &[usize],
    strides: Option<&[isize]>,
    fortran: bool,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid dtype.
    let itemsize = unsafe { (*descr).elsize } as usize;
    if let Some(strides) = strides {
        let bytes = Layout::check_size(shape, itemsize).unwrap_or(0);
        check_strides(shape, strides, itemsize, 0, bytes)?;
    }
    let items = Items::Empty;
    let out = make(
        py,
        Spec {
            subtype,
            strides,
            fortran,
            items,
            ..Spec::new(descr, shape)
        },
    )?;
    if subtype != super::NDARRAY.get() {
        finalize(&out, &py.None().into_bound(py))?;
    }
    Ok(out)
}

fn over_buffer<'py>(
    py: Python<'py>,
    subtype: *mut ffi::PyTypeObject,
    descr: *mut Descr,
    itemsize: usize,
    shape: &[usize],
    strides: Option<&[isize]>,
    fortran: bool,
    source: Arg<'_, 'py>,
    offset: isize,
) -> PyResult<Bound<'py, PyAny>> {
    let bytes = buffer::bytes_of(py, &source.to_owned())?;
    // SAFETY: a valid dtype.
    if unsafe { (*descr).flags } & descr_flags::ITEM_REFCOUNT != 0 && !shape.contains(&0) {
        // SAFETY: the buffer holds so many bytes. Only those of no object at all are safe to read.
        let empty = unsafe { std::slice::from_raw_parts(bytes.data, bytes.len) };
        if empty.iter().any(|b| *b != 0) {
            return Err(PyValueError::new_err(
                "cannot construct array of objects from a buffer",
            ));
        }
    }
    let len = bytes.len as isize;
    if offset < 0 {
        return Err(PyValueError::new_err("offset must be non-negative"));
    }
    let own;
    let strides = match strides {
        Some(s) => {
            check_strides(shape, s, itemsize, offset, bytes.len)?;
            s
        }
        None => {
            let need = Layout::check_size(shape, itemsize).unwrap_or(usize::MAX) as isize;
            if offset.saturating_add(need) > len {
                return Err(PyTypeError::new_err(
                    "buffer is too small for requested array",
                ));
            }
            own = super::reshape::contiguous_strides(shape, itemsize, fortran);
            &own
        }
    };
    // SAFETY: checked to lie in the buffer.
    let data = unsafe { bytes.data.offset(offset) };
    let bits = if bytes.writeable { flags::WRITEABLE } else { 0 };
    let out = make(
        py,
        Spec {
            subtype,
            strides: Some(strides),
            items: Items::At(data),
            flags: bits,
            ..Spec::new(descr, shape)
        },
    )?;
    super::set_base(&out, bytes.owner)?;
    if subtype != super::NDARRAY.get() {
        finalize(&out, &py.None().into_bound(py))?;
    }
    Ok(out)
}

fn check_strides(
    shape: &[usize],
    strides: &[isize],
    itemsize: usize,
    offset: isize,
    bytes: usize,
) -> PyResult<()> {
    let (low, high) = extent(shape, strides, itemsize);
    let empty = shape.contains(&0);
    if !empty && (low + offset < 0 || high.saturating_add(offset) > bytes as isize) {
        return Err(PyValueError::new_err(
            "strides is incompatible with shape of requested array and size of buffer",
        ));
    }
    Ok(())
}
