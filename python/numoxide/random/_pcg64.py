"""The PCG generators, under the name that pickles use."""

from numoxide.random._generators import PCG64, PCG64DXSM  # noqa: F401
