//! `sort`, `argsort`, `partition`, `argpartition`.

use super::along;
use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce::{from_object, Request};
use crate::array::{empty_like, ArrayRef};
use crate::convert::{self, normalize_axis};
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::gil::released_if;
use crate::layout::{flags, Descr};
use numoxide_core::sort::Sorter;
use numoxide_core::{DType, Order, TypeNum};
use numoxide_kernels::sort::{find, SortOps};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// Items from which letting other threads run is worth its price.
const RELEASE_FROM: usize = 500;

static SORT: Sig = Sig::new("sort", &["axis", "kind", "order", "stable"], 0).max_pos(3);
static ARGSORT: Sig = Sig::new("argsort", &["axis", "kind", "order", "stable"], 0).max_pos(3);
static PARTITION: Sig = Sig::new("partition", &["kth", "axis", "kind", "order"], 1);
static ARGPARTITION: Sig = Sig::new("argpartition", &["kth", "axis", "kind", "order"], 1);

/// The sort of a short line: functions, first item and length of an exact contiguous array of native
/// items along one axis, with nothing special asked.
#[inline]
fn short_line(
    a: ArrayRef<'_, '_>,
    args: &CallArgs<'_, '_>,
) -> Option<(&'static SortOps, *mut u8, usize)> {
    let dtype = a.dtype();
    let (&[n], both) = (a.shape(), flags::C_CONTIGUOUS | flags::ALIGNED) else {
        return None;
    };
    let given = SORT
        .params
        .iter()
        .copied()
        .zip(args.positional().iter().copied());
    let plain = given.chain(args.keywords()).all(|(name, v)| match name {
        "axis" => is_only_axis(v),
        _ => v.is_none(),
    });
    let native = !dtype.swapped && dtype.extra.is_none();
    let fits = a.is_exact() && a.has(both) && native && args.npos() <= SORT.pos;
    if !plain || !fits || !(1..RELEASE_FROM).contains(&n) {
        return None;
    }
    let ops = find(dtype.num).filter(|ops| ops.size == dtype.size)?;
    Some((ops, a.data(), n))
}

/// Whether an axis argument is 0 or -1.
fn is_only_axis(ob: Arg<'_, '_>) -> bool {
    // SAFETY: a live object.
    let exact = unsafe { ffi::PyLong_CheckExact(ob.as_ptr()) != 0 };
    exact && ob.extract::<i64>().is_ok_and(|n| n == 0 || n == -1)
}

/// [`sort`] of a short line.
pub(super) fn quick_sort<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let (ops, items, n) = short_line(a, args)?;
    if a.flags() & (flags::WRITEABLE | flags::WARN_ON_WRITE) != flags::WRITEABLE {
        return None;
    }
    // SAFETY: `n` contiguous, aligned, native items of the class.
    let done = unsafe { (ops.sort)(items, n) }.or_raise(py);
    Some(done.map(|()| py.None().into_bound(py)))
}

/// [`argsort`] of a short line.
pub(super) fn quick_argsort<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let (ops, items, n) = short_line(a, args)?;
    let made = || {
        let out = crate::array::empty(py, &[n], singleton(TypeNum::Long), false)?;
        let to = ArrayRef::of(&out).data().cast::<i64>();
        // SAFETY: `n` contiguous, aligned, native items of the class, and room for as many positions.
        unsafe { (ops.argsort)(items, n, to) }.or_raise(py)?;
        Ok(out)
    };
    Some(made())
}

/// `a.sort(axis=-1, kind=None, order=None, *, stable=None)`.
pub(super) fn sort<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [axis, kind, order, stable] = args.parse(&SORT)?;
    let axis = axis.map_or(Ok(-1), convert::as_int)? as isize;
    check_kind(kind, stable)?;
    let sorter = sorter_of(a, order)?;
    let axis = normalize_axis(py, axis, a.ndim(), None)?;
    a.check_writeable("sort array")?;
    run(a, &sorter, |view| sorter.sort(view, axis))?;
    Ok(py.None().into_bound(py))
}

