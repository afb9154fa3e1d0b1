//! From the operands' dtypes to one loop and the dtypes it runs with.

use crate::table::{Op, OpLoop, ResolveKind};
use numoxide_core::iter::PerOp;
use numoxide_core::{DType, Error, Result, TypeNum};
use numoxide_dtype::promote::{Operand, WeakKind};
use numoxide_dtype::{can_cast, result_type, Casting};
use numoxide_kernels::BoundLoop;
use std::sync::OnceLock;

/// An input as type resolution sees it.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// An array or a NumPy scalar.
    DType(&'a DType),
    /// A Python scalar, whose precision the others decide.
    Weak(WeakKind),
}

/// A loop with the dtypes of its operands, inputs then outputs.
pub struct Resolved {
    /// The loop.
    pub lp: BoundLoop,
    /// A loop for reductions where the ordinary one does not do.
    pub reduce: Option<BoundLoop>,
    /// Loop dtypes.
    pub dtypes: PerOp<DType>,
}

/// What the caller fixed: `dtype=`, `signature=`; one entry an operand, `None` where free.
pub type Fixed<'a> = &'a [Option<DType>];

/// Loops that live outside the engine: objects and dtypes registered by extensions.
pub struct ForeignLoops {
    /// The all-object loop of an op, if it has one; with object results where they would be bool, if
    /// the flag says so.
    pub object: fn(&'static Op, bool) -> Option<BoundLoop>,
    /// Output type numbers of the object loop where they are not object (`OO->?`).
    pub object_types: fn(&'static Op) -> &'static [TypeNum],
    /// The loop that an extension has registered for inputs of these dtypes.
    pub user: fn(&'static Op, &[DType], Fixed<'_>) -> Option<Resolved>,
}

static FOREIGN: OnceLock<ForeignLoops> = OnceLock::new();

/// Registers the loops of the interpreter's side; once, at import.
pub fn set_foreign_loops(loops: ForeignLoops) {
    let _ = FOREIGN.set(loops);
}

/// Finds the loop for a call.
///
/// # Errors
/// [`Error::NoLoop`] if no loop takes the operands.
pub fn resolve(op: &'static Op, args: &[Arg<'_>], fixed: Fixed<'_>) -> Result<Resolved> {
    debug_assert_eq!(args.len(), usize::from(op.nin));
    let free = fixed.iter().all(Option::is_none);
    if free {
        if let Some(at) = quick(op, args) {
            return Ok(bind(&op.loops[at], None));
        }
    }
    let inputs = effective(args)?;
    let date = |d: &DType| matches!(d.num, TypeNum::DateTime | TypeNum::TimeDelta);
    if op.resolve == ResolveKind::IsNat && !inputs.iter().all(date) {
        return Err(no_loop(op, args, fixed));
    }
    if let Some(found) = registered(op, &inputs, fixed) {
        return Ok(found);
    }
    let object = |d: &DType| d.num == TypeNum::Object;
    let truth = |d: &Option<DType>| d.as_ref().is_some_and(|d| d.num == TypeNum::Bool);
    let objects = |d: &Option<DType>| d.as_ref().is_some_and(object);
    if op.resolve == ResolveKind::Logical && fixed.iter().any(truth) && fixed.iter().any(objects) {
        return Err(no_loop(op, args, fixed));
    }
    if op.resolve == ResolveKind::Logical && fixed.first().is_some_and(truth) {
        return search(op, (args, &inputs), fixed).ok_or_else(|| no_loop(op, args, fixed));
    }
    let asked = fixed.iter().flatten().any(object);
    let gives_bool = matches!(op.resolve, ResolveKind::Comparison | ResolveKind::Logical);
    let result = fixed.get(usize::from(op.nin)).and_then(Option::as_ref);
    if gives_bool && result.is_some_and(|d| !object(d) && d.num != TypeNum::Bool) {
        return Err(no_loop(op, args, fixed));
    }
    let other = !gives_bool && !asked && fixed.iter().any(Option::is_some);
    let other = other || op.resolve == ResolveKind::Text;
    if op.foreign != 0 || asked || (inputs.iter().any(object) && !other) {
        crate::special::refuse_objects(op, args)?;
        let plain = fixed.get(usize::from(op.nin)).and_then(Option::as_ref);
        let as_objects = match op.resolve {
            ResolveKind::Comparison => plain.is_some_and(object),
            ResolveKind::Logical => plain.is_none_or(|d| d.num != TypeNum::Bool),
            _ => false,
        };
        return object_loop(op, as_objects).ok_or_else(|| no_loop(op, args, fixed));
    }
    if let Some(found) = crate::special::resolve(op, args, fixed)? {
        return Ok(found);
    }
    search(op, (args, &inputs), fixed)
        .or_else(|| unaided(op, args, fixed))
        .ok_or_else(|| no_loop(op, args, fixed))
}

/// The loop where a Python number that no loop takes beside the others counts as itself.
fn unaided(op: &'static Op, args: &[Arg<'_>], fixed: Fixed<'_>) -> Option<Resolved> {
    let own = |a: &Arg<'_>| match a {
        Arg::DType(d) => (*d).clone(),
        Arg::Weak(WeakKind::Int) => DType::new(TypeNum::Int),
        Arg::Weak(k) => DType::new(k.default_num()),
    };
    if !args.iter().any(|a| matches!(a, Arg::Weak(_))) {
        return None;
    }
    let inputs: PerOp<DType> = args.iter().map(own).collect();
    search(op, (&[], &inputs), fixed)
}

