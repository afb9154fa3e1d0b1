//! Slots that are methods of arrays or functions of the package under another name.

use super::api::{any, api, array, list, opt, or_none, order_word, stolen, Code, Obj};
use super::types::by_num;
use crate::array::NDARRAY;
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::ffi::c_int;

/// Stands for "all axes, flattened" where an axis number is expected.
pub(super) const RAVEL_AXIS: c_int = c_int::MIN;

type Keywords<'a, 'py> = &'a [(&'a str, Bound<'py, PyAny>)];

fn dict<'py>(py: Python<'py>, keywords: Keywords<'_, 'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
    if keywords.is_empty() {
        return Ok(None);
    }
    let kwargs = PyDict::new(py);
    for (name, value) in keywords {
        kwargs.set_item(name, value)?;
    }
    Ok(Some(kwargs))
}

/// ndarray's own method on an array, whatever a subclass makes of the name.
pub(super) fn method<'py>(
    array: &Bound<'py, PyAny>,
    name: &str,
    args: &[Bound<'py, PyAny>],
    keywords: Keywords<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = array.py();
    // SAFETY: a ready type.
    let ty = unsafe { any(py, NDARRAY.as_object()) };
    let all = std::iter::once(array).chain(args);
    let args = PyTuple::new(py, all.collect::<Vec<_>>())?;
    ty.getattr(name)?.call(args, dict(py, keywords)?.as_ref())
}

/// A function of the package.
pub(super) fn function<'py>(
    py: Python<'py>,
    name: &str,
    args: &[Bound<'py, PyAny>],
    keywords: Keywords<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let args = PyTuple::new(py, args)?;
    py.import("numoxide")?
        .getattr(name)?
        .call(args, dict(py, keywords)?.as_ref())
}

/// A Python int.
pub(super) fn int<'py>(py: Python<'py>, value: impl Into<i64>) -> Bound<'py, PyAny> {
    let Ok(made) = value.into().into_pyobject(py);
    made.into_any()
}

fn text<'py>(py: Python<'py>, word: &str) -> Bound<'py, PyAny> {
    pyo3::types::PyString::new(py, word).into_any()
}

fn axis<'py>(py: Python<'py>, axis: c_int) -> Bound<'py, PyAny> {
    match axis {
        RAVEL_AXIS => py.None().into_bound(py),
        n => int(py, n),
    }
}

/// A type number as `dtype=`; none for `NPY_NOTYPE`.
fn rtype<'py>(py: Python<'py>, num: c_int) -> PyResult<Bound<'py, PyAny>> {
    match num {
        25 => Ok(py.None().into_bound(py)),
        n => Ok(by_num(py, n)?.into_bound(py)),
    }
}

fn sort_kind<'py>(py: Python<'py>, kind: c_int) -> PyResult<Bound<'py, PyAny>> {
    match kind {
        0 => Ok(text(py, "quicksort")),
        1 => Ok(text(py, "heapsort")),
        2 => Ok(text(py, "stable")),
        _ => Err(PyValueError::new_err("not a valid sort kind")),
    }
}

/// A reduction `method(axis=, out=)`.
unsafe fn reduce<'py>(
    py: Python<'py>,
    a: Obj,
    name: &str,
    at: c_int,
    out: Obj,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: live objects by the C API's contract.
    let (a, out) = unsafe { (any(py, a), or_none(py, out)) };
    method(&a, name, &[], &[("axis", axis(py, at)), ("out", out)])
}

/// A reduction `method(axis=, dtype=, out=)`.
unsafe fn accumulate<'py>(
    py: Python<'py>,
    a: Obj,
    name: &str,
    at: c_int,
    num: c_int,
    out: Obj,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: live objects by the C API's contract.
    let (a, out) = unsafe { (any(py, a), or_none(py, out)) };
    let keywords = [
        ("axis", axis(py, at)),
        ("dtype", rtype(py, num)?),
        ("out", out),
    ];
    method(&a, name, &[], &keywords)
}

/// `PyArray_Dims`.
#[repr(C)]
pub(super) struct Dims {
    /// The values.
    pub(super) ptr: *mut isize,
    /// Their number.
    pub(super) len: c_int,
}

unsafe fn dims<'py>(py: Python<'py>, dims: *const Dims) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a live struct by the C API's contract.
    let values = unsafe { list((*dims).ptr, (*dims).len) };
    Ok(PyTuple::new(py, values)?.into_any())
}

