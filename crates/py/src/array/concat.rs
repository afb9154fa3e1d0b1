//! `concatenate(arrays, axis=0, out=None, *, dtype=None, casting='same_kind')`.

use super::assign::assign_views;
use super::coerce::as_any;
use super::create::dtype_arg;
use super::{ArrayRef, Shape, Spec, Strides, NDARRAY};
use crate::args::{CallArgs, Sig};
use crate::convert::{self, normalize_axis};
use crate::descr::{self, descr_for};
use crate::err::{to_py, OrRaise};
use crate::slots::Module;
use numoxide_core::{DType, Error, Order, RawView};
use numoxide_dtype::promote::{Operand, WeakKind};
use numoxide_dtype::{can_cast, result_type, Casting};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

static CONCATENATE: Sig = Sig::new(
    "concatenate",
    &["arrays", "axis", "out", "dtype", "casting"],
    1,
)
.max_pos(3);

/// The function.
pub(super) fn concatenate<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [arrays, axis, out, dtype, casting] = args.parse(&CONCATENATE)?;
    let axis = match axis {
        None => Some(0),
        Some(a) if a.is_none() => None,
        Some(a) => Some(convert::as_axis(a)?),
    };
    let casting = convert::casting(casting, Casting::SameKind)?;
    let out = convert::none_is_absent(out);
    let dtype = dtype_arg(py, dtype)?;
    if out.is_some() && dtype.is_some() {
        return Err(PyTypeError::new_err(
            "concatenate() only takes `out` or `dtype` as an argument, but both were provided.",
        ));
    }
    if out.is_some_and(|o| ArrayRef::from_any(o).is_none()) {
        return Err(PyTypeError::new_err("'out' must be an array"));
    }
    let Some(arrays) = arrays else {
        return Err(PyTypeError::new_err(
            "The first input argument needs to be a sequence",
        ));
    };
    let mut parts = inputs(arrays)?;
    if parts.is_empty() {
        return Err(PyValueError::new_err(
            "need at least one array to concatenate",
        ));
    }
    let flat = axis.is_none();
    if flat {
        flatten(&mut parts)?;
    }
    let shape = joined_shape(py, &parts, axis.unwrap_or(0))?;
    let held = joined_dtype(py, &parts, dtype.as_ref())?;
    if descr::dtype_of(held.as_ptr().cast()).subarray().is_some() {
        return Err(PyTypeError::new_err(format!(
            "The dtype `{}` is not a valid dtype for concatenation since it is a subarray dtype \
             (the subarray dimensions would be added as array dimensions).",
            held.bind(py).repr()?
        )));
    }
    let at = normalize_axis(py, axis.unwrap_or(0), shape.len(), None)?;
    let target = match out {
        Some(o) => checked_out(o.to_owned(), &shape, flat)?,
        None => new_output(py, &parts, &shape, held.as_ptr().cast())?,
    };
    let to = ArrayRef::of(&target);
    if out.is_some() {
        to.check_writeable("assignment destination")?;
    }
    fill(to, &parts, at, casting)?;
    Ok(target)
}

/// One array to join, and whether it was a plain Python number.
struct Part<'py> {
    array: Bound<'py, PyAny>,
    weak: Option<WeakKind>,
}

fn inputs<'py>(arrays: crate::args::Arg<'_, 'py>) -> PyResult<Vec<Part<'py>>> {
    let py = arrays.py();
    let part = |ob: Bound<'py, PyAny>| -> PyResult<Part<'py>> {
        let weak = weak_kind(&ob);
        let array = as_any(ob.as_borrowed())?;
        Ok(Part { array, weak })
    };
    if let Ok(list) = arrays.cast::<PyList>() {
        return list.iter().map(part).collect();
    }
    if let Ok(tuple) = arrays.cast::<PyTuple>() {
        return tuple.iter().map(part).collect();
    }
    // SAFETY: a valid object.
    let sequence = unsafe { ffi::PySequence_Check(arrays.as_ptr()) != 0 };
    let n = if sequence {
        arrays.len()
    } else {
        Err(PyErr::fetch(py))
    };
    let Ok(n) = n else {
        return Err(PyTypeError::new_err(
            "The first input argument needs to be a sequence",
        ));
    };
    (0..n).map(|i| part(arrays.get_item(i)?)).collect()
}

