//! The C structs that compiled extensions read: NumPy 2's public layouts, field by field.
//!
//! Sizes and offsets are asserted below for a 64-bit build with the usual 16-byte object head.

use pyo3::ffi;
use std::ffi::{c_char, c_int, c_void};

/// `PyArrayObject_fields`.
#[repr(C)]
pub(crate) struct ArrayObject {
    /// Object head.
    pub ob_base: ffi::PyObject,
    /// First item.
    pub data: *mut u8,
    /// Number of axes.
    pub nd: c_int,
    /// Lengths, one an axis.
    pub dimensions: *mut isize,
    /// Byte strides, one an axis.
    pub strides: *mut isize,
    /// Owner of the memory, or NULL.
    pub base: *mut ffi::PyObject,
    /// The dtype.
    pub descr: *mut Descr,
    /// `flags::*` bits.
    pub flags: c_int,
    /// Weak references.
    pub weakreflist: *mut ffi::PyObject,
    /// Buffer-protocol bookkeeping.
    pub buffer_info: *mut c_void,
    /// Capsule of the handler that allocated `data`, or NULL.
    pub mem_handler: *mut ffi::PyObject,
}

/// Array flag bits of the C interface.
pub(crate) mod flags {
    use std::ffi::c_int;
    /// C order without gaps.
    pub(crate) const C_CONTIGUOUS: c_int = 0x1;
    /// Fortran order without gaps.
    pub(crate) const F_CONTIGUOUS: c_int = 0x2;
    /// The array frees its memory.
    pub(crate) const OWNDATA: c_int = 0x4;
    /// Every item aligned for its dtype.
    pub(crate) const ALIGNED: c_int = 0x100;
    /// Items may be written.
    pub(crate) const WRITEABLE: c_int = 0x400;
    /// Memory is written back into the base on resolve.
    pub(crate) const WRITEBACKIFCOPY: c_int = 0x2000;
    /// Writing gives a deprecation warning first.
    pub(crate) const WARN_ON_WRITE: c_int = 1 << 31;
    /// Aligned and writeable.
    pub(crate) const BEHAVED: c_int = ALIGNED | WRITEABLE;
    /// C-contiguous and behaved.
    pub(crate) const CARRAY: c_int = C_CONTIGUOUS | BEHAVED;
    /// Fortran-contiguous and behaved.
    pub(crate) const FARRAY: c_int = F_CONTIGUOUS | BEHAVED;
}

/// `PyArray_Descr`, the part common to all dtypes (NumPy 2.x).
#[repr(C)]
pub(crate) struct Descr {
    /// Object head.
    pub ob_base: ffi::PyObject,
    /// Scalar type.
    pub typeobj: *mut ffi::PyTypeObject,
    /// Kind character.
    pub kind: c_char,
    /// Type character.
    pub type_: c_char,
    /// `'='`, `'<'`, `'>'` or `'|'`.
    pub byteorder: c_char,
    /// Unused.
    pub former_flags: c_char,
    /// Type number.
    pub type_num: c_int,
    /// `descr_flags::*`.
    pub flags: u64,
    /// Item size in bytes.
    pub elsize: isize,
    /// Alignment in bytes.
    pub alignment: isize,
    /// Metadata dictionary or NULL.
    pub metadata: *mut ffi::PyObject,
    /// Cached hash, -1 when not computed.
    pub hash: ffi::Py_hash_t,
    /// Reserved, NULL.
    pub reserved: [*mut c_void; 2],
}

/// `_PyArray_LegacyDescr`: what built-in and registered dtypes add.
#[repr(C)]
pub(crate) struct LegacyDescr {
    /// The common part.
    pub common: Descr,
    /// `ArrayDescr` of a sub-array dtype, or NULL.
    pub subarray: *mut SubArrayDescr,
    /// Field dictionary or NULL.
    pub fields: *mut ffi::PyObject,
    /// Tuple of field names or NULL.
    pub names: *mut ffi::PyObject,
    /// Datetime unit and the like, or NULL.
    pub c_metadata: *mut AuxData,
}

/// `PyArray_ArrayDescr`.
#[repr(C)]
pub(crate) struct SubArrayDescr {
    /// Dtype of the items.
    pub base: *mut Descr,
    /// Shape tuple.
    pub shape: *mut ffi::PyObject,
}

/// `NpyAuxData`, the head of auxiliary data.
#[repr(C)]
pub(crate) struct AuxData {
    /// Destructor.
    pub free: Option<unsafe extern "C" fn(*mut AuxData)>,
    /// Copier.
    pub clone: Option<unsafe extern "C" fn(*mut AuxData) -> *mut AuxData>,
    /// Reserved.
    pub reserved: [*mut c_void; 2],
}

/// `c_metadata` of datetime dtypes: head, then unit and multiple.
#[repr(C)]
pub(crate) struct DateTimeAux {
    /// Head.
    pub base: AuxData,
    /// Unit number.
    pub unit: c_int,
    /// Multiple.
    pub num: c_int,
}

