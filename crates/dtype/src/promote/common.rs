//! The common dtype of two.

use super::tables::{PROMOTE, TEXT_CHARS};
use crate::datetime::common_meta;
use crate::dtype::{DType, Extra, Field};
use crate::error::{Error, Result};
use crate::num::TypeNum;
use std::sync::Arc;

/// Characters that the text of any value of the class takes; 0 for classes without a bound.
pub fn text_chars(num: TypeNum) -> usize {
    TEXT_CHARS.get(num as usize).copied().unwrap_or(0)
}

/// The common class of two, by the table.
pub(super) fn common_class(lhs: TypeNum, rhs: TypeNum) -> Option<TypeNum> {
    use TypeNum as N;
    match (lhs, rhs) {
        (a, b) if a == b => Some(a),
        (N::Object, _) | (_, N::Object) => Some(N::Object),
        (N::VString, N::Str) | (N::Str, N::VString) => Some(N::VString),
        (N::VString | N::User, _) | (_, N::VString | N::User) => None,
        (a, b) => TypeNum::from_code(PROMOTE[a as usize][b as usize])
            .filter(|_| PROMOTE[a as usize][b as usize] != b'-'),
    }
}

/// The smallest dtype to which both cast safely (`numpy.promote_types`); native, fields packed.
pub fn promote_types(lhs: &DType, rhs: &DType) -> Result<DType> {
    if let Some(found) = common_user(lhs, rhs) {
        return found;
    }
    let class = common_class(lhs.num, rhs.num).ok_or_else(|| no_common(lhs, rhs))?;
    combine(&into_class(lhs, class), &into_class(rhs, class))
}

/// The answer where a registered dtype meets another that is not object.
fn common_user(lhs: &DType, rhs: &DType) -> Option<Result<DType>> {
    use TypeNum as N;
    let user = lhs.num == N::User || rhs.num == N::User;
    if !user || lhs.num == N::Object || rhs.num == N::Object {
        return None;
    }
    let found = super::user::hooks().and_then(|h| (h.common)(lhs, rhs));
    Some(found.ok_or_else(|| no_common(lhs, rhs)))
}

/// `<class 'numpy.dtypes.Float64DType'>`.
pub(super) fn class_text(num: TypeNum) -> String {
    format!("<class 'numpy.dtypes.{}'>", num.row().class)
}

/// As [`class_text`], registered dtypes by their own name: `<class 'numpy.dtype[rational]'>`.
pub(super) fn class_of(dtype: &DType) -> String {
    match dtype.num {
        TypeNum::User => format!("<class 'numpy.dtype[{}]'>", dtype.name()),
        num => class_text(num),
    }
}

fn no_common(lhs: &DType, rhs: &DType) -> Error {
    Error::Promotion(format!(
        "The DTypes {} and {} do not have a common DType. For example they cannot be stored in a \
         single array unless the dtype is `object`.",
        class_of(lhs),
        class_of(rhs)
    ))
}

/// The instance of `class` that holds all values of `dtype`.
pub(super) fn into_class(dtype: &DType, class: TypeNum) -> DType {
    if dtype.num == class {
        return dtype.clone();
    }
    let chars = match dtype.num {
        TypeNum::Bytes => dtype.size,
        num => text_chars(num),
    };
    match class {
        TypeNum::Bytes => DType::flexible(class, chars),
        TypeNum::Str => DType::flexible(class, chars * 4),
        // A date and a difference share the unit; anything else has none.
        TypeNum::DateTime if dtype.num == TypeNum::TimeDelta => DType {
            num: class,
            ..dtype.clone()
        },
        _ => DType::new(class),
    }
}

/// The common instance of two dtypes of one class.
pub(super) fn combine(lhs: &DType, rhs: &DType) -> Result<DType> {
    use TypeNum as N;
    match lhs.num {
        N::Bytes | N::Str => Ok(DType::flexible(lhs.num, lhs.size.max(rhs.size))),
        N::DateTime | N::TimeDelta => combine_units(lhs, rhs),
        N::Void => combine_voids(lhs, rhs),
        N::User if lhs.extra != rhs.extra => Err(no_common(lhs, rhs)),
        N::User | N::VString => Ok(lhs.native()),
        num => Ok(DType::new(num)),
    }
}

fn combine_units(lhs: &DType, rhs: &DType) -> Result<DType> {
    let strict = lhs.num == TypeNum::TimeDelta;
    let meta = common_meta(lhs.datetime_meta(), rhs.datetime_meta(), strict, strict)?;
    Ok(DType::datetime(lhs.num, meta))
}

