//! Decimal digits of binary floats: the shortest that tell a number from its neighbours, and exact ones.
//!
//! Shortest digits of float32 and float64 come from the Żmij algorithm; half and extended precision use
//! Steele and White's free-format algorithm on big integers ("How to print floating-point numbers
//! accurately", 1990), with the interval closed when the significand is even. Exact digits are correctly
//! rounded, ties to even.

use std::cmp::Ordering;
use std::fmt::Write;

use super::bignum::Natural;
use super::repr::{FloatFormat, FloatRepr};

/// Decimal digits of a positive number: `d.ddd · 10^exponent`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digits {
    /// The digits as ASCII characters, most significant first; empty means zero.
    pub digits: Vec<u8>,
    /// The power of ten of the first digit.
    pub exponent: i32,
}

impl Digits {
    /// Stores the shortest digits that read back as `x`, the closest to it if several do.
    pub fn shortest(&mut self, x: &FloatRepr) {
        match x.format {
            FloatFormat::F32 => {
                self.take(zmij::Buffer::new().format_finite(x.to_f64().abs() as f32))
            }
            FloatFormat::F64 => self.take(zmij::Buffer::new().format_finite(x.to_f64().abs())),
            FloatFormat::F16 | FloatFormat::F80 => self.shortest_big(x),
        }
    }

    /// Stores `count` digits of the exact value of `x`, rounded half to even at the last one.
    ///
    /// A carry that runs through nines drops them, so fewer digits may come. `count` may be zero or
    /// negative: then the value is rounded at a place left of its first digit.
    pub fn exact(&mut self, x: &FloatRepr, count: i64) {
        if count <= 0 {
            self.round_away_all(x, count);
        } else if x.format == FloatFormat::F80 {
            self.exact_big(x, count as usize);
        } else {
            let mut text = String::with_capacity(count as usize + 8);
            let value = x.to_f64().abs();
            // Writing to a String does not fail.
            let _ = write!(text, "{:.*e}", count as usize - 1, value);
            self.take_scientific(&text);
            if self.digits.last() == Some(&b'0') && compare_exact(self, x) == Ordering::Greater {
                self.strip_zeros();
            }
        }
    }

    /// Rounds the shortest digits of `x`, which `self` holds, to `count` digits of its exact value.
    ///
    /// Returns whether digits were cut. The shortest digits round as the exact value does, since no
    /// shorter decimal lies between the two, unless they end in exactly the tie.
    pub fn round_shortest(&mut self, x: &FloatRepr, count: i64) -> bool {
        if count >= self.digits.len() as i64 {
            return false;
        }
        if count < 0 {
            self.digits.clear();
            return true;
        }
        let count = count as usize;
        if self.digits[count] == b'5' && count + 1 == self.digits.len() {
            self.exact(x, count as i64);
            return true;
        }
        let up = self.digits[count] >= b'5';
        self.digits.truncate(count);
        if up {
            self.increment();
        }
        true
    }

    /// Removes trailing zeros.
    pub fn strip_zeros(&mut self) {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
    }

    /// Adds one in the last place; a carry drops the nines it passed.
    fn increment(&mut self) {
        while self.digits.last() == Some(&b'9') {
            self.digits.pop();
        }
        match self.digits.last_mut() {
            Some(last) => *last += 1,
            None => {
                self.digits.push(b'1');
                self.exponent += 1;
            }
        }
    }

