//! Vectors that kernels are written for: one body serves single numbers, which the compiler
//! vectorises at level v3, and whole registers at level v4. Every operation gives the same bits in both.

use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Sub};

/// Truth values of lanes.
pub(crate) trait Mask:
    Copy + BitAnd<Output = Self> + BitOr<Output = Self> + BitXor<Output = Self> + Not<Output = Self>
{
    /// The lanes as bits of a number, the first lowest.
    fn lanes(self) -> u32;
}

macro_rules! masks {
    ($($T:ty)+) => {$(
        impl Mask for $T {
            #[inline(always)]
            fn lanes(self) -> u32 {
                u32::from(self)
            }
        }
    )+};
}
masks!(bool u8 u16);

/// Floats side by side, as numbers and as bits.
pub(crate) trait Real:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// One of the floats.
    type E: Copy;
    /// The integer of the same width.
    type I: Copy;
    /// Truth values.
    type M: Mask;
    /// Floats of 64 bits.
    type Wide: Real<E = f64, I = i64>;
    /// How many there are.
    const N: usize;
    /// Adding it rounds a small number to an integer, found in the low bits.
    const MAGIC: Self::E;

    /// One number in every lane.
    fn of(x: Self::E) -> Self;
    /// The same of a number that every float holds.
    fn number(x: f32) -> Self;
    /// One pattern of bits in every lane.
    fn int(x: Self::I) -> Self;
    /// `self * b + c`, rounded once.
    fn fma(self, b: Self, c: Self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The size.
    fn abs(self) -> Self;
    /// The size of `self` with the sign of `s`.
    fn signed(self, s: Self) -> Self;
    /// Whether `self < b`.
    fn lt(self, b: Self) -> Self::M;
    /// Whether `self <= b`.
    fn le(self, b: Self) -> Self::M;
    /// Whether `self == b`.
    fn same(self, b: Self) -> Self::M;
    /// Lanes of `a` where the mask is set, of `b` elsewhere.
    fn pick(m: Self::M, a: Self, b: Self) -> Self;
    /// The sum of the bits as integers.
    fn iadd(self, b: Self) -> Self;
    /// Their difference.
    fn isub(self, b: Self) -> Self;
    /// Bits that differ.
    fn xor(self, b: Self) -> Self;
    /// Bits of both.
    fn and(self, b: Self) -> Self;
    /// The bits moved up.
    fn shl<const K: u32>(self) -> Self;
    /// The bits moved down, copying the highest.
    fn sar<const K: u32>(self) -> Self;
    /// Whether one of the bits is set.
    fn has(self, bits: Self::I) -> Self::M;
    /// The float of a small integer.
    fn int_to_float(self) -> Self;
    /// Entries of a table by the low bits: four for 64-bit floats, five for others.
    fn lookup(self, table: &Table<Self::E>) -> Self;
    /// Both halves in 64 bits; a single number is the first.
    fn widened(self) -> [Self::Wide; 2];
    /// Both halves rounded.
    fn narrowed(halves: [Self::Wide; 2]) -> Self;
}

/// A table of 16 or 32 entries, by the size of the float; shorter ones are filled up.
#[repr(align(64))]
pub(crate) struct Table<E>(pub(crate) [E; 32]);

