//! The hypergeometric distribution and its multivariate form.

use std::sync::LazyLock;

use crate::bitgen::BitGen;
use crate::bounded::{bounded_u64, Method};

/// 2·√(2/e) and 3 − 2·√(3/e): the constants of the ratio-of-uniforms method.
const D1: f64 = 1.715_527_769_921_413_5;
const D2: f64 = 0.898_916_162_058_898_8;

const TABLE: usize = 126;
static LOG_FACTORIALS: LazyLock<[f64; TABLE]> =
    LazyLock::new(|| std::array::from_fn(|k| exact_log_factorial(k as u32)));

/// Logarithm of k! for small k: the logarithm of a product kept to about 31 digits.
fn exact_log_factorial(k: u32) -> f64 {
    use crate::dd::Dd;
    let product = (2..=k).fold(Dd::ONE, |product, i| {
        product.mul(Dd {
            hi: f64::from(i),
            lo: 0.0,
        })
    });
    product.ln().hi
}

/// The logarithm of `k!`; Stirling's formula beyond the table.
pub(crate) fn log_factorial(k: i64) -> f64 {
    const HALF_LOG_TWO_PI: f64 = 0.918_938_533_204_672_8;
    if let Some(&value) = usize::try_from(k).ok().and_then(|k| LOG_FACTORIALS.get(k)) {
        return value;
    }
    let x = k as f64;
    (x + 0.5) * x.ln() - x + (HALF_LOG_TWO_PI + (1.0 / x) * (1.0 / 12.0 - 1.0 / (360.0 * x * x)))
}

/// How many of `sample` items drawn without replacement are among the `good` ones.
pub fn hypergeometric<G: BitGen + ?Sized>(gen: &mut G, good: i64, bad: i64, sample: i64) -> i64 {
    if sample >= 10 && sample <= good + bad - 10 {
        return Hrua::new(
            good,
            bad,
            sample,
            sample.min(good + bad - sample),
            log_factorial,
        )
        .draw(gen);
    }
    urn(gen, good, bad, sample)
}

/// Draws item by item.
fn urn<G: BitGen + ?Sized>(gen: &mut G, good: i64, bad: i64, sample: i64) -> i64 {
    let total = good + bad;
    let mut draws = sample.min(total - sample);
    let (mut rest, mut rest_good) = (total, good);
    while draws > 0 && rest_good > 0 && rest > rest_good {
        rest -= 1;
        if (bounded_u64(gen, rest as u64, Method::Masked) as i64) < rest_good {
            rest_good -= 1;
        }
        draws -= 1;
    }
    if rest == rest_good {
        rest_good -= draws;
    }
    if sample > total / 2 {
        rest_good
    } else {
        good - rest_good
    }
}

/// The ratio-of-uniforms method HRUA* of E. Stadlober, "The ratio of uniforms approach for
/// generating discrete random variates" (1990), with the set-up of one set of parameters.
pub(crate) struct Hrua {
    good: i64,
    bad: i64,
    sample: i64,
    draws: i64,
    a: f64,
    h: f64,
    g: f64,
    b: f64,
    log_factorial: fn(i64) -> f64,
}

impl Hrua {
    /// `spread` is the number of draws that the variance is taken at.
    pub(crate) fn new(
        good: i64,
        bad: i64,
        sample: i64,
        spread: i64,
        log_factorial: fn(i64) -> f64,
    ) -> Self {
        let total = good + bad;
        let draws = sample.min(total - sample);
        let (fewer, more) = (good.min(bad), good.max(bad));
        let p = fewer as f64 / total as f64;
        let q = more as f64 / total as f64;
        let a = draws as f64 * p + 0.5;
        let variance = (total - draws) as f64 * spread as f64 * p * q / (total - 1) as f64;
        let c = (variance + 0.5).sqrt();
        let mode = ((draws + 1) as f64 * (fewer + 1) as f64 / (total + 2) as f64).floor() as i64;
        let b = ((draws.min(fewer) + 1) as f64).min((a + 16.0 * c).floor());
        let mut hrua = Self {
            good,
            bad,
            sample,
            draws,
            a,
            h: D1 * c + D2,
            g: 0.0,
            b,
            log_factorial,
        };
        hrua.g = hrua.log_weight(mode);
        hrua
    }

