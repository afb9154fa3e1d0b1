//! How safe a cast is.

use super::common::text_chars;
use super::tables::CAST;
use crate::datetime::divides;
use crate::dtype::{DType, Field};
use crate::num::TypeNum;

/// The casting rules, each allowing all that the ones before it allow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Casting {
    /// No change at all.
    No,
    /// A change of byte order at most.
    Equiv,
    /// Values are kept.
    Safe,
    /// Safe, or within a kind as float64 to float32.
    SameKind,
    /// Any conversion that exists.
    Unsafe,
    /// Any conversion, with values checked while casting.
    SameValue,
}

impl Casting {
    const NAMES: [(&'static str, Casting); 6] = [
        ("no", Casting::No),
        ("equiv", Casting::Equiv),
        ("safe", Casting::Safe),
        ("same_kind", Casting::SameKind),
        ("unsafe", Casting::Unsafe),
        ("same_value", Casting::SameValue),
    ];

    /// The rule's name in Python.
    pub fn name(self) -> &'static str {
        Casting::NAMES[self as usize].0
    }

    /// The rule of that name.
    pub fn parse(name: &str) -> Option<Casting> {
        Casting::NAMES.iter().find(|r| r.0 == name).map(|r| r.1)
    }
}

/// Whether the rule allows the cast.
pub fn can_cast(from: &DType, to: &DType, casting: Casting) -> bool {
    cast_level(from, to).is_some_and(|level| level <= casting)
}

/// Whether the dtypes describe the same elements (`==` in Python).
pub fn equivalent(lhs: &DType, rhs: &DType) -> bool {
    lhs.size == rhs.size && (lhs == rhs || cast_level(lhs, rhs) == Some(Casting::No))
}

/// The strictest rule that allows the cast; `None` if it does not exist.
pub fn cast_level(from: &DType, to: &DType) -> Option<Casting> {
    use TypeNum as N;
    if from.num == N::User || to.num == N::User {
        return user_level(from, to);
    }
    if let Some(level) = string_dtype_level(from.num, to.num) {
        return Some(level);
    }
    if from.num == N::Void || to.num == N::Void {
        return void_level(from, to);
    }
    let level = class_level(from.num, to.num);
    match (from.num, to.num) {
        (a, b) if a == b && matches!(a, N::DateTime | N::TimeDelta) => Some(unit_level(from, to)),
        (_, N::Bytes | N::Str) => Some(text_level(from, to, level)),
        _ if level == Casting::No && from.swapped != to.swapped => Some(Casting::Equiv),
        _ => Some(level),
    }
}

fn class_level(from: TypeNum, to: TypeNum) -> Casting {
    match CAST[from as usize][to as usize] {
        b'=' => Casting::No,
        b's' => Casting::Safe,
        b'k' => Casting::SameKind,
        _ => Casting::Unsafe,
    }
}

/// Registered dtypes cast to and from object here; their other casts are registered with them.
fn user_level(from: &DType, to: &DType) -> Option<Casting> {
    match (from.num, to.num) {
        (a, b) if a == b && from.extra == to.extra => Some(if from.swapped == to.swapped {
            Casting::No
        } else {
            Casting::Equiv
        }),
        (_, TypeNum::Object) => Some(Casting::Safe),
        (TypeNum::Object, _) => Some(Casting::Unsafe),
        (_, TypeNum::Void) if to.extra.is_none() => Some(Casting::Unsafe),
        _ => super::user::hooks().and_then(|h| (h.level)(from, to)),
    }
}

/// Levels of casts from and to StringDType; its instances differ only in what `py` looks after.
fn string_dtype_level(from: TypeNum, to: TypeNum) -> Option<Casting> {
    use TypeNum as N;
    Some(match (from, to) {
        (N::VString, N::VString) => Casting::No,
        (N::VString, N::Object) => Casting::Safe,
        (N::VString, N::Bytes | N::Str | N::Void | N::Bool) => Casting::SameKind,
        (N::VString, _) => Casting::Unsafe,
        (N::Object, N::VString) => Casting::Unsafe,
        (N::Bytes | N::Str | N::Void, N::VString) => Casting::SameKind,
        (_, N::VString) => Casting::Safe,
        _ => return None,
    })
}

