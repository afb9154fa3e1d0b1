"""Averages, orderings, meshes and conditions; the rest of this family is imported from beside."""

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import any as _any
from numoxide._core.fromnumeric import nonzero, ravel
from numoxide._core.multiarray import (
    array,
    asanyarray,
    asarray,
    bincount,
    concatenate,
    result_type,
)
from numoxide._core.numeric import normalize_axis_tuple, transpose, zeros_like
from numoxide._core.overrides import public, set_module
from numoxide._globals import _NoValue
from numoxide.lib._difference_impl import diff, gradient, interp, trapezoid, unwrap
from numoxide.lib._edit_impl import append, delete, insert, trim_zeros
from numoxide.lib._quantile_impl import (
    _lerp,  # noqa: F401
    _median,  # noqa: F401
    _quantile,  # noqa: F401
    _quantile_is_valid,  # noqa: F401
    _quantile_unchecked,  # noqa: F401
    _ureduce,  # noqa: F401
    _weights_are_valid,
    median,
    percentile,
    quantile,
)
from numoxide.lib._statistics_impl import corrcoef, cov
from numoxide.lib._vectorize_impl import _parse_gufunc_signature, vectorize  # noqa: F401
from numoxide.lib._windows_impl import bartlett, blackman, hamming, hanning, i0, kaiser, sinc

__all__ = [
    "select", "piecewise", "trim_zeros", "copy", "iterable", "percentile", "diff", "gradient",
    "angle", "unwrap", "sort_complex", "flip", "rot90", "extract", "place", "vectorize",
    "asarray_chkfinite", "average", "bincount", "digitize", "cov", "corrcoef", "median", "sinc",
    "hamming", "hanning", "bartlett", "blackman", "kaiser", "trapezoid", "i0", "meshgrid",
    "delete", "insert", "append", "interp", "quantile",
]  # fmt: skip


@public("m")
def rot90(m, k=1, axes=(0, 1)):
    """Rotate a plane of an array by quarter turns."""
    axes = tuple(axes)
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    m = asanyarray(m)
    first, second = axes
    if first == second or abs(first - second) == m.ndim:
        raise ValueError("Axes must be different.")
    if not all(-m.ndim <= ax < m.ndim for ax in axes):
        raise ValueError(f"Axes={axes} out of range for array of ndim={m.ndim}.")
    k %= 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(flip(m, first), second)
    order = list(range(m.ndim))
    order[first], order[second] = order[second], order[first]
    if k == 1:
        return transpose(flip(m, second), order)
    return flip(transpose(m, order), second)


@public("m")
def flip(m, axis=None):
    """Reverse the order of elements along axes."""
    if not hasattr(m, "ndim"):
        m = asarray(m)
    if axis is None:
        return m[(slice(None, None, -1),) * m.ndim]
    axis = normalize_axis_tuple(axis, m.ndim)
    back = slice(None, None, -1)
    return m[tuple(back if ax in axis else slice(None) for ax in range(m.ndim))]


@set_module("numpy")
def iterable(y):
    """Tell whether an object can be iterated over."""
    try:
        iter(y)
    except TypeError:
        return False
    return True


