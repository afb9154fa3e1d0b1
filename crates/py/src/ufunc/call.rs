//! `ufunc(*inputs, out=, where=, ...)`: from converted operands to results.

use super::operand::{self, Ahead, Bytes, Input};
use super::wrap::Wrapper;
use crate::array::{self, ArrayRef};
use crate::descr;
use crate::err::OrRaise;
use crate::errstate;
use crate::gil;
use crate::scalar;
use numoxide_core::assign::{assign, Temp};
use numoxide_core::cast::discards_imaginary;
use numoxide_core::iter::{
    broadcast_shapes, broadcast_strides, sort_axes, strides_in_order, Arrange, Nest, PerOp,
};
use numoxide_core::overlap::{self, Overlap};
use numoxide_core::{DType, Error, Order, RawView, TypeNum};
use numoxide_dtype::promote::WeakKind;
use numoxide_dtype::{can_cast, tight_shape, Casting};
use numoxide_ufunc::exec::{Call, Plan};
use numoxide_ufunc::resolve::{self, Arg, Resolved};
use numoxide_ufunc::table::Op;
use pyo3::prelude::*;
use smallvec::SmallVec;

/// Everything that keywords of a call can say.
pub(crate) struct Options<'py> {
    /// `out=`, one entry an output.
    pub(crate) outs: PerOp<Option<Bound<'py, PyAny>>>,
    /// `where=` as a bool array.
    pub(crate) mask: Option<Bound<'py, PyAny>>,
    /// `casting=`.
    pub(crate) casting: Casting,
    /// `order=`.
    pub(crate) order: Order,
    /// `dtype=`, `signature=`.
    pub(crate) fixed: PerOp<Option<DType>>,
    /// `subok=`.
    pub(crate) subok: bool,
    /// `out=...`: results stay arrays, 0-d ones too.
    pub(crate) keep_arrays: bool,
}

impl Options<'_> {
    /// No keyword given.
    pub(crate) fn none() -> Self {
        Options {
            outs: PerOp::new(),
            mask: None,
            casting: Casting::SameKind,
            order: Order::Keep,
            fixed: PerOp::new(),
            subok: true,
            keep_arrays: false,
        }
    }
}

/// Results of a call, one an output.
pub(crate) type Results<'py> = SmallVec<[Bound<'py, PyAny>; 2]>;

/// Runs a ufunc without core dimensions.
pub(crate) fn run<'py>(
    py: Python<'py>,
    op: &'static Op,
    mut inputs: PerOp<Input<'py>>,
    opts: &Options<'py>,
    wrapper: &Wrapper<'py>,
) -> PyResult<Results<'py>> {
    if let [only @ Input::Weak(..)] = &mut inputs[..] {
        only.stand_alone(py)?;
    }
    let whole = |i: &Input<'_>| matches!(i, Input::Weak(WeakKind::Int, _));
    let alone = op.nin == 1 || resolve::is_comparison(op);
    if alone && inputs.iter().any(Input::is_huge) && inputs.iter().all(whole) {
        for input in &mut inputs {
            input.objectify(py)?;
        }
    }
    let mut resolved = match super::ranges::constant(op, &mut inputs, opts)? {
        Some(found) => found,
        None => resolve_call(py, op, &inputs, opts)?,
    };
    settle_text(py, op, &mut resolved, opts)?;
    let nin = inputs.len();
    let out_dtypes: PerOp<DType> = given_dtypes(opts);
    for (input, dtype) in inputs.iter_mut().zip(&resolved.dtypes) {
        input.settle(py, dtype, opts.casting)?;
    }
    let (rule, given) = (opts.casting, !out_dtypes.is_empty());
    if opts.mask.is_none() {
        operand::cast_ahead(py, &mut inputs, &resolved.dtypes, Ahead::Lines, rule, given)?;
    }
    check(py, op, &inputs, opts, &out_dtypes, &resolved)?;
    operand::cast_ahead(py, &mut inputs, &resolved.dtypes, Ahead::Items, rule, given)?;
    if opts.outs.iter().all(Option::is_none)
        && opts.mask.is_none()
        && wrapper.is_plain()
        && !opts.keep_arrays
    {
        if let Some(done) = scalars_only(py, op, &inputs, &resolved)? {
            return Ok(done);
        }
    }
    let shape = call_shape(py, &inputs, opts)?;
    // Without casts and masks a call runs straight through its operands as they lie.
    let plain = op.nout == 1
        && opts.mask.is_none()
        && inputs
            .iter()
            .zip(&resolved.dtypes)
            .all(|(i, d)| i.is_ready(d));
    let outs = outputs(py, &inputs, opts, &resolved.dtypes[nin..], &shape, plain)?;
    execute(py, op, &inputs, &outs, opts, &resolved, &shape)?;
    wrapper.finish(py, outs, opts)
}

