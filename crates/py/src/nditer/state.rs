//! The iterator itself: a walk, its buffers and the operands they stand on.

use super::flags::{global, reads, writes};
use crate::array::{from_view, writeback, ArrayRef, NDARRAY};
use crate::descr;
use crate::err::OrRaise;
use crate::layout::{flags as array_flags, Descr};
use numoxide_core::iter::{Buffers, Walk};
use numoxide_core::{DType, Error};
use pyo3::exceptions::{PyIndexError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;

/// A built iterator; closed by dropping it.
pub(crate) struct NdIter {
    /// Flags of the iterator.
    pub(crate) flags: u32,
    /// Flags of the operands.
    pub(crate) op_flags: Vec<u32>,
    /// The operands iterated over, copies and fresh arrays among them.
    pub(crate) operands: Vec<Py<PyAny>>,
    /// Dtypes of the values.
    pub(crate) dtypes: Vec<Py<PyAny>>,
    /// Places of the operands.
    pub(crate) walk: Walk,
    /// Buffers, if asked for.
    pub(crate) buffers: Option<Buffers>,
    /// The buffers wait for the first reset.
    pub(crate) delayed: bool,
    /// Stepping may run Python code.
    pub(crate) needs_api: bool,
    /// Operands that reduce.
    pub(crate) reduces: Vec<bool>,
    /// Operands seen in another dtype.
    pub(crate) casts: Vec<bool>,
    /// Most items of a buffer.
    pub(crate) buffersize: usize,
}

fn value_error(text: &str) -> PyErr {
    PyValueError::new_err(text.to_owned())
}

/// The error of looking at values before the first reset.
pub(super) fn still_delayed() -> PyErr {
    value_error(
        "Iterator construction used delayed buffer allocation, and no reset has been done yet",
    )
}

impl NdIter {
    /// Number of operands.
    pub(crate) fn nop(&self) -> usize {
        self.operands.len()
    }

    /// Whether the caller loops over the inner axis.
    pub(crate) fn external(&self) -> bool {
        self.flags & global::EXTERNAL_LOOP != 0
    }

    /// The place in the order of iteration.
    pub(crate) fn iterindex(&self) -> usize {
        match &self.buffers {
            Some(b) if b.allocated() => b.at(),
            _ => self.walk.at(),
        }
    }

    /// Pointers to the current items.
    pub(crate) fn ptrs(&self) -> &[*mut u8] {
        match &self.buffers {
            Some(b) if b.allocated() => b.ptrs(),
            _ => self.walk.ptrs(),
        }
    }

    /// Byte strides and length of the inner loop.
    pub(crate) fn inner(&self) -> (&[isize], usize) {
        match &self.buffers {
            Some(b) => (b.strides(), b.run_len()),
            None => (self.walk.inner_strides(), self.walk.inner_len()),
        }
    }

    /// Goes back to the start, writing buffers back.
    pub(crate) fn reset(&mut self, py: Python<'_>) -> PyResult<()> {
        self.try_reset().or_raise(py)
    }

    /// As [`NdIter::reset`], without the interpreter unless a cast needs it.
    pub(crate) fn try_reset(&mut self) -> Result<(), Error> {
        self.delayed = false;
        let start = self.walk.range().start;
        if let Some(b) = &mut self.buffers {
            b.flush(&mut self.walk)?;
            self.walk.reset();
            if !self.walk.finished() {
                b.fill(&mut self.walk, start)?;
            }
        } else {
            self.walk.reset();
        }
        Ok(())
    }

    /// Steps on; false at the end.
    pub(crate) fn iternext(&mut self, py: Python<'_>) -> PyResult<bool> {
        match &self.buffers {
            Some(_) if self.delayed => Err(still_delayed()),
            _ => self.try_next().or_raise(py),
        }
    }

    /// As [`NdIter::iternext`], without the interpreter unless a cast needs it.
    pub(crate) fn try_next(&mut self) -> Result<bool, Error> {
        let external = self.external();
        match &mut self.buffers {
            Some(b) => b.step(&mut self.walk, external),
            None => Ok(self.walk.step()),
        }
    }

    /// Goes to a place in the order of iteration.
    pub(crate) fn goto(&mut self, py: Python<'_>, at: isize) -> PyResult<()> {
        if self.external() {
            return Err(value_error(
                "Cannot call GotoIterIndex on an iterator which has the flag EXTERNAL_LOOP",
            ));
        }
        let place = usize::try_from(at).ok();
        let Some(place) = place.filter(|p| self.walk.range().contains(p)) else {
            return Err(PyIndexError::new_err(
                "Iterator GotoIterIndex called with an iterindex outside the iteration range.",
            ));
        };
        match &mut self.buffers {
            Some(_) if self.delayed => Err(still_delayed()),
            Some(b) => b.goto(&mut self.walk, place).or_raise(py),
            None => {
                self.walk.goto(place);
                Ok(())
            }
        }
    }

    /// Goes to a multi-index.
    pub(crate) fn goto_multi_index(&mut self, index: &[isize]) -> PyResult<()> {
        if self.buffers.is_some() {
            return Err(value_error(
                "Cannot call GotoMultiIndex on an iterator which is buffered",
            ));
        }
        if self.walk.goto_multi_index(index) {
            return Ok(());
        }
        Err(PyIndexError::new_err(
            "Iterator GotoMultiIndex called with an out-of-bounds multi-index",
        ))
    }

    /// Goes to a flat index.
    pub(crate) fn goto_index(&mut self, index: isize) -> PyResult<()> {
        if self.buffers.is_some() {
            return Err(value_error(
                "Cannot call GotoIndex on an iterator which is buffered",
            ));
        }
        let inside = usize::try_from(index).is_ok_and(|i| self.walk.goto_index(i));
        if inside {
            return Ok(());
        }
        Err(PyIndexError::new_err(
            "Iterator GotoIndex called with an out-of-bounds index",
        ))
    }

    /// Limits the iteration to a range of places and goes to its start.
    pub(crate) fn set_range(&mut self, py: Python<'_>, start: isize, end: isize) -> PyResult<()> {
        self.try_set_range(start, end).or_raise(py)
    }

    /// As [`NdIter::set_range`], without the interpreter unless a cast needs it.
    pub(crate) fn try_set_range(&mut self, start: isize, end: isize) -> Result<(), Error> {
        let fail = |text: String| Err(Error::Value(text));
        if self.flags & global::RANGED == 0 {
            return fail(
                "Cannot call ResetToIterIndexRange on an iterator without requesting ranged \
                 iteration support in the constructor"
                    .into(),
            );
        }
        let size = self.walk.size() as isize;
        if start < 0 || end > size {
            return fail(format!(
                "Out-of-bounds range [{start}, {end}) passed to ResetToIterIndexRange"
            ));
        }
        if end < start {
            return fail(format!(
                "Invalid range [{start}, {end}) passed to ResetToIterIndexRange"
            ));
        }
        if let Some(b) = &mut self.buffers {
            b.flush(&mut self.walk)?;
        }
        self.walk.set_range(start as usize..end as usize);
        self.try_reset()
    }

    /// Brings the walk to the current item, where buffers have left it behind.
    pub(super) fn sync(&mut self) {
        let at = self.iterindex();
        if self.buffers.is_some() && self.walk.at() != at {
            self.walk.goto(at);
        }
    }

    /// Drops an axis of the multi-index.
    pub(crate) fn remove_axis(&mut self, axis: isize) -> PyResult<()> {
        let fail = |text: &str| Err(PyRuntimeError::new_err(text.to_owned()));
        if !self.walk.has_multi_index() {
            return fail(
                "Iterator RemoveAxis may only be called if a multi-index is being tracked",
            );
        }
        if self.walk.has_index() {
            return fail("Iterator RemoveAxis may not be called on an index is being tracked");
        }
        if self.buffers.is_some() {
            return fail("Iterator RemoveAxis may not be called on a buffered iterator");
        }
        match usize::try_from(axis) {
            Ok(a) if a < self.walk.ndim() => {
                self.walk.remove_axis(a);
                Ok(())
            }
            _ => Err(value_error("axis out of bounds in iterator RemoveAxis")),
        }
    }

    /// Stops tracking the multi-index.
    pub(crate) fn remove_multi_index(&mut self, py: Python<'_>) -> PyResult<()> {
        if !self.walk.has_multi_index() {
            return Ok(());
        }
        self.flags &= !global::MULTI_INDEX;
        if let Some(b) = &mut self.buffers {
            b.flush(&mut self.walk).or_raise(py)?;
        }
        self.walk.remove_multi_index();
        self.plan_buffers(py)?;
        if self.delayed {
            return Ok(());
        }
        self.reset(py)
    }

    /// Leaves the inner loop to the caller.
    pub(crate) fn enable_external_loop(&mut self, py: Python<'_>) -> PyResult<()> {
        if self.walk.has_multi_index() || self.walk.has_index() {
            return Err(value_error(
                "Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being \
                 tracked",
            ));
        }
        if !self.external() {
            self.flags |= global::EXTERNAL_LOOP;
            if self.buffers.is_none() {
                self.walk.set_external();
            }
        }
        self.reset(py)
    }

    /// Plans buffers over the walk as it is now.
    pub(super) fn plan_buffers(&mut self, py: Python<'_>) -> PyResult<()> {
        if self.flags & global::BUFFERED == 0 {
            return Ok(());
        }
        self.buffers = Some(super::build::buffers(py, self).or_raise(py)?);
        Ok(())
    }

    /// Moves the operands to other memory: the inner iterators of a nest.
    pub(crate) fn rebase(&mut self, py: Python<'_>, first_items: &[*mut u8]) -> PyResult<()> {
        self.try_rebase(first_items).or_raise(py)
    }

    /// As [`NdIter::rebase`], without the interpreter unless a cast needs it.
    pub(crate) fn try_rebase(&mut self, first_items: &[*mut u8]) -> Result<(), Error> {
        if let Some(b) = &mut self.buffers {
            b.flush(&mut self.walk)?;
        }
        self.walk.rebase(first_items);
        self.try_reset()
    }

    /// A view of a whole operand in the order of iteration; not for buffered iterators.
    pub(crate) fn whole_view<'py>(&self, py: Python<'py>, i: usize) -> PyResult<Bound<'py, PyAny>> {
        let strides: Vec<isize> = (0..self.walk.ndim())
            .map(|a| self.walk.stride(a, i))
            .collect();
        let first = self.walk.first_ptrs()[i];
        let owner = self.operands[i].bind(py);
        self.view(py, i, self.walk.lengths(), &strides, first, owner)
    }

    /// Whether an operand's current item is visited for the first time, where it stands still along
    /// some axes.
    pub(crate) fn is_first_visit(&mut self, i: usize) -> bool {
        self.sync();
        let coords = self.walk.coords().iter().enumerate();
        let mut still = coords.filter(|(axis, _)| self.walk.stride(*axis, i) == 0);
        still.all(|(_, at)| *at == 0)
    }

    /// The state as text.
    pub(crate) fn dump(&self, py: Python<'_>) -> PyResult<String> {
        super::dump::text(py, self)
    }

    /// An iterator at the same place over the same operands.
    pub(crate) fn duplicate(&self, py: Python<'_>) -> PyResult<NdIter> {
        let mut twin = NdIter {
            flags: self.flags,
            op_flags: self.op_flags.clone(),
            operands: self.operands.iter().map(|o| o.clone_ref(py)).collect(),
            dtypes: self.dtypes.iter().map(|d| d.clone_ref(py)).collect(),
            walk: self.walk.clone(),
            buffers: self.buffers.as_ref().map(Buffers::fresh),
            delayed: self.delayed,
            needs_api: self.needs_api,
            reduces: self.reduces.clone(),
            casts: self.casts.clone(),
            buffersize: self.buffersize,
        };
        let at = self.iterindex();
        if let (Some(b), false) = (&mut twin.buffers, self.delayed) {
            if at < twin.walk.range().end {
                b.fill(&mut twin.walk, at).or_raise(py)?;
            }
        }
        Ok(twin)
    }

    /// The value of an operand: 0-d, or the inner loop as one axis.
    pub(super) fn value<'py>(
        &self,
        py: Python<'py>,
        i: usize,
        owner: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (strides, len) = self.inner();
        let (shape, strides) = match self.external() {
            true => (&[len][..], &strides[i..=i]),
            false => (&[][..], &[][..]),
        };
        self.view(py, i, shape, strides, self.ptrs()[i], owner)
    }

    /// An array over an operand's items, of the dtype that values have.
    pub(super) fn view<'py>(
        &self,
        py: Python<'py>,
        i: usize,
        shape: &[usize],
        strides: &[isize],
        data: *mut u8,
        owner: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bits = if writes(self.op_flags[i]) {
            array_flags::WRITEABLE
        } else {
            0
        };
        let descr: *mut Descr = self.dtypes[i].as_ptr().cast();
        from_view(
            py,
            NDARRAY.get(),
            descr,
            shape,
            strides,
            data,
            bits,
            Some(owner),
        )
    }

    /// Writes everything back: buffers, then copies into the operands they stand for.
    pub(crate) fn close(&mut self, py: Python<'_>) -> PyResult<()> {
        let flushed = match &mut self.buffers {
            Some(b) => b.flush(&mut self.walk).or_raise(py),
            None => Ok(()),
        };
        self.buffers = None;
        let mut outcome = flushed;
        for ob in &self.operands {
            let ob = ob.bind(py);
            if let Some(array) = ArrayRef::from_bound(ob) {
                let done = writeback::resolve(array).map(|_| ());
                outcome = outcome.and(done);
            }
        }
        outcome
    }

    /// Whether a copy still waits to be written back.
    pub(super) fn has_pending(&self, py: Python<'_>) -> bool {
        self.operands.iter().any(|ob| {
            let array = ArrayRef::from_bound(ob.bind(py));
            array.is_some_and(|a| a.has(array_flags::WRITEBACKIFCOPY))
        })
    }

    /// Engine dtypes of the values.
    pub(super) fn seen_dtypes(&self) -> Vec<DType> {
        self.dtypes
            .iter()
            .map(|d| descr::dtype_of(d.as_ptr().cast()))
            .collect()
    }

    /// Engine dtypes of the operands' memory.
    pub(super) fn memory_dtypes(&self, py: Python<'_>) -> Vec<DType> {
        let seen = self.seen_dtypes();
        self.operands
            .iter()
            .zip(seen)
            .zip(&self.casts)
            .map(
                |((ob, seen), &cast)| match ArrayRef::from_bound(ob.bind(py)) {
                    Some(array) if cast => array.dtype(),
                    _ => seen,
                },
            )
            .collect()
    }

    /// Whether items are read and written.
    pub(crate) fn uses(&self, i: usize) -> (bool, bool) {
        (reads(self.op_flags[i]), writes(self.op_flags[i]))
    }
}

/// The error for an engine without memory or casts.
pub(super) type Built<T> = Result<T, Error>;
