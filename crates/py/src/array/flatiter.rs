//! `numpy.flatiter`: an array seen as one axis in C order.

use super::coerce::{asarray, asarray_as, from_object, Request};
use super::items::scalar_at;
use super::{empty_like, from_view, ArrayRef, NDARRAY};
use crate::args::{Arg, CallArgs};
use crate::descr;
use crate::layout::{flags, FlatIter, ITER_DIMS};
use crate::scalar;
use crate::slots::{leak_getset, leak_methods, module_name, trampoline, Receiver, StaticType};
use crate::statics::leak_table;
use crate::{getset, methods};
use numoxide_core::{Order, TypeNum};
use pyo3::exceptions::{PyIndexError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyEllipsis, PySlice, PyTuple};
use pyo3::Borrowed;
use std::ffi::c_int;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The type.
pub(crate) static FLATITER: StaticType = StaticType::new();

/// A borrowed flat iterator.
#[derive(Clone, Copy)]
pub(crate) struct IterRef<'a, 'py>(Borrowed<'a, 'py, PyAny>);

impl<'a, 'py> Receiver<'a, 'py> for IterRef<'a, 'py> {
    unsafe fn receive(py: Python<'py>, slf: *mut ffi::PyObject) -> Self {
        // SAFETY: the slot belongs to flatiter.
        IterRef(unsafe { Borrowed::from_ptr(py, slf) })
    }
}

impl<'a, 'py> IterRef<'a, 'py> {
    fn raw(self) -> *mut FlatIter {
        self.0.as_ptr().cast()
    }

    fn py(self) -> Python<'py> {
        self.0.py()
    }

    fn array(self) -> Bound<'py, PyAny> {
        // SAFETY: an iterator keeps its array.
        unsafe { Bound::from_borrowed_ptr(self.py(), (*self.raw()).ao.cast()) }
    }

    fn size(self) -> isize {
        // SAFETY: a valid iterator.
        unsafe { (*self.raw()).size }
    }

    /// Address of a flat position inside the array.
    fn address(self, at: isize) -> *mut u8 {
        // SAFETY: a valid iterator; coordinates stay inside the axes.
        unsafe { address(self.raw(), at) }
    }
}

/// # Safety
/// - `it` is valid and `at` lies inside it.
unsafe fn address(it: *mut FlatIter, mut at: isize) -> *mut u8 {
    // SAFETY: by contract.
    unsafe {
        let mut ptr = (*(*it).ao).data;
        for axis in 0..=(*it).nd_m1.max(-1) {
            let axis = axis as usize;
            let factor = (*it).factors[axis];
            ptr = ptr.offset(at / factor * (*it).strides[axis]);
            at %= factor;
        }
        ptr
    }
}

/// Moves to a flat position (the end included).
///
/// # Safety
/// - `it` is a valid iterator.
pub(crate) unsafe fn goto(it: *mut FlatIter, at: isize) {
    // SAFETY: by contract.
    unsafe {
        (*it).index = at;
        let mut rest = at;
        let mut ptr = (*(*it).ao).data;
        for axis in 0..=(*it).nd_m1.max(-1) {
            let axis = axis as usize;
            let c = rest / (*it).factors[axis];
            (*it).coordinates[axis] = c;
            ptr = ptr.offset(c * (*it).strides[axis]);
            rest %= (*it).factors[axis];
        }
        (*it).dataptr = ptr;
    }
}

/// One step on, as the macros of the C interface do it.
///
/// # Safety
/// - `it` is a valid iterator.
pub(crate) unsafe fn step(it: *mut FlatIter) {
    // SAFETY: by contract.
    unsafe {
        (*it).index += 1;
        for axis in (0..=(*it).nd_m1.max(-1)).rev() {
            let axis = axis as usize;
            if (*it).coordinates[axis] < (*it).dims_m1[axis] {
                (*it).coordinates[axis] += 1;
                (*it).dataptr = (*it).dataptr.offset((*it).strides[axis]);
                return;
            }
            (*it).coordinates[axis] = 0;
            (*it).dataptr = (*it).dataptr.offset(-(*it).backstrides[axis]);
        }
    }
}

