"""Histograms and their bins."""

import math
import operator
import warnings

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import any as _any
from numoxide._core.function_base import linspace
from numoxide._core.multiarray import arange, array, asarray, bincount
from numoxide._core.overrides import public
from numoxide.lib._binwidth_impl import estimator

__all__ = ["histogram", "histogramdd", "histogram_bin_edges"]

_BLOCK = 65536
_intp = nt.intp


def _flat_inputs(a, weights):
    """Flatten the data and the weights."""
    a = asarray(a)
    if a.dtype == nt.bool:
        warnings.warn(
            f"Converting input from {a.dtype} to {nt.uint8} for compatibility.",
            RuntimeWarning,
            stacklevel=3,
        )
        a = a.astype(nt.uint8)
    if weights is not None:
        weights = asarray(weights)
        if weights.shape != a.shape:
            raise ValueError("weights should have the same shape as a.")
        weights = weights.ravel()
    return a.ravel(), weights


def _unsigned_subtract(a, b):
    """Subtract without wrapping where a >= b: the result of signed types is unsigned."""
    unsigned = {"b": "B", "h": "H", "i": "I", "l": "L", "q": "Q"}
    kind = _nx.result_type(a, b)
    if kind.char not in unsigned:
        return um.subtract(a, b, dtype=kind)
    return um.subtract(
        asarray(a, dtype=kind), asarray(b, dtype=kind), casting="unsafe",
        dtype=_nx.dtype(unsigned[kind.char]),
    )  # fmt: skip


def _outer_edges(a, range):
    """Find the first and last edge: the given range or that of the data."""
    if range is not None:
        first, last = range
        if first > last:
            raise ValueError("max must be larger than min in range parameter.")
        if not (um.isfinite(first) and um.isfinite(last)):
            raise ValueError(f"supplied range of [{first}, {last}] is not finite")
    elif a.size == 0:
        first, last = 0, 1
    else:
        first, last = a.min(), a.max()
        if not (um.isfinite(first) and um.isfinite(last)):
            raise ValueError(f"autodetected range of [{first}, {last}] is not finite")
    if first == last:
        # Bins need a width.
        first, last = first - 0.5, last + 0.5
    return first, last


def _even_bins(a, bins, range, weights):
    """Find number and range of evenly wide bins, or None and the edges that were given."""
    if isinstance(bins, str):
        if weights is not None:
            raise TypeError(
                "Automated estimation of the number of bins is not supported for weighted data"
            )
        rule = estimator(bins)
        first, last = _outer_edges(a, range)
        if range is not None:
            inside = (a >= first) & (a <= last)
            a = a if inside.all() else a[inside]
        if a.size == 0:
            return 1, first, last, None
        width = rule(a, (first, last))
        if width:
            if issubclass(a.dtype.type, nt.integer) and width < 1:
                width = 1
            span = _unsigned_subtract(last, first)
            return max(int(um.ceil(span / width)), 1), first, last, None
        # No spread, no width: one bin.
        return 1, first, last, None
    if _nx.asarray(bins).ndim == 0:
        try:
            count = operator.index(bins)
        except TypeError as error:
            raise TypeError("`bins` must be an integer, a string, or an array") from error
        if count < 1:
            raise ValueError("`bins` must be positive, when an integer")
        return count, *_outer_edges(a, range), None
    if _nx.asarray(bins).ndim == 1:
        edges = asarray(bins)
        if _any(edges[:-1] > edges[1:]):
            raise ValueError("`bins` must increase monotonically, when an array")
        return None, None, None, edges
    raise ValueError("`bins` must be 1d, when an array")


def _get_bin_edges(a, bins, range, weights):
    """Give the edges, and (first, last, count) where the bins are evenly wide."""
    count, first, last, edges = _even_bins(a, bins, range, weights)
    if count is None:
        return edges, None
    kind = _nx.result_type(first, last, a)
    if issubclass(kind.type, nt.integer):
        kind = _nx.result_type(kind, float)
    edges = linspace(first, last, count + 1, endpoint=True, dtype=kind)
    if _any(edges[:-1] >= edges[1:]):
        raise ValueError(
            f"Too many bins for data range. Cannot create {count} finite-sized bins."
        )
    return edges, (first, last, count)


@public("a", "bins", "weights")
def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """Find the edges that `histogram` would use."""
    a, weights = _flat_inputs(a, weights)
    return _get_bin_edges(a, bins, range, weights)[0]


@public("a", "bins", "weights")
def histogram(a, bins=10, range=None, density=None, weights=None):
    """Count values in bins.

    >>> np.histogram([1, 2, 1], bins=[0, 1, 2, 3])
    (array([0, 2, 1]), array([0, 1, 2, 3]))
    """
    a, weights = _flat_inputs(a, weights)
    edges, even = _get_bin_edges(a, bins, range, weights)
    kind = _nx.dtype(_intp) if weights is None else weights.dtype
    simple = weights is None or (
        _nx.can_cast(weights.dtype, nt.double) or _nx.can_cast(weights.dtype, complex)
    )
    if even is not None and simple:
        counts = _count_even(a, weights, edges, even, kind)
    else:
        counts = _count_sorted(a, weights, edges, kind)
    if density:
        widths = array(edges[1:] - edges[:-1], float)
        return counts / widths / counts.sum(), edges
    return counts, edges


