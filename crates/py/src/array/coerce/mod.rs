//! From any object to an array.

mod discover;
mod fast;
mod flexible;
mod interface;
mod like;
mod pep3118;

use super::assign::{assign, cast_copy};
use super::{from_view, make, reshape, ArrayRef, Shape, Spec, NDARRAY};
use crate::args::Arg;
use crate::convert::CopyMode;
use crate::descr;
use crate::layout::Descr;
use numoxide_core::Order;
use numoxide_dtype::{equivalent, TypeNum};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pub(crate) use flexible::adapt as adapt_flexible;

/// What `array` and its kin ask for.
#[derive(Clone, Copy)]
pub(crate) struct Request {
    /// Dtype, if given (borrowed).
    pub(crate) descr: Option<*mut Descr>,
    /// When to copy.
    pub(crate) copy: CopyMode,
    /// Memory order.
    pub(crate) order: Order,
    /// Subclasses pass through.
    pub(crate) subok: bool,
    /// Fewest axes of the result.
    pub(crate) ndmin: usize,
    /// Most axes looked for.
    pub(crate) ndmax: usize,
}

impl Request {
    /// `asarray(obj)`.
    pub(crate) fn asarray() -> Request {
        Request {
            descr: None,
            copy: CopyMode::IfNeeded,
            order: Order::Keep,
            subok: false,
            ndmin: 0,
            ndmax: numoxide_core::MAX_DIMS,
        }
    }
}

/// `asarray(ob)`: the object itself if it is an exact array, else a new one.
pub(crate) fn asarray<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(a) = ArrayRef::from_any(ob).filter(|a| a.is_exact()) {
        return Ok(a.as_bound());
    }
    from_object(ob, &Request::asarray())
}

/// `asanyarray(ob)`: arrays and their subclasses as they are.
pub(crate) fn as_any<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(a) = ArrayRef::from_any(ob) {
        return Ok(a.as_bound());
    }
    from_object(
        ob,
        &Request {
            subok: true,
            ..Request::asarray()
        },
    )
}

/// `asarray(ob, dtype)`.
pub(crate) fn asarray_as<'py>(ob: Arg<'_, 'py>, descr: *mut Descr) -> PyResult<Bound<'py, PyAny>> {
    from_object(
        ob,
        &Request {
            descr: Some(descr),
            ..Request::asarray()
        },
    )
}

/// The error of `copy=False` where a copy is needed.
#[cold]
pub(super) fn no_copy_error() -> PyErr {
    PyValueError::new_err(
        "Unable to avoid copy while creating an array as requested.\n\
         If using `np.array(obj, copy=False)` replace it with `np.asarray(obj)` to allow a copy \
         when needed (no behavior change in NumPy 1.x).\n\
         For more details, see https://numpy.org/devdocs/numpy_2_0_migration_guide.html\
         #adapting-to-changes-in-the-copy-keyword.",
    )
}

/// The array for an object.
pub(crate) fn from_object<'py>(ob: Arg<'_, 'py>, req: &Request) -> PyResult<Bound<'py, PyAny>> {
    let py = ob.py();
    let made = match ArrayRef::from_any(ob) {
        Some(a) => from_array(a, req)?,
        None => {
            let fast = match req.copy {
                CopyMode::Never => None,
                _ => fast::array(py, ob.as_ptr(), req)?,
            };
            match fast {
                Some(out) => out,
                None => convert(ob, req)?,
            }
        }
    };
    let a = ArrayRef::of(&made);
    if a.ndim() < req.ndmin {
        return reshape::prepend_axes(a, req.ndmin);
    }
    Ok(made)
}

/// An array that fulfils the request: the given one where it does, else a copy.
fn from_array<'py>(a: ArrayRef<'_, 'py>, req: &Request) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    if a.ndim() > req.ndmax {
        return Err(discover::too_deep(req.ndmax));
    }
    let adapted = match req.descr {
        Some(d) => flexible::adapt(a, d)?,
        None => None,
    };
    let target = match &adapted {
        Some(d) => d.as_ptr().cast(),
        None => req.descr.unwrap_or(a.descr()),
    };
    let ordered = match req.order {
        Order::C => a.is_c(),
        Order::F => a.is_f(),
        Order::Any | Order::Keep => true,
    };
    let fits = target == a.descr() || equivalent(&descr::dtype_of(target), &a.dtype());
    if req.copy == CopyMode::Always || !fits || !ordered {
        if req.copy == CopyMode::Never {
            return Err(no_copy_error());
        }
        // SAFETY: a valid dtype.
        if let Some((base, extra)) = unsafe { super::subarray_of(py, target)? } {
            return copy_into_subarrays(a, target, base, &extra);
        }
        return cast_copy(a, target, req.order, req.subok);
    }
    let subtype = if req.subok {
        a.type_ptr()
    } else {
        NDARRAY.get()
    };
    if target == a.descr() && subtype == a.type_ptr() {
        return Ok(a.as_bound());
    }
    let base = a.as_bound();
    from_view(
        py,
        subtype,
        target,
        a.shape(),
        a.strides(),
        a.data(),
        a.flags(),
        Some(&base),
    )
}

