//! Operators of number scalars: the other operand made a value of the same class, then one typed
//! operation; what does not fit goes to the ufunc.

use super::arith::{Arith, Binary, Out, Unary};
use super::delegate::{self, Op};
use super::item::make_fixed;
use super::number::{exact_int, narrow, out_of_bounds, widen, Num, Raw};
use super::types::{bool_scalar, num_for, type_for, value_offset};
use super::{convert, generic, plain_number, value_of};
use crate::slots::{bare_or, quick_or};
use crate::statics::leak_table;
use numoxide_dtype::{can_cast, Bool, Casting, Complex, DType, TypeNum, F16, ROWS};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;
use std::sync::OnceLock;

/// The words of each binary operator in warnings, and its ufunc.
const BINARY: [(&str, Op); 13] = [
    ("scalar add", Op::Add),
    ("scalar subtract", Op::Subtract),
    ("scalar multiply", Op::Multiply),
    ("scalar divide", Op::TrueDivide),
    ("scalar floor_divide", Op::FloorDivide),
    ("scalar remainder", Op::Remainder),
    ("scalar divmod", Op::Divmod),
    ("scalar power", Op::Power),
    ("scalar left_shift", Op::LeftShift),
    ("scalar right_shift", Op::RightShift),
    ("scalar bitwise_and", Op::And),
    ("scalar bitwise_or", Op::Or),
    ("scalar bitwise_xor", Op::Xor),
];

/// The operator of a code; codes are constants, so this folds away.
#[inline(always)]
const fn binary_of(code: u8) -> Binary {
    use Binary as B;
    const ALL: [Binary; 13] = [
        B::Add,
        B::Subtract,
        B::Multiply,
        B::Divide,
        B::FloorDivide,
        B::Remainder,
        B::Divmod,
        B::Power,
        B::LeftShift,
        B::RightShift,
        B::And,
        B::Or,
        B::Xor,
    ];
    ALL[code as usize]
}

/// What the other operand is to a scalar of class `T`.
enum Other<T> {
    /// A value of the same class.
    Value(T),
    /// A Python float beside an integer: both become doubles.
    Double(f64),
    /// A Python complex beside a real number.
    Complex(f64, f64),
    /// A larger NumPy scalar, whose own operator takes over.
    Theirs,
    /// A Python integer that does not fit the class.
    TooBig,
    /// Anything else.
    Unknown,
}

/// Whether one class casts safely to another.
fn safe(from: TypeNum, to: TypeNum) -> bool {
    static TABLE: OnceLock<[[bool; 24]; 24]> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let (a, b) = (ROWS[i].num, ROWS[j].num);
                let numbers = a.is_number() && b.is_number();
                numbers && can_cast(&DType::new(a), &DType::new(b), Casting::Safe)
            })
        })
    });
    table[from as usize][to as usize]
}

/// The value inside a scalar of class `num`.
///
/// # Safety
/// - `ob` is a scalar of that class, whose storage is `T`.
#[inline(always)]
unsafe fn read<T: Arith>(ob: *mut ffi::PyObject, num: TypeNum) -> T {
    // SAFETY: by contract; values are aligned in the object.
    unsafe {
        ob.cast::<u8>()
            .add(value_offset(num))
            .cast::<T>()
            .read_unaligned()
    }
}

/// A fresh scalar of class `num`, allocated without detours.
#[inline(always)]
fn make<T: Arith>(py: Python<'_>, num: TypeNum, value: T) -> PyResult<*mut ffi::PyObject> {
    let ty = type_for(num);
    // SAFETY: a static type without garbage collection; its size covers the value.
    unsafe {
        let new = ffi::PyObject_Malloc((*ty).tp_basicsize as usize).cast::<ffi::PyObject>();
        if new.is_null() {
            return Err(pyo3::exceptions::PyMemoryError::new_err(()));
        }
        let _ = py;
        ffi::PyObject_Init(new, ty);
        new.cast::<u8>()
            .add(value_offset(num))
            .cast::<T>()
            .write(value);
        Ok(new)
    }
}

/// A Python number in the class, with the warning when it overflows.
fn weak<T: Arith>(py: Python<'_>, num: TypeNum, value: Num) -> PyResult<T> {
    let mut status = 0;
    let raw = narrow(num, value, &mut status).unwrap_or_default();
    if status != 0 {
        crate::errstate::report(py, status, "cast")?;
    }
    Ok(raw.get())
}

