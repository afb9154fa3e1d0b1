//! Casts between text and numbers, and between bytes and str.

use super::element::element_loop;
use super::unicode::{bytes_of, check_ascii, check_ascii_codes, codes_of, Text};
use super::{bound, no_cast};
use numoxide_dtype::text::long_double::parse_long_double_partial;
use numoxide_dtype::text::{
    complex_text, float_text, parse_complex, parse_float, parse_int, FloatFormat, NumberError,
    ScalarStyle,
};
use numoxide_dtype::{DType, Error, Result, TypeNum};
use numoxide_kernels::cast::number_loop;
use numoxide_kernels::{Aux, BoundLoop, LoopCtx, LoopFlags};
use std::ffi::{c_int, c_void};

/// One number of any class.
#[repr(align(16))]
struct Cell([u8; 32]);

/// Text to text: bytes are ASCII; longer text is cut, shorter padded with zeros.
pub(super) fn resize(from: &DType, to: &DType) -> BoundLoop {
    let (n, m) = (from.size, to.size);
    match (from.num, to.num) {
        (a, b) if a == b => resize_bytes(n, m),
        (TypeNum::Bytes, _) => element_loop(move |src, dst, _| {
            // SAFETY: the loop contract: a bytes element and an aligned str element.
            let (text, out) = unsafe {
                (
                    bytes_of(src, n),
                    std::slice::from_raw_parts_mut(dst.cast::<u32>(), m / 4),
                )
            };
            check_ascii(text)?;
            let text = text
                .iter()
                .map(|&b| u32::from(b))
                .chain(std::iter::repeat(0));
            out.iter_mut().zip(text).for_each(|(o, c)| *o = c);
            Ok(())
        }),
        _ => element_loop(move |src, dst, _| {
            // SAFETY: the loop contract: an aligned str element and a bytes element.
            let (text, out) = unsafe { (codes_of(src, n), std::slice::from_raw_parts_mut(dst, m)) };
            check_ascii_codes(text)?;
            let text = text.iter().map(|&c| c as u8).chain(std::iter::repeat(0));
            out.iter_mut().zip(text).for_each(|(o, c)| *o = c);
            Ok(())
        }),
    }
}

/// Copies the first bytes and zeroes the rest.
pub(super) fn resize_bytes(from: usize, to: usize) -> BoundLoop {
    BoundLoop {
        func: resize_run,
        aux: Aux::new([from, to]),
        flags: LoopFlags {
            cost: 2,
            ..LoopFlags::default()
        },
    }
}

/// # Safety
/// As any strided loop of two operands, of the sizes in `aux`.
unsafe extern "C" fn resize_run(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let [from, to] = *aux.cast::<[usize; 2]>();
        let kept = from.min(to);
        let (mut a, mut o) = (*args, *args.add(1));
        for _ in 0..*dims {
            std::ptr::copy(a, o, kept);
            o.add(kept).write_bytes(0, to - kept);
            a = a.wrapping_offset(*strides);
            o = o.wrapping_offset(*strides.add(1));
        }
    }
    0
}

/// Numbers as Python's `str` shows the scalar.
pub(super) fn from_number(from: &DType, to: &DType) -> Result<BoundLoop> {
    if !from.num.is_number() {
        return Err(no_cast(from, to));
    }
    let (num, size, to) = (from.num, from.size, to.clone());
    Ok(element_loop(move |src, dst, _| {
        // SAFETY: the loop contract: one number, one text element.
        unsafe {
            let text = number_text(num, std::slice::from_raw_parts(src, size));
            write_ascii(&to, dst, text.as_bytes());
        }
        Ok(())
    }))
}

/// Writes ASCII text into a native bytes or str element.
///
/// # Safety
/// - `dst` is valid for an element of `dtype`.
pub(super) unsafe fn write_ascii(dtype: &DType, dst: *mut u8, text: &[u8]) {
    // SAFETY: the contract.
    unsafe {
        dst.write_bytes(0, dtype.size);
        match dtype.num {
            TypeNum::Str => {
                for (i, &b) in text.iter().take(dtype.size / 4).enumerate() {
                    dst.cast::<u32>().add(i).write_unaligned(u32::from(b));
                }
            }
            _ => dst.copy_from(text.as_ptr(), text.len().min(dtype.size)),
        }
    }
}

/// The text of one native number.
fn number_text(num: TypeNum, bytes: &[u8]) -> String {
    let format = match num {
        TypeNum::Half => FloatFormat::F16,
        TypeNum::Float | TypeNum::CFloat => FloatFormat::F32,
        TypeNum::LongDouble | TypeNum::CLongDouble => FloatFormat::F80,
        _ => FloatFormat::F64,
    };
    if num.is_float() {
        return float_text(&format.read(bytes), ScalarStyle::Modern);
    }
    if num.is_complex() {
        let (re, im) = bytes.split_at(bytes.len() / 2);
        return complex_text(&format.read(re), &format.read(im), ScalarStyle::Modern);
    }
    if num == TypeNum::Bool {
        return if bytes[0] != 0 {
            "True".into()
        } else {
            "False".into()
        };
    }
    let mut wide = [if num.is_signed() && sign_bit(bytes) {
        0xff
    } else {
        0
    }; 16];
    let at = if cfg!(target_endian = "little") {
        0
    } else {
        16 - bytes.len()
    };
    wide[at..at + bytes.len()].copy_from_slice(bytes);
    i128::from_ne_bytes(wide).to_string()
}

