"""Matrices: diagonals, triangles, flips."""

import operator

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import diagonal, nonzero
from numoxide._core.multiarray import arange, asanyarray, asarray, empty, promote_types, where, zeros
from numoxide._core.numeric import indices, ones
from numoxide._core.overrides import array_function_dispatch, creation, like_call, public, set_module

__all__ = [
    "diag", "diagflat", "eye", "fliplr", "flipud", "tri", "triu", "tril", "vander", "histogram2d",
    "mask_indices", "tril_indices", "tril_indices_from", "triu_indices", "triu_indices_from",
]  # fmt: skip


@public("m")
def fliplr(m):
    """Reverse the columns."""
    m = asanyarray(m)
    if m.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return m[:, ::-1]


@public("m")
def flipud(m):
    """Reverse the rows."""
    m = asanyarray(m)
    if m.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return m[::-1, ...]


@creation
def eye(N, M=None, k=0, dtype=float, order="C", *, device=None, like=None):
    """Make a matrix with ones on a diagonal.

    >>> np.eye(2, dtype=int)
    array([[1, 0],
           [0, 1]])
    """
    if like is not None:
        given = {"M": M, "k": k, "dtype": dtype, "order": order, "device": device}
        return like_call(eye, like, (N,), given)
    M = N if M is None else M
    m = zeros((N, M), dtype=dtype, order=order, device=device)
    if k >= M:
        return m
    M, k = operator.index(M), operator.index(k)
    start = k if k >= 0 else -k * M
    m[: M - k].flat[start :: M + 1] = 1
    return m


@public("v")
def diag(v, k=0):
    """Take a diagonal out of a matrix, or make a matrix around one."""
    v = asanyarray(v)
    if v.ndim == 1:
        n = v.shape[0] + abs(k)
        made = zeros((n, n), v.dtype)
        made[: n - k].flat[k if k >= 0 else -k * n :: n + 1] = v
        return made
    if v.ndim == 2:
        return diagonal(v, k)
    raise ValueError("Input must be 1- or 2-d.")


@public("v")
def diagflat(v, k=0):
    """Make a matrix with all elements of the input on a diagonal."""
    convert = _nx._array_converter(v)
    (v,) = convert.as_arrays(subok=False)
    return convert.wrap(diag(v.ravel(), k))


@creation
def tri(N, M=None, k=0, dtype=float, *, like=None):
    """Make a matrix with ones at and below a diagonal."""
    if like is not None:
        return like_call(tri, like, (N,), {"M": M, "k": k, "dtype": dtype})
    M = N if M is None else M
    rows = arange(N, dtype=_index_type(0, N))
    columns = arange(-k, M - k, dtype=_index_type(-k, M - k))
    return um.greater_equal.outer(rows, columns).astype(dtype, copy=False)


def _index_type(low, high):
    """The smallest integer type for a range: less memory to compare."""
    for kind in ("int8", "int16", "int32"):
        limit = 1 << (int(kind[3:]) - 1)
        if high < limit and low >= -limit:
            return getattr(nt, kind)
    return nt.int64


@public("m")
def tril(m, k=0):
    """Copy a matrix with the elements above a diagonal set to zero."""
    m = asanyarray(m)
    mask = tri(*m.shape[-2:], k=k, dtype=bool)
    return where(mask, m, zeros(1, m.dtype))


@public("m")
def triu(m, k=0):
    """Copy a matrix with the elements below a diagonal set to zero."""
    m = asanyarray(m)
    mask = tri(*m.shape[-2:], k=k - 1, dtype=bool)
    return where(mask, zeros(1, m.dtype), m)


@public("x")
def vander(x, N=None, increasing=False):
    """Make a Vandermonde matrix, the powers of `x` in columns."""
    x = asarray(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    N = len(x) if N is None else N
    made = empty((len(x), N), dtype=promote_types(x.dtype, int))
    powers = made if increasing else made[:, ::-1]
    if N > 0:
        powers[:, 0] = 1
    if N > 1:
        powers[:, 1:] = x[:, None]
        um.multiply.accumulate(powers[:, 1:], out=powers[:, 1:], axis=1)
    return made


def _histogram2d_dispatcher(x, y, bins=None, range=None, density=None, weights=None):
    """Pick what may override: two items of `bins` are edges of their own."""
    yield from (x, y, weights)
    if hasattr(bins, "__len__") and len(bins) == 2:
        yield from bins
    else:
        yield bins


@array_function_dispatch(_histogram2d_dispatcher, module="numpy")
def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """Count points in the cells of a grid."""
    from numoxide.lib._histograms_impl import histogramdd

    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    try:
        count = len(bins)
    except TypeError:
        count = 1
    if count not in (1, 2):
        edges = asarray(bins)
        bins = [edges, edges]
    hist, edges = histogramdd([x, y], bins, range, density, weights)
    return hist, edges[0], edges[1]


@set_module("numpy")
def mask_indices(n, mask_func, k=0):
    """Find the indices that a mask function such as `triu` leaves in an n x n matrix."""
    return nonzero(mask_func(ones((n, n), int), k) != 0)


def _where_true(mask):
    """Find the indices of true elements through broadcast index lines."""
    from numoxide.lib._stride_tricks_impl import broadcast_to

    return tuple(broadcast_to(i, mask.shape)[mask] for i in indices(mask.shape, sparse=True))


@set_module("numpy")
def tril_indices(n, k=0, m=None):
    """Find the indices at and below a diagonal."""
    return _where_true(tri(n, m, k=k, dtype=bool))


@public("arr")
def tril_indices_from(arr, k=0):
    """Find the indices at and below a diagonal of a given matrix."""
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return tril_indices(arr.shape[-2], k=k, m=arr.shape[-1])


@set_module("numpy")
def triu_indices(n, k=0, m=None):
    """Find the indices at and above a diagonal."""
    return _where_true(~tri(n, m, k=k - 1, dtype=bool))


@public("arr")
def triu_indices_from(arr, k=0):
    """Find the indices at and above a diagonal of a given matrix."""
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return triu_indices(arr.shape[-2], k=k, m=arr.shape[-1])
