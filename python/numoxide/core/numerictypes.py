"""The former name of `_core.numerictypes`."""


def __getattr__(name):
    from numoxide._core import numerictypes
    from numoxide.core import _advise

    value = getattr(numerictypes, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.numerictypes' has no attribute {name}")
    _advise(name, "numerictypes")
    return value
