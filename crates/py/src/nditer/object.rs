//! The Python type.

use super::build::{build, Request};
use super::flags::{self, writes};
use super::operands::OpAxes;
use super::state::{still_delayed, NdIter};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce::assign_object;
use crate::array::ArrayRef;
use crate::convert;
use crate::descr;
use crate::methods;
use crate::slots::{leak_getset, leak_methods, module_name, trampoline, Receiver, StaticType};
use numoxide_core::Order;
use numoxide_dtype::Casting;
use pyo3::exceptions::{PyIndexError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySlice, PyTuple};
use pyo3::Borrowed;
use std::ffi::c_int;

/// The type.
pub(super) static NDITER: StaticType = StaticType::new();

/// The object: a pointer to what Rust keeps, NULL before `__init__` and after `close`.
#[repr(C)]
pub(super) struct Object {
    ob_base: ffi::PyObject,
    it: *mut NdIter,
    child: *mut ffi::PyObject,
    started: bool,
    finished: bool,
}

/// A borrowed iterator object.
#[derive(Clone, Copy)]
pub(super) struct ItRef<'a, 'py>(Borrowed<'a, 'py, PyAny>);

impl<'a, 'py> Receiver<'a, 'py> for ItRef<'a, 'py> {
    unsafe fn receive(py: Python<'py>, slf: *mut ffi::PyObject) -> Self {
        // SAFETY: the slot belongs to nditer.
        ItRef(unsafe { Borrowed::from_ptr(py, slf) })
    }
}

/// What slots give.
pub(super) type Out<'py> = PyResult<Bound<'py, PyAny>>;

fn past_end() -> PyErr {
    PyValueError::new_err("Iterator is past the end")
}

impl<'a, 'py> ItRef<'a, 'py> {
    fn raw(self) -> *mut Object {
        self.0.as_ptr().cast()
    }

    /// The iterator, if there is one.
    pub(super) fn state(self) -> Option<&'a mut NdIter> {
        // SAFETY: NULL or a boxed iterator that lives until it is closed; no call on it runs Python
        // code that could close it while the reference is used.
        unsafe { (*self.raw()).it.as_mut() }
    }

    /// The iterator, or NumPy's words for its absence.
    pub(super) fn valid(self) -> PyResult<&'a mut NdIter> {
        self.state()
            .ok_or_else(|| PyValueError::new_err("Iterator is invalid"))
    }

    /// The iterator, standing on an item.
    pub(super) fn current(self) -> PyResult<&'a mut NdIter> {
        match self.state() {
            Some(it) if !self.finished() => Ok(it),
            _ => Err(past_end()),
        }
    }

    /// As [`ItRef::current`], with values to look at.
    fn filled(self) -> PyResult<&'a mut NdIter> {
        let it = self.current()?;
        if it.delayed {
            return Err(still_delayed());
        }
        Ok(it)
    }

    pub(super) fn finished(self) -> bool {
        // SAFETY: a live object.
        unsafe { (*self.raw()).finished }
    }

    pub(super) fn set(self, started: bool, finished: bool) {
        // SAFETY: a live object.
        unsafe {
            (*self.raw()).started = started;
            (*self.raw()).finished = finished;
        }
    }

    /// The iterator of the next inner level of a nest.
    fn child(self) -> Option<ItRef<'a, 'py>> {
        // SAFETY: NULL or an nditer that this object keeps alive.
        unsafe {
            let child = (*self.raw()).child;
            (!child.is_null()).then(|| ItRef(Borrowed::from_ptr(self.0.py(), child)))
        }
    }

    /// Puts the inner levels of a nest on the item where this one stands.
    pub(super) fn move_children(self) -> PyResult<()> {
        let (Some(child), Some(it)) = (self.child(), self.state()) else {
            return Ok(());
        };
        if let Some(inner) = child.state() {
            let ptrs: Vec<*mut u8> = it.ptrs().to_vec();
            child.or_end(inner.rebase(self.0.py(), &ptrs))?;
            child.set(false, inner.walk.size() == 0);
        }
        child.move_children()
    }

    /// A failed cast leaves no values to look at: the iteration is over until it is reset.
    pub(super) fn or_end<T>(self, outcome: PyResult<T>) -> PyResult<T> {
        outcome.inspect_err(|_| {
            let unfilled = |it: &mut NdIter| it.buffers.as_ref().is_some_and(|b| !b.allocated());
            if self.state().is_some_and(unfilled) {
                self.set(true, true);
            }
        })
    }

    /// Links the next inner level.
    pub(super) fn set_child(self, child: Bound<'py, PyAny>) {
        // SAFETY: a live object without a child so far.
        unsafe { (*self.raw()).child = child.into_ptr() };
    }

    fn advance(self) -> PyResult<bool> {
        let more = match self.state() {
            Some(it) if !self.finished() => self.or_end(it.iternext(self.0.py()))?,
            _ => return Ok(false),
        };
        if more {
            self.move_children()?;
        } else {
            self.set(true, true);
        }
        Ok(more)
    }

    fn owner(self) -> Bound<'py, PyAny> {
        self.0.to_owned()
    }
}