/// Flag bits of `Descr::flags`.
pub(crate) mod descr_flags {
    /// Items hold references.
    pub(crate) const ITEM_REFCOUNT: u64 = 0x01;
    /// Items must be initialised.
    pub(crate) const NEEDS_INIT: u64 = 0x08;
    /// Item access needs the interpreter.
    pub(crate) const NEEDS_PYAPI: u64 = 0x10;
    /// Use `getitem` when extracting.
    pub(crate) const USE_GETITEM: u64 = 0x20;
    /// Use `setitem` when storing.
    pub(crate) const USE_SETITEM: u64 = 0x40;
    /// Pickle items as a list.
    pub(crate) const LIST_PICKLE: u64 = 0x02;
    /// Item is a pointer.
    pub(crate) const ITEM_IS_POINTER: u64 = 0x04;
    /// Structured dtype made with `align=True`.
    pub(crate) const ALIGNED_STRUCT: u64 = 0x80;
    /// What object dtypes have.
    pub(crate) const OBJECT: u64 =
        ITEM_REFCOUNT | LIST_PICKLE | ITEM_IS_POINTER | NEEDS_INIT | NEEDS_PYAPI | USE_GETITEM;
    /// What variable-width string dtypes have.
    pub(crate) const STRING: u64 =
        ITEM_REFCOUNT | LIST_PICKLE | NEEDS_INIT | USE_GETITEM | USE_SETITEM;
}

/// `PyArray_DTypeMeta`: a DType class.
#[repr(C)]
pub(crate) struct DTypeMeta {
    /// The type object.
    pub super_: ffi::PyHeapTypeObject,
    /// Default instance.
    pub singleton: *mut Descr,
    /// Type number of instances.
    pub type_num: c_int,
    /// Scalar type.
    pub scalar_type: *mut ffi::PyTypeObject,
    /// `dtype_flags::*`.
    pub flags: u64,
    /// Our own table of functions.
    pub dt_slots: *mut c_void,
    /// Reserved.
    pub reserved: [*mut c_void; 3],
}

/// Flag bits of `DTypeMeta::flags`.
pub(crate) mod dtype_flags {
    /// A legacy (built-in or registered by number) DType.
    pub(crate) const LEGACY: u64 = 1;
    /// Never instantiated.
    pub(crate) const ABSTRACT: u64 = 2;
    /// Instances carry parameters.
    pub(crate) const PARAMETRIC: u64 = 4;
    /// A number.
    pub(crate) const NUMERIC: u64 = 8;
}

/// `PyUFuncObject`, grown by our own fields behind byte 240.
#[repr(C)]
pub(crate) struct UFuncObject {
    /// Object head.
    pub ob_base: ffi::PyObject,
    /// Inputs.
    pub nin: c_int,
    /// Outputs.
    pub nout: c_int,
    /// `nin + nout`.
    pub nargs: c_int,
    /// Identity code.
    pub identity: c_int,
    /// Classic loops.
    pub functions: *mut Option<ClassicLoop>,
    /// Data of the classic loops.
    pub data: *mut *mut c_void,
    /// Number of classic loops.
    pub ntypes: c_int,
    /// Reserved.
    pub reserved1: c_int,
    /// Name.
    pub name: *const c_char,
    /// `ntypes * nargs` type numbers.
    pub types: *const c_char,
    /// Docstring.
    pub doc: *const c_char,
    /// Allocation freed with the ufunc.
    pub ptr: *mut c_void,
    /// Object kept alive by the ufunc.
    pub obj: *mut ffi::PyObject,
    /// Loops of user dtypes.
    pub userloops: *mut ffi::PyObject,
    /// Has a core signature.
    pub core_enabled: c_int,
    /// Number of distinct core dimensions.
    pub core_num_dim_ix: c_int,
    /// Core dimensions of each operand.
    pub core_num_dims: *mut c_int,
    /// Core dimension numbers, flat.
    pub core_dim_ixs: *mut c_int,
    /// Offsets into `core_dim_ixs`.
    pub core_offsets: *mut c_int,
    /// Signature text.
    pub core_signature: *mut c_char,
    /// Legacy type resolver.
    pub type_resolver: *mut c_void,
    /// Instance dictionary.
    pub dict: *mut ffi::PyObject,
    /// Vectorcall entry.
    pub vectorcall: Option<ffi::vectorcallfunc>,
    /// Reserved.
    pub reserved3: *mut c_void,
    /// Operand flags.
    pub op_flags: *mut u32,
    /// Iterator flags.
    pub iter_flags: u32,
    /// Fixed core dimension sizes.
    pub core_dim_sizes: *mut isize,
    /// Core dimension flags.
    pub core_dim_flags: *mut u32,
    /// Identity object.
    pub identity_value: *mut ffi::PyObject,
    /// Dispatch cache.
    pub dispatch_cache: *mut c_void,
    /// Loop list.
    pub loops: *mut ffi::PyObject,
    /// Core dimension hook.
    pub process_core_dims: *mut c_void,
    /// Our own: the op-table row, or NULL for ufuncs made from outside.
    pub op: *const c_void,
    /// Our own: what the executor caches.
    pub state: *mut c_void,
}

