//! `arange([start,] stop[, step][, dtype])`.

use super::create::dtype_arg;
use super::{empty, ArrayRef};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr::{self, descr_for, dtype_of};
use crate::layout::Descr;
use crate::scalar;
use crate::slots::Module;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::{dispatch_real, promote_types, Bool, Complex};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

static ARANGE: Sig = Sig::new(
    "arange",
    &["start", "stop", "step", "dtype", "device", "like"],
    0,
)
.max_pos(4);

/// The function.
pub(super) fn arange<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let [start, stop, step, dtype, device, like] = args.parse(&ARANGE)?;
    if let Some(made) = super::like::dispatch(py, "arange", args, like)? {
        return Ok(made);
    }
    convert::device(device)?;
    let dtype = dtype_arg(py, dtype)?;
    let zero = pyo3::types::PyInt::new(py, 0).into_any();
    let one = pyo3::types::PyInt::new(py, 1).into_any();
    let stop = convert::none_is_absent(stop);
    let (start, stop) = match (start, stop) {
        (Some(a), Some(b)) => (a, b),
        // A lone positional argument is the end.
        (Some(a), None) if args.npos() > 0 => (zero.as_borrowed(), a),
        (None, Some(b)) => (zero.as_borrowed(), b),
        _ => {
            return Err(PyTypeError::new_err(
                "arange() requires stop to be specified.",
            ))
        }
    };
    let step = convert::none_is_absent(step);
    if let (None, None, Some(out)) = (&dtype, step, small_ints(py, start, stop)?) {
        return Ok(out);
    }
    if let (None, Some(out)) = (&dtype, small_floats(py, start, stop, step)?) {
        return Ok(out);
    }
    range(
        start,
        stop,
        step.unwrap_or(one.as_borrowed()),
        step.is_some(),
        dtype,
    )
}

/// The commonest call: two Python ints, step 1.
fn small_ints<'py>(
    py: Python<'py>,
    start: Arg<'_, 'py>,
    stop: Arg<'_, 'py>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // SAFETY: plain type checks of live objects.
    let ints = unsafe {
        ffi::PyLong_CheckExact(start.as_ptr()) != 0 && ffi::PyLong_CheckExact(stop.as_ptr()) != 0
    };
    let (Ok(a), Ok(b)) = (start.extract::<i32>(), stop.extract::<i64>()) else {
        return Ok(None);
    };
    if !ints || !(-(1 << 50)..1 << 50).contains(&b) {
        return Ok(None);
    }
    let n = b.saturating_sub(i64::from(a)).max(0) as usize;
    let out = empty(py, &[n], descr::singleton(TypeNum::Long), false)?;
    // SAFETY: the new array has `n` items.
    let items = unsafe { std::slice::from_raw_parts_mut(ArrayRef::of(&out).data().cast(), n) };
    for (i, x) in items.iter_mut().enumerate() {
        *x = i64::from(a) + i as i64;
    }
    Ok(Some(out))
}

/// Few steps between Python floats, or floats and ints.
fn small_floats<'py>(
    py: Python<'py>,
    start: Arg<'_, 'py>,
    stop: Arg<'_, 'py>,
    step: Option<Arg<'_, 'py>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    const MOST: f64 = 1e5;
    let mut floats = 0;
    let mut plain = |ob: Arg<'_, '_>| {
        // SAFETY: live objects of the types asked for.
        unsafe {
            if ffi::PyFloat_CheckExact(ob.as_ptr()) != 0 {
                floats += 1;
                return Some(ffi::PyFloat_AS_DOUBLE(ob.as_ptr()));
            }
            let int = ffi::PyLong_CheckExact(ob.as_ptr()) != 0;
            int.then(|| ob.extract::<i32>().ok().map(f64::from))?
        }
    };
    let numbers = (plain(start), plain(stop), step.map_or(Some(1.0), plain));
    let (Some(start), Some(stop), Some(step)) = numbers else {
        return Ok(None);
    };
    let delta = stop - start;
    let n = (delta / step).ceil();
    // Whatever is odd about the count is for the general way to say.
    let odd = n.is_nan() || n > MOST || step == 0.0 || (n == 0.0 && delta != 0.0);
    if floats == 0 || odd || !(start + step).is_finite() {
        return Ok(None);
    }
    let n = n.max(0.0) as usize;
    let out = empty(py, &[n], descr::singleton(TypeNum::Double), false)?;
    // SAFETY: the new array has `n` items.
    let items = unsafe { std::slice::from_raw_parts_mut(ArrayRef::of(&out).data().cast(), n) };
    for (i, x) in items.iter_mut().enumerate() {
        *x = match i {
            0 => start,
            1 => start + step,
            _ => f64::at(start, start + step, i),
        };
    }
    Ok(Some(out))
}

