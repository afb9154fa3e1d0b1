//! Slots without Python objects, callable from any thread.

use super::api::{api, array, bare, list, opt, Nothing, Obj};
use crate::array::memory;
use crate::layout::ArrayObject;
use pyo3::prelude::*;
use std::ffi::{c_int, c_uint, c_void};

/// The C interface of NumPy 2.
const ABI: c_uint = 0x0200_0000;
/// The features of NumPy 2.4.
const FEATURES: c_uint = 0x15;

bare! {
    /// Versions, products of lengths, memory.
    PLAIN:
    0 PyArray_GetNDArrayCVersion() -> c_uint = ABI;
    210 PyArray_GetEndianness() -> c_int = if cfg!(target_endian = "little") { 1 } else { 2 };
    211 PyArray_GetNDArrayCFeatureVersion() -> c_uint = FEATURES;
    158 PyArray_MultiplyList(values: *const isize, n: c_int) -> isize = {
        list(values, n).iter().fold(1, |a: isize, b| a.wrapping_mul(*b))
    };
    159 PyArray_MultiplyIntList(values: *const c_int, n: c_int) -> c_int = {
        list(values, n).iter().fold(1, |a: c_int, b| a.wrapping_mul(*b))
    };
    207 PyArray_OverflowMultiplyList(values: *const isize, n: c_int) -> isize = {
        let values = list(values, n);
        match values.contains(&0) {
            true => 0,
            false => values.iter().try_fold(1isize, |a, b| a.checked_mul(*b)).unwrap_or(-1),
        }
    };
    161 PyArray_CompareLists(a: *const isize, b: *const isize, n: c_int) -> c_int = {
        c_int::from(list(a, n) == list(b, n))
    };
    160 PyArray_GetPtr(a: *const ArrayObject, index: *const isize) -> *mut u8 = {
        let strides = list((*a).strides, (*a).nd);
        let index = list(index, (*a).nd);
        let bytes: isize = index.iter().zip(strides).map(|(i, s)| i * s).sum();
        (*a).data.wrapping_offset(bytes)
    };
    105 PyArray_CheckStrides(
        itemsize: c_int, nd: c_int, bytes: isize, offset: isize, dims: *const isize, strides: *const isize,
    ) -> u8 = {
        let (dims, strides) = (list(dims, nd), list(strides, nd));
        let bytes = match bytes {
            0 => dims.iter().product::<isize>() * itemsize as isize,
            n => n,
        };
        let (mut low, mut high) = (0isize, itemsize as isize);
        for (n, s) in dims.iter().zip(strides) {
            match (n - 1).saturating_mul(*s) {
                span if span < 0 => low = low.saturating_add(span),
                span => high = high.saturating_add(span),
            }
        }
        let inside = low >= -offset && high <= bytes - offset;
        u8::from(inside || dims.contains(&0))
    };
    283 PyArray_CreateSortedStridePerm(nd: c_int, strides: *const isize, out: *mut [isize; 2]) = {
        // Pairs (axis, stride) from the widest to the narrowest.
        let mut pairs: [[isize; 2]; 64] = [[0; 2]; 64];
        let n = (nd.max(0) as usize).min(64);
        for (i, s) in list(strides, n as c_int).iter().enumerate() {
            pairs[i] = [i as isize, *s];
        }
        pairs[..n].sort_by_key(|p| std::cmp::Reverse(p[1].unsigned_abs()));
        std::ptr::copy_nonoverlapping(pairs.as_ptr(), out, n);
    };
    288 PyDataMem_NEW(bytes: usize) -> *mut c_void = libc::malloc(bytes.max(1));
    289 PyDataMem_FREE(block: *mut c_void) = libc::free(block);
    290 PyDataMem_RENEW(block: *mut c_void, bytes: usize) -> *mut c_void = {
        libc::realloc(block, bytes.max(1))
    };
    299 PyDataMem_NEW_ZEROED(n: usize, size: usize) -> *mut c_void = {
        match n.checked_mul(size) {
            Some(bytes) => libc::calloc(bytes.max(1), 1),
            None => std::ptr::null_mut(),
        }
    };
}

api! {
    /// Memory handlers, flags.
    HANDLERS:
    304 PyDataMem_SetHandler(capsule: Obj) -> Obj = |py| memory::set_handler(py, opt(py, capsule));
    305 PyDataMem_GetHandler() -> Obj = |py| memory::current_handler(py);
    92 PyArray_UpdateFlags(a: Obj, _which: c_int) = |py| {
        array(&super::api::any(py, a))?.refresh_flags();
        PyResult::Ok(Nothing)
    };
    44 PyArray_SetStringFunction(_function: Obj, _repr: c_int) = |_py| {
        PyResult::<Nothing>::Err(pyo3::exceptions::PyValueError::new_err(
            "PyArray_SetStringFunction was removed",
        ))
    };
    119 PyArray_ElementStrides(a: Obj) -> c_int = |py| {
        let a = super::api::any(py, a);
        let a = array(&a)?;
        let size = a.itemsize().max(1) as isize;
        PyResult::Ok(a.strides().iter().all(|s| s % size == 0))
    };
    284 PyArray_RemoveAxesInPlace(a: Obj, which: *const u8) = |py| {
        let a = super::api::any(py, a);
        let a = array(&a)?;
        let raw = a.raw();
        let mut kept = 0;
        for i in 0..a.ndim() {
            if *which.add(i) == 0 {
                *(*raw).dimensions.add(kept) = *(*raw).dimensions.add(i);
                *(*raw).strides.add(kept) = *(*raw).strides.add(i);
                kept += 1;
            }
        }
        (*raw).nd = kept as c_int;
        a.refresh_flags();
        PyResult::Ok(Nothing)
    };
}
