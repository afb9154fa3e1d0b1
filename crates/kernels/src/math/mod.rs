//! Mathematical functions.

mod coefficients;
mod inverse;
pub(crate) mod kernel;
pub(crate) mod lanes;
pub(crate) mod modulo;
pub(crate) mod single;
mod vector;

use crate::half::{self, to_f32};
use crate::ops::{markers, op1};
use crate::shape::{unary, unary_one};
use crate::table::{flags, row, rows, sig, tables, HW};
use crate::{fp, sys, FpClass, LoopFlags};
use lanes::Real;
use numoxide_dtype::{Complex, F16};
pub(crate) use vector::{vector, vector2, Held, IntOf, Kernel, Kernel2, Lane, WideOf};

/// Loops with a call of the C library for each element.
const SLOW: LoopFlags = flags(FpClass::Hardware, 20);

/// Vector kernels, which report their own status.
const VECTOR: LoopFlags = flags(FpClass::Reported, 8);

markers! {
    /// The angle of a complex number.
    Angle
}
op1!(Angle [Complex<f64>] -> f64, |x, _| sys::atan2(x.im, x.re));
op1!(Angle [Complex<f32>] -> f32, |x, _| sys::atan2f(x.im, x.re));

markers! {
    /// `exp`.
    Exp
    /// `exp2`.
    Exp2
    /// `expm1`.
    Expm1
    /// `log`.
    Log
    /// `log2`.
    Log2
    /// `log10`.
    Log10
    /// `log1p`.
    Log1p
    /// `sin`.
    Sin
    /// `cos`.
    Cos
    /// `tan`.
    Tan
    /// `sinh`.
    Sinh
    /// `cosh`.
    Cosh
    /// `tanh`.
    Tanh
    /// `cbrt`.
    Cbrt
    /// `arcsin`.
    Arcsin
    /// `arccos`.
    Arccos
    /// `arctan`.
    Arctan
    /// `arcsinh`.
    Arcsinh
    /// `arccosh`.
    Arccosh
    /// `arctanh`.
    Arctanh
}