/// The loop from outside, for ops made there and for dtypes that no loop of ours takes.
fn registered(op: &'static Op, inputs: &[DType], fixed: Fixed<'_>) -> Option<Resolved> {
    let outside = |d: &DType| matches!(d.num, TypeNum::User | TypeNum::Void);
    if op.foreign == 0 && !inputs.iter().chain(fixed.iter().flatten()).any(outside) {
        return None;
    }
    (FOREIGN.get()?.user)(op, inputs, fixed)
}

/// The answer for plain numbers, remembered by pair of type numbers.
fn quick(op: &'static Op, args: &[Arg<'_>]) -> Option<usize> {
    let exact = |a: TypeNum, b: TypeNum| {
        let mut rows = op.loops.iter();
        rows.position(|l| l.types[..usize::from(op.nin)] == [a, b])
    };
    let (a, b) = match args {
        [Arg::DType(a)] => (a, a),
        [Arg::DType(a), Arg::DType(b)] => (a, b),
        [Arg::DType(a), Arg::Weak(k)] | [Arg::Weak(k), Arg::DType(a)]
            if weak_fits(*k, a.num) && op.resolve != ResolveKind::Logical =>
        {
            (a, a)
        }
        [Arg::Weak(WeakKind::Float), Arg::Weak(WeakKind::Int)] => {
            return exact(TypeNum::Double, TypeNum::Long);
        }
        _ => return None,
    };
    if !a.num.is_number() || a.num != b.num {
        return None;
    }
    let uniform = op
        .loops
        .iter()
        .position(|l| l.types[..usize::from(op.nin)].iter().all(|t| *t == a.num));
    uniform.or_else(|| match args {
        // A count beside a float, as for `ldexp`.
        [Arg::DType(_), Arg::Weak(WeakKind::Int)] => exact(a.num, TypeNum::Int),
        _ => None,
    })
}

/// A weak scalar that leaves the dtype of the other operand as it is.
fn weak_fits(kind: WeakKind, num: TypeNum) -> bool {
    match kind {
        WeakKind::Int => num.is_number() && num != TypeNum::Bool,
        WeakKind::Float => num.is_float() || num.is_complex(),
        WeakKind::Complex => num.is_complex(),
    }
}

/// A weak scalar of a kind beyond that of the loop's numbers.
fn is_wider(kind: WeakKind, num: TypeNum) -> bool {
    match kind {
        WeakKind::Int => num == TypeNum::Bool,
        WeakKind::Float => num.is_integer() || num == TypeNum::Bool,
        WeakKind::Complex => num.is_number() && !num.is_complex(),
    }
}

