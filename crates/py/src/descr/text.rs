//! What dtypes look like: `str`, `repr`, `name`, `descr`.

use super::engine::{fields, num_of, FieldRef, SWAPPED};
use super::{as_legacy, dtype_of};
use crate::layout::{descr_flags, Descr};
use crate::scalar;
use numoxide_dtype::TypeNum;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple, PyType};

/// Sub-array base and shape of a dtype.
pub(crate) fn subarray<'py>(
    py: Python<'py>,
    descr: *mut Descr,
) -> Option<(*mut Descr, Bound<'py, PyAny>)> {
    // SAFETY: callers pass live dtypes.
    unsafe {
        let sub = (*as_legacy(descr)?).subarray.as_ref()?;
        Some((sub.base, Bound::from_borrowed_ptr(py, sub.shape)))
    }
}

/// Whether the dtype has (maybe zero) fields.
pub(crate) fn is_struct(descr: *mut Descr) -> bool {
    // SAFETY: callers pass live dtypes.
    unsafe { as_legacy(descr).is_some_and(|l| !(*l).names.is_null()) }
}

fn is_aligned(descr: *mut Descr) -> bool {
    // SAFETY: callers pass live dtypes.
    unsafe { (*descr).flags & descr_flags::ALIGNED_STRUCT != 0 }
}

/// The scalar type of a dtype.
pub(crate) fn scalar_type<'py>(py: Python<'py>, descr: *mut Descr) -> Option<Bound<'py, PyType>> {
    // SAFETY: callers pass live dtypes; the type is NULL or ready.
    let ty = unsafe { Bound::from_borrowed_ptr_or_opt(py, (*descr).typeobj.cast()) }?;
    ty.cast_into().ok()
}

/// The scalar type where it is not the class's own.
fn odd_type<'py>(py: Python<'py>, descr: *mut Descr) -> Option<Bound<'py, PyType>> {
    scalar_type(py, descr).filter(|t| t.as_type_ptr() != scalar::type_for(num_of(descr)))
}

/// `dtype.str`.
pub(crate) fn typestr(py: Python<'_>, descr: *mut Descr) -> PyResult<String> {
    match num_of(descr) {
        TypeNum::VString => repr_inner(py, descr, false, false),
        // SAFETY: a live dtype.
        TypeNum::Void => Ok(format!("|V{}", unsafe { (*descr).elsize })),
        _ => Ok(dtype_of(descr).typestr()),
    }
}

/// `dtype.name`.
pub(crate) fn name(py: Python<'_>, descr: *mut Descr) -> PyResult<String> {
    // SAFETY: a live dtype.
    let bits = unsafe { (*descr).elsize } * 8;
    match num_of(descr) {
        TypeNum::Void => {
            let class = match scalar_type(py, descr) {
                Some(ty) => ty.name()?.to_string(),
                None => "void".into(),
            };
            Ok(if bits == 0 {
                class
            } else {
                format!("{class}{bits}")
            })
        }
        TypeNum::VString => Ok(format!("StringDType{bits}")),
        _ => Ok(dtype_of(descr).name()),
    }
}

/// `str(dtype)`.
pub(crate) fn str_text(py: Python<'_>, descr: *mut Descr) -> PyResult<String> {
    if is_struct(descr) {
        return struct_text(py, descr, true);
    }
    if subarray(py, descr).is_some() {
        return subarray_text(py, descr);
    }
    let num = num_of(descr);
    // SAFETY: a live dtype.
    let swapped = unsafe { (*descr).byteorder as u8 == SWAPPED };
    match num {
        TypeNum::VString => repr_inner(py, descr, false, false),
        n if n != TypeNum::User && (n.is_flexible() || swapped) => typestr(py, descr),
        _ => name(py, descr),
    }
}

/// `repr(dtype)`.
pub(crate) fn repr_text(py: Python<'_>, descr: *mut Descr) -> PyResult<String> {
    if num_of(descr) == TypeNum::VString {
        return repr_inner(py, descr, false, false);
    }
    let inner = repr_inner(py, descr, false, false)?;
    let align = if is_aligned(descr) {
        ", align=True"
    } else {
        ""
    };
    Ok(format!("dtype({inner}{align})"))
}

