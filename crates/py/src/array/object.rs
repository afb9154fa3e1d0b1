//! The ndarray object itself: allocation, freeing, constructors and flags.
//!
//! Arrays of the exact type are one allocation: the 96 public bytes, then shape and strides, then the
//! items if all of it fits [`INLINE_LIMIT`]. Subclasses get shape, strides and items apart.

use super::inline::{make_small, view_small};
use super::memory;
use super::ArrayRef;
use crate::err::OrRaise;
use crate::layout::{descr_flags, flags, ArrayObject, Descr, LegacyDescr};
use crate::slots::StaticType;
use numoxide_core::{DType, Error, Layout, TypeNum, MAX_DIMS};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;
use smallvec::SmallVec;
use std::ffi::c_int;
use std::mem::size_of;

/// `numpy.ndarray`.
pub(crate) static NDARRAY: StaticType = StaticType::new();

/// Bytes of the public part of an array object.
pub(super) const HEAD: usize = size_of::<ArrayObject>();

/// Largest object that holds its items itself: the largest block of Python's small-object allocator.
pub(super) const INLINE_LIMIT: usize = 512;

/// Where a new array's items come from.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Items {
    /// Fresh memory, undefined (but zero where the dtype needs it).
    Empty,
    /// Fresh zeroed memory.
    Zeros,
    /// Memory kept alive by the array's base.
    At(*mut u8),
}

/// A short list of lengths.
pub(crate) type Shape = SmallVec<[usize; 6]>;
/// A short list of byte strides.
pub(crate) type Strides = SmallVec<[isize; 6]>;

/// What a new array is to be.
pub(crate) struct Spec<'s> {
    /// Type of the object, ndarray or a subtype.
    pub(crate) subtype: *mut ffi::PyTypeObject,
    /// Dtype (borrowed; the array takes its own reference).
    pub(crate) descr: *mut Descr,
    /// Length of each axis.
    pub(crate) shape: &'s [usize],
    /// Byte strides; contiguous ones when absent.
    pub(crate) strides: Option<&'s [isize]>,
    /// Fortran order, when strides are absent.
    pub(crate) fortran: bool,
    /// The items.
    pub(crate) items: Items,
    /// Flags of foreign memory (`WRITEABLE` counts); contiguity and alignment are found.
    pub(crate) flags: c_int,
}

impl<'s> Spec<'s> {
    /// A fresh C-ordered array of the exact type.
    pub(crate) fn new(descr: *mut Descr, shape: &'s [usize]) -> Spec<'s> {
        Spec {
            subtype: NDARRAY.get(),
            descr,
            shape,
            strides: None,
            fortran: false,
            items: Items::Empty,
            flags: 0,
        }
    }
}

/// An uninitialised array of the exact type.
pub(crate) fn empty<'py>(
    py: Python<'py>,
    shape: &[usize],
    descr: *mut Descr,
    fortran: bool,
) -> PyResult<Bound<'py, PyAny>> {
    make(
        py,
        Spec {
            fortran,
            ..Spec::new(descr, shape)
        },
    )
}

/// A zeroed array of the exact type.
pub(crate) fn zeros<'py>(
    py: Python<'py>,
    shape: &[usize],
    descr: *mut Descr,
    fortran: bool,
) -> PyResult<Bound<'py, PyAny>> {
    make(
        py,
        Spec {
            fortran,
            items: Items::Zeros,
            ..Spec::new(descr, shape)
        },
    )
}

/// An array over memory that `base` keeps alive; `__array_finalize__` of a subtype gets `base` when
/// that is an array.
pub(crate) fn from_view<'py>(
    py: Python<'py>,
    subtype: *mut ffi::PyTypeObject,
    descr: *mut Descr,
    shape: &[usize],
    strides: &[isize],
    data: *mut u8,
    flags: c_int,
    base: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let spec = Spec {
        subtype,
        strides: Some(strides),
        items: Items::At(data),
        flags,
        ..Spec::new(descr, shape)
    };
    let array = make(py, spec)?;
    if let Some(base) = base {
        set_base(&array, base.clone())?;
        if subtype != NDARRAY.get() {
            finalize(&array, base)?;
        }
    } else if subtype != NDARRAY.get() {
        finalize(&array, &py.None().into_bound(py))?;
    }
    Ok(array)
}

