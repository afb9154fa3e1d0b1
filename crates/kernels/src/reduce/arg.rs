//! `argmax` and `argmin`: the first extremum, or the first NaN.
//!
//! Method: elements are compared by integer keys, so that the extremum of a chunk is a vector
//! reduction; only a chunk that beats the best so far (or holds a NaN) is searched for the position.

use crate::cpu::Level;
use crate::datetime::Time;
use crate::half::to_f32;
use crate::loops::{Levels, LoopCtx};
use crate::shape::levels;
use crate::table::{ints, row, rows, sig, tables, NEVER};
use numoxide_dtype::{Bool, Complex, F16};
use std::ffi::{c_int, c_void};
use std::marker::PhantomData;

/// Elements with an order and perhaps NaNs.
pub(crate) trait Key: Copy + 'static {
    /// An integer (or what else compares) in the same order, equal for equal elements.
    type K: Copy + PartialOrd;
    /// Whether keys are compared many at a time.
    const VECTOR: bool = true;
    /// Whether there are only two keys, so that whatever beats the first element wins.
    const BINARY: bool = false;
    /// The key.
    fn key(self) -> Self::K;
    /// The other one of only two keys.
    #[inline(always)]
    fn other(key: Self::K) -> Self::K {
        key
    }
    /// Outside the order; wins over everything.
    #[inline(always)]
    fn is_nan(self) -> bool {
        false
    }
}

macro_rules! keys {
    ($($T:ty as $K:ty: |$x:ident| $key:expr $(, nan |$z:ident| $nan:expr)?;)+) => {$(
        impl Key for $T {
            type K = $K;
            #[inline(always)]
            fn key(self) -> $K { let $x = self; $key }
            $(#[inline(always)] fn is_nan(self) -> bool { let $z = self; $nan })?
        }
    )+};
}
keys! {
    i8 as i8: |x| x;
    u8 as u8: |x| x;
    i16 as i16: |x| x;
    u16 as u16: |x| x;
    i32 as i32: |x| x;
    u32 as u32: |x| x;
    i64 as i64: |x| x;
    u64 as u64: |x| x;
    // Adding zero makes the zeros equal; the bits of negative numbers are turned round.
    f32 as i32: |x| ordered32(x + 0.0), nan |x| x.is_nan();
    f64 as i64: |x| ordered64(x + 0.0), nan |x| x.is_nan();
    F16 as i32: |x| ordered32(to_f32(x) + 0.0), nan |x| x.0 & 0x7fff > 0x7c00;
    Time as i64: |x| x.count(), nan |x| x.is_nat();
}

impl Key for Bool {
    type K = u8;
    const BINARY: bool = true;
    #[inline(always)]
    fn key(self) -> u8 {
        u8::from(self.0 != 0)
    }
    #[inline(always)]
    fn other(key: u8) -> u8 {
        key ^ 1
    }
}

/// Bits of a float as an integer of the same order.
#[inline(always)]
fn ordered32(x: f32) -> i32 {
    let bits = x.to_bits() as i32;
    bits ^ ((bits >> 31) & i32::MAX)
}

/// [`ordered32`] for `f64`.
#[inline(always)]
fn ordered64(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    bits ^ ((bits >> 63) & i64::MAX)
}

macro_rules! complex_keys {
    ($($T:ty)+) => {$(
        impl Key for Complex<$T> {
            type K = ($T, $T);
            const VECTOR: bool = false;
            #[inline(always)]
            fn key(self) -> ($T, $T) { (self.re, self.im) }
            #[inline(always)]
            fn is_nan(self) -> bool { self.re.is_nan() | self.im.is_nan() }
        }
    )+};
}
complex_keys!(f32 f64);

/// A search: element and direction.
pub(crate) trait Search: 'static {
    /// Element.
    type T: Key;
    /// Whether `x` beats `y`.
    fn beats(x: <Self::T as Key>::K, y: <Self::T as Key>::K) -> bool;
}

