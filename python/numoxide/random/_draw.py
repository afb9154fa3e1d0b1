"""Sizes, parameter checks and broadcasting for variates drawn element by element."""

import math
from operator import index

import numoxide as np
from numoxide._core._multiarray_umath import _random as _engine

_LONG_MAX = 2**63 - 1
# The largest Poisson mean whose variates surely fit 64 bits: ten deviations below the limit.
POISSON_MAX = _LONG_MAX - math.sqrt(_LONG_MAX) * 10


class Rule:
    """A condition on a parameter: a test of one value, the same for arrays, and the messages.

    `good` is Python text that is true of numbers that surely keep it.
    """

    def __init__(self, good, bad, bad_array, text, array_text=None):
        self.good = good
        self.bad = bad
        self.bad_array = bad_array
        self.text = text
        self.array_text = array_text or text.replace("is NaN", "contains NaNs")

    def check(self, name, value):
        """Raise if `value`, a number or an array, breaks the rule."""
        if isinstance(value, np.ndarray):
            if self.bad_array(value).any():
                raise ValueError(self.array_text.format(name))
        elif self.bad(value):
            raise ValueError(self.text.format(name))


NOT_NEGATIVE = Rule(
    "{0} > 0",
    lambda v: math.copysign(1.0, v) < 0 and v == v,
    lambda v: np.signbit(v) & (v == v),
    "{0} < 0",
)
POSITIVE = Rule("{0} > 0", lambda v: v <= 0, lambda v: v <= 0, "{0} <= 0")
NOT_NAN = Rule("{0} == {0}", lambda v: v != v, lambda v: v != v, "{0} must not be NaN")
UNIT = Rule(
    "0 <= {0} <= 1",
    lambda v: not 0 <= v <= 1,
    lambda v: ~((v >= 0) & (v <= 1)),
    "{0} < 0, {0} > 1 or {0} is NaN",
)
POSITIVE_UNIT = Rule(
    "0 < {0} <= 1",
    lambda v: not 0 < v <= 1,
    lambda v: ~((v > 0) & (v <= 1)),
    "{0} <= 0, {0} > 1 or {0} contains NaNs",
)
BELOW_ONE = Rule(
    "0 <= {0} < 1",
    lambda v: not 0 <= v < 1,
    lambda v: ~((v >= 0) & (v < 1)),
    "{0} < 0, {0} >= 1 or {0} is NaN",
)
ABOVE_ONE = Rule("{0} > 1", lambda v: not v > 1, lambda v: ~(v > 1), "{0} <= 1 or {0} is NaN")
AT_LEAST_ONE = Rule("{0} >= 1", lambda v: not v >= 1, lambda v: ~(v >= 1), "{0} < 1 or {0} is NaN")
MEAN = Rule("{0} >= 0", lambda v: not v >= 0, lambda v: v < 0, "{0} < 0 or {0} is NaN")
MEAN_LIMIT = Rule(
    f"{{0}} <= {POISSON_MAX!r}",
    lambda v: not v <= POISSON_MAX, lambda v: ~(v <= POISSON_MAX), "{0} value too large"
)
COUNT = Rule("{0} >= 0", lambda v: v < 0, lambda v: v < 0, "{0} < 0")


class Distribution:
    """One distribution: its row in the engine and the rules of its parameters."""

    def __init__(self, name, *params, integers=()):
        self.name = name
        self.row, self.integer = _engine.row(name)
        self.params = params
        self.integers = integers
        self.dtype = np.int64 if self.integer else np.float64

    def plainly_good(self, names):
        """Give Python text that is true if all parameters are numbers that keep the rules."""
        parts = []
        for i, (name, (_, *rules)) in enumerate(zip(names, self.params)):
            if i in self.integers:
                parts.append(f"type({name}) is int and {name} < {2**63}")
            else:
                parts.append(f"type({name}) in _numbers")
            parts.extend(rule.good.format(name) for rule in rules)
        return " and ".join(parts)

    def _value(self, i, value):
        """Give a parameter as a number, or as an array that has axes."""
        if type(value) is float and i not in self.integers:
            return value
        if i in self.integers:
            return _integer(value)
        if isinstance(value, (int, float)):
            return float(value)
        if np.ndim(value) == 0:
            return float(value)
        return np.asarray(value).astype(np.float64, copy=False)

    def draw(self, owner, size, values, rules=True):
        """Give variates of `size`, or one if that is None and all parameters are numbers."""
        values = [self._value(i, value) for i, value in enumerate(values)]
        if rules:
            for (name, *conditions), value in zip(self.params, values):
                for rule in conditions:
                    rule.check(name, value)
        return self.fill(owner, size, values)

    def fill(self, owner, size, values):
        """Give variates for parameters that were checked."""
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        if not arrays:
            if size is None:
                with owner._lock:
                    return _engine.draw_one(owner._capsule, owner._gauss, self.row, tuple(values))
            out = np.empty(size, self.dtype)
            with owner._lock:
                _engine.draw_many(owner._capsule, owner._gauss, self.row, values, out)
            return out
        out = np.empty(_broadcast_size(size, arrays), self.dtype)
        values = [
            np.ascontiguousarray(np.broadcast_to(value, out.shape))
            if isinstance(value, np.ndarray)
            else value
            for value in values
        ]
        with owner._lock:
            _engine.draw_many(owner._capsule, owner._gauss, self.row, values, out)
        return out


