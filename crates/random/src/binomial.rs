//! The binomial distribution and the multinomial made from it.

use crate::source::Source;

/// The number of successes in `n` trials.
///
/// Few expected successes: inversion. Else V. Kachitvichyanukul, B. W. Schmeiser, "Binomial
/// random variate generation" (1988), algorithm BTPE.
pub fn binomial<S: Source + ?Sized>(src: &mut S, n: i64, p: f64) -> i64 {
    if n == 0 || p == 0.0 {
        return 0;
    }
    if p <= 0.5 {
        return minority(src, n, p);
    }
    n - minority(src, n, 1.0 - p)
}

fn minority<S: Source + ?Sized>(src: &mut S, n: i64, p: f64) -> i64 {
    if p * n as f64 <= 30.0 {
        inversion(src, n, p)
    } else {
        Btpe::new(n, p).draw(src)
    }
}

fn inversion<S: Source + ?Sized>(src: &mut S, n: i64, p: f64) -> i64 {
    let q = 1.0 - p;
    let trials = n as f64;
    let none = (trials * q.ln()).exp();
    let mean = trials * p;
    let bound = trials.min(mean + 10.0 * (mean * q + 1.0).sqrt()) as i64;
    let mut count = 0;
    let mut mass = none;
    let mut u = src.double();
    while u > mass {
        count += 1;
        if count > bound {
            count = 0;
            mass = none;
            u = src.double();
        } else {
            u -= mass;
            mass = ((n - count + 1) as f64 * p * mass) / (count as f64 * q);
        }
    }
    count
}

/// The set-up of BTPE: a triangle, two parallelograms and two exponential tails that together
/// cover the scaled probabilities.
struct Btpe {
    n: i64,
    r: f64,
    q: f64,
    mode: i64,
    center: f64,
    left: f64,
    right: f64,
    c: f64,
    lambda_left: f64,
    lambda_right: f64,
    areas: [f64; 4],
}

impl Btpe {
    fn new(n: i64, p: f64) -> Self {
        let r = p.min(1.0 - p);
        let q = 1.0 - r;
        let trials = n as f64;
        let fm = trials * r + r;
        let mode = fm.floor() as i64;
        let triangle = (2.195 * (trials * r * q).sqrt() - 4.6 * q).floor() + 0.5;
        let center = mode as f64 + 0.5;
        let (left, right) = (center - triangle, center + triangle);
        let c = 0.134 + 20.5 / (15.3 + mode as f64);
        let slope = |a: f64| a * (1.0 + a / 2.0);
        let lambda_left = slope((fm - left) / (fm - left * r));
        let lambda_right = slope((right - fm) / (right * q));
        let parallel = triangle * (1.0 + 2.0 * c);
        let left_tail = parallel + c / lambda_left;
        let areas = [triangle, parallel, left_tail, left_tail + c / lambda_right];
        Self {
            n,
            r,
            q,
            mode,
            center,
            left,
            right,
            c,
            lambda_left,
            lambda_right,
            areas,
        }
    }

    fn draw<S: Source + ?Sized>(&self, src: &mut S) -> i64 {
        let [triangle, parallel, left_tail, total] = self.areas;

        loop {
            let u = src.double() * total;
            let mut v = src.double();
            let y;
            if u <= triangle {
                break (self.center - triangle * v + u).floor() as i64;
            } else if u <= parallel {
                let x = self.left + (u - triangle) / self.c;
                v = v * self.c + 1.0 - (self.mode as f64 - x + 0.5).abs() / triangle;
                if v > 1.0 {
                    continue;
                }
                y = x.floor() as i64;
            } else if u <= left_tail {
                y = (self.left + v.ln() / self.lambda_left).floor() as i64;
                // A uniform of zero has no logarithm.
                if y < 0 || v == 0.0 {
                    continue;
                }
                v *= (u - parallel) * self.lambda_left;
            } else {
                y = (self.right - v.ln() / self.lambda_right).floor() as i64;
                if y > self.n || v == 0.0 {
                    continue;
                }
                v *= (u - left_tail) * self.lambda_right;
            }
            if self.accept(y, v) {
                break y;
            }
        }
    }

    /// Whether `v` lies below the scaled probability of `y`.
    fn accept(&self, y: i64, v: f64) -> bool {
        let distance = (y - self.mode).abs();
        let variance = self.n as f64 * self.r * self.q;
        if distance <= 20 || distance as f64 >= variance / 2.0 - 1.0 {
            return v <= self.ratio(y);
        }
        let k = distance as f64;
        let rho =
            (k / variance) * ((k * (k / 3.0 + 0.625) + 0.166_666_666_666_666_66) / variance + 0.5);
        let t = -k * k / (2.0 * variance);
        let log_v = v.ln();
        if log_v < t - rho {
            return true;
        }
        log_v <= t + rho && log_v <= self.log_ratio(y)
    }

    /// The probability of `y` over that of the mode, by recurrence.
    fn ratio(&self, y: i64) -> f64 {
        let s = self.r / self.q;
        let a = s * (self.n + 1) as f64;
        let mut ratio = 1.0;
        for i in self.mode + 1..=y {
            ratio *= a / i as f64 - s;
        }
        for i in y + 1..=self.mode {
            ratio /= a / i as f64 - s;
        }
        ratio
    }

    /// The logarithm of that ratio, by Stirling's formula.
    fn log_ratio(&self, y: i64) -> f64 {
        let x1 = (y + 1) as f64;
        let f1 = (self.mode + 1) as f64;
        let z = (self.n + 1 - self.mode) as f64;
        let w = (self.n - y + 1) as f64;
        let tail = |x: f64| {
            let square = x * x;
            (13_680.0 - (462.0 - (132.0 - (99.0 - 140.0 / square) / square) / square) / square)
                / x
                / 166_320.0
        };
        self.center * (f1 / x1).ln()
            + ((self.n - self.mode) as f64 + 0.5) * (z / w).ln()
            + (y - self.mode) as f64 * (w * self.r / (x1 * self.q)).ln()
            + tail(f1)
            + tail(z)
            + tail(x1)
            + tail(w)
    }
}

/// Splits `n` trials over the categories of `pvals`; `out` has one slot per category.
pub fn multinomial<S: Source + ?Sized>(src: &mut S, n: i64, pvals: &[f64], out: &mut [i64]) {
    out.fill(0);
    let mut rest_p = 1.0;
    let mut rest_n = n;
    let last = pvals.len().saturating_sub(1);
    for (slot, &p) in out.iter_mut().zip(&pvals[..last]) {
        *slot = binomial(src, rest_n, p / rest_p);
        rest_n -= *slot;
        if rest_n <= 0 {
            return;
        }
        rest_p -= p;
    }
    if let Some(slot) = out.get_mut(last) {
        *slot = rest_n;
    }
}
