//! What becomes of the fields of a row: one conversion for each column.

use super::options::Options;
use super::source::Source;
use crate::descr::{self, num_of};
use crate::layout::Descr;
use crate::scalar::{self, Raw};
use numoxide_dtype::{Complex, TypeNum};
use numoxide_io::text::{parse_complex, parse_float, parse_signed, parse_unsigned, Rows};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};

/// Why a field gives no item.
enum Failure {
    /// It is no such value; the cause, if there is more to say.
    Bad(Option<PyErr>),
}

/// One column of the array.
struct Column<'py> {
    /// Which field of the row; negative ones count from the end.
    field: isize,
    /// Keeps the item's dtype alive.
    dtype: Bound<'py, PyAny>,
    offset: usize,
    converter: Option<Bound<'py, PyAny>>,
}

impl Column<'_> {
    fn descr(&self) -> *mut Descr {
        self.dtype.as_ptr().cast()
    }
}

/// All columns of a table.
pub(super) struct Columns<'py> {
    columns: Vec<Column<'py>>,
    unit: char,
    byte_converters: bool,
    byte_objects: bool,
}

impl<'py> Columns<'py> {
    /// The columns of a table whose rows have `width` fields.
    pub(super) fn new(py: Python<'py>, options: &Options<'py>, width: usize) -> PyResult<Self> {
        let count = options.usecols.as_ref().map_or(width, Vec::len);
        let leaves = if options.structured {
            let mut leaves = Vec::new();
            flatten(py, &options.dtype, 0, &mut leaves)?;
            check_count(options, leaves.len(), count)?;
            leaves
        } else {
            let descr: *mut Descr = options.dtype.as_ptr().cast();
            // SAFETY: a live dtype.
            let size = unsafe { (*descr).elsize } as usize;
            (0..count)
                .map(|i| (options.dtype.clone(), i * size))
                .collect()
        };
        let columns = leaves.into_iter().enumerate();
        let mut columns: Vec<Column<'py>> = columns
            .map(|(i, (dtype, offset))| Column {
                field: options.usecols.as_ref().map_or(i as isize, |u| u[i]),
                dtype,
                offset,
                converter: None,
            })
            .collect();
        set_converters(options, &mut columns, width)?;
        Ok(Columns {
            columns,
            unit: options.imaginary_unit,
            byte_converters: options.byte_converters,
            byte_objects: options.c_byte_converters,
        })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Stores the row read last at `ptr`.
    pub(super) fn store(
        &self,
        py: Python<'py>,
        rows: &Rows<Source<'py>>,
        number: usize,
        ptr: *mut u8,
    ) -> PyResult<()> {
        for (i, column) in self.columns.iter().enumerate() {
            let field = if column.field < 0 {
                rows.len().wrapping_add_signed(column.field)
            } else {
                column.field as usize
            };
            let text = rows.field(field);
            let to = ptr.wrapping_add(column.offset);
            // SAFETY: `to` points to an item of the column's dtype in the array under way.
            let done = unsafe { self.item(py, column, text, to) };
            if let Err(Failure::Bad(cause)) = done {
                return Err(bad_field(py, column, text, number, i + 1, cause));
            }
        }
        Ok(())
    }

    /// # Safety
    /// - `to` points to a writable item of the column's dtype.
    unsafe fn item(
        &self,
        py: Python<'py>,
        column: &Column<'py>,
        text: &str,
        to: *mut u8,
    ) -> Result<(), Failure> {
        let descr = column.descr();
        // SAFETY: by contract.
        unsafe {
            if let Some(converter) = &column.converter {
                return converted(py, converter, text, self.byte_converters)
                    .and_then(|value| scalar::set_item(py, to, descr, &value))
                    .map_err(|e| Failure::Bad(Some(e)));
            }
            let num = num_of(descr);
            match num {
                TypeNum::Object if self.byte_objects => {
                    let bytes = latin1(text).ok_or(Failure::Bad(None))?;
                    let bytes = PyBytes::new(py, &bytes).into_any();
                    scalar::set_item(py, to, descr, &bytes)
                }
                TypeNum::Bytes => {
                    let bytes = latin1(text).ok_or(Failure::Bad(None))?;
                    let size = (*descr).elsize as usize;
                    let n = bytes.len().min(size);
                    to.copy_from_nonoverlapping(bytes.as_ptr(), n);
                    to.add(n).write_bytes(0, size - n);
                    Ok(())
                }
                _ => match self.number(py, num, text)? {
                    Some(raw) => {
                        scalar::store(to, descr, raw);
                        Ok(())
                    }
                    None => scalar::set_item(py, to, descr, &PyString::new(py, text).into_any()),
                },
            }
            .map_err(|e| Failure::Bad(Some(e)))
        }
    }

    /// A field as a number; `None` for the classes that Python's own rules make.
    fn number(&self, py: Python<'_>, num: TypeNum, text: &str) -> Result<Option<Raw>, Failure> {
        use TypeNum as N;
        let none = || Failure::Bad(None);
        let odd = |no_float: bool| Failure::Bad(no_float.then(|| not_float(py, text)));
        let size = num.row().size;
        let bits = size as u32 * 8;
        Ok(Some(match num {
            N::Double => Raw::of(parse_float(text).map_err(odd)?),
            N::Float => Raw::of(parse_float(text).map_err(odd)? as f32),
            N::Bool => Raw::of(u8::from(parse_signed(text, 64).ok_or_else(none)? != 0)),
            N::CDouble => {
                let (re, im) = parse_complex(text, self.unit).map_err(odd)?;
                Raw::of(Complex { re, im })
            }
            N::CFloat => {
                let (re, im) = parse_complex(text, self.unit).map_err(odd)?;
                Raw::of(Complex {
                    re: re as f32,
                    im: im as f32,
                })
            }
            _ if num.is_signed() => whole(size, parse_signed(text, bits).ok_or_else(none)? as u64),
            _ if num.is_integer() => whole(size, parse_unsigned(text, bits).ok_or_else(none)?),
            _ => return Ok(None),
        }))
    }
}

/// The low bytes of an integer.
fn whole(size: usize, value: u64) -> Raw {
    match size {
        1 => Raw::of(value as u8),
        2 => Raw::of(value as u16),
        4 => Raw::of(value as u32),
        _ => Raw::of(value),
    }
}

/// The text as Latin 1; `None` if it has other characters.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect()
}

