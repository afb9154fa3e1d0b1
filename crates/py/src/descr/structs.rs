//! Structured dtypes from lists and dictionaries of fields.

use super::convert::convert_new;
use super::engine::{with_fields, FROM_FIELDS};
use super::make;
use crate::layout::{descr_flags, Descr};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

/// One field on its way into a dtype.
struct NewField<'py> {
    name: Bound<'py, PyAny>,
    title: Option<Bound<'py, PyAny>>,
    dtype: Py<PyAny>,
    offset: Option<isize>,
}

impl NewField<'_> {
    fn descr(&self) -> *mut Descr {
        self.dtype.as_ptr().cast()
    }
}

/// How items are laid out.
#[derive(Clone, Copy, Default)]
struct Layout {
    align: bool,
    itemsize: Option<isize>,
}

/// Fields one after another under the given names.
pub(crate) fn plain(
    py: Python<'_>,
    fields: Vec<(String, Py<PyAny>)>,
    align: bool,
) -> PyResult<Py<PyAny>> {
    let fields = fields
        .into_iter()
        .map(|(name, dtype)| NewField {
            name: PyString::new(py, &name).into_any(),
            title: None,
            dtype,
            offset: None,
        })
        .collect();
    build(
        py,
        fields,
        Layout {
            align,
            itemsize: None,
        },
    )
}

/// Lays fields out and makes the dtype.
fn build(py: Python<'_>, fields: Vec<NewField<'_>>, layout: Layout) -> PyResult<Py<PyAny>> {
    let (mut end, mut max_end, mut max_align, mut flags) = (0isize, 0isize, 1isize, 0u64);
    let dict = PyDict::new(py);
    let mut spans = Vec::new();
    for f in &fields {
        // SAFETY: a live dtype.
        let d = unsafe { &*f.descr() };
        let align = if layout.align { d.alignment.max(1) } else { 1 };
        let offset = match f.offset {
            Some(at) if at % align != 0 => {
                return Err(PyValueError::new_err(format!(
                    "offset {at} for NumPy dtype with fields is not divisible by the field \
                     alignment {align} with align=True"
                )));
            }
            Some(at) => at,
            None => (end + align - 1) / align * align,
        };
        let too_big = || PyValueError::new_err("dtype size in bytes must fit into a C int.");
        end = offset
            .checked_add(d.elsize)
            .filter(|&e| e <= i32::MAX as isize)
            .ok_or_else(too_big)?;
        max_end = max_end.max(end);
        max_align = max_align.max(align);
        flags |= d.flags & FROM_FIELDS;
        spans.push((offset, end, d.flags & descr_flags::ITEM_REFCOUNT != 0));
        let entry = match &f.title {
            Some(title) => (&f.dtype, offset, title).into_pyobject(py)?,
            None => (&f.dtype, offset).into_pyobject(py)?,
        };
        insert(&dict, f, entry.into_any())?;
    }
    check_objects(&spans)?;
    let size = final_size(layout, max_end, max_align)?;
    let names = PyTuple::new(py, fields.iter().map(|f| &f.name))?;
    let made = with_fields(py, names, dict, size, max_align)?;
    // SAFETY: fresh and not shared.
    unsafe {
        (*made).flags |= flags;
        if layout.align {
            (*made).flags |= descr_flags::ALIGNED_STRUCT;
        }
        Ok(make::own(py, made))
    }
}

fn insert(dict: &Bound<'_, PyDict>, field: &NewField<'_>, entry: Bound<'_, PyAny>) -> PyResult<()> {
    if dict.contains(&field.name)? {
        return Err(PyValueError::new_err(
            "name already used as a name or title",
        ));
    }
    dict.set_item(&field.name, &entry)?;
    let Some(title) = &field.title else {
        return Ok(());
    };
    // Only text titles are keys.
    if title.is_instance_of::<PyString>() {
        if dict.contains(title)? {
            return Err(PyValueError::new_err(
                "title already used as a name or title.",
            ));
        }
        dict.set_item(title, entry)?;
    }
    Ok(())
}

fn check_objects(spans: &[(isize, isize, bool)]) -> PyResult<()> {
    for (i, a) in spans.iter().enumerate() {
        let clash = spans
            .iter()
            .enumerate()
            .any(|(j, b)| i != j && (a.2 || b.2) && a.0 < b.1 && b.0 < a.1);
        if clash {
            return Err(PyTypeError::new_err(
                "Cannot create a NumPy dtype with overlapping object fields",
            ));
        }
    }
    Ok(())
}

