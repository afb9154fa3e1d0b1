//! `_load_from_filelike`: tables of text read into arrays, behind `loadtxt`.

mod columns;
mod options;
mod source;

use crate::args::CallArgs;
use crate::array::{self, ArrayRef};
use crate::layout::Descr;
use crate::slots::Module;
use columns::Columns;
use numoxide_io::text::{Problem, Row, Rows};
use options::Options;
use pyo3::exceptions::{PyUserWarning, PyValueError};
use pyo3::prelude::*;
use source::{Source, Stopped};

/// Adds the function.
pub(crate) fn register(m: &Bound<'_, PyModule>) -> PyResult<()> {
    crate::slots::add_functions(
        m,
        crate::methods!(Module;
            c"_load_from_filelike", load, 0, c"Reads rows of fields from a file or from lines.";
        ),
    )
}

fn load<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let options = Options::parse(py, args)?;
    let source = Source::new(&options)?;
    let rows = Rows::new(source, options.dialect, !options.filelike);
    Reader {
        py,
        rows,
        options,
        width: None,
        done: 0,
    }
    .run()
}

/// The state of one reading.
struct Reader<'py> {
    py: Python<'py>,
    rows: Rows<Source<'py>>,
    options: Options<'py>,
    /// Fields of the first row.
    width: Option<usize>,
    done: usize,
}

impl<'py> Reader<'py> {
    fn run(mut self) -> PyResult<Bound<'py, PyAny>> {
        let skip = self.options.skiplines;
        let skipped = self.rows.skip(skip);
        self.raised(skipped)?;
        let mut table: Option<(Columns<'py>, Table<'py>)> = None;
        let mut warned = false;
        while self.options.max_rows.is_none_or(|most| self.done < most) {
            let found = self.rows.next_row();
            match self.raised(found)? {
                Row::End => break,
                Row::Empty => {
                    if !warned && self.options.max_rows.is_some() {
                        self.warn_empty()?;
                        warned = true;
                    }
                    continue;
                }
                Row::Fields => {}
            }
            if table.is_none() {
                table = Some(self.first_row()?);
            }
            if let Some((columns, table)) = &mut table {
                self.check_width()?;
                let ptr = table.row(self.done)?;
                columns.store(self.py, &self.rows, self.done, ptr)?;
            }
            self.done += 1;
        }
        match table {
            Some((_, table)) => table.finish(self.done),
            None => {
                let columns = self.options.usecols.as_ref().map_or(1, Vec::len);
                Table::new(self.py, &self.options, columns, 0)?.finish(0)
            }
        }
    }

    fn raised<T>(&self, result: Result<T, Problem<Stopped>>) -> PyResult<T> {
        result.map_err(|problem| match problem {
            Problem::EmbeddedNewline => PyValueError::new_err(
                "Found an unquoted embedded newline within a single line of input.  This is \
                 currently not supported.",
            ),
            Problem::Source(stopped) => stopped.0,
        })
    }

    /// What the number of fields in the first row settles.
    fn first_row(&mut self) -> PyResult<(Columns<'py>, Table<'py>)> {
        let width = self.rows.len();
        self.width = Some(width);
        let columns = Columns::new(self.py, &self.options, width)?;
        let room = match self.options.max_rows {
            Some(most) => most.min(1 << 16),
            None => 64,
        };
        let table = Table::new(self.py, &self.options, columns.len(), room)?;
        Ok((columns, table))
    }

    fn check_width(&self) -> PyResult<()> {
        let (found, row) = (self.rows.len(), self.done + 1);
        if let Some(wanted) = &self.options.usecols {
            let n = found as isize;
            let bad = wanted.iter().find(|&&i| i < -n || i >= n);
            return bad.map_or(Ok(()), |index| {
                Err(PyValueError::new_err(format!(
                    "invalid column index {index} at row {row} with {found} columns"
                )))
            });
        }
        match self.width {
            Some(width) if width != found => Err(PyValueError::new_err(format!(
                "the number of columns changed from {width} to {found} at row {row}; use \
                 `usecols` to select a subset and avoid this error"
            ))),
            _ => Ok(()),
        }
    }

    #[cold]
    fn warn_empty(&self) -> PyResult<()> {
        let (line, most) = (self.rows.lines(), self.options.max_rows.unwrap_or(0));
        let text = format!(
            "Input line {line} contained no data and will not be counted towards \
             `max_rows={most}`.  This differs from the behaviour in NumPy <=1.22 which counted \
             lines rather than rows.  If desired, the previous behaviour can be achieved by using \
             `itertools.islice`.\nPlease see the 1.23 release notes for an example on how to do \
             this.  If you wish to ignore this warning, use `warnings.filterwarnings`.  This \
             warning is expected to be removed in the future and is given only once per `loadtxt` \
             call."
        );
        crate::err::warn(self.py, &self.py.get_type::<PyUserWarning>(), &text)
    }
}

/// The array under way, with room for more rows than it has.
struct Table<'py> {
    py: Python<'py>,
    out: Bound<'py, PyAny>,
    descr: *mut Descr,
    /// Columns where they are an axis of the array.
    columns: Option<usize>,
    room: usize,
}

impl<'py> Table<'py> {
    fn new(py: Python<'py>, options: &Options<'py>, columns: usize, room: usize) -> PyResult<Self> {
        let descr: *mut Descr = options.dtype.as_ptr().cast();
        let columns = (!options.structured).then_some(columns);
        Ok(Table {
            py,
            out: blank(py, descr, columns, room)?,
            descr,
            columns,
            room,
        })
    }

    /// Where row `n` lies, the array grown if it must be.
    fn row(&mut self, n: usize) -> PyResult<*mut u8> {
        if n >= self.room {
            let room = self.room + (self.room >> 1).max(64);
            let grown = blank(self.py, self.descr, self.columns, room)?;
            let (old, new) = (ArrayRef::of(&self.out), ArrayRef::of(&grown));
            let common = array::rows_view(new, self.room)?;
            array::assign::assign(ArrayRef::of(&common), old)?;
            self.out = grown;
            self.room = room;
        }
        let a = ArrayRef::of(&self.out);
        // SAFETY: row `n` lies within the array's memory.
        Ok(unsafe { a.data().add(n * a.strides()[0] as usize) })
    }

    fn finish(self, rows: usize) -> PyResult<Bound<'py, PyAny>> {
        if rows == self.room {
            return Ok(self.out);
        }
        let view = array::rows_view(ArrayRef::of(&self.out), rows)?;
        array::assign::copy(ArrayRef::of(&view), numoxide_core::Order::C, false)
    }
}

fn blank<'py>(
    py: Python<'py>,
    descr: *mut Descr,
    columns: Option<usize>,
    rows: usize,
) -> PyResult<Bound<'py, PyAny>> {
    match columns {
        Some(n) => array::empty(py, &[rows, n], descr, false),
        None => array::empty(py, &[rows], descr, false),
    }
}
