//! `str` and `repr` text of float and complex scalars.

use super::digits::Digits;
use super::format::{positional, scientific, FloatOptions, Trim};
use super::repr::{FloatClass, FloatFormat, FloatRepr};

/// Which release's rules scalar text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ScalarStyle {
    /// Today's: half and single precision turn to scientific notation early.
    #[default]
    Modern,
    /// Until 2.2: all formats turn to scientific notation at 1e16.
    V2_2,
    /// 1.13 `str`: a fixed number of significant digits, fewer than the number has.
    V1_13Str,
    /// 1.13 `repr`: as many significant digits as any number of the format needs.
    V1_13Repr,
}

/// The text of a real scalar, such as `1.0`, `1e+16` or `nan`.
pub fn float_text(x: &FloatRepr, style: ScalarStyle) -> String {
    match legacy_digits(x.format, style) {
        Some(count) => {
            let mut text = general_text(x, count);
            if x.is_finite() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                text.push_str(".0");
            }
            text
        }
        None => unique_text(x, style, Trim::Zero, false),
    }
}

/// The text of a complex scalar, such as `1j` or `(1-2.5j)`.
pub fn complex_text(real: &FloatRepr, imag: &FloatRepr, style: ScalarStyle) -> String {
    let part = |x: &FloatRepr, sign: bool| match legacy_digits(x.format, style) {
        Some(count) => {
            let mut text = general_text(x, count);
            if sign && !text.starts_with('-') {
                text.insert(0, '+');
            }
            text
        }
        None => {
            let mut text = unique_text(x, style, Trim::All, sign);
            if sign && x.class == FloatClass::Nan {
                text.insert(0, '+');
            }
            text
        }
    };
    let legacy = legacy_digits(real.format, style).is_some();
    let unit = if legacy && !imag.is_finite() {
        "*j"
    } else {
        "j"
    };
    if real.class == FloatClass::Zero && !real.negative {
        return part(imag, false) + unit;
    }
    format!("({}{}{unit})", part(real, false), part(imag, true))
}

/// The significant digits of the 1.13 styles; long doubles print as today under 1.13 `repr`.
fn legacy_digits(format: FloatFormat, style: ScalarStyle) -> Option<u32> {
    let (short, long) = match format {
        FloatFormat::F16 | FloatFormat::F32 => (6, Some(8)),
        FloatFormat::F64 => (12, Some(17)),
        FloatFormat::F80 => (12, Some(20)),
    };
    match style {
        ScalarStyle::V1_13Str => Some(short),
        ScalarStyle::V1_13Repr => long,
        ScalarStyle::Modern | ScalarStyle::V2_2 => None,
    }
}

/// Shortest text, positional where the size of the number allows.
fn unique_text(x: &FloatRepr, style: ScalarStyle, trim: Trim, sign: bool) -> String {
    let mut out = String::new();
    let mut digits = Digits::default();
    let options = FloatOptions {
        trim,
        sign,
        ..FloatOptions::default()
    };
    if x.class != FloatClass::Finite || (at_least(x, LOWER) && !at_least(x, upper(x, style))) {
        positional(x, &options, &mut digits, &mut out);
    } else {
        scientific(
            x,
            &FloatOptions {
                trim: Trim::All,
                ..options
            },
            &mut digits,
            &mut out,
        );
    }
    out
}

/// A bound as a significand with its top bit set and a power of two.
type Bound = (u64, i32);

/// 1e-4, as an extended number; the nearest double is where doubles switch.
const LOWER: Bound = (0xd1b7_1758_e219_652c, -77);

fn upper(x: &FloatRepr, style: ScalarStyle) -> Bound {
    let bound: u64 = match x.format {
        FloatFormat::F16 if style == ScalarStyle::Modern => 1_000,
        FloatFormat::F32 if style == ScalarStyle::Modern => 1_000_000,
        _ => 10_000_000_000_000_000,
    };
    let shift = bound.leading_zeros();
    (bound << shift, -(shift as i32))
}

/// Whether a finite number is at least `bound` in magnitude.
fn at_least(x: &FloatRepr, bound: Bound) -> bool {
    let shift = x.mantissa.leading_zeros();
    let (mantissa, exponent) = (x.mantissa << shift, x.exponent - shift as i32);
    // A double is compared with the bound rounded to a double.
    let limit = if x.format == FloatFormat::F80 {
        bound.0
    } else {
        (bound.0 + (1 << 10)) & !0x7ff
    };
    (exponent, mantissa) >= (bound.1, limit)
}

/// Text with `count` significant digits, as C's `%.{count}g` writes it.
pub fn general_text(x: &FloatRepr, count: u32) -> String {
    let options = FloatOptions {
        trim: Trim::All,
        unique: false,
        ..FloatOptions::default()
    };
    let mut out = String::new();
    let mut digits = Digits::default();
    if x.class == FloatClass::Finite {
        digits.exact(x, i64::from(count));
        if digits.exponent < -4 || digits.exponent >= count as i32 {
            digits.strip_zeros();
            let fraction = digits.digits.len() as u32 - 1;
            let options = FloatOptions {
                precision: Some(fraction),
                ..options
            };
            scientific(x, &options, &mut digits, &mut out);
            return out;
        }
    }
    let options = FloatOptions {
        precision: Some(count),
        fractional: false,
        ..options
    };
    positional(x, &options, &mut digits, &mut out);
    out
}
