//! ndarray's operators and reduction methods, wired to ufuncs.

use super::fold::{self, Asked};
use super::numbers::{self, OpId};
use super::reduce;
use super::structured;
use crate::args::{Arg, CallArgs, Sig};
use crate::array::ArrayRef;
use crate::err::OrRaise;
use crate::slots::{quick_or, trampoline};
use numoxide_core::TypeNum;
use numoxide_ufunc::table::{ops, Op};
use pyo3::basic::CompareOp;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::Borrowed;

/// A binary slot over the ufunc of that name.
macro_rules! binary_slot {
    ($name:literal) => {{
        unsafe extern "C" fn slot(
            a: *mut ffi::PyObject,
            b: *mut ffi::PyObject,
        ) -> *mut ffi::PyObject {
            static ID: OpId = OpId::new($name);
            // SAFETY: the interpreter calls with its lock held and live objects.
            unsafe {
                let pair = |py| [Borrowed::from_ptr(py, a), Borrowed::from_ptr(py, b)];
                quick_or(
                    |py| numbers::quick(py, ID.get(), &pair(py), None),
                    |py| numbers::binary(py, ID.get(), pair(py)[0], pair(py)[1]),
                )
            }
        }
        Some(slot)
    }};
}

/// An in-place slot over the ufunc of that name.
macro_rules! inplace_slot {
    ($name:literal) => {{
        unsafe extern "C" fn slot(
            a: *mut ffi::PyObject,
            b: *mut ffi::PyObject,
        ) -> *mut ffi::PyObject {
            static ID: OpId = OpId::new($name);
            // SAFETY: the interpreter calls with its lock held and live objects.
            unsafe {
                let pair = |py| [Borrowed::from_ptr(py, a), Borrowed::from_ptr(py, b)];
                quick_or(
                    |py| numbers::quick(py, ID.get(), &pair(py), Some(pair(py)[0])),
                    |py| numbers::inplace(py, ID.get(), pair(py)[0], pair(py)[1]),
                )
            }
        }
        Some(slot)
    }};
}

/// A unary slot over the ufunc of that name.
macro_rules! unary_slot {
    ($name:literal) => {{
        unsafe extern "C" fn slot(a: *mut ffi::PyObject) -> *mut ffi::PyObject {
            static ID: OpId = OpId::new($name);
            // SAFETY: the interpreter calls with its lock held and a live object.
            unsafe {
                quick_or(
                    |py| numbers::quick(py, ID.get(), &[Borrowed::from_ptr(py, a)], None),
                    |py| numbers::unary(py, ID.get(), Borrowed::from_ptr(py, a)),
                )
            }
        }
        Some(slot)
    }};
}

/// Fills the arithmetic slots of ndarray's number table.
pub(crate) fn fill(t: &mut ffi::PyNumberMethods) {
    t.nb_add = binary_slot!("add");
    t.nb_subtract = binary_slot!("subtract");
    t.nb_multiply = binary_slot!("multiply");
    t.nb_true_divide = binary_slot!("divide");
    t.nb_floor_divide = binary_slot!("floor_divide");
    t.nb_remainder = binary_slot!("remainder");
    t.nb_divmod = binary_slot!("divmod");
    t.nb_lshift = binary_slot!("left_shift");
    t.nb_rshift = binary_slot!("right_shift");
    t.nb_and = binary_slot!("bitwise_and");
    t.nb_or = binary_slot!("bitwise_or");
    t.nb_xor = binary_slot!("bitwise_xor");
    t.nb_matrix_multiply = binary_slot!("matmul");
    t.nb_inplace_add = inplace_slot!("add");
    t.nb_inplace_subtract = inplace_slot!("subtract");
    t.nb_inplace_multiply = inplace_slot!("multiply");
    t.nb_inplace_true_divide = inplace_slot!("divide");
    t.nb_inplace_floor_divide = inplace_slot!("floor_divide");
    t.nb_inplace_remainder = inplace_slot!("remainder");
    t.nb_inplace_lshift = inplace_slot!("left_shift");
    t.nb_inplace_rshift = inplace_slot!("right_shift");
    t.nb_inplace_and = inplace_slot!("bitwise_and");
    t.nb_inplace_or = inplace_slot!("bitwise_or");
    t.nb_inplace_xor = inplace_slot!("bitwise_xor");
    t.nb_inplace_matrix_multiply = Some(inplace_matmul);
    t.nb_negative = unary_slot!("negative");
    t.nb_positive = unary_slot!("positive");
    t.nb_absolute = unary_slot!("absolute");
    t.nb_invert = unary_slot!("invert");
    t.nb_power = Some(power);
    t.nb_inplace_power = Some(inplace_power);
}

