"""Window functions, the Bessel function that one of them needs, and sinc."""

from numoxide._core import multiarray as _nx
from numoxide._core import umath as um
from numoxide._core.getlimits import finfo
from numoxide._core.multiarray import arange, array, asanyarray, where
from numoxide._core.numeric import ones
from numoxide._core.overrides import public, set_module

__all__ = ["bartlett", "blackman", "hamming", "hanning", "i0", "kaiser", "sinc"]

_pi = um.pi


def _span(M):
    """Read the number of points; return it, their dtype, and the odd numbers 1 - M ... M - 1."""
    # A Python number counts as a double.
    values = array([0.0, M])
    M = values[1]
    if M <= 1:
        return M, values.dtype, None
    return M, values.dtype, arange(1 - M, M, 2)


def _trivial(M, kind):
    """The window of one point, or of none."""
    return array([], dtype=kind) if M < 1 else ones(1, dtype=kind)


@set_module("numpy")
def blackman(M):
    """Make a Blackman window."""
    M, kind, n = _span(M)
    if n is None:
        return _trivial(M, kind)
    return 0.42 + 0.5 * um.cos(_pi * n / (M - 1)) + 0.08 * um.cos(2.0 * _pi * n / (M - 1))


@set_module("numpy")
def bartlett(M):
    """Make a Bartlett window: a triangle with zero ends."""
    M, kind, n = _span(M)
    if n is None:
        return _trivial(M, kind)
    return where(um.less_equal(n, 0), 1 + n / (M - 1), 1 - n / (M - 1))


@set_module("numpy")
def hanning(M):
    """Make a Hann window."""
    M, kind, n = _span(M)
    if n is None:
        return _trivial(M, kind)
    return 0.5 + 0.5 * um.cos(_pi * n / (M - 1))


@set_module("numpy")
def hamming(M):
    """Make a Hamming window."""
    M, kind, n = _span(M)
    if n is None:
        return _trivial(M, kind)
    return 0.54 + 0.46 * um.cos(_pi * n / (M - 1))


@set_module("numpy")
def kaiser(M, beta):
    """Make a Kaiser window of a shape."""
    values = array([0.0, M, beta])
    M, beta = values[1], values[2]
    if M == 1:
        return ones(1, dtype=values.dtype)
    n = arange(0, M)
    alpha = (M - 1) / 2.0
    return i0(beta * um.sqrt(1 - ((n - alpha) / alpha) ** 2.0)) / i0(beta)


# Chebyshev coefficients of exp(-x) I0(x) on [0, 8] in x/2 - 2, and of exp(-x) sqrt(x) I0(x) on
# [8, inf) in 32/x - 2, as published in the Cephes mathematical library.
_I0_LOW = (
    -4.41534164647933937950e-18, 3.33079451882223809783e-17, -2.43127984654795469359e-16,
    1.71539128555513303061e-15, -1.16853328779934516808e-14, 7.67618549860493561688e-14,
    -4.85644678311192946090e-13, 2.95505266312963983461e-12, -1.72682629144155570723e-11,
    9.67580903537323691224e-11, -5.18979560163526290666e-10, 2.65982372468238665035e-9,
    -1.30002500998624804212e-8, 6.04699502254191894932e-8, -2.67079385394061173391e-7,
    1.11738753912010371815e-6, -4.41673835845875056359e-6, 1.64484480707288970893e-5,
    -5.75419501008210370398e-5, 1.88502885095841655729e-4, -5.76375574538582365885e-4,
    1.63947561694133579842e-3, -4.32430999505057594430e-3, 1.05464603945949983183e-2,
    -2.37374148058994688156e-2, 4.93052842396707084878e-2, -9.49010970480476444210e-2,
    1.71620901522208775349e-1, -3.04682672343198398683e-1, 6.76795274409476084995e-1,
)  # fmt: skip
_I0_HIGH = (
    -7.23318048787475395456e-18, -4.83050448594418207126e-18, 4.46562142029675999901e-17,
    3.46122286769746109310e-17, -2.82762398051658348494e-16, -3.42548561967721913462e-16,
    1.77256013305652638360e-15, 3.81168066935262242075e-15, -9.55484669882830764870e-15,
    -4.15056934728722208663e-14, 1.54008621752140982691e-14, 3.85277838274214270114e-13,
    7.18012445138366623367e-13, -1.79417853150680611778e-12, -1.32158118404477131188e-11,
    -3.14991652796324136454e-11, 1.18891471078464383424e-11, 4.94060238822496958910e-10,
    3.39623202570838634515e-9, 2.26666899049817806459e-8, 2.04891858946906374183e-7,
    2.89137052083475648297e-6, 6.88975834691682398426e-5, 3.36911647825569408990e-3,
    8.04490411014108831608e-1,
)  # fmt: skip


def _chebyshev(x, coefficients):
    """Sum a Chebyshev series by Clenshaw's recurrence, the constant term halved."""
    b0, b1, b2 = coefficients[0], 0.0, 0.0
    for c in coefficients[1:]:
        b0, b1, b2 = x * b0 - b1 + c, b0, b1
    return 0.5 * (b0 - b2)


@public("x")
def i0(x):
    """Compute the modified Bessel function of the first kind, order 0."""
    x = asanyarray(x)
    if x.dtype.kind == "c":
        raise TypeError("i0 not supported for complex values")
    if x.dtype.kind != "f":
        x = x.astype(float)
    x = asanyarray(um.absolute(x))
    result = _nx.empty_like(x)
    for places, part in ((x <= 8.0, _i0_low), (~(x <= 8.0), _i0_high)):
        result[places] = part(x[places])
    return result


def _i0_low(x):
    return um.exp(x) * _chebyshev(x / 2.0 - 2, _I0_LOW)


def _i0_high(x):
    return um.exp(x) * _chebyshev(32.0 / x - 2.0, _I0_HIGH) / um.sqrt(x)


@public("x")
def sinc(x):
    """Compute sin(pi x) / (pi x), which is 1 at 0."""
    x = asanyarray(x)
    x = _pi * x
    # Zero becomes a number so small that its sine is itself.
    small = 1.0e-20 if x.dtype.kind == "O" else finfo(x.dtype).eps
    y = where(x, x, small)
    return um.sin(y) / y
