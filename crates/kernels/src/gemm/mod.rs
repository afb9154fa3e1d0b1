//! Matrix products: `matmul` and its kin as strided loops with core dimensions.
//!
//! float32 and float64 go to the register tiles of [`tiles`], their complex kin to faer's kernels;
//! vectors, integers, bool and float16 to the plain loops of [`plain`], long doubles to the inner
//! products in C. Sums are taken in an order that depends on their length only.

mod by_rows;
mod plain;
#[cfg(target_arch = "x86_64")]
mod tiles;

use crate::loops::{FpClass, Levels, LoopCtx, LoopFlags};
use crate::table::{flags, row, OpLoop, REPORTED};
pub use by_rows::{matmul_by, matvec_by, vecmat_by, LoopArgs};
use numoxide_dtype::{Bool, Complex, F16};
use plain::Ring;
use std::ffi::{c_int, c_void};

/// A matrix operand: first item, byte strides of rows and columns.
#[derive(Clone, Copy)]
pub(crate) struct Mat {
    pub(crate) ptr: *mut u8,
    pub(crate) rs: isize,
    pub(crate) cs: isize,
}

/// Sizes of `c[m, n] = a[m, k] b[k, n]`.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) m: usize,
    pub(crate) k: usize,
    pub(crate) n: usize,
}

/// Element types with a matrix product.
pub(crate) trait Product: Ring {
    /// `c = a b`.
    ///
    /// # Safety
    /// - The operands are valid for the sizes; `c` overlaps neither of the others.
    unsafe fn product(s: Sizes, a: Mat, b: Mat, c: Mat);
}

macro_rules! plain_product {
    ($($t:ty),+) => { $(impl Product for $t {
        unsafe fn product(s: Sizes, a: Mat, b: Mat, c: Mat) {
            // SAFETY: passed on to the caller.
            unsafe { plain::product::<$t>(s, a, b, c) }
        }
    })+ };
}
plain_product!(Bool, i8, u8, i16, u16, i32, u32, i64, u64, F16);

/// Multiplications below which the plain loops are quicker than packing.
const SMALL: usize = 1024;

/// faer's product kernel for a kind of element, where the CPU has one and the work is worth it.
///
/// # Safety
/// - As [`Product::product`]; `T` is the element that `kind` names.
#[cfg(target_arch = "x86_64")]
unsafe fn packed<T: Ring>(
    kind: private_gemm_x86::DType,
    one: T,
    s: Sizes,
    [a, b, c]: [Mat; 3],
) -> bool {
    use crate::cpu::{level, Level};
    use private_gemm_x86::{gemm, Accum, DstKind, IType, InstrSet};
    let size = size_of::<T>() as isize;
    let whole = [a, b, c]
        .iter()
        .all(|m| m.rs % size == 0 && m.cs % size == 0);
    if s.m == 1 || s.n == 1 || s.k == 0 || s.m * s.n * s.k <= SMALL || !whole {
        return false;
    }
    let instr = match level() {
        Level::V4 => InstrSet::Avx512,
        Level::V3 => InstrSet::Avx256,
        Level::V2 => return false,
    };
    let null = std::ptr::null();
    let (el, full) = (|n: isize| n / size, DstKind::Full);
    // SAFETY: operands are valid by contract, strides are whole elements, the CPU has the level.
    unsafe {
        gemm(
            kind,
            IType::U64,
            instr,
            s.m,
            s.n,
            s.k,
            c.ptr.cast(),
            el(c.rs),
            el(c.cs),
            null,
            null,
            full,
            Accum::Replace,
            a.ptr.cast_const().cast(),
            el(a.rs),
            el(a.cs),
            false,
            null,
            0,
            b.ptr.cast_const().cast(),
            el(b.rs),
            el(b.cs),
            false,
            (&raw const one).cast(),
            1,
        );
    }
    true
}

macro_rules! packed_product {
    ($($t:ty => $kind:ident, $one:expr;)+) => { $(impl Product for $t {
        unsafe fn product(s: Sizes, a: Mat, b: Mat, c: Mat) {
            // SAFETY: passed on to the caller.
            unsafe {
                #[cfg(target_arch = "x86_64")]
                if packed::<$t>(private_gemm_x86::DType::$kind, $one, s, [a, b, c]) {
                    return;
                }
                plain::product::<$t>(s, a, b, c);
            }
        }
    })+ };
}
packed_product! {
    Complex<f32> => C32, Complex { re: 1.0, im: 0.0 };
    Complex<f64> => C64, Complex { re: 1.0, im: 0.0 };
}

