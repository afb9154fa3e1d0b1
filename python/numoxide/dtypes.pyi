# Written by `make gen` from stubs/ and the objects themselves: change those.
# mypy: disable-error-code="override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore"
from numoxide import bool_, bytes_, clongdouble, complex128, complex64, datetime64, dtype, float16, float32, float64, int16, int32, int64, int8, longdouble, longlong, object_, str_, timedelta64, uint16, uint32, uint64, uint8, ulonglong, void
from numoxide._typing import SizeLike
from typing import Any, Self, final
__all__ = ['BoolDType', 'ByteDType', 'BytesDType', 'CLongDoubleDType', 'Complex128DType', 'Complex64DType', 'DateTime64DType', 'Float16DType', 'Float32DType', 'Float64DType', 'Int16DType', 'Int32DType', 'Int64DType', 'Int8DType', 'IntDType', 'LongDType', 'LongDoubleDType', 'LongLongDType', 'ObjectDType', 'ShortDType', 'StrDType', 'StringDType', 'TimeDelta64DType', 'UByteDType', 'UInt16DType', 'UInt32DType', 'UInt64DType', 'UInt8DType', 'UIntDType', 'ULongDType', 'ULongLongDType', 'UShortDType', 'VoidDType']
@final
class BoolDType(dtype[bool_]):
    def __new__(cls) -> Self: ...
ByteDType = Int8DType
@final
class BytesDType(dtype[bytes_]):
    def __new__(cls, size: SizeLike, /) -> Self: ...
@final
class CLongDoubleDType(dtype[clongdouble]):
    def __new__(cls) -> Self: ...
@final
class Complex128DType(dtype[complex128]):
    def __new__(cls) -> Self: ...
@final
class Complex64DType(dtype[complex64]):
    def __new__(cls) -> Self: ...
@final
class DateTime64DType(dtype[datetime64]):
    def __new__(cls, unit: str | None, /) -> Self: ...
@final
class Float16DType(dtype[float16]):
    def __new__(cls) -> Self: ...
@final
class Float32DType(dtype[float32]):
    def __new__(cls) -> Self: ...
@final
class Float64DType(dtype[float64]):
    def __new__(cls) -> Self: ...
@final
class Int16DType(dtype[int16]):
    def __new__(cls) -> Self: ...
@final
class Int32DType(dtype[int32]):
    def __new__(cls) -> Self: ...
@final
class Int64DType(dtype[int64]):
    def __new__(cls) -> Self: ...
@final
class Int8DType(dtype[int8]):
    def __new__(cls) -> Self: ...
IntDType = Int32DType
LongDType = Int64DType
@final
class LongDoubleDType(dtype[longdouble]):
    def __new__(cls) -> Self: ...
@final
class LongLongDType(dtype[longlong]):
    def __new__(cls) -> Self: ...
@final
class ObjectDType(dtype[object_]):
    def __new__(cls) -> Self: ...
ShortDType = Int16DType
@final
class StrDType(dtype[str_]):
    def __new__(cls, size: SizeLike, /) -> Self: ...
@final
class StringDType(dtype[Any]):
    def __new__(cls, *, coerce: bool=True, **kwargs: Any) -> Self: ...
    @property
    def na_object(self) -> Any: ...
    @property
    def coerce(self) -> Any: ...
@final
class TimeDelta64DType(dtype[timedelta64]):
    def __new__(cls, unit: str | None, /) -> Self: ...
UByteDType = UInt8DType
@final
class UInt16DType(dtype[uint16]):
    def __new__(cls) -> Self: ...
@final
class UInt32DType(dtype[uint32]):
    def __new__(cls) -> Self: ...
@final
class UInt64DType(dtype[uint64]):
    def __new__(cls) -> Self: ...
@final
class UInt8DType(dtype[uint8]):
    def __new__(cls) -> Self: ...
UIntDType = UInt32DType
ULongDType = UInt64DType
@final
class ULongLongDType(dtype[ulonglong]):
    def __new__(cls) -> Self: ...
UShortDType = UInt16DType
@final
class VoidDType(dtype[void]):
    def __new__(cls, length: int, /) -> Self: ...
