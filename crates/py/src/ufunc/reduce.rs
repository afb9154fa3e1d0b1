//! `reduce`, `accumulate` and `reduceat`.

use super::keywords;
use super::reduce_shapes::{check_accumulated, check_out, mask_strides};
use super::reduce_types::{warn_discards, Request};
use super::wrap::Wrapper;
use crate::args::{Arg, CallArgs, Sig};
use crate::array::{self, ArrayRef};
use crate::convert;
use crate::descr;
use crate::err::OrRaise;
use crate::errstate;
use crate::gil;
use crate::scalar;
use numoxide_core::assign::{assign, Temp};
use numoxide_core::iter::{broadcast_to, sort_axes};
use numoxide_core::overlap::bounds_overlap;
use numoxide_core::{DType, Error, RawView, TypeNum};
use numoxide_dtype::{can_cast, tight_shape, Casting};
use numoxide_ufunc::exec;
use numoxide_ufunc::resolve::{self, Resolved};
use numoxide_ufunc::table::{Identity, Op};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::Borrowed;
use smallvec::SmallVec;

static REDUCE: Sig = Sig::new(
    "reduce",
    &[
        "array", "axis", "dtype", "out", "keepdims", "initial", "where",
    ],
    1,
);
static ACCUMULATE: Sig = Sig::new("accumulate", &["array", "axis", "dtype", "out"], 1);
static REDUCEAT: Sig = Sig::new("reduceat", &["array", "indices", "axis", "dtype", "out"], 2);

/// Shared checks of the three methods.
fn check_op(op: &'static Op, method: &str) -> PyResult<()> {
    if op.signature.is_some() {
        return Err(PyRuntimeError::new_err(
            "Reduction not defined on ufunc with signature",
        ));
    }
    if op.nin != 2 {
        return Err(PyValueError::new_err(format!(
            "{method} only supported for binary functions"
        )));
    }
    if op.nout != 1 {
        return Err(PyValueError::new_err(format!(
            "{method} only supported for functions returning a single value"
        )));
    }
    Ok(())
}

/// `ufunc.reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=<none>, where=True)`.
pub(crate) fn reduce<'py>(
    py: Python<'py>,
    ufunc: Borrowed<'_, 'py, PyAny>,
    op: &'static Op,
    args: &CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() > 3 && args.get(3).is(py.Ellipsis()) {
        return Err(keywords::only_keyword());
    }
    reduce_with(py, ufunc, op, args.parse(&REDUCE)?)
}

/// [`reduce`] with its arguments in order.
pub(super) fn reduce_with<'py>(
    py: Python<'py>,
    ufunc: Borrowed<'_, 'py, PyAny>,
    op: &'static Op,
    [input, axis, dtype, out, keepdims, initial, mask]: [Option<Arg<'_, 'py>>; 7],
) -> PyResult<Bound<'py, PyAny>> {
    check_op(op, "reduce")?;
    let input = input.ok_or_else(|| PyTypeError::new_err("reduce() missing array"))?;
    let axis = Axis::from_arg(axis);
    let keepdims = convert::truth(keepdims, false)?;
    let wrapper = Wrapper::find(py, Some(ufunc), &[input], 1, true)?;
    let request = Request::new(py, op, input, dtype, out)?;
    let mask = match mask {
        Some(m) => keywords::mask(py, m)?,
        None => None,
    };
    reduce_over(py, &request, axis, keepdims, initial, mask, &wrapper)
}

/// The `axis` argument of a reduction.
pub(crate) enum Axis<'a, 'py> {
    /// Absent: axis 0.
    First,
    /// Given, None for all.
    Given(Arg<'a, 'py>),
}

impl<'a, 'py> Axis<'a, 'py> {
    fn from_arg(arg: Option<Arg<'a, 'py>>) -> Axis<'a, 'py> {
        arg.map_or(Axis::First, Axis::Given)
    }

