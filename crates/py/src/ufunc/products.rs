//! `dot`, `inner` and `vdot`: shapes brought into the form of `matmul` and `vecdot`.

use super::matrix;
use super::numbers::{self, OpId};
use crate::args::{Arg, CallArgs, Sig};
use crate::array::{self, ArrayRef};
use crate::descr::descr_for;
use crate::errstate;
use crate::layout::flags;
use crate::slots::Module;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::promote_types;
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PySlice, PyTuple};
use pyo3::Borrowed;

type Answer<'py> = PyResult<Bound<'py, PyAny>>;
type Slf<'a, 'py> = Borrowed<'a, 'py, PyAny>;

static MATMUL: OpId = OpId::new("matmul");
static MULTIPLY: OpId = OpId::new("multiply");

fn tight(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!(
            "({})",
            shape
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(",")
        ),
    }
}

fn not_aligned(a: &[usize], b: &[usize], i: usize, j: usize) -> PyErr {
    PyValueError::new_err(format!(
        "shapes {} and {} not aligned: {} (dim {i}) != {} (dim {j})",
        tight(a),
        tight(b),
        a[i],
        b[j]
    ))
}

/// The product with a number; of numbers that matrix libraries know, with up to two axes, in C order.
fn by_scalar<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<Arg<'_, 'py>>,
) -> Answer<'py> {
    let [x, y] = [a, b].map(|m| ArrayRef::of(m).dtype());
    let num = numoxide_dtype::promote_types(&x, &y).map_or(x.num, |d| d.num);
    let known = (num.is_float() || num.is_complex()) && num != TypeNum::Half;
    let matrices = known && [a, b].iter().all(|m| ArrayRef::of(m).ndim() <= 2);
    if matrices && is_blas(num) {
        return by_factor(py, a, b, out);
    }
    // Operands of another dtype are copied as they lie; the products lie like the copies.
    let common = descr_for(py, &DType::new(num))?;
    let as_is = |d: DType| d.num == num && !d.swapped;
    let copied = |m: &Bound<'py, PyAny>| match matrices || as_is(ArrayRef::of(m).dtype()) {
        true => Ok(m.clone()),
        false => m.call_method1(intern!(py, "astype"), (&common,)),
    };
    if let Some(words) = as_words(py, [a, b], num)? {
        return numbers::by_name(py, "multiply")?.call1((&words[0], &words[1]));
    }
    let (a, b) = match num.is_number() || matches!(num, TypeNum::Bool | TypeNum::TimeDelta) {
        true => (copied(a)?, copied(b)?),
        false => (a.clone(), b.clone()),
    };
    let kwargs = pyo3::types::PyDict::new(py);
    if matrices {
        kwargs.set_item(intern!(py, "order"), intern!(py, "C"))?;
    }
    if let Some(out) = out {
        kwargs.set_item(intern!(py, "out"), out)?;
    }
    let product = || numbers::by_name(py, "multiply")?.call((&a, &b), Some(&kwargs));
    match matrices {
        true => errstate::in_name_of("dot", product),
        false => product(),
    }
}

/// Both operands as text where one is: the ufunc has no loop for it, and says so.
fn as_words<'py>(
    py: Python<'py>,
    operands: [&Bound<'py, PyAny>; 2],
    num: TypeNum,
) -> PyResult<Option<[Bound<'py, PyAny>; 2]>> {
    let kind = match num {
        TypeNum::Bytes => "S",
        TypeNum::Str => "U",
        _ => return Ok(None),
    };
    let word = |ob: &Bound<'py, PyAny>| match ArrayRef::of(ob).dtype().num == num {
        true => Ok(ob.clone()),
        false => {
            let text = match ArrayRef::of(ob).ndim() {
                0 => ob.call_method0(intern!(py, "item"))?.str()?.into_any(),
                _ => ob.clone(),
            };
            let made = array::coerce::as_any(text.as_borrowed())?;
            made.call_method1(intern!(py, "astype"), (kind,))
        }
    };
    Ok(Some([word(operands[0])?, word(operands[1])?]))
}

/// A dtype that matrix libraries know.
fn is_blas(num: TypeNum) -> bool {
    use TypeNum::{CDouble, CFloat, Double, Float};
    matches!(num, Float | Double | CFloat | CDouble)
}

/// The product of matrices of which one is a single number, if these are.
fn by_single<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    shape: &[usize],
) -> Option<Answer<'py>> {
    let [x, y] = [a, b].map(ArrayRef::of);
    let num = promote_types(&x.dtype(), &y.dtype()).ok()?.num;
    if !is_blas(num) || x.ndim().max(y.ndim()) > 2 || (x.size() != 1 && y.size() != 1) {
        return None;
    }
    Some(by_factor(py, a, b, None).and_then(|made| {
        let made = shaped(py, made, shape)?;
        match shape.is_empty() {
            true => made.get_item(()),
            false => Ok(made),
        }
    }))
}

