//! One number of any class: read from memory, converted, written back, made from Python objects.

use numoxide_dtype::text::{FloatRepr, ParsedLong};
use numoxide_dtype::{dispatch_number, Bool, Complex, Element, TypeNum, F16, F80};
use numoxide_kernels::{fp, half};
use pyo3::exceptions::PyOverflowError;
use pyo3::ffi;
use pyo3::prelude::*;

/// Room for any fixed-size item, aligned for all of them.
#[repr(C, align(16))]
#[derive(Clone, Copy, Default)]
pub(crate) struct Raw(pub(crate) [u8; 32]);

impl Raw {
    /// The bytes of a value.
    #[inline(always)]
    pub(crate) fn of<T: Element>(value: T) -> Raw {
        const { assert!(size_of::<T>() <= 32) };
        let mut raw = Raw::default();
        // SAFETY: the buffer is large and aligned enough for every element type.
        unsafe { raw.0.as_mut_ptr().cast::<T>().write(value) };
        raw
    }

    /// The first `size` bytes at `ptr`, the usual sizes without a call.
    ///
    /// # Safety
    /// - `ptr` points to `size` readable bytes, at most 32.
    #[inline(always)]
    pub(crate) unsafe fn read(ptr: *const u8, size: usize) -> Raw {
        let mut raw = Raw::default();
        // SAFETY: by contract; the buffer has 32 bytes.
        unsafe { copy_bytes(ptr, raw.0.as_mut_ptr(), size) };
        raw
    }

    /// Writes the first `size` bytes to `ptr`.
    ///
    /// # Safety
    /// - `ptr` points to `size` writable bytes, at most 32.
    #[inline(always)]
    pub(crate) unsafe fn write(&self, ptr: *mut u8, size: usize) {
        // SAFETY: by contract; the buffer has 32 bytes.
        unsafe { copy_bytes(self.0.as_ptr(), ptr, size) };
    }

    /// The value whose bytes these are.
    #[inline(always)]
    pub(crate) fn get<T: Element>(&self) -> T {
        const { assert!(size_of::<T>() <= 32) };
        // SAFETY: as in `of`; every bit pattern is valid for the element types.
        unsafe { self.0.as_ptr().cast::<T>().read() }
    }
}

/// Copies few bytes; the usual sizes are a load and a store.
///
/// # Safety
/// - Both point to `size` bytes, which do not overlap.
#[inline(always)]
unsafe fn copy_bytes(from: *const u8, to: *mut u8, size: usize) {
    macro_rules! as_one {
        ($t:ty) => {
            to.cast::<$t>()
                .write_unaligned(from.cast::<$t>().read_unaligned())
        };
    }
    // SAFETY: by contract.
    unsafe {
        match size {
            8 => as_one!(u64),
            4 => as_one!(u32),
            1 => as_one!(u8),
            2 => as_one!(u16),
            16 => as_one!(u128),
            n => to.copy_from_nonoverlapping(from, n),
        }
    }
}

/// A number in the widest form of its kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Num {
    /// Bools and integers.
    Int(i128),
    /// Half, single, double.
    Float(f64),
    /// Long double.
    Long(F80),
    /// Complex of single or double.
    Complex(f64, f64),
    /// Complex long double.
    CLong(F80, F80),
}

/// An element type as scalars use it.
pub(crate) trait Native: Element {
    /// The widest form of the value.
    fn widen(self) -> Num;
    /// A C cast from another kind of number; floating-point status is added to `status`.
    fn narrow(value: Num, status: &mut u8) -> Self;
    /// What `.item()` gives; `None` where that is the NumPy scalar itself.
    fn item(self, py: Python<'_>) -> Option<*mut ffi::PyObject>;
    /// The conversion of an arbitrary Python object, with NumPy's errors.
    fn from_object(obj: &Bound<'_, PyAny>, num: TypeNum) -> PyResult<Self>;
}

/// Status of rounding a finite number to a value that became infinite.
fn overflowed(finite: bool, infinite: bool) -> u8 {
    if finite && infinite {
        fp::OVERFLOW
    } else {
        0
    }
}

/// The exact long double of a significand with the value `significand * 2^(exponent - 63)`.
fn long_scaled(negative: bool, exponent: i32, significand: u64) -> F80 {
    let shift = significand.leading_zeros() % 64;
    let biased = if significand == 0 {
        0
    } else {
        (exponent + 16383 - shift as i32) as u16
    };
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&(significand << shift).to_le_bytes());
    bytes[8..10].copy_from_slice(&(biased | u16::from(negative) << 15).to_le_bytes());
    F80(bytes)
}

/// The exact long double of a double.
pub(crate) fn f80(x: f64) -> F80 {
    let bits = x.to_bits();
    let (exponent, mantissa) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
    let negative = bits >> 63 != 0;
    match exponent {
        0x7ff => long_scaled(negative, 0x4000, 1 << 63 | mantissa << 11),
        0 => long_scaled(negative, -1011, mantissa),
        e => long_scaled(negative, e - 1023, 1 << 63 | mantissa << 11),
    }
}

fn long_to_f64(x: F80) -> f64 {
    FloatRepr::from_f80_bytes(x.0).to_f64()
}

impl Num {
    /// The real part as a double.
    pub(crate) fn real(self) -> f64 {
        match self {
            Num::Int(i) => i as f64,
            Num::Float(x) | Num::Complex(x, _) => x,
            Num::Long(x) | Num::CLong(x, _) => long_to_f64(x),
        }
    }

