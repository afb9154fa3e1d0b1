//! Single items: `item`, `tolist`, `fill`, conversions of one-item arrays, iteration.

use super::{refs, view_with, ArrayRef};
use crate::args::CallArgs;
use crate::convert;
use crate::scalar;
use numoxide_core::iter::{Nest, PerOp};
use numoxide_core::small;
use numoxide_core::TypeNum;
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// The scalar object for the item at `ptr`.
#[inline]
pub(crate) fn scalar_at<'py>(a: ArrayRef<'_, 'py>, ptr: *mut u8) -> PyResult<Bound<'py, PyAny>> {
    if small::is_number(a.type_num()) {
        // SAFETY: the address of one of the array's items, which own nothing.
        return unsafe { scalar::from_ptr(a.py(), ptr, a.descr(), None) };
    }
    // SAFETY: callers pass the address of one of the array's items.
    unsafe { scalar::from_ptr(a.py(), ptr, a.descr(), Some(&a.as_bound())) }
}

/// The scalar of a 0-d array of the exact type; anything else as it is.
pub(crate) fn return_scalar(ob: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    match ArrayRef::from_bound(&ob) {
        Some(a) if a.ndim() == 0 && a.is_exact() => scalar_at(a, a.data()),
        _ => Ok(ob),
    }
}

/// Address of the item at a flat C-order position.
pub(crate) fn flat_address(a: ArrayRef<'_, '_>, mut at: usize) -> *mut u8 {
    let mut ptr = a.data();
    for (&n, &s) in a.shape().iter().zip(a.strides()).rev() {
        // SAFETY: each coordinate lies inside its axis.
        ptr = unsafe { ptr.offset((at % n) as isize * s) };
        at /= n;
    }
    ptr
}

/// `a.item(i)` of an array of one axis, `a.item()` of one item.
#[inline]
pub(super) fn quick_item<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    if args.has_keywords() || !small::is_number(a.type_num()) {
        return None;
    }
    let ptr = match args.positional() {
        [] if a.ndim() == 0 => a.data(),
        [i] if a.ndim() == 1 => crate::index::address(a, i.as_ptr())?,
        _ => return None,
    };
    // SAFETY: the address of one of the array's items.
    Some(unsafe { scalar::get_item(py, ptr, a.descr()) })
}

/// `a.item(*args)`.
pub(super) fn item<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.has_keywords() {
        return Err(PyTypeError::new_err("item() takes no keyword arguments"));
    }
    let tuple;
    let list: Vec<_> = match args.npos() {
        1 => match args.get(0).cast::<PyTuple>() {
            Ok(t) => {
                tuple = t.to_owned();
                tuple.iter_borrowed().collect()
            }
            Err(_) => vec![args.get(0)],
        },
        n => (0..n).map(|i| args.get(i)).collect(),
    };
    let ptr = item_address(py, a, &list)?;
    // SAFETY: the address of one of the array's items.
    unsafe { scalar::item_in(py, ptr, a.descr(), Some(&a.as_bound())) }
}

fn item_address(
    py: Python<'_>,
    a: ArrayRef<'_, '_>,
    list: &[crate::args::Arg<'_, '_>],
) -> PyResult<*mut u8> {
    match list {
        [] if a.size() == 1 => Ok(a.data()),
        [] => Err(PyValueError::new_err(
            "can only convert an array of size 1 to a Python scalar",
        )),
        [flat] if a.ndim() != 1 => {
            let (given, size) = (convert::as_index(*flat)?, a.size() as isize);
            if given < -size || given >= size {
                return Err(PyIndexError::new_err(format!(
                    "index {given} is out of bounds for size {size}"
                )));
            }
            Ok(flat_address(a, given.rem_euclid(size.max(1)) as usize))
        }
        _ if list.len() != a.ndim() => Err(PyValueError::new_err(
            "incorrect number of indices for array",
        )),
        _ => coordinates_address(py, a, list),
    }
}