/// What goes into the parentheses of `dtype(...)`.
fn repr_inner(py: Python<'_>, descr: *mut Descr, align: bool, short: bool) -> PyResult<String> {
    if is_struct(descr) {
        return struct_text(py, descr, align);
    }
    if subarray(py, descr).is_some() {
        return subarray_text(py, descr);
    }
    let num = num_of(descr);
    let dtype = dtype_of(descr);
    // SAFETY: a live dtype.
    let swapped = !matches!(unsafe { (*descr).byteorder } as u8, b'=' | b'|');
    Ok(match num {
        TypeNum::VString if short => "'T'".into(),
        TypeNum::VString => return super::string::repr_text(py, descr),
        TypeNum::Bool => if short { "'?'" } else { "'bool'" }.into(),
        TypeNum::Object => "'O'".into(),
        TypeNum::Bytes if dtype.size == 0 => "'S'".into(),
        TypeNum::Void if dtype.size == 0 => "'V'".into(),
        TypeNum::Bytes => format!("'S{}'", dtype.size),
        TypeNum::Void => format!("'V{}'", dtype.size),
        TypeNum::Str => {
            let order = dtype.typestr().remove(0);
            match dtype.size {
                0 => format!("'{order}U'"),
                n => format!("'{order}U{}'", n / 4),
            }
        }
        TypeNum::DateTime | TypeNum::TimeDelta => format!("'{}'", dtype.typestr()),
        TypeNum::User => dtype.name(),
        _ if short || swapped => format!("'{}'", dtype.typestr().trim_start_matches('|')),
        _ => format!("'{}'", dtype.name()),
    })
}

fn subarray_text(py: Python<'_>, descr: *mut Descr) -> PyResult<String> {
    match subarray(py, descr) {
        Some((base, shape)) => Ok(format!(
            "({}, {})",
            repr_inner(py, base, false, true)?,
            shape.repr()?
        )),
        None => Ok(String::new()),
    }
}

fn struct_text(py: Python<'_>, descr: *mut Descr, align: bool) -> PyResult<String> {
    // SAFETY: a live dtype.
    let all = unsafe { fields(py, descr) };
    let text = if !(align && is_aligned(descr)) && is_packed(descr, &all) {
        list_text(py, &all)?
    } else {
        dict_text(py, descr, &all, align)?
    };
    match odd_type(py, descr) {
        Some(ty) => Ok(format!("({}.{}, {text})", ty.module()?, ty.name()?)),
        // A number class with fields shows its scalar type.
        None if num_of(descr) != TypeNum::Void => match scalar_type(py, descr) {
            Some(ty) => Ok(format!("({}.{}, {text})", ty.module()?, ty.name()?)),
            None => Ok(text),
        },
        None => Ok(text),
    }
}

/// Whether the fields lie where a plain list of them would put them.
fn is_packed(descr: *mut Descr, all: &[FieldRef<'_>]) -> bool {
    let aligned = is_aligned(descr);
    let (mut end, mut max_align) = (0isize, 1isize);
    for f in all {
        // SAFETY: fields keep their dtypes alive.
        let d = unsafe { &*f.descr };
        if aligned {
            let a = d.alignment.max(1);
            end = (end + a - 1) / a * a;
            max_align = max_align.max(a);
        }
        if f.offset != end {
            return false;
        }
        end += d.elsize;
    }
    // SAFETY: a live dtype.
    unsafe { (*descr).elsize == (end + max_align - 1) / max_align * max_align }
}

fn list_text(py: Python<'_>, all: &[FieldRef<'_>]) -> PyResult<String> {
    let mut parts = Vec::with_capacity(all.len());
    for f in all {
        let name = match &f.title {
            Some(title) => format!("({}, {})", title.repr()?, f.name.repr()?),
            None => f.name.repr()?.to_string(),
        };
        parts.push(match subarray(py, f.descr) {
            Some((base, shape)) => {
                format!(
                    "({name}, {}, {})",
                    repr_inner(py, base, false, true)?,
                    shape.repr()?
                )
            }
            None => format!("({name}, {})", repr_inner(py, f.descr, false, true)?),
        });
    }
    Ok(format!("[{}]", parts.join(", ")))
}