/// Single numbers.
macro_rules! single {
    ($T:ident $U:ident $I:ident $magic:literal $index:literal) => {
        impl Real for $T {
            type E = $T;
            type I = $I;
            type M = bool;
            type Wide = f64;
            const N: usize = 1;
            const MAGIC: $T = $magic;
            #[inline(always)]
            fn of(x: $T) -> $T {
                x
            }
            #[inline(always)]
            fn number(x: f32) -> $T {
                $T::from(x)
            }
            #[inline(always)]
            fn int(x: $I) -> $T {
                $T::from_bits(x as $U)
            }
            #[inline(always)]
            fn fma(self, b: $T, c: $T) -> $T {
                self.mul_add(b, c)
            }
            #[inline(always)]
            fn sqrt(self) -> $T {
                $T::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> $T {
                $T::abs(self)
            }
            #[inline(always)]
            fn signed(self, s: $T) -> $T {
                self.copysign(s)
            }
            #[inline(always)]
            fn lt(self, b: $T) -> bool {
                self < b
            }
            #[inline(always)]
            fn le(self, b: $T) -> bool {
                self <= b
            }
            #[inline(always)]
            fn same(self, b: $T) -> bool {
                self == b
            }
            // By bits: a branch that costly steps could be moved into would not vectorise.
            #[inline(always)]
            fn pick(m: bool, a: $T, b: $T) -> $T {
                let mask = $U::from(m).wrapping_neg();
                $T::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
            }
            #[inline(always)]
            fn iadd(self, b: $T) -> $T {
                $T::from_bits(self.to_bits().wrapping_add(b.to_bits()))
            }
            #[inline(always)]
            fn isub(self, b: $T) -> $T {
                $T::from_bits(self.to_bits().wrapping_sub(b.to_bits()))
            }
            #[inline(always)]
            fn xor(self, b: $T) -> $T {
                $T::from_bits(self.to_bits() ^ b.to_bits())
            }
            #[inline(always)]
            fn and(self, b: $T) -> $T {
                $T::from_bits(self.to_bits() & b.to_bits())
            }
            #[inline(always)]
            fn shl<const K: u32>(self) -> $T {
                $T::from_bits(self.to_bits() << K)
            }
            #[inline(always)]
            fn sar<const K: u32>(self) -> $T {
                $T::from_bits(((self.to_bits() as $I) >> K) as $U)
            }
            #[inline(always)]
            fn has(self, bits: $I) -> bool {
                self.to_bits() & bits as $U != 0
            }
            #[inline(always)]
            fn int_to_float(self) -> $T {
                // Adding the number whose low bits are integers.
                self.iadd(Self::MAGIC) - Self::MAGIC
            }
            #[inline(always)]
            fn lookup(self, table: &Table<$T>) -> $T {
                table.0[(self.to_bits() & $index) as usize]
            }
            #[inline(always)]
            fn widened(self) -> [f64; 2] {
                [self as f64, 0.0]
            }
            #[inline(always)]
            fn narrowed(halves: [f64; 2]) -> $T {
                halves[0] as $T
            }
        }
    };
}
single!(f64 u64 i64 6755399441055744.0 15);
single!(f32 u32 i32 12582912.0 31);

// An argument of `v!` may be another of its calls.
#[cfg(target_arch = "x86_64")]
#[allow(unused_unsafe)]
mod wide {
    use super::{Real, Table};
    use std::arch::x86_64 as v;
    use std::ops::{Add, Div, Mul, Neg, Sub};

    /// Eight `f64`.
    #[derive(Clone, Copy)]
    pub(crate) struct F64x8(pub(crate) v::__m512d);
    /// Sixteen `f32`.
    #[derive(Clone, Copy)]
    pub(crate) struct F32x16(pub(crate) v::__m512);

    /// An intrinsic of level v4.
    macro_rules! v {
        ($name:ident $(::<$k:tt>)? ($($arg:expr),*)) => {
            // SAFETY: only loops of level v4 make these vectors, and their CPUs have the instruction.
            unsafe { v::$name $(::<$k>)? ($($arg),*) }
        };
    }

    macro_rules! operators {
        ($V:ident: $($Trait:ident $method:ident $name:ident;)+) => {$(
            impl $Trait for $V {
                type Output = $V;
                #[inline(always)]
                fn $method(self, b: $V) -> $V {
                    $V(v!($name(self.0, b.0)))
                }
            }
        )+};
    }
    operators! { F64x8: Add add _mm512_add_pd; Sub sub _mm512_sub_pd; Mul mul _mm512_mul_pd;
    Div div _mm512_div_pd; }
    operators! { F32x16: Add add _mm512_add_ps; Sub sub _mm512_sub_ps; Mul mul _mm512_mul_ps;
    Div div _mm512_div_ps; }

    /// The intrinsics that stand for a vector's operations.
    macro_rules! register {
        ($V:ident $E:ident $I:ident $M:ident $n:literal
            $set:ident $seti:ident $fma:ident $sqrt:ident $cmp:ident $blend:ident
            $tobits:ident $bits:ident $add:ident $sub:ident $shl:ident $sar:ident $test:ident $cvt:ident
            $permute:ident $load:ident) => {
            impl Neg for $V {
                type Output = $V;
                #[inline(always)]
                fn neg(self) -> $V {
                    self.xor($V::of(-0.0))
                }
            }
            impl Real for $V {
                type E = $E;
                type I = $I;
                type M = $M;
                type Wide = F64x8;
                const N: usize = $n;
                const MAGIC: $E = <$E as Real>::MAGIC;
                #[inline(always)]
                fn of(x: $E) -> $V {
                    $V(v!($set(x)))
                }
                #[inline(always)]
                fn number(x: f32) -> $V {
                    $V::of($E::from(x))
                }
                #[inline(always)]
                fn int(x: $I) -> $V {
                    $V(v!($bits(v!($seti(x)))))
                }
                #[inline(always)]
                fn fma(self, b: $V, c: $V) -> $V {
                    $V(v!($fma(self.0, b.0, c.0)))
                }
                #[inline(always)]
                fn sqrt(self) -> $V {
                    $V(v!($sqrt(self.0)))
                }
                #[inline(always)]
                fn abs(self) -> $V {
                    self.and($V::int($I::MAX))
                }
                #[inline(always)]
                fn signed(self, s: $V) -> $V {
                    let (a, b, m) = (v!($tobits(self.0)), v!($tobits(s.0)), v!($seti($I::MIN)));
                    // Bits of `b` where `m` has them, of `a` elsewhere.
                    $V(v!($bits(v!(_mm512_ternarylogic_epi64::<0xe4>(b, a, m)))))
                }
                #[inline(always)]
                fn lt(self, b: $V) -> $M {
                    v!($cmp::<{ v::_CMP_LT_OQ }>(self.0, b.0))
                }
                #[inline(always)]
                fn le(self, b: $V) -> $M {
                    v!($cmp::<{ v::_CMP_LE_OQ }>(self.0, b.0))
                }
                #[inline(always)]
                fn same(self, b: $V) -> $M {
                    v!($cmp::<{ v::_CMP_EQ_OQ }>(self.0, b.0))
                }
                #[inline(always)]
                fn pick(m: $M, a: $V, b: $V) -> $V {
                    $V(v!($blend(m, b.0, a.0)))
                }
                #[inline(always)]
                fn iadd(self, b: $V) -> $V {
                    $V(v!($bits(v!($add(v!($tobits(self.0)), v!($tobits(b.0)))))))
                }
                #[inline(always)]
                fn isub(self, b: $V) -> $V {
                    $V(v!($bits(v!($sub(v!($tobits(self.0)), v!($tobits(b.0)))))))
                }
                #[inline(always)]
                fn xor(self, b: $V) -> $V {
                    let (a, b) = (v!($tobits(self.0)), v!($tobits(b.0)));
                    $V(v!($bits(v!(_mm512_xor_si512(a, b)))))
                }
                #[inline(always)]
                fn and(self, b: $V) -> $V {
                    let (a, b) = (v!($tobits(self.0)), v!($tobits(b.0)));
                    $V(v!($bits(v!(_mm512_and_si512(a, b)))))
                }
                #[inline(always)]
                fn shl<const K: u32>(self) -> $V {
                    $V(v!($bits(v!($shl::<K>(v!($tobits(self.0)))))))
                }
                #[inline(always)]
                fn sar<const K: u32>(self) -> $V {
                    $V(v!($bits(v!($sar::<K>(v!($tobits(self.0)))))))
                }
                #[inline(always)]
                fn has(self, bits: $I) -> $M {
                    v!($test(v!($tobits(self.0)), v!($seti(bits))))
                }
                #[inline(always)]
                fn int_to_float(self) -> $V {
                    $V(v!($cvt(v!($tobits(self.0)))))
                }
                #[inline(always)]
                fn lookup(self, table: &Table<$E>) -> $V {
                    let t = table.0.as_ptr();
                    // SAFETY: a table holds two registers and more.
                    let (low, high) = unsafe { (v::$load(t), v::$load(t.add($n))) };
                    $V(v!($permute(low, v!($tobits(self.0)), high)))
                }
                #[inline(always)]
                fn widened(self) -> [F64x8; 2] {
                    self.halves()
                }
                #[inline(always)]
                fn narrowed(halves: [F64x8; 2]) -> $V {
                    $V::joined(halves)
                }
            }
        };
    }
    register! { F64x8 f64 i64 u8 8
    _mm512_set1_pd _mm512_set1_epi64 _mm512_fmadd_pd _mm512_sqrt_pd _mm512_cmp_pd_mask
    _mm512_mask_blend_pd _mm512_castpd_si512 _mm512_castsi512_pd _mm512_add_epi64 _mm512_sub_epi64
    _mm512_slli_epi64 _mm512_srai_epi64 _mm512_test_epi64_mask _mm512_cvtepi64_pd
    _mm512_permutex2var_pd _mm512_loadu_pd }
    register! { F32x16 f32 i32 u16 16
    _mm512_set1_ps _mm512_set1_epi32 _mm512_fmadd_ps _mm512_sqrt_ps _mm512_cmp_ps_mask
    _mm512_mask_blend_ps _mm512_castps_si512 _mm512_castsi512_ps _mm512_add_epi32 _mm512_sub_epi32
    _mm512_slli_epi32 _mm512_srai_epi32 _mm512_test_epi32_mask _mm512_cvtepi32_ps
    _mm512_permutex2var_ps _mm512_loadu_ps }

    impl F64x8 {
        #[inline(always)]
        fn halves(self) -> [F64x8; 2] {
            [self; 2]
        }
        #[inline(always)]
        fn joined(halves: [F64x8; 2]) -> F64x8 {
            halves[0]
        }
    }
    impl F32x16 {
        #[inline(always)]
        fn halves(self) -> [F64x8; 2] {
            let low = v!(_mm512_castps512_ps256(self.0));
            let high = v!(_mm512_extractf32x8_ps::<1>(self.0));
            [
                F64x8(v!(_mm512_cvtps_pd(low))),
                F64x8(v!(_mm512_cvtps_pd(high))),
            ]
        }
        #[inline(always)]
        fn joined(halves: [F64x8; 2]) -> F32x16 {
            let low = v!(_mm512_cvtpd_ps(halves[0].0));
            let high = v!(_mm512_cvtpd_ps(halves[1].0));
            let low = v!(_mm512_castps256_ps512(low));
            F32x16(v!(_mm512_insertf32x8::<1>(low, high)))
        }
    }
}
#[cfg(target_arch = "x86_64")]
pub(crate) use wide::{F32x16, F64x8};

/// The polynomial with coefficients `c`, lowest first, of which there are at most 16: pairs, then fours
/// (G. Estrin), then Horner's scheme, so that few steps wait for each other.
#[inline(always)]
pub(crate) fn poly<V: Real, const K: usize>(c: &[V::E; K], x: V) -> V {
    let x2 = x * x;
    let pair = |i: usize| match c.get(i..) {
        Some([low, high, ..]) => V::of(*high).fma(x, V::of(*low)),
        _ => V::of(c[i]),
    };
    let four = |i: usize| {
        if i + 2 < K {
            pair(i + 2).fma(x2, pair(i))
        } else {
            pair(i)
        }
    };
    if K <= 4 {
        return four(0);
    }
    let x4 = x2 * x2;
    let upper = |i: usize, above: V| above.fma(x4, four(i));
    let top = (K - 1) / 4;
    let value = four(4 * top);
    let value = if top > 2 { upper(8, value) } else { value };
    let value = if top > 1 { upper(4, value) } else { value };
    upper(0, value)
}
