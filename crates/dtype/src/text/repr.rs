//! A binary float taken apart into sign, integer significand and power of two.

/// The float formats whose text this module makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatFormat {
    /// IEEE half precision.
    F16,
    /// IEEE single precision.
    F32,
    /// IEEE double precision.
    F64,
    /// x87 extended precision in 16 bytes of storage.
    F80,
}

impl FloatFormat {
    /// The bytes one element takes.
    pub fn size(self) -> usize {
        match self {
            FloatFormat::F16 => 2,
            FloatFormat::F32 => 4,
            FloatFormat::F64 => 8,
            FloatFormat::F80 => 16,
        }
    }

    /// Reads one native-endian element; `bytes` holds at least [`FloatFormat::size`] bytes.
    pub fn read(self, bytes: &[u8]) -> FloatRepr {
        fn head<const N: usize>(bytes: &[u8]) -> [u8; N] {
            let mut out = [0; N];
            out.copy_from_slice(&bytes[..N]);
            out
        }
        match self {
            FloatFormat::F16 => FloatRepr::from_f16_bits(u16::from_ne_bytes(head(bytes))),
            FloatFormat::F32 => FloatRepr::from_f32(f32::from_ne_bytes(head(bytes))),
            FloatFormat::F64 => FloatRepr::from_f64(f64::from_ne_bytes(head(bytes))),
            FloatFormat::F80 => FloatRepr::from_f80_bytes(head(bytes)),
        }
    }
}

/// What kind of number a [`FloatRepr`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatClass {
    /// Not a number.
    Nan,
    /// An infinity.
    Inf,
    /// Zero of either sign.
    Zero,
    /// Any other number.
    Finite,
}

/// A float of any format: `(-1)^negative · mantissa · 2^exponent`.
#[derive(Clone, Copy, Debug)]
pub struct FloatRepr {
    /// The sign bit.
    pub negative: bool,
    /// Zero, finite, infinite or NaN.
    pub class: FloatClass,
    /// The format the number came from, which fixes how many digits tell it from its neighbours.
    pub format: FloatFormat,
    /// The integer significand, meaningful for finite numbers.
    pub mantissa: u64,
    /// The power of two that scales the significand.
    pub exponent: i32,
    /// Whether the gap to the next smaller number is half the gap to the next larger one.
    pub near_below: bool,
}

impl FloatRepr {
    /// Takes a half-precision number apart.
    pub fn from_f16_bits(bits: u16) -> Self {
        let fields = Fields {
            negative: bits >> 15 != 0,
            exponent: i32::from(bits >> 10 & 0x1f),
            fraction: u64::from(bits & 0x3ff),
        };
        fields.decode(FloatFormat::F16, 10, 15)
    }

    /// Takes a single-precision number apart.
    pub fn from_f32(value: f32) -> Self {
        let bits = value.to_bits();
        let fields = Fields {
            negative: bits >> 31 != 0,
            exponent: (bits >> 23 & 0xff) as i32,
            fraction: u64::from(bits & 0x7f_ffff),
        };
        fields.decode(FloatFormat::F32, 23, 127)
    }

    /// Takes a double-precision number apart.
    pub fn from_f64(value: f64) -> Self {
        let bits = value.to_bits();
        let fields = Fields {
            negative: bits >> 63 != 0,
            exponent: (bits >> 52 & 0x7ff) as i32,
            fraction: bits & 0xf_ffff_ffff_ffff,
        };
        fields.decode(FloatFormat::F64, 52, 1023)
    }

    /// Takes an x87 extended number, stored little-endian in 16 bytes, apart.
    pub fn from_f80_bytes(bytes: [u8; 16]) -> Self {
        let mut low = [0; 8];
        low.copy_from_slice(&bytes[..8]);
        let mantissa = u64::from_le_bytes(low);
        let head = u16::from_le_bytes([bytes[8], bytes[9]]);
        let biased = i32::from(head & 0x7fff);
        // The leading bit is stored, so the fraction is what lies under it.
        let class = match (biased, mantissa) {
            (0x7fff, m) if m << 1 == 0 => FloatClass::Inf,
            (0x7fff, _) => FloatClass::Nan,
            (_, 0) => FloatClass::Zero,
            _ => FloatClass::Finite,
        };
        FloatRepr {
            negative: head >> 15 != 0,
            class,
            format: FloatFormat::F80,
            mantissa,
            exponent: biased.max(1) - 16383 - 63,
            near_below: mantissa == 1 << 63 && biased > 1,
        }
    }

    /// Whether the number is neither infinite nor NaN.
    pub fn is_finite(&self) -> bool {
        matches!(self.class, FloatClass::Zero | FloatClass::Finite)
    }

    /// The nearest double: exact for all but extended numbers, for which it only serves comparisons.
    pub fn to_f64(&self) -> f64 {
        let magnitude = match self.class {
            FloatClass::Nan => f64::NAN,
            FloatClass::Inf => f64::INFINITY,
            FloatClass::Zero => 0.0,
            FloatClass::Finite => libm::scalbn(self.mantissa as f64, self.exponent),
        };
        if self.negative {
            -magnitude
        } else {
            magnitude
        }
    }
}

/// The three fields of an IEEE interchange format with a hidden leading bit.
struct Fields {
    negative: bool,
    exponent: i32,
    fraction: u64,
}

impl Fields {
    fn decode(self, format: FloatFormat, fraction_bits: u32, bias: i32) -> FloatRepr {
        let top = 2 * bias + 1;
        let class = match (self.exponent, self.fraction) {
            (0, 0) => FloatClass::Zero,
            (e, 0) if e == top => FloatClass::Inf,
            (e, _) if e == top => FloatClass::Nan,
            _ => FloatClass::Finite,
        };
        let hidden = if self.exponent == 0 {
            0
        } else {
            1 << fraction_bits
        };
        FloatRepr {
            negative: self.negative,
            class,
            format,
            mantissa: self.fraction | hidden,
            exponent: self.exponent.max(1) - bias - fraction_bits as i32,
            near_below: self.fraction == 0 && self.exponent > 1,
        }
    }
}
