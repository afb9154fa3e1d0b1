//! Loops over Python objects, and the type strings of ufuncs.

use super::object_products::Product;
use numoxide_core::TypeNum;
use numoxide_kernels::{Aux, BoundLoop, LoopCtx, LoopFlags};
use numoxide_ufunc::resolve::{set_foreign_loops, ForeignLoops};
use numoxide_ufunc::table::{Op, ResolveKind};
use pyo3::ffi;
use pyo3::ffi::PyObject;
use std::ffi::{c_int, c_void, CStr};
use std::ptr::null_mut;

type Binary = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;
type Unary = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;

/// How an op works on objects.
enum ObjectOp {
    /// `f(a, b)`.
    Binary(Binary),
    /// `f(a)`.
    Unary(Unary),
    /// `a.name()`.
    Method(&'static CStr),
    /// `a.name(b)`.
    Method2(&'static CStr),
    /// Rich comparison, result as an object or as a bool.
    Compare(c_int),
    /// `min(max(a, b), c)`.
    Clip,
    /// Sums of products in the form of a generalised ufunc.
    Product(Product),
    /// Truth of the operands, as Python's `and`, `or`, `not` and `xor` give it.
    Logical(u8),
}

use ObjectOp as K;

static ROWS: &[(&str, ObjectOp)] = &[
    ("add", K::Binary(ffi::PyNumber_Add)),
    ("subtract", K::Binary(ffi::PyNumber_Subtract)),
    ("multiply", K::Binary(ffi::PyNumber_Multiply)),
    ("divide", K::Binary(ffi::PyNumber_TrueDivide)),
    ("floor_divide", K::Binary(ffi::PyNumber_FloorDivide)),
    ("remainder", K::Binary(ffi::PyNumber_Remainder)),
    ("power", K::Binary(power)),
    ("bitwise_and", K::Binary(ffi::PyNumber_And)),
    ("bitwise_or", K::Binary(ffi::PyNumber_Or)),
    ("bitwise_xor", K::Binary(ffi::PyNumber_Xor)),
    ("left_shift", K::Binary(ffi::PyNumber_Lshift)),
    ("right_shift", K::Binary(ffi::PyNumber_Rshift)),
    ("maximum", K::Binary(larger)),
    ("minimum", K::Binary(smaller)),
    ("clip", K::Clip),
    ("fmax", K::Binary(larger)),
    ("fmin", K::Binary(smaller)),
    ("gcd", K::Binary(gcd)),
    ("lcm", K::Binary(lcm)),
    ("fmod", K::Method2(c"fmod")),
    ("arctan2", K::Method2(c"arctan2")),
    ("hypot", K::Method2(c"hypot")),
    ("negative", K::Unary(ffi::PyNumber_Negative)),
    ("positive", K::Unary(ffi::PyNumber_Positive)),
    ("absolute", K::Unary(ffi::PyNumber_Absolute)),
    ("invert", K::Unary(ffi::PyNumber_Invert)),
    ("square", K::Unary(square)),
    ("reciprocal", K::Unary(reciprocal)),
    ("sign", K::Unary(sign)),
    ("_ones_like", K::Unary(one)),
    ("floor", K::Unary(floor)),
    ("ceil", K::Unary(ceil)),
    ("trunc", K::Unary(trunc)),
    ("conjugate", K::Method(c"conjugate")),
    ("bitwise_count", K::Method(c"bit_count")),
    ("fabs", K::Method(c"fabs")),
    ("sqrt", K::Method(c"sqrt")),
    ("cbrt", K::Method(c"cbrt")),
    ("rint", K::Method(c"rint")),
    ("exp", K::Method(c"exp")),
    ("exp2", K::Method(c"exp2")),
    ("expm1", K::Method(c"expm1")),
    ("log", K::Method(c"log")),
    ("log2", K::Method(c"log2")),
    ("log10", K::Method(c"log10")),
    ("log1p", K::Method(c"log1p")),
    ("sin", K::Method(c"sin")),
    ("cos", K::Method(c"cos")),
    ("tan", K::Method(c"tan")),
    ("arcsin", K::Method(c"arcsin")),
    ("arccos", K::Method(c"arccos")),
    ("arctan", K::Method(c"arctan")),
    ("sinh", K::Method(c"sinh")),
    ("cosh", K::Method(c"cosh")),
    ("tanh", K::Method(c"tanh")),
    ("arcsinh", K::Method(c"arcsinh")),
    ("arccosh", K::Method(c"arccosh")),
    ("arctanh", K::Method(c"arctanh")),
    ("degrees", K::Method(c"degrees")),
    ("radians", K::Method(c"radians")),
    ("deg2rad", K::Method(c"deg2rad")),
    ("rad2deg", K::Method(c"rad2deg")),
    ("logical_and", K::Logical(0)),
    ("logical_or", K::Logical(1)),
    ("logical_xor", K::Logical(2)),
    ("logical_not", K::Logical(3)),
    ("matmul", K::Product(Product::Matmul)),
    ("matvec", K::Product(Product::Matvec)),
    ("vecdot", K::Product(Product::Vecdot)),
    ("vecmat", K::Product(Product::Vecmat)),
    ("less", K::Compare(ffi::Py_LT)),
    ("less_equal", K::Compare(ffi::Py_LE)),
    ("equal", K::Compare(ffi::Py_EQ)),
    ("not_equal", K::Compare(ffi::Py_NE)),
    ("greater", K::Compare(ffi::Py_GT)),
    ("greater_equal", K::Compare(ffi::Py_GE)),
];

fn row(op: &Op) -> Option<&'static ObjectOp> {
    ROWS.iter()
        .find(|(name, _)| *name == op.name)
        .map(|(_, k)| k)
}

fn gives_bool(op: &Op) -> bool {
    matches!(op.resolve, ResolveKind::Comparison | ResolveKind::Logical)
}

/// Registers the object loops with the engine.
pub(crate) fn register() {
    set_foreign_loops(ForeignLoops {
        object,
        object_types,
        user: super::foreign::resolve,
    });
}

fn object(op: &'static Op, as_objects: bool) -> Option<BoundLoop> {
    if op.foreign != 0 {
        return super::pyfunc::bound(op);
    }
    let aux = Aux::raw(std::ptr::from_ref(row(op)?).cast_mut().cast());
    let flags = LoopFlags {
        needs_gil: true,
        may_fail: true,
        ..LoopFlags::default()
    };
    let func = match row(op)? {
        K::Product(form) => form.entry(),
        _ if gives_bool(op) && !as_objects => run_bool,
        _ => run_objects,
    };
    Some(BoundLoop { func, aux, flags })
}

fn object_types(op: &'static Op) -> &'static [TypeNum] {
    if gives_bool(op) {
        &[TypeNum::Bool]
    } else {
        &[]
    }
}

/// The loops over objects that a built-in op has, with their types: those with a bool result first.
pub(super) fn object_rows(op: &'static Op) -> Vec<(Vec<TypeNum>, BoundLoop)> {
    let listed = op.loops.iter().any(|l| l.types.contains(&TypeNum::Object));
    if op.foreign != 0 || row(op).is_none() || listed {
        return Vec::new();
    }
    let kinds: &[bool] = if gives_bool(op) {
        &[false, true]
    } else {
        &[true]
    };
    let types = |as_objects: bool| {
        let out = if as_objects {
            TypeNum::Object
        } else {
            TypeNum::Bool
        };
        let mut all = vec![TypeNum::Object; usize::from(op.nin)];
        all.extend((0..op.nout).map(|_| out));
        all
    };
    let bound = |as_objects: &bool| Some((types(*as_objects), object(op, *as_objects)?));
    kinds.iter().filter_map(bound).collect()
}

/// `ufunc.types`: `dd->d` and so on, objects last.
pub(crate) fn type_strings(op: &'static Op) -> Vec<String> {
    let nin = usize::from(op.nin);
    let text = |codes: Vec<u8>| {
        let codes: Vec<char> = codes.into_iter().map(char::from).collect();
        let (a, b) = codes.split_at(nin);
        format!(
            "{}->{}",
            a.iter().collect::<String>(),
            b.iter().collect::<String>()
        )
    };
    let mut all: Vec<String> = op
        .loops
        .iter()
        .map(|l| text(l.types.iter().map(|t| t.row().code).collect()))
        .collect();
    if op.foreign != 0 {
        all.push(text(vec![b'O'; nin + usize::from(op.nout)]));
    }
    for (types, _) in object_rows(op) {
        all.push(text(types.iter().map(|t| t.row().code).collect()));
    }
    all
}

/// An item as a borrowed object; an empty slot is None.
pub(super) unsafe fn load(ptr: *mut u8) -> *mut PyObject {
    // SAFETY: an object item, aligned by the executor.
    let ob = unsafe { *ptr.cast::<*mut PyObject>() };
    if ob.is_null() {
        // SAFETY: None lives for ever.
        unsafe { ffi::Py_None() }
    } else {
        ob
    }
}

/// Puts a new reference into a slot, dropping the old one afterwards.
pub(super) unsafe fn store(ptr: *mut u8, ob: *mut PyObject) {
    // SAFETY: an object item that owns its old reference.
    unsafe {
        let slot = ptr.cast::<*mut PyObject>();
        let old = *slot;
        *slot = ob;
        ffi::Py_XDECREF(old);
    }
}

/// # Safety
/// - Called by the executor with object operands, the interpreter lock held.
unsafe extern "C" fn run_objects(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: aux is a row; pointers and strides as the loop form says.
    unsafe {
        let op = &*aux.cast::<ObjectOp>();
        for i in 0..*dims {
            let at = |k: usize| (*args.add(k)).offset(i * *strides.add(k));
            let (made, out) = match op {
                K::Binary(f) => (held2(load(at(0)), load(at(1)), |a, b| f(a, b)), 2),
                K::Unary(f) => (held(load(at(0)), |a| f(a)), 1),
                K::Method(name) => (held(load(at(0)), |a| method(a, name)), 1),
                K::Method2(name) => (
                    held2(load(at(0)), load(at(1)), |a, b| method2(a, name, b)),
                    2,
                ),
                K::Compare(k) => (
                    held2(load(at(0)), load(at(1)), |a, b| {
                        ffi::PyObject_RichCompare(a, b, *k)
                    }),
                    2,
                ),
                K::Logical(3) => (held(load(at(0)), |a| not(a)), 1),
                K::Logical(2) => {
                    let xor = |a, b| method2(a, c"logical_xor", b);
                    (held2(load(at(0)), load(at(1)), xor), 2)
                }
                K::Logical(k) => (held2(load(at(0)), load(at(1)), |a, b| logical(a, b, *k)), 2),
                K::Clip => {
                    let low = held2(load(at(0)), load(at(1)), |a, b| larger(a, b));
                    let kept = match low.is_null() {
                        true => low,
                        false => held2(low, load(at(2)), |a, b| smaller(a, b)),
                    };
                    ffi::Py_XDECREF(low);
                    (kept, 3)
                }
                K::Product(_) => return -1,
            };
            if made.is_null() {
                return -1;
            }
            store(at(out), made);
        }
    }
    0
}

/// As [`run_objects`] with a bool result.
///
/// # Safety
/// - As there.
unsafe extern "C" fn run_bool(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: as above; the last operand is bool.
    unsafe {
        let op = &*aux.cast::<ObjectOp>();
        for i in 0..*dims {
            let at = |k: usize| (*args.add(k)).offset(i * *strides.add(k));
            let (made, out) = match op {
                K::Compare(k) => (
                    held2(load(at(0)), load(at(1)), |a, b| {
                        ffi::PyObject_RichCompare(a, b, *k)
                    }),
                    2,
                ),
                K::Logical(3) => (held(load(at(0)), |a| not(a)), 1),
                K::Logical(k) => (held2(load(at(0)), load(at(1)), |a, b| logical(a, b, *k)), 2),
                _ => return -1,
            };
            if made.is_null() {
                return -1;
            }
            let truth = ffi::PyObject_IsTrue(made);
            ffi::Py_DECREF(made);
            if truth < 0 {
                return -1;
            }
            *at(out) = truth as u8;
        }
    }
    0
}

/// Keeps an operand alive while Python code may replace it in its array.
pub(super) unsafe fn held(
    a: *mut PyObject,
    f: impl FnOnce(*mut PyObject) -> *mut PyObject,
) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe {
        ffi::Py_INCREF(a);
        let made = f(a);
        ffi::Py_DECREF(a);
        made
    }
}

pub(super) unsafe fn held2(
    a: *mut PyObject,
    b: *mut PyObject,
    f: impl FnOnce(*mut PyObject, *mut PyObject) -> *mut PyObject,
) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe {
        ffi::Py_INCREF(a);
        ffi::Py_INCREF(b);
        let made = f(a, b);
        ffi::Py_DECREF(b);
        ffi::Py_DECREF(a);
        made
    }
}

