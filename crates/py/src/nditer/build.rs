//! Building an iterator: dtypes, order, copies and fresh operands.

use super::flags::{self, global, op, reads, writes};
use super::operands::{check_mask, strides_along, Axis, Mapping, OpAxes, Shapes};
use super::state::{Built, NdIter};
use crate::array::coerce::{adapt_flexible as adapt, as_any};
use crate::array::{self, assign, writeback, ArrayRef, Spec};
use crate::descr::{self, descr_for, dtype_of};
use crate::err::OrRaise;
use crate::layout::{flags as array_flags, Descr};
use numoxide_core::iter::{plan_axes, AxisPlan, BufferSpec, Buffers, FlatIndex, OpUse, Walk};
use numoxide_core::overlap::{self, Overlap};
use numoxide_core::{DType, Order, TypeNum};
use numoxide_dtype::promote::Operand;
use numoxide_dtype::{can_cast, Casting};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;

/// What is asked for.
pub(crate) struct Request<'py> {
    /// Operands; `None` for those to be allocated.
    pub(crate) ops: Vec<Option<Bound<'py, PyAny>>>,
    /// Flags of the iterator.
    pub(crate) flags: u32,
    /// Flags of the operands.
    pub(crate) op_flags: Vec<u32>,
    /// Dtypes asked for.
    pub(crate) dtypes: Vec<Option<Py<PyAny>>>,
    /// Order of iteration.
    pub(crate) order: Order,
    /// Casts allowed.
    pub(crate) casting: Casting,
    /// Axis remapping.
    pub(crate) op_axes: Option<OpAxes>,
    /// Shape of the iteration, -1 where open.
    pub(crate) itershape: Option<Vec<isize>>,
    /// Most items of a buffer; 0 for the default.
    pub(crate) buffersize: isize,
}

/// Items of a buffer if nobody says.
const BUFFER_ITEMS: usize = 8192;

/// Builds the iterator.
pub(crate) fn build(py: Python<'_>, mut request: Request<'_>) -> PyResult<NdIter> {
    if request.ops.is_empty() {
        return Err(PyValueError::new_err("Must provide at least one operand"));
    }
    let present: Vec<bool> = request.ops.iter().map(Option::is_some).collect();
    flags::check(request.flags, &request.op_flags, &present)?;
    for i in 0..request.ops.len() {
        convert(&mut request, i)?;
    }
    let mapping = map(&request)?;
    let plan = plan(&request, &mapping);
    let size = mapping
        .shape
        .iter()
        .try_fold(1isize, |n, &m| n.checked_mul(m as isize));
    match size {
        None => return Err(PyValueError::new_err("iterator is too large")),
        Some(0) if request.flags & global::ZEROSIZE_OK == 0 => {
            let text = "Iteration of zero-sized operands is not enabled";
            return Err(PyValueError::new_err(text));
        }
        _ => {}
    }
    settle_dtypes(py, &mut request)?;
    let mut casts = Vec::new();
    for i in 0..request.ops.len() {
        casts.push(check_casts(py, &request, i)?);
    }
    Maker {
        py,
        request,
        mapping,
        plan,
        casts,
    }
    .finish()
}

/// Makes an array of an operand and the dtype its values shall have.
fn convert(request: &mut Request<'_>, i: usize) -> PyResult<()> {
    let bits = request.op_flags[i];
    let Some(ob) = &request.ops[i] else {
        if bits & op::VIRTUAL != 0 {
            request.dtypes[i] = None;
        }
        return check_refs(request, i);
    };
    if ArrayRef::from_bound(ob).is_none() {
        if writes(bits) {
            return Err(PyTypeError::new_err(
                "Iterator operand is flagged as writeable, but is an object which cannot be \
                 written back to via WRITEBACKIFCOPY",
            ));
        }
        request.ops[i] = Some(as_any(ob.as_borrowed())?);
    }
    let Some(ob) = &request.ops[i] else {
        return Ok(());
    };
    let (py, array) = (ob.py(), ArrayRef::of(ob));
    if writes(bits) && !array.has(array_flags::WRITEABLE) {
        let text = "operand array with iterator write flag set is read-only";
        return Err(PyValueError::new_err(text));
    }
    let wanted = match &request.dtypes[i] {
        Some(d) => match adapt(array, d.as_ptr().cast())? {
            Some(fitted) => fitted,
            None => d.clone_ref(py),
        },
        None => array.dtype_object().unbind(),
    };
    let native = bits & op::NBO != 0;
    request.dtypes[i] = Some(if native {
        descr::native(py, wanted.as_ptr().cast())?
    } else {
        wanted
    });
    check_refs(request, i)
}

