//! Which of two items comes first, for dtypes that no kernel sorts.

use crate::{DType, Result, TypeNum};
use numoxide_kernels::sort::{find, SortOps};
use std::cmp::Ordering;
use std::sync::OnceLock;

/// Whether one item comes before another, for dtypes that need the interpreter.
pub type LessHook = fn(dtype: &DType, a: *const u8, b: *const u8) -> Result<bool>;

static LESS: OnceLock<LessHook> = OnceLock::new();

/// Registers the comparison of objects and their like; later calls change nothing.
pub fn set_less_hook(less: LessHook) {
    let _ = LESS.set(less);
}

/// The order of items at any address and in either byte order.
pub(super) enum Compare {
    /// By a kernel's comparison; the size to swap, if bytes are in the other order.
    Number(&'static SortOps, Option<Swap>),
    /// By bytes.
    Bytes(usize),
    /// By code points; whether they are byte-swapped.
    Text(usize, bool),
    /// By parts at offsets.
    Parts(Vec<(usize, Compare)>),
    /// By the registered function.
    Hook(DType),
}

/// Numbers of an item to turn round: how many, and their size.
#[derive(Clone, Copy)]
pub(super) struct Swap(usize, usize);

/// An integer that orders items, up to ties.
pub(super) struct Prefix<'a> {
    compare: &'a Compare,
    offset: usize,
    /// Items with equal integers are equal.
    pub(super) is_all: bool,
}

impl Compare {
    pub(super) fn new(dtype: &DType, first: &[usize]) -> Compare {
        use TypeNum as N;
        if let Some(fields) = dtype.fields() {
            let others = (0..fields.len()).filter(|i| !first.contains(i));
            let part = |i: usize| (fields[i].offset, Compare::new(&fields[i].dtype, &[]));
            return Compare::Parts(first.iter().copied().chain(others).map(part).collect());
        }
        if let Some((base, shape)) = dtype.subarray() {
            let count: usize = shape.iter().product();
            let part = |i: usize| (i * base.size, Compare::new(base, &[]));
            return Compare::Parts((0..count).map(part).collect());
        }
        match (dtype.num, find(dtype.num)) {
            (num, Some(ops)) => {
                let parts = if num.is_complex() { 2 } else { 1 };
                let swap = Swap(parts, dtype.size / parts);
                Compare::Number(ops, dtype.swapped.then_some(swap))
            }
            (N::Str, _) => Compare::Text(dtype.size / 4, dtype.swapped),
            (N::Bytes | N::Void, _) => Compare::Bytes(dtype.size),
            _ => Compare::Hook(dtype.clone()),
        }
    }

    /// Whether comparisons run Python code.
    pub(super) fn needs_gil(&self) -> bool {
        match self {
            Compare::Hook(_) => true,
            Compare::Parts(parts) => parts.iter().any(|(_, c)| c.needs_gil()),
            _ => false,
        }
    }

    /// Whether the item at `a` comes before that at `b`.
    pub(super) fn less(&self, a: *const u8, b: *const u8) -> Result<bool> {
        match self {
            Compare::Hook(dtype) => hooked(dtype, a, b),
            Compare::Parts(parts) => {
                for (offset, part) in parts {
                    let (a, b) = (a.wrapping_add(*offset), b.wrapping_add(*offset));
                    if part.less(a, b)? {
                        return Ok(true);
                    }
                    if part.less(b, a)? {
                        return Ok(false);
                    }
                }
                Ok(false)
            }
            // SAFETY: callers pass addresses of items.
            _ => Ok(unsafe { self.order(a, b) }.is_lt()),
        }
    }

