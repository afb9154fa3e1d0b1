"""Polynomials as series in one of six families, by functions on coefficients or as objects.

Coefficients go from the lowest degree to the highest: ``[1, 2, 3]`` stands for ``P_0 + 2 P_1 + 3 P_2``. Each family
has a class, which is the convenient way to use it, and a module of functions.

    >>> p = np.polynomial.Polynomial([1, 2, 3])
    >>> print(f"{p:ascii}")
    1.0 + 2.0 x + 3.0 x**2
    >>> float(p(2))
    17.0
"""

from numoxide._core.overrides import set_module

# The power series come first: the other families convert to and from them.
from numoxide.polynomial import polynomial  # noqa: I001
from numoxide.polynomial import chebyshev, hermite, hermite_e, laguerre, legendre, polyutils  # noqa: F401
from numoxide.polynomial._polybase import ABCPolyBase as _ABCPolyBase
from numoxide.polynomial._printing import uses_unicode as _uses_unicode
from numoxide.polynomial.chebyshev import Chebyshev
from numoxide.polynomial.hermite import Hermite
from numoxide.polynomial.hermite_e import HermiteE
from numoxide.polynomial.laguerre import Laguerre
from numoxide.polynomial.legendre import Legendre
from numoxide.polynomial.polynomial import Polynomial

__all__ = [
    "set_default_printstyle", "polynomial", "Polynomial", "chebyshev", "Chebyshev", "legendre",
    "Legendre", "hermite", "Hermite", "hermite_e", "HermiteE", "laguerre", "Laguerre",
]  # fmt: skip


@set_module("numpy.polynomial")
def set_default_printstyle(style):
    """Choose how `print` writes series: 'unicode' (with superscripts) or 'ascii'.

    >>> np.polynomial.set_default_printstyle("ascii")
    >>> print(np.polynomial.Chebyshev([1, 2, 3]))
    1.0 + 2.0 T_1(x) + 3.0 T_2(x)
    >>> np.polynomial.set_default_printstyle("unicode")
    """
    _ABCPolyBase._use_unicode = _uses_unicode(style)


def __getattr__(name):
    if name == "test":
        from numoxide._pytesttester import PytestTester

        return PytestTester(__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
