"""The five bit generators.

    >>> PCG64(1).random_raw(2)
    array([ 9441442522235856127, 17532960557476522086], dtype=uint64)
"""

from operator import index

import numoxide as np
from numoxide._core._multiarray_umath import _random as _engine
from numoxide._home import home as _home
from numoxide.random.bit_generator import BitGenerator


def _array(data, dtype):
    """Give bytes as a new array."""
    return np.frombuffer(bytearray(data), dtype=dtype)


def _bytes(values, dtype, length):
    """Give the `length` values of a saved state as bytes."""
    array = np.ascontiguousarray(values, dtype)
    if array.shape != (length,):
        raise ValueError(f"state must be an array of {length} words")
    return array.tobytes()


def _half(has, value):
    """Name the buffered half of a word."""
    return {"has_uint32": int(has), "uinteger": value}


class _Seeded(BitGenerator):
    """A generator of the engine, seeded by words of a seed sequence."""

    __slots__ = ()

    def __init__(self, seed=None):
        super().__init__(seed)
        self._seed_words()

    def _seed_words(self):
        kind, count, dtype = self._SEED
        words = self._seed_seq.generate_state(count, dtype)
        _engine.seed(self, kind, np.ascontiguousarray(words, dtype).tobytes())

    def _check(self, value):
        """Check that `value` is a state of this kind."""
        if not isinstance(value, dict):
            raise TypeError("state must be a dict")
        kind = self._SEED[0]
        if value.get("bit_generator", "") != kind:
            raise ValueError(f"state must be for a {kind} {self._NOUN}")

    _NOUN = "PRNG"


def _jumped(self, jumps=1):
    """Give a new generator far ahead on the stream, as if `jumps` jumps had been made."""
    copy = type(self)(self._seed_seq)
    copy.state = self.state
    _engine.jump(copy, index(jumps) % 2**128)
    return copy


class _Pcg(_Seeded):
    __slots__ = ()

    @property
    def state(self):
        """The state as a dictionary."""
        state, inc, *half = _engine.get_state(self)
        inner = {"state": state, "inc": inc}
        return {"bit_generator": self._SEED[0], "state": inner, **_half(*half)}

    @state.setter
    def state(self, value):
        self._check(value)
        inner = value["state"]
        new = int(inner["state"]), int(inner["inc"]), bool(value["has_uint32"]), value["uinteger"]
        _engine.set_state(self, new)

    jumped = _jumped

    def advance(self, delta):
        """Move on by `delta` steps, backwards if negative, and give the generator."""
        _engine.advance(self, (index(delta) % 2**128).to_bytes(32, "little"))
        return self


class PCG64(_Pcg):
    """The default generator: a 128-bit congruential generator with permuted output.

    >>> PCG64(1).random_raw()
    9441442522235856127
    """

    __slots__ = ()
    _SEED = ("PCG64", 4, np.uint64)
    _NOUN = "RNG"


class PCG64DXSM(_Pcg):
    """PCG64 with a stronger output function and a cheaper multiplier."""

    __slots__ = ()
    _SEED = ("PCG64DXSM", 4, np.uint64)
    _NOUN = "RNG"


class MT19937(_Seeded):
    """The Mersenne Twister.

    >>> MT19937(1).random_raw()
    2469588189
    """

    __slots__ = ()
    _SEED = ("MT19937", 624, np.uint32)
    jumped = _jumped

    def _legacy_seeding(self, seed):
        """Seed by an integer or a vector of them as `RandomState` does."""
        if seed is None:
            self.__init__()
            return
        if hasattr(seed, "squeeze"):
            seed = np.squeeze(seed)
        try:
            if isinstance(seed, (int, np.integer)):
                value = index(seed)
            else:
                value = index(np.asarray(seed).astype(np.int64, casting="safe")[()])
        except TypeError:
            self._seed_vector(seed)
        else:
            if not 0 <= value < 2**32:
                raise ValueError("Seed must be between 0 and 2**32 - 1")
            _engine.seed_legacy(self, value.to_bytes(4, "little"), True)
        self._seed_seq = None

    def _seed_vector(self, seed):
        array = np.asarray(seed)
        if array.ndim == 0:
            raise TypeError(
                f"Cannot cast scalar from {array.dtype!r} to {np.dtype(np.int64)!r} "
                "according to the rule 'safe'"
            )
        if array.size == 0:
            raise ValueError("Seed must be non-empty")
        array = array.astype(np.int64, casting="safe")
        if array.ndim != 1:
            raise ValueError("Seed array must be 1-d")
        if ((array > 2**32 - 1) | (array < 0)).any():
            raise ValueError("Seed must be between 0 and 2**32 - 1")
        _engine.seed_legacy(self, array.astype(np.uint32).tobytes(), False)

    @property
    def state(self):
        """The state as a dictionary."""
        key, pos = _engine.get_state(self)
        return {"bit_generator": "MT19937", "state": {"key": _array(key, np.uint32), "pos": pos}}

    @state.setter
    def state(self, value):
        if isinstance(value, tuple):
            if value[0] != "MT19937" or len(value) not in (3, 5):
                raise ValueError("state is not a legacy MT19937 state")
            value = {"bit_generator": "MT19937", "state": {"key": value[1], "pos": value[2]}}
        self._check(value)
        inner = value["state"]
        _engine.set_state(self, (_bytes(inner["key"], np.uint32, 624), inner["pos"]))


