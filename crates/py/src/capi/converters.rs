//! Slots that convert arguments, in the form that `PyArg_Parse` takes.

use super::api::{any, api, array, list, Code, Done, Obj, Ptr};
use super::create::from_any;
use super::methods::{Dims, RAVEL_AXIS};
use crate::array::coerce;
use crate::convert::{self, ClipMode};
use crate::descr;
use crate::layout::flags;
use numoxide_core::{Order, MAX_DIMS};
use numoxide_dtype::Casting;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};
use std::ffi::{c_char, c_int, c_void};

/// `PyArray_Chunk`.
#[repr(C)]
pub(super) struct Chunk {
    head: ffi::PyObject,
    base: Obj,
    ptr: *mut c_void,
    len: isize,
    flags: c_int,
}

fn clip_code(mode: ClipMode) -> c_int {
    match mode {
        ClipMode::Clip => 0,
        ClipMode::Wrap => 1,
        ClipMode::Raise => 2,
    }
}

/// The first letter of a word, in upper case.
fn initial(ob: &Bound<'_, PyAny>, name: &str) -> PyResult<(u8, String)> {
    let word = match (ob.cast::<PyString>(), ob.cast::<PyBytes>()) {
        (Ok(text), _) => text.to_str()?.to_owned(),
        (_, Ok(bytes)) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
        _ => {
            let kind = ob.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "{name} must be str, not {kind}"
            )));
        }
    };
    Ok((word.bytes().next().unwrap_or(0).to_ascii_uppercase(), word))
}

fn unknown(ob: &Bound<'_, PyAny>, name: &str, words: &str) -> PyErr {
    let got = ob.repr().map_or_else(|_| String::new(), |r| r.to_string());
    PyValueError::new_err(format!("{name} must be one of {words} (got {got})"))
}

fn sort_kind(ob: &Bound<'_, PyAny>) -> PyResult<c_int> {
    let (first, word) = initial(ob, "sort kind")?;
    match (first, word.to_ascii_lowercase().as_str()) {
        (b'Q', _) => Ok(0),
        (b'H', _) => Ok(1),
        (b'M' | b'S', _) => Ok(2),
        _ => Err(unknown(ob, "sort kind", "'quick', 'heap', or 'stable'")),
    }
}

fn byte_order(ob: &Bound<'_, PyAny>) -> PyResult<c_char> {
    let (first, word) = initial(ob, "byteorder")?;
    let text = word.to_ascii_lowercase();
    Ok(match (first, text.as_str()) {
        (b'>' | b'B', _) => b'>',
        (b'<' | b'L', _) => b'<',
        (b'=' | b'N', _) => b'=',
        (b'|' | b'I', _) => b'|',
        (b'S', _) => b's',
        _ => {
            let got = ob.repr()?;
            return Err(PyValueError::new_err(format!(
                "byteorder not recognized (got {got})"
            )));
        }
    } as c_char)
}

/// Integers of a sequence (or one integer), written to `out`; their number.
fn intps(ob: &Bound<'_, PyAny>, out: &mut [isize]) -> PyResult<usize> {
    let found = convert::int_list(ob.as_borrowed())?;
    for (slot, value) in out.iter_mut().zip(&found) {
        *slot = *value;
    }
    Ok(found.len())
}

unsafe fn intp_converter(ob: &Bound<'_, PyAny>, out: *mut Dims) -> PyResult<Done> {
    // SAFETY: a struct to fill, by the C API's contract.
    unsafe {
        (*out).ptr = std::ptr::null_mut();
        (*out).len = 0;
        if ob.is_none() {
            return Err(PyTypeError::new_err("Use () not None as shape arguments"));
        }
        let found = convert::int_list(ob.as_borrowed())?;
        if found.len() > MAX_DIMS {
            return Err(crate::array::too_many_dims(found.len()));
        }
        if found.is_empty() {
            return Ok(Done);
        }
        // Callers free the list as a dimension cache entry, which is Python's allocator.
        let room = ffi::PyMem_RawMalloc(found.len() * size_of::<isize>()).cast::<isize>();
        if room.is_null() {
            return Err(pyo3::exceptions::PyMemoryError::new_err(()));
        }
        std::ptr::copy_nonoverlapping(found.as_ptr(), room, found.len());
        (*out).ptr = room;
        (*out).len = found.len() as c_int;
        Ok(Done)
    }
}