/// An object around an iterator.
pub(super) fn wrap(py: Python<'_>, it: NdIter) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: generic allocation zeroes the object, which takes the boxed iterator.
    unsafe {
        let ob = ffi::PyType_GenericAlloc(NDITER.get(), 0);
        let made = Bound::from_owned_ptr_or_err(py, ob)?;
        let raw = ob.cast::<Object>();
        (*raw).finished = it.walk.size() == 0;
        (*raw).it = Box::into_raw(Box::new(it));
        Ok(made)
    }
}

/// The object as an iterator, which it is known to be.
pub(super) fn of<'a, 'py>(ob: &'a Bound<'py, PyAny>) -> ItRef<'a, 'py> {
    ItRef(ob.as_borrowed())
}

unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: the last reference goes; the fields are NULL or owned.
    unsafe {
        let py = Python::assume_attached();
        let raw = slf.cast::<Object>();
        let pending = PyErr::take(py);
        if !(*raw).it.is_null() {
            let mut it = Box::from_raw((*raw).it);
            (*raw).it = std::ptr::null_mut();
            let _ = trampoline(|py| {
                finish(py, &mut it);
                drop(it);
                Ok(())
            });
        }
        ffi::Py_XDECREF((*raw).child);
        if let Some(e) = pending {
            e.restore(py);
        }
        let ty = ffi::Py_TYPE(slf);
        if let Some(free) = (*ty).tp_free {
            free(slf.cast());
        }
    }
}

/// What is left to do when an iterator goes without having been closed.
fn finish(py: Python<'_>, it: &mut NdIter) {
    if it.has_pending(py) {
        let text = "Temporary data has not been written back to one of the operands. Typically \
                    nditer is used as a context manager otherwise 'close' must be called before \
                    reading iteration results.";
        // SAFETY: a class object of the interpreter's.
        let class = unsafe { Bound::from_borrowed_ptr(py, ffi::PyExc_RuntimeWarning) };
        if let Err(e) = crate::err::warn(py, &class, text) {
            e.write_unraisable(py, None);
        }
    }
    if let Err(e) = it.close(py) {
        e.write_unraisable(py, None);
    }
}

// Construction.

static NEW: Sig = Sig::new(
    "nditer",
    &[
        "op",
        "flags",
        "op_flags",
        "op_dtypes",
        "order",
        "casting",
        "op_axes",
        "itershape",
        "buffersize",
    ],
    1,
);

unsafe extern "C" fn init_entry(
    slf: *mut ffi::PyObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: the interpreter passes a tuple, and a dictionary or NULL, with its lock held.
    unsafe {
        trampoline(|py| {
            let mut all: Vec<*mut ffi::PyObject> = Borrowed::from_ptr(py, args)
                .cast::<PyTuple>()?
                .iter_borrowed()
                .map(|a| a.as_ptr())
                .collect();
            let npos = all.len();
            if npos > NEW.params.len() {
                return Err(PyTypeError::new_err(format!(
                    "nditer() takes at most 9 arguments ({npos} given)"
                )));
            }
            let mut names = None;
            if let Some(kwargs) = Bound::from_borrowed_ptr_or_opt(py, kwargs) {
                let kwargs = kwargs.cast::<PyDict>()?.clone();
                all.extend(kwargs.values().iter().map(|v| v.as_ptr()));
                names = Some(kwargs.keys().to_tuple());
            }
            let names = names.as_ref().map_or(std::ptr::null_mut(), |n| n.as_ptr());
            let args = CallArgs::new(py, all.as_ptr(), npos as isize, names);
            construct(py, ItRef(Borrowed::from_ptr(py, slf)), args)
        })
    }
}

