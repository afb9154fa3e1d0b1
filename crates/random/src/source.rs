//! The primitives that composed distributions draw from, today's and the legacy ones.

use crate::bitgen::BitGen;
use crate::continuous;
use crate::ziggurat;

/// Uniform, normal, exponential and gamma variates, in one of the two generations of methods.
pub trait Source {
    /// A double in [0, 1).
    fn double(&mut self) -> f64;

    /// A standard normal variate.
    fn normal(&mut self) -> f64;

    /// A standard exponential variate.
    fn exponential(&mut self) -> f64;

    /// A standard gamma variate.
    fn gamma(&mut self, shape: f64) -> f64 {
        continuous::standard_gamma(self, shape)
    }
}

impl<G: BitGen + ?Sized> Source for G {
    #[inline]
    fn double(&mut self) -> f64 {
        self.next_double()
    }

    #[inline]
    fn normal(&mut self) -> f64 {
        ziggurat::standard_normal(self)
    }

    #[inline]
    fn exponential(&mut self) -> f64 {
        ziggurat::standard_exponential(self)
    }
}

/// The second variate of a polar pair, kept for the next request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gauss {
    /// Whether a variate is waiting.
    pub has: bool,
    /// The variate, zero when none is waiting.
    pub value: f64,
}

/// The primitives of the legacy generator: polar normals and exponentials by inversion.
pub struct Legacy<'a, G: ?Sized> {
    /// Where the bits come from.
    pub gen: &'a mut G,
    /// The waiting normal variate.
    pub gauss: &'a mut Gauss,
}

impl<G: BitGen + ?Sized> Source for Legacy<'_, G> {
    #[inline]
    fn double(&mut self) -> f64 {
        self.gen.next_double()
    }

    /// The polar method of G. Marsaglia and T. A. Bray, "A convenient method for generating
    /// normal variables" (1964).
    fn normal(&mut self) -> f64 {
        if self.gauss.has {
            let value = self.gauss.value;
            *self.gauss = Gauss::default();
            return value;
        }
        loop {
            let x = 2.0 * self.gen.next_double() - 1.0;
            let y = 2.0 * self.gen.next_double() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square != 0.0 {
                let scale = (-2.0 * square.ln() / square).sqrt();
                *self.gauss = Gauss {
                    has: true,
                    value: scale * x,
                };
                return scale * y;
            }
        }
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.gen.next_double()).ln()
    }
}
