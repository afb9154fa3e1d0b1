//! Text arrays by Python's own string methods: `_vec_string`, and `compare_chararrays`.

use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce::as_any;
use crate::array::{assign, empty, ArrayRef};
use crate::descr::{self, descr_for, dtype_of};
use crate::err::{set, OrRaise};
use crate::methods;
use crate::slots::{add_functions, Module};
use crate::{scalar, ufunc};
use numoxide_core::iter::{broadcast_shapes, broadcast_to, Arrange, Nest};
use numoxide_core::{DType, Order, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};

type Answer<'py> = PyResult<Bound<'py, PyAny>>;

/// Adds the functions to the module.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    add_functions(
        m,
        methods! {
            Module;
            c"_vec_string", vec_string, 0, c"Call a string method on every item.";
            c"compare_chararrays", compare_chararrays, 0,
                c"compare_chararrays(a1, a2, cmp, rstrip)\n--\n\nCompare text arrays item by item.";
        },
    )
}

/// Python's type for the items of a text dtype.
fn text_class<'py>(py: Python<'py>, num: TypeNum) -> Option<Bound<'py, PyAny>> {
    match num {
        TypeNum::Bytes => Some(py.get_type::<PyBytes>().into_any()),
        TypeNum::Str | TypeNum::VString => Some(py.get_type::<PyString>().into_any()),
        _ => None,
    }
}

/// The result dtype of `_vec_string`: text of unknown length takes one character.
fn result_descr<'py>(dtype: Arg<'_, 'py>) -> PyResult<Py<PyAny>> {
    let object = descr::convert(dtype.py(), &dtype.to_owned())?;
    let found = dtype_of(object.as_ptr().cast());
    if !found.num.is_flexible() || found.size > 0 {
        return Ok(object);
    }
    let size = if found.num == TypeNum::Str { 4 } else { 1 };
    descr_for(dtype.py(), &DType { size, ..found })
}

/// The arguments beside the array, as arrays.
fn others<'py>(args: Option<Arg<'_, 'py>>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let Some(args) = args else {
        return Ok(Vec::new());
    };
    // SAFETY: a plain protocol check of a live object.
    if unsafe { ffi::PySequence_Check(args.as_ptr()) } == 0 {
        return Err(PyTypeError::new_err(
            "'args' must be a sequence of arguments",
        ));
    }
    let mut found = Vec::new();
    for item in args.try_iter()? {
        found.push(as_any(item?.as_borrowed())?);
    }
    Ok(found)
}

/// `_vec_string(a, dtype, method, args=())`.
fn vec_string<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("_vec_string", &["a", "dtype", "method", "args"], 0);
    if args.npos() < 3 {
        return Err(PyTypeError::new_err(format!(
            "function takes at least 3 arguments ({} given)",
            args.npos()
        )));
    }
    let [a, dtype, name, rest] = args.parse(&SIG)?;
    let (Some(a), Some(dtype), Some(name)) = (a, dtype, name) else {
        unreachable!("counted above");
    };
    let array = as_any(a)?;
    let descr = result_descr(dtype)?;
    let class = text_class(py, ArrayRef::of(&array).dtype().num)
        .ok_or_else(|| PyTypeError::new_err("string operation on non-string array"))?;
    let name = name.cast::<PyString>().map_err(|_| {
        let kind = name
            .get_type()
            .name()
            .map_or_else(|_| "?".into(), |n| n.to_string());
        PyTypeError::new_err(format!("attribute name must be string, not '{kind}'"))
    })?;
    let method = class.getattr(name)?;
    let mut inputs = vec![array];
    inputs.extend(others(rest)?);
    let shapes: Vec<_> = inputs.iter().map(|i| ArrayRef::of(i).shape()).collect();
    let shape = broadcast_shapes(&shapes).or_raise(py)?;
    let out = empty(py, &shape, descr.as_ptr().cast(), false)?;
    let target = ArrayRef::of(&out);
    let mut strides = Vec::new();
    for input in inputs.iter().map(ArrayRef::of).chain([target]) {
        strides.push(broadcast_to(input.shape(), input.strides(), &shape).or_raise(py)?);
    }
    let arrays: Vec<_> = inputs.iter().map(ArrayRef::of).collect();
    let data = arrays.iter().map(|a| a.data()).chain([target.data()]);
    let operands: Vec<_> = data.zip(strides.iter().map(|s| &s[..])).collect();
    let nest = Nest::new(&shape, &operands, Arrange::Ordered);
    crate::array::items::each(&nest, &mut |at| {
        call_one(py, &method, &arrays, target, at).map_err(|e| set(py, e))
    })
    .or_raise(py)?;
    Ok(out)
}

