//! Elements that have an integer of their own size in the same order.

use super::int::Int;
use super::{arg, room, select_each, SHORT};
use crate::datetime::Time;
use numoxide_dtype::{Result, F16};
use std::cmp::Ordering;

/// An element and the integers that stand for it.
pub(super) trait Fixed: Copy + Send + Sync + 'static {
    /// A signed integer of the same size and alignment.
    type Int: Int;
    /// Whether there are NaNs and zeros of two signs.
    const FLOAT: bool = false;
    /// An integer in the same order, a different one for each bit pattern; anything for NaN.
    fn to_int(self) -> Self::Int;
    /// The element of an integer.
    fn from_int(x: Self::Int) -> Self;
    /// Not a number, which has no place in the order.
    fn is_nan(self) -> bool {
        false
    }
    /// Zero of either sign.
    fn is_zero(self) -> bool {
        false
    }
    /// Below the zero of the other sign in the order of bit patterns.
    fn is_negative(self) -> bool {
        false
    }
    /// The integer that compares: equal for equal elements, the largest for NaN.
    fn key(self) -> Self::Int {
        self.to_int()
    }
}

macro_rules! integers {
    ($($T:ty as $I:ty: |$x:ident| $to:expr, |$y:ident| $from:expr;)+) => {$(
        impl Fixed for $T {
            type Int = $I;
            #[inline(always)]
            fn to_int(self) -> $I { let $x = self; $to }
            #[inline(always)]
            fn from_int($y: $I) -> $T { $from }
        }
    )+};
}
integers! {
    i8 as i8: |x| x, |y| y;
    i16 as i16: |x| x, |y| y;
    i32 as i32: |x| x, |y| y;
    i64 as i64: |x| x, |y| y;
    u8 as i8: |x| (x ^ 0x80) as i8, |y| y as u8 ^ 0x80;
    u16 as i16: |x| (x ^ (1 << 15)) as i16, |y| y as u16 ^ (1 << 15);
    u32 as i32: |x| (x ^ (1 << 31)) as i32, |y| y as u32 ^ (1 << 31);
    u64 as i64: |x| (x ^ (1 << 63)) as i64, |y| y as u64 ^ (1 << 63);
    // Not-a-time is the least count; one step down makes it the largest integer.
    Time as i64: |x| x.count().wrapping_sub(1), |y| Time::new(y.wrapping_add(1));
}

macro_rules! floats {
    ($($T:ty as $I:ty, $U:ty: |$x:ident| $bits:expr, |$y:ident| $from:expr, $inf:literal;)+) => {$(
        impl Fixed for $T {
            type Int = $I;
            const FLOAT: bool = true;
            #[inline(always)]
            fn to_int(self) -> $I {
                let $x = self;
                let bits = $bits as $I;
                bits ^ ((bits >> (<$I>::BITS - 1)) & <$I>::MAX)
            }
            #[inline(always)]
            fn from_int(x: $I) -> $T {
                let $y = (x ^ ((x >> (<$I>::BITS - 1)) & <$I>::MAX)) as $U;
                $from
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                let $x = self;
                $bits & (<$U>::MAX >> 1) > $inf
            }
            #[inline(always)]
            fn is_zero(self) -> bool {
                let $x = self;
                $bits << 1 == 0
            }
            #[inline(always)]
            fn is_negative(self) -> bool {
                let $x = self;
                $bits >> (<$U>::BITS - 1) != 0
            }
            #[inline(always)]
            fn key(self) -> $I {
                let int = if self.is_zero() { 0 } else { self.to_int() };
                if self.is_nan() { <$I>::MAX } else { int }
            }
        }
    )+};
}
floats! {
    F16 as i16, u16: |x| x.0, |y| F16(y), 0x7c00;
    f32 as i32, u32: |x| x.to_bits(), |y| f32::from_bits(y), 0x7f80_0000;
    f64 as i64, u64: |x| x.to_bits(), |y| f64::from_bits(y), 0x7ff0_0000_0000_0000;
}

/// Runs `work` on the integers of the elements that are numbers, the NaNs moved behind them; gives
/// the number of numbers.
fn as_ints<T: Fixed>(v: &mut [T], work: impl FnOnce(&mut [T::Int]) -> Result<()>) -> Result<usize> {
    let numbers = if T::FLOAT { nans_last(v)? } else { v.len() };
    let v = &mut v[..numbers];
    let ints = v.as_mut_ptr().cast::<T::Int>();
    const { assert!(size_of::<T>() == size_of::<T::Int>()) };
    // SAFETY: integer and element have one size and alignment, and any bits are valid for both; the
    // elements are not looked at while they are integers.
    unsafe {
        for i in 0..numbers {
            let x = v.as_ptr().add(i).read();
            ints.add(i).write(x.to_int());
        }
        let done = work(std::slice::from_raw_parts_mut(ints, numbers));
        for i in 0..numbers {
            let x = ints.add(i).read();
            ints.add(i).cast::<T>().write(T::from_int(x));
        }
        done.map(|()| numbers)
    }
}

