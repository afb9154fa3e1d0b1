//! What scalars do by way of a 0-d array: array methods, attributes, and operators over ufuncs.

use super::arrays;
use super::value::with_item;
use crate::args::{Arg, CallArgs};
use crate::layout::flags;
use pyo3::exceptions::PyIndexError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};

/// A read-only 0-d array with the scalar's value.
pub(crate) fn array_of<'py>(obj: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the pointer and dtype describe one item; the array is fresh.
    unsafe {
        let array = with_item(obj, |ptr, descr| arrays::zero_d(obj.py(), ptr, descr, None))?;
        (*arrays::raw(&array)).flags &= !flags::WRITEABLE;
        Ok(array)
    }
}

/// As [`array_of`], writable.
pub(crate) fn writable_array_of<'py>(obj: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the pointer and dtype describe one item.
    with_item(obj, |ptr, descr| unsafe {
        arrays::zero_d(obj.py(), ptr, descr, None)
    })
}

/// A 0-d array as the scalar it holds; anything else as it is.
pub(crate) fn unwrap<'py>(result: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if arrays::is_array(&result) {
        let array = arrays::raw(&result);
        // SAFETY: a 0-d array has one item.
        unsafe {
            if (*array).nd == 0 {
                return super::from_ptr(result.py(), (*array).data, (*array).descr, None);
            }
        }
    }
    Ok(result)
}

/// Calls a method of the array type on a 0-d copy of the scalar.
pub(crate) fn method<'py>(
    py: Python<'py>,
    slf: Arg<'_, 'py>,
    args: CallArgs<'_, 'py>,
    name: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let array = writable_array_of(&slf)?;
    let given = PyTuple::new(py, (0..args.npos()).map(|i| args.get(i)))?;
    let kwargs = args.has_keywords().then(|| PyDict::new(py));
    if let Some(kwargs) = &kwargs {
        for (key, value) in args.keywords() {
            kwargs.set_item(key, value)?;
        }
    }
    unwrap(array.call_method(name, given, kwargs.as_ref())?)
}

/// `scalar[key]`.
pub(crate) fn subscript<'py>(
    py: Python<'py>,
    slf: &Bound<'py, PyAny>,
    key: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if key.cast::<PyTuple>().is_ok_and(|tuple| tuple.is_empty()) {
        return Ok(slf.clone());
    }
    // What indexes an array without axes indexes a scalar; only the words of the refusal differ.
    writable_array_of(slf)?.get_item(key).map_err(|error| {
        match error.is_instance_of::<PyIndexError>(py) {
            true => PyIndexError::new_err("invalid index to scalar variable."),
            false => error,
        }
    })
}

/// The operators that fall to a ufunc.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub(crate) enum Op {
    Add,
    Subtract,
    Multiply,
    Remainder,
    Divmod,
    Power,
    Negative,
    Positive,
    Absolute,
    Invert,
    LeftShift,
    RightShift,
    And,
    Xor,
    Or,
    FloorDivide,
    TrueDivide,
    Less,
    LessEqual,
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
}

/// Names of the ufuncs, in the order of [`Op`].
const NAMES: [&str; 23] = [
    "add",
    "subtract",
    "multiply",
    "remainder",
    "divmod",
    "power",
    "negative",
    "positive",
    "absolute",
    "invert",
    "left_shift",
    "right_shift",
    "bitwise_and",
    "bitwise_xor",
    "bitwise_or",
    "floor_divide",
    "true_divide",
    "less",
    "less_equal",
    "equal",
    "not_equal",
    "greater",
    "greater_equal",
];

/// The ufunc behind an operator.
pub(crate) fn ufunc(py: Python<'_>, op: Op) -> PyResult<&Bound<'_, PyAny>> {
    static UFUNCS: [PyOnceLock<Py<PyAny>>; 23] = [const { PyOnceLock::new() }; 23];
    let made = UFUNCS[op as usize].get_or_try_init(py, || {
        let ext = py.import("numoxide._core._multiarray_umath")?;
        PyResult::Ok(ext.getattr(NAMES[op as usize])?.unbind())
    })?;
    Ok(made.bind(py))
}

/// Whether the other operand of a binary operator is to handle it.
pub(crate) fn defers(slf: &Bound<'_, PyAny>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = slf.py();
    let ty = other.get_type();
    let exact = ty.as_type_ptr();
    // SAFETY: comparing addresses of type objects.
    let builtin = [
        &raw mut ffi::PyFloat_Type,
        &raw mut ffi::PyLong_Type,
        &raw mut ffi::PyBool_Type,
        &raw mut ffi::PyComplex_Type,
        &raw mut ffi::PyUnicode_Type,
        &raw mut ffi::PyBytes_Type,
        &raw mut ffi::PyList_Type,
        &raw mut ffi::PyTuple_Type,
        &raw mut ffi::PyDict_Type,
    ];
    if builtin.contains(&exact) || other.is_none() || super::num_for(exact).is_some() {
        return Ok(false);
    }
    if let Some(hook) = ty.getattr_opt(pyo3::intern!(py, "__array_ufunc__"))? {
        return Ok(hook.is_none());
    }
    // Objects from before `__array_ufunc__`: the higher priority wins.
    if slf.get_type().is(&ty) {
        return Ok(false);
    }
    let priority = match ty.getattr_opt(pyo3::intern!(py, "__array_priority__"))? {
        Some(p) => p.extract::<f64>().unwrap_or(SCALAR_PRIORITY),
        None => SCALAR_PRIORITY,
    };
    Ok(priority > SCALAR_PRIORITY)
}

/// `__array_priority__` of scalars.
pub(crate) const SCALAR_PRIORITY: f64 = -1_000_000.0;

/// A binary operator through its ufunc, or `NotImplemented` where the other operand takes it.
pub(crate) fn binary<'py>(
    py: Python<'py>,
    op: Op,
    lhs: &Bound<'py, PyAny>,
    rhs: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let forward = super::is_numpy_scalar(lhs);
    let (slf, other) = if forward { (lhs, rhs) } else { (rhs, lhs) };
    if defers(slf, other)? || python_sequence(op, slf, other) || opaque(slf, other) {
        return Ok(py.NotImplemented().into_bound(py));
    }
    ufunc(py, op)?.call1((lhs, rhs))
}

