//! `count_nonzero`.

use crate::compare::Truth;
use crate::cpu::Level;
use crate::datetime::Time;
use crate::loops::{Levels, LoopCtx};
use crate::shape::levels;
use crate::table::{ints, row, rows, sig, tables, NEVER};
use numoxide_dtype::{Bool, Complex, F16};
use std::ffi::{c_int, c_void};
use std::marker::PhantomData;

/// Counting elements of a type.
pub(crate) struct Count<T>(PhantomData<T>);

/// What a count looks at.
pub(crate) trait Counted: 'static {
    /// Element.
    type T: Truth;
}

impl<T: Truth> Counted for Count<T> {
    type T = T;
}

/// # Safety
/// - `n` elements at `p`, `stride` bytes apart, are valid for reads.
#[inline(always)]
unsafe fn count<T: Truth>(p: *const u8, stride: isize, n: usize) -> usize {
    if stride != size_of::<T>() as isize {
        // SAFETY: `i < n`.
        let at = |i: usize| unsafe { p.wrapping_offset(i as isize * stride).cast::<T>().read() };
        return (0..n).filter(|i| at(*i).truth()).count();
    }
    // SAFETY: contiguous and valid by contract.
    let data = unsafe { std::slice::from_raw_parts(p.cast::<T>(), n) };
    data.iter().map(|x| usize::from(x.truth())).sum()
}

/// # Safety
/// As any strided loop, in the form of the module's head.
#[inline(always)]
unsafe fn count_body<C: Counted>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (mut a, mut o) = (*args, *args.add(1));
        for _ in 0..*dims {
            let found = count::<C::T>(a, *strides.add(2), *dims.add(1) as usize);
            o.cast::<i64>().write(found as i64);
            a = a.wrapping_offset(*strides);
            o = o.wrapping_offset(*strides.add(1));
        }
    }
    0
}

levels! {
    /// Loops of a count.
    counts<C: Counted> = count_body::<C>
}

tables! {
    /// Loops of `count_nonzero`.
    COUNT_NONZERO = [
        rows!(index1, counts, Count, NEVER, "?" Bool),
        ints!(index1, counts, Count, NEVER),
        rows!(index1, counts, Count, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::COUNT_NONZERO,
        rows!(index1, counts, Count, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::COUNT_NONZERO,
        rows!(index1, counts, Count, NEVER, "m" Time, "M" Time),
    ];
}