fn check_refs(request: &Request<'_>, i: usize) -> PyResult<()> {
    let own = request.ops[i].as_ref().map(|ob| ArrayRef::of(ob).descr());
    let asked = request.dtypes[i]
        .as_ref()
        .map(|d| d.as_ptr().cast::<Descr>());
    let holds = |d: Option<*mut Descr>| d.is_some_and(descr::has_objects);
    if request.flags & global::REFS_OK == 0 && (holds(own) || holds(asked)) {
        return Err(PyTypeError::new_err(
            "Iterator operand or requested dtype holds references, but the NPY_ITER_REFS_OK flag \
             was not enabled",
        ));
    }
    Ok(())
}

fn map(request: &Request<'_>) -> PyResult<Mapping> {
    let shapes = Shapes {
        ops: request
            .ops
            .iter()
            .map(|o| o.as_ref().map(|o| ArrayRef::of(o).shape()))
            .collect(),
        op_axes: request.op_axes.as_ref(),
        itershape: request.itershape.as_deref(),
        flags: request.flags,
        op_flags: &request.op_flags,
    };
    shapes.map()
}

/// The order of iteration, from the operands that are there.
fn plan(request: &Request<'_>, mapping: &Mapping) -> AxisPlan {
    let arrays = || request.ops.iter().flatten().map(ArrayRef::of);
    let along: Vec<Vec<isize>> = (request.ops.iter().zip(&mapping.axes))
        .filter_map(|(ob, axes)| {
            let a = ArrayRef::of(ob.as_ref()?);
            Some(strides_along(axes, a.shape(), a.strides(), &mapping.shape))
        })
        .collect();
    let fortran = arrays().next().is_some() && arrays().all(|a| a.is_f());
    let fortran = fortran && !arrays().all(|a| a.is_c());
    // Fresh operands run forwards, so that no axis is turned beside them.
    let turns = request.flags & global::DONT_NEGATE_STRIDES == 0;
    let turns = turns && request.ops.iter().all(Option::is_some);
    let strides = along.iter().map(Vec::as_slice);
    plan_axes(&mapping.shape, strides, request.order, fortran, turns)
}

/// Dtypes that follow from those of others.
fn settle_dtypes(py: Python<'_>, request: &mut Request<'_>) -> PyResult<()> {
    let common = request.flags & global::COMMON_DTYPE != 0;
    if !common && request.dtypes.iter().all(Option::is_some) {
        return Ok(());
    }
    let counted = |i: usize| common || reads(request.op_flags[i]);
    let parts: Vec<&Py<PyAny>> = (0..request.ops.len())
        .filter(|&i| counted(i))
        .filter_map(|i| request.dtypes[i].as_ref())
        .collect();
    let found = match parts[..] {
        [] => {
            let text = "no arrays or types available to calculate result type";
            return Err(PyTypeError::new_err(text));
        }
        [one] => one.clone_ref(py),
        _ => {
            let dtypes: Vec<DType> = parts.iter().map(|d| dtype_of(d.as_ptr().cast())).collect();
            let operands: Vec<Operand<'_>> = dtypes.iter().map(Operand::DType).collect();
            let dtype = numoxide_dtype::result_type(&operands).or_raise(py)?;
            descr_for(py, &dtype)?
        }
    };
    for slot in &mut request.dtypes {
        if common || slot.is_none() {
            *slot = Some(found.clone_ref(py));
        }
    }
    Ok(())
}

/// Whether an operand must be cast, or checked that it may be.
fn check_casts(py: Python<'_>, request: &Request<'_>, i: usize) -> PyResult<bool> {
    let (Some(ob), Some(seen)) = (&request.ops[i], &request.dtypes[i]) else {
        return Ok(false);
    };
    let array = ArrayRef::of(ob);
    let seen: *mut Descr = seen.as_ptr().cast();
    let (from, to) = (array.dtype(), dtype_of(seen));
    let bits = request.op_flags[i];
    if bits & op::ARRAYMASK != 0
        && request.flags & global::BUFFERED != 0
        && !matches!(to.num, TypeNum::Bool | TypeNum::UByte)
    {
        let text = "Only bool and uint8 masks are supported.";
        return Err(PyTypeError::new_err(text));
    }
    if from == to || can_cast(&from, &to, Casting::No) && can_cast(&to, &from, Casting::No) {
        return Ok(false);
    }
    let rule = request.casting.name();
    let text = |d: *mut Descr| descr::repr_text(py, d);
    if reads(bits) && !can_cast(&from, &to, request.casting) {
        return Err(PyTypeError::new_err(format!(
            "Iterator operand {i} dtype could not be cast from {} to {} according to the rule \
             '{rule}'",
            text(array.descr())?,
            text(seen)?
        )));
    }
    if writes(bits) && !can_cast(&to, &from, request.casting) {
        return Err(PyTypeError::new_err(format!(
            "Iterator requested dtype could not be cast from {} to {}, the operand {i} dtype, \
             according to the rule '{rule}'",
            text(seen)?,
            text(array.descr())?
        )));
    }
    Ok(true)
}

