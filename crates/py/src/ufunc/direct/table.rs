//! Which loop and which casts a pair of number types takes, remembered.

use super::given::{Given, CODES, WEAK_FLOAT, WEAK_INT};
use numoxide_core::iter::PerOp;
use numoxide_core::DType;
use numoxide_dtype::promote::WeakKind;
use numoxide_dtype::{Casting, ROWS};
use numoxide_ufunc::resolve::{check_casts, resolve, Arg};
use numoxide_ufunc::table::{ops, Op, OpLoop};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::OnceLock;

/// Not looked up yet.
const UNKNOWN: u8 = 0;
/// Left to the planned way; other values are a loop's position plus one.
const PLANNED: u8 = u8::MAX;
const NUMBERS: usize = 24;

/// What an op does with each pair of codes.
struct Pairs([AtomicU8; CODES * CODES]);

fn pairs() -> &'static [Pairs] {
    static PAIRS: OnceLock<Vec<Pairs>> = OnceLock::new();
    let fresh = || Pairs([const { AtomicU8::new(UNKNOWN) }; CODES * CODES]);
    PAIRS.get_or_init(|| ops().iter().map(|_| fresh()).collect())
}

/// The loop of the op at `index` for these inputs.
#[inline]
pub(super) fn loop_for(index: usize, inputs: &[Given]) -> Option<(&'static Op, &'static OpLoop)> {
    let op = ops().get(index)?;
    let code = |i: usize| inputs.get(i).map_or(0, |g| usize::from(g.code));
    let (first, second) = match inputs {
        [_, _, _] => (uniform(inputs)?, 0),
        _ => (code(0), code(1)),
    };
    let slot = pairs().get(index)?.0.get(first * CODES + second)?;
    let at = match slot.load(Ordering::Relaxed) {
        UNKNOWN => {
            let at = find(op, inputs);
            slot.store(at, Ordering::Relaxed);
            at
        }
        at => at,
    };
    match at {
        PLANNED => None,
        at => Some((op, &op.loops[usize::from(at) - 1])),
    }
}

/// The one class that three inputs share, Python numbers of its kind included.
fn uniform(inputs: &[Given]) -> Option<usize> {
    let lead = inputs.iter().find(|g| g.code < WEAK_INT)?.code;
    let num = ROWS[usize::from(lead)].num;
    let fits = |g: &Given| match g.code {
        WEAK_INT => num.is_integer() || num.is_float(),
        WEAK_FLOAT => num.is_float(),
        code => code == lead,
    };
    inputs.iter().all(fits).then_some(usize::from(lead))
}

/// Asks type resolution once.
#[cold]
fn find(op: &'static Op, inputs: &[Given]) -> u8 {
    if op.nout != 1 || usize::from(op.nin) != inputs.len() || op.signature.is_some() {
        return PLANNED;
    }
    let number = |code: u8| DType::new(ROWS[usize::from(code) % NUMBERS].num);
    let same = match inputs {
        [_, _, _] => uniform(inputs).map(|c| c as u8),
        _ => None,
    };
    let codes: PerOp<u8> = inputs.iter().map(|g| same.unwrap_or(g.code)).collect();
    let dtypes: PerOp<DType> = codes.iter().map(|c| number(*c)).collect();
    let arg = |(code, dtype): (&u8, _)| match *code {
        WEAK_INT => Arg::Weak(WeakKind::Int),
        WEAK_FLOAT => Arg::Weak(WeakKind::Float),
        _ => Arg::DType(dtype),
    };
    let args: PerOp<Arg<'_>> = codes.iter().zip(&dtypes).map(arg).collect();
    let args = args.as_slice();
    let Ok(found) = resolve(op, args, &[]) else {
        return PLANNED;
    };
    let plain = found.dtypes.iter().all(|d| d.num.is_number()) && !found.lp.flags.needs_gil;
    if !plain || check_casts(op, args, &[], &found.dtypes, Casting::SameKind).is_err() {
        return PLANNED;
    }
    let same = |l: &OpLoop| {
        let types = l.types.iter().zip(&found.dtypes).all(|(t, d)| *t == d.num);
        types && std::ptr::fn_addr_eq(l.loops.pick(), found.lp.func)
    };
    match op.loops.iter().position(same) {
        Some(at) if at + 1 < usize::from(PLANNED) => at as u8 + 1,
        _ => PLANNED,
    }
}