/// Sets the geometry from a shape and strides.
///
/// # Safety
/// - `it` is an iterator whose array is set; at most 32 axes.
pub(super) unsafe fn set_geometry(it: *mut FlatIter, shape: &[usize], strides: &[isize]) {
    // SAFETY: by contract.
    unsafe {
        (*it).nd_m1 = shape.len() as c_int - 1;
        let mut factor = 1isize;
        for axis in (0..shape.len()).rev() {
            let last = shape[axis] as isize - 1;
            (*it).dims_m1[axis] = last;
            (*it).strides[axis] = strides[axis];
            (*it).backstrides[axis] = strides[axis] * last;
            (*it).factors[axis] = factor.max(1);
            (*it).bounds[axis] = [0, last];
            (*it).limits[axis] = [0, last];
            (*it).limits_sizes[axis] = shape[axis] as isize;
            factor *= shape[axis] as isize;
        }
        (*it).size = factor;
        goto(it, 0);
    }
}

/// Leaves an axis out of the walk; for a negative one the axis of the narrowest stride, which is then
/// stored. Flat positions lose their meaning.
///
/// # Safety
/// - `it` is a valid iterator over an array.
pub(crate) unsafe fn drop_axis(it: *mut FlatIter, axis: &mut c_int) {
    // SAFETY: by contract.
    unsafe {
        let nd = (*it).nd_m1 + 1;
        if *axis < 0 {
            let stride = |i: &c_int| (*it).strides[*i as usize].unsigned_abs();
            *axis = (0..nd).min_by_key(stride).unwrap_or(0);
        }
        (*it).contiguous = 0;
        if (0..nd).contains(axis) {
            let at = *axis as usize;
            (*it).size /= ((*it).dims_m1[at] + 1).max(1);
            (*it).dims_m1[at] = 0;
            (*it).backstrides[at] = 0;
        }
    }
}

/// A new iterator over an array.
pub(crate) fn new<'py>(a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let out = broadcast_over(a, a.shape(), a.strides())?;
    // SAFETY: a valid new iterator.
    unsafe { (*out.as_ptr().cast::<FlatIter>()).contiguous = u8::from(a.is_c()) };
    Ok(out)
}

/// A new iterator over an array stretched to another shape.
pub(crate) fn broadcast_over<'py>(
    a: ArrayRef<'_, 'py>,
    shape: &[usize],
    strides: &[isize],
) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    if shape.len() > ITER_DIMS {
        return Err(PyRuntimeError::new_err(format!(
            "this function only supports up to 32 dimensions but the array has {}.",
            shape.len()
        )));
    }
    // SAFETY: the object is new or as good as that; it takes a reference to the array.
    unsafe {
        let it = allocate();
        let out = Bound::from_owned_ptr_or_err(py, it.cast())?;
        ffi::Py_INCREF(a.as_any().as_ptr());
        (*it).ao = a.raw();
        set_geometry(it, shape, strides);
        Ok(out)
    }
}

/// A dead iterator kept for the next one: the struct is too large for Python's small blocks.
static SPARE: AtomicPtr<FlatIter> = AtomicPtr::new(std::ptr::null_mut());

/// An iterator object, zeroed but for what [`set_geometry`] writes.
///
/// # Safety
/// - The interpreter lock is held; the type is ready.
unsafe fn allocate() -> *mut FlatIter {
    // SAFETY: by contract; a spare one was an iterator of this type, which nobody holds any more.
    unsafe {
        let spare = SPARE.swap(std::ptr::null_mut(), Ordering::Acquire);
        if spare.is_null() {
            return ffi::PyType_GenericAlloc(FLATITER.get(), 0).cast();
        }
        ffi::PyObject_Init(spare.cast(), FLATITER.get());
        (*spare).contiguous = 0;
        (*spare).translate = std::ptr::null_mut();
        spare
    }
}

unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: the last reference to an iterator.
    unsafe {
        let it = slf.cast::<FlatIter>();
        ffi::Py_XDECREF((*it).ao.cast());
        let none = std::ptr::null_mut();
        if (SPARE.compare_exchange(none, it, Ordering::Release, Ordering::Relaxed)).is_err() {
            ffi::PyObject_Free(slf.cast());
        }
    }
}

unsafe extern "C" fn next(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot of flatiter.
    unsafe {
        trampoline(|py| {
            let it = slf.cast::<FlatIter>();
            if (*it).index >= (*it).size {
                return Ok(std::ptr::null_mut());
            }
            let array = IterRef::receive(py, slf).array();
            let item = scalar_at(ArrayRef::of(&array), (*it).dataptr)?;
            step(it);
            Ok(item.into_ptr())
        })
    }
}

/// What an index selects.
enum Picked<'py> {
    One(isize),
    Range(isize, isize, isize),
    Many(Bound<'py, PyAny>),
}

const WRONG: &str = "only integers, slices (`:`), ellipsis (`...`) and integer or boolean arrays \
                     are valid indices";

fn inside(at: isize, size: isize) -> PyResult<isize> {
    let given = at;
    let at = if at < 0 { at + size } else { at };
    if at < 0 || at >= size {
        return Err(PyIndexError::new_err(format!(
            "index {given} is out of bounds for size {size}"
        )));
    }
    Ok(at)
}

fn deprecated(py: Python<'_>, text: &str) -> PyResult<()> {
    crate::err::warn(
        py,
        py.get_type::<pyo3::exceptions::PyDeprecationWarning>()
            .as_any(),
        text,
    )
}

fn pick<'py>(it: IterRef<'_, 'py>, index: Arg<'_, 'py>) -> PyResult<Picked<'py>> {
    let py = it.py();
    let size = it.size();
    if let Ok(tuple) = index.cast::<PyTuple>() {
        return match tuple.len() {
            0 => Ok(Picked::Range(0, 1, size)),
            1 => pick(it, tuple.get_borrowed_item(0)?),
            n => Err(too_many(n)),
        };
    }
    if index.is_instance_of::<PyEllipsis>() {
        return Ok(Picked::Range(0, 1, size));
    }
    if let Ok(slice) = index.cast::<PySlice>() {
        let s = slice.indices(size)?;
        return Ok(Picked::Range(s.start, s.step, s.slicelength as isize));
    }
    let truth = |a: ArrayRef<'_, '_>| a.ndim() == 0 && a.dtype().num == TypeNum::Bool;
    if index.is_instance_of::<PyBool>() || ArrayRef::from_any(index).is_some_and(truth) {
        deprecated(
            py,
            "Indexing flat iterators with a 0-dimensional boolean index is deprecated and may be \
             removed in a future version. (Deprecated NumPy 2.4)",
        )?;
        return match index.is_truthy()? {
            true => Ok(Picked::One(inside(0, size)?)),
            false => Ok(Picked::Range(0, 1, 0)),
        };
    }
    // SAFETY: a valid object.
    if unsafe { ffi::PyIndex_Check(index.as_ptr()) } != 0 && ArrayRef::from_any(index).is_none() {
        return inside(crate::convert::as_index(index)?, size).map(Picked::One);
    }
    pick_array(it, index)
}

fn too_many(n: usize) -> PyErr {
    PyIndexError::new_err(format!(
        "too many indices for flat iterator: flat iterator is 1-dimensional, but {n} were indexed"
    ))
}

