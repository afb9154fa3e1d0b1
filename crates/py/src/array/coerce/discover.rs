//! Shape and dtype of nested sequences, and the pass that stores their leaves.
//!
//! Both passes see the same objects: what the first finds (sequences turned into lists, array-likes
//! turned into arrays) is kept in the order of the walk and read back by the second.

use super::super::{assign, ArrayRef, Shape};
use super::{flexible, like};
use crate::args::Arg;
use crate::convert::CopyMode;
use crate::descr;
use crate::layout::Descr;
use crate::scalar;
use numoxide_core::{DType, RawView, TypeNum};
use numoxide_dtype::{promote_types, shape_text};
use pyo3::exceptions::{PyMemoryError, PyRecursionError, PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};
use pyo3::Borrowed;

/// What a non-scalar object of the walk turned out to be.
enum Node<'py> {
    /// A list or tuple of the items.
    Sequence(Bound<'py, PyAny>),
    /// An array.
    Array(Bound<'py, PyAny>),
}

/// A kept object of the walk.
struct Entry<'py> {
    original: *mut ffi::PyObject,
    depth: usize,
    node: Node<'py>,
    /// Position behind all that lies below this entry.
    end: usize,
}

/// The state of a walk over nested sequences.
pub(super) struct Discovery<'py> {
    py: Python<'py>,
    /// Dtype asked for.
    want: Wanted,
    kept: Vec<Entry<'py>>,
    shape: Shape,
    /// Axes that all leaves agree on, or the limit as long as no leaf was seen.
    ndim: usize,
    limit: usize,
    ragged: bool,
    too_deep: bool,
    found: Option<DType>,
    /// The first dtype object met in an array, kept for its identity.
    first: Option<Bound<'py, PyAny>>,
    /// Sizes or units met, where the dtype asked for leaves them open.
    open: flexible::Open,
    at: usize,
}

/// What matters of the dtype asked for during the walk.
#[derive(Clone, Copy, PartialEq)]
struct Wanted {
    descr: Option<*mut Descr>,
    /// Tuples are items of structured dtypes.
    tuples_are_items: bool,
    /// dtype 'c': strings are sequences of characters.
    characters: bool,
}

impl Wanted {
    fn new(descr: Option<*mut Descr>) -> Wanted {
        let (tuples_are_items, characters) = match descr {
            // SAFETY: a valid dtype.
            Some(d) => unsafe { ((*d).type_num == 20, (*d).type_ as u8 == b'c') },
            None => (false, false),
        };
        Wanted {
            descr,
            tuples_are_items,
            characters,
        }
    }
}

/// NumPy's error for sequences nested deeper than allowed.
#[cold]
pub(super) fn too_deep(limit: usize) -> PyErr {
    PyValueError::new_err(format!(
        "setting an array element with a sequence. The requested array would exceed the maximum \
         number of dimension of {limit}."
    ))
}

/// Walks the object.
pub(super) fn discover<'py>(
    ob: Arg<'_, 'py>,
    descr: Option<*mut Descr>,
    limit: usize,
) -> PyResult<Discovery<'py>> {
    let mut state = Discovery {
        py: ob.py(),
        want: Wanted::new(descr),
        kept: Vec::new(),
        shape: Shape::new(),
        ndim: limit,
        limit,
        ragged: false,
        too_deep: false,
        found: None,
        first: None,
        open: flexible::Open::new(descr),
        at: 0,
    };
    state.visit(ob, 0)?;
    Ok(state)
}