fn weak_kind(ob: &Bound<'_, PyAny>) -> Option<WeakKind> {
    // SAFETY: plain type checks of a live object.
    unsafe {
        let p = ob.as_ptr();
        if ffi::PyLong_CheckExact(p) != 0 {
            Some(WeakKind::Int)
        } else if ffi::PyFloat_CheckExact(p) != 0 {
            Some(WeakKind::Float)
        } else if ffi::PyComplex_CheckExact(p) != 0 {
            Some(WeakKind::Complex)
        } else {
            None
        }
    }
}

fn flatten(parts: &mut [Part<'_>]) -> PyResult<()> {
    for part in parts {
        let flat = super::reshape::ravel_in(ArrayRef::of(&part.array), Order::C)?;
        part.array = flat;
    }
    Ok(())
}

/// The dtype of the result.
fn joined_dtype(
    py: Python<'_>,
    parts: &[Part<'_>],
    asked: Option<&Py<PyAny>>,
) -> PyResult<Py<PyAny>> {
    if let Some(dtype) = asked {
        return open_dtype(py, parts, dtype);
    }
    let first = ArrayRef::of(&parts[0].array);
    let own = first.dtype();
    let same = parts
        .iter()
        .all(|p| ArrayRef::of(&p.array).descr() == first.descr());
    if same && !own.swapped && own.extra.is_none() && parts.iter().all(|p| p.weak.is_none()) {
        return Ok(first.dtype_object().unbind());
    }
    let dtypes: Vec<DType> = parts
        .iter()
        .map(|p| ArrayRef::of(&p.array).dtype())
        .collect();
    let operands: Vec<Operand<'_>> = parts
        .iter()
        .zip(&dtypes)
        .map(|(p, d)| p.weak.map_or(Operand::DType(d), Operand::Weak))
        .collect();
    descr_for(py, &result_type(&operands).or_raise(py)?)
}

/// A dtype asked for, its open length filled by what the parts need.
fn open_dtype(py: Python<'_>, parts: &[Part<'_>], dtype: &Py<PyAny>) -> PyResult<Py<PyAny>> {
    let mut best: Option<Py<PyAny>> = None;
    for part in parts {
        let a = ArrayRef::of(&part.array);
        let Some(found) = super::coerce::adapt_flexible(a, dtype.as_ptr().cast())? else {
            return Ok(dtype.clone_ref(py));
        };
        let size = |d: &Py<PyAny>| descr::dtype_of(d.as_ptr().cast()).size;
        if best.as_ref().is_none_or(|b| size(b) < size(&found)) {
            best = Some(found);
        }
    }
    Ok(best.unwrap_or_else(|| dtype.clone_ref(py)))
}

fn joined_shape(py: Python<'_>, parts: &[Part<'_>], axis: isize) -> PyResult<Shape> {
    let first = ArrayRef::of(&parts[0].array);
    if parts.iter().any(|p| ArrayRef::of(&p.array).ndim() == 0) {
        return Err(PyValueError::new_err(
            "zero-dimensional arrays cannot be concatenated",
        ));
    }
    let mut shape = Shape::from_slice(first.shape());
    let at = normalize_axis(py, axis, shape.len(), None)?;
    for (i, part) in parts.iter().enumerate().skip(1) {
        let next = ArrayRef::of(&part.array).shape();
        if next.len() != shape.len() {
            return Err(PyValueError::new_err(format!(
                "all the input arrays must have same number of dimensions, but the array at index \
                 0 has {} dimension(s) and the array at index {i} has {} dimension(s)",
                shape.len(),
                next.len()
            )));
        }
        for (d, (n, m)) in shape.iter_mut().zip(next).enumerate() {
            if d == at {
                *n = n.checked_add(*m).ok_or_else(|| to_py(py, Error::TooBig))?;
            } else if n != m {
                return Err(PyValueError::new_err(format!(
                    "all the input array dimensions except for the concatenation axis must match \
                     exactly, but along dimension {d}, the array at index 0 has size {n} and the \
                     array at index {i} has size {m}"
                )));
            }
        }
    }
    Ok(shape)
}

fn checked_out<'py>(
    out: Bound<'py, PyAny>,
    shape: &[usize],
    flat: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let a = ArrayRef::of(&out);
    let fits = if flat {
        a.size() == shape[0] && a.ndim() == 1
    } else {
        a.shape() == shape
    };
    if !fits {
        if !flat && a.ndim() != shape.len() {
            return Err(PyValueError::new_err(
                "Output array has wrong dimensionality",
            ));
        }
        return Err(PyValueError::new_err("Output array is the wrong shape"));
    }
    Ok(out)
}

