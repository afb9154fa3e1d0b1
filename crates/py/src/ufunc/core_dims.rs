//! Generalised ufuncs: calls with core dimensions.

use super::call::{Options, Results};
use super::keywords::CoreOptions;
use super::operand::Input;
use super::wrap::Wrapper;
use crate::array::{self, ArrayRef};
use crate::convert;
use crate::descr;
use crate::err::OrRaise;
use crate::{errstate, gil};
use numoxide_core::iter::{
    broadcast_shapes, broadcast_strides, sort_axes, strides_in_order, PerOp,
};
use numoxide_core::{DType, Order, RawView};
use numoxide_dtype::{tight_shape, TypeNum};
use numoxide_ufunc::exec::core_dims::{run as run_core, CoreCall, CoreShape, CoreSig};
use numoxide_ufunc::resolve::{self, Arg};
use numoxide_ufunc::table::Op;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use smallvec::SmallVec;

type Perm = SmallVec<[usize; 6]>;

/// An operand with its core axes moved to the end.
struct Laid {
    shape: SmallVec<[usize; 6]>,
    strides: SmallVec<[isize; 6]>,
}

/// Runs a generalised ufunc.
pub(crate) fn run<'py>(
    py: Python<'py>,
    op: &'static Op,
    mut inputs: PerOp<Input<'py>>,
    opts: &Options<'py>,
    core: &CoreOptions<'py>,
    wrapper: &Wrapper<'py>,
) -> PyResult<Results<'py>> {
    let text = op.signature.unwrap_or("");
    let sig = CoreSig::parse(text)
        .ok_or_else(|| PyRuntimeError::new_err(format!("bad signature {text}")))?;
    let resolved = resolved(py, op, &mut inputs, opts)?;
    let axes = Axes::read(py, op, &sig, core, &inputs, opts)?;
    let mut laid: Vec<Laid> = Vec::new();
    for (i, input) in inputs.iter().enumerate() {
        let view = input.view();
        laid.push(axes.apply(i, view.shape, view.strides)?);
    }
    let shapes: Vec<Option<&[usize]>> = laid.iter().map(|l| Some(l.shape.as_slice())).collect();
    let mut found = CoreShape::find(&sig, op.name, &shapes).or_raise(py)?;
    complete(py, op, &sig, &mut found, &axes, opts)?;
    stretch(op, &sig, &mut found, &axes, opts)?;
    let outs = outputs(
        py,
        op,
        &sig,
        &mut found,
        (&axes, &laid),
        opts,
        &resolved.dtypes,
    )?;
    let out_dtypes: PerOp<DType> = outs.iter().map(|o| ArrayRef::of(o).dtype()).collect();
    for (k, out) in outs.iter().enumerate() {
        let out = ArrayRef::of(out);
        let cut = axes.apply_out(sig.nin + k, out.shape(), out.strides())?;
        laid.push(cut);
    }
    let mut views: PerOp<RawView<'_>> = PerOp::new();
    for (i, input) in inputs.iter().enumerate() {
        let view = input.view();
        views.push(RawView {
            shape: &laid[i].shape,
            strides: &laid[i].strides,
            ..view
        });
    }
    for (k, out) in outs.iter().enumerate() {
        let l = &laid[sig.nin + k];
        let view = ArrayRef::of(out).view(&out_dtypes[k]);
        views.push(RawView {
            shape: &l.shape,
            strides: &l.strides,
            ..view
        });
    }
    let call = CoreCall {
        lp: &resolved.lp,
        dtypes: &resolved.dtypes,
        ops: &views,
        sig: &sig,
        shape: &found,
    };
    // Casts of registered dtypes are functions of the interpreter's side.
    let theirs = |v: &RawView<'_>| v.dtype.has_objects() || v.dtype.num == TypeNum::User;
    let gil_free = !resolved.lp.flags.needs_gil && !views.iter().any(theirs);
    let bits = gil::released_if(py, gil_free, || run_core(&call)).or_raise(py)?;
    errstate::report(py, bits, op.name)?;
    drop(views);
    wrapper.finish(py, outs, opts)
}