unsafe fn new_ref(ob: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe { ffi::Py_NewRef(ob) }
}

/// `a and b`, `a or b`: one of the operands; `xor`: a bool.
unsafe fn logical(a: *mut PyObject, b: *mut PyObject, which: u8) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe {
        let x = ffi::PyObject_IsTrue(a);
        if x < 0 {
            return null_mut();
        }
        match which {
            0 => new_ref(if x == 0 { a } else { b }),
            1 => new_ref(if x == 1 { a } else { b }),
            _ => {
                let y = ffi::PyObject_IsTrue(b);
                if y < 0 {
                    null_mut()
                } else {
                    ffi::PyBool_FromLong((x != y).into())
                }
            }
        }
    }
}

unsafe fn not(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe {
        match ffi::PyObject_Not(a) {
            -1 => null_mut(),
            v => ffi::PyBool_FromLong(v.into()),
        }
    }
}

pub(super) unsafe fn method(a: *mut PyObject, name: &CStr) -> *mut PyObject {
    // SAFETY: a live object and a NUL-terminated name.
    unsafe {
        let f = ffi::PyObject_GetAttrString(a, name.as_ptr());
        if f.is_null() {
            return missing_method(a, name);
        }
        if ffi::PyCallable_Check(f) == 0 {
            ffi::Py_DECREF(f);
            return missing_method(a, name);
        }
        let made = ffi::PyObject_CallNoArgs(f);
        ffi::Py_DECREF(f);
        made
    }
}

