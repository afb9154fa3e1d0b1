//! Tests, rounding, and taking floats apart.

use crate::compare::bool_of;
use crate::half::{self, from_f32, to_f32};
use crate::num::Real;
use crate::ops::{half1, markers, op1, op1x2, op2};
use crate::shape::{binary, binary_one, unary, unary2, unary_one, Op2};
use crate::table::{flags, ints, row, rows, sig, tables, FORGETS, HW, NEVER, REPORTED};
use crate::{fp, FpClass, LoopFlags};
use numoxide_dtype::{Bool, Complex, F16};

markers! {
    /// `isnan`.
    IsNan
    /// `isinf`.
    IsInf
    /// `isfinite`.
    IsFinite
    /// `signbit`.
    SignBit
    /// `copysign`.
    CopySign
    /// `nextafter`.
    NextAfter
    /// `spacing`.
    Spacing
    /// `modf`.
    Modf
    /// `frexp`.
    Frexp
    /// `ldexp`.
    Ldexp
    /// `floor`.
    Floor
    /// `ceil`.
    Ceil
    /// `trunc`.
    Trunc
    /// `rint`.
    Rint
    /// `fabs`.
    Fabs
    /// `heaviside`.
    Heaviside
    /// `degrees` and `rad2deg`.
    Degrees
    /// `radians` and `deg2rad`.
    Radians
}

/// Loops with a call for each element.
const SLOW: LoopFlags = flags(FpClass::Hardware, 10);

op1!(IsNan [f32, f64] -> Bool, |x, _| bool_of(x.is_nan()));
op1!(IsNan [F16] -> Bool, |x, _| bool_of(x.0 & 0x7fff > 0x7c00));
op1!(IsNan [Complex<f32>, Complex<f64>] -> Bool, |x, _| bool_of(x.re.is_nan() | x.im.is_nan()));
op1!(IsInf [f32, f64] -> Bool, |x, _| bool_of(x.is_infinite()));
op1!(IsInf [F16] -> Bool, |x, _| bool_of(x.0 & 0x7fff == 0x7c00));
op1!(IsInf [Complex<f32>, Complex<f64>] -> Bool,
    |x, _| bool_of(x.re.is_infinite() | x.im.is_infinite()));
op1!(IsFinite [f32, f64] -> Bool, |x, _| bool_of(x.is_finite()));
op1!(IsFinite [F16] -> Bool, |x, _| bool_of(x.0 & 0x7c00 != 0x7c00));
op1!(IsFinite [Complex<f32>, Complex<f64>] -> Bool,
    |x, _| bool_of(x.re.is_finite() & x.im.is_finite()));
op1!(IsNan [Bool, i8, u8, i16, u16, i32, u32, i64, u64] -> Bool, |_, _| Bool(0));
op1!(IsInf [Bool, i8, u8, i16, u16, i32, u32, i64, u64] -> Bool, |_, _| Bool(0));
op1!(IsFinite [Bool, i8, u8, i16, u16, i32, u32, i64, u64] -> Bool, |_, _| Bool(1));
op1!(SignBit [f32, f64] -> Bool, |x, _| bool_of(x.is_sign_negative()));
op1!(SignBit [F16] -> Bool, |x, _| bool_of(x.0 & 0x8000 != 0));

op2!(CopySign [f32, f64], |x, y, _| x.copysign(y));
op2!(
    CopySign[F16],
    |x, y, _| F16((x.0 & 0x7fff) | (y.0 & 0x8000))
);
op2!(NextAfter [f32, f64], |x, y, st| Real::nextafter(x, y, st));
op2!(NextAfter[F16], |x, y, st| next_half(x, y, st));
op1!(Spacing [f32, f64], |x, st| Real::spacing(x, st));
op1!(Spacing[F16], |x, st| half_spacing(x, st));

/// [`Real::nextafter`] for halves.
fn next_half(x: F16, y: F16, st: &mut u8) -> F16 {
    let (a, b) = (to_f32(x), to_f32(y));
    if a.is_nan() || b.is_nan() {
        return from_f32(f32::NAN);
    }
    if a == b {
        return x;
    }
    if a == 0.0 {
        return F16((y.0 & 0x8000) | 1);
    }
    let away = (a < b) == (a > 0.0);
    let next = F16(if away { x.0 + 1 } else { x.0 - 1 });
    *st |= u8::from(next.0 & 0x7fff == 0x7c00) * fp::OVERFLOW;
    next
}

