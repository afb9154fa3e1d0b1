//! What each number class computes: one C value from two, with its floating-point status.

use super::number::{half_from_f64, Native};
use numoxide_dtype::{Complex, F16};
use numoxide_kernels::{fp, fpstatus, half};
use std::hint::black_box;

/// A binary operator.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Divmod,
    Power,
    LeftShift,
    RightShift,
    And,
    Or,
    Xor,
}

/// A result with its status bits.
pub(crate) enum Out<T> {
    /// Of the operands' class.
    Same(T, u8),
    /// A double, from dividing integers.
    Double(f64, u8),
    /// Quotient and remainder.
    Pair(T, T, u8),
    /// An integer power with a negative exponent.
    NegativePower,
    /// Not computed here: the ufunc's business.
    Ufunc,
    /// Not an operation of this class.
    Unsupported,
}

/// A unary operator.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub(crate) enum Unary {
    Negative,
    Positive,
    Absolute,
    Invert,
}

/// Arithmetic of a number class.
pub(crate) trait Arith: Native {
    /// Whether Python floats become this class (else the result is a double).
    const INEXACT: bool;
    /// Applies a binary operator.
    fn binary(op: Binary, x: Self, y: Self) -> Out<Self>;
    /// Applies a unary operator; a complex magnitude is left to the ufunc.
    fn unary(op: Unary, x: Self) -> Out<Self>;
    /// `x == y`.
    fn same(x: Self, y: Self) -> bool;
    /// `x < y`.
    fn less(x: Self, y: Self) -> bool;
    /// `x <= y`.
    fn less_equal(x: Self, y: Self) -> bool;
}

/// Status bits of an operation, from the hardware.
#[inline(never)]
fn watched<T>(f: impl Fn() -> T) -> (T, u8) {
    fpstatus::clear();
    let out = black_box(black_box(&f)());
    (out, fpstatus::read())
}

macro_rules! int_arith {
    ($($t:ty, $signed:literal;)*) => { $(impl Arith for $t {
        const INEXACT: bool = false;

        #[inline(always)]
        fn binary(op: Binary, x: Self, y: Self) -> Out<Self> {
            let flag = |(value, over): ($t, bool)| Out::Same(value, if over { fp::OVERFLOW } else { 0 });
            match op {
                Binary::Add => flag(x.overflowing_add(y)),
                Binary::Subtract => flag(x.overflowing_sub(y)),
                Binary::Multiply => flag(x.overflowing_mul(y)),
                Binary::Divide => {
                    let status = match (x, y) {
                        (0, 0) => fp::INVALID,
                        (_, 0) => fp::DIVIDE,
                        _ => 0,
                    };
                    Out::Double(x as f64 / y as f64, status)
                }
                Binary::FloorDivide => {
                    let (q, _, status) = Self::quotient(x, y);
                    Out::Same(q, status)
                }
                Binary::Remainder => {
                    let (_, r, status) = Self::quotient(x, y);
                    Out::Same(r, status & fp::DIVIDE)
                }
                Binary::Divmod => {
                    let (q, r, status) = Self::quotient(x, y);
                    Out::Pair(q, r, status)
                }
                Binary::Power => Self::power(x, y),
                Binary::LeftShift => match u32::try_from(y).ok().filter(|&n| n < <$t>::BITS) {
                    Some(n) => Out::Same(x << n, 0),
                    None => Out::Same(0, 0),
                },
                Binary::RightShift => match u32::try_from(y).ok().filter(|&n| n < <$t>::BITS) {
                    Some(n) => Out::Same(x >> n, 0),
                    None => Out::Same(if x < 0 as $t { (0 as $t).wrapping_sub(1) } else { 0 }, 0),
                },
                Binary::And => Out::Same(x & y, 0),
                Binary::Or => Out::Same(x | y, 0),
                Binary::Xor => Out::Same(x ^ y, 0),
            }
        }

        fn unary(op: Unary, x: Self) -> Out<Self> {
            let over = |bad: bool| if bad { fp::OVERFLOW } else { 0 };
            match op {
                Unary::Negative if $signed => Out::Same(x.wrapping_neg(), over(x == <$t>::MIN)),
                Unary::Negative => Out::Same(x.wrapping_neg(), over(x != 0)),
                Unary::Positive => Out::Same(x, 0),
                Unary::Absolute if x < 0 as $t => Out::Same(x.wrapping_neg(), over(x == <$t>::MIN)),
                Unary::Absolute => Out::Same(x, 0),
                Unary::Invert => Out::Same(!x, 0),
            }
        }
        fn same(x: Self, y: Self) -> bool {
            x == y
        }
        fn less(x: Self, y: Self) -> bool {
            x < y
        }
        fn less_equal(x: Self, y: Self) -> bool {
            x <= y
        }
    }

    impl IntParts for $t {
        fn quotient(x: Self, y: Self) -> (Self, Self, u8) {
            if y == 0 {
                return (0, 0, fp::DIVIDE);
            }
            let (q, over) = x.overflowing_div(y);
            let r = x.wrapping_rem(y);
            // Round toward minus infinity, as Python does.
            if r != 0 && (r < 0 as $t) != (y < 0 as $t) {
                return (q.wrapping_sub(1), r.wrapping_add(y), 0);
            }
            (q, r, if over { fp::OVERFLOW } else { 0 })
        }

        fn power(x: Self, y: Self) -> Out<Self> {
            if y < 0 as $t {
                return Out::NegativePower;
            }
            let (mut base, mut left, mut out) = (x, y, 1 as $t);
            while left != 0 {
                if left & 1 == 1 {
                    out = out.wrapping_mul(base);
                }
                left >>= 1;
                base = base.wrapping_mul(base);
            }
            Out::Same(out, 0)
        }
    })* };
}

