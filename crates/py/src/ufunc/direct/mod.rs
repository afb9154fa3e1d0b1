//! The shortest way through a small call: exact native arrays, NumPy numbers and Python numbers of at
//! most three inputs, one result. Everything else, and everything large, takes the planned way.

mod given;
mod table;
mod walk;

use crate::array::{self, ArrayRef};
use crate::descr;
use crate::err::OrRaise;
use crate::errstate;
use crate::layout::flags;
use crate::scalar::{self, Raw};
use given::WEAK_INT;
use numoxide_core::{small, TypeNum};
use numoxide_dtype::ROWS;
use numoxide_kernels::{fpstatus, BoundLoop, FpClass, LoopCtx};
use numoxide_ufunc::table::{Op, OpLoop};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::Borrowed;
use std::mem::MaybeUninit;
use walk::{broadcast, lie_alike, Lengths, Nest};

pub(super) use given::Given;

/// Items from which planning costs nothing in comparison.
const MOST: usize = 4096;
/// Most inputs of a call.
const INPUTS: usize = 3;
/// Most operands.
const OPERANDS: usize = INPUTS + 1;
/// Bytes on the stack for one input in the loop's type.
const SCRATCH: usize = 2048;

/// A call whose loop is known.
struct Job<'i> {
    op: &'static Op,
    lp: &'static OpLoop,
    inputs: &'i mut [Given],
    /// The array that takes the result, if one was given.
    out: Option<*mut ffi::PyObject>,
    /// Where inputs lie that had to be cast.
    moved: [Option<*mut u8>; INPUTS],
    /// Whether the hardware's flags are read at the end; those of casts count, so they are cleared
    /// before.
    hardware: bool,
    /// Status bits that casts reported.
    bits: u8,
}

/// The call, if it is one of those; `None` sends it the planned way.
#[inline]
pub(super) fn run<'py>(
    py: Python<'py>,
    index: usize,
    args: &[Borrowed<'_, 'py, PyAny>],
    out: Option<Borrowed<'_, 'py, PyAny>>,
) -> Option<PyResult<Bound<'py, PyAny>>> {
    let mut inputs = [Given::NONE; INPUTS];
    let inputs = inputs.get_mut(..args.len())?;
    for (input, ob) in inputs.iter_mut().zip(args) {
        // SAFETY: arguments are live objects.
        *input = unsafe { Given::of(ob.as_ptr())? };
    }
    let (op, lp) = table::loop_for(index, inputs)?;
    let mut values = [Raw::default(); INPUTS];
    let mut casts = false;
    for ((input, want), value) in inputs.iter_mut().zip(lp.types).zip(&mut values) {
        if input.code >= WEAK_INT {
            // SAFETY: the pointer of a weak input is the object.
            *value = unsafe { scalar::plain_number(input.ptr.cast(), *want)? };
            input.ptr = value.0.as_mut_ptr();
            input.code = *want as u8;
        }
        casts |= input.code != *want as u8;
    }
    let job = Job {
        op,
        lp,
        inputs,
        out: out.map(|o| o.as_ptr()),
        moved: [None; INPUTS],
        hardware: lp.flags.fp == FpClass::Hardware,
        bits: 0,
    };
    if casts {
        job.cast(py)
    } else {
        job.run(py)
    }
}