/// `a @= b`: the product has to have the shape of `a`, whose axes are not taken away.
unsafe extern "C" fn inplace_matmul(
    a: *mut ffi::PyObject,
    b: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    static ID: OpId = OpId::new("matmul");
    let flat = |a: ArrayRef<'_, '_>, b: ArrayRef<'_, '_>| a.ndim() > 0 && b.ndim() == 1;
    // SAFETY: the interpreter calls with its lock held and live objects.
    unsafe {
        let pair = |py| [Borrowed::from_ptr(py, a), Borrowed::from_ptr(py, b)];
        quick_or(
            |py| {
                let [a, b] = pair(py);
                let refused = flat(ArrayRef::from_any(a)?, ArrayRef::from_any(b)?);
                (!refused).then(|| numbers::quick(py, ID.get(), &[a, b], Some(a)))?
            },
            |py| {
                let [a, b] = pair(py);
                if super::overrides::should_defer(a, b)? {
                    return Ok(py.NotImplemented().into_bound(py));
                }
                let known = ArrayRef::from_any(b).is_some() || super::operand::is_plain(b.as_ptr());
                let target = ArrayRef::from_any(a).filter(|_| known);
                let other = crate::array::coerce::as_any(if known { b } else { a })?;
                if target.is_some_and(|t| flat(t, ArrayRef::of(&other))) {
                    return Err(PyValueError::new_err(
                        "inplace matrix multiplication requires the first operand to have at \
                         least one and the second at least two dimensions.",
                    ));
                }
                numbers::inplace(py, ID.get(), a, b)
            },
        )
    }
}

unsafe extern "C" fn power(
    a: *mut ffi::PyObject,
    b: *mut ffi::PyObject,
    modulo: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls with its lock held and live objects.
    unsafe {
        static ID: OpId = OpId::new("power");
        let pair = |py| [Borrowed::from_ptr(py, a), Borrowed::from_ptr(py, b)];
        quick_or(
            |py| {
                let [a, b] = pair(py);
                match simple_power(a, b) {
                    _ if modulo != ffi::Py_None() => None,
                    Some(id) => numbers::quick(py, id, &[a], None),
                    None => numbers::quick(py, ID.get(), &[a, b], None),
                }
            },
            |py| {
                let [a, b] = pair(py);
                if modulo != ffi::Py_None() {
                    return Ok(py.NotImplemented().into_bound(py));
                }
                match simple_power(a, b) {
                    Some(id) => numbers::unary(py, id, a),
                    None => numbers::binary(py, ID.get(), a, b),
                }
            },
        )
    }
}

unsafe extern "C" fn inplace_power(
    a: *mut ffi::PyObject,
    b: *mut ffi::PyObject,
    _modulo: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls with its lock held and live objects.
    unsafe {
        trampoline(|py| {
            let (a, b) = (Borrowed::from_ptr(py, a), Borrowed::from_ptr(py, b));
            match simple_power(a, b) {
                Some(id) => numbers::unary_into(py, id, a),
                None => {
                    static ID: OpId = OpId::new("power");
                    numbers::inplace(py, ID.get(), a, b)
                }
            }
        })
    }
}

/// The unary op that a power by a Python number stands for.
fn simple_power(a: Borrowed<'_, '_, PyAny>, b: Borrowed<'_, '_, PyAny>) -> Option<usize> {
    static SQUARE: OpId = OpId::new("square");
    static SQRT: OpId = OpId::new("sqrt");
    static POSITIVE: OpId = OpId::new("positive");
    static RECIPROCAL: OpId = OpId::new("reciprocal");
    let arr = ArrayRef::from_any(a)?;
    // SAFETY: type checks of a live object before reading it as that type.
    let (exponent, whole) = unsafe {
        if ffi::PyFloat_CheckExact(b.as_ptr()) != 0 {
            (ffi::PyFloat_AS_DOUBLE(b.as_ptr()), false)
        } else if ffi::PyLong_CheckExact(b.as_ptr()) != 0 {
            let mut overflow = 0;
            let n = ffi::PyLong_AsLongAndOverflow(b.as_ptr(), &mut overflow);
            (if overflow == 0 { n as f64 } else { f64::NAN }, true)
        } else {
            return None;
        }
    };
    let num = TypeNum::from_c(arr.type_num())?;
    let inexact = num.is_float() || num.is_complex();
    if !inexact {
        return (whole && num != TypeNum::Object && exponent == 2.0).then(|| SQUARE.get());
    }
    match exponent {
        0.5 => Some(SQRT.get()),
        1.0 => Some(POSITIVE.get()),
        2.0 if whole => Some(SQUARE.get()),
        -1.0 if whole => Some(RECIPROCAL.get()),
        _ => None,
    }
}

