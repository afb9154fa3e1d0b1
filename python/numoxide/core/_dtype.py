"""The former name of `_core._dtype`."""

from numoxide import core as _core

__getattr__ = _core._shim("_dtype")