unsafe fn missing_method(a: *mut PyObject, name: &CStr) -> *mut PyObject {
    let text = format!(
        "loop of ufunc does not support argument 0 of type {} which has no callable {} method",
        super::wrap::type_name(a),
        name.to_string_lossy()
    );
    let text = std::ffi::CString::new(text).unwrap_or_default();
    // SAFETY: replaces whatever exception the look-up left.
    unsafe {
        ffi::PyErr_SetString(ffi::PyExc_TypeError, text.as_ptr());
        null_mut()
    }
}

unsafe fn method2(a: *mut PyObject, name: &CStr, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: live objects and a NUL-terminated name.
    unsafe {
        let f = ffi::PyObject_GetAttrString(a, name.as_ptr());
        if f.is_null() {
            return null_mut();
        }
        let made = ffi::PyObject_CallFunctionObjArgs(f, b, null_mut::<PyObject>());
        ffi::Py_DECREF(f);
        made
    }
}

unsafe extern "C" fn power(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe { ffi::PyNumber_Power(a, b, ffi::Py_None()) }
}

unsafe fn pick(a: *mut PyObject, b: *mut PyObject, op: c_int) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe {
        match ffi::PyObject_RichCompareBool(a, b, op) {
            -1 => null_mut(),
            0 => new_ref(b),
            _ => new_ref(a),
        }
    }
}

