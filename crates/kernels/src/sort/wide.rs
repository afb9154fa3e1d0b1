//! Elements of more than eight bytes, compared by keys.

use super::{room, select_each};
use numoxide_dtype::{Complex, Result, F80};
use std::cmp::Ordering;

/// An element with a key that compares.
pub(super) trait Wide: Copy + Send + Sync + 'static {
    /// Equal for equal elements, largest for NaN.
    type Key: Copy + Ord;
    /// The key.
    fn key(self) -> Self::Key;
}

impl Wide for F80 {
    type Key = i128;
    #[inline]
    fn key(self) -> i128 {
        let (negative, exponent, significand) = self.parts();
        let size = (i128::from(exponent) << 64) | i128::from(significand);
        match (self.is_nan(), negative) {
            (true, _) => i128::MAX,
            (_, true) => -size,
            (_, false) => size,
        }
    }
}

macro_rules! complex {
    ($($T:ty, $K:ty, |$x:ident| $key:expr, $nan:path;)+) => {$(
        impl Wide for Complex<$T> {
            /// What is NaN, real part, imaginary part.
            type Key = (u8, $K, $K);
            #[inline]
            fn key(self) -> Self::Key {
                let key = |$x: $T| $key;
                let nan = (u8::from($nan(self.re)) << 1) | u8::from($nan(self.im));
                (nan, key(self.re), key(self.im))
            }
        }
    )+};
}
complex! {
    f32, i32, |x| super::fixed::Fixed::key(x), f32::is_nan;
    f64, i64, |x| super::fixed::Fixed::key(x), f64::is_nan;
    F80, i128, |x| Wide::key(x), F80::is_nan;
}

/// Sorts `n` elements in place, stably.
///
/// # Safety
/// - `n` aligned elements at `p`, which nothing else looks at.
pub(super) unsafe fn sort<T: Wide>(p: *mut u8, n: usize) -> Result<()> {
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts_mut(p.cast::<T>(), n) }.sort_by_key(|x| x.key());
    Ok(())
}

/// Keys with their positions.
fn keyed<T: Wide>(v: &[T]) -> Result<Vec<(T::Key, usize)>> {
    let mut keys = room(v.len())?;
    keys.extend(v.iter().enumerate().map(|(i, x)| (x.key(), i)));
    Ok(keys)
}

/// Writes the positions that sort `n` elements, stably.
///
/// # Safety
/// - As [`sort`], with `n` writable positions at `out`.
pub(super) unsafe fn argsort<T: Wide>(p: *const u8, n: usize, out: *mut i64) -> Result<()> {
    // SAFETY: by contract.
    let mut keys = keyed(unsafe { std::slice::from_raw_parts(p.cast::<T>(), n) })?;
    keys.sort_unstable();
    // SAFETY: by contract.
    let out = unsafe { std::slice::from_raw_parts_mut(out, n) };
    out.iter_mut()
        .zip(keys)
        .for_each(|(o, (_, i))| *o = i as i64);
    Ok(())
}

/// Puts the elements of the ascending positions `kth` in their sorted places.
///
/// # Safety
/// - As [`sort`]; positions are below `n`.
pub(super) unsafe fn select<T: Wide>(p: *mut u8, n: usize, kth: &[usize]) -> Result<()> {
    // SAFETY: by contract.
    let v = unsafe { std::slice::from_raw_parts_mut(p.cast::<T>(), n) };
    select_each(v, kth, 0, &|part: &mut [T], k| {
        part.select_nth_unstable_by_key(k, |x| x.key());
    });
    Ok(())
}

/// Writes positions that do what [`select`] does.
///
/// # Safety
/// - As [`argsort`]; positions are below `n`.
pub(super) unsafe fn arg_select<T: Wide>(
    p: *const u8,
    n: usize,
    out: *mut i64,
    kth: &[usize],
) -> Result<()> {
    // SAFETY: by contract.
    let mut keys = keyed(unsafe { std::slice::from_raw_parts(p.cast::<T>(), n) })?;
    select_each(&mut keys, kth, 0, &|part: &mut [(T::Key, usize)], k| {
        part.select_nth_unstable(k);
    });
    // SAFETY: by contract.
    let out = unsafe { std::slice::from_raw_parts_mut(out, n) };
    out.iter_mut()
        .zip(keys)
        .for_each(|(o, (_, i))| *o = i as i64);
    Ok(())
}

/// Compares two elements.
///
/// # Safety
/// - Two elements, at any address.
pub(super) unsafe fn compare<T: Wide>(a: *const u8, b: *const u8) -> Ordering {
    // SAFETY: by contract.
    unsafe {
        let (a, b) = (
            a.cast::<T>().read_unaligned(),
            b.cast::<T>().read_unaligned(),
        );
        a.key().cmp(&b.key())
    }
}

/// The row of a type.
macro_rules! wide {
    ($T:ty) => {{
        static ROW: SortOps = SortOps {
            size: size_of::<$T>(),
            sort: wide::sort::<$T>,
            argsort: wide::argsort::<$T>,
            select: wide::select::<$T>,
            arg_select: wide::arg_select::<$T>,
            compare: wide::compare::<$T>,
            key: None,
        };
        &ROW
    }};
}
pub(super) use wide;