/// The last steps, where arrays are made.
struct Maker<'py> {
    py: Python<'py>,
    request: Request<'py>,
    mapping: Mapping,
    plan: AxisPlan,
    casts: Vec<bool>,
}

impl<'py> Maker<'py> {
    fn finish(mut self) -> PyResult<NdIter> {
        if self.request.flags & global::COPY_IF_OVERLAP != 0 {
            self.break_overlaps()?;
        }
        for i in 0..self.request.ops.len() {
            if self.request.ops[i].is_none() {
                self.allocate(i)?;
            } else {
                self.copy_if_asked(i)?;
            }
        }
        self.check_masks()?;
        let walk = self.walk()?;
        self.check_contiguous(&walk)?;
        let bits = self.request.flags;
        let mut made = NdIter {
            needs_api: self.needs_api(),
            flags: bits,
            op_flags: self.request.op_flags,
            operands: self
                .request
                .ops
                .into_iter()
                .flatten()
                .map(Bound::unbind)
                .collect(),
            dtypes: self.request.dtypes.into_iter().flatten().collect(),
            walk,
            buffers: None,
            delayed: bits & global::BUFFERED != 0 && bits & global::DELAY_BUFALLOC != 0,
            reduces: self.mapping.reduces,
            casts: self.casts,
            buffersize: usize::try_from(self.request.buffersize).unwrap_or(0),
        };
        if made.buffersize == 0 {
            made.buffersize = BUFFER_ITEMS;
        }
        made.plan_buffers(self.py)?;
        if bits & global::EXTERNAL_LOOP != 0 && made.buffers.is_none() {
            made.walk.set_external();
        }
        if made.buffers.is_some() && !made.delayed {
            made.reset(self.py)?;
        }
        Ok(made)
    }

    fn needs_api(&self) -> bool {
        let mut descrs = self
            .request
            .dtypes
            .iter()
            .flatten()
            .map(|d| d.as_ptr().cast());
        let mut own = self
            .request
            .ops
            .iter()
            .flatten()
            .map(|o| ArrayRef::of(o).descr());
        descrs.any(descr::has_objects) || own.any(descr::has_objects)
    }

    /// Copies written operands that share memory with one that is read.
    fn break_overlaps(&mut self) -> PyResult<()> {
        let bits = self.request.op_flags.clone();
        for w in 0..bits.len() {
            let clash = {
                let Some(a) = &self.request.ops[w] else {
                    continue;
                };
                writes(bits[w])
                    && (0..bits.len())
                        .filter(|&r| r != w && reads(bits[r]))
                        .any(|r| {
                            let elementwise = bits[w] & bits[r] & op::ELEMENTWISE != 0;
                            let b = self.request.ops[r].as_ref();
                            b.is_some_and(|b| overlaps(a, b, elementwise))
                        })
            };
            if clash {
                self.replace(w)?;
            }
        }
        Ok(())
    }

    /// Byte strides of a fresh array over some axes of the iterator, in the order of iteration.
    fn strides(&self, axes: &[Axis], shape: &[usize], itemsize: usize) -> Vec<isize> {
        let mut strides = vec![0; shape.len()];
        let mut step = itemsize as isize;
        let mut put = |k: usize| {
            strides[k] = step;
            step = step.wrapping_mul(shape[k].max(1) as isize);
        };
        let mut mapped = vec![false; shape.len()];
        for &(axis, _) in self.plan.iter().rev() {
            if let Axis::Of(k) = axes[axis] {
                mapped[k] = true;
                put(k);
            }
        }
        (0..shape.len()).rev().filter(|&k| !mapped[k]).for_each(put);
        strides
    }

