//! Arrays from bytes, iterators, text and files; and the way back: `tofile`.

use super::create::dtype_arg;
use super::{buffer, empty, from_view, make, ArrayRef, Items, Spec, NDARRAY};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr::{self, dtype_of};
use crate::layout::{descr_flags, flags, Descr};
use crate::scalar;
use crate::slots::Module;
use numoxide_core::{Order, TypeNum};
use pyo3::exceptions::{PyOSError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

fn or_double(dtype: &Option<Py<PyAny>>) -> *mut Descr {
    let double = descr::singleton(TypeNum::Double);
    dtype.as_ref().map_or(double, |d| d.as_ptr().cast())
}

/// # Safety
/// - `descr` is a valid dtype.
unsafe fn facts(descr: *mut Descr) -> (usize, bool) {
    // SAFETY: by contract.
    unsafe {
        (
            (*descr).elsize as usize,
            (*descr).flags & descr_flags::ITEM_REFCOUNT != 0,
        )
    }
}

static FROMBUFFER: Sig = Sig::new(
    "frombuffer",
    &["buffer", "dtype", "count", "offset", "like"],
    1,
)
.max_pos(4);

/// How many items to take from `left` bytes: `count`, or all if that is negative.
fn item_count(left: usize, itemsize: usize, count: isize) -> PyResult<usize> {
    let Ok(count) = usize::try_from(count) else {
        return match left.is_multiple_of(itemsize) {
            true => Ok(left / itemsize),
            false => Err(PyValueError::new_err(
                "buffer size must be a multiple of element size",
            )),
        };
    };
    if left < count.saturating_mul(itemsize) {
        return Err(PyValueError::new_err(
            "buffer is smaller than requested size",
        ));
    }
    Ok(count)
}

/// `frombuffer(buffer, dtype=float, count=-1, offset=0, *, like=None)`.
pub(super) fn frombuffer<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [source, dtype, count, offset, like] = args.parse(&FROMBUFFER)?;
    if let Some(made) = super::like::dispatch(py, "frombuffer", args, like)? {
        return Ok(made);
    }
    let source = source.ok_or_else(|| PyTypeError::new_err("a buffer is missing"))?;
    let dtype = dtype_arg(py, dtype)?;
    let count = count.map_or(Ok(-1), convert::plain_index)?;
    let offset = offset.map_or(Ok(0), convert::plain_index)?;
    let descr = or_double(&dtype);
    // SAFETY: a valid dtype.
    let (itemsize, objects) = unsafe { facts(descr) };
    if objects {
        return Err(PyValueError::new_err(
            "cannot create an OBJECT array from memory buffer",
        ));
    }
    if itemsize == 0 && !descr::is_struct(descr) {
        return Err(PyValueError::new_err("itemsize cannot be zero in type"));
    }
    if itemsize == 0 && count < 0 {
        return Err(PyValueError::new_err(
            "cannot determine count if itemsize is 0",
        ));
    }
    let bytes = buffer::bytes_of(py, &source.to_owned())?;
    if offset < 0 || offset as usize > bytes.len {
        return Err(PyValueError::new_err(format!(
            "offset must be non-negative and no greater than buffer length ({})",
            bytes.len
        )));
    }
    let n = item_count(bytes.len - offset as usize, itemsize, count)?;
    // A memoryview keeps objects from changing their memory meanwhile.
    let owner = if has_no_release(&source) {
        source.to_owned()
    } else {
        // SAFETY: a valid object.
        unsafe {
            let view = pyo3::ffi::PyMemoryView_FromObject(source.as_ptr());
            Bound::from_owned_ptr_or_err(py, view)?
        }
    };
    // SAFETY: inside the buffer.
    let data = unsafe { bytes.data.add(offset as usize) };
    let bits = if bytes.writeable { flags::WRITEABLE } else { 0 };
    let kind = NDARRAY.get();
    from_view(
        py,
        kind,
        descr,
        &[n],
        &[itemsize as isize],
        data,
        bits,
        Some(&owner),
    )
}

/// Whether views of the object's buffer need no word when they end: bytes, arrays.
fn has_no_release(ob: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object's type.
    unsafe {
        let slots = (*pyo3::ffi::Py_TYPE(ob.as_ptr())).tp_as_buffer;
        ArrayRef::from_bound(ob).is_some()
            || !slots.is_null() && (*slots).bf_releasebuffer.is_none()
    }
}

static FROMITER: Sig = Sig::new("fromiter", &["iter", "dtype", "count", "like"], 1).max_pos(3);

