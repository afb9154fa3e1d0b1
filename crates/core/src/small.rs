//! Copies and casts of numbers that are too few to be worth a plan.

use crate::cast::{discards_imaginary, get_cast};
use crate::overlap::bounds_overlap;
use crate::RawView;
use numoxide_dtype::{DType, TypeNum};
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};
use std::sync::OnceLock;

/// Items from which planning costs nothing in comparison.
const MOST: usize = 4096;
/// Type numbers of the built-in dtypes.
const LEGACY: usize = 24;

/// The cast between native, aligned numbers of two classes, remembered; `None` if it may fail, or if
/// it warns of lost parts.
#[inline]
pub fn cast(from: TypeNum, to: TypeNum) -> Option<&'static BoundLoop> {
    static CASTS: [[OnceLock<Option<BoundLoop>>; LEGACY]; LEGACY] =
        [const { [const { OnceLock::new() }; LEGACY] }; LEGACY];
    let slot = CASTS.get(from as usize)?.get(to as usize)?;
    slot.get_or_init(|| {
        let (from, to) = (DType::new(from), DType::new(to));
        let numbers = from.num.is_number() && to.num.is_number();
        let found = get_cast(&from, &to).ok()?;
        let plain = numbers && !found.flags.may_fail && !discards_imaginary(&from, &to);
        plain.then_some(found)
    })
    .as_ref()
}

/// The stride of a walk over all items in one run; `None` if there is none.
#[inline]
fn run_stride(view: &RawView<'_>) -> Option<isize> {
    match view.strides {
        [] => Some(0),
        [one] => Some(*one),
        _ => view.is_c_contiguous().then_some(view.dtype.size as isize),
    }
}

/// Assigns `src` to `dst`, of one shape or from a single item, if both are few native numbers that lie
/// apart; floating-point status bits of the cast. `None` sends it the planned way.
#[inline]
pub fn assign(dst: &RawView<'_>, src: &RawView<'_>) -> Option<u8> {
    let plain = |d: &DType| (d.num as usize) < LEGACY && !d.swapped && d.extra.is_none();
    if !plain(dst.dtype) || !plain(src.dtype) {
        return None;
    }
    let step = if src.shape == dst.shape {
        run_stride(src)?
    } else if src.size() == 1 && src.ndim() <= dst.ndim() {
        0
    } else {
        return None;
    };
    let n = dst.size();
    if n == 0 || n > MOST || !(src.is_aligned() && dst.is_aligned()) || bounds_overlap(dst, src) {
        return None;
    }
    let cast = cast(src.dtype.num, dst.dtype.num)?;
    Some(run(cast, (src.ptr, step), (dst.ptr, run_stride(dst)?), n))
}

/// Runs a cast that [`cast`] gave over `n` items.
#[inline]
fn run(cast: &BoundLoop, from: (*mut u8, isize), to: (*mut u8, isize), n: usize) -> u8 {
    let ctx = LoopCtx::new(&[]);
    let hardware = cast.flags.fp == FpClass::Hardware;
    if hardware {
        fpstatus::clear();
    }
    // SAFETY: callers pass `n` aligned native items on both sides, which lie apart; the loop cannot
    // fail.
    unsafe {
        cast.call(&ctx, &[from.0, to.0], &[n as isize], &[from.1, to.1]);
    }
    ctx.fp() | if hardware { fpstatus::read() } else { 0 }
}

/// Whether a class is one of the numbers that own nothing and have a size of their own.
#[inline]
pub fn is_number(num: i32) -> bool {
    const LAST: i32 = TypeNum::CLongDouble as i32;
    (0..=LAST).contains(&num) || num == TypeNum::Half as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use numoxide_dtype::ROWS;

    #[test]
    fn a_few_numbers_are_cast() {
        let (mut from, mut to) = ([1.5f64, -2.0, 300.0], [0i64; 3]);
        let (d, l) = (DType::new(TypeNum::Double), DType::new(TypeNum::Long));
        let view = |ptr, dtype| RawView {
            ptr,
            dtype,
            shape: &[3],
            strides: &[8],
        };
        let bits = assign(
            &view(to.as_mut_ptr().cast(), &l),
            &view(from.as_mut_ptr().cast(), &d),
        );
        assert_eq!((bits, to), (Some(0), [1, -2, 300]));
    }

    #[test]
    fn overlaps_take_the_planned_way() {
        let mut items = [1i64, 2, 3, 4];
        let l = DType::new(TypeNum::Long);
        let view = |at: usize, items: &mut [i64; 4]| RawView {
            ptr: items[at..].as_mut_ptr().cast(),
            dtype: &l,
            shape: &[3],
            strides: &[8],
        };
        assert_eq!(assign(&view(1, &mut items), &view(0, &mut items)), None);
    }

    #[test]
    fn rows_know_the_numbers() {
        let known = ROWS.iter().filter(|r| (r.num as usize) < LEGACY);
        known.for_each(|r| assert_eq!(is_number(r.num as i32), r.num.is_number()));
    }
}