/// What the other operand is.
fn other_of<T: Arith>(py: Python<'_>, ob: *mut ffi::PyObject, num: TypeNum) -> PyResult<Other<T>> {
    // SAFETY: a live object; exact types have their layouts.
    unsafe {
        let ty = ffi::Py_TYPE(ob);
        if ty == type_for(num) {
            return Ok(Other::Value(read(ob, num)));
        }
        if ty == &raw mut ffi::PyFloat_Type {
            let x = ffi::PyFloat_AS_DOUBLE(ob);
            return Ok(match T::INEXACT {
                true => Other::Value(weak(py, num, Num::Float(x))?),
                false => Other::Double(x),
            });
        }
        if ty == &raw mut ffi::PyLong_Type || ty == &raw mut ffi::PyBool_Type {
            return python_int(py, &Bound::from_borrowed_ptr(py, ob), num);
        }
        if ty == &raw mut ffi::PyComplex_Type {
            let c = ffi::PyComplex_AsCComplex(ob);
            return Ok(match num.is_complex() {
                true => Other::Value(weak(py, num, Num::Complex(c.real, c.imag))?),
                false => Other::Complex(c.real, c.imag),
            });
        }
        if ffi::PyType_IsSubtype(ty, type_for(num)) != 0 {
            return Ok(Other::Value(read(ob, num)));
        }
        let Some(theirs) = num_for(ty) else {
            return Ok(Other::Unknown);
        };
        if safe(theirs, num) {
            let found = value_of(&Bound::from_borrowed_ptr(py, ob));
            if let Some(value) = found.and_then(|(n, raw)| widen(n, &raw)) {
                return Ok(Other::Value(weak(py, num, value)?));
            }
        }
        Ok(if safe(num, theirs) {
            Other::Theirs
        } else {
            Other::Unknown
        })
    }
}

fn python_int<T: Arith>(py: Python<'_>, ob: &Bound<'_, PyAny>, num: TypeNum) -> PyResult<Other<T>> {
    if T::INEXACT {
        // SAFETY: a live int; errors are looked for.
        let x = unsafe { ffi::PyLong_AsDouble(ob.as_ptr()) };
        if x == -1.0 {
            if let Some(err) = PyErr::take(py) {
                return Err(err);
            }
        }
        return Ok(Other::Value(weak(py, num, Num::Float(x))?));
    }
    let Some(value) = exact_int(ob) else {
        return Ok(Other::TooBig);
    };
    let made = narrow(num, Num::Int(value), &mut 0).unwrap_or_default();
    match widen(num, &made) {
        Some(Num::Int(back)) if back == value => Ok(Other::Value(made.get())),
        _ => Ok(Other::TooBig),
    }
}

/// Reports status bits; where the operands were promoted, NumPy uses the ufunc and its name.
#[cold]
fn report(py: Python<'_>, code: u8, promoted: bool, bits: u8) -> PyResult<()> {
    let words = BINARY[code as usize].0;
    let words = if promoted {
        words.trim_start_matches("scalar ")
    } else {
        words
    };
    crate::errstate::report(py, bits, words)
}

/// The result as an object.
#[inline(always)]
fn finish<T: Arith>(
    py: Python<'_>,
    num: TypeNum,
    code: u8,
    promoted: bool,
    out: Out<T>,
) -> PyResult<Option<*mut ffi::PyObject>> {
    let check = |status: u8| match status {
        0 => Ok(()),
        bits => report(py, code, promoted, bits),
    };
    match out {
        Out::Same(value, status) => {
            check(status)?;
            make(py, num, value).map(Some)
        }
        Out::Double(value, status) => {
            check(status)?;
            make(py, TypeNum::Double, value).map(Some)
        }
        Out::Pair(q, r, status) => {
            check(status)?;
            pair(py, num, q, r).map(Some)
        }
        Out::NegativePower => Err(PyValueError::new_err(
            "Integers to negative integer powers are not allowed.",
        )),
        Out::Unsupported => Ok(Some(py.NotImplemented().into_ptr())),
        Out::Ufunc => Ok(None),
    }
}

