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
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::promote::{Operand, WeakKind};
use numoxide_dtype::{can_cast, result_type, shape_text, Casting};
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
    let dtype = dst.dtype();
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
        let mut i = 0;
        while i < n {
            // SAFETY: the nest walks items of all three views only.
            let on = |k: usize| unsafe { *p[2].offset(k as isize * s[2]) != 0 };
            let start = i;
            while i < n && on(i) {
                i += 1;
            }
            if i > start {
                // SAFETY: as above; the run lies inside the piece.
                let args = unsafe {
                    [
                        p[0].offset(start as isize * s[0]),
                        p[1].offset(start as isize * s[1]),
                    ]
                };
                let dims = [(i - start) as isize];
                // SAFETY: as above.
                if unsafe { copy.call(&ctx, &args, &dims, &s[..2]) } != 0 {
                    return Err(ctx.take_error());
                }
            }
            i += 1;
        }
        Ok(())
    })
    .or_raise(py)
}
