//! Inner-loop shapes: how one element function becomes a strided loop.
//!
//! An element function is a marker type with [`Op1`], [`Op2`] or [`Op3`]. One generic body for each
//! arity picks the shape of a call (contiguous, scalar operand, in place, reduction, accumulation,
//! strided) and is compiled once for each CPU level, where the compiler vectorises it.

use crate::cpu::Level;
use crate::loops::{Levels, LoopCtx};
use crate::stream;
use std::ffi::{c_int, c_void};
use std::mem::{size_of, transmute_copy};

/// Set by an element function in its status byte to make the loop fail with [`Op2::failure`].
pub(crate) const FAIL: u8 = 0x80;

/// One input, one output.
pub(crate) trait Op1: 'static {
    /// Input element.
    type I: Copy;
    /// Output element.
    type O: Copy;
    /// The value of one element; status bits are added to `st`.
    fn f(x: Self::I, st: &mut u8) -> Self::O;
}

/// Two inputs, one output.
pub(crate) trait Op2: 'static {
    /// First input element.
    type L: Copy;
    /// Second input element.
    type R: Copy;
    /// Output element.
    type O: Copy;

    /// The value of one element; status bits are added to `st`.
    fn f(lhs: Self::L, rhs: Self::R, st: &mut u8) -> Self::O;

    /// The error behind the [`FAIL`] bit.
    fn failure() -> numoxide_dtype::Error {
        numoxide_dtype::Error::Raised
    }

    /// Folds `n` elements at `b`, `sb` bytes apart, into `acc`.
    ///
    /// # Safety
    /// - The elements are valid for reads.
    /// - `L` and `O` are the same type.
    #[inline(always)]
    unsafe fn reduce(acc: Self::O, b: *const u8, sb: isize, n: usize, st: &mut u8) -> Self::O {
        // SAFETY: passed on to the caller.
        unsafe { fold::<Self>(acc, b, sb, n, st) }
    }
}

/// One input, two outputs.
pub(crate) trait Op1x2: 'static {
    /// Input element.
    type I: Copy;
    /// First output element.
    type O: Copy;
    /// Second output element.
    type P: Copy;
    /// The values of one element; status bits are added to `st`.
    fn f(x: Self::I, st: &mut u8) -> (Self::O, Self::P);
}

/// Two inputs of one type, two outputs, the second of the inputs' type.
pub(crate) trait Op2x2: 'static {
    /// Input and second output element.
    type T: Copy;
    /// First output element.
    type O: Copy;
    /// The values of one element; status bits are added to `st`.
    fn f(x: Self::T, y: Self::T, st: &mut u8) -> (Self::O, Self::T);
}

/// Three inputs of one type, one output of the same type.
pub(crate) trait Op3: 'static {
    /// Element.
    type T: Copy;
    /// The value of one element.
    fn f(x: Self::T, y: Self::T, z: Self::T) -> Self::T;
    /// The value of one element where the second and third operand are scalars.
    #[inline(always)]
    fn by_scalars(x: Self::T, y: Self::T, z: Self::T) -> Self::T {
        Self::f(x, y, z)
    }
}

/// The plain sequential fold; integer folds still vectorise when contiguous.
///
/// # Safety
/// As [`Op2::reduce`].
#[inline(always)]
pub(crate) unsafe fn fold<P: Op2 + ?Sized>(
    acc: P::O,
    b: *const u8,
    sb: isize,
    n: usize,
    st: &mut u8,
) -> P::O {
    let mut acc = acc;
    // SAFETY: reads are the caller's contract; the copies are between equal types.
    unsafe {
        if sb == size_of::<P::R>() as isize {
            for r in std::slice::from_raw_parts(b.cast::<P::R>(), n) {
                acc = P::f(transmute_copy(&acc), *r, st);
            }
        } else {
            let mut b = b;
            for _ in 0..n {
                acc = P::f(transmute_copy(&acc), b.cast::<P::R>().read(), st);
                b = b.wrapping_offset(sb);
            }
        }
    }
    acc
}

