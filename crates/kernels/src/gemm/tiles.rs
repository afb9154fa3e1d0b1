//! Products of floats by register tiles: a few rows of `a`, broadcast item by item, times a strip of
//! `b` a few vectors wide. Small operands are read where they lie; of large ones blocks are packed,
//! so that a strip stays in the caches (Goto and van de Geijn, "Anatomy of high-performance matrix
//! multiplication"). Every item of `c` is one chain of fused operations over pieces of `DEPTH`, whatever
//! the path: the bits depend on the length of the sum only.

use super::{Mat, Sizes};
use std::cell::RefCell;

/// Items of the sum in one pass.
const DEPTH: usize = 256;
/// Rows of `a` in a packed block.
const BLOCK_ROWS: usize = 192;
/// Columns of `b` in a packed block.
const BLOCK_COLUMNS: usize = 2016;

/// Kernels of one element type at one CPU level.
pub(super) trait Tiles {
    /// Element.
    type T: Copy + Default;
    /// Rows of a tile.
    const ROWS: usize;
    /// Columns of a tile.
    const COLUMNS: usize;
    /// Whether a row of a tile is one line of the cache, so that packing pays early.
    const NARROW: bool = Self::COLUMNS * size_of::<Self::T>() <= 64;
    /// Multiplications below which nothing is packed.
    const DIRECT: usize = if Self::NARROW { 1 << 21 } else { 1 << 25 };
    /// `c = a b`, or `c += a b`, for at most `COLUMNS` columns whose items lie side by side in `b` and `c`.
    ///
    /// # Safety
    /// - As [`super::Product::product`]; the CPU has the level.
    unsafe fn strip(s: Sizes, a: Mat, b: Mat, c: Mat, add: bool);
}

/// The part of a matrix from a row and a column on.
fn from(m: Mat, row: usize, column: usize) -> Mat {
    let by = row as isize * m.rs + column as isize * m.cs;
    Mat {
        ptr: m.ptr.wrapping_offset(by),
        ..m
    }
}

/// The transposed matrix.
fn flipped(m: Mat) -> Mat {
    Mat {
        ptr: m.ptr,
        rs: m.cs,
        cs: m.rs,
    }
}

/// `c = a b`.
///
/// # Safety
/// - As [`super::Product::product`]; the CPU has the level of the kernels.
pub(super) unsafe fn product<K: Tiles>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    let size = size_of::<K::T>() as isize;
    // SAFETY: passed on to the caller.
    unsafe {
        if c.cs == size || s.n == 1 {
            return ordered::<K>(s, a, b, c);
        }
        if c.rs == size {
            let t = Sizes {
                m: s.n,
                k: s.k,
                n: s.m,
            };
            return ordered::<K>(t, flipped(b), flipped(a), flipped(c));
        }
        by_scratch::<K>(s, a, b, c);
    }
}

/// The product of blocks in a scratch matrix, for a `c` whose items are all apart.
///
/// # Safety
/// - As [`product`].
unsafe fn by_scratch<K: Tiles>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    let (rows, columns) = (BLOCK_ROWS.min(s.m), BLOCK_COLUMNS.min(s.n));
    let mut scratch = vec![K::T::default(); rows * columns];
    for i in (0..s.m).step_by(rows) {
        for j in (0..s.n).step_by(columns) {
            let (m, n) = (rows.min(s.m - i), columns.min(s.n - j));
            let own = Mat {
                ptr: scratch.as_mut_ptr().cast(),
                rs: (n * size_of::<K::T>()) as isize,
                cs: size_of::<K::T>() as isize,
            };
            // SAFETY: blocks of the matrices; the scratch matrix holds one.
            unsafe {
                ordered::<K>(Sizes { m, k: s.k, n }, from(a, i, 0), from(b, 0, j), own);
                for (at, &x) in scratch[..m * n].iter().enumerate() {
                    let to = from(c, i + at / n, j + at % n).ptr;
                    to.cast::<K::T>().write_unaligned(x);
                }
            }
        }
    }
}