fn converted<'py>(
    py: Python<'py>,
    converter: &Bound<'py, PyAny>,
    text: &str,
    as_bytes: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let text = PyString::new(py, text).into_any();
    if as_bytes {
        return converter.call1((text.call_method1("encode", ("latin1",))?,));
    }
    converter.call1((text,))
}

fn not_float(py: Python<'_>, text: &str) -> PyErr {
    let shown = PyString::new(py, text).repr();
    let shown = shown.map_or_else(|_| String::new(), |s| s.to_string());
    PyValueError::new_err(format!("could not convert string to float: {shown}"))
}

#[cold]
fn bad_field(
    py: Python<'_>,
    column: &Column<'_>,
    text: &str,
    row: usize,
    number: usize,
    cause: Option<PyErr>,
) -> PyErr {
    let shown = PyString::new(py, text).repr();
    let shown: String = match shown {
        Ok(shown) => shown.to_string().chars().take(100).collect(),
        Err(e) => return e,
    };
    let kind = column
        .dtype
        .str()
        .map_or_else(|_| String::new(), |s| s.to_string());
    let error = PyValueError::new_err(format!(
        "could not convert string {shown} to {kind} at row {row}, column {number}."
    ));
    if cause.is_some() {
        error.set_cause(py, cause);
    }
    error
}

/// Lists the simple dtypes of an item with their places.
fn flatten<'py>(
    py: Python<'py>,
    dtype: &Bound<'py, PyAny>,
    offset: usize,
    out: &mut Vec<(Bound<'py, PyAny>, usize)>,
) -> PyResult<()> {
    let item: *mut Descr = dtype.as_ptr().cast();
    // SAFETY: live dtypes, which `dtype` keeps alive.
    unsafe {
        if let Some((base, shape)) = descr::subarray_parts(py, item) {
            let base = descr::make::share(py, base).into_bound(py);
            let size = (*base.as_ptr().cast::<Descr>()).elsize as usize;
            let count: usize = shape.extract::<Vec<usize>>()?.iter().product();
            return (0..count).try_for_each(|i| flatten(py, &base, offset + i * size, out));
        }
        if !descr::is_struct(item) {
            out.push((dtype.clone(), offset));
            return Ok(());
        }
        for field in descr::fields(py, item) {
            let inner = descr::make::share(py, field.descr).into_bound(py);
            flatten(py, &inner, offset + field.offset as usize, out)?;
        }
    }
    Ok(())
}

fn check_count(options: &Options<'_>, fields: usize, count: usize) -> PyResult<()> {
    if fields == count {
        return Ok(());
    }
    if options.usecols.is_some() {
        return Err(PyTypeError::new_err(format!(
            "If a structured dtype is used, the number of columns in `usecols` must match the \
             effective number of fields. But {count} usecols were given and the number of fields \
             is {fields}."
        )));
    }
    Err(PyValueError::new_err(format!(
        "the dtype passed requires {fields} columns but {count} were found at row 1; use \
         `usecols` to select a subset and avoid this error"
    )))
}

/// Gives columns the user's functions.
fn set_converters<'py>(
    options: &Options<'py>,
    columns: &mut [Column<'py>],
    width: usize,
) -> PyResult<()> {
    let Some(given) = &options.converters else {
        return Ok(());
    };
    if given.is_callable() {
        columns
            .iter_mut()
            .for_each(|c| c.converter = Some(given.clone()));
        return Ok(());
    }
    let Ok(table) = given.cast::<PyDict>() else {
        return Err(PyTypeError::new_err(
            "converters must be a dictionary mapping columns to converter functions or a single \
             callable.",
        ));
    };
    for (key, function) in table.iter() {
        let index: isize = key
            .call_method0("__index__")
            .and_then(|k| k.extract())
            .map_err(|_| {
                let shown = key.repr().map_or_else(|_| String::new(), |r| r.to_string());
                PyTypeError::new_err(format!(
                    "keys of the converters dictionary must be integers; got {shown}"
                ))
            })?;
        let Some(at) = column_of(options, columns.len(), width, index)? else {
            continue;
        };
        if !function.is_callable() {
            return Err(PyTypeError::new_err(format!(
                "values of the converters dictionary must be callable, but the value associated \
                 with key {} is not",
                key.repr()?
            )));
        }
        columns[at].converter = Some(function);
    }
    Ok(())
}

/// The column that a converter's key means; `None` if that field is not read.
fn column_of(
    options: &Options<'_>,
    count: usize,
    width: usize,
    index: isize,
) -> PyResult<Option<usize>> {
    let n = width as isize;
    if let Some(wanted) = &options.usecols {
        let place = |i: isize| if i < 0 { i + n } else { i };
        let found = wanted.iter().position(|&u| place(u) == place(index));
        return Ok(found);
    }
    let n = count as isize;
    if index < -n || index >= n {
        return Err(PyValueError::new_err(format!(
            "converter specified for column {index}, which is invalid for the number of fields \
             {count}."
        )));
    }
    Ok(Some(index.rem_euclid(n) as usize))
}