/// A classic inner loop `(args, dims, strides, data)`.
pub(crate) type ClassicLoop =
    unsafe extern "C" fn(*mut *mut c_char, *const isize, *const isize, *mut c_void);

/// Axes the iterator structs have room for.
pub(crate) const ITER_DIMS: usize = 32;

/// `PyArrayIterObject` (`flatiter`).
#[repr(C)]
pub(crate) struct FlatIter {
    /// Object head.
    pub ob_base: ffi::PyObject,
    /// Axes minus one.
    pub nd_m1: c_int,
    /// Flat position.
    pub index: isize,
    /// Number of items.
    pub size: isize,
    /// Current coordinates.
    pub coordinates: [isize; ITER_DIMS],
    /// Lengths minus one.
    pub dims_m1: [isize; ITER_DIMS],
    /// Byte strides.
    pub strides: [isize; ITER_DIMS],
    /// Strides times `dims_m1`.
    pub backstrides: [isize; ITER_DIMS],
    /// Items behind one step of an axis.
    pub factors: [isize; ITER_DIMS],
    /// The array.
    pub ao: *mut ArrayObject,
    /// Current item.
    pub dataptr: *mut u8,
    /// Array is C-contiguous.
    pub contiguous: u8,
    /// Used by neighborhood iterators.
    pub bounds: [[isize; 2]; ITER_DIMS],
    /// Used by neighborhood iterators.
    pub limits: [[isize; 2]; ITER_DIMS],
    /// Used by neighborhood iterators.
    pub limits_sizes: [isize; ITER_DIMS],
    /// Translation function.
    pub translate: *mut c_void,
}

/// `PyArrayMultiIterObject` (`broadcast`).
#[repr(C)]
pub(crate) struct MultiIter {
    /// Object head.
    pub ob_base: ffi::PyObject,
    /// Number of iterators.
    pub numiter: c_int,
    /// Broadcast size.
    pub size: isize,
    /// Position.
    pub index: isize,
    /// Broadcast axes.
    pub nd: c_int,
    /// Broadcast shape; 64 entries.
    pub dimensions: [isize; 32],
    /// The iterators; 64 entries.
    pub iters: [*mut FlatIter; 64],
}

/// `PyVoidScalarObject`.
#[repr(C)]
pub(crate) struct VoidScalar {
    /// Variable-sized head.
    pub ob_base: ffi::PyVarObject,
    /// The bytes.
    pub obval: *mut u8,
    /// Dtype.
    pub descr: *mut Descr,
    /// Array flags.
    pub flags: c_int,
    /// Owner of the bytes, or NULL.
    pub base: *mut ffi::PyObject,
    /// Buffer-protocol bookkeeping.
    pub buffer_info: *mut c_void,
}

/// `PyDatetimeScalarObject`.
#[repr(C)]
pub(crate) struct DateTimeScalar {
    /// Object head.
    pub ob_base: ffi::PyObject,
    /// The value.
    pub obval: i64,
    /// Unit number.
    pub unit: c_int,
    /// Multiple.
    pub num: c_int,
}

/// `PyArrayInterface`, what `__array_struct__` points to.
#[repr(C)]
pub(crate) struct ArrayInterface {
    /// Always 2.
    pub two: c_int,
    /// Number of axes.
    pub nd: c_int,
    /// Kind character.
    pub typekind: c_char,
    /// Item size in bytes.
    pub itemsize: c_int,
    /// Array flags, with 0x200 for native byte order and 0x800 for a description.
    pub flags: c_int,
    /// Lengths.
    pub shape: *mut isize,
    /// Byte strides.
    pub strides: *mut isize,
    /// First item.
    pub data: *mut c_void,
    /// Description list or NULL.
    pub descr: *mut ffi::PyObject,
}

const _: () = {
    use std::mem::{offset_of, size_of};
    assert!(size_of::<ArrayObject>() == 96);
    assert!(offset_of!(ArrayObject, weakreflist) == 72);
    assert!(size_of::<Descr>() == 88);
    assert!(size_of::<LegacyDescr>() == 120);
    assert!(size_of::<DTypeMeta>() == size_of::<ffi::PyHeapTypeObject>() + 64);
    assert!(offset_of!(UFuncObject, op) == 240);
    assert!(size_of::<FlatIter>() == 2632);
    assert!(size_of::<MultiIter>() == 816);
    assert!(size_of::<VoidScalar>() == 64);
    assert!(size_of::<DateTimeScalar>() == 32);
};
