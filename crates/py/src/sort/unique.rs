//! `_unique_counted`: distinct integers by counting.

use super::bins::items;
use crate::args::{CallArgs, Sig};
use crate::array::{empty, ArrayRef};
use crate::convert::truth;
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::gil::released_if;
use crate::layout::flags;
use crate::slots::Module;
use numoxide_core::pool::threads;
use numoxide_core::TypeNum;
use numoxide_kernels::sort::unique;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::Mutex;

static UNIQUE: Sig = Sig::new("_unique_counted", &["ar", "index", "inverse", "counts"], 1);

/// `_unique_counted(ar, index=False, inverse=False, counts=False)`: the rising distinct values and
/// what is asked for; None where counting is not the way.
pub(super) fn counted<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [ar, index, inverse, counts] = args.parse(&UNIQUE)?;
    let none = || Ok(py.None().into_bound(py));
    let Some(a) = ar.and_then(ArrayRef::from_any) else {
        return Err(PyTypeError::new_err("an array is needed"));
    };
    let dtype = a.dtype();
    let plain = a.has(flags::C_CONTIGUOUS | flags::ALIGNED) && a.ndim() == 1 && !dtype.swapped;
    let Some(ops) = unique::find(dtype.num).filter(|_| plain) else {
        return none();
    };
    let (p, n) = (a.data() as usize, a.size());
    let release = n > 5000;
    // SAFETY: contiguous, aligned, native integers, here and below.
    let found =
        released_if(py, release, || unsafe { (ops.scan)(p as *const u8, n) }).or_raise(py)?;
    let Some(found) = found else {
        return none();
    };
    let long = singleton(TypeNum::Long);
    let values = empty(py, &[found.len], a.descr(), false)?;
    // SAFETY: a fresh array of as many elements.
    unsafe { (ops.values)(&found, ArrayRef::of(&values).data()) };
    let mut result = vec![values];
    if truth(index, false)? {
        let out = empty(py, &[found.len], long, false)?;
        let to = ArrayRef::of(&out).data() as usize;
        // SAFETY: `n` items of this dtype; a fresh array of as many integers as were found.
        let first = || unsafe { (ops.first)(&found, p as *const u8, n, to as *mut i64) };
        released_if(py, release, first).or_raise(py)?;
        result.push(out);
    }
    if truth(inverse, false)? {
        let out = empty(py, &[n], long, false)?;
        let to = ArrayRef::of(&out).data() as usize;
        let parts = threads::parts_for(n);
        let failed = Mutex::new(None);
        released_if(py, release, || {
            threads::run(parts, &|i| {
                let (start, end) = (n * i / parts, n * (i + 1) / parts);
                let from = p + start * dtype.size;
                // SAFETY: parts of both arrays.
                let done = unsafe {
                    let at = (to as *mut i64).add(start);
                    (ops.inverse)(&found, from as *const u8, end - start, at)
                };
                if let (Err(e), Ok(mut slot)) = (done, failed.lock()) {
                    *slot = Some(e);
                }
            });
        });
        let failed = failed.into_inner().unwrap_or(None);
        failed.map_or(Ok(()), Err).or_raise(py)?;
        result.push(out);
    }
    if truth(counts, false)? {
        let out = empty(py, &[found.len], long, false)?;
        // SAFETY: a fresh int64 array.
        found.write_counts(unsafe { items::<i64>(&out) });
        result.push(out);
    }
    Ok(PyTuple::new(py, result)?.into_any())
}
