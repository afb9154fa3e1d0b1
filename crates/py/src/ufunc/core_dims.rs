//! Generalised ufuncs: calls with core dimensions.

use super::call::{Options, Results};
use super::keywords::CoreOptions;
use super::operand::Input;
use super::wrap::Wrapper;
use numoxide_core::iter::PerOp;
use numoxide_ufunc::table::Op;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// Runs a generalised ufunc.
pub(crate) fn run<'py>(
    _py: Python<'py>,
    op: &'static Op,
    _inputs: PerOp<Input<'py>>,
    _opts: &Options<'py>,
    _core: &CoreOptions<'py>,
    _wrapper: &Wrapper<'py>,
) -> PyResult<Results<'py>> {
    Err(PyTypeError::new_err(format!("{} has no loops", op.name)))
}
