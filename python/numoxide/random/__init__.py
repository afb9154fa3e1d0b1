"""Random numbers, with the streams of NumPy.

    >>> default_rng(1).integers(0, 10, 3)
    array([4, 5, 7])
"""

from numoxide.random import _pickle, bit_generator, mtrand  # noqa: F401
from numoxide.random import _mt19937, _pcg64, _philox, _sfc64  # noqa: F401
from numoxide.random._generator import Generator, default_rng
from numoxide.random._generators import MT19937, PCG64, PCG64DXSM, SFC64, Philox
from numoxide.random.bit_generator import BitGenerator, SeedSequence
from numoxide.random.mtrand import RandomState

_FUNCTIONS = mtrand._METHODS + mtrand._OWN
globals().update((name, getattr(mtrand, name)) for name in _FUNCTIONS)

_NOT_LISTED = {"get_bit_generator", "set_bit_generator"}
__all__ = sorted(set(_FUNCTIONS) - _NOT_LISTED) + [
    "BitGenerator",
    "Generator",
    "MT19937",
    "PCG64",
    "PCG64DXSM",
    "Philox",
    "RandomState",
    "SFC64",
    "SeedSequence",
    "default_rng",
]


def __RandomState_ctor():
    """Make a RandomState for pickles of old versions."""
    return RandomState(seed=0)


def __dir__():
    # The module of the global generator holds the same functions.
    return sorted(set(globals()) - {"mtrand"})
