"""What happens on floating-point errors, and the size of the casting buffer."""

import functools

from numoxide._core._multiarray_umath import (
    _extobj_contextvar,
    _get_extobj_dict,
    _make_extobj,
)
from numoxide._core.overrides import set_module

__all__ = ["seterr", "geterr", "setbufsize", "getbufsize", "seterrcall", "geterrcall", "errstate"]

_KINDS = ("divide", "over", "under", "invalid")


class _unspecified:
    """Marks an argument that was not given."""

    def __repr__(self):
        return "<unspecified>"


_Unspecified = _unspecified()


@set_module("numpy")
def seterr(all=None, divide=None, over=None, under=None, invalid=None):
    """Set the reaction to floating-point errors and return the former one."""
    before = _get_extobj_dict()
    made = _make_extobj(all=all, divide=divide, over=over, under=under, invalid=invalid)
    _extobj_contextvar.set(made)
    return {kind: before[kind] for kind in _KINDS}


@set_module("numpy")
def geterr():
    """Give the reaction to each kind of floating-point error."""
    state = _get_extobj_dict()
    return {kind: state[kind] for kind in _KINDS}


@set_module("numpy")
def setbufsize(size):
    """Set the number of elements in the casting buffer and return the former one."""
    if size < 0:
        raise ValueError("buffer size must be non-negative")
    before = _get_extobj_dict()["bufsize"]
    _extobj_contextvar.set(_make_extobj(bufsize=size))
    return before


@set_module("numpy")
def getbufsize():
    """Give the number of elements in the casting buffer."""
    return _get_extobj_dict()["bufsize"]


@set_module("numpy")
def seterrcall(func):
    """Set the function or log object that floating-point errors go to; return the former one."""
    before = _get_extobj_dict()["call"]
    _extobj_contextvar.set(_make_extobj(call=func))
    return before


@set_module("numpy")
def geterrcall():
    """Give the function or log object that floating-point errors go to."""
    return _get_extobj_dict()["call"]


@set_module("numpy")
class errstate:
    """Change the reaction to floating-point errors for a block or a function.

    >>> with np.errstate(divide="ignore"):
    ...     np.array([1.0]) / 0
    array([inf])
    """

    __slots__ = ("_all", "_call", "_divide", "_invalid", "_over", "_token", "_under")

    def __init__(
        self, *, call=_Unspecified, all=None, divide=None, over=None, under=None, invalid=None
    ):
        self._token = None
        self._call, self._all, self._divide = call, all, divide
        self._over, self._under, self._invalid = over, under, invalid

    def _settings(self):
        """The arguments for a new state."""
        given = {
            "all": self._all,
            "divide": self._divide,
            "over": self._over,
            "under": self._under,
            "invalid": self._invalid,
        }
        if self._call is not _Unspecified:
            given["call"] = self._call
        return given

    def __enter__(self):
        if self._token is not None:
            raise TypeError("Cannot enter `np.errstate` twice.")
        self._token = _extobj_contextvar.set(_make_extobj(**self._settings()))

    def __exit__(self, *exc_info):
        _extobj_contextvar.reset(self._token)

    def __call__(self, func):
        @functools.wraps(func)
        def inner(*args, **kwargs):
            token = _extobj_contextvar.set(_make_extobj(**self._settings()))
            try:
                return func(*args, **kwargs)
            finally:
                _extobj_contextvar.reset(token)

        return inner
