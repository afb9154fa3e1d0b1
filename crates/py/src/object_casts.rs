//! Casts from and to objects, registered with the engine at import.

use crate::descr;
use crate::layout::Descr;
use crate::scalar;
use crate::slots::trampoline;
use numoxide_core::cast::hooks::{set_object_hooks, set_warn, ObjectHooks};
use numoxide_core::{DType, Error, Result, TypeNum};
use numoxide_kernels::{Aux, BoundLoop, LoopCtx, LoopFlags, StridedLoop};
use pyo3::exceptions::PyUserWarning;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_int, c_void};
use std::ptr::null_mut;

/// Registers the loops.
pub(crate) fn register() {
    set_object_hooks(ObjectHooks {
        cast,
        clear,
        fill_zero,
    });
    set_warn(warn);
}

fn warn(text: &str) -> Result<()> {
    Python::attach(|py| {
        let class = py.get_type::<PyUserWarning>();
        crate::err::warn(py, &class.into_any(), text).map_err(|e| crate::err::set(py, e))
    })
}

/// The dtype objects of the two ends of a cast.
struct Ends {
    from: Py<PyAny>,
    to: Py<PyAny>,
}

fn raw(descr: &Py<PyAny>) -> *mut Descr {
    descr.as_ptr().cast()
}

fn bound(func: StridedLoop, aux: Aux) -> BoundLoop {
    BoundLoop {
        func,
        aux,
        flags: LoopFlags {
            needs_gil: true,
            may_fail: true,
            cost: 20,
            ..LoopFlags::default()
        },
    }
}

fn cast(from: &DType, to: &DType) -> Option<Result<BoundLoop>> {
    use TypeNum as N;
    let object = |d: &DType| d.num == N::Object;
    if (from.num == N::User || to.num == N::User) && !object(from) && !object(to) {
        return crate::capi::user::cast(from, to);
    }
    let func: StridedLoop = match (from.num, to.num) {
        (N::Object, N::Object) => return Some(Ok(bound(copy_objects, Aux::raw(null_mut())))),
        (N::Object, _) => from_objects,
        (_, N::Object) => to_objects,
        (N::VString, N::VString) => through_items,
        (_, N::VString) => through_text,
        _ => through_items,
    };
    Some(Python::attach(|py| {
        let ends = descr::descr_for(py, from)
            .and_then(|from| descr::descr_for(py, to).map(|to| Ends { from, to }));
        match ends {
            Ok(ends) => Ok(bound(func, Aux::new(ends))),
            Err(e) => Err(crate::err::set(py, e)),
        }
    }))
}

fn clear(dtype: &DType) -> Result<BoundLoop> {
    match dtype.num {
        TypeNum::Object => Ok(bound(clear_objects, Aux::raw(null_mut()))),
        TypeNum::VString => Ok(bound(clear_bytes, Aux::raw(dtype.size as *mut c_void))),
        _ => Err(Error::Type("unknown user dtype".into())),
    }
}

fn fill_zero(dtype: &DType) -> Result<BoundLoop> {
    match dtype.num {
        TypeNum::Object => Ok(bound(zero_objects, Aux::raw(null_mut()))),
        _ => clear(dtype),
    }
}

/// Calls `body(source, target)` for each pair of items.
unsafe fn each(
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    mut body: impl FnMut(*mut u8, *mut u8) -> PyResult<()>,
) -> PyResult<()> {
    // SAFETY: one dimension and two operands, as the loop form says.
    unsafe {
        for i in 0..*dims {
            body(
                (*args).offset(i * *strides),
                (*args.add(1)).offset(i * *strides.add(1)),
            )?;
        }
    }
    Ok(())
}

/// # Safety
/// - A loop of two object operands, the interpreter lock held.
unsafe extern "C" fn copy_objects(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _aux: *mut c_void,
) -> c_int {
    // SAFETY: slots hold NULL or owned references, maybe unaligned.
    unsafe {
        for i in 0..*dims {
            let from = (*args).offset(i * *strides).cast::<*mut ffi::PyObject>();
            let to = (*args.add(1)).offset(i * *strides.add(1));
            let to = to.cast::<*mut ffi::PyObject>();
            let item = from.read_unaligned();
            let old = to.read_unaligned();
            ffi::Py_XINCREF(item);
            to.write_unaligned(item);
            ffi::Py_XDECREF(old);
        }
    }
    0
}

