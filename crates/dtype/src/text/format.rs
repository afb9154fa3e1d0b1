//! Float text in positional and scientific notation, with the options of `np.format_float_*`.

use std::cmp::Ordering;

use super::digits::{compare_exact, Digits};
use super::repr::{FloatClass, FloatRepr};

/// What is done to trailing zeros and the decimal point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Trim {
    /// `k`: keep zeros and point.
    #[default]
    Keep,
    /// `.`: trim zeros, keep the point.
    Point,
    /// `0`: trim all zeros but the one after the point.
    Zero,
    /// `-`: trim zeros and a trailing point.
    All,
}

impl Trim {
    /// The trim mode named by NumPy's one-character code.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "k" => Trim::Keep,
            "." => Trim::Point,
            "0" => Trim::Zero,
            "-" => Trim::All,
            _ => return None,
        })
    }
}

/// The options of [`positional`] and [`scientific`].
#[derive(Clone, Copy, Debug)]
pub struct FloatOptions {
    /// Most digits to print; needed when not `unique`.
    pub precision: Option<u32>,
    /// Fewest digits to print, if `unique`.
    pub min_digits: Option<u32>,
    /// Print the shortest digits that identify the number rather than its exact expansion.
    pub unique: bool,
    /// Count `precision` and `min_digits` from the decimal point rather than from the first digit.
    pub fractional: bool,
    /// What to do with trailing zeros.
    pub trim: Trim,
    /// Print a `+` before positive numbers.
    pub sign: bool,
    /// Pad with spaces to this many characters left of the point.
    pub pad_left: usize,
    /// Pad with spaces to this many characters right of the point.
    pub pad_right: usize,
    /// Fewest digits of the exponent, in scientific notation.
    pub exp_digits: usize,
}

impl Default for FloatOptions {
    fn default() -> Self {
        FloatOptions {
            precision: None,
            min_digits: None,
            unique: true,
            fractional: true,
            trim: Trim::Keep,
            sign: false,
            pad_left: 0,
            pad_right: 0,
            exp_digits: 2,
        }
    }
}

/// The text of `x` in positional notation.
pub fn format_positional(x: &FloatRepr, options: &FloatOptions) -> String {
    let mut out = String::new();
    positional(x, options, &mut Digits::default(), &mut out);
    out
}

/// The text of `x` in scientific notation.
pub fn format_scientific(x: &FloatRepr, options: &FloatOptions) -> String {
    let mut out = String::new();
    scientific(x, options, &mut Digits::default(), &mut out);
    out
}

/// Appends `x` in positional notation; `digits` is scratch space.
pub fn positional(x: &FloatRepr, options: &FloatOptions, digits: &mut Digits, out: &mut String) {
    if !x.is_finite() {
        return special(x, options, out);
    }
    generate(x, options, false, digits);
    let whole = if digits.digits.is_empty() {
        1
    } else {
        (digits.exponent + 1).max(1) as usize
    };
    let sign = usize::from(x.negative || options.sign);
    pad(out, options.pad_left.saturating_sub(sign + whole));
    push_sign(x, options, out);
    push_whole(digits, whole, out);
    out.push('.');
    let start = out.len();
    push_fraction(x, options, digits, out);
    let count = finish_fraction(options, fraction_goal(options, whole), start, out);
    if options.trim == Trim::All && count == 0 {
        out.pop();
    }
    // A trimmed point leaves its own column to fill.
    let missing = usize::from(options.pad_right > 0 && !out.ends_with('.') && count == 0);
    pad(out, (options.pad_right + missing).saturating_sub(count));
}

/// Appends `x` in scientific notation; `digits` is scratch space.
pub fn scientific(x: &FloatRepr, options: &FloatOptions, digits: &mut Digits, out: &mut String) {
    if !x.is_finite() {
        return special(x, options, out);
    }
    generate(x, options, true, digits);
    if digits.digits.is_empty() {
        digits.digits.push(b'0');
        digits.exponent = 0;
    }
    let sign = usize::from(x.negative || options.sign);
    pad(out, options.pad_left.saturating_sub(sign + 1));
    push_sign(x, options, out);
    push_whole(
        &Digits {
            digits: vec![digits.digits[0]],
            exponent: 0,
        },
        1,
        out,
    );
    out.push('.');
    let start = out.len();
    push_ascii(out, &digits.digits[1..]);
    let pointless = options.trim == Trim::All && loses_point(x, options, digits);
    let goal = if options.unique {
        options.min_digits
    } else {
        options.precision
    };
    let count = finish_fraction(options, goal.unwrap_or(0) as usize, start, out);
    if count == 0 && pointless {
        out.pop();
    }
    push_exponent(digits.exponent, options.exp_digits, out);
}

