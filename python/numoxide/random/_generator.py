"""`Generator`: the current interface to random numbers.

    >>> default_rng(1).random()
    0.5118216247002567
"""

import math
import warnings
from collections.abc import Sequence
from operator import index

import numoxide as np
from numoxide._core._multiarray_umath import _random as _engine
from numoxide._home import home as _home
from numoxide.random import _multivariate
from numoxide.random._draw import POISSON_MAX, TABLE, _shape, output
from numoxide.random._generators import PCG64
from numoxide.random._shared import NUMBERS, adopt, integer_bounds, probabilities, product
from numoxide.random.bit_generator import BitGenerator

__all__ = ["Generator", "default_rng"]

_CHOICE = {
    "dim": "p must be 1-dimensional",
    "size": "a and p must have same size",
    "nan": "Probabilities contain NaN",
    "negative": "Probabilities are not non-negative",
    "sum": "Probabilities do not sum to 1. See Notes section of docstring for more information.",
}
_URN_LIMIT = 10**9
_DOUBLE, _LONG = np.float64, np.int64
_NORMAL = TABLE["normal"]


class Generator:
    """Random numbers over a bit generator.

    >>> Generator(PCG64(1)).integers(10, size=3)
    array([4, 5, 7])
    """

    _poisson_lam_max = POISSON_MAX
    _gauss = None

    def __init__(self, bit_generator):
        if isinstance(bit_generator, type):
            raise ValueError("Invalid bit generator. The bit generator must be instantiated.")
        capsule = bit_generator.capsule
        if not _engine.is_capsule(capsule):
            raise ValueError("Invalid bit generator. The bit generator must be instantiated.")
        self._bit_generator = bit_generator
        self._capsule = capsule
        self._lock = bit_generator.lock

    def __repr__(self):
        return f"{self} at 0x{id(self):X}"

    def __str__(self):
        return f"{type(self).__name__}({type(self._bit_generator).__name__})"

    def __getstate__(self):
        return None

    def __setstate__(self, bit_gen):
        if isinstance(bit_gen, dict):
            self._bit_generator.state = bit_gen

    def __reduce__(self):
        from numoxide.random import _pickle

        return getattr(_pickle, "__generator_ctor"), (self._bit_generator,), None

    @property
    def bit_generator(self):
        """The bit generator."""
        return self._bit_generator

    def spawn(self, n_children):
        """Give `n_children` independent generators."""
        return [type(self)(gen) for gen in self._bit_generator.spawn(n_children)]

    def _fill(self, name, what, size, dtype, out):
        """Give standard variates of a float dtype."""
        dtype, out = output(name, size, dtype, out)
        with self._lock:
            if out is None:
                return _engine.one(self._capsule, what if dtype.itemsize == 8 else what + "_f32")
            _engine.fill(self._capsule, what, out)
        return out

    def random(self, size=None, dtype=np.float64, out=None):
        """Draw floats from [0, 1).

        >>> default_rng(1).random(2)
        array([0.51182162, 0.9504637 ])
        """
        if dtype is _DOUBLE and out is None:
            if size is not None:
                return self._standard("random", size)
            with self._lock:
                return _engine.double(self._capsule)
        return self._fill("random", "random", size, dtype, out)

    def standard_normal(self, size=None, dtype=np.float64, out=None):
        """Draw from the normal distribution of mean 0 and deviation 1."""
        if dtype is _DOUBLE and out is None:
            return self._standard("normal", size)
        return self._fill("standard_normal", "normal", size, dtype, out)

    def normal(self, loc=0.0, scale=1.0, size=None):
        """Draw from the normal distribution."""
        if type(loc) in NUMBERS and type(scale) in NUMBERS and scale > 0:
            if size is not None:
                return self._affine("normal", float(loc), float(scale), size)
            with self._lock:
                return _engine.draw_one(self._capsule, None, _NORMAL.row, (float(loc), float(scale)))
        return _NORMAL.draw(self, size, (loc, scale))

    def standard_exponential(self, size=None, dtype=np.float64, method="zig", out=None):
        """Draw from the exponential distribution of mean 1, by ziggurat or inversion."""
        what = "exponential" if method == "zig" else "inverse"
        return self._fill("standard_exponential", what, size, dtype, out)

    def standard_gamma(self, shape, size=None, dtype=np.float64, out=None):
        """Draw from the gamma distribution with scale 1."""
        dtype, filled = output("standard_gamma", size, dtype, out)
        row = TABLE["standard_gamma"]
        if out is not None:
            size = out.shape
        if dtype == np.float64:
            result = row.draw(self, size, (shape,))
            return _into(out, result)
        shape = row._value(0, shape)
        row.params[0][1].check("shape", shape)
        shape = np.asarray(shape, np.float32)
        full = np.broadcast(np.empty(size), shape).shape if size is not None else shape.shape
        values = np.ascontiguousarray(np.broadcast_to(shape, full)) if shape.ndim else shape
        result = np.empty(full, np.float32)
        with self._lock:
            _engine.fill_gamma_f32(self._capsule, values.reshape(-1), result)
        if out is None and size is None and not full:
            return float(result[()])
        return _into(out, result)

    def uniform(self, low=0.0, high=1.0, size=None):
        """Draw floats from [low, high).

        >>> default_rng(1).uniform(0, 10)
        5.118216247002567
        """
        if type(low) in NUMBERS and type(high) in NUMBERS:
            plain = self._plain_uniform(low, high, size)
            if plain is not None:
                return plain
        row = TABLE["uniform"]
        low, width = self._range(row, low, high, True)
        if np.any(np.signbit(width)):
            raise ValueError("high - low < 0")
        if size is not None and type(low) is type(width) is float:
            return self._affine("uniform", low, width, size)
        return row.fill(self, size, [low, width])

    def negative_binomial(self, n, p, size=None):
        """Draw the number of failures before `n` successes."""
        row = TABLE["negative_binomial"]
        values = [row._value(i, value) for i, value in enumerate((n, p))]
        n, p = values
        n_rules, p_rules = row.params
        for rule in n_rules[1:]:
            rule.check("n", n)
        for rule in p_rules[1:]:
            rule.check("p", p)
        most = (1 - p) * (n + 10 * np.sqrt(n)) / p
        if np.any(most > POISSON_MAX):
            raise ValueError(
                "n too large or p too small, see Generator.negative_binomial Notes"
            )
        return row.fill(self, size, values)

    def hypergeometric(self, ngood, nbad, nsample, size=None):
        """Draw how many of `nsample` items are good, out of `ngood` and `nbad`."""
        row = TABLE["hypergeometric"]
        values = [row._value(i, v) for i, v in enumerate((ngood, nbad, nsample))]
        ngood, nbad, nsample = values
        if np.any(np.greater_equal(ngood, _URN_LIMIT)) or np.any(
            np.greater_equal(nbad, _URN_LIMIT)
        ):
            raise ValueError(f"both ngood and nbad must be less than {_URN_LIMIT}")
        _check_urn(row, values)
        return row.fill(self, size, values)

    def integers(self, low, high=None, size=None, dtype=np.int64, endpoint=False):
        """Draw integers from [low, high), or [low, high] with `endpoint`.

        >>> default_rng(1).integers(0, 10, 3)
        array([4, 5, 7])
        """
        if dtype is _LONG and type(low) is int and (high is None or type(high) is int):
            plain = self._plain_integers(low, high, size, endpoint, False)
            if plain is not None:
                return plain
        wanted, dtype = dtype, np.dtype(dtype)
        if not dtype.isnative:
            raise ValueError(
                "Providing a dtype with a non-native byteorder is not supported. If you require "
                "platform-independent byteorder, call byteswap when required."
            )
        if dtype.kind not in "iub":
            raise TypeError(f"Unsupported dtype {dtype!r} for integers")
        result = integer_bounds(low, high, dtype, size, bool(endpoint), False, self)
        if size is None and wanted in (bool, int) and np.ndim(result) == 0:
            return wanted(result)
        return result

    def choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
        """Draw items of `a`, or of `arange(a)`, with or without replacement.

        >>> default_rng(1).choice(5, 3)
        array([2, 2, 3])
        """
        source, pop_size = self._population(a, size, axis)
        if p is not None:
            p = probabilities(p, pop_size, _CHOICE)
        shape = () if size is None else _shape(size)
        count = math.prod(shape)
        if min(shape, default=0) < 0:
            raise ValueError("negative dimensions are not allowed")
        if replace:
            idx = self._with_replacement(p, pop_size, size)
        else:
            idx = self._without_replacement(p, pop_size, count, size, bool(shuffle))
        if size is None:
            idx = int(idx)
        if source is None:
            return idx
        if size is not None and isinstance(idx, np.ndarray) and idx.ndim == 0 and source.ndim == 1:
            out = np.empty((), source.dtype)
            out[()] = source[idx]
            return out
        if isinstance(idx, int):
            return source[(slice(None),) * _axis(axis, source.ndim) + (idx,)]
        return source.take(idx, axis=axis)

    def _population(self, a, size, axis):
        """Give what `choice` takes from (None: indices) and how many items that has."""
        if not isinstance(a, np.ndarray) or a.ndim == 0:
            try:
                pop_size = index(a.item() if isinstance(a, np.ndarray) else a)
            except TypeError:
                pass
            else:
                if pop_size <= 0 and product(size) != 0:
                    raise ValueError("a must be a positive integer unless no samples are taken")
                return None, pop_size
        source = np.asarray(a)
        if source.ndim == 0:
            raise ValueError(f"a must be a sequence or an integer, not {type(a)}")
        pop_size = source.shape[axis]
        if pop_size == 0 and product(size) != 0:
            raise ValueError("a cannot be empty unless no samples are taken")
        return source, pop_size

    def _with_replacement(self, p, pop_size, size):
        """Give indices for `choice` that may repeat."""
        if p is None:
            if pop_size == 0:
                return np.empty(size, np.int64)
            return self.integers(0, pop_size, size=size)
        cdf = np.cumsum(p)
        cdf /= cdf[-1]
        idx = cdf.searchsorted(self.random(size), side="right")
        return np.asarray(idx).astype(np.int64, copy=False)

    def _without_replacement(self, p, pop_size, count, size, shuffle):
        """Give different indices for `choice`."""
        if count > pop_size:
            raise ValueError(
                "Cannot take a larger sample than population when replace is False"
            )
        if p is not None:
            return self._subset(None, p, pop_size, count, () if size is None else size)
        idx = np.empty(count, np.int64)
        with self._lock:
            _engine.choose(self._capsule, pop_size, shuffle, idx)
        return idx.reshape(() if size is None else size)

    def permutation(self, x, axis=0):
        """Give a shuffled copy of `x`, or of `arange(x)`.

        >>> default_rng(1).permutation(4)
        array([0, 1, 3, 2])
        """
        if isinstance(x, (int, np.integer)):
            arr = np.arange(x)
            self.shuffle(arr)
            return arr
        arr = np.asarray(x)
        axis = _axis(axis, arr.ndim)
        if arr.ndim == 1:
            if arr is x or np.may_share_memory(arr, x):
                arr = np.array(arr)
            self.shuffle(arr)
            return arr
        idx = np.arange(arr.shape[axis], dtype=np.intp)
        self.shuffle(idx)
        return arr[(slice(None),) * axis + (idx,)]

    def shuffle(self, x, axis=0):
        """Shuffle `x` in place along an axis."""
        if isinstance(x, np.ndarray):
            axis = _axis(axis, x.ndim)
        elif axis != 0:
            raise NotImplementedError("Axis argument is only supported on ndarray objects")
        shuffle_in_place(self, x, axis)

    def permuted(self, x, *, axis=None, out=None):
        """Shuffle the slices of `x` along an axis independently of each other."""
        x = np.asarray(x)
        if out is None:
            out = x.copy(order="K")
        elif not isinstance(out, np.ndarray):
            raise TypeError("out must be a numpy array")
        else:
            if out.shape != x.shape:
                raise ValueError("out must have the same shape as x")
            np.copyto(out, x, casting="safe")
        if axis is None:
            if x.ndim > 1:
                flat = np.array(out).ravel()
                self.shuffle(flat)
                out[...] = flat.reshape(out.shape)
            else:
                len(out)
                self.shuffle(out)
            return out
        axis = _axis(axis, x.ndim)
        moved = np.moveaxis(out, axis, -1)
        for place in np.ndindex(moved.shape[:-1]):
            self.shuffle(moved[place])
        return out

    def dirichlet(self, alpha, size=None):
        """Draw points of the simplex from the Dirichlet distribution."""
        alpha = _vector(alpha)
        if np.any(np.less(alpha, 0) | ((alpha == 0) & np.signbit(alpha))):
            raise ValueError("alpha < 0")
        return _multivariate.dirichlet(self, alpha, size)

    def multinomial(self, n, pvals, size=None):
        """Draw how `n` trials fall on categories with probabilities `pvals`."""
        return _multivariate.multinomial(self, n, pvals, size)

    def multivariate_hypergeometric(self, colors, nsample, size=None, method="marginals"):
        """Draw how many of `nsample` items are of each colour."""
        return _multivariate.hypergeometric(self, colors, nsample, size, method)

    def multivariate_normal(
        self, mean, cov, size=None, check_valid="warn", tol=1e-8, *, method="svd"
    ):
        """Draw vectors from the normal distribution with a mean and a covariance matrix."""
        if method not in {"eigh", "svd", "cholesky"}:
            raise ValueError("method must be one of {'eigh', 'svd', 'cholesky'}")
        return _multivariate.normal(self, mean, cov, size, check_valid, tol, method)


