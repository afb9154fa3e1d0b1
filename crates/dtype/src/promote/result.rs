//! The common dtype of many operands, with weak Python scalars among them (NEP 50).

use super::common::{class_of, class_text, combine, common_class, into_class, promote_types};
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

/// A weak scalar with a number class.
fn meet_weak(kind: WeakKind, num: TypeNum) -> TypeNum {
    use TypeNum as N;
    match (kind, num) {
        (_, N::Bool) => kind.default_num(),
        (WeakKind::Int, _) => num,
        (_, n) if n.is_integer() => kind.default_num(),
        (WeakKind::Float, _) => num,
        (WeakKind::Complex, N::Half | N::Float) => N::CFloat,
        (WeakKind::Complex, N::Double) => N::CDouble,
        (WeakKind::Complex, N::LongDouble) => N::CLongDouble,
        (WeakKind::Complex, _) => num,
    }
}

/// What `cls` makes of `other`, asked alone: each class knows only some of the others, so that
/// `None` means "ask the other one" as well as "there is none".
fn ask(cls: Class, other: Class) -> Option<Class> {
    use TypeNum as N;
    match (cls, other) {
        (a, b) if a == b => Some(a),
        (Class::Weak(j), Class::Weak(k)) => (j as u8 > k as u8).then_some(cls),
        // A weak class knows the kinds below its own; the precision of its own kind is not its matter.
        (Class::Weak(k), Class::Num(n)) => {
            let below = n == N::Bool || (n.is_integer() && k != WeakKind::Int);
            below.then(|| Class::Num(meet_weak(k, n)))
        }
        (Class::Num(N::Object), _) => Some(cls),
        (Class::Num(N::TimeDelta), Class::Weak(WeakKind::Int)) => Some(cls),
        (Class::Num(n), Class::Weak(k)) => {
            let own = n.is_float() || n.is_complex() || (n.is_integer() && k == WeakKind::Int);
            own.then(|| Class::Num(meet_weak(k, n)))
        }
        (Class::Num(a), Class::Num(b)) => {
            let knows = match a {
                // Numbers know what has a smaller type number.
                _ if a.is_number() => (b.is_number() || b == N::Object) && (b as u8) < (a as u8),
                N::Bytes => b.is_number(),
                N::Str => b.is_number() || b == N::Bytes,
                N::DateTime => b == N::TimeDelta || b == N::Object,
                N::TimeDelta => b.is_number() || b == N::Object,
                N::VString => b == N::Str || b == N::Object,
                N::Void => b == N::Object,
                _ => false,
            };
            common_class(a, b).filter(|_| knows).map(Class::Num)
        }
    }
}

/// Brings a class that knows the others to the front, so that int16, uint16, float32 meet as float32:
/// operands play in pairs from both ends; one that does not know its partner gives up its place, one
/// that is the answer itself removes its partner.
fn seed(classes: &mut [Option<Class>]) {
    let mut len = classes.len();
    while len > 1 {
        for low in 0..len / 2 {
            let high = len - 1 - low;
            let (Some(a), Some(b)) = (classes[low], classes[high]) else {
                if classes[low].is_none() {
                    classes.swap(low, high);
                }
                continue;
            };
            match ask(a, b) {
                None => classes.swap(low, high),
                Some(answer) if answer == a => classes[high] = None,
                Some(_) => {}
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
    let mut classes: Vec<Option<Class>> = listed.iter().copied().map(Some).collect();
    seed(&mut classes);
    let main = classes[0].unwrap_or(listed[0]);
    let mut result = main;
    for other in classes[1..].iter().copied().flatten() {
        let met = ask(main, other).ok_or_else(|| no_common(other, main, &listed))?;
        result = ask(result, met).or_else(|| ask(met, result)).unwrap_or(met);
    }
    Ok(result)
}

fn no_common(other: Class, main: Class, listed: &[Class]) -> Error {
    let all: Vec<String> = listed.iter().map(|c| c.text()).collect();
    refusal(&other.text(), &main.text(), &all)
}

/// The error of a class that the main one cannot promote, with all classes that take part.
fn refusal(other: &str, main: &str, all: &[String]) -> Error {
    Error::Promotion(format!(
        "The DType {} could not be promoted by {}. This means that no common DType exists for the \
         given inputs. For example they cannot be stored in a single array unless the dtype is \
         `object`. The full list of DTypes is: ({})",
        other,
        main,
        all.join(", ")
    ))
}

/// The dtype that the operands promote to. `numpy.result_type` gives dtypes before arrays and scalars,
/// which shows in messages.
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
    if let Some(found) = with_users(operands) {
        return found;
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

/// Registered dtypes meet the others in turn; a Python number takes its smallest class first.
fn with_users(operands: &[Operand]) -> Option<Result<DType>> {
    use TypeNum as N;
    let dtypes = || {
        operands.iter().filter_map(|o| match o {
            Operand::DType(d) => Some(*d),
            Operand::Weak(_) => None,
        })
    };
    if !dtypes().any(|d| d.num == N::User) || dtypes().any(|d| d.num == N::Object) {
        return None;
    }
    let mut all = dtypes();
    let first = all.next()?.native();
    let mut result = all.try_fold(first, |so_far, d| promote_types(&so_far, d));
    for operand in operands {
        if let (Ok(so_far), Operand::Weak(kind)) = (&result, operand) {
            let small = match kind {
                WeakKind::Int => N::UByte,
                WeakKind::Float => N::Half,
                WeakKind::Complex => N::CFloat,
            };
            result = promote_types(so_far, &DType::new(small))
                .or_else(|_| promote_types(so_far, &DType::new(kind.default_num())));
        }
    }
    let all: Vec<String> = operands.iter().map(text_of).collect();
    Some(result.map_err(|e| match &all[..] {
        [other, main, ..] => refusal(other, main, &all),
        _ => e,
    }))
}

fn text_of(operand: &Operand) -> String {
    match operand {
        Operand::DType(d) => class_of(d),
        Operand::Weak(kind) => Class::Weak(*kind).text(),
    }
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
