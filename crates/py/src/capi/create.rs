//! Slots that make arrays.

use super::api::{any, api, array, descr_of, list, opt, order, order_word, stolen, Code, Obj};
use super::methods::{function, int, method};
use super::types::{by_num, stolen_or};
use crate::array::coerce::{self, Request};
use crate::array::{self as arrays, ArrayRef, Items, Shape, Spec, NDARRAY};
use crate::convert::CopyMode;
use crate::descr;
use crate::layout::{flags, Descr};
use numoxide_core::{Order, MAX_DIMS};
use numoxide_dtype::{can_cast, equivalent, Casting, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_char, c_int};

/// What callers may ask of an array beyond the flags it has.
pub(super) mod wants {
    use std::ffi::c_int;
    /// Casts that lose values are fine.
    pub(in crate::capi) const FORCECAST: c_int = 0x10;
    /// A copy in any case.
    pub(in crate::capi) const ENSURECOPY: c_int = 0x20;
    /// No subclass.
    pub(in crate::capi) const ENSUREARRAY: c_int = 0x40;
    /// Strides in whole items.
    pub(in crate::capi) const ELEMENTSTRIDES: c_int = 0x80;
    /// The machine's byte order.
    pub(in crate::capi) const NOTSWAPPED: c_int = 0x200;
    /// No copy, or an error.
    pub(in crate::capi) const ENSURENOCOPY: c_int = 0x4000;
}

/// Lengths as the engine counts them.
pub(super) fn shape_of(dims: &[isize]) -> PyResult<Shape> {
    if dims.len() > MAX_DIMS {
        return Err(PyValueError::new_err(format!(
            "number of dimensions must be within [0, {MAX_DIMS}]"
        )));
    }
    if dims.iter().any(|&n| n < 0) {
        return Err(PyValueError::new_err("negative dimensions are not allowed"));
    }
    Ok(dims.iter().map(|&n| n as usize).collect())
}

/// The arguments of `PyArray_NewFromDescr` behind the type.
struct Raw {
    nd: c_int,
    dims: *const isize,
    strides: *const isize,
    data: *mut u8,
    flags: c_int,
    obj: Obj,
}

/// `PyArray_NewFromDescr`.
unsafe fn new_array<'py>(
    py: Python<'py>,
    subtype: *mut ffi::PyTypeObject,
    descr: &Bound<'py, PyAny>,
    raw: &Raw,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: lists of `nd` entries by the C API's contract.
    unsafe {
        if raw.nd < 0 {
            return Err(PyValueError::new_err(
                "number of dimensions must be within [0, 64]",
            ));
        }
        let shape = shape_of(list(raw.dims, raw.nd))?;
        let strides = (!raw.strides.is_null()).then(|| list(raw.strides, raw.nd));
        let fresh = raw.data.is_null();
        let fortran = match fresh {
            true => raw.flags & flags::F_CONTIGUOUS != 0,
            false => raw.flags & flags::F_CONTIGUOUS != 0 && raw.flags & flags::C_CONTIGUOUS == 0,
        };
        let spec = Spec {
            subtype,
            strides,
            fortran,
            items: if fresh {
                Items::Empty
            } else {
                Items::At(raw.data)
            },
            flags: raw.flags,
            ..Spec::new(descr_of(descr), &shape)
        };
        let made = arrays::make(py, spec)?;
        if subtype != NDARRAY.get() {
            arrays::finalize(&made, &super::api::or_none(py, raw.obj))?;
        }
        Ok(made)
    }
}

/// A dtype by number, of a given size where the type leaves it open.
fn sized<'py>(py: Python<'py>, num: c_int, itemsize: c_int) -> PyResult<Bound<'py, PyAny>> {
    let found = by_num(py, num)?;
    // SAFETY: a live dtype; a fresh copy is not shared.
    unsafe {
        let raw: *mut Descr = found.as_ptr().cast();
        if (*raw).elsize != 0 {
            return Ok(found.into_bound(py));
        }
        if itemsize < 1 {
            return Err(PyValueError::new_err("data type must provide an itemsize"));
        }
        let new = descr::make::copy(py, raw)?;
        (*new).elsize = itemsize as isize;
        Ok(descr::make::own(py, new).into_bound(py))
    }
}

