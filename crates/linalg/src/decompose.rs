//! Eigenvalues and singular values, by faer; on one thread, since a stack is spread over them.

use crate::element::Element;
use crate::matrix::Matrix;
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::evd::{self, ComputeEigenvectors};
use faer::linalg::svd::{self, ComputeSvdVectors};
use faer::{c32, c64, ColMut, MatMut, MatRef, Par};
use numoxide_dtype::Complex;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// Which singular vectors are wanted.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Vectors {
    /// None.
    No,
    /// As many as there are singular values.
    Reduced,
    /// A full basis on both sides.
    Full,
}

/// An element as faer has it.
pub(crate) trait Field: Element {
    /// Faer's type, of the same layout.
    type Faer: faer::traits::ComplexField;
    /// The complex type of the same precision.
    type Cplx: Field;

    /// Eigenvalues, and eigenvectors where asked for, neither sorted nor scaled; false if the
    /// iteration did not converge.
    fn eigen(
        a: &Matrix<Self>,
        values: &mut [Self::Cplx],
        vectors: Option<&mut Matrix<Self::Cplx>>,
    ) -> bool;
}

/// A matrix as faer sees it.
fn view<T: Field>(a: &Matrix<T>) -> MatRef<'_, T::Faer> {
    // SAFETY: `rows * cols` items column by column, of a type of the same layout.
    unsafe { MatRef::from_raw_parts(a.items.as_ptr().cast(), a.rows, a.cols, 1, a.rows as isize) }
}

/// A matrix that faer writes.
fn view_mut<T: Field>(a: &mut Matrix<T>) -> MatMut<'_, T::Faer> {
    let (rows, cols, ptr) = (a.rows, a.cols, a.items.as_mut_ptr());
    // SAFETY: as for `view`; the borrow is exclusive.
    unsafe { MatMut::from_raw_parts_mut(ptr.cast(), rows, cols, 1, rows as isize) }
}

/// A vector that faer writes.
fn column<T: Field>(a: &mut [T]) -> ColMut<'_, T::Faer> {
    // SAFETY: items of a type of the same layout, one after the other.
    unsafe { ColMut::from_raw_parts_mut(a.as_mut_ptr().cast(), a.len(), 1) }
}

/// Runs a decomposition with its workspace; a library that gives up counts as not converged.
fn attempt<E>(need: StackReq, run: impl FnOnce(&mut MemStack) -> Result<(), E>) -> bool {
    let guarded = AssertUnwindSafe(|| run(MemStack::new(&mut MemBuffer::new(need))).is_ok());
    catch_unwind(guarded).unwrap_or(false)
}

/// Eigenvalues of a Hermitian matrix in ascending order, of which the lower triangle is read.
pub(crate) fn hermitian<T: Field>(
    a: &Matrix<T>,
    values: &mut [T],
    vectors: Option<&mut Matrix<T>>,
) -> bool {
    let wanted = match vectors {
        Some(_) => ComputeEigenvectors::Yes,
        None => ComputeEigenvectors::No,
    };
    let settings = Default::default();
    let need = evd::self_adjoint_evd_scratch::<T::Faer>(a.rows, wanted, Par::Seq, settings);
    attempt(need, |stack| {
        let values = column(values).as_diagonal_mut();
        let vectors = vectors.map(view_mut);
        evd::self_adjoint_evd(view(a), values, vectors, Par::Seq, stack, settings)
    })
}

/// Singular values in descending order, with `u` and `v` (not transposed) as wanted.
pub(crate) fn singular<T: Field>(
    a: &Matrix<T>,
    values: &mut [T],
    vectors: Option<(&mut Matrix<T>, &mut Matrix<T>)>,
    wanted: Vectors,
) -> bool {
    let wanted = match wanted {
        Vectors::No => ComputeSvdVectors::No,
        Vectors::Reduced => ComputeSvdVectors::Thin,
        Vectors::Full => ComputeSvdVectors::Full,
    };
    let settings = Default::default();
    let need = svd::svd_scratch::<T::Faer>(a.rows, a.cols, wanted, wanted, Par::Seq, settings);
    attempt(need, |stack| {
        let (u, v) = vectors.unzip();
        let values = column(values).as_diagonal_mut();
        let (u, v) = (u.map(view_mut), v.map(view_mut));
        svd::svd(view(a), values, u, v, Par::Seq, stack, settings)
    })
}

