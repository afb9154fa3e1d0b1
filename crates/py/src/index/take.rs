//! `take`, `compress`, `repeat`.

use super::convert::{along, bools, indices, intp, mode};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::{assign, empty, empty_like, items, writeback, ArrayRef, Shape, Strides};
use crate::convert::{as_index, clip_mode};
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::gil;
use numoxide_core::cast::hooks;
use numoxide_core::index::{Index, Mode, Plan};
use numoxide_core::{overlap, DType, Order, RawView, TypeNum};

use numoxide_dtype::Casting;
use numoxide_kernels::select::repeat_blocks;
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use smallvec::SmallVec;

static TAKE: Sig = Sig::new("take", &["indices", "axis", "out", "mode"], 1);
static COMPRESS: Sig = Sig::new("compress", &["condition", "axis", "out"], 1);
static REPEAT: Sig = Sig::new("repeat", &["repeats", "axis"], 1);

/// The rows of one axis that `idx` (intp, any shape) names, as a new array.
pub(super) fn rows<'py>(
    a: ArrayRef<'_, 'py>,
    axis: usize,
    idx: ArrayRef<'_, 'py>,
    out: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    let (dtype, longs) = (a.dtype(), DType::new(TypeNum::Long));
    let view = idx.view(&longs);
    let full = Index::Slice {
        start: 0,
        stop: isize::MAX,
        step: 1,
    };
    let mut list: SmallVec<[Index<'_>; 4]> = SmallVec::from_elem(full, axis);
    list.push(Index::Array(&view));
    let src = a.view(&dtype);
    let plan = Plan::new(&src, &list).or_raise(py)?;
    let shape = plan.result_shape();
    let out = out.map(|o| accepted(o, &shape, &dtype)).transpose()?;
    // Where nothing is taken no index is looked at.
    let outer: usize = a.shape()[..axis].iter().product();
    let others = outer * a.shape()[axis + 1..].iter().product::<usize>();
    if a.shape()[axis] == 0 && idx.size() > 0 && others > 0 {
        return Err(PyIndexError::new_err(
            "cannot do a non-empty take from an empty axes.",
        ));
    }
    if outer > 0 {
        plan.check_bounds().or_raise(py)?;
    }
    let Some(to) = out else {
        let made = empty_like(a, a.descr(), &shape, None, true)?;
        fill(py, ArrayRef::of(&made), &plan, &dtype)?;
        return Ok(made);
    };
    let given = to.dtype();
    if given == dtype && !overlap::bounds_overlap(&to.view(&given), &src) {
        fill(py, to, &plan, &dtype)?;
    } else {
        let made = empty(py, &shape, a.descr(), false)?;
        fill(py, ArrayRef::of(&made), &plan, &dtype)?;
        assign::assign(to, ArrayRef::of(&made))?;
    }
    Ok(to.as_bound())
}

/// The output array, if it takes results of this shape and dtype.
fn accepted<'a, 'py>(
    out: Arg<'a, 'py>,
    shape: &[usize],
    dtype: &DType,
) -> PyResult<ArrayRef<'a, 'py>> {
    let Some(to) = ArrayRef::from_any(out) else {
        return Err(PyTypeError::new_err("output must be an array"));
    };
    if to.shape() != shape {
        return Err(PyValueError::new_err(
            "output array does not match result of ndarray.take",
        ));
    }
    writeback::check_out(to, dtype)?;
    Ok(to)
}

fn fill(py: Python<'_>, out: ArrayRef<'_, '_>, plan: &Plan<'_>, dtype: &DType) -> PyResult<()> {
    if out.size() == 0 || dtype.size == 0 {
        return Ok(());
    }
    let mut strides = Strides::from_elem(0, out.ndim());
    for (result, &moved) in plan.result_axes().iter().enumerate() {
        strides[moved] = out.strides()[result];
    }
    let shape = plan.moved_shape();
    let dst = RawView {
        ptr: out.data(),
        dtype,
        shape: &shape,
        strides: &strides,
    };
    let release = !plan.needs_gil() && out.size() >= 1000;
    gil::released_if(py, release, || plan.gather(&dst)).or_raise(py)
}

