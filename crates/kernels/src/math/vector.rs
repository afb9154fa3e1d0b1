//! Runs kernels over elements: load, compute, mend the lanes outside the kernel's range by the C
//! library, store. Halves are computed as `f32`.
//!
//! Level v4 takes a register at a time, v3 a block of single numbers that the compiler vectorises. The
//! baseline level, which has no fused operations, calls the C library for every element.

use super::lanes::{Mask, Real};
use crate::cpu::Level;
use crate::half::{from_f32, to_f32};
use crate::loops::{fp, Levels, LoopCtx};
use crate::shape::levels;
use numoxide_dtype::F16;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;

/// A float that kernels compute with.
pub(crate) trait Wide: Real<E = Self, I = Self::Int, M = bool> + Default + 'static {
    /// The integer of its width.
    type Int: Copy;
    /// A register of them at level v4.
    type V4: Real<E = Self, I = Self::Int>;
}

#[cfg(target_arch = "x86_64")]
mod registers {
    use super::super::lanes::{F32x16, F64x8};
    impl super::Wide for f64 {
        type Int = i64;
        type V4 = F64x8;
    }
    impl super::Wide for f32 {
        type Int = i32;
        type V4 = F32x16;
    }
}
#[cfg(not(target_arch = "x86_64"))]
mod registers {
    impl super::Wide for f64 {
        type Int = i64;
        type V4 = f64;
    }
    impl super::Wide for f32 {
        type Int = i32;
        type V4 = f32;
    }
}

/// A register of an element's float.
type V4<T> = <<T as Lane>::Wide as Wide>::V4;

/// An element that kernels can take.
pub(crate) trait Lane: Copy + Default + 'static {
    /// What it is computed with.
    type Wide: Wide;
    /// Its value.
    fn widen(self) -> Self::Wide;
    /// The nearest element.
    fn narrow(x: Self::Wide) -> Self;
    /// A register's elements, read.
    ///
    /// # Safety
    /// - As many elements as a register holds are valid for reads; the CPU has level v4.
    unsafe fn load(p: *const Self) -> V4<Self>;
    /// A register's elements, written.
    ///
    /// # Safety
    /// - As many elements as a register holds are valid for writes; the CPU has level v4.
    unsafe fn store(x: V4<Self>, p: *mut Self);
}

macro_rules! lanes {
    ($($T:ty as $Wide:ty, |$x:ident| $widen:expr, |$y:ident| $round:expr,
        |$p:ident| $load:expr, |$v:ident, $q:ident| $store:expr;)+) => {$(
        impl Lane for $T {
            type Wide = $Wide;
            #[inline(always)]
            fn widen(self) -> $Wide { let $x = self; $widen }
            #[inline(always)]
            fn narrow($y: $Wide) -> $T { $round }
            #[inline(always)]
            unsafe fn load($p: *const $T) -> V4<$T> {
                // SAFETY: the caller's contract.
                unsafe { $load }
            }
            #[inline(always)]
            unsafe fn store($v: V4<$T>, $q: *mut $T) {
                // SAFETY: the caller's contract.
                unsafe { $store }
            }
        }
    )+};
}
#[cfg(target_arch = "x86_64")]
use {
    super::lanes::{F32x16, F64x8},
    std::arch::x86_64 as v,
};
#[cfg(target_arch = "x86_64")]
lanes! {
    f64 as f64, |x| x, |y| y, |p| F64x8(v::_mm512_loadu_pd(p)), |x, p| v::_mm512_storeu_pd(p, x.0);
    f32 as f32, |x| x, |y| y, |p| F32x16(v::_mm512_loadu_ps(p)), |x, p| v::_mm512_storeu_ps(p, x.0);
    F16 as f32, |x| to_f32(x), |y| from_f32(y),
        |p| F32x16(v::_mm512_cvtph_ps(v::_mm256_loadu_si256(p.cast()))),
        |x, p| v::_mm256_storeu_si256(p.cast(), v::_mm512_cvtps_ph::<0>(x.0));
}
#[cfg(not(target_arch = "x86_64"))]
lanes! {
    f64 as f64, |x| x, |y| y, |p| p.read(), |x, p| p.write(x);
    f32 as f32, |x| x, |y| y, |p| p.read(), |x, p| p.write(x);
    F16 as f32, |x| to_f32(x), |y| from_f32(y), |p| to_f32(p.read()), |x, p| p.write(from_f32(x));
}