    fn flags(&self, ndim: usize) -> PyResult<SmallVec<[bool; 6]>> {
        let mut flags: SmallVec<[bool; 6]> = SmallVec::from_elem(false, ndim);
        match self {
            Axis::First if ndim == 0 => {}
            Axis::First => flags[0] = true,
            // A 0-d array takes axis 0 and -1 as "nothing".
            Axis::Given(v) if ndim == 0 && is_zero_or_minus_one(*v) => {}
            Axis::Given(v) => match convert::axes_or_none(Some(*v), ndim)? {
                None => flags.iter_mut().for_each(|f| *f = true),
                Some(axes) => axes.iter().for_each(|&a| flags[a] = true),
            },
        }
        Ok(flags)
    }
}

fn is_zero_or_minus_one(v: Arg<'_, '_>) -> bool {
    v.extract::<isize>().is_ok_and(|n| n == 0 || n == -1)
}

/// Reduces an array over flags of axes.
fn reduce_over<'py>(
    py: Python<'py>,
    request: &Request<'py>,
    axis: Axis<'_, 'py>,
    keepdims: bool,
    initial: Option<Arg<'_, 'py>>,
    mask: Option<Bound<'py, PyAny>>,
    wrapper: &Wrapper<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let op = request.op;
    let arr = ArrayRef::of(&request.input);
    let flags = axis.flags(arr.ndim())?;
    let resolved = request.resolve(py, "reduce")?;
    if flags.iter().filter(|f| **f).count() > 1 && !resolve::is_reorderable(op) {
        return Err(not_reorderable(op));
    }
    let acc = &resolved.dtypes[2];
    let in_view = arr.view(&request.dtype);
    // A single item is cast by itself; beside a mask all items are cast, the hidden ones too.
    let single = arr.ndim() == 0;
    let ahead = match single || mask.is_some() {
        true => cast_failing(py, &in_view, &resolved.dtypes[1])?,
        false => None,
    };
    let early = ahead.as_ref().map_or(0, |(_, bits)| *bits);
    if single {
        errstate::report(py, early, "cast")?;
    }
    let in_view = match &ahead {
        Some((temp, _)) if single => temp.view(),
        _ => in_view,
    };
    let mask_dtype = DType::new(TypeNum::Bool);
    let mask_strides = (mask.as_ref().map(ArrayRef::of))
        .map(|m| Ok::<_, PyErr>((m.data(), mask_strides(m, in_view.shape)?)))
        .transpose()?;
    let strides_of = mask_strides.as_ref().map(|(_, s)| s.as_slice());
    let out = result_array(py, request, acc, &in_view, &flags, keepdims, strides_of)?;
    let given = ArrayRef::of(&out.array);
    let out_dtype = given.dtype();
    let out_view = given.view(&out_dtype);
    let mask_view = mask_strides.as_ref().map(|(ptr, strides)| RawView {
        ptr: *ptr,
        dtype: &mask_dtype,
        shape: in_view.shape,
        strides,
    });
    // What is read must not be written: results then land apart, in the given array's dtype.
    let clash = request.out.is_some()
        && std::iter::once(&in_view)
            .chain(&mask_view)
            .any(|v| bounds_overlap(v, &out_view));
    let landed = match clash {
        true => Some(work_array(py, &out_dtype, given.shape())?),
        false => None,
    };
    let target = landed.as_ref().map_or(given, ArrayRef::of);
    let bits = reduce_into(
        py, request, &resolved, &in_view, mask_view, &flags, keepdims, initial, target,
    )?;
    if clash {
        assign(&out_view, &target.view(&out_dtype)).or_raise(py)?;
    }
    errstate::report(py, bits | if single { 0 } else { early }, "reduce")?;
    let zero_d = given.ndim() == 0 && !request.keep_arrays;
    wrapper.one(py, out.array.clone(), 0, request.out.is_some(), zero_d)
}

