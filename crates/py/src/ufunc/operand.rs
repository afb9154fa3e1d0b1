//! Python objects as ufunc operands: arrays by view, NumPy scalars by value, Python numbers weak.

use crate::array::{self, ArrayRef};
use crate::descr;
use crate::err::OrRaise;
use crate::scalar;
use numoxide_core::{DType, RawView, TypeNum};
use numoxide_dtype::promote::WeakKind;
use numoxide_dtype::{can_cast, Casting};
use numoxide_ufunc::resolve::{self, Arg};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;

/// Bytes of a scalar operand; enough for every number.
pub(crate) type Bytes = [u64; 4];

/// An input of a ufunc.
pub(crate) enum Input<'py> {
    /// An array (or what became one), with its engine dtype.
    Array(Bound<'py, PyAny>, DType),
    /// A NumPy scalar.
    Scalar(DType, Bytes),
    /// A Python number.
    Weak(WeakKind, Bound<'py, PyAny>),
}

/// Is this type exactly one that no override lookup need consider?
pub(crate) fn is_plain(ob: *mut ffi::PyObject) -> bool {
    // SAFETY: a live object.
    unsafe {
        let ty = ffi::Py_TYPE(ob);
        ty == array::NDARRAY.get()
            || ty == &raw mut ffi::PyFloat_Type
            || ty == &raw mut ffi::PyLong_Type
            || ty == &raw mut ffi::PyComplex_Type
            || ty == &raw mut ffi::PyBool_Type
            || ty == &raw mut ffi::PyList_Type
            || ty == &raw mut ffi::PyTuple_Type
            || ob == ffi::Py_None()
            || scalar::num_for(ty).is_some()
    }
}

impl<'py> Input<'py> {
    /// Takes an argument.
    #[inline]
    pub(crate) fn of(ob: Borrowed<'_, 'py, PyAny>) -> PyResult<Input<'py>> {
        // SAFETY: a live object.
        let ty = unsafe { ffi::Py_TYPE(ob.as_ptr()) };
        if let Some(arr) = ArrayRef::from_any(ob) {
            return Ok(Input::Array(arr.as_bound(), arr.dtype()));
        }
        if let Some(kind) = weak_kind(ty) {
            return Ok(Input::Weak(kind, ob.to_owned()));
        }
        if let Some(found) = number_scalar(&ob) {
            return Ok(found);
        }
        let arr = array::coerce::as_any(ob)?;
        let dtype = ArrayRef::of(&arr).dtype();
        Ok(Input::Array(arr, dtype))
    }

    /// Whether a loop of `dtype` can read it without a cast.
    pub(crate) fn is_ready(&self, dtype: &DType) -> bool {
        match self {
            Input::Array(arr, _) if ArrayRef::of(arr).ndim() == 0 => true,
            Input::Array(arr, own) => {
                // `long` and `long long` are one to the machine.
                let alike = own.num.is_integer() && dtype.num.is_integer();
                let alike = alike && own.num.is_signed() == dtype.num.is_signed();
                (own.num == dtype.num || (alike && own.size == dtype.size))
                    && own.swapped == dtype.swapped
                    && ArrayRef::of(arr).has(crate::layout::flags::ALIGNED)
            }
            Input::Scalar(..) | Input::Weak(..) => true,
        }
    }

    /// How type resolution sees it.
    pub(crate) fn arg(&self) -> Arg<'_> {
        match self {
            Input::Array(_, dtype) | Input::Scalar(dtype, _) => Arg::DType(dtype),
            Input::Weak(kind, _) => Arg::Weak(*kind),
        }
    }

    /// Its shape; `()` for scalars.
    pub(crate) fn shape(&self) -> &[usize] {
        match self {
            Input::Array(arr, _) => ArrayRef::of(arr).shape(),
            _ => &[],
        }
    }

    /// The array, if it is one.
    pub(crate) fn array(&self) -> Option<ArrayRef<'_, 'py>> {
        match self {
            Input::Array(arr, _) => Some(ArrayRef::of(arr)),
            _ => None,
        }
    }

    /// Gives a weak scalar its value in the dtype the loop wants; numbers of a kind beyond it keep their
    /// own, and casts decide.
    pub(crate) fn settle(
        &mut self,
        py: Python<'py>,
        wanted: &DType,
        casting: Casting,
    ) -> PyResult<()> {
        let Input::Weak(kind, ob) = self else {
            return Ok(());
        };
        if wanted.num == TypeNum::User {
            let descr = crate::descr::descr_for(py, wanted)?;
            let arr = array::coerce::asarray_as(ob.as_borrowed(), descr.as_ptr().cast())?;
            *self = Input::Array(arr, wanted.clone());
            return Ok(());
        }
        let dtype = match wanted.num {
            // Counts have no unit of their own.
            TypeNum::TimeDelta => DType::new(TypeNum::TimeDelta),
            _ => resolve::weak_dtype(*kind, wanted).or_raise(py)?,
        };
        if dtype.num == TypeNum::Object {
            // The array keeps the object alive.
            let arr = object_0d(py, ob)?;
            *self = Input::Array(arr, dtype);
            return Ok(());
        }
        // No value of Python's own types is equivalent to one of another type.
        if casting == Casting::Equiv && dtype.num != kind.default_num() {
            return Err(PyTypeError::new_err(format!(
                "cannot cast Python {} to {} under the casting rule 'equiv'",
                resolve::weak_name(*kind),
                dtype.num.row().name
            )));
        }
        let mut bytes = Bytes::default();
        store_number(py, *kind, ob, &dtype, &mut bytes)?;
        *self = Input::Scalar(dtype, bytes);
        Ok(())
    }

    /// A Python number that is the only operand counts as an array of its own dtype.
    pub(crate) fn stand_alone(&mut self, py: Python<'py>) -> PyResult<()> {
        if let Input::Weak(kind, ob) = self {
            let mut bytes = Bytes::default();
            let dtype = DType::new(kind.default_num());
            if *kind == WeakKind::Int && ob.extract::<i64>().is_err() {
                let arr = array::coerce::as_any(ob.as_borrowed())?;
                let dtype = ArrayRef::of(&arr).dtype();
                *self = Input::Array(arr, dtype);
            } else {
                store_number(py, *kind, ob, &dtype, &mut bytes)?;
                *self = Input::Scalar(dtype, bytes);
            }
        }
        Ok(())
    }

    /// A Python integer that no machine integer holds.
    pub(crate) fn is_huge(&self) -> bool {
        match self {
            Input::Weak(WeakKind::Int, ob) => {
                let mut overflow = 0;
                // SAFETY: an exact int, as the kind says.
                unsafe { ffi::PyLong_AsLongLongAndOverflow(ob.as_ptr(), &mut overflow) };
                overflow != 0 && ob.extract::<u64>().is_err()
            }
            _ => false,
        }
    }

    /// Makes an object operand of a Python number.
    pub(crate) fn objectify(&mut self, py: Python<'py>) -> PyResult<()> {
        self.settle(py, &DType::new(TypeNum::Object), Casting::SameKind)
    }

    /// The view that loops walk.
    pub(crate) fn view(&self) -> RawView<'_> {
        match self {
            Input::Array(arr, dtype) => ArrayRef::of(arr).view(dtype),
            Input::Scalar(dtype, bytes) => RawView {
                ptr: bytes.as_ptr().cast_mut().cast(),
                dtype,
                shape: &[],
                strides: &[],
            },
            Input::Weak(..) => unreachable!("weak operands are settled before they are viewed"),
        }
    }
}

