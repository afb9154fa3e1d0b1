"""Sums and broadcasts whose shapes take paths of their own: short axes, spaced items, results beyond the caches."""

import numpy
import pytest

import numoxide

RNG = numpy.random.default_rng(5)
DTYPES = ["?", "i1", "u2", "i4", "i8", "f2", "f4", "f8", "F", "D"]
SHAPES = [(700, 3), (700, 5), (3, 700), (40, 9, 4), (2, 130, 33), (90, 1, 7), (5000,), (300, 500)]


def draw(shape, dtype):
    return (RNG.standard_normal(shape) * 50).astype(dtype)


def layouts(array):
    """The same array of both libraries in several layouts."""
    for lay in (lambda a: a, lambda a: a[::-1], lambda a: a.T, lambda a: a[..., ::2]):
        yield lay(array), lay(numoxide.array(array))


def same(theirs, ours):
    theirs, ours = numpy.asarray(theirs), numpy.asarray(ours)
    equal_nan = theirs.dtype.kind in "fc"
    return theirs.dtype == ours.dtype and numpy.array_equal(theirs, ours, equal_nan=equal_nan)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", DTYPES)
def test_reductions(shape, dtype):
    array = draw(shape, dtype)
    for theirs, ours in layouts(array):
        for name in ("add", "maximum", "minimum", "multiply"):
            for axis in (None, *range(theirs.ndim)):
                with numpy.errstate(all="ignore"), numoxide.errstate(all="ignore"):
                    expected = getattr(numpy, name).reduce(theirs, axis=axis)
                    assert same(expected, getattr(numoxide, name).reduce(ours, axis=axis)), (name, axis, theirs.strides)


@pytest.mark.parametrize("shape", [(300, 3), (40, 9, 4), (200, 1, 7), (60, 60, 3)], ids=str)
@pytest.mark.parametrize("dtype", DTYPES)
def test_short_axes_broadcast(shape, dtype):
    array = draw(shape, dtype)
    for theirs, ours in layouts(array):
        for index in (0, (..., slice(0, 1)), (slice(None), None)):
            pair = theirs[index], ours[index]
            assert same(theirs + pair[0], ours + pair[1]), (theirs.strides, index)
            assert same(pair[0] * theirs, pair[1] * ours), (theirs.strides, index)


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "D"])
def test_large_results(dtype):
    array = draw(4_300_003, dtype)
    ours = numoxide.array(array)
    for offset in (0, 1):
        theirs, mine = array[offset:], ours[offset:]
        assert same(theirs + theirs[::-1], mine + mine[::-1])
        assert same(theirs * theirs[7], mine * mine[7])
        assert same(-theirs, -mine)
        assert same(theirs.copy(), mine.copy())