/// Pieces of integer arithmetic.
trait IntParts: Sized {
    /// Floor quotient, remainder and status.
    fn quotient(x: Self, y: Self) -> (Self, Self, u8);
    /// A wrapping power.
    fn power(x: Self, y: Self) -> Out<Self>;
}

int_arith! {
    i8, true; u8, false; i16, true; u16, false; i32, true; u32, false; i64, true; u64, false;
}

/// Floor quotient and remainder of floats, signs as in Python.
fn float_divmod(x: f64, y: f64) -> (f64, f64) {
    // Comparing a NaN would raise a flag that NumPy does not report.
    if x.is_nan() || y.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    let mut rest = x % y;
    if y == 0.0 {
        return (x / y, rest);
    }
    let mut quotient = (x - rest) / y;
    if rest != 0.0 {
        if (y < 0.0) != (rest < 0.0) {
            rest += y;
            quotient -= 1.0;
        }
    } else {
        rest = 0f64.copysign(y);
    }
    let floor = if quotient != 0.0 {
        let down = quotient.floor();
        if quotient - down > 0.5 {
            down + 1.0
        } else {
            down
        }
    } else {
        0f64.copysign(x / y)
    };
    (floor, rest)
}

/// As [`float_divmod`] in single precision.
fn single_divmod(x: f32, y: f32) -> (f32, f32) {
    // Comparing a NaN would raise a flag that NumPy does not report.
    if x.is_nan() || y.is_nan() {
        return (f32::NAN, f32::NAN);
    }
    let mut rest = x % y;
    if y == 0.0 {
        return (x / y, rest);
    }
    let mut quotient = (x - rest) / y;
    if rest != 0.0 {
        if (y < 0.0) != (rest < 0.0) {
            rest += y;
            quotient -= 1.0;
        }
    } else {
        rest = 0f32.copysign(y);
    }
    let floor = if quotient != 0.0 {
        let down = quotient.floor();
        if quotient - down > 0.5 {
            down + 1.0
        } else {
            down
        }
    } else {
        0f32.copysign(x / y)
    };
    (floor, rest)
}

macro_rules! float_arith {
    ($($t:ty, $divmod:path;)*) => { $(impl Arith for $t {
        const INEXACT: bool = true;

        #[inline(always)]
        fn binary(op: Binary, x: Self, y: Self) -> Out<Self> {
            // A normal result raised nothing that anybody asks for; others are done again, watched.
            let basic = |f: fn($t, $t) -> $t| {
                let out = f(x, y);
                if out.is_normal() {
                    return Out::Same(out, 0);
                }
                let (out, status) = watched(|| f(black_box(x), black_box(y)));
                Out::Same(out, status)
            };
            match op {
                Binary::Add => basic(|x, y| x + y),
                Binary::Subtract => basic(|x, y| x - y),
                Binary::Multiply => basic(|x, y| x * y),
                Binary::Divide => basic(|x, y| x / y),
                Binary::FloorDivide => {
                    let (q, status) = watched(|| match black_box(y) {
                        y if y == 0.0 => black_box(x) / y,
                        y => $divmod(black_box(x), y).0,
                    });
                    Out::Same(q, status)
                }
                Binary::Remainder => {
                    let (r, status) = watched(|| match black_box(y) {
                        y if y == 0.0 && !x.is_nan() => black_box(x) % y,
                        y => $divmod(black_box(x), y).1,
                    });
                    Out::Same(r, status)
                }
                Binary::Divmod => {
                    let ((q, r), status) = watched(|| $divmod(black_box(x), black_box(y)));
                    Out::Pair(q, r, status)
                }
                Binary::Power => {
                    let (out, status) = watched(|| black_box(x).powf(black_box(y)));
                    Out::Same(out, status)
                }
                _ => Out::Ufunc,
            }
        }
        fn unary(op: Unary, x: Self) -> Out<Self> {
            match op {
                Unary::Negative => Out::Same(-x, 0),
                Unary::Positive => Out::Same(x, 0),
                Unary::Absolute => Out::Same(x.abs(), 0),
                Unary::Invert => Out::Ufunc,
            }
        }
        fn same(x: Self, y: Self) -> bool {
            x == y
        }
        fn less(x: Self, y: Self) -> bool {
            x < y
        }
        fn less_equal(x: Self, y: Self) -> bool {
            x <= y
        }
    })* };
}
float_arith! { f64, float_divmod; f32, single_divmod; }

