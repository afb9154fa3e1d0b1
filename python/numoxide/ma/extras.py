"""More functions of masked arrays: rows and columns, sets, joins, statistics."""

import inspect
import itertools

import numoxide as np
from numoxide.ma import core as ma
from numoxide.ma.core import (
    MaskedArray,
    concatenate,
    filled,
    getdata,
    getmask,
    getmaskarray,
    masked,
    nomask,
)

__all__ = (
    "apply_along_axis apply_over_axes atleast_1d atleast_2d atleast_3d average clump_masked "
    "clump_unmasked column_stack compress_cols compress_nd compress_rowcols compress_rows "
    "count_masked dstack ediff1d flatnotmasked_contiguous flatnotmasked_edges hsplit hstack in1d "
    "isin intersect1d mask_cols mask_rowcols mask_rows masked_all masked_all_like median "
    "ndenumerate notmasked_contiguous notmasked_edges row_stack setdiff1d setxor1d stack union1d "
    "unique vander vstack diagflat dot mr_"
).split()

dot = ma.dot


def _twice(name, several=False):
    """Make a function that does the same to data and mask."""

    def function(x, *args, **params):
        work = getattr(np, name)
        if several and isinstance(x, (list, tuple)):
            data = work([getdata(a) for a in x], *args, **params)
            mask = work([getmaskarray(a) for a in x], *args, **{k: v for k, v in params.items() if k not in ("dtype", "casting")})
        else:
            data, mask = work(np.asarray(x) if not isinstance(x, MaskedArray) else x._data, *args, **params), work(getmaskarray(x), *args, **params)
        if isinstance(data, (list, tuple)):
            return [ma.array(d, mask=m) for d, m in zip(data, mask, strict=True)]
        return ma.array(data, mask=mask)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Do what `{name}` of the main namespace does, to data and mask."
    function.__signature__ = inspect.signature(getattr(np, name))
    return function


vstack = row_stack = _twice("vstack", True)
hstack, column_stack = _twice("hstack", True), _twice("column_stack", True)
dstack, stack = _twice("dstack", True), _twice("stack", True)
hsplit, diagflat = _twice("hsplit"), _twice("diagflat")


def _each(name):
    one = _twice(name)

    def function(*arys):
        made = [one(a) for a in arys]
        return made[0] if len(made) == 1 else tuple(made)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = one.__doc__
    return function


atleast_1d, atleast_2d, atleast_3d = _each("atleast_1d"), _each("atleast_2d"), _each("atleast_3d")


def count_masked(arr, axis=None):
    """Count masked elements."""
    return getmaskarray(arr).sum(axis)


def masked_all(shape, dtype=float):
    """Make an array of masked elements."""
    return ma.masked_array(np.empty(shape, dtype), mask=np.ones(shape, ma.make_mask_descr(dtype)))


def masked_all_like(arr):
    """Make an array like another, of masked elements."""
    made = np.empty_like(arr).view(MaskedArray)
    made._mask = np.ones(made.shape, dtype=ma.make_mask_descr(made.dtype))
    return made


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """Apply a function to every row along an axis."""
    arr = ma.array(arr, copy=False, subok=True)
    axis = np._core.multiarray.normalize_axis_index(axis, arr.ndim)
    outer = arr.shape[:axis] + arr.shape[axis + 1 :]
    results = []
    for place in np.ndindex(outer):
        results.append(func1d(arr[place[:axis] + (slice(None),) + place[axis:]], *args, **kwargs))
    first = results[0]
    if np.isscalar(first) or not hasattr(first, "__len__") or np.ndim(first) == 0:
        data = np.array([getdata(r)[()] if r is not masked else 0 for r in results]).reshape(outer)
        return ma.array(data, mask=np.array([r is masked for r in results]).reshape(outer))
    joined = stack([ma.asanyarray(r) for r in results]).reshape(outer + np.shape(first))
    return ma.array(np.moveaxis(joined._data, len(outer), axis), mask=np.moveaxis(getmaskarray(joined), len(outer), axis))


def apply_over_axes(func, a, axes):
    """Apply a function over axes, one after the other."""
    val = ma.asarray(a)
    for axis in np.atleast_1d(axes):
        axis = int(axis) + (a.ndim if axis < 0 else 0)
        made = func(val, axis)
        if made.ndim != val.ndim:
            made = ma.expand_dims(made, axis)
            if made.ndim != val.ndim:
                raise ValueError("function is not returning an array of the correct shape")
        val = made
    return val


