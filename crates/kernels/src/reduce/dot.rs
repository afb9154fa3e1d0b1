//! Inner products.
//!
//! Method: products are summed in lanes, fused where the CPU can, then pairwise over the lanes; real
//! floats on CPUs that fuse as `ordered.rs` says.
//! Error bound: (n / lanes + log lanes)·eps of the sum of magnitudes.

use super::ordered;
use crate::cpu::Level;
use crate::half::{from_f32, to_f32};
use crate::loops::{Levels, LoopCtx};
use crate::shape::levels;
use crate::table::{ints, row, rows, sig, tables, HW, NEVER};
use numoxide_dtype::{Bool, Complex, F16};
use std::ffi::{c_int, c_void};
use std::marker::PhantomData;

/// What an inner product needs of an element.
pub(crate) trait Factor: Copy + 'static {
    /// Accumulator.
    type Sum: Copy;
    /// An empty sum.
    const ZERO: Self::Sum;
    /// `sum + x·y`, the product conjugated in `x` where asked.
    fn add_product<const CONJUGATE: bool>(
        sum: Self::Sum,
        x: Self,
        y: Self,
        fused: bool,
    ) -> Self::Sum;
    /// The sum of two sums.
    fn join(x: Self::Sum, y: Self::Sum) -> Self::Sum;
    /// The stored form of a sum.
    fn store(sum: Self::Sum) -> Self;
    /// The inner product with fused additions in an order of its own, for types that have one.
    #[inline(always)]
    fn ordered(_: &[Self], _: &[Self]) -> Option<Self> {
        None
    }
}

macro_rules! factors {
    ($($T:ty: $S:ty, $zero:expr, |$s:ident, $x:ident, $y:ident, $fused:ident, $conj:ident| $e:expr,
        |$a:ident, $b:ident| $join:expr, |$z:ident| $store:expr $(, $ordered:path)?;)+) => {$(
        impl Factor for $T {
            type Sum = $S;
            const ZERO: $S = $zero;
            #[inline(always)]
            #[allow(unused_variables)]
            fn add_product<const CONJUGATE: bool>($s: $S, $x: $T, $y: $T, $fused: bool) -> $S {
                let $conj = CONJUGATE;
                $e
            }
            #[inline(always)]
            fn join($a: $S, $b: $S) -> $S { $join }
            #[inline(always)]
            fn store($z: $S) -> $T { $store }
            $(#[inline(always)]
            fn ordered(x: &[$T], y: &[$T]) -> Option<$T> { Some($ordered(x, y)) })?
        }
    )+};
}
macro_rules! int_factors {
    ($($T:ty)+) => {
        factors! {$(
            $T: $T, 0, |s, x, y, fused, conj| s.wrapping_add(x.wrapping_mul(y)),
                |a, b| a.wrapping_add(b), |z| z;
        )+}
    };
}
macro_rules! float_factors {
    ($($T:ty: $ordered:path;)+) => {
        factors! {$(
            $T: $T, 0.0, |s, x, y, fused, conj| if fused { x.mul_add(y, s) } else { s + x * y },
                |a, b| a + b, |z| z, $ordered;
            Complex<$T>: Complex<$T>, Complex { re: 0.0, im: 0.0 },
                |s, x, y, fused, conj| {
                    let xi = if conj { -x.im } else { x.im };
                    if fused {
                        Complex {
                            re: xi.mul_add(-y.im, x.re.mul_add(y.re, s.re)),
                            im: xi.mul_add(y.re, x.re.mul_add(y.im, s.im)),
                        }
                    } else {
                        Complex {
                            re: s.re + (x.re * y.re - xi * y.im),
                            im: s.im + (x.re * y.im + xi * y.re),
                        }
                    }
                },
                |a, b| a + b, |z| z;
        )+}
    };
}
int_factors!(i8 u8 i16 u16 i32 u32 i64 u64);
float_factors! {
    f32: ordered::single;
    f64: ordered::double;
}
factors! {
    F16: f32, 0.0, |s, x, y, fused, conj| s + to_f32(x) * to_f32(y), |a, b| a + b, |z| from_f32(z);
    Bool: u8, 0, |s, x, y, fused, conj| s | u8::from((x.0 != 0) & (y.0 != 0)), |a, b| a | b,
        |z| Bool(z);
}

/// Lanes that run side by side.
const LANES: usize = 32;

/// # Safety
/// - `n` elements at `a` and `b`, `sa` and `sb` bytes apart, are valid for reads.
#[inline(always)]
unsafe fn dot<T: Factor, const CONJUGATE: bool>(
    a: *const u8,
    sa: isize,
    b: *const u8,
    sb: isize,
    n: usize,
    fused: bool,
) -> T {
    let size = size_of::<T>() as isize;
    let contiguous = sa == size && sb == size;
    if contiguous && fused {
        // SAFETY: contiguous and valid by contract.
        let (x, y) = unsafe {
            (
                std::slice::from_raw_parts(a.cast::<T>(), n),
                std::slice::from_raw_parts(b.cast::<T>(), n),
            )
        };
        if let Some(value) = T::ordered(x, y) {
            return value;
        }
    }
    if !contiguous || n < LANES {
        let mut sum = T::ZERO;
        for i in 0..n as isize {
            // SAFETY: `i < n`.
            let (x, y) = unsafe {
                (
                    a.wrapping_offset(i * sa).cast::<T>().read(),
                    b.wrapping_offset(i * sb).cast::<T>().read(),
                )
            };
            sum = T::add_product::<CONJUGATE>(sum, x, y, fused);
        }
        return T::store(sum);
    }
    // SAFETY: contiguous and valid by contract.
    let (x, y) = unsafe {
        (
            std::slice::from_raw_parts(a.cast::<T>(), n),
            std::slice::from_raw_parts(b.cast::<T>(), n),
        )
    };
    let mut lanes = [T::ZERO; LANES];
    let (mut gx, mut gy) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
    for (x, y) in (&mut gx).zip(&mut gy) {
        for k in 0..LANES {
            lanes[k] = T::add_product::<CONJUGATE>(lanes[k], x[k], y[k], fused);
        }
    }
    let mut width = LANES / 2;
    while width > 0 {
        for k in 0..width {
            lanes[k] = T::join(lanes[k], lanes[k + width]);
        }
        width /= 2;
    }
    let rest = gx.remainder().iter().zip(gy.remainder());
    T::store(rest.fold(lanes[0], |s, (x, y)| {
        T::add_product::<CONJUGATE>(s, *x, *y, fused)
    }))
}