    /// Whether real and imaginary part are finite in their own precision.
    fn finite(self) -> (bool, bool) {
        match self {
            Num::Int(_) => (true, true),
            Num::Float(x) => (x.is_finite(), true),
            Num::Complex(re, im) => (re.is_finite(), im.is_finite()),
            Num::Long(x) => (x.is_finite(), true),
            Num::CLong(re, im) => (re.is_finite(), im.is_finite()),
        }
    }

    /// Truncation toward zero.
    fn int(self, status: &mut u8) -> i128 {
        let x = match self {
            Num::Int(i) => return i,
            other => other.real(),
        };
        if !x.is_finite() {
            *status |= fp::INVALID;
        }
        if x.is_nan() {
            i128::from(i64::MIN)
        } else {
            x as i128
        }
    }

    /// Whether the value is not zero.
    pub(crate) fn truth(self) -> bool {
        match self {
            Num::Int(i) => i != 0,
            Num::Float(x) => x != 0.0,
            Num::Long(x) => long_truth(x),
            Num::Complex(re, im) => re != 0.0 || im != 0.0,
            Num::CLong(re, im) => long_truth(re) || long_truth(im),
        }
    }

    fn long(self) -> F80 {
        match self {
            Num::Long(x) | Num::CLong(x, _) => x,
            Num::Int(i) => i128_to_f80(i),
            other => f80(other.real()),
        }
    }
}

/// Whether a long double is not zero: only zeros have no bit of the significand set.
fn long_truth(x: F80) -> bool {
    x.0[..8].iter().any(|byte| *byte != 0)
}

fn i128_to_f80(i: i128) -> F80 {
    match i64::try_from(i) {
        Ok(i) => long_scaled(i < 0, 63, i.unsigned_abs()),
        Err(_) => u64::try_from(i).map_or_else(|_| f80(i as f64), |u| long_scaled(false, 63, u)),
    }
}

impl Native for Bool {
    fn widen(self) -> Num {
        Num::Int(i128::from(self.0 != 0))
    }
    fn narrow(value: Num, _: &mut u8) -> Self {
        Bool(u8::from(value.truth()))
    }
    fn item(self, _: Python<'_>) -> Option<*mut ffi::PyObject> {
        // SAFETY: the interpreter lock is held.
        Some(unsafe { ffi::PyBool_FromLong(i64::from(self.0 != 0)) })
    }
    fn from_object(obj: &Bound<'_, PyAny>, _: TypeNum) -> PyResult<Self> {
        Ok(Bool(u8::from(obj.is_truthy()?)))
    }
}

/// Truncation of a double the way the CPU's conversion to `bits` bits does it.
fn cut(x: f64, bits: u32, status: &mut u8) -> i64 {
    let limit = (2f64).powi(bits as i32 - 1);
    if x >= -limit && x < limit {
        x as i64
    } else if bits == 32 && x > -limit - 1.0 && x < limit {
        x.trunc() as i64
    } else {
        *status |= fp::INVALID;
        i64::MIN >> (64 - bits)
    }
}

macro_rules! ints {
    ($($t:ty),*) => { $(impl Native for $t {
        fn widen(self) -> Num {
            Num::Int(self as i128)
        }
        fn narrow(value: Num, status: &mut u8) -> Self {
            if let Num::Int(i) = value {
                return i as $t;
            }
            let x = value.real();
            match size_of::<$t>() {
                8 if <$t>::MIN == 0 && x >= 9223372036854775808.0 => {
                    if x >= 18446744073709551616.0 {
                        *status |= fp::INVALID;
                        return 0;
                    }
                    x as u64 as $t
                }
                8 => cut(x, 64, status) as $t,
                4 if <$t>::MIN == 0 => cut(x, 64, status) as $t,
                _ => cut(x, 32, status) as $t,
            }
        }
        fn item(self, _: Python<'_>) -> Option<*mut ffi::PyObject> {
            // SAFETY: the interpreter lock is held.
            Some(unsafe {
                if <$t>::MIN == 0 {
                    ffi::PyLong_FromUnsignedLongLong(self as u64)
                } else {
                    ffi::PyLong_FromLongLong(self as i64)
                }
            })
        }
        fn from_object(obj: &Bound<'_, PyAny>, num: TypeNum) -> PyResult<Self> {
            let value = python_int(obj, num)?;
            <$t>::try_from(value).map_err(|_| out_of_bounds(&value.to_string(), num))
        }
    })* };
}
ints!(i8, u8, i16, u16, i32, u32, i64, u64);

/// The error for a Python integer that does not fit.
#[cold]
pub(crate) fn out_of_bounds(value: &str, num: TypeNum) -> PyErr {
    PyOverflowError::new_err(format!(
        "Python integer {value} out of bounds for {}",
        numoxide_dtype::DType::new(num).name()
    ))
}

/// The value of a Python int that fits 64 bits of either sign.
pub(crate) fn exact_int(obj: &Bound<'_, PyAny>) -> Option<i128> {
    let mut overflow = 0;
    // SAFETY: a live int; overflow is reported in the flag, other errors are cleared.
    unsafe {
        let v = ffi::PyLong_AsLongLongAndOverflow(obj.as_ptr(), &mut overflow);
        match overflow {
            0 if v == -1 && !ffi::PyErr_Occurred().is_null() => {
                ffi::PyErr_Clear();
                None
            }
            0 => Some(i128::from(v)),
            1 => {
                let v = ffi::PyLong_AsUnsignedLongLong(obj.as_ptr());
                if v == u64::MAX && !ffi::PyErr_Occurred().is_null() {
                    ffi::PyErr_Clear();
                    return None;
                }
                Some(i128::from(v))
            }
            _ => None,
        }
    }
}

/// `int(obj)` as an integer item wants it.
fn python_int(obj: &Bound<'_, PyAny>, num: TypeNum) -> PyResult<i128> {
    let py = obj.py();
    let made;
    // SAFETY: live objects.
    let int = unsafe {
        if ffi::PyLong_Check(obj.as_ptr()) != 0 {
            obj
        } else {
            // The constructor, not the number protocol: it also takes text.
            made =
                Bound::from_borrowed_ptr(py, (&raw mut ffi::PyLong_Type).cast()).call1((obj,))?;
            &made
        }
    };
    let value = exact_int(int).filter(|&v| num.is_unsigned() || i64::try_from(v).is_ok());
    value.ok_or_else(|| too_large(num))
}

/// The error for a Python integer beyond 64 bits.
#[cold]
pub(crate) fn too_large(num: TypeNum) -> PyErr {
    PyOverflowError::new_err(match num {
        TypeNum::LongLong | TypeNum::ULongLong => "int too big to convert",
        _ => "Python int too large to convert to C long",
    })
}

/// `float(obj)` as a float item wants it: `None` is NaN.
pub(crate) fn python_float(obj: &Bound<'_, PyAny>) -> PyResult<f64> {
    let py = obj.py();
    // SAFETY: live objects; errors are looked for.
    unsafe {
        if ffi::PyFloat_Check(obj.as_ptr()) != 0 {
            return Ok(ffi::PyFloat_AS_DOUBLE(obj.as_ptr()));
        }
        if obj.is_none() {
            return Ok(f64::NAN);
        }
        let text = ffi::PyUnicode_Check(obj.as_ptr()) != 0 || ffi::PyBytes_Check(obj.as_ptr()) != 0;
        let float = if text {
            ffi::PyFloat_FromString(obj.as_ptr())
        } else {
            ffi::PyNumber_Float(obj.as_ptr())
        };
        if float.is_null() {
            let err = PyErr::fetch(py);
            return Err(if !text && ffi::PySequence_Check(obj.as_ptr()) != 0 {
                super::set::sequence_error(py, Some(err), ".")
            } else {
                err
            });
        }
        let value = ffi::PyFloat_AS_DOUBLE(float);
        ffi::Py_DECREF(float);
        Ok(value)
    }
}

/// `complex(obj)` as a complex item wants it.
pub(crate) fn python_complex(obj: &Bound<'_, PyAny>) -> PyResult<(f64, f64)> {
    let py = obj.py();
    if obj.is_none() {
        return Ok((f64::NAN, f64::NAN));
    }
    // SAFETY: live objects; errors are looked for.
    unsafe {
        let text = ffi::PyUnicode_Check(obj.as_ptr()) != 0;
        let bytes = ffi::PyBytes_Check(obj.as_ptr()) != 0;
        if text || bytes {
            let ctor = Bound::from_borrowed_ptr(py, (&raw mut ffi::PyComplex_Type).cast());
            let made = match bytes {
                true => ctor.call1((obj.call_method1("decode", ("ascii", "strict"))?,))?,
                false => ctor.call1((obj,))?,
            };
            return python_complex(&made);
        }
        let value = ffi::PyComplex_AsCComplex(obj.as_ptr());
        if value.real == -1.0 && !ffi::PyErr_Occurred().is_null() {
            return Err(PyErr::fetch(py));
        }
        Ok((value.real, value.imag))
    }
}

/// Reports an overflow that happened while a Python number was stored in a small float.
fn report(py: Python<'_>, status: u8) -> PyResult<()> {
    match status {
        0 => Ok(()),
        bits => crate::errstate::report(py, bits, "cast"),
    }
}

macro_rules! floats {
    ($($t:ty: $to:expr, $from:expr, $finite:expr;)*) => { $(impl Native for $t {
        fn widen(self) -> Num {
            let to: fn($t) -> f64 = $to;
            Num::Float(to(self))
        }
        fn narrow(value: Num, status: &mut u8) -> Self {
            let from: fn(f64) -> $t = $from;
            let finite: fn($t) -> bool = $finite;
            let x = value.real();
            let out = from(x);
            *status |= overflowed(value.finite().0, !finite(out));
            out
        }
        fn item(self, _: Python<'_>) -> Option<*mut ffi::PyObject> {
            let to: fn($t) -> f64 = $to;
            // SAFETY: the interpreter lock is held.
            Some(unsafe { ffi::PyFloat_FromDouble(to(self)) })
        }
        fn from_object(obj: &Bound<'_, PyAny>, _: TypeNum) -> PyResult<Self> {
            let mut status = 0;
            let out = Self::narrow(Num::Float(python_float(obj)?), &mut status);
            report(obj.py(), status)?;
            Ok(out)
        }
    })* };
}
floats! {
    f64: |x| x, |x| x, |x| x.is_finite();
    f32: |x| f64::from(x), |x| x as f32, |x| x.is_finite();
    F16: |x| f64::from(half::to_f32(x)), half_from_f64, |x| x.0 & 0x7c00 != 0x7c00;
}

/// The nearest half of a double, rounded once.
pub(crate) fn half_from_f64(x: f64) -> F16 {
    let single = x as f32;
    // Rounding twice goes wrong only when the first rounding lands on a tie: nudge it back.
    let exact = f64::from(single);
    let bits = single.to_bits();
    let nudged = if exact == x || !single.is_finite() || bits & 0x0fff != 0 {
        single
    } else if (exact < x) == (x > 0.0) {
        f32::from_bits(bits + 1)
    } else {
        f32::from_bits(bits - 1)
    };
    half::from_f32(nudged)
}

impl Native for F80 {
    fn widen(self) -> Num {
        Num::Long(self)
    }
    fn narrow(value: Num, _: &mut u8) -> Self {
        value.long()
    }
    fn item(self, _: Python<'_>) -> Option<*mut ffi::PyObject> {
        None
    }
    fn from_object(obj: &Bound<'_, PyAny>, _: TypeNum) -> PyResult<Self> {
        long_from_object(obj)
    }
}

/// A long double from any object: text and big ints keep all their digits.
pub(crate) fn long_from_object(obj: &Bound<'_, PyAny>) -> PyResult<F80> {
    // SAFETY: live object.
    let (text, bytes, int) = unsafe {
        (
            ffi::PyUnicode_Check(obj.as_ptr()) != 0,
            ffi::PyBytes_Check(obj.as_ptr()) != 0,
            ffi::PyLong_Check(obj.as_ptr()) != 0,
        )
    };
    if let Some((num, raw)) = super::value_of(obj) {
        if num.is_float() || num.is_integer() || num == TypeNum::Bool {
            return Ok(
                dispatch_number!(num, T => raw.get::<T>().widen().long(), _ => F80::default()),
            );
        }
    }
    let digits: String = if text {
        obj.extract()?
    } else if bytes {
        obj.call_method1("decode", ("ascii",))?.extract()?
    } else if int {
        match exact_int(obj) {
            Some(v) => return Ok(i128_to_f80(v)),
            None => obj.str()?.extract()?,
        }
    } else {
        return Ok(f80(python_float(obj)?));
    };
    let parsed: Option<ParsedLong> = numoxide_dtype::text::parse_long_double(&digits);
    let parsed = parsed.ok_or_else(|| {
        pyo3::exceptions::PyValueError::new_err(format!(
            "invalid literal for long double: {digits}"
        ))
    })?;
    if parsed.overflow {
        let py = obj.py();
        let class = py.get_type::<pyo3::exceptions::PyRuntimeWarning>();
        crate::err::warn(py, &class, "overflow encountered in conversion from string")?;
    }
    Ok(F80(parsed.bytes))
}

macro_rules! complexes {
    ($($t:ty),*) => { $(impl Native for Complex<$t> {
        fn widen(self) -> Num {
            Num::Complex(f64::from(self.re), f64::from(self.im))
        }
        fn narrow(value: Num, status: &mut u8) -> Self {
            let finite = value.finite();
            let (re, im) = match value {
                Num::Complex(re, im) => (re, im),
                Num::CLong(re, im) => (long_to_f64(re), long_to_f64(im)),
                other => (other.real(), 0.0),
            };
            let out = Complex { re: re as $t, im: im as $t };
            *status |= overflowed(finite.0, !out.re.is_finite());
            *status |= overflowed(finite.1, !out.im.is_finite());
            out
        }
        fn item(self, _: Python<'_>) -> Option<*mut ffi::PyObject> {
            // SAFETY: the interpreter lock is held.
            Some(unsafe { ffi::PyComplex_FromDoubles(f64::from(self.re), f64::from(self.im)) })
        }
        fn from_object(obj: &Bound<'_, PyAny>, _: TypeNum) -> PyResult<Self> {
            let (re, im) = python_complex(obj)?;
            let mut status = 0;
            let out = Self::narrow(Num::Complex(re, im), &mut status);
            report(obj.py(), status)?;
            Ok(out)
        }
    })* };
}
complexes!(f32, f64);

impl Native for Complex<F80> {
    fn widen(self) -> Num {
        Num::CLong(self.re, self.im)
    }
    fn narrow(value: Num, _: &mut u8) -> Self {
        match value {
            Num::CLong(re, im) => Complex { re, im },
            Num::Complex(re, im) => Complex {
                re: f80(re),
                im: f80(im),
            },
            other => Complex {
                re: other.long(),
                im: F80::default(),
            },
        }
    }
    fn item(self, _: Python<'_>) -> Option<*mut ffi::PyObject> {
        None
    }
    fn from_object(obj: &Bound<'_, PyAny>, _: TypeNum) -> PyResult<Self> {
        // SAFETY: live object.
        if unsafe { ffi::PyFloat_Check(obj.as_ptr()) } != 0 {
            return Ok(Complex {
                re: long_from_object(obj)?,
                im: F80::default(),
            });
        }
        let (re, im) = python_complex(obj)?;
        Ok(Self::narrow(Num::Complex(re, im), &mut 0))
    }
}

/// The number stored in `raw`.
pub(crate) fn widen(num: TypeNum, raw: &Raw) -> Option<Num> {
    dispatch_number!(num, T => Some(raw.get::<T>().widen()), _ => None)
}

/// A C cast of a number to a class; `None` if the class holds no numbers.
pub(crate) fn narrow(num: TypeNum, value: Num, status: &mut u8) -> Option<Raw> {
    dispatch_number!(num, T => Some(Raw::of(T::narrow(value, status))), _ => None)
}

/// The converted object; `None` if the class holds no numbers.
pub(crate) fn from_object(num: TypeNum, obj: &Bound<'_, PyAny>) -> Option<PyResult<Raw>> {
    dispatch_number!(num, T => Some(T::from_object(obj, num).map(Raw::of)), _ => None)
}

/// `.item()` of a number; `None` where that is the scalar itself or no number.
pub(crate) fn item(py: Python<'_>, num: TypeNum, raw: &Raw) -> Option<*mut ffi::PyObject> {
    dispatch_number!(num, T => raw.get::<T>().item(py), _ => None)
}

/// Byte width of the units that byte swapping reverses (halves of complex numbers).
pub(crate) fn swap_unit(num: TypeNum, size: usize) -> usize {
    match num {
        n if n.is_complex() => size / 2,
        TypeNum::Str => 4,
        _ => size,
    }
}
