//! `frompyfunc`: ufuncs over Python functions.

use super::object;
use crate::args::{CallArgs, Sig};
use crate::slots::{self, trampoline, Module};
use numoxide_kernels::{Aux, BoundLoop, LoopCtx, LoopFlags};
use numoxide_ufunc::table::{Identity, Op, ResolveKind};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use smallvec::SmallVec;
use std::ffi::{c_int, c_void};
use std::ptr::null_mut;

/// Most operands of a ufunc.
const MAX_OPERANDS: i64 = 64;

/// What belongs to one ufunc over a Python function; freed with the ufunc.
pub(super) struct PyFunc {
    op: Op,
    /// `None` where the loops are C functions that the ufunc object lists.
    func: Option<Py<PyAny>>,
    identity: Option<Py<PyAny>>,
    /// Back the texts in `op`.
    _texts: [Box<str>; 3],
}

/// A text that lives as long as its box.
///
/// # Safety
/// - The result is not used once the box is gone.
unsafe fn kept(text: &str) -> &'static str {
    // SAFETY: by contract.
    unsafe { &*std::ptr::from_ref(text) }
}

/// The op of a ufunc whose loops are C functions; `op.foreign` tells it from others.
pub(super) fn new_op(
    texts: [&str; 3],
    operands: (u8, u8),
    identity: Identity,
    value: Option<Py<PyAny>>,
) -> *const Op {
    let texts = texts.map(Box::from);
    // SAFETY: the texts are owned by the struct that owns the op and have the same life.
    let [name, doc, signature] = unsafe { [kept(&texts[0]), kept(&texts[1]), kept(&texts[2])] };
    let made = Box::into_raw(Box::new(PyFunc {
        op: Op {
            name,
            aliases: &[],
            nin: operands.0,
            nout: operands.1,
            identity,
            loops: &[],
            resolve: ResolveKind::Default,
            signature: (!signature.is_empty()).then_some(signature),
            doc,
            sizes: None,
            foreign: 0,
        },
        func: None,
        identity: value,
        _texts: texts,
    }));
    // SAFETY: just made; freed with the ufunc.
    unsafe {
        (*made).op.foreign = made as usize;
        &raw const (*made).op
    }
}

/// Whether the ufunc's loops are C functions.
pub(super) fn is_c(op: &Op) -> bool {
    of(op).is_some_and(|f| f.func.is_none())
}

/// Adds the function to the module.
pub(super) fn register(m: &Bound<'_, PyModule>) -> PyResult<()> {
    slots::add_functions(
        m,
        crate::methods!(Module; c"frompyfunc", frompyfunc, 0,
            c"frompyfunc(func, /, nin, nout, **kwargs)\n--\n\nMake a ufunc of a Python function; it takes and gives objects.";),
    )
}

fn frompyfunc<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static SIG: Sig = Sig::new("frompyfunc", &["func", "nin", "nout", "identity"], 3).max_pos(3);
    let [func, nin, nout, identity] = args.parse(&SIG)?;
    let (Some(func), Some(nin), Some(nout)) = (func, nin, nout) else {
        return Err(PyTypeError::new_err("frompyfunc() needs three arguments"));
    };
    let (nin, nout): (i64, i64) = (nin.extract()?, nout.extract()?);
    if !func.is_callable() {
        return Err(PyTypeError::new_err("function must be callable"));
    }
    if nin.saturating_add(nout) > MAX_OPERANDS || nin < 0 || nout < 0 {
        return Err(PyValueError::new_err(format!(
            "Cannot construct a ufunc with more than {MAX_OPERANDS} operands (requested number \
             were: inputs = {nin} and outputs = {nout})"
        )));
    }
    let name = func.getattr("__name__").and_then(|n| n.extract::<String>());
    let name = format!("{} (vectorized)", name.as_deref().unwrap_or("?")).into_boxed_str();
    // SAFETY: the text is owned by the struct that owns the op and has the same life.
    let text = unsafe { kept(&name) };
    let made = Box::new(PyFunc {
        op: Op {
            name: text,
            aliases: &[],
            nin: nin as u8,
            nout: nout as u8,
            identity: match identity {
                None => Identity::None,
                Some(value) if value.is_none() => Identity::ReorderableNone,
                Some(_) => Identity::Foreign,
            },
            loops: &[],
            resolve: ResolveKind::Default,
            signature: None,
            doc: "dynamic ufunc based on a python function",
            sizes: None,
            foreign: 0,
        },
        func: Some(func.to_owned().unbind()),
        identity: identity.map(|i| i.to_owned().unbind()),
        _texts: [name, Box::from(""), Box::from("")],
    });
    let ptr = Box::into_raw(made);
    // SAFETY: the struct lives until the ufunc made below is freed.
    unsafe {
        (*ptr).op.foreign = ptr as usize;
        object::new(py, &(*ptr).op).inspect_err(|_| drop(Box::from_raw(ptr)))
    }
}

