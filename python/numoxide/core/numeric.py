"""The former name of `_core.numeric`."""

from numoxide import core as _core

__getattr__ = _core._shim("numeric")