fn pair<T: Arith>(py: Python<'_>, num: TypeNum, q: T, r: T) -> PyResult<*mut ffi::PyObject> {
    let items = [
        make_fixed(py, num, &Raw::of(q))?,
        make_fixed(py, num, &Raw::of(r))?,
    ];
    Ok(pyo3::types::PyTuple::new(py, items)?.into_ptr())
}

/// A binary number slot of class `N`, stored as `T`.
unsafe extern "C" fn binary_slot<T: Arith, const N: usize, const OP: u8>(
    lhs: *mut ffi::PyObject,
    rhs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with live objects.
    unsafe {
        quick_or(
            |py| quick::<T>(py, ROWS[N].num, OP, lhs, rhs),
            |py| binary::<T>(py, ROWS[N].num, OP, lhs, rhs),
        )
    }
}

/// An exact scalar of class `num`, or a Python number that becomes one without thought.
///
/// # Safety
/// - `ob` is live; the class is stored as `T`.
#[inline(always)]
unsafe fn same_class<T: Arith>(ob: *mut ffi::PyObject, num: TypeNum) -> Option<T> {
    // SAFETY: by contract.
    unsafe {
        if ffi::Py_TYPE(ob) == type_for(num) {
            return Some(read(ob, num));
        }
        plain_number(ob, num).map(|raw| raw.get())
    }
}

/// Two operands of one class.
///
/// # Safety
/// - Live objects, one of them a scalar of class `num` (or a subtype), stored as `T`.
#[inline(always)]
unsafe fn quick<T: Arith>(
    py: Python<'_>,
    num: TypeNum,
    code: u8,
    lhs: *mut ffi::PyObject,
    rhs: *mut ffi::PyObject,
) -> Option<PyResult<*mut ffi::PyObject>> {
    let op = binary_of(code);
    if num.is_complex() && op as u8 >= Binary::FloorDivide as u8 {
        return None;
    }
    // SAFETY: by contract.
    let (x, y): (T, T) = unsafe { (same_class(lhs, num)?, same_class(rhs, num)?) };
    finish(py, num, code, false, T::binary(op, x, y)).transpose()
}

/// # Safety
/// - Live objects, at least one of them a scalar of class `num`, stored as `T`.
#[inline(always)]
unsafe fn binary<T: Arith>(
    py: Python<'_>,
    num: TypeNum,
    code: u8,
    lhs: *mut ffi::PyObject,
    rhs: *mut ffi::PyObject,
) -> PyResult<*mut ffi::PyObject> {
    let op = binary_of(code);
    if num.is_complex() && matches!(op, Binary::FloorDivide | Binary::Remainder | Binary::Divmod) {
        return Ok(py.NotImplemented().into_ptr());
    }
    // SAFETY: by contract.
    unsafe {
        let mine = type_for(num);
        let forward = ffi::PyObject_TypeCheck(lhs, mine) != 0;
        let (slf, other) = if forward { (lhs, rhs) } else { (rhs, lhs) };
        let x: T = read(slf, num);
        let order = |y: T| if forward { (x, y) } else { (y, x) };
        let done = match other_of::<T>(py, other, num)? {
            Other::Value(y) => {
                let (a, b) = order(y);
                finish(py, num, code, false, T::binary(op, a, b))?
            }
            Other::Double(y) if op as u8 <= Binary::Power as u8 => {
                let (a, b) = (x.widen().real(), y);
                let (a, b) = if forward { (a, b) } else { (b, a) };
                finish(py, TypeNum::Double, code, true, f64::binary(op, a, b))?
            }
            Other::Complex(..)
                if matches!(op, Binary::FloorDivide | Binary::Remainder | Binary::Divmod) =>
            {
                None
            }
            Other::Complex(re, im) => complex(py, num, code, x.widen(), (re, im), forward)?,
            Other::Theirs => Some(py.NotImplemented().into_ptr()),
            Other::TooBig if op == Binary::Divide => {
                // Dividing gives doubles, which hold more than the class does.
                let y = ffi::PyLong_AsDouble(other);
                if let (true, Some(err)) = (y == -1.0, PyErr::take(py)) {
                    return Err(err);
                }
                let x = x.widen().real();
                let (a, b) = if forward { (x, y) } else { (y, x) };
                finish(py, TypeNum::Double, code, false, f64::binary(op, a, b))?
            }
            Other::TooBig => return Err(too_big(&Bound::from_borrowed_ptr(py, other), num)?),
            Other::Double(_) | Other::Unknown => None,
        };
        match done {
            Some(ob) => Ok(ob),
            None => {
                let lhs = Bound::from_borrowed_ptr(py, lhs);
                let rhs = Bound::from_borrowed_ptr(py, rhs);
                delegate::binary(py, BINARY[code as usize].1, &lhs, &rhs).map(Bound::into_ptr)
            }
        }
    }
}

