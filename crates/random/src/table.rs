//! The distributions that are drawn element by element, as rows.

use crate::bitgen::BitGen;
use crate::source::{Gauss, Legacy};
use crate::{binomial, continuous, discrete, hypergeometric, legacy};

/// A parameter: a double, or the bits of an `i64` where the distribution counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Param(pub u64);

impl Param {
    #[inline(always)]
    fn f(self) -> f64 {
        f64::from_bits(self.0)
    }

    #[inline(always)]
    fn i(self) -> i64 {
        self.0 as i64
    }
}

/// The most parameters a row takes.
pub const MAX_PARAMS: usize = 3;

/// Draws one value, as the bits of a double or of an `i64`.
pub type Draw = fn(&mut dyn BitGen, &mut Gauss, &[Param; MAX_PARAMS]) -> u64;

/// One distribution in both generations.
pub struct Row {
    /// NumPy's name.
    pub name: &'static str,
    /// Whether values are integers.
    pub integer: bool,
    /// Today's method.
    pub modern: Draw,
    /// The method of the legacy interface.
    pub legacy: Draw,
}

/// Finds a row by name.
pub fn find(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

/// `name(kinds of parameters) -> kind of value: today's function[, legacy function]`; the legacy
/// function, if not named, is today's over a [`Legacy`] source.
macro_rules! rows {
    ($($name:literal ($($kind:ident $at:literal),*) -> $ret:ident: $modern:path $(, $old:path)?;)*) => {
        &[$(Row {
            name: $name,
            integer: rows!(@integer $ret),
            modern: |gen, _, _p| rows!(@bits $ret $modern(gen $(, _p[$at].$kind())*)),
            legacy: |gen, gauss, _p| {
                let src = &mut Legacy { gen, gauss };
                rows!(@bits $ret rows!(@old $modern $(, $old)?)(src $(, _p[$at].$kind())*))
            },
        }),*]
    };
    (@integer f) => { false };
    (@integer i) => { true };
    (@bits f $value:expr) => { f64::to_bits($value) };
    (@bits i $value:expr) => { $value as u64 };
    (@old $modern:path, $old:path) => { $old };
    (@old $modern:path) => { $modern };
}

/// The legacy form of a distribution that takes bits alone.
fn legacy_hypergeometric(
    src: &mut Legacy<'_, dyn BitGen + '_>,
    good: i64,
    bad: i64,
    sample: i64,
) -> i64 {
    legacy::hypergeometric(src.gen, good, bad, sample)
}

/// Every row.
pub static ROWS: &[Row] = rows! {
    "beta"(f 0, f 1) -> f: continuous::beta, legacy::beta;
    "binomial"(i 0, f 1) -> i: binomial::binomial;
    "chisquare"(f 0) -> f: continuous::chisquare;
    "exponential"(f 0) -> f: continuous::exponential;
    "f"(f 0, f 1) -> f: continuous::f;
    "gamma"(f 0, f 1) -> f: continuous::gamma;
    "geometric"(f 0) -> i: discrete::geometric, legacy::geometric;
    "gumbel"(f 0, f 1) -> f: continuous::gumbel;
    "hypergeometric"(i 0, i 1, i 2) -> i: hypergeometric::hypergeometric, legacy_hypergeometric;
    "laplace"(f 0, f 1) -> f: continuous::laplace;
    "logistic"(f 0, f 1) -> f: continuous::logistic;
    "lognormal"(f 0, f 1) -> f: continuous::lognormal;
    "logseries"(f 0) -> i: discrete::logseries, legacy::logseries;
    "negative_binomial"(f 0, f 1) -> i: discrete::negative_binomial;
    "noncentral_chisquare"(f 0, f 1) -> f: continuous::noncentral_chisquare;
    "noncentral_f"(f 0, f 1, f 2) -> f: continuous::noncentral_f;
    "normal"(f 0, f 1) -> f: continuous::normal;
    "pareto"(f 0) -> f: continuous::pareto, legacy::pareto;
    "poisson"(f 0) -> i: discrete::poisson;
    "power"(f 0) -> f: continuous::power, legacy::power;
    "rayleigh"(f 0) -> f: continuous::rayleigh, legacy::rayleigh;
    "standard_cauchy"() -> f: continuous::standard_cauchy;
    "standard_exponential"() -> f: continuous::standard_exponential;
    "standard_gamma"(f 0) -> f: continuous::standard_gamma;
    "standard_normal"() -> f: continuous::standard_normal;
    "standard_t"(f 0) -> f: continuous::standard_t;
    "triangular"(f 0, f 1, f 2) -> f: continuous::triangular;
    "uniform"(f 0, f 1) -> f: continuous::uniform;
    "vonmises"(f 0, f 1) -> f: continuous::vonmises, legacy::vonmises;
    "wald"(f 0, f 1) -> f: continuous::wald, legacy::wald;
    "weibull"(f 0) -> f: continuous::weibull;
    "zipf"(f 0) -> i: discrete::zipf, legacy::zipf;
};
