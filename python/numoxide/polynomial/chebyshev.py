"""Chebyshev series.

Products and quotients write T_n as (z^n + z^-n)/2 with x = (z + 1/z)/2: a series in T is a symmetric one in z.
"""

import numoxide as np
from numoxide.polynomial import _functions, polyutils as pu
from numoxide.polynomial._basis import Basis as _Basis
from numoxide.polynomial._polybase import ABCPolyBase
from numoxide.polynomial._quadrature import _degree

chebzero = np.array([0])
chebone = np.array([1])
chebx = np.array([0, 1])
chebdomain = np.array([-1.0, 1.0])


class _Chebyshev(_Basis):
    """T_n = 2x T_{n-1} - T_{n-2}."""

    twice = True
    reach = 2

    def weights(self, n):
        return None, None, None

    def times_x(self, c, i):
        half = c / 2
        return half, None, half

    def lead(self, c, j):
        return c if j == 1 else (2 * j) * c

    def fold(self, c, j):
        return (j * c) / (j - 2)

    def rise(self, c, j):
        return c / (2 * (j + 1))

    def sink(self, c, j):
        return c / (2 * (j - 1))

    def matrix(self, c, n):
        scale = np.array([1.0] + [np.sqrt(0.5)] * (n - 1))
        beside = np.full(n - 1, 0.5)
        beside[:1] = np.sqrt(0.5)
        return 0, beside, beside, (c[:-1] / c[-1]) * (scale / scale[-1]) * 0.5


def _cseries_to_zseries(c):
    """The symmetric series in z of a series in T."""
    n = c.size
    z = np.zeros(2 * n - 1, dtype=c.dtype)
    z[n - 1 :] = c / 2
    return z + z[::-1]


def _zseries_to_cseries(zs):
    """The series in T of a symmetric series in z."""
    n = (zs.size + 1) // 2
    c = zs[n - 1 :].copy()
    c[1:n] *= 2
    return c


def _zseries_div(z1, z2):
    """Divide symmetric series in z with remainder, clearing both ends at once."""
    z1, lead = z1.copy(), z2[0]
    extra = len(z1) - len(z2)
    divisor = z2 / lead
    quo = np.empty(extra + 1, dtype=z1.dtype)
    low, high = 0, extra
    while low < high:
        factor = z1[low]
        quo[low] = quo[high] = factor
        taken = factor * divisor
        z1[low : low + len(z2)] -= taken
        z1[high : high + len(z2)] -= taken
        low, high = low + 1, high - 1
    quo[low] = factor = z1[low]
    z1[low : low + len(z2)] -= factor * divisor
    return quo / lead, z1[low + 1 : low - 1 + len(z2)].copy()


def chebmul(c1, c2):
    """Multiply two Chebyshev series.

    >>> np.polynomial.chebyshev.chebmul([0, 1], [0, 1])
    array([0.5, 0. , 0.5])
    """
    z1, z2 = map(_cseries_to_zseries, pu.as_series([c1, c2]))
    return pu.trimseq(_zseries_to_cseries(np.convolve(z1, z2)))


def chebdiv(c1, c2):
    """Divide Chebyshev series with remainder.

    >>> np.polynomial.chebyshev.chebdiv([1, 2, 3], [0, 1])
    (array([2., 6.]), array([-2.]))
    """
    [c1, c2] = pu.as_series([c1, c2])
    if c2[-1] == 0:
        raise ZeroDivisionError
    if len(c1) < len(c2):
        return c1[:1] * 0, c1
    if len(c2) == 1:
        return c1 / c2[-1], c1[:1] * 0
    parts = _zseries_div(_cseries_to_zseries(c1), _cseries_to_zseries(c2))
    quo, rem = (pu.trimseq(_zseries_to_cseries(part)) for part in parts)
    return quo, rem


