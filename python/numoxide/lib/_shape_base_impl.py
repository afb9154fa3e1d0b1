"""Splitting, tiling, and work along axes."""

import functools
import warnings

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import reshape, transpose
from numoxide._core.multiarray import (
    arange,
    array,
    asanyarray,
    asarray,
    concatenate,
    normalize_axis_index,
    zeros,
)
from numoxide._core.numeric import normalize_axis_tuple, zeros_like
from numoxide._core.overrides import public
from numoxide._core.shape_base import atleast_3d, vstack

__all__ = [
    "column_stack", "row_stack", "dstack", "array_split", "split", "hsplit", "vsplit", "dsplit",
    "apply_over_axes", "expand_dims", "apply_along_axis", "kron", "tile", "take_along_axis",
    "put_along_axis",
]  # fmt: skip


def _along_axis_index(shape, indices, axis):
    """Make the index tuple that picks `indices` along `axis` and everything else in step."""
    if not nt.issubdtype(indices.dtype, nt.integer):
        raise IndexError("`indices` must be an integer array")
    if len(shape) != indices.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    ones = (1,) * indices.ndim
    index = []
    for ax, length in enumerate(shape):
        if ax == axis:
            index.append(indices)
        else:
            index.append(arange(length).reshape(ones[:ax] + (-1,) + ones[ax + 1 :]))
    return tuple(index)


@public("arr", "indices")
def take_along_axis(arr, indices, axis=-1):
    """Take elements along an axis with an array of indices of the same number of axes."""
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        arr, axis = _nx.asarray(arr.flat), 0
    else:
        axis = normalize_axis_index(axis, arr.ndim)
    shape = arr.shape
    return arr[_along_axis_index(shape, indices, axis)]


@public("arr", "indices", "values")
def put_along_axis(arr, indices, values, axis):
    """Write elements along an axis at an array of indices of the same number of axes."""
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        # Scattered elements come as a copy that refuses to be written.
        arr, axis = _nx.asarray(arr.flat), 0
    else:
        axis = normalize_axis_index(axis, arr.ndim)
    shape = arr.shape
    arr[_along_axis_index(shape, indices, axis)] = values


@public("arr")
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """Call a function on every 1-d slice along an axis and gather the results."""
    convert = _nx._array_converter(arr)
    arr = convert[0]
    nd = arr.ndim
    axis = normalize_axis_index(axis, nd)
    lines = transpose(arr, [*range(axis), *range(axis + 1, nd), axis])
    places = iter(_ndindex(lines.shape[:-1]))
    try:
        first = next(places)
    except StopIteration:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0") from None
    result = asanyarray(func1d(lines[first], *args, **kwargs))
    matrix = _is_matrix(result)
    shape = lines.shape[:-1] + result.shape
    made = zeros(shape, result.dtype) if matrix else zeros_like(result, shape=shape)
    extra = result.ndim
    made[(*first, ...)] = result
    for place in places:
        made[(*place, ...)] = asanyarray(func1d(lines[place], *args, **kwargs))
    end = made.ndim
    made = transpose(made, [*range(axis), *range(end - extra, end), *range(axis, end - extra)])
    # A matrix has two axes whatever is done to it: it is wrapped last, by itself.
    return result.__array_wrap__(made) if matrix else convert.wrap(made)


def _is_matrix(a):
    """Tell whether an array is of the class that is always two-dimensional."""
    return any(base.__name__ == "matrix" for base in type(a).__mro__)


def _ndindex(shape):
    from numoxide.lib._index_tricks_impl import ndindex

    return ndindex(shape)


@public("a")
def apply_over_axes(func, a, axes):
    """Call a function on one axis after another."""
    val = asarray(a)
    n = a.ndim
    if array(axes).ndim == 0:
        axes = (axes,)
    for axis in axes:
        res = func(val, axis if axis >= 0 else n + axis)
        if res.ndim != val.ndim:
            res = expand_dims(res, axis if axis >= 0 else n + axis)
            if res.ndim != val.ndim:
                raise ValueError("function is not returning an array of the correct shape")
        val = res
    return val


@public("a")
def expand_dims(a, axis):
    """Insert axes of length one."""
    a = asanyarray(a) if not _is_matrix(a) else asarray(a)
    if type(axis) is int:
        at = normalize_axis_index(axis, a.ndim + 1)
        return a.reshape((*a.shape[:at], 1, *a.shape[at:]))
    if type(axis) not in (tuple, list):
        axis = (axis,)
    ndim = len(axis) + a.ndim
    new = normalize_axis_tuple(axis, ndim)
    lengths = iter(a.shape)
    return a.reshape([1 if ax in new else next(lengths) for ax in range(ndim)])


@public("*tup")
def column_stack(tup):
    """Join arrays as columns; 1-d arrays become columns first."""
    from numoxide._core.shape_base import _arrays_for_stack_dispatcher

    parts = []
    for v in _arrays_for_stack_dispatcher(tup):
        a = asanyarray(v)
        parts.append(array(a, copy=None, subok=True, ndmin=2).T if a.ndim < 2 else a)
    return concatenate(parts, 1)


