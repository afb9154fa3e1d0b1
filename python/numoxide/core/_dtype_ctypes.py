"""The former name of `_core._dtype_ctypes`."""


def __getattr__(name):
    from numoxide._core import _dtype_ctypes
    from numoxide.core import _advise

    value = getattr(_dtype_ctypes, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core._dtype_ctypes' has no attribute {name}")
    _advise(name, "_dtype_ctypes")
    return value