    /// Reads the digits of a printed positive number such as `123.45` or `1.5e-7`.
    fn take(&mut self, text: &str) {
        self.digits.clear();
        let (number, exponent) = match text.split_once('e') {
            Some((number, exponent)) => (number, exponent.parse().unwrap_or(0)),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let leading = fraction.bytes().take_while(|&b| b == b'0').count();
        if whole == "0" {
            self.digits
                .extend_from_slice(&fraction.as_bytes()[leading..]);
            self.exponent = exponent - 1 - leading as i32;
        } else {
            self.digits.extend_from_slice(whole.as_bytes());
            self.digits.extend_from_slice(fraction.as_bytes());
            self.exponent = exponent + whole.len() as i32 - 1;
        }
        self.strip_zeros();
    }

    /// Reads `d.ddde±x`, keeping trailing zeros.
    fn take_scientific(&mut self, text: &str) {
        let (number, exponent) = text.split_once('e').unwrap_or((text, "0"));
        self.digits.clear();
        self.digits
            .extend(number.bytes().filter(u8::is_ascii_digit));
        self.exponent = exponent.parse().unwrap_or(0);
    }

    /// Rounds at a place left of the first digit: the result is zero or one unit of that place.
    fn round_away_all(&mut self, x: &FloatRepr, count: i64) {
        let ratio = Ratio::new(x);
        self.digits.clear();
        self.exponent = ratio.exponent;
        if count < 0 {
            return;
        }
        // The first digit is worth tenths of the place where we round, so a half is five of it.
        let mut half = ratio.divisor.clone();
        half.mul_add(5, 0);
        if ratio.value.compare(&half) == Ordering::Greater {
            self.digits.push(b'1');
            self.exponent += 1;
        }
    }

    fn shortest_big(&mut self, x: &FloatRepr) {
        let mut ratio = Ratio::new(x);
        let closed = x.mantissa.is_multiple_of(2);
        // The upper neighbour's midpoint may lie in the next decade.
        let mut high = ratio.value.clone();
        high.add(&ratio.above);
        let mut ten = ratio.divisor.clone();
        ten.mul_add(10, 0);
        let reach = high.compare(&ten);
        if reach == Ordering::Greater || (closed && reach == Ordering::Equal) {
            ratio.divisor = ten;
            ratio.exponent += 1;
        }
        self.digits.clear();
        self.exponent = ratio.exponent;
        let mut sum = high;
        loop {
            let digit = b'0' + ratio.value.divide_small_quotient(&ratio.divisor);
            sum.assign(&ratio.value);
            sum.add(&ratio.above);
            let below = ratio.value.compare(&ratio.below);
            let above = sum.compare(&ratio.divisor);
            let low = below == Ordering::Less || (closed && below == Ordering::Equal);
            let high = above == Ordering::Greater || (closed && above == Ordering::Equal);
            self.digits.push(digit);
            if low || high {
                let up = if low && high {
                    ratio.rounds_up(digit)
                } else {
                    high
                };
                if up {
                    self.increment();
                }
                break;
            }
            ratio.value.mul_add(10, 0);
            ratio.below.mul_add(10, 0);
            ratio.above.mul_add(10, 0);
        }
        self.strip_zeros();
    }

    fn exact_big(&mut self, x: &FloatRepr, count: usize) {
        let mut ratio = Ratio::new(x);
        self.digits.clear();
        self.exponent = ratio.exponent;
        while self.digits.len() < count && !ratio.value.is_zero() {
            if !self.digits.is_empty() {
                ratio.value.mul_add(10, 0);
            }
            self.digits
                .push(b'0' + ratio.value.divide_small_quotient(&ratio.divisor));
        }
        let last = self.digits.last().copied().unwrap_or(b'0');
        if self.digits.len() == count && ratio.rounds_up(last) {
            self.increment();
        } else {
            self.digits.resize(count, b'0');
        }
    }
}

/// How the number that `digits` spell compares with the exact value of `x`.
pub fn compare_exact(digits: &Digits, x: &FloatRepr) -> Ordering {
    let ratio = Ratio::new(x);
    let mut value = Natural::default();
    for &digit in &digits.digits {
        value.mul_add(10, u64::from(digit - b'0'));
    }
    let mut exact = ratio.value;
    let places = digits.digits.len() as i32 - 1;
    let power = digits.exponent - places - ratio.exponent;
    if power >= 0 {
        value.scale_by_ten(power as u32);
    } else {
        exact.scale_by_ten(power.unsigned_abs());
    }
    value.product(&ratio.divisor).compare(&exact)
}

/// A number as `value / divisor · 10^exponent` with `1 <= value / divisor < 10`, and the half gaps to
/// its neighbours over the same divisor.
struct Ratio {
    value: Natural,
    divisor: Natural,
    below: Natural,
    above: Natural,
    exponent: i32,
}

impl Ratio {
    fn new(x: &FloatRepr) -> Self {
        let extra = 1 + u32::from(x.near_below);
        let scale = x.exponent.unsigned_abs();
        let mut value = Natural::new(x.mantissa);
        let mut divisor = Natural::new(1);
        let mut below = Natural::new(1);
        value.shift_left(extra);
        divisor.shift_left(extra);
        if x.exponent >= 0 {
            value.shift_left(scale);
            below.shift_left(scale);
        } else {
            divisor.shift_left(scale);
        }
        let mut above = below.clone();
        above.shift_left(extra - 1);
        let mut ratio = Ratio {
            value,
            divisor,
            below,
            above,
            exponent: 0,
        };
        ratio.normalise(x);
        ratio
    }

    /// Scales by a power of ten so that the first digit is the ones digit.
    fn normalise(&mut self, x: &FloatRepr) {
        let bits = 64 - x.mantissa.leading_zeros() as i32;
        let log = f64::from(x.exponent + bits - 1) * std::f64::consts::LOG10_2;
        // An estimate that is right or one too small.
        self.exponent = (log - 1e-9).floor() as i32;
        let power = self.exponent.unsigned_abs();
        if self.exponent >= 0 {
            self.divisor.scale_by_ten(power);
        } else {
            self.value.scale_by_ten(power);
            self.below.scale_by_ten(power);
            self.above.scale_by_ten(power);
        }
        let mut ten = self.divisor.clone();
        ten.mul_add(10, 0);
        if self.value.compare(&ten) != Ordering::Less {
            self.divisor = ten;
            self.exponent += 1;
        }
    }

    /// Whether the remainder in `value` rounds up the digit before it, ties going to even.
    fn rounds_up(&self, digit: u8) -> bool {
        let mut double = self.value.clone();
        double.shift_left(1);
        match double.compare(&self.divisor) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => digit % 2 == 1,
        }
    }
}
