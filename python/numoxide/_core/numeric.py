"""Array creation and the basic compositions over the extension's functions."""

import builtins
import itertools
import math
import operator
import sys

from numoxide._core import multiarray, numerictypes
from numoxide._core import umath as um
from numoxide._core.fromnumeric import *  # noqa: F403
from numoxide._core.fromnumeric import __all__ as _fromnumeric_all
from numoxide._core.fromnumeric import all as _all
from numoxide._core.fromnumeric import ravel
from numoxide._core.multiarray import (
    array,
    asanyarray,
    asarray,
    copyto,
    dtype,
    empty,
    empty_like,
    ndarray,
    normalize_axis_index,
    promote_types,
    result_type,
    zeros,
)
from numoxide._core._numeric_text import base_repr, binary_repr
from numoxide._core.overrides import creation, like_call, public, set_module
from numoxide._globals import _NoValue

newaxis = None
inf = PINF = float("inf")
nan = NAN = float("nan")
little_endian = sys.byteorder == "little"
_py_bool = bool
bool = numerictypes.bool
False_, True_ = bool(False), bool(True)
bitwise_not = um.invert

_FROM_EXT = (
    "ndarray flatiter nditer nested_iters arange array asarray asanyarray ascontiguousarray "
    "asfortranarray zeros empty broadcast dtype fromstring fromfile frombuffer from_dlpack where "
    "copyto concatenate lexsort can_cast promote_types min_scalar_type result_type empty_like "
    "inner dot vdot fromiter putmask matmul vecdot shares_memory may_share_memory ufunc"
).split()
_exported = [name for name in _FROM_EXT if hasattr(multiarray, name)]
globals().update((name, getattr(multiarray, name)) for name in _exported)
ufunc = type(um.add)

__all__ = [
    "newaxis", "count_nonzero", "argwhere", "astype", "isfortran", "zeros_like", "ones_like",
    "correlate", "convolve", "outer", "roll", "rollaxis", "moveaxis", "cross", "tensordot",
    "little_endian", "array_equal", "array_equiv", "indices", "fromfunction", "isclose",
    "isscalar", "binary_repr", "base_repr", "ones", "identity", "allclose", "flatnonzero", "inf",
    "nan", "False_", "True_", "bitwise_not", "full", "full_like", "ufunc", *_exported,
]  # fmt: skip
__all__ += [name for name in _fromnumeric_all if name not in __all__]


@creation
def ones(shape, dtype=None, order="C", *, device=None, like=None):
    """Make an array of ones.

    >>> np.ones(3)
    array([1., 1., 1.])
    """
    if like is not None:
        return like_call(ones, like, (shape,), {"dtype": dtype, "order": order, "device": device})
    made = empty(shape, dtype, order, device=device)
    copyto(made, 1, casting="unsafe")
    return made


@creation
def full(shape, fill_value, dtype=None, order="C", *, device=None, like=None):
    """Make an array filled with one value.

    >>> np.full(2, 7)
    array([7, 7])
    """
    if like is not None:
        given = {"dtype": dtype, "order": order, "device": device}
        return like_call(full, like, (shape, fill_value), given)
    if dtype is None:
        fill_value = asarray(fill_value)
        dtype = fill_value.dtype
    made = empty(shape, dtype, order, device=device)
    copyto(made, fill_value, casting="unsafe")
    return made


@public("a")
def zeros_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Make an array of zeros shaped like another."""
    made = empty_like(a, dtype=dtype, order=order, subok=subok, shape=shape, device=device)
    # Zero of the array's own dtype: structured and text dtypes have one too.
    copyto(made, zeros(1, made.dtype), casting="unsafe")
    return made


@public("a")
def ones_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Make an array of ones shaped like another."""
    made = empty_like(a, dtype=dtype, order=order, subok=subok, shape=shape, device=device)
    copyto(made, 1, casting="unsafe")
    return made


