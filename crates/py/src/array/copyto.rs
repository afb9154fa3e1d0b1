//! `copyto(dst, src, casting='same_kind', where=True)`.

use super::assign::assign;
use super::coerce::{as_any, asarray_as, from_object, Request};
use super::{ArrayRef, Items, Spec};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr;
use crate::err::OrRaise;
use crate::scalar;
use crate::slots::Module;
use numoxide_core::iter::{broadcast_strides, Arrange, Nest};
use numoxide_core::{overlap, DType, TypeNum};
use numoxide_dtype::promote::{Operand, WeakKind};
use numoxide_dtype::{can_cast, result_type, shape_text, Casting};
use numoxide_kernels::select::{copy_where, fill_where};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

static COPYTO: Sig = Sig::new("copyto", &["dst", "src", "casting", "where"], 2);

/// The function.
pub(super) fn copyto<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [dst, src, casting, mask] = args.parse(&COPYTO)?;
    let (Some(dst), Some(src)) = (dst, src) else {
        return Err(PyTypeError::new_err("copyto() needs two arrays"));
    };
    let Some(dst) = ArrayRef::from_any(dst) else {
        let kind = dst.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "copyto() argument 1 must be a numpy.ndarray, not {kind}"
        )));
    };
    let casting = convert::casting(casting, Casting::SameKind)?;
    let src = source(dst, src, casting)?;
    let src = ArrayRef::of(&src);
    dst.check_writeable("assignment destination")?;
    check_casting(py, src, dst, casting)?;
    match mask.filter(|m| m.as_ptr() != true_object()) {
        None => assign(dst, src)?,
        Some(mask) => {
            let bools = descr::singleton(TypeNum::Bool);
            // Numbers in the mask count as true when not zero.
            let mask = asarray_as(mask, bools)?;
            assign_where(dst, src, ArrayRef::of(&mask))?;
        }
    }
    Ok(py.None().into_bound(py))
}

fn true_object() -> *mut ffi::PyObject {
    // SAFETY: a static object.
    unsafe { ffi::Py_True() }
}

/// The source; Python numbers take the destination's dtype where their kind allows it, which counts
/// as equivalent for their own class only.
fn source<'py>(
    dst: ArrayRef<'_, 'py>,
    src: Arg<'_, 'py>,
    casting: Casting,
) -> PyResult<Bound<'py, PyAny>> {
    if ArrayRef::from_any(src).is_some() || scalar::is_numpy_scalar(&src) {
        return as_any(src);
    }
    let num = dst.dtype().num;
    let (Some(kind), true) = (weak_kind(src), takes_numbers(num)) else {
        return as_any(src);
    };
    let own = DType::new(num);
    let wanted = match (num, kind) {
        (TypeNum::Object, _) | (TypeNum::TimeDelta, WeakKind::Int) => own,
        (TypeNum::TimeDelta, _) => return as_any(src),
        _ => result_type(&[Operand::DType(&own), Operand::Weak(kind)]).or_raise(dst.py())?,
    };
    let wide = kind == WeakKind::Int && src.extract::<i64>().is_err();
    let other = wanted.num != kind.default_num() || wide;
    if casting == Casting::Equiv && other && num != TypeNum::Object {
        return Err(PyTypeError::new_err(format!(
            "cannot cast Python {} to {} under the casting rule 'equiv'",
            src.get_type().name()?,
            wanted.name()
        )));
    }
    from_object(
        src,
        &Request {
            descr: Some(descr::singleton(wanted.num)),
            ..Request::asarray()
        },
    )
}

/// Dtypes that give a Python number their precision.
fn takes_numbers(num: TypeNum) -> bool {
    let others = [TypeNum::Bool, TypeNum::TimeDelta, TypeNum::Object];
    num.is_number() || others.contains(&num)
}

/// The kind of an exact Python number.
fn weak_kind(ob: Arg<'_, '_>) -> Option<WeakKind> {
    let p = ob.as_ptr();
    // SAFETY: plain type checks of a live object.
    unsafe {
        if ffi::PyLong_CheckExact(p) != 0 {
            Some(WeakKind::Int)
        } else if ffi::PyFloat_CheckExact(p) != 0 {
            Some(WeakKind::Float)
        } else {
            (ffi::PyComplex_CheckExact(p) != 0).then_some(WeakKind::Complex)
        }
    }
}

