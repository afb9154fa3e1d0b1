//! Runs `f64` kernels over blocks: gather, compute, mend the arguments outside the kernel's range by
//! the C library, scatter. `f32` and half go through `f64` and round once.
//!
//! The baseline level, which has no fused operations, calls the C library for every element.

use crate::cpu::Level;
use crate::half::{from_f32, to_f32};
use crate::loops::{fp, Levels, LoopCtx};
use crate::shape::levels;
use numoxide_dtype::F16;
use std::ffi::{c_int, c_void};

/// An element that kernels can take.
pub(crate) trait Lane: Copy + Default + 'static {
    /// Its value.
    fn widen(self) -> f64;
    /// The nearest element.
    fn narrow(x: f64) -> Self;
    /// The values of elements, which a level may have an instruction for.
    #[inline(always)]
    fn widen_all(from: &[Self], to: &mut [f64], _: Level) {
        for (o, x) in to.iter_mut().zip(from) {
            *o = x.widen();
        }
    }
    /// The nearest elements, likewise.
    #[inline(always)]
    fn narrow_all(from: &[f64], to: &mut [Self], _: Level) {
        for (o, x) in to.iter_mut().zip(from) {
            *o = Self::narrow(*x);
        }
    }
}

/// Conversions of halves by the instructions that come with the higher levels.
macro_rules! halves {
    () => {
        #[inline(always)]
        #[cfg(target_arch = "x86_64")]
        fn widen_all(from: &[F16], to: &mut [f64], level: Level) {
            use std::arch::x86_64 as v;
            let whole = if level == Level::V2 {
                0
            } else {
                to.len() / 8 * 8
            };
            for (o, x) in to[..whole].chunks_exact_mut(8).zip(from.chunks_exact(8)) {
                let mut single = [0f32; 8];
                // SAFETY: eight elements each; the level has the conversion.
                unsafe {
                    let wide = v::_mm256_cvtph_ps(v::_mm_loadu_si128(x.as_ptr().cast()));
                    v::_mm256_storeu_ps(single.as_mut_ptr(), wide);
                }
                for k in 0..8 {
                    o[k] = f64::from(single[k]);
                }
            }
            for (o, x) in to[whole..].iter_mut().zip(&from[whole..]) {
                *o = x.widen();
            }
        }
        #[inline(always)]
        #[cfg(target_arch = "x86_64")]
        fn narrow_all(from: &[f64], to: &mut [F16], level: Level) {
            use std::arch::x86_64 as v;
            let whole = if level == Level::V2 {
                0
            } else {
                from.len() / 8 * 8
            };
            for (o, x) in to[..whole].chunks_exact_mut(8).zip(from.chunks_exact(8)) {
                let mut single = [0f32; 8];
                for k in 0..8 {
                    single[k] = x[k] as f32;
                }
                // SAFETY: eight elements each; the level has the conversion, 0 rounds to nearest.
                unsafe {
                    let half = v::_mm256_cvtps_ph::<0>(v::_mm256_loadu_ps(single.as_ptr()));
                    v::_mm_storeu_si128(o.as_mut_ptr().cast(), half);
                }
            }
            for (o, x) in to[whole..].iter_mut().zip(&from[whole..]) {
                *o = F16::narrow(*x);
            }
        }
    };
}

macro_rules! lanes {
    ($($T:ty, |$x:ident| $widen:expr, |$y:ident| $round:expr $(, $all:ident)?;)+) => {$(
        impl Lane for $T {
            #[inline(always)]
            fn widen(self) -> f64 { let $x = self; $widen }
            #[inline(always)]
            fn narrow($y: f64) -> $T { $round }
            $($all!();)?
        }
    )+};
}
lanes! {
    f64, |x| x, |y| y;
    f32, |x| f64::from(x), |y| y as f32;
    F16, |x| f64::from(to_f32(x)), |y| from_f32(y as f32), halves;
}

