//! Extended-precision numbers read from text, correctly rounded, as C's `strtold` reads them.

use std::cmp::Ordering;

use super::bignum::Natural;

/// Digits beyond which more cannot change the rounding of an extended number.
const MOST_DIGITS: usize = 12_000;

/// Decimal exponents beyond which a number overflows or underflows whatever its digits.
const MOST_EXPONENT: i64 = 30_000;

/// An extended number that text spells, and whether it is too large for the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedLong {
    /// The number in x87 storage, 16 bytes, little-endian.
    pub bytes: [u8; 16],
    /// Whether a finite number became infinite.
    pub overflow: bool,
}

/// Reads a decimal or hexadecimal number, an infinity or a NaN that `text` starts with.
///
/// White space before it is skipped. Returns the number and how many bytes it took.
pub fn parse_long_double_partial(text: &[u8]) -> Option<(ParsedLong, usize)> {
    let start = text.iter().position(|b| !matches!(b, b' ' | 9..=13))?;
    let (negative, body) = match text[start] {
        b'-' => (true, start + 1),
        b'+' => (false, start + 1),
        _ => (false, start),
    };
    let rest = &text[body..];
    let (magnitude, length) = match special(rest) {
        Some(found) => found,
        None => hexadecimal(rest).or_else(|| decimal(rest))?,
    };
    let is_nan = magnitude.biased == 0x7fff && magnitude.mantissa << 1 != 0;
    // NaN takes no sign from text.
    let negative = negative && !is_nan;
    Some((magnitude.store(negative), body + length))
}

/// Reads a number that takes up all of `text`; nothing but white space is zero.
pub fn parse_long_double(text: &str) -> Option<ParsedLong> {
    if !text.is_empty() && text.bytes().all(|b| matches!(b, b' ' | 9..=13)) {
        return Some(Magnitude::ZERO.store(false));
    }
    let (value, length) = parse_long_double_partial(text.as_bytes())?;
    (length == text.len()).then_some(value)
}

/// Reads a number that takes up all of ASCII `text`, spaces round it allowed.
pub fn parse_long_double_bytes(text: &[u8]) -> Option<ParsedLong> {
    let (value, length) = parse_long_double_partial(text)?;
    text[length..]
        .iter()
        .all(|b| matches!(b, b' ' | 9..=13))
        .then_some(value)
}

/// A sign-less extended number.
struct Magnitude {
    mantissa: u64,
    biased: u16,
    overflow: bool,
}

impl Magnitude {
    const INFINITY: Magnitude = Magnitude {
        mantissa: 1 << 63,
        biased: 0x7fff,
        overflow: false,
    };
    const NAN: Magnitude = Magnitude {
        mantissa: 3 << 62,
        biased: 0x7fff,
        overflow: false,
    };
    const ZERO: Magnitude = Magnitude {
        mantissa: 0,
        biased: 0,
        overflow: false,
    };
    const TOO_LARGE: Magnitude = Magnitude {
        overflow: true,
        ..Magnitude::INFINITY
    };

    fn store(self, negative: bool) -> ParsedLong {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.mantissa.to_le_bytes());
        let head = self.biased | if negative { 0x8000 } else { 0 };
        bytes[8..10].copy_from_slice(&head.to_le_bytes());
        ParsedLong {
            bytes,
            overflow: self.overflow,
        }
    }

    /// Rounds `value · 2^exponent`, plus a little if `inexact`, to 64 bits, ties to even.
    fn round(value: &Natural, exponent: i64, inexact: bool) -> Magnitude {
        if value.is_zero() {
            return Magnitude::ZERO;
        }
        let bits = value.bits() as i64;
        // The power of two of the last place kept: 64 bits, fewer for subnormal numbers.
        let place = (exponent + bits - 64).max(-16_445);
        let drop = place - exponent;
        let (mut mantissa, half) = split(value, drop, inexact);
        let up = match half {
            Ordering::Greater => true,
            Ordering::Equal => mantissa % 2 == 1,
            Ordering::Less => false,
        };
        let mut place = place;
        if up {
            (mantissa, place) = match mantissa.checked_add(1) {
                Some(next) => (next, place),
                None => (1 << 63, place + 1),
            };
        }
        if mantissa >> 63 == 0 {
            return Magnitude {
                mantissa,
                biased: 0,
                overflow: false,
            };
        }
        match place + 16_446 {
            biased @ 1..=0x7ffe => Magnitude {
                mantissa,
                biased: biased as u16,
                overflow: false,
            },
            _ => Magnitude::TOO_LARGE,
        }
    }
}

/// The bits of `value` from bit `drop` up, and how the part below compares with a half.
fn split(value: &Natural, drop: i64, inexact: bool) -> (u64, Ordering) {
    let bits = value.bits() as i64;
    if drop <= 0 {
        let (top, _, _) = value.top_bits();
        let kept = top >> (64 - bits.min(64));
        return (kept << drop.unsigned_abs(), Ordering::Less);
    }
    if drop > bits {
        return (0, Ordering::Less);
    }
    let mut half = Natural::new(1);
    half.shift_left(drop as u32 - 1);
    let (top, _, _) = value.top_bits();
    let kept = match bits - drop {
        0 => 0,
        count => top >> (64 - count),
    };
    let mut whole = Natural::new(kept);
    whole.shift_left(drop as u32);
    let mut rest = value.clone();
    rest.sub(&whole);
    let order = rest.compare(&half);
    (
        kept,
        if inexact && order == Ordering::Equal {
            Ordering::Greater
        } else {
            order
        },
    )
}

