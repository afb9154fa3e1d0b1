//! The `numpy.ufunc` type.

use super::{call, fold, foreign, keywords, loops, lowlevel, numbers, overrides, reduce};
use crate::args::CallArgs;
use crate::layout::UFuncObject;
use crate::slots::{self, leak_getset, leak_methods, StaticType};
use numoxide_core::iter::PerOp;
use numoxide_ufunc::exec::core_dims::CoreSig;
use numoxide_ufunc::table::{Identity, Op};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use pyo3::Borrowed;
use smallvec::SmallVec;
use std::ffi::{CStr, CString};

/// `numpy.ufunc`.
pub(crate) static UFUNC: StaticType = StaticType::new();

type Slf<'a, 'py> = Borrowed<'a, 'py, PyAny>;

fn raw(slf: Slf<'_, '_>) -> *mut UFuncObject {
    slf.as_ptr().cast()
}

/// The op-table row of a built-in ufunc; `None` for those made from Python or C functions.
pub(crate) fn op_of(slf: Slf<'_, '_>) -> Option<&'static Op> {
    // SAFETY: the receiver is a ufunc; `op` is NULL or points into static or leaked rows.
    unsafe { (*raw(slf)).op.cast::<Op>().as_ref() }
}

/// The row of a ufunc that has one.
pub(super) fn require_op(slf: Slf<'_, '_>) -> PyResult<&'static Op> {
    op_of(slf).ok_or_else(|| PyTypeError::new_err("ufunc has no loops"))
}

/// Makes the Python object of an op.
pub(crate) fn new<'py>(py: Python<'py>, op: &'static Op) -> PyResult<Bound<'py, PyAny>> {
    let made = new_bare(py, op)?;
    // SAFETY: just made; nobody else has seen it.
    unsafe {
        let u = made.as_ptr().cast::<UFuncObject>();
        (*u).name = CString::new(op.name)?.into_raw();
        (*u).doc = CString::new(op.doc)?.into_raw();
        (*u).identity = match op.identity {
            Identity::Zero | Identity::False => 0,
            Identity::One | Identity::True => 1,
            Identity::MinusOne => 2,
            Identity::ReorderableNone => -2,
            Identity::None => -1,
            Identity::NegInf | Identity::Foreign => -3,
        };
        foreign::fill_lists(u, op);
        if let Some(text) = op.signature {
            if let Some(core) = CoreSig::parse(text) {
                foreign::fill_core(u, &core, text, true);
            }
        }
    }
    Ok(made)
}

/// As [`new`] without texts and lists of loops.
pub(super) fn new_bare<'py>(py: Python<'py>, op: &'static Op) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a fresh zeroed object of the ready static type, filled before anyone sees it.
    unsafe {
        let ob = ffi::PyType_GenericAlloc(UFUNC.get(), 0);
        let made = Bound::from_owned_ptr_or_err(py, ob)?;
        let u = ob.cast::<UFuncObject>();
        (*u).nin = i32::from(op.nin);
        (*u).nout = i32::from(op.nout);
        (*u).nargs = (*u).nin + (*u).nout;
        (*u).vectorcall = Some(vectorcall);
        (*u).op = std::ptr::from_ref(op).cast();
        (*u).op_flags = libc::calloc((*u).nargs as usize, 4).cast();
        Ok(made)
    }
}

unsafe extern "C" fn vectorcall(
    slf: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    nargsf: usize,
    kwnames: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls with its lock held and a valid argument vector.
    unsafe {
        let all = |py| CallArgs::new(py, args, nargsf as isize, kwnames);
        slots::quick_or(
            |py| quick(Borrowed::from_ptr(py, slf), all(py)),
            |py| call(py, Borrowed::from_ptr(py, slf), &all(py)),
        )
    }
}