/// Defines a `const fn` that gives the [`Levels`] of a generic body `fn(ctx, args, dims, strides)`.
macro_rules! levels {
    ($(#[$meta:meta])* $name:ident<$P:ident: $Bound:path> = $body:path) => {
        $(#[$meta])*
        pub(crate) const fn $name<$P: $Bound>() -> Levels {
            /// # Safety
            /// As any strided loop.
            unsafe extern "C" fn v2<$P: $Bound>(
                ctx: *const LoopCtx,
                args: *const *mut u8,
                dims: *const isize,
                strides: *const isize,
                _: *mut c_void,
            ) -> c_int {
                // SAFETY: passed on to the caller.
                unsafe { $body(ctx, args, dims, strides, crate::cpu::Level::V2) }
            }
            /// # Safety
            /// As any strided loop; the CPU has level v3.
            #[cfg_attr(
                target_arch = "x86_64",
                target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c")
            )]
            unsafe extern "C" fn v3<$P: $Bound>(
                ctx: *const LoopCtx,
                args: *const *mut u8,
                dims: *const isize,
                strides: *const isize,
                _: *mut c_void,
            ) -> c_int {
                // SAFETY: passed on to the caller.
                unsafe { $body(ctx, args, dims, strides, crate::cpu::Level::V3) }
            }
            /// # Safety
            /// As any strided loop; the CPU has level v4.
            #[cfg_attr(
                target_arch = "x86_64",
                target_feature(
                    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c"
                )
            )]
            unsafe extern "C" fn v4<$P: $Bound>(
                ctx: *const LoopCtx,
                args: *const *mut u8,
                dims: *const isize,
                strides: *const isize,
                _: *mut c_void,
            ) -> c_int {
                // SAFETY: passed on to the caller.
                unsafe { $body(ctx, args, dims, strides, crate::cpu::Level::V4) }
            }
            Levels([v2::<$P>, v3::<$P>, v4::<$P>])
        }
    };
}
pub(crate) use levels;

/// Defines a `const fn` that gives one strided loop for every level from a generic body.
macro_rules! single {
    ($(#[$meta:meta])* $name:ident<$P:ident: $Bound:path> = $body:path) => {
        $(#[$meta])*
        pub(crate) const fn $name<$P: $Bound>() -> Levels {
            /// # Safety
            /// As any strided loop.
            unsafe extern "C" fn call<$P: $Bound>(
                ctx: *const LoopCtx,
                args: *const *mut u8,
                dims: *const isize,
                strides: *const isize,
                _: *mut c_void,
            ) -> c_int {
                // SAFETY: passed on to the caller.
                unsafe { $body(ctx, args, dims, strides, crate::cpu::Level::V2) }
            }
            Levels::one(call::<$P>)
        }
    };
}
pub(crate) use single;

/// Whether results of this type are worth a streaming form at a level.
#[inline(always)]
const fn streamable<O>(level: Level) -> bool {
    !matches!(level, Level::V2)
        && size_of::<O>() >= 4
        && stream::LINE.is_multiple_of(size_of::<O>())
}

/// A contiguous loop whose result goes past the caches, a line at a time: `$call` writes the values of
/// `$len` elements from `$start` on to `$out`. A macro, so that each level compiles it as its own.
macro_rules! streamed {
    ($O:ty, $n:expr, $o:expr, $level:expr, |$start:ident, $len:ident, $out:ident| $call:expr) => {{
        #[repr(align(64))]
        struct Block([std::mem::MaybeUninit<u8>; stream::LINE]);
        let (n, o) = ($n, $o.cast::<$O>());
        let (size, per) = (size_of::<$O>(), stream::LINE / size_of::<$O>());
        let mut block = Block([std::mem::MaybeUninit::uninit(); stream::LINE]);
        let mut st = 0;
        let head = (stream::to_line(o.cast()) / size).min(n);
        let ($start, $len, $out) = (0, head, o);
        st |= $call;
        let mut i = head;
        if stream::to_line(o.add(i).cast()) == 0 {
            while i + per <= n {
                let held = block.0.as_mut_ptr().cast::<$O>();
                let ($start, $len, $out) = (i, per, held);
                st |= $call;
                stream::line(o.add(i).cast(), held.cast(), $level);
                i += per;
            }
        }
        let ($start, $len, $out) = (i, n - i, o.add(i));
        st |= $call;
        stream::fence();
        st
    }};
}

levels! {
    /// Loops of a unary element function, one variant a level.
    unary<P: Op1> = unary_body::<P>
}
single! {
    /// One loop of a unary element function, for functions that do not vectorise.
    unary_one<P: Op1> = strided1::<P>
}
levels! {
    /// Loops of a binary element function, one variant a level.
    binary<P: Op2> = binary_body::<P>
}
single! {
    /// One loop of a binary element function, for functions that do not vectorise.
    binary_one<P: Op2> = strided2::<P>
}
levels! {
    /// Loops of a unary element function with two values.
    unary2<P: Op1x2> = strided1x2::<P>
}
levels! {
    /// Loops of a binary element function with two values.
    binary2<P: Op2x2> = strided2x2::<P>
}
levels! {
    /// Loops of a ternary element function, one variant a level.
    ternary<P: Op3> = ternary_body::<P>
}

/// Two functions of one signature, the second with fused operations.
pub(crate) trait Split1: 'static {
    /// Without fused operations.
    type Base: Op1;
    /// With them.
    type Fused: Op1;
}
impl<B: Op1, F: Op1> Split1 for (B, F) {
    type Base = B;
    type Fused = F;
}

/// As [`Split1`] for two inputs.
pub(crate) trait Split2: 'static {
    /// Without fused operations.
    type Base: Op2;
    /// With them.
    type Fused: Op2;
}
impl<B: Op2, F: Op2> Split2 for (B, F) {
    type Base = B;
    type Fused = F;
}

