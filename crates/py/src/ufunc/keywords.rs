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
    pub(crate) keepdims: bool,
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
    if args.npos() > nin {
        for i in nin..args.npos() {
            opts.outs.push(output(args.get(i))?);
        }
        opts.outs.resize(usize::from(op.nout), None);
        if opts.outs.iter().all(Option::is_none) {
            opts.outs.clear();
        }
    }
    let by_position = args.npos() > nin;
    let (mut dtype, mut signature) = (None, None);
    for (name, value) in args.keywords() {
        match name {
            "out" if by_position => {
                return Err(PyTypeError::new_err(
                    "cannot specify 'out' as both a positional and keyword argument",
                ))
            }
            "out" if value.is(py.Ellipsis()) => opts.keep_arrays = true,
            "out" => opts.outs = outputs(value, usize::from(op.nout))?,
            "where" => opts.mask = mask(py, value)?,
            "casting" => opts.casting = convert::casting(Some(value), Casting::SameKind)?,
            "order" => opts.order = convert::order(Some(value), Order::Keep)?,
            "subok" => opts.subok = subok(value)?,
            "dtype" => dtype = Some(value),
            "sig" | "signature" if signature.is_some() => {
                return Err(PyTypeError::new_err(
                    "cannot specify both 'sig' and 'signature'",
                ))
            }
            "sig" | "signature" => signature = Some(value),
            "axes" if op.signature.is_some() => core.axes = Some(value.to_owned()),
            "axis" if op.signature.is_some() => core.axis = Some(value.to_owned()),
            "keepdims" if op.signature.is_some() => core.keepdims = value.is_truthy()?,
            _ => {
                return Err(PyTypeError::new_err(format!(
                    "{}() got an unexpected keyword argument '{name}'",
                    op.name
                )))
            }
        }
    }
    opts.fixed = fixed(py, op, dtype, signature)?;
    Ok((opts, core))
}

fn subok(value: Arg<'_, '_>) -> PyResult<bool> {
    if value.is_instance_of::<pyo3::types::PyBool>() {
        value.is_truthy()
    } else {
        Err(PyTypeError::new_err("'subok' must be a boolean"))
    }
}

/// One output: an array or None.
pub(crate) fn output<'py>(value: Arg<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if value.is_none() {
        return Ok(None);
    }
    match ArrayRef::from_any(value) {
        Some(arr) => {
            if !arr.has(crate::layout::flags::WRITEABLE) {
                return Err(PyValueError::new_err("output array is read-only"));
            }
            Ok(Some(arr.as_bound()))
        }
        None => Err(PyTypeError::new_err("return arrays must be of ArrayType")),
    }
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
            outs.push(output(item.as_borrowed())?);
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
    let arr = array::coerce::as_any(value)?;
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
    Ok(Some(descr::dtype_of(made.as_ptr().cast::<Descr>())))
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
    let Ok(tuple) = signature.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err(
            "the signature object to ufunc must be a string or a tuple.",
        ));
    };
    let n = tuple.len();
    if n == 1 {
        let one = one_dtype(py, &tuple.get_item(0)?)?;
        fixed.resize(nin, None);
        fixed.resize(nop, one);
        return Ok(fixed);
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
    let bad = || {
        PyValueError::new_err(format!(
            "a type-string for {}, requires 1 typecode, or {nin} typecode(s) before and {} after \
             the -> sign",
            op.name, op.nout
        ))
    };
    let codes: Vec<u8> = text.bytes().filter(|b| *b != b'-' && *b != b'>').collect();
    let arrow = text.find("->");
    let ok = match arrow {
        Some(at) => at == nin && codes.len() == nop,
        None => codes.len() == 1,
    };
    if !ok {
        return Err(bad());
    }
    let parsed: Option<PerOp<Option<DType>>> = codes
        .iter()
        .map(|c| TypeNum::from_code(*c).map(|n| Some(DType::new(n))))
        .collect();
    let parsed = parsed.ok_or_else(bad)?;
    if arrow.is_some() {
        return Ok(parsed);
    }
    let mut fixed: PerOp<Option<DType>> = PerOp::new();
    fixed.resize(nin, None);
    fixed.resize(nop, parsed[0].clone());
    Ok(fixed)
}
