"""Series of the physicists' Hermite polynomials."""

import numoxide as np
from numoxide.polynomial import _basis as _families, _functions, _quadrature
from numoxide.polynomial._basis import Basis as _Basis
from numoxide.polynomial._polybase import ABCPolyBase

hermzero = np.array([0])
hermone = np.array([1])
hermx = np.array([0, 0.5])
hermdomain = np.array([-1.0, 1.0])


class _Hermite(_Basis):
    """H_n = 2x H_{n-1} - 2(n-1) H_{n-2}."""

    twice = first_twice = True

    def slope(self, c):
        return c / 2

    def weights(self, n):
        return 2 * (n - 1), None, None

    def times_x(self, c, i):
        return c / 2, None, c * i

    def lead(self, c, j):
        return (2 * j) * c

    def rise(self, c, j):
        return c / (2 * (j + 1))

    def linear_to_power(self, c):
        c[1] *= 2
        return c

    def linear_root(self, c):
        return -0.5 * c[0] / c[1]

    def matrix(self, c, n):
        beside, scale = _families.hermite_matrix(n, 2.0)
        return 0, beside, beside, scale * c[:-1] / (2.0 * c[-1])


def hermgauss(deg):
    """The points and weights of the Gauss-Hermite quadrature.

    >>> x, w = np.polynomial.hermite.hermgauss(1)
    >>> float(x[0]), float(w[0].round(8))
    (0.0, 1.77245385)
    """
    return _quadrature.by_norms(_basis, deg, 2.0)


def hermweight(x):
    """The weight for which Hermite polynomials are orthogonal, ``exp(-x**2)``.

    >>> float(np.polynomial.hermite.hermweight(0))
    1.0
    """
    return np.exp(-(x**2))


_basis = _Hermite("hermite", "herm", "Hermite")
__all__ = [*_functions.publish(_basis, globals()), "hermgauss", "hermweight", "Hermite"]


class Hermite(ABCPolyBase, basis=_basis):
    """A series of Hermite polynomials with a domain, as an immutable number-like object.

    >>> np.polynomial.Hermite([1, 2]) + [0, 0, 3]
    Hermite([1., 2., 3.], domain=[-1.,  1.], window=[-1.,  1.], symbol='x')
    """

    domain = np.array(hermdomain)
    window = np.array(hermdomain)
    basis_name = "H"
