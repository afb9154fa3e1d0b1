//! Pickling of dtypes: `__reduce__` and `__setstate__`.

use super::engine::{datetime_meta, num_of};
use super::text::{is_struct, scalar_type, subarray};
use super::{as_legacy, make};
use crate::args::{Arg, CallArgs};
use crate::layout::{DateTimeAux, Descr, LegacyDescr};
use crate::scalar;
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};

fn none(py: Python<'_>) -> Bound<'_, PyAny> {
    py.None().into_bound(py)
}

/// `dtype.__reduce__()`.
pub(crate) fn reduce<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let descr: *mut Descr = slf.as_ptr().cast();
    // SAFETY: a ready type.
    let class = unsafe { crate::statics::type_object(py, super::descr_type()) };
    let key = (key(py, descr)?, false, true).into_pyobject(py)?;
    let state = state(py, descr)?;
    Ok((class, key, state).into_pyobject(py)?.into_any())
}

/// What `dtype()` is called with to make the dtype to be filled.
fn key<'py>(py: Python<'py>, descr: *mut Descr) -> PyResult<Bound<'py, PyAny>> {
    let num = num_of(descr);
    let odd = scalar_type(py, descr).filter(|t| t.as_type_ptr() != scalar::type_for(num));
    if let Some(ty) = odd.filter(|_| matches!(num, TypeNum::Void | TypeNum::User)) {
        return Ok(ty.into_any());
    }
    // SAFETY: a live dtype.
    let (kind, size) = unsafe { ((*descr).kind as u8 as char, (*descr).elsize) };
    let size = if num == TypeNum::Str { size / 4 } else { size };
    Ok(PyString::new(py, &format!("{kind}{size}")).into_any())
}

fn state<'py>(py: Python<'py>, descr: *mut Descr) -> PyResult<Bound<'py, PyTuple>> {
    let num = num_of(descr);
    // SAFETY: a live dtype; the pointers are NULL or objects.
    let (d, names, fields, metadata) = unsafe {
        let legacy = descr.cast::<LegacyDescr>();
        let get = |ob| Bound::from_borrowed_ptr_or_opt(py, ob);
        let (names, fields) = match is_struct(descr) {
            true => (get((*legacy).names), get((*legacy).fields)),
            false => (None, None),
        };
        (&*descr, names, fields, get((*descr).metadata))
    };
    let order = match d.byteorder as u8 {
        b'=' if cfg!(target_endian = "little") => '<',
        b'=' => '>',
        b => b as char,
    };
    let sub = match subarray(py, descr) {
        // SAFETY: the sub-array part keeps its base alive.
        Some((base, shape)) => unsafe {
            PyTuple::new(py, [make::share(py, base).into_bound(py), shape])?.into_any()
        },
        None => none(py),
    };
    let sized = num.is_flexible() || num == TypeNum::User;
    let (elsize, align) = if sized {
        (d.elsize, d.alignment)
    } else {
        (-1, -1)
    };
    let extra = extra_state(py, descr, num, metadata)?;
    let version = if extra.is_some() { 4 } else { 3 };
    let mut items = vec![
        i64::from(version).into_pyobject(py)?.into_any(),
        PyString::new(py, &order.to_string()).into_any(),
        sub,
        names.unwrap_or_else(|| none(py)),
        fields.unwrap_or_else(|| none(py)),
        elsize.into_pyobject(py)?.into_any(),
        align.into_pyobject(py)?.into_any(),
        d.flags.into_pyobject(py)?.into_any(),
    ];
    items.extend(extra);
    PyTuple::new(py, items)
}

/// Metadata, and the unit of dates.
fn extra_state<'py>(
    py: Python<'py>,
    descr: *mut Descr,
    num: TypeNum,
    metadata: Option<Bound<'py, PyAny>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if !matches!(num, TypeNum::DateTime | TypeNum::TimeDelta) {
        return Ok(metadata);
    }
    // SAFETY: a live datetime dtype.
    let meta = unsafe { datetime_meta(descr) };
    let unit = PyBytes::new(py, meta.unit.name().as_bytes());
    let unit = (unit, meta.num, 1, 1).into_pyobject(py)?;
    let pair = (metadata.unwrap_or_else(|| none(py)), unit);
    Ok(Some(pair.into_pyobject(py)?.into_any()))
}

