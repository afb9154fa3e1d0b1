"""Reductions without an identity refuse axes that hold no items, and only those."""

import itertools

import numpy as np
import pytest

import numoxide as ox

SHAPES = [(0,), (0, 0), (0, 3, 0), (2, 0, 0), (0, 2), (2, 0), (3, 0, 4)]


def _outcome(module, name, shape, axis):
    try:
        return getattr(module, name).reduce(module.zeros(shape), axis=axis).shape
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["maximum", "fmin", "add"])
def test_empty_axes(name, shape):
    axes = [n for k in range(len(shape) + 1) for n in itertools.combinations(range(len(shape)), k)]
    for axis in [None, *axes]:
        assert _outcome(ox, name, shape, axis) == _outcome(np, name, shape, axis), (shape, axis)
