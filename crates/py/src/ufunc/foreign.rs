//! Loops that are C functions: ufuncs made by extensions, and loops registered for their dtypes.

use super::{object, pyfunc};
use crate::capi::user;
use crate::layout::{ClassicLoop, Descr, UFuncObject};
use numoxide_core::iter::PerOp;
use numoxide_core::{DType, TypeNum};
use numoxide_dtype::{can_cast, equivalent, Casting};
use numoxide_kernels::{Aux, BoundLoop, FpClass, LoopCtx, LoopFlags, StridedLoop};
use numoxide_ufunc::exec::core_dims::CoreSig;
use numoxide_ufunc::resolve::{Fixed, Resolved};
use numoxide_ufunc::table::{Identity, Op, OpLoop};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::ffi::{c_char, c_int, c_void, CStr};
use std::sync::{Arc, Mutex, PoisonError};

/// Most operands of a ufunc.
const MAX_OPERANDS: c_int = 64;

/// A loop of the DType interface.
pub(crate) type MethodLoop = unsafe extern "C" fn(
    context: *mut MethodContext,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int;

/// `PyArrayMethod_Context`.
#[repr(C)]
pub(crate) struct MethodContext {
    caller: *mut ffi::PyObject,
    method: *mut c_void,
    descriptors: *const *mut Descr,
    reserved: *mut c_void,
    flags: u64,
    parameters: *mut c_void,
}

/// A classic loop with its data.
#[derive(Clone, Copy)]
struct Classic {
    function: ClassicLoop,
    data: *mut c_void,
}

/// What runs for certain dtypes.
#[derive(Clone)]
enum Native {
    /// `(args, dims, strides, data)`.
    Classic(Classic),
    /// `(context, args, dims, strides, aux)`.
    Method(Arc<Method>),
}

/// A loop of the DType interface with the dtypes that it is told of.
struct Method {
    function: MethodLoop,
    ufunc: *mut UFuncObject,
    descrs: Vec<Py<PyAny>>,
    needs_api: bool,
    quiet: bool,
}

// SAFETY: the ufunc outlives its loops; they run with the interpreter lock held.
unsafe impl Send for Method {}
// SAFETY: as above.
unsafe impl Sync for Method {}

// SAFETY: addresses that the extension keeps valid; the loops run with the interpreter lock held.
unsafe impl Send for Classic {}
// SAFETY: as above.
unsafe impl Sync for Classic {}

/// A loop registered for certain dtypes.
struct Registered {
    dtypes: Vec<DType>,
    native: Native,
}

/// Registered loops, by the address of the op.
static REGISTERED: Mutex<Option<HashMap<usize, Vec<Registered>>>> = Mutex::new(None);

fn with<R>(body: impl FnOnce(&mut HashMap<usize, Vec<Registered>>) -> R) -> R {
    let mut guard = REGISTERED.lock().unwrap_or_else(PoisonError::into_inner);
    body(guard.get_or_insert_with(HashMap::new))
}

/// Adds a loop for dtypes, or replaces the one that is there.
fn register(op: &Op, dtypes: Vec<DType>, native: Native) -> bool {
    with(|all| {
        let rows = all.entry(std::ptr::from_ref(op) as usize).or_default();
        let same =
            |r: &&mut Registered| r.dtypes.iter().zip(&dtypes).all(|(a, b)| equivalent(a, b));
        match rows.iter_mut().find(same) {
            Some(row) => {
                row.native = native;
                false
            }
            None => {
                rows.push(Registered { dtypes, native });
                true
            }
        }
    })
}

/// Forgets the loops of an op that goes.
pub(super) fn forget(op: *const Op) {
    with(|all| all.remove(&(op as usize)));
}

fn resolved(dtypes: &[DType], native: Native) -> Resolved {
    let object = dtypes.iter().any(DType::has_objects);
    let (func, aux, quiet) = match native {
        Native::Classic(classic) => {
            let aux = Aux::new((classic, dtypes.len()));
            (run as StridedLoop, aux, object)
        }
        Native::Method(method) => {
            let quiet = method.quiet;
            (run_method as StridedLoop, Aux::new(method), quiet)
        }
    };
    Resolved {
        lp: BoundLoop {
            func,
            aux,
            flags: LoopFlags {
                needs_gil: true,
                may_fail: true,
                fp: if quiet {
                    FpClass::Never
                } else {
                    FpClass::Hardware
                },
                cost: 1,
                ..LoopFlags::default()
            },
        },
        reduce: None,
        dtypes: dtypes.iter().map(DType::native).collect(),
    }
}

/// # Safety
/// - Called by the executor with operands of the loop's dtypes, the lock held; `aux` is [`Classic`] and
///   the number of operands.
unsafe extern "C" fn run(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract; the loop may move its pointers, so it gets a list of its own.
    unsafe {
        let (classic, count) = &*aux.cast::<(Classic, usize)>();
        let mut own: PerOp<*mut u8> = (0..*count).map(|i| *args.add(i)).collect();
        (classic.function)(own.as_mut_ptr().cast(), dims, strides, classic.data);
        match ffi::PyErr_Occurred().is_null() {
            true => 0,
            false => -1,
        }
    }
}

/// # Safety
/// - As [`run`]; `aux` is an `Arc` of [`Method`].
unsafe extern "C" fn run_method(
    _ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract.
    unsafe {
        let method = &*aux.cast::<Arc<Method>>();
        let descrs: PerOp<*mut Descr> = method.descrs.iter().map(|d| d.as_ptr().cast()).collect();
        let mut context = MethodContext {
            caller: method.ufunc.cast(),
            method: std::ptr::null_mut(),
            descriptors: descrs.as_ptr(),
            reserved: std::ptr::null_mut(),
            flags: 0,
            parameters: std::ptr::null_mut(),
        };
        let status = (method.function)(&mut context, args, dims, strides, std::ptr::null_mut());
        match status < 0 || !ffi::PyErr_Occurred().is_null() {
            true => -1,
            false => 0,
        }
    }
}

/// Adds a loop of the DType interface.
///
/// # Safety
/// - `u` is a live ufunc; the function is a loop over these dtypes.
pub(crate) unsafe fn register_method(
    u: *mut UFuncObject,
    dtypes: Vec<DType>,
    function: MethodLoop,
    needs_api: bool,
    quiet: bool,
) -> PyResult<()> {
    // SAFETY: by contract.
    let (py, op) = unsafe { (Python::assume_attached(), op_of(u)?) };
    let descrs = dtypes.iter().map(|d| crate::descr::descr_for(py, d));
    let method = Method {
        function,
        ufunc: u,
        descrs: descrs.collect::<PyResult<_>>()?,
        needs_api,
        quiet,
    };
    if !register(op, dtypes, Native::Method(Arc::new(method))) {
        return Err(PyTypeError::new_err(format!(
            "A loop/promoter has already been registered with '{}' for these DTypes",
            op.name
        )));
    }
    Ok(())
}

/// Whether a loop's dtypes agree with what the caller fixed, and all free inputs cast to them safely.
fn takes(dtypes: &[DType], inputs: &[DType], fixed: Fixed<'_>) -> bool {
    let agrees = |d: &DType, f: &Option<DType>| f.as_ref().is_none_or(|f| equivalent(f, d));
    if !dtypes.iter().zip(fixed).all(|(d, f)| agrees(d, f)) {
        return false;
    }
    inputs
        .iter()
        .zip(dtypes)
        .enumerate()
        .all(|(i, (from, to))| {
            let pinned = fixed.get(i).is_some_and(Option::is_some);
            pinned || can_cast(from, to, Casting::Safe)
        })
}

/// The loop that an extension supplies for these inputs.
pub(super) fn resolve(op: &'static Op, inputs: &[DType], fixed: Fixed<'_>) -> Option<Resolved> {
    let found = with(|all| {
        let rows = all.get(&(std::ptr::from_ref(op) as usize))?;
        let row = rows.iter().find(|r| takes(&r.dtypes, inputs, fixed))?;
        Some(resolved(&row.dtypes, row.native.clone()))
    });
    found.or_else(|| listed(op, inputs, fixed))
}

/// The loops that the struct of a ufunc made by an extension lists.
fn listed(op: &'static Op, inputs: &[DType], fixed: Fixed<'_>) -> Option<Resolved> {
    let u = owner(op)?;
    let any_object = inputs.iter().any(|d| d.num == TypeNum::Object);
    // SAFETY: a live ufunc; its lists have `ntypes` rows of `nargs` numbers, read anew at each call
    // because some change them.
    unsafe {
        let (rows, nargs) = ((*u).ntypes.max(0) as usize, (*u).nargs as usize);
        for row in 0..rows {
            let dtypes = row_dtypes(u, row, nargs)?;
            let object = dtypes.iter().any(|d| d.num == TypeNum::Object);
            if object && !any_object && rows > 1 || !takes(&dtypes, inputs, fixed) {
                continue;
            }
            let data = match (*u).data.is_null() {
                true => std::ptr::null_mut(),
                false => *(*u).data.add(row),
            };
            let function = (*(*u).functions.add(row))?;
            return Some(resolved(
                &dtypes,
                Native::Classic(Classic { function, data }),
            ));
        }
    }
    None
}

/// # Safety
/// - `u` is a live ufunc with more than `row` rows of types.
unsafe fn row_dtypes(u: *mut UFuncObject, row: usize, nargs: usize) -> Option<PerOp<DType>> {
    (0..nargs)
        .map(|i| {
            // SAFETY: by contract.
            let num = unsafe { *(*u).types.add(row * nargs + i) };
            TypeNum::from_c(num.into()).map(DType::new)
        })
        .collect()
}

/// Ufuncs by the address of their op, for those made by extensions.
static OWNERS: Mutex<Option<HashMap<usize, usize>>> = Mutex::new(None);

fn owner(op: &Op) -> Option<*mut UFuncObject> {
    if !pyfunc::is_c(op) {
        return None;
    }
    let guard = OWNERS.lock().unwrap_or_else(PoisonError::into_inner);
    let found = guard.as_ref()?.get(&(std::ptr::from_ref(op) as usize))?;
    Some(*found as *mut UFuncObject)
}

fn own(op: *const Op, ufunc: Option<*mut UFuncObject>) {
    let mut guard = OWNERS.lock().unwrap_or_else(PoisonError::into_inner);
    let all = guard.get_or_insert_with(HashMap::new);
    match ufunc {
        Some(u) => all.insert(op as usize, u as usize),
        None => all.remove(&(op as usize)),
    };
}

/// What `PyUFunc_FromFuncAndDataAndSignatureAndIdentity` gets.
pub(crate) struct CUFunc {
    /// Loops.
    pub(crate) functions: *mut Option<ClassicLoop>,
    /// Their data.
    pub(crate) data: *mut *mut c_void,
    /// Their type numbers.
    pub(crate) types: *const c_char,
    /// How many there are.
    pub(crate) ntypes: c_int,
    /// Inputs.
    pub(crate) nin: c_int,
    /// Outputs.
    pub(crate) nout: c_int,
    /// Identity code.
    pub(crate) identity: c_int,
    /// Name.
    pub(crate) name: *const c_char,
    /// Docstring.
    pub(crate) doc: *const c_char,
    /// Core signature or NULL.
    pub(crate) signature: *const c_char,
    /// Identity of code -3.
    pub(crate) value: *mut ffi::PyObject,
}

/// A C string as text; empty for NULL.
unsafe fn text(p: *const c_char) -> String {
    match p.is_null() {
        true => String::new(),
        // SAFETY: callers pass NUL-terminated text.
        false => unsafe { CStr::from_ptr(p) }.to_string_lossy().into_owned(),
    }
}

/// Makes a ufunc of C loops; the lists stay the caller's.
///
/// # Safety
/// - What is pointed to is as the C API asks and lives as long as the ufunc.
pub(crate) unsafe fn new<'py>(py: Python<'py>, c: &CUFunc) -> PyResult<Bound<'py, PyAny>> {
    let (nin, nout) = (c.nin, c.nout);
    if nin < 0 || nout < 0 || nin + nout > MAX_OPERANDS {
        return Err(PyValueError::new_err(format!(
            "Cannot construct a ufunc with more than {MAX_OPERANDS} operands (requested number \
             were: inputs = {nin} and outputs = {nout})"
        )));
    }
    // SAFETY: by contract.
    let (name, doc, signature) = unsafe { (text(c.name), text(c.doc), text(c.signature)) };
    let name = if name.is_empty() {
        "?".to_owned()
    } else {
        name
    };
    let core = core_of(&signature, nin as usize, nout as usize)?;
    let enabled = core
        .as_ref()
        .is_some_and(|s| s.ops.iter().any(|o| !o.is_empty()));
    let identity = match c.identity {
        0 => Identity::Zero,
        1 => Identity::One,
        2 => Identity::MinusOne,
        -2 => Identity::ReorderableNone,
        -3 => Identity::Foreign,
        _ => Identity::None,
    };
    // SAFETY: a live object or NULL by contract.
    let value = unsafe { Bound::from_borrowed_ptr_or_opt(py, c.value) };
    let shown = if enabled { signature.as_str() } else { "" };
    let operands = (nin as u8, nout as u8);
    let op = pyfunc::new_op(
        [&name, &doc, shown],
        operands,
        identity,
        value.map(Bound::unbind),
    );
    // SAFETY: the op lives as long as the ufunc; on failure it is freed here.
    unsafe {
        let made = match object::new_bare(py, &*op) {
            Ok(made) => made,
            Err(e) => {
                pyfunc::free(op);
                return Err(e);
            }
        };
        let u = made.as_ptr().cast::<UFuncObject>();
        (*u).identity = c.identity;
        (*u).functions = c.functions;
        (*u).data = c.data;
        (*u).types = c.types;
        (*u).ntypes = c.ntypes;
        (*u).name = if c.name.is_null() {
            c"?".as_ptr()
        } else {
            c.name
        };
        (*u).doc = c.doc;
        if let Some(core) = &core {
            fill_core(u, core, &signature, enabled);
        }
        own(op, Some(u));
        Ok(made)
    }
}

