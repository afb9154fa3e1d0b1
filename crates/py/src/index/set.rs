//! `a[key] = value`.

use super::parse::{parse, Parsed, Part};
use super::{fields, item_address, quick, row_address, small_int};
use crate::args::Arg;
use crate::array::coerce::{assign_object, from_object, Request};
use crate::array::{self, assign, from_view, ArrayRef, NDARRAY};
use crate::descr::{num_of, singleton};
use crate::err::OrRaise;
use crate::gil;
use crate::layout::flags;
use crate::scalar::{self, Raw};
use numoxide_core::index::{self, Plan};
use numoxide_core::iter::broadcast_strides;
use numoxide_core::{overlap, DType, Order, RawView, TypeNum};
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use smallvec::SmallVec;

/// Stores an object in the item at `ptr`.
#[inline]
fn store(a: ArrayRef<'_, '_>, ptr: *mut u8, value: Arg<'_, '_>) -> PyResult<()> {
    // SAFETY: the address of one of the array's items.
    unsafe { scalar::set_item(a.py(), ptr, a.descr(), &value) }
}

/// `a[key] = value` of one item, where the value is a plain number; `value` may be NULL.
#[inline]
pub(super) fn quick(
    a: ArrayRef<'_, '_>,
    key: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> Option<PyResult<()>> {
    let open = a.flags() & (flags::WRITEABLE | flags::WARN_ON_WRITE) == flags::WRITEABLE;
    if !open || value.is_null() {
        return None;
    }
    let ptr = match small_int(key) {
        Some(i) if a.ndim() == 1 => row_address(a, i).ok()?,
        Some(_) => return None,
        None => match item_address(a, key).ok()? {
            Some(ptr) => ptr,
            None => return scatter(a, key, value).map(Ok),
        },
    };
    // SAFETY: the address of one of the array's items; a live object.
    unsafe { scalar::set_plain(ptr, a.descr(), value).map(Ok) }
}

/// `a[list] = number` for a plain array of positions, one axis and a plain number.
fn scatter(a: ArrayRef<'_, '_>, key: *mut ffi::PyObject, value: *mut ffi::PyObject) -> Option<()> {
    // SAFETY: a live object.
    let key = unsafe { pyo3::Borrowed::from_ptr(a.py(), key) };
    let idx = ArrayRef::from_any(key)?;
    let mut item = Raw::default();
    // SAFETY: room for any number; a live object.
    unsafe { scalar::set_plain(item.0.as_mut_ptr(), a.descr(), value)? };
    quick::put_rows(a, idx, &item)
}

/// `a[key] = value`; deletion without a value.
pub(super) fn set(
    a: ArrayRef<'_, '_>,
    key: Arg<'_, '_>,
    value: Option<Arg<'_, '_>>,
) -> PyResult<()> {
    let value = value.ok_or_else(no_deletion)?;
    a.check_writeable("assignment destination")?;
    if let Some(i) = small_int(key.as_ptr()) {
        if a.ndim() > 0 {
            return put_row(a, i, value);
        }
    } else if let Some(ptr) = item_address(a, key.as_ptr())? {
        return store(a, ptr, value);
    }
    if ArrayRef::from_any(key).is_none() {
        if let Some(part) = quick::view_part(a, key.as_ptr())? {
            if part.is_item {
                return store(a, part.ptr, value);
            }
            return put_view(a, &part.shape, &part.strides, part.ptr, value);
        }
    }
    if let Some(view) = fields::field_view(a, key)? {
        return assign_object(ArrayRef::of(&view), value);
    }
    general(a, &mut parse(key)?, value)
}

#[cold]
fn no_deletion() -> PyErr {
    PyValueError::new_err("cannot delete array elements")
}

/// `a[i] = value` of the sequence protocol.
pub(super) fn set_row(a: ArrayRef<'_, '_>, i: isize, value: Option<Arg<'_, '_>>) -> PyResult<()> {
    let value = value.ok_or_else(no_deletion)?;
    a.check_writeable("assignment destination")?;
    if a.ndim() == 0 {
        return Err(PyIndexError::new_err(
            "too many indices for array: array is 0-dimensional, but 1 were indexed",
        ));
    }
    put_row(a, i, value)
}

fn put_row(a: ArrayRef<'_, '_>, i: isize, value: Arg<'_, '_>) -> PyResult<()> {
    let ptr = row_address(a, i)?;
    if a.ndim() == 1 {
        return store(a, ptr, value);
    }
    put_view(a, &a.shape()[1..], &a.strides()[1..], ptr, value)
}

/// Assigns to a view of `a`; subclasses do not see it.
fn put_view(
    a: ArrayRef<'_, '_>,
    shape: &[usize],
    strides: &[isize],
    ptr: *mut u8,
    value: Arg<'_, '_>,
) -> PyResult<()> {
    if let Some(done) = put_plain(a, shape, strides, ptr, value)? {
        return Ok(done);
    }
    let base = a.as_bound();
    let (kind, flags) = (NDARRAY.get(), a.flags());
    let view = from_view(
        a.py(),
        kind,
        a.descr(),
        shape,
        strides,
        ptr,
        flags,
        Some(&base),
    )?;
    assign_object(ArrayRef::of(&view), value)
}

/// As [`put_view`] where the value is an array, or a number for an array of numbers: no object for the
/// view is needed.
fn put_plain(
    a: ArrayRef<'_, '_>,
    shape: &[usize],
    strides: &[isize],
    ptr: *mut u8,
    value: Arg<'_, '_>,
) -> PyResult<Option<()>> {
    let dtype = a.dtype();
    let dst = RawView {
        ptr,
        dtype: &dtype,
        shape,
        strides,
    };
    if let Some(from) = ArrayRef::from_any(value) {
        let given = from.dtype();
        return assign::assign_views(a.py(), &dst, &from.view(&given)).map(Some);
    }
    // SAFETY: type checks of a live object.
    let number = unsafe {
        let p = value.as_ptr();
        ffi::PyFloat_CheckExact(p) != 0 || ffi::PyLong_CheckExact(p) != 0
    };
    if !number || !dtype.num.is_number() {
        return Ok(None);
    }
    let mut item = [0u64; 4];
    // SAFETY: room for an item of any number class.
    unsafe { scalar::set_item(a.py(), item.as_mut_ptr().cast(), a.descr(), &value)? };
    let src = RawView {
        ptr: item.as_mut_ptr().cast(),
        dtype: &dtype,
        shape: &[],
        strides: &[],
    };
    assign::assign_views(a.py(), &dst, &src).map(Some)
}

fn general<'py>(
    a: ArrayRef<'_, 'py>,
    parsed: &mut Parsed<'py>,
    value: Arg<'_, 'py>,
) -> PyResult<()> {
    let (py, dtype) = (a.py(), a.dtype());
    let view = a.view(&dtype);
    if let ([Part::Bool(on)], 0) = (&parsed.parts[..], a.ndim()) {
        let mask = array::empty(py, &[], singleton(TypeNum::Bool), false)?;
        // SAFETY: a fresh array of one truth value.
        unsafe { ArrayRef::of(&mask).data().write(u8::from(*on)) };
        return by_mask(a, ArrayRef::of(&mask), &dtype, value);
    }
    if parsed.parts.iter().any(super::get::is_advanced) {
        parsed.detach(&view)?;
        if let Some(mask) = parsed.full_mask(a) {
            return by_mask(a, mask, &dtype, value);
        }
    }
    let early;
    let mut value = value;
    let advanced = parsed.parts.iter().any(super::get::is_advanced);
    if advanced && ArrayRef::from_any(value).is_none() && dtype.num != TypeNum::Object {
        // Values that are no arrays are read before the index is.
        early = value_array(a, &dtype, value, 0)?;
        value = early.as_borrowed();
    }
    let plan = parsed.plan(py, &view)?;
    if plan.is_item {
        return store(a, plan.ptr, value);
    }
    if plan.is_view {
        return put_view(a, &plan.shape, &plan.strides, plan.ptr, value);
    }
    let made = match ArrayRef::from_any(value) {
        Some(_) => value.to_owned(),
        None => value_array(a, &dtype, value, plan.ndim())?,
    };
    let value = made.as_borrowed();
    fits(value, &plan.result_shape())?;
    plan.check_bounds().or_raise(py)?;
    by_plan(a, &plan, &dtype, value)
}