/// The loop for the operands, once the casts to its dtypes are allowed.
fn resolved<'py>(
    py: Python<'py>,
    op: &'static Op,
    inputs: &mut PerOp<Input<'py>>,
    opts: &Options<'_>,
) -> PyResult<resolve::Resolved> {
    if let [only @ Input::Weak(..)] = &mut inputs[..] {
        only.stand_alone(py)?;
    }
    let found = {
        let args: PerOp<Arg<'_>> = inputs.iter().map(Input::arg).collect();
        resolve::resolve(op, &args, &opts.fixed).or_raise(py)?
    };
    for (input, dtype) in inputs.iter_mut().zip(&found.dtypes) {
        input.settle(py, dtype, opts.casting)?;
    }
    let args: PerOp<Arg<'_>> = inputs.iter().map(Input::arg).collect();
    let given: PerOp<DType> = opts
        .outs
        .iter()
        .flatten()
        .map(|o| ArrayRef::of(o).dtype())
        .collect();
    let mut it = given.iter();
    let outs: PerOp<Option<&DType>> = opts
        .outs
        .iter()
        .map(|o| o.as_ref().and_then(|_| it.next()))
        .collect();
    resolve::check_casts(op, &args, &outs, &found.dtypes, opts.casting).or_raise(py)?;
    Ok(found)
}

/// Core dimensions that no input has: from outputs given, or from the extension that made the ufunc.
fn complete(
    py: Python<'_>,
    op: &'static Op,
    sig: &CoreSig,
    found: &mut CoreShape,
    axes: &Axes,
    opts: &Options<'_>,
) -> PyResult<()> {
    let known =
        |d: usize| sig.dims[d].fixed.is_some() || sig.ops[..sig.nin].iter().any(|o| o.contains(&d));
    let mut sizes: Vec<isize> = found.sizes.iter().map(|n| *n as isize).collect();
    for (d, size) in sizes.iter_mut().enumerate().filter(|(d, _)| !known(*d)) {
        *size = -1;
        for (k, dims) in sig.ops[sig.nin..].iter().enumerate() {
            let (Some(out), Some(at)) = (
                opts.outs.get(k).and_then(Option::as_ref),
                dims.iter().position(|x| *x == d),
            ) else {
                continue;
            };
            let out = ArrayRef::of(out);
            let laid = axes.apply_out(sig.nin + k, out.shape(), out.strides())?;
            if let Some(n) = (laid.shape.len() + at).checked_sub(dims.len()) {
                *size = laid.shape[n] as isize;
            }
        }
    }
    match op.sizes {
        Some(fill) => fill(&mut sizes),
        None => super::foreign::process_core_dims(py, op, &mut sizes)?,
    }
    for (d, size) in sizes.iter().enumerate() {
        let Ok(n) = usize::try_from(*size) else {
            return Err(unspecified(op, sig, d));
        };
        found.sizes[d] = n;
    }
    Ok(())
}

#[cold]
fn unspecified(op: &Op, sig: &CoreSig, d: usize) -> PyErr {
    let outs = sig.ops[sig.nin..].iter().enumerate();
    let place = outs
        .filter_map(|(k, dims)| dims.iter().position(|x| *x == d).map(|at| (k, at)))
        .next();
    let (k, at) = place.unwrap_or((0, 0));
    PyValueError::new_err(format!(
        "{}: Output operand {k} has core dimension {at} unspecified, with gufunc signature {}",
        op.name,
        op.signature.unwrap_or("")
    ))
}

/// Lets outputs given stretch the outer shape, where their core dimensions fit.
fn stretch(
    op: &'static Op,
    sig: &CoreSig,
    found: &mut CoreShape,
    axes: &Axes,
    opts: &Options<'_>,
) -> PyResult<()> {
    let mut outer = found.outer.clone();
    let mut own: Vec<SmallVec<[usize; 6]>> = Vec::new();
    for (k, out) in opts.outs.iter().enumerate() {
        let Some(out) = out.as_ref().map(ArrayRef::of) else {
            continue;
        };
        let i = sig.nin + k;
        let laid = axes.apply_out(i, out.shape(), out.strides())?;
        let core: Vec<usize> = found.present(sig, i).collect();
        let Some(cut) = laid.shape.len().checked_sub(core.len()) else {
            return Err(bad_output(op, sig, i, out.shape(), &found.shape_of(sig, i)));
        };
        if core
            .iter()
            .zip(&laid.shape[cut..])
            .any(|(&d, &n)| found.sizes[d] != n)
        {
            return Err(bad_output(op, sig, i, &laid.shape, &found.shape_of(sig, i)));
        }
        own.push(SmallVec::from_slice(&laid.shape[..cut]));
        let given: &[usize] = &laid.shape[..cut];
        if let Ok(both) = broadcast_shapes(&[&outer, given]) {
            outer = both;
        }
    }
    for given in own {
        if given.len() < outer.len() {
            return Err(PyValueError::new_err(
                "output operand requires a reduction along dimension -1, but the reduction is not \
                 enabled. The dimension size of 1 does not match the expected output shape.",
            ));
        }
        if given != outer {
            return Err(bad_outer(&given, &outer));
        }
    }
    found.outer = outer;
    Ok(())
}