/// The parsed signature; `None` without one.
fn core_of(signature: &str, nin: usize, nout: usize) -> PyResult<Option<CoreSig>> {
    if signature.is_empty() {
        return Ok(None);
    }
    match CoreSig::parse(signature) {
        Some(core) if core.nin == nin && core.ops.len() == nin + nout => Ok(Some(core)),
        _ => Err(PyValueError::new_err(format!(
            "ufunc signature {signature:?} does not fit {nin} inputs and {nout} outputs"
        ))),
    }
}

/// The size of a core dimension is found from the operands.
const SIZE_INFERRED: u32 = 0x2;
/// A core dimension may be absent.
const CAN_IGNORE: u32 = 0x4;

/// A list in C memory.
unsafe fn c_list<T: Copy>(items: &[T]) -> *mut T {
    // SAFETY: a fresh block of the list's size; freed with the ufunc.
    unsafe {
        let block: *mut T = libc::malloc(std::mem::size_of_val(items).max(1)).cast();
        assert!(!block.is_null(), "out of memory for a ufunc's signature");
        std::ptr::copy_nonoverlapping(items.as_ptr(), block, items.len());
        block
    }
}

/// Writes the parsed signature into the fields that C code reads.
///
/// # Safety
/// - `u` is a new ufunc whose fields are not set yet.
pub(super) unsafe fn fill_core(u: *mut UFuncObject, core: &CoreSig, text: &str, enabled: bool) {
    let counts: Vec<c_int> = core.ops.iter().map(|o| o.len() as c_int).collect();
    let starts: Vec<c_int> = counts
        .iter()
        .scan(0, |at, n| {
            *at += n;
            Some(*at - n)
        })
        .collect();
    let flat: Vec<c_int> = core.ops.iter().flatten().map(|d| *d as c_int).collect();
    let sizes: Vec<isize> = core
        .dims
        .iter()
        .map(|d| d.fixed.map_or(-1, |n| n as isize))
        .collect();
    let flag = |on: bool, bit: u32| if on { bit } else { 0 };
    let flags: Vec<u32> = core
        .dims
        .iter()
        .map(|d| flag(d.fixed.is_none(), SIZE_INFERRED) | flag(d.optional, CAN_IGNORE))
        .collect();
    let signature: Vec<u8> = text.bytes().chain([0]).collect();
    // SAFETY: by contract.
    unsafe {
        (*u).core_enabled = enabled.into();
        (*u).core_num_dim_ix = core.dims.len() as c_int;
        (*u).core_num_dims = c_list(&counts);
        (*u).core_dim_ixs = c_list(&flat);
        (*u).core_offsets = c_list(&starts);
        (*u).core_dim_sizes = c_list(&sizes);
        (*u).core_dim_flags = c_list(&flags);
        (*u).core_signature = c_list(&signature).cast();
    }
}

