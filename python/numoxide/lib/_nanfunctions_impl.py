"""Reductions that leave NaN out."""

import sys
import warnings

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import all as _all
from numoxide._core.fromnumeric import any as _any
from numoxide._core.fromnumeric import argmax, argmin, cumprod, cumsum, max, min, prod, sum
from numoxide._core.multiarray import array, asanyarray, copyto, ndarray
from numoxide._core.overrides import public
from numoxide._globals import _NoValue

__all__ = [
    "nansum", "nanmax", "nanmin", "nanargmax", "nanargmin", "nanmean", "nanmedian",
    "nanpercentile", "nanvar", "nanstd", "nanprod", "nancumsum", "nancumprod", "nanquantile",
]  # fmt: skip


def _nan_mask(a, out=None):
    """Find what is not NaN; True where the type has none."""
    if a.dtype.kind not in "fc":
        return True
    mask = um.isnan(a, out=out)
    return um.logical_not(mask, out=mask)


def _replace_nan(a, val):
    """Copy an array with its NaNs replaced; also give where they were, None if it has none."""
    a = asanyarray(a)
    if a.dtype == nt.object_:
        # Objects are NaN if they differ from themselves.
        mask = um.not_equal(a, a, dtype=bool)
    elif issubclass(a.dtype.type, nt.inexact):
        mask = um.isnan(a)
    else:
        mask = None
    if mask is not None:
        a = array(a, subok=True, copy=True)
        copyto(a, val, where=mask)
    return a, mask


def _copyto(a, val, mask):
    """Write a value where a mask is true, into an array or a scalar."""
    if isinstance(a, ndarray):
        copyto(a, val, where=mask, casting="unsafe")
        return a
    return a.dtype.type(val)


def _divide_by_count(a, b, out=None):
    """Divide without warnings; the caller warns about empty slices."""
    from numoxide._core._ufunc_config import errstate

    with errstate(invalid="ignore", divide="ignore"):
        if isinstance(a, ndarray):
            return um.divide(a, b, out=a if out is None else out, casting="unsafe")
        if out is not None:
            return um.divide(a, b, out=out, casting="unsafe")
        # A scalar keeps its type.
        try:
            return a.dtype.type(a / b)
        except AttributeError:
            return a / b


def _given(**options):
    """Drop the options that were not given."""
    return {name: value for name, value in options.items() if value is not _NoValue}


def _warn(text):
    warnings.warn(text, RuntimeWarning, stacklevel=5)


def _is_plain(a):
    """Tell whether an array is of the base class, or memory-mapped."""
    if type(a) is ndarray:
        return True
    module = sys.modules.get("numoxide._core.memmap")
    return module is not None and type(a) is module.memmap


def _extreme(a, axis, out, keepdims, initial, where, best, propagate, worst):
    """Find the extreme that is not NaN."""
    options = _given(keepdims=keepdims, initial=initial, where=where)
    if _is_plain(a) and a.dtype != nt.object_:
        # The ufunc passes NaN over.
        result = propagate.reduce(a, axis=axis, out=out, **options)
        if um.isnan(result).any() if result.dtype.kind in "fcmM" else False:
            _warn("All-NaN slice encountered")
        return result
    a, mask = _replace_nan(a, worst)
    result = best(a, axis=axis, out=out, **options)
    if mask is None:
        return result
    options.pop("initial", None)
    empty = _all(mask, axis=axis, **options)
    if _any(empty):
        result = _copyto(result, float("nan"), empty)
        _warn("All-NaN axis encountered")
    return result


