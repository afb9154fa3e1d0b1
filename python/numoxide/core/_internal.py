"""The former name of `_core._internal`."""

from numoxide import core as _core

__getattr__ = _core._shim("_internal")
