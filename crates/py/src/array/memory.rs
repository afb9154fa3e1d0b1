//! Memory of array items: allocation, release, and the handler capsule that owning arrays hold.

use super::ArrayRef;
use crate::args::CallArgs;
use crate::slots::Module;
use numoxide_core::pool::memory as pool;
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

/// `PyDataMem_Handler`, version 1.
#[repr(C)]
pub(crate) struct Handler {
    name: [c_char; 127],
    version: u8,
    ctx: *mut c_void,
    malloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void,
    calloc: unsafe extern "C" fn(*mut c_void, usize, usize) -> *mut c_void,
    realloc: unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void, *mut c_void, usize),
}

// SAFETY: never changed after its making.
unsafe impl Sync for Handler {}

/// The capsule of the pool's handler; made at import, never freed.
static DEFAULT: AtomicPtr<ffi::PyObject> = AtomicPtr::new(null_mut());

unsafe extern "C" fn pool_malloc(_: *mut c_void, bytes: usize) -> *mut c_void {
    pool::alloc(bytes.max(1)).cast()
}

unsafe extern "C" fn pool_calloc(_: *mut c_void, n: usize, size: usize) -> *mut c_void {
    match n.checked_mul(size) {
        Some(bytes) => pool::alloc_zeroed(bytes.max(1)).cast(),
        None => null_mut(),
    }
}

unsafe extern "C" fn pool_realloc(_: *mut c_void, ptr: *mut c_void, bytes: usize) -> *mut c_void {
    // SAFETY: the handler's caller gives back what the handler gave out.
    unsafe { pool::realloc(ptr.cast(), bytes.max(1)).cast() }
}

unsafe extern "C" fn pool_free(_: *mut c_void, ptr: *mut c_void, _: usize) {
    // SAFETY: as above.
    unsafe { pool::free(ptr.cast()) }
}

const fn name(text: &[u8]) -> [c_char; 127] {
    let mut out = [0; 127];
    let mut i = 0;
    while i < text.len() {
        out[i] = text[i] as c_char;
        i += 1;
    }
    out
}

static POOL: Handler = Handler {
    name: name(b"default_allocator"),
    version: 1,
    ctx: null_mut(),
    malloc: pool_malloc,
    calloc: pool_calloc,
    realloc: pool_realloc,
    free: pool_free,
};

/// Makes the capsule.
pub(super) fn init(py: Python<'_>) -> PyResult<()> {
    // SAFETY: the handler and the name live for ever.
    let capsule = unsafe {
        let ptr = std::ptr::from_ref(&POOL).cast_mut().cast();
        Bound::from_owned_ptr_or_err(py, ffi::PyCapsule_New(ptr, c"mem_handler".as_ptr(), None))?
    };
    DEFAULT.store(capsule.into_ptr(), Ordering::Release);
    Ok(())
}

/// The context variable that holds the handler in force; made when one is first set.
static CURRENT: AtomicPtr<ffi::PyObject> = AtomicPtr::new(null_mut());

/// Whether arrays take their memory from the pool, as they do until another handler is set.
#[inline]
pub(super) fn is_default() -> bool {
    CURRENT.load(Ordering::Relaxed).is_null() || current() == default_handler()
}

/// The handler in force in this context, borrowed.
#[inline]
fn current() -> *mut ffi::PyObject {
    let var = CURRENT.load(Ordering::Relaxed);
    if var.is_null() {
        return default_handler();
    }
    let mut found = null_mut();
    // SAFETY: a context variable; its value, held by the context, is a capsule or absent.
    unsafe {
        if ffi::PyContextVar_Get(var, default_handler(), &mut found) < 0 {
            ffi::PyErr_Clear();
            return default_handler();
        }
        // The context keeps its own reference.
        ffi::Py_XDECREF(found);
    }
    found
}

/// A new reference to the handler in force.
pub(crate) fn current_handler(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: a capsule, alive as the context or this module holds it.
    Ok(unsafe { Bound::from_borrowed_ptr(py, current()) })
}