levels! {
    /// [`unary`] without fused operations at the baseline level and for one element in place.
    unary_split<P: Split1> = split1::<P>
}
levels! {
    /// [`binary`] without fused operations at the baseline level, in reductions and in chains.
    binary_split<P: Split2> = split2::<P>
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn split1<P: Split1>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        if level == Level::V2 || (*args == *args.add(1) && *strides == 0) {
            return unary_body::<P::Base>(ctx, args, dims, strides, level);
        }
        unary_body::<P::Fused>(ctx, args, dims, strides, level)
    }
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn split2<P: Split2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (a, o, so) = (*args, *args.add(2), *strides.add(2));
        let folds = a == o && *strides == 0 && so == 0;
        let chains = *dims > 1 && a != o && a.wrapping_offset(so) == o && *strides == so;
        if level == Level::V2 || folds || chains {
            return binary_body::<P::Base>(ctx, args, dims, strides, level);
        }
        binary_body::<P::Fused>(ctx, args, dims, strides, level)
    }
}

/// Hands what the elements reported to the context.
///
/// # Safety
/// - `ctx` points to a live context.
#[inline(always)]
pub(crate) unsafe fn finish(
    ctx: *const LoopCtx,
    st: u8,
    failure: fn() -> numoxide_dtype::Error,
) -> c_int {
    if st == 0 {
        return 0;
    }
    // SAFETY: live by contract.
    let ctx = unsafe { &*ctx };
    if st & FAIL != 0 {
        return ctx.fail(failure());
    }
    ctx.report_fp(st);
    0
}

/// # Safety
/// - `o` is valid for `n` writes, `a` for `n` reads.
#[inline(always)]
unsafe fn contiguous1<P: Op1>(n: usize, a: *const P::I, o: *mut P::O) -> u8 {
    let mut st = 0;
    for i in 0..n {
        // SAFETY: the caller's contract.
        unsafe { *o.add(i) = P::f(*a.add(i), &mut st) };
    }
    st
}