fn pick_array<'py>(it: IterRef<'_, 'py>, index: Arg<'_, 'py>) -> PyResult<Picked<'py>> {
    let py = it.py();
    let size = it.size();
    let list = asarray(index)?;
    let a = ArrayRef::of(&list);
    let num = a.dtype().num;
    let given_array = ArrayRef::from_any(index).is_some();
    if num == TypeNum::Bool {
        if !given_array {
            return Err(PyIndexError::new_err(
                "boolean indices for iterators are not supported because of previous behavior \
                 that was confusing (valid boolean indices are expected to work in the future)",
            ));
        }
        return pick_mask(it, a);
    }
    let long = descr::singleton(TypeNum::Long);
    if !num.is_integer() {
        if a.size() == 0 && !given_array {
            return Ok(Picked::Many(asarray_as(index, long)?));
        }
        if given_array {
            return Err(PyIndexError::new_err(
                "arrays used as indices must be of integer (or boolean) type",
            ));
        }
        if !num.is_number() {
            return Err(PyIndexError::new_err(WRONG));
        }
        deprecated(
            py,
            "Invalid non-array indices for iterator objects are deprecated and will be removed in \
             a future version. (Deprecated NumPy 2.4)",
        )?;
    }
    let ints = asarray_as(list.as_borrowed(), long)?;
    let ints = super::reshape::contiguous(ArrayRef::of(&ints), Order::C)?;
    let a = ArrayRef::of(&ints);
    if a.ndim() == 0 {
        // SAFETY: a 0-d array of longs has one item.
        return inside(unsafe { *a.data().cast::<isize>() }, size).map(Picked::One);
    }
    Ok(Picked::Many(ints))
}

fn pick_mask<'py>(it: IterRef<'_, 'py>, mask: ArrayRef<'_, 'py>) -> PyResult<Picked<'py>> {
    let py = it.py();
    if mask.ndim() != 1 {
        return Err(too_many(mask.ndim()));
    }
    let n = mask.size() as isize;
    if n != it.size() {
        return Err(PyIndexError::new_err(format!(
            "boolean index did not match indexed flat iterator along axis 0; size of axis is {} \
             but size of corresponding boolean axis is {n}",
            it.size()
        )));
    }
    let stride = mask.strides()[0];
    // SAFETY: inside the mask.
    let on = |i: &isize| unsafe { *mask.data().offset(i * stride) != 0 };
    let found: Vec<isize> = (0..n).filter(on).collect();
    let out = super::empty(py, &[found.len()], descr::singleton(TypeNum::Long), false)?;
    // SAFETY: the new array has room for all positions.
    unsafe {
        ArrayRef::of(&out)
            .data()
            .cast::<isize>()
            .copy_from(found.as_ptr(), found.len());
    }
    Ok(Picked::Many(out))
}

/// The positions of an index array.
fn positions<'a>(list: &'a Bound<'_, PyAny>) -> &'a [isize] {
    let a = ArrayRef::of(list);
    // SAFETY: contiguous longs made by `pick`.
    unsafe { std::slice::from_raw_parts(a.data().cast(), a.size()) }
}

fn getitem<'py>(it: IterRef<'_, 'py>, index: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let array = it.array();
    let a = ArrayRef::of(&array);
    let (shape, list): (super::Shape, Option<Bound<'py, PyAny>>) = match pick(it, index)? {
        Picked::One(at) => return scalar_at(a, it.address(at)),
        Picked::Range(start, step, n) => {
            let out = empty_like(a, a.descr(), &[n.max(0) as usize], None, true)?;
            copy_items(it, ArrayRef::of(&out), (0..n).map(|i| start + i * step))?;
            return Ok(out);
        }
        Picked::Many(list) => (ArrayRef::of(&list).shape().into(), Some(list)),
    };
    let out = empty_like(a, a.descr(), &shape, None, true)?;
    if let Some(list) = list {
        let at = positions(&list);
        for &i in at {
            inside(i, it.size())?;
        }
        let size = it.size();
        copy_items(
            it,
            ArrayRef::of(&out),
            at.iter().map(|&i| if i < 0 { i + size } else { i }),
        )?;
    }
    Ok(out)
}

/// Copies the items at the positions one after another into a contiguous array.
fn copy_items(
    it: IterRef<'_, '_>,
    out: ArrayRef<'_, '_>,
    at: impl Iterator<Item = isize>,
) -> PyResult<()> {
    let size = out.itemsize();
    let refs = super::refs::offsets_if_any(out.descr());
    let mut to = out.data();
    for i in at {
        // SAFETY: both items exist; copied references are counted.
        unsafe {
            to.copy_from_nonoverlapping(it.address(i), size);
            for &r in &refs {
                ffi::Py_XINCREF(to.add(r).cast::<*mut ffi::PyObject>().read_unaligned());
            }
            to = to.add(size);
        }
    }
    Ok(())
}