/// Rich comparison of arrays.
pub(crate) unsafe extern "C" fn richcompare(
    a: *mut ffi::PyObject,
    b: *mut ffi::PyObject,
    which: std::ffi::c_int,
) -> *mut ffi::PyObject {
    static IDS: [OpId; 6] = [
        OpId::new("less"),
        OpId::new("less_equal"),
        OpId::new("equal"),
        OpId::new("not_equal"),
        OpId::new("greater"),
        OpId::new("greater_equal"),
    ];
    // SAFETY: the interpreter calls with its lock held and live objects.
    unsafe {
        let id = IDS[which as usize].get();
        let pair = |py| [Borrowed::from_ptr(py, a), Borrowed::from_ptr(py, b)];
        quick_or(
            |py| numbers::quick(py, id, &pair(py), None),
            |py| {
                let [a, b] = pair(py);
                if structured::is_void(a) && (which == ffi::Py_EQ || which == ffi::Py_NE) {
                    return void_compare(py, a, b, which);
                }
                match numbers::binary(py, id, a, b) {
                    Err(e) if which == ffi::Py_EQ || which == ffi::Py_NE => {
                        unequal(py, a, b, which == ffi::Py_NE, e)
                    }
                    other => other,
                }
            },
        )
    }
}

/// `==` and `!=` of a void array, unless the other operand should have it.
#[cold]
fn void_compare<'py>(
    py: Python<'py>,
    a: Borrowed<'_, 'py, PyAny>,
    b: Borrowed<'_, 'py, PyAny>,
    which: std::ffi::c_int,
) -> PyResult<Bound<'py, PyAny>> {
    if super::overrides::should_defer(a, b)? {
        return Ok(py.NotImplemented().into_bound(py));
    }
    let op = match which {
        ffi::Py_EQ => CompareOp::Eq,
        _ => CompareOp::Ne,
    };
    structured::compare(py, a, b, op)
}

/// `==` of operands without a common loop: nothing is equal.
fn unequal<'py>(
    py: Python<'py>,
    a: Borrowed<'_, 'py, PyAny>,
    b: Borrowed<'_, 'py, PyAny>,
    answer: bool,
    error: PyErr,
) -> PyResult<Bound<'py, PyAny>> {
    let class = py
        .import("numoxide._core._exceptions")?
        .getattr("_UFuncNoLoopError")?;
    if !error.matches(py, class)? {
        return Err(error);
    }
    let operands = [a, b];
    let (a, b) = (
        crate::array::coerce::as_any(a)?,
        crate::array::coerce::as_any(b)?,
    );
    if structured::is_void(a.as_borrowed()) || structured::is_void(b.as_borrowed()) {
        let op = if answer { CompareOp::Ne } else { CompareOp::Eq };
        return structured::compare(py, a.as_borrowed(), b.as_borrowed(), op);
    }
    let shapes = [ArrayRef::of(&a).shape(), ArrayRef::of(&b).shape()];
    let shape = numoxide_core::iter::broadcast_shapes(&shapes).or_raise(py)?;
    let out = crate::array::empty(py, &shape, crate::descr::singleton(TypeNum::Bool), false)?;
    let view = ArrayRef::of(&out);
    // SAFETY: a fresh contiguous bool array.
    unsafe { view.data().write_bytes(u8::from(answer), view.size()) };
    let wrapper = super::wrap::Wrapper::find(py, None, &operands, 2, true)?;
    wrapper.one(py, out, 0, false, shape.is_empty())
}

type Slf<'a, 'py> = Borrowed<'a, 'py, PyAny>;
type Answer<'py> = PyResult<Bound<'py, PyAny>>;

static FULL: Sig = Sig::new(
    "reduce",
    &["axis", "dtype", "out", "keepdims", "initial", "where"],
    0,
);
static EXTREME: Sig = Sig::new(
    "reduce",
    &["axis", "out", "keepdims", "initial", "where"],
    0,
);
static LOGIC: Sig = Sig::new("reduce", &["axis", "dtype", "out", "keepdims", "where"], 0);
static CUMULATIVE: Sig = Sig::new("accumulate", &["axis", "dtype", "out"], 0);

