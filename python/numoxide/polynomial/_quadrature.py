"""Gauss quadrature: points from the eigenvalues of the companion matrix, one Newton step, weights from derivatives."""

import numoxide as np
from numoxide.polynomial import polyutils as pu


def _degree(deg):
    """Read the number of points."""
    degree = pu._as_int(deg, "deg")
    if degree <= 0:
        raise ValueError("deg must be a positive integer")
    return degree


def _start(basis, degree):
    """The coefficients of P_n and the first guess of its roots."""
    c = np.array([0] * degree + [1])
    return c, np.linalg.eigvalsh(basis.companion(c))


def _symmetric(x, w):
    """Make points and weights exactly symmetric about 0."""
    return (x - x[::-1]) / 2, (w + w[::-1]) / 2


def by_series(basis, deg):
    """Points and weights, not yet scaled, by the series of P_n itself."""
    c, x = _start(basis, _degree(deg))
    slope = basis.val(x, basis.der(c))
    x -= basis.val(x, c) / slope
    # Factors as large as P_n grows would overflow; the weights are scaled later anyway.
    below = basis.val(x, c[1:])
    below /= np.abs(below).max()
    slope /= np.abs(slope).max()
    return x, 1 / (below * slope)


def symmetric_by_series(basis, deg):
    """The same for a weight that is symmetric about 0."""
    return _symmetric(*by_series(basis, deg))


def normed(x, n, scale):
    """The orthonormal Hermite polynomial of degree n, for the weight exp(-scale x²/2)."""
    c1 = 1.0 / np.sqrt(np.sqrt(2 * np.pi / scale))
    if n == 0:
        return np.full(x.shape, c1)
    c0 = 0.0
    for degree in range(n, 1, -1):
        c0, c1 = -c1 * np.sqrt((degree - 1.0) / degree), c0 + c1 * x * np.sqrt(scale / degree)
    return c0 + (c1 * x if scale == 1 else c1 * x * np.sqrt(scale))


def by_norms(basis, deg, scale):
    """Points and weights of a Hermite quadrature; orthonormal polynomials do not overflow."""
    degree = _degree(deg)
    _, x = _start(basis, degree)
    x -= normed(x, degree, scale) / (normed(x, degree - 1, scale) * np.sqrt(scale * degree))
    below = normed(x, degree - 1, scale)
    below /= np.abs(below).max()
    x, w = _symmetric(x, 1 / (below * below))
    w *= np.sqrt(2 * np.pi / scale) / w.sum()
    return x, w
