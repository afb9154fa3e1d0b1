//! Which loop and which casts a pair of number types takes, remembered.

use super::given::{Given, CODES, WEAK_FLOAT, WEAK_INT};
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
    let slot = pairs().get(index)?.0.get(code(0) * CODES + code(1))?;
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

/// Asks type resolution once.
#[cold]
fn find(op: &'static Op, inputs: &[Given]) -> u8 {
    if op.nout != 1 || usize::from(op.nin) != inputs.len() || op.signature.is_some() {
        return PLANNED;
    }
    let number = |code: u8| DType::new(ROWS[usize::from(code) % NUMBERS].num);
    let dtypes = [0, 1].map(|i| inputs.get(i).map_or(number(0), |g| number(g.code)));
    let args = [0, 1].map(|i| match inputs.get(i).map(|g| g.code) {
        Some(WEAK_INT) => Arg::Weak(WeakKind::Int),
        Some(WEAK_FLOAT) => Arg::Weak(WeakKind::Float),
        _ => Arg::DType(&dtypes[i]),
    });
    let args = &args[..inputs.len()];
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
