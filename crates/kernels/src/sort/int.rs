//! Sorting signed integers: counting for the short ones, comparison for the rest.

use super::room;
#[cfg(target_arch = "x86_64")]
use super::vector;
#[cfg(target_arch = "x86_64")]
use crate::cpu::{level, Level};
use numoxide_dtype::Result;
use std::sync::{Mutex, OnceLock};

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

/// Runs tasks by number, perhaps on several threads.
pub type Runner = fn(usize, &(dyn Fn(usize) + Sync));

static RUNNER: OnceLock<Runner> = OnceLock::new();

/// Registers what shares the parts of a long sort over threads; later calls change nothing.
pub fn set_runner(run: Runner) {
    let _ = RUNNER.set(run);
}

/// Keys from which a sort is worth sharing.
#[cfg(target_arch = "x86_64")]
const SHARED_FROM: usize = 100_000;

/// Splits the keys twice and sorts the four parts, each on its own.
#[cfg(target_arch = "x86_64")]
fn share<T: Send>(
    v: &mut [T],
    split: &dyn Fn(&mut [T]) -> usize,
    sort: &(dyn Fn(&mut [T]) + Sync),
    run: Runner,
) {
    let middle = split(v);
    let (low, high) = v.split_at_mut(middle);
    let (first, third) = (split(low), split(high));
    let (a, b) = low.split_at_mut(first);
    let (c, d) = high.split_at_mut(third);
    let parts = [a, b, c, d].map(|part| Mutex::new(Some(part)));
    run(parts.len(), &|i| {
        let part = parts[i].lock().ok().and_then(|mut part| part.take());
        if let Some(part) = part {
            sort(part);
        }
    });
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
                    // SAFETY: the level says that the CPU has the features.
                    let sort = |v: &mut [$T]| unsafe { vector::$m::sort(v, depth(v.len())) };
                    match RUNNER.get() {
                        _ if v.is_sorted() => {}
                        Some(run) if v.len() >= SHARED_FROM => {
                            // SAFETY: as above.
                            share(v, &|v| unsafe { vector::$m::split(v) }, &sort, *run);
                        }
                        _ => sort(v),
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
