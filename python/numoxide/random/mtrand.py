"""`RandomState`, the legacy interface, and the functions of its global instance.

    >>> RandomState(1).rand()
    0.417022004702574
"""

import math
import warnings
from operator import index

import numoxide as np
from numoxide._core._multiarray_umath import _random as _engine
from numoxide._home import home as _home
from numoxide.random import _multivariate
from numoxide.random._draw import AT_LEAST_ONE, POISSON_MAX, TABLE, UNIT, _shape
from numoxide.random._generator import _check_urn, _vector, shuffle_in_place
from numoxide.random._generators import MT19937
from numoxide.random._shared import NUMBERS, adopt, integer_bounds, probabilities, product

_CHOICE = {
    "dim": "'p' must be 1-dimensional",
    "size": "'a' and 'p' must have same size",
    "nan": "probabilities contain NaN",
    "negative": "probabilities are not non-negative",
    "sum": "probabilities do not sum to 1",
}

_OBJECT_SUBCLASS = (
    "Shuffling a one dimensional array subclass containing objects gives incorrect results for "
    "most array subclasses.  Please use the new random number API instead: "
    "https://numpy.org/doc/stable/reference/random/index.html\nThe new API fixes this issue. This "
    "version will not be fixed due to stability guarantees of the API."
)


