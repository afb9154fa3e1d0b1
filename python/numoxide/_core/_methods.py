"""The reductions of arrays as functions, under the names that other libraries import."""

import pickle

from numoxide._core import multiarray as mu
from numoxide._core import umath as um
from numoxide._core.multiarray import asanyarray, ndarray
from numoxide._globals import _NoValue

umr_sum, umr_prod = um.add.reduce, um.multiply.reduce
umr_maximum, umr_minimum = um.maximum.reduce, um.minimum.reduce
umr_any, umr_all, umr_bitwise_count = um.logical_or.reduce, um.logical_and.reduce, um.bitwise_count


def _amax(a, axis=None, out=None, keepdims=False, initial=_NoValue, where=True):
    return umr_maximum(a, axis, None, out, keepdims, initial, where)


def _amin(a, axis=None, out=None, keepdims=False, initial=_NoValue, where=True):
    return umr_minimum(a, axis, None, out, keepdims, initial, where)


def _sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=_NoValue, where=True):
    return umr_sum(a, axis, dtype, out, keepdims, initial, where)


def _prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=_NoValue, where=True):
    return umr_prod(a, axis, dtype, out, keepdims, initial, where)


def _any(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    return umr_any(a, axis, dtype, out, keepdims, where=where)


def _all(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    return umr_all(a, axis, dtype, out, keepdims, where=where)


def _mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    return ndarray.mean(asanyarray(a), axis, dtype, out, keepdims=keepdims, where=where)


def _var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None):
    known = {} if mean is None else {"mean": mean}
    return ndarray.var(
        asanyarray(a), axis, dtype, out, ddof, keepdims=keepdims, where=where, **known
    )


def _std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None):
    known = {} if mean is None else {"mean": mean}
    return ndarray.std(
        asanyarray(a), axis, dtype, out, ddof, keepdims=keepdims, where=where, **known
    )


def _ptp(a, axis=None, out=None, keepdims=False):
    return um.subtract(
        umr_maximum(a, axis, None, out, keepdims), umr_minimum(a, axis, None, None, keepdims), out
    )


def _clip(a, min=None, max=None, out=None, **kwargs):
    if a.dtype.kind in "iu":
        # A Python integer beyond the dtype bounds nothing.
        import numoxide

        info = numoxide.iinfo(a.dtype)
        if type(min) is int and min <= info.min:
            min = None
        if type(max) is int and max >= info.max:
            max = None
    if min is None and max is None:
        return um.positive(a, out=out, **kwargs)
    if min is None:
        return um.minimum(a, max, out=out, **kwargs)
    if max is None:
        return um.maximum(a, min, out=out, **kwargs)
    return um.clip(a, min, max, out=out, **kwargs)


def _count_reduce_items(arr, axis, keepdims=False, where=True):
    """Count the elements that a reduction takes in."""
    import numoxide

    if where is True:
        axes = range(arr.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        items = 1
        for ax in axes:
            items *= arr.shape[numoxide._core.multiarray.normalize_axis_index(ax, arr.ndim)]
        return numoxide.intp(items)
    return umr_sum(numoxide.broadcast_to(where, arr.shape), axis, numoxide.intp, None, keepdims)


def _bitwise_count(a, out=None, *, where=True, casting="same_kind", order="K", dtype=None, subok=True):
    return umr_bitwise_count(
        a, out, where=where, casting=casting, order=order, dtype=dtype, subok=subok
    )


def _dump(self, file, protocol=2):
    if hasattr(file, "write"):
        pickle.dump(self, file, protocol=protocol)
        return
    with open(file, "wb") as handle:
        pickle.dump(self, handle, protocol=protocol)


def _dumps(self, protocol=2):
    return pickle.dumps(self, protocol=protocol)


def _round(a, decimals=0, out=None):
    """Round an array to a number of decimals: scaled, rounded to even, scaled back."""
    import operator

    decimals = operator.index(decimals)
    kind = a.dtype.kind
    if out is not None and out.size != a.size:
        raise ValueError("invalid output shape")
    if kind == "c":
        result = a.copy("K") if out is None else out
        result.real = _round(a.real, decimals)
        result.imag = _round(a.imag, decimals)
        return _item_if_0d(result) if out is None else result
    if kind in "iu" and decimals >= 0:
        if out is None:
            return _item_if_0d(a.copy("K"))
        mu.copyto(out, a)
        return out
    if decimals == 0:
        return um.rint(a, out=out)
    up, down = (um.multiply, um.divide) if decimals > 0 else (um.divide, um.multiply)
    scale = 10.0 ** abs(decimals) if abs(decimals) <= 308 else float("inf")
    if out is not None:
        up(a, scale, out=out)
        um.rint(out, out=out)
        return down(out, scale, out=out)
    # The steps write into one array of the very same dtype.
    order = "F" if a.flags.fnc else "C"
    result = mu.empty_like(a, order=order)
    work = mu.empty_like(a, dtype="d", order=order) if kind in "iu" else result
    up(a, scale, out=work)
    um.rint(work, out=work)
    down(work, scale, out=work)
    if work is not result:
        mu.copyto(result, work, casting="unsafe")
    return _item_if_0d(result)


def _item_if_0d(a):
    """Turn a 0-d array into its scalar."""
    return a if a.ndim else a[()]
