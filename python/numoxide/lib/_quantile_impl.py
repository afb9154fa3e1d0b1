"""Medians, percentiles and quantiles.

The methods are those of Hyndman and Fan, "Sample quantiles in statistical packages" (1996), types
1 to 9, and four that round the linear position. A method gives a position among the sorted values
and may change the weight with which the two neighbours of the position are mixed.
"""

import math

from numoxide._core import multiarray as _nx
from numoxide._core import umath as um
from numoxide._core.fromnumeric import any as _any
from numoxide._core.fromnumeric import mean, partition, take
from numoxide._core.multiarray import asanyarray, concatenate, result_type
from numoxide._core.numeric import moveaxis, normalize_axis_tuple
from numoxide._core.numerictypes import allTypes, issubdtype
from numoxide._core.overrides import public

__all__ = ["median", "percentile", "quantile"]

_inexact, _integer, _intp = allTypes["inexact"], allTypes["integer"], allTypes["intp"]


def _position(alpha, beta):
    """Make a position rule from the two parameters of the continuous methods."""

    def rule(n, q):
        return n * q + (alpha + q * (1 - alpha - beta)) - 1

    return rule


def _whole(index):
    """Turn positions into indices, the negative ones into the first."""
    return _nx.where(index < 0, 0, index).astype(_intp)


def _step_index(n, q):
    """Find the indices of the inverse of the empirical distribution function."""
    return _whole(um.ceil(n * q - 1))


def _closest_index(n, q):
    """Find the nearest indices to n * q, ties to the even order statistic."""
    place = asanyarray(n * q - 1 - 0.5)
    low = um.floor(place)
    stay = (place == low) & (um.remainder(low, 2) == 1)
    return _whole(_nx.where(stay, low, low + 1))


# name: position rule, change of the weight (weight, position) or None
_METHODS = {
    "inverted_cdf": (_step_index, None),
    "averaged_inverted_cdf": (
        lambda n, q: n * q - 1,
        lambda weight, place: _nx.where(weight == 0, 0.5, 1.0),
    ),
    "closest_observation": (_closest_index, None),
    "interpolated_inverted_cdf": (_position(0, 1), None),
    "hazen": (_position(0.5, 0.5), None),
    "weibull": (_position(0, 0), None),
    "linear": (lambda n, q: (n - 1) * q, None),
    "median_unbiased": (_position(1 / 3.0, 1 / 3.0), None),
    "normal_unbiased": (_position(3 / 8.0, 3 / 8.0), None),
    "lower": (lambda n, q: um.floor((n - 1) * q).astype(_intp), None),
    "higher": (lambda n, q: um.ceil((n - 1) * q).astype(_intp), None),
    "midpoint": (
        lambda n, q: 0.5 * (um.floor((n - 1) * q) + um.ceil((n - 1) * q)),
        lambda weight, place: _nx.where(um.remainder(place, 1) == 0, 0.0, 0.5),
    ),
    "nearest": (lambda n, q: um.rint((n - 1) * q).astype(_intp), None),
}
_DISCRETE = {"inverted_cdf", "closest_observation", "lower", "higher", "nearest"}


@public("a", "q", "out", "weights")
def percentile(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *,
    weights=None,
):  # fmt: skip
    """Compute percentiles along axes.

    >>> np.percentile([1, 2, 3, 4], 50)
    np.float64(2.5)
    """
    a = asanyarray(a)
    if a.dtype.kind == "c":
        raise TypeError("a must be an array of real numbers")
    q, weak = _read_percents(q, a)
    weights, axis = _checked_weights(a, weights, axis, method)
    return _quantile_unchecked(a, q, axis, out, overwrite_input, method, keepdims, weights, weak)


