//! The strided loops: matrices are read from their operands, worked on and written to the results.

use crate::element::Element;
use crate::matrix::Matrix;
use crate::{cholesky, lu};
use numoxide_kernels::fp::INVALID;
use numoxide_kernels::LoopCtx;
use std::ffi::{c_int, c_void};

/// One outer step of a strided loop of `nop` operands.
pub(crate) struct Step<'a> {
    /// What the loop reports to.
    pub(crate) ctx: &'a LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    nop: usize,
    outer: isize,
}

impl Step<'_> {
    /// First item of an operand.
    ///
    /// # Safety
    /// - The loop form's pointers and strides are valid for the operand.
    pub(crate) unsafe fn at(&self, op: usize) -> *mut u8 {
        // SAFETY: by contract.
        unsafe { (*self.args.add(op)).wrapping_offset(self.outer * *self.strides.add(op)) }
    }

    /// A core stride, counted behind the outer ones.
    ///
    /// # Safety
    /// - There is such a stride.
    pub(crate) unsafe fn core(&self, i: usize) -> isize {
        // SAFETY: by contract.
        unsafe { *self.strides.add(self.nop + i) }
    }

    /// A core dimension.
    ///
    /// # Safety
    /// - There is such a dimension.
    pub(crate) unsafe fn dim(&self, i: usize) -> usize {
        // SAFETY: by contract.
        unsafe { *self.dims.add(1 + i) as usize }
    }
}

/// What is done to one matrix of a stack.
pub(crate) trait Routine<T: Element> {
    /// Number of operands.
    const NOP: usize;

    /// Columns of the working matrix, whose first square is the input.
    ///
    /// # Safety
    /// - As any strided loop with these core dimensions.
    unsafe fn columns(s: &Step<'_>) -> usize;

    /// One outer step; the first operand is not read yet.
    ///
    /// # Safety
    /// - As any strided loop with these core dimensions; `a` has as many columns as asked for.
    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>);
}

/// The strided loop of a routine.
///
/// # Safety
/// - As any strided loop with the routine's core dimensions.
pub(crate) unsafe extern "C" fn each<T: Element, R: Routine<T>>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    unsafe {
        let mut s = Step {
            ctx: &*ctx,
            args,
            dims,
            strides,
            nop: R::NOP,
            outer: 0,
        };
        let mut a = Matrix::<T>::zeros(s.dim(0), R::columns(&s));
        while s.outer < *dims {
            R::run(&s, &mut a);
            s.outer += 1;
        }
    }
    0
}

/// Reads a block of a strided operand into columns `first..` of a matrix.
///
/// # Safety
/// - The operand has `a.rows` rows and `cols` columns at these byte strides.
pub(crate) unsafe fn read<T: Element>(
    a: &mut Matrix<T>,
    first: usize,
    cols: usize,
    ptr: *const u8,
    (rs, cs): (isize, isize),
) {
    for j in 0..cols {
        for (i, x) in a.col_mut(first + j).iter_mut().enumerate() {
            // SAFETY: by contract.
            *x = unsafe {
                let at = ptr.wrapping_offset(rs * i as isize + cs * j as isize);
                at.cast::<T>().read_unaligned()
            };
        }
    }
}

/// Writes columns `first..` of a matrix to a strided operand.
///
/// # Safety
/// - The operand has `a.rows` rows and `cols` columns at these byte strides.
pub(crate) unsafe fn write<T: Element>(
    a: &Matrix<T>,
    first: usize,
    cols: usize,
    ptr: *mut u8,
    (rs, cs): (isize, isize),
) {
    for j in 0..cols {
        for (i, x) in a.col(first + j).iter().enumerate() {
            // SAFETY: by contract.
            unsafe {
                let at = ptr.wrapping_offset(rs * i as isize + cs * j as isize);
                at.cast::<T>().write_unaligned(*x);
            }
        }
    }
}

/// Reads the first operand's matrix into the leading square.
///
/// # Safety
/// - Its core strides come first.
pub(crate) unsafe fn read_first<T: Element>(s: &Step<'_>, a: &mut Matrix<T>) {
    // SAFETY: by contract.
    unsafe { read(a, 0, a.rows, s.at(0), (s.core(0), s.core(1))) }
}

