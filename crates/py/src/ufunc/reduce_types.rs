//! Which loop a reduction runs, and with which dtypes.

use super::keywords;
use crate::args::Arg;
use crate::array::{self, ArrayRef};
use crate::err::OrRaise;
use numoxide_core::cast::discards_imaginary;
use numoxide_core::iter::PerOp;
use numoxide_core::{DType, Error, TypeNum};
use numoxide_dtype::{Casting, Shown};
use numoxide_ufunc::resolve::{self, Arg as TypeArg, Resolved};
use numoxide_ufunc::table::{Op, ResolveKind};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// What a reduction was asked for.
pub(super) struct Request<'py> {
    /// The operation.
    pub(super) op: &'static Op,
    /// The array to reduce.
    pub(super) input: Bound<'py, PyAny>,
    /// Its dtype.
    pub(super) dtype: DType,
    /// `out=`.
    pub(super) out: Option<Bound<'py, PyAny>>,
    /// `out=...`: a 0-d result stays an array.
    pub(super) keep_arrays: bool,
    /// `dtype=`.
    fixed: Option<DType>,
}

fn single_out<'py>(value: Option<Arg<'_, 'py>>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(value) = value else { return Ok(None) };
    if let Ok(tuple) = value.cast::<pyo3::types::PyTuple>() {
        if tuple.len() != 1 {
            return Err(PyValueError::new_err(
                "The 'out' tuple must have exactly one entry",
            ));
        }
        return keywords::tuple_output(tuple.get_item(0)?.as_borrowed());
    }
    keywords::output(value)
}

/// Tells of imaginary parts that the casts of a reduction drop.
pub(super) fn warn_discards(
    py: Python<'_>,
    input: &DType,
    resolved: &Resolved,
    out: &DType,
) -> PyResult<()> {
    let dtypes = &resolved.dtypes;
    // Outputs are read, too.
    let through = |from, to| discards_imaginary(from, to);
    if through(input, &dtypes[1]) || through(&dtypes[2], out) || through(out, &dtypes[0]) {
        crate::scalar::warn_complex(py)?;
    }
    Ok(())
}

/// The dtype that small sums and products widen to.
pub(super) fn widened(dtype: &DType) -> Option<DType> {
    let small = dtype.size < 8;
    match dtype.num {
        TypeNum::Bool => Some(DType::new(TypeNum::Long)),
        n if n.is_signed() && small => Some(DType::new(TypeNum::Long)),
        n if n.is_unsigned() && small => Some(DType::new(TypeNum::ULong)),
        _ => None,
    }
}