def _integer(value):
    """Give a counting parameter as a number, or as an int64 array that has axes."""
    if isinstance(value, (int, float, np.generic)) or np.ndim(value) == 0:
        value = int(value)
        if not -_LONG_MAX - 1 <= value <= _LONG_MAX:
            raise OverflowError("Python int too large to convert to C long")
        return value
    if isinstance(value, np.ndarray):
        return value.astype(np.int64, casting="safe", copy=False)
    return np.array(value, np.int64)


def _broadcast_size(size, arrays, first=True):
    """Give the shape of variates for array parameters, checked against a `size` asked for."""
    if size is None:
        return np.broadcast(*arrays).shape
    shape = _shape(size)
    target = np.broadcast_to(np.float64(0), shape)
    full = np.broadcast(*((target, *arrays) if first else (*arrays, target))).shape
    if full != shape:
        inputs = np.broadcast(*arrays).shape
        raise ValueError(
            f"Output size {shape} is not compatible with broadcast dimensions of inputs {inputs}."
        )
    return shape


def _shape(size):
    """Give a size as a tuple."""
    if isinstance(size, (int, np.integer)):
        return (int(size),)
    return tuple(index(n) for n in size)


def output(name, size, dtype, out):
    """Give the array to fill for one of the standard variates, checking `dtype` and `out`."""
    dtype = np.dtype(dtype)
    if dtype not in (np.float64, np.float32) or not dtype.isnative:
        raise TypeError(f"Unsupported dtype {dtype!r} for {name}")
    if out is None:
        return dtype, None if size is None else np.empty(size, dtype)
    flags = getattr(out, "flags", None)
    if not (
        isinstance(out, np.ndarray)
        and (flags.c_contiguous or flags.f_contiguous)
        and flags.writeable
        and flags.aligned
        and out.dtype.isnative
    ):
        raise ValueError(
            "Supplied output array must be contiguous, writable, aligned, and in machine "
            "byte-order."
        )
    if out.dtype != dtype:
        raise TypeError(
            f"Supplied output array has the wrong type. Expected {dtype}, got {out.dtype}"
        )
    if size is not None and _shape(size) != out.shape:
        raise ValueError("size must match out.shape when used together")
    return dtype, out


_LOC_SCALE = ("loc",), ("scale", NOT_NEGATIVE)
_NUM = ("dfnum", POSITIVE), ("dfden", POSITIVE)

TABLE = {
    row.name: row
    for row in (
        Distribution("beta", ("a", POSITIVE), ("b", POSITIVE)),
        Distribution("binomial", ("n", COUNT), ("p", UNIT), integers=(0,)),
        Distribution("chisquare", ("df", POSITIVE)),
        Distribution("exponential", ("scale", NOT_NEGATIVE)),
        Distribution("f", *_NUM),
        Distribution("gamma", ("shape", NOT_NEGATIVE), ("scale", NOT_NEGATIVE)),
        Distribution("geometric", ("p", POSITIVE_UNIT)),
        Distribution("gumbel", *_LOC_SCALE),
        Distribution(
            "hypergeometric",
            ("ngood", COUNT),
            ("nbad", COUNT),
            ("nsample", COUNT),
            integers=(0, 1, 2),
        ),
        Distribution("laplace", *_LOC_SCALE),
        Distribution("logistic", *_LOC_SCALE),
        Distribution("lognormal", ("mean",), ("sigma", NOT_NEGATIVE)),
        Distribution("logseries", ("p", BELOW_ONE)),
        Distribution("negative_binomial", ("n", NOT_NAN, POSITIVE), ("p", POSITIVE_UNIT)),
        Distribution("noncentral_chisquare", ("df", POSITIVE), ("nonc", NOT_NEGATIVE)),
        Distribution("noncentral_f", *_NUM, ("nonc", NOT_NEGATIVE)),
        Distribution("normal", *_LOC_SCALE),
        Distribution("pareto", ("a", POSITIVE)),
        Distribution("poisson", ("lam", MEAN, MEAN_LIMIT)),
        Distribution("power", ("a", POSITIVE)),
        Distribution("rayleigh", ("scale", NOT_NEGATIVE)),
        Distribution("standard_cauchy"),
        Distribution("standard_exponential"),
        Distribution("standard_gamma", ("shape", NOT_NEGATIVE)),
        Distribution("standard_normal"),
        Distribution("standard_t", ("df", POSITIVE)),
        Distribution("triangular", ("left",), ("mode",), ("right",)),
        Distribution("uniform", ("low",), ("high",)),
        Distribution("vonmises", ("mu",), ("kappa", NOT_NEGATIVE)),
        Distribution("wald", ("mean", POSITIVE), ("scale", POSITIVE)),
        Distribution("weibull", ("a", NOT_NEGATIVE)),
        Distribution("zipf", ("a", ABOVE_ONE)),
    )
}