unsafe extern "C" fn larger(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe { pick(a, b, ffi::Py_GE) }
}

unsafe extern "C" fn smaller(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe { pick(a, b, ffi::Py_LE) }
}

unsafe extern "C" fn square(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe { ffi::PyNumber_Multiply(a, a) }
}

unsafe extern "C" fn reciprocal(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe {
        let one = ffi::PyLong_FromLong(1);
        let made = ffi::PyNumber_TrueDivide(one, a);
        ffi::Py_DECREF(one);
        made
    }
}

unsafe extern "C" fn one(_a: *mut PyObject) -> *mut PyObject {
    // SAFETY: plain construction.
    unsafe { ffi::PyLong_FromLong(1) }
}

unsafe extern "C" fn sign(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object; comparisons with a temporary zero.
    unsafe {
        let zero = ffi::PyLong_FromLong(0);
        let result = match ffi::PyObject_RichCompareBool(a, zero, ffi::Py_LT) {
            -1 => null_mut(),
            1 => ffi::PyLong_FromLong(-1),
            _ => match ffi::PyObject_RichCompareBool(a, zero, ffi::Py_GT) {
                -1 => null_mut(),
                1 => ffi::PyLong_FromLong(1),
                _ => match ffi::PyObject_RichCompareBool(a, zero, ffi::Py_EQ) {
                    -1 => null_mut(),
                    1 => ffi::PyLong_FromLong(0),
                    _ => {
                        let text = c"unorderable types for comparison";
                        ffi::PyErr_SetString(ffi::PyExc_TypeError, text.as_ptr());
                        null_mut()
                    }
                },
            },
        };
        ffi::Py_DECREF(zero);
        result
    }
}