unsafe fn filled<'py>(
    py: Python<'py>,
    nd: c_int,
    dims: *const isize,
    descr: Obj,
    fortran: c_int,
    items: Items,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by the C API's contract.
    unsafe {
        let descr = stolen_or(py, descr, TypeNum::Double)?;
        let shape = shape_of(list(dims, nd))?;
        let spec = Spec {
            fortran: fortran != 0,
            items,
            ..Spec::new(descr_of(&descr), &shape)
        };
        arrays::make(py, spec)
    }
}

/// The order that requirement flags name.
fn wanted_order(wanted: c_int) -> Order {
    match wanted & (flags::C_CONTIGUOUS | flags::F_CONTIGUOUS) {
        flags::C_CONTIGUOUS => Order::C,
        flags::F_CONTIGUOUS => Order::F,
        _ => Order::Keep,
    }
}

/// `PyArray_FromArray`: the array itself, a view or a copy that has what is wanted.
pub(super) fn from_array<'py>(
    a: ArrayRef<'_, 'py>,
    descr: Option<Bound<'py, PyAny>>,
    wanted: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    let descr = match descr {
        None => a.dtype_object(),
        Some(d) => match coerce::adapt_flexible(a, descr_of(&d))? {
            Some(adapted) => adapted.into_bound(py),
            None => d,
        },
    };
    let (from, to) = (a.dtype(), descr::dtype_of(descr_of(&descr)));
    let rule = match wanted & wants::FORCECAST {
        0 => Casting::Safe,
        _ => Casting::Unsafe,
    };
    if !can_cast(&from, &to, rule) {
        return Err(PyTypeError::new_err(format!(
            "Cannot cast array data from {} to {} according to the rule '{}'",
            a.dtype_object().repr()?,
            descr.repr()?,
            rule.name()
        )));
    }
    let lacks = |bit: c_int| wanted & bit != 0 && !a.has(bit);
    let must = wanted & wants::ENSURECOPY != 0
        || lacks(flags::C_CONTIGUOUS)
        || lacks(flags::F_CONTIGUOUS)
        || lacks(flags::ALIGNED)
        || lacks(flags::WRITEABLE)
        || !(descr_of(&descr) == a.descr() || equivalent(&from, &to));
    if must {
        return copied(a, &descr, wanted);
    }
    if wanted & wants::ENSUREARRAY != 0 && !a.is_exact() {
        let base = a.as_bound();
        let (shape, strides, data) = (a.shape(), a.strides(), a.data());
        let kind = NDARRAY.get();
        return arrays::from_view(
            py,
            kind,
            a.descr(),
            shape,
            strides,
            data,
            a.flags(),
            Some(&base),
        );
    }
    Ok(a.as_bound())
}

fn copied<'py>(
    a: ArrayRef<'_, 'py>,
    descr: &Bound<'py, PyAny>,
    wanted: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    if wanted & wants::ENSURENOCOPY != 0 {
        return Err(coerce::no_copy_error());
    }
    let subok = wanted & wants::ENSUREARRAY == 0;
    let out = arrays::assign::cast_copy(a, descr_of(descr), wanted_order(wanted), subok)?;
    if wanted & flags::WRITEBACKIFCOPY != 0 {
        arrays::writeback::set_base(ArrayRef::of(&out), a.as_bound())?;
    }
    Ok(out)
}

/// `PyArray_FromAny`.
pub(super) fn from_any<'py>(
    ob: &Bound<'py, PyAny>,
    descr: Option<Bound<'py, PyAny>>,
    depth: (c_int, c_int),
    wanted: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    let found = match ArrayRef::from_bound(ob) {
        Some(a) => a.as_bound(),
        None => {
            if wanted & flags::WRITEBACKIFCOPY != 0 {
                return Err(PyTypeError::new_err(
                    "WRITEBACKIFCOPY used for non-array input.",
                ));
            }
            let no_copy = wanted & wants::ENSURENOCOPY != 0;
            let request = Request {
                descr: descr.as_ref().map(descr_of),
                copy: if no_copy {
                    CopyMode::Never
                } else {
                    CopyMode::IfNeeded
                },
                order: wanted_order(wanted),
                subok: wanted & wants::ENSUREARRAY == 0,
                ndmax: match depth.1 {
                    n if n > 0 && (n as usize) < MAX_DIMS => n as usize,
                    _ => MAX_DIMS,
                },
                ..Request::asarray()
            };
            coerce::from_object(ob.as_borrowed(), &request)?
        }
    };
    let a = ArrayRef::of(&found);
    if depth.0 != 0 && (a.ndim() as c_int) < depth.0 {
        return Err(PyValueError::new_err(
            "object of too small depth for desired array",
        ));
    }
    if depth.1 != 0 && a.ndim() as c_int > depth.1 {
        return Err(PyValueError::new_err("object too deep for desired array"));
    }
    // What was made from another object has been copied already.
    let made = ArrayRef::from_bound(ob).is_none();
    let wanted = if made {
        wanted & !wants::ENSURECOPY
    } else {
        wanted
    };
    from_array(a, descr, wanted)
}

