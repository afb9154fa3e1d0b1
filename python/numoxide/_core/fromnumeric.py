"""Functions that mirror array methods and also take any array-like object."""

import math
import operator

from numoxide._core import umath as um
from numoxide._core.multiarray import asanyarray, asarray, concatenate, ndarray
from numoxide._core.overrides import public
from numoxide._globals import _NoValue

__all__ = [
    "all", "amax", "amin", "any", "argmax", "argmin", "argpartition", "argsort", "around",
    "choose", "clip", "compress", "cumprod", "cumsum", "cumulative_prod", "cumulative_sum",
    "diagonal", "mean", "max", "min", "matrix_transpose", "ndim", "nonzero", "partition", "prod",
    "ptp", "put", "ravel", "repeat", "reshape", "resize", "round", "searchsorted", "shape",
    "size", "sort", "squeeze", "std", "sum", "swapaxes", "take", "trace", "transpose", "var",
]  # fmt: skip

_add, _multiply = um.add.reduce, um.multiply.reduce
_maximum, _minimum = um.maximum.reduce, um.minimum.reduce
_and, _or = um.logical_and.reduce, um.logical_or.reduce
_py_sum = sum


def _call(obj, name, *args, **kwargs):
    """Call a method of `obj`, or of the array made from it where it has none that fits."""
    method = getattr(obj, name, None)
    if method is None:
        return _convert_and_call(obj, name, args, kwargs)
    try:
        return method(*args, **kwargs)
    except TypeError:
        # An object whose method takes other arguments, a data frame for instance.
        return _convert_and_call(obj, name, args, kwargs)


def _convert_and_call(obj, name, args, kwargs):
    """Call the array method on `obj` made an array, and wrap the result as `obj` asks."""
    arr = asarray(obj)
    result = getattr(arr, name)(*args, **kwargs)
    wrap = getattr(obj, "__array_wrap__", None)
    if wrap is None or type(obj) is ndarray:
        return result
    return _wrap_result(obj, arr, result)


def _wrap_result(obj, arr, result):
    """Hand a result to the ``__array_wrap__`` of the object that it came from."""
    from numoxide._core.multiarray import _array_converter

    return _array_converter(obj).wrap(result, to_scalar=False)


def _reduce(obj, reduce, name, axis, dtype, out, **more):
    """Reduce an object that is not exactly an array: its own method goes first."""
    given = {key: value for key, value in more.items() if value is not _NoValue}
    if type(obj) is not ndarray:
        method = getattr(obj, name, None)
        if method is not None:
            if dtype is not None:
                return method(axis=axis, dtype=dtype, out=out, **given)
            return method(axis=axis, out=out, **given)
    return reduce(obj, axis, dtype, out, **given)