def _into(out, result):
    """Copy a result into `out`, if there is one."""
    if out is None:
        return result
    out[...] = result
    return out


def _vector(values):
    """Give parameters as a vector of doubles."""
    array = np.asarray(values, np.float64)
    if array.ndim > 1:
        raise ValueError(
            "setting an array element with a sequence. The requested array would exceed the "
            "maximum number of dimension of 1."
        )
    return np.ascontiguousarray(array)


def _axis(axis, ndim):
    """Check an axis and give it without a sign."""
    from numoxide.lib.array_utils import normalize_axis_index

    return normalize_axis_index(axis, ndim)


def _check_urn(row, values):
    """Check the three numbers of a hypergeometric distribution."""
    ngood, nbad, nsample = values
    names = ("ngood", "nbad", "nsample")
    if np.any(np.less(np.add(ngood, nbad), nsample)):
        raise ValueError("ngood + nbad < nsample")
    for name, value in zip(names, values):
        row.params[0][1].check(name, value)


_NO_SEQUENCE = (
    "you are shuffling a '{}' object which is not a subclass of 'Sequence'; `shuffle` is not "
    "guaranteed to behave correctly. E.g., non-numpy array/tensor objects with view semantics may "
    "contain duplicates after shuffling."
)


def shuffle_in_place(owner, x, axis=0):
    """Shuffle an array along an axis, or any mutable sequence."""
    is_array = isinstance(x, np.ndarray)
    n = x.shape[axis] if is_array and x.ndim else len(x)
    if not is_array and not isinstance(x, Sequence):
        warnings.warn(_NO_SEQUENCE.format(type(x).__name__), UserWarning, stacklevel=3)
    if is_array and x.size:
        if type(x) is np.ndarray and x.ndim == 1 and x.flags.c_contiguous and not x.dtype.hasobject:
            if not x.flags.writeable:
                raise ValueError("array is read-only")
            with owner._lock:
                _engine.shuffle_items(owner._capsule, x.view(np.uint8), x.itemsize)
            return
        order = np.arange(n)
        with owner._lock:
            _engine.shuffle_items(owner._capsule, order.view(np.uint8), order.itemsize)
        moved = np.swapaxes(x, 0, axis)
        moved[...] = moved[order]
        return
    with owner._lock:
        for i in range(n - 1, 0, -1):
            j = _engine.interval(owner._capsule, i)
            x[i], x[j] = x[j], x[i]


def default_rng(seed=None):
    """Make a Generator over PCG64 from a seed, or give the generator passed in.

    >>> default_rng(1).integers(10)
    4
    """
    if isinstance(seed, BitGenerator):
        return Generator(seed)
    if isinstance(seed, Generator):
        return seed
    if type(seed).__name__ == "RandomState":
        return Generator(seed._bit_generator)
    return Generator(PCG64(seed))


Generator.__module__ = _home("numpy.random._generator")
default_rng.__module__ = _home("numpy.random")
adopt(Generator)
