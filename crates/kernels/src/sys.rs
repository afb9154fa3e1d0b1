//! The platform's C math library: accurate to within an ULP, and NumPy's own source of bits.

use numoxide_dtype::Complex;

/// Declares pairs or quadruples of C functions.
macro_rules! declare {
    {real {$($f:ident $g:ident ($($a:ident),+);)+} complex {$($cf:ident $cg:ident ($($b:ident),+);)+}} => {
        #[link(name = "m")]
        unsafe extern "C" {
            $(
                pub(crate) safe fn $f($($a: f64),+) -> f64;
                pub(crate) safe fn $g($($a: f32),+) -> f32;
            )+
            $(
                pub(crate) safe fn $cf($($b: Complex<f64>),+) -> Complex<f64>;
                pub(crate) safe fn $cg($($b: Complex<f32>),+) -> Complex<f32>;
            )+
        }
    };
}
declare! {
    real {
    exp expf(x);
    exp2 exp2f(x);
    expm1 expm1f(x);
    log logf(x);
    log2 log2f(x);
    log10 log10f(x);
    log1p log1pf(x);
    cbrt cbrtf(x);
    sin sinf(x);
    cos cosf(x);
    tan tanf(x);
    asin asinf(x);
    acos acosf(x);
    atan atanf(x);
    sinh sinhf(x);
    cosh coshf(x);
    tanh tanhf(x);
    asinh asinhf(x);
    acosh acoshf(x);
    atanh atanhf(x);
    pow powf(x, y);
    hypot hypotf(x, y);
    atan2 atan2f(x, y);
    }
    complex {
    csqrt csqrtf(z);
    cexp cexpf(z);
    clog clogf(z);
    csin csinf(z);
    ccos ccosf(z);
    ctan ctanf(z);
    csinh csinhf(z);
    ccosh ccoshf(z);
    ctanh ctanhf(z);
    casin casinf(z);
    cacos cacosf(z);
    catan catanf(z);
    casinh casinhf(z);
    cacosh cacoshf(z);
    catanh catanhf(z);
    cpow cpowf(x, y);
    }
}