@public("a", "out")
def sum(a, axis=None, dtype=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Add the elements over one, several or all axes."""
    if type(a) is ndarray and keepdims is initial is where:
        return _add(a, axis, dtype, out)
    if hasattr(a, "gi_frame"):
        return _sum_generator(a, out)
    return _reduce(
        a, _add, "sum", axis, dtype, out, keepdims=keepdims, initial=initial, where=where
    )


def _sum_generator(a, out):
    """Sum a generator as Python does, with the warning that says so."""
    import warnings

    warnings.warn(
        "Calling np.sum(generator) is deprecated, and in the future will give a different result. "
        "Use np.sum(np.fromiter(generator)) or the python sum builtin instead.",
        DeprecationWarning,
        stacklevel=4,
    )
    result = _py_sum(a)
    if out is not None:
        out[...] = result
        return out
    return result


@public("a", "out")
def prod(a, axis=None, dtype=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Multiply the elements over one, several or all axes."""
    if type(a) is ndarray and keepdims is initial is where:
        return _multiply(a, axis, dtype, out)
    return _reduce(
        a, _multiply, "prod", axis, dtype, out, keepdims=keepdims, initial=initial, where=where
    )


@public("a", "out")
def max(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Find the largest element over one, several or all axes."""
    if type(a) is ndarray and keepdims is initial is where:
        return _maximum(a, axis, None, out)
    return _reduce(
        a, _maximum, "max", axis, None, out, keepdims=keepdims, initial=initial, where=where
    )


@public("a", "out")
def min(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Find the smallest element over one, several or all axes."""
    if type(a) is ndarray and keepdims is initial is where:
        return _minimum(a, axis, None, out)
    return _reduce(
        a, _minimum, "min", axis, None, out, keepdims=keepdims, initial=initial, where=where
    )


@public("a", "out")
def amax(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Find the largest element: another name of `max`."""
    return _reduce(
        a, _maximum, "max", axis, None, out, keepdims=keepdims, initial=initial, where=where
    )


@public("a", "out")
def amin(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Find the smallest element: another name of `min`."""
    return _reduce(
        a, _minimum, "min", axis, None, out, keepdims=keepdims, initial=initial, where=where
    )


def _truth(obj, reduce, name, axis, out, keepdims, where):
    """Reduce to a truth value; results are bool whatever the elements are."""
    given = {}
    if keepdims is not _NoValue:
        given["keepdims"] = keepdims
    if where is not _NoValue:
        given["where"] = where
    if type(obj) is not ndarray:
        method = getattr(obj, name, None)
        if method is not None:
            return method(axis=axis, out=out, **given)
    return reduce(obj, axis, bool, out, **given)


@public("a", "out", "where")
def all(a, axis=None, out=None, keepdims=_NoValue, *, where=_NoValue):
    """Tell whether all elements are true over one, several or all axes."""
    if type(a) is ndarray and keepdims is where:
        return _and(a, axis, bool, out)
    return _truth(a, _and, "all", axis, out, keepdims, where)


@public("a", "out", "where")
def any(a, axis=None, out=None, keepdims=_NoValue, *, where=_NoValue):
    """Tell whether any element is true over one, several or all axes."""
    if type(a) is ndarray and keepdims is where:
        return _or(a, axis, bool, out)
    return _truth(a, _or, "any", axis, out, keepdims, where)


@public("a", "where", "out")
def mean(a, axis=None, dtype=None, out=None, keepdims=_NoValue, *, where=_NoValue):
    """Average the elements over one, several or all axes."""
    if type(a) is ndarray and keepdims is where:
        return a.mean(axis, dtype, out)
    given = {}
    if keepdims is not _NoValue:
        given["keepdims"] = keepdims
    if where is not _NoValue:
        given["where"] = where
    if type(a) is not ndarray:
        try:
            method = a.mean
        except AttributeError:
            a = asanyarray(a)
        else:
            return method(axis=axis, dtype=dtype, out=out, **given)
    return a.mean(axis=axis, dtype=dtype, out=out, **given)


def _spread(name, a, axis, dtype, out, ddof, keepdims, where, mean, correction):
    """Compute ``var`` or ``std`` with whatever extra arguments were given."""
    given = {}
    if keepdims is not _NoValue:
        given["keepdims"] = keepdims
    if where is not _NoValue:
        given["where"] = where
    if mean is not _NoValue:
        given["mean"] = mean
    if correction is not _NoValue:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    if type(a) is not ndarray:
        method = getattr(a, name, None)
        if method is not None:
            return method(axis=axis, dtype=dtype, out=out, ddof=ddof, **given)
        a = asanyarray(a)
    return getattr(a, name)(axis=axis, dtype=dtype, out=out, ddof=ddof, **given)


@public("a", "where", "out", "mean")
def std(
    a, axis=None, dtype=None, out=None, ddof=0, keepdims=_NoValue, *,
    where=_NoValue, mean=_NoValue, correction=_NoValue,
):  # fmt: skip
    """Compute the standard deviation over one, several or all axes."""
    return _spread("std", a, axis, dtype, out, ddof, keepdims, where, mean, correction)


@public("a", "where", "out", "mean")
def var(
    a, axis=None, dtype=None, out=None, ddof=0, keepdims=_NoValue, *,
    where=_NoValue, mean=_NoValue, correction=_NoValue,
):  # fmt: skip
    """Compute the variance over one, several or all axes."""
    return _spread("var", a, axis, dtype, out, ddof, keepdims, where, mean, correction)


@public("a", "out")
def ptp(a, axis=None, out=None, keepdims=_NoValue):
    """Compute the range, largest minus smallest, along an axis."""
    given = {} if keepdims is _NoValue else {"keepdims": keepdims}
    method = getattr(a, "ptp", None) if type(a) is not ndarray else None
    if method is not None:
        return method(axis=axis, out=out, **given)
    high = _maximum(a, axis, None, out, **given)
    low = _minimum(a, axis, None, None, **given)
    return um.subtract(high, low, out)


@public("a", "a_min", "a_max", "out", "min", "max")
def clip(a, a_min=_NoValue, a_max=_NoValue, out=None, *, min=_NoValue, max=_NoValue, **kwargs):
    """Limit the values to an interval; a bound of None is open."""
    if a_min is _NoValue and a_max is _NoValue:
        a_min = None if min is _NoValue else min
        a_max = None if max is _NoValue else max
    elif a_min is _NoValue:
        raise TypeError("clip() missing 1 required positional argument: 'a_min'")
    elif a_max is _NoValue:
        raise TypeError("clip() missing 1 required positional argument: 'a_max'")
    elif min is not _NoValue or max is not _NoValue:
        raise ValueError(
            "Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided "
            "is forbidden."
        )
    if type(a) is ndarray and out is None and not kwargs:
        return a.clip(a_min, a_max)
    return _call(a, "clip", a_min, a_max, out=out, **kwargs)


@public("a", "out")
def cumsum(a, axis=None, dtype=None, out=None):
    """Add up the elements along an axis, keeping every partial sum."""
    return _call(a, "cumsum", axis=axis, dtype=dtype, out=out)


@public("a", "out")
def cumprod(a, axis=None, dtype=None, out=None):
    """Multiply the elements along an axis, keeping every partial product."""
    return _call(a, "cumprod", axis=axis, dtype=dtype, out=out)


def _cumulative(x, func, axis, dtype, out, include_initial):
    """Accumulate as the array API standard asks, with the identity first if wanted."""
    x = asanyarray(x)
    if axis is None:
        if x.ndim > 1:
            raise ValueError(
                "For arrays which have more than one dimension ``axis`` argument is required."
            )
        axis = 0
    if out is not None and include_initial:
        item = [slice(None)] * x.ndim
        item[axis] = slice(1, None)
        func.accumulate(x, axis=axis, dtype=dtype, out=out[tuple(item)])
        item[axis] = 0
        out[tuple(item)] = func.identity
        return out
    result = func.accumulate(x, axis=axis, dtype=dtype, out=out)
    if include_initial:
        first = list(x.shape)
        first[axis] = 1
        start = um.add(result[tuple(slice(0, 0) for _ in first)].dtype.type(0), func.identity)
        start = asanyarray(start).astype(result.dtype)
        block = result.__class__.__new__(ndarray, tuple(first), result.dtype)
        block[...] = start
        result = concatenate([block, result], axis=axis)
    return result


@public("x", "out")
def cumulative_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """Give the partial sums along an axis, with a leading zero if asked."""
    return _cumulative(x, um.add, axis, dtype, out, include_initial)


@public("x", "out")
def cumulative_prod(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """Give the partial products along an axis, with a leading one if asked."""
    return _cumulative(x, um.multiply, axis, dtype, out, include_initial)


@public("a", "out")
def take(a, indices, axis=None, out=None, mode="raise"):
    """Take elements along an axis at the given positions."""
    if type(a) is ndarray:
        return a.take(indices, axis, out, mode)
    return _call(a, "take", indices, axis=axis, out=out, mode=mode)


@public("a", "shape", "order")
def reshape(a, /, shape, order="C", *, copy=None):
    """Give an array a new shape without changing its data."""
    if copy is not None:
        return _call(a, "reshape", shape, order=order, copy=copy)
    return _call(a, "reshape", shape, order=order)


@public("a", "*choices", "out")
def choose(a, choices, out=None, mode="raise"):
    """Pick each element from the array that an index array names."""
    return _call(a, "choose", choices, out=out, mode=mode)


@public("a")
def repeat(a, repeats, axis=None):
    """Repeat each element a number of times."""
    return _call(a, "repeat", repeats, axis=axis)


@public("a", "ind", "v")
def put(a, ind, v, mode="raise"):
    """Write values at positions of the flattened array."""
    try:
        method = a.put
    except AttributeError as error:
        raise TypeError(f"argument 1 must be numpy.ndarray, not {type(a).__name__}") from error
    return method(ind, v, mode=mode)


@public("a")
def swapaxes(a, axis1, axis2):
    """Exchange two axes."""
    return _call(a, "swapaxes", axis1, axis2)


@public("a")
def transpose(a, axes=None):
    """Reverse or permute the axes."""
    return _call(a, "transpose", axes)


@public("x")
def matrix_transpose(x, /):
    """Exchange the last two axes."""
    x = asanyarray(x)
    if x.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {x.ndim}")
    return swapaxes(x, -1, -2)


@public("a")
def partition(a, kth, axis=-1, kind="introselect", order=None):
    """Copy an array with the k-th element in its sorted place."""
    if axis is None:
        a, axis = asanyarray(a).flatten(), -1
    else:
        a = asanyarray(a).copy(order="K")
    a.partition(kth, axis=axis, kind=kind, order=order)
    return a


@public("a")
def argpartition(a, kth, axis=-1, kind="introselect", order=None):
    """Find the indices that would partition an array."""
    return _call(a, "argpartition", kth, axis=axis, kind=kind, order=order)


@public("a")
def sort(a, axis=-1, kind=None, order=None, *, stable=None):
    """Copy an array in sorted order."""
    if axis is None:
        a, axis = asanyarray(a).flatten(), -1
    else:
        a = asanyarray(a).copy(order="K")
    a.sort(axis=axis, kind=kind, order=order, stable=stable)
    return a


@public("a")
def argsort(a, axis=-1, kind=None, order=None, *, stable=None):
    """Find the indices that would sort an array."""
    return _call(a, "argsort", axis=axis, kind=kind, order=order, stable=stable)


@public("a", "out")
def argmax(a, axis=None, out=None, *, keepdims=_NoValue):
    """Find the index of the largest element along an axis."""
    given = {} if keepdims is _NoValue else {"keepdims": keepdims}
    return _call(a, "argmax", axis=axis, out=out, **given)


@public("a", "out")
def argmin(a, axis=None, out=None, *, keepdims=_NoValue):
    """Find the index of the smallest element along an axis."""
    given = {} if keepdims is _NoValue else {"keepdims": keepdims}
    return _call(a, "argmin", axis=axis, out=out, **given)


@public("a", "v", "sorter")
def searchsorted(a, v, side="left", sorter=None):
    """Find where to insert values so that a sorted array stays sorted."""
    return _call(a, "searchsorted", v, side=side, sorter=sorter)


@public("a")
def resize(a, new_shape):
    """Fill a new shape with as many copies of an array as it takes."""
    shape = (new_shape,) if hasattr(new_shape, "__index__") else new_shape
    new_shape = tuple(operator.index(length) for length in shape)
    a = ravel(a)
    for length in new_shape:
        if length < 0:
            raise ValueError("all elements of `new_shape` must be non-negative")
    size = math.prod(new_shape)
    if a.size == 0 or size == 0:
        from numoxide._core.numeric import zeros_like

        return zeros_like(a, shape=new_shape)
    copies = -(-size // a.size)
    return reshape(concatenate((a,) * copies)[:size], new_shape)


@public("a")
def squeeze(a, axis=None):
    """Drop axes of length one."""
    try:
        method = a.squeeze
    except AttributeError:
        return _convert_and_call(a, "squeeze", (), {} if axis is None else {"axis": axis})
    # Subclasses may have a squeeze without an axis.
    return method() if axis is None else method(axis=axis)


@public("a")
def diagonal(a, offset=0, axis1=0, axis2=1):
    """View a diagonal of the planes that two axes span."""
    return _as_base(a).diagonal(offset=offset, axis1=axis1, axis2=axis2)


@public("a", "out")
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    """Sum a diagonal."""
    return _as_base(a).trace(offset=offset, axis1=axis1, axis2=axis2, dtype=dtype, out=out)


def _as_base(a):
    """Make an array; the 2-d-only matrix class becomes a plain array first."""
    if type(a) is ndarray:
        return a
    for base in type(a).__mro__:
        if base.__name__ == "matrix" and issubclass(base, ndarray):
            return asarray(a)
    return asanyarray(a)


@public("a")
def ravel(a, order="C"):
    """Flatten an array, without a copy where that is possible."""
    if type(a) is ndarray:
        return a.ravel(order=order)
    return _as_base(a).ravel(order=order)


@public("a")
def nonzero(a):
    """Find the indices of the elements that are not zero."""
    return _call(a, "nonzero")


@public("a")
def shape(a):
    """Give the shape of an array-like object."""
    try:
        return a.shape
    except AttributeError:
        return asarray(a).shape


@public("condition", "a", "out")
def compress(condition, a, axis=None, out=None):
    """Select the slices along an axis where a condition holds."""
    return _call(a, "compress", condition, axis=axis, out=out)


@public("a")
def ndim(a):
    """Give the number of axes of an array-like object."""
    try:
        return a.ndim
    except AttributeError:
        return asarray(a).ndim


@public("a")
def size(a, axis=None):
    """Count the elements, all or along some axes."""
    if axis is None:
        try:
            return a.size
        except AttributeError:
            return asarray(a).size
    lengths = shape(a)
    if isinstance(axis, int) or hasattr(axis, "__index__"):
        return lengths[axis]
    from numoxide._core.numeric import normalize_axis_tuple

    return math.prod(lengths[ax] for ax in normalize_axis_tuple(axis, len(lengths)))


@public("a", "out")
def round(a, decimals=0, out=None):
    """Round to a number of decimals, halves to even."""
    return _call(a, "round", decimals=decimals, out=out)


@public("a", "out")
def around(a, decimals=0, out=None):
    """Round to a number of decimals: another name of `round`."""
    return _call(a, "round", decimals=decimals, out=out)