/// A long double beside an object that NumPy knows nothing of: as objects both would come back here.
fn opaque(slf: &Bound<'_, PyAny>, other: &Bound<'_, PyAny>) -> bool {
    use numoxide_dtype::TypeNum;
    let num = super::num_for(slf.get_type_ptr());
    // Scalars of registered dtypes are such objects themselves to the object loops.
    let foreign = super::exact_num(slf).is_none();
    let long = matches!(num, Some(TypeNum::LongDouble | TypeNum::CLongDouble));
    (long || foreign) && unknown(other)
}

/// Whether an object is nothing that NumPy makes numbers, text or arrays of.
fn unknown(other: &Bound<'_, PyAny>) -> bool {
    let ob = other.as_ptr();
    // SAFETY: type checks of a live object.
    let known = unsafe {
        ffi::PyFloat_Check(ob)
            | ffi::PyLong_Check(ob)
            | ffi::PyComplex_Check(ob)
            | ffi::PyUnicode_Check(ob)
            | ffi::PyBytes_Check(ob)
            | ffi::PyList_Check(ob)
            | ffi::PyTuple_Check(ob)
    };
    known == 0
        && !arrays::is_array(other)
        && !super::is_numpy_scalar(other)
        && ![
            "__array__",
            "__array_interface__",
            "__array_struct__",
            "__array_ufunc__",
        ]
        .iter()
        .any(|name| other.hasattr(*name).unwrap_or(false))
}

/// Whether Python's own sequence operators apply: repetition, and text with text.
fn python_sequence(op: Op, slf: &Bound<'_, PyAny>, other: &Bound<'_, PyAny>) -> bool {
    // SAFETY: live objects; the tables of their types are NULL or valid.
    unsafe {
        let ty = other.get_type_ptr();
        let sequence = (*ty).tp_as_sequence.as_ref();
        let text =
            |ob: *mut ffi::PyObject| ffi::PyUnicode_Check(ob) != 0 || ffi::PyBytes_Check(ob) != 0;
        match op {
            Op::Multiply => {
                let number = (*ty).tp_as_number.as_ref();
                sequence.is_some_and(|s| s.sq_repeat.is_some())
                    && number.is_none_or(|n| n.nb_multiply.is_none())
                    || text(slf.as_ptr())
            }
            Op::Add | Op::Remainder => text(slf.as_ptr()) && text(other.as_ptr()),
            _ => false,
        }
    }
}

/// A comparison through its ufunc.
pub(crate) fn compare<'py>(
    py: Python<'py>,
    op: std::ffi::c_int,
    slf: &Bound<'py, PyAny>,
    other: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let equality = matches!(op, ffi::Py_EQ | ffi::Py_NE);
    if (equality && other.is_none()) || defers(slf, other)? {
        return Ok(py.NotImplemented().into_bound(py));
    }
    if opaque(slf, other) || (equality && super::void_parts(slf).is_some() && unknown(other)) {
        return Ok(py.NotImplemented().into_bound(py));
    }
    if equality {
        // Comparing unlike kinds is the array's business: it may simply be unequal.
        let array = array_of(slf)?;
        return array.rich_compare(other, compare_op(op));
    }
    ufunc(py, op_of(op))?.call1((slf, other))
}

fn compare_op(op: std::ffi::c_int) -> pyo3::basic::CompareOp {
    pyo3::basic::CompareOp::from_raw(op).unwrap_or(pyo3::basic::CompareOp::Eq)
}

/// The ufunc of a comparison code.
fn op_of(op: std::ffi::c_int) -> Op {
    match op {
        ffi::Py_LT => Op::Less,
        ffi::Py_LE => Op::LessEqual,
        ffi::Py_EQ => Op::Equal,
        ffi::Py_NE => Op::NotEqual,
        ffi::Py_GT => Op::Greater,
        _ => Op::GreaterEqual,
    }
}
