//! Names of dtypes.

use crate::num::TypeNum as N;

/// Names with a digit at the end that NumPy 2 took away.
/// Aliases that NumPy 2 took away.
pub const REMOVED: [&str; 7] = [
    "int0", "uint0", "bool8", "str0", "bytes0", "void0", "object0",
];

const NAMES: [(&str, N); 56] = [
    ("bool", N::Bool),
    ("bool_", N::Bool),
    ("byte", N::Byte),
    ("int8", N::Byte),
    ("ubyte", N::UByte),
    ("uint8", N::UByte),
    ("short", N::Short),
    ("int16", N::Short),
    ("ushort", N::UShort),
    ("uint16", N::UShort),
    ("intc", N::Int),
    ("int32", N::Int),
    ("uintc", N::UInt),
    ("uint32", N::UInt),
    ("int", N::Long),
    ("int_", N::Long),
    ("intp", N::Long),
    ("long", N::Long),
    ("int64", N::Long),
    ("uint", N::ULong),
    ("uintp", N::ULong),
    ("ulong", N::ULong),
    ("uint64", N::ULong),
    ("longlong", N::LongLong),
    ("ulonglong", N::ULongLong),
    ("half", N::Half),
    ("float16", N::Half),
    ("single", N::Float),
    ("float32", N::Float),
    ("float", N::Double),
    ("double", N::Double),
    ("float64", N::Double),
    ("longdouble", N::LongDouble),
    ("float128", N::LongDouble),
    ("csingle", N::CFloat),
    ("complex64", N::CFloat),
    ("complex", N::CDouble),
    ("cdouble", N::CDouble),
    ("complex128", N::CDouble),
    ("clongdouble", N::CLongDouble),
    ("complex256", N::CLongDouble),
    ("object", N::Object),
    ("object_", N::Object),
    ("bytes", N::Bytes),
    ("bytes_", N::Bytes),
    ("str", N::Str),
    ("str_", N::Str),
    ("unicode", N::Str),
    ("void", N::Void),
    ("datetime64", N::DateTime),
    ("timedelta64", N::TimeDelta),
    ("?", N::Bool),
    ("p", N::Long),
    ("P", N::ULong),
    ("n", N::Long),
    ("N", N::ULong),
];

/// The class of that name.
pub(super) fn lookup(name: &str) -> Option<N> {
    NAMES.iter().find(|r| r.0 == name).map(|r| r.1)
}
