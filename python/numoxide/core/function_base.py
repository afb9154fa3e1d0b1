"""The former name of `_core.function_base`."""

from numoxide import core as _core

__getattr__ = _core._shim("function_base")