@public("a", "out")
def nanmin(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Find the smallest element that is not NaN."""
    return _extreme(a, axis, out, keepdims, initial, where, min, um.fmin, float("inf"))


@public("a", "out")
def nanmax(a, axis=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Find the largest element that is not NaN."""
    return _extreme(a, axis, out, keepdims, initial, where, max, um.fmax, float("-inf"))


def _arg(a, axis, out, keepdims, find, worst):
    """Find the index of an extreme that is not NaN."""
    a, mask = _replace_nan(a, worst)
    if mask is not None and mask.size and _any(_all(mask, axis=axis)):
        raise ValueError("All-NaN slice encountered")
    return find(a, axis=axis, out=out, keepdims=keepdims)


@public("a", "out")
def nanargmin(a, axis=None, out=None, *, keepdims=_NoValue):
    """Find the index of the smallest element that is not NaN."""
    return _arg(a, axis, out, keepdims, argmin, float("inf"))


@public("a", "out")
def nanargmax(a, axis=None, out=None, *, keepdims=_NoValue):
    """Find the index of the largest element that is not NaN."""
    return _arg(a, axis, out, keepdims, argmax, float("-inf"))


@public("a", "out")
def nansum(a, axis=None, dtype=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue):
    """Add the elements, NaN as zero."""
    a, _ = _replace_nan(a, 0)
    return sum(
        a, axis=axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial, where=where
    )


@public("a", "out")
def nanprod(
    a, axis=None, dtype=None, out=None, keepdims=_NoValue, initial=_NoValue, where=_NoValue
):
    """Multiply the elements, NaN as one."""
    a, _ = _replace_nan(a, 1)
    return prod(
        a, axis=axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial, where=where
    )


@public("a", "out")
def nancumsum(a, axis=None, dtype=None, out=None):
    """Give the partial sums, NaN as zero."""
    return cumsum(_replace_nan(a, 0)[0], axis=axis, dtype=dtype, out=out)


@public("a", "out")
def nancumprod(a, axis=None, dtype=None, out=None):
    """Give the partial products, NaN as one."""
    return cumprod(_replace_nan(a, 1)[0], axis=axis, dtype=dtype, out=out)


def _check_inexact(kind, out, a_dtype=None):
    """Refuse integer results for data that may have NaN."""
    if kind is not None and not issubclass(_nx.dtype(kind).type, nt.inexact):
        raise TypeError("If a is inexact, then dtype must be inexact")
    if out is not None and not issubclass(out.dtype.type, nt.inexact):
        raise TypeError("If a is inexact, then out must be inexact")


@public("a", "out")
def nanmean(a, axis=None, dtype=None, out=None, keepdims=_NoValue, *, where=_NoValue):
    """Average the elements that are not NaN."""
    arr, mask = _replace_nan(a, 0)
    if mask is None:
        from numoxide._core.fromnumeric import mean

        return mean(arr, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    _check_inexact(dtype, out)
    count = sum(~mask, axis=axis, dtype=nt.intp, keepdims=keepdims, where=where)
    total = sum(arr, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    average = _divide_by_count(total, count, out=out)
    if (count == 0).any():
        warnings.warn("Mean of empty slice", RuntimeWarning, stacklevel=4)
    return average


@public("a", "out")
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=_NoValue):
    """Compute the median of the elements that are not NaN."""
    from numoxide.lib._quantile_impl import _ureduce

    a = asanyarray(a)
    # Without elements there is a mean of nothing to report.
    if a.size == 0:
        return nanmean(a, axis, out=out, keepdims=keepdims)
    return _ureduce(
        a, func=_nanmedian, keepdims=bool(keepdims) and keepdims is not _NoValue, axis=axis,
        out=out, overwrite_input=overwrite_input,
    )  # fmt: skip


def _nanmedian(a, axis=None, out=None, overwrite_input=False):
    """Compute the median without NaN along one axis."""
    if axis is None or a.ndim == 1:
        result = _nanmedian1d(a.ravel(), overwrite_input)
        if out is not None:
            out[...] = result
        return result if out is None else out
    # Short slices are many: sort them together.
    if a.shape[axis] < 600:
        return _nanmedian_small(a, axis, out, overwrite_input)
    from numoxide.lib._shape_base_impl import apply_along_axis

    result = apply_along_axis(_nanmedian1d, axis, a, overwrite_input)
    if out is not None:
        out[...] = result
    return result


def _nanmedian_small(a, axis, out, overwrite_input):
    """Sort all slices at once: NaN goes to the end, so the middle follows from the count."""
    from numoxide._core._ufunc_config import errstate
    from numoxide.lib._shape_base_impl import take_along_axis

    # The counts are made of the given array: their layout is that of the result.
    valid = sum(~um.isnan(a), axis=axis, dtype=nt.intp, keepdims=True)
    a = a.copy(order="K")
    a.sort(axis=axis)
    high = um.minimum(valid // 2, a.shape[axis] - 1)
    low = um.maximum((valid - 1) // 2, 0)
    middle = _nx.concatenate([low, high], axis=axis)
    with errstate(invalid="ignore"):
        result = take_along_axis(a, middle, axis).mean(axis=axis)
    empty = (valid == 0).squeeze(axis)
    for _ in range(int(empty.sum())):
        _warn("All-NaN slice encountered")
    if a.dtype.kind == "m":
        fill = nt.timedelta64("NaT")
    else:
        fill = float("nan")
    result = asanyarray(result)
    if out is not None:
        out[...] = result
        copyto(out, fill, where=empty)
        return out
    if not _any(empty):
        # NumPy gives a view here, and its owner is seen by whoever asks.
        return result.view()
    copyto(result, fill, where=empty)
    return result


def _remove_nan_1d(arr1d, second_arr1d=None, overwrite_input=False):
    """Drop NaNs from a line, and what belongs to them from a second one."""
    if arr1d.dtype == object:
        bad = um.not_equal(arr1d, arr1d, dtype=bool)
    else:
        bad = um.isnan(arr1d)
    if bad.all():
        _warn("All-NaN slice encountered")
        none = None if second_arr1d is None else second_arr1d[:0]
        return arr1d[:0], none, True
    if not bad.any():
        return arr1d, second_arr1d, overwrite_input
    good = ~bad
    return arr1d[good], None if second_arr1d is None else second_arr1d[good], True


def _nanmedian1d(arr1d, overwrite_input=False):
    """Compute the median of a line without its NaNs."""
    from numoxide.lib._quantile_impl import median

    rest, _, overwrite_input = _remove_nan_1d(arr1d, overwrite_input=overwrite_input)
    if rest.size == 0:
        return arr1d[-1]
    return median(rest, overwrite_input=overwrite_input)


@public("a", "q", "out", "weights")
def nanpercentile(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=_NoValue, *,
    weights=None,
):  # fmt: skip
    """Compute percentiles of the elements that are not NaN."""
    from numoxide.lib import _quantile_impl as impl

    a = asanyarray(a)
    if a.dtype.kind == "c":
        raise TypeError("a must be an array of real numbers")
    q, weak = impl._read_percents(q, a)
    weights, axis = impl._checked_weights(a, weights, axis, method)
    return _nanquantile_unchecked(
        a, q, axis, out, overwrite_input, method, keepdims, weights, weak
    )


@public("a", "q", "out", "weights")
def nanquantile(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=_NoValue, *,
    weights=None,
):  # fmt: skip
    """Compute quantiles of the elements that are not NaN."""
    from numoxide.lib import _quantile_impl as impl

    a = asanyarray(a)
    if a.dtype.kind == "c":
        raise TypeError("a must be an array of real numbers")
    q, weak = impl._read_quantiles(q, a)
    weights, axis = impl._checked_weights(a, weights, axis, method)
    return _nanquantile_unchecked(
        a, q, axis, out, overwrite_input, method, keepdims, weights, weak
    )


def _nanquantile_unchecked(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=_NoValue,
    weights=None, weak_q=False,
):  # fmt: skip
    """Compute quantiles without NaN; the arguments have been checked."""
    from numoxide.lib._quantile_impl import _ureduce

    if a.size == 0:
        return nanmean(a, axis, out=out, keepdims=keepdims)
    return _ureduce(
        a, func=_nanquantile_ureduce_func, q=q, weights=weights,
        keepdims=bool(keepdims) and keepdims is not _NoValue, axis=axis, out=out,
        overwrite_input=overwrite_input, method=method, weak_q=weak_q,
    )  # fmt: skip


def _nanquantile_ureduce_func(
    a, q, weights, axis=None, out=None, overwrite_input=False, method="linear", weak_q=False
):
    """Compute quantiles without NaN along one axis, line by line."""
    if axis is None or a.ndim == 1:
        line = a.ravel()
        wgt = None if weights is None else weights.ravel()
        result = _nanquantile_1d(line, q, overwrite_input, method, wgt, weak_q)
    elif weights is None:
        from numoxide._core.numeric import moveaxis
        from numoxide.lib._shape_base_impl import apply_along_axis

        result = apply_along_axis(
            _nanquantile_1d, axis, a, q, overwrite_input, method, None, weak_q
        )
        # The quantiles come first.
        if q.ndim != 0:
            axis = axis if axis >= 0 else a.ndim + axis
            places = tuple(range(axis, axis + q.ndim))
            result = moveaxis(result, places, tuple(range(q.ndim)))
    else:
        result = _nanquantile_weighted(a, q, weights, axis, overwrite_input, method)
    if out is not None:
        out[...] = result
    return result


def _nanquantile_weighted(a, q, weights, axis, overwrite_input, method):
    """Compute weighted quantiles without NaN, a line and its weights at a time."""
    from numoxide._core.numeric import moveaxis
    from numoxide.lib._index_tricks_impl import ndindex
    from numoxide.lib._stride_tricks_impl import broadcast_to

    lines = moveaxis(a, axis, -1)
    wgt = broadcast_to(moveaxis(weights, axis, -1) if weights.ndim == a.ndim else weights, lines.shape)
    result = _nx.empty(q.shape + lines.shape[:-1], dtype=a.dtype)
    for at in ndindex(lines.shape[:-1]):
        result[(..., *at)] = _nanquantile_1d(lines[at], q, overwrite_input, method, wgt[at])
    return result


def _nanquantile_1d(
    arr1d, q, overwrite_input=False, method="linear", weights=None, weak_q=False
):
    """Compute quantiles of a line without its NaNs."""
    from numoxide.lib._quantile_impl import _quantile_unchecked

    rest, weights, overwrite_input = _remove_nan_1d(arr1d, weights, overwrite_input)
    if rest.size == 0:
        made = _nx.empty(q.shape, dtype=arr1d.dtype)
        made[...] = float("nan")
        return made[()]
    return _quantile_unchecked(
        rest, q, overwrite_input=overwrite_input, method=method, weights=weights, weak_q=weak_q
    )


@public("a", "out", "mean")
def nanvar(
    a, axis=None, dtype=None, out=None, ddof=0, keepdims=_NoValue, *, where=_NoValue,
    mean=_NoValue, correction=_NoValue,
):  # fmt: skip
    """Compute the variance of the elements that are not NaN."""
    arr, mask = _replace_nan(a, 0)
    if mask is None:
        from numoxide._core.fromnumeric import var

        return var(
            arr, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims, where=where,
            mean=mean, correction=correction,
        )  # fmt: skip
    _check_inexact(dtype, out)
    if correction is not _NoValue:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    # The mean must broadcast against the data, so it keeps its axes.
    wide = _NoValue if type(arr).__name__ == "matrix" else True
    count = sum(~mask, axis=axis, dtype=nt.intp, keepdims=wide, where=where)
    if mean is not _NoValue:
        average = mean
    else:
        average = sum(arr, axis=axis, dtype=dtype, keepdims=wide, where=where)
        average = _divide_by_count(average, count)
    um.subtract(arr, average, out=arr, casting="unsafe", where=True if where is _NoValue else where)
    arr = _copyto(arr, 0, mask)
    squares = um.multiply(arr, arr.conj(), out=arr).real if issubclass(
        arr.dtype.type, nt.complexfloating
    ) else um.multiply(arr, arr, out=arr)  # fmt: skip
    result = sum(
        squares, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where
    )
    # The count has kept its axes: drop them with the result's.
    try:
        result_ndim = result.ndim
    except AttributeError:
        result_ndim = 0
    if result_ndim < count.ndim:
        count = count.squeeze(axis)
    freedom = count - ddof
    result = _divide_by_count(result, freedom)
    if _any(freedom <= 0):
        warnings.warn("Degrees of freedom <= 0 for slice.", RuntimeWarning, stacklevel=4)
        # Zero or negative counts mean nothing.
        result = _copyto(result, float("nan"), freedom <= 0)
    return result


@public("a", "out", "mean")
def nanstd(
    a, axis=None, dtype=None, out=None, ddof=0, keepdims=_NoValue, *, where=_NoValue,
    mean=_NoValue, correction=_NoValue,
):  # fmt: skip
    """Compute the standard deviation of the elements that are not NaN."""
    result = nanvar(
        a, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims, where=where, mean=mean,
        correction=correction,
    )  # fmt: skip
    if isinstance(result, ndarray):
        return um.sqrt(result, out=result)
    return result.dtype.type(um.sqrt(result)) if hasattr(result, "dtype") else um.sqrt(result)