/// The dtype of an argument by itself.
fn own_dtype(ob: Arg<'_, '_>) -> PyResult<DType> {
    if let Some(d) = scalar::discover(&ob) {
        return Ok(d);
    }
    let array = super::coerce::as_any(ob)?;
    Ok(ArrayRef::of(&array).dtype())
}

fn range<'py>(
    start: Arg<'_, 'py>,
    stop: Arg<'_, 'py>,
    step: Arg<'_, 'py>,
    has_step: bool,
    dtype: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = start.py();
    let own = match &dtype {
        Some(d) => dtype_of(d.as_ptr().cast()),
        None => {
            let mut own = own_dtype(start)?;
            for ob in [stop, step] {
                let next = own_dtype(ob)?;
                own = match (own.num == TypeNum::DateTime, next.num == TypeNum::DateTime) {
                    // Dates take plain numbers as counts of their unit.
                    (true, false) => own,
                    (false, true) => next,
                    _ => join(py, own, next)?,
                };
            }
            own
        }
    };
    if matches!(own.num, TypeNum::DateTime | TypeNum::TimeDelta) {
        return super::daterange::range(start, stop, has_step.then_some(step), &own);
    }
    if matches!(
        own.num,
        TypeNum::Bytes | TypeNum::Str | TypeNum::Void | TypeNum::VString
    ) {
        let class = descr::class(own.num);
        // SAFETY: a class object.
        let class = unsafe { Bound::from_borrowed_ptr(py, class.cast()) };
        return Err(PyTypeError::new_err(format!(
            "arange() not supported for inputs with DType {}.",
            class.repr()?
        )));
    }
    let n = count(start, stop, step)?;
    if own.num == TypeNum::Bool && n > 2 {
        return Err(PyTypeError::new_err(
            "arange() is only supported for booleans when the result has at most length 2.",
        ));
    }
    let native = descr_for(py, &own.native())?;
    let descr: *mut Descr = native.as_ptr().cast();
    let out = empty(py, &[n], descr, false)?;
    fill(ArrayRef::of(&out), n, start, step)?;
    match dtype {
        // Swapped dtypes (and ones with metadata) are filled in native order first.
        Some(d) if !std::ptr::eq(d.as_ptr(), native.as_ptr()) => {
            super::coerce::asarray_as(out.as_borrowed(), d.as_ptr().cast())
        }
        _ => Ok(out),
    }
}

/// Common dtype of two arguments.
fn join(py: Python<'_>, a: DType, b: DType) -> PyResult<DType> {
    use crate::err::OrRaise;
    if a == b {
        return Ok(a);
    }
    promote_types(&a, &b).or_raise(py)
}

/// `ceil((stop - start) / step)`, by Python's arithmetic.
fn count(start: Arg<'_, '_>, stop: Arg<'_, '_>, step: Arg<'_, '_>) -> PyResult<usize> {
    use pyo3::types::PyComplex;
    let delta = stop.sub(start)?;
    let quotient = delta.div(step)?;
    if let Ok(z) = quotient.cast::<PyComplex>() {
        use pyo3::types::PyComplexMethods;
        return Ok(ceil(z.real())?.min(ceil(z.imag())?).max(0) as usize);
    }
    // SAFETY: a valid object.
    let value = unsafe { ffi::PyFloat_AsDouble(quotient.as_ptr()) };
    if value == -1.0 {
        if let Some(e) = PyErr::take(start.py()) {
            return Err(e);
        }
    }
    // A quotient that underflows to zero still stands for one step.
    if value == 0.0 && delta.is_truthy()? {
        let sign = delta.div(step)?.extract::<f64>().unwrap_or(0.0);
        return Ok(usize::from(!sign.is_sign_negative()));
    }
    Ok(ceil(value)?.max(0) as usize)
}

