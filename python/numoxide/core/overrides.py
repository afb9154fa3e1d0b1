"""The former name of `_core.overrides`."""

from numoxide import core as _core

__getattr__ = _core._shim("overrides")
