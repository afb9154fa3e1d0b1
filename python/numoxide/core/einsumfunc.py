"""The former name of `_core.einsumfunc`."""

from numoxide import core as _core

__getattr__ = _core._shim("einsumfunc")
