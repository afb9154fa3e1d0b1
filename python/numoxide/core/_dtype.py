"""The former name of `_core._dtype`."""


def __getattr__(name):
    from numoxide._core import _dtype
    from numoxide.core import _advise

    value = getattr(_dtype, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core._dtype' has no attribute {name}")
    _advise(name, "_dtype")
    return value
