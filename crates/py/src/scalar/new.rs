//! Making scalars: what `np.float64(x)` and its siblings do.

use super::item::{date_scalar, make_fixed, make_typed, new_void, python_subtype};
use super::number::{self, Raw};
use super::types::{num_for, type_for};
use super::{arrays, set, value_of};
use crate::descr::{self, make};
use crate::layout::{Descr, VoidScalar};
use crate::slots::quick_or;
use numoxide_dtype::{DateTimeMeta, DateTimeUnit, TypeNum};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

type Object<'py> = PyResult<Py<PyAny>>;

/// The class a scalar type or subtype belongs to.
fn class_of(ty: *mut ffi::PyTypeObject) -> TypeNum {
    let found = num_for(ty).or_else(|| {
        // SAFETY: ready types.
        TypeNum::legacy().find(|&n| unsafe { ffi::PyType_IsSubtype(ty, type_for(n)) != 0 })
    });
    found.unwrap_or(TypeNum::Object)
}

/// `tp_new` of all concrete scalar types.
pub(crate) unsafe extern "C" fn new_slot(
    ty: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with an argument tuple and NULL or a dictionary.
    unsafe {
        let quick = |py| {
            let num = num_for(ty).filter(|n| n.is_number())?;
            if !kwargs.is_null() || ffi::PyTuple_GET_SIZE(args) != 1 {
                return None;
            }
            let raw = super::plain_number(ffi::PyTuple_GET_ITEM(args, 0), num)?;
            Some(make_fixed(py, num, &raw))
        };
        quick_or(quick, |py| {
            let args = Bound::from_borrowed_ptr(py, args).cast_into::<PyTuple>()?;
            let kwargs = Bound::from_borrowed_ptr_or_opt(py, kwargs);
            let kwargs = kwargs.map(Bound::cast_into::<PyDict>).transpose()?;
            let kwargs = kwargs.filter(|k| !k.is_empty());
            match class_of(ty) {
                TypeNum::Str => new_str(py, ty, &args, kwargs.as_ref()),
                TypeNum::Bytes => new_bytes(py, ty, &args, kwargs.as_ref()),
                TypeNum::Void => new_void_scalar(py, ty, &args, kwargs.as_ref()),
                num @ (TypeNum::DateTime | TypeNum::TimeDelta) => {
                    new_date(py, ty, num, &args, kwargs.as_ref())
                }
                num => new_number(py, ty, num, &args, kwargs.as_ref()),
            }
        })
    }
}

/// The value argument, or None when there is none.
fn single<'py>(
    num: TypeNum,
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let two = num.is_complex() && num != TypeNum::CLongDouble;
    let most = if two { 2 } else { 1 };
    if let Some(kwargs) = kwargs {
        let key = kwargs.keys().get_item(0)?;
        return Err(PyTypeError::new_err(match num {
            TypeNum::Double => "float() takes no keyword arguments".to_string(),
            _ => format!(
                "'{}' is an invalid keyword argument for this function",
                key.str()?
            ),
        }));
    }
    if args.len() > most {
        return Err(PyTypeError::new_err(match num {
            TypeNum::Double => format!("float expected at most 1 argument, got {}", args.len()),
            _ => format!(
                "function takes at most {most} argument{} ({} given)",
                if most == 1 { "" } else { "s" },
                args.len()
            ),
        }));
    }
    Ok(args.get_item(0).ok())
}

fn new_number<'py>(
    py: Python<'py>,
    ty: *mut ffi::PyTypeObject,
    num: TypeNum,
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
) -> Object<'py> {
    let Some(value) = single(num, args, kwargs)? else {
        return match num {
            TypeNum::Object => Ok(py.None()),
            _ => finish(py, ty, num, &Raw::default()),
        };
    };
    if let (true, Ok(imag)) = (num.is_complex(), args.get_item(1)) {
        return new_complex(py, ty, num, &value, &imag);
    }
    if let Some((from, raw)) = value_of(&value) {
        if let Some(done) = set::convert_number(py, from, &raw, num) {
            return finish(py, ty, num, &done?);
        }
    }
    if array_like(&value)? {
        return from_array(py, ty, num, &value);
    }
    match number::from_object(num, &value) {
        Some(raw) => finish(py, ty, num, &raw?),
        None => Ok(value.unbind()),
    }
}

