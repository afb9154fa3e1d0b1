"""The functions of masked arrays."""

import inspect

import numoxide as np
from numoxide._core import umath
from numoxide._core.multiarray import ndarray
from numoxide._globals import _NoValue
from numoxide.ma._array import MaskedArray, filled, masked
from numoxide.ma._fill import default_fill_value
from numoxide.ma._masks import (
    MaskType,
    getdata,
    getmask,
    getmaskarray,
    make_mask,
    make_mask_none,
    mask_or,
    nomask,
)


def array(
    data, dtype=None, copy=False, order=None, mask=nomask, fill_value=None, keep_mask=True,
    hard_mask=False, shrink=True, subok=True, ndmin=0,
):  # fmt: skip
    """Make a masked array.

    >>> np.ma.array([1, 2], mask=[0, 1]).compressed()
    array([1])
    """
    return MaskedArray(
        data, mask=mask, dtype=dtype, copy=copy, subok=subok, keep_mask=keep_mask,
        hard_mask=hard_mask, fill_value=fill_value, ndmin=ndmin, shrink=shrink, order=order,
    )  # fmt: skip


def asarray(a, dtype=None, order=None):
    """Make a masked array of exactly that class."""
    return MaskedArray(a, dtype=dtype, copy=False, keep_mask=True, subok=False, order=order)


def asanyarray(a, dtype=None, order=None):
    """Make a masked array; subclasses pass through."""
    if isinstance(a, MaskedArray) and (dtype is None or dtype == a.dtype):
        return a
    return MaskedArray(a, dtype=dtype, copy=False, keep_mask=True, subok=True, order=order)


def isMaskedArray(x):
    """Say whether something is a masked array."""
    return isinstance(x, MaskedArray)


isarray = isMA = isMaskedArray


def is_masked(x):
    """Say whether an array has masked elements."""
    mask = getmask(x)
    return bool(mask is not nomask and mask.any())


def masked_where(condition, a, copy=True):
    """Mask an array where a condition holds.

    >>> np.ma.masked_where([True, False], [1, 2]).compressed()
    array([2])
    """
    cond = make_mask(condition, shrink=False)
    a = np.array(a, copy=copy or None, subok=True)
    if cond.shape and cond.shape != a.shape:
        raise IndexError(
            f"Inconsistent shape between the condition and the input (got {cond.shape} and {a.shape})"
        )
    kind = type(a) if hasattr(a, "_mask") else MaskedArray
    cond = mask_or(cond, a._mask) if hasattr(a, "_mask") else cond
    made = a.view(kind)
    made.mask = np.ma._masks._shrink_mask(cond) if cond is not nomask else nomask
    if not copy and hasattr(a, "_mask") and getmask(a) is nomask:
        a._mask = made._mask.view() if made._mask is not nomask else nomask
    return made


def _by(compare, name):
    def function(x, value, copy=True):
        return masked_where(compare(x, value), x, copy=copy)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Mask an array where it is {name[7:].replace('_', ' ')} {'to' if 'equal' in name else 'than'} a value."
    return function


def _compare(name):
    def compare(x, value):
        return getattr(np.ma, name)(x, value)

    return compare


masked_greater = _by(_compare("greater"), "masked_greater")
masked_greater_equal = _by(_compare("greater_equal"), "masked_greater_equal")
masked_less = _by(_compare("less"), "masked_less")
masked_less_equal = _by(_compare("less_equal"), "masked_less_equal")
masked_not_equal = _by(_compare("not_equal"), "masked_not_equal")


def masked_equal(x, value, copy=True):
    """Mask what equals a value; that becomes the fill value."""
    made = masked_where(np.ma.equal(x, value), x, copy=copy)
    made.fill_value = value
    return made


def masked_inside(x, v1, v2, copy=True):
    """Mask what lies in an interval."""
    low, high = sorted((v1, v2))
    held = filled(x)
    return masked_where((held >= low) & (held <= high), x, copy=copy)


