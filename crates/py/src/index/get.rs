//! `a[key]`.

use super::parse::{parse, Parsed, Part};
use super::{fields, item_address, quick, row_address, small_int};
use crate::args::Arg;
use crate::array::coerce::plain_list;
use crate::array::{
    assign, finalize, items, make, set_base, view_with, ArrayRef, Items, Shape, Spec, Strides,
};
use crate::err::OrRaise;
use crate::gil;
use crate::scalar;
use numoxide_core::index::{self, Mode, Plan};
use numoxide_core::{DType, Order, TypeNum};
use pyo3::ffi;
use pyo3::prelude::*;

/// Items from which letting other threads run is worth its price.
const RELEASE_FROM: usize = 1000;

/// The item at `ptr` as a scalar.
#[inline]
pub(super) fn scalar_at<'py>(a: ArrayRef<'_, 'py>, ptr: *mut u8) -> PyResult<Bound<'py, PyAny>> {
    if a.type_num() == TypeNum::Void as i32 {
        return items::scalar_at(a, ptr);
    }
    // SAFETY: the address of one of the array's items; only void items keep the array alive.
    unsafe { scalar::from_ptr(a.py(), ptr, a.descr(), None) }
}

/// `a[key]` of an array of the exact type for the commonest keys.
#[inline]
pub(super) fn quick<'py>(
    a: ArrayRef<'_, 'py>,
    key: Arg<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    // Views of subclasses run Python code.
    if !a.is_exact() {
        return None;
    }
    common(a, key).transpose()
}

/// The commonest keys, read without a plan.
#[inline]
fn common<'py>(a: ArrayRef<'_, 'py>, key: Arg<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if let Some(i) = small_int(key.as_ptr()) {
        if a.ndim() > 0 {
            return get_row(a, i).map(Some);
        }
    } else if let Some(ptr) = item_address(a, key.as_ptr())? {
        return scalar_at(a, ptr).map(Some);
    }
    if let Some(idx) = ArrayRef::from_any(key) {
        return quick::rows(a, idx, Mode::Raise);
    }
    // SAFETY: a type check of a live object.
    if unsafe { ffi::PyUnicode_CheckExact(key.as_ptr()) } != 0 {
        return fields::field_view(a, key);
    }
    if let Some(view) = quick::one_view(a, key.as_ptr()) {
        return view.map(Some);
    }
    // SAFETY: a type check of a live object.
    if unsafe { ffi::PyList_CheckExact(key.as_ptr()) } != 0 {
        return match plain_list(key)? {
            Some(idx) => quick::rows(a, ArrayRef::of(&idx), Mode::Raise),
            None => Ok(None),
        };
    }
    parts(a, key)
}

/// A key of integers, slices, new axes and an ellipsis.
fn parts<'py>(a: ArrayRef<'_, 'py>, key: Arg<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(part) = quick::view_part(a, key.as_ptr())? else {
        return Ok(None);
    };
    if part.is_item {
        return scalar_at(a, part.ptr).map(Some);
    }
    view_with(a, &part.shape, &part.strides, part.ptr).map(Some)
}

/// `a[key]` where [`quick`] has given up.
pub(super) fn get<'py>(a: ArrayRef<'_, 'py>, key: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if !a.is_exact() {
        if let Some(done) = common(a, key)? {
            return Ok(done);
        }
    }
    if let Some(view) = fields::field_view(a, key)? {
        return Ok(view);
    }
    general(a, &parse(key)?)
}

/// `a[i]`.
#[inline]
pub(super) fn get_row<'py>(a: ArrayRef<'_, 'py>, i: isize) -> PyResult<Bound<'py, PyAny>> {
    let ptr = row_address(a, i)?;
    if a.ndim() == 1 {
        return scalar_at(a, ptr);
    }
    view_with(a, &a.shape()[1..], &a.strides()[1..], ptr)
}

