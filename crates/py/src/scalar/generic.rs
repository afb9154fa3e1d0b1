//! `numpy.generic`: attributes and methods that all scalars have.

use super::delegate::{self, array_of, method, Op};
use super::value::{bytes_of, descr_of, item_of};
use super::{arrays, exact_num};
use crate::args::{Arg, CallArgs, Sig};
use crate::layout::Descr;
use crate::slots::{leak_getset, leak_methods, trampoline};
use crate::statics::leak_table;
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use std::ffi::c_int;

type Object<'py> = PyResult<Bound<'py, PyAny>>;

/// Fills `numpy.generic` before it is made ready.
///
/// # Safety
/// - `ty` is zeroed but for name and sizes.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        (*ty).tp_getset = leak_getset(attributes());
        (*ty).tp_methods = leak_methods(crate::signatures::signed(methods()));
        (*ty).tp_as_number = leak_table(number_slots);
        (*ty).tp_as_mapping =
            leak_table(|t: &mut ffi::PyMappingMethods| t.mp_subscript = Some(subscript_slot));
        (*ty).tp_richcompare = Some(richcompare);
        (*ty).tp_hash = Some(super::convert::hash);
    }
}

crate::slot!(subscript_slot(slf, key) -> *mut ffi::PyObject = delegate::subscript);

/// `tp_richcompare` by way of the ufuncs.
pub(crate) unsafe extern "C" fn richcompare(
    slf: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    op: c_int,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with live objects.
    unsafe {
        trampoline(|py| {
            let slf = Bound::from_borrowed_ptr(py, slf);
            let other = Bound::from_borrowed_ptr(py, other);
            delegate::compare(py, op, &slf, &other)
        })
    }
}

/// Defines number slots over [`delegate::binary`].
macro_rules! binary_slots {
    ($($name:ident: $op:ident;)*) => { $(
        pub(crate) unsafe extern "C" fn $name(
            lhs: *mut ffi::PyObject,
            rhs: *mut ffi::PyObject,
        ) -> *mut ffi::PyObject {
            // SAFETY: a slot call with live objects.
            unsafe {
                trampoline(|py| {
                    let lhs = Bound::from_borrowed_ptr(py, lhs);
                    let rhs = Bound::from_borrowed_ptr(py, rhs);
                    delegate::binary(py, Op::$op, &lhs, &rhs)
                })
            }
        }
    )* };
}
binary_slots! {
    add: Add; subtract: Subtract; multiply: Multiply; remainder: Remainder; divmod: Divmod;
    lshift: LeftShift; rshift: RightShift; and: And; xor: Xor; or: Or;
    floor_divide: FloorDivide; true_divide: TrueDivide;
}

/// Defines number slots of one operand over a ufunc.
macro_rules! unary_slots {
    ($($name:ident: $op:ident;)*) => { $(
        unsafe extern "C" fn $name(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
            // SAFETY: a slot call with a live object.
            unsafe {
                trampoline(|py| {
                    let slf = Bound::from_borrowed_ptr(py, slf);
                    delegate::ufunc(py, Op::$op)?.call1((slf,))
                })
            }
        }
    )* };
}
unary_slots! { negative: Negative; positive: Positive; absolute: Absolute; invert: Invert; }

/// `pow`, with its unsupported third argument.
pub(crate) unsafe extern "C" fn power(
    lhs: *mut ffi::PyObject,
    rhs: *mut ffi::PyObject,
    modulo: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with live objects.
    unsafe {
        trampoline(|py| {
            if modulo != ffi::Py_None() {
                return Ok(py.NotImplemented().into_bound(py));
            }
            let lhs = Bound::from_borrowed_ptr(py, lhs);
            let rhs = Bound::from_borrowed_ptr(py, rhs);
            delegate::binary(py, Op::Power, &lhs, &rhs)
        })
    }
}

