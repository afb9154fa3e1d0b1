//! Reductions of small whole arrays without a plan: one loop from the start value over all items.

use super::direct::Given;
use super::numbers::OpId;
use super::reduce::identity;
use super::reduce_types::Request;
use crate::args::CallArgs;
use crate::array::ArrayRef;
use crate::errstate;
use crate::scalar::{self, Raw};
use numoxide_core::small::cast;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::ROWS;
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};
use numoxide_ufunc::exec::Reduction;
use numoxide_ufunc::resolve::reduction_kind;
use numoxide_ufunc::table::{ops, Op};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;
use std::mem::MaybeUninit;
use std::sync::OnceLock;

/// Items from which planning costs nothing in comparison.
const MOST: usize = 4096;
/// Bytes on the stack for items in the loop's type.
const SCRATCH: usize = 2048;
const NUMBERS: usize = 24;

/// The accumulator that a reduction was asked for.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Asked {
    /// The op's own choice.
    Nothing,
    /// Truth values.
    Bool,
    /// Doubles.
    Double,
}

/// A reduction of one number type by one op, looked up once.
struct Fold {
    lp: BoundLoop,
    /// The loop of running results.
    chain: BoundLoop,
    /// Type of the loop's input.
    input: TypeNum,
    /// Type of accumulator and result.
    acc: TypeNum,
    /// The accumulator's first value; `None`: the first item.
    start: Option<Raw>,
    /// The cast from the array's type to the loop's.
    cast: Option<&'static BoundLoop>,
    /// Items may be taken in any order.
    any_order: bool,
}

type Slot = OnceLock<Option<Fold>>;

fn slots() -> &'static [[[Slot; 3]; NUMBERS]] {
    static SLOTS: OnceLock<Vec<[[Slot; 3]; NUMBERS]>> = OnceLock::new();
    let fresh = || std::array::from_fn(|_| std::array::from_fn(|_| OnceLock::new()));
    SLOTS.get_or_init(|| ops().iter().map(|_| fresh()).collect())
}

/// The item or value that an op makes of all items of an exact array of numbers; `None` sends the call
/// the planned way.
#[inline]
pub(super) fn whole<'py>(
    py: Python<'py>,
    index: usize,
    arr: Borrowed<'_, 'py, PyAny>,
    asked: Asked,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let (acc, made) = value(py, index, arr, asked)?;
    Some(made.and_then(|raw| scalar::make_number(py, acc, &raw)))
}

/// As [`whole`] for a method whose first argument is an axis: it must name all axes and stand alone.
#[inline]
pub(super) fn method<'py>(
    py: Python<'py>,
    id: &OpId,
    arr: Borrowed<'_, 'py, PyAny>,
    args: &CallArgs<'_, 'py>,
    asked: Asked,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let axis = match (args.positional(), args.keyword_count()) {
        ([], 0) => return whole(py, id.get(), arr, asked),
        ([axis], 0) => *axis,
        ([], 1) => {
            args.keywords()
                .next()
                .filter(|(name, _)| *name == "axis")?
                .1
        }
        _ => return None,
    };
    match names_all(arr, axis) {
        true => whole(py, id.get(), arr, asked),
        false => along(py, id.get(), arr, axis, asked),
    }
}

