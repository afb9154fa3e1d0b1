//! Pairwise summation in NumPy's fixed tree.
//!
//! Method: up to 128 elements are summed by eight accumulators, combined as a balanced tree, the
//! rest added in order; longer runs are halved at a multiple of eight. The result depends only on
//! the length, so it is the same on every layout and CPU level. Error bound: O(eps·log n).
//! Source: N. J. Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14 (1993).

use crate::half::{from_f32, rounding_status, to_f32};
use numoxide_dtype::{Complex, F16};
use std::mem::{size_of, MaybeUninit};
use std::ops::Add;

/// Elements one leaf sums.
const LEAF: usize = 128;

/// What a pairwise sum adds up: the value of one stored element.
pub(crate) trait Term: Copy {
    /// Stored element.
    type Stored: Copy;
    /// Elements of the tree that one stored element stands for (2 for complex).
    const PARTS: usize;
    /// The negative zero that a short sum starts from.
    const START: Self;
    /// The value of a stored element.
    fn load(x: Self::Stored) -> Self;
}

macro_rules! terms {
    ($($T:ty: $S:ty, $parts:literal, $start:expr, |$x:ident| $load:expr;)+) => {$(
        impl Term for $T {
            type Stored = $S;
            const PARTS: usize = $parts;
            const START: Self = $start;
            #[inline(always)]
            fn load($x: $S) -> $T { $load }
        }
    )+};
}
/// A half's value, summed in `f32`.
#[derive(Clone, Copy)]
pub(crate) struct HalfTerm(f32);

impl Add for HalfTerm {
    type Output = HalfTerm;
    #[inline(always)]
    fn add(self, rhs: HalfTerm) -> HalfTerm {
        HalfTerm(self.0 + rhs.0)
    }
}

terms! {
    f32: f32, 1, -0.0, |x| x;
    f64: f64, 1, -0.0, |x| x;
    HalfTerm: F16, 1, HalfTerm(-0.0), |x| HalfTerm(to_f32(x));
    Complex<f32>: Complex<f32>, 2, Complex { re: -0.0, im: -0.0 }, |x| x;
    Complex<f64>: Complex<f64>, 2, Complex { re: -0.0, im: -0.0 }, |x| x;
}

/// The sum of `n` elements, at least `LANES` and at most [`LEAF`] parts: `at` gives one, `group` as
/// many as there are lanes from an index on, after which more follow.
#[inline(always)]
fn leaf<T: Term + Add<Output = T>, const LANES: usize>(
    n: usize,
    at: impl Fn(usize) -> T,
    group: impl Fn(usize) -> [T; LANES],
) -> T {
    let each = |i: usize| std::array::from_fn(|k| at(i + k));
    let mut r: [T; LANES] = if n > LANES { group(0) } else { each(0) };
    let mut i = LANES;
    let mut take = |x: [T; LANES]| {
        for (lane, x) in r.iter_mut().zip(x) {
            *lane = *lane + x;
        }
    };
    while i + LANES < n {
        take(group(i));
        i += LANES;
    }
    if i + LANES == n {
        take(each(i));
        i += LANES;
    }
    // Kept from the compiler, which would arrange the lanes for the tree in every turn above.
    let mut r = std::hint::black_box(r);
    let mut width = 1;
    while width < LANES {
        let mut k = 0;
        while k < LANES {
            r[k] = r[k] + r[k + width];
            k += 2 * width;
        }
        width *= 2;
    }
    (i..n).fold(r[0], |acc, i| acc + at(i))
}