fn construct<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, args: CallArgs<'_, 'py>) -> PyResult<()> {
    let known = |name: &str| NEW.params.contains(&name);
    if let Some((name, _)) = args.keywords().find(|(name, _)| !known(name)) {
        return Err(PyTypeError::new_err(format!(
            "'{name}' is an invalid keyword argument for nditer()"
        )));
    }
    let [ops, flags, op_flags, dtypes, order, casting, op_axes, itershape, size] =
        args.parse(&NEW).map_err(|e| match args.npos() {
            0 => PyTypeError::new_err("nditer() missing required argument 'op' (pos 1)"),
            _ => e,
        })?;
    if slf.state().is_some() {
        return Err(PyValueError::new_err("Iterator was already initialized"));
    }
    let mut request = common(py, [ops, flags, op_flags, dtypes, order, casting, size])?;
    request.op_axes = read_op_axes(op_axes, request.ops.len())?;
    request.itershape = convert::none_is_absent(itershape)
        .map(convert::int_list)
        .transpose()?
        .map(|s| s.to_vec());
    let it = build(py, request)?;
    slf.set(false, it.walk.size() == 0);
    // SAFETY: a live object without an iterator.
    unsafe { (*slf.raw()).it = Box::into_raw(Box::new(it)) };
    Ok(())
}

/// The arguments that `nditer` and `nested_iters` share.
pub(super) fn common<'py>(
    py: Python<'py>,
    [ops, flags, op_flags, dtypes, order, casting, size]: [Option<Arg<'_, 'py>>; 7],
) -> PyResult<Request<'py>> {
    let bound = |ob: Option<Arg<'_, 'py>>| ob.map(|o| o.to_owned());
    let global = flags::parse_global(bound(flags).as_ref())?;
    let order = convert::order(order, Order::Keep)?;
    let casting = read_casting(casting)?;
    let buffersize = size.map_or(Ok(0), convert::as_index)?;
    let Some(ops) = bound(ops) else {
        return Err(PyTypeError::new_err(
            "nditer() missing required argument 'op' (pos 1)",
        ));
    };
    let given: Vec<Bound<'py, PyAny>> = if let Ok(list) = ops.cast::<PyList>() {
        list.iter().collect()
    } else if let Ok(tuple) = ops.cast::<PyTuple>() {
        tuple.iter().collect()
    } else {
        vec![ops]
    };
    if given.is_empty() {
        return Err(PyValueError::new_err("Must provide at least one operand"));
    }
    let ops: Vec<Option<_>> = given
        .into_iter()
        .map(|o| (!o.is_none()).then_some(o))
        .collect();
    let op_flags = flags::parse_ops(bound(op_flags).as_ref(), &ops)?;
    let dtypes = read_dtypes(py, dtypes, ops.len())?;
    Ok(Request {
        ops,
        flags: global,
        op_flags,
        dtypes,
        order,
        casting,
        op_axes: None,
        itershape: None,
        buffersize,
    })
}

/// `casting=`; iterators do not know `same_value`.
fn read_casting(ob: Option<Arg<'_, '_>>) -> PyResult<Casting> {
    convert::casting(ob, Casting::Safe).map_err(|e| {
        let Some(ob) = ob.filter(|ob| e.is_instance_of::<PyValueError>(ob.py())) else {
            return e;
        };
        let got = ob.repr().map_or_else(|_| String::new(), |r| r.to_string());
        PyValueError::new_err(format!(
            "casting must be one of 'no', 'equiv', 'safe', 'same_kind', 'unsafe' (got {got})"
        ))
    })
}