/// Moves the NaNs to the end, in order; gives the number of the others.
fn nans_last<T: Fixed>(v: &mut [T]) -> Result<usize> {
    let count: usize = v.iter().map(|x| usize::from(x.is_nan())).sum();
    if count == 0 {
        return Ok(v.len());
    }
    let mut nans = room(count)?;
    let mut at = 0;
    for i in 0..v.len() {
        let x = v[i];
        if x.is_nan() {
            nans.push(x);
        } else {
            v[at] = x;
            at += 1;
        }
    }
    v[at..].copy_from_slice(&nans);
    Ok(at)
}

/// The zeros in order, if there are some of both signs.
fn mixed_zeros<T: Fixed>(v: &[T]) -> Result<Vec<T>> {
    if !T::FLOAT {
        return Ok(Vec::new());
    }
    let count = |sign| {
        let wanted = |x: &T| usize::from(x.is_zero() & (x.is_negative() == sign));
        v.iter().map(wanted).sum::<usize>()
    };
    let negative = count(true);
    if negative == 0 {
        return Ok(Vec::new());
    }
    let positive = count(false);
    if positive == 0 {
        return Ok(Vec::new());
    }
    let mut zeros = room(negative + positive)?;
    zeros.extend(v.iter().filter(|x| x.is_zero()));
    Ok(zeros)
}

/// Sorts `n` elements in place, stably.
///
/// # Safety
/// - `n` aligned elements at `p`, which nothing else looks at.
pub(super) unsafe fn sort<T: Fixed>(p: *mut u8, n: usize) -> Result<()> {
    // SAFETY: by contract.
    let v = unsafe { std::slice::from_raw_parts_mut(p.cast::<T>(), n) };
    let zeros = mixed_zeros(v)?;
    let numbers = as_ints(v, T::Int::sort)?;
    if !zeros.is_empty() {
        let first = v[..numbers].partition_point(|x| x.key() < zeros[0].key());
        v[first..first + zeros.len()].copy_from_slice(&zeros);
    }
    Ok(())
}

/// Writes the positions that sort `n` elements, stably.
///
/// # Safety
/// - As [`sort`], with `n` writable positions at `out`.
pub(super) unsafe fn argsort<T: Fixed>(p: *const u8, n: usize, out: *mut i64) -> Result<()> {
    // SAFETY: by contract.
    unsafe {
        let v = std::slice::from_raw_parts(p.cast::<T>(), n);
        let out = std::slice::from_raw_parts_mut(out, n);
        arg::argsort(v, |x| x.key().wide(), out)
    }
}

/// Puts the elements of the ascending positions `kth` in their sorted places.
///
/// # Safety
/// - As [`sort`]; positions are below `n`.
pub(super) unsafe fn select<T: Fixed>(p: *mut u8, n: usize, kth: &[usize]) -> Result<()> {
    // SAFETY: by contract.
    let v = unsafe { std::slice::from_raw_parts_mut(p.cast::<T>(), n) };
    as_ints(v, |ints| {
        // Positions among the NaNs need no work beyond the move.
        let kth = &kth[..kth.partition_point(|&k| k < ints.len())];
        if ints.len() <= SHORT {
            ints.sort_unstable();
        } else {
            select_each(ints, kth, 0, &T::Int::select);
        }
        Ok(())
    })?;
    Ok(())
}

/// Writes positions that do what [`select`] does.
///
/// # Safety
/// - As [`argsort`]; positions are below `n`.
pub(super) unsafe fn arg_select<T: Fixed>(
    p: *const u8,
    n: usize,
    out: *mut i64,
    kth: &[usize],
) -> Result<()> {
    // SAFETY: by contract.
    unsafe {
        let v = std::slice::from_raw_parts(p.cast::<T>(), n);
        let out = std::slice::from_raw_parts_mut(out, n);
        arg::select(v, |x| x.key().wide(), out, kth)
    }
}

/// Compares two elements.
///
/// # Safety
/// - Two elements, at any address.
pub(super) unsafe fn compare<T: Fixed>(a: *const u8, b: *const u8) -> Ordering {
    // SAFETY: by contract.
    unsafe {
        let (a, b) = (
            a.cast::<T>().read_unaligned(),
            b.cast::<T>().read_unaligned(),
        );
        a.key().cmp(&b.key())
    }
}

/// The integer in the order of the elements.
///
/// # Safety
/// - An element, at any address.
pub(super) unsafe fn key<T: Fixed>(p: *const u8) -> i64 {
    // SAFETY: by contract.
    unsafe { p.cast::<T>().read_unaligned() }.key().wide()
}

/// The row of a type.
macro_rules! fixed {
    ($T:ty) => {{
        static ROW: SortOps = SortOps {
            size: size_of::<$T>(),
            sort: fixed::sort::<$T>,
            argsort: fixed::argsort::<$T>,
            select: fixed::select::<$T>,
            arg_select: fixed::arg_select::<$T>,
            compare: fixed::compare::<$T>,
            key: Some(fixed::key::<$T>),
        };
        &ROW
    }};
}
pub(super) use fixed;
