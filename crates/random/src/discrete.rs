//! Discrete distributions over any [`Source`], apart from the binomial and hypergeometric ones.

use crate::source::Source;

/// The logarithm of the gamma function: Stirling's series above seven, recurrence below.
///
/// Coefficients: S. Zhang, J. Jin, "Computation of Special Functions" (1996).
pub fn loggam(x: f64) -> f64 {
    const SERIES: [f64; 10] = [
        8.333_333_333_333_333e-2,
        -2.777_777_777_777_778e-3,
        7.936_507_936_507_937e-4,
        -5.952_380_952_380_952e-4,
        8.417_508_417_508_418e-4,
        -1.917_526_917_526_918e-3,
        6.410_256_410_256_41e-3,
        -2.955_065_359_477_124e-2,
        1.796_443_723_688_307e-1,
        -1.392_432_216_905_9,
    ];
    const LOG_TWO_PI: f64 = 1.837_877_066_409_345_3;
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let shift = if x < 7.0 { (7.0 - x) as i64 } else { 0 };
    let mut top = x + shift as f64;
    let square = (1.0 / top) * (1.0 / top);
    let sum = SERIES
        .iter()
        .rev()
        .skip(1)
        .fold(SERIES[9], |sum, term| sum * square + term);
    let mut log = sum / top + 0.5 * LOG_TWO_PI + (top - 0.5) * top.ln() - top;
    for _ in 0..shift {
        log -= (top - 1.0).ln();
        top -= 1.0;
    }
    log
}

/// Poisson: products of uniforms for small means, else the transformed rejection with squeeze
/// of W. Hörmann, "The transformed rejection method for generating Poisson random variables"
/// (1993).
pub fn poisson<S: Source + ?Sized>(src: &mut S, lam: f64) -> i64 {
    if lam >= 10.0 {
        return poisson_ptrs(src, lam);
    }
    if lam == 0.0 {
        return 0;
    }
    let limit = (-lam).exp();
    let mut product = 1.0;
    let mut count = 0;
    loop {
        product *= src.double();
        if product <= limit {
            return count;
        }
        count += 1;
    }
}

fn poisson_ptrs<S: Source + ?Sized>(src: &mut S, lam: f64) -> i64 {
    let log_lam = lam.ln();
    let b = 0.931 + 2.53 * lam.sqrt();
    let a = -0.059 + 0.02483 * b;
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let v_r = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = src.double() - 0.5;
        let v = src.double();
        let us = 0.5 - u.abs();
        let k = to_long(((2.0 * a / us + b) * u + lam + 0.43).floor());
        if us >= 0.07 && v <= v_r {
            return k;
        }
        if k < 0 || (us < 0.013 && v > us) {
            continue;
        }
        let density = -lam + k as f64 * log_lam - loggam((k + 1) as f64);
        if v.ln() + inverse_alpha.ln() - (a / (us * us) + b).ln() <= density {
            return k;
        }
    }
}

/// Negative binomial, as a Poisson with a gamma mean.
pub fn negative_binomial<S: Source + ?Sized>(src: &mut S, n: f64, p: f64) -> i64 {
    let mean = (1.0 - p) / p * src.gamma(n);
    poisson(src, mean)
}

/// The number of trials up to the first success: a walk for likely successes, else inversion.
pub fn geometric<S: Source + ?Sized>(src: &mut S, p: f64) -> i64 {
    if p >= 1.0 / 3.0 {
        return geometric_search(src, p);
    }
    // Casts saturate, which is the limit the value has as p goes to zero.
    (-src.exponential() / (-p).ln_1p()).ceil() as i64
}

/// Geometric, by a walk along the cumulative distribution.
pub(crate) fn geometric_search<S: Source + ?Sized>(src: &mut S, p: f64) -> i64 {
    let (mut trials, mut sum, mut product) = (1, p, p);
    let u = src.double();
    while u > sum {
        product *= 1.0 - p;
        sum += product;
        trials += 1;
    }
    trials
}

/// Zipf: L. Devroye's rejection (1986, chapter X.6.1), with the uniform bounded so that values
/// stay within 64 bits.
pub fn zipf<S: Source + ?Sized>(src: &mut S, a: f64) -> i64 {
    if a >= 1025.0 {
        // Values above one have probabilities below the smallest double.
        return 1;
    }
    let exponent = a - 1.0;
    let b = 2_f64.powf(exponent);
    let smallest = (i64::MAX as f64).powf(-exponent);
    loop {
        let u = src.double();
        let u = u * smallest + (1.0 - u);
        let v = src.double();
        let x = u.powf(-1.0 / exponent).floor();
        if x > i64::MAX as f64 || x < 1.0 {
            continue;
        }
        let t = (1.0 + 1.0 / x).powf(exponent);
        if v * x * (t - 1.0) / (b - 1.0) <= t / b {
            return x as i64;
        }
    }
}

/// Logarithmic series: A. W. Kemp, "Efficient generation of logarithmically distributed
/// pseudo-random variables" (1981), algorithm LK.
pub fn logseries<S: Source + ?Sized>(src: &mut S, p: f64) -> i64 {
    let r = (-p).ln_1p();
    loop {
        let v = src.double();
        if v >= p {
            return 1;
        }
        let q = -(r * src.double()).exp_m1();
        if let Some(value) = logseries_value(v, q) {
            return value;
        }
    }
}

/// The last step of Kemp's method; `None` asks for another round.
pub(crate) fn logseries_value(v: f64, q: f64) -> Option<i64> {
    if v <= q * q {
        let value = (1.0 + v.ln() / q.ln()).floor() as i64;
        return (value >= 1 && v != 0.0).then_some(value);
    }
    Some(if v >= q { 1 } else { 2 })
}

/// Conversion to a C long as processors do it: what does not fit becomes the smallest value.
pub(crate) fn to_long(x: f64) -> i64 {
    if x.is_nan() || x >= i64::MAX as f64 {
        i64::MIN
    } else {
        x as i64
    }
}
