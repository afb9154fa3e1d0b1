"""The former name of `_core.numeric`."""


def __getattr__(name):
    from numoxide._core import numeric
    from numoxide.core import _advise

    value = getattr(numeric, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.numeric' has no attribute {name}")
    _advise(name, "numeric")
    return value
