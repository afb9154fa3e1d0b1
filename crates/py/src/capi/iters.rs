//! Slots about flat, broadcast and neighborhood iterators.

use super::api::{any, api, array, list, Code, Obj};
use crate::array::{self as arrays, broadcast, coerce, flatiter, ArrayRef};
use crate::layout::{FlatIter, MultiIter, ITER_DIMS};
use crate::slots::{trampoline, StaticType};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{c_char, c_int};

extern "C" {
    /// Variadic, hence C: collects its arguments for [`numoxide_multi_iter`].
    fn numoxide_multi_iter_new(n: c_int, ...) -> *mut ffi::PyObject;
    /// As above with a list of further arrays first.
    fn numoxide_multi_iter_from(arrays: *mut Obj, n: c_int, more: c_int, ...)
        -> *mut ffi::PyObject;
}

/// The addresses of the variadic functions, with their slots.
pub(super) fn variadic() -> [(usize, *const ()); 2] {
    [
        (99, numoxide_multi_iter_new as *const ()),
        (209, numoxide_multi_iter_from as *const ()),
    ]
}

/// A broadcast object over `n` objects; called by the variadic functions.
///
/// # Safety
/// - `objects` holds `n` live objects, the interpreter lock is held.
#[no_mangle]
unsafe extern "C" fn numoxide_multi_iter(objects: *const Obj, n: c_int) -> *mut ffi::PyObject {
    // SAFETY: by contract.
    unsafe {
        trampoline(|py| {
            if !(0..=64).contains(&n) {
                return Err(PyValueError::new_err(
                    "Need at least 0 and at most 64 array objects.",
                ));
            }
            let mut all = Vec::new();
            for &ob in list(objects, n) {
                if ob.is_null() {
                    return Err(PyErr::fetch(py));
                }
                all.push(coerce::as_any(any(py, ob).as_borrowed())?);
            }
            broadcast::new(py, &all)
        })
    }
}

/// `PyArrayNeighborhoodIterObject`.
#[repr(C)]
pub(super) struct Neighborhood {
    flat: FlatIter,
    nd: isize,
    dimensions: [isize; ITER_DIMS],
    inner: *mut FlatIter,
    constant: *mut u8,
    mode: c_int,
}

const _: () = assert!(size_of::<Neighborhood>() == 2920);

static NEIGHBORHOOD: StaticType = StaticType::new();

/// Readies the type of neighborhood iterators.
pub(super) fn init(py: Python<'_>) -> PyResult<()> {
    let name = format!("{}.neigh_internal_iter", crate::slots::module_name(py)?);
    // SAFETY: module init; the type is filled once.
    unsafe {
        let ty = NEIGHBORHOOD.begin(&name, size_of::<Neighborhood>(), 0);
        ty.tp_dealloc = Some(free_neighborhood);
        NEIGHBORHOOD.ready(py)
    }
}

unsafe extern "C" fn free_neighborhood(slf: *mut ffi::PyObject) {
    // SAFETY: the last reference to an iterator; fields are NULL or owned.
    unsafe {
        let it = slf.cast::<Neighborhood>();
        if !(*it).constant.is_null() {
            crate::scalar::release((*it).constant, (*(*it).flat.ao).descr);
            libc::free((*it).constant.cast());
        }
        ffi::Py_XDECREF((*it).inner.cast());
        ffi::Py_XDECREF((*it).flat.ao.cast());
        ffi::PyObject_Free(slf.cast());
    }
}

const ZERO: c_int = 0;
const ONE: c_int = 1;
const CONSTANT: c_int = 2;
const CIRCULAR: c_int = 3;
const MIRROR: c_int = 4;

/// The address of the item at coordinates relative to the centre.
type Translate = unsafe extern "C" fn(*mut FlatIter, *const isize) -> *mut c_char;

/// Shared by the modes: `place(axis coordinate, length)` brings a coordinate inside, or gives up.
unsafe fn translate(
    it: *mut FlatIter,
    coordinates: *const isize,
    place: impl Fn(isize, isize) -> Option<isize>,
) -> *mut c_char {
    // SAFETY: called by the inline functions of the headers with a valid iterator.
    unsafe {
        let near = it.cast::<Neighborhood>();
        let inner = (*near).inner;
        let mut found = [0; ITER_DIMS];
        for (axis, slot) in found.iter_mut().enumerate().take((*near).nd as usize) {
            let low = (*inner).limits[axis][0];
            let at = (*inner).coordinates[axis] + *coordinates.add(axis) - low;
            let Some(at) = place(at, (*inner).limits_sizes[axis]) else {
                return (*near).constant.cast();
            };
            *slot = at + low;
        }
        // A neighbourhood of neighbourhoods: the inner one says what lies there.
        let further: Option<Translate> = std::mem::transmute((*inner).translate);
        if let Some(further) = further {
            return further(inner, found.as_ptr());
        }
        let mut ptr = (*inner).dataptr;
        for (axis, at) in found.into_iter().enumerate().take((*near).nd as usize) {
            let step = at - (*inner).coordinates[axis];
            ptr = ptr.offset(step * (*inner).strides[axis]);
        }
        ptr.cast()
    }
}

unsafe extern "C" fn padded(it: *mut FlatIter, coordinates: *const isize) -> *mut c_char {
    // SAFETY: as `translate`.
    unsafe { translate(it, coordinates, |at, n| (0..n).contains(&at).then_some(at)) }
}

unsafe extern "C" fn circular(it: *mut FlatIter, coordinates: *const isize) -> *mut c_char {
    // SAFETY: as `translate`.
    unsafe { translate(it, coordinates, |at, n| Some(at.rem_euclid(n.max(1)))) }
}

