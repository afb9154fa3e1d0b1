"""The former name of `_core.arrayprint`."""


def __getattr__(name):
    from numoxide._core import arrayprint
    from numoxide.core import _advise

    value = getattr(arrayprint, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.arrayprint' has no attribute {name}")
    _advise(name, "arrayprint")
    return value
