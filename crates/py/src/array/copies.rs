//! Methods that copy: `astype`, `copy`, `tobytes`, `byteswap`, `__array__`; and `setflags`.

use super::assign::{self, cast_copy};
use super::create::dtype_arg;
use super::{coerce, flags, make, ArrayRef, Spec};
use crate::args::{CallArgs, Sig};
use crate::convert::{self, CopyMode};
use crate::descr::dtype_of;
use crate::layout::Descr;
use numoxide_core::{DType, Order, RawView};
use numoxide_dtype::{can_cast, equivalent, Casting, TypeNum};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

static ASTYPE: Sig = Sig::new("astype", &["dtype", "order", "casting", "subok", "copy"], 1);

/// `a.astype(dtype, order='K', casting='unsafe', subok=True, copy=True)`.
pub(super) fn astype<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [dtype, order, casting, subok, copy] = args.parse(&ASTYPE)?;
    let order = convert::order(order, Order::Keep)?;
    let casting = convert::checked_casting(casting, Casting::Unsafe)?;
    let subok = convert::truth(subok, true)?;
    let copy = convert::copy_mode(copy, CopyMode::Always)?;
    let wanted = match dtype {
        Some(d) => crate::descr::convert(py, &d.to_owned())?,
        None => return Ok(a.as_bound()),
    };
    let mut target: *mut Descr = wanted.as_ptr().cast();
    let adapted = coerce::adapt_flexible(a, target)?;
    if let Some(d) = &adapted {
        target = d.as_ptr().cast();
    }
    let (from, to) = (a.dtype(), dtype_of(target));
    let ordered = match order {
        Order::Keep => true,
        Order::Any => a.is_c() || a.is_f(),
        Order::C => a.is_c(),
        Order::F => a.is_f(),
    };
    if copy != CopyMode::Always && ordered && (subok || a.is_exact()) && equivalent(&from, &to) {
        return Ok(a.as_bound());
    }
    if copy == CopyMode::Never && convert::is_copy_enum(args, 4) {
        return Err(pyo3::exceptions::PyValueError::new_err(
            "Unable to avoid copy while casting in never copy mode.",
        ));
    }
    check_cast(py, a, &from, &to, casting)?;
    let out = cast_copy(a, target, order, subok)?;
    if casting == Casting::SameValue {
        check_same_value(a, ArrayRef::of(&out))?;
    }
    Ok(out)
}

fn check_cast(
    py: Python<'_>,
    a: ArrayRef<'_, '_>,
    from: &DType,
    to: &DType,
    casting: Casting,
) -> PyResult<()> {
    let numbers = from.num.is_number() && to.num.is_number();
    let comparable = casting != Casting::SameValue || numbers;
    if casting == Casting::Unsafe || comparable && can_cast(from, to, casting) {
        return Ok(());
    }
    let pair = [from.clone(), to.clone()];
    Err(crate::err::cannot_cast(py, a.ndim(), pair, casting))
}

/// `same_value`: all items are equal to those they came from, and casting back gives those again.
fn check_same_value(a: ArrayRef<'_, '_>, out: ArrayRef<'_, '_>) -> PyResult<()> {
    // Truth values stand for any number.
    if out.dtype().num == TypeNum::Bool {
        return Ok(());
    }
    if same_items(a, out)? {
        let back = cast_copy(out, a.descr(), Order::C, false)?;
        if same_items(a, ArrayRef::of(&back))? {
            return Ok(());
        }
    }
    let (from, to) = (a.dtype().num, out.dtype().num);
    let imag = if from.is_complex() && !to.is_complex() {
        ": imag is not 0"
    } else {
        ""
    };
    Err(pyo3::exceptions::PyValueError::new_err(format!(
        "could not cast 'same_value' {} to {}{imag}",
        c_name(from),
        c_name(to)
    )))
}

