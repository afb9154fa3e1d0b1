//! `ufunc.at`: items given by address, updated one after another.
//!
//! `args` are (addresses, second operand); each item becomes the operation's value of itself and the
//! operand, so that an item named twice is updated twice.

use crate::cpu::Level;
use crate::loops::{Levels, LoopCtx};
use crate::shape::{finish, single, Op2};
use std::ffi::{c_int, c_void};
use std::mem::transmute_copy;

/// # Safety
/// As [`crate::StridedLoop`], in the form of the module's head; `P::L` and `P::O` are one type, addresses
/// are those of aligned items.
#[inline(always)]
unsafe fn body<P: Op2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let (mut at, mut b) = (*args, *args.add(1));
        let (sa, sb) = (*strides, *strides.add(1));
        let mut st = 0;
        for _ in 0..*dims {
            let item = at.cast::<*mut P::O>().read_unaligned();
            let old: P::L = transmute_copy(&item.read());
            item.write(P::f(old, b.cast::<P::R>().read(), &mut st));
            at = at.wrapping_offset(sa);
            b = b.wrapping_offset(sb);
        }
        finish(ctx, st, P::failure)
    }
}

single! {
    /// Loops of `at`.
    indexed<P: Op2> = body::<P>
}
