"""Seed sequences and what all bit generators share.

    >>> SeedSequence(12345).generate_state(2)
    array([3806636158, 3222091836], dtype=uint32)
"""

import abc
import threading
from collections import namedtuple
from operator import index
from secrets import randbits

import numoxide as np
from numoxide._core._multiarray_umath import _random as _engine
from numoxide import _home

__all__ = ["SeedSequence", "BitGenerator"]

_POOL_SIZE = 4
_interface = namedtuple(
    "interface", "state_address state next_uint64 next_uint32 next_double bit_generator"
)


def _int_words(value):
    """Give a non-negative integer as little-endian 32-bit words in bytes."""
    value = index(value)
    if value < 0:
        raise ValueError("expected non-negative integer")
    return value.to_bytes(4 * max(1, -(-value.bit_length() // 32)), "little")


def _words(entropy):
    """Give an integer, a string of one, or a nested sequence of them as 32-bit words in bytes."""
    if entropy is None:
        return b""
    if isinstance(entropy, np.ndarray) and entropy.dtype == np.uint32:
        return entropy.tobytes()
    if isinstance(entropy, str):
        if entropy.startswith("0x"):
            entropy = int(entropy, base=16)
        elif entropy.isdigit():
            entropy = int(entropy)
        else:
            raise ValueError("unrecognized seed string")
    if isinstance(entropy, (int, np.integer)):
        return _int_words(entropy)
    if isinstance(entropy, (float, np.inexact)):
        raise TypeError("seed must be integer")
    return b"".join(_words(item) for item in entropy)


class ISeedSequence(abc.ABC):
    """What a bit generator needs of a seed sequence: `generate_state`."""

    __slots__ = ()

    @abc.abstractmethod
    def generate_state(self, n_words, dtype=np.uint32):
        """Give `n_words` seed words."""
        raise NotImplementedError


class ISpawnableSeedSequence(ISeedSequence):
    """A seed sequence that can make independent children."""

    __slots__ = ()

    @abc.abstractmethod
    def spawn(self, n_children):
        """Give `n_children` new sequences."""
        raise NotImplementedError


class SeedlessSeedSequence:
    """The seed sequence of bit generators that have none."""

    __slots__ = ()

    def generate_state(self, n_words, dtype=np.uint32):
        """Refuse: there is no seed."""
        raise NotImplementedError("seedless SeedSequences cannot generate state")

    def spawn(self, n_children):
        """Give this object `n_children` times."""
        return [self] * n_children


class SeedSequence:
    """Entropy from which any number of independent streams is seeded.

    >>> [child.spawn_key for child in SeedSequence(1).spawn(2)]
    [(0,), (1,)]
    """

    __slots__ = ("_vtable", "entropy", "spawn_key", "pool", "pool_size", "n_children_spawned")

    def __init__(self, entropy=None, *, spawn_key=(), pool_size=_POOL_SIZE, n_children_spawned=0):
        if pool_size < _POOL_SIZE:
            raise ValueError(f"The size of the entropy pool should be at least {_POOL_SIZE}")
        if entropy is None:
            entropy = randbits(pool_size * 32)
        elif not isinstance(entropy, (int, np.integer, list, tuple, range, np.ndarray)):
            raise TypeError(
                f"SeedSequence expects int or sequence of ints for entropy not {entropy}"
            )
        self.entropy = entropy
        self.spawn_key = tuple(spawn_key)
        self.pool_size = pool_size
        self.n_children_spawned = n_children_spawned
        mixed = _engine.mix(_words(entropy), _words(self.spawn_key), pool_size)
        self.pool = np.frombuffer(bytearray(mixed), dtype=np.uint32)

    def __repr__(self):
        shown = [f"    entropy={self.entropy!r},\n"]
        if self.spawn_key:
            shown.append(f"    spawn_key={self.spawn_key!r},\n")
        if self.pool_size != _POOL_SIZE:
            shown.append(f"    pool_size={self.pool_size!r},\n")
        if self.n_children_spawned != 0:
            shown.append(f"    n_children_spawned={self.n_children_spawned!r},\n")
        return f"{type(self).__name__}(\n{''.join(shown)})"

    @property
    def state(self):
        """The arguments that make this sequence again."""
        names = ("entropy", "spawn_key", "pool_size", "n_children_spawned")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def generate_state(self, n_words, dtype=np.uint32):
        """Give `n_words` seed words, the same on every call.

        >>> SeedSequence(1).generate_state(1, "uint64")
        array([15793235383387715774], dtype=uint64)
        """
        dtype = np.dtype(dtype)
        if dtype == np.uint32:
            per = 1
        elif dtype == np.uint64:
            per = 2
        else:
            raise ValueError("only support uint32 or uint64")
        words = _engine.generate(self.pool.tobytes(), index(n_words) * per)
        return np.frombuffer(bytearray(words), dtype=dtype)

    def spawn(self, n_children):
        """Give `n_children` new sequences, different from all earlier ones."""
        n_children = _count(n_children)
        first = self.n_children_spawned
        self.n_children_spawned = first + n_children
        return [
            type(self)(self.entropy, spawn_key=self.spawn_key + (i,), pool_size=self.pool_size)
            for i in range(first, first + n_children)
        ]

    def __reduce__(self):
        state = (
            self.entropy,
            self.n_children_spawned,
            self.pool,
            self.pool_size,
            self.spawn_key,
        )
        return globals()["__pyx_unpickle_SeedSequence"], (type(self), 65708578, None), state

    def __setstate__(self, state):
        self.entropy, self.n_children_spawned, self.pool, self.pool_size, self.spawn_key = state[:5]


def __pyx_unpickle_SeedSequence(cls, _checksum, state):
    """Make the sequence of a pickle."""
    seq = cls.__new__(cls)
    if state is not None:
        seq.__setstate__(state)
    return seq


def _count(n_children):
    """Check a number of children."""
    n_children = index(n_children)
    if n_children < 0:
        raise OverflowError("can't convert negative value to uint32_t")
    return n_children


class BitGenerator(_engine.BitGenBase):
    """The base of bit generators; a subclass provides the stream."""

    __slots__ = ()

    def __init__(self, seed=None):
        if type(self) is BitGenerator:
            raise NotImplementedError("BitGenerator is a base class and cannot be instantized")
        self.lock = threading.RLock()
        self._ctypes = None
        self._cffi = None
        if not isinstance(seed, ISeedSequence):
            seed = SeedSequence(seed)
        self._seed_seq = seed

    def __getstate__(self):
        return self.state, self._seed_seq

    def __setstate__(self, state):
        if isinstance(state, dict):
            self.state = state
        else:
            self._seed_seq = state[1]
            self.state = state[0]

    def __reduce__(self):
        from numoxide.random import _pickle

        return getattr(_pickle, "__bit_generator_ctor"), (type(self),), (self.state, self._seed_seq)

    @property
    def state(self):
        """The state as a dictionary."""
        raise NotImplementedError("Not implemented in base BitGenerator")

    @state.setter
    def state(self, value):
        raise NotImplementedError("Not implemented in base BitGenerator")

    @property
    def seed_seq(self):
        """The seed sequence that seeded this generator."""
        return self._seed_seq

    def spawn(self, n_children):
        """Give `n_children` independent generators of this class."""
        if not isinstance(self._seed_seq, ISpawnableSeedSequence):
            raise TypeError("The underlying SeedSequence does not implement spawning.")
        return [type(self)(seed=seq) for seq in self._seed_seq.spawn(n_children)]

    def random_raw(self, size=None, output=True):
        """Give raw words of the generator, or draw and drop them.

        >>> from numoxide.random import PCG64
        >>> PCG64(1).random_raw()
        9441442522235856127
        """
        with self.lock:
            if size is None:
                value = _engine.raw(self.capsule)
                return value if output else None
            out = np.empty(size, np.uint64)
            _engine.fill(self.capsule, "raw", out)
            return out if output else None

    def _benchmark(self, cnt, method="uint64"):
        """Draw `cnt` values and drop them."""
        if method == "double":
            _engine.fill(self.capsule, "random", np.empty(cnt, np.float64))
        elif method == "uint64":
            _engine.fill(self.capsule, "raw", np.empty(cnt, np.uint64))
        else:
            raise ValueError(f"Unknown method {method}")

    @property
    def ctypes(self):
        """The C functions as ctypes objects."""
        if self._ctypes is None:
            import ctypes

            at, state, u64, u32, double = _engine.addresses(self.capsule)

            def function(result, address):
                return ctypes.CFUNCTYPE(result, ctypes.c_void_p)(address)

            self._ctypes = _interface(
                state,
                ctypes.c_void_p(state),
                function(ctypes.c_uint64, u64),
                function(ctypes.c_uint32, u32),
                function(ctypes.c_double, double),
                ctypes.c_void_p(at),
            )
        return self._ctypes

    @property
    def cffi(self):
        """The C functions as cffi objects."""
        if self._cffi is None:
            try:
                import cffi
            except ImportError as error:
                raise ImportError("cffi cannot be imported.") from error
            ffi = cffi.FFI()
            at, state, u64, u32, double = _engine.addresses(self.capsule)
            self._cffi = _interface(
                state,
                ffi.cast("void *", state),
                ffi.cast("uint64_t (*)(void *)", u64),
                ffi.cast("uint32_t (*)(void *)", u32),
                ffi.cast("double (*)(void *)", double),
                ffi.cast("void *", at),
            )
        return self._cffi


# By registration, as these are no subclasses in Python's own sense.
ISpawnableSeedSequence.register(SeedlessSeedSequence)
ISpawnableSeedSequence.register(SeedSequence)

for _class in (ISeedSequence, ISpawnableSeedSequence, SeedlessSeedSequence, SeedSequence, BitGenerator):
    _class.__module__ = _home.home("numpy.random.bit_generator")
__pyx_unpickle_SeedSequence.__module__ = _home.home("numpy.random.bit_generator")
