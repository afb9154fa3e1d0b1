//! The one loop form and what travels with a loop.

use crate::cpu;
use numoxide_dtype::{DType, Error};
use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::ffi::{c_int, c_void};
use std::sync::Arc;

/// Floating-point status bits, as NumPy numbers them.
pub mod fp {
    /// Division of a non-zero number by zero.
    pub const DIVIDE: u8 = 1;
    /// Result too large.
    pub const OVERFLOW: u8 = 2;
    /// Result too small.
    pub const UNDERFLOW: u8 = 4;
    /// Result undefined.
    pub const INVALID: u8 = 8;
}

/// What a running loop may read and report; one for each thread of a call.
///
/// C callers treat it as opaque.
#[repr(C)]
pub struct LoopCtx {
    dtypes: *const DType,
    n_dtypes: usize,
    error: UnsafeCell<Option<Box<Error>>>,
    fp: Cell<u8>,
    streams: bool,
}

impl LoopCtx {
    /// A context over the operands' loop dtypes.
    pub fn new(dtypes: &[DType]) -> LoopCtx {
        LoopCtx {
            dtypes: dtypes.as_ptr(),
            n_dtypes: dtypes.len(),
            error: UnsafeCell::new(None),
            fp: Cell::new(0),
            streams: false,
        }
    }

    /// The same for a result of `bytes` bytes in all: a large one is stored past the caches.
    pub fn with_result(self, bytes: usize) -> LoopCtx {
        LoopCtx {
            streams: bytes >= crate::stream::STREAM_BYTES,
            ..self
        }
    }

    /// Whether a run of `bytes` bytes of the result is stored past the caches.
    #[inline(always)]
    pub(crate) fn streams(&self, bytes: usize) -> bool {
        self.streams && bytes >= crate::stream::STREAM_RUN
    }

    /// The operands' dtypes as the loop sees them.
    ///
    /// # Safety
    /// - The slice given to [`LoopCtx::new`] is still alive.
    pub unsafe fn dtypes(&self) -> &[DType] {
        // SAFETY: pointer and length come from the slice of `new`, alive by contract.
        unsafe { std::slice::from_raw_parts(self.dtypes, self.n_dtypes) }
    }

    /// Records why the loop stops; the loop then returns -1.
    pub fn fail(&self, error: Error) -> c_int {
        // SAFETY: a context belongs to one thread, and no reference to the slot is ever handed out.
        unsafe { *self.error.get() = Some(Box::new(error)) };
        -1
    }

    /// Takes the recorded error; `Error::Raised` if the loop only set a Python exception.
    pub fn take_error(&self) -> Error {
        // SAFETY: as in `fail`.
        unsafe { (*self.error.get()).take() }.map_or(Error::Raised, |e| *e)
    }

    /// Adds floating-point status bits found by the kernel itself.
    pub fn report_fp(&self, bits: u8) {
        self.fp.set(self.fp.get() | bits);
    }

    /// The bits reported so far.
    pub fn fp(&self) -> u8 {
        self.fp.get()
    }
}

/// NumPy's strided inner loop: `args` one pointer an operand, `dims[0]` the length (core dimensions
/// follow), `strides` one byte stride an operand (core strides follow); 0 for success, -1 for an
/// error recorded in the context or set in the interpreter.
pub type StridedLoop = unsafe extern "C" fn(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int;

/// The variants of one loop by CPU level.
#[derive(Clone, Copy)]
pub struct Levels(pub [StridedLoop; 3]);

impl Levels {
    /// One body for every level.
    pub const fn one(f: StridedLoop) -> Levels {
        Levels([f, f, f])
    }

    /// The variant for the level in force.
    pub fn pick(&self) -> StridedLoop {
        self.0[cpu::level() as usize]
    }
}

/// Where a loop's floating-point status comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FpClass {
    /// The loop raises none that matter; hardware flags are ignored.
    #[default]
    Never,
    /// The hardware flags after the loop are the answer, with what [`LoopCtx::report_fp`] added.
    Hardware,
    /// The loop calls [`LoopCtx::report_fp`].
    Reported,
}

/// What the executor must know of a loop.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoopFlags {
    /// Runs Python code or touches objects: one thread, interpreter lock held.
    pub needs_gil: bool,
    /// May return -1.
    pub may_fail: bool,
    /// Source of the floating-point status.
    pub fp: FpClass,
    /// NumPy's loop clears the status, that of casts before it too.
    pub forgets: bool,
    /// Rough cost of an element in units of one float add, for the thread pool's cost model.
    pub cost: u8,
    /// The same reduction over two axes at once (see `reduce/pair.rs`).
    pub pair: Option<StridedLoop>,
    /// The operation on items by address (see `reduce/indexed.rs`).
    pub at: Option<StridedLoop>,
}

/// Data a loop needs beyond its operands, kept alive as long as the loop.
#[derive(Clone, Default)]
pub struct Aux {
    ptr: usize,
    owner: Option<Arc<dyn Any + Send + Sync>>,
}

impl Aux {
    /// Auxiliary data owned by the loop.
    pub fn new<T: Any + Send + Sync>(value: T) -> Aux {
        let owner = Arc::new(value);
        Aux {
            ptr: Arc::as_ptr(&owner) as usize,
            owner: Some(owner),
        }
    }

    /// A bare pointer or number handed to the loop as it is.
    pub fn raw(ptr: *mut c_void) -> Aux {
        Aux {
            ptr: ptr as usize,
            owner: None,
        }
    }

    /// The pointer the loop gets.
    pub fn as_ptr(&self) -> *mut c_void {
        self.ptr as *mut c_void
    }

    /// Whether the data is owned here.
    pub fn is_owned(&self) -> bool {
        self.owner.is_some()
    }
}

/// A loop ready to run: function, auxiliary data and flags.
#[derive(Clone)]
pub struct BoundLoop {
    /// The function of the level in force.
    pub func: StridedLoop,
    /// Its auxiliary data.
    pub aux: Aux,
    /// Its flags.
    pub flags: LoopFlags,
}

impl BoundLoop {
    /// Runs the loop once.
    ///
    /// # Safety
    /// - `args` and `strides` hold one entry for each operand the loop takes, `dims` its dimensions.
    /// - Every element addressed is valid for the loop's access and aligned if the loop asks for it.
    #[inline]
    pub unsafe fn call(
        &self,
        ctx: &LoopCtx,
        args: &[*mut u8],
        dims: &[isize],
        strides: &[isize],
    ) -> c_int {
        // SAFETY: passed on to the caller.
        unsafe {
            (self.func)(
                ctx,
                args.as_ptr(),
                dims.as_ptr(),
                strides.as_ptr(),
                self.aux.as_ptr(),
            )
        }
    }
}