fn coordinates_address(
    _: Python<'_>,
    a: ArrayRef<'_, '_>,
    list: &[crate::args::Arg<'_, '_>],
) -> PyResult<*mut u8> {
    let mut ptr = a.data();
    for (axis, ob) in list.iter().enumerate() {
        let (given, n) = (convert::as_index(*ob)?, a.shape()[axis] as isize);
        if given < -n || given >= n {
            return Err(PyIndexError::new_err(format!(
                "index {given} is out of bounds for axis {axis} with size {n}"
            )));
        }
        // SAFETY: inside the axis.
        ptr = unsafe { ptr.offset(given.rem_euclid(n) * a.strides()[axis]) };
    }
    Ok(ptr)
}

/// `a.tolist()`.
pub(super) fn tolist<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    list_of(py, a, a.data(), a.shape(), a.strides())
}

fn list_of<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    ptr: *mut u8,
    shape: &[usize],
    strides: &[isize],
) -> PyResult<Bound<'py, PyAny>> {
    let Some((&n, rest)) = shape.split_first() else {
        // SAFETY: the address of an item.
        return unsafe { scalar::item_in(py, ptr, a.descr(), Some(&a.as_bound())) };
    };
    if rest.is_empty() {
        // SAFETY: the addresses of an axis' items.
        if let Some(list) = unsafe { scalar::plain_items(py, ptr, (n, strides[0]), a.descr()) } {
            return list;
        }
    }
    // SAFETY: the list is filled completely, or dropped with its empty slots.
    unsafe {
        let list = Bound::from_owned_ptr_or_err(py, ffi::PyList_New(n as isize))?;
        for i in 0..n as isize {
            let at = ptr.offset(i * strides[0]);
            let value = if rest.is_empty() {
                scalar::item_in(py, at, a.descr(), Some(&a.as_bound()))?
            } else {
                list_of(py, a, at, rest, &strides[1..])?
            };
            ffi::PyList_SET_ITEM(list.as_ptr(), i, value.into_ptr());
        }
        Ok(list)
    }
}

/// `a.fill(value)`.
pub(super) fn fill<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static FILL: crate::args::Sig = crate::args::Sig::new("fill", &["value"], 1);
    if args.npos() == 0 && !args.has_keywords() {
        return Err(PyTypeError::new_err(
            "fill() takes exactly 1 argument (0 given)",
        ));
    }
    let [value] = args.parse(&FILL)?;
    a.check_writeable("assignment destination")?;
    if let Some(value) = value {
        if !fill_plain(a, value) {
            let one = one_item(a, value)?;
            super::assign::assign(a, ArrayRef::of(&one))?;
        }
    }
    Ok(py.None().into_bound(py))
}

/// Fills a small array of numbers with a Python number; false where the long way must.
fn fill_plain(a: ArrayRef<'_, '_>, value: crate::args::Arg<'_, '_>) -> bool {
    let dtype = a.dtype();
    // SAFETY: a live object.
    let Some(mut raw) = (unsafe { scalar::plain_number(value.as_ptr(), dtype.num) }) else {
        return false;
    };
    let one = numoxide_core::RawView {
        ptr: raw.0.as_mut_ptr(),
        dtype: &dtype,
        shape: &[],
        strides: &[],
    };
    small::assign(&a.view(&dtype), &one).is_some()
}

/// A 0-d array of the dtype of `a` that holds `value`.
pub(super) fn one_item<'py>(
    a: ArrayRef<'_, 'py>,
    value: crate::args::Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let one = super::empty(a.py(), &[], a.descr(), false)?;
    let to = ArrayRef::of(&one);
    match ArrayRef::from_any(value) {
        Some(given) => super::assign::assign(to, given)?,
        // SAFETY: the new array has one item.
        None => unsafe { scalar::set_item(a.py(), to.data(), to.descr(), &value.to_owned())? },
    }
    Ok(one)
}

/// The Python object of a 0-d array, for `int()`, `float()`, `complex()`.
fn only_item<'py>(a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if a.ndim() != 0 {
        return Err(PyTypeError::new_err(
            "only 0-dimensional arrays can be converted to Python scalars",
        ));
    }
    scalar_object(a)
}

/// The item of a one-item array; object arrays that hold themselves are refused.
fn scalar_object<'py>(a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the array has an item.
    unsafe { scalar::item_in(a.py(), a.data(), a.descr(), Some(&a.as_bound())) }
}

