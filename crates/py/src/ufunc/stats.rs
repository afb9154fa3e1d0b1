//! `mean`, `var` and `std` of ndarray, step by step over ufuncs so that bits and subclasses are
//! NumPy's.

use super::fold::{self, Asked};
use super::numbers::{self, OpId};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::ArrayRef;
use crate::convert;
use crate::descr;
use crate::errstate;
use crate::scalar::{self, Raw};
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::{can_cast, Casting};
use pyo3::exceptions::PyRuntimeWarning;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3::Borrowed;

type Slf<'a, 'py> = Borrowed<'a, 'py, PyAny>;
type Answer<'py> = PyResult<Bound<'py, PyAny>>;

static MEAN: Sig = Sig::new("_mean", &["axis", "dtype", "out", "keepdims", "where"], 0);
static VAR: Sig = Sig::new(
    "_var",
    &[
        "axis",
        "dtype",
        "out",
        "ddof",
        "keepdims",
        "where",
        "mean",
        "correction",
    ],
    0,
);
static ADD: OpId = OpId::new("add");
static SUBTRACT: OpId = OpId::new("subtract");
static MULTIPLY: OpId = OpId::new("multiply");
static DIVIDE: OpId = OpId::new("divide");
static SQUARE: OpId = OpId::new("square");
static SQRT: OpId = OpId::new("sqrt");

/// What the three have in common.
struct Job<'a, 'py> {
    py: Python<'py>,
    arr: Slf<'a, 'py>,
    axis: Option<Arg<'a, 'py>>,
    dtype: Option<Bound<'py, PyAny>>,
    out: Option<Arg<'a, 'py>>,
    mask: Option<Arg<'a, 'py>>,
    /// float16 summed in float32.
    half: bool,
}

impl<'a, 'py> Job<'a, 'py> {
    fn num(&self) -> TypeNum {
        let num = ArrayRef::from_any(self.arr).and_then(|a| TypeNum::from_c(a.type_num()));
        num.unwrap_or(TypeNum::Object)
    }

    /// Integers are summed as float64, float16 as float32.
    fn default_dtype(&mut self) {
        if self.dtype.is_some() {
            return;
        }
        let num = self.num();
        let pick = |num: TypeNum| {
            // SAFETY: a singleton dtype object.
            unsafe { Bound::from_borrowed_ptr(self.py, descr::singleton(num).cast()) }
        };
        if num.is_integer() || num == TypeNum::Bool {
            self.dtype = Some(pick(TypeNum::Double));
        } else if num == TypeNum::Half {
            self.dtype = Some(pick(TypeNum::Float));
            self.half = true;
        }
    }

