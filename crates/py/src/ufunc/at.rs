//! `ufunc.at(a, indices, b)`: unbuffered, so repeated indices count each time.

use super::operand::Input;
use crate::args::CallArgs;
use crate::array::{self, ArrayRef};
use crate::err::OrRaise;
use crate::errstate;
use crate::layout::flags;
use numoxide_core::cast::{discards_imaginary, get_cast_if_aligned};
use numoxide_core::iter::{broadcast_strides, Arrange, Nest, PerOp};
use numoxide_core::{overlap, DType, Order, RawView};
use numoxide_kernels::select::{add_offsets, first_outside};
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx, StridedLoop};
use numoxide_ufunc::resolve::{self, Arg};
use numoxide_ufunc::table::Op;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::Borrowed;
use smallvec::SmallVec;

/// Runs `at`.
pub(crate) fn at<'py>(
    py: Python<'py>,
    _ufunc: Borrowed<'_, 'py, PyAny>,
    op: &'static Op,
    args: &CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    check(op, args)?;
    let target = args.get(0);
    let Some(arr) = ArrayRef::from_any(target) else {
        return Err(PyTypeError::new_err("first operand must be array"));
    };
    let dtype = arr.dtype();
    let second = if op.nin == 2 {
        // Python numbers count as arrays here.
        let mut values = array::coerce::as_any(args.get(2))?;
        let given = ArrayRef::of(&values);
        let (to, from) = (arr.dtype(), given.dtype());
        if overlap::bounds_overlap(&given.view(&from), &arr.view(&to)) {
            // What is written must not be read again.
            values = array::assign::copy(given, Order::Keep, false)?;
        }
        Some(Input::of(values.as_borrowed())?)
    } else {
        None
    };
    let resolved = find_loop(py, op, &dtype, second.as_ref())?;
    // Positions of the addressed items, found by indexing an array of addresses.
    let places = addresses(py, arr, args.get(1))?;
    let shape = ArrayRef::of(&places).shape().to_vec();
    let aligned = arr.has(flags::ALIGNED);
    let operand = second.as_ref().map(Input::view);
    let bits = apply(py, &resolved, (&dtype, aligned), &places, &shape, operand)?;
    let direct = aligned
        && arr.shape().len() == 1
        && shape.len() == 1
        && operand.is_some_and(|b| b.shape.len() < 2 && b.is_aligned() && b.dtype == &dtype)
        && resolved.dtypes.iter().all(|d| *d == dtype)
        && is_indexed(op, &dtype);
    errstate::report(py, bits, if direct { op.name } else { "at" })?;
    Ok(py.None().into_bound(py))
}

/// Whether NumPy has a loop of its own for indexed items, which reports under the ufunc's name.
fn is_indexed(op: &Op, dtype: &DType) -> bool {
    match op.name {
        "add" | "subtract" | "multiply" => dtype.num.is_number(),
        "divide" => dtype.num.is_float(),
        "floor_divide" => dtype.num.is_float() || dtype.num.is_integer(),
        _ => false,
    }
}

/// The loop, its casts checked.
fn find_loop(
    py: Python<'_>,
    op: &'static Op,
    dtype: &DType,
    second: Option<&Input<'_>>,
) -> PyResult<resolve::Resolved> {
    let mut inputs: PerOp<Arg<'_>> = PerOp::new();
    inputs.push(Arg::DType(dtype));
    inputs.extend(second.map(Input::arg));
    let resolved = resolve::resolve(op, &inputs, &[]).or_raise(py)?;
    let rule = numoxide_dtype::Casting::Unsafe;
    resolve::check_casts(op, &inputs, &[Some(dtype)], &resolved.dtypes, rule).or_raise(py)?;
    let made = &resolved.dtypes[inputs.len()];
    let value = second.map(|s| discards_imaginary(s.view().dtype, &resolved.dtypes[1]));
    if discards_imaginary(made, dtype) || value.unwrap_or(false) {
        crate::scalar::warn_complex(py)?;
    }
    Ok(resolved)
}

