# Written by `make gen` from stubs/ and the objects themselves: change those.
# mypy: disable-error-code="override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore"
from numoxide._typing import ArrayLike as ArrayLike, DTypeLike as DTypeLike, NBitBase as NBitBase, NDArray as NDArray
__all__ = ['ArrayLike', 'DTypeLike', 'NBitBase', 'NDArray']