/// A view of `array` with another geometry; type and writeability are the array's.
pub(crate) fn view_with<'py>(
    array: ArrayRef<'_, 'py>,
    shape: &[usize],
    strides: &[isize],
    data: *mut u8,
) -> PyResult<Bound<'py, PyAny>> {
    view_as(array, array.descr(), shape, strides, data)
}

/// As [`view_with`] with another dtype.
pub(crate) fn view_as<'py>(
    array: ArrayRef<'_, 'py>,
    descr: *mut Descr,
    shape: &[usize],
    strides: &[isize],
    data: *mut u8,
) -> PyResult<Bound<'py, PyAny>> {
    if array.is_exact() {
        if let Some(view) = view_small(array, descr, shape, strides, data)? {
            return Ok(view);
        }
    }
    let base = array.as_bound();
    let kind = array.type_ptr();
    from_view(
        array.py(),
        kind,
        descr,
        shape,
        strides,
        data,
        array.flags(),
        Some(&base),
    )
}

/// A fresh array like `proto` in type (when `subok`), with the given shape and dtype.
pub(crate) fn empty_like<'py>(
    proto: ArrayRef<'_, 'py>,
    descr: *mut Descr,
    shape: &[usize],
    strides: Option<&[isize]>,
    subok: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let subtype = if subok {
        proto.type_ptr()
    } else {
        NDARRAY.get()
    };
    let py = proto.py();
    let array = make(
        py,
        Spec {
            subtype,
            strides,
            ..Spec::new(descr, shape)
        },
    )?;
    if subtype != NDARRAY.get() {
        finalize(&array, &proto.as_bound())?;
    }
    Ok(array)
}

/// Makes the object; no base, no `__array_finalize__`.
pub(crate) fn make<'py>(py: Python<'py>, spec: Spec<'_>) -> PyResult<Bound<'py, PyAny>> {
    if spec.strides.is_none() && spec.subtype == NDARRAY.get() {
        if let Items::Empty | Items::Zeros = spec.items {
            let zero = spec.items == Items::Zeros;
            if let Some(made) = make_small(py, spec.descr, spec.shape, spec.fortran, zero)? {
                return Ok(made);
            }
        }
    }
    make_any(py, spec)
}

fn make_any<'py>(py: Python<'py>, spec: Spec<'_>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: descr objects are valid; only legacy ones have a sub-array.
    if let Some((base, extra)) = unsafe { subarray_of(py, spec.descr)? } {
        return make_subarray(py, spec, base, &extra);
    }
    if spec.shape.len() > MAX_DIMS {
        return Err(too_many_dims(spec.shape.len()));
    }
    let sized;
    let mut descr = spec.descr;
    // SAFETY: a valid descr.
    let mut itemsize = unsafe { (*descr).elsize } as usize;
    if itemsize == 0 && !matches!(spec.items, Items::At(_)) {
        if let Some(d) = minimal_string(py, descr)? {
            sized = d;
            descr = sized.as_ptr().cast();
            // SAFETY: a valid descr.
            itemsize = unsafe { (*descr).elsize } as usize;
        }
    }
    let nbytes = Layout::check_size(spec.shape, itemsize).or_raise(py)?;
    let nbytes = match spec.strides {
        Some(strides) if matches!(spec.items, Items::Empty | Items::Zeros) => {
            extent(spec.shape, strides, itemsize)
        }
        _ => nbytes,
    };
    // SAFETY: sizes were checked above; the object is filled completely before it is handed out.
    unsafe {
        let array = allocate(py, &spec, descr, nbytes)?;
        fill_geometry(array, &spec, itemsize);
        update_flags(
            array,
            flags::C_CONTIGUOUS | flags::F_CONTIGUOUS | flags::ALIGNED,
        );
        let fresh = matches!(spec.items, Items::Zeros | Items::Empty);
        if fresh && (*descr).flags & descr_flags::ITEM_REFCOUNT != 0 {
            // Zero is an object of its own there, and programs expect None itself, not NULL.
            let item = match spec.items {
                Items::Zeros => pyo3::types::PyInt::new(py, 0).into_any(),
                _ => py.None().into_bound(py),
            };
            super::refs::for_each_object(array, |slot| {
                slot.write_unaligned(item.clone().into_ptr().cast());
            });
        }
        Ok(Bound::from_owned_ptr(py, array.cast()))
    }
}

