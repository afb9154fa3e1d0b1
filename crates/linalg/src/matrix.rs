//! A column-major matrix of its own memory.

use crate::element::Element;
use numoxide_kernels::gemm::Matrix as Bytes;

/// Rows, columns and their items, column by column.
pub(crate) struct Matrix<T> {
    /// Number of rows.
    pub(crate) rows: usize,
    /// Number of columns.
    pub(crate) cols: usize,
    /// `rows * cols` items.
    pub(crate) items: Vec<T>,
    scratch: Vec<T>,
}

/// Where a block starts: row and column.
pub(crate) type At = (usize, usize);

impl<T: Element> Matrix<T> {
    /// A matrix of zeros.
    pub(crate) fn zeros(rows: usize, cols: usize) -> Matrix<T> {
        Matrix {
            rows,
            cols,
            items: vec![T::ZERO; rows * cols],
            scratch: Vec::new(),
        }
    }

    /// One item.
    pub(crate) fn at(&self, row: usize, col: usize) -> T {
        self.items[col * self.rows + row]
    }

    /// A column.
    pub(crate) fn col(&self, col: usize) -> &[T] {
        &self.items[col * self.rows..(col + 1) * self.rows]
    }

    /// A column, to be written.
    pub(crate) fn col_mut(&mut self, col: usize) -> &mut [T] {
        &mut self.items[col * self.rows..(col + 1) * self.rows]
    }

    /// Subtracts `factor` times rows `range` of one column from those of another.
    pub(crate) fn subtract_column(
        &mut self,
        from: usize,
        source: usize,
        range: std::ops::Range<usize>,
        factor: T,
    ) {
        let rows = self.rows;
        let (low, high) = (from.min(source), from.max(source));
        let (left, right) = self.items.split_at_mut(high * rows);
        let (a, b) = (&mut left[low * rows..(low + 1) * rows], &mut right[..rows]);
        let (to, by) = if from < source { (a, b) } else { (b, a) };
        for (x, y) in to[range.clone()].iter_mut().zip(&by[range]) {
            *x = *x - factor * *y;
        }
    }

    fn bytes(&self, (row, col): At, conjugate_transposed: bool) -> Bytes {
        let size = size_of::<T>() as isize;
        let ptr = self.items[col * self.rows + row..]
            .as_ptr()
            .cast_mut()
            .cast();
        let down = self.rows as isize * size;
        if conjugate_transposed {
            (ptr, down, size)
        } else {
            (ptr, size, down)
        }
    }

    /// Subtracts a product of two blocks from a third: `c -= a b`, sizes `[m, k, n]`; with `flip`, of
    /// `a` and the transpose of `b` (a block of `n` rows), whose items the caller has conjugated.
    pub(crate) fn subtract_product(&mut self, c: At, a: At, b: At, sizes: [usize; 3], flip: bool) {
        let [m, k, n] = sizes;
        if m == 0 || k == 0 || n == 0 {
            return;
        }
        let (brows, bcols) = if flip { (n, k) } else { (k, n) };
        let inside = |at: At, r: usize, c: usize| at.0 + r <= self.rows && at.1 + c <= self.cols;
        assert!(inside(a, m, k) && inside(b, brows, bcols) && inside(c, m, n));
        let mut out = std::mem::take(&mut self.scratch);
        out.resize(m * n, T::ZERO);
        let size = size_of::<T>() as isize;
        let to = (out.as_mut_ptr().cast(), size, m as isize * size);
        // SAFETY: blocks lie inside the matrix, the result has its own memory.
        unsafe { T::multiply(sizes, self.bytes(a, false), self.bytes(b, flip), to) };
        for (j, part) in out.chunks_exact(m).enumerate() {
            let column = &mut self.col_mut(c.1 + j)[c.0..c.0 + m];
            for (x, y) in column.iter_mut().zip(part) {
                *x = *x - *y;
            }
        }
        self.scratch = out;
    }

    /// Becomes the product of `a` and `b` from those places on, as far as its own sizes and `a`'s columns go.
    pub(crate) fn product(&mut self, a: &Matrix<T>, from_a: At, b: &Matrix<T>, from_b: At) {
        let sizes = [self.rows, a.cols - from_a.1, self.cols];
        let [m, k, n] = sizes;
        if m == 0 || k == 0 || n == 0 {
            self.items.fill(T::ZERO);
            return;
        }
        assert!(from_a.0 + m <= a.rows);
        assert!(from_b.0 + k <= b.rows && from_b.1 + n <= b.cols);
        // SAFETY: blocks lie inside their matrices, the result has its own memory.
        unsafe {
            T::multiply(
                sizes,
                a.bytes(from_a, false),
                b.bytes(from_b, false),
                self.bytes((0, 0), false),
            )
        };
    }
}
