"""Distributions that `Generator` and `RandomState` have with the same arguments.

`adopt` copies the functions of `Shared` into a class, so that they are methods of their own there.
"""

import math
import types

import numoxide as np
from numoxide._core._multiarray_umath import _random as _engine
from numoxide.random._draw import TABLE

_PLAIN = {
    "beta": ("a, b", "Draw from the beta distribution."),
    "binomial": ("n, p", "Draw the number of successes in `n` trials."),
    "chisquare": ("df", "Draw from the chi-square distribution."),
    "exponential": ("scale=1.0", "Draw from the exponential distribution."),
    "f": ("dfnum, dfden", "Draw from the F distribution."),
    "gamma": ("shape, scale=1.0", "Draw from the gamma distribution."),
    "geometric": ("p", "Draw the number of trials up to the first success."),
    "gumbel": ("loc=0.0, scale=1.0", "Draw from the Gumbel distribution."),
    "laplace": ("loc=0.0, scale=1.0", "Draw from the Laplace distribution."),
    "logistic": ("loc=0.0, scale=1.0", "Draw from the logistic distribution."),
    "lognormal": ("mean=0.0, sigma=1.0", "Draw from the log-normal distribution."),
    "logseries": ("p", "Draw from the logarithmic series distribution."),
    "noncentral_chisquare": ("df, nonc", "Draw from the noncentral chi-square distribution."),
    "noncentral_f": ("dfnum, dfden, nonc", "Draw from the noncentral F distribution."),
    "normal": ("loc=0.0, scale=1.0", "Draw from the normal distribution."),
    "pareto": ("a", "Draw from the Pareto II (Lomax) distribution."),
    "poisson": ("lam=1.0", "Draw from the Poisson distribution."),
    "power": ("a", "Draw from the power-function distribution on [0, 1]."),
    "rayleigh": ("scale=1.0", "Draw from the Rayleigh distribution."),
    "standard_cauchy": ("", "Draw from the standard Cauchy distribution."),
    "standard_t": ("df", "Draw from Student's t distribution."),
    "vonmises": ("mu, kappa", "Draw angles from the von Mises distribution."),
    "wald": ("mean, scale", "Draw from the inverse Gaussian distribution."),
    "weibull": ("a", "Draw from the Weibull distribution."),
    "zipf": ("a", "Draw from the Zipf distribution."),
}


def _plain(name, params, doc):
    """Make the method of a distribution that only checks and draws."""
    names = [part.split("=")[0].strip() for part in params.split(",") if part]
    given = "".join(f"{name}, " for name in names)
    row = TABLE[name]
    numbers = [n if i in row.integers else f"float({n})" for i, n in enumerate(names)]
    quick = " and ".join(part for part in ("size is None", row.plainly_good(names)) if part)
    code = f"def {name}(self, {params + ', ' if params else ''}size=None):\n"
    code += f"    if {quick}:\n        with self._lock:\n"
    code += f"            return _one(self._capsule, self._gauss, {row.row}, ({''.join(n + ', ' for n in numbers)}))\n"
    code += f"    return _draw(self, size, ({given}))\n"
    scope = {"_draw": row.draw, "_one": _engine.draw_one, "_numbers": (float, int)}
    exec(code, scope)
    scope[name].__doc__ = doc
    return scope[name]


_UNIFORM = TABLE["uniform"]
NUMBERS = float, int


