//! Fields of structured arrays by name.

use crate::args::Arg;
use crate::array::{view_as, ArrayRef};
use crate::descr;
use crate::layout::{Descr, LegacyDescr};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

/// The view that a field name or a list of them gives; `None` if the key or the dtype is another.
pub(super) fn field_view<'py>(
    a: ArrayRef<'_, 'py>,
    key: Arg<'_, 'py>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // SAFETY: only void dtypes, which are legacy, are looked into.
    let fields = unsafe {
        if (*a.descr()).type_num != 20 {
            return Ok(None);
        }
        let legacy = a.descr().cast::<LegacyDescr>();
        if (*legacy).names.is_null() || (*legacy).names == ffi::Py_None() {
            return Ok(None);
        }
        (*legacy).fields
    };
    if key.is_instance_of::<PyString>() {
        return one_field(a, fields, key).map(Some);
    }
    let Ok(list) = key.cast::<PyList>() else {
        return Ok(None);
    };
    if list.is_empty() || !list.iter().all(|item| item.is_instance_of::<PyString>()) {
        return Ok(None);
    }
    check_names(a, fields, &list.to_owned())?;
    let chosen = descr::choose(a.py(), a.descr(), &list.to_owned())?;
    view_as(a, chosen.as_ptr().cast(), a.shape(), a.strides(), a.data()).map(Some)
}

fn one_field<'py>(
    a: ArrayRef<'_, 'py>,
    fields: *mut ffi::PyObject,
    key: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the field dictionary maps names to tuples (dtype, offset[, title]), which it keeps alive.
    let (descr, offset) = unsafe {
        let entry = ffi::PyDict_GetItem(fields, key.as_ptr());
        if entry.is_null() {
            return Err(PyValueError::new_err(format!(
                "no field of name {}",
                key.str()?
            )));
        }
        let offset = ffi::PyLong_AsSsize_t(ffi::PyTuple_GET_ITEM(entry, 1));
        (ffi::PyTuple_GET_ITEM(entry, 0).cast::<Descr>(), offset)
    };
    view_as(
        a,
        descr,
        a.shape(),
        a.strides(),
        a.data().wrapping_offset(offset),
    )
}

/// Several names: each known, none twice, no titles.
fn check_names(
    a: ArrayRef<'_, '_>,
    fields: *mut ffi::PyObject,
    list: &Bound<'_, PyList>,
) -> PyResult<()> {
    // SAFETY: a live structured dtype and its field dictionary.
    let all = unsafe { descr::fields(a.py(), a.descr()) };
    for (i, name) in list.iter().enumerate() {
        // SAFETY: as above.
        let known = !unsafe { ffi::PyDict_GetItem(fields, name.as_ptr()) }.is_null();
        if !known {
            return Err(PyKeyError::new_err(name.unbind()));
        }
        if !all.iter().any(|f| f.name.eq(&name).unwrap_or(false)) {
            return Err(PyKeyError::new_err(
                "cannot use field titles in multi-field index",
            ));
        }
        for before in list.iter().take(i) {
            if before.eq(&name)? {
                let text = format!("duplicate field of name '{}'", name.str()?);
                return Err(PyValueError::new_err(text));
            }
        }
    }
    Ok(())
}