/// A call with all inputs by position and at most `out` besides, if no plan is needed.
#[inline(always)]
fn quick<'py>(slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Option<PyResult<Bound<'py, PyAny>>> {
    let op = op_of(slf)?;
    let nin = usize::from(op.nin);
    let positional = args.positional();
    let inputs = positional.get(..nin)?;
    let out = match (positional.len() - nin, args.keyword_count()) {
        (0, 0) => None,
        // A third array for an extremum draws a warning on the long way.
        (1, 0) if !matches!(op.name, "maximum" | "minimum") => positional.last().copied(),
        (0, 1) => match args.keywords().next()? {
            ("out", out) => Some(single_out(out)),
            _ => return None,
        },
        _ => return None,
    };
    numbers::quick(slf.py(), numbers::index_of_op(op)?, inputs, out)
}

/// The output in an exact tuple of one; anything else as it is.
fn single_out<'a, 'py>(out: Slf<'a, 'py>) -> Slf<'a, 'py> {
    // SAFETY: a live object; the item lives as long as the tuple.
    unsafe {
        let p = out.as_ptr();
        if ffi::PyTuple_CheckExact(p) != 0 && ffi::PyTuple_GET_SIZE(p) == 1 {
            return Borrowed::from_ptr(out.py(), ffi::PyTuple_GET_ITEM(p, 0));
        }
    }
    out
}

/// A call of a ufunc.
pub(crate) fn call<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let op = require_op(slf)?;
    let (nin, nout) = (usize::from(op.nin), usize::from(op.nout));
    check_count(op, args.npos())?;
    if args.npos() > 2 && matches!(op.name, "maximum" | "minimum") {
        warn_third(py)?;
    }
    if let Some(answer) = overrides::try_overrides(py, slf, "__call__", nin, nout, args)? {
        return Ok(answer);
    }
    let plain = !args.has_keywords() && args.npos() == nin;
    let (opts, core) = if plain {
        (call::Options::none(), keywords::CoreOptions::default())
    } else {
        keywords::parse(py, op, args)?
    };
    let positional: SmallVec<[Slf<'_, 'py>; 4]> = (0..nin).map(|i| args.get(i)).collect();
    let mut inputs = PerOp::new();
    for ob in &positional {
        inputs.push(super::operand::Input::of(*ob)?);
    }
    let mut wrapper = super::wrap::Wrapper::find(py, Some(slf), &positional, nin, opts.subok)?;
    if !opts.outs.is_empty() {
        wrapper.show_outputs(py, slf, &positional, &opts.outs)?;
    }
    let results = if op.signature.is_some() {
        super::core_dims::run(py, op, inputs, &opts, &core, &wrapper)?
    } else {
        call::run(py, op, inputs, &opts, &wrapper)?
    };
    pack(py, results)
}

/// A third argument of `maximum` is an output, which few callers mean.
#[cold]
fn warn_third(py: Python<'_>) -> PyResult<()> {
    let class = py.get_type::<pyo3::exceptions::PyDeprecationWarning>();
    crate::err::warn(
        py,
        &class,
        "Passing more than 2 positional arguments to np.maximum and np.minimum is deprecated. If \
         you meant to use the third argument as an output, use the `out` keyword argument instead. \
         If you hoped to work with more than 2 inputs, combine them into a single array and get \
         the extrema for the relevant axis.",
    )
}

fn pack<'py>(py: Python<'py>, results: call::Results<'py>) -> PyResult<Bound<'py, PyAny>> {
    match results.len() {
        1 => results
            .into_iter()
            .next()
            .ok_or_else(|| PyValueError::new_err("ufunc without results")),
        _ => Ok(PyTuple::new(py, results)?.into_any()),
    }
}

fn check_count(op: &Op, given: usize) -> PyResult<()> {
    let (nin, most) = (usize::from(op.nin), usize::from(op.nin + op.nout));
    if given < nin || given > most {
        let (want, plural) = (
            if nin == most {
                nin.to_string()
            } else {
                format!("from {nin} to {most}")
            },
            if most == 1 { "" } else { "s" },
        );
        return Err(PyTypeError::new_err(format!(
            "{}() takes {want} positional argument{plural} but {given} {} given",
            op.name,
            if given == 1 { "was" } else { "were" }
        )));
    }
    Ok(())
}