/// The dtype that a Python number becomes for a loop that takes `wanted`: this one, unless its kind is
/// beyond it.
///
/// # Errors
/// What promotion says.
pub fn weak_dtype(kind: WeakKind, wanted: &DType) -> Result<DType> {
    match is_wider(kind, wanted.num) {
        true => result_type(&[Operand::DType(wanted), Operand::Weak(kind)]),
        false => Ok(wanted.clone()),
    }
}

/// The name of a Python number's type.
pub fn weak_name(kind: WeakKind) -> &'static str {
    match kind {
        WeakKind::Int => "int",
        WeakKind::Float => "float",
        WeakKind::Complex => "complex",
    }
}

/// Dtypes of all inputs; weak ones take the common dtype.
fn effective(args: &[Arg<'_>]) -> Result<PerOp<DType>> {
    let weak = args.iter().any(|a| matches!(a, Arg::Weak(_)));
    let common = if weak {
        let operands: PerOp<Operand<'_>> = args
            .iter()
            .map(|a| match a {
                Arg::DType(d) => Operand::DType(d),
                Arg::Weak(k) => Operand::Weak(*k),
            })
            .collect();
        result_type(&operands).ok()
    } else {
        None
    };
    Ok(args
        .iter()
        .map(|a| match (a, &common) {
            (Arg::DType(d), _) => (*d).clone(),
            (Arg::Weak(_), Some(c)) if c.num.is_number() || c.num == TypeNum::Object => c.clone(),
            (Arg::Weak(k), _) => DType::new(k.default_num()),
        })
        .collect())
}

/// The first loop that agrees with what is fixed and that all free inputs cast to safely; failing
/// that, with fixed operands, the first that agrees (the cast check comes later).
///
/// A Python integer beside integers or wider kinds goes into any number.
fn search(
    op: &'static Op,
    (args, inputs): (&[Arg<'_>], &[DType]),
    fixed: Fixed<'_>,
) -> Option<Resolved> {
    let nin = usize::from(op.nin);
    let beside = |a: &Arg<'_>| matches!(a, Arg::DType(d) if weak_fits(WeakKind::Int, d.num));
    let weak = args.iter().any(beside);
    let fits = |i: usize, to: TypeNum| {
        weak && matches!(args[i], Arg::Weak(WeakKind::Int)) && weak_fits(WeakKind::Int, to)
    };
    let agrees = |l: &&OpLoop| {
        l.types
            .iter()
            .zip(fixed)
            .all(|(t, f)| f.as_ref().is_none_or(|f| same_class(f.num, *t)))
    };
    let safe = |l: &&OpLoop| {
        (0..nin).all(|i| {
            let pinned = fixed.get(i).is_some_and(Option::is_some);
            let to = l.types[i];
            pinned || fits(i, to) || can_cast(&inputs[i], &DType::new(to), Casting::Safe)
        })
    };
    let found = op.loops.iter().find(|l| agrees(l) && safe(l));
    let found = found.or_else(|| uniform(op, fixed).filter(agrees));
    found.map(|l| bind(l, Some(inputs)))
}

/// With a fixed result: the loop that has its class throughout.
fn uniform(op: &'static Op, fixed: Fixed<'_>) -> Option<&'static OpLoop> {
    let wanted = fixed
        .get(usize::from(op.nin)..)?
        .iter()
        .flatten()
        .next()?
        .num;
    op.loops
        .iter()
        .find(|l| l.types.iter().all(|t| *t == wanted))
}

/// Loops of `long` and `longlong` (and their unsigned kin) serve each other.
fn same_class(a: TypeNum, b: TypeNum) -> bool {
    a == b
}

/// A loop ready to run, with native dtypes of its classes.
pub fn bind(row: &OpLoop, _inputs: Option<&[DType]>) -> Resolved {
    let bound = |levels: numoxide_kernels::Levels| BoundLoop {
        func: levels.pick(),
        aux: Default::default(),
        flags: row.flags,
    };
    let mut lp = bound(row.loops);
    lp.flags.pair = row.pair.map(|levels| levels.pick());
    lp.flags.at = row.at.map(|levels| levels.pick());
    Resolved {
        lp,
        reduce: row.reduce.map(bound),
        dtypes: row.types.iter().map(|t| DType::new(*t)).collect(),
    }
}

/// The op's loop over Python objects.
///
/// Results are objects, too, if `as_objects`, where they would be bool.
pub fn object_loop(op: &'static Op, as_objects: bool) -> Option<Resolved> {
    let foreign = FOREIGN.get()?;
    let lp = (foreign.object)(op, as_objects)?;
    let mut dtypes: PerOp<DType> = (0..op.nin).map(|_| DType::new(TypeNum::Object)).collect();
    let outs = if as_objects {
        &[]
    } else {
        (foreign.object_types)(op)
    };
    dtypes.extend(
        (0..usize::from(op.nout))
            .map(|i| DType::new(outs.get(i).copied().unwrap_or(TypeNum::Object))),
    );
    Some(Resolved {
        lp,
        reduce: None,
        dtypes,
    })
}

/// The error for operands that no loop takes.
pub fn no_loop(op: &Op, args: &[Arg<'_>], fixed: Fixed<'_>) -> Error {
    crate::special::no_loop(op, args, fixed)
}

/// Checks the casts a call needs against `casting`.
///
/// # Errors
/// [`Error::UfuncCast`] naming the first operand whose cast the rule forbids.
pub fn check_casts(
    op: &Op,
    args: &[Arg<'_>],
    outs: &[Option<&DType>],
    dtypes: &[DType],
    casting: Casting,
) -> Result<()> {
    let fail = |input: bool, index: usize, from: &DType, to: &DType| Error::UfuncCast {
        op: op.name,
        input,
        index,
        count: if input {
            usize::from(op.nin)
        } else {
            usize::from(op.nout)
        },
        from: from.clone(),
        to: to.clone(),
        rule: casting.name(),
    };
    // Truth is asked of anything.
    let truths = op.resolve == ResolveKind::Logical && dtypes[0].num == TypeNum::Bool;
    for (i, arg) in args.iter().enumerate().filter(|_| !truths) {
        match arg {
            Arg::DType(d) => {
                if !(crate::exec::same_storage(d, &dtypes[i]) || can_cast(d, &dtypes[i], casting)) {
                    return Err(fail(true, i, d, &dtypes[i]));
                }
            }
            Arg::Weak(kind) if is_wider(*kind, dtypes[i].num) => {
                let from = &weak_dtype(*kind, &dtypes[i])?;
                if !can_cast(from, &dtypes[i], casting) {
                    return Err(fail(true, i, from, &dtypes[i]));
                }
            }
            Arg::Weak(_) => {}
        }
    }
    for (i, out) in outs.iter().enumerate() {
        let made = &dtypes[args.len() + i];
        if let Some(d) = out {
            if !(crate::exec::same_storage(made, d) || can_cast(made, d, casting)) {
                return Err(fail(false, i, made, d));
            }
        }
    }
    Ok(())
}

/// Whether several axes may be reduced at once.
pub fn is_reorderable(op: &Op) -> bool {
    !matches!(op.identity, crate::table::Identity::None)
}

/// How a reduction by this op over this accumulator may be regrouped.
pub fn reduction_kind(op: &Op, acc: &DType) -> crate::exec::Reduction {
    use crate::exec::Reduction;
    let float = acc.num.is_float() || acc.num.is_complex();
    match op.name {
        _ if op.foreign != 0 => Reduction::Sequential,
        "add" if float => Reduction::Pairwise,
        "add" | "multiply" | "bitwise_and" | "bitwise_or" | "bitwise_xor"
            if acc.num.is_integer() || acc.num == TypeNum::Bool =>
        {
            Reduction::Any
        }
        "maximum" | "minimum" | "fmax" | "fmin" if acc.num.is_number() && !acc.num.is_complex() => {
            Reduction::Any
        }
        "logical_and" | "logical_or" if acc.num == TypeNum::Bool => Reduction::Any,
        _ => Reduction::Sequential,
    }
}

/// Whether the op compares (its results are bool whatever the operands).
pub fn is_comparison(op: &Op) -> bool {
    op.resolve == ResolveKind::Comparison
}