    /// # Safety
    /// - Two items, at any address.
    unsafe fn order(&self, a: *const u8, b: *const u8) -> Ordering {
        // SAFETY: all reads stay within the two items.
        unsafe {
            match *self {
                Compare::Number(ops, None) => (ops.compare)(a, b),
                Compare::Number(ops, Some(swap)) => {
                    let (a, b) = (swap.read(a), swap.read(b));
                    (ops.compare)(a.as_ptr(), b.as_ptr())
                }
                Compare::Bytes(n) => {
                    let a = std::slice::from_raw_parts(a, n);
                    a.cmp(std::slice::from_raw_parts(b, n))
                }
                Compare::Text(n, swapped) => (0..n)
                    .map(|i| code(a, i, swapped).cmp(&code(b, i, swapped)))
                    .find(|o| o.is_ne())
                    .unwrap_or(Ordering::Equal),
                Compare::Parts(_) | Compare::Hook(_) => Ordering::Equal,
            }
        }
    }

    /// An integer in the order of the items, where there is one.
    pub(super) fn prefix(&self) -> Option<Prefix<'_>> {
        match self {
            Compare::Number(ops, _) => ops.key.map(|_| Prefix {
                compare: self,
                offset: 0,
                is_all: true,
            }),
            Compare::Bytes(n) => Some(Prefix {
                compare: self,
                offset: 0,
                is_all: *n <= 8,
            }),
            Compare::Text(n, _) => Some(Prefix {
                compare: self,
                offset: 0,
                is_all: *n <= 3,
            }),
            Compare::Parts(parts) => {
                let (offset, first) = parts.first()?;
                let inner = first.prefix()?;
                let is_all = inner.is_all && parts.len() == 1;
                Some(Prefix {
                    offset: offset + inner.offset,
                    is_all,
                    ..inner
                })
            }
            Compare::Hook(_) => None,
        }
    }
}

impl Prefix<'_> {
    /// The integer of an item.
    ///
    /// # Safety
    /// - An item, at any address.
    pub(super) unsafe fn key(&self, item: *const u8) -> i64 {
        let item = item.wrapping_add(self.offset);
        // SAFETY: all reads stay within the item.
        unsafe {
            match self.compare {
                Compare::Number(ops, swap) => match (ops.key, swap) {
                    (Some(key), None) => key(item),
                    (Some(key), Some(swap)) => key(swap.read(item).as_ptr()),
                    (None, _) => 0,
                },
                Compare::Bytes(n) => {
                    let mut first = [0u8; 8];
                    let n = (*n).min(8);
                    first[..n].copy_from_slice(std::slice::from_raw_parts(item, n));
                    (u64::from_be_bytes(first) ^ (1 << 63)) as i64
                }
                // Three code points of 21 bits; what is beyond 21 bits is no character.
                Compare::Text(n, swapped) => (0..3)
                    .map(|i| {
                        if i < *n {
                            code(item, i, *swapped).min(0x1f_ffff)
                        } else {
                            0
                        }
                    })
                    .fold(0, |key, c| (key << 21) | i64::from(c)),
                Compare::Parts(_) | Compare::Hook(_) => 0,
            }
        }
    }
}

impl Swap {
    /// The item with each number's bytes turned round.
    ///
    /// # Safety
    /// - An item of that many numbers of that size.
    unsafe fn read(self, item: *const u8) -> [u8; 32] {
        let Swap(parts, size) = self;
        let mut out = [0u8; 32];
        // SAFETY: no item of a number is longer than 32 bytes.
        unsafe {
            out.as_mut_ptr()
                .copy_from_nonoverlapping(item, parts * size)
        };
        out[..parts * size]
            .chunks_exact_mut(size)
            .for_each(<[u8]>::reverse);
        out
    }
}

/// # Safety
/// - The text at `p` has more than `i` code points.
unsafe fn code(p: *const u8, i: usize, swapped: bool) -> u32 {
    // SAFETY: by contract.
    let c = unsafe { p.cast::<u32>().add(i).read_unaligned() };
    if swapped {
        c.swap_bytes()
    } else {
        c
    }
}

fn hooked(dtype: &DType, a: *const u8, b: *const u8) -> Result<bool> {
    match LESS.get() {
        Some(less) => less(dtype, a, b),
        None => Err(crate::Error::Type(
            "this dtype needs the Python extension".into(),
        )),
    }
}
