//! `numpy.broadcast`: several arrays stepped through in their common shape.

use super::coerce::as_any;
use super::flatiter;
use super::items::scalar_at;
use super::ArrayRef;
use crate::args::{CallArgs, Sig};
use crate::layout::{flags, FlatIter, MultiIter, ITER_DIMS};
use crate::slots::{
    leak_getset, leak_methods, module_name, trampoline, Module, Receiver, StaticType,
};
use crate::{getset, methods};
use numoxide_core::iter::{broadcast_shapes, broadcast_strides};
use numoxide_dtype::shape_text;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::Borrowed;
use std::ffi::c_int;

/// The type.
pub(crate) static BROADCAST: StaticType = StaticType::new();

/// Most arrays one object steps through.
const MAX_ARRAYS: usize = 64;

/// A borrowed broadcast object.
#[derive(Clone, Copy)]
struct MultiRef<'a, 'py>(Borrowed<'a, 'py, PyAny>);

impl<'a, 'py> Receiver<'a, 'py> for MultiRef<'a, 'py> {
    unsafe fn receive(py: Python<'py>, slf: *mut ffi::PyObject) -> Self {
        // SAFETY: the slot belongs to broadcast.
        MultiRef(unsafe { Borrowed::from_ptr(py, slf) })
    }
}

impl<'a, 'py> MultiRef<'a, 'py> {
    fn raw(self) -> *mut MultiIter {
        self.0.as_ptr().cast()
    }

    fn iters(self) -> &'a [*mut FlatIter] {
        // SAFETY: a valid object holds `numiter` iterators.
        unsafe {
            let first = (&raw const (*self.raw()).iters).cast();
            std::slice::from_raw_parts(first, (*self.raw()).numiter as usize)
        }
    }
}

/// The error of shapes that do not fit together, naming the first two.
#[cold]
pub(crate) fn mismatch(shapes: &[&[usize]]) -> PyErr {
    for i in 0..shapes.len() {
        for j in i + 1..shapes.len() {
            if broadcast_shapes(&[shapes[i], shapes[j]]).is_err() {
                return PyValueError::new_err(format!(
                    "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is \
                     between arg {i} with shape {} and arg {j} with shape {}.",
                    shape_text(shapes[i]),
                    shape_text(shapes[j])
                ));
            }
        }
    }
    PyValueError::new_err("shape mismatch: objects cannot be broadcast to a single shape")
}

/// A broadcast object over arrays.
pub(crate) fn new<'py>(
    py: Python<'py>,
    arrays: &[Bound<'py, PyAny>],
) -> PyResult<Bound<'py, PyAny>> {
    if arrays.len() > MAX_ARRAYS {
        return Err(PyValueError::new_err(
            "Need at least 0 and at most 64 array objects.",
        ));
    }
    let shapes: Vec<&[usize]> = arrays.iter().map(|a| ArrayRef::of(a).shape()).collect();
    let shape = broadcast_shapes(&shapes).map_err(|_| mismatch(&shapes))?;
    if shape.len() > ITER_DIMS {
        return Err(PyRuntimeError::new_err(format!(
            "this function only supports up to 32 dimensions but the array has {}.",
            shape.len()
        )));
    }
    let mut size = 1isize;
    for &n in &shape {
        size = size
            .checked_mul(n as isize)
            .ok_or_else(|| PyValueError::new_err("broadcast dimensions too large."))?;
    }
    // SAFETY: generic allocation zeroes the object; it owns each iterator put into it.
    unsafe {
        let multi = ffi::PyType_GenericAlloc(BROADCAST.get(), 0).cast::<MultiIter>();
        let out = Bound::from_owned_ptr_or_err(py, multi.cast())?;
        (*multi).size = size;
        (*multi).nd = shape.len() as c_int;
        for (i, &n) in shape.iter().enumerate() {
            (*multi).dimensions[i] = n as isize;
        }
        for (i, array) in arrays.iter().enumerate() {
            let a = ArrayRef::of(array);
            let strides = broadcast_strides(a.shape(), a.strides(), &shape)
                .ok_or_else(|| mismatch(&shapes))?;
            let it = flatiter::broadcast_over(a, &shape, &strides)?;
            (*multi).iters[i] = it.into_ptr().cast();
            (*multi).numiter = i as c_int + 1;
        }
        Ok(out)
    }
}