/// A dtype argument: None is `absent`.
unsafe fn descr_converter(
    ob: &Bound<'_, PyAny>,
    out: *mut Obj,
    align: bool,
    absent: bool,
) -> PyResult<Done> {
    let py = ob.py();
    // SAFETY: a pointer to fill, by the C API's contract.
    unsafe {
        *out = std::ptr::null_mut();
        if ob.is_none() && absent {
            return Ok(Done);
        }
        let found = match align {
            true => descr::convert_new(py, ob, true)?,
            false => descr::convert(py, ob)?,
        };
        *out = found.into_ptr();
    }
    Ok(Done)
}

api! {
    /// Converters.
    CONVERTERS:
    166 PyArray_Converter(ob: Obj, out: *mut Obj) -> c_int = |py| {
        let ob = any(py, ob);
        let read_only = flags::CARRAY & !flags::WRITEABLE;
        let found = match array(&ob) {
            Ok(_) => ob,
            Err(_) => from_any(&ob, None, (0, 0), read_only)?,
        };
        *out = found.into_ptr();
        PyResult::Ok(Done)
    };
    199 PyArray_OutputConverter(ob: Obj, out: *mut Obj) -> c_int = |py| {
        let ob = any(py, ob);
        *out = std::ptr::null_mut();
        if !ob.is_none() {
            if array(&ob).is_err() {
                return Err(PyTypeError::new_err("output must be an array"));
            }
            *out = ob.as_ptr();
        }
        PyResult::Ok(Done)
    };
    167 PyArray_IntpFromSequence(ob: Obj, out: *mut isize, most: c_int) -> c_int = |py| {
        let out = std::slice::from_raw_parts_mut(out, most.max(0) as usize);
        intps(&any(py, ob), out).map(|n| Code(n as c_int))
    };
    174 PyArray_DescrConverter(ob: Obj, out: *mut Obj) -> c_int = |py| {
        descr_converter(&any(py, ob), out, false, false)
    };
    175 PyArray_DescrConverter2(ob: Obj, out: *mut Obj) -> c_int = |py| {
        descr_converter(&any(py, ob), out, false, true)
    };
    203 PyArray_DescrAlignConverter(ob: Obj, out: *mut Obj) -> c_int = |py| {
        descr_converter(&any(py, ob), out, true, false)
    };
    204 PyArray_DescrAlignConverter2(ob: Obj, out: *mut Obj) -> c_int = |py| {
        descr_converter(&any(py, ob), out, true, true)
    };
    176 PyArray_IntpConverter(ob: Obj, out: *mut Dims) -> c_int = |py| {
        intp_converter(&any(py, ob), out)
    };
    177 PyArray_BufferConverter(ob: Obj, out: *mut Chunk) -> c_int = |py| buffer(py, ob, out);
    178 PyArray_AxisConverter(ob: Obj, out: *mut c_int) -> c_int = |py| {
        let ob = any(py, ob);
        *out = if ob.is_none() { RAVEL_AXIS } else { axis(&ob)? };
        PyResult::Ok(Done)
    };
    179 PyArray_BoolConverter(ob: Obj, out: *mut u8) -> c_int = |py| {
        *out = any(py, ob).is_truthy()?.into();
        PyResult::Ok(Done)
    };
    180 PyArray_ByteorderConverter(ob: Obj, out: *mut c_char) -> c_int = |py| {
        *out = byte_order(&any(py, ob))?;
        PyResult::Ok(Done)
    };
    181 PyArray_OrderConverter(ob: Obj, out: *mut c_int) -> c_int = |py| {
        let ob = any(py, ob);
        if !ob.is_none() {
            *out = match convert::order(Some(ob.as_borrowed()), Order::C)? {
                Order::C => 0,
                Order::F => 1,
                Order::Any => -1,
                Order::Keep => 2,
            };
        }
        PyResult::Ok(Done)
    };
    188 PyArray_SortkindConverter(ob: Obj, out: *mut c_int) -> c_int = |py| {
        let ob = any(py, ob);
        if !ob.is_none() {
            *out = sort_kind(&ob)?;
        }
        PyResult::Ok(Done)
    };
    198 PyArray_ClipmodeConverter(ob: Obj, out: *mut c_int) -> c_int = |py| {
        let ob = any(py, ob);
        *out = clip_code(convert::clip_mode(Some(ob.as_borrowed()))?);
        PyResult::Ok(Done)
    };
    205 PyArray_SearchsideConverter(ob: Obj, out: *mut c_int) -> c_int = |py| {
        let ob = any(py, ob);
        *out = convert::side(Some(ob.as_borrowed()))?.into();
        PyResult::Ok(Done)
    };
    269 PyArray_CastingConverter(ob: Obj, out: *mut c_int) -> c_int = |py| {
        let ob = any(py, ob);
        let (_, word) = initial(&ob, "casting")?;
        // Only `astype` knows the rule that compares values.
        *out = match Casting::parse(&word).filter(|r| *r != Casting::SameValue) {
            Some(rule) => rule as c_int,
            None => {
                let words = "'no', 'equiv', 'safe', 'same_kind', 'unsafe'";
                return Err(unknown(&ob, "casting", words));
            }
        };
        PyResult::Ok(Done)
    };
    298 PyArray_SelectkindConverter(ob: Obj, out: *mut c_int) -> c_int = |py| {
        let ob = any(py, ob);
        match ob.is_none() || initial(&ob, "select kind")?.1 == "introselect" {
            true => *out = 0,
            false => {
                let got = ob.repr()?;
                return Err(PyValueError::new_err(format!(
                    "select kind must be 'introselect' (got {got})"
                )));
            }
        }
        PyResult::Ok(Done)
    };
    279 PyArray_ConvertClipmodeSequence(ob: Obj, out: *mut c_int, n: c_int) -> c_int = |py| {
        clip_modes(&any(py, ob), std::slice::from_raw_parts_mut(out, n.max(0) as usize))
    };
    100 PyArray_PyIntAsInt(ob: Obj) -> c_int = |py| integer(&any(py, ob)).and_then(|n| {
        c_int::try_from(n).map(Code).map_err(|_| {
            PyValueError::new_err("integer won't fit into a C int")
        })
    });
    101 PyArray_PyIntAsIntp(ob: Obj) -> isize = |py| integer(&any(py, ob));
    196 PyArray_IntTupleFromIntp(n: c_int, values: *const isize) -> Obj = |py| {
        Ok(PyTuple::new(py, list(values, n))?.into_any())
    };
    162 PyArray_AsCArray(ob: *mut Obj, out: *mut *mut c_void, dims: *mut isize, nd: c_int, descr: Obj) -> c_int = |py| {
        as_c_array(py, ob, out, dims, nd, descr)
    };
    165 PyArray_Free(ob: Obj, pointers: *mut c_void) -> c_int = |py| {
        let held = any(py, ob);
        let nd = array(&held)?.ndim();
        if !(1..=3).contains(&nd) {
            return PyResult::Ok(Code(-1));
        }
        if nd >= 2 {
            libc::free(pointers);
        }
        ffi::Py_DECREF(ob);
        PyResult::Ok(Code(0))
    };
    56 PyArray_ConvertToCommonType(ob: Obj, n: *mut c_int) -> *mut Obj = |py| {
        common_type(&any(py, ob), n)
    };
}

