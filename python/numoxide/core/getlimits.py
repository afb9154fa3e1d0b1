"""The former name of `_core.getlimits`."""


def __getattr__(name):
    from numoxide._core import getlimits
    from numoxide.core import _advise

    value = getattr(getlimits, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.getlimits' has no attribute {name}")
    _advise(name, "getlimits")
    return value