/// Items up to which an input is cast as a whole.
const WHOLE: usize = 8192;

/// When inputs are cast ahead of the loop; what goes wrong is reported in the name of the cast.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    /// Before all casts are checked: short lines and single items, up to the first input that is too
    /// large or whose cast is forbidden.
    Lines,
    /// Thereafter: single items.
    Items,
}

/// Casts small inputs ahead of the loop. Casts that cannot go wrong are left to the plan, unless
/// outputs were `given`, with which the inputs may share memory.
pub(super) fn cast_ahead<'py>(
    py: Python<'py>,
    inputs: &mut [Input<'py>],
    dtypes: &[DType],
    ahead: Ahead,
    casting: Casting,
    given: bool,
) -> PyResult<()> {
    let time = |d: &DType| matches!(d.num, TypeNum::DateTime | TypeNum::TimeDelta);
    for (input, dtype) in inputs.iter_mut().zip(dtypes) {
        let view = input.view();
        let same = view.dtype.num == dtype.num && view.dtype.swapped == dtype.swapped;
        if same && view.is_aligned() {
            continue;
        }
        let fits = match ahead {
            Ahead::Lines => view.shape.len() < 2 && view.size() <= WHOLE,
            Ahead::Items => view.shape.is_empty(),
        };
        if !fits || !can_cast(view.dtype, dtype, casting) {
            match ahead {
                Ahead::Lines => return Ok(()),
                Ahead::Items => continue,
            }
        }
        let numbers = (view.dtype.num.is_number() || time(view.dtype)) && dtype.num.is_number();
        if numbers && (given || !can_cast(view.dtype, dtype, Casting::Safe)) {
            let cast = cast_whole(py, input, dtype)?;
            *input = cast;
        }
    }
    Ok(())
}