class Philox(_Seeded):
    """A counter-based generator: a key and a 256-bit counter.

    >>> Philox(key=3).random_raw()
    15299573376180838226
    """

    __slots__ = ()
    _SEED = ("Philox", 2, np.uint64)

    def __init__(self, seed=None, counter=None, key=None):
        if seed is not None and key is not None:
            raise ValueError("seed and key cannot be both used")
        super().__init__(seed)
        if key is not None:
            words = _fixed_words(key, "key", 2).tobytes()
            _engine.seed(self, "Philox", words)
        if counter is not None:
            old = _engine.get_state(self)
            _engine.set_state(self, (_fixed_words(counter, "counter", 4).tobytes(), *old[1:]))

    @property
    def state(self):
        """The state as a dictionary."""
        counter, key, buffer, pos, *half = _engine.get_state(self)
        inner = {"counter": _array(counter, np.uint64), "key": _array(key, np.uint64)}
        state = {"bit_generator": "Philox", "state": inner}
        return state | {"buffer": _array(buffer, np.uint64), "buffer_pos": pos} | _half(*half)

    @state.setter
    def state(self, value):
        self._check(value)
        inner = value["state"]
        new = (
            _bytes(inner["counter"], np.uint64, 4),
            _bytes(inner["key"], np.uint64, 2),
            _bytes(value["buffer"], np.uint64, 4),
            value["buffer_pos"],
            bool(value["has_uint32"]),
            value["uinteger"],
        )
        _engine.set_state(self, new)

    jumped = _jumped

    def advance(self, delta):
        """Move the counter on by `delta`, and give the generator."""
        _engine.advance(self, (index(delta) % 2**256).to_bytes(32, "little"))
        return self


def _fixed_words(value, name, count):
    """Give an integer or vector of words as `count` 64-bit words."""
    bits = 64 * count
    if isinstance(value, (int, np.integer)):
        value = int(value)
        if not 0 <= value < 2**bits:
            raise ValueError(f"{name} must be positive and less than 2**{bits}.")
        return _array(value.to_bytes(8 * count, "little"), np.uint64)
    return np.frombuffer(bytearray(_bytes(value, np.uint64, count)), np.uint64)


class SFC64(_Seeded):
    """A small fast chaotic generator.

    >>> SFC64(1).random_raw()
    10490465040999277362
    """

    __slots__ = ()
    _SEED = ("SFC64", 3, np.uint64)
    _NOUN = "RNG"

    @property
    def state(self):
        """The state as a dictionary."""
        words, *half = _engine.get_state(self)
        inner = {"state": _array(words, np.uint64)}
        return {"bit_generator": "SFC64", "state": inner, **_half(*half)}

    @state.setter
    def state(self, value):
        self._check(value)
        words = _bytes(value["state"]["state"], np.uint64, 4)
        _engine.set_state(self, (words, bool(value["has_uint32"]), value["uinteger"]))


_HOMES = {PCG64: "_pcg64", PCG64DXSM: "_pcg64", MT19937: "_mt19937", Philox: "_philox", SFC64: "_sfc64"}
for _class, _name in _HOMES.items():
    _class.__module__ = _home(f"numpy.random.{_name}")