def masked_outside(x, v1, v2, copy=True):
    """Mask what lies out of an interval."""
    low, high = sorted((v1, v2))
    held = filled(x)
    return masked_where((held < low) | (held > high), x, copy=copy)


def masked_object(x, value, copy=True, shrink=True):
    """Mask the objects that equal a value."""
    data = x._data if isMaskedArray(x) else np.asarray(x)
    mask = umath.equal(data, value)
    if isMaskedArray(x):
        mask = mask_or(x._mask, make_mask(mask, shrink=shrink))
    else:
        mask = make_mask(mask, shrink=shrink)
    return MaskedArray(x, mask=mask, copy=copy, fill_value=value)


def masked_values(x, value, rtol=1e-5, atol=1e-8, copy=True, shrink=True):
    """Mask numbers that are close to a value."""
    held = filled(x, value)
    if np.issubdtype(held.dtype, np.floating):
        mask = np.isclose(held, value, atol=atol, rtol=rtol)
    else:
        mask = umath.equal(held, value)
    made = MaskedArray(held, mask=mask, copy=copy, fill_value=value)
    return made.shrink_mask() if shrink else made


def masked_invalid(a, copy=True):
    """Mask what is not finite."""
    a = np.array(a, copy=None, subok=True)
    made = masked_where(~np.isfinite(getdata(a)), a, copy=copy)
    if made._mask is nomask:
        made._mask = make_mask_none(made.shape, made.dtype)
    return made


def fix_invalid(a, mask=nomask, copy=True, fill_value=None):
    """Mask what is not finite, and put the fill value there."""
    a = MaskedArray(a, copy=copy, mask=mask, subok=True)
    bad = np.logical_not(np.isfinite(a._data))
    if not bad.any():
        return a
    a._mask = a._mask | bad
    a._data[bad] = a.fill_value if fill_value is None else fill_value
    return a


def common_fill_value(a, b):
    """Give the fill value of two arrays if they have the same."""
    one, two = getattr(a, "fill_value", None), getattr(b, "fill_value", None)
    return one if one == two else None


def set_fill_value(a, fill_value):
    """Choose the fill value of an array, if it is masked."""
    if isinstance(a, MaskedArray):
        a.set_fill_value(fill_value)


def get_fill_value(a):
    """Give the fill value of an array, or that of its dtype."""
    return a.fill_value if isinstance(a, MaskedArray) else default_fill_value(a)


def compressed(x):
    """Give the elements that are not masked, in one row."""
    return asanyarray(x).compressed()


def concatenate(arrays, axis=0):
    """Join arrays and their masks."""
    data = np.concatenate([getdata(a) for a in arrays], axis)
    from numoxide.ma._array import get_masked_subclass

    made = data.view(get_masked_subclass(*arrays))
    if [a for a in arrays if getmask(a) is not nomask]:
        mask = np.concatenate([getmaskarray(a) for a in arrays], axis)
        made._mask = np.ma._masks._shrink_mask(mask.reshape(made.shape)) if mask.dtype.names is None else mask
    return made


def diag(v, k=0):
    """Take a diagonal, or lay one out."""
    made = np.diag(getdata(v), k).view(MaskedArray)
    if getmask(v) is not nomask:
        made._mask = np.diag(v._mask, k)
    return made


def _from_method(name):
    """Make a function of a method."""

    def function(a, *args, **params):
        held = a if isinstance(a, MaskedArray) else asanyarray(a)
        method = getattr(type(held), name, None)
        return method(held, *args, **params) if method else getattr(np, name)(held, *args, **params)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Do what `MaskedArray.{name}` does."
    method = getattr(MaskedArray, name, None)
    if method is not None:
        try:
            parts = list(inspect.signature(method).parameters.values())
            function.__signature__ = inspect.Signature([parts[0].replace(name="a"), *parts[1:]])
        except (TypeError, ValueError):
            pass
    return function


