//! Groups of 64 items and the bits that choose among them: the chosen move together, or apart again.
//!
//! AVX-512 has an instruction for it; AVX2 permutes eight lanes by a table of their orders. All read
//! and write whole vectors, so the caller leaves room for 64 items.

use crate::cpu::Level;

/// Items of a group.
pub(super) const GROUP: usize = 64;

/// Whether items of this size move by vectors at a level.
pub(super) const fn by_vectors(size: usize, level: Level) -> bool {
    cfg!(target_arch = "x86_64")
        && !matches!(level, Level::V2)
        && matches!(size, 1 | 2 | 4 | 8 | 16)
}

/// The bits of `n` mask bytes that are not zero, `n` at most [`GROUP`].
///
/// # Safety
/// - The bytes are valid for reads; the CPU has the level, in a function compiled for it.
#[inline(always)]
pub(super) unsafe fn bits(mask: (*const u8, isize), n: usize, level: Level) -> u64 {
    // SAFETY: by contract.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        if mask.1 == 1 && n == GROUP {
            return x86::bits(mask.0, level);
        }
        let _ = level;
        (0..n).fold(0, |all, i| {
            all | u64::from(mask.0.offset(i as isize * mask.1).read() != 0) << i
        })
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{place, spread, squeeze};

/// Elsewhere nothing moves by vectors.
#[cfg(not(target_arch = "x86_64"))]
mod portable {
    use crate::cpu::Level;

