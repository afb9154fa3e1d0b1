//! Float text for Python: `dragon4_positional`, `dragon4_scientific` and the block formatter of arrays.

use crate::scalar::{inexact_format, value_of};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyFloat;

use numoxide_dtype::text::digits::Digits;
use numoxide_dtype::text::{
    format_positional, format_scientific, BlockLayout, BlockOptions, BlockSign, FloatFormat,
    FloatMode, FloatOptions, FloatRepr, Trim,
};

/// The longest text NumPy makes of one float.
const LONGEST: usize = 16383;

/// The float format of a dtype's character code (parts of complex numbers included).
fn format_of_code(code: &str) -> Option<FloatFormat> {
    Some(match code {
        "e" => FloatFormat::F16,
        "f" | "F" => FloatFormat::F32,
        "d" | "D" => FloatFormat::F64,
        "g" | "G" => FloatFormat::F80,
        _ => return None,
    })
}

/// Reads a Python float, a floating scalar of any width, or whatever `float()` takes.
fn read_float(x: &Bound<'_, PyAny>) -> PyResult<FloatRepr> {
    if let Ok(float) = x.cast::<PyFloat>() {
        return Ok(FloatRepr::from_f64(float.value()));
    }
    if let Some((num, raw)) = value_of(x).filter(|(num, _)| num.kind() == b'f') {
        return Ok(inexact_format(num).read(&raw.0));
    }
    // SAFETY: `x` is a live object and the GIL is held.
    let value = unsafe { pyo3::ffi::PyFloat_AsDouble(x.as_ptr()) };
    match PyErr::take(x.py()) {
        Some(error) if value == -1.0 => Err(error),
        _ => Ok(FloatRepr::from_f64(value)),
    }
}

fn optional(value: i32) -> Option<u32> {
    u32::try_from(value).ok()
}

fn length(value: i32) -> usize {
    usize::try_from(value).unwrap_or(0)
}

fn parse_trim(trim: &str) -> PyResult<Trim> {
    Trim::from_code(trim).ok_or_else(|| {
        PyTypeError::new_err(format!(
            "if supplied, trim must be 'k', '.', '0' or '-' found `{trim:>100}`"
        ))
    })
}

fn check(options: &FloatOptions) -> PyResult<()> {
    if !options.unique && options.precision.is_none() {
        return Err(PyTypeError::new_err(
            "in non-unique mode `precision` must be supplied",
        ));
    }
    let lengths = [
        options.precision.unwrap_or(0) as usize,
        options.pad_left,
        options.pad_right,
    ];
    if lengths.iter().any(|&n| n > LONGEST) {
        return Err(PyRuntimeError::new_err("Float formatting result too large"));
    }
    if !options.fractional && options.precision == Some(0) {
        return Err(PyValueError::new_err(
            "precision must be greater than 0 if fractional=False",
        ));
    }
    Ok(())
}

fn checked_text(text: String) -> PyResult<String> {
    if text.len() > LONGEST {
        return Err(PyRuntimeError::new_err("Float formatting result too large"));
    }
    Ok(text)
}

/// Formats one float in positional notation.
#[pyfunction]
#[pyo3(signature = (x, precision=-1, unique=true, fractional=true, sign=false, trim="k",
                    pad_left=-1, pad_right=-1, min_digits=-1))]
pub(crate) fn dragon4_positional(
    x: &Bound<'_, PyAny>,
    precision: i32,
    unique: bool,
    fractional: bool,
    sign: bool,
    trim: &str,
    pad_left: i32,
    pad_right: i32,
    min_digits: i32,
) -> PyResult<String> {
    let options = FloatOptions {
        precision: optional(precision),
        min_digits: optional(min_digits),
        unique,
        fractional,
        trim: parse_trim(trim)?,
        sign,
        pad_left: length(pad_left),
        pad_right: length(pad_right),
        exp_digits: 2,
    };
    check(&options)?;
    checked_text(format_positional(&read_float(x)?, &options))
}

/// Formats one float in scientific notation.
#[pyfunction]
#[pyo3(signature = (x, precision=-1, unique=true, sign=false, trim="k", pad_left=-1,
                    exp_digits=-1, min_digits=-1))]
