//! The one trampoline between C callers and our functions: panics become `SystemError`.

use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;
use std::cell::UnsafeCell;
use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// What a slot hands back to C, and its error value.
pub(crate) trait SlotReturn {
    /// The C type.
    type C;
    /// What says "an exception is set".
    const ERR: Self::C;
    /// Converts a success.
    fn into_c(self) -> Self::C;
}

impl SlotReturn for Bound<'_, PyAny> {
    type C = *mut ffi::PyObject;
    const ERR: Self::C = std::ptr::null_mut();
    fn into_c(self) -> Self::C {
        self.into_ptr()
    }
}

impl SlotReturn for Py<PyAny> {
    type C = *mut ffi::PyObject;
    const ERR: Self::C = std::ptr::null_mut();
    fn into_c(self) -> Self::C {
        self.into_ptr()
    }
}

/// An owned object pointer, or NULL where the slot allows "nothing, no error" (`tp_iternext`).
impl SlotReturn for *mut ffi::PyObject {
    type C = *mut ffi::PyObject;
    const ERR: Self::C = std::ptr::null_mut();
    fn into_c(self) -> Self::C {
        self
    }
}

impl SlotReturn for () {
    type C = c_int;
    const ERR: Self::C = -1;
    fn into_c(self) -> Self::C {
        0
    }
}

impl SlotReturn for bool {
    type C = c_int;
    const ERR: Self::C = -1;
    fn into_c(self) -> Self::C {
        c_int::from(self)
    }
}

impl SlotReturn for isize {
    type C = isize;
    const ERR: Self::C = -1;
    fn into_c(self) -> Self::C {
        self
    }
}

/// Runs the body of a slot; an error or a panic leaves an exception set and gives the error value.
///
/// # Safety
/// - The calling thread holds the interpreter lock, as it does in every slot.
#[inline]
pub(crate) unsafe fn trampoline<'py, R: SlotReturn>(
    body: impl FnOnce(Python<'py>) -> PyResult<R>,
) -> R::C {
    // SAFETY: the caller holds the interpreter lock.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: as above.
    let outcome = unsafe { counted(|| catch_unwind(AssertUnwindSafe(|| outcome(py, body)))) };
    match outcome {
        Ok(value) => value,
        Err(panic) => {
            panic_error(&*panic).restore(py);
            R::ERR
        }
    }
}

