//! `bincount`, `_monotonicity`.

use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce::{from_object, Request};
use crate::array::{zeros, ArrayRef};
use crate::convert::as_index;
use crate::descr::singleton;
use crate::err::{warn, OrRaise};
use crate::gil::released_if;
use crate::index::converted;
use crate::slots::Module;
use numoxide_core::TypeNum;
use numoxide_dtype::Casting;
use numoxide_kernels::sort::bins;
use pyo3::exceptions::{PyDeprecationWarning, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

static BINCOUNT: Sig = Sig::new("bincount", &["x", "weights", "minlength"], 1).pos_only(1);
static MONOTONICITY: Sig = Sig::new("_monotonicity", &["x"], 1);

/// The object as a contiguous one-dimensional array of a class; arrays are cast only as the rule
/// allows.
pub(super) fn line<'py>(
    ob: Arg<'_, 'py>,
    num: TypeNum,
    rule: Casting,
) -> PyResult<Bound<'py, PyAny>> {
    let given = match ArrayRef::from_any(ob) {
        Some(a) => a.as_bound(),
        None => {
            let descr = Some(singleton(num));
            from_object(
                ob,
                &Request {
                    descr,
                    ndmax: 1,
                    ..Request::asarray()
                },
            )?
        }
    };
    let text = match ArrayRef::of(&given).ndim() {
        0 => "object of too small depth for desired array",
        1 => return converted(given.as_borrowed(), singleton(num), rule),
        _ => "object too deep for desired array",
    };
    Err(PyValueError::new_err(text))
}

/// The items of a contiguous, aligned array of `T`.
///
/// # Safety
/// - The array holds items of `T` and is made by [`line`] or fresh; nothing resizes it meanwhile.
#[allow(clippy::mut_from_ref)] // the items are the array's, which Python shares
pub(super) unsafe fn items<'a, T>(array: &'a Bound<'_, PyAny>) -> &'a mut [T] {
    let a = ArrayRef::of(array);
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts_mut(a.data().cast(), a.size()) }
}

/// The values to count, as int64.
fn values<'py>(py: Python<'py>, x: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(a) = ArrayRef::from_any(x) {
        let unsigned = a.dtype().num.is_integer();
        let rule = if unsigned {
            Casting::SameKind
        } else {
            Casting::Safe
        };
        return line(x, TypeNum::Long, rule);
    }
    let made = from_object(
        x,
        &Request {
            ndmax: 1,
            ..Request::asarray()
        },
    )?;
    let a = ArrayRef::of(&made);
    let num = a.dtype().num;
    // Integers in a list that are too large for int64 fail below, one by one.
    let listed = x.is_instance_of::<PyList>() || x.is_instance_of::<PyTuple>();
    let integers = num == TypeNum::Bool || (num.is_integer() && !(listed && num == TypeNum::ULong));
    if integers || a.size() == 0 {
        return line(made.as_borrowed(), TypeNum::Long, Casting::Unsafe);
    }
    let class = py.get_type::<PyDeprecationWarning>().into_any();
    warn(
        py,
        &class,
        "Non-integer input passed to bincount. In a future version of NumPy, this will be an \
         error. (Deprecated NumPy 2.1)",
    )?;
    line(x, TypeNum::Long, Casting::Unsafe)
}

fn length(minlength: Option<Arg<'_, '_>>) -> PyResult<usize> {
    let Some(given) = minlength else {
        return Ok(0);
    };
    if given.is_none() {
        return Err(PyTypeError::new_err("use 0 instead of None for minlength"));
    }
    let n = as_index(given)?;
    usize::try_from(n).map_err(|_| PyValueError::new_err("'minlength' must not be negative"))
}

/// `bincount(x, /, weights=None, minlength=0)`.
pub(super) fn bincount<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [x, weights, minlength] = args.parse(&BINCOUNT)?;
    let x = values(py, x.ok_or_else(|| PyTypeError::new_err("x is missing"))?)?;
    let least = length(minlength)?;
    let n = ArrayRef::of(&x).size();
    if n == 0 {
        return zeros(py, &[least], singleton(TypeNum::Long), false);
    }
    // SAFETY: a contiguous int64 array, read only.
    let x = unsafe { &*items::<i64>(&x) };
    let (low, high) = released_if(py, n > 5000, || bins::min_max(x));
    if low < 0 {
        return Err(PyValueError::new_err(
            "'list' argument must have no negative elements",
        ));
    }
    let size = least.max((high as usize).saturating_add(1));
    let Some(weights) = weights.filter(|w| !w.is_none()) else {
        let out = zeros(py, &[size], singleton(TypeNum::Long), false)?;
        // SAFETY: a fresh int64 array.
        let counts = unsafe { items::<i64>(&out) };
        released_if(py, n > 5000, || bins::count(x, counts)).or_raise(py)?;
        return Ok(out);
    };
    let weights = line(weights, TypeNum::Double, Casting::Safe)?;
    if ArrayRef::of(&weights).size() != n {
        return Err(PyValueError::new_err(
            "The weights and list don't have the same length.",
        ));
    }
    let out = zeros(py, &[size], singleton(TypeNum::Double), false)?;
    // SAFETY: a contiguous float64 array, read only, and a fresh one.
    let (weights, sums) = unsafe { (&*items::<f64>(&weights), items::<f64>(&out)) };
    released_if(py, n > 5000, || bins::weigh(x, weights, sums));
    Ok(out)
}

/// `_monotonicity(x)`.
pub(super) fn monotonicity<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [x] = args.parse(&MONOTONICITY)?;
    let x = x.ok_or_else(|| PyTypeError::new_err("x is missing"))?;
    let x = line(x, TypeNum::Double, Casting::Safe)?;
    // SAFETY: a contiguous float64 array, read only.
    let answer = bins::monotonicity(unsafe { &*items::<f64>(&x) });
    Ok(answer.into_pyobject(py)?.into_any())
}
