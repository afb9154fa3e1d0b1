//! The dispatcher type: its layout, its slots, and the call that needs no detour.

use super::protocol;
use crate::args::{Arg, CallArgs};
use crate::slots::{self, leak_getset, leak_methods, StaticType};
use crate::{array, scalar};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::{ffi, intern, Borrowed};
use std::ffi::{c_int, c_void};
use std::mem::offset_of;

extern "C" {
    // Not among pyo3's declarations.
    fn PyMethod_New(func: *mut ffi::PyObject, slf: *mut ffi::PyObject) -> *mut ffi::PyObject;
}

static DISPATCHER: StaticType = StaticType::new();

/// One argument whose type matters.
pub(super) struct Row {
    /// Where it stands among positional arguments; `usize::MAX` if it may not be given so.
    index: usize,
    /// Its keyword, an owned `str`; NULL for "every positional argument from `index` on".
    name: *mut ffi::PyObject,
    /// Whether the items of a list or tuple matter, not the argument itself.
    many: bool,
}

/// Which arguments of a call matter.
pub(super) enum Relevant {
    /// Those that rows name.
    Rows(Vec<Row>),
    /// Those that a function with the same arguments returns (owned).
    Function(*mut ffi::PyObject),
    /// The first positional argument, put there for `like=`.
    Like,
}

#[repr(C)]
struct Dispatcher {
    head: ffi::PyObject,
    vectorcall: Option<ffi::vectorcallfunc>,
    dict: *mut ffi::PyObject,
    implementation: *mut ffi::PyObject,
    /// Owned box, NULL only while the object is being made.
    relevant: *mut Relevant,
}

fn raw(slf: Arg<'_, '_>) -> *mut Dispatcher {
    slf.as_ptr().cast()
}

/// The function that a dispatcher stands before.
pub(super) fn implementation<'py>(slf: Arg<'_, 'py>) -> Bound<'py, PyAny> {
    // SAFETY: every dispatcher that code can see owns an implementation.
    unsafe { Bound::from_borrowed_ptr(slf.py(), (*raw(slf)).implementation) }
}

/// Whether an object's type is exactly one that has no `__array_function__` of interest.
#[inline(always)]
pub(super) unsafe fn is_plain(ob: *mut ffi::PyObject) -> bool {
    // SAFETY: a live object, by contract.
    unsafe {
        let ty = ffi::Py_TYPE(ob);
        ty == array::NDARRAY.get()
            || ob == ffi::Py_None()
            || ty == &raw mut ffi::PyLong_Type
            || ty == &raw mut ffi::PyFloat_Type
            || ty == &raw mut ffi::PyTuple_Type
            || ty == &raw mut ffi::PyList_Type
            || ty == &raw mut ffi::PyBool_Type
            || ty == &raw mut ffi::PyUnicode_Type
            || ty == &raw mut ffi::PyComplex_Type
            || ty == &raw mut ffi::PyBytes_Type
            || ty == &raw mut ffi::PyDict_Type
            || scalar::num_for(ty).is_some()
    }
}

/// The items of an exact list or tuple.
#[inline(always)]
unsafe fn exact_items(ob: *mut ffi::PyObject) -> Option<(isize, bool)> {
    // SAFETY: a live object, by contract.
    unsafe {
        if ffi::PyList_CheckExact(ob) != 0 {
            Some((ffi::PyList_GET_SIZE(ob), true))
        } else if ffi::PyTuple_CheckExact(ob) != 0 {
            Some((ffi::PyTuple_GET_SIZE(ob), false))
        } else {
            None
        }
    }
}

/// Runs `see` on the arguments that rows name, and on the items of those with many; stops at false.
///
/// # Safety
/// - The vector is that of a call: `npos` positional arguments, then one for each keyword.
#[inline(always)]
pub(super) unsafe fn each_relevant(
    rows: &[Row],
    args: *const *mut ffi::PyObject,
    npos: usize,
    kwnames: *mut ffi::PyObject,
    mut see: impl FnMut(*mut ffi::PyObject, bool) -> bool,
) -> bool {
    for row in rows {
        // SAFETY: indices are within the vector; the objects live as long as the call.
        unsafe {
            if row.name.is_null() {
                for i in row.index..npos {
                    if !see(*args.add(i), false) {
                        return false;
                    }
                }
                continue;
            }
            let ob = if row.index < npos {
                *args.add(row.index)
            } else if kwnames.is_null() {
                continue;
            } else {
                match keyword(row.name, args, npos, kwnames) {
                    Some(ob) => ob,
                    None => continue,
                }
            };
            match exact_items(ob).filter(|_| row.many) {
                Some((len, list)) => {
                    for i in 0..len {
                        let item = if list {
                            ffi::PyList_GET_ITEM(ob, i)
                        } else {
                            ffi::PyTuple_GET_ITEM(ob, i)
                        };
                        if !see(item, false) {
                            return false;
                        }
                    }
                }
                None => {
                    if !see(ob, row.many) {
                        return false;
                    }
                }
            }
        }
    }
    true
}