@public("a")
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Make an array shaped like another and filled with one value."""
    made = empty_like(a, dtype=dtype, order=order, subok=subok, shape=shape, device=device)
    copyto(made, fill_value, casting="unsafe")
    return made


@creation
def identity(n, dtype=None, *, like=None):
    """Make a square array with ones on its diagonal."""
    if like is not None:
        return like_call(identity, like, (n,), {"dtype": dtype})
    from numoxide.lib._twodim_base_impl import eye

    return eye(n, dtype=dtype)


@public("a")
def count_nonzero(a, axis=None, *, keepdims=False):
    """Count the elements that are not zero."""
    if axis is None and not keepdims:
        return multiarray.count_nonzero(a)
    a = asanyarray(a)
    # Text counts as false when it is empty or blank, as in a cast to bool.
    truth = a != a.dtype.type() if a.dtype.kind in "SU" else a.astype(bool, copy=False)
    return truth.sum(axis=axis, dtype=numerictypes.intp, keepdims=keepdims)


@set_module("numpy")
def isfortran(a):
    """Tell whether an array is laid out in Fortran order and not in C order."""
    return a.flags.fnc


@public("a")
def argwhere(a):
    """Find the indices of the nonzero elements, one row for each."""
    if getattr(a, "ndim", None) == 0 or (not hasattr(a, "ndim") and asarray(a).ndim == 0):
        # A 0-d array gives rows of no indices.
        return argwhere(asanyarray(a).reshape(1))[:, :0]
    return transpose(nonzero(a))  # noqa: F405


@public("a")
def flatnonzero(a):
    """Find the nonzero elements' indices in the flattened array."""
    return nonzero(ravel(a))[0]  # noqa: F405


@public("a", "v")
def correlate(a, v, mode="valid"):
    """Correlate two 1-d sequences."""
    return multiarray.correlate2(a, v, mode)


@public("a", "v")
def convolve(a, v, mode="full"):
    """Convolve two 1-d sequences.

    >>> np.convolve([1, 2, 3], [0, 1, 0.5])
    array([0. , 1. , 2.5, 4. , 1.5])
    """
    a, v = array(a, copy=None, ndmin=1), array(v, copy=None, ndmin=1)
    for name, operand in (("a", a), ("v", v)):
        if len(operand) == 0:
            raise ValueError(f"{name} cannot be empty")
    if len(v) > len(a):
        a, v = v, a
    return multiarray.correlate(a, v[::-1], mode)


@public("a", "b", "out")
def outer(a, b, out=None):
    """Multiply each element of one vector with each of another."""
    a, b = asarray(a), asarray(b)
    return um.multiply(a.ravel()[:, newaxis], b.ravel()[newaxis, :], out)


def _tensordot_axes(axes):
    """Read the axes argument of tensordot as two lists."""
    try:
        iter(axes)
    except TypeError:
        return list(range(-axes, 0)), list(range(axes))
    first, second = axes
    both = []
    for item in (first, second):
        try:
            both.append(list(item))
        except TypeError:
            both.append([item])
    return both


@public("a", "b")
def tensordot(a, b, axes=2):
    """Sum products over pairs of axes of two arrays."""
    axes_a, axes_b = _tensordot_axes(axes)
    a, b = asarray(a), asarray(b)
    same = len(axes_a) == len(axes_b)
    if not (same and builtins.all(a.shape[i] == b.shape[j] for i, j in zip(axes_a, axes_b))):
        raise ValueError("shape-mismatch for sum")
    axes_a = [ax + a.ndim if ax < 0 else ax for ax in axes_a]
    axes_b = [ax + b.ndim if ax < 0 else ax for ax in axes_b]
    if len(set(axes_a)) != len(axes_a) or len(set(axes_b)) != len(axes_b):
        raise ValueError("duplicate axes are not allowed in tensordot")
    free_a = [ax for ax in range(a.ndim) if ax not in axes_a]
    free_b = [ax for ax in range(b.ndim) if ax not in axes_b]
    inner = math.prod(a.shape[ax] for ax in axes_a)
    shape_a, shape_b = [a.shape[ax] for ax in free_a], [b.shape[ax] for ax in free_b]
    left = a.transpose(free_a + axes_a).reshape(math.prod(shape_a), inner)
    right = b.transpose(axes_b + free_b).reshape(inner, math.prod(shape_b))
    return multiarray.dot(left, right).reshape(shape_a + shape_b)