/// As [`trampoline`], but tries `quick` first, without pyo3's bookkeeping (a good part of the cost of
/// a small call): it gives nothing where `body` must decide.
///
/// References that pyo3 itself counts (`Py`) and that `quick` drops are released a little later.
///
/// # Safety
/// - As for [`trampoline`].
#[inline]
pub(crate) unsafe fn quick_or<'py, R: SlotReturn>(
    quick: impl FnOnce(Python<'py>) -> Option<PyResult<R>>,
    body: impl FnOnce(Python<'py>) -> PyResult<R>,
) -> R::C {
    // SAFETY: the caller holds the interpreter lock.
    let py = unsafe { Python::assume_attached() };
    let done = catch_unwind(AssertUnwindSafe(|| {
        quick(py).map(|answer| outcome(py, |_| answer))
    }));
    match done {
        Ok(Some(value)) => value,
        // SAFETY: by contract.
        Ok(None) => unsafe { trampoline(body) },
        Err(panic) => {
            panic_error(&*panic).restore(py);
            R::ERR
        }
    }
}

/// As [`quick_or`] for a `quick` that cannot panic: not even that is watched for.
///
/// # Safety
/// - As for [`trampoline`].
#[inline]
pub(crate) unsafe fn bare_or<'py, R: SlotReturn>(
    quick: impl FnOnce(Python<'py>) -> Option<R>,
    body: impl FnOnce(Python<'py>) -> PyResult<R>,
) -> R::C {
    // SAFETY: the caller holds the interpreter lock.
    let py = unsafe { Python::assume_attached() };
    match quick(py) {
        Some(value) => value.into_c(),
        // SAFETY: by contract.
        None => unsafe { trampoline(body) },
    }
}

/// As [`trampoline`] without pyo3's bookkeeping at all: for bodies that drop no `Py`.
///
/// # Safety
/// - As for [`trampoline`].
#[inline]
pub(crate) unsafe fn lean<'py, R: SlotReturn>(
    body: impl FnOnce(Python<'py>) -> PyResult<R>,
) -> R::C {
    // SAFETY: the caller holds the interpreter lock.
    let py = unsafe { Python::assume_attached() };
    match catch_unwind(AssertUnwindSafe(|| outcome(py, body))) {
        Ok(value) => value,
        Err(panic) => {
            panic_error(&*panic).restore(py);
            R::ERR
        }
    }
}

/// The C value of a body's result; an error is left set in the interpreter.
#[inline]
fn outcome<'py, R: SlotReturn>(
    py: Python<'py>,
    body: impl FnOnce(Python<'py>) -> PyResult<R>,
) -> R::C {
    match body(py) {
        Ok(value) => value.into_c(),
        Err(err) => {
            err.restore(py);
            R::ERR
        }
    }
}

/// Runs `body` while pyo3 counts this thread as attached.
///
/// Without that, references that pyo3 drops would wait in its deferred pool for ever. Its own entry
/// points do the counting, so `body` goes through the smallest of them, its state behind the pointer
/// that would be `self`.
///
/// # Safety
/// - The calling thread holds the interpreter lock.
#[inline]
unsafe fn counted<F: FnOnce() -> R, R>(body: F) -> R {
    use pyo3::impl_::trampoline::{noargs, MethodDef};
    use std::marker::PhantomData;
    struct Run<F, R>(PhantomData<(F, R)>);
    unsafe fn run<F: FnOnce() -> R, R>(
        _: Python<'_>,
        state: *mut ffi::PyObject,
    ) -> PyResult<*mut ffi::PyObject> {
        // SAFETY: the pointer is the pair below, and nothing else uses it meanwhile.
        let (body, result) = unsafe { &mut *state.cast::<(Option<F>, Option<R>)>() };
        *result = body.take().map(|b| b());
        Ok(std::ptr::null_mut())
    }
    impl<F: FnOnce() -> R, R> MethodDef<noargs::Func> for Run<F, R> {
        const METH: noargs::Func = run::<F, R>;
    }
    let mut state = (Some(body), None);
    // SAFETY: the lock is held; the pointer only reaches `run`.
    unsafe { noargs::<Run<F, R>>((&raw mut state).cast(), std::ptr::null_mut()) };
    match state.1 {
        Some(result) => result,
        None => unreachable!("the body has run"),
    }
}

#[cold]
fn panic_error(panic: &(dyn std::any::Any + Send)) -> PyErr {
    let text = panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_string())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown panic".into());
    PySystemError::new_err(format!("internal error: {text}"))
}

/// Defines an `extern "C"` entry of the form METH_FASTCALL | METH_KEYWORDS over a Rust function
/// `fn(py, slf, CallArgs) -> PyResult<impl SlotReturn<C = *mut PyObject>>`.
#[macro_export]
macro_rules! fastcall {
    ($entry:ident, $body:path) => {
        unsafe extern "C" fn $entry(
            slf: *mut pyo3::ffi::PyObject,
            args: *const *mut pyo3::ffi::PyObject,
            nargs: pyo3::ffi::Py_ssize_t,
            kwnames: *mut pyo3::ffi::PyObject,
        ) -> *mut pyo3::ffi::PyObject {
            // SAFETY: the interpreter calls with its lock held and a valid argument vector.
            unsafe {
                $crate::slots::trampoline(|py| {
                    let slf = pyo3::Borrowed::from_ptr_or_opt(py, slf);
                    let args = $crate::args::CallArgs::new(py, args, nargs, kwnames);
                    $body(py, slf, args)
                })
            }
        }
    };
}

/// One row of a method table.
pub(crate) const fn method(
    name: &'static std::ffi::CStr,
    entry: ffi::PyCFunctionFastWithKeywords,
    extra_flags: c_int,
    doc: &'static std::ffi::CStr,
) -> ffi::PyMethodDef {
    ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer {
            PyCFunctionFastWithKeywords: entry,
        },
        ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS | extra_flags,
        ml_doc: doc.as_ptr(),
    }
}

/// A type object of static life; zeroed until module init fills it and readies it.
#[repr(transparent)]
pub(crate) struct StaticType<T = ffi::PyTypeObject>(UnsafeCell<MaybeUninit<T>>);

// SAFETY: written only during module init, under the interpreter lock; afterwards Python's own.
unsafe impl<T> Sync for StaticType<T> {}

impl<T> StaticType<T> {
    /// A zeroed type object.
    pub(crate) const fn new() -> StaticType<T> {
        StaticType(UnsafeCell::new(MaybeUninit::zeroed()))
    }

    /// The type object.
    #[inline(always)]
    pub(crate) const fn get(&self) -> *mut ffi::PyTypeObject {
        self.0.get().cast()
    }

    /// The type object as an object.
    #[inline(always)]
    pub(crate) const fn as_object(&self) -> *mut ffi::PyObject {
        self.0.get().cast()
    }

