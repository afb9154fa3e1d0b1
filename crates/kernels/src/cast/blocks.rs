//! Casts from float32 and float64 to the integers by the CPU's conversions, which leave both the value
//! and the status of C: the smallest integer and "invalid" where the register's range is left.
//!
//! Contiguous operands go block by block through a block of 32 or 64-bit integers. Elsewhere than on
//! x86-64 the conversions saturate, as C's do there.

use super::num::{CastTo, RealPart};
use super::Cast;
use crate::cpu::Level;
use crate::loops::{Levels, LoopCtx};
use crate::shape::{levels, unary_body, Op1};
use std::ffi::{c_int, c_void};
use std::mem::{size_of, MaybeUninit};

/// Elements of a block, which stays in the first-level cache.
const BLOCK: usize = 256;

/// Truncation by the CPU.
pub(super) trait Truncate: Copy {
    /// In a 32-bit register.
    fn to_i32(self) -> i32;
    /// In a 64-bit register.
    fn to_i64(self) -> i64;
    /// Of `n` elements in 32-bit registers, at the given level.
    ///
    /// # Safety
    /// - The operands are valid for `n` elements; the CPU has the level.
    unsafe fn block_i32(x: *const Self, out: *mut i32, n: usize, level: Level);
    /// As `block_i32` in 64-bit registers.
    ///
    /// # Safety
    /// As `block_i32`.
    unsafe fn block_i64(x: *const Self, out: *mut i64, n: usize, level: Level);
}

