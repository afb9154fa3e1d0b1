//! Continuous distributions over any [`Source`].
//!
//! Transformations of uniform, normal and exponential variates follow L. Devroye, "Non-Uniform
//! Random Variate Generation" (1986), unless a function names another source.

use std::f64::consts::PI;

use crate::bitgen::BitGen;
use crate::source::Source;
use crate::ziggurat::{standard_exponential_f32, standard_normal_f32};

/// Gamma with unit scale.
///
/// Shapes above one: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables"
/// (2000). Below one: rejection from a mixture, after J. H. Ahrens and U. Dieter (1974).
#[expect(clippy::neg_cmp_op_on_partial_ord, reason = "NaN goes the other way")]
pub fn standard_gamma<S: Source + ?Sized>(src: &mut S, shape: f64) -> f64 {
    if shape == 1.0 {
        return src.exponential();
    }
    if shape == 0.0 {
        return 0.0;
    }
    if shape < 1.0 {
        loop {
            let u = src.double();
            let v = src.exponential();
            if u <= 1.0 - shape {
                let x = u.powf(1.0 / shape);
                if x <= v {
                    return x;
                }
            } else {
                let y = -((1.0 - u) / shape).ln();
                let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                if x <= v + y {
                    return x;
                }
            }
        }
    }
    let b = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * b).sqrt();
    loop {
        let (x, v) = loop {
            let x = src.normal();
            let v = 1.0 + c * x;
            // Not `v > 0`: a shape that is not a number must get through.
            if !(v <= 0.0) {
                break (x, v);
            }
        };
        let v = v * v * v;
        let u = src.double();
        if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln()) {
            return b * v;
        }
    }
}

/// Gamma with unit scale in single precision; the methods of [`standard_gamma`].
#[expect(clippy::neg_cmp_op_on_partial_ord, reason = "NaN goes the other way")]
pub fn standard_gamma_f32<G: BitGen + ?Sized>(gen: &mut G, shape: f32) -> f32 {
    if shape == 1.0 {
        return standard_exponential_f32(gen);
    }
    if shape == 0.0 {
        return 0.0;
    }
    if shape < 1.0 {
        loop {
            let u = gen.next_float();
            let v = standard_exponential_f32(gen);
            if u <= 1.0 - shape {
                let x = u.powf(1.0 / shape);
                if x <= v {
                    return x;
                }
            } else {
                let y = -((1.0 - u) / shape).ln();
                let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                if x <= v + y {
                    return x;
                }
            }
        }
    }
    let b = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * b).sqrt();
    loop {
        let (x, v) = loop {
            let x = standard_normal_f32(gen);
            let v = 1.0 + c * x;
            // Not `v > 0`: a shape that is not a number must get through.
            if !(v <= 0.0) {
                break (x, v);
            }
        };
        let v = v * v * v;
        let u = gen.next_float();
        if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln()) {
            return b * v;
        }
    }
}

/// Normal with mean zero and deviation one.
pub fn standard_normal<S: Source + ?Sized>(src: &mut S) -> f64 {
    src.normal()
}

/// Exponential with unit scale.
pub fn standard_exponential<S: Source + ?Sized>(src: &mut S) -> f64 {
    src.exponential()
}

/// Gamma.
pub fn gamma<S: Source + ?Sized>(src: &mut S, shape: f64, scale: f64) -> f64 {
    scale * src.gamma(shape)
}

/// Uniform on `[low, low + range)`.
pub fn uniform<S: Source + ?Sized>(src: &mut S, low: f64, range: f64) -> f64 {
    low + range * src.double()
}

/// Normal.
pub fn normal<S: Source + ?Sized>(src: &mut S, loc: f64, scale: f64) -> f64 {
    loc + scale * src.normal()
}

/// Exponential.
pub fn exponential<S: Source + ?Sized>(src: &mut S, scale: f64) -> f64 {
    scale * src.exponential()
}

/// Beta; both parameters at most one: M. D. Jöhnk (1964), in logarithms where powers underflow.
pub fn beta<S: Source + ?Sized>(src: &mut S, a: f64, b: f64) -> f64 {
    /// Below this the variate is zero or one with all but no probability for the rest.
    const TINY: f64 = 3e-103;
    if a > 1.0 || b > 1.0 {
        return beta_gammas(src, a, b);
    }
    if a < TINY && b < TINY {
        return f64::from((a + b) * src.double() < a);
    }
    let from_logs = |x: f64, y: f64| {
        let delta = x - y;
        if delta > 0.0 {
            (-(-delta).exp().ln_1p()).exp()
        } else {
            (delta - delta.exp().ln_1p()).exp()
        }
    };
    beta_johnk(src, a, b, |x, y| x > 0.0 && y > 0.0, from_logs)
}

