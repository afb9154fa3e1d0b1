//! Products of matrices by a loop of inner products, for elements whose arithmetic is not Rust's:
//! long doubles, whose loops are in C, and Python objects.

use crate::loops::{LoopCtx, StridedLoop};
use std::ffi::{c_int, c_void};

/// The arguments of one call of a strided loop.
#[derive(Clone, Copy)]
pub struct LoopArgs {
    /// Context.
    pub ctx: *const LoopCtx,
    /// First item of each operand.
    pub args: *const *mut u8,
    /// Outer length, then core dimensions.
    pub dims: *const isize,
    /// Outer strides, then core strides.
    pub strides: *const isize,
    /// Data of the loop.
    pub aux: *mut c_void,
}

impl LoopArgs {
    /// Calls `inner` on `n` inner products of length `k`: first items, outer steps, core steps.
    ///
    /// # Safety
    /// - All items are valid.
    unsafe fn call(
        &self,
        inner: StridedLoop,
        at: [*mut u8; 3],
        [n, k]: [isize; 2],
        steps: [isize; 5],
    ) -> c_int {
        let dims = [n, k];
        // SAFETY: by contract.
        unsafe {
            inner(
                self.ctx,
                at.as_ptr(),
                dims.as_ptr(),
                steps.as_ptr(),
                self.aux,
            )
        }
    }

    /// First items of the operands at an outer position.
    ///
    /// # Safety
    /// - The position is within the outer length.
    unsafe fn at(&self, i: isize) -> [*mut u8; 3] {
        // SAFETY: three operands with as many outer strides.
        [0, 1, 2]
            .map(|op| unsafe { (*self.args.add(op)).wrapping_offset(i * *self.strides.add(op)) })
    }
}

/// `(n?,k),(k,m?)->(n?,m?)` by a loop `(n),(n)->()`.
///
/// # Safety
/// - A valid call of a loop of the first form; `inner` is of the second for the same elements.
pub unsafe fn matmul_by(inner: StridedLoop, call: LoopArgs) -> c_int {
    // SAFETY: by the loop form.
    unsafe {
        let (dim, st) = (|i| *call.dims.add(i), |i| *call.strides.add(i));
        for i in 0..dim(0) {
            let [a, b, c] = call.at(i);
            for row in 0..dim(1) {
                let at = [
                    a.wrapping_offset(row * st(3)),
                    b,
                    c.wrapping_offset(row * st(7)),
                ];
                let steps = [0, st(6), st(8), st(4), st(5)];
                let status = call.call(inner, at, [dim(3), dim(2)], steps);
                if status != 0 {
                    return status;
                }
            }
        }
    }
    0
}

/// `(m,n),(n)->(m)` by a loop `(n),(n)->()`.
///
/// # Safety
/// - As [`matmul_by`].
pub unsafe fn matvec_by(inner: StridedLoop, call: LoopArgs) -> c_int {
    // SAFETY: by the loop form.
    unsafe {
        let (dim, st) = (|i| *call.dims.add(i), |i| *call.strides.add(i));
        for i in 0..dim(0) {
            let steps = [st(3), 0, st(6), st(4), st(5)];
            let status = call.call(inner, call.at(i), [dim(1), dim(2)], steps);
            if status != 0 {
                return status;
            }
        }
    }
    0
}

/// `(n),(n,m)->(m)` by a loop `(n),(n)->()` that conjugates the first operand.
///
/// # Safety
/// - As [`matmul_by`].
pub unsafe fn vecmat_by(inner: StridedLoop, call: LoopArgs) -> c_int {
    // SAFETY: by the loop form.
    unsafe {
        let (dim, st) = (|i| *call.dims.add(i), |i| *call.strides.add(i));
        for i in 0..dim(0) {
            let steps = [0, st(5), st(6), st(3), st(4)];
            let status = call.call(inner, call.at(i), [dim(2), dim(1)], steps);
            if status != 0 {
                return status;
            }
        }
    }
    0
}

/// Loops of long doubles that call an inner product of `longdouble.c`.
macro_rules! long_products {
    ($($name:ident $by:ident $($inner:ident)::+;)+) => {$(
        /// # Safety
        /// - As any strided loop of this form.
        pub(super) unsafe extern "C" fn $name(
            ctx: *const LoopCtx,
            args: *const *mut u8,
            dims: *const isize,
            strides: *const isize,
            aux: *mut c_void,
        ) -> c_int {
            let call = LoopArgs { ctx, args, dims, strides, aux };
            let inner = crate::longdouble::$($inner)::+[0].loops.pick();
            // SAFETY: passed on to the caller.
            unsafe { $by(inner, call) }
        }
    )+};
}
long_products! {
    matmul_real matmul_by DOT;
    matvec_real matvec_by DOT;
    vecmat_real vecmat_by DOT;
    matmul_complex matmul_by complex::DOT;
    matvec_complex matvec_by complex::DOT;
    vecmat_complex vecmat_by complex::VECDOT;
}