/// # Safety
/// - A loop from objects to another dtype, the interpreter lock held; `aux` is [`Ends`].
unsafe extern "C" fn from_objects(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    unsafe {
        trampoline(|py| {
            let to = raw(&(*aux.cast::<Ends>()).to);
            each(args, dims, strides, |source, target| {
                let item = source.cast::<*mut ffi::PyObject>().read_unaligned();
                let item = match item.is_null() {
                    true => ffi::Py_None(),
                    false => item,
                };
                let item = Bound::from_borrowed_ptr(py, item);
                scalar::set_item(py, target, to, &item)
            })
        })
    }
}

/// # Safety
/// - A loop to objects from another dtype, the interpreter lock held; `aux` is [`Ends`].
unsafe extern "C" fn to_objects(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract; the slot gets the new reference before the old one goes.
    unsafe {
        trampoline(|py| {
            let from = raw(&(*aux.cast::<Ends>()).from);
            each(args, dims, strides, |source, target| {
                let item = scalar::get_item(py, source, from)?;
                let slot = target.cast::<*mut ffi::PyObject>();
                let old = slot.read_unaligned();
                slot.write_unaligned(item.into_ptr());
                ffi::Py_XDECREF(old);
                Ok(())
            })
        })
    }
}

/// Through a Python object of the item, for strings of variable width.
///
/// # Safety
/// - A loop between the dtypes of `aux`, [`Ends`], the interpreter lock held.
unsafe extern "C" fn through_items(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    unsafe {
        trampoline(|py| {
            let ends = &*aux.cast::<Ends>();
            each(args, dims, strides, |source, target| {
                let item = scalar::get_item(py, source, raw(&ends.from))?;
                scalar::set_item(py, target, raw(&ends.to), &item)
            })
        })
    }
}

/// As [`through_items`], with the text of the item's scalar.
///
/// # Safety
/// - As there.
unsafe extern "C" fn through_text(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    unsafe {
        trampoline(|py| {
            let ends = &*aux.cast::<Ends>();
            let bytes = descr::num_of(raw(&ends.from)) == TypeNum::Bytes;
            each(args, dims, strides, |source, target| {
                let item = scalar::from_ptr(py, source, raw(&ends.from), None)?;
                let text = match bytes {
                    true => item.call_method1("decode", ("ascii",))?,
                    false => item.str()?.into_any(),
                };
                scalar::set_item(py, target, raw(&ends.to), &text)
            })
        })
    }
}

/// # Safety
/// - A loop of one object operand, the interpreter lock held.
unsafe extern "C" fn clear_objects(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _aux: *mut c_void,
) -> c_int {
    // SAFETY: slots hold NULL or owned references.
    unsafe {
        for i in 0..*dims {
            crate::array::refs::take((*args).offset(i * *strides).cast());
        }
    }
    0
}

/// # Safety
/// - A loop of one operand whose item size is `aux`.
unsafe extern "C" fn clear_bytes(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    unsafe {
        for i in 0..*dims {
            (*args).offset(i * *strides).write_bytes(0, aux as usize);
        }
    }
    0
}

/// # Safety
/// - A loop of one object operand, the interpreter lock held.
unsafe extern "C" fn zero_objects(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    _aux: *mut c_void,
) -> c_int {
    // SAFETY: slots hold NULL or owned references.
    unsafe {
        for i in 0..*dims {
            let slot = (*args).offset(i * *strides).cast::<*mut ffi::PyObject>();
            let zero = ffi::PyLong_FromLong(0);
            if zero.is_null() {
                return -1;
            }
            let old = slot.read_unaligned();
            slot.write_unaligned(zero);
            ffi::Py_XDECREF(old);
        }
    }
    0
}