/// Beta as a share of two gammas.
pub(crate) fn beta_gammas<S: Source + ?Sized>(src: &mut S, a: f64, b: f64) -> f64 {
    let x = src.gamma(a);
    let y = src.gamma(b);
    x / (x + y)
}

/// Jöhnk's rejection for two small parameters; `direct` tells whether the powers can be divided,
/// and `from_logs` makes the share of the first from the logarithms of both.
pub(crate) fn beta_johnk<S: Source + ?Sized>(
    src: &mut S,
    a: f64,
    b: f64,
    direct: fn(f64, f64) -> bool,
    from_logs: fn(f64, f64) -> f64,
) -> f64 {
    loop {
        let u = src.double();
        let v = src.double();
        let x = u.powf(1.0 / a);
        let y = v.powf(1.0 / b);
        let sum = x + y;
        if sum <= 1.0 && u + v > 0.0 {
            if direct(x, y) {
                return x / sum;
            }
            return from_logs(u.ln() / a, v.ln() / b);
        }
    }
}

/// Chi-square.
pub fn chisquare<S: Source + ?Sized>(src: &mut S, df: f64) -> f64 {
    2.0 * src.gamma(df / 2.0)
}

/// Noncentral chi-square.
pub fn noncentral_chisquare<S: Source + ?Sized>(src: &mut S, df: f64, nonc: f64) -> f64 {
    if nonc.is_nan() {
        return f64::NAN;
    }
    if nonc == 0.0 {
        return chisquare(src, df);
    }
    if df > 1.0 {
        let chi = chisquare(src, df - 1.0);
        let n = src.normal() + nonc.sqrt();
        return chi + n * n;
    }
    let i = crate::discrete::poisson(src, nonc / 2.0);
    chisquare(src, df + 2.0 * i as f64)
}

/// Fisher's F.
pub fn f<S: Source + ?Sized>(src: &mut S, dfnum: f64, dfden: f64) -> f64 {
    let top = chisquare(src, dfnum) * dfden;
    top / (chisquare(src, dfden) * dfnum)
}

/// Noncentral F.
pub fn noncentral_f<S: Source + ?Sized>(src: &mut S, dfnum: f64, dfden: f64, nonc: f64) -> f64 {
    let top = noncentral_chisquare(src, dfnum, nonc) * dfden;
    top / (chisquare(src, dfden) * dfnum)
}

/// Cauchy.
pub fn standard_cauchy<S: Source + ?Sized>(src: &mut S) -> f64 {
    let top = src.normal();
    top / src.normal()
}

/// Student's t.
pub fn standard_t<S: Source + ?Sized>(src: &mut S, df: f64) -> f64 {
    let top = src.normal();
    let bottom = src.gamma(df / 2.0);
    (df / 2.0).sqrt() * top / bottom.sqrt()
}

/// Pareto II (Lomax).
pub fn pareto<S: Source + ?Sized>(src: &mut S, a: f64) -> f64 {
    (src.exponential() / a).exp_m1()
}

/// Weibull.
pub fn weibull<S: Source + ?Sized>(src: &mut S, a: f64) -> f64 {
    if a == 0.0 {
        return 0.0;
    }
    src.exponential().powf(1.0 / a)
}

/// The power-function distribution.
pub fn power<S: Source + ?Sized>(src: &mut S, a: f64) -> f64 {
    (-(-src.exponential()).exp_m1()).powf(1.0 / a)
}

/// Laplace, by inversion on either side of the median.
pub fn laplace<S: Source + ?Sized>(src: &mut S, loc: f64, scale: f64) -> f64 {
    loop {
        let u = src.double();
        if u >= 0.5 {
            return loc - scale * (2.0 - u - u).ln();
        }
        if u > 0.0 {
            return loc + scale * (u + u).ln();
        }
    }
}

/// Gumbel.
pub fn gumbel<S: Source + ?Sized>(src: &mut S, loc: f64, scale: f64) -> f64 {
    loop {
        let u = 1.0 - src.double();
        if u < 1.0 {
            return loc - scale * (-u.ln()).ln();
        }
    }
}

/// Logistic.
pub fn logistic<S: Source + ?Sized>(src: &mut S, loc: f64, scale: f64) -> f64 {
    loop {
        let u = src.double();
        if u > 0.0 {
            return loc + scale * (u / (1.0 - u)).ln();
        }
    }
}

/// Log-normal.
pub fn lognormal<S: Source + ?Sized>(src: &mut S, mean: f64, sigma: f64) -> f64 {
    normal(src, mean, sigma).exp()
}