@public("a")
def roll(a, shift, axis=None):
    """Shift elements along axes; what leaves at one end enters at the other."""
    a = asanyarray(a)
    if axis is None:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    axis = normalize_axis_tuple(axis, a.ndim, allow_duplicate=True)
    pairs = multiarray.broadcast(shift, axis)
    if pairs.ndim > 1:
        raise ValueError("'shift' and 'axis' should be scalars or 1D sequences")
    steps = dict.fromkeys(range(a.ndim), 0)
    for step, ax in pairs:
        steps[int(ax)] += int(step)
    moves = [((slice(None), slice(None)),)] * a.ndim
    for ax, step in steps.items():
        step %= a.shape[ax] or 1
        if step:
            moves[ax] = (
                (slice(None, -step), slice(step, None)),
                (slice(-step, None), slice(None, step)),
            )
    result = empty_like(a)
    for move in itertools.product(*moves):
        source, target = zip(*move) if move else ((), ())
        result[tuple(target)] = a[tuple(source)]
    return result


@public("a")
def rollaxis(a, axis, start=0):
    """Move an axis backward to a position."""
    n = a.ndim
    axis = normalize_axis_index(axis, n)
    if start < 0:
        start += n
    if not 0 <= start <= n:
        text = "'%s' arg requires %d <= %s < %d, but %d was passed in"
        from numoxide.exceptions import AxisError

        raise AxisError(text % ("start", -n, "start", n + 1, start))
    if axis < start:
        start -= 1
    if axis == start:
        return a[...]
    order = [ax for ax in range(n) if ax != axis]
    order.insert(start, axis)
    return a.transpose(order)


@set_module("numpy.lib.array_utils")
def normalize_axis_tuple(axis, ndim, argname=None, allow_duplicate=False):
    """Make a tuple of non-negative axes out of one axis or several."""
    if not isinstance(axis, (tuple, list)):
        try:
            axis = (operator.index(axis),)
        except TypeError:
            pass
    axis = tuple(normalize_axis_index(ax, ndim, argname) for ax in axis)
    if not allow_duplicate and len(set(axis)) != len(axis):
        if argname:
            raise ValueError(f"repeated axis in `{argname}` argument")
        raise ValueError("repeated axis")
    return axis


@public("a")
def moveaxis(a, source, destination):
    """Move axes to new positions; the others keep their order."""
    try:
        transpose = a.transpose
    except AttributeError:
        a = asarray(a)
        transpose = a.transpose
    source = normalize_axis_tuple(source, a.ndim, "source")
    destination = normalize_axis_tuple(destination, a.ndim, "destination")
    if len(source) != len(destination):
        raise ValueError(
            "`source` and `destination` arguments must have the same number of elements"
        )
    order = [ax for ax in range(a.ndim) if ax not in source]
    for to, ax in sorted(zip(destination, source)):
        order.insert(to, ax)
    return transpose(order)


@public("a", "b")
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Compute the cross products of vectors of three components."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = asarray(a), asarray(b)
    if a.ndim < 1 or b.ndim < 1:
        raise ValueError("At least one array has zero dimension")
    axisa = normalize_axis_index(axisa, a.ndim, "axisa")
    axisb = normalize_axis_index(axisb, b.ndim, "axisb")
    if axisa < a.ndim - 1:
        a = moveaxis(a, axisa, -1)
    if axisb < b.ndim - 1:
        b = moveaxis(b, axisb, -1)
    lengths = {a.shape[-1], b.shape[-1]}
    if not lengths <= {2, 3}:
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, but they are "
            f"{a.shape[-1]} and {b.shape[-1]} dimensional instead."
        )
    if 2 in lengths:
        return _cross_with_planar(a, b, axisc)
    shape = multiarray.broadcast(a[..., 0], b[..., 0]).shape + (3,)
    axisc = normalize_axis_index(axisc, len(shape), "axisc")
    kind = promote_types(a.dtype, b.dtype)
    a, b = a.astype(kind, copy=False), b.astype(kind, copy=False)
    result = empty(shape, kind)
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        part = result[..., i]
        um.multiply(a[..., j], b[..., k], out=part)
        um.subtract(part, um.multiply(a[..., k], b[..., j]), out=part)
    return result[...] if axisc == len(shape) - 1 else moveaxis(result, -1, axisc)


