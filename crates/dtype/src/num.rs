//! Type numbers and the static row of facts behind each built-in DType class.

/// NumPy's type numbers, as stored in `PyArray_Descr.type_num`.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[allow(missing_docs)]
pub enum TypeNum {
    Bool = 0,
    Byte = 1,
    UByte = 2,
    Short = 3,
    UShort = 4,
    Int = 5,
    UInt = 6,
    Long = 7,
    ULong = 8,
    LongLong = 9,
    ULongLong = 10,
    Float = 11,
    Double = 12,
    LongDouble = 13,
    CFloat = 14,
    CDouble = 15,
    CLongDouble = 16,
    Object = 17,
    Bytes = 18,
    Str = 19,
    Void = 20,
    DateTime = 21,
    TimeDelta = 22,
    Half = 23,
    /// Variable-width strings; number 2056 on the C side.
    VString = 24,
    /// A dtype registered by an extension; number 256 and up on the C side.
    User = 25,
}

/// What is fixed for all instances of a built-in DType class.
#[derive(Debug)]
pub struct TypeRow {
    /// The type number.
    pub num: TypeNum,
    /// The dtype's name, without size for flexible types.
    pub name: &'static str,
    /// NumPy's one-character code.
    pub code: u8,
    /// NumPy's kind character.
    pub kind: u8,
    /// Item size in bytes; 0 where instances differ.
    pub size: usize,
    /// Alignment in bytes.
    pub align: usize,
    /// Name of the Python scalar type.
    pub scalar: &'static str,
    /// Name of the class in `numpy.dtypes`.
    pub class: &'static str,
}

const fn row(
    num: TypeNum,
    name: &'static str,
    code: u8,
    kind: u8,
    size: usize,
    align: usize,
    scalar: &'static str,
    class: &'static str,
) -> TypeRow {
    TypeRow {
        num,
        name,
        code,
        kind,
        size,
        align,
        scalar,
        class,
    }
}

use TypeNum as N;

/// One row a type number, in the order of the numbers (64-bit Linux sizes).
pub static ROWS: [TypeRow; 26] = [
    row(N::Bool, "bool", b'?', b'b', 1, 1, "bool", "BoolDType"),
    row(N::Byte, "int8", b'b', b'i', 1, 1, "int8", "Int8DType"),
    row(N::UByte, "uint8", b'B', b'u', 1, 1, "uint8", "UInt8DType"),
    row(N::Short, "int16", b'h', b'i', 2, 2, "int16", "Int16DType"),
    row(
        N::UShort,
        "uint16",
        b'H',
        b'u',
        2,
        2,
        "uint16",
        "UInt16DType",
    ),
    row(N::Int, "int32", b'i', b'i', 4, 4, "int32", "Int32DType"),
    row(N::UInt, "uint32", b'I', b'u', 4, 4, "uint32", "UInt32DType"),
    row(N::Long, "int64", b'l', b'i', 8, 8, "int64", "Int64DType"),
    row(
        N::ULong,
        "uint64",
        b'L',
        b'u',
        8,
        8,
        "uint64",
        "UInt64DType",
    ),
    row(
        N::LongLong,
        "longlong",
        b'q',
        b'i',
        8,
        8,
        "longlong",
        "LongLongDType",
    ),
    row(
        N::ULongLong,
        "ulonglong",
        b'Q',
        b'u',
        8,
        8,
        "ulonglong",
        "ULongLongDType",
    ),
    row(
        N::Float,
        "float32",
        b'f',
        b'f',
        4,
        4,
        "float32",
        "Float32DType",
    ),
    row(
        N::Double,
        "float64",
        b'd',
        b'f',
        8,
        8,
        "float64",
        "Float64DType",
    ),
    row(
        N::LongDouble,
        "float128",
        b'g',
        b'f',
        16,
        16,
        "longdouble",
        "LongDoubleDType",
    ),
    row(
        N::CFloat,
        "complex64",
        b'F',
        b'c',
        8,
        4,
        "complex64",
        "Complex64DType",
    ),
    row(
        N::CDouble,
        "complex128",
        b'D',
        b'c',
        16,
        8,
        "complex128",
        "Complex128DType",
    ),
    row(
        N::CLongDouble,
        "complex256",
        b'G',
        b'c',
        32,
        16,
        "clongdouble",
        "CLongDoubleDType",
    ),
    row(
        N::Object,
        "object",
        b'O',
        b'O',
        8,
        8,
        "object_",
        "ObjectDType",
    ),
    row(N::Bytes, "bytes", b'S', b'S', 0, 1, "bytes_", "BytesDType"),
    row(N::Str, "str", b'U', b'U', 0, 4, "str_", "StrDType"),
    row(N::Void, "void", b'V', b'V', 0, 1, "void", "VoidDType"),
    row(
        N::DateTime,
        "datetime64",
        b'M',
        b'M',
        8,
        8,
        "datetime64",
        "DateTime64DType",
    ),
    row(
        N::TimeDelta,
        "timedelta64",
        b'm',
        b'm',
        8,
        8,
        "timedelta64",
        "TimeDelta64DType",
    ),
    row(
        N::Half,
        "float16",
        b'e',
        b'f',
        2,
        2,
        "float16",
        "Float16DType",
    ),
    row(
        N::VString,
        "StringDType",
        b'T',
        b'T',
        16,
        8,
        "str",
        "StringDType",
    ),
    row(N::User, "user", b' ', b'V', 0, 1, "void", "User"),
];

impl TypeNum {
    /// All built-in legacy numbers, 0 to 23, in order.
    pub fn legacy() -> impl Iterator<Item = TypeNum> {
        ROWS[..24].iter().map(|r| r.num)
    }

    /// The type number for NumPy's integer, if it is a built-in one.
    pub fn from_c(num: i32) -> Option<TypeNum> {
        match num {
            0..=23 => Some(ROWS[num as usize].num),
            2056 => Some(TypeNum::VString),
            256..=2055 => Some(TypeNum::User),
            _ => None,
        }
    }

    /// The row of facts of this class.
    pub fn row(self) -> &'static TypeRow {
        &ROWS[self as usize]
    }

    /// NumPy's kind character.
    pub fn kind(self) -> u8 {
        self.row().kind
    }

    /// The class with the given one-character code.
    pub fn from_code(code: u8) -> Option<TypeNum> {
        match code {
            b'p' => Some(TypeNum::Long),
            b'P' => Some(TypeNum::ULong),
            b' ' => None,
            _ => ROWS.iter().find(|r| r.code == code).map(|r| r.num),
        }
    }

    /// Signed or unsigned integers (not bool).
    pub fn is_integer(self) -> bool {
        matches!(self.kind(), b'i' | b'u')
    }

    /// Signed integers.
    pub fn is_signed(self) -> bool {
        self.kind() == b'i'
    }

    /// Unsigned integers.
    pub fn is_unsigned(self) -> bool {
        self.kind() == b'u'
    }

    /// Real floating-point types, half and long double included.
    pub fn is_float(self) -> bool {
        self.kind() == b'f'
    }

    /// Complex types.
    pub fn is_complex(self) -> bool {
        self.kind() == b'c'
    }

    /// bool, integers, floats and complex.
    pub fn is_number(self) -> bool {
        matches!(self.kind(), b'b' | b'i' | b'u' | b'f' | b'c')
    }

    /// Bytes, str and void, whose item size belongs to the instance.
    pub fn is_flexible(self) -> bool {
        matches!(self, N::Bytes | N::Str | N::Void)
    }
}
