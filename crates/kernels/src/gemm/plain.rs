//! Products by plain loops that the compiler vectorises: rows of `c` gathered from rows of `b`, four
//! rows of `a` at a time; dot products over many accumulators where rows of `a` meet columns of `b`.

use super::{Mat, Sizes};
use crate::cpu::{level, Level};
use crate::half::{from_f32, to_f32};
use crate::reduce::ordered;
use numoxide_dtype::{Bool, Complex, F16};
use std::slice::from_raw_parts;

/// What a product needs of an element: a sum type to add up in.
pub(crate) trait Ring: Copy + 'static {
    /// Zero.
    const ZERO: Self;
    /// Type sums are kept in.
    type Sum: Copy;
    /// An empty sum.
    const EMPTY: Self::Sum;
    /// `sum + a b`.
    fn mul(sum: Self::Sum, a: Self, b: Self) -> Self::Sum;
    /// `x + y`.
    fn join(x: Self::Sum, y: Self::Sum) -> Self::Sum;
    /// The sum as an element.
    fn done(sum: Self::Sum) -> Self;
    /// The conjugate.
    fn conj(self) -> Self {
        self
    }
    /// The inner product with fused additions in an order of its own, for types that have one.
    #[inline(always)]
    fn ordered(_: &[Self], _: &[Self]) -> Option<Self> {
        None
    }
    /// The same of items apart from each other, given by number.
    #[inline(always)]
    fn spaced(_: usize, _: impl Fn(usize) -> (Self, Self)) -> Option<Self> {
        None
    }
    /// `s + a b` in elements; for tests.
    #[cfg(test)]
    fn add_mul(s: Self, a: Self, b: Self) -> Self;
}

macro_rules! int_ring {
    ($($t:ty),+) => { $(impl Ring for $t {
        const ZERO: Self = 0;
        type Sum = $t;
        const EMPTY: $t = 0;
        #[inline(always)]
        fn mul(sum: $t, a: $t, b: $t) -> $t { sum.wrapping_add(a.wrapping_mul(b)) }
        #[inline(always)]
        fn join(x: $t, y: $t) -> $t { x.wrapping_add(y) }
        #[inline(always)]
        fn done(sum: $t) -> $t { sum }
        #[cfg(test)]
        fn add_mul(s: $t, a: $t, b: $t) -> $t { Self::mul(s, a, b) }
    })+ };
}
int_ring!(i8, u8, i16, u16, i32, u32, i64, u64);

macro_rules! float_ring {
    ($($t:ty: $ordered:ident $(, $spaced:ident)?);+) => { $(impl Ring for $t {
        const ZERO: Self = 0.0;
        type Sum = $t;
        const EMPTY: $t = 0.0;
        #[inline(always)]
        fn mul(sum: $t, a: $t, b: $t) -> $t { sum + a * b }
        #[inline(always)]
        fn join(x: $t, y: $t) -> $t { x + y }
        #[inline(always)]
        fn done(sum: $t) -> $t { sum }
        #[inline(always)]
        fn ordered(x: &[$t], y: &[$t]) -> Option<$t> { Some(ordered::$ordered(x, y)) }
        $(#[inline(always)]
        fn spaced(n: usize, item: impl Fn(usize) -> ($t, $t)) -> Option<$t> {
            Some(ordered::$spaced(n, item))
        })?
        #[cfg(test)]
        fn add_mul(s: $t, a: $t, b: $t) -> $t { Self::mul(s, a, b) }
    })+ };
}
float_ring!(f32: single; f64: double, double_spaced);

macro_rules! complex_ring {
    ($($t:ty),+) => { $(impl Ring for Complex<$t> {
        const ZERO: Self = Complex { re: 0.0, im: 0.0 };
        type Sum = Self;
        const EMPTY: Self = Complex { re: 0.0, im: 0.0 };
        #[inline(always)]
        fn mul(s: Self, a: Self, b: Self) -> Self {
            Complex { re: s.re + (a.re * b.re - a.im * b.im), im: s.im + (a.re * b.im + a.im * b.re) }
        }
        #[inline(always)]
        fn join(x: Self, y: Self) -> Self { Complex { re: x.re + y.re, im: x.im + y.im } }
        #[inline(always)]
        fn done(sum: Self) -> Self { sum }
        #[inline(always)]
        fn conj(self) -> Self { Complex { re: self.re, im: -self.im } }
        #[cfg(test)]
        fn add_mul(s: Self, a: Self, b: Self) -> Self { Self::mul(s, a, b) }
    })+ };
}
complex_ring!(f32, f64);

impl Ring for Bool {
    const ZERO: Self = Bool(0);
    type Sum = u8;
    const EMPTY: u8 = 0;
    #[inline(always)]
    fn mul(sum: u8, a: Bool, b: Bool) -> u8 {
        sum | (u8::from(a.0 != 0) & u8::from(b.0 != 0))
    }
    #[inline(always)]
    fn join(x: u8, y: u8) -> u8 {
        x | y
    }
    #[inline(always)]
    fn done(sum: u8) -> Bool {
        Bool(sum)
    }
    #[cfg(test)]
    fn add_mul(s: Bool, a: Bool, b: Bool) -> Bool {
        Bool(Self::mul(s.0, a, b))
    }
}