/// A fresh output: in Fortran order when all parts are, else after their common axis order.
fn new_output<'py>(
    py: Python<'py>,
    parts: &[Part<'py>],
    shape: &[usize],
    descr: *mut crate::layout::Descr,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: a valid dtype.
    let itemsize = unsafe { (*descr).elsize } as usize;
    let plain = shape.len() == 1 || parts.iter().all(|p| ArrayRef::of(&p.array).is_c());
    let strides: Option<Strides> = (!plain && itemsize > 0).then(|| {
        let perm = common_order(parts, shape.len());
        numoxide_core::iter::strides_in_order(shape, itemsize, &perm)
    });
    let subtype = winner(py, parts)?;
    let strides = strides.as_deref();
    let out = super::make(
        py,
        Spec {
            subtype,
            strides,
            ..Spec::new(descr, shape)
        },
    )?;
    if subtype != NDARRAY.get() {
        super::finalize(&out, &py.None().into_bound(py))?;
    }
    Ok(out)
}

/// Axes from outermost to innermost: one stands outside another where a part has it so and none
/// has it the other way round. Axes of length 1 have no say.
fn common_order(parts: &[Part<'_>], nd: usize) -> super::Shape {
    // Some(true): `b` belongs outside `a`; None: nobody minds.
    let outside = |a: usize, b: usize| {
        let mut verdict = None;
        for part in parts {
            let arr = ArrayRef::of(&part.array);
            if arr.shape()[a] == 1 || arr.shape()[b] == 1 {
                continue;
            }
            let (x, y) = (
                arr.strides()[a].unsigned_abs(),
                arr.strides()[b].unsigned_abs(),
            );
            if y <= x {
                return Some(false);
            }
            verdict = Some(true);
        }
        verdict
    };
    let mut perm: super::Shape = (0..nd).collect();
    for i in 1..nd {
        let mut at = i;
        for j in (0..i).rev() {
            match outside(perm[j], perm[i]) {
                Some(true) => at = j,
                Some(false) => break,
                None => {}
            }
        }
        perm[at..=i].rotate_right(1);
    }
    perm
}

/// The type with the highest `__array_priority__`.
fn winner(py: Python<'_>, parts: &[Part<'_>]) -> PyResult<*mut ffi::PyTypeObject> {
    if parts.iter().all(|p| ArrayRef::of(&p.array).is_exact()) {
        return Ok(NDARRAY.get());
    }
    // A subclass that does not ask for more than a plain array has gives way to it.
    let mut best = (NDARRAY.get(), 0.0);
    for part in parts {
        let a = ArrayRef::of(&part.array);
        let own = match a.is_exact() {
            true => 0.0,
            false => part
                .array
                .getattr(pyo3::intern!(py, "__array_priority__"))
                .and_then(|p| p.extract())
                .unwrap_or(0.0),
        };
        if own > best.1 {
            best = (a.type_ptr(), own);
        }
    }
    Ok(best.0)
}

fn fill(to: ArrayRef<'_, '_>, parts: &[Part<'_>], axis: usize, casting: Casting) -> PyResult<()> {
    let py = to.py();
    let dtype = to.dtype();
    for part in parts {
        let a = ArrayRef::of(&part.array);
        let from = a.dtype();
        if part.weak.is_none() && !can_cast(&from, &dtype, casting) {
            let rule = casting.name();
            return Err(to_py(
                py,
                Error::Cast {
                    from,
                    to: dtype,
                    rule,
                },
            ));
        }
    }
    let mut ptr = to.data();
    let mut shape = Shape::from_slice(to.shape());
    for part in parts {
        let a = ArrayRef::of(&part.array);
        let from = a.dtype();
        shape[axis] = a.shape()[axis];
        let dst = RawView {
            ptr,
            dtype: &dtype,
            shape: &shape,
            strides: to.strides(),
        };
        assign_views(py, &dst, &a.view(&from))?;
        // SAFETY: at most the end of the axis.
        ptr = unsafe { ptr.offset(a.shape()[axis] as isize * to.strides()[axis]) };
    }
    Ok(())
}
