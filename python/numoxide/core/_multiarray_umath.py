"""The former name of `_core._multiarray_umath`."""


def __getattr__(name):
    from numoxide._core import _multiarray_umath
    from numoxide.core import _advise

    value = getattr(_multiarray_umath, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core._multiarray_umath' has no attribute {name}")
    _advise(name, "_multiarray_umath")
    return value
