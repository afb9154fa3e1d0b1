//! Double-double arithmetic, as much as the ziggurat tables need.
//!
//! Source: T. J. Dekker, "A floating-point technique for extending the available precision"
//! (1971). A value is the unevaluated sum of two doubles, good for about 31 digits.

/// The sum `hi + lo`, with `lo` below half a unit of `hi`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dd {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

impl Dd {
    pub(crate) const ONE: Self = Self { hi: 1.0, lo: 0.0 };

    fn renormalised(hi: f64, lo: f64) -> Self {
        let sum = hi + lo;
        Self {
            hi: sum,
            lo: lo - (sum - hi),
        }
    }

    pub(crate) fn neg(self) -> Self {
        Self {
            hi: -self.hi,
            lo: -self.lo,
        }
    }

    pub(crate) fn add(self, rhs: Self) -> Self {
        let sum = self.hi + rhs.hi;
        let part = sum - self.hi;
        let err = (self.hi - (sum - part)) + (rhs.hi - part);
        Self::renormalised(sum, err + self.lo + rhs.lo)
    }

    pub(crate) fn mul(self, rhs: Self) -> Self {
        let product = self.hi * rhs.hi;
        let err = split_product_error(self.hi, rhs.hi, product);
        Self::renormalised(product, err + self.hi * rhs.lo + self.lo * rhs.hi)
    }

    pub(crate) fn div(self, rhs: Self) -> Self {
        let first = Self {
            hi: self.hi / rhs.hi,
            lo: 0.0,
        };
        let rest = self.add(rhs.mul(first).neg());
        first.add(Self {
            hi: rest.hi / rhs.hi,
            lo: 0.0,
        })
    }

    /// The exponential: a Taylor series at 2⁻¹⁰ of the argument, squared ten times.
    pub(crate) fn exp(self) -> Self {
        const HALVINGS: i32 = 10;
        let scale = f64::from(1 << HALVINGS);
        let x = Self {
            hi: self.hi / scale,
            lo: self.lo / scale,
        };
        let mut term = Self::ONE;
        let mut sum = Self::ONE;
        for n in 1..=14 {
            term = term.mul(x).div(Self {
                hi: f64::from(n),
                lo: 0.0,
            });
            sum = sum.add(term);
        }
        (0..HALVINGS).fold(sum, |power, _| power.mul(power))
    }

    /// The natural logarithm: one Newton step from the double's.
    pub(crate) fn ln(self) -> Self {
        let guess = Self {
            hi: self.hi.ln(),
            lo: 0.0,
        };
        let ratio = self.mul(guess.neg().exp());
        let delta = ratio.add(Self::ONE.neg());
        let square = delta.mul(Self {
            hi: -0.5 * delta.hi,
            lo: 0.0,
        });
        guess.add(delta).add(square)
    }
}

/// What rounding took from `lhs * rhs`, by Veltkamp's splitting.
fn split_product_error(lhs: f64, rhs: f64, product: f64) -> f64 {
    let split = |x: f64| {
        let big = 134_217_729.0 * x;
        let high = big - (big - x);
        (high, x - high)
    };
    let ((lhs_high, lhs_low), (rhs_high, rhs_low)) = (split(lhs), split(rhs));
    ((lhs_high * rhs_high - product) + lhs_high * rhs_low + lhs_low * rhs_high) + lhs_low * rhs_low
}