/// Gives functions of one number their kernels: names in C and here, the module of the one for `f64`,
/// the ranges for `f64`, `f32` and half.
macro_rules! kernels {
    ($($Op:ident $f:ident $g:ident $home:ident::$fast:ident $(then $last:ident)?
        |$x:ident| $f64:expr, $f32:expr, $f16:expr;)+) => {$(
        kernels!(@one $Op f64, $home::$fast $(, $last)?; |$x| $f64, |x, _| sys::$f(x));
        kernels!(@one $Op f32, single::$fast $(, $last)?; |$x| $f32, |x, _| sys::$g(x));
        kernels!(@one $Op F16, single::$fast $(, $last)?; |$x| $f16,
            |x, st| half::round(sys::$g(to_f32(x)), st));
    )+};
    (@stages $T:ty, $home:ident::$fast:ident) => {
        #[inline(always)]
        fn last<V: Real<E = WideOf<$T>, I = IntOf<$T>>>(x: V, _: [V; 3]) -> V { $home::$fast(x) }
    };
    (@stages $T:ty, $home:ident::$fast:ident, $last:ident) => {
        const STAGED: bool = true;
        #[inline(always)]
        fn first<V: Real<E = WideOf<$T>, I = IntOf<$T>>>(x: V) -> [V; 3] { $home::$fast(x) }
        #[inline(always)]
        fn last<V: Real<E = WideOf<$T>, I = IntOf<$T>>>(x: V, held: [V; 3]) -> V {
            $home::$last(x, held)
        }
    };
    (@one $Op:ident $T:ty, $home:ident::$fast:ident $(, $last:ident)?; |$x:ident| $range:expr,
        |$y:ident, $st:pat_param| $slow:expr) => {
        impl Kernel for $Op<$T> {
            type T = $T;
            kernels!(@stages $T, $home::$fast $(, $last)?);
            #[inline(always)]
            fn in_range<V: Real<E = WideOf<$T>, I = IntOf<$T>>>($x: V) -> V::M { $range }
            #[inline(always)]
            fn slow($y: $T, $st: &mut u8) -> $T { $slow }
        }
    };
}
/// Whether `x` lies between two numbers.
#[inline(always)]
fn between<V: Real>(x: V, low: V::E, high: V::E) -> V::M {
    V::of(low).le(x) & x.le(V::of(high))
}
/// Whether the size of `x` is below a number.
#[inline(always)]
fn below<V: Real>(x: V, limit: V::E) -> V::M {
    x.abs().lt(V::of(limit))
}
/// Whether `x` is above one number and not above another.
#[inline(always)]
fn above<V: Real>(x: V, low: V::E, high: V::E) -> V::M {
    V::of(low).lt(x) & x.le(V::of(high))
}
/// Whether the size of `x` lies between two numbers or is zero.
#[inline(always)]
pub(crate) fn sized<V: Real>(x: V, low: V::E, high: V::E) -> V::M {
    between(x.abs(), low, high) | x.same(V::number(0.0))
}
/// The least normal `f32` and half, with room for a result a little smaller than its argument.
const LEAST_F32: f32 = 2.4e-38;
const LEAST_F16: f32 = 1.3e-4;
kernels! {
    Exp exp expf kernel::exp |x| below(x, 708.0), below(x, 87.0), between(x, -9.7, 11.0);
    Exp2 exp2 exp2f kernel::exp2 |x| below(x, 1022.0), below(x, 126.0), between(x, -14.0, 15.9);
    Expm1 expm1 expm1f kernel::expm1 |x| between(x, -40.0, 708.0), between(x, -40.0, 88.0),
        between(x, -40.0, 11.0) & sized(x, LEAST_F16, 40.0);
    Log log logf kernel::log |x| between(x, f64::MIN_POSITIVE, f64::MAX),
        between(x, f32::MIN_POSITIVE, f32::MAX), between(x, f32::MIN_POSITIVE, f32::MAX);
    Log2 log2 log2f kernel::log2 |x| between(x, f64::MIN_POSITIVE, f64::MAX),
        between(x, f32::MIN_POSITIVE, f32::MAX), between(x, f32::MIN_POSITIVE, f32::MAX);
    Log10 log10 log10f kernel::log10 |x| between(x, f64::MIN_POSITIVE, f64::MAX),
        between(x, f32::MIN_POSITIVE, f32::MAX), between(x, f32::MIN_POSITIVE, f32::MAX);
    Log1p log1p log1pf kernel::log1p |x| above(x, -1.0, 1e300), above(x, -1.0, 1e38),
        above(x, -1.0, 1e38) & sized(x, LEAST_F16, 1e38);
    Sin sin sinf kernel::sin |x| below(x, 1e9), below(x, 7e4), below(x, 7e4);
    Cos cos cosf kernel::cos |x| below(x, 1e9), below(x, 7e4), below(x, 7e4);
    Tan tan tanf kernel::tan then tan_last |x| below(x, 1e9), below(x, 7e4), below(x, 7e4);
    Sinh sinh sinhf kernel::sinh then sinh_last |x| below(x, 710.4), below(x, 87.0), below(x, 11.0);
    Cosh cosh coshf kernel::cosh |x| below(x, 710.4), below(x, 87.0), below(x, 11.0);
    Tanh tanh tanhf kernel::tanh then tanh_last |x| x.abs().le(V::of(f64::MAX)), x.abs().le(V::of(f32::MAX)),
        x.abs().le(V::of(f32::MAX));
    Cbrt cbrt cbrtf inverse::cbrt then cbrt_last |x| sized(x, f64::MIN_POSITIVE, f64::MAX),
        sized(x, f32::MIN_POSITIVE, f32::MAX), sized(x, f32::MIN_POSITIVE, f32::MAX);
    Arcsin asin asinf inverse::asin |x| x.abs().le(V::of(1.0)), x.abs().le(V::of(1.0)),
        sized(x, LEAST_F16, 1.0);
    Arccos acos acosf inverse::acos |x| x.abs().le(V::of(1.0)), x.abs().le(V::of(1.0)),
        x.abs().le(V::of(1.0));
    Arctan atan atanf inverse::atan then atan_last |x| below(x, 1e290), below(x, 1e38), below(x, 1e38);
    Arcsinh asinh asinhf inverse::asinh then asinh_last |x| below(x, 1e140), below(x, 1e18), below(x, 1e18);
    Arccosh acosh acoshf inverse::acosh then acosh_last |x| above(x, 1.0, 1e140), above(x, 1.0, 1e18),
        above(x, 1.0, 1e18);
    Arctanh atanh atanhf inverse::atanh then atanh_last |x| below(x, 1.0), below(x, 1.0),
        sized(x, LEAST_F16, 1.0) & below(x, 1.0);
}

