//! Two axes of a reduction in one call, so that short rows cost no call each.
//!
//! `args` are (accumulator, input), `dims` (inner length, outer length), `strides` those of the inner
//! axis, then those of the outer one. The result is that of the ordinary loop called once an outer
//! index: rows that end in one accumulator are summed in their own order (pairwise for floats),
//! accumulators that lie side by side take one row after another.

use crate::cpu::Level;
use crate::loops::{Levels, LoopCtx};
use crate::shape::{finish, levels, Op2};
use std::ffi::{c_int, c_void};
use std::mem::{size_of, transmute_copy};

/// Accumulators from which on rows are taken four at a time instead of columns many at a time.
const WIDE: usize = 96;

/// Where the rows of an input lie.
#[derive(Clone, Copy)]
struct Rows {
    ptr: *const u8,
    step: isize,
    count: usize,
}

/// # Safety
/// As [`crate::StridedLoop`], in the form of the module's head; `P::L` and `P::O` are one type.
#[inline(always)]
unsafe fn pair_body<P: Op2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _: Level,
) -> c_int {
    // SAFETY: the loop contract; accumulators and input are apart.
    unsafe {
        let (mut out, mut data) = (*args, (*args.add(1)).cast_const());
        let (n, count) = (*dims as usize, *dims.add(1));
        let (so, sb) = (*strides, *strides.add(1));
        let (co, cb) = (*strides.add(2), *strides.add(3));
        let (zo, zb) = (size_of::<P::O>() as isize, size_of::<P::R>() as isize);
        let mut st = 0;
        if so == zo && sb == zb && co == 0 {
            let rows = Rows {
                ptr: data,
                step: cb,
                count: count as usize,
            };
            fold_rows::<P>(out.cast(), n, rows, &mut st);
            return finish(ctx, st, P::failure);
        }
        for _ in 0..count {
            if so == 0 {
                let acc = out.cast::<P::O>();
                acc.write(row::<P>(acc.read(), data, sb, n, &mut st));
            } else {
                for i in 0..n as isize {
                    let acc = out.wrapping_offset(i * so).cast::<P::O>();
                    let x = data.wrapping_offset(i * sb).cast::<P::R>().read();
                    acc.write(P::f(transmute_copy(&*acc), x, &mut st));
                }
            }
            out = out.wrapping_offset(co);
            data = data.wrapping_offset(cb);
        }
        finish(ctx, st, P::failure)
    }
}

/// One row; the shortest have code of their own.
///
/// # Safety
/// As [`Op2::reduce`].
#[inline(always)]
unsafe fn row<P: Op2>(acc: P::O, b: *const u8, sb: isize, n: usize, st: &mut u8) -> P::O {
    let size = size_of::<P::R>() as isize;
    // SAFETY: passed on to the caller.
    unsafe {
        match (n, sb == size) {
            (2, true) => P::reduce(acc, b, size, 2, st),
            (3, true) => P::reduce(acc, b, size, 3, st),
            (4, true) => P::reduce(acc, b, size, 4, st),
            _ => P::reduce(acc, b, sb, n, st),
        }
    }
}

/// Folds rows into `n` accumulators side by side.
///
/// # Safety
/// - `n` accumulators at `out`, and `n` elements of each row, are valid; they do not overlap.
#[inline(always)]
unsafe fn fold_rows<P: Op2>(out: *mut P::O, n: usize, rows: Rows, st: &mut u8) {
    // SAFETY: the caller's contract; every call covers columns below `n`.
    unsafe {
        if n >= WIDE {
            return by_fours::<P>(out, n, rows, st);
        }
        let mut i = 0;
        while i + 32 <= n {
            columns::<P, 32>(out, i, rows, st);
            i += 32;
        }
        while i + 8 <= n {
            columns::<P, 8>(out, i, rows, st);
            i += 8;
        }
        if i + 4 <= n {
            columns::<P, 4>(out, i, rows, st);
            i += 4;
        }
        if i + 2 <= n {
            columns::<P, 2>(out, i, rows, st);
            i += 2;
        }
        if i < n {
            columns::<P, 1>(out, i, rows, st);
        }
    }
}

/// `W` columns from `start` on, held while all rows pass.
///
/// # Safety
/// As [`fold_rows`], for these columns.
#[inline(always)]
unsafe fn columns<P: Op2, const W: usize>(out: *mut P::O, start: usize, rows: Rows, st: &mut u8) {
    // SAFETY: the caller's contract.
    unsafe {
        let acc = out.add(start).cast::<[P::O; W]>();
        let mut held = acc.read();
        let mut p = rows.ptr.cast::<P::R>().wrapping_add(start).cast::<u8>();
        for _ in 0..rows.count {
            let row = p.cast::<[P::R; W]>().read();
            for k in 0..W {
                held[k] = P::f(transmute_copy(&held[k]), row[k], st);
            }
            p = p.wrapping_offset(rows.step);
        }
        acc.write(held);
    }
}

/// Four rows a pass over the accumulators, which then cross the cache a quarter as often.
///
/// # Safety
/// As [`fold_rows`].
#[inline(always)]
unsafe fn by_fours<P: Op2>(out: *mut P::O, n: usize, rows: Rows, st: &mut u8) {
    let at = |r: usize| {
        rows.ptr
            .wrapping_offset(r as isize * rows.step)
            .cast::<P::R>()
    };
    let mut r = 0;
    // SAFETY: the caller's contract.
    unsafe {
        while r + 4 <= rows.count {
            let (a, b, c, d) = (at(r), at(r + 1), at(r + 2), at(r + 3));
            for i in 0..n {
                let acc = out.add(i);
                let x = P::f(transmute_copy(&*acc), *a.add(i), st);
                let x = P::f(transmute_copy(&x), *b.add(i), st);
                let x = P::f(transmute_copy(&x), *c.add(i), st);
                *acc = P::f(transmute_copy(&x), *d.add(i), st);
            }
            r += 4;
        }
        while r < rows.count {
            let a = at(r);
            for i in 0..n {
                let acc = out.add(i);
                *acc = P::f(transmute_copy(&*acc), *a.add(i), st);
            }
            r += 1;
        }
    }
}

levels! {
    /// Loops over two axes of a reduction.
    pair<P: Op2> = pair_body::<P>
}