/// The error for a Python integer that the class cannot hold.
#[cold]
fn too_big(ob: &Bound<'_, PyAny>, num: TypeNum) -> PyResult<PyErr> {
    Ok(match exact_int(ob).filter(|&v| i64::try_from(v).is_ok()) {
        Some(value) => out_of_bounds(&value.to_string(), num),
        None => {
            pyo3::exceptions::PyOverflowError::new_err("Python int too large to convert to C long")
        }
    })
}

/// A real scalar with a Python complex: complex of the scalar's precision.
fn complex(
    py: Python<'_>,
    num: TypeNum,
    code: u8,
    x: Num,
    y: (f64, f64),
    forward: bool,
) -> PyResult<Option<*mut ffi::PyObject>> {
    fn run<T: Arith>(
        py: Python<'_>,
        num: TypeNum,
        code: u8,
        (x, y): (Num, Num),
    ) -> PyResult<Option<*mut ffi::PyObject>> {
        let (a, b): (T, T) = (weak(py, num, x)?, weak(py, num, y)?);
        finish(py, num, code, true, T::binary(binary_of(code), a, b))
    }
    let y = Num::Complex(y.0, y.1);
    let operands = if forward { (x, y) } else { (y, x) };
    match num {
        TypeNum::Half | TypeNum::Float => run::<Complex<f32>>(py, TypeNum::CFloat, code, operands),
        TypeNum::LongDouble => Ok(None),
        _ => run::<Complex<f64>>(py, TypeNum::CDouble, code, operands),
    }
}

/// `nb_power`.
unsafe extern "C" fn power_slot<T: Arith, const N: usize>(
    lhs: *mut ffi::PyObject,
    rhs: *mut ffi::PyObject,
    modulo: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with live objects.
    unsafe {
        let code = Binary::Power as u8;
        quick_or(
            |py| match modulo == ffi::Py_None() {
                true => quick::<T>(py, ROWS[N].num, code, lhs, rhs),
                false => None,
            },
            |py| {
                if modulo != ffi::Py_None() {
                    return Ok(py.NotImplemented().into_ptr());
                }
                binary::<T>(py, ROWS[N].num, code, lhs, rhs)
            },
        )
    }
}

/// A unary number slot.
unsafe extern "C" fn unary_slot<T: Arith, const N: usize, const OP: u8>(
    slf: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    const ROWS_OF: [(Unary, Op, &str); 4] = [
        (Unary::Negative, Op::Negative, "scalar negative"),
        (Unary::Positive, Op::Positive, "scalar positive"),
        (Unary::Absolute, Op::Absolute, "scalar absolute"),
        (Unary::Invert, Op::Invert, "scalar invert"),
    ];
    // SAFETY: a slot call with a scalar of this class.
    unsafe {
        let (num, (op, ufunc, words)) = (ROWS[N].num, ROWS_OF[OP as usize]);
        let simple = |py| match T::unary(op, read(slf, num)) {
            Out::Same(value, 0) => make(py, num, value).ok(),
            _ => None,
        };
        bare_or(simple, |py| match T::unary(op, read(slf, num)) {
            Out::Same(value, status) => {
                if status != 0 {
                    crate::errstate::report(py, status, words)?;
                }
                make(py, num, value)
            }
            _ => {
                let slf = Bound::from_borrowed_ptr(py, slf);
                delegate::ufunc(py, ufunc)?
                    .call1((slf,))
                    .map(Bound::into_ptr)
            }
        })
    }
}

