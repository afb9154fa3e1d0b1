//! Dtypes registered by number: their descriptors, casts, and what the engine asks about them.

use super::api::Code;
use super::arrfuncs::{self, stand_in, ArrFuncs, CastFunc};
use crate::descr::{self, make};
use crate::layout::{descr_flags, dtype_flags, AuxData, DTypeMeta, Descr, LegacyDescr};
use crate::statics::{head, leak, leak_table, ready};
use numoxide_core::{Error, Result};
use numoxide_dtype::promote::{set_user_hooks, UserHooks};
use numoxide_dtype::{can_cast, Casting, DType, Extra, TypeNum};
use numoxide_kernels::{Aux, BoundLoop, LoopCtx, LoopFlags};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::ffi::{c_char, c_int, c_void};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// First number of registered dtypes.
const FIRST: c_int = 256;

/// `PyArray_DescrProto`: the NumPy 1 layout of a dtype, in which one is registered.
#[repr(C)]
pub(super) struct DescrProto {
    ob_base: ffi::PyObject,
    typeobj: *mut ffi::PyTypeObject,
    kind: c_char,
    type_: c_char,
    byteorder: c_char,
    flags: c_char,
    type_num: c_int,
    elsize: c_int,
    alignment: c_int,
    subarray: *mut c_void,
    fields: *mut ffi::PyObject,
    names: *mut ffi::PyObject,
    f: *mut ArrFuncs,
    metadata: *mut ffi::PyObject,
    c_metadata: *mut AuxData,
    hash: ffi::Py_hash_t,
}

/// A registered dtype.
#[derive(Clone, Copy)]
struct User {
    descr: *mut Descr,
    class: *mut DTypeMeta,
    proto: *const DescrProto,
}

/// What is known of a cast between two numbers.
#[derive(Clone, Copy, Default)]
struct Cast {
    function: Option<CastFunc>,
    safe: bool,
}

#[derive(Default)]
struct Registry {
    users: Vec<User>,
    casts: HashMap<(c_int, c_int), Cast>,
}

// SAFETY: the pointers are to objects that live for ever, used under the interpreter lock.
unsafe impl Send for Registry {}

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

fn with<R>(body: impl FnOnce(&mut Registry) -> R) -> R {
    let mut guard: MutexGuard<'_, Option<Registry>> =
        REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    body(guard.get_or_insert_with(Registry::default))
}

/// The dtype registered under a number.
pub(crate) fn descr(num: c_int) -> Option<*mut Descr> {
    let at = usize::try_from(num - FIRST).ok()?;
    with(|r| r.users.get(at).map(|u| u.descr))
}

/// The dtype whose scalars are of exactly this type.
pub(crate) fn descr_for_type(ty: *mut ffi::PyTypeObject) -> Option<*mut Descr> {
    with(|r| {
        // SAFETY: registered dtypes live for ever.
        let fits = |u: &&User| unsafe { (*u.descr).typeobj } == ty;
        r.users.iter().find(fits).map(|u| u.descr)
    })
}

/// The dtype of which the object is a scalar.
pub(crate) fn descr_for_object(ob: &Bound<'_, PyAny>) -> Option<*mut Descr> {
    descr_for_type(ob.get_type_ptr())
}

/// The functions of a registered dtype.
///
/// # Safety
/// - `descr` is a live registered dtype.
unsafe fn functions<'a>(descr: *mut Descr) -> &'a ArrFuncs {
    // SAFETY: the table is checked and kept for ever at registration.
    unsafe { &*arrfuncs::of(descr) }
}

/// The Python object of an item.
///
/// # Safety
/// - `item` is an item of the live registered dtype.
pub(crate) unsafe fn get_item<'py>(
    py: Python<'py>,
    item: *const u8,
    descr: *mut Descr,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: by contract; registration has checked that the function is there. Items are brought to
    // an aligned address and to native order first, as not every dtype does that itself.
    unsafe {
        let mut room = Room::new((*descr).elsize as usize);
        load(room.ptr(), item, descr);
        let mut a = stand_in(descr);
        let made = functions(descr).getitem.map(|f| f(room.ptr(), &mut a));
        Bound::from_owned_ptr_or_err(py, made.unwrap_or(std::ptr::null_mut()))
    }
}

