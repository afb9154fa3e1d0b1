//! Moves of chosen items: by index (gather, gather_rows, scatter) and by mask (compress, expand, positions).
//!
//! All are picked by item size, never by dtype, and ask for no alignment. An index loop first turns a
//! block of indices into byte offsets, which vectorises, and then moves the items.

pub mod bits;
mod gather;
mod lanes;
mod mask;
mod pick;
mod search;

pub use gather::{
    add_offsets, copy_strided, first_outside, gather, gather_rows, repeat_blocks, scatter,
    scatter_items, Bounds, BLOCK,
};
pub use mask::{compress, copy_where, count_true, expand, fill_where, positions};
pub use pick::pick;
pub use search::{Search, SortKey};

/// Runs `$body` with `$T` as an unaligned block of the size; any other size runs `$other`.
macro_rules! by_size {
    ($size:expr, $T:ident => $body:expr, $other:expr) => {
        match $size {
            1 => {
                type $T = u8;
                $body
            }
            2 => {
                type $T = u16;
                $body
            }
            4 => {
                type $T = u32;
                $body
            }
            8 => {
                type $T = u64;
                $body
            }
            16 => {
                type $T = [u64; 2];
                $body
            }
            32 => {
                type $T = [u64; 4];
                $body
            }
            _ => $other,
        }
    };
}
pub(crate) use by_size;

/// A block of bytes that can be chosen by arithmetic, so that no compiler makes it a branch.
pub(crate) trait Block: Copy {
    /// `a` if `on`, else `b`.
    fn blend(on: bool, a: Self, b: Self) -> Self;
}

macro_rules! blocks {
    ($($t:ty)*) => { $(impl Block for $t {
        #[inline(always)]
        fn blend(on: bool, a: Self, b: Self) -> Self {
            b ^ ((a ^ b) & (0 as $t).wrapping_sub(<$t>::from(on)))
        }
    })* };
}
blocks! { u8 u16 u32 u64 }

impl<const N: usize> Block for [u64; N] {
    #[inline(always)]
    fn blend(on: bool, a: Self, b: Self) -> Self {
        std::array::from_fn(|i| u64::blend(on, a[i], b[i]))
    }
}
