//! Between the C-layout dtype object and the engine's `DType`.

use super::make::{self, is_legacy};
use super::singleton;
use crate::layout::{descr_flags, DateTimeAux, Descr, LegacyDescr};
use numoxide_dtype::{DType, DateTimeMeta, DateTimeUnit, Extra, Field, StructInfo, TypeNum};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::sync::Arc;

/// The byte-order character that is not the machine's.
pub(crate) const SWAPPED: u8 = if cfg!(target_endian = "little") {
    b'>'
} else {
    b'<'
};

/// The type number of a dtype object.
pub(crate) fn num_of(descr: *mut Descr) -> TypeNum {
    // SAFETY: callers pass live dtypes.
    let num = TypeNum::from_c(unsafe { (*descr).type_num }).unwrap_or(TypeNum::Void);
    match num {
        // SAFETY: registered dtypes have the legacy layout.
        TypeNum::User if unsafe { !(*descr.cast::<LegacyDescr>()).names.is_null() } => {
            TypeNum::Void
        }
        num => num,
    }
}

/// The engine's dtype, read from the public fields at each call.
#[inline]
pub(crate) fn dtype_of(descr: *mut Descr) -> DType {
    let num = num_of(descr);
    // SAFETY: callers pass live dtypes.
    unsafe {
        DType {
            num,
            swapped: (*descr).byteorder as u8 == SWAPPED,
            align: (*descr).alignment.max(1) as usize,
            size: (*descr).elsize as usize,
            extra: match num {
                TypeNum::Void => void_extra(descr),
                TypeNum::DateTime | TypeNum::TimeDelta => {
                    Some(Arc::new(Extra::DateTime(datetime_meta(descr))))
                }
                TypeNum::User => Some(Arc::new(Extra::User((*descr).type_num))),
                _ => None,
            },
        }
    }
}

/// The engine's unit for NumPy's number.
pub(crate) fn unit_from_c(unit: i32) -> DateTimeUnit {
    use DateTimeUnit as U;
    const UNITS: [DateTimeUnit; 15] = [
        U::Year,
        U::Month,
        U::Week,
        U::Generic,
        U::Day,
        U::Hour,
        U::Minute,
        U::Second,
        U::Milli,
        U::Micro,
        U::Nano,
        U::Pico,
        U::Femto,
        U::Atto,
        U::Generic,
    ];
    UNITS.get(unit as usize).copied().unwrap_or(U::Generic)
}

/// Unit of a datetime dtype.
///
/// # Safety
/// - `descr` is a live datetime or timedelta dtype.
pub(crate) unsafe fn datetime_meta(descr: *mut Descr) -> DateTimeMeta {
    // SAFETY: datetime dtypes are legacy instances; their unit data has this layout.
    let aux = unsafe {
        (*descr.cast::<LegacyDescr>())
            .c_metadata
            .cast::<DateTimeAux>()
            .as_ref()
    };
    aux.map_or(
        DateTimeMeta {
            unit: DateTimeUnit::Generic,
            num: 1,
        },
        |aux| DateTimeMeta {
            unit: unit_from_c(aux.unit),
            num: aux.num,
        },
    )
}

/// # Safety
/// - `descr` is a live void dtype and the interpreter lock is held.
unsafe fn void_extra(descr: *mut Descr) -> Option<Arc<Extra>> {
    let legacy = descr.cast::<LegacyDescr>();
    // SAFETY: by contract; fields are read through the interpreter's functions.
    unsafe {
        if let Some(sub) = (*legacy).subarray.as_ref() {
            let py = Python::assume_attached();
            let shape = Bound::from_borrowed_ptr(py, sub.shape);
            return Some(Arc::new(Extra::SubArray {
                base: dtype_of(sub.base),
                shape: shape.extract().unwrap_or_default(),
            }));
        }
        if (*legacy).names.is_null() {
            return None;
        }
        Some(Arc::new(Extra::Struct(StructInfo {
            fields: fields(Python::assume_attached(), descr)
                .into_iter()
                .map(|f| Field {
                    name: f.name.to_string(),
                    title: f.title.and_then(|t| t.extract().ok()),
                    offset: f.offset as usize,
                    dtype: dtype_of(f.descr),
                })
                .collect(),
            aligned: (*descr).flags & descr_flags::ALIGNED_STRUCT != 0,
        })))
    }
}

/// One field of a structured dtype object.
pub(crate) struct FieldRef<'py> {
    /// Its name.
    pub(crate) name: Bound<'py, PyAny>,
    /// Its dtype, kept alive by the field dictionary.
    pub(crate) descr: *mut Descr,
    /// Byte offset.
    pub(crate) offset: isize,
    /// Title object, if any.
    pub(crate) title: Option<Bound<'py, PyAny>>,
}

/// The fields in order; empty when not structured.
///
/// # Safety
/// - `descr` is a live dtype.
pub(crate) unsafe fn fields<'py>(py: Python<'py>, descr: *mut Descr) -> Vec<FieldRef<'py>> {
    // SAFETY: by contract; names is a tuple and fields a dictionary wherever they are set.
    unsafe {
        if !is_legacy(descr) || (*descr.cast::<LegacyDescr>()).names.is_null() {
            return Vec::new();
        }
        let legacy = descr.cast::<LegacyDescr>();
        let names = Bound::from_borrowed_ptr(py, (*legacy).names);
        let Ok(names) = names.cast_into::<PyTuple>() else {
            return Vec::new();
        };
        names
            .iter()
            .filter_map(|name| {
                let entry = ffi::PyDict_GetItem((*legacy).fields, name.as_ptr());
                (!entry.is_null()).then(|| field_entry(py, name, entry))
            })
            .collect()
    }
}

