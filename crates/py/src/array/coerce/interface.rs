//! `__array_struct__` and `__array_interface__`, read.

use super::super::{from_view, reshape, Shape, Strides, NDARRAY};
use crate::args::Arg;
use crate::convert;
use crate::descr;
use crate::layout::{flags, ArrayInterface, Descr};
use numoxide_core::{DType, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// The array of a `__array_struct__` capsule.
pub(super) fn from_struct<'py>(
    ob: Arg<'_, 'py>,
    attr: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = ob.py();
    // SAFETY: a capsule without name; its struct is checked by its first field.
    unsafe {
        if ffi::PyCapsule_IsValid(attr.as_ptr(), std::ptr::null()) == 0 {
            // SAFETY: as above.
            if ffi::PyType_Check(ob.as_ptr()) != 0 {
                return Ok(None);
            }
            return Err(PyTypeError::new_err("invalid __array_struct__"));
        }
        let s =
            &*ffi::PyCapsule_GetPointer(attr.as_ptr(), std::ptr::null()).cast::<ArrayInterface>();
        if s.two != 2 || s.nd < 0 || s.nd as usize > numoxide_core::MAX_DIMS {
            return Err(PyValueError::new_err("invalid __array_struct__"));
        }
        let nd = s.nd as usize;
        let swapped = s.flags & 0x200 == 0 && s.itemsize > 1;
        let dtype = struct_dtype(py, s, swapped)?;
        let dims = super::super::object::raw_slice(s.shape, nd);
        let shape: Shape = dims.iter().map(|&n| n as usize).collect();
        let strides = match s.strides.is_null() {
            true => reshape::contiguous_strides(&shape, s.itemsize as usize, false),
            false => Strides::from_slice(super::super::object::raw_slice(s.strides, nd)),
        };
        let owner = PyTuple::new(py, [ob.to_owned(), attr.clone()])?.into_any();
        let descr = dtype.as_ptr().cast();
        let bits = s.flags & flags::WRITEABLE;
        from_view(
            py,
            NDARRAY.get(),
            descr,
            &shape,
            &strides,
            s.data.cast(),
            bits,
            Some(&owner),
        )
        .map(Some)
    }
}

/// # Safety
/// - The struct is valid.
unsafe fn struct_dtype(py: Python<'_>, s: &ArrayInterface, swapped: bool) -> PyResult<Py<PyAny>> {
    const HAS_DESCR: i32 = 0x800;
    if s.flags & HAS_DESCR != 0 && !s.descr.is_null() {
        // SAFETY: by contract.
        let list = unsafe { Bound::from_borrowed_ptr(py, s.descr) };
        if let Ok(dtype) = descr::convert(py, &list) {
            return Ok(dtype);
        }
    }
    let order = if swapped { '>' } else { '<' };
    let size = if s.typekind as u8 == b'U' {
        s.itemsize / 4
    } else {
        s.itemsize
    };
    let text = format!("{order}{}{size}", s.typekind as u8 as char);
    descr::convert(py, pyo3::types::PyString::new(py, &text).as_any())
}

/// The array of an `__array_interface__` dictionary.
pub(super) fn from_dict<'py>(
    ob: Arg<'_, 'py>,
    attr: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = ob.py();
    let Ok(dict) = attr.cast::<PyDict>() else {
        // SAFETY: plain type check; classes show a property object here.
        if unsafe { ffi::PyType_Check(ob.as_ptr()) } != 0 {
            return Ok(None);
        }
        return Err(PyValueError::new_err(
            "Invalid __array_interface__ value, must be a dict",
        ));
    };
    let Some(typestr) = dict.get_item("typestr")? else {
        return Err(PyValueError::new_err("Missing __array_interface__ typestr"));
    };
    if !typestr.is_instance_of::<pyo3::types::PyString>()
        && !typestr.is_instance_of::<pyo3::types::PyBytes>()
    {
        return Err(PyTypeError::new_err(
            "__array_interface__ typestr must be a string",
        ));
    }
    let mut dtype = descr::convert(py, &typestr)?;
    if let Some(list) = dict.get_item("descr")? {
        dtype = refine(py, dtype, &list)?;
    }
    let has_data = dict.contains("data")?;
    let shape = match dict.get_item("shape")? {
        Some(shape) if shape.is_instance_of::<PyTuple>() => {
            if shape.len()? > numoxide_core::MAX_DIMS {
                return Err(PyValueError::new_err(format!(
                    "number of dimensions must be within [0, {}], got {}",
                    numoxide_core::MAX_DIMS,
                    shape.len()?
                )));
            }
            convert::int_list(shape.as_borrowed())?
        }
        Some(_) => return Err(PyTypeError::new_err("shape must be a tuple")),
        // Without data it may be a number.
        None if !has_data => Strides::new(),
        None => return Err(PyValueError::new_err("Missing __array_interface__ shape")),
    };
    let shape = convert::lengths(&shape)?;
    // SAFETY: a plain protocol check of a live object.
    if !has_data && unsafe { ffi::PyObject_CheckBuffer(ob.as_ptr()) } == 0 {
        return number(ob, dict, dtype.as_ptr().cast(), &shape).map(Some);
    }
    let source = Source::read(ob, dict)?;
    view(ob, dict, dtype.as_ptr().cast(), &shape, source).map(Some)
}

