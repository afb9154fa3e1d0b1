//! Casts between datetime units, and between datetimes and text.

use super::element::element_loop;
use super::unicode::{check_ascii_codes, Text};
use super::{hooks, raw_copy};
use numoxide_dtype::datetime::{
    from_civil, iso_text, parse_iso, parse_timedelta, timedelta_text, to_civil, Conversion, NAT,
    ZONE_WARNING,
};
use numoxide_dtype::{DType, DateTimeMeta, DateTimeUnit, Error, Result, TypeNum};
use numoxide_kernels::{Aux, BoundLoop, LoopCtx, LoopFlags};
use std::ffi::{c_int, c_void};

/// Between two units; between dates and differences the number stays as it is.
pub(super) fn between_units(from: &DType, to: &DType) -> Result<BoundLoop> {
    if from.num != to.num {
        return Ok(raw_copy(8));
    }
    let calendar = from.num == TypeNum::DateTime;
    let conversion = Conversion::new(from.datetime_meta(), to.datetime_meta(), calendar)?;
    if conversion == Conversion::Same {
        return Ok(raw_copy(8));
    }
    if conversion == Conversion::Nothing {
        return Ok(element_loop(|src, dst, _| {
            // SAFETY: the loop contract: two aligned 64-bit elements.
            let (value, out) = unsafe { (src.cast::<i64>().read(), dst.cast::<i64>()) };
            to_civil(value, DateTimeMeta::GENERIC)?;
            // SAFETY: as above.
            unsafe { out.write(NAT) };
            Ok(())
        }));
    }
    let flags = LoopFlags {
        cost: 8,
        ..LoopFlags::default()
    };
    Ok(BoundLoop {
        func: convert,
        aux: Aux::new(conversion),
        flags,
    })
}

/// # Safety
/// As any strided loop of two aligned 64-bit operands; `aux` is a [`Conversion`].
unsafe extern "C" fn convert(
    _: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: the loop contract.
    unsafe {
        let conversion = *aux.cast::<Conversion>();
        let (mut a, mut o) = (*args, *args.add(1));
        for _ in 0..*dims {
            o.cast::<i64>()
                .write(conversion.apply(a.cast::<i64>().read()));
            a = a.wrapping_offset(*strides);
            o = o.wrapping_offset(*strides.add(1));
        }
    }
    0
}

/// Most characters of a difference in an array.
const TIMEDELTA_CHARS: usize = 21;

/// Dates as ISO 8601, differences in words.
pub(super) fn to_text(from: &DType, to: &DType) -> BoundLoop {
    let (num, meta, to) = (from.num, from.datetime_meta(), to.clone());
    let width = if to.num == TypeNum::Str {
        to.size / 4
    } else {
        to.size
    };
    element_loop(move |src, dst, _| {
        // SAFETY: the loop contract: one aligned 64-bit element.
        let value = unsafe { src.cast::<i64>().read() };
        let text = match num {
            TypeNum::TimeDelta => {
                let mut text = timedelta_text(value, meta);
                text.truncate(TIMEDELTA_CHARS);
                text
            }
            _ => {
                let text = iso_text(to_civil(value, meta)?.as_ref(), meta.unit);
                if text.len() > width {
                    return Err(Error::Runtime(format!(
                        "The string provided for NumPy ISO datetime formatting was too short, with \
                         length {width}"
                    )));
                }
                text
            }
        };
        // SAFETY: the loop contract: one text element.
        unsafe { super::text::write_ascii(&to, dst, text.as_bytes()) };
        Ok(())
    })
}

/// Text as dates or differences.
pub(super) fn from_text(from: &DType, to: &DType) -> BoundLoop {
    let (from, num, meta) = (from.clone(), to.num, to.datetime_meta());
    let mut work = element_loop(move |src, dst, _| {
        // SAFETY: the loop contract: one text element, one aligned 64-bit element.
        unsafe {
            let text = Text::read(&from, src);
            let value = match num {
                TypeNum::TimeDelta => parse_timedelta(&text.utf8()?)?,
                _ => parse_date(&text, meta)?,
            };
            dst.cast::<i64>().write(value);
        }
        Ok(())
    });
    work.flags.needs_gil = hooks::warns();
    work
}

/// Seconds since 1970 by the clock.
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| d.as_secs() as i64)
}

fn parse_date(text: &Text, meta: DateTimeMeta) -> Result<i64> {
    if let Text::Codes(codes) = text {
        check_ascii_codes(codes)?;
    }
    let parsed = match parse_iso(&text.utf8()?, now) {
        Ok(parsed) => parsed,
        Err(e) => {
            if e.zone_warning {
                hooks::warn(ZONE_WARNING)?;
            }
            return Err(e.error);
        }
    };
    if parsed.has_zone {
        hooks::warn(ZONE_WARNING)?;
    }
    match parsed.date {
        None => Ok(NAT),
        Some(_) if meta.unit == DateTimeUnit::Generic => {
            // A generic date takes the unit of the text.
            from_civil(parsed.date.as_ref(), DateTimeMeta::unit(parsed.unit))
        }
        date => from_civil(date.as_ref(), meta),
    }
}
