//! Sorting, ordering indices and selection over contiguous, aligned, native elements.
//!
//! Method: every number of at most eight bytes has an integer of its own size in the same order, and
//! the integers are sorted; NaN and NaT go last, zeros of both signs are equal. What sorts is stable
//! always: equal elements that differ in their bits (zeros, NaNs) come out as they came.

mod arg;
pub mod bins;
mod fixed;
mod int;
pub mod interp;
pub mod unique;
#[cfg(target_arch = "x86_64")]
mod vector;
mod wide;

pub use arg::argsort_by_key;
pub use int::{set_runner, Runner};

use fixed::fixed;
use numoxide_dtype::{Complex, Result, TypeNum, F16, F80};
use std::cmp::Ordering;
use wide::wide;

/// What can be done with elements of a type.
#[derive(Clone, Copy)]
pub struct SortOps {
    /// Item size in bytes.
    pub size: usize,
    /// Sorts `n` elements in place, stably.
    pub sort: unsafe fn(*mut u8, usize) -> Result<()>,
    /// Writes the positions that sort `n` elements, stably.
    pub argsort: unsafe fn(*const u8, usize, *mut i64) -> Result<()>,
    /// Puts the elements of the ascending positions `kth` in their sorted places.
    pub select: unsafe fn(*mut u8, usize, &[usize]) -> Result<()>,
    /// Writes positions that do what `select` does.
    pub arg_select: unsafe fn(*const u8, usize, *mut i64, &[usize]) -> Result<()>,
    /// Compares two elements at any address.
    pub compare: unsafe fn(*const u8, *const u8) -> Ordering,
    /// An integer in the order of the element at any address, if the type has one.
    pub key: Option<unsafe fn(*const u8) -> i64>,
}

/// The functions for a class with an order that needs no more than the bytes of its items.
pub fn find(num: TypeNum) -> Option<&'static SortOps> {
    use numoxide_dtype::TypeNum as N;
    Some(match num {
        N::Bool | N::UByte => fixed!(u8),
        N::Byte => fixed!(i8),
        N::Short => fixed!(i16),
        N::UShort => fixed!(u16),
        N::Int => fixed!(i32),
        N::UInt => fixed!(u32),
        N::Long | N::LongLong => fixed!(i64),
        N::ULong | N::ULongLong => fixed!(u64),
        N::Half => fixed!(F16),
        N::Float => fixed!(f32),
        N::Double => fixed!(f64),
        N::DateTime | N::TimeDelta => fixed!(crate::datetime::Time),
        N::LongDouble => wide!(F80),
        N::CFloat => wide!(Complex<f32>),
        N::CDouble => wide!(Complex<f64>),
        N::CLongDouble => wide!(Complex<F80>),
        _ => return None,
    })
}

/// Lines up to this length are sorted where a partition is asked for: it costs no more, and the
/// result does not depend on the positions asked for.
const SHORT: usize = 16;

/// Calls `select(base, part, k)` for each ascending position, every time on the part not yet ordered.
fn select_each<T>(v: &mut [T], kth: &[usize], base: usize, select: &impl Fn(&mut [T], usize)) {
    let Some(&k) = kth.get(kth.len() / 2) else {
        return;
    };
    let mid = kth.len() / 2;
    select(v, k - base);
    let (low, high) = v.split_at_mut(k - base);
    select_each(low, &kth[..mid], base, select);
    if let Some(high) = high.get_mut(1..) {
        select_each(high, &kth[mid + 1..], k + 1, select);
    }
}

/// An empty list with room for `n` entries, or the error of too little memory.
fn room<T>(n: usize) -> Result<Vec<T>> {
    let mut list = Vec::new();
    match list.try_reserve_exact(n) {
        Ok(()) => Ok(list),
        Err(_) => {
            let bytes = n.saturating_mul(size_of::<T>());
            Err(numoxide_dtype::Error::Memory {
                bytes,
                shape: vec![n],
                dtype: None,
            })
        }
    }
}

#[cfg(test)]
mod tests;
