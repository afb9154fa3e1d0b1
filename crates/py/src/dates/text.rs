//! `datetime_as_string`.

use super::{settled, text_of};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce;
use crate::array::ArrayRef;
use crate::convert;
use crate::descr::unit_named;
use crate::err::OrRaise;
use crate::slots::Module;
use numoxide_core::{DType, Error, TypeNum};
use numoxide_dtype::datetime::{
    days_from_civil, iso_length, iso_text, lossless_unit, shift_minutes, to_civil, Civil,
};
use numoxide_dtype::{can_cast, Casting, DateTimeMeta, DateTimeUnit};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBytes, PyDateTime, PyDelta, PyDeltaAccess, PyString, PyTzInfo, PyTzInfoAccess,
};

/// What time zone dates are shown in.
enum Zone<'py> {
    /// None.
    Naive,
    /// With a `Z`.
    Utc,
    /// This machine's, with its offset.
    Local,
    /// That of a tzinfo object.
    Of(Bound<'py, PyTzInfo>),
}

fn zone<'py>(ob: Option<Arg<'_, 'py>>) -> PyResult<Zone<'py>> {
    let Some(ob) = ob else { return Ok(Zone::Naive) };
    if ob.is_instance_of::<PyString>() || ob.is_instance_of::<PyBytes>() {
        let name = text_of(ob)?;
        return match name.as_str() {
            "naive" => Ok(Zone::Naive),
            "UTC" => Ok(Zone::Utc),
            "local" => Ok(Zone::Local),
            _ => Err(PyValueError::new_err(format!(
                "Unsupported timezone input string \"{name}\""
            ))),
        };
    }
    if ob.is_none() {
        return Ok(Zone::Local);
    }
    match ob.cast::<PyTzInfo>() {
        Ok(tz) => Ok(Zone::Of(tz.to_owned())),
        Err(_) => Err(PyTypeError::new_err(format!(
            "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
            ob.get_type().name()?
        ))),
    }
}

impl Zone<'_> {
    /// Minutes east of UTC at that time.
    fn offset(&self, py: Python<'_>, date: &Civil) -> PyResult<Option<i32>> {
        match self {
            Zone::Naive | Zone::Utc => Ok(None),
            // Years that the platform's calendar may not reach are shown without an offset.
            Zone::Local if !(1970..=2399).contains(&date.year) => Ok(None),
            Zone::Local => Ok(local_offset(date)),
            Zone::Of(tz) => {
                let Ok(year) = i32::try_from(date.year) else {
                    return Err(PyValueError::new_err("year is out of range"));
                };
                let (month, day) = (date.month as u8, date.day as u8);
                let (hour, minute) = (date.hour as u8, date.min as u8);
                let utc =
                    pyo3::types::PyDateTime::new(py, year, month, day, hour, minute, 0, 0, None)?;
                let stamped = replace_zone(&utc, tz)?;
                let shown = tz.call_method1("fromutc", (stamped,))?;
                let shown = shown.cast::<PyDateTime>()?;
                let moved =
                    replace_zone(shown, py.None().bind(py))?.call_method1("__sub__", (utc,))?;
                let delta = moved.cast::<PyDelta>()?;
                Ok(Some(delta.get_days() * 1440 + delta.get_seconds() / 60))
            }
        }
    }
}

fn replace_zone<'py>(
    date: &Bound<'py, PyDateTime>,
    tz: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let kwargs = pyo3::types::PyDict::new(date.py());
    kwargs.set_item("tzinfo", tz)?;
    let _ = date.get_tzinfo();
    date.call_method("replace", (), Some(&kwargs))
}

/// Minutes by which this machine's clock is east of UTC at that time.
fn local_offset(date: &Civil) -> Option<i32> {
    let days = days_from_civil(date.year, date.month, date.day);
    let clock = i64::from(date.hour * 60 + date.min) * 60;
    let stamp: libc::time_t = days * 86_400 + clock;
    // SAFETY: a plain struct of integers, filled by the call.
    unsafe {
        let mut parts: libc::tm = std::mem::zeroed();
        (!libc::localtime_r(&stamp, &mut parts).is_null()).then_some((parts.tm_gmtoff / 60) as i32)
    }
}

/// How all dates of a call are written.
struct Style<'py> {
    /// Finest unit shown; `None` finds each date's own.
    unit: Option<DateTimeUnit>,
    zone: Zone<'py>,
    own: DateTimeMeta,
    /// Dates may be shown in a zone though they have no time of day.
    force: bool,
}

