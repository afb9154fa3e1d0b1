"""Arrays and ctypes: pointers for foreign functions, conversions both ways."""

from numoxide.ctypeslib._ctypeslib import (  # noqa: F401
    __all__,
    _concrete_ndptr,
    _ndptr,
    as_array,
    as_ctypes,
    as_ctypes_type,
    c_intp,
    ctypes,
    load_library,
    ndpointer,
)