    /// Makes an operand that was not given.
    fn allocate(&mut self, i: usize) -> PyResult<()> {
        let axes = &self.mapping.axes[i];
        let ndim = axes.len();
        let own = axes.iter().filter(|a| matches!(a, Axis::Of(_))).count();
        let mut shape = vec![None; own];
        for (a, axis) in axes.iter().enumerate() {
            let Axis::Of(k) = *axis else { continue };
            let wrong = "automatically allocated output array specified with an inconsistent axis \
                         mapping; the axis mapping";
            if k >= ndim {
                return Err(PyValueError::new_err(format!(
                    "{wrong} cannot include dimension {k} which is too large for the iterator \
                     dimension of {ndim}."
                )));
            }
            if k >= own {
                let gap = (0..k).find(|d| !axes.contains(&Axis::Of(*d))).unwrap_or(0);
                return Err(PyValueError::new_err(format!(
                    "{wrong} is missing an entry for dimension {gap}."
                )));
            }
            shape[k] = Some(self.mapping.shape[a]);
        }
        let shape: Vec<usize> = shape.into_iter().flatten().collect();
        let Some(descr) = self.request.dtypes[i]
            .as_ref()
            .map(|d| d.clone_ref(self.py))
        else {
            return Ok(());
        };
        let raw: *mut Descr = descr.as_ptr().cast();
        let strides = self.strides(axes, &shape, dtype_of(raw).size);
        let proto = self.prototype(i);
        let made = match &proto {
            Some(p) => array::empty_like(ArrayRef::of(p), raw, &shape, Some(&strides), true)?,
            None => array::make(
                self.py,
                Spec {
                    strides: Some(&strides),
                    ..Spec::new(raw, &shape)
                },
            )?,
        };
        if dtype_of(raw).subarray().is_none() {
            // A dtype without length has got one.
            self.request.dtypes[i] = Some(ArrayRef::of(&made).dtype_object().unbind());
        }
        self.request.ops[i] = Some(made);
        Ok(())
    }