/// An integer of anything with `__index__`; bool is refused.
fn integer(ob: &Bound<'_, PyAny>) -> PyResult<isize> {
    // SAFETY: a live object.
    if unsafe { ffi::PyBool_Check(ob.as_ptr()) } != 0 {
        return Err(PyTypeError::new_err("an integer is required"));
    }
    convert::as_index(ob.as_borrowed())
}

fn axis(ob: &Bound<'_, PyAny>) -> PyResult<c_int> {
    let n = integer(ob)?;
    c_int::try_from(n).map_err(|_| PyValueError::new_err("integer won't fit into a C int"))
}

fn clip_modes(ob: &Bound<'_, PyAny>, out: &mut [c_int]) -> PyResult<Done> {
    if ob.is_instance_of::<PyTuple>() || ob.is_instance_of::<PyList>() {
        if ob.len()? != out.len() {
            return Err(PyValueError::new_err(format!(
                "list of clipmodes has wrong length ({} instead of {})",
                ob.len()?,
                out.len()
            )));
        }
        for (i, slot) in out.iter_mut().enumerate() {
            let item = ob.get_item(i)?;
            *slot = clip_code(convert::clip_mode(Some(item.as_borrowed()))?);
        }
        return Ok(Done);
    }
    out.fill(clip_code(convert::clip_mode(Some(ob.as_borrowed()))?));
    Ok(Done)
}

