//! Datetimes and timedeltas: 64-bit counts of one unit, with the least integer as not-a-time.

use crate::cpu::Level;
use crate::loops::{fp, Levels, LoopCtx};
use crate::ops::{markers, op1, op2};
use crate::shape::{
    binary, binary2, binary_one, levels, strided2, ternary, unary, Op2, Op2x2, Op3,
};
use crate::table::{row, tables, NEVER, REPORTED};
use numoxide_dtype::Bool;
use std::ffi::{c_int, c_void};

/// A datetime or timedelta count.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Time(i64);

/// Not a time.
const NAT: Time = Time(i64::MIN);

impl Time {
    /// A time of that count.
    #[inline(always)]
    pub(crate) fn new(count: i64) -> Time {
        Time(count)
    }

    /// The count.
    #[inline(always)]
    pub(crate) fn count(self) -> i64 {
        self.0
    }

    /// Whether it counts as true.
    #[inline(always)]
    pub(crate) fn is_nonzero(self) -> bool {
        self.0 != 0
    }

    /// Whether it is not a time.
    #[inline(always)]
    pub(crate) fn is_nat(self) -> bool {
        self.0 == i64::MIN
    }
}

/// `f` of two counts unless one is not a time.
#[inline(always)]
fn both(x: Time, y: Time, f: impl Fn(i64, i64) -> i64) -> Time {
    let z = f(x.0, y.0);
    if x.is_nat() | y.is_nat() {
        NAT
    } else {
        Time(z)
    }
}

/// A float rounded towards zero; not a time when it does not fit.
#[inline(always)]
fn from_float(x: f64, st: &mut u8) -> Time {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&x) {
        return Time(x as i64);
    }
    *st |= u8::from(x.is_finite()) * fp::INVALID;
    NAT
}

/// A timedelta times a float.
#[inline(always)]
fn times(x: Time, y: f64, st: &mut u8) -> Time {
    if x.is_nat() {
        return NAT;
    }
    let p = x.0 as f64 * y;
    if y.is_infinite() {
        *st |= u8::from(x.0 == 0) * fp::INVALID;
    } else if p.is_infinite() {
        *st |= fp::OVERFLOW;
    }
    from_float(p, st)
}

markers! {
    /// `add`, `subtract`, `multiply`, by the type of the pair.
    Plus
    /// `subtract`.
    Minus
    /// `multiply`.
    Times
    /// `divide` and truncating division.
    Over
    /// Division rounded down.
    FloorOver
    /// `remainder`.
    Mod
    /// Comparisons and extrema.
    Equal NotEqual Less LessEqual Greater GreaterEqual Maximum Minimum Fmax Fmin Clip
    /// Unary functions.
    Negative Positive Absolute Sign Ones IsNat IsFinite IsInf
}

op2!(Plus[Time], |x, y, _| both(x, y, i64::wrapping_add));
op2!(Minus[Time], |x, y, _| both(x, y, i64::wrapping_sub));

/// Binary element functions of mixed types.
macro_rules! mixed {
    ($($Op:ident ($L:ty, $R:ty) -> $O:ty, |$x:ident, $y:ident, $st:ident| $e:expr;)+) => {$(
        impl Op2 for $Op<($L, $R)> {
            type L = $L;
            type R = $R;
            type O = $O;
            #[inline(always)]
            fn f($x: $L, $y: $R, $st: &mut u8) -> $O { $e }
        }
    )+};
}
mixed! {
    Times (Time, i64) -> Time, |x, y, _st| both(x, x, |a, _| a.wrapping_mul(y));
    Times (i64, Time) -> Time, |x, y, _st| both(y, y, |b, _| x.wrapping_mul(b));
    Times (Time, f64) -> Time, |x, y, st| times(x, y, st);
    Times (f64, Time) -> Time, |x, y, st| times(y, x, st);
    Over (Time, f64) -> Time, |x, y, st| {
        if x.is_nat() {
            return NAT;
        }
        let q = x.0 as f64 / y;
        *st |= match (y == 0.0, x.0 == 0) {
            (true, true) => fp::INVALID,
            (true, false) => fp::DIVIDE,
            _ => u8::from(q.is_infinite()) * fp::OVERFLOW,
        };
        from_float(q, st)
    };
    Over (Time, i64) -> Time, |x, y, st| {
        *st |= u8::from(y == 0) * fp::DIVIDE;
        if y == 0 || x.is_nat() { NAT } else { Time(x.0.wrapping_div(y)) }
    };
    Over (Time, Time) -> f64, |x, y, st| {
        if x.is_nat() || y.is_nat() {
            return f64::NAN;
        }
        if y.0 == 0 {
            *st |= if x.0 == 0 { fp::INVALID } else { fp::DIVIDE };
        }
        x.0 as f64 / y.0 as f64
    };
    FloorOver (Time, Time) -> i64, |x, y, st| floor_mod(x, y, st).0;
}

