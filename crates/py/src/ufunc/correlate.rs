//! `correlate` and `correlate2`: inner products of one sequence with another that slides along it.

use super::object_products::Product;
use crate::args::{Arg, CallArgs, Sig};
use crate::array::coerce::{asarray, from_object, Request};
use crate::array::{empty, zeros, ArrayRef};
use crate::descr::descr_for;
use crate::err::OrRaise;
use crate::gil::released_if;
use crate::slots::Module;
use numoxide_core::{DType, Order, TypeNum};
use numoxide_dtype::{promote_types, DateTimeMeta};
use numoxide_kernels::{reduce, LoopCtx, StridedLoop};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::ptr::null_mut;

type Answer<'py> = PyResult<Bound<'py, PyAny>>;

/// How far the sequences may stick out beyond each other: not, by half, fully.
const MODES: [&str; 3] = ["valid", "same", "full"];

fn mode(ob: Option<Arg<'_, '_>>) -> PyResult<usize> {
    let Some(ob) = ob else { return Ok(0) };
    if let Ok(text) = ob.cast::<PyString>() {
        let text = text.to_str()?;
        if let Some(at) = MODES.iter().position(|m| *m == text) {
            return Ok(at);
        }
        // A first letter that is right is told from one that is not.
        let near = MODES
            .iter()
            .any(|m| text.starts_with(&m[..1]) || text.starts_with(&m[..1].to_uppercase()));
        return Err(PyValueError::new_err(match near {
            true => "Use one of 'valid', 'same', or 'full' for convolve/correlate mode".to_owned(),
            false => format!(
                "mode must be one of 'valid', 'same', or 'full' (got {})",
                ob.repr()?
            ),
        }));
    }
    let number: i64 = ob
        .call_method0("__index__")
        .and_then(|n| n.extract())
        .map_err(|_| PyTypeError::new_err("convolve/correlate mode not understood"))?;
    usize::try_from(number)
        .ok()
        .filter(|&n| n < MODES.len())
        .ok_or_else(|| PyValueError::new_err("integer convolve/correlate mode must be 0, 1, or 2"))
}

/// The dtype of the products: a number type, or objects.
fn common(py: Python<'_>, a: &DType, v: &DType) -> PyResult<DType> {
    let both = promote_types(a, v).or_raise(py)?;
    if both.num.is_flexible() && both.num != TypeNum::Void {
        return Err(PyValueError::new_err("data type must provide an itemsize"));
    }
    Ok(match both.num {
        num if num.is_number() => DType::new(num),
        TypeNum::TimeDelta => DType::datetime(TypeNum::TimeDelta, DateTimeMeta::GENERIC),
        _ => DType::new(TypeNum::Object),
    })
}

/// The object as a contiguous sequence of `dtype`.
fn sequence<'py>(ob: Arg<'_, 'py>, dtype: &DType) -> Answer<'py> {
    let descr = descr_for(ob.py(), dtype)?;
    let made = from_object(
        ob,
        &Request {
            descr: Some(descr.as_ptr().cast()),
            order: Order::C,
            ndmax: 1,
            ..Request::asarray()
        },
    );
    let given = ArrayRef::from_any(ob).is_some();
    let made = match made {
        Err(_) if given => return Err(PyValueError::new_err("object too deep for desired array")),
        other => other?,
    };
    let a = ArrayRef::of(&made);
    if a.ndim() == 0 {
        return Err(PyValueError::new_err(
            "object of too small depth for desired array",
        ));
    }
    match a.has(crate::layout::flags::C_CONTIGUOUS | crate::layout::flags::ALIGNED) {
        true => Ok(made),
        false => crate::array::assign::copy(a, Order::C, false),
    }
}

/// The loop of inner products of a dtype.
fn inner(dtype: &DType) -> StridedLoop {
    let num = match dtype.num {
        TypeNum::TimeDelta => TypeNum::Long,
        num => num,
    };
    let rows = || reduce::DOT.iter();
    rows()
        .find(|l| l.types[0] == num)
        .map_or_else(|| Product::Inner.entry(), |l| l.loops.pick())
}

/// Two contiguous sequences, the second not longer, and where the results go.
struct Slide {
    long: (*mut u8, usize),
    short: (*mut u8, usize),
    out: *mut u8,
    size: usize,
    inner: StridedLoop,
    /// For the positions where all of a short sequence counts, where there is such a loop.
    whole: Option<StridedLoop>,
}

// SAFETY: plain addresses; the run that they are sent to is the only one.
unsafe impl Send for Slide {}
// SAFETY: as above.
unsafe impl Sync for Slide {}