/// A reduction of the ufunc at a table position, for ndarray's own methods.
pub(crate) fn reducing_by_id<'py>(
    py: Python<'py>,
    index: usize,
    args: CallArgs<'_, 'py>,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let ufunc = super::numbers::object_at(py, index)
        .ok_or_else(|| PyTypeError::new_err("ufuncs are not ready"))?;
    reducing(py, ufunc.as_borrowed(), args, name)
}

/// A method that reduces: overrides first, then the engine.
fn reducing<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: CallArgs<'_, 'py>,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let op = require_op(slf)?;
    if let Some(answer) = overrides::try_overrides(py, slf, name, 2, 1, &args)? {
        return Ok(answer);
    }
    reduce::method(py, slf, op, &args, name)
}

fn reduce_method<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    reducing(py, slf, args, "reduce")
}

/// `ufunc.reduce(array[, axis[, dtype[, out]]])` of all items with nothing special asked.
fn quick_reduce<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let list = args.positional();
    let (arr, rest) = list.split_first()?;
    let absent = rest.iter().skip(1).all(|a| a.is_none());
    if !absent || rest.len() > 3 || args.has_keywords() {
        return None;
    }
    let index = numbers::index_of_op(op_of(slf)?)?;
    let all = match rest.first() {
        Some(axis) if !fold::names_all(*arr, *axis) => {
            return fold::along(py, index, *arr, *axis, fold::Asked::Nothing)
        }
        Some(_) => true,
        None => crate::array::ArrayRef::from_any(*arr).is_some_and(|a| a.ndim() < 2),
    };
    all.then(|| fold::whole(py, index, *arr, fold::Asked::Nothing))?
}

fn accumulate_method<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    reducing(py, slf, args, "accumulate")
}

fn reduceat_method<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    reducing(py, slf, args, "reduceat")
}

/// `ufunc.outer(A, B, **kwargs)`: the ufunc of every item of A with every item of B.
fn outer_method<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let op = require_op(slf)?;
    if op.signature.is_some() {
        return Err(PyTypeError::new_err(
            "method outer is not allowed in ufunc with non-trivial signature",
        ));
    }
    if op.nin != 2 {
        return Err(PyValueError::new_err(
            "outer product only supported for binary functions",
        ));
    }
    if args.npos() != 2 {
        return Err(PyTypeError::new_err("exactly two arguments expected"));
    }
    if let Some(answer) =
        overrides::try_overrides(py, slf, "outer", 2, usize::from(op.nout), &args)?
    {
        return Ok(answer);
    }
    // Python numbers count as arrays here.
    let a = crate::array::coerce::as_any(args.get(0))?;
    let b = crate::array::coerce::as_any(args.get(1))?;
    let nb = crate::array::ArrayRef::of(&b).ndim();
    let stretched = if nb == 0 { a } else { stretch(py, op, &a, nb)? };
    let kwargs = PyDict::new(py);
    for (name, value) in args.keywords() {
        kwargs.set_item(name, value)?;
    }
    slf.call((stretched, b), Some(&kwargs))
}

/// The first operand of `outer` with axes of length 1 for those of the second.
fn stretch<'py>(
    py: Python<'py>,
    op: &Op,
    a: &Bound<'py, PyAny>,
    more: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let own = crate::array::ArrayRef::of(a);
    let all = own.ndim() + more;
    if all > numoxide_core::MAX_DIMS {
        return Err(PyValueError::new_err(format!(
            "maximum supported dimension for an ndarray is {}, but `{}.outer()` result would have \
             {all}.",
            numoxide_core::MAX_DIMS,
            op.name
        )));
    }
    let mut index: Vec<Bound<'py, PyAny>> = vec![py.Ellipsis().into_bound(py)];
    index.extend((0..more).map(|_| py.None().into_bound(py)));
    let made = a.get_item(PyTuple::new(py, index)?)?;
    let wanted = own
        .shape()
        .iter()
        .copied()
        .chain(std::iter::repeat_n(1, more));
    let as_asked = crate::array::ArrayRef::from_bound(&made)
        .is_some_and(|m| m.shape().iter().copied().eq(wanted));
    if !as_asked {
        return Err(PyTypeError::new_err(format!(
            "{}.outer() called with ndarray-subclass of type '{}' which modified its shape after a \
             reshape. `outer()` relies on reshaping the inputs and is for example not supported \
             for the 'np.matrix' class (the usage of matrix is generally discouraged). To work \
             around this issue, please convert the inputs to numpy arrays.",
            op.name,
            a.get_type().name()?
        )));
    }
    Ok(made)
}