/// `math.name(a[, b])`.
unsafe fn math(name: &CStr, a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: plain imports and calls with live objects.
    unsafe {
        let module = ffi::PyImport_ImportModule(c"math".as_ptr());
        if module.is_null() {
            return null_mut();
        }
        let f = ffi::PyObject_GetAttrString(module, name.as_ptr());
        ffi::Py_DECREF(module);
        if f.is_null() {
            return null_mut();
        }
        let made = ffi::PyObject_CallFunctionObjArgs(f, a, b, null_mut::<PyObject>());
        ffi::Py_DECREF(f);
        made
    }
}

/// `math.name(a, b)`; for what is no integer, our own function of any numbers.
unsafe fn divisor(name: &CStr, own: &CStr, a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: live objects, NUL-terminated names.
    unsafe {
        let made = math(name, a, b);
        if !made.is_null() || ffi::PyErr_ExceptionMatches(ffi::PyExc_TypeError) == 0 {
            return made;
        }
        ffi::PyErr_Clear();
        let module = ffi::PyImport_ImportModule(c"numoxide._core._internal".as_ptr());
        if module.is_null() {
            return null_mut();
        }
        let f = ffi::PyObject_GetAttrString(module, own.as_ptr());
        ffi::Py_DECREF(module);
        if f.is_null() {
            return null_mut();
        }
        let made = ffi::PyObject_CallFunctionObjArgs(f, a, b, null_mut::<PyObject>());
        ffi::Py_DECREF(f);
        made
    }
}

unsafe extern "C" fn floor(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe { math(c"floor", a, null_mut()) }
}

unsafe extern "C" fn ceil(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe { math(c"ceil", a, null_mut()) }
}

unsafe extern "C" fn trunc(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe { math(c"trunc", a, null_mut()) }
}

unsafe extern "C" fn gcd(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe { divisor(c"gcd", c"_gcd", a, b) }
}

unsafe extern "C" fn lcm(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: live objects.
    unsafe { divisor(c"lcm", c"_lcm", a, b) }
}
