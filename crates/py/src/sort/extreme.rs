//! `argmax`, `argmin`.

use super::compare;
use crate::args::{Arg, CallArgs, Sig};
use crate::array::{empty_like, items, ArrayRef, Shape, Strides};
use crate::convert::{self, normalize_axis};
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::gil::released_if;
use crate::layout::flags;
use crate::scalar::{self, Raw};
use numoxide_core::small;
use numoxide_core::sort::{arg_extreme, can_rank};
use numoxide_core::{DType, RawView, TypeNum};
use numoxide_kernels::reduce::{self, ARGMAX, ARGMIN};
use numoxide_kernels::{LoopCtx, OpLoop};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

static ARGMAX_SIG: Sig = Sig::new("argmax", &["axis", "out", "keepdims"], 0).max_pos(2);
static ARGMIN_SIG: Sig = Sig::new("argmin", &["axis", "out", "keepdims"], 0).max_pos(2);

/// The position of the first largest or smallest of all items of an exact array of native numbers.
#[inline]
fn quick<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
    rows: &'static [OpLoop],
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let dtype = a.dtype();
    let plain = args.positional().is_empty() && !args.has_keywords() && a.is_exact();
    let n = a.size();
    let few = n > 0 && n <= 2000;
    if !plain || !few || !small::is_number(a.type_num()) || dtype.swapped || !a.has(flags::ALIGNED)
    {
        return None;
    }
    let stride = match a.strides() {
        _ if a.is_c() => dtype.size as isize,
        [one] => *one,
        _ => return None,
    };
    let kernel = reduce::find(rows, dtype.num)?.loops.pick();
    let mut best = 0i64;
    let (ptrs, dims) = ([a.data(), (&raw mut best).cast()], [1, n as isize]);
    let ctx = LoopCtx::new(&[]);
    // SAFETY: `n` native, aligned items, and one position.
    unsafe {
        let data = std::ptr::null_mut();
        kernel(
            &ctx,
            ptrs.as_ptr(),
            dims.as_ptr(),
            [0, 0, stride].as_ptr(),
            data,
        );
    }
    Some(scalar::make_number(py, TypeNum::Long, &Raw::of(best)))
}

/// [`argmax`] of all items.
pub(super) fn quick_argmax<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    quick(py, a, args, ARGMAX)
}

/// [`argmin`] of all items.
pub(super) fn quick_argmin<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    quick(py, a, args, ARGMIN)
}

/// `a.argmax(axis=None, out=None, *, keepdims=False)`.
pub(super) fn argmax<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    find(py, a, args.parse(&ARGMAX_SIG)?, true)
}

/// `a.argmin(axis=None, out=None, *, keepdims=False)`.
pub(super) fn argmin<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    find(py, a, args.parse(&ARGMIN_SIG)?, false)
}

fn empty_sequence(name: &str) -> PyErr {
    PyValueError::new_err(format!("attempt to get {name} of an empty sequence"))
}

/// A shape without an axis, or with length 1 there.
fn without(shape: &[usize], axis: usize, keepdims: bool) -> Shape {
    let len = |i: usize| if i == axis { 1 } else { shape[i] };
    (0..shape.len())
        .filter(|i| keepdims || *i != axis)
        .map(len)
        .collect()
}

/// Strides of the result where the axis worked along is still there, of stride 0.
fn strides_along(to: ArrayRef<'_, '_>, axis: usize, all: bool, keepdims: bool) -> Strides {
    if all {
        return Strides::from_elem(0, 1);
    }
    let mut strides: Strides = to.strides().into();
    match keepdims {
        true => strides[axis] = 0,
        false => strides.insert(axis, 0),
    }
    strides
}

/// Whether an item of objects or of a registered dtype is the more extreme one.
///
/// # Safety
/// - Both are live items of the dtype; the interpreter lock is held.
unsafe fn beats(
    dtype: &DType,
    largest: bool,
    x: *const u8,
    y: *const u8,
) -> numoxide_core::Result<bool> {
    let op = if largest { ffi::Py_GT } else { ffi::Py_LT };
    // SAFETY: by contract.
    unsafe {
        match (dtype.num, largest) {
            (TypeNum::User, true) => crate::capi::user::less(dtype, y, x),
            (TypeNum::User, false) => crate::capi::user::less(dtype, x, y),
            _ => compare_present(x, y, op),
        }
    }
}