/// Whether trimming a fraction of zeros takes the point too: not if the zeros are digits of `x`
/// that were generated, rather than what a carry left.
fn loses_point(x: &FloatRepr, options: &FloatOptions, digits: &Digits) -> bool {
    if digits.digits.len() == 1 {
        return true;
    }
    digits.digits[1..].iter().all(|&d| d == b'0')
        && match compare_exact(digits, x) {
            Ordering::Equal => !options.unique,
            _ => false,
        }
}

/// Fills `digits` with what the options ask of `x`, before padding with zeros.
fn generate(x: &FloatRepr, options: &FloatOptions, scientific: bool, digits: &mut Digits) {
    digits.digits.clear();
    digits.exponent = 0;
    if x.class == FloatClass::Zero {
        return;
    }
    let count = |limit: u32, exponent: i32| match (scientific, options.fractional) {
        (true, _) => i64::from(limit) + 1,
        (false, true) => i64::from(limit) + i64::from(exponent) + 1,
        (false, false) => i64::from(limit),
    };
    digits.shortest(x);
    if !options.unique {
        let precision = options.precision.unwrap_or(0);
        let wanted = count(precision, digits.exponent);
        if digits.round_shortest(x, wanted) {
            return;
        }
        let exponent = digits.exponent;
        digits.exact(x, wanted);
        if digits.exponent < exponent {
            // The shortest digits had carried into the next decade, the exact ones start lower.
            digits.exact(x, count(precision, digits.exponent));
        }
        if !options.fractional && compare_exact(digits, x) == Ordering::Equal {
            // Zeros after the last digit count from the point again.
            digits.strip_zeros();
        }
        return;
    }
    if let Some(limit) = options.precision {
        if digits.round_shortest(x, count(limit, digits.exponent)) {
            return;
        }
    }
    let wanted = count(options.min_digits.unwrap_or(0), digits.exponent);
    if options.min_digits.is_some() && wanted > digits.digits.len() as i64 {
        let exponent = digits.exponent;
        digits.exact(x, wanted);
        if digits.exponent < exponent {
            digits.exact(x, count(options.min_digits.unwrap_or(0), digits.exponent));
        }
    }
}

/// How many fraction digits positional text is filled up to with zeros.
fn fraction_goal(options: &FloatOptions, whole: usize) -> usize {
    let goal = if options.unique {
        options.min_digits
    } else {
        options.precision
    };
    let goal = goal.unwrap_or(0) as usize;
    if options.fractional {
        goal
    } else {
        goal.saturating_sub(whole)
    }
}

fn push_whole(digits: &Digits, whole: usize, out: &mut String) {
    if digits.digits.is_empty() || digits.exponent < 0 {
        out.push('0');
        return;
    }
    let taken = whole.min(digits.digits.len());
    push_ascii(out, &digits.digits[..taken]);
    zeros(out, whole - taken);
}

fn push_fraction(x: &FloatRepr, options: &FloatOptions, digits: &Digits, out: &mut String) {
    if digits.digits.is_empty() {
        if x.class == FloatClass::Finite && options.fractional {
            // All digits were rounded away: the places looked at are shown.
            zeros(out, options.precision.unwrap_or(0) as usize);
        }
    } else if digits.exponent < 0 {
        zeros(out, (-digits.exponent - 1) as usize);
        push_ascii(out, &digits.digits);
    } else if digits.digits.len() > digits.exponent as usize + 1 {
        push_ascii(out, &digits.digits[digits.exponent as usize + 1..]);
    }
}

/// Pads or trims the fraction that starts at `start` and returns its length.
fn finish_fraction(options: &FloatOptions, goal: usize, start: usize, out: &mut String) -> usize {
    if options.trim == Trim::Keep {
        let count = out.len() - start;
        zeros(out, goal.saturating_sub(count));
    } else {
        let kept = out[start..].trim_end_matches('0').len();
        out.truncate(start + kept);
        if kept == 0 && options.trim == Trim::Zero {
            out.push('0');
        }
    }
    out.len() - start
}

fn push_exponent(exponent: i32, least: usize, out: &mut String) {
    out.push('e');
    out.push(if exponent < 0 { '-' } else { '+' });
    let magnitude = exponent.unsigned_abs();
    // Five digits hold every exponent, and are the most NumPy shows.
    let text = format!("{magnitude:05}");
    let significant = if magnitude == 0 {
        0
    } else {
        magnitude.ilog10() as usize + 1
    };
    out.push_str(&text[5 - significant.max(least.min(5))..]);
}

fn special(x: &FloatRepr, options: &FloatOptions, out: &mut String) {
    if x.class == FloatClass::Nan {
        out.push_str("nan");
    } else {
        push_sign(x, options, out);
        out.push_str("inf");
    }
}

fn push_sign(x: &FloatRepr, options: &FloatOptions, out: &mut String) {
    if x.negative {
        out.push('-');
    } else if options.sign {
        out.push('+');
    }
}

fn push_ascii(out: &mut String, digits: &[u8]) {
    out.extend(digits.iter().map(|&d| char::from(d)));
}

fn pad(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

fn zeros(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n('0', count));
}
