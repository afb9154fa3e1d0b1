"""The former name of `_core._multiarray_umath`."""

from numoxide import core as _core

__getattr__ = _core._shim("_multiarray_umath")