class RandomState:
    """Random numbers with streams that never change, over the Mersenne Twister by default.

    >>> RandomState(1).randint(10, size=3)
    array([5, 8, 9])
    """

    _poisson_lam_max = POISSON_MAX

    def __init__(self, seed=None):
        if seed is None:
            bit_generator = MT19937()
        elif isinstance(seed, type) and hasattr(seed, "random_raw"):
            raise ValueError("Invalid bit generator. The bit generator must be instantized.")
        elif not hasattr(seed, "capsule"):
            bit_generator = MT19937()
            bit_generator._legacy_seeding(seed)
        else:
            bit_generator = seed
        self._gauss = _engine.Gauss()
        self._initialize_bit_generator(bit_generator)

    def _initialize_bit_generator(self, bit_generator):
        """Draw from `bit_generator` from now on."""
        capsule = bit_generator.capsule
        if not _engine.is_capsule(capsule):
            raise ValueError("Invalid bit generator. The bit generator must be instantized.")
        self._bit_generator = bit_generator
        self._capsule = capsule
        self._lock = bit_generator.lock
        self._reset_gauss()

    def __repr__(self):
        return f"{self} at 0x{id(self):X}"

    def __str__(self):
        return f"{type(self).__name__}({type(self._bit_generator).__name__})"

    def __getstate__(self):
        return self.get_state(legacy=False)

    def __setstate__(self, state):
        self.set_state(state)

    def __reduce__(self):
        from numoxide.random import _pickle

        return getattr(_pickle, "__randomstate_ctor"), (self._bit_generator,), self.get_state(legacy=False)

    def _reset_gauss(self):
        """Forget the waiting normal variate."""
        self._gauss.set(False, 0.0)

    def seed(self, seed=None):
        """Seed the Mersenne Twister anew."""
        if not isinstance(self._bit_generator, MT19937):
            raise TypeError("can only re-seed a MT19937 BitGenerator")
        self._bit_generator._legacy_seeding(seed)
        self._reset_gauss()

    def get_state(self, legacy=True):
        """Give the state as a tuple, or as a dictionary."""
        state = self._bit_generator.state
        if legacy and state["bit_generator"] != "MT19937":
            warnings.warn(
                "get_state and legacy can only be used with the MT19937 BitGenerator. To silence "
                "this warning, set `legacy` to False.",
                RuntimeWarning,
                stacklevel=2,
            )
            legacy = False
        has, value = self._gauss.get()
        state["has_gauss"], state["gauss"] = int(has), value
        if not legacy:
            return state
        inner = state["state"]
        return state["bit_generator"], inner["key"], inner["pos"], int(has), value

    def set_state(self, state):
        """Set the state from what `get_state` gave."""
        if isinstance(state, dict):
            if "bit_generator" not in state or "state" not in state:
                raise ValueError("state dictionary is not valid.")
            new = state
        else:
            if not isinstance(state, (tuple, list)):
                raise TypeError("state must be a dict or a tuple.")
            if state[0] != "MT19937":
                raise ValueError(
                    "set_state can only be used with legacy MT19937 state instances."
                )
            inner = {"key": state[1], "pos": state[2]}
            new = {"bit_generator": state[0], "state": inner}
            if len(state) > 3:
                new["has_gauss"], new["gauss"] = state[3], state[4]
        self._gauss.set(bool(new.get("has_gauss", 0)), float(new.get("gauss", 0.0)))
        self._bit_generator.state = new

    def random_sample(self, size=None):
        """Draw floats from [0, 1)."""
        if size is None:
            with self._lock:
                return _engine.double(self._capsule)
        return self._standard("random", size)

    def random(self, size=None):
        """Draw floats from [0, 1); the same as `random_sample`."""
        return self.random_sample(size)

    def rand(self, *args):
        """Draw floats from [0, 1) in an array of the given shape.

        >>> RandomState(1).rand(2)
        array([4.17022005e-01, 7.20324493e-01])
        """
        return self.random_sample(size=args if args else None)

    def randn(self, *args):
        """Draw standard normal variates in an array of the given shape."""
        return self.standard_normal(size=args if args else None)

    def standard_normal(self, size=None):
        """Draw from the normal distribution of mean 0 and deviation 1."""
        return TABLE["standard_normal"].draw(self, size, ())

    def standard_exponential(self, size=None):
        """Draw from the exponential distribution of mean 1."""
        return TABLE["standard_exponential"].draw(self, size, ())

    def standard_gamma(self, shape, size=None):
        """Draw from the gamma distribution with scale 1."""
        return TABLE["standard_gamma"].draw(self, size, (shape,))

    def uniform(self, low=0.0, high=1.0, size=None):
        """Draw floats from [low, high)."""
        if size is None and type(low) in NUMBERS and type(high) in NUMBERS:
            plain = self._plain_uniform(low, high, None)
            if plain is not None:
                return plain
        row = TABLE["uniform"]
        low, width = self._range(row, low, high, False)
        return row.fill(self, size, [low, width])

    def negative_binomial(self, n, p, size=None):
        """Draw the number of failures before `n` successes."""
        row = TABLE["negative_binomial"]
        values = [row._value(i, value) for i, value in enumerate((n, p))]
        row.params[0][2].check("n", values[0])
        UNIT.check("p", values[1])
        return row.fill(self, size, values)

    def hypergeometric(self, ngood, nbad, nsample, size=None):
        """Draw how many of `nsample` items are good, out of `ngood` and `nbad`."""
        row = TABLE["hypergeometric"]
        values = [row._value(i, v) for i, v in enumerate((ngood, nbad, nsample))]
        _check_urn(row, values[:2] + [np.minimum(values[2], np.add(*values[:2]))])
        AT_LEAST_ONE.check("nsample", values[2])
        _check_urn(row, values)
        return row.fill(self, size, values)

    def tomaxint(self, size=None):
        """Draw integers from [0, 2**63)."""
        if size is None:
            return _engine.word(self._capsule) >> 1
        out = np.empty(size, np.int64)
        with self._lock:
            _engine.integers(self._capsule, 0, 2**64 - 1, True, out)
        return (out.view(np.uint64) >> 1).astype(np.int64)

    def randint(self, low, high=None, size=None, dtype=int):
        """Draw integers from [low, high).

        >>> RandomState(1).randint(0, 10, 3)
        array([5, 8, 9])
        """
        if dtype is int and type(low) is int and (high is None or type(high) is int):
            plain = self._plain_integers(low, high, size, False, True)
            if plain is not None:
                return plain if size is not None else int(plain)
        wanted, dtype = dtype, np.dtype(dtype)
        if not dtype.isnative:
            warnings.warn(
                "Providing a dtype with a non-native byteorder is not supported. If you require "
                "platform-independent byteorder, call byteswap when required.\nIn future version, "
                "providing byteorder will raise a ValueError",
                DeprecationWarning,
                stacklevel=2,
            )
            dtype = dtype.newbyteorder("=")
        if dtype.kind not in "iub":
            raise TypeError(f"Unsupported dtype {dtype!r} for randint")
        result = integer_bounds(low, high, dtype, size, False, True, self)
        if size is None and wanted in (bool, int) and np.ndim(result) == 0:
            return wanted(result)
        return result

    def random_integers(self, low, high=None, size=None):
        """Draw integers from [low, high]; deprecated."""
        if high is None:
            low, high = 1, low
            hint = f"randint({low}, {high} + 1)"
        else:
            hint = f"randint({low}, {high} + 1)"
        warnings.warn(
            f"This function is deprecated. Please call {hint} instead",
            DeprecationWarning,
            stacklevel=2,
        )
        return self.randint(low, int(high) + 1, size=size, dtype="l")

    def choice(self, a, size=None, replace=True, p=None):
        """Draw items of the vector `a`, or of `arange(a)`, with or without replacement.

        >>> RandomState(1).choice(5, 3)
        array([3, 4, 0])
        """
        source, pop_size = self._population(a, size)
        if p is not None:
            p = probabilities(p, pop_size, _CHOICE)
        shape = () if size is None else _shape(size)
        if replace:
            if p is None:
                idx = self.randint(0, pop_size, size=size) if pop_size else np.empty(shape, int)
            else:
                cdf = np.cumsum(p)
                cdf /= cdf[-1]
                idx = cdf.searchsorted(self.random_sample(shape), side="right")
                idx = np.asarray(idx)
        else:
            idx = self._without_replacement(p, pop_size, math.prod(shape), shape)
        if size is None:
            idx = int(idx)
        if source is None:
            return idx
        if size is not None and isinstance(idx, np.ndarray) and idx.ndim == 0:
            out = np.empty((), source.dtype)
            out[()] = source[idx]
            return out
        return source[idx]

    def _population(self, a, size):
        """Give what `choice` takes from (None: indices) and how many items that has."""
        source = np.asarray(a)
        if source.ndim == 0:
            try:
                pop_size = index(source.item())
            except TypeError:
                raise ValueError("a must be 1-dimensional or an integer") from None
            if pop_size <= 0 and product(size) != 0:
                raise ValueError("a must be greater than 0 unless no samples are taken")
            return None, pop_size
        if source.ndim != 1:
            raise ValueError("a must be 1-dimensional")
        if source.shape[0] == 0 and product(size) != 0:
            raise ValueError("'a' cannot be empty unless no samples are taken")
        return source, source.shape[0]

    def _without_replacement(self, p, pop_size, count, shape):
        """Give different indices for `choice`."""
        if count > pop_size:
            raise ValueError("Cannot take a larger sample than population when 'replace=False'")
        if min(shape, default=0) < 0:
            raise ValueError("Negative dimensions are not allowed")
        if p is not None:
            return self._subset(None, p, pop_size, count, shape)
        idx = self.permutation(pop_size)[:count]
        return idx.reshape(shape)

    def permutation(self, x):
        """Give a shuffled copy of `x`, or of `arange(x)`.

        >>> RandomState(1).permutation(4)
        array([3, 2, 0, 1])
        """
        if isinstance(x, (int, np.integer)):
            arr = np.arange(x, dtype=np.result_type(x, np.long))
            self.shuffle(arr)
            return arr
        arr = np.asarray(x)
        if arr.ndim < 1:
            raise IndexError("x must be an integer or at least 1-dimensional")
        if arr.ndim == 1:
            if arr is x or np.may_share_memory(arr, x):
                arr = np.array(arr)
            self.shuffle(arr)
            return arr
        idx = np.arange(arr.shape[0], dtype=np.intp)
        self.shuffle(idx)
        return arr[idx]

    def shuffle(self, x):
        """Shuffle `x` in place along its first axis."""
        if isinstance(x, np.ndarray) and type(x) is not np.ndarray:
            if x.ndim == 1 and x.dtype.hasobject:
                warnings.warn(_OBJECT_SUBCLASS, UserWarning, stacklevel=2)
        shuffle_in_place(self, x)

    def dirichlet(self, alpha, size=None):
        """Draw points of the simplex from the Dirichlet distribution."""
        alpha = _vector(alpha)
        if np.any(np.less_equal(alpha, 0)):
            raise ValueError("alpha <= 0")
        return _multivariate.dirichlet(self, alpha, size)

    def multinomial(self, n, pvals, size=None):
        """Draw how `n` trials fall on categories with probabilities `pvals`."""
        try:
            n = int(n) if isinstance(n, (int, float, np.number)) else index(n)
        except TypeError:
            raise TypeError("an integer is required") from None
        if np.ndim(pvals) == 0:
            raise TypeError("pvals must be a 1-d sequence")
        array = _vector(pvals)
        if array.size == 0:
            return np.zeros((() if size is None else _shape(size)) + (0,), np.int64)
        array = _multivariate.check_pvals(pvals)
        if n < 0:
            raise ValueError("n < 0")
        shape = () if size is None else _shape(size)
        out = np.zeros((*shape, array.size), np.int64)
        with self._lock:
            _engine.multinomial(self._capsule, np.array([n], np.int64), array, array.size, out)
        return out

    def multivariate_normal(self, mean, cov, size=None, check_valid="warn", tol=1e-8):
        """Draw vectors from the normal distribution with a mean and a covariance matrix."""
        return _multivariate.normal(self, mean, cov, size, check_valid, tol, "svd")