/// `op_dtypes=`: one dtype for all, or one an operand.
fn read_dtypes(
    py: Python<'_>,
    ob: Option<Arg<'_, '_>>,
    nop: usize,
) -> PyResult<Vec<Option<Py<PyAny>>>> {
    let Some(ob) = convert::none_is_absent(ob) else {
        return Ok((0..nop).map(|_| None).collect());
    };
    let ob = ob.to_owned();
    let items: Option<Vec<Bound<'_, PyAny>>> = if let Ok(list) = ob.cast::<PyList>() {
        Some(list.iter().collect())
    } else {
        ob.cast::<PyTuple>().ok().map(|t| t.iter().collect())
    };
    if let Some(items) = items.filter(|items| items.len() == nop) {
        let one = |item: &Bound<'_, PyAny>| match item.is_none() {
            true => Ok(None),
            false => descr::convert(py, item).map(Some),
        };
        let each: PyResult<Vec<_>> = items.iter().map(one).collect();
        match each {
            Ok(each) => return Ok(each),
            Err(e) if nop > 1 && !e.is_instance_of::<PyTypeError>(py) => return Err(e),
            Err(_) => {}
        }
    }
    let all = descr::convert(py, &ob)?;
    Ok((0..nop).map(|_| Some(all.clone_ref(py))).collect())
}

fn read_op_axes(ob: Option<Arg<'_, '_>>, nop: usize) -> PyResult<Option<OpAxes>> {
    let Some(ob) = convert::none_is_absent(ob) else {
        return Ok(None);
    };
    let wrong = || PyValueError::new_err("op_axes must be a tuple/list matching the number of ops");
    let ob = ob.to_owned();
    let items = list_items(&ob)
        .filter(|items| items.len() == nop)
        .ok_or_else(wrong)?;
    let mut out = OpAxes::new();
    let mut length = None;
    for item in &items {
        if item.is_none() {
            out.push(None);
            continue;
        }
        let Some(axes) = list_items(item) else {
            let text = "Each entry of op_axes must be None or a tuple/list";
            return Err(PyValueError::new_err(text));
        };
        if length.is_some_and(|n: usize| n != axes.len()) {
            return Err(PyValueError::new_err(
                "Each entry of op_axes must have the same size",
            ));
        }
        length = Some(axes.len());
        let axis = |a: &Bound<'_, PyAny>| match a.is_none() {
            true => Ok(-1),
            false => convert::as_index(a.as_borrowed()),
        };
        out.push(Some(axes.iter().map(axis).collect::<PyResult<_>>()?));
    }
    if length.is_none() {
        let text = "If op_axes is provided, at least one list of axes must be contained within it";
        return Err(PyValueError::new_err(text));
    }
    Ok(Some(out))
}

/// The items of a list or tuple.
pub(super) fn list_items<'py>(ob: &Bound<'py, PyAny>) -> Option<Vec<Bound<'py, PyAny>>> {
    if let Ok(list) = ob.cast::<PyList>() {
        return Some(list.iter().collect());
    }
    ob.cast::<PyTuple>().ok().map(|t| t.iter().collect())
}

// Iteration.

unsafe extern "C" fn iternext_slot(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: called with the interpreter lock held, on an nditer.
    unsafe {
        trampoline(|py| {
            let slf = ItRef(Borrowed::from_ptr(py, slf));
            if slf.state().is_none() || slf.finished() {
                return Ok(std::ptr::null_mut());
            }
            slf.filled()?;
            if (*slf.raw()).started && !slf.advance()? {
                return Ok(std::ptr::null_mut());
            }
            slf.set(true, false);
            value(py, slf).map(Bound::into_ptr)
        })
    }
}

/// The values of all operands: one alone, else a tuple.
pub(super) fn value<'py>(py: Python<'py>, slf: ItRef<'_, 'py>) -> Out<'py> {
    let it = slf.filled()?;
    if it.nop() == 1 {
        return it.value(py, 0, &slf.owner());
    }
    let values = (0..it.nop()).map(|i| it.value(py, i, &slf.owner()));
    let values: Vec<_> = values.collect::<PyResult<_>>()?;
    Ok(PyTuple::new(py, values)?.into_any())
}