impl<'py> Discovery<'py> {
    /// The shape found.
    pub(super) fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Whether no leaf and no array was met.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_none()
    }

    /// Fails if the nesting is ragged or too deep.
    pub(super) fn check(&self) -> PyResult<()> {
        if self.ragged {
            return Err(PyValueError::new_err(format!(
                "setting an array element with a sequence. The requested array has an \
                 inhomogeneous shape after {} dimensions. The detected shape was {} + \
                 inhomogeneous part.",
                self.shape.len(),
                shape_text(&self.shape)
            )));
        }
        if self.too_deep {
            return Err(too_deep(self.limit));
        }
        Ok(())
    }

    fn visit(&mut self, ob: Arg<'_, 'py>, depth: usize) -> PyResult<()> {
        if let Some(a) = ArrayRef::from_any(ob) {
            return self.array(ob, a.as_bound(), depth);
        }
        if self.is_scalar(ob)? {
            return self.leaf(ob, depth);
        }
        // SAFETY: a valid object.
        let plain = unsafe {
            ffi::PyList_CheckExact(ob.as_ptr()) != 0 || ffi::PyTuple_CheckExact(ob.as_ptr()) != 0
        };
        if !plain {
            if let Some(found) = like::array_like(ob, self.want.descr, CopyMode::IfNeeded)? {
                return self.array(ob, found.array, depth);
            }
        }
        if self.want.tuples_are_items && ob.is_instance_of::<PyTuple>() {
            return self.leaf(ob, depth);
        }
        match self.sequence(ob)? {
            Some(list) => self.list(ob, list, depth),
            None => self.other(ob, depth),
        }
    }

    /// Numbers, text and NumPy scalars.
    fn is_scalar(&self, ob: Arg<'_, 'py>) -> PyResult<bool> {
        // SAFETY: plain type checks of a live object.
        let number = unsafe {
            let p = ob.as_ptr();
            ffi::PyFloat_CheckExact(p) != 0
                || ffi::PyLong_Check(p) != 0
                || ffi::PyFloat_Check(p) != 0
                || ffi::PyComplex_Check(p) != 0
        };
        if number || ob.is_none() {
            return Ok(true);
        }
        if ob.is_instance_of::<PyString>() || ob.is_instance_of::<PyBytes>() {
            let split = self.want.characters && ob.len()? != 1;
            return Ok(!split);
        }
        Ok(scalar::is_numpy_scalar(&ob))
    }

    /// The object as a list or tuple, if it is a sequence.
    fn sequence(&self, ob: Arg<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = self.py;
        // SAFETY: a valid object; errors are looked at right away.
        unsafe {
            let p = ob.as_ptr();
            if ffi::PyList_CheckExact(p) != 0 || ffi::PyTuple_CheckExact(p) != 0 {
                return Ok(Some(ob.to_owned()));
            }
            if ffi::PySequence_Check(p) == 0 {
                return Ok(None);
            }
            if ffi::PySequence_Size(p) < 0 {
                return self.swallow(PyErr::fetch(py)).map(|()| None);
            }
            let list = ffi::PySequence_Fast(p, c"Could not convert object to sequence".as_ptr());
            match Bound::from_owned_ptr_or_err(py, list) {
                Ok(list) => Ok(Some(list)),
                // Objects that only look like sequences, such as mappings with integer lookups.
                Err(e) if e.is_instance_of::<pyo3::exceptions::PyKeyError>(py) => Ok(None),
                Err(e) => Err(e),
            }
        }
    }

    fn swallow(&self, e: PyErr) -> PyResult<()> {
        let fatal = e.is_instance_of::<PyRecursionError>(self.py)
            || e.is_instance_of::<PyMemoryError>(self.py)
            || e.is_instance_of::<PyRuntimeError>(self.py)
                && e.is_instance_of::<PyRecursionError>(self.py);
        if fatal {
            return Err(e);
        }
        Ok(())
    }

    /// Takes note of axes found at `depth`; false if they do not fit what was seen before.
    fn note_shape(&mut self, depth: usize, lens: &[usize], leaf: bool) -> bool {
        for (i, &n) in lens.iter().enumerate() {
            let axis = depth + i;
            if axis >= self.ndim {
                if self.ndim < self.limit || self.ragged {
                    self.ragged = true;
                } else {
                    self.too_deep = true;
                }
                return false;
            }
            if axis >= self.shape.len() {
                self.shape.push(n);
            } else if self.shape[axis] != n {
                self.ragged = true;
                self.shape.truncate(axis);
                self.ndim = axis;
                return false;
            }
        }
        let reached = depth + lens.len();
        if leaf && reached < self.ndim {
            if self.shape.len() > reached {
                self.ragged = true;
                self.shape.truncate(reached);
            }
            self.ndim = reached;
        }
        true
    }

    fn note_dtype(&mut self, dtype: DType) -> PyResult<()> {
        let next = match self.found.take() {
            None => dtype,
            Some(old) if old == dtype => old,
            Some(old) => {
                promote_types(&old, &dtype).unwrap_or_else(|_| DType::new(TypeNum::Object))
            }
        };
        self.found = Some(next);
        Ok(())
    }

    fn leaf(&mut self, ob: Arg<'_, 'py>, depth: usize) -> PyResult<()> {
        self.note_shape(depth, &[], true);
        if self.want.descr.is_some() {
            return self.open.leaf(ob);
        }
        if self
            .found
            .as_ref()
            .is_some_and(|d| d.num == TypeNum::Object)
        {
            return Ok(());
        }
        let dtype = match scalar::discover(&ob) {
            Some(d) if !is_python_date(ob, &d) => d,
            _ => DType::new(TypeNum::Object),
        };
        self.note_dtype(dtype)
    }

    /// An object that is neither number nor sequence.
    fn other(&mut self, ob: Arg<'_, 'py>, depth: usize) -> PyResult<()> {
        self.leaf(ob, depth)
    }

    fn array(&mut self, ob: Arg<'_, 'py>, array: Bound<'py, PyAny>, depth: usize) -> PyResult<()> {
        let a = ArrayRef::of(&array);
        let at = self.kept.len();
        self.note_shape(depth, a.shape(), true);
        if self.want.descr.is_none() {
            if self.found.is_none() {
                self.first = Some(a.dtype_object());
            }
            self.note_dtype(a.dtype())?;
        } else {
            self.open.array(a)?;
        }
        let original = ob.as_ptr();
        self.kept.push(Entry {
            original,
            depth,
            node: Node::Array(array),
            end: at + 1,
        });
        Ok(())
    }

    fn list(&mut self, ob: Arg<'_, 'py>, list: Bound<'py, PyAny>, depth: usize) -> PyResult<()> {
        let at = self.kept.len();
        let n = length(&list);
        // Beyond the agreed depth the sequence is an item: of objects, or an error later.
        let fits = self.note_shape(depth, &[n], false);
        let original = ob.as_ptr();
        if !fits {
            if self.want.descr.is_none() {
                self.note_dtype(DType::new(TypeNum::Object))?;
            }
            return Ok(());
        }
        self.kept.push(Entry {
            original,
            depth,
            node: Node::Sequence(list.clone()),
            end: 0,
        });
        // SAFETY: balanced below.
        if unsafe { ffi::Py_EnterRecursiveCall(c" while converting to an array".as_ptr()) } != 0 {
            return Err(PyErr::fetch(self.py));
        }
        let mut done = Ok(());
        for i in 0..n {
            match item(&list, i) {
                Some(child) => done = self.visit(child.as_borrowed(), depth + 1),
                None => break,
            }
            if done.is_err() {
                break;
            }
        }
        // SAFETY: entered above.
        unsafe { ffi::Py_LeaveRecursiveCall() };
        self.kept[at].end = self.kept.len();
        if n == 0 {
            // Nothing lies deeper than an empty sequence.
            self.ndim = self.ndim.min(depth + 1);
        }
        done
    }

    /// The dtype of the array to make.
    pub(super) fn result_dtype(
        &mut self,
        py: Python<'py>,
        want: Option<*mut Descr>,
    ) -> PyResult<Py<PyAny>> {
        if let Some(descr) = want {
            return self.open.result(py, descr);
        }
        let Some(dtype) = self.found.take() else {
            return descr::descr_for(py, &DType::new(TypeNum::Double));
        };
        if let Some(first) = &self.first {
            if descr::dtype_of(first.as_ptr().cast()) == dtype {
                return Ok(first.clone().unbind());
            }
        }
        if dtype.num.is_flexible() && dtype.size == 0 && dtype.num != TypeNum::Void {
            let size = if dtype.num == TypeNum::Str { 4 } else { 1 };
            return descr::descr_for(py, &DType { size, ..dtype });
        }
        descr::descr_for(py, &dtype)
    }

    /// Stores all leaves in the new array.
    pub(super) fn fill(
        &mut self,
        ob: Arg<'_, 'py>,
        out: ArrayRef<'_, 'py>,
        descr: *mut Descr,
    ) -> PyResult<()> {
        let target = Target {
            dtype: out.dtype(),
            out,
            descr,
            nd: self.shape.len(),
        };
        self.at = 0;
        self.store(ob, 0, out.data(), &target)?;
        if self.at != self.kept.len() {
            return Err(changed());
        }
        Ok(())
    }

    fn store(
        &mut self,
        ob: Arg<'_, 'py>,
        depth: usize,
        ptr: *mut u8,
        to: &Target<'_, 'py>,
    ) -> PyResult<()> {
        let kept = self
            .kept
            .get(self.at)
            .is_some_and(|e| e.original == ob.as_ptr() && e.depth == depth);
        if depth == to.nd {
            if kept {
                self.at = self.kept[self.at].end;
            }
            return to.item(self.py, ptr, &ob);
        }
        // A sequence replaced meanwhile still stands as it was found.
        let entry = self
            .kept
            .get(self.at)
            .filter(|e| kept || (e.depth == depth && matches!(e.node, Node::Sequence(_))));
        let entry = entry.ok_or_else(changed)?;
        self.at += 1;
        let list = match &entry.node {
            Node::Array(array) => return to.block(self.py, depth, ptr, ArrayRef::of(array)),
            Node::Sequence(list) => list.clone(),
        };
        if length(&list) != self.shape[depth] {
            return Err(changed());
        }
        let stride = to.out.strides()[depth];
        for i in 0..self.shape[depth] {
            let child = item(&list, i).ok_or_else(changed)?;
            // SAFETY: inside the axis.
            let at = unsafe { ptr.offset(i as isize * stride) };
            self.store(child.as_borrowed(), depth + 1, at, to)?;
        }
        Ok(())
    }
}

