//! Changing the shape: reshape, ravel, flatten, transpose, swapaxes, squeeze, resize.

use super::assign::{assign, assign_views, copy, is_fortran};
use super::attrs::transposed;
use super::{make, view_with, ArrayRef, Shape, Spec, Strides};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert::{self, normalize_axis, Axes, CopyMode};
use numoxide_core::iter::{sort_axes, strides_in_order};
use numoxide_core::{Layout, Order};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Positional arguments that are a shape: one argument is the shape or its only length.
pub(super) fn shape_args<'py>(args: CallArgs<'_, 'py>) -> PyResult<Option<Strides>> {
    match args.npos() {
        1 if args.get(0).is_none() => Ok(None),
        1 => convert::int_list(args.get(0)).map(Some),
        n => (0..n)
            .map(|i| convert::int_list_item(args.get(i)))
            .collect::<PyResult<_>>()
            .map(Some),
    }
}

/// The keywords of a method whose positional arguments are a shape.
pub(super) fn keywords<'a, 'py, const N: usize>(
    args: &CallArgs<'a, 'py>,
    names: [&str; N],
) -> PyResult<[Option<Arg<'a, 'py>>; N]> {
    let mut out = [None; N];
    for (name, value) in args.keywords() {
        match names.iter().position(|n| *n == name) {
            Some(i) => out[i] = Some(value),
            None => {
                return Err(PyTypeError::new_err(format!(
                    "'{name}' is an invalid keyword argument for this function"
                )))
            }
        }
    }
    Ok(out)
}

/// An exact int, or the items of an exact tuple of at most four of them.
#[inline]
pub(super) fn plain_lengths<'l>(ob: Arg<'_, '_>, to: &'l mut [isize; 4]) -> Option<&'l [isize]> {
    let p = ob.as_ptr();
    // SAFETY: live objects; items of an exact tuple.
    unsafe {
        if ffi::PyTuple_CheckExact(p) == 0 {
            to[0] = plain_length(p)?;
            return Some(&to[..1]);
        }
        let n = ffi::PyTuple_GET_SIZE(p) as usize;
        for (i, slot) in to.get_mut(..n)?.iter_mut().enumerate() {
            *slot = plain_length(ffi::PyTuple_GET_ITEM(p, i as isize))?;
        }
        Some(&to[..n])
    }
}

/// An exact int that fits.
///
/// # Safety
/// - `ob` is a live object.
#[inline(always)]
unsafe fn plain_length(ob: *mut ffi::PyObject) -> Option<isize> {
    let mut overflow = 0;
    // SAFETY: by contract.
    unsafe {
        if ffi::PyLong_CheckExact(ob) == 0 {
            return None;
        }
        let n = ffi::PyLong_AsLongAndOverflow(ob, &mut overflow);
        (overflow == 0).then_some(n as isize)
    }
}

/// `a.reshape(ints)` of an exact array in C order, where the sizes agree.
pub(super) fn quick_reshape<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    if args.has_keywords() || !a.is_exact() || !a.is_c() {
        return None;
    }
    let mut room = [0; 4];
    let lengths = match args.positional() {
        [one] => plain_lengths(*one, &mut room)?,
        list => {
            for (slot, ob) in room.get_mut(..list.len())?.iter_mut().zip(list) {
                // SAFETY: a live object.
                *slot = unsafe { plain_length(ob.as_ptr())? };
            }
            &room[..list.len()]
        }
    };
    let (size, mut known, mut unknown) = (a.size(), 1usize, None);
    for (i, &n) in lengths.iter().enumerate() {
        match n {
            0 => return None,
            n if n > 0 => known = known.checked_mul(n as usize)?,
            _ if unknown.is_some() => return None,
            _ => unknown = Some(i),
        }
    }
    let (mut shape, mut strides) = ([0usize; 4], [0isize; 4]);
    let nd = lengths.len();
    lengths
        .iter()
        .zip(&mut shape)
        .for_each(|(&n, to)| *to = n as usize);
    if let Some(i) = unknown {
        shape[i] = size / known;
        known *= shape[i];
    }
    if known != size || size == 0 || nd == 0 {
        return None;
    }
    if unknown.is_none() && shape[..nd] == *a.shape() {
        // Strides of single items stay what they are.
        return Some(view_with(a, a.shape(), a.strides(), a.data()));
    }
    let mut step = a.itemsize() as isize;
    for i in (0..nd).rev() {
        strides[i] = step;
        step *= shape[i] as isize;
    }
    Some(view_with(a, &shape[..nd], &strides[..nd], a.data()))
}

