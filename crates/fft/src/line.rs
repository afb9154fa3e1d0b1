//! The strided loops: a line is read, cut or filled up with zeros, transformed, scaled and written.

use crate::transform::{parts, Real};
use numoxide_dtype::Complex;
use numoxide_kernels::LoopCtx;
use std::ffi::{c_int, c_void};

/// Reads as much of a strided line as there is room for; the rest becomes `zero`.
///
/// # Safety
/// - The operand has `have` items at this byte stride.
unsafe fn read<T: Copy>(into: &mut [T], zero: T, ptr: *const u8, have: usize, stride: isize) {
    let count = have.min(into.len());
    for (i, x) in into[..count].iter_mut().enumerate() {
        let at = ptr.wrapping_offset(stride * i as isize).cast::<T>();
        // SAFETY: by contract.
        *x = unsafe { at.read_unaligned() };
    }
    into[count..].fill(zero);
}

/// Writes a strided line.
///
/// # Safety
/// - The operand has an item for each one at this byte stride.
unsafe fn write<T: Copy>(from: &[T], ptr: *mut u8, stride: isize) {
    for (i, x) in from.iter().enumerate() {
        let at = ptr.wrapping_offset(stride * i as isize).cast::<T>();
        // SAFETY: by contract.
        unsafe { at.write_unaligned(*x) };
    }
}

/// What is done to one line.
pub(crate) trait Transform<T: Real> {
    /// Items read.
    type In: Copy;
    /// Items written.
    type Out: Copy;
    /// Zeros of both.
    const ZEROS: (Self::In, Self::Out);

    /// Items the transform reads for a result of so many.
    fn reads(written: usize) -> usize;
    /// Transforms a line and scales it.
    fn run(line: &mut [Self::In], out: &mut [Self::Out], by: T);
}

/// The strided loop of a transform, `(n),()->(m)`: a line, what it is scaled by, the result.
///
/// # Safety
/// - As any strided loop with these core dimensions.
pub(crate) unsafe extern "C" fn each<T: Real, X: Transform<T>>(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    unsafe {
        let (outer, have, written) = (*dims, *dims.add(1) as usize, *dims.add(2) as usize);
        if written == 0 {
            return 0;
        }
        let (zero_in, zero_out) = X::ZEROS;
        let mut line = vec![zero_in; X::reads(written)];
        let mut out = vec![zero_out; written];
        for i in 0..outer {
            let at = |op: usize| (*args.add(op)).wrapping_offset(i * *strides.add(op));
            read(&mut line, zero_in, at(0), have, *strides.add(3));
            X::run(&mut line, &mut out, at(1).cast::<T>().read_unaligned());
            write(&out, at(2), *strides.add(4));
        }
    }
    0
}

const fn zero<T: Real>() -> Complex<T> {
    Complex {
        re: T::ZERO,
        im: T::ZERO,
    }
}

/// Complex to complex.
pub(crate) struct Full<const INVERSE: bool>;

impl<T: Real, const INVERSE: bool> Transform<T> for Full<INVERSE> {
    type In = Complex<T>;
    type Out = Complex<T>;
    const ZEROS: (Complex<T>, Complex<T>) = (zero(), zero());

    fn reads(written: usize) -> usize {
        written
    }

    fn run(line: &mut [Complex<T>], out: &mut [Complex<T>], by: T) {
        T::complex(line, INVERSE);
        out.copy_from_slice(line);
        T::scale(parts(out), by);
    }
}

/// Real to half of the complex result, of an even or an odd number of points.
pub(crate) struct Forward<const ODD: bool>;

impl<T: Real, const ODD: bool> Transform<T> for Forward<ODD> {
    type In = T;
    type Out = Complex<T>;
    const ZEROS: (T, Complex<T>) = (T::ZERO, zero());

    fn reads(written: usize) -> usize {
        // One point is its own transform; an even number is at least two.
        (2 * written - if ODD { 1 } else { 2 }).max(1)
    }

    fn run(line: &mut [T], out: &mut [Complex<T>], by: T) {
        T::forward(line, out);
        T::scale(parts(out), by);
    }
}

/// Half of a complex line to a real one.
pub(crate) struct Backward;

impl<T: Real> Transform<T> for Backward {
    type In = Complex<T>;
    type Out = T;
    const ZEROS: (Complex<T>, T) = (zero(), T::ZERO);

    fn reads(written: usize) -> usize {
        written / 2 + 1
    }

    fn run(line: &mut [Complex<T>], out: &mut [T], by: T) {
        T::backward(line, out);
        T::scale(out, by);
    }
}
