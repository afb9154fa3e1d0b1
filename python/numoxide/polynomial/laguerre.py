"""Laguerre series."""

import numoxide as np
from numoxide.polynomial import _functions, _quadrature
from numoxide.polynomial._basis import Basis as _Basis
from numoxide.polynomial._polybase import ABCPolyBase

lagzero = np.array([0])
lagone = np.array([1])
lagx = np.array([1, -1])
lagdomain = np.array([0.0, 1.0])


class _Laguerre(_Basis):
    """n L_n = (2n-1 - x) L_{n-1} - (n-1) L_{n-2}."""

    constant = True
    reach = 1

    def slope(self, c):
        return -c

    def weights(self, n):
        return n - 1, None, n

    def argument(self, algebra, c, n):
        return algebra.from_x(c, 2 * n - 1)

    def first(self, algebra, c):
        return algebra.from_x(c, 1)

    def value(self, x, c):
        # The argument differs from step to step, and quotients are taken last.
        c0, c1 = (c[-2], c[-1]) if len(c) != 1 else (c[0], 0)
        for n in range(len(c) - 1, 1, -1):
            c0, c1 = c[n - 2] - c1 * (n - 1) / n, c0 + c1 * (2 * n - 1 - x) / n
        return c0 + c1 * (1 - x)

    def times_x(self, c, i):
        return -c * (i + 1), c * (2 * i + 1), -(c * i)

    def lead(self, c, j):
        return -c

    def rise(self, c, j):
        return -c

    def linear_to_power(self, c):
        return None

    def linear_root(self, c):
        return 1 + c[0] / c[1]

    def matrix(self, c, n):
        beside = -np.arange(1, n)
        return 2.0 * np.arange(n) + 1.0, beside, beside, -((c[:-1] / c[-1]) * n)


def laggauss(deg):
    """The points and weights of the Gauss-Laguerre quadrature.

    >>> x, w = np.polynomial.laguerre.laggauss(1)
    >>> float(x[0]), float(w[0])
    (1.0, 1.0)
    """
    x, w = _quadrature.by_series(_basis, deg)
    w /= w.sum()
    return x, w


def lagweight(x):
    """The weight for which Laguerre polynomials are orthogonal, ``exp(-x)``.

    >>> float(np.polynomial.laguerre.lagweight(0))
    1.0
    """
    return np.exp(-x)


_basis = _Laguerre("laguerre", "lag", "Laguerre")
__all__ = [*_functions.publish(_basis, globals()), "laggauss", "lagweight", "Laguerre"]


class Laguerre(ABCPolyBase, basis=_basis):
    """A series of Laguerre polynomials with a domain, as an immutable number-like object.

    >>> np.polynomial.Laguerre([1, 2]) + [0, 0, 3]
    Laguerre([1., 2., 3.], domain=[0., 1.], window=[0., 1.], symbol='x')
    """

    domain = np.array(lagdomain)
    window = np.array(lagdomain)
    basis_name = "L"