fn iternext<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, _: CallArgs<'_, 'py>) -> Out<'py> {
    let more = slf.advance()?;
    Ok(more.into_pyobject(py)?.to_owned().into_any())
}

fn reset<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, _: CallArgs<'_, 'py>) -> Out<'py> {
    let it = slf.valid()?;
    slf.or_end(it.reset(py))?;
    slf.set(false, it.walk.finished());
    slf.move_children()?;
    Ok(py.None().into_bound(py))
}

fn copy<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, _: CallArgs<'_, 'py>) -> Out<'py> {
    let twin = wrap(py, slf.valid()?.duplicate(py)?)?;
    // SAFETY: a live object.
    let started = unsafe { (*slf.raw()).started };
    of(&twin).set(started, slf.finished());
    Ok(twin)
}

fn remove_axis<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, args: CallArgs<'_, 'py>) -> Out<'py> {
    static SIG: Sig = Sig::new("remove_axis", &["i"], 1).pos_only(1);
    let it = slf.valid()?;
    if args.npos() != 1 {
        return Err(PyTypeError::new_err(format!(
            "remove_axis() takes exactly 1 argument ({} given)",
            args.npos()
        )));
    }
    let [axis] = args.parse(&SIG)?;
    it.remove_axis(axis.map_or(Ok(0), convert::as_index)?)?;
    slf.set(false, it.walk.size() == 0);
    Ok(py.None().into_bound(py))
}

fn remove_multi_index<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, _: CallArgs<'_, 'py>) -> Out<'py> {
    let it = slf.valid()?;
    slf.or_end(it.remove_multi_index(py))?;
    slf.set(false, it.walk.finished());
    Ok(py.None().into_bound(py))
}

fn enable_external_loop<'py>(
    py: Python<'py>,
    slf: ItRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> Out<'py> {
    let it = slf.valid()?;
    slf.or_end(it.enable_external_loop(py))?;
    slf.set(false, it.walk.size() == 0);
    Ok(py.None().into_bound(py))
}

fn debug_print<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, _: CallArgs<'_, 'py>) -> Out<'py> {
    let text = match slf.state() {
        Some(it) => super::dump::text(py, it)?,
        None => "Iterator: (nil)\n".to_owned(),
    };
    let kwargs = PyDict::new(py);
    kwargs.set_item("end", "")?;
    kwargs.set_item("flush", true)?;
    py.import("builtins")?
        .getattr("print")?
        .call((text,), Some(&kwargs))
}

fn enter<'py>(_: Python<'py>, slf: ItRef<'_, 'py>, _: CallArgs<'_, 'py>) -> Out<'py> {
    if slf.state().is_none() {
        return Err(PyRuntimeError::new_err(
            "operation on non-initialized iterator",
        ));
    }
    Ok(slf.owner())
}

fn close<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, _: CallArgs<'_, 'py>) -> Out<'py> {
    // SAFETY: the boxed iterator leaves the object before it is used and freed here.
    unsafe {
        let raw = slf.raw();
        let it = std::mem::replace(&mut (*raw).it, std::ptr::null_mut());
        let child = std::mem::replace(&mut (*raw).child, std::ptr::null_mut());
        let outcome = match it.is_null() {
            true => Ok(()),
            false => Box::from_raw(it).close(py),
        };
        ffi::Py_XDECREF(child);
        outcome?;
    }
    Ok(py.None().into_bound(py))
}

fn no_arguments<'py>(
    name: &str,
    args: CallArgs<'_, 'py>,
    body: impl FnOnce(CallArgs<'_, 'py>) -> Out<'py>,
) -> Out<'py> {
    if args.npos() > 0 || args.has_keywords() {
        return Err(PyTypeError::new_err(format!(
            "nditer.{name}() takes no arguments ({} given)",
            args.npos()
        )));
    }
    body(args)
}

// Items.

