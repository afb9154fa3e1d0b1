//! Loops for byte-swapped and unaligned operands: blocks go through aligned, native buffers.

use super::{raw_copy, swap_copy};
use numoxide_dtype::DType;
use numoxide_kernels::{Aux, BoundLoop, LoopCtx};
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;

/// Bytes of a buffer; longer elements go through the heap.
const BUFFER: usize = 8192;

/// How an operand differs from what the base loop takes.
pub(super) struct Operand {
    size: usize,
    /// Brings elements to or from the buffer; `None` if the base loop takes them as they are.
    copy: Option<BoundLoop>,
}

impl Operand {
    /// An operand of the given dtype, `aligned` or at any address.
    pub(super) fn new(dtype: &DType, aligned: bool) -> Operand {
        let copy = if dtype.swapped {
            Some(swap_copy(dtype))
        } else if !aligned && dtype.align > 1 {
            Some(raw_copy(dtype.size))
        } else {
            None
        };
        Operand {
            size: dtype.size,
            copy,
        }
    }
}

struct Composed {
    base: BoundLoop,
    from: Operand,
    to: Operand,
}

/// The base loop between operands as they lie in memory.
pub(super) fn compose(base: BoundLoop, from: Operand, to: Operand) -> BoundLoop {
    if from.copy.is_none() && to.copy.is_none() {
        return base;
    }
    let flags = base.flags;
    BoundLoop {
        func: run,
        aux: Aux::new(Composed { base, from, to }),
        flags,
    }
}

/// An aligned block, on the stack if it fits.
struct Block {
    stack: MaybeUninit<[u128; BUFFER / 16]>,
    heap: Vec<MaybeUninit<u128>>,
}

impl Block {
    fn new(bytes: usize) -> Block {
        let mut heap = Vec::new();
        if bytes > BUFFER {
            heap.resize(bytes.div_ceil(16), MaybeUninit::uninit());
        }
        Block {
            stack: MaybeUninit::uninit(),
            heap,
        }
    }

    fn ptr(&mut self) -> *mut u8 {
        if self.heap.is_empty() {
            self.stack.as_mut_ptr().cast()
        } else {
            self.heap.as_mut_ptr().cast()
        }
    }
}

/// # Safety
/// As any strided loop of two operands; `aux` is a [`Composed`].
unsafe extern "C" fn run(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract; the buffers hold `block` elements of either size.
    unsafe {
        let c = &*aux.cast::<Composed>();
        let ctx = &*ctx;
        let (mut left, mut a, mut o) = (*dims, *args, *args.add(1));
        let (sa, so) = (*strides, *strides.add(1));
        let most = c.from.size.max(c.to.size).max(1);
        let block = (BUFFER / most).max(1);
        let mut input = Block::new(block * c.from.size);
        let mut output = Block::new(block * c.to.size);
        while left > 0 {
            let n = left.min(block as isize);
            let (mut src, mut step_in) = (a, sa);
            if let Some(copy) = &c.from.copy {
                (src, step_in) = (input.ptr(), c.from.size as isize);
                copy.call(ctx, &[a, src], &[n], &[sa, step_in]);
            }
            let (mut dst, mut step_out) = (o, so);
            if c.to.copy.is_some() {
                (dst, step_out) = (output.ptr(), c.to.size as isize);
            }
            let rc = c.base.call(ctx, &[src, dst], &[n], &[step_in, step_out]);
            if rc != 0 {
                return rc;
            }
            if let Some(copy) = &c.to.copy {
                copy.call(ctx, &[dst, o], &[n], &[step_out, so]);
            }
            left -= n;
            a = a.wrapping_offset(sa * n);
            o = o.wrapping_offset(so * n);
        }
    }
    0
}

/// One loop after another: the first fills an element of `size` bytes that the second takes.
pub(super) fn chain(first: BoundLoop, size: usize, second: BoundLoop) -> BoundLoop {
    let from = Operand {
        size,
        copy: Some(first),
    };
    compose(
        second,
        from,
        Operand {
            size: 0,
            copy: None,
        },
    )
}