/// Reduces into an array that overlaps nothing that is read; gives the status bits.
fn reduce_into(
    py: Python<'_>,
    request: &Request<'_>,
    resolved: &resolve::Resolved,
    in_view: &RawView<'_>,
    mask: Option<RawView<'_>>,
    flags: &[bool],
    keepdims: bool,
    initial: Option<Arg<'_, '_>>,
    out: ArrayRef<'_, '_>,
) -> PyResult<u8> {
    let (op, acc, out_dtype) = (request.op, &resolved.dtypes[2], out.dtype());
    let work = match exec_same(&out_dtype, acc) {
        true => None,
        false => Some(work_array(py, acc, out.shape())?),
    };
    let target = work.as_ref().map_or(out, ArrayRef::of);
    let target_dtype = target.dtype();
    let view = RawView {
        ptr: target.data(),
        dtype: &target_dtype,
        shape: in_view.shape,
        strides: &stretched(&target, flags, keepdims),
    };
    warn_discards(py, &request.dtype, resolved, &out_dtype)?;
    let nothing = (0..flags.len()).any(|a| flags[a] && in_view.shape[a] == 0);
    // What a mask needs is asked for before what no items need.
    let lacking = nothing && mask.is_none();
    let start = start_value(py, op, acc, initial, in_view.size() == 0, lacking)?;
    if mask.is_some() && matches!(start, Start::First) {
        return Err(mask_needs_initial(op));
    }
    let bits = begin_and_run(
        py,
        resolved.reduce.as_ref().unwrap_or(&resolved.lp),
        resolved,
        &view,
        in_view,
        mask,
        start,
        resolve::reduction_kind(op, acc),
        flags,
        &target,
        work.is_some().then(|| out.view(&out_dtype)),
    )?;
    let bits = bits | beside_mask(in_view, &resolved.dtypes[1], mask.is_some()).or_raise(py)?;
    if work.is_none() {
        return Ok(bits);
    }
    Ok(bits | assign(&out.view(&out_dtype), &target.view(&target_dtype)).or_raise(py)?)
}

/// What casts of a masked reduction's items raise, those beside the mask, too.
fn beside_mask(items: &RawView<'_>, dtype: &DType, masked: bool) -> numoxide_core::Result<u8> {
    let numbers = items.dtype.num.is_number() && dtype.num.is_number();
    if !masked || !numbers || can_cast(items.dtype, dtype, Casting::Safe) {
        return Ok(0);
    }
    Ok(Temp::cast_of(items, dtype)?.1)
}

fn mask_needs_initial(op: &Op) -> PyErr {
    PyValueError::new_err(format!(
        "reduction operation '{}' does not have an identity, so to use a where mask one has to \
         specify 'initial'",
        op.name
    ))
}

fn not_reorderable(op: &Op) -> PyErr {
    PyValueError::new_err(format!(
        "reduction operation '{}' is not reorderable, so at most one axis may be specified",
        op.name
    ))
}

fn exec_same(a: &DType, b: &DType) -> bool {
    a.num == b.num && a.size == b.size && a.swapped == b.swapped && a.extra == b.extra
}

/// Where a reduction starts.
enum Start<'py> {
    /// From this value.
    Value(Bound<'py, PyAny>),
    /// From the first item along the reduced axes.
    First,
}

fn start_value<'py>(
    py: Python<'py>,
    op: &'static Op,
    acc: &DType,
    initial: Option<Arg<'_, 'py>>,
    nothing: bool,
    empty: bool,
) -> PyResult<Start<'py>> {
    if let Some(value) = initial {
        if !is_no_value(value) && !value.is_none() {
            return Ok(Start::Value(value.to_owned()));
        }
        if value.is_none() {
            return if empty {
                Err(no_identity(op))
            } else {
                Ok(Start::First)
            };
        }
    }
    // Objects start from their first item so that any type with the operator can be reduced.
    if acc.num == TypeNum::Object && !nothing {
        return Ok(Start::First);
    }
    match identity(py, op, acc)? {
        Some(value) => Ok(Start::Value(value)),
        None if empty => Err(no_identity(op)),
        None => Ok(Start::First),
    }
}

/// The marker for "no initial given" that Python functions pass on.
fn is_no_value(value: Arg<'_, '_>) -> bool {
    value.get_type().name().is_ok_and(|n| n == "_NoValueType")
}

fn no_identity(op: &Op) -> PyErr {
    PyValueError::new_err(format!(
        "zero-size array to reduction operation {} which has no identity",
        op.name
    ))
}