fn operand_index(it: &NdIter, ob: &Bound<'_, PyAny>) -> PyResult<usize> {
    let i = convert::as_index(ob.as_borrowed())?;
    let n = it.nop() as isize;
    if i < -n || i >= n {
        return Err(PyIndexError::new_err(format!(
            "Iterator operand index {i} is out of bounds"
        )));
    }
    Ok(if i < 0 { i + n } else { i } as usize)
}

fn is_index(ob: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object.
    unsafe { ffi::PyIndex_Check(ob.as_ptr()) != 0 }
}

fn wrong_index() -> PyErr {
    PyTypeError::new_err("invalid index type for iterator indexing")
}

fn get_item<'py>(py: Python<'py>, slf: ItRef<'_, 'py>, key: &Bound<'py, PyAny>) -> Out<'py> {
    let it = slf.filled()?;
    if let Ok(slice) = key.cast::<PySlice>() {
        let range = slice.indices(it.nop() as isize)?;
        if range.step != 1 {
            let text = "Iterator slicing only supports a step of 1";
            return Err(PyValueError::new_err(text));
        }
        let which = range.start..range.stop.max(range.start);
        let values = which.map(|i| it.value(py, i as usize, &slf.owner()));
        let values: Vec<_> = values.collect::<PyResult<_>>()?;
        return Ok(PyTuple::new(py, values)?.into_any());
    }
    if !is_index(key) {
        return Err(wrong_index());
    }
    it.value(py, operand_index(it, key)?, &slf.owner())
}

fn set_one<'py>(
    py: Python<'py>,
    slf: ItRef<'_, 'py>,
    i: usize,
    value: &Bound<'py, PyAny>,
) -> PyResult<()> {
    let it = slf.filled()?;
    if !writes(it.op_flags[i]) {
        return Err(PyRuntimeError::new_err(format!(
            "Iterator operand {i} is not writeable"
        )));
    }
    let target = it.value(py, i, &slf.owner())?;
    assign_object(ArrayRef::of(&target), value.as_borrowed())
}

fn set_item<'py>(
    py: Python<'py>,
    slf: ItRef<'_, 'py>,
    key: &Bound<'py, PyAny>,
    value: Option<&Bound<'py, PyAny>>,
) -> PyResult<()> {
    let Some(value) = value else {
        return Err(PyTypeError::new_err("Cannot delete iterator elements"));
    };
    let it = slf.filled()?;
    if let Ok(slice) = key.cast::<PySlice>() {
        let range = slice.indices(it.nop() as isize)?;
        if range.step != 1 {
            let text = "Iterator slice assignment only supports a step of 1";
            return Err(PyValueError::new_err(text));
        }
        let n = (range.stop - range.start).max(0) as usize;
        if value.len().ok() != Some(n) {
            return Err(PyValueError::new_err(
                "Wrong size to assign to iterator slice",
            ));
        }
        for k in 0..n {
            set_one(py, slf, range.start as usize + k, &value.get_item(k)?)?;
        }
        return Ok(());
    }
    if !is_index(key) {
        return Err(wrong_index());
    }
    set_one(py, slf, operand_index(it, key)?, value)
}

unsafe extern "C" fn subscript(
    slf: *mut ffi::PyObject,
    key: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: called with the interpreter lock held and live objects.
    unsafe {
        trampoline(|py| {
            let key = Bound::from_borrowed_ptr(py, key);
            get_item(py, ItRef(Borrowed::from_ptr(py, slf)), &key)
        })
    }
}

unsafe extern "C" fn ass_subscript(
    slf: *mut ffi::PyObject,
    key: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: called with the interpreter lock held and live objects; no value means deletion.
    unsafe {
        trampoline(|py| {
            let key = Bound::from_borrowed_ptr(py, key);
            let value = Bound::from_borrowed_ptr_or_opt(py, value);
            set_item(py, ItRef(Borrowed::from_ptr(py, slf)), &key, value.as_ref())
        })
    }
}

unsafe extern "C" fn length(slf: *mut ffi::PyObject) -> isize {
    // SAFETY: called with the interpreter lock held, on an nditer.
    unsafe {
        trampoline(|py| {
            let slf = ItRef(Borrowed::from_ptr(py, slf));
            Ok(slf.state().map_or(0, |it| it.nop() as isize))
        })
    }
}

