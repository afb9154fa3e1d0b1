"""The former name of `_core.arrayprint`."""

from numoxide import core as _core

__getattr__ = _core._shim("arrayprint")
