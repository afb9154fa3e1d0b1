//! The strided loops: matrices are read from their operands, worked on and written to the results.

use crate::element::Element;
use crate::matrix::Matrix;
use crate::{cholesky, lu};
use numoxide_kernels::fp::INVALID;
use numoxide_kernels::LoopCtx;
use std::ffi::{c_int, c_void};

/// The operands of one outer step.
struct Step {
    args: *const *mut u8,
    strides: *const isize,
    outer: isize,
}

impl Step {
    /// First item of an operand.
    ///
    /// # Safety
    /// - The loop form's pointers and strides are valid for the operand.
    unsafe fn at(&self, op: usize) -> *mut u8 {
        // SAFETY: by contract.
        unsafe { (*self.args.add(op)).wrapping_offset(self.outer * *self.strides.add(op)) }
    }

    /// A core stride, counted behind the outer ones.
    ///
    /// # Safety
    /// - There is such a stride.
    unsafe fn core(&self, nop: usize, i: usize) -> isize {
        // SAFETY: by contract.
        unsafe { *self.strides.add(nop + i) }
    }
}

/// Reads a block of a strided operand into columns `first..` of a matrix.
///
/// # Safety
/// - The operand has `a.rows` rows and `cols` columns at these byte strides.
unsafe fn read<T: Element>(
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
unsafe fn write<T: Element>(
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

/// `(m,m)->()`.
///
/// # Safety
/// - As any strided loop with these core dimensions.
pub(crate) unsafe extern "C" fn det<T: Element>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form: 2 outer strides, then 2 core strides.
    unsafe {
        let n = *dims.add(1) as usize;
        let mut a = Matrix::<T>::zeros(n, n);
        for outer in 0..*dims {
            let s = Step {
                args,
                strides,
                outer,
            };
            read(&mut a, 0, n, s.at(0), (s.core(2, 0), s.core(2, 1)));
            let (sign, log) = lu::sign_and_log(&mut a);
            s.at(1).cast::<T>().write_unaligned(sign * T::of(log.exp()));
        }
    }
    0
}

/// `(m,m)->(),()`.
///
/// # Safety
/// - As any strided loop with these core dimensions.
pub(crate) unsafe extern "C" fn slogdet<T: Element>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form: 3 outer strides, then 2 core strides.
    unsafe {
        let n = *dims.add(1) as usize;
        let mut a = Matrix::<T>::zeros(n, n);
        for outer in 0..*dims {
            let s = Step {
                args,
                strides,
                outer,
            };
            read(&mut a, 0, n, s.at(0), (s.core(3, 0), s.core(3, 1)));
            let (sign, log) = lu::sign_and_log(&mut a);
            s.at(1).cast::<T>().write_unaligned(sign);
            s.at(2).cast::<T::Real>().write_unaligned(T::to_real(log));
        }
    }
    0
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

/// `(m,m),(m,n)->(m,n)`.
///
/// # Safety
/// - As any strided loop with these core dimensions.
pub(crate) unsafe extern "C" fn solve<T: Element>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form: 3 outer strides, then 6 core strides.
    unsafe {
        let (n, k) = (*dims.add(1) as usize, *dims.add(2) as usize);
        let mut a = Matrix::<T>::zeros(n, n + k);
        for outer in 0..*dims {
            let s = Step {
                args,
                strides,
                outer,
            };
            read(&mut a, 0, n, s.at(0), (s.core(3, 0), s.core(3, 1)));
            read(&mut a, n, k, s.at(1), (s.core(3, 2), s.core(3, 3)));
            solve_in_place(&*ctx, &mut a);
            write(&a, n, k, s.at(2), (s.core(3, 4), s.core(3, 5)));
        }
    }
    0
}

/// `(m,m),(m)->(m)`.
///
/// # Safety
/// - As any strided loop with these core dimensions.
pub(crate) unsafe extern "C" fn solve1<T: Element>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form: 3 outer strides, then 4 core strides.
    unsafe {
        let n = *dims.add(1) as usize;
        let mut a = Matrix::<T>::zeros(n, n + 1);
        for outer in 0..*dims {
            let s = Step {
                args,
                strides,
                outer,
            };
            read(&mut a, 0, n, s.at(0), (s.core(3, 0), s.core(3, 1)));
            read(&mut a, n, 1, s.at(1), (s.core(3, 2), 0));
            solve_in_place(&*ctx, &mut a);
            write(&a, n, 1, s.at(2), (s.core(3, 3), 0));
        }
    }
    0
}

/// `(m,m)->(m,m)`.
///
/// # Safety
/// - As any strided loop with these core dimensions.
pub(crate) unsafe extern "C" fn inv<T: Element>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form: 2 outer strides, then 4 core strides.
    unsafe {
        let n = *dims.add(1) as usize;
        let mut a = Matrix::<T>::zeros(n, 2 * n);
        for outer in 0..*dims {
            let s = Step {
                args,
                strides,
                outer,
            };
            read(&mut a, 0, n, s.at(0), (s.core(2, 0), s.core(2, 1)));
            for k in 0..n {
                let column = a.col_mut(n + k);
                column.fill(T::ZERO);
                column[k] = T::ONE;
            }
            solve_in_place(&*ctx, &mut a);
            write(&a, n, n, s.at(1), (s.core(2, 2), s.core(2, 3)));
        }
    }
    0
}

/// `(m,m)->(m,m)`, the lower factor; `UPPER` reads the upper triangle and gives the upper factor.
///
/// # Safety
/// - As any strided loop with these core dimensions.
pub(crate) unsafe extern "C" fn cholesky<T: Element, const UPPER: bool>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form: 2 outer strides, then 4 core strides.
    unsafe {
        let n = *dims.add(1) as usize;
        let mut a = Matrix::<T>::zeros(n, n);
        let conjugate = |a: &mut Matrix<T>| a.items.iter_mut().for_each(|x| *x = x.conj());
        for outer in 0..*dims {
            let s = Step {
                args,
                strides,
                outer,
            };
            let order = |a: isize, b: isize| if UPPER { (b, a) } else { (a, b) };
            read(&mut a, 0, n, s.at(0), order(s.core(2, 0), s.core(2, 1)));
            if UPPER {
                conjugate(&mut a);
            }
            if !cholesky::factor(&mut a) {
                a.items.fill(T::NAN);
                (*ctx).report_fp(INVALID);
            }
            if UPPER {
                conjugate(&mut a);
            }
            write(&a, 0, n, s.at(1), order(s.core(2, 2), s.core(2, 3)));
        }
    }
    0
}
