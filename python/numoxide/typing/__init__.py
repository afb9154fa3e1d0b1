"""Types for annotations: what converts to arrays and dtypes."""

from types import GenericAlias as _GenericAlias
from typing import Any as _Any
from typing import Protocol as _Protocol
from typing import TypeVar as _TypeVar
from typing import Union as _Union
from typing import runtime_checkable as _runtime_checkable

from numoxide._core.multiarray import dtype as _dtype
from numoxide._core.multiarray import ndarray as _ndarray
from numoxide._core.numerictypes import generic as _generic

__all__ = ["ArrayLike", "DTypeLike", "NBitBase", "NDArray"]

_ScalarT = _TypeVar("_ScalarT", bound=_generic)


@_runtime_checkable
class _SupportsArray(_Protocol):
    """Whatever turns itself into an array."""

    def __array__(self):
        """Give an array."""


ArrayLike = _Union[_SupportsArray, bool, int, float, complex, str, bytes, list, tuple, _ndarray]
DTypeLike = _Union[_dtype, type, str, tuple, list, dict, None]
NDArray = _GenericAlias(_ndarray, (tuple[_Any, ...], _GenericAlias(_dtype, (_ScalarT,))))


class _NBitBase:
    """The root of the precisions of number types in annotations."""

    def __init_subclass__(cls):
        raise TypeError('cannot inherit from final class "NBitBase"')


_NBitBase.__name__ = _NBitBase.__qualname__ = "NBitBase"


def __dir__():
    return [*__all__, *(name for name in globals() if name[:2] == "__")]


def __getattr__(name):
    if name == "NBitBase":
        import warnings

        warnings.warn(
            "`NBitBase` is deprecated and will be removed from numpy.typing in the future. Use "
            "`@typing.overload` or a `TypeVar` with a scalar-type as upper bound, instead. "
            "(deprecated in NumPy 2.3)",
            DeprecationWarning,
            stacklevel=2,
        )
        return _NBitBase
    if name == "test":
        from numoxide._pytesttester import PytestTester

        return PytestTester(__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
