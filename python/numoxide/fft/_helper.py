"""Frequencies of transforms, and shifts that bring the zero frequency to the middle."""

import operator

import numoxide as _nx
from numoxide._core.overrides import public


def _middle(x, axes, sign):
    """Roll by half of each axis."""
    x = _nx.asarray(x)
    if axes is None:
        axes = tuple(range(x.ndim))
        shift = [sign * (n // 2) for n in x.shape]
    elif isinstance(axes, (int, _nx.integer)):
        shift = sign * (x.shape[axes] // 2)
    else:
        shift = [sign * (x.shape[axis] // 2) for axis in axes]
    return _nx.roll(x, shift, axes)


@public("x", module="numpy.fft")
def fftshift(x, axes=None):
    """Move the zero frequency to the middle of each axis.

    >>> np.fft.fftshift(np.fft.fftfreq(4, 0.25))
    array([-2., -1.,  0.,  1.])
    """
    return _middle(x, axes, 1)


@public("x", module="numpy.fft")
def ifftshift(x, axes=None):
    """Undo `fftshift`.

    >>> np.fft.ifftshift([-1, 0, 1])
    array([ 0,  1, -1])
    """
    return _middle(x, axes, -1)


def _points(n):
    """The number of points; anything but an integer is refused."""
    try:
        return operator.index(n)
    except TypeError:
        raise ValueError("n should be an integer") from None


@public(module="numpy.fft")
def fftfreq(n, d=1.0, device=None):
    """Frequencies of the items of a transform of `n` points, `d` apart.

    >>> np.fft.fftfreq(4, 0.5)
    array([ 0. ,  0.5, -1. , -0.5])
    """
    _points(n)
    counts = _nx.arange(n, dtype=int, device=device)
    counts[(n - 1) // 2 + 1 :] -= n
    return counts * (1.0 / (n * d))


@public(module="numpy.fft")
def rfftfreq(n, d=1.0, device=None):
    """Frequencies of the items of a real transform of `n` points, `d` apart.

    >>> np.fft.rfftfreq(4, 0.5)
    array([0. , 0.5, 1. ])
    """
    _points(n)
    return _nx.arange(0, n // 2 + 1, dtype=int, device=device) * (1.0 / (n * d))