/// Stores an object in an item.
///
/// # Safety
/// - `item` is a writable item of the live registered dtype.
pub(crate) unsafe fn set_item(
    py: Python<'_>,
    item: *mut u8,
    descr: *mut Descr,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // SAFETY: as above.
    unsafe {
        let mut room = Room::new((*descr).elsize as usize);
        load(room.ptr(), item, descr);
        let mut a = stand_in(descr);
        let status = functions(descr)
            .setitem
            .map_or(-1, |f| f(value.as_ptr(), room.ptr(), &mut a));
        if status < 0 || !ffi::PyErr_Occurred().is_null() {
            return Err(PyErr::fetch(py));
        }
        load(item, room.ptr(), descr);
        Ok(())
    }
}

/// Copies an item, turning its bytes round where the dtype is in the other order.
unsafe fn load(to: *mut u8, from: *const u8, descr: *mut Descr) {
    // SAFETY: callers pass items of the dtype.
    unsafe {
        let mut a = stand_in(descr);
        let swap = (*descr).byteorder as u8 == descr::SWAPPED;
        match (swap, functions(descr).copyswap) {
            (true, Some(f)) => f(to, from.cast_mut(), 1, &mut a),
            _ => std::ptr::copy(from, to, (*descr).elsize as usize),
        }
    }
}

/// Aligned room for one item.
struct Room(Vec<u128>);

impl Room {
    fn new(bytes: usize) -> Room {
        Room(vec![0; bytes.div_ceil(16).max(1)])
    }

