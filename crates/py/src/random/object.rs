//! The layout of `numpy.random.bit_generator.BitGenerator`, and the capsule that owns the state.

use std::ffi::{c_int, c_void, CStr};
use std::mem::offset_of;

use numoxide_random::raw::{AnyGen, CBitGen};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::slots::StaticType;

/// A bit generator as C consumers see it: 96 bytes with `bitgen_t` at 32.
#[repr(C)]
struct BitGenObject {
    ob_base: ffi::PyObject,
    seed_seq: *mut ffi::PyObject,
    lock: *mut ffi::PyObject,
    /// `bitgen_t`; zero until a generator is attached.
    bitgen: [*mut c_void; 5],
    ctypes: *mut ffi::PyObject,
    cffi: *mut ffi::PyObject,
    capsule: *mut ffi::PyObject,
}

const _: () = {
    assert!(size_of::<BitGenObject>() == size_of::<ffi::PyObject>() + 80);
    assert!(size_of::<CBitGen>() == size_of::<[*mut c_void; 5]>());
};

static BASE: StaticType = StaticType::new();
/// The name of capsules that hold a `bitgen_t`.
const CAPSULE: &CStr = c"BitGenerator";

/// A generator on the heap behind its C interface; owned by the capsule, which points to `c`.
#[repr(C)]
struct Held {
    c: CBitGen,
    gen: AnyGen,
}

unsafe extern "C" fn free_held(capsule: *mut ffi::PyObject) {
    // SAFETY: the destructor of capsules made by `attach`, whose pointer came from `Box::into_raw`.
    unsafe {
        let held = ffi::PyCapsule_GetPointer(capsule, CAPSULE.as_ptr()).cast::<Held>();
        if !held.is_null() {
            drop(Box::from_raw(held));
        }
    }
}

unsafe extern "C" fn dealloc(object: *mut ffi::PyObject) {
    // SAFETY: the last reference to an object of this layout; its fields are owned or NULL.
    unsafe {
        let this = object.cast::<BitGenObject>();
        for field in [
            (*this).seed_seq,
            (*this).lock,
            (*this).ctypes,
            (*this).cffi,
            (*this).capsule,
        ] {
            ffi::Py_XDECREF(field);
        }
        if let Some(free) = (*ffi::Py_TYPE(object)).tp_free {
            free(object.cast());
        }
    }
}

/// One row of the member table.
fn member(name: &'static CStr, offset: usize) -> ffi::PyMemberDef {
    ffi::PyMemberDef {
        name: name.as_ptr(),
        type_code: ffi::Py_T_OBJECT_EX,
        offset: offset as ffi::Py_ssize_t,
        flags: 0,
        doc: std::ptr::null(),
    }
}

/// Readies the base type and adds it.
pub(super) fn register(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    let members = vec![
        member(c"_seed_seq", offset_of!(BitGenObject, seed_seq)),
        member(c"lock", offset_of!(BitGenObject, lock)),
        member(c"_ctypes", offset_of!(BitGenObject, ctypes)),
        member(c"_cffi", offset_of!(BitGenObject, cffi)),
        member(c"capsule", offset_of!(BitGenObject, capsule)),
        // SAFETY: the zero row that ends a member table.
        unsafe { std::mem::zeroed() },
    ];
    // SAFETY: module init; the type is filled once, the member table lives for ever.
    unsafe {
        let ty = BASE.begin(
            "numoxide.BitGenBase",
            size_of::<BitGenObject>(),
            ffi::Py_TPFLAGS_BASETYPE,
        );
        ty.tp_members = Box::leak(members.into_boxed_slice()).as_mut_ptr();
        ty.tp_new = Some(ffi::PyType_GenericNew);
        ty.tp_dealloc = Some(dealloc);
        BASE.ready(py)?;
        m.add("BitGenBase", Bound::from_borrowed_ptr(py, BASE.as_object()))
    }
}

fn layout(object: &Bound<'_, PyAny>) -> PyResult<*mut BitGenObject> {
    // SAFETY: a live object.
    match unsafe { BASE.has(object.as_ptr()) } {
        true => Ok(object.as_ptr().cast()),
        false => Err(PyTypeError::new_err("expected a BitGenerator")),
    }
}