/// One reduction of a method, with the arguments that its ufunc takes.
struct Reduce<'a, 'py> {
    axis: Option<Arg<'a, 'py>>,
    dtype: Option<Arg<'a, 'py>>,
    out: Option<Arg<'a, 'py>>,
    keepdims: Option<Arg<'a, 'py>>,
    initial: Option<Arg<'a, 'py>>,
    mask: Option<Arg<'a, 'py>>,
}

impl<'a, 'py> Reduce<'a, 'py> {
    fn run(&self, py: Python<'py>, id: &OpId, arr: Slf<'_, 'py>) -> Answer<'py> {
        let none = py.None().into_bound(py);
        let none = none.as_borrowed();
        let items: [Option<Slf<'_, 'py>>; 6] = [
            Some(self.axis.unwrap_or(none)),
            self.dtype,
            self.out,
            self.keepdims,
            self.initial,
            self.mask,
        ];
        if let Some(done) = self.plain(py, id, arr) {
            return done;
        }
        const NAMES: [&str; 6] = ["axis", "dtype", "out", "keepdims", "initial", "where"];
        let mut ptrs = smallvec::SmallVec::<[*mut ffi::PyObject; 8]>::new();
        ptrs.push(arr.as_ptr());
        let mut names = smallvec::SmallVec::<[&str; 6]>::new();
        for (item, name) in items.iter().zip(NAMES) {
            if let Some(item) = item.filter(|i| name == "axis" || !i.is_none() || name == "initial")
            {
                ptrs.push(item.as_ptr());
                names.push(name);
            }
        }
        let kwnames = pyo3::types::PyTuple::new(
            py,
            names.iter().map(|n| pyo3::types::PyString::intern(py, n)),
        )?;
        // SAFETY: live objects, one name for each entry behind the first.
        unsafe {
            let args = CallArgs::new(py, ptrs.as_ptr(), 1, kwnames.as_ptr());
            super::object::reducing_by_id(py, id.get(), args, "reduce")
        }
    }
}

/// The quick way of a reduction method, for the op and accumulator.
macro_rules! quick_reduction {
    ($quick:ident, $op:literal, $asked:expr) => {
        fn $quick<'py>(
            py: Python<'py>,
            slf: Slf<'_, 'py>,
            args: &CallArgs<'_, 'py>,
        ) -> Option<Answer<'py>> {
            static ID: OpId = OpId::new($op);
            fold::method(py, &ID, slf, args, $asked)
        }
    };
}
quick_reduction!(quick_sum, "add", Asked::Nothing);
quick_reduction!(quick_prod, "multiply", Asked::Nothing);
quick_reduction!(quick_max, "maximum", Asked::Nothing);
quick_reduction!(quick_min, "minimum", Asked::Nothing);
quick_reduction!(quick_any, "logical_or", Asked::Bool);
quick_reduction!(quick_all, "logical_and", Asked::Bool);

impl<'a, 'py> Reduce<'a, 'py> {
    /// The reduction where nobody could override it: exact arrays only.
    fn plain(&self, py: Python<'py>, id: &OpId, arr: Slf<'_, 'py>) -> Option<Answer<'py>> {
        let exact = |ob| ArrayRef::from_any(ob).is_some_and(ArrayRef::is_exact);
        let given = |ob: Option<Arg<'a, 'py>>| ob.filter(|o| !o.is_none());
        let out = given(self.out);
        if !exact(arr) || !out.is_none_or(exact) {
            return None;
        }
        let op: &'static Op = ops().get(id.get())?;
        let ufunc = numbers::object_at(py, id.get())?.as_borrowed();
        let none = py.None().into_bound(py);
        let args = [
            Some(arr),
            Some(self.axis.unwrap_or(none.as_borrowed())),
            given(self.dtype),
            out,
            given(self.keepdims),
            self.initial,
            given(self.mask),
        ];
        Some(reduce::reduce_with(py, ufunc, op, args))
    }
}

macro_rules! full_reduction {
    ($fn:ident, $op:literal) => {
        fn $fn<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
            static ID: OpId = OpId::new($op);
            let [axis, dtype, out, keepdims, initial, mask] = args.parse(&FULL)?;
            Reduce {
                axis,
                dtype,
                out,
                keepdims,
                initial,
                mask,
            }
            .run(py, &ID, slf)
        }
    };
}
full_reduction!(sum, "add");
full_reduction!(prod, "multiply");