/// Frees what [`fill_core`] made and forgets the ufunc.
///
/// # Safety
/// - The ufunc is not used again.
pub(super) unsafe fn free(u: *mut UFuncObject) {
    // SAFETY: NULL or from `c_list`.
    unsafe {
        libc::free((*u).core_num_dims.cast());
        libc::free((*u).core_dim_ixs.cast());
        libc::free((*u).core_offsets.cast());
        libc::free((*u).core_dim_sizes.cast());
        libc::free((*u).core_dim_flags.cast());
        libc::free((*u).core_signature.cast());
        forget((*u).op.cast());
        own((*u).op.cast(), None);
    }
}

/// The function with which an extension completes or refuses core dimensions, if it has set one.
type ProcessCoreDims = unsafe extern "C" fn(*mut UFuncObject, *mut isize) -> c_int;

/// Lets the extension complete the core dimensions; -1 stands for one not known yet.
pub(super) fn process_core_dims(py: Python<'_>, op: &Op, sizes: &mut [isize]) -> PyResult<()> {
    let Some(u) = owner(op) else {
        return Ok(());
    };
    // SAFETY: a live ufunc; the field is NULL or such a function.
    unsafe {
        if (*u).process_core_dims.is_null() {
            return Ok(());
        }
        let f: ProcessCoreDims = std::mem::transmute((*u).process_core_dims);
        match f(u, sizes.as_mut_ptr()) {
            status if status < 0 => Err(PyErr::fetch(py)),
            _ => Ok(()),
        }
    }
}

