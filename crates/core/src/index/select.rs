//! Elementwise choice: `where` and `choose`.

use super::flat::{ItemCopy, Mode};
use crate::assign::run_parts;
use crate::cast::hooks;
use crate::iter::{Arrange, Nest};
use crate::pool::threads;
use crate::{Error, RawView, Result};
use numoxide_kernels::select::pick;
use smallvec::SmallVec;

/// An input stretched to the output's shape.
pub(crate) type Stretched<'a> = (*mut u8, &'a [isize]);

/// Writes `x` where the bool `mask` is set, else `y`, to `out`; inputs are stretched to its shape, in its
/// dtype, and apart from it.
pub fn where_into(
    out: &RawView<'_>,
    mask: Stretched<'_>,
    x: Stretched<'_>,
    y: Stretched<'_>,
) -> Result<()> {
    let mut nest = Nest::new(
        out.shape,
        &[(out.ptr, out.strides), mask, x, y],
        Arrange::Free,
    );
    nest.lengthen_inner();
    let size = out.dtype.size;
    if hooks::needs_clear(out.dtype) {
        let copy = ItemCopy::new(out.dtype)?;
        return nest.try_for_each(|p, n, s| {
            for i in 0..n as isize {
                // SAFETY: the nest walks items of all views.
                unsafe {
                    let chosen = if p[1].offset(i * s[1]).read() != 0 {
                        2
                    } else {
                        3
                    };
                    copy.copy(p[chosen].offset(i * s[chosen]), p[0].offset(i * s[0]))?;
                }
            }
            Ok(())
        });
    }
    run_parts(&nest, threads::parts_for(nest.size()), &|part: &Nest| {
        part.try_for_each(|p, n, s| {
            // SAFETY: the nest walks items of all views; the output is apart.
            unsafe {
                pick(
                    (p[1], s[1]),
                    (p[2], s[2]),
                    (p[3], s[3]),
                    (p[0], s[0]),
                    n,
                    size,
                )
            };
            Ok(())
        })?;
        Ok(0)
    })?;
    Ok(())
}

/// Writes to each item of `out` the one of `choices` that the `intp` `index` names.
pub fn choose_into(
    out: &RawView<'_>,
    index: Stretched<'_>,
    choices: &[Stretched<'_>],
    mode: Mode,
) -> Result<()> {
    let copy = ItemCopy::new(out.dtype)?;
    let mut ops: SmallVec<[Stretched<'_>; 8]> = SmallVec::new();
    ops.extend([(out.ptr, out.strides), index]);
    ops.extend_from_slice(choices);
    let nest = Nest::new(out.shape, &ops, Arrange::Ordered);
    nest.try_for_each(|p, n, s| {
        for i in 0..n as isize {
            // SAFETY: the nest walks items of all views.
            unsafe {
                let at = p[1].offset(i * s[1]).cast::<isize>().read();
                // Negative choices are wrong here, not counted from the end.
                let bad = mode == Mode::Raise && at < 0;
                let Some(at) = mode.resolve(at, choices.len()).filter(|_| !bad) else {
                    return Err(Error::Value("invalid entry in choice array".into()));
                };
                let from = at as usize + 2;
                copy.copy(p[from].offset(i * s[from]), p[0].offset(i * s[0]))?;
            }
        }
        Ok(())
    })
}