/// The identity as a Python object for an accumulator dtype.
pub(crate) fn identity<'py>(
    py: Python<'py>,
    op: &Op,
    acc: &DType,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let number = |n: i64| n.into_pyobject(py).map(|o| o.into_any());
    Ok(match op.identity {
        Identity::Foreign => super::pyfunc::identity(py, op),
        Identity::None | Identity::ReorderableNone => None,
        Identity::Zero => Some(number(0)?),
        Identity::One if acc.num == TypeNum::TimeDelta => None,
        Identity::One => Some(number(1)?),
        Identity::MinusOne if acc.num == TypeNum::Bool => {
            Some(pyo3::types::PyBool::new(py, true).to_owned().into_any())
        }
        Identity::MinusOne if acc.num.is_unsigned() => {
            let max = u64::MAX >> (64 - 8 * acc.size.min(8));
            Some(max.into_pyobject(py)?.into_any())
        }
        Identity::MinusOne => Some(number(-1)?),
        Identity::NegInf => Some(f64::NEG_INFINITY.into_pyobject(py)?.into_any()),
        Identity::True => Some(pyo3::types::PyBool::new(py, true).to_owned().into_any()),
        Identity::False => Some(pyo3::types::PyBool::new(py, false).to_owned().into_any()),
    })
}

/// The result array and whether it is fresh.
struct OutArray<'py> {
    array: Bound<'py, PyAny>,
}

/// The array given, checked, or a fresh one whose axes lie in memory as the input's.
fn result_array<'py>(
    py: Python<'py>,
    request: &Request<'py>,
    acc: &DType,
    input: &RawView<'_>,
    flags: &[bool],
    keepdims: bool,
    mask: Option<&[isize]>,
) -> PyResult<OutArray<'py>> {
    let kept = |axis: &usize| keepdims || !flags[*axis];
    let full: SmallVec<[usize; 6]> = (0..flags.len())
        .map(|a| if flags[a] { 1 } else { input.shape[a] })
        .collect();
    let shape: SmallVec<[usize; 6]> = (0..full.len()).filter(kept).map(|a| full[a]).collect();
    if let Some(out) = &request.out {
        check_out(
            request.op,
            ArrayRef::of(out).shape(),
            input.shape,
            flags,
            keepdims,
        )?;
        return Ok(OutArray { array: out.clone() });
    }
    // Reduced axes take part in the order: they decide where kept axes of length 1 stand.
    let perm = sort_axes(input.shape, std::iter::once(input.strides).chain(mask));
    let laid = numoxide_core::iter::strides_in_order(&full, acc.size, &perm);
    let laid: SmallVec<[isize; 6]> = (0..full.len()).filter(kept).map(|a| laid[a]).collect();
    let owned = descr::descr_for(py, acc)?;
    let spec = array::Spec {
        strides: Some(&laid),
        ..array::Spec::new(owned.as_ptr().cast(), &shape)
    };
    Ok(OutArray {
        array: array::make(py, spec)?,
    })
}

fn work_array<'py>(py: Python<'py>, acc: &DType, shape: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    let owned = descr::descr_for(py, acc)?;
    array::empty(py, shape, owned.as_ptr().cast(), false)
}

/// The accumulator's strides over the input's axes: 0 along reduced ones.
fn stretched(target: &ArrayRef<'_, '_>, flags: &[bool], keepdims: bool) -> SmallVec<[isize; 6]> {
    let mut given = target.strides().iter();
    flags
        .iter()
        .map(|&f| {
            let own = if f && !keepdims {
                None
            } else {
                given.next().copied()
            };
            if f {
                0
            } else {
                own.unwrap_or(0)
            }
        })
        .collect()
}