/// The reduction of a small table in C order, without a cast, along one of its two axes.
///
/// Runs are those of the planned way: whole rows, one after another.
#[inline(never)]
pub(super) fn along<'py>(
    py: Python<'py>,
    index: usize,
    arr: Borrowed<'_, 'py, PyAny>,
    axis: Borrowed<'_, 'py, PyAny>,
    asked: Asked,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let arr = ArrayRef::from_any(arr).filter(|a| a.is_exact())?;
    // SAFETY: a live array.
    let given = unsafe { Given::array(arr.raw())? };
    let &[n, m] = given.shape() else { return None };
    let axis = match exact_int(axis)? {
        0 | -2 => 0,
        1 | -1 => 1,
        _ => return None,
    };
    // Axes of length 1 are dropped by the planner, which changes the runs.
    if !given.is_c() || n < 2 || m < 2 || n.saturating_mul(m) > MOST {
        return None;
    }
    let fold = look_up(py, index, arr, &given, asked)?;
    if fold.cast.is_some() || fold.input != fold.acc {
        return None;
    }
    let descr = crate::descr::singleton(fold.acc);
    let kept = if axis == 0 { m } else { n };
    let out = match crate::array::empty(py, &[kept], descr, false) {
        Ok(out) => out,
        Err(e) => return Some(Err(e)),
    };
    let bits = fold.table(given.ptr, ArrayRef::of(&out).data(), (n, m), axis);
    Some(errstate::report(py, bits, "reduce").map(|()| out))
}

/// The value of an exact Python int that fits.
#[inline]
fn exact_int(ob: Borrowed<'_, '_, PyAny>) -> Option<i64> {
    // SAFETY: a live object; an exact int is read, which cannot run code.
    unsafe {
        if ffi::PyLong_CheckExact(ob.as_ptr()) == 0 {
            return None;
        }
        let mut overflow = 0;
        let n = ffi::PyLong_AsLongAndOverflow(ob.as_ptr(), &mut overflow);
        (overflow == 0).then_some(n)
    }
}

/// Whether an axis argument means every axis of the array: None, or the one there is.
#[inline]
pub(super) fn names_all(arr: Borrowed<'_, '_, PyAny>, axis: Borrowed<'_, '_, PyAny>) -> bool {
    let one = || ArrayRef::from_any(arr).is_some_and(|a| a.ndim() == 1);
    axis.is_none() || one() && matches!(exact_int(axis), Some(0 | -1))
}

/// The running results over all items of a small exact array, in the array's own type.
pub(super) fn running<'py>(
    py: Python<'py>,
    id: &OpId,
    arr: Borrowed<'_, 'py, PyAny>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let all = match args.positional() {
        [] => true,
        [axis] => names_all(arr, *axis),
        _ => false,
    };
    let arr = ArrayRef::from_any(arr).filter(|a| a.is_exact())?;
    // SAFETY: a live array.
    let given = unsafe { Given::array(arr.raw())? };
    let n = given.size();
    if !all || args.has_keywords() || n == 0 || n > MOST {
        return None;
    }
    let step = match given.strides() {
        _ if given.is_c() => given.itemsize() as isize,
        [one] => *one,
        _ => return None,
    };
    let fold = look_up(py, id.get(), arr, &given, Asked::Nothing)?;
    if fold.cast.is_some() || fold.input != fold.acc || fold.chain.flags.may_fail {
        return None;
    }
    let descr = crate::descr::singleton(fold.acc);
    let out = match crate::array::empty(py, &[n], descr, false) {
        Ok(out) => out,
        Err(e) => return Some(Err(e)),
    };
    let bits = fold.chained(given.ptr, step, ArrayRef::of(&out).data(), n);
    Some(errstate::report(py, bits, "accumulate").map(|()| out))
}

/// The reduction of a type by an op, remembered.
#[inline]
fn look_up(
    py: Python<'_>,
    index: usize,
    arr: ArrayRef<'_, '_>,
    given: &Given,
    asked: Asked,
) -> Option<&'static Fold> {
    let slot = &slots().get(index)?[usize::from(given.code)][asked as usize];
    match slot.get() {
        Some(found) => found.as_ref(),
        None => {
            let found = find(py, &ops()[index], arr, asked);
            slot.get_or_init(|| found).as_ref()
        }
    }
}

