"""Small helpers shared by the package's Python modules."""

import functools

from numoxide._utils._convertions import asbytes, asunicode


def set_module(module):
    """Make a decorator that sets the module name that an object shows."""
    from numoxide._core import overrides

    return overrides.set_module(module)


__all__ = ["asbytes", "asunicode", "set_module"]


def _rename_parameter(old_names, new_names, dep_version=None):
    """Let a function accept parameters under their former names, with a warning."""
    renamed = dict(zip(old_names, new_names))

    def decorate(fun):
        @functools.wraps(fun)
        def wrapper(*args, **kwargs):
            for old in renamed.keys() & kwargs.keys():
                _take_renamed(fun, kwargs, old, renamed[old], dep_version)
            return fun(*args, **kwargs)

        return wrapper

    return decorate


def _take_renamed(fun, kwargs, old, new, dep_version):
    """Move one keyword to its new name."""
    import warnings

    if dep_version:
        warnings.warn(
            f"Use of keyword argument `{old}` is deprecated and replaced by `{new}`. "
            f"Support for `{old}` will be removed in NumPy {dep_version}.",
            DeprecationWarning,
            stacklevel=3,
        )
    if new in kwargs:
        raise TypeError(f"{fun.__name__}() got multiple values for argument now named `{new}`")
    kwargs[new] = kwargs.pop(old)
