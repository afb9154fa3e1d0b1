//! The shortest way through a small call: native contiguous arrays of one number type and Python
//! numbers, one result. Everything else, and everything large, takes the planned way.

use crate::array::{self, ArrayRef};
use crate::descr;
use crate::errstate;
use crate::layout::flags;
use numoxide_core::TypeNum;
use numoxide_dtype::ROWS;
use numoxide_kernels::{fpstatus, FpClass, LoopCtx};
use numoxide_ufunc::table::{ops, Op};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;
use std::sync::OnceLock;

/// Items from which planning costs nothing in comparison.
const MOST: usize = 4096;
const NONE: u8 = u8::MAX;
const NUMBERS: usize = 24;

/// For each op and type number: the loop that takes all its inputs in that type.
fn loops() -> &'static [[u8; NUMBERS]] {
    static LOOPS: OnceLock<Vec<[u8; NUMBERS]>> = OnceLock::new();
    LOOPS.get_or_init(|| ops().iter().map(row).collect())
}

fn row(op: &Op) -> [u8; NUMBERS] {
    let mut row = [NONE; NUMBERS];
    if op.nout != 1 || op.nin > 2 || op.signature.is_some() {
        return row;
    }
    for (num, slot) in row
        .iter_mut()
        .enumerate()
        .filter(|(n, _)| ROWS[*n].num.is_number())
    {
        let same = |t: &TypeNum| *t == ROWS[num].num;
        let found = op
            .loops
            .iter()
            .position(|l| l.types[..usize::from(op.nin)].iter().all(same));
        // Loops that may fail or give parametric dtypes are left to the planned way.
        let simple = |i: &usize| {
            let l = &op.loops[*i];
            !l.flags.may_fail && l.types[usize::from(op.nin)].is_number()
        };
        *slot = found.filter(simple).map_or(NONE, |i| i as u8);
    }
    row
}

/// An operand: pointer and byte stride.
type Operand = (*mut u8, isize);

/// The call, if it is one of those; `None` sends it the planned way.
#[inline]
pub(super) fn run<'py>(
    py: Python<'py>,
    index: usize,
    args: &[Borrowed<'_, 'py, PyAny>],
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let lead = args.iter().find_map(|a| exact(*a))?;
    let shape = lead.shape();
    let size = lead.size();
    let num = TypeNum::from_c(lead.type_num())?;
    let at = *loops().get(index)?.get(num as usize)?;
    if at == NONE || shape.is_empty() || size == 0 || size > MOST {
        return None;
    }
    let mut numbers = [[0u64; 2]; 2];
    let mut operands: [Operand; 3] = [(std::ptr::null_mut(), 0); 3];
    for (i, arg) in args.iter().enumerate() {
        operands[i] = match exact(*arg) {
            Some(arr) if arr.type_num() == num as i32 && arr.shape() == shape => {
                (arr.data(), ROWS[num as usize].size as isize)
            }
            Some(_) => return None,
            None => {
                number(*arg, num, &mut numbers[i])?;
                (numbers[i].as_mut_ptr().cast(), 0)
            }
        };
    }
    Some(finish(
        py,
        &ops()[index],
        at,
        shape,
        size,
        operands,
        args.len(),
    ))
}

/// An exact array that loops can walk in one step: native, aligned, C-contiguous.
#[inline]
fn exact<'a, 'py>(ob: Borrowed<'a, 'py, PyAny>) -> Option<ArrayRef<'a, 'py>> {
    let arr = ArrayRef::from_any(ob)?;
    let both = flags::C_CONTIGUOUS | flags::ALIGNED;
    // SAFETY: the dtype of a live array.
    let native = unsafe {
        let d = arr.descr();
        (*d).byteorder as u8 != b'>' && (*d).type_num < NUMBERS as i32
    };
    (arr.is_exact() && arr.flags() & both == both && native).then_some(arr)
}

/// A Python float or int in the arrays' own type, where that takes no thought.
#[inline]
fn number(ob: Borrowed<'_, '_, PyAny>, num: TypeNum, slot: &mut [u64; 2]) -> Option<()> {
    // SAFETY: the exact type is checked before the value is read; the slot has 16 bytes.
    unsafe {
        let ty = ffi::Py_TYPE(ob.as_ptr());
        let to = slot.as_mut_ptr();
        if ty == &raw mut ffi::PyFloat_Type {
            let value = ffi::PyFloat_AS_DOUBLE(ob.as_ptr());
            match num {
                TypeNum::Double => to.cast::<f64>().write(value),
                // Out of float32's range the planned way reports it.
                TypeNum::Float if value.abs() < 3e38 || !value.is_finite() => {
                    to.cast::<f32>().write(value as f32);
                }
                _ => return None,
            }
            return Some(());
        }
        if ty != &raw mut ffi::PyLong_Type {
            return None;
        }
        let mut overflow = 0;
        let value = ffi::PyLong_AsLongLongAndOverflow(ob.as_ptr(), &mut overflow);
        match num {
            _ if overflow != 0 => return None,
            TypeNum::Long | TypeNum::LongLong => to.cast::<i64>().write(value),
            TypeNum::Int => to.cast::<i32>().write(i32::try_from(value).ok()?),
            TypeNum::UByte => to.cast::<u8>().write(u8::try_from(value).ok()?),
            TypeNum::Double => to.cast::<f64>().write(value as f64),
            TypeNum::Float if value.abs() < 1 << 24 => to.cast::<f32>().write(value as f32),
            _ => return None,
        }
        Some(())
    }
}

fn finish<'py>(
    py: Python<'py>,
    op: &'static Op,
    at: u8,
    shape: &[usize],
    size: usize,
    operands: [Operand; 3],
    nin: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let lp = &op.loops[usize::from(at)];
    let out_num = lp.types[nin];
    let out = array::empty(py, shape, descr::singleton(out_num), false)?;
    let mut ptrs = [std::ptr::null_mut(); 3];
    let mut strides = [0isize; 3];
    for (i, (ptr, stride)) in operands.iter().take(nin).enumerate() {
        (ptrs[i], strides[i]) = (*ptr, *stride);
    }
    ptrs[nin] = ArrayRef::of(&out).data();
    strides[nin] = ROWS[out_num as usize].size as isize;
    let ctx = LoopCtx::new(&[]);
    let hardware = lp.flags.fp == FpClass::Hardware;
    if hardware {
        fpstatus::clear_all();
    }
    let dims = [size as isize];
    // SAFETY: `size` aligned native items at each pointer; the result is fresh, hence apart.
    unsafe {
        (lp.loops.pick())(
            &ctx,
            ptrs.as_ptr(),
            dims.as_ptr(),
            strides.as_ptr(),
            std::ptr::null_mut(),
        );
    }
    let bits = ctx.fp() | if hardware { fpstatus::read_all() } else { 0 };
    errstate::report(py, bits, op.name)?;
    Ok(out)
}
