//! Shapes of operands: axis remapping, broadcasting and the reductions that follow.

use super::flags::{global, op, reads, writes};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The axis of an operand that an axis of the iterator runs along.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Axis {
    /// An axis of the operand.
    Of(usize),
    /// None, because the operand has fewer axes.
    Absent,
    /// None, as `op_axes` says.
    New,
}

/// `op_axes=`, an entry an operand; all lists have one length.
pub(super) type OpAxes = Vec<Option<Vec<isize>>>;

/// How the operands lie in the iterator's shape.
pub(super) struct Mapping {
    /// The iterator's shape.
    pub(super) shape: Vec<usize>,
    /// By operand, then by axis of the iterator.
    pub(super) axes: Vec<Vec<Axis>>,
    /// Operands that are written along an axis on which they stand still.
    pub(super) reduces: Vec<bool>,
}

/// What the mapping follows from.
pub(super) struct Shapes<'a> {
    /// Shapes of the operands; `None` for those to be allocated.
    pub(super) ops: Vec<Option<&'a [usize]>>,
    pub(super) op_axes: Option<&'a OpAxes>,
    pub(super) itershape: Option<&'a [isize]>,
    pub(super) flags: u32,
    pub(super) op_flags: &'a [u32],
}

fn fail<T>(text: String) -> PyResult<T> {
    Err(PyValueError::new_err(text))
}

fn tuple_text(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    match parts.len() {
        1 => format!("({},)", parts[0]),
        _ => format!("({})", parts.join(",")),
    }
}

fn shape_text(shape: &[usize]) -> String {
    tuple_text(shape.iter().map(usize::to_string))
}

