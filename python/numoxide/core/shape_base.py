"""The former name of `_core.shape_base`."""

from numoxide import core as _core

__getattr__ = _core._shim("shape_base")
