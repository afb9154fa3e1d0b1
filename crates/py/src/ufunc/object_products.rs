//! Sums of products of Python objects: `matmul`, `matvec`, `vecdot`, `vecmat`.

use super::loops::{held, held2, load, store};
use numoxide_kernels::gemm::{matmul_by, matvec_by, vecmat_by, LoopArgs};
use numoxide_kernels::{LoopCtx, StridedLoop};
use pyo3::ffi;
use pyo3::ffi::PyObject;
use std::ffi::{c_int, c_void};
use std::ptr::null_mut;

/// The form of a product.
#[derive(Clone, Copy)]
pub(super) enum Product {
    /// Matrices with matrices.
    Matmul,
    /// Matrices with vectors.
    Matvec,
    /// Vectors with vectors, the first conjugated.
    Vecdot,
    /// Vectors, conjugated, with matrices.
    Vecmat,
    /// Vectors with vectors.
    Inner,
}

impl Product {
    /// The loop.
    pub(super) fn entry(self) -> StridedLoop {
        match self {
            Product::Matmul => matmul,
            Product::Matvec => matvec,
            Product::Vecdot => inner::<true>,
            Product::Vecmat => vecmat,
            Product::Inner => inner::<false>,
        }
    }
}

/// `(n),(n)->()`: Python's `a*b + c*d + ...`.
///
/// # Safety
/// - Called by the executor with object operands, the interpreter lock held.
unsafe extern "C" fn inner<const CONJUGATE: bool>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: pointers and strides as the loop form says.
    unsafe {
        for i in 0..*dims {
            let at = |op: usize| (*args.add(op)).wrapping_offset(i * *strides.add(op));
            let (a, b) = (at(0), at(1));
            let mut sum: *mut PyObject = null_mut();
            for k in 0..*dims.add(1) {
                let x = load(a.wrapping_offset(k * *strides.add(3)));
                let y = load(b.wrapping_offset(k * *strides.add(4)));
                sum = added(sum, product::<CONJUGATE>(x, y));
                if sum.is_null() {
                    return -1;
                }
            }
            if sum.is_null() && !CONJUGATE {
                sum = ffi::PyLong_FromLong(0);
            }
            store(at(2), sum);
        }
    }
    0
}

/// A new reference to `x*y`; NULL with an exception set if that fails.
unsafe fn product<const CONJUGATE: bool>(x: *mut PyObject, y: *mut PyObject) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe {
        if !CONJUGATE {
            return held2(x, y, |x, y| ffi::PyNumber_Multiply(x, y));
        }
        let turned = held(x, |x| {
            let f = ffi::PyObject_GetAttrString(x, c"conjugate".as_ptr());
            if f.is_null() {
                return null_mut();
            }
            let made = ffi::PyObject_CallNoArgs(f);
            ffi::Py_DECREF(f);
            made
        });
        if turned.is_null() {
            return null_mut();
        }
        let made = held2(turned, y, |x, y| ffi::PyNumber_Multiply(x, y));
        ffi::Py_DECREF(turned);
        made
    }
}

/// `sum + term`, with both references taken; the term alone where there is no sum yet.
unsafe fn added(sum: *mut PyObject, term: *mut PyObject) -> *mut PyObject {
    if sum.is_null() {
        return term;
    }
    // SAFETY: owned references; the term may be NULL.
    unsafe {
        let made = match term.is_null() {
            true => null_mut(),
            false => ffi::PyNumber_Add(sum, term),
        };
        ffi::Py_DECREF(sum);
        ffi::Py_XDECREF(term);
        made
    }
}

macro_rules! products {
    ($($name:ident $by:ident $conjugate:literal;)+) => {$(
        /// # Safety
        /// - As [`inner`].
        unsafe extern "C" fn $name(
            ctx: *const LoopCtx,
            args: *const *mut u8,
            dims: *const isize,
            strides: *const isize,
            aux: *mut c_void,
        ) -> c_int {
            let call = LoopArgs { ctx, args, dims, strides, aux };
            // SAFETY: passed on to the caller.
            unsafe { $by(inner::<$conjugate>, call) }
        }
    )+};
}
products! {
    matmul matmul_by false;
    matvec matvec_by false;
    vecmat vecmat_by true;
}