/// `tp_richcompare`.
unsafe extern "C" fn compare_slot<T: Arith, const N: usize>(
    slf: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    op: c_int,
) -> *mut ffi::PyObject {
    // SAFETY: a slot call with a scalar of this class and a live object.
    unsafe {
        bare_or(
            |_| {
                let (x, y) = (read(slf, ROWS[N].num), same_class::<T>(other, ROWS[N].num)?);
                Some(answer(holds(op, x, y)))
            },
            |py| compare::<T>(py, ROWS[N].num, slf, other, op),
        )
    }
}

/// A new reference to a bool scalar.
fn answer(value: bool) -> *mut ffi::PyObject {
    let made = bool_scalar(value);
    // SAFETY: a static object.
    unsafe { ffi::Py_INCREF(made) };
    made
}

fn holds<T: Arith>(op: c_int, x: T, y: T) -> bool {
    match op {
        ffi::Py_EQ => T::same(x, y),
        ffi::Py_NE => !T::same(x, y),
        ffi::Py_LT => T::less(x, y),
        ffi::Py_LE => T::less_equal(x, y),
        ffi::Py_GT => T::less(y, x),
        _ => T::less_equal(y, x),
    }
}

/// # Safety
/// - `slf` is a scalar of class `num`, stored as `T`; `other` is live.
unsafe fn compare<T: Arith>(
    py: Python<'_>,
    num: TypeNum,
    slf: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    op: c_int,
) -> PyResult<*mut ffi::PyObject> {
    // SAFETY: by contract; the bool scalars are static.
    unsafe {
        let answer = |value: bool| Ok(answer(value));
        let x: T = read(slf, num);
        match other_of::<T>(py, other, num)? {
            Other::Value(y) => return answer(holds(op, x, y)),
            Other::Double(y) => return answer(holds(op, x.widen().real(), y)),
            Other::Theirs => return Ok(py.NotImplemented().into_ptr()),
            Other::TooBig => {
                let (a, b) = (
                    Bound::from_borrowed_ptr(py, slf),
                    Bound::from_borrowed_ptr(py, other),
                );
                let item = super::item_of(&a)?;
                let code =
                    pyo3::basic::CompareOp::from_raw(op).unwrap_or(pyo3::basic::CompareOp::Eq);
                return answer(item.rich_compare(b, code)?.is_truthy()?);
            }
            Other::Complex(..) | Other::Unknown => {}
        }
        let theirs = num_for(ffi::Py_TYPE(other)).filter(|n| n.is_integer());
        if let (Num::Int(a), Some(_)) = (x.widen(), theirs) {
            let found = value_of(&Bound::from_borrowed_ptr(py, other));
            if let Some(Num::Int(b)) = found.and_then(|(n, raw)| widen(n, &raw)) {
                let order = a.cmp(&b);
                return answer(match op {
                    ffi::Py_EQ => order.is_eq(),
                    ffi::Py_NE => order.is_ne(),
                    ffi::Py_LT => order.is_lt(),
                    ffi::Py_LE => order.is_le(),
                    ffi::Py_GT => order.is_gt(),
                    _ => order.is_ge(),
                });
            }
        }
        let (a, b) = (
            Bound::from_borrowed_ptr(py, slf),
            Bound::from_borrowed_ptr(py, other),
        );
        delegate::compare(py, op, &a, &b).map(Bound::into_ptr)
    }
}

/// `&`, `|`, `^` of two bools without a ufunc.
macro_rules! bool_slots {
    ($($name:ident: $op:tt, $fallback:path;)*) => { $(
        unsafe extern "C" fn $name(
            lhs: *mut ffi::PyObject,
            rhs: *mut ffi::PyObject,
        ) -> *mut ffi::PyObject {
            // SAFETY: a slot call with live objects; the bool scalars are static.
            unsafe {
                match (bool_value(lhs), bool_value(rhs)) {
                    (Some(a), Some(b)) => {
                        let made = bool_scalar(a $op b);
                        ffi::Py_INCREF(made);
                        made
                    }
                    _ => $fallback(lhs, rhs),
                }
            }
        }
    )* };
}
bool_slots! { bool_and: &, generic::and; bool_or: |, generic::or; bool_xor: ^, generic::xor; }

