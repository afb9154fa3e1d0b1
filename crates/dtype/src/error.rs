//! The engine's error: facts in fields; the words are made when it is shown.

use crate::dtype::DType;
use std::fmt;

/// An operand as an error shows it.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Nothing was asked of it.
    Free,
    /// Its dtype.
    DType(DType),
    /// The name of its DType class.
    Class(&'static str),
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::Free => f.write_str("None"),
            Shown::DType(d) => write!(f, "{d}"),
            Shown::Class(name) => write!(f, "<class 'numpy.dtypes.{name}'>"),
        }
    }
}

/// Why an operation could not be done.
#[derive(Clone, Debug)]
pub enum Error {
    /// A Python exception is set already.
    Raised,
    /// Allocation failed.
    Memory {
        /// Bytes asked for.
        bytes: usize,
        /// Shape of the array.
        shape: Vec<usize>,
        /// Its dtype, when known.
        dtype: Option<DType>,
    },
    /// Shape times item size does not fit.
    TooBig,
    /// Operand shapes do not broadcast.
    Broadcast(Vec<Vec<usize>>),
    /// An axis outside the array (NumPy's `AxisError`).
    Axis {
        /// The axis as given.
        axis: isize,
        /// Number of dimensions.
        ndim: usize,
        /// Argument name put before the message, if any.
        prefix: Option<&'static str>,
    },
    /// No common dtype (NumPy's `DTypePromotionError`); the message is complete.
    Promotion(String),
    /// Casting not allowed by the rule (`TypeError`).
    Cast {
        /// From.
        from: DType,
        /// To.
        to: DType,
        /// The rule's name.
        rule: &'static str,
    },
    /// No loop of a ufunc takes the operands (NumPy's `_UFuncNoLoopError`).
    NoLoop {
        /// The ufunc.
        op: &'static str,
        /// Number of inputs.
        nin: usize,
        /// Inputs, then outputs.
        operands: Vec<Shown>,
    },
    /// Operands that a ufunc has no meaning for (`_UFuncBinaryResolutionError`).
    BinaryTypes {
        /// The ufunc.
        op: &'static str,
        /// First operand.
        lhs: DType,
        /// Second operand.
        rhs: DType,
    },
    /// A ufunc operand whose cast the rule forbids (`_UFuncInputCastingError` and its twin).
    UfuncCast {
        /// The ufunc.
        op: &'static str,
        /// An input, not an output.
        input: bool,
        /// Which one.
        index: usize,
        /// How many there are of its side.
        count: usize,
        /// From.
        from: DType,
        /// To.
        to: DType,
        /// The rule's name.
        rule: &'static str,
    },
    /// A `TypeError` with its complete message.
    Type(String),
    /// A `ValueError` with its complete message.
    Value(String),
    /// An `IndexError` with its complete message.
    Index(String),
    /// An `OverflowError` with its complete message.
    Overflow(String),
    /// A `RuntimeError` with its complete message.
    Runtime(String),
    /// An `OSError` with its complete message.
    Os(String),
    /// A `FloatingPointError` with its complete message.
    FloatingPoint(String),
    /// A `ZeroDivisionError` with its complete message.
    ZeroDivision(String),
    /// A `UnicodeDecodeError`.
    UnicodeDecode {
        /// Name of the codec.
        codec: &'static str,
        /// The bytes that do not decode.
        object: Vec<u8>,
        /// First offending index.
        start: usize,
        /// One past the last.
        end: usize,
        /// Why.
        reason: &'static str,
    },
    /// A `UnicodeEncodeError`.
    UnicodeEncode {
        /// Name of the codec.
        codec: &'static str,
        /// The code points that do not encode.
        object: Vec<u32>,
        /// First offending index.
        start: usize,
        /// One past the last.
        end: usize,
        /// Why.
        reason: &'static str,
    },
    /// A `SyntaxError` with its complete message.
    Syntax(String),
    /// A `NotImplementedError` with its complete message.
    NotImplemented(String),
}

