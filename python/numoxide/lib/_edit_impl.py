"""Copies of arrays with elements put in, taken out or cut off."""

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core.fromnumeric import ravel
from numoxide._core.multiarray import array, asanyarray, concatenate, normalize_axis_index
from numoxide._core.overrides import public

__all__ = ["delete", "insert", "append", "trim_zeros"]

_intp = nt.allTypes["intp"]


def _prepare(arr, axis):
    """Make an array and find the axis; without one the array is flattened."""
    if axis is None:
        if arr.ndim != 1:
            arr = arr.ravel()
        return arr, arr.ndim - 1
    return arr, normalize_axis_index(axis, arr.ndim)


def _along(axis, what):
    """Index one axis."""
    return (slice(None),) * axis + (what,)


@public("arr", "obj")
def delete(arr, obj, axis=None):
    """Copy an array without some of its slices along an axis.

    >>> np.delete([1, 2, 3], 1)
    array([1, 3])
    """
    convert = _nx._array_converter(arr)
    (arr,) = convert.as_arrays()
    order = "F" if arr.flags.fnc else "C"
    arr, axis = _prepare(arr, axis)
    n = arr.shape[axis]
    if isinstance(obj, slice):
        return convert.wrap(_delete_slice(arr, obj, axis, order), to_scalar=False)
    if isinstance(obj, (int, nt.integer)) and not isinstance(obj, bool):
        single = True
    else:
        single, given = False, obj
        obj = _nx.asarray(obj)
        # An empty list would be an array of floats.
        if obj.size == 0 and not isinstance(given, _nx.ndarray):
            obj = obj.astype(_intp)
        elif obj.size == 1 and obj.dtype.kind in "ui":
            obj, single = obj.item(), True
    if single:
        if obj < -n or obj >= n:
            raise IndexError(f"index {obj} is out of bounds for axis {axis} with size {n}")
        obj %= n
        shape = list(arr.shape)
        shape[axis] -= 1
        made = _nx.empty(shape, arr.dtype, order)
        made[_along(axis, slice(None, obj))] = arr[_along(axis, slice(None, obj))]
        made[_along(axis, slice(obj, None))] = arr[_along(axis, slice(obj + 1, None))]
        return convert.wrap(made, to_scalar=False)
    if obj.dtype == bool:
        if obj.shape != (n,):
            raise ValueError(
                "boolean array argument obj to delete must be one dimensional and match the "
                f"axis length of {n}"
            )
        keep = ~obj
    else:
        keep = _nx.empty(n, bool)
        keep[...] = True
        keep[obj,] = False
    return convert.wrap(arr[_along(axis, keep)], to_scalar=False)


def _delete_slice(arr, obj, axis, order):
    """Copy an array without the slices that a slice object names."""
    n = arr.shape[axis]
    start, stop, step = obj.indices(n)
    gone = range(start, stop, step)
    count = len(gone)
    if count <= 0:
        return arr.copy(order=order)
    if step < 0:
        step, start, stop = -step, gone[-1], gone[0] + 1
    shape = list(arr.shape)
    shape[axis] -= count
    made = _nx.empty(shape, arr.dtype, order)
    made[_along(axis, slice(None, start))] = arr[_along(axis, slice(None, start))]
    rest = slice(stop - count, None)
    made[_along(axis, rest)] = arr[_along(axis, slice(stop, None))]
    if step > 1:
        keep = _nx.empty(stop - start, bool)
        keep[...] = True
        keep[::step] = False
        inner = arr[_along(axis, slice(start, stop))]
        made[_along(axis, slice(start, stop - count))] = inner[_along(axis, keep)]
    return made