@public("*tup")
def row_stack(tup, *, dtype=None, casting="same_kind"):
    """Join arrays row upon row: a deprecated name of `vstack`."""
    warnings.warn(
        "`row_stack` alias is deprecated. Use `np.vstack` directly.",
        DeprecationWarning,
        stacklevel=3,
    )
    return vstack(tup, dtype=dtype, casting=casting)


@public("*tup")
def dstack(tup):
    """Join arrays along the third axis."""
    from numoxide._core.shape_base import _arrays_for_stack_dispatcher

    parts = [atleast_3d(a) for a in _arrays_for_stack_dispatcher(tup)]
    return concatenate(parts, 2)


@public("ary", "indices_or_sections")
def array_split(ary, indices_or_sections, axis=0):
    """Split an array into parts, of almost equal length or at given indices."""
    try:
        total = ary.shape[axis]
    except AttributeError:
        total = len(ary)
    try:
        points = [0, *indices_or_sections, total]
    except TypeError:
        sections = int(indices_or_sections)
        if sections <= 0:
            raise ValueError("number sections must be larger than 0.") from None
        each, longer = divmod(total, sections)
        points = [i * each + min(i, longer) for i in range(sections + 1)]
    swapped = _swap(ary, axis)
    return [_swap(swapped[a:b], axis) for a, b in zip(points, points[1:])]


def _swap(a, axis):
    """Bring an axis to the front, or back."""
    from numoxide._core.fromnumeric import swapaxes

    return swapaxes(a, axis, 0)


@public("ary", "indices_or_sections")
def split(ary, indices_or_sections, axis=0):
    """Split an array into parts of equal length or at given indices."""
    try:
        len(indices_or_sections)
    except TypeError:
        sections = indices_or_sections
        if ary.shape[axis] % sections:
            raise ValueError("array split does not result in an equal division") from None
    return array_split(ary, indices_or_sections, axis)


@public("ary", "indices_or_sections")
def hsplit(ary, indices_or_sections):
    """Split into columns; a 1-d array along its only axis."""
    if _nx.asanyarray(ary).ndim == 0:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return split(ary, indices_or_sections, 1 if ary.ndim > 1 else 0)


@public("ary", "indices_or_sections")
def vsplit(ary, indices_or_sections):
    """Split into rows."""
    if _nx.asanyarray(ary).ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(ary, indices_or_sections, 0)


@public("ary", "indices_or_sections")
def dsplit(ary, indices_or_sections):
    """Split along the third axis."""
    if _nx.asanyarray(ary).ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(ary, indices_or_sections, 2)


def get_array_wrap(*args):
    """Find the ``__array_wrap__`` of the argument with the highest priority; deprecated."""
    warnings.warn(
        "`get_array_wrap` is deprecated. (deprecated in NumPy 2.0)",
        DeprecationWarning,
        stacklevel=2,
    )
    found = [a for a in args if hasattr(a, "__array_wrap__")]
    if not found:
        return None
    best = functools.reduce(
        lambda x, y: y if getattr(y, "__array_priority__", 0) > getattr(x, "__array_priority__", 0)
        else x, found,
    )  # fmt: skip
    return best.__array_wrap__


@public("a", "b")
def kron(a, b):
    """Compute the Kronecker product: copies of `b`, scaled by the elements of `a`."""
    convert_b = asanyarray(b)
    b = array(convert_b, copy=None, subok=True, ndmin=getattr(a, "ndim", asanyarray(a).ndim))
    a = array(a, copy=None, subok=True, ndmin=b.ndim)
    matrix_result = _is_matrix(a) or _is_matrix(b)
    nd = max(a.ndim, b.ndim)
    if a.ndim == 0 or b.ndim == 0:
        return um.multiply(a, b)
    shape_a = (1,) * (nd - a.ndim) + a.shape
    shape_b = (1,) * (nd - b.ndim) + b.shape
    if not a.flags.contiguous:
        a = reshape(a, a.shape)
    if not b.flags.contiguous:
        b = reshape(b, b.shape)
    plain_a = a.reshape(shape_a) if not matrix_result else asarray(a).reshape(shape_a)
    plain_b = b.reshape(shape_b) if not matrix_result else asarray(b).reshape(shape_b)
    left = expand_dims(plain_a, tuple(range(1, 2 * nd, 2)))
    right = expand_dims(plain_b, tuple(range(0, 2 * nd, 2)))
    product = um.multiply(left, right, subok=not matrix_result)
    product = product.reshape(tuple(m * n for m, n in zip(shape_a, shape_b)))
    if not matrix_result:
        return product
    owner = a if _is_matrix(a) else b
    return type(owner)(product, copy=False)


@public("A", "reps")
def tile(A, reps):
    """Repeat an array as a whole along axes."""
    try:
        reps = tuple(reps)
    except TypeError:
        reps = (reps,)
    d = len(reps)
    if all(n == 1 for n in reps) and isinstance(A, _nx.ndarray):
        # Nothing to repeat: still a copy.
        return array(A, copy=True, subok=True, ndmin=d)
    c = array(A, copy=None, subok=True, ndmin=d)
    reps = (1,) * (c.ndim - d) + reps
    shape = tuple(n * r for n, r in zip(c.shape, reps))
    size = c.size
    if size > 0:
        for length, n in zip(c.shape, reps):
            if n != 1:
                c = c.reshape(-1, size).repeat(n, 0)
            size //= length
    return c.reshape(shape)


