//! Type resolution of text operations: all text operands bytes, or all strings.

use crate::resolve::{Arg, Resolved};
use crate::table::{Op, ResolveKind};
use numoxide_core::{DType, Error, Result, TypeNum};
use numoxide_dtype::promote::text_chars;
use numoxide_kernels::text::{TextOp, Width, TEXT_OPS};

/// Characters of an operand's dtype if it is text.
fn class(arg: &Arg<'_>) -> Option<TypeNum> {
    match arg {
        Arg::DType(d) if matches!(d.num, TypeNum::Bytes | TypeNum::Str) => Some(d.num),
        _ => None,
    }
}

/// Does this operand suit a place of the signature?
fn suits(place: u8, arg: &Arg<'_>, text: TypeNum) -> bool {
    match (place, class(arg)) {
        (b't', found) => found == Some(text),
        // `+` and `*` of text and numbers are other rows; searches check their places later.
        (_, found) => found.is_none() || place == b'i',
    }
}

/// The row that takes these operands, and their class of text.
fn row(op: &Op, args: &[Arg<'_>]) -> Option<(&'static TextOp, TypeNum)> {
    let text = args.iter().find_map(class)?;
    let strict = op.resolve != ResolveKind::Text;
    let mut rows = TEXT_OPS
        .iter()
        .filter(|row| row.name == op.name && (row.bytes || text == TypeNum::Str));
    let found = rows.find(|row| {
        row.inputs()
            .bytes()
            .zip(args)
            .all(|(place, arg)| match place {
                b'i' if strict => is_integer(arg),
                _ => suits(place, arg, text),
            })
    })?;
    Some((found, text))
}

/// Counts, for which times will do, truth values not.
fn is_integer(arg: &Arg<'_>) -> bool {
    let time = |d: &DType| matches!(d.num, TypeNum::DateTime | TypeNum::TimeDelta);
    match arg {
        Arg::DType(d) => d.num.is_integer() || time(d),
        Arg::Weak(kind) => *kind == numoxide_dtype::promote::WeakKind::Int,
    }
}

/// The loop for text operands, if there is one; outputs whose width the caller decides get none.
pub(crate) fn resolve(op: &'static Op, args: &[Arg<'_>]) -> Result<Option<Resolved>> {
    let Some((row, text)) = row(op, args) else {
        let mixed = op.resolve == ResolveKind::Add && args.iter().all(|a| class(a).is_some());
        return if mixed {
            Err(crate::special::binary_types(op, args))
        } else {
            Ok(None)
        };
    };
    let widths = args.iter().map(|arg| match arg {
        Arg::DType(d) if class(arg).is_some() => d.size,
        _ => 0,
    });
    let width = match row.width {
        Width::First => widths.clone().next().unwrap_or(0),
        Width::Sum => widths.sum(),
        Width::Given(_) => 0,
    };
    let inputs = row
        .inputs()
        .bytes()
        .zip(args)
        .map(|(place, arg)| match arg {
            Arg::DType(d) if place == b't' => d.native(),
            _ => DType::new(TypeNum::Long),
        });
    let outputs = row.outputs().bytes().map(|place| match place {
        b't' => DType::flexible(text, width),
        b'i' => DType::new(TypeNum::Long),
        _ => DType::new(TypeNum::Bool),
    });
    Ok(Some(Resolved {
        lp: row.bind(text == TypeNum::Str),
        reduce: None,
        dtypes: inputs.chain(outputs).collect(),
    }))
}

/// Gives text outputs without a width of their own that of the caller's arrays.
///
/// # Errors
/// A type error in the row's words if the caller gives none.
pub fn settle(op: &Op, found: &mut Resolved, outs: &[Option<&DType>]) -> Result<()> {
    let nin = usize::from(op.nin);
    if !found.dtypes[nin..]
        .iter()
        .any(|d| d.num.is_flexible() && d.size == 0)
    {
        return Ok(());
    }
    let rule = TEXT_OPS
        .iter()
        .find(|row| row.name == op.name)
        .map(|row| row.width);
    let Some(Width::Given(words)) = rule else {
        return Ok(());
    };
    for (k, dtype) in found.dtypes[nin..].iter_mut().enumerate() {
        match outs.get(k).copied().flatten() {
            Some(out) if out.num == dtype.num => *dtype = out.native(),
            Some(out) => {
                let unit = if dtype.num == TypeNum::Str { 4 } else { 1 };
                let chars = match out.num {
                    TypeNum::Str => out.size / 4,
                    TypeNum::Bytes => out.size,
                    num => text_chars(num),
                };
                *dtype = DType::flexible(dtype.num, unit * chars);
            }
            None if op.name == "_replace" => return Err(Error::Value(words.into())),
            None => return Err(Error::Type(words.into())),
        }
    }
    Ok(())
}