macro_rules! extreme {
    ($fn:ident, $op:literal) => {
        fn $fn<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
            static ID: OpId = OpId::new($op);
            let [axis, out, keepdims, initial, mask] = args.parse(&EXTREME)?;
            Reduce {
                axis,
                dtype: None,
                out,
                keepdims,
                initial,
                mask,
            }
            .run(py, &ID, slf)
        }
    };
}
extreme!(max, "maximum");
extreme!(min, "minimum");

macro_rules! logic {
    ($fn:ident, $op:literal) => {
        fn $fn<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
            static ID: OpId = OpId::new($op);
            let [axis, asked, out, keepdims, mask] = args.parse(&LOGIC)?;
            let object =
                ArrayRef::from_any(slf).is_some_and(|a| a.type_num() == TypeNum::Object as i32);
            let bool_type = py.get_type::<pyo3::types::PyBool>().into_any();
            // Results are bool for every dtype; object arrays keep Python's `and`/`or` values only
            // through the ufunc itself.
            let dtype = (!object || out.is_none()).then(|| bool_type.as_borrowed());
            let dtype = if out.is_some() { None } else { dtype };
            let dtype = asked.filter(|d| !d.is_none()).or(dtype);
            Reduce {
                axis,
                dtype,
                out,
                keepdims,
                initial: None,
                mask,
            }
            .run(py, &ID, slf)
        }
    };
}
logic!(any, "logical_or");
logic!(all, "logical_and");

macro_rules! cumulative {
    ($fn:ident, $op:literal) => {
        fn $fn<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
            static ID: OpId = OpId::new($op);
            let [axis, dtype, out] = args.parse(&CUMULATIVE)?;
            let flat;
            let (arr, axis) = match axis.filter(|a| !a.is_none()) {
                Some(axis) if ArrayRef::from_any(slf).is_none_or(|a| a.ndim() > 0) => {
                    (slf, axis.to_owned())
                }
                Some(axis) => {
                    flat = slf.call_method0(intern!(py, "ravel"))?;
                    (flat.as_borrowed(), axis.to_owned())
                }
                None => {
                    flat = slf.call_method0(intern!(py, "ravel"))?;
                    (flat.as_borrowed(), 0i64.into_pyobject(py)?.into_any())
                }
            };
            let none = py.None().into_bound(py);
            let ptrs = [
                arr.as_ptr(),
                axis.as_ptr(),
                dtype.map_or(none.as_ptr(), |d| d.as_ptr()),
                out.map_or(none.as_ptr(), |o| o.as_ptr()),
            ];
            // SAFETY: live objects.
            unsafe {
                let args = CallArgs::new(py, ptrs.as_ptr(), 4, std::ptr::null_mut());
                super::object::reducing_by_id(py, ID.get(), args, "accumulate")
            }
        }
    };
}
cumulative!(cumsum, "add");
cumulative!(cumprod, "multiply");

fn quick_cumsum<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<Answer<'py>> {
    static ID: OpId = OpId::new("add");
    fold::running(py, &ID, slf, args)
}

fn quick_cumprod<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<Answer<'py>> {
    static ID: OpId = OpId::new("multiply");
    fold::running(py, &ID, slf, args)
}

/// `a.round()` of floats to whole numbers.
fn quick_round<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<Answer<'py>> {
    static ID: OpId = OpId::new("rint");
    let asked = |(name, value): (&str, Slf<'_, '_>)| match name {
        "decimals" => is_zero(value),
        "out" => value.is_none(),
        _ => false,
    };
    let whole = match args.positional() {
        [] => args.keywords().all(asked),
        [decimals] => is_zero(*decimals) && !args.has_keywords(),
        _ => false,
    };
    let num = TypeNum::from_c(ArrayRef::from_any(slf)?.type_num())?;
    (whole && num.is_float()).then(|| numbers::quick(py, ID.get(), &[slf], None))?
}

/// Whether it is Python's own 0.
fn is_zero(ob: Slf<'_, '_>) -> bool {
    // SAFETY: a live object of the type that was asked for.
    unsafe { ffi::PyLong_CheckExact(ob.as_ptr()) != 0 && ffi::PyObject_IsTrue(ob.as_ptr()) == 0 }
}