/// Where leaves go.
struct Target<'a, 'py> {
    out: ArrayRef<'a, 'py>,
    dtype: DType,
    /// The dtype asked for; a sub-array dtype where the array's own is its base.
    descr: *mut Descr,
    nd: usize,
}

impl<'py> Target<'_, 'py> {
    fn item(&self, py: Python<'py>, ptr: *mut u8, ob: &Bound<'py, PyAny>) -> PyResult<()> {
        if self.out.ndim() == self.nd {
            // SAFETY: an item of the new array.
            return unsafe { scalar::set_item(py, ptr, self.out.descr(), ob) };
        }
        // SAFETY: one item of the sub-array dtype lies at `ptr`, contiguous.
        unsafe { scalar::set_item(py, ptr, self.descr, ob) }
    }

    /// Copies an array into the part of the result it stands for.
    fn block(
        &self,
        py: Python<'py>,
        depth: usize,
        ptr: *mut u8,
        src: ArrayRef<'_, 'py>,
    ) -> PyResult<()> {
        let from = src.dtype();
        let dst = RawView {
            ptr,
            dtype: &self.dtype,
            shape: &self.out.shape()[depth..],
            strides: &self.out.strides()[depth..],
        };
        let extra = self.out.ndim() - self.nd;
        if extra == 0 {
            return assign::assign_views(py, &dst, &src.view(&from));
        }
        // Items of a sub-array dtype repeat over its axes.
        let mut shape = Shape::from_slice(src.shape());
        let mut strides = super::super::Strides::from_slice(src.strides());
        shape.extend(std::iter::repeat_n(1, extra));
        strides.extend(std::iter::repeat_n(0, extra));
        let view = RawView {
            ptr: src.data(),
            dtype: &from,
            shape: &shape,
            strides: &strides,
        };
        assign::assign_views(py, &dst, &view)
    }
}

#[cold]
fn changed() -> PyErr {
    PyRuntimeError::new_err("Inconsistent object during array creation? Content of sequences changed (length inconsistent).")
}

/// Length of an exact list or tuple.
fn length(list: &Bound<'_, PyAny>) -> usize {
    match list.cast::<PyList>() {
        Ok(l) => l.len(),
        Err(_) => list.cast::<PyTuple>().map_or(0, |t| t.len()),
    }
}

/// An item of a list or tuple, if still there.
fn item<'py>(list: &Bound<'py, PyAny>, i: usize) -> Option<Bound<'py, PyAny>> {
    match list.cast::<PyList>() {
        Ok(l) => l.get_item(i).ok(),
        Err(_) => list.cast::<PyTuple>().ok()?.get_item(i).ok(),
    }
}

/// Python's own dates are objects unless a datetime dtype is asked for.
fn is_python_date(ob: Borrowed<'_, '_, PyAny>, dtype: &DType) -> bool {
    matches!(dtype.num, TypeNum::DateTime | TypeNum::TimeDelta) && !scalar::is_numpy_scalar(&ob)
}