macro_rules! tiled_product {
    ($($t:ty: $v3:ident $v4:ident;)+) => { $(impl Product for $t {
        unsafe fn product(s: Sizes, a: Mat, b: Mat, c: Mat) {
            // SAFETY: passed on to the caller; the kernels run only at their level.
            unsafe {
                #[cfg(target_arch = "x86_64")]
                if s.m > 1 && s.n > 1 && s.k > 0 {
                    match crate::cpu::level() {
                        crate::cpu::Level::V4 => return tiles::product::<tiles::$v4>(s, a, b, c),
                        crate::cpu::Level::V3 => return tiles::product::<tiles::$v3>(s, a, b, c),
                        crate::cpu::Level::V2 => {}
                    }
                }
                plain::product::<$t>(s, a, b, c);
            }
        }
    })+ };
}
tiled_product! {
    f32: F32V3 F32V4;
    f64: F64V3 F64V4;
}

/// A matrix in memory: first item, byte strides of rows and columns.
pub type Matrix = (*mut u8, isize, isize);

/// Elements whose matrix products decompositions are built from.
pub trait Multiply: Copy {
    /// `c[m, n] = a[m, k] b[k, n]`, sizes given as `[m, k, n]`.
    ///
    /// # Safety
    /// - The matrices are valid for the sizes; `c` overlaps neither of the others.
    unsafe fn multiply(sizes: [usize; 3], a: Matrix, b: Matrix, c: Matrix);
}

macro_rules! multiply {
    ($($t:ty),+) => { $(impl Multiply for $t {
        unsafe fn multiply([m, k, n]: [usize; 3], a: Matrix, b: Matrix, c: Matrix) {
            let mat = |(ptr, rs, cs): Matrix| Mat { ptr, rs, cs };
            // SAFETY: passed on to the caller.
            unsafe { <$t as Product>::product(Sizes { m, k, n }, mat(a), mat(b), mat(c)) }
        }
    })+ };
}
multiply!(f32, f64, Complex<f32>, Complex<f64>);

/// `(n?,k),(k,m?)->(n?,m?)`.
///
/// # Safety
/// - As any strided loop with these core dimensions.
unsafe extern "C" fn matmul<T: Product>(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _aux: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form: one outer and three core dimensions, 3 + 6 strides.
    unsafe {
        let dim = |i: usize| *dims.add(i) as usize;
        let st = |i: usize| *strides.add(i);
        let s = Sizes {
            m: dim(1),
            k: dim(2),
            n: dim(3),
        };
        for i in 0..dim(0) as isize {
            let at = |op: usize| (*args.add(op)).wrapping_offset(i * st(op));
            let a = Mat {
                ptr: at(0),
                rs: st(3),
                cs: st(4),
            };
            let b = Mat {
                ptr: at(1),
                rs: st(5),
                cs: st(6),
            };
            let c = Mat {
                ptr: at(2),
                rs: st(7),
                cs: st(8),
            };
            if s.m > 0 && s.n > 0 {
                T::product(s, a, b, c);
            }
        }
    }
    0
}

/// `(m,n),(n)->(m)`.
///
/// # Safety
/// - As any strided loop with these core dimensions.
unsafe extern "C" fn matvec<T: Product>(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _aux: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form.
    unsafe {
        let st = |i: usize| *strides.add(i);
        let s = Sizes {
            m: *dims.add(1) as usize,
            k: *dims.add(2) as usize,
            n: 1,
        };
        for i in 0..*dims {
            let at = |op: usize| (*args.add(op)).wrapping_offset(i * st(op));
            let a = Mat {
                ptr: at(0),
                rs: st(3),
                cs: st(4),
            };
            let b = Mat {
                ptr: at(1),
                rs: st(5),
                cs: 0,
            };
            let c = Mat {
                ptr: at(2),
                rs: st(6),
                cs: 0,
            };
            if s.m > 0 {
                T::product(s, a, b, c);
            }
        }
    }
    0
}

/// `(n),(n,m)->(m)`, the vector conjugated.
///
/// # Safety
/// - As any strided loop with these core dimensions.
unsafe extern "C" fn vecmat<T: Product>(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _aux: *mut c_void,
) -> c_int {
    // SAFETY: by the loop form.
    unsafe {
        let st = |i: usize| *strides.add(i);
        let (k, n) = (*dims.add(1) as usize, *dims.add(2) as usize);
        for i in 0..*dims {
            let at = |op: usize| (*args.add(op)).wrapping_offset(i * st(op));
            for j in 0..n as isize {
                let col = at(1).wrapping_offset(j * st(5));
                let sum = plain::dot::<T, true>(at(0), st(3), col, st(4), k);
                at(2).wrapping_offset(j * st(6)).cast::<T>().write(sum);
            }
        }
    }
    0
}

const INTS: LoopFlags = flags(FpClass::Never, 8);
const HALVES: LoopFlags = flags(FpClass::Hardware, 8);
/// A step costs far less than an addition.
const FLOATS: LoopFlags = flags(FpClass::Hardware, 0);