/// [`Real::spacing`] for halves: the distance to the next one upwards, which has no sign.
fn half_spacing(x: F16, st: &mut u8) -> F16 {
    let magnitude = x.0 & 0x7fff;
    if magnitude >= 0x7c00 {
        *st |= fp::INVALID;
        return from_f32(f32::NAN);
    }
    let towards_zero = x.0 & 0x8000 != 0 && magnitude != 0;
    let next = F16(if towards_zero {
        magnitude - 1
    } else {
        magnitude + 1
    });
    if next.0 == 0x7c00 {
        *st |= fp::OVERFLOW;
        return next;
    }
    from_f32((to_f32(next) - to_f32(F16(magnitude))).abs())
}

op1x2!(Modf [f32] -> f32, |x, _| {
    let part = if x.is_infinite() { 0.0 } else { x - x.trunc() };
    (part.copysign(x), x.trunc())
});
op1x2!(Modf [f64] -> f64, |x, _| {
    let part = if x.is_infinite() { 0.0 } else { x - x.trunc() };
    (part.copysign(x), x.trunc())
});
op1x2!(Modf [F16] -> F16, |x, st| {
    let (part, whole) = <Modf<f32> as crate::shape::Op1x2>::f(to_f32(x), st);
    (from_f32(part), from_f32(whole))
});
/// Scales every subnormal to a normal number.
const TWO_54: f64 = 18014398509481984.0;

op1x2!(Frexp [f64] -> i32, |x, _| {
    // Subnormals are scaled up first.
    let small = x.abs() < f64::MIN_POSITIVE;
    // Factors are chosen as bits, lest both products be formed and one raise a flag.
    let up = if small { TWO_54.to_bits() } else { 1f64.to_bits() };
    let (y, shift) = (x * f64::from_bits(up), if small { 54 } else { 0 });
    let exponent = ((y.to_bits() >> 52) & 0x7ff) as i32 - 1022 - shift;
    let part = f64::from_bits((y.to_bits() & !(0x7ff << 52)) | (1022 << 52));
    // By bits: comparing a NaN by order may leave a status flag.
    let size = x.abs().to_bits();
    let plain = (size != 0) & (size < f64::INFINITY.to_bits());
    (if plain { part } else { x + x }, if plain { exponent } else { 0 })
});
op1x2!(Frexp [f32] -> i32, |x, st| {
    let (m, e) = <Frexp<f64> as crate::shape::Op1x2>::f(f64::from(x), st);
    (m as f32, e)
});
op1x2!(Frexp [F16] -> i32, |x, st| {
    let (m, e) = <Frexp<f32> as crate::shape::Op1x2>::f(to_f32(x), st);
    (from_f32(m), e)
});

/// `x·2^n` with one rounding, branch-free.
#[inline(always)]
fn scaled(x: f64, n: i64) -> f64 {
    const FIELD: u64 = 0x7ff << 52;
    // By bits: comparing a NaN by order may leave a status flag.
    let size = x.abs().to_bits();
    let plain = (size != 0) & (size < f64::INFINITY.to_bits());
    // Subnormals are scaled up first; what has no exponent stays as it is.
    let small = plain & (size < f64::MIN_POSITIVE.to_bits());
    // Factors are chosen as bits, lest both products be formed and one raise a flag.
    let up = if small {
        TWO_54.to_bits()
    } else {
        1f64.to_bits()
    };
    let (y, shift) = (x * f64::from_bits(up), if small { 54 } else { 0 });
    let from = ((y.to_bits() & FIELD) >> 52) as i64 - shift;
    // What stays as it is gets a harmless exponent, so that its product raises no flag.
    let e = if plain {
        from + n.clamp(-5000, 5000)
    } else {
        1
    };
    // The exponent within the normal numbers, and the product that takes it beyond them.
    let inside = (if e < 1 { e + 64 } else { e }).clamp(1, 2046);
    let rest = if e < 1 {
        1.0 / 18446744073709551616.0
    } else {
        1.0
    };
    let rest = if e > 2046 { f64::MAX } else { rest };
    let z = f64::from_bits((y.to_bits() & !FIELD) | ((inside as u64) << 52));
    let product = z * rest;
    if plain {
        product
    } else {
        x
    }
}

