//! `searchsorted`.

use super::convert::intp;
use crate::args::{CallArgs, Sig};
use crate::array::coerce::{asarray, from_object, Request};
use crate::array::{assign, empty, items, ArrayRef};
use crate::convert::side;
use crate::descr::{descr_for, singleton};
use crate::err::OrRaise;
use crate::gil;
use crate::layout::flags;
use numoxide_core::index::{search, sorter_fits};
use numoxide_core::{DType, Order, TypeNum};
use numoxide_dtype::promote::Operand;
use numoxide_dtype::Casting;
use numoxide_kernels::select::Search;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use std::cell::RefCell;

static SEARCHSORTED: Sig = Sig::new("searchsorted", &["v", "side", "sorter"], 1);

/// `a.searchsorted(v, side='left', sorter=None)`.
pub(super) fn searchsorted<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [v, right, sorter] = args.parse(&SEARCHSORTED)?;
    let right = side(right)?;
    let Some(v) = v else { return Ok(a.as_bound()) };
    let given = asarray(v)?;
    let dtypes = [a.dtype(), ArrayRef::of(&given).dtype()];
    let dtype = numoxide_dtype::result_type(&dtypes.each_ref().map(Operand::DType)).or_raise(py)?;
    let dtype = dtype.native();
    let descr = descr_for(py, &dtype)?;
    let req = Request {
        descr: Some(descr.as_ptr().cast()),
        order: Order::C,
        ..Request::asarray()
    };
    let keys = from_object(given.as_borrowed(), &req)?;
    let keys = ArrayRef::of(&keys);
    if a.ndim() != 1 {
        let deep = if a.ndim() > 1 {
            "object too deep for desired array"
        } else {
            "object of too small depth for desired array"
        };
        return Err(PyValueError::new_err(deep));
    }
    let sorted = if numoxide_dtype::equivalent(&a.dtype(), &dtype) && !dtype.swapped {
        a.as_bound()
    } else {
        assign::cast_copy(a, descr.as_ptr().cast(), Order::C, false)?
    };
    let items_of = ArrayRef::of(&sorted);
    let sorter = sorter
        .filter(|s| !s.is_none())
        .map(|s| checked_sorter(s, a.size()))
        .transpose()?;
    let sorter_at = sorter
        .as_ref()
        .map_or(std::ptr::null(), |s| ArrayRef::of(s).data().cast());
    let plan = Search {
        sorted: (items_of.data(), items_of.strides()[0]),
        len: items_of.size(),
        sorter: sorter_at,
        right,
    };
    let out = empty(py, keys.shape(), singleton(TypeNum::Long), false)?;
    find(py, plan, &dtype, keys, ArrayRef::of(&out))?;
    items::return_scalar(out)
}

/// The sorter as contiguous positions.
fn checked_sorter<'py>(ob: crate::args::Arg<'_, 'py>, len: usize) -> PyResult<Bound<'py, PyAny>> {
    let made = asarray(ob)?;
    let s = ArrayRef::of(&made);
    if s.ndim() != 1 {
        return Err(PyTypeError::new_err("could not parse sorter argument"));
    }
    if !s.dtype().num.is_integer() {
        return Err(PyTypeError::new_err("sorter must only contain integers"));
    }
    if s.size() != len {
        return Err(PyValueError::new_err("sorter.size must equal a.size"));
    }
    let made = intp(made.as_borrowed(), Casting::Unsafe)?;
    let longs = DType::new(TypeNum::Long);
    if !sorter_fits(&ArrayRef::of(&made).view(&longs), len) {
        return Err(PyValueError::new_err("Sorter index out of range."));
    }
    Ok(made)
}

/// Runs the search; items without an order of their own are compared by the interpreter.
fn find(
    py: Python<'_>,
    plan: Search,
    dtype: &DType,
    keys: ArrayRef<'_, '_>,
    out: ArrayRef<'_, '_>,
) -> PyResult<()> {
    let (from, to, n) = (keys.data() as usize, out.data() as usize, keys.size());
    let cells = [plan.sorted.0 as usize, plan.sorter as usize];
    let (stride, len, right) = (plan.sorted.1, plan.len, plan.right);
    let ordered = gil::released_if(py, n >= 1000 && dtype.num != TypeNum::Object, || {
        let plan = Search {
            sorted: (cells[0] as *const u8, stride),
            len,
            sorter: cells[1] as *const isize,
            right,
        };
        // SAFETY: contiguous keys and positions of `n` items; the sorter was checked.
        unsafe { search(&plan, dtype, from as *const u8, n, to as *mut isize) }
    });
    if ordered {
        return Ok(());
    }
    debug_assert!(keys.has(flags::C_CONTIGUOUS));
    let failed: RefCell<Option<PyErr>> = RefCell::new(None);
    let before = |a: *const u8, b: *const u8| {
        if failed.borrow().is_some() {
            return false;
        }
        // SAFETY: addresses of items of this dtype.
        let less = unsafe {
            let get = |p| crate::scalar::get_item(py, p, keys.descr());
            get(a).and_then(|x| x.lt(get(b)?))
        };
        less.unwrap_or_else(|e| {
            *failed.borrow_mut() = Some(e);
            false
        })
    };
    let step = dtype.size as isize;
    // SAFETY: as above.
    unsafe { plan.run_by((keys.data(), step), n, out.data().cast(), &before) };
    failed.into_inner().map_or(Ok(()), Err)
}
