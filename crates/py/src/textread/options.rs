//! The arguments of the reader.

use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr;
use numoxide_io::text::{is_space, Dialect};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

static SIG: Sig = Sig::new(
    "_load_from_filelike",
    &[
        "file",
        "delimiter",
        "comment",
        "quote",
        "imaginary_unit",
        "usecols",
        "skiplines",
        "max_rows",
        "converters",
        "dtype",
        "encoding",
        "filelike",
        "byte_converters",
        "c_byte_converters",
    ],
    1,
)
.max_pos(1);

/// What is to be read, and how.
pub(super) struct Options<'py> {
    pub(super) file: Bound<'py, PyAny>,
    pub(super) dialect: Dialect,
    pub(super) imaginary_unit: char,
    pub(super) usecols: Option<Vec<isize>>,
    pub(super) skiplines: usize,
    pub(super) max_rows: Option<usize>,
    pub(super) converters: Option<Bound<'py, PyAny>>,
    pub(super) dtype: Bound<'py, PyAny>,
    /// The dtype has fields: a row is one item.
    pub(super) structured: bool,
    pub(super) encoding: Option<String>,
    pub(super) filelike: bool,
    /// Converters of the user take bytes.
    pub(super) byte_converters: bool,
    /// Objects without a converter are bytes.
    pub(super) c_byte_converters: bool,
}

impl<'py> Options<'py> {
    /// Reads and checks the arguments.
    pub(super) fn parse(py: Python<'py>, args: CallArgs<'_, 'py>) -> PyResult<Options<'py>> {
        let [file, delimiter, comment, quote, unit, usecols, skiplines, max_rows, converters, dtype, encoding, filelike, byte_converters, c_byte_converters] =
            args.parse::<14>(&SIG)?;
        let some = |arg: Option<Arg<'_, 'py>>| arg.filter(|a| !a.is_none()).map(|a| a.to_owned());
        let dtype = some(dtype).filter(descr::is_descr).ok_or_else(|| {
            PyTypeError::new_err("internal error: dtype must be provided and be a NumPy dtype")
        })?;
        let item = dtype.as_ptr().cast();
        if descr::subarray_parts(py, item).is_some() {
            return Err(PyTypeError::new_err(
                "file reader does not support subarray dtypes.  You canput the dtype into a \
                 structured one using `np.dtype(('name', dtype))` to avoid this limitation.",
            ));
        }
        let dialect = Dialect {
            delimiter: control(delimiter, Some(','), "delimiter")?,
            comment: control(comment, Some('#'), "comment")?,
            quote: control(quote, Some('"'), "quotechar")?,
        };
        check_collisions(&dialect)?;
        let encoding = some(encoding)
            .map(|e| {
                e.extract()
                    .map_err(|_| PyTypeError::new_err("encoding must be a unicode string."))
            })
            .transpose()?;
        let max_rows = max_rows.map_or(Ok(-1), convert::as_index)?;
        let skiplines = skiplines.map_or(Ok(0), convert::as_index)?;
        let usecols = some(usecols).map(|u| indices(&u)).transpose()?;
        Ok(Options {
            file: file
                .ok_or_else(|| PyTypeError::new_err("a file is missing"))?
                .to_owned(),
            dialect,
            imaginary_unit: control(unit, Some('j'), "imaginary unit")?.unwrap_or('j'),
            usecols,
            skiplines: usize::try_from(skiplines)
                .map_err(|_| PyValueError::new_err("argument must be nonnegative"))?,
            max_rows: usize::try_from(max_rows).ok(),
            converters: some(converters),
            structured: descr::is_struct(item),
            dtype,
            encoding,
            filelike: convert::truth(filelike, true)?,
            byte_converters: convert::truth(byte_converters, false)?,
            c_byte_converters: convert::truth(c_byte_converters, false)?,
        })
    }
}

fn indices(columns: &Bound<'_, PyAny>) -> PyResult<Vec<isize>> {
    columns
        .try_iter()?
        .map(|column| column.and_then(|c| convert::as_index(c.as_borrowed())))
        .collect()
}

/// A control character; `None` where it is switched off.
fn control(arg: Option<Arg<'_, '_>>, default: Option<char>, name: &str) -> PyResult<Option<char>> {
    let Some(arg) = arg else {
        return Ok(default);
    };
    if arg.is_none() {
        return Ok(None);
    }
    let bad = || -> PyErr {
        let shown = arg.repr().map_or_else(|_| String::new(), |r| r.to_string());
        PyTypeError::new_err(format!(
            "Text reading control character must be a single unicode character or None; but got: \
             {shown}"
        ))
    };
    let text: String = match arg.cast::<PyString>() {
        Ok(text) => text.to_str()?.to_owned(),
        Err(_) => return Err(bad()),
    };
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('\r' | '\n'), None) => Err(PyTypeError::new_err(format!(
            "control character '{name}' cannot be a newline (`\\r` or `\\n`)."
        ))),
        (Some(c), None) => Ok(Some(c)),
        _ => Err(bad()),
    }
}

fn check_collisions(dialect: &Dialect) -> PyResult<()> {
    let clash = |first: &str, second: &str| {
        Err(PyTypeError::new_err(format!(
            "The values for control characters '{first}' and '{second}' are incompatible"
        )))
    };
    let Dialect {
        delimiter,
        comment,
        quote,
    } = *dialect;
    if delimiter.is_none() {
        if quote.is_some_and(is_space) {
            return clash("delimiter", "quotechar");
        }
        if comment.is_some_and(is_space) {
            return clash("delimiter", "comment");
        }
    }
    if comment.is_some() && comment == delimiter {
        return clash("comment", "delimiter");
    }
    if comment.is_some() && comment == quote {
        return clash("comment", "quotechar");
    }
    if delimiter.is_some() && delimiter == quote {
        return clash("delimiter", "quotechar");
    }
    Ok(())
}