/// Writes the start values and runs the loop over what is left.
fn begin_and_run(
    py: Python<'_>,
    lp: &numoxide_kernels::BoundLoop,
    resolved: &Resolved,
    out: &RawView<'_>,
    input: &RawView<'_>,
    mask: Option<RawView<'_>>,
    start: Start<'_>,
    kind: exec::Reduction,
    flags: &[bool],
    target: &ArrayRef<'_, '_>,
    given: Option<RawView<'_>>,
) -> PyResult<u8> {
    let target_dtype = target.dtype();
    let target_view = target.view(&target_dtype);
    let big = input.size() > 4096 && !lp.flags.needs_gil && !input.dtype.has_objects();
    match start {
        Start::Value(value) => {
            let zero = work_array(py, &target_dtype, &[])?;
            let zero = ArrayRef::of(&zero);
            // SAFETY: one item of this dtype in a live array.
            unsafe { scalar::set_item(py, zero.data(), zero.descr(), &value)? };
            assign(&target_view, &zero.view(&target_dtype)).or_raise(py)?;
            pass_through(py, &target_view, given)?;
            gil::released_if(py, big, || {
                exec::reduce(lp, &resolved.dtypes, out, input, mask.as_ref(), kind)
            })
            .or_raise(py)
        }
        Start::First => {
            // The first items are cast once by themselves and once with all the others.
            // They land in the output, of whatever dtype, before the first step.
            let landing = given.as_ref().unwrap_or(&target_view);
            let mut bits = first_items(py, landing, input, flags)?;
            errstate::report(py, bits, "cast")?;
            let rest = rests(input, flags);
            if let Some(given) = &given {
                assign(&target_view, given).or_raise(py)?;
                // A loop begins with a clear status; where there is none, that of the cast stays.
                bits = if rest.is_empty() { bits } else { 0 };
            }
            for (view_in, shape) in rest {
                let strides = out.strides;
                let part = RawView {
                    shape: &shape,
                    ..view_in
                };
                let into = RawView {
                    shape: &shape,
                    strides,
                    ..*out
                };
                bits |= gil::released_if(py, big, || {
                    exec::reduce(lp, &resolved.dtypes, &into, &part, None, kind)
                })
                .or_raise(py)?;
            }
            Ok(bits)
        }
    }
}

/// Start values lie in the output, of whatever dtype, before the first step.
fn pass_through(py: Python<'_>, target: &RawView<'_>, given: Option<RawView<'_>>) -> PyResult<()> {
    if let Some(given) = given {
        let bits = assign(&given, target).or_raise(py)?;
        errstate::report(py, bits, "cast")?;
        assign(target, &given).or_raise(py)?;
    }
    Ok(())
}

/// Copies the first item along the reduced axes into the accumulator.
fn first_items(
    py: Python<'_>,
    target: &RawView<'_>,
    input: &RawView<'_>,
    flags: &[bool],
) -> PyResult<u8> {
    let (mut shape, mut strides): (SmallVec<[usize; 6]>, SmallVec<[isize; 6]>) = Default::default();
    let keepdims = target.ndim() == flags.len();
    for (i, &f) in flags.iter().enumerate() {
        if !f {
            shape.push(input.shape[i]);
            strides.push(input.strides[i]);
        } else if keepdims {
            shape.push(1);
            strides.push(0);
        }
    }
    let first = RawView {
        shape: &shape,
        strides: &strides,
        ..*input
    };
    assign(target, &first).or_raise(py)
}

/// What is left when the first item along the reduced axes is taken away: for each reduced axis the
/// items behind its first, at the first of the reduced axes before it.
fn rests<'a>(
    input: &RawView<'a>,
    flags: &[bool],
) -> SmallVec<[(RawView<'a>, SmallVec<[usize; 6]>); 2]> {
    let mut parts = SmallVec::new();
    let mut shape: SmallVec<[usize; 6]> = SmallVec::from_slice(input.shape);
    for (axis, &f) in flags.iter().enumerate() {
        if !f {
            continue;
        }
        let n = shape[axis];
        if n > 1 {
            shape[axis] = n - 1;
            let ptr = input.ptr.wrapping_offset(input.strides[axis]);
            parts.push((RawView { ptr, ..*input }, shape.clone()));
        }
        shape[axis] = 1;
    }
    parts
}

/// Result of a reduction method of ndarray: `ufunc.reduce(arr, axis, dtype, out, keepdims, ...)`.
pub(crate) fn method<'py>(
    py: Python<'py>,
    ufunc: Borrowed<'_, 'py, PyAny>,
    op: &'static Op,
    args: &CallArgs<'_, 'py>,
    method: &str,
) -> PyResult<Bound<'py, PyAny>> {
    match method {
        "reduce" => reduce(py, ufunc, op, args),
        "accumulate" => accumulate(py, ufunc, op, args),
        _ => reduceat(py, ufunc, op, args),
    }
}