def average(a, axis=None, weights=None, returned=False, *, keepdims=np._NoValue):
    """Average elements with weights."""
    a = ma.asarray(a)
    mask = getmask(a)
    keep = {} if keepdims is np._NoValue else {"keepdims": keepdims}
    if weights is None:
        avg = a.mean(axis, **keep)
        scale = avg.dtype.type(a.count(axis)) if avg is not masked else a.count(axis)
    else:
        wgt = ma.asarray(weights)
        kind = np.result_type(a.dtype, wgt.dtype, "f8") if a.dtype.kind in "iub" else np.result_type(a.dtype, wgt.dtype)
        if a.shape != wgt.shape:
            if axis is None:
                raise TypeError("Axis must be specified when shapes of a and weights differ.")
            if wgt.ndim == 1:
                if wgt.shape[0] != a.shape[axis]:
                    raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
                long = [1] * a.ndim
                long[axis] = wgt.shape[0]
                wgt = ma.array(np.broadcast_to(wgt.reshape(long)._data, a.shape), mask=np.broadcast_to(getmaskarray(wgt.reshape(long)), a.shape))
            else:
                raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        if mask is not nomask:
            wgt = wgt * (~a.mask)
            wgt.mask |= a.mask
        scale = wgt.sum(axis=axis, dtype=kind, **keep)
        avg = np.ma.multiply(a, wgt).sum(axis, dtype=kind, **keep) / scale
    if returned:
        if np.shape(scale) != np.shape(avg):
            scale = np.broadcast_to(scale, np.shape(avg)).copy()
        return avg, scale
    return avg


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Find the middle of the elements that are not masked."""
    if not hasattr(a, "mask"):
        made = np.median(getdata(a), axis=axis, out=out, overwrite_input=overwrite_input, keepdims=keepdims)
        return ma.masked_array(made, copy=False) if isinstance(made, np.ndarray) and made.ndim >= 1 else made
    held = ma.asanyarray(a)
    axes = tuple(range(held.ndim)) if axis is None else tuple(np._core.numeric.normalize_axis_tuple(axis, held.ndim))
    rest = [i for i in range(held.ndim) if i not in axes]
    flat = held.transpose([*rest, *axes]).reshape([held.shape[i] for i in rest] + [-1])
    made = apply_along_axis(_median_of_row, -1, flat) if rest else _median_of_row(flat)
    if keepdims:
        made = ma.asanyarray(made).reshape([1 if i in axes else n for i, n in enumerate(held.shape)])
    if out is not None:
        out[...] = made
        return out
    return made


def _median_of_row(row):
    data = row.compressed()
    return np.median(data) if data.size else masked


def compress_nd(x, axis=None):
    """Drop what holds masked elements, along axes."""
    x = ma.asarray(x)
    mask = getmask(x)
    axes = range(x.ndim) if axis is None else np._core.numeric.normalize_axis_tuple(axis, x.ndim)
    if mask is nomask or not mask.any():
        return x._data
    if mask.all():
        return ma.array([])._data
    data = x._data
    for ax in axes:
        others = tuple(i for i in range(x.ndim) if i != ax)
        data = data[(slice(None),) * ax + (~mask.any(axis=others),)]
    return data


def compress_rowcols(x, axis=None):
    """Drop rows and columns that hold masked elements."""
    if ma.asarray(x).ndim != 2:
        raise NotImplementedError("compress_rowcols works for 2D arrays only.")
    return compress_nd(x, axis=axis)


def compress_rows(a):
    """Drop rows that hold masked elements."""
    if ma.asarray(a).ndim != 2:
        raise NotImplementedError("compress_rows works for 2D arrays only.")
    return compress_rowcols(a, 0)


def compress_cols(a):
    """Drop columns that hold masked elements."""
    if ma.asarray(a).ndim != 2:
        raise NotImplementedError("compress_cols works for 2D arrays only.")
    return compress_rowcols(a, 1)


def mask_rowcols(a, axis=None):
    """Mask rows and columns that hold masked elements."""
    a = ma.array(a, subok=False)
    if a.ndim != 2:
        raise NotImplementedError("mask_rowcols works for 2D arrays only.")
    mask = getmask(a)
    if mask is nomask or not mask.any():
        return a
    rows, columns = mask.nonzero()
    a._mask = a._mask.copy()
    if not axis:
        a[np.unique(rows)] = masked
    if axis in (None, 1, -1):
        a[:, np.unique(columns)] = masked
    return a


def mask_rows(a, axis=np._NoValue):
    """Mask rows that hold masked elements."""
    return mask_rowcols(a, 0)


def mask_cols(a, axis=np._NoValue):
    """Mask columns that hold masked elements."""
    return mask_rowcols(a, 1)


def ediff1d(arr, to_end=None, to_begin=None):
    """Subtract each element from the next."""
    arr = ma.asanyarray(arr).flat[:]
    made = arr[1:] - arr[:-1]
    parts = [*([to_begin] if to_begin is not None else []), made, *([to_end] if to_end is not None else [])]
    return hstack([ma.asanyarray(p).ravel() for p in parts]) if len(parts) > 1 else made


def unique(ar1, return_index=False, return_inverse=False):
    """Find the distinct elements; masked ones count as one, and come last."""
    out = np.unique(ar1, return_index=return_index, return_inverse=return_inverse)
    if isinstance(out, tuple):
        return (out[0].view(MaskedArray), *out[1:])
    return out.view(MaskedArray)


def intersect1d(ar1, ar2, assume_unique=False):
    """Find the elements that both arrays have."""
    both = ma.concatenate((ar1, ar2) if assume_unique else (unique(ar1), unique(ar2)))
    both.sort()
    return both[:-1][both[1:] == both[:-1]]


def setxor1d(ar1, ar2, assume_unique=False):
    """Find the elements that only one array has."""
    if not assume_unique:
        ar1, ar2 = unique(ar1), unique(ar2)
    both = ma.concatenate((ar1, ar2))
    if both.size == 0:
        return both
    both.sort()
    held = both.filled()
    flag = ma.concatenate(([True], held[1:] != held[:-1], [True]))
    return both[filled(flag[1:] == flag[:-1])]


def in1d(ar1, ar2, assume_unique=False, invert=False):
    """Say which elements another array has."""
    a, b = ma.asarray(ar1).ravel(), ma.asarray(ar2).ravel()
    found = np.isin(a._data, b.compressed())
    found = np.where(getmaskarray(a), getmaskarray(b).any(), found)
    return ma.array(~found if invert else found)


def isin(element, test_elements, assume_unique=False, invert=False):
    """Say which elements another array has, in the same shape."""
    element = ma.asarray(element)
    return in1d(element, test_elements, assume_unique, invert).reshape(element.shape)


def union1d(ar1, ar2):
    """Find the elements that either array has."""
    return unique(ma.concatenate((ma.asarray(ar1).ravel(), ma.asarray(ar2).ravel())))


def setdiff1d(ar1, ar2, assume_unique=False):
    """Find the elements that only the first array has."""
    ar1 = ma.asarray(ar1).ravel() if assume_unique else unique(ar1)
    return ar1[getdata(in1d(ar1, ar2, assume_unique=True, invert=True))]


def ndenumerate(a, compressed=True):
    """Go over indices and elements."""
    for it, mask in zip(np.ndenumerate(a), getmaskarray(a).flat, strict=True):
        if not mask:
            yield it
        elif not compressed:
            yield it[0], masked


def _runs(flags):
    """Find the slices in which flags hold."""
    change = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    bounds = [0, *change.tolist(), len(flags)]
    return [slice(a, b) for a, b in itertools.pairwise(bounds) if b > a and flags[a]]


def clump_unmasked(a):
    """Find the slices without masked elements."""
    return _runs(~getmaskarray(a).ravel())


def clump_masked(a):
    """Find the slices of masked elements."""
    mask = getmask(a)
    return [] if mask is nomask else _runs(mask.ravel())


def flatnotmasked_contiguous(a):
    """Find the slices without masked elements, elements in one row."""
    if getmask(a) is nomask:
        return [slice(0, a.size)]
    return clump_unmasked(a)


def flatnotmasked_edges(a):
    """Find the first and last element that is not masked."""
    mask = getmask(a)
    if mask is nomask or not mask.any():
        return np.array([0, a.size - 1])
    free = np.flatnonzero(~mask)
    return free[[0, -1]] if len(free) > 0 else None


def notmasked_edges(a, axis=None):
    """Find the first and last elements that are not masked, along an axis."""
    a = ma.asarray(a)
    if axis is None or a.ndim == 1:
        return flatnotmasked_edges(a)
    mask = getmaskarray(a)
    places = [ma.array(np.broadcast_to(i, a.shape), mask=mask) for i in np.indices(a.shape)]
    return [tuple(p.min(axis).compressed() for p in places), tuple(p.max(axis).compressed() for p in places)]


def notmasked_contiguous(a, axis=None):
    """Find the slices without masked elements, along an axis."""
    a = ma.asarray(a)
    if a.ndim > 2:
        raise NotImplementedError("Currently limited to at most 2D array.")
    if axis is None or a.ndim == 1:
        return flatnotmasked_contiguous(a)
    other = (axis + 1) % 2
    return [
        flatnotmasked_contiguous(a[(i, slice(None)) if other == 0 else (slice(None), i)])
        for i in range(a.shape[other])
    ]


def vander(x, n=None):
    """Make the matrix of powers; rows of masked elements are zero."""
    made = np.vander(x, n)
    mask = getmask(x)
    if mask is not nomask:
        made[mask] = 0
    return made


class mr_class:
    """Joins what stands between brackets."""

    def __getitem__(self, key):
        if isinstance(key, str):
            raise MaskError_("Unavailable for masked array.")
        parts = key if isinstance(key, tuple) else (key,)
        axis = 0
        if parts and isinstance(parts[0], (str,)):
            raise MaskError_("Unavailable for masked array.")
        made = [
            np.r_[part] if isinstance(part, slice) else ma.array(part, ndmin=1, copy=False)
            for part in parts
        ]
        return concatenate(made, axis)


MaskError_ = ma.MAError
mr_ = mr_class()


def _covhelper(x, y=None, rowvar=True, allow_masked=True):
    """Centre the variables: (deviations, where both are present, whether variables are rows)."""
    x = ma.array(x, ndmin=2, copy=True, dtype=float)
    if not allow_masked and getmaskarray(x).any():
        raise ValueError("Cannot process masked data.")
    if x.shape[0] == 1:
        rowvar = True
    rowvar = int(bool(rowvar))
    axis = 1 - rowvar
    if y is not None:
        y = ma.array(y, copy=False, ndmin=2, dtype=float)
        if not allow_masked and getmaskarray(y).any():
            raise ValueError("Cannot process masked data.")
        if x.shape == y.shape and (getmask(x) is not nomask or getmask(y) is not nomask):
            both = getmaskarray(x) | getmaskarray(y)
            x, y = ma.array(x._data, mask=both), ma.array(y._data, mask=both)
        x = ma.concatenate((x, y), axis)
    present = (~getmaskarray(x)).astype("f4")
    x -= x.mean(axis=rowvar)[(slice(None), None) if rowvar else (None, slice(None))]
    return x, present, rowvar


def cov(x, y=None, rowvar=True, bias=False, allow_masked=True, ddof=None):
    """Find the covariances of variables where both are present."""
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be an integer")
    ddof = (0 if bias else 1) if ddof is None else ddof
    x, present, rowvar = _covhelper(x, y, rowvar, allow_masked)
    left, flags = (x, present) if rowvar else (x.T, present.T)
    fact = np.dot(flags, flags.T) - ddof
    data = filled(left, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        made = np.dot(data, data.T.conj()) / fact
    return ma.array(made, mask=fact <= 0).squeeze()


def corrcoef(x, y=None, rowvar=True, allow_masked=True):
    """Find the correlations of variables where both are present."""
    made = cov(x, y, rowvar, allow_masked=allow_masked)
    if made.ndim == 0:
        return made / made
    spread = ma.sqrt(ma.diagonal(made))
    return made / (spread[:, None] * spread[None, :])


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Fit a polynomial to the points that are not masked."""
    x, y = ma.asarray(x), ma.asarray(y)
    mask = getmask(x)
    if y.ndim == 1:
        mask = ma.mask_or(mask, getmask(y))
    elif y.ndim == 2:
        rows = getmask(mask_rows(y))
        mask = ma.mask_or(mask, rows[:, 0] if rows is not nomask else nomask)
    else:
        raise TypeError("Expected a 1D or 2D array for y!")
    if w is not None:
        w = ma.asarray(w)
        mask = ma.mask_or(mask, getmask(w))
    free = slice(None) if mask is nomask else ~mask
    w = None if w is None else getdata(w)[free]
    return np.polyfit(getdata(x)[free], getdata(y)[free], deg, rcond, full, w, cov)


__all__ += ["corrcoef", "cov", "polyfit"]