/// Finds shape and strides afresh from the iterators' arrays, which C code may have put there itself.
///
/// # Safety
/// - `multi` holds `numiter` valid iterators.
pub(crate) unsafe fn refresh(py: Python<'_>, multi: *mut MultiIter) -> PyResult<()> {
    // SAFETY: by contract.
    unsafe {
        let count = (*multi).numiter as usize;
        let arrays: Vec<Bound<'_, PyAny>> = (0..count)
            .map(|i| Bound::from_borrowed_ptr(py, (*(*multi).iters[i]).ao.cast()))
            .collect();
        let shapes: Vec<&[usize]> = arrays.iter().map(|a| ArrayRef::of(a).shape()).collect();
        let shape = broadcast_shapes(&shapes).map_err(|_| mismatch(&shapes))?;
        if shape.len() > ITER_DIMS {
            return Err(crate::array::too_many_dims(shape.len()));
        }
        let size = shape
            .iter()
            .try_fold(1isize, |n, &m| n.checked_mul(m as isize));
        let size = size.ok_or_else(|| PyValueError::new_err("broadcast dimensions too large."))?;
        (*multi).nd = shape.len() as c_int;
        (*multi).size = size;
        (*multi).index = 0;
        for (axis, &n) in shape.iter().enumerate() {
            (*multi).dimensions[axis] = n as isize;
        }
        for (i, array) in arrays.iter().enumerate() {
            let a = ArrayRef::of(array);
            let strides = broadcast_strides(a.shape(), a.strides(), &shape)
                .ok_or_else(|| mismatch(&shapes))?;
            flatiter::set_geometry((*multi).iters[i], &shape, &strides);
        }
    }
    Ok(())
}

/// Leaves the axis of the narrowest strides out of the walk; which one, or -1 without axes.
///
/// # Safety
/// - `multi` is a valid broadcast object.
pub(crate) unsafe fn remove_smallest(multi: *mut MultiIter) -> c_int {
    // SAFETY: by contract.
    unsafe {
        let iters = &(&(*multi).iters)[..(*multi).numiter as usize];
        let widths = |axis: &c_int| -> isize {
            iters
                .iter()
                .map(|it| (**it).strides[*axis as usize].abs())
                .sum()
        };
        let Some(mut axis) = (0..(*multi).nd).min_by_key(widths) else {
            return -1;
        };
        for &it in iters {
            flatiter::drop_axis(it, &mut axis);
        }
        if let Some(&first) = iters.first() {
            (*multi).size = (*first).size;
        }
        axis
    }
}

unsafe extern "C" fn new_entry(
    _: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter passes a tuple, and a dictionary or NULL.
    unsafe {
        trampoline(|py| {
            if !kwargs.is_null() && ffi::PyDict_Size(kwargs) > 0 {
                return Err(PyValueError::new_err("keyword arguments not accepted."));
            }
            let mut arrays = Vec::new();
            for ob in Borrowed::from_ptr(py, args)
                .cast::<PyTuple>()?
                .iter_borrowed()
            {
                if BROADCAST.has(ob.as_ptr()) {
                    for &it in MultiRef(ob).iters() {
                        arrays.push(Bound::from_borrowed_ptr(py, (*it).ao.cast()));
                    }
                } else {
                    arrays.push(as_any(ob)?);
                }
            }
            new(py, &arrays)
        })
    }
}

unsafe extern "C" fn dealloc(slf: *mut ffi::PyObject) {
    // SAFETY: the last reference to a broadcast object.
    unsafe {
        let multi = slf.cast::<MultiIter>();
        for i in 0..(*multi).numiter as usize {
            ffi::Py_XDECREF((*multi).iters[i].cast());
        }
        ffi::PyObject_Free(slf.cast());
    }
}

unsafe extern "C" fn next(slf: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot of broadcast.
    unsafe {
        trampoline(|py| {
            let multi = slf.cast::<MultiIter>();
            if (*multi).index >= (*multi).size {
                return Ok(std::ptr::null_mut());
            }
            let mut items = Vec::new();
            for &it in MultiRef::receive(py, slf).iters() {
                let array = Bound::from_borrowed_ptr(py, (*it).ao.cast());
                items.push(scalar_at(ArrayRef::of(&array), (*it).dataptr)?);
                flatiter::step(it);
            }
            (*multi).index += 1;
            Ok(PyTuple::new(py, items)?.into_ptr().cast())
        })
    }
}