fn at_method<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let op = require_op(slf)?;
    if let Some(answer) = overrides::try_overrides(py, slf, "at", 3, 1, &args)? {
        return Ok(answer);
    }
    super::at::at(py, slf, op, &args)
}

fn reduce_pickle<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyString::new(py, &name(slf)).into_any())
}

fn name(slf: Slf<'_, '_>) -> String {
    // SAFETY: `name` is NULL or NUL-terminated and lives as long as the ufunc.
    unsafe {
        let p = (*raw(slf)).name;
        if p.is_null() {
            String::new()
        } else {
            std::ffi::CStr::from_ptr(p).to_string_lossy().into()
        }
    }
}

/// `dd->d` and so on.
fn type_strings(slf: Slf<'_, '_>) -> Vec<String> {
    let Some(op) = op_of(slf) else {
        return Vec::new();
    };
    foreign::type_strings(op).unwrap_or_else(|| loops::type_strings(op))
}

fn types<'py>(py: Python<'py>, slf: Slf<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let list = PyList::empty(py);
    for text in type_strings(slf) {
        list.append(text)?;
    }
    Ok(list.into_any())
}

fn identity<'py>(py: Python<'py>, slf: Slf<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let Some(op) = op_of(slf) else {
        return Ok(py.None().into_bound(py));
    };
    let acc = numoxide_core::DType::new(numoxide_core::TypeNum::Object);
    let found = reduce::identity(py, op, &acc)?;
    Ok(found.unwrap_or_else(|| py.None().into_bound(py)))
}

fn doc<'py>(py: Python<'py>, slf: Slf<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(own) = dict(py, slf)?.get_item("__doc__")? {
        return Ok(own);
    }
    let Some(op) = op_of(slf) else {
        return Ok(py.None().into_bound(py));
    };
    Ok(PyString::new(py, &super::doc::full(op)).into_any())
}

/// The attributes that Python code and module init gave a ufunc.
fn dict<'py>(py: Python<'py>, slf: Slf<'_, 'py>) -> PyResult<Bound<'py, PyDict>> {
    // SAFETY: a live ufunc, whose type has a place for a dictionary.
    let found = unsafe {
        let made = ffi::PyObject_GenericGetDict(slf.as_ptr(), std::ptr::null_mut());
        Bound::from_owned_ptr_or_err(py, made)?
    };
    Ok(found.cast_into::<PyDict>()?)
}

/// A text of one's own in place of the row's; deleting it brings that back.
fn set_doc(py: Python<'_>, slf: Slf<'_, '_>, value: Option<Slf<'_, '_>>) -> PyResult<()> {
    match value {
        Some(text) => dict(py, slf)?.set_item("__doc__", text),
        None => dict(py, slf)?.del_item("__doc__"),
    }
}

/// Names a public ufunc for pickling and printing.
pub(super) fn name_publicly(py: Python<'_>, ufunc: &Bound<'_, PyAny>, op: &Op) -> PyResult<()> {
    let own = dict(py, ufunc.as_borrowed())?;
    own.set_item("__module__", slots::module_name(py)?)?;
    own.set_item("__qualname__", op.name)
}