/// Fails unless the rule allows the cast.
pub(super) fn check_casting(
    py: Python<'_>,
    src: ArrayRef<'_, '_>,
    dst: ArrayRef<'_, '_>,
    casting: Casting,
) -> PyResult<()> {
    let (from, to) = (src.dtype(), dst.dtype());
    if can_cast(&from, &to, casting) {
        return Ok(());
    }
    Err(crate::err::cannot_cast(py, src.ndim(), [from, to], casting))
}

/// Assigns where the mask is true: runs of true items are copied as pieces of one cast array.
pub(crate) fn assign_where(
    dst: ArrayRef<'_, '_>,
    src: ArrayRef<'_, '_>,
    mask: ArrayRef<'_, '_>,
) -> PyResult<()> {
    let py = dst.py();
    let Some(mask_strides) = broadcast_strides(mask.shape(), mask.strides(), dst.shape()) else {
        return Err(PyValueError::new_err(format!(
            "could not broadcast where mask from shape {} into shape {}",
            shape_text(mask.shape()),
            shape_text(dst.shape())
        )));
    };
    let (dtype, given) = (dst.dtype(), src.dtype());
    let plain = !numoxide_core::cast::hooks::needs_clear(&dtype);
    let apart = !overlap::bounds_overlap(&dst.view(&dtype), &src.view(&given));
    if let Some(steps) = (plain && apart && same_descr(dst, src))
        .then(|| broadcast_strides(src.shape(), src.strides(), dst.shape()))
        .flatten()
    {
        copy_chosen(dst, (src.data(), &steps), (mask.data(), &mask_strides));
        return Ok(());
    }
    // The source once in the destination's dtype, shape and layout; this also breaks overlaps.
    let strides = super::assign::strides_like(dst, numoxide_core::Order::Keep, dst.itemsize());
    let spec = Spec {
        strides: Some(&strides),
        items: Items::Empty,
        ..Spec::new(dst.descr(), dst.shape())
    };
    let full = super::make(py, spec)?;
    let full = ArrayRef::of(&full);
    assign(full, src)?;
    if plain {
        let from = (full.data(), full.strides());
        copy_chosen(dst, from, (mask.data(), &mask_strides));
        return Ok(());
    }
    let copy = numoxide_core::cast::get_copy(&dtype).or_raise(py)?;
    let dtypes = [dtype.clone(), dtype.clone()];
    let ctx = numoxide_kernels::LoopCtx::new(&dtypes);
    let ops = [
        (full.data(), full.strides()),
        (dst.data(), dst.strides()),
        (mask.data(), &mask_strides[..]),
    ];
    let nest = Nest::new(dst.shape(), &ops, Arrange::Free);
    nest.try_for_each(|p, n, s| {
        for i in 0..n as isize {
            let item = [0, 1, 2].map(|k: usize| p[k].wrapping_offset(i * s[k]));
            // SAFETY: the nest walks items of all three views only.
            unsafe {
                if *item[2] != 0 && copy.call(&ctx, &item[..2], &[1], &s[..2]) != 0 {
                    return Err(ctx.take_error());
                }
            }
        }
        Ok(())
    })
    .or_raise(py)
}

/// Whether two arrays have one descriptor, so that items can be copied as bytes.
fn same_descr(a: ArrayRef<'_, '_>, b: ArrayRef<'_, '_>) -> bool {
    a.descr() == b.descr()
}

/// Copies the items of `src` where `mask` is set to `dst`; both are stretched to its shape, items are bytes.
fn copy_chosen(dst: ArrayRef<'_, '_>, src: (*mut u8, &[isize]), mask: (*mut u8, &[isize])) {
    let size = dst.itemsize();
    let nest = Nest::new(
        dst.shape(),
        &[src, (dst.data(), dst.strides()), mask],
        Arrange::Free,
    );
    let done: Result<(), ()> = nest.try_for_each(|p, n, s| {
        // SAFETY: the nest walks items of all three views only; source and destination are apart.
        unsafe {
            match s[0] {
                0 => fill_where((p[2], s[2]), (p[1], s[1]), n, p[0], size),
                step => copy_where((p[2], s[2]), (p[1], s[1]), (p[0], step), n, size),
            }
        }
        Ok(())
    });
    debug_assert!(done.is_ok());
}
