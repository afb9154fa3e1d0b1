//! NumPy's broadcasting rule.

use numoxide_dtype::{Error, Result};
use smallvec::SmallVec;

/// The common shape of several; length-1 axes stretch.
///
/// # Errors
/// [`Error::Broadcast`] with all shapes if two lengths differ and neither is 1.
pub fn broadcast_shapes(shapes: &[&[usize]]) -> Result<SmallVec<[usize; 6]>> {
    let ndim = shapes.iter().map(|s| s.len()).max().unwrap_or(0);
    let mut out: SmallVec<[usize; 6]> = SmallVec::from_elem(1, ndim);
    for shape in shapes {
        let skip = ndim - shape.len();
        for (o, &n) in out[skip..].iter_mut().zip(*shape) {
            if n != 1 {
                if *o != 1 && *o != n {
                    return Err(Error::Broadcast(
                        shapes.iter().map(|s| s.to_vec()).collect(),
                    ));
                }
                *o = n;
            }
        }
    }
    Ok(out)
}

/// Strides of an operand stretched to `shape`: 0 on new axes and on length-1 axes that stretch.
///
/// `None` if the operand does not broadcast to exactly `shape`.
pub fn broadcast_strides(
    from: &[usize],
    strides: &[isize],
    shape: &[usize],
) -> Option<SmallVec<[isize; 6]>> {
    let skip = shape.len().checked_sub(from.len())?;
    let mut out = SmallVec::from_elem(0, shape.len());
    for i in 0..from.len() {
        if from[i] == shape[skip + i] {
            out[skip + i] = if from[i] == 1 { 0 } else { strides[i] };
        } else if from[i] != 1 {
            return None;
        }
    }
    Some(out)
}

/// As [`broadcast_strides`], with NumPy's error for an input that does not fit an output.
pub fn broadcast_to(
    from: &[usize],
    strides: &[isize],
    shape: &[usize],
) -> Result<SmallVec<[isize; 6]>> {
    broadcast_strides(from, strides, shape)
        .ok_or_else(|| Error::Broadcast(vec![from.to_vec(), shape.to_vec()]))
}
