//! Loops over fixed-width text: bytes, or 4-byte characters padded with NULs.
//!
//! A body works on one element; trailing NULs do not count, what it writes is cut to the width of
//! its output and padded with NULs again.

mod chars;
mod edit;
mod search;
#[cfg(test)]
mod tests;

pub use chars::{set_unicode_tests, UnicodeTests};

use crate::loops::{Aux, BoundLoop, LoopCtx, LoopFlags};
use chars::Char;
use numoxide_dtype::{DType, Error};
use std::ffi::{c_int, c_void};

/// What a body says of an element.
type Done = Result<(), Error>;
/// Works on one element.
type Body = for<'a> fn(&Item<'a>) -> Done;

/// A text operation: its operands and its body for bytes and for wide characters.
pub struct TextOp {
    /// Name of the ufunc.
    pub name: &'static str,
    /// Inputs and outputs as in `ti>t`: `t` text, `i` integer, `?` bool.
    pub signature: &'static str,
    /// Width of text outputs.
    pub width: Width,
    /// Whether it is defined for bytes.
    pub bytes: bool,
    bodies: [Body; 2],
}

/// How wide the text outputs of an operation are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    /// As the first input.
    First,
    /// As all text inputs together.
    Sum,
    /// As the outputs that the caller gives; the words of the error if it gives none.
    Given(&'static str),
}

impl TextOp {
    /// The inputs' part of the signature.
    pub fn inputs(&self) -> &'static str {
        self.signature.split('>').next().unwrap_or("")
    }

    /// The outputs' part of the signature.
    pub fn outputs(&self) -> &'static str {
        self.signature.split('>').next_back().unwrap_or("")
    }

    /// The loop over bytes, or over 4-byte characters if `wide`.
    pub fn bind(&'static self, wide: bool) -> BoundLoop {
        BoundLoop {
            func: if wide { walk::<1> } else { walk::<0> },
            aux: Aux::raw(std::ptr::from_ref(self).cast_mut().cast()),
            flags: LoopFlags {
                may_fail: true,
                cost: 16,
                ..LoopFlags::default()
            },
        }
    }
}

/// Builds rows: name, operands, width rule, generic body; `wide` ones have no form for bytes.
macro_rules! text_ops {
    ($($name:literal $operands:literal $width:expr, $family:ident :: $body:ident $(, $wide:ident)?;)+) => {
        &[$(TextOp {
            name: $name,
            signature: $operands,
            width: $width,
            bytes: text_ops!(@bytes $($wide)?),
            bodies: [$family::$body::<u8>, $family::$body::<u32>],
        }),+]
    };
    (@bytes) => { true };
    (@bytes wide) => { false };
}

const NO_OUT: &str = "The 'out' kwarg is necessary. Use the version in numpy.strings without it.";
const NO_OUT_TABS: &str = "The 'out' kwarg is necessary. Use numpy.strings.expandtabs without it.";
const NO_OUT_ZEROS: &str = "The 'out' kwarg is necessary. Use numpy.strings.zfill without it.";
const NO_OUT_TIMES: &str = "The 'out' kwarg is necessary when using the string multiply ufunc \
    directly. Use numpy.strings.multiply to multiply strings without specifying 'out'.";
const NO_OUT_PARTS: &str = "The 'templated_string__partition_index' ufunc requires the 'out' \
    keyword to be set. The python wrapper in numpy.strings can be used without the out keyword.";

/// All text operations.
pub static TEXT_OPS: &[TextOp] = text_ops! {
    "str_len" "t>i" Width::First, search::len;
    "isalpha" "t>?" Width::First, search::is_alpha;
    "isdigit" "t>?" Width::First, search::is_digit;
    "isspace" "t>?" Width::First, search::is_space;
    "isalnum" "t>?" Width::First, search::is_alnum;
    "islower" "t>?" Width::First, search::is_lower;
    "isupper" "t>?" Width::First, search::is_upper;
    "istitle" "t>?" Width::First, search::is_title;
    "isdecimal" "t>?" Width::First, search::is_decimal, wide;
    "isnumeric" "t>?" Width::First, search::is_numeric, wide;
    "find" "ttii>i" Width::First, search::find;
    "rfind" "ttii>i" Width::First, search::rfind;
    "index" "ttii>i" Width::First, search::index;
    "rindex" "ttii>i" Width::First, search::rindex;
    "count" "ttii>i" Width::First, search::count;
    "startswith" "ttii>?" Width::First, search::starts_with;
    "endswith" "ttii>?" Width::First, search::ends_with;
    "add" "tt>t" Width::Sum, edit::add;
    "multiply" "ti>t" Width::Given(NO_OUT_TIMES), edit::multiply;
    "multiply" "it>t" Width::Given(NO_OUT_TIMES), edit::multiply_left;
    "_lstrip_whitespace" "t>t" Width::First, edit::lstrip;
    "_rstrip_whitespace" "t>t" Width::First, edit::rstrip;
    "_strip_whitespace" "t>t" Width::First, edit::strip;
    "_lstrip_chars" "tt>t" Width::First, edit::lstrip_chars;
    "_rstrip_chars" "tt>t" Width::First, edit::rstrip_chars;
    "_strip_chars" "tt>t" Width::First, edit::strip_chars;
    "_replace" "ttti>t" Width::Given("out kwarg should be given"), edit::replace;
    "_expandtabs_length" "ti>i" Width::First, edit::expanded_length;
    "_expandtabs" "ti>t" Width::Given(NO_OUT_TABS), edit::expand_tabs;
    "_center" "tit>t" Width::Given(NO_OUT), edit::center;
    "_ljust" "tit>t" Width::Given(NO_OUT), edit::ljust;
    "_rjust" "tit>t" Width::Given(NO_OUT), edit::rjust;
    "_zfill" "ti>t" Width::Given(NO_OUT_ZEROS), edit::zfill;
    "_partition_index" "tti>ttt" Width::Given(NO_OUT_PARTS), edit::partition;
    "_rpartition_index" "tti>ttt" Width::Given(NO_OUT_PARTS), edit::rpartition;
    "_slice" "tiii>t" Width::First, edit::slice;
};

