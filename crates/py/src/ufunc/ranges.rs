//! Comparisons of integers with Python integers that their dtype cannot hold.

use super::call::Options;
use super::operand::Input;
use numoxide_core::iter::PerOp;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::promote::WeakKind;
use numoxide_dtype::Casting;
use numoxide_kernels::compare::constant as constant_loop;
use numoxide_ufunc::resolve::{is_comparison, Resolved};
use numoxide_ufunc::table::Op;
use pyo3::prelude::*;
use smallvec::smallvec;
use std::cmp::Ordering;

/// The loop whose answer is the same for every item; the Python integer becomes a zero of the dtype.
pub(super) fn constant<'py>(
    op: &'static Op,
    inputs: &mut PerOp<Input<'py>>,
    opts: &Options<'py>,
) -> PyResult<Option<Resolved>> {
    let (ins, outs) = opts.fixed.split_at(opts.fixed.len().min(2));
    let asked =
        ins.iter().any(Option::is_some) || outs.iter().flatten().any(|d| d.num != TypeNum::Bool);
    if !is_comparison(op) || asked {
        return Ok(None);
    }
    let (at, dtype, value) = match inputs.as_slice() {
        [Input::Array(_, d) | Input::Scalar(d, _), Input::Weak(WeakKind::Int, v)] => (1, d, v),
        [Input::Weak(WeakKind::Int, v), Input::Array(_, d) | Input::Scalar(d, _)] => (0, d, v),
        _ => return Ok(None),
    };
    if !dtype.num.is_integer() {
        return Ok(None);
    }
    let native = dtype.native();
    let Some(side) = outside(dtype, value)? else {
        // Whatever the casting rule.
        let py = value.py();
        inputs[at].settle(py, &native, Casting::SameKind)?;
        return Ok(None);
    };
    // How the first operand stands to the second.
    let order = if at == 0 { side } else { side.reverse() };
    let answer = match op.name {
        "equal" => false,
        "not_equal" => true,
        "less" | "less_equal" => order.is_lt(),
        _ => order.is_gt(),
    };
    let bits = Default::default();
    inputs[at] = Input::Scalar(native.clone(), bits);
    Ok(Some(Resolved {
        lp: constant_loop(answer),
        reduce: None,
        dtypes: smallvec![native.clone(), native, DType::new(TypeNum::Bool)],
    }))
}

/// On which side of the dtype's range a Python integer lies, if it is outside.
fn outside(dtype: &DType, value: &Bound<'_, PyAny>) -> PyResult<Option<Ordering>> {
    let bits = 8 * dtype.size as u32;
    let (low, high) = if dtype.num.is_unsigned() {
        (0i128, (1i128 << bits) - 1)
    } else {
        (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
    };
    let small = match value.extract::<i64>() {
        Ok(n) => i128::from(n),
        Err(_) => match value.extract::<u64>() {
            Ok(n) => i128::from(n),
            Err(_) if value.gt(0)? => i128::MAX,
            Err(_) => i128::MIN,
        },
    };
    Ok(match small {
        n if n < low => Some(Ordering::Less),
        n if n > high => Some(Ordering::Greater),
        _ => None,
    })
}