/// The one-character dtype that stands for a bytes or str dtype without length.
fn minimal_string(py: Python<'_>, descr: *mut Descr) -> PyResult<Option<Py<PyAny>>> {
    let dtype = crate::descr::dtype_of(descr);
    let size = match dtype.num {
        TypeNum::Bytes => 1,
        TypeNum::Str => 4,
        _ => return Ok(None),
    };
    crate::descr::descr_for(py, &DType { size, ..dtype }).map(Some)
}

/// Bytes from the first to the last item of positive strides (as `K` order makes them).
fn extent(shape: &[usize], strides: &[isize], itemsize: usize) -> usize {
    if shape.contains(&0) {
        return 0;
    }
    let span: isize = shape
        .iter()
        .zip(strides)
        .map(|(&n, &s)| (n as isize - 1) * s)
        .sum();
    span as usize + itemsize
}

/// Whether items have bytes that belong to no field: nobody would ever write them.
fn has_gaps(descr: *mut Descr) -> bool {
    crate::descr::is_struct(descr) && !crate::descr::dtype_of(descr).is_dense()
}

/// Allocates object, geometry and items and sets all but geometry and contiguity.
///
/// # Safety
/// - `nbytes` is the size of the items; the geometry is filled right after.
unsafe fn allocate(
    py: Python<'_>,
    spec: &Spec<'_>,
    descr: *mut Descr,
    nbytes: usize,
) -> PyResult<*mut ArrayObject> {
    let nd = spec.shape.len();
    // SAFETY: all pointers are fresh or valid by contract; each field is written once.
    unsafe {
        let needs_zero = (*descr).flags & descr_flags::NEEDS_INIT != 0;
        let zero = spec.items == Items::Zeros || needs_zero || has_gaps(descr);
        let exact = spec.subtype == NDARRAY.get();
        let geometry = HEAD + 16 * nd;
        let fresh = !matches!(spec.items, Items::At(_));
        // Zero-sized arrays still own one item's worth, as their data may be looked at.
        let want = if nbytes == 0 {
            ((*descr).elsize as usize).max(1)
        } else {
            nbytes
        };
        let inline = exact && fresh && geometry + want <= INLINE_LIMIT && memory::is_default();
        let array: *mut ArrayObject = if exact {
            let bytes = if inline { geometry + want } else { geometry };
            new_object(bytes, nd)?
        } else {
            new_subtype(py, spec.subtype, nd)?
        };
        (*array).nd = nd as c_int;
        ffi::Py_INCREF(descr.cast());
        (*array).descr = descr;
        match spec.items {
            Items::At(data) => {
                (*array).data = data;
                (*array).flags = spec.flags & (flags::WRITEABLE | flags::WARN_ON_WRITE);
            }
            _ => {
                (*array).flags = flags::OWNDATA | flags::WRITEABLE;
                (*array).mem_handler = memory::handler();
                (*array).data = if inline {
                    let data = array.cast::<u8>().add(geometry);
                    if zero {
                        data.write_bytes(0, want);
                    }
                    data
                } else {
                    memory::alloc(want, zero)
                };
                if (*array).data.is_null() {
                    (*array).flags = 0;
                    ffi::Py_DECREF(array.cast());
                    return Err(out_of_memory(py, spec.shape, nbytes, descr));
                }
            }
        }
        Ok(array)
    }
}

#[cold]
fn out_of_memory(py: Python<'_>, shape: &[usize], bytes: usize, descr: *mut Descr) -> PyErr {
    let dtype = Some(crate::descr::dtype_of(descr));
    crate::err::to_py(
        py,
        Error::Memory {
            bytes,
            shape: shape.to_vec(),
            dtype,
        },
    )
}