    /// How many items each result is made of.
    fn count(&self, keepdims: bool) -> Answer<'py> {
        let arr = ArrayRef::from_any(self.arr)
            .ok_or_else(|| pyo3::exceptions::PyTypeError::new_err("an array is required"))?;
        if let Some(mask) = self.mask {
            let kw = PyDict::new(self.py);
            kw.set_item("axis", self.axis_object())?;
            kw.set_item("dtype", "intp")?;
            kw.set_item("keepdims", keepdims)?;
            let mask = crate::array::coerce::as_any(mask)?;
            let shape = self.arr.getattr("shape")?;
            let mask = self
                .py
                .import("numoxide.lib._stride_tricks_impl")?
                .getattr("broadcast_to")?
                .call1((mask, shape))?;
            return numbers::by_name(self.py, "add")?.call_method("reduce", (mask,), Some(&kw));
        }
        if arr.ndim() == 0 {
            if let Some(axis) = self.axis {
                if let Ok(axis) = convert::as_index(axis) {
                    convert::normalize_axis(self.py, axis, 0, None)?;
                }
            }
        }
        let n: usize = match convert::axes_or_none(self.axis, arr.ndim())? {
            None => arr.size(),
            Some(axes) => axes.iter().map(|&a| arr.shape()[a]).product(),
        };
        Ok(n.into_pyobject(self.py)?.into_any())
    }

    fn axis_object(&self) -> Bound<'py, PyAny> {
        self.axis
            .map_or_else(|| self.py.None().into_bound(self.py), |a| a.to_owned())
    }

    fn warn_if_empty(&self, count: &Bound<'py, PyAny>, text: &str) -> PyResult<()> {
        let empty = match count.extract::<i64>() {
            Ok(n) => n == 0,
            Err(_) => count
                .call_method1(intern!(self.py, "__eq__"), (0,))?
                .call_method0(intern!(self.py, "any"))?
                .is_truthy()?,
        };
        if empty {
            crate::err::warn(
                self.py,
                &self.py.get_type::<PyRuntimeWarning>().into_any(),
                text,
            )?;
        }
        Ok(())
    }

    /// `add.reduce(x, axis, dtype, out, keepdims, where=)`.
    fn sum(&self, x: Slf<'_, 'py>, out: Option<Arg<'_, 'py>>, keepdims: bool) -> Answer<'py> {
        let py = self.py;
        let none = py.None().into_bound(py);
        let (axis, keep) = (self.axis_object(), pyo3::types::PyBool::new(py, keepdims));
        let mut ptrs = vec![
            x.as_ptr(),
            axis.as_ptr(),
            self.dtype.as_ref().map_or(none.as_ptr(), |d| d.as_ptr()),
            out.map_or(none.as_ptr(), |o| o.as_ptr()),
            keep.as_ptr(),
        ];
        let names;
        let kwnames = match self.mask {
            Some(mask) => {
                ptrs.push(mask.as_ptr());
                names = pyo3::types::PyTuple::new(py, [intern!(py, "where")])?;
                names.as_ptr()
            }
            None => std::ptr::null_mut(),
        };
        // SAFETY: live objects, one name for the keyword value.
        unsafe {
            let args = CallArgs::new(py, ptrs.as_ptr(), 5, kwnames);
            super::object::reducing_by_id(py, ADD.get(), args, "reduce")
        }
    }

    /// Beside a count of NumPy's, small complex numbers divide as large ones.
    fn wide_count(&self, x: &Bound<'py, PyAny>, count: &Bound<'py, PyAny>) -> Answer<'py> {
        let num = ArrayRef::from_bound(x).and_then(|a| TypeNum::from_c(a.type_num()));
        let num = num.or_else(|| crate::scalar::value_of(x).map(|(num, _)| num));
        if num != Some(TypeNum::CFloat) || !count.is_instance_of::<pyo3::types::PyInt>() {
            return Ok(count.clone());
        }
        let intp = self
            .py
            .import(intern!(self.py, "numoxide"))?
            .getattr(intern!(self.py, "intp"))?;
        intp.call1((count,))
    }

    /// `x / count`, in place where `x` is an array.
    fn divide(&self, x: Bound<'py, PyAny>, count: &Bound<'py, PyAny>) -> Answer<'py> {
        let py = self.py;
        let count = &self.wide_count(&x, count)?;
        if ArrayRef::from_bound(&x).is_some() {
            let kw = PyDict::new(py);
            kw.set_item(intern!(py, "out"), &x)?;
            kw.set_item(intern!(py, "casting"), intern!(py, "unsafe"))?;
            kw.set_item(intern!(py, "subok"), false)?;
            let ufunc = numbers::object_at(py, DIVIDE.get());
            let ufunc =
                ufunc.ok_or_else(|| pyo3::exceptions::PySystemError::new_err("no divide"))?;
            return ufunc.call((&x, count), Some(&kw));
        }
        let whole = count.extract::<i64>().is_ok();
        let beside = if whole {
            TypeNum::Long
        } else {
            TypeNum::Double
        };
        let safe = |a, b| can_cast(&DType::new(a), &DType::new(b), Casting::Safe);
        let one = crate::scalar::value_of(&x)
            .is_some_and(|(num, _)| safe(num, beside) || safe(beside, num));
        // Numbers of which neither dtype holds the other divide as arrays do, and report so.
        let quotient = match one {
            true => x.div(count)?,
            false => errstate::in_name_of("divide", || x.div(count))?,
        };
        if x.hasattr(intern!(py, "dtype"))? {
            let class = if self.half {
                self.arr
                    .getattr(intern!(py, "dtype"))?
                    .getattr(intern!(py, "type"))?
            } else {
                x.get_type().into_any()
            };
            return class.call1((quotient,));
        }
        Ok(quotient)
    }

    /// A float32 result goes back to float16, of the machine's byte order.
    fn narrow(&self, x: Bound<'py, PyAny>) -> Answer<'py> {
        if self.half && self.out.is_none() && ArrayRef::from_bound(&x).is_some() {
            let half = self.arr.getattr(intern!(self.py, "dtype"))?;
            let native = half.call_method1(intern!(self.py, "newbyteorder"), ("=",))?;
            return x.call_method1(intern!(self.py, "astype"), (native,));
        }
        Ok(x)
    }
}