/// Zeros to which a multiple of one operand is added, as matrix libraries multiply by a number: a
/// factor of zero looks at nothing, and no zero is negative.
fn by_factor<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<Arg<'_, 'py>>,
) -> Answer<'py> {
    let [ra, rb] = [a, b].map(ArrayRef::of);
    if let Some(out) = out {
        check_out(
            out,
            ra,
            rb,
            if ra.ndim() > 0 {
                ra.shape()
            } else {
                rb.shape()
            },
        )?;
    }
    let factor = if ra.size() == 1 { a } else { b };
    let kwargs = pyo3::types::PyDict::new(py);
    kwargs.set_item(intern!(py, "order"), intern!(py, "C"))?;
    if let Some(out) = out {
        kwargs.set_item(intern!(py, "out"), out)?;
    }
    let multiply = numbers::by_name(py, "multiply")?;
    let factor = &factor.call_method1(intern!(py, "reshape"), (PyTuple::empty(py),))?;
    let plain = ra.ndim() == 0 && rb.ndim() == 0;
    if plain || factor.is_truthy()? {
        let product = errstate::in_name_of("dot", || multiply.call((a, b), Some(&kwargs)))?;
        if plain {
            return Ok(product);
        }
        return product.call_method1(intern!(py, "__iadd__"), (0,));
    }
    // Zeros in place of what is not looked at.
    let other = if ra.size() == 1 { b } else { a };
    let zeros = other.call_method0(intern!(py, "copy"))?;
    zeros.call_method1(intern!(py, "fill"), (0,))?;
    let product = multiply.call((&zeros, factor), Some(&kwargs))?;
    let shape = match ArrayRef::of(other).ndim() {
        0 => ra.shape(),
        _ => ArrayRef::of(other).shape(),
    };
    match out {
        Some(_) => Ok(product),
        None => shaped(py, product, shape),
    }
}

/// Sum of products over the last axis of `a` and axis `j` of `b`, as `dot` and `inner` define it.
fn contract<'py>(
    py: Python<'py>,
    a: Arg<'_, 'py>,
    b: Arg<'_, 'py>,
    inner: bool,
    out: Option<Arg<'_, 'py>>,
) -> Answer<'py> {
    let (a, b) = (array::coerce::as_any(a)?, array::coerce::as_any(b)?);
    let (ra, rb) = (ArrayRef::of(&a), ArrayRef::of(&b));
    let single = ra.ndim() == 0 || rb.ndim() == 0;
    let dates =
        |r: ArrayRef<'_, '_>| matches!(r.dtype().num, TypeNum::DateTime | TypeNum::TimeDelta);
    let as_what = substitute(ra, rb);
    let objects = as_what == Some(Substitute::Objects) && (dates(ra) || dates(rb));
    if let Some(as_what) = as_what.filter(|_| !single || objects) {
        return substituted(py, [&a, &b], as_what, inner, out);
    }
    if single {
        return by_scalar(py, &a, &b, out);
    }
    let i = ra.ndim() - 1;
    let j = if inner || rb.ndim() == 1 {
        rb.ndim() - 1
    } else {
        rb.ndim() - 2
    };
    if ra.shape()[i] != rb.shape()[j] {
        return Err(not_aligned(ra.shape(), rb.shape(), i, j));
    }
    let k = ra.shape()[i];
    let others = || (0..rb.ndim()).filter(|d| *d != j);
    let mut shape: Vec<usize> = ra.shape()[..i].to_vec();
    shape.extend(others().map(|d| rb.shape()[d]));
    if let Some(out) = out {
        check_out(out, ra, rb, &shape)?;
    }
    if let Some(product) = by_single(py, &a, &b, &shape) {
        return finish(py, product?, &shape, true, out);
    }
    // b with the summed axis first.
    let order: Vec<usize> = std::iter::once(j).chain(others()).collect();
    let flat = |m: &Bound<'py, PyAny>, rows: usize, cols: usize| {
        m.call_method1(intern!(py, "reshape"), (rows, cols))
    };
    let rows: usize = shape[..i].iter().product();
    let cols: usize = shape[i..].iter().product();
    let simple = ra.ndim() <= 2 && rb.ndim() <= 2;
    let (left, right) = if simple {
        let right = if inner && rb.ndim() == 2 {
            b.getattr(intern!(py, "T"))?
        } else {
            b.clone()
        };
        (a.clone(), right)
    } else {
        let turned = b.call_method1(intern!(py, "transpose"), (PyTuple::new(py, &order)?,))?;
        (flat(&a, rows, k)?, flat(&turned, k, cols)?)
    };
    let registered = |r: &ArrayRef<'_, '_>| (256..2056).contains(&r.type_num());
    let pair = [left.as_borrowed(), right.as_borrowed()];
    let product = if [ra, rb].iter().any(registered) {
        registered_product(py, &left, &right)?
    } else {
        errstate::in_name_of("dot", || numbers::apply(py, MATMUL.get(), &pair))?
    };
    finish(py, product, &shape, simple, out)
}