/// `a.partition(kth, axis=-1, kind='introselect', order=None)`.
pub(super) fn partition<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [kth, axis, kind, order] = args.parse(&PARTITION)?;
    let axis = axis.map_or(Ok(-1), convert::as_int)? as isize;
    check_select_kind(kind)?;
    let sorter = sorter_of(a, order)?;
    let kth = positions(kth)?;
    let axis = normalize_axis(py, axis, a.ndim(), None)?;
    a.check_writeable("partition array")?;
    let kth = in_range(kth, a, axis)?;
    run(a, &sorter, |view| sorter.partition(view, axis, &kth))?;
    Ok(py.None().into_bound(py))
}

/// `a.argsort(axis=-1, kind=None, order=None, *, stable=None)`.
pub(super) fn argsort<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [axis, kind, order, stable] = args.parse(&ARGSORT)?;
    let axis = axis_of(axis)?;
    check_kind(kind, stable)?;
    let sorter = sorter_of(a, order)?;
    let (flat, axis) = along(a, axis)?;
    let a = ArrayRef::of(&flat);
    into_positions(a, &sorter, |view, out| sorter.argsort(view, axis, out))
}

/// `a.argpartition(kth, axis=-1, kind='introselect', order=None)`.
pub(super) fn argpartition<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [kth, axis, kind, order] = args.parse(&ARGPARTITION)?;
    let axis = axis_of(axis)?;
    check_select_kind(kind)?;
    let sorter = sorter_of(a, order)?;
    let kth = positions(kth)?;
    let (flat, axis) = along(a, axis)?;
    let a = ArrayRef::of(&flat);
    let kth = in_range(kth, a, axis)?;
    into_positions(a, &sorter, |view, out| {
        sorter.argpartition(view, axis, out, &kth)
    })
}

/// The axis, -1 if not given, `None` for the flattened array.
fn axis_of(axis: Option<Arg<'_, '_>>) -> PyResult<Option<isize>> {
    match axis {
        None => Ok(Some(-1)),
        Some(_) => convert::axis_or_none(axis),
    }
}

/// Runs `work` on the array's view, without the interpreter lock if it can do without.
fn run(
    a: ArrayRef<'_, '_>,
    sorter: &Sorter,
    work: impl FnOnce(&numoxide_core::RawView<'_>) -> numoxide_core::Result<()>,
) -> PyResult<()> {
    let dtype = a.dtype();
    let view = a.view(&dtype);
    let release = !sorter.needs_gil() && a.size() >= RELEASE_FROM;
    released_if(a.py(), release, || work(&view)).or_raise(a.py())
}

/// As [`run`] with a new array of positions.
fn into_positions<'py>(
    a: ArrayRef<'_, 'py>,
    sorter: &Sorter,
    work: impl FnOnce(
        &numoxide_core::RawView<'_>,
        &numoxide_core::RawView<'_>,
    ) -> numoxide_core::Result<()>,
) -> PyResult<Bound<'py, PyAny>> {
    let out = empty_like(a, singleton(TypeNum::Long), a.shape(), None, true)?;
    let long = DType::new(TypeNum::Long);
    let to = ArrayRef::of(&out);
    let out_view = to.view(&long);
    run(a, sorter, |view| work(view, &out_view))?;
    Ok(out)
}

/// A word argument as bytes; `name` for the message about another type.
fn word(ob: Arg<'_, '_>, name: &str) -> PyResult<String> {
    if let Ok(s) = ob.cast::<PyString>() {
        return Ok(s.to_str()?.to_owned());
    }
    if let Ok(b) = ob.cast::<PyBytes>() {
        return Ok(String::from_utf8_lossy(b.as_bytes()).into_owned());
    }
    let kind = ob.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{name} must be str, not {kind}"
    )))
}

/// Checks `kind=` and `stable=`; the sorts are stable whatever they say.
fn check_kind(kind: Option<Arg<'_, '_>>, stable: Option<Arg<'_, '_>>) -> PyResult<()> {
    let kind = convert::none_is_absent(kind);
    if let Some(kind) = kind {
        let text = word(kind, "sort kind")?;
        if !text.starts_with(['q', 'Q', 'h', 'H', 'm', 'M', 's', 'S']) {
            let got = kind.repr()?;
            return Err(PyValueError::new_err(format!(
                "sort kind must be one of 'quick', 'heap', or 'stable' (got {got})"
            )));
        }
    }
    if let Some(stable) = convert::none_is_absent(stable) {
        stable.is_truthy()?;
        if kind.is_some() {
            return Err(PyValueError::new_err(
                "`kind` and keyword parameters can't be provided at the same time. Use only one of \
                 them.",
            ));
        }
    }
    Ok(())
}