fn given<'a, 'py>(arg: Option<Arg<'a, 'py>>) -> Option<Arg<'a, 'py>> {
    arg.filter(|a| !a.is_none())
}

/// `where=True` means all.
fn mask_arg<'a, 'py>(arg: Option<Arg<'a, 'py>>) -> Option<Arg<'a, 'py>> {
    // SAFETY: comparing with the interpreter's singleton.
    arg.filter(|a| a.as_ptr() != unsafe { ffi::Py_True() })
}

fn dtype_arg<'py>(
    py: Python<'py>,
    arg: Option<Arg<'_, 'py>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    given(arg)
        .map(|d| descr::convert(py, &d).map(|d| d.into_bound(py)))
        .transpose()
}

/// The mean of all items of a small array of doubles or integers, with nothing special asked.
fn quick_mean<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<Answer<'py>> {
    let all = match args.positional() {
        [] => true,
        [axis] => fold::names_all(slf, *axis),
        _ => false,
    };
    let arr = ArrayRef::from_any(slf)?;
    let asked = match TypeNum::from_c(arr.type_num())? {
        TypeNum::Double => Asked::Nothing,
        n if n.is_integer() || n == TypeNum::Bool => Asked::Double,
        _ => return None,
    };
    if !all || args.has_keywords() {
        return None;
    }
    let (_, total) = fold::value(py, ADD.get(), slf, asked)?;
    let total: f64 = match total {
        Ok(raw) => raw.get(),
        Err(e) => return Some(Err(e)),
    };
    let mean = total / arr.size() as f64;
    // What underflows is reported by the long way.
    let quiet = mean.is_normal() || total == 0.0 || !total.is_finite();
    quiet.then(|| scalar::make_number(py, TypeNum::Double, &Raw::of(mean)))
}

fn mean<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
    let [axis, dtype, out, keepdims, mask] = args.parse(&MEAN)?;
    let mut job = Job {
        py,
        arr: slf,
        axis: given(axis),
        dtype: dtype_arg(py, dtype)?,
        out: given(out),
        mask: mask_arg(mask),
        half: false,
    };
    let keepdims = convert::truth(keepdims, false)?;
    let count = job.count(keepdims)?;
    job.warn_if_empty(&count, "Mean of empty slice")?;
    job.default_dtype();
    let total = job.sum(slf, job.out, keepdims)?;
    let result = job.divide(total, &count)?;
    job.narrow(result)
}

/// Sum of squared distances from the mean over the count less `ddof`.
fn variance<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: &CallArgs<'_, 'py>) -> Answer<'py> {
    let [axis, dtype, out, ddof, keepdims, mask, mean, correction] = args.parse(&VAR)?;
    let mut job = Job {
        py,
        arr: slf,
        axis: given(axis),
        dtype: dtype_arg(py, dtype)?,
        out: given(out),
        mask: mask_arg(mask),
        half: false,
    };
    let keepdims = convert::truth(keepdims, false)?;
    let ddof = correction.or(ddof);
    let ddof: Bound<'py, PyAny> = match given(ddof) {
        Some(d) => d.to_owned(),
        None => 0i64.into_pyobject(py)?.into_any(),
    };
    let count = job.count(keepdims)?;
    let left = count.sub(&ddof)?;
    let spent = match left.extract::<f64>() {
        Ok(n) => n <= 0.0,
        Err(_) => left.le_any()?,
    };
    if spent {
        let class = py.get_type::<PyRuntimeWarning>().into_any();
        crate::err::warn(py, &class, "Degrees of freedom <= 0 for slice")?;
    }
    let num = job.num();
    if job.dtype.is_none() && (num.is_integer() || num == TypeNum::Bool) {
        job.default_dtype();
    }
    let centre = match given(mean) {
        Some(m) => m.to_owned(),
        None => {
            let total = job.sum(slf, None, true)?;
            let count = job.count(true)?;
            centre_of(&job, total, &count)?
        }
    };
    let squares = squared_distances(&job, &centre)?;
    let total = job.sum(squares.as_borrowed(), job.out, keepdims)?;
    let left = clamp(py, left)?;
    job.divide(total, &left)
}