/// Writes the complex forms by their C names.
macro_rules! complex_functions {
    ($($Op:ident $f:ident $g:ident;)+) => {$(
        op1!($Op [Complex<f64>], |z, _| sys::$f(z));
        op1!($Op [Complex<f32>], |z, _| sys::$g(z));
    )+};
}
complex_functions! {
    Exp cexp cexpf;
    Log clog clogf;
    Sin csin csinf;
    Cos ccos ccosf;
    Tan ctan ctanf;
    Arcsin casin casinf;
    Arccos cacos cacosf;
    Arctan catan catanf;
    Sinh csinh csinhf;
    Cosh ccosh ccoshf;
    Tanh ctanh ctanhf;
    Arcsinh casinh casinhf;
    Arccosh cacosh cacoshf;
    Arctanh catanh catanhf;
    Sqrt csqrt csqrtf;
}

/// Writes complex functions that C lacks from ones it has.
macro_rules! derived {
    ($($Op:ident |$z:ident, $exp:ident, $log:ident| $e:expr;)+) => {$(
        derived!(@one $Op f64, |$z, $exp = cexp, $log = clog| $e);
        derived!(@one $Op f32, |$z, $exp = cexpf, $log = clogf| $e);
    )+};
    (@one $Op:ident $T:ident, |$z:ident, $exp:ident = $cexp:ident, $log:ident = $clog:ident| $e:expr) => {
        op1!($Op [Complex<$T>], |$z, _| {
            #[allow(unused_variables)]
            let ($exp, $log) = (sys::$cexp, sys::$clog);
            $e
        });
    };
}
derived! {
    Exp2 |z, exp, log| {
        exp(scale(z, std::f64::consts::LN_2 as _))
    };
    Expm1 |z, exp, log| {
        // exp(x)cos(y) - 1 without cancellation: expm1(x)cos(y) - 2 sin(y/2)^2.
        let s = (z.im / 2.0).sin();
        Complex {
            re: z.re.exp_m1() * z.im.cos() - 2.0 * s * s,
            im: z.re.exp() * z.im.sin(),
        }
    };
    Log2 |z, exp, log| scale(log(z), std::f64::consts::LOG2_E as _);
    Log10 |z, exp, log| scale(log(z), std::f64::consts::LOG10_E as _);
    Log1p |z, exp, log| {
        let size = (z.re + 1.0).hypot(z.im);
        Complex { re: size.ln(), im: z.im.atan2(z.re + 1.0) }
    };
}

/// A complex number times a real one.
#[inline(always)]
fn scale<T: std::ops::Mul<Output = T> + Copy>(z: Complex<T>, k: T) -> Complex<T> {
    Complex {
        re: z.re * k,
        im: z.im * k,
    }
}

markers! {
    /// `sqrt`.
    Sqrt
    /// `hypot`.
    Hypot
    /// `arctan2`.
    Arctan2
    /// `logaddexp`.
    Logaddexp
    /// `logaddexp2`.
    Logaddexp2
}

op1!(Sqrt [f32, f64], |x, _| x.sqrt());
op1!(Sqrt[F16], |x, st| {
    let value = to_f32(x);
    *st |= u8::from(value < 0.0) * fp::INVALID;
    half::round(value.sqrt(), st)
});

