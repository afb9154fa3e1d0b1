//! Loops made of a function on one element, for casts whose work dwarfs a call.

use numoxide_dtype::Result;
use numoxide_kernels::{Aux, BoundLoop, FpClass, LoopCtx, LoopFlags};
use std::ffi::{c_int, c_void};

/// Casts one element; status bits may be reported to the context.
type Each = Box<dyn Fn(*const u8, *mut u8, &LoopCtx) -> Result<()> + Send + Sync>;

/// A loop that calls `each` on every element, which may fail.
pub(super) fn element_loop(
    each: impl Fn(*const u8, *mut u8, &LoopCtx) -> Result<()> + Send + Sync + 'static,
) -> BoundLoop {
    let each: Each = Box::new(each);
    BoundLoop {
        func: run,
        aux: Aux::new(each),
        flags: LoopFlags {
            needs_gil: false,
            may_fail: true,
            fp: FpClass::Reported,
            forgets: false,
            cost: 50,
            pair: None,
            at: None,
        },
    }
}

/// # Safety
/// As any strided loop of two operands; `aux` is an [`Each`].
unsafe extern "C" fn run(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let each = &*aux.cast::<Each>();
        let (ctx, mut a, mut o) = (&*ctx, *args, *args.add(1));
        for _ in 0..*dims {
            if let Err(error) = each(a, o, ctx) {
                return ctx.fail(error);
            }
            a = a.wrapping_offset(*strides);
            o = o.wrapping_offset(*strides.add(1));
        }
    }
    0
}
