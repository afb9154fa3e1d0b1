//! Dtypes that leave something open: text without length, datetimes without unit.

use super::super::{items, ArrayRef};
use crate::args::Arg;
use crate::descr::{self, dtype_of};
use crate::layout::Descr;
use crate::scalar;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::datetime::common_meta;
use numoxide_dtype::promote::text_chars;
use numoxide_dtype::{DateTimeMeta, DateTimeUnit};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// What a dtype leaves open.
#[derive(Clone, Copy, PartialEq)]
enum Missing {
    Nothing,
    /// Characters of a bytes or str dtype.
    Length,
    /// Bytes of a void dtype.
    Bytes,
    /// Unit of a datetime dtype.
    Unit,
}

fn missing(dtype: &DType) -> Missing {
    match dtype.num {
        TypeNum::Bytes | TypeNum::Str if dtype.size == 0 => Missing::Length,
        TypeNum::Void if dtype.size == 0 && dtype.extra.is_none() => Missing::Bytes,
        TypeNum::DateTime | TypeNum::TimeDelta
            if dtype.datetime_meta().unit == DateTimeUnit::Generic =>
        {
            Missing::Unit
        }
        _ => Missing::Nothing,
    }
}

/// Most characters of a str dtype, whose size is a C int.
const LONGEST: usize = i32::MAX as usize / 4;

/// What leaves and arrays say about the open part, collected over a walk.
pub(super) struct Open {
    dtype: Option<DType>,
    missing: Missing,
    length: usize,
    unit: Option<DateTimeMeta>,
    /// The structured dtype that a void without size takes over.
    record: Option<DType>,
    /// No leaf has told its bytes.
    empty: bool,
}

impl Open {
    /// For the dtype asked for.
    pub(super) fn new(descr: Option<*mut Descr>) -> Open {
        let dtype = descr.map(dtype_of);
        let missing = dtype.as_ref().map_or(Missing::Nothing, missing);
        Open {
            dtype,
            missing,
            length: 0,
            unit: None,
            record: None,
            empty: true,
        }
    }

    /// Takes note of a leaf.
    pub(super) fn leaf(&mut self, ob: Arg<'_, '_>) -> PyResult<()> {
        match self.missing {
            Missing::Nothing => {}
            Missing::Length => self.length = self.length.max(self.chars(ob)?),
            Missing::Bytes => {
                let size = void_bytes(ob)?;
                let dtype = scalar::discover(&ob).unwrap_or(DType::new(TypeNum::Void));
                self.note_bytes(ob.py(), size, &dtype)?;
            }
            Missing::Unit => {
                let num = self.dtype.as_ref().map_or(TypeNum::DateTime, |d| d.num);
                let text = ob.is_instance_of::<PyString>() || ob.is_instance_of::<PyBytes>();
                let (value, meta) = match scalar::parse_object(&ob, num, None) {
                    Err(e) if text => return Err(e),
                    // Numbers have no unit; what is no date at all fails when it is stored.
                    Err(_) => return Ok(()),
                    Ok(parsed) => parsed,
                };
                // NaT goes with any unit.
                if value != i64::MIN || meta.unit != DateTimeUnit::Generic {
                    self.note_unit(ob.py(), meta)?;
                }
            }
        }
        Ok(())
    }

    /// Records keep their fields, and do not mix with plain bytes.
    fn note_bytes(&mut self, py: Python<'_>, size: usize, dtype: &DType) -> PyResult<()> {
        use crate::err::OrRaise;
        if dtype.fields().is_some() || self.record.is_some() {
            let plain = DType::flexible(TypeNum::Void, self.length);
            let old = match &self.record {
                Some(record) => record,
                None if self.length > 0 => &plain,
                None => dtype,
            };
            self.record = Some(numoxide_dtype::promote_types(old, dtype).or_raise(py)?);
        }
        if self.record.is_none() && self.length > 0 && self.length != size {
            let plain = |n| DType::flexible(TypeNum::Void, n);
            numoxide_dtype::promote_types(&plain(self.length), &plain(size)).or_raise(py)?;
        }
        self.length = self.length.max(size);
        self.empty = false;
        Ok(())
    }

    fn note_unit(&mut self, py: Python<'_>, meta: DateTimeMeta) -> PyResult<()> {
        use crate::err::OrRaise;
        self.unit = Some(match self.unit {
            None => meta,
            Some(old) if old == meta => old,
            Some(old) => {
                let time = self
                    .dtype
                    .as_ref()
                    .is_some_and(|d| d.num == TypeNum::TimeDelta);
                common_meta(old, meta, time, time).or_raise(py)?
            }
        });
        Ok(())
    }

    /// Characters an object takes as text.
    fn chars(&self, ob: Arg<'_, '_>) -> PyResult<usize> {
        if ob.is_instance_of::<PyString>() || ob.is_instance_of::<PyBytes>() {
            return ob.len();
        }
        if let Some(num) = scalar::exact_num(&ob) {
            let descr = scalar::descr_of(ob.py(), &ob)?;
            return chars_of(&dtype_of(descr.as_ptr().cast()), num, ob);
        }
        ob.str()?.len()
    }

    /// Takes note of an array among the leaves.
    pub(super) fn array(&mut self, a: ArrayRef<'_, '_>) -> PyResult<()> {
        if self.missing == Missing::Nothing {
            return Ok(());
        }
        let dtype = a.dtype();
        if dtype.num == TypeNum::Object || self.missing == Missing::Unit && is_text(&dtype) {
            let mut done = Ok(());
            items::for_each_item(a, &mut |ptr| {
                if done.is_ok() {
                    // SAFETY: the address of an item.
                    let item = unsafe { scalar::get_item(a.py(), ptr, a.descr()) };
                    done = item.and_then(|ob| self.leaf(ob.as_borrowed()));
                }
            });
            return done;
        }
        match self.missing {
            Missing::Unit if matches!(dtype.num, TypeNum::DateTime | TypeNum::TimeDelta) => {
                self.note_unit(a.py(), dtype.datetime_meta())
            }
            Missing::Length => {
                self.length = self.length.max(dtype_chars(&dtype));
                Ok(())
            }
            Missing::Bytes => self.note_bytes(a.py(), dtype.size, &dtype),
            _ => Ok(()),
        }
    }

