//! DLPack: arrays handed to and taken from other libraries without a copy.

use super::assign;
use super::{from_view, ArrayRef, Shape, Strides, NDARRAY};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert::{self, CopyMode};
use crate::descr::descr_for;
use crate::layout::flags;
use crate::slots::Module;
use numoxide_core::{DType, Order, TypeNum};
use pyo3::exceptions::{PyBufferError, PyRuntimeError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::ffi::{c_int, c_void, CStr};

/// `DLTensor`.
#[repr(C)]
struct Tensor {
    data: *mut c_void,
    device_type: c_int,
    device_id: c_int,
    ndim: c_int,
    code: u8,
    bits: u8,
    lanes: u16,
    shape: *mut i64,
    strides: *mut i64,
    byte_offset: u64,
}

/// `DLManagedTensor`, of the protocol before version 1.
#[repr(C)]
struct Managed {
    tensor: Tensor,
    owner: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Managed)>,
}

/// `DLManagedTensorVersioned`.
#[repr(C)]
struct Versioned {
    major: u32,
    minor: u32,
    owner: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Versioned)>,
    flags: u64,
    tensor: Tensor,
}

const READ_ONLY: u64 = 1;
const COPIED: u64 = 2;
const CPU: c_int = 1;
const HOST_CUDA: c_int = 3;

const OLD: &CStr = c"dltensor";
const NEW: &CStr = c"dltensor_versioned";
const OLD_USED: &CStr = c"used_dltensor";
const NEW_USED: &CStr = c"used_dltensor_versioned";

/// Type code of a dtype: 0 signed, 1 unsigned, 2 float, 5 complex, 6 bool.
fn code_of(dtype: &DType) -> PyResult<u8> {
    if dtype.swapped {
        return Err(PyBufferError::new_err(
            "DLPack only supports native byte order.",
        ));
    }
    match dtype.num.kind() {
        b'b' => Ok(6),
        b'i' => Ok(0),
        b'u' => Ok(1),
        b'f' | b'c' if dtype.num.row().size > 16 || dtype.num == TypeNum::LongDouble => Err(
            PyBufferError::new_err(
                "DLPack only supports IEEE floating point types without padding (longdouble typically is not IEEE).",
            ),
        ),
        b'f' => Ok(2),
        b'c' => Ok(5),
        _ => Err(PyBufferError::new_err(
            "DLPack only supports signed/unsigned integers, float and complex dtypes.",
        )),
    }
}

fn tensor_of(a: ArrayRef<'_, '_>, geometry: *mut i64) -> PyResult<Tensor> {
    let dtype = a.dtype();
    Ok(Tensor {
        data: a.data().cast(),
        device_type: CPU,
        device_id: 0,
        ndim: a.ndim() as c_int,
        code: code_of(&dtype)?,
        bits: (dtype.size * 8) as u8,
        lanes: 1,
        shape: geometry,
        // SAFETY: as many strides follow the lengths.
        strides: unsafe { geometry.add(a.ndim()) },
        byte_offset: 0,
    })
}

/// Lengths, then strides in items; freed with the tensor.
fn geometry_of(a: ArrayRef<'_, '_>) -> Box<[i64]> {
    let size = a.itemsize().max(1) as i64;
    let steps = a.shape().iter().zip(a.strides());
    let strides = steps.map(|(&n, &s)| if n == 1 { 1 } else { s as i64 / size });
    a.shape().iter().map(|&n| n as i64).chain(strides).collect()
}

/// Frees geometry and array of a tensor.
///
/// # Safety
/// - Both were given up by `export`.
unsafe fn release(tensor: &Tensor, owner: *mut c_void) {
    // SAFETY: by contract; consumers may call from any thread.
    unsafe {
        let n = 2 * tensor.ndim as usize;
        drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(
            tensor.shape,
            n,
        )));
        let gil = ffi::PyGILState_Ensure();
        ffi::Py_XDECREF(owner.cast());
        ffi::PyGILState_Release(gil);
    }
}

unsafe extern "C" fn delete_old(tensor: *mut Managed) {
    // SAFETY: made by `export`, deleted once.
    unsafe {
        release(&(*tensor).tensor, (*tensor).owner);
        drop(Box::from_raw(tensor));
    }
}

unsafe extern "C" fn delete_new(tensor: *mut Versioned) {
    // SAFETY: made by `export`, deleted once.
    unsafe {
        release(&(*tensor).tensor, (*tensor).owner);
        drop(Box::from_raw(tensor));
    }
}