/// A function of one number with a kernel.
pub(crate) trait Kernel: 'static {
    /// Element.
    type T: Lane;
    /// Whether the kernel is long enough to run in two stages over several registers, so that the
    /// processor sees steps that do not wait for each other.
    const STAGED: bool = false;
    /// The kernel's first stage.
    #[inline(always)]
    fn first<V: Real<E = WideOf<Self::T>, I = IntOf<Self::T>>>(x: V) -> [V; 3] {
        [x; 3]
    }
    /// The kernel, from what its first stage found.
    fn last<V: Real<E = WideOf<Self::T>, I = IntOf<Self::T>>>(x: V, held: [V; 3]) -> V;
    /// The kernel.
    #[inline(always)]
    fn fast<V: Real<E = WideOf<Self::T>, I = IntOf<Self::T>>>(x: V) -> V {
        Self::last(x, Self::first(x))
    }
    /// Whether `x` is in the range where kernel and element are both good.
    fn in_range<V: Real<E = WideOf<Self::T>, I = IntOf<Self::T>>>(x: V) -> V::M;
    /// The C library's function; it adds the status that the hardware does not show.
    fn slow(x: Self::T, st: &mut u8) -> Self::T;
}

/// What an element is computed with.
pub(crate) type WideOf<T> = <T as Lane>::Wide;
/// The integer of that width.
pub(crate) type IntOf<T> = <<T as Lane>::Wide as Wide>::Int;

/// A function of two numbers with a kernel.
pub(crate) trait Kernel2: 'static {
    /// Element.
    type T: Lane;
    /// As in [`Kernel`].
    const STAGED: bool = false;
    /// The kernel's first stage.
    #[inline(always)]
    fn first<V: Real<E = WideOf<Self::T>, I = IntOf<Self::T>>>(x: V, y: V) -> Held<V> {
        [x.widened(), y.widened()]
    }
    /// The kernel's value from what its first stage found, and whether the arguments are in the range
    /// where kernel and element are both good.
    fn last<V: Real<E = WideOf<Self::T>, I = IntOf<Self::T>>>(
        x: V,
        y: V,
        held: Held<V>,
    ) -> (V, V::M);
    /// Both stages.
    #[inline(always)]
    fn fast<V: Real<E = WideOf<Self::T>, I = IntOf<Self::T>>>(x: V, y: V) -> (V, V::M) {
        Self::last(x, y, Self::first(x, y))
    }
    /// The C library's function; it adds the status that the hardware does not show.
    fn slow(x: Self::T, y: Self::T, st: &mut u8) -> Self::T;
    /// Whether the slow function's status is what the hardware shows, besides what it adds.
    const WATCHED: bool = true;
    /// A function of the first number that stands for this one where the second is this scalar.
    #[inline(always)]
    fn special(_: WideOf<Self::T>) -> Option<Levels> {
        None
    }
}

/// What the first stage of a function of two numbers leaves, in 64 bits: two for each half.
pub(crate) type Held<V> = [[<V as Real>::Wide; 2]; 2];

/// Registers that go through a stage together.
const STAGE: usize = 8;
/// Elements of a block.
const BLOCK: usize = 128;
/// Elements of the largest register.
const HELD: usize = 16;

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

/// The C library's value of an element, with its status.
#[inline(always)]
fn mend<T: Lane>(st: &mut u8, watched: bool, f: impl Fn(&mut u8) -> T) -> T {
    let mut value = T::default();
    let mut own = 0;
    let seen = watch(|| value = std::hint::black_box(f(&mut own)));
    *st |= own | if watched { seen } else { 0 };
    value
}

/// Reads `out.len()` elements, `stride` bytes apart.
///
/// # Safety
/// - The elements are valid for reads.
#[inline(always)]
unsafe fn gather<T: Lane, O>(p: *const u8, stride: isize, out: &mut [O], f: impl Fn(T) -> O) {
    if stride == size_of::<T>() as isize {
        // SAFETY: the caller's contract.
        let data = unsafe { std::slice::from_raw_parts(p.cast::<T>(), out.len()) };
        for (o, x) in out.iter_mut().zip(data) {
            *o = f(*x);
        }
        return;
    }
    for (i, o) in out.iter_mut().enumerate() {
        // SAFETY: the caller's contract.
        *o = f(unsafe { p.wrapping_offset(i as isize * stride).cast::<T>().read() });
    }
}

