//! `NpyIter`: the iterator of the C interface, around the one behind `numpy.nditer`.
//!
//! C code keeps the addresses of pointers, strides and lengths and reads them after each step, so they
//! have a place of their own that every move writes anew. Steps and resets run without the interpreter
//! lock where the caller says so.

use super::api::{api, bare, casting, list, opt, order, Done, Nothing, Obj, Ptr};
use crate::err::to_py;
use crate::nditer::{build, global, NdIter, Request};
use numoxide_core::{Error, Result};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_char, c_int, CString};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// An iterator with what C code reads of it.
pub(super) struct NpyIter {
    it: NdIter,
    ptrs: Vec<*mut u8>,
    first: Vec<*mut u8>,
    strides: Vec<isize>,
    axis: Vec<isize>,
    len: isize,
    index: isize,
    operands: Vec<Obj>,
    dtypes: Vec<Obj>,
}

type Iter = *mut NpyIter;
type Next = unsafe extern "C" fn(Iter) -> c_int;
type GetIndex = unsafe extern "C" fn(Iter, *mut isize);

impl NpyIter {
    fn new(it: NdIter) -> Box<NpyIter> {
        let operands = it.operands.iter().map(|o| o.as_ptr()).collect();
        let dtypes = it.dtypes.iter().map(|d| d.as_ptr()).collect();
        let nop = it.nop();
        let mut made = Box::new(NpyIter {
            ptrs: vec![std::ptr::null_mut(); nop],
            first: it.walk.first_ptrs().to_vec(),
            strides: vec![0; nop],
            axis: vec![0; nop],
            len: 0,
            index: 0,
            operands,
            dtypes,
            it,
        });
        made.publish();
        made
    }

    /// Writes pointers, strides and lengths where C code looks for them.
    fn publish(&mut self) {
        self.ptrs.copy_from_slice(self.it.ptrs());
        let (strides, len) = self.it.inner();
        self.strides.copy_from_slice(&strides[..self.ptrs.len()]);
        // An empty range has no run, whatever the buffers held before.
        let empty = self.it.walk.range().is_empty() && self.it.buffers.is_some();
        self.len = if empty { 0 } else { len as isize };
        if let Some(index) = self.it.walk.index() {
            self.index = index as isize;
        }
    }

    /// Does something without the interpreter and publishes the outcome.
    fn moved<R>(&mut self, body: impl FnOnce(&mut NdIter) -> Result<R>) -> Result<R> {
        let done = catch_unwind(AssertUnwindSafe(|| body(&mut self.it)))
            .unwrap_or_else(|_| Err(Error::Runtime("internal error in an iterator".into())));
        self.publish();
        done
    }
}

/// Reports an error as a text if the caller has room for one, else as an exception, taking the lock.
unsafe fn report(error: Error, text: *mut *const c_char) -> c_int {
    // SAFETY: `text` is NULL or a pointer to fill; the lock is taken before the interpreter is used.
    unsafe {
        if text.is_null() {
            let state = ffi::PyGILState_Ensure();
            let py = Python::assume_attached();
            to_py(py, error).restore(py);
            ffi::PyGILState_Release(state);
        } else {
            // Texts are few and short; nobody could tell when one may be freed.
            *text = CString::new(error.to_string())
                .unwrap_or_default()
                .into_raw();
        }
    }
    0
}

/// A step; 0 at the end or on an error.
unsafe extern "C" fn next(it: Iter) -> c_int {
    // SAFETY: a live iterator, used by one thread.
    unsafe {
        match (*it).moved(NdIter::try_next) {
            Ok(more) => c_int::from(more),
            Err(e) => report(e, std::ptr::null_mut()),
        }
    }
}

unsafe extern "C" fn multi_index(it: Iter, out: *mut isize) {
    // SAFETY: a live iterator; room for an index of each axis.
    unsafe {
        for (i, n) in (*it)
            .it
            .walk
            .multi_index()
            .into_iter()
            .flatten()
            .enumerate()
        {
            *out.add(i) = n as isize;
        }
    }
}

/// What `NpyIter_AdvancedNew` gets.
struct Wanted {
    nop: c_int,
    operands: *const Obj,
    flags: u32,
    order: c_int,
    casting: c_int,
    op_flags: *const u32,
    dtypes: *const Obj,
    ndim: c_int,
    axes: *const *const c_int,
    shape: *const isize,
    buffersize: isize,
}

