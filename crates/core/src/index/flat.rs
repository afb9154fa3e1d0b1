//! Writing items by flat position: `put`, `putmask`, `place`.

use crate::cast::{get_copy, hooks};
use crate::iter::{Arrange, Nest};
use crate::{Error, RawView, Result};
use numoxide_dtype::DType;
use numoxide_kernels::select::{copy_where, count_true, expand, scatter_items, Bounds};
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
    /// As the kernels know it.
    #[inline]
    pub fn bounds(self) -> Bounds {
        match self {
            Mode::Raise => Bounds::Check,
            Mode::Wrap => Bounds::Wrap,
            Mode::Clip => Bounds::Clip,
        }
    }

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

/// Rounds of values shorter than this are dealt out one by one.
const ROUND: usize = 32;

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
    let outside = |i: isize| {
        Error::Index(format!(
            "index {i} is out of bounds for axis 0 with size {len}"
        ))
    };
    if plain && copy.lp.is_none() && len > 0 && (count == 1 || count >= ROUND) {
        let step = if count == 1 { 0 } else { size };
        for part in idx.chunks(if count == 1 { idx.len().max(1) } else { count }) {
            // SAFETY: a contiguous array; a part is no longer than the values.
            let done = unsafe {
                let items = (arr.ptr, len);
                scatter_items(items, mode.bounds(), part, (values, step), size as usize)
            };
            if let Some(&i) = part.get(done) {
                return Err(outside(i));
            }
        }
        return Ok(());
    }
    let mut k = 0;
    for &i in idx {
        let Some(at) = mode.resolve(i, len) else {
            return Err(outside(i));
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
        if copy.lp.is_none() && count >= ROUND {
            // SAFETY: the nest walks both views.
            k = unsafe {
                deal(
                    (p[0], s[0]),
                    (p[1], s[1]),
                    n,
                    (values, count, k),
                    size,
                    take,
                )
            };
            return Ok(());
        }
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

/// Part by part what [`put_masked`] does for items that own nothing, from value `k` on; the next value.
///
/// # Safety
/// - `n` mask bytes and items, `count` values.
unsafe fn deal(
    mask: (*const u8, isize),
    dst: (*mut u8, isize),
    n: usize,
    (values, count, mut k): (*const u8, usize, usize),
    size: usize,
    take: Take,
) -> usize {
    let mut at = 0;
    while at < n {
        let left = count - k;
        // SAFETY: parts end where the line or the round of values does.
        unsafe {
            let m = (mask.0.offset(at as isize * mask.1), mask.1);
            let to = (dst.0.offset(at as isize * dst.1), dst.1);
            let from = (values.add(k * size), size as isize);
            let part = left.min(n - at);
            k += match take {
                Take::ByPosition => {
                    copy_where(m, to, from, part, size);
                    part
                }
                // No more are chosen than there are places.
                Take::InTurn => {
                    let used = expand(m, to, part, from, left, size);
                    debug_assert_eq!(used, count_true(m.0, m.1, part));
                    used
                }
            };
            at += part;
        }
        if k == count {
            k = 0;
        }
    }
    k
}