/// Calls the method on one set of items and stores its answer.
fn call_one<'py>(
    py: Python<'py>,
    method: &Bound<'py, PyAny>,
    arrays: &[ArrayRef<'_, 'py>],
    target: ArrayRef<'_, 'py>,
    at: &[*mut u8],
) -> PyResult<()> {
    let mut items = Vec::with_capacity(arrays.len());
    for (array, ptr) in arrays.iter().zip(at) {
        items.push(crate::array::items::scalar_at(*array, *ptr)?);
    }
    let answer = method.call1(PyTuple::new(py, items)?)?;
    // SAFETY: an item of the fresh result.
    unsafe { scalar::set_item(py, at[arrays.len()], target.descr(), &answer) }
        .map_err(|_| PyTypeError::new_err("result array type does not match underlying function"))
}

/// The ufunc that a comparison's sign names.
fn comparison(cmp: Arg<'_, '_>) -> PyResult<&'static str> {
    let text = match (cmp.cast::<PyBytes>(), cmp.cast::<PyString>()) {
        (Ok(bytes), _) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
        (_, Ok(text)) => text.to_str()?.to_owned(),
        _ => {
            return Err(PyTypeError::new_err(format!(
                "a bytes-like object is required, not '{}'",
                cmp.get_type().name()?
            )))
        }
    };
    Ok(match text.as_str() {
        "==" => "equal",
        "!=" => "not_equal",
        "<" => "less",
        "<=" => "less_equal",
        ">" => "greater",
        ">=" => "greater_equal",
        _ => {
            return Err(PyValueError::new_err(
                "comparison must be '==', '!=', '<', '>', '<=', '>='",
            ))
        }
    })
}

/// A copy of a text array with NULs for the white space at the end of items.
fn stripped<'py>(array: ArrayRef<'_, 'py>) -> Answer<'py> {
    let native = descr_for(array.py(), &array.dtype().native())?;
    let copy = assign::cast_copy(array, native.as_ptr().cast(), Order::C, false)?;
    let fresh = ArrayRef::of(&copy);
    let size = fresh.itemsize();
    let wide = fresh.dtype().num == TypeNum::Str;
    crate::array::items::for_each_item(fresh, &mut |item| {
        let step = if wide { 4 } else { 1 };
        for at in (0..size / step).rev() {
            // SAFETY: a character of an item.
            unsafe {
                let place = item.add(at * step);
                let code = match wide {
                    true => place.cast::<u32>().read_unaligned(),
                    false => u32::from(place.read()),
                };
                let blank = match wide {
                    true => {
                        char::from_u32(code).is_some_and(char::is_whitespace)
                            || (0x1c..=0x1f).contains(&code)
                    }
                    false => matches!(code, 9..=13 | 32),
                };
                if code != 0 && !blank {
                    break;
                }
                place.write_bytes(0, step);
            }
        }
    });
    Ok(copy)
}

/// `compare_chararrays(a1, a2, cmp, rstrip)`.
fn compare_chararrays<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("compare_chararrays", &["a1", "a2", "cmp", "rstrip"], 4);
    if args.npos() > 4 {
        return Err(PyTypeError::new_err(format!(
            "compare_chararrays() takes at most 4 arguments ({} given)",
            args.npos()
        )));
    }
    let [a, b, cmp, rstrip] = args.parse(&SIG)?;
    let (Some(a), Some(b), Some(cmp), Some(rstrip)) = (a, b, cmp, rstrip) else {
        unreachable!("all are required");
    };
    let op = comparison(cmp)?;
    let (a, b) = (as_any(a)?, as_any(b)?);
    let (ra, rb) = (ArrayRef::of(&a), ArrayRef::of(&b));
    let fixed = |num| matches!(num, TypeNum::Bytes | TypeNum::Str);
    let (x, y) = (ra.dtype().num, rb.dtype().num);
    if !fixed(x) || !fixed(y) {
        return Err(PyTypeError::new_err("comparison of non-string arrays"));
    }
    if x != y {
        return Ok(py.NotImplemented().into_bound(py));
    }
    let strip = rstrip.is_truthy()?;
    let plain = |array: ArrayRef<'_, 'py>| match strip {
        true => stripped(array),
        false => assign::as_exact(array),
    };
    let answer = ufunc::numbers::by_name(py, op)?.call1((plain(ra)?, plain(rb)?))?;
    as_any(answer.as_borrowed())
}