/// An object of the exact type with trailing room; shape and strides lie in it.
///
/// # Safety
/// - `bytes` is at least the head plus 16 for each axis.
pub(super) unsafe fn new_object(bytes: usize, nd: usize) -> PyResult<*mut ArrayObject> {
    // SAFETY: the block is at least a head long; zeroing it makes a valid empty array.
    unsafe {
        let array = ffi::PyObject_Malloc(bytes).cast::<ArrayObject>();
        if array.is_null() {
            return Err(pyo3::exceptions::PyMemoryError::new_err(()));
        }
        array.cast::<u8>().write_bytes(0, HEAD);
        ffi::PyObject_Init(array.cast(), NDARRAY.get());
        if nd > 0 {
            (*array).dimensions = array.cast::<u8>().add(HEAD).cast();
            (*array).strides = (*array).dimensions.add(nd);
        }
        Ok(array)
    }
}

/// An object of a subtype, with shape and strides allocated apart.
unsafe fn new_subtype(
    py: Python<'_>,
    subtype: *mut ffi::PyTypeObject,
    nd: usize,
) -> PyResult<*mut ArrayObject> {
    // SAFETY: a valid type object; its allocator zeroes the object.
    unsafe {
        let alloc = (*subtype).tp_alloc.unwrap_or(ffi::PyType_GenericAlloc);
        let array = alloc(subtype, 0).cast::<ArrayObject>();
        if array.is_null() {
            return Err(PyErr::fetch(py));
        }
        if nd > 0 {
            (*array).dimensions = new_geometry(nd);
            (*array).strides = (*array).dimensions.add(nd);
        }
        Ok(array)
    }
}

/// A block for shape and strides of `nd` axes (16 bytes an axis: cannot sensibly fail).
pub(super) fn new_geometry(nd: usize) -> *mut isize {
    // SAFETY: a plain allocation.
    let block = unsafe { ffi::PyMem_Malloc(16 * nd.max(1)) };
    assert!(!block.is_null(), "out of memory for an array's shape");
    block.cast()
}

/// Writes shape and strides.
unsafe fn fill_geometry(array: *mut ArrayObject, spec: &Spec<'_>, itemsize: usize) {
    let nd = spec.shape.len();
    // SAFETY: both lists have room for `nd` entries.
    unsafe {
        let dims = (*array).dimensions;
        let strides = (*array).strides;
        for (i, &n) in spec.shape.iter().enumerate() {
            *dims.add(i) = n as isize;
        }
        let fresh = !matches!(spec.items, Items::At(_));
        if fresh && (itemsize == 0 || spec.shape.contains(&0)) {
            // Fresh arrays without a byte of items go nowhere along any axis.
            strides.write_bytes(0, nd);
            return;
        }
        if let Some(given) = spec.strides {
            strides.copy_from(given.as_ptr(), nd);
            return;
        }
        let mut step = itemsize as isize;
        let mut put = |i: usize| {
            *strides.add(i) = step;
            step *= spec.shape[i].max(1) as isize;
        };
        if spec.fortran {
            (0..nd).for_each(&mut put);
        } else {
            (0..nd).rev().for_each(&mut put);
        }
    }
}

/// Base dtype and shape of a sub-array dtype.
///
/// # Safety
/// - `descr` is a valid dtype object.
pub(crate) unsafe fn subarray_of(
    py: Python<'_>,
    descr: *mut Descr,
) -> PyResult<Option<(*mut Descr, Shape)>> {
    // SAFETY: only void dtypes (all of them legacy) have the sub-array field looked at.
    unsafe {
        if (*descr).type_num != 20 || (*descr.cast::<LegacyDescr>()).subarray.is_null() {
            return Ok(None);
        }
        let sub = (*descr.cast::<LegacyDescr>()).subarray;
        let shape = Borrowed::from_ptr(py, (*sub).shape);
        let lengths: Vec<usize> = shape.extract()?;
        Ok(Some(((*sub).base, Shape::from_vec(lengths))))
    }
}