unsafe fn new(py: Python<'_>, w: &Wanted) -> PyResult<Ptr<NpyIter>> {
    // SAFETY: lists of the counts given, by the C API's contract; lists may be NULL where said so.
    unsafe {
        let n = w.nop.max(0) as usize;
        let operands = list(w.operands, w.nop);
        let dtype = |i: usize| match w.dtypes.is_null() {
            true => None,
            false => opt(py, *w.dtypes.add(i)).map(Bound::unbind),
        };
        let axes = |i: usize| {
            let own = *w.axes.add(i);
            (!own.is_null()).then(|| list(own, w.ndim).iter().map(|a| *a as isize).collect())
        };
        let has_axes = w.ndim >= 0 && !w.axes.is_null();
        let has_shape = w.ndim >= 0 && !w.shape.is_null();
        let request = Request {
            ops: operands.iter().map(|ob| opt(py, *ob)).collect(),
            flags: w.flags & 0xffff,
            op_flags: list(w.op_flags, w.nop).to_vec(),
            dtypes: (0..n).map(dtype).collect(),
            order: order(w.order),
            casting: casting(w.casting)?,
            op_axes: has_axes.then(|| (0..n).map(axes).collect()),
            itershape: has_shape.then(|| list(w.shape, w.ndim).to_vec()),
            buffersize: w.buffersize,
        };
        let it = build(py, request)?;
        Ok(Ptr(Box::into_raw(NpyIter::new(it))))
    }
}

api! {
    /// Making, copying and freeing iterators, and moves that need the interpreter.
    MANAGED:
    226 NpyIter_AdvancedNew(
        nop: c_int, operands: *const Obj, flags: u32, order: c_int, casting: c_int,
        op_flags: *const u32, dtypes: *const Obj, ndim: c_int, axes: *const *const c_int,
        shape: *const isize, buffersize: isize,
    ) -> Iter = |py| new(py, &Wanted {
        nop, operands, flags, order, casting, op_flags, dtypes, ndim, axes, shape, buffersize,
    });
    225 NpyIter_MultiNew(
        nop: c_int, operands: *const Obj, flags: u32, order: c_int, casting: c_int,
        op_flags: *const u32, dtypes: *const Obj,
    ) -> Iter = |py| new(py, &Wanted {
        nop, operands, flags, order, casting, op_flags, dtypes,
        ndim: -1, axes: std::ptr::null(), shape: std::ptr::null(), buffersize: 0,
    });
    224 NpyIter_New(operand: Obj, flags: u32, order: c_int, casting: c_int, dtype: Obj) -> Iter = |py| {
        let (operands, dtypes, bits) = ([operand], [dtype], [flags & 0xffff_0000]);
        new(py, &Wanted {
            nop: 1, operands: operands.as_ptr(), flags, order, casting, op_flags: bits.as_ptr(),
            dtypes: dtypes.as_ptr(), ndim: -1, axes: std::ptr::null(), shape: std::ptr::null(),
            buffersize: 0,
        })
    };
    227 NpyIter_Copy(it: Iter) -> Iter = |py| {
        Ok(Ptr(Box::into_raw(NpyIter::new((*it).it.duplicate(py)?))))
    };
    228 NpyIter_Deallocate(it: Iter) -> c_int = |py| {
        if it.is_null() {
            return PyResult::Ok(Done);
        }
        // An exception of the caller's survives the writing back.
        let before = PyErr::take(py);
        let closed = Box::from_raw(it).it.close(py);
        match before {
            Some(e) => {
                e.restore(py);
                PyResult::Ok(Done)
            }
            None => closed.map(|()| Done),
        }
    };
    231 NpyIter_EnableExternalLoop(it: Iter) -> c_int = |py| changed(py, it, NdIter::enable_external_loop);
    243 NpyIter_GotoIterIndex(it: Iter, at: isize) -> c_int = |py| changed(py, it, |i, py| i.goto(py, at));
    247 NpyIter_GotoMultiIndex(it: Iter, index: *const isize) -> c_int = |py| {
        let n = (*it).it.walk.ndim() as c_int;
        changed(py, it, |i, _| i.goto_multi_index(list(index, n)))
    };
    254 NpyIter_GotoIndex(it: Iter, index: isize) -> c_int = |py| changed(py, it, |i, _| i.goto_index(index));
    248 NpyIter_RemoveMultiIndex(it: Iter) -> c_int = |py| changed(py, it, NdIter::remove_multi_index);
    264 NpyIter_RemoveAxis(it: Iter, axis: c_int) -> c_int = |py| {
        changed(py, it, |i, _| i.remove_axis(axis as isize))
    };
    258 NpyIter_GetIterView(it: Iter, i: isize) -> Obj = |py| {
        (*it).it.whole_view(py, i as usize)
    };
    261 NpyIter_DebugPrint(it: Iter) = |py| {
        let text = (*it).it.dump(py)?;
        py.import("sys")?.getattr("stdout")?.call_method1("write", (text,))?;
        PyResult::Ok(Nothing)
    };
    268 NpyIter_CreateCompatibleStrides(it: Iter, itemsize: isize, out: *mut isize) -> c_int = |_py| {
        compatible_strides(&(*it).it, itemsize, out)
    };
    246 NpyIter_GetGetMultiIndex(it: Iter, _text: *mut *const c_char) -> *mut std::ffi::c_void = |_py| {
        if !(*it).it.walk.has_multi_index() {
            return Err(pyo3::exceptions::PyValueError::new_err(
                "Cannot retrieve a GetMultiIndex function for an iterator that doesn't track a multi-index.",
            ));
        }
        Ok(Ptr(multi_index as GetIndex as *mut std::ffi::c_void))
    };
}