/// Runs `$wide` for steps of `$step` elements, then `$one` for the rest.
macro_rules! steps {
    ($i:ident, $n:ident, $step:literal => $wide:expr, $one:expr) => {{
        let mut $i = 0;
        while $i + $step <= $n {
            $wide;
            $i += $step;
        }
        while $i < $n {
            $one;
            $i += 1;
        }
    }};
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Level, Truncate};
    use std::arch::x86_64 as v;

    impl Truncate for f32 {
        #[inline(always)]
        fn to_i32(self) -> i32 {
            // SAFETY: baseline instructions.
            unsafe { v::_mm_cvttss_si32(v::_mm_set_ss(self)) }
        }
        #[inline(always)]
        fn to_i64(self) -> i64 {
            // SAFETY: baseline instructions.
            unsafe { v::_mm_cvttss_si64(v::_mm_set_ss(self)) }
        }
        #[inline(always)]
        unsafe fn block_i32(x: *const f32, out: *mut i32, n: usize, level: Level) {
            // SAFETY: the contract; each level's wrapper enables its instructions.
            unsafe {
                match level {
                    Level::V4 => steps!(i, n, 16 => v::_mm512_storeu_si512(out.add(i).cast(),
                        v::_mm512_cvttps_epi32(v::_mm512_loadu_ps(x.add(i)))),
                        *out.add(i) = (*x.add(i)).to_i32()),
                    Level::V3 => steps!(i, n, 8 => v::_mm256_storeu_si256(out.add(i).cast(),
                        v::_mm256_cvttps_epi32(v::_mm256_loadu_ps(x.add(i)))),
                        *out.add(i) = (*x.add(i)).to_i32()),
                    Level::V2 => steps!(i, n, 4 => v::_mm_storeu_si128(out.add(i).cast(),
                        v::_mm_cvttps_epi32(v::_mm_loadu_ps(x.add(i)))),
                        *out.add(i) = (*x.add(i)).to_i32()),
                }
            }
        }
        #[inline(always)]
        unsafe fn block_i64(x: *const f32, out: *mut i64, n: usize, level: Level) {
            // SAFETY: as above.
            unsafe {
                match level {
                    Level::V4 => steps!(i, n, 8 => v::_mm512_storeu_si512(out.add(i).cast(),
                        v::_mm512_cvttps_epi64(v::_mm256_loadu_ps(x.add(i)))),
                        *out.add(i) = (*x.add(i)).to_i64()),
                    _ => {
                        for i in 0..n {
                            *out.add(i) = (*x.add(i)).to_i64()
                        }
                    }
                }
            }
        }
    }

    impl Truncate for f64 {
        #[inline(always)]
        fn to_i32(self) -> i32 {
            // SAFETY: baseline instructions.
            unsafe { v::_mm_cvttsd_si32(v::_mm_set_sd(self)) }
        }
        #[inline(always)]
        fn to_i64(self) -> i64 {
            // SAFETY: baseline instructions.
            unsafe { v::_mm_cvttsd_si64(v::_mm_set_sd(self)) }
        }
        #[inline(always)]
        unsafe fn block_i32(x: *const f64, out: *mut i32, n: usize, level: Level) {
            // SAFETY: the contract; each level's wrapper enables its instructions.
            unsafe {
                match level {
                    Level::V4 => steps!(i, n, 8 => v::_mm256_storeu_si256(out.add(i).cast(),
                        v::_mm512_cvttpd_epi32(v::_mm512_loadu_pd(x.add(i)))),
                        *out.add(i) = (*x.add(i)).to_i32()),
                    Level::V3 => steps!(i, n, 4 => v::_mm_storeu_si128(out.add(i).cast(),
                        v::_mm256_cvttpd_epi32(v::_mm256_loadu_pd(x.add(i)))),
                        *out.add(i) = (*x.add(i)).to_i32()),
                    Level::V2 => steps!(i, n, 2 => v::_mm_storel_epi64(out.add(i).cast(),
                        v::_mm_cvttpd_epi32(v::_mm_loadu_pd(x.add(i)))),
                        *out.add(i) = (*x.add(i)).to_i32()),
                }
            }
        }
        #[inline(always)]
        unsafe fn block_i64(x: *const f64, out: *mut i64, n: usize, level: Level) {
            // SAFETY: as above.
            unsafe {
                match level {
                    Level::V4 => steps!(i, n, 8 => v::_mm512_storeu_si512(out.add(i).cast(),
                        v::_mm512_cvttpd_epi64(v::_mm512_loadu_pd(x.add(i)))),
                        *out.add(i) = (*x.add(i)).to_i64()),
                    _ => {
                        for i in 0..n {
                            *out.add(i) = (*x.add(i)).to_i64()
                        }
                    }
                }
            }
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod portable {
    use super::{Level, Truncate};

    macro_rules! saturating {
        ($($F:ty),+) => {$(
            impl Truncate for $F {
                #[inline(always)]
                fn to_i32(self) -> i32 { self as i32 }
                #[inline(always)]
                fn to_i64(self) -> i64 { self as i64 }
                #[inline(always)]
                unsafe fn block_i32(x: *const $F, out: *mut i32, n: usize, _: Level) {
                    // SAFETY: the contract.
                    unsafe { for i in 0..n { *out.add(i) = (*x.add(i)).to_i32() } }
                }
                #[inline(always)]
                unsafe fn block_i64(x: *const $F, out: *mut i64, n: usize, _: Level) {
                    // SAFETY: the contract.
                    unsafe { for i in 0..n { *out.add(i) = (*x.add(i)).to_i64() } }
                }
            }
        )+};
    }
    saturating!(f32, f64);
}

/// A cast from float to integer that has a form for blocks.
pub(super) trait BlockCast: Op1 {
    /// Casts at most [`BLOCK`] elements.
    ///
    /// # Safety
    /// - The operands are valid for `n` elements and apart; the CPU has the level.
    unsafe fn block(x: *const Self::I, out: *mut Self::O, n: usize, level: Level);
}

macro_rules! block_casts {
    ($F:ty: $($via:ident $R:ident => $($O:ty),+;)+) => {$($(
        impl CastTo<$O> for $F {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> $O { block_casts!(@one $R self) as $O }
        }
        impl BlockCast for Cast<$F, $O> {
            #[inline(always)]
            unsafe fn block(x: *const $F, out: *mut $O, n: usize, level: Level) {
                // SAFETY: the contract; the block holds `n` elements, the conversion fills them.
                unsafe {
                    if size_of::<$O>() == size_of::<$R>() {
                        return <$F>::$via(x, out.cast::<$R>(), n, level);
                    }
                    let mut wide = [const { MaybeUninit::<$R>::uninit() }; BLOCK];
                    let wide = wide.as_mut_ptr().cast::<$R>();
                    <$F>::$via(x, wide, n, level);
                    for i in 0..n {
                        *out.add(i) = *wide.add(i) as $O;
                    }
                }
            }
        }
    )+)+};
    (@one i32 $x:ident) => { $x.to_i32() };
    (@one i64 $x:ident) => { $x.to_i64() };
}
block_casts!(f32: block_i32 i32 => u8, u16, i32; block_i64 i64 => i64;);
block_casts!(f64: block_i32 i32 => u8, u16, i32; block_i64 i64 => i64;);

/// Unsigned 32-bit results: by a 64-bit register for single elements; by 32-bit registers and a
/// subtraction in the fours of a contiguous run, which shows where the range is left.
macro_rules! upper_quarter {
    ($($F:ty),+) => {$(
        impl CastTo<u32> for $F {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> u32 {
                self.to_i64() as u32
            }
        }
        impl BlockCast for Cast<$F, u32> {
            #[inline(always)]
            unsafe fn block(x: *const $F, out: *mut u32, n: usize, level: Level) {
                const HALF: $F = 2147483648.0;
                let mut low = [const { MaybeUninit::<$F>::uninit() }; BLOCK];
                let low = low.as_mut_ptr().cast::<$F>();
                let fours = n & !3;
                // SAFETY: the contract; the block holds `n` elements, each written before it is read.
                unsafe {
                    for i in 0..fours {
                        let v = *x.add(i);
                        *low.add(i) = if v >= HALF { v - HALF } else { v };
                    }
                    <$F>::block_i32(low, out.cast::<i32>(), fours, level);
                    for i in 0..fours {
                        *out.add(i) ^= u32::from(*x.add(i) >= HALF) << 31;
                    }
                    for i in fours..n {
                        *out.add(i) = (*x.add(i)).to_i64() as u32;
                    }
                }
            }
        }
    )+};
}
upper_quarter!(f32, f64);

/// Unsigned 64-bit results: the upper half of the range by way of a subtraction.
macro_rules! upper_half {
    ($($F:ty),+) => {$(
        impl CastTo<u64> for $F {
            #[inline(always)]
            fn cast(self, _: &mut u8) -> u64 {
                let (x, top) = lower(f64::from(self));
                ((x as $F).to_i64() as u64) ^ top
            }
        }
        impl BlockCast for Cast<$F, u64> {
            #[inline(always)]
            unsafe fn block(x: *const $F, out: *mut u64, n: usize, level: Level) {
                let mut low = [const { MaybeUninit::<f64>::uninit() }; BLOCK];
                let low = low.as_mut_ptr().cast::<f64>();
                // SAFETY: the contract; the block holds `n` elements, each written before it is read.
                unsafe {
                    for i in 0..n {
                        *low.add(i) = lower(f64::from(*x.add(i))).0;
                    }
                    f64::block_i64(low, out.cast::<i64>(), n, level);
                    for i in 0..n {
                        *out.add(i) ^= lower(f64::from(*x.add(i))).1;
                    }
                }
            }
        }
    )+};
}
upper_half!(f32, f64);

/// A number below 2^63, and the bit that was taken off it.
#[inline(always)]
fn lower(x: f64) -> (f64, u64) {
    const HALF: f64 = 9223372036854775808.0;
    let big = x >= HALF;
    (if big { x - HALF } else { x }, u64::from(big) << 63)
}

levels! {
    /// Loops of the real parts of complex numbers as unsigned 32-bit integers.
    part_to_u32<P: PartCast> = part_body::<P>
}

/// A cast of the real part that goes in fours through 32-bit registers.
pub(super) trait PartCast: Op1<O = u32> {
    /// One element as those of the fours are cast.
    fn in_fours(x: Self::I) -> u32;
}

macro_rules! part_casts {
    ($($F:ty),+) => {$(
        impl PartCast for Cast<RealPart<$F>, u32> {
            #[inline(always)]
            fn in_fours(x: RealPart<$F>) -> u32 {
                const HALF: $F = 2147483648.0;
                let v = x.0.re;
                match v >= HALF {
                    true => (v - HALF).to_i32() as u32 ^ 1 << 31,
                    false => v.to_i32() as u32,
                }
            }
        }
    )+};
}
part_casts!(f32, f64);

/// # Safety
/// As any strided loop of two operands.
#[inline(always)]
unsafe fn part_body<P: PartCast>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (n, a, o) = (*dims as usize, *args, *args.add(1));
        let sizes = [size_of::<P::I>() as isize, size_of::<u32>() as isize];
        if a == o || [*strides, *strides.add(1)] != sizes {
            return unary_body::<P>(ctx, args, dims, strides, level);
        }
        // The last few elements, four at most, go one by one.
        let fours = n.saturating_sub(1) & !3;
        for i in 0..fours {
            *o.cast::<u32>().add(i) = P::in_fours(*a.cast::<P::I>().add(i));
        }
        for i in fours..n {
            *o.cast::<u32>().add(i) = P::f(*a.cast::<P::I>().add(i), &mut 0);
        }
    }
    0
}

levels! {
    /// Loops of a cast from float to integer, one variant a level.
    float_to_int<P: BlockCast> = body::<P>
}

/// # Safety
/// As any strided loop of two operands.
#[inline(always)]
unsafe fn body<P: BlockCast>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract; blocks lie within the operands, which are apart.
    unsafe {
        let (n, a, o) = (*dims as usize, *args, *args.add(1));
        let sizes = [size_of::<P::I>() as isize, size_of::<P::O>() as isize];
        if a == o || [*strides, *strides.add(1)] != sizes {
            return unary_body::<P>(ctx, args, dims, strides, level);
        }
        let (a, o) = (a.cast::<P::I>(), o.cast::<P::O>());
        let mut at = 0;
        while at < n {
            let len = BLOCK.min(n - at);
            P::block(a.add(at), o.add(at), len, level);
            at += len;
        }
    }
    0
}