/// `PyArray_CheckFromAny`: as [`from_any`], for two more flags.
fn check_from_any<'py>(
    py: Python<'py>,
    ob: &Bound<'py, PyAny>,
    mut descr: Option<Bound<'py, PyAny>>,
    depth: (c_int, c_int),
    wanted: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    if wanted & wants::NOTSWAPPED != 0 {
        let given = descr
            .take()
            .or_else(|| ArrayRef::from_bound(ob).map(ArrayRef::dtype_object));
        descr = match given {
            Some(d) if !descr::dtype_of(descr_of(&d)).swapped => Some(d),
            Some(d) => Some(d.call_method1("newbyteorder", ("=",))?),
            None => None,
        };
    }
    let found = from_any(ob, descr, depth, wanted)?;
    let a = ArrayRef::of(&found);
    let whole = |s: &isize| a.itemsize() == 0 || s % a.itemsize() as isize == 0;
    if wanted & wants::ELEMENTSTRIDES != 0 && !a.strides().iter().all(whole) {
        if wanted & wants::ENSURENOCOPY != 0 {
            return Err(coerce::no_copy_error());
        }
        return arrays::assign::copy(a, Order::Any, true);
    }
    let _ = py;
    Ok(found)
}

api! {
    /// New arrays.
    NEW:
    93 PyArray_New(
        subtype: *mut ffi::PyTypeObject, nd: c_int, dims: *const isize, num: c_int,
        strides: *const isize, data: *mut u8, itemsize: c_int, flags: c_int, obj: Obj,
    ) -> Obj = |py| {
        let descr = sized(py, num, itemsize)?;
        new_array(py, subtype, &descr, &Raw { nd, dims, strides, data, flags, obj })
    };
    94 PyArray_NewFromDescr(
        subtype: *mut ffi::PyTypeObject, descr: Obj, nd: c_int, dims: *const isize,
        strides: *const isize, data: *mut u8, flags: c_int, obj: Obj,
    ) -> Obj = |py| {
        let Some(descr) = stolen(py, descr) else {
            // The look-up of the dtype has failed and says why.
            return Err(PyErr::fetch(py));
        };
        new_array(py, subtype, &descr, &Raw { nd, dims, strides, data, flags, obj })
    };
    183 PyArray_Zeros(nd: c_int, dims: *const isize, descr: Obj, fortran: c_int) -> Obj = |py| {
        filled(py, nd, dims, descr, fortran, Items::Zeros)
    };
    184 PyArray_Empty(nd: c_int, dims: *const isize, descr: Obj, fortran: c_int) -> Obj = |py| {
        filled(py, nd, dims, descr, fortran, Items::Empty)
    };
    277 PyArray_NewLikeArray(proto: Obj, order_: c_int, descr: Obj, subok: c_int) -> Obj = |py| {
        let proto = any(py, proto);
        let proto = array(&proto)?;
        let descr = stolen(py, descr).unwrap_or_else(|| proto.dtype_object());
        arrays::assign::new_like(proto, descr_of(&descr), order(order_), subok != 0)
    };
    85 PyArray_NewCopy(a: Obj, order_: c_int) -> Obj = |py| {
        arrays::assign::copy(array(&any(py, a))?, order(order_), true)
    };
    49 PyArray_CastToType(a: Obj, descr: Obj, fortran: c_int) -> Obj = |py| {
        let Some(descr) = stolen(py, descr) else {
            return Err(PyErr::fetch(py));
        };
        let a = any(py, a);
        let a = array(&a)?;
        let adapted = coerce::adapt_flexible(a, descr_of(&descr))?;
        let target = adapted.map_or(descr, |d| d.into_bound(py));
        let order = if fortran != 0 { Order::F } else { Order::C };
        arrays::assign::cast_copy(a, descr_of(&target), order, true)
    };
    69 PyArray_FromAny(ob: Obj, descr: Obj, min: c_int, max: c_int, wanted: c_int, _context: Obj) -> Obj = |py| {
        let descr = stolen(py, descr);
        from_any(&any(py, ob), descr, (min, max), wanted)
    };
    108 PyArray_CheckFromAny(ob: Obj, descr: Obj, min: c_int, max: c_int, wanted: c_int, _context: Obj) -> Obj = |py| {
        let descr = stolen(py, descr);
        check_from_any(py, &any(py, ob), descr, (min, max), wanted)
    };
    109 PyArray_FromArray(a: Obj, descr: Obj, wanted: c_int) -> Obj = |py| {
        let descr = stolen(py, descr);
        from_array(array(&any(py, a))?, descr, wanted)
    };
    70 PyArray_EnsureArray(ob: Obj) -> Obj = |py| {
        let Some(ob) = stolen(py, ob) else { return Err(PyErr::fetch(py)) };
        from_any(&ob, None, (0, 0), wants::ENSUREARRAY)
    };
    71 PyArray_EnsureAnyArray(ob: Obj) -> Obj = |py| {
        let Some(ob) = stolen(py, ob) else { return Err(PyErr::fetch(py)) };
        from_any(&ob, None, (0, 0), 0)
    };
    73 PyArray_FromString(data: *const u8, len: isize, descr: Obj, n: isize, sep: *const c_char) -> Obj = |py| {
        let descr = stolen_or(py, descr, TypeNum::Double)?;
        let text = std::slice::from_raw_parts(data, len.max(0) as usize);
        let text = pyo3::types::PyBytes::new(py, text).into_any();
        let mut keywords = vec![("dtype", descr), ("count", int(py, n as i64))];
        if sep.is_null() || *sep == 0 {
            // Bytes become a view; callers expect items of their own.
            let view = function(py, "frombuffer", &[text], &keywords)?;
            return method(&view, "copy", &[], &[]);
        }
        let sep = std::ffi::CStr::from_ptr(sep).to_string_lossy();
        keywords.push(("sep", pyo3::types::PyString::new(py, &sep).into_any()));
        let text = pyo3::types::PyString::new(py, &text.extract::<String>().unwrap_or_else(|_| {
            String::from_utf8_lossy(text.cast::<pyo3::types::PyBytes>().map_or(&[], |b| b.as_bytes())).into()
        })).into_any();
        function(py, "fromstring", &[text], &keywords)
    };
    74 PyArray_FromBuffer(buffer: Obj, descr: Obj, n: isize, offset: isize) -> Obj = |py| {
        let descr = stolen_or(py, descr, TypeNum::Double)?;
        let rest = [("dtype", descr), ("count", int(py, n as i64)), ("offset", int(py, offset as i64))];
        function(py, "frombuffer", &[any(py, buffer)], &rest)
    };
    75 PyArray_FromIter(items: Obj, descr: Obj, n: isize) -> Obj = |py| {
        let descr = stolen_or(py, descr, TypeNum::Double)?;
        function(py, "fromiter", &[any(py, items), descr, int(py, n as i64)], &[])
    };
    50 PyArray_CopyInto(to: Obj, from: Obj) -> c_int = |py| {
        let (to, from) = (any(py, to), any(py, from));
        array(&to)?.check_writeable("assignment destination")?;
        arrays::assign::assign(array(&to)?, array(&from)?)
    };
    51 PyArray_CopyAnyInto(to: Obj, from: Obj) -> c_int = |py| {
        let (to, from) = (any(py, to), any(py, from));
        array(&to)?.check_writeable("assignment destination")?;
        let flat = method(&from, "ravel", &[], &[])?;
        if array(&to)?.size() != array(&flat)?.size() {
            return Err(PyValueError::new_err(format!(
                "cannot copy from array of size {} into an array of size {}",
                array(&flat)?.size(),
                array(&to)?.size()
            )));
        }
        to.getattr("flat")?.set_item(py.Ellipsis(), flat)
    };
    84 PyArray_CopyObject(to: Obj, from: Obj) -> c_int = |py| {
        coerce::assign_object(array(&any(py, to))?, any(py, from).as_borrowed())
    };
    104 PyArray_FillWithScalar(a: Obj, value: Obj) -> c_int = |py| {
        array(&any(py, a))?.check_writeable("assignment destination")?;
        method(&any(py, a), "fill", &[any(py, value)], &[]).map(drop)
    };
    282 PyArray_SetBaseObject(a: Obj, base: Obj) -> c_int = |py| {
        let Some(base) = stolen(py, base) else {
            return Err(PyValueError::new_err("Cannot set the NumPy array 'base' dependency to NULL after initialization"));
        };
        let a = any(py, a);
        if array(&a)?.base().is_some() {
            return Err(PyValueError::new_err(
                "Cannot set the NumPy array 'base' dependency more than once",
            ));
        }
        arrays::set_base(&a, base)
    };
    303 PyArray_SetWritebackIfCopyBase(a: Obj, base: Obj) -> c_int = |py| {
        let Some(base) = stolen(py, base) else { return Err(PyErr::fetch(py)) };
        arrays::writeback::set_base(array(&any(py, a))?, base)
    };
    302 PyArray_ResolveWritebackIfCopy(a: Obj) -> c_int = |py| {
        arrays::writeback::resolve(array(&any(py, a))?)
    };
    286 PyArray_FailUnlessWriteable(a: Obj, name: *const c_char) -> c_int = |py| {
        array(&any(py, a))?.check_writeable(&std::ffi::CStr::from_ptr(name).to_string_lossy())
    };
    80 PyArray_Resize(a: Obj, shape: *const super::methods::Dims, refcheck: c_int, _order: c_int) -> Obj = |py| {
        let dims = pyo3::types::PyTuple::new(py, list((*shape).ptr, (*shape).len))?.into_any();
        method(&any(py, a), "resize", &[dims], &[("refcheck", int(py, refcheck))])
    };
    110 PyArray_FromInterface(ob: Obj) -> Obj = |py| from_attribute(py, ob, "__array_interface__");
    111 PyArray_FromStructInterface(ob: Obj) -> Obj = |py| from_attribute(py, ob, "__array_struct__");
    112 PyArray_FromArrayAttr(ob: Obj, descr: Obj, _context: Obj) -> Obj = |py| {
        let ob = any(py, ob);
        if ob.getattr_opt("__array__")?.is_none() {
            return Ok(py.NotImplemented().into_bound(py));
        }
        let args: Vec<_> = opt(py, descr).into_iter().collect();
        ob.call_method1("__array__", pyo3::types::PyTuple::new(py, args)?)
    };
    200 PyArray_BroadcastToShape(ob: Obj, dims: *const isize, nd: c_int) -> Obj = |py| {
        let shape = pyo3::types::PyTuple::new(py, list(dims, nd))?.into_any();
        function(py, "broadcast_to", &[any(py, ob), shape], &[])?.getattr("flat")
    };
    206 PyArray_CheckAxis(a: Obj, axis: *mut c_int, wanted: c_int) -> Obj = |py| {
        check_axis(py, &any(py, a), axis, wanted)
    };
    287 PyArray_SetUpdateIfCopyBase(_a: Obj, base: Obj) -> c_int = |py| {
        drop(stolen(py, base));
        PyResult::<Code>::Err(PyTypeError::new_err(
            "PyArray_SetUpdateIfCopyBase is disabled, use PyArray_SetWritebackIfCopyBase",
        ))
    };
}

