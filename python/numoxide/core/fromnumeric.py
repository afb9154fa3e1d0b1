"""The former name of `_core.fromnumeric`."""

from numoxide import core as _core

__getattr__ = _core._shim("fromnumeric")