impl Arith for F16 {
    const INEXACT: bool = true;

    fn binary(op: Binary, x: Self, y: Self) -> Out<Self> {
        let (a, b) = (half::to_f32(x), half::to_f32(y));
        let round = |v: f32, status: u8| {
            let out = half_from_f64(f64::from(v));
            let over = v.is_finite() && out.0 & 0x7c00 == 0x7c00;
            let under = out.0 & 0x7fff < 0x0400 && half::to_f32(out) != v && !v.is_nan();
            let over = if over { fp::OVERFLOW } else { 0 };
            (out, status | over | if under { fp::UNDERFLOW } else { 0 })
        };
        // A half's remainder is that of a whole division, with its flags.
        if op == Binary::Remainder {
            return match Self::binary(Binary::Divmod, x, y) {
                Out::Pair(_, r, status) => Out::Same(r, status),
                other => other,
            };
        }
        match f32::binary(op, a, b) {
            Out::Same(v, status) => {
                let (out, status) = round(v, status);
                Out::Same(out, status)
            }
            Out::Pair(q, r, status) => {
                let ((q, s1), (r, s2)) = (round(q, status), round(r, status));
                Out::Pair(q, r, s1 | s2)
            }
            _ => Out::Ufunc,
        }
    }
    fn unary(op: Unary, x: Self) -> Out<Self> {
        match op {
            Unary::Negative => Out::Same(F16(x.0 ^ 0x8000), 0),
            Unary::Positive => Out::Same(x, 0),
            Unary::Absolute => Out::Same(F16(x.0 & 0x7fff), 0),
            Unary::Invert => Out::Ufunc,
        }
    }
    fn same(x: Self, y: Self) -> bool {
        half::to_f32(x) == half::to_f32(y)
    }
    fn less(x: Self, y: Self) -> bool {
        half::to_f32(x) < half::to_f32(y)
    }
    fn less_equal(x: Self, y: Self) -> bool {
        half::to_f32(x) <= half::to_f32(y)
    }
}

macro_rules! complex_arith {
    ($($t:ty),*) => { $(impl Arith for Complex<$t> {
        const INEXACT: bool = true;

        fn binary(op: Binary, x: Self, y: Self) -> Out<Self> {
            let run = |f: fn(Self, Self) -> Self| {
                let out = f(x, y);
                if out.re.is_normal() && out.im.is_normal() {
                    return Out::Same(out, 0);
                }
                let (out, status) = watched(|| f(black_box(x), black_box(y)));
                Out::Same(out, status)
            };
            match op {
                Binary::Add => run(|x, y| Complex { re: x.re + y.re, im: x.im + y.im }),
                Binary::Subtract => run(|x, y| Complex { re: x.re - y.re, im: x.im - y.im }),
                Binary::Multiply => run(|x, y| Complex {
                    re: x.re * y.re - x.im * y.im,
                    im: x.re * y.im + x.im * y.re,
                }),
                Binary::Divide => run(|x, y| {
                    // Smith's method: scale by the larger part of the divisor.
                    if y.re.abs() >= y.im.abs() {
                        if y.re == 0.0 && y.im == 0.0 {
                            return Complex { re: x.re / y.re.abs(), im: x.im / y.re.abs() };
                        }
                        let ratio = y.im / y.re;
                        let scale = 1.0 / (y.re + y.im * ratio);
                        Complex { re: (x.re + x.im * ratio) * scale, im: (x.im - x.re * ratio) * scale }
                    } else {
                        let ratio = y.re / y.im;
                        let scale = 1.0 / (y.im + y.re * ratio);
                        Complex { re: (x.re * ratio + x.im) * scale, im: (x.im * ratio - x.re) * scale }
                    }
                }),
                Binary::FloorDivide | Binary::Remainder | Binary::Divmod => Out::Unsupported,
                _ => Out::Ufunc,
            }
        }
        fn unary(op: Unary, x: Self) -> Out<Self> {
            match op {
                Unary::Negative => Out::Same(Complex { re: -x.re, im: -x.im }, 0),
                Unary::Positive => Out::Same(x, 0),
                _ => Out::Ufunc,
            }
        }
        fn same(x: Self, y: Self) -> bool {
            x.re == y.re && x.im == y.im
        }
        fn less(x: Self, y: Self) -> bool {
            let ordered = !x.im.is_nan() && !y.im.is_nan();
            (x.re < y.re && ordered) || (x.re == y.re && x.im < y.im)
        }
        fn less_equal(x: Self, y: Self) -> bool {
            let ordered = !x.im.is_nan() && !y.im.is_nan();
            (x.re < y.re && ordered) || (x.re == y.re && x.im <= y.im)
        }
    })* };
}
complex_arith!(f32, f64);
