//! The commonest input: nested lists or tuples of Python's own numbers, read without any Python call.

use super::super::{empty, ArrayRef, Shape};
use super::Request;
use crate::descr::{num_of, singleton};
use crate::layout::Descr;
use numoxide_core::Order;
use numoxide_dtype::{dispatch_real, Bool, TypeNum};
use pyo3::ffi;
use pyo3::prelude::*;

/// A number type that Python's numbers convert to without a warning or an error.
trait Leaf: Copy {
    fn of_float(x: f64) -> Option<Self>;
    fn of_int(x: i64) -> Option<Self>;
}

macro_rules! int_leaf {
    ($($t:ty)*) => { $(impl Leaf for $t {
        fn of_float(_: f64) -> Option<Self> { None }
        #[inline(always)]
        fn of_int(x: i64) -> Option<Self> { x.try_into().ok() }
    })* };
}
int_leaf! { i8 u8 i16 u16 i32 u32 i64 u64 }

impl Leaf for f64 {
    #[inline(always)]
    fn of_float(x: f64) -> Option<Self> {
        Some(x)
    }
    #[inline(always)]
    fn of_int(x: i64) -> Option<Self> {
        Some(x as f64)
    }
}

impl Leaf for f32 {
    #[inline(always)]
    fn of_float(x: f64) -> Option<Self> {
        let y = x as f32;
        // Overflow and underflow warn: left to the slow path.
        let quiet = y.is_normal() || x == 0.0 || !x.is_finite();
        quiet.then_some(y)
    }
    #[inline(always)]
    fn of_int(x: i64) -> Option<Self> {
        Some(x as f64 as f32)
    }
}

impl Leaf for Bool {
    fn of_float(x: f64) -> Option<Self> {
        Some(Bool(u8::from(x != 0.0)))
    }
    fn of_int(x: i64) -> Option<Self> {
        Some(Bool(u8::from(x != 0)))
    }
}

/// Why a pass over the leaves ended early.
enum Stop {
    /// A leaf of a wider kind: start again with this type.
    Wider(TypeNum),
    /// Not a case for the fast path.
    Other,
}

/// How leaves are read.
#[derive(Clone, Copy)]
struct Rules {
    /// The type of the array follows the leaves (no dtype was asked for).
    guess: bool,
    /// The type being filled.
    num: TypeNum,
}

/// Items of an exact list or tuple.
///
/// # Safety
/// - `ob` is an object; the slice is used before any Python code can run.
#[inline(always)]
unsafe fn items<'a>(ob: *mut ffi::PyObject) -> Option<&'a [*mut ffi::PyObject]> {
    // SAFETY: exact types have exactly these layouts.
    unsafe {
        if ffi::PyList_CheckExact(ob) != 0 {
            let n = ffi::PyList_GET_SIZE(ob) as usize;
            if n == 0 {
                return Some(&[]);
            }
            let first = (*ob.cast::<ffi::PyListObject>()).ob_item;
            return Some(std::slice::from_raw_parts(first, n));
        }
        if ffi::PyTuple_CheckExact(ob) != 0 {
            let n = ffi::PyTuple_GET_SIZE(ob) as usize;
            let first = (*ob.cast::<ffi::PyTupleObject>()).ob_item.as_ptr();
            return Some(std::slice::from_raw_parts(first, n));
        }
        None
    }
}

/// The array of nested lists of plain numbers; `None` when the general path must decide.
pub(super) fn array<'py>(
    py: Python<'py>,
    ob: *mut ffi::PyObject,
    req: &Request,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (descr, fortran) = (req.descr, req.order == Order::F);
    let mut shape = Shape::new();
    let mut at = ob;
    // SAFETY: no Python code runs between here and the end of the fill; all objects stay alive.
    unsafe {
        while let Some(list) = items(at) {
            shape.push(list.len());
            match list.first() {
                Some(&first) => at = first,
                None => break,
            }
            if shape.len() == 32 {
                return Ok(None);
            }
        }
    }
    if shape.is_empty() {
        return number(py, ob, descr);
    }
    if shape.len() > req.ndmax || fortran && shape.len() > 1 {
        return Ok(None);
    }
    let mut num = match descr {
        Some(d) if is_plain(d) => num_of(d),
        Some(_) => return Ok(None),
        // SAFETY: a valid object.
        None => match unsafe { leaf_kind(at) } {
            Some(num) => num,
            None if shape.last() == Some(&0) => TypeNum::Double,
            None => return Ok(None),
        },
    };
    for _ in 0..3 {
        let target = descr.unwrap_or_else(|| singleton(num));
        let out = empty(py, &shape, target, false)?;
        let mut data = ArrayRef::of(&out).data();
        let rules = Rules {
            guess: descr.is_none(),
            num,
        };
        let done = dispatch_real!(num, T => {
            // SAFETY: the new array has room for all leaves of `shape`.
            unsafe { fill::<T>(ob, &shape, &mut data, rules) }
        }, _ => Err(Stop::Other));
        match done {
            Ok(()) => return Ok(Some(out)),
            Err(Stop::Wider(wider)) => num = wider,
            Err(Stop::Other) => return Ok(None),
        }
    }
    Ok(None)
}