/// Whether all items of two arrays are equal or both not a number.
fn same_items(a: ArrayRef<'_, '_>, b: ArrayRef<'_, '_>) -> PyResult<bool> {
    let py = a.py();
    let unequal = crate::ufunc::numbers::by_name(py, "not_equal")?;
    let (a, b) = (a.as_bound(), b.as_bound());
    let differ = unequal.call1((&a, &b))?;
    if !differ.call_method0("any")?.is_truthy()? {
        return Ok(true);
    }
    let (x, y) = (unequal.call1((&a, &a))?, unequal.call1((&b, &b))?);
    let rest = differ.bitand(x.bitand(y)?.call_method0("__invert__")?)?;
    Ok(!rest.call_method0("any")?.is_truthy()?)
}

/// What C calls a number class.
fn c_name(num: TypeNum) -> &'static str {
    const NAMES: [&str; 17] = [
        "bool",
        "byte",
        "ubyte",
        "short",
        "ushort",
        "int",
        "uint",
        "long",
        "ulong",
        "longlong",
        "ulonglong",
        "float",
        "double",
        "longdouble",
        "cfloat",
        "cdouble",
        "clongdouble",
    ];
    NAMES.get(num as usize).copied().unwrap_or("half")
}

static COPY: Sig = Sig::new("copy", &["order"], 0);

/// `a.copy(order='C')`.
pub(super) fn copy<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [order] = args.parse(&COPY)?;
    assign::copy(a, convert::order(order, Order::C)?, true)
}

/// `a.__copy__()`.
pub(super) fn dunder_copy<'py>(
    _: Python<'py>,
    a: ArrayRef<'_, 'py>,
    _: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    assign::copy(a, Order::Keep, true)
}

/// `a.__deepcopy__(memo)`: objects in the items are copied too.
pub(super) fn deepcopy<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static DEEPCOPY: Sig = Sig::new("__deepcopy__", &["visit"], 1);
    let [memo] = args.parse(&DEEPCOPY)?;
    let out = assign::copy(a, Order::Keep, true)?;
    if !a.dtype().has_objects() {
        return Ok(out);
    }
    let deepcopy = py.import("copy")?.getattr("deepcopy")?;
    let offsets = super::refs::offsets(a.descr());
    let mut done = Ok(());
    super::items::for_each_item(ArrayRef::of(&out), &mut |item| {
        for &at in &offsets {
            if done.is_ok() {
                // SAFETY: an object slot of an item of the fresh copy.
                done = unsafe { deep(py, item.add(at).cast(), &deepcopy, memo) };
            }
        }
    });
    done.map(|()| out)
}

/// Replaces the object in a slot by its deep copy.
///
/// # Safety
/// - `slot` holds NULL or an owned reference.
unsafe fn deep<'py>(
    py: Python<'py>,
    slot: *mut *mut pyo3::ffi::PyObject,
    deepcopy: &Bound<'py, PyAny>,
    memo: Option<crate::args::Arg<'_, 'py>>,
) -> PyResult<()> {
    // SAFETY: by contract.
    unsafe {
        let Some(old) = Bound::from_borrowed_ptr_or_opt(py, slot.read_unaligned()) else {
            return Ok(());
        };
        let new = match memo {
            Some(memo) => deepcopy.call1((&old, memo))?,
            None => deepcopy.call1((&old,))?,
        };
        slot.write_unaligned(new.into_ptr());
        pyo3::ffi::Py_DECREF(old.as_ptr());
        Ok(())
    }
}

static ARRAY: Sig = Sig::new("__array__", &["dtype", "copy"], 0);

/// `a.__array__(dtype=None, copy=None)`.
pub(super) fn array<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [dtype, copy] = args.parse(&ARRAY)?;
    let dtype = dtype_arg(py, dtype)?;
    let req = coerce::Request {
        descr: dtype.as_ref().map(|d| d.as_ptr().cast()),
        copy: convert::copy_mode(copy, CopyMode::IfNeeded)?,
        ..coerce::Request::asarray()
    };
    coerce::from_object(a.as_any(), &req)
}

static TOBYTES: Sig = Sig::new("tobytes", &["order"], 0);

/// `a.tobytes(order='C')`.
pub(super) fn tobytes<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [order] = args.parse(&TOBYTES)?;
    Ok(bytes(py, a, convert::order(order, Order::C)?)?.into_any())
}

