//! Slots about dtypes: look-up, copies, promotion, casting rules.

use super::api::{
    any, api, array, casting, descr_of, list, opt, stolen, Code, Nothing, Obj, Truth,
};
use super::methods::function;
use super::user;
use crate::array::ArrayRef;
use crate::descr::{self, descr_for, dtype_of, make};
use crate::err::OrRaise;
use crate::layout::Descr;
use crate::scalar;
use numoxide_dtype::promote::{result_type, Operand};
use numoxide_dtype::{can_cast, equivalent, promote_types, Casting, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use std::ffi::{c_char, c_int};

/// The dtype of a type number or type character.
pub(super) fn by_num(py: Python<'_>, num: c_int) -> PyResult<Py<PyAny>> {
    let found = match TypeNum::from_c(num) {
        Some(TypeNum::User) => {
            return match user::descr(num) {
                // SAFETY: registered dtypes live for ever.
                Some(found) => Ok(unsafe { make::share(py, found) }),
                None => Err(invalid()),
            };
        }
        Some(found) => Some(found),
        // Numbers from here on are characters.
        None if num > 25 => u8::try_from(num).ok().and_then(TypeNum::from_code),
        None => None,
    };
    match found {
        // SAFETY: default instances live for ever.
        Some(found) => Ok(unsafe { make::share(py, descr::singleton(found)) }),
        None => Err(invalid()),
    }
}

#[cold]
fn invalid() -> PyErr {
    PyValueError::new_err("Invalid data-type for array")
}

/// A fresh copy of a dtype.
unsafe fn fresh(py: Python<'_>, from: *mut Descr) -> PyResult<Py<PyAny>> {
    // SAFETY: a live dtype by the C API's contract.
    unsafe {
        if descr::as_legacy(from).is_none() {
            return Err(PyTypeError::new_err(
                "cannot copy a dtype that is not a legacy one",
            ));
        }
        Ok(make::own(py, make::copy(py, from)?))
    }
}

/// The dtype of a scalar, Python number or anything else that has one by itself.
pub(super) fn of_scalar(ob: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let py = ob.py();
    if scalar::is_numpy_scalar(ob) && scalar::exact_num(ob).is_some() {
        return scalar::descr_of(py, ob);
    }
    match user::descr_for_object(ob)
        .map(dtype_of)
        .or_else(|| scalar::discover(ob))
    {
        Some(found) => descr_for(py, &found),
        None => by_num(py, TypeNum::Object as c_int),
    }
}

/// `NPY_INTPOS_SCALAR`; its neighbours follow it.
const INTPOS: c_int = 1;
/// `NPY_INTNEG_SCALAR`.
const INTNEG: c_int = 2;

/// `NPY_SCALARKIND` of a type number, negative integers apart; -1 for what is no number.
fn kind_of(num: c_int) -> c_int {
    match TypeNum::from_c(num) {
        Some(TypeNum::Bool) => 0,
        Some(n) if n.is_integer() => INTPOS,
        Some(n) if n.is_float() => 3,
        Some(n) if n.is_complex() => 4,
        Some(TypeNum::Object) => 5,
        _ => -1,
    }
}

/// Python's objects for two dtypes of the C side, as the engine sees them.
unsafe fn level(from: Obj, to: Obj, rule: Casting) -> bool {
    // SAFETY: live dtypes by the C API's contract.
    can_cast(&dtype_of(from.cast()), &dtype_of(to.cast()), rule)
}

api! {
    /// Dtypes.
    TYPES:
    45 PyArray_DescrFromType(num: c_int) -> Obj = |py| by_num(py, num);
    46 PyArray_TypeObjectFromType(num: c_int) -> Obj = |py| {
        let found = by_num(py, num)?;
        Ok(any(py, (*found.as_ptr().cast::<Descr>()).typeobj))
    };
    52 PyArray_CanCastSafely(from: c_int, to: c_int) -> c_int = |py| {
        let (from, to) = (by_num(py, from)?, by_num(py, to)?);
        PyResult::Ok(Code(level(from.as_ptr(), to.as_ptr(), Casting::Safe).into()))
    };
    53 PyArray_CanCastTo(from: Obj, to: Obj) -> u8 = |_py| {
        PyResult::Ok(Truth(level(from, to, Casting::Safe)))
    };
    54 PyArray_ObjectType(ob: Obj, least: c_int) -> c_int = |py| {
        let array = crate::array::coerce::asarray(any(py, ob).as_borrowed())?;
        let mut found = array.getattr("dtype")?.unbind();
        if least != 25 && least > 0 {
            let least = by_num(py, least)?;
            let both = promote_types(&dtype_of(found.as_ptr().cast()), &dtype_of(least.as_ptr().cast()));
            found = descr_for(py, &both.or_raise(py)?)?;
        }
        PyResult::Ok(Code((*found.as_ptr().cast::<Descr>()).type_num))
    };
    55 PyArray_DescrFromObject(ob: Obj, least: Obj) -> Obj = |py| {
        let array = crate::array::coerce::asarray(any(py, ob).as_borrowed())?;
        let found = ArrayRef::of(&array).dtype();
        match opt(py, least) {
            Some(least) => {
                let both = promote_types(&found, &dtype_of(descr_of(&least))).or_raise(py)?;
                descr_for(py, &both)
            }
            None => descr_for(py, &found),
        }
    };
    57 PyArray_DescrFromScalar(ob: Obj) -> Obj = |py| of_scalar(&any(py, ob));
    58 PyArray_DescrFromTypeObject(ty: Obj) -> Obj = |py| descr::convert(py, &any(py, ty));
    95 PyArray_DescrNew(from: Obj) -> Obj = |py| fresh(py, from.cast());
    96 PyArray_DescrNewFromType(num: c_int) -> Obj = |py| {
        let found = by_num(py, num)?;
        fresh(py, found.as_ptr().cast())
    };
    106 PyArray_DescrNewByteorder(from: Obj, order: c_char) -> Obj = |py| {
        let order = char::from(order as u8).to_string();
        any(py, from).call_method1("newbyteorder", (order,))
    };
    182 PyArray_EquivTypes(a: Obj, b: Obj) -> u8 = |_py| {
        PyResult::Ok(Truth(a == b || equivalent(&dtype_of(a.cast()), &dtype_of(b.cast()))))
    };
    191 PyArray_EquivTypenums(a: c_int, b: c_int) -> u8 = |py| {
        let (a, b) = (by_num(py, a)?, by_num(py, b)?);
        PyResult::Ok(Truth(equivalent(&dtype_of(a.as_ptr().cast()), &dtype_of(b.as_ptr().cast()))))
    };
    271 PyArray_PromoteTypes(a: Obj, b: Obj) -> Obj = |py| {
        let both = promote_types(&dtype_of(a.cast()), &dtype_of(b.cast())).or_raise(py)?;
        descr_for(py, &both)
    };
    272 PyArray_MinScalarType(a: Obj) -> Obj = |py| function(py, "min_scalar_type", &[any(py, a)], &[]);
    273 PyArray_ResultType(
        narrays: isize,
        arrays: *const Obj,
        ndtypes: isize,
        dtypes: *const Obj,
    ) -> Obj = |py| {
        let mut all = Vec::new();
        for &ob in list(arrays, narrays as c_int) {
            all.push(array(&any(py, ob))?.dtype());
        }
        all.extend(list(dtypes, ndtypes as c_int).iter().map(|&d| dtype_of(d.cast())));
        let operands: Vec<Operand<'_>> = all.iter().map(Operand::DType).collect();
        descr_for(py, &result_type(&operands).or_raise(py)?)
    };
    274 PyArray_CanCastArrayTo(a: Obj, to: Obj, rule: c_int) -> u8 = |py| {
        let from = array(&any(py, a))?.dtype();
        PyResult::Ok(Truth(can_cast(&from, &dtype_of(to.cast()), casting(rule)?)))
    };
    275 PyArray_CanCastTypeTo(from: Obj, to: Obj, rule: c_int) -> u8 = |_py| {
        PyResult::Ok(Truth(level(from, to, casting(rule)?)))
    };
    116 PyArray_CanCastScalar(from: Obj, to: Obj) -> u8 = |py| {
        let (from, to) = (descr::convert(py, &any(py, from))?, descr::convert(py, &any(py, to))?);
        PyResult::Ok(Truth(level(from.as_ptr(), to.as_ptr(), Casting::Safe)))
    };
    361 PyArray_GetDefaultDescr(class: Obj) -> Obj = |py| descr::convert(py, &any(py, class));
    363 PyArray_CommonDType(a: Obj, b: Obj) -> Obj = |py| common(py, &[a, b]);
    364 PyArray_PromoteDTypeSequence(n: isize, classes: *const Obj) -> Obj = |py| {
        common(py, list(classes, n as c_int))
    };
    120 PyArray_Item_INCREF(item: *mut u8, descr: Obj) = |_py| {
        scalar::acquire(item, descr.cast());
        PyResult::Ok(Nothing)
    };
    121 PyArray_Item_XDECREF(item: *mut u8, descr: Obj) = |_py| {
        scalar::release(item, descr.cast());
        PyResult::Ok(Nothing)
    };
    365 _PyDataType_GetArrFuncs(descr: Obj) -> *mut super::arrfuncs::ArrFuncs = |_py| {
        PyResult::Ok(super::api::Ptr(super::arrfuncs::of(descr.cast())))
    };
    195 PyArray_InitArrFuncs(table: *mut super::arrfuncs::ArrFuncs) = |_py| {
        table.write(super::arrfuncs::ArrFuncs::EMPTY);
        PyResult::Ok(Nothing)
    };
    192 PyArray_RegisterDataType(proto: *mut user::DescrProto) -> c_int = |py| {
        user::register(py, proto).map(Code)
    };
    193 PyArray_RegisterCastFunc(descr: Obj, to: c_int, cast: Option<super::arrfuncs::CastFunc>) -> c_int = |_py| {
        user::register_cast(descr.cast(), to, cast)
    };
    194 PyArray_RegisterCanCast(descr: Obj, to: c_int, _kind: c_int) -> c_int = |_py| {
        user::register_can_cast(descr.cast(), to)
    };
    113 PyArray_ScalarKind(num: c_int, a: *const Obj) -> c_int = |py| {
        let kind = kind_of(num);
        let negative = kind == INTPOS && !a.is_null() && {
            let value = any(py, *a).call_method0("item")?;
            value.lt(0)?
        };
        PyResult::Ok(Code(if negative { INTNEG } else { kind }))
    };
    114 PyArray_CanCoerceScalar(from: c_int, to: c_int, kind: c_int) -> c_int = |py| {
        let (a, b) = (by_num(py, from)?, by_num(py, to)?);
        let safe = level(a.as_ptr(), b.as_ptr(), Casting::Safe);
        PyResult::Ok(Code((safe || (kind >= 0 && kind_of(to) >= kind)).into()))
    };
    65 PyArray_Pack(descr: Obj, item: *mut u8, value: Obj) -> c_int = |py| {
        scalar::set_item(py, item, descr.cast(), &any(py, value))
    };
}

/// The class in which all meet.
unsafe fn common<'py>(py: Python<'py>, classes: &[Obj]) -> PyResult<Bound<'py, PyAny>> {
    let mut all = Vec::new();
    for &class in classes {
        // SAFETY: live classes by the C API's contract.
        let found = descr::convert(py, &unsafe { any(py, class) })?;
        all.push(dtype_of(found.as_ptr().cast()));
    }
    let operands: Vec<Operand<'_>> = all.iter().map(Operand::DType).collect();
    let found = descr_for(py, &result_type(&operands).or_raise(py)?)?;
    Ok(found.bind(py).get_type().into_any())
}

/// A dtype that the caller gives away, or the default one of a type.
pub(super) unsafe fn stolen_or<'py>(
    py: Python<'py>,
    descr: Obj,
    num: TypeNum,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by the C API's contract.
    match unsafe { stolen(py, descr) } {
        Some(found) => Ok(found),
        None => Ok(by_num(py, num as c_int)?.into_bound(py)),
    }
}