/// What `inspect.signature` finds; made once.
fn signature<'py>(py: Python<'py>, slf: Slf<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let own = dict(py, slf)?;
    if let Some(found) = own.get_item("__signature__")? {
        return Ok(found);
    }
    let made = py
        .import("numoxide._core._ufunc_signature")?
        .getattr("signature_of")?
        .call1((slf,))?;
    own.set_item("__signature__", &made)?;
    Ok(made)
}

fn text_attr<'py>(py: Python<'py>, text: Option<&str>) -> Bound<'py, PyAny> {
    text.map_or_else(
        || py.None().into_bound(py),
        |t| PyString::new(py, t).into_any(),
    )
}

fn int_attr<'py>(py: Python<'py>, n: i32) -> PyResult<Bound<'py, PyAny>> {
    Ok(n.into_pyobject(py)?.into_any())
}

unsafe extern "C" fn repr(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: called with the lock held and a live ufunc.
    unsafe {
        slots::trampoline(|py| {
            let slf = Borrowed::from_ptr(py, slf);
            Ok(PyString::new(py, &format!("<ufunc '{}'>", name(slf))).into_any())
        })
    }
}

unsafe extern "C" fn traverse(
    slf: *mut ffi::PyObject,
    visit: ffi::visitproc,
    arg: *mut std::ffi::c_void,
) -> std::ffi::c_int {
    // SAFETY: visiting the ufunc's own references, as the collector asks.
    unsafe {
        let u = slf.cast::<UFuncObject>();
        for ob in [(*u).obj, (*u).dict, (*u).identity_value] {
            if !ob.is_null() {
                let status = visit(ob, arg);
                if status != 0 {
                    return status;
                }
            }
        }
        super::pyfunc::visit((*u).op.cast::<Op>().as_ref(), visit, arg)
    }
}

unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: the last reference is gone; fields are NULL or owned.
    unsafe {
        ffi::PyObject_GC_UnTrack(slf.cast());
        let u = slf.cast::<UFuncObject>();
        ffi::Py_XDECREF((*u).obj);
        ffi::Py_XDECREF((*u).dict);
        ffi::Py_XDECREF((*u).identity_value);
        ffi::Py_XDECREF((*u).userloops);
        ffi::Py_XDECREF((*u).loops);
        libc::free((*u).op_flags.cast());
        // Texts are owned where `new` made the ufunc; it sets the op last.
        foreign::free(u);
        if let Some(op) = (*u).op.cast::<Op>().as_ref() {
            if !super::pyfunc::is_c(op) {
                for text in [(*u).name, (*u).doc].into_iter().filter(|t| !t.is_null()) {
                    drop(CString::from_raw(text.cast_mut()));
                }
            }
            super::pyfunc::free(op);
        }
        ffi::PyMem_RawFree((*u).ptr);
        ffi::PyObject_GC_Del(slf.cast());
    }
}

/// What `help(np.ufunc.identity)` says.
const IDENTITY: &CStr = c"The value that changes nothing when the ufunc meets it, or None.\n\n\
    A reduction over no items gives it, and so it is what an empty sum or product is worth. Ufuncs \
    without one cannot reduce an axis of length zero unless `initial` is given.\n\n\
    >>> np.add.identity, np.multiply.identity\n(0, 1)\n>>> print(np.subtract.identity)\nNone";

