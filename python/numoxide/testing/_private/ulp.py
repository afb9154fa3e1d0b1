"""Distances counted in representable numbers."""

import numoxide as np


def integer_repr(x):
    """Map floats to integers that count the representable numbers up to them."""
    sizes = {np.float16: np.int16, np.float32: np.int32, np.float64: np.int64}
    if x.dtype.type not in sizes:
        raise ValueError(f"Unsupported dtype {x.dtype}")
    kind = sizes[x.dtype.type]
    bits = np.atleast_1d(x.view(kind)) if x.ndim == 0 else x.view(kind).copy()
    bits = bits.copy()
    negative = bits < 0
    bits[negative] = np.iinfo(kind).min - bits[negative]
    return bits if x.ndim else bits.reshape(())


_integer_repr = integer_repr


def nulp_diff(x, y, dtype=None):
    """Count the representable numbers between two arrays, element by element."""
    x, y = np.asarray(x, dtype=dtype), np.asarray(y, dtype=dtype)
    common = np.common_type(x, y)
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        raise NotImplementedError("_nulp not implemented for complex array")
    x, y = np.array([x], dtype=common), np.array([y], dtype=common)
    x[np.isnan(x)] = np.nan
    y[np.isnan(y)] = np.nan
    if x.shape != y.shape:
        raise ValueError(f"Arrays do not have the same shape: {x.shape} - {y.shape}")
    return np.abs(np.asarray(integer_repr(x) - integer_repr(y), dtype=common))


def assert_array_almost_equal_nulp(x, y, nulp=1):
    """Fail unless two arrays differ by at most `nulp` spacings of the larger value."""
    __tracebackhide__ = True
    larger = np.where(np.abs(x) > np.abs(y), np.abs(x), np.abs(y))
    if np.all(np.abs(x - y) <= nulp * np.spacing(larger)):
        return
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        raise AssertionError(f"Arrays are not equal to {nulp} ULP")
    worst = np.max(nulp_diff(x, y))
    raise AssertionError(f"Arrays are not equal to {nulp} ULP (max is {worst:g})")


def assert_array_max_ulp(a, b, maxulp=1, dtype=None):
    """Fail unless two arrays differ by at most `maxulp` representable numbers."""
    __tracebackhide__ = True
    distance = nulp_diff(a, b, dtype)
    if not np.all(distance <= maxulp):
        raise AssertionError(
            f"Arrays are not almost equal up to {maxulp:g} ULP "
            f"(max difference is {np.max(distance):g} ULP)"
        )
    return distance