/// `c = a b` where items of rows of `c` lie side by side.
///
/// # Safety
/// - As [`product`].
unsafe fn ordered<K: Tiles>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    let side_by_side = b.cs == size_of::<K::T>() as isize;
    let few = s.m * s.n * s.k <= K::DIRECT && b.rs % 1024 != 0;
    // SAFETY: passed on to the caller.
    unsafe {
        if !side_by_side || !(few || s.m <= 2 * K::ROWS) {
            return blocked::<K>(s, a, b, c);
        }
        for p in (0..s.k).step_by(DEPTH) {
            let k = DEPTH.min(s.k - p);
            strips::<K>(Sizes { k, ..s }, from(a, 0, p), from(b, p, 0), c, p > 0);
        }
    }
}

/// All strips of a product of one depth.
///
/// # Safety
/// - As [`Tiles::strip`].
unsafe fn strips<K: Tiles>(s: Sizes, a: Mat, b: Mat, c: Mat, add: bool) {
    for j in (0..s.n).step_by(K::COLUMNS) {
        let part = Sizes {
            n: K::COLUMNS.min(s.n - j),
            ..s
        };
        // SAFETY: columns of the matrices.
        unsafe { K::strip(part, a, from(b, 0, j), from(c, 0, j), add) };
    }
}