/// Whether a tuple names no axis: `()` or `(...,)`.
fn is_whole(index: &Bound<'_, PyTuple>) -> bool {
    let dots = |i: Bound<'_, PyAny>| i.is_instance_of::<PyEllipsis>();
    index.is_empty() || index.len() == 1 && index.get_item(0).is_ok_and(dots)
}

fn setitem(it: IterRef<'_, '_>, index: Arg<'_, '_>, value: Arg<'_, '_>) -> PyResult<()> {
    let py = it.py();
    let array = it.array();
    let a = ArrayRef::of(&array);
    a.check_writeable("underlying array")?;
    if index.cast::<PyTuple>().is_ok_and(|t| is_whole(&t)) {
        return Err(PyIndexError::new_err(
            "Assigning to a flat iterator with a 0-D index is not supported",
        ));
    }
    let picked = pick(it, index)?;
    if let Picked::One(at) = picked {
        // SAFETY: the address of an item.
        let done = unsafe { scalar::set_item(py, it.address(at), a.descr(), &value.to_owned()) };
        return done.map_err(|cause| {
            let err = PyValueError::new_err("Error setting single item of array.");
            err.set_cause(py, Some(cause));
            err
        });
    }
    let req = Request {
        descr: Some(a.descr()),
        order: Order::C,
        ..Request::asarray()
    };
    let values = from_object(value, &req)?;
    let values = ArrayRef::of(&values);
    let n = values.size();
    if n == 0 {
        return Ok(());
    }
    let size = a.itemsize();
    let refs = super::refs::offsets_if_any(a.descr());
    let put = |k: usize, at: isize| {
        // SAFETY: both items exist; references are counted, the overwritten ones dropped.
        unsafe {
            let (to, from) = (it.address(at), values.data().add(k % n * size));
            for &r in &refs {
                ffi::Py_XINCREF(from.add(r).cast::<*mut ffi::PyObject>().read_unaligned());
                super::refs::take(to.add(r).cast());
            }
            to.copy_from(from, size);
        }
    };
    match picked {
        Picked::One(_) => {}
        Picked::Range(start, by, count) => {
            (0..count).for_each(|i| put(i as usize, start + i * by));
        }
        Picked::Many(list) => {
            for (k, &i) in positions(&list).iter().enumerate() {
                put(k, inside(i, it.size())?);
            }
        }
    }
    Ok(())
}

unsafe extern "C" fn subscript(
    slf: *mut ffi::PyObject,
    index: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot of flatiter.
    unsafe { trampoline(|py| getitem(IterRef::receive(py, slf), Borrowed::from_ptr(py, index))) }
}

unsafe extern "C" fn ass_subscript(
    slf: *mut ffi::PyObject,
    index: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: a slot of flatiter.
    unsafe {
        trampoline(|py| {
            if value.is_null() {
                return Err(PyTypeError::new_err("Cannot delete iterator elements"));
            }
            let index = Borrowed::from_ptr(py, index);
            setitem(
                IterRef::receive(py, slf),
                index,
                Borrowed::from_ptr(py, value),
            )
        })
    }
}

unsafe extern "C" fn length(slf: *mut ffi::PyObject) -> ffi::Py_ssize_t {
    // SAFETY: a slot of flatiter.
    unsafe { (*slf.cast::<FlatIter>()).size }
}

unsafe extern "C" fn richcompare(
    slf: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    op: c_int,
) -> *mut ffi::PyObject {
    // SAFETY: a slot of flatiter; the comparison is the array's.
    unsafe {
        trampoline(|py| {
            let flat = as_array(py, IterRef::receive(py, slf))?;
            Bound::from_owned_ptr_or_err(py, ffi::PyObject_RichCompare(flat.as_ptr(), other, op))
        })
    }
}

