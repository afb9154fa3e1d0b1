"""Assertions about masked arrays."""

import operator
from unittest import TestCase

import numoxide as np
import numoxide._core.umath as umath
import numoxide.testing
from numoxide.ma.core import filled, getmask, mask_or, masked, masked_array, nomask
from numoxide.testing import (  # noqa: F401
    assert_,
    assert_allclose,
    assert_array_almost_equal_nulp,
    assert_raises,
)

__all__ = [
    "TestCase", "almost", "approx", "assert_", "assert_allclose", "assert_almost_equal",
    "assert_array_almost_equal_nulp", "assert_raises", "assert_array_almost_equal",
    "assert_array_approx_equal", "assert_array_compare", "assert_array_equal", "assert_array_less",
    "assert_close", "assert_equal", "assert_equal_records", "assert_mask_equal",
    "assert_not_equal", "fail_if_array_equal",
]  # fmt: skip


def _common(a, b):
    mask = mask_or(getmask(a), getmask(b))
    return mask, filled(masked_array(a, copy=False, mask=mask)), filled(masked_array(b, copy=False, mask=mask))


def approx(a, b, fill_value=True, rtol=1e-5, atol=1e-8):
    """Say element by element whether numbers are close."""
    mask, x, y = _common(a, b)
    if x.dtype.char == "O" or y.dtype.char == "O":
        return np.equal(x, y).ravel()
    x, y = x.astype(float), y.astype(float)
    close = umath.less_equal(umath.absolute(x - y), atol + rtol * umath.absolute(y))
    return filled(masked_array(close, mask=mask), fill_value).ravel()


def almost(a, b, decimal=6, fill_value=True):
    """Say element by element whether numbers agree to a decimal."""
    mask, x, y = _common(a, b)
    if x.dtype.char == "O" or y.dtype.char == "O":
        return np.equal(x, y).ravel()
    close = np.around(np.abs(x.astype(float) - y.astype(float)), decimal) <= 10.0 ** (-decimal)
    return filled(masked_array(close, mask=mask), fill_value).ravel()


def _assert_equal_on_sequences(actual, desired, err_msg=""):
    assert_equal(len(actual), len(desired), err_msg)
    for k in range(len(desired)):
        assert_equal(actual[k], desired[k], f"item={k!r}\n{err_msg}")


def assert_equal_records(a, b):
    """Assert that two records are equal, field by field."""
    assert_equal(a.dtype, b.dtype)
    for name in a.dtype.names:
        one, two = operator.getitem(a, name), operator.getitem(b, name)
        if not (one is masked) and not (two is masked):
            assert_equal(one, two)


def assert_equal(actual, desired, err_msg=""):
    """Assert that two things are equal; masked is equal to masked."""
    if isinstance(desired, dict):
        if not isinstance(actual, dict) or actual.keys() != desired.keys():
            raise AssertionError(numoxide.testing.build_err_msg([actual, desired], err_msg))
        for key, value in desired.items():
            assert_equal(actual[key], value, f"key={key!r}\n{err_msg}")
        return None
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        return _assert_equal_on_sequences(actual, desired, err_msg="")
    if not (isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray)):
        if not desired == actual:
            raise AssertionError(numoxide.testing.build_err_msg([actual, desired], err_msg))
        return None
    if (actual is masked) != (desired is masked):
        raise ValueError(numoxide.testing.build_err_msg([actual, desired], err_msg, header="", names=("x", "y")))
    actual, desired = np.asanyarray(actual), np.asanyarray(desired)
    if actual.dtype.char == "S" and desired.dtype.char == "S":
        return _assert_equal_on_sequences(actual.tolist(), desired.tolist(), err_msg="")
    return assert_array_equal(actual, desired, err_msg)


def fail_if_equal(actual, desired, err_msg=""):
    """Assert that two things differ."""
    if isinstance(desired, dict):
        for k in desired:
            fail_if_equal(actual[k], desired[k], f"key={k!r}\n{err_msg}")
        return None
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        for k in range(len(desired)):
            fail_if_equal(actual[k], desired[k], f"item={k!r}\n{err_msg}")
        return None
    if isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray):
        return fail_if_array_equal(actual, desired, err_msg)
    if not desired != actual:
        raise AssertionError(numoxide.testing.build_err_msg([actual, desired], err_msg))
    return None


assert_not_equal = fail_if_equal


def assert_almost_equal(actual, desired, decimal=7, err_msg="", verbose=True):
    """Assert that numbers agree to a decimal."""
    if isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray):
        return assert_array_almost_equal(actual, desired, decimal=decimal, err_msg=err_msg, verbose=verbose)
    if not np.round(abs(desired - actual), decimal) == 0:
        raise AssertionError(numoxide.testing.build_err_msg([actual, desired], err_msg=err_msg, verbose=verbose))
    return None


assert_close = assert_almost_equal


def assert_array_compare(comparison, x, y, err_msg="", verbose=True, header="", fill_value=True):
    """Assert that a comparison holds where neither array is masked."""
    mask = mask_or(getmask(x), getmask(y))
    x = masked_array(x, copy=False, mask=mask, keep_mask=False, subok=False)
    y = masked_array(y, copy=False, mask=mask, keep_mask=False, subok=False)
    if (x is masked) != (y is masked):
        raise ValueError(numoxide.testing.build_err_msg([x, y], err_msg=err_msg, verbose=verbose, header=header, names=("x", "y")))
    return numoxide.testing.assert_array_compare(
        comparison, x.filled(fill_value), y.filled(fill_value), err_msg=err_msg, verbose=verbose, header=header
    )


def assert_array_equal(x, y, err_msg="", verbose=True):
    """Assert that arrays are equal where neither is masked."""
    assert_array_compare(operator.__eq__, x, y, err_msg=err_msg, verbose=verbose, header="Arrays are not equal")


def fail_if_array_equal(x, y, err_msg="", verbose=True):
    """Assert that arrays differ."""

    def compare(x, y):
        return not np.all(approx(x, y))

    assert_array_compare(compare, x, y, err_msg=err_msg, verbose=verbose, header="Arrays are not equal")


def assert_array_approx_equal(x, y, decimal=6, err_msg="", verbose=True):
    """Assert that arrays are close, relative to their size."""

    def compare(x, y):
        return approx(x, y, rtol=10.0**-decimal)

    assert_array_compare(compare, x, y, err_msg=err_msg, verbose=verbose, header="Arrays are not almost equal")


def assert_array_almost_equal(x, y, decimal=6, err_msg="", verbose=True):
    """Assert that arrays agree to a decimal."""

    def compare(x, y):
        return almost(x, y, decimal)

    assert_array_compare(compare, x, y, err_msg=err_msg, verbose=verbose, header="Arrays are not almost equal")


def assert_array_less(x, y, err_msg="", verbose=True):
    """Assert that an array is less than another."""
    assert_array_compare(operator.__lt__, x, y, err_msg=err_msg, verbose=verbose, header="Arrays are not less-ordered")


def assert_mask_equal(m1, m2, err_msg=""):
    """Assert that two masks are equal."""
    if m1 is nomask:
        assert_(m2 is nomask)
    if m2 is nomask:
        assert_(m1 is nomask)
    assert_array_equal(m1, m2, err_msg=err_msg)


