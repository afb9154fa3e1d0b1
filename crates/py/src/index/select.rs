//! `where` and `choose`.

use super::convert::{bools, intp, mode};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce::{as_any, asarray};
use crate::array::{assign, empty, empty_like, items, make, ArrayRef, Spec};
use crate::convert::clip_mode;
use crate::descr::{descr_for, dtype_of};
use crate::err::OrRaise;
use crate::gil;
use crate::slots::Module;
use numoxide_core::index::{choose_into, where_into};
use numoxide_core::iter::{broadcast_shapes, broadcast_strides, sort_axes, strides_in_order};
use numoxide_core::{DType, Order, TypeNum};
use numoxide_dtype::promote::{Operand, WeakKind};
use numoxide_dtype::{equivalent, Casting};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyAnyMethods;
use smallvec::SmallVec;

static WHERE: Sig = Sig::new("where", &["condition", "x", "y"], 1).pos_only(3);

/// `where(condition[, x, y])`.
pub(super) fn where_<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [condition, x, y] = args.parse(&WHERE)?;
    let Some(condition) = condition else {
        return Ok(py.None().into_bound(py));
    };
    match (x, y) {
        (None, None) => {
            let made = asarray(condition)?;
            made.call_method0(pyo3::intern!(py, "nonzero"))
        }
        (Some(x), Some(y)) => three(py, condition, x, y),
        _ => Err(PyValueError::new_err(
            "either both or neither of x and y should be given",
        )),
    }
}

/// The weak kind of a Python number.
fn weak(ob: Arg<'_, '_>) -> Option<WeakKind> {
    // SAFETY: plain type checks of a live object.
    unsafe {
        let p = ob.as_ptr();
        if ffi::PyLong_CheckExact(p) != 0 {
            Some(WeakKind::Int)
        } else if ffi::PyFloat_CheckExact(p) != 0 {
            Some(WeakKind::Float)
        } else if ffi::PyComplex_CheckExact(p) != 0 {
            Some(WeakKind::Complex)
        } else {
            None
        }
    }
}

/// The dtype of a list of operands; Python numbers among them are weak while their own dtype is the
/// usual one of their kind.
fn common(py: Python<'_>, obs: &[(Option<WeakKind>, DType)]) -> PyResult<DType> {
    let operands: SmallVec<[Operand<'_>; 4]> = obs
        .iter()
        .map(|(kind, dtype)| match kind {
            Some(kind) if dtype.num == kind.default_num() => Operand::Weak(*kind),
            _ => Operand::DType(dtype),
        })
        .collect();
    numoxide_dtype::result_type(&operands).or_raise(py)
}

/// `ob` as an array of the dtype.
fn cast_to<'py>(
    ob: Bound<'py, PyAny>,
    dtype: &DType,
    descr: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let a = ArrayRef::of(&ob);
    if equivalent(&a.dtype(), dtype) {
        return Ok(ob);
    }
    assign::cast_copy(a, descr.as_ptr().cast(), Order::Keep, false)
}