fn unit_level(from: &DType, to: &DType) -> Casting {
    let (a, b) = (from.datetime_meta(), to.datetime_meta());
    let strict = from.num == TypeNum::TimeDelta;
    let generic = |m: crate::DateTimeMeta| m.unit == crate::DateTimeUnit::Generic;
    if a == b || same_by_prefix(a, b) {
        return if from.swapped == to.swapped {
            Casting::No
        } else {
            Casting::Equiv
        };
    }
    if divides(a, b, strict) {
        return Casting::Safe;
    }
    let mixed = strict && a.unit.is_calendar() != b.unit.is_calendar();
    if generic(b) || (mixed && !generic(a)) {
        return Casting::Unsafe;
    }
    Casting::SameKind
}

/// Whether the first unit is the second spelled with a metric prefix, as 1000 ms for one second.
fn same_by_prefix(a: crate::DateTimeMeta, b: crate::DateTimeMeta) -> bool {
    use crate::DateTimeUnit as U;
    let steps = a.unit as i32 - b.unit as i32;
    let metric = b.unit as i32 >= U::Second as i32 && a.unit != U::Generic && steps > 0;
    let factor = 1000i64.checked_pow(steps.max(0) as u32);
    metric && factor.and_then(|f| f.checked_mul(b.num.into())) == Some(a.num.into())
}

/// Casts into bytes and str, whose size decides.
fn text_level(from: &DType, to: &DType, level: Casting) -> Casting {
    let width = |d: &DType| {
        if d.num == TypeNum::Str {
            d.size / 4
        } else {
            d.size
        }
    };
    if level == Casting::Unsafe {
        return level;
    }
    if from.num == to.num && (to.size == from.size || to.size == 0) {
        return if from.swapped == to.swapped {
            Casting::No
        } else {
            Casting::Equiv
        };
    }
    let needed = if from.num.is_flexible() {
        width(from)
    } else {
        text_chars(from.num)
    };
    if to.size == 0 || width(to) >= needed {
        Casting::Safe
    } else {
        Casting::SameKind
    }
}

fn is_plain_void(dtype: &DType) -> bool {
    dtype.num == TypeNum::Void && dtype.extra.is_none()
}

fn void_level(from: &DType, to: &DType) -> Option<Casting> {
    if to.num == TypeNum::Object {
        return Some(Casting::Safe);
    }
    match (from.fields(), to.fields()) {
        (Some(a), Some(b)) => return fields_level(from, to, a, b),
        // Into a structured dtype the value is given to every field; an unsized void takes the dtype.
        (None, Some(_)) => return Some(Casting::Unsafe),
        (Some(_), None) if to.size == 0 && is_plain_void(to) => return Some(Casting::No),
        (Some([f]), None) => return cast_level(&f.dtype, to).map(|_| Casting::Unsafe),
        (Some(_), None) => return None,
        (None, None) => {}
    }
    match (from.subarray(), to.subarray()) {
        (Some((a, n)), Some((b, m))) if n == m => return cast_level(a, b),
        (Some(_), _) if to.size == 0 && is_plain_void(to) => return Some(Casting::Safe),
        (None, Some((base, _))) if from.num != TypeNum::Void => {
            return cast_level(from, base).map(|l| l.max(Casting::Safe));
        }
        (None, None) => {}
        (Some((base, _)), None) => return cast_level(base, to).map(|_| Casting::Unsafe),
        _ => return Some(Casting::Unsafe),
    }
    Some(plain_void_level(from, to))
}

/// One of the two is a void without fields or shape, the other that or of another class.
fn plain_void_level(from: &DType, to: &DType) -> Casting {
    let fits = to.size == 0 || to.size >= from.size;
    match (is_plain_void(from), is_plain_void(to)) {
        (true, true) if to.size == 0 || to.size == from.size => Casting::No,
        (true, true) if fits => Casting::Safe,
        (true, true) => Casting::SameKind,
        (false, true) if fits && from.num != TypeNum::Object => Casting::Safe,
        _ => Casting::Unsafe,
    }
}

/// Fields pair up by position; names, titles and offsets only lower the level.
fn fields_level(from: &DType, to: &DType, a: &[Field], b: &[Field]) -> Option<Casting> {
    if a.len() != b.len() {
        return None;
    }
    let mut level = Casting::No;
    for (f, t) in a.iter().zip(b) {
        level = level.max(cast_level(&f.dtype, &t.dtype)?);
        if f.name != t.name || f.title != t.title {
            level = level.max(Casting::Safe);
        }
        if f.offset != t.offset {
            level = level.max(Casting::Equiv);
        }
    }
    if from.size != to.size {
        level = level.max(Casting::Equiv);
    }
    Some(level)
}
