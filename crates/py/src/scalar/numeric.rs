//! Methods that only some number types have: `is_integer`, `as_integer_ratio`, `bit_count`, ...

use super::number::{self, Num};
use super::types::Abstract;
use super::value::item_of;
use super::{exact_num, value_of};
use crate::args::{Arg, CallArgs, Sig};
use crate::slots::{leak_getset, leak_methods};
use numoxide_dtype::TypeNum;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple};

type Object<'py> = PyResult<Bound<'py, PyAny>>;

/// Adds the methods of an abstract number type.
///
/// # Safety
/// - `ty` is the type being filled.
pub(crate) unsafe fn fill_abstract(ty: *mut ffi::PyTypeObject, which: usize) {
    let is = |a: Abstract| which == a as usize;
    let mut rows = Vec::new();
    if is(Abstract::Integer) {
        rows.extend(crate::methods!(Arg<'_, '_>;
            c"is_integer", always_integer, 0, c"Always true.";
            c"__round__", ~lean round, 0, c"round(self, ndigits=None)";
        ));
        // SAFETY: by contract.
        unsafe {
            (*ty).tp_getset = leak_getset(crate::getset!(Arg<'_, '_>;
                c"numerator", itself;
                c"denominator", |py, _slf: Arg<'_, '_>| one(py);
            ));
        }
    }
    if is(Abstract::Floating) {
        rows.extend(crate::methods!(Arg<'_, '_>;
            c"__round__", ~lean round, 0, c"round(self, ndigits=None)";
        ));
    }
    if is(Abstract::Number) {
        rows.extend(class_getitem_row());
    }
    if !rows.is_empty() {
        // SAFETY: by contract.
        unsafe { (*ty).tp_methods = leak_methods(crate::signatures::signed(rows)) };
    }
}

fn class_getitem_row() -> Vec<ffi::PyMethodDef> {
    crate::methods!(Arg<'_, '_>;
        c"__class_getitem__", class_getitem, ffi::METH_CLASS, c"A generic alias.";
    )
}

/// Adds the methods of a concrete number type.
///
/// # Safety
/// - `ty` is the type being filled.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject, num: TypeNum) {
    let mut rows = Vec::new();
    if matches!(num, TypeNum::Bool | TypeNum::DateTime) {
        rows.extend(crate::methods!(Arg<'_, '_>;
            c"__class_getitem__", plain_alias, ffi::METH_CLASS, c"A generic alias.";
        ));
    }
    if num.is_integer() {
        rows.extend(crate::methods!(Arg<'_, '_>;
            c"bit_count", bit_count, 0, c"Number of ones in the absolute value.";
        ));
    }
    if num.is_float() {
        rows.extend(crate::methods!(Arg<'_, '_>;
            c"is_integer", ~lean is_integer, 0, c"Whether the value is finite and integral.";
            c"as_integer_ratio", as_integer_ratio, 0, c"A pair of integers whose ratio is the value.";
        ));
    }
    if matches!(num, TypeNum::CFloat | TypeNum::CLongDouble) {
        rows.extend(crate::methods!(Arg<'_, '_>;
            c"__complex__", complex, 0, c"complex(self)";
        ));
    }
    if !rows.is_empty() {
        // SAFETY: by contract.
        unsafe { (*ty).tp_methods = leak_methods(crate::signatures::signed(rows)) };
    }
}

fn always_integer<'py>(py: Python<'py>, _: Arg<'_, 'py>, _: CallArgs<'_, 'py>) -> Object<'py> {
    Ok(yes(py, true))
}

/// The attribute that is the scalar itself.
pub(crate) fn itself<'py>(_: Python<'py>, slf: Arg<'_, 'py>) -> Object<'py> {
    Ok(slf.to_owned())
}

fn yes(py: Python<'_>, value: bool) -> Bound<'_, PyAny> {
    PyBool::new(py, value).to_owned().into_any()
}

fn one(py: Python<'_>) -> Object<'_> {
    Ok(1i64.into_pyobject(py)?.into_any())
}

fn wide(slf: &Bound<'_, PyAny>) -> Num {
    value_of(slf)
        .and_then(|(num, raw)| number::widen(num, &raw))
        .unwrap_or(Num::Int(0))
}

fn round<'py>(py: Python<'py>, slf: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    static SIG: Sig = Sig::new("__round__", &["ndigits"], 0);
    let [digits] = args.parse::<1>(&SIG)?;
    if let Some(digits) = digits.filter(|d| !d.is_none()) {
        return slf.call_method1(pyo3::intern!(py, "round"), (digits,));
    }
    match exact_num(&slf) {
        Some(num) if num.is_integer() => item_of(&slf),
        Some(TypeNum::Double | TypeNum::Float) => {
            // Python's own rule: to the nearest, ties to even.
            let value = match wide(&slf) {
                Num::Float(x) => x,
                _ => 0.0,
            };
            if value.abs() < 4e18 {
                let value = value.round_ties_even() as i64;
                return Ok(value.into_pyobject(py)?.into_any());
            }
            value
                .into_pyobject(py)?
                .call_method0(pyo3::intern!(py, "__int__"))
        }
        _ => {
            let rounded = slf.call_method0(pyo3::intern!(py, "round"))?;
            // SAFETY: the type object of Python's int.
            let ctor = unsafe { Bound::from_borrowed_ptr(py, (&raw mut ffi::PyLong_Type).cast()) };
            ctor.call1((rounded,))
        }
    }
}

fn bit_count<'py>(py: Python<'py>, slf: Arg<'_, 'py>, _: CallArgs<'_, 'py>) -> Object<'py> {
    let Num::Int(value) = wide(&slf) else {
        return one(py);
    };
    let made = super::item::make_fixed(
        py,
        TypeNum::UByte,
        &super::Raw::of(value.unsigned_abs().count_ones() as u8),
    )?;
    let made = made.into_bound(py);
    item_of(&made)
}