/// The longest sequence that [`SLIDES`] are for.
pub const SHORT: usize = 11;

/// A product of one element type.
pub(crate) trait Product: 'static {
    /// Element.
    type T: Factor;
    /// Value of one inner product.
    ///
    /// # Safety
    /// - `n` elements at `a` and `b`, `sa` and `sb` bytes apart, are valid for reads.
    unsafe fn of(
        a: *const u8,
        sa: isize,
        b: *const u8,
        sb: isize,
        n: usize,
        fused: bool,
    ) -> Self::T;
}

/// The plain product.
pub(crate) struct Dot<T>(PhantomData<T>);
/// The product with the first operand conjugated.
pub(crate) struct Vecdot<T>(PhantomData<T>);

macro_rules! products {
    ($($Op:ident $conjugate:literal;)+) => {$(
        impl<T: Factor> Product for $Op<T> {
            type T = T;
            #[inline(always)]
            unsafe fn of(a: *const u8, sa: isize, b: *const u8, sb: isize, n: usize, f: bool) -> T {
                // SAFETY: passed on to the caller.
                unsafe { dot::<T, $conjugate>(a, sa, b, sb, n, f) }
            }
        }
    )+};
}
products! {
    Dot false;
    Vecdot true;
}

/// # Safety
/// As any strided loop, in the form of the module's head.
#[inline(always)]
unsafe fn dot_body<P: Product>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (mut a, mut b, mut o) = (*args, *args.add(1), *args.add(2));
        let (ca, cb) = (*strides.add(3), *strides.add(4));
        for _ in 0..*dims {
            let value = P::of(a, ca, b, cb, *dims.add(1) as usize, level != Level::V2);
            o.cast::<P::T>().write(value);
            a = a.wrapping_offset(*strides);
            b = b.wrapping_offset(*strides.add(1));
            o = o.wrapping_offset(*strides.add(2));
        }
    }
    0
}

/// Outputs of [`slide_body`] that are worked on together.
const SLIDE: usize = 64;

/// `out[i] = sum_j long[i + j] short[j]`, the products added one after the other, as NumPy does for
/// short kernels; many outputs side by side.
///
/// # Safety
/// As any strided loop, in the form of the module's head, all steps being one item.
#[inline(always)]
unsafe fn slide_body<T: SlideFactor>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    _: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (count, k) = (*dims as usize, *dims.add(1) as usize);
        let long: *const T = (*args).cast();
        let short = std::slice::from_raw_parts((*args.add(1)).cast::<T>(), k);
        let out: *mut T = (*args.add(2)).cast();
        let mut first = 0;
        while first < count {
            let width = SLIDE.min(count - first);
            let mut sums = [T::ZERO; SLIDE];
            for (j, y) in short.iter().enumerate() {
                let x = std::slice::from_raw_parts(long.add(first + j), width);
                for (sum, x) in sums.iter_mut().zip(x) {
                    *sum = T::add_product::<false>(*sum, *x, *y, false);
                }
            }
            out.add(first)
                .copy_from_nonoverlapping(sums.as_ptr(), width);
            first += width;
        }
    }
    0
}

levels! {
    /// Loops that slide a short sequence along a long one.
    slide<T: SlideFactor> = slide_body::<T>
}

/// Elements that are summed in their own type.
pub(crate) trait SlideFactor: Factor<Sum = Self> {}
impl SlideFactor for f32 {}
impl SlideFactor for f64 {}

levels! {
    /// Loops of an inner product.
    product<P: Product> = dot_body::<P>
}

tables! {
    /// Loops that slide up to [`SHORT`] items along a longer sequence: `(long), (short), (out)`, with
    /// the number of outputs and the short one's length as dimensions.
    SLIDES = [&[row!("ff->f", slide::<f32>(), HW), row!("dd->d", slide::<f64>(), HW)]];
    /// Loops of the inner product.
    DOT = [
        rows!(2, product, Dot, NEVER, "?" Bool),
        ints!(2, product, Dot, NEVER),
        rows!(2, product, Dot, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::DOT,
        rows!(2, product, Dot, HW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::DOT,
    ];
    /// Loops of `vecdot`.
    VECDOT = [
        rows!(2, product, Vecdot, NEVER, "?" Bool),
        ints!(2, product, Vecdot, NEVER),
        rows!(2, product, Vecdot, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::DOT,
        rows!(2, product, Vecdot, HW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::VECDOT,
    ];
}
