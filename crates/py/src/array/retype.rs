//! Other eyes on the same bytes: `view`, `dtype` assignment, `getfield`, `setfield`, `real`, `imag`.

use super::create::dtype_arg;
use super::{from_view, view_as, ArrayRef, Shape, Strides, NDARRAY};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr::{self, dtype_of};
use crate::layout::{descr_flags, flags, Descr};
use numoxide_core::{DType, TypeNum};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

static VIEW: Sig = Sig::new("view", &["dtype", "type"], 0);

/// Whether an object is a subtype of ndarray.
fn is_array_type(ob: Arg<'_, '_>) -> bool {
    // SAFETY: a valid object; a type where the first check says so.
    unsafe {
        ffi::PyType_Check(ob.as_ptr()) != 0
            && ffi::PyType_IsSubtype(ob.as_ptr().cast(), NDARRAY.get()) != 0
    }
}

/// `a.view([dtype][, type])`.
pub(super) fn view<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [mut dtype, mut kind] = args.parse(&VIEW)?;
    if dtype.is_some_and(is_array_type) {
        if kind.is_some() {
            return Err(PyValueError::new_err("Cannot specify output type twice."));
        }
        kind = dtype.take();
    }
    let subtype = match kind {
        None => a.type_ptr(),
        Some(k) if is_array_type(k) => k.as_ptr().cast(),
        Some(_) => {
            return Err(PyValueError::new_err(
                "Type must be a sub-type of ndarray type",
            ));
        }
    };
    let base = a.as_bound();
    let (shape, strides) = (a.shape(), a.strides());
    let out = from_view(
        py,
        subtype,
        a.descr(),
        shape,
        strides,
        a.data(),
        a.flags(),
        Some(&base),
    )?;
    if let Some(dtype) = dtype {
        let dtype = descr::convert(py, &dtype.to_owned())?;
        // Subclasses may have a `dtype` attribute of their own.
        if subtype == NDARRAY.get() {
            retype(ArrayRef::of(&out), dtype.bind(py))?;
        } else {
            out.setattr(pyo3::intern!(py, "dtype"), dtype)?;
        }
    }
    Ok(out)
}

/// `a.dtype = ...`.
pub(super) fn set_dtype<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    value: Option<Arg<'_, 'py>>,
) -> PyResult<()> {
    let value = value
        .ok_or_else(|| pyo3::exceptions::PyAttributeError::new_err("Cannot delete array dtype"))?;
    let dtype = descr::convert(py, &value.to_owned())?;
    retype(a, dtype.bind(py))
}

/// Whether bytes of one dtype may be read as the other when either holds references.
fn check_references(py: Python<'_>, old: *mut Descr, new: *mut Descr) -> PyResult<()> {
    // SAFETY: valid dtypes.
    let both = unsafe { (*old).flags | (*new).flags };
    if both & descr_flags::ITEM_REFCOUNT == 0 || old == new {
        return Ok(());
    }
    let (from, to) = (dtype_of(old), dtype_of(new));
    if from == to {
        return Ok(());
    }
    if from.extra.is_some() || to.extra.is_some() {
        py.import("numoxide._core._internal")?
            .getattr("_view_is_safe")?
            .call1((
                // SAFETY: valid dtypes.
                unsafe { Bound::from_borrowed_ptr(py, old.cast()) },
                // SAFETY: as above.
                unsafe { Bound::from_borrowed_ptr(py, new.cast()) },
            ))?;
        return Ok(());
    }
    Err(PyTypeError::new_err(
        "Cannot change data-type for array of references.",
    ))
}

/// Gives the array another dtype in place, as far as NumPy's rules allow.
pub(super) fn retype<'py>(a: ArrayRef<'_, 'py>, dtype: &Bound<'py, PyAny>) -> PyResult<()> {
    let py = a.py();
    let mut new: *mut Descr = dtype.as_ptr().cast();
    check_references(py, a.descr(), new)?;
    let held;
    // SAFETY: a valid dtype.
    if unsafe { (*new).elsize } == 0 && a.itemsize() != 0 && dtype_of(new).num.is_flexible() {
        let sized = DType {
            size: a.itemsize(),
            ..dtype_of(new)
        };
        if sized.fields().is_none() {
            held = descr::descr_for(py, &sized)?;
            new = held.as_ptr().cast();
        }
    }
    let mut shape = Shape::from_slice(a.shape());
    let mut strides = Strides::from_slice(a.strides());
    // SAFETY: a valid dtype.
    let size = unsafe { (*new).elsize } as usize;
    if size != a.itemsize() {
        resize_last_axis(a, size, &mut shape, &mut strides)?;
    }
    // SAFETY: a valid dtype.
    if let Some((base, extra)) = unsafe { super::subarray_of(py, new)? } {
        // SAFETY: as above.
        let inner = unsafe { (*base).elsize } as usize;
        let more = super::reshape::contiguous_strides(&extra, inner, false);
        shape.extend_from_slice(&extra);
        strides.extend_from_slice(&more);
        new = base;
    }
    // SAFETY: the array takes a reference to the new dtype and drops the old one.
    unsafe {
        ffi::Py_INCREF(new.cast());
        let old = std::mem::replace(&mut (*a.raw()).descr, new);
        ffi::Py_DECREF(old.cast());
    }
    super::reshape::replace_geometry(a, &shape, &strides);
    Ok(())
}

