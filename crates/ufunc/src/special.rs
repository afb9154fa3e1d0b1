//! Type resolution that the plain search does not cover: datetimes, text, kinds without a loop.

use crate::resolve::{bind, Arg, Fixed, Resolved};
use crate::table::{Op, OpLoop, ResolveKind};
use numoxide_core::{DType, Error, Result, TypeNum};
use numoxide_dtype::promote::{promote_types, Operand, WeakKind};
use numoxide_dtype::{result_type, Shown};
use numoxide_kernels::compare::text_comparison;
use smallvec::smallvec;

/// The special answer for these operands, if the op has one.
pub(crate) fn resolve(
    op: &'static Op,
    args: &[Arg<'_>],
    fixed: Fixed<'_>,
) -> Result<Option<Resolved>> {
    refuse_bool(op, args, fixed)?;
    if args
        .iter()
        .any(|a| kind(a) == Kind::Date || kind(a) == Kind::Delta)
    {
        if let Some(found) = times(op, args)? {
            let asked = fixed.iter().zip(&found.dtypes);
            let mut asked = asked.filter_map(|(f, d)| f.as_ref().map(|f| (f, d)));
            // Arithmetic of times takes no notice of what the caller asks for.
            if is_arithmetic(op) || asked.all(|(f, d)| f.num == d.num) {
                return Ok(Some(found));
            }
        }
    }
    Ok(match op.resolve {
        ResolveKind::Comparison => text(op, args, fixed),
        ResolveKind::Text | ResolveKind::Add | ResolveKind::Multiply => {
            crate::text::resolve(op, args)?
        }
        ResolveKind::Logical if op.nin == 2 => truths(op, args),
        ResolveKind::TrueDivide
            if fixed.iter().all(Option::is_none)
                && args
                    .iter()
                    .all(|a| matches!(kind(a), Kind::Int | Kind::Bool))
                && find(op, &args.iter().map(|a| shown(a).num).collect::<Vec<_>>()).is_none() =>
        {
            find(op, &[TypeNum::Double; 2]).map(|row| bind(row, None))
        }
        _ => None,
    })
}

/// Classes of operands that rules for times tell apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Date,
    Delta,
    Int,
    Bool,
    Float,
    Other,
}

fn kind(arg: &Arg<'_>) -> Kind {
    match arg {
        Arg::DType(d) => match d.num {
            TypeNum::DateTime => Kind::Date,
            TypeNum::TimeDelta => Kind::Delta,
            TypeNum::Bool => Kind::Bool,
            n if n.is_integer() => Kind::Int,
            n if n.is_float() => Kind::Float,
            _ => Kind::Other,
        },
        Arg::Weak(WeakKind::Int) => Kind::Int,
        Arg::Weak(WeakKind::Float) => Kind::Float,
        Arg::Weak(WeakKind::Complex) => Kind::Other,
    }
}

