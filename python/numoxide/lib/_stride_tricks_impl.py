"""Views made by shape and strides alone."""

from numoxide._core import multiarray as _nx
from numoxide._core._multiarray_umath import _broadcast_view
from numoxide._core.numeric import normalize_axis_tuple
from numoxide._core.overrides import public, set_module

__all__ = ["broadcast_to", "broadcast_arrays", "broadcast_shapes"]


class DummyArray:
    """Holds an array interface, and the array that owns the memory."""

    def __init__(self, interface, base=None):
        self.__array_interface__ = interface
        self.base = base


def _as_type_of(original, view):
    """Give a plain view the subclass of the array that it came from."""
    if type(original) is not type(view):
        view = view.view(type=type(original))
        if view.__array_finalize__:
            view.__array_finalize__(original)
    return view


@set_module("numpy.lib.stride_tricks")
def as_strided(x, shape=None, strides=None, subok=False, writeable=True):
    """View memory with any shape and strides; nothing checks that they stay inside.

    >>> np.lib.stride_tricks.as_strided(np.arange(4), (2, 3), (8, 8))
    array([[0, 1, 2],
           [1, 2, 3]])
    """
    x = _nx.array(x, copy=None, subok=subok)
    interface = dict(x.__array_interface__)
    if shape is not None:
        interface["shape"] = tuple(shape)
    if strides is not None:
        interface["strides"] = tuple(strides)
    view = _nx.asarray(DummyArray(interface, base=x))
    # The interface cannot say everything about a dtype.
    view.dtype = x.dtype
    view = _as_type_of(x, view)
    if view.flags.writeable and not writeable:
        view.flags.writeable = False
    return view


@public("x", module="numpy.lib.stride_tricks")
def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    """View all windows of a shape that slide over an array.

    >>> np.lib.stride_tricks.sliding_window_view(np.arange(4), 2)
    array([[0, 1],
           [1, 2],
           [2, 3]])
    """
    window = tuple(window_shape) if _nx.asarray(window_shape).ndim else (window_shape,)
    x = _nx.array(x, copy=None, subok=subok)
    if any(length < 0 for length in window):
        raise ValueError("`window_shape` cannot contain negative values")
    if axis is None:
        axis = tuple(range(x.ndim))
        if len(window) != len(axis):
            raise ValueError(
                "Since axis is `None`, must provide window_shape for all dimensions of `x`; got "
                f"{len(window)} window_shape elements and `x.ndim` is {x.ndim}."
            )
    else:
        axis = normalize_axis_tuple(axis, x.ndim, allow_duplicate=True)
        if len(window) != len(axis):
            raise ValueError(
                "Must provide matching length window_shape and axis; got "
                f"{len(window)} window_shape elements and {len(axis)} axes elements."
            )
    shape = list(x.shape)
    for ax, length in zip(axis, window):
        if shape[ax] < length:
            raise ValueError("window shape cannot be larger than input array shape")
        shape[ax] -= length - 1
    strides = x.strides + tuple(x.strides[ax] for ax in axis)
    return as_strided(x, tuple(shape) + window, strides, subok=subok, writeable=writeable)


def _broadcast_to(array, shape, subok, readonly):
    """View an array with a larger shape through strides of zero."""
    shape = tuple(shape) if _iterable(shape) else (shape,)
    array = _nx.array(array, copy=None, subok=subok)
    if not shape and array.shape:
        raise ValueError("cannot broadcast a non-scalar to a scalar array")
    if any(size < 0 for size in shape):
        raise ValueError("all elements of broadcast shape must be non-negative")
    result = _broadcast_view(array, shape)
    if not readonly and array.flags._writeable_no_warn:
        result.flags.writeable = True
        result.flags._warn_on_write = True
    return result


def _iterable(x):
    try:
        iter(x)
    except TypeError:
        return False
    return True


@public("array")
def broadcast_to(array, shape, subok=False):
    """View an array with a larger shape; the view cannot be written."""
    return _broadcast_to(array, shape, subok=subok, readonly=True)


def _broadcast_shape(*args):
    """Find the shape that arrays broadcast to, however many they are."""
    merged = _nx.broadcast(*args[:32])
    for start in range(32, len(args), 31):
        # A broadcast object takes only so many operands: the shape so far stands for them.
        merged = broadcast_to(0, merged.shape)
        merged = _nx.broadcast(merged, *args[start : start + 31])
    return merged.shape



@set_module("numpy")
def broadcast_shapes(*args):
    """Find the shape that shapes broadcast to.

    >>> np.broadcast_shapes((3, 1), (1, 4))
    (3, 4)
    """
    return _broadcast_shape(*[_nx.empty(x, dtype=[]) for x in args])


@public("*args")
def broadcast_arrays(*args, subok=False):
    """View arrays with the one shape that they broadcast to."""
    args = [_nx.array(a, copy=None, subok=subok) for a in args]
    shape = _broadcast_shape(*args)
    if all(a.shape == shape for a in args):
        return tuple(args)
    return tuple(
        a if a.shape == shape else _broadcast_to(a, shape, subok=subok, readonly=False)
        for a in args
    )