def _cross_with_planar(a, b, axisc):
    """Compute cross products where a vector has two components: the third one is zero."""
    import warnings

    warnings.warn(
        "Arrays of 2-dimensional vectors are deprecated. Use arrays of 3-dimensional vectors "
        "instead. (deprecated in NumPy 2.0)",
        DeprecationWarning,
        stacklevel=4,
    )
    kind = promote_types(a.dtype, b.dtype)
    third = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    third = asanyarray(third, dtype=kind)
    if a.shape[-1] == b.shape[-1] == 2:
        return third
    axisc = normalize_axis_index(axisc, third.ndim + 1, "axisc")
    result = empty(third.shape + (3,), kind)
    result[..., 2] = third
    if a.shape[-1] == 3:
        um.multiply(a[..., 2], -b[..., 1], out=result[..., 0])
        um.multiply(a[..., 2], b[..., 0], out=result[..., 1])
    else:
        um.multiply(a[..., 1], b[..., 2], out=result[..., 0])
        um.multiply(-a[..., 0], b[..., 2], out=result[..., 1])
    return moveaxis(result, -1, axisc)


@set_module("numpy")
def indices(dimensions, dtype=int, sparse=False):
    """Make arrays that hold each element's index along each axis."""
    dimensions = tuple(dimensions)
    n = len(dimensions)
    grids = () if sparse else empty((n,) + dimensions, dtype=dtype)
    for ax, length in enumerate(dimensions):
        line = multiarray.arange(length, dtype=dtype)
        line = line.reshape((1,) * ax + (length,) + (1,) * (n - ax - 1))
        if sparse:
            grids += (line,)
        else:
            grids[ax] = line
    return grids


@creation
def fromfunction(function, shape, *, dtype=float, like=None, **kwargs):
    """Make an array by calling a function with the index arrays of a shape."""
    if like is not None:
        return like_call(fromfunction, like, (function, shape), {"dtype": dtype, **kwargs})
    return function(*indices(shape, dtype=dtype), **kwargs)


@set_module("numpy")
def isscalar(element):
    """Tell whether an object is a scalar: Python's, the library's, or a registered number."""
    if type(element) in numerictypes.ScalarType or isinstance(element, numerictypes.generic):
        return True
    import numbers

    return isinstance(element, numbers.Number)


@public("a", "b", "rtol", "atol")
def allclose(a, b, rtol=1.0e-5, atol=1.0e-8, equal_nan=False):
    """Tell whether two arrays agree within a tolerance everywhere."""
    return _py_bool(_all(isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)))


def _is_tolerance(limit):
    """Tell whether a tolerance is finite and not negative; time spans are taken as they are."""
    if type(limit) in (int, float):
        return 0 <= limit < inf
    limit = asanyarray(limit)
    return limit.dtype.kind in "mO" or (um.isfinite(limit) & (limit >= 0)).all()


