"""Norms, products and powers of matrices."""

import operator

import numoxide as _nx
from numoxide._core.overrides import public
from numoxide.linalg._decompositions import LinAlgError, inv, svd


def _as_inexact(x):
    """An array of floats or complex numbers."""
    x = _nx.asarray(x)
    return x if issubclass(x.dtype.type, (_nx.inexact, _nx.object_)) else x.astype(float)


def _vector_norm(x, ord, axis, keepdims):
    """Norms of vectors along one axis, or of all items."""
    if ord is None or ord == 2:
        squares = (x.conj() * x).real if x.dtype.kind == "c" else x * x
        return _nx.sqrt(_nx.add.reduce(squares, axis=axis, keepdims=keepdims))
    if ord == _nx.inf:
        return abs(x).max(axis=axis, keepdims=keepdims, initial=0)
    if ord == -_nx.inf:
        return abs(x).min(axis=axis, keepdims=keepdims)
    if ord == 0:
        return (x != 0).astype(x.real.dtype).sum(axis=axis, keepdims=keepdims)
    if ord == 1:
        return _nx.add.reduce(abs(x), axis=axis, keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    powers = abs(x) ** ord
    total = _nx.add.reduce(powers, axis=axis, keepdims=keepdims)
    return total ** _nx.reciprocal(ord, dtype=total.dtype)


def _matrix_norm(x, ord, axes, keepdims):
    """Norms of the matrices spanned by two axes."""
    row, col = axes
    size = abs(x)
    if ord in (None, "fro", "f"):
        squares = (x.conj() * x).real
        return _nx.sqrt(_nx.add.reduce(squares, axis=axes, keepdims=keepdims))
    if ord in (2, -2, "nuc"):
        values = svd(_nx.moveaxis(x, axes, (-2, -1)), compute_uv=False)
        pick = {2: _nx.max, -2: _nx.min, "nuc": _nx.sum}[ord]
        result = pick(values, axis=-1, **({"initial": 0} if ord == 2 else {}))
        return _nx.expand_dims(result, tuple(sorted(axes))) if keepdims else result
    sums = {1: (row, col), -1: (row, col), _nx.inf: (col, row), -_nx.inf: (col, row)}
    if ord not in sums:
        raise ValueError("Invalid norm order for matrices.")
    added, over = sums[ord]
    lengths = _nx.add.reduce(size, axis=added, keepdims=True)
    pick = _nx.maximum if ord > 0 else _nx.minimum
    result = pick.reduce(lengths, axis=over, keepdims=True, initial=0 if ord > 0 else None)
    return result if keepdims else _nx.squeeze(result, axis=axes)


@public("x", module="numpy.linalg")
def norm(x, ord=None, axis=None, keepdims=False):
    """Norm of a vector or matrix.

    >>> float(np.linalg.norm([3.0, 4.0]))
    5.0
    """
    x = _as_inexact(x)
    if axis is None and (ord is None or (ord in ("f", "fro") and x.ndim == 2) or (ord == 2 and x.ndim == 1)):
        flat = x.ravel("K")
        squares = flat.real @ flat.real + flat.imag @ flat.imag if flat.dtype.kind == "c" else flat @ flat
        result = _nx.sqrt(squares)
        return result.reshape(x.ndim * [1]) if keepdims else result
    if axis is None:
        axis = tuple(range(x.ndim))
    elif not isinstance(axis, tuple):
        try:
            axis = (operator.index(axis),)
        except TypeError as error:
            raise TypeError("'axis' must be None, an integer or a tuple of integers") from error
    if len(axis) == 1:
        return _vector_norm(x, ord, axis[0], keepdims)
    if len(axis) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    axes = tuple(_nx.lib.array_utils.normalize_axis_index(a, x.ndim) for a in axis)
    if axes[0] == axes[1]:
        raise ValueError("Duplicate axes given.")
    return _matrix_norm(x, ord, axes, keepdims)


@public("x", module="numpy.linalg")
def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """Norm of vectors along `axis`, or of all items."""
    x = _as_inexact(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = _nx.lib.array_utils.normalize_axis_tuple(axes, x.ndim)
    return _vector_norm(x, ord, axes if len(axes) != 1 else axes[0], keepdims)


@public("x", module="numpy.linalg")
def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    """Norm of matrices in the last two axes."""
    x = _as_inexact(x)
    return _matrix_norm(x, ord, (x.ndim - 2, x.ndim - 1), keepdims)


def _multi_dot_matrix_chain_order(arrays, return_costs=False):
    """Where to cut each run of a chain of matrices so that the fewest multiplications are needed.

    The dynamic programme over run lengths of Cormen, Leiserson, Rivest and Stein, section 15.2.
    """
    count = len(arrays)
    sizes = [array.shape[0] for array in arrays] + [arrays[-1].shape[1]]
    costs = [[0.0] * count for _ in arrays]
    cuts = _nx.zeros((count, count), dtype=_nx.intp)
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            costs[i][j], cuts[i, j] = min(
                (costs[i][k] + costs[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)
            )
    return (cuts, _nx.array(costs, dtype=_nx.double)) if return_costs else cuts


@public("*arrays", "out", module="numpy.linalg")
def multi_dot(arrays, *, out=None):
    """Product of two or more matrices, multiplied in the cheapest order.

    >>> np.linalg.multi_dot([np.ones((2, 3)), np.ones((3, 4)), np.ones(4)])
    array([12., 12.])
    """
    count = len(arrays)
    if count < 2:
        raise ValueError("Expecting at least two arrays.")
    if count == 2:
        return _nx.dot(arrays[0], arrays[1], out=out)
    mats = [_nx.asanyarray(a) for a in arrays]
    first, last = mats[0].ndim, mats[-1].ndim
    if first == 1:
        mats[0] = _nx.atleast_2d(mats[0])
    if last == 1:
        mats[-1] = _nx.atleast_2d(mats[-1]).T
    for mat in mats:
        if mat.ndim != 2:
            raise LinAlgError(f"{mat.ndim}-dimensional array given. Array must be two-dimensional")
    cuts = _multi_dot_matrix_chain_order(mats)

    def product(i, j, out=None):
        if i == j:
            return mats[i]
        cut = int(cuts[i, j])
        return _nx.dot(product(i, cut), product(cut + 1, j), out=out)

    result = product(0, count - 1, out)
    if first == 1 and last == 1:
        return result[0, 0]
    return result.ravel() if first == 1 or last == 1 else result


@public("a", module="numpy.linalg")
def matrix_power(a, n):
    """A square matrix to a whole power.

    >>> np.linalg.matrix_power(np.array([[1, 1], [1, 0]]), 10)
    array([[89, 55],
           [55, 34]])
    """
    a = _nx.asanyarray(a)
    if a.ndim < 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if a.shape[-1] != a.shape[-2]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    try:
        n = operator.index(n)
    except TypeError as error:
        raise TypeError("exponent must be an integer") from error
    if n < 0:
        a, n = inv(a), -n
    result = _nx.empty_like(a)
    result[...] = _nx.eye(a.shape[-1], dtype=a.dtype)
    while n:
        if n & 1:
            result = _nx.matmul(result, a)
        n >>= 1
        if n:
            a = _nx.matmul(a, a)
    return result


@public("x1", "x2", module="numpy.linalg")
def outer(x1, x2, /):
    """Products of every item of one vector with every item of another."""
    x1, x2 = _nx.asanyarray(x1), _nx.asanyarray(x2)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(
            "Input arrays must be one-dimensional, but they are "
            f"x1.ndim={x1.ndim} and x2.ndim={x2.ndim}."
        )
    return _nx.outer(x1, x2)


@public("x1", "x2", module="numpy.linalg")
def cross(x1, x2, /, *, axis=-1):
    """Cross products of vectors of three."""
    x1, x2 = _nx.asanyarray(x1), _nx.asanyarray(x2)
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, "
            f"but they are {x1.shape[axis]} and {x2.shape[axis]} dimensional instead."
        )
    return _nx.cross(x1, x2, axis=axis)


@public("x", module="numpy.linalg")
def diagonal(x, /, *, offset=0):
    """Diagonals of matrices in the last two axes."""
    return _nx.asanyarray(x).diagonal(offset, -2, -1)


@public("x", module="numpy.linalg")
def trace(x, /, *, offset=0, dtype=None):
    """Sums of the diagonals of matrices in the last two axes."""
    return _nx.asanyarray(x).trace(offset, -2, -1, dtype=dtype)


@public("x", module="numpy.linalg")
def matrix_transpose(x, /):
    """The last two axes exchanged."""
    return _nx.matrix_transpose(x)


@public("x1", "x2", module="numpy.linalg")
def matmul(x1, x2, /):
    """Matrix product."""
    return _nx.matmul(x1, x2)


@public("x1", "x2", module="numpy.linalg")
def vecdot(x1, x2, /, *, axis=-1):
    """Dot products of vectors along an axis, the first conjugated."""
    return _nx.vecdot(x1, x2, axis=axis)


@public("x1", "x2", module="numpy.linalg")
def tensordot(x1, x2, /, *, axes=2):
    """Sum of products over given axes."""
    return _nx.tensordot(x1, x2, axes=axes)