/// Gives `object` the generator, in a new capsule; an earlier one dies with its last user.
pub(super) fn attach(object: &Bound<'_, PyAny>, gen: AnyGen) -> PyResult<()> {
    let this = layout(object)?;
    if let Some(held) = held(object)? {
        // Others may hold the capsule: they see the new stream too.
        // SAFETY: the capsule owns the memory; the interpreter lock keeps others away.
        unsafe {
            (*held).gen = gen;
            (*held).c = (*held).gen.c_interface();
            (*this).bitgen = std::mem::transmute::<CBitGen, [*mut c_void; 5]>((*held).c);
        }
        return Ok(());
    }
    let mut boxed = Box::new(std::mem::MaybeUninit::<Held>::uninit());
    // SAFETY: both fields are written before the memory counts as a `Held`; the capsule then owns
    // it. The object's `bitgen_t` is a copy of the capsule's with the same state.
    unsafe {
        let held = boxed.as_mut_ptr();
        (&raw mut (*held).gen).write(gen);
        let c = (*held).gen.c_interface();
        (&raw mut (*held).c).write(c);
        let held = Box::into_raw(boxed);
        let capsule = ffi::PyCapsule_New(held.cast(), CAPSULE.as_ptr(), Some(free_held));
        if capsule.is_null() {
            drop(Box::from_raw(held.cast::<Held>()));
            return Err(PyErr::fetch(object.py()));
        }
        (*this).bitgen = std::mem::transmute::<CBitGen, [*mut c_void; 5]>(c);
        (*this).capsule = capsule;
    }
    Ok(())
}

fn held(object: &Bound<'_, PyAny>) -> PyResult<Option<*mut Held>> {
    let this = layout(object)?;
    // SAFETY: the field is NULL or an object; a capsule with our destructor holds a `Held`.
    unsafe {
        let capsule = (*this).capsule;
        let ours = !capsule.is_null()
            && ffi::PyCapsule_IsValid(capsule, CAPSULE.as_ptr()) != 0
            && ffi::PyCapsule_GetDestructor(capsule)
                .is_some_and(|f| f as usize == free_held as *const () as usize);
        Ok(ours.then(|| ffi::PyCapsule_GetPointer(capsule, CAPSULE.as_ptr()).cast()))
    }
}

/// Runs `work` on the generator of one of our bit generator objects.
pub(super) fn with_own<R>(
    object: &Bound<'_, PyAny>,
    work: impl FnOnce(&mut AnyGen) -> R,
) -> PyResult<R> {
    match held(object)? {
        // SAFETY: the object keeps the capsule alive; `work` calls no Python, so the interpreter
        // lock gives the only access.
        Some(held) => Ok(work(unsafe { &mut (*held).gen })),
        None => Err(PyTypeError::new_err("the bit generator is not initialised")),
    }
}

/// The `bitgen_t` in a capsule.
pub(super) fn c_interface(capsule: &Bound<'_, PyAny>) -> PyResult<CBitGen> {
    // SAFETY: a capsule of this name holds a `bitgen_t` by NumPy's convention.
    unsafe {
        let c = ffi::PyCapsule_GetPointer(capsule.as_ptr(), CAPSULE.as_ptr()).cast::<CBitGen>();
        if c.is_null() {
            return Err(PyErr::fetch(capsule.py()));
        }
        Ok(*c)
    }
}

/// Whether `capsule` is one that holds a bit generator.
#[pyfunction]
pub(super) fn is_capsule(capsule: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object; the call checks that it is a capsule.
    let valid: c_int = unsafe { ffi::PyCapsule_IsValid(capsule.as_ptr(), CAPSULE.as_ptr()) };
    valid != 0
}

/// The addresses in the `bitgen_t` of a capsule, its own address first.
#[pyfunction]
pub(super) fn addresses(capsule: &Bound<'_, PyAny>) -> PyResult<[usize; 5]> {
    let c = c_interface(capsule)?;
    // SAFETY: checked by `c_interface`.
    let at = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), CAPSULE.as_ptr()) };
    Ok([
        at as usize,
        c.state as usize,
        c.next_uint64 as usize,
        c.next_uint32 as usize,
        c.next_double as usize,
    ])
}
