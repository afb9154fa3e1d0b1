//! Sorting signed integers: counting for the short ones, comparison for the rest.

use super::room;
use numoxide_dtype::Result;

/// Signed integers that elements are mapped to.
pub(super) trait Int: Copy + Ord + Send + Sync + 'static {
    /// The value in 64 bits.
    fn wide(self) -> i64;
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

macro_rules! compared {
    ($($T:ty)+) => {$(
        impl Int for $T {
            fn wide(self) -> i64 { self.into() }
            fn sort(v: &mut [$T]) -> Result<()> {
                v.sort_unstable();
                Ok(())
            }
        }
    )+};
}
compared!(i32 i64);