/// Rayleigh.
pub fn rayleigh<S: Source + ?Sized>(src: &mut S, mode: f64) -> f64 {
    mode * (2.0 * src.exponential()).sqrt()
}

/// Inverse Gaussian: J. R. Michael, W. R. Schucany, R. W. Haas, "Generating random variates using
/// transformations with multiple roots" (1976); the smaller root without cancellation.
pub fn wald<S: Source + ?Sized>(src: &mut S, mean: f64, scale: f64) -> f64 {
    let y = src.normal();
    let y = mean * y * y;
    let d = 1.0 + (1.0 + 4.0 * scale / y).sqrt();
    let x = mean * (1.0 - 2.0 / d);
    let u = src.double();
    if u <= mean / (mean + x) {
        x
    } else {
        mean * mean / x
    }
}

/// Von Mises: D. J. Best, N. I. Fisher, "Efficient simulation of the von Mises distribution"
/// (1979); a wrapped normal where the concentration is very large.
pub fn vonmises<S: Source + ?Sized>(src: &mut S, mu: f64, kappa: f64) -> f64 {
    if kappa.is_nan() {
        return f64::NAN;
    }
    if kappa < 1e-8 {
        return PI * (2.0 * src.double() - 1.0);
    }
    if kappa > 1e6 {
        let mut angle = mu + (1.0 / kappa).sqrt() * src.normal();
        if angle < -PI {
            angle += 2.0 * PI;
        }
        if angle > PI {
            angle -= 2.0 * PI;
        }
        return angle;
    }
    vonmises_fisher(src, mu, kappa)
}

/// The rejection loop of [`vonmises`].
pub(crate) fn vonmises_fisher<S: Source + ?Sized>(src: &mut S, mu: f64, kappa: f64) -> f64 {
    let s = if kappa < 1e-5 {
        1.0 / kappa + kappa
    } else {
        let r = 1.0 + (1.0 + 4.0 * kappa * kappa).sqrt();
        let rho = (r - (2.0 * r).sqrt()) / (2.0 * kappa);
        (1.0 + rho * rho) / (2.0 * rho)
    };
    let w = loop {
        let u = src.double();
        let z = (PI * u).cos();
        let w = (1.0 + s * z) / (s + z);
        let y = kappa * (s - w);
        let v = src.double();
        if y * (2.0 - y) - v >= 0.0 || (y / v).ln() + 1.0 - y >= 0.0 {
            break w;
        }
    };
    let angle = if src.double() < 0.5 {
        -w.acos()
    } else {
        w.acos()
    } + mu;
    let wrapped = (angle.abs() + PI) % (2.0 * PI) - PI;
    if angle < 0.0 {
        -wrapped
    } else {
        wrapped
    }
}

/// Triangular, by inversion.
pub fn triangular<S: Source + ?Sized>(src: &mut S, left: f64, mode: f64, right: f64) -> f64 {
    let base = right - left;
    let left_base = mode - left;
    let u = src.double();
    if u <= left_base / base {
        left + (u * (left_base * base)).sqrt()
    } else {
        right - ((1.0 - u) * ((right - mode) * base)).sqrt()
    }
}

/// Dirichlet: normalised gammas, or for small parameters, where those are all zero, broken sticks.
pub fn dirichlet<S: Source + ?Sized>(src: &mut S, alpha: &[f64], out: &mut [f64]) {
    let largest = alpha.iter().fold(0.0_f64, |top, &a| top.max(a));
    if largest >= 0.1 || alpha.len() < 2 {
        return dirichlet_gammas(src, alpha, out);
    }
    // `rest[i]` is the sum of the parameters behind the i-th, added from the back.
    let mut rest = vec![0.0; alpha.len()];
    for i in (0..alpha.len() - 1).rev() {
        rest[i] = alpha[i + 1] + rest[i + 1];
    }
    let mut stick = 1.0;
    let last = alpha.len() - 1;
    for i in 0..last {
        let share = beta(src, alpha[i], rest[i]);
        out[i] = stick * share;
        stick *= 1.0 - share;
        if rest[i + 1] == 0.0 {
            break;
        }
    }
    out[last] = stick;
}

/// Dirichlet as normalised gammas.
pub fn dirichlet_gammas<S: Source + ?Sized>(src: &mut S, alpha: &[f64], out: &mut [f64]) {
    let mut sum = 0.0;
    for (slot, &shape) in out.iter_mut().zip(alpha) {
        *slot = src.gamma(shape);
        sum += *slot;
    }
    let scale = 1.0 / sum;
    out.iter_mut().for_each(|slot| *slot *= scale);
}
