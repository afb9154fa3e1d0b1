//! The buffer protocol (PEP 3118), given and taken.

use super::ArrayRef;
use crate::layout::{flags, ArrayObject};
use crate::slots::{trampoline, Receiver};
use numoxide_core::{DType, TypeNum};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_int, CString};

/// What the buffers of an array point into; freed with the array, as buffers may outlive a reshape.
struct Info {
    format: CString,
    shape: Vec<isize>,
    strides: Vec<isize>,
}

/// Frees what exported buffers left behind.
///
/// # Safety
/// - `array` is being deallocated.
pub(super) unsafe fn release_info(array: *mut ArrayObject) {
    // SAFETY: the pointer is NULL or made by `info`.
    unsafe {
        let list = (*array).buffer_info.cast::<Vec<Box<Info>>>();
        if !list.is_null() {
            drop(Box::from_raw(list));
        }
    }
}

/// The array's current description, made once for each geometry.
fn info<'a>(a: ArrayRef<'a, '_>) -> PyResult<&'a Info> {
    let format = CString::new(format_of(a)?).unwrap_or_default();
    let shape: Vec<isize> = a.shape().iter().map(|&n| n as isize).collect();
    let strides = if a.is_c() {
        super::reshape::contiguous_strides(a.shape(), a.itemsize(), false).to_vec()
    } else {
        a.strides().to_vec()
    };
    // SAFETY: the list belongs to the array and is only appended to; boxes do not move.
    unsafe {
        let slot = &raw mut (*a.raw()).buffer_info;
        if (*slot).is_null() {
            *slot = Box::into_raw(Box::<Vec<Box<Info>>>::default()).cast();
        }
        let list = &mut *(*slot).cast::<Vec<Box<Info>>>();
        let same = list
            .iter()
            .rposition(|i| i.format == format && i.shape == shape && i.strides == strides);
        let at = same.unwrap_or_else(|| {
            list.push(Box::new(Info {
                format,
                shape,
                strides,
            }));
            list.len() - 1
        });
        Ok(&*std::ptr::from_ref(&*list[at]))
    }
}

/// The format text of an array's items.
fn format_of(a: ArrayRef<'_, '_>) -> PyResult<String> {
    let mut writer = Writer {
        a,
        order: '@',
        out: String::new(),
        offset: 0,
    };
    writer.item(&a.dtype())?;
    Ok(writer.out)
}

/// Writes a format, keeping track of byte order and position.
struct Writer<'a, 'py> {
    a: ArrayRef<'a, 'py>,
    order: char,
    out: String,
    offset: usize,
}

impl Writer<'_, '_> {
    fn item(&mut self, dtype: &DType) -> PyResult<()> {
        if let Some((base, shape)) = dtype.subarray() {
            let dims: Vec<String> = shape.iter().map(usize::to_string).collect();
            self.out.push_str(&format!("({})", dims.join(",")));
            let start = self.offset;
            self.item(base)?;
            self.offset = start + dtype.size;
            return Ok(());
        }
        if let Some(fields) = dtype.fields() {
            let start = self.offset;
            self.out.push_str("T{");
            for f in fields {
                if self.offset < start + f.offset {
                    self.pad(start + f.offset - self.offset);
                }
                self.offset = start + f.offset;
                self.item(&f.dtype)?;
                if f.name.contains(':') {
                    return Err(PyValueError::new_err(
                        "':' is not an allowed character in buffer field names",
                    ));
                }
                self.out.push_str(&format!(":{}:", f.name));
            }
            if self.offset < start + dtype.size {
                self.pad(start + dtype.size - self.offset);
            }
            self.offset = start + dtype.size;
            self.out.push('}');
            return Ok(());
        }
        let code = code_of(dtype)?;
        self.byte_order(dtype);
        self.out.push_str(&code);
        self.offset += dtype.size;
        Ok(())
    }

    fn pad(&mut self, n: usize) {
        self.out.extend(std::iter::repeat_n('x', n));
    }

    /// Switches the byte order where the item needs another one.
    fn byte_order(&mut self, dtype: &DType) {
        let sizeless = matches!(
            dtype.num,
            TypeNum::Bytes | TypeNum::Void | TypeNum::Bool | TypeNum::Byte | TypeNum::UByte
        );
        if sizeless || dtype.num == TypeNum::Object {
            return;
        }
        let want = if dtype.swapped {
            if cfg!(target_endian = "little") {
                '>'
            } else {
                '<'
            }
        } else if self.is_aligned(dtype) {
            '@'
        } else if dtype.num == TypeNum::LongDouble || dtype.num == TypeNum::CLongDouble {
            '^'
        } else {
            '='
        };
        if want != self.order {
            self.out.push(want);
            self.order = want;
        }
    }

    fn is_aligned(&self, dtype: &DType) -> bool {
        let align = dtype.align.max(1);
        let whole = self.a.itemsize();
        let at = (self.a.data() as usize).is_multiple_of(align);
        let steps = self
            .a
            .strides()
            .iter()
            .all(|s| s.unsigned_abs() % align == 0);
        self.offset.is_multiple_of(align) && whole.is_multiple_of(align) && at && steps
    }
}

