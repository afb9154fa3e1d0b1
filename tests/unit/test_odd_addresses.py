"""Operands that lie at odd addresses take part in calls with casts."""

import numoxide as np
import pytest


def odd(code):
    """Three zeros of a dtype, one byte off their alignment."""
    return np.zeros(100, np.uint8)[1 : 1 + 3 * np.dtype(code).itemsize].view(code)


@pytest.mark.parametrize("first", "gGFD")
@pytest.mark.parametrize("second", "gGFD")
def test_casts(first, second):
    out = odd("G")
    assert np.add(odd(first), odd(second), out=out).tolist() == [0, 0, 0]
    assert not odd(first).any()
    np.add.at(out, [0, 0], odd(first)[:2])
    assert np.add.accumulate(odd(first), dtype=second).tolist() == [0, 0, 0]
