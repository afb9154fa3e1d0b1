"""The former name of `_core._dtype_ctypes`."""

from numoxide import core as _core

__getattr__ = _core._shim("_dtype_ctypes")