/// `a.conj()` of numbers.
fn quick_conjugate<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<Answer<'py>> {
    static ID: OpId = OpId::new("conjugate");
    if !args.positional().is_empty() || args.has_keywords() {
        return None;
    }
    let num = TypeNum::from_c(ArrayRef::from_any(slf)?.type_num())?;
    match num.is_complex() {
        true => numbers::quick(py, ID.get(), &[slf], None),
        false => num.is_number().then(|| Ok(slf.to_owned())),
    }
}

fn conjugate<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("conjugate", &["out"], 0);
    static ID: OpId = OpId::new("conjugate");
    let [out] = args.parse(&SIG)?;
    let num = ArrayRef::from_any(slf).map_or(0, ArrayRef::type_num);
    let num = TypeNum::from_c(num).unwrap_or(TypeNum::Object);
    if let Some(out) = out.filter(|o| !o.is_none()) {
        return numbers::apply(py, ID.get(), &[slf, out]);
    }
    if num.is_complex() || matches!(num, TypeNum::Object | TypeNum::User) {
        return numbers::unary(py, ID.get(), slf);
    }
    if !num.is_number() {
        return Err(PyTypeError::new_err("cannot conjugate non-numeric dtype"));
    }
    Ok(slf.to_owned())
}

/// A method whose steps are ufunc calls, written in Python: `numoxide._core._methods.name(self, ...)`.
fn composed<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
    name: &str,
) -> Answer<'py> {
    let function = py.import("numoxide._core._methods")?.getattr(name)?;
    let mut all = vec![slf.to_owned()];
    all.extend((0..args.npos()).map(|i| args.get(i).to_owned()));
    let kwargs = pyo3::types::PyDict::new(py);
    for (key, value) in args.keywords() {
        kwargs.set_item(key, value)?;
    }
    let made = function.call(pyo3::types::PyTuple::new(py, all)?, Some(&kwargs))?;
    Ok(made)
}

/// `a.clip(min, max)` with numbers of the array's kind.
fn quick_clip<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<Answer<'py>> {
    static ID: OpId = OpId::new("clip");
    match args.positional() {
        [min, max] if !args.has_keywords() => {
            numbers::quick(py, ID.get(), &[slf, *min, *max], None)
        }
        _ => None,
    }
}

fn clip<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
    composed(py, slf, &args, "_clip")
}

fn round<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
    composed(py, slf, &args, "_round")
}

/// Method rows of ndarray that are ufunc reductions.
pub(crate) fn rows() -> Vec<ffi::PyMethodDef> {
    let mut rows = super::stats::rows();
    rows.extend(super::products::rows());
    rows.extend(crate::methods![Slf<'_, '_>;
        c"clip", @quick_clip => clip, 0, c"clip($self, /, min=None, max=None, out=None, **kwargs)\n--\n\nItems limited to an interval.";
        c"round", @quick_round => round, 0, c"round($self, /, decimals=0, out=None)\n--\n\nItems rounded to a number of decimals.";
        c"sum", @quick_sum => sum, 0, c"sum($self, /, axis=None, dtype=None, out=None, **kwargs)\n--\n\nSum of the items along axes.";
        c"prod", @quick_prod => prod, 0, c"prod($self, /, axis=None, dtype=None, out=None, **kwargs)\n--\n\nProduct of the items along axes.";
        c"max", @quick_max => max, 0, c"max($self, /, axis=None, out=None, **kwargs)\n--\n\nLargest item along axes.";
        c"min", @quick_min => min, 0, c"min($self, /, axis=None, out=None, **kwargs)\n--\n\nSmallest item along axes.";
        c"any", @quick_any => any, 0, c"any($self, /, axis=None, out=None, keepdims=False, *, where=True)\n--\n\nWhether any item along axes is true.";
        c"all", @quick_all => all, 0, c"all($self, /, axis=None, out=None, keepdims=False, *, where=True)\n--\n\nWhether all items along axes are true.";
        c"cumsum", @quick_cumsum => cumsum, 0, c"cumsum($self, /, axis=None, dtype=None, out=None)\n--\n\nRunning sums along an axis.";
        c"cumprod", @quick_cumprod => cumprod, 0, c"cumprod($self, /, axis=None, dtype=None, out=None)\n--\n\nRunning products along an axis.";
        c"conj", @quick_conjugate => conjugate, 0, c"conj($self, /)\n--\n\nComplex conjugate of the items.";
        c"conjugate", @quick_conjugate => conjugate, 0, c"conjugate($self, /)\n--\n\nComplex conjugate of the items.";
    ]);
    rows
}
