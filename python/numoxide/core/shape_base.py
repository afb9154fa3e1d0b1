"""The former name of `_core.shape_base`."""


def __getattr__(name):
    from numoxide._core import shape_base
    from numoxide.core import _advise

    value = getattr(shape_base, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.shape_base' has no attribute {name}")
    _advise(name, "shape_base")
    return value