trait AnyNonPositive {
    fn le_any(&self) -> PyResult<bool>;
}

impl AnyNonPositive for Bound<'_, PyAny> {
    /// Whether any item is at most zero.
    fn le_any(&self) -> PyResult<bool> {
        self.call_method1("__le__", (0,))?
            .call_method0("any")?
            .is_truthy()
    }
}

fn clamp<'py>(py: Python<'py>, left: Bound<'py, PyAny>) -> Answer<'py> {
    match left.extract::<f64>() {
        Ok(n) if n < 0.0 && left.is_instance_of::<pyo3::types::PyFloat>() => {
            Ok(0f64.into_pyobject(py)?.into_any())
        }
        Ok(n) if n < 0.0 => Ok(0i64.into_pyobject(py)?.into_any()),
        Ok(_) => Ok(left),
        Err(_) => numbers::by_name(py, "maximum")?.call1((left, 0)),
    }
}

/// The mean with kept dimensions, always an array.
fn centre_of<'py>(
    job: &Job<'_, 'py>,
    total: Bound<'py, PyAny>,
    count: &Bound<'py, PyAny>,
) -> Answer<'py> {
    let mean = job.divide(total, count)?;
    crate::array::coerce::as_any(mean.as_borrowed())
}

/// `|x - centre|**2`, real for complex input.
fn squared_distances<'py>(job: &Job<'_, 'py>, centre: &Bound<'py, PyAny>) -> Answer<'py> {
    let py = job.py;
    let x = numbers::apply(py, SUBTRACT.get(), &[job.arr, centre.as_borrowed()])?;
    let x = crate::array::coerce::as_any(x.as_borrowed())?;
    let num = ArrayRef::from_bound(&x).and_then(|a| TypeNum::from_c(a.type_num()));
    match num {
        Some(n) if n.is_complex() => {
            let re = x.getattr(intern!(py, "real"))?;
            let im = x.getattr(intern!(py, "imag"))?;
            let re2 = numbers::apply(py, SQUARE.get(), &[re.as_borrowed()])?;
            let im2 = numbers::apply(py, SQUARE.get(), &[im.as_borrowed()])?;
            numbers::apply(py, ADD.get(), &[re2.as_borrowed(), im2.as_borrowed()])
        }
        Some(n) if n.is_number() => {
            numbers::apply(py, SQUARE.get(), &[x.as_borrowed(), x.as_borrowed()])
        }
        Some(TypeNum::TimeDelta) => numbers::apply(py, SQUARE.get(), &[x.as_borrowed()]),
        _ => {
            let conj = numbers::by_name(py, "conjugate")?.call1((&x,))?;
            let product =
                numbers::apply(py, MULTIPLY.get(), &[x.as_borrowed(), conj.as_borrowed()])?;
            product.getattr(intern!(py, "real"))
        }
    }
}

fn var<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
    variance(py, slf, &args)
}

fn std<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
    let v = variance(py, slf, &args)?;
    if ArrayRef::from_bound(&v).is_some() {
        return numbers::apply(py, SQRT.get(), &[v.as_borrowed(), v.as_borrowed()]);
    }
    let root = numbers::apply(py, SQRT.get(), &[v.as_borrowed()])?;
    if v.hasattr(intern!(py, "dtype"))? {
        return v.get_type().call1((root,));
    }
    Ok(root)
}

/// Method rows of ndarray.
pub(crate) fn rows() -> Vec<ffi::PyMethodDef> {
    crate::methods![Slf<'_, '_>;
        c"mean", @quick_mean => mean, 0, c"mean($self, /, axis=None, dtype=None, out=None, **kwargs)\n--\n\nArithmetic mean of the items along axes.";
        c"var", var, 0, c"var($self, /, axis=None, dtype=None, out=None, ddof=0, **kwargs)\n--\n\nVariance of the items along axes.";
        c"std", std, 0, c"std($self, /, axis=None, dtype=None, out=None, ddof=0, **kwargs)\n--\n\nStandard deviation of the items along axes.";
    ]
}