fn of(op: &Op) -> Option<&PyFunc> {
    // SAFETY: `foreign` is 0 or the address of the struct that holds the op.
    unsafe { (op.foreign as *const PyFunc).as_ref() }
}

/// Frees what belongs to the ufunc of this op.
///
/// # Safety
/// - The op is not used again.
pub(super) unsafe fn free(op: *const Op) {
    // SAFETY: by contract; `foreign` is 0 or came from `Box::into_raw`.
    unsafe {
        if let Some(op) = op.as_ref().filter(|op| op.foreign != 0) {
            drop(Box::from_raw(op.foreign as *mut PyFunc));
        }
    }
}

/// Visits the references for the garbage collector.
///
/// # Safety
/// - Called by the collector with its own function and argument.
pub(super) unsafe fn visit(op: Option<&Op>, visit: ffi::visitproc, arg: *mut c_void) -> c_int {
    let Some(kept) = op.and_then(of) else {
        return 0;
    };
    for ob in kept.func.iter().chain(&kept.identity) {
        // SAFETY: by contract, with live objects.
        let status = unsafe { visit(ob.as_ptr(), arg) };
        if status != 0 {
            return status;
        }
    }
    0
}

/// The identity given to `frompyfunc`.
pub(super) fn identity<'py>(py: Python<'py>, op: &Op) -> Option<Bound<'py, PyAny>> {
    of(op)?.identity.as_ref().map(|i| i.bind(py).clone())
}

/// The loop over the function.
pub(super) fn bound(op: &Op) -> Option<BoundLoop> {
    let kept = of(op)?;
    kept.func.as_ref()?;
    let flags = LoopFlags {
        needs_gil: true,
        may_fail: true,
        ..LoopFlags::default()
    };
    Some(BoundLoop {
        func: run,
        aux: Aux::raw(std::ptr::from_ref(kept).cast_mut().cast()),
        flags,
    })
}

/// # Safety
/// - Called by the executor with object operands, the interpreter lock held; `aux` is [`PyFunc`].
unsafe extern "C" fn run(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    unsafe {
        trampoline(|py| {
            let kept = &*aux.cast::<PyFunc>();
            for i in 0..*dims {
                let at = |k: usize| (*args.add(k)).offset(i * *strides.add(k)).cast();
                call_once(py, kept, &at)?;
            }
            Ok(())
        })
    }
}

/// One call of the function; results go to the output slots.
///
/// # Safety
/// - `at` gives the slot of each operand.
unsafe fn call_once(
    py: Python<'_>,
    kept: &PyFunc,
    at: &impl Fn(usize) -> *mut *mut ffi::PyObject,
) -> PyResult<()> {
    let (nin, nout) = (usize::from(kept.op.nin), usize::from(kept.op.nout));
    // SAFETY: slots hold NULL or owned references; operands are kept while the function runs.
    unsafe {
        let inputs: SmallVec<[Bound<'_, PyAny>; 4]> = (0..nin)
            .map(|k| Bound::from_borrowed_ptr_or_opt(py, *at(k)))
            .map(|ob| ob.unwrap_or_else(|| py.None().into_bound(py)))
            .collect();
        let ptrs: SmallVec<[*mut ffi::PyObject; 4]> = inputs.iter().map(|o| o.as_ptr()).collect();
        let func = kept.func.as_ref().map_or(null_mut(), |f| f.as_ptr());
        let made = ffi::PyObject_Vectorcall(func, ptrs.as_ptr(), nin, null_mut());
        let made = Bound::from_owned_ptr_or_err(py, made)?;
        if nout == 1 {
            put(at(nin), made);
        } else if let Ok(tuple) = made.cast::<PyTuple>() {
            if tuple.len() == nout {
                for (k, item) in tuple.iter().enumerate() {
                    put(at(nin + k), item);
                }
            }
        }
    }
    Ok(())
}

/// Puts a reference into a slot, dropping the old one afterwards.
///
/// # Safety
/// - `slot` holds NULL or an owned reference.
unsafe fn put(slot: *mut *mut ffi::PyObject, ob: Bound<'_, PyAny>) {
    // SAFETY: by contract.
    unsafe {
        let old = std::mem::replace(&mut *slot, ob.into_ptr());
        ffi::Py_XDECREF(old);
    }
}
