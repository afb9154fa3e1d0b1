//! Casts of void, structured and sub-array dtypes.

use super::{get_cast_unaligned, no_cast, raw_copy};
use numoxide_dtype::promote::equivalent;
use numoxide_dtype::{DType, Result, TypeNum};
use numoxide_kernels::{Aux, BoundLoop, LoopCtx, LoopFlags};
use std::ffi::{c_int, c_void};

/// A loop on a part of the element: where it lies in either operand, and how many times, a step apart.
struct Part {
    from: usize,
    to: usize,
    /// Repetitions, and the bytes from one to the next in either operand.
    count: usize,
    step_from: usize,
    step_to: usize,
    work: BoundLoop,
}

/// A loop that runs the parts one after another, each over all elements.
fn parts_loop(parts: Vec<Part>) -> BoundLoop {
    let mut flags = LoopFlags::default();
    for part in &parts {
        let f = part.work.flags;
        flags.needs_gil |= f.needs_gil;
        flags.may_fail |= f.may_fail;
        flags.cost = flags.cost.saturating_add(f.cost);
        if f.fp != Default::default() {
            flags.fp = f.fp;
        }
    }
    BoundLoop {
        func: run,
        aux: Aux::new(parts),
        flags,
    }
}

/// # Safety
/// As any strided loop of one or two operands; `aux` is a `Vec<Part>` for as many.
unsafe extern "C" fn run(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract; parts lie within the element.
    unsafe {
        let parts = &*aux.cast::<Vec<Part>>();
        let (n, a, o) = (*dims, *args, *args.add(1));
        let steps = [*strides, *strides.add(1)];
        for part in parts {
            let (mut x, mut y) = (a.wrapping_add(part.from), o.wrapping_add(part.to));
            let inner = [part.step_from as isize, part.step_to as isize];
            // The longer way inside: all elements of one repetition, or all repetitions of one element.
            let (outer_n, outer, inner_n, inner) = if n as usize >= part.count {
                (part.count as isize, inner, n, steps)
            } else {
                (n, steps, part.count as isize, inner)
            };
            for _ in 0..outer_n {
                let rc = part.work.call(&*ctx, &[x, y], &[inner_n], &inner);
                if rc != 0 {
                    return rc;
                }
                x = x.wrapping_offset(outer[0]);
                y = y.wrapping_offset(outer[1]);
            }
        }
    }
    0
}

/// A loop of one operand made of loops on the leaves of a nested dtype.
pub(super) fn each_leaf(
    dtype: &DType,
    make: &dyn Fn(&DType) -> Result<Option<BoundLoop>>,
) -> Result<BoundLoop> {
    let mut parts = Vec::new();
    let mut add = |offset: usize, count: usize, leaf: &DType| -> Result<()> {
        let work = if leaf.extra.is_some() && leaf.num == TypeNum::Void {
            Some(each_leaf(leaf, make)?)
        } else {
            make(leaf)?
        };
        if let Some(work) = work {
            let step = leaf.size;
            parts.push(Part {
                from: offset,
                to: offset,
                count,
                step_from: step,
                step_to: step,
                work,
            });
        }
        Ok(())
    };
    match (dtype.fields(), dtype.subarray()) {
        (Some(fields), _) => fields.iter().try_for_each(|f| add(f.offset, 1, &f.dtype))?,
        (_, Some((base, shape))) => add(0, shape.iter().product(), base)?,
        _ => add(0, 1, dtype)?,
    }
    Ok(BoundLoop {
        func: run_one,
        ..parts_loop(parts)
    })
}

/// # Safety
/// As any strided loop of one operand; `aux` is a `Vec<Part>` of such loops.
unsafe extern "C" fn run_one(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract; the operand is given twice and loops of one operand read the first.
    unsafe {
        let (a, s) = (*args, *strides);
        run(ctx, [a, a].as_ptr(), dims, [s, s].as_ptr(), aux)
    }
}