/// Runs a Python-level conversion on the item, guarded against arrays nested in themselves.
fn convert_item<'py>(
    a: ArrayRef<'_, 'py>,
    call: unsafe extern "C" fn(*mut ffi::PyObject) -> *mut ffi::PyObject,
) -> PyResult<Bound<'py, PyAny>> {
    let item = only_item(a)?;
    // SAFETY: a valid object; recursion is counted by the interpreter.
    unsafe {
        if ffi::Py_EnterRecursiveCall(c" while converting an array".as_ptr()) != 0 {
            return Err(PyErr::fetch(a.py()));
        }
        let out = call(item.as_ptr());
        ffi::Py_LeaveRecursiveCall();
        Bound::from_owned_ptr_or_err(a.py(), out)
    }
}

/// `int(a)`.
pub(super) fn as_int<'py>(_: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    convert_item(a, ffi::PyNumber_Long)
}

/// `float(a)`.
pub(super) fn as_float<'py>(_: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    convert_item(a, ffi::PyNumber_Float)
}

/// `operator.index(a)`.
pub(super) fn as_index<'py>(_: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if a.ndim() != 0 || !a.dtype().num.is_integer() {
        return Err(PyTypeError::new_err(
            "only integer scalar arrays can be converted to a scalar index",
        ));
    }
    scalar_object(a)
}

/// `complex(a)`.
pub(super) fn as_complex<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let item = only_item(a)?;
    let dtype = a.dtype();
    if !dtype.num.is_number() && !matches!(dtype.num, TypeNum::Bool | TypeNum::Object) {
        return Err(PyTypeError::new_err(format!(
            "Unable to convert {dtype} to complex"
        )));
    }
    py.get_type::<pyo3::types::PyComplex>().call1((item,))
}

/// `bool(a)`.
pub(super) fn as_bool(py: Python<'_>, a: ArrayRef<'_, '_>) -> PyResult<bool> {
    match a.size() {
        1 => {
            // SAFETY: the item lives; recursion is counted by the interpreter.
            unsafe {
                if ffi::Py_EnterRecursiveCall(c" while converting array to bool".as_ptr()) != 0 {
                    return Err(PyErr::fetch(py));
                }
                let truth = scalar::from_ptr(py, a.data(), a.descr(), None)
                    .and_then(|item| item.is_truthy());
                ffi::Py_LeaveRecursiveCall();
                truth
            }
        }
        0 => Err(PyValueError::new_err(
            "The truth value of an empty array is ambiguous. \
             Use `array.size > 0` to check that an array is not empty.",
        )),
        _ => Err(PyValueError::new_err(
            "The truth value of an array with more than one element is ambiguous. \
             Use a.any() or a.all()",
        )),
    }
}

/// `len(a)`.
pub(super) fn len(_: Python<'_>, a: ArrayRef<'_, '_>) -> PyResult<isize> {
    match a.shape().first() {
        Some(&n) => Ok(n as isize),
        None => Err(PyTypeError::new_err("len() of unsized object")),
    }
}

/// `a[i]` for one axis, as iteration and C callers use it (`sq_item`).
pub(crate) fn row<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    i: isize,
) -> PyResult<Bound<'py, PyAny>> {
    if a.ndim() == 0 {
        return Err(PyIndexError::new_err(
            "too many indices for array: array is 0-dimensional, but 1 were indexed",
        ));
    }
    let n = a.shape()[0] as isize;
    if i < 0 || i >= n {
        // The interpreter has counted from the end already: what is still negative was too far out.
        let given = if i < 0 { i - n } else { i };
        return Err(PyIndexError::new_err(format!(
            "index {given} is out of bounds for axis 0 with size {n}"
        )));
    }
    // SAFETY: inside the axis.
    let ptr = unsafe { a.data().offset(i * a.strides()[0]) };
    if a.ndim() == 1 {
        return scalar_at(a, ptr);
    }
    view_with(a, &a.shape()[1..], &a.strides()[1..], ptr)
}

/// `iter(a)`.
pub(super) fn iter<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if a.ndim() == 0 {
        return Err(PyTypeError::new_err("iteration over a 0-d array"));
    }
    // SAFETY: a valid sequence.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PySeqIter_New(a.as_any().as_ptr())) }
}

