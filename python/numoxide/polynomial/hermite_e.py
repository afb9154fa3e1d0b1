"""Series of the probabilists' Hermite polynomials."""

import numoxide as np
from numoxide.polynomial import _basis as _families, _functions, _quadrature
from numoxide.polynomial._basis import Basis as _Basis
from numoxide.polynomial._polybase import ABCPolyBase

hermezero = np.array([0])
hermeone = np.array([1])
hermex = np.array([0, 1])
hermedomain = np.array([-1.0, 1.0])


class _HermiteE(_Basis):
    """He_n = x He_{n-1} - (n-1) He_{n-2}."""

    zero_stays = True

    def weights(self, n):
        return n - 1, None, None

    def times_x(self, c, i):
        return c, None, c * i

    def lead(self, c, j):
        return j * c

    def rise(self, c, j):
        return c / (j + 1)

    def matrix(self, c, n):
        beside, scale = _families.hermite_matrix(n, 1.0)
        return 0, beside, beside, scale * c[:-1] / c[-1]


def hermegauss(deg):
    """The points and weights of the Gauss-HermiteE quadrature.

    >>> x, w = np.polynomial.hermite_e.hermegauss(1)
    >>> float(x[0]), float(w[0].round(8))
    (0.0, 2.50662827)
    """
    return _quadrature.by_norms(_basis, deg, 1.0)


def hermeweight(x):
    """The weight for which HermiteE polynomials are orthogonal, ``exp(-x**2/2)``.

    >>> float(np.polynomial.hermite_e.hermeweight(0))
    1.0
    """
    return np.exp(-0.5 * x**2)


_basis = _HermiteE("hermite_e", "herme", "HermiteE")
__all__ = [*_functions.publish(_basis, globals()), "hermegauss", "hermeweight", "HermiteE"]


class HermiteE(ABCPolyBase, basis=_basis):
    """A series of HermiteE polynomials with a domain, as an immutable number-like object.

    >>> np.polynomial.HermiteE([1, 2]) + [0, 0, 3]
    HermiteE([1., 2., 3.], domain=[-1.,  1.], window=[-1.,  1.], symbol='x')
    """

    domain = np.array(hermedomain)
    window = np.array(hermedomain)
    basis_name = "He"