/// The items as a one-axis array: a view of contiguous arrays, else a read-only copy.
fn as_array<'py>(py: Python<'py>, it: IterRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let array = it.array();
    let a = ArrayRef::of(&array);
    let n = [a.size()];
    if a.is_c() {
        let strides = [a.itemsize() as isize];
        let kind = NDARRAY.get();
        return from_view(
            py,
            kind,
            a.descr(),
            &n,
            &strides,
            a.data(),
            a.flags(),
            Some(&array),
        );
    }
    let exact = super::assign::as_exact(a)?;
    let out = super::reshape::flat_copy(ArrayRef::of(&exact), Order::C)?;
    ArrayRef::of(&out).set_flag(flags::WRITEABLE, false);
    Ok(out)
}

fn array_method<'py>(
    py: Python<'py>,
    it: IterRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let out = as_array(py, it)?;
    match args.npos() {
        0 => Ok(out),
        _ => {
            let dtype = descr::convert(py, &args.get(0).to_owned())?;
            asarray_as(out.as_borrowed(), dtype.as_ptr().cast())
        }
    }
}

fn copy<'py>(
    _: Python<'py>,
    it: IterRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let array = it.array();
    super::reshape::flat_copy(ArrayRef::of(&array), Order::C)
}

fn base<'py>(_: Python<'py>, it: IterRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(it.array())
}

fn index<'py>(py: Python<'py>, it: IterRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid iterator.
    Ok(unsafe { (*it.raw()).index }.into_pyobject(py)?.into_any())
}

fn coords<'py>(py: Python<'py>, it: IterRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid iterator; C callers may have moved it without its coordinates.
    unsafe {
        let raw = it.raw();
        goto(raw, (*raw).index);
        let n = ((*raw).nd_m1 + 1) as usize;
        Ok(PyTuple::new(py, &(&(*raw).coordinates)[..n])?.into_any())
    }
}

/// `a.flat`.
pub(super) fn flat<'py>(_: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    new(a)
}

/// `a.flat = values`.
pub(super) fn set_flat<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    value: Option<Arg<'_, 'py>>,
) -> PyResult<()> {
    let value = value.ok_or_else(|| {
        pyo3::exceptions::PyAttributeError::new_err("Cannot delete array flat iterator")
    })?;
    a.check_writeable("array")?;
    let it = new(a)?;
    let all = PyEllipsis::get(a.py());
    setitem(IterRef(it.as_borrowed()), all.as_any().as_borrowed(), value)
}

/// Readies the type.
pub(super) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    let name = format!("{}.flatiter", module_name(py)?);
    // SAFETY: module init; the type is filled once.
    unsafe {
        let ty = FLATITER.begin(&name, size_of::<FlatIter>(), 0);
        ty.tp_dealloc = Some(dealloc);
        ty.tp_iter = Some(ffi::PyObject_SelfIter);
        ty.tp_iternext = Some(next);
        ty.tp_richcompare = Some(richcompare);
        ty.tp_hash = Some(ffi::PyObject_HashNotImplemented);
        ty.tp_as_mapping = leak_table(|t: &mut ffi::PyMappingMethods| {
            t.mp_length = Some(length);
            t.mp_subscript = Some(subscript);
            t.mp_ass_subscript = Some(ass_subscript);
        });
        ty.tp_methods = leak_methods(methods! {
            IterRef;
            c"__array__", array_method, 0, c"__array__($self, dtype=None, /, *, copy=None)\n--\n\nThe items as a new one-dimensional array.";
            c"copy", copy, 0, c"copy($self, /)\n--\n\nA one-dimensional copy of the items.";
        });
        ty.tp_getset = leak_getset(getset! {
            IterRef;
            c"base": c"The array that the iterator walks.", base;
            c"index": c"Current flat index into the array.", index;
            c"coords": c"The current place as one index an axis.", coords;
        });
        FLATITER.ready(py)?;
        m.add(
            "flatiter",
            Bound::from_borrowed_ptr(py, FLATITER.as_object()),
        )
    }
}