fn bad_outer(given: &[usize], outer: &[usize]) -> PyErr {
    PyValueError::new_err(format!(
        "non-broadcastable output operand with shape {0} [remapped to {0}] doesn't match the \
         broadcast shape {1}",
        tight_shape(given),
        tight_shape(outer)
    ))
}

/// Outputs given (checked) or fresh.
fn outputs<'py>(
    py: Python<'py>,
    op: &'static Op,
    sig: &CoreSig,
    found: &mut CoreShape,
    (axes, laid): (&Axes, &[Laid]),
    opts: &Options<'py>,
    dtypes: &[DType],
) -> PyResult<PerOp<Bound<'py, PyAny>>> {
    let mut outs = PerOp::new();
    for k in 0..usize::from(op.nout) {
        let i = sig.nin + k;
        let natural = axes.natural(i, found.shape_of(sig, i));
        let want = axes.restore(i, &natural, 1);
        outs.push(match opts.outs.get(k).and_then(Option::as_ref) {
            Some(out) => {
                if ArrayRef::of(out).shape() != want.as_slice() {
                    return Err(bad_output(op, sig, i, ArrayRef::of(out).shape(), &want));
                }
                out.clone()
            }
            None => {
                let owned = descr::descr_for(py, &dtypes[i])?;
                let strides = match opts.order {
                    Order::Keep => {
                        let loops = outer_order(found, sig, laid);
                        let size = dtypes[i].size;
                        let strides = strides_with_core(&natural, size, &loops);
                        Some(axes.restore(i, &strides, size as isize))
                    }
                    _ => None,
                };
                let spec = array::Spec::new(owned.as_ptr().cast(), &want);
                let strides = strides.as_deref();
                array::make(py, array::Spec { strides, ..spec })?
            }
        });
    }
    Ok(outs)
}

/// The axes of the loop from the widest to the narrowest, as the inputs lie.
fn outer_order(found: &CoreShape, sig: &CoreSig, laid: &[Laid]) -> SmallVec<[usize; 6]> {
    let outer = found.outer.as_slice();
    let full: PerOp<SmallVec<[isize; 6]>> = laid
        .iter()
        .enumerate()
        .filter_map(|(i, l)| {
            let core = found.shape_of(sig, i).len() - outer.len();
            let own = l.shape.len().checked_sub(core)?;
            broadcast_strides(&l.shape[..own], &l.strides[..own], outer)
        })
        .collect();
    sort_axes(outer, full.iter().map(|s| s.as_slice()))
}

/// Strides of an output: core axes innermost, the others in the order given.
fn strides_with_core(shape: &[usize], size: usize, loops: &[usize]) -> SmallVec<[isize; 6]> {
    let mut perm: SmallVec<[usize; 6]> = SmallVec::from_slice(loops);
    perm.extend(loops.len()..shape.len());
    strides_in_order(shape, size, &perm)
}

fn bad_output(op: &Op, sig: &CoreSig, i: usize, has: &[usize], want: &[usize]) -> PyErr {
    let text = op.signature.unwrap_or("");
    if has.len() < want.len().min(sig.ops[i].len()) {
        return PyValueError::new_err(format!(
            "{}: Output operand {} does not have enough dimensions (has {}, gufunc core with \
             signature {text} requires {})",
            op.name,
            i - sig.nin,
            has.len(),
            sig.ops[i].len()
        ));
    }
    let core = sig.ops[i].len().min(want.len());
    for k in 0..core {
        let (h, w) = (has[has.len() - core + k], want[want.len() - core + k]);
        if h != w {
            return PyValueError::new_err(format!(
                "{}: Output operand {} has a mismatch in its core dimension {k}, with gufunc \
                 signature {text} (size {h} is different from {w})",
                op.name,
                i - sig.nin
            ));
        }
    }
    let text = |s: &[usize]| s.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    PyValueError::new_err(format!(
        "non-broadcastable output operand with shape ({}) doesn't match the broadcast shape ({})",
        text(has),
        text(want)
    ))
}

/// Core axes of each operand, `None` for the last ones.
struct Axes {
    of: Vec<Option<Perm>>,
    keepdims: bool,
    /// Core dimensions of the inputs, which `keepdims` keeps.
    core: usize,
}

