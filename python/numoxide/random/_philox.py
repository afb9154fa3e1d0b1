"""The Philox generator, under the name that pickles use."""

from numoxide.random._generators import Philox  # noqa: F401