class Shared:
    """The functions that `adopt` copies."""

    locals().update((name, _plain(name, *row)) for name, row in _PLAIN.items())

    def triangular(self, left, mode, right, size=None):
        """Draw from the triangular distribution."""
        row = TABLE["triangular"]
        values = [row._value(i, v) for i, v in enumerate((left, mode, right))]
        left, mode, right = values
        if np.any(np.greater(left, mode)):
            raise ValueError("left > mode")
        if np.any(np.greater(mode, right)):
            raise ValueError("mode > right")
        if np.any(np.equal(left, right)):
            raise ValueError("left == right")
        return row.fill(self, size, values)

    def bytes(self, length):
        """Give `length` random bytes."""
        if not isinstance(length, (int, np.integer)):
            raise TypeError("an integer is required")
        # Division towards zero: no bytes take a word too.
        words = np.empty(1 + ((length - 1) // 4 if length > 0 else -((1 - length) // 4)), np.uint32)
        with self._lock:
            _engine.integers(self._capsule, 0, 2**32 - 1, False, words)
        return words.astype("<u4", copy=False).tobytes()[:length]

    def _plain_uniform(self, low, high, size):
        """Give uniform variates for plain numbers, or None where there is more to check."""
        low = float(low)
        width = float(high) - low
        if not 0.0 < width < math.inf:
            return None
        if size is not None:
            return self._affine("uniform", low, width, size)
        with self._lock:
            return _engine.draw_one(self._capsule, self._gauss, _UNIFORM.row, (low, width))

    def _affine(self, what, loc, scale, size):
        """Give `loc + scale * z` for standard variates `z`."""
        out = np.empty(size, np.float64)
        with self._lock:
            _engine.fill_affine(self._capsule, what, loc, scale, out)
        return out

    def _plain_integers(self, low, high, size, endpoint, masked):
        """Give int64 variates for plain bounds, or None where there is more to check."""
        if high is None:
            low, high = 0, low
        high -= not endpoint
        if not -(2**63) <= low <= high < 2**63:
            return None
        if size is None:
            with self._lock:
                return _engine.integer(self._capsule, low, high - low, masked)
        out = np.empty(size, np.int64)
        with self._lock:
            _engine.integers(self._capsule, low % 2**64, high - low, masked, out)
        return out

    def _range(self, row, low, high, arrays):
        """Give `low` and `high - low` for uniform variates, checked to be finite."""
        low, high = (row._value(i, v) for i, v in enumerate((low, high)))
        width = high - low
        if not np.all(np.isfinite(width)):
            one = not isinstance(width, np.ndarray)
            raise OverflowError(
                "high - low range exceeds valid bounds"
                if one and arrays
                else "Range exceeds valid bounds"
            )
        return low, width

    def _standard(self, what, size):
        """Give doubles of one of the standard variates."""
        if size is None:
            with self._lock:
                return _engine.one(self._capsule, what)
        out = np.empty(size, np.float64)
        with self._lock:
            _engine.fill(self._capsule, what, out)
        return out

    def _subset(self, cdf, p, pop_size, size, shape):
        """Choose `size` different indices with probabilities `p`, redrawing those seen."""
        if np.count_nonzero(p > 0) < size:
            raise ValueError("Fewer non-zero entries in p than size")
        found = np.zeros(size, np.int64)
        unique, p = 0, p.copy()
        while unique < size:
            x = self.random(size - unique)
            if unique > 0:
                p[found[:unique]] = 0
            cdf = np.cumsum(p)
            cdf /= cdf[-1]
            new = cdf.searchsorted(x, side="right")
            _, first = np.unique(new, return_index=True)
            first.sort()
            new = new.take(first)
            found[unique : unique + new.size] = new
            unique += new.size
        return found.reshape(shape)


def adopt(cls):
    """Copy the shared functions into `cls`."""
    for name, value in vars(Shared).items():
        if isinstance(value, types.FunctionType) and name not in vars(cls):
            copy = types.FunctionType(
                value.__code__, value.__globals__, name, value.__defaults__, value.__closure__
            )
            copy.__doc__ = value.__doc__
            copy.__module__ = cls.__module__
            copy.__qualname__ = f"{cls.__name__}.{name}"
            setattr(cls, name, copy)
    return cls


def product(size):
    """Give the number of items of a size."""
    if size is None:
        return 1
    return math.prod(size) if isinstance(size, tuple) else int(np.prod(size, dtype=np.intp))


def probabilities(p, pop_size, words):
    """Check probabilities for `choice`; `words` are the messages of the caller's class."""
    tolerance = math.sqrt(np.finfo(np.float64).eps)
    if isinstance(p, np.ndarray) and np.issubdtype(p.dtype, np.floating):
        tolerance = max(tolerance, math.sqrt(np.finfo(p.dtype).eps))
    p = np.ascontiguousarray(p, np.float64) if np.ndim(p) else np.asarray(p, np.float64)
    if p.ndim != 1:
        raise ValueError(words["dim"])
    if p.size != pop_size:
        raise ValueError(words["size"])
    total = _kahan_sum(p)
    if math.isnan(total):
        raise ValueError(words["nan"])
    if np.logical_or.reduce(p < 0):
        raise ValueError(words["negative"])
    if abs(total - 1.0) > tolerance:
        raise ValueError(words["sum"])
    return p


def _kahan_sum(p):
    """Give the sum of probabilities with an error that does not grow with their number."""
    values = p.tolist()
    return math.fsum(values) if all(map(math.isfinite, values)) else float(p.sum())


def integer_bounds(low, high, dtype, size, endpoint, masked, owner):
    """Give random integers from `low` to `high` in `dtype`, sizes and bounds as `Generator`."""
    if size is not None and product(size) == 0:
        # Nothing is drawn, so any bounds will do.
        return np.empty(size, dtype)
    bits = dtype.itemsize * 8
    lowest, highest = _limits(dtype)
    implied_zero = high is None
    if implied_zero:
        low, high = 0, low
    if np.ndim(low) == 0 and np.ndim(high) == 0:
        low, high = int(low), int(high)
        high -= not endpoint
        _check_bounds(low, high, lowest, highest, dtype, endpoint, implied_zero)
        out = np.empty(() if size is None else size, dtype)
        with owner._lock:
            if dtype.kind == "b":
                _engine.bools(owner._capsule, bool(low), high > low, out)
            else:
                _engine.integers(owner._capsule, low % 2**bits, high - low, masked, out)
        return out[()] if size is None else out
    return _integer_arrays(low, high, dtype, size, endpoint, masked, owner, implied_zero)


def _limits(dtype):
    """Give the least and greatest value of an integer dtype or bool."""
    if dtype.kind == "b":
        return 0, 1
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)


def _check_bounds(low, high, lowest, highest, dtype, endpoint, implied_zero):
    """Check an inclusive range; in the order of the messages."""
    if low < lowest:
        raise ValueError(f"low is out of bounds for {dtype}")
    if high > highest:
        raise ValueError(f"high is out of bounds for {dtype}")
    if low > high:
        raise ValueError(_empty_range(endpoint, implied_zero))


def _empty_range(endpoint, implied_zero):
    """Say that no integer lies between the bounds."""
    sign = ">" if endpoint else ">="
    if implied_zero:
        return f"high {'<' if endpoint else '<='} 0"
    return f"low {sign} high"


def _integer_arrays(low, high, dtype, size, endpoint, masked, owner, implied_zero):
    """Give random integers for bounds of which one at least is an array."""
    from numoxide.random._draw import _broadcast_size

    lowest, highest = _limits(dtype)
    low, high = _exact(low), _exact(high)
    if np.any(low < lowest):
        raise ValueError(f"low is out of bounds for {dtype}")
    if np.any(high > highest + (not endpoint)):
        raise ValueError(f"high is out of bounds for {dtype}")
    if np.any(low > high) if endpoint else np.any(low >= high):
        raise ValueError(_empty_range(endpoint, implied_zero))
    shape = _broadcast_size(size, [low, high], first=False)
    out = np.empty(shape, dtype)
    if dtype.kind == "b":
        unsigned = np.dtype(np.uint8)
    else:
        unsigned = np.dtype(f"u{dtype.itemsize}")
    modulus = 2 ** (8 * unsigned.itemsize)
    width = high - low - (not endpoint)
    offset = _fitted(low, modulus, unsigned, shape)
    width = _fitted(width, modulus, unsigned, shape)
    with owner._lock:
        if dtype.kind == "b":
            _engine.bools_between(owner._capsule, offset, width, out.view(np.uint8))
        else:
            _engine.integers_between(owner._capsule, offset, width, masked, out)
    return out


def _exact(bound):
    """Give bounds as an object array of Python integers, which cannot overflow."""
    array = np.asarray(bound)
    if array.dtype.kind not in "iub":
        array = np.asarray(bound, dtype=object)
    ints = [int(item) for item in array.ravel().tolist()]
    out = np.empty(len(ints), dtype=object)
    out[:] = ints
    return out.reshape(array.shape)


def _fitted(values, modulus, dtype, shape):
    """Give Python integers as unsigned ones of a size, broadcast to `shape`."""
    values = np.asarray(values % modulus, dtype=object).astype(dtype)
    return np.ascontiguousarray(np.broadcast_to(values, shape))
