"""The former name of `_core.fromnumeric`."""


def __getattr__(name):
    from numoxide._core import fromnumeric
    from numoxide.core import _advise

    value = getattr(fromnumeric, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.fromnumeric' has no attribute {name}")
    _advise(name, "fromnumeric")
    return value