/// `a.ravel()` of an exact array in C order.
pub(super) fn quick_ravel<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let plain = args.positional().is_empty() && !args.has_keywords();
    if !plain || !a.is_exact() || !a.is_c() || a.size() == 0 {
        return None;
    }
    let step = a.itemsize() as isize;
    Some(view_with(a, &[a.size()], &[step], a.data()))
}

/// `a.reshape(*shape, order='C', copy=None)`.
pub(super) fn reshape<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [order, copy] = keywords(&args, ["order", "copy"])?;
    let order = convert::order(order, Order::C)?;
    let copy = convert::copy_mode(copy, CopyMode::IfNeeded)?;
    if args.npos() == 0 {
        return Err(PyTypeError::new_err(
            "reshape() takes exactly 1 argument (0 given)",
        ));
    }
    match shape_args(args)? {
        Some(shape) => reshape_to(a, &shape, order, copy),
        None => view_with(a, a.shape(), a.strides(), a.data()),
    }
}

/// The array with a new shape, a view wherever the strides allow it.
pub(crate) fn reshape_to<'py>(
    a: ArrayRef<'_, 'py>,
    wanted: &[isize],
    order: Order,
    copy_mode: CopyMode,
) -> PyResult<Bound<'py, PyAny>> {
    let fortran = match order {
        Order::Keep => {
            return Err(PyValueError::new_err(
                "order 'K' is not permitted for reshaping",
            ))
        }
        o => is_fortran(a, o),
    };
    let same =
        wanted.len() == a.ndim() && wanted.iter().zip(a.shape()).all(|(w, n)| *w == *n as isize);
    if same && copy_mode != CopyMode::Always {
        return view_with(a, a.shape(), a.strides(), a.data());
    }
    let shape = resolve(wanted, a.size())?;
    if shape.len() > numoxide_core::MAX_DIMS {
        return Err(super::too_many_dims(shape.len()));
    }
    if copy_mode != CopyMode::Always {
        if let Some(strides) = reshaped_strides(a, &shape, fortran) {
            return view_with(a, &shape, &strides, a.data());
        }
        if copy_mode == CopyMode::Never {
            return Err(PyValueError::new_err(
                "Unable to avoid creating a copy while reshaping.",
            ));
        }
    }
    let fresh = copy(a, if fortran { Order::F } else { Order::C }, true)?;
    let fresh = ArrayRef::of(&fresh);
    let strides = contiguous_strides(&shape, a.itemsize(), fortran);
    view_with(fresh, &shape, &strides, fresh.data())
}

/// Fills in the one unknown length and checks the size.
pub(super) fn resolve(wanted: &[isize], size: usize) -> PyResult<Shape> {
    let mut known: usize = 1;
    let mut unknown = None;
    let mut fits = true;
    for (i, &n) in wanted.iter().enumerate() {
        if n >= 0 {
            match known.checked_mul(n as usize) {
                Some(k) => known = k,
                None => fits = wanted.contains(&0),
            }
        } else if unknown.replace(i).is_some() {
            return Err(PyValueError::new_err(
                "can only specify one unknown dimension",
            ));
        }
    }
    if wanted.contains(&0) {
        known = 0;
    }
    let mut shape: Shape = wanted.iter().map(|&n| n.max(0) as usize).collect();
    match unknown {
        Some(i) if fits && known > 0 && size.is_multiple_of(known) => shape[i] = size / known,
        None if fits && known == size => {}
        _ => return Err(mismatch(wanted, size)),
    }
    Ok(shape)
}

#[cold]
fn mismatch(wanted: &[isize], size: usize) -> PyErr {
    let shown: Vec<String> = wanted
        .iter()
        .skip_while(|n| **n < 0)
        .map(|&n| {
            if n < 0 {
                "newaxis".into()
            } else {
                n.to_string()
            }
        })
        .collect();
    let comma = if wanted.len() == 1 { "," } else { "" };
    PyValueError::new_err(format!(
        "cannot reshape array of size {size} into shape ({}{comma})",
        shown.join(",")
    ))
}