/// `fromiter(iter, dtype, count=-1, *, like=None)`.
pub(super) fn fromiter<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [iter, dtype, count, like] = args.parse(&FROMITER)?;
    if let Some(made) = super::like::dispatch(py, "fromiter", args, like)? {
        return Ok(made);
    }
    if dtype.is_none() {
        return Err(PyTypeError::new_err(
            "fromiter() missing required argument 'dtype' (pos 2)",
        ));
    }
    let iter = iter.ok_or_else(|| PyTypeError::new_err("an iterable is missing"))?;
    let dtype = dtype_arg(py, dtype)?;
    let count = count.map_or(Ok(-1), convert::plain_index)?;
    let descr = or_double(&dtype);
    // SAFETY: a valid dtype.
    let (itemsize, _) = unsafe { facts(descr) };
    if itemsize == 0 && !descr::is_struct(descr) {
        return Err(PyValueError::new_err(
            "Must specify length when using variable-size data-type.",
        ));
    }
    let iter = iter.try_iter()?;
    let room = match count {
        -1 => iter
            .as_any()
            .len()
            .unwrap_or(0)
            .max(length_hint(iter.as_any()))
            .max(4),
        n => n as usize,
    };
    collect(py, iter.as_any(), descr, room, count)
}

fn length_hint(iter: &Bound<'_, PyAny>) -> usize {
    // SAFETY: a valid object; errors are dropped.
    unsafe {
        let n = pyo3::ffi::PyObject_LengthHint(iter.as_ptr(), 0);
        if n < 0 {
            pyo3::ffi::PyErr_Clear();
        }
        n.max(0) as usize
    }
}

/// Stores the items of an iterator in an array that grows by half.
fn collect<'py>(
    py: Python<'py>,
    iter: &Bound<'py, PyAny>,
    descr: *mut Descr,
    mut room: usize,
    count: isize,
) -> PyResult<Bound<'py, PyAny>> {
    let zeros = |n: usize| {
        make(
            py,
            Spec {
                items: Items::Empty,
                ..Spec::new(descr, &[n])
            },
        )
    };
    let mut out = zeros(room)?;
    // A sub-array dtype spreads each item over more axes.
    let step = |a: &Bound<'py, PyAny>| ArrayRef::of(a).strides()[0] as usize;
    let mut n = 0;
    for item in iter.try_iter()? {
        if count >= 0 && n == count as usize {
            break;
        }
        let item = item?;
        if n == room {
            room += (room >> 1).max(4);
            let grown = zeros(room)?;
            let (a, b) = (ArrayRef::of(&grown), ArrayRef::of(&out));
            super::assign::assign(ArrayRef::of(&head(a, n)?), ArrayRef::of(&head(b, n)?))?;
            out = grown;
        }
        let a = ArrayRef::of(&out);
        // SAFETY: position `n` has room for one item of the dtype asked for.
        unsafe { scalar::set_item(py, a.data().add(n * step(&out)), descr, &item)? };
        n += 1;
    }
    if count >= 0 && n < count as usize {
        return Err(PyValueError::new_err(format!(
            "iterator too short: Expected {count} but iterator had only {n} items."
        )));
    }
    if n == room {
        return Ok(out);
    }
    let last = head(ArrayRef::of(&out), n)?;
    super::assign::copy(ArrayRef::of(&last), Order::C, false)
}

/// The first `n` rows.
pub(crate) fn head<'py>(a: ArrayRef<'_, 'py>, n: usize) -> PyResult<Bound<'py, PyAny>> {
    let mut shape = super::Shape::from_slice(a.shape());
    shape[0] = n;
    super::view_with(a, &shape, a.strides(), a.data())
}

static FROMSTRING: Sig = Sig::new(
    "fromstring",
    &["string", "dtype", "count", "sep", "like"],
    1,
)
.max_pos(3);

/// `fromstring(string, dtype=float, count=-1, *, sep, like=None)`.
pub(super) fn fromstring<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [text, dtype, count, sep, like] = args.parse(&FROMSTRING)?;
    if let Some(made) = super::like::dispatch(py, "fromstring", args, like)? {
        return Ok(made);
    }
    let text = text.ok_or_else(|| PyTypeError::new_err("a string is missing"))?;
    let sep = match sep {
        Some(s) => s.extract::<String>()?,
        None => String::new(),
    };
    if sep.is_empty() {
        return Err(PyValueError::new_err(
            "The binary mode of fromstring is removed, use frombuffer instead",
        ));
    }
    let text = match text.cast::<PyString>() {
        Ok(s) => s.to_str()?.as_bytes().to_vec(),
        Err(_) => text.extract::<Vec<u8>>()?,
    };
    let dtype = dtype_arg(py, dtype)?;
    let count = count.map_or(Ok(-1), convert::plain_index)?;
    parse_text(py, &text, or_double(&dtype), count, &sep)
}