/// One axis for accumulate and reduceat.
fn one_axis(axis: Option<Arg<'_, '_>>, ndim: usize, method: &str) -> PyResult<usize> {
    if ndim == 0 {
        if let Some(axis) = axis.filter(|v| !is_zero_or_minus_one(*v)) {
            convert::axes_or_none(Some(axis), ndim)?;
        }
        return Err(PyTypeError::new_err(format!("cannot {method} on a scalar")));
    }
    match axis {
        None => Ok(0),
        Some(v) => match convert::axes_or_none(Some(v), ndim)? {
            Some(axes) if axes.len() == 1 => Ok(axes[0]),
            None if ndim == 1 => Ok(0),
            _ => Err(PyValueError::new_err(format!(
                "{method} does not allow multiple axes"
            ))),
        },
    }
}

/// As [`cast_failing`], reported by itself.
fn cast_ahead(py: Python<'_>, input: &RawView<'_>, dtype: &DType) -> PyResult<Option<Temp>> {
    let Some((temp, bits)) = cast_failing(py, input, dtype)? else {
        return Ok(None);
    };
    errstate::report(py, bits, "cast")?;
    Ok(Some(temp))
}

/// A copy of the input in the loop's dtype where the cast itself can fail, and the status it left.
fn cast_failing(
    py: Python<'_>,
    input: &RawView<'_>,
    dtype: &DType,
) -> PyResult<Option<(Temp, u8)>> {
    let part = |d: &DType| d.size >> u32::from(d.num.is_complex());
    let inexact = |d: &DType| d.num.is_float() || d.num.is_complex();
    let exact = inexact(dtype) && part(dtype) >= part(input.dtype);
    let half = dtype.num == TypeNum::Half;
    if input.dtype.num == dtype.num || exact || !(half || inexact(input.dtype)) {
        return Ok(None);
    }
    Temp::cast_of(input, dtype).or_raise(py).map(Some)
}

/// Refuses an output that running results of an array do not fit.
fn check_running(
    request: &Request<'_>,
    out: ArrayRef<'_, '_>,
    arr: ArrayRef<'_, '_>,
    resolved: &resolve::Resolved,
) -> PyResult<()> {
    let casts = out.dtype() != resolved.dtypes[2] || request.dtype != resolved.dtypes[1];
    let aligned = |a: ArrayRef<'_, '_>| a.has(crate::layout::flags::ALIGNED);
    let simple = arr.ndim() == 1 && !casts && aligned(out) && aligned(arr);
    check_accumulated(out.shape(), arr.shape(), simple)
}

