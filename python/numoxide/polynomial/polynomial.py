"""Power series."""

import numoxide as np
from numoxide._core.overrides import public
from numoxide.polynomial import _functions, polyutils as pu
from numoxide.polynomial._basis import Basis as _Basis
from numoxide.polynomial._polybase import ABCPolyBase

polyzero = np.array([0])
polyone = np.array([1])
polyx = np.array([0, 1])
polydomain = np.array([-1.0, 1.0])


class _Power(_Basis):
    """x x^i = x^{i+1}."""

    def weights(self, n):
        return 0, None, None

    def value(self, x, c):
        total = c[-1] + x * 0
        for i in range(len(c) - 2, -1, -1):
            total = c[i] + total * x
        return total

    def fill(self, rows, x):
        rows[1:2] = x
        for n in range(2, len(rows)):
            np.multiply(rows[n - 1], x, out=rows[n])

    def times_x(self, c, i):
        return c, None, None

    def lead(self, c, j):
        return j * c

    def rise(self, c, j):
        return c / (j + 1)

    def matrix(self, c, n):
        return 0, 0, 1, c[:-1] / c[-1]

    def rotate(self, matrix):
        """Companion matrices of power series stay as they are."""
        return matrix


def polymul(c1, c2):
    """Multiply two power series.

    >>> np.polynomial.polynomial.polymul([1, 2], [3, 4])
    array([ 3., 10.,  8.])
    """
    [c1, c2] = pu.as_series([c1, c2])
    return pu.trimseq(np.convolve(c1, c2))


def polydiv(c1, c2):
    """Divide power series with remainder.

    >>> np.polynomial.polynomial.polydiv([1, 2, 3], [1, 1])
    (array([-1.,  3.]), array([2.]))
    """
    [c1, c2] = pu.as_series([c1, c2])
    lead = c2[-1]
    if lead == 0:
        raise ZeroDivisionError
    extra = len(c1) - len(c2)
    if extra < 0:
        return c1[:1] * 0, c1
    if len(c2) == 1:
        return c1 / lead, c1[:1] * 0
    divisor, size = c2[:-1] / lead, len(c2) - 1
    for at in range(extra, -1, -1):
        c1[at : at + size] -= divisor * c1[at + size]
    return c1[size:] / lead, pu.trimseq(c1[:size])


def polypow(c, pow, maxpower=None):
    """Raise a power series to a power.

    >>> np.polynomial.polynomial.polypow([1, 2], 2)
    array([1., 4., 4.])
    """
    return pu._pow(np.convolve, c, pow, maxpower)


def polyvalfromroots(x, r, tensor=True):
    """Evaluate at points x the polynomial with roots r and leading coefficient 1.

    >>> np.polynomial.polynomial.polyvalfromroots([0, 3], [1, 2])
    array([2., 2.])
    """
    x, r = pu._against(x, r, tensor)
    if not tensor and isinstance(x, np.ndarray) and x.ndim >= r.ndim:
        raise ValueError("x.ndim must be < r.ndim when tensor == False")
    return np.prod(x - r, axis=0)


@public("x", "y", "c", module="numpy.polynomial.polynomial")
def polyval2d(x, y, c):
    """Evaluate a power series in two variables at the points (x, y).

    >>> float(np.polynomial.polynomial.polyval2d(1, 2, [[1, 2], [3, 4]]))
    16.0
    """
    return pu._valnd(_basis.val, c, x, y)


@public("x", "y", "c", module="numpy.polynomial.polynomial")
def polygrid2d(x, y, c):
    """Evaluate a power series in two variables on the grid of all x and y.

    >>> np.polynomial.polynomial.polygrid2d([0, 1], [2], [[1, 2], [3, 4]])
    array([[ 5.],
           [16.]])
    """
    return pu._gridnd(_basis.val, c, x, y)


_basis = _Power("polynomial", "poly", "power")
__all__ = [*_functions.publish(_basis, globals()), "polyvalfromroots", "Polynomial"]


class Polynomial(ABCPolyBase, basis=_basis):
    """A power series with a domain, as an immutable number-like object.

    >>> np.polynomial.Polynomial([1, 2]) ** 2
    Polynomial([1., 4., 4.], domain=[-1.,  1.], window=[-1.,  1.], symbol='x')
    """

    domain = np.array(polydomain)
    window = np.array(polydomain)
    basis_name = None

    @classmethod
    def _str_term_unicode(cls, i, arg_str):
        power = "" if i == "1" else i.translate(cls._superscript_mapping)
        return f"·{arg_str}{power}"

    @staticmethod
    def _str_term_ascii(i, arg_str):
        return f" {arg_str}" if i == "1" else f" {arg_str}**{i}"

    @staticmethod
    def _repr_latex_term(i, arg_str, needs_parens):
        if i == 0:
            return "1"
        if needs_parens:
            arg_str = rf"\left({arg_str}\right)"
        return arg_str if i == 1 else f"{arg_str}^{{{i}}}"
