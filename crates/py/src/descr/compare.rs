//! Equality, order and hash of dtypes.

use super::{convert, dtype_of, is_descr, same};
use crate::layout::Descr;
use numoxide_dtype::{can_cast, Casting, DType, Extra, TypeNum};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;
use std::hash::{DefaultHasher, Hash, Hasher};

/// `tp_richcompare`.
pub(crate) unsafe extern "C" fn richcompare(
    slf: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    op: c_int,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with live objects.
    unsafe {
        // The commonest question: is it the dtype of that type?
        let quick = |_: Python<'_>| {
            let one = op == ffi::Py_EQ && super::plain_dtype(other)? == slf.cast();
            one.then(|| ffi::Py_NewRef(ffi::Py_True()))
        };
        crate::slots::bare_or(quick, |py| {
            let (slf, other) = (
                Bound::from_borrowed_ptr(py, slf),
                Bound::from_borrowed_ptr(py, other),
            );
            compare(py, &slf, &other, op).map(Bound::into_ptr)
        })
    }
}

fn compare<'py>(
    py: Python<'py>,
    slf: &Bound<'py, PyAny>,
    other: &Bound<'py, PyAny>,
    op: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    let made;
    let other = if is_descr(other) {
        other
    } else {
        match convert(py, other) {
            Ok(found) => {
                made = found.into_bound(py);
                &made
            }
            Err(_) => return Ok(py.NotImplemented().into_bound(py)),
        }
    };
    let (a, b): (*mut Descr, *mut Descr) = (slf.as_ptr().cast(), other.as_ptr().cast());
    let casts = |from, to| can_cast(&dtype_of(from), &dtype_of(to), Casting::Safe);
    let answer = match op {
        ffi::Py_EQ => same(py, a, b),
        ffi::Py_NE => !same(py, a, b),
        ffi::Py_LT => !same(py, a, b) && casts(a, b),
        ffi::Py_LE => casts(a, b),
        ffi::Py_GT => !same(py, a, b) && casts(b, a),
        _ => casts(b, a),
    };
    Ok(pyo3::types::PyBool::new(py, answer).to_owned().into_any())
}

/// `tp_hash`: equal dtypes have equal hashes; the value is kept in the object.
pub(crate) unsafe extern "C" fn hash(slf: *mut ffi::PyObject) -> ffi::Py_hash_t {
    // SAFETY: a slot call with a live dtype.
    unsafe {
        crate::slots::trampoline(|_| {
            let descr = slf.cast::<Descr>();
            if (*descr).hash == -1 {
                let mut hasher = DefaultHasher::new();
                add(&dtype_of(descr), &mut hasher);
                (*descr).hash = (hasher.finish() as isize).max(isize::MIN + 1);
                if (*descr).hash == -1 {
                    (*descr).hash = -2;
                }
            }
            Ok((*descr).hash)
        })
    }
}

fn add(dtype: &DType, hasher: &mut DefaultHasher) {
    // long and long long are equal where their sizes are.
    dtype.num.kind().hash(hasher);
    (dtype.num == TypeNum::Bool).hash(hasher);
    dtype.size.hash(hasher);
    dtype.swapped.hash(hasher);
    match dtype.extra.as_deref() {
        Some(Extra::DateTime(meta)) => meta.hash(hasher),
        Some(Extra::Struct(info)) => {
            for f in &info.fields {
                f.name.hash(hasher);
                f.title.hash(hasher);
                f.offset.hash(hasher);
                add(&f.dtype, hasher);
            }
        }
        Some(Extra::SubArray { base, shape }) => {
            shape.hash(hasher);
            add(base, hasher);
        }
        Some(Extra::User(n)) => n.hash(hasher),
        None => {}
    }
}
