//! `resolve_dtypes` and the access to the loops themselves.

use super::{keywords, object};
use crate::args::{Arg, CallArgs, Sig};
use crate::convert;
use crate::descr::{self, descr_for, dtype_of};
use crate::err::OrRaise;
use numoxide_core::iter::PerOp;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::promote::WeakKind;
use numoxide_dtype::Casting;
use numoxide_kernels::{BoundLoop, FpClass, LoopCtx, StridedLoop};
use numoxide_ufunc::resolve::{self, Arg as TypeArg, Resolved};
use numoxide_ufunc::table::{Op, ResolveKind};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple};
use pyo3::Borrowed;
use std::ffi::{c_void, CStr};

/// An operand's entry in `dtypes`.
enum Given {
    Open,
    DType(DType),
    Weak(WeakKind),
}

fn fail<T>(text: &str) -> PyResult<T> {
    Err(PyTypeError::new_err(text.to_owned()))
}

fn given(ob: &Bound<'_, PyAny>) -> PyResult<Given> {
    if ob.is_none() {
        return Ok(Given::Open);
    }
    if descr::is_descr(ob) {
        return Ok(Given::DType(dtype_of(ob.as_ptr().cast())));
    }
    let kind = match ob.as_ptr().cast() {
        t if t == &raw mut ffi::PyLong_Type => Some(WeakKind::Int),
        t if t == &raw mut ffi::PyFloat_Type => Some(WeakKind::Float),
        t if t == &raw mut ffi::PyComplex_Type => Some(WeakKind::Complex),
        _ => None,
    };
    kind.map_or_else(
        || fail("Provided dtype must be a valid NumPy dtype, int, float, complex, or None."),
        |k| Ok(Given::Weak(k)),
    )
}

/// The arguments of a resolution, read.
struct Asked {
    dtypes: Vec<Given>,
    fixed: PerOp<Option<DType>>,
    casting: Casting,
    reduction: bool,
}

impl Asked {
    fn read(py: Python<'_>, op: &'static Op, args: CallArgs<'_, '_>) -> PyResult<Asked> {
        static SIG: Sig = Sig::new(
            "resolve_dtypes",
            &["dtypes", "signature", "casting", "reduction"],
            0,
        )
        .max_pos(1);
        let [dtypes, signature, casting, reduction] = args.parse(&SIG)?;
        let Some(dtypes) = dtypes else {
            return fail("resolve_dtypes() missing required positional argument 0");
        };
        let reduction = convert::truth(reduction, false)?;
        if reduction && (op.nin != 2 || op.nout != 1) {
            return Err(PyValueError::new_err(
                "ufunc is not compatible with reduction operations.",
            ));
        }
        let nargs = usize::from(op.nin + op.nout);
        let Some(list) = dtypes.cast::<PyTuple>().ok().filter(|t| t.len() == nargs) else {
            return fail("resolve_dtypes: The dtypes must be a tuple of `ufunc.nargs` length.");
        };
        let dtypes: Vec<Given> = list.iter().map(|d| given(&d)).collect::<PyResult<_>>()?;
        for (i, d) in dtypes.iter().enumerate().take(usize::from(op.nin)) {
            if matches!(d, Given::Open) && !(reduction && i == 0) {
                return fail(
                    "All input dtypes must be provided (except the first one in reductions)",
                );
            }
        }
        if reduction && !matches!(dtypes[2], Given::Open) {
            return fail(
                "Output dtype must not be passed for reductions, pass the first input instead.",
            );
        }
        Ok(Asked {
            dtypes,
            fixed: keywords::fixed(py, op, None, signature)?,
            casting: convert::casting(convert::none_is_absent(casting), Casting::SameKind)?,
            reduction,
        })
    }

    fn resolve(&self, py: Python<'_>, op: &'static Op) -> PyResult<Resolved> {
        let nin = usize::from(op.nin);
        let widened = self.widened(op);
        let args: PerOp<TypeArg<'_>> = (0..nin)
            .map(|i| match &self.dtypes[i] {
                Given::DType(d) => TypeArg::DType(if i == 0 || !self.reduction {
                    d
                } else {
                    widened.as_ref().unwrap_or(d)
                }),
                Given::Weak(k) => TypeArg::Weak(*k),
                Given::Open => match (&self.dtypes[1], &widened) {
                    (_, Some(w)) => TypeArg::DType(w),
                    (Given::DType(d), _) => TypeArg::DType(d),
                    (Given::Weak(k), _) => TypeArg::Weak(*k),
                    (Given::Open, None) => TypeArg::Weak(WeakKind::Int),
                },
            })
            .collect();
        let mut found = resolve::resolve(op, &args, &self.fixed).or_raise(py)?;
        if self.reduction && op.resolve == ResolveKind::Logical {
            let truth = Some(DType::new(TypeNum::Bool));
            let fixed = [truth.clone(), truth.clone(), truth];
            found = resolve::resolve(op, &args, &fixed).or_raise(py)?;
            return Ok(found);
        }
        let outs: PerOp<Option<&DType>> = self.dtypes[nin..]
            .iter()
            .map(|g| match g {
                Given::DType(d) => Some(d),
                _ => None,
            })
            .collect();
        resolve::check_casts(op, &args, &outs, &found.dtypes, self.casting).or_raise(py)?;
        Ok(found)
    }

