"""The tuple of C functions that bit generators give, under its NumPy name."""

from numoxide.random.bit_generator import _interface as interface  # noqa: F401
