"""Types for annotations: what converts to arrays and dtypes."""

from numoxide import _typing
from numoxide._typing import ArrayLike, DTypeLike, NDArray

__all__ = ["ArrayLike", "DTypeLike", "NBitBase", "NDArray"]


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
        return _typing.NBitBase
    if name == "test":
        from numoxide._pytesttester import PytestTester

        return PytestTester(__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