/// `dtype.__setstate__(state)`.
pub(crate) fn setstate<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let descr: *mut Descr = slf.as_ptr().cast();
    // Default instances are shared: nothing is ever stored in them.
    // SAFETY: a live dtype.
    if unsafe { as_legacy(descr) }.is_none() || super::singleton(num_of(descr)) == descr {
        return Ok(none(py));
    }
    let state = args.get(0).to_owned();
    let state = state
        .cast_into::<PyTuple>()
        .map_err(|_| PyTypeError::new_err("__setstate__ needs a tuple"))?;
    check_state(descr, &state)?;
    // Old states lack the flags, then the names, then their own version.
    let (order, names, size) =
        match state.len() {
            5 => (0, None, 3),
            6 => (1, None, 4),
            7..=9 => (1, Some(3), 5),
            _ => return Err(PyValueError::new_err(
                "Invalid state while unpickling. Is the pickle corrupted or created with a newer \
                 NumPy version?",
            )),
        };
    let names = names.map_or_else(|| Ok(none(py)), |at| state.get_item(at))?;
    let (fields, sub) = (state.get_item(size - 1)?, state.get_item(order + 1)?);
    let (elsize, align): (isize, isize) = (
        state.get_item(size)?.extract()?,
        state.get_item(size + 1)?.extract()?,
    );
    let order: String = text(&state.get_item(order)?)?;
    // SAFETY: a dtype of our own that nobody shares yet, as pickling made it with `copy=True`.
    unsafe {
        let native = if cfg!(target_endian = "little") {
            "<"
        } else {
            ">"
        };
        let byte = order.bytes().next().unwrap_or(b'=');
        (*descr).byteorder = if order == native { b'=' } else { byte } as _;
        (*descr).hash = -1;
        if elsize >= 0 && num_of(descr).is_flexible() {
            (*descr).elsize = elsize;
            (*descr).alignment = align.max(1);
        }
        if let Ok(flags) = state.get_item(7) {
            (*descr).flags = flags.extract()?;
        }
        set_fields(descr, &names, &fields)?;
        set_sub(descr, &sub)?;
    }
    if let Ok(extra) = state.get_item(8) {
        set_extra(descr, &extra)?;
    }
    Ok(none(py))
}

/// Refuses a state that no version of ours has written, before anything of it is taken over.
fn check_state(descr: *mut Descr, state: &Bound<'_, PyTuple>) -> PyResult<()> {
    if state.len() < 6 {
        return Ok(());
    }
    let version: isize = state.get_item(0)?.extract()?;
    if !(0..=4).contains(&version) {
        return Err(PyValueError::new_err(format!(
            "can't handle version {version} of numpy.dtype pickle"
        )));
    }
    let order = state.get_item(1)?;
    if !order.is_none() && text(&order).is_err() {
        let words = "endian is not a string in Numpy dtype unpickling";
        return Err(PyValueError::new_err(words));
    }
    if !matches!(num_of(descr), TypeNum::DateTime | TypeNum::TimeDelta) || state.len() < 9 {
        return Ok(());
    }
    let extra = state.get_item(8)?;
    match extra.cast::<PyTuple>() {
        Ok(pair) if pair.len() == 2 => {
            scalar::unit_tuple(&pair.get_item(1)?)?;
            Ok(())
        }
        _ => Err(PyValueError::new_err(format!(
            "Invalid datetime dtype (metadata, c_metadata): {}",
            extra.repr()?
        ))),
    }
}

/// Text that old pickles hold as bytes.
fn text(obj: &Bound<'_, PyAny>) -> PyResult<String> {
    match obj.cast::<PyBytes>() {
        Ok(bytes) => Ok(String::from_utf8_lossy(bytes.as_bytes()).into_owned()),
        Err(_) => obj.extract(),
    }
}

