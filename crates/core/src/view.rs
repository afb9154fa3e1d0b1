//! What every algorithm takes: a pointer, a dtype, a shape and byte strides, borrowed from an owner.

use numoxide_dtype::DType;

/// A view of array memory. Holds no claim on the memory: owners keep it alive for the call.
#[derive(Clone, Copy, Debug)]
pub struct RawView<'a> {
    /// First item (index 0 on every axis).
    pub ptr: *mut u8,
    /// Dtype of the items.
    pub dtype: &'a DType,
    /// Length of each axis.
    pub shape: &'a [usize],
    /// Byte stride of each axis.
    pub strides: &'a [isize],
}

impl<'a> RawView<'a> {
    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// Number of items.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }

    /// Items lie one after another in C order (always so for at most one item).
    pub fn is_c_contiguous(&self) -> bool {
        contiguous(self.shape.iter().zip(self.strides).rev(), self.dtype.size)
    }

    /// Items lie one after another in Fortran order.
    pub fn is_f_contiguous(&self) -> bool {
        contiguous(self.shape.iter().zip(self.strides), self.dtype.size)
    }

    /// Pointer and all strides that matter are multiples of the dtype's alignment.
    pub fn is_aligned(&self) -> bool {
        let align = self.dtype.align.max(1);
        let mut bits = self.ptr as usize;
        for (&n, &s) in self.shape.iter().zip(self.strides) {
            match n {
                0 => return true,
                1 => {}
                _ => bits |= s as usize,
            }
        }
        bits.is_multiple_of(align)
    }
}

fn contiguous<'a>(
    axes: impl Iterator<Item = (&'a usize, &'a isize)> + Clone,
    itemsize: usize,
) -> bool {
    if axes.clone().any(|(&n, _)| n == 0) {
        return true;
    }
    let mut want = itemsize as isize;
    for (&n, &s) in axes {
        if n != 1 {
            if s != want {
                return false;
            }
            want *= n as isize;
        }
    }
    true
}
