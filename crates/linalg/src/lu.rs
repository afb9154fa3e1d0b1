//! LU with partial pivoting, blocked and right-looking (Golub and Van Loan, *Matrix Computations*,
//! section 3.4); backward error of n·eps times the growth of the pivots.

use crate::element::Element;
use crate::matrix::Matrix;

/// Columns of a panel.
const BLOCK: usize = 32;

/// What a factorisation found.
pub(crate) struct Outcome {
    /// An odd number of rows were exchanged.
    pub(crate) odd: bool,
    /// A pivot is exactly zero.
    pub(crate) singular: bool,
}

/// Factors the leading square of `a` in place; the columns behind it, if any, are right-hand sides
/// and become `inverse(L) P b`.
pub(crate) fn factor<T: Element>(a: &mut Matrix<T>) -> Outcome {
    let (n, all) = (a.rows, a.cols);
    let mut found = Outcome {
        odd: false,
        singular: false,
    };
    let mut start = 0;
    while start < n {
        let end = (start + BLOCK).min(n);
        for k in start..end {
            let pivot = eliminate(a, k, end);
            found.singular |= a.at(k, k) == T::ZERO;
            if pivot != k {
                found.odd = !found.odd;
                for col in (0..start).chain(end..all) {
                    a.col_mut(col).swap(k, pivot);
                }
            }
        }
        lower_solve(a, start, end);
        let sizes = [n - end, end - start, all - end];
        a.subtract_product((end, end), (end, start), (start, end), sizes, false);
        start = end;
    }
    found
}

/// One step inside a panel of columns up to `end`; the row that came to the diagonal.
fn eliminate<T: Element>(a: &mut Matrix<T>, k: usize, end: usize) -> usize {
    let start = k / BLOCK * BLOCK;
    let column = a.col(k);
    let mut pivot = k;
    for row in k + 1..a.rows {
        if column[row].weight() > column[pivot].weight() {
            pivot = row;
        }
    }
    if pivot != k {
        for col in start..end {
            a.col_mut(col).swap(k, pivot);
        }
    }
    let head = a.at(k, k);
    if head != T::ZERO {
        for x in &mut a.col_mut(k)[k + 1..] {
            *x = x.over(head);
        }
    }
    let rows = k + 1..a.rows;
    for col in k + 1..end {
        let factor = a.at(k, col);
        a.subtract_column(col, k, rows.clone(), factor);
    }
    pivot
}

/// Solves with the panel's unit lower triangle in the columns behind it.
fn lower_solve<T: Element>(a: &mut Matrix<T>, start: usize, end: usize) {
    for col in end..a.cols {
        for k in start..end {
            let factor = a.at(k, col);
            if factor != T::ZERO {
                a.subtract_column(col, k, k + 1..end, factor);
            }
        }
    }
}

/// Solves with the upper triangle in the columns behind the leading square.
pub(crate) fn upper_solve<T: Element>(a: &mut Matrix<T>) {
    let n = a.rows;
    let mut end = n;
    while end > 0 {
        let start = (end - 1) / BLOCK * BLOCK;
        for col in n..a.cols {
            for k in (start..end).rev() {
                let x = a.at(k, col).over(a.at(k, k));
                a.col_mut(col)[k] = x;
                a.subtract_column(col, k, start..k, x);
            }
        }
        let sizes = [start, end - start, a.cols - n];
        a.subtract_product((0, n), (0, start), (start, n), sizes, false);
        end = start;
    }
}

/// Sign (or unit complex number) and logarithm of the absolute value of the determinant.
pub(crate) fn sign_and_log<T: Element>(a: &mut Matrix<T>) -> (T, f64) {
    let found = factor(a);
    if found.singular {
        return (T::ZERO, f64::NEG_INFINITY);
    }
    let mut sign = if found.odd { -T::ONE } else { T::ONE };
    let mut log = 0.0;
    for k in 0..a.rows {
        let x = a.at(k, k);
        let size = x.abs();
        sign = sign * x.over(T::of(size));
        log += size.ln();
    }
    (sign, log)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(n: usize, extra: usize) -> Matrix<f64> {
        let mut a = Matrix::zeros(n, n + extra);
        let mut state = 1u64;
        for x in &mut a.items {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            *x = (state >> 40) as f64 / (1u64 << 24) as f64 - 0.5;
        }
        a
    }

    #[test]
    fn solutions_solve() {
        for n in [1, 2, 5, 31, 32, 33, 100] {
            let given = sample(n, 3);
            let mut a = sample(n, 3);
            assert!(!factor(&mut a).singular);
            upper_solve(&mut a);
            for col in n..n + 3 {
                for row in 0..n {
                    let sum: f64 = (0..n).map(|k| given.at(row, k) * a.at(k, col)).sum();
                    assert!((sum - given.at(row, col)).abs() < 1e-9, "{n} {row} {col}");
                }
            }
        }
    }

    #[test]
    fn a_zero_column_is_singular() {
        let mut a: Matrix<f64> = Matrix::zeros(3, 3);
        assert_eq!(sign_and_log(&mut a), (0.0, f64::NEG_INFINITY));
    }
}