thread_local! {
    /// Room for packed blocks; bounded by their sizes.
    static ROOM: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// The product by packed blocks.
///
/// # Safety
/// - As [`ordered`].
unsafe fn blocked<K: Tiles>(s: Sizes, a: Mat, b: Mat, c: Mat) {
    let size = size_of::<K::T>();
    let depth = DEPTH.min(s.k);
    let (rows, columns) = (BLOCK_ROWS.min(s.m), BLOCK_COLUMNS.min(s.n));
    // Rows that start a multiple of this apart share few lines of the first cache.
    let scattered = a.cs != size as isize || a.rs % 1024 == 0;
    let pack_a = s.m > K::ROWS && (scattered || K::NARROW);
    let of_b = depth * columns.next_multiple_of(K::COLUMNS) * size / 8;
    let of_a = if pack_a {
        depth * rows.next_multiple_of(K::ROWS) * size / 8
    } else {
        0
    };
    ROOM.with_borrow_mut(|room| {
        if room.len() < of_a + of_b + 8 {
            room.resize(of_a + of_b + 8, 0);
        }
        let start = room.as_ptr().align_offset(64);
        let (b_room, a_room) = room[start..].split_at_mut(of_b);
        for j in (0..s.n).step_by(columns) {
            let n = columns.min(s.n - j);
            for p in (0..s.k).step_by(depth) {
                let k = depth.min(s.k - p);
                let part = Sizes { m: s.m, k, n };
                // SAFETY: blocks of the matrices; the rooms hold them.
                unsafe {
                    pack::<K::T>(
                        flipped(from(b, p, j)),
                        n,
                        k,
                        K::COLUMNS,
                        b_room.as_mut_ptr().cast(),
                    );
                    for i in (0..s.m).step_by(rows) {
                        let part = Sizes {
                            m: rows.min(s.m - i),
                            ..part
                        };
                        let packed = pack_a.then(|| {
                            pack::<K::T>(
                                from(a, i, p),
                                part.m,
                                k,
                                K::ROWS,
                                a_room.as_mut_ptr().cast(),
                            );
                            a_room.as_mut_ptr().cast()
                        });
                        let packs = Packs {
                            b: b_room.as_mut_ptr().cast(),
                            a: packed,
                        };
                        packs.run::<K>(part, from(a, i, p), from(c, i, j), p > 0);
                    }
                }
            }
        }
    });
}

/// Copies `n` rows of length `k` in panels of `width` rows, items of a column of a panel side by side.
///
/// # Safety
/// - `m` is valid for the sizes; `to` has room for as many items.
unsafe fn pack<T: Copy>(m: Mat, n: usize, k: usize, width: usize, to: *mut T) {
    let size = size_of::<T>() as isize;
    for i in (0..n).step_by(width) {
        let (panel, to) = (from(m, i, 0), to.wrapping_add(i * k));
        let rows = width.min(n - i);
        // SAFETY: items of the matrix; the panel is `rows * k` items long.
        unsafe {
            if panel.rs == size {
                for p in 0..k {
                    let at = from(panel, 0, p).ptr.cast::<T>().cast_const();
                    at.cast::<u8>()
                        .copy_to_nonoverlapping(to.add(p * rows).cast(), rows * size as usize);
                }
                continue;
            }
            for r in 0..rows {
                let row = from(panel, r, 0);
                for p in 0..k {
                    let x = from(row, 0, p).ptr.cast::<T>().read_unaligned();
                    to.add(p * rows + r).write(x);
                }
            }
        }
    }
}

/// Packed blocks.
struct Packs {
    b: *mut u8,
    a: Option<*mut u8>,
}

impl Packs {
    /// The product of the blocks; `a` itself where it is not packed.
    ///
    /// # Safety
    /// - The blocks were packed for these sizes.
    unsafe fn run<K: Tiles>(&self, s: Sizes, a: Mat, c: Mat, add: bool) {
        let size = size_of::<K::T>();
        let panel = |ptr: *mut u8, at: usize, width: usize| Mat {
            ptr: ptr.wrapping_add(at * s.k * size),
            rs: (width * size) as isize,
            cs: size as isize,
        };
        for j in (0..s.n).step_by(K::COLUMNS) {
            let n = K::COLUMNS.min(s.n - j);
            let (b, c) = (panel(self.b, j, n), from(c, 0, j));
            // SAFETY: panels of the blocks.
            unsafe {
                let Some(packed) = self.a else {
                    K::strip(Sizes { n, ..s }, a, b, c, add);
                    continue;
                };
                for i in (0..s.m).step_by(K::ROWS) {
                    let m = K::ROWS.min(s.m - i);
                    let a = flipped(panel(packed, i, m));
                    K::strip(Sizes { m, n, k: s.k }, a, b, from(c, i, 0), add);
                }
            }
        }
    }
}

macro_rules! tiles {
    ($(#[$meta:meta])* $name:ident: $rows:literal rows of $wide:literal times $lanes:literal $T:ty, $features:literal;
     $zero:ident $set1:ident $load:ident $store:ident $fma:ident $add:ident
     |$n:ident| $part:expr, |$p:ident, $k:ident, $v:ident| $load_part:expr, $store_part:expr) => {
        $(#[$meta])*
        pub(super) struct $name;

        const _: () = {
            use std::arch::x86_64::*;

            /// # Safety
            /// - As [`Tiles::strip`] for `R` rows and columns in `W` vectors, the last in part if `PART`.
            #[target_feature(enable = $features)]
            #[inline]
            unsafe fn tile<const R: usize, const W: usize, const PART: bool>(
                s: Sizes, a: Mat, b: Mat, c: Mat, add: bool,
            ) {
                let $n = s.n - (W - 1) * $lanes;
                let $k = $part;
                let mut sums = [[$zero(); W]; R];
                let (mut pa, mut pb) = (a.ptr.cast_const(), b.ptr.cast_const());
                // SAFETY: items within the sizes; lanes beyond repeat a true column, so that they
                // raise no flag of their own, and are not stored.
                unsafe {
                    // The items of `c` come in while the sums are made.
                    for r in 0..R {
                        let to = c.ptr.wrapping_offset(r as isize * c.rs).cast::<i8>();
                        for j in 0..W { _mm_prefetch::<_MM_HINT_T0>(to.wrapping_add(j * size_of::<$T>() * $lanes).cast_const()); }
                    }
                    for _ in 0..s.k {
                        let mut row = [$zero(); W];
                        for (j, v) in row.iter_mut().enumerate() {
                            let $p = pb.cast::<$T>().wrapping_add(j * $lanes);
                            *v = if PART && j == W - 1 {
                                let $v = $set1(*$p);
                                $load_part
                            } else {
                                $load($p)
                            };
                        }
                        for (r, sums) in sums.iter_mut().enumerate() {
                            let x = pa.wrapping_offset(r as isize * a.rs);
                            let x = $set1(x.cast::<$T>().read_unaligned());
                            for (sum, &y) in sums.iter_mut().zip(&row) {
                                *sum = $fma(x, y, *sum);
                            }
                        }
                        pa = pa.wrapping_offset(a.cs);
                        pb = pb.wrapping_offset(b.rs);
                    }
                    for (r, sums) in sums.iter().enumerate() {
                        let to = c.ptr.wrapping_offset(r as isize * c.rs).cast::<$T>();
                        for (j, &$v) in sums.iter().enumerate() {
                            let to = to.wrapping_add(j * $lanes);
                            let $p = to.cast_const();
                            if PART && j == W - 1 {
                                let sum = $v;
                                let $v = $set1(*$p);
                                let $v = if add { $add(sum, $load_part) } else { sum };
                                let $p = to;
                                $store_part;
                            } else {
                                $store(to, if add { $add($v, $load($p)) } else { $v });
                            }
                        }
                    }
                }
            }

            /// # Safety
            /// - As [`Tiles::strip`] for columns in `W` vectors, the last in part if `PART`.
            #[target_feature(enable = $features)]
            unsafe fn rows<const W: usize, const PART: bool>(
                s: Sizes, a: Mat, b: Mat, c: Mat, add: bool,
            ) {
                let (mut i, mut left) = (0, s.m.div_ceil($rows));
                while left > 0 {
                    let m = (s.m - i).div_ceil(left);
                    let (a, c) = (from(a, i, 0), from(c, i, 0));
                    macro_rules! tile { ($r:literal) => { tile::<{ if $r > $rows { 1 } else { $r } }, W, PART>(s, a, b, c, add) } }
                    // SAFETY: rows of the matrices.
                    unsafe {
                        match m {
                            1 => tile!(1),
                            2 => tile!(2),
                            3 => tile!(3),
                            4 => tile!(4),
                            5 => tile!(5),
                            6 => tile!(6),
                            7 => tile!(7),
                            _ => tile!($rows),
                        }
                    }
                    i += m;
                    left -= 1;
                }
            }

            impl Tiles for $name {
                type T = $T;
                const ROWS: usize = $rows;
                const COLUMNS: usize = $wide * $lanes;
                #[inline(always)]
                unsafe fn strip(s: Sizes, a: Mat, b: Mat, c: Mat, add: bool) {
                    // SAFETY: passed on to the caller.
                    unsafe {
                        match (s.n.div_ceil($lanes), s.n % $lanes != 0) {
                            (1, false) => rows::<1, false>(s, a, b, c, add),
                            (1, true) => rows::<1, true>(s, a, b, c, add),
                            (2, false) => rows::<2, false>(s, a, b, c, add),
                            (2, true) => rows::<2, true>(s, a, b, c, add),
                            (_, false) => rows::<$wide, false>(s, a, b, c, add),
                            (_, true) => rows::<$wide, true>(s, a, b, c, add),
                        }
                    }
                }
            }
        };
    };
}

tiles! {
    /// Doubles with AVX-512.
    F64V4: 8 rows of 3 times 8 f64, "avx512f";
    _mm512_setzero_pd _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd _mm512_fmadd_pd _mm512_add_pd
    |n| ((1u32 << n) - 1) as __mmask8,
    |p, k, v| _mm512_mask_loadu_pd(v, k, p), _mm512_mask_storeu_pd(p, k, v)
}
tiles! {
    /// Singles with AVX-512.
    F32V4: 8 rows of 3 times 16 f32, "avx512f";
    _mm512_setzero_ps _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_fmadd_ps _mm512_add_ps
    |n| ((1u32 << n) - 1) as __mmask16,
    |p, k, v| _mm512_mask_loadu_ps(v, k, p), _mm512_mask_storeu_ps(p, k, v)
}
tiles! {
    /// Doubles with AVX2.
    F64V3: 6 rows of 2 times 4 f64, "avx2,fma";
    _mm256_setzero_pd _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_fmadd_pd _mm256_add_pd
    |n| _mm256_cmpgt_epi64(_mm256_set1_epi64x(n as i64), _mm256_setr_epi64x(0, 1, 2, 3)),
    |p, k, v| _mm256_blendv_pd(v, _mm256_maskload_pd(p, k), _mm256_castsi256_pd(k)),
    _mm256_maskstore_pd(p, k, v)
}
tiles! {
    /// Singles with AVX2.
    F32V3: 6 rows of 2 times 8 f32, "avx2,fma";
    _mm256_setzero_ps _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_fmadd_ps _mm256_add_ps
    |n| _mm256_cmpgt_epi32(_mm256_set1_epi32(n as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)),
    |p, k, v| _mm256_blendv_ps(v, _mm256_maskload_ps(p, k), _mm256_castsi256_ps(k)),
    _mm256_maskstore_ps(p, k, v)
}