/// The items as bytes, in `order`.
pub(crate) fn bytes<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    order: Order,
) -> PyResult<Bound<'py, PyBytes>> {
    let len = a.size() * a.itemsize();
    // As they lie only if asked for by `A`.
    let fortran = order != Order::Keep && assign::is_fortran(a, order);
    PyBytes::new_with(py, len, |buf| {
        if len == 0 {
            return Ok(());
        }
        if if fortran { a.is_f() } else { a.is_c() } {
            // SAFETY: contiguous items of `len` bytes.
            buf.copy_from_slice(unsafe { std::slice::from_raw_parts(a.data(), len) });
            return Ok(());
        }
        // Plain bytes: references are not counted.
        let dtype = DType::flexible(numoxide_core::TypeNum::Void, a.itemsize());
        let strides = super::reshape::contiguous_strides(a.shape(), a.itemsize(), fortran);
        let dst = RawView {
            ptr: buf.as_mut_ptr(),
            dtype: &dtype,
            shape: a.shape(),
            strides: &strides,
        };
        assign::assign_views(py, &dst, &a.view(&dtype))
    })
}

static BYTESWAP: Sig = Sig::new("byteswap", &["inplace"], 0);

/// `a.byteswap(inplace=False)`.
pub(super) fn byteswap<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [inplace] = args.parse(&BYTESWAP)?;
    if !convert::truth(inplace, false)? {
        let out = assign::copy(a, Order::Any, true)?;
        swap(py, ArrayRef::of(&out))?;
        return Ok(out);
    }
    a.check_writeable("assignment destination")?;
    swap(py, a)?;
    Ok(a.as_bound())
}

/// Swaps the bytes of every item: a copy from the other byte order onto itself.
fn swap(py: Python<'_>, a: ArrayRef<'_, '_>) -> PyResult<()> {
    let dtype = a.dtype();
    let other = swapped(&dtype);
    if other == dtype {
        return Ok(());
    }
    assign::assign_views(py, &a.view(&dtype), &a.view(&other))
}

/// The dtype in the other byte order, fields too.
fn swapped(dtype: &DType) -> DType {
    use numoxide_dtype::Extra;
    use std::sync::Arc;
    let extra = match dtype.extra.as_deref() {
        Some(Extra::Struct(info)) => {
            let mut info = info.clone();
            for f in &mut info.fields {
                f.dtype = swapped(&f.dtype);
            }
            return DType {
                extra: Some(Arc::new(Extra::Struct(info))),
                ..dtype.clone()
            };
        }
        Some(Extra::SubArray { base, shape }) => {
            let sub = Extra::SubArray {
                base: swapped(base),
                shape: shape.clone(),
            };
            return DType {
                extra: Some(Arc::new(sub)),
                ..dtype.clone()
            };
        }
        _ => dtype.extra.clone(),
    };
    let multi = dtype.num == numoxide_core::TypeNum::Str
        || dtype.num.row().size > 1
            && !matches!(
                dtype.num,
                numoxide_core::TypeNum::Object | numoxide_core::TypeNum::VString
            );
    DType {
        swapped: dtype.swapped ^ multi,
        extra,
        ..dtype.clone()
    }
}

static SETFLAGS: Sig = Sig::new("setflags", &["write", "align", "uic"], 0);

/// `a.setflags(write=None, align=None, uic=None)`.
pub(super) fn setflags<'py>(
    py: Python<'py>,
    a: ArrayRef<'_, 'py>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [write, align, uic] = args.parse(&SETFLAGS)?;
    let truth = |ob| {
        convert::none_is_absent(ob)
            .map(|o| o.is_truthy())
            .transpose()
    };
    let change = flags::Change {
        write: truth(write)?,
        align: truth(align)?,
        uic: truth(uic)?,
    };
    flags::change(a, change)?;
    Ok(py.None().into_bound(py))
}

/// A contiguous copy of any array as the exact type.
pub(crate) fn exact_copy<'py>(a: ArrayRef<'_, 'py>, fortran: bool) -> PyResult<Bound<'py, PyAny>> {
    let out = make(
        a.py(),
        Spec {
            fortran,
            ..Spec::new(a.descr(), a.shape())
        },
    )?;
    assign::assign(ArrayRef::of(&out), a)?;
    Ok(out)
}
