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

/// The error of an output with too few or too many axes.
fn wrong_number(op: &Op, [found, wanted]: [usize; 2], keepdims: bool) -> PyErr {
    let hint = if keepdims {
        " (must match the operand's when keepdims=True)"
    } else {
        ""
    };
    PyValueError::new_err(format!(
        "output parameter for reduction operation {} has the wrong number of dimensions: Found \
         {found} but expected {wanted}{hint}",
        op.name
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
        return Err(wrong_number(op, [given.len(), want.len()], keepdims));
    }
    if given == want.as_slice() {
        return Ok(());
    }
    let (mut left, mut remapped) = (given.iter(), Vec::new());
    // Output axis, its length, and the length it should have.
    let mut pairs: SmallVec<[(usize, usize, usize); 6]> = SmallVec::new();
    for (axis, &flag) in flags.iter().enumerate() {
        let own = if kept(&axis) { left.next() } else { None };
        match own {
            Some(&n) if flag && n != 1 => {
                return Err(PyValueError::new_err(format!(
                    "operand was set up as a reduction along axis {axis}, but the length of the \
                     axis is {n} (it has to be 1)"
                )));
            }
            Some(&n) => {
                pairs.push((pairs.len(), n, if flag { 1 } else { input[axis] }));
                remapped.push(n.to_string());
            }
            None if remapped.is_empty() => {}
            None => remapped.push("newaxis".into()),
        }
    }
    if pairs.iter().any(|&(_, n, m)| n != m && n != 1 && m != 1) {
        return Err(PyValueError::new_err(format!(
            "operands could not be broadcast together with remapped shapes [original->remapped]: \
             {}->({}) {} ",
            tight_shape(given),
            remapped.join(","),
            tight_shape(input)
        )));
    }
    // The last axis that does not fit is the first that NumPy sees.
    let worst = pairs.iter().rev().find(|&&(_, n, m)| n != m);
    if let Some((axis, 1, _)) = worst {
        return Err(PyValueError::new_err(format!(
            "output operand requires a reduction along dimension {axis}, but the reduction is not \
             enabled. The dimension size of 1 does not match the expected output shape."
        )));
    }
    let mut left = pairs.iter();
    let wide: SmallVec<[usize; 6]> = (0..flags.len())
        .map(|a| match flags[a] {
            true => input[a],
            false => left.next().map_or(input[a], |&(_, n, m)| n.max(m)),
        })
        .collect();
    Err(PyValueError::new_err(format!(
        "non-broadcastable operand with shape {} doesn't match the broadcast shape {}",
        tight_shape(input),
        tight_shape(&wide)
    )))
}

/// Whether an output takes what `accumulate` makes of an input: its first axes must be those of the
/// input, which may stretch. `simple` is one axis without any cast.
pub(super) fn check_accumulated(own: &[usize], shape: &[usize], simple: bool) -> PyResult<()> {
    let (have, nd) = (own.len(), shape.len());
    if own == shape {
        return Ok(());
    }
    if have < nd {
        return Err(PyValueError::new_err(format!(
            "Iterator input op_axes[0][{}] (=={have}) is not a valid axis of op[0], which has {have} \
             dimensions ",
            nd - have - 1
        )));
    }
    if simple {
        let text = "provided out is the wrong size for the accumulation.";
        return Err(PyValueError::new_err(text));
    }
    let first = &own[..nd];
    let Ok(wide) = broadcast_shapes(&[first, shape]) else {
        return Err(PyValueError::new_err(format!(
            "operands could not be broadcast together with remapped shapes [original->remapped]: \
             {}->{} {2}->{2} ",
            tight_shape(own),
            tight_shape(first),
            tight_shape(shape)
        )));
    };
    if wide[..] != *first {
        // NumPy shows the axes of the output from the last to the first.
        let turned: SmallVec<[usize; 6]> = first.iter().rev().copied().collect();
        return Err(PyValueError::new_err(format!(
            "non-broadcastable output operand with shape {} [remapped to {}] doesn't match the \
             broadcast shape {}",
            tight_shape(own),
            tight_shape(&turned),
            tight_shape(&wide)
        )));
    }
    Ok(())
}
