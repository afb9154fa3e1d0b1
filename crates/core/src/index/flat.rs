//! Writing items by flat position: `put`, `putmask`, `place`.

use crate::cast::{get_copy, hooks};
use crate::iter::{Arrange, Nest};
use crate::{Error, RawView, Result};
use numoxide_dtype::DType;
use numoxide_kernels::{BoundLoop, LoopCtx};

/// What to do with indices out of range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// An error.
    Raise,
    /// Modulo the length.
    Wrap,
    /// To the nearest end; negative ones to 0.
    Clip,
}

impl Mode {
    /// The index counted from the start, brought into `0..len`; `None` if it must not be.
    #[inline]
    pub fn resolve(self, i: isize, len: usize) -> Option<isize> {
        let n = len as isize;
        match self {
            Mode::Raise if i < -n || i >= n => None,
            Mode::Raise => Some(if i < 0 { i + n } else { i }),
            Mode::Wrap => Some(i.rem_euclid(n)),
            Mode::Clip => Some(i.clamp(0, n - 1)),
        }
    }
}

/// Copies single items of one dtype with what they own.
pub struct ItemCopy {
    size: usize,
    lp: Option<(BoundLoop, [DType; 2])>,
}

impl ItemCopy {
    /// For items of `dtype`.
    pub fn new(dtype: &DType) -> Result<ItemCopy> {
        let lp = if hooks::needs_clear(dtype) {
            Some((get_copy(dtype)?, [dtype.clone(), dtype.clone()]))
        } else {
            None
        };
        Ok(ItemCopy {
            size: dtype.size,
            lp,
        })
    }

    /// Copies one item.
    ///
    /// # Safety
    /// - Both addresses hold a valid item of the dtype.
    #[inline]
    pub unsafe fn copy(&self, from: *const u8, to: *mut u8) -> Result<()> {
        let Some((lp, dtypes)) = &self.lp else {
            // SAFETY: by contract; `copy` bears equal addresses.
            unsafe { to.copy_from(from, self.size) };
            return Ok(());
        };
        let ctx = LoopCtx::new(dtypes);
        // SAFETY: by contract.
        match unsafe { lp.call(&ctx, &[from.cast_mut(), to], &[1], &[0, 0]) } {
            0 => Ok(()),
            _ => Err(ctx.take_error()),
        }
    }
}

/// Gives the items at flat C-order positions the values at `values`, again and again from the first.
///
/// Items before a bad index are written.
///
/// # Safety
/// - `count` items of the array's dtype lie at `values`, one after another.
pub unsafe fn put(
    arr: &RawView<'_>,
    idx: &[isize],
    mode: Mode,
    values: *const u8,
    count: usize,
) -> Result<()> {
    let (copy, len) = (ItemCopy::new(arr.dtype)?, arr.size());
    let (size, plain) = (arr.dtype.size as isize, arr.is_c_contiguous());
    let mut k = 0;
    for &i in idx {
        let Some(at) = mode.resolve(i, len) else {
            return Err(Error::Index(format!(
                "index {i} is out of bounds for axis 0 with size {len}"
            )));
        };
        let to = if plain {
            arr.ptr.wrapping_offset(at * size)
        } else {
            address(arr, at as usize)
        };
        // SAFETY: a position inside the array; `k` is below the number of values.
        unsafe { copy.copy(values.offset(k as isize * size), to)? };
        k = if k + 1 == count { 0 } else { k + 1 };
    }
    Ok(())
}

/// Address of the item at a flat C-order position.
pub fn address(arr: &RawView<'_>, mut at: usize) -> *mut u8 {
    let mut ptr = arr.ptr;
    for (&n, &s) in arr.shape.iter().zip(arr.strides).rev() {
        ptr = ptr.wrapping_offset((at % n) as isize * s);
        at /= n;
    }
    ptr
}

/// Which value an item gets.
#[derive(Clone, Copy, PartialEq)]
pub enum Take {
    /// The one at the item's own flat position, modulo their number.
    ByPosition,
    /// The next one.
    InTurn,
}

/// Gives the items of `dst` where `mask` (same shape) is set values from `count` ones at `values`.
///
/// # Safety
/// - As [`put`].
pub unsafe fn put_masked(
    mask: &RawView<'_>,
    dst: &RawView<'_>,
    values: *const u8,
    count: usize,
    take: Take,
) -> Result<()> {
    let copy = ItemCopy::new(dst.dtype)?;
    let ops = [(mask.ptr, mask.strides), (dst.ptr, dst.strides)];
    let nest = Nest::new(dst.shape, &ops, Arrange::Ordered);
    let size = dst.dtype.size;
    let mut k = 0;
    nest.try_for_each(|p, n, s| {
        for i in 0..n as isize {
            // SAFETY: the nest walks both views; `k` is below the number of values.
            unsafe {
                let on = p[0].offset(i * s[0]).read() != 0;
                if on {
                    copy.copy(values.add(k * size), p[1].offset(i * s[1]))?;
                }
                if on || take == Take::ByPosition {
                    k = if k + 1 == count { 0 } else { k + 1 };
                }
            }
        }
        Ok(())
    })
}
