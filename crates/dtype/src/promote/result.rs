//! The common dtype of many operands, with weak Python scalars among them (NEP 50).

use super::common::{class_text, combine, common_class, into_class, promote_types};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::num::TypeNum;

/// A Python scalar that takes its precision from the other operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WeakKind {
    /// `int`.
    Int,
    /// `float`.
    Float,
    /// `complex`.
    Complex,
}

impl WeakKind {
    /// The dtype when nothing else decides.
    pub fn default_num(self) -> TypeNum {
        match self {
            WeakKind::Int => TypeNum::Long,
            WeakKind::Float => TypeNum::Double,
            WeakKind::Complex => TypeNum::CDouble,
        }
    }

    fn class(self) -> &'static str {
        match self {
            WeakKind::Int => "_PyLongDType",
            WeakKind::Float => "_PyFloatDType",
            WeakKind::Complex => "_PyComplexDType",
        }
    }
}

/// What takes part in promotion.
#[derive(Clone, Debug)]
pub enum Operand<'a> {
    /// An array, a NumPy scalar or a dtype.
    DType(&'a DType),
    /// A Python scalar.
    Weak(WeakKind),
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Class {
    Num(TypeNum),
    Weak(WeakKind),
}

impl Class {
    fn text(self) -> String {
        match self {
            Class::Num(num) => class_text(num),
            Class::Weak(kind) => format!("<class 'numpy.dtypes.{}'>", kind.class()),
        }
    }
}

/// A weak scalar with a concrete class.
fn meet_weak(kind: WeakKind, num: TypeNum) -> Option<TypeNum> {
    use TypeNum as N;
    match (kind, num) {
        (_, N::Object) => Some(num),
        (WeakKind::Int, N::TimeDelta) => Some(num),
        (_, n) if !n.is_number() => None,
        (_, N::Bool) => Some(kind.default_num()),
        (WeakKind::Int, _) => Some(num),
        (_, n) if n.is_integer() => Some(kind.default_num()),
        (WeakKind::Float, _) => Some(num),
        (WeakKind::Complex, N::Half | N::Float) => Some(N::CFloat),
        (WeakKind::Complex, N::Double) => Some(N::CDouble),
        (WeakKind::Complex, N::LongDouble) => Some(N::CLongDouble),
        (WeakKind::Complex, _) => Some(num),
    }
}

fn meet(a: Class, b: Class) -> Option<Class> {
    match (a, b) {
        (Class::Num(x), Class::Num(y)) => common_class(x, y).map(Class::Num),
        (Class::Weak(k), Class::Num(n)) | (Class::Num(n), Class::Weak(k)) => {
            meet_weak(k, n).map(Class::Num)
        }
        (Class::Weak(j), Class::Weak(k)) => {
            Some(Class::Weak(if j as u8 > k as u8 { j } else { k }))
        }
    }
}

/// Brings a class that knows the others to the front, so that int16, uint16, float32 meet as float32:
/// operands play in pairs from both ends, and one that is not the answer gives up its place.
fn seed(classes: &mut [Class]) {
    let mut len = classes.len();
    while len > 1 {
        for low in 0..len / 2 {
            let high = len - 1 - low;
            if meet(classes[high], classes[low]) != Some(classes[low]) {
                classes.swap(low, high);
            }
        }
        len = len.div_ceil(2);
    }
}

/// The class in which all operands meet.
fn common_of(operands: &[Operand]) -> Result<Class> {
    let listed: Vec<Class> = operands
        .iter()
        .map(|o| match o {
            Operand::DType(d) => Class::Num(d.num),
            Operand::Weak(k) => Class::Weak(*k),
        })
        .collect();
    let mut classes = listed.clone();
    seed(&mut classes);
    let mut result = classes[0];
    for &other in &classes[1..] {
        result = meet(result, other).ok_or_else(|| {
            let all: Vec<String> = listed.iter().map(|c| c.text()).collect();
            Error::Promotion(format!(
                "The DType {} could not be promoted by {}. This means that no common DType exists \
                 for the given inputs. For example they cannot be stored in a single array unless \
                 the dtype is `object`. The full list of DTypes is: ({})",
                other.text(),
                classes[0].text(),
                all.join(", ")
            ))
        })?;
    }
    Ok(result)
}

/// The dtype that the operands promote to (`numpy.result_type`).
pub fn result_type(operands: &[Operand]) -> Result<DType> {
    match operands {
        [] => {
            return Err(Error::Value(
                "at least one array or dtype is required".into(),
            ))
        }
        [Operand::DType(one)] => return promote_types(one, one),
        [Operand::DType(a), Operand::DType(b)] if simple(a) && a.num == b.num => {
            return Ok(DType::new(a.num));
        }
        _ => {}
    }
    let class = match common_of(operands)? {
        Class::Num(num) => num,
        Class::Weak(kind) => kind.default_num(),
    };
    let mut result: Option<DType> = None;
    for operand in operands {
        if let Operand::DType(dtype) = operand {
            let dtype = into_class(dtype, class);
            result = Some(match result {
                None => combine(&dtype, &dtype)?,
                Some(so_far) => combine(&so_far, &dtype)?,
            });
        }
    }
    Ok(result.unwrap_or(DType::new(class)))
}

fn simple(dtype: &DType) -> bool {
    dtype.num.is_number()
}

/// The smallest class that holds a non-negative integer (`numpy.min_scalar_type`).
pub fn min_scalar_int(value: u64) -> TypeNum {
    match value {
        0..=0xff => TypeNum::UByte,
        0x100..=0xffff => TypeNum::UShort,
        0x1_0000..=0xffff_ffff => TypeNum::UInt,
        _ => TypeNum::ULong,
    }
}

/// As [`min_scalar_int`] for any signed value.
pub fn min_scalar_signed(value: i64) -> TypeNum {
    if value >= 0 {
        return min_scalar_int(value as u64);
    }
    if value >= i8::MIN.into() {
        TypeNum::Byte
    } else if value >= i16::MIN.into() {
        TypeNum::Short
    } else if value >= i32::MIN.into() {
        TypeNum::Int
    } else {
        TypeNum::Long
    }
}

/// The smallest float class whose range holds the value; precision does not count.
pub fn min_scalar_float(value: f64) -> TypeNum {
    if !value.is_finite() || value.abs() < 65000.0 {
        TypeNum::Half
    } else if value.abs() < 3.4e38 {
        TypeNum::Float
    } else {
        TypeNum::Double
    }
}