unsafe extern "C" fn mirrored(it: *mut FlatIter, coordinates: *const isize) -> *mut c_char {
    let mirror = |at: isize, n: isize| {
        let n = n.max(1);
        // A period of two lengths: there and back again, ends repeated.
        let at = at.rem_euclid(2 * n);
        Some(if at >= n { 2 * n - 1 - at } else { at })
    };
    // SAFETY: as `translate`.
    unsafe { translate(it, coordinates, mirror) }
}

/// `PyArray_NeighborhoodIterNew`.
unsafe fn neighborhood<'py>(
    py: Python<'py>,
    centre: *mut FlatIter,
    bounds: *const isize,
    mode: c_int,
    fill: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a live iterator and its bounds by the C API's contract; generic allocation zeroes.
    unsafe {
        let translate: Translate = match mode {
            ZERO | ONE | CONSTANT => padded,
            CIRCULAR => circular,
            MIRROR => mirrored,
            _ => return Err(PyValueError::new_err("Unsupported padding mode")),
        };
        let new = ffi::PyType_GenericAlloc(NEIGHBORHOOD.get(), 0).cast::<Neighborhood>();
        let out = Bound::from_owned_ptr_or_err(py, new.cast())?;
        let nd = (*centre).nd_m1 + 1;
        let flat = &mut (*new).flat;
        ffi::Py_INCREF((*centre).ao.cast());
        flat.ao = (*centre).ao;
        flat.nd_m1 = (*centre).nd_m1;
        ffi::Py_INCREF(centre.cast());
        // The headers' steps then keep the coordinates, which neighbours are found from.
        (*centre).contiguous = 0;
        (*new).inner = centre;
        (*new).nd = nd as isize;
        (*new).mode = mode;
        flat.size = 1;
        flat.translate = translate as *mut _;
        for axis in 0..nd as usize {
            let (low, high) = (*bounds.add(2 * axis), *bounds.add(2 * axis + 1));
            (*new).dimensions[axis] = (*centre).dims_m1[axis] + 1;
            flat.bounds[axis] = [low, high];
            flat.size *= high - low + 1;
            // A further neighbourhood finds in this one what it walks over, and all that is behind.
            let [first, last] = (*centre).limits[axis];
            let (first, last) = (first.min(low), last.max(high));
            flat.limits[axis] = [first, last];
            flat.limits_sizes[axis] = last - first + 1;
            flat.coordinates[axis] = low;
        }
        (*new).constant = constant(py, (*centre).ao.cast(), mode, fill)?;
        // Where the headers' `Reset` puts it.
        flat.dataptr = translate(new.cast(), flat.coordinates.as_ptr()).cast();
        Ok(out)
    }
}

/// The item that stands for what lies outside; NULL where nothing does.
unsafe fn constant<'py>(
    py: Python<'py>,
    ao: Obj,
    mode: c_int,
    fill: Option<Bound<'py, PyAny>>,
) -> PyResult<*mut u8> {
    // SAFETY: a live array; the block holds one item.
    unsafe {
        let holder = any(py, ao);
        let a = array(&holder)?;
        let value = match (mode, fill) {
            (ZERO, _) => 0i32.into_pyobject(py)?.into_any(),
            (ONE, _) => 1i32.into_pyobject(py)?.into_any(),
            (CONSTANT, Some(fill)) => ArrayRef::from_bound(&fill)
                .map_or(Ok(fill.clone()), |f| arrays::items::scalar_at(f, f.data()))?,
            (CONSTANT, None) => {
                return Err(PyTypeError::new_err("constant padding needs a value"));
            }
            _ => return Ok(std::ptr::null_mut()),
        };
        let item: *mut u8 = libc::calloc(a.itemsize().max(1), 1).cast();
        if item.is_null() {
            return Err(pyo3::exceptions::PyMemoryError::new_err(()));
        }
        match crate::scalar::set_item(py, item, a.descr(), &value) {
            Ok(()) => Ok(item),
            Err(e) => {
                libc::free(item.cast());
                Err(e)
            }
        }
    }
}

api! {
    /// Iterators.
    ITERATORS:
    98 PyArray_IterNew(a: Obj) -> Obj = |py| flatiter::new(checked(&any(py, a))?);
    107 PyArray_IterAllButAxis(a: Obj, axis: *mut c_int) -> Obj = |py| {
        let it = flatiter::new(checked(&any(py, a))?)?;
        flatiter::drop_axis(it.as_ptr().cast(), &mut *axis);
        Ok(it)
    };
    102 PyArray_Broadcast(multi: *mut MultiIter) -> c_int = |py| broadcast::refresh(py, multi);
    118 PyArray_RemoveSmallest(multi: *mut MultiIter) -> c_int = |_py| {
        PyResult::Ok(Code(broadcast::remove_smallest(multi)))
    };
    213 PyArray_NeighborhoodIterNew(centre: *mut FlatIter, bounds: *const isize, mode: c_int, fill: Obj) -> Obj = |py| {
        let fill = super::api::opt(py, fill);
        neighborhood(py, centre, bounds, mode, fill)
    };
}

fn checked<'a, 'py>(ob: &'a Bound<'py, PyAny>) -> PyResult<ArrayRef<'a, 'py>> {
    match ArrayRef::from_bound(ob) {
        Some(a) => Ok(a),
        // SAFETY: the interpreter's own error for misuse of its C interface.
        None => Err(unsafe {
            ffi::PyErr_BadInternalCall();
            PyErr::fetch(ob.py())
        }),
    }
}
