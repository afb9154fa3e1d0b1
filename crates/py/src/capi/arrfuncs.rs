//! `PyArray_ArrFuncs`: the functions of a dtype class as C code finds them.

use super::api::{any, Code, Obj};
use crate::array::ArrayRef;
use crate::descr::{self, dtype_of};
use crate::layout::{ArrayObject, DTypeMeta, Descr};
use crate::scalar;
use crate::slots::trampoline;
use crate::statics::Zeroed;
use numoxide_core::sort;
use numoxide_core::RawView;
use numoxide_dtype::{TypeNum, ROWS};
use pyo3::ffi;
use pyo3::prelude::*;
use std::cmp::Ordering;
use std::ffi::{c_int, c_void};

/// `cast(from, to, n, from array, to array)`: contiguous, aligned, native items.
pub(super) type CastFunc =
    unsafe extern "C" fn(*mut u8, *mut u8, isize, *mut ArrayObject, *mut ArrayObject);
type GetItem = unsafe extern "C" fn(*mut u8, *mut ArrayObject) -> *mut ffi::PyObject;
type SetItem = unsafe extern "C" fn(*mut ffi::PyObject, *mut u8, *mut ArrayObject) -> c_int;
type CopySwapN =
    unsafe extern "C" fn(*mut u8, isize, *mut u8, isize, isize, c_int, *mut ArrayObject);
type CopySwap = unsafe extern "C" fn(*mut u8, *mut u8, c_int, *mut ArrayObject);
type Compare = unsafe extern "C" fn(*const u8, *const u8, *mut ArrayObject) -> c_int;
type ArgFunc = unsafe extern "C" fn(*mut u8, isize, *mut isize, *mut ArrayObject) -> c_int;
type DotFunc =
    unsafe extern "C" fn(*mut u8, isize, *mut u8, isize, *mut u8, isize, *mut ArrayObject);
type NonZero = unsafe extern "C" fn(*mut u8, *mut ArrayObject) -> u8;
type Fill = unsafe extern "C" fn(*mut u8, isize, *mut ArrayObject) -> c_int;
type FillWithScalar = unsafe extern "C" fn(*mut u8, isize, *mut u8, *mut ArrayObject) -> c_int;

/// `PyArray_ArrFuncs`.
#[repr(C)]
pub(crate) struct ArrFuncs {
    pub(super) cast: [Option<CastFunc>; 21],
    pub(super) getitem: Option<GetItem>,
    pub(super) setitem: Option<SetItem>,
    pub(super) copyswapn: Option<CopySwapN>,
    pub(super) copyswap: Option<CopySwap>,
    pub(super) compare: Option<Compare>,
    pub(super) argmax: Option<ArgFunc>,
    pub(super) dotfunc: Option<DotFunc>,
    scanfunc: *mut c_void,
    fromstr: *mut c_void,
    pub(super) nonzero: Option<NonZero>,
    pub(super) fill: Option<Fill>,
    pub(super) fillwithscalar: Option<FillWithScalar>,
    sort: [*mut c_void; 3],
    argsort: [*mut c_void; 3],
    castdict: *mut ffi::PyObject,
    scalarkind: *mut c_void,
    cancastscalarkindto: *mut c_void,
    cancastto: *mut c_int,
    unused: [*mut c_void; 3],
    pub(super) argmin: Option<ArgFunc>,
}

const _: () = assert!(size_of::<ArrFuncs>() == 376);

const NULL: *mut c_void = std::ptr::null_mut();

impl ArrFuncs {
    /// No function at all.
    pub(super) const EMPTY: ArrFuncs = ArrFuncs {
        cast: [None; 21],
        getitem: None,
        setitem: None,
        copyswapn: None,
        copyswap: None,
        compare: None,
        argmax: None,
        dotfunc: None,
        scanfunc: NULL,
        fromstr: NULL,
        nonzero: None,
        fill: None,
        fillwithscalar: None,
        sort: [NULL; 3],
        argsort: [NULL; 3],
        castdict: std::ptr::null_mut(),
        scalarkind: NULL,
        cancastscalarkindto: NULL,
        cancastto: std::ptr::null_mut(),
        unused: [NULL; 3],
        argmin: None,
    };

