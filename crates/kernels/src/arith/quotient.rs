//! Integer division in blocks: by one divisor as a product with its reciprocal, of 64-bit integers as
//! floats where both are small.
//!
//! One divisor: the quotient is the high half of a product with a constant that depends on the divisor
//! only (T. Granlund and P. Montgomery, "Division by invariant integers using multiplication", 1994),
//! and exact. Rounding down comes from dividing the complement of a negative dividend.
//! 64 bits: below 2^50 an integer is a float64, and a float quotient rounded down is the integer one:
//! the distance of a fraction from the next whole number exceeds the rounding.

use crate::cpu::Level;
use crate::loops::{fp, Levels, LoopCtx};
use crate::num::Int;
use crate::shape::{binary_body, finish, levels, strided2x2, Op2, Op2x2};
use crate::stream;
use std::ffi::{c_int, c_void};
use std::mem::{size_of, MaybeUninit};

/// Elements handled at a time; they stay in the first-level cache.
const BLOCK: usize = 512;
/// Runs shorter than this are not worth a reciprocal.
const SHORT: isize = 16;

/// Integers that are divided in blocks.
pub(crate) trait Quotient: Int {
    /// A divisor's constants.
    type Inverse: Copy;
    /// Whether array by array is done here rather than element by element.
    const BLOCKS: bool;
    /// The constants of a divisor that is not -1, 0 or 1.
    fn inverse(d: Self) -> Option<Self::Inverse>;
    /// The quotient by the constants' divisor, rounded down.
    fn over(self, inv: Self::Inverse) -> Self;
    /// `x - q d`.
    fn rest(x: Self, q: Self, d: Self) -> Self;
    /// `x` if `on`, else 0.
    fn only(x: Self, on: bool) -> Self;
    /// Whether it is zero.
    fn is_zero(self) -> bool;

    /// Whether all lie below 2^50 in magnitude; false for types that have no use for it.
    #[inline(always)]
    fn all_small(_: &[Self]) -> bool {
        false
    }

    /// Quotients of small integers by one.
    #[inline(always)]
    fn small_over(_: &[Self], _: Self, _: &mut [Self], _: Level) {}

    /// Quotients of small integers; gives whether a divisor was zero.
    #[inline(always)]
    fn small_each(_: &[Self], _: &[Self], _: &mut [Self], _: Level) -> bool {
        false
    }
}

/// What is made of dividend, divisor and quotient rounded down.
pub(crate) trait Part: Op2<L = Self::T, R = Self::T, O = Self::T> {
    /// Element.
    type T: Quotient;
    /// Whether it is the quotient itself.
    const QUOTIENT: bool = false;
    /// The value for a divisor that is not zero.
    fn part(x: Self::T, d: Self::T, q: Self::T) -> Self::T;
}

/// The constants of Granlund and Montgomery's figure 4.1 and what makes signed ones of it.
#[derive(Clone, Copy)]
pub(crate) struct Reciprocal<U, S> {
    multiplier: U,
    shift: u32,
    /// All ones for a negative divisor.
    negative: S,
}

