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
use numoxide_dtype::{can_cast, equivalent, Casting, TypeNum};
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

/// The array of a list of Python numbers (or of lists of them), which runs no Python code.
pub(crate) fn plain_list<'py>(ob: Arg<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    fast::array(ob.py(), ob.as_ptr(), &Request::asarray())
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
pub(crate) fn no_copy_error() -> PyErr {
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
        let fortran = match req.order {
            Order::F => true,
            Order::C => false,
            _ => a.is_f() && !a.is_c(),
        };
        return reshape::prepend_axes(a, req.ndmin, fortran);
    }
    Ok(made)
}

/// An array that fulfils the request: the given one where it does, else a copy.
fn from_array<'py>(a: ArrayRef<'_, 'py>, req: &Request) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    if a.ndim() > req.ndmax {
        return Err(PyValueError::new_err("object too deep for desired array"));
    }
    let adapted = match req.descr {
        Some(d) => flexible::adapt_whole(a, d)?,
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
        let order = match req.order {
            // A cast keeps the order of axes unless one is asked for.
            Order::Any if !fits => Order::Keep,
            order => order,
        };
        return cast_copy(a, target, order, req.subok).map_err(|error| {
            let pair = [a.dtype(), descr::dtype_of(target)];
            match a.ndim() == 0 && !can_cast(&pair[0], &pair[1], Casting::Unsafe) {
                true => crate::err::cannot_cast(py, 0, pair, Casting::Unsafe),
                false => error,
            }
        });
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
    if let (None, Some(view)) = (req.descr, crate::scalar::void_view(&ob.to_owned())?) {
        return Ok(view);
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
    let item = ArrayRef::of(&out);
    if shape.is_empty() && descr::num_of(target).is_signed() {
        // One NumPy scalar alone is cast even where lists of them go through `int()`.
        if crate::scalar::is_numpy_scalar(&ob.to_owned()) && crate::scalar::value_of(&ob).is_some()
        {
            let source = crate::scalar::zero_d_of(&ob.to_owned())?;
            assign(item, ArrayRef::of(&source))?;
            return Ok(out);
        }
    }
    found.fill(ob, item, target)?;
    Ok(out)
}

/// `_discover_array_parameters(obj, dtype=None)`: the dtype and the shape that `array` would find.
pub(super) fn parameters<'py>(
    py: Python<'py>,
    _: crate::slots::Module,
    args: crate::args::CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static SIG: crate::args::Sig =
        crate::args::Sig::new("_discover_array_parameters", &["obj", "dtype"], 1);
    let [ob, dtype] = args.parse::<2>(&SIG)?;
    let ob = ob.ok_or_else(|| PyValueError::new_err("an object is missing"))?;
    let class = dtype.filter(|d| descr::is_class(d)).is_some();
    let dtype = match dtype.filter(|d| !d.is_none()) {
        Some(d) => Some(descr::convert(py, &d.to_owned())?),
        None => None,
    };
    let wanted = dtype.as_ref().map(|d| d.as_ptr().cast::<Descr>());
    if let Some(a) = ArrayRef::from_any(ob) {
        let found = wanted.map(|d| flexible::adapt(a, d)).transpose()?.flatten();
        let found = found.or(dtype).unwrap_or_else(|| a.dtype_object().unbind());
        let shape = super::attrs::shape_tuple(py, a.shape())?;
        return Ok((found, shape).into_pyobject(py)?.into_any());
    }
    let mut found = discover::discover(ob, wanted, numoxide_core::MAX_DIMS)?;
    if wanted.is_none_or(|d| descr::num_of(d) != TypeNum::Object) {
        found.check()?;
    }
    let shape = super::attrs::shape_tuple(py, found.shape())?;
    if wanted.is_none() && found.is_empty() {
        return Ok((py.None(), shape).into_pyobject(py)?.into_any());
    }
    let mut result = found.result_dtype(py, wanted)?;
    let descr: *mut Descr = result.as_ptr().cast();
    // SAFETY: a valid dtype.
    if class && descr::num_of(descr) == TypeNum::Void && unsafe { (*descr).elsize } == 0 {
        let made = descr::make::sized(py, TypeNum::Void, 8)?;
        // SAFETY: fresh and owned.
        result = unsafe { descr::make::own(py, made) };
    }
    Ok((result, shape).into_pyobject(py)?.into_any())
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
    let dtype = a.dtype();
    if is_scalar && dtype.num.is_number() {
        // The number becomes an item first, however many places there are for it.
        let item = super::empty(py, &[], a.descr(), false)?;
        let item = ArrayRef::of(&item);
        // SAFETY: a 0-d array has one item.
        unsafe { crate::scalar::set_item(py, item.data(), a.descr(), &ob.to_owned())? };
        return assign(a, item);
    }
    // Sequences may be only as deep as the array has axes.
    let req = Request {
        descr: Some(a.descr()),
        ndmax: a.ndim(),
        ..Request::asarray()
    };
    let value = from_object(ob, &req)?;
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
