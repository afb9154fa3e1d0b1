//! The metaclass `_DTypeMeta`: what DType classes show, and how they are called.

use super::make;
use crate::args::Arg;
use crate::layout::{dtype_flags, DTypeMeta};
use crate::slots::{leak_getset, trampoline};
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

fn flag<'py>(py: Python<'py>, slf: Arg<'_, 'py>, bit: u64) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: getters of the metaclass get class objects.
    let set = unsafe { (*slf.as_ptr().cast::<DTypeMeta>()).flags & bit != 0 };
    Ok(pyo3::types::PyBool::new(py, set).to_owned().into_any())
}

fn scalar_type<'py>(py: Python<'py>, slf: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let class: *mut DTypeMeta = slf.as_ptr().cast();
    // SAFETY: a class object; its scalar type is NULL or ready.
    let ty = unsafe { Bound::from_borrowed_ptr_or_opt(py, (*class).scalar_type.cast()) };
    Ok(ty.unwrap_or_else(|| py.None().into_bound(py)))
}

/// Fills the metaclass before it is made ready.
///
/// # Safety
/// - `meta` is the zeroed static type.
pub(crate) unsafe fn fill(meta: *mut ffi::PyTypeObject) {
    // SAFETY: by contract.
    unsafe {
        (*meta).tp_doc = c"Class of dtype classes.".as_ptr();
        (*meta).tp_getset = leak_getset(crate::getset!(Arg<'_, '_>;
            c"type", scalar_type;
            c"_legacy", |py, slf| flag(py, slf, dtype_flags::LEGACY);
            c"_abstract", |py, slf| flag(py, slf, dtype_flags::ABSTRACT);
            c"_parametric", |py, slf| flag(py, slf, dtype_flags::PARAMETRIC);
            c"_is_numeric", |py, slf| flag(py, slf, dtype_flags::NUMERIC);
        ));
        (*meta).tp_new = Some(meta_new);
        (*meta).tp_is_gc = Some(is_gc);
    }
}

/// DType classes are static: never collected.
unsafe extern "C" fn is_gc(_: *mut ffi::PyObject) -> std::ffi::c_int {
    0
}

unsafe extern "C" fn meta_new(
    _: *mut ffi::PyTypeObject,
    _: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call.
    unsafe {
        trampoline(|_| -> PyResult<Py<PyAny>> {
            Err(PyTypeError::new_err(
                "Preliminary-API: Cannot subclass DType.",
            ))
        })
    }
}

/// `Float64DType()`: the default instance; `StrDType(n)` and `BytesDType(n)` take a length.
pub(crate) unsafe extern "C" fn class_new(
    ty: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with a class object, an argument tuple and NULL or a dictionary.
    unsafe {
        trampoline(|py| {
            let args = Bound::from_borrowed_ptr(py, args).cast_into::<PyTuple>()?;
            let kwargs = Bound::from_borrowed_ptr_or_opt(py, kwargs);
            let kwargs = kwargs.map(Bound::cast_into::<PyDict>).transpose()?;
            new_instance(py, ty.cast(), &args, kwargs.as_ref())
        })
    }
}

/// # Safety
/// - `class` is a ready legacy class.
unsafe fn new_instance(
    py: Python<'_>,
    class: *mut DTypeMeta,
    args: &Bound<'_, PyTuple>,
    kwargs: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    // SAFETY: by contract.
    let (num, flags, default) = unsafe { ((*class).type_num, (*class).flags, (*class).singleton) };
    let given = args.len() + kwargs.map_or(0, |k| k.len());
    let num = TypeNum::from_c(num);
    if let Some(num @ (TypeNum::Str | TypeNum::Bytes)) = num {
        return of_length(py, num, args, kwargs.map_or(0, |k| k.len()));
    }
    if flags & dtype_flags::PARAMETRIC != 0 {
        // SAFETY: a class is an object.
        let shown = unsafe { Bound::from_borrowed_ptr(py, class.cast()) };
        return Err(PyTypeError::new_err(format!(
            "Preliminary-API: Flexible/Parametric legacy DType '{}' can only be instantiated using `np.dtype(...)`",
            shown.repr()?
        )));
    }
    if given != 0 {
        return Err(PyTypeError::new_err(
            "currently only the no-argument instantiation is supported; use `np.dtype` instead.",
        ));
    }
    // SAFETY: default instances live for ever.
    Ok(unsafe { make::share(py, default) })
}

/// `StrDType(n)` or `BytesDType(n)`.
fn of_length(
    py: Python<'_>,
    num: TypeNum,
    args: &Bound<'_, PyTuple>,
    keywords: usize,
) -> PyResult<Py<PyAny>> {
    let given = args.len();
    if given + keywords > 1 {
        let total = given + keywords;
        return Err(PyTypeError::new_err(format!(
            "function takes at most 1 argument ({total} given)"
        )));
    }
    if given != 1 {
        return Err(PyTypeError::new_err(
            "function takes exactly 1 positional argument (0 given)",
        ));
    }
    // SAFETY: a live object.
    let size = unsafe {
        Bound::from_owned_ptr_or_err(py, ffi::PyNumber_Index(args.get_item(0)?.as_ptr()))?
    };
    let too_large = || PyTypeError::new_err("Strings too large to store inside array.");
    let size: i64 = size.extract().map_err(|_| too_large())?;
    if size < 0 {
        return Err(PyValueError::new_err(format!(
            "Strings cannot have a negative size but a size of {size} was given"
        )));
    }
    let unit = if num == TypeNum::Str { 4 } else { 1 };
    let bytes = size.checked_mul(unit).filter(|&n| n <= i64::from(i32::MAX));
    let made = make::sized(py, num, bytes.ok_or_else(too_large)? as usize)?;
    // SAFETY: fresh and owned.
    Ok(unsafe { make::own(py, made) })
}
