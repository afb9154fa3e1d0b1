//! Positions of extremes along an axis.

use super::compare::Compare;
use super::lines::{Line, Lines};
use crate::{DType, RawView, Result, TypeNum};
use numoxide_kernels::reduce::{self, ARGMAX, ARGMIN};
use numoxide_kernels::LoopCtx;

/// Whether [`arg_extreme`] takes items of the dtype.
pub fn can_rank(dtype: &DType) -> bool {
    use TypeNum as N;
    reduce::find(ARGMAX, dtype.num).is_some()
        || matches!(dtype.num, N::Object | N::Str | N::Bytes | N::User)
}

/// Writes the position of the first largest (else smallest) item of each line along `axis` to the
/// int64 view `out`, whose stride along the axis is 0.
///
/// `beats(x, best)` decides for objects.
pub fn arg_extreme(
    view: &RawView<'_>,
    axis: usize,
    out: &RawView<'_>,
    largest: bool,
    beats: &(dyn Fn(*const u8, *const u8) -> Result<bool> + Sync),
) -> Result<()> {
    if view.size() == 0 {
        return Ok(());
    }
    let dtype = view.dtype;
    let rows = if largest { ARGMAX } else { ARGMIN };
    let kernel = reduce::find(rows, dtype.num).map(|row| row.loops.pick());
    let compare = Compare::new(&dtype.native(), &[]);
    let objects = matches!(dtype.num, TypeNum::Object | TypeNum::User);
    let lines = Lines::new(view, axis, &[out], objects);
    lines.for_each(&|ptrs, scratch| {
        let line = Line {
            ptr: ptrs[0],
            len: lines.len,
            stride: lines.strides[0],
        };
        let (items, stride) = if line.is_plain(dtype) || line.is_direct(dtype) {
            (line.ptr, line.stride)
        } else {
            (scratch.load(&line, dtype)?, dtype.size as isize)
        };
        let mut best = 0i64;
        if let Some(kernel) = kernel {
            let args = [items, (&raw mut best).cast()];
            let dims = [1, lines.len as isize];
            let ctx = LoopCtx::new(&[]);
            // SAFETY: one line of native, aligned items, and one position.
            unsafe {
                let aux = std::ptr::null_mut();
                kernel(
                    &ctx,
                    args.as_ptr(),
                    dims.as_ptr(),
                    [0, 0, stride].as_ptr(),
                    aux,
                );
            }
        } else {
            let at = |i: usize| items.wrapping_offset(i as isize * stride).cast_const();
            for i in 1..lines.len {
                let (x, top) = (at(i), at(best as usize));
                let better = match (objects, largest) {
                    (true, _) => beats(x, top)?,
                    (false, true) => compare.less(top, x)?,
                    (false, false) => compare.less(x, top)?,
                };
                if better {
                    best = i as i64;
                }
            }
        }
        Line {
            ptr: ptrs[1],
            len: 1,
            stride: 0,
        }
        .put(&[best]);
        Ok(())
    })
}