unsafe extern "C" fn drop_capsule(capsule: *mut ffi::PyObject) {
    // SAFETY: a capsule that nobody consumed still owns its tensor.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, OLD.as_ptr()) != 0 {
            delete_old(ffi::PyCapsule_GetPointer(capsule, OLD.as_ptr()).cast());
        } else if ffi::PyCapsule_IsValid(capsule, NEW.as_ptr()) != 0 {
            delete_new(ffi::PyCapsule_GetPointer(capsule, NEW.as_ptr()).cast());
        }
    }
}

static DLPACK: Sig = Sig::new(
    "__dlpack__",
    &["stream", "max_version", "dl_device", "copy"],
    0,
)
.max_pos(0);

/// The major version that a consumer understands at most; 0 if it does not say.
fn major_of(version: Option<Arg<'_, '_>>) -> PyResult<i64> {
    let Some(version) = convert::none_is_absent(version) else {
        return Ok(0);
    };
    let Ok(pair) = version.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err(
            "max_version must be None or a tuple with two elements.",
        ));
    };
    pair.get_item(0)?.extract()
}

/// `a.__dlpack__(*, stream=None, max_version=None, dl_device=None, copy=None)`.
pub(super) fn export<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [stream, version, device, copy] = args.parse(&DLPACK)?;
    let major = major_of(version)?;
    check_device(device)?;
    let copy = convert::copy_mode(copy, CopyMode::IfNeeded)?;
    if !convert::is_none(stream) {
        return Err(PyRuntimeError::new_err("NumPy only supports stream=None."));
    }
    let held = match copy {
        CopyMode::Always => assign::copy(a, Order::Keep, true)?,
        _ => a.as_bound(),
    };
    let a = ArrayRef::of(&held);
    if major < 1 && !a.has(flags::WRITEABLE) {
        return Err(PyBufferError::new_err(
            "Cannot export readonly array since signalling readonly is unsupported by DLPack \
             (supported by newer DLPack version).",
        ));
    }
    let odd = |(&n, &s): (&usize, &isize)| n != 1 && s % a.itemsize().max(1) as isize != 0;
    if a.shape().iter().zip(a.strides()).any(odd) {
        return Err(PyBufferError::new_err(
            "DLPack only supports strides which are a multiple of itemsize.",
        ));
    }
    code_of(&a.dtype())?;
    let geometry = Box::into_raw(geometry_of(a)).cast::<i64>();
    let tensor = tensor_of(a, geometry)?;
    // SAFETY: the capsule owns the tensor, the tensor the array and its geometry.
    unsafe {
        let owner = held.clone().into_ptr().cast();
        let (ptr, name): (*mut c_void, _) = if major >= 1 {
            let read_only = if a.has(flags::WRITEABLE) {
                0
            } else {
                READ_ONLY
            };
            let copied = if copy == CopyMode::Always { COPIED } else { 0 };
            let made = Versioned {
                major: 1,
                minor: 0,
                owner,
                deleter: Some(delete_new),
                flags: read_only | copied,
                tensor,
            };
            (Box::into_raw(Box::new(made)).cast(), NEW)
        } else {
            let made = Managed {
                tensor,
                owner,
                deleter: Some(delete_old),
            };
            (Box::into_raw(Box::new(made)).cast(), OLD)
        };
        let capsule = ffi::PyCapsule_New(ptr, name.as_ptr(), Some(drop_capsule));
        Bound::from_owned_ptr_or_err(py, capsule)
    }
}

fn check_device(device: Option<Arg<'_, '_>>) -> PyResult<()> {
    let Some(device) = convert::none_is_absent(device) else {
        return Ok(());
    };
    let pair: (c_int, c_int) = device
        .extract()
        .map_err(|_| PyTypeError::new_err("dl_device must be a tuple of two integers"))?;
    if pair != (CPU, 0) {
        return Err(PyBufferError::new_err("unsupported device requested"));
    }
    Ok(())
}

/// `a.__dlpack_device__()`.
pub(super) fn device<'py>(
    py: Python<'py>,
    _: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok((CPU, 0).into_pyobject(py)?.into_any())
}

static FROM: Sig = Sig::new("from_dlpack", &["x", "device", "copy"], 1)
    .pos_only(1)
    .max_pos(1);

/// `from_dlpack(x, /, *, device=None, copy=None)`.
pub(super) fn from_dlpack<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [x, device, copy] = args.parse(&FROM)?;
    let x = x.ok_or_else(|| PyTypeError::new_err("an object is missing"))?;
    convert::device(device)?;
    let kwargs = PyDict::new(py);
    if !convert::is_none(device) {
        kwargs.set_item("dl_device", (CPU, 0))?;
    }
    kwargs.set_item(
        "copy",
        copy.map_or_else(|| py.None().into_bound(py), |c| c.to_owned()),
    )?;
    kwargs.set_item("max_version", (1, 0))?;
    let capsule = match x.call_method("__dlpack__", (), Some(&kwargs)) {
        // Exporters of the first protocol take none of these arguments.
        Err(e)
            if e.is_instance_of::<PyTypeError>(py)
                && convert::is_none(device)
                && convert::is_none(copy) =>
        {
            x.call_method0("__dlpack__")?
        }
        other => other?,
    };
    import(py, &capsule)
}