impl Axes {
    fn read<'py>(
        py: Python<'py>,
        op: &'static Op,
        sig: &CoreSig,
        core: &CoreOptions<'py>,
        inputs: &[Input<'py>],
        opts: &Options<'py>,
    ) -> PyResult<Axes> {
        let nop = sig.ops.len();
        let mut axes = Axes {
            of: vec![None; nop],
            keepdims: core.keepdims == Some(true),
            core: sig.ops[0].len(),
        };
        if core.axis.is_some() && core.axes.is_some() {
            return Err(PyTypeError::new_err(
                "cannot specify both 'axis' and 'axes'",
            ));
        }
        if core.keepdims.is_some() {
            check_keepdims(op, sig)?;
        }
        if core.axis.is_some() && (sig.dims.len() != 1 || sig.dims[0].optional) {
            return Err(PyTypeError::new_err(format!(
                "{}: axis can only be used with a single shared core dimension, not with the {} \
                 distinct ones implied by signature {}.",
                op.name,
                sig.dims.len(),
                op.signature.unwrap_or("")
            )));
        }
        let ndims: Vec<Option<usize>> = (0..nop)
            .map(|i| match inputs.get(i) {
                Some(input) => Some(input.shape().len()),
                None => opts
                    .outs
                    .get(i - sig.nin)
                    .and_then(Option::as_ref)
                    .map(|o| ArrayRef::of(o).ndim()),
            })
            .collect();
        let loops = (0..sig.nin).map(|i| ndims[i].unwrap_or(0).saturating_sub(sig.ops[i].len()));
        let loops = loops.max().unwrap_or(0);
        if let Some(axis) = &core.axis {
            let axis = convert::as_index(axis.as_borrowed())?;
            for (i, dims) in sig.ops.iter().enumerate() {
                // An output still to be made has the axes of the loop and its own.
                if let (1, n) = (dims.len(), ndims[i].unwrap_or(loops + 1)) {
                    axes.of[i] = Some(SmallVec::from_slice(&[normal(py, axis, n)?]));
                } else if axes.keepdims && dims.is_empty() {
                    if let Some(n) = ndims[0] {
                        axes.of[i] = Some(SmallVec::from_slice(&[normal(py, axis, n)?]));
                    }
                }
            }
        }
        if let Some(given) = &core.axes {
            axes.read_list(py, op, sig, given, &ndims)?;
        }
        Ok(axes)
    }

    fn read_list(
        &mut self,
        py: Python<'_>,
        op: &'static Op,
        sig: &CoreSig,
        given: &Bound<'_, PyAny>,
        ndims: &[Option<usize>],
    ) -> PyResult<()> {
        let Ok(list) = given.cast::<PyList>() else {
            return Err(PyTypeError::new_err("axes should be a list."));
        };
        let all_empty = sig.ops[sig.nin..].iter().all(Vec::is_empty);
        if list.len() != sig.ops.len() && !(all_empty && list.len() == sig.nin) {
            return Err(PyValueError::new_err(format!(
                "axes should be a list with an entry for all {} inputs and outputs; entries for \
                 outputs can only be omitted if none of them has core axes.",
                sig.ops.len()
            )));
        }
        // Operands with too few axes lack their optional core dimensions.
        let absent: Vec<usize> = (0..sig.nin)
            .filter(|&i| ndims[i].is_some_and(|n| n < sig.ops[i].len()))
            .flat_map(|i| sig.ops[i].iter().copied())
            .filter(|&d| sig.dims[d].optional)
            .collect();
        let core = |i: usize| {
            let like = if self.keepdims && i >= sig.nin { 0 } else { i };
            sig.ops[like].iter().filter(|d| !absent.contains(d)).count()
        };
        let loops = (0..sig.nin).map(|i| ndims[i].unwrap_or(0).saturating_sub(core(i)));
        let loops = loops.max().unwrap_or(0);
        let counts: PerOp<usize> = (0..list.len()).map(core).collect();
        for (i, item) in list.iter().enumerate() {
            let values = axes_item(py, op, i, &item, counts[i])?;
            // An output still to be made has the axes of the loop and its own.
            let made = (i >= sig.nin).then_some(loops + counts[i]);
            let Some(n) = ndims[i].or(made) else {
                continue;
            };
            let mut perm = Perm::new();
            for v in values {
                let axis = normal(py, v, n)?;
                if perm.contains(&axis) {
                    return Err(PyValueError::new_err(format!(
                        "axes item {i} has value {v} repeated"
                    )));
                }
                perm.push(axis);
            }
            self.of[i] = Some(perm);
        }
        Ok(())
    }