/// The memory of an object, kept by the reference in the struct.
unsafe fn buffer(py: Python<'_>, ob: Obj, out: *mut Chunk) -> PyResult<Done> {
    // SAFETY: a struct to fill; the view is released at once, as its object keeps the memory.
    unsafe {
        (*out).ptr = std::ptr::null_mut();
        (*out).flags = flags::BEHAVED;
        (*out).base = std::ptr::null_mut();
        if ob == ffi::Py_None() {
            return Ok(Done);
        }
        let mut view: ffi::Py_buffer = std::mem::zeroed();
        let simple = ffi::PyBUF_SIMPLE;
        if ffi::PyObject_GetBuffer(ob, &mut view, ffi::PyBUF_WRITABLE | simple) != 0 {
            ffi::PyErr_Clear();
            (*out).flags &= !flags::WRITEABLE;
            if ffi::PyObject_GetBuffer(ob, &mut view, simple) != 0 {
                return Err(PyErr::fetch(py));
            }
        }
        (*out).ptr = view.buf;
        (*out).len = view.len;
        ffi::PyBuffer_Release(&mut view);
        (*out).base = ob;
        if ffi::PyMemoryView_Check(ob) != 0 {
            (*out).base = any(py, ob).getattr("obj")?.as_ptr();
        }
    }
    Ok(Done)
}

/// Pointers to the rows of an array of one, two or three axes, and the array in place of the object.
unsafe fn as_c_array(
    py: Python<'_>,
    ob: *mut Obj,
    out: *mut *mut c_void,
    dims: *mut isize,
    nd: c_int,
    descr: Obj,
) -> PyResult<Code> {
    // SAFETY: pointers to fill, by the C API's contract; `PyArray_Free` frees what is allocated here.
    unsafe {
        let descr = super::api::stolen(py, descr);
        if !(1..=3).contains(&nd) {
            return Err(PyValueError::new_err(
                "C arrays of only 1-3 dimensions available",
            ));
        }
        let found = from_any(&any(py, *ob), descr, (nd, nd), flags::CARRAY)?;
        let a = array(&found)?;
        let (shape, strides) = (a.shape().to_vec(), a.strides().to_vec());
        let at = |i: usize, j: usize| {
            let second = strides.get(1).map_or(0, |s| s * j as isize);
            a.data().offset(strides[0] * i as isize + second)
        };
        let planes = if nd == 3 { shape[0] * shape[1] } else { 0 };
        let room = |n: usize| -> PyResult<*mut *mut u8> {
            let p: *mut *mut u8 = libc::malloc(n.max(1) * size_of::<*mut u8>()).cast();
            match p.is_null() {
                true => Err(pyo3::exceptions::PyMemoryError::new_err(())),
                false => Ok(p),
            }
        };
        *out = match nd {
            1 => a.data().cast(),
            2 => {
                let rows = room(shape[0])?;
                (0..shape[0]).for_each(|i| rows.add(i).write(at(i, 0)));
                rows.cast()
            }
            _ => {
                let rows = room(shape[0] + planes)?;
                for i in 0..shape[0] {
                    let first = rows.add(shape[0] + i * shape[1]);
                    rows.add(i).write(first.cast());
                    (0..shape[1]).for_each(|j| first.add(j).write(at(i, j)));
                }
                rows.cast()
            }
        };
        for (i, n) in shape.iter().enumerate() {
            *dims.add(i) = *n as isize;
        }
        *ob = found.into_ptr();
        Ok(Code(0))
    }
}

/// The items of a sequence as arrays of one dtype, in a list that the caller frees.
unsafe fn common_type(ob: &Bound<'_, PyAny>, n: *mut c_int) -> PyResult<Ptr<Obj>> {
    let py = ob.py();
    let mut all = Vec::new();
    for item in ob.try_iter()? {
        all.push(coerce::as_any(item?.as_borrowed())?);
    }
    if all.is_empty() {
        return Err(PyValueError::new_err("0-length sequence."));
    }
    let common = super::methods::function(py, "result_type", &all, &[])?;
    // SAFETY: a count to fill; the list holds owned references.
    unsafe {
        let list: *mut Obj = libc::malloc(all.len() * size_of::<Obj>()).cast();
        if list.is_null() {
            return Err(pyo3::exceptions::PyMemoryError::new_err(()));
        }
        *n = all.len() as c_int;
        for (i, item) in all.iter().enumerate() {
            let wanted = flags::CARRAY;
            let made = super::create::from_array(array(item)?, Some(common.clone()), wanted);
            match made {
                Ok(made) => list.add(i).write(made.into_ptr()),
                Err(e) => {
                    (0..i).for_each(|j| ffi::Py_DECREF(list.add(j).read()));
                    libc::free(list.cast());
                    return Err(e);
                }
            }
        }
        Ok(Ptr(list))
    }
}