/// The array of a capsule, which is used up by it.
fn import<'py>(py: Python<'py>, capsule: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the capsule's name says what it holds; it is renamed once its tensor is taken.
    unsafe {
        let p = capsule.as_ptr();
        let new = ffi::PyCapsule_IsValid(p, NEW.as_ptr()) != 0;
        let name = if new { NEW } else { OLD };
        let tensor = ffi::PyCapsule_GetPointer(p, name.as_ptr());
        if tensor.is_null() {
            return Err(PyErr::fetch(py));
        }
        let (t, read_only) = if new {
            let v = &*tensor.cast::<Versioned>();
            if v.major > 1 {
                return Err(PyBufferError::new_err(
                    "from_dlpack(): the exported DLPack major version is too high to be imported by this version of NumPy.",
                ));
            }
            (&v.tensor, v.flags & READ_ONLY != 0)
        } else {
            // The older protocol cannot say, so the memory counts as read-only.
            (&(*tensor.cast::<Managed>()).tensor, true)
        };
        let (dtype, shape, strides) = describe(t)?;
        let data = t.data.cast::<u8>().add(t.byte_offset as usize);
        let (used, free): (_, ffi::PyCapsule_Destructor) = if new {
            (NEW_USED, drop_new)
        } else {
            (OLD_USED, drop_old)
        };
        let owner = ffi::PyCapsule_New(tensor, c"numpy_dltensor".as_ptr(), Some(free));
        let owner = Bound::from_owned_ptr_or_err(py, owner)?;
        ffi::PyCapsule_SetName(p, used.as_ptr());
        let descr = descr_for(py, &dtype)?;
        let bits = if read_only { 0 } else { flags::WRITEABLE };
        let kind = NDARRAY.get();
        from_view(
            py,
            kind,
            descr.as_ptr().cast(),
            &shape,
            &strides,
            data,
            bits,
            Some(&owner),
        )
    }
}

unsafe extern "C" fn drop_old(capsule: *mut ffi::PyObject) {
    // SAFETY: made by `import`.
    unsafe {
        let tensor =
            ffi::PyCapsule_GetPointer(capsule, c"numpy_dltensor".as_ptr()).cast::<Managed>();
        if let Some(delete) = (*tensor).deleter {
            delete(tensor);
        }
    }
}

unsafe extern "C" fn drop_new(capsule: *mut ffi::PyObject) {
    // SAFETY: made by `import`.
    unsafe {
        let tensor =
            ffi::PyCapsule_GetPointer(capsule, c"numpy_dltensor".as_ptr()).cast::<Versioned>();
        if let Some(delete) = (*tensor).deleter {
            delete(tensor);
        }
    }
}

/// Dtype and geometry of a tensor.
///
/// # Safety
/// - The tensor is valid.
unsafe fn describe(t: &Tensor) -> PyResult<(DType, Shape, Strides)> {
    if t.device_type != CPU && t.device_type != HOST_CUDA {
        return Err(PyRuntimeError::new_err("Unsupported device in DLTensor."));
    }
    if t.lanes != 1 {
        return Err(PyRuntimeError::new_err(
            "Unsupported lanes in DLTensor dtype.",
        ));
    }
    if t.ndim < 0 || t.ndim as usize > numoxide_core::MAX_DIMS {
        return Err(PyRuntimeError::new_err(
            "maxdims of DLPack tensor is higher than the supported maxdims.",
        ));
    }
    let kind = match t.code {
        0 => b'i',
        1 => b'u',
        2 => b'f',
        5 => b'c',
        6 => b'b',
        _ => b' ',
    };
    let size = usize::from(t.bits) / 8;
    let Some(num) = TypeNum::legacy().find(|n| n.kind() == kind && n.row().size == size) else {
        return Err(PyRuntimeError::new_err("Unsupported dtype in DLTensor."));
    };
    let n = t.ndim as usize;
    let list = |p: *mut i64| match n {
        0 => &[][..],
        // SAFETY: by contract.
        _ => unsafe { std::slice::from_raw_parts(p, n) },
    };
    let shape: Shape = list(t.shape).iter().map(|&n| n as usize).collect();
    let strides = match t.strides.is_null() {
        true => super::reshape::contiguous_strides(&shape, size, false),
        false => list(t.strides)
            .iter()
            .map(|&s| s as isize * size as isize)
            .collect(),
    };
    Ok((DType::new(num), shape, strides))
}
