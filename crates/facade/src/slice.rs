//! Basic slicing.

use crate::Array;
use numoxide_core::{Error, Layout, Result};
use std::ops::{Range, RangeFrom, RangeFull, RangeTo};

/// What to take of one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slice {
    /// One item; the axis goes away. Negative counts from the end.
    Index(isize),
    /// `start..stop` by `step`, as Python's slices.
    Range {
        /// First index, or the natural end.
        start: Option<isize>,
        /// Index to stop before.
        stop: Option<isize>,
        /// Distance, not zero.
        step: isize,
    },
    /// A new axis of length 1.
    NewAxis,
}

impl Slice {
    /// The same range with another step.
    pub fn step(self, by: isize) -> Slice {
        match self {
            Slice::Range { start, stop, .. } => Slice::Range {
                start,
                stop,
                step: by,
            },
            other => other,
        }
    }
}

impl From<isize> for Slice {
    fn from(i: isize) -> Slice {
        Slice::Index(i)
    }
}

impl From<i32> for Slice {
    fn from(i: i32) -> Slice {
        Slice::Index(i as isize)
    }
}

impl From<RangeFull> for Slice {
    fn from(_: RangeFull) -> Slice {
        Slice::Range {
            start: None,
            stop: None,
            step: 1,
        }
    }
}

impl From<Range<isize>> for Slice {
    fn from(r: Range<isize>) -> Slice {
        Slice::Range {
            start: Some(r.start),
            stop: Some(r.end),
            step: 1,
        }
    }
}

impl From<RangeFrom<isize>> for Slice {
    fn from(r: RangeFrom<isize>) -> Slice {
        Slice::Range {
            start: Some(r.start),
            stop: None,
            step: 1,
        }
    }
}

impl From<RangeTo<isize>> for Slice {
    fn from(r: RangeTo<isize>) -> Slice {
        Slice::Range {
            start: None,
            stop: Some(r.end),
            step: 1,
        }
    }
}

impl Array {
    /// A view of part of the array; axes without a slice are taken whole.
    ///
    /// # Errors
    /// [`Error::Index`] for an index outside its axis or too many indices.
    pub fn slice(&self, slices: &[Slice]) -> Result<Array> {
        let mut layout = Layout::default();
        let (mut axis, mut offset) = (0, 0);
        for slice in slices {
            if *slice == Slice::NewAxis {
                layout.shape.push(1);
                layout.strides.push(0);
                continue;
            }
            let Some((&n, &stride)) = self.shape().get(axis).zip(self.strides().get(axis)) else {
                return Err(Error::Index(format!(
                    "too many indices for array: array is {}-dimensional, but {} were indexed",
                    self.ndim(),
                    slices.iter().filter(|s| **s != Slice::NewAxis).count()
                )));
            };
            match *slice {
                Slice::Index(i) => offset += index(i, n, axis)? as isize * stride,
                Slice::Range { start, stop, step } => {
                    let (first, count) = range(start, stop, step, n)?;
                    offset += first * stride;
                    layout.shape.push(count);
                    layout.strides.push(stride * step);
                }
                Slice::NewAxis => {}
            }
            axis += 1;
        }
        layout.shape.extend_from_slice(&self.shape()[axis..]);
        layout.strides.extend_from_slice(&self.strides()[axis..]);
        Ok(self.with_layout(offset, layout))
    }
}

fn index(i: isize, n: usize, axis: usize) -> Result<usize> {
    let at = if i < 0 { i + n as isize } else { i };
    if at < 0 || at >= n as isize {
        return Err(Error::Index(format!(
            "index {i} is out of bounds for axis {axis} with size {n}"
        )));
    }
    Ok(at as usize)
}

/// First index and number of items of a range, with Python's clipping.
fn range(
    start: Option<isize>,
    stop: Option<isize>,
    step: isize,
    n: usize,
) -> Result<(isize, usize)> {
    if step == 0 {
        return Err(Error::Value("slice step cannot be zero".into()));
    }
    let n = n as isize;
    let clip = |v: isize| {
        let v = if v < 0 { v + n } else { v };
        if step > 0 {
            v.clamp(0, n)
        } else {
            v.clamp(-1, n - 1)
        }
    };
    let first = start.map_or(if step > 0 { 0 } else { n - 1 }, clip);
    let end = stop.map_or(if step > 0 { n } else { -1 }, clip);
    let span = if step > 0 { end - first } else { first - end };
    let count = if span <= 0 {
        0
    } else {
        (span - 1) / step.abs() + 1
    };
    Ok((if count == 0 { 0 } else { first }, count as usize))
}