/// `ufunc.types` of a ufunc made by an extension; `None` for others.
pub(super) fn type_strings(op: &Op) -> Option<Vec<String>> {
    let u = owner(op)?;
    // SAFETY: a live ufunc whose lists are as its counts say.
    unsafe {
        let (nin, nargs) = ((*u).nin as usize, (*u).nargs as usize);
        let row = |i: usize| {
            let codes = row_dtypes(u, i, nargs).unwrap_or_default();
            let codes: Vec<char> = codes.iter().map(|d| char::from(d.num.row().code)).collect();
            let (a, b) = codes.split_at(nin.min(codes.len()));
            format!(
                "{}->{}",
                a.iter().collect::<String>(),
                b.iter().collect::<String>()
            )
        };
        Some((0..(*u).ntypes.max(0) as usize).map(row).collect())
    }
}

/// The op of a ufunc object that C code hands over.
unsafe fn op_of<'a>(u: *mut UFuncObject) -> PyResult<&'a Op> {
    // SAFETY: a live object by the C API's contract.
    unsafe {
        if !super::UFUNC.has(u.cast()) {
            return Err(PyTypeError::new_err("a ufunc is required"));
        }
        let op = (*u).op.cast::<Op>().as_ref();
        op.ok_or_else(|| PyTypeError::new_err("ufunc has no loops"))
    }
}