impl Job<'_> {
    /// As [`Job::run`] with inputs that are not of the loop's types: copies in them.
    #[inline(never)]
    fn cast<'py>(mut self, py: Python<'py>) -> Option<PyResult<Bound<'py, PyAny>>> {
        type Room = [MaybeUninit<Raw>; SCRATCH / size_of::<Raw>()];
        let mut room: [MaybeUninit<Room>; INPUTS] = [MaybeUninit::uninit(); INPUTS];
        let mut casts: [Option<&BoundLoop>; INPUTS] = [None; INPUTS];
        for ((input, want), cast) in self.inputs.iter().zip(self.lp.types).zip(&mut casts) {
            if input.code == *want as u8 {
                continue;
            }
            let n = input.size();
            if !input.is_c() || n == 0 || n.saturating_mul(ROWS[*want as usize].size) > SCRATCH {
                return None;
            }
            let found = small::cast(input.num(), *want)?;
            self.hardware |= found.flags.fp == FpClass::Hardware;
            *cast = Some(found);
        }
        self.clear_flags();
        let ctx = LoopCtx::new(&[]);
        for (i, input) in self.inputs.iter_mut().enumerate() {
            let Some(cast) = casts[i] else { continue };
            let want = self.lp.types[i];
            let (n, to) = (input.size() as isize, room[i].as_mut_ptr().cast::<u8>());
            let strides = [input.itemsize(), ROWS[want as usize].size].map(|s| s as isize);
            // SAFETY: `n` aligned contiguous items, for which the room was checked to suffice.
            unsafe { cast.call(&ctx, &[input.ptr, to], &[n], &strides) };
            self.moved[i] = Some(to);
            input.code = want as u8;
        }
        self.bits = ctx.fp();
        if self.hardware && self.lp.flags.fp != FpClass::Hardware {
            // The loop builds its own status; what its instructions leave means nothing.
            self.bits |= self.read_flags();
            self.hardware = false;
        }
        self.run(py)
    }

    /// Finds shape and output and runs the loop.
    #[inline(always)]
    fn run<'py>(&self, py: Python<'py>) -> Option<PyResult<Bound<'py, PyAny>>> {
        if self.inputs.iter().all(|g| g.ndim() == 0) {
            return self.scalar(py);
        }
        let alike = lie_alike(self.inputs);
        if alike {
            let lead = self.inputs.iter().find(|g| g.ndim() > 0)?;
            let shape = lead.shape();
            let size = shape.iter().fold(1usize, |n, &m| n.saturating_mul(m));
            if size == 0 || size > MOST {
                return None;
            }
            let target = match self.out {
                None => array::empty(py, shape, descr::singleton(self.out_num()), false),
                Some(out) => Ok(self.checked_out(py, out, shape)?),
            };
            return Some(target.and_then(|target| self.flat(py, target, size)));
        }
        if let Some(done) = self.fortran(py) {
            return Some(done);
        }
        let full = broadcast(self.inputs)?;
        let size = full.size();
        // A result in another order than C is the planner's business.
        let plain = full.get().len() < 2 || self.inputs.iter().all(Given::in_c_order);
        if size == 0 || size > MOST || (self.out.is_none() && !plain) {
            return None;
        }
        self.broadcast(py, &full)
    }

    /// All arrays among the inputs of one shape and in Fortran order, as the result will be.
    #[inline(never)]
    fn fortran<'py>(&self, py: Python<'py>) -> Option<PyResult<Bound<'py, PyAny>>> {
        let mut arrays = self.inputs.iter().filter(|g| g.ndim() > 0);
        let shape = arrays.next().filter(|g| g.is_f())?.shape();
        let size = shape.iter().fold(1usize, |n, &m| n.saturating_mul(m));
        let same = arrays.all(|g| g.is_f() && walk::same(g.shape(), shape));
        if !same || self.out.is_some() || size == 0 || size > MOST {
            return None;
        }
        let target = array::empty(py, shape, descr::singleton(self.out_num()), true);
        Some(target.and_then(|target| self.flat(py, target, size)))
    }

    #[inline(always)]
    fn out_num(&self) -> TypeNum {
        self.lp.types[self.inputs.len()]
    }

    /// The array given for the result, if it can take it as it is.
    fn checked_out<'py>(
        &self,
        py: Python<'py>,
        out: *mut ffi::PyObject,
        shape: &[usize],
    ) -> Option<Bound<'py, PyAny>> {
        // SAFETY: a live object; arrays of the exact type are checked for.
        let (ob, given) = unsafe {
            let ob = Borrowed::from_ptr(py, out);
            let arr = ArrayRef::from_any(ob).filter(|a| a.is_exact())?;
            (ob, Given::array(arr.raw())?)
        };
        let both = flags::WRITEABLE | flags::C_CONTIGUOUS;
        // SAFETY: a live array.
        let good = unsafe { (*given.array).flags } & both == both;
        if !good || given.code != self.out_num() as u8 || !walk::same(given.shape(), shape) {
            return None;
        }
        let apart = |g: &Given| {
            let (Some((a, b)), Some((c, d))) = (g.extent(), given.extent()) else {
                return true;
            };
            // Item on item is as good as apart.
            let on = g.ptr == given.ptr
                && g.itemsize() == given.itemsize()
                && walk::same(g.shape(), shape)
                && g.strides() == given.strides();
            b <= c || d <= a || on
        };
        let mut moved = self.moved.iter().map(Option::is_some);
        let fits = |g| moved.next().unwrap_or(false) || apart(g);
        self.inputs.iter().all(fits).then(|| ob.to_owned())
    }

    /// One run over everything.
    #[inline(always)]
    fn flat<'py>(
        &self,
        py: Python<'py>,
        target: Bound<'py, PyAny>,
        size: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let nin = self.inputs.len();
        let (mut ptrs, mut strides) = ([std::ptr::null_mut(); OPERANDS], [0isize; OPERANDS]);
        for (i, g) in self.inputs.iter().enumerate() {
            ptrs[i] = self.moved[i].unwrap_or(g.ptr);
            strides[i] = if g.ndim() == 0 {
                0
            } else {
                g.itemsize() as isize
            };
        }
        ptrs[nin] = ArrayRef::of(&target).data();
        strides[nin] = ROWS[self.out_num() as usize].size as isize;
        self.call(py, &Nest::flat(size, strides, nin + 1), ptrs)?;
        Ok(target)
    }

    /// A nest of runs.
    #[inline(never)]
    fn broadcast<'py>(
        &self,
        py: Python<'py>,
        full: &Lengths,
    ) -> Option<PyResult<Bound<'py, PyAny>>> {
        let nin = self.inputs.len();
        let target = match self.out {
            None => array::empty(py, full.get(), descr::singleton(self.out_num()), false),
            Some(out) => Ok(self.checked_out(py, out, full.get())?),
        };
        let target = match target {
            Ok(target) => target,
            Err(e) => return Some(Err(e)),
        };
        let mut ptrs = [std::ptr::null_mut(); OPERANDS];
        let mut dense = [[0isize; walk::AXES]; INPUTS];
        let view = ArrayRef::of(&target);
        let mut operands: [(&[usize], &[isize]); OPERANDS] = [(&[], &[]); OPERANDS];
        for (i, (g, dense)) in self.inputs.iter().zip(&mut dense).enumerate() {
            ptrs[i] = self.moved[i].unwrap_or(g.ptr);
            operands[i] = (g.shape(), g.strides());
            if self.moved[i].is_some() {
                let mut step = g.itemsize() as isize;
                for (s, &n) in dense[..g.ndim()].iter_mut().zip(g.shape()).rev() {
                    *s = step;
                    step *= n as isize;
                }
                operands[i].1 = &dense[..g.ndim()];
            }
        }
        ptrs[nin] = view.data();
        operands[nin] = (view.shape(), view.strides());
        let nest = Nest::new(full, &operands[..=nin]);
        if nest.is_choppy() {
            return None;
        }
        Some(self.call(py, &nest, ptrs).map(|()| target))
    }

    /// All inputs without axes: a scalar.
    #[inline(always)]
    fn scalar<'py>(&self, py: Python<'py>) -> Option<PyResult<Bound<'py, PyAny>>> {
        let target = match self.out {
            Some(out) => Some(self.checked_out(py, out, &[])?),
            None => None,
        };
        let nin = self.inputs.len();
        let (mut ptrs, mut made) = ([std::ptr::null_mut(); OPERANDS], Raw::default());
        for (i, g) in self.inputs.iter().enumerate() {
            ptrs[i] = self.moved[i].unwrap_or(g.ptr);
        }
        ptrs[nin] = match &target {
            Some(target) => ArrayRef::of(target).data(),
            None => made.0.as_mut_ptr(),
        };
        let done = self.call(py, &Nest::flat(1, [0; OPERANDS], nin + 1), ptrs);
        let num = self.out_num();
        Some(done.and_then(|()| match target {
            Some(target) => Ok(target),
            None => scalar::make_number(py, num, &made),
        }))
    }

    /// Whether the loop computes long doubles, the x87 unit's.
    fn is_x87(&self) -> bool {
        let types = self.lp.types;
        types.contains(&TypeNum::LongDouble) || types.contains(&TypeNum::CLongDouble)
    }

    #[inline(always)]
    fn clear_flags(&self) {
        match self.hardware {
            true if self.is_x87() => fpstatus::clear_all(),
            true => fpstatus::clear(),
            false => {}
        }
    }

    #[inline(always)]
    fn read_flags(&self) -> u8 {
        match self.hardware {
            false => 0,
            true if self.is_x87() => fpstatus::read_all(),
            true => fpstatus::read(),
        }
    }

    /// Runs the loop and reports what it met.
    #[inline(always)]
    fn call(&self, py: Python<'_>, nest: &Nest, ptrs: [*mut u8; OPERANDS]) -> PyResult<()> {
        let ctx = LoopCtx::new(&[]);
        if self.moved == [None; INPUTS] {
            self.clear_flags();
        }
        let run = self.lp.loops.pick();
        // SAFETY: the nest walks aligned native items of the loop's types only; the result is apart
        // from the inputs or lies on them item on item.
        let done = nest.each(ptrs, |p, n, s| unsafe {
            let data = std::ptr::null_mut();
            run(&ctx, p.as_ptr(), &raw const n, s.as_ptr(), data) == 0
        });
        if !done {
            return Err(ctx.take_error()).or_raise(py);
        }
        errstate::report(py, self.bits | ctx.fp() | self.read_flags(), self.op.name)
    }
}
