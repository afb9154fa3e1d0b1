"""The former name of `_core.einsumfunc`."""


def __getattr__(name):
    from numoxide._core import einsumfunc
    from numoxide.core import _advise

    value = getattr(einsumfunc, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.einsumfunc' has no attribute {name}")
    _advise(name, "einsumfunc")
    return value
