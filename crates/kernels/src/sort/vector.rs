//! Quicksort of 32 and 64-bit signed integers with AVX-512.
//!
//! Method: vectors are compared with the pivot and compressed to the two ends of the range in place;
//! what is held in registers leaves the room for it. Short ranges are sorted by a bitonic network: the
//! lanes of each vector first, then pairs of ever longer runs of vectors are merged.

use std::arch::x86_64::*;

/// Vectors read and written together in a partition.
const UNROLL: usize = 4;
/// Vectors that the longest network sorts.
const NETWORK: usize = 32;

macro_rules! vector_sort {
    ($m:ident, $T:ty, $lanes:literal, $Mask:ty, $set1:ident, $min:ident, $max:ident, $ge:ident,
     $compress:ident, $permute:ident, $blend:ident, $load:ident, $store:ident) => {
        pub(super) mod $m {
            use super::*;

            const L: usize = $lanes;
            /// Keys that the network sorts at once.
            const SHORT: usize = NETWORK * L;

            /// The lane that each lane is compared with.
            const fn partners(flip: usize) -> [$T; L] {
                let mut out = [0; L];
                let mut i = 0;
                while i < L {
                    out[i] = (i ^ flip) as $T;
                    i += 1;
                }
                out
            }

            /// The lanes that take the larger key when blocks of `block` lanes are made rising and
            /// falling in turn.
            const fn takes_larger(flip: usize, block: usize) -> $Mask {
                let (mut mask, mut i) = (0, 0);
                while i < L {
                    if (i & flip == 0) != (i & block == 0) {
                        mask |= 1 << i;
                    }
                    i += 1;
                }
                mask
            }

            const fn first(n: usize) -> $Mask {
                if n >= L {
                    <$Mask>::MAX
                } else {
                    (1 << n) - 1
                }
            }

            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            #[inline]
            fn flipped<const FLIP: usize>(v: __m512i) -> __m512i {
                let partners = &const { partners(FLIP) };
                // SAFETY: reads one vector from a constant of its size.
                let lanes = unsafe { _mm512_loadu_si512(partners.as_ptr().cast()) };
                $permute(lanes, v)
            }

            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            #[inline]
            fn exchange<const FLIP: usize, const BLOCK: usize>(v: __m512i) -> __m512i {
                let p = flipped::<FLIP>(v);
                $blend(const { takes_larger(FLIP, BLOCK) }, $min(v, p), $max(v, p))
            }

            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            #[inline]
            fn sort_lanes(v: __m512i) -> __m512i {
                let v = exchange::<1, 2>(v);
                let v = exchange::<1, 4>(exchange::<2, 4>(v));
                let v = exchange::<1, 8>(exchange::<2, 8>(exchange::<4, 8>(v)));
                if L == 8 {
                    return v;
                }
                exchange::<1, 16>(exchange::<2, 16>(exchange::<4, 16>(exchange::<8, 16>(v))))
            }

            /// Sorts lanes that rise and then fall.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            #[inline]
            fn merge_lanes(v: __m512i) -> __m512i {
                let v = if L == 16 { exchange::<8, 64>(v) } else { v };
                exchange::<1, 64>(exchange::<2, 64>(exchange::<4, 64>(v)))
            }

            /// Sorts `S` vectors that rise and then fall.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            #[inline]
            fn settle<const S: usize>(v: &mut [__m512i; S]) {
                let mut half = S / 2;
                while half > 0 {
                    for i in 0..S {
                        if i & half == 0 {
                            let (x, y) = (v[i], v[i + half]);
                            v[i] = $min(x, y);
                            v[i + half] = $max(x, y);
                        }
                    }
                    half /= 2;
                }
                for x in v {
                    *x = merge_lanes(*x);
                }
            }

            /// Merges neighbouring sorted runs of `S` vectors.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn merge<const S: usize>(v: &mut [__m512i]) {
                for pair in v.chunks_exact_mut(2 * S) {
                    let (a, b) = pair.split_at_mut(S);
                    let (mut low, mut high) =
                        ([_mm512_setzero_si512(); S], [_mm512_setzero_si512(); S]);
                    for i in 0..S {
                        let y = if L == 16 {
                            flipped::<15>(b[S - 1 - i])
                        } else {
                            flipped::<7>(b[S - 1 - i])
                        };
                        low[i] = $min(a[i], y);
                        high[i] = $max(a[i], y);
                    }
                    settle(&mut low);
                    settle(&mut high);
                    a.copy_from_slice(&low);
                    b.copy_from_slice(&high);
                }
            }

            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            #[inline]
            fn network<const N: usize>(keys: &mut [$T]) {
                let (p, n) = (keys.as_mut_ptr(), keys.len());
                let mut v = [$set1(<$T>::MAX); N];
                for (i, x) in v.iter_mut().enumerate() {
                    let at = (i * L).min(n);
                    // SAFETY: the mask keeps the read within the keys.
                    *x = sort_lanes(unsafe { $load(*x, first(n - at), p.add(at)) });
                }
                if N >= 2 {
                    merge::<1>(&mut v)
                }
                if N >= 4 {
                    merge::<2>(&mut v)
                }
                if N >= 8 {
                    merge::<4>(&mut v)
                }
                if N >= 16 {
                    merge::<8>(&mut v)
                }
                if N >= 32 {
                    merge::<16>(&mut v)
                }
                for (i, x) in v.iter().enumerate() {
                    let at = (i * L).min(n);
                    // SAFETY: as above for the write.
                    unsafe { $store(p.add(at), first(n - at), *x) };
                }
            }

            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn sort_short(keys: &mut [$T]) {
                match keys.len().div_ceil(L) {
                    0 | 1 => network::<1>(keys),
                    2 => network::<2>(keys),
                    3..=4 => network::<4>(keys),
                    5..=8 => network::<8>(keys),
                    9..=16 => network::<16>(keys),
                    _ => network::<32>(keys),
                }
            }

            /// Writes the chosen lanes of `v`: those below the pivot to the front, the others to the
            /// back.
            ///
            /// # Safety
            /// - Both fronts leave room in the keys for what is written.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            #[inline]
            unsafe fn place(
                p: *mut $T,
                v: __m512i,
                chosen: $Mask,
                pivot: __m512i,
                ends: &mut (usize, usize),
            ) {
                let high = $ge(v, pivot) & chosen;
                let low = !high & chosen;
                let (below, above) = (low.count_ones() as usize, high.count_ones() as usize);
                ends.1 -= above;
                // SAFETY: by contract; masks name as many lanes as there is room for.
                unsafe {
                    $store(p.add(ends.0), first(below), $compress(low, v));
                    $store(p.add(ends.1), first(above), $compress(high, v));
                }
                ends.0 += below;
            }

            /// Moves keys below the pivot before the others; gives their number. Takes at least
            /// `2 * UNROLL` vectors.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn partition(keys: &mut [$T], pivot: $T) -> usize {
                const STEP: usize = UNROLL * L;
                let (p, n) = (keys.as_mut_ptr(), keys.len());
                assert!(n >= 2 * STEP);
                let pivot = $set1(pivot);
                let zero = _mm512_setzero_si512();
                let read = |at: usize| -> [__m512i; UNROLL] {
                    // SAFETY: callers read `STEP` keys of the range.
                    std::array::from_fn(|i| unsafe { _mm512_loadu_si512(p.add(at + i * L).cast()) })
                };
                let held = [read(0), read(n - STEP)];
                let (mut from, mut to) = (STEP, n - STEP);
                let mut ends = (0, n);
                // The two gaps hold two steps together; the side with the smaller one is read from,
                // so that either side has room for a whole step.
                while to - from >= STEP {
                    let v = if from - ends.0 <= ends.1 - to {
                        from += STEP;
                        read(from - STEP)
                    } else {
                        to -= STEP;
                        read(to)
                    };
                    for x in v {
                        // SAFETY: see above.
                        unsafe { place(p, x, <$Mask>::MAX, pivot, &mut ends) };
                    }
                }
                let mut rest = [(zero, 0); UNROLL];
                for x in &mut rest {
                    let count = (to - from).min(L);
                    // SAFETY: the mask keeps the read within the range not yet read.
                    let keys = unsafe { $load(zero, first(count), p.add(from)) };
                    *x = (keys, first(count));
                    from += count;
                }
                // SAFETY: all keys are in registers now; each is written once.
                unsafe {
                    for x in held.into_iter().flatten() {
                        place(p, x, <$Mask>::MAX, pivot, &mut ends);
                    }
                    for (x, chosen) in rest {
                        place(p, x, chosen, pivot, &mut ends);
                    }
                }
                ends.0
            }

            /// The median of some keys spread over the range.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn pivot_of(keys: &[$T]) -> $T {
                const SAMPLE: usize = 4 * L;
                let mut sample = [0; SAMPLE];
                let step = keys.len() / SAMPLE;
                for (i, x) in sample.iter_mut().enumerate() {
                    *x = keys[i * step + step / 2];
                }
                network::<4>(&mut sample);
                sample[SAMPLE / 2]
            }

            /// Sorts.
            ///
            /// Safe to call where the CPU has the features.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            pub(in super::super) fn sort(keys: &mut [$T], depth: u32) {
                let mut keys = keys;
                let mut depth = depth;
                while keys.len() > SHORT {
                    if depth == 0 {
                        keys.sort_unstable();
                        return;
                    }
                    depth -= 1;
                    let pivot = pivot_of(keys);
                    let below = partition(keys, pivot);
                    if below == 0 {
                        // The pivot is the least key: its equals are done.
                        if pivot == <$T>::MAX {
                            return;
                        }
                        let equal = partition(keys, pivot + 1);
                        keys = &mut keys[equal..];
                        continue;
                    }
                    let (low, high) = keys.split_at_mut(below);
                    // The shorter side by recursion keeps the stack short.
                    let (short, long) = if low.len() < high.len() {
                        (low, high)
                    } else {
                        (high, low)
                    };
                    sort(short, depth);
                    keys = long;
                }
                sort_short(keys);
            }

            /// Moves the lower keys before the others; gives how many they are, 0 if no pivot splits.
            ///
            /// Safe to call where the CPU has the features.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            pub(in super::super) fn split(keys: &mut [$T]) -> usize {
                if keys.len() <= SHORT {
                    return 0;
                }
                let pivot = pivot_of(keys);
                partition(keys, pivot)
            }

            /// Orders around the position `k`.
            ///
            /// Safe to call where the CPU has the features.
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            pub(in super::super) fn select(keys: &mut [$T], k: usize) {
                let (mut keys, mut k) = (keys, k);
                for _ in 0..64 {
                    if keys.len() <= SHORT {
                        sort_short(keys);
                        return;
                    }
                    let pivot = pivot_of(keys);
                    let mut below = partition(keys, pivot);
                    if below == 0 {
                        if pivot == <$T>::MAX {
                            return;
                        }
                        below = partition(keys, pivot + 1);
                        if k < below {
                            return;
                        }
                    }
                    let (low, high) = keys.split_at_mut(below);
                    if k < below {
                        keys = low;
                    } else {
                        k -= below;
                        keys = high;
                    }
                }
                keys.select_nth_unstable(k);
            }
        }
    };
}
vector_sort!(
    long,
    i64,
    8,
    u8,
    _mm512_set1_epi64,
    _mm512_min_epi64,
    _mm512_max_epi64,
    _mm512_cmpge_epi64_mask,
    _mm512_maskz_compress_epi64,
    _mm512_permutexvar_epi64,
    _mm512_mask_blend_epi64,
    _mm512_mask_loadu_epi64,
    _mm512_mask_storeu_epi64
);
vector_sort!(
    int,
    i32,
    16,
    u16,
    _mm512_set1_epi32,
    _mm512_min_epi32,
    _mm512_max_epi32,
    _mm512_cmpge_epi32_mask,
    _mm512_maskz_compress_epi32,
    _mm512_permutexvar_epi32,
    _mm512_mask_blend_epi32,
    _mm512_mask_loadu_epi32,
    _mm512_mask_storeu_epi32
);
