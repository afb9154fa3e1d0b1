"""The former name of `_core.umath`."""


def __getattr__(name):
    from numoxide._core import umath
    from numoxide.core import _advise

    value = getattr(umath, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.umath' has no attribute {name}")
    _advise(name, "umath")
    return value