/// Products of registered dtypes: no `matmul` of theirs, but sums of their own products.
fn registered_product<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> Answer<'py> {
    let (left, right) = match ArrayRef::of(b).ndim() {
        2 => {
            let (dots, none) = (py.Ellipsis().into_bound(py), py.None().into_bound(py));
            let rows = a.get_item((dots, none, PySlice::full(py)))?;
            (rows, b.getattr(intern!(py, "T"))?)
        }
        _ => (a.clone(), b.clone()),
    };
    let both = [left.as_borrowed(), right.as_borrowed()];
    let pairs = numbers::apply(py, MULTIPLY.get(), &both)?;
    pairs.call_method1(intern!(py, "sum"), (-1,))
}

/// What takes the place of operands without products of their own.
#[derive(Clone, Copy, PartialEq)]
enum Substitute {
    /// Integers: time differences, whose unit is dropped.
    Counts,
    /// Python objects.
    Objects,
}

fn substitute(a: ArrayRef<'_, '_>, b: ArrayRef<'_, '_>) -> Option<Substitute> {
    let (x, y) = (a.dtype(), b.dtype());
    let plain = |d: &DType| {
        d.num.is_number() || matches!(d.num, TypeNum::Bool | TypeNum::Object | TypeNum::User)
    };
    if plain(&x) && plain(&y) {
        return None;
    }
    match promote_types(&x, &y).map(|d| d.num) {
        Ok(TypeNum::TimeDelta) => Some(Substitute::Counts),
        _ => Some(Substitute::Objects),
    }
}

/// The products of operands in another dtype.
fn substituted<'py>(
    py: Python<'py>,
    operands: [&Bound<'py, PyAny>; 2],
    as_what: Substitute,
    inner: bool,
    out: Option<Arg<'_, 'py>>,
) -> Answer<'py> {
    let time = as_what == Substitute::Counts;
    let cast = |ob: &Bound<'py, PyAny>| {
        let own = ArrayRef::of(ob).dtype();
        let to = match time {
            true if own.num == TypeNum::TimeDelta => descr_for(py, &own.native())?,
            true => descr_for(py, &DType::new(TypeNum::Long))?,
            false => descr_for(py, &DType::new(TypeNum::Object))?,
        };
        let made = ob.call_method1(intern!(py, "astype"), (to,))?;
        match time {
            true => made.call_method1(intern!(py, "view"), ("i8",)),
            false => Ok(made),
        }
    };
    let (a, b) = (cast(operands[0])?, cast(operands[1])?);
    let target = match out {
        Some(out) if time => Some(out.call_method1(intern!(py, "view"), ("i8",))?),
        _ => None,
    };
    let inner_out = target.as_ref().map(Bound::as_borrowed).or(out);
    let made = contract(py, a.as_borrowed(), b.as_borrowed(), inner, inner_out)?;
    match out {
        Some(out) => Ok(out.to_owned()),
        None if time => made.call_method1(intern!(py, "view"), ("m8",)),
        None => Ok(made),
    }
}

fn finish<'py>(
    py: Python<'py>,
    product: Bound<'py, PyAny>,
    shape: &[usize],
    simple: bool,
    out: Option<Arg<'_, 'py>>,
) -> Answer<'py> {
    let product = match simple {
        true => product,
        false => shaped(py, product, shape)?,
    };
    let Some(out) = out else { return Ok(product) };
    out.set_item(py.Ellipsis(), product)?;
    match shape.is_empty() {
        true => out.get_item(()),
        false => Ok(out.to_owned()),
    }
}

/// The items in another shape: the array itself where it owns them.
fn shaped<'py>(py: Python<'py>, product: Bound<'py, PyAny>, shape: &[usize]) -> Answer<'py> {
    let product = array::coerce::as_any(product.as_borrowed())?;
    if product.getattr(intern!(py, "base"))?.is_none() {
        product.setattr(intern!(py, "shape"), PyTuple::new(py, shape)?)?;
        return Ok(product);
    }
    product.call_method1(intern!(py, "reshape"), (PyTuple::new(py, shape)?,))
}

