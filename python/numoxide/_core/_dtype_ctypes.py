"""Dtypes of ``ctypes`` types."""

import ctypes

from numoxide._core._multiarray_umath import dtype


def _scalar(cls):
    """The dtype of a simple type, in the byte order it says it has."""
    code = cls._type_
    if getattr(cls, "__ctype_be__", None) is cls:
        return dtype(">" + code)
    if getattr(cls, "__ctype_le__", None) is cls:
        return dtype("<" + code)
    return dtype(code)


def _structure(cls):
    """A structured dtype with the fields where the C compiler puts them."""
    if any(len(field) > 2 for field in cls._fields_):
        raise TypeError("ctypes bitfields have no dtype equivalent")
    packed = getattr(cls, "_pack_", None)
    names, formats, offsets, end = [], [], [], 0
    for name, kind in cls._fields_:
        inner = dtype_from_ctypes_type(kind)
        if packed is not None:
            step = min(packed, inner.alignment)
            end = -(-end // step) * step
            offsets.append(end)
            end += inner.itemsize
        names.append(name)
        formats.append(inner)
    if packed is None:
        return dtype(list(zip(names, formats, strict=True)), align=True)
    return dtype(
        {"names": names, "formats": formats, "offsets": offsets, "itemsize": ctypes.sizeof(cls)}
    )


def _union(cls):
    """A structured dtype whose fields all start at the beginning."""
    fields = [(name, dtype_from_ctypes_type(kind)) for name, kind in cls._fields_]
    return dtype(
        {
            "names": [name for name, _ in fields],
            "formats": [kind for _, kind in fields],
            "offsets": [0] * len(fields),
            "itemsize": ctypes.sizeof(cls),
        }
    )


def dtype_from_ctypes_type(t):
    """The dtype of a ``ctypes`` type.

    >>> import ctypes
    >>> dtype_from_ctypes_type(ctypes.c_int32)
    dtype('int32')
    """
    if issubclass(t, ctypes.Array):
        return dtype((dtype_from_ctypes_type(t._type_), (t._length_,)))
    if issubclass(t, ctypes._Pointer):
        raise TypeError("ctypes pointers have no dtype equivalent")
    if issubclass(t, ctypes.Structure):
        return _structure(t)
    if issubclass(t, ctypes.Union):
        return _union(t)
    if isinstance(getattr(t, "_type_", None), str):
        return _scalar(t)
    raise NotImplementedError(f"Unknown ctypes type {t.__name__}")
