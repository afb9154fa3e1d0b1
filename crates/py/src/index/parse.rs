//! From a Python key to the engine's indices.

use crate::args::Arg;
use crate::array::{assign, coerce, ArrayRef};
use crate::convert;
use crate::descr::singleton;
use crate::err::OrRaise;
use crate::layout::flags;
use crate::scalar;
use numoxide_core::index::{Index, Plan};
use numoxide_core::{overlap, DType, Order, RawView, TypeNum, MAX_DIMS};
use pyo3::exceptions::PyIndexError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use smallvec::SmallVec;

/// The dtype of index arrays.
static INTP: DType = DType::new(TypeNum::Long);
/// The dtype of masks.
static BOOL: DType = DType::new(TypeNum::Bool);

/// One index, with the array that it is or became.
pub(super) enum Part<'py> {
    Int(isize),
    Slice(isize, isize, isize),
    Ellipsis,
    NewAxis,
    Bool(bool),
    Array(Bound<'py, PyAny>),
    Mask(Bound<'py, PyAny>),
}

/// A whole key.
pub(super) struct Parsed<'py> {
    pub(super) parts: SmallVec<[Part<'py>; 4]>,
    /// A 0-d integer array was among them: the result is a copy.
    pub(super) scalar_array: bool,
}

#[cold]
pub(super) fn invalid() -> PyErr {
    PyIndexError::new_err(
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or \
         boolean arrays are valid indices",
    )
}

/// Reads a key: a tuple is a list of indices, anything else is one index.
pub(super) fn parse<'py>(key: Arg<'_, 'py>) -> PyResult<Parsed<'py>> {
    let mut out = Parsed {
        parts: SmallVec::new(),
        scalar_array: false,
    };
    let Ok(tuple) = key.cast::<PyTuple>() else {
        let mut part = out.one(key)?;
        if let Part::Slice(..) = part {
            part = slice(key)?;
        }
        out.parts.push(part);
        return Ok(out);
    };
    if tuple.len() > 2 * MAX_DIMS {
        return Err(PyIndexError::new_err("too many indices for array"));
    }
    for item in tuple.iter_borrowed() {
        let part = out.one(item)?;
        out.parts.push(part);
    }
    // Ends of slices are read after all other kinds, as their errors come after those.
    for (part, item) in out.parts.iter_mut().zip(tuple.iter_borrowed()) {
        if let Part::Slice(..) = part {
            *part = slice(item)?;
        }
    }
    Ok(out)
}

impl<'py> Parsed<'py> {
    fn one(&mut self, ob: Arg<'_, 'py>) -> PyResult<Part<'py>> {
        let p = ob.as_ptr();
        if let Some(i) = super::small_int(p) {
            return Ok(Part::Int(i));
        }
        // SAFETY: type checks and comparisons with the interpreter's singletons.
        unsafe {
            if ffi::PySlice_Check(p) != 0 {
                return Ok(Part::Slice(0, 0, 1));
            }
            if p == ffi::Py_Ellipsis() {
                return Ok(Part::Ellipsis);
            }
            if p == ffi::Py_None() {
                return Ok(Part::NewAxis);
            }
            if p == ffi::Py_True() || p == ffi::Py_False() {
                return Ok(Part::Bool(p == ffi::Py_True()));
            }
            if p == scalar::bool_scalar(true) || p == scalar::bool_scalar(false) {
                return Ok(Part::Bool(p == scalar::bool_scalar(true)));
            }
        }
        if ArrayRef::from_any(ob).is_some() {
            return self.array(ob.to_owned(), true);
        }
        // SAFETY: type checks of a live object.
        let index_like = unsafe {
            ffi::PyIndex_Check(p) != 0 && ffi::PyList_Check(p) == 0 && ffi::PyTuple_Check(p) == 0
        };
        if index_like {
            // Anything that is no integer after all is tried as an array.
            if let Ok(i) = convert::as_index(ob) {
                return Ok(Part::Int(i));
            }
        }
        let made = coerce::asarray(ob)?;
        let a = ArrayRef::of(&made);
        let num = a.dtype().num;
        if a.size() == 0 && !num.is_integer() && num != TypeNum::Bool {
            let empty = assign::cast_copy(a, singleton(TypeNum::Long), Order::Keep, false)?;
            return Ok(Part::Array(empty));
        }
        self.array(made, false)
    }

    /// An array as an index.
    fn array(&mut self, ob: Bound<'py, PyAny>, given: bool) -> PyResult<Part<'py>> {
        let a = ArrayRef::of(&ob);
        let num = a.dtype().num;
        if num == TypeNum::Bool {
            if a.ndim() == 0 {
                // SAFETY: the one item.
                return Ok(Part::Bool(unsafe { a.data().read() } != 0));
            }
            return Ok(Part::Mask(ob));
        }
        if !num.is_integer() {
            if given {
                return Err(PyIndexError::new_err(
                    "arrays used as indices must be of integer (or boolean) type",
                ));
            }
            return Err(invalid());
        }
        if a.ndim() == 0 {
            self.scalar_array = true;
            let item = crate::array::items::scalar_at(a, a.data())?;
            return convert::as_index(item.as_borrowed()).map(Part::Int);
        }
        if a.descr() == singleton(TypeNum::Long) && a.has(flags::ALIGNED) {
            return Ok(Part::Array(ob));
        }
        assign::cast_copy(a, singleton(TypeNum::Long), Order::Keep, false).map(Part::Array)
    }

    /// The key applied to an array.
    pub(super) fn plan<'v>(&self, py: Python<'_>, arr: &RawView<'v>) -> PyResult<Plan<'v>> {
        let views: SmallVec<[RawView<'_>; 4]> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Array(ob) => Some(ArrayRef::of(ob).view(&INTP)),
                Part::Mask(ob) => Some(ArrayRef::of(ob).view(&BOOL)),
                _ => None,
            })
            .collect();
        let mut next = views.iter();
        let indices: SmallVec<[Index<'_>; 4]> = self
            .parts
            .iter()
            .map(|part| match *part {
                Part::Int(i) => Index::Int(i),
                Part::Slice(start, stop, step) => Index::Slice { start, stop, step },
                Part::Ellipsis => Index::Ellipsis,
                Part::NewAxis => Index::NewAxis,
                Part::Bool(on) => Index::Bool(on),
                // The views were made from these parts in this order.
                Part::Array(_) => next.next().map_or(Index::Ellipsis, Index::Array),
                Part::Mask(_) => next.next().map_or(Index::Ellipsis, Index::Mask),
            })
            .collect();
        Plan::new(arr, &indices).or_raise(py)
    }

    /// The mask, if the key is one over all axes of the array.
    pub(super) fn full_mask(&self, a: ArrayRef<'_, 'py>) -> Option<ArrayRef<'_, 'py>> {
        match self.parts.as_slice() {
            [Part::Mask(ob)] => Some(ArrayRef::of(ob)).filter(|m| m.shape() == a.shape()),
            _ => None,
        }
    }

    /// Copies index arrays that share memory with what will be written.
    pub(super) fn detach(&mut self, arr: &RawView<'_>) -> PyResult<()> {
        for part in &mut self.parts {
            let (ob, dtype) = match part {
                Part::Array(ob) => (ob, &INTP),
                Part::Mask(ob) => (ob, &BOOL),
                _ => continue,
            };
            let a = ArrayRef::of(ob);
            if overlap::bounds_overlap(&a.view(dtype), arr) {
                let copy = assign::copy(a, Order::Keep, false)?;
                *ob = copy;
            }
        }
        Ok(())
    }
}

fn slice<'py>(ob: Arg<'_, 'py>) -> PyResult<Part<'py>> {
    let (mut start, mut stop, mut step) = (0, 0, 0);
    // SAFETY: a slice object.
    match unsafe { ffi::PySlice_Unpack(ob.as_ptr(), &mut start, &mut stop, &mut step) } {
        0 => Ok(Part::Slice(start, stop, step)),
        _ => Err(PyErr::fetch(ob.py())),
    }
}