/// As [`whole`]: the type and value of the result.
#[inline]
pub(super) fn value<'py>(
    py: Python<'py>,
    index: usize,
    arr: Borrowed<'_, 'py, PyAny>,
    asked: Asked,
) -> Option<(TypeNum, PyResult<Raw>)> {
    let arr = ArrayRef::from_any(arr).filter(|a| a.is_exact())?;
    // SAFETY: a live array.
    let given = unsafe { Given::array(arr.raw())? };
    let n = given.size();
    let fold = look_up(py, index, arr, &given, asked)?;
    let step = match given.ndim() {
        _ if given.is_c() => given.itemsize() as isize,
        1 if fold.cast.is_none() => given.strides()[0],
        _ => return None,
    };
    if n == 0 || n > MOST || (given.ndim() > 1 && fold.start.is_none() && !fold.any_order) {
        return None;
    }
    let made = match fold.cast {
        None => fold.run(py, given.ptr, step, n, 0),
        Some(_) if n * ROWS[fold.input as usize].size > SCRATCH => return None,
        Some(cast) => fold.cast_and_run(py, cast, &given, n),
    };
    Some((fold.acc, made))
}

/// Asks type resolution.
#[cold]
fn find(py: Python<'_>, op: &'static Op, arr: ArrayRef<'_, '_>, asked: Asked) -> Option<Fold> {
    if op.nin != 2 || op.nout != 1 || op.signature.is_some() {
        return None;
    }
    let fixed = match asked {
        Asked::Nothing => None,
        Asked::Bool => Some(TypeNum::Bool),
        Asked::Double => Some(TypeNum::Double),
    };
    let dtype = arr.dtype().native();
    let found = Request::bare(op, arr.as_bound(), fixed.map(DType::new))
        .resolve(py, "reduce")
        .ok()?;
    let acc = found.dtypes[2].num;
    let input = found.dtypes[1].num;
    let chain = found.lp.clone();
    let lp = found.reduce.unwrap_or(found.lp);
    let plain = acc.is_number() && input.is_number() && found.dtypes[0].num == acc;
    if !plain || lp.flags.needs_gil || lp.flags.may_fail || lp.aux.is_owned() {
        return None;
    }
    let start = match identity(py, op, &found.dtypes[2]).ok()? {
        None if input != acc => return None,
        None => None,
        Some(value) => {
            let mut raw = Raw::default();
            let descr = crate::descr::singleton(acc);
            // SAFETY: room for an item of any number class.
            unsafe { scalar::set_item(py, raw.0.as_mut_ptr(), descr, &value).ok()? };
            Some(raw)
        }
    };
    let cast = match dtype.num == input {
        true => None,
        false => Some(cast(dtype.num, input)?),
    };
    Some(Fold {
        any_order: reduction_kind(op, &found.dtypes[2]) == Reduction::Any,
        lp,
        chain,
        input,
        acc,
        start,
        cast,
    })
}

impl Fold {
    /// As [`Fold::run`] over a copy in the loop's type.
    fn cast_and_run(
        &self,
        py: Python<'_>,
        cast: &BoundLoop,
        given: &Given,
        n: usize,
    ) -> PyResult<Raw> {
        let mut room = [MaybeUninit::<Raw>::uninit(); SCRATCH / size_of::<Raw>()];
        let to = room.as_mut_ptr().cast::<u8>();
        let size = ROWS[self.input as usize].size as isize;
        let ctx = LoopCtx::new(&[]);
        let watched = cast.flags.fp == FpClass::Hardware;
        if watched {
            fpstatus::clear_all();
        }
        let strides = [given.itemsize() as isize, size];
        // SAFETY: `n` aligned contiguous items; the caller checked that the room holds as many.
        unsafe { cast.call(&ctx, &[given.ptr, to], &[n as isize], &strides) };
        let hardware = if watched { fpstatus::read_all() } else { 0 };
        self.run(py, to, size, n, ctx.fp() | hardware)
    }