/// Byte strides of a contiguous array.
pub(crate) fn contiguous_strides(shape: &[usize], itemsize: usize, fortran: bool) -> Strides {
    Layout::contiguous(shape, itemsize, fortran)
        .map(|l| l.strides)
        .unwrap_or_default()
}

/// Strides that show the same items in the new shape, if there are any.
pub(super) fn reshaped_strides(
    a: ArrayRef<'_, '_>,
    shape: &[usize],
    fortran: bool,
) -> Option<Strides> {
    if if fortran { a.is_f() } else { a.is_c() } {
        return Some(contiguous_strides(shape, a.itemsize(), fortran));
    }
    let old: Vec<(usize, isize)> = a
        .shape()
        .iter()
        .copied()
        .zip(a.strides().iter().copied())
        .filter(|(n, _)| *n != 1)
        .collect();
    let mut strides = Strides::from_elem(0, shape.len());
    let (mut o, mut n) = (0, 0);
    while o < old.len() && n < shape.len() {
        let (mut o_end, mut n_end) = (o + 1, n + 1);
        let (mut o_size, mut n_size) = (old[o].0, shape[n]);
        while o_size != n_size {
            if n_size < o_size {
                n_size *= shape[n_end];
                n_end += 1;
            } else {
                o_size *= old[o_end].0;
                o_end += 1;
            }
        }
        if !old[o..o_end]
            .windows(2)
            .all(|w| follows(w[0], w[1], fortran))
        {
            return None;
        }
        spread(
            &old[o..o_end],
            &shape[n..n_end],
            &mut strides[n..n_end],
            fortran,
        );
        (o, n) = (o_end, n_end);
    }
    // Axes of length 1 at the end continue the last stride.
    let last = match n {
        0 => a.itemsize() as isize,
        _ if fortran => strides[n - 1] * shape[n - 1] as isize,
        _ => strides[n - 1],
    };
    strides[n..].fill(last);
    Some(strides)
}

/// Whether two neighbouring axes step like one.
fn follows(first: (usize, isize), second: (usize, isize), fortran: bool) -> bool {
    if fortran {
        second.1 == first.0 as isize * first.1
    } else {
        first.1 == second.0 as isize * second.1
    }
}

/// Strides of the new axes that stand for a run of merged old ones.
fn spread(old: &[(usize, isize)], shape: &[usize], strides: &mut [isize], fortran: bool) {
    let run = if fortran { old[0] } else { old[old.len() - 1] };
    let mut step = run.1;
    let mut put = |i: usize| {
        strides[i] = step;
        step *= shape[i] as isize;
    };
    if fortran {
        (0..shape.len()).for_each(&mut put);
    } else {
        (0..shape.len()).rev().for_each(&mut put);
    }
}

static RAVEL: Sig = Sig::new("ravel", &["order"], 0);
static FLATTEN: Sig = Sig::new("flatten", &["order"], 0);

/// `a.ravel(order='C')`.
pub(super) fn ravel<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [order] = args.parse(&RAVEL)?;
    ravel_in(a, convert::order(order, Order::C)?)
}

/// The items on one axis, a view where possible.
pub(crate) fn ravel_in<'py>(a: ArrayRef<'_, 'py>, order: Order) -> PyResult<Bound<'py, PyAny>> {
    let order = match order {
        Order::Any => {
            if is_fortran(a, Order::Any) {
                Order::F
            } else {
                Order::C
            }
        }
        Order::Keep if a.is_c() => Order::C,
        Order::Keep if a.is_f() => Order::F,
        o => o,
    };
    let size = [a.size() as isize];
    match order {
        Order::C if a.is_c() => reshape_to(a, &size, Order::C, CopyMode::IfNeeded),
        Order::F if a.is_f() => reshape_to(a, &size, Order::F, CopyMode::IfNeeded),
        Order::Keep => ravel_keep(a),
        o => flat_copy(a, o),
    }
}