levels! {
    /// [`binary_one`]; a divisor that is one zero for all items is reported, zeros among divisors not.
    over_count<P: Op2> = over_body::<P>
}

/// # Safety
/// As any strided loop; the second operand is a count.
#[inline(always)]
unsafe fn over_body<P: Op2>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    level: Level,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        if *dims > 0 && *strides.add(1) == 0 && (*args.add(1)).cast::<i64>().read() == 0 {
            (*ctx).report_fp(fp::DIVIDE);
        }
        strided2::<P>(ctx, args, dims, strides, level)
    }
}

/// Quotient rounded down and its remainder: zero and not-a-time where there is none.
#[inline(always)]
fn floor_mod(x: Time, y: Time, st: &mut u8) -> (i64, Time) {
    if x.is_nat() || y.is_nat() {
        *st |= fp::INVALID;
        return (0, NAT);
    }
    if y.0 == 0 {
        *st |= fp::DIVIDE;
        return (0, NAT);
    }
    let (q, r) = (x.0.wrapping_div(y.0), x.0.wrapping_rem(y.0));
    if r != 0 && (r < 0) != (y.0 < 0) {
        (q - 1, Time(r + y.0))
    } else {
        (q, Time(r))
    }
}
op2!(Mod[Time], |x, y, st| {
    let mut own = 0;
    let r = floor_mod(x, y, &mut own).1;
    *st |= own & fp::DIVIDE;
    r
});
impl Op2x2 for Mod<Time> {
    type T = Time;
    type O = i64;
    #[inline(always)]
    fn f(x: Time, y: Time, st: &mut u8) -> (i64, Time) {
        floor_mod(x, y, st)
    }
}

/// Comparisons: false with not-a-time, but for `!=`.
macro_rules! compare {
    ($($Op:ident $op:tt $join:tt $nat:expr;)+) => {$(
        op2!($Op [Time] -> Bool, |x, y, _| {
            let nat = x.is_nat() | y.is_nat();
            Bool(u8::from((x.0 $op y.0) $join (nat == $nat)))
        });
    )+};
}
compare! {
    Equal == & false;
    NotEqual != | true;
    Less < & false;
    LessEqual <= & false;
    Greater > & false;
    GreaterEqual >= & false;
}
op2!(Maximum[Time], |x, y, _| both(x, y, i64::max));
op2!(Minimum[Time], |x, y, _| both(x, y, i64::min));
op2!(Fmax[Time], |x, y, _| Time(x.0.max(y.0)));
op2!(Fmin[Time], |x, y, _| match (x.is_nat(), y.is_nat()) {
    (true, _) => y,
    (_, true) => x,
    _ => Time(x.0.min(y.0)),
});
impl Op3 for Clip<Time> {
    type T = Time;
    #[inline(always)]
    fn f(x: Time, low: Time, high: Time) -> Time {
        both(both(x, low, i64::max), high, i64::min)
    }
}

op1!(Negative[Time], |x, _| Time(x.0.wrapping_neg()));
op1!(Positive[Time], |x, _| x);
op1!(Absolute[Time], |x, _| Time(x.0.wrapping_abs()));
op1!(Sign[Time], |x, _| Time(x.0.signum()));
op1!(Ones[Time], |_, _| Time(1));
op1!(IsNat [Time] -> Bool, |x, _| Bool(u8::from(x.is_nat())));
op1!(IsFinite [Time] -> Bool, |x, _| Bool(u8::from(!x.is_nat())));
op1!(IsInf [Time] -> Bool, |_, _| Bool(0));