    /// Running results of `n` items into `to`; status bits.
    fn chained(&self, from: *mut u8, step: isize, to: *mut u8, n: usize) -> u8 {
        let size = ROWS[self.acc as usize].size;
        let ctx = LoopCtx::new(&[]);
        let hardware = self.chain.flags.fp == FpClass::Hardware;
        if hardware {
            fpstatus::clear_all();
        }
        // SAFETY: `n` aligned native items on both sides, which lie apart; each step reads the result
        // before it, as the loop's form for running results does. The loop cannot fail.
        unsafe {
            to.copy_from_nonoverlapping(from, size);
            let next = to.wrapping_add(size);
            let ptrs = [to, from.wrapping_offset(step), next];
            let own = size as isize;
            self.chain
                .call(&ctx, &ptrs, &[n as isize - 1], &[own, step, own]);
        }
        ctx.fp() | if hardware { fpstatus::read_all() } else { 0 }
    }

    /// Reduces `n` rows of `m` items along one axis into `to`; status bits.
    fn table(&self, from: *mut u8, to: *mut u8, (n, m): (usize, usize), axis: usize) -> u8 {
        let size = ROWS[self.acc as usize].size;
        let (own, row) = (size as isize, (size * m) as isize);
        let (kept, step) = if axis == 0 { (m, own) } else { (n, row) };
        let ctx = LoopCtx::new(&[]);
        let hardware = self.lp.flags.fp == FpClass::Hardware;
        if hardware {
            fpstatus::clear_all();
        }
        let first = usize::from(self.start.is_none());
        // SAFETY: a table of aligned native items of the loop's class and room for one result a row
        // or column, apart from it. The loop cannot fail.
        unsafe {
            for i in 0..kept {
                let slot = to.add(i * size);
                match &self.start {
                    Some(start) => start.write(slot, size),
                    None => slot.copy_from_nonoverlapping(from.offset(i as isize * step), size),
                }
            }
            if axis == 0 {
                for i in first..n {
                    let ptrs = [to, from.offset(i as isize * row), to];
                    self.lp.call(&ctx, &ptrs, &[m as isize], &[own, own, own]);
                }
            } else {
                for i in 0..n {
                    let slot = to.add(i * size);
                    let items = from.offset(i as isize * row + first as isize * own);
                    let ptrs = [slot, items, slot];
                    self.lp
                        .call(&ctx, &ptrs, &[(m - first) as isize], &[0, own, 0]);
                }
            }
        }
        ctx.fp() | if hardware { fpstatus::read_all() } else { 0 }
    }

    /// The loop over `n` items; `bits` is what was met before.
    #[inline]
    fn run(&self, py: Python<'_>, ptr: *mut u8, step: isize, n: usize, bits: u8) -> PyResult<Raw> {
        let (mut acc, ptr, n) = match self.start {
            Some(start) => (start, ptr, n),
            None => {
                // SAFETY: at least one item.
                let first = unsafe { Raw::read(ptr, ROWS[self.acc as usize].size) };
                (first, ptr.wrapping_offset(step), n - 1)
            }
        };
        if n == 0 {
            return errstate::report(py, bits, "reduce").map(|()| acc);
        }
        let ctx = LoopCtx::new(&[]);
        let hardware = self.lp.flags.fp == FpClass::Hardware;
        let x87 = matches!(self.acc, TypeNum::LongDouble | TypeNum::CLongDouble);
        match hardware {
            true if x87 => fpstatus::clear_all(),
            true => fpstatus::clear(),
            false => {}
        }
        let to = acc.0.as_mut_ptr();
        // SAFETY: `n` aligned native items of the loop's type; the accumulator is apart from them. The
        // loop cannot fail.
        unsafe {
            self.lp
                .call(&ctx, &[to, ptr, to], &[n as isize], &[0, step, 0]);
        }
        let status = match hardware {
            true if x87 => fpstatus::read_all(),
            true => fpstatus::read(),
            false => 0,
        };
        errstate::report(py, bits | ctx.fp() | status, "reduce")?;
        Ok(acc)
    }
}