unsafe fn from_attribute<'py>(py: Python<'py>, ob: Obj, name: &str) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a live object by the C API's contract.
    let ob = unsafe { any(py, ob) };
    match ob.getattr_opt(name)? {
        Some(_) => coerce::asarray(ob.as_borrowed()),
        None => Ok(py.NotImplemented().into_bound(py)),
    }
}

/// Brings an axis into range, flattening where all axes are meant.
unsafe fn check_axis<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: *mut c_int,
    wanted: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    let mut found = a.clone();
    // SAFETY: `axis` points to an int by the C API's contract.
    unsafe {
        let ndim = array(a)?.ndim();
        if *axis == super::methods::RAVEL_AXIS || ndim == 0 {
            if ndim != 1 {
                let order = pyo3::types::PyString::new(py, order_word(0)).into_any();
                found = method(a, "ravel", &[order], &[])?;
            }
            if *axis == super::methods::RAVEL_AXIS {
                *axis = array(&found)?.ndim() as c_int - 1;
            }
        }
        if wanted != 0 {
            found = check_from_any(py, &found.clone(), None, (0, 0), wanted)?;
        }
        let n = array(&found)?.ndim();
        *axis = crate::convert::normalize_axis(py, *axis as isize, n, None)? as c_int;
    }
    Ok(found)
}