/// The value as an array of the dtype of `a`, apart from its memory, with at most `ndmax` axes read
/// from sequences of objects.
fn value_array<'py>(
    a: ArrayRef<'_, 'py>,
    dtype: &DType,
    value: Arg<'_, 'py>,
    ndmax: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let mut req = Request {
        descr: Some(a.descr()),
        ..Request::asarray()
    };
    if num_of(a.descr()) == TypeNum::Object && ArrayRef::from_any(value).is_none() {
        req.ndmax = ndmax;
    }
    let made = from_object(value, &req)?;
    let from = ArrayRef::of(&made);
    if overlap::bounds_overlap(&from.view(dtype), &a.view(dtype)) {
        return assign::copy(from, Order::Keep, false);
    }
    Ok(made)
}

fn by_plan(
    a: ArrayRef<'_, '_>,
    plan: &Plan<'_>,
    dtype: &DType,
    value: Arg<'_, '_>,
) -> PyResult<()> {
    let py = a.py();
    let shape = plan.result_shape();
    let made = value_array(a, dtype, value, plan.ndim())?;
    let from = ArrayRef::of(&made);
    let (mut given, mut steps) = (from.shape(), from.strides());
    while given.len() > shape.len() && given[0] == 1 {
        (given, steps) = (&given[1..], &steps[1..]);
    }
    let strides = broadcast_strides(given, steps, &shape)
        .ok_or_else(|| value_mismatch(from.shape(), &shape))?;
    if dtype.size == 0 || shape.contains(&0) {
        return Ok(());
    }
    let mut moved: SmallVec<[isize; 6]> = SmallVec::from_elem(0, shape.len());
    for (result, &axis) in plan.result_axes().iter().enumerate() {
        moved[axis] = strides[result];
    }
    let src = RawView {
        ptr: from.data(),
        dtype,
        shape: &plan.moved_shape(),
        strides: &moved,
    };
    let release = !plan.needs_gil() && src.size() >= 1000;
    gil::released_if(py, release, || plan.scatter(&src)).or_raise(py)
}

