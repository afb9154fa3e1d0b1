"""The Mersenne Twister, under the name that pickles use."""

from numoxide.random._generators import MT19937  # noqa: F401
