"""The former name of `_core.defchararray`."""


def __getattr__(name):
    from numoxide._core import defchararray
    from numoxide.core import _advise

    value = getattr(defchararray, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.defchararray' has no attribute {name}")
    _advise(name, "defchararray")
    return value