/// `a.take(indices, axis=None, out=None, mode='raise')`.
pub(super) fn take<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [idx, axis, out, how] = args.parse(&TAKE)?;
    let how = mode(clip_mode(how)?);
    let Some(idx) = idx else {
        return Ok(a.as_bound());
    };
    let (source, axis) = along(a, axis)?;
    let src = ArrayRef::of(&source);
    let mut idx = intp(idx, Casting::SameKind)?;
    if axis == 0 && out.is_none_or(|o| o.is_none()) {
        if let Some(made) = super::quick::rows(src, ArrayRef::of(&idx), how)? {
            return Ok(made);
        }
    }
    let len = src.shape()[axis];
    if how != Mode::Raise && len > 0 {
        idx = resolved(ArrayRef::of(&idx), len, how)?;
    }
    let out = out.filter(|o| !o.is_none());
    let made = rows(src, axis, ArrayRef::of(&idx), out)?;
    if out.is_some() {
        Ok(made)
    } else {
        items::return_scalar(made)
    }
}

/// `a.take(indices)` over one axis with a plain array of positions.
pub(super) fn quick_take<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let list = args.positional();
    let idx = ArrayRef::from_any(*list.first()?)?;
    let rest = TAKE.params.iter().copied().zip(list.iter().copied());
    let plain = rest
        .skip(1)
        .chain(args.keywords())
        .all(|(name, v)| match name {
            "mode" => is_raise(v),
            _ => v.is_none(),
        });
    if !plain || a.ndim() != 1 {
        return None;
    }
    super::quick::rows(a, idx, Mode::Raise).transpose()
}

/// The word for the usual mode.
fn is_raise(ob: Arg<'_, '_>) -> bool {
    ob.cast::<pyo3::types::PyString>()
        .is_ok_and(|s| s.to_str().is_ok_and(|s| s == "raise"))
}

/// Indices brought into range.
fn resolved<'py>(idx: ArrayRef<'_, 'py>, len: usize, how: Mode) -> PyResult<Bound<'py, PyAny>> {
    let copy = assign::copy(idx, Order::C, false)?;
    let c = ArrayRef::of(&copy);
    // SAFETY: a fresh contiguous array of intp.
    let list = unsafe { std::slice::from_raw_parts_mut(c.data().cast::<isize>(), c.size()) };
    list.iter_mut()
        .for_each(|i| *i = how.resolve(*i, len).unwrap_or(0));
    Ok(copy)
}

/// An `intp` array of a list of positions.
pub(super) fn positions<'py>(py: Python<'py>, list: &[isize]) -> PyResult<Bound<'py, PyAny>> {
    let made = empty(py, &[list.len()], singleton(TypeNum::Long), false)?;
    let to = ArrayRef::of(&made).data().cast::<isize>();
    // SAFETY: a fresh contiguous array of as many items.
    unsafe { to.copy_from_nonoverlapping(list.as_ptr(), list.len()) };
    Ok(made)
}

/// `a.compress(condition, axis=None, out=None)`.
pub(super) fn compress<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [condition, axis, out] = args.parse(&COMPRESS)?;
    let Some(condition) = condition else {
        return Ok(a.as_bound());
    };
    let mask = bools(condition)?;
    let mask = ArrayRef::of(&mask);
    if mask.ndim() != 1 {
        return Err(PyValueError::new_err("condition must be a 1-d array"));
    }
    let (source, axis) = along(a, axis)?;
    let dtype = DType::new(TypeNum::Bool);
    if out.is_none_or(|o| o.is_none()) {
        if let Some(made) = chosen(ArrayRef::of(&source), mask)? {
            return Ok(made);
        }
    }
    let found = numoxide_core::index::nonzero(&mask.view(&dtype)).or_raise(py)?;
    let idx = positions(py, &found[0])?;
    rows(
        ArrayRef::of(&source),
        axis,
        ArrayRef::of(&idx),
        out.filter(|o| !o.is_none()),
    )
}

