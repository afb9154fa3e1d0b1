//! Keywords of a ufunc call.

use super::call::Options;
use crate::args::{Arg, CallArgs};
use crate::array::{self, ArrayRef};
use crate::convert;
use crate::descr;
use crate::layout::Descr;
use numoxide_core::iter::PerOp;
use numoxide_core::{DType, Order, TypeNum};
use numoxide_dtype::Casting;
use numoxide_ufunc::table::Op;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

/// Keywords of generalised ufuncs, passed on as they are.
#[derive(Default)]
pub(crate) struct CoreOptions<'py> {
    /// `axes=`.
    pub(crate) axes: Option<Bound<'py, PyAny>>,
    /// `axis=`.
    pub(crate) axis: Option<Bound<'py, PyAny>>,
    /// `keepdims=`.
    pub(crate) keepdims: Option<bool>,
}

fn outputs_by_position<'py>(
    py: Python<'py>,
    op: &'static Op,
    args: &CallArgs<'_, 'py>,
    opts: &mut Options<'py>,
) -> PyResult<()> {
    for i in usize::from(op.nin)..args.npos() {
        if args.get(i).is(py.Ellipsis()) {
            return Err(only_keyword());
        }
        opts.outs.push(output(args.get(i))?);
    }
    opts.outs.resize(usize::from(op.nout), None);
    if opts.outs.iter().all(Option::is_none) {
        opts.outs.clear();
    }
    Ok(())
}

/// Reads all keywords, and outputs given by position.
pub(crate) fn parse<'py>(
    py: Python<'py>,
    op: &'static Op,
    args: &CallArgs<'_, 'py>,
) -> PyResult<(Options<'py>, CoreOptions<'py>)> {
    let mut opts = Options::none();
    let mut core = CoreOptions::default();
    let nin = usize::from(op.nin);
    let by_position = args.npos() > nin;
    if by_position {
        outputs_by_position(py, op, args, &mut opts)?;
    }
    let mut has_out = by_position;
    let (mut dtype, mut signature) = (None, None);
    for (name, value) in args.keywords() {
        match name {
            "out" if by_position => {
                return Err(PyTypeError::new_err(
                    "cannot specify 'out' as both a positional and keyword argument",
                ))
            }
            "out" => {
                has_out = true;
                if value.is(py.Ellipsis()) {
                    opts.keep_arrays = true;
                } else {
                    opts.outs = outputs(value, usize::from(op.nout))?;
                }
            }
            "where" if op.signature.is_none() => opts.mask = mask(py, value)?,
            "casting" => opts.casting = convert::casting(Some(value), Casting::SameKind)?,
            "order" => opts.order = convert::order(Some(value), Order::Keep)?,
            "subok" => opts.subok = boolean(value, "subok")?,
            "dtype" => dtype = Some(value),
            "sig" | "signature" if signature.is_some() => {
                return Err(PyTypeError::new_err(
                    "cannot specify both 'sig' and 'signature'",
                ))
            }
            "sig" | "signature" => signature = Some(value),
            "axes" if op.signature.is_some() => core.axes = Some(value.to_owned()),
            "axis" if op.signature.is_some() => core.axis = Some(value.to_owned()),
            "keepdims" if op.signature.is_some() => {
                core.keepdims = Some(boolean(value, "keepdims")?);
            }
            _ => {
                return Err(PyTypeError::new_err(format!(
                    "{}() got an unexpected keyword argument '{name}'",
                    op.name
                )))
            }
        }
    }
    opts.fixed = fixed(py, op, dtype, signature)?;
    if opts.mask.is_some() && !has_out {
        warn_uninitialised(py)?;
    }
    Ok((opts, core))
}

/// Results keep arbitrary items where the mask is false and no output was given.
fn warn_uninitialised(py: Python<'_>) -> PyResult<()> {
    // SAFETY: a class object of the interpreter's.
    let class = unsafe { Bound::from_borrowed_ptr(py, pyo3::ffi::PyExc_UserWarning) };
    let text = "'where' used without 'out', expect unitialized memory in output. If this is \
                intentional, use out=None.";
    crate::err::warn(py, &class, text)
}

/// The error of `...` among positional arguments.
pub(super) fn only_keyword() -> PyErr {
    PyTypeError::new_err("out=... is only allowed as a keyword argument.")
}

fn boolean(value: Arg<'_, '_>, name: &str) -> PyResult<bool> {
    if value.is_instance_of::<pyo3::types::PyBool>() {
        value.is_truthy()
    } else {
        Err(PyTypeError::new_err(format!("'{name}' must be a boolean")))
    }
}

/// One output: an array or None.
pub(crate) fn output<'py>(value: Arg<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if value.is_none() {
        return Ok(None);
    }
    match ArrayRef::from_any(value) {
        Some(arr) => {
            arr.check_writeable("output array")?;
            Ok(Some(arr.as_bound()))
        }
        None => Err(PyTypeError::new_err("return arrays must be of ArrayType")),
    }
}

/// One output in an `out` tuple.
pub(super) fn tuple_output<'py>(value: Arg<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if value.is(value.py().Ellipsis()) {
        return Err(PyTypeError::new_err(
            "must use `...` as `out=...` and not per-operand/in a tuple",
        ));
    }
    output(value)
}

