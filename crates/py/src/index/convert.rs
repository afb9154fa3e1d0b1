//! Arguments of the choosing methods as arrays.

use crate::args::Arg;
use crate::array::coerce::{from_object, Request};
use crate::array::{assign, view_with, ArrayRef};
use crate::convert::{axis_or_none, normalize_axis, ClipMode};
use crate::descr::{dtype_of, singleton};
use crate::err::to_py;
use crate::layout::{flags, Descr};
use numoxide_core::index::Mode;
use numoxide_core::{overlap, Error, Order, TypeNum};
use numoxide_dtype::{can_cast, Casting};
use pyo3::prelude::*;

/// The object as a C-contiguous, aligned array of `descr`; arrays are cast only as the rule allows.
pub(crate) fn converted<'py>(
    ob: Arg<'_, 'py>,
    descr: *mut Descr,
    rule: Casting,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(a) = ArrayRef::from_any(ob) {
        let (from, to) = (a.dtype(), dtype_of(descr));
        if !can_cast(&from, &to, rule) {
            return Err(to_py(
                ob.py(),
                Error::Cast {
                    from,
                    to,
                    rule: rule.name(),
                },
            ));
        }
    }
    let req = Request {
        descr: Some(descr),
        order: Order::C,
        ..Request::asarray()
    };
    let made = from_object(ob, &req)?;
    let a = ArrayRef::of(&made);
    if a.has(flags::C_CONTIGUOUS | flags::ALIGNED) {
        return Ok(made);
    }
    assign::copy(a, Order::C, false)
}

/// Index arrays of a rule.
pub(super) fn intp<'py>(ob: Arg<'_, 'py>, rule: Casting) -> PyResult<Bound<'py, PyAny>> {
    converted(ob, singleton(TypeNum::Long), rule)
}

/// A mask: anything by its truth.
pub(super) fn bools<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    converted(ob, singleton(TypeNum::Bool), Casting::Unsafe)
}

/// The items of a contiguous `intp` array.
pub(super) fn indices<'a>(a: ArrayRef<'a, '_>) -> &'a [isize] {
    // SAFETY: callers pass what `intp` gave: contiguous and aligned.
    unsafe { std::slice::from_raw_parts(a.data().cast(), a.size()) }
}

/// `ob`, or a copy of it where it shares memory with `a`.
pub(super) fn apart<'py>(
    ob: Bound<'py, PyAny>,
    a: ArrayRef<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let other = ArrayRef::of(&ob);
    let (x, y) = (other.dtype(), a.dtype());
    if overlap::bounds_overlap(&other.view(&x), &a.view(&y)) {
        return assign::copy(other, Order::C, false);
    }
    Ok(ob)
}

/// The array flattened in C order, by a view where possible.
pub(super) fn flattened<'py>(a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if a.is_c() {
        return view_with(a, &[a.size()], &[a.itemsize() as isize], a.data());
    }
    let copy = assign::copy(a, Order::C, true)?;
    let c = ArrayRef::of(&copy);
    view_with(c, &[c.size()], &[c.itemsize() as isize], c.data())
}

/// The array and axis of an `axis=` argument: None flattens, as do 0-d arrays.
pub(super) fn along<'py>(
    a: ArrayRef<'_, 'py>,
    axis: Option<Arg<'_, 'py>>,
) -> PyResult<(Bound<'py, PyAny>, usize)> {
    let py = a.py();
    match axis_or_none(axis)? {
        None if a.ndim() == 1 => Ok((a.as_bound(), 0)),
        None => Ok((flattened(a)?, 0)),
        Some(axis) if a.ndim() == 0 => {
            normalize_axis(py, axis, 1, None)?;
            Ok((flattened(a)?, 0))
        }
        Some(axis) => Ok((a.as_bound(), normalize_axis(py, axis, a.ndim(), None)?)),
    }
}

/// The engine's name for a clip mode.
pub(super) fn mode(mode: ClipMode) -> Mode {
    match mode {
        ClipMode::Raise => Mode::Raise,
        ClipMode::Wrap => Mode::Wrap,
        ClipMode::Clip => Mode::Clip,
    }
}
