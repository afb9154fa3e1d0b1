"""The former name of `_core.umath`."""

from numoxide import core as _core

__getattr__ = _core._shim("umath")