fn three<'py>(
    py: Python<'py>,
    condition: Arg<'_, 'py>,
    x: Arg<'_, 'py>,
    y: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let given = asarray(condition)?;
    let (left, right) = (asarray(x)?, asarray(y)?);
    let dtypes = [&left, &right].map(|a| ArrayRef::of(a).dtype());
    let [l, r] = dtypes;
    let dtype = common(py, &[(weak(x), l), (weak(y), r)])?;
    let shapes = [&given, &left, &right].map(|a| ArrayRef::of(a).shape());
    let shape = broadcast_shapes(&shapes).or_raise(py)?;
    let descr = descr_for(py, &dtype)?.into_bound(py);
    // Operands as given have their say in the order of axes.
    let walked: SmallVec<[SmallVec<[isize; 6]>; 3]> = [&given, &left, &right]
        .map(ArrayRef::of)
        .iter()
        .filter_map(|op| broadcast_strides(op.shape(), op.strides(), &shape))
        .collect();
    let (left, right) = (
        cast_to(left, &dtype, &descr)?,
        cast_to(right, &dtype, &descr)?,
    );
    let mask = bools_keep(&given)?;
    let ops = [&mask, &left, &right].map(ArrayRef::of);
    let mut stretched: SmallVec<[SmallVec<[isize; 6]>; 3]> = SmallVec::new();
    for op in ops {
        stretched.push(broadcast_strides(op.shape(), op.strides(), &shape).unwrap_or_default());
    }
    let strides = if shape.contains(&0) {
        SmallVec::from_elem(0, shape.len())
    } else {
        let perm = sort_axes(&shape, walked.iter().map(|s| &s[..]));
        strides_in_order(&shape, dtype.size, &perm)
    };
    let target = descr.as_ptr().cast();
    let spec = Spec {
        strides: (dtype_of(target).size > 0).then_some(&strides[..]),
        ..Spec::new(target, &shape)
    };
    let out = make(py, spec)?;
    let to = ArrayRef::of(&out);
    if to.size() == 0 || dtype.size == 0 {
        return Ok(out);
    }
    let view = to.view(&dtype);
    let [m, l, r] = [0, 1, 2].map(|i| (ops[i].data(), &stretched[i][..]));
    let (m, l, r) = (
        (m.0 as usize, m.1),
        (l.0 as usize, l.1),
        (r.0 as usize, r.1),
    );
    let release = to.size() >= 1000 && !numoxide_core::cast::hooks::needs_clear(&dtype);
    gil::released_if(py, release, || {
        let at = |o: (usize, &'_ [isize])| o.0 as *mut u8;
        where_into(&view, (at(m), m.1), (at(l), l.1), (at(r), r.1))
    })
    .or_raise(py)?;
    Ok(out)
}

/// The condition as bools in its own layout.
fn bools_keep<'py>(given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let a = ArrayRef::of(given);
    if a.dtype().num == TypeNum::Bool {
        return Ok(given.clone());
    }
    assign::cast_copy(
        a,
        crate::descr::singleton(TypeNum::Bool),
        Order::Keep,
        false,
    )
    .or_else(|_| bools(given.as_borrowed()))
}

static CHOOSE: Sig = Sig::new("choose", &["choices", "out", "mode"], 1);

/// `a.choose(choices, out=None, mode='raise')`.
pub(super) fn choose<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let (choices, out, how) = if args.npos() > 1 && !args.has_keywords() {
        return choose_among(py, a, all_positional(py, &args)?, None, None);
    } else {
        let [choices, out, how] = args.parse(&CHOOSE)?;
        (choices, out, how)
    };
    let Some(choices) = choices else {
        return Ok(a.as_bound());
    };
    choose_among(py, a, choices.to_owned(), out, how)
}

fn all_positional<'py>(py: Python<'py>, args: &CallArgs<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let list = (0..args.npos()).map(|i| args.get(i).to_owned());
    Ok(pyo3::types::PyTuple::new(py, list.collect::<Vec<_>>())?.into_any())
}

/// Arrays that one call takes at most, the indices included.
const MOST_CHOICES: usize = 64;
/// Axes that `choose` takes at most.
const MOST_AXES: usize = 32;

