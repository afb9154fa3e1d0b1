//! The number slots of ndarray: operators as ufunc calls.

use super::{call, matrix, object, operand::Input, overrides, wrap};
use crate::array::ArrayRef;
use numoxide_core::iter::PerOp;
use numoxide_ufunc::table::{ops, Op};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::Borrowed;

static OBJECTS: PyOnceLock<Vec<Py<PyAny>>> = PyOnceLock::new();

/// Remembers the ufunc objects in table order.
pub(crate) fn set_objects(py: Python<'_>, objects: Vec<Py<PyAny>>) {
    let _ = OBJECTS.set(py, objects);
}

/// An op looked up by name once.
pub(crate) struct OpId {
    name: &'static str,
    index: std::sync::OnceLock<usize>,
}

impl OpId {
    /// The op of that name.
    pub(crate) const fn new(name: &'static str) -> OpId {
        OpId {
            name,
            index: std::sync::OnceLock::new(),
        }
    }

    /// Its position in the table.
    #[inline]
    pub(crate) fn get(&self) -> usize {
        *self.index.get_or_init(|| index_of(self.name))
    }
}

/// Position of an op of the table; `None` for rows made elsewhere.
pub(crate) fn index_of_op(op: &'static Op) -> Option<usize> {
    let offset = (std::ptr::from_ref(op) as usize).checked_sub(ops().as_ptr() as usize)?;
    let index = offset / size_of::<Op>();
    (index < ops().len()).then_some(index)
}

/// Position of an op in the table.
pub(crate) fn index_of(name: &str) -> usize {
    ops()
        .iter()
        .position(|op| op.name == name)
        .unwrap_or(usize::MAX)
}

/// The ufunc object of a table position.
pub(crate) fn object_at<'py>(py: Python<'py>, index: usize) -> Option<&'py Bound<'py, PyAny>> {
    OBJECTS.get(py)?.get(index).map(|o| o.bind(py))
}

/// The ufunc object of that name.
pub(crate) fn by_name<'py>(py: Python<'py>, name: &str) -> PyResult<&'py Bound<'py, PyAny>> {
    object_at(py, index_of(name)).ok_or_else(|| {
        pyo3::exceptions::PyAttributeError::new_err(format!("no ufunc named {name}"))
    })
}

/// The planned way of a binary operator; `NotImplemented` when the other operand should have it.
pub(crate) fn binary<'py>(
    py: Python<'py>,
    index: usize,
    lhs: Borrowed<'_, 'py, PyAny>,
    rhs: Borrowed<'_, 'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    // The slot is called with self on either side; the left operand's side decides about deferring.
    if ArrayRef::from_any(lhs).is_some() && overrides::should_defer(lhs, rhs)? {
        return Ok(py.NotImplemented().into_bound(py));
    }
    planned(py, index, &[lhs, rhs])
}

/// The call without planning, where it is that simple: the ufunc at `index` with all its inputs, and
/// an output if there is one.
#[inline(always)]
pub(crate) fn quick<'py>(
    py: Python<'py>,
    index: usize,
    inputs: &[Borrowed<'_, 'py, PyAny>],
    out: Option<Borrowed<'_, 'py, PyAny>>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    match (inputs, out) {
        ([a, b], None) if matrix::is_matmul(index) => matrix::product(py, *a, *b),
        _ => super::direct::run(py, index, inputs, out),
    }
}

/// The planned way of an in-place operator: the result goes into the left operand.
pub(crate) fn inplace<'py>(
    py: Python<'py>,
    index: usize,
    lhs: Borrowed<'_, 'py, PyAny>,
    rhs: Borrowed<'_, 'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if overrides::should_defer(lhs, rhs)? {
        return Ok(py.NotImplemented().into_bound(py));
    }
    planned(py, index, &[lhs, rhs, lhs])
}

/// The planned way of a unary operator.
pub(crate) fn unary<'py>(
    py: Python<'py>,
    index: usize,
    arg: Borrowed<'_, 'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    planned(py, index, &[arg])
}

/// A unary operator whose result goes into its operand.
pub(crate) fn unary_into<'py>(
    py: Python<'py>,
    index: usize,
    arg: Borrowed<'_, 'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    apply(py, index, &[arg, arg])
}

/// Calls the ufunc at `index` with operands (an output may follow the inputs).
pub(crate) fn apply<'py>(
    py: Python<'py>,
    index: usize,
    args: &[Borrowed<'_, 'py, PyAny>],
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(op) = ops().get(index) {
        let (inputs, rest) = args.split_at(args.len().min(usize::from(op.nin)));
        if let Some(done) = quick(py, index, inputs, rest.first().copied()) {
            return done;
        }
    }
    planned(py, index, args)
}

/// As [`apply`] where [`quick`] has been tried.
fn planned<'py>(
    py: Python<'py>,
    index: usize,
    args: &[Borrowed<'_, 'py, PyAny>],
) -> PyResult<Bound<'py, PyAny>> {
    let Some(op) = ops().get(index) else {
        return Ok(py.NotImplemented().into_bound(py));
    };
    let op: &'static Op = op;
    let plain = |a: &Borrowed<'_, 'py, PyAny>| super::operand::is_plain(a.as_ptr());
    if args.len() == usize::from(op.nin) && op.signature.is_none() && args.iter().all(plain) {
        let mut inputs = PerOp::new();
        for ob in args {
            inputs.push(Input::of(*ob)?);
        }
        let opts = call::Options::none();
        let mut results = call::run(py, op, inputs, &opts, &wrap::Wrapper::plain())?;
        if results.len() > 1 {
            return Ok(pyo3::types::PyTuple::new(py, results)?.into_any());
        }
        return Ok(results.swap_remove(0));
    }
    let ufunc = object_at(py, index)
        .ok_or_else(|| pyo3::exceptions::PySystemError::new_err("ufuncs are not ready"))?;
    let mut ptrs: smallvec::SmallVec<[*mut ffi::PyObject; 4]> =
        args.iter().map(|a| a.as_ptr()).collect();
    let n = ptrs.len() as isize;
    // SAFETY: live objects; the vector is valid for the call.
    unsafe {
        let args = crate::args::CallArgs::new(py, ptrs.as_mut_ptr(), n, std::ptr::null_mut());
        object::call(py, ufunc.as_borrowed(), &args)
    }
}