fn find<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    [axis, out, keepdims]: [Option<Arg<'_, 'py>>; 3],
    largest: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let given = convert::axis_or_none(axis)?;
    let out = out_of(out)?;
    let keepdims = convert::truth(keepdims, false)?;
    let (nd, original) = (a.ndim(), a);
    let flat;
    let (a, axis) = match given {
        Some(axis) if nd > 0 => (a, normalize_axis(py, axis, nd, None)?),
        _ => {
            // Over a 0-d array, axes 0 and -1 stand for all there is.
            normalize_axis(py, given.unwrap_or(0), 1, None)?;
            flat = crate::array::assign::as_exact(a)?.call_method0(pyo3::intern!(py, "ravel"))?;
            (ArrayRef::of(&flat), 0)
        }
    };
    let name = if largest { "argmax" } else { "argmin" };
    let dtype = a.dtype();
    if !can_rank(&dtype) {
        return Err(PyTypeError::new_err("data type not ordered"));
    }
    if a.shape()[axis] == 0 {
        return Err(empty_sequence(name));
    }
    let all = given.is_none() || nd == 0;
    let kept: Shape = match (all, keepdims) {
        (true, false) => Shape::new(),
        (true, true) => Shape::from_elem(1, nd),
        (false, _) => without(a.shape(), axis, keepdims),
    };
    let target = target(original, out, &kept, name)?;
    let to = ArrayRef::of(&target);
    let strides = strides_along(to, axis, all, keepdims);
    let long = DType::new(TypeNum::Long);
    let places = RawView {
        ptr: to.data(),
        dtype: &long,
        shape: a.shape(),
        strides: &strides,
    };
    let view = a.view(&dtype);
    let objects = matches!(dtype.num, TypeNum::Object | TypeNum::User);
    released_if(py, !objects && a.size() > 2000, || {
        arg_extreme(&view, axis, &places, largest, &|x, y| {
            // SAFETY: such arrays keep the lock; their items live in the array.
            unsafe { beats(&dtype, largest, x, y) }
        })
    })
    .or_raise(py)?;
    match out {
        Some(out) => {
            if out.as_any().as_ptr() != target.as_ptr() {
                crate::array::assign::assign(out, to)?;
            }
            Ok(out.as_bound())
        }
        None => items::return_scalar(target),
    }
}

fn out_of<'a, 'py>(out: Option<Arg<'a, 'py>>) -> PyResult<Option<ArrayRef<'a, 'py>>> {
    let Some(out) = convert::none_is_absent(out) else {
        return Ok(None);
    };
    match ArrayRef::from_any(out) {
        Some(out) => Ok(Some(out)),
        None => Err(PyTypeError::new_err("output must be an array")),
    }
}

/// Where the positions go: `out` itself if it holds int64, else a new array.
fn target<'py>(
    a: ArrayRef<'_, 'py>,
    out: Option<ArrayRef<'_, 'py>>,
    shape: &[usize],
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    let descr = singleton(TypeNum::Long);
    let Some(out) = out else {
        return empty_like(a, descr, shape, None, true);
    };
    if out.shape() != shape {
        return Err(PyValueError::new_err(format!(
            "output array does not match result of np.{name}."
        )));
    }
    let (have, long) = (out.dtype(), DType::new(TypeNum::Long));
    crate::array::writeback::check_out(out, &long)?;
    if have == long && !overlaps(a, out) {
        return Ok(out.as_bound());
    }
    crate::array::empty(py, shape, descr, false)
}

fn overlaps(a: ArrayRef<'_, '_>, b: ArrayRef<'_, '_>) -> bool {
    let (x, y) = (a.dtype(), b.dtype());
    numoxide_core::overlap::bounds_overlap(&a.view(&x), &b.view(&y))
}

/// As [`compare`], where an empty item never wins and always gives way.
///
/// # Safety
/// - As [`compare`].
unsafe fn compare_present(
    x: *const u8,
    best: *const u8,
    op: std::ffi::c_int,
) -> numoxide_core::Result<bool> {
    // SAFETY: by contract.
    unsafe {
        let empty = |p: *const u8| {
            p.cast::<*mut pyo3::ffi::PyObject>()
                .read_unaligned()
                .is_null()
        };
        match (empty(x), empty(best)) {
            (true, _) => Ok(false),
            (false, true) => Ok(true),
            (false, false) => compare(x, best, op),
        }
    }
}