/// The number slots over ufuncs.
pub(crate) fn number_slots(t: &mut ffi::PyNumberMethods) {
    t.nb_add = Some(add);
    t.nb_subtract = Some(subtract);
    t.nb_multiply = Some(multiply);
    t.nb_remainder = Some(remainder);
    t.nb_divmod = Some(divmod);
    t.nb_power = Some(power);
    t.nb_lshift = Some(lshift);
    t.nb_rshift = Some(rshift);
    t.nb_and = Some(and);
    t.nb_xor = Some(xor);
    t.nb_or = Some(or);
    t.nb_floor_divide = Some(floor_divide);
    t.nb_true_divide = Some(true_divide);
    t.nb_negative = Some(negative);
    t.nb_positive = Some(positive);
    t.nb_absolute = Some(absolute);
    t.nb_invert = Some(invert);
    t.nb_bool = Some(super::convert::truth);
    t.nb_int = Some(super::convert::int);
    t.nb_float = Some(super::convert::float);
}

fn attributes() -> Vec<ffi::PyGetSetDef> {
    crate::getset!(Arg<'_, '_>;
        c"dtype", @lean |py, slf: Arg<'_, '_>| descr_of(py, &slf);
        c"shape", @lean empty_tuple;
        c"strides", @lean empty_tuple;
        c"ndim", @lean |py, _slf: Arg<'_, '_>| int(py, 0);
        c"size", @lean |py, _slf: Arg<'_, '_>| int(py, 1);
        c"itemsize", @lean itemsize;
        c"nbytes", @lean itemsize;
        c"real", @lean real;
        c"imag", @lean imag;
        c"T", @lean super::numeric::itself;
        c"base", @lean |py: Python<'_>, _slf: Arg<'_, '_>| Ok::<_, PyErr>(py.None());
        c"device", |py, _slf: Arg<'_, '_>| text(py, "cpu");
        c"flat", flat;
        c"flags", get_flags;
        c"data", data;
        c"__array_interface__", interface;
        c"__array_struct__", array_struct;
        c"__array_priority__", priority;
    )
}

/// Getters that ask a 0-d array.
macro_rules! array_attributes {
    ($($name:ident: $text:literal;)*) => { $(
        fn $name<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
            array_of(&slf)?.getattr(pyo3::intern!(py, $text))
        }
    )* };
}
array_attributes! { flat: "flat"; get_flags: "flags"; array_struct: "__array_struct__"; }

fn text<'py>(py: Python<'py>, value: &str) -> Object<'py> {
    Ok(pyo3::types::PyString::new(py, value).into_any())
}

fn int(py: Python<'_>, value: usize) -> Object<'_> {
    Ok(value.into_pyobject(py)?.into_any())
}

fn empty_tuple<'py>(py: Python<'py>, _: Arg<'_, 'py>) -> Object<'py> {
    Ok(PyTuple::empty(py).into_any())
}

fn priority<'py>(py: Python<'py>, _: Arg<'_, 'py>) -> Object<'py> {
    Ok(delegate::SCALAR_PRIORITY.into_pyobject(py)?.into_any())
}

fn itemsize<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    let descr = descr_of(py, &slf)?;
    // SAFETY: a live dtype.
    int(py, unsafe { (*descr.as_ptr().cast::<Descr>()).elsize }
        as usize)
}

fn data<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    // SAFETY: a live object.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyMemoryView_FromObject(slf.as_ptr())) }
}

fn interface<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    // The array must live as long as the address in the dictionary is used.
    let array = super::delegate::writable_array_of(&slf)?;
    let interface = array.getattr(pyo3::intern!(py, "__array_interface__"))?;
    interface.set_item("__ref", array)?;
    Ok(interface)
}

/// The part of a complex number, as a real scalar.
fn part<'py>(py: Python<'py>, slf: &Bound<'py, PyAny>, imag: bool) -> Option<Object<'py>> {
    let (num, raw) = super::value_of(slf)?;
    let real = match num {
        TypeNum::CFloat => TypeNum::Float,
        TypeNum::CDouble => TypeNum::Double,
        TypeNum::CLongDouble => TypeNum::LongDouble,
        _ => return None,
    };
    let size = real.row().size;
    let mut half = super::Raw::default();
    let at = if imag { size } else { 0 };
    half.0[..size].copy_from_slice(&raw.0[at..at + size]);
    Some(super::item::make_fixed(py, real, &half).map(|s| s.into_bound(py)))
}