unsafe extern "C" fn new_entry(
    ty: *mut ffi::PyTypeObject,
    _: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter passes the type; the object starts zeroed.
    unsafe { ffi::PyType_GenericAlloc(ty, 0) }
}

const DOC: &std::ffi::CStr = c"nditer(op, flags=None, op_flags=None, op_dtypes=None, order='K', \
casting='safe', op_axes=None, itershape=None, buffersize=0)\n--\n\n\
Step through several arrays at once, in the order that suits their memory.\n\n\
>>> [int(x) for x in np.nditer(np.arange(4).reshape(2, 2).T)]\n[0, 1, 2, 3]";

fn method_table() -> Vec<ffi::PyMethodDef> {
    methods! {
        ItRef;
        c"reset", |py, s, a| no_arguments("reset", a, |a| reset(py, s, a)), 0,
            c"reset($self, /)\n--\n\nGo back to the start.";
        c"copy", |py, s, a| no_arguments("copy", a, |a| copy(py, s, a)), 0,
            c"copy($self, /)\n--\n\nAnother iterator at the same place.";
        c"__copy__", |py, s, a| no_arguments("__copy__", a, |a| copy(py, s, a)), 0,
            c"__copy__($self, /)\n--\n\nAnother iterator at the same place.";
        c"iternext", |py, s, a| no_arguments("iternext", a, |a| iternext(py, s, a)), 0,
            c"iternext($self, /)\n--\n\nStep on; false at the end.";
        c"remove_axis", remove_axis, 0,
            c"remove_axis($self, i, /)\n--\n\nDrop an axis of the multi-index.";
        c"remove_multi_index", |py, s, a| no_arguments("remove_multi_index", a, |a| remove_multi_index(py, s, a)), 0,
            c"remove_multi_index($self, /)\n--\n\nStop tracking the multi-index.";
        c"enable_external_loop", |py, s, a| no_arguments("enable_external_loop", a, |a| enable_external_loop(py, s, a)), 0,
            c"enable_external_loop($self, /)\n--\n\nGive the inner loop to the caller.";
        c"debug_print", |py, s, a| no_arguments("debug_print", a, |a| debug_print(py, s, a)), 0,
            c"debug_print($self, /)\n--\n\nPrint the state.";
        c"__enter__", |py, s, a| no_arguments("__enter__", a, |a| enter(py, s, a)), 0,
            c"__enter__($self, /)\n--\n\nThe iterator.";
        c"__exit__", close, 0,
            c"__exit__($self, /, *args)\n--\n\nClose the iterator.";
        c"close", |py, s, a| no_arguments("close", a, |a| close(py, s, a)), 0,
            c"close($self, /)\n--\n\nWrite back what waits for it and end the iteration.";
    }
}

/// Readies the type.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    let name = format!("{}.nditer", module_name(py)?);
    // SAFETY: module init; the type is filled once, its tables live for ever.
    unsafe {
        let ty = NDITER.begin(&name, size_of::<Object>(), ffi::Py_TPFLAGS_BASETYPE);
        ty.tp_doc = DOC.as_ptr();
        ty.tp_new = Some(new_entry);
        ty.tp_init = Some(init_entry);
        ty.tp_dealloc = Some(dealloc);
        ty.tp_iter = Some(ffi::PyObject_SelfIter);
        ty.tp_iternext = Some(iternext_slot);
        let mapping: &mut ffi::PyMappingMethods = Box::leak(Box::new(std::mem::zeroed()));
        mapping.mp_length = Some(length);
        mapping.mp_subscript = Some(subscript);
        mapping.mp_ass_subscript = Some(ass_subscript);
        ty.tp_as_mapping = mapping;
        ty.tp_methods = leak_methods(method_table());
        ty.tp_getset = leak_getset(super::attrs::attribute_table());
        NDITER.ready(py)?;
        m.add("nditer", Bound::from_borrowed_ptr(py, NDITER.as_object()))?;
    }
    super::nested::register(m)
}