fn final_size(layout: Layout, end: isize, align: isize) -> PyResult<isize> {
    match layout.itemsize {
        None => Ok((end + align - 1) / align * align),
        Some(size) if size < end => Err(PyValueError::new_err(format!(
            "NumPy dtype descriptor requires {end} bytes, cannot override to smaller itemsize of {size}"
        ))),
        Some(size) if size % align != 0 => Err(PyValueError::new_err(format!(
            "NumPy dtype descriptor requires alignment of {align} bytes, which is not divisible \
             into the specified itemsize {size}"
        ))),
        Some(size) => Ok(size),
    }
}

/// A list of field tuples.
pub(crate) fn from_list(
    py: Python<'_>,
    list: &Bound<'_, PyList>,
    align: bool,
) -> PyResult<Py<PyAny>> {
    let mut fields: Vec<NewField<'_>> = Vec::with_capacity(list.len());
    for (i, item) in list.iter().enumerate() {
        let field = list_item(py, i, &item, align)?;
        let taken = fields
            .iter()
            .any(|f| f.name.eq(&field.name).unwrap_or(false));
        if taken {
            return Err(PyValueError::new_err(format!(
                "field {} occurs more than once",
                field.name.repr()?
            )));
        }
        fields.push(field);
    }
    build(
        py,
        fields,
        Layout {
            align,
            itemsize: None,
        },
    )
}

fn list_item<'py>(
    py: Python<'py>,
    index: usize,
    item: &Bound<'py, PyAny>,
    align: bool,
) -> PyResult<NewField<'py>> {
    let tuple = match item.cast::<PyTuple>() {
        Ok(tuple) if tuple.len() > 3 => {
            return Err(PyTypeError::new_err(format!(
                "Field elements must be tuples with at most 3 elements, got '{}'",
                item.repr()?
            )));
        }
        Ok(tuple) if tuple.len() >= 2 => tuple,
        _ => {
            return Err(PyTypeError::new_err(format!(
                "Field elements must be 2- or 3-tuples, got '{}'",
                item.repr()?
            )));
        }
    };
    let (name, title) = field_name(&tuple.get_item(0)?)?;
    let name = if name.len()? == 0 {
        PyString::new(py, &format!("f{index}")).into_any()
    } else {
        name
    };
    let dtype = match tuple.len() {
        2 => convert_new(py, &tuple.get_item(1)?, align)?,
        _ => {
            let pair = PyTuple::new(py, [tuple.get_item(1)?, tuple.get_item(2)?])?;
            convert_new(py, &pair, align)?
        }
    };
    Ok(NewField {
        name,
        title,
        dtype,
        offset: None,
    })
}

/// A name, or (title, name).
fn field_name<'py>(
    first: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Option<Bound<'py, PyAny>>)> {
    if let Ok(pair) = first.cast::<PyTuple>() {
        if pair.len() != 2 {
            return Err(PyTypeError::new_err(format!(
                "If a tuple, the first element of a field tuple must have two elements, not {}",
                pair.len()
            )));
        }
        let name = pair.get_item(1)?;
        if !name.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err("Field name must be a str"));
        }
        return Ok((name, Some(pair.get_item(0)?)));
    }
    if !first.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err(
            "First element of field tuple is neither a tuple nor str",
        ));
    }
    Ok((first.clone(), None))
}

/// A dictionary of columns (`names`, `formats`, ...) or of fields by name.
pub(crate) fn from_dict(
    py: Python<'_>,
    dict: &Bound<'_, PyDict>,
    align: bool,
) -> PyResult<Py<PyAny>> {
    if dict.is_empty() {
        return build(
            py,
            Vec::new(),
            Layout {
                align,
                itemsize: None,
            },
        );
    }
    let (Some(names), Some(formats)) = (dict.get_item("names")?, dict.get_item("formats")?) else {
        return from_field_dict(py, dict, align);
    };
    let align = align
        || match dict.get_item("aligned")? {
            Some(flag) => flag.is_truthy()?,
            None => false,
        };
    let column = |key: &str| -> PyResult<Option<Vec<Bound<'_, PyAny>>>> {
        dict.get_item(key)?.map(|c| entries(&c)).transpose()
    };
    let (names, formats) = (entries(&names)?, entries(&formats)?);
    let (offsets, titles) = (column("offsets")?, column("titles")?);
    let n = names.len();
    let wrong = |c: &Option<Vec<Bound<'_, PyAny>>>| c.as_ref().is_some_and(|c| c.len() != n);
    if n > formats.len() || wrong(&offsets) || wrong(&titles) {
        return Err(PyValueError::new_err(
            "'names', 'formats', 'offsets', and 'titles' dict entries must have the same length",
        ));
    }
    let mut fields = Vec::with_capacity(n);
    for (i, name) in names.into_iter().enumerate() {
        if !name.is_instance_of::<PyString>() {
            return Err(PyValueError::new_err("field names must be strings"));
        }
        let offset = offsets.as_ref().map(|c| read_offset(&c[i])).transpose()?;
        let title = titles
            .as_ref()
            .map(|c| c[i].clone())
            .filter(|t| !t.is_none());
        let dtype = convert_new(py, &formats[i], align)?;
        fields.push(NewField {
            name,
            title,
            dtype,
            offset,
        });
    }
    let itemsize = dict
        .get_item("itemsize")?
        .map(|s| s.extract())
        .transpose()?;
    build(py, fields, Layout { align, itemsize })
}