/// `-` and unary `-` of bool.
fn refuse_bool(op: &Op, args: &[Arg<'_>], fixed: Fixed<'_>) -> Result<()> {
    let all_bool = args
        .iter()
        .all(|a| matches!(a, Arg::DType(d) if d.num == TypeNum::Bool));
    let result = fixed.get(args.len()).and_then(Option::as_ref);
    let gives_bool = result.is_some_and(|d| d.num == TypeNum::Bool)
        && matches!(op.resolve, ResolveKind::Subtract | ResolveKind::Negative);
    if !gives_bool && (!all_bool || fixed.iter().any(Option::is_some)) {
        return Ok(());
    }
    match op.resolve {
        ResolveKind::Subtract => Err(Error::Type(
            "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the \
             `^` operator, or the logical_xor function instead."
                .into(),
        )),
        ResolveKind::Negative => Err(Error::Type(
            "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator \
             or the logical_not function instead."
                .into(),
        )),
        // Their integer loops are no meaning for truth values.
        _ if matches!(op.name, "positive" | "sign" | "gcd" | "lcm") => {
            Err(no_loop(op, args, fixed))
        }
        _ => Ok(()),
    }
}

/// Loop classes of two operands of which one is a time; `None` if the op has no meaning for them.
fn time_pair(op: &Op, a: Kind, b: Kind) -> Option<[TypeNum; 2]> {
    use Kind::{Bool, Date, Delta, Float, Int};
    use TypeNum::{DateTime as M, Double, LongLong, TimeDelta as D};
    match (op.resolve, a, b) {
        (ResolveKind::Add | ResolveKind::Subtract, Date, Delta | Int | Bool) => Some([M, D]),
        (ResolveKind::Add, Delta | Int | Bool, Date) => Some([D, M]),
        (ResolveKind::Subtract, Date, Date) => Some([M, M]),
        (ResolveKind::Add | ResolveKind::Subtract, Delta, Delta | Int | Bool)
        | (ResolveKind::Add | ResolveKind::Subtract, Int | Bool, Delta)
        | (ResolveKind::Remainder, Delta, Delta) => Some([D, D]),
        (ResolveKind::Multiply, Int | Bool, Delta) => Some([LongLong, D]),
        (ResolveKind::Multiply, Float, Delta) => Some([Double, D]),
        (ResolveKind::TrueDivide | ResolveKind::FloorDivide, Delta, Delta) => Some([D, D]),
        (ResolveKind::Multiply, Delta, Int | Bool)
        | (ResolveKind::TrueDivide | ResolveKind::FloorDivide, Delta, Int) => Some([D, LongLong]),
        (
            ResolveKind::Multiply | ResolveKind::TrueDivide | ResolveKind::FloorDivide,
            Delta,
            Float,
        ) => Some([D, Double]),
        _ => None,
    }
}

/// Whether the op computes with times by rules of its own.
fn is_arithmetic(op: &Op) -> bool {
    matches!(
        op.resolve,
        ResolveKind::Add
            | ResolveKind::Subtract
            | ResolveKind::Multiply
            | ResolveKind::TrueDivide
            | ResolveKind::FloorDivide
            | ResolveKind::Remainder
    )
}

/// The loop for operands of which one is a time, its dtypes with the common unit.
fn times(op: &'static Op, args: &[Arg<'_>]) -> Result<Option<Resolved>> {
    let kinds: Vec<Kind> = args.iter().map(kind).collect();
    let text =
        |a: &Arg<'_>| matches!(a, Arg::DType(d) if matches!(d.num, TypeNum::Bytes | TypeNum::Str));
    if op.resolve == ResolveKind::Multiply && args.iter().any(text) {
        return Ok(None);
    }
    let arithmetic = is_arithmetic(op);
    let wanted: Vec<TypeNum> = match kinds.as_slice() {
        [a, b] if arithmetic => match time_pair(op, *a, *b) {
            Some(pair) => pair.to_vec(),
            None => return Err(binary_types(op, args)),
        },
        [Kind::Date, Kind::Delta] | [Kind::Delta, Kind::Date]
            if op.resolve == ResolveKind::Comparison =>
        {
            return Err(binary_types(op, args))
        }
        _ => match uniform(&kinds, args) {
            Some(num) => vec![num; args.len()],
            None => return Ok(None),
        },
    };
    let Some(row) = find(op, &wanted) else {
        return Ok(None);
    };
    let mut unit: Option<DType> = None;
    for arg in args {
        if let Arg::DType(d) = arg {
            if matches!(d.num, TypeNum::DateTime | TypeNum::TimeDelta) {
                unit = Some(match &unit {
                    None => d.native(),
                    Some(u) => promote_types(u, d)?,
                });
            }
        }
    }
    let mut found = bind(row, None);
    if let Some(unit) = unit {
        let meta = unit.datetime_meta();
        for d in &mut found.dtypes {
            if matches!(d.num, TypeNum::DateTime | TypeNum::TimeDelta) {
                *d = DType::datetime(d.num, meta);
            }
        }
    }
    Ok(Some(found))
}

/// Refuses arithmetic of times with objects.
pub(crate) fn refuse_objects(op: &Op, args: &[Arg<'_>]) -> Result<()> {
    let time = |a: &Arg<'_>| matches!(kind(a), Kind::Date | Kind::Delta);
    let arithmetic = matches!(
        op.resolve,
        ResolveKind::Add | ResolveKind::Subtract | ResolveKind::Multiply | ResolveKind::Remainder
    );
    if arithmetic && args.len() == 2 && args.iter().any(time) {
        return Err(binary_types(op, args));
    }
    Ok(())
}

/// The one class that all operands take where they take one.
fn uniform(kinds: &[Kind], args: &[Arg<'_>]) -> Option<TypeNum> {
    let has = |k: Kind| kinds.contains(&k);
    let wide = |a: &Arg<'_>| matches!(a, Arg::DType(d) if d.num.is_unsigned() && d.size == 8);
    match (has(Kind::Date), has(Kind::Int) || has(Kind::Bool)) {
        _ if has(Kind::Other) || has(Kind::Float) => None,
        (true, true) => None,
        (true, false) => Some(TypeNum::DateTime),
        (false, _) => (!args.iter().any(wide)).then_some(TypeNum::TimeDelta),
    }
}

/// The row of these input classes; `long` and `long long` are as good as each other.
fn find(op: &'static Op, wanted: &[TypeNum]) -> Option<&'static OpLoop> {
    let same = |a: TypeNum, b: TypeNum| a == b || (b == TypeNum::LongLong && a == TypeNum::Long);
    op.loops.iter().find(|l| {
        l.types[..usize::from(op.nin)]
            .iter()
            .zip(wanted)
            .all(|(a, b)| same(*a, *b))
    })
}

/// Comparison of text with text of the same class, or of anything in the class that the caller fixed.
fn text(op: &'static Op, args: &[Arg<'_>], fixed: Fixed<'_>) -> Option<Resolved> {
    let [a, b] = args else {
        return None;
    };
    let class = match fixed {
        [Some(a), Some(b), ..] if a.num == b.num => Some(a.num),
        _ => None,
    };
    let own = |arg: &Arg<'_>| match (class, arg) {
        (Some(num), _) if matches!(num, TypeNum::Bytes | TypeNum::Str) => {
            Some(DType::new(num).filled_from(&shown(arg)))
        }
        (_, Arg::DType(d)) => Some((*d).clone()),
        _ => None,
    };
    let (a, b) = (own(a)?, own(b)?);
    if a.num != b.num || !matches!(a.num, TypeNum::Bytes | TypeNum::Str) {
        return None;
    }
    Some(Resolved {
        lp: text_comparison(op.name, a.num == TypeNum::Str)?,
        reduce: None,
        dtypes: smallvec![a.native(), b.native(), DType::new(TypeNum::Bool)],
    })
}

/// Logic of operands that are not all of one number class: each one's own truth.
fn truths(op: &'static Op, args: &[Arg<'_>]) -> Option<Resolved> {
    if let [Arg::DType(a), Arg::DType(b)] = args {
        if a.num == b.num && a.num.is_number() {
            return None;
        }
    }
    find(op, &[TypeNum::Bool; 2]).map(|row| bind(row, None))
}