/// A function of one number with a kernel.
pub(crate) trait Kernel: 'static {
    /// Element.
    type T: Lane;
    /// The kernel.
    fn fast(x: f64) -> f64;
    /// Whether `x` is in the range where kernel and element are both good.
    fn in_range(x: f64) -> bool;
    /// The C library's function; it adds the status that the hardware does not show.
    fn slow(x: Self::T, st: &mut u8) -> Self::T;
}

/// A function of two numbers with a kernel.
pub(crate) trait Kernel2: 'static {
    /// Element.
    type T: Lane;
    /// The kernel.
    fn fast(x: f64, y: f64) -> f64;
    /// Whether the arguments are in the range where kernel and element are both good.
    fn in_range(x: f64, y: f64) -> bool;
    /// The C library's function; it adds the status that the hardware does not show.
    fn slow(x: Self::T, y: Self::T, st: &mut u8) -> Self::T;
    /// Whether the function is `x * x` for all `x` where `y` is this scalar.
    #[inline(always)]
    fn squares(_: f64) -> bool {
        false
    }
}

/// Elements of a block.
const BLOCK: usize = 128;

/// Status bits that `f` raises in hardware; the register's own are left as they were.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn watch(f: impl FnOnce()) -> u8 {
    let (mut before, mut after) = (0u32, 0u32);
    // SAFETY: stores and loads of the status register through valid pointers.
    unsafe {
        std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut before, options(nostack));
        let clear = before & !0x3f;
        std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const clear, options(nostack));
        f();
        std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut after, options(nostack));
        std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const before, options(nostack));
    }
    let bit = |mask: u32, status: u8| if after & mask != 0 { status } else { 0 };
    bit(1, fp::INVALID) | bit(4, fp::DIVIDE) | bit(8, fp::OVERFLOW) | bit(16, fp::UNDERFLOW)
}

/// Elsewhere the status is not read.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn watch(f: impl FnOnce()) -> u8 {
    f();
    0
}

/// Reads `out.len()` elements into a block.
///
/// # Safety
/// - The elements are valid for reads.
#[inline(always)]
unsafe fn gather<T: Lane>(p: *const u8, stride: isize, out: &mut [f64], level: Level) {
    // SAFETY: the caller's contract.
    unsafe {
        if stride == size_of::<T>() as isize {
            let data = std::slice::from_raw_parts(p.cast::<T>(), out.len());
            T::widen_all(data, out, level);
        } else {
            for (i, o) in out.iter_mut().enumerate() {
                *o = p
                    .wrapping_offset(i as isize * stride)
                    .cast::<T>()
                    .read()
                    .widen();
            }
        }
    }
}

/// Writes a block.
///
/// # Safety
/// - The elements are valid for writes.
#[inline(always)]
unsafe fn scatter<T: Lane>(p: *mut u8, stride: isize, values: &[f64], level: Level) {
    // SAFETY: the caller's contract.
    unsafe {
        if stride == size_of::<T>() as isize {
            let data = std::slice::from_raw_parts_mut(p.cast::<T>(), values.len());
            T::narrow_all(values, data, level);
        } else {
            for (i, x) in values.iter().enumerate() {
                p.wrapping_offset(i as isize * stride)
                    .cast::<T>()
                    .write(T::narrow(*x));
            }
        }
    }
}

/// The C library's value of an element, with its status.
#[inline(always)]
fn mend<T: Lane>(st: &mut u8, f: impl Fn(&mut u8) -> T) -> f64 {
    let mut value = T::default();
    let mut own = 0;
    *st |= watch(|| value = std::hint::black_box(f(&mut own)));
    *st |= own;
    value.widen()
}