fn combine_voids(lhs: &DType, rhs: &DType) -> Result<DType> {
    if let (Some(a), Some(b)) = (lhs.fields(), rhs.fields()) {
        return combine_fields(lhs, rhs, a, b);
    }
    if let (Some((a, n)), Some((b, m))) = (lhs.subarray(), rhs.subarray()) {
        if n != m {
            let text = "invalid type promotion with subarray datatypes (shape mismatch).";
            return Err(Error::Promotion(text.into()));
        }
        return DType::subarray_of(promote_types(a, b)?, n);
    }
    if lhs.extra.is_some() || rhs.extra.is_some() {
        let text = "invalid type promotion with structured datatype(s).";
        return Err(Error::Promotion(text.into()));
    }
    if lhs.size != rhs.size {
        let text = "Invalid type promotion with void datatypes of different lengths. Use the \
                    `np.bytes_` datatype instead to pad the shorter value with trailing zero bytes.";
        return Err(Error::Promotion(text.into()));
    }
    Ok(lhs.clone())
}

fn combine_fields(lhs: &DType, rhs: &DType, a: &[Field], b: &[Field]) -> Result<DType> {
    if a.len() != b.len() || a.iter().zip(b).any(|(f, g)| f.name != g.name) {
        let text = format!(
            "field names `{}` and `{}` mismatch.",
            names_text(a),
            names_text(b)
        );
        return Err(Error::Promotion(text));
    }
    let mut fields = Vec::with_capacity(a.len());
    for (f, g) in a.iter().zip(b) {
        if f.title != g.title {
            let text = format!("field titles of field '{}' mismatch", f.name);
            return Err(Error::Promotion(text));
        }
        let dtype = promote_types(&f.dtype, &g.dtype)?;
        fields.push(Field { dtype, ..f.clone() });
    }
    let aligned = |d: &DType| matches!(d.extra.as_deref(), Some(Extra::Struct(i)) if i.aligned);
    DType::packed(fields, aligned(lhs) || aligned(rhs))
}

/// A tuple of names as Python shows it.
fn names_text(fields: &[Field]) -> String {
    match fields {
        [one] => format!("('{}',)", one.name),
        _ => {
            let names: Vec<String> = fields.iter().map(|f| format!("'{}'", f.name)).collect();
            format!("({})", names.join(", "))
        }
    }
}

impl DType {
    /// A datetime64 or timedelta64 of the given unit.
    pub fn datetime(num: TypeNum, meta: crate::DateTimeMeta) -> DType {
        let extra = Some(Arc::new(Extra::DateTime(meta)));
        DType {
            extra,
            ..DType::new(num)
        }
    }
}

impl DType {
    /// This dtype with what it leaves open taken from the source of a cast: the size of text and void,
    /// the unit of a date (`arr.astype("S")`). The dtype itself where nothing is open.
    pub fn filled_from(&self, from: &DType) -> DType {
        use TypeNum as N;
        let unsized_void = self.num == N::Void && self.extra.is_none();
        if self.num.is_flexible() && self.size == 0 && (unsized_void || self.num != N::Void) {
            return match (self.num, from.num) {
                (a, b) if a == b => from.clone(),
                (N::Void, _) => DType::flexible(N::Void, from.size),
                (N::Str, _) => DType::flexible(N::Str, text_length(from).max(1) * 4),
                _ => DType::flexible(self.num, text_length(from).max(1)),
            };
        }
        let open_unit = matches!(self.num, N::DateTime | N::TimeDelta)
            && self.datetime_meta() == crate::DateTimeMeta::GENERIC;
        match (open_unit, from.num) {
            (true, N::DateTime | N::TimeDelta) if from.num == self.num => from.clone(),
            (true, N::DateTime | N::TimeDelta) => DType {
                num: self.num,
                ..from.clone()
            },
            _ => self.clone(),
        }
    }
}

/// Characters that the text of any element of the dtype takes; 0 where only the data can tell.
pub fn text_length(dtype: &DType) -> usize {
    match dtype.num {
        TypeNum::Bytes => dtype.size,
        TypeNum::Str => dtype.size / 4,
        TypeNum::DateTime => crate::datetime::iso_length(dtype.datetime_meta().unit) + 1,
        TypeNum::TimeDelta => 21,
        num => text_chars(num),
    }
}