pub(crate) fn dragon4_scientific(
    x: &Bound<'_, PyAny>,
    precision: i32,
    unique: bool,
    sign: bool,
    trim: &str,
    pad_left: i32,
    exp_digits: i32,
    min_digits: i32,
) -> PyResult<String> {
    let options = FloatOptions {
        precision: optional(precision),
        min_digits: optional(min_digits),
        unique,
        fractional: true,
        trim: parse_trim(trim)?,
        sign,
        pad_left: length(pad_left),
        pad_right: 0,
        exp_digits: usize::try_from(exp_digits).unwrap_or(2),
    };
    check(&options)?;
    checked_text(format_scientific(&read_float(x)?, &options))
}

/// Formats the floats of an array alike: made from the numbers that set notation and widths, it turns
/// blocks of native-endian elements into lists of strings.
#[pyclass(module = "numoxide._core.multiarray", frozen)]
pub struct FloatBlock {
    format: FloatFormat,
    real: BlockLayout,
    imaginary: Option<BlockLayout>,
}

/// The elements of a block, every `step`-th from `start`.
fn elements(
    format: FloatFormat,
    data: &[u8],
    start: usize,
    step: usize,
) -> impl Iterator<Item = FloatRepr> + Clone + '_ {
    data.chunks_exact(format.size())
        .skip(start)
        .step_by(step)
        .map(move |bytes| format.read(bytes))
}

#[pymethods]
impl FloatBlock {
    /// Measures `data`, the bytes of elements with the character code `code`.
    #[new]
    fn new(
        data: &[u8],
        code: &str,
        precision: Option<i64>,
        floatmode: &str,
        suppress: bool,
        sign: &str,
        nanstr: &str,
        infstr: &str,
        legacy: i64,
    ) -> PyResult<Self> {
        let format = format_of_code(code)
            .ok_or_else(|| PyTypeError::new_err(format!("'{code}' is no floating-point type")))?;
        let mode = match precision {
            None => FloatMode::Unique,
            Some(_) => FloatMode::from_name(floatmode)
                .ok_or_else(|| PyValueError::new_err("unknown floatmode"))?,
        };
        let old = legacy <= 113;
        let sign = match sign {
            _ if old => BlockSign::Legacy,
            "+" => BlockSign::Plus,
            " " => BlockSign::Space,
            _ => BlockSign::Minus,
        };
        let is_complex = "FDG".contains(code);
        // Release 1.13 had its own modes for the parts of complex numbers.
        let (mode, imaginary_mode) = match old && is_complex {
            true => (FloatMode::MaxprecEqual, FloatMode::Maxprec),
            false => (mode, mode),
        };
        let options = BlockOptions {
            precision: precision.map(|n| n.clamp(0, LONGEST as i64) as u32),
            mode,
            suppress,
            sign,
            legacy_exponents: old,
            late_exponents: legacy <= 202,
            nan: nanstr.to_owned(),
            inf: infstr.to_owned(),
        };
        if !is_complex {
            let real = BlockLayout::measure(elements(format, data, 0, 1), &options);
            return Ok(FloatBlock {
                format,
                real,
                imaginary: None,
            });
        }
        let real = BlockLayout::measure(elements(format, data, 0, 2), &options);
        let options = BlockOptions {
            sign: BlockSign::Plus,
            mode: imaginary_mode,
            ..options
        };
        let imaginary = Some(BlockLayout::measure(elements(format, data, 1, 2), &options));
        Ok(FloatBlock {
            format,
            real,
            imaginary,
        })
    }

    /// The strings of the elements in `data`.
    fn strings(&self, data: &[u8]) -> Vec<String> {
        let mut digits = Digits::default();
        let mut text = |layout: &BlockLayout, x: &FloatRepr| {
            let mut out = String::new();
            layout.push(x, &mut digits, &mut out);
            out
        };
        let Some(imaginary) = &self.imaginary else {
            return elements(self.format, data, 0, 1)
                .map(|x| text(&self.real, &x))
                .collect();
        };
        elements(self.format, data, 0, 2)
            .zip(elements(self.format, data, 1, 2))
            .map(|(real, imag)| {
                let mut out = text(&self.real, &real);
                let imag = text(imaginary, &imag);
                // The unit follows the number, the padding follows the unit.
                let number = imag.trim_end();
                out.push_str(number);
                out.push('j');
                out.push_str(&imag[number.len()..]);
                out
            })
            .collect()
    }
}

/// Adds this file's functions to the extension module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(dragon4_positional, module)?)?;
    module.add_function(wrap_pyfunction!(dragon4_scientific, module)?)?;
    module.add_class::<FloatBlock>()?;
    Ok(())
}
