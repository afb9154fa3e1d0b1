"""The former name of `_core._internal`."""

from numoxide._core._internal import _reconstruct  # noqa: F401  old pickles name it here


def __getattr__(name):
    from numoxide._core import _internal
    from numoxide.core import _advise

    value = getattr(_internal, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core._internal' has no attribute {name}")
    _advise(name, "_internal")
    return value
