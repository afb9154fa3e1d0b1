//! Text of the floats of one array: a common notation, precision and padding, then all the strings.

use super::digits::Digits;
use super::format::{positional, scientific, FloatOptions, Trim};
use super::repr::{FloatClass, FloatFormat, FloatRepr};

/// How many digits the numbers of an array get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatMode {
    /// Exactly `precision` fraction digits.
    Fixed,
    /// As many digits as identify each number.
    Unique,
    /// At most `precision` fraction digits, each number as few as identify it.
    Maxprec,
    /// At most `precision` fraction digits, all numbers the same count.
    MaxprecEqual,
}

impl FloatMode {
    /// The mode NumPy calls `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "fixed" => FloatMode::Fixed,
            "unique" => FloatMode::Unique,
            "maxprec" => FloatMode::Maxprec,
            "maxprec_equal" => FloatMode::MaxprecEqual,
            _ => return None,
        })
    }
}

/// What stands in the sign position of numbers that are not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockSign {
    /// Nothing.
    Minus,
    /// A `+`.
    Plus,
    /// A space.
    Space,
    /// A space, and wide scientific columns, as release 1.13 had them.
    Legacy,
}

/// The print options that bear on floats.
#[derive(Clone, Debug)]
pub struct BlockOptions {
    /// Fraction digits; `None` for as many as it takes.
    pub precision: Option<u32>,
    /// How `precision` is meant.
    pub mode: FloatMode,
    /// Never use scientific notation because numbers are small or far apart.
    pub suppress: bool,
    /// What positive numbers show.
    pub sign: BlockSign,
    /// Scientific notation as release 1.13 had it, with a fixed number of digits.
    pub legacy_exponents: bool,
    /// Turn to scientific notation at 1e8 for every format, as until 2.2.
    pub late_exponents: bool,
    /// The text of NaN.
    pub nan: String,
    /// The text of infinity.
    pub inf: String,
}

/// The notation, precision and padding that the numbers of one array share.
#[derive(Clone, Debug)]
pub struct BlockLayout {
    is_scientific: bool,
    options: FloatOptions,
    special_width: usize,
    sign: BlockSign,
    nan: String,
    inf: String,
}

impl BlockLayout {
    /// Finds the layout that suits all of `values`.
    pub fn measure<I>(values: I, options: &BlockOptions) -> Self
    where
        I: Iterator<Item = FloatRepr> + Clone,
    {
        let mut layout = BlockLayout {
            is_scientific: false,
            options: FloatOptions {
                trim: Trim::Point,
                ..FloatOptions::default()
            },
            special_width: 0,
            sign: options.sign,
            nan: options.nan.clone(),
            inf: options.inf.clone(),
        };
        layout.options.sign = options.sign == BlockSign::Plus;
        let finite = values.clone().filter(FloatRepr::is_finite);
        if finite.clone().next().is_some() {
            layout.is_scientific = needs_exponent(finite.clone(), options);
            let widths = layout.draft(finite, options);
            layout.settle(&widths, options);
        }
        layout.make_room(values);
        layout
    }

    /// Appends the text of one number; `digits` is scratch space.
    pub fn push(&self, x: &FloatRepr, digits: &mut Digits, out: &mut String) {
        if x.is_finite() {
            let write = if self.is_scientific {
                scientific
            } else {
                positional
            };
            return write(x, &self.options, digits, out);
        }
        let plus = self.options.sign;
        let (sign, word) = match x.class {
            FloatClass::Nan => (if plus { "+" } else { "" }, &self.nan),
            _ if x.negative => ("-", &self.inf),
            _ => (if plus { "+" } else { "" }, &self.inf),
        };
        let width = sign.len() + word.chars().count();
        out.extend(std::iter::repeat_n(
            ' ',
            self.special_width.saturating_sub(width),
        ));
        out.push_str(sign);
        out.push_str(word);
    }

    /// Prints every number once without padding and notes how wide the parts get.
    fn draft(&mut self, finite: impl Iterator<Item = FloatRepr>, options: &BlockOptions) -> Widths {
        let fixed =
            options.mode == FloatMode::Fixed || (self.is_scientific && options.legacy_exponents);
        if fixed {
            self.options.trim = Trim::Keep;
            self.options.unique = false;
        }
        self.options.precision = match options.mode {
            FloatMode::Unique => None,
            _ => options.precision,
        };
        if fixed && self.options.precision.is_none() {
            self.options.precision = Some(0);
        }
        let mut widths = Widths::default();
        let (mut digits, mut text) = (Digits::default(), String::new());
        for x in finite {
            text.clear();
            if self.is_scientific {
                scientific(&x, &self.options, &mut digits, &mut text);
            } else {
                positional(&x, &self.options, &mut digits, &mut text);
            }
            widths.note(&text, x.negative);
        }
        widths
    }