def chebpow(c, pow, maxpower=16):
    """Raise a Chebyshev series to a power.

    >>> np.polynomial.chebyshev.chebpow([0, 1], 2)
    array([0.5, 0. , 0.5])
    """
    [c] = pu.as_series([c])
    power = pu._power(pow, maxpower)
    if power == 0:
        return np.array([1], dtype=c.dtype)
    if power == 1:
        return c
    z = _cseries_to_zseries(c)
    product = z
    for _ in range(power - 1):
        product = np.convolve(product, z)
    return _zseries_to_cseries(product)


def chebpts1(npts):
    """The roots of T_n, in order: Chebyshev points of the first kind.

    >>> np.polynomial.chebyshev.chebpts1(1)
    array([0.])
    """
    n = _points(npts, 1)
    return np.sin(0.5 * np.pi / n * np.arange(-n + 1, n + 1, 2))


def chebpts2(npts):
    """The extrema of T_{n-1}, in order: Chebyshev points of the second kind.

    >>> np.polynomial.chebyshev.chebpts2(2)
    array([-1.,  1.])
    """
    return np.cos(np.linspace(-np.pi, 0, _points(npts, 2)))


def _points(npts, least):
    """Read a number of points."""
    n = int(npts)
    if n != npts:
        raise ValueError("npts must be integer")
    if n < least:
        raise ValueError(f"npts must be >= {least}")
    return n


def chebinterpolate(func, deg, args=()):
    """Interpolate a function at the Chebyshev points of the first kind.

    >>> np.polynomial.chebyshev.chebinterpolate(lambda x: 2 * x, 1)
    array([0., 2.])
    """
    deg = np.asarray(deg)
    if deg.ndim > 0 or deg.dtype.kind not in "iu" or deg.size == 0:
        raise TypeError("deg must be an int")
    if deg < 0:
        raise ValueError("expected deg >= 0")
    order = int(deg) + 1
    points = chebpts1(order)
    values = func(points, *args)
    c = np.dot(_basis.vander(points, int(deg)).T, values)
    c[0] /= order
    c[1:] /= 0.5 * order
    return c


def chebgauss(deg):
    """The points and weights of the Gauss-Chebyshev quadrature.

    >>> x, w = np.polynomial.chebyshev.chebgauss(2)
    >>> x.round(8), w.round(8)
    (array([ 0.70710678, -0.70710678]), array([1.57079633, 1.57079633]))
    """
    n = _degree(deg)
    x = np.cos(np.pi * np.arange(1, 2 * n, 2) / (2.0 * n))
    return x, np.ones(n) * (np.pi / n)


def chebweight(x):
    """The weight for which Chebyshev polynomials are orthogonal, ``1/sqrt(1 - x**2)``.

    >>> float(np.polynomial.chebyshev.chebweight(0.0))
    1.0
    """
    return 1.0 / (np.sqrt(1.0 + x) * np.sqrt(1.0 - x))


_basis = _Chebyshev("chebyshev", "cheb", "Chebyshev")
__all__ = [
    *_functions.publish(_basis, globals()),
    "chebpts1", "chebpts2", "chebinterpolate", "chebgauss", "chebweight", "Chebyshev",
]  # fmt: skip


class Chebyshev(ABCPolyBase, basis=_basis):
    """A series of Chebyshev polynomials with a domain, as an immutable number-like object.

    >>> np.polynomial.Chebyshev([0, 1]) ** 2
    Chebyshev([0.5, 0. , 0.5], domain=[-1.,  1.], window=[-1.,  1.], symbol='x')
    """

    domain = np.array(chebdomain)
    window = np.array(chebdomain)
    basis_name = "T"

    @classmethod
    def interpolate(cls, func, deg, domain=None, args=()):
        """Interpolate a function at the Chebyshev points of the first kind on a domain.

        >>> np.polynomial.Chebyshev.interpolate(lambda x: 2 * x, 1).coef
        array([0., 2.])
        """
        if domain is None:
            domain = cls.domain
        c = chebinterpolate(lambda x: func(pu.mapdomain(x, cls.window, domain), *args), deg)
        return cls(c, domain=domain)


