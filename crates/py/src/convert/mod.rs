//! Converters: one for each kind of argument, with NumPy's words for what is wrong.

mod axis;
mod choice;
mod number;
mod shape;

pub(crate) use axis::{axes_or_none, axis_or_none, normalize_axis, Axes};
pub(crate) use choice::{
    casting, checked_casting, clip_mode, copy_mode, device, is_copy_enum, order, side, ClipMode,
    CopyMode,
};
pub(crate) use number::{as_axis, as_index, as_int, is_none, none_is_absent, plain_index, truth};
pub(crate) use shape::{int_list, int_list_item, lengths, optional_shape, shape};