/// # Safety
/// - `entry` is a tuple (dtype, offset) or (dtype, offset, title).
unsafe fn field_entry<'py>(
    py: Python<'py>,
    name: Bound<'py, PyAny>,
    entry: *mut ffi::PyObject,
) -> FieldRef<'py> {
    // SAFETY: by contract.
    unsafe {
        FieldRef {
            name,
            descr: ffi::PyTuple_GET_ITEM(entry, 0).cast(),
            offset: ffi::PyLong_AsSsize_t(ffi::PyTuple_GET_ITEM(entry, 1)),
            title: (ffi::PyTuple_GET_SIZE(entry) > 2)
                .then(|| Bound::from_borrowed_ptr(py, ffi::PyTuple_GET_ITEM(entry, 2))),
        }
    }
}

/// The dtype object for an engine dtype: the default instance where one fits, else a fresh one.
pub(crate) fn descr_for(py: Python<'_>, dtype: &DType) -> PyResult<Py<PyAny>> {
    let num = dtype.num;
    let made = match (num, dtype.extra.as_deref()) {
        (TypeNum::User, _) => user_descr(py, dtype)?,
        (_, Some(Extra::Struct(info))) => return struct_descr(py, info, dtype),
        (_, Some(Extra::SubArray { base, shape })) => {
            let base = descr_for(py, base)?;
            let dims: Vec<isize> = shape.iter().map(|&n| n as isize).collect();
            // SAFETY: `base` is a live dtype object.
            unsafe { make::subarray(py, base.as_ptr().cast(), &dims)? }
        }
        (_, Some(Extra::DateTime(meta))) if meta.unit != DateTimeUnit::Generic => {
            make::datetime(py, num, meta.unit as i32, meta.num)?
        }
        _ if num.is_flexible() && dtype.size > 0 => make::sized(py, num, dtype.size)?,
        // SAFETY: default instances live for ever.
        _ if !dtype.swapped => return Ok(unsafe { make::share(py, singleton(num)) }),
        _ => make::fresh(py, num)?,
    };
    // SAFETY: `made` is fresh and owned.
    unsafe {
        if dtype.swapped {
            (*made).byteorder = SWAPPED as _;
        }
        Ok(make::own(py, made))
    }
}

/// A fresh copy of a registered dtype, or the registered one itself.
fn user_descr(py: Python<'_>, dtype: &DType) -> PyResult<*mut Descr> {
    let found = crate::capi::user::descr(crate::capi::user::c_num(dtype));
    let found = found.ok_or_else(|| PyTypeError::new_err("unknown user dtype"))?;
    // SAFETY: registered dtypes live for ever.
    unsafe {
        if dtype.swapped {
            return make::copy(py, found);
        }
        ffi::Py_INCREF(found.cast());
    }
    Ok(found)
}

fn struct_descr(py: Python<'_>, info: &StructInfo, dtype: &DType) -> PyResult<Py<PyAny>> {
    let dict = PyDict::new(py);
    let mut flags = 0;
    for f in &info.fields {
        let descr = descr_for(py, &f.dtype)?;
        // SAFETY: a live dtype object.
        flags |= unsafe { (*descr.as_ptr().cast::<Descr>()).flags } & FROM_FIELDS;
        let entry = match &f.title {
            Some(title) => (descr, f.offset, title).into_pyobject(py)?,
            None => (descr, f.offset).into_pyobject(py)?,
        };
        dict.set_item(&f.name, &entry)?;
        if let Some(title) = &f.title {
            dict.set_item(title, &entry)?;
        }
    }
    let names = PyTuple::new(py, info.fields.iter().map(|f| &f.name))?;
    flags |= if info.aligned {
        descr_flags::ALIGNED_STRUCT
    } else {
        0
    };
    // SAFETY: a fresh dtype filled before anybody sees it.
    unsafe {
        let new = with_fields(py, names, dict, dtype.size as isize, dtype.align as isize)?;
        (*new).flags |= flags;
        Ok(make::own(py, new))
    }
}

/// Flag bits a structured dtype takes from its fields.
pub(crate) const FROM_FIELDS: u64 = descr_flags::ITEM_REFCOUNT
    | descr_flags::LIST_PICKLE
    | descr_flags::NEEDS_INIT
    | descr_flags::NEEDS_PYAPI;

/// A fresh structured dtype from its finished parts.
pub(crate) fn with_fields(
    py: Python<'_>,
    names: Bound<'_, PyTuple>,
    fields: Bound<'_, PyDict>,
    elsize: isize,
    alignment: isize,
) -> PyResult<*mut Descr> {
    let new = make::fresh(py, TypeNum::Void)?;
    // SAFETY: fresh and not shared; it takes over both references.
    unsafe {
        let legacy = new.cast::<LegacyDescr>();
        (*legacy).names = names.into_ptr();
        (*legacy).fields = fields.into_ptr();
        (*new).elsize = elsize;
        (*new).alignment = alignment;
        (*new).flags = descr_flags::NEEDS_PYAPI;
    }
    Ok(new)
}
