"""Arrays as sets: distinct elements, membership, union and the like."""

import math
from typing import NamedTuple

from numoxide._core import multiarray as _nx
from numoxide._core import umath as um
from numoxide._core.multiarray import asanyarray, asarray, concatenate
from numoxide._core.numeric import moveaxis, zeros_like
from numoxide._core.numerictypes import allTypes
from numoxide._core.overrides import public
from numoxide._home import home

__all__ = [
    "ediff1d", "intersect1d", "isin", "setdiff1d", "setxor1d", "union1d", "unique", "unique_all",
    "unique_counts", "unique_inverse", "unique_values",
]  # fmt: skip

_intp = allTypes["intp"]
_has_hash = hasattr(_nx, "_unique_hash")


@public("ary", "to_end", "to_begin")
def ediff1d(ary, to_end=None, to_begin=None):
    """Subtract each element from the next of the flattened array."""
    ary = asanyarray(ary).ravel()
    kind = ary.dtype
    ends = []
    for name, value in (("to_begin", to_begin), ("to_end", to_end)):
        if value is None:
            ends.append(None)
            continue
        value = asanyarray(value)
        if not _nx.can_cast(value, kind, casting="same_kind"):
            raise TypeError(
                f"dtype of `{name}` must be compatible with input `ary` under the `same_kind` rule."
            )
        ends.append(value.ravel())
    before, after = ends
    start = 0 if before is None else len(before)
    stop = 0 if after is None else len(after)
    count = max(len(ary) - 1, 0)
    if before is None and after is None:
        return ary[1:] - ary[:-1]
    result = _nx.empty_like(ary, shape=count + start + stop)
    result = ary.__array_wrap__(result)
    if start:
        result[:start] = before
    if stop:
        result[start + count :] = after
    um.subtract(ary[1:], ary[:-1], result[start : start + count])
    return result


@public("ar")
def unique(
    ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *,
    equal_nan=True, sorted=True,
):  # fmt: skip
    """Find the distinct elements, with their first indices, inverse and counts if asked.

    >>> np.unique([3, 1, 3], return_counts=True)
    (array([1, 3]), array([1, 2]))
    """
    ar = asanyarray(ar)
    wanted = (return_index, return_inverse, return_counts)
    if axis is not None and ar.ndim == 1:
        _nx.normalize_axis_index(axis, 1)
        axis = None
    if axis is None:
        found = _unique1d(ar, *wanted, equal_nan=equal_nan, inverse_shape=ar.shape, sorted=sorted)
    else:
        found = _unique_along(ar, axis, wanted, equal_nan, sorted)
    return found if len(found) > 1 else found[0]


def _unique_along(ar, axis, wanted, equal_nan, sorted):
    """Find the distinct slices along an axis: each becomes one record."""
    axis = _nx.normalize_axis_index(axis, ar.ndim)
    ar = moveaxis(ar, axis, 0)
    shape, kind = ar.shape, ar.dtype
    count = math.prod(shape[1:])
    rows = _nx.ascontiguousarray(ar.reshape(shape[0], count))
    record = [(f"f{i}", kind) for i in range(count)]
    try:
        if count > 0:
            packed = rows.view(record)
        else:
            # A record without fields cannot be a view.
            packed = _nx.empty(len(rows), dtype=record)
    except TypeError as error:
        raise TypeError(
            f"The axis argument to unique is not supported for dtype {kind}"
        ) from error
    found = _unique1d(packed, *wanted, equal_nan=equal_nan, inverse_shape=None, sorted=sorted)
    if count > 0:
        slices = found[0].view(kind).reshape(-1, *shape[1:])
    else:
        slices = _nx.empty((found[0].shape[0], *shape[1:]), kind)
    return (moveaxis(slices, 0, axis), *found[1:])


def _first_nan(values):
    """Find where the NaNs at the end of sorted values begin; None if there are none."""
    if values.shape[0] == 0 or values.dtype.kind not in "cfmM" or not um.isnan(values[-1]):
        return None
    if values.dtype.kind == "c":
        return int(um.isnan(values).searchsorted(True, side="left"))
    return int(values.searchsorted(values[-1], side="left"))