/// Shorthand for results of the engine.
pub type Result<T> = std::result::Result<T, Error>;

/// A shape in Python's notation: `()`, `(3,)`, `(2, 3)`.
pub fn shape_text(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => {
            let parts: Vec<String> = shape.iter().map(usize::to_string).collect();
            format!("({})", parts.join(", "))
        }
    }
}

/// Shapes as NumPy lists them in broadcast errors: `(2,3)`.
pub fn tight_shape(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!(
            "({})",
            shape
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(",")
        ),
    }
}

/// The types of one side of a loop: `float64`, or `(int64, object)`.
fn types_text(part: &[Shown]) -> String {
    match part {
        [one] => one.to_string(),
        _ => {
            let texts: Vec<String> = part.iter().map(Shown::to_string).collect();
            format!("({})", texts.join(", "))
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Raised => write!(f, "an exception is set"),
            Error::Memory { bytes, shape, dtype } => {
                let dtype = dtype.as_ref().map_or("unknown".into(), |d| d.name());
                let (size, shape) = (size_text(*bytes), shape_text(shape));
                write!(f, "Unable to allocate {size} for an array with shape {shape} and data type {dtype}")
            }
            Error::TooBig => write!(
                f,
                "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size."
            ),
            Error::Broadcast(shapes) => {
                write!(f, "operands could not be broadcast together with shapes ")?;
                shapes.iter().try_for_each(|s| write!(f, "{} ", tight_shape(s)))
            }
            Error::Axis { axis, ndim, prefix } => {
                if let Some(p) = prefix {
                    write!(f, "{p}: ")?;
                }
                write!(f, "axis {axis} is out of bounds for array of dimension {ndim}")
            }
            Error::Cast { from, to, rule } => {
                write!(f, "Cannot cast array data from {from} to {to} according to the rule '{rule}'")
            }
            Error::UnicodeDecode { codec, reason, .. } => {
                write!(f, "'{codec}' codec can't decode: {reason}")
            }
            Error::UnicodeEncode { codec, reason, .. } => {
                write!(f, "'{codec}' codec can't encode: {reason}")
            }
            Error::NoLoop { op, nin, operands } => {
                let (ins, outs) = (types_text(&operands[..*nin]), types_text(&operands[*nin..]));
                write!(
                    f,
                    "ufunc '{op}' did not contain a loop with signature matching types {ins} -> {outs}"
                )
            }
            Error::BinaryTypes { op, lhs, rhs } => {
                write!(f, "ufunc '{op}' cannot use operands with types {lhs} and {rhs}")
            }
            Error::UfuncCast { op, input, index, count, from, to, rule } => {
                let side = if *input { "input" } else { "output" };
                let which = if *count > 1 { format!("{index} ") } else { String::new() };
                write!(
                    f,
                    "Cannot cast ufunc '{op}' {side} {which}from {from} to {to} with casting rule '{rule}'"
                )
            }
            Error::Promotion(s)
            | Error::Type(s)
            | Error::Value(s)
            | Error::Index(s)
            | Error::Overflow(s)
            | Error::Runtime(s)
            | Error::Os(s)
            | Error::FloatingPoint(s)
            | Error::ZeroDivision(s)
            | Error::Syntax(s)
            | Error::NotImplemented(s) => f.write_str(s),
        }
    }
}

impl std::error::Error for Error {}

/// A byte count the way NumPy words it: `7.63 MiB`, `800. bytes`.
fn size_text(bytes: usize) -> String {
    const UNITS: [&str; 7] = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut unit = 0;
    let mut n = bytes as f64;
    while n >= 1024.0 && unit < 6 {
        n /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        return format!("{bytes} bytes");
    }
    let digits = if n < 10.0 {
        2
    } else if n < 100.0 {
        1
    } else {
        0
    };
    let dot = if digits == 0 { "." } else { "" };
    format!("{n:.digits$}{dot} {}", UNITS[unit])
}