impl Style<'_> {
    /// The text of one date.
    fn text(&self, py: Python<'_>, value: i64) -> PyResult<String> {
        if self.own.unit == DateTimeUnit::Generic {
            return Ok("NaT".into());
        }
        let Some(mut date) = to_civil(value, self.own).or_raise(py)? else {
            return Ok("NaT".into());
        };
        let offset = self.zone.offset(py, &date)?;
        let found = self.unit.unwrap_or_else(|| best_unit(&date));
        let unit = found;
        if let Some(minutes) = offset {
            shift_minutes(&mut date, minutes);
        }
        let mut text = iso_text(Some(&date), unit);
        if unit < DateTimeUnit::Hour {
            return Ok(text);
        }
        match (&self.zone, offset) {
            (Zone::Utc, _) => text.push('Z'),
            (_, Some(minutes)) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.abs();
                text.push_str(&format!("{sign}{:02}{:02}", minutes / 60, minutes % 60));
            }
            _ => {}
        }
        Ok(text)
    }

    /// Refuses what the casting rule forbids.
    fn check(&self, rule: Casting) -> PyResult<()> {
        let local = matches!(self.zone, Zone::Local | Zone::Of(_));
        let shown = self.unit.unwrap_or(self.own.unit);
        if let Some(unit) = self.unit.filter(|u| *u != self.own.unit) {
            let to = DType::datetime(TypeNum::DateTime, DateTimeMeta::unit(unit));
            let from = DType::datetime(TypeNum::DateTime, DateTimeMeta::unit(self.own.unit));
            if rule != Casting::Unsafe && !can_cast(&from, &to, rule) {
                return Err(PyTypeError::new_err(format!(
                    "Cannot create a datetime string as units '{}' from a NumPy datetime with \
                     units '{}' according to the rule '{}'",
                    unit.name(),
                    self.own.unit.name(),
                    rule.name()
                )));
            }
        }
        if local && !self.force && shown < DateTimeUnit::Hour && self.unit.is_some() {
            return Err(PyTypeError::new_err(
                "Cannot create a local timezone-based date string from a NumPy datetime without \
                 forcing 'unsafe' casting",
            ));
        }
        Ok(())
    }

    /// Characters of the result's items.
    fn length(&self) -> usize {
        let Some(unit) = self.unit else { return 62 };
        let local = matches!(self.zone, Zone::Local | Zone::Of(_));
        iso_length(unit)
            + 1
            + if local && unit >= DateTimeUnit::Hour {
                4
            } else {
                0
            }
    }
}

/// The unit that `unit='auto'` shows: days where there is no time of day, else minutes or finer.
fn best_unit(date: &Civil) -> DateTimeUnit {
    match lossless_unit(date) {
        unit if unit < DateTimeUnit::Hour => DateTimeUnit::Day,
        DateTimeUnit::Hour => DateTimeUnit::Minute,
        unit => unit,
    }
}

/// The `unit=` argument: `None` for `'auto'`.
fn unit(ob: Option<Arg<'_, '_>>, own: DateTimeUnit) -> PyResult<Option<DateTimeUnit>> {
    let Some(ob) = ob.filter(|o| !o.is_none()) else {
        return Ok(Some(own));
    };
    let name = text_of(ob)?;
    if name == "auto" {
        return Ok(None);
    }
    let found = unit_named(&name).ok_or_else(|| {
        PyTypeError::new_err(format!("Invalid datetime unit \"{name}\" in metadata"))
    })?;
    Ok(Some(found))
}

static AS_STRING: Sig = Sig::new(
    "datetime_as_string",
    &["arr", "unit", "timezone", "casting"],
    0,
);

/// `datetime_as_string(arr, unit=None, timezone='naive', casting='same_kind')`.
pub(super) fn datetime_as_string<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [given, shown, timezone, casting] = args.parse(&AS_STRING)?;
    let Some(given) = given else {
        return Err(PyTypeError::new_err(
            "datetime_as_string() missing 1 required positional argument: 'arr'",
        ));
    };
    let rule = convert::casting(casting, Casting::SameKind)?;
    let array = coerce::as_any(given)?;
    let dtype = ArrayRef::of(&array).dtype();
    if dtype.num != TypeNum::DateTime {
        return Err(PyTypeError::new_err("input must have type NumPy datetime"));
    }
    let own = dtype.datetime_meta();
    let style = Style {
        unit: unit(shown, own.unit)?,
        zone: zone(timezone)?,
        own,
        force: rule == Casting::Unsafe,
    };
    style.check(rule)?;
    let native = DType::datetime(TypeNum::DateTime, own);
    let input = settled(&array, &native)?;
    let length = style.length();
    let items = super::Items {
        name: "datetime_as_string",
        inputs: &[native],
        result: DType {
            size: 4 * length,
            ..DType::new(TypeNum::Str)
        },
    };
    let out = items.run(&[input], None, |at| {
        // SAFETY: a date.
        let value = unsafe { at[0].cast::<i64>().read() };
        let text = style.text(py, value).map_err(|e| crate::err::set(py, e))?;
        if text.chars().count() > length {
            return Err(Error::Runtime("the date is too long for its text".into()));
        }
        let mut codes = text.chars().map(u32::from);
        for i in 0..length {
            // SAFETY: an item of as many code points.
            unsafe { at[1].cast::<u32>().add(i).write(codes.next().unwrap_or(0)) };
        }
        Ok(())
    })?;
    Ok(out)
}
