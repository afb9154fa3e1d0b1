//! Inner products of contiguous floats in the order in which OpenBLAS adds them on machines with
//! AVX-512, so that results are NumPy's to the last bit: four vectors of 512 bits side by side, folded
//! to 256 bits for half a block more, then the four sums one after the other, halves, pairs, rest.
//!
//! Error bound: (n / lanes + log lanes)·eps of the sum of magnitudes.

/// The four running vectors, as long as whole blocks of `4 * W` items last; the items left over.
macro_rules! blocks {
    ($x:ident, $y:ident, $T:ty, $W:literal) => {{
        let mut wide = [[0.0 as $T; $W]; 4];
        let (mut gx, mut gy) = ($x.chunks_exact(4 * $W), $y.chunks_exact(4 * $W));
        for (x, y) in (&mut gx).zip(&mut gy) {
            for k in 0..4 {
                for l in 0..$W {
                    wide[k][l] = x[k * $W + l].mul_add(y[k * $W + l], wide[k][l]);
                }
            }
        }
        let mut sums = [[0.0 as $T; $W / 2]; 4];
        for k in 0..4 {
            for l in 0..$W / 2 {
                sums[k][l] = wide[k][l] + wide[k][l + $W / 2];
            }
        }
        let (mut hx, mut hy) = (
            gx.remainder().chunks_exact(2 * $W),
            gy.remainder().chunks_exact(2 * $W),
        );
        for (x, y) in (&mut hx).zip(&mut hy) {
            for k in 0..4 {
                for l in 0..$W / 2 {
                    sums[k][l] = x[k * $W / 2 + l].mul_add(y[k * $W / 2 + l], sums[k][l]);
                }
            }
        }
        let mut sum = sums[0];
        for more in &sums[1..] {
            for (s, x) in sum.iter_mut().zip(more) {
                *s += x;
            }
        }
        (sum, hx.remainder(), hy.remainder())
    }};
}

/// An inner product of float64.
#[inline(always)]
pub(crate) fn double(x: &[f64], y: &[f64]) -> f64 {
    let (s, x, y) = blocks!(x, y, f64, 8);
    let sum = (s[0] + s[2]) + (s[1] + s[3]);
    x.iter().zip(y).fold(sum, |s, (x, y)| y.mul_add(*x, s))
}

/// An inner product of float32; the rest is added in double precision.
#[inline(always)]
pub(crate) fn single(x: &[f32], y: &[f32]) -> f32 {
    let (s, x, y) = blocks!(x, y, f32, 16);
    let half = [s[0] + s[4], s[1] + s[5], s[2] + s[6], s[3] + s[7]];
    let sum = f64::from((half[0] + half[1]) + (half[2] + half[3]));
    let rest = x.iter().zip(y).fold(sum, |s, (x, y)| s + f64::from(x * y));
    rest as f32
}

/// An inner product of float64 whose items are apart: two sums, each of two products at a time.
#[inline(always)]
pub(crate) fn double_spaced(n: usize, item: impl Fn(usize) -> (f64, f64)) -> f64 {
    let (mut even, mut odd, mut i) = (0.0, 0.0, 0);
    let product = |i: usize| {
        let (x, y) = item(i);
        x * y
    };
    while i + 4 <= n {
        even += product(i) + product(i + 2);
        odd += product(i + 1) + product(i + 3);
        i += 4;
    }
    while i < n {
        let (x, y) = item(i);
        even = y.mul_add(x, even);
        i += 1;
    }
    even + odd
}
