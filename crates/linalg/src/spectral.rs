//! Routines of the gufuncs that need eigenvalues or singular values.

use crate::decompose::{self, Field, Vectors};
use crate::element::Element;
use crate::matrix::Matrix;
use crate::raw::{read, read_first, read_whole, write, Routine, Step};
use numoxide_kernels::fp::INVALID;

/// Real parts, in the type of absolute values, to a strided vector.
///
/// # Safety
/// - The operand has an item for each value at this byte stride.
unsafe fn write_real<T: Element>(values: &[T], ptr: *mut u8, stride: isize) {
    for (i, x) in values.iter().enumerate() {
        let at = ptr.wrapping_offset(stride * i as isize).cast::<T::Real>();
        // SAFETY: by contract.
        unsafe { at.write_unaligned(T::to_real(x.real())) };
    }
}

/// NaN in all items.
fn undefined<T: Element>(results: [&mut [T]; 3]) {
    for result in results {
        result.fill(T::NAN);
    }
}

/// NaN in all items, and the flag that the caller turns into an error.
fn refuse<T: Element>(s: &Step<'_>, results: [&mut [T]; 3]) {
    s.ctx.report_fp(INVALID);
    undefined(results);
}

fn finite<T: Element>(a: &Matrix<T>) -> bool {
    let part = |x: f64| x.is_finite();
    a.items.iter().all(|x| part(x.real()) && part(x.imag()))
}

/// Has infinities, but no NaN: singular values are undefined, not an error, as LAPACK has it.
fn infinite<T: Element>(a: &Matrix<T>) -> bool {
    let none = |x: &T| !x.real().is_nan() && !x.imag().is_nan();
    !finite(a) && a.items.iter().all(none)
}

/// `(m,m)->(m)` and, with vectors, `(m,m)->(m),(m,m)`.
pub(crate) struct Eig<const VECTORS: bool>;

impl<T: Field, const VECTORS: bool> Routine<T> for Eig<VECTORS> {
    const NOP: usize = 2 + VECTORS as usize;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(0) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            let n = s.dim(0);
            read_first(s, a);
            let mut values = Matrix::<T::Cplx>::zeros(n, 1);
            let mut vectors = Matrix::<T::Cplx>::zeros(n, if VECTORS { n } else { 0 });
            let out = VECTORS.then_some(&mut vectors);
            if finite(a) && T::eigen(a, &mut values.items, out) {
                // The vectors of a real matrix's real eigenvalues are real.
                let real = |k: usize| T::NUM == T::REAL && values.items[k].imag() == 0.0;
                decompose::normalise(&mut vectors, real);
            } else {
                refuse(s, [&mut values.items, &mut vectors.items, &mut []]);
            }
            write(&values, 0, 1, s.at(1), (s.core(2), 0));
            if VECTORS {
                write(&vectors, 0, n, s.at(2), (s.core(3), s.core(4)));
            }
        }
    }
}

/// `(m,m)->(m)` and, with vectors, `(m,m)->(m),(m,m)`; of the upper triangle or the lower one.
pub(crate) struct Eigh<const UPPER: bool, const VECTORS: bool>;

impl<T: Field, const UPPER: bool, const VECTORS: bool> Routine<T> for Eigh<UPPER, VECTORS> {
    const NOP: usize = 2 + VECTORS as usize;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(0) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            let n = s.dim(0);
            if UPPER {
                // The conjugate transposed has in its lower triangle what counts here.
                read(a, 0, n, s.at(0), (s.core(1), s.core(0)));
                a.items.iter_mut().for_each(|x| *x = x.conj());
            } else {
                read_first(s, a);
            }
            for k in 1..n {
                a.col_mut(k)[..k].fill(T::ZERO);
            }
            let mut values = vec![T::ZERO; n];
            let mut vectors = Matrix::zeros(n, if VECTORS { n } else { 0 });
            let out = VECTORS.then_some(&mut vectors);
            if !finite(a) {
                undefined([&mut values, &mut vectors.items, &mut []]);
            } else if !decompose::hermitian(a, &mut values, out) {
                refuse(s, [&mut values, &mut vectors.items, &mut []]);
            }
            write_real(&values, s.at(1), s.core(2));
            if VECTORS {
                write(&vectors, 0, n, s.at(2), (s.core(3), s.core(4)));
            }
        }
    }
}

/// `(m,n)->(p)`, `(m,n)->(m,p),(p),(p,n)` or `(m,n)->(m,m),(p),(n,n)`.
pub(crate) struct Svd<const WANTED: u8>;

/// Values alone.
pub(crate) const VALUES: u8 = 0;
/// Bases as small as they can be.
pub(crate) const REDUCED: u8 = 1;
/// Full bases.
pub(crate) const FULL: u8 = 2;