    pub(in super::super) unsafe fn squeeze(_: *const u8, _: u64, _: *mut u8, _: usize, _: Level) {}
    pub(in super::super) unsafe fn spread(_: *const u8, _: u64, _: *mut u8, _: usize, _: Level) {}
    pub(in super::super) unsafe fn place(_: isize, _: u64, _: *mut isize, _: Level) {}
}
#[cfg(not(target_arch = "x86_64"))]
pub(super) use portable::{place, spread, squeeze};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Level, GROUP};
    use std::arch::x86_64::*;

    /// For each byte of bits: the lanes whose bits are set, in order.
    static CHOSEN: [[u8; 8]; 256] = chosen();
    /// For each byte of bits: how many bits below each lane's are set.
    static RANKS: [[u8; 8]; 256] = ranks();
    /// Each of four bits twice.
    const TWICE: [u8; 16] = [
        0x00, 0x03, 0x0c, 0x0f, 0x30, 0x33, 0x3c, 0x3f, 0xc0, 0xc3, 0xcc, 0xcf, 0xf0, 0xf3, 0xfc,
        0xff,
    ];
    /// Each of two bits four times.
    const FOURFOLD: [u8; 4] = [0x00, 0x0f, 0xf0, 0xff];

    const fn chosen() -> [[u8; 8]; 256] {
        let (mut table, mut m) = ([[0; 8]; 256], 0);
        while m < 256 {
            let (mut lane, mut k) = (0, 0);
            while lane < 8 {
                if m >> lane & 1 == 1 {
                    table[m][k] = lane as u8;
                    k += 1;
                }
                lane += 1;
            }
            m += 1;
        }
        table
    }

    const fn ranks() -> [[u8; 8]; 256] {
        let (mut table, mut m) = ([[0; 8]; 256], 0);
        while m < 256 {
            let mut lane = 0;
            while lane < 8 {
                table[m][lane] = (m & ((1 << lane) - 1)).count_ones() as u8;
                lane += 1;
            }
            m += 1;
        }
        table
    }

    /// # Safety
    /// - 64 bytes are valid for reads; the CPU has the level.
    #[inline(always)]
    pub(in super::super) unsafe fn bits(mask: *const u8, level: Level) -> u64 {
        // SAFETY: by contract.
        unsafe {
            match level {
                Level::V4 => {
                    let v = _mm512_loadu_si512(mask.cast());
                    _mm512_test_epi8_mask(v, v)
                }
                Level::V3 => {
                    let zeros = |at: usize| {
                        let v = _mm256_loadu_si256(mask.add(at).cast());
                        _mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_setzero_si256())) as u32
                    };
                    !(u64::from(zeros(0)) | u64::from(zeros(32)) << 32)
                }
                Level::V2 => {
                    let zeros = |at: usize| {
                        let v = _mm_loadu_si128(mask.add(at).cast());
                        _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_setzero_si128())) as u64
                    };
                    !(zeros(0) | zeros(16) << 16 | zeros(32) << 32 | zeros(48) << 48)
                }
            }
        }
    }

    /// Eight 32-bit lanes in the order of a table's row.
    #[inline(always)]
    unsafe fn permuted(v: __m256i, order: &[u8; 8]) -> __m256i {
        // SAFETY: level v3; eight bytes are read.
        unsafe {
            let order = _mm256_cvtepu8_epi32(_mm_loadl_epi64(order.as_ptr().cast()));
            _mm256_permutevar8x32_epi32(v, order)
        }
    }

    /// Up to 16 bytes of eight items of `size` (1 or 2) bytes in the order of a table's row.
    #[inline(always)]
    unsafe fn shuffled(v: __m128i, order: &[u8; 8], size: usize) -> __m128i {
        // SAFETY: level v3; eight bytes are read.
        unsafe {
            let order = _mm_loadl_epi64(order.as_ptr().cast());
            if size == 1 {
                return _mm_shuffle_epi8(v, order);
            }
            let pairs = _mm_unpacklo_epi8(order, order);
            _mm_shuffle_epi8(
                v,
                _mm_add_epi8(_mm_add_epi8(pairs, pairs), _mm_set1_epi16(0x0100)),
            )
        }
    }

    /// The bits of one vector's items, as bits of its lanes of 4 bytes (8 at v4 for longer items).
    #[inline(always)]
    fn lanes_of(m: u64, vector: usize, items: usize, fold: usize) -> u16 {
        let part = (m >> (vector * items)) as u16;
        match (items, fold) {
            (_, 1) if items == 16 => part,
            (_, 1) => part & 0xff,
            (_, 2) => u16::from(TWICE[usize::from(part & 15)]),
            _ => u16::from(FOURFOLD[usize::from(part & 3)]),
        }
    }

    /// Writes the chosen of 64 contiguous items of `size` bytes one after another.
    ///
    /// # Safety
    /// - 64 items are valid at `from`, and room for as many, apart, at `to`; the CPU has the level.
    #[inline(always)]
    pub(in super::super) unsafe fn squeeze(
        from: *const u8,
        m: u64,
        to: *mut u8,
        size: usize,
        level: Level,
    ) {
        // SAFETY: by contract; each vector adds as many items as it has bits.
        unsafe {
            let mut to = to;
            if level == Level::V4 {
                let items = if size <= 4 { 16 } else { 64 / size };
                for q in 0..GROUP / items {
                    let (at, bits) = (
                        from.add(q * items * size),
                        lanes_of(m, q, items, size.div_ceil(8)),
                    );
                    match size {
                        1 => {
                            let v = _mm512_cvtepu8_epi32(_mm_loadu_si128(at.cast()));
                            let v = _mm512_maskz_compress_epi32(bits, v);
                            _mm_storeu_si128(to.cast(), _mm512_cvtepi32_epi8(v));
                        }
                        2 => {
                            let v = _mm512_cvtepu16_epi32(_mm256_loadu_si256(at.cast()));
                            let v = _mm512_maskz_compress_epi32(bits, v);
                            _mm256_storeu_si256(to.cast(), _mm512_cvtepi32_epi16(v));
                        }
                        4 => {
                            let v = _mm512_loadu_si512(at.cast());
                            _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi32(bits, v));
                        }
                        _ => {
                            let v = _mm512_loadu_si512(at.cast());
                            _mm512_storeu_si512(
                                to.cast(),
                                _mm512_maskz_compress_epi64(bits as u8, v),
                            );
                        }
                    }
                    to = to.add(bits.count_ones() as usize * size / size.div_ceil(8));
                }
                return;
            }
            let items = if size <= 4 { 8 } else { 32 / size };
            let fold = if size <= 4 { 1 } else { size / 4 };
            for q in 0..GROUP / items {
                let (at, bits) = (from.add(q * items * size), lanes_of(m, q, items, fold));
                let order = &CHOSEN[usize::from(bits)];
                match size {
                    1 => {
                        _mm_storel_epi64(to.cast(), shuffled(_mm_loadl_epi64(at.cast()), order, 1))
                    }
                    2 => {
                        _mm_storeu_si128(to.cast(), shuffled(_mm_loadu_si128(at.cast()), order, 2))
                    }
                    _ => {
                        let v = permuted(_mm256_loadu_si256(at.cast()), order);
                        _mm256_storeu_si256(to.cast(), v);
                    }
                }
                to = to.add(bits.count_ones() as usize * size / fold);
            }
        }
    }

    /// [`spread`] by vectors of 512 bits.
    ///
    /// # Safety
    /// - As [`spread`]; the CPU has level v4.
    #[inline(always)]
    unsafe fn spread_wide(from: *const u8, m: u64, to: *mut u8, size: usize) {
        // SAFETY: by contract; each vector takes as many values as it has bits.
        unsafe {
            let mut from = from;
            let items = if size <= 4 { 16 } else { 64 / size };
            for q in 0..GROUP / items {
                let (at, bits) = (
                    to.add(q * items * size),
                    lanes_of(m, q, items, size.div_ceil(8)),
                );
                match size {
                    1 => {
                        let v = _mm512_cvtepu8_epi32(_mm_loadu_si128(from.cast()));
                        let v = _mm512_cvtepi32_epi8(_mm512_maskz_expand_epi32(bits, v));
                        _mm_mask_storeu_epi8(at.cast(), bits, v);
                    }
                    2 => {
                        let v = _mm512_cvtepu16_epi32(_mm256_loadu_si256(from.cast()));
                        let v = _mm512_cvtepi32_epi16(_mm512_maskz_expand_epi32(bits, v));
                        _mm256_mask_storeu_epi16(at.cast(), bits, v);
                    }
                    4 => {
                        let v = _mm512_maskz_expand_epi32(bits, _mm512_loadu_si512(from.cast()));
                        _mm512_mask_storeu_epi32(at.cast(), bits, v);
                    }
                    _ => {
                        let bits = bits as u8;
                        let v = _mm512_maskz_expand_epi64(bits, _mm512_loadu_si512(from.cast()));
                        _mm512_mask_storeu_epi64(at.cast(), bits, v);
                    }
                }
                from = from.add(bits.count_ones() as usize * size / size.div_ceil(8));
            }
        }
    }

    /// Gives the chosen of 64 contiguous items of `size` bytes the values that follow each other.
    ///
    /// # Safety
    /// - 64 items are valid at `to`, 64 values, apart, at `from`; the CPU has the level.
    #[inline(always)]
    pub(in super::super) unsafe fn spread(
        from: *const u8,
        m: u64,
        to: *mut u8,
        size: usize,
        level: Level,
    ) {
        // SAFETY: by contract; each vector takes as many values as it has bits.
        unsafe {
            if level == Level::V4 {
                return spread_wide(from, m, to, size);
            }
            let mut from = from;
            let items = if size <= 4 { 8 } else { 32 / size };
            let fold = if size <= 4 { 1 } else { size / 4 };
            for q in 0..GROUP / items {
                let (at, bits) = (to.add(q * items * size), lanes_of(m, q, items, fold));
                let order = &RANKS[usize::from(bits)];
                if size <= 2 {
                    let lanes = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
                    let on = _mm_and_si128(_mm_set1_epi8(bits as i8), lanes);
                    let on = _mm_cmpeq_epi8(on, lanes);
                    if size == 1 {
                        let v = shuffled(_mm_loadl_epi64(from.cast()), order, 1);
                        let old = _mm_loadl_epi64(at.cast());
                        _mm_storel_epi64(at.cast(), _mm_blendv_epi8(old, v, on));
                    } else {
                        let v = shuffled(_mm_loadu_si128(from.cast()), order, 2);
                        let (old, on) = (_mm_loadu_si128(at.cast()), _mm_unpacklo_epi8(on, on));
                        _mm_storeu_si128(at.cast(), _mm_blendv_epi8(old, v, on));
                    }
                } else {
                    let lanes = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
                    let on = _mm256_and_si256(_mm256_set1_epi32(i32::from(bits)), lanes);
                    let on = _mm256_cmpeq_epi32(on, lanes);
                    let v = permuted(_mm256_loadu_si256(from.cast()), order);
                    _mm256_maskstore_epi32(at.cast(), on, v);
                }
                from = from.add(bits.count_ones() as usize * size / fold);
            }
        }
    }

    /// Writes the positions of the bits, counted from `start`.
    ///
    /// # Safety
    /// - Room for 64 positions; the CPU has the level.
    #[inline(always)]
    pub(in super::super) unsafe fn place(start: isize, m: u64, to: *mut isize, level: Level) {
        // SAFETY: by contract; each vector adds as many positions as it has bits.
        unsafe {
            let mut to = to;
            if level == Level::V4 {
                let lanes = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
                for q in 0..8 {
                    let bits = (m >> (8 * q)) as u8;
                    let v = _mm512_add_epi64(lanes, _mm512_set1_epi64((start + 8 * q) as i64));
                    _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi64(bits, v));
                    to = to.add(bits.count_ones() as usize);
                }
                return;
            }
            let lanes = _mm256_setr_epi64x(0, 1, 2, 3);
            for q in 0..16 {
                let bits = TWICE[(m >> (4 * q)) as usize & 15];
                let v = _mm256_add_epi64(lanes, _mm256_set1_epi64x((start + 4 * q) as i64));
                _mm256_storeu_si256(to.cast(), permuted(v, &CHOSEN[usize::from(bits)]));
                to = to.add(bits.count_ones() as usize / 2);
            }
        }
    }
}
