"""The former name of `_core.function_base`."""


def __getattr__(name):
    from numoxide._core import function_base
    from numoxide.core import _advise

    value = getattr(function_base, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.function_base' has no attribute {name}")
    _advise(name, "function_base")
    return value