/// As [`scaled`], in `f64`, which holds every product of a sane exponent.
#[inline(always)]
fn scaled_single(x: f32, n: i64) -> f32 {
    scaled(f64::from(x), n.clamp(-600, 600)) as f32
}

/// `ldexp` with either integer type.
macro_rules! ldexps {
    ($($N:ty),+) => {$(
        impl Op2 for Ldexp<(f64, $N)> {
            type L = f64;
            type R = $N;
            type O = f64;
            #[inline(always)]
            fn f(x: f64, n: $N, _: &mut u8) -> f64 { scaled(x, i64::from(n)) }
        }
        impl Op2 for Ldexp<(f32, $N)> {
            type L = f32;
            type R = $N;
            type O = f32;
            #[inline(always)]
            fn f(x: f32, n: $N, _: &mut u8) -> f32 { scaled_single(x, i64::from(n)) }
        }
        impl Op2 for Ldexp<(F16, $N)> {
            type L = F16;
            type R = $N;
            type O = F16;
            #[inline(always)]
            fn f(x: F16, n: $N, st: &mut u8) -> F16 {
                half::round(scaled_single(to_f32(x), i64::from(n)), st)
            }
        }
    )+};
}
ldexps!(i32, i64);

/// Writes a rounding function: the identity on integers.
macro_rules! rounding {
    ($($Op:ident $method:ident;)+) => {$(
        op1!($Op [f32, f64], |x, _| x.$method());
        half1!($Op, |x| x.$method());
        op1!($Op [Bool], |x, _| Bool(u8::from(x.0 != 0)));
        op1!($Op [i8, u8, i16, u16, i32, u32, i64, u64], |x, _| x);
    )+};
}
rounding! {
    Floor floor;
    Ceil ceil;
    Trunc trunc;
}
op1!(Rint [f32, f64], |x, _| x.round_ties_even());
op1!(Rint [Complex<f32>, Complex<f64>], |x, _| Complex {
    re: x.re.round_ties_even(),
    im: x.im.round_ties_even(),
});
half1!(Rint, |x| x.round_ties_even());
op1!(Fabs [f32, f64], |x, _| x.abs());
op1!(Fabs[F16], |x, _| F16(x.0 & 0x7fff));
op2!(Heaviside [f32, f64], |x, y, _| Real::heaviside(x, y));
op2!(Heaviside[F16], |x, y, _| from_f32(Real::heaviside(
    to_f32(x),
    to_f32(y)
)));
op1!(Degrees[f32], |x, _| x * (180.0 / std::f32::consts::PI));
op1!(Degrees[f64], |x, _| x * (180.0 / std::f64::consts::PI));
half1!(Degrees, |x| x * (180.0 / std::f32::consts::PI));
op1!(Radians[f32], |x, _| x * (std::f32::consts::PI / 180.0));
op1!(Radians[f64], |x, _| x * (std::f64::consts::PI / 180.0));
half1!(Radians, |x| x * (std::f32::consts::PI / 180.0));