/// Whether the value goes through `numpy.array`.
fn array_like(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let plain = {
        let ty = value.get_type_ptr();
        ty == &raw mut ffi::PyFloat_Type
            || ty == &raw mut ffi::PyLong_Type
            || ty == &raw mut ffi::PyBool_Type
            || ty == &raw mut ffi::PyComplex_Type
    };
    if plain || value.is_none() || super::is_numpy_scalar(value) {
        return Ok(false);
    }
    // SAFETY: plain type checks of a live object.
    let (text, sequence, buffer) = unsafe {
        let ob = value.as_ptr();
        (
            ffi::PyUnicode_Check(ob) != 0 || ffi::PyBytes_Check(ob) != 0,
            ffi::PySequence_Check(ob) != 0 && ffi::PyDict_Check(ob) == 0,
            ffi::PyObject_CheckBuffer(ob) != 0,
        )
    };
    if text {
        return Ok(false);
    }
    if sequence || buffer || arrays::is_array(value) {
        return Ok(true);
    }
    value
        .get_type()
        .hasattr(pyo3::intern!(value.py(), "__array__"))
}

fn from_array<'py>(
    py: Python<'py>,
    ty: *mut ffi::PyTypeObject,
    num: TypeNum,
    value: &Bound<'py, PyAny>,
) -> Object<'py> {
    let ext = py.import("numoxide._core._multiarray_umath")?;
    let dtype = descr::descr_for(py, &numoxide_dtype::DType::new(num))?;
    let array = match num {
        // Nests of unequal lengths become lists in an array.
        TypeNum::Object => ext.call_method1("array", (value, dtype))?,
        _ => {
            let array = ext.call_method1("array", (value,))?;
            array.call_method1("astype", (dtype,))?
        }
    };
    let raw = arrays::raw(&array);
    // SAFETY: an array of the class just asked for; a 0-d one has one item.
    unsafe {
        if !arrays::is_array(&array) || (*raw).nd != 0 {
            return Ok(array.unbind());
        }
        if num == TypeNum::Object {
            return Ok(super::from_ptr(py, (*raw).data, (*raw).descr, None)?.unbind());
        }
        finish(py, ty, num, &super::item::load((*raw).data, (*raw).descr))
    }
}

fn new_complex(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    num: TypeNum,
    real: &Bound<'_, PyAny>,
    imag: &Bound<'_, PyAny>,
) -> PyResult<Py<PyAny>> {
    // SAFETY: plain type checks of a live object.
    let is_real = |ob: &Bound<'_, PyAny>| unsafe {
        let p = ob.as_ptr();
        let number = ffi::PyNumber_Check(p) != 0 && ffi::PyComplex_Check(p) == 0;
        number && !super::exact_num(ob).is_some_and(TypeNum::is_complex)
    };
    let refused = || -> PyErr {
        let shown = PyTuple::new(py, [real, imag]).and_then(|t| t.repr());
        PyTypeError::new_err(format!(
            "Could not convert arguments into a complex scalar. '{}' given.",
            shown.map_or_else(|_| String::new(), |s| s.to_string())
        ))
    };
    if !is_real(real) || !is_real(imag) {
        return Err(refused());
    }
    let (re, im) = (real.extract::<f64>(), imag.extract::<f64>());
    let (Ok(re), Ok(im)) = (re, im) else {
        return Err(refused());
    };
    let value = pyo3::types::PyComplex::from_doubles(py, re, im).into_any();
    match number::from_object(num, &value) {
        Some(raw) => finish(py, ty, num, &raw?),
        None => Ok(value.unbind()),
    }
}

/// The scalar of a class, or an instance of a subtype.
fn finish(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    num: TypeNum,
    raw: &Raw,
) -> PyResult<Py<PyAny>> {
    if ty == type_for(num) {
        make_fixed(py, num, raw)
    } else {
        make_typed(py, ty, num, raw)
    }
}

fn new_str(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    args: &Bound<'_, PyTuple>,
    kwargs: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let text = py.get_type::<pyo3::types::PyString>().call(args, kwargs)?;
    python_subtype(py, ty, &text)
}