/// As [`kernels`], for functions of two numbers: the ranges may look at the value too.
macro_rules! kernels2 {
    ($($Op:ident |$a:ident, $b:ident, $s:ident| $f:expr, $g:expr; $fast:ident
        |$x:ident, $y:ident, $v:ident| $f64:expr, $f32:expr, $f16:expr;)+) => {$(
        kernels2!(@one $Op f64, inverse::$fast, |$x, $y, $v| $f64, |$a, $b, $s| $f);
        kernels2!(@one $Op f32, single::$fast, |$x, $y, $v| $f32, |$a, $b, $s| $g);
        kernels2!(@one $Op F16, single::$fast, |$x, $y, $v| $f16, |x, y, st| {
            let ($a, $b, $s) = (to_f32(x), to_f32(y), &mut *st);
            let value = $g;
            half::round(value, $s)
        });
    )+};
    (@one $Op:ident $T:ty, $home:ident::$fast:ident, |$x:ident, $y:ident, $v:ident| $range:expr,
        |$a:ident, $b:ident, $st:ident| $slow:expr) => {
        impl Kernel2 for $Op<$T> {
            type T = $T;
            #[inline(always)]
            fn last<V: Real<E = WideOf<$T>, I = IntOf<$T>>>($x: V, $y: V, _: Held<V>) -> (V, V::M) {
                let $v = $home::$fast($x, $y);
                ($v, $range)
            }
            #[inline(always)]
            #[allow(unused_variables)]
            fn slow($a: $T, $b: $T, $st: &mut u8) -> $T { $slow }
        }
    };
}
/// Whether a hypotenuse lies between two numbers, to within a factor of two, or is zero.
#[inline(always)]
fn hypot_sized<V: Real>(x: V, y: V, low: V::E, high: V::E) -> V::M {
    let (a, b) = (x.abs(), y.abs());
    let large = V::of(low).le(a) | V::of(low).le(b);
    below(a, high) & below(b, high) & (large | (a + b).same(V::number(0.0)))
}
/// Whether both numbers lie between two and neither is zero, so that no sign of zero matters.
#[inline(always)]
fn both_sized<V: Real>(x: V, y: V, low: V::E, high: V::E) -> V::M {
    between(x.abs(), low, high) & between(y.abs(), low, high)
}
/// Whether a quotient of finite numbers is far enough from zero.
#[inline(always)]
fn quotient_sized<V: Real<E = f32>>(y: V, x: V, least: f32) -> V::M {
    let (a, b) = (y.abs(), x.abs());
    below(a, 1e38) & below(b, 1e38) & (b * V::of(least)).le(a) & V::of(0.0).lt(b)
}
/// Whether numbers are finite and near each other, and a sum of the larger and more does not cancel.
#[inline(always)]
fn added<V: Real>(x: V, y: V, v: V, apart: V::E, half: V::E, limit: V::E) -> V::M {
    let (a, b) = (V::pick(x.lt(y), y, x), v.abs());
    let grown = V::of(half).le(b) | a.same(a.abs());
    below(x - y, apart) & below(x, limit) & below(y, limit) & grown
}
kernels2! {
    Hypot |x, y, st| sys::hypot(x, y), sys::hypotf(x, y); hypot
        |x, y, v| hypot_sized(x, y, 1e-140, 1e140) & V::of(0.0).lt(v),
        hypot_sized(x, y, 1.2e-38, 2.4e38), hypot_sized(x, y, 6.2e-5, 46_000.0);
    Arctan2 |y, x, st| sys::atan2(y, x), sys::atan2f(y, x); atan2
        |y, x, v| both_sized(x, y, 1e-140, 1e140), quotient_sized(y, x, LEAST_F32),
        quotient_sized(y, x, LEAST_F16);
    Logaddexp |x, y, st| log_add_exp(x, y, st), log_add_exp_f(x, y, st); logaddexp
        |x, y, v| added(x, y, v, 700.0, 0.35, 1e300), added(x, y, v, 80.0, 0.35, 1e30),
        added(x, y, v, 80.0, 0.35, 65_000.0) & between(v.abs(), 6.2e-5, 65_000.0);
    Logaddexp2 |x, y, st| log_add_exp2(x, y, st), log_add_exp2_f(x, y, st); logaddexp2
        |x, y, v| added(x, y, v, 1000.0, 0.5, 1e300), added(x, y, v, 100.0, 0.5, 1e30),
        added(x, y, v, 100.0, 0.5, 65_000.0) & between(v.abs(), 6.2e-5, 65_000.0);
}

/// `log(exp(x) + exp(y))` without overflow, in the base the arguments give.
macro_rules! log_add {
    ($name:ident, $T:ty, $exp:ident, $log1p:ident, $log2:expr, $scale:expr) => {
        fn $name(x: $T, y: $T, st: &mut u8) -> $T {
            if x.is_nan() || y.is_nan() {
                *st |= fp::INVALID;
            }
            if x == y {
                // Infinities of one sign, whose difference is not a number.
                return x + $log2;
            }
            let d = x - y;
            if d > 0.0 {
                x + $scale * sys::$log1p(sys::$exp(-d))
            } else if d <= 0.0 {
                y + $scale * sys::$log1p(sys::$exp(d))
            } else {
                d
            }
        }
    };
}
log_add!(log_add_exp, f64, exp, log1p, std::f64::consts::LN_2, 1.0);
log_add!(
    log_add_exp_f,
    f32,
    expf,
    log1pf,
    std::f32::consts::LN_2,
    1.0
);
log_add!(
    log_add_exp2,
    f64,
    exp2,
    log1p,
    1.0,
    std::f64::consts::LOG2_E
);
log_add!(
    log_add_exp2_f,
    f32,
    exp2f,
    log1pf,
    1.0,
    std::f32::consts::LOG2_E
);

