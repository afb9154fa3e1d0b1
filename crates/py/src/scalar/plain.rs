//! Python's own ints and floats as numbers of a class, where that takes no thought.

use super::number::Raw;
use super::types::{type_for, value_offset};
use crate::descr;
use crate::layout::Descr;
use numoxide_core::small;
use numoxide_dtype::{Bool, Complex, TypeNum, ROWS};
use pyo3::ffi;

/// An exact Python float, int or bool in class `num`; `None` where it does not fit, would be reported,
/// or is something else.
///
/// # Safety
/// - `ob` is a live object.
#[inline]
pub(crate) unsafe fn plain_number(ob: *mut ffi::PyObject, num: TypeNum) -> Option<Raw> {
    // SAFETY: exact types have their layouts.
    unsafe {
        let ty = ffi::Py_TYPE(ob);
        if ty == &raw mut ffi::PyFloat_Type {
            return of_float(ffi::PyFloat_AS_DOUBLE(ob), num);
        }
        if ty == &raw mut ffi::PyLong_Type {
            let mut overflow = 0;
            let value = ffi::PyLong_AsLongLongAndOverflow(ob, &mut overflow);
            return (overflow == 0).then(|| of_int(value, num)).flatten();
        }
        if ty == &raw mut ffi::PyBool_Type && num == TypeNum::Bool {
            return Some(Raw::of(Bool(u8::from(ob == ffi::Py_True()))));
        }
        None
    }
}

#[inline(always)]
fn of_float(value: f64, num: TypeNum) -> Option<Raw> {
    Some(match num {
        TypeNum::Double => Raw::of(value),
        // Out of float32's range an overflow is reported.
        TypeNum::Float if value.abs() < 3e38 || !value.is_finite() => Raw::of(value as f32),
        TypeNum::CDouble => Raw::of(Complex { re: value, im: 0.0 }),
        _ => return None,
    })
}

#[inline(always)]
fn of_int(value: i64, num: TypeNum) -> Option<Raw> {
    macro_rules! int {
        ($t:ty) => {
            Raw::of(<$t>::try_from(value).ok()?)
        };
    }
    Some(match num {
        TypeNum::Long | TypeNum::LongLong => Raw::of(value),
        TypeNum::Double => Raw::of(value as f64),
        TypeNum::Int => int!(i32),
        TypeNum::UByte => int!(u8),
        TypeNum::ULong | TypeNum::ULongLong => int!(u64),
        TypeNum::UInt => int!(u32),
        TypeNum::Byte => int!(i8),
        TypeNum::Short => int!(i16),
        TypeNum::UShort => int!(u16),
        // Beyond this the value would be rounded twice.
        TypeNum::Float if value.unsigned_abs() < 1 << 24 => Raw::of(value as f32),
        TypeNum::CDouble => Raw::of(Complex {
            re: value as f64,
            im: 0.0,
        }),
        _ => return None,
    })
}

/// Stores such a number, or a scalar of the very class, in an item of a native dtype.
///
/// # Safety
/// - `ptr` points to a writable item of the live dtype; `ob` is a live object.
#[inline]
pub(crate) unsafe fn set_plain(
    ptr: *mut u8,
    descr: *mut Descr,
    ob: *mut ffi::PyObject,
) -> Option<()> {
    let num = descr::num_of(descr);
    // SAFETY: by contract; numbers have at most 32 bytes.
    unsafe {
        if (*descr).byteorder as u8 == descr::SWAPPED {
            return None;
        }
        let own = small::is_number(num as i32) && ffi::Py_TYPE(ob) == type_for(num);
        let raw = match own {
            true => Raw::read(
                ob.cast::<u8>().add(value_offset(num)),
                ROWS[num as usize].size,
            ),
            false => plain_number(ob, num)?,
        };
        raw.write(ptr, (*descr).elsize as usize);
    }
    Some(())
}