@public("arr", "obj", "values")
def insert(arr, obj, values, axis=None):
    """Copy an array with values put in before given positions.

    >>> np.insert([1, 3], 1, 2)
    array([1, 2, 3])
    """
    convert = _nx._array_converter(arr)
    (arr,) = convert.as_arrays()
    order = "F" if arr.flags.fnc else "C"
    arr, axis = _prepare(arr, axis)
    n = arr.shape[axis]
    shape = list(arr.shape)
    if isinstance(obj, slice):
        places = _nx.arange(*obj.indices(n), dtype=_intp)
    else:
        places = array(obj)
        if places.dtype == bool:
            # A mask names the positions where it is true.
            if obj is not None and places.ndim != 1:
                raise ValueError("boolean array argument obj to insert must be one dimensional")
            (places,) = places.nonzero()
        elif places.ndim > 1:
            raise ValueError("index array argument obj to insert must be one dimensional or scalar")
    if places.size == 1:
        made = _insert_one(arr, places, values, axis, n, shape, order)
        return convert.wrap(made, to_scalar=False)
    if places.size == 0 and not isinstance(obj, _nx.ndarray):
        places = places.astype(_intp)
    places[places < 0] += n
    many = len(places)
    ranks = places.argsort(kind="mergesort")
    places[ranks] += _nx.arange(many)
    shape[axis] += many
    old = _nx.empty(shape[axis], bool)
    old[...] = True
    old[places] = False
    made = _nx.empty(shape, arr.dtype, order)
    made[_along(axis, places)] = values
    made[_along(axis, old)] = arr
    return convert.wrap(made, to_scalar=False)


def _insert_one(arr, places, values, axis, n, shape, order):
    """Put values in at one position."""
    index = places.item()
    if index < -n or index > n:
        raise IndexError(f"index {index} is out of bounds for axis {axis} with size {n}")
    if index < 0:
        index += n
    values = array(values, copy=None, ndmin=arr.ndim, dtype=arr.dtype)
    if places.ndim == 0:
        # A bare index means that the values lie side by side along the axis.
        from numoxide._core.numeric import moveaxis

        values = moveaxis(values, 0, axis)
    many = values.shape[axis]
    shape[axis] += many
    made = _nx.empty(shape, arr.dtype, order)
    made[_along(axis, slice(None, index))] = arr[_along(axis, slice(None, index))]
    made[_along(axis, slice(index, index + many))] = values
    made[_along(axis, slice(index + many, None))] = arr[_along(axis, slice(index, None))]
    return made


@public("arr", "values")
def append(arr, values, axis=None):
    """Copy an array with values added at the end."""
    arr = asanyarray(arr)
    if axis is not None:
        return concatenate((arr, values), axis=axis)
    flat = arr if arr.ndim == 1 else arr.ravel()
    return concatenate((flat, ravel(values)), axis=flat.ndim - 1)


def _nonzero_box(a):
    """Find the first and last index of a nonzero element along each axis."""
    # Objects are compared with zero: None is not a zero.
    found = (a != 0).nonzero() if a.dtype == object else a.nonzero()
    if found[0].size == 0:
        return None
    return [(int(index.min()), int(index.max())) for index in found]


@public("filt")
def trim_zeros(filt, trim="fb", axis=None):
    """Cut off slices of zeros at the front and the back.

    >>> np.trim_zeros([0, 1, 0, 2, 0])
    [1, 0, 2]
    """
    a = _nx.asarray(filt)
    trim = trim.lower()
    if trim not in {"fb", "bf", "f", "b"}:
        raise ValueError(f"unexpected character(s) in `trim`: {trim!r}")
    if axis is None:
        axes = tuple(range(a.ndim))
    else:
        from numoxide._core.numeric import normalize_axis_tuple

        axes = normalize_axis_tuple(axis, a.ndim, argname="axis")
    if not axes:
        return filt
    box = _nonzero_box(a)
    index = [slice(None)] * a.ndim
    for ax in axes:
        # Nothing but zeros: all goes.
        low, high = (a.shape[ax], a.shape[ax] - 1) if box is None else box[ax]
        if box is None and trim == "b":
            low, high = 0, -1
        index[ax] = slice(low if "f" in trim else None, high + 1 if "b" in trim else None)
    if len(index) == 1:
        # Lists stay lists.
        return filt[index[0]]
    return filt[tuple(index)]


