"""Functions over arrays of text that older programs call."""

from numoxide._core.multiarray import compare_chararrays

__all__ = ["compare_chararrays"]