/// The entries of a column, which has an order: no set will do.
fn entries<'py>(column: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let found: Vec<_> = column.try_iter()?.collect::<PyResult<_>>()?;
    if !found.is_empty() {
        column.get_item(0)?;
    }
    Ok(found)
}

fn read_offset(obj: &Bound<'_, PyAny>) -> PyResult<isize> {
    let offset: isize = obj.extract()?;
    if offset < 0 {
        return Err(PyValueError::new_err(format!(
            "offset {offset} cannot be negative"
        )));
    }
    Ok(offset)
}

/// `{'a': (dtype, offset[, title]), ...}`, in order of offsets.
fn from_field_dict(py: Python<'_>, dict: &Bound<'_, PyDict>, align: bool) -> PyResult<Py<PyAny>> {
    let mut fields = Vec::with_capacity(dict.len());
    for (name, value) in dict.iter() {
        let entry = value
            .cast_into::<PyTuple>()
            .ok()
            .filter(|t| (2..=3).contains(&t.len()))
            .ok_or_else(|| PyValueError::new_err("entry not a 2- or 3- tuple"))?;
        fields.push(NewField {
            name,
            title: entry.get_item(2).ok(),
            dtype: convert_new(py, &entry.get_item(0)?, align)?,
            offset: Some(read_offset(&entry.get_item(1)?)?),
        });
    }
    fields.sort_by_key(|f| f.offset);
    build(
        py,
        fields,
        Layout {
            align,
            itemsize: None,
        },
    )
}

/// A dtype with only the chosen fields, at their old places (`dtype[['a', 'b']]`).
pub(crate) fn choose(
    py: Python<'_>,
    descr: *mut Descr,
    chosen: &Bound<'_, PyList>,
) -> PyResult<Py<PyAny>> {
    // SAFETY: callers pass a live structured dtype.
    let all = unsafe { super::fields(py, descr) };
    let dict = PyDict::new(py);
    let mut flags = 0;
    for name in chosen.iter() {
        let found = all
            .iter()
            .find(|f| f.name.eq(&name).unwrap_or(false))
            .ok_or_else(|| pyo3::exceptions::PyKeyError::new_err(name.clone().unbind()))?;
        // SAFETY: fields keep their dtypes alive.
        let dtype = unsafe {
            flags |= (*found.descr).flags & FROM_FIELDS;
            make::share(py, found.descr)
        };
        let field = NewField {
            name: name.clone(),
            title: found.title.clone(),
            dtype,
            offset: None,
        };
        let entry = match &found.title {
            Some(title) => (&field.dtype, found.offset, title).into_pyobject(py)?,
            None => (&field.dtype, found.offset).into_pyobject(py)?,
        };
        insert(&dict, &field, entry.into_any())?;
    }
    let names = PyTuple::new(py, chosen.iter())?;
    // SAFETY: a live dtype; the made one is fresh.
    unsafe {
        let made = with_fields(py, names, dict, (*descr).elsize, (*descr).alignment)?;
        // Objects in the space between still count.
        (*made).flags |= flags | ((*descr).flags & (FROM_FIELDS | descr_flags::ALIGNED_STRUCT));
        Ok(make::own(py, made))
    }
}

/// Replaces a field dictionary's dtypes, as byte swapping does.
pub(crate) fn map_fields(
    py: Python<'_>,
    descr: *mut Descr,
    f: &dyn Fn(*mut Descr) -> PyResult<Py<PyAny>>,
) -> PyResult<*mut Descr> {
    // SAFETY: callers pass a live structured dtype; the copy is fresh.
    unsafe {
        let made = make::copy(py, descr)?;
        let dict = PyDict::new(py);
        for field in super::fields(py, descr) {
            let dtype = f(field.descr)?;
            let new = NewField {
                name: field.name,
                title: field.title,
                dtype,
                offset: None,
            };
            let entry = match &new.title {
                Some(title) => (&new.dtype, field.offset, title).into_pyobject(py)?,
                None => (&new.dtype, field.offset).into_pyobject(py)?,
            };
            insert(&dict, &new, entry.into_any())?;
        }
        let legacy = made.cast::<crate::layout::LegacyDescr>();
        ffi::Py_XDECREF((*legacy).fields);
        (*legacy).fields = dict.into_ptr();
        Ok(made)
    }
}