/// # Safety
/// As any strided loop.
#[inline(always)]
pub(crate) unsafe fn unary_body<P: Op1>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract; slices are made of operands that are apart or of one alone.
    unsafe {
        let (n, a, o) = (*dims as usize, *args, *args.add(1));
        let (sa, so) = (*strides, *strides.add(1));
        let (za, zo) = (size_of::<P::I>() as isize, size_of::<P::O>() as isize);
        if so != zo || sa != za {
            return strided1::<P>(ctx, args, dims, strides, level);
        }
        let mut st = 0;
        if streamable::<P::O>(level) && a != o && (*ctx).streams(n * size_of::<P::O>()) {
            let a = a.cast::<P::I>();
            st = streamed!(P::O, n, o, level, |start, len, out| contiguous1::<P>(
                len,
                a.add(start),
                out
            ));
        } else if a == o && za == zo {
            for x in std::slice::from_raw_parts_mut(o.cast::<P::O>(), n) {
                *x = P::f(transmute_copy(x), &mut st);
            }
        } else {
            st = contiguous1::<P>(n, a.cast(), o.cast());
        }
        finish(ctx, st, || numoxide_dtype::Error::Raised)
    }
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn strided1<P: Op1>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (mut a, mut o) = (*args, *args.add(1));
        let (sa, so) = (*strides, *strides.add(1));
        let mut st = 0;
        for _ in 0..*dims {
            o.cast::<P::O>()
                .write(P::f(a.cast::<P::I>().read(), &mut st));
            a = a.wrapping_offset(sa);
            o = o.wrapping_offset(so);
        }
        finish(ctx, st, || numoxide_dtype::Error::Raised)
    }
}

/// Operand of a contiguous loop: an array apart from the output.
const APART: u8 = 0;
/// Operand of a contiguous loop: the output itself.
const SAME: u8 = 1;
/// Operand of a contiguous loop: one element for all.
const SCALAR: u8 = 2;

/// # Safety
/// - `o` is valid for `n` writes; operands as their kinds `A` and `B` say.
#[inline(always)]
unsafe fn contiguous2<P: Op2, const A: u8, const B: u8>(
    n: usize,
    a: *const u8,
    b: *const u8,
    o: *mut u8,
) -> u8 {
    let mut st = 0;
    // SAFETY: the caller's contract; `SAME` operands have the output's type.
    unsafe {
        let (a, b, o) = (a.cast::<P::L>(), b.cast::<P::R>(), o.cast::<P::O>());
        if n == 0 {
            return 0;
        }
        let (a0, b0) = (*a, *b);
        for i in 0..n {
            let z = o.add(i);
            let x = match A {
                APART => *a.add(i),
                SAME => transmute_copy(&*z),
                _ => a0,
            };
            let y = match B {
                APART => *b.add(i),
                SAME => transmute_copy(&*z),
                _ => b0,
            };
            *z = P::f(x, y, &mut st);
        }
    }
    st
}

/// [`contiguous2`] with streaming stores, for operands apart from the output; `None` for operands that
/// are neither contiguous nor scalar.
///
/// # Safety
/// - As [`contiguous2`], with operands at `ab`, `strides` bytes between elements.
#[inline(always)]
unsafe fn large2<P: Op2>(
    n: usize,
    ab: [*mut u8; 2],
    strides: [isize; 2],
    o: *mut u8,
    level: Level,
) -> Option<u8> {
    let (za, zb) = (size_of::<P::L>(), size_of::<P::R>());
    // SAFETY: the caller's contract; parts stay below `n`.
    let st = unsafe {
        macro_rules! form {
            ($A:ident, $B:ident, $step_a:expr, $step_b:expr) => {
                streamed!(P::O, n, o, level, |start, len, out| {
                    let (a, b) = (ab[0].add(start * $step_a), ab[1].add(start * $step_b));
                    contiguous2::<P, $A, $B>(len, a, b, out.cast())
                })
            };
        }
        match (strides[0], strides[1]) {
            (x, y) if x == za as isize && y == zb as isize => form!(APART, APART, za, zb),
            (0, y) if y == zb as isize => form!(SCALAR, APART, 0, zb),
            (x, 0) if x == za as isize => form!(APART, SCALAR, za, 0),
            _ => return None,
        }
    };
    Some(st)
}