/// A change of the iterator, published afterwards.
unsafe fn changed(
    py: Python<'_>,
    it: Iter,
    body: impl FnOnce(&mut NdIter, Python<'_>) -> PyResult<()>,
) -> PyResult<Done> {
    // SAFETY: a live iterator by the C API's contract.
    unsafe {
        let done = body(&mut (*it).it, py);
        (*it).publish();
        done.map(|()| Done)
    }
}

/// Strides of a new operand whose items lie in the order of iteration.
unsafe fn compatible_strides(it: &NdIter, itemsize: isize, out: *mut isize) -> PyResult<Done> {
    let Some(axes) = it.walk.axes() else {
        return Err(pyo3::exceptions::PyRuntimeError::new_err(
            "Iterator CreateCompatibleStrides may only be called if a multi-index is being tracked",
        ));
    };
    let mut stride = itemsize;
    for (k, (axis, turned)) in axes.iter().enumerate().rev() {
        if *turned {
            return Err(pyo3::exceptions::PyRuntimeError::new_err(
                "Iterator CreateCompatibleStrides may only be called if DONT_NEGATE_STRIDES was used \
                 to prevent reverse iteration of an axis",
            ));
        }
        // SAFETY: room for a stride of each axis, by the C API's contract.
        unsafe { *out.add(*axis) = stride };
        stride *= it.walk.lengths()[k] as isize;
    }
    Ok(Done)
}

bare! {
    /// What is read of iterators, and moves that need no interpreter.
    FREE:
    234 NpyIter_Reset(it: Iter, text: *mut *const c_char) -> c_int = {
        match (*it).moved(NdIter::try_reset) {
            Ok(()) => 1,
            Err(e) => report(e, text),
        }
    };
    235 NpyIter_ResetBasePointers(it: Iter, first: *const *mut u8, text: *mut *const c_char) -> c_int = {
        let n = (*it).ptrs.len() as c_int;
        match (*it).moved(|i| i.try_rebase(list(first, n))) {
            Ok(()) => 1,
            Err(e) => report(e, text),
        }
    };
    236 NpyIter_ResetToIterIndexRange(it: Iter, start: isize, end: isize, text: *mut *const c_char) -> c_int = {
        match (*it).moved(|i| i.try_set_range(start, end)) {
            Ok(()) => 1,
            Err(e) => report(e, text),
        }
    };
    239 NpyIter_GetIterNext(_it: Iter, _text: *mut *const c_char) -> Next = next as Next;
    229 NpyIter_HasDelayedBufAlloc(it: Iter) -> u8 = u8::from((*it).it.delayed);
    230 NpyIter_HasExternalLoop(it: Iter) -> u8 = u8::from((*it).it.external());
    232 NpyIter_GetInnerStrideArray(it: Iter) -> *mut isize = (*it).strides.as_mut_ptr();
    233 NpyIter_GetInnerLoopSizePtr(it: Iter) -> *mut isize = &raw mut (*it).len;
    237 NpyIter_GetNDim(it: Iter) -> c_int = (*it).it.walk.ndim() as c_int;
    238 NpyIter_GetNOp(it: Iter) -> c_int = (*it).ptrs.len() as c_int;
    240 NpyIter_GetIterSize(it: Iter) -> isize = (*it).it.walk.size() as isize;
    241 NpyIter_GetIterIndexRange(it: Iter, start: *mut isize, end: *mut isize) = {
        let range = (*it).it.walk.range();
        *start = range.start as isize;
        *end = range.end as isize;
    };
    242 NpyIter_GetIterIndex(it: Iter) -> isize = (*it).it.iterindex() as isize;
    244 NpyIter_HasMultiIndex(it: Iter) -> u8 = u8::from((*it).it.walk.has_multi_index());
    245 NpyIter_GetShape(it: Iter, out: *mut isize) -> c_int = {
        for (i, n) in (*it).it.walk.shape().iter().enumerate() {
            *out.add(i) = *n as isize;
        }
        1
    };
    249 NpyIter_HasIndex(it: Iter) -> u8 = u8::from((*it).it.walk.has_index());
    250 NpyIter_IsBuffered(it: Iter) -> u8 = u8::from((*it).it.buffers.is_some());
    251 NpyIter_IsGrowInner(it: Iter) -> u8 = u8::from((*it).it.flags & global::GROWINNER != 0);
    252 NpyIter_GetBufferSize(it: Iter) -> isize = {
        if (*it).it.buffers.is_some() { (*it).it.buffersize as isize } else { 0 }
    };
    253 NpyIter_GetIndexPtr(it: Iter) -> *mut isize = {
        if (*it).it.walk.has_index() { &raw mut (*it).index } else { std::ptr::null_mut() }
    };
    255 NpyIter_GetDataPtrArray(it: Iter) -> *mut *mut u8 = (*it).ptrs.as_mut_ptr();
    256 NpyIter_GetDescrArray(it: Iter) -> *mut Obj = (*it).dtypes.as_mut_ptr();
    257 NpyIter_GetOperandArray(it: Iter) -> *mut Obj = (*it).operands.as_mut_ptr();
    259 NpyIter_GetReadFlags(it: Iter, out: *mut c_char) = {
        for i in 0..(*it).ptrs.len() {
            *out.add(i) = (*it).it.uses(i).0.into();
        }
    };
    260 NpyIter_GetWriteFlags(it: Iter, out: *mut c_char) = {
        for i in 0..(*it).ptrs.len() {
            *out.add(i) = (*it).it.uses(i).1.into();
        }
    };
    262 NpyIter_IterationNeedsAPI(it: Iter) -> u8 = u8::from((*it).it.needs_api);
    223 NpyIter_GetTransferFlags(it: Iter) -> c_int = if (*it).it.needs_api { 2 } else { 0 };
    263 NpyIter_GetInnerFixedStrideArray(it: Iter, out: *mut isize) = {
        for (i, s) in (*it).strides.iter().enumerate() {
            // Buffers of the last chunk may look otherwise.
            *out.add(i) = if (*it).it.buffers.is_some() { isize::MAX } else { *s };
        }
    };
    265 NpyIter_GetAxisStrideArray(it: Iter, axis: c_int) -> *mut isize = {
        let own = &mut *it;
        let place = match own.it.walk.axes() {
            Some(axes) => axes.iter().position(|(a, _)| *a == axis as usize),
            None => Some(axis as usize).filter(|a| *a < own.it.walk.ndim()),
        };
        match place {
            Some(at) => {
                let turned = own.it.walk.axes().is_some_and(|axes| axes[at].1);
                for (i, slot) in own.axis.iter_mut().enumerate() {
                    let s = own.it.walk.stride(at, i);
                    *slot = if turned { -s } else { s };
                }
                own.axis.as_mut_ptr()
            }
            None => std::ptr::null_mut(),
        }
    };
    266 NpyIter_RequiresBuffering(it: Iter) -> u8 = {
        u8::from((*it).it.casts.contains(&true))
    };
    267 NpyIter_GetInitialDataPtrArray(it: Iter) -> *mut *mut u8 = {
        let own = &mut *it;
        own.first.copy_from_slice(own.it.walk.first_ptrs());
        own.first.as_mut_ptr()
    };
    281 NpyIter_IsFirstVisit(it: Iter, op: c_int) -> u8 = {
        u8::from((*it).it.is_first_visit(op as usize))
    };
}