/// # Safety
/// - `n` elements at `b`, `sb` bytes apart, are valid for reads.
#[inline(always)]
unsafe fn tree<T: Term + Add<Output = T>, const LANES: usize>(
    b: *const u8,
    sb: isize,
    n: usize,
) -> T {
    // An explicit stack keeps the walk inside one function, compiled for one CPU level. It is not
    // cleared, which would cost more than a short run's sum.
    let leaf_len = LEAF / T::PARTS;
    if n <= leaf_len {
        // SAFETY: passed on to the caller.
        return unsafe { any_leaf::<T, LANES>(b, sb, n) };
    }
    const DEPTH: usize = 128;
    let mut todo = [const { MaybeUninit::<(usize, usize, bool)>::uninit() }; DEPTH];
    let mut sums = [const { MaybeUninit::<T>::uninit() }; DEPTH];
    let (mut top, mut held) = (1, 0);
    todo[0].write((0, n, false));
    while top > 0 {
        top -= 1;
        // SAFETY: entries below `top` were written.
        let (start, len, join) = unsafe { todo[top].assume_init() };
        if join {
            held -= 1;
            // SAFETY: sums up to `held` were written.
            let (x, y) = unsafe { (sums[held - 1].assume_init(), sums[held].assume_init()) };
            sums[held - 1].write(x + y);
            continue;
        }
        if len <= leaf_len {
            let p = b.wrapping_offset(start as isize * sb);
            // SAFETY: a part of the caller's elements.
            sums[held].write(unsafe { any_leaf::<T, LANES>(p, sb, len) });
            held += 1;
            continue;
        }
        let mut half = len / 2;
        half -= half % LANES;
        todo[top].write((0, 0, true));
        todo[top + 1].write((start + half, len - half, false));
        todo[top + 2].write((start, half, false));
        top += 3;
    }
    // SAFETY: the walk leaves one sum.
    unsafe { sums[0].assume_init() }
}

/// Room for the elements of a leaf.
#[repr(align(64))]
struct Block<S>([MaybeUninit<S>; LEAF]);

/// [`leaf`] for any distance: elements far apart are first brought together, which vectorises.
///
/// # Safety
/// - `n` elements at `b`, `sb` bytes apart, are valid for reads; at most [`LEAF`] parts.
#[inline(always)]
unsafe fn any_leaf<T: Term + Add<Output = T>, const LANES: usize>(
    b: *const u8,
    sb: isize,
    n: usize,
) -> T {
    let size = size_of::<T::Stored>() as isize;
    // SAFETY: indices below `n`; a group of pairs ends before the last element, whose neighbour is
    // not ours to read. The block holds a whole leaf.
    unsafe {
        if n < LANES {
            let at = |i: usize| b.wrapping_offset(i as isize * sb).cast::<T::Stored>();
            return (0..n).fold(T::START, |acc, i| acc + T::load(at(i).read()));
        }
        let together = |data: *const T::Stored| {
            let group = |i: usize| data.add(i).cast::<[T::Stored; LANES]>().read();
            leaf::<T, LANES>(
                n,
                |i| T::load(data.add(i).read()),
                |i| group(i).map(T::load),
            )
        };
        let data = b.cast::<T::Stored>();
        if sb == size {
            return together(data);
        }
        if sb == 2 * size {
            let group = |i: usize| data.add(2 * i).cast::<[[T::Stored; 2]; LANES]>().read();
            let at = |i: usize| T::load(data.add(2 * i).read());
            return leaf::<T, LANES>(n, at, |i| group(i).map(|pair| T::load(pair[0])));
        }
        let mut block = Block([const { MaybeUninit::<T::Stored>::uninit() }; LEAF]);
        let mut p = b;
        for x in &mut block.0[..n] {
            x.write(p.cast::<T::Stored>().read());
            p = p.wrapping_offset(sb);
        }
        together(block.0.as_ptr().cast())
    }
}

/// Adds the pairwise sum of `n` elements to `acc`.
///
/// # Safety
/// - `n` elements at `b`, `sb` bytes apart, are valid for reads.
#[inline(always)]
pub(crate) unsafe fn pairwise<T: Term<Stored = T> + Add<Output = T>>(
    acc: T,
    b: *const u8,
    sb: isize,
    n: usize,
    _: &mut u8,
) -> T {
    // SAFETY: passed on to the caller.
    unsafe {
        match T::PARTS {
            1 => acc + tree::<T, 8>(b, sb, n),
            _ => acc + tree::<T, 4>(b, sb, n),
        }
    }
}

/// [`pairwise`] for halves: the tree in `f32`, rounded once.
///
/// # Safety
/// As [`pairwise`].
#[inline(always)]
pub(crate) unsafe fn pairwise_half(
    acc: F16,
    b: *const u8,
    sb: isize,
    n: usize,
    st: &mut u8,
) -> F16 {
    // SAFETY: passed on to the caller.
    let sum = to_f32(acc) + unsafe { tree::<HalfTerm, 8>(b, sb, n) }.0;
    let out = from_f32(sum);
    *st |= rounding_status(sum, out);
    out
}
