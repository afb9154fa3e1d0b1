//! Objects that can give an array: buffers and the three array protocols.

use super::super::ArrayRef;
use super::{interface, no_copy_error, pep3118};
use crate::args::Arg;
use crate::convert::CopyMode;
use crate::layout::Descr;
use pyo3::exceptions::{PyAttributeError, PyDeprecationWarning, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use pyo3::PyTypeCheck;

/// An array given by an object.
pub(super) struct Found<'py> {
    /// The array.
    pub(super) array: Bound<'py, PyAny>,
    /// The object was asked for a copy and gave one.
    pub(super) copied: bool,
}

/// An attribute looked up on the instance, but never on built-in types that cannot have it.
pub(super) fn protocol<'py>(ob: Arg<'_, 'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = ob.py();
    match ob.getattr(name) {
        Ok(v) => Ok(Some(v)),
        Err(e) if e.is_instance_of::<PyAttributeError>(py) => Ok(None),
        // Anything but running out of resources counts as "not there".
        Err(e)
            if e.is_instance_of::<pyo3::exceptions::PyRecursionError>(py)
                || e.is_instance_of::<pyo3::exceptions::PyMemoryError>(py) =>
        {
            Err(e)
        }
        Err(e) => Err(e),
    }
}

/// Types known to give no array.
fn is_basic(ob: Arg<'_, '_>) -> bool {
    // SAFETY: plain type checks of a live object.
    unsafe {
        let p = ob.as_ptr();
        ffi::PyLong_CheckExact(p) != 0
            || ffi::PyFloat_CheckExact(p) != 0
            || ffi::PyBool_Check(p) != 0
            || ffi::PyComplex_CheckExact(p) != 0
            || p == ffi::Py_None()
            || ffi::PyDict_CheckExact(p) != 0
            || ffi::PyAnySet_CheckExact(p) != 0
            || ffi::PySlice_Check(p) != 0
            || p == ffi::Py_Ellipsis()
            || PyList::type_check(&ob) && ffi::PyList_CheckExact(p) != 0
            || PyTuple::type_check(&ob) && ffi::PyTuple_CheckExact(p) != 0
            || ffi::PyUnicode_CheckExact(p) != 0
            || ffi::PyBytes_CheckExact(p) != 0
    }
}

/// The array an object gives by one of the protocols, if any.
pub(super) fn array_like<'py>(
    ob: Arg<'_, 'py>,
    descr: Option<*mut Descr>,
    copy: CopyMode,
) -> PyResult<Option<Found<'py>>> {
    if is_basic(ob) || crate::scalar::is_numpy_scalar(&ob) {
        return Ok(None);
    }
    let plain = |array| {
        Some(Found {
            array,
            copied: false,
        })
    };
    // SAFETY: a valid object.
    let buffer = unsafe { ffi::PyObject_CheckBuffer(ob.as_ptr()) != 0 };
    let text = ob.is_instance_of::<PyString>() || ob.is_instance_of::<PyBytes>();
    if buffer && !text {
        // Who offers no buffer after all is asked in other ways.
        if let Ok(view) = pep3118::memory_view(ob) {
            return pep3118::from_view_of(ob, view).map(plain);
        }
    }
    if let Some(attr) = protocol(ob, "__array_struct__")? {
        if let Some(array) = interface::from_struct(ob, &attr)? {
            return Ok(plain(array));
        }
    }
    if let Some(attr) = protocol(ob, "__array_interface__")? {
        if let Some(array) = interface::from_dict(ob, &attr)? {
            return Ok(plain(array));
        }
    }
    from_method(ob, descr, copy)
}

/// `__array__(dtype=None, copy=None)`.
pub(super) fn from_method<'py>(
    ob: Arg<'_, 'py>,
    descr: Option<*mut Descr>,
    copy: CopyMode,
) -> PyResult<Option<Found<'py>>> {
    let py = ob.py();
    let Some(method) = protocol(ob, "__array__")? else {
        return Ok(None);
    };
    // SAFETY: plain type check: classes carry unbound methods.
    if unsafe { ffi::PyType_Check(ob.as_ptr()) } != 0 {
        return Ok(None);
    }
    let args = match descr {
        // SAFETY: a valid dtype object.
        Some(d) => PyTuple::new(py, [unsafe { Bound::from_borrowed_ptr(py, d.cast()) }])?,
        None => PyTuple::empty(py),
    };
    let (result, copied) = call(&method, &args, copy)?;
    let Some(a) = ArrayRef::from_bound(&result) else {
        return Err(PyValueError::new_err(
            "object __array__ method not producing an array",
        ));
    };
    Ok(Some(Found {
        array: a.as_bound(),
        copied,
    }))
}

/// Calls the method, without `copy` where it does not know that argument.
fn call<'py>(
    method: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    copy: CopyMode,
) -> PyResult<(Bound<'py, PyAny>, bool)> {
    let py = method.py();
    if copy == CopyMode::IfNeeded {
        return Ok((method.call1(args)?, false));
    }
    let kwargs = PyDict::new(py);
    kwargs.set_item("copy", copy == CopyMode::Always)?;
    match method.call(args, Some(&kwargs)) {
        Ok(result) => Ok((result, copy == CopyMode::Always)),
        Err(e) if e.is_instance_of::<PyTypeError>(py) && is_about_copy(py, &e) => {
            crate::err::warn(
                py,
                py.get_type::<PyDeprecationWarning>().as_any(),
                "__array__ implementation doesn't accept a copy keyword, so passing copy=False \
                 failed. __array__ must implement 'dtype' and 'copy' keyword arguments. To learn \
                 more, see the migration guide https://numpy.org/devdocs/\
                 numpy_2_0_migration_guide.html#adapting-to-changes-in-the-copy-keyword",
            )?;
            if copy == CopyMode::Never {
                return Err(no_copy_error());
            }
            Ok((method.call1(args)?, false))
        }
        Err(e) => Err(e),
    }
}

fn is_about_copy(py: Python<'_>, e: &PyErr) -> bool {
    let text = e.value(py).to_string();
    text.contains("unexpected keyword argument 'copy'")
        || text.contains("takes no keyword arguments")
}