macro_rules! quotients {
    ($($S:ty, $U:ty, $W:ty, |$x:ident, $inv:ident| $floor:expr, $blocks:literal $(, $small:ident)?;)+) => {$(
        impl Reciprocal<$U, $S> {
            #[inline(always)]
            fn new(d: $U, negative: bool) -> Option<Self> {
                if d < 2 {
                    return None;
                }
                let bits = <$U>::BITS - (d - 1).leading_zeros();
                let excess = (1 as $W << bits) - d as $W;
                let multiplier = ((excess << <$U>::BITS) / d as $W + 1) as $U;
                Some(Reciprocal { multiplier, shift: bits - 1, negative: -(<$S>::from(negative)) })
            }

            #[inline(always)]
            fn quotient(self, $x: $U) -> $U {
                let $inv = self;
                $floor
            }
        }

        impl Quotient for $U {
            type Inverse = Reciprocal<$U, $S>;
            const BLOCKS: bool = $blocks;
            #[inline(always)]
            fn inverse(d: $U) -> Option<Self::Inverse> { Reciprocal::<$U, $S>::new(d, false) }
            #[inline(always)]
            fn over(self, inv: Self::Inverse) -> $U { inv.quotient(self) }
            quotients!(@common $U);
            $(quotients!(@$small $U, |x| x);)?
        }

        impl Quotient for $S {
            type Inverse = Reciprocal<$U, $S>;
            const BLOCKS: bool = $blocks;
            #[inline(always)]
            fn inverse(d: $S) -> Option<Self::Inverse> {
                Reciprocal::<$U, $S>::new(d.unsigned_abs(), d < 0)
            }
            #[inline(always)]
            fn over(self, inv: Self::Inverse) -> $S {
                // With D = |d|, the quotient is [x / D] or, for a negative divisor, [-x / D]; the
                // quotient of a negative number is the complement of its complement's.
                let minus_one = inv.negative;
                // The least number less one wraps to the largest, but is below all the same.
                let t = self.wrapping_add(minus_one);
                let below = if self < -minus_one { -1 } else { 0 };
                let q = inv.quotient((t ^ below) as $U) as $S;
                q ^ below ^ minus_one
            }
            quotients!(@common $S);
            $(quotients!(@$small $S, |x| (x ^ (x >> 63)));)?
        }
    )+};
    (@common $T:ty) => {
        #[inline(always)]
        fn rest(x: $T, q: $T, d: $T) -> $T { x.wrapping_sub(q.wrapping_mul(d)) }
        #[inline(always)]
        fn only(x: $T, on: bool) -> $T { if on { x } else { 0 } }
        #[inline(always)]
        fn is_zero(self) -> bool { self == 0 }
    };
    (@floats $T:ty, |$x:ident| $reach:expr) => {
        #[inline(always)]
        fn all_small(v: &[$T]) -> bool {
            v.iter().fold(0, |all, &$x| all | $reach as u64) < SMALL
        }
        #[inline(always)]
        fn small_over(x: &[$T], d: $T, q: &mut [$T], level: Level) {
            let minus_one = (d as i64) >> 63;
            let size = ((d as i64 ^ minus_one).wrapping_sub(minus_one)) as f64;
            // A step up: products with a reciprocal below the true one may miss a whole quotient.
            let inverse = size.recip().next_up();
            for (q, &x) in q.iter_mut().zip(x) {
                let t = (x as i64).wrapping_add(minus_one);
                let below = t >> 63;
                let whole = (to_whole(t ^ below, level) * inverse).floor();
                *q = (from_whole(whole, level) ^ below ^ minus_one) as $T;
            }
        }
        #[inline(always)]
        fn small_each(x: &[$T], d: &[$T], q: &mut [$T], level: Level) -> bool {
            let mut zeros = 0;
            for ((q, &x), &d) in q.iter_mut().zip(x).zip(d) {
                let zero = u64::from(d == 0);
                zeros |= zero;
                let by = to_whole((d as u64 | zero) as i64, level);
                *q = from_whole((to_whole(x as i64, level) / by).floor(), level) as $T;
            }
            zeros != 0
        }
    };
}
quotients! {
    i8, u8, u32, |x, inv| {
        let high = ((u16::from(x) * u16::from(inv.multiplier)) >> 8) as u8;
        (high + ((x - high) >> 1)) >> (inv.shift & 7)
    }, false;
    i16, u16, u32, |x, inv| {
        let high = ((u32::from(x) * u32::from(inv.multiplier)) >> 16) as u16;
        (high + ((x - high) >> 1)) >> (inv.shift & 15)
    }, false;
    i32, u32, u64, |x, inv| {
        let high = ((u64::from(x) * u64::from(inv.multiplier)) >> 32) as u32;
        (high + ((x - high) >> 1)) >> (inv.shift & 31)
    }, false;
    i64, u64, u128, |x, inv| {
        let high = ((u128::from(x) * u128::from(inv.multiplier)) >> 64) as u64;
        (high + ((x - high) >> 1)) >> (inv.shift & 63)
    }, true, floats;
}