/// Writes elements, `stride` bytes apart.
///
/// # Safety
/// - The elements are valid for writes.
#[inline(always)]
unsafe fn scatter<T: Lane, I: Copy>(p: *mut u8, stride: isize, from: &[I], f: impl Fn(I) -> T) {
    if stride == size_of::<T>() as isize {
        // SAFETY: the caller's contract.
        let data = unsafe { std::slice::from_raw_parts_mut(p.cast::<T>(), from.len()) };
        for (o, x) in data.iter_mut().zip(from) {
            *o = f(*x);
        }
        return;
    }
    for (i, x) in from.iter().enumerate() {
        // SAFETY: the caller's contract.
        unsafe {
            p.wrapping_offset(i as isize * stride)
                .cast::<T>()
                .write(f(*x))
        };
    }
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
    let mut st = 0;
    // SAFETY: the loop contract.
    unsafe {
        if level == Level::V4 {
            registers1::<P>(args, *dims as usize, strides, &mut st);
        } else {
            blocks1::<P>(args, *dims as usize, strides, level, &mut st);
        }
        if st != 0 {
            (*ctx).report_fp(st);
        }
    }
    0
}

/// # Safety
/// As any strided loop; the CPU has level v4.
#[inline(always)]
unsafe fn registers1<P: Kernel>(
    args: *const *mut u8,
    n: usize,
    strides: *const isize,
    st: &mut u8,
) {
    // SAFETY: the loop contract; a register is read whole before it is written.
    unsafe {
        let (mut a, mut o) = (*args, *args.add(1));
        let (sa, so) = (*strides, *strides.add(1));
        let (per, mut left) = (V4::<P::T>::N, n);
        let size = size_of::<P::T>() as isize;
        if sa == size && so == size {
            while P::STAGED && left >= STAGE * per {
                let mut held = [MaybeUninit::<[V4<P::T>; 3]>::uninit(); STAGE];
                for (i, held) in held.iter_mut().enumerate() {
                    held.write(P::first(P::T::load(a.cast::<P::T>().add(i * per))));
                }
                for held in &held {
                    let x = P::T::load(a.cast());
                    let bad = (!P::in_range(x)).lanes();
                    P::T::store(P::last(x, held.assume_init()), o.cast());
                    if bad != 0 {
                        let mut held = [P::T::default(); HELD];
                        P::T::store(x, held.as_mut_ptr());
                        mend1::<P>(&held, o.cast(), bad, st);
                    }
                    (a, o) = (a.add(per * size as usize), o.add(per * size as usize));
                }
                left -= STAGE * per;
            }
            while left >= per {
                let x = P::T::load(a.cast());
                let bad = (!P::in_range(x)).lanes();
                P::T::store(P::fast(x), o.cast());
                if bad != 0 {
                    let mut held = [P::T::default(); HELD];
                    P::T::store(x, held.as_mut_ptr());
                    mend1::<P>(&held, o.cast(), bad, st);
                }
                (a, o) = (a.add(per * size as usize), o.add(per * size as usize));
                left -= per;
            }
        }
        while left > 0 {
            let n = left.min(per);
            let (mut held, mut out) = ([P::T::default(); HELD], [P::T::default(); HELD]);
            gather(a, sa, &mut held[..n], |x: P::T| x);
            let x = P::T::load(held.as_ptr());
            let bad = (!P::in_range(x)).lanes() & ((1 << n) - 1);
            P::T::store(P::fast(x), out.as_mut_ptr());
            if bad != 0 {
                mend1::<P>(&held, out.as_mut_ptr(), bad, st);
            }
            scatter(o, so, &out[..n], |x: P::T| x);
            a = a.wrapping_offset(sa * n as isize);
            o = o.wrapping_offset(so * n as isize);
            left -= n;
        }
    }
}

