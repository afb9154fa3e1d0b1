//! `nonzero` and `count_nonzero`.

use crate::args::{CallArgs, Sig};
use crate::array::coerce::as_any;
use crate::array::{empty, view_with, ArrayRef};
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::gil;
use crate::layout::flags;
use crate::scalar::{self, Raw};
use crate::slots::Module;
use numoxide_core::index;
use numoxide_core::small;
use numoxide_core::{DType, RawView, TypeNum};
use numoxide_kernels::{FpClass, LoopCtx};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// `a.nonzero()` of a small exact array of native numbers along one axis.
pub(super) fn quick_nonzero<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    const MOST: usize = 256;
    let (&[n], &[step]) = (a.shape(), a.strides()) else {
        return None;
    };
    let dtype = a.dtype();
    let plain = args.positional().is_empty() && !args.has_keywords() && a.is_exact();
    if !plain || n > MOST || dtype.swapped || !a.has(flags::ALIGNED) {
        return None;
    }
    if !small::is_number(a.type_num()) {
        return None;
    }
    let cast = small::cast(dtype.num, TypeNum::Bool)?;
    if cast.flags.fp != FpClass::Never {
        return None;
    }
    let mut truths = [0u8; MOST];
    let (mut places, mut count) = ([0isize; MOST], 0);
    let ptrs = [a.data(), truths.as_mut_ptr()];
    // SAFETY: `n` aligned native items, and room for as many truth values; the cast cannot fail.
    unsafe { cast.call(&LoopCtx::new(&[]), &ptrs, &[n as isize], &[step, 1]) };
    for (i, &truth) in truths[..n].iter().enumerate() {
        places[count] = i as isize;
        count += usize::from(truth != 0);
    }
    let made = || {
        let table = empty(py, &[count, 1], singleton(TypeNum::Long), false)?;
        let table = ArrayRef::of(&table);
        // SAFETY: the fresh table has room for the one list.
        unsafe {
            let to = table.data().cast::<isize>();
            to.copy_from_nonoverlapping(places.as_ptr(), count);
        }
        let list = view_with(table, &[count], &[8], table.data())?;
        Ok(PyTuple::new(py, [list])?.into_any())
    };
    Some(made())
}

/// `a.nonzero()`.
pub(super) fn nonzero<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let nd = a.ndim();
    if nd == 0 {
        let mask = match a.dtype().num {
            TypeNum::Bool => {
                " If the context of this error is of the form `arr[nonzero(cond)]`, just use \
                 `arr[cond]`."
            }
            _ => "",
        };
        return Err(PyValueError::new_err(format!(
            "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() \
             instead.{mask}"
        )));
    }
    let (dtype, bools) = (a.dtype(), DType::new(TypeNum::Bool));
    let found = if dtype.num == TypeNum::Bool {
        let mask = a.view(&dtype);
        gil::released_if(py, a.size() >= 1000, || index::nonzero(&mask)).or_raise(py)?
    } else {
        // Objects are asked twice: room is made for what was true the first time.
        let object = dtype.num == TypeNum::Object;
        let expected = match object {
            true => Some(index::count_nonzero(&a.view(&dtype)).or_raise(py)?),
            false => None,
        };
        let mut bytes = index::truth(&a.view(&dtype)).or_raise(py)?;
        let count = || bytes.iter().filter(|b| **b != 0).count();
        if expected.is_some_and(|n| n != count()) {
            return Err(PyRuntimeError::new_err(
                "number of non-zero array elements changed during function execution.",
            ));
        }
        let strides = numoxide_core::Layout::contiguous(a.shape(), 1, false)
            .or_raise(py)?
            .strides;
        let mask = RawView {
            ptr: bytes.as_mut_ptr(),
            dtype: &bools,
            shape: a.shape(),
            strides: &strides,
        };
        index::nonzero(&mask).or_raise(py)?
    };
    let n = found[0].len();
    let table = empty(py, &[n, nd], singleton(TypeNum::Long), false)?;
    let table = ArrayRef::of(&table);
    let first = table.data().cast::<isize>();
    let mut columns = Vec::with_capacity(nd);
    for (axis, list) in found.iter().enumerate() {
        if nd == 1 {
            // SAFETY: the fresh table has room for the one list.
            unsafe { first.copy_from_nonoverlapping(list.as_ptr(), n) };
            columns.push(view_with(table, &[n], &[8], table.data())?);
            break;
        }
        for (i, &at) in list.iter().enumerate() {
            // SAFETY: an item of the fresh table.
            unsafe { first.add(i * nd + axis).write(at) };
        }
        let start = table.data().wrapping_add(8 * axis);
        columns.push(view_with(table, &[n], &[8 * nd as isize], start)?);
    }
    Ok(PyTuple::new(py, columns)?.into_any())
}

static COUNT: Sig = Sig::new("count_nonzero", &["a"], 1);

/// `count_nonzero(a)` over all items.
pub(super) fn count_nonzero<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [a] = args.parse(&COUNT)?;
    let Some(a) = a else {
        return Ok(py.None().into_bound(py));
    };
    let made = as_any(a)?;
    let a = ArrayRef::of(&made);
    let dtype = a.dtype();
    let n = index::count_nonzero(&a.view(&dtype)).or_raise(py)?;
    scalar::make_number(py, TypeNum::Long, &Raw::of(n as i64))
}