/// `ufunc.accumulate(array, axis=0, dtype=None, out=None)`.
pub(crate) fn accumulate<'py>(
    py: Python<'py>,
    ufunc: Borrowed<'_, 'py, PyAny>,
    op: &'static Op,
    args: &CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [input, axis, dtype, out] = args.parse(&ACCUMULATE)?;
    check_op(op, "accumulate")?;
    let input = input.ok_or_else(|| PyTypeError::new_err("accumulate() missing array"))?;
    let wrapper = Wrapper::find(py, Some(ufunc), &[input], 1, true)?;
    let request = Request::new(py, op, input, dtype, out)?;
    let arr = ArrayRef::of(&request.input);
    let axis = one_axis(axis, arr.ndim(), "accumulate")?;
    let resolved = request.resolve(py, "accumulate")?;
    if let Some(out) = &request.out {
        check_running(&request, ArrayRef::of(out), arr, &resolved)?;
    }
    let acc = &resolved.dtypes[2];
    let in_view = arr.view(&request.dtype);
    let flags: SmallVec<[bool; 6]> = SmallVec::from_elem(false, arr.ndim());
    let out = match &request.out {
        Some(out) => OutArray { array: out.clone() },
        None => result_array(py, &request, acc, &in_view, &flags, false, None)?,
    };
    let out_ref = ArrayRef::of(&out.array);
    let out_dtype = out_ref.dtype();
    let clash = request.out.is_some() && bounds_overlap(&in_view, &out_ref.view(&out_dtype));
    let aligned = out_ref.has(crate::layout::flags::ALIGNED);
    let direct = exec_same(&out_dtype, acc) && aligned && !clash;
    let work = (!direct).then(|| work_array(py, acc, out_ref.shape()));
    let work = work.transpose()?;
    let target = work.as_ref().map_or(out_ref, ArrayRef::of);
    let target_dtype = target.dtype();
    let view = target.view(&target_dtype);
    warn_discards(py, &request.dtype, &resolved, &out_dtype)?;
    let stretched = out_ref.shape() != in_view.shape;
    if work.is_some() && request.out.is_some() && (stretched || !exec_same(&out_dtype, acc)) {
        // What the output holds goes with it through the casts.
        let bits = assign(&view, &out_ref.view(&out_dtype)).or_raise(py)?;
        errstate::report(py, bits, "cast")?;
    }
    let temp = cast_ahead(py, &in_view, &resolved.dtypes[1])?;
    let in_view = temp.as_ref().map_or(in_view, |t| t.view());
    // An output may be longer and have more axes; an input of length one stretches.
    let nd = in_view.ndim();
    let mut shape: SmallVec<[usize; 6]> = SmallVec::from_slice(&view.shape[..nd]);
    shape[axis] = in_view.shape[axis];
    let steps = broadcast_to(in_view.shape, in_view.strides, &shape).or_raise(py)?;
    let in_view = RawView {
        shape: &shape,
        strides: &steps,
        ..in_view
    };
    let view = RawView {
        shape: &shape,
        strides: &view.strides[..nd],
        ..view
    };
    let big = in_view.size() > 4096 && !resolved.lp.flags.needs_gil && !in_view.dtype.has_objects();
    let bits = gil::released_if(py, big, || {
        exec::accumulate(&resolved.lp, &resolved.dtypes, &view, &in_view, axis)
    })
    .or_raise(py)?;
    // A copy back leaves nothing but its own status.
    let back = write_back(py, work.as_ref(), out_ref)?;
    let forgotten = work.is_some() && !exec_same(&out_dtype, acc);
    let bits = back | if forgotten { 0 } else { bits };
    errstate::report(py, bits, "accumulate")?;
    wrapper.one(py, out.array.clone(), 0, request.out.is_some(), false)
}

/// The error of an output with too few or too many axes.
fn bad_axis(axis: usize, ndim: usize) -> PyErr {
    PyValueError::new_err(format!(
        "Iterator input op_axes[0][0] (=={axis}) is not a valid axis of op[0], which has {ndim} \
         dimensions "
    ))
}

/// Casts results of a work array into the array given; bits of that cast, which is reported by
/// itself, too.
fn write_back(
    py: Python<'_>,
    work: Option<&Bound<'_, PyAny>>,
    out: ArrayRef<'_, '_>,
) -> PyResult<u8> {
    let Some(work) = work else { return Ok(0) };
    let from = ArrayRef::of(work);
    let (from_dtype, out_dtype) = (from.dtype(), out.dtype());
    let bits = assign(&out.view(&out_dtype), &from.view(&from_dtype)).or_raise(py)?;
    errstate::report(py, bits, "cast")?;
    Ok(bits)
}

