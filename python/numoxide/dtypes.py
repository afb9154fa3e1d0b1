"""The classes of dtypes, one for each kind of element.

They are made by the extension; this module names them: ``Float64DType``, ``StrDType``, ...
"""

import numoxide._core._multiarray_umath as _ext

__all__ = []


def _collect():
    """Publish the class of every built-in dtype under its own name, and C aliases beside it."""
    scope = globals()
    codes = "?bBhHiIlLqQefdgFDGSUVMmOT"
    for code in codes:
        try:
            cls = type(_ext.dtype(code))
        except TypeError:
            continue
        scope[cls.__name__] = cls
        __all__.append(cls.__name__)
    c_names = {"Byte": "b", "UByte": "B", "Short": "h", "UShort": "H", "Int": "i", "UInt": "I",
               "Long": "l", "ULong": "L", "LongLong": "q", "ULongLong": "Q"}  # fmt: skip
    for name, code in c_names.items():
        full = name + "DType"
        scope.setdefault(full, type(_ext.dtype(code)))
        if full not in __all__:
            __all__.append(full)


_collect()


def __dir__():
    return __all__