/// Statics of functions of one number, by the pattern of their rows.
macro_rules! function_tables {
    ($($(#[$meta:meta])* $NAME:ident $Op:ident $pattern:tt $make:ident $flags:ident;)+) => {
        $(function_tables!(@$pattern $(#[$meta])* $NAME $Op $make $flags);)+
    };
    (@plain $(#[$meta:meta])* $NAME:ident $Op:ident $make:ident $flags:ident) => {
        tables! { $(#[$meta])* $NAME = [
            rows!(1, $make, $Op, $flags, "e" F16, "f" f32, "d" f64),
        crate::longdouble::$NAME,
            rows!(1, unary_one, $Op, SLOW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::$NAME,
    ]; }
    };
    (@narrow $(#[$meta:meta])* $NAME:ident $Op:ident $make:ident $flags:ident) => {
        tables! { $(#[$meta])* $NAME = [
            rows!(1, $make, $Op, $flags, "e" F16, "f" f32, "d" f64, "f" f32, "d" f64),
        crate::longdouble::$NAME,
            rows!(1, unary_one, $Op, SLOW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::$NAME,
    ]; }
    };
    (@wide $(#[$meta:meta])* $NAME:ident $Op:ident $make:ident $flags:ident) => {
        tables! { $(#[$meta])* $NAME = [
            rows!(1, $make, $Op, $flags, "e" F16, "f" f32, "d" f64, "e" F16, "f" f32, "d" f64),
        crate::longdouble::$NAME,
            rows!(1, unary_one, $Op, SLOW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::$NAME,
    ]; }
    };
}
function_tables! {
    /// Loops of `exp`.
    EXP Exp narrow vector VECTOR;
    /// Loops of `exp2`.
    EXP2 Exp2 wide vector VECTOR;
    /// Loops of `expm1`.
    EXPM1 Expm1 wide vector VECTOR;
    /// Loops of `log`.
    LOG Log narrow vector VECTOR;
    /// Loops of `log2`.
    LOG2 Log2 wide vector VECTOR;
    /// Loops of `log10`.
    LOG10 Log10 wide vector VECTOR;
    /// Loops of `log1p`.
    LOG1P Log1p wide vector VECTOR;
    /// Loops of `sin`.
    SIN Sin plain vector VECTOR;
    /// Loops of `cos`.
    COS Cos plain vector VECTOR;
    /// Loops of `tan`.
    TAN Tan wide vector VECTOR;
    /// Loops of `arcsin`.
    ARCSIN Arcsin wide vector VECTOR;
    /// Loops of `arccos`.
    ARCCOS Arccos wide vector VECTOR;
    /// Loops of `arctan`.
    ARCTAN Arctan wide vector VECTOR;
    /// Loops of `sinh`.
    SINH Sinh wide vector VECTOR;
    /// Loops of `cosh`.
    COSH Cosh wide vector VECTOR;
    /// Loops of `tanh`.
    TANH Tanh wide vector VECTOR;
    /// Loops of `arcsinh`.
    ARCSINH Arcsinh wide vector VECTOR;
    /// Loops of `arccosh`.
    ARCCOSH Arccosh wide vector VECTOR;
    /// Loops of `arctanh`.
    ARCTANH Arctanh wide vector VECTOR;
}
tables! {
    /// Loops of `sqrt`.
    SQRT = [
        rows!(1, unary, Sqrt, VECTOR, "e" F16),
        rows!(1, unary, Sqrt, HW, "f" f32, "d" f64, "f" f32, "d" f64),
        crate::longdouble::SQRT,
        rows!(1, unary_one, Sqrt, SLOW, "F" Complex<f32>, "D" Complex<f64>),
        crate::longdouble::complex::SQRT,
    ];
    /// Loops of `cbrt`.
    CBRT = [rows!(1, vector, Cbrt, VECTOR, "e" F16, "f" f32, "d" f64, "e" F16, "f" f32, "d" f64),
        crate::longdouble::CBRT,
    ];
    /// Loops of `hypot`.
    HYPOT = [rows!(2, vector2, Hypot, VECTOR, "e" F16, "f" f32, "d" f64),
        crate::longdouble::HYPOT,
    ];
    /// Loops of `arctan2`.
    ARCTAN2 = [rows!(2, vector2, Arctan2, VECTOR, "e" F16, "f" f32, "d" f64),
        crate::longdouble::ARCTAN2,
    ];
    /// Loops of `_arg`.
    ARG = [
        &[row!("F->f", unary_one::<Angle<Complex<f32>>>(), SLOW)],
        &[row!("D->d", unary_one::<Angle<Complex<f64>>>(), SLOW)],
    ];
    /// Loops of `logaddexp`.
    LOGADDEXP = [rows!(2, vector2, Logaddexp, VECTOR, "e" F16, "f" f32, "d" f64),
        crate::longdouble::LOGADDEXP,
    ];
    /// Loops of `logaddexp2`.
    LOGADDEXP2 = [rows!(2, vector2, Logaddexp2, VECTOR, "e" F16, "f" f32, "d" f64),
        crate::longdouble::LOGADDEXP2,
    ];
}