    /// The operand whose type a fresh one takes: the highest `__array_priority__` of a subclass.
    fn prototype(&self, i: usize) -> Option<Bound<'py, PyAny>> {
        if self.request.op_flags[i] & op::NO_SUBTYPE != 0 {
            return None;
        }
        let rank = |ob: &Bound<'py, PyAny>| {
            let p = ob.getattr(intern!(self.py, "__array_priority__"));
            p.and_then(|p| p.extract::<f64>()).unwrap_or(0.0)
        };
        let mut best: Option<(f64, &Bound<'py, PyAny>)> = None;
        for (k, ob) in self.request.ops.iter().enumerate() {
            let Some(ob) = ob.as_ref().filter(|_| k != i) else {
                continue;
            };
            let p = rank(ob);
            if best.is_none_or(|(q, _)| p > q) {
                best = Some((p, ob));
            }
        }
        best.map(|(_, ob)| ob.clone())
            .filter(|ob| !ArrayRef::of(ob).is_exact())
    }

    /// Puts a copy in the operand's place, to be written back if it is written.
    fn replace(&mut self, i: usize) -> PyResult<()> {
        let (Some(ob), Some(descr)) = (&self.request.ops[i], &self.request.dtypes[i]) else {
            return Ok(());
        };
        let old = ArrayRef::of(ob);
        let raw: *mut Descr = descr.as_ptr().cast();
        let strides = self.strides(&self.mapping.axes[i], old.shape(), dtype_of(raw).size);
        let made = array::make(
            self.py,
            Spec {
                strides: Some(&strides),
                ..Spec::new(raw, old.shape())
            },
        )?;
        let bits = self.request.op_flags[i];
        if reads(bits) {
            assign::assign(ArrayRef::of(&made), old)?;
        }
        if writes(bits) {
            writeback::attach(ArrayRef::of(&made), ob.clone())?;
        }
        self.casts[i] = false;
        self.request.ops[i] = Some(made);
        Ok(())
    }

    /// Copies an operand where its flags let it and a cast or alignment asks for it.
    fn copy_if_asked(&mut self, i: usize) -> PyResult<()> {
        let Some(ob) = &self.request.ops[i] else {
            return Ok(());
        };
        let (bits, array) = (self.request.op_flags[i], ArrayRef::of(ob));
        let crooked = bits & op::ALIGNED != 0 && !array.has(array_flags::ALIGNED);
        if !self.casts[i] && !crooked {
            return Ok(());
        }
        let may = bits & (op::COPY | op::UPDATEIFCOPY) != 0;
        if may || (!writes(bits) && array.ndim() == 0) {
            return self.replace(i);
        }
        if self.request.flags & global::BUFFERED == 0 {
            return Err(PyTypeError::new_err(
                "Iterator operand required copying or buffering, but neither copying nor \
                 buffering was enabled",
            ));
        }
        Ok(())
    }

    /// An operand's strides along the iterator's axes.
    fn along(&self, i: usize) -> Vec<isize> {
        let Some(ob) = &self.request.ops[i] else {
            return vec![0; self.mapping.shape.len()];
        };
        let a = ArrayRef::of(ob);
        strides_along(
            &self.mapping.axes[i],
            a.shape(),
            a.strides(),
            &self.mapping.shape,
        )
    }

    fn check_masks(&self) -> PyResult<()> {
        let bits = &self.request.op_flags;
        let Some(mask) = bits.iter().position(|f| f & op::ARRAYMASK != 0) else {
            return Ok(());
        };
        let moves = self.along(mask);
        for i in (0..bits.len()).filter(|&i| bits[i] & op::WRITEMASKED != 0) {
            if self.mapping.reduces[i] {
                check_mask(&moves, &self.along(i), &self.mapping.shape)?;
            }
        }
        Ok(())
    }

    fn walk(&self) -> PyResult<Walk> {
        let strides: Vec<Vec<isize>> = (0..self.request.ops.len()).map(|i| self.along(i)).collect();
        let ptrs = self
            .request
            .ops
            .iter()
            .flatten()
            .map(|o| ArrayRef::of(o).data());
        let ops: Vec<(*mut u8, &[isize])> = ptrs.zip(strides.iter().map(Vec::as_slice)).collect();
        let index = match self.request.flags {
            f if f & global::C_INDEX != 0 => Some(FlatIndex::C),
            f if f & global::F_INDEX != 0 => Some(FlatIndex::F),
            _ => None,
        };
        let multi = self.request.flags & global::MULTI_INDEX != 0;
        Walk::new(&self.mapping.shape, &ops, &self.plan, multi, index).or_raise(self.py)
    }

    fn check_contiguous(&self, walk: &Walk) -> PyResult<()> {
        if self.request.flags & global::BUFFERED != 0 || walk.size() <= 1 {
            return Ok(());
        }
        for (i, bits) in self.request.op_flags.iter().enumerate() {
            let size = self.request.ops[i]
                .as_ref()
                .map_or(0, |o| ArrayRef::of(o).itemsize());
            if bits & op::CONTIG != 0 && walk.inner_strides()[i] != size as isize {
                return Err(PyTypeError::new_err(
                    "Iterator operand required buffering, to be contiguous as requested, but \
                     buffering is not enabled",
                ));
            }
        }
        Ok(())
    }
}

/// Whether two operands share memory other than item on the same item.
fn overlaps(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>, elementwise: bool) -> bool {
    let (a, b) = (ArrayRef::of(a), ArrayRef::of(b));
    let (x, y) = (a.dtype(), b.dtype());
    let (x, y) = (a.view(&x), b.view(&y));
    let same = x.ptr == y.ptr && x.shape == y.shape && x.strides == y.strides && x.dtype == y.dtype;
    if elementwise && same && !overlap::has_internal_overlap(&x) {
        return false;
    }
    overlap::bounds_overlap(&x, &y) && overlap::solve(&x, &y, Some(1)) != Overlap::No
}

/// The buffers of an iterator.
pub(super) fn buffers(py: Python<'_>, it: &NdIter) -> Built<Buffers> {
    let bits = &it.op_flags;
    let uses: Vec<OpUse> = (0..it.nop())
        .map(|i| {
            let (read, write) = it.uses(i);
            let array = ArrayRef::from_bound(it.operands[i].bind(py));
            let crooked =
                bits[i] & op::ALIGNED != 0 && array.is_some_and(|a| !a.has(array_flags::ALIGNED));
            OpUse {
                read,
                write,
                masked: bits[i] & op::WRITEMASKED != 0,
                must: it.casts[i] || crooked,
                contiguous: bits[i] & op::CONTIG != 0,
                reduce: it.reduces[i],
            }
        })
        .collect();
    Buffers::new(
        &it.walk,
        &BufferSpec {
            memory: &it.memory_dtypes(py),
            seen: &it.seen_dtypes(),
            uses: &uses,
            mask: bits.iter().position(|f| f & op::ARRAYMASK != 0),
            size: it.buffersize,
            grow: it.flags & global::GROWINNER != 0,
        },
    )
}