/// The argument given under a keyword.
#[inline]
unsafe fn keyword(
    name: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    npos: usize,
    kwnames: *mut ffi::PyObject,
) -> Option<*mut ffi::PyObject> {
    // SAFETY: the names are a tuple of str, one for each entry past the positional ones.
    unsafe {
        let count = ffi::PyTuple_GET_SIZE(kwnames);
        let len = ffi::PyUnicode_GET_LENGTH(name);
        for i in 0..count {
            let given = ffi::PyTuple_GET_ITEM(kwnames, i);
            let same = given == name
                || (ffi::PyUnicode_GET_LENGTH(given) == len
                    && ffi::PyUnicode_Compare(given, name) == 0);
            if same {
                return Some(*args.add(npos + i as usize));
            }
        }
        None
    }
}

unsafe extern "C" fn vectorcall(
    slf: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    nargsf: usize,
    kwnames: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls with its lock held, a dispatcher and a valid argument vector.
    unsafe {
        let d = slf.cast::<Dispatcher>();
        let npos = ffi::PyVectorcall_NARGS(nargsf) as usize;
        if let Relevant::Rows(rows) = &*(*d).relevant {
            if each_relevant(rows, args, npos, kwnames, |ob, _| is_plain(ob)) {
                return ffi::PyObject_Vectorcall((*d).implementation, args, nargsf, kwnames);
            }
        }
        slots::trampoline(|py| {
            let slf = Borrowed::from_ptr(py, slf);
            let all = CallArgs::new(py, args, npos as isize, kwnames);
            protocol::call(py, slf, &*(*d).relevant, (args, npos, kwnames), &all)
        })
    }
}

/// Reads what says which arguments matter: rows, a function, or None.
fn parse_relevant(given: Arg<'_, '_>) -> PyResult<Relevant> {
    if given.is_none() {
        return Ok(Relevant::Like);
    }
    let Ok(tuple) = given.cast::<PyTuple>() else {
        return Ok(Relevant::Function(given.to_owned().into_ptr()));
    };
    type Given<'py> = (Option<usize>, Option<Bound<'py, PyAny>>, bool);
    let mut rows = Vec::with_capacity(tuple.len());
    for item in tuple.iter() {
        let (index, name, many): Given<'_> = item.extract()?;
        let mut name = name.map_or(std::ptr::null_mut(), Bound::into_ptr);
        if !name.is_null() {
            // SAFETY: an owned reference, replaced by that of the interned string.
            unsafe { ffi::PyUnicode_InternInPlace(&raw mut name) };
        }
        rows.push(Row {
            index: index.unwrap_or(usize::MAX),
            name,
            many,
        });
    }
    Ok(Relevant::Rows(rows))
}

unsafe extern "C" fn new(
    ty: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: called with the lock held; the object is filled before anyone sees it.
    unsafe {
        slots::trampoline(|py| {
            let args = Borrowed::from_ptr(py, args).cast::<PyTuple>()?.to_owned();
            if !kwargs.is_null() && ffi::PyDict_Size(kwargs) > 0 {
                return Err(PyTypeError::new_err(
                    "_ArrayFunctionDispatcher() takes no keyword arguments",
                ));
            }
            let (relevant, implementation): (Bound<'_, PyAny>, Bound<'_, PyAny>) =
                args.extract()?;
            let relevant = parse_relevant(relevant.as_borrowed())?;
            let made = Bound::from_owned_ptr_or_err(py, ffi::PyType_GenericAlloc(ty, 0))?;
            let d = made.as_ptr().cast::<Dispatcher>();
            (*d).vectorcall = Some(vectorcall);
            (*d).relevant = Box::into_raw(Box::new(relevant));
            (*d).implementation = implementation.clone().into_ptr();
            py.import(intern!(py, "functools"))?
                .getattr(intern!(py, "update_wrapper"))?
                .call1((&made, implementation))?;
            Ok(made)
        })
    }
}

unsafe extern "C" fn traverse(
    slf: *mut ffi::PyObject,
    visit: ffi::visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: visiting the dispatcher's own references, as the collector asks.
    unsafe {
        let d = slf.cast::<Dispatcher>();
        let function = match (*d).relevant.as_ref() {
            Some(Relevant::Function(f)) => *f,
            _ => std::ptr::null_mut(),
        };
        for ob in [(*d).implementation, (*d).dict, function] {
            if !ob.is_null() {
                let status = visit(ob, arg);
                if status != 0 {
                    return status;
                }
            }
        }
        0
    }
}

unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: the last reference is gone; fields are NULL or owned.
    unsafe {
        ffi::PyObject_GC_UnTrack(slf.cast());
        let d = slf.cast::<Dispatcher>();
        ffi::Py_XDECREF((*d).dict);
        ffi::Py_XDECREF((*d).implementation);
        if !(*d).relevant.is_null() {
            match *Box::from_raw((*d).relevant) {
                Relevant::Rows(rows) => rows.iter().for_each(|row| ffi::Py_XDECREF(row.name)),
                Relevant::Function(f) => ffi::Py_XDECREF(f),
                Relevant::Like => {}
            }
        }
        ffi::PyObject_GC_Del(slf.cast());
    }
}

unsafe extern "C" fn descr_get(
    slf: *mut ffi::PyObject,
    obj: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: called with the lock held and live objects; NULL stands for "by the class".
    unsafe {
        if obj.is_null() {
            return ffi::Py_NewRef(slf);
        }
        PyMethod_New(slf, obj)
    }
}

unsafe extern "C" fn repr(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a live dispatcher.
    unsafe { ffi::PyObject_Repr((*slf.cast::<Dispatcher>()).implementation) }
}

unsafe extern "C" fn str(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a live dispatcher.
    unsafe { ffi::PyObject_Str((*slf.cast::<Dispatcher>()).implementation) }
}

fn reduce<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    implementation(slf).getattr(intern!(py, "__qualname__"))
}

fn own_implementation<'py>(_: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(implementation(slf))
}

/// The signature of a function of the extension, from the text that its declaration left.
fn signature<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    match dict(py, slf)?.get_item("_signature_text") {
        Ok(text) => py
            .import("numoxide._core._signatures")?
            .call_method1("from_text", (text,)),
        Err(_) => Err(pyo3::exceptions::PyAttributeError::new_err("__signature__")),
    }
}

fn dict<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the type has a dictionary offset.
    unsafe {
        let d = ffi::PyObject_GenericGetDict(slf.as_ptr(), std::ptr::null_mut());
        Bound::from_owned_ptr_or_err(py, d)
    }
}

/// Readies the type and adds it, with the function that orders arguments.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    let methods = crate::methods![Arg<'_, '_>;
        c"__reduce__", reduce, 0, c"Name under which the function is pickled.";
    ];
    let getset = crate::getset![Arg<'_, '_>;
        c"_implementation", own_implementation;
        c"__dict__", dict;
        c"__signature__", signature;
    ];
    // SAFETY: module init; the type is filled once.
    unsafe {
        let name = format!("{}._ArrayFunctionDispatcher", slots::module_name(py)?);
        let flags = ffi::Py_TPFLAGS_HAVE_GC
            | ffi::Py_TPFLAGS_HAVE_VECTORCALL
            | ffi::Py_TPFLAGS_METHOD_DESCRIPTOR;
        let ty = DISPATCHER.begin(&name, size_of::<Dispatcher>(), flags);
        ty.tp_doc =
            c"A public function: asks arguments that override it, then runs its implementation."
                .as_ptr();
        ty.tp_new = Some(new);
        ty.tp_repr = Some(repr);
        ty.tp_str = Some(str);
        ty.tp_call = Some(ffi::PyVectorcall_Call);
        ty.tp_vectorcall_offset = offset_of!(Dispatcher, vectorcall) as isize;
        ty.tp_dictoffset = offset_of!(Dispatcher, dict) as isize;
        ty.tp_getattro = Some(ffi::PyObject_GenericGetAttr);
        ty.tp_setattro = Some(ffi::PyObject_GenericSetAttr);
        ty.tp_descr_get = Some(descr_get);
        ty.tp_traverse = Some(traverse);
        ty.tp_dealloc = Some(dealloc);
        ty.tp_methods = leak_methods(methods);
        ty.tp_getset = leak_getset(getset);
        DISPATCHER.ready(py)?;
        let status = ffi::PyDict_SetItemString(
            (*DISPATCHER.get()).tp_dict,
            c"accepts_rows".as_ptr(),
            ffi::Py_True(),
        );
        if status != 0 {
            return Err(PyErr::fetch(py));
        }
        let ty = Bound::from_borrowed_ptr(py, DISPATCHER.as_object());
        m.add("_ArrayFunctionDispatcher", ty)?;
    }
    slots::add_functions(
        m,
        crate::methods![slots::Module;
            c"_get_implementing_args", protocol::get_implementing_args, 0,
                c"List the arguments that a call asks, one for each type, subclasses first.";
        ],
    )
}
