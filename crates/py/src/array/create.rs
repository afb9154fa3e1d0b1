//! Module functions that make arrays.

use super::coerce::{as_any, asarray as asarray_of, from_object, plain_list, Request};
use super::{ArrayRef, Items, Spec};
use crate::args::{CallArgs, Sig};
use crate::convert::{self, CopyMode};
use crate::descr;
use crate::layout::Descr;
use crate::slots::Module;
use numoxide_core::{Order, TypeNum, MAX_DIMS};
use numoxide_dtype::DateTimeMeta;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A dtype argument: a new reference, or `None` when absent or Python's None.
pub(crate) fn dtype_arg(
    py: Python<'_>,
    ob: Option<crate::args::Arg<'_, '_>>,
) -> PyResult<Option<Py<PyAny>>> {
    let Some(ob) = convert::none_is_absent(ob) else {
        return Ok(None);
    };
    let made = descr::convert(py, &ob.to_owned())?;
    let dtype = descr::dtype_of(made.as_ptr().cast());
    let open = matches!(dtype.num, TypeNum::DateTime | TypeNum::TimeDelta)
        && dtype.datetime_meta() == DateTimeMeta::GENERIC;
    // A date without unit names the class only, whatever its byte order.
    match open && dtype.swapped {
        true => descr::descr_for(py, &dtype.native()).map(Some),
        false => Ok(Some(made)),
    }
}

/// The borrowed dtype of an optional argument, float64 in its absence.
fn or_double(dtype: &Option<Py<PyAny>>) -> *mut Descr {
    dtype
        .as_ref()
        .map_or_else(|| descr::singleton(TypeNum::Double), |d| d.as_ptr().cast())
}

/// C or F only.
fn c_or_f(ob: Option<crate::args::Arg<'_, '_>>) -> PyResult<bool> {
    match convert::order(ob, Order::C)? {
        Order::C => Ok(false),
        Order::F => Ok(true),
        _ => Err(PyValueError::new_err("only 'C' or 'F' order is permitted")),
    }
}

static ARRAY: Sig = Sig::new(
    "array",
    &[
        "object", "dtype", "copy", "order", "subok", "ndmin", "ndmax", "like",
    ],
    1,
)
.max_pos(2);

/// `array(object)` of an exact array, of Python numbers or of lists of them.
#[inline]
pub(super) fn quick_array<'py>(
    _: Python<'py>,
    _: Module,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let [one] = args.positional() else {
        return None;
    };
    if args.has_keywords() {
        return None;
    }
    match ArrayRef::from_any(*one) {
        Some(a) if a.is_exact() => Some(super::assign::copy(a, Order::Keep, false)),
        Some(_) => None,
        None => plain_list(*one).transpose(),
    }
}

/// `array(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, ndmax=0, like=None)`.
pub(super) fn array<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [object, dtype, copy, order, subok, ndmin, ndmax, like] = args.parse(&ARRAY)?;
    if let Some(made) = super::like::dispatch(py, "array", args, like)? {
        return Ok(made);
    }
    let dtype = dtype_arg(py, dtype)?;
    let ndmax = match ndmax {
        None => MAX_DIMS as i32,
        Some(n) => convert::as_int(n)?,
    };
    let ndmin = ndmin.map_or(Ok(0), convert::as_int)?;
    if !(0..=MAX_DIMS as i32).contains(&ndmax) {
        return Err(PyValueError::new_err(format!(
            "ndmax must be in the range [0, NPY_MAXDIMS ({MAX_DIMS})] "
        )));
    }
    if ndmin > ndmax {
        return Err(PyValueError::new_err(format!(
            "ndmin must be <= ndmax ({ndmax})"
        )));
    }
    let req = Request {
        descr: dtype.as_ref().map(|d| d.as_ptr().cast()),
        copy: convert::copy_mode(copy, CopyMode::Always)?,
        order: convert::order(order, Order::Keep)?,
        subok: convert::truth(subok, false)?,
        ndmin: ndmin.max(0) as usize,
        ndmax: ndmax as usize,
    };
    let Some(object) = object else {
        return Err(PyValueError::new_err("object is missing"));
    };
    from_object(object, &req)
}

static EMPTY: Sig = Sig::new("empty", &["shape", "dtype", "order", "device", "like"], 1).max_pos(3);
static ZEROS: Sig = Sig::new("zeros", &["shape", "dtype", "order", "device", "like"], 1).max_pos(3);