fn sign_bit(bytes: &[u8]) -> bool {
    let top = if cfg!(target_endian = "little") {
        bytes.last()
    } else {
        bytes.first()
    };
    top.is_some_and(|b| b & 0x80 != 0)
}

/// Text as Python's `int`, `float`, `complex` and `bool` read it.
pub(super) fn to_number(from: &DType, to: &DType) -> Result<BoundLoop> {
    if !to.num.is_number() {
        return Err(no_cast(from, to));
    }
    let (dtype, num, size) = (from.clone(), to.num, to.size);
    let via = match num {
        TypeNum::Bool => TypeNum::Bool,
        n if n.is_signed() => TypeNum::Long,
        n if n.is_unsigned() => TypeNum::ULong,
        TypeNum::LongDouble | TypeNum::CLongDouble if num.is_float() => TypeNum::LongDouble,
        n if n.is_float() => TypeNum::Double,
        _ => TypeNum::CDouble,
    };
    let store = number_loop(via, num)
        .map(|(l, f)| bound(l, f))
        .ok_or_else(|| no_cast(from, to))?;
    Ok(element_loop(move |src, dst, ctx| {
        let mut read = Cell([0; 32]);
        let mut cast = Cell([0; 32]);
        // SAFETY: the loop contract; cells hold any number, aligned.
        unsafe {
            parse(&Text::read(&dtype, src), via, num, &mut read.0)?;
            let cells = [read.0.as_mut_ptr(), cast.0.as_mut_ptr()];
            if via == num {
                dst.copy_from(cells[0], size);
            } else {
                store.call(ctx, &cells, &[1], &[0, 0]);
                dst.copy_from(cells[1], size);
            }
        }
        Ok(())
    }))
}

/// Reads text as a number of class `via`, which is to become one of `num`.
fn parse(text: &Text, via: TypeNum, num: TypeNum, out: &mut [u8; 32]) -> Result<()> {
    let mut put = |bytes: &[u8]| out[..bytes.len()].copy_from_slice(bytes);
    match via {
        TypeNum::Bool => put(&[u8::from(!text.is_false())]),
        TypeNum::Long | TypeNum::ULong => put(&parse_integer(text, num)?.to_ne_bytes()),
        TypeNum::LongDouble => put(&parse_long(text)?),
        TypeNum::Double => {
            let value = parse_float(&text.string()).ok_or_else(|| {
                Error::Value(format!(
                    "could not convert string to float: {}",
                    scalar_repr(text)
                ))
            })?;
            put(&value.to_ne_bytes());
        }
        _ => {
            let string = match text {
                Text::Bytes(_) => text.utf8()?,
                Text::Codes(_) => text.string(),
            };
            let (re, im) = parse_complex(&string)
                .ok_or_else(|| Error::Value("complex() arg is a malformed string".into()))?;
            put(&[re.to_ne_bytes(), im.to_ne_bytes()].concat());
        }
    }
    Ok(())
}

/// `np.str_('abc')`.
fn scalar_repr(text: &Text) -> String {
    match text {
        Text::Bytes(_) => format!("np.bytes_({})", text.repr()),
        Text::Codes(_) => format!("np.str_({})", text.repr()),
    }
}

/// An integer in the range of `num`, in 64 bits.
fn parse_integer(text: &Text, num: TypeNum) -> Result<i64> {
    let too_large = || Error::Overflow("Python int too large to convert to C long".into());
    let value = parse_int(&text.string()).map_err(|e| match (e, text) {
        (NumberError::OutOfRange, _) => too_large(),
        (_, Text::Bytes(_)) => Error::Value(format!(
            "invalid literal for int() with base 10: {}",
            text.repr()
        )),
        _ => Error::Value(format!(
            "invalid literal for int() with base 10: {}",
            scalar_repr(text)
        )),
    })?;
    let bits = num.row().size as u32 * 8;
    let (low, high) = match num.is_signed() {
        true => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        false => (0, (1i128 << bits) - 1),
    };
    if value < low || value > high {
        if i64::try_from(value).is_err() {
            return Err(too_large());
        }
        let name = DType::new(num).name();
        return Err(Error::Overflow(format!(
            "Python integer {value} out of bounds for {name}"
        )));
    }
    Ok(value as i64)
}

/// Extended precision as C's `strtold` reads it, up to the first zero byte.
fn parse_long(text: &Text) -> Result<[u8; 16]> {
    let string = text.string();
    let string = string.split('\0').next().unwrap_or("");
    match parse_long_double_partial(string.as_bytes()) {
        Some((value, used)) if used == string.len() => Ok(value.bytes),
        _ => Err(Error::Value(format!(
            "invalid literal for long double: {string}"
        ))),
    }
}

/// A void without fields as something else: its bytes are read as text.
pub(super) fn from_void(from: &DType, to: &DType) -> Result<BoundLoop> {
    if matches!(to.num, TypeNum::Bytes | TypeNum::Str) {
        return Ok(element_loop(|_, _, _| {
            Err(Error::Value(
                "setting an array element with a sequence".into(),
            ))
        }));
    }
    let native = to.native();
    let base = match to.num {
        TypeNum::DateTime | TypeNum::TimeDelta => super::time::from_text(from, &native),
        _ => to_number(from, &native)?,
    };
    let ends = (
        super::compose::Operand::new(from, true),
        super::compose::Operand::new(to, false),
    );
    Ok(super::compose::compose(base, ends.0, ends.1))
}