/// Puts a handler in force in this context, the pool's for `None`; the one before.
pub(crate) fn set_handler<'py>(
    py: Python<'py>,
    capsule: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let before = current_handler(py)?;
    // SAFETY: the default is made at import and kept for ever.
    let next =
        capsule.unwrap_or_else(|| unsafe { Bound::from_borrowed_ptr(py, default_handler()) });
    // SAFETY: live objects; the variable is kept for ever.
    unsafe {
        if handler_in(next.as_ptr()).is_none() {
            return Err(pyo3::exceptions::PyValueError::new_err(
                "Capsule must be named 'mem_handler'",
            ));
        }
        let mut var = CURRENT.load(Ordering::Acquire);
        if var.is_null() {
            var = ffi::PyContextVar_New(c"current_allocator".as_ptr(), default_handler());
            if var.is_null() {
                return Err(PyErr::fetch(py));
            }
            CURRENT.store(var, Ordering::Release);
        }
        drop(Bound::from_owned_ptr_or_err(
            py,
            ffi::PyContextVar_Set(var, next.as_ptr()),
        )?);
    }
    Ok(before)
}

/// Fresh memory from the handler in force, or NULL.
#[inline]
pub(super) fn alloc(bytes: usize, zero: bool) -> *mut u8 {
    if !is_default() {
        // SAFETY: the capsule in force holds a handler.
        if let Some(h) = unsafe { handler_in(current()) } {
            // SAFETY: its own functions with its own context.
            return unsafe {
                match zero {
                    true => (h.calloc)(h.ctx, 1, bytes).cast(),
                    false => (h.malloc)(h.ctx, bytes).cast(),
                }
            };
        }
    }
    if zero {
        pool::alloc_zeroed(bytes)
    } else {
        pool::alloc(bytes)
    }
}

/// A new reference to the handler that owning arrays hold.
#[inline]
pub(super) fn handler() -> *mut ffi::PyObject {
    let capsule = current();
    // SAFETY: the context or this module keeps it alive.
    unsafe { ffi::Py_XINCREF(capsule) };
    capsule
}

/// The default handler's capsule, borrowed.
pub(crate) fn default_handler() -> *mut ffi::PyObject {
    DEFAULT.load(Ordering::Relaxed)
}

/// The handler in a capsule, if it is one.
///
/// # Safety
/// - `capsule` is an object.
pub(crate) unsafe fn handler_in<'a>(capsule: *mut ffi::PyObject) -> Option<&'a Handler> {
    // SAFETY: a capsule of this name holds a handler.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, c"mem_handler".as_ptr()) == 0 {
            return None;
        }
        ffi::PyCapsule_GetPointer(capsule, c"mem_handler".as_ptr())
            .cast::<Handler>()
            .as_ref()
    }
}

impl Handler {
    /// The handler's name.
    pub(crate) fn name(&self) -> String {
        // SAFETY: the name is NUL-terminated text in the struct.
        let text = unsafe { std::ffi::CStr::from_ptr(self.name.as_ptr()) };
        text.to_string_lossy().into_owned()
    }

    /// The handler's version.
    pub(crate) fn version(&self) -> u8 {
        self.version
    }
}

/// Frees owned items: by the handler that allocated them, or libc when there is none.
///
/// # Safety
/// - `data` is what the handler or libc gave for `bytes` bytes.
pub(super) unsafe fn free(data: *mut u8, bytes: usize, handler: *mut ffi::PyObject) {
    // SAFETY: by contract.
    unsafe {
        if handler == default_handler() && !handler.is_null() {
            pool::free(data);
        } else if handler.is_null() {
            libc::free(data.cast());
        } else if let Some(h) = handler_in(handler) {
            (h.free)(h.ctx, data.cast(), bytes);
        }
    }
}

/// The handler of the array given, else of the next one; `None` where the array owns no memory.
fn handler_asked<'a>(args: CallArgs<'a, '_>) -> PyResult<Option<&'a Handler>> {
    let capsule = match args.npos() {
        0 => current(),
        _ => {
            let array = ArrayRef::from_any(args.get(0))
                .ok_or_else(|| PyValueError::new_err("if supplied, argument must be an ndarray"))?;
            // SAFETY: the public fields of a live array.
            unsafe { (*array.raw()).mem_handler }
        }
    };
    if capsule.is_null() {
        return Ok(None);
    }
    // SAFETY: a live capsule.
    Ok(unsafe { handler_in(capsule) })
}

/// `get_handler_name(a=<the next array>)`.
pub(super) fn get_handler_name<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let name = handler_asked(args)?.map(Handler::name);
    Ok(name.into_pyobject(py)?.into_any())
}

/// `get_handler_version(a=<the next array>)`.
pub(super) fn get_handler_version<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let version = handler_asked(args)?.map(Handler::version);
    Ok(version.into_pyobject(py)?.into_any())
}