/// The items of an input as another dtype.
fn cast_whole<'py>(py: Python<'py>, input: &Input<'py>, dtype: &DType) -> PyResult<Input<'py>> {
    match input {
        Input::Array(arr, _) if ArrayRef::of(arr).ndim() > 0 => {
            let descr = descr::singleton(dtype.num);
            let cast = array::empty(py, ArrayRef::of(arr).shape(), descr, false)?;
            array::assign::assign(ArrayRef::of(&cast), ArrayRef::of(arr))?;
            Ok(Input::Array(cast, dtype.clone()))
        }
        _ => {
            let mut bytes = Bytes::default();
            let item = RawView {
                ptr: bytes.as_mut_ptr().cast(),
                dtype,
                shape: &[],
                strides: &[],
            };
            array::assign::assign_views(py, &item, &input.view())?;
            Ok(Input::Scalar(dtype.clone(), bytes))
        }
    }
}

/// The weak kind of an exact Python number.
#[inline]
fn weak_kind(ty: *mut ffi::PyTypeObject) -> Option<WeakKind> {
    {
        if ty == &raw mut ffi::PyFloat_Type {
            Some(WeakKind::Float)
        } else if ty == &raw mut ffi::PyLong_Type {
            Some(WeakKind::Int)
        } else if ty == &raw mut ffi::PyComplex_Type {
            Some(WeakKind::Complex)
        } else {
            None
        }
    }
}

/// Stores a Python number in `dtype`, whose usual cases need no general conversion.
fn store_number(
    py: Python<'_>,
    kind: WeakKind,
    ob: &Bound<'_, PyAny>,
    dtype: &DType,
    bytes: &mut Bytes,
) -> PyResult<()> {
    // SAFETY: exact floats and ints, as `kind` says.
    unsafe {
        match (kind, dtype.num) {
            (WeakKind::Float, TypeNum::Double) => {
                bytes[0] = ffi::PyFloat_AS_DOUBLE(ob.as_ptr()).to_bits();
                return Ok(());
            }
            (WeakKind::Int, TypeNum::Double) => {
                let x = ffi::PyLong_AsDouble(ob.as_ptr());
                if x == -1.0 && !ffi::PyErr_Occurred().is_null() {
                    return Err(PyErr::fetch(py));
                }
                bytes[0] = x.to_bits();
                return Ok(());
            }
            (WeakKind::Int, TypeNum::Long | TypeNum::LongLong) => {
                let n = ffi::PyLong_AsLong(ob.as_ptr());
                if n == -1 && !ffi::PyErr_Occurred().is_null() {
                    return Err(PyErr::fetch(py));
                }
                bytes[0] = n as u64;
                return Ok(());
            }
            (_, TypeNum::Object) => return Ok(()),
            _ => {}
        }
        scalar::set_item(
            py,
            bytes.as_mut_ptr().cast(),
            descr::singleton(dtype.num),
            ob,
        )
    }
}

/// A NumPy scalar of a number type, by value.
#[inline]
fn number_scalar<'py>(ob: &Bound<'py, PyAny>) -> Option<Input<'py>> {
    let (num, raw) = scalar::value_of(ob)?;
    num.is_number().then(|| {
        let mut bytes = Bytes::default();
        // SAFETY: both hold 32 bytes.
        unsafe {
            let to = bytes.as_mut_ptr().cast::<u8>();
            to.copy_from_nonoverlapping((&raw const raw).cast(), size_of::<scalar::Raw>().min(32));
        }
        Input::Scalar(DType::new(num), bytes)
    })
}

/// A 0-d object array that holds `ob`.
fn object_0d<'py>(py: Python<'py>, ob: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let arr = array::empty(py, &[], descr::singleton(TypeNum::Object), false)?;
    let view = ArrayRef::of(&arr);
    // SAFETY: the one item of the fresh array.
    unsafe { scalar::set_item(py, view.data(), view.descr(), ob)? };
    Ok(arr)
}
