//! Linear interpolation between points at ascending places.

use super::room;
use numoxide_dtype::{Complex, Result};
use std::ops::{Add, Sub};

/// What is interpolated.
pub trait Value: Copy + PartialEq + Add<Output = Self> + Sub<Output = Self> {
    /// Not a number, for places that are not.
    fn at_nan(x: f64) -> Self;
    /// The product with a real number.
    fn times(self, k: f64) -> Self;
    /// The quotient by a real number.
    fn over(self, k: f64) -> Self;
    /// `value()` where this part is NaN, part by part.
    fn or_else(self, value: impl FnOnce() -> Self) -> Self;
}

impl Value for f64 {
    #[inline(always)]
    fn at_nan(x: f64) -> f64 {
        x
    }
    #[inline(always)]
    fn times(self, k: f64) -> f64 {
        self * k
    }
    #[inline(always)]
    fn over(self, k: f64) -> f64 {
        self / k
    }
    #[inline(always)]
    fn or_else(self, value: impl FnOnce() -> f64) -> f64 {
        if self.is_nan() {
            value()
        } else {
            self
        }
    }
}

impl Value for Complex<f64> {
    #[inline(always)]
    fn at_nan(x: f64) -> Self {
        Complex { re: x, im: 0.0 }
    }
    #[inline(always)]
    fn times(self, k: f64) -> Self {
        Complex {
            re: self.re * k,
            im: self.im * k,
        }
    }
    #[inline(always)]
    fn over(self, k: f64) -> Self {
        // A product with the reciprocal, part by part.
        let inverse = 1.0 / k;
        Complex {
            re: self.re * inverse,
            im: self.im * inverse,
        }
    }
    #[inline(always)]
    fn or_else(self, value: impl FnOnce() -> Self) -> Self {
        if !self.re.is_nan() && !self.im.is_nan() {
            return self;
        }
        let other = value();
        Complex {
            re: if self.re.is_nan() { other.re } else { self.re },
            im: if self.im.is_nan() { other.im } else { self.im },
        }
    }
}

/// Points with the values beyond them.
pub struct Points<'a, V> {
    /// Places, ascending; at least one.
    pub places: &'a [f64],
    /// Values at the places, as many.
    pub values: &'a [V],
    /// Value before the first place.
    pub left: V,
    /// Value behind the last place.
    pub right: V,
}

impl<V: Value> Points<'_, V> {
    /// Writes the value at each `x` to `out`, which has as many entries.
    ///
    /// # Errors
    /// Too little memory.
    pub fn interpolate(&self, x: &[f64], out: &mut [V]) -> Result<()> {
        let n = self.places.len();
        if n == 1 {
            for (o, &x) in out.iter_mut().zip(x) {
                *o = match (x < self.places[0], x > self.places[0]) {
                    (true, _) => self.left,
                    (_, true) => self.right,
                    _ => self.values[0],
                };
            }
            return Ok(());
        }
        let mut slopes = Vec::new();
        if n <= x.len() {
            slopes = room(n - 1)?;
            slopes.extend((0..n - 1).map(|j| self.slope(j)));
        }
        let mut guess = 0;
        for (o, &x) in out.iter_mut().zip(x) {
            if x.is_nan() {
                *o = V::at_nan(x);
            } else if x < self.places[0] {
                *o = self.left;
            } else if x > self.places[n - 1] {
                *o = self.right;
            } else {
                guess = self.find(x, guess);
                *o = self.value(x, guess, &slopes);
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn slope(&self, j: usize) -> V {
        (self.values[j + 1] - self.values[j]).over(self.places[j + 1] - self.places[j])
    }

    /// The last place that is not above `x`; neighbours of the last answer are tried first.
    #[inline(always)]
    fn find(&self, x: f64, guess: usize) -> usize {
        let p = self.places;
        for j in guess..(guess + 2).min(p.len() - 1) {
            if p[j] <= x && x < p[j + 1] {
                return j;
            }
        }
        let (mut start, mut len) = (0, p.len());
        while len > 1 {
            let half = len / 2;
            start = if p[start + half] <= x {
                start + half
            } else {
                start
            };
            len -= half;
        }
        start
    }

    #[inline(always)]
    fn value(&self, x: f64, j: usize, slopes: &[V]) -> V {
        let (p, v) = (self.places, self.values);
        if j + 1 >= p.len() || p[j] == x {
            // At a point itself, infinite neighbours do no harm.
            return v[j];
        }
        let slope = if slopes.is_empty() {
            self.slope(j)
        } else {
            slopes[j]
        };
        let from_left = slope.times(x - p[j]) + v[j];
        // NaN from one side: infinities may cancel from the other.
        from_left.or_else(|| {
            let from_right = slope.times(x - p[j + 1]) + v[j + 1];
            from_right.or_else(|| if v[j] == v[j + 1] { v[j] } else { from_right })
        })
    }
}