fn new_bytes(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    args: &Bound<'_, PyTuple>,
    kwargs: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let plain = py.get_type::<pyo3::types::PyBytes>().call(args, kwargs);
    let bytes = match plain {
        Ok(bytes) => bytes,
        // What bytes() refuses is stored the way an array item would be.
        Err(err) => match args.get_item(0) {
            Ok(value) if args.len() == 1 && kwargs.is_none() => {
                value.str()?.call_method1("encode", ("ascii",))?
            }
            _ => return Err(err),
        },
    };
    let args = PyTuple::new(py, [bytes])?;
    // SAFETY: `bytes.__new__` fills instances of any subtype.
    unsafe {
        let new = ffi::PyBytes_Type
            .tp_new
            .map_or(std::ptr::null_mut(), |new| {
                new(ty, args.as_ptr(), std::ptr::null_mut())
            });
        Ok(Bound::from_owned_ptr_or_err(py, new)?.unbind())
    }
}

/// Arguments by position or name, for constructors with few.
fn arguments<'py, const N: usize>(
    name: &str,
    names: [&str; N],
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
) -> PyResult<[Option<Bound<'py, PyAny>>; N]> {
    let mut out = [const { None }; N];
    if args.len() > N {
        return Err(PyTypeError::new_err(format!(
            "{name} takes at most {N} arguments ({} given)",
            args.len()
        )));
    }
    for (slot, value) in out.iter_mut().zip(args.iter()) {
        *slot = Some(value);
    }
    for (key, value) in kwargs.map(|k| k.iter()).into_iter().flatten() {
        let key: String = key.extract()?;
        match names.iter().position(|n| *n == key && !n.is_empty()) {
            Some(i) if out[i].is_none() => out[i] = Some(value),
            _ => {
                return Err(PyTypeError::new_err(format!(
                    "'{key}' is an invalid keyword argument for this function"
                )));
            }
        }
    }
    Ok(out)
}

/// Unit and multiple from the second argument of a date constructor.
pub(crate) fn unit_argument(obj: &Bound<'_, PyAny>) -> PyResult<DateTimeMeta> {
    if obj.is_instance_of::<PyTuple>() {
        return unit_tuple(obj);
    }
    let text: String = match obj.cast::<pyo3::types::PyBytes>() {
        Ok(bytes) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
        Err(_) => obj.extract().map_err(|_| {
            PyTypeError::new_err("Invalid object for specifying NumPy datetime metadata")
        })?,
    };
    let bracketed = if text.starts_with('[') {
        text.clone()
    } else {
        format!("[{text}]")
    };
    match descr::parse_unit(&bracketed) {
        Ok((unit, num)) => Ok(DateTimeMeta { unit, num }),
        Err(err) if text.starts_with('[') => Err(err),
        Err(_) => Err(bad_unit(&text)),
    }
}

/// Unit and multiple of `(unit, num)`; pickles add a divisor and an event.
pub(crate) fn unit_tuple(obj: &Bound<'_, PyAny>) -> PyResult<DateTimeMeta> {
    let Ok(pair) = obj.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err(format!(
            "Require tuple for tuple to NumPy datetime metadata conversion, not {}",
            obj.repr()?
        )));
    };
    if pair.len() == 3 {
        return Err(pyo3::exceptions::PyValueError::new_err(
            "Use (unit, num) with no event",
        ));
    }
    let name = pair.get_item(0)?;
    let name: String = match name.cast::<pyo3::types::PyBytes>() {
        Ok(bytes) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
        Err(_) => name.extract()?,
    };
    let unit = descr::unit_named(&name).ok_or_else(|| bad_unit(&name))?;
    let num = pair.get_item(1).map_or(Ok(1), |n| n.extract())?;
    Ok(DateTimeMeta { unit, num })
}

fn bad_unit(name: &str) -> PyErr {
    PyTypeError::new_err(format!("Invalid datetime unit \"{name}\" in metadata"))
}

fn new_date(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    num: TypeNum,
    args: &Bound<'_, PyTuple>,
    kwargs: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let [obj, unit] = arguments("function", ["", ""], args, kwargs)?;
    let unit = unit
        .filter(|u| !u.is_none())
        .map(|u| unit_argument(&u))
        .transpose()?;
    let generic = DateTimeMeta {
        unit: DateTimeUnit::Generic,
        num: 1,
    };
    let (value, meta) = match obj {
        Some(obj) if !obj.is_none() => super::date_text::parse_object(&obj, num, unit)?,
        None if num == TypeNum::TimeDelta => (0, unit.unwrap_or(generic)),
        _ => (super::dates::NAT, unit.unwrap_or(generic)),
    };
    date_scalar(py, ty, value, meta.unit as i32, meta.num)
}