@public("a", "b", "rtol", "atol")
def isclose(a, b, rtol=1.0e-5, atol=1.0e-8, equal_nan=False):
    """Tell where two arrays agree: ``|a - b| <= atol + rtol * |b|``."""
    x, y, atol, rtol = (
        item if isinstance(item, (int, float, complex)) else asanyarray(item)
        for item in (a, b, atol, rtol)
    )
    # Integer `b` would overflow in abs and in the tolerance; time spans stay as they are.
    kind = getattr(y, "dtype", None)
    if kind is None:
        y = float(y) if isinstance(y, int) else y
    elif kind.kind != "m":
        y = asanyarray(y, dtype=result_type(y, 1.0))
    for limit in (atol, rtol):
        if not _is_tolerance(limit):
            import warnings

            warnings.warn(
                f"One of rtol or atol is not valid, atol: {atol}, rtol: {rtol}",
                RuntimeWarning,
                stacklevel=4,
            )
            break
    from numoxide._core._ufunc_config import errstate

    with errstate(invalid="ignore"):
        near = um.less_equal(abs(x - y), atol + rtol * abs(y))
        result = near & um.isfinite(y) | (x == y)
        if equal_nan:
            result |= um.isnan(x) & um.isnan(y)
    return result[()]


def _no_nan_types(kind):
    """Tell whether a dtype's values cannot be NaN."""
    return kind.type in _nan_free


_nan_free = frozenset(dtype(code).type for code in "?bBhHiIlLqQ")


def _as_pair(a1, a2):
    """Make arrays of two objects; None if one of them cannot be an array."""
    try:
        return asarray(a1), asarray(a2)
    except Exception:
        return None


def _same_everywhere(x, y):
    """Tell whether two arrays of fitting shapes are equal."""
    return _py_bool(asanyarray(x == y).all())


@public("a1", "a2")
def array_equal(a1, a2, equal_nan=False):
    """Tell whether two arrays have the same shape and elements."""
    pair = _as_pair(a1, a2)
    if pair is None or pair[0].shape != pair[1].shape:
        return False
    x, y = pair
    if not equal_nan:
        return _same_everywhere(x, y)
    if x is y:
        return True
    if _no_nan_types(x.dtype) and _no_nan_types(y.dtype):
        return _same_everywhere(x, y)
    at = um.isnan(x)
    if not _same_everywhere(at, um.isnan(y)):
        return False
    return _same_everywhere(x[~at], y[~at])


@public("a1", "a2")
def array_equiv(a1, a2):
    """Tell whether two arrays broadcast together and agree everywhere."""
    pair = _as_pair(a1, a2)
    try:
        fits = pair is not None and multiarray.broadcast(*pair) is not None
    except Exception:
        fits = False
    return fits and _same_everywhere(*pair)


@public("x")
def astype(x, dtype, /, *, copy=True, device=None):
    """Cast an array to a dtype, as the array API standard spells it."""
    if not (isinstance(x, ndarray) or _is_scalar_array(x)):
        raise TypeError(f"Input should be a NumPy array. It is a {type(x)} instead.")
    if device is not None and device != "cpu":
        raise ValueError(
            f'Device not understood. Only "cpu" is allowed, but received: {device}'
        )
    return x.astype(dtype, copy=copy)


def _is_scalar_array(x):
    """Tell whether an object is a scalar of the library, which has the array methods."""
    return isinstance(x, numerictypes.generic)


def extend_all(module):
    """Add the public names of a module to this one's."""
    names = getattr(module, "__all__", None) or [n for n in vars(module) if n[0] != "_"]
    __all__.extend(name for name in names if name not in __all__)


def _extend():
    """Take in the names of the sibling modules, as NumPy's `numeric` shows them."""
    from numoxide._core import _asarray, _ufunc_config, arrayprint

    for module in (um, numerictypes, arrayprint, _asarray, _ufunc_config):
        for name in module.__all__:
            globals().setdefault(name, getattr(module, name))
        extend_all(module)


_extend()


def _frombuffer(buf, dtype, shape, order, axis_order=None):
    """Make the array that a pickle of protocol 5 holds out of band."""
    from numoxide._core._multiarray_umath import frombuffer

    flat = frombuffer(buf, dtype=dtype)
    if order == "K" and axis_order is not None:
        return flat.reshape(shape, order="C").transpose(axis_order)
    return flat.reshape(shape, order=order)