impl<T: Field, const WANTED: u8> Routine<T> for Svd<WANTED> {
    const NOP: usize = if WANTED == VALUES { 2 } else { 4 };

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(1) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            let (m, n) = (s.dim(0), s.dim(1));
            let p = m.min(n);
            read_whole(s, a);
            let mut values = vec![T::ZERO; p];
            if WANTED == VALUES {
                if infinite(a) {
                    undefined([&mut values, &mut [], &mut []]);
                } else if !(finite(a) && decompose::singular(a, &mut values, None, Vectors::No)) {
                    refuse(s, [&mut values, &mut [], &mut []]);
                }
                return write_real(&values, s.at(1), s.core(2));
            }
            let (wanted, left, right) = match WANTED {
                FULL => (Vectors::Full, m, n),
                _ => (Vectors::Reduced, p, p),
            };
            let (mut u, mut v) = (Matrix::zeros(m, left), Matrix::zeros(n, right));
            let both = Some((&mut u, &mut v));
            if infinite(a) {
                undefined([&mut values, &mut u.items, &mut v.items]);
            } else if !(finite(a) && decompose::singular(a, &mut values, both, wanted)) {
                refuse(s, [&mut values, &mut u.items, &mut v.items]);
            }
            v.items.iter_mut().for_each(|x| *x = x.conj());
            write(&u, 0, left, s.at(1), (s.core(2), s.core(3)));
            write_real(&values, s.at(2), s.core(4));
            write(&v, 0, right, s.at(3), (s.core(6), s.core(5)));
        }
    }
}

/// `(m,n),(m,nrhs),()->(n,nrhs),(nrhs),(),(p)`: solutions of least norm, squared residuals, rank and
/// singular values.
pub(crate) struct Lstsq;

impl<T: Field> Routine<T> for Lstsq {
    const NOP: usize = 7;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(1) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            let (m, n, sides) = (s.dim(0), s.dim(1), s.dim(2));
            let p = m.min(n);
            read_whole(s, a);
            let mut b = Matrix::zeros(m, sides);
            read(&mut b, 0, sides, s.at(1), (s.core(2), s.core(3)));
            let least = T::from_real(s.at(2).cast::<T::Real>().read_unaligned());
            let (mut u, mut v) = (Matrix::zeros(m, p), Matrix::zeros(n, p));
            let (mut values, mut x) = (vec![T::ZERO; p], Matrix::zeros(n, sides));
            let mut residuals = vec![T::ZERO; sides];
            let mut rank = 0;
            let both = Some((&mut u, &mut v));
            if finite(a) && decompose::singular(a, &mut values, both, Vectors::Reduced) {
                rank = rank_of(&values, least);
                for (side, rest) in residuals.iter_mut().enumerate() {
                    solve(&u, &values[..rank], &v, b.col(side), x.col_mut(side));
                    *rest = T::of(residual(a, x.col(side), b.col(side)));
                }
            } else {
                refuse(s, [&mut values, &mut x.items, &mut residuals]);
            }
            write(&x, 0, sides, s.at(3), (s.core(4), s.core(5)));
            write_real(&residuals, s.at(4), s.core(6));
            s.at(5).cast::<i32>().write_unaligned(rank as i32);
            write_real(&values, s.at(6), s.core(7));
        }
    }
}

/// Number of singular values above `least` times the largest; below zero that is the precision.
fn rank_of<T: Element>(values: &[T], least: f64) -> usize {
    let largest = values.first().map_or(0.0, |x| x.real());
    let least = if least < 0.0 { T::EPSILON / 2.0 } else { least };
    values.iter().filter(|x| x.real() > least * largest).count()
}

/// `x = V diag(1/s) U^H b` over the first singular values.
fn solve<T: Element>(u: &Matrix<T>, values: &[T], v: &Matrix<T>, b: &[T], x: &mut [T]) {
    for (k, value) in values.iter().enumerate() {
        let pairs = u.col(k).iter().zip(b);
        let dot = pairs.fold(T::ZERO, |sum, (u, b)| sum + u.conj() * *b);
        let factor = dot.over(*value);
        for (x, v) in x.iter_mut().zip(v.col(k)) {
            *x = *x + *v * factor;
        }
    }
}

/// `|b - a x|^2`.
fn residual<T: Element>(a: &Matrix<T>, x: &[T], b: &[T]) -> f64 {
    let mut rest = b.to_vec();
    for (k, x) in x.iter().enumerate() {
        for (r, a) in rest.iter_mut().zip(a.col(k)) {
            *r = *r - *a * *x;
        }
    }
    rest.iter().map(|r| r.abs() * r.abs()).sum()
}