/// `value in a`: `(a == value).any()`.
pub(super) fn contains(
    py: Python<'_>,
    a: ArrayRef<'_, '_>,
    value: crate::args::Arg<'_, '_>,
) -> PyResult<bool> {
    let equal = a.as_any().rich_compare(value, pyo3::basic::CompareOp::Eq)?;
    equal.call_method0(pyo3::intern!(py, "any"))?.is_truthy()
}

/// `a.__array_wrap__(array, context=None, return_scalar=False)`.
pub(super) fn array_wrap<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() == 0 {
        return Err(PyTypeError::new_err(
            "__array_wrap__() takes at least 1 argument (0 given)",
        ));
    }
    let Some(out) = ArrayRef::from_any(args.get(0)) else {
        let kind = args.get(0).get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "__array_wrap__() argument 1 must be numpy.ndarray, not {kind}"
        )));
    };
    let to_scalar = args.npos() > 2 && args.get(2).is_truthy()?;
    if to_scalar && out.ndim() == 0 && a.is_exact() {
        return scalar_at(out, out.data());
    }
    if a.type_ptr() == out.type_ptr() {
        return Ok(out.as_bound());
    }
    let spec = super::Spec {
        subtype: a.type_ptr(),
        strides: Some(out.strides()),
        items: super::Items::At(out.data()),
        flags: out.flags(),
        ..super::Spec::new(out.descr(), out.shape())
    };
    let made = super::make(a.py(), spec)?;
    super::set_base(&made, out.as_bound())?;
    if !a.is_exact() {
        // The new array takes after the one that wraps, not after the plain result.
        super::finalize(&made, &a.as_bound())?;
    }
    Ok(made)
}

/// `a.__array_finalize__(obj)`: nothing to do for the base class.
pub(super) fn array_finalize<'py>(
    py: Python<'py>,
    _: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(py.None().into_bound(py))
}

/// `format(a, spec)`: of the item for 0-d arrays.
pub(super) fn format<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() != 1 {
        return Err(PyTypeError::new_err(
            "__format__() takes exactly 1 argument",
        ));
    }
    let spec = args.get(0);
    // SAFETY: valid objects.
    unsafe {
        let made = if a.ndim() == 0 {
            let item = scalar_at(a, a.data())?;
            ffi::PyObject_Format(item.as_ptr(), spec.as_ptr())
        } else {
            let object = (&raw mut ffi::PyBaseObject_Type).cast();
            let method = Bound::from_borrowed_ptr(py, object).getattr("__format__")?;
            return method.call1((a.as_any(), spec));
        };
        Bound::from_owned_ptr_or_err(py, made)
    }
}

/// `a.__sizeof__()`.
pub(super) fn sizeof<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() > 0 {
        return Err(PyTypeError::new_err(format!(
            "ndarray.__sizeof__() takes no arguments ({} given)",
            args.npos()
        )));
    }
    // SAFETY: a valid object.
    let mut bytes = unsafe { (*a.type_ptr()).tp_basicsize } as usize + 16 * a.ndim();
    if a.has(crate::layout::flags::OWNDATA) {
        bytes += a.size() * a.itemsize();
    }
    Ok(bytes.into_pyobject(py)?.into_any())
}

/// Calls `f` with the address of every item in C order.
pub(crate) fn for_each_item(a: ArrayRef<'_, '_>, f: &mut impl FnMut(*mut u8)) {
    let dims: super::Strides = a.shape().iter().map(|&n| n as isize).collect();
    // SAFETY: all items of a live array are addressable.
    unsafe { refs::walk(a.data(), &dims, a.strides(), f) };
}

/// Calls `body` with the addresses of every set of items of a nest.
pub(crate) fn each(
    nest: &Nest,
    body: &mut impl FnMut(&[*mut u8]) -> numoxide_core::Result<()>,
) -> numoxide_core::Result<()> {
    nest.try_for_each(|ptrs, len, steps| {
        let mut at: PerOp<*mut u8> = ptrs.iter().copied().collect();
        for _ in 0..len {
            body(&at)?;
            for (p, &s) in at.iter_mut().zip(steps) {
                *p = p.wrapping_offset(s);
            }
        }
        Ok(())
    })
}