/// Integers below it in magnitude are divided as floats.
const SMALL: u64 = 1 << 50;
/// 2^52 + 2^51: adding it to a small whole number leaves its bits at the low end.
const WHOLE: f64 = 6755399441055744.0;

/// The float of an integer below 2^51 in magnitude; levels without a conversion of vectors add bits.
#[inline(always)]
fn to_whole(x: i64, level: Level) -> f64 {
    match level {
        Level::V4 => x as f64,
        _ => f64::from_bits(WHOLE.to_bits().wrapping_add(x as u64)) - WHOLE,
    }
}

/// The integer of a whole float below 2^51 in magnitude.
#[inline(always)]
fn from_whole(x: f64, level: Level) -> i64 {
    match level {
        // SAFETY: whole and small.
        Level::V4 => unsafe { x.to_int_unchecked() },
        _ => (x + WHOLE).to_bits().wrapping_sub(WHOLE.to_bits()) as i64,
    }
}

/// What a block is divided by.
enum Divisor<'a, T: Quotient> {
    One(T, T::Inverse),
    Each(&'a [T]),
}

/// Quotients of a block, rounded down; those by zero are anything.
#[inline(always)]
fn floors<T: Quotient>(x: &[T], by: &Divisor<T>, q: &mut [T], level: Level) -> u8 {
    let mut st = 0;
    match *by {
        Divisor::One(d, _) if T::all_small(&[d]) && T::all_small(x) => {
            T::small_over(x, d, q, level)
        }
        Divisor::One(_, inv) => q.iter_mut().zip(x).for_each(|(q, x)| *q = x.over(inv)),
        Divisor::Each(d) if T::all_small(x) && T::all_small(d) => {
            st = u8::from(T::small_each(x, d, q, level)) * fp::DIVIDE;
        }
        Divisor::Each(d) => {
            for ((q, &x), &d) in q.iter_mut().zip(x).zip(d) {
                *q = x.floor_divide(d, &mut st);
            }
        }
    }
    st
}

/// Makes of quotients what the operation gives.
#[inline(always)]
fn parts<P: Part>(x: &[P::T], by: &Divisor<P::T>, q: &mut [P::T], zeros: bool) {
    match *by {
        Divisor::One(..) if P::QUOTIENT => {}
        Divisor::One(d, _) => q
            .iter_mut()
            .zip(x)
            .for_each(|(q, &x)| *q = P::part(x, d, *q)),
        Divisor::Each(_) if P::QUOTIENT && !zeros => {}
        Divisor::Each(d) => {
            for ((q, &x), &d) in q.iter_mut().zip(x).zip(d) {
                *q = P::T::only(P::part(x, d, *q), !d.is_zero());
            }
        }
    }
}

levels! {
    /// Loops of an integer division.
    quotient<P: Part> = body::<P>
}

/// # Safety
/// As any strided loop of two inputs and one output.
#[inline(always)]
unsafe fn body<P: Part>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    let size = size_of::<P::T>() as isize;
    // SAFETY: the loop contract: operands are apart or identical; blocks lie within them.
    unsafe {
        let (n, [a, b, o]) = (*dims, [*args, *args.add(1), *args.add(2)]);
        let [sa, sb, so] = [*strides, *strides.add(1), *strides.add(2)];
        let whole = n >= SHORT && so == size && (sa == size || sa == 0) && o != a.offset(sa);
        let by = match whole && sb == 0 && sa == size && b != o {
            true => P::T::inverse(b.cast::<P::T>().read()),
            false => None,
        };
        if by.is_none() && !(whole && P::T::BLOCKS && sb == size) {
            return binary_body::<P>(ctx, args, dims, strides, level);
        }
        let divisor = by.map(|inv| (b.cast::<P::T>().read(), inv));
        let st = blocks::<P>(&*ctx, n as usize, [a, b, o], sa == 0, divisor, level);
        finish(ctx, st, P::failure)
    }
}

