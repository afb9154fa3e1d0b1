"""What all kinds of series share: making, trimming and mapping them, and arithmetic that only needs a product."""

import functools
import operator
import warnings
from math import isfinite

import numoxide as np
from numoxide._core.multiarray import array
from numoxide._core.numerictypes import float64
from numoxide.exceptions import RankWarning

__all__ = [
    "as_series", "trimseq", "trimcoef", "getdomain", "mapdomain", "mapparms", "format_float",
]  # fmt: skip

# Characters of the dtypes whose common type is double.
_DOUBLES = frozenset("bBhHiIlLqQd")
_FLOATS = (float, float64)
_INTEGERS = "?bBhHiIlLqQpP"


def trimseq(seq):
    """Take the zeros off the end of a sequence, but never its first item.

    >>> np.polynomial.polyutils.trimseq([1, 2, 0, 0])
    [1, 2]
    """
    if len(seq) == 0 or seq[-1] != 0:
        return seq
    keep = len(seq) - 1
    while keep > 1 and not seq[keep - 1] != 0:
        keep -= 1
    return seq[: max(keep, 1)]


def _refuse(arrays):
    """Say why arrays are no series."""
    if any(a.size == 0 for a in arrays):
        raise ValueError("Coefficient array is empty")
    raise ValueError("Coefficient array is not 1-d")


def _common_type(arrays):
    """Find the type that holds the coefficients of all arrays."""
    if any(a.dtype.char == "O" for a in arrays):
        return object
    try:
        return np.common_type(*arrays)
    except Exception as error:
        raise ValueError("Coefficient arrays have no common type") from error


def as_series(alist, trim=True):
    """Copy each item of a list into a 1-d array, all of one inexact type.

    >>> np.polynomial.polyutils.as_series([2, [1.5, 0]])
    [array([2.]), array([1.5])]
    """
    arrays = [array(a, ndmin=1, copy=None) for a in alist]
    kind = float
    for a in arrays:
        if a.ndim != 1 or not a.size:
            _refuse(arrays)
        if a.dtype.char not in _DOUBLES:
            kind = None
    if kind is None:
        kind = _common_type(arrays)
    if not trim:
        return [a.astype(kind) for a in arrays]
    return [(a if a[-1] else trimseq(a)).astype(kind) for a in arrays]


def trimcoef(c, tol=0):
    """Take the coefficients that are no larger than `tol` off the end of a series.

    >>> np.polynomial.polyutils.trimcoef([0, 3, 0.001, 0], 0.01)
    array([0., 3.])
    """
    if tol < 0:
        raise ValueError("tol must be non-negative")
    [c] = as_series([c])
    large = np.flatnonzero(np.abs(c) > tol)
    if len(large) == 0:
        return c[:1] * 0
    return c[: large[-1] + 1].copy()


def getdomain(x):
    """Find the ends of the interval, or the corners of the rectangle, that holds the points `x`.

    >>> np.polynomial.polyutils.getdomain([1, 4, -2])
    array([-2.,  4.])
    """
    [x] = as_series([x], trim=False)
    if x.dtype.kind != "c":
        return np.array((x.min(), x.max()))
    low = complex(x.real.min(), x.imag.min())
    high = complex(x.real.max(), x.imag.max())
    return np.array((low, high))


def mapparms(old, new):
    """Find offset and scale of the line that maps the interval `old` onto `new`.

    >>> np.polynomial.polyutils.mapparms((0, 2), (0, 1))
    (0.0, 0.5)
    """
    width = old[1] - old[0]
    return (old[1] * new[0] - old[0] * new[1]) / width, (new[1] - new[0]) / width


def mapdomain(x, old, new):
    """Map points by the line that takes the interval `old` to `new`.

    >>> np.polynomial.polyutils.mapdomain([0, 1, 2], (0, 2), (0, 1))
    array([0. , 0.5, 1. ])
    """
    if type(x) not in (int, float, complex) and not isinstance(x, np.generic):
        x = np.asanyarray(x)
    off, scl = mapparms(old, new)
    return off + scl * x


