//! Whether outputs and masks of a reduction fit its input, and NumPy's words where they do not.

use crate::array::ArrayRef;
use numoxide_core::iter::{broadcast_shapes, broadcast_to};
use numoxide_dtype::tight_shape;
use numoxide_ufunc::table::Op;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use smallvec::SmallVec;

/// Strides of a mask over the input's shape.
pub(super) fn mask_strides(
    mask: ArrayRef<'_, '_>,
    shape: &[usize],
) -> PyResult<SmallVec<[isize; 6]>> {
    if mask.ndim() > shape.len() {
        return Err(PyValueError::new_err(
            "input operand has more dimensions than allowed by the axis remapping",
        ));
    }
    if let Ok(strides) = broadcast_to(mask.shape(), mask.strides(), shape) {
        return Ok(strides);
    }
    Err(PyValueError::new_err(
        match broadcast_shapes(&[mask.shape(), shape]) {
            Ok(wide) => format!(
                "non-broadcastable operand with shape {} doesn't match the broadcast shape {}",
                tight_shape(shape),
                tight_shape(&wide)
            ),
            Err(_) => format!(
                "operands could not be broadcast together with remapped shapes \
             [original->remapped]: {} {} ",
                tight_shape(shape),
                tight_shape(mask.shape())
            ),
        },
    ))
}

/// Refuses an output of another shape than the result's.
pub(super) fn check_out(
    op: &Op,
    given: &[usize],
    input: &[usize],
    flags: &[bool],
    keepdims: bool,
) -> PyResult<()> {
    let kept = |axis: &usize| keepdims || !flags[*axis];
    let want: SmallVec<[usize; 6]> = (0..flags.len())
        .filter(kept)
        .map(|a| if flags[a] { 1 } else { input[a] })
        .collect();
    if given.len() != want.len() {
        let hint = if keepdims {
            " (must match the operand's when keepdims=True)"
        } else {
            ""
        };
        return Err(PyValueError::new_err(format!(
            "output parameter for reduction operation {} has the wrong number of dimensions: Found \
             {} but expected {}{hint}",
            op.name,
            given.len(),
            want.len()
        )));
    }
    if given == want.as_slice() {
        return Ok(());
    }
    let (mut left, mut remapped) = (given.iter(), Vec::new());
    for (axis, &flag) in flags.iter().enumerate() {
        let own = if kept(&axis) { left.next() } else { None };
        match own {
            Some(&n) if flag && n != 1 => {
                return Err(PyValueError::new_err(format!(
                    "operand was set up as a reduction along axis {axis}, but the length of the \
                     axis is {n} (it has to be 1)"
                )));
            }
            Some(n) => remapped.push(n.to_string()),
            None if remapped.is_empty() => {}
            None => remapped.push("newaxis".into()),
        }
    }
    Err(PyValueError::new_err(format!(
        "operands could not be broadcast together with remapped shapes [original->remapped]: \
         {}->({}) {} ",
        tight_shape(given),
        remapped.join(","),
        tight_shape(input)
    )))
}
