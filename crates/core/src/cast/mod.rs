//! Casts as loops: one strided loop from any dtype to any other that it can be cast to.
//!
//! A class pair gives a *base* loop for native, aligned elements; byte-swapped and unaligned operands
//! are brought to that form block by block ([`compose`]). Object and StringDType loops, which need the
//! interpreter, come from the hooks that the extension registers.

mod compose;
mod element;
pub mod hooks;
mod structured;
mod text;
mod time;
mod unicode;

use compose::Operand;
use numoxide_dtype::promote::cast_level;
use numoxide_dtype::{DType, Error, Result, TypeNum};
use numoxide_kernels::cast::{copy_loop, number_loop, swap_loop};
use numoxide_kernels::{Aux, BoundLoop, Levels, LoopFlags};
use std::ffi::c_void;

/// The loop that casts elements of `from` to `to`, operands aligned as their dtypes ask.
pub fn get_cast(from: &DType, to: &DType) -> Result<BoundLoop> {
    find(from, to, true)
}

/// As [`get_cast`] for operands at any address.
pub fn get_cast_unaligned(from: &DType, to: &DType) -> Result<BoundLoop> {
    find(from, to, false)
}

/// As [`get_cast`] for operands at any address, unless `aligned`.
pub fn get_cast_if_aligned(from: &DType, to: &DType, aligned: bool) -> Result<BoundLoop> {
    find(from, to, aligned)
}

/// Whether the cast drops imaginary parts, which Python callers are warned of.
pub fn discards_imaginary(from: &DType, to: &DType) -> bool {
    from.num.is_complex() && (to.num.is_integer() || to.num.is_float())
}

/// The loop that copies elements without a change, byte order and all; object references are counted.
pub fn get_copy(dtype: &DType) -> Result<BoundLoop> {
    if dtype.has_objects() || matches!(dtype.num, TypeNum::VString | TypeNum::User) {
        return get_cast_unaligned(dtype, dtype);
    }
    Ok(raw_copy(dtype.size))
}

/// A loop from a kernel.
fn bound(levels: Levels, flags: LoopFlags) -> BoundLoop {
    BoundLoop {
        func: levels.pick(),
        aux: Aux::raw(std::ptr::null_mut()),
        flags,
    }
}

/// Copies bytes.
fn raw_copy(size: usize) -> BoundLoop {
    BoundLoop {
        func: copy_loop(size).pick(),
        aux: Aux::raw(size as *mut c_void),
        flags: LoopFlags {
            cost: 1,
            ..LoopFlags::default()
        },
    }
}

/// Copies elements into the other byte order; a plain copy for dtypes without one.
fn swap_copy(dtype: &DType) -> BoundLoop {
    let parts = match dtype.num {
        TypeNum::Str => dtype.size / 4,
        num if num.is_complex() => 2,
        _ => 1,
    };
    match (dtype.num, swap_loop(dtype.size, parts.max(1))) {
        (TypeNum::Bytes | TypeNum::Void, _) | (_, None) => raw_copy(dtype.size),
        (_, Some(levels)) => BoundLoop {
            func: levels.pick(),
            ..raw_copy(dtype.size)
        },
    }
}

fn find(from: &DType, to: &DType, aligned: bool) -> Result<BoundLoop> {
    use TypeNum as N;
    let outside = |n: N| matches!(n, N::Object | N::VString | N::User);
    if outside(from.num) || outside(to.num) {
        return hooks::find(from, to).unwrap_or_else(|| Err(no_cast(from, to)));
    }
    if from.num == N::Void || to.num == N::Void {
        return structured::find(from, to);
    }
    if same_bytes(from, to) {
        return Ok(raw_copy(from.size));
    }
    if from.swapped != to.swapped && same_bytes(&from.native(), &to.native()) {
        return Ok(swap_copy(from));
    }
    let base = base_loop(&from.native(), &to.native())?;
    let ends = (Operand::new(from, aligned), Operand::new(to, aligned));
    Ok(compose::compose(base, ends.0, ends.1))
}

/// Whether equal bytes mean equal values.
fn same_bytes(from: &DType, to: &DType) -> bool {
    if from.swapped != to.swapped && from.size > 1 && from.num != TypeNum::Bytes {
        return false;
    }
    let class = match (from.num, to.num) {
        (a, b) if a == b => true,
        (a, b) => a.is_integer() && b.is_integer(),
    };
    class && from.size == to.size && from.extra == to.extra
}

/// The loop between native, aligned elements of classes that need no interpreter.
fn base_loop(from: &DType, to: &DType) -> Result<BoundLoop> {
    let is_text = |d: &DType| matches!(d.num, TypeNum::Bytes | TypeNum::Str);
    let is_time = |d: &DType| matches!(d.num, TypeNum::DateTime | TypeNum::TimeDelta);
    if is_time(from) && is_time(to) {
        return time::between_units(from, to);
    }
    match (is_text(from), is_text(to)) {
        (true, true) => Ok(text::resize(from, to)),
        (true, false) if is_time(to) => Ok(time::from_text(from, to)),
        (false, true) if is_time(from) => Ok(time::to_text(from, to)),
        (true, false) => text::to_number(from, to),
        (false, true) => text::from_number(from, to),
        (false, false) => number_loop(from.num, to.num)
            .map(|(levels, flags)| bound(levels, flags))
            .ok_or_else(|| no_cast(from, to)),
    }
}

/// The cast does not exist.
fn no_cast(from: &DType, to: &DType) -> Error {
    let rule = cast_level(from, to).map_or("unsafe", |l| l.name());
    Error::Cast {
        from: from.clone(),
        to: to.clone(),
        rule,
    }
}
