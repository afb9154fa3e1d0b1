"""What annotations of arrays are made of; `numoxide.typing` shows the public part."""

from types import GenericAlias as _GenericAlias
from typing import Any as _Any
from typing import Protocol as _Protocol
from typing import TypeVar as _TypeVar
from typing import Union as _Union
from typing import runtime_checkable as _runtime_checkable

from numoxide._core.multiarray import dtype as _dtype
from numoxide._core.multiarray import ndarray as _ndarray
from numoxide._core.numerictypes import generic as _generic
from numoxide._home import home as _home

_ScalarT = _TypeVar("_ScalarT", bound=_generic)


@_runtime_checkable
class _SupportsArray(_Protocol):
    """Whatever turns itself into an array."""

    def __array__(self):
        """Give an array."""


@_runtime_checkable
class _SupportsArrayFunc(_Protocol):
    """Whatever takes over functions of arrays."""

    def __array_function__(self, func, types, args, kwargs):
        """Call a function in its own way."""


@_runtime_checkable
class _NestedSequence(_Protocol):
    """A sequence of things and of such sequences."""

    def __len__(self): ...

    def __getitem__(self, index): ...

    def __contains__(self, x): ...

    def __iter__(self): ...

    def __reversed__(self): ...

    def count(self, value):
        """Count an item."""

    def index(self, value):
        """Find an item."""


ArrayLike = _Union[_SupportsArray, bool, int, float, complex, str, bytes, list, tuple, _ndarray]
DTypeLike = _Union[_dtype, type, str, tuple, list, dict, None]
NDArray = _GenericAlias(_ndarray, (tuple[_Any, ...], _GenericAlias(_dtype, (_ScalarT,))))


class NBitBase:
    """The root of the precisions of number types in annotations."""

    def __init_subclass__(cls):
        raise TypeError('cannot inherit from final class "NBitBase"')


NBitBase.__module__ = _home("numpy.typing")