/// # Safety
/// - The operands hold `n` elements, apart from `a` if it is one for all; `b` counts without a divisor.
#[inline(always)]
unsafe fn blocks<P: Part>(
    ctx: &LoopCtx,
    n: usize,
    [a, b, o]: [*mut u8; 3],
    one: bool,
    divisor: Option<(P::T, <P::T as Quotient>::Inverse)>,
    level: Level,
) -> u8 {
    let size = size_of::<P::T>();
    let (mut same, mut made) = (
        MaybeUninit::<[P::T; BLOCK]>::uninit(),
        MaybeUninit::<[P::T; BLOCK]>::uninit(),
    );
    let (same, made) = (
        same.as_mut_ptr().cast::<P::T>(),
        made.as_mut_ptr().cast::<P::T>(),
    );
    let streams = ctx.streams(n * size);
    let (mut at, mut st) = (0, 0);
    // SAFETY: parts of the operands by contract; the local blocks hold `BLOCK` elements, written before
    // they are read.
    unsafe {
        let (a, b, o) = (a.cast::<P::T>(), b.cast::<P::T>(), o.cast::<P::T>());
        if one {
            (0..BLOCK).for_each(|i| same.add(i).write(*a));
        }
        let local = streams || a == o || b == o;
        while at < n {
            let head = if at == 0 && streams {
                stream::to_line(o.cast()) / size
            } else {
                BLOCK
            };
            let len = (if head == 0 { BLOCK } else { head }).min(n - at);
            let x = std::slice::from_raw_parts(if one { same } else { a.add(at) }, len);
            let q = if local { made } else { o.add(at) };
            let q = std::slice::from_raw_parts_mut(q, len);
            let by = match divisor {
                Some((d, inv)) => Divisor::One(d, inv),
                None => Divisor::Each(std::slice::from_raw_parts(b.add(at), len)),
            };
            let block = floors(x, &by, q, level);
            parts::<P>(x, &by, q, block & fp::DIVIDE != 0);
            // Only quotients can overflow.
            st |= if P::QUOTIENT {
                block
            } else {
                block & fp::DIVIDE
            };
            match (streams, local) {
                (true, _) => stream::block(o.add(at).cast(), made.cast(), len * size, level),
                (_, true) => o.add(at).copy_from_nonoverlapping(made, len),
                _ => {}
            }
            at += len;
        }
    }
    if streams {
        stream::fence();
    }
    st
}

levels! {
    /// Loops of quotient and remainder together.
    quotient2<P: Both> = body2::<P>
}

/// An operation that gives quotient and remainder of integers.
pub(crate) trait Both: Op2x2<O = <Self as Op2x2>::T, T: Quotient> {}

/// # Safety
/// As any strided loop of two inputs and two outputs.
#[inline(always)]
unsafe fn body2<P: Both>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    let size = size_of::<P::T>() as isize;
    // SAFETY: the loop contract; local blocks as in `blocks`.
    unsafe {
        let p: [*mut P::T; 4] = std::array::from_fn(|k| (*args.add(k)).cast());
        let s: [isize; 4] = std::array::from_fn(|k| *strides.add(k));
        let n = *dims as usize;
        let apart = p[2] != p[3] && (p[1] != p[2] && p[1] != p[3] || s[1] != 0);
        let inverse = match s[1] {
            0 if *dims >= SHORT => P::T::inverse(*p[1]),
            _ => None,
        };
        let plain = [s[0], s[2], s[3]] == [size; 3] && (s[1] == size || inverse.is_some());
        if *dims < SHORT || !apart || !plain {
            return strided2x2::<P>(ctx, args, dims, strides, level);
        }
        let (mut q, mut r) = (
            MaybeUninit::<[P::T; BLOCK]>::uninit(),
            MaybeUninit::<[P::T; BLOCK]>::uninit(),
        );
        let (q, r) = (q.as_mut_ptr().cast::<P::T>(), r.as_mut_ptr().cast::<P::T>());
        let (mut at, mut st) = (0, 0);
        while at < n {
            let len = BLOCK.min(n - at);
            let x = std::slice::from_raw_parts(p[0].add(at), len);
            let (q, r) = (
                std::slice::from_raw_parts_mut(q, len),
                std::slice::from_raw_parts_mut(r, len),
            );
            let by = match inverse {
                Some(inv) => Divisor::One(*p[1], inv),
                None => Divisor::Each(std::slice::from_raw_parts(p[1].add(at), len)),
            };
            st |= floors(x, &by, q, level);
            remainders(x, &by, q, r);
            p[2].add(at).copy_from_nonoverlapping(q.as_ptr(), len);
            p[3].add(at).copy_from_nonoverlapping(r.as_ptr(), len);
            at += len;
        }
        finish(ctx, st, || numoxide_dtype::Error::Raised)
    }
}

