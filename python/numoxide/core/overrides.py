"""The former name of `_core.overrides`."""


def __getattr__(name):
    from numoxide._core import overrides
    from numoxide.core import _advise

    value = getattr(overrides, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.overrides' has no attribute {name}")
    _advise(name, "overrides")
    return value
