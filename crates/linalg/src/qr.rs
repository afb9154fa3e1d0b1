//! QR by Householder reflections, blocked with the compact WY form (Schreiber and Van Loan, 1989;
//! Golub and Van Loan, section 5.2); signs and storage as LAPACK's `geqrf`: `R` above, the
//! reflectors below the diagonal, each with a leading one that is not stored.

use crate::element::Element;
use crate::matrix::Matrix;

/// Columns of a panel.
const BLOCK: usize = 32;

/// Factors in place; the factors `tau` of the reflectors `I - tau v v^H`.
pub(crate) fn factor<T: Element>(a: &mut Matrix<T>) -> Vec<T> {
    let steps = a.rows.min(a.cols);
    let mut tau = vec![T::ZERO; steps];
    let mut start = 0;
    while start < steps {
        let end = (start + BLOCK).min(steps);
        for (k, tau) in tau.iter_mut().enumerate().take(end).skip(start) {
            *tau = reflector(&mut a.col_mut(k)[k..]);
            for col in k + 1..end {
                reflect(a, k, col, tau.conj());
            }
        }
        let cols = a.cols;
        Panel::of(a, start, end, &tau).apply(a, end..cols, true);
        start = end;
    }
    tau
}

/// The first columns of `Q`, as many as `q` has, from a factored matrix.
pub(crate) fn form<T: Element>(a: &Matrix<T>, tau: &[T], q: &mut Matrix<T>) {
    for (k, column) in q.items.chunks_exact_mut(a.rows.max(1)).enumerate() {
        column.fill(T::ZERO);
        column[k] = T::ONE;
    }
    let mut end = tau.len();
    while end > 0 {
        let start = (end - 1) / BLOCK * BLOCK;
        // Columns before the panel are still those of the identity: it leaves them alone.
        let cols = q.cols;
        Panel::of(a, start, end, tau).apply(q, start..cols, false);
        end = start;
    }
}

/// Makes `x` a multiple of the first unit vector; `tau`, with the reflector behind the new head.
fn reflector<T: Element>(x: &mut [T]) -> T {
    let head = x[0];
    let tail = x[1..].iter().map(|v| v.abs() * v.abs()).sum::<f64>();
    if tail == 0.0 && head.imag() == 0.0 {
        return T::ZERO;
    }
    let length = (head.abs() * head.abs() + tail).sqrt();
    let beta = if head.real() >= 0.0 { -length } else { length };
    let scale = T::ONE.over(head - T::of(beta));
    for v in &mut x[1..] {
        *v = *v * scale;
    }
    x[0] = T::of(beta);
    (T::of(beta) - head).over(T::of(beta))
}

/// Applies reflector `k` to a later column.
fn reflect<T: Element>(a: &mut Matrix<T>, k: usize, col: usize, tau: T) {
    let rows = a.rows;
    let (left, right) = a.items.split_at_mut(col * rows);
    let (v, x) = (&left[k * rows + k + 1..(k + 1) * rows], &mut right[k..rows]);
    let mut sum = x[0];
    for (v, x) in v.iter().zip(&x[1..]) {
        sum = sum + v.conj() * *x;
    }
    let sum = sum * tau;
    x[0] = x[0] - sum;
    for (v, x) in v.iter().zip(&mut x[1..]) {
        *x = *x - *v * sum;
    }
}

/// Reflectors `start..end` as `I - V T V^H`.
struct Panel<T> {
    start: usize,
    /// The reflectors, with their ones and the zeros above, from row `start` on.
    v: Matrix<T>,
    /// Upper triangular.
    t: Matrix<T>,
}

impl<T: Element> Panel<T> {
    fn of(a: &Matrix<T>, start: usize, end: usize, tau: &[T]) -> Panel<T> {
        let (rows, count) = (a.rows - start, end - start);
        let mut v = Matrix::zeros(rows, count);
        for k in 0..count {
            let column = v.col_mut(k);
            column[k] = T::ONE;
            column[k + 1..].copy_from_slice(&a.col(start + k)[start + k + 1..]);
        }
        let mut t = Matrix::zeros(count, count);
        for k in 0..count {
            let tau = tau[start + k];
            for i in 0..k {
                let dot = v.col(i)[k..].iter().zip(&v.col(k)[k..]);
                let dot = dot.fold(T::ZERO, |s, (x, y)| s + x.conj() * *y);
                t.col_mut(k)[i] = -(tau * dot);
            }
            for i in 0..k {
                let sum = (i..k).fold(T::ZERO, |s, j| s + t.at(i, j) * t.at(j, k));
                t.col_mut(k)[i] = sum;
            }
            t.col_mut(k)[k] = tau;
        }
        Panel { start, v, t }
    }

    /// Multiplies columns by the panel, or by its adjoint.
    fn apply(&self, c: &mut Matrix<T>, cols: std::ops::Range<usize>, adjoint: bool) {
        let (count, width) = (self.v.cols, cols.len());
        if width == 0 || count == 0 {
            return;
        }
        let adjoint_of = |m: &Matrix<T>| {
            let mut out = Matrix::zeros(m.cols, m.rows);
            for j in 0..m.cols {
                for i in 0..m.rows {
                    out.col_mut(i)[j] = m.at(i, j).conj();
                }
            }
            out
        };
        let whole = (0, 0);
        let mut w = Matrix::zeros(count, width);
        let vh = adjoint_of(&self.v);
        w.product(&vh, whole, c, (self.start, cols.start));
        let mut tw = Matrix::zeros(count, width);
        if adjoint {
            tw.product(&adjoint_of(&self.t), whole, &w, whole);
        } else {
            tw.product(&self.t, whole, &w, whole);
        }
        let mut change = Matrix::zeros(self.v.rows, width);
        change.product(&self.v, whole, &tw, whole);
        for (k, col) in cols.enumerate() {
            let target = &mut c.col_mut(col)[self.start..];
            for (x, y) in target.iter_mut().zip(change.col(k)) {
                *x = *x - *y;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_multiply_back() {
        for (m, n) in [(1, 1), (3, 2), (2, 3), (40, 33), (33, 70), (100, 64)] {
            let mut a = Matrix::zeros(m, n);
            for j in 0..n {
                for i in 0..m {
                    a.col_mut(j)[i] = ((i * 7 + j * 13) % 17) as f64 - 8.0 + f64::from(i == j);
                }
            }
            let given = a.items.clone();
            let tau = factor(&mut a);
            let mut q = Matrix::zeros(m, m);
            form(&a, &tau, &mut q);
            for j in 0..n {
                for i in 0..m {
                    let sum: f64 = (0..=j.min(m - 1)).map(|k| q.at(i, k) * a.at(k, j)).sum();
                    assert!((sum - given[j * m + i]).abs() < 1e-10, "{m} {n} {i} {j}");
                }
            }
            for i in 0..m {
                for j in 0..m {
                    let dot: f64 = q.col(i).iter().zip(q.col(j)).map(|(x, y)| x * y).sum();
                    assert!((dot - f64::from(i == j)).abs() < 1e-12);
                }
            }
        }
    }
}