tables! {
    /// Loops of `add` for times.
    ADD = [&[
        row!("Mm->M", binary::<Plus<Time>>(), NEVER),
        row!("mm->m", binary::<Plus<Time>>(), NEVER),
        row!("mM->M", binary::<Plus<Time>>(), NEVER),
    ]];
    /// Loops of `subtract` for times.
    SUBTRACT = [&[
        row!("Mm->M", binary::<Minus<Time>>(), NEVER),
        row!("mm->m", binary::<Minus<Time>>(), NEVER),
        row!("MM->m", binary::<Minus<Time>>(), NEVER),
    ]];
    /// Loops of `multiply` for timedeltas.
    MULTIPLY = [&[
        row!("mq->m", binary_one::<Times<(Time, i64)>>(), NEVER),
        row!("qm->m", binary_one::<Times<(i64, Time)>>(), NEVER),
        row!("md->m", binary_one::<Times<(Time, f64)>>(), REPORTED),
        row!("dm->m", binary_one::<Times<(f64, Time)>>(), REPORTED),
    ]];
    /// Loops of `divide` for timedeltas.
    DIVIDE = [&[
        row!("mq->m", over_count::<Over<(Time, i64)>>(), REPORTED),
        row!("md->m", binary_one::<Over<(Time, f64)>>(), REPORTED),
        row!("mm->d", binary_one::<Over<(Time, Time)>>(), REPORTED),
    ]];
    /// Loops of `floor_divide` for timedeltas.
    FLOOR_DIVIDE = [&[
        row!("mq->m", over_count::<Over<(Time, i64)>>(), REPORTED),
        row!("md->m", binary_one::<Over<(Time, f64)>>(), REPORTED),
        row!("mm->q", binary_one::<FloorOver<(Time, Time)>>(), REPORTED),
    ]];
    /// Loop of `remainder` for timedeltas.
    REMAINDER = [&[row!("mm->m", binary_one::<Mod<Time>>(), REPORTED)]];
    /// Loop of `divmod` for timedeltas.
    DIVMOD = [&[row!("mm->qm", binary2::<Mod<Time>>(), REPORTED)]];
    /// Loop of `negative` for timedeltas.
    NEGATIVE = [&[row!("m->m", unary::<Negative<Time>>(), NEVER)]];
    /// Loop of `positive` for timedeltas.
    POSITIVE = [&[row!("m->m", unary::<Positive<Time>>(), NEVER)]];
    /// Loop of `absolute` for timedeltas.
    ABSOLUTE = [&[row!("m->m", unary::<Absolute<Time>>(), NEVER)]];
    /// Loop of `sign` for timedeltas.
    SIGN = [&[row!("m->m", unary::<Sign<Time>>(), NEVER)]];
    /// Loops of `_ones_like` for times.
    ONES_LIKE = [&[
        row!("m->m", unary::<Ones<Time>>(), NEVER),
        row!("M->M", unary::<Ones<Time>>(), NEVER),
    ]];
    /// Loops of `clip` for times.
    CLIP = [&[
        row!("mmm->m", ternary::<Clip<Time>>(), NEVER),
        row!("MMM->M", ternary::<Clip<Time>>(), NEVER),
    ]];
    /// Loops of `isnat`.
    ISNAT = [&[
        row!("M->?", unary::<IsNat<Time>>(), NEVER),
        row!("m->?", unary::<IsNat<Time>>(), NEVER),
    ]];
}

/// Statics with one loop for each of the two types.
macro_rules! pairs {
    ($($NAME:ident $make:ident $Op:ident $m:literal $M:literal, $doc:literal;)+) => {
        tables! {$(
            #[doc = $doc]
            $NAME = [&[
                row!($m, $make::<$Op<Time>>(), NEVER),
                row!($M, $make::<$Op<Time>>(), NEVER),
            ]];
        )+}
    };
}
pairs! {
    EQUAL binary Equal "MM->?" "mm->?", "`equal` of times.";
    NOT_EQUAL binary NotEqual "MM->?" "mm->?", "`not_equal` of times.";
    LESS binary Less "MM->?" "mm->?", "`less` of times.";
    LESS_EQUAL binary LessEqual "MM->?" "mm->?", "`less_equal` of times.";
    GREATER binary Greater "MM->?" "mm->?", "`greater` of times.";
    GREATER_EQUAL binary GreaterEqual "MM->?" "mm->?", "`greater_equal` of times.";
    MAXIMUM binary Maximum "mm->m" "MM->M", "`maximum` of times.";
    MINIMUM binary Minimum "mm->m" "MM->M", "`minimum` of times.";
    FMAX binary Fmax "mm->m" "MM->M", "`fmax` of times.";
    FMIN binary Fmin "mm->m" "MM->M", "`fmin` of times.";
    ISNAN unary IsNat "m->?" "M->?", "`isnan` of times.";
    ISINF unary IsInf "m->?" "M->?", "`isinf` of times.";
    ISFINITE unary IsFinite "m->?" "M->?", "`isfinite` of times.";
}