/// Order `K`: one stride through all items, if the axes in memory order allow it.
fn ravel_keep<'py>(a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let mut axes: Vec<(usize, isize)> = a
        .shape()
        .iter()
        .copied()
        .zip(a.strides().iter().copied())
        .filter(|(n, _)| *n != 1)
        .collect();
    axes.sort_by_key(|x| std::cmp::Reverse(x.1.unsigned_abs()));
    let packed = axes.last().is_some_and(|x| x.1 == a.itemsize() as isize);
    if packed && axes.windows(2).all(|w| follows(w[0], w[1], false)) {
        let stride = axes[axes.len() - 1].1;
        return view_with(a, &[a.size()], &[stride], a.data());
    }
    flat_copy(a, Order::Keep)
}

/// `a.flatten(order='C')`.
pub(super) fn flatten<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [order] = args.parse(&FLATTEN)?;
    flat_copy(a, convert::order(order, Order::C)?)
}

/// A fresh one-axis copy of the items in `order`; the type is kept.
pub(crate) fn flat_copy<'py>(a: ArrayRef<'_, 'py>, order: Order) -> PyResult<Bound<'py, PyAny>> {
    let out = super::empty_like(a, a.descr(), &[a.size()], None, true)?;
    let dtype = a.dtype();
    let to = ArrayRef::of(&out);
    // The fresh items seen in the shape of `a`, laid out in the order they are read.
    let strides = match order {
        Order::Keep => {
            let perm = sort_axes(a.shape(), std::iter::once(a.strides()));
            strides_in_order(a.shape(), a.itemsize(), &perm)
        }
        _ => super::assign::strides_like(a, order, a.itemsize()),
    };
    let dst = numoxide_core::RawView {
        ptr: to.data(),
        dtype: &dtype,
        shape: a.shape(),
        strides: &strides,
    };
    assign_views(a.py(), &dst, &a.view(&dtype))?;
    Ok(out)
}

/// `a.transpose(*axes)`.
pub(super) fn transpose<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.has_keywords() {
        return Err(PyTypeError::new_err(
            "ndarray.transpose() takes no keyword arguments",
        ));
    }
    if args.npos() == 0 {
        return transposed(py, a);
    }
    match shape_args(args)? {
        None => transposed(py, a),
        Some(axes) => permuted(a, &axes),
    }
}

/// A view with permuted axes.
pub(crate) fn permuted<'py>(a: ArrayRef<'_, 'py>, axes: &[isize]) -> PyResult<Bound<'py, PyAny>> {
    let nd = a.ndim();
    if axes.len() != nd {
        return Err(PyValueError::new_err("axes don't match array"));
    }
    let mut seen = Axes::new();
    for &axis in axes {
        let axis = normalize_axis(a.py(), axis, nd, None)?;
        if seen.contains(&axis) {
            return Err(PyValueError::new_err("repeated axis in transpose"));
        }
        seen.push(axis);
    }
    let shape: Shape = seen.iter().map(|&i| a.shape()[i]).collect();
    let strides: Strides = seen.iter().map(|&i| a.strides()[i]).collect();
    view_with(a, &shape, &strides, a.data())
}

/// `a.swapaxes(axis1, axis2)`.
pub(super) fn swapaxes<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.npos() != 2 || args.has_keywords() {
        let n = args.npos();
        return Err(PyTypeError::new_err(format!(
            "swapaxes() takes exactly 2 arguments ({n} given)"
        )));
    }
    let first = convert::plain_index(args.get(0))?;
    let second = convert::plain_index(args.get(1))?;
    let nd = a.ndim();
    let first = normalize_axis(py, first, nd, Some("axis1"))?;
    let second = normalize_axis(py, second, nd, Some("axis2"))?;
    let mut shape = Shape::from_slice(a.shape());
    let mut strides = Strides::from_slice(a.strides());
    shape.swap(first, second);
    strides.swap(first, second);
    view_with(a, &shape, &strides, a.data())
}

static SQUEEZE: Sig = Sig::new("squeeze", &["axis"], 0);

/// `a.squeeze(axis=None)`.
pub(super) fn squeeze<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [axis] = args.parse(&SQUEEZE)?;
    let axes = convert::axes_or_none(axis, a.ndim())?;
    let gone = |i: usize| match &axes {
        None => a.shape()[i] == 1,
        Some(list) => list.contains(&i),
    };
    let keep: Axes = (0..a.ndim()).filter(|&i| !gone(i)).collect();
    if keep.len() == a.ndim() && axes.is_none() {
        return Ok(a.as_bound());
    }
    if (0..a.ndim()).any(|i| gone(i) && a.shape()[i] != 1) {
        return Err(PyValueError::new_err(
            "cannot select an axis to squeeze out which has size not equal to one",
        ));
    }
    let shape: Shape = keep.iter().map(|&i| a.shape()[i]).collect();
    let strides: Strides = keep.iter().map(|&i| a.strides()[i]).collect();
    let out = view_with(a, &shape, &strides, a.data())?;
    wrap_if_subclass(py, a, out)
}