    /// Shape and strides with the core axes last.
    fn apply(&self, i: usize, shape: &[usize], strides: &[isize]) -> PyResult<Laid> {
        let core: &[usize] = self.of[i].as_deref().unwrap_or(&[]);
        let mut order: Perm = (0..shape.len()).filter(|a| !core.contains(a)).collect();
        order.extend(core.iter().copied());
        if order.len() != shape.len() {
            return Err(PyValueError::new_err("axes has repeated entries"));
        }
        Ok(Laid {
            shape: order.iter().map(|&a| shape[a]).collect(),
            strides: order.iter().map(|&a| strides[a]).collect(),
        })
    }

    /// As [`Axes::apply`] for an output; kept dimensions of length 1 are dropped.
    fn apply_out(&self, i: usize, shape: &[usize], strides: &[isize]) -> PyResult<Laid> {
        let mut laid = self.apply(i, shape, strides)?;
        if self.keepdims {
            let kept = self.of[i].as_ref().map_or(self.core, |c| c.len());
            let n = laid.shape.len() - kept;
            laid.shape.truncate(n);
            laid.strides.truncate(n);
        }
        Ok(laid)
    }

    /// The shape an output has when its core axes go back to their places.
    fn restore<T: Copy>(&self, i: usize, natural: &[T], fill: T) -> SmallVec<[T; 6]>
    where
        [T; 6]: smallvec::Array<Item = T>,
    {
        let Some(core) = &self.of[i] else {
            return natural.iter().copied().collect();
        };
        let n = natural.len();
        let tail = &natural[n - core.len()..];
        let mut rest = natural[..n - core.len()].iter().copied();
        (0..n)
            .map(|a| match core.iter().position(|&c| c == a) {
                Some(k) => tail[k],
                None => rest.next().unwrap_or(fill),
            })
            .collect()
    }

    /// The shape of an operand with its core axes last, kept ones too.
    fn natural(&self, i: usize, mut shape: SmallVec<[usize; 6]>) -> SmallVec<[usize; 6]> {
        if self.keepdims {
            let kept = self.of[i].as_ref().map_or(self.core, |c| c.len());
            shape.extend(std::iter::repeat_n(1, kept));
        }
        shape
    }
}

/// One entry of `axes`: a tuple, or an integer where there is one core dimension.
fn axes_item(
    py: Python<'_>,
    op: &Op,
    i: usize,
    item: &Bound<'_, PyAny>,
    want: usize,
) -> PyResult<Vec<isize>> {
    let core = |found: String| {
        axis_error(
            py,
            format!(
                "{}: operand {i} has {want} core dimensions, but {found}",
                op.name
            ),
        )
    };
    if let Ok(tuple) = item.cast::<PyTuple>() {
        if tuple.len() != want {
            let n = tuple.len();
            return Err(core(format!("{n} dimensions are specified by axes tuple.")));
        }
        return tuple
            .iter()
            .map(|v| convert::as_index(v.as_borrowed()))
            .collect();
    }
    if want == 1 {
        return Ok(vec![convert::as_index(item.as_borrowed())?]);
    }
    // SAFETY: a live object.
    if unsafe { pyo3::ffi::PyIndex_Check(item.as_ptr()) } != 0 {
        return Err(core("the axes item is a single integer.".into()));
    }
    Err(PyTypeError::new_err(format!(
        "{}: axes item {i} should be a tuple.",
        op.name
    )))
}

/// `numpy.exceptions.AxisError` with a message of its own.
fn axis_error(py: Python<'_>, text: String) -> PyErr {
    let class = py
        .import("numoxide.exceptions")
        .and_then(|m| m.getattr("AxisError"));
    match class.and_then(|c| c.call1((text,))) {
        Ok(made) => PyErr::from_value(made),
        Err(e) => e,
    }
}

/// `keepdims` asks for inputs of one number of core dimensions, and outputs of none.
fn check_keepdims(op: &Op, sig: &CoreSig) -> PyResult<()> {
    let same = sig.ops[0].len();
    for (i, dims) in sig.ops.iter().enumerate() {
        let want = if i < sig.nin { same } else { 0 };
        if dims.len() != want {
            let (side, at) = match i < sig.nin {
                true => ("input", i),
                false => ("output", i - sig.nin),
            };
            return Err(PyTypeError::new_err(format!(
                "{} does not support keepdims: its signature {} requires {side} {at} to have {} \
                 core dimensions, but keepdims can only be used when all inputs have the same \
                 number of core dimensions and all outputs have no core dimensions.",
                op.name,
                op.signature.unwrap_or(""),
                dims.len()
            )));
        }
    }
    Ok(())
}

fn normal(py: Python<'_>, axis: isize, ndim: usize) -> PyResult<usize> {
    convert::normalize_axis(py, axis, ndim, None)
}