api! {
    /// Methods of arrays.
    METHODS:
    77 PyArray_GetField(a: Obj, descr: Obj, offset: c_int) -> Obj = |py| {
        let descr = stolen(py, descr).unwrap_or_else(|| or_none(py, std::ptr::null_mut::<ffi::PyObject>()));
        method(&any(py, a), "getfield", &[descr, int(py, offset)], &[])
    };
    78 PyArray_SetField(a: Obj, descr: Obj, offset: c_int, value: Obj) -> c_int = |py| {
        let descr = stolen(py, descr).unwrap_or_else(|| or_none(py, std::ptr::null_mut::<ffi::PyObject>()));
        method(&any(py, a), "setfield", &[any(py, value), descr, int(py, offset)], &[]).map(drop)
    };
    79 PyArray_Byteswap(a: Obj, inplace: u8) -> Obj = |py| {
        method(&any(py, a), "byteswap", &[int(py, inplace)], &[])
    };
    86 PyArray_ToList(a: Obj) -> Obj = |py| method(&any(py, a), "tolist", &[], &[]);
    87 PyArray_ToString(a: Obj, order: c_int) -> Obj = |py| {
        method(&any(py, a), "tobytes", &[text(py, order_word(order))], &[])
    };
    89 PyArray_Dump(a: Obj, file: Obj, _protocol: c_int) -> c_int = |py| {
        method(&any(py, a), "dump", &[any(py, file)], &[]).map(drop)
    };
    90 PyArray_Dumps(a: Obj, _protocol: c_int) -> Obj = |py| method(&any(py, a), "dumps", &[], &[]);
    123 PyArray_Transpose(a: Obj, permute: *const Dims) -> Obj = |py| {
        let axes = match permute.is_null() {
            true => Vec::new(),
            false => vec![dims(py, permute)?],
        };
        method(&any(py, a), "transpose", &axes, &[])
    };
    124 PyArray_TakeFrom(a: Obj, indices: Obj, at: c_int, out: Obj, mode: c_int) -> Obj = |py| {
        let args = [any(py, indices), axis(py, at), or_none(py, out), int(py, mode)];
        method(&any(py, a), "take", &args, &[])
    };
    125 PyArray_PutTo(a: Obj, values: Obj, indices: Obj, mode: c_int) -> Obj = |py| {
        method(&any(py, a), "put", &[any(py, indices), any(py, values), int(py, mode)], &[])
    };
    126 PyArray_PutMask(a: Obj, values: Obj, mask: Obj) -> Obj = |py| {
        function(py, "putmask", &[any(py, a), any(py, mask), any(py, values)], &[])
    };
    127 PyArray_Repeat(a: Obj, counts: Obj, at: c_int) -> Obj = |py| {
        method(&any(py, a), "repeat", &[any(py, counts), axis(py, at)], &[])
    };
    128 PyArray_Choose(a: Obj, choices: Obj, out: Obj, mode: c_int) -> Obj = |py| {
        let keywords = [("out", or_none(py, out)), ("mode", int(py, mode))];
        method(&any(py, a), "choose", &[any(py, choices)], &keywords)
    };
    129 PyArray_Sort(a: Obj, at: c_int, kind: c_int) -> c_int = |py| {
        method(&any(py, a), "sort", &[int(py, at), sort_kind(py, kind)?], &[]).map(drop)
    };
    130 PyArray_ArgSort(a: Obj, at: c_int, kind: c_int) -> Obj = |py| {
        method(&any(py, a), "argsort", &[axis(py, at), sort_kind(py, kind)?], &[])
    };
    131 PyArray_SearchSorted(a: Obj, keys: Obj, side: c_int, perm: Obj) -> Obj = |py| {
        let side = text(py, if side == 1 { "right" } else { "left" });
        method(&any(py, a), "searchsorted", &[any(py, keys), side, or_none(py, perm)], &[])
    };
    132 PyArray_ArgMax(a: Obj, at: c_int, out: Obj) -> Obj = |py| reduce(py, a, "argmax", at, out);
    133 PyArray_ArgMin(a: Obj, at: c_int, out: Obj) -> Obj = |py| reduce(py, a, "argmin", at, out);
    134 PyArray_Reshape(a: Obj, shape: Obj) -> Obj = |py| {
        method(&any(py, a), "reshape", &[any(py, shape)], &[])
    };
    135 PyArray_Newshape(a: Obj, shape: *const Dims, order: c_int) -> Obj = |py| {
        let order = [("order", text(py, order_word(order)))];
        method(&any(py, a), "reshape", &[dims(py, shape)?], &order)
    };
    136 PyArray_Squeeze(a: Obj) -> Obj = |py| method(&any(py, a), "squeeze", &[], &[]);
    137 PyArray_View(a: Obj, descr: Obj, kind: Obj) -> Obj = |py| {
        let mut args: Vec<_> = stolen(py, descr).into_iter().collect();
        args.extend(opt(py, kind));
        method(&any(py, a), "view", &args, &[])
    };
    138 PyArray_SwapAxes(a: Obj, one: c_int, two: c_int) -> Obj = |py| {
        method(&any(py, a), "swapaxes", &[int(py, one), int(py, two)], &[])
    };
    139 PyArray_Max(a: Obj, at: c_int, out: Obj) -> Obj = |py| reduce(py, a, "max", at, out);
    140 PyArray_Min(a: Obj, at: c_int, out: Obj) -> Obj = |py| reduce(py, a, "min", at, out);
    141 PyArray_Ptp(a: Obj, at: c_int, out: Obj) -> Obj = |py| {
        function(py, "ptp", &[any(py, a), axis(py, at), or_none(py, out)], &[])
    };
    142 PyArray_Mean(a: Obj, at: c_int, num: c_int, out: Obj) -> Obj = |py| {
        accumulate(py, a, "mean", at, num, out)
    };
    143 PyArray_Trace(a: Obj, offset: c_int, one: c_int, two: c_int, num: c_int, out: Obj) -> Obj = |py| {
        let args = [int(py, offset), int(py, one), int(py, two), rtype(py, num)?, or_none(py, out)];
        method(&any(py, a), "trace", &args, &[])
    };
    144 PyArray_Diagonal(a: Obj, offset: c_int, one: c_int, two: c_int) -> Obj = |py| {
        method(&any(py, a), "diagonal", &[int(py, offset), int(py, one), int(py, two)], &[])
    };
    145 PyArray_Clip(a: Obj, min: Obj, max: Obj, out: Obj) -> Obj = |py| {
        method(&any(py, a), "clip", &[or_none(py, min), or_none(py, max), or_none(py, out)], &[])
    };
    146 PyArray_Conjugate(a: Obj, out: Obj) -> Obj = |py| {
        let args: Vec<_> = std::iter::once(any(py, a)).chain(opt(py, out)).collect();
        match (out.is_null(), array(&args[0])?.dtype().num.is_complex()) {
            (true, false) => method(&args[0], "conjugate", &[], &[]),
            _ => function(py, "conjugate", &args, &[]),
        }
    };
    147 PyArray_Nonzero(a: Obj) -> Obj = |py| method(&any(py, a), "nonzero", &[], &[]);
    148 PyArray_Std(a: Obj, at: c_int, num: c_int, out: Obj, variance: c_int) -> Obj = |py| {
        accumulate(py, a, if variance != 0 { "var" } else { "std" }, at, num, out)
    };
    149 PyArray_Sum(a: Obj, at: c_int, num: c_int, out: Obj) -> Obj = |py| {
        accumulate(py, a, "sum", at, num, out)
    };
    150 PyArray_CumSum(a: Obj, at: c_int, num: c_int, out: Obj) -> Obj = |py| {
        accumulate(py, a, "cumsum", at, num, out)
    };
    151 PyArray_Prod(a: Obj, at: c_int, num: c_int, out: Obj) -> Obj = |py| {
        accumulate(py, a, "prod", at, num, out)
    };
    152 PyArray_CumProd(a: Obj, at: c_int, num: c_int, out: Obj) -> Obj = |py| {
        accumulate(py, a, "cumprod", at, num, out)
    };
    153 PyArray_All(a: Obj, at: c_int, out: Obj) -> Obj = |py| reduce(py, a, "all", at, out);
    154 PyArray_Any(a: Obj, at: c_int, out: Obj) -> Obj = |py| reduce(py, a, "any", at, out);
    155 PyArray_Compress(a: Obj, condition: Obj, at: c_int, out: Obj) -> Obj = |py| {
        let args = [any(py, condition), axis(py, at), or_none(py, out)];
        method(&any(py, a), "compress", &args, &[])
    };
    156 PyArray_Flatten(a: Obj, order: c_int) -> Obj = |py| {
        method(&any(py, a), "flatten", &[text(py, order_word(order))], &[])
    };
    157 PyArray_Ravel(a: Obj, order: c_int) -> Obj = |py| {
        method(&any(py, a), "ravel", &[text(py, order_word(order))], &[])
    };
    190 PyArray_Round(a: Obj, decimals: c_int, out: Obj) -> Obj = |py| {
        method(&any(py, a), "round", &[int(py, decimals), or_none(py, out)], &[])
    };
    296 PyArray_Partition(a: Obj, kth: Obj, at: c_int, _kind: c_int) -> c_int = |py| {
        method(&any(py, a), "partition", &[any(py, kth), int(py, at)], &[]).map(drop)
    };
    297 PyArray_ArgPartition(a: Obj, kth: Obj, at: c_int, _kind: c_int) -> Obj = |py| {
        method(&any(py, a), "argpartition", &[any(py, kth), axis(py, at)], &[])
    };
}