/// # Safety
/// - `descr` is a live, unshared legacy dtype.
unsafe fn set_fields(
    descr: *mut Descr,
    names: &Bound<'_, PyAny>,
    fields: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let legacy = descr.cast::<LegacyDescr>();
    if names.is_none() || !fields.is_instance_of::<PyDict>() || !names.is_instance_of::<PyTuple>() {
        return Ok(());
    }
    let (names, fields) = as_text(names, fields)?;
    // SAFETY: by contract.
    unsafe {
        let old = std::mem::replace(&mut (*legacy).names, names.into_ptr());
        let old_fields = std::mem::replace(&mut (*legacy).fields, fields.into_ptr());
        ffi::Py_XDECREF(old);
        ffi::Py_XDECREF(old_fields);
    }
    Ok(())
}

/// Names and fields; what Python 2 wrote has bytes for names where it is read with `encoding='bytes'`.
fn as_text<'py>(
    names: &Bound<'py, PyAny>,
    fields: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let py = names.py();
    let (list, table) = (names.cast::<PyTuple>()?, fields.cast::<PyDict>()?);
    if !list.iter().any(|name| name.is_instance_of::<PyBytes>()) {
        return Ok((names.clone(), fields.clone()));
    }
    let word = |name: Bound<'py, PyAny>| -> PyResult<Bound<'py, PyAny>> {
        match name.is_instance_of::<PyBytes>() {
            true => Ok(PyString::new(py, &text(&name)?).into_any()),
            false => Ok(name),
        }
    };
    let list: Vec<_> = list.iter().map(word).collect::<PyResult<_>>()?;
    let made = PyDict::new(py);
    for (key, value) in table.iter() {
        made.set_item(word(key)?, value)?;
    }
    Ok((PyTuple::new(py, list)?.into_any(), made.into_any()))
}

/// # Safety
/// - `descr` is a live, unshared legacy dtype.
unsafe fn set_sub(descr: *mut Descr, sub: &Bound<'_, PyAny>) -> PyResult<()> {
    let Ok(pair) = sub.cast::<PyTuple>() else {
        return Ok(());
    };
    let base = pair.get_item(0)?;
    if !super::is_descr(&base) {
        return Err(PyTypeError::new_err(
            "the base of a sub-array must be a dtype",
        ));
    }
    let shape = pair.get_item(1)?;
    let shape = match shape.cast::<PyTuple>() {
        Ok(shape) => shape.clone(),
        Err(_) => PyTuple::new(sub.py(), [shape])?,
    };
    // SAFETY: by contract.
    unsafe {
        let legacy = descr.cast::<LegacyDescr>();
        if (*legacy).subarray.is_null() {
            make::set_subarray(descr, base.as_ptr().cast(), shape.as_ptr());
        }
    }
    Ok(())
}

fn set_extra(descr: *mut Descr, extra: &Bound<'_, PyAny>) -> PyResult<()> {
    let mut metadata = extra.clone();
    if matches!(num_of(descr), TypeNum::DateTime | TypeNum::TimeDelta) {
        let Ok(pair) = extra.cast::<PyTuple>() else {
            return Ok(());
        };
        metadata = pair.get_item(0)?;
        let unit = pair.get_item(1)?;
        let name = text(&unit.get_item(0)?)?;
        let unit_num = super::unit_named(&name)
            .ok_or_else(|| PyTypeError::new_err(format!("Invalid datetime unit \"{name}\"")))?;
        // SAFETY: datetime dtypes carry unit data.
        unsafe {
            let aux = (*descr.cast::<LegacyDescr>())
                .c_metadata
                .cast::<DateTimeAux>();
            if let Some(aux) = aux.as_mut() {
                aux.unit = unit_num as i32;
                aux.num = unit.get_item(1)?.extract()?;
            }
        }
    }
    if metadata.is_instance_of::<PyDict>() {
        // SAFETY: a live dtype that pickling made.
        unsafe {
            let old = std::mem::replace(&mut (*descr).metadata, metadata.into_ptr());
            ffi::Py_XDECREF(old);
        }
    }
    Ok(())
}