RandomState.__module__ = _home("numpy.random.mtrand")
adopt(RandomState)

_rand = RandomState()
_METHODS = (
    "beta binomial bytes chisquare choice dirichlet exponential f gamma get_state geometric gumbel "
    "hypergeometric laplace logistic lognormal logseries multinomial multivariate_normal "
    "negative_binomial noncentral_chisquare noncentral_f normal pareto permutation poisson power "
    "rand randint randn random random_integers random_sample rayleigh set_state shuffle "
    "standard_cauchy standard_exponential standard_gamma standard_normal standard_t triangular "
    "uniform vonmises wald weibull zipf"
).split()
globals().update((name, getattr(_rand, name)) for name in _METHODS)
for _name in _METHODS:
    getattr(RandomState, _name).__module__ = _home("numpy.random")


def seed(seed=None):
    """Seed the global RandomState."""
    if isinstance(_rand._bit_generator, MT19937):
        return _rand.seed(seed)
    _rand._bit_generator.state = type(_rand._bit_generator)(seed).state
    return None


def get_bit_generator():
    """Give the bit generator of the global RandomState."""
    return _rand._bit_generator


def set_bit_generator(bitgen):
    """Let the global RandomState draw from `bitgen`."""
    _rand._initialize_bit_generator(bitgen)


def sample(*args, **kwargs):
    """Draw floats from [0, 1); the same as `random_sample`."""
    return _rand.random_sample(*args, **kwargs)


def ranf(*args, **kwargs):
    """Draw floats from [0, 1); the same as `random_sample`."""
    return _rand.random_sample(*args, **kwargs)


_OWN = ["seed", "get_bit_generator", "set_bit_generator", "sample", "ranf"]
for _name in _OWN:
    globals()[_name].__module__ = _home("numpy.random")

__all__ = sorted(_METHODS + _OWN + ["RandomState"])
