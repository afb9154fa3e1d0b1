//! Functions about dates: business days, `datetime_as_string`, `datetime_data`.

mod busday;
mod calendar;
mod text;

use crate::args::{Arg, CallArgs};
use crate::array::{assign, coerce, make, ArrayRef, Spec};
use crate::descr::{self, descr_for, dtype_of};
use crate::err::OrRaise;
use crate::layout::flags;
use crate::methods;
use crate::slots::{add_functions, Module};
use numoxide_core::iter::{
    broadcast_shapes, broadcast_to, sort_axes, strides_in_order, Arrange, Nest,
};
use numoxide_core::{DType, Order, TypeNum};
use numoxide_dtype::datetime::Roll;
use numoxide_dtype::{can_cast, Casting, DateTimeMeta, DateTimeUnit};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use smallvec::SmallVec;

/// Adds the functions and the calendar type to the module.
pub(crate) fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
    calendar::init(m)?;
    add_functions(
        m,
        methods! {
            Module;
            c"is_busday", busday::is_busday, 0, c"Tell which dates are business days.";
            c"busday_offset", busday::busday_offset, 0, c"Move dates by business days.";
            c"busday_count", busday::busday_count, 0, c"Count business days between dates.";
            c"datetime_as_string", text::datetime_as_string, 0, c"Dates as ISO 8601 text.";
            c"datetime_data", datetime_data, 0,
                c"datetime_data(dtype, /)\n--\n\nUnit and count of a date or time dtype.";
        },
    )
}

/// `datetime_data(dtype, /)`.
fn datetime_data<'py>(
    py: Python<'py>,
    _: Module,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    if args.has_keywords() {
        return Err(PyTypeError::new_err(
            "datetime_data() takes no keyword arguments",
        ));
    }
    if args.npos() != 1 {
        return Err(PyTypeError::new_err(format!(
            "datetime_data() takes exactly 1 argument ({} given)",
            args.npos()
        )));
    }
    let dtype = descr::convert(py, &args.get(0).to_owned())?;
    let dtype = dtype_of(dtype.as_ptr().cast());
    if !matches!(dtype.num, TypeNum::DateTime | TypeNum::TimeDelta) {
        return Err(PyTypeError::new_err(
            "cannot get datetime metadata from non-datetime type",
        ));
    }
    let meta = dtype.datetime_meta();
    Ok((meta.unit.name(), meta.num).into_pyobject(py)?.into_any())
}

/// The dtype of whole days.
fn days() -> DType {
    DType::datetime(TypeNum::DateTime, DateTimeMeta::unit(DateTimeUnit::Day))
}

/// Dates of any kind as an array; what is none is read as dates whose unit is found.
fn dates<'py>(ob: Arg<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(a) = ArrayRef::from_any(ob) {
        return Ok(a.as_bound());
    }
    coerce::asarray_as(ob, descr::singleton(TypeNum::DateTime))
}

/// The array in the very dtype asked for, native and aligned; its layout is kept.
fn settled<'py>(given: &Bound<'py, PyAny>, dtype: &DType) -> PyResult<Bound<'py, PyAny>> {
    let a = ArrayRef::of(given);
    if a.dtype() == *dtype && a.has(flags::ALIGNED) {
        return Ok(a.as_bound());
    }
    let object = descr_for(given.py(), dtype)?;
    assign::cast_copy(a, object.as_ptr().cast(), Order::Keep, false)
}

/// A function of items over arrays: dtypes of its inputs and result, its name in messages.
struct Items<'n> {
    name: &'n str,
    inputs: &'n [DType],
    result: DType,
}