/// `argmax`.
pub(crate) struct ArgMax<T>(PhantomData<T>);
/// `argmin`.
pub(crate) struct ArgMin<T>(PhantomData<T>);

impl<T: Key> Search for ArgMax<T> {
    type T = T;
    #[inline(always)]
    fn beats(x: T::K, y: T::K) -> bool {
        x > y
    }
}

impl<T: Key> Search for ArgMin<T> {
    type T = T;
    #[inline(always)]
    fn beats(x: T::K, y: T::K) -> bool {
        x < y
    }
}

/// Elements of a chunk.
const CHUNK: usize = 512;
/// Elements compared at once when a chunk is searched.
const GROUP: usize = 32;

/// Position of the first element that is wanted.
#[inline(always)]
fn first<T: Copy>(chunk: &[T], wanted: impl Fn(T) -> bool) -> Option<usize> {
    for (g, group) in chunk.chunks(GROUP).enumerate() {
        if group.iter().fold(false, |hit, x| hit | wanted(*x)) {
            return group.iter().position(|x| wanted(*x)).map(|k| g * GROUP + k);
        }
    }
    None
}

/// Position of the winner among `n > 0` elements.
///
/// # Safety
/// - `n` elements at `p`, `stride` bytes apart, are valid for reads.
#[inline(always)]
pub(crate) unsafe fn search<S: Search>(p: *const u8, stride: isize, n: usize) -> usize {
    // SAFETY: `i < n` wherever it is called.
    let at = |i: usize| unsafe { p.wrapping_offset(i as isize * stride).cast::<S::T>().read() };
    if at(0).is_nan() {
        return 0;
    }
    let (mut best, mut position) = (at(0).key(), 0);
    if S::T::BINARY && !S::beats(S::T::other(best), best) {
        return 0;
    }
    if !S::T::VECTOR || stride != size_of::<S::T>() as isize {
        for i in 1..n {
            let x = at(i);
            if x.is_nan() {
                return i;
            }
            if S::beats(x.key(), best) {
                (best, position) = (x.key(), i);
            }
        }
        return position;
    }
    // SAFETY: contiguous and valid by contract.
    let data = unsafe { std::slice::from_raw_parts(p.cast::<S::T>(), n) };
    if S::T::BINARY {
        return first(data, |x| S::beats(x.key(), best)).unwrap_or(0);
    }
    for (c, chunk) in data.chunks(CHUNK).enumerate() {
        if chunk.iter().fold(false, |nan, x| nan | x.is_nan()) {
            return c * CHUNK + first(chunk, S::T::is_nan).unwrap_or(0);
        }
        let pick = |top, x: &S::T| if S::beats(x.key(), top) { x.key() } else { top };
        let top = chunk.iter().fold(best, pick);
        if S::beats(top, best) {
            position = c * CHUNK + first(chunk, |x| x.key() == top).unwrap_or(0);
            best = top;
        }
    }
    position
}

/// # Safety
/// As any strided loop, in the form of the module's head.
#[inline(always)]
unsafe fn arg_body<S: Search>(
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
            let found = search::<S>(a, *strides.add(2), *dims.add(1) as usize);
            o.cast::<i64>().write(found as i64);
            a = a.wrapping_offset(*strides);
            o = o.wrapping_offset(*strides.add(1));
        }
    }
    0
}

levels! {
    /// Loops of a search.
    arg<S: Search> = arg_body::<S>
}

macro_rules! arg_tables {
    ($($(#[$meta:meta])* $NAME:ident $Op:ident;)+) => {
        tables! {$(
            $(#[$meta])*
            $NAME = [
                rows!(index1, arg, $Op, NEVER, "?" Bool),
                ints!(index1, arg, $Op, NEVER),
                rows!(index1, arg, $Op, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::$NAME,
                rows!(index1, arg, $Op, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::$NAME,
                rows!(index1, arg, $Op, NEVER, "m" Time, "M" Time),
    ];
        )+}
    };
}
arg_tables! {
    /// Loops of `argmax`.
    ARGMAX ArgMax;
    /// Loops of `argmin`.
    ARGMIN ArgMin;
}