fn check_select_kind(kind: Option<Arg<'_, '_>>) -> PyResult<()> {
    let Some(kind) = convert::none_is_absent(kind) else {
        return Ok(());
    };
    if word(kind, "select kind")? == "introselect" {
        return Ok(());
    }
    let got = kind.repr()?;
    Err(PyValueError::new_err(format!(
        "select kind must be 'introselect' (got {got})"
    )))
}

/// How items are ordered, by the fields of `order=` first.
fn sorter_of(a: ArrayRef<'_, '_>, order: Option<Arg<'_, '_>>) -> PyResult<Sorter> {
    let dtype = a.dtype();
    let Some(order) = convert::none_is_absent(order) else {
        return Ok(Sorter::new(&dtype, &[]));
    };
    if dtype.fields().is_none() {
        return Err(PyValueError::new_err(
            "Cannot specify order when the array has no fields.",
        ));
    }
    let names = field_names(order)?;
    let known = known_names(a.descr())?;
    let mut first = Vec::new();
    for name in names {
        let Some(i) = known.iter().position(|k| *k == name) else {
            return Err(PyValueError::new_err(format!("unknown field name: {name}")));
        };
        if first.contains(&i) {
            return Err(PyValueError::new_err(format!(
                "duplicate field name: {name}"
            )));
        }
        first.push(i);
    }
    Ok(Sorter::new(&dtype, &first))
}

fn known_names(descr: *mut Descr) -> PyResult<Vec<String>> {
    let dtype = crate::descr::dtype_of(descr);
    Ok(dtype
        .fields()
        .unwrap_or(&[])
        .iter()
        .map(|f| f.name.clone())
        .collect())
}

fn field_names(order: Arg<'_, '_>) -> PyResult<Vec<String>> {
    if let Ok(s) = order.cast::<PyString>() {
        return Ok(vec![s.to_str()?.to_owned()]);
    }
    // SAFETY: a type check of a live object.
    if unsafe { ffi::PySequence_Check(order.as_ptr()) } == 0 {
        return Err(PyValueError::new_err(format!(
            "unsupported order value: {}",
            order.str()?
        )));
    }
    order.try_iter()?.map(|name| name?.extract()).collect()
}

/// The `kth` argument as given.
fn positions(kth: Option<Arg<'_, '_>>) -> PyResult<Vec<i64>> {
    let Some(kth) = kth else {
        return Ok(Vec::new());
    };
    let given = from_object(
        kth,
        &Request {
            ndmax: 1,
            ..Request::asarray()
        },
    )?;
    let num = TypeNum::from_c(ArrayRef::of(&given).type_num()).unwrap_or(TypeNum::Object);
    if num == TypeNum::Bool {
        return Err(PyValueError::new_err(
            "Booleans unacceptable as partition index",
        ));
    }
    if !num.is_integer() {
        return Err(PyTypeError::new_err("Partition index must be integer"));
    }
    if ArrayRef::of(&given).ndim() > 1 {
        return Err(PyValueError::new_err("kth array must have dimension <= 1"));
    }
    let req = Request {
        descr: Some(singleton(TypeNum::Long)),
        order: Order::C,
        ..Request::asarray()
    };
    let made = from_object(given.as_borrowed(), &req)?;
    let made = crate::array::assign::copy(ArrayRef::of(&made), Order::C, false)?;
    let list = ArrayRef::of(&made);
    // SAFETY: a fresh contiguous int64 array.
    Ok(unsafe { std::slice::from_raw_parts(list.data().cast::<i64>(), list.size()) }.to_vec())
}

/// Ascending, distinct positions along an axis.
fn in_range(kth: Vec<i64>, a: ArrayRef<'_, '_>, axis: usize) -> PyResult<Vec<usize>> {
    let n = a.shape()[axis] as i64;
    if a.size() == 0 {
        return Ok(Vec::new());
    }
    let mut out = Vec::with_capacity(kth.len());
    for k in kth {
        let k = if k < 0 { k + n } else { k };
        if k < 0 || k >= n {
            return Err(PyValueError::new_err(format!(
                "kth(={k}) out of bounds ({n})"
            )));
        }
        out.push(k as usize);
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}