    /// Sets name, metatype (NULL: `type`), size and flags, and gives the type for the rest.
    ///
    /// # Safety
    /// - Runs once, during module init; `T` begins with a type object.
    #[expect(clippy::mut_from_ref, reason = "module init has the only access")]
    pub(crate) unsafe fn begin(
        &self,
        name: &str,
        size: usize,
        flags: std::ffi::c_ulong,
    ) -> &mut ffi::PyTypeObject {
        // SAFETY: the memory is zeroed, and the caller has the only access.
        unsafe {
            let ty = &mut *self.get();
            ffi::Py_INCREF(self.as_object());
            let text = std::ffi::CString::new(name).unwrap_or_default();
            ty.tp_name = text.into_raw();
            ty.tp_basicsize = size as isize;
            ty.tp_flags = ffi::Py_TPFLAGS_DEFAULT | flags;
            ty
        }
    }

    /// `PyType_Ready`.
    ///
    /// # Safety
    /// - As [`StaticType::begin`], which has run.
    pub(crate) unsafe fn ready(&self, py: Python<'_>) -> PyResult<()> {
        // SAFETY: the type is filled.
        match unsafe { ffi::PyType_Ready(self.get()) } {
            0 => Ok(()),
            _ => Err(PyErr::fetch(py)),
        }
    }

    /// Whether `ob` is of this type or a subtype.
    ///
    /// # Safety
    /// - `ob` is a valid object.
    #[inline(always)]
    pub(crate) unsafe fn has(&self, ob: *mut ffi::PyObject) -> bool {
        // SAFETY: by contract.
        unsafe { ffi::PyObject_TypeCheck(ob, self.get()) != 0 }
    }
}

/// `numpy` or `numoxide`: the name types and functions give as their module.
pub(crate) fn module_name(py: Python<'_>) -> PyResult<String> {
    py.import("numoxide._mode")?.getattr("MODULE")?.extract()
}