impl Items<'_> {
    /// Casts the inputs, makes or checks `out`, and calls `body` with the addresses of each set of
    /// items, result last.
    ///
    /// # Errors
    /// What does not cast or broadcast, and what `body` raises.
    fn run<'py>(
        &self,
        given: &[Bound<'py, PyAny>],
        out: Option<Arg<'_, 'py>>,
        mut body: impl FnMut(&[*mut u8]) -> numoxide_core::Result<()>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = given[0].py();
        let out = self.checked_out(out)?;
        let mut inputs: SmallVec<[Bound<'py, PyAny>; 2]> = SmallVec::new();
        for (at, (array, dtype)) in given.iter().zip(self.inputs).enumerate() {
            let from = ArrayRef::of(array).dtype();
            if !can_cast(&from, dtype, Casting::Safe) {
                return Err(PyTypeError::new_err(format!(
                    "Iterator operand {at} dtype could not be cast from {from} to {dtype} \
                     according to the rule 'safe'"
                )));
            }
            inputs.push(settled(array, dtype)?);
        }
        let mut shapes: SmallVec<[&[usize]; 3]> =
            inputs.iter().map(|i| ArrayRef::of(i).shape()).collect();
        if let Some(out) = &out {
            shapes.push(ArrayRef::of(out).shape());
        }
        let shape = broadcast_shapes(&shapes).or_raise(py)?;
        let mut strides: SmallVec<[SmallVec<[isize; 6]>; 3]> = SmallVec::new();
        for input in &inputs {
            let a = ArrayRef::of(input);
            strides.push(broadcast_to(a.shape(), a.strides(), &shape).or_raise(py)?);
        }
        let (lengths, order): (&[usize], _) = match &out {
            Some(out) => (
                ArrayRef::of(out).shape(),
                (0..shapes[inputs.len()].len()).collect(),
            ),
            None => (&shape, sort_axes(&shape, strides.iter().map(|s| &s[..]))),
        };
        let fresh = strides_in_order(lengths, self.result.size, &order);
        let object = descr_for(py, &self.result)?;
        let spec = Spec {
            strides: Some(&fresh),
            ..Spec::new(object.as_ptr().cast(), lengths)
        };
        let target = make(py, spec)?;
        let mut full: SmallVec<[isize; 6]> = SmallVec::from_elem(0, shape.len() - lengths.len());
        full.extend(
            fresh
                .iter()
                .zip(lengths)
                .map(|(&s, &n)| if n == 1 { 0 } else { s }),
        );
        let mut operands: SmallVec<[(*mut u8, &[isize]); 3]> = SmallVec::new();
        for (input, s) in inputs.iter().zip(&strides) {
            operands.push((ArrayRef::of(input).data(), s));
        }
        operands.push((ArrayRef::of(&target).data(), &full));
        crate::array::items::each(&Nest::new(&shape, &operands, Arrange::Ordered), &mut body)
            .or_raise(py)?;
        match out.clone() {
            None => crate::array::items::return_scalar(target),
            Some(out) => {
                assign::assign(ArrayRef::of(&out), ArrayRef::of(&target))?;
                Ok(out)
            }
        }
    }

    /// The array given for the result, if any, to which the result must cast.
    fn checked_out<'py>(&self, out: Option<Arg<'_, 'py>>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(out) = out else { return Ok(None) };
        let Some(array) = ArrayRef::from_any(out) else {
            return Err(PyValueError::new_err(format!(
                "{}: must provide a NumPy array for 'out'",
                self.name
            )));
        };
        let (from, to) = (&self.result, array.dtype());
        if !can_cast(from, &to, Casting::Safe) {
            return Err(PyTypeError::new_err(format!(
                "Iterator requested dtype could not be cast from {from} to {to}, the operand {} \
                 dtype, according to the rule 'safe'",
                self.inputs.len()
            )));
        }
        array.check_writeable("output array")?;
        Ok(Some(array.as_bound()))
    }
}

/// A text argument, also in ASCII bytes.
fn text_of(ob: Arg<'_, '_>) -> PyResult<String> {
    if let Ok(bytes) = ob.cast::<pyo3::types::PyBytes>() {
        return Ok(String::from_utf8_lossy(bytes.as_bytes()).into_owned());
    }
    if ob.is_instance_of::<pyo3::types::PyString>() {
        return ob.extract();
    }
    Err(PyTypeError::new_err(
        "bad argument type for built-in operation",
    ))
}

/// The `roll=` argument.
fn roll_rule(ob: Option<Arg<'_, '_>>) -> PyResult<Roll> {
    let Some(ob) = ob else { return Ok(Roll::Raise) };
    let name = text_of(ob)?;
    Roll::from_name(&name).ok_or_else(|| {
        PyValueError::new_err(format!("Invalid business day roll parameter \"{name}\""))
    })
}