/// `PyUFunc_RegisterLoopForType`.
///
/// # Safety
/// - The C API's contract.
pub(crate) unsafe fn register_for_type(
    u: *mut UFuncObject,
    usertype: c_int,
    function: Option<ClassicLoop>,
    types: *const c_int,
    data: *mut c_void,
) -> PyResult<()> {
    // SAFETY: by contract; a list has one number for each operand.
    unsafe {
        let op = op_of(u)?;
        let known = user::descr(usertype).is_some()
            || TypeNum::from_c(usertype).is_some_and(|n| n == TypeNum::Void);
        let Some(function) = function.filter(|_| known) else {
            return Err(PyTypeError::new_err("unknown user-defined type"));
        };
        let mut dtypes = Vec::new();
        for i in 0..(*u).nargs as usize {
            let num = if types.is_null() {
                usertype
            } else {
                *types.add(i)
            };
            dtypes.push(dtype_of_num(num)?);
        }
        register(op, dtypes, Native::Classic(Classic { function, data }));
    }
    Ok(())
}

fn dtype_of_num(num: c_int) -> PyResult<DType> {
    match (user::descr(num), TypeNum::from_c(num)) {
        (Some(found), _) => Ok(crate::descr::dtype_of(found)),
        (None, Some(num)) if num != TypeNum::User => Ok(DType::new(num)),
        _ => Err(PyTypeError::new_err("unknown user-defined type")),
    }
}

