"""Helpers for code that works on arrays' axes and memory."""

from numoxide._core.multiarray import normalize_axis_index
from numoxide._core.numeric import normalize_axis_tuple
from numoxide._core.overrides import set_module

__all__ = ["byte_bounds", "normalize_axis_index", "normalize_axis_tuple"]


@set_module("numpy.lib.array_utils")
def byte_bounds(a):
    """Give the addresses of the first byte of an array and of the one behind its last."""
    facts = a.__array_interface__
    low = high = facts["data"][0]
    if facts["strides"] is None:
        return low, high + a.nbytes
    for length, step in zip(facts["shape"], facts["strides"]):
        if step < 0:
            low += (length - 1) * step
        else:
            high += (length - 1) * step
    return low, high + a.dtype.itemsize
