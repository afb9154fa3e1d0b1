"""The former name of `_core.numerictypes`."""

from numoxide import core as _core

__getattr__ = _core._shim("numerictypes")