/// Whether an array stretches to the places it is written to: asked before their bounds, and before
/// any cast, which might warn.
fn fits(value: Arg<'_, '_>, shape: &[usize]) -> PyResult<()> {
    let Some(given) = ArrayRef::from_any(value) else {
        return Ok(());
    };
    let extra = given.ndim().saturating_sub(shape.len());
    let (lead, rest) = given.shape().split_at(extra);
    let steps = &given.strides()[extra..];
    if lead.iter().any(|&n| n != 1) || broadcast_strides(rest, steps, shape).is_none() {
        return Err(value_mismatch(given.shape(), shape));
    }
    Ok(())
}

#[cold]
fn value_mismatch(from: &[usize], to: &[usize]) -> PyErr {
    let text = |s: &[usize]| match s {
        [n] => format!("({n},)"),
        _ => format!(
            "({})",
            s.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
        ),
    };
    PyValueError::new_err(format!(
        "shape mismatch: value array of shape {} could not be broadcast to indexing result of \
         shape {}",
        text(from),
        text(to)
    ))
}

/// Values for a mask must not have more axes.
fn one_axis(from: ArrayRef<'_, '_>) -> PyResult<()> {
    if from.ndim() > 1 {
        return Err(PyTypeError::new_err(format!(
            "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input \
             has {} dimensions",
            from.ndim()
        )));
    }
    Ok(())
}

#[cold]
fn mask_mismatch(given: usize, room: usize) -> PyErr {
    PyValueError::new_err(format!(
        "NumPy boolean array indexing assignment cannot assign {given} input values to the \
             {room} output values where the mask is true"
    ))
}

/// `a[mask] = value` with a mask over all axes.
fn by_mask(
    a: ArrayRef<'_, '_>,
    mask: ArrayRef<'_, '_>,
    dtype: &DType,
    value: Arg<'_, '_>,
) -> PyResult<()> {
    let py = a.py();
    if let Some(given) = ArrayRef::from_any(value) {
        one_axis(given)?;
        let room = index::count(&mask.view(&DType::new(TypeNum::Bool)));
        if given.size() != 1 && given.size() != room {
            return Err(mask_mismatch(given.size(), room));
        }
        if room == 0 {
            return Ok(());
        }
    }
    let made = value_array(a, dtype, value, 1)?;
    let from = ArrayRef::of(&made);
    one_axis(from)?;
    let bools = DType::new(TypeNum::Bool);
    let (chosen, dst) = (mask.view(&bools), a.view(dtype));
    let release = !numoxide_core::cast::hooks::needs_clear(dtype) && dst.size() >= 1000;
    let (src, given) = (from.data() as usize, from.size());
    if given == 1 {
        if dtype.size > 0 {
            gil::released_if(py, release, || {
                // SAFETY: the value array has this dtype and one item.
                unsafe { index::fill(&chosen, &dst, src as *const u8) }
            })
            .or_raise(py)?;
        }
        return Ok(());
    }
    let stride = from.strides().first().copied().unwrap_or(0);
    let room = gil::released_if(py, release, || index::count(&chosen));
    if given != room {
        return Err(mask_mismatch(given, room));
    }
    if room == 0 || dtype.size == 0 {
        return Ok(());
    }
    gil::released_if(py, release, || {
        // SAFETY: the value array has this dtype, and `room` items along its one axis.
        unsafe { index::store(&chosen, &dst, src as *const u8, stride, room) }
    })
    .or_raise(py)
}