fn real<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    part(py, &slf, false).unwrap_or_else(|| Ok(slf.to_owned()))
}

fn imag<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    if let Some(made) = part(py, &slf, true) {
        return made;
    }
    match exact_num(&slf) {
        Some(TypeNum::Object) | None => Ok(py.None().into_bound(py)),
        Some(num) if num.row().size > 0 => {
            let zero = super::Raw::default();
            if matches!(num, TypeNum::DateTime | TypeNum::TimeDelta) {
                return delegate::unwrap(array_of(&slf)?.getattr("imag")?);
            }
            Ok(super::item::make_fixed(py, num, &zero)?.into_bound(py))
        }
        Some(_) => delegate::unwrap(array_of(&slf)?.getattr("imag")?),
    }
}

/// Rows of methods that run on a 0-d array.
macro_rules! delegated {
    ($($name:literal $text:literal)*) => {
        crate::methods!(Arg<'_, '_>; $(
            $name, |py, slf, args| method(py, slf, args, pyo3::intern!(py, $text)), 0,
                c"See the array method of the same name.";
        )*)
    };
}

fn methods() -> Vec<ffi::PyMethodDef> {
    let mut rows = delegated! {
        c"all" "all" c"any" "any" c"argmax" "argmax" c"argmin" "argmin" c"argsort" "argsort"
        c"astype" "astype" c"byteswap" "byteswap" c"choose" "choose" c"clip" "clip"
        c"compress" "compress" c"copy" "copy" c"cumprod" "cumprod" c"cumsum" "cumsum"
        c"diagonal" "diagonal" c"dump" "dump" c"dumps" "dumps" c"fill" "fill"
        c"flatten" "flatten" c"getfield" "getfield" c"max" "max" c"mean" "mean" c"min" "min"
        c"nonzero" "nonzero" c"prod" "prod" c"put" "put" c"ravel" "ravel" c"repeat" "repeat"
        c"reshape" "reshape" c"resize" "resize" c"round" "round" c"searchsorted" "searchsorted"
        c"setfield" "setfield" c"sort" "sort" c"squeeze" "squeeze"
        c"std" "std" c"sum" "sum" c"swapaxes" "swapaxes" c"take" "take"
        c"tobytes" "tobytes" c"tofile" "tofile" c"trace" "trace" c"transpose" "transpose"
        c"var" "var" c"view" "view" c"__array_namespace__" "__array_namespace__"
    };
    rows.extend(crate::methods!(Arg<'_, '_>;
        c"item", ~lean item, 0, c"item(): the Python object.";
        c"__copy__", |py, slf, args| copy(py, slf, args, "__copy__", 0), 0, c"The scalar itself, unless it is a void.";
        c"__deepcopy__", |py, slf, args| copy(py, slf, args, "__deepcopy__", 1), 0, c"As __copy__, items included.";
        c"tolist", ~lean tolist, 0, c"tolist(): the Python object.";
        c"conjugate", ~lean conjugate, 0, c"conjugate(): the complex conjugate.";
        c"conj", ~lean conjugate, 0, c"conj(): the complex conjugate.";
        c"to_device", to_device, 0, c"The scalar itself: there is one device.";
        c"setflags", |py: Python<'_>, _slf: Arg<'_, '_>, _args| Ok::<_, PyErr>(py.None()), 0,
            c"Accepted and ignored: scalars do not change.";
        c"__array__", array, 0, c"__array__(dtype=None): a 0-d array.";
        c"__array_wrap__", array_wrap, 0, c"The scalar of a 0-d array.";
        c"__reduce__", reduce, 0, c"For pickle.";
        c"__setstate__", |py: Python<'_>, _slf: Arg<'_, '_>, _args| Ok::<_, PyErr>(py.None()), 0, c"For pickle.";
        c"__format__", super::convert::format, 0, c"Formats like the Python object.";
        c"__sizeof__", sizeof, 0, c"Size of the object in bytes.";
    ));
    rows
}

