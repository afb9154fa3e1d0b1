//! Functions about dtypes: `can_cast`, `result_type`, `promote_types`, `min_scalar_type`.

use super::coerce::as_any;
use super::ArrayRef;
use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr::{self, descr_for, dtype_of};
use crate::err::OrRaise;
use crate::layout::Descr;
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
    if from.is_none() || to.is_none() {
        let text = "did not understand one of the types; 'None' not accepted";
        return Err(PyTypeError::new_err(text));
    }
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
    let mut objects = Vec::with_capacity(args.npos());
    for i in 0..args.npos() {
        let ob = args.get(i);
        match weak(ob) {
            Some(kind) => found.push(Err(kind)),
            None => {
                let object = dtype_object(py, ob)?.into_bound(py);
                found.push(Ok(dtype_of(object.as_ptr().cast())));
                objects.push(object);
            }
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
    let single = objects.len() == 1 && dtype.fields().is_none();
    let parts = objects.len() > 1 && dtype.fields().is_some() || dtype.subarray().is_some();
    let whole = objects.len() == found.len() && (single || parts);
    match handed_on(&dtype, &objects, whole) {
        Some(same) => Ok(same),
        None if found.len() == 1 => with_metadata(py, &dtype, objects.first()),
        None => with_metadata(py, &dtype, swapped_text(&dtype, &objects)),
    }
}

/// The operand that promotion hands on as it is, with its metadata: text and plain void of the
/// result's own size, and what `whole` says may be, if all operands are that one object.
fn handed_on<'py>(
    dtype: &DType,
    objects: &[Bound<'py, PyAny>],
    whole: bool,
) -> Option<Bound<'py, PyAny>> {
    let text = dtype.num.is_flexible() && dtype.extra.is_none();
    let same = whole && objects.iter().all(|o| o.is(&objects[0]));
    let titled = dtype
        .fields()
        .is_some_and(|f| f.iter().any(|f| f.title.is_some()));
    // The first operand that needs the result's size decides, as a copy where it is of another class.
    let size = |d: &DType| match dtype.num {
        TypeNum::Bytes => numoxide_dtype::promote::text_length(d),
        TypeNum::Str => 4 * numoxide_dtype::promote::text_length(d),
        _ => d.size,
    };
    let own = |o: &Bound<'py, PyAny>| dtype_of(o.as_ptr().cast());
    let found = objects.iter().find(|o| size(&own(o)) == dtype.size)?;
    ((text || same) && !titled && own(found) == *dtype).then(|| found.clone())
}

/// The first operand, if it is text that only its byte order keeps from being the result.
fn swapped_text<'a, 'py>(
    dtype: &DType,
    objects: &'a [Bound<'py, PyAny>],
) -> Option<&'a Bound<'py, PyAny>> {
    let first = objects.first()?;
    let own = dtype_of(first.as_ptr().cast());
    (dtype.num == TypeNum::Str && own.swapped && own.native() == *dtype).then_some(first)
}

/// A dtype object with the metadata of another.
fn with_metadata<'py>(
    py: Python<'py>,
    dtype: &DType,
    source: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let made = descr_for(py, dtype)?.into_bound(py);
    // SAFETY: live dtypes; the copy is fresh and not shared.
    unsafe {
        let metadata = source.map_or(std::ptr::null_mut(), |s| {
            (*s.as_ptr().cast::<Descr>()).metadata
        });
        if metadata.is_null() {
            return Ok(made);
        }
        let copy = descr::make::copy(py, made.as_ptr().cast())?;
        ffi::Py_INCREF(metadata);
        ffi::Py_XDECREF(std::mem::replace(&mut (*copy).metadata, metadata));
        Ok(descr::make::own(py, copy).into_bound(py))
    }
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
    let dtype = numoxide_dtype::promote_types(&x, &y).or_raise(py)?;
    let objects = [first.into_bound(py), second.into_bound(py)];
    match handed_on(&dtype, &objects, true) {
        Some(same) => Ok(same),
        None => with_metadata(py, &dtype, swapped_text(&dtype, &objects)),
    }
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
