//! An input of a direct call: numbers in an array, a NumPy scalar or a Python number.

use crate::array::NDARRAY;
use crate::layout::{flags, ArrayObject};
use crate::scalar;
use numoxide_core::small::is_number;
use numoxide_dtype::{TypeNum, ROWS};
use pyo3::ffi;

/// Codes of inputs: type numbers of what has a dtype, then the two weak kinds.
pub(super) const CODES: usize = 26;
/// A Python int.
pub(super) const WEAK_INT: u8 = 24;
/// A Python float.
pub(super) const WEAK_FLOAT: u8 = 25;

/// An input: where its first item lies, what it is, and the array it belongs to.
#[derive(Clone, Copy)]
pub(in crate::ufunc) struct Given {
    /// First item; the object itself while the code is weak.
    pub(in crate::ufunc) ptr: *mut u8,
    /// The array, or NULL for scalars.
    pub(in crate::ufunc) array: *mut ArrayObject,
    /// What it is.
    pub(in crate::ufunc) code: u8,
}

impl Given {
    /// No input.
    pub(super) const NONE: Given = Given {
        ptr: std::ptr::null_mut(),
        array: std::ptr::null_mut(),
        code: 0,
    };

    /// Takes an exact native, aligned array of numbers, a NumPy number or a Python int or float.
    ///
    /// # Safety
    /// - `ob` is a live object.
    #[inline(always)]
    pub(super) unsafe fn of(ob: *mut ffi::PyObject) -> Option<Given> {
        // SAFETY: a live object; exact types have their layouts.
        unsafe {
            let ty = ffi::Py_TYPE(ob);
            if ty == NDARRAY.get() {
                return Given::array(ob.cast());
            }
            let weak = |code| {
                Some(Given {
                    ptr: ob.cast(),
                    code,
                    ..Given::NONE
                })
            };
            if ty == &raw mut ffi::PyFloat_Type {
                return weak(WEAK_FLOAT);
            }
            if ty == &raw mut ffi::PyLong_Type {
                return weak(WEAK_INT);
            }
            let num = scalar::num_for(ty).filter(|n| n.is_number())?;
            Some(Given {
                ptr: ob.cast::<u8>().add(scalar::value_offset(num)),
                code: num as u8,
                ..Given::NONE
            })
        }
    }

    /// As [`Given::of`] for an array.
    #[inline(always)]
    pub(in crate::ufunc) unsafe fn array(array: *mut ArrayObject) -> Option<Given> {
        // SAFETY: a live array and its dtype.
        unsafe {
            let descr = (*array).descr;
            let num = (*descr).type_num;
            let good = (*array).flags & flags::ALIGNED != 0
                && (*descr).byteorder as u8 != b'>'
                && is_number(num);
            good.then_some(Given {
                ptr: (*array).data,
                array,
                code: num as u8,
            })
        }
    }

    /// The class, when it has a dtype.
    #[inline(always)]
    pub(in crate::ufunc) fn num(&self) -> TypeNum {
        ROWS[usize::from(self.code)].num
    }

    /// Number of axes.
    #[inline(always)]
    pub(in crate::ufunc) fn ndim(&self) -> usize {
        match self.array.is_null() {
            true => 0,
            // SAFETY: a live array.
            false => unsafe { (*self.array).nd as usize },
        }
    }

    /// Lengths of the axes.
    #[inline(always)]
    pub(in crate::ufunc) fn shape(&self) -> &[usize] {
        match self.ndim() {
            0 => &[],
            // SAFETY: a live array's lengths, which are not negative.
            nd => unsafe { std::slice::from_raw_parts((*self.array).dimensions.cast(), nd) },
        }
    }

    /// Byte strides.
    #[inline(always)]
    pub(in crate::ufunc) fn strides(&self) -> &[isize] {
        match self.ndim() {
            0 => &[],
            // SAFETY: a live array's strides.
            nd => unsafe { std::slice::from_raw_parts((*self.array).strides, nd) },
        }
    }

    /// Whether the items lie in C order without gaps; scalars do.
    #[inline(always)]
    pub(in crate::ufunc) fn is_c(&self) -> bool {
        // SAFETY: a live array.
        self.array.is_null() || unsafe { (*self.array).flags & flags::C_CONTIGUOUS != 0 }
    }

    /// Whether the items lie in Fortran order without gaps.
    #[inline(always)]
    pub(super) fn is_f(&self) -> bool {
        // SAFETY: a live array.
        !self.array.is_null() && unsafe { (*self.array).flags & flags::F_CONTIGUOUS != 0 }
    }

    /// Whether later axes have smaller strides, so that results come in C order.
    pub(super) fn in_c_order(&self) -> bool {
        let mut last = isize::MAX;
        let axes = self.shape().iter().zip(self.strides());
        axes.filter(|(n, _)| **n > 1).all(|(_, &s)| {
            let smaller = s > 0 && s < last;
            last = s;
            smaller
        })
    }

    /// Number of items, saturating.
    #[inline(always)]
    pub(in crate::ufunc) fn size(&self) -> usize {
        self.shape().iter().fold(1, |n, &m| n.saturating_mul(m))
    }

    /// Bytes of one item.
    #[inline(always)]
    pub(in crate::ufunc) fn itemsize(&self) -> usize {
        ROWS[usize::from(self.code)].size
    }

    /// First and last byte address of the items of an array (`end` one past); scalars have none.
    pub(super) fn extent(&self) -> Option<(isize, isize)> {
        if self.array.is_null() {
            return None;
        }
        let (mut low, mut high) = (self.ptr as isize, self.ptr as isize);
        for (&n, &s) in self.shape().iter().zip(self.strides()) {
            let span = (n as isize - 1).wrapping_mul(s);
            if span < 0 {
                low = low.wrapping_add(span);
            } else {
                high = high.wrapping_add(span);
            }
        }
        Some((low, high.wrapping_add(self.itemsize() as isize)))
    }
}
