"""The former name of `_core.records`."""

from numoxide import core as _core

__getattr__ = _core._shim("records")