/// The dtype that messages show for an operand.
fn shown(arg: &Arg<'_>) -> DType {
    match arg {
        Arg::DType(d) => (*d).clone(),
        Arg::Weak(k) => DType::new(k.default_num()),
    }
}

pub(crate) fn binary_types(op: &Op, args: &[Arg<'_>]) -> Error {
    Error::BinaryTypes {
        op: op.name,
        lhs: shown(&args[0]),
        rhs: shown(&args[1]),
    }
}

/// The class that messages show for an operand.
fn class_of(arg: &Arg<'_>) -> Shown {
    Shown::Class(match arg {
        Arg::DType(d) => d.num.row().class,
        Arg::Weak(WeakKind::Int) => "_PyLongDType",
        Arg::Weak(WeakKind::Float) => "_PyFloatDType",
        Arg::Weak(WeakKind::Complex) => "_PyComplexDType",
    })
}

/// Whether the error for operands without a loop names their types.
fn names_operands(op: &Op) -> bool {
    use ResolveKind as R;
    matches!(
        op.resolve,
        R::Add
            | R::Subtract
            | R::Multiply
            | R::Negative
            | R::Absolute
            | R::Uniform
            | R::Comparison
            | R::Text
    ) || matches!(op.name, "gcd" | "lcm")
}

/// The error for operands that no loop takes: three wordings, by op and by what is fixed.
pub(crate) fn no_loop(op: &Op, args: &[Arg<'_>], fixed: Fixed<'_>) -> Error {
    use ResolveKind as R;
    let named = names_operands(op);
    if op.resolve == R::IsNat {
        return Error::Type(format!(
            "ufunc '{}' is only defined for np.datetime64 and np.timedelta64.",
            op.name
        ));
    }
    let asked = fixed.iter().any(Option::is_some);
    if asked && (!named || op.resolve == R::Comparison) {
        return Error::Type(format!(
            "No loop matching the specified signature and casting was found for ufunc {}",
            op.name
        ));
    }
    if !named {
        return Error::Type(format!(
            "ufunc '{}' not supported for the input types, and the inputs could not be safely \
             coerced to any supported types according to the casting rule ''safe''",
            op.name
        ));
    }
    let operands: Vec<Operand<'_>> = args
        .iter()
        .map(|a| match a {
            Arg::DType(d) => Operand::DType(d),
            Arg::Weak(k) => Operand::Weak(*k),
        })
        .collect();
    let fixed_any = fixed.iter().any(Option::is_some);
    let flexible = |a: &Arg<'_>| matches!(a, Arg::DType(d) if d.num.is_flexible());
    let unpromoted = matches!(op.name, "gcd" | "lcm") || result_type(&operands).is_err();
    let classes = matches!(op.resolve, R::Comparison | R::Text)
        || args.len() == 1
        || fixed_any
        || (unpromoted && !args.iter().any(flexible));
    let mut shown: Vec<Shown> = args
        .iter()
        .map(|a| match classes {
            true => class_of(a),
            false => Shown::DType(shown(a)),
        })
        .collect();
    shown.extend(
        (0..usize::from(op.nout)).map(|i| match fixed.get(args.len() + i) {
            Some(Some(d)) => class_of(&Arg::DType(d)),
            _ => Shown::Free,
        }),
    );
    Error::NoLoop {
        op: op.name,
        nin: args.len(),
        operands: shown,
    }
}