tables! {
    /// Loops of `isnan`.
    ISNAN = [
        rows!(test1, unary, IsNan, NEVER, "?" Bool),
        ints!(test1, unary, IsNan, NEVER),
        rows!(test1, unary, IsNan, FORGETS, "e" F16, "f" f32, "d" f64),
        crate::longdouble::ISNAN,
        rows!(test1, unary, IsNan, FORGETS, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::ISNAN,
        crate::datetime::ISNAN,
    ];
    /// Loops of `isinf`.
    ISINF = [
        rows!(test1, unary, IsInf, NEVER, "?" Bool),
        ints!(test1, unary, IsInf, NEVER),
        rows!(test1, unary, IsInf, FORGETS, "e" F16, "f" f32, "d" f64),
        crate::longdouble::ISINF,
        rows!(test1, unary, IsInf, FORGETS, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::ISINF,
        crate::datetime::ISINF,
    ];
    /// Loops of `isfinite`.
    ISFINITE = [
        rows!(test1, unary, IsFinite, NEVER, "?" Bool),
        ints!(test1, unary, IsFinite, NEVER),
        rows!(test1, unary, IsFinite, FORGETS, "e" F16, "f" f32, "d" f64),
        crate::longdouble::ISFINITE,
        rows!(test1, unary, IsFinite, FORGETS, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::ISFINITE,
        crate::datetime::ISFINITE,
    ];
    /// Loops of `signbit`.
    SIGNBIT = [rows!(test1, unary, SignBit, FORGETS, "e" F16, "f" f32, "d" f64),
        crate::longdouble::SIGNBIT,
    ];
    /// Loops of `copysign`.
    COPYSIGN = [rows!(2, binary, CopySign, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::COPYSIGN,
    ];
    /// Loops of `nextafter`.
    NEXTAFTER = [rows!(2, binary_one, NextAfter, REPORTED, "e" F16, "f" f32, "d" f64),
        crate::longdouble::NEXTAFTER,
    ];
    /// Loops of `spacing`.
    SPACING = [rows!(1, unary_one, Spacing, REPORTED, "e" F16, "f" f32, "d" f64),
        crate::longdouble::SPACING,
    ];
    /// Loops of `modf`.
    MODF = [rows!(two1, unary2, Modf, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::MODF,
    ];
    /// Loops of `frexp`.
    FREXP = [
        &[row!("e->ei", unary2::<Frexp<F16>>(), NEVER)],
        &[row!("f->fi", unary2::<Frexp<f32>>(), NEVER)],
        &[row!("d->di", unary2::<Frexp<f64>>(), NEVER)],
        crate::longdouble::FREXP,
    ];
    /// Loops of `ldexp`.
    LDEXP = [
        &[row!("ei->e", binary::<Ldexp<(F16, i32)>>(), SLOW)],
        &[row!("fi->f", binary::<Ldexp<(f32, i32)>>(), SLOW)],
        &[row!("el->e", binary::<Ldexp<(F16, i64)>>(), SLOW)],
        &[row!("fl->f", binary::<Ldexp<(f32, i64)>>(), SLOW)],
        &[row!("di->d", binary::<Ldexp<(f64, i32)>>(), SLOW)],
        &[row!("dl->d", binary::<Ldexp<(f64, i64)>>(), SLOW)],
        crate::longdouble::LDEXP_INT,
        crate::longdouble::LDEXP_LONG,
    ];
    /// Loops of `floor`.
    FLOOR = [
        rows!(1, unary, Floor, NEVER, "?" Bool),
        ints!(1, unary, Floor, NEVER),
        rows!(1, unary, Floor, NEVER, "e" F16, "f" f32, "d" f64, "f" f32, "d" f64),
        crate::longdouble::FLOOR,
    ];
    /// Loops of `ceil`.
    CEIL = [
        rows!(1, unary, Ceil, NEVER, "?" Bool),
        ints!(1, unary, Ceil, NEVER),
        rows!(1, unary, Ceil, NEVER, "e" F16, "f" f32, "d" f64, "f" f32, "d" f64),
        crate::longdouble::CEIL,
    ];
    /// Loops of `trunc`.
    TRUNC = [
        rows!(1, unary, Trunc, NEVER, "?" Bool),
        ints!(1, unary, Trunc, NEVER),
        rows!(1, unary, Trunc, NEVER, "e" F16, "f" f32, "d" f64, "f" f32, "d" f64),
        crate::longdouble::TRUNC,
    ];
    /// Loops of `rint`.
    RINT = [
        rows!(1, unary, Rint, NEVER, "e" F16, "f" f32, "d" f64, "f" f32, "d" f64),
        crate::longdouble::RINT,
        rows!(1, unary, Rint, NEVER, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::RINT,
    ];
    /// Loops of `fabs`.
    FABS = [rows!(1, unary, Fabs, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::FABS,
    ];
    /// Loops of `heaviside`.
    HEAVISIDE = [rows!(2, binary, Heaviside, NEVER, "e" F16, "f" f32, "d" f64),
        crate::longdouble::HEAVISIDE,
    ];
    /// Loops of `degrees` and `rad2deg`.
    DEGREES = [rows!(1, unary, Degrees, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::DEGREES,
    ];
    /// Loops of `radians` and `deg2rad`.
    RADIANS = [rows!(1, unary, Radians, HW, "e" F16, "f" f32, "d" f64),
        crate::longdouble::RADIANS,
    ];
}