/// Fills and readies the type.
pub(crate) fn init_type(py: Python<'_>) -> PyResult<()> {
    use std::mem::offset_of;
    let methods = crate::methods![Slf<'_, '_>;
        c"reduce", @quick_reduce => reduce_method, 0, c"reduce($self, array, /, axis=0, dtype=None, out=None, **kwargs)\n--\n\nReduce an array over one or more axes by the ufunc.";
        c"accumulate", accumulate_method, 0, c"accumulate($self, array, /, axis=0, dtype=None, out=None)\n--\n\nGive the running results of the ufunc along an axis.";
        c"reduceat", reduceat_method, 0, c"reduceat($self, array, /, indices, axis=0, dtype=None, out=None)\n--\n\nReduce the slices of an array that indices start.";
        c"outer", outer_method, 0, c"outer($self, A, B, /, **kwargs)\n--\n\nApply the ufunc to every pair of items of two arrays.";
        c"at", at_method, 0, c"at($self, a, indices, b=None, /)\n--\n\nApply the ufunc in place at the given indices, repeats included.";
        c"resolve_dtypes", lowlevel::resolve_dtypes, 0, c"resolve_dtypes($self, /, dtypes, *, signature=None, casting=None, reduction=False)\n--\n\nFind the dtypes that a call would run with.";
        c"_resolve_dtypes_and_context", lowlevel::resolve_with_context, 0, c"_resolve_dtypes_and_context($self, /, dtypes, *, signature=None, casting=None, reduction=False)\n--\n\nFind dtypes and loop of a call.";
        c"_get_strided_loop", lowlevel::get_strided_loop, 0, c"_get_strided_loop($self, call_info, /, *, fixed_strides=None)\n--\n\nFill in the loop of a call.";
        c"__reduce__", reduce_pickle, 0, c"__reduce__($self, /)\n--\n\nName under which the ufunc is pickled.";
    ];
    let getset = crate::getset![Slf<'_, '_>;
        c"__doc__", doc, set_doc;
        c"__dict__", |py, slf| PyResult::Ok(dict(py, slf)?.into_any());
        c"__signature__", signature;
        c"__name__", |py, slf: Slf<'_, '_>| Ok(PyString::new(py, &name(slf)).into_any());
        c"__qualname__", |py, slf: Slf<'_, '_>| Ok(PyString::new(py, &name(slf)).into_any());
        c"nin": c"The number of inputs.\n\n>>> np.add.nin\n2", |py, slf: Slf<'_, '_>| int_attr(py, field(slf, |u| u.nin));
        c"nout": c"The number of outputs.\n\n>>> np.modf.nout\n2", |py, slf: Slf<'_, '_>| int_attr(py, field(slf, |u| u.nout));
        c"nargs": c"The number of inputs and outputs together.\n\n>>> np.add.nargs\n3", |py, slf: Slf<'_, '_>| int_attr(py, field(slf, |u| u.nargs));
        c"ntypes": c"The number of rows in `types`.", |py, slf: Slf<'_, '_>| int_attr(py, type_strings(slf).len() as i32);
        c"types": c"The types that the loops take and give, one text a loop.\n\n>>> np.invert.types[0]\n'?->?'", types;
        c"identity": IDENTITY, identity;
        c"signature": c"The core dimensions of a generalised ufunc; None for others.\n\n>>> np.vecdot.signature\n'(n),(n)->()'", |py, slf: Slf<'_, '_>| PyResult::Ok(text_attr(py, op_of(slf).and_then(|o| o.signature)));
    ];
    // SAFETY: module init; the type is filled once.
    unsafe {
        let name = format!("{}.ufunc", slots::module_name(py)?);
        let flags = ffi::Py_TPFLAGS_HAVE_GC | ffi::Py_TPFLAGS_HAVE_VECTORCALL;
        let ty = UFUNC.begin(&name, size_of::<UFuncObject>(), flags);
        ty.tp_repr = Some(repr);
        ty.tp_str = Some(repr);
        ty.tp_call = Some(ffi::PyVectorcall_Call);
        ty.tp_vectorcall_offset = offset_of!(UFuncObject, vectorcall) as isize;
        ty.tp_dictoffset = offset_of!(UFuncObject, dict) as isize;
        ty.tp_getattro = Some(ffi::PyObject_GenericGetAttr);
        ty.tp_setattro = Some(ffi::PyObject_GenericSetAttr);
        ty.tp_traverse = Some(traverse);
        ty.tp_dealloc = Some(dealloc);
        ty.tp_methods = leak_methods(methods);
        ty.tp_getset = leak_getset(getset);
        UFUNC.ready(py)
    }
}

fn field<R>(slf: Slf<'_, '_>, get: impl Fn(&UFuncObject) -> R) -> R {
    // SAFETY: the receiver is a live ufunc.
    unsafe { get(&*raw(slf)) }
}