    /// What sums and products of small integers accumulate in.
    fn widened(&self, op: &Op) -> Option<DType> {
        let open = matches!(self.dtypes[0], Given::Open) && self.fixed.iter().all(Option::is_none);
        let widens = self.reduction && open && matches!(op.name, "add" | "multiply");
        match &self.dtypes[1..2] {
            [Given::DType(d)] if widens => super::reduce_types::widened(d),
            _ => None,
        }
    }
}

fn descrs<'py>(py: Python<'py>, dtypes: &[DType]) -> PyResult<Bound<'py, PyTuple>> {
    let all = dtypes.iter().map(|d| descr_for(py, d));
    PyTuple::new(py, all.collect::<PyResult<Vec<_>>>()?)
}

/// `ufunc.resolve_dtypes(dtypes, *, signature=None, casting=None, reduction=False)`.
pub(super) fn resolve_dtypes<'py>(
    py: Python<'py>,
    slf: Borrowed<'_, 'py, PyAny>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let op = object::require_op(slf)?;
    let found = Asked::read(py, op, args)?.resolve(py, op)?;
    Ok(descrs(py, &found.dtypes)?.into_any())
}

/// What the capsule points to: the public part first.
#[repr(C)]
struct CallInfo {
    strided_loop: Option<StridedLoop>,
    context: *const LoopCtx,
    auxdata: *mut c_void,
    requires_pyapi: u8,
    no_floatingpoint_errors: u8,
    filled: bool,
    op: *const Op,
    lp: BoundLoop,
    /// Backs the context; boxed, so that its address stays.
    _dtypes: Box<[DType]>,
    ctx: Box<LoopCtx>,
}

const NAME: &CStr = c"numpy_1.24_ufunc_call_info";

unsafe extern "C" fn drop_info(capsule: *mut ffi::PyObject) {
    // SAFETY: the capsule holds a boxed `CallInfo` under this name.
    unsafe {
        let ptr = ffi::PyCapsule_GetPointer(capsule, NAME.as_ptr());
        if !ptr.is_null() {
            drop(Box::from_raw(ptr.cast::<CallInfo>()));
        }
    }
}

/// `ufunc._resolve_dtypes_and_context(dtypes, ...)`: the dtypes and a capsule for the loop.
pub(super) fn resolve_with_context<'py>(
    py: Python<'py>,
    slf: Borrowed<'_, 'py, PyAny>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let op = object::require_op(slf)?;
    let found = Asked::read(py, op, args)?.resolve(py, op)?;
    let tuple = descrs(py, &found.dtypes)?;
    let dtypes: Box<[DType]> = found.dtypes.to_vec().into();
    let ctx = Box::new(LoopCtx::new(&dtypes));
    let info = Box::new(CallInfo {
        strided_loop: None,
        context: &raw const *ctx,
        auxdata: std::ptr::null_mut(),
        requires_pyapi: 0,
        no_floatingpoint_errors: 0,
        filled: false,
        op,
        lp: found.lp,
        _dtypes: dtypes,
        ctx,
    });
    // SAFETY: the capsule takes the box, which its destructor frees.
    let capsule = unsafe {
        let ptr = Box::into_raw(info).cast();
        let made = ffi::PyCapsule_New(ptr, NAME.as_ptr(), Some(drop_info));
        Bound::from_owned_ptr_or_err(py, made)?
    };
    Ok(PyTuple::new(py, [tuple.into_any(), capsule])?.into_any())
}

fn check_strides(strides: Option<Arg<'_, '_>>, nargs: usize) -> PyResult<()> {
    let Some(strides) = convert::none_is_absent(strides) else {
        return Ok(());
    };
    let Some(list) = strides.cast::<PyTuple>().ok().filter(|t| t.len() == nargs) else {
        return fail("_get_strided_loop(): fixed_strides must be a tuple or None");
    };
    let fits = |s: Bound<'_, PyAny>| s.is_none() || s.is_instance_of::<PyInt>();
    if !list.iter().all(fits) {
        return fail("_get_strided_loop(): fixed_strides tuple must contain Python ints or None");
    }
    Ok(())
}

/// `ufunc._get_strided_loop(call_info, /, *, fixed_strides=None)`: fills the capsule.
pub(super) fn get_strided_loop<'py>(
    py: Python<'py>,
    slf: Borrowed<'_, 'py, PyAny>,
    args: CallArgs<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    static SIG: Sig = Sig::new("_get_strided_loop", &["call_info", "fixed_strides"], 1)
        .pos_only(1)
        .max_pos(1);
    let op = object::require_op(slf)?;
    let [capsule, strides] = args.parse(&SIG)?;
    check_strides(strides, usize::from(op.nin + op.nout))?;
    let ptr = capsule.map_or(std::ptr::null_mut(), |c| c.as_ptr());
    // SAFETY: the function checks object and name.
    let info = unsafe { ffi::PyCapsule_GetPointer(ptr, NAME.as_ptr()) };
    if info.is_null() {
        return Err(PyErr::fetch(py));
    }
    // SAFETY: a capsule of this name is ours.
    let info = unsafe { &mut *info.cast::<CallInfo>() };
    if !std::ptr::eq(info.op, op) {
        return fail("calling get_strided_loop with incompatible context");
    }
    if info.filled {
        return fail("ufunc call_info has already been filled/used!");
    }
    info.filled = true;
    info.strided_loop = Some(info.lp.func);
    info.context = &raw const *info.ctx;
    info.auxdata = info.lp.aux.as_ptr();
    info.requires_pyapi = info.lp.flags.needs_gil.into();
    info.no_floatingpoint_errors = (info.lp.flags.fp == FpClass::Never).into();
    Ok(py.None().into_bound(py))
}