fn fresh<'py>(
    py: Python<'py>,
    args: CallArgs<'_, 'py>,
    sig: &Sig,
    items: Items,
) -> PyResult<Bound<'py, PyAny>> {
    let [shape, dtype, order, device, like] = args.parse(sig)?;
    if let Some(made) = super::like::dispatch(py, sig.name, args, like)? {
        return Ok(made);
    }
    let shape = shape.map_or_else(|| Ok(super::Shape::new()), convert::shape)?;
    let dtype = dtype_arg(py, dtype)?;
    let fortran = c_or_f(order)?;
    convert::device(device)?;
    super::make(
        py,
        Spec {
            fortran,
            items,
            ..Spec::new(or_double(&dtype), &shape)
        },
    )
}

/// `zeros` and `empty` of an exact int or a tuple of them, with a dtype that takes no thought.
#[inline]
fn quick_fresh<'py>(
    py: Python<'py>,
    args: &CallArgs<'_, 'py>,
    items: Items,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let (shape, dtype) = match (args.positional(), args.keyword_count()) {
        ([shape], 0) => (*shape, None),
        ([shape, dtype], 0) => (*shape, Some(*dtype)),
        ([shape], 1) => {
            let (name, dtype) = args.keywords().next()?;
            (*shape, Some(dtype).filter(|_| name == "dtype"))
        }
        _ => return None,
    };
    let descr = match dtype {
        None if args.has_keywords() => return None,
        None => descr::singleton(TypeNum::Double),
        // SAFETY: a live object.
        Some(dtype) => unsafe { descr::plain_dtype(dtype.as_ptr())? },
    };
    let mut lengths = [0; 4];
    let lengths = super::reshape::plain_lengths(shape, &mut lengths)?;
    if lengths.iter().any(|&n| n < 0) {
        return None;
    }
    // SAFETY: lengths that are not negative read the same unsigned.
    let shape = unsafe { std::slice::from_raw_parts(lengths.as_ptr().cast(), lengths.len()) };
    let spec = Spec {
        items,
        ..Spec::new(descr, shape)
    };
    Some(super::make(py, spec))
}

/// [`quick_fresh`] for `empty`.
pub(super) fn quick_empty<'py>(
    py: Python<'py>,
    _: Module,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    quick_fresh(py, args, Items::Empty)
}

/// [`quick_fresh`] for `zeros`.
pub(super) fn quick_zeros<'py>(
    py: Python<'py>,
    _: Module,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    quick_fresh(py, args, Items::Zeros)
}

/// `empty(shape, dtype=float, order='C', *, device=None, like=None)`.
pub(super) fn empty<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    fresh(py, args, &EMPTY, Items::Empty)
}

/// `zeros(shape, dtype=float, order='C', *, device=None, like=None)`.
pub(super) fn zeros<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    fresh(py, args, &ZEROS, Items::Zeros)
}

static ASARRAY: Sig = Sig::new(
    "asarray",
    &["a", "dtype", "order", "device", "copy", "like"],
    1,
)
.max_pos(3);
static ASANYARRAY: Sig = Sig {
    name: "asanyarray",
    ..ASARRAY
};

fn as_array<'py>(
    py: Python<'py>,
    args: CallArgs<'_, 'py>,
    sig: &Sig,
    subok: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if let (1, false) = (args.npos(), args.has_keywords()) {
        let one = args.get(0);
        return if subok { as_any(one) } else { asarray_of(one) };
    }
    let [a, dtype, order, device, copy, like] = args.parse(sig)?;
    if let Some(made) = super::like::dispatch(py, sig.name, args, like)? {
        return Ok(made);
    }
    let dtype = dtype_arg(py, dtype)?;
    convert::device(device)?;
    let req = Request {
        descr: dtype.as_ref().map(|d| d.as_ptr().cast()),
        copy: convert::copy_mode(copy, CopyMode::IfNeeded)?,
        order: convert::order(order, Order::Keep)?,
        subok,
        ..Request::asarray()
    };
    with_object(a, &req)
}

fn with_object<'py>(
    a: Option<crate::args::Arg<'_, 'py>>,
    req: &Request,
) -> PyResult<Bound<'py, PyAny>> {
    match a {
        Some(a) => from_object(a, req),
        None => Err(PyValueError::new_err("an array-like object is missing")),
    }
}