fn code_of(dtype: &DType) -> PyResult<String> {
    let counted = |n: usize, c: char| {
        if n == 1 {
            c.to_string()
        } else {
            format!("{n}{c}")
        }
    };
    Ok(match dtype.num {
        TypeNum::Bytes => counted(dtype.size, 's'),
        TypeNum::Void => counted(dtype.size, 'x'),
        TypeNum::Str => counted(dtype.size / 4, 'w'),
        TypeNum::CFloat => "Zf".into(),
        TypeNum::CDouble => "Zd".into(),
        TypeNum::CLongDouble => "Zg".into(),
        TypeNum::VString => {
            return Err(PyValueError::new_err(
                "cannot include dtype 'numpy.dtypes.StringDType' in a buffer",
            ));
        }
        TypeNum::DateTime | TypeNum::TimeDelta | TypeNum::User => {
            let code = dtype.num.row().code as char;
            return Err(PyValueError::new_err(format!(
                "cannot include dtype '{code}' in a buffer"
            )));
        }
        n => (n.row().code as char).to_string(),
    })
}

/// `bf_getbuffer`.
pub(super) unsafe extern "C" fn getbuffer(
    slf: *mut ffi::PyObject,
    view: *mut ffi::Py_buffer,
    wanted: c_int,
) -> c_int {
    // SAFETY: the interpreter passes an array and a buffer struct to fill.
    unsafe {
        trampoline(|py| {
            (*view).obj = std::ptr::null_mut();
            let a = ArrayRef::receive(py, slf);
            check_request(a, wanted)?;
            let with_format = wanted & ffi::PyBUF_FORMAT == ffi::PyBUF_FORMAT;
            let info = info(a)?;
            (*view).buf = a.data().cast();
            (*view).itemsize = a.itemsize() as isize;
            (*view).readonly = c_int::from(!a.has(flags::WRITEABLE));
            (*view).internal = std::ptr::null_mut();
            (*view).suboffsets = std::ptr::null_mut();
            (*view).len = (a.size() * a.itemsize()) as isize;
            let none = std::ptr::null_mut();
            (*view).format = if with_format {
                info.format.as_ptr().cast_mut()
            } else {
                none
            };
            // Without shapes the memory is plain bytes, whatever the axes.
            let nd = wanted & ffi::PyBUF_ND == ffi::PyBUF_ND && a.ndim() > 0;
            (*view).ndim = if nd { a.ndim() as c_int } else { 0 };
            (*view).shape = if nd {
                info.shape.as_ptr().cast_mut()
            } else {
                std::ptr::null_mut()
            };
            let strides = nd && wanted & ffi::PyBUF_STRIDES == ffi::PyBUF_STRIDES;
            (*view).strides = if strides {
                info.strides.as_ptr().cast_mut()
            } else {
                std::ptr::null_mut()
            };
            ffi::Py_INCREF(slf);
            (*view).obj = slf;
            Ok(())
        })
    }
}

fn check_request(a: ArrayRef<'_, '_>, wanted: c_int) -> PyResult<()> {
    let asks = |bits: c_int| wanted & bits == bits;
    if asks(ffi::PyBUF_C_CONTIGUOUS) && !a.is_c() {
        return Err(PyValueError::new_err("ndarray is not C-contiguous"));
    }
    if asks(ffi::PyBUF_F_CONTIGUOUS) && !a.is_f() {
        return Err(PyValueError::new_err("ndarray is not Fortran contiguous"));
    }
    if asks(ffi::PyBUF_ANY_CONTIGUOUS) && !a.is_c() && !a.is_f() {
        return Err(PyValueError::new_err("ndarray is not contiguous"));
    }
    if !asks(ffi::PyBUF_STRIDES) && !a.is_c() {
        return Err(PyValueError::new_err("ndarray is not C-contiguous"));
    }
    if asks(ffi::PyBUF_WRITABLE) {
        if !a.has(flags::WRITEABLE) {
            return Err(PyValueError::new_err("buffer source array is read-only"));
        }
        a.check_writeable("buffer source array")?;
    }
    Ok(())
}

/// Contiguous bytes of another object.
pub(super) struct Bytes<'py> {
    /// First byte.
    pub(super) data: *mut u8,
    /// Number of bytes.
    pub(super) len: usize,
    /// May be written.
    pub(super) writeable: bool,
    /// Keeps the bytes alive.
    pub(super) owner: Bound<'py, PyAny>,
}

/// The bytes of an object with a contiguous buffer.
pub(super) fn bytes_of<'py>(py: Python<'py>, ob: &Bound<'py, PyAny>) -> PyResult<Bytes<'py>> {
    // SAFETY: a valid object; the buffer is released at once, its memory stays with the owner.
    unsafe {
        let mut view = std::mem::MaybeUninit::<ffi::Py_buffer>::zeroed();
        let p = view.as_mut_ptr();
        if ffi::PyObject_GetBuffer(ob.as_ptr(), p, ffi::PyBUF_WRITABLE) < 0 {
            ffi::PyErr_Clear();
            if ffi::PyObject_GetBuffer(ob.as_ptr(), p, ffi::PyBUF_SIMPLE) < 0 {
                return Err(PyErr::fetch(py));
            }
        }
        let buffer = &*p;
        let (data, len, writeable) = (
            buffer.buf.cast::<u8>(),
            buffer.len as usize,
            buffer.readonly == 0,
        );
        ffi::PyBuffer_Release(p);
        Ok(Bytes {
            data,
            len,
            writeable,
            owner: ob.clone(),
        })
    }
}
