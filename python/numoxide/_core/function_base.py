"""Evenly spaced numbers: on a line, on a logarithmic scale, in geometric progression."""

import operator

from numoxide._core import multiarray as _nx
from numoxide._core import umath as um
from numoxide._core.fromnumeric import any as _any
from numoxide._core.fromnumeric import ndim as _ndim
from numoxide._core.multiarray import asanyarray, result_type
from numoxide._core.numerictypes import complexfloating, integer
from numoxide._core.overrides import public, set_module

__all__ = ["logspace", "linspace", "geomspace"]

_float = _nx.dtype(float)
_NUMBERS = frozenset({int, float})
_HUGE = float("inf")


@public("start", "stop")
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None):
    """Make evenly spaced numbers over an interval.

    >>> np.linspace(0, 1, 5)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    num = operator.index(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    div = num - 1 if endpoint else num
    if dtype is None and axis == 0 and type(start) in _NUMBERS and type(stop) in _NUMBERS:
        made = _line(start, stop, num, div, endpoint, device)
        if made is not None:
            return made if retstep else made[0]
    start, stop, kind, wrap = _endpoints(start, stop)
    if dtype is None:
        dtype = kind
    whole = issubclass(_nx.dtype(dtype).type, integer)
    delta = um.subtract(stop, start, dtype=type(kind))
    y = _nx.arange(0, num, dtype=kind, device=device)
    y = y.reshape((-1,) + (1,) * _ndim(delta))
    y, step = _scale(y, delta, div, _ndim(delta) == 0)
    y += start
    if endpoint and num > 1:
        y[-1, ...] = stop
    if axis != 0:
        from numoxide._core.numeric import moveaxis

        y = moveaxis(y, 0, axis)
    if whole:
        um.floor(y, out=y)
    y = y.astype(dtype, copy=False)
    y = wrap(y)
    return (y, step) if retstep else y


def _line(start, stop, num, div, endpoint, device):
    """Make the points between two Python numbers, and the step; None if the span overflows."""
    try:
        start, stop = float(start), float(stop)
    except OverflowError:
        return None
    delta = stop - start
    if not -_HUGE < delta < _HUGE:
        return None
    y = _nx.arange(0, num, dtype=_float, device=device)
    if div > 0:
        step = delta / div
        if step == 0:
            y /= div
            y *= delta
        else:
            y *= step
    else:
        step = float("nan")
        y *= delta
    y += start
    if endpoint and num > 1:
        y[-1] = stop
    # A view, as of any line that was made as a column.
    return (y.reshape(-1), _float.type(step)) if div > 0 else (y, step)


def _endpoints(start, stop):
    """Make arrays of the endpoints, with the inexact dtype to compute in and the wrapper."""
    convert = _nx._array_converter(start, stop)
    start, stop = convert.as_arrays()
    kind = convert.result_type(ensure_inexact=True)
    if not issubclass(kind.type, (complexfloating,)) and kind.kind != "f" and kind.kind != "O":
        kind = result_type(start, stop, 0.0)
    return start, stop, kind, convert.wrap


def _scale(y, delta, div, scalar):
    """Stretch 0, 1, 2, ... to the interval; return it and the step."""
    if div <= 0:
        # Nothing to divide: no step, and `y` holds at most a zero.
        return y * delta, float("nan")
    factor = step = delta / div
    # A step that vanishes in division would lose all the values: divide first.
    if _any(um.equal(asanyarray(step), 0)):
        y /= div
        factor = delta
    if scalar:
        y *= factor
        return y, step
    return y * factor, step


@public("start", "stop", "base")
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Make numbers spaced evenly on a logarithmic scale, from ``base**start`` on."""
    if not isinstance(base, (float, int)) and _ndim(base):
        ndmax = _nx.broadcast(start, stop, base).ndim
        start, stop, base = (
            _nx.array(a, copy=None, subok=True, ndmin=ndmax) for a in (start, stop, base)
        )
        base = base.reshape(base.shape[:axis % (ndmax + 1)] + (1,) + base.shape[axis % (ndmax + 1):])
    y = linspace(start, stop, num=num, endpoint=endpoint, axis=axis)
    power = um.power(base, y)
    return power if dtype is None else power.astype(dtype, copy=False)


@public("start", "stop")
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Make numbers in geometric progression between two endpoints.

    >>> np.geomspace(1, 1000, num=4)
    array([   1.,   10.,  100., 1000.])
    """
    start, stop = asanyarray(start), asanyarray(stop)
    if _any(start == 0) or _any(stop == 0):
        raise ValueError("Geometric sequence cannot include zero")
    kind = result_type(start, stop, float(num), _nx.zeros((), dtype))
    dtype = kind if dtype is None else _nx.dtype(dtype)
    start, stop = start.astype(kind, copy=True), stop.astype(kind, copy=True)
    # Turn the start to the positive real axis: complex spirals and negative numbers alike.
    turn = um.sign(start)
    start, stop = start / turn, stop / turn
    low, high = um.log10(start), um.log10(stop)
    result = logspace(low, high, num=num, endpoint=endpoint, base=10.0, dtype=kind)
    # Logarithms are not exact: the given endpoints are.
    if num > 0:
        result[0] = start
        if num > 1 and endpoint:
            result[-1] = stop
    result = result * turn
    if axis != 0:
        from numoxide._core.numeric import moveaxis

        result = moveaxis(result, 0, axis)
    return result.astype(dtype, copy=False)


@set_module("numpy.lib")
def add_docstring(obj, docstring):
    """Give an object a docstring if it has none; an error if it has another."""
    if not isinstance(docstring, str):
        raise TypeError("argument docstring of add_docstring should be a str")
    known = getattr(obj, "__doc__", None)
    if known is None:
        try:
            obj.__doc__ = docstring
        except (AttributeError, TypeError):
            raise TypeError("Cannot set a docstring for that object") from None
    elif known != docstring:
        raise RuntimeError(f"{getattr(obj, '__name__', 'object')} already has a different docstring")


@set_module("numpy.lib")
def add_newdoc(place, obj, doc, warn_on_python=True):
    """Attach documentation to an object of a module, or to one attribute of it."""
    from importlib import import_module

    target = getattr(import_module(place.replace("numpy", "numoxide", 1)), obj)
    pairs = [(None, doc)] if isinstance(doc, str) else [doc] if isinstance(doc, tuple) else doc
    for attribute, text in pairs:
        what = target if attribute is None else getattr(target, attribute)
        if warn_on_python and _takes_docs(what):
            _warn_python_object(what)
        try:
            add_docstring(what, text.strip())
        except Exception:
            # An object that has its text already keeps it.
            continue


def _takes_docs(what):
    """Tell whether an object's documentation could be written where it is defined."""
    import types

    return isinstance(what, (types.FunctionType, types.MethodType, property))


def _warn_python_object(what):
    """Warn that documentation belongs beside a Python object's code."""
    import warnings

    warnings.warn(
        f"add_newdoc was used on a pure-python object {what}. Prefer to attach it directly to "
        "the source.",
        UserWarning,
        stacklevel=3,
    )