impl Shapes<'_> {
    fn ndim(&self) -> PyResult<usize> {
        if let Some(lists) = self.op_axes {
            let mut lengths = lists.iter().flatten().map(Vec::len);
            let first = lengths.next().unwrap_or(0);
            if self.itershape.is_some_and(|s| s.len() != first) {
                return fail(
                    "'op_axes' and 'itershape' must have the same number of entries equal to the \
                     iterator ndim"
                        .into(),
                );
            }
            return Ok(first);
        }
        let most = self.ops.iter().flatten().map(|s| s.len()).max();
        Ok(self.itershape.map_or(most.unwrap_or(0), <[isize]>::len))
    }

    /// Axis of operand `i` for each axis of the iterator.
    fn axes_of(&self, i: usize, ndim: usize) -> PyResult<Vec<Axis>> {
        let list = self.op_axes.and_then(|lists| lists[i].as_ref());
        let Some(list) = list else {
            let own = self.ops[i].map_or(ndim, <[usize]>::len);
            let Some(skip) = ndim.checked_sub(own) else {
                return fail(
                    "input operand has more dimensions than allowed by the axis remapping".into(),
                );
            };
            let axis = |a: usize| a.checked_sub(skip).map_or(Axis::Absent, Axis::Of);
            return Ok((0..ndim).map(axis).collect());
        };
        for (k, &a) in list.iter().enumerate() {
            if a >= 0 && list[..k].contains(&a) {
                return fail(format!(
                    "The 'op_axes' provided to the iterator constructor for operand {i} contained \
                     duplicate value {a}"
                ));
            }
            let own = self.ops[i].map(<[usize]>::len);
            if let Some(own) = own.filter(|&n| a >= n as isize) {
                return fail(format!(
                    "Iterator input op_axes[{i}][{k}] (=={a}) is not a valid axis of op[{i}], \
                     which has {own} dimensions "
                ));
            }
        }
        let axis = |&a: &isize| usize::try_from(a).map_or(Axis::New, Axis::Of);
        Ok(list.iter().map(axis).collect())
    }

    /// Broadcasts the operands.
    pub(super) fn map(&self) -> PyResult<Mapping> {
        let ndim = self.ndim()?;
        let all = (0..self.ops.len()).map(|i| self.axes_of(i, ndim));
        let axes: Vec<Vec<Axis>> = all.collect::<PyResult<_>>()?;
        let wanted = |a: usize| self.itershape.and_then(|s| usize::try_from(s[a]).ok());
        let mut shape: Vec<usize> = (0..ndim).map(|a| wanted(a).unwrap_or(1)).collect();
        for (own, axes) in self.ops.iter().zip(&axes) {
            let Some(own) = own else { continue };
            for (a, axis) in axes.iter().enumerate() {
                let Axis::Of(k) = *axis else { continue };
                let (n, m) = (own[k], &mut shape[a]);
                if n != 1 && n != *m {
                    if *m != 1 || wanted(a).is_some() {
                        return fail(self.mismatch());
                    }
                    *m = n;
                }
            }
        }
        let mut reduces = vec![false; self.ops.len()];
        // From the last axis on, as the messages count dimensions.
        for a in (0..ndim).rev() {
            for (i, reduce) in reduces.iter_mut().enumerate() {
                *reduce |= self.stands_still(i, axes[i][a], a, &shape)?;
            }
        }
        Ok(Mapping {
            shape,
            axes,
            reduces,
        })
    }

    /// Checks an axis along which an operand may stand still; whether it reduces there.
    fn stands_still(&self, i: usize, axis: Axis, a: usize, shape: &[usize]) -> PyResult<bool> {
        let bits = self.op_flags[i];
        let stretched = match (axis, self.ops[i]) {
            (Axis::Of(k), Some(own)) => own[k] == 1 && shape[a] != 1,
            (Axis::Of(_), None) => false,
            (Axis::Absent, _) => shape[a] != 1 || bits & op::NO_BROADCAST != 0,
            (Axis::New, _) => shape[a] != 1,
        };
        if !stretched {
            return Ok(false);
        }
        if bits & op::NO_BROADCAST != 0 && axis != Axis::New {
            let own = self.ops[i].unwrap_or(&[]);
            let side = if writes(bits) {
                "output operand"
            } else {
                "operand"
            };
            return fail(format!(
                "non-broadcastable {side} with shape {} doesn't match the broadcast shape {}",
                shape_text(own),
                shape_text(shape)
            ));
        }
        if !writes(bits) {
            return Ok(false);
        }
        let at = match axis {
            Axis::New => -1,
            _ => (shape.len() - 1 - a) as isize,
        };
        self.check_reduction(bits, at)?;
        Ok(true)
    }

    fn check_reduction(&self, bits: u32, at: isize) -> PyResult<()> {
        if self.flags & global::REDUCE_OK == 0 {
            return fail(format!(
                "output operand requires a reduction along dimension {at}, but the reduction is \
                 not enabled. The dimension size of 1 does not match the expected output shape."
            ));
        }
        if bits & op::ARRAYMASK != 0 {
            return fail(
                "output operand requires a reduction, but is flagged as the ARRAYMASK operand \
                 which is not permitted to be the result of a reduction"
                    .into(),
            );
        }
        if !reads(bits) {
            return fail(
                "output operand requires a reduction, but is flagged as write-only, not read-write"
                    .into(),
            );
        }
        Ok(())
    }

    /// The words for shapes that do not fit together.
    fn mismatch(&self) -> String {
        let mut text = String::new();
        for (i, own) in self.ops.iter().enumerate() {
            let Some(own) = own else { continue };
            text += &shape_text(own);
            if self.op_axes.is_some_and(|lists| lists[i].is_some()) {
                let mut one = String::new();
                let axes = self.op_axes.and_then(|l| l[i].as_ref());
                for (k, &a) in axes.into_iter().flatten().enumerate() {
                    let comma = if k == 0 { "" } else { "," };
                    let n = usize::try_from(a).map_or("newaxis".into(), |a| own[a].to_string());
                    one += &format!("{comma}{n}");
                }
                if axes.is_some_and(|a| a.len() == 1) {
                    one += ",";
                }
                text += &format!("->({one})");
            }
            text += " ";
        }
        if self.op_axes.is_none() && self.itershape.is_none() {
            return format!("operands could not be broadcast together with shapes {text}");
        }
        let mut message = format!(
            "operands could not be broadcast together with remapped shapes [original->remapped]: \
             {text}"
        );
        if let Some(shape) = self.itershape {
            let part = |&n: &isize| match n {
                0.. => n.to_string(),
                _ => "newaxis".into(),
            };
            message += &format!(
                " and requested shape {}",
                tuple_text(shape.iter().map(part))
            );
        }
        message
    }
}

/// Byte strides of an operand along the iterator's axes; 0 where it stands still.
pub(super) fn strides_along(
    axes: &[Axis],
    own: &[usize],
    strides: &[isize],
    shape: &[usize],
) -> Vec<isize> {
    let along = |(a, axis): (usize, &Axis)| match *axis {
        Axis::Of(k) if own[k] != 1 || shape[a] == 1 => match own[k] {
            1 => 0,
            _ => strides[k],
        },
        _ => 0,
    };
    axes.iter().enumerate().map(along).collect()
}

/// A writable operand under a mask must not stand still where the mask moves.
pub(super) fn check_mask(mask: &[isize], operand: &[isize], shape: &[usize]) -> PyResult<()> {
    let moves = |a: usize| shape[a] > 1 && mask[a] != 0 && operand[a] == 0;
    if (0..shape.len()).any(moves) {
        return fail(
            "Iterator reduction operand is WRITEMASKED, but also broadcasts to multiple mask \
             values. There can be only one mask value per WRITEMASKED element."
                .into(),
        );
    }
    Ok(())
}