    /// The functions of a built-in class.
    const fn builtin<const N: usize>() -> ArrFuncs {
        ArrFuncs {
            getitem: Some(getitem::<N>),
            setitem: Some(setitem::<N>),
            copyswapn: Some(copyswapn::<N>),
            copyswap: Some(copyswap::<N>),
            compare: Some(compare::<N>),
            argmax: Some(extreme::<N, true>),
            argmin: Some(extreme::<N, false>),
            nonzero: Some(nonzero::<N>),
            fill: Some(fill::<N>),
            fillwithscalar: Some(fillwithscalar::<N>),
            ..ArrFuncs::EMPTY
        }
    }
}

/// What the slots pointer of a legacy DType class leads to: compiled helpers of NumPy's own read the
/// functions in place, behind fourteen pointers.
#[repr(C)]
pub(super) struct Slots {
    private: [*mut c_void; 14],
    pub(super) funcs: ArrFuncs,
    /// The functions as C code gets to change them.
    pub(super) shown: *mut ArrFuncs,
}

const _: () = assert!(std::mem::offset_of!(Slots, funcs) == 0x70);

static TABLES: Zeroed<[Slots; 24]> = Zeroed::new();

/// Fills the tables of the built-in classes.
pub(super) fn init() {
    macro_rules! rows {
        ($($n:literal)+) => { [$((ArrFuncs::builtin::<$n>(), $n)),+] };
    }
    let rows = rows!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23);
    for (table, n) in rows {
        // SAFETY: module init has the only access; classes are static.
        unsafe {
            let slots: *mut Slots = TABLES.at(n);
            (*slots).funcs = table;
            (*slots).shown = &raw mut (*slots).funcs;
            (*descr::class(ROWS[n].num)).dt_slots = slots.cast();
        }
    }
}

/// The functions of a dtype's class; NULL for classes that have none.
///
/// # Safety
/// - `descr` is live.
pub(super) unsafe fn of(descr: *const Descr) -> *mut ArrFuncs {
    // SAFETY: dtypes are instances of DType classes; legacy ones keep their functions there.
    unsafe {
        match (*descr).type_num {
            0..=2055 => {
                let class = ffi::Py_TYPE(descr.cast_mut().cast()).cast::<DTypeMeta>();
                let slots = (*class).dt_slots.cast::<Slots>();
                slots
                    .as_ref()
                    .map_or(std::ptr::null_mut(), |slots| slots.shown)
            }
            _ => std::ptr::null_mut(),
        }
    }
}

/// The dtype that the array names, or the default one of the class.
unsafe fn descr_in<const N: usize>(a: *mut ArrayObject) -> *mut Descr {
    // SAFETY: `a` is NULL or has a dtype; often it is a stand-in with nothing else.
    unsafe {
        match a.is_null() || (*a).descr.is_null() {
            true => descr::singleton(ROWS[N].num),
            false => (*a).descr,
        }
    }
}

unsafe extern "C" fn getitem<const N: usize>(
    item: *mut u8,
    a: *mut ArrayObject,
) -> *mut ffi::PyObject {
    // SAFETY: an item of the dtype, the lock held, by the C API's contract.
    unsafe { trampoline(|py| scalar::get_item(py, item, descr_in::<N>(a))) }
}

unsafe extern "C" fn setitem<const N: usize>(
    value: Obj,
    item: *mut u8,
    a: *mut ArrayObject,
) -> c_int {
    // SAFETY: as above.
    unsafe { trampoline(|py| scalar::set_item(py, item, descr_in::<N>(a), &any(py, value))) }
}

unsafe extern "C" fn copyswap<const N: usize>(
    to: *mut u8,
    from: *mut u8,
    swap: c_int,
    a: *mut ArrayObject,
) {
    // SAFETY: items of the dtype; no source means "in place".
    unsafe { copyswapn::<N>(to, 0, from, 0, 1, swap, a) }
}

unsafe extern "C" fn copyswapn<const N: usize>(
    to: *mut u8,
    to_stride: isize,
    from: *mut u8,
    from_stride: isize,
    n: isize,
    swap: c_int,
    a: *mut ArrayObject,
) {
    // SAFETY: `n` items at each address by the C API's contract; objects are counted.
    unsafe {
        let descr = descr_in::<N>(a);
        let size = (*descr).elsize as usize;
        for i in 0..n {
            let to = to.offset(i * to_stride);
            if !from.is_null() {
                let from = from.offset(i * from_stride);
                if from != to {
                    scalar::acquire(from, descr);
                    scalar::release(to, descr);
                    std::ptr::copy(from, to, size);
                }
            }
            if swap != 0 && ROWS[N].num != TypeNum::Void {
                scalar::swap(std::slice::from_raw_parts_mut(to, size), ROWS[N].num);
            }
        }
    }
}