/// Remainders that belong to quotients; both are 0 where the divisor is.
#[inline(always)]
fn remainders<T: Quotient>(x: &[T], by: &Divisor<T>, q: &mut [T], r: &mut [T]) {
    let pairs = q.iter_mut().zip(r).zip(x);
    match *by {
        Divisor::One(d, _) => pairs.for_each(|((q, r), &x)| *r = T::rest(x, *q, d)),
        Divisor::Each(d) => pairs.zip(d).for_each(|(((q, r), &x), &d)| {
            *q = T::only(*q, !d.is_zero());
            *r = T::only(T::rest(x, *q, d), !d.is_zero());
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quotients by the ordinary division.
    fn check<T: Quotient + Eq + std::fmt::Debug>(xs: &[T], ds: &[T], level: Level) {
        for &d in ds {
            let mut st = 0;
            let want: Vec<T> = xs.iter().map(|x| x.floor_divide(d, &mut st)).collect();
            let mut got = vec![d; xs.len()];
            if let Some(inv) = T::inverse(d) {
                assert_eq!(floors(xs, &Divisor::One(d, inv), &mut got, level), 0);
                assert_eq!(got, want, "by {d:?}");
            }
            floors(xs, &Divisor::Each(&vec![d; xs.len()]), &mut got, level);
            if !d.is_zero() {
                assert_eq!(got, want, "by an array of {d:?}");
            }
        }
    }

    macro_rules! edges {
        ($T:ty) => {{
            let mut list: Vec<$T> = vec![0, 1, 2, 3, 5, 6, 7, 10, 100, <$T>::MIN, <$T>::MAX];
            for bit in 0..<$T>::BITS {
                let power = (1 as $T).wrapping_shl(bit);
                list.extend([
                    power,
                    power.wrapping_sub(1),
                    power.wrapping_add(1),
                    power / 3,
                ]);
            }
            let negated: Vec<$T> = list.iter().map(|x| x.wrapping_neg()).collect();
            list.extend(negated);
            list
        }};
    }

    #[test]
    fn quotients_are_those_of_the_ordinary_division() {
        let all: Vec<u8> = (0..=255).collect();
        let signed: Vec<i8> = all.iter().map(|&x| x as i8).collect();
        for level in [Level::V2, Level::V4] {
            check(&all, &all, level);
            check(&signed, &signed, level);
            let list = edges!(u64);
            let small: Vec<u64> = list.iter().copied().filter(|&x| x < SMALL).collect();
            check(&list, &list, level);
            check(&small, &list, level);
            let list = edges!(i64);
            let small: Vec<i64> = list
                .iter()
                .copied()
                .filter(|x| x.unsigned_abs() < SMALL)
                .collect();
            check(&list, &list, level);
            check(&small, &list, level);
        }
        check(&edges!(u16), &edges!(u16), Level::V2);
        check(&edges!(i16), &edges!(i16), Level::V2);
        check(&edges!(u32), &edges!(u32), Level::V2);
        check(&edges!(i32), &edges!(i32), Level::V2);
    }
}