impl Ring for F16 {
    const ZERO: Self = F16(0);
    type Sum = f32;
    const EMPTY: f32 = 0.0;
    #[inline(always)]
    fn mul(sum: f32, a: F16, b: F16) -> f32 {
        sum + to_f32(a) * to_f32(b)
    }
    #[inline(always)]
    fn join(x: f32, y: f32) -> f32 {
        x + y
    }
    #[inline(always)]
    fn done(sum: f32) -> F16 {
        from_f32(sum)
    }
    #[cfg(test)]
    fn add_mul(s: F16, a: F16, b: F16) -> F16 {
        Self::done(Self::mul(to_f32(s), a, b))
    }
}

/// # Safety
/// - `ptr` offset by `i` strides is a valid element.
#[inline(always)]
unsafe fn get<T: Copy>(ptr: *const u8, stride: isize, i: usize) -> T {
    // SAFETY: by contract.
    unsafe { ptr.offset(stride * i as isize).cast::<T>().read_unaligned() }
}

/// `c = a b`.
///
/// # Safety
/// - The operands are valid for the sizes; `c` overlaps neither of the others.
pub(crate) unsafe fn product<T: Ring>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    // SAFETY: passed on to the caller; the variants run only at their level.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        match level() {
            Level::V4 => return v4::<T>(s, a, b, c),
            Level::V3 => return v3::<T>(s, a, b, c),
            Level::V2 => {}
        }
        body::<T, false>(s, a, b, c);
    }
}

/// # Safety
/// - As [`product`]; the CPU has level v3.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c")]
unsafe fn v3<T: Ring>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    // SAFETY: passed on to the caller.
    unsafe { body::<T, true>(s, a, b, c) }
}

/// # Safety
/// - As [`product`]; the CPU has level v4.
#[cfg(target_arch = "x86_64")]
#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c"
)]
unsafe fn v4<T: Ring>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    // SAFETY: passed on to the caller.
    unsafe { body::<T, true>(s, a, b, c) }
}

/// # Safety
/// - As [`product`].
#[inline(always)]
unsafe fn body<T: Ring, const FUSED: bool>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    let size = size_of::<T>() as isize;
    // SAFETY: passed on to the caller.
    unsafe {
        if b.rs == size && (s.n == 1 || b.cs != size) && a.cs == size {
            // Rows of a against columns of b, both contiguous.
            for i in 0..s.m {
                for j in 0..s.n {
                    let (ra, cb) = (
                        a.ptr.offset(i as isize * a.rs),
                        b.ptr.offset(j as isize * b.cs),
                    );
                    let sum = dot_body::<T, false, FUSED>(ra, size, cb, size, s.k);
                    c.ptr
                        .offset(i as isize * c.rs + j as isize * c.cs)
                        .cast::<T>()
                        .write_unaligned(sum);
                }
            }
            return;
        }
        if FUSED && s.m == 1 && s.n == 1 {
            if let Some(sum) = inner::<T>((a.ptr, a.cs), (b.ptr, b.rs), s.k) {
                return c.ptr.cast::<T>().write_unaligned(sum);
            }
        }
        by_rows::<T>(s, a, b, c);
    }
}

/// One inner product of vectors of which at least one is not contiguous, for types with an order of
/// their own. Items that go backwards or stand still are gathered first, as NumPy does before BLAS.
///
/// # Safety
/// - `n` valid elements at each pointer and stride.
#[inline(always)]
unsafe fn inner<T: Ring>(
    (a, sa): (*mut u8, isize),
    (b, sb): (*mut u8, isize),
    n: usize,
) -> Option<T> {
    let size = size_of::<T>() as isize;
    let forward = |stride: isize| stride > 0 && stride % size == 0;
    if forward(sa) && forward(sb) {
        // SAFETY: indices below n.
        return T::spaced(n, |i| unsafe { (get(a, sa, i), get(b, sb, i)) });
    }
    // A type without an order is left before anything is gathered.
    T::ordered(&[], &[])?;
    let gather = |p: *mut u8, stride: isize| -> Vec<T> {
        // SAFETY: indices below n.
        (0..n).map(|i| unsafe { get(p, stride, i) }).collect()
    };
    match (forward(sa), forward(sb)) {
        (false, true) if sb != size => {
            let x = gather(a, sa);
            // SAFETY: indices below n.
            T::spaced(n, |i| (x[i], unsafe { get(b, sb, i) }))
        }
        (true, false) if sa != size => {
            let y = gather(b, sb);
            // SAFETY: indices below n.
            T::spaced(n, |i| (unsafe { get(a, sa, i) }, y[i]))
        }
        _ => T::ordered(&gather(a, sa), &gather(b, sb)),
    }
}

/// Columns of `b` taken together in one block of sums.
const WIDTH: usize = 128;
/// Rows of `a` taken together.
const ROWS: usize = 4;