    fn log_weight(&self, k: i64) -> f64 {
        let log = self.log_factorial;
        let (fewer, more) = (self.good.min(self.bad), self.good.max(self.bad));
        log(k) + log(fewer - k) + log(self.draws - k) + log(more - self.draws + k)
    }

    pub(crate) fn draw<G: BitGen + ?Sized>(&self, gen: &mut G) -> i64 {
        let k = loop {
            let u = gen.next_double();
            let v = gen.next_double();
            let x = self.a + self.h * (v - 0.5) / u;
            if !(0.0..self.b).contains(&x) {
                continue;
            }
            let k = x.floor() as i64;
            let t = self.g - self.log_weight(k);
            if u * (4.0 - u) - 3.0 <= t {
                break k;
            }
            if u * (u - t) >= 1.0 {
                continue;
            }
            if 2.0 * u.ln() <= t {
                break k;
            }
        };
        let k = if self.good > self.bad {
            self.draws - k
        } else {
            k
        };
        if self.draws < self.sample {
            self.good - k
        } else {
            k
        }
    }
}

/// Fills `out`, one row of `colors.len()` per variate, by choosing items of an urn that lists
/// every item; `false` when the urn does not fit in memory.
pub fn multivariate_count<G: BitGen + ?Sized>(
    gen: &mut G,
    colors: &[i64],
    sample: i64,
    out: &mut [i64],
) -> bool {
    let total: i64 = colors.iter().sum();
    let mut urn: Vec<u32> = Vec::new();
    if colors.is_empty() || urn.try_reserve_exact(total as usize).is_err() {
        return colors.is_empty();
    }
    for (color, &count) in colors.iter().enumerate() {
        urn.extend(std::iter::repeat_n(color as u32, count as usize));
    }
    let mirrored = sample > total / 2;
    let draws = if mirrored { total - sample } else { sample } as usize;
    for row in out.chunks_exact_mut(colors.len()) {
        row.fill(0);
        for j in 0..draws {
            let last = urn.len() - j - 1;
            let k = j + bounded_u64(gen, last as u64, Method::Masked) as usize;
            urn.swap(j, k);
            row[urn[j] as usize] += 1;
        }
        mirror(row, colors, mirrored);
    }
    true
}

/// Fills `out`, one row of `colors.len()` per variate, colour by colour from the marginals.
pub fn multivariate_marginals<G: BitGen + ?Sized>(
    gen: &mut G,
    colors: &[i64],
    sample: i64,
    out: &mut [i64],
) {
    let total: i64 = colors.iter().sum();
    let Some((_, first)) = colors.split_last() else {
        return;
    };
    let mirrored = sample > total / 2;
    for row in out.chunks_exact_mut(colors.len()) {
        row.fill(0);
        let mut draws = if mirrored { total - sample } else { sample };
        let mut rest = total;
        for (slot, &color) in row.iter_mut().zip(first) {
            if draws <= 0 {
                break;
            }
            rest -= color;
            *slot = hypergeometric(gen, color, rest, draws);
            draws -= *slot;
        }
        if draws > 0 {
            row[colors.len() - 1] = draws;
        }
        mirror(row, colors, mirrored);
    }
}

/// Turns the items drawn into the items left, where those were fewer to draw.
fn mirror(row: &mut [i64], colors: &[i64], mirrored: bool) {
    if mirrored {
        row.iter_mut()
            .zip(colors)
            .for_each(|(slot, color)| *slot = color - *slot);
    }
}