/// Splits text at a separator (white space matches any white space) and parses the numbers.
fn parse_text<'py>(
    py: Python<'py>,
    text: &[u8],
    descr: *mut Descr,
    count: isize,
    sep: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let dtype = dtype_of(descr);
    if !dtype.num.is_number() && dtype.num != TypeNum::Bool {
        return Err(PyValueError::new_err(
            "don't know how to read character strings with that array type",
        ));
    }
    let (tokens, whole) = super::textnum::split(text, sep.trim(), dtype.num, count);
    let n = tokens.len();
    let size = if count >= 0 { count as usize } else { n };
    let out = super::zeros(py, &[size], descr, false)?;
    let a = ArrayRef::of(&out);
    let numbers = tokens
        .iter()
        .map(|t| String::from_utf8_lossy(t).into_owned());
    for (i, token) in numbers.enumerate() {
        let token = PyString::new(py, &token).into_any();
        let value = super::textnum::value(py, &token, dtype.num)?;
        // SAFETY: an item of the new array.
        unsafe { scalar::set_item(py, a.data().add(i * a.itemsize()), a.descr(), &value)? };
    }
    if !whole {
        return Err(PyValueError::new_err(
            "string or file could not be read to its end due to unmatched data",
        ));
    }
    Ok(out)
}

static FROMFILE: Sig = Sig::new(
    "fromfile",
    &["file", "dtype", "count", "sep", "offset", "like"],
    1,
)
.max_pos(5);

/// `fromfile(file, dtype=float, count=-1, sep='', offset=0, *, like=None)`.
pub(super) fn fromfile<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [file, dtype, count, sep, offset, like] = args.parse(&FROMFILE)?;
    if let Some(made) = super::like::dispatch(py, "fromfile", args, like)? {
        return Ok(made);
    }
    let file = file.ok_or_else(|| PyTypeError::new_err("a file is missing"))?;
    let dtype = dtype_arg(py, dtype)?;
    let count = count.map_or(Ok(-1), convert::plain_index)?;
    let sep = sep.map_or(Ok(String::new()), |s| s.extract::<String>())?;
    let offset = offset.map_or(Ok(0), convert::plain_index)?;
    if !sep.is_empty() && offset != 0 {
        return Err(PyTypeError::new_err(
            "'offset' argument only permitted for binary files",
        ));
    }
    let own = !file.hasattr("fileno")?;
    let descr = or_double(&dtype);
    if own {
        let path = py.import("os")?.call_method1("fspath", (file,))?;
        let opened = py.import("builtins")?.call_method1("open", (path, "rb"))?;
        let made = read_file(py, &opened, descr, count, &sep, offset);
        opened.call_method0("close")?;
        return made;
    }
    let twin = Twin::open(&file, "rb")?;
    let made = read_file(py, &twin.handle, descr, count, &sep, offset);
    twin.close()?;
    made
}

/// A second handle of a Python file's descriptor, at the position that the file shows.
struct Twin<'a, 'py> {
    file: Arg<'a, 'py>,
    descriptor: Bound<'py, PyAny>,
    handle: Bound<'py, PyAny>,
    /// Where the descriptor stood; pipes stand nowhere.
    before: Option<Bound<'py, PyAny>>,
}

impl<'a, 'py> Twin<'a, 'py> {
    /// Opens the handle behind what the file itself has buffered.
    fn open(file: &Arg<'a, 'py>, mode: &str) -> PyResult<Twin<'a, 'py>> {
        let py = file.py();
        let os = py.import("os")?;
        file.call_method0("flush")?;
        let descriptor = file.call_method0("fileno")?;
        let copy = os.call_method1("dup", (&descriptor,))?;
        let number: i32 = match copy.extract::<i32>() {
            Ok(number) => number,
            Err(e) if e.is_instance_of::<PyTypeError>(py) => return Err(e),
            Err(_) => {
                return Err(PyOSError::new_err(
                    "Getting a FILE* from a Python file object failed.",
                ))
            }
        };
        let handle = os.call_method1("fdopen", (number, mode))?;
        let before = os.call_method1("lseek", (&descriptor, 0, 1)).ok();
        match file.call_method0("tell") {
            Ok(position) if before.is_some() => {
                handle.call_method1("seek", (position,))?;
            }
            Ok(_) => {}
            Err(e) if e.is_instance_of::<PyOSError>(py) && before.is_none() => {}
            Err(e) => {
                handle.call_method0("close")?;
                return Err(e);
            }
        }
        Ok(Twin {
            file: *file,
            descriptor,
            handle,
            before,
        })
    }

    /// Closes the handle and moves the file to where the handle stood.
    fn close(self) -> PyResult<()> {
        let Some(before) = self.before else {
            self.handle.call_method0("close")?;
            return Ok(());
        };
        let position = self.handle.call_method0("tell")?;
        self.handle.call_method0("close")?;
        let os = self.file.py().import("os")?;
        os.call_method1("lseek", (self.descriptor, before, 0))?;
        self.file.call_method1("seek", (position,))?;
        Ok(())
    }
}