def _unique1d(
    ar, return_index=False, return_inverse=False, return_counts=False, *, equal_nan=True,
    inverse_shape=None, sorted=True,
):  # fmt: skip
    """Find the distinct elements of the flattened array."""
    ar = asanyarray(ar).flatten()
    if len(ar.shape) != 1:
        # A matrix stays two-dimensional.
        ar = asarray(ar).flatten()
    order = None
    if not (sorted or return_index or return_inverse or return_counts):
        hashed = _nx._unique_hash(ar, equal_nan=equal_nan) if _has_hash else NotImplemented
        if hashed is not NotImplemented:
            return (hashed,)
    # Integers of a small range are counted, not sorted.
    counted = _nx._unique_counted(ar, return_index, return_inverse, return_counts)
    if counted is not None:
        if return_inverse and inverse_shape is not None:
            at = 1 + return_index
            shaped = counted[at].reshape(inverse_shape)
            counted = (*counted[:at], shaped, *counted[at + 1 :])
        return counted
    if return_index or return_inverse:
        order = ar.argsort(kind="mergesort" if return_index else "quicksort")
        values = ar[order]
    else:
        ar.sort()
        values = ar
    new = _nx.empty(values.shape, dtype=bool)
    new[:1] = True
    nan = _first_nan(values) if equal_nan else None
    if nan is None:
        new[1:] = values[1:] != values[:-1]
    else:
        if nan > 0:
            new[1:nan] = values[1:nan] != values[: nan - 1]
        new[nan] = True
        new[nan + 1 :] = False
    result = (values[new],)
    if return_index:
        result += (order[new],)
    if return_inverse:
        inverse = _nx.empty(new.shape, dtype=_intp)
        inverse[order] = new.cumsum() - 1
        result += (inverse.reshape(inverse_shape) if inverse_shape is not None else inverse,)
    if return_counts:
        starts = concatenate(new.nonzero() + ([new.size],))
        result += (starts[1:] - starts[:-1],)
    return result


class UniqueAllResult(NamedTuple):
    """What `unique_all` gives."""

    values: _nx.ndarray
    indices: _nx.ndarray
    inverse_indices: _nx.ndarray
    counts: _nx.ndarray


class UniqueCountsResult(NamedTuple):
    """What `unique_counts` gives."""

    values: _nx.ndarray
    counts: _nx.ndarray


class UniqueInverseResult(NamedTuple):
    """What `unique_inverse` gives."""

    values: _nx.ndarray
    inverse_indices: _nx.ndarray


@public("x")
def unique_all(x):
    """Find distinct elements, first indices, inverse and counts; each NaN is distinct."""
    found = unique(
        x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False, sorted=False
    )
    return UniqueAllResult(*found)


@public("x")
def unique_counts(x):
    """Find distinct elements and their counts; each NaN is distinct."""
    return UniqueCountsResult(*unique(x, return_counts=True, equal_nan=False, sorted=False))


@public("x")
def unique_inverse(x):
    """Find distinct elements and the inverse; each NaN is distinct."""
    return UniqueInverseResult(*unique(x, return_inverse=True, equal_nan=False, sorted=False))


@public("x")
def unique_values(x):
    """Find distinct elements; each NaN is distinct."""
    return unique(x, equal_nan=False, sorted=False)


@public("ar1", "ar2")
def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """Find the sorted elements that two arrays share."""
    ar1, ar2 = asanyarray(ar1), asanyarray(ar2)
    index1 = index2 = None
    if not assume_unique:
        if return_indices:
            ar1, index1 = unique(ar1, return_index=True)
            ar2, index2 = unique(ar2, return_index=True)
        else:
            ar1, ar2 = unique(ar1), unique(ar2)
    else:
        ar1, ar2 = ar1.ravel(), ar2.ravel()
    both = concatenate((ar1, ar2))
    if not return_indices:
        both.sort()
        return both[:-1][both[1:] == both[:-1]]
    order = both.argsort(kind="mergesort")
    both = both[order]
    twice = both[1:] == both[:-1]
    common = both[:-1][twice]
    at1, at2 = order[:-1][twice], order[1:][twice] - ar1.size
    if not assume_unique:
        at1, at2 = index1[at1], index2[at2]
    return common, at1, at2


@public("ar1", "ar2")
def setxor1d(ar1, ar2, assume_unique=False):
    """Find the sorted elements that are in exactly one of two arrays."""
    if not assume_unique:
        ar1, ar2 = unique(ar1), unique(ar2)
    both = concatenate((ar1, ar2), axis=None)
    if both.size == 0:
        return both
    both.sort()
    changes = concatenate(([True], both[1:] != both[:-1], [True]))
    return both[changes[1:] & changes[:-1]]


