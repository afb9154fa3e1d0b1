"""Constructors that pickles of generators name."""

from numoxide._home import home as _home
from numoxide.random._generators import MT19937, PCG64, PCG64DXSM, SFC64, Philox
from numoxide.random._generator import Generator
from numoxide.random.mtrand import RandomState

BitGenerators = {cls.__name__: cls for cls in (MT19937, PCG64, PCG64DXSM, Philox, SFC64)}


def __bit_generator_ctor(bit_generator="MT19937"):
    """Make a bit generator of a class or of a known name."""
    if isinstance(bit_generator, type):
        cls = bit_generator
    elif bit_generator in BitGenerators:
        cls = BitGenerators[bit_generator]
    else:
        raise ValueError(f"{bit_generator} is not a known BitGenerator module.")
    return cls()


def _make(cls, bit_generator, ctor):
    """Make a `cls` over a bit generator, its class or its name."""
    if isinstance(bit_generator, (str, type)):
        bit_generator = ctor(bit_generator)
    return cls(bit_generator)


def __generator_ctor(bit_generator_name="MT19937", bit_generator_ctor=__bit_generator_ctor):
    """Make a Generator."""
    return _make(Generator, bit_generator_name, bit_generator_ctor)


def __randomstate_ctor(bit_generator_name="MT19937", bit_generator_ctor=__bit_generator_ctor):
    """Make a RandomState."""
    return _make(RandomState, bit_generator_name, bit_generator_ctor)


for _function in (__bit_generator_ctor, __generator_ctor, __randomstate_ctor):
    _function.__module__ = _home("numpy.random._pickle")