/// The loop for these operands.
fn resolve_call(
    py: Python<'_>,
    op: &'static Op,
    inputs: &[Input<'_>],
    opts: &Options<'_>,
) -> PyResult<Resolved> {
    let args: PerOp<Arg<'_>> = inputs.iter().map(Input::arg).collect();
    resolve::resolve(op, &args, &opts.fixed).or_raise(py)
}

/// Gives text results the width of the caller's arrays where only these have one.
fn settle_text(
    py: Python<'_>,
    op: &'static Op,
    resolved: &mut Resolved,
    opts: &Options<'_>,
) -> PyResult<()> {
    let outs = &resolved.dtypes[usize::from(op.nin)..];
    if !outs.iter().any(|d| d.num.is_flexible() && d.size == 0) {
        return Ok(());
    }
    let given = given_dtypes(opts);
    let mut given = given.iter();
    let outs: PerOp<Option<&DType>> = opts
        .outs
        .iter()
        .map(|o| o.as_ref().and_then(|_| given.next()))
        .collect();
    numoxide_ufunc::text::settle(op, resolved, &outs).or_raise(py)
}

fn given_dtypes(opts: &Options<'_>) -> PerOp<DType> {
    let given = opts.outs.iter().flatten();
    given.map(|o| ArrayRef::of(o).dtype()).collect()
}

fn check(
    py: Python<'_>,
    op: &'static Op,
    inputs: &[Input<'_>],
    opts: &Options<'_>,
    out_dtypes: &[DType],
    resolved: &Resolved,
) -> PyResult<()> {
    let args: PerOp<Arg<'_>> = inputs.iter().map(Input::arg).collect();
    let mut given = out_dtypes.iter();
    let outs: PerOp<Option<&DType>> = opts
        .outs
        .iter()
        .map(|o| o.as_ref().and_then(|_| given.next()))
        .collect();
    resolve::check_casts(op, &args, &outs, &resolved.dtypes, opts.casting).or_raise(py)
}

/// All operands 0-d: two C values and one typed op, no array.
fn scalars_only<'py>(
    py: Python<'py>,
    op: &'static Op,
    inputs: &[Input<'py>],
    resolved: &Resolved,
) -> PyResult<Option<Results<'py>>> {
    let nin = inputs.len();
    let simple = inputs.iter().all(|i| i.shape().is_empty())
        && resolved.dtypes.iter().all(|d| d.num.is_number());
    if !simple {
        return Ok(None);
    }
    let mut results: PerOp<Bytes> = resolved.dtypes[nin..].iter().map(|_| [0; 4]).collect();
    let mut ops: PerOp<RawView<'_>> = inputs.iter().map(Input::view).collect();
    for (bytes, dtype) in results.iter_mut().zip(&resolved.dtypes[nin..]) {
        ops.push(RawView {
            ptr: bytes.as_mut_ptr().cast(),
            dtype,
            shape: &[],
            strides: &[],
        });
    }
    let call = Call {
        lp: &resolved.lp,
        dtypes: &resolved.dtypes,
        ops: &ops,
        nin,
        shape: &[],
        mask: None,
    };
    let bits = Plan::new(&call).and_then(|p| p.run()).or_raise(py)?;
    errstate::report(py, bits, op.name)?;
    let mut made = Results::new();
    for (bytes, dtype) in results.iter().zip(&resolved.dtypes[nin..]) {
        // SAFETY: the bytes hold one item of this native number dtype.
        made.push(unsafe {
            scalar::from_ptr(py, bytes.as_ptr().cast(), descr::singleton(dtype.num), None)?
        });
    }
    Ok(Some(made))
}

/// The broadcast shape of inputs and mask; outputs given must have exactly it.
fn call_shape(
    py: Python<'_>,
    inputs: &[Input<'_>],
    opts: &Options<'_>,
) -> PyResult<SmallVec<[usize; 6]>> {
    let mut shapes: PerOp<&[usize]> = inputs.iter().map(Input::shape).collect();
    let mask = opts.mask.as_ref().map(|m| ArrayRef::of(m).shape());
    let given: PerOp<&[usize]> = opts
        .outs
        .iter()
        .flatten()
        .map(|o| ArrayRef::of(o).shape())
        .collect();
    shapes.extend(given.iter().copied());
    shapes.extend(mask);
    if given.is_empty() {
        return broadcast_shapes(&shapes).or_raise(py);
    }
    let shape = broadcast_shapes(&shapes).or_raise(py)?;
    for out in given {
        if out != shape.as_slice() {
            return Err(Error::Value(format!(
                "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
                tight_shape(out),
                tight_shape(&shape)
            )))
            .or_raise(py);
        }
    }
    Ok(shape)
}

/// Outputs: those given, and fresh arrays laid out as `order` says.
fn outputs<'py>(
    py: Python<'py>,
    inputs: &[Input<'py>],
    opts: &Options<'py>,
    dtypes: &[DType],
    shape: &[usize],
    plain: bool,
) -> PyResult<PerOp<Bound<'py, PyAny>>> {
    let mut outs = PerOp::new();
    for (i, dtype) in dtypes.iter().enumerate() {
        outs.push(match opts.outs.get(i).and_then(Option::as_ref) {
            Some(out) => out.clone(),
            None => fresh(py, inputs, opts, dtype, shape, plain)?,
        });
    }
    Ok(outs)
}

fn fresh<'py>(
    py: Python<'py>,
    inputs: &[Input<'py>],
    opts: &Options<'py>,
    dtype: &DType,
    shape: &[usize],
    plain: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let owned;
    let descr = if dtype.extra.is_none() && !dtype.num.is_flexible() {
        descr::singleton(dtype.num)
    } else {
        owned = descr::descr_for(py, dtype)?;
        owned.as_ptr().cast()
    };
    let arrays = || {
        inputs
            .iter()
            .filter_map(Input::array)
            .filter(|a| a.ndim() > 0)
    };
    let fortran = match opts.order {
        Order::C => false,
        Order::F => true,
        Order::Any => {
            let mut any = arrays().peekable();
            let straight = plain && arrays().all(|a| a.is_c() && a.shape() == shape);
            any.peek().is_some() && !straight && any.all(ArrayRef::is_f)
        }
        Order::Keep => {
            if shape.len() < 2 || (opts.outs.is_empty() && arrays().all(ArrayRef::is_c)) {
                false
            } else if plain && arrays().all(|a| a.is_f() && a.shape() == shape) {
                true
            } else {
                return keep_order(py, inputs, opts, dtype, descr, shape);
            }
        }
    };
    array::empty(py, shape, descr, fortran)
}

/// A fresh array whose axes lie in memory as the inputs' do.
fn keep_order<'py>(
    py: Python<'py>,
    inputs: &[Input<'py>],
    opts: &Options<'py>,
    dtype: &DType,
    descr: *mut crate::layout::Descr,
    shape: &[usize],
) -> PyResult<Bound<'py, PyAny>> {
    let outs = opts.outs.iter().flatten().map(ArrayRef::of);
    let mask = opts.mask.iter().map(ArrayRef::of);
    let full: PerOp<SmallVec<[isize; 6]>> = inputs
        .iter()
        .filter_map(Input::array)
        .chain(outs)
        .chain(mask)
        .filter_map(|a| broadcast_strides(a.shape(), a.strides(), shape))
        .collect();
    let perm = sort_axes(shape, full.iter().map(|s| s.as_slice()));
    let strides = strides_in_order(shape, dtype.size, &perm);
    array::make(
        py,
        array::Spec {
            strides: Some(&strides),
            ..array::Spec::new(descr, shape)
        },
    )
}