/// One element of all operands.
struct Item<'a> {
    dtypes: &'a [DType],
    at: [*mut u8; 6],
}

impl<'a> Item<'a> {
    /// Characters of an operand up to its trailing NULs.
    fn text<T: Char>(&self, k: usize) -> &'a [T] {
        // SAFETY: operand `k` is an aligned item of `size` bytes of characters, alive during the call.
        let all: &[T] = unsafe {
            std::slice::from_raw_parts(self.at[k].cast(), self.dtypes[k].size / size_of::<T>())
        };
        let end = all.iter().rposition(|c| *c != T::default());
        &all[..end.map_or(0, |i| i + 1)]
    }

    /// An integer operand.
    fn int(&self, k: usize) -> i64 {
        // SAFETY: operand `k` is an aligned 64-bit integer.
        unsafe { self.at[k].cast::<i64>().read() }
    }

    /// Sets an integer output.
    fn put_int(&self, k: usize, value: i64) -> Done {
        // SAFETY: operand `k` is an aligned 64-bit integer of ours to write.
        unsafe { self.at[k].cast::<i64>().write(value) };
        Ok(())
    }

    /// Sets a bool output.
    fn put_bool(&self, k: usize, value: bool) -> Done {
        // SAFETY: operand `k` is a bool of ours to write.
        unsafe { self.at[k].write(u8::from(value)) };
        Ok(())
    }

    /// Sets a text output to these characters, cut to its width.
    fn put_text<T: Char>(&self, k: usize, chars: impl IntoIterator<Item = T>) -> Done {
        let width = self.dtypes[k].size / size_of::<T>();
        let to = self.at[k].cast::<T>();
        let padded = chars.into_iter().chain(std::iter::repeat(T::default()));
        for (i, c) in padded.take(width).enumerate() {
            // SAFETY: `i` is below the width of the item, which is ours to write; no input is here.
            unsafe { to.add(i).write(c) };
        }
        Ok(())
    }
}

/// # Safety
/// - Aligned operands of the context's dtypes, as the row in `aux` says; an output is apart from every
///   input or lies exactly on it.
unsafe extern "C" fn walk<const WIDE: usize>(
    ctx: *const LoopCtx,
    args: *const *mut u8,
    dims: *const isize,
    strides: *const isize,
    aux: *mut c_void,
) -> c_int {
    // SAFETY: `aux` was made from a row in `bind`; pointers and strides as the loop form says.
    unsafe {
        let op = &*aux.cast::<TextOp>();
        let (dtypes, nin) = ((*ctx).dtypes(), op.inputs().len());
        let mut item = Item {
            dtypes,
            at: [std::ptr::null_mut(); 6],
        };
        let mut copies: [Vec<u64>; 4] = Default::default();
        for i in 0..*dims {
            for k in 0..dtypes.len() {
                item.at[k] = (*args.add(k)).offset(i * *strides.add(k));
            }
            for k in 0..nin {
                if item.at[nin..dtypes.len()].contains(&item.at[k]) {
                    let size = dtypes[k].size;
                    copies[k].resize(size.div_ceil(8), 0);
                    let copy = copies[k].as_mut_ptr().cast::<u8>();
                    copy.copy_from_nonoverlapping(item.at[k], size);
                    item.at[k] = copy;
                }
            }
            if let Err(error) = (op.bodies[WIDE])(&item) {
                return (*ctx).fail(error);
            }
        }
    }
    0
}