def _in_table(ar1, ar2, invert, kind):
    """Look integers up in a table of truth values; None where the table would be too large."""
    if ar1.dtype == bool:
        ar1 = ar1.astype("uint8")
    if ar2.dtype == bool:
        ar2 = ar2.astype("uint8")
    low, high = int(ar2.min()), int(ar2.max())
    span = high - low
    affordable = span <= 6 * (ar1.size + ar2.size)
    fits = span <= int(_limit(ar2.dtype))
    if not (fits and (affordable or kind == "table")):
        if kind == "table":
            raise RuntimeError(
                "You have specified kind='table', but the range of values in `ar2` or `ar1` "
                "exceed the maximum integer of the datatype. Please set `kind` to None or 'sort'."
            )
        return None
    result = _full(ar1, invert)
    present = _nx.zeros(span + 1, dtype=bool)
    if invert:
        present[...] = True
    present[_offsets(ar2, low)] = not invert
    inside = (ar1 <= high) & (ar1 >= low)
    result[inside] = present[_offsets(ar1[inside], low)]
    return result


def _full(like, value):
    """Make a truth array with one value everywhere."""
    made = zeros_like(like, dtype=bool)
    if value:
        made[...] = True
    return made


def _limit(dtype):
    from numoxide._core.getlimits import iinfo

    return iinfo(dtype).max


def _offsets(values, low):
    """Subtract the smallest value in a type that cannot wrap."""
    if values.size == 0:
        return values.astype(_intp)
    if values.dtype.kind == "u" and 0 <= low <= _limit(values.dtype):
        return (values - values.dtype.type(low)).astype(_intp)
    return values.astype(_intp) - low


def _in1d(ar1, ar2, assume_unique=False, invert=False, *, kind=None):
    """Tell for each element of one flattened array whether it is in the other."""
    ar1, ar2 = asarray(ar1).ravel(), asarray(ar2).ravel()
    if ar2.dtype == object:
        ar2 = ar2.reshape(-1, 1)
    if kind not in {None, "sort", "table"}:
        raise ValueError(f"Invalid kind: '{kind}'. Please use None, 'sort' or 'table'.")
    whole = all(a.dtype.kind in "iub" for a in (ar1, ar2))
    if whole and kind in {None, "table"}:
        if ar2.size == 0:
            return _full(ar1, invert)
        found = _in_table(ar1, ar2, invert, kind)
        if found is not None:
            return found
    elif kind == "table":
        raise ValueError("The 'table' method is only supported for boolean or integer arrays. "
                         "Please select 'sort' or None for kind.")  # fmt: skip
    objects = ar1.dtype.hasobject or ar2.dtype.hasobject
    # A few comparisons of all elements cost less than sorting; objects may not sort at all.
    if len(ar2) < 10 * len(ar1) ** 0.145 or objects:
        mask = _full(ar1, invert)
        for a in ar2:
            if invert:
                mask &= ar1 != a
            else:
                mask |= ar1 == a
        return mask
    inverse = None
    if not assume_unique:
        ar1, inverse = unique(ar1, return_inverse=True)
        ar2 = unique(ar2)
    both = concatenate((ar1, ar2))
    # A stable order keeps the elements of the first array in front of their equals.
    order = both.argsort(kind="mergesort")
    both = both[order]
    same = both[1:] != both[:-1] if invert else both[1:] == both[:-1]
    flags = concatenate((same, [invert]))
    result = _nx.empty(both.shape, dtype=bool)
    result[order] = flags
    return result[: len(ar1)] if assume_unique else result[inverse]


@public("element", "test_elements")
def isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    """Tell for each element whether it is among the test elements."""
    element = asarray(element)
    found = _in1d(element, test_elements, assume_unique=assume_unique, invert=invert, kind=kind)
    return found.reshape(element.shape)


@public("ar1", "ar2")
def union1d(ar1, ar2):
    """Find the sorted elements of two arrays together."""
    return unique(concatenate((ar1, ar2), axis=None))


@public("ar1", "ar2")
def setdiff1d(ar1, ar2, assume_unique=False):
    """Find the elements of one array that are not in the other."""
    if assume_unique:
        ar1 = asarray(ar1).ravel()
    else:
        ar1, ar2 = unique(ar1), unique(ar2)
    return ar1[_in1d(ar1, ar2, assume_unique=True, invert=True)]


for _class in (UniqueAllResult, UniqueCountsResult, UniqueInverseResult):
    _class.__module__ = home("numpy")