/// Plans and runs the loop over inputs and outputs, breaking overlaps by copies.
fn execute(
    py: Python<'_>,
    op: &'static Op,
    inputs: &[Input<'_>],
    outs: &[Bound<'_, PyAny>],
    opts: &Options<'_>,
    resolved: &Resolved,
    shape: &[usize],
) -> PyResult<()> {
    let out_dtypes: PerOp<DType> = outs.iter().map(|o| ArrayRef::of(o).dtype()).collect();
    let (temps, landed, read, whole, bits);
    let mut ops: PerOp<RawView<'_>> = inputs.iter().map(Input::view).collect();
    ops.extend(
        outs.iter()
            .zip(&out_dtypes)
            .map(|(o, d)| ArrayRef::of(o).view(d)),
    );
    let nin = inputs.len();
    let mask_dtype = DType::new(TypeNum::Bool);
    let given = opts.mask.as_ref();
    let mut mask = given.map(|m| ArrayRef::of(m).view(&mask_dtype));
    let fresh = opts.outs.iter().all(Option::is_none);
    (landed, read) = match fresh {
        true => Default::default(),
        false => landings(py, op, &ops, nin, &resolved.dtypes, mask.as_ref())?,
    };
    temps = match fresh {
        true => SmallVec::new(),
        false => break_overlaps(py, &ops, nin, mask.as_ref(), &landed)?,
    };
    for (i, temp) in &temps {
        if *i < nin {
            ops[*i] = temp.view();
        } else {
            mask = Some(temp.view());
        }
    }
    warn_discarded(py, &ops, nin, &resolved.dtypes)?;
    (whole, bits) = match &mask {
        Some(_) => cast_whole(py, &ops[..nin], &resolved.dtypes)?,
        None => Default::default(),
    };
    let forgotten = resolved.lp.flags.forgets && mask.as_ref().is_some_and(any);
    let read = if forgotten { 0 } else { read | bits };
    for (i, temp) in &whole {
        ops[*i] = temp.view();
    }
    let given: PerOp<RawView<'_>> = ops[nin..].iter().copied().collect();
    for (k, temp) in &landed {
        ops[nin + k] = temp.view();
    }
    let call = Call {
        lp: &resolved.lp,
        dtypes: &resolved.dtypes,
        ops: &ops,
        nin,
        shape,
        mask,
    };
    let plan = Plan::new(&call).or_raise(py)?;
    let bits = gil::released_if(py, !plan.needs_gil() && plan.cost() > 4096, || plan.run());
    let bits = bits.or_raise(py)?;
    errstate::report(py, bits | read, op.name)?;
    for (k, temp) in &landed {
        let bits = assign(&given[*k], &temp.view()).or_raise(py)?;
        errstate::report(py, bits, "cast")?;
    }
    Ok(())
}

/// Copies of operands, by the operand's number.
type Temps = SmallVec<[(usize, Temp); 2]>;

/// Whether a mask is true anywhere.
fn any(mask: &RawView<'_>) -> bool {
    let nest = Nest::new(mask.shape, &[(mask.ptr, mask.strides)], Arrange::Free);
    let found = nest.try_for_each(|p, n, s| {
        // SAFETY: the nest walks the items of a live bool array.
        let on = (0..n as isize).any(|i| unsafe { *p[0].offset(i * s[0]) != 0 });
        if on {
            Err(())
        } else {
            Ok(())
        }
    });
    found.is_err()
}

/// The inputs of a masked call whose casts can go wrong, cast as a whole: what goes wrong beside the
/// mask is reported, too. With the status bits.
fn cast_whole(py: Python<'_>, inputs: &[RawView<'_>], dtypes: &[DType]) -> PyResult<(Temps, u8)> {
    let (mut temps, mut bits) = (Temps::new(), 0);
    for (i, (view, dtype)) in inputs.iter().zip(dtypes).enumerate() {
        let numbers = view.dtype.num.is_number() && dtype.num.is_number();
        if numbers && !can_cast(view.dtype, dtype, Casting::Safe) {
            let (temp, status) = Temp::cast_of(view, dtype).or_raise(py)?;
            bits |= status;
            temps.push((i, temp));
        }
    }
    Ok((temps, bits))
}

/// Warns of every operand whose cast drops imaginary parts.
fn warn_discarded(
    py: Python<'_>,
    ops: &[RawView<'_>],
    nin: usize,
    dtypes: &[DType],
) -> PyResult<()> {
    for (i, (view, dtype)) in ops.iter().zip(dtypes).enumerate() {
        let (from, to) = match i < nin {
            true => (view.dtype, dtype),
            false => (dtype, view.dtype),
        };
        if discards_imaginary(from, to) {
            scalar::warn_complex(py)?;
        }
    }
    Ok(())
}

/// Outputs that are cast and overlap an input are computed apart, in the loop's dtype, and then cast
/// as a whole; under a mask their old items take that way, too. So are those that reach a byte by two
/// items, or share one with another output. The status bits are those of reading the old items of the
/// other masked outputs.
fn landings(
    py: Python<'_>,
    op: &'static Op,
    ops: &[RawView<'_>],
    nin: usize,
    dtypes: &[DType],
    mask: Option<&RawView<'_>>,
) -> PyResult<(Landings, u8)> {
    let (mut temps, mut bits) = (SmallVec::new(), 0);
    let masked = mask.is_some();
    for (k, out) in ops[nin..].iter().enumerate().take(usize::from(op.nout)) {
        let dtype = &dtypes[nin + k];
        let time = |d: &DType| matches!(d.num, TypeNum::DateTime | TypeNum::TimeDelta);
        let own = out.dtype;
        let numbers = (own.num.is_number() || time(own)) && dtype.num.is_number();
        if masked && own.num.is_flexible() && is_plain(dtype) {
            Temp::cast_of(out, dtype).or_raise(py)?;
        }
        let sources = || ops[..nin].iter().chain(mask);
        if !numbers || (own.num == dtype.num && own.swapped == dtype.swapped) {
            if tangled(out, &ops[nin..nin + k], sources, masked) {
                temps.push((k, land(py, out, masked)?));
            }
            continue;
        }
        if masked && discards_imaginary(own, dtype) {
            scalar::warn_complex(py)?;
        }
        let clash = ops[..nin].iter().any(|input| clashes(input, out))
            || tangled(out, &ops[nin..nin + k], sources, masked);
        if clash && masked {
            let (temp, read) = Temp::cast_of(out, dtype).or_raise(py)?;
            errstate::report(py, read, "cast")?;
            temps.push((k, temp));
        } else if clash {
            temps.push((k, Temp::empty(dtype, out.shape).or_raise(py)?));
        } else if masked && inexact(own) && (!inexact(dtype) || dtype.size < own.size) {
            bits |= Temp::cast_of(out, dtype).or_raise(py)?.1;
        }
    }
    Ok((temps, bits))
}

/// Whether items of an output lie on each other or on those of an output before it, so that the order
/// of writing shows. Under a mask items that are left out stay as they are, unless what is read has to
/// be saved.
fn tangled<'a, I: Iterator<Item = &'a RawView<'a>>>(
    out: &RawView<'_>,
    before: &[RawView<'_>],
    sources: impl Fn() -> I,
    masked: bool,
) -> bool {
    before.iter().any(|other| shares(other, out))
        || overlap::has_internal_overlap(out)
            && (!masked || sources().any(|source| shares(source, out)))
}

/// A scratch array in an output's place.
fn land(py: Python<'_>, out: &RawView<'_>, masked: bool) -> PyResult<Temp> {
    match masked {
        true => Temp::copy_of(out),
        false => Temp::empty(out.dtype, out.shape),
    }
    .or_raise(py)
}

/// Floats, real and complex.
fn inexact(dtype: &DType) -> bool {
    dtype.num.is_float() || dtype.num.is_complex()
}

/// Numbers and truth values.
fn is_plain(dtype: &DType) -> bool {
    dtype.num.is_number() || dtype.num == TypeNum::Bool
}

/// Whether two operands share memory other than item on item.
fn clashes(input: &RawView<'_>, out: &RawView<'_>) -> bool {
    shares(input, out) && !item_on_item(input, out)
}

/// Whether two operands may share memory.
fn shares(a: &RawView<'_>, b: &RawView<'_>) -> bool {
    overlap::bounds_overlap(a, b) && overlap::solve(a, b, Some(1)) != Overlap::No
}

/// Scratch arrays in the place of outputs, by their numbers.
type Landings = SmallVec<[(usize, Temp); 2]>;

/// Copies of inputs that share memory with an output, other than item on item, that is not computed
/// apart.
fn break_overlaps(
    py: Python<'_>,
    ops: &[RawView<'_>],
    nin: usize,
    mask: Option<&RawView<'_>>,
    landed: &Landings,
) -> PyResult<SmallVec<[(usize, Temp); 2]>> {
    let mut temps = SmallVec::new();
    let written = || {
        let outs = ops[nin..].iter().enumerate();
        outs.filter(|(k, _)| landed.iter().all(|(at, _)| at != k))
    };
    let sources = ops[..nin]
        .iter()
        .enumerate()
        .chain(mask.map(|m| (usize::MAX, m)));
    for (i, source) in sources {
        if written().any(|(_, out)| clashes(source, out)) {
            temps.push((i, Temp::copy_of(source).or_raise(py)?));
        }
    }
    Ok(temps)
}

/// Each item of the one lies exactly on the same item of the other, and on no other.
fn item_on_item(a: &RawView<'_>, b: &RawView<'_>) -> bool {
    a.ptr == b.ptr
        && a.dtype.num == b.dtype.num
        && a.dtype.size == b.dtype.size
        && a.shape == b.shape
        && a.strides == b.strides
        && !overlap::has_internal_overlap(a)
}
