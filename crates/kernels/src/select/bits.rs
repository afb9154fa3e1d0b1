//! Bits packed into bytes and back, row by row.

/// Packs `n` truth values into `ceil(n / 8)` bytes; missing bits are 0.
///
/// # Safety
/// - `from` has `n` bytes, `to` room for the packed ones, apart.
pub unsafe fn pack(from: *const u8, n: usize, to: *mut u8, little: bool) {
    for (k, start) in (0..n).step_by(8).enumerate() {
        let mut byte = 0u8;
        for i in 0..8.min(n - start) {
            // SAFETY: below n.
            let bit = u8::from(unsafe { *from.add(start + i) } != 0);
            byte |= bit << if little { i } else { 7 - i };
        }
        // SAFETY: byte k of the packed row.
        unsafe { *to.add(k) = byte };
    }
}

/// Unpacks `n` bits into bytes 0 and 1; bits beyond the `bytes` given are 0.
///
/// # Safety
/// - `from` has `bytes` bytes, `to` room for `n`, apart.
pub unsafe fn unpack(from: *const u8, bytes: usize, to: *mut u8, n: usize, little: bool) {
    for i in 0..n {
        // SAFETY: bits within the bytes given; item i of the result.
        unsafe {
            let byte = if i / 8 < bytes { *from.add(i / 8) } else { 0 };
            let shift = if little { i % 8 } else { 7 - i % 8 };
            *to.add(i) = byte >> shift & 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_and_unpacking_agree() {
        for n in 0usize..40 {
            for little in [false, true] {
                let bits: Vec<u8> = (0..n).map(|i| u8::from(i * i % 3 == 1)).collect();
                let mut packed = vec![0u8; n.div_ceil(8)];
                let mut back = vec![7u8; n];
                // SAFETY: buffers of the right sizes.
                unsafe {
                    pack(bits.as_ptr(), n, packed.as_mut_ptr(), little);
                    unpack(packed.as_ptr(), packed.len(), back.as_mut_ptr(), n, little);
                }
                assert_eq!(bits, back);
            }
        }
    }
}
