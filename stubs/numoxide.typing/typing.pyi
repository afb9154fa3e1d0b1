from numoxide._typing import ArrayLike as ArrayLike, DTypeLike as DTypeLike, NBitBase as NBitBase, NDArray as NDArray
__all__ = ["ArrayLike", "DTypeLike", "NBitBase", "NDArray"]
