"""Which public functions can be overridden, and by which protocol."""

from numoxide._core import umath as _umath
from numoxide._core.overrides import ARRAY_FUNCTIONS as _functions

__all__ = [
    "get_overridable_numpy_ufuncs",
    "allows_array_ufunc_override",
    "get_overridable_numpy_array_functions",
    "allows_array_function_override",
]


def get_overridable_numpy_ufuncs():
    """List the ufuncs, all of which ``__array_ufunc__`` can override."""
    return {value for value in vars(_umath).values() if isinstance(value, _umath.ufunc)}


def allows_array_ufunc_override(func):
    """Tell whether ``__array_ufunc__`` can override a function."""
    return isinstance(func, _umath.ufunc)


def get_overridable_numpy_array_functions():
    """List the functions that ``__array_function__`` can override."""
    _load_all()
    return _functions.copy()


def _load_all():
    """Import the modules that declare public functions and load only when used."""
    import numoxide

    for name in numoxide.__all__:
        getattr(numoxide, name)


def allows_array_function_override(func):
    """Tell whether ``__array_function__`` can override a function."""
    _load_all()
    return func in _functions