@public("a", "q", "out", "weights")
def quantile(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *,
    weights=None,
):  # fmt: skip
    """Compute quantiles along axes.

    >>> np.quantile([1, 2, 3, 4], 0.5)
    np.float64(2.5)
    """
    a = asanyarray(a)
    if a.dtype.kind == "c":
        raise TypeError("a must be an array of real numbers")
    q, weak = _read_quantiles(q, a)
    weights, axis = _checked_weights(a, weights, axis, method)
    return _quantile_unchecked(a, q, axis, out, overwrite_input, method, keepdims, weights, weak)


def _read_percents(q, a):
    """Read percentages as quantiles; also tell whether they take the precision of the data."""
    weak = type(q) in (int, float) and a.dtype.kind == "f"
    hundred = a.dtype.type(100) if a.dtype.kind == "f" and not weak else 100
    q = um.true_divide(q, hundred, out=...)
    if not _quantile_is_valid(q):
        raise ValueError("Percentiles must be in the range [0, 100]")
    return q, weak


def _read_quantiles(q, a):
    """Read quantiles; also tell whether they take the precision of the data."""
    # Python numbers do, but positions are computed in double precision all the same.
    weak = type(q) in (int, float) and a.dtype.kind in "biuf"
    q = asanyarray(q)
    if not _quantile_is_valid(q):
        raise ValueError("Quantiles must be in the range [0, 1]")
    return q, weak


def _checked_weights(a, weights, axis, method):
    """Check the weights and the axis that goes with them."""
    if weights is None:
        return None, axis
    if method != "inverted_cdf":
        raise ValueError(f"Only method 'inverted_cdf' supports weights. Got: {method}.")
    if axis is not None:
        axis = normalize_axis_tuple(axis, a.ndim, argname="axis")
    weights = _weights_are_valid(weights=weights, a=a, axis=axis)
    if _any(weights < 0):
        raise ValueError("Weights must be non-negative.")
    return weights, axis


def _weights_are_valid(weights, a, axis):
    """Give the weights the shape of the data, by broadcasting along `axis`."""
    weights = asanyarray(weights)
    if a.shape == weights.shape:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if weights.shape != tuple(a.shape[ax] for ax in axis):
        raise ValueError(
            "Shape of weights must be consistent with shape of a along specified axis."
        )
    order = sorted(range(len(axis)), key=axis.__getitem__)
    weights = weights.transpose(order)
    return weights.reshape([n if ax in axis else 1 for ax, n in enumerate(a.shape)])


def _quantile_is_valid(q):
    """Tell whether all quantiles lie between 0 and 1."""
    return bool(um.logical_and(um.less_equal(0, q), um.less_equal(q, 1)).all()) if q.size else True


def _quantile_unchecked(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False,
    weights=None, weak_q=False,
):  # fmt: skip
    """Compute quantiles whose arguments have been checked."""
    return _ureduce(
        a, func=_quantile_ureduce_func, q=q, weights=weights, keepdims=keepdims, axis=axis,
        out=out, overwrite_input=overwrite_input, method=method, weak_q=weak_q,
    )  # fmt: skip


def _ureduce(a, func, keepdims=False, **kwargs):
    """Run a reduction that knows one axis at most over any axes.

    Reduced axes are moved to the end and merged; `out` is given the shape that `func` fills.
    """
    a = asanyarray(a)
    axis, out, weights = kwargs.get("axis"), kwargs.get("out"), kwargs.get("weights")
    nd = a.ndim
    reduced = tuple(range(nd))
    if axis is not None:
        reduced = normalize_axis_tuple(axis, nd)
        if len(reduced) == 1:
            kwargs["axis"] = reduced[0]
        else:
            a = _merge_axes(a, reduced)
            if weights is not None and weights.ndim == nd:
                kwargs["weights"] = _merge_axes(weights, reduced)
            kwargs["axis"] = -1
    if keepdims and out is not None:
        at = tuple(0 if ax in reduced else slice(None) for ax in range(nd))
        kwargs["out"] = out[(Ellipsis,) + at]
    result = func(a, **kwargs)
    if out is not None:
        return out
    if keepdims:
        if axis is None:
            index = (None,) * nd
        else:
            index = tuple(None if ax in reduced else slice(None) for ax in range(nd))
        result = result[(Ellipsis,) + index]
    return result


