"""Public helpers that are not in the main namespace."""

import importlib as _importlib

__all__ = [
    "Arrayterator", "add_docstring", "add_newdoc", "array_utils", "format", "introspect",
    "mixins", "NumpyVersion", "npyio", "scimath", "stride_tricks", "tracemalloc_domain",
]  # fmt: skip

_NAMES = {
    "Arrayterator": "numoxide.lib._arrayterator_impl",
    "NumpyVersion": "numoxide.lib._version",
    "add_newdoc": "numoxide._core.function_base",
    "add_docstring": "numoxide._core.function_base",
    "tracemalloc_domain": "numoxide._core.multiarray",
}
_MODULES = frozenset(
    "array_utils format introspect mixins npyio scimath stride_tricks recfunctions user_array "
    "_array_utils_impl _arraypad_impl _arraysetops_impl _arrayterator_impl _datasource "
    "_format_impl _function_base_impl _histograms_impl _index_tricks_impl _iotools "
    "_nanfunctions_impl _npyio_impl _polynomial_impl _scimath_impl _shape_base_impl "
    "_stride_tricks_impl _twodim_base_impl _type_check_impl _ufunclike_impl _user_array_impl "
    "_utils_impl _version".split()
)


def _math():
    """Find the standard library's module under its former name here."""
    import math
    import warnings

    warnings.warn(
        "`np.lib.math` is a deprecated alias for the standard library `math` module (Deprecated "
        "Numpy 1.25). Replace usages of `numpy.lib.math` with `math`",
        DeprecationWarning,
        stacklevel=3,
    )
    return math


def __getattr__(name):
    if name in _NAMES:
        value = getattr(_importlib.import_module(_NAMES[name]), name)
    elif name in _MODULES:
        value = _importlib.import_module(f"{__name__}.{name}")
    elif name == "test":
        from numoxide._pytesttester import PytestTester

        value = PytestTester(__name__)
    elif name == "math":
        return _math()
    elif name == "emath":
        raise AttributeError(
            "numpy.lib.emath was an alias for emath module that was removed in NumPy 2.0. "
            "Replace usages of numpy.lib.emath with numpy.emath.",
            name=None,
        )
    elif name in ("histograms", "type_check", "nanfunctions", "function_base", "arraypad",
                  "arraysetops", "ufunclike", "utils", "twodim_base", "shape_base",
                  "polynomial", "index_tricks"):  # fmt: skip
        raise AttributeError(
            f"numpy.lib.{name} is now private. If you are using a public function, it should be "
            "available in the main numpy namespace, otherwise check the NumPy 2.0 migration "
            "guide.",
            name=None,
        )
    elif name == "arrayterator":
        raise AttributeError(
            "numpy.lib.arrayterator submodule is now private. To access Arrayterator class use "
            "numpy.lib.Arrayterator.",
            name=None,
        )
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__():
    return [*__all__, *(n for n in globals() if n[:2] == "__")]