/// Refuses an output array that matrix libraries could not write to.
fn check_out(
    out: Arg<'_, '_>,
    a: ArrayRef<'_, '_>,
    b: ArrayRef<'_, '_>,
    shape: &[usize],
) -> PyResult<()> {
    let target = ArrayRef::from_any(out)
        .ok_or_else(|| pyo3::exceptions::PyTypeError::new_err("'out' must be an array"))?;
    let made = promote_types(&a.dtype(), &b.dtype()).map_or(a.dtype().num, |d| d.num);
    let have = target.dtype();
    let fits = target.flags() & flags::CARRAY == flags::CARRAY && !have.swapped;
    if have.num != made || target.ndim() != shape.len() || !fits {
        return Err(PyValueError::new_err(
            "output array is not acceptable (must have the right datatype, number of dimensions, \
             and be a C-Array)",
        ));
    }
    if target.shape() != shape {
        return Err(PyValueError::new_err("output array has wrong dimensions"));
    }
    Ok(())
}

fn given<'a, 'py>(out: Option<Arg<'a, 'py>>) -> Option<Arg<'a, 'py>> {
    out.filter(|o| !o.is_none())
}

fn required<'a, 'py>(arg: Option<Arg<'a, 'py>>) -> PyResult<Arg<'a, 'py>> {
    arg.ok_or_else(|| pyo3::exceptions::PyTypeError::new_err("missing argument"))
}

/// `dot` of two small arrays of at most two axes, which is their matrix product.
fn quick_dot<'py>(py: Python<'py>, _: Module, args: &CallArgs<'_, 'py>) -> Option<Answer<'py>> {
    match args.positional() {
        [a, b] if !args.has_keywords() => {
            errstate::in_name_of("dot", || matrix::product(py, *a, *b))
        }
        _ => None,
    }
}

/// As [`quick_dot`] for the method.
fn quick_dot_method<'py>(
    py: Python<'py>,
    slf: Slf<'_, 'py>,
    args: &CallArgs<'_, 'py>,
) -> Option<Answer<'py>> {
    match args.positional() {
        [b] if !args.has_keywords() => errstate::in_name_of("dot", || matrix::product(py, slf, *b)),
        _ => None,
    }
}

fn dot<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("dot", &["a", "b", "out"], 2);
    let [a, b, out] = args.parse(&SIG)?;
    contract(py, required(a)?, required(b)?, false, given(out))
}

fn inner<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("inner", &["a", "b"], 2).pos_only(2);
    let [a, b] = args.parse(&SIG)?;
    contract(py, required(a)?, required(b)?, true, None)
}

fn vdot<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("vdot", &["a", "b"], 2).pos_only(2);
    let [a, b] = args.parse(&SIG)?;
    let flat = |x: Arg<'_, 'py>| array::coerce::as_any(x)?.call_method0(intern!(py, "ravel"));
    let (a, b) = (flat(required(a)?)?, flat(required(b)?)?);
    let (na, nb) = (ArrayRef::of(&a).size(), ArrayRef::of(&b).size());
    if na != nb {
        return Err(PyValueError::new_err(format!(
            "cannot reshape array of size {nb} into shape ({na},)"
        )));
    }
    let a = a.call_method0(intern!(py, "conj"))?;
    errstate::unheard(|| contract(py, a.as_borrowed(), b.as_borrowed(), false, None))
}

fn dot_method<'py>(py: Python<'py>, slf: Slf<'_, 'py>, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("dot", &["b", "out"], 1);
    let [b, out] = args.parse(&SIG)?;
    contract(py, slf, required(b)?, false, given(out))
}

/// Method rows of ndarray.
pub(crate) fn rows() -> Vec<ffi::PyMethodDef> {
    crate::methods![Slf<'_, '_>;
        c"dot", @quick_dot_method => dot_method, 0, c"dot($self, other, /, out=None)\n--\n\nDot product with another array.";
    ]
}

/// Adds the module functions.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let rows = crate::methods![Module;
        c"dot", @quick_dot => dot, 0, c"Dot product of two arrays.";
        c"inner", inner, 0, c"Products of the last axes of two arrays, summed.";
        c"vdot", vdot, 0, c"Dot product of two arrays flattened, the first conjugated.";
        c"correlate", super::correlate::correlate, 0, c"Slide one sequence along another.";
        c"correlate2", super::correlate::correlate2, 0, c"Cross-correlation of two sequences.";
    ];
    crate::slots::add_functions(m, rows)
}