/// What the receiver of a slot is turned into.
pub(crate) trait Receiver<'a, 'py> {
    /// Wraps the `self` pointer (NULL for some module functions).
    ///
    /// # Safety
    /// - `slf` is NULL or of the type the slot belongs to, and outlives `'a`.
    unsafe fn receive(py: Python<'py>, slf: *mut ffi::PyObject) -> Self;
}

impl<'a, 'py> Receiver<'a, 'py> for Borrowed<'a, 'py, PyAny> {
    unsafe fn receive(py: Python<'py>, slf: *mut ffi::PyObject) -> Self {
        // SAFETY: by contract; methods have a receiver.
        unsafe { Borrowed::from_ptr(py, slf) }
    }
}

/// The receiver of a module function: nothing of interest.
pub(crate) struct Module;

impl Receiver<'_, '_> for Module {
    unsafe fn receive(_: Python<'_>, _: *mut ffi::PyObject) -> Self {
        Module
    }
}

/// The call of a method's body, tried first by `quick` where there is one.
#[macro_export]
macro_rules! run_method {
    ($recv:ty, $given:expr, $body:expr) => {
        $crate::slots::trampoline(|py| {
            let (slf, args) = $given(py);
            $body(
                py,
                <$recv as $crate::slots::Receiver>::receive(py, slf),
                args,
            )
        })
    };
    ($recv:ty, $given:expr, $body:expr; $which:ident) => {
        $crate::slots::$which(|py| {
            let (slf, args) = $given(py);
            $body(
                py,
                <$recv as $crate::slots::Receiver>::receive(py, slf),
                args,
            )
        })
    };
    ($recv:ty, $given:expr, $body:expr, $quick:expr) => {
        $crate::slots::quick_or(
            |py| {
                let (slf, args) = $given(py);
                $quick(
                    py,
                    <$recv as $crate::slots::Receiver>::receive(py, slf),
                    &args,
                )
            },
            |py| {
                let (slf, args) = $given(py);
                $body(
                    py,
                    <$recv as $crate::slots::Receiver>::receive(py, slf),
                    args,
                )
            },
        )
    };
}

/// Rows `c"name", fn(py, Receiver, CallArgs) -> PyResult<impl SlotReturn>, flags, c"doc";` as a
/// `Vec<PyMethodDef>`; `@quick => body` tries `fn(py, Receiver, &CallArgs) -> Option<PyResult<_>>` first,
/// `~lean body` is one that drops no `Py`.
#[macro_export]
macro_rules! methods {
    ($recv:ty; $($name:literal, $(~ $lean:ident)? $(@ $quick:path =>)? $body:expr, $flags:expr, $doc:literal;)*) => {
        vec![$({
            unsafe extern "C" fn entry(
                slf: *mut pyo3::ffi::PyObject,
                args: *const *mut pyo3::ffi::PyObject,
                nargs: pyo3::ffi::Py_ssize_t,
                kwnames: *mut pyo3::ffi::PyObject,
            ) -> *mut pyo3::ffi::PyObject {
                // SAFETY: the interpreter calls with its lock held, a valid receiver and arguments.
                unsafe {
                    let given = |py| (slf, $crate::args::CallArgs::new(py, args, nargs, kwnames));
                    $crate::run_method!($recv, given, $body $(; $lean)? $(, $quick)?)
                }
            }
            $crate::slots::method($name, entry, $flags, $doc)
        }),*]
    };
}

/// The trampoline of a getter: [`slots::trampoline`] or the one named.
#[macro_export]
macro_rules! getter {
    ($body:expr) => {
        $crate::slots::trampoline($body)
    };
    ($body:expr, $which:ident) => {
        $crate::slots::$which($body)
    };
}

/// Rows `c"name", getter[, setter];` as a `Vec<PyGetSetDef>`: getters are
/// `fn(py, Receiver) -> PyResult<impl SlotReturn>`, setters `fn(py, Receiver, Option<Borrowed>) -> PyResult<()>`;
/// `@lean getter` is one that drops no `Py`.
#[macro_export]
macro_rules! getset {
    ($recv:ty; $($name:literal $(: $doc:expr)?, $(@ $lean:ident)? $get:expr $(, $set:expr)?;)*) => {
        vec![$({
            unsafe extern "C" fn get(
                slf: *mut pyo3::ffi::PyObject,
                _: *mut std::ffi::c_void,
            ) -> *mut pyo3::ffi::PyObject {
                // SAFETY: the interpreter calls with its lock held and a valid receiver.
                unsafe {
                    let body = |py| $get(py, <$recv as $crate::slots::Receiver>::receive(py, slf));
                    $crate::getter!(body $(, $lean)?)
                }
            }
            #[allow(unused_mut, unused_assignments)]
            let mut set: Option<pyo3::ffi::setter> = None;
            $(
                unsafe extern "C" fn set_it(
                    slf: *mut pyo3::ffi::PyObject,
                    value: *mut pyo3::ffi::PyObject,
                    _: *mut std::ffi::c_void,
                ) -> std::ffi::c_int {
                    // SAFETY: the interpreter calls with its lock held, a valid receiver and value.
                    unsafe {
                        $crate::slots::trampoline(|py| {
                            let value = pyo3::Borrowed::from_ptr_or_opt(py, value);
                            $set(py, <$recv as $crate::slots::Receiver>::receive(py, slf), value)
                        })
                    }
                }
                set = Some(set_it);
            )?
            #[allow(unused_mut, unused_assignments)]
            let mut doc = std::ptr::null();
            $(doc = $doc.as_ptr();)?
            pyo3::ffi::PyGetSetDef {
                name: $name.as_ptr(),
                get: Some(get),
                set,
                doc,
                closure: std::ptr::null_mut(),
            }
        }),*]
    };
}

/// Ends a method table with its zero row and gives it static life.
pub(crate) fn leak_methods(mut rows: Vec<ffi::PyMethodDef>) -> *mut ffi::PyMethodDef {
    rows.push(ffi::PyMethodDef::zeroed());
    Box::leak(rows.into_boxed_slice()).as_mut_ptr()
}

/// Ends an attribute table with its zero row and gives it static life.
pub(crate) fn leak_getset(mut rows: Vec<ffi::PyGetSetDef>) -> *mut ffi::PyGetSetDef {
    rows.push(ffi::PyGetSetDef::default());
    Box::leak(rows.into_boxed_slice()).as_mut_ptr()
}

/// Adds module functions under the public module's name.
pub(crate) fn add_functions(m: &Bound<'_, PyModule>, rows: Vec<ffi::PyMethodDef>) -> PyResult<()> {
    let py = m.py();
    let module = pyo3::types::PyString::new(py, &module_name(py)?);
    for def in Box::leak(rows.into_boxed_slice()) {
        // SAFETY: the row lives for ever; the name is NUL-terminated.
        unsafe {
            let f = ffi::PyCMethod_New(
                def,
                std::ptr::null_mut(),
                module.as_ptr(),
                std::ptr::null_mut(),
            );
            let f = Bound::from_owned_ptr_or_err(py, f)?;
            let name = std::ffi::CStr::from_ptr(def.ml_name);
            m.add(&*name.to_string_lossy(), f)?;
        }
    }
    Ok(())
}

/// Defines an `extern "C"` slot whose arguments are all objects, over `fn(py, Borrowed...)`.
#[macro_export]
macro_rules! slot {
    ($entry:ident($($arg:ident),+) -> $ret:ty = $body:path) => {
        unsafe extern "C" fn $entry($($arg: *mut pyo3::ffi::PyObject),+) -> $ret {
            // SAFETY: the interpreter calls with its lock held and live objects.
            unsafe {
                $crate::slots::trampoline(|py| {
                    $body(py, $(&pyo3::Borrowed::from_ptr(py, $arg)),+)
                })
            }
        }
    };
}
