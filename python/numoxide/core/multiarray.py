"""The former name of `_core.multiarray`."""

from numoxide._core.multiarray import _reconstruct, scalar  # noqa: F401  old pickles name them here


def __getattr__(name):
    from numoxide._core import multiarray
    from numoxide.core import _advise

    value = getattr(multiarray, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.multiarray' has no attribute {name}")
    _advise(name, "multiarray")
    return value
