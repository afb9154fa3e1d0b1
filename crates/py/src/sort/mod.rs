//! Sorting, extremes, and counting: methods of ndarray and module functions.

mod bins;
mod extreme;
mod interp;
mod keys;
mod methods;
mod unique;

use crate::array::ArrayRef;
use crate::convert::normalize_axis;
use crate::methods;
use crate::slots::{add_functions, Module};
use numoxide_core::sort::set_less_hook;
use numoxide_core::{DType, Error, Result, TypeNum};
use pyo3::ffi;
use pyo3::prelude::*;

/// Method rows of ndarray.
pub(crate) fn rows() -> Vec<ffi::PyMethodDef> {
    methods! {
        ArrayRef;
        c"sort", @methods::quick_sort => methods::sort, 0, c"sort($self, /, axis=-1, kind=None, order=None, *, stable=None)\n--\n\nSort in place along an axis.";
        c"argsort", @methods::quick_argsort => methods::argsort, 0, c"argsort($self, /, axis=-1, kind=None, order=None, *, stable=None)\n--\n\nIndices that sort along an axis.";
        c"partition", methods::partition, 0, c"partition($self, kth, /, axis=-1, kind='introselect', order=None)\n--\n\nPut the k-th items in their sorted places.";
        c"argpartition", methods::argpartition, 0, c"argpartition($self, kth, /, axis=-1, kind='introselect', order=None)\n--\n\nIndices that partition along an axis.";
        c"argmax", @extreme::quick_argmax => extreme::argmax, 0, c"argmax($self, /, axis=None, out=None, *, keepdims=False)\n--\n\nIndex of the largest item along an axis.";
        c"argmin", @extreme::quick_argmin => extreme::argmin, 0, c"argmin($self, /, axis=None, out=None, *, keepdims=False)\n--\n\nIndex of the smallest item along an axis.";
    }
}

/// Adds the module functions and registers the comparison of objects.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    set_less_hook(less);
    numoxide_kernels::sort::set_runner(numoxide_core::pool::threads::run);
    add_functions(
        m,
        methods! {
            Module;
            c"lexsort", keys::lexsort, 0, c"Indices that sort by several keys, the last one first.";
            c"bincount", bins::bincount, 0, c"Count how often each small integer occurs.";
            c"_monotonicity", bins::monotonicity, 0, c"1 if items rise, -1 if they fall, else 0.";
            c"_unique_counted", unique::counted, 0, c"Distinct integers of a small range.";
            c"interp", interp::real, 0, c"Interpolate linearly between points.";
            c"interp_complex", interp::complex, 0, c"Interpolate linearly between complex points.";
        },
    )
}

/// Whether an item comes before another: objects by Python's `<`, others by their dtype's function.
fn less(dtype: &DType, a: *const u8, b: *const u8) -> Result<bool> {
    // SAFETY: such sorts run with the interpreter lock held, over live items.
    unsafe {
        match dtype.num {
            TypeNum::User => crate::capi::user::less(dtype, a, b),
            _ => compare(a, b, ffi::Py_LT),
        }
    }
}

/// Compares two object items by a Python operator; an empty item stands for None.
///
/// # Safety
/// - The interpreter lock is held; both address object items that live through the call.
unsafe fn compare(a: *const u8, b: *const u8, op: std::ffi::c_int) -> Result<bool> {
    // SAFETY: by contract.
    unsafe {
        let object = |p: *const u8| match p.cast::<*mut ffi::PyObject>().read_unaligned() {
            ob if ob.is_null() => ffi::Py_None(),
            ob => ob,
        };
        let (a, b) = (object(a), object(b));
        ffi::Py_INCREF(a);
        ffi::Py_INCREF(b);
        let answer = ffi::PyObject_RichCompareBool(a, b, op);
        ffi::Py_DECREF(a);
        ffi::Py_DECREF(b);
        match answer {
            -1 => Err(Error::Raised),
            yes => Ok(yes != 0),
        }
    }
}

/// The array along whose axis work is done: the flattened array where no axis is given, and one axis
/// at least.
fn along<'py>(a: ArrayRef<'_, 'py>, axis: Option<isize>) -> PyResult<(Bound<'py, PyAny>, usize)> {
    let py = a.py();
    let made = match axis {
        Some(_) if a.ndim() > 0 => a.as_bound(),
        _ => a.as_bound().call_method0(pyo3::intern!(py, "ravel"))?,
    };
    let nd = ArrayRef::from_bound(&made).map_or(1, ArrayRef::ndim);
    // A matrix stays two-dimensional when flattened.
    let axis = normalize_axis(py, axis.unwrap_or(nd as isize - 1), nd, None)?;
    Ok((made, axis))
}