/// The value of a NumPy or Python bool.
///
/// # Safety
/// - `ob` is live.
unsafe fn bool_value(ob: *mut ffi::PyObject) -> Option<bool> {
    // SAFETY: by contract; exact types have their layouts.
    unsafe {
        let ty = ffi::Py_TYPE(ob);
        if ty == type_for(TypeNum::Bool) {
            let byte = ob
                .cast::<u8>()
                .add(value_offset(TypeNum::Bool))
                .cast::<Bool>()
                .read();
            return Some(byte.0 != 0);
        }
        (ty == &raw mut ffi::PyBool_Type).then(|| ob == ffi::Py_True())
    }
}

/// Puts the slots of a class into its table.
fn arith_slots<T: Arith, const N: usize>(t: &mut ffi::PyNumberMethods, num: TypeNum) {
    t.nb_add = Some(binary_slot::<T, N, 0>);
    t.nb_subtract = Some(binary_slot::<T, N, 1>);
    t.nb_multiply = Some(binary_slot::<T, N, 2>);
    t.nb_true_divide = Some(binary_slot::<T, N, 3>);
    t.nb_floor_divide = Some(binary_slot::<T, N, 4>);
    t.nb_remainder = Some(binary_slot::<T, N, 5>);
    t.nb_divmod = Some(binary_slot::<T, N, 6>);
    t.nb_power = Some(power_slot::<T, N>);
    t.nb_negative = Some(unary_slot::<T, N, 0>);
    t.nb_positive = Some(unary_slot::<T, N, 1>);
    t.nb_absolute = Some(unary_slot::<T, N, 2>);
    if num.is_integer() {
        t.nb_invert = Some(unary_slot::<T, N, 3>);
        t.nb_lshift = Some(binary_slot::<T, N, 8>);
        t.nb_rshift = Some(binary_slot::<T, N, 9>);
        t.nb_and = Some(binary_slot::<T, N, 10>);
        t.nb_or = Some(binary_slot::<T, N, 11>);
        t.nb_xor = Some(binary_slot::<T, N, 12>);
        t.nb_index = Some(convert::index);
    }
}

/// Runs `$with!(storage, number)` for the class, or nothing for those left to ufuncs.
macro_rules! by_class {
    ($num:expr, $call:ident($($arg:expr),*)) => {
        match $num {
            TypeNum::Byte => $call::<i8, 1>($($arg),*),
            TypeNum::UByte => $call::<u8, 2>($($arg),*),
            TypeNum::Short => $call::<i16, 3>($($arg),*),
            TypeNum::UShort => $call::<u16, 4>($($arg),*),
            TypeNum::Int => $call::<i32, 5>($($arg),*),
            TypeNum::UInt => $call::<u32, 6>($($arg),*),
            TypeNum::Long => $call::<i64, 7>($($arg),*),
            TypeNum::ULong => $call::<u64, 8>($($arg),*),
            TypeNum::LongLong => $call::<i64, 9>($($arg),*),
            TypeNum::ULongLong => $call::<u64, 10>($($arg),*),
            TypeNum::Float => $call::<f32, 11>($($arg),*),
            TypeNum::Double => $call::<f64, 12>($($arg),*),
            TypeNum::CFloat => $call::<Complex<f32>, 14>($($arg),*),
            TypeNum::CDouble => $call::<Complex<f64>, 15>($($arg),*),
            TypeNum::Half => $call::<F16, 23>($($arg),*),
            _ => {}
        }
    };
}

fn set_compare<T: Arith, const N: usize>(ty: *mut ffi::PyTypeObject) {
    // SAFETY: the type is being filled.
    unsafe { (*ty).tp_richcompare = Some(compare_slot::<T, N>) }
}

/// Adds the number slots of a concrete number type.
///
/// # Safety
/// - `ty` is the type being filled.
pub(crate) unsafe fn fill(ty: *mut ffi::PyTypeObject, num: TypeNum) {
    by_class!(num, set_compare(ty));
    let table = leak_table(|t: &mut ffi::PyNumberMethods| {
        generic::number_slots(t);
        if num == TypeNum::Bool {
            t.nb_and = Some(bool_and);
            t.nb_or = Some(bool_or);
            t.nb_xor = Some(bool_xor);
        }
        by_class!(num, arith_slots(t, num));
    });
    // SAFETY: by contract.
    unsafe { (*ty).tp_as_number = table };
}