fn dict_text(
    py: Python<'_>,
    descr: *mut Descr,
    all: &[FieldRef<'_>],
    align: bool,
) -> PyResult<String> {
    // Legacy modes leave out the spaces within an entry.
    let (colon, comma) = match scalar::legacy_print_mode(py)? {
        0..=121 => (":", ","),
        _ => (": ", ", "),
    };
    let list = |texts: PyResult<Vec<String>>| texts.map(|t| format!("[{}]", t.join(comma)));
    let mut entries = vec![
        (
            "names",
            list(all.iter().map(|f| Ok(f.name.repr()?.to_string())).collect())?,
        ),
        (
            "formats",
            list(
                all.iter()
                    .map(|f| repr_inner(py, f.descr, false, true))
                    .collect(),
            )?,
        ),
        (
            "offsets",
            list(all.iter().map(|f| Ok(f.offset.to_string())).collect())?,
        ),
    ];
    if all.iter().any(|f| f.title.is_some()) {
        let titles = all.iter().map(|f| match &f.title {
            Some(title) => Ok(title.repr()?.to_string()),
            None => Ok("None".to_string()),
        });
        entries.push(("titles", list(titles.collect())?));
    }
    // SAFETY: a live dtype.
    entries.push(("itemsize", unsafe { (*descr).elsize }.to_string()));
    if align && is_aligned(descr) {
        entries.push(("aligned", "True".into()));
    }
    let texts: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("'{key}'{colon}{value}"))
        .collect();
    Ok(format!("{{{}}}", texts.join(", ")))
}

/// `dtype.descr`: the list form of the array interface.
pub(crate) fn descr_list<'py>(py: Python<'py>, descr: *mut Descr) -> PyResult<Bound<'py, PyAny>> {
    if !is_struct(descr) {
        let pair = PyTuple::new(py, ["", &typestr(py, descr)?])?;
        return Ok(PyList::new(py, [pair])?.into_any());
    }
    // SAFETY: a live dtype.
    let mut all = unsafe { fields(py, descr) };
    if all
        .iter()
        .zip(all.iter().skip(1))
        .any(|(a, b)| a.offset > b.offset)
    {
        return Err(overlapping());
    }
    all.sort_by_key(|f| f.offset);
    let out = PyList::empty(py);
    let pad = |n: isize| PyTuple::new(py, [String::new(), format!("|V{n}")]);
    let mut end = 0;
    for f in &all {
        if f.offset < end {
            return Err(overlapping());
        }
        if f.offset > end {
            out.append(pad(f.offset - end)?)?;
        }
        out.append(field_entry(py, f)?)?;
        // SAFETY: fields keep their dtypes alive.
        end = f.offset + unsafe { (*f.descr).elsize };
    }
    // SAFETY: a live dtype.
    let size = unsafe { (*descr).elsize };
    if size > end {
        out.append(pad(size - end)?)?;
    }
    Ok(out.into_any())
}

fn overlapping() -> PyErr {
    PyValueError::new_err(
        "dtype.descr is not defined for types with overlapping or out-of-order fields",
    )
}

fn field_entry<'py>(py: Python<'py>, f: &FieldRef<'py>) -> PyResult<Bound<'py, PyTuple>> {
    let name = match &f.title {
        Some(title) => PyTuple::new(py, [title, &f.name])?.into_any(),
        None => f.name.clone(),
    };
    match subarray(py, f.descr) {
        Some((base, shape)) => PyTuple::new(py, [name, format_entry(py, base)?, shape]),
        None => PyTuple::new(py, [name, format_entry(py, f.descr)?]),
    }
}

/// What stands for the dtype of a field in the list form.
fn format_entry<'py>(py: Python<'py>, descr: *mut Descr) -> PyResult<Bound<'py, PyAny>> {
    if let Some((base, shape)) = subarray(py, descr) {
        return Ok(PyTuple::new(py, [format_entry(py, base)?, shape])?.into_any());
    }
    if is_struct(descr) {
        return descr_list(py, descr);
    }
    Ok(PyString::new(py, &typestr(py, descr)?).into_any())
}