/// Items spread over the axes of a sub-array dtype.
fn copy_into_subarrays<'py>(
    a: ArrayRef<'_, 'py>,
    descr: *mut Descr,
    base: *mut Descr,
    extra: &[usize],
) -> PyResult<Bound<'py, PyAny>> {
    let out = make(a.py(), Spec::new(descr, a.shape()))?;
    let mut shape = Shape::from_slice(a.shape());
    shape.extend(std::iter::repeat_n(1, extra.len()));
    let wanted: Vec<isize> = shape.iter().map(|&n| n as isize).collect();
    let spread = reshape::reshape_to(a, &wanted, Order::C, CopyMode::IfNeeded)?;
    let _ = base;
    assign(ArrayRef::of(&out), ArrayRef::of(&spread))?;
    Ok(out)
}

/// An array of an object that is none: array-likes, scalars, nested sequences.
fn convert<'py>(ob: Arg<'_, 'py>, req: &Request) -> PyResult<Bound<'py, PyAny>> {
    let py = ob.py();
    if let Some(found) = like::array_like(ob, req.descr, req.copy)? {
        // What `__array__(copy=True)` gives is a copy already.
        let copy = match (req.copy, found.copied) {
            (CopyMode::Always, true) => CopyMode::IfNeeded,
            (mode, _) => mode,
        };
        return from_array(ArrayRef::of(&found.array), &Request { copy, ..*req });
    }
    let mut found = discover::discover(ob, req.descr, req.ndmax)?;
    let object = req
        .descr
        .is_some_and(|d| descr::num_of(d) == TypeNum::Object);
    if !object {
        found.check()?;
    }
    if req.copy == CopyMode::Never {
        return Err(no_copy_error());
    }
    let dtype = found.result_dtype(py, req.descr)?;
    let target: *mut Descr = dtype.as_ptr().cast();
    let shape = Shape::from_slice(found.shape());
    let fortran = req.order == Order::F;
    // Without a request for them, missing string lengths stay one character.
    let out = make(
        py,
        Spec {
            fortran,
            ..Spec::new(target, &shape)
        },
    )?;
    found.fill(ob, ArrayRef::of(&out), target)?;
    Ok(out)
}

/// Assigns any object to an array: `a[...] = ob`.
pub(crate) fn assign_object(a: ArrayRef<'_, '_>, ob: Arg<'_, '_>) -> PyResult<()> {
    if let Some(value) = ArrayRef::from_any(ob) {
        return assign(a, value);
    }
    let py = ob.py();
    let is_scalar = crate::scalar::is_numpy_scalar(&ob.to_owned()) || is_python_number(ob);
    if a.ndim() == 0 && is_scalar {
        // SAFETY: a 0-d array has one item.
        return unsafe { crate::scalar::set_item(py, a.data(), a.descr(), &ob.to_owned()) };
    }
    if descr::num_of(a.descr()) == TypeNum::Object {
        return assign_to_objects(a, ob);
    }
    let value = from_object(
        ob,
        &Request {
            descr: Some(a.descr()),
            ..Request::asarray()
        },
    )?;
    assign(a, ArrayRef::of(&value))
}

fn is_python_number(ob: Arg<'_, '_>) -> bool {
    // SAFETY: plain type checks of a live object.
    unsafe {
        use pyo3::ffi;
        let p = ob.as_ptr();
        ffi::PyFloat_Check(p) != 0 || ffi::PyLong_Check(p) != 0 || ffi::PyComplex_Check(p) != 0
    }
}

/// Object arrays take sequences only as deep as they have axes.
fn assign_to_objects(a: ArrayRef<'_, '_>, ob: Arg<'_, '_>) -> PyResult<()> {
    let req = Request {
        descr: Some(a.descr()),
        ndmax: a.ndim(),
        ..Request::asarray()
    };
    let value = from_object(ob, &req)?;
    assign(a, ArrayRef::of(&value))
}