/// Stretches or shrinks the last axis to items of another size.
fn resize_last_axis(
    a: ArrayRef<'_, '_>,
    size: usize,
    shape: &mut Shape,
    strides: &mut Strides,
) -> PyResult<()> {
    let wrong = |text: &'static str| Err(PyValueError::new_err(text));
    let old = a.itemsize();
    let Some(last) = shape.len().checked_sub(1) else {
        return wrong(
            "Changing the dtype of a 0d array is only supported if the itemsize is unchanged",
        );
    };
    // SAFETY: a valid dtype; a sub-array view may not change the size.
    if shape[last] != 1 && a.size() != 0 && strides[last] != old as isize {
        return wrong("To change to a dtype of a different size, the last axis must be contiguous");
    }
    if size < old {
        if size == 0 || !old.is_multiple_of(size) {
            return wrong(
                "When changing to a smaller dtype, its size must be a divisor of the size of \
                 original dtype",
            );
        }
        shape[last] *= old / size;
        strides[last] = size as isize;
        return Ok(());
    }
    let bytes = shape[last] * old;
    if !bytes.is_multiple_of(size) {
        return wrong(
            "When changing to a larger dtype, its size must be a divisor of the total size in \
             bytes of the last axis of the array.",
        );
    }
    shape[last] = bytes / size;
    strides[last] = size as isize;
    Ok(())
}

static GETFIELD: Sig = Sig::new("getfield", &["dtype", "offset"], 1);

/// `a.getfield(dtype, offset=0)`.
pub(super) fn getfield<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [dtype, offset] = args.parse(&GETFIELD)?;
    field(py, a, dtype, offset)
}

fn field<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    dtype: Option<Arg<'_, 'py>>,
    offset: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyAny>> {
    let dtype = dtype_arg(py, dtype)?;
    let offset = offset.map_or(Ok(0), convert::as_int)? as isize;
    let new = dtype
        .as_ref()
        .map_or(descr::singleton(TypeNum::Double), |d| d.as_ptr().cast());
    // SAFETY: a valid dtype.
    let size = unsafe { (*new).elsize };
    if offset < 0 {
        return Err(PyValueError::new_err("offset is negative"));
    }
    if size > a.itemsize() as isize {
        return Err(PyValueError::new_err(
            "new type is larger than original type",
        ));
    }
    if offset > a.itemsize() as isize - size {
        return Err(PyValueError::new_err(
            "new type plus offset is larger than original type",
        ));
    }
    // SAFETY: valid dtypes.
    if unsafe { (*a.descr()).flags | (*new).flags } & descr_flags::ITEM_REFCOUNT != 0 {
        py.import("numoxide._core._internal")?
            .getattr("_getfield_is_safe")?
            .call1((
                a.dtype_object(),
                // SAFETY: as above.
                unsafe { Bound::from_borrowed_ptr(py, new.cast()) },
                offset,
            ))?;
    }
    // SAFETY: the field lies inside the item.
    let data = unsafe { a.data().offset(offset) };
    view_as(a, new, a.shape(), a.strides(), data)
}

static SETFIELD: Sig = Sig::new("setfield", &["value", "dtype", "offset"], 2);

/// `a.setfield(value, dtype, offset=0)`.
pub(super) fn setfield<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [value, dtype, offset] = args.parse(&SETFIELD)?;
    a.check_writeable("assignment destination")?;
    let part = field(py, a, dtype, offset)?;
    if let Some(value) = value {
        super::coerce::assign_object(ArrayRef::of(&part), value)?;
    }
    Ok(py.None().into_bound(py))
}

/// The dtype of the parts of a complex dtype, in the same byte order.
fn part_dtype(py: Python<'_>, dtype: &DType) -> PyResult<Option<Py<PyAny>>> {
    let num = match dtype.num {
        TypeNum::CFloat => TypeNum::Float,
        TypeNum::CDouble => TypeNum::Double,
        TypeNum::CLongDouble => TypeNum::LongDouble,
        _ => return Ok(None),
    };
    descr::descr_for(
        py,
        &DType {
            swapped: dtype.swapped,
            ..DType::new(num)
        },
    )
    .map(Some)
}