/// Runs the kernel over a block; whether an argument was outside its range.
#[inline(always)]
fn compute<P: Kernel>(x: &[f64], y: &mut [f64]) -> bool {
    for (y, x) in y.iter_mut().zip(x) {
        *y = P::fast(*x);
    }
    // Counted in lanes as wide as the elements, which vectorises.
    x.iter().fold(0u64, |n, x| n + u64::from(!P::in_range(*x))) != 0
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn body<P: Kernel>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract; a block is read whole before it is written.
    unsafe {
        let (mut a, mut o) = (*args, *args.add(1));
        let (sa, so) = (*strides, *strides.add(1));
        let (mut left, mut st) = (*dims as usize, 0);
        let (mut x, mut y) = ([0.0; BLOCK], [0.0; BLOCK]);
        while left > 0 {
            let n = left.min(BLOCK);
            let (x, y) = (&mut x[..n], &mut y[..n]);
            gather::<P::T>(a, sa, x, level);
            let outside = match level {
                Level::V2 => true,
                _ if n == BLOCK => compute::<P>(&x[..BLOCK], &mut y[..BLOCK]),
                _ => compute::<P>(x, y),
            };
            if outside {
                for (y, x) in y.iter_mut().zip(x.iter()) {
                    if level == Level::V2 || !P::in_range(*x) {
                        *y = mend(&mut st, |st| P::slow(P::T::narrow(*x), st));
                    }
                }
            }
            scatter::<P::T>(o, so, y, level);
            a = a.wrapping_offset(sa * n as isize);
            o = o.wrapping_offset(so * n as isize);
            left -= n;
        }
        if st != 0 {
            (*ctx).report_fp(st);
        }
    }
    0
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn body2<P: Kernel2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract; reductions and accumulations go one element at a time.
    unsafe {
        let (mut a, mut b, mut o) = (*args, *args.add(1), *args.add(2));
        let (sa, sb, so) = (*strides, *strides.add(1), *strides.add(2));
        let ahead = sa == so && (o == a || o == a.wrapping_offset(sa));
        let serial = so == 0 || (ahead && o != a);
        let (mut left, mut st) = (*dims as usize, 0);
        let (mut x, mut y, mut z) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
        while left > 0 {
            let n = left.min(if serial { 1 } else { BLOCK });
            let (x, y, z) = (&mut x[..n], &mut y[..n], &mut z[..n]);
            gather::<P::T>(a, sa, x, level);
            gather::<P::T>(b, sb, y, level);
            let mut all = level != Level::V2;
            if all && sb == 0 && !serial && P::squares(y[0]) {
                for (z, x) in z.iter_mut().zip(x.iter()) {
                    *z = *x * *x;
                }
                let outside = |x: f64| u64::from(!P::in_range(x, 2.0) & (x != 0.0));
                all = x.iter().fold(0u64, |n, x| n + outside(*x)) == 0;
            } else if all {
                for (z, (x, y)) in z.iter_mut().zip(x.iter().zip(y.iter())) {
                    *z = P::fast(*x, *y);
                }
                // Counted in lanes as wide as the elements, which vectorises.
                let pairs = x.iter().zip(y.iter());
                all = pairs.fold(0u64, |n, (x, y)| n + u64::from(!P::in_range(*x, *y))) == 0;
            }
            if !all {
                for (z, (x, y)) in z.iter_mut().zip(x.iter().zip(y.iter())) {
                    if level == Level::V2 || !P::in_range(*x, *y) {
                        let (x, y) = (P::T::narrow(*x), P::T::narrow(*y));
                        *z = mend(&mut st, |st| P::slow(x, y, st));
                    }
                }
            }
            scatter::<P::T>(o, so, z, level);
            a = a.wrapping_offset(sa * n as isize);
            b = b.wrapping_offset(sb * n as isize);
            o = o.wrapping_offset(so * n as isize);
            left -= n;
        }
        if st != 0 {
            (*ctx).report_fp(st);
        }
    }
    0
}

levels! {
    /// Loops of a function of one number.
    vector<P: Kernel> = body::<P>
}
levels! {
    /// Loops of a function of two numbers.
    vector2<P: Kernel2> = body2::<P>
}
