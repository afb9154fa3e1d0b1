//! `arange` over datetimes and time differences.

use super::{empty, ArrayRef};
use crate::args::Arg;
use crate::descr::descr_for;
use crate::err::OrRaise;
use crate::scalar;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::datetime::common_meta;
use numoxide_dtype::{DateTimeMeta, DateTimeUnit};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Class and unit an argument has by itself.
fn kind_of(ob: Arg<'_, '_>) -> Option<(TypeNum, DateTimeMeta)> {
    let dtype = match ArrayOrScalar::of(ob) {
        ArrayOrScalar::Dtype(d) => d,
        ArrayOrScalar::Other => return None,
    };
    matches!(dtype.num, TypeNum::DateTime | TypeNum::TimeDelta)
        .then(|| (dtype.num, dtype.datetime_meta()))
}

enum ArrayOrScalar {
    Dtype(DType),
    Other,
}

impl ArrayOrScalar {
    fn of(ob: Arg<'_, '_>) -> ArrayOrScalar {
        match (super::ArrayRef::from_any(ob), scalar::discover(&ob)) {
            (Some(a), _) => ArrayOrScalar::Dtype(a.dtype()),
            (None, Some(d)) => ArrayOrScalar::Dtype(d),
            _ => ArrayOrScalar::Other,
        }
    }
}

/// The unit of the result: the one asked for, else the common one of the arguments.
fn unit(own: &DType, args: &[Option<Arg<'_, '_>>]) -> PyResult<DateTimeMeta> {
    let asked = own.datetime_meta();
    if asked.unit != DateTimeUnit::Generic {
        return Ok(asked);
    }
    let mut meta: Option<DateTimeMeta> = None;
    for ob in args.iter().flatten() {
        let found = match kind_of(*ob) {
            Some((_, m)) => m,
            None if ob.is_instance_of::<pyo3::types::PyString>() => {
                scalar::parse_object(ob, own.num, None)?.1
            }
            None => continue,
        };
        let time = own.num == TypeNum::TimeDelta;
        meta = Some(match meta {
            None => found,
            Some(old) => common_meta(old, found, time, time).or_raise(ob.py())?,
        });
    }
    Ok(meta.unwrap_or(asked))
}

/// The number of values from `first` by steps of `by` until `last`.
fn length(first: i64, last: i64, by: i64) -> usize {
    let (span, by) = (i128::from(last) - i128::from(first), i128::from(by));
    if span.signum() != by.signum() {
        return 0;
    }
    usize::try_from((span + by - by.signum()) / by).unwrap_or(0)
}

/// The range from `start` up to `stop`.
pub(super) fn range<'py>(
    start: Arg<'_, 'py>,
    stop: Arg<'_, 'py>,
    step: Option<Arg<'_, 'py>>,
    own: &DType,
) -> PyResult<Bound<'py, PyAny>> {
    let py = start.py();
    let absolute = own.num == TypeNum::DateTime;
    let meta = unit(own, &[Some(start), Some(stop), step])?;
    let value = |ob: Arg<'_, '_>, num| scalar::parse_object(&ob, num, Some(meta)).map(|(v, _)| v);
    let is_delta = |ob: Arg<'_, '_>| kind_of(ob).is_some_and(|(n, _)| n == TypeNum::TimeDelta);
    let is_int = |ob: Arg<'_, '_>| ob.is_instance_of::<pyo3::types::PyInt>();
    if absolute && (is_int(start) && !is_int(stop) || is_delta(start)) {
        return Err(PyValueError::new_err(
            "arange requires both a start and a stop for NumPy datetime64 ranges",
        ));
    }
    let first = value(start, own.num)?;
    let relative = absolute && (is_delta(stop) || is_int(stop) && !is_int(start));
    let last = match relative {
        true => first + value(stop, TypeNum::TimeDelta)?,
        false => value(stop, own.num)?,
    };
    let by = match step {
        Some(step) => value(step, TypeNum::TimeDelta)?,
        None => 1,
    };
    if by == 0 {
        return Err(PyValueError::new_err("arange: step cannot be zero"));
    }
    if [first, last, by].contains(&i64::MIN) {
        return Err(PyValueError::new_err(
            "arange: cannot use NaT (not-a-time) datetime values",
        ));
    }
    let n = length(first, last, by);
    let dtype = DType {
        swapped: own.swapped,
        ..DType::datetime(own.num, meta)
    };
    let native = descr_for(
        py,
        &DType {
            swapped: false,
            ..dtype.clone()
        },
    )?;
    let out = empty(py, &[n], native.as_ptr().cast(), false)?;
    let data = ArrayRef::of(&out).data().cast::<i64>();
    for i in 0..n {
        // SAFETY: the new array has `n` items.
        unsafe {
            data.add(i)
                .write(first.wrapping_add(by.wrapping_mul(i as i64)))
        };
    }
    if dtype.swapped {
        let swapped = descr_for(py, &dtype)?;
        return super::coerce::asarray_as(out.as_borrowed(), swapped.as_ptr().cast());
    }
    Ok(out)
}