    fn ptr(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

/// `PyArray_RegisterDataType`.
pub(super) unsafe fn register(py: Python<'_>, proto: *mut DescrProto) -> PyResult<c_int> {
    // SAFETY: a filled prototype by the C API's contract.
    unsafe {
        // A prototype that lies where an old one lay has another number yet.
        let known = with(|r| r.users.iter().position(|u| std::ptr::eq(u.proto, proto)));
        if let Some(at) = known.filter(|at| FIRST + *at as c_int == (*proto).type_num) {
            return Ok(FIRST + at as c_int);
        }
        if (*proto).typeobj.is_null() {
            return Err(PyValueError::new_err("missing typeobject"));
        }
        check_proto(py, &*proto)?;
        let table = (*proto).f;
        if table.is_null() {
            return Err(PyValueError::new_err(
                "a required array function is missing.",
            ));
        }
        let f = &mut *table;
        f.nonzero = f.nonzero.or(Some(nonzero));
        f.copyswapn = f.copyswapn.or(Some(copyswapn));
        if f.getitem.is_none() || f.setitem.is_none() || f.copyswap.is_none() {
            return Err(PyValueError::new_err(
                "a required array function is missing.",
            ));
        }
        let num = FIRST + with(|r| r.users.len()) as c_int;
        let class = new_class(py, &*proto, num, table)?;
        let made = new_descr(py, class, &*proto, num)?;
        (*class).singleton = made;
        (*proto).type_num = num;
        with(|r| {
            r.users.push(User {
                descr: made,
                class,
                proto,
            });
        });
        *super::USER_TYPES.get() += 1;
        Ok(num)
    }
}

/// Refuses what cannot be a registered dtype: objects in items without fields, and a head that is no dtype's.
unsafe fn check_proto(py: Python<'_>, proto: &DescrProto) -> PyResult<()> {
    // SAFETY: a filled prototype with a type by the C API's contract.
    unsafe {
        let kind = Bound::from_borrowed_ptr(py, proto.typeobj.cast());
        let objects = descr_flags::ITEM_REFCOUNT | descr_flags::ITEM_IS_POINTER;
        let fields = !proto.names.is_null() && !proto.fields.is_null();
        if u64::from(proto.flags as u8) & objects != 0 && !fields {
            return Err(PyValueError::new_err(format!(
                "Failed to register dtype for {}: Legacy user dtypes using `NPY_ITEM_IS_POINTER` or \
                 `NPY_ITEM_REFCOUNT` are unsupported.  It is possible to create such a dtype only \
                 if it is a structured dtype with names and fields hardcoded at registration time.\n\
                 Please contact the NumPy developers if this used to work but now fails.",
                kind.repr()?
            )));
        }
        let head = proto.ob_base.ob_type;
        if head.is_null() || ffi::PyType_IsSubtype(head, descr::descr_type()) == 0 {
            return Err(PyRuntimeError::new_err(format!(
                "During creation/wrapping of legacy DType, the original class was not of \
                 PyArrayDescr_Type (it is replaced in this step). The extension creating a custom \
                 DType for type {} must be modified to ensure `Py_TYPE(descr) == \
                 &PyArrayDescr_Type` or that of an existing dtype (with the assumption it is just \
                 copied over and can be replaced).",
                kind.repr()?
            )));
        }
        Ok(())
    }
}

/// The DType class of a registered dtype; never freed.
unsafe fn new_class(
    py: Python<'_>,
    proto: &DescrProto,
    num: c_int,
    table: *mut ArrFuncs,
) -> PyResult<*mut DTypeMeta> {
    // SAFETY: fresh zeroed memory of static life; the prototype is filled.
    unsafe {
        let class: *mut DTypeMeta = leak_table(|_| {});
        let ty: *mut ffi::PyTypeObject = class.cast();
        head(ty, descr::meta_type());
        let full = std::ffi::CStr::from_ptr((*proto.typeobj).tp_name).to_string_lossy();
        let short = full.rsplit('.').next().unwrap_or("");
        let module = crate::slots::module_name(py)?;
        (*ty).tp_name = leak(&format!("{module}.dtype[{short}]")).as_ptr();
        (*ty).tp_base = descr::descr_type();
        (*ty).tp_basicsize = size_of::<LegacyDescr>() as isize;
        (*ty).tp_flags = ffi::Py_TPFLAGS_DEFAULT;
        (*ty).tp_new = Some(descr::class_new());
        ready(py, ty)?;
        (*class).type_num = num;
        ffi::Py_INCREF(proto.typeobj.cast());
        (*class).scalar_type = proto.typeobj;
        (*class).flags = dtype_flags::LEGACY;
        let slots: *mut arrfuncs::Slots = leak_table(|_| {});
        (*slots).funcs = std::ptr::read(table);
        (*slots).shown = table;
        (*class).dt_slots = slots.cast();
        Ok(class)
    }
}

unsafe fn new_descr(
    py: Python<'_>,
    class: *mut DTypeMeta,
    proto: &DescrProto,
    num: c_int,
) -> PyResult<*mut Descr> {
    // SAFETY: a fresh zeroed instance of the ready class; references are counted.
    unsafe {
        let new = make::alloc(py, class)?;
        ffi::Py_INCREF(proto.typeobj.cast());
        (*new).typeobj = proto.typeobj;
        (*new).kind = proto.kind;
        (*new).type_ = proto.type_;
        (*new).byteorder = proto.byteorder;
        (*new).type_num = num;
        (*new).flags = proto.flags as u8 as u64;
        (*new).elsize = proto.elsize as isize;
        (*new).alignment = (proto.alignment as isize).max(1);
        ffi::Py_XINCREF(proto.metadata);
        (*new).metadata = proto.metadata;
        let legacy = new.cast::<LegacyDescr>();
        ffi::Py_XINCREF(proto.fields);
        (*legacy).fields = proto.fields;
        ffi::Py_XINCREF(proto.names);
        (*legacy).names = proto.names;
        Ok(new)
    }
}

/// True where any byte is set.
unsafe extern "C" fn nonzero(item: *mut u8, a: *mut crate::layout::ArrayObject) -> u8 {
    // SAFETY: an item of the array's dtype.
    unsafe {
        let bytes = std::slice::from_raw_parts(item, (*(*a).descr).elsize as usize);
        u8::from(bytes.iter().any(|b| *b != 0))
    }
}

/// Item by item through the dtype's own `copyswap`.
unsafe extern "C" fn copyswapn(
    to: *mut u8,
    to_stride: isize,
    from: *mut u8,
    from_stride: isize,
    n: isize,
    swap: c_int,
    a: *mut crate::layout::ArrayObject,
) {
    // SAFETY: `n` items at each address, or no source.
    unsafe {
        let Some(one) = functions((*a).descr).copyswap else {
            return;
        };
        for i in 0..n {
            let from = match from.is_null() {
                true => from,
                false => from.offset(i * from_stride),
            };
            one(to.offset(i * to_stride), from, swap, a);
        }
    }
}

/// `PyArray_RegisterCastFunc`.
pub(super) unsafe fn register_cast(
    from: *mut Descr,
    to: c_int,
    function: Option<CastFunc>,
) -> PyResult<Code> {
    // SAFETY: a live dtype by the C API's contract.
    let from = unsafe { (*from).type_num };
    let known = |n: c_int| n < FIRST && TypeNum::from_c(n).is_some() || descr(n).is_some();
    if from < FIRST && to < FIRST {
        return Err(PyValueError::new_err(
            "At least one of the types must be user-defined.",
        ));
    }
    if !known(from) || !known(to) {
        return Err(PyValueError::new_err("invalid type number."));
    }
    with(|r| r.casts.entry((from, to)).or_default().function = function);
    Ok(Code(0))
}

/// `PyArray_RegisterCanCast`.
pub(super) unsafe fn register_can_cast(from: *mut Descr, to: c_int) -> PyResult<Code> {
    // SAFETY: a live dtype by the C API's contract.
    let from = unsafe { (*from).type_num };
    if from < FIRST && to < FIRST {
        return Err(PyValueError::new_err(
            "At least one of the types provided to RegisterCanCast must be user-defined.",
        ));
    }
    with(|r| r.casts.entry((from, to)).or_default().safe = true);
    Ok(Code(0))
}

/// The C number of a dtype.
pub(crate) fn c_num(dtype: &DType) -> c_int {
    match dtype.extra.as_deref() {
        Some(Extra::User(num)) => *num,
        _ if dtype.num == TypeNum::VString => 2056,
        _ => dtype.num as c_int,
    }
}

/// How safe the registered cast is; `None` without one.
fn level(from: &DType, to: &DType) -> Option<Casting> {
    let found = with(|r| r.casts.get(&(c_num(from), c_num(to))).copied())?;
    match (found.safe, found.function) {
        (true, _) => Some(Casting::Safe),
        (false, Some(_)) => Some(Casting::Unsafe),
        (false, None) => None,
    }
}

/// The one of two dtypes to which the other casts safely.
fn common(a: &DType, b: &DType) -> Option<DType> {
    if can_cast(a, b, Casting::Safe) {
        return Some(b.native());
    }
    can_cast(b, a, Casting::Safe).then(|| a.native())
}

/// Tells the engine about registered dtypes.
pub(super) fn init() {
    set_user_hooks(UserHooks {
        level,
        common,
        named: |num| {
            // SAFETY: registered dtypes live for ever.
            descr(num).map(|d| unsafe {
                let full = std::ffi::CStr::from_ptr((*(*d).typeobj).tp_name).to_string_lossy();
                full.rsplit('.').next().unwrap_or_default().to_owned()
            })
        },
    });
}

/// The ends of a registered cast.
struct Ends {
    cast: Option<CastFunc>,
    from: Py<PyAny>,
    to: Py<PyAny>,
    from_swapped: bool,
    to_swapped: bool,
}

/// The loop between a registered dtype and another, objects excepted.
pub(crate) fn cast(from: &DType, to: &DType) -> Option<Result<BoundLoop>> {
    let same = c_num(from) == c_num(to);
    let known = with(|r| r.casts.contains_key(&(c_num(from), c_num(to))));
    if to.num == TypeNum::Bool && !known {
        return Some(truth(from));
    }
    let function = with(|r| r.casts.get(&(c_num(from), c_num(to))).copied());
    let function = function.and_then(|c| c.function);
    if !same && function.is_none() {
        return None;
    }
    if same && from.swapped == to.swapped {
        return Some(Ok(BoundLoop {
            func: numoxide_kernels::cast::copy_loop(from.size).pick(),
            aux: Aux::raw(from.size as *mut c_void),
            flags: LoopFlags::default(),
        }));
    }
    Some(Python::attach(|py| {
        let ends = descr::descr_for(py, from).and_then(|f| {
            Ok(Ends {
                cast: if same { None } else { function },
                from: f,
                to: descr::descr_for(py, to)?,
                from_swapped: from.swapped,
                to_swapped: to.swapped,
            })
        });
        match ends {
            Ok(ends) => Ok(BoundLoop {
                func: run_cast,
                aux: Aux::new(ends),
                flags: LoopFlags {
                    needs_gil: true,
                    may_fail: true,
                    cost: 4,
                    ..LoopFlags::default()
                },
            }),
            Err(e) => Err(crate::err::set(py, e)),
        }
    }))
}

/// The loop that tells which items are true, by the dtype's own function.
fn truth(from: &DType) -> Result<BoundLoop> {
    let Some(descr) = descr(c_num(from)) else {
        return Err(Error::Type("unknown user dtype".into()));
    };
    Ok(BoundLoop {
        func: run_truth,
        aux: Aux::raw(descr.cast()),
        flags: LoopFlags {
            needs_gil: true,
            may_fail: true,
            ..LoopFlags::default()
        },
    })
}

/// # Safety
/// - A loop from the registered dtype `aux` to bool, the interpreter lock held.
unsafe extern "C" fn run_truth(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract; registration has seen to it that the function is there.
    unsafe {
        let descr: *mut Descr = aux.cast();
        let mut a = stand_in(descr);
        let mut room = Room::new((*descr).elsize as usize);
        for i in 0..*dims {
            let item = (*args).offset(i * *strides);
            std::ptr::copy(item, room.ptr(), (*descr).elsize as usize);
            let yes = functions(descr)
                .nonzero
                .map_or(0, |f| f(room.ptr(), &mut a));
            *(*args.add(1)).offset(i * *strides.add(1)) = u8::from(yes != 0);
        }
        match ffi::PyErr_Occurred().is_null() {
            true => 0,
            false => (*ctx).fail(Error::Raised),
        }
    }
}

/// # Safety
/// - A loop of two operands at any address, the interpreter lock held; `aux` is [`Ends`].
unsafe extern "C" fn run_cast(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: by contract; the function gets contiguous, aligned, native items.
    unsafe {
        let ends = &*aux.cast::<Ends>();
        let (from, to): (*mut Descr, *mut Descr) =
            (ends.from.as_ptr().cast(), ends.to.as_ptr().cast());
        let (mut a, mut b) = (stand_in(from), stand_in(to));
        let (source, target) = (*args, *args.add(1));
        let whole = *strides == (*from).elsize && *strides.add(1) == (*to).elsize;
        let aligned =
            |p: *mut u8, d: *mut Descr| (p as usize).is_multiple_of((*d).alignment.max(1) as usize);
        let straight = whole && aligned(source, from) && aligned(target, to);
        if let (Some(f), true, false, false) =
            (ends.cast, straight, ends.from_swapped, ends.to_swapped)
        {
            f(source, target, *dims, &mut a, &mut b);
        } else {
            let mut rooms = (
                Room::new((*from).elsize as usize),
                Room::new((*to).elsize as usize),
            );
            for i in 0..*dims {
                let (x, y) = (
                    source.offset(i * *strides),
                    target.offset(i * *strides.add(1)),
                );
                native(rooms.0.ptr(), x, from, ends.from_swapped);
                match ends.cast {
                    Some(f) => f(rooms.0.ptr(), rooms.1.ptr(), 1, &mut a, &mut b),
                    None => std::ptr::copy(rooms.0.ptr(), rooms.1.ptr(), (*to).elsize as usize),
                }
                native(y, rooms.1.ptr(), to, ends.to_swapped);
            }
        }
        if ffi::PyErr_Occurred().is_null() {
            return 0;
        }
        (*ctx).fail(Error::Raised)
    }
}

/// Copies an item, turning its bytes round if asked.
unsafe fn native(to: *mut u8, from: *const u8, descr: *mut Descr, swap: bool) {
    // SAFETY: callers pass items of the dtype.
    unsafe {
        let mut a = stand_in(descr);
        match (arrfuncs::of(descr).as_ref().and_then(|f| f.copyswap), swap) {
            (Some(f), true) => f(to, from.cast_mut(), 1, &mut a),
            _ => std::ptr::copy(from, to, (*descr).elsize as usize),
        }
    }
}

/// Whether an item comes before another, by the dtype's own comparison.
///
/// # Safety
/// - Two items of the registered dtype.
pub(crate) unsafe fn less(dtype: &DType, a: *const u8, b: *const u8) -> Result<bool> {
    let Some(descr) = descr(c_num(dtype)) else {
        return Err(Error::Type("unknown user dtype".into()));
    };
    // SAFETY: by contract.
    unsafe {
        match functions(descr).compare {
            Some(f) => {
                let order = f(a, b, &mut stand_in(descr));
                match ffi::PyErr_Occurred().is_null() {
                    true => Ok(order < 0),
                    false => Err(Error::Raised),
                }
            }
            None => Err(Error::Type("type does not have compare function".into())),
        }
    }
}
