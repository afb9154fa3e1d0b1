"""The scalar types by name, and questions about them."""

import numbers

from numoxide._core import multiarray
from numoxide._core._multiarray_umath import dtype
from numoxide._core._string_helpers import (  # noqa: F401
    LOWER_TABLE,
    UPPER_TABLE,
    english_capitalize,
    english_lower,
    english_upper,
)
from numoxide._core._type_aliases import allTypes, sctypeDict, sctypes  # noqa: F401
from numoxide._core.overrides import set_module

_py_bool, _py_type = bool, type

for _name in (
    "busday_count", "busday_offset", "busdaycalendar", "datetime_as_string", "datetime_data",
    "is_busday",
):  # fmt: skip
    if hasattr(multiarray, _name):
        globals()[_name] = getattr(multiarray, _name)

globals().update(allTypes)

__all__ = [
    "ScalarType", "typecodes", "issubdtype", "isdtype", *allTypes,
    *(n for n in ("datetime_data", "datetime_as_string", "busday_offset", "busday_count",
                  "is_busday", "busdaycalendar") if n in globals()),
]  # fmt: skip

generic = allTypes["generic"]
genericTypeRank = [
    "bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16",
    "float32", "float64", "float96", "float128", "complex64", "complex128", "complex192",
    "complex256", "object",
]  # fmt: skip
typecodes = {
    "Character": "c",
    "Integer": "bhilqnp",
    "UnsignedInteger": "BHILQNP",
    "Float": "efdg",
    "Complex": "FDG",
    "AllInteger": "bBhHiIlLqQnNpP",
    "AllFloat": "efdgFDG",
    "Datetime": "Mm",
    "All": "?bhilqnpBHILQNPefdgFDGSUVOMm",
}
ScalarType = (int, float, complex, _py_bool, bytes, str, memoryview) + tuple(
    dtype(code).type for code in "?FDGefdgbhilqMmOSUBHILQV"
)
typeDict = sctypeDict


def maximum_sctype(t):
    """Give the largest scalar type of the kind of `t`; deprecated."""
    import warnings

    warnings.warn(
        "`maximum_sctype` is deprecated. Use an explicit dtype like int64 or float64 instead. "
        "(deprecated in NumPy 2.0)",
        DeprecationWarning,
        stacklevel=2,
    )
    kind = obj2sctype(t)
    if kind is None:
        return t
    codes = {"i": "q", "u": "Q", "f": "g", "c": "G"}
    base = dtype(kind).kind
    if base in codes:
        return sctypes[{"i": "int", "u": "uint", "f": "float", "c": "complex"}[base]][-1]
    return kind


def issctype(rep):
    """Tell whether `rep` names or is a scalar type, object excepted."""
    if not isinstance(rep, (_py_type, dtype)):
        return False
    try:
        kind = obj2sctype(rep)
    except Exception:
        return False
    return kind is not None and kind is not dtype("O").type


def obj2sctype(rep, default=None):
    """Give the scalar type that an object stands for, or `default`."""
    if isinstance(rep, _py_type) and issubclass(rep, generic):
        return rep
    if isinstance(rep, multiarray.ndarray):
        return rep.dtype.type
    try:
        return dtype(rep).type
    except Exception:
        return default


@set_module("numpy")
def issubclass_(arg1, arg2):
    """Tell whether a class is a subclass of another; False where it is not a class."""
    try:
        return issubclass(arg1, arg2)
    except TypeError:
        return False


@set_module("numpy")
def issubsctype(arg1, arg2):
    """Tell whether one object's scalar type is a subclass of another's."""
    return issubclass(obj2sctype(arg1), obj2sctype(arg2))


class _PreprocessDTypeError(Exception):
    """An argument is neither a dtype nor a scalar type."""


def _preprocess_dtype(kind):
    """Give the scalar type of a dtype or of a scalar type."""
    if isinstance(kind, dtype):
        return kind.type
    if isinstance(kind, multiarray.ndarray):
        raise _PreprocessDTypeError
    if isinstance(kind, _py_type) and issubclass(kind, generic):
        return kind
    raise _PreprocessDTypeError


_KINDS = {
    "bool": ("bool",),
    "signed integer": ("int",),
    "unsigned integer": ("uint",),
    "integral": ("int", "uint"),
    "real floating": ("float",),
    "complex floating": ("complex",),
    "numeric": ("int", "uint", "float", "complex"),
}


@set_module("numpy")
def isdtype(dtype, kind):
    """Tell whether a dtype is of a kind, given as a dtype, a name of the standard, or a tuple."""
    try:
        wanted = _preprocess_dtype(dtype)
    except _PreprocessDTypeError:
        raise TypeError(f"dtype argument must be a NumPy dtype, but it is a {_py_type(dtype)}.") from None
    kinds = kind if isinstance(kind, tuple) else (kind,)
    accepted = set()
    for item in kinds:
        if isinstance(item, str):
            accepted.update(_types_of_kind(item))
            continue
        try:
            accepted.add(_preprocess_dtype(item))
        except _PreprocessDTypeError:
            raise TypeError(
                "kind argument must be comprised of NumPy dtypes or strings only, "
                f"but is a {_py_type(item)}."
            ) from None
    return wanted in accepted


def _types_of_kind(name):
    """List the scalar types that a name of the array API standard covers."""
    if name not in _KINDS:
        raise ValueError(
            f"kind argument is a string, but {name!r} is not a known kind name."
        )
    for group in _KINDS[name]:
        if group == "bool":
            yield allTypes["bool"]
        else:
            yield from sctypes[group]


@set_module("numpy")
def issubdtype(arg1, arg2):
    """Tell whether a dtype or scalar type is, or lies below, another."""
    if not issubclass_(arg1, generic):
        arg1 = dtype(arg1).type
    if not issubclass_(arg2, generic):
        arg2 = dtype(arg2).type
    return issubclass(arg1, arg2)


@set_module("numpy")
def sctype2char(sctype):
    """Give the one-letter code of a scalar type."""
    kind = obj2sctype(sctype)
    if kind is None:
        raise ValueError("unrecognized type")
    if kind not in sctypeDict.values():
        raise KeyError(kind)
    return dtype(kind).char


def _scalar_type_key(typ):
    """Sort scalar types by kind, then by size."""
    info = dtype(typ)
    return (info.kind.lower(), info.itemsize)


def _register_types():
    """Make the scalar types members of Python's number classes."""
    numbers.Integral.register(allTypes["integer"])
    numbers.Complex.register(allTypes["inexact"])
    numbers.Real.register(allTypes["floating"])
    numbers.Number.register(allTypes["number"])


_register_types()