/// The array of a number-like object whose interface tells dtype and shape, but no data.
fn number<'py>(
    ob: Arg<'_, 'py>,
    dict: &Bound<'py, PyDict>,
    descr: *mut Descr,
    shape: &[usize],
) -> PyResult<Bound<'py, PyAny>> {
    let py = ob.py();
    // SAFETY: a valid dtype.
    let itemsize = unsafe { (*descr).elsize } as usize;
    strides_of(dict, shape, itemsize)?;
    if shape.iter().product::<usize>() != 1 {
        return Err(PyValueError::new_err(
            "cannot coerce scalar to array with size > 1",
        ));
    }
    let out = super::super::empty(py, shape, descr, false)?;
    let a = super::super::ArrayRef::of(&out);
    // SAFETY: the array has one item.
    unsafe { crate::scalar::set_item(py, a.data(), a.descr(), &ob)? };
    Ok(out)
}

/// The strides that an interface tells, else contiguous ones.
fn strides_of(dict: &Bound<'_, PyDict>, shape: &[usize], itemsize: usize) -> PyResult<Strides> {
    let strides = match dict.get_item("strides")? {
        Some(s) if !s.is_none() => {
            if !s.is_instance_of::<PyTuple>() {
                return Err(PyTypeError::new_err("strides must be a tuple"));
            }
            convert::int_list(s.as_borrowed())?
        }
        _ => return Ok(reshape::contiguous_strides(shape, itemsize, false)),
    };
    if strides.len() != shape.len() {
        return Err(PyValueError::new_err(
            "mismatch in length of strides and shape",
        ));
    }
    Ok(strides)
}

/// A plain void dtype gives way to the more detailed list of fields.
fn refine(py: Python<'_>, dtype: Py<PyAny>, list: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let old: DType = descr::dtype_of(dtype.as_ptr().cast());
    let default = list.len().is_ok_and(|n| n == 1)
        && list
            .get_item(0)
            .and_then(|t| t.get_item(0))
            .is_ok_and(|n| n.eq("").unwrap_or(false));
    if old.num != TypeNum::Void || default {
        return Ok(dtype);
    }
    let new = descr::convert(py, list)?;
    let size = descr::dtype_of(new.as_ptr().cast()).size;
    Ok(if size == old.size { new } else { dtype })
}

/// Where the items of an interface lie.
struct Source<'py> {
    data: *mut u8,
    writeable: bool,
    base: Bound<'py, PyAny>,
    /// Bytes there are, where known.
    len: Option<usize>,
}

impl<'py> Source<'py> {
    fn read(ob: Arg<'_, 'py>, dict: &Bound<'py, PyDict>) -> PyResult<Source<'py>> {
        let py = ob.py();
        let data = dict.get_item("data")?;
        if let Some(pair) = data.as_ref().and_then(|d| d.cast::<PyTuple>().ok()) {
            if pair.len() != 2 {
                return Err(PyTypeError::new_err(
                    "__array_interface__ data must be a 2-tuple with (data pointer integer, \
                     read-only flag)",
                ));
            }
            let address = pair.get_item(0)?;
            let at: usize = match address.cast::<pyo3::types::PyString>() {
                Ok(text) => usize::from_str_radix(text.to_str()?.trim_start_matches("0x"), 16)
                    .unwrap_or(0),
                Err(_) => address.extract().map_err(|_| {
                    PyTypeError::new_err("first element of __array_interface__ data tuple must be integer or string.")
                })?,
            };
            let writeable = !pair.get_item(1)?.is_truthy()?;
            return Ok(Source {
                data: at as *mut u8,
                writeable,
                base: ob.to_owned(),
                len: None,
            });
        }
        let holder = match data {
            Some(d) if !d.is_none() => d,
            _ => ob.to_owned(),
        };
        let offset: usize = match dict.get_item("offset")? {
            Some(o) => o.extract()?,
            None => 0,
        };
        let buffer = super::super::buffer::bytes_of(py, &holder)?;
        // SAFETY: the offset may reach at most the end, which `view` checks by the length.
        let data = unsafe { buffer.data.add(offset.min(buffer.len)) };
        let len = Some(buffer.len.saturating_sub(offset));
        Ok(Source {
            data,
            writeable: buffer.writeable,
            base: buffer.owner,
            len,
        })
    }
}

fn view<'py>(
    ob: Arg<'_, 'py>,
    dict: &Bound<'py, PyDict>,
    descr: *mut Descr,
    shape: &[usize],
    source: Source<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = ob.py();
    // SAFETY: a valid dtype.
    let itemsize = unsafe { (*descr).elsize } as usize;
    let strides = strides_of(dict, shape, itemsize)?;
    if source.data.is_null() {
        if numoxide_core::Layout::check_size(shape, itemsize).unwrap_or(1) > 0 {
            return Err(PyValueError::new_err(
                "data is NULL but array contains data, in older versions of NumPy this may have used \
                 the scalar path.  To get the scalar path you must leave the data field undefined.",
            ));
        }
        // No address of ours is NULL.
        let out = super::super::empty(py, shape, descr, false)?;
        super::super::set_base(&out, source.base)?;
        return Ok(out);
    }
    if let Some(len) = source.len {
        let need = numoxide_core::Layout::check_size(shape, itemsize).unwrap_or(usize::MAX);
        if need > len {
            return Err(PyValueError::new_err(
                "buffer is too small for requested array",
            ));
        }
    }
    let bits = if source.writeable {
        flags::WRITEABLE
    } else {
        0
    };
    from_view(
        py,
        NDARRAY.get(),
        descr,
        shape,
        &strides,
        source.data,
        bits,
        Some(&source.base),
    )
}
