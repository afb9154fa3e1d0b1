"""Functions that look like ufuncs and are made of them."""

from numoxide._core import multiarray as _nx
from numoxide._core import umath as um
from numoxide._core.overrides import public

__all__ = ["fix", "isneginf", "isposinf"]


@public("x", "out")
def fix(x, out=None):
    """Round towards zero."""
    return um.trunc(x, out=out)


def _signed_inf(x, out, wanted):
    """Find the infinities of one sign."""
    infinite = um.isinf(x)
    try:
        negative = um.signbit(x)
    except TypeError as error:
        kind = _nx.asanyarray(x).dtype
        raise TypeError(
            f"This operation is not supported for {kind} values because it would be ambiguous."
        ) from error
    return um.logical_and(infinite, negative if wanted else ~negative, out)


@public("x", "out")
def isposinf(x, out=None):
    """Tell which elements are positive infinity."""
    return _signed_inf(x, out, False)


@public("x", "out")
def isneginf(x, out=None):
    """Tell which elements are negative infinity."""
    return _signed_inf(x, out, True)
