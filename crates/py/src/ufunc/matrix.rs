//! Small matrix products: one call of the loop on exact native arrays of at most two axes.

use super::direct::Given;
use super::numbers::OpId;
use crate::array::{self, ArrayRef};
use crate::descr;
use crate::errstate;
use crate::scalar::{self, Raw};
use numoxide_core::TypeNum;
use numoxide_dtype::ROWS;
use numoxide_kernels::{fpstatus, FpClass, LoopCtx};
use numoxide_ufunc::table::{ops, OpLoop};
use pyo3::prelude::*;
use pyo3::Borrowed;

/// Multiplications from which planning costs nothing in comparison.
const MOST: usize = 4096;
/// The same for loops that do many of them in the time of an addition.
const MOST_CHEAP: usize = 1 << 20;

static MATMUL: OpId = OpId::new("matmul");

/// Whether the op at `index` is the matrix product.
#[inline]
pub(super) fn is_matmul(index: usize) -> bool {
    index == MATMUL.get()
}

/// The loop for two operands of one class.
fn loop_of(num: TypeNum) -> Option<&'static OpLoop> {
    let op = ops().get(MATMUL.get())?;
    let found = op.loops.iter().find(|l| l.types == [num, num, num])?;
    (!found.flags.may_fail && !found.flags.needs_gil).then_some(found)
}

/// `a @ b`; `None` sends it the planned way.
pub(super) fn product<'py>(
    py: Python<'py>,
    a: Borrowed<'_, 'py, PyAny>,
    b: Borrowed<'_, 'py, PyAny>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let exact = |ob| ArrayRef::from_any(ob).filter(|a| a.is_exact());
    // SAFETY: live arrays.
    let (a, b) = unsafe {
        (
            Given::array(exact(a)?.raw())?,
            Given::array(exact(b)?.raw())?,
        )
    };
    if a.code != b.code {
        return None;
    }
    let num = a.num();
    // Lengths and byte strides of rows by summed axis, and of summed axis by columns.
    let (n, k, rows) = match (a.shape(), a.strides()) {
        (&[k], &[s]) => (None, k, [0, s]),
        (&[n, k], &[r, s]) => (Some(n), k, [r, s]),
        _ => return None,
    };
    let (k2, m, columns) = match (b.shape(), b.strides()) {
        (&[k], &[s]) => (k, None, [s, 0]),
        (&[k, m], &[s, c]) => (k, Some(m), [s, c]),
        _ => return None,
    };
    let sizes = [n.unwrap_or(1), k, m.unwrap_or(1)];
    let work = sizes.iter().fold(1usize, |n, &m| n.saturating_mul(m));
    if k != k2 || work == 0 || work > MOST_CHEAP {
        return None;
    }
    let lp = loop_of(num)?;
    if work > MOST && lp.flags.cost > 0 {
        return None;
    }
    let shape: &[usize] = match (n, m) {
        (None, None) => &[],
        (Some(n), None) => &[n],
        (None, Some(m)) => &[m],
        (Some(n), Some(m)) => &[n, m],
    };
    Some(run(
        py,
        lp,
        num,
        (a.ptr, rows),
        (b.ptr, columns),
        sizes,
        shape,
    ))
}

/// Calls the loop into a scalar or a fresh array.
fn run<'py>(
    py: Python<'py>,
    lp: &OpLoop,
    num: TypeNum,
    a: (*mut u8, [isize; 2]),
    b: (*mut u8, [isize; 2]),
    [n, k, m]: [usize; 3],
    shape: &[usize],
) -> PyResult<Bound<'py, PyAny>> {
    let size = ROWS[num as usize].size as isize;
    let mut value = Raw::default();
    let target = match shape {
        [] => None,
        _ => Some(array::empty(py, shape, descr::singleton(num), false)?),
    };
    let to = match &target {
        Some(t) => ArrayRef::of(t).data(),
        None => value.0.as_mut_ptr(),
    };
    let ctx = LoopCtx::new(&[]);
    let hardware = lp.flags.fp == FpClass::Hardware;
    if hardware {
        fpstatus::clear_all();
    }
    let dims = [1, n as isize, k as isize, m as isize];
    let (row, column) = (m as isize * size, size);
    let strides = [0, 0, 0, a.1[0], a.1[1], b.1[0], b.1[1], row, column];
    let ptrs = [a.0, b.0, to];
    // SAFETY: aligned native items of the loop's class, as many as the lengths say; the result is
    // apart; the loop cannot fail.
    unsafe {
        let data = std::ptr::null_mut();
        (lp.loops.pick())(&ctx, ptrs.as_ptr(), dims.as_ptr(), strides.as_ptr(), data);
    }
    let status = if hardware { fpstatus::read_all() } else { 0 };
    errstate::report(py, ctx.fp() | status, "matmul")?;
    match target {
        Some(target) => Ok(target),
        None => scalar::make_number(py, num, &value),
    }
}
