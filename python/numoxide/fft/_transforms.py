"""Transforms: lengths, axes and scales are settled here, lines are transformed by generalised ufuncs."""

import warnings

import numoxide as _nx
from numoxide._core import _multiarray_umath as _ext
from numoxide._core.overrides import public
from numoxide.lib.array_utils import normalize_axis_index

_ufuncs = _ext._pocketfft_umath

# What the other direction scales by.
_OTHER = {"backward": "forward", None: "forward", "ortho": "ortho", "forward": "backward"}


def _opposite(norm):
    """The scaling that undoes `norm`."""
    try:
        return _OTHER[norm]
    except KeyError:
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".') from None


def _line(a, n, axis, norm, out, *, inverse=False, real=False):
    """Transform along one axis; real input if `real` and not `inverse`, real output if both."""
    if n < 1:
        raise ValueError(f"Invalid number of FFT data points ({n}) specified.")
    if inverse:
        norm = _opposite(norm)
    kind = a.dtype if a.dtype.kind == "f" else a.real.dtype if a.dtype.kind == "c" else 1.0
    dtype = _nx.result_type(kind, 1.0)
    if norm is None or norm == "backward":
        scale = dtype.type(1)
    elif norm == "ortho":
        scale = _nx.reciprocal(_nx.sqrt(n, dtype=dtype))
    elif norm == "forward":
        scale = _nx.reciprocal(n, dtype=dtype)
    else:
        raise ValueError(f'Invalid norm value {norm}; should be "backward","ortho" or "forward".')
    count = n
    if not real:
        ufunc = _ufuncs.ifft if inverse else _ufuncs.fft
    elif inverse:
        ufunc = _ufuncs.irfft
    else:
        ufunc, count = _ufuncs.rfft_n_odd if n % 2 else _ufuncs.rfft_n_even, n // 2 + 1
    axis = normalize_axis_index(axis, a.ndim)
    shape = (*a.shape[:axis], count, *a.shape[axis + 1 :])
    if out is None:
        out = _nx.empty(shape, dtype=dtype if real and inverse else _nx.result_type(dtype, 1j))
    elif getattr(out, "shape", shape) != shape:
        raise ValueError("output array has wrong shape.")
    return ufunc(a, scale, axes=[(axis,), (), (axis,)], out=out)


@public("a", "out", module="numpy.fft")
def fft(a, n=None, axis=-1, norm=None, out=None):
    """Discrete Fourier transform along an axis, of `n` points (cut, or filled up with zeros).

    >>> np.fft.fft([1, 2, 3, 4])
    array([10.+0.j, -2.+2.j, -2.+0.j, -2.-2.j])
    """
    a = _nx.asarray(a)
    return _line(a, a.shape[axis] if n is None else n, axis, norm, out)


@public("a", "out", module="numpy.fft")
def ifft(a, n=None, axis=-1, norm=None, out=None):
    """Inverse discrete Fourier transform along an axis.

    >>> np.fft.ifft([0, 4, 0, 0])
    array([ 1.+0.j,  0.+1.j, -1.+0.j,  0.-1.j])
    """
    a = _nx.asarray(a)
    return _line(a, a.shape[axis] if n is None else n, axis, norm, out, inverse=True)


@public("a", "out", module="numpy.fft")
def rfft(a, n=None, axis=-1, norm=None, out=None):
    """Transform of real input along an axis: the items that are not conjugates of others.

    >>> np.fft.rfft([0, 1, 0, 0])
    array([ 1.+0.j,  0.-1.j, -1.+0.j])
    """
    a = _nx.asarray(a)
    return _line(a, a.shape[axis] if n is None else n, axis, norm, out, real=True)


@public("a", "out", module="numpy.fft")
def irfft(a, n=None, axis=-1, norm=None, out=None):
    """Inverse of `rfft`: `n` real items, by default twice the input's less two.

    >>> np.fft.irfft([1, -1j, -1])
    array([0., 1., 0., 0.])
    """
    a = _nx.asarray(a)
    if n is None:
        n = (a.shape[axis] - 1) * 2
    return _line(a, n, axis, norm, out, inverse=True, real=True)


@public("a", "out", module="numpy.fft")
def hfft(a, n=None, axis=-1, norm=None, out=None):
    """Real transform of a signal given by its first half, the other being its mirrored conjugate.

    >>> np.fft.hfft([1, 2, 3])
    array([ 8., -2.,  0., -2.])
    """
    a = _nx.asarray(a)
    if n is None:
        n = (a.shape[axis] - 1) * 2
    return irfft(_nx.conjugate(a), n, axis, norm=_opposite(norm), out=None)


@public("a", "out", module="numpy.fft")
def ihfft(a, n=None, axis=-1, norm=None, out=None):
    """Inverse of `hfft`.

    >>> np.fft.ihfft([8.0, -2.0, 0.0, -2.0]).real
    array([1., 2., 3.])
    """
    a = _nx.asarray(a)
    result = rfft(a, a.shape[axis] if n is None else n, axis, norm=_opposite(norm), out=out)
    return _nx.conjugate(result, out=result)