/// Rows of one product for all number types, in NumPy's order.
macro_rules! rows {
    ($(#[$meta:meta])* $name:ident, $f:ident, $real:ident, $complex:ident) => {
        $(#[$meta])*
        pub static $name: &[OpLoop] = &[
            row!("??->?", Levels::one($f::<Bool>), INTS),
            row!("bb->b", Levels::one($f::<i8>), INTS),
            row!("BB->B", Levels::one($f::<u8>), INTS),
            row!("hh->h", Levels::one($f::<i16>), INTS),
            row!("HH->H", Levels::one($f::<u16>), INTS),
            row!("ii->i", Levels::one($f::<i32>), INTS),
            row!("II->I", Levels::one($f::<u32>), INTS),
            row!("ll->l", Levels::one($f::<i64>), INTS),
            row!("LL->L", Levels::one($f::<u64>), INTS),
            row!("qq->q", Levels::one($f::<i64>), INTS),
            row!("QQ->Q", Levels::one($f::<u64>), INTS),
            row!("ee->e", Levels::one($f::<F16>), HALVES),
            row!("ff->f", Levels::one($f::<f32>), FLOATS),
            row!("dd->d", Levels::one($f::<f64>), FLOATS),
            row!("gg->g", Levels::one(by_rows::$real), REPORTED),
            row!("FF->F", Levels::one($f::<Complex<f32>>), FLOATS),
            row!("DD->D", Levels::one($f::<Complex<f64>>), FLOATS),
            row!("GG->G", Levels::one(by_rows::$complex), REPORTED),
        ];
    };
}
rows!(
    /// Loops of `matmul`.
    MATMUL, matmul, matmul_real, matmul_complex
);
rows!(
    /// Loops of `matvec`.
    MATVEC, matvec, matvec_real, matvec_complex
);
rows!(
    /// Loops of `vecmat`.
    VECMAT, vecmat, vecmat_real, vecmat_complex
);

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Product + PartialEq + std::fmt::Debug>(make: impl Fn(usize) -> T) {
        for (m, k, n) in [
            (1, 1, 1),
            (2, 3, 4),
            (5, 1, 7),
            (17, 33, 9),
            (64, 64, 64),
            (1, 9, 5),
            (6, 9, 1),
            (31, 300, 77),
            (201, 65, 170),
        ] {
            for layouts in 0..27 {
                check_layouts(
                    &make,
                    [m, k, n],
                    [layouts % 3, layouts / 3 % 3, layouts / 9],
                );
            }
        }
    }

    /// Room and byte strides of a matrix: rows, columns or nothing side by side.
    fn laid_out<T: Ring>(rows: usize, columns: usize, layout: usize) -> (Vec<T>, isize, isize) {
        let (rs, cs) = [(columns, 1), (1, rows), (2 * columns + 1, 2)][layout];
        let items = vec![T::ZERO; (rows - 1) * rs + (columns - 1) * cs + 1];
        let size = size_of::<T>();
        (items, (rs * size) as isize, (cs * size) as isize)
    }

    fn check_layouts<T: Product + PartialEq + std::fmt::Debug>(
        make: &impl Fn(usize) -> T,
        [m, k, n]: [usize; 3],
        layouts: [usize; 3],
    ) {
        let shapes = [(m, k), (k, n), (m, n)];
        let mut rooms = [0, 1, 2].map(|i| laid_out::<T>(shapes[i].0, shapes[i].1, layouts[i]));
        let mats = rooms.each_mut().map(|(room, rs, cs)| Mat {
            ptr: room.as_mut_ptr().cast(),
            rs: *rs,
            cs: *cs,
        });
        let at = |m: Mat, i: usize, j: usize| {
            m.ptr
                .wrapping_offset(i as isize * m.rs + j as isize * m.cs)
                .cast::<T>()
        };
        // SAFETY: three fresh matrices.
        unsafe {
            for (which, step) in [(0, 1), (1, 7)] {
                for i in 0..shapes[which].0 {
                    for j in 0..shapes[which].1 {
                        let item = make(step * (i * shapes[which].1 + j) + which * 3);
                        at(mats[which], i, j).write(item);
                    }
                }
            }
            T::product(Sizes { m, k, n }, mats[0], mats[1], mats[2]);
            for i in 0..m {
                for j in 0..n {
                    let want = (0..k).fold(T::ZERO, |s, p| {
                        T::add_mul(s, at(mats[0], i, p).read(), at(mats[1], p, j).read())
                    });
                    assert_eq!(at(mats[2], i, j).read(), want, "{m} {k} {n} at {i} {j}");
                }
            }
        }
    }

    #[test]
    fn products_of_small_whole_numbers_are_exact() {
        check::<i64>(|i| i as i64 % 11 - 5);
        check::<u8>(|i| i as u8);
        check::<f64>(|i| (i % 11) as f64 - 5.0);
        check::<f32>(|i| (i % 7) as f32);
        check::<Complex<f64>>(|i| Complex {
            re: (i % 5) as f64,
            im: (i % 3) as f64 - 1.0,
        });
    }
}