fn choose_among<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    choices: Bound<'py, PyAny>,
    out: Option<Arg<'_, 'py>>,
    how: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyAny>> {
    let how = mode(clip_mode(how)?);
    let mut list = Vec::new();
    for item in choices.try_iter()? {
        let item = item?;
        let made = as_any(item.as_borrowed())?;
        list.push((weak(item.as_borrowed()), made));
    }
    if list.is_empty() {
        return Err(PyValueError::new_err("0-length sequence."));
    }
    if list.len() >= MOST_CHOICES {
        return Err(PyValueError::new_err(format!(
            "Need at least 0 and at most {MOST_CHOICES} array objects."
        )));
    }
    let deepest = list.iter().map(|(_, ob)| ArrayRef::of(ob).ndim());
    let deepest = deepest.chain([a.ndim()]).max().unwrap_or(0);
    if deepest > MOST_AXES {
        return Err(PyRuntimeError::new_err(format!(
            "this function only supports up to {MOST_AXES} dimensions but the array has {deepest}."
        )));
    }
    let kinds: Vec<_> = list
        .iter()
        .map(|(k, ob)| (*k, ArrayRef::of(ob).dtype()))
        .collect();
    let dtype = common(py, &kinds)?;
    let descr = descr_for(py, &dtype)?.into_bound(py);
    let index = intp(a.as_any(), Casting::Safe)?;
    let index = ArrayRef::of(&index);
    let mut arrays = Vec::with_capacity(list.len());
    for (_, ob) in list {
        arrays.push(cast_to(ob, &dtype, &descr)?);
    }
    let mut shapes: Vec<&[usize]> = arrays.iter().map(|ob| ArrayRef::of(ob).shape()).collect();
    shapes.push(index.shape());
    let shape = broadcast_shapes(&shapes).map_err(|_| mismatch(&shapes))?;
    let out = out.filter(|o| !o.is_none());
    let out = out.map(|o| choice_out(o, &shape)).transpose()?;
    let made = match out.is_none() && !a.is_exact() {
        true => empty_like(a, descr.as_ptr().cast(), &shape, None, true)?,
        false => empty(py, &shape, descr.as_ptr().cast(), false)?,
    };
    let to = ArrayRef::of(&made);
    let strides: Vec<_> = std::iter::once(index)
        .chain(arrays.iter().map(ArrayRef::of))
        .map(|op| broadcast_strides(op.shape(), op.strides(), &shape).unwrap_or_default())
        .collect();
    let operands: Vec<(*mut u8, &[isize])> = arrays
        .iter()
        .zip(&strides[1..])
        .map(|(ob, s)| (ArrayRef::of(ob).data(), &s[..]))
        .collect();
    let view = to.view(&dtype);
    choose_into(&view, (index.data(), &strides[0]), &operands, how).or_raise(py)?;
    match out {
        None => items::return_scalar(made),
        Some(out) => assign::assign(out, to).map(|()| out.as_bound()),
    }
}

/// `out=` of `choose`, checked.
fn choice_out<'a, 'py>(out: Arg<'a, 'py>, shape: &[usize]) -> PyResult<ArrayRef<'a, 'py>> {
    let Some(to) = ArrayRef::from_any(out) else {
        return Err(PyTypeError::new_err("return arrays must be of ArrayType"));
    };
    if to.shape() != shape {
        return Err(PyTypeError::new_err(
            "choose: invalid shape for output array.",
        ));
    }
    to.check_writeable("output array")?;
    Ok(to)
}

/// The broadcast error of multi-iterators: the first two operands that disagree.
pub(super) fn mismatch(shapes: &[&[usize]]) -> PyErr {
    let text = |s: &[usize]| match s {
        [n] => format!("({n},)"),
        _ => format!(
            "({})",
            s.iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    let nd = shapes.iter().map(|s| s.len()).max().unwrap_or(0);
    for axis in 1..=nd {
        let mut first: Option<usize> = None;
        for (i, s) in shapes.iter().enumerate() {
            let n = s.len().checked_sub(axis).map_or(1, |at| s[at]);
            match first {
                _ if n == 1 => {}
                None => first = Some(i),
                Some(j) if shapes[j][shapes[j].len() - axis] != n => {
                    return PyValueError::new_err(format!(
                        "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch \
                         is between arg {j} with shape {} and arg {i} with shape {}.",
                        text(shapes[j]),
                        text(s)
                    ));
                }
                Some(_) => {}
            }
        }
    }
    PyValueError::new_err("shape mismatch: objects cannot be broadcast to a single shape")
}