def _merge_axes(a, axes):
    """Move axes to the end, in their order, and make one of them."""
    kept = [ax for ax in range(a.ndim) if ax not in axes]
    merged = math.prod(a.shape[ax] for ax in axes)
    return a.transpose(kept + sorted(axes)).reshape([a.shape[ax] for ax in kept] + [merged])


def _quantile_ureduce_func(
    a, q, weights, axis=None, out=None, overwrite_input=False, method="linear", weak_q=False
):
    """Compute quantiles along one axis, or of the flattened array."""
    if q.ndim > 2:
        raise ValueError("q must be a scalar or 1d")
    wgt = weights
    if axis is None:
        axis = 0
        arr = a.ravel() if overwrite_input else a.flatten()
        wgt = None if weights is None else weights.flatten()
    else:
        arr = a if overwrite_input else a.copy()
    return _quantile(
        arr, quantiles=q, axis=axis, method=method, out=out, weights=wgt, weak_q=weak_q
    )


def _method(name):
    """Look a method up."""
    try:
        return _METHODS[name]
    except KeyError:
        raise ValueError(
            f"{name!r} is not a valid method. Use one of: {_METHODS.keys()}"
        ) from None


def _quantile(
    arr, quantiles, axis=-1, method="linear", out=None, weights=None, weak_q=False
):
    """Compute quantiles along an axis; sorts `arr` partly in place."""
    arr = asanyarray(arr)
    arr = moveaxis(arr, axis, 0)
    rule, reweigh = _method(method)
    if weights is not None:
        return _weighted(arr, quantiles, axis, out, weights)
    n = arr.shape[0]
    with_nan = issubdtype(arr.dtype, _inexact) or arr.dtype.kind in "Mm"
    places = asanyarray(rule(n, quantiles))
    whole = issubdtype(places.dtype, _integer)
    if whole and (method in _DISCRETE or method == "linear"):
        if with_nan:
            arr.partition(concatenate((places.ravel(), [-1])), axis=0)
        else:
            arr.partition(places.ravel(), axis=0)
        nan_columns = um.isnan(arr[-1, ...]) if with_nan else False
        result = take(arr, places, axis=0, out=out)
    else:
        below, above = _neighbours(places, n, with_nan)
        arr.partition(_sorted_distinct(below, above), axis=0)
        nan_columns = um.isnan(arr[-1, ...]) if with_nan else False
        weight = asanyarray(places - below, dtype=places.dtype)
        if reweigh is not None:
            weight = reweigh(weight, places)
            weight = weight.astype(places.dtype) if places.dtype.kind == "f" else weight
        if weak_q:
            weight = weight.astype(result_type(arr.dtype, 1.0))
        weight = weight.reshape(places.shape + (1,) * (arr.ndim - 1))
        if weak_q:
            weight = weight[()]
        result = _lerp(arr[below], arr[above], weight, out=out)
    if _any(nan_columns):
        if result.ndim == 0 and out is None:
            # Indexing keeps the scalar's own type.
            result = arr[-1]
        else:
            _nx.copyto(result, arr[-1, ...], where=nan_columns)
    return result


def _sorted_distinct(below, above):
    """List the order statistics to put in place: the ends and all neighbours."""
    every = concatenate((asanyarray([0, -1]), below.ravel(), above.ravel()))
    every.sort()
    keep = _nx.empty(every.shape, bool)
    keep[:1] = True
    um.not_equal(every[1:], every[:-1], out=keep[1:])
    return every[keep]


def _neighbours(places, n, with_nan):
    """Find the indices below and above each position, held inside the data."""
    low = asanyarray(um.floor(places))
    high = asanyarray(low + 1)
    beyond = places >= n - 1
    for index in (low, high):
        index[beyond] = -1
        index[places < 0] = 0
        if with_nan:
            index[um.isnan(places)] = -1
    return low.astype(_intp), high.astype(_intp)