/// `ufunc.reduceat(array, indices, axis=0, dtype=None, out=None)`.
pub(crate) fn reduceat<'py>(
    py: Python<'py>,
    ufunc: Borrowed<'_, 'py, PyAny>,
    op: &'static Op,
    args: &CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [input, indices, axis, dtype, out] = args.parse(&REDUCEAT)?;
    check_op(op, "reduceat")?;
    let (Some(input), Some(indices)) = (input, indices) else {
        return Err(PyTypeError::new_err("reduceat() missing arguments"));
    };
    let wrapper = Wrapper::find(py, Some(ufunc), &[input], 1, true)?;
    let request = Request::new(py, op, input, dtype, out)?;
    let arr = ArrayRef::of(&request.input);
    let axis = one_axis(axis, arr.ndim(), "reduceat")?;
    let in_view = arr.view(&request.dtype);
    let starts = read_indices(py, indices, in_view.shape[axis], op)?;
    let resolved = request.resolve(py, "reduceat")?;
    let acc = &resolved.dtypes[2];
    let mut shape: SmallVec<[usize; 6]> = SmallVec::from_slice(in_view.shape);
    shape[axis] = starts.len();
    let out = match &request.out {
        Some(out) if ArrayRef::of(out).shape() == shape.as_slice() => out.clone(),
        Some(out) => {
            let own = ArrayRef::of(out).shape();
            if own.len() != shape.len() {
                return Err(bad_axis(own.len().min(shape.len()), own.len()));
            }
            let mut rest: SmallVec<[usize; 6]> = SmallVec::from_slice(in_view.shape);
            rest.remove(axis);
            return Err(PyValueError::new_err(format!(
                "operands could not be broadcast together with remapped shapes \
                 [original->remapped]: {0}->{0} {1}->{2} {3}->{3} ",
                tight_shape(own),
                tight_shape(in_view.shape),
                tight_shape(&rest),
                tight_shape(&[starts.len()])
            )));
        }
        None => segments_array(py, acc, &in_view, &shape, axis)?,
    };
    let out_ref = ArrayRef::of(&out);
    let out_dtype = out_ref.dtype();
    let work = if exec_same(&out_dtype, acc) && request.out.is_none() {
        None
    } else {
        Some(work_array(py, acc, &shape)?)
    };
    let target = work.as_ref().map_or(out_ref, ArrayRef::of);
    let target_dtype = target.dtype();
    let view = target.view(&target_dtype);
    warn_discards(py, &request.dtype, &resolved, &out_dtype)?;
    let temp = cast_ahead(py, &in_view, &resolved.dtypes[1])?;
    let in_view = temp.as_ref().map_or(in_view, |t| t.view());
    let bits = exec::reduceat(
        resolved.reduce.as_ref().unwrap_or(&resolved.lp),
        &resolved.dtypes,
        &view,
        &in_view,
        axis,
        &starts,
    )
    .or_raise(py)?;
    let bits = bits | write_back(py, work.as_ref(), out_ref)?;
    errstate::report(py, bits, "reduceat")?;
    wrapper.one(py, out.clone(), 0, request.out.is_some(), false)
}

/// A fresh result of `reduceat`: the axis of the indices has no say in the order of axes.
fn segments_array<'py>(
    py: Python<'py>,
    acc: &DType,
    input: &RawView<'_>,
    shape: &[usize],
    axis: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let mut strides: SmallVec<[isize; 6]> = SmallVec::from_slice(input.strides);
    strides[axis] = 0;
    let perm = sort_axes(input.shape, std::iter::once(strides.as_slice()));
    let laid = numoxide_core::iter::strides_in_order(shape, acc.size, &perm);
    let owned = descr::descr_for(py, acc)?;
    let spec = array::Spec {
        strides: Some(&laid),
        ..array::Spec::new(owned.as_ptr().cast(), shape)
    };
    array::make(py, spec)
}

fn read_indices(py: Python<'_>, ob: Arg<'_, '_>, n: usize, op: &Op) -> PyResult<Vec<usize>> {
    let arr = array::coerce::as_any(ob)?;
    let arr = ArrayRef::of(&arr);
    let dtype = arr.dtype();
    let long = DType::new(TypeNum::Long);
    // Lists are read as integers whatever they hold; arrays must be integers.
    let is_array = ArrayRef::from_any(ob).is_some();
    if is_array && !can_cast(&dtype, &long, Casting::Safe) {
        return Err(Error::Cast {
            from: dtype,
            to: long,
            rule: "safe",
        })
        .or_raise(py);
    }
    if arr.ndim() == 0 {
        return Err(PyValueError::new_err(
            "object of too small depth for desired array",
        ));
    }
    if arr.ndim() > 1 {
        return Err(PyValueError::new_err(if is_array {
            "object too deep for desired array"
        } else {
            "setting an array element with a sequence. The requested array would exceed the \
             maximum number of dimension of 1."
        }));
    }
    let mut values = vec![0i64; arr.size()];
    let shape = [values.len()];
    let view = RawView {
        ptr: values.as_mut_ptr().cast(),
        dtype: &long,
        shape: &shape,
        strides: &[8],
    };
    assign(&view, &arr.view(&dtype)).or_raise(py)?;
    values
        .into_iter()
        .map(|v| {
            if v < 0 || v as usize >= n {
                Err(pyo3::exceptions::PyIndexError::new_err(format!(
                    "index {v} out-of-bounds in {}.reduceat [0, {n})",
                    op.name
                )))
            } else {
                Ok(v as usize)
            }
        })
        .collect()
}
