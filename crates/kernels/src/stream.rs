//! Stores that go past the caches, for results that do not fit them: a plain store first reads the line
//! it writes, which costs a third of the traffic of an addition and half of that of a copy.

use crate::cpu::{level, Level};

/// Bytes of a cache line, the unit of these stores.
pub(crate) const LINE: usize = 64;

/// Results from this size on are streamed; smaller ones are likely to be read again from cache.
pub const STREAM_BYTES: usize = 16 << 20;

/// Runs shorter than this are stored the ordinary way even within a large result.
pub(crate) const STREAM_RUN: usize = 4096;

/// Writes one line.
///
/// # Safety
/// - 64 bytes at `to`, aligned to 64, are valid for writes, and 64 at `from` for reads.
/// - The CPU has the level, in a function compiled for it.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) unsafe fn line(to: *mut u8, from: *const u8, level: Level) {
    use std::arch::x86_64 as v;
    // SAFETY: the contract; offsets stay below 64.
    unsafe {
        match level {
            Level::V4 => v::_mm512_stream_si512(to.cast(), v::_mm512_loadu_si512(from.cast())),
            Level::V3 => {
                for i in [0, 32] {
                    let x = v::_mm256_loadu_si256(from.add(i).cast());
                    v::_mm256_stream_si256(to.add(i).cast(), x);
                }
            }
            Level::V2 => {
                for i in [0, 16, 32, 48] {
                    let x = v::_mm_loadu_si128(from.add(i).cast());
                    v::_mm_stream_si128(to.add(i).cast(), x);
                }
            }
        }
    }
}

/// Elsewhere stores are ordinary.
///
/// # Safety
/// As on x86-64.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(crate) unsafe fn line(to: *mut u8, from: *const u8, _: Level) {
    // SAFETY: the contract.
    unsafe { to.copy_from_nonoverlapping(from, LINE) };
}

/// Makes streamed lines visible to other threads in order; ends every run of them.
#[inline(always)]
pub(crate) fn fence() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a baseline instruction without operands.
    unsafe {
        std::arch::x86_64::_mm_sfence()
    };
}

/// Bytes from `p` to the next line.
#[inline(always)]
pub(crate) fn to_line(p: *const u8) -> usize {
    (p as usize).wrapping_neg() % LINE
}

/// Copies `bytes` bytes with streaming stores, without the fence that ends a run of such copies.
///
/// # Safety
/// - As [`copy`]; the CPU has the level, in a function compiled for it.
#[inline(always)]
pub(crate) unsafe fn block(to: *mut u8, from: *const u8, bytes: usize, level: Level) {
    let head = to_line(to).min(bytes);
    // SAFETY: all parts lie within `bytes`.
    unsafe {
        to.copy_from_nonoverlapping(from, head);
        let mut at = head;
        while at + LINE <= bytes {
            line(to.add(at), from.add(at), level);
            at += LINE;
        }
        to.add(at)
            .copy_from_nonoverlapping(from.add(at), bytes - at);
    }
}

/// Copies `bytes` bytes with streaming stores.
///
/// # Safety
/// - The operands are valid for `bytes` bytes and apart.
pub(crate) unsafe fn copy(to: *mut u8, from: *const u8, bytes: usize) {
    /// # Safety
    /// As [`block`].
    #[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
    unsafe fn v3(to: *mut u8, from: *const u8, bytes: usize) {
        // SAFETY: passed on to the caller.
        unsafe { block(to, from, bytes, Level::V3) }
    }
    // SAFETY: the level says what the CPU has; wider stores than 32 bytes gain nothing here.
    unsafe {
        match level() {
            Level::V2 => block(to, from, bytes, Level::V2),
            _ => v3(to, from, bytes),
        }
    }
    fence();
}