for _name in (
    "all any anom argmax argmin argsort copy count cumprod cumsum diagonal harden_mask ids mean "
    "nonzero prod put ravel repeat shrink_mask soften_mask std sum swapaxes take trace var"
).split():
    globals()[_name] = _from_method(_name)
anomalies, product = globals()["anom"], globals()["prod"]


def compress(condition, a, axis=None, out=None):
    """Keep the elements, or slices, for which a condition holds."""
    return asanyarray(a).compress(condition, axis=axis, out=out)


def _extremum(name):
    def function(obj, axis=None, out=None, fill_value=None, keepdims=_NoValue):
        return getattr(asanyarray(obj), name)(axis=axis, fill_value=fill_value, out=out, keepdims=keepdims)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Do what `MaskedArray.{name}` does."
    return function


max, min, ptp = _extremum("max"), _extremum("min"), _extremum("ptp")


class _extrema_operation:
    """The lesser or greater of two arrays; masked elements stay masked."""

    def __init__(self, ufunc, compare, fill_value):
        self.f, self.compare, self.fill_value_func = ufunc, compare, fill_value
        self.__name__ = self.__qualname__ = ufunc.__name__
        self.__doc__ = ufunc.__doc__

    def __call__(self, a, b):
        return where(self.compare(a, b), a, b)

    def reduce(self, target, axis=_NoValue):
        """Reduce along an axis."""
        target = np.array(target, copy=None, subok=True)
        mask = getmask(target)
        axis = {} if axis is _NoValue and target.ndim > 1 else {"axis": None if axis is _NoValue else axis}
        if mask is nomask:
            return self.f.reduce(target.view(ndarray), **axis)
        made = self.f.reduce(target.filled(self.fill_value_func(target)).view(ndarray), **axis)
        left = umath.logical_and.reduce(mask, **axis)
        if getattr(made, "ndim", 0):
            made = made.view(type(target))
            made._mask = left
            return made
        return masked if left else made

    def outer(self, a, b):
        """Apply to every pair."""
        made = self.f.outer(filled(a), filled(b)).view(MaskedArray)
        if getmask(a) is not nomask or getmask(b) is not nomask:
            made._mask = umath.logical_or.outer(getmaskarray(a), getmaskarray(b))
        return made


