//! Floating-point status of scalar operations, reported as `numpy.errstate` says.

use pyo3::prelude::*;

/// Reports the status bits of `what` (such as "scalar add"), the most severe first.
#[cold]
pub(crate) fn report(py: Python<'_>, bits: u8, what: &str) -> PyResult<()> {
    use numoxide_kernels::fp;
    let warning = py.get_type::<pyo3::exceptions::PyRuntimeWarning>();
    for (bit, text) in [
        (fp::DIVIDE, "divide by zero"),
        (fp::OVERFLOW, "overflow"),
        (fp::UNDERFLOW, "underflow"),
        (fp::INVALID, "invalid value"),
    ] {
        if bits & bit != 0 && bit != fp::UNDERFLOW {
            crate::err::warn(py, &warning, &format!("{text} encountered in {what}"))?;
        }
    }
    Ok(())
}