def _count_even(a, weights, edges, even, kind):
    """Count by computing each value's bin, block by block."""
    first, last, count = even
    counts = _nx.zeros(count, kind)
    span = _unsigned_subtract(last, first)
    for start in arange(0, len(a), _BLOCK).tolist():
        part = a[start : start + _BLOCK]
        mine = None if weights is None else weights[start : start + _BLOCK]
        inside = (part >= first) & (part <= last)
        if not inside.all():
            part = part[inside]
            mine = None if mine is None else mine[inside]
        # Compare with the edges in their own type.
        part = part.astype(edges.dtype, copy=False)
        place = (_unsigned_subtract(part, first) / span) * count
        index = place.astype(_intp)
        index[index == count] -= 1
        # Rounding may be one bin off: the edges decide.
        index[part < edges[index]] -= 1
        index[(part >= edges[index + 1]) & (index != count - 1)] += 1
        if kind.kind == "c":
            counts.real += bincount(index, weights=mine.real, minlength=count)
            counts.imag += bincount(index, weights=mine.imag, minlength=count)
        else:
            counts += bincount(index, weights=mine, minlength=count).astype(kind)
    return counts


def _count_sorted(a, weights, edges, kind):
    """Count by searching the edges in sorted blocks of data."""
    below = _nx.zeros(edges.shape, kind)
    for start in arange(0, len(a), _BLOCK).tolist():
        part = a[start : start + _BLOCK]
        if weights is None:
            part = part.copy()
            part.sort()
            below += _below(part, edges)
            continue
        order = part.argsort()
        total = _running_sum(weights[start : start + _BLOCK][order], kind)
        below += total[_below(part[order], edges)]
    return below[1:] - below[:-1]


def _running_sum(values, kind):
    """Sum from the left, with a zero in front."""
    return _nx.concatenate((_nx.zeros(1, dtype=kind), values.cumsum()))


def _below(part, edges):
    """Count the values below each edge; the last edge belongs to the last bin."""
    return _nx.concatenate(
        (part.searchsorted(edges[:-1], "left"), part.searchsorted(edges[-1:], "right"))
    )


def _dd_inputs(sample):
    """Arrange points in rows."""
    try:
        sample.shape[1]
        return sample
    except (AttributeError, IndexError, ValueError):
        from numoxide._core.shape_base import atleast_2d

        return atleast_2d(sample).T


def _dd_edges(sample, i, bins, range):
    """Find the edges along one axis."""
    if _nx.asarray(bins).ndim == 0:
        if bins < 1:
            raise ValueError(f"`bins[{i}]` must be positive, when an integer")
        low, high = _outer_edges(sample[:, i], range)
        try:
            count = operator.index(bins)
        except TypeError as error:
            raise TypeError(f"`bins[{i}]` must be an integer, when a scalar") from error
        return linspace(low, high, count + 1)
    if _nx.asarray(bins).ndim == 1:
        edges = asarray(bins)
        if _any(edges[:-1] > edges[1:]):
            raise ValueError(f"`bins[{i}]` must be monotonically increasing, when an array")
        return edges
    raise ValueError(f"`bins[{i}]` must be a scalar or 1d array")


@public("sample", "*bins", "weights")
def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    """Count points in the cells of a grid of any number of axes."""
    sample = _dd_inputs(sample)
    n_points, n_axes = sample.shape
    if weights is not None:
        weights = asarray(weights)
    try:
        if n_axes != len(bins):
            raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    except TypeError:
        bins = n_axes * [bins]
    if range is None:
        range = (None,) * n_axes
    elif len(range) != n_axes:
        raise ValueError("range argument must have one entry per dimension")
    edges = [_dd_edges(sample, i, bins[i], range[i]) for i in _counter(n_axes)]
    shape = tuple(len(line) + 1 for line in edges)
    places = []
    for i in _counter(n_axes):
        place = edges[i].searchsorted(sample[:, i], side="right")
        # The last edge belongs to the last bin.
        place[sample[:, i] == edges[i][-1]] -= 1
        places.append(place)
    size = math.prod(shape)
    flat = _nx.ravel_multi_index(tuple(places), shape)
    hist = bincount(flat, weights, minlength=size).reshape(shape)
    hist = hist.astype(float, casting="safe")
    hist = hist[(slice(1, -1),) * n_axes]
    if density:
        total = hist.sum()
        for i in _counter(n_axes):
            lines = [1] * n_axes
            lines[i] = shape[i] - 2
            hist = hist / (edges[i][1:] - edges[i][:-1]).reshape(lines)
        hist /= total
    return hist, edges


def _counter(n):
    """Python's range, whose name the arguments shadow."""
    return arange(n).tolist()

