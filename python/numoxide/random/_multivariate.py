"""Distributions of vectors: Dirichlet, multinomial, multivariate hypergeometric and normal."""

import warnings

import numoxide as np
from numoxide._core._multiarray_umath import _random as _engine
from numoxide.random._draw import _shape

_URN_LIMIT = 10**9
_COLORS_LIMIT = 2**63 - 1


def _rows(size, width, dtype):
    """Give an array of vectors of a width."""
    return np.zeros((() if size is None else _shape(size)) + (width,), dtype)


def dirichlet(owner, alpha, size):
    """Draw from the Dirichlet distribution for parameters that were checked."""
    out = _rows(size, alpha.size, np.float64)
    with owner._lock:
        _engine.dirichlet(owner._capsule, owner._gauss, alpha, out)
    return out


def check_pvals(pvals):
    """Check that the probabilities of categories, all but the last, leave room for the last."""
    array = np.ascontiguousarray(pvals, np.float64)
    if (~((array >= 0) & (array <= 1))).any():
        raise ValueError("pvals < 0, pvals > 1 or pvals contains NaNs")
    if (array[..., :-1].sum(axis=-1) > 1.0 + 1e-12).any():
        text = "sum(pvals[:-1]"
        narrow = isinstance(pvals, np.ndarray) and pvals.dtype != np.float64
        if narrow and not (pvals[..., :-1].sum(axis=-1) > 1.0).any():
            text += ".astype(np.float64)"
            raise ValueError(
                f"{text}) > 1.0. The pvals array is cast to 64-bit floating point prior to "
                "checking the sum. Precision changes when casting may cause problems even if "
                "the sum of the original pvals is valid."
            )
        raise ValueError(f"{text}) > 1.0")
    return array


def multinomial(owner, n, pvals, size):
    """Draw multinomial counts for one total or many, one set of probabilities or many."""
    array = np.asarray(pvals, np.float64)
    if array.ndim < 1 or array.shape[-1] == 0:
        raise ValueError(
            "pvals must have at least 1 dimension and the last dimension of pvals must be "
            "greater than 0."
        )
    n = np.asarray(n) if isinstance(n, np.ndarray) else np.asarray(n, np.int64)
    n = n.astype(np.int64, casting="safe", copy=False)
    array = check_pvals(pvals)
    if (n < 0).any():
        raise ValueError("n < 0")
    leading = np.broadcast(n, array[..., 0]).shape
    if size is None:
        shape = leading
    else:
        shape = _shape(size)
        if leading and np.broadcast(np.empty(shape), np.empty(leading)).shape != shape:
            raise ValueError(
                f"Output size {shape} is not compatible with broadcast dimensions of inputs "
                f"{leading}."
            )
    width = array.shape[-1]
    n = np.ascontiguousarray(np.broadcast_to(n, shape))
    if array.ndim > 1:
        array = np.ascontiguousarray(np.broadcast_to(array, (*shape, width)))
    out = np.zeros((*shape, width), np.int64)
    with owner._lock:
        _engine.multinomial(owner._capsule, n, array, width, out)
    return out


def hypergeometric(owner, colors, nsample, size, method):
    """Draw from the multivariate hypergeometric distribution."""
    if method not in ("count", "marginals"):
        raise ValueError('method must be "count" or "marginals".')
    nsample = int(nsample)
    if nsample < 0:
        raise ValueError("nsample must be nonnegative.")
    array = np.array(colors)
    if array.size == 0:
        array = array.astype(np.int64) if array.ndim == 1 else array
    if (
        array.ndim != 1
        or array.dtype.kind not in "iu"
        or (array < 0).any()
        or (array > _COLORS_LIMIT).any()
    ):
        raise ValueError(
            "colors must be a one-dimensional sequence of nonnegative integers not exceeding "
            f"{_COLORS_LIMIT}."
        )
    array = np.ascontiguousarray(array, np.int64)
    total = sum(array.tolist())
    if method == "marginals" and total >= _URN_LIMIT:
        raise ValueError(
            f'When method is "marginals", sum(colors) must be less than {_URN_LIMIT}.'
        )
    if method == "count" and total > 2**48:
        raise ValueError(
            "When method is 'count', sum(colors) must not exceed 281474976710656."
        )
    if nsample > total:
        raise ValueError("nsample > sum(colors)")
    out = _rows(size, array.size, np.int64)
    with owner._lock:
        _engine.multivariate_hypergeometric(
            owner._capsule, array, nsample, method == "count", out
        )
    return out


def normal(owner, mean, cov, size, check_valid, tol, method):
    """Draw normal vectors: standard ones times a square root of the covariance."""
    mean = np.array(mean)
    cov = np.array(cov)
    if np.issubdtype(mean.dtype, np.complexfloating) or np.issubdtype(
        cov.dtype, np.complexfloating
    ):
        raise TypeError("mean and cov must not be complex")
    shape = [] if size is None else list(_shape(size))
    if mean.ndim != 1:
        raise ValueError("mean must be 1 dimensional")
    if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
        raise ValueError("cov must be 2 dimensional and square")
    if mean.shape[0] != cov.shape[0]:
        raise ValueError("mean and cov must have same length")
    x = owner.standard_normal((*shape, mean.shape[0])).reshape(-1, mean.shape[0])
    cov = cov.astype(np.double)
    factor, valid = _root(cov, method, tol, owner._gauss is not None)
    if check_valid != "ignore":
        if check_valid not in ("warn", "raise"):
            raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
        if not valid():
            if check_valid == "raise":
                raise ValueError("covariance is not symmetric positive-semidefinite.")
            warnings.warn(
                "covariance is not symmetric positive-semidefinite.", RuntimeWarning, stacklevel=3
            )
    x = mean + np.dot(x, factor)
    return x.reshape(*shape, mean.shape[0])


def _root(cov, method, tol, legacy):
    """Give the factor that standard variates are multiplied with, and a test of the covariance."""
    from numoxide.linalg import cholesky, eigh, svd

    if method == "svd":
        u, s, vh = svd(cov)

        def valid():
            return np.allclose(np.dot(vh.T * s, vh), cov, rtol=tol, atol=tol)

        return (np.sqrt(s)[:, None] * vh if legacy else (u * np.sqrt(s)).T), valid
    if method == "eigh":
        s, u = eigh(cov)
        return (u * np.sqrt(abs(s))).T, lambda: not np.any(s < -tol)
    return cholesky(cov).T, lambda: True
