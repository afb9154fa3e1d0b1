//! Copying items between arrays, and the copies made of whole arrays.

use super::{empty_like, make, ArrayRef, Spec, Strides, NDARRAY};
use crate::err::OrRaise;
use crate::layout::Descr;
use numoxide_core::assign::prepare;
use numoxide_core::cast::discards_imaginary;
use numoxide_core::{small, Order};
use pyo3::prelude::*;

/// Copies `src` into `dst`: broadcast, cast without a check, safe where the two overlap.
pub(crate) fn assign(dst: ArrayRef<'_, '_>, src: ArrayRef<'_, '_>) -> PyResult<()> {
    let (to, from) = (dst.dtype(), src.dtype());
    assign_views(dst.py(), &dst.view(&to), &src.view(&from))
}

/// As [`assign`] for bare views.
pub(crate) fn assign_views(
    py: Python<'_>,
    dst: &numoxide_core::RawView<'_>,
    src: &numoxide_core::RawView<'_>,
) -> PyResult<()> {
    if let Some(bits) = small::assign(dst, src) {
        return crate::errstate::report(py, bits, "cast");
    }
    let plan = prepare(dst, src).or_raise(py)?;
    if discards_imaginary(src.dtype, dst.dtype) {
        crate::scalar::warn_complex(py)?;
    }
    let release = !plan.needs_gil() && plan.size() > RELEASE_FROM;
    let bits = crate::gil::released_if(py, release, || plan.run()).or_raise(py)?;
    match bits {
        0 => Ok(()),
        bits => crate::errstate::report(py, bits, "cast"),
    }
}

/// Items from which letting other threads run is worth its price.
const RELEASE_FROM: usize = 1000;

/// Byte strides of a new array with the shape of `a`, in the order asked for.
pub(crate) fn strides_like(a: ArrayRef<'_, '_>, order: Order, itemsize: usize) -> Strides {
    strides_for(a, order, a.shape(), itemsize)
}

/// As [`strides_like`] for a shape of as many axes.
pub(crate) fn strides_for(
    a: ArrayRef<'_, '_>,
    order: Order,
    shape: &[usize],
    itemsize: usize,
) -> Strides {
    let nd = shape.len();
    let mut perm: super::Shape = (0..nd).collect();
    if is_fortran(a, order) {
        perm.reverse();
    } else if order == Order::Keep && !a.is_c() {
        let strides = a.strides();
        // A stable sort from the widest stride to the narrowest.
        perm.sort_by_key(|&i| std::cmp::Reverse(strides[i].unsigned_abs()));
    }
    numoxide_core::iter::strides_in_order(shape, itemsize, &perm)
}

/// Whether a copy of `a` in `order` lies in Fortran order.
pub(crate) fn is_fortran(a: ArrayRef<'_, '_>, order: Order) -> bool {
    match order {
        Order::C => false,
        Order::F => true,
        Order::Any | Order::Keep => a.is_f() && !a.is_c(),
    }
}

/// An uninitialised array shaped like `a`, laid out in `order`.
pub(crate) fn new_like<'py>(
    a: ArrayRef<'_, 'py>,
    descr: *mut Descr,
    order: Order,
    subok: bool,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid dtype object.
    let itemsize = unsafe { (*descr).elsize } as usize;
    let fortran = is_fortran(a, order);
    if (fortran || order != Order::Keep || a.is_c()) && itemsize > 0 && (!subok || a.is_exact()) {
        return super::empty(a.py(), a.shape(), descr, fortran);
    }
    let strides = strides_like(a, order, itemsize.max(1));
    if itemsize == 0 && a.size() > 0 {
        // Strides of a bytes or str dtype without length follow the length it gets.
        return empty_like(a, descr, a.shape(), None, subok);
    }
    let strides = (itemsize > 0).then_some(&strides[..]);
    if !subok || a.is_exact() {
        return make(
            a.py(),
            Spec {
                strides,
                ..Spec::new(descr, a.shape())
            },
        );
    }
    empty_like(a, descr, a.shape(), strides, true)
}

/// A copy of the array; the type is kept when `subok`.
pub(crate) fn copy<'py>(
    a: ArrayRef<'_, 'py>,
    order: Order,
    subok: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(out) = copy_bytes(a, order)? {
        return Ok(out);
    }
    let out = new_like(a, a.descr(), order, subok)?;
    assign(ArrayRef::of(&out), a)?;
    Ok(out)
}

/// A copy of a small exact array whose numbers lie in the order asked for.
#[inline]
fn copy_bytes<'py>(a: ArrayRef<'_, 'py>, order: Order) -> PyResult<Option<Bound<'py, PyAny>>> {
    let fortran = is_fortran(a, order);
    let dense = if fortran { a.is_f() } else { a.is_c() };
    let bytes = a.size() * a.itemsize();
    if !dense || !a.is_exact() || !small::is_number(a.type_num()) || bytes > MOST_BYTES {
        return Ok(None);
    }
    let out = super::empty(a.py(), a.shape(), a.descr(), fortran)?;
    // SAFETY: both hold these bytes without gaps; the new array is apart.
    unsafe {
        ArrayRef::of(&out)
            .data()
            .copy_from_nonoverlapping(a.data(), bytes)
    };
    Ok(Some(out))
}

/// Bytes up to which a copy is made in one go with the interpreter locked.
const MOST_BYTES: usize = 16_384;

/// A fresh array with the items of `a` as `descr`.
pub(crate) fn cast_copy<'py>(
    a: ArrayRef<'_, 'py>,
    descr: *mut Descr,
    order: Order,
    subok: bool,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid dtype.
    if let Some((_, extra)) = unsafe { super::subarray_of(a.py(), descr)? } {
        return spread(a, descr, extra.len());
    }
    let out = new_like(a, descr, order, subok)?;
    assign(ArrayRef::of(&out), a)?;
    Ok(out)
}

/// Each item over all of a sub-array, whose axes come last.
fn spread<'py>(
    a: ArrayRef<'_, 'py>,
    descr: *mut Descr,
    more: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let out = make(a.py(), Spec::new(descr, a.shape()))?;
    let mut shape = super::Shape::from_slice(a.shape());
    let mut strides = Strides::from_slice(a.strides());
    shape.extend(std::iter::repeat_n(1, more));
    strides.extend(std::iter::repeat_n(0, more));
    let wide = super::view_with(a, &shape, &strides, a.data())?;
    assign(ArrayRef::of(&out), ArrayRef::of(&wide))?;
    Ok(out)
}

/// A view of the array as the exact type; the array itself if it is of that type.
pub(crate) fn as_exact<'py>(a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if a.is_exact() {
        return Ok(a.as_bound());
    }
    let base = a.as_bound();
    super::from_view(
        a.py(),
        NDARRAY.get(),
        a.descr(),
        a.shape(),
        a.strides(),
        a.data(),
        a.flags(),
        Some(&base),
    )
}