def _lengths(a, s, axes, inverse_real=False):
    """Points along each axis that is transformed, and the axes."""
    if s is None:
        given = False
        s = list(a.shape) if axes is None else list(_nx.take(a.shape, axes))
    else:
        given, s = True, list(s)
        if None in s:
            warnings.warn(
                "Passing an array containing `None` values to `s` is deprecated in NumPy 2.0 and will raise an "
                "error in a future version of NumPy. To use the default behaviour of the corresponding 1-D "
                "transform, pass the value matching the default for its `n` parameter. To use the default "
                "behaviour for every axis, the `s` argument can be omitted.",
                DeprecationWarning,
                stacklevel=4,
            )
        if axes is None:
            warnings.warn(
                "`axes` should not be `None` if `s` is not `None` (Deprecated in NumPy 2.0). In a future version "
                "of NumPy, this will raise an error and `s[i]` will correspond to the size along the transformed "
                "axis specified by `axes[i]`. To retain current behaviour, pass a sequence [0, ..., k-1] to "
                "`axes` for an array of dimension k.",
                DeprecationWarning,
                stacklevel=4,
            )
    if axes is None:
        axes = list(range(-len(s), 0))
    if len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    if inverse_real and not given:
        s[-1] = (a.shape[axes[-1]] - 1) * 2
    s = [a.shape[axis] if n == -1 else n for n, axis in zip(s, axes, strict=True)]
    return s, axes


def _each_axis(a, s, axes, norm, line, out=None):
    """Transform the axes one after the other, the last first; all into `out`."""
    for n, axis in zip(reversed(s), reversed(axes), strict=True):
        a = line(a, n, axis, norm, out=out)
    return a


@public("a", "out", module="numpy.fft")
def fftn(a, s=None, axes=None, norm=None, out=None):
    """Discrete Fourier transform over several axes, of `s` points each.

    >>> np.fft.fftn(np.ones((2, 2))).real
    array([[4., 0.],
           [0., 0.]])
    """
    a = _nx.asarray(a)
    return _each_axis(a, *_lengths(a, s, axes), norm, fft, out)


@public("a", "out", module="numpy.fft")
def ifftn(a, s=None, axes=None, norm=None, out=None):
    """Inverse discrete Fourier transform over several axes.

    >>> np.fft.ifftn([[4, 0], [0, 0]]).real
    array([[1., 1.],
           [1., 1.]])
    """
    a = _nx.asarray(a)
    return _each_axis(a, *_lengths(a, s, axes), norm, ifft, out)


@public("a", "out", module="numpy.fft")
def fft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """Discrete Fourier transform over two axes.

    >>> np.fft.fft2(np.eye(2)).real
    array([[2., 0.],
           [0., 2.]])
    """
    return fftn(a, s, axes, norm, out)


@public("a", "out", module="numpy.fft")
def ifft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """Inverse discrete Fourier transform over two axes.

    >>> np.fft.ifft2([[2, 0], [0, 2]]).real
    array([[1., 0.],
           [0., 1.]])
    """
    return ifftn(a, s, axes, norm, out=None)


@public("a", "out", module="numpy.fft")
def rfftn(a, s=None, axes=None, norm=None, out=None):
    """Transform of real input over several axes, the last by `rfft`.

    >>> np.fft.rfftn(np.ones((2, 2))).real
    array([[4., 0.],
           [0., 0.]])
    """
    a = _nx.asarray(a)
    s, axes = _lengths(a, s, axes)
    a = rfft(a, s[-1], axes[-1], norm, out=out)
    for axis in range(len(axes) - 2, -1, -1):
        a = fft(a, s[axis], axes[axis], norm, out=out)
    return a


@public("a", "out", module="numpy.fft")
def rfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """Transform of real input over two axes, the last by `rfft`.

    >>> np.fft.rfft2(np.eye(2)).real
    array([[2., 0.],
           [0., 2.]])
    """
    return rfftn(a, s, axes, norm, out=out)


@public("a", "out", module="numpy.fft")
def irfftn(a, s=None, axes=None, norm=None, out=None):
    """Inverse of `rfftn`; without `s`, an even number of points along the last axis.

    >>> np.fft.irfftn([[4, 0], [0, 0]])
    array([[1., 1.],
           [1., 1.]])
    """
    a = _nx.asarray(a)
    s, axes = _lengths(a, s, axes, inverse_real=True)
    for axis in range(len(axes) - 1):
        a = ifft(a, s[axis], axes[axis], norm)
    return irfft(a, s[-1], axes[-1], norm, out=out)


@public("a", "out", module="numpy.fft")
def irfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """Inverse of `rfft2`.

    >>> np.fft.irfft2([[2, 0], [0, 2]])
    array([[1., 0.],
           [0., 1.]])
    """
    return irfftn(a, s, axes, norm, out=None)
