//! `busdaycalendar` and the arguments that make one.

use super::{busday, dates, days, settled};
use crate::args::Arg;
use crate::array::{coerce, empty, ArrayRef};
use crate::descr::{descr_for, singleton};
use numoxide_core::TypeNum;
use numoxide_dtype::datetime::{parse_weekmask, Calendar};
use numoxide_dtype::{can_cast, Casting};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};

/// A set of business days.
#[pyclass(name = "busdaycalendar", module = "numpy", frozen)]
pub(super) struct BusDayCalendar(Calendar);

impl BusDayCalendar {
    /// The days.
    pub(super) fn calendar(&self) -> &Calendar {
        &self.0
    }
}

#[pymethods]
impl BusDayCalendar {
    /// A calendar of the days of the week that count, without some holidays.
    #[new]
    #[pyo3(signature = (*args, **kwargs), text_signature = "(weekmask='1111100', holidays=None)")]
    fn new(args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        const NAMES: [&str; 2] = ["weekmask", "holidays"];
        let error = pyo3::exceptions::PyTypeError::new_err;
        let given = args.len() + kwargs.map_or(0, |k| k.len());
        if given > 2 {
            return Err(error(format!(
                "busdaycal() takes at most 2 arguments ({given} given)"
            )));
        }
        let mut found: [Option<Bound<'_, PyAny>>; 2] = [None, None];
        for (slot, value) in found.iter_mut().zip(args) {
            *slot = Some(value);
        }
        for (name, value) in kwargs.into_iter().flatten() {
            let name: String = name.extract()?;
            let at = NAMES.iter().position(|n| *n == name).ok_or_else(|| {
                error(format!(
                    "'{name}' is an invalid keyword argument for busdaycal()"
                ))
            })?;
            if found[at].replace(value).is_some() {
                return Err(error(format!(
                    "argument for busdaycal() given by name ('{name}') and position ({})",
                    at + 1
                )));
            }
        }
        let arg = |i: usize| found[i].as_ref().map(Bound::as_borrowed);
        busday::new_calendar(args.py(), arg(0), arg(1)).map(BusDayCalendar)
    }

    /// A copy of the seven-element boolean mask of business days.
    #[getter]
    fn weekmask<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let out = empty(py, &[7], singleton(TypeNum::Bool), false)?;
        let data = ArrayRef::of(&out).data();
        for (i, day) in self.0.mask().into_iter().enumerate() {
            // SAFETY: the array has seven items of one byte.
            unsafe { data.add(i).write(u8::from(day)) };
        }
        Ok(out)
    }

    /// A copy of the holidays, in order.
    #[getter]
    fn holidays<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let descr = descr_for(py, &days())?;
        let list = self.0.holidays();
        let out = empty(py, &[list.len()], descr.as_ptr().cast(), false)?;
        let data = ArrayRef::of(&out).data().cast::<i64>();
        for (i, &date) in list.iter().enumerate() {
            // SAFETY: the array has as many items.
            unsafe { data.add(i).write(date) };
        }
        Ok(out)
    }
}

/// Adds the type to the module.
pub(super) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_class::<BusDayCalendar>()?;
    let home = crate::slots::module_name(m.py())?;
    m.getattr("busdaycalendar")?.setattr("__module__", home)
}

/// The days of the week that a `weekmask=` names.
pub(super) fn mask_of(ob: Arg<'_, '_>) -> PyResult<[bool; 7]> {
    if ob.is_instance_of::<PyString>() || ob.is_instance_of::<PyBytes>() {
        let text = super::text_of(ob)?;
        return parse_weekmask(&text).ok_or_else(|| {
            PyValueError::new_err(format!("Invalid business day weekmask string \"{text}\""))
        });
    }
    let no_mask = || PyValueError::new_err("Couldn't convert object into a business day weekmask");
    // SAFETY: a plain protocol check of a live object.
    if unsafe { pyo3::ffi::PySequence_Check(ob.as_ptr()) } == 0 {
        return Err(no_mask());
    }
    let items = coerce::asarray_as(ob, singleton(TypeNum::Bool)).map_err(|_| no_mask())?;
    let a = ArrayRef::of(&items);
    if a.shape() != [7] {
        return Err(PyValueError::new_err(
            "A business day weekmask array must have length 7",
        ));
    }
    let mut mask = [false; 7];
    for (i, day) in mask.iter_mut().enumerate() {
        // SAFETY: seven items of one byte.
        *day = unsafe { a.data().offset(i as isize * a.strides()[0]).read() } != 0;
    }
    Ok(mask)
}

/// The dates that a `holidays=` lists.
pub(super) fn holidays_of(ob: Arg<'_, '_>) -> PyResult<Vec<i64>> {
    let given = dates(ob)?;
    let a = ArrayRef::of(&given);
    if !can_cast(&a.dtype(), &days(), Casting::Safe) {
        return Err(PyValueError::new_err(
            "Cannot safely convert provided holidays input into an array of dates",
        ));
    }
    if a.ndim() != 1 {
        return Err(PyValueError::new_err(
            "holidays must be a provided as a one-dimensional array",
        ));
    }
    let list = settled(&given, &days())?;
    let a = ArrayRef::of(&list);
    let step = a.strides()[0];
    // SAFETY: items of an array of dates.
    let at = |i: usize| unsafe { a.data().offset(i as isize * step).cast::<i64>().read() };
    Ok((0..a.size()).map(at).collect())
}
