"""The former name of the private core; its names are still found here, with a warning."""

import importlib as _importlib
import warnings as _warnings
from importlib.util import find_spec as _find_spec

_MODULES = frozenset(
    "_dtype _dtype_ctypes _internal _multiarray_umath _utils arrayprint defchararray einsumfunc "
    "fromnumeric function_base getlimits multiarray numeric numerictypes overrides records "
    "shape_base umath".split()
)
__all__ = sorted(name for name in _MODULES if name[0] != "_")


def _ufunc_reconstruct(module, name):
    """Find a ufunc: what old pickles call."""
    return getattr(_importlib.import_module(module), name)


def _advise(attribute, submodule=None):
    """Warn that a name is used through the former core."""
    where = "numpy.core" if submodule is None else f"numpy.core.{submodule}"
    new = where.replace("numpy.core", "numpy._core")
    _warnings.warn(
        f"{where} is deprecated and has been renamed to {new}. The numpy._core namespace contains "
        "private NumPy internals and its use is discouraged, as NumPy internals can change "
        "without warning in any release. In practice, most real-world usage of numpy.core is to "
        "access functionality in the public NumPy API. If that is the case, use the public NumPy "
        "API. If not, you are using NumPy internals. If you would still like to access an "
        f"internal attribute, use {new}.{attribute}.",
        DeprecationWarning,
        stacklevel=3,
    )


def _shim(submodule):
    """Make the `__getattr__` of a module that only passes names on, with a warning."""

    def find(name):
        module = _importlib.import_module(f"numoxide._core.{submodule}")
        try:
            value = getattr(module, name)
        except AttributeError:
            raise AttributeError(
                f"module 'numpy.core.{submodule}' has no attribute {name}"
            ) from None
        _advise(name, submodule)
        return value

    return find


def __getattr__(name):
    if name in _MODULES and _find_spec(f"{__name__}.{name}") is not None:
        _advise(name)
        return _importlib.import_module(f"{__name__}.{name}")
    value = getattr(_importlib.import_module("numoxide._core"), name)
    _advise(name)
    return value