/// The items of an array of one axis where a mask of the same length is set; `None` for other arrays.
fn chosen<'py>(
    a: ArrayRef<'_, 'py>,
    mask: ArrayRef<'_, 'py>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (py, dtype, bools) = (a.py(), a.dtype(), DType::new(TypeNum::Bool));
    if a.shape() != mask.shape() || !a.is_exact() || hooks::needs_clear(&dtype) {
        return Ok(None);
    }
    let (mask, src) = (mask.view(&bools), a.view(&dtype));
    let count = numoxide_core::index::count(&mask);
    let made = empty(py, &[count], a.descr(), false)?;
    let to = ArrayRef::of(&made).data();
    // SAFETY: a fresh array of as many items as the mask chooses.
    unsafe { numoxide_core::index::compress(&mask, &src, to, count) }.or_raise(py)?;
    Ok(Some(made))
}

/// `a.repeat(repeats, axis=None)`.
pub(super) fn repeat<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [repeats, axis] = args.parse(&REPEAT)?;
    let Some(repeats) = repeats else {
        return Ok(a.as_bound());
    };
    let counts = intp(repeats, Casting::Safe)?;
    let counts = ArrayRef::of(&counts);
    if counts.ndim() > 1 {
        return Err(PyValueError::new_err(
            "setting an array element with a sequence. The requested array would exceed the \
             maximum number of dimension of 1.",
        ));
    }
    let (source, axis) = along(a, axis)?;
    let src = ArrayRef::of(&source);
    let n = src.shape()[axis];
    let one = counts.ndim() == 0 || counts.size() == 1;
    let total = repeated_len(indices(counts), n, one)?;
    let dtype = src.dtype();
    if hooks::needs_clear(&dtype) {
        let list = (0..n).flat_map(|i| {
            let count = indices(counts)[if one { 0 } else { i }];
            std::iter::repeat_n(i as isize, count as usize)
        });
        let idx = positions(py, &list.collect::<Vec<_>>())?;
        return rows(src, axis, ArrayRef::of(&idx), None);
    }
    let mut shape = Shape::from_slice(src.shape());
    shape[axis] = total;
    let made = empty_like(src, src.descr(), &shape, None, true)?;
    let to = ArrayRef::of(&made);
    if to.size() == 0 || dtype.size == 0 {
        return Ok(made);
    }
    let copy;
    let from = if src.is_c() {
        src
    } else {
        copy = assign::copy(src, Order::C, false)?;
        ArrayRef::of(&copy)
    };
    let block = dtype.size * from.shape()[axis + 1..].iter().product::<usize>();
    let (mut at, mut out) = (from.data(), to.data());
    for _ in 0..from.shape()[..axis].iter().product::<usize>() {
        // SAFETY: both arrays are contiguous; each round reads and writes one row of blocks.
        out = unsafe { repeat_blocks(at, n, indices(counts), out, block) };
        at = at.wrapping_add(n * block);
    }
    Ok(made)
}

/// Length of the repeated axis, with the checks of its counts.
fn repeated_len(counts: &[isize], n: usize, one: bool) -> PyResult<usize> {
    if !one && counts.len() != n {
        return Err(PyValueError::new_err(format!(
            "operands could not be broadcast together with shape ({n},) ({},)",
            counts.len()
        )));
    }
    if counts.iter().any(|&c| c < 0) {
        return Err(PyValueError::new_err(if one {
            "negative dimensions are not allowed"
        } else {
            "repeats may not contain negative values."
        }));
    }
    let total = if one {
        n.checked_mul(counts[0] as usize)
    } else {
        counts
            .iter()
            .try_fold(0usize, |sum, &c| sum.checked_add(c as usize))
    };
    total.ok_or_else(|| PyValueError::new_err("Maximum allowed dimension exceeded"))
}

/// An integer argument with a default.
pub(super) fn int_or(ob: Option<Arg<'_, '_>>, absent: isize) -> PyResult<isize> {
    ob.map_or(Ok(absent), as_index)
}