fn read_file<'py>(
    py: Python<'py>,
    file: &Bound<'py, PyAny>,
    descr: *mut Descr,
    count: isize,
    sep: &str,
    offset: isize,
) -> PyResult<Bound<'py, PyAny>> {
    if offset != 0 {
        file.call_method1("seek", (offset, 1))?;
    }
    if !sep.is_empty() {
        let text: Vec<u8> = file.call_method0("read")?.extract()?;
        return parse_text(py, &text, descr, count, sep);
    }
    // SAFETY: a valid dtype.
    let (itemsize, objects) = unsafe { facts(descr) };
    if objects {
        return Err(PyValueError::new_err("Cannot read into object array"));
    }
    if itemsize == 0 {
        let n = usize::try_from(count)
            .map_err(|_| PyValueError::new_err("negative dimensions are not allowed"))?;
        // Items of no byte need no memory; an array of its own would get one byte an item.
        let nothing = PyBytes::new(py, b"").into_any();
        let (kind, bits) = (NDARRAY.get(), flags::WRITEABLE);
        let at = nothing.as_ptr().cast();
        return from_view(py, kind, descr, &[n], &[0], at, bits, Some(&nothing));
    }
    let data = match count {
        n if n >= 0 => file.call_method1("read", ((n as usize).saturating_mul(itemsize),))?,
        _ => file.call_method0("read")?,
    };
    let data = data
        .cast::<PyBytes>()
        .map_err(|_| PyTypeError::new_err("a binary file is needed"))?;
    let data = data.as_bytes();
    let n = data.len() / itemsize;
    let out = empty(py, &[n], descr, false)?;
    // SAFETY: the new array has as many bytes.
    unsafe {
        ArrayRef::of(&out)
            .data()
            .copy_from_nonoverlapping(data.as_ptr(), n * itemsize)
    };
    let rest = (data.len() - n * itemsize) as isize;
    if rest != 0 {
        file.call_method1("seek", (-rest, 1)).ok();
    }
    Ok(out)
}

static TOFILE: Sig = Sig::new("tofile", &["fid", "sep", "format"], 1);

/// `a.tofile(fid, sep='', format='%s')`.
pub(super) fn tofile<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [file, sep, format] = args.parse(&TOFILE)?;
    let file = file.ok_or_else(|| PyTypeError::new_err("a file is missing"))?;
    let sep = sep.map_or(Ok(String::new()), |s| s.extract::<String>())?;
    let format = format.map_or(Ok(String::new()), |s| s.extract::<String>())?;
    let is_path = file.is_instance_of::<PyString>()
        || file.is_instance_of::<PyBytes>()
        || file.hasattr("__fspath__")?;
    let none = py.None().into_bound(py);
    if is_path {
        let target = py.import("builtins")?.call_method1("open", (file, "wb"))?;
        let done = write_file(py, a, &target, &sep, &format);
        target.call_method0("close")?;
        return done.map(|()| none);
    }
    let twin = Twin::open(&file, "wb")?;
    let done = write_file(py, a, &twin.handle, &sep, &format);
    twin.close()?;
    done.map(|()| none)
}

fn write_file<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    file: &Bound<'py, PyAny>,
    sep: &str,
    format: &str,
) -> PyResult<()> {
    if sep.is_empty() {
        if a.dtype().has_objects() {
            return Err(pyo3::exceptions::PyOSError::new_err(
                "cannot write object arrays to a file in binary mode",
            ));
        }
        file.call_method1("write", (super::copies::bytes(py, a, Order::C)?,))?;
        return Ok(());
    }
    let mut parts = Vec::with_capacity(a.size());
    let mut done = Ok(());
    super::items::for_each_item(a, &mut |ptr| {
        if done.is_ok() {
            done = text_of(py, a, ptr, format).map(|t| parts.push(t));
        }
    });
    done?;
    file.call_method1("write", (PyBytes::new(py, parts.join(sep).as_bytes()),))?;
    Ok(())
}

fn text_of(py: Python<'_>, a: ArrayRef<'_, '_>, ptr: *mut u8, format: &str) -> PyResult<String> {
    // SAFETY: the address of an item.
    let item = unsafe { scalar::get_item(py, ptr, a.descr())? };
    match format {
        // Extended precision has no Python type; its text is that of the scalar.
        "" if scalar::is_numpy_scalar(&item) => item.str()?.extract(),
        "" => item.repr()?.extract(),
        _ => PyString::new(py, format)
            .call_method1("__mod__", ((item,),))?
            .extract(),
    }
}