/// Writes the lanes whose bits are set anew.
///
/// # Safety
/// - Those elements of `o` are valid for writes.
#[cold]
#[inline(never)]
unsafe fn mend1<P: Kernel>(x: &[P::T; HELD], o: *mut P::T, lanes: u32, st: &mut u8) {
    for (i, x) in x.iter().enumerate() {
        if lanes >> i & 1 != 0 {
            // SAFETY: the caller's contract.
            unsafe { o.add(i).write(mend(st, true, |st| P::slow(*x, st))) };
        }
    }
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn blocks1<P: Kernel>(
    args: *const *mut u8,
    n: usize,
    strides: *const isize,
    level: Level,
    st: &mut u8,
) {
    // SAFETY: the loop contract; a block is read whole before it is written.
    unsafe {
        let (mut a, mut o) = (*args, *args.add(1));
        let (sa, so) = (*strides, *strides.add(1));
        let (mut x, mut y) = ([Default::default(); BLOCK], [Default::default(); BLOCK]);
        let mut left = n;
        while left > 0 {
            let n = left.min(BLOCK);
            let (x, y) = (&mut x[..n], &mut y[..n]);
            gather(a, sa, x, P::T::widen);
            let mut outside = 1;
            if level != Level::V2 {
                for (y, x) in y.iter_mut().zip(x.iter()) {
                    *y = P::fast(*x);
                }
                // Counted in lanes as wide as the elements, which vectorises.
                outside = x.iter().fold(0, |n, x| n | (!P::in_range(*x)).lanes());
            }
            if outside != 0 {
                for (y, x) in y.iter_mut().zip(x.iter()) {
                    if level == Level::V2 || !P::in_range(*x) {
                        *y = mend(st, true, |st| P::slow(P::T::narrow(*x), st)).widen();
                    }
                }
            }
            scatter(o, so, y, P::T::narrow);
            a = a.wrapping_offset(sa * n as isize);
            o = o.wrapping_offset(so * n as isize);
            left -= n;
        }
    }
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
    // SAFETY: the loop contract.
    unsafe {
        let (a, b, o) = (*args, *args.add(1), *args.add(2));
        let (sa, sb, so) = (*strides, *strides.add(1), *strides.add(2));
        // Reductions and accumulations go one element at a time.
        let ahead = sa == so && (o == a || o == a.wrapping_offset(sa));
        let serial = so == 0 || (ahead && o != a);
        if sb == 0 && !serial && level != Level::V2 {
            if let Some(simple) = P::special(b.cast::<P::T>().read().widen()) {
                let none = std::ptr::null_mut();
                return simple.pick()(ctx, [a, o].as_ptr(), dims, [sa, so].as_ptr(), none);
            }
        }
        let mut st = 0;
        if level == Level::V4 {
            registers2::<P>([a, b, o], *dims as usize, [sa, sb, so], serial, &mut st);
        } else {
            let most = if serial { 1 } else { BLOCK };
            blocks2::<P>(
                [a, b, o],
                *dims as usize,
                [sa, sb, so],
                most,
                level,
                &mut st,
            );
        }
        if st != 0 {
            (*ctx).report_fp(st);
        }
    }
    0
}

/// # Safety
/// As any strided loop; the CPU has level v4.
#[inline(always)]
unsafe fn registers2<P: Kernel2>(
    [mut a, mut b, mut o]: [*mut u8; 3],
    n: usize,
    [sa, sb, so]: [isize; 3],
    serial: bool,
    st: &mut u8,
) {
    // SAFETY: the loop contract; registers are read whole before one is written.
    unsafe {
        let (per, mut left) = (V4::<P::T>::N, n);
        let size = size_of::<P::T>() as isize;
        let wide = |s: isize| s == size || s == 0;
        if wide(sa) && wide(sb) && so == size && !serial && left >= per {
            // A scalar is read from a register's worth of copies.
            let first = [a.cast::<P::T>().read(); HELD];
            let second = [b.cast::<P::T>().read(); HELD];
            if sa == 0 {
                a = first.as_ptr().cast_mut().cast();
            }
            if sb == 0 {
                b = second.as_ptr().cast_mut().cast();
            }
            while P::STAGED && left >= STAGE * per {
                let mut held = [MaybeUninit::<Held<V4<P::T>>>::uninit(); STAGE];
                for (i, held) in held.iter_mut().enumerate() {
                    let x = P::T::load(a.wrapping_offset(sa * (i * per) as isize).cast());
                    let y = P::T::load(b.wrapping_offset(sb * (i * per) as isize).cast());
                    held.write(P::first(x, y));
                }
                for held in &held {
                    let (x, y) = (P::T::load(a.cast()), P::T::load(b.cast()));
                    put2::<P>(x, y, P::last(x, y, held.assume_init()), o.cast(), st);
                    a = a.wrapping_offset(sa * per as isize);
                    b = b.wrapping_offset(sb * per as isize);
                    o = o.add(per * size as usize);
                }
                left -= STAGE * per;
            }
            while left >= per {
                let (x, y) = (P::T::load(a.cast()), P::T::load(b.cast()));
                put2::<P>(x, y, P::fast(x, y), o.cast(), st);
                a = a.wrapping_offset(sa * per as isize);
                b = b.wrapping_offset(sb * per as isize);
                o = o.add(per * size as usize);
                left -= per;
            }
            if left > 0 {
                rest2::<P>([a, b, o], left, [sa, sb, so], per, st);
            }
            return;
        }
        rest2::<P>(
            [a, b, o],
            left,
            [sa, sb, so],
            if serial { 1 } else { per },
            st,
        );
    }
}

/// Writes a register's values, those that are not good anew.
///
/// # Safety
/// - As many elements as a register holds are valid for writes at `o`; the CPU has level v4.
#[inline(always)]
unsafe fn put2<P: Kernel2>(
    x: V4<P::T>,
    y: V4<P::T>,
    (z, good): (V4<P::T>, <V4<P::T> as Real>::M),
    o: *mut P::T,
    st: &mut u8,
) {
    // SAFETY: the caller's contract.
    unsafe {
        P::T::store(z, o);
        let bad = (!good).lanes();
        if bad != 0 {
            let mut held = [[P::T::default(); HELD]; 2];
            P::T::store(x, held[0].as_mut_ptr());
            P::T::store(y, held[1].as_mut_ptr());
            mend2::<P>(&held, o, bad, st);
        }
    }
}

/// Elements that do not lie side by side or do not fill a register, `most` at a time.
///
/// # Safety
/// As any strided loop; the CPU has level v4.
#[inline(always)]
unsafe fn rest2<P: Kernel2>(
    [mut a, mut b, mut o]: [*mut u8; 3],
    n: usize,
    [sa, sb, so]: [isize; 3],
    most: usize,
    st: &mut u8,
) {
    let mut left = n;
    while left > 0 {
        let n = left.min(most);
        let mut held = [[P::T::default(); HELD]; 2];
        let mut out = [P::T::default(); HELD];
        // SAFETY: the loop contract; elements are read before they are written.
        unsafe {
            gather(a, sa, &mut held[0][..n], |x: P::T| x);
            gather(b, sb, &mut held[1][..n], |x: P::T| x);
            let (x, y) = (P::T::load(held[0].as_ptr()), P::T::load(held[1].as_ptr()));
            let (z, good) = P::fast(x, y);
            let bad = (!good).lanes() & ((1 << n) - 1);
            P::T::store(z, out.as_mut_ptr());
            if bad != 0 {
                mend2::<P>(&held, out.as_mut_ptr(), bad, st);
            }
            scatter(o, so, &out[..n], |x: P::T| x);
        }
        a = a.wrapping_offset(sa * n as isize);
        b = b.wrapping_offset(sb * n as isize);
        o = o.wrapping_offset(so * n as isize);
        left -= n;
    }
}

/// As [`mend1`].
///
/// # Safety
/// - The elements of `o` whose bits are set are valid for writes.
#[cold]
#[inline(never)]
unsafe fn mend2<P: Kernel2>(x: &[[P::T; HELD]; 2], o: *mut P::T, lanes: u32, st: &mut u8) {
    for (i, (x, y)) in x[0].iter().zip(&x[1]).enumerate() {
        if lanes >> i & 1 != 0 {
            let value = mend(st, P::WATCHED, |st| P::slow(*x, *y, st));
            // SAFETY: the caller's contract.
            unsafe { o.add(i).write(value) };
        }
    }
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn blocks2<P: Kernel2>(
    [mut a, mut b, mut o]: [*mut u8; 3],
    n: usize,
    [sa, sb, so]: [isize; 3],
    most: usize,
    level: Level,
    st: &mut u8,
) {
    let zero = [Default::default(); BLOCK];
    let (mut x, mut y, mut z) = (zero, zero, zero);
    let mut left = n;
    while left > 0 {
        let n = left.min(most);
        let (x, y, z) = (&mut x[..n], &mut y[..n], &mut z[..n]);
        // SAFETY: the loop contract; a block is read whole before it is written.
        unsafe {
            gather(a, sa, x, P::T::widen);
            gather(b, sb, y, P::T::widen);
        }
        let mut outside = 1;
        if level != Level::V2 {
            for (z, (x, y)) in z.iter_mut().zip(x.iter().zip(y.iter())) {
                *z = P::fast(*x, *y).0;
            }
            let pairs = x.iter().zip(y.iter());
            outside = pairs.fold(0, |n, (x, y)| n | (!P::fast(*x, *y).1).lanes());
        }
        if outside != 0 {
            for (z, (x, y)) in z.iter_mut().zip(x.iter().zip(y.iter())) {
                if level == Level::V2 || !P::fast(*x, *y).1 {
                    let (x, y) = (P::T::narrow(*x), P::T::narrow(*y));
                    *z = mend(st, P::WATCHED, |st| P::slow(x, y, st)).widen();
                }
            }
        }
        // SAFETY: the loop contract.
        unsafe { scatter(o, so, z, P::T::narrow) };
        a = a.wrapping_offset(sa * n as isize);
        b = b.wrapping_offset(sb * n as isize);
        o = o.wrapping_offset(so * n as isize);
        left -= n;
    }
}

levels! {
    /// Loops of a function of one number.
    vector<P: Kernel> = body::<P>
}
levels! {
    /// Loops of a function of two numbers.
    vector2<P: Kernel2> = body2::<P>
}