/// Sums for a block of `c` in local accumulators, fed by rows of `b`.
///
/// # Safety
/// - As [`product`].
#[inline(always)]
unsafe fn by_rows<T: Ring>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    let contiguous = b.cs == size_of::<T>() as isize;
    let mut packed = [T::ZERO; WIDTH];
    let mut j = 0;
    while j < s.n {
        let width = WIDTH.min(s.n - j);
        let mut i = 0;
        while i < s.m {
            let rows = ROWS.min(s.m - i);
            let mut sums = [[T::EMPTY; WIDTH]; ROWS];
            for p in 0..s.k {
                // SAFETY: row p, columns j.. of b.
                unsafe {
                    let row = b.ptr.offset(p as isize * b.rs + j as isize * b.cs);
                    let from: *const T = if contiguous {
                        row.cast()
                    } else {
                        for (q, item) in packed.iter_mut().enumerate().take(width) {
                            *item = get(row, b.cs, q);
                        }
                        packed.as_ptr()
                    };
                    for (r, sums) in sums.iter_mut().enumerate().take(rows) {
                        let x: T = get(a.ptr.offset((i + r) as isize * a.rs), a.cs, p);
                        for (q, sum) in sums.iter_mut().enumerate().take(width) {
                            *sum = T::mul(*sum, x, from.add(q).read_unaligned());
                        }
                    }
                }
            }
            for (r, sums) in sums.iter().enumerate().take(rows) {
                for (q, &sum) in sums.iter().enumerate().take(width) {
                    let at = (i + r) as isize * c.rs + (j + q) as isize * c.cs;
                    // SAFETY: item of c.
                    unsafe { c.ptr.offset(at).cast::<T>().write_unaligned(T::done(sum)) };
                }
            }
            i += rows;
        }
        j += width;
    }
}

/// `sum a_i b_i`, the first conjugated if `CONJ`.
///
/// # Safety
/// - `n` valid elements at each pointer and stride.
pub(crate) unsafe fn dot<T: Ring, const CONJ: bool>(
    a: *const u8,
    sa: isize,
    b: *const u8,
    sb: isize,
    n: usize,
) -> T {
    // SAFETY: passed on to the caller; the variants run only at their level.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        match level() {
            Level::V4 => return dot_v4::<T, CONJ>(a, sa, b, sb, n),
            Level::V3 => return dot_v3::<T, CONJ>(a, sa, b, sb, n),
            Level::V2 => {}
        }
        dot_body::<T, CONJ, false>(a, sa, b, sb, n)
    }
}

/// # Safety
/// - As [`dot`]; the CPU has level v3.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c")]
unsafe fn dot_v3<T: Ring, const CONJ: bool>(
    a: *const u8,
    sa: isize,
    b: *const u8,
    sb: isize,
    n: usize,
) -> T {
    // SAFETY: passed on to the caller.
    unsafe { dot_body::<T, CONJ, true>(a, sa, b, sb, n) }
}

/// # Safety
/// - As [`dot`]; the CPU has level v4.
#[cfg(target_arch = "x86_64")]
#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c"
)]
unsafe fn dot_v4<T: Ring, const CONJ: bool>(
    a: *const u8,
    sa: isize,
    b: *const u8,
    sb: isize,
    n: usize,
) -> T {
    // SAFETY: passed on to the caller.
    unsafe { dot_body::<T, CONJ, true>(a, sa, b, sb, n) }
}

/// Independent sums, so that the additions do not wait for each other.
const LANES: usize = 32;

/// # Safety
/// - As [`dot`].
#[inline(always)]
unsafe fn dot_body<T: Ring, const CONJ: bool, const FUSED: bool>(
    a: *const u8,
    sa: isize,
    b: *const u8,
    sb: isize,
    n: usize,
) -> T {
    let size = size_of::<T>() as isize;
    let (x, y) = (a.cast::<T>(), b.cast::<T>());
    if FUSED && sa == size && sb == size && x.is_aligned() && y.is_aligned() {
        // SAFETY: contiguous and aligned.
        let (x, y) = unsafe { (from_raw_parts(x, n), from_raw_parts(y, n)) };
        if let Some(value) = T::ordered(x, y) {
            return value;
        }
    }
    let mut sums = [T::EMPTY; LANES];
    let whole = n / LANES * LANES;
    let first = |x: T| if CONJ { x.conj() } else { x };
    // SAFETY: indices below n; the contiguous form says so to the compiler.
    unsafe {
        let mut i = 0;
        while i < whole {
            for (q, sum) in sums.iter_mut().enumerate() {
                let (x, y) = if sa == size && sb == size {
                    (get::<T>(a, size, i + q), get::<T>(b, size, i + q))
                } else {
                    (get::<T>(a, sa, i + q), get::<T>(b, sb, i + q))
                };
                *sum = T::mul(*sum, first(x), y);
            }
            i += LANES;
        }
        while i < n {
            sums[0] = T::mul(sums[0], first(get(a, sa, i)), get(b, sb, i));
            i += 1;
        }
    }
    let mut width = LANES / 2;
    while width > 0 {
        for q in 0..width {
            sums[q] = T::join(sums[q], sums[q + width]);
        }
        width /= 2;
    }
    T::done(sums[0])
}