/// An array of a sub-array dtype is one of the base dtype with more axes.
fn make_subarray<'py>(
    py: Python<'py>,
    spec: Spec<'_>,
    base: *mut Descr,
    extra: &[usize],
) -> PyResult<Bound<'py, PyAny>> {
    let shape: Shape = spec.shape.iter().chain(extra).copied().collect();
    // SAFETY: a valid dtype object.
    let itemsize = unsafe { (*base).elsize } as usize;
    let strides: Option<Strides> = match spec.strides {
        Some(given) => {
            let inner = Layout::contiguous(extra, itemsize, false).or_raise(py)?;
            Some(given.iter().copied().chain(inner.strides).collect())
        }
        None => None,
    };
    make(
        py,
        Spec {
            descr: base,
            shape: &shape,
            strides: strides.as_deref(),
            ..spec
        },
    )
}

/// NumPy's error for more axes than it has room for.
#[cold]
pub(crate) fn too_many_dims(found: usize) -> PyErr {
    PyValueError::new_err(format!(
        "maximum supported dimension for an ndarray is currently {MAX_DIMS}, found {found}"
    ))
}

/// Recomputes the contiguity and alignment bits in `which`.
///
/// # Safety
/// - `array` is a valid array whose geometry is set.
pub(crate) unsafe fn update_flags(array: *mut ArrayObject, which: c_int) {
    // SAFETY: by contract.
    unsafe {
        let nd = (*array).nd as usize;
        let dims = raw_slice((*array).dimensions, nd);
        let strides = raw_slice((*array).strides, nd);
        let itemsize = (*(*array).descr).elsize;
        let align = (*(*array).descr).alignment.max(1) as usize;
        let mut found = 0;
        if contiguous(dims.iter().zip(strides).rev(), itemsize) {
            found |= flags::C_CONTIGUOUS;
        }
        if nd <= 1 {
            found |= (found & flags::C_CONTIGUOUS) << 1;
        } else if contiguous(dims.iter().zip(strides), itemsize) {
            found |= flags::F_CONTIGUOUS;
        }
        if aligned((*array).data, dims, strides, align) {
            found |= flags::ALIGNED;
        }
        (*array).flags = ((*array).flags & !which) | (found & which);
    }
}

fn contiguous<'a>(
    axes: impl Iterator<Item = (&'a isize, &'a isize)> + Clone,
    itemsize: isize,
) -> bool {
    let mut want = itemsize;
    let mut good = true;
    for (&n, &s) in axes {
        if n == 0 {
            return true;
        }
        if n != 1 {
            good &= s == want;
            want = want.wrapping_mul(n);
        }
    }
    good
}

/// Whether every item address is a multiple of `align`.
pub(crate) fn aligned(data: *mut u8, dims: &[isize], strides: &[isize], align: usize) -> bool {
    let mut bits = data as usize;
    for (&n, &s) in dims.iter().zip(strides) {
        match n {
            0 => return true,
            1 => {}
            _ => bits |= s as usize,
        }
    }
    bits.is_multiple_of(align)
}

/// A slice over a list that may be NULL when empty.
///
/// # Safety
/// - `ptr` holds `len` values that live for `'a`.
pub(crate) unsafe fn raw_slice<'a>(ptr: *const isize, len: usize) -> &'a [isize] {
    if len == 0 {
        return &[];
    }
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts(ptr, len) }
}

/// Makes `base` the owner of the array's memory; chains of views collapse to the one that owns the
/// items, as long as the types agree.
pub(crate) fn set_base(array: &Bound<'_, PyAny>, base: Bound<'_, PyAny>) -> PyResult<()> {
    let mut owner = base;
    // SAFETY: `array` is an ndarray; every base looked into is one too.
    unsafe {
        let raw = array.as_ptr().cast::<ArrayObject>();
        let kind = ffi::Py_TYPE(array.as_ptr());
        while NDARRAY.has(owner.as_ptr()) {
            let up = owner.as_ptr().cast::<ArrayObject>();
            if (*raw).flags & flags::WARN_ON_WRITE == 0 && (*up).flags & flags::WARN_ON_WRITE != 0 {
                (*raw).flags |= flags::WARN_ON_WRITE;
            }
            if (*up).flags & flags::OWNDATA != 0 || (*up).base.is_null() {
                break;
            }
            let next = (*up).base;
            if next == array.as_ptr() {
                return Err(PyValueError::new_err(
                    "Cannot create a circular NumPy array 'base' dependency",
                ));
            }
            // Only collapse while the type stays the one of the view.
            if ffi::Py_TYPE(next) != kind {
                break;
            }
            owner = Bound::from_borrowed_ptr(array.py(), next);
        }
        let old = std::mem::replace(&mut (*raw).base, owner.into_ptr());
        ffi::Py_XDECREF(old);
    }
    Ok(())
}