def power(a, b, third=None):
    """Raise to a power; what is not finite is masked."""
    from numoxide.ma._array import get_masked_subclass

    if third is not None:
        raise np.ma.MaskError("3-argument power not supported.")
    mask = mask_or(getmaskarray(a), getmaskarray(b)) if np.shape(a) == np.shape(b) else (
        nomask if getmask(a) is nomask and getmask(b) is nomask else getmaskarray(a) | getmaskarray(b)
    )
    if getmask(a) is nomask and getmask(b) is nomask:
        mask = nomask
    fa, fb = getdata(a), getdata(b)
    kind = get_masked_subclass(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        made = np.where(mask, fa, umath.power(fa, fb)).view(kind)
    made._update_from(a)
    bad = np.logical_not(np.isfinite(made.view(ndarray)))
    if mask is not nomask:
        if not made.ndim:
            return masked if np.any(mask | bad) else made[()]
        made._mask = np.logical_or(mask, bad)
    if bad.any():
        if not made.ndim:
            return masked
        if made._mask is nomask:
            made._mask = bad
        made._data[bad] = made.fill_value
    return made if made.ndim or isinstance(a, MaskedArray) or isinstance(b, MaskedArray) else made[()]


def left_shift(a, n):
    """Shift bits to the left."""
    return _shift(umath.left_shift, a, n)


def right_shift(a, n):
    """Shift bits to the right."""
    return _shift(umath.right_shift, a, n)


def _shift(ufunc, a, n):
    mask = getmask(a)
    if mask is nomask:
        return MaskedArray(ufunc(filled(a), n))
    return MaskedArray(ufunc(filled(a, 0), n), mask=mask)


def transpose(a, axes=None):
    """Exchange axes."""
    return asanyarray(a).transpose(axes) if not isinstance(a, ndarray) else a.transpose(axes)


def reshape(a, new_shape, order="C"):
    """Give the elements another shape."""
    return (a if isinstance(a, ndarray) else asanyarray(a)).reshape(new_shape, order=order)


def resize(x, new_shape):
    """Repeat or cut the elements to another shape."""
    mask = getmask(x)
    made = np.resize(getdata(x), new_shape).view(type(x) if isinstance(x, MaskedArray) else MaskedArray)
    if mask is not nomask and made.ndim:
        made._mask = np.resize(mask, new_shape)
    return made


def putmask(a, mask, values):
    """Set elements where a mask holds."""
    if not isinstance(a, MaskedArray):
        a = a.view(MaskedArray)
    data, vmask = getdata(values), getmask(values)
    if getmask(a) is nomask:
        if vmask is not nomask:
            a._mask = make_mask_none(a.shape, a.dtype)
            np.copyto(a._mask, vmask, where=mask)
    elif a._hardmask:
        if vmask is not nomask:
            held = a._mask.copy()
            np.copyto(held, vmask, where=mask)
            a.mask |= held
    else:
        np.copyto(a._mask, getmaskarray(values) if vmask is nomask else vmask, where=mask)
    np.copyto(a._data, data, where=mask)


def ndim(obj):
    """Count axes."""
    return np.ndim(getdata(obj))


def shape(obj):
    """Give the shape."""
    return np.shape(getdata(obj))


def size(obj, axis=None):
    """Count elements, masked or not."""
    return np.size(getdata(obj), axis)


expand_dims = np.expand_dims


def diff(a, /, n=1, axis=-1, prepend=_NoValue, append=_NoValue):
    """Subtract each element from the next."""
    if n == 0:
        return a
    if n < 0:
        raise ValueError("order must be non-negative but got " + repr(n))
    a = asanyarray(a)
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    parts = []
    for end in (prepend, a, append):
        if end is _NoValue:
            continue
        end = asanyarray(end)
        if end.ndim == 0:
            long = list(a.shape)
            long[axis] = 1
            end = np.ma.array(np.broadcast_to(getdata(end), tuple(long)), mask=np.broadcast_to(getmaskarray(end), tuple(long)))
        parts.append(end)
    if len(parts) > 1:
        a = concatenate(parts, axis)
    return np.diff(a, n, axis)


def where(condition, x=_NoValue, y=_NoValue):
    """Choose elements of one or the other array.

    >>> np.ma.where([True, False], [1, 2], np.ma.masked).tolist()
    [1, None]
    """
    given = (x is not _NoValue) + (y is not _NoValue)
    if given == 1:
        raise ValueError("Must provide both 'x' and 'y' or neither.")
    if given == 0:
        return np.ma.nonzero(condition)
    cf = filled(condition, False)
    xd, yd = getdata(x), getdata(y)
    cm, xm, ym = getmaskarray(condition), getmaskarray(x), getmaskarray(y)
    if x is masked and y is not masked:
        xd, xm = np.zeros((), dtype=yd.dtype), np.ones((), dtype=ym.dtype)
    elif y is masked and x is not masked:
        yd, ym = np.zeros((), dtype=xd.dtype), np.ones((), dtype=xm.dtype)
    data, mask = np.where(cf, xd, yd), np.where(cf, xm, ym)
    mask = np.where(cm, np.ones((), dtype=mask.dtype), mask)
    return MaskedArray(data, mask=np.ma._masks._shrink_mask(mask))


def choose(indices, choices, out=None, mode="raise"):
    """Choose each element from one of several arrays."""
    held = [True if x is masked else filled(x) for x in choices]
    masks = [True if x is masked else getmask(x) for x in choices]
    index = filled(indices, 0)
    mask = np.choose(index, [np.asarray(m) for m in masks], mode=mode)
    mask = make_mask(mask_or(np.asarray(mask), getmask(indices)), copy=False, shrink=True)
    made = np.choose(index, held, mode=mode, out=out)
    if out is not None:
        if isinstance(out, MaskedArray):
            out.__setmask__(mask)
        return out
    made = made.view(MaskedArray)
    made._mask = mask
    return made


def round_(a, decimals=0, out=None):
    """Round elements."""
    if out is None:
        return np.round(a, decimals, out)
    np.round(getdata(a), decimals, out)
    if hasattr(out, "_mask"):
        out._mask = getmask(a)
    return out


round = round_


def sort(a, axis=-1, kind=None, order=None, endwith=True, fill_value=None, *, stable=None):
    """Give a sorted copy; masked elements come last."""
    a = np.array(a, copy=True, subok=True)
    if axis is None:
        a, axis = a.flatten(), 0
    if isinstance(a, MaskedArray):
        a.sort(axis=axis, kind=kind, order=order, endwith=endwith, fill_value=fill_value)
    else:
        a.sort(axis=axis, kind=kind, order=order)
    return a


def inner(a, b):
    """Multiply and add up along the last axes; masked elements count as zero."""
    fa, fb = filled(a, 0), filled(b, 0)
    fa, fb = np.atleast_1d(fa), np.atleast_1d(fb)
    return np.inner(fa, fb).view(MaskedArray)


innerproduct = inner


def outer(a, b):
    """Multiply every pair."""
    fa, fb = filled(a, 0).ravel(), filled(b, 0).ravel()
    made = np.outer(fa, fb)
    ma, mb = getmask(a), getmask(b)
    if ma is nomask and mb is nomask:
        return MaskedArray(made)
    mask = make_mask(1 - np.outer(1 - getmaskarray(a), 1 - getmaskarray(b)), copy=False)
    return MaskedArray(made, mask=mask)


outerproduct = outer


def dot(a, b, strict=False, out=None):
    """Multiply matrices; masked elements count as zero."""
    if strict and np.ndim(a) and np.ndim(b):
        a, b = np.ma.mask_rowcols(a, 0) if np.ndim(a) == 2 else a, np.ma.mask_rowcols(b, 1) if np.ndim(b) == 2 else b
    am, bm = ~getmaskarray(a), ~getmaskarray(b)
    if out is None:
        data = np.dot(filled(a, 0), filled(b, 0))
        mask = ~np.dot(am, bm)
        if np.ndim(data) == 0:
            data = np.asarray(data)
        from numoxide.ma._array import get_masked_subclass

        made = data.view(get_masked_subclass(a, b))
        made.__setmask__(mask)
        return made
    np.dot(filled(a, 0), filled(b, 0), out._data)
    if out.mask.shape != out.shape:
        out._mask = np.empty(out.shape, MaskType)
    np.copyto(out._mask, ~np.dot(am, bm))
    return out


def _convolve_or_correlate(function, a, v, mode, propagate_mask):
    if propagate_mask:
        mask = function(getmaskarray(a), np.ones(np.shape(v), dtype=bool), mode=mode) | function(
            np.ones(np.shape(a), dtype=bool), getmaskarray(v), mode=mode
        )
        data = function(getdata(a), getdata(v), mode=mode)
    else:
        mask = ~function(~getmaskarray(a), ~getmaskarray(v), mode=mode)
        data = function(filled(a, 0), filled(v, 0), mode=mode)
    return MaskedArray(data, mask=mask)


def correlate(a, v, mode="valid", propagate_mask=True):
    """Correlate two rows."""
    return _convolve_or_correlate(np.correlate, a, v, mode, propagate_mask)


def convolve(a, v, mode="full", propagate_mask=True):
    """Convolve two rows."""
    return _convolve_or_correlate(np.convolve, a, v, mode, propagate_mask)


def allequal(a, b, fill_value=True):
    """Say whether arrays are equal where neither is masked."""
    mask = mask_or(getmask(a), getmask(b))
    same = umath.equal(getdata(a), getdata(b))
    if mask is nomask:
        return same.all()
    return np.ma.array(same, mask=mask, copy=False).filled(True).all(None) if fill_value else False


def allclose(a, b, masked_equal=True, rtol=1e-5, atol=1e-8):
    """Say whether arrays are close where neither is masked."""
    x, y = MaskedArray(a, copy=False), MaskedArray(b, copy=False)
    if y.dtype.kind != "m":
        kind = np.result_type(y, 1.0)
        if y.dtype != kind:
            y = MaskedArray(y, dtype=kind, copy=False)
    mask = mask_or(getmask(x), getmask(y))
    xinf = np.isinf(MaskedArray(x, copy=False, mask=mask)).filled(False)
    if not np.all(xinf == filled(np.isinf(y), False)):
        return False
    if not np.any(xinf):
        return bool(np.all(filled(np.ma.less_equal(np.ma.absolute(x - y), atol + rtol * np.ma.absolute(y)), masked_equal)))
    if not np.all(filled(x[xinf] == y[xinf], masked_equal)):
        return False
    x, y = x[~xinf], y[~xinf]
    return bool(np.all(filled(np.ma.less_equal(np.ma.absolute(x - y), atol + rtol * np.ma.absolute(y)), masked_equal)))


def append(a, b, axis=None):
    """Join one array behind another."""
    if axis is None:
        return concatenate([asanyarray(a).ravel(), asanyarray(b).ravel()])
    return concatenate([a, b], axis)


def fromflex(fxarray):
    """Make a masked array of a structured array of data and mask."""
    return MaskedArray(fxarray["_data"], mask=fxarray["_mask"])


def flatten_structured_array(a):
    """Lay fields out as a further axis."""

    def leaves(item):
        for part in item:
            if isinstance(part, tuple):
                yield from leaves(part)
            else:
                yield part

    a = np.asanyarray(a)
    shape = a.shape
    rows = a.ravel()
    if isinstance(rows, MaskedArray):
        made = np.array([tuple(leaves(row.item())) for row in rows._data]).view(MaskedArray)
        made._mask = np.array([tuple(leaves(row.item())) for row in getmaskarray(rows)])
    else:
        made = np.array([tuple(leaves(row.item())) for row in rows])
    if len(shape) > 1:
        made = made.reshape(shape + made.shape[1:])
    return made


def _creator(name):
    function = getattr(np, name)

    def create(*args, fill_value=None, hardmask=False, **kwargs):
        made = function(*args, **kwargs).view(MaskedArray)
        if fill_value is not None:
            made.fill_value = fill_value
        if hardmask:
            made._hardmask = hardmask
        return made

    create.__name__ = create.__qualname__ = name
    create.__doc__ = f"Do what `{name}` of the main namespace does; the array is masked."
    create.__signature__ = _masked_signature(function, name)
    return create


def _masked_signature(function, name):
    """The signature of a creation function with what its masked form takes besides."""
    known = inspect.signature(function)
    parts = list(known.parameters.values())
    if name in ("empty_like", "ones_like", "zeros_like", "frombuffer", "fromfunction"):
        return known
    extra = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        for name, default in (("fill_value", None), ("hardmask", False))
    ]
    end = len(parts) - (parts[-1].kind is inspect.Parameter.VAR_KEYWORD)
    return known.replace(parameters=[*parts[:end], *extra, *parts[end:]])


for _name in "arange clip empty empty_like frombuffer fromfunction identity indices ones ones_like squeeze zeros zeros_like".split():
    if hasattr(np, _name):
        globals()[_name] = _creator(_name)


def fromfile(file, dtype=float, count=-1, sep=""):
    """Refuse: files hold no masks."""
    raise NotImplementedError("fromfile() not yet implemented for a MaskedArray.")


