//! `is_busday`, `busday_offset`, `busday_count`.

use super::calendar::{holidays_of, mask_of, BusDayCalendar};
use super::{dates, days, roll_rule, Items};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce;
use crate::array::ArrayRef;
use crate::descr::{dtype_of, singleton};
use crate::err::{to_py, OrRaise};
use crate::slots::Module;
use numoxide_core::{DType, Error, TypeNum};
use numoxide_dtype::datetime::Calendar;
use numoxide_dtype::{can_cast, Casting};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// Monday to Friday.
const WORKING_WEEK: [bool; 7] = [true, true, true, true, true, false, false];

/// The calendar of a call: the one given, or the one that mask and holidays make.
fn calendar(
    name: &str,
    position: usize,
    weekmask: Option<Arg<'_, '_>>,
    holidays: Option<Arg<'_, '_>>,
    given: Option<Arg<'_, '_>>,
) -> PyResult<Calendar> {
    let given = match given {
        None => None,
        Some(ob) => Some(ob.cast::<BusDayCalendar>().map_err(|_| {
            let shown = match ob.is_none() {
                true => "None".to_owned(),
                false => ob
                    .get_type()
                    .name()
                    .map_or_else(|_| "?".into(), |n| n.to_string()),
            };
            PyTypeError::new_err(format!(
                "{name}() argument {position} must be numpy.busdaycalendar, not {shown}"
            ))
        })?),
    };
    let mask = weekmask.map(mask_of).transpose()?;
    let listed = holidays.map(holidays_of).transpose()?;
    match given {
        Some(_) if mask.is_some() || listed.is_some() => Err(PyValueError::new_err(format!(
            "Cannot supply both the weekmask/holidays and the busdaycal parameters to {name}()"
        ))),
        Some(ready) => Ok(ready.get().calendar().clone()),
        None => {
            let mask = mask.unwrap_or(WORKING_WEEK);
            Calendar::new(mask, listed.unwrap_or_default())
                .map_err(|e| PyValueError::new_err(e.to_string()))
        }
    }
}

/// The integer at an address.
///
/// # Safety
/// - `at` addresses an aligned, live int64.
unsafe fn int(at: *mut u8) -> i64 {
    // SAFETY: by contract.
    unsafe { at.cast::<i64>().read() }
}

fn missing(name: &str, what: &[(&str, Option<Arg<'_, '_>>)]) -> PyResult<()> {
    let lacking: Vec<_> = what.iter().filter(|w| w.1.is_none()).map(|w| w.0).collect();
    let (first, second) = match lacking[..] {
        [] => return Ok(()),
        [one] => (one, None),
        [one, two, ..] => (one, Some(two)),
    };
    let text = match second {
        None => format!("{name}() missing 1 required positional argument: '{first}'"),
        Some(second) => {
            format!("{name}() missing 2 required positional arguments: '{first}' and '{second}'")
        }
    };
    Err(PyTypeError::new_err(text))
}

static IS_BUSDAY: Sig = Sig::new(
    "is_busday",
    &["dates", "weekmask", "holidays", "busdaycal", "out"],
    0,
);

/// `is_busday(dates, weekmask='1111100', holidays=None, busdaycal=None, out=None)`.
pub(super) fn is_busday<'py>(
    _: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [given, weekmask, holidays, busdaycal, out] = args.parse(&IS_BUSDAY)?;
    missing("is_busday", &[("dates", given)])?;
    let calendar = calendar("is_busday", 4, weekmask, holidays, busdaycal)?;
    let items = Items {
        name: "is_busday",
        inputs: &[days()],
        result: DType::new(TypeNum::Bool),
    };
    let Some(given) = given else {
        unreachable!("checked above")
    };
    items.run(&[dates(given)?], out, |at| {
        // SAFETY: a date and a place for a bool.
        unsafe { at[1].write(u8::from(calendar.is_busday(int(at[0])))) };
        Ok(())
    })
}

/// Offsets as integers; arrays must cast to them safely.
fn offsets<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let long = singleton(TypeNum::Long);
    if let Some(a) = ArrayRef::from_any(ob) {
        let (from, to) = (a.dtype(), dtype_of(long));
        if !can_cast(&from, &to, Casting::Safe) {
            let rule = Casting::Safe.name();
            return Err(to_py(ob.py(), Error::Cast { from, to, rule }));
        }
    }
    coerce::asarray_as(ob, long)
}

static BUSDAY_OFFSET: Sig = Sig::new(
    "busday_offset",
    &[
        "dates",
        "offsets",
        "roll",
        "weekmask",
        "holidays",
        "busdaycal",
        "out",
    ],
    0,
);

/// `busday_offset(dates, offsets, roll='raise', weekmask='1111100', holidays=None, busdaycal=None,
/// out=None)`.
pub(super) fn busday_offset<'py>(
    _: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [given, by, roll, weekmask, holidays, busdaycal, out] = args.parse(&BUSDAY_OFFSET)?;
    missing("busday_offset", &[("dates", given), ("offsets", by)])?;
    let roll = roll_rule(roll)?;
    let calendar = calendar("busday_offset", 6, weekmask, holidays, busdaycal)?;
    let items = Items {
        name: "busday_offset",
        inputs: &[days(), DType::new(TypeNum::Long)],
        result: days(),
    };
    let (Some(given), Some(by)) = (given, by) else {
        unreachable!("checked above")
    };
    items.run(&[dates(given)?, offsets(by)?], out, |at| {
        // SAFETY: a date, an integer and a place for a date.
        unsafe {
            let moved = calendar.offset(int(at[0]), int(at[1]), roll)?;
            at[2].cast::<i64>().write(moved);
        }
        Ok(())
    })
}

static BUSDAY_COUNT: Sig = Sig::new(
    "busday_count",
    &[
        "begindates",
        "enddates",
        "weekmask",
        "holidays",
        "busdaycal",
        "out",
    ],
    0,
);

/// `busday_count(begindates, enddates, weekmask='1111100', holidays=[], busdaycal=None, out=None)`.
pub(super) fn busday_count<'py>(
    _: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [begin, end, weekmask, holidays, busdaycal, out] = args.parse(&BUSDAY_COUNT)?;
    missing("busday_count", &[("begindates", begin), ("enddates", end)])?;
    let calendar = calendar("busday_count", 5, weekmask, holidays, busdaycal)?;
    let items = Items {
        name: "busday_count",
        inputs: &[days(), days()],
        result: DType::new(TypeNum::Long),
    };
    let (Some(begin), Some(end)) = (begin, end) else {
        unreachable!("checked above")
    };
    items.run(&[dates(begin)?, dates(end)?], out, |at| {
        // SAFETY: two dates and a place for an integer.
        unsafe {
            let count = calendar.count(int(at[0]), int(at[1]))?;
            at[2].cast::<i64>().write(count);
        }
        Ok(())
    })
}

/// The calendar of two arguments, for the type's constructor.
pub(super) fn new_calendar(
    py: Python<'_>,
    weekmask: Option<Arg<'_, '_>>,
    holidays: Option<Arg<'_, '_>>,
) -> PyResult<Calendar> {
    let mask = weekmask.map_or(Ok(WORKING_WEEK), mask_of)?;
    let holidays = holidays.map_or_else(|| Ok(Vec::new()), holidays_of)?;
    Calendar::new(mask, holidays).or_raise(py)
}
