"""Limits of the number types."""

import math
import types
from functools import cached_property

from numoxide._core import umath as _um
from numoxide._core._multiarray_umath import dtype as _dtype
from numoxide._core.numerictypes import inexact
from numoxide._core.overrides import set_module

__all__ = ["finfo", "iinfo"]

# Code of the real type: bits of the fraction, exponents, decimal digits.
_FORMATS = {
    "e": (10, 16, -14, 3),
    "f": (23, 128, -126, 6),
    "d": (52, 1024, -1022, 15),
    "g": (63, 16384, -16382, 18),
}
_REAL_OF_COMPLEX = {"F": "f", "D": "d", "G": "g"}
_RULE = "-" * 63


def _two_to(dtype, power):
    """Make a power of two of a float type exactly."""
    if dtype.char == "g":
        return _um.ldexp(dtype.type(1), power)
    return dtype.type(math.ldexp(1.0, power))


@set_module("numpy")
class finfo:
    """Limits of a floating-point type: eps, max, tiny, precision and the like.

    >>> np.finfo(np.float32).eps
    np.float32(1.1920929e-07)
    """

    _finfo_cache = {}

    __class_getitem__ = classmethod(types.GenericAlias)

    def __new__(cls, dtype):
        try:
            known = cls._finfo_cache.get(dtype)
        except TypeError:
            # Not hashable; numbers are never keys.
            known = None
        if known is not None:
            return known
        made = cls._make(dtype)
        if type(dtype) is type:
            cls._finfo_cache[dtype] = made
        return made

    @classmethod
    def _make(cls, asked):
        """Find the real float type behind `asked` and make or reuse its limits."""
        if asked is None:
            import warnings

            warnings.warn(
                "finfo() dtype cannot be None. This behavior will raise an error in the future. "
                "(Deprecated in NumPy 1.25)",
                DeprecationWarning,
                stacklevel=3,
            )
        try:
            dtype = _dtype(asked)
        except TypeError:
            dtype = _dtype(type(asked))
        kind = dtype.type
        if not issubclass(kind, inexact):
            raise ValueError(f"data type {kind!r} not inexact")
        dtype = _dtype(_REAL_OF_COMPLEX.get(dtype.char, dtype.char))
        self = cls._finfo_cache.get(dtype)
        if self is None:
            self = object.__new__(cls)._fill(dtype)
            cls._finfo_cache[dtype] = self
        cls._finfo_cache[kind] = self
        return self

    def _fill(self, dtype):
        """Set the plain limits of `dtype`."""
        self.dtype = dtype
        self.nmant, self.maxexp, self.minexp, self.precision = _FORMATS[dtype.char]
        self.bits = 8 * dtype.itemsize
        self.iexp = self.nexp = (self.maxexp - 1).bit_length() + 1
        self.machep, self.negep = -self.nmant, -self.nmant - 1
        self.eps, self.epsneg = _two_to(dtype, self.machep), _two_to(dtype, self.negep)
        self.smallest_normal = _two_to(dtype, self.minexp)
        largest = (dtype.type(2) - self.eps) * _two_to(dtype, self.maxexp - 1)
        self.max, self.min = largest, -largest
        return self

    @cached_property
    def resolution(self):
        """Ten to the power of minus the precision."""
        return self.dtype.type(f"1e-{self.precision}")

    @cached_property
    def smallest_subnormal(self):
        """The smallest positive number, with the leading bit of the fraction zero."""
        return _two_to(self.dtype, self.minexp - self.nmant)

    @cached_property
    def tiny(self):
        """The smallest normal number."""
        return self.smallest_normal

    def __reduce__(self):
        return (type(self), (self.dtype,))

    def __eq__(self, other):
        return self is other or (isinstance(other, finfo) and self.dtype == other.dtype)

    def __hash__(self):
        return hash(self.dtype)

    def __str__(self):
        text = {
            name: str(getattr(self, name))
            for name in ("resolution", "eps", "epsneg", "tiny", "max", "smallest_subnormal")
        }
        return (
            f"Machine parameters for {self.dtype}\n{_RULE}\n"
            f"precision = {self.precision:3d}   resolution = {text['resolution']}\n"
            f"machep = {self.machep:6d}   eps =        {text['eps']}\n"
            f"negep =  {self.negep:6d}   epsneg =     {text['epsneg']}\n"
            f"minexp = {self.minexp:6d}   tiny =       {text['tiny']}\n"
            f"maxexp = {self.maxexp:6d}   max =        {text['max']}\n"
            f"nexp =   {self.nexp:6d}   min =        -max\n"
            f"smallest_normal = {text['tiny']}   smallest_subnormal = "
            f"{text['smallest_subnormal']}\n{_RULE}\n"
        )

    def __repr__(self):
        return (
            f"{type(self).__name__}(resolution={self.resolution!s}, min={self.min!s}, "
            f"max={self.max!s}, dtype={self.dtype})"
        )


@set_module("numpy")
class iinfo:
    """Limits of an integer type.

    >>> np.iinfo(np.int8).max
    127
    """

    __class_getitem__ = classmethod(types.GenericAlias)

    def __init__(self, int_type):
        try:
            self.dtype = _dtype(int_type)
        except TypeError:
            self.dtype = _dtype(type(int_type))
        self.kind = self.dtype.kind
        self.bits = self.dtype.itemsize * 8
        self.key = f"{self.kind}{self.bits}"
        if self.kind not in "iu":
            raise ValueError(f"Invalid integer data type {self.kind!r}.")

    @property
    def min(self):
        """The smallest value."""
        return 0 if self.kind == "u" else -(1 << (self.bits - 1))

    @property
    def max(self):
        """The largest value."""
        return (1 << (self.bits - (self.kind == "i"))) - 1

    def __str__(self):
        return (
            f"Machine parameters for {self.dtype}\n{_RULE}\n"
            f"min = {self.min}\nmax = {self.max}\n{_RULE}\n"
        )

    def __repr__(self):
        return f"{type(self).__name__}(min={self.min}, max={self.max}, dtype={self.dtype})"