fn check(op: &'static Op, args: &CallArgs<'_, '_>) -> PyResult<()> {
    if op.signature.is_some() {
        return Err(PyTypeError::new_err(
            "ufunc.at does not support ufunc with non-trivial signature",
        ));
    }
    if op.nin > 2 {
        return Err(PyValueError::new_err(
            "Only unary and binary ufuncs supported at this time",
        ));
    }
    if op.nout != 1 {
        return Err(PyValueError::new_err(
            "Only single output ufuncs supported at this time",
        ));
    }
    let want = usize::from(op.nin) + 1;
    if args.npos() == want && !args.has_keywords() {
        return Ok(());
    }
    if args.npos() < 2 {
        return Err(PyTypeError::new_err(format!(
            "at() takes at least 2 arguments ({} given)",
            args.npos()
        )));
    }
    if args.npos() < want && op.nin == 2 {
        return Err(PyValueError::new_err("second operand needed for ufunc"));
    }
    if args.npos() > want {
        return Err(PyValueError::new_err(
            "second operand provided when ufunc is unary",
        ));
    }
    Err(PyTypeError::new_err("at() takes positional arguments only"))
}

/// Addresses of the items that a plain list of positions names in an array of one axis; `None` in any other
/// case, wrong positions among them.
fn listed<'py>(
    py: Python<'py>,
    arr: ArrayRef<'_, 'py>,
    indices: Borrowed<'_, 'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let long = crate::descr::singleton(numoxide_core::TypeNum::Long);
    let Some(idx) = ArrayRef::from_any(indices) else {
        return Ok(None);
    };
    if arr.ndim() != 1 || idx.ndim() != 1 || idx.descr() != long || !idx.has(flags::ALIGNED) {
        return Ok(None);
    }
    let (n, len, step) = (idx.size(), arr.shape()[0], arr.strides()[0]);
    let made = array::empty(py, &[n], long, false)?;
    let to = ArrayRef::of(&made).data().cast::<isize>();
    let (from, stride) = (idx.data().cast_const(), idx.strides()[0]);
    // SAFETY: `n` aligned indices; a fresh array of as many addresses, filled before it is read.
    unsafe {
        to.write_bytes(0, n);
        if n > 0 && first_outside(from, stride, n, len).is_some() {
            return Ok(None);
        }
        let list = std::slice::from_raw_parts_mut(to, n);
        add_offsets(from, stride, len, step, list);
        list.iter_mut()
            .for_each(|a| *a = a.wrapping_add(arr.data() as isize));
    }
    Ok(Some(made))
}

/// `addresses[indices]` of the items of `arr`, as an int64 array.
fn addresses<'py>(
    py: Python<'py>,
    arr: ArrayRef<'_, 'py>,
    indices: Borrowed<'_, 'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(made) = listed(py, arr, indices)? {
        return Ok(made);
    }
    let long = crate::descr::singleton(numoxide_core::TypeNum::Long);
    let all = array::empty(py, arr.shape(), long, false)?;
    let view = ArrayRef::of(&all);
    let ops = [(view.data(), view.strides()), (arr.data(), arr.strides())];
    let nest = Nest::new(arr.shape(), &ops, Arrange::Ordered);
    let filled: Result<(), ()> = nest.try_for_each(|p, n, s| {
        for i in 0..n as isize {
            // SAFETY: the nest walks the items of the fresh int64 array.
            unsafe {
                let slot = p[0].offset(i * s[0]).cast::<i64>();
                slot.write(p[1].wrapping_offset(i * s[1]) as i64);
            }
        }
        Ok(())
    });
    debug_assert!(filled.is_ok());
    let found = if let Ok(tuple) = indices.cast::<PyTuple>() {
        all.get_item(tuple)?
    } else {
        all.get_item(indices)?
    };
    array::coerce::as_any(found.as_borrowed())
}

/// The cast of the second operand to the loop's dtype, and its strides over the places.
fn second(
    py: Python<'_>,
    b: &RawView<'_>,
    dtype: &DType,
    shape: &[usize],
) -> PyResult<(BoundLoop, SmallVec<[isize; 6]>)> {
    let cast = get_cast_if_aligned(b.dtype, dtype, b.is_aligned()).or_raise(py)?;
    let strides = broadcast_strides(b.shape, b.strides, shape);
    let fits = || PyValueError::new_err("array is not broadcastable to correct shape");
    Ok((cast, strides.ok_or_else(fits)?))
}

