"""Legendre series."""

import numoxide as np
from numoxide.polynomial import _functions, _quadrature
from numoxide.polynomial._basis import Basis as _Basis
from numoxide.polynomial._polybase import ABCPolyBase

legzero = np.array([0])
legone = np.array([1])
legx = np.array([0, 1])
legdomain = np.array([-1.0, 1.0])


class _Legendre(_Basis):
    """n P_n = (2n-1) x P_{n-1} - (n-1) P_{n-2}."""

    reach = 2

    def weights(self, n):
        return n - 1, 2 * n - 1, n

    def times_x(self, c, i):
        whole = 2 * i + 1
        return (c * (i + 1)) / whole, None, (c * i) / whole

    def lead(self, c, j):
        return c if j == 1 else (2 * j - 1) * c

    def rise(self, c, j):
        return c / (2 * j + 1)

    def sink(self, c, j):
        return c / (2 * j + 1)

    def matrix(self, c, n):
        scale = 1.0 / np.sqrt(2 * np.arange(n) + 1)
        beside = np.arange(1, n) * scale[:-1] * scale[1:]
        return 0, beside, beside, (c[:-1] / c[-1]) * (scale / scale[-1]) * (n / (2 * n - 1))


def leggauss(deg):
    """The points and weights of the Gauss-Legendre quadrature.

    >>> x, w = np.polynomial.legendre.leggauss(1)
    >>> float(x[0]), float(w[0])
    (0.0, 2.0)
    """
    x, w = _quadrature.symmetric_by_series(_basis, deg)
    w *= 2.0 / w.sum()
    return x, w


def legweight(x):
    """The weight for which Legendre polynomials are orthogonal, 1.

    >>> np.polynomial.legendre.legweight(0.5)
    1.0
    """
    return x * 0.0 + 1.0


_basis = _Legendre("legendre", "leg", "Legendre")
__all__ = [*_functions.publish(_basis, globals()), "leggauss", "legweight", "Legendre"]


class Legendre(ABCPolyBase, basis=_basis):
    """A series of Legendre polynomials with a domain, as an immutable number-like object.

    >>> np.polynomial.Legendre([1, 2]) + [0, 0, 3]
    Legendre([1., 2., 3.], domain=[-1.,  1.], window=[-1.,  1.], symbol='x')
    """

    domain = np.array(legdomain)
    window = np.array(legdomain)
    basis_name = "P"
