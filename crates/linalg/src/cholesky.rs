//! Cholesky: `A = L L^H` of a Hermitian positive-definite matrix, blocked and right-looking (Golub
//! and Van Loan, section 4.2); only the lower triangle is read.

use crate::element::Element;
use crate::matrix::Matrix;

/// Columns of a panel.
const BLOCK: usize = 32;

/// Factors in place, zeros above the diagonal; false if the matrix is not positive definite.
pub(crate) fn factor<T: Element>(a: &mut Matrix<T>) -> bool {
    let n = a.rows;
    let mut start = 0;
    while start < n {
        let end = (start + BLOCK).min(n);
        for k in start..end {
            let head = a.at(k, k).real();
            // NaN passes, as in LAPACK: the factor shows it.
            if head <= 0.0 {
                return false;
            }
            let root = T::of(head.sqrt());
            a.col_mut(k)[k] = root;
            for x in &mut a.col_mut(k)[k + 1..] {
                *x = x.over(root);
            }
            for col in k + 1..end {
                let factor = a.at(col, k).conj();
                a.subtract_column(col, k, col..n, factor);
            }
        }
        trailing(a, start, end);
        start = end;
    }
    for col in 1..n {
        a.col_mut(col)[..col].fill(T::ZERO);
    }
    true
}

/// `A22 -= L21 L21^H`, column block by column block, so that little above the diagonal is computed.
fn trailing<T: Element>(a: &mut Matrix<T>, start: usize, end: usize) {
    let n = a.rows;
    // The space above the panel's rows is free: it takes the conjugates the product needs.
    let mut first = end;
    while first < n {
        let last = (first + 4 * BLOCK).min(n);
        for k in start..end {
            for row in first..last {
                let x = a.at(row, k).conj();
                a.col_mut(row)[k] = x;
            }
        }
        let sizes = [n - first, end - start, last - first];
        a.subtract_product((first, first), (first, start), (start, first), sizes, false);
        first = last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_multiply_back() {
        for n in [1, 3, 40, 130] {
            let item = |i: usize, j: usize| {
                let d = if i == j { n as f64 } else { 0.0 };
                d + 1.0 / (1.0 + (i as f64 - j as f64).abs())
            };
            let mut a = Matrix::zeros(n, n);
            for j in 0..n {
                for i in 0..n {
                    a.col_mut(j)[i] = item(i, j);
                }
            }
            assert!(factor(&mut a));
            for i in 0..n {
                for j in 0..=i {
                    let sum: f64 = (0..=j).map(|k| a.at(i, k) * a.at(j, k)).sum();
                    assert!((sum - item(i, j)).abs() < 1e-9 * n as f64);
                }
            }
        }
    }

    #[test]
    fn negative_matrices_are_refused() {
        let mut a: Matrix<f64> = Matrix::zeros(2, 2);
        assert!(!factor(&mut a));
    }
}
