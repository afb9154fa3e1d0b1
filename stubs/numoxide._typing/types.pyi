_T_co = TypeVar("_T_co", covariant=True)
_T = TypeVar("_T")
_ScalarT = TypeVar("_ScalarT", bound=generic)
_ScalarT_co = TypeVar("_ScalarT_co", bound=generic, default=Any, covariant=True)
_NumberT = TypeVar("_NumberT", bound=number)
_InexactT = TypeVar("_InexactT", bound=inexact)
_ComplexT = TypeVar("_ComplexT", bound=complexfloating)
_IntegerT = TypeVar("_IntegerT", bound=integer)
_BitsT = TypeVar("_BitsT", bound=integer | bool_)
_ShapeT = TypeVar("_ShapeT", bound=tuple[int, ...])
_ShapeT_co = TypeVar("_ShapeT_co", bound=tuple[int, ...], default=tuple[Any, ...], covariant=True)
_DTypeT = TypeVar("_DTypeT", bound=dtype[Any])
_DTypeT_co = TypeVar("_DTypeT_co", bound=dtype[Any], default=dtype[Any], covariant=True)
_ArrayT = TypeVar("_ArrayT", bound=ndarray[Any, Any])
_ItemT_co = TypeVar("_ItemT_co", default=Any, covariant=True)
_NBitT = TypeVar("_NBitT", bound=NBitBase, default=Any)
_NBit2T = TypeVar("_NBit2T", bound=NBitBase, default=_NBitT)

class NBitBase: ...
class _128Bit(NBitBase): ...
class _80Bit(_128Bit): ...
class _64Bit(_80Bit): ...
class _32Bit(_64Bit): ...
class _16Bit(_32Bit): ...
class _8Bit(_16Bit): ...

NDArray: TypeAlias = ndarray[tuple[Any, ...], dtype[_ScalarT]]

@runtime_checkable
class _SupportsArray(Protocol[_DTypeT_co]):
    def __array__(self) -> ndarray[Any, _DTypeT_co]: ...
@runtime_checkable
class _SupportsArrayFunc(Protocol):
    def __array_function__(self, func: Callable[..., Any], types: Iterable[type[Any]], args: Iterable[Any], kwargs: Mapping[str, Any]) -> Any: ...
@type_check_only
class _SupportsDType(Protocol[_DTypeT_co]):
    @property
    def dtype(self) -> _DTypeT_co: ...
@type_check_only
class _SupportsBuffer(Protocol):
    def __buffer__(self, flags: int, /) -> memoryview: ...
@runtime_checkable
class _NestedSequence(Protocol[_T_co]):
    def __len__(self, /) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> _T_co | _NestedSequence[_T_co]: ...
    @overload
    def __getitem__(self, index: slice, /) -> _NestedSequence[_T_co]: ...
    def __contains__(self, x: object, /) -> bool: ...
    def __iter__(self, /) -> Iterator[_T_co | _NestedSequence[_T_co]]: ...
    def __reversed__(self, /) -> Iterator[_T_co | _NestedSequence[_T_co]]: ...
    def count(self, value: Any, /) -> int: ...
    def index(self, value: Any, /) -> int: ...

# What converts to an array, and to one whose scalar type is known.
ArrayLike: TypeAlias = _SupportsArray[dtype[Any]] | _SupportsBuffer | generic | complex | bytes | str | _NestedSequence[_SupportsArray[dtype[Any]] | complex | bytes | str]
Like: TypeAlias = _SupportsArray[dtype[_ScalarT]] | Sequence[_SupportsArray[dtype[_ScalarT]]] | Sequence[Sequence[_SupportsArray[dtype[_ScalarT]]]]
BoolLike: TypeAlias = bool | Sequence[bool] | Sequence[Sequence[bool]]
IntLike: TypeAlias = int | Sequence[int] | Sequence[Sequence[int]]
FloatLike: TypeAlias = float | Sequence[float] | Sequence[Sequence[float]]
ComplexLike: TypeAlias = complex | Sequence[complex] | Sequence[Sequence[complex]]
IndexArray: TypeAlias = NDArray[integer] | NDArray[bool_] | Sequence[int] | Sequence[Sequence[int]] | Sequence[bool]
DTypeLike: TypeAlias = dtype[Any] | _SupportsDType[dtype[Any]] | type[Any] | str | tuple[Any, Any] | list[Any] | dict[str, Any] | None
# A dtype that says its scalar type.
DTypeOf: TypeAlias = dtype[_ScalarT] | type[_ScalarT] | _SupportsDType[dtype[_ScalarT]]

# Scalars that other scalars of the same or a lower kind promote to.
_UpToFloat64: TypeAlias = float64 | float32 | float16 | integer | bool_
_UpToComplex128: TypeAlias = complex128 | complex64 | _UpToFloat64

# The shape of an array whose number of axes is not known, and of no other.
_AnyShape: TypeAlias = tuple[Never, Never, Never, Never, Never]
ShapeLike: TypeAlias = SupportsIndex | Sequence[SupportsIndex]
SizeLike: TypeAlias = SupportsIndex | Sequence[SupportsIndex]
AxisLike: TypeAlias = SupportsIndex | Sequence[SupportsIndex]
PathLike: TypeAlias = str | os.PathLike[str]
OrderKACF: TypeAlias = Literal["K", "A", "C", "F"]
OrderACF: TypeAlias = Literal["A", "C", "F"]
OrderCF: TypeAlias = Literal["C", "F"]
Casting: TypeAlias = Literal["no", "equiv", "safe", "same_kind", "unsafe", "same_value"]
RaiseMode: TypeAlias = Literal["raise", "wrap", "clip"]
ConvolveMode: TypeAlias = Literal["valid", "same", "full"]
SortKind: TypeAlias = Literal["quicksort", "mergesort", "heapsort", "stable", "Q", "M", "H", "S", "q", "m", "h", "s"]