/// `asarray(a)` of an exact array: the array itself.
#[inline]
pub(super) fn itself<'py>(
    _: Python<'py>,
    _: Module,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    match args.positional() {
        [a] if !args.has_keywords() => {
            let a = ArrayRef::from_any(*a).filter(|a| a.is_exact())?;
            Some(Ok(a.as_bound()))
        }
        _ => None,
    }
}

/// As [`itself`] of any array.
#[inline]
pub(super) fn any_itself<'py>(
    _: Python<'py>,
    _: Module,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    match args.positional() {
        [a] if !args.has_keywords() => Some(Ok(ArrayRef::from_any(*a)?.as_bound())),
        _ => None,
    }
}

/// As [`itself`] of an array in C order with axes.
#[inline]
pub(super) fn contiguous_itself<'py>(
    _: Python<'py>,
    _: Module,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    match args.positional() {
        [a] if !args.has_keywords() => {
            let a = ArrayRef::from_any(*a).filter(|a| a.is_exact() && a.is_c() && a.ndim() > 0)?;
            Some(Ok(a.as_bound()))
        }
        _ => None,
    }
}

/// `asarray(a, dtype=None, order=None, *, device=None, copy=None, like=None)`.
pub(super) fn asarray<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    as_array(py, args, &ASARRAY, false)
}

/// `asanyarray(a, dtype=None, order=None, *, device=None, copy=None, like=None)`.
pub(super) fn asanyarray<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    as_array(py, args, &ASANYARRAY, true)
}

static ASCONTIGUOUS: Sig = Sig::new("ascontiguousarray", &["a", "dtype", "like"], 1).max_pos(2);
static ASFORTRAN: Sig = Sig::new("asfortranarray", &["a", "dtype", "like"], 1).max_pos(2);

fn contiguous<'py>(
    py: Python<'py>,
    args: CallArgs<'_, 'py>,
    sig: &Sig,
    order: Order,
) -> PyResult<Bound<'py, PyAny>> {
    let [a, dtype, like] = args.parse(sig)?;
    if let Some(made) = super::like::dispatch(py, sig.name, args, like)? {
        return Ok(made);
    }
    let dtype = dtype_arg(py, dtype)?;
    let req = Request {
        descr: dtype.as_ref().map(|d| d.as_ptr().cast()),
        order,
        ndmin: 1,
        ..Request::asarray()
    };
    with_object(a, &req)
}

/// `ascontiguousarray(a, dtype=None, *, like=None)`.
pub(super) fn ascontiguousarray<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    contiguous(py, args, &ASCONTIGUOUS, Order::C)
}

/// `asfortranarray(a, dtype=None, *, like=None)`.
pub(super) fn asfortranarray<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    contiguous(py, args, &ASFORTRAN, Order::F)
}

static EMPTY_LIKE: Sig = Sig::new(
    "empty_like",
    &["prototype", "dtype", "order", "subok", "shape", "device"],
    1,
)
.max_pos(5);

/// `empty_like(prototype, dtype=None, order='K', subok=True, shape=None, *, device=None)`.
pub(super) fn empty_like<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [prototype, dtype, order, subok, shape, device] = args.parse(&EMPTY_LIKE)?;
    convert::device(device)?;
    let order = convert::order(order, Order::Keep)?;
    let subok = convert::truth(subok, true)?;
    let shape = convert::optional_shape(shape)?;
    let dtype = dtype_arg(py, dtype)?;
    let Some(prototype) = prototype else {
        return Err(PyValueError::new_err("a prototype is missing"));
    };
    let proto = as_any(prototype)?;
    let a = ArrayRef::of(&proto);
    let descr = dtype.as_ref().map_or(a.descr(), |d| d.as_ptr().cast());
    match shape {
        Some(shape) if order == Order::Keep && shape.len() != a.ndim() => {
            super::empty_like(a, descr, &shape, None, subok)
        }
        Some(shape) => {
            // SAFETY: a valid dtype.
            let itemsize = unsafe { (*descr).elsize } as usize;
            let strides = super::assign::strides_for(a, order, &shape, itemsize);
            super::empty_like(a, descr, &shape, Some(&strides), subok)
        }
        None => super::assign::new_like(a, descr, order, subok),
    }
}
