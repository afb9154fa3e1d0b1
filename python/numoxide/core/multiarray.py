"""The former name of `_core.multiarray`."""

from numoxide import core as _core

__getattr__ = _core._shim("multiarray")
