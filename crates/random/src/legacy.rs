//! Distributions of the legacy interface whose methods were replaced for the current one.
//!
//! Everything else is shared: a [`Legacy`](crate::source::Legacy) source through the functions of
//! [`continuous`](crate::continuous), [`discrete`](crate::discrete) and
//! [`binomial`](crate::binomial).

use std::f64::consts::PI;

use crate::bitgen::BitGen;
use crate::continuous;
use crate::discrete;
use crate::hypergeometric::Hrua;
use crate::source::Source;

/// Beta; no special case for tiny parameters.
pub fn beta<S: Source + ?Sized>(src: &mut S, a: f64, b: f64) -> f64 {
    if a <= 1.0 && b <= 1.0 {
        let from_logs = |x: f64, y: f64| {
            let top = x.max(y);
            let (x, y) = (x - top, y - top);
            (x - (x.exp() + y.exp()).ln()).exp()
        };
        return continuous::beta_johnk(src, a, b, |x, y| x + y > 0.0, from_logs);
    }
    continuous::beta_gammas(src, a, b)
}

/// Pareto II (Lomax).
pub fn pareto<S: Source + ?Sized>(src: &mut S, a: f64) -> f64 {
    (src.exponential() / a).exp() - 1.0
}

/// The power-function distribution.
pub fn power<S: Source + ?Sized>(src: &mut S, a: f64) -> f64 {
    (1.0 - (-src.exponential()).exp()).powf(1.0 / a)
}

/// Rayleigh.
pub fn rayleigh<S: Source + ?Sized>(src: &mut S, mode: f64) -> f64 {
    mode * (-2.0 * (-src.double()).ln_1p()).sqrt()
}

/// Inverse Gaussian, with the smaller root as a difference.
pub fn wald<S: Source + ?Sized>(src: &mut S, mean: f64, scale: f64) -> f64 {
    let half = mean / (2.0 * scale);
    let y = src.normal();
    let y = mean * y * y;
    let x = mean + half * (y - (4.0 * scale * y + y * y).sqrt());
    let u = src.double();
    if u <= mean / (mean + x) {
        x
    } else {
        mean * mean / x
    }
}

/// Von Mises, by rejection for every concentration.
pub fn vonmises<S: Source + ?Sized>(src: &mut S, mu: f64, kappa: f64) -> f64 {
    if kappa.is_nan() {
        return f64::NAN;
    }
    if kappa < 1e-8 {
        return PI * (2.0 * src.double() - 1.0);
    }
    continuous::vonmises_fisher(src, mu, kappa)
}

/// The number of trials up to the first success.
pub fn geometric<S: Source + ?Sized>(src: &mut S, p: f64) -> i64 {
    if p >= 1.0 / 3.0 {
        return discrete::geometric_search(src, p);
    }
    discrete::to_long(((1.0 - src.double()).ln() / (1.0 - p).ln()).ceil())
}

/// Zipf.
pub fn zipf<S: Source + ?Sized>(src: &mut S, a: f64) -> i64 {
    let exponent = a - 1.0;
    let b = 2_f64.powf(exponent);
    loop {
        let u = 1.0 - src.double();
        let v = src.double();
        let x = u.powf(-1.0 / exponent).floor();
        if x > i64::MAX as f64 || x < 1.0 {
            continue;
        }
        let t = (1.0 + 1.0 / x).powf(exponent);
        if v * x * (t - 1.0) / (b - 1.0) <= t / b {
            return discrete::to_long(x);
        }
    }
}

/// Logarithmic series.
pub fn logseries<S: Source + ?Sized>(src: &mut S, p: f64) -> i64 {
    let r = (1.0 - p).ln();
    loop {
        let v = src.double();
        if v >= p {
            return 1;
        }
        let q = 1.0 - (r * src.double()).exp();
        if let Some(value) = discrete::logseries_value(v, q) {
            return value;
        }
    }
}

/// Hypergeometric: HRUA* for samples above ten, else item by item with doubles.
pub fn hypergeometric<G: BitGen + ?Sized>(gen: &mut G, good: i64, bad: i64, sample: i64) -> i64 {
    if sample > 10 {
        // The variance is that of the whole sample, even where fewer items are drawn.
        let log_factorial = |k| discrete::loggam((k + 1) as f64);
        return Hrua::new(good, bad, sample, sample, log_factorial).draw(gen);
    }
    if sample <= 0 {
        return 0;
    }
    let rest = (bad + good - sample) as f64;
    let fewer = bad.min(good) as f64;
    let mut left = fewer;
    let mut draws = sample;
    while left > 0.0 && draws > 0 {
        left -= (gen.next_double() + left / (rest + draws as f64)).floor();
        draws -= 1;
    }
    let taken = (fewer - left) as i64;
    if good > bad {
        sample - taken
    } else {
        taken
    }
}