    /// The dtype with the open part filled in.
    pub(super) fn result(&self, py: Python<'_>, descr: *mut Descr) -> PyResult<Py<PyAny>> {
        let same = || {
            // SAFETY: a valid dtype.
            Ok(unsafe { Bound::from_borrowed_ptr(py, descr.cast()) }.unbind())
        };
        let Some(dtype) = &self.dtype else {
            return same();
        };
        if let (Missing::Bytes, Some(record)) = (self.missing, &self.record) {
            return descr::descr_for(py, record);
        }
        if self.missing == Missing::Length && dtype.num == TypeNum::Str && self.length > LONGEST {
            return Err(PyTypeError::new_err(format!(
                "cannot cast dtype |S{} to <class 'numpy.dtypes.StrDType'>.",
                self.length
            )));
        }
        let filled = match (self.missing, self.unit) {
            (Missing::Length, _) if dtype.num == TypeNum::Str => DType {
                size: self.length.max(1) * 4,
                ..dtype.clone()
            },
            (Missing::Length, _) => DType {
                size: self.length.max(1),
                ..dtype.clone()
            },
            // What nobody sizes takes the size of a double.
            (Missing::Bytes, _) if self.empty => DType::flexible(dtype.num, 8),
            (Missing::Bytes, _) if self.length > 0 => DType {
                size: self.length,
                ..dtype.clone()
            },
            // An open unit leaves the byte order open too.
            (Missing::Unit, Some(meta)) => DType::datetime(dtype.num, meta),
            (Missing::Unit, None) if dtype.swapped => dtype.native(),
            _ => return same(),
        };
        descr::descr_for(py, &filled)
    }
}

fn is_text(dtype: &DType) -> bool {
    matches!(dtype.num, TypeNum::Str | TypeNum::Bytes | TypeNum::VString)
}

/// Characters that items of a dtype take at most as text.
fn dtype_chars(dtype: &DType) -> usize {
    match dtype.num {
        TypeNum::Str => dtype.size / 4,
        TypeNum::Bytes | TypeNum::Void => dtype.size,
        TypeNum::DateTime => datetime_chars(dtype.datetime_meta().unit),
        TypeNum::TimeDelta => 21,
        n => text_chars(n),
    }
}

/// Characters of a datetime in its unit.
fn datetime_chars(unit: DateTimeUnit) -> usize {
    match unit {
        DateTimeUnit::Year => 22,
        DateTimeUnit::Month => 25,
        DateTimeUnit::Week | DateTimeUnit::Day => 28,
        DateTimeUnit::Hour => 32,
        DateTimeUnit::Minute => 35,
        DateTimeUnit::Second => 38,
        DateTimeUnit::Milli => 42,
        DateTimeUnit::Micro => 45,
        DateTimeUnit::Nano => 48,
        DateTimeUnit::Pico => 51,
        DateTimeUnit::Femto => 54,
        DateTimeUnit::Atto => 57,
        DateTimeUnit::Generic => 3,
    }
}

fn chars_of(dtype: &DType, num: TypeNum, ob: Arg<'_, '_>) -> PyResult<usize> {
    match num {
        TypeNum::Str | TypeNum::Bytes => ob.len(),
        _ => Ok(dtype_chars(dtype)),
    }
}

fn void_bytes(ob: Arg<'_, '_>) -> PyResult<usize> {
    let sized = ob.is_instance_of::<PyBytes>() || scalar::is_numpy_scalar(&ob);
    match scalar::discover(&ob) {
        Some(d) if sized => Ok(d.size),
        _ => Err(PyTypeError::new_err(format!(
            "A bytes-like object is required, not '{}'",
            ob.get_type().name()?
        ))),
    }
}

/// As [`adapt`] for an array converted as a whole: objects without text take the size of a pointer.
pub(super) fn adapt_whole(a: ArrayRef<'_, '_>, descr: *mut Descr) -> PyResult<Option<Py<PyAny>>> {
    let mut open = Open::new(Some(descr));
    if open.missing != Missing::Length || a.dtype().num != TypeNum::Object {
        return adapt(a, descr);
    }
    open.array(a)?;
    if open.length > 0 || a.size() == 0 {
        return open.result(a.py(), descr).map(Some);
    }
    let dtype = DType {
        size: size_of::<usize>(),
        ..dtype_of(descr)
    };
    descr::descr_for(a.py(), &dtype).map(Some)
}

/// The dtype to convert the array to, where `descr` leaves something open; `None` where it does not.
pub(crate) fn adapt(a: ArrayRef<'_, '_>, descr: *mut Descr) -> PyResult<Option<Py<PyAny>>> {
    let mut open = Open::new(Some(descr));
    if open.missing == Missing::Nothing {
        return Ok(None);
    }
    let own = a.dtype();
    if open.missing == Missing::Bytes && own.fields().is_some() {
        return Ok(Some(a.dtype_object().unbind()));
    }
    if open.dtype.as_ref().is_some_and(|d| d.num == own.num) && open.missing == Missing::Unit {
        return descr::descr_for(a.py(), &own.native()).map(Some);
    }
    open.array(a)?;
    open.result(a.py(), descr).map(Some)
}