def format_float(x, parens=False):
    """Write a number as the print options ask for.

    >>> np.polynomial.polyutils.format_float(0.25)
    '0.25'
    """
    if not isinstance(x, (float, np.floating)):
        return str(x)
    options = np.get_printoptions()
    if np.isnan(x):
        return options["nanstr"]
    if np.isinf(x):
        return options["infstr"]
    precision, unique = options["precision"], options["floatmode"] != "fixed"
    exponent = False
    if x != 0:
        size = np.abs(x)
        exponent = size >= 1.0e8 or size < 10 ** min(0, -(precision - 1) // 2)
    trim = "0" if unique else "k"
    keys = {"precision": precision, "unique": unique, "trim": trim, "sign": options["sign"] == "+"}
    if not exponent:
        return np.format_float_positional(x, fractional=True, **keys)
    text = np.format_float_scientific(x, **keys)
    return f"({text})" if parens else text


def _as_int(x, desc):
    """Read an integer; `desc` names it if it is none."""
    try:
        return operator.index(x)
    except TypeError as error:
        raise TypeError(f"{desc} must be an integer, received {x}") from error


def _coefficients(c, copy=None):
    """Make an array of coefficients, integers as doubles; `copy` as in `numpy.array`."""
    c = np.array(c, ndmin=1, copy=copy)
    return c.astype(np.double) if c.dtype.char in _INTEGERS else c


def _against(x, c, tensor):
    """Read points and coefficients; `tensor` gives the coefficients an axis for each axis of the points."""
    c = _coefficients(c)
    if isinstance(x, (tuple, list)):
        x = np.asarray(x)
    if tensor and isinstance(x, np.ndarray):
        c = c.reshape(c.shape + (1,) * x.ndim)
    return x, c


def _evaluate(value, x, c, tensor):
    """Sum a series; at one point with Python's own floats, which give the same and are quicker one by one.

    A sum that is not finite is done again by NumPy's rules, for the warnings that it owes.
    """
    c = array(c, ndmin=1, copy=None)
    if type(x) in _FLOATS and c.dtype.char == "d" and c.ndim == 1 and c.size:
        total = value(float(x), c.tolist())
        if isfinite(total):
            return float64(total)
    x, c = _against(x, c, tensor)
    return value(x, c)


def _counter(like, start, stop):
    """The integers from `start` to below `stop`, to multiply the rows of `like` with."""
    numbers = np.arange(start, stop, dtype=like.dtype)
    return numbers.reshape((-1,) + (1,) * (like.ndim - 1)) if like.ndim > 1 else numbers


def _add(c1, c2):
    """Add two series."""
    [c1, c2] = as_series([c1, c2])
    short, long = (c2, c1) if len(c1) > len(c2) else (c1, c2)
    long[: len(short)] += short
    return trimseq(long)


def _sub(c1, c2):
    """Subtract a series from another."""
    [c1, c2] = as_series([c1, c2])
    if len(c1) > len(c2):
        c1[: len(c2)] -= c2
        return trimseq(c1)
    c2 = -c2
    c2[: len(c1)] += c1
    return trimseq(c2)


def _div(mul_f, c1, c2):
    """Divide series with remainder: clear the leading coefficients of `c1` by multiples of `c2`."""
    [c1, c2] = as_series([c1, c2])
    if c2[-1] == 0:
        raise ZeroDivisionError
    extra = len(c1) - len(c2)
    if extra < 0:
        return c1[:1] * 0, c1
    if len(c2) == 1:
        return c1 / c2[-1], c1[:1] * 0
    quo, rem = np.empty(extra + 1, dtype=c1.dtype), c1
    for degree in range(extra, -1, -1):
        shifted = mul_f([0] * degree + [1], c2)
        factor = rem[-1] / shifted[-1]
        rem = rem[:-1] - factor * shifted[:-1]
        quo[degree] = factor
    return quo, trimseq(rem)


def _power(pow, maxpower):
    """Read an exponent."""
    power = int(pow)
    if power != pow or power < 0:
        raise ValueError("Power must be a non-negative integer.")
    if maxpower is not None and power > maxpower:
        raise ValueError("Power is too large")
    return power


def _pow(mul_f, c, pow, maxpower):
    """Raise a series to a power by repeated products."""
    [c] = as_series([c])
    power = _power(pow, maxpower)
    if power == 0:
        return np.array([1], dtype=c.dtype)
    return functools.reduce(mul_f, [c] * power)


def _fromroots(line_f, mul_f, roots):
    """Multiply the lines through each root, always the first half by the second."""
    if len(roots) == 0:
        return np.ones(1)
    [roots] = as_series([roots], trim=False)
    roots.sort()
    factors = [line_f(-root, 1) for root in roots]
    while len(factors) > 1:
        half = len(factors) // 2
        products = [mul_f(a, b) for a, b in zip(factors[:half], factors[half:])]
        if len(factors) % 2:
            products[0] = mul_f(products[0], factors[-1])
        factors = products
    return factors[0]


def _valnd(val_f, c, *args):
    """Evaluate a series in several variables at points given by their coordinates."""
    points = [np.asanyarray(a) for a in args]
    if any(a.shape != points[0].shape for a in points):
        names = {2: "x, y", 3: "x, y, z"}.get(len(points), "ordinates")
        raise ValueError(f"{names} are incompatible")
    c = val_f(points[0], c)
    for a in points[1:]:
        c = val_f(a, c, tensor=False)
    return c


def _gridnd(val_f, c, *args):
    """Evaluate a series in several variables on the grid of all combinations."""
    for a in args:
        c = val_f(a, c)
    return c


def _vander_nd(vander_fs, points, degrees):
    """Multiply the Vandermonde matrices of each variable, one axis for each degree."""
    count = len(vander_fs)
    for given, what in ((points, "sample points"), (degrees, "degrees")):
        if len(given) != count:
            raise ValueError(f"Expected {count} dimensions of {what}, got {len(given)}")
    if count == 0:
        raise ValueError("Unable to guess a dtype or shape when no points are given")
    points = tuple(np.asarray(tuple(points)) + 0.0)
    product = None
    for i in range(count):
        table = vander_fs[i](points[i], degrees[i])
        axes = (None,) * i + (slice(None),) + (None,) * (count - i - 1)
        table = table[(..., *axes)]
        product = table if product is None else product * table
    return product


def _vander_nd_flat(vander_fs, points, degrees):
    """The same with all degrees on one axis."""
    table = _vander_nd(vander_fs, points, degrees)
    return table.reshape(table.shape[: -len(degrees)] + (-1,))


def _fit_points(x, y, w):
    """Check the points and weights of a fit; the two sides of its equations have a column each."""
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if not 1 <= y.ndim <= 2:
        raise TypeError("expected 1D or 2D array for y")
    if len(x) != len(y):
        raise TypeError("expected x and y to have same length")
    if w is None:
        return None
    w = np.asarray(w) + 0.0
    if w.ndim != 1:
        raise TypeError("expected 1D vector for w")
    if len(x) != len(w):
        raise TypeError("expected x and w to have same length")
    return w


def _fit_degrees(deg):
    """Read the degrees that a fit may use: one array, in order."""
    deg = np.asarray(deg)
    if deg.ndim > 1 or deg.dtype.kind not in "iu" or deg.size == 0:
        raise TypeError("deg must be an int or non-empty 1-D array of int")
    if deg.min() < 0:
        raise ValueError("expected deg >= 0")
    return deg if deg.ndim == 0 else np.sort(deg)


def _fit(vander_f, x, y, deg, rcond=None, full=False, w=None):
    """Fit a series to points by least squares; columns of unit length keep the equations sound."""
    x, y = np.asarray(x) + 0.0, np.asarray(y) + 0.0
    deg = _fit_degrees(deg)
    some = deg.ndim > 0  # only some degrees take part
    w = _fit_points(x, y, w)
    highest = int(deg[-1]) if some else int(deg)
    table = vander_f(x, highest)
    lhs, rhs = (table[:, deg] if some else table).T, y.T
    if w is not None:
        lhs, rhs = lhs * w, rhs * w
    if rcond is None:
        rcond = len(x) * np.finfo(x.dtype).eps
    squares = np.square(lhs.real) + np.square(lhs.imag) if lhs.dtype.kind == "c" else np.square(lhs)
    lengths = np.sqrt(squares.sum(1))
    lengths[lengths == 0] = 1
    c, residuals, rank, singular = np.linalg.lstsq(lhs.T / lengths, rhs.T, rcond)
    c = (c.T / lengths).T
    if some:
        found, c = c, np.zeros((highest + 1, *c.shape[1:]), dtype=c.dtype)
        c[deg] = found
    if full:
        return c, [residuals, rank, singular, rcond]
    if rank != len(lhs):
        warnings.warn("The fit may be poorly conditioned", RankWarning, stacklevel=2)
    return c
