# Written by `make gen` from stubs/ and the objects themselves: change those.
# mypy: disable-error-code="override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore"
from numoxide._typing import ArrayLike, AxisLike, NDArray, ShapeLike
from typing import Any
__all__ = ['as_strided', 'sliding_window_view']
def as_strided(x: ArrayLike, shape: ShapeLike | None=None, strides: Any=None, subok: bool=False, writeable: bool=True) -> NDArray[Any]: ...
def sliding_window_view(x: ArrayLike, window_shape: ShapeLike, axis: AxisLike | None=None, *, subok: bool=False, writeable: bool=False) -> NDArray[Any]: ...