fn outputs<'py>(value: Arg<'_, 'py>, nout: usize) -> PyResult<PerOp<Option<Bound<'py, PyAny>>>> {
    let mut outs = PerOp::new();
    if let Ok(tuple) = value.cast::<PyTuple>() {
        if tuple.len() != nout {
            return Err(PyValueError::new_err(
                "The 'out' tuple must have exactly one entry per ufunc output",
            ));
        }
        for item in tuple.iter() {
            outs.push(tuple_output(item.as_borrowed())?);
        }
    } else if nout > 1 && !value.is_none() {
        return Err(PyTypeError::new_err("'out' must be a tuple of arrays"));
    } else {
        outs.push(output(value)?);
    }
    if outs.iter().all(Option::is_none) {
        outs.clear();
    }
    Ok(outs)
}

/// `where=` as a bool array; `True` means none.
pub(crate) fn mask<'py>(
    py: Python<'py>,
    value: Arg<'_, 'py>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // SAFETY: comparing with the interpreter's singleton.
    if value.as_ptr() == unsafe { pyo3::ffi::Py_True() } {
        return Ok(None);
    }
    let arr = match ArrayRef::from_any(value) {
        Some(arr) => arr.as_bound(),
        // Anything but an array is asked for its truth.
        None => array::coerce::asarray_as(value, descr::singleton(TypeNum::Bool))?,
    };
    let view = ArrayRef::of(&arr);
    if view.dtype().num != TypeNum::Bool {
        return Err(crate::err::to_py(
            py,
            numoxide_core::Error::Cast {
                from: view.dtype(),
                to: DType::new(TypeNum::Bool),
                rule: "safe",
            },
        ));
    }
    Ok(Some(arr))
}

/// A fixed operand dtype: a class fixes the class, an instance too (its parameters follow the call).
fn one_dtype(py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Option<DType>> {
    if value.is_none() {
        return Ok(None);
    }
    if let Some(class) = descr::as_class(value) {
        // SAFETY: a ready DType class.
        let num = unsafe { (*class).type_num };
        return Ok(TypeNum::from_c(num).map(DType::new));
    }
    let made = descr::convert(py, value)?;
    let dtype = descr::dtype_of(made.as_ptr().cast::<Descr>());
    let detailed = match dtype.num {
        TypeNum::DateTime | TypeNum::TimeDelta => {
            dtype.datetime_meta().unit != numoxide_dtype::DateTimeUnit::Generic
        }
        num if num.is_flexible() => dtype.size != 0,
        _ => false,
    };
    if detailed || dtype.swapped {
        return Err(PyTypeError::new_err(
            "The `dtype` and `signature` arguments to ufuncs only select the general DType and not \
             details such as the byte order or time unit. You can avoid this error by using the \
             scalar types `np.float64` or the dtype string notation.",
        ));
    }
    Ok(Some(dtype))
}

/// The error of a signature that names one dtype only.
fn single_item() -> PyErr {
    PyTypeError::new_err("Use `dtype` or  fill the tuple with more than one 'None'.")
}

/// `dtype=` and `signature=` as one entry an operand.
pub(crate) fn fixed(
    py: Python<'_>,
    op: &'static Op,
    dtype: Option<Arg<'_, '_>>,
    signature: Option<Arg<'_, '_>>,
) -> PyResult<PerOp<Option<DType>>> {
    let (nin, nop) = (usize::from(op.nin), usize::from(op.nin + op.nout));
    let dtype = dtype.filter(|d| !d.is_none());
    if dtype.is_some() && signature.is_some() {
        return Err(PyTypeError::new_err(
            "cannot specify both 'signature' and 'dtype'",
        ));
    }
    let mut fixed: PerOp<Option<DType>> = PerOp::new();
    if let Some(dtype) = dtype {
        let one = one_dtype(py, &dtype.to_owned())?;
        fixed.resize(nin, None);
        fixed.resize(nop, one);
        return Ok(fixed);
    }
    let Some(signature) = signature.filter(|s| !s.is_none()) else {
        return Ok(fixed);
    };
    if let Ok(text) = signature.cast::<PyString>() {
        return from_text(op, &text.to_string_lossy());
    }
    if signature.is_instance_of::<pyo3::types::PyBytes>() {
        let text = signature.call_method1("decode", ("utf-8",))?;
        return from_text(op, &text.extract::<String>()?);
    }
    let Ok(tuple) = signature.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err(
            "the signature object to ufunc must be a string or a tuple.",
        ));
    };
    let n = tuple.len();
    if n == 1 && nop != 1 {
        if tuple.get_item(0)?.is_none() {
            let text = "a single item type tuple cannot contain None.";
            return Err(PyTypeError::new_err(text));
        }
        return Err(single_item());
    }
    if n != nop {
        return Err(PyValueError::new_err(format!(
            "a type-tuple must be specified of length {nop} for ufunc '{}'",
            op.name
        )));
    }
    for item in tuple.iter() {
        fixed.push(one_dtype(py, &item)?);
    }
    Ok(fixed)
}

fn from_text(op: &'static Op, text: &str) -> PyResult<PerOp<Option<DType>>> {
    let (nin, nop) = (usize::from(op.nin), usize::from(op.nin + op.nout));
    if text.len() == 1 && nop != 1 {
        return Err(single_item());
    }
    let ok = text.len() == nop + 2 && text.is_char_boundary(nin) && text[nin..].starts_with("->");
    if !ok {
        return Err(PyValueError::new_err(format!(
            "a type-string for {}, {nin} typecode(s) before and {} after the -> sign",
            op.name, op.nout
        )));
    }
    let codes = text.bytes().filter(|b| *b != b'-' && *b != b'>');
    let parsed: Option<PerOp<Option<DType>>> = codes
        .map(|c| TypeNum::from_code(c).map(|n| Some(DType::new(n))))
        .collect();
    parsed.ok_or_else(|| PyValueError::new_err("Invalid data-type for array"))
}
