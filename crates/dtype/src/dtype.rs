//! The engine's description of an element: class, size, alignment, byte order and parameters.

use crate::num::TypeNum;
use std::sync::Arc;

/// Describes one array element; cheap to clone (an `Arc` at most).
#[derive(Clone, Debug, PartialEq)]
pub struct DType {
    /// The DType class.
    pub num: TypeNum,
    /// Stored in the byte order that is not the machine's.
    pub swapped: bool,
    /// Required alignment in bytes, at least 1.
    pub align: usize,
    /// Item size in bytes.
    pub size: usize,
    /// Parameters beyond size and order, for the classes that have them.
    pub extra: Option<Arc<Extra>>,
}

/// Parameters of datetime, structured, sub-array and user-registered dtypes.
#[derive(Clone, Debug, PartialEq)]
pub enum Extra {
    /// Unit of a datetime64 or timedelta64.
    DateTime(DateTimeMeta),
    /// Named fields of a void dtype.
    Struct(StructInfo),
    /// A void dtype that is a small array of another dtype.
    SubArray {
        /// Dtype of the items.
        base: DType,
        /// Shape of the sub-array.
        shape: Vec<usize>,
    },
    /// A dtype registered from outside, named by its registration number.
    User(i32),
}

/// NumPy's datetime units by number; `Generic` is "no unit".
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum DateTimeUnit {
    Year = 0,
    Month = 1,
    Week = 2,
    Day = 4,
    Hour = 5,
    Minute = 6,
    Second = 7,
    Milli = 8,
    Micro = 9,
    Nano = 10,
    Pico = 11,
    Femto = 12,
    Atto = 13,
    Generic = 14,
}

/// Unit and multiple, as in `datetime64[25s]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTimeMeta {
    /// The unit.
    pub unit: DateTimeUnit,
    /// How many units one step is.
    pub num: i32,
}

/// The fields of a structured dtype, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct StructInfo {
    /// Fields in declaration order.
    pub fields: Vec<Field>,
    /// Made with `align=True`.
    pub aligned: bool,
}

/// One field of a structured dtype.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Field name.
    pub name: String,
    /// Title, when the field has one that is a string.
    pub title: Option<String>,
    /// Byte offset within the item.
    pub offset: usize,
    /// Dtype of the field.
    pub dtype: DType,
}

impl DType {
    /// The native-order instance of a class of fixed size (flexible classes get size 0).
    pub const fn new(num: TypeNum) -> DType {
        let row = &crate::num::ROWS[num as usize];
        DType {
            num,
            swapped: false,
            align: row.align,
            size: row.size,
            extra: None,
        }
    }

    /// A bytes, str or void dtype of the given item size in bytes.
    pub const fn flexible(num: TypeNum, size: usize) -> DType {
        let row = &crate::num::ROWS[num as usize];
        DType {
            num,
            swapped: false,
            align: row.align,
            size,
            extra: None,
        }
    }

    /// The same dtype in the machine's byte order (fields too).
    pub fn native(&self) -> DType {
        match self.extra.as_deref() {
            Some(Extra::Struct(info)) => {
                let mut info = info.clone();
                for f in &mut info.fields {
                    f.dtype = f.dtype.native();
                }
                DType {
                    extra: Some(Arc::new(Extra::Struct(info))),
                    ..self.clone()
                }
            }
            Some(Extra::SubArray { base, shape }) => {
                let extra = Extra::SubArray {
                    base: base.native(),
                    shape: shape.clone(),
                };
                DType {
                    extra: Some(Arc::new(extra)),
                    ..self.clone()
                }
            }
            _ => DType {
                swapped: false,
                ..self.clone()
            },
        }
    }

    /// Whether items hold Python object pointers, directly or in a field.
    pub fn has_objects(&self) -> bool {
        match (self.num, self.extra.as_deref()) {
            (TypeNum::Object, _) => true,
            (_, Some(Extra::Struct(info))) => info.fields.iter().any(|f| f.dtype.has_objects()),
            (_, Some(Extra::SubArray { base, .. })) => base.has_objects(),
            _ => false,
        }
    }

    /// Fields, when structured.
    pub fn fields(&self) -> Option<&[Field]> {
        match self.extra.as_deref() {
            Some(Extra::Struct(info)) => Some(&info.fields),
            _ => None,
        }
    }

    /// Base dtype and shape, when a sub-array.
    pub fn subarray(&self) -> Option<(&DType, &[usize])> {
        match self.extra.as_deref() {
            Some(Extra::SubArray { base, shape }) => Some((base, shape)),
            _ => None,
        }
    }

    /// Unit of a datetime or timedelta; generic when none is stored.
    pub fn datetime_meta(&self) -> DateTimeMeta {
        match self.extra.as_deref() {
            Some(Extra::DateTime(meta)) => *meta,
            _ => DateTimeMeta {
                unit: DateTimeUnit::Generic,
                num: 1,
            },
        }
    }
}
