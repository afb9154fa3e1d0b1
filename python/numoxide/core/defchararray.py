"""The former name of `_core.defchararray`."""

from numoxide import core as _core

__getattr__ = _core._shim("defchararray")