unsafe extern "C" fn compare<const N: usize>(
    x: *const u8,
    y: *const u8,
    a: *mut ArrayObject,
) -> c_int {
    // SAFETY: two items of the dtype, the lock held; errors stay set, as callers look for them.
    unsafe {
        let found: c_int = trampoline(|py| {
            let dtype = dtype_of(descr_in::<N>(a));
            match sort::compare_items(&dtype, x, y) {
                Ok(Ordering::Less) => Ok(Code(-1)),
                Ok(Ordering::Equal) => Ok(Code(0)),
                Ok(Ordering::Greater) => Ok(Code(1)),
                Err(e) => Err(crate::err::to_py(py, e)),
            }
        });
        found
    }
}

unsafe extern "C" fn extreme<const N: usize, const LARGEST: bool>(
    items: *mut u8,
    n: isize,
    at: *mut isize,
    a: *mut ArrayObject,
) -> c_int {
    // SAFETY: `n` items of the dtype, the lock held.
    unsafe {
        trampoline(|py| {
            let dtype = dtype_of(descr_in::<N>(a));
            let mut best = 0;
            for i in 1..n {
                let (x, y) = (
                    items.offset(i * dtype.size as isize),
                    items.offset(best * dtype.size as isize),
                );
                let order =
                    sort::compare_items(&dtype, x, y).map_err(|e| crate::err::to_py(py, e))?;
                if order
                    == (if LARGEST {
                        Ordering::Greater
                    } else {
                        Ordering::Less
                    })
                {
                    best = i;
                }
            }
            *at = best;
            Ok(())
        })
    }
}

unsafe extern "C" fn nonzero<const N: usize>(item: *mut u8, a: *mut ArrayObject) -> u8 {
    // SAFETY: an item of the dtype, the lock held.
    unsafe {
        trampoline(|py| {
            let dtype = dtype_of(descr_in::<N>(a));
            let view = RawView {
                ptr: item,
                dtype: &dtype,
                shape: &[],
                strides: &[],
            };
            let count = numoxide_core::index::count_nonzero(&view);
            let count = count.map_err(|e| crate::err::to_py(py, e))?;
            Ok(super::api::Truth(count != 0))
        })
    }
}

/// Continues the line through the first two items.
unsafe extern "C" fn fill<const N: usize>(items: *mut u8, n: isize, a: *mut ArrayObject) -> c_int {
    // SAFETY: `n` items of the dtype, the first two set, the lock held.
    unsafe {
        trampoline(|py| {
            let descr = descr_in::<N>(a);
            if n < 3 {
                return Ok(());
            }
            let size = (*descr).elsize;
            let first = scalar::get_item(py, items, descr)?;
            let second = scalar::get_item(py, items.offset(size), descr)?;
            let step = second.call_method1("__sub__", (&first,))?;
            for i in 2..n {
                let far = step.call_method1("__mul__", (i,))?;
                let value = first.call_method1("__add__", (far,))?;
                scalar::set_item(py, items.offset(i * size), descr, &value)?;
            }
            Ok(())
        })
    }
}

unsafe extern "C" fn fillwithscalar<const N: usize>(
    items: *mut u8,
    n: isize,
    value: *mut u8,
    a: *mut ArrayObject,
) -> c_int {
    // SAFETY: `n` items of the dtype and one value.
    unsafe {
        let size = (*descr_in::<N>(a)).elsize;
        copyswapn::<N>(items, size, value, 0, n, 0, a);
    }
    0
}

/// A stand-in for an array, with nothing but a dtype: what class functions get to know it by.
pub(super) fn stand_in(descr: *mut Descr) -> ArrayObject {
    ArrayObject {
        // SAFETY: the bytes of an object head; never handed to Python.
        ob_base: unsafe { std::mem::zeroed() },
        data: std::ptr::null_mut(),
        nd: 0,
        dimensions: std::ptr::null_mut(),
        strides: std::ptr::null_mut(),
        base: std::ptr::null_mut(),
        descr,
        flags: crate::layout::flags::BEHAVED,
        weakreflist: std::ptr::null_mut(),
        buffer_info: std::ptr::null_mut(),
        mem_handler: std::ptr::null_mut(),
    }
}

/// Whether a borrowed array's items may be given to class functions as they lie.
pub(super) fn is_plain(a: ArrayRef<'_, '_>) -> bool {
    a.has(crate::layout::flags::ALIGNED) && !a.dtype().swapped
}