    /// Turns the widths of the parts into the final options.
    fn settle(&mut self, widths: &Widths, options: &BlockOptions) {
        let pads = &mut self.options;
        pads.pad_left = widths.left;
        if self.is_scientific {
            pads.trim = Trim::Keep;
            pads.precision = Some(widths.right as u32);
            pads.min_digits = pads.precision;
            pads.exp_digits = widths.exponent;
        } else {
            pads.pad_right = widths.right;
            if matches!(options.mode, FloatMode::Fixed | FloatMode::MaxprecEqual) {
                pads.precision = Some(widths.right as u32);
                pads.min_digits = pads.precision;
                pads.trim = Trim::Keep;
            } else {
                pads.min_digits = Some(0);
            }
        }
        self.special_width = match self.is_scientific {
            true => widths.right + widths.exponent + 3,
            false => widths.right + 1,
        };
        match options.sign {
            BlockSign::Space if !widths.negative => pads.pad_left += 1,
            BlockSign::Legacy if !self.is_scientific => pads.pad_left = widths.whole + 1,
            _ => {}
        }
        if self.is_scientific && options.legacy_exponents {
            pads.pad_left = 3;
        }
    }

    /// Widens the left side until NaN and infinities fit, and sets the width they are padded to.
    fn make_room(&mut self, values: impl Iterator<Item = FloatRepr>) {
        let (mut any, mut signed) = (false, self.sign != BlockSign::Minus);
        for x in values.filter(|x| !x.is_finite()) {
            any = true;
            signed |= x.class == FloatClass::Inf && x.negative;
        }
        let right = self.special_width;
        if any {
            let nan = self.nan.chars().count();
            let inf = self.inf.chars().count() + usize::from(signed);
            let room = nan.max(inf).saturating_sub(right);
            self.options.pad_left = self.options.pad_left.max(room);
        }
        self.special_width = self.options.pad_left + right;
    }
}

/// The widest parts seen.
#[derive(Default)]
struct Widths {
    /// Characters before the point, sign included.
    left: usize,
    /// Digits before the point.
    whole: usize,
    /// Digits after the point.
    right: usize,
    /// Digits of the exponent.
    exponent: usize,
    negative: bool,
}

impl Widths {
    fn note(&mut self, text: &str, negative: bool) {
        let (number, exponent) = text.split_once('e').unwrap_or((text, ""));
        let point = number.find('.').unwrap_or(number.len());
        self.left = self.left.max(point);
        self.whole = self.whole.max(point - usize::from(negative));
        self.right = self.right.max(number.len().saturating_sub(point + 1));
        self.exponent = self.exponent.max(exponent.len().saturating_sub(1));
        self.negative |= negative;
    }
}

/// Whether the sizes of the numbers ask for scientific notation.
fn needs_exponent(finite: impl Iterator<Item = FloatRepr>, options: &BlockOptions) -> bool {
    let mut range: Option<(FloatFormat, f64, f64)> = None;
    for x in finite.filter(|x| x.class == FloatClass::Finite) {
        let size = x.to_f64().abs();
        range = Some(match range {
            None => (x.format, size, size),
            Some((format, least, most)) => (format, least.min(size), most.max(size)),
        });
    }
    let Some((format, least, most)) = range else {
        return false;
    };
    let limit = match format {
        FloatFormat::F16 if !options.late_exponents => 1e3,
        FloatFormat::F32 if !options.late_exponents => 1e6,
        _ => 1e8,
    };
    // The bounds are numbers of the array's own format, and so is the ratio.
    let (small, far) = match format {
        FloatFormat::F16 => (least < 1.000_165_939_331_054_7e-4, most / least > 1000.25),
        FloatFormat::F32 => (
            least < f64::from(1e-4f32),
            (most as f32) / (least as f32) > 1000.0,
        ),
        _ => (least < 1e-4, most / least > 1000.0),
    };
    most >= limit || (!options.suppress && (small || far))
}
