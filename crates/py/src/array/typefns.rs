//! Functions about dtypes: `can_cast`, `result_type`, `promote_types`, `min_scalar_type`.

use super::coerce::as_any;
use super::ArrayRef;
use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr::{self, descr_for, dtype_of};
use crate::err::OrRaise;
use crate::scalar;
use crate::slots::Module;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::promote::{
    min_scalar_float, min_scalar_int, min_scalar_signed, Operand, WeakKind,
};
use numoxide_dtype::Casting;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

/// A Python number that takes its precision from others (bool is not one).
fn weak(ob: Arg<'_, '_>) -> Option<WeakKind> {
    if scalar::is_numpy_scalar(&ob) {
        return None;
    }
    // SAFETY: plain type checks of a live object.
    unsafe {
        let p = ob.as_ptr();
        if ffi::PyBool_Check(p) != 0 {
            None
        } else if ffi::PyLong_Check(p) != 0 {
            Some(WeakKind::Int)
        } else if ffi::PyFloat_Check(p) != 0 {
            Some(WeakKind::Float)
        } else if ffi::PyComplex_Check(p) != 0 {
            Some(WeakKind::Complex)
        } else {
            None
        }
    }
}

/// The dtype object of an array or scalar, or the one an object names.
fn dtype_object(py: Python<'_>, ob: Arg<'_, '_>) -> PyResult<Py<PyAny>> {
    if let Some(a) = ArrayRef::from_any(ob) {
        return Ok(a.dtype_object().unbind());
    }
    if scalar::is_numpy_scalar(&ob) {
        return scalar::descr_of(py, &ob);
    }
    // SAFETY: plain type check of a live object.
    if unsafe { ffi::PyBool_Check(ob.as_ptr()) } != 0 {
        return descr_for(py, &DType::new(TypeNum::Bool));
    }
    descr::convert(py, &ob.to_owned())
}

static CAN_CAST: Sig = Sig::new("can_cast", &["from_", "to", "casting"], 2);

/// `can_cast(from_, to, casting='safe')`.
pub(super) fn can_cast<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [from, to, casting] = args.parse(&CAN_CAST)?;
    let (Some(from), Some(to)) = (from, to) else {
        return Err(PyTypeError::new_err("can_cast() needs two dtypes"));
    };
    let to = descr::convert(py, &to.to_owned())?;
    let casting = convert::casting(casting, Casting::Safe)?;
    if weak(from).is_some() {
        return Err(PyTypeError::new_err(
            "can_cast() does not support Python ints, floats, and complex because the result used \
             to depend on the value.\nThis change was part of adopting NEP 50, we may explicitly \
             allow them again in the future.",
        ));
    }
    let from = dtype_object(py, from)?;
    let (from, to) = (dtype_of(from.as_ptr().cast()), dtype_of(to.as_ptr().cast()));
    let open = |d: &DType| d.num.is_flexible() && d.size == 0 && d.extra.is_none();
    // A text dtype without length stands for one long enough.
    let to = if open(&to) && from.num == to.num && from.extra.is_none() {
        DType {
            size: from.size,
            ..to
        }
    } else {
        to
    };
    let can = numoxide_dtype::can_cast(&from, &to, casting);
    Ok(can.into_pyobject(py)?.to_owned().into_any())
}

/// `result_type(*arrays_and_dtypes)`.
pub(super) fn result_type<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() == 0 {
        return Err(PyValueError::new_err(
            "at least one array or dtype is required",
        ));
    }
    let mut found = Vec::with_capacity(args.npos());
    let mut first = None;
    for i in 0..args.npos() {
        let ob = args.get(i);
        match weak(ob) {
            Some(kind) => found.push(Err(kind)),
            None => {
                let object = dtype_object(py, ob)?;
                found.push(Ok(dtype_of(object.as_ptr().cast())));
                first.get_or_insert(object);
            }
        }
    }
    // One operand alone keeps its dtype, byte order and metadata included.
    if let (1, Some(Ok(dtype)), Some(object)) = (found.len(), found.first(), first) {
        if dtype.num == TypeNum::User || dtype.num == TypeNum::VString {
            return Ok(object.into_bound(py));
        }
    }
    let operands: Vec<Operand<'_>> = found
        .iter()
        .map(|f| match f {
            Ok(dtype) => Operand::DType(dtype),
            Err(kind) => Operand::Weak(*kind),
        })
        .collect();
    let dtype = numoxide_dtype::result_type(&operands).or_raise(py)?;
    Ok(descr_for(py, &dtype)?.into_bound(py))
}

/// `promote_types(type1, type2)`.
pub(super) fn promote_types<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static PROMOTE: Sig = Sig::new("promote_types", &["type1", "type2"], 2);
    if args.npos() < 2 && !args.has_keywords() {
        let n = args.npos();
        return Err(PyTypeError::new_err(format!(
            "promote_types() missing required positional argument {n}"
        )));
    }
    let [first, second] = args.parse(&PROMOTE)?;
    let (Some(first), Some(second)) = (first, second) else {
        return Err(PyTypeError::new_err("promote_types() needs two dtypes"));
    };
    let first = descr::convert(py, &first.to_owned())?;
    let second = descr::convert(py, &second.to_owned())?;
    let (x, y) = (
        dtype_of(first.as_ptr().cast()),
        dtype_of(second.as_ptr().cast()),
    );
    if first.is(&second) && (x.num == TypeNum::VString || x.num == TypeNum::User) {
        return Ok(first.into_bound(py));
    }
    let dtype = numoxide_dtype::promote_types(&x, &y).or_raise(py)?;
    Ok(descr_for(py, &dtype)?.into_bound(py))
}

/// `min_scalar_type(a)`.
pub(super) fn min_scalar_type<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static MIN_SCALAR: Sig = Sig::new("min_scalar_type", &["a"], 1);
    let [a] = args.parse(&MIN_SCALAR)?;
    let Some(a) = a else {
        return Err(PyTypeError::new_err("min_scalar_type() needs an array"));
    };
    let array = as_any(a)?;
    let array = ArrayRef::of(&array);
    if array.ndim() != 0 {
        return Ok(array.dtype_object());
    }
    let num = array.dtype().num;
    // SAFETY: a 0-d array has one item.
    let item = unsafe { scalar::get_item(py, array.data(), array.descr())? };
    let least = match num.kind() {
        b'u' => min_scalar_int(item.extract()?),
        b'i' => match item.extract::<i64>()? {
            v if v >= 0 => min_scalar_int(v as u64),
            v => min_scalar_signed(v),
        },
        b'f' if num == TypeNum::LongDouble => return Ok(array.dtype_object()),
        b'f' => narrower(num, min_scalar_float(item.extract()?)),
        b'c' if num == TypeNum::CLongDouble => return Ok(array.dtype_object()),
        b'c' => {
            let parts = (
                item.getattr("real")?.extract()?,
                item.getattr("imag")?.extract()?,
            );
            match (min_scalar_float(parts.0), min_scalar_float(parts.1)) {
                (TypeNum::Double, _) | (_, TypeNum::Double) => TypeNum::CDouble,
                _ => TypeNum::CFloat,
            }
        }
        _ => return Ok(array.dtype_object()),
    };
    // The widest unsigned integers are C's `unsigned long long` here.
    let least = match least {
        TypeNum::ULong if num != TypeNum::ULong => TypeNum::ULongLong,
        other => other,
    };
    Ok(descr_for(py, &DType::new(least))?.into_bound(py))
}

fn narrower(own: TypeNum, least: TypeNum) -> TypeNum {
    if own.row().size < least.row().size {
        own
    } else {
        least
    }
}