fn new_void_scalar(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    args: &Bound<'_, PyTuple>,
    kwargs: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let [value, dtype] = arguments("void()", ["", "dtype"], args, kwargs)?;
    let value = value.ok_or_else(|| {
        PyTypeError::new_err("void() takes at least 1 positional argument (0 given)")
    })?;
    match dtype.filter(|d| !d.is_none()) {
        Some(dtype) => {
            let dtype = descr::convert(py, &dtype)?;
            filled_void(py, ty, dtype.bind(py), &value)
        }
        None => plain_void(py, ty, &value),
    }
}

/// A void scalar of a given dtype with a value stored in it.
fn filled_void<'py>(
    py: Python<'py>,
    ty: *mut ffi::PyTypeObject,
    dtype: &Bound<'py, PyAny>,
    value: &Bound<'py, PyAny>,
) -> PyResult<Py<PyAny>> {
    let descr: *mut Descr = dtype.as_ptr().cast();
    if descr::num_of(descr) != TypeNum::Void || descr::subarray_parts(py, descr).is_some() {
        return Err(PyTypeError::new_err(format!(
            "void: descr must be a `void` dtype that is not a subarray dtype (structured or \
             unstructured). Got '{}'.",
            dtype.repr()?
        )));
    }
    void_of_array(py, ty, value, descr)
}

/// The void scalar of a value converted to an array, or that array if it has axes.
fn void_of_array<'py>(
    py: Python<'py>,
    ty: *mut ffi::PyTypeObject,
    value: &Bound<'py, PyAny>,
    descr: *mut Descr,
) -> PyResult<Py<PyAny>> {
    use crate::array::coerce::{from_object, Request};
    let request = Request {
        descr: Some(descr),
        copy: crate::convert::CopyMode::Always,
        ..Request::asarray()
    };
    let array = from_object(value.as_borrowed(), &request)?;
    let raw = arrays::raw(&array);
    // SAFETY: a live 0-d array has one item; the fresh scalar's memory holds as much.
    unsafe {
        if (*raw).nd != 0 {
            return Ok(array.unbind());
        }
        let descr = (*raw).descr;
        let odd = (*descr).typeobj;
        let kind = if ty == type_for(TypeNum::Void) && !odd.is_null() {
            odd
        } else {
            ty
        };
        let new = new_void(py, kind, descr, None)?;
        let to = (*new.as_ptr().cast::<VoidScalar>()).obval;
        std::ptr::copy_nonoverlapping((*raw).data, to, (*descr).elsize as usize);
        super::refs::acquire(to, descr);
        Ok(new)
    }
}

/// `void(size)` or `void(bytes)`.
fn plain_void(
    py: Python<'_>,
    ty: *mut ffi::PyTypeObject,
    value: &Bound<'_, PyAny>,
) -> PyResult<Py<PyAny>> {
    let integer = value.is_instance_of::<pyo3::types::PyInt>()
        || super::exact_num(value).is_some_and(TypeNum::is_integer)
        || (arrays::is_array(value) && {
            // SAFETY: a live array.
            unsafe {
                (*arrays::raw(value)).nd == 0
                    && descr::num_of((*arrays::raw(value)).descr).is_integer()
            }
        });
    if !integer {
        return void_of_array(py, ty, value, descr::singleton(TypeNum::Void));
    }
    let size = value
        .extract::<i64>()
        .ok()
        .filter(|n| (0..=i64::from(i32::MAX)).contains(n));
    let size = size.ok_or_else(|| {
        PyOverflowError::new_err(format!(
            "size must be non-negative and not greater than {}",
            i32::MAX
        ))
    })?;
    // SAFETY: a fresh dtype and a scalar with zeroed room for its item.
    unsafe {
        let descr = make::own(py, make::sized(py, TypeNum::Void, size as usize)?);
        new_void(py, ty, descr.as_ptr().cast(), None)
    }
}