/// # Safety
/// As any strided loop.
#[inline(always)]
pub(crate) unsafe fn binary_body<P: Op2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract: operands are apart, identical, or one element behind the output.
    unsafe {
        let (n, a, b, o) = (*dims, *args, *args.add(1), *args.add(2));
        let (sa, sb, so) = (*strides, *strides.add(1), *strides.add(2));
        let za = size_of::<P::L>() as isize;
        let zb = size_of::<P::R>() as isize;
        let zo = size_of::<P::O>() as isize;
        if n <= 0 {
            return 0;
        }
        if so != zo || (za == zo && sa == so && o == a.wrapping_offset(sa)) {
            return strided2::<P>(ctx, args, dims, strides, level);
        }
        let n = n as usize;
        let (a_same, b_same) = (a == o && za == zo, b == o && zb == zo);
        let large = streamable::<P::O>(level) && !a_same && !b_same;
        if large && (*ctx).streams(n * size_of::<P::O>()) {
            if let Some(st) = large2::<P>(n, [a, b], [sa, sb], o, level) {
                return finish(ctx, st, P::failure);
            }
        }
        let st = match (sa, sb) {
            (x, y) if x == za && y == zb => match (a_same, b_same) {
                (true, true) => contiguous2::<P, SAME, SAME>(n, a, b, o),
                (true, false) => contiguous2::<P, SAME, APART>(n, a, b, o),
                (false, true) => contiguous2::<P, APART, SAME>(n, a, b, o),
                (false, false) => contiguous2::<P, APART, APART>(n, a, b, o),
            },
            (0, y) if y == zb => {
                if b_same {
                    contiguous2::<P, SCALAR, SAME>(n, a, b, o)
                } else {
                    contiguous2::<P, SCALAR, APART>(n, a, b, o)
                }
            }
            (x, 0) if x == za => {
                if a_same {
                    contiguous2::<P, SAME, SCALAR>(n, a, b, o)
                } else {
                    contiguous2::<P, APART, SCALAR>(n, a, b, o)
                }
            }
            _ => return strided2::<P>(ctx, args, dims, strides, level),
        };
        finish(ctx, st, P::failure)
    }
}

/// Everything that is not contiguous: reductions, accumulations and any strides.
///
/// # Safety
/// As any strided loop.
#[inline(always)]
pub(crate) unsafe fn strided2<P: Op2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (n, mut a, mut b, mut o) = (*dims, *args, *args.add(1), *args.add(2));
        let (sa, sb, so) = (*strides, *strides.add(1), *strides.add(2));
        if n <= 0 {
            return 0;
        }
        let same = size_of::<P::L>() == size_of::<P::O>();
        let mut st = 0;
        if same && a == o && sa == 0 && so == 0 {
            let out = o.cast::<P::O>();
            out.write(P::reduce(out.read(), b, sb, n as usize, &mut st));
        } else if same && sa == so && o == a.wrapping_offset(sa) {
            let mut acc: P::O = a.cast::<P::O>().read();
            for _ in 0..n {
                acc = P::f(transmute_copy(&acc), b.cast::<P::R>().read(), &mut st);
                o.cast::<P::O>().write(acc);
                b = b.wrapping_offset(sb);
                o = o.wrapping_offset(so);
            }
        } else {
            for _ in 0..n {
                let (x, y) = (a.cast::<P::L>().read(), b.cast::<P::R>().read());
                o.cast::<P::O>().write(P::f(x, y, &mut st));
                a = a.wrapping_offset(sa);
                b = b.wrapping_offset(sb);
                o = o.wrapping_offset(so);
            }
        }
        finish(ctx, st, P::failure)
    }
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn ternary_body<P: Op3>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract; the in-place form reads the output only.
    unsafe {
        let (n, mut a, mut o) = (*dims, *args, *args.add(3));
        let (mut b, mut c) = (*args.add(1), *args.add(2));
        let (sa, sb, sc, so) = (*strides, *strides.add(1), *strides.add(2), *strides.add(3));
        let z = size_of::<P::T>() as isize;
        if n > 0 && sb == 0 && sc == 0 && sa == z && so == z {
            let (y, w) = (b.cast::<P::T>().read(), c.cast::<P::T>().read());
            let (x, out) = (a.cast::<P::T>(), o.cast::<P::T>());
            if x == out {
                for v in std::slice::from_raw_parts_mut(out, n as usize) {
                    *v = P::by_scalars(*v, y, w);
                }
            } else {
                for i in 0..n as usize {
                    *out.add(i) = P::by_scalars(*x.add(i), y, w);
                }
            }
            return 0;
        }
        for _ in 0..n {
            let (x, y, w) = (a.cast::<P::T>(), b.cast::<P::T>(), c.cast::<P::T>());
            o.cast::<P::T>().write(P::f(*x, *y, *w));
            a = a.wrapping_offset(sa);
            b = b.wrapping_offset(sb);
            c = c.wrapping_offset(sc);
            o = o.wrapping_offset(so);
        }
    }
    0
}