fn item<'py>(py: Python<'py>, slf: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    if args.npos() == 0 && !args.has_keywords() {
        return item_of(&slf);
    }
    method(py, slf, args, pyo3::intern!(py, "item"))
}

/// What does not change needs no copy.
fn copy<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    args: CallArgs<'_, 'py>,
    name: &str,
    count: usize,
) -> Object<'py> {
    if exact_num(&slf).is_none_or(|num| num == TypeNum::Void) {
        return method(py, slf, args, &pyo3::types::PyString::new(py, name));
    }
    if args.npos() != count || args.has_keywords() {
        let plural = if count == 1 { "argument" } else { "arguments" };
        return Err(PyTypeError::new_err(format!(
            "{name}() takes exactly {count} {plural} ({} given)",
            args.npos()
        )));
    }
    Ok(slf.to_owned())
}

fn tolist<'py>(_: Python<'py>, slf: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    if args.npos() > 0 {
        return Err(PyTypeError::new_err(format!(
            "function takes exactly 0 arguments ({} given)",
            args.npos()
        )));
    }
    item_of(&slf)
}

fn conjugate<'py>(py: Python<'py>, slf: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    match exact_num(&slf) {
        Some(num) if num.is_number() && !num.is_complex() && args.npos() == 0 => Ok(slf.to_owned()),
        _ => method(py, slf, args, pyo3::intern!(py, "conjugate")),
    }
}

fn array<'py>(py: Python<'py>, slf: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    static SIG: Sig = Sig::new("__array__", &["dtype", "copy"], 0);
    let [dtype, _copy] = args.parse::<2>(&SIG)?;
    let array = delegate::writable_array_of(&slf)?;
    match dtype.filter(|d| !d.is_none()) {
        Some(dtype) => array.call_method1(pyo3::intern!(py, "astype"), (dtype,)),
        None => Ok(array),
    }
}

fn array_wrap<'py>(_: Python<'py>, _: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    static SIG: Sig = Sig::new("__array_wrap__", &["array", "context", "return_scalar"], 1);
    if args.npos() == 0 || args.npos() > 3 {
        let (word, n, given) = match args.npos() {
            0 => ("least", "1 argument", 0),
            given => ("most", "3 arguments", given),
        };
        return Err(PyTypeError::new_err(format!(
            "__array_wrap__() takes at {word} {n} ({given} given)"
        )));
    }
    let [array, _context, unwrap] = args.parse::<3>(&SIG)?;
    let array = array.map_or_else(|| args.get(0).to_owned(), |a| a.to_owned());
    if !arrays::is_array(&array) {
        return Err(PyTypeError::new_err(format!(
            "__array_wrap__() argument 1 must be numpy.ndarray, not {}",
            array.get_type().name()?
        )));
    }
    // Only `False` itself keeps the array.
    let keeps = unwrap.is_some_and(|u| !u.is_none() && !u.is_truthy().unwrap_or(true));
    if keeps || crate::array::ArrayRef::of(&array).ndim() > 0 {
        return Ok(array);
    }
    delegate::unwrap(array)
}

fn to_device<'py>(_: Python<'py>, slf: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    if args.npos() != 1 {
        return Err(PyTypeError::new_err(format!(
            "to_device() takes exactly 1 positional argument ({} given)",
            args.npos()
        )));
    }
    if !args.get(0).is_instance_of::<pyo3::types::PyString>() {
        return Err(PyTypeError::new_err(format!(
            "to_device() argument 1 must be str, not {}",
            args.get(0).get_type().name()?
        )));
    }
    // The array's method knows what is wrong with the arguments.
    method(slf.py(), slf, args, pyo3::intern!(slf.py(), "to_device"))?;
    Ok(slf.to_owned())
}