fn is_integer<'py>(py: Python<'py>, slf: Arg<'_, 'py>, _: CallArgs<'_, 'py>) -> Object<'py> {
    let value = wide(&slf).real();
    Ok(yes(py, value.is_finite() && value.trunc() == value))
}

fn as_integer_ratio<'py>(py: Python<'py>, slf: Arg<'_, 'py>, _: CallArgs<'_, 'py>) -> Object<'py> {
    let value = wide(&slf);
    let x = value.real();
    if x.is_nan() {
        return Err(PyValueError::new_err("cannot convert NaN to integer ratio"));
    }
    if let Num::Long(long) = value {
        return long_ratio(py, long);
    }
    if x.is_infinite() {
        return Err(PyOverflowError::new_err(
            "cannot convert Infinity to integer ratio",
        ));
    }
    x.into_pyobject(py)?.call_method0("as_integer_ratio")
}

/// The exact ratio of a long double: its significand over a power of two.
fn long_ratio(py: Python<'_>, x: numoxide_dtype::F80) -> Object<'_> {
    let bytes = x.0;
    let significand = u64::from_le_bytes(std::array::from_fn(|i| bytes[i]));
    let top = u16::from_le_bytes([bytes[8], bytes[9]]);
    if top & 0x7fff == 0x7fff {
        return Err(PyOverflowError::new_err(
            "cannot convert Infinity to integer ratio",
        ));
    }
    let zeros = if significand == 0 {
        0
    } else {
        significand.trailing_zeros()
    };
    let odd = significand >> zeros;
    let exponent = if significand == 0 {
        0
    } else {
        i32::from((top & 0x7fff).max(1)) - 16383 - 63 + zeros as i32
    };
    let mut numerator = odd.into_pyobject(py)?.into_any();
    let mut denominator = 1u64.into_pyobject(py)?.into_any();
    if exponent >= 0 {
        numerator = numerator.lshift(exponent)?;
    } else {
        denominator = denominator.lshift(-exponent)?;
    }
    if top >> 15 != 0 {
        numerator = numerator.neg()?;
    }
    Ok(PyTuple::new(py, [numerator, denominator])?.into_any())
}

fn complex<'py>(py: Python<'py>, slf: Arg<'_, 'py>, _: CallArgs<'_, 'py>) -> Object<'py> {
    let (re, im) = match wide(&slf) {
        Num::Complex(re, im) => (re, im),
        n @ Num::CLong(_, im) => (n.real(), Num::Long(im).real()),
        n => (n.real(), 0.0),
    };
    Ok(pyo3::types::PyComplex::from_doubles(py, re, im).into_any())
}

fn class_getitem<'py>(py: Python<'py>, cls: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    let item = args.get(0).to_owned();
    let count = item.cast::<PyTuple>().map_or(1, |t| t.len());
    let name: String = cls.getattr(pyo3::intern!(py, "__name__"))?.extract()?;
    let ty = cls.as_ptr().cast();
    if !(0..super::types::ABSTRACT_ROWS.len()).any(|i| super::abstract_by_index(i) == ty) {
        return Err(PyTypeError::new_err(format!(
            "There are no type variables left in {}.{name}",
            cls.getattr(pyo3::intern!(py, "__module__"))?.str()?
        )));
    }
    // Complex types may name the types of both parts.
    let most = if ty == super::abstract_type(Abstract::ComplexFloating) {
        2
    } else {
        1
    };
    if count > most || count == 0 {
        let few = if count == 0 { "few" } else { "many" };
        return Err(PyTypeError::new_err(format!(
            "Too {few} arguments for {}.{name}",
            cls.getattr(pyo3::intern!(py, "__module__"))?.str()?
        )));
    }
    // SAFETY: live objects.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::Py_GenericAlias(cls.as_ptr(), item.as_ptr())) }
}

fn plain_alias<'py>(py: Python<'py>, cls: Arg<'_, 'py>, args: CallArgs<'_, 'py>) -> Object<'py> {
    // SAFETY: live objects.
    unsafe {
        Bound::from_owned_ptr_or_err(py, ffi::Py_GenericAlias(cls.as_ptr(), args.get(0).as_ptr()))
    }
}