api! {
    /// Functions of the package.
    FUNCTIONS:
    168 PyArray_Concatenate(arrays: Obj, at: c_int) -> Obj = |py| {
        function(py, "concatenate", &[any(py, arrays), axis(py, at)], &[])
    };
    169 PyArray_InnerProduct(a: Obj, b: Obj) -> Obj = |py| {
        function(py, "inner", &[any(py, a), any(py, b)], &[])
    };
    170 PyArray_MatrixProduct(a: Obj, b: Obj) -> Obj = |py| {
        function(py, "dot", &[any(py, a), any(py, b)], &[])
    };
    172 PyArray_Correlate(a: Obj, b: Obj, mode: c_int) -> Obj = |py| {
        let b = function(py, "conj", &[any(py, b)], &[])?;
        correlate(py, any(py, a), b, mode)
    };
    185 PyArray_Where(condition: Obj, x: Obj, y: Obj) -> Obj = |py| {
        let mut args = vec![any(py, condition)];
        args.extend(opt(py, x));
        args.extend(opt(py, y));
        function(py, "where", &args, &[])
    };
    186 PyArray_Arange(start: f64, stop: f64, step: f64, num: c_int) -> Obj = |py| {
        let args = [start, stop, step].map(|x| pyo3::types::PyFloat::new(py, x).into_any());
        function(py, "arange", &args, &[("dtype", rtype(py, num)?)])
    };
    187 PyArray_ArangeObj(start: Obj, stop: Obj, step: Obj, descr: Obj) -> Obj = |py| {
        let none = |ob: &Bound<'_, PyAny>| ob.is_none();
        let mut args = vec![any(py, start), or_none(py, stop), or_none(py, step)];
        while args.last().is_some_and(none) {
            args.pop();
        }
        function(py, "arange", &args, &[("dtype", or_none(py, descr))])
    };
    189 PyArray_LexSort(keys: Obj, at: c_int) -> Obj = |py| {
        function(py, "lexsort", &[any(py, keys), int(py, at)], &[])
    };
    212 PyArray_Correlate2(a: Obj, b: Obj, mode: c_int) -> Obj = |py| {
        correlate(py, any(py, a), any(py, b), mode)
    };
    270 PyArray_CountNonzero(a: Obj) -> isize = |py| {
        function(py, "count_nonzero", &[any(py, a)], &[])?.extract::<isize>()
    };
    276 PyArray_EinsteinSum(
        subscripts: *const std::ffi::c_char,
        n: isize,
        operands: *const Obj,
        descr: Obj,
        order: c_int,
        casting: c_int,
        out: Obj,
    ) -> Obj = |py| {
        let mut args = vec![text(py, &std::ffi::CStr::from_ptr(subscripts).to_string_lossy())];
        args.extend(list(operands, n as c_int).iter().map(|&ob| any(py, ob)));
        let keywords = [
            ("dtype", or_none(py, descr)),
            ("order", text(py, order_word(order))),
            ("casting", text(py, super::api::casting(casting)?.name())),
            ("out", or_none(py, out)),
        ];
        function(py, "einsum", &args, &keywords)
    };
    280 PyArray_MatrixProduct2(a: Obj, b: Obj, out: Obj) -> Obj = |py| {
        function(py, "dot", &[any(py, a), any(py, b), or_none(py, out)], &[])
    };
    97 PyArray_GetPriority(ob: Obj, default: f64) -> f64 = |py| {
        let found = any(py, ob).getattr_opt("__array_priority__")?;
        Ok(super::api::Real(found.map_or(Ok(default), |p| p.extract())?))
    };
    91 PyArray_ValidType(num: c_int) -> c_int = |py| {
        PyResult::Ok(Code(by_num(py, num).is_ok().into()))
    };
}

fn correlate<'py>(
    py: Python<'py>,
    a: Bound<'py, PyAny>,
    b: Bound<'py, PyAny>,
    mode: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    let mode = match mode {
        1 => "same",
        2 => "full",
        _ => "valid",
    };
    function(py, "correlate", &[a, b], &[("mode", text(py, mode))])
}