/// Subclasses get the chance to wrap a result of their own.
fn wrap_if_subclass<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    out: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if a.is_exact() {
        return Ok(out);
    }
    a.as_any().call_method1(
        pyo3::intern!(py, "__array_wrap__"),
        PyTuple::new(py, [out])?,
    )
}

/// Sets the shape in place: `a.shape = ...`.
pub(super) fn set_shape<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    value: Option<Arg<'_, 'py>>,
) -> PyResult<()> {
    let value = super::attrs::not_deleted(value, "shape")?;
    let wanted = convert::int_list(value)?;
    let shape = resolve(&wanted, a.size())?;
    let Some(strides) = reshaped_strides(a, &shape, false) else {
        let class = py.get_type::<pyo3::exceptions::PyAttributeError>();
        return Err(PyErr::from_type(
            class,
            "Incompatible shape for in-place modification. Use `.reshape()` to make a copy with \
             the desired shape.",
        ));
    };
    replace_geometry(a, &shape, &strides);
    Ok(())
}

/// Gives the array another shape and strides in place.
pub(super) fn replace_geometry(a: ArrayRef<'_, '_>, shape: &[usize], strides: &[isize]) {
    // SAFETY: a valid array; the new lists are written before the old block goes.
    unsafe {
        let raw = a.raw();
        let nd = shape.len();
        if nd != (*raw).nd as usize {
            let old = (*raw).dimensions;
            let inline = super::object::geometry_is_inline(raw);
            let block = super::object::new_geometry(nd);
            (*raw).dimensions = block;
            (*raw).strides = block.add(nd);
            (*raw).nd = nd as i32;
            if !inline {
                pyo3::ffi::PyMem_Free(old.cast());
            }
        }
        for (i, (&n, &s)) in shape.iter().zip(strides).enumerate() {
            *(*raw).dimensions.add(i) = n as isize;
            *(*raw).strides.add(i) = s;
        }
    }
    a.refresh_flags();
}

/// `np.resize`-like growth in place: `a.resize(*shape, refcheck=True)`.
pub(super) fn resize<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [refcheck] = keywords(&args, ["refcheck"])?;
    let refcheck = refcheck.map_or(Ok(1), convert::as_int)? != 0;
    let none = || Ok(py.None().into_bound(py));
    if args.npos() == 0 {
        return none();
    }
    let Some(wanted) = shape_args(args)? else {
        return none();
    };
    super::resize::resize(a, &wanted, refcheck)?;
    none()
}

/// Puts axes of length 1 in front until there are `ndmin`; in Fortran order they are the narrowest.
pub(crate) fn prepend_axes<'py>(
    a: ArrayRef<'_, 'py>,
    ndmin: usize,
    fortran: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let more = ndmin.saturating_sub(a.ndim());
    let mut shape = Shape::from_elem(1, more);
    shape.extend_from_slice(a.shape());
    let first = a
        .strides()
        .first()
        .map_or(a.itemsize() as isize, |&s| match fortran {
            true => a.itemsize() as isize,
            false => s * a.shape()[0] as isize,
        });
    let mut strides = Strides::from_elem(first, more);
    strides.extend_from_slice(a.strides());
    view_with(a, &shape, &strides, a.data())
}

/// A contiguous array of the items: the array itself or a copy.
pub(crate) fn contiguous<'py>(a: ArrayRef<'_, 'py>, order: Order) -> PyResult<Bound<'py, PyAny>> {
    if if order == Order::F {
        a.is_f()
    } else {
        a.is_c()
    } {
        return Ok(a.as_bound());
    }
    let out = make(
        a.py(),
        Spec {
            fortran: order == Order::F,
            ..Spec::new(a.descr(), a.shape())
        },
    )?;
    assign(ArrayRef::of(&out), a)?;
    Ok(out)
}
