"""The SFC64 generator, under the name that pickles use."""

from numoxide.random._generators import SFC64  # noqa: F401