impl<'py> Request<'py> {
    /// Converts the arguments that the three methods share.
    pub(super) fn new(
        py: Python<'py>,
        op: &'static Op,
        input: Arg<'_, 'py>,
        dtype: Option<Arg<'_, 'py>>,
        out: Option<Arg<'_, 'py>>,
    ) -> PyResult<Request<'py>> {
        let input = match ArrayRef::from_any(input) {
            Some(arr) => arr.as_bound(),
            None => array::coerce::as_any(input)?,
        };
        let fixed = keywords::fixed(py, op, dtype, None)?
            .last()
            .cloned()
            .flatten();
        let in_dtype = ArrayRef::of(&input).dtype();
        let keep_arrays = out.is_some_and(|o| o.is(py.Ellipsis()));
        Ok(Request {
            op,
            input,
            dtype: in_dtype,
            out: single_out(out.filter(|_| !keep_arrays))?,
            keep_arrays,
            fixed,
        })
    }

    /// A request with nothing but, perhaps, a dtype.
    pub(super) fn bare(
        op: &'static Op,
        input: Bound<'py, PyAny>,
        fixed: Option<DType>,
    ) -> Request<'py> {
        Request {
            op,
            dtype: ArrayRef::of(&input).dtype(),
            input,
            out: None,
            keep_arrays: false,
            fixed,
        }
    }

    fn out_dtype(&self) -> Option<DType> {
        self.out.as_ref().map(|o| ArrayRef::of(o).dtype())
    }

    /// The loop of the operation for (accumulator, item, accumulator).
    pub(super) fn resolve(&self, py: Python<'py>, method: &str) -> PyResult<Resolved> {
        let found = match self.op.resolve {
            ResolveKind::Comparison | ResolveKind::Logical => self.truths(py)?,
            _ => self.plain(py, method)?,
        };
        self.check(py, &found, method)?;
        Ok(found)
    }

    /// Comparisons and logic accumulate truth values, or objects.
    fn truths(&self, py: Python<'py>) -> PyResult<Resolved> {
        let logic = self.op.resolve == ResolveKind::Logical;
        let out = self.out_dtype();
        let object = |d: &DType| d.num == TypeNum::Object;
        let num = match &self.fixed {
            Some(d) if d.num == TypeNum::Bool || object(d) => Some(d.num),
            Some(_) => None,
            None if logic && (object(&self.dtype) || out.as_ref().is_some_and(object)) => {
                Some(TypeNum::Object)
            }
            None => (logic || self.dtype.num == TypeNum::Bool).then_some(TypeNum::Bool),
        };
        let Some(num) = num else {
            if self.fixed.is_none() && out.is_some_and(|d| d.num == TypeNum::Bool) {
                return Err(self.no_loop(Some(TypeNum::Bool))).or_raise(py);
            }
            return Err(PyTypeError::new_err(format!(
                "No loop matching the specified signature and casting was found for ufunc {}",
                self.op.name
            )));
        };
        let pin: PerOp<Option<DType>> = (0..3).map(|_| Some(DType::new(num))).collect();
        let args = [TypeArg::DType(&self.dtype), TypeArg::DType(&self.dtype)];
        resolve::resolve(self.op, &args, &pin).or_raise(py)
    }

    /// All other operations; `add` and `multiply` of small integers widen to the platform's.
    fn plain(&self, py: Python<'py>, method: &str) -> PyResult<Resolved> {
        let out = self.out_dtype();
        let mut acc = self.fixed.clone();
        if acc.is_none() && out.is_none() && matches!(self.op.name, "add" | "multiply") {
            acc = widened(&self.dtype);
        }
        let lead = match (&acc, &out) {
            (None, Some(d)) => d,
            _ => &self.dtype,
        };
        let args = [TypeArg::DType(lead), TypeArg::DType(&self.dtype)];
        self.refuse(py, method, acc.as_ref())?;
        let Some(acc) = acc else {
            let found = resolve::resolve(self.op, &args, &[]);
            return found.map_err(|e| self.named(e, out.as_ref())).or_raise(py);
        };
        if acc.num == self.dtype.num && acc.extra.is_none() {
            if let Ok(found) = resolve::resolve(self.op, &args, &[]) {
                if found.dtypes[0].num == acc.num && found.dtypes[2].num == acc.num {
                    return Ok(found);
                }
            }
        }
        let pin = [Some(acc.native()), None, Some(acc.native())];
        let found = resolve::resolve(self.op, &args, &pin);
        found.map_err(|e| self.named(e, None)).or_raise(py)
    }

    /// Operations that have a loop, but none that can accumulate.
    fn refuse(&self, py: Python<'py>, method: &str, acc: Option<&DType>) -> PyResult<()> {
        let text = |d: &DType| matches!(d.num, TypeNum::Bytes | TypeNum::Str);
        if self.op.name == "add" && text(&self.dtype) {
            let lead = &self.dtype;
            let mut sum = lead.native();
            sum.size = lead.size + self.dtype.size;
            return Err(self.incompatible(method, &[lead.native(), self.dtype.native(), sum]));
        }
        if acc.is_some_and(|d| d.num == TypeNum::Bool) {
            let bool = DType::new(TypeNum::Bool);
            let pair = [TypeArg::DType(&bool), TypeArg::DType(&bool)];
            if self.op.resolve == ResolveKind::Subtract {
                resolve::resolve(self.op, &pair, &[]).or_raise(py)?;
            }
        }
        Ok(())
    }

    /// The error of an operation that names its operands, with those of a reduction.
    fn named(&self, error: Error, out: Option<&DType>) -> Error {
        match error {
            Error::NoLoop {
                op: "gcd" | "lcm", ..
            } => self.no_loop(out.map(|d| d.num)),
            other => other,
        }
    }

    fn no_loop(&self, lead: Option<TypeNum>) -> Error {
        let class = |num: TypeNum| Shown::Class(num.row().class);
        let fixed = self.fixed.as_ref().map(|d| d.num);
        Error::NoLoop {
            op: self.op.name,
            nin: 2,
            operands: vec![
                fixed.or(lead).map_or(Shown::Free, class),
                class(self.dtype.num),
                fixed.map_or(Shown::Free, class),
            ],
        }
    }

    fn incompatible(&self, method: &str, dtypes: &[DType]) -> PyErr {
        PyTypeError::new_err(format!(
            "the resolved dtypes are not compatible with {}.{method}. Resolved ({}, {}, {})",
            self.op.name, dtypes[0], dtypes[1], dtypes[2]
        ))
    }

    fn check(&self, py: Python<'py>, found: &Resolved, method: &str) -> PyResult<()> {
        let [first, item, last] = [0, 1, 2].map(|i| found.dtypes[i].num);
        let grows = first.is_flexible() && found.dtypes[0].size != found.dtypes[2].size;
        if first != last || grows || method != "reduce" && item != first {
            return Err(self.incompatible(method, &found.dtypes));
        }
        let args = [
            TypeArg::DType(&found.dtypes[0]),
            TypeArg::DType(&self.dtype),
        ];
        // Reductions cast freely: `dtype=` truncates, and so does an integer `out`.
        let out = self.out_dtype();
        resolve::check_casts(
            self.op,
            &args,
            &[out.as_ref()],
            &found.dtypes,
            Casting::Unsafe,
        )
        .or_raise(py)
    }
}