/// The 0-d array of a Python number.
fn number<'py>(
    py: Python<'py>,
    ob: *mut ffi::PyObject,
    descr: Option<*mut Descr>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // SAFETY: a live object.
    let num = match (descr, unsafe { leaf_kind(ob) }) {
        (Some(d), Some(_)) if is_plain(d) => num_of(d),
        (None, Some(num)) => num,
        _ => return Ok(None),
    };
    // SAFETY: as above.
    let Some(raw) = (unsafe { crate::scalar::plain_number(ob, num) }) else {
        return Ok(None);
    };
    let out = empty(py, &[], singleton(num), false)?;
    let to = ArrayRef::of(&out);
    // SAFETY: the one item of the new array.
    unsafe { raw.write(to.data(), to.itemsize()) };
    Ok(Some(out))
}

/// A native dtype that the fast path can fill.
fn is_plain(descr: *mut Descr) -> bool {
    descr == singleton(num_of(descr))
}

/// The dtype a leaf asks for.
///
/// # Safety
/// - `ob` is an object.
unsafe fn leaf_kind(ob: *mut ffi::PyObject) -> Option<TypeNum> {
    // SAFETY: by contract.
    unsafe {
        if ffi::PyFloat_CheckExact(ob) != 0 {
            Some(TypeNum::Double)
        } else if ffi::PyLong_CheckExact(ob) != 0 {
            Some(TypeNum::Long)
        } else if ffi::PyBool_Check(ob) != 0 {
            Some(TypeNum::Bool)
        } else {
            None
        }
    }
}

/// Fills the items of one level; `out` moves on.
///
/// # Safety
/// - `out` has room for all items of `shape`.
unsafe fn fill<T: Leaf>(
    ob: *mut ffi::PyObject,
    shape: &[usize],
    out: &mut *mut u8,
    rules: Rules,
) -> Result<(), Stop> {
    // SAFETY: by contract; no Python code runs.
    unsafe {
        let Some(list) = items(ob) else {
            return Err(Stop::Other);
        };
        if list.len() != shape[0] {
            return Err(Stop::Other);
        }
        if shape.len() > 1 {
            for &item in list {
                fill::<T>(item, &shape[1..], out, rules)?;
            }
            return Ok(());
        }
        let mut to = out.cast::<T>();
        for &item in list {
            to.write(leaf(item, rules)?);
            to = to.add(1);
        }
        *out = to.cast();
        Ok(())
    }
}

/// One leaf as the type being filled.
///
/// # Safety
/// - `ob` is an object.
#[inline(always)]
unsafe fn leaf<T: Leaf>(ob: *mut ffi::PyObject, rules: Rules) -> Result<T, Stop> {
    // SAFETY: by contract; the exact types have these values.
    unsafe {
        if ffi::PyFloat_CheckExact(ob) != 0 {
            if rules.guess && rules.num != TypeNum::Double {
                return Err(Stop::Wider(TypeNum::Double));
            }
            return T::of_float((*ob.cast::<ffi::PyFloatObject>()).ob_fval).ok_or(Stop::Other);
        }
        if ffi::PyLong_CheckExact(ob) != 0 {
            if rules.guess && rules.num == TypeNum::Bool {
                return Err(Stop::Wider(TypeNum::Long));
            }
            let mut overflow = 0;
            let value = ffi::PyLong_AsLongLongAndOverflow(ob, &mut overflow);
            if overflow != 0 {
                return Err(Stop::Other);
            }
            return T::of_int(value).ok_or(Stop::Other);
        }
        if ffi::PyBool_Check(ob) != 0 {
            return T::of_int(i64::from(ob == ffi::Py_True())).ok_or(Stop::Other);
        }
        Err(Stop::Other)
    }
}