def _lerp(a, b, t, out=None):
    """Mix two values: exact at both ends, monotonic, symmetric."""
    span = b - a  # scalars warn in a scalar's words
    mixed = asanyarray(um.add(a, span * t, out=out))
    um.subtract(
        b, span * (1 - t), out=mixed, where=t >= 0.5, casting="unsafe", dtype=type(mixed.dtype)
    )
    return mixed[()] if mixed.ndim == 0 and out is None else mixed


def _weighted(arr, quantiles, axis, out, weights):
    """Compute quantiles of the weighted empirical distribution; `arr`'s data lie along axis 0."""
    from numoxide.lib._shape_base_impl import take_along_axis

    weights = asanyarray(weights)
    if axis != 0:
        weights = moveaxis(weights, axis, 0)
    from numoxide.lib._stride_tricks_impl import broadcast_to

    weights = broadcast_to(weights, arr.shape)
    with_nan = issubdtype(arr.dtype, _inexact) or arr.dtype.kind in "Mm"
    order = arr.argsort(axis=0, kind="stable")
    arr = take_along_axis(arr, order, axis=0)
    weights = take_along_axis(weights, order, axis=0)
    nan_columns = um.isnan(arr[-1, ...]) if with_nan else False
    cdf = weights.cumsum(axis=0, dtype=_nx.dtype(float))
    cdf /= cdf[-1, ...]
    if not um.isfinite(cdf[-1, ...]).all():
        raise ValueError("Weights included NaN, inf or were all zero.")
    # A quantile of 0 is the first value that has any weight.
    cdf[cdf == 0] = -1
    n, columns = arr.shape[0], arr.shape[1:]
    result = _nx.empty(quantiles.shape + columns, dtype=arr.dtype)
    from numoxide.lib._index_tricks_impl import ndindex

    for column in ndindex(columns):
        at = cdf[(slice(None), *column)].searchsorted(quantiles, side="left")
        at = um.minimum(at, n - 1)
        result[(Ellipsis, *column)] = arr[(slice(None), *column)][at]
    if _any(nan_columns):
        _nx.copyto(result, arr[-1, ...], where=nan_columns)
    if out is not None:
        _nx.copyto(out, result)
        return out
    return result[()] if result.ndim == 0 else result


@public("a", "out")
def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Compute the median along axes.

    >>> np.median([3, 1, 2])
    np.float64(2.0)
    """
    return _ureduce(
        a, func=_median, keepdims=keepdims, axis=axis, out=out, overwrite_input=overwrite_input
    )


def _median(a, axis=None, out=None, overwrite_input=False):
    """Compute the median along one axis, or of the flattened array."""
    a = asanyarray(a)
    size = a.size if axis is None else a.shape[axis]
    half = size // 2
    kth = [half] if size % 2 else [half - 1, half]
    with_nan = issubdtype(a.dtype, _inexact) or a.dtype.kind in "Mm"
    if with_nan:
        kth.append(-1)
    if overwrite_input:
        part = a.ravel() if axis is None else a
        part.partition(kth, axis=-1 if axis is None else axis)
    else:
        part = partition(a, kth, axis=axis)
    if part.shape == ():
        return part.item()
    if axis is None:
        axis = 0
    at = [slice(None)] * part.ndim
    at[axis] = slice(half, half + 1) if size % 2 else slice(half - 1, half + 1)
    result = mean(part[tuple(at)], axis=axis, out=out)
    if with_nan and size > 0:
        result = _median_nancheck(part, result, axis)
    return result


def _median_nancheck(data, result, axis):
    """Put NaN where the data have one: it sorts to the end."""
    if data.size == 0:
        return result
    last = data.take(-1, axis=axis)
    where = um.isnan(last)
    if hasattr(where, "filled"):
        where = where.filled(False)
    if not _any(where):
        return result
    if isinstance(result, allTypes["generic"]):
        return last
    _nx.copyto(result, last, where=where)
    return result

