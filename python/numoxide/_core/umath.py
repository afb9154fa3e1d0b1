"""The universal functions and the constants beside them."""

import math

from numoxide._core import _multiarray_umath as _ext
from numoxide._core.multiarray import (  # noqa: F401
    _add_newdoc_ufunc, add_docstring,
    ALLOW_THREADS, BUFSIZE, CLIP, FLOATING_POINT_SUPPORT, FPE_DIVIDEBYZERO, FPE_INVALID,
    FPE_OVERFLOW, FPE_UNDERFLOW, ITEM_HASOBJECT, ITEM_IS_POINTER, LIST_PICKLE, MAXDIMS,
    MAY_SHARE_BOUNDS, MAY_SHARE_EXACT, NEEDS_INIT, NEEDS_PYAPI, RAISE, UFUNC_BUFSIZE_DEFAULT,
    UFUNC_PYVALS_NAME, USE_GETITEM, USE_SETITEM, WRAP,
)  # fmt: skip
from numoxide._home import home

# Other names of a ufunc belong to the main namespace, but for these.
_OTHER_NAMES = ("mod", "true_divide", "conj")
globals().update(
    {
        name: value
        for name, value in vars(_ext).items()
        if name[:2] != "__"
        and (getattr(value, "__name__", name) == name or name in _OTHER_NAMES or not isinstance(value, type(_ext.add)))
    }
)

pi, e, euler_gamma = math.pi, math.e, 0.5772156649015329
PINF, NINF, NAN, PZERO, NZERO = math.inf, -math.inf, math.nan, 0.0, -0.0
for _name in ("PINF", "NINF", "NAN", "PZERO", "NZERO"):
    setattr(_ext, _name, globals()[_name])

_ufunc = type(_ext.add)
for _value in vars(_ext).values():
    if isinstance(_value, _ufunc):
        _value.__module__ = home("numpy")
_STRING = frozenset(
    "isalnum isalpha isdecimal isdigit islower isnumeric isspace istitle isupper str_len find "
    "rfind count index rindex startswith endswith clip".split()
)
__all__ = sorted(
    name
    for name, value in vars(_ext).items()
    if isinstance(value, _ufunc) and name[0] != "_" and name not in _STRING and name in globals()
) + [name for name in ("e", "euler_gamma", "frompyfunc", "pi") if name in globals()]