@public("a", "weights")
def average(a, axis=None, weights=None, returned=False, *, keepdims=_NoValue):
    """Average with weights along axes.

    >>> np.average([1, 2], weights=[3, 1])
    np.float64(1.25)
    """
    a = asanyarray(a)
    if axis is not None:
        axis = normalize_axis_tuple(axis, a.ndim, argname="axis")
    given = {} if keepdims is _NoValue else {"keepdims": keepdims}
    if weights is None:
        result = a.mean(axis, **given)
        avg = asanyarray(result)
        scale = avg.dtype.type(a.size / avg.size)
    else:
        weights = _weights_are_valid(weights=weights, a=a, axis=axis)
        if issubclass(a.dtype.type, (nt.integer, nt.bool)):
            kind = result_type(a.dtype, weights.dtype, "f8")
        else:
            kind = result_type(a.dtype, weights.dtype)
        scale = weights.sum(axis=axis, dtype=kind, **given)
        if _any(scale == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        result = avg = um.multiply(a, weights, dtype=kind).sum(axis, **given) / scale
    if returned:
        if scale.shape != avg.shape:
            from numoxide.lib._stride_tricks_impl import broadcast_to

            scale = broadcast_to(scale, avg.shape, subok=True).copy()
        return result, scale
    return result


@set_module("numpy")
def asarray_chkfinite(a, dtype=None, order=None):
    """Make an array and refuse NaN and infinity."""
    a = asarray(a, dtype=dtype, order=order)
    if a.dtype.char in nt.typecodes["AllFloat"] and not um.isfinite(a).all():
        raise ValueError("array must not contain infs or NaNs")
    return a


@public("x", "*condlist")
def piecewise(x, condlist, funclist, *args, **kw):
    """Evaluate a function made of pieces, each where its condition holds."""
    x = asanyarray(x)
    count = len(funclist)
    # One condition may stand for a list of one.
    if _is_scalar(condlist) or (not isinstance(condlist[0], (list, _nx.ndarray)) and x.ndim != 0):
        condlist = [condlist]
    condlist = asarray(condlist, dtype=bool)
    n = len(condlist)
    if n == count - 1:
        rest = ~condlist.any(axis=0, keepdims=True)
        condlist = concatenate([condlist, rest], axis=0)
        n += 1
    elif n != count:
        raise ValueError(
            f"with {n} condition(s), either {n} or {n + 1} functions are expected"
        )
    y = zeros_like(x)
    for cond, func in zip(condlist, funclist):
        if not callable(func):
            y[cond] = func
            continue
        values = x[cond]
        if values.size > 0:
            y[cond] = func(values, *args, **kw)
    return y


def _is_scalar(x):
    from numoxide._core.numeric import isscalar

    return isscalar(x)


@public("*condlist", "*choicelist")
def select(condlist, choicelist, default=0):
    """Pick elements from the first array whose condition holds."""
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    # Python numbers stay weak in promotion.
    weak = (int, float, complex)
    choices = [c if type(c) in weak else asarray(c) for c in choicelist]
    choices.append(default if type(default) in weak else asarray(default))
    try:
        kind = result_type(*choices)
    except TypeError as error:
        raise TypeError(f"Choicelist and default value do not have a common dtype: {error}") from None
    from numoxide.lib._stride_tricks_impl import broadcast_arrays

    condlist = broadcast_arrays(*condlist)
    choices = broadcast_arrays(*choices)
    for i, cond in enumerate(condlist):
        if cond.dtype.type is not nt.bool:
            raise TypeError(f"invalid entry {i} in condlist: should be boolean ndarray")
    shape = condlist[0].shape
    if choices[0].ndim:
        shape = broadcast_arrays(condlist[0], choices[0])[0].shape
    result = _nx.empty(shape, kind)
    _nx.copyto(result, choices[-1], casting="unsafe")
    # From the last to the first, so that the first that holds remains.
    for cond, choice in zip(condlist[::-1], choices[-2::-1]):
        _nx.copyto(result, choice, where=cond, casting="unsafe")
    return result


@public("a")
def copy(a, order="K", subok=False):
    """Copy an array."""
    return array(a, order=order, subok=subok, copy=True)


@public("z")
def angle(z, deg=False):
    """Compute the angle of complex numbers, in radians or degrees."""
    z = asanyarray(z)
    if issubclass(z.dtype.type, nt.complexfloating):
        imag, real = z.imag, z.real
    else:
        imag, real = 0, z
    a = um.arctan2(imag, real)
    if deg:
        a *= 180 / um.pi
    return a


@public("a")
def sort_complex(a):
    """Sort by the real part, then by the imaginary part; the result is complex."""
    b = array(a, copy=True)
    b.sort()
    if issubclass(b.dtype.type, nt.complexfloating):
        return b
    if b.dtype.char in "bhBH":
        return b.astype("F")
    return b.astype("G" if b.dtype.char == "g" else "D")


@public("condition", "arr")
def extract(condition, arr):
    """Take the elements where a condition holds, flattened."""
    return ravel(arr).take(nonzero(ravel(condition))[0])


@public("arr", "mask", "vals")
def place(arr, mask, vals):
    """Write values in turn where a mask is true."""
    return _nx._place(arr, mask, vals)


@public("x", "bins")
def digitize(x, bins, right=False):
    """Find the bin that each value falls in."""
    x, bins = asarray(x), asarray(bins)
    # Complex numbers are not ordered.
    if issubclass(x.dtype.type, nt.complexfloating):
        raise TypeError("x may not be complex")
    order = _nx._monotonicity(bins)
    if order == 0:
        raise ValueError("bins must be monotonically increasing or decreasing")
    # A search puts equal values on the other side.
    side = "left" if right else "right"
    if order == -1:
        return len(bins) - bins[::-1].searchsorted(x, side=side)
    return bins.searchsorted(x, side=side)


@public("*xi")
def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Make coordinate arrays out of coordinate lines.

    >>> x, y = np.meshgrid([1, 2], [3, 4, 5])
    >>> x.shape
    (3, 2)
    """
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = len(xi)
    lines = [
        asanyarray(x).reshape((1,) * i + (-1,) + (1,) * (n - i - 1)) for i, x in enumerate(xi)
    ]
    if indexing == "xy" and n > 1:
        # The first two axes change places.
        lines[0] = lines[0].reshape((1, -1) + (1,) * (n - 2))
        lines[1] = lines[1].reshape((-1, 1) + (1,) * (n - 2))
    if not sparse:
        from numoxide.lib._stride_tricks_impl import broadcast_arrays

        lines = broadcast_arrays(*lines, subok=True)
    return tuple(x.copy() for x in lines) if copy else lines
