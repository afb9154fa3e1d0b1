//! `==` and `!=` of structured and void arrays: field by field, put together with `and` or `or`.

use super::numbers;
use crate::array::{self, coerce, ArrayRef};
use crate::convert::CopyMode;
use crate::descr::{self, make};
use numoxide_core::{Order, TypeNum};
use pyo3::basic::CompareOp;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::Borrowed;

type Object<'py> = PyResult<Bound<'py, PyAny>>;

/// Whether the operand is an array of void items.
pub(super) fn is_void(ob: Borrowed<'_, '_, PyAny>) -> bool {
    ArrayRef::from_any(ob).is_some_and(|a| a.type_num() == TypeNum::Void as i32)
}

/// `a == b`, or `a != b` with `op` so, where one is void.
pub(super) fn compare<'py>(
    py: Python<'py>,
    a: Borrowed<'_, 'py, PyAny>,
    b: Borrowed<'_, 'py, PyAny>,
    op: CompareOp,
) -> Object<'py> {
    let (a, b) = (coerce::as_any(a)?, coerce::as_any(b)?);
    if !is_void(a.as_borrowed()) || !is_void(b.as_borrowed()) {
        return Err(PyTypeError::new_err(
            "Cannot compare structured or void to non-void arrays.",
        ));
    }
    let (x, y) = (ArrayRef::of(&a), ArrayRef::of(&b));
    match (descr::is_struct(x.descr()), descr::is_struct(y.descr())) {
        (true, true) => fields(py, x, y, op),
        (false, false) => bytes(py, x, y, op),
        _ => Err(PyTypeError::new_err(
            "Cannot compare structured with unstructured void arrays. (unreachable error, please \
             report to NumPy devs.)",
        )),
    }
}

/// Items without fields are equal where their bytes are.
fn bytes<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    b: ArrayRef<'_, 'py>,
    op: CompareOp,
) -> Object<'py> {
    if a.itemsize() != b.itemsize() {
        return Err(PyTypeError::new_err(
            "cannot compare unstructured voids of different length. Use bytes to compare. (This \
             may return array of False in the future.)",
        ));
    }
    if a.itemsize() == 0 {
        return constant(py, a, b, op);
    }
    let text = make::sized(py, TypeNum::Bytes, a.itemsize())?;
    // SAFETY: a fresh dtype of the size of the items.
    let text = unsafe { make::own(py, text) };
    let as_text = |x: ArrayRef<'_, 'py>| {
        array::view_as(x, text.as_ptr().cast(), x.shape(), x.strides(), x.data())
    };
    let (x, y) = (as_text(a)?, as_text(b)?);
    let name = if matches!(op, CompareOp::Eq) {
        "equal"
    } else {
        "not_equal"
    };
    let made = numbers::by_name(py, name)?.call1((x, y))?;
    coerce::as_any(made.as_borrowed())
}

/// The answer for items with nothing in them.
fn constant<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    b: ArrayRef<'_, 'py>,
    op: CompareOp,
) -> Object<'py> {
    let shapes = [a.shape(), b.shape()];
    let shape = numoxide_core::iter::broadcast_shapes(&shapes)
        .map_err(|_| array::broadcast_mismatch(&shapes))?;
    let out = array::empty(py, &shape, descr::singleton(TypeNum::Bool), false)?;
    let view = ArrayRef::of(&out);
    // SAFETY: a fresh contiguous bool array.
    unsafe {
        view.data()
            .write_bytes(u8::from(matches!(op, CompareOp::Eq)), view.size());
    }
    Ok(out)
}

fn fields<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    b: ArrayRef<'_, 'py>,
    op: CompareOp,
) -> Object<'py> {
    if numoxide_dtype::promote_types(&a.dtype(), &b.dtype()).is_err() {
        return Err(PyTypeError::new_err(
            "Cannot compare structured arrays unless they have a common dtype.  I.e. \
             `np.result_type(arr1, arr2)` must be defined.",
        ));
    }
    let ndim = a.ndim().max(b.ndim());
    let (a, b) = (
        array::prepend_axes(a, ndim, false)?,
        array::prepend_axes(b, ndim, false)?,
    );
    let (a, b) = (ArrayRef::of(&a), ArrayRef::of(&b));
    // SAFETY: live structured dtypes.
    let pairs = unsafe {
        let (x, y) = (descr::fields(py, a.descr()), descr::fields(py, b.descr()));
        x.into_iter().zip(y)
    };
    let join = match op {
        CompareOp::Eq => "logical_and",
        _ => "logical_or",
    };
    let join = numbers::by_name(py, join)?;
    let mut result: Option<Bound<'py, PyAny>> = None;
    for (f, g) in pairs {
        let field = |x: ArrayRef<'_, 'py>, f: &descr::FieldRef<'py>| {
            let at = x.data().wrapping_offset(f.offset);
            array::view_as(x, f.descr, x.shape(), x.strides(), at)
        };
        let part = field(a, &f)?.rich_compare(field(b, &g)?, op)?;
        let part = reduced(coerce::as_any(part.as_borrowed())?, ndim, join)?;
        result = Some(match result {
            None => part,
            Some(so_far) => join.call1((so_far, part))?,
        });
    }
    match result {
        Some(made) => {
            let made = coerce::as_any(made.as_borrowed())?;
            super::wrap::scalar_of(made)
        }
        None => constant(py, a, b, op).and_then(super::wrap::scalar_of),
    }
}

/// Brings the axes that a sub-array field has added behind the first `ndim` down to one answer.
fn reduced<'py>(part: Bound<'py, PyAny>, ndim: usize, join: &Bound<'py, PyAny>) -> Object<'py> {
    let view = ArrayRef::of(&part);
    if view.ndim() <= ndim {
        return Ok(part);
    }
    let mut shape: Vec<isize> = view.shape()[..ndim].iter().map(|&n| n as isize).collect();
    let rest: usize = view.shape()[ndim..].iter().product();
    shape.push(rest as isize);
    let flat = array::reshape_to(view, &shape, Order::C, CopyMode::IfNeeded)?;
    join.call_method1("reduce", (flat, -1))
}