fn ceil(value: f64) -> PyResult<i64> {
    let up = value.ceil();
    if up.is_nan() {
        return Err(PyValueError::new_err("arange: cannot compute length"));
    }
    if !(i64::MIN as f64..=i64::MAX as f64).contains(&up) {
        return Err(PyValueError::new_err("Maximum allowed size exceeded"));
    }
    // Exactly 2**63 wraps, as a C conversion does.
    Ok(if up == i64::MAX as f64 {
        i64::MIN
    } else {
        up as i64
    })
}

/// Items as numbers with the first value and the step in between.
trait Ramp: Copy {
    fn at(first: Self, second: Self, i: usize) -> Self;
}

macro_rules! int_ramp {
    ($($t:ty)*) => { $(impl Ramp for $t {
        #[inline(always)]
        fn at(first: Self, second: Self, i: usize) -> Self {
            first.wrapping_add(second.wrapping_sub(first).wrapping_mul(i as $t))
        }
    })* };
}
int_ramp! { i8 u8 i16 u16 i32 u32 i64 u64 }

macro_rules! float_ramp {
    ($($t:ty)*) => { $(impl Ramp for $t {
        #[inline(always)]
        fn at(first: Self, second: Self, i: usize) -> Self {
            first + i as $t * (second - first)
        }
    })* };
}
float_ramp! { f32 f64 }

impl Ramp for Bool {
    fn at(first: Self, second: Self, i: usize) -> Self {
        if i == 0 {
            first
        } else {
            second
        }
    }
}

impl<T: Ramp> Ramp for Complex<T> {
    #[inline(always)]
    fn at(first: Self, second: Self, i: usize) -> Self {
        Complex {
            re: T::at(first.re, second.re, i),
            im: T::at(first.im, second.im, i),
        }
    }
}

/// Fills `items[2..]` from the first two.
///
/// # Safety
/// - `data` holds `n` values of which two are set.
unsafe fn ramp<T: Ramp>(data: *mut u8, n: usize) {
    // SAFETY: by contract.
    let items = unsafe { std::slice::from_raw_parts_mut(data.cast::<T>(), n) };
    let (first, second) = (items[0], items[1]);
    for (i, x) in items.iter_mut().enumerate().skip(2) {
        *x = T::at(first, second, i);
    }
}

fn fill(out: ArrayRef<'_, '_>, n: usize, start: Arg<'_, '_>, step: Arg<'_, '_>) -> PyResult<()> {
    let py = out.py();
    let data = out.data();
    let size = out.itemsize();
    if n == 0 {
        return Ok(());
    }
    // SAFETY: the first and second item of the new array.
    unsafe { scalar::set_item(py, data, out.descr(), &start.to_owned())? };
    if n == 1 {
        return Ok(());
    }
    let next = start.add(step)?;
    // SAFETY: as above.
    unsafe { scalar::set_item(py, data.add(size), out.descr(), &next)? };
    if n == 2 {
        return Ok(());
    }
    // SAFETY: the array is contiguous with `n` items, two of them set.
    unsafe {
        match out.dtype().num {
            TypeNum::CFloat => ramp::<Complex<f32>>(data, n),
            TypeNum::CDouble => ramp::<Complex<f64>>(data, n),
            num => dispatch_real!(num, T => ramp::<T>(data, n), _ => return slow(out, n)),
        }
    }
    Ok(())
}

/// Objects, half and long double: by the item type's own arithmetic.
fn slow(out: ArrayRef<'_, '_>, n: usize) -> PyResult<()> {
    let py = out.py();
    let (data, size) = (out.data(), out.itemsize());
    // SAFETY: all addresses lie in the array.
    unsafe {
        let first = scalar::from_ptr(py, data, out.descr(), None)?;
        let second = scalar::from_ptr(py, data.add(size), out.descr(), None)?;
        if out.dtype().num == TypeNum::Half {
            let (a, b): (f32, f32) = (first.extract()?, second.extract()?);
            for i in 2..n {
                let value = f64::from(a + i as f32 * (b - a))
                    .into_pyobject(py)?
                    .into_any();
                scalar::set_item(py, data.add(i * size), out.descr(), &value)?;
            }
            return Ok(());
        }
        let delta = second.sub(&first)?;
        let object = out.dtype().num == TypeNum::Object;
        let mut value = second;
        for i in 2..n {
            value = if object {
                value.add(&delta)?
            } else {
                first.add(delta.mul(i)?)?
            };
            scalar::set_item(py, data.add(i * size), out.descr(), &value)?;
        }
    }
    Ok(())
}
