"""Covariance and correlation."""

import warnings

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import any as _any
from numoxide._core.fromnumeric import around, clip, squeeze
from numoxide._core.multiarray import array, asarray, concatenate
from numoxide._core.overrides import public

__all__ = ["cov", "corrcoef"]


def _weights(weights, name, count):
    """Check one kind of weights."""
    if weights.ndim > 1:
        raise RuntimeError(f"cannot handle multidimensional {name}")
    if weights.shape[0] != count:
        raise RuntimeError(f"incompatible numbers of samples and {name}")
    if _any(weights < 0):
        raise ValueError(f"{name} cannot be negative")
    return weights


@public("m", "y", "fweights", "aweights")
def cov(
    m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None
):
    """Estimate the covariance matrix of variables given in rows, or in columns."""
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    m = asarray(m)
    if m.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    if y is not None:
        y = asarray(y)
        if y.ndim > 2:
            raise ValueError("y has more than 2 dimensions")
    if dtype is None:
        dtype = _nx.result_type(m, nt.float64) if y is None else _nx.result_type(m, y, nt.float64)
    X = _variables(m, y, rowvar, dtype)
    if X is None:
        return array([]).reshape(0, 0)
    if ddof is None:
        ddof = 0 if bias else 1
    w = None
    if fweights is not None:
        fweights = asarray(fweights, dtype=float)
        if not (fweights == around(fweights)).all():
            raise TypeError("fweights must be integer")
        w = _weights(fweights, "fweights", X.shape[1])
    if aweights is not None:
        aweights = _weights(asarray(aweights, dtype=float), "aweights", X.shape[1])
        w = aweights if w is None else w * aweights
    from numoxide.lib._function_base_impl import average

    avg, w_sum = average(X, axis=1, weights=w, returned=True)
    # The degrees of freedom: reliability weights count by their own weighted mean.
    fact = X.shape[1] if w is None else w_sum[0]
    if ddof != 0:
        each = 1 if aweights is None else (w * aweights).sum() / fact
        fact = fact - ddof * each
    if fact <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=3)
        fact = 0.0
    X -= avg[:, None]
    right = X.T if w is None else (X * w).T
    c = _nx.dot(X, right.conj())
    c *= um.true_divide(1, fact)
    return squeeze(c)


def _variables(m, y, rowvar, dtype):
    """Arrange variables in rows; None if there are none."""
    X = array(m, ndmin=2, dtype=dtype)
    if not rowvar and m.ndim != 1:
        X = X.T
    if X.shape[0] == 0:
        return None
    if y is not None:
        y = array(y, copy=None, ndmin=2, dtype=dtype)
        if not rowvar and y.shape[0] != 1:
            y = y.T
        X = concatenate((X, y), axis=0)
    return X


@public("x", "y")
def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    """Compute correlation coefficients of variables given in rows, or in columns."""
    c = cov(x, y, rowvar, dtype=dtype)
    try:
        d = c.diagonal()
    except ValueError:
        # A single variable: its covariance is a number, or NaN.
        return c / c
    stddev = um.sqrt(d.real)
    c /= stddev[:, None]
    c /= stddev[None, :]
    # Rounding may have left the interval of correlations.
    clip(c.real, -1, 1, out=c.real)
    if issubclass(c.dtype.type, nt.complexfloating):
        clip(c.imag, -1, 1, out=c.imag)
    return c