fn apply(
    py: Python<'_>,
    resolved: &resolve::Resolved,
    (dtype, aligned): (&DType, bool),
    places: &Bound<'_, PyAny>,
    shape: &[usize],
    operand: Option<RawView<'_>>,
) -> PyResult<u8> {
    if resolved.dtypes.iter().any(|d| d.size > 64) {
        return Err(PyTypeError::new_err("ufunc.at does not support this dtype"));
    }
    let nin = if operand.is_some() { 2 } else { 1 };
    let places = ArrayRef::of(places);
    let load = get_cast_if_aligned(dtype, &resolved.dtypes[0], aligned).or_raise(py)?;
    let store = get_cast_if_aligned(&resolved.dtypes[nin], dtype, aligned).or_raise(py)?;
    let second = operand
        .as_ref()
        .map(|b| second(py, b, &resolved.dtypes[1], shape));
    let (b_cast, strides) = second.transpose()?.unzip();
    let mut ops: PerOp<(*mut u8, &[isize])> = PerOp::new();
    ops.push((places.data(), places.strides()));
    if let (Some(b), Some(s)) = (&operand, &strides) {
        ops.push((b.ptr, s));
    }
    let nest = Nest::new(shape, &ops, Arrange::Ordered);
    let ctx = LoopCtx::new(&resolved.dtypes);
    // Items and operand as the loop wants them.
    let direct = aligned
        && operand.is_some_and(|b| b.is_aligned() && *b.dtype == resolved.dtypes[1])
        && [0, nin].iter().all(|&i| resolved.dtypes[i] == *dtype);
    // One item of each operand, wide enough for every number; objects need no more.
    let mut room = [[0u128; 4]; 3];
    let base = room.as_mut_ptr().cast::<u8>();
    let slots = [base, base.wrapping_add(64), base.wrapping_add(128)];
    // In place where the dtypes agree, as reductions are.
    let out = 2 * usize::from(resolved.dtypes[0] != resolved.dtypes[nin]);
    let mut casts = [Some(&load), Some(&store), b_cast.as_ref()].into_iter();
    let noisy = casts.any(|c| c.is_some_and(|c| c.flags.fp == FpClass::Hardware));
    // A loop that builds its own status bits leaves no others.
    let quiet = noisy && resolved.lp.flags.fp != FpClass::Hardware;
    if let Some(func) = resolved.lp.flags.at.filter(|_| direct) {
        return in_place(func, &resolved.lp, &ctx, &nest).or_raise(py);
    }
    let mut bits = 0;
    fpstatus::clear_all();
    nest.try_for_each(|p, n, s| {
        for i in 0..n as isize {
            // SAFETY: each address came from an item of the target array; each slot has 64 aligned
            // bytes for one item of its loop dtype.
            unsafe {
                let item = p[0].offset(i * s[0]).cast::<*mut u8>().read_unaligned();
                step(&load, &ctx, &[item, slots[0]])?;
                if let Some(cast) = &b_cast {
                    step(cast, &ctx, &[p[1].offset(i * s[1]), slots[1]])?;
                }
                let args: PerOp<*mut u8> = match nin {
                    2 => [slots[0], slots[1], slots[out]].into_iter().collect(),
                    _ => [slots[0], slots[out]].into_iter().collect(),
                };
                if quiet {
                    bits |= fpstatus::read_all();
                }
                step(&resolved.lp, &ctx, &args)?;
                if quiet {
                    fpstatus::clear_all();
                }
                step(&store, &ctx, &[slots[out], item])?;
            }
        }
        Ok(())
    })
    .or_raise(py)?;
    let hardware = noisy || resolved.lp.flags.fp == FpClass::Hardware;
    Ok(bits | ctx.fp() | if hardware { fpstatus::read_all() } else { 0 })
}

/// Updates items by address; status bits.
fn in_place(
    func: StridedLoop,
    lp: &BoundLoop,
    ctx: &LoopCtx,
    nest: &Nest,
) -> numoxide_core::Result<u8> {
    let lp = BoundLoop { func, ..lp.clone() };
    fpstatus::clear_all();
    nest.try_for_each(|p, n, s| {
        // SAFETY: the nest walks addresses of aligned items of the loop's dtype, and its operand.
        match unsafe { lp.call(ctx, p, &[n as isize], s) } {
            0 => Ok(()),
            _ => Err(ctx.take_error()),
        }
    })?;
    let hardware = lp.flags.fp == FpClass::Hardware;
    Ok(ctx.fp() | if hardware { fpstatus::read_all() } else { 0 })
}

/// One item through a loop.
///
/// # Safety
/// - As [`numoxide_kernels::BoundLoop::call`].
unsafe fn step(
    lp: &numoxide_kernels::BoundLoop,
    ctx: &LoopCtx,
    args: &[*mut u8],
) -> numoxide_core::Result<()> {
    let strides = [0isize; 4];
    // SAFETY: by contract.
    match unsafe { lp.call(ctx, args, &[1], &strides[..args.len()]) } {
        0 => Ok(()),
        _ => Err(ctx.take_error()),
    }
}
