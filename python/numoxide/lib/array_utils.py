"""Helpers for code that works on arrays' axes and memory."""

from numoxide.lib._array_utils_impl import byte_bounds, normalize_axis_index, normalize_axis_tuple

__all__ = ["byte_bounds", "normalize_axis_index", "normalize_axis_tuple"]