/// `PyUFunc_RegisterLoopForDescr`: loops keyed by whole dtypes, records above all.
///
/// # Safety
/// - The C API's contract.
pub(crate) unsafe fn register_for_descr(
    u: *mut UFuncObject,
    descr: *mut Descr,
    function: Option<ClassicLoop>,
    descrs: *const *mut Descr,
    data: *mut c_void,
) -> PyResult<()> {
    // SAFETY: by contract; a list has one dtype for each operand.
    unsafe {
        let op = op_of(u)?;
        let Some(function) = function else {
            return Err(PyTypeError::new_err("unknown user defined struct dtype"));
        };
        let dtypes: Vec<DType> = (0..(*u).nargs as usize)
            .map(|i| match descrs.is_null() || (*descrs.add(i)).is_null() {
                true => crate::descr::dtype_of(descr),
                false => crate::descr::dtype_of(*descrs.add(i)),
            })
            .collect();
        if !register(op, dtypes, Native::Classic(Classic { function, data })) {
            return Err(PyRuntimeError::new_err("loop already registered"));
        }
    }
    Ok(())
}

/// The lists of a built-in ufunc in the form C code reads: `functions[i]` runs row `data[i]`.
///
/// # Safety
/// - `u` is a new ufunc of this op.
pub(super) unsafe fn fill_lists(u: *mut UFuncObject, op: &'static Op) {
    let mut types: Vec<c_char> = Vec::new();
    let mut functions: Vec<Option<ClassicLoop>> = Vec::new();
    let mut data: Vec<*mut c_void> = Vec::new();
    for row in op.loops {
        types.extend(row.types.iter().map(|t| *t as c_char));
        functions.push(Some(run_row));
        data.push(std::ptr::from_ref(row).cast_mut().cast());
    }
    for (codes, bound) in super::loops::object_rows(op) {
        types.extend(codes.iter().map(|t| *t as c_char));
        functions.push(Some(run_bound));
        data.push(Box::into_raw(Box::new(bound)).cast());
    }
    // SAFETY: by contract; built-in ufuncs live for ever, and so do their lists.
    unsafe {
        (*u).ntypes = functions.len() as c_int;
        (*u).types = types.leak().as_ptr();
        (*u).functions = functions.leak().as_mut_ptr();
        (*u).data = data.leak().as_mut_ptr();
    }
}

/// A loop of ours in the classic form.
///
/// # Safety
/// - Operands as a classic loop's; `data` is the row.
unsafe extern "C" fn run_row(
    args: *mut *mut c_char,
    dims: *const isize,
    strides: *const isize,
    data: *mut c_void,
) {
    // SAFETY: by contract.
    unsafe {
        let row = &*data.cast::<OpLoop>();
        let dtypes: PerOp<DType> = row.types.iter().map(|t| DType::new(*t)).collect();
        let ctx = LoopCtx::new(&dtypes);
        (row.loops.pick())(&ctx, args.cast(), dims, strides, std::ptr::null_mut());
    }
}

/// A loop over objects in the classic form; errors stay set in the interpreter.
///
/// # Safety
/// - Operands as a classic loop's, the lock held; `data` is a [`BoundLoop`].
unsafe extern "C" fn run_bound(
    args: *mut *mut c_char,
    dims: *const isize,
    strides: *const isize,
    data: *mut c_void,
) {
    // SAFETY: by contract.
    unsafe {
        let bound = &*data.cast::<BoundLoop>();
        (bound.func)(
            &LoopCtx::new(&[]),
            args.cast(),
            dims,
            strides,
            bound.aux.as_ptr(),
        );
    }
}
