"""Sentinels that must be the same object wherever they are seen."""

import enum

from numoxide._home import home

if "_NoValue" in globals():
    raise RuntimeError(f"Reloading {home('numpy._globals')} is not allowed")


class _NoValueType:
    """Marks an argument that was not given where ``None`` means something."""

    __slots__ = ()
    _only = None

    def __new__(cls):
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self):
        return "<no value>"

    def __reduce__(self):
        return (type(self), ())


_NoValue = _NoValueType()


class _CopyMode(enum.Enum):
    """How the ``copy`` argument of ``array`` decides: always, if needed, never."""

    ALWAYS = True
    NEVER = False
    IF_NEEDED = 2

    def __bool__(self):
        if self is _CopyMode.IF_NEEDED:
            raise ValueError(f"{self} is neither True nor False.")
        return self is _CopyMode.ALWAYS


_CopyMode.__module__ = home("numpy")
_NoValueType.__module__ = home("numpy._globals")