/// # Safety
/// As any strided loop.
#[inline(always)]
unsafe fn strided1x2<P: Op1x2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (mut a, mut o, mut p) = (*args, *args.add(1), *args.add(2));
        let mut st = 0;
        let sizes = [size_of::<P::I>(), size_of::<P::O>(), size_of::<P::P>()];
        if (0..3).all(|k| *strides.add(k) == sizes[k] as isize) && a != o && a != p {
            let (a, o, p) = (a.cast::<P::I>(), o.cast::<P::O>(), p.cast::<P::P>());
            for i in 0..*dims as usize {
                (*o.add(i), *p.add(i)) = P::f(*a.add(i), &mut st);
            }
            return finish(ctx, st, || numoxide_dtype::Error::Raised);
        }
        for _ in 0..*dims {
            let (x, y) = P::f(a.cast::<P::I>().read(), &mut st);
            o.cast::<P::O>().write(x);
            p.cast::<P::P>().write(y);
            a = a.wrapping_offset(*strides);
            o = o.wrapping_offset(*strides.add(1));
            p = p.wrapping_offset(*strides.add(2));
        }
        finish(ctx, st, || numoxide_dtype::Error::Raised)
    }
}

/// # Safety
/// As any strided loop.
#[inline(always)]
pub(crate) unsafe fn strided2x2<P: Op2x2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (mut a, mut b) = (*args, *args.add(1));
        let (mut o, mut p) = (*args.add(2), *args.add(3));
        let mut st = 0;
        let (z, y) = (size_of::<P::T>() as isize, size_of::<P::O>() as isize);
        let sizes = [z, z, y, z];
        let apart = a != o && a != p && b != o && b != p;
        if apart && (0..4).all(|k| *strides.add(k) == sizes[k]) {
            let (a, b) = (a.cast::<P::T>(), b.cast::<P::T>());
            let (o, p) = (o.cast::<P::O>(), p.cast::<P::T>());
            for i in 0..*dims as usize {
                (*o.add(i), *p.add(i)) = P::f(*a.add(i), *b.add(i), &mut st);
            }
            return finish(ctx, st, || numoxide_dtype::Error::Raised);
        }
        for _ in 0..*dims {
            let (x, y) = (a.cast::<P::T>().read(), b.cast::<P::T>().read());
            let (x, y) = P::f(x, y, &mut st);
            o.cast::<P::O>().write(x);
            p.cast::<P::T>().write(y);
            a = a.wrapping_offset(*strides);
            b = b.wrapping_offset(*strides.add(1));
            o = o.wrapping_offset(*strides.add(2));
            p = p.wrapping_offset(*strides.add(3));
        }
        finish(ctx, st, || numoxide_dtype::Error::Raised)
    }
}
