"""Elementary functions whose results are complex where real numbers do not do."""

from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import any as _any
from numoxide._core.multiarray import asarray
from numoxide._core.overrides import public
from numoxide.lib._type_check_impl import isreal

__all__ = ["sqrt", "log", "log2", "logn", "log10", "power", "arccos", "arcsin", "arctanh"]

_SINGLE = (
    nt.single, nt.byte, nt.short, nt.ubyte, nt.ushort, nt.csingle,
)  # fmt: skip


def _tocomplex(arr):
    """Cast to the complex type that holds the values: single for small types."""
    return arr.astype(nt.csingle if issubclass(arr.dtype.type, _SINGLE) else nt.cdouble)


def _fix_real_lt_zero(x):
    """Cast to complex if any real value is negative."""
    x = asarray(x)
    return _tocomplex(x) if _any(isreal(x) & (x < 0)) else x


def _fix_int_lt_zero(x):
    """Cast to double if any real value is negative."""
    x = asarray(x)
    return x * 1.0 if _any(isreal(x) & (x < 0)) else x


def _fix_real_abs_gt_1(x):
    """Cast to complex if any real value lies outside [-1, 1]."""
    x = asarray(x)
    return _tocomplex(x) if _any(isreal(x) & (abs(x) > 1)) else x


@public("x", module="numpy.lib.scimath")
def sqrt(x):
    """Compute the square root; imaginary for negative numbers."""
    return um.sqrt(_fix_real_lt_zero(x))


@public("x", module="numpy.lib.scimath")
def log(x):
    """Compute the natural logarithm; complex for negative numbers."""
    return um.log(_fix_real_lt_zero(x))


@public("x", module="numpy.lib.scimath")
def log10(x):
    """Compute the logarithm to base 10; complex for negative numbers."""
    return um.log10(_fix_real_lt_zero(x))


@public("n", "x", module="numpy.lib.scimath")
def logn(n, x):
    """Compute the logarithm to base `n`; complex for negative numbers."""
    return um.log(_fix_real_lt_zero(x)) / um.log(_fix_real_lt_zero(n))


@public("x", module="numpy.lib.scimath")
def log2(x):
    """Compute the logarithm to base 2; complex for negative numbers."""
    return um.log2(_fix_real_lt_zero(x))


@public("x", "p", module="numpy.lib.scimath")
def power(x, p):
    """Raise to a power; complex for negative numbers."""
    return um.power(_fix_real_lt_zero(x), _fix_int_lt_zero(p))


@public("x", module="numpy.lib.scimath")
def arccos(x):
    """Compute the inverse cosine; complex outside [-1, 1]."""
    return um.arccos(_fix_real_abs_gt_1(x))


@public("x", module="numpy.lib.scimath")
def arcsin(x):
    """Compute the inverse sine; complex outside [-1, 1]."""
    return um.arcsin(_fix_real_abs_gt_1(x))


@public("x", module="numpy.lib.scimath")
def arctanh(x):
    """Compute the inverse hyperbolic tangent; complex outside [-1, 1]."""
    return um.arctanh(_fix_real_abs_gt_1(x))