/// Calls `__array_finalize__(obj)` of a subtype's array, unless it is ndarray's own or None.
pub(crate) fn finalize(array: &Bound<'_, PyAny>, obj: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = array.py();
    let method = array
        .get_type()
        .getattr(pyo3::intern!(py, "__array_finalize__"))?;
    // SAFETY: a valid type object.
    let own = unsafe { Borrowed::from_ptr(py, NDARRAY.as_object()) }
        .getattr(pyo3::intern!(py, "__array_finalize__"))?;
    if method.is(&own) {
        return Ok(());
    }
    // Looked up on the type, so that a property is found as such.
    method.call1((array, obj))?;
    Ok(())
}

/// `tp_dealloc`.
pub(super) unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: the interpreter hands over the last reference to an array.
    unsafe {
        let array = slf.cast::<ArrayObject>();
        if !(*array).weakreflist.is_null() {
            ffi::PyObject_ClearWeakRefs(slf);
        }
        super::buffer::release_info(array);
        if !(*array).base.is_null() {
            if (*array).flags & flags::WRITEBACKIFCOPY != 0 {
                super::writeback::on_dealloc(array);
            }
            ffi::Py_XDECREF((*array).base);
        }
        if (*array).flags & flags::OWNDATA != 0 && !(*array).data.is_null() {
            free_items(array);
        }
        if !geometry_is_inline(array) {
            ffi::PyMem_Free((*array).dimensions.cast());
        }
        ffi::Py_XDECREF((*array).descr.cast());
        ffi::Py_XDECREF((*array).mem_handler);
        let free = (*ffi::Py_TYPE(slf)).tp_free;
        free.unwrap_or(ffi::PyObject_Free)(slf.cast());
    }
}

/// Drops the references the items hold and frees owned memory.
///
/// # Safety
/// - The array owns its data.
pub(super) unsafe fn free_items(array: *mut ArrayObject) {
    // SAFETY: by contract; geometry and descr are still valid.
    unsafe {
        let descr = (*array).descr;
        if !descr.is_null() && (*descr).flags & descr_flags::ITEM_REFCOUNT != 0 {
            super::refs::clear_items(array);
        }
        if !data_is_inline(array) {
            memory::free((*array).data, data_bytes(array), (*array).mem_handler);
        }
    }
}

/// Bytes of the items of an owning array.
///
/// # Safety
/// - `array` is a valid array.
pub(super) unsafe fn data_bytes(array: *const ArrayObject) -> usize {
    // SAFETY: by contract.
    unsafe {
        let dims = raw_slice((*array).dimensions, (*array).nd as usize);
        let n: isize = dims.iter().product();
        let itemsize = (*(*array).descr).elsize;
        (n * itemsize).max(itemsize).max(1) as usize
    }
}

/// Whether the items lie in the object itself.
///
/// # Safety
/// - `array` is a valid array.
pub(super) unsafe fn data_is_inline(array: *const ArrayObject) -> bool {
    // SAFETY: by contract.
    let (data, exact) = unsafe {
        let kind = (*array).ob_base.ob_type;
        ((*array).data as usize, kind == NDARRAY.get())
    };
    let start = array as usize + HEAD;
    exact && data.wrapping_sub(start) < INLINE_LIMIT - HEAD
}

/// Whether shape and strides lie in the object itself.
///
/// # Safety
/// - `array` is a valid array.
pub(super) unsafe fn geometry_is_inline(array: *const ArrayObject) -> bool {
    // SAFETY: by contract.
    let dims = unsafe { (*array).dimensions } as usize;
    dims == array as usize + HEAD
}