/// The function `scalar` that pickles name, as the public module shows it.
fn reduce<'py>(py: Python<'py>, slf: Arg<'_, 'py>, _: CallArgs<'_, 'py>) -> Object<'py> {
    let make = py.import("numoxide._core.multiarray")?.getattr("scalar")?;
    let descr = descr_of(py, &slf)?;
    let objects = crate::descr::has_objects(descr.as_ptr().cast());
    let state = if objects {
        array_of(&slf)?
    } else {
        PyBytes::new(py, &bytes_of(&slf)?).into_any()
    };
    Ok((make, (descr, state)).into_pyobject(py)?.into_any())
}

/// Refuses arguments of a method that takes none.
pub(crate) fn no_arguments(name: &str, args: CallArgs<'_, '_>) -> PyResult<()> {
    match args.npos() {
        0 => Ok(()),
        n => Err(PyTypeError::new_err(format!(
            "{name}() takes no arguments ({n} given)"
        ))),
    }
}

fn sizeof<'py>(py: Python<'py>, slf: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    no_arguments("generic.__sizeof__", args)?;
    let ty = slf.get_type_ptr();
    // SAFETY: a ready type.
    let base = unsafe { (*ty).tp_basicsize } as usize;
    let extra = super::void_parts(&slf).map_or(0, |(d, _)| {
        // SAFETY: a live dtype.
        unsafe { (*d).elsize as usize }
    });
    int(py, base + extra)
}

/// Scalars of dtypes with references: an item of a structured one comes as an array, the others not
/// at all.
fn unpickled<'py>(
    py: Python<'py>,
    descr: *mut Descr,
    state: Option<Arg<'_, 'py>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let refused = |text: &'static str| Err(PyTypeError::new_err(text));
    match crate::descr::num_of(descr) {
        TypeNum::VString => return refused("Cannot unpickle a StringDType scalar"),
        TypeNum::Object => return refused("Cannot unpickle a scalar with object dtype."),
        _ if !crate::descr::has_objects(descr) => return Ok(None),
        _ => {}
    }
    let array = state.filter(|s| arrays::is_array(s)).ok_or_else(|| {
        PyRuntimeError::new_err(
            "Unpickling NPY_LIST_PICKLE (structured void) scalar requires an array.  The pickle \
             file may be corrupted?",
        )
    })?;
    let item = array.get_item(PyTuple::empty(py))?;
    Ok(Some(item))
}

/// `scalar(dtype, state)`: the scalar that `__reduce__` took apart.
pub(crate) fn scalar_function<'py>(
    py: Python<'py>,
    _: crate::slots::Module,
    args: CallArgs<'_, 'py>,
) -> Object<'py> {
    static SIG: Sig = Sig::new("scalar", &["dtype", "obj"], 1);
    let [dtype, state] = args.parse::<2>(&SIG)?;
    let dtype = dtype.ok_or_else(|| PyTypeError::new_err("no dtype"))?;
    if !crate::descr::is_descr(&dtype) {
        return Err(PyTypeError::new_err(format!(
            "scalar() argument 1 must be numpy.dtype, not {}",
            dtype.get_type().name()?
        )));
    }
    let descr: *mut Descr = dtype.as_ptr().cast();
    if let Some(done) = unpickled(py, descr, state)? {
        return Ok(done);
    }
    // SAFETY: a live dtype; the buffer is as large as an item or refused.
    unsafe {
        let size = (*descr).elsize as usize;
        let mut item = vec![0u8; size.max(16)];
        if let Some(obj) = state {
            let bytes = match obj.to_owned().cast_into::<PyBytes>() {
                Ok(bytes) => bytes,
                Err(_) if !obj.is_instance_of::<pyo3::types::PyString>() => {
                    return Err(PyTypeError::new_err(
                        "initializing object must be a bytes object",
                    ));
                }
                Err(_) => obj
                    .call_method1("encode", ("latin1",))?
                    .cast_into::<PyBytes>()?,
            };
            let bytes = bytes.as_bytes();
            if bytes.len() < size {
                return Err(pyo3::exceptions::PyValueError::new_err(
                    "initialization string is too small",
                ));
            }
            item[..size].copy_from_slice(&bytes[..size]);
        }
        super::from_ptr(py, item.as_ptr(), descr, None)
    }
}
