//! Shape and byte strides.

use numoxide_dtype::{Error, Result};
use smallvec::SmallVec;

/// Most dimensions an array can have.
pub const MAX_DIMS: usize = 64;

/// Memory order asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Last axis fastest.
    C,
    /// First axis fastest.
    F,
    /// F if the source is F-contiguous and not C, else C.
    Any,
    /// As close to the source's own order as possible.
    Keep,
}

/// Shape and byte strides of an array; strides may be zero or negative.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Layout {
    /// Length of each axis.
    pub shape: SmallVec<[usize; 6]>,
    /// Bytes from one item to the next along each axis.
    pub strides: SmallVec<[isize; 6]>,
}

impl Layout {
    /// A contiguous layout; fails if the size in bytes does not fit `isize`.
    pub fn contiguous(shape: &[usize], itemsize: usize, fortran: bool) -> Result<Layout> {
        Layout::check_size(shape, itemsize)?;
        let mut strides: SmallVec<[isize; 6]> = SmallVec::from_elem(0, shape.len());
        let mut step = itemsize as isize;
        let mut put = |axis: usize| {
            strides[axis] = step;
            step = step.wrapping_mul(shape[axis].max(1) as isize);
        };
        if fortran {
            (0..shape.len()).for_each(&mut put);
        } else {
            (0..shape.len()).rev().for_each(&mut put);
        }
        Ok(Layout {
            shape: SmallVec::from_slice(shape),
            strides,
        })
    }

    /// Bytes of a contiguous array; zero-length axes count as one for the overflow check, as NumPy does.
    pub fn check_size(shape: &[usize], itemsize: usize) -> Result<usize> {
        let mut bytes = itemsize.max(1) as isize;
        let mut empty = itemsize == 0;
        for &n in shape {
            empty |= n == 0;
            if n > isize::MAX as usize {
                return Err(Error::TooBig);
            }
            bytes = bytes.checked_mul(n.max(1) as isize).ok_or(Error::TooBig)?;
        }
        Ok(if empty { 0 } else { bytes as usize })
    }

    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// Number of items.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }
}