fn reset<'py>(
    py: Python<'py>,
    m: MultiRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid object and its iterators.
    unsafe {
        (*m.raw()).index = 0;
        for &it in m.iters() {
            flatiter::goto(it, 0);
        }
    }
    Ok(py.None().into_bound(py))
}

/// A getter of one integer field.
macro_rules! field {
    ($name:ident, $field:ident) => {
        fn $name<'py>(py: Python<'py>, m: MultiRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
            // SAFETY: a valid object.
            Ok(unsafe { (*m.raw()).$field }.into_pyobject(py)?.into_any())
        }
    };
}
field!(index, index);
field!(size, size);
field!(ndim, nd);
field!(numiter, numiter);

fn shape<'py>(py: Python<'py>, m: MultiRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid object.
    unsafe {
        let dims = &(&(*m.raw()).dimensions)[..(*m.raw()).nd as usize];
        Ok(PyTuple::new(py, dims)?.into_any())
    }
}

fn iters<'py>(py: Python<'py>, m: MultiRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the object owns its iterators.
    let list = m
        .iters()
        .iter()
        .map(|&it| unsafe { Bound::from_borrowed_ptr(py, it.cast()) });
    Ok(PyTuple::new(py, list.collect::<Vec<_>>())?.into_any())
}

/// Readies the type.
pub(super) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    crate::slots::add_functions(
        m,
        methods! {
            Module;
            c"_broadcast_view", broadcast_view, 0, c"View an array with a larger shape.";
        },
    )?;
    let name = format!("{}.broadcast", module_name(py)?);
    // SAFETY: module init; the type is filled once.
    unsafe {
        let ty = BROADCAST.begin(&name, size_of::<MultiIter>(), 0);
        ty.tp_doc =
            c"broadcast(*arrays)\n--\n\nArrays stretched to one shape, iterated together.".as_ptr();
        ty.tp_new = Some(new_entry);
        ty.tp_dealloc = Some(dealloc);
        ty.tp_iter = Some(ffi::PyObject_SelfIter);
        ty.tp_iternext = Some(next);
        ty.tp_methods = leak_methods(methods! {
            MultiRef;
            c"reset", reset, 0, c"reset($self, /)\n--\n\nStart again at the first item.";
        });
        ty.tp_getset = leak_getset(getset! {
            MultiRef;
            c"index": c"How many items were taken so far.", index;
            c"size": c"The number of items.", size;
            c"nd": c"The number of axes; the same as `ndim`.", ndim;
            c"ndim": c"The number of axes.", ndim;
            c"numiter": c"The number of arrays.", numiter;
            c"shape": c"The shape that all arrays are stretched to.", shape;
            c"iters": c"A flat iterator for each array.", iters;
        });
        BROADCAST.ready(py)?;
        m.add(
            "broadcast",
            Bound::from_borrowed_ptr(py, BROADCAST.as_object()),
        )
    }
}

/// `_broadcast_view(array, shape)`: a read-only view that repeats items by strides of zero.
fn broadcast_view<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static VIEW: Sig = Sig::new("_broadcast_view", &["array", "shape"], 2).pos_only(2);
    let [array, shape] = args.parse(&VIEW)?;
    let (Some(array), Some(shape)) = (array.and_then(ArrayRef::from_any), shape) else {
        return Err(PyTypeError::new_err("an array and a shape are required"));
    };
    let shape = crate::convert::shape(shape)?;
    if shape.len() < array.ndim() {
        return Err(PyValueError::new_err(
            "input operand has more dimensions than allowed by the axis remapping",
        ));
    }
    let Some(strides) = broadcast_strides(array.shape(), array.strides(), &shape) else {
        return Err(PyValueError::new_err(format!(
            "operands could not be broadcast together with remapped shapes \
             [original->remapped]: {}  and requested shape {}",
            shape_text(array.shape()).replace(", ", ","),
            shape_text(&shape).replace(", ", ",")
        )));
    };
    let size = shape
        .iter()
        .try_fold(1isize, |n, &m| n.checked_mul(m as isize));
    if size.is_none() && !shape.contains(&0) {
        return Err(PyValueError::new_err("iterator is too large"));
    }
    super::object::from_view(
        py,
        array.type_ptr(),
        array.descr(),
        &shape,
        &strides,
        array.data(),
        array.flags() & !flags::WRITEABLE,
        Some(&array.as_bound()),
    )
}