/// What `evd_scratch` wants to know.
fn right_only(vectors: bool) -> (ComputeEigenvectors, ComputeEigenvectors) {
    let right = if vectors {
        ComputeEigenvectors::Yes
    } else {
        ComputeEigenvectors::No
    };
    (ComputeEigenvectors::No, right)
}

macro_rules! fields {
    ($($t:ty => $faer:ty),+) => { $(
        impl Field for $t {
            type Faer = $t;
            type Cplx = Complex<$t>;

            fn eigen(
                a: &Matrix<$t>,
                values: &mut [Complex<$t>],
                vectors: Option<&mut Matrix<Complex<$t>>>,
            ) -> bool {
                let n = a.rows;
                let settings = Default::default();
                let (left, right) = right_only(vectors.is_some());
                let need = evd::evd_scratch::<$t>(n, left, right, Par::Seq, settings);
                let (mut re, mut im) = (vec![0.0; n], vec![0.0; n]);
                let mut pairs = vectors.is_some().then(|| Matrix::<$t>::zeros(n, n));
                let done = attempt(need, |stack| {
                    let (re, im) = (column(&mut re).as_diagonal_mut(), column(&mut im).as_diagonal_mut());
                    let right = pairs.as_mut().map(view_mut);
                    evd::evd_real(view(a), re, im, None, right, Par::Seq, stack, settings)
                });
                for (to, (&re, &im)) in values.iter_mut().zip(re.iter().zip(&im)) {
                    *to = Complex { re, im };
                }
                if let Some((out, pairs)) = vectors.zip(pairs) {
                    join_pairs(values, &pairs, out);
                }
                done
            }
        }

        impl Field for Complex<$t> {
            type Faer = $faer;
            type Cplx = Self;

            fn eigen(a: &Matrix<Self>, values: &mut [Self], vectors: Option<&mut Matrix<Self>>) -> bool {
                let settings = Default::default();
                let (left, right) = right_only(vectors.is_some());
                let need = evd::evd_scratch::<Self::Faer>(a.rows, left, right, Par::Seq, settings);
                attempt(need, |stack| {
                    let values = column(values).as_diagonal_mut();
                    let right = vectors.map(view_mut);
                    evd::evd_cplx(view(a), values, None, right, Par::Seq, stack, settings)
                })
            }
        }
    )+ };
}
fields!(f32 => c32, f64 => c64);

/// Complex vectors from columns that hold real and imaginary part of a conjugate pair side by side.
fn join_pairs<T>(values: &[Complex<T>], pairs: &Matrix<T>, out: &mut Matrix<Complex<T>>)
where
    T: Element + Default,
    Complex<T>: Element,
{
    let (n, zero) = (values.len(), T::default());
    let mut k = 0;
    while k < n {
        let paired = values[k].im != zero && k + 1 < n;
        for i in 0..n {
            let re = pairs.at(i, k);
            let im = if paired { pairs.at(i, k + 1) } else { zero };
            out.col_mut(k)[i] = Complex { re, im };
            if paired {
                out.col_mut(k + 1)[i] = Complex { re, im: -im };
            }
        }
        k += 1 + usize::from(paired);
    }
}

/// Scales every column to length one, its largest item real where it is not real anyhow (as
/// LAPACK's `geev` has it).
pub(crate) fn normalise<T: Element>(vectors: &mut Matrix<T>, real: impl Fn(usize) -> bool) {
    for k in 0..vectors.cols {
        let column = vectors.col_mut(k);
        let length = column.iter().map(|x| x.abs() * x.abs()).sum::<f64>().sqrt();
        let mut turn = T::of(1.0 / length);
        let mut largest = 0;
        if !real(k) {
            for (i, x) in column.iter().enumerate() {
                if x.abs() > column[largest].abs() {
                    largest = i;
                }
            }
            let x = column[largest];
            turn = turn * x.conj().over(T::of(x.abs()));
        }
        for x in column.iter_mut() {
            *x = *x * turn;
        }
        if !real(k) {
            column[largest] = T::of(column[largest].real());
        }
    }
}