impl Slide {
    /// The results at `count` positions of the short sequence from `first` on (negative: it sticks
    /// out to the left). False if a product raised.
    ///
    /// # Safety
    /// - The sequences are live, `out` has `count` items.
    unsafe fn run(&self, first: isize, count: usize) -> bool {
        let (n, k, size) = (
            self.long.1 as isize,
            self.short.1 as isize,
            self.size as isize,
        );
        let ctx = LoopCtx::new(&[]);
        let mut i = 0;
        while i < count as isize {
            let at = first + i;
            let skip = (-at).max(0);
            let len = (n - at).min(k) - skip;
            // Positions where all of the short sequence counts take one call.
            let many = match skip == 0 && len == k {
                true => (n - k - at + 1).min(count as isize - i),
                false => 1,
            };
            let args = [
                self.long.0.wrapping_offset((at + skip) * size),
                self.short.0.wrapping_offset(skip * size),
                self.out.wrapping_offset(i * size),
            ];
            let (dims, steps) = ([many, len], [size, 0, size, size, size]);
            let run = self.whole.filter(|_| len == k).unwrap_or(self.inner);
            // SAFETY: the items lie within the sequences.
            let status = unsafe {
                run(
                    &ctx,
                    args.as_ptr(),
                    dims.as_ptr(),
                    steps.as_ptr(),
                    null_mut(),
                )
            };
            if status != 0 {
                return false;
            }
            i += many;
        }
        true
    }
}

/// Slides the shorter sequence along the longer; tells whether the two changed places.
fn slide<'py>(
    a: &Bound<'py, PyAny>,
    v: &Bound<'py, PyAny>,
    dtype: &DType,
    mode: usize,
) -> PyResult<(Bound<'py, PyAny>, bool)> {
    let py = a.py();
    let (ra, rv) = (ArrayRef::of(a), ArrayRef::of(v));
    for (which, array) in [("first", ra), ("second", rv)] {
        if array.size() == 0 {
            return Err(PyValueError::new_err(format!(
                "{which} array argument cannot be empty"
            )));
        }
    }
    let swapped = ra.size() < rv.size();
    let (long, short) = if swapped { (rv, ra) } else { (ra, rv) };
    let (n, k) = (long.size(), short.size());
    let (left, count) = match mode {
        0 => (0, n - k + 1),
        1 => (k / 2, n),
        _ => (k - 1, n + k - 1),
    };
    let descr = descr_for(py, dtype)?;
    let objects = dtype.num == TypeNum::Object;
    let out = match objects {
        true => zeros(py, &[count], descr.as_ptr().cast(), false)?,
        false => empty(py, &[count], descr.as_ptr().cast(), false)?,
    };
    let job = Slide {
        long: (long.data(), n),
        short: (short.data(), k),
        out: ArrayRef::of(&out).data(),
        size: dtype.size,
        inner: inner(dtype),
        whole: reduce::find(reduce::SLIDES, dtype.num)
            .filter(|_| k <= reduce::SHORT)
            .map(|l| l.loops.pick()),
    };
    let large = !objects && count.saturating_mul(k) > 5000;
    // SAFETY: contiguous sequences and a fresh result.
    let done = released_if(py, large, || unsafe { job.run(-(left as isize), count) });
    if !done {
        return Err(PyErr::fetch(py));
    }
    Ok((out, swapped))
}

fn operands<'py>(
    py: Python<'py>,
    args: CallArgs<'_, 'py>,
    sig: &'static Sig,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>, DType, usize)> {
    let [a, v, how] = args.parse(sig)?;
    let (Some(a), Some(v)) = (a, v) else {
        return Err(PyTypeError::new_err("missing argument"));
    };
    let how = mode(how)?;
    let own = |ob: Arg<'_, 'py>| asarray(ob).map(|x| ArrayRef::of(&x).dtype());
    let dtype = common(py, &own(a)?, &own(v)?)?;
    Ok((sequence(a, &dtype)?, sequence(v, &dtype)?, dtype, how))
}

/// `correlate(a, v, mode=0)`: the order of the two does not matter.
pub(super) fn correlate<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("correlate", &["a", "v", "mode"], 2);
    let (a, v, dtype, mode) = operands(py, args, &SIG)?;
    Ok(slide(&a, &v, &dtype, mode)?.0)
}

/// `correlate2(a, v, mode=0)`: `v` is conjugated, and exchanging the two turns the result round.
pub(super) fn correlate2<'py>(py: Python<'py>, _: Module, args: CallArgs<'_, 'py>) -> Answer<'py> {
    static SIG: Sig = Sig::new("correlate2", &["a", "v", "mode"], 2);
    let (a, v, dtype, mode) = operands(py, args, &SIG)?;
    let v = match dtype.num.is_complex() {
        true => v.call_method0(pyo3::intern!(py, "conj"))?,
        false => v,
    };
    let (out, swapped) = slide(&a, &v, &dtype, mode)?;
    if !swapped {
        return Ok(out);
    }
    let all = pyo3::types::PySlice::full(py);
    let back = pyo3::types::PySlice::new(py, isize::MAX, -(isize::MAX) - 1, -1);
    let target = out.get_item(&all)?;
    target.set_item(&all, out.get_item(back)?.call_method0("copy")?)?;
    Ok(out)
}
