//! Where a table's text comes from: a file object or an iterable of lines.

use super::options::Options;
use numoxide_io::text;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator, PyString};

/// Characters asked of a file at a time.
const CHUNK: usize = 1 << 16;

/// A Python error on its way through the reader.
pub(super) struct Stopped(pub(super) PyErr);

enum Kind<'py> {
    /// The `read` method of a file.
    File(Bound<'py, PyAny>),
    Lines(Bound<'py, PyIterator>),
}

/// Pieces of text from Python.
pub(super) struct Source<'py> {
    kind: Kind<'py>,
    encoding: Option<String>,
}

impl<'py> Source<'py> {
    /// The text of the options' object.
    pub(super) fn new(options: &Options<'py>) -> PyResult<Source<'py>> {
        let file = &options.file;
        let kind = if options.filelike {
            Kind::File(file.getattr("read")?)
        } else {
            Kind::Lines(file.try_iter().map_err(|_| {
                PyTypeError::new_err("error reading from object, expected an iterable.")
            })?)
        };
        Ok(Source {
            kind,
            encoding: options.encoding.clone(),
        })
    }

    fn text(&self, piece: &Bound<'py, PyAny>) -> PyResult<String> {
        if let Ok(text) = piece.cast::<PyString>() {
            return Ok(text.to_str()?.to_owned());
        }
        if !piece.is_instance_of::<PyBytes>() {
            return Err(PyTypeError::new_err(
                "non-string returned while reading data",
            ));
        }
        let encoding = self.encoding.as_deref().unwrap_or("latin1");
        piece.call_method1("decode", (encoding,))?.extract()
    }
}

impl text::Source for Source<'_> {
    type Error = Stopped;

    fn next_chunk(&mut self) -> Result<Option<String>, Stopped> {
        let piece = match &mut self.kind {
            Kind::File(read) => Some(read.call1((CHUNK,)).map_err(Stopped)?),
            Kind::Lines(lines) => lines.next().transpose().map_err(Stopped)?,
        };
        let Some(piece) = piece else {
            return Ok(None);
        };
        let text = self.text(&piece).map_err(Stopped)?;
        let ended = text.is_empty() && matches!(self.kind, Kind::File(_));
        Ok((!ended).then_some(text))
    }
}
