"""Questions about real and complex, and clean-ups of special values."""

from numoxide._core import multiarray as _nx
from numoxide._core import umath as um
from numoxide._core.getlimits import finfo
from numoxide._core.multiarray import asanyarray, asarray
from numoxide._core.numerictypes import allTypes
from numoxide._core.overrides import public, set_module
from numoxide.lib._ufunclike_impl import isneginf, isposinf

__all__ = [
    "iscomplexobj", "isrealobj", "imag", "iscomplex", "isreal", "nan_to_num", "real",
    "real_if_close", "typename", "mintypecode", "common_type",
]  # fmt: skip

_typecodes_by_elsize = "GDFgdfQqLlIiHhBb?"
_complexfloating = allTypes["complexfloating"]


@set_module("numpy")
def mintypecode(typechars, typeset="GDFgdf", default="d"):
    """Find the smallest type code of a set that all given codes cast to safely."""
    codes = {t if isinstance(t, str) else asarray(t).dtype.char for t in typechars}
    found = codes & set(typeset)
    if not found:
        return default
    if "F" in found and "d" in found:
        return "D"
    return min(found, key=_typecodes_by_elsize.index)


@public("val")
def real(val):
    """Give the real part."""
    try:
        return val.real
    except AttributeError:
        return asanyarray(val).real


@public("val")
def imag(val):
    """Give the imaginary part."""
    try:
        return val.imag
    except AttributeError:
        return asanyarray(val).imag


@public("x")
def iscomplex(x):
    """Tell which elements have an imaginary part."""
    ax = asanyarray(x)
    if issubclass(ax.dtype.type, _complexfloating):
        return ax.imag != 0
    return _nx.zeros(ax.shape, bool)[()]


@public("x")
def isreal(x):
    """Tell which elements have no imaginary part."""
    return imag(x) == 0


@public("x")
def iscomplexobj(x):
    """Tell whether an object is of a complex type, whatever its values."""
    try:
        kind = x.dtype.type
    except AttributeError:
        kind = asarray(x).dtype.type
    return issubclass(kind, _complexfloating)


@public("x")
def isrealobj(x):
    """Tell whether an object is not of a complex type."""
    return not iscomplexobj(x)


@public("x")
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Replace NaN by zero and infinities by the largest numbers, or by what is given."""
    x = _nx.array(x, subok=True, copy=True if copy else None)
    kind, scalar = x.dtype.type, x.ndim == 0
    if not issubclass(kind, allTypes["inexact"]):
        return x[()] if scalar else x
    limits = finfo(x.real.dtype if issubclass(kind, _complexfloating) else x.dtype)
    high = limits.max if posinf is None else posinf
    low = limits.min if neginf is None else neginf
    parts = (x.real, x.imag) if issubclass(kind, _complexfloating) else (x,)
    for part in parts:
        # All places first: a replacement may itself be special.
        at_nan, at_high, at_low = um.isnan(part), isposinf(part), isneginf(part)
        for places, value in ((at_nan, nan), (at_high, high), (at_low, low)):
            _nx.copyto(part, value, where=places)
    return x[()] if scalar else x


@public("a")
def real_if_close(a, tol=100):
    """Drop imaginary parts that are all close to zero, within `tol` machine epsilons."""
    a = asanyarray(a)
    kind = a.dtype.type
    if not issubclass(kind, _complexfloating):
        return a
    if tol > 1:
        tol = finfo(kind).eps * tol
    return a.real if um.less(um.absolute(a.imag), tol).all() else a


_DESCRIBED = {
    "S1": "character", "?": "bool", "b": "signed char", "B": "unsigned char", "h": "short",
    "H": "unsigned short", "i": "integer", "I": "unsigned integer", "l": "long integer",
    "L": "unsigned long integer", "q": "long long integer", "Q": "unsigned long long integer",
    "f": "single precision", "d": "double precision", "g": "long precision",
    "F": "complex single precision", "D": "complex double precision",
    "G": "complex long double precision", "S": "string", "U": "unicode", "V": "void",
    "O": "object",
}  # fmt: skip


@set_module("numpy")
def typename(char):
    """Describe a type code in words."""
    return _DESCRIBED[char]


_PRECISION = "efdg"


@public("*arrays")
def common_type(*arrays):
    """Find the inexact scalar type that holds all arrays; integers count as double."""
    is_complex, level = False, 0
    for a in arrays:
        kind = a.dtype.type
        if iscomplexobj(a):
            is_complex = True
        if issubclass(kind, allTypes["integer"]):
            rank = 2
        elif issubclass(kind, allTypes["inexact"]):
            rank = _PRECISION.index(finfo(kind).dtype.char)
        else:
            raise TypeError("can't get common type for non-numeric array")
        level = max(level, rank)
    if is_complex:
        return _nx.dtype("FFDG"[level]).type
    return _nx.dtype(_PRECISION[level]).type


