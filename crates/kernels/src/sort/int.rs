//! Sorting signed integers: counting for the short ones, comparison for the rest.

use super::room;
#[cfg(target_arch = "x86_64")]
use super::vector;
#[cfg(target_arch = "x86_64")]
use crate::cpu::{level, Level};
use numoxide_dtype::Result;

/// Signed integers that elements are mapped to.
pub(super) trait Int: Copy + Ord + Send + Sync + 'static {
    /// The value in 64 bits.
    fn wide(self) -> i64;
    /// The value of 64 bits that fit.
    fn narrow(x: i64) -> Self;
    /// Sorts.
    fn sort(v: &mut [Self]) -> Result<()>;
    /// Orders around the position `k`.
    fn select(v: &mut [Self], k: usize) {
        v.select_nth_unstable(k);
    }
}

impl Int for i8 {
    fn wide(self) -> i64 {
        self.into()
    }
    fn narrow(x: i64) -> i8 {
        x as i8
    }
    fn sort(v: &mut [i8]) -> Result<()> {
        if v.len() < 64 {
            v.sort_unstable();
            return Ok(());
        }
        // Four tables, since equal neighbours would wait for each other's counts.
        let mut counts = [[0usize; 256]; 4];
        for part in v.chunks(4) {
            for (table, x) in counts.iter_mut().zip(part) {
                table[(*x as u8 ^ 0x80) as usize] += 1;
            }
        }
        let mut rest = v;
        for value in 0..256 {
            let n = counts.iter().map(|c| c[value]).sum();
            let (run, tail) = rest.split_at_mut(n);
            run.fill((value as u8 ^ 0x80) as i8);
            rest = tail;
        }
        Ok(())
    }
}

impl Int for i16 {
    fn wide(self) -> i64 {
        self.into()
    }
    fn narrow(x: i64) -> i16 {
        x as i16
    }
    fn sort(v: &mut [i16]) -> Result<()> {
        if v.len() < 20_000 {
            v.sort_unstable();
            return Ok(());
        }
        let mut counts: Vec<u64> = room(1 << 16)?;
        counts.resize(1 << 16, 0);
        for x in v.iter() {
            counts[(*x as u16 ^ 0x8000) as usize] += 1;
        }
        let mut rest = v;
        for (value, &n) in counts.iter().enumerate() {
            let (run, tail) = rest.split_at_mut(n as usize);
            run.fill((value as u16 ^ 0x8000) as i16);
            rest = tail;
        }
        Ok(())
    }
}

/// Levels of partitions before a sort that has no bad case takes over.
#[cfg(target_arch = "x86_64")]
fn depth(n: usize) -> u32 {
    2 * n.max(2).ilog2() + 8
}

macro_rules! compared {
    ($($T:ty, $m:ident;)+) => {$(
        impl Int for $T {
            fn wide(self) -> i64 {
                self.into()
            }
            fn narrow(x: i64) -> $T {
                x as $T
            }
            fn sort(v: &mut [$T]) -> Result<()> {
                #[cfg(target_arch = "x86_64")]
                if level() == Level::V4 && v.len() > 8 {
                    if !v.is_sorted() {
                        // SAFETY: the level says that the CPU has the features.
                        unsafe { vector::$m::sort(v, depth(v.len())) };
                    }
                    return Ok(());
                }
                v.sort_unstable();
                Ok(())
            }
            fn select(v: &mut [$T], k: usize) {
                #[cfg(target_arch = "x86_64")]
                if level() == Level::V4 && v.len() > 8 {
                    // SAFETY: as above.
                    unsafe { vector::$m::select(v, k) };
                    return;
                }
                v.select_nth_unstable(k);
            }
        }
    )+};
}
compared! {
    i32, int;
    i64, long;
}
