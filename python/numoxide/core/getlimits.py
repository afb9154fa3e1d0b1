"""The former name of `_core.getlimits`."""

from numoxide import core as _core

__getattr__ = _core._shim("getlimits")