/// `inf`, `infinity`, `nan` or `nan(word)`.
fn special(text: &[u8]) -> Option<(Magnitude, usize)> {
    let starts =
        |word: &[u8]| text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word);
    if starts(b"infinity") {
        return Some((Magnitude::INFINITY, 8));
    }
    if starts(b"inf") {
        return Some((Magnitude::INFINITY, 3));
    }
    if !starts(b"nan") {
        return None;
    }
    // An opening parenthesis takes the word after it, closed or not.
    let length = match text[3..].strip_prefix(b"(") {
        Some(inner) => {
            let word = inner
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_');
            let end = word.count();
            4 + end + usize::from(inner.get(end) == Some(&b')'))
        }
        None => 3,
    };
    Some((Magnitude::NAN, length))
}

/// The digits of a number in some base, read up to where they end.
struct Scan {
    value: Natural,
    /// Places after the point that are in `value`, less those before it that are not.
    places: i64,
    inexact: bool,
    length: usize,
}

fn scan_digits(text: &[u8], base: u32) -> Option<Scan> {
    let mut scan = Scan {
        value: Natural::default(),
        places: 0,
        inexact: false,
        length: 0,
    };
    let (mut point, mut count, mut kept) = (false, 0, 0);
    for &byte in text {
        if byte == b'.' && !point {
            point = true;
        } else if let Some(digit) = char::from(byte).to_digit(base) {
            count += 1;
            if kept < MOST_DIGITS {
                scan.value.mul_add(u64::from(base), u64::from(digit));
                kept += usize::from(!scan.value.is_zero());
                scan.places += i64::from(point);
            } else {
                scan.inexact |= digit != 0;
                scan.places -= i64::from(!point);
            }
        } else {
            break;
        }
        scan.length += 1;
    }
    (count > 0).then_some(scan)
}

/// An exponent after one of the two letters, with the length it takes; none is zero long.
fn scan_exponent(text: &[u8], letter: u8) -> (i64, usize) {
    if !text
        .first()
        .is_some_and(|b| b.eq_ignore_ascii_case(&letter))
    {
        return (0, 0);
    }
    let sign = usize::from(matches!(text.get(1), Some(b'+' | b'-')));
    let digits = text[1 + sign..].iter().take_while(|b| b.is_ascii_digit());
    let (mut value, mut count) = (0i64, 0);
    for digit in digits {
        value = (value * 10 + i64::from(digit - b'0')).min(1 << 40);
        count += 1;
    }
    if count == 0 {
        return (0, 0);
    }
    (
        if text[1] == b'-' { -value } else { value },
        1 + sign + count,
    )
}

fn decimal(text: &[u8]) -> Option<(Magnitude, usize)> {
    let scan = scan_digits(text, 10)?;
    let (exponent, tail) = scan_exponent(&text[scan.length..], b'e');
    Some((
        decimal_value(scan.value, exponent - scan.places, scan.inexact),
        scan.length + tail,
    ))
}

/// Rounds `value · 10^power`.
fn decimal_value(mut value: Natural, power: i64, inexact: bool) -> Magnitude {
    if value.is_zero() {
        return Magnitude::ZERO;
    }
    // log10 of the value within one.
    let size = power + (value.bits() as f64 * std::f64::consts::LOG10_2) as i64;
    if size > 5_000 || power > MOST_EXPONENT {
        return Magnitude::TOO_LARGE;
    }
    if size < -5_000 || power < -MOST_EXPONENT {
        return Magnitude::ZERO;
    }
    if power >= 0 {
        value.scale_by_ten(power as u32);
        return Magnitude::round(&value, 0, inexact);
    }
    let divisor = Natural::power_of_ten(power.unsigned_abs() as u32);
    // A quotient of at least 66 bits and a sticky remainder round right.
    let shift = (divisor.bits() as i64 - value.bits() as i64 + 67).max(0) as u32;
    value.shift_left(shift);
    let (quotient, exact) = divide(value, &divisor);
    Magnitude::round(&quotient, -i64::from(shift), inexact || !exact)
}

/// The quotient, one bit at a time, and whether nothing is left over.
fn divide(mut value: Natural, divisor: &Natural) -> (Natural, bool) {
    let mut quotient = Natural::default();
    let steps = (value.bits() as i64 - divisor.bits() as i64).max(0) as u32;
    let mut scaled = divisor.clone();
    scaled.shift_left(steps);
    for _ in 0..=steps {
        let bit = value.compare(&scaled) != Ordering::Less;
        if bit {
            value.sub(&scaled);
        }
        quotient.mul_add(2, u64::from(bit));
        // Doubling what is left takes the place of halving the divisor.
        value.shift_left(1);
    }
    (quotient, value.is_zero())
}

fn hexadecimal(text: &[u8]) -> Option<(Magnitude, usize)> {
    let digits = text
        .strip_prefix(b"0x")
        .or_else(|| text.strip_prefix(b"0X"))?;
    let scan = scan_digits(digits, 16)?;
    let (exponent, tail) = scan_exponent(&digits[scan.length..], b'p');
    let exponent = exponent - 4 * scan.places;
    let magnitude = Magnitude::round(&scan.value, exponent, scan.inexact);
    Some((magnitude, 2 + scan.length + tail))
}