fn general<'py>(a: ArrayRef<'_, 'py>, parsed: &Parsed<'py>) -> PyResult<Bound<'py, PyAny>> {
    let (py, dtype) = (a.py(), a.dtype());
    if let Some(mask) = parsed.full_mask(a) {
        return by_mask(a, mask, &dtype);
    }
    let plan = parsed.plan(py, &a.view(&dtype))?;
    if plan.is_item {
        return scalar_at(a, plan.ptr);
    }
    if plan.is_view {
        let view = view_with(a, &plan.shape, &plan.strides, plan.ptr)?;
        if parsed.scalar_array {
            return assign::copy(ArrayRef::of(&view), Order::Keep, true);
        }
        return Ok(view);
    }
    plan.check_bounds().or_raise(py)?;
    by_plan(a, &plan, &dtype)
}

/// The new array that a plan with advanced indices gives.
fn by_plan<'py>(
    a: ArrayRef<'_, 'py>,
    plan: &Plan<'_>,
    dtype: &DType,
) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    let shape = plan.moved_shape();
    let strides = plan.moved_strides(dtype.size);
    let spec = Spec {
        strides: (dtype.size > 0).then_some(&strides[..]),
        ..Spec::new(a.descr(), &shape)
    };
    let out = make(py, spec)?;
    if dtype.size > 0 && !shape.contains(&0) {
        let to = ArrayRef::of(&out);
        let dst = to.view(dtype);
        let release = !plan.needs_gil() && to.size() >= RELEASE_FROM;
        gil::released_if(py, release, || plan.gather(&dst)).or_raise(py)?;
    }
    let out = if plan.at > 0 {
        in_result_order(ArrayRef::of(&out), plan)?
    } else {
        out
    };
    as_type_of(a, out)
}

/// The items of `out`, advanced axes first, with the axes where the result has them.
fn in_result_order<'py>(out: ArrayRef<'_, 'py>, plan: &Plan<'_>) -> PyResult<Bound<'py, PyAny>> {
    let axes = plan.result_axes();
    let shape: Shape = axes.iter().map(|&i| out.shape()[i]).collect();
    let strides: Strides = axes.iter().map(|&i| out.strides()[i]).collect();
    view_with(out, &shape, &strides, out.data())
}

/// A view of a fresh result as the type of `a`; the result itself if that is ndarray.
pub(super) fn as_type_of<'py>(
    a: ArrayRef<'_, 'py>,
    out: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if a.is_exact() {
        return Ok(out);
    }
    let view = {
        let from = ArrayRef::of(&out);
        let spec = Spec {
            subtype: a.type_ptr(),
            strides: Some(from.strides()),
            items: Items::At(from.data()),
            flags: from.flags(),
            ..Spec::new(from.descr(), from.shape())
        };
        make(a.py(), spec)?
    };
    set_base(&view, out)?;
    finalize(&view, &a.as_bound())?;
    Ok(view)
}

/// `a[mask]` with a mask over all axes.
fn by_mask<'py>(
    a: ArrayRef<'_, 'py>,
    mask: ArrayRef<'_, 'py>,
    dtype: &DType,
) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    let bools = DType::new(TypeNum::Bool);
    let (chosen, src) = (mask.view(&bools), a.view(dtype));
    let release = dtype.num != TypeNum::Object && src.size() >= RELEASE_FROM;
    let room = gil::released_if(py, release, || index::count(&chosen));
    let (zero, shape) = ([0isize], [room]);
    let spec = Spec {
        strides: (room == 0).then_some(&zero[..]),
        ..Spec::new(a.descr(), &shape)
    };
    let out = make(py, spec)?;
    if room > 0 && dtype.size > 0 {
        let dst = ArrayRef::of(&out).data() as usize;
        let release = release && !dtype.has_objects() && dtype.num != TypeNum::VString;
        gil::released_if(py, release, || {
            // SAFETY: the new array has `room` items of this dtype.
            unsafe { index::compress(&chosen, &src, dst as *mut u8, room) }
        })
        .or_raise(py)?;
    }
    as_type_of(a, out)
}

/// Whether a key part is advanced.
pub(super) fn is_advanced(part: &Part<'_>) -> bool {
    matches!(part, Part::Bool(_) | Part::Array(_) | Part::Mask(_))
}
