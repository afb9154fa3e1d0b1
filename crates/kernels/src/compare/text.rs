//! Comparisons of fixed-width text: trailing NULs do not count.

use crate::loops::{Aux, BoundLoop, LoopCtx, LoopFlags};
use std::cmp::Ordering;
use std::ffi::{c_int, c_void};

/// The names of the comparisons; the position is the loop's auxiliary data.
const NAMES: [&str; 6] = [
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
];

/// The loop of a comparison by name over bytes, or over 4-byte characters if `wide`; widths are those
/// of the context's dtypes.
pub fn text_comparison(name: &str, wide: bool) -> Option<BoundLoop> {
    let op = NAMES.iter().position(|n| *n == name)?;
    Some(BoundLoop {
        func: if wide { run::<u32> } else { run::<u8> },
        aux: Aux::raw(op as *mut c_void),
        flags: LoopFlags {
            cost: 4,
            ..LoopFlags::default()
        },
    })
}

/// The order of two texts, the shorter one continued with NULs.
fn order<T: Ord + Default + Copy>(a: &[T], b: &[T]) -> Ordering {
    let common = a.len().min(b.len());
    let zero = T::default();
    a[..common].cmp(&b[..common]).then_with(|| {
        if a[common..].iter().any(|c| *c != zero) {
            Ordering::Greater
        } else if b[common..].iter().any(|c| *c != zero) {
            Ordering::Less
        } else {
            Ordering::Equal
        }
    })
}

/// # Safety
/// - Two aligned text operands of the context's dtypes and a bool output.
unsafe extern "C" fn run<T: Ord + Default + Copy>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: pointers and strides as the loop form says; items hold `size` bytes of characters.
    unsafe {
        let dtypes = (*ctx).dtypes();
        let len = |k: usize| dtypes[k].size / size_of::<T>();
        let (na, nb) = (len(0), len(1));
        for i in 0..*dims {
            let at = |k: usize| (*args.add(k)).offset(i * *strides.add(k));
            let a = std::slice::from_raw_parts(at(0).cast::<T>(), na);
            let b = std::slice::from_raw_parts(at(1).cast::<T>(), nb);
            let found = order(a, b);
            *at(2) = u8::from(match aux as usize {
                0 => found.is_eq(),
                1 => found.is_ne(),
                2 => found.is_lt(),
                3 => found.is_le(),
                4 => found.is_gt(),
                _ => found.is_ge(),
            });
        }
    }
    0
}

/// A loop of any operands whose bool output is always `answer`.
pub fn constant(answer: bool) -> BoundLoop {
    BoundLoop {
        func: fill,
        aux: Aux::raw(usize::from(answer) as *mut c_void),
        flags: LoopFlags::default(),
    }
}

/// # Safety
/// - Two inputs and a bool output.
unsafe extern "C" fn fill(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the output has `dims[0]` items.
    unsafe {
        for i in 0..*dims {
            *(*args.add(2)).offset(i * *strides.add(2)) = aux as usize as u8;
        }
    }
    0
}