/// The loop of a pair in which one is a void.
pub(super) fn find(from: &DType, to: &DType) -> Result<BoundLoop> {
    if equivalent(from, to) && !super::hooks::needs_clear(from) && from.native() == to.native() {
        // Bytes between fields stay what they are.
        let plain = from == to || from.extra.is_none();
        if plain && from.is_dense() {
            return Ok(raw_copy(from.size));
        }
    }
    match (from.fields(), to.fields()) {
        (Some(a), Some(b)) => {
            if a.len() != b.len() {
                return Err(no_cast(from, to));
            }
            let pairs = a.iter().zip(b);
            let parts = pairs.map(|(f, t)| part(&f.dtype, f.offset, &t.dtype, t.offset));
            return Ok(parts_loop(parts.collect::<Result<_>>()?));
        }
        (None, Some(b)) => {
            let parts = b.iter().map(|t| part(from, 0, &t.dtype, t.offset));
            return Ok(parts_loop(parts.collect::<Result<_>>()?));
        }
        (Some([f]), None) => return Ok(parts_loop(vec![part(&f.dtype, f.offset, to, 0)?])),
        (Some(_), None) => return Err(no_cast(from, to)),
        (None, None) => {}
    }
    match (from.subarray(), to.subarray()) {
        (Some((a, n)), Some((b, m))) => broadcast(a, n, b, m),
        (Some((a, n)), None) => broadcast(a, n, to, &[]),
        (None, Some((b, m))) => broadcast(from, &[], b, m),
        (None, None) => plain_void(from, to),
    }
}

fn part(from: &DType, at: usize, to: &DType, put: usize) -> Result<Part> {
    let work = get_cast_unaligned(from, to)?;
    Ok(Part {
        from: at,
        to: put,
        count: 1,
        step_from: 0,
        step_to: 0,
        work,
    })
}

/// Sub-arrays cast item by item, broadcast where the source has length 1 or no such axis. Where the
/// lengths differ otherwise the items that both have are cast, the others zeroed.
fn broadcast(from: &DType, n: &[usize], to: &DType, m: &[usize]) -> Result<BoundLoop> {
    let work = get_cast_unaligned(from, to)?;
    let (total, source) = (m.iter().product::<usize>(), n.iter().product::<usize>());
    let whole = |count, step_from, step_to| {
        vec![Part {
            from: 0,
            to: 0,
            count,
            step_from,
            step_to,
            work: work.clone(),
        }]
    };
    if n == m {
        return Ok(parts_loop(whole(total, from.size, to.size)));
    }
    if source == 1 {
        return Ok(parts_loop(whole(total, 0, to.size)));
    }
    let mut parts = Vec::with_capacity(total);
    for k in 0..total {
        let put = k * to.size;
        match source_index(k, n, m) {
            Some(i) => parts.push(Part {
                from: i * from.size,
                to: put,
                count: 1,
                step_from: 0,
                step_to: 0,
                work: work.clone(),
            }),
            None => parts.push(Part {
                from: 0,
                to: put,
                count: 1,
                step_from: 0,
                step_to: 0,
                work: zero_fill(to.size),
            }),
        }
    }
    Ok(parts_loop(parts))
}

/// The item of the source for item `k` of the target, both counted in C order.
fn source_index(k: usize, n: &[usize], m: &[usize]) -> Option<usize> {
    let (mut rest, mut index, mut step) = (k, 0, 1);
    let mut axes = n.iter().rev();
    for &len in m.iter().rev() {
        let at = rest % len;
        rest /= len;
        match axes.next() {
            Some(1) | None => {}
            Some(&l) if at < l => {
                index += at * step;
                step *= l;
            }
            Some(_) => return None,
        }
    }
    Some(index)
}

/// A loop that ignores its input and zeroes its output.
fn zero_fill(size: usize) -> BoundLoop {
    BoundLoop {
        func: zeros,
        aux: Aux::raw(size as *mut c_void),
        flags: LoopFlags::default(),
    }
}

/// # Safety
/// As any strided loop of two operands; the second has `aux` bytes.
unsafe extern "C" fn zeros(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let mut o = *args.add(1);
        for _ in 0..*dims {
            o.write_bytes(0, aux as usize);
            o = o.wrapping_offset(*strides.add(1));
        }
    }
    0
}

/// Bytes into a void, cut or padded with zeros; or a void read as the text of something else.
fn plain_void(from: &DType, to: &DType) -> Result<BoundLoop> {
    if to.num == TypeNum::Void {
        if from.swapped {
            let native = from.native();
            let swap = get_cast_unaligned(from, &native)?;
            let cut = super::text::resize_bytes(from.size, to.size);
            return Ok(super::compose::chain(swap, from.size, cut));
        }
        return Ok(super::text::resize_bytes(from.size, to.size));
    }
    super::text::from_void(from, to)
}