/// View of the real (`which` 0) or imaginary (1) parts of a complex array.
fn part<'py>(a: ArrayRef<'_, 'py>, which: usize) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(descr) = part_dtype(a.py(), &a.dtype())? else {
        return Ok(None);
    };
    // SAFETY: both parts lie in the item.
    let data = unsafe { a.data().add(which * a.itemsize() / 2) };
    view_as(a, descr.as_ptr().cast(), a.shape(), a.strides(), data).map(Some)
}

/// `a.real`.
pub(super) fn real<'py>(_: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(part(a, 0)?.unwrap_or_else(|| a.as_bound()))
}

/// `a.imag`: of a real array, read-only zeros.
pub(super) fn imag<'py>(py: Python<'py>, a: ArrayRef<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(view) = part(a, 1)? {
        return Ok(view);
    }
    let strides = super::assign::strides_like(a, numoxide_core::Order::Any, a.itemsize());
    let out = super::make(
        py,
        super::Spec {
            subtype: a.type_ptr(),
            strides: Some(&strides),
            items: super::Items::Zeros,
            ..super::Spec::new(a.descr(), a.shape())
        },
    )?;
    if !a.is_exact() {
        super::finalize(&out, &a.as_bound())?;
    }
    ArrayRef::of(&out).set_flag(flags::WRITEABLE, false);
    Ok(out)
}

/// `a.real = ...`.
pub(super) fn set_real<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    value: Option<Arg<'_, 'py>>,
) -> PyResult<()> {
    let value = value.ok_or_else(|| {
        pyo3::exceptions::PyAttributeError::new_err("Cannot delete array real part")
    })?;
    a.check_writeable("assignment destination")?;
    let target = part(a, 0)?.unwrap_or_else(|| a.as_bound());
    super::coerce::assign_object(ArrayRef::of(&target), value)
}

/// `a.imag = ...`.
pub(super) fn set_imag<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    value: Option<Arg<'_, 'py>>,
) -> PyResult<()> {
    let value = value.ok_or_else(|| {
        pyo3::exceptions::PyAttributeError::new_err("Cannot delete array imaginary part")
    })?;
    let Some(target) = part(a, 1)? else {
        return Err(PyTypeError::new_err(
            "array does not have imaginary part to set",
        ));
    };
    a.check_writeable("assignment destination")?;
    super::coerce::assign_object(ArrayRef::of(&target), value)
}

/// `a.strides = ...` (deprecated).
pub(super) fn set_strides<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    value: Option<Arg<'_, 'py>>,
) -> PyResult<()> {
    let value = super::attrs::not_deleted(value, "strides")?;
    crate::err::warn(
        py,
        py.get_type::<pyo3::exceptions::PyDeprecationWarning>()
            .as_any(),
        "Setting the strides on a NumPy array has been deprecated in NumPy 2.4.\n\
         As an alternative, you can create a new view using np.lib.stride_tricks.as_strided.",
    )?;
    let strides = convert::int_list(value).map_err(|_| PyTypeError::new_err("invalid strides"))?;
    if strides.len() != a.ndim() {
        return Err(PyValueError::new_err(format!(
            "strides must be  same length as shape ({})",
            a.ndim()
        )));
    }
    // The memory there is: that of the owner at the end of the chain of bases.
    let mut owner = a.as_bound();
    while let Some(base) = ArrayRef::of(&owner).base() {
        if ArrayRef::from_bound(&base).is_none() {
            break;
        }
        owner = base;
    }
    let (start, end) = byte_range(ArrayRef::of(&owner));
    let (low, high) = extent(a.shape(), &strides, a.itemsize());
    let at = a.data() as isize;
    if a.size() > 0 && (at + low < start || at + high > end) {
        return Err(PyValueError::new_err(
            "strides is not compatible with available memory",
        ));
    }
    let shape = Shape::from_slice(a.shape());
    super::reshape::replace_geometry(a, &shape, &strides);
    Ok(())
}

/// Lowest and highest byte offset that items reach.
pub(super) fn extent(shape: &[usize], strides: &[isize], itemsize: usize) -> (isize, isize) {
    let (mut low, mut high) = (0isize, itemsize as isize);
    for (&n, &s) in shape.iter().zip(strides) {
        let reach = s.saturating_mul(n as isize - 1);
        if reach < 0 {
            low = low.saturating_add(reach);
        } else {
            high = high.saturating_add(reach);
        }
    }
    (low, high)
}

/// First and last byte address of an array's items.
fn byte_range(a: ArrayRef<'_, '_>) -> (isize, isize) {
    let (low, high) = extent(a.shape(), a.strides(), a.itemsize());
    (a.data() as isize + low, a.data() as isize + high)
}