/// Reads the first operand's matrix of any shape.
///
/// # Safety
/// - Its core dimensions and strides come first; `a` has the same shape.
pub(crate) unsafe fn read_whole<T: Element>(s: &Step<'_>, a: &mut Matrix<T>) {
    // SAFETY: by contract.
    unsafe { read(a, 0, a.cols, s.at(0), (s.core(0), s.core(1))) }
}

/// Factors a matrix with right-hand sides and solves; NaN in all of them where it is singular.
fn solve_in_place<T: Element>(ctx: &LoopCtx, a: &mut Matrix<T>) {
    let n = a.rows;
    if lu::factor(a).singular {
        a.items[n * n..].fill(T::NAN);
        ctx.report_fp(INVALID);
        return;
    }
    lu::upper_solve(a);
}

/// `(m,m)->()`.
pub(crate) struct Det;

impl<T: Element> Routine<T> for Det {
    const NOP: usize = 2;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(0) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            read_first(s, a);
            let (sign, log) = lu::sign_and_log(a);
            s.at(1).cast::<T>().write_unaligned(sign * T::of(log.exp()));
        }
    }
}

/// `(m,m)->(),()`.
pub(crate) struct SlogDet;

impl<T: Element> Routine<T> for SlogDet {
    const NOP: usize = 3;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(0) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            read_first(s, a);
            let (sign, log) = lu::sign_and_log(a);
            s.at(1).cast::<T>().write_unaligned(sign);
            s.at(2).cast::<T::Real>().write_unaligned(T::to_real(log));
        }
    }
}

/// `(m,m),(m,n)->(m,n)`.
pub(crate) struct Solve;

impl<T: Element> Routine<T> for Solve {
    const NOP: usize = 3;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(0) + s.dim(1) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            let (n, k) = (s.dim(0), s.dim(1));
            read_first(s, a);
            read(a, n, k, s.at(1), (s.core(2), s.core(3)));
            solve_in_place(s.ctx, a);
            write(a, n, k, s.at(2), (s.core(4), s.core(5)));
        }
    }
}

/// `(m,m),(m)->(m)`.
pub(crate) struct Solve1;

impl<T: Element> Routine<T> for Solve1 {
    const NOP: usize = 3;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(0) + 1 }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            let n = s.dim(0);
            read_first(s, a);
            read(a, n, 1, s.at(1), (s.core(2), 0));
            solve_in_place(s.ctx, a);
            write(a, n, 1, s.at(2), (s.core(3), 0));
        }
    }
}

/// `(m,m)->(m,m)`.
pub(crate) struct Inv;

impl<T: Element> Routine<T> for Inv {
    const NOP: usize = 2;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { 2 * s.dim(0) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            let n = s.dim(0);
            read_first(s, a);
            for k in 0..n {
                let column = a.col_mut(n + k);
                column.fill(T::ZERO);
                column[k] = T::ONE;
            }
            solve_in_place(s.ctx, a);
            write(a, n, n, s.at(1), (s.core(2), s.core(3)));
        }
    }
}

/// `(m,m)->(m,m)`, the lower factor; `UPPER` reads the upper triangle and gives the upper factor.
pub(crate) struct Cholesky<const UPPER: bool>;

impl<T: Element, const UPPER: bool> Routine<T> for Cholesky<UPPER> {
    const NOP: usize = 2;

    unsafe fn columns(s: &Step<'_>) -> usize {
        // SAFETY: by contract.
        unsafe { s.dim(0) }
    }

    unsafe fn run(s: &Step<'_>, a: &mut Matrix<T>) {
        // SAFETY: by contract.
        unsafe {
            let (n, order) = (s.dim(0), |p, q| if UPPER { (q, p) } else { (p, q) });
            let conjugate = |a: &mut Matrix<T>| a.items.iter_mut().for_each(|x| *x = x.conj());
            read(a, 0, n, s.at(0), order(s.core(0), s.core(1)));
            if UPPER {
                conjugate(a);
            }
            if !cholesky::factor(a) {
                a.items.fill(T::NAN);
                s.ctx.report_fp(INVALID);
            }
            if UPPER {
                conjugate(a);
            }
            write(a, 0, n, s.at(1), order(s.core(2), s.core(3)));
        }
    }
}
